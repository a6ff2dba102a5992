"""Values and expressions in the author's words: percents as percents, dates as dates, their decimal mark."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from rubric_engine.meaning.exact import show_date, show_number, show_percent
from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind, Let
from rubric_engine.solve.world import Rows, Value, key_of
from rubric_engine.syntax.keywords import spell

_MANY_ALIKE = 4
_UNITS = {Kind.PERCENT: Unit.PERCENT, Kind.DATE: Unit.DATE, Kind.MONEY: Unit.MONEY}
_REDUCERS = {
    x.Reducer.SUM: "SUM_OF", x.Reducer.HIGHEST: "HIGHEST", x.Reducer.LOWEST: "LOWEST", x.Reducer.MEAN: "MEAN_OF",
    x.Reducer.MEDIAN: "MEDIAN_OF", x.Reducer.TRIMMED_MEAN: "TRIMMED_MEAN_OF", x.Reducer.MAJORITY: "MAJORITY_OF",
    x.Reducer.FIRST: "FIRST", x.Reducer.LAST: "LAST",
}  # fmt: skip
_OF_RATINGS = {x.Reducer.HIGHEST: "HIGHEST_OF", x.Reducer.LOWEST: "LOWEST_OF"}
_SIGNS = {
    x.Order.LT: "<", x.Order.LE: "<=", x.Order.EQ: "=", x.Order.NE: "!=", x.Order.GE: ">=", x.Order.GT: ">",
}  # fmt: skip


class Words:
    """Shows what the checks speak of, in the language of the rubric."""

    def __init__(
        self,
        language: str,
        inputs: Mapping[str, InputSpec],
        lets: Mapping[str, Let],
        calls: Mapping[x.Expr, str] = MappingProxyType({}),
    ) -> None:
        """``calls``: what the author wrote for expressions that were made of it."""
        self.language = language
        self.calls = calls
        self.inputs = inputs
        self.lets = lets
        # By name alone: registers rarely have columns of one name and two kinds, and this is only for showing.
        self.columns = {column.name: column for spec in inputs.values() for column in spec.columns}

    def word(self, meaning: str) -> str:
        """A keyword in the author's language."""
        return spell(meaning, self.language)

    def number(self, value: Fraction) -> str:
        """A number with the decimal mark of the language."""
        return show_number(value, self.language)

    def points(self, value: Fraction) -> str:
        """A number of points as it stands in a clause."""
        return show_number(value, self.language)

    def amount(self, value: Fraction, unit: Unit, *, percent: bool = False) -> str:
        """A value of a subject in its unit; a ratio is shown as percent where its rows are written so."""
        match unit:
            case Unit.DATE:
                return show_date(int(value), self.language)
            case Unit.PERCENT:
                return show_percent(value, self.language)
            case Unit.RATIO if percent:
                return show_percent(value, self.language)
            case _:
                return show_number(value, self.language)

    def yes_no(self, value: bool) -> str:
        """The word for a truth."""
        return self.word("YES" if value else "NO")

    def called(self, name: str) -> str:
        """A name as the author wrote it. That of a figure is its clause, which may reach far to the right."""
        spec = self.inputs.get(name)
        if spec is None or not spec.reference:
            return name
        return f"({spec.label})" if f" {self.word('WHERE')} " in spec.label else spec.label

    def fact(self, name: str, value: Value) -> str:
        """The value of an input as a submission would give it."""
        return self._given(self.inputs[name], value)

    def _given(self, spec: InputSpec, value: Value) -> str:
        if value is None:
            return self.word("MISSING")
        if isinstance(value, tuple):
            return self._rows(spec, value)
        match spec.kind:
            case Kind.TEXT:
                return '"…"'
            case Kind.YES_NO:
                return self.yes_no(bool(value))
            case Kind.LEVEL:
                return spec.levels[int(value)].name
            case Kind.DATE:
                return show_date(int(value), self.language)
            case Kind.PERCENT:
                return show_percent(Fraction(value), self.language)
            case _:
                return show_number(Fraction(value), self.language)

    def _rows(self, spec: InputSpec, rows: Rows) -> str:
        """A register as ``given`` has it; rows that are alike are shown once, with their number."""
        shown: list[str] = []
        for row, alike in groupby(rows):
            cells = [
                self._given(column, cell) if spec.kind is Kind.RATINGS else f"{name}: {self._given(column, cell)}"
                for column, (name, cell) in zip(spec.columns, row, strict=True)
            ]
            text = cells[0] if spec.kind is Kind.RATINGS else f"({', '.join(cells)})"
            count = len(list(alike))
            shown += [text] * count if count < _MANY_ALIKE else [f"{text} × {count}"]
        return f"[{', '.join(shown)}]"

    def example(self, world: Mapping[str, Value]) -> dict[str, str]:
        """A witness, ready to show: each fact beside its value."""
        return {self._key(key): self._value(key, value) for key, value in world.items() if key != "maximum:"}

    def _key(self, key: str) -> str:
        kind, colon, code = key.partition(":")
        if not colon:
            return self.called(key)
        heads = {
            "judged": "JUDGED", "points": "POINTS_OF", "maximum": "MAXIMUM_OF", "met": "MET", "total": "TOTAL",
            "zero": "NOTHING_SCORED_0",
        }  # fmt: skip
        return f"{self.word(heads[kind])} {code}".strip()

    def _value(self, key: str, value: Value) -> str:
        if ":" not in key or isinstance(value, tuple):
            return self.fact(key, value)
        if isinstance(value, bool):
            return self.yes_no(value)
        return self.number(Fraction(value or 0))

    # ------------------------------------------------------------ expressions

    def unit(self, expr: x.Expr) -> Unit:
        """What a number most likely measures, for showing it only."""
        match expr:
            case x.Fact(name=name) if name in self.inputs:
                return _UNITS.get(self.inputs[name].kind, Unit.PLAIN)
            case x.Column(name=name) if name in self.columns:
                return _UNITS.get(self.columns[name].kind, Unit.PLAIN)
            case x.Reduced(value=inner):
                return self.unit(inner)
            case x.Ref(name=name) if name in self.lets:
                return self.unit(self.lets[name].value)
            case x.Div(left=left, right=right) if not isinstance(right, x.Const):
                return Unit.RATIO if self.unit(left) is self.unit(right) else self.unit(left)
            case x.Div(left=inner) | x.Rounded(arg=inner) | x.Abs(arg=inner):
                return self.unit(inner)
            case x.Reckoned(how=x.Calendar.LATER):
                return Unit.DATE
            case x.Add(terms=args) | x.Mul(factors=args) | x.Least(args=args) | x.Greatest(args=args):
                units = [self.unit(arg) for arg in args if not isinstance(arg, x.Const)]
                return units[0] if units and len(set(units)) == 1 else Unit.PLAIN
            case x.Sub(left=left, right=right):
                first, second = self.unit(left), self.unit(right)
                return Unit.DAYS if first is second is Unit.DATE else first
            case _:
                return Unit.PLAIN

    def show(self, expr: x.Expr) -> str:
        """An expression much as the author wrote it."""
        written = self.calls.get(expr)
        if written is not None:
            return written
        match expr:
            case x.Const(value=value):
                return self.number(value)
            case x.Fact(name=name) | x.Ref(name=name) | x.Flag(name=name) | x.RefTruth(name=name):
                return self.called(name)
            case x.Column(name=name) | x.ColumnFlag(name=name):
                return name
            case x.Compare(order=order, left=left, right=right):
                return f"{self._side(left, right)} {_SIGNS[order]} {self._side(right, left)}"
            case x.IsLevel(name=name, levels=levels) | x.ColumnIs(name=name, levels=levels):
                among = self.inputs if isinstance(expr, x.IsLevel) else self.columns
                names = [among[name].levels[at].name for at in levels]
                if len(names) == 1:
                    return f"{self.called(name)} {self.word('IS')} {names[0]}"
                return f"{self.called(name)} {self.word('IS_ONE_OF')} ({', '.join(names)})"
            case x.Among(value=index, levels=levels):
                return self._among(index, levels)
            case x.IsMissing(name=name):
                return f"{self.called(name)} {self.word('IS')} {self.word('MISSING')}"
            case x.Not(arg=arg):
                return f"{self.word('NOT')} {self._inner(arg)}"
            case x.Always(value=value):
                return self.yes_no(value)
            case x.CountRows() | x.Reduced():
                return self._reduced(expr)
            case _ if (joint := self._joint(expr)) is not None:
                return joint
            case _:
                return self._built(expr)

    def _among(self, index: x.Num, levels: tuple[int, ...]) -> str:
        """A level that was worked out: named as the table names it."""
        inner = index
        while isinstance(inner, x.Ref) and inner.name in self.lets:
            inner = self.lets[inner.name].value  # type: ignore[assignment]
        given = inner.table.levels if isinstance(inner, x.Lookup) else ()
        names = [given[at] if at < len(given) else str(at) for at in levels]
        if len(names) == 1:
            return f"{self._inner(index)} {self.word('IS')} {names[0]}"
        return f"{self._inner(index)} {self.word('IS_ONE_OF')} ({', '.join(names)})"

    def _reduced(self, expr: x.CountRows | x.Reduced) -> str:
        if isinstance(expr, x.CountRows):
            text = f"{self.word('COUNT_OF')} {expr.register}"
        elif expr.register in self.inputs and self.inputs[expr.register].kind is Kind.RATINGS:
            text = f"{self.word(_OF_RATINGS.get(expr.how, _REDUCERS[expr.how]))} {expr.register}"
        else:
            value = self._inner(expr.value)
            text = f"{self.word(_REDUCERS[expr.how])} {value} {self.word('IN')} {expr.register}"
        if isinstance(expr, x.Reduced) and expr.each is not None:
            text += f" {self.word('FOR_EACH')} {expr.each}"
        if expr.where is not None:
            text += f" {self.word('WHERE')} {self.show(expr.where)}"
        return text + self._told(expr) if isinstance(expr, x.Reduced) else text

    def _told(self, expr: x.Reduced) -> str:
        """What stands after the rows: what a tie means, what stands for nobody."""
        text = ""
        if isinstance(expr.tied, x.Tie):
            text += f" {self.word(f'IF_TIED_{expr.tied.name}')}"
        elif expr.tied is not None:
            text += f" {self.word('IF_TIED')} {self._inner(expr.tied)}"
        return text if expr.other is None else f"{text} {self.word('IF_NONE')} {self._inner(expr.other)}"

    def _joint(self, expr: x.Expr) -> str | None:
        match expr:
            case x.All(args=args):
                return f" {self.word('AND')} ".join(map(self._inner, args))
            case x.AnyOf(args=args):
                return f" {self.word('OR')} ".join(map(self._inner, args))
            case x.Add(terms=terms):
                return " + ".join(map(self._inner, terms))
            case x.Mul(factors=factors):
                return " * ".join(map(self._inner, factors))
            case x.Sub(left=left, right=right):
                return f"{self._inner(left)} - {self._inner(right)}"
            case x.Div(left=x.PointsOf(code=code), right=x.MaximumOf()):
                return f"{self.word('INDEX_OF')} {code}"
            case x.Div(left=x.Total(), right=x.TotalMaximum()):
                return f"{self.word('INDEX_OF')} {self.word('TOTAL')}"
            case x.Div(left=left, right=right):
                return f"{self._inner(left)} / {self._inner(right)}"
            case x.Pow(base=base, exponent=exponent):
                return f"{self._inner(base)} ^ {exponent}"
            case _:
                return None

    def _built(self, expr: x.Expr) -> str:
        match expr:
            case x.Judged(key=key):
                return f"{self.word('JUDGED')} {key}"
            case x.PointsOf(code=code):
                return f"{self.word('POINTS_OF')} {code}"
            case x.MaximumOf(code=code):
                return f"{self.word('MAXIMUM_OF')} {code}"
            case x.Met(code=code):
                return f"{self.word('MET')} {code}"
            case x.Unrated(code=code):
                return f"{self.word('STATE_OF')} {code} {self.word('IS')} {self.word('NOT_RATED')}"
            case x.Total():
                return self.word("TOTAL")
            case x.TotalMaximum():
                return f"{self.word('MAXIMUM_OF')} {self.word('TOTAL')}"
            case x.NothingZero():
                return self.word("NOTHING_SCORED_0")
            case x.Lookup(table=table, keys=keys):
                return f"{table.name}({', '.join(self._table_key(key) for key in keys)})"
            case x.Inexact(function=function, args=args, places=places):
                shown = ", ".join(self.show(arg) for arg in args)
                return f"{self.word(function.name)}({shown}, {places} {self.word('PLACES')})"
            case x.Reckoned(how=x.Calendar.MONTHS, first=first, second=second):
                return f"{self.word('MONTHS_FROM')} {self.show(first)} {self.word('TO')} {self.show(second)}"
            case x.Reckoned(first=first, second=second):
                return f"{self._inner(second)} {self.word('MONTHS_AFTER')} {self._inner(first)}"
            case x.AtLeast(number=number, args=truths):
                return f"{self.word('AT_LEAST')} {number} {self.word('OF')} ({', '.join(map(self.show, truths))})"
            case x.If(when=when, then=then, other=other):
                return (
                    f"{self.word('WHEN')} {self.show(when)} {self.word('THEN')} {self.show(then)} "
                    f"{self.word('ELSE')} {self.show(other)}"
                )
            case _:
                heads = {x.Least: "MIN", x.Greatest: "MAX", x.Median: "MEDIAN", x.Abs: "ABS", x.Rounded: "ROUND"}
                head = self.word(heads[type(expr)]) if type(expr) in heads else "…"
                return f"{head}({', '.join(self.show(part) for part in x.parts(expr))})"

    def _table_key(self, key: x.Num) -> str:
        """What a table is called with; a condition stands for its yes and no."""
        return self.show(key.when if isinstance(key, x.If) and isinstance(key.then, x.Const) else key)

    def _inner(self, expr: x.Expr) -> str:
        plain = isinstance(expr, x.Const | x.Compare | x.Inexact | x.Lookup | x.Ref | x.RefTruth)
        plain = plain or key_of(expr) is not None
        plain = plain or (isinstance(expr, x.CountRows | x.Reduced) and expr.where is None)
        text = self.show(expr)
        return text if plain else f"({text})"

    def _side(self, expr: x.Num, other: x.Num) -> str:
        """One side of a comparison; a constant beside a percent or a date is one as well."""
        if isinstance(expr, x.Const):
            unit = self.unit(other)
            return self.amount(expr.value, unit, percent=unit is Unit.RATIO and abs(expr.value) <= 2)
        return self._inner(expr) if isinstance(expr, x.CountRows | x.Reduced) else self.show(expr)

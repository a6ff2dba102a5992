"""What expressions mean, on exact fractions: the half of :mod:`interpret` that knows nothing of headings."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar, assert_never

from rubric_engine.backend.leaves import is_scored_leaf
from rubric_engine.backend.reducing import median, product, reduce
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.readers import Row, Scalar, Value
from rubric_engine.meaning.exact import holds_between, round_to
from rubric_engine.meaning.growth import has_long_denominator, multiplies, over_one_denominator, too_large
from rubric_engine.meaning.inexact import inexact
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Let, Plan
from rubric_engine.plan.tables import looked_up

Seen = TypeVar("Seen")

APPLIES = -1
ZERO = Fraction(0)


class ExactValues:
    """Numbers and truths, with what the headings read so far came to."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.plan = plan
        self.facts = facts
        self.at = {node.code: at for at, node in enumerate(plan.nodes)}
        self.let_at = {let.name: i for i, let in enumerate(plan.lets)}
        self.lets: dict[str, Fraction | bool | Exception] = {}
        self.columns = {spec.name: [column.name for column in spec.columns] for spec in plan.inputs if spec.columns}
        self.row: dict[str, Scalar | None] = {}
        self.code = ""
        self.absent: dict[int, int] = {}
        self.points: dict[int, Fraction] = {}
        self.maximum: dict[int, Fraction] = {}
        self.met: dict[int, bool] = {}
        self.published = ZERO
        self.sheet_maximum = ZERO

    # ---- numbers

    def number(self, expr: x.Num) -> Fraction:
        match expr:
            case x.Const(value=value):
                return value
            case x.Fact(name=name):
                return Fraction(_given(self.facts.values, name))
            case x.Judged(key=key):
                return Fraction(_given(self.facts.judged, key))
            case x.Ref(name=name):
                return Fraction(self.let(name))
            case x.Add(terms=terms):
                return sum(self.numbers(terms), ZERO)
            case x.Sub(left=left, right=right):
                return self.number(left) - self.number(right)
            case x.Mul(factors=factors):
                value = product(self.numbers(factors))
                return self.kept_small(value) if multiplies(factors) else value
            case x.Div(left=left, right=right):
                top, bottom = self.number(left), self.number(right)
                return self.defined(top / bottom if bottom else None)
            case x.Pow(base=base, exponent=exponent):
                return self.kept_small(Fraction(self.number(base) ** exponent))
            case x.Least(args=args):
                return min(self.numbers(args))
            case x.Greatest(args=args):
                return max(self.numbers(args))
            case x.Median(args=args):
                return median(self.numbers(args))
            case x.Abs(arg=arg):
                return abs(self.number(arg))
            case x.Rounded(arg=arg, mode=mode, step=step):
                return round_to(self.number(arg), mode, step)
            case x.If(when=when, then=then, other=other):
                return self.number(then) if self.truth(when) else self.number(other)
            case x.PointsOf(code=code):
                return self.points[self.at[code]]
            case x.MaximumOf(code=code):
                return self.maximum[self.at[code]]
            case x.Total() | x.TotalMaximum():
                return self.published if isinstance(expr, x.Total) else self.sheet_maximum
            case x.Column(name=name):
                return Fraction(self.cell(name))
            case x.CountRows(register=register, where=where):
                return Fraction(len(self.over(register, where, lambda: None)))
            case x.Reduced():
                return self.reduced(expr)
            case x.Lookup() | x.Inexact():
                return self.called(expr)
            case _:
                assert_never(expr)

    def called(self, expr: x.Lookup | x.Inexact) -> Fraction:
        if isinstance(expr, x.Lookup):
            return Fraction(looked_up(expr.table, self.numbers(expr.keys)))
        return self.defined(inexact(expr.function, tuple(self.numbers(expr.args)), expr.places))

    def reduced(self, expr: x.Reduced) -> Fraction:
        each = expr.each
        pairs = self.over(
            expr.register, expr.where, lambda: (None if each is None else self.key(each), self.number(expr.value))
        )
        if over_one_denominator(expr) and has_long_denominator(value for _, value in pairs):
            raise ScoringError(self.code)
        if each is None:
            return self.of_part(expr, [value for _, value in pairs])
        parts: dict[Scalar | None, list[Fraction]] = {}
        for key, value in pairs:
            parts.setdefault(key, []).append(value)
        return sum((self.of_part(expr, part) for part in parts.values()), ZERO)

    def of_part(self, expr: x.Reduced, values: list[Fraction]) -> Fraction:
        """What the values come to: a tie is settled by ``tied`` alone, all else that is undefined by ``other``."""
        found = reduce(expr.how, values, expr.tied if isinstance(expr.tied, x.Tie) else None)
        if found is not None:
            return found
        is_tie = expr.how is x.Reducer.MAJORITY and values
        other = expr.tied if is_tie else expr.other
        if other is None or isinstance(other, x.Tie):
            raise ScoringError(self.code)
        return self.number(other)

    def over(self, register: str, where: x.Truth | None, look: Callable[[], Seen]) -> list[Seen]:
        """What is seen in each row selected, while it is at hand."""
        rows = self.facts.values.get(register)
        if rows is None:
            raise Unsettled
        assert isinstance(rows, tuple)
        outer = self.row
        try:
            return [look() for row in rows if self.selects(register, row, where)]
        finally:
            self.row = outer

    def selects(self, register: str, row: Row, where: x.Truth | None) -> bool:
        self.row = dict(zip(self.columns[register], row, strict=True))
        return where is None or self.truth(where)

    def key(self, name: str) -> Scalar:
        """The cell that parts the rows, of any kind."""
        value = self.row[name]
        if value is None:
            raise Unsettled
        return value

    def cell(self, name: str) -> int | Fraction:
        value = self.row[name]
        if value is None:
            raise Unsettled
        assert not isinstance(value, str)
        return value

    def defined(self, value: Fraction | None) -> Fraction:
        if value is None:
            raise ScoringError(self.code)
        return value

    def kept_small(self, value: Fraction) -> Fraction:
        return self.defined(None if too_large(value) else value)

    def numbers(self, exprs: Iterable[x.Num]) -> list[Fraction]:
        return [self.number(expr) for expr in exprs]

    # ---- truths

    def truth(self, expr: x.Truth) -> bool:
        match expr:
            case x.Always(value=value):
                return value
            case x.Flag(name=name):
                return bool(_given(self.facts.values, name))
            case x.RefTruth(name=name):
                return bool(self.let(name))
            case x.Compare(order=order, left=left, right=right):
                return holds_between(order, self.number(left), self.number(right))
            case x.IsLevel(name=name, levels=levels):
                return _given(self.facts.values, name) in levels
            case x.Among(value=index, levels=levels):
                return self.number(index) in levels
            case x.IsMissing(name=name):
                return name not in self.facts.values
            case x.ColumnFlag(name=name):
                return bool(self.cell(name))
            case x.ColumnIs(name=name, levels=levels):
                return self.cell(name) in levels
            case x.Met(code=code):
                return self.met[self.at[code]]
            case x.All(args=args):
                return all(self.truth(arg) for arg in args)
            case x.AnyOf(args=args):
                return any(self.truth(arg) for arg in args)
            case x.Not(arg=arg):
                return not self.truth(arg)
            case x.AtLeast(number=number, args=args):
                return sum([self.truth(arg) for arg in args]) >= number
            case x.NothingZero(codes=codes):
                return not any(
                    self.points[at] == 0
                    for at in (self.at[code] for code in codes)
                    if is_scored_leaf(self.plan.nodes[at]) and self.absent[at] == APPLIES
                )
            case _:
                assert_never(expr)

    def let(self, name: str) -> Fraction | bool:
        """A named value: computed once, after those it uses; its failure is the failure of whoever asks."""
        todo = [name]
        while todo:
            let = self.plan.lets[self.let_at[todo[-1]]]
            first = [used for used in _lets_in(let) if used not in self.lets]
            if first and let.name not in self.lets:
                todo += first
                continue
            todo.pop()
            if let.name not in self.lets:
                try:
                    self.lets[let.name] = self.let_value(let.value)
                except (Unsettled, ScoringError) as failure:
                    self.lets[let.name] = failure
        found = self.lets[name]
        if isinstance(found, ScoringError):
            raise ScoringError(self.code)
        if isinstance(found, Exception):
            raise Unsettled
        return found

    def let_value(self, value: x.Expr) -> Fraction | bool:
        return self.kept_small(self.number(value)) if isinstance(value, x.Num) else self.truth(value)


def _given(known: Mapping[str, Value] | Mapping[str, Fraction], name: str) -> int | Fraction:
    value = known.get(name)
    if value is None:
        raise Unsettled
    assert not isinstance(value, str | tuple)
    return value


def _lets_in(let: Let) -> list[str]:
    return [part.name for part in x.walk(let.value) if isinstance(part, x.Ref | x.RefTruth)]

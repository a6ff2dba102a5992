"""Exact values of expressions over a handful of chosen facts: what makes a witness trustworthy.

A *world* maps keys to values: an input by its name, everything else by a prefixed key (see :func:`key_of`). A register
is a tuple of rows, a row a tuple of (column, value). Small and separate from the interpreter on purpose: it knows no
nodes, no evidence and no order, only expressions.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import assert_never

from rubric_engine.meaning.exact import holds_between, round_to
from rubric_engine.meaning.growth import too_large
from rubric_engine.meaning.inexact import inexact
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Let
from rubric_engine.plan.tables import looked_up
from rubric_engine.ranges.values.known import middle, reduce_told

Cell = Fraction | int | bool | None
Row = tuple[tuple[str, Cell], ...]
Rows = tuple[Row, ...]
Value = Cell | Rows
World = Mapping[str, Value]
Goal = tuple[x.Truth, bool]  # a condition, and how it is to come out


class Unknown(Exception):
    """The world does not say."""


class Undefined(Exception):
    """A division by zero, a function out of its domain, a reducer of no row."""


def key_of(expr: x.Expr) -> str | None:
    """The key under which a world holds a leaf expression; ``None`` for what is computed."""
    match expr:
        case x.Fact(name=name) | x.Flag(name=name) | x.IsLevel(name=name) | x.IsMissing(name=name):
            return name
        case x.Column(name=name) | x.ColumnFlag(name=name) | x.ColumnIs(name=name):
            return column_key(name)
        case x.Judged(key=key):
            return f"judged:{key}"
        case x.PointsOf(code=code):
            return f"points:{code}"
        case x.MaximumOf(code=code):
            return f"maximum:{code}"
        case x.Met(code=code):
            return f"met:{code}"
        case x.Total():
            return "total:"
        case x.TotalMaximum():
            return "maximum:"
        case x.NothingZero():
            return "zero:"
        case _:
            return None


def column_key(name: str) -> str:
    """The key of a cell of the row at hand: never the name of an input."""
    return f".{name}"


_OF_ROWS = (x.CountRows, x.Reduced)
_NAMED = (x.Ref, x.RefTruth)


def keys_of(expressions: Iterable[x.Expr], lets: Mapping[str, Let]) -> dict[str, x.Expr]:
    """Every key the expressions read, through ``let`` as well, in order of first use, with one leaf that reads it.

    Of the rows of a register only the register itself is a key.
    """
    found: dict[str, x.Expr] = {}
    seen: set[str] = set()
    queue = list(reversed(list(expressions)))
    while queue:
        for part in x.walk(queue.pop()):
            key = part.register if isinstance(part, _OF_ROWS) else key_of(part)
            if key is not None:
                if key[0] != "." and (key not in found or isinstance(found[key], x.IsMissing)):
                    found[key] = part
            elif isinstance(part, _NAMED) and part.name not in seen:
                seen.add(part.name)
                if part.name in lets:
                    queue.append(lets[part.name].value)
    return found


class Evaluation:
    """Values of expressions in one world, each named value worked out once. Raises :class:`Unknown` and
    :class:`Undefined`."""

    def __init__(self, world: World, lets: Mapping[str, Let]) -> None:
        self.world = world
        self.lets = lets
        self._named: dict[str, Fraction | bool | Unknown | Undefined] = {}

    def _name(self, name: str) -> Fraction | bool:
        found = self._named.get(name)
        if found is None:
            value = self.lets[name].value
            try:
                found = _within_the_wall(self.number(value)) if isinstance(value, x.Num) else self.truth(value)
            except (Unknown, Undefined) as error:
                found = error
            self._named[name] = found
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def _look_up(self, expr: x.Expr) -> Fraction | int | bool:
        value = self.world.get(key_of(expr) or "")
        if value is None or isinstance(value, tuple):
            raise Unknown
        return value

    def _chosen(self, register: str, where: x.Truth | None) -> "list[Evaluation]":
        """The world beside each row for which the condition holds."""
        rows = self.world.get(register)
        if not isinstance(rows, tuple):
            raise Unknown
        here = [Evaluation({**self.world, **{column_key(name): cell for name, cell in row}}, self.lets) for row in rows]
        return [one for one in here if where is None or one.truth(where)]

    def number(self, expr: x.Num) -> Fraction:
        """The exact value of a number."""
        match expr:
            case x.Const(value=value):
                return value
            case (
                x.Fact() | x.Judged() | x.PointsOf() | x.MaximumOf() | x.Total() | x.TotalMaximum() | x.Column()
            ):  # fmt: skip
                return Fraction(self._look_up(expr))
            case x.Ref(name=name):
                return Fraction(self._name(name))
            case x.If(when=when, then=then, other=other):
                return self.number(then if self.truth(when) else other)
            case _:
                return self._computed(expr)

    def _computed(self, expr: x.Num) -> Fraction:
        match expr:
            case x.Add(terms=terms):
                return sum((self.number(term) for term in terms), Fraction(0))
            case x.Sub(left=left, right=right):
                return self.number(left) - self.number(right)
            case x.Mul(factors=factors):
                return _within_the_wall(reduce(mul, (self.number(factor) for factor in factors), Fraction(1)))
            case x.Div(left=left, right=right):
                below = self.number(right)
                if below == 0:
                    raise Undefined
                return self.number(left) / below
            case x.Pow(base=base, exponent=exponent):
                return _within_the_wall(Fraction(self.number(base) ** exponent))
            case x.Least(args=args):
                return min(self.number(arg) for arg in args)
            case x.Greatest(args=args):
                return max(self.number(arg) for arg in args)
            case x.Median(args=args):
                return Fraction(middle([self.number(arg) for arg in args]))
            case x.Abs(arg=arg):
                return abs(self.number(arg))
            case x.Rounded(arg=arg, mode=mode, step=step):
                return round_to(self.number(arg), mode, step)
            case x.CountRows(register=register, where=where):
                return Fraction(len(self._chosen(register, where)))
            case x.Reduced():
                return self._reduced(expr)
            case x.Lookup(table=table, keys=keys):
                return Fraction(looked_up(table, [self.number(key) for key in keys]))
            case x.Inexact(function=function, args=args, places=places):
                value = inexact(function, tuple(self.number(arg) for arg in args), places)
                if value is None:
                    raise Undefined
                return value
            case _:
                raise Unknown

    def _reduced(self, expr: x.Reduced) -> Fraction:
        key = None if expr.each is None else column_key(expr.each)
        chosen = self._chosen(expr.register, expr.where)
        pairs = [(None if key is None else row.world.get(key), row.number(expr.value)) for row in chosen]
        found = reduce_told(expr, pairs, self.number)
        if found is None:
            raise Undefined
        return Fraction(found)

    def truth(self, expr: x.Truth) -> bool:
        """Whether a condition holds; ``and`` and ``or`` stop as soon as they are settled."""
        match expr:
            case x.Always(value=value):
                return value
            case x.Flag() | x.Met() | x.NothingZero() | x.ColumnFlag():
                return bool(self._look_up(expr))
            case x.RefTruth(name=name):
                return bool(self._name(name))
            case x.Compare(order=order, left=left, right=right):
                return holds_between(order, self.number(left), self.number(right))
            case x.IsLevel(levels=levels) | x.ColumnIs(levels=levels):
                return self._look_up(expr) in levels
            case x.Among(value=value, levels=levels):
                return self.number(value) in levels
            case x.IsMissing(name=name):
                if name not in self.world:
                    raise Unknown
                return self.world[name] is None
            case x.All(args=args):
                return all(self.truth(arg) for arg in args)
            case x.AnyOf(args=args):
                return any(self.truth(arg) for arg in args)
            case x.Not(arg=arg):
                return not self.truth(arg)
            case x.AtLeast(number=number, args=args):
                return sum(self.truth(arg) for arg in args) >= number
            case _:
                assert_never(expr)


def _within_the_wall(value: Fraction) -> Fraction:
    if too_large(value):
        raise Undefined
    return value


def may_be(exact: Evaluation, condition: x.Truth, holds: bool) -> bool:
    """Whether a condition comes out so, or the world does not say."""
    try:
        return exact.truth(condition) is holds
    except Unknown:
        return True
    except Undefined:
        return False


def constant(expr: x.Num, lets: Mapping[str, Let]) -> Fraction | None:
    """The value of an expression that reads no fact; ``None`` otherwise."""
    if isinstance(expr, x.Const):
        return expr.value
    try:
        return Evaluation({}, lets).number(expr)
    except (Unknown, Undefined):
        return None

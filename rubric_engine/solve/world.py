"""Exact values of expressions over a handful of chosen facts: what makes a witness trustworthy.

A *world* maps keys to values: an input by its name, everything else by a prefixed key (see :func:`key_of`). A register
is a tuple of rows, a row a tuple of (column, value).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from rubric_engine.meaning import expressions
from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Let

Cell = Fraction | int | bool | None
Row = tuple[tuple[str, Cell], ...]
Rows = tuple[Row, ...]
Value = Cell | Rows
World = Mapping[str, Value]
Goal = tuple[x.Truth, bool]  # a condition, and how it is to come out


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
        case x.Unrated(code=code):
            return f"unrated:{code}"
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
    for part in parts_within(expressions, lets):
        key = part.register if isinstance(part, _OF_ROWS) else key_of(part)
        if key is not None and key[0] != "." and (key not in found or isinstance(found[key], x.IsMissing)):
            found[key] = part
    return found


def parts_within(things: Iterable[x.Expr], lets: Mapping[str, Let] | Mapping[str, x.Expr]) -> Iterator[x.Expr]:
    """Every part of these expressions, each named value looked into once, where it is first met."""
    todo, seen = list(things)[::-1], set[str]()
    while todo:
        for part in x.walk(todo.pop()):
            yield part
            if isinstance(part, _NAMED) and part.name not in seen and part.name in lets:
                seen.add(part.name)
                named = lets[part.name]
                todo.append(named.value if isinstance(named, Let) else named)


class Evaluation:
    """The world expressions are read in, with its values: see :class:`rubric_engine.meaning.expressions.World`.

    Raises :class:`Unsettled` where the world does not say, and :class:`Undefined`.
    """

    def __init__(self, world: World, lets: Mapping[str, Let]) -> None:
        self.world = world
        self.lets = lets
        self.worked_out: dict[str, Exact | Exception] = {}

    def number(self, expr: x.Num) -> Fraction:
        """The exact value of a number."""
        return Fraction(expressions.number(expr, self))

    def truth(self, expr: x.Truth) -> bool:
        """Whether a condition holds."""
        return expressions.truth(expr, self)

    # ---- what expressions ask

    def fact(self, name: str) -> Fraction | int | bool:
        value = self.world.get(name)
        if value is None or isinstance(value, tuple):
            raise Unsettled
        return value

    def judgement(self, key: str) -> Fraction | int:
        return self.fact(f"judged:{key}")

    def points_of(self, code: str) -> Fraction | int:
        return self.fact(f"points:{code}")

    def maximum_of(self, code: str) -> Fraction | int:
        return self.fact(f"maximum:{code}")

    def total(self) -> Fraction | int:
        return self.fact("total:")

    def total_maximum(self) -> Fraction | int:
        return self.fact("maximum:")

    def is_met(self, code: str) -> bool:
        return bool(self.fact(f"met:{code}"))

    def is_unrated(self, code: str) -> bool:
        return bool(self.fact(f"unrated:{code}"))

    def nothing_zero(self, codes: Sequence[str]) -> bool:
        return bool(self.fact("zero:"))

    def is_missing(self, name: str) -> bool:
        if name not in self.world:
            raise Unsettled
        return self.world[name] is None

    def cell(self, name: str) -> Fraction | int | bool:
        return self.fact(column_key(name))

    def rows(self, register: str) -> "list[Evaluation]":
        rows = self.world.get(register)
        if not isinstance(rows, tuple):
            raise Unsettled
        return [Evaluation({**self.world, **{column_key(name): cell for name, cell in row}}, self.lets) for row in rows]

    def definition(self, name: str) -> x.Expr:
        return self.lets[name].value


def may_be(exact: Evaluation, condition: x.Truth, holds: bool) -> bool:
    """Whether a condition comes out so, or the world does not say."""
    try:
        return exact.truth(condition) is holds
    except Unsettled:
        return True
    except Undefined:
        return False


def constant(expr: x.Num, lets: Mapping[str, Let]) -> Fraction | None:
    """The value of an expression that reads no fact; ``None`` otherwise."""
    if isinstance(expr, x.Const):
        return expr.value
    try:
        return Evaluation({}, lets).number(expr)
    except (Unsettled, Undefined):
        return None

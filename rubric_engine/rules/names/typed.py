"""Types of expressions: what kind of value, in which unit, on which grid. Pure algebra, no diagnostics."""

from enum import Enum
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from rubric_engine.model import Unit
from rubric_engine.plan.expr import Always, Const, Expr, Num, Truth
from rubric_engine.plan.plan import InputSpec, Kind, Level
from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, Span

MOST_GRID_BITS: Final = 1024


class Sort(Enum):
    """The kinds of value. BROKEN is the type of what failed to resolve; it silences whatever depends on it."""

    NUMBER = "number"
    TRUTH = "condition"
    LEVEL = "level"
    TEXT = "text"
    REGISTER = "register"
    BROKEN = "broken"


@record
class LevelValue:
    """Levels and, where the value is computed, the condition of each; ``name`` is how messages call it.

    ``index`` is the index of the level where that is what was worked out, as by a table; the conditions look at it.
    """

    name: str
    levels: tuple[Level, ...]
    ordered: bool
    tests: tuple[Truth, ...] = ()
    index: Num | None = None


@record
class Typed:
    """An expression with its type. ``literal`` marks a bare number as written; ``grid`` is the step of its values.

    ``input`` is the input, or with ``in_row`` the column of a register, that a bare name stands for; ``computed`` is a
    level that is none of an input.
    """

    expr: Expr | None
    sort: Sort
    unit: Unit = Unit.PLAIN
    grid: Fraction | None = None
    literal: bool = False
    input: InputSpec | None = None
    in_row: bool = False
    span: Span = NOWHERE
    computed: LevelValue | None = None

    @property
    def num(self) -> Num:
        """The expression of a number; asking it of anything else is a fault of ours."""
        assert isinstance(self.expr, Num)
        return self.expr

    @property
    def test(self) -> Truth:
        """The expression of a condition; asking it of anything else is a fault of ours."""
        assert isinstance(self.expr, Truth)
        return self.expr

    @property
    def broken(self) -> bool:
        return self.sort is Sort.BROKEN

    def at(self, span: Span) -> "Typed":
        """The same, written there."""
        return Typed(
            self.expr, self.sort, self.unit, self.grid, self.literal, self.input, self.in_row, span, self.computed
        )  # fmt: skip


BROKEN = Typed(None, Sort.BROKEN)

UNIT_OF_KIND = {
    Kind.COUNT: Unit.PLAIN,
    Kind.NUMBER: Unit.PLAIN,
    Kind.PERCENT: Unit.PERCENT,
    Kind.MONEY: Unit.MONEY,
    Kind.DATE: Unit.DATE,
}


def grid_bits(grid: Fraction) -> int:
    """Binary digits of a grid."""
    return grid.numerator.bit_length() + grid.denominator.bit_length()


def number(expr: Expr, unit: Unit = Unit.PLAIN, grid: Fraction | None = None, *, literal: bool = False) -> Typed:
    """A typed number; a constant knows its own grid. One of very many digits is of no use to anybody."""
    if isinstance(expr, Const) and grid is None:
        grid = Fraction(1, expr.value.denominator)
    if grid is not None and grid_bits(grid) > MOST_GRID_BITS:
        grid = None
    return Typed(expr, Sort.NUMBER, unit, grid, literal)


def truth(expr: Expr) -> Typed:
    """A typed condition."""
    return Typed(expr, Sort.TRUTH)


def yes_no(value: bool) -> Typed:
    """The condition that always, or never, holds."""
    return truth(Always(value))


def common_grid(grids: list[Fraction | None]) -> Fraction | None:
    """The coarsest grid that holds every value on any of these; ``None`` when one is dense."""
    known = [grid for grid in grids if grid is not None]
    if len(known) != len(grids) or not known:
        return None
    top = gcd(*(grid.numerator for grid in known))
    return Fraction(top, lcm(*(grid.denominator for grid in known)))


def added(left: Unit, right: Unit, *, minus: bool) -> Unit | None:
    """Unit of a sum or difference; ``None`` when the two do not go together."""
    if left is Unit.DATE or right is Unit.DATE:
        return _dates_added(left, right, minus=minus)
    if left is right:
        return left
    pair = {left, right}
    if pair == {Unit.RATIO, Unit.PERCENT}:
        return Unit.PERCENT
    if pair == {Unit.RATIO, Unit.PLAIN}:
        return Unit.RATIO
    if pair == {Unit.DAYS, Unit.PLAIN}:
        return Unit.DAYS
    return None


def _dates_added(left: Unit, right: Unit, *, minus: bool) -> Unit | None:
    if minus and left is right:
        return Unit.DAYS
    if left is Unit.DATE and right in (Unit.DAYS, Unit.PLAIN):
        return Unit.DATE
    if not minus and right is Unit.DATE and left in (Unit.DAYS, Unit.PLAIN):
        return Unit.DATE
    return None


def multiplied(left: Unit, right: Unit) -> Unit | None:
    """Unit of a product: shares scale, days and plain numbers count."""
    if Unit.DATE in (left, right):
        return None
    if left in (Unit.PERCENT, Unit.RATIO):
        return right
    if right in (Unit.PERCENT, Unit.RATIO):
        return left
    if Unit.MONEY in (left, right):
        return Unit.MONEY if left is not right else None
    return Unit.PLAIN


def divided(left: Unit, right: Unit, *, by_literal: bool) -> Unit | None:
    """Unit of a quotient: like by like is a ratio, ``full points / 2`` stays what it was."""
    if Unit.DATE in (left, right):
        return None
    if by_literal and right is Unit.PLAIN:
        return left
    if left is right or {left, right} == {Unit.PERCENT, Unit.RATIO}:
        return Unit.RATIO
    if right in (Unit.PLAIN, Unit.PERCENT, Unit.RATIO):
        return left
    return Unit.PLAIN if left in (Unit.PLAIN, Unit.DAYS) else None


def comparable(left: Typed, right: Typed) -> bool:
    """Whether two numbers may be compared: like with like, a ratio with plain numbers and percents."""
    a, b = left.unit, right.unit
    if a is b or (Unit.RATIO in (a, b) and Unit.DATE not in (a, b) and Unit.MONEY not in (a, b)):
        return True
    pair = {a, b}
    if pair == {Unit.DAYS, Unit.PLAIN}:
        return True
    if pair == {Unit.MONEY, Unit.PLAIN}:
        return (right if b is Unit.PLAIN else left).literal
    return False

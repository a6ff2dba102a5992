"""The closed set of expressions a plan is made of. Standard library only; no behaviour, only shape.

Three kinds of value exist once names are bound: exact numbers (``Fraction``; a date is its proleptic ordinal, a
count of days), truths, and levels (by index, only ever tested for membership). Percent is a number: ``95%`` is
19/20. Every reader of a plan matches on exactly these classes and ends in ``assert_never``.
"""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from rubric_engine.plan.record import record
from rubric_engine.plan.tables import Table


class Mode(StrEnum):
    """Named rounding modes; ties and direction as in :mod:`decimal`."""

    HALF_UP = "half-up"        # ties away from zero
    HALF_EVEN = "half-even"
    UP = "up"                  # away from zero
    DOWN = "down"              # toward zero
    CEILING = "ceiling"        # toward plus infinity
    FLOOR = "floor"            # toward minus infinity


class Order(StrEnum):
    """Comparison of two numbers."""

    LT = "<"
    LE = "<="
    EQ = "="
    NE = "!="
    GE = ">="
    GT = ">"


# ---------------------------------------------------------------- numbers


@record
class Const:
    """A number known when the rubric is compiled."""

    value: Fraction


@record
class Fact:
    """The value of a numeric or date input."""

    name: str


@record
class Judged:
    """The points a person gave. ``key`` is a leaf's code, or ``CODE.NAME`` for a judged deduction."""

    key: str


@record
class Ref:
    """The value of a ``let``; see :attr:`Plan.lets`."""

    name: str


@record
class Add:
    terms: tuple["Num", ...]


@record
class Sub:
    left: "Num"
    right: "Num"


@record
class Mul:
    factors: tuple["Num", ...]


@record
class Div:
    """Exact division. Undefined when the right side is zero: checked rubrics never reach that."""

    left: "Num"
    right: "Num"


@record
class Pow:
    """A whole exponent, 0 to 64, known when the rubric is compiled."""

    base: "Num"
    exponent: int


@record
class Least:
    args: tuple["Num", ...]


@record
class Greatest:
    args: tuple["Num", ...]


@record
class Median:
    """Middle value, or the mean of the two middle values."""

    args: tuple["Num", ...]


@record
class Abs:
    arg: "Num"


@record
class Rounded:
    """``arg`` to the nearest multiple of ``step`` by ``mode``; floor and ceiling are modes with step 1."""

    arg: "Num"
    mode: Mode
    step: Fraction


@record
class If:
    when: "Truth"
    then: "Num"
    other: "Num"


@record
class PointsOf:
    """Final points of a node; the node stands earlier in :attr:`Plan.order`."""

    code: str


@record
class MaximumOf:
    """Applicable maximum of a node."""

    code: str


class Reducer(StrEnum):
    """How the selected rows of a register become one number.

    TRIMMED_MEAN leaves out one lowest and one highest value (undefined below three). MAJORITY is the value most rows
    have; a tie is undefined unless told. HIGHEST, LOWEST, MEAN, MEDIAN, FIRST, LAST of no row are undefined; SUM of
    none is 0.
    """

    SUM = "sum"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed mean"
    MAJORITY = "majority"
    FIRST = "first"
    LAST = "last"


class Tie(StrEnum):
    """Which of the values that most rows have is the majority, where several are tied."""

    HIGHEST = "highest"
    LOWEST = "lowest"


@record
class CountRows:
    """Rows of a register for which ``where`` holds (all rows where it is ``None``)."""

    register: str
    where: "Truth | None" = None


@record
class Reduced:
    """``value`` over the selected rows; ``other`` stands in where no row is selected, else that is as a division by 0.

    For TRIMMED_MEAN ``other`` stands in below three rows. ``tied`` settles a tied MAJORITY, by a rule or with a value.
    With ``each``, a column (of any kind, text too), the rows are parted by its value, ``how`` is taken within each
    part,
    and the result is the sum over the parts: 0 without rows.
    """

    how: Reducer
    register: str
    value: "Num"
    where: "Truth | None" = None
    other: "Num | None" = None
    tied: "Num | Tie | None" = None
    each: str | None = None


@record
class Column:
    """A number or date of the row at hand, inside CountRows and Reduced; the one column of ratings is ``rating``."""

    name: str


class Function(StrEnum):
    """Functions whose values are not rational."""

    LN = "ln"
    EXP = "exp"
    SQRT = "sqrt"
    POWER = "power"


@record
class Inexact:
    """``function`` of the arguments, correctly rounded half-even to ``places`` decimals.

    Undefined, as a division by 0 is: LN of 0 or less, SQRT below 0, POWER of a base below 0, or of 0 to a power of 0 or
    less. EXP and POWER beyond 10**60 are undefined too.
    """

    function: Function
    args: tuple["Num", ...]
    places: int


class Calendar(StrEnum):
    """What is reckoned in months of the calendar; see :mod:`rubric_engine.meaning.calendar`."""

    MONTHS = "months from"     # completed months from the first day to the second
    LATER = "months after"     # the day that is so many months, the second, after the first


@record
class Reckoned:
    """Months of the calendar between two days, or a day some months later: a whole number.

    Only whole days and whole months of either count.
    """

    how: Calendar
    first: "Num"
    second: "Num"


@record
class Lookup:
    """The cell of a table at its keys, however many rows it has.

    A key by numbers is a number; of levels it is the index of the level: for a one-of input or column that is its
    :class:`Fact` or :class:`Column`, which nothing but a lookup reads as a number. Yes is 1 and no is 0. A table that
    gives levels gives their indices.
    """

    table: Table
    keys: tuple["Num", ...]


@record
class Total:
    """The sheet's total as published (after gates, floor and rounding). Only grade tables and gates may use it."""


@record
class TotalMaximum:
    """The sheet's applicable maximum."""


Num = (
    Const | Fact | Judged | Ref | Add | Sub | Mul | Div | Pow | Least | Greatest | Median | Abs | Rounded | If
    | PointsOf | MaximumOf | Total | TotalMaximum | CountRows | Reduced | Column | Inexact
    | Lookup | Reckoned
)

# ---------------------------------------------------------------- truths


@record
class Always:
    """A truth known when the rubric is compiled."""

    value: bool


@record
class Flag:
    """The value of a yes/no input."""

    name: str


@record
class RefTruth:
    """The value of a ``let`` that names a condition."""

    name: str


@record
class Compare:
    order: Order
    left: Num
    right: Num


@record
class IsLevel:
    """A one-of input holds one of these levels (indices into its declared levels)."""

    name: str
    levels: tuple[int, ...]


@record
class Among:
    """A number, the index of a level that was worked out, is one of these."""

    value: Num
    levels: tuple[int, ...]


@record
class IsMissing:
    """No value was given. Never unknown itself."""

    name: str


@record
class ColumnFlag:
    """A yes/no of the row at hand."""

    name: str


@record
class ColumnIs:
    """A one-of of the row at hand holds one of these levels."""

    name: str
    levels: tuple[int, ...]


@record
class Met:
    """A *condition* node holds. (For a scored node, "met" is lowered to points >= applicable maximum.)"""

    code: str


@record
class Unrated:
    """A group has too little to be rated by, whatever the rubric puts in its place; see ``Rated.NO`` of the states.

    Never of one that does not apply, or whose own requirement fails first.
    """

    code: str


@record
class All:
    args: tuple["Truth", ...]


@record
class AnyOf:
    args: tuple["Truth", ...]


@record
class Not:
    arg: "Truth"


@record
class AtLeast:
    """At least ``number`` of the conditions hold."""

    number: int
    args: tuple["Truth", ...]


@record
class NothingZero:
    """No applicable scored leaf among these codes has exactly 0 points."""

    codes: tuple[str, ...]


Truth = (
    Always | Flag | RefTruth | Compare | IsLevel | Among | IsMissing | ColumnFlag | ColumnIs | Met | Unrated | All
    | AnyOf | Not | AtLeast | NothingZero
)

Expr = Num | Truth


_SINGLE = frozenset((
    Const, Fact, Judged, PointsOf, MaximumOf, Total, TotalMaximum, Ref, Column, Always, Flag, RefTruth, IsLevel,
    IsMissing, ColumnFlag, ColumnIs, Met, Unrated, NothingZero,
))  # fmt: skip


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside this one, left to right."""
    if type(expr) in _SINGLE:
        return ()
    match expr:
        case Add(terms=args) | Mul(factors=args) | Least(args=args) | Greatest(args=args) | Median(args=args):
            return args
        case All(args=truths) | AnyOf(args=truths) | AtLeast(args=truths):
            return truths
        case Sub(left=a, right=b) | Div(left=a, right=b) | Compare(left=a, right=b) | Reckoned(first=a, second=b):
            return (a, b)
        case Pow(base=a) | Abs(arg=a) | Rounded(arg=a) | Among(value=a):
            return (a,)
        case Not(arg=t):
            return (t,)
        case If(when=t, then=a, other=b):
            return (t, a, b)
        case CountRows(where=where):
            return () if where is None else (where,)
        case Reduced(value=a, where=where, other=other, tied=tied):
            told = None if isinstance(tied, Tie) else tied
            return tuple(part for part in (a, where, other, told) if part is not None)
        case Inexact(args=args) | Lookup(keys=args):
            return args
        case (
            Const() | Fact() | Judged() | PointsOf() | MaximumOf() | Total() | TotalMaximum() | Ref() | Column()
            | Always() | Flag() | RefTruth() | IsLevel() | IsMissing() | ColumnFlag() | ColumnIs() | Met()
            | Unrated() | NothingZero()
        ):  # fmt: skip
            return ()
        case _:
            assert_never(expr)


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and everything inside it, outermost first."""
    stack = [expr]
    while stack:
        here = stack.pop()
        yield here
        if type(here) not in _SINGLE:
            stack.extend(reversed(parts(here)))

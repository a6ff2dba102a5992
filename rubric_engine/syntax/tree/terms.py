"""Syntax nodes of expressions and bands: what stands inside a clause."""

from dataclasses import field
from datetime import date
from fractions import Fraction

from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, Span


def unseen_span() -> Span:
    """A span field that does not count for equality."""
    return field(default=NOWHERE, compare=False, repr=False)


# ---------------------------------------------------------------- small parts


@record
class Ident:
    """A name, a code or a level as written. ``bracketed`` tells that it stood in ``[…]``, where any words may."""

    text: str
    span: Span = unseen_span()
    bracketed: bool = field(default=False, compare=False, repr=False)


@record
class Text:
    """A quoted text, without its quotes."""

    value: str
    span: Span = unseen_span()


# ---------------------------------------------------------------- expressions


@record
class Num:
    """A number as written; ``95%`` has ``percent`` set and ``value`` 95."""

    value: Fraction
    percent: bool = False
    span: Span = unseen_span()


@record
class DateLit:
    value: date
    span: Span = unseen_span()


@record
class YesNo:
    value: bool
    span: Span = unseen_span()


@record
class Name:
    """A name used as a value; ``bracketed`` as of :class:`Ident`."""

    text: str
    span: Span = unseen_span()
    bracketed: bool = field(default=False, compare=False, repr=False)


@record
class FullPoints:
    """``full points``: the printed maximum of the heading it stands under."""

    span: Span = unseen_span()


@record
class SheetTotal:
    """``total``; with ``index``, ``index of total``: the share of what applies."""

    index: bool = False
    span: Span = unseen_span()


@record
class NothingScoredZero:
    """``nothing scored 0``."""

    span: Span = unseen_span()


@record
class OfNode:
    """``points of 1.2``, ``index of 1.2``, ``met 1.1``, ``state of 1 is not rated``; ``what`` is ``points``, ``index``,
    ``met`` or ``unrated``."""

    what: str
    code: Ident
    span: Span = unseen_span()


@record
class Sum:
    """``a + b - c``: first, then (sign, term) pairs; the sign is ``+`` or ``-``."""

    first: "Expr"
    rest: tuple[tuple[str, "Expr"], ...]
    span: Span = unseen_span()


@record
class Product:
    """``a * b / c``: first, then (sign, factor) pairs; the sign is ``*`` or ``/``.

    ``30% of full points`` is stored as ``30% * full points`` with ``words`` set, so that the formatter can print it
    back.
    """

    first: "Expr"
    rest: tuple[tuple[str, "Expr"], ...]
    words: bool = False
    span: Span = unseen_span()


@record
class Power:
    base: "Expr"
    exponent: "Expr"
    span: Span = unseen_span()


@record
class Negative:
    arg: "Expr"
    span: Span = unseen_span()


@record
class Comparison:
    """``a < b <= c``: first, then (order, expression); the order is one of ``< <= = != >= >``.

    ``is at least x`` is stored as ``>=``, ``is at most`` as ``<=``, ``is above`` as ``>``, ``is below`` as ``<``
    with ``words`` set, so that the formatter can print it back.
    """

    first: "Expr"
    rest: tuple[tuple[str, "Expr"], ...]
    words: bool = False
    span: Span = unseen_span()


@record
class Is:
    """``x is timely``, ``x is not none``, ``x is one of (a, b)``, ``x is yes``."""

    subject: "Expr"
    choices: tuple["Name | YesNo", ...]
    negated: bool = False
    span: Span = unseen_span()


@record
class Missing:
    """``x is missing`` / ``x is not missing``."""

    subject: "Expr"
    negated: bool = False
    span: Span = unseen_span()


@record
class Not:
    arg: "Expr"
    span: Span = unseen_span()


@record
class And:
    args: tuple["Expr", ...]
    span: Span = unseen_span()


@record
class Or:
    args: tuple["Expr", ...]
    span: Span = unseen_span()


@record
class AtLeastOf:
    """``at least 2 of (a, b, c)``."""

    number: Num
    args: tuple["Expr", ...]
    span: Span = unseen_span()


@record
class When:
    """``when c then a otherwise b``."""

    condition: "Expr"
    then: "Expr"
    other: "Expr"
    span: Span = unseen_span()


@record
class Call:
    """A built-in function by its meaning: ``min max sum mean median abs floor ceiling``."""

    function: str
    args: tuple["Expr", ...]
    span: Span = unseen_span()


@record
class RoundTo:
    """How to round: ``half-up to 2 places``, ``half-up to a multiple of 0.25``; modes as in ``plan.expr.Mode``.

    ``percent`` where the multiple is written in percents (``0.5%``: 0.5); ``beyond`` where it says ``beyond full
    points``.
    """

    mode: str
    places: int | None
    multiple: Fraction | None = None
    percent: bool = False
    beyond: bool = False
    span: Span = unseen_span()


@record
class RoundCall:
    """``round(x, half-up to 2 places)``."""

    arg: "Expr"
    to: RoundTo
    span: Span = unseen_span()


@record
class TimeFrom:
    """``days from a to b``; ``unit`` is ``days months years``, of the last two those that are complete."""

    unit: str
    start: "Expr"
    end: "Expr"
    span: Span = unseen_span()


@record
class Later:
    """``3 months after sent``; ``unit`` is ``months years``, ``before`` where the day lies before ``day``."""

    count: "Expr"
    unit: str
    day: "Expr"
    before: bool = False
    span: Span = unseen_span()


@record
class Reduce:
    """A register or a list of ratings brought down to one number.

    ``count of late where days > 5``; ``sum of (points * rate) in tasks``; ``highest days in late if none 0``;
    ``lowest … in``, ``mean of … in``, ``median of … in``, ``first … in``, ``last … in``; of ratings, with no ``value``:
    ``mean of scores``, ``median of``, ``trimmed mean of``, ``majority of``, ``highest of``, ``lowest of``;
    ``share of tasks where done``, ``share of scores at least 4`` (``where`` is then a comparison with a bare
    :class:`Name` ``"rating"``). ``what`` is ``count sum highest lowest mean median first last trimmed_mean majority
    share``. ``other`` is the value of an empty selection (``if none``). ``majority of scores if tied highest``:
    ``tied`` is ``highest``, ``lowest`` or an expression. ``highest pts in prizes for each student``: ``each`` is a
    column.
    """

    what: str
    of: Ident
    value: "Expr | None" = None
    where: "Expr | None" = None
    other: "Expr | None" = None
    each: Ident | None = None
    tied: "Expr | str | None" = None
    span: Span = unseen_span()


@record
class AmongUnits:
    """A figure of the cohort: ``average rate among units within region``.

    ``what`` is ``average highest lowest median sum deviation percentile rank position score`` with a ``subject``
    (a name, ``points of 1``, ``index of 1``, ``total`` or an expression in brackets), or ``share number`` with an
    optional ``where``. ``share of units [within g] where c``, ``number of units [within g] [where c]``, ``percentile
    90%
    of x among units``, ``standard deviation of x among units to 4 places``, ``rank of x among units lowest first``,
    ``position of x among units if all equal 50%``, ``standard score of x among units to 4 places if all equal 0``.
    """

    what: str
    subject: "Expr | None" = None
    where: "Expr | None" = None
    within: Ident | None = None
    percent: Num | None = None
    places: int | None = None
    lowest_first: bool = False
    if_all_equal: "Expr | None" = None
    span: Span = unseen_span()


@record
class Previous:
    """``previous rate``, ``previous points of 1.2``, ``previous index of 1.2``, ``previous total``, each with an
    optional
    ``if no previous 0``. ``subject`` is a :class:`Name`, an :class:`OfNode` or :class:`SheetTotal`."""

    subject: "Expr"
    other: "Expr | None" = None
    span: Span = unseen_span()


@record
class DaysLate:
    """``days late of self``: whole days after the deadline of a stage, or of a named ``deadline``; 0 when in time."""

    of: Ident
    span: Span = unseen_span()


@record
class Apply:
    """``roundup(x)`` or ``pr(S, PR)``: a function the rubric defines, or a lookup in one of its tables; where it is
    ``builtin``, one that every rubric knows, under its English name."""

    name: Ident
    args: tuple["Expr", ...]
    span: Span = unseen_span()
    builtin: bool = False


@record
class InexactCall:
    """``ln(x, 6 places)``; ``function`` is ``ln exp sqrt power``, correctly rounded half-even to that many places."""

    function: str
    args: tuple["Expr", ...]
    places: int
    span: Span = unseen_span()


Expr = (
    Num | DateLit | YesNo | Name | FullPoints | SheetTotal | NothingScoredZero | OfNode | Sum | Product | Power
    | Negative | Comparison | Is | Missing | Not | And | Or | AtLeastOf | When | Call | RoundCall | TimeFrom | Later
    | Reduce | Apply | InexactCall | AmongUnits | Previous | DaysLate
)  # fmt: skip

# ---------------------------------------------------------------- bands


@record
class Band:
    """A stretch of a number line: a missing end is open to infinity. ``point`` marks ``exactly 4`` and a bare ``4``.

    ``exactly`` tells the two spellings apart (``exactly 4`` / bare ``4``, the latter being an interpolation anchor
    too). Ends are numbers or dates. ``symbol`` marks ``>= 90%`` style.
    """

    low: Num | DateLit | None
    high: Num | DateLit | None
    low_open: bool = False
    high_open: bool = False
    exactly: bool = False
    symbol: bool = False
    span: Span = unseen_span()

"""Expressions whose every part is known, as plain exact numbers. Standard library only.

The meaning is that of the exact reading. What is not known, or not defined, comes out as ``None`` and is left to the
ranges, which say what it waits for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar, assert_never

from rubric_engine.meaning.exact import Exact, Row, holds_between, round_to
from rubric_engine.meaning.growth import MOST_BITS, multiplies, too_large
from rubric_engine.meaning.inexact import inexact
from rubric_engine.plan.expr import (
    Abs,
    Add,
    All,
    Always,
    Among,
    AnyOf,
    AtLeast,
    Column,
    ColumnFlag,
    ColumnIs,
    Compare,
    Const,
    CountRows,
    Div,
    Fact,
    Flag,
    Greatest,
    If,
    Inexact,
    IsLevel,
    IsMissing,
    Judged,
    Least,
    Lookup,
    MaximumOf,
    Median,
    Met,
    Mul,
    Not,
    NothingZero,
    Num,
    PointsOf,
    Pow,
    Reduced,
    Reducer,
    Ref,
    RefTruth,
    Rounded,
    Sub,
    Tie,
    Total,
    TotalMaximum,
    Truth,
    walk,
)
from rubric_engine.plan.plan import InputSpec
from rubric_engine.plan.tables import looked_up

Given = TypeVar("Given")


class _InVain(Exception):
    """Something asked for is not known, or not defined."""


class Known:
    """What is known so far: facts, and what the headings read before came to (``None``: not known).

    ``open_`` remembers by identity what was asked in vain; an expression remembered wrongly only takes the long way.
    ``anything``: nothing is said on purpose, so that nothing is known to be missing either.
    """

    __slots__ = (
        "anything", "columns", "judged", "lets", "maxima", "met", "named", "open_", "points", "row", "specs", "totals",
        "values", "zero",
    )  # fmt: skip

    def __init__(
        self,
        values: Mapping[str, Any],
        judged: Mapping[str, Fraction],
        specs: Mapping[str, InputSpec],
        lets: Mapping[str, Num | Truth],
        *,
        anything: bool = False,
    ) -> None:
        self.anything = anything
        self.values = values
        self.judged = judged
        self.specs = specs
        self.lets = lets
        self.points: dict[str, Fraction | None] = {}
        self.maxima: dict[str, Fraction | None] = {}
        self.met: dict[str, bool | None] = {}
        self.zero: dict[str, bool | None] = {}
        self.totals: tuple[Fraction | None, Fraction | None] = (None, None)
        self.named: dict[str, Exact | None] = {}
        self.open_: set[int] = set()
        self.row: Row = ()
        self.columns: Mapping[str, int] = {}

    def within(self, row: Row, columns: Mapping[str, int]) -> "Known":
        """The same with one row of a register at hand."""
        found = Known(self.values, self.judged, self.specs, self.lets, anything=self.anything)
        found.points, found.maxima, found.met, found.zero = self.points, self.maxima, self.met, self.zero
        found.named, found.totals, found.row, found.columns = self.named, self.totals, row, columns
        return found


def known_value(expr: Num, known: Known) -> Exact | None:
    """The number, or ``None``."""
    try:
        return _plain_number(expr, known)
    except _InVain:
        return None


def known_number(expr: Num, known: Known) -> Fraction | None:
    """As :func:`known_value`, always a fraction."""
    value = known_value(expr, known)
    return value if value is None or type(value) is Fraction else Fraction(value)


def known_truth(expr: Truth, known: Known) -> bool | None:
    """The truth, or ``None``."""
    try:
        return _plain_truth(expr, known)
    except _InVain:
        return None


def rows_of(spec: InputSpec, values: Mapping[str, Any]) -> Sequence[Row] | None:
    """The rows of a register; ``None`` while it is missing, or has fewer ratings than asked for."""
    rows = values.get(spec.name)
    return None if rows is None or len(rows) < spec.raters else rows


def columns_of_spec(spec: InputSpec) -> dict[str, int]:
    """Where each column of a register stands in its rows."""
    return {column.name: at for at, column in enumerate(spec.columns)}


def _surely(value: Given | None) -> Given:
    if value is None:
        raise _InVain
    return value


def _named(name: str, known: Known) -> Exact:
    """A named value: read once, after those it uses, however long the chain of names is."""
    todo = [name]
    while todo and name not in known.named:
        value: Any = _surely(known.lets.get(todo[-1]))
        first = [part.name for part in walk(value) if isinstance(part, Ref | RefTruth) and part.name not in known.named]
        if first:
            todo += first
            continue
        try:
            if isinstance(value, Num):
                known.named[todo[-1]] = _kept_small(_plain_number(value, known))
            else:
                known.named[todo[-1]] = _plain_truth(value, known)
        except _InVain:
            known.named[todo[-1]] = None
        todo.pop()
    found = known.named[name]
    if found is None:
        raise _InVain
    return found


def _kept_small(value: Exact) -> Exact:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS and too_large(Fraction(value)):
        raise _InVain
    return value


def _cell(name: str, known: Known) -> Any:
    at = known.columns.get(name)
    return _surely(None if at is None else known.row[at])


# ---------------------------------------------------------------- numbers


def _plain_number(expr: Num, known: Known) -> Exact:
    match expr:
        case Const(value=value):
            return value
        case Fact(name=name):
            given: Exact = _surely(known.values.get(name))
            return given
        case Div(left=left, right=right):
            top, bottom = _plain_number(left, known), _plain_number(right, known)
            if not bottom:
                raise _InVain
            return Fraction(top, bottom)
        case Add(terms=terms):
            return sum(_plain_number(term, known) for term in terms)
        case Sub(left=left, right=right):
            return _plain_number(left, known) - _plain_number(right, known)
        case Mul(factors=factors):
            product: Exact = 1
            for factor in factors:
                product *= _plain_number(factor, known)
            return _kept_small(product) if multiplies(factors) else product
        case Ref(name=name):
            return _named(name, known)
        case Judged(key=key):
            return _surely(known.judged.get(key))
        case PointsOf(code=code):
            return _surely(known.points.get(code))
        case MaximumOf(code=code):
            return _surely(known.maxima.get(code))
        case Total():
            return _surely(known.totals[0])
        case TotalMaximum():
            return _surely(known.totals[1])
        case If(when=when, then=then, other=other):
            return _plain_number(then if _plain_truth(when, known) else other, known)
        case Column(name=name):
            cell: Exact = _cell(name, known)
            return cell
        case _:
            return _plain_shaped(expr, known)


def _plain_shaped(
    expr: Pow | Least | Greatest | Median | Abs | Rounded | CountRows | Reduced | Inexact | Lookup, known: Known
) -> Exact:
    match expr:
        case Least(args=args):
            return min([_plain_number(arg, known) for arg in args])
        case Greatest(args=args):
            return max([_plain_number(arg, known) for arg in args])
        case Pow(base=base, exponent=exponent):
            return _kept_small(Fraction(Fraction(_plain_number(base, known)) ** exponent))
        case Median(args=args):
            return middle([_plain_number(arg, known) for arg in args])
        case Abs(arg=arg):
            value = _plain_number(arg, known)
            return value if value >= 0 else -value
        case Rounded(arg=arg, mode=mode, step=step):
            return round_to(_plain_number(arg, known), mode, step)
        case CountRows(register=register, where=where):
            return len(_plain_rows(register, where, known))
        case Reduced():
            return _plain_reduced(expr, known)
        case Inexact(function=function, args=args, places=places):
            given = tuple(Fraction(_plain_number(arg, known)) for arg in args)
            return _surely(inexact(function, given, places))
        case Lookup(table=table, keys=keys):
            return looked_up(table, [_plain_number(key, known) for key in keys])
        case _:
            assert_never(expr)


def middle(values: Iterable[Exact]) -> Exact:
    """The median."""
    ordered = sorted(values)
    at = len(ordered) // 2
    return ordered[at] if len(ordered) % 2 else Fraction(ordered[at - 1] + ordered[at]) / 2


# ---------------------------------------------------------------- registers


def _plain_rows(register: str, where: Truth | None, known: Known) -> list[Known]:
    spec = known.specs[register]
    columns = columns_of_spec(spec)
    rows = [known.within(row, columns) for row in _surely(rows_of(spec, known.values))]
    return rows if where is None else [row for row in rows if _plain_truth(where, row)]


def _plain_reduced(expr: Reduced, known: Known) -> Exact:
    rows = _plain_rows(expr.register, expr.where, known)
    each = expr.each
    if each is None:
        if expr.how is Reducer.FIRST:
            rows = rows[:1]
        elif expr.how is Reducer.LAST:
            rows = rows[-1:]
    pairs = [(None if each is None else _cell(each, row), _plain_number(expr.value, row)) for row in rows]
    found = reduce_told(expr, pairs, lambda other: _plain_number(other, known))
    if found is None:
        raise _InVain
    return found


def reduce_told(
    expr: Reduced, pairs: Iterable[tuple[Any, Exact]], number_of: Callable[[Num], Exact]
) -> Exact | None:
    """The values of the selected rows as one number, each with what parts it (``None``: nothing does).

    ``None`` where that is undefined: ``tied`` alone settles a tied majority, ``other`` all else.
    """
    if expr.each is None:
        return _told_part(expr, [value for _, value in pairs], number_of)
    parts: dict[Any, list[Exact]] = {}
    for key, value in pairs:
        parts.setdefault(key, []).append(value)
    found = [_told_part(expr, part, number_of) for part in parts.values()]
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None


def _told_part(expr: Reduced, values: Sequence[Exact], number_of: Callable[[Num], Exact]) -> Exact | None:
    found = reduce_values(expr.how, values, expr.tied if isinstance(expr.tied, Tie) else None)
    if found is not None:
        return found
    other = expr.tied if expr.how is Reducer.MAJORITY and values else expr.other
    return None if other is None or isinstance(other, Tie) else number_of(other)


def reduce_values(how: Reducer, values: Sequence[Exact], tied: Tie | None = None) -> Exact | None:
    """The values of the selected rows as one number; ``None`` where that is undefined, or a majority tied without a
    rule."""
    if how is Reducer.SUM:
        return sum(values)
    if not values:
        return None
    match how:
        case Reducer.HIGHEST:
            return max(values)
        case Reducer.LOWEST:
            return min(values)
        case Reducer.MEAN:
            return Fraction(sum(values)) / len(values)
        case Reducer.MEDIAN:
            return middle(values)
        case Reducer.TRIMMED_MEAN:
            inner = sorted(values)[1:-1]
            return Fraction(sum(inner)) / len(inner) if inner else None
        case Reducer.MAJORITY:
            return _most_frequent(values, tied)
        case Reducer.FIRST:
            return values[0]
        case Reducer.LAST:
            return values[-1]
        case _:
            assert_never(how)


def _most_frequent(values: Sequence[Exact], tied: Tie | None) -> Exact | None:
    counts: dict[Exact, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values())
    leading = [value for value, count in counts.items() if count == most]
    if tied is not None:
        return max(leading) if tied is Tie.HIGHEST else min(leading)
    return leading[0] if len(leading) == 1 else None


# ---------------------------------------------------------------- truths


def _plain_truth(expr: Truth, known: Known) -> bool:
    match expr:
        case Compare(order=order, left=left, right=right):
            return holds_between(order, _plain_number(left, known), _plain_number(right, known))
        case IsLevel(name=name, levels=levels):
            return _surely(known.values.get(name)) in levels
        case Flag(name=name):
            return bool(_surely(known.values.get(name)))
        case Among(value=value, levels=levels):
            return _plain_number(value, known) in levels
        case All(args=args):
            return all(_plain_truth(arg, known) for arg in args)
        case AnyOf(args=args):
            return any(_plain_truth(arg, known) for arg in args)
        case Not(arg=arg):
            return not _plain_truth(arg, known)
        case Always(value=value):
            return value
        case RefTruth(name=name):
            return bool(_named(name, known))
        case IsMissing(name=name):
            return _surely(None if known.anything else _plainly_missing(name, known))
        case Met(code=code):
            return bool(_surely(known.met.get(code)))
        case AtLeast(number=wanted, args=args):
            return sum([_plain_truth(arg, known) for arg in args]) >= wanted
        case ColumnFlag(name=name):
            return bool(_cell(name, known))
        case ColumnIs(name=name, levels=levels):
            return _cell(name, known) in levels
        case NothingZero(codes=codes):
            return not any([_surely(known.zero.get(code)) for code in codes])
        case _:
            assert_never(expr)


def _plainly_missing(name: str, known: Known) -> bool:
    spec = known.specs.get(name)
    return known.values.get(name) is None if spec is None or not spec.columns else rows_of(spec, known.values) is None

"""Rows of a register counted and reduced over ranges. Standard library only.

A row is chosen surely or possibly, and has a range for its value. Every reducer is bounded as tightly as the rows that
are surely chosen allow; where it may be undefined, what stands in for it is put beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.reducing import reduce_values
from rubric_engine.plan.expr import Num, Reducer, Tie, Truth
from rubric_engine.plan.record import record
from rubric_engine.ranges.values.env import TRUE, Env, Possible, Register
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    add_up,
    greatest,
    hull,
    interval,
    least,
    middle_of,
    point,
    quotient,
    scale_by,
    waiting_for,
)
from rubric_engine.ranges.values.some_rows import Chosen, middle_of_some, settled_majority, that_matter

Instead = Callable[[], Interval] | None
Tied = Tie | Callable[[], Interval] | None
_NO_ROW = point(Fraction(0))
_WHOLE = Fraction(1)


@record
class RowReaders:
    """How an expression and a condition are read where a row is at hand, and how a condition is assumed there."""

    number: Callable[[Num, Env], Interval]
    truth: Callable[[Truth, Env], Possible]
    assume: Callable[[Env, Truth, bool], Env | None]


def count_rows(name: str, where: Truth | None, env: Env, read: RowReaders) -> Interval:
    """How many rows of a register are chosen."""
    register = env.registers.get(name)
    if register is None:
        return Interval(low=Fraction(0), grid=_WHOLE)
    if where is None:
        size = register.least if register.rows is None else len(register.rows)
        return count_chosen([TRUE] * size, more=register.rows is None, waits=register.waits)
    chances = [chance for _, chance, _ in rows_possible(register, where, env, read)]
    if register.rows is not None:
        return count_chosen(chances, more=False, waits=NO_WAITS)
    sure = [TRUE] * register.least if chances and chances[0].known is True else []
    return count_chosen(sure, more=bool(chances), waits=register.waits)


def rows_possible(
    register: Register, where: Truth | None, env: Env, read: RowReaders
) -> Iterator[tuple[int, Possible, Env]]:
    """Each row that can be chosen by its number, with what is possible there if it is; rows count from 1.

    Of a missing register any one row, which has no number.
    """
    for number, row in ((0, None),) if register.rows is None else enumerate(register.rows, 1):
        here = env.at_row(register, row, number)
        chance = TRUE if where is None else read.truth(where, here)
        inside = here if where is None else read.assume(here, where, True)
        if inside is not None:
            yield number, chance, inside


# ---------------------------------------------------------------- rows already read


def count_chosen(chances: Sequence[Possible], *, more: bool, waits: frozenset[str]) -> Interval:
    """How many rows are chosen; ``more``: and any number beside them."""
    sure = sum(chance.known is True for chance in chances)
    most = sum(chance.may_be_true for chance in chances)
    waits = waits.union(*(chance.waits for chance in chances if chance.known is None))
    doubt = any(chance.may_be_undefined for chance in chances)
    found = interval(
        Fraction(sure), None if more else Fraction(most), grid=_WHOLE, waits=waits, may_be_undefined=doubt
    )
    assert found is not None
    return found


def reduce_chosen(how: Reducer, rows: Chosen, instead: Instead, tied: Tied = None) -> Interval:
    """The chosen rows of a register that is there, as one number; ``tied`` alone settles a tied majority."""
    doubtful = NO_WAITS.union(*(chance.waits for chance, _ in rows if chance.may_be_undefined))
    doubt = any(chance.may_be_undefined for chance, _ in rows)
    rows = that_matter(how, rows)
    values = [value for _, value in rows]
    sure = [value for chance, value in rows if chance.known is True]
    waits = doubtful.union(*(chance.waits for chance, _ in rows if chance.known is not True))
    known = [value.exact for value in values if value.exact is not None]
    if len(known) == len(sure) == len(rows):
        found = reduce_values(how, known, tied if isinstance(tied, Tie) else None)
        parts = [] if found is None else [point(Fraction(found))]
        told = tied if how is Reducer.MAJORITY and known and not isinstance(tied, Tie) else instead
        return _or_instead(parts, found is None, told, waits, doubt)
    if how is Reducer.SUM:
        total = add_up(value if chance.known is True else hull([value, _NO_ROW]) for chance, value in rows)
        return waiting_for(total, waits, doubt)
    if how is Reducer.MAJORITY and (leader := settled_majority(rows)) is not None:
        doubt = doubt or any(value.may_be_undefined for value in values)
        return waiting_for(point(leader), waits.union(*(value.waits for value in values)), doubt)
    needed = 3 if how is Reducer.TRIMMED_MEAN else 1
    parts = [_of_rows(how, rows, sure, values)] if len(values) >= needed else []
    if how is Reducer.MAJORITY and len(values) > 1:
        parts, doubt = _or_tied(parts, tied, doubt)
    return _or_instead(parts, len(sure) < needed, instead, waits, doubt)


def reduce_any(
    how: Reducer, value: Interval | None, least_rows: int, instead: Instead, waits: frozenset[str], tied: Tied = None
) -> Interval:
    """Any number of rows (at least so many), each with such a value; ``None``: no row can be chosen."""
    if how is Reducer.SUM:
        return _NO_ROW if value is None else waiting_for(any_sum(value, least_rows), waits)
    if value is None:
        return _or_instead([], True, instead, waits, False)
    parts = [value if how in _OF_ONE_ROW else _loose(value)]
    doubt = False
    if how is Reducer.MAJORITY:
        parts, doubt = _or_tied(parts, tied, doubt)
    sure = least_rows >= (3 if how is Reducer.TRIMMED_MEAN else 1)
    return _or_instead(parts, not sure, instead, waits, doubt)


def _or_tied(parts: list[Interval], tied: Tied, doubt: bool) -> tuple[list[Interval], bool]:
    """A majority that may be tied: what is told of that stands beside it, else it may be undefined."""
    if isinstance(tied, Tie):
        return parts, doubt
    return (parts, True) if tied is None else ([*parts, tied()], doubt)


def _or_instead(
    parts: list[Interval], undefined: bool, instead: Instead, waits: frozenset[str], doubt: bool
) -> Interval:
    if undefined and instead is not None:
        parts = [*parts, instead()]
        undefined = False
    found = hull(parts) if parts else Interval(waits=waits, may_be_undefined=True)
    return waiting_for(found, waits, undefined or doubt)


_OF_ONE_ROW = (Reducer.HIGHEST, Reducer.LOWEST, Reducer.MAJORITY, Reducer.FIRST, Reducer.LAST)


def _of_rows(how: Reducer, rows: Chosen, sure: list[Interval], values: list[Interval]) -> Interval:
    everything = len(sure) == len(values)
    match how:
        case Reducer.HIGHEST:
            return hull([greatest(sure), greatest(values)]) if sure else hull(values)
        case Reducer.LOWEST:
            return hull([least(sure), least(values)]) if sure else hull(values)
        case Reducer.MEAN | Reducer.MEDIAN | Reducer.TRIMMED_MEAN if not everything:
            return middle_of_some(how, rows)
        case Reducer.MEAN:
            return scale_by(add_up(values), Fraction(1, len(values)))
        case Reducer.MEDIAN:
            return middle_of(values)
        case Reducer.TRIMMED_MEAN:
            return _trimmed(values)
        case Reducer.FIRST | Reducer.LAST | Reducer.MAJORITY:
            return hull(values)
        case Reducer.SUM:
            return add_up(values)
        case _:
            assert_never(how)


def _trimmed(values: list[Interval]) -> Interval:
    """Every place in the order moves only upwards with the values: the lowest ends bound it, and the highest."""
    lows = [value.low for value in values if value.low is not None]
    highs = [value.high for value in values if value.high is not None]
    low = _inner_mean(lows) if len(lows) == len(values) else None
    high = _inner_mean(highs) if len(highs) == len(values) else None
    return Interval(
        low, high, waits=NO_WAITS.union(*(value.waits for value in values)),
        may_be_undefined=any(value.may_be_undefined for value in values),
    )  # fmt: skip


def _inner_mean(ends: list[Exact]) -> Exact:
    inner = sorted(ends)[1:-1]
    return quotient(sum(inner), len(inner))


def _loose(value: Interval) -> Interval:
    """Numbers between these, on no grid."""
    return replace(value, grid=None, nonzero=False)


def any_sum(value: Interval, least_rows: int) -> Interval:
    """The sum of any number of such values, at least so many."""
    low = value.low is not None and value.low >= 0
    high = value.high is not None and value.high <= 0
    start = Fraction(least_rows)
    found = Interval(
        None if not low or value.low is None else start * value.low,
        None if not high or value.high is None else start * value.high,
        grid=value.grid, waits=value.waits, may_be_undefined=value.may_be_undefined,
    )  # fmt: skip
    return _NO_ROW if low and high else found

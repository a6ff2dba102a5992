"""A register as one number, whole or parted by a column (``for each``), over ranges. Standard library only.

Where every row's part is known, each part is read as tightly as a whole register is; else only how many parts there
can be is counted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from rubric_engine.plan.expr import Reduced, Reducer, Tie
from rubric_engine.ranges.values.env import Env, Possible
from rubric_engine.ranges.values.interval import ANY_NUMBER, NO_WAITS, Interval, add_up, hull, point, waiting_for
from rubric_engine.ranges.values.registers import (
    Instead,
    RowReaders,
    Tied,
    any_sum,
    reduce_any,
    reduce_chosen,
    rows_possible,
)
from rubric_engine.ranges.values.some_rows import Chosen

_NO_PART = point(Fraction(0))
_ON_NO_GRID = (Reducer.MEAN, Reducer.MEDIAN, Reducer.TRIMMED_MEAN)
Keyed = Sequence[tuple[Any, Possible, Interval]]


def reduce_rows(expr: Reduced, env: Env, read: RowReaders) -> Interval:
    """The chosen rows of a register as one number."""
    register = env.registers.get(expr.register)
    if register is None:
        return ANY_NUMBER
    instead = _read_later(expr.other, env, read)
    tied = expr.tied if isinstance(expr.tied, Tie) else _read_later(expr.tied, env, read)
    possible = rows_possible(register, expr.where, env, read)
    rows = [(number, chance, read.number(expr.value, here)) for number, chance, here in possible]
    chosen = [(chance, value) for _, chance, value in rows]
    if expr.each is None or expr.how is Reducer.SUM:
        if register.rows is not None:
            return reduce_chosen(expr.how, chosen, instead, tied)
        value, least = _any_row(chosen, register.least)
        return reduce_any(expr.how, value, least, instead, register.waits, tied)
    if register.rows is None:
        value, least = _any_row(chosen, register.least)
        if value is None:
            return _NO_PART
        return waiting_for(any_sum(_of_a_part(expr.how, [value], instead, tied), min(least, 1)), register.waits)
    at = register.places[expr.each]
    keyed = [(register.rows[number - 1][at], chance, value) for number, chance, value in rows]
    unkeyed = [number for number, _, _ in rows if register.rows[number - 1][at] is None]
    if len(keyed) > 1 and unkeyed:
        waits = NO_WAITS.union(*(register.waits_of_cell(number, at) for number in unkeyed))
        return _parts_counted(expr.how, keyed, instead, tied, waits)
    parts: dict[Any, list[tuple[Possible, Interval]]] = {}
    for key, chance, value in keyed:
        parts.setdefault(key, []).append((chance, value))
    return add_up([_NO_PART, *(_part(expr.how, part, instead, tied) for part in parts.values())])


def _read_later(expr: Any, env: Env, read: RowReaders) -> Callable[[], Interval] | None:
    return None if expr is None else lambda: read.number(expr, env)


def _any_row(chosen: Chosen, least: int) -> tuple[Interval | None, int]:
    """What any row of a missing register can hold, and of how many at least; ``None``: none can be chosen."""
    if not chosen:
        return None, 0
    chance, value = chosen[0]
    return value, least if chance.known is True else 0


def _part(how: Reducer, rows: Chosen, instead: Instead, tied: Tied) -> Interval:
    """One part: 0 where none of its rows is chosen, for then there is no such part."""
    if any(chance.known is True for chance, _ in rows):
        return reduce_chosen(how, rows, instead, tied)
    if how is not Reducer.TRIMMED_MEAN:
        return reduce_chosen(how, rows, lambda: _NO_PART, tied)
    found = hull([reduce_chosen(how, rows, instead, tied), _NO_PART])
    return waiting_for(found, NO_WAITS.union(*(chance.waits for chance, _ in rows)))


def _parts_counted(how: Reducer, rows: Keyed, instead: Instead, tied: Tied, waits: frozenset[str]) -> Interval:
    """Parts of which it is not known which row is in which: each between the ends, as many as there can be."""
    sure = [key for key, chance, _ in rows if chance.known is True]
    least = max(len({key for key in sure if key is not None}), min(len(sure), 1))
    each = _of_a_part(how, [value for _, _, value in rows], instead, tied)
    each = waiting_for(each, waits.union(*(chance.waits for _, chance, _ in rows)),
                       any(chance.may_be_undefined for _, chance, _ in rows))  # fmt: skip
    low = None if each.low is None else each.low * (least if each.low >= 0 else len(rows))
    high = None if each.high is None else each.high * (len(rows) if each.high >= 0 else least)
    waits = each.waits | waits
    return waiting_for(replace(each, low=low, high=high, low_open=False, high_open=False, nonzero=False), waits)


def _of_a_part(how: Reducer, values: Iterable[Interval], instead: Instead, tied: Tied) -> Interval:
    """What a part of some of these rows, one at least, can come to."""
    parts = list(values)
    doubt = False
    if how is Reducer.TRIMMED_MEAN:
        doubt = instead is None
        parts += [] if instead is None else [instead()]
    if how is Reducer.MAJORITY and not isinstance(tied, Tie):
        doubt = tied is None
        parts += [] if tied is None else [tied()]
    found = hull(parts)
    if how in _ON_NO_GRID:
        found = replace(found, grid=None, nonzero=False)
    return waiting_for(found, NO_WAITS, doubt)

"""Reducers over rows some of which are only perhaps chosen: how far they reach, and which rows can still change them.

Standard library only. A row here is whether it is chosen and what its value can be then.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.reducing import reduce_values
from rubric_engine.plan.expr import Reducer
from rubric_engine.ranges.values.env import Possible
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, interval, middle_of, scale_by

Chosen = Sequence[tuple[Possible, Interval]]
# Values looked at in all; beyond that the ends of the values themselves must do.
_MOST_LOOKED_AT: Final = 200_000
_TURNED: Final = Fraction(-1)
_NO_LOW: Final = Fraction(0)


def that_matter(how: Reducer, rows: Chosen) -> Chosen:
    """The rows that can still change what they come to, and all that are surely chosen before them."""
    match how:
        case Reducer.FIRST:
            return _until_sure(rows)
        case Reducer.LAST:
            return _until_sure(rows[::-1])[::-1]
        case Reducer.HIGHEST:
            return _not_below(rows)
        case Reducer.LOWEST:
            turned = _not_below([(chance, scale_by(value, _TURNED)) for chance, value in rows])
            return [(chance, scale_by(value, _TURNED)) for chance, value in turned]
        case _:
            return rows


def _until_sure(rows: Chosen) -> Chosen:
    """Up to the first that is surely chosen."""
    for at, (chance, _) in enumerate(rows, 1):
        if chance.known is True:
            return rows[:at]
    return rows


def _not_below(rows: Chosen) -> Chosen:
    """Those that are surely chosen, and those of the others that can come out above them all."""
    floors = [value.low for chance, value in rows if chance.known is True and value.low is not None]
    if not floors:
        return rows
    floor = max(floors)
    return [
        (chance, value) for chance, value in rows
        if chance.known is True or value.may_be_undefined or value.high is None or value.high > floor
    ]  # fmt: skip


def settled_majority(rows: Chosen) -> Exact | None:
    """The most frequent value, where no way the others come out can catch up with it."""
    counts: dict[Exact, int] = {}
    for chance, value in rows:
        if chance.known is True and value.exact is not None:
            counts[value.exact] = counts.get(value.exact, 0) + 1
    if not counts:
        return None
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    behind = ordered[1][1] if len(ordered) > 1 else 0
    leader, most = ordered[0]
    return leader if most > behind + len(rows) - sum(counts.values()) else None


def middle_of_some(how: Reducer, rows: Chosen) -> Interval:
    """A mean, a median or a trimmed mean of the sure rows and any of the others; of one row or more.

    With so many of the others the lowest come lowest, so every number of them is tried, and the same for the highest.
    """
    values = [value for _, value in rows]
    waits = NO_WAITS.union(*(value.waits for value in values))
    low = _lowest(how, rows)
    high = _lowest(how, [(chance, scale_by(value, _TURNED)) for chance, value in rows])
    found = interval(
        low, None if high is None else -high, waits=waits,
        may_be_undefined=any(value.may_be_undefined for value in values),
    )  # fmt: skip
    assert found is not None
    return found


def _lowest(how: Reducer, rows: Chosen) -> Exact | None:
    sure = [value.low for chance, value in rows if chance.known is True]
    others = [value.low for chance, value in rows if chance.known is not True]
    others.sort(key=lambda low: (low is not None, low or _NO_LOW))
    if len(rows) * len(others) > _MOST_LOOKED_AT:
        finite = [low for low in sure + others if low is not None]
        return min(finite) if len(finite) == len(rows) else None
    needed = 3 if how is Reducer.TRIMMED_MEAN else 1
    least: Exact | None = None
    for number in range(max(0, needed - len(sure)), len(others) + 1):
        reached = _of_ends(how, sure + others[:number])
        if reached is None:
            return None
        least = reached if least is None else min(least, reached)
    return least


def _of_ends(how: Reducer, ends: Sequence[Exact | None]) -> Exact | None:
    """The reducer of these lowest ends; ``None``: without bound."""
    if how is Reducer.MEDIAN:
        return middle_of(Interval(low=low) for low in ends).low
    finite = [low for low in ends if low is not None]
    reached = reduce_values(how, finite) if len(finite) == len(ends) else None
    return None if reached is None else Fraction(reached)

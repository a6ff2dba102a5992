"""Figures of a cohort: exact where every value is known, else bounds that hold every way it can still turn out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt
from typing import Final

from rubric_engine.cohort.values import Spread, UnitValue
from rubric_engine.meaning.exact import LIMIT
from rubric_engine.meaning.growth import too_large
from rubric_engine.meaning.inexact import inexact
from rubric_engine.plan.expr import Function
from rubric_engine.plan.layout import sum_exactly
from rubric_engine.plan.plan import Reference, ReferenceKind

PLACED: Final = frozenset(
    {ReferenceKind.RANK, ReferenceKind.POSITION, ReferenceKind.PERCENT_RANK, ReferenceKind.DISTANCE}
)
"""Figures of one unit among the others; the rest of :data:`COHORT_KINDS` are the same for a whole group."""

COHORT_KINDS: Final = frozenset(ReferenceKind) - {ReferenceKind.PREVIOUS, ReferenceKind.DAYS_LATE}
"""Figures a cohort gives."""

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
# Beyond this many units that may or may not take part, a median is bounded by the extremes alone.
_MOST_TRIED: Final = 64


class Why(StrEnum):
    """Why there is no figure. The empty word: there is one, or it is a range."""

    NOTHING = ""
    NO_UNIT = "no unit"              # no unit of the group has a value
    NO_GROUP = "no group"            # the unit names no group
    UNKNOWN_GROUP = "unknown group"  # what names the group is still missing, or no figure is kept for that group
    NOT_APPLICABLE = "not applicable"  # the unit itself has no value
    ALL_EQUAL = "all equal"          # all units have the same value and the rubric does not say what then
    TOO_LONG = "too long"            # a number of more digits than any score has a use for


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure: known when ``low`` and ``high`` are the same number, a range while units are pending, or ``why`` not.

    ``None`` as an end is no bound.
    """

    low: Fraction | None
    high: Fraction | None
    why: Why = Why.NOTHING

    @property
    def value(self) -> Fraction | None:
        """The figure, when it is known."""
        return self.low if self.low == self.high else None

    @property
    def settled(self) -> bool:
        """Nothing that is still pending can change it."""
        return self.value is not None or (bool(self.why) and self.why is not Why.UNKNOWN_GROUP)

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The two ends, where it is a range that has both."""
        low, high = self.low, self.high
        return None if low is None or high is None or low == high else (low, high)


def no_figure(why: Why) -> Outcome:
    """There is no figure, for this reason."""
    return Outcome(None, None, why)


def known_figure(value: Fraction | None) -> Outcome:
    """A figure that is known; beyond the wall of :mod:`rubric_engine.meaning.growth` there is none."""
    if value is None or too_large(value) or abs(value) > LIMIT:
        return no_figure(Why.TOO_LONG)
    return Outcome(value, value)


# ---------------------------------------------------------------- figures of a group


def figure_of(reference: Reference, spread: Spread) -> Outcome:
    """A figure that is the same for every unit of the group. SHARE and NUMBER count values of 1."""
    kind = reference.kind
    if kind is ReferenceKind.NUMBER:
        sure = sum(value == 1 for value in spread.known)
        return Outcome(Fraction(sure), Fraction(sure + sum(value.high == 1 for value in spread.pending)))
    if not len(spread):
        return no_figure(Why.NO_UNIT)
    if kind is ReferenceKind.SHARE:
        return _share_range(spread)
    if spread.settled:
        return known_figure(exact_figure(reference, spread))
    return _figure_range(reference, spread)


def exact_figure(reference: Reference, spread: Spread) -> Fraction | None:
    """Of at least one value, all of them known; ``None`` for a deviation of numbers beyond 10**60."""
    values = spread.known
    match reference.kind:
        case ReferenceKind.AVERAGE:
            return spread.mean
        case ReferenceKind.SUM:
            return sum_exactly(values)
        case ReferenceKind.HIGHEST:
            return values[-1]
        case ReferenceKind.LOWEST:
            return values[0]
        case ReferenceKind.MEDIAN:
            return percentile(values, Fraction(1, 2))
        case ReferenceKind.PERCENTILE:
            return percentile(values, reference.parameter or _ZERO)
        case ReferenceKind.DEVIATION:
            return inexact(Function.SQRT, (spread.variance,), reference.places)
        case _:
            raise ValueError(f"not a figure of a group: {reference.kind}")


def percentile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Linear between ranks: of n values in ascending order the one at ``share * (n - 1)``, counted from 0."""
    place = share * (len(values) - 1)
    at = place.numerator // place.denominator
    rest = place - at
    return values[at] + rest * (values[at + 1] - values[at]) if rest else values[at]


# ---------------------------------------------------------------- ranges


def _figure_range(reference: Reference, spread: Spread) -> Outcome:
    match reference.kind:
        case ReferenceKind.SUM:
            return Outcome(_lowest_sum(spread), _turned(_lowest_sum(spread.mirrored)))
        case ReferenceKind.HIGHEST:
            return Outcome(_turned(_least(spread.mirrored)[1]), _turned(_least(spread.mirrored)[0]))
        case ReferenceKind.LOWEST:
            return Outcome(*_least(spread))
        case ReferenceKind.AVERAGE:
            return Outcome(_lowest_mean(spread), _turned(_lowest_mean(spread.mirrored)))
        case ReferenceKind.MEDIAN:
            return _percentile_range(spread, Fraction(1, 2))
        case ReferenceKind.PERCENTILE:
            return _percentile_range(spread, reference.parameter or _ZERO)
        case ReferenceKind.DEVIATION:
            return _deviation_range(spread, reference.places)
        case _:
            raise ValueError(f"not a figure of a group: {reference.kind}")


def _share_range(spread: Spread) -> Outcome:
    yes = sum(value == 1 for value in spread.known)
    surely = sum(value.low == 1 for value in spread.sure)
    perhaps = sum(value.high == 1 for value in spread.pending)
    # The lowest share leaves out every unit that can only add to it, the highest every one that cannot.
    among = len(spread) - sum(value.low == 1 for value in spread.unsure)
    low = Fraction(yes + surely, among) if among else _ONE
    among = len(spread) - sum(value.high == 0 for value in spread.unsure)
    high = Fraction(yes + perhaps, among) if among else _ZERO
    return Outcome(low, high)


def _turned(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _lows(values: Sequence[UnitValue]) -> list[Fraction] | None:
    """Their lowest values, ascending; ``None`` where one has no bound."""
    lows = [value.low for value in values if value.low is not None]
    return sorted(lows) if len(lows) == len(values) else None


def _lowest_sum(spread: Spread) -> Fraction | None:
    sure, unsure = _lows(spread.sure), _lows(spread.unsure)
    if sure is None or unsure is None:
        return None
    return sum_exactly([*spread.known, *sure, *(low for low in unsure if low < 0)])


def _least(spread: Spread) -> tuple[Fraction | None, Fraction | None]:
    """The bounds of the lowest value."""
    lows = _lows(spread.pending)
    low = None if lows is None else min([*spread.known[:1], *lows[:1]])
    highs = [*spread.known[:1], *(value.high for value in spread.sure if value.high is not None)]
    if highs:
        return low, min(highs)
    if spread.sure:
        return low, None
    ends = [value.high for value in spread.unsure]
    return low, None if any(end is None for end in ends) else max(end for end in ends if end is not None)


def _lowest_mean(spread: Spread) -> Fraction | None:
    sure, unsure = _lows(spread.sure), _lows(spread.unsure)
    if sure is None or unsure is None:
        return None
    total, count = sum_exactly([*spread.known, *sure]), len(spread.known) + len(sure)
    for low in unsure:
        # Those that may be left out join from the lowest up, as long as each brings the mean down.
        if count and low * count >= total:
            break
        total, count = total + low, count + 1
    return total / count


def _percentile_range(spread: Spread, share: Fraction) -> Outcome:
    low = _lowest_percentile(spread, share)
    high = _lowest_percentile(spread.mirrored, 1 - share)
    return Outcome(low, _turned(high))


def _lowest_percentile(spread: Spread, share: Fraction) -> Fraction | None:
    sure, unsure = _lows(spread.sure), _lows(spread.unsure)
    if sure is None or unsure is None:
        return None
    certain = sorted([*spread.known, *sure])
    if len(unsure) > _MOST_TRIED:
        return min([*certain[:1], *unsure[:1]])
    # With so many of the unsure ones, the lowest of them give the lowest values throughout.
    ways = range(0 if certain else 1, len(unsure) + 1)
    return min(percentile(sorted(certain + unsure[:count]), share) for count in ways)


def _deviation_range(spread: Spread, places: int) -> Outcome:
    """Never below what the known values alone would spread over all units, never above half the width."""
    known = spread.known
    low = _root(spread.variance * len(known) / len(spread), places) if known else _ZERO
    ends = [end for value in spread.pending for end in (value.low, value.high)]
    if any(end is None for end in ends):
        return Outcome(low, None)
    every = [*known[:1], *known[-1:], *(end for end in ends if end is not None)]
    return Outcome(low, _root(((max(every) - min(every)) / 2) ** 2, places))


def _root(square: Fraction, places: int) -> Fraction | None:
    return inexact(Function.SQRT, (square,), places)


# ---------------------------------------------------------------- figures of one unit among the others


def place_of(reference: Reference, own: UnitValue, spread: Spread, *, inside: bool = True) -> Outcome:
    """RANK, POSITION, PERCENT_RANK or DISTANCE of one unit.

    ``inside`` tells whether ``own`` is one of the values of ``spread``. If it is not, it is measured against frozen
    ones: a rank counts those that are better, a percent rank those that are lower, a position widens the frozen ends
    where it lies beyond them, a distance
    takes the frozen average and deviation.
    """
    if reference.kind is ReferenceKind.RANK:
        return _rank(own.mirrored, spread.mirrored, inside) if reference.ascending else _rank(own, spread, inside)
    if not len(spread):
        if inside or own.exact is None:
            return no_figure(Why.NO_UNIT)
        spread = Spread((own,))
    match reference.kind:
        case ReferenceKind.POSITION:
            return _position(own, spread, reference.if_all_equal)
        case ReferenceKind.PERCENT_RANK:
            return _percent_rank(own, spread, reference.if_all_equal, inside)
        case ReferenceKind.DISTANCE:
            return _distance(own, spread, reference.if_all_equal, reference.places)
        case _:
            raise ValueError(f"not a figure of one unit: {reference.kind}")


def _rank(own: UnitValue, spread: Spread, inside: bool) -> Outcome:
    first = 1 + spread.surely_above(own.high)
    last = 1 + spread.perhaps_above(own.low)
    if inside and own.exact is None and (own.low is None or own.high is None or own.high > own.low):
        last -= 1  # itself
    return Outcome(Fraction(first), Fraction(last))


def _percent_rank(own: UnitValue, spread: Spread, if_all_equal: Fraction | None, inside: bool) -> Outcome:
    """The share of the other units that are lower: 0 for the lowest, 1 for a highest that stands alone."""
    lower = _rank(own.mirrored, spread.mirrored, inside)
    most = len(spread) - (1 if inside else 0)
    if own.exact is not None and spread.settled:
        if all(value == own.exact for value in (spread.known[0], spread.known[-1])):
            return no_figure(Why.ALL_EQUAL) if if_all_equal is None else known_figure(if_all_equal)
        assert lower.low is not None
        return known_figure((lower.low - 1) / most)
    assert lower.low is not None
    assert lower.high is not None
    least = sum(not value.may_be_skipped for value in spread.pending) + len(spread.known) - (1 if inside else 0)
    low = (lower.low - 1) / most if most > 0 else _ZERO
    high = min((lower.high - 1) / least, _ONE) if least > 0 else _ONE
    ends = [low, high] if if_all_equal is None else [low, high, if_all_equal]
    return Outcome(min(ends), max(ends))


def _position(own: UnitValue, spread: Spread, if_all_equal: Fraction | None) -> Outcome:
    value = own.exact
    if value is None or not spread.settled:
        return _position_range(own, spread, if_all_equal)
    lowest, highest = min(spread.known[0], value), max(spread.known[-1], value)
    if lowest == highest:
        return no_figure(Why.ALL_EQUAL) if if_all_equal is None else known_figure(if_all_equal)
    return known_figure((value - lowest) / (highest - lowest))


def _position_range(own: UnitValue, spread: Spread, if_all_equal: Fraction | None) -> Outcome:
    low, high = _ZERO, _ONE
    lowest = _least(spread)
    highest = tuple(_turned(end) for end in reversed(_least(spread.mirrored)))
    value = own.exact
    if value is not None:
        # Measured from within: both a higher top and a higher bottom bring it down.
        bottom, top = _capped(lowest, None, value), _capped(highest, value, None)
        low = _share(value, bottom[1], top[1], _ZERO)
        high = _share(value, bottom[0], top[0], _ONE)
    all_equal = lowest[1] is None or highest[0] is None or highest[0] <= lowest[1]
    if all_equal and if_all_equal is not None:
        low, high = min(low, if_all_equal), max(high, if_all_equal)
    return Outcome(low, high)


def _capped(
    ends: tuple[Fraction | None, ...], least: Fraction | None, most: Fraction | None
) -> tuple[Fraction | None, ...]:
    """The ends, each brought to one side of a value."""
    if least is not None:
        return tuple(end if end is None else max(end, least) for end in ends)
    return tuple(end if end is None or most is None else min(end, most) for end in ends)


def _share(value: Fraction, bottom: Fraction | None, top: Fraction | None, otherwise: Fraction) -> Fraction:
    if bottom is None or top is None or bottom == top:
        return otherwise
    return (value - bottom) / (top - bottom)


def _distance(own: UnitValue, spread: Spread, if_all_equal: Fraction | None, places: int) -> Outcome:
    value = own.exact
    if value is None or not spread.settled:
        return Outcome(None, None)
    common, total, square = spread.whole
    if not square:
        return no_figure(Why.ALL_EQUAL) if if_all_equal is None else known_figure(if_all_equal)
    apart = len(spread) * value.numerator * common - total * value.denominator
    found = _root_of_ratio(apart * apart, value.denominator * value.denominator * square, places)
    # Half-even is the same on both sides of 0, so the sign may be put back after the root.
    return known_figure(found if apart >= 0 else -found)


def _root_of_ratio(top: int, bottom: int, places: int) -> Fraction:
    """The root of a fraction, rounded half-even, without bringing it to lowest terms first."""
    scale = 10**places
    top *= scale * scale
    root = isqrt(top // bottom)
    past_half = 4 * top - (2 * root + 1) ** 2 * bottom
    if past_half > 0 or (past_half == 0 and root % 2):
        root += 1
    return Fraction(root, scale)


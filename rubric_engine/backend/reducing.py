"""Several exact numbers become one: rows of a register, children of a group. For the interpreter."""

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from rubric_engine.meaning.inexact import mean_product, power_mean
from rubric_engine.plan.combine import Combine, CombineKind, left_out
from rubric_engine.plan.expr import Reducer, Tie

ZERO = Fraction(0)

Weighted = tuple[Fraction, Fraction]  # an index and its weight


def reduce(how: Reducer, values: Sequence[Fraction], tied: Tie | None = None) -> Fraction | None:
    """The number the rows come to; ``None`` where it is undefined, or a majority tied and ``tied`` no rule."""
    if how is Reducer.SUM:
        return sum(values, ZERO)
    if not values:
        return None
    match how:
        case Reducer.HIGHEST:
            return max(values)
        case Reducer.LOWEST:
            return min(values)
        case Reducer.MEAN:
            return mean(values)
        case Reducer.MEDIAN:
            return median(values)
        case Reducer.TRIMMED_MEAN:
            return mean(sorted(values)[1:-1]) if len(values) > 2 else None
        case Reducer.MAJORITY:
            return _majority(values, tied)
        case Reducer.FIRST:
            return values[0]
        case Reducer.LAST:
            return values[-1]
        case _:
            assert_never(how)


def combined(combine: Combine, indices: Sequence[Weighted]) -> Fraction | None:
    """The combined index of the children that take part, one at least; ``None`` where `if any is 0` decides.

    For SUM_POSITIVE each pair is the points of a child and its maximum where above 0.
    """
    values = [value for value, _ in indices]
    weight = sum((w for _, w in indices), ZERO)
    match combine.kind:
        case CombineKind.WEIGHTED_MEAN:
            return sum((value * w for value, w in indices), ZERO) / weight
        case CombineKind.MEAN:
            return mean(values)
        case CombineKind.GEOMETRIC:
            shares = [(value, w / weight) for value, w in indices]
            return mean_product(shares, combine.places) if min(values) > 0 else None
        case CombineKind.HARMONIC:
            return weight / sum((w / value for value, w in indices), ZERO) if min(values) > 0 else None
        case CombineKind.POWER:
            return power_mean([(max(value, ZERO), w) for value, w in indices], combine.exponent, combine.places)
        case CombineKind.LOWEST:
            return min(values)
        case CombineKind.HIGHEST:
            return max(values)
        case CombineKind.MEDIAN:
            return median(values)
        case CombineKind.PRODUCT:
            return product(values)
        case CombineKind.BEST | CombineKind.DROP_LOWEST:
            return mean(sorted(values)[left_out(combine, len(values)) :])
        case CombineKind.SUM_POSITIVE:
            return sum(values, ZERO) / weight
        case _:
            assert_never(combine.kind)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Of one value at least."""
    return sum(values, ZERO) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle values."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def product(values: Sequence[Fraction]) -> Fraction:
    """All of them multiplied."""
    found = Fraction(1)
    for value in values:
        found *= value
    return found


def _majority(values: Sequence[Fraction], tied: Tie | None) -> Fraction | None:
    counts: dict[Fraction, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values())
    winners = [value for value, count in counts.items() if count == most]
    if tied is not None:
        return max(winners) if tied is Tie.HIGHEST else min(winners)
    return winners[0] if len(winners) == 1 else None

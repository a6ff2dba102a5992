"""Several exact numbers become one: rows of a register, children of a group. Standard library only."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from typing import assert_never

from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.inexact import mean_product, power_mean
from rubric_engine.plan.combine import Combine, CombineKind, chosen
from rubric_engine.plan.expr import Reducer, Tie

_NONE = Fraction(0)
Weighted = tuple[Fraction, Fraction]  # an index and its weight


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


def middle(values: Iterable[Exact]) -> Exact:
    """The middle value, or the mean of the two middle values."""
    ordered = sorted(values)
    at = len(ordered) // 2
    return ordered[at] if len(ordered) % 2 else Fraction(ordered[at - 1] + ordered[at]) / 2


def _most_frequent(values: Sequence[Exact], tied: Tie | None) -> Exact | None:
    counts: dict[Exact, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values())
    leading = [value for value, count in counts.items() if count == most]
    if tied is not None:
        return max(leading) if tied is Tie.HIGHEST else min(leading)
    return leading[0] if len(leading) == 1 else None


def combined(combine: Combine, indices: Sequence[Weighted]) -> Fraction | None:
    """The combined index of the children that take part, one at least; ``None`` where `if any is 0` decides.

    For SUM_POSITIVE each pair is the points of a child and its maximum where above 0.
    """
    values = [value for value, _ in indices]
    weight = sum((w for _, w in indices), _NONE)
    match combine.kind:
        case CombineKind.WEIGHTED_MEAN:
            return sum((value * w for value, w in indices), _NONE) / weight
        case CombineKind.MEAN:
            return mean(values)
        case CombineKind.GEOMETRIC:
            shares = [(value, w / weight) for value, w in indices]
            return mean_product(shares, combine.places) if min(values) > 0 else None
        case CombineKind.HARMONIC:
            return weight / sum((w / value for value, w in indices), _NONE) if min(values) > 0 else None
        case CombineKind.POWER:
            return power_mean([(max(value, _NONE), w) for value, w in indices], combine.exponent, combine.places)
        case CombineKind.LOWEST:
            return min(values)
        case CombineKind.HIGHEST:
            return max(values)
        case CombineKind.MEDIAN:
            return Fraction(middle(values))
        case CombineKind.PRODUCT:
            return prod(values, start=Fraction(1))
        case CombineKind.BEST | CombineKind.DROP_LOWEST | CombineKind.DROP_HIGHEST | CombineKind.DROP_ENDS:
            return mean(chosen(combine.kind, combine.count, sorted(values)))
        case CombineKind.SUM_POSITIVE:
            return sum(values, _NONE) / weight
        case _:
            assert_never(combine.kind)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Of one value at least."""
    return sum(values, _NONE) / len(values)

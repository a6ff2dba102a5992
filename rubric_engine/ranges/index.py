"""One index from those of many children, exactly: what ranges take at their ends and explanations show."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import assert_never

from rubric_engine.meaning.inexact import mean_product, power_mean
from rubric_engine.meaning.reducing import middle
from rubric_engine.plan.combine import CHOOSING, Combine, CombineKind, chosen
from rubric_engine.plan.plan import PlanNode

_LOWEST_KNOWN = Fraction(0)
_FULL_INDEX = Fraction(1)


def weight_in(combine: Combine, node: PlanNode) -> Fraction:
    """What a child counts for in ``needs``: its weight, 1 where none is written; of SUM_POSITIVE what is printed."""
    if combine.kind is CombineKind.SUM_POSITIVE:
        return max(node.maximum, _LOWEST_KNOWN)
    return _FULL_INDEX if node.weight is None else node.weight


def weights_of(combine: Combine, weights: Sequence[Fraction]) -> list[Fraction]:
    """The weights that count: a plain mean, and the best of several, ask for none."""
    plain = (CombineKind.MEAN, CombineKind.MEDIAN, *CHOOSING)
    return [_FULL_INDEX] * len(weights) if combine.kind in plain else list(weights)


def exact_index(combine: Combine, parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The combined index of (weight, index) pairs, at least one; GEOMETRIC and HARMONIC of indices above 0.

    For SUM_POSITIVE each index is the points of a child over the positive maxima of all.
    """
    weights = weights_of(combine, [weight for weight, _ in parts])
    indices = [index for _, index in parts]
    whole = sum(weights, _LOWEST_KNOWN)
    match combine.kind:
        case CombineKind.WEIGHTED_MEAN | CombineKind.MEAN:
            return sum((w * i for w, i in zip(weights, indices, strict=True)), _LOWEST_KNOWN) / whole
        case CombineKind.GEOMETRIC:
            if min(indices) <= 0:
                return _LOWEST_KNOWN
            return mean_product([(i, w / whole) for w, i in zip(weights, indices, strict=True)], combine.places)
        case CombineKind.HARMONIC:
            if min(indices) <= 0:
                return _LOWEST_KNOWN
            return whole / sum((w / i for w, i in zip(weights, indices, strict=True)), _LOWEST_KNOWN)
        case CombineKind.POWER:
            return power_mean([(i, w) for w, i in zip(weights, indices, strict=True)], combine.exponent, combine.places)
        case CombineKind.LOWEST:
            return min(indices)
        case CombineKind.HIGHEST:
            return max(indices)
        case CombineKind.MEDIAN:
            return Fraction(middle(indices))
        case CombineKind.PRODUCT:
            return prod(indices, start=_FULL_INDEX)
        case CombineKind.BEST | CombineKind.DROP_LOWEST | CombineKind.DROP_HIGHEST | CombineKind.DROP_ENDS:
            return _plain_mean(chosen(combine.kind, combine.count, sorted(indices)))
        case CombineKind.SUM_POSITIVE:
            return sum(indices, _LOWEST_KNOWN)
        case _:
            assert_never(combine.kind)


def _plain_mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, _LOWEST_KNOWN) / len(values)

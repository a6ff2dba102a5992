"""Groups that combine the indices of their children, over ranges. Standard library only.

Every way of combining moves only upwards with each index: where the children that take part and their weights are
known, the lowest ends of the indices bound the group from below and the highest from above.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from rubric_engine.meaning.states import Stands
from rubric_engine.plan.combine import Combine, CombineKind
from rubric_engine.ranges.index import exact_index, weights_of
from rubric_engine.ranges.standing import NO_ENDS, Standing
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    add_up,
    as_fraction,
    greatest,
    hull,
    least,
    middle_of,
    multiply,
    point,
    quotient,
    scale_by,
    waiting_for,
)

Parts = Sequence[tuple[Fraction, Interval]]
_LOWEST_KNOWN = Fraction(0)
_FULL_INDEX = Fraction(1)
_MOST_COMBINATIONS = 256


@dataclass(frozen=True, slots=True)
class Child:
    """A child that counts: its weight, and the ways it can come out."""

    weight: Fraction
    ways: Mapping[Standing, Interval]


@dataclass(frozen=True, slots=True)
class CombinedWay:
    """One way a combining group can stand; ``points`` is ``None`` where it is not rated."""

    standing: Standing
    points: Interval | None

    @property
    def stands(self) -> Stands:
        """How the group stands then."""
        return Stands.UNRATED if self.points is None else Stands.IN


def combined_ways(
    combine: Combine,
    children: Sequence[Child],
    unit: int,
    waits: frozenset[str],
    points_of: Callable[[Parts], Interval],
) -> list[CombinedWay]:
    """Every way of the children together, their maxima in such a unit.

    ``waits`` tells their ways apart, ``points_of`` makes points of indices.
    """
    if prod(len(child.ways) for child in children) > _MOST_COMBINATIONS:
        children = [Child(child.weight, _one_way(child.ways, waits)) for child in children]
    found = []
    everything = sum((child.weight for child in children), _LOWEST_KNOWN)
    for ways in product(*(child.ways.items() for child in children)):
        standing = Standing(NO_ENDS)
        for part, _ in ways:
            standing = standing.beside(part)
        weighed = [(child.weight, *way) for child, way in zip(children, ways, strict=True)]
        found += _rated_or_not(combine, standing, weighed, everything, unit, waits, points_of)
    return found


def _one_way(ways: Mapping[Standing, Interval], waits: frozenset[str]) -> Mapping[Standing, Interval]:
    """All ways of a child no longer told apart."""
    first, *others = ways
    for other in others:
        first = first.or_else(other)._replace(keeps=first.keeps | other.keeps)
    return {first: waiting_for(hull(ways.values()), waits)}


def _rated_or_not(
    combine: Combine,
    standing: Standing,
    weighed: Sequence[tuple[Fraction, Standing, Interval]],
    everything: Fraction,
    unit: int,
    waits: frozenset[str],
    points_of: Callable[[Parts], Interval],
) -> list[CombinedWay]:
    sure = sum((weight for weight, stands, _ in weighed if stands.maximum[0] > 0), _LOWEST_KNOWN)
    most = sum((weight for weight, stands, _ in weighed if stands.maximum[1] > 0), _LOWEST_KNOWN)
    found = []
    if is_rated(combine, most, everything):
        if all(stands.maximum[0] == stands.maximum[1] for _, stands, _ in weighed):
            points = points_of(_taking_part(combine, weighed, unit))
        else:
            # Too many ways to tell apart: anything between the printed bounds.
            points = Interval(waits=waits.union(*(part.waits for _, _, part in weighed)))
        found.append(CombinedWay(standing, points))
    if not is_rated(combine, sure, everything):
        found.append(CombinedWay(standing, None))
    return found


def _taking_part(combine: Combine, weighed: Sequence[tuple[Fraction, Standing, Interval]], unit: int) -> Parts:
    """Weights and indices of the children that take part; of SUM_POSITIVE what each adds to the index."""
    if combine.kind is CombineKind.SUM_POSITIVE:
        whole = sum(max(s.maximum[0], 0) for _, s, _ in weighed)
        return [(weight, scale_by(points, quotient(unit, whole))) for weight, _, points in weighed]
    return [(w, scale_by(p, quotient(unit, s.maximum[0]))) for w, s, p in weighed if s.maximum[0] > 0]


def is_rated(combine: Combine, taking_part: Fraction, everything: Fraction) -> bool:
    """Whether children of so much weight are enough."""
    return taking_part > 0 and (combine.needs is None or taking_part >= combine.needs * everything)


# ---------------------------------------------------------------- one index from many


def combined_index(combine: Combine, parts: Parts) -> Interval:
    """The index of the group, where no rule for an index of 0 takes over."""
    indices = [index for _, index in parts]
    match combine.kind:
        case CombineKind.WEIGHTED_MEAN | CombineKind.MEAN:
            weights = weights_of(combine, [weight for weight, _ in parts])
            whole = sum(weights, _LOWEST_KNOWN)
            return add_up([scale_by(i, w / whole) for w, i in zip(weights, indices, strict=True)])
        case CombineKind.SUM_POSITIVE:
            return add_up(indices)
        case CombineKind.LOWEST:
            return least(indices)
        case CombineKind.HIGHEST:
            return greatest(indices)
        case CombineKind.MEDIAN:
            return middle_of(indices)
        case CombineKind.PRODUCT:
            found = point(_FULL_INDEX)
            for index in indices:
                found = multiply(found, index)
            return found
        case _:
            return _by_ends(combine, parts)


def _by_ends(combine: Combine, parts: Parts) -> Interval:
    lows = [(weight, as_fraction(index.low)) for weight, index in parts]
    highs = [(weight, as_fraction(index.high)) for weight, index in parts]
    return Interval(
        _at_ends(combine, lows), _at_ends(combine, highs), waits=NO_WAITS.union(*(index.waits for _, index in parts)),
        may_be_undefined=any(index.may_be_undefined for _, index in parts),
    )  # fmt: skip


def _at_ends(combine: Combine, ends: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    known: list[tuple[Fraction, Fraction]] = []
    for weight, end in ends:
        if end is None:
            return None
        known.append((weight, end))
    return exact_index(combine, known)


def combined_points(
    combine: Combine, parts: Parts, printed: Fraction, if_zero: Callable[[], Interval]
) -> Interval:
    """The points of the group: its printed maximum times the index, or what it says for an index of 0 or below."""
    index = combined_index(combine, parts)
    if combine.kind not in (CombineKind.GEOMETRIC, CombineKind.HARMONIC):
        return scale_by(index, printed)
    open_ = [part for _, part in parts if part.low is None or part.low <= 0]
    if not open_:
        return scale_by(index, printed)
    if any(part.high is not None and part.high <= 0 for part in open_):
        return if_zero()
    waits = NO_WAITS.union(*(part.waits for part in open_))
    positive = Interval(_LOWEST_KNOWN, index.high, waits=index.waits, may_be_undefined=index.may_be_undefined)
    return waiting_for(hull([scale_by(positive, printed), if_zero()]), waits)

"""What the sheet can come to, case by case of the few facts that several headings read.

Two headings that read the same yes/no are not free of each other: the ranges of the whole sheet, taken anew for each
value of what they share, say what cannot come together. Every case is an upper bound, so what none of them holds never
happens.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final

from rubric_engine.meaning.reading import ScoringError
from rubric_engine.plan.plan import InputSpec, Kind, Plan
from rubric_engine.plan.reads import PlanReads
from rubric_engine.ranges.bounds import ANY_FACTS, Bounds, bounds_of
from rubric_engine.ranges.values.interval import Interval, as_fraction
from rubric_engine.solve.lines import Stretch

_MOST_CASES: Final = 32
_MOST_READ: Final = 1_500  # headings, in all cases together
_MOST_LEVELS: Final = 4


class Cases:
    """The bounds of a plan in each case; none where headings share nothing that has few values."""

    def __init__(self, plan: Plan) -> None:
        shared = _shared(plan)
        self.every = tuple(_bounds(plan, shared)) if shared else ()

    def top_of(self, code: str) -> Fraction | None:
        """The most a heading comes to in any case; ``None`` where that is not known, or is all that applies there."""
        return _highest([(each.points[code], each.maxima[code]) for each in self.every])

    def top_of_total(self) -> Fraction | None:
        """The most the sheet comes to, likewise."""
        return _highest([(each.total, each.total_maximum) for each in self.every])

    def total_may_lie(self, band: Stretch) -> bool:
        """Whether the total lies in a band in some case, as far as is known."""
        totals = [each.total for each in self.every]
        return not totals or any(not _stretch(total).within(band).is_empty for total in totals)


def _stretch(total: Interval) -> Stretch:
    return Stretch(as_fraction(total.low), as_fraction(total.high), total.low_open, total.high_open)


def _highest(found: list[tuple[Interval, Interval]]) -> Fraction | None:
    highs: list[Fraction] = []
    for points, applicable in found:
        high, most = as_fraction(points.high), as_fraction(applicable.high)
        if high is None or most is None or high >= most:
            return None
        highs.append(high)
    return max(highs, default=None)


def _bounds(plan: Plan, shared: Sequence[InputSpec]) -> list[Bounds]:
    found: list[Bounds] = []
    for values in product(*(range(_choices(spec)) for spec in shared)):
        given = {
            spec.name: bool(value) if spec.kind is Kind.YES_NO else value
            for spec, value in zip(shared, values, strict=True)
        }
        try:
            found.append(bounds_of(plan, replace(ANY_FACTS, values=given)))
        except ScoringError:  # undefined in this case whatever else is said: told of itself
            continue
    return found


def _shared(plan: Plan) -> list[InputSpec]:
    """The facts of few values that most headings share, as many as there is room for."""
    if not plan.nodes:
        return []
    reads, counted, may_lack = PlanReads(plan), Counter[str](), set[str]()
    for node in plan.nodes:
        names = reads.node(node).names
        counted.update(names)
        may_lack |= names if node.if_missing is not None else frozenset()
    small = [
        spec for spec in plan.inputs
        if counted[spec.name] > 1 and 1 < _choices(spec) <= _MOST_LEVELS and spec.name not in may_lack
    ]  # fmt: skip
    small.sort(key=lambda spec: -counted[spec.name])
    most = min(_MOST_CASES, _MOST_READ // len(plan.nodes))
    while small and prod(map(_choices, small)) > most:
        small.pop()
    return small


def _choices(spec: InputSpec) -> int:
    """How many values a fact has that somebody has to give; 0 for what has too many, or may be left out."""
    if spec.optional or spec.reference or spec.if_missing is not None:
        return 0
    return 2 if spec.kind is Kind.YES_NO else len(spec.levels) if spec.kind is Kind.LEVEL else 0

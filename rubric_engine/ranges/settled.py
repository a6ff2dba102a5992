"""A heading all of whose steps are known, read at once on exact numbers. Standard library only.

The steps are those of the exact reading (:mod:`rubric_engine.meaning.steps`); the ranges take over wherever one of them
asks for something not known.
"""

from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.growth import too_large
from rubric_engine.meaning.known import Known, known_number, known_truth
from rubric_engine.meaning.steps import Steps
from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.plan import Observed, Plan, PlanNode


class _NotSettled(Exception):
    """A step asks for something that is not known."""


@dataclass(slots=True)
class Settled:
    """The points of a heading, and what was observed on the way: kind, number among its like, value."""

    points: Fraction
    seen: list[tuple[Observed, int, Fraction | int]]


def settled(
    plan: Plan, facts: Facts, node: PlanNode, children: Fraction, worth: Fraction, known: Known
) -> Settled | None:
    """Every step of a heading of that worth that applies and rescales nothing; ``None`` where one is open."""
    steps = _KnownSteps(plan, facts, known)
    try:
        points = steps.earned(0, node, lambda: children, worth)
    except _NotSettled:
        return None
    return None if too_large(points) else Settled(points, steps.seen)


class _KnownSteps(Steps):
    def __init__(self, plan: Plan, facts: Facts, known: Known) -> None:
        self.plan = plan
        self.proven = facts.proven
        self.known = known
        self.seen: list[tuple[Observed, int, Fraction | int]] = []

    def number(self, expr: Num) -> Fraction:
        value = known_number(expr, self.known)
        if value is None:
            raise _NotSettled
        return value

    def truth(self, expr: Truth) -> bool:
        value = known_truth(expr, self.known)
        if value is None:
            raise _NotSettled
        return value

    def is_proven(self, name: str) -> bool:
        found = self.proven.get(name)
        if found is None:
            raise _NotSettled
        return found

    def see(self, kind: Observed, at: int, value: Fraction | int, index: int = 0) -> None:
        self.seen.append((kind, index, value))

"""A heading all of whose steps are known, read at once on exact numbers. Standard library only.

The steps are those of the exact reading; the ranges take over wherever one of them asks for something not known.
"""

from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.finish import beyond_of, finished, without_proof
from rubric_engine.meaning.growth import too_large
from rubric_engine.meaning.known import Known, known_number, known_truth
from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.plan import Adjustment, Choice, EvidenceSpec, Limit, Observed, Plan, PlanNode

_NAUGHT = Fraction(0)


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
    try:
        return _SettledSteps(plan, facts, node, known).read(children, worth)
    except _NotSettled:
        return None


class _SettledSteps:
    def __init__(self, plan: Plan, facts: Facts, node: PlanNode, known: Known) -> None:
        self.plan = plan
        self.facts = facts
        self.node = node
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

    def read(self, children: Fraction, worth: Fraction) -> Settled:
        node = self.node
        if node.requirements:
            fails = next((i for i, asked in enumerate(node.requirements) if not self.truth(asked.holds)), -1)
            self.seen.append((Observed.REQUIREMENT, 0, fails))
            if fails >= 0:
                return Settled(finished(self.number(node.requirements[fails].otherwise), node, worth), self.seen)
        points = children if node.base is None else self.base(node.base)
        amounts = [self.amount(adjustment) for adjustment in node.adjustments]
        for i, amount in enumerate(amounts):
            self.seen.append((Observed.AMOUNT, i, amount))
            points += node.adjustments[i].sign * amount
        for i, which in enumerate(node.evidence):
            points = self.proven(i, self.plan.evidence[which], points)
        for i, limit in enumerate(node.limits):
            points = self.limited(i, limit, points)
        found = finished(points, node, worth, beyond_of(node, amounts))
        if too_large(found):
            raise _NotSettled
        return Settled(found, self.seen)

    def base(self, base: Choice) -> Fraction:
        if base.subject is not None:
            self.seen.append((Observed.SUBJECT, 0, self.number(base.subject)))
        last = len(base.cases) - 1
        taken = next(i for i, case in enumerate(base.cases) if i == last or case.when is None or self.truth(case.when))
        value = self.number(base.cases[taken].value)
        self.seen += [(Observed.CASE, 0, taken), (Observed.BASE, 0, value)]
        return value

    def amount(self, adjustment: Adjustment) -> Fraction:
        if adjustment.when is not None and not self.truth(adjustment.when):
            return _NAUGHT
        amount = self.number(adjustment.amount)
        if adjustment.times is not None:
            amount *= self.number(adjustment.times)
        if adjustment.cap is not None:
            amount = min(amount, self.number(adjustment.cap))
        return max(amount, _NAUGHT)

    def proven(self, i: int, spec: EvidenceSpec, points: Fraction) -> Fraction:
        asked = self.truth(spec.when)
        proven = self.facts.proven.get(spec.name)
        if proven is None:
            raise _NotSettled
        mark = 0 if not asked else 1 if proven else 2
        self.seen.append((Observed.EVIDENCE, i, mark))
        return without_proof(spec, points, self.node.maximum) if mark == 2 else points

    def limited(self, i: int, limit: Limit, points: Fraction) -> Fraction:
        holds = limit.when is None or self.truth(limit.when)
        self.seen.append((Observed.LIMIT, i, int(holds)))
        if not holds:
            return points
        value = self.number(limit.value)
        return min(points, value) if limit.at_most else max(points, value)

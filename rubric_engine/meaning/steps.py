"""The steps of a heading that applies, in the order the reference gives them (section 15). Standard library only.

Written once: whoever works a heading out exactly gives the numbers and truths of its expressions, and is shown what
happened on the way. The exact reading does so for every heading, the ranges for those of which everything is known.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from rubric_engine.meaning.finish import beyond_of, finished, without_proof
from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.plan import Adjustment, Choice, EvidenceSpec, Limit, Observed, Plan, PlanNode

_NOTHING = Fraction(0)


class Steps:
    """What is asked of whoever carries the steps out, and the steps."""

    plan: Plan
    proven: Mapping[str, bool]

    def number(self, expr: Num) -> Fraction:
        """The value of an expression here."""
        raise NotImplementedError

    def truth(self, expr: Truth) -> bool:
        """Whether a condition holds here."""
        raise NotImplementedError

    def see(self, kind: Observed, at: int, value: Fraction | int, index: int = 0) -> None:
        """Something happened at a heading (-1: the sheet), the ``index``-th of its kind."""
        raise NotImplementedError

    def is_proven(self, name: str) -> bool:
        """Whether a piece of evidence is there."""
        return self.proven[name]

    def earned(
        self, at: int, node: PlanNode, below: Callable[[], Fraction], worth: Fraction,
        kept: Callable[[Fraction], Fraction] | None = None,
    ) -> Fraction:  # fmt: skip
        """Requirement; base, or what is ``below``; awards and deductions; the worth that is ``kept``; evidence; limits;
        floor, cap and rounding, within the applicable maximum."""
        fails = self.failing(at, node)
        if fails >= 0:
            return finished(self.number(node.requirements[fails].otherwise), node, worth)
        points = below() if node.base is None else self.base(at, node.base)
        amounts = [self.amount(adjustment) for adjustment in node.adjustments]
        for i, amount in enumerate(amounts):
            self.see(Observed.AMOUNT, at, amount, i)
            points += node.adjustments[i].sign * amount
        if kept is not None:
            points = kept(points)
        for i, which in enumerate(node.evidence):
            points = self.after_evidence(at, i, self.plan.evidence[which], points, node)
        return finished(self.limited(at, node.limits, points), node, worth, beyond_of(node, amounts))

    def failing(self, at: int, node: PlanNode) -> int:
        """The first requirement that fails, -1 where none does."""
        if not node.requirements:
            return -1
        fails = next((i for i, r in enumerate(node.requirements) if not self.truth(r.holds)), -1)
        self.see(Observed.REQUIREMENT, at, fails)
        return fails

    def base(self, at: int, base: Choice) -> Fraction:
        """The first case that holds."""
        if base.subject is not None:
            self.see(Observed.SUBJECT, at, self.number(base.subject))
        last = len(base.cases) - 1
        # INVARIANT: the cases are complete, so the last one needs no question.
        taken = next(i for i, c in enumerate(base.cases) if i == last or c.when is None or self.truth(c.when))
        self.see(Observed.CASE, at, taken)
        value = self.number(base.cases[taken].value)
        self.see(Observed.BASE, at, value)
        return value

    def amount(self, adjustment: Adjustment) -> Fraction:
        """What an award or a deduction comes to, never below 0."""
        if adjustment.when is not None and not self.truth(adjustment.when):
            return _NOTHING
        amount = self.number(adjustment.amount)
        if adjustment.times is not None:
            amount *= self.number(adjustment.times)
        if adjustment.cap is not None:
            amount = min(amount, self.number(adjustment.cap))
        return max(amount, _NOTHING)

    def after_evidence(self, at: int, i: int, spec: EvidenceSpec, points: Fraction, node: PlanNode) -> Fraction:
        """The points with a piece of evidence looked at: not asked for, there, or lacking."""
        asked = self.truth(spec.when)
        lacks = asked and not self.is_proven(spec.name)
        self.see(Observed.EVIDENCE, at, 2 if lacks else int(asked), i)
        return without_proof(spec, points, node.maximum) if lacks else points

    def limited(self, at: int, limits: Sequence[Limit], points: Fraction) -> Fraction:
        """The points under the limits that hold."""
        for i, limit in enumerate(limits):
            holds = limit.when is None or self.truth(limit.when)
            self.see(Observed.LIMIT, at, int(holds), i)
            if holds:
                value = self.number(limit.value)
                points = min(points, value) if limit.at_most else max(points, value)
        return points

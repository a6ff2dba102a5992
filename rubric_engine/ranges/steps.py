"""Base, adjustments, evidence and limits of one heading over ranges. Standard library only."""

from rubric_engine.facts.facts import Facts
from rubric_engine.plan.plan import Observed, Plan, PlanNode
from rubric_engine.ranges.nodes import range_beyond, read_amount, read_choice, read_evidence, read_limits
from rubric_engine.ranges.seen import SeenSteps
from rubric_engine.ranges.standing import NO_ENDS, Standing, kept_worth
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.interval import Interval, add_up, scale_by

NO_LEAVES = Standing(NO_ENDS)


class StepRanges:
    """The steps of a heading where no requirement fails; ``worth``: what it can keep, as groups that add can.

    ``start`` are points that stand in for the base.
    """

    def __init__(self, plan: Plan, facts: Facts, node: PlanNode, env: Env, worth: int | None) -> None:
        self.node = node
        self.worth = worth
        self.start: Interval | None = None
        self.base = None if node.base is None else read_choice(node.base, env)
        self.amounts = [read_amount(adjustment, env) for adjustment in node.adjustments]
        self.evidence = read_evidence((plan.evidence[i] for i in node.evidence), facts, env)
        self.limits = read_limits(node.limits, env)

    @property
    def beyond(self) -> Interval:
        """What awards come to that raise the cap."""
        return range_beyond(self.node, self.amounts)

    def observe(self) -> SeenSteps:
        """What these steps let be seen."""
        seen = SeenSteps()
        if self.start is not None and self.base is not None:
            seen.number(Observed.BASE, self.start)
        elif self.base is not None:
            seen.mark(Observed.CASE, self.base.cases, self.base.cases_wait)
            if self.base.subject is not None:
                seen.number(Observed.SUBJECT, self.base.subject)
            seen.number(Observed.BASE, self.base.points)
        for i, amount in enumerate(self.amounts):
            seen.number(Observed.AMOUNT, amount, i)
        for i, piece in enumerate(self.evidence):
            seen.mark(Observed.EVIDENCE, piece.marks, piece.asked.waits, i)
        for i, limit in enumerate(self.limits):
            seen.mark(Observed.LIMIT, limit.marks, limit.holds.waits, i)
        return seen

    def points(self, children: Interval, standing: Standing) -> tuple[Interval, Standing]:
        """Points before floor, cap and rounding."""
        node = self.node
        found = children if self.base is None else self.base.points
        found = found if self.start is None else self.start
        taken = (scale_by(a, adj.sign) for a, adj in zip(self.amounts, node.adjustments, strict=True))
        found = add_up((found, *taken))
        if self.worth is not None:
            found, standing = kept_worth(found, standing, node.code, self.worth)
        for piece in self.evidence:
            found = piece.lower(found, node.maximum)
        for limit in self.limits:
            found = limit.apply(found)
        return found, standing

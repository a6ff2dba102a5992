"""What a leaf comes to where the rubric says what to do without a fact. Standard library only.

A policy speaks of what base, awards and deductions lack, and of nothing else: a clause before or after them that waits
for another fact waits as ever; one that waits for the same is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.states import Rated, Stands
from rubric_engine.plan.combine import IfMissing, MissingPolicy
from rubric_engine.plan.plan import Plan, PlanNode
from rubric_engine.ranges.nodes import FirstFailing, ReadLimit, finished_range, read_amount, read_choice
from rubric_engine.ranges.standing import ZERO_POINTS, Standing, left_out
from rubric_engine.ranges.steps import NO_LEAVES, StepRanges
from rubric_engine.ranges.values.env import FALSE, Env, Possible
from rubric_engine.ranges.values.expr import assume, number
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, hull, least, point

LEAVE_OUT = (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Acting:
    """A policy at work in a leaf: what its base lacks, and what that and its awards and deductions lack together.

    ``open``: the leaf waits for something else as well.
    """

    policy: IfMissing
    base: frozenset[str]
    lacks: frozenset[str]
    named: Interval
    open: bool = False

    @property
    def leaves_out(self) -> bool:
        """Whether the leaf leaves the maximum."""
        return self.policy.policy in LEAVE_OUT

    @property
    def keeps_base(self) -> bool:
        """Whether the base is kept, without the awards and deductions that wait."""
        return self.policy.policy is MissingPolicy.BASE

    @property
    def settles(self) -> bool:
        """Whether it acts now: a base that is kept does so only where nothing but awards and deductions waits."""
        return not (self.keeps_base and (self.open or self.base))

    @property
    def left_out(self) -> frozenset[str]:
        """Clauses that wait for nothing but this are left out."""
        return NO_WAITS if self.keeps_base else self.lacks

    def change(self, steps: StepRanges) -> None:
        """The steps of the leaf, as they are under the policy."""
        if self.keeps_base:
            # While the leaf waits for something else, these may still come to be known.
            steps.amounts = [
                amount if not amount.waits else ZERO_POINTS if self.settles else hull([amount, ZERO_POINTS])
                for amount in steps.amounts
            ]
            return
        # Where the base is known, and only awards or deductions are not, the named points never lift it.
        known = None if steps.base is None or self.base else steps.base.points
        steps.start = self.named if known is None else least((self.named, known))
        steps.amounts = [ZERO_POINTS if amount.waits else amount for amount in steps.amounts]
        steps.evidence = [
            replace(one, asked=FALSE) if is_left_out(one.asked, self.lacks) else one for one in steps.evidence
        ]
        steps.limits = [replace(one, holds=FALSE) if self._is_left_out(one) else one for one in steps.limits]

    def _is_left_out(self, limit: ReadLimit) -> bool:
        waits = limit.value.waits
        return is_left_out(limit.holds, self.lacks) or (bool(waits) and waits <= self.lacks)


def is_left_out(chance: Possible, lacks: frozenset[str]) -> bool:
    """Whether a condition is unknown for nothing but what a policy speaks of."""
    return bool(lacks) and chance.known is None and chance.waits <= lacks


def acting(
    node: PlanNode, policy: IfMissing, env: Env, waits: frozenset[str], not_lacking: frozenset[str]
) -> Acting | None:
    """The policy of a leaf that waits for these; ``None`` where nothing it speaks of is among them.

    ``not_lacking`` are figures that other units may still change: they are waited for.
    """
    here: Env | None = env
    for test, holds in (
        *((clause.when, False) for clause in node.absent), *((one.holds, True) for one in node.requirements),
    ):  # fmt: skip
        here = here if here is None or test is None else assume(here, test, holds)
    if here is None:
        return None
    base = NO_WAITS if node.base is None else read_choice(node.base, here).points.waits
    lacks = base.union(*(read_amount(adjustment, here).waits for adjustment in node.adjustments))
    if not lacks & waits or lacks & not_lacking or any(name.startswith("decision ") for name in lacks):
        return None
    if policy.judged and not all(name.startswith("judged ") for name in lacks):
        return None
    named = ZERO_POINTS if policy.value is None else number(policy.value, env)
    return Acting(policy, base, lacks, named)


def anyhow_missing(
    plan: Plan, facts: Facts, node: PlanNode, policy: IfMissing, env: Env, full: Standing
) -> tuple[Standing, Interval]:
    """How a leaf that stands ``full`` stands under its policy, and all it can come to, whichever facts are missing."""
    if policy.policy in LEAVE_OUT:
        return left_out(full, policy.policy), ZERO_POINTS
    steps = StepRanges(plan, facts, node, env, None)
    steps.amounts = [hull([amount, ZERO_POINTS]) for amount in steps.amounts]
    if policy.policy is not MissingPolicy.BASE:
        named = ZERO_POINTS if policy.value is None else number(policy.value, env)
        steps.start = named if steps.base is None else hull([named, least((named, steps.base.points))])
        steps.evidence = [replace(one, asked=replace(one.asked, may_be_false=True)) for one in steps.evidence]
        steps.limits = [replace(one, holds=replace(one.holds, may_be_false=True)) for one in steps.limits]
    return full, finished_range(steps.points(ZERO_POINTS, NO_LEAVES)[0], node, point(node.maximum), steps.beyond)


def lacking(
    node: PlanNode, full: Standing, standing: Standing, required: FirstFailing, maximum: Interval
) -> Iterator[tuple[Standing, Interval, Rated]]:
    """The ways a group stands that has nothing to be rated by: a requirement of its own that fails comes first."""
    for i, env in required.ways:
        if i >= 0:
            points = finished_range(number(node.requirements[i].otherwise, env), node, maximum)
            yield full._replace(keeps=standing.keeps), points, Rated.FAILED
        elif standing.stands[1] == Stands.OUT:
            yield standing, ZERO_POINTS, Rated.NOTHING
        else:
            yield *not_rated(node, full, standing, env, maximum), Rated.NO


def not_rated(
    node: PlanNode, full: Standing, standing: Standing, env: Env, maximum: Interval
) -> tuple[Standing, Interval]:
    """How a heading that is not rated stands after all, and its points, by what the rubric says of that."""
    policy = node.if_not_rated
    if policy is None:
        return standing, ZERO_POINTS
    full = full._replace(keeps=standing.keeps, left=standing.left if policy.value is None else full.left)
    if policy.value is not None:
        return full, finished_range(number(policy.value, env), node, maximum)
    return left_out(full, policy.policy), ZERO_POINTS

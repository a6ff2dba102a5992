"""Laws of decisions: what is decided settles what waited for it, within what was possible, in every reading alike."""

from random import Random

from hypothesis import given, settings
from range_plans import random_facts, random_plan
from test_range_laws import SEEDS, exactly, holds, ranges

from rubric_engine.plan.deciding import POLICIES, Decision, grade_key, with_decisions
from rubric_engine.plan.plan import Observed, Plan, Policy, slots_of

FEW = settings(max_examples=60, deadline=None)


def decided(plan: Plan, rng: Random) -> dict[str, Decision]:
    """A decision on every heading and every grade that is left open."""
    found: dict[str, Decision] = {}
    for node in plan.nodes:
        if any(one.policy is Policy.UNDECIDED for one in node.absent):
            low, high = sorted((node.minimum, node.maximum))
            points = low + (high - low) * rng.randrange(5) / 4
            found[node.code] = Decision(rng.choice([points, points, *POLICIES]))
    for table in plan.grades:
        names = [row.name for row in table.rows if row.name]
        if names and len(names) < len(table.rows):
            found[grade_key(plan, table)] = Decision(rng.choice(names))
    return found


def points_alone(decisions: dict[str, Decision]) -> bool:
    return not any(isinstance(one.value, Policy) for one in decisions.values())


@given(SEEDS)
@FEW
def test_every_reading_obeys_them(seed: int) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    decisions = decided(plan, rng)
    facts = random_facts(plan, rng)
    as_decided = with_decisions(plan, decisions)
    assert slots_of(as_decided) == slots_of(plan)
    exact, found = exactly(as_decided, facts), ranges(as_decided, facts)
    if exact is None or found is None:
        return
    for at, slot in enumerate(slots_of(plan)):
        assert holds(exact, found, slot, at)


@given(SEEDS)
@FEW
def test_the_points_lie_within_what_was_possible(seed: int) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    decisions = decided(plan, rng)
    facts = random_facts(plan, rng)
    before = ranges(plan, facts)
    exact = exactly(with_decisions(plan, decisions), facts)
    if before is None or exact is None or not points_alone(decisions):
        return
    for at, slot in enumerate(slots_of(plan)):
        if slot.kind in (Observed.POINTS, Observed.MAXIMUM, Observed.TOTAL, Observed.PUBLISHED):
            assert holds(exact, before, slot, at)

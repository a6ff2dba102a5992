"""A policy stands in for the base only: without what its base reads, a leaf is as if the rubric named those points."""

from dataclasses import replace
from fractions import Fraction as F
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from range_plans import random_facts, random_plan

from rubric_engine.backend.interpret import interpret
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.meaning.states import Rated
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import MissingPolicy, Observed, Slot, slots_of
from rubric_engine.plan.reads import PlanReads
from rubric_engine.ranges.sheet import read_ranges

SEEN = (Observed.POINTS, Observed.MAXIMUM, Observed.TOTAL, Observed.PUBLISHED, Observed.SHEET_MAXIMUM)
LEAVING = (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE)


def formula(value: x.Num) -> p.Choice:
    return p.Choice(p.Form.FORMULA, (p.Case(None, value, "formula", 1),))


def held_and_written(plan: p.Plan) -> tuple[p.Plan, p.Plan, list[int]]:
    """The plan with the base of each leaf that has a policy withheld, and the same with what it then means written."""
    held, written, places = [], [], []
    inputs = list(plan.inputs)
    for at, node in enumerate(plan.nodes):
        policy = node.if_missing
        if policy is None or node.base is None or policy.policy is MissingPolicy.BASE:
            held.append(replace(node, if_missing=None))
            written.append(replace(node, if_missing=None))
            continue
        inputs.append(p.InputSpec(f"held {node.code}", "Held", p.Kind.NUMBER))
        base = formula(x.Fact(f"held {node.code}"))
        held.append(replace(node, base=base, if_missing=replace(policy, judged=False)))
        places.append(at)
        if policy.policy in LEAVING:
            passing = x.All(tuple(one.holds for one in node.requirements))
            written.append(replace(node, if_missing=None, absent=(*node.absent, p.Absent(passing, p.Policy.EXCLUDED))))
        else:
            assert policy.value is not None
            written.append(replace(node, if_missing=None, base=formula(policy.value)))
    two = (replace(plan, inputs=tuple(inputs), nodes=tuple(nodes)) for nodes in (held, written))
    return (*two, places)  # type: ignore[return-value]


@given(st.integers(0, 10**9))
@settings(max_examples=250, deadline=None)
def test_a_leaf_whose_base_is_withheld_is_scored_as_if_the_policy_were_its_base(seed: int) -> None:
    held, written, places = held_and_written(random_plan(seed, policies=True))
    facts = random_facts(held, Random(seed))
    try:
        right = interpret(written, facts)
    except (Unsettled, ScoringError):
        return
    try:
        found = read_ranges(held, facts)
    except ScoringError:  # of a step that a leaf which leaves the maximum never takes
        assert any(held.nodes[at].if_missing.policy in LEAVING for at in places)  # type: ignore[union-attr]
        return
    slots = {slot: i for i, slot in enumerate(slots_of(held))}
    if any(
        held.nodes[at].if_missing.policy in LEAVING  # type: ignore[union-attr]
        and found.marks(slots[Slot(Observed.MISSING, at)]).exact == 0
        and found.marks(slots[Slot(Observed.ABSENT, at)]).exact == -1
        for at in places
    ):
        return  # a requirement fails, or its points are settled whatever the base: nothing leaves
    marks = {slot: (found.marks(slots[slot]).exact, right.mark(i)) for i, slot in enumerate(slots_of(written))
             if slot.kind in (Observed.RATED, Observed.ABSENT)}  # fmt: skip
    apart = {slot.node for slot, (here, there) in marks.items() if here != there and is_group(held, slot.node)}
    left = {at for at in places if held.nodes[at].if_missing.policy is MissingPolicy.EXCLUDED}  # type: ignore[union-attr]
    for at in apart:
        lost = marks[Slot(Observed.RATED, at)]
        if not apart & set(below(held, at)):
            # All of it left, some of it by the policy: by the clause it does not apply, by the policy it is not rated.
            assert left & set(below(held, at))
            assert lost[0] == lost[1] or lost[0] in (Rated.NO, Rated.FAILED)
    other = rests_on(held, apart)
    for i, slot in enumerate(slots_of(written)):
        if slot.kind in SEEN and slot.node not in other:
            assert found.range(slots[slot]).exact == right.number(i), slot


def is_group(plan: p.Plan, at: int) -> bool:
    return at < 0 or bool(plan.nodes[at].children)


def below(plan: p.Plan, at: int) -> list[int]:
    """Everything below a heading, or (-1) everything."""
    found = list(plan.roots if at < 0 else plan.nodes[at].children)
    for child in found:
        found += plan.nodes[child].children
    return found


def rests_on(plan: p.Plan, first: set[int]) -> set[int]:
    """These headings, those above and below them, and whatever reads one; -1, the sheet, with any."""
    reads, layout, found = PlanReads(plan), layout_of(plan), set(first)
    while True:
        more = {at for here in found if here >= 0 for at in (*below(plan, here), plan.nodes[here].parent)}
        for at, node in enumerate(plan.nodes):
            if any(layout.places[code] in found for code in reads.node(node).headings):
                more.add(at)
        more.discard(None)
        if more <= found:
            return found | {-1} if found else found
        found |= more  # type: ignore[arg-type]


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_requirement_that_fails_comes_before_a_policy(seed: int) -> None:
    plan, _, places = held_and_written(random_plan(seed, policies=True))
    never = p.Requirement(x.Always(False), x.Const(F(1, 2)), "", "", 1)
    nodes = [replace(n, requirements=(never,), absent=()) if at in places else n for at, n in enumerate(plan.nodes)]
    plan = replace(plan, nodes=tuple(nodes))
    try:
        found = read_ranges(plan, random_facts(plan, Random(seed)))
    except ScoringError:
        return
    slots = {slot: i for i, slot in enumerate(slots_of(plan))}
    for at in places:
        absent = found.marks(slots[Slot(Observed.ABSENT, at)])
        if absent.exact == -1:
            assert found.marks(slots[Slot(Observed.REQUIREMENT, at)]).exact == 0
            assert found.marks(slots[Slot(Observed.MISSING, at)]).exact == 0
            assert not found.range(slots[Slot(Observed.POINTS, at)]).waits

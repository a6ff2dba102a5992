"""Laws of reading less: a leaf reads the same alone, beside leaves like it, and with none but the facts it needs."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from range_families import MARK, bound_facts, bound_plan, leaf_drawn, plan_of_leaves, renamed

from rubric_engine.backend.interpret import interpret
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import Marks, Range, ScoringError
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan, PlanNode, slots_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.ranges.values.declared import env_of_facts
from rubric_engine.ranges.values.expr import number
from rubric_engine.ranges.values.near import part_of, reads_of_headings

SEEDS = st.integers(0, 10**9)
THOROUGH = settings(max_examples=60, deadline=None)
Told = list[tuple[object, Range | Marks]] | str


def told_by(plan: Plan, facts: Facts, code: str) -> Told:
    """What a reading says of one heading; of one that divides by zero, where."""
    try:
        found = read_ranges(plan, facts)
    except ScoringError as error:
        return error.node
    at = layout_of(plan).places[code]
    return [
        ((slot.kind, slot.index), value)
        for slot, value in zip(slots_of(plan), found.values, strict=True) if slot.node == at
    ]  # fmt: skip


def nothing_said(plan: Plan, rng: Random) -> Facts:
    return Facts("unit", {}, {}, {}, {spec.name: rng.random() < 0.5 for spec in plan.evidence}, {}, ())



@given(SEEDS)
@THOROUGH
def test_a_leaf_tells_the_same_beside_any_other(seed: int) -> None:
    """Where leaves are alike one is read for all: the others must not notice, whether alike or only nearly so."""
    first, second = leaf_drawn(seed, "A"), leaf_drawn(seed + 1, "A")
    for other in (renamed(first), first, second, renamed(second)):
        named = (replace(other[0], code="B"), tuple(replace(piece, name=piece.name + "B") for piece in other[1]))
        both, alone = plan_of_leaves([first, named]), plan_of_leaves([named])
        facts = nothing_said(both, Random(seed))
        if isinstance(told_by(plan_of_leaves([first]), facts, "A"), str):
            return
        assert told_by(both, facts, "B") == told_by(alone, facts, "B")


@given(SEEDS)
@THOROUGH
def test_twins_differ_in_their_names_alone(seed: int) -> None:
    leaf, pieces = leaf_drawn(seed, "A")
    twin: tuple[PlanNode, ...] = (replace(renamed(leaf), code="B"),)
    named = tuple(replace(renamed(piece), name=piece.name + "B") for piece in pieces)
    plan = plan_of_leaves([(leaf, pieces), (twin[0], named)])
    facts = Facts("unit", {}, {}, {}, {}, {}, ())
    one, other = told_by(plan, facts, "A"), told_by(plan, facts, "B")
    if isinstance(one, str) or isinstance(other, str):
        return
    for (key, mine), (theirs_key, theirs) in zip(one, other, strict=True):
        waits = frozenset("decision B" if name == "decision A" else name + MARK for name in mine.waits)
        assert (key, replace(mine, waits=waits)) == (theirs_key, theirs)


@given(SEEDS, st.sampled_from((0.3, 0.6, 0.9)))
@THOROUGH
def test_every_exact_result_lies_inside_however_the_facts_are_bound(seed: int, share: float) -> None:
    rng = Random(seed)
    plan = bound_plan(seed)
    full = bound_facts(plan, rng)
    facts = replace(full, values={name: value for name, value in full.values.items() if rng.random() >= share})
    try:
        exact = interpret(plan, full)
    except ScoringError:
        return
    found = read_ranges(plan, facts)
    for at, slot in enumerate(slots_of(plan)):
        if slot.is_number:
            span = found.range(at)
            assert span.low is None or span.low <= exact.number(at)
            assert span.high is None or exact.number(at) <= span.high
        else:
            assert exact.mark(at) in found.marks(at).values


@given(SEEDS, st.sampled_from((0.6, 1.0)))
@THOROUGH
def test_what_a_heading_is_read_with_is_as_good_as_all_facts_together(seed: int, share: float) -> None:
    """A fact that hangs by one relation on those a heading names says nothing more of them."""
    rng = Random(seed)
    plan = bound_plan(seed)
    full = bound_facts(plan, rng)
    facts = replace(full, values={name: value for name, value in full.values.items() if rng.random() >= share})
    env = env_of_facts(plan, facts)
    reads = reads_of_headings(layout_of(plan))
    for at, node in enumerate(plan.nodes[1:], 1):
        assert node.base is not None
        assert node.base.subject is not None
        whole, part = number(node.base.subject, env), number(node.base.subject, part_of(env, reads[at].names))
        assert (whole.low, whole.high, whole.may_be_undefined) == (part.low, part.high, part.may_be_undefined)

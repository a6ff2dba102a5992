"""The law of bounds: whatever is submitted, every exact result lies within what a plan can come to."""

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from range_plans import random_facts, random_plan, without_some

from rubric_engine.backend.interpret import interpret
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import Reading, ScoringError, Unsettled
from rubric_engine.plan.plan import Observed, Plan, slots_of
from rubric_engine.ranges.bounds import Bounds, bounds_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.ranges.values.interval import Interval


def bounds(plan: Plan) -> Bounds | None:
    """``None`` where something has no value whatever is said."""
    try:
        return bounds_of(plan)
    except ScoringError:
        return None


def held(plan: Plan, known: Bounds, reading: Reading) -> None:
    """Every settled number of the reading is within its bounds, on their grid too."""
    for number, slot in enumerate(slots_of(plan)):
        found: Interval
        match slot.kind:
            case Observed.POINTS:
                found = known.points[plan.nodes[slot.node].code]
            case Observed.MAXIMUM:
                found = known.maxima[plan.nodes[slot.node].code]
            case Observed.PUBLISHED:
                found = known.total
            case Observed.SHEET_MAXIMUM:
                found = known.total_maximum
            case _:
                continue
        value = reading.range(number).exact
        assert value is None or found.contains(value), (slot, value, found)
    within(plan, known, reading)


def within(plan: Plan, known: Bounds, reading: Reading) -> None:
    """Points that are said never to pass their maximum do not."""
    numbers: dict[tuple[Observed, int], Fraction | None] = {
        (slot.kind, slot.node): reading.range(at).exact
        for at, slot in enumerate(slots_of(plan))
        if slot.kind in (Observed.POINTS, Observed.MAXIMUM, Observed.PUBLISHED, Observed.SHEET_MAXIMUM)
    }
    for at, node in enumerate(plan.nodes):
        points, maximum = numbers.get((Observed.POINTS, at)), numbers.get((Observed.MAXIMUM, at))
        if node.code in known.within and points is not None and maximum is not None:
            assert points <= maximum
    total, whole = numbers[Observed.PUBLISHED, -1], numbers[Observed.SHEET_MAXIMUM, -1]
    if known.total_within and total is not None and whole is not None:
        assert total <= whole


def settled(plan: Plan, facts: Facts) -> Reading | None:
    """The exact reading, that of the ranges where a policy stands for what is missing."""
    try:
        return interpret(plan, facts)
    except Unsettled:
        pass
    except ScoringError:
        return None
    try:
        return read_ranges(plan, facts)
    except ScoringError:
        return None


@given(st.integers(0, 10**9), st.booleans())
@settings(max_examples=60)
def test_bounds_contain_every_exact_result(seed: int, policies: bool) -> None:
    plan, rng = random_plan(seed, policies=policies), Random(seed)
    known = bounds(plan)
    if known is None:
        return
    for share in (0, 0, 0, 0.2, 0.5):
        facts = random_facts(plan, rng)
        reading = settled(plan, without_some(facts, rng, share) if share else facts)
        if reading is not None:
            held(plan, known, reading)

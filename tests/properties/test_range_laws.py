"""Laws of ranges: whatever is filled in, the exact result lies inside; what is waited for settles it."""

from fractions import Fraction as F
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st
from range_plans import INPUTS, JUDGED, PlanMaker, given_also, missing_cells, random_facts, random_plan, without_some

from rubric_engine.backend.interpret import interpret
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import round_to
from rubric_engine.meaning.reading import ExactReading, RangeReading, ScoringError, Unsettled
from rubric_engine.plan.combine import Combine, CombineKind, MissingPolicy
from rubric_engine.plan.expr import Const, Mode, Truth
from rubric_engine.plan.plan import Observed, Plan, Slot, slots_of
from rubric_engine.ranges.groups import combined_index
from rubric_engine.ranges.index import exact_index
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.ranges.values.declared import env_of_facts, env_of_inputs
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.expr import assume, number, truth
from rubric_engine.ranges.values.interval import (
    Interval,
    add_up,
    divide,
    greatest,
    interval,
    least,
    middle_of,
    multiply,
    raise_to,
    rounded,
)

SEEDS = st.integers(0, 10**9)
THOROUGH = settings(max_examples=60, deadline=None)


def exactly(plan: Plan, facts: Facts) -> ExactReading | None:
    """The exact reading; ``None`` where there is none."""
    try:
        return interpret(plan, facts)
    except (Unsettled, ScoringError):
        return None


def ranges(plan: Plan, facts: Facts) -> RangeReading | None:
    try:
        return read_ranges(plan, facts)
    except ScoringError:
        return None


def holds(exact: ExactReading, found: RangeReading, slot: Slot, at: int) -> bool:
    if not slot.is_number:
        return exact.mark(at) in found.marks(at).values
    value, span = exact.number(at), found.range(at)
    return (span.low is None or span.low <= value) and (span.high is None or value <= span.high)


@given(SEEDS, st.sampled_from((0.2, 0.5, 1.0)))
@THOROUGH
def test_every_exact_result_lies_inside(seed: int, share: float) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    full = random_facts(plan, rng)
    exact, found = exactly(plan, full), ranges(plan, without_some(full, rng, share))
    if exact is not None:
        assert found is not None, "a division by zero that does not happen"
        outside = [slot for at, slot in enumerate(slots_of(plan)) if not holds(exact, found, slot, at)]
        assert not outside


@given(SEEDS)
@THOROUGH
def test_with_everything_known_it_is_the_exact_reading(seed: int) -> None:
    plan = random_plan(seed)
    facts = random_facts(plan, Random(seed))
    exact = exactly(plan, facts)
    if exact is None:
        return
    found = read_ranges(plan, facts)
    for at, slot in enumerate(slots_of(plan)):
        if slot.is_number:
            assert found.range(at).exact == exact.number(at), slot
        else:
            assert found.marks(at).exact == exact.mark(at), slot


@given(SEEDS)
@THOROUGH
def test_a_policy_for_missing_facts_changes_nothing_where_none_is_missing(seed: int) -> None:
    plan = random_plan(seed, policies=True)
    facts = random_facts(plan, Random(seed))
    exact = exactly(plan, facts)
    if exact is None:
        return
    found = read_ranges(plan, facts)
    for at, slot in enumerate(slots_of(plan)):
        known = found.range(at).exact if slot.is_number else found.marks(at).exact
        assert known == (exact.number(at) if slot.is_number else exact.mark(at)), slot


@given(SEEDS, st.sampled_from((0.3, 1.0)))
@THOROUGH
def test_a_leaf_with_a_policy_waits_for_what_its_base_does_not_ask_alone(seed: int, share: float) -> None:
    """For a decision, for the headings above, and for what its other clauses read."""
    rng = Random(seed)
    plan = random_plan(seed, policies=True)
    found = ranges(plan, without_some(random_facts(plan, rng), rng, share))
    if found is None:
        return
    for at, slot in enumerate(slots_of(plan)):
        node = plan.nodes[slot.node] if slot.node >= 0 else None
        if slot.kind is not Observed.POINTS or node is None or node.if_missing is None or node.if_missing.judged:
            continue
        if node.if_missing.policy is MissingPolicy.BASE or node.absent or node.requirements:
            continue
        if node.evidence or node.limits:
            continue
        waits, absent = found.range(at).waits, found.marks(slots_of(plan).index(Slot(Observed.ABSENT, slot.node)))
        named = any(name.startswith("decision ") for name in waits)
        by_value = node.if_missing.value is not None and not isinstance(node.if_missing.value, Const)
        assert not waits or named or by_value or -2 in absent.values


@given(st.lists(st.tuples(st.fractions(1, 3, max_denominator=4), st.fractions(0, 1, max_denominator=8),
                          st.fractions(0, 1, max_denominator=8)), min_size=1, max_size=4), st.sampled_from(CombineKind))
@settings(max_examples=200, deadline=None)
def test_a_combined_index_lies_between_those_of_the_ends(parts: list[tuple[F, F, F]], kind: CombineKind) -> None:
    combine = Combine(kind, F(1, 2), 1, 4)
    spans = [(weight, Interval(min(a, b), max(a, b))) for weight, a, b in parts]
    found = combined_index(combine, spans)
    for pick in (min, max, lambda a, b: (a + b) / 2):
        value = exact_index(combine, [(weight, pick(a, b)) for weight, a, b in parts])
        assert found.contains(value)


@given(SEEDS)
@THOROUGH
def test_a_division_by_zero_is_met_by_both(seed: int) -> None:
    plan = random_plan(seed)
    facts = random_facts(plan, Random(seed))
    try:
        interpret(plan, facts)
    except ScoringError:
        assert ranges(plan, facts) is None
    except Unsettled:
        pass


@example(2311, 0.3)  # a way that rests on what cannot be
@example(1185240, 0.3)  # a grade of a group that is never counted and may not be rated
@given(SEEDS, st.sampled_from((0.3, 1.0)))
@THOROUGH
def test_what_is_open_waits_and_what_is_known_does_not(seed: int, share: float) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    full = random_facts(plan, rng)
    facts = without_some(full, rng, share)
    found = ranges(plan, facts)
    if found is None:
        return
    lacking = {name for name, value in full.values.items() if facts.values.get(name) != value}
    lacking |= {f"judged {key}" for key in full.judged if key not in facts.judged}
    # A register that is there is never waited for as a whole.
    lacking = (lacking - facts.values.keys()) | missing_cells(facts)
    lacking |= {f"decision {node.code}" for node in plan.nodes}
    for at, slot in enumerate(slots_of(plan)):
        if slot.is_number:
            span = found.range(at)
            assert span.waits <= lacking
            assert bool(span.waits) or span.exact is not None
        else:
            marks = found.marks(at)
            assert marks.waits <= lacking
            # Where all is known and yet undefined (a division by zero) nothing can be waited for: `check` refuses such
            # rubrics, and the exact reading of the full facts has no value either.
            assert bool(marks.waits) == (len(marks.values) > 1) or exactly(plan, full) is None


@given(SEEDS)
@THOROUGH
def test_saying_all_that_the_total_waits_for_settles_it(seed: int) -> None:
    """What is said may open a branch that asks for more, but every answer brings the end nearer."""
    rng = Random(seed)
    plan = random_plan(seed)
    full = random_facts(plan, rng)
    facts = without_some(full, rng, 0.5)
    at = slots_of(plan).index(Slot(Observed.PUBLISHED))
    asked: frozenset[str] = frozenset()
    while (found := ranges(plan, facts)) is not None and found.range(at).waits:
        waits = found.range(at).waits
        if any(name.startswith("decision") for name in waits):
            return
        assert not waits <= asked, "it asks again for what it was told"
        asked |= waits
        facts = given_also(facts, full, waits)


@given(SEEDS)
@THOROUGH
def test_points_keep_to_the_printed_bounds(seed: int) -> None:
    plan = random_plan(seed)
    found = ranges(plan, without_some(random_facts(plan, Random(seed)), Random(seed), 1.0))
    if found is None:
        return
    for at, slot in enumerate(slots_of(plan)):
        if slot.kind is Observed.POINTS and plan.nodes[slot.node].rounding is None:
            span = found.range(at)
            beyond = any(one.beyond for one in plan.nodes[slot.node].adjustments)
            if plan.nodes[slot.node].endless or beyond:
                continue  # nothing printed holds them
            assert span.low is not None
            assert span.high is not None
            assert min(plan.nodes[slot.node].minimum, 0) <= span.low <= span.high <= plan.nodes[slot.node].maximum


# ---------------------------------------------------------------- expressions

EXACT_PLAN = random_plan(0)


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_an_expression_lies_in_its_range_and_a_condition_in_its_truths(seed: int) -> None:
    maker = PlanMaker(Random(seed))
    expr, condition = maker.num(3), maker.truth(3)
    facts = random_facts(EXACT_PLAN, Random(seed))
    exact = env_of_facts(EXACT_PLAN, facts)
    value, fact = number(expr, exact), truth(condition, exact)
    for env in (env_of_inputs(INPUTS, JUDGED), env_of_facts(EXACT_PLAN, without_some(facts, Random(seed), 0.5))):
        span, chance = number(expr, env), truth(condition, env)
        if value.may_be_undefined:
            assert span.may_be_undefined
        else:
            assert value.exact is not None
            assert span.contains(value.exact)
        if fact.known is not None and not fact.may_be_undefined:
            assert chance.may_be_true if fact.known else chance.may_be_false


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_an_assumption_keeps_every_case_in_which_it_holds(seed: int) -> None:
    maker = PlanMaker(Random(seed))
    condition, expr = maker.truth(3), maker.num(2)
    facts = random_facts(EXACT_PLAN, Random(seed))
    exact = env_of_facts(EXACT_PLAN, facts)
    fact, value = truth(condition, exact), number(expr, exact)
    if fact.known is None or fact.may_be_undefined or value.exact is None:
        return
    for env in (env_of_inputs(INPUTS, JUDGED), env_of_facts(EXACT_PLAN, without_some(facts, Random(seed), 0.5))):
        inside = assume(env, condition, fact.known)
        assert inside is not None
        assert number(expr, inside).contains(value.exact)
        assert _allows(inside, condition, fact.known)


def _allows(env: Env, condition: Truth, value: bool) -> bool:
    chance = truth(condition, env)
    return chance.may_be_true if value else chance.may_be_false


ENDS = st.one_of(st.none(), st.fractions(-6, 6, max_denominator=4))


@st.composite
def an_interval(draw: st.DrawFn) -> tuple[object, F]:
    """An interval and a number in it."""
    value = draw(st.fractions(-6, 6, max_denominator=4))
    low, high = draw(ENDS), draw(ENDS)
    low = None if low is None else min(low, value)
    high = None if high is None else max(high, value)
    grid = draw(st.sampled_from((None, F(1, 4), F(1, 12))))
    found = interval(
        low, high, low_open=low is not None and low < value and draw(st.booleans()),
        high_open=high is not None and high > value and draw(st.booleans()),
        grid=grid if grid is not None and (value / grid).denominator == 1 else None,
        nonzero=bool(value) and draw(st.booleans()),
    )  # fmt: skip
    assert found is not None
    assert found.contains(value)
    return found, value


@given(an_interval(), an_interval(), an_interval())
@settings(max_examples=300, deadline=None)
def test_arithmetic_is_an_outer_bound(one: tuple, other: tuple, third: tuple) -> None:  # type: ignore[type-arg]
    (a, x), (b, y), (c, z) = one, other, third
    assert add_up([a, b, c]).contains(x + y + z)
    assert multiply(a, b).contains(x * y)
    assert least([a, b, c]).contains(min(x, y, z))
    assert greatest([a, b, c]).contains(max(x, y, z))
    assert middle_of([a, b, c]).contains(sorted((x, y, z))[1])
    if y:
        assert divide(a, b).contains(x / y)
    for exponent in range(5):
        assert raise_to(a, exponent).contains(x**exponent)


@given(an_interval(), st.sampled_from(("half-up", "half-even", "up", "down", "ceiling", "floor")))
@settings(max_examples=200, deadline=None)
def test_rounding_is_an_outer_bound(one: tuple, name: str) -> None:  # type: ignore[type-arg]
    item, value = one
    for step in (F(1), F(1, 10), F(5, 2)):
        assert rounded(item, Mode(name), step).contains(round_to(value, Mode(name), step))

"""Every reading of a plan agrees with the interpreter: emitted total, emitted trace, ranges of complete facts."""

import sys
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from plans import plans_with_submissions

from rubric_engine.backend.emit.module import PythonModule, emit
from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import load
from rubric_engine.backend.published import publish
from rubric_engine.evaluator import Evaluator
from rubric_engine.facts.facts import MISSING, Facts, SubmissionReader
from rubric_engine.meaning.reading import ExactReading, ScoringError, Unsettled
from rubric_engine.plan.plan import Observed, Plan, Slot, slots_of
from rubric_engine.ranges.sheet import read_ranges

Values = list[Fraction | int]


def values_of(plan: Plan, reading: Any) -> Values:
    return [reading.number(i) if slot.is_number else reading.mark(i) for i, slot in enumerate(slots_of(plan))]


def expected(plan: Plan, facts: Facts) -> Values | Exception:
    try:
        return values_of(plan, interpret(plan, facts))
    except (Unsettled, ScoringError) as error:
        return error


def same_failure(one: object, other: object, facts: Facts) -> bool:
    """The same error; where facts are missing, whichever of the two is met first."""
    if not isinstance(one, Exception) or not isinstance(other, Exception):
        return False
    if not any(value is MISSING for value in facts.packed):
        return type(one) is type(other) and str(one) == str(other)
    return True


def traced(plan: Plan, module: PythonModule, loaded: Any, facts: Facts) -> Values | Exception:
    try:
        return values_of(plan, ExactReading(loaded.trace(facts.packed), module.scales))
    except (Unsettled, ScoringError) as error:
        return error


def total_of(module: PythonModule, loaded: Any, facts: Facts) -> Fraction | Exception | None:
    try:
        total = loaded.total(facts.packed)
    except (Unsettled, ScoringError) as error:
        return error
    if total is None:
        return None
    return Fraction(*total) if isinstance(total, tuple) else Fraction(total, module.total_scale)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(plans_with_submissions(count=8, most=5))
def test_emitted_code_says_what_the_interpreter_says(case: tuple[Plan, list[dict[str, Any]]]) -> None:
    plan, submissions = case
    module = emit(plan)
    loaded = load(module, plan)
    reader = SubmissionReader(plan)
    published = slots_of(plan).index(Slot(Observed.PUBLISHED))
    rated = slots_of(plan).index(Slot(Observed.RATED))
    for submission in submissions:
        facts = reader.read(submission)
        right = expected(plan, facts)
        found = traced(plan, module, loaded, facts)
        assert found == right or same_failure(found, right, facts)
        total = total_of(module, loaded, facts)
        if isinstance(right, list):
            assert total == (right[published] if right[rated] else None)
        elif isinstance(total, Exception):
            # The total looks at less than the whole reading, so it may fail elsewhere, but never where that does not.
            assert isinstance(right, Exception)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(plans_with_submissions(count=4, most=3))
def test_ranges_of_known_facts_are_exact(case: tuple[Plan, list[dict[str, Any]]]) -> None:
    plan, submissions = case
    reader = SubmissionReader(plan)
    for submission in submissions:
        facts = reader.read(submission)
        right = expected(plan, facts)
        if isinstance(right, list):
            ranges = read_ranges(plan, facts)
            for i, slot in enumerate(slots_of(plan)):
                if slot.is_number:
                    assert contains(ranges.range(i), right[i])
                else:
                    assert right[i] in ranges.marks(i).values
            if not any(value is MISSING for value in facts.packed):
                exact = [ranges.range(i).exact if s.is_number else ranges.marks(i).exact for i, s in slots(plan)]
                assert exact == right


def slots(plan: Plan) -> list[tuple[int, Slot]]:
    return list(enumerate(slots_of(plan)))


def contains(found: Any, value: Fraction | int) -> bool:
    return (found.low is None or found.low <= value) and (found.high is None or value <= found.high)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(plans_with_submissions(count=4, most=3))
def test_published_module_says_what_the_evaluator_says(case: tuple[Plan, list[dict[str, Any]]]) -> None:
    plan, submissions = case
    module = emit(plan)
    namespace: dict[str, Any] = {"__name__": "published_under_test"}
    sys.modules["published_under_test"] = type(sys)("published_under_test")
    sys.modules["published_under_test"].__dict__.update(namespace)
    try:
        code = compile(publish(plan, module, with_ranges=True), "<published>", "exec")
        exec(code, sys.modules["published_under_test"].__dict__)
        there = sys.modules["published_under_test"]
        here = Evaluator(plan, load(module, plan))
        for submission in submissions:
            assert outcome(there.evaluate, submission) == outcome(here.evaluate, submission)
    finally:
        del sys.modules["published_under_test"]


def outcome(evaluate: Any, submission: dict[str, Any]) -> Any:
    try:
        return evaluate(submission).to_json()
    except ValueError as error:
        return (type(error).__name__, str(error))

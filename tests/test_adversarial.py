"""Hostile texts and submissions, some of every shape: bounded in steps, refused in so many words, never raised.

``benchmarks/bench_hostile.py`` runs large ones, any number of them, and tells what they cost.
"""

import pytest
from adversarial import MAKERS, hostile

from rubric_engine import Limits, SubmissionError, check_text, next_grade
from rubric_engine.analysis.check import CHECKS, Subject
from rubric_engine.engine import CompiledRubric
from rubric_engine.gaps.leaf_gaps import gaps_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.solve.change.study import Study

FEW = Limits(findings=50, problems=20, check_steps=20_000, reading_steps=10_000, search_steps=4_000)
EACH = 12
LARGEST = 60


@pytest.mark.parametrize("maker", range(len(MAKERS)), ids=[maker.__name__ for maker in MAKERS])
def test_hostile_input_is_bounded(maker: int) -> None:
    for number in range(EACH):
        case = hostile(maker + number * len(MAKERS), LARGEST)
        checked = check_text(case.text, limits=FEW)
        assert len(checked.diagnostics) <= FEW.findings + 1
        if checked.rubric is not None:
            rubric = CompiledRubric(checked.rubric, checked.source, checked.diagnostics, limits=FEW)
            check_is_bounded(rubric)
            scoring_is_bounded(rubric, case.submission)


def check_is_bounded(rubric: CompiledRubric) -> None:
    subject = Subject(rubric.rubric, FEW.check_steps)
    for one in CHECKS:
        list(one(subject))
    # What was begun within the budget is brought to its end: one narrowing, one attempt at an example.
    assert subject.budget.left > -2 * 100_000


def scoring_is_bounded(rubric: CompiledRubric, submission: dict[str, object]) -> None:
    compile(rubric.to_python(), "alone", "exec")
    for given in (submission, {}):
        refused: SubmissionError | None = None
        try:
            rubric.evaluate(given).to_json()
            facts = rubric.read(given)
            study = Study(rubric, facts)
        except SubmissionError as error:
            refused = error
        if refused is not None:
            assert 0 < len(refused.problems) <= FEW.problems
            continue
        gaps_of(study)
        plan = rubric.plan
        most = (1 + len(plan.nodes)) * (len(plan.nodes) + len(plan.inputs) + len(plan.judged) + 100)
        assert study.budget.left > -8 * most
        if plan.grades and study.result.grade is not None:
            next_grade(rubric, facts)


def test_ranges_within_few_steps_hold_the_exact_total() -> None:
    held = 0
    for seed in range(len(MAKERS) * 12):
        case = hostile(seed, 25)
        checked = check_text(case.text, limits=FEW)
        # A policy for what is missing settles it: then nothing given says nothing of what could be.
        if checked.rubric is None or any(node.if_missing is not None for node in checked.rubric.nodes):
            continue
        rubric = CompiledRubric(checked.rubric, checked.source, (), limits=FEW)
        try:
            facts = rubric.read(case.submission)
            exact = rubric.evaluate(facts).total
        except SubmissionError:
            continue
        if exact.published is None:
            continue
        published = rubric._evaluator._published
        for steps in (0, 50, 5000):
            wide = read_ranges(rubric.plan, rubric.read({}), steps).range(published)
            assert wide.low is None or wide.low <= exact.published
            assert wide.high is None or wide.high >= exact.published
            held += 1
    assert held > 60

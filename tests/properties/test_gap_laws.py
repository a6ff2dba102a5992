"""Laws of gaps, on sheets of every kind: what is claimed is what a changed submission comes to."""

from collections.abc import Mapping
from fractions import Fraction as F
from itertools import combinations
from typing import Any

from cohort_plans import evaluator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import plans_with_submissions

from rubric_engine import compile_rubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.gaps import find_gaps, next_grade, what_if
from rubric_engine.gaps.changes import as_submission
from rubric_engine.plan.plan import Plan
from rubric_engine.result.outcome import GradeResult
from rubric_engine.result.result import Result
from rubric_engine.solve.written import submission_of

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
Case = tuple[Plan, list[dict[str, Any]]]


def scored(rubric: Any, submission: Mapping[str, Any]) -> Result | None:
    """The result, where the submission divides by nothing."""
    try:
        return rubric.evaluate(rubric.read(submission))
    except SubmissionError:
        return None


@SLOW
@given(plans_with_submissions(count=3, most=6))
def test_a_submission_told_again_is_the_same(case: Case) -> None:
    plan, submissions = case
    rubric = evaluator(plan)
    for submission in submissions:
        facts = rubric.read(submission)
        again = rubric.read(submission_of(plan, facts))
        assert again == facts
        assert again.packed == facts.packed


@SLOW
@given(plans_with_submissions(count=2, most=6))
def test_what_if_nothing_changes_is_the_same(case: Case) -> None:
    plan, submissions = case
    rubric = evaluator(plan)
    for submission in submissions:
        before = scored(rubric, submission)
        if before is not None:
            found = what_if(rubric, submission, {})
            assert found.before == found.after == before
            assert not found.moved


@SLOW
@given(plans_with_submissions(count=2, most=6))
def test_what_a_way_claims_is_what_it_comes_to(case: Case) -> None:
    plan, submissions = case
    rubric = evaluator(plan)
    for submission in submissions:
        before = scored(rubric, submission)
        if before is None:
            continue
        gaps = find_gaps(rubric, submission)
        assert scored(rubric, submission) == before
        given_to_all = {spec.name for spec in plan.inputs if spec.shared or spec.reference}
        for leaf in (*gaps.leaves, *gaps.bonus):
            assert leaf.lost == before[leaf.code].lost
            for way in leaf.ways:
                after = what_if(rubric, submission, way.submission).after
                assert after[leaf.code].points == way.points == leaf.points + way.gained
                assert after.total.published == way.total
                # A leaf of a bonus may earn more than its pool has left to give; rounding, which is last, may go past
                # a maximum that is not on its grid.
                node = next(node for node in plan.nodes if node.code == leaf.code)
                rounding, beyond = node.rounding, any(one.beyond for one in node.adjustments)
                assert way.gained > 0
                assert way.gained < leaf.lost + (rounding.step if rounding else 0) or (
                    way.gained == leaf.lost or leaf in gaps.bonus or beyond
                )
                assert not given_to_all & {change.name for change in way.changes}
                assert after[leaf.code].applicable_maximum == before[leaf.code].applicable_maximum
            gained = [way.gained for way in leaf.ways]
            assert gained == sorted(set(gained))


@SLOW
@given(plans_with_submissions(count=2, most=5))
def test_a_next_grade_is_better_and_no_part_of_its_change_is_enough(case: Case) -> None:
    plan, submissions = case
    rubric = evaluator(plan)
    for submission in submissions:
        if scored(rubric, submission) is None or not plan.grades:
            continue
        try:
            found = next_grade(rubric, submission)
        except ValueError:
            continue
        if not found.found:
            continue
        rows = next(table.rows for table in plan.grades if table.name == found.table)
        names = [row.name for row in rows if row.name]
        worst = names.index(found.grade[0]) if found.grade and found.grade[0] in names else len(names) - 1
        after = what_if(rubric, submission, found.submission)
        grade = graded(after.after, found.table)
        assert found.next is not None
        assert (grade.name, grade.title) == found.next
        assert names.index(found.next[0]) < worst
        for number in range(1, len(found.changes)):
            for some in combinations(found.changes, number):
                try:
                    part = what_if(rubric, submission, as_submission(some)).after
                except SubmissionError:
                    continue
                reached = graded(part, found.table)
                better = reached.name in names and names.index(reached.name) < worst
                assert not better or (part.total.exact or F(0)) < (after.before.total.exact or F(0))


def graded(result: Result, table: str) -> GradeResult:
    """The grade by a table of the sheet."""
    return next(grade for grade in result.grades if grade.table == table)


SUM = """rubric "Sum" id sum
version 1
total {total} points

criterion 0 "Always" 1 points
  input always "A": yes/no
  score by always
    yes: 1
    no: 0
{criteria}
"""


@SLOW
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(0, 40)), min_size=1, max_size=6))
def test_what_the_leaves_lost_is_what_the_sheet_lacks(rows: list[tuple[int, int, int]]) -> None:
    criteria = "\n".join(
        f'criterion {at} "C" {most} points\n  input planned{at} "P": count\n  input done{at} "D": count\n'
        f"  not applicable when planned{at} = 0: excluded\n  score in proportion to done{at} / planned{at}\n"
        for at, (most, _, _) in enumerate(rows, 1)
    )
    rubric = compile_rubric(SUM.format(total=1 + sum(most for most, _, _ in rows), criteria=criteria))
    inputs = {name: value for at, (_, planned, done) in enumerate(rows, 1)
              for name, value in ((f"planned{at}", planned), (f"done{at}", done))}  # fmt: skip
    inputs["always"] = True
    result = rubric.evaluate({"inputs": inputs})
    gaps = find_gaps(rubric, {"inputs": inputs})
    assert result.total.applicable_maximum is not None
    assert result.total.exact is not None
    assert gaps.lost == result.total.applicable_maximum - result.total.exact
    assert sum((leaf.share for leaf in gaps.leaves), F(0)) == (1 if gaps.leaves else 0)
    for leaf in gaps.leaves:
        planned = inputs[f"planned{leaf.code}"]
        missing = planned - inputs[f"done{leaf.code}"]
        assert leaf.ways[-1].points == leaf.maximum
        assert leaf.ways[-1].changes[0].words.startswith(f"D: {missing} more ")

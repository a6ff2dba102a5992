"""What the authors of the sheet promise."""

from pathlib import Path

from hypothesis import given

from rubric_engine import load_rubric
from rubric_engine.testing import check_invariants, more_never_lowers, submissions

RUBRIC = load_rubric(Path(__file__).with_name("visits.rubric"))


def test_more_put_right_never_lowers_and_more_late_never_raises() -> None:
    check_invariants(RUBRIC, invariants=[more_never_lowers("settled"), more_never_lowers("late", falls=True)])


@given(submissions(RUBRIC))
def test_nobody_without_a_late_answer_loses_points_for_it(submission: dict) -> None:
    if submission["inputs"].get("late") == 0:
        assert RUBRIC.evaluate(submission)["2"].points == 10

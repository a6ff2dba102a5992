"""The test kit that users turn on their own rubrics: what it draws, what it finds, what it tells."""

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubric_engine import CompiledRubric, SubmissionError, compile_rubric, load_rubric
from rubric_engine.testing import (
    INVARIANTS,
    InvariantError,
    check_invariants,
    cohorts,
    invalid_submissions,
    more_never_lowers,
    partial_submissions,
    submissions,
)
from rubric_engine.testing.aims import aimed_submissions
from rubric_engine.testing.coverage import Coverage
from rubric_engine.testing.runs import hold

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "rubrics").rglob("*.rubric"))
TEXT = """rubric "Kit" id t.kit
version 1
total 30 points

area 1 "Work" 20 points
component 1.1 "Tasks" 10 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  evidence report "Report" required when done > 0, if missing score 0
  score by done / planned
    90% or more: 10
    70% to below 90%: 5
    below 70%: 0

component 1.2 "Visits" 10 points
  input visits "Visits": list
    column late "Days late": count, at most 30
  start at full points
  deduct 2 for each of visits where late > 3, at most 10

area 2 "Leadership" 10 points
  score judged from 0 to 10 in steps of 0.5

grades by total
  good "Good": 20 or more
  fair "Fair": 10 to below 20
  poor "Poor": below 10
"""
KIT = compile_rubric(TEXT)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_drawn_is_valid(path: Path) -> None:
    rubric = load_rubric(path)

    @settings(FEW, max_examples=15)
    @given(submissions(rubric), partial_submissions(rubric), invalid_submissions(rubric))
    def holds(whole: Any, partial: Any, invalid: Any) -> None:
        rubric.read(whole)
        rubric.read(partial[1])
        with pytest.raises(SubmissionError) as refused:
            rubric.read(invalid[0])
        assert any(problem.path.startswith(invalid[1]) for problem in refused.value.problems)

    holds()


def test_the_lines_of_a_rubric_are_aimed_at() -> None:
    coverage = Coverage(KIT)
    for submission in aimed_submissions(KIT):
        coverage.add(submission)
    assert coverage.missed == ()
    assert KIT.evaluate(aimed_submissions(KIT)[0]).settled


@FEW
@given(cohorts(KIT))
def test_units_have_names_of_their_own(units: list[dict[str, Any]]) -> None:
    assert len({unit["unit"] for unit in units}) == len(units)


def test_a_submission_shrinks_to_the_plainest() -> None:
    found: list[dict[str, Any]] = []

    @settings(FEW, max_examples=200, database=None)
    @given(submissions(KIT))
    def holds(submission: dict[str, Any]) -> None:
        if (KIT.evaluate(submission)["1.1"].points or 0) >= 5:
            found.append(submission)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        holds()
    plain = aimed_submissions(KIT)[0]["inputs"]
    assert isinstance(plain, dict)
    assert len([name for name, value in found[-1]["inputs"].items() if value != plain.get(name)]) <= 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_invariant_holds_of_the_shipped_rubrics(path: Path) -> None:
    check_invariants(load_rubric(path), examples=4)


def test_every_invariant_applies_somewhere() -> None:
    plans = [load_rubric(path).plan for path in SHIPPED]
    assert [one.name for one in INVARIANTS if not any(one.applies(plan) for plan in plans)] == []


BACKWARDS = TEXT.replace(
    'area 2 "Leadership" 10 points\n  score judged from 0 to 10 in steps of 0.5\n',
    'area 2 "Leadership" 10 points\n  score max(0, 10 - 2 * points of 1.1)\n',
)


def broken(rubric: CompiledRubric, name: str) -> InvariantError:
    invariant = next(one for one in INVARIANTS if one.name == name)
    with pytest.raises(InvariantError) as caught:
        hold(rubric, invariant, examples=300)
    return caught.value


def test_evidence_that_raises_a_score_is_found_with_the_smallest_submission() -> None:
    error = broken(compile_rubric(BACKWARDS), "evidence")
    before, after = (
        compile_rubric(BACKWARDS).evaluate({**error.broken.submission, "evidence": {"report": [piece]}}).total.exact
        for piece in ({"reference": "1/BC", "status": "rejected"}, {"reference": "1/BC", "status": "accepted"})
    )
    assert before is not None
    assert after is not None
    assert before > after
    assert "accepting evidence never lowers" in str(error)
    assert "with this submission:" in str(error)


def test_more_done_and_fewer_points() -> None:
    with pytest.raises(InvariantError, match="moves the total from"):
        hold(compile_rubric(BACKWARDS), more_never_lowers("done"), examples=300)
    hold(KIT, more_never_lowers("done"))
    hold(KIT, more_never_lowers("planned", falls=True))


def test_an_invariant_says_where_it_broke() -> None:
    """A wrong invariant is as good as a wrong rubric to see what is told."""
    from rubric_engine.testing.invariants import Broken, Invariant

    never = Invariant("never", "nothing is ever scored", lambda rubric, case: Broken("1.2", "it is", case.submission))
    with pytest.raises(InvariantError) as caught:
        check_invariants(KIT, invariants=[never], examples=5)
    told = str(caught.value)
    assert told.startswith("t.kit: nothing is ever scored, and here it does not: it is")
    assert 'component 1.2 "Visits" 10 points\n    ^^^^^' in told
    assert "1.2 Visits" in told


def test_drawing_costs_the_same_however_many_facts_there_are() -> None:
    """Work is counted, not time: a submission of a hundred leaves takes few choices."""
    leaf = 'component {0} "L{0}" 1 point\n  input f{0}: percent, from 0% to 100%\n  score in proportion to f{0}\n'
    leaves = "".join(leaf.format(at) for at in range(1, 101))
    rubric = compile_rubric(f'rubric "Wide" id t.wide\nversion 1\ntotal 100 points\n{leaves}')
    counted: list[int] = []

    @settings(FEW)
    @given(st.data())
    def draw(data: Any) -> None:
        data.draw(submissions(rubric))
        counted.append(len(data.conjecture_data.nodes))

    draw()
    assert max(counted) < 40
    assert list(islice(counted, 1))

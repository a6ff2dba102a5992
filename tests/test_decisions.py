"""What an authority decided where the rubric leaves it open: in a submission, a dossier and a cohort."""

from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from rubric_engine import SubmissionError, compile_rubric
from rubric_engine.cohort import read_csv, score_cohort
from rubric_engine.gaps import find_gaps
from rubric_engine.plan.deciding import Decision
from rubric_engine.plan.plan import Policy
from rubric_engine.result.outcome import GradeState, ReasonKind, State
from rubric_engine.rounds import score_stages
from rubric_engine.submission.given import as_given

TEXT = """rubric "Decisions" id t.decisions
version 1
total 10 points

area 1 "Work" 6 points
  not applicable when nothing applies: undecided "no work at all"

component 1.1 "Tasks done" 4 points
  input planned "Tasks": count
  input done "Done": count, at most planned
  input moved "Moved to another office": yes/no, if missing no
  not applicable when moved: excluded
  not applicable when planned = 0: undecided "a plan without tasks"
  require done > 0, otherwise 0
  score in proportion to done / planned

component 1.2 "Reports" 2 points
  input reports "Reports": count, at most 2
  not applicable when moved: excluded
  score reports

area 2 "Survey" 4 points
  score judged

grades by total
  good "Good": 8 or more
  fair "Fair": 5 to below 8
  undecided "the text ends at 5": 2 to below 5
  poor "Poor": below 2
  no higher than fair when done < 1

ranking
  by total
  ties undecided "the council votes"
"""
RUBRIC = compile_rubric(TEXT)
PLAN = {"planned": 0, "done": 0, "reports": 2}


def given(decisions: Any = None, *, survey: int = 4, unit: str = "A", **inputs: Any) -> dict[str, Any]:
    return {"unit": unit, "inputs": {**PLAN, **inputs}, "judged": {"2": survey}, "decisions": decisions}


def test_without_a_decision_it_waits_for_one() -> None:
    result = RUBRIC.evaluate(given())
    assert result["1.1"].state is State.PENDING
    assert result.missing == ("decision 1.1",)


@pytest.mark.parametrize(
    ("decision", "points", "maximum", "state"),
    [
        (3, 3, 4, State.SCORED), ("2,5", F(5, 2), 4, State.SCORED), ({"points": 0}, 0, 4, State.SCORED),
        ("full points", 4, 4, State.NOT_APPLICABLE), ("đủ điểm", 4, 4, State.NOT_APPLICABLE),
        ("excluded", 0, 0, State.NOT_APPLICABLE), ({"points": "Zero"}, 0, 4, State.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_the_points_of_a_heading(decision: Any, points: Any, maximum: int, state: State) -> None:
    result = RUBRIC.evaluate(given({"1.1": decision}))
    node = result["1.1"]
    assert (node.points, node.applicable_maximum, node.state) == (points, maximum, state)
    assert result.total.published == points + 2 + 4
    assert RUBRIC.score(given({"1.1": decision})) == points + 2 + 4


def test_a_decision_counts_only_where_the_rubric_leaves_it_open() -> None:
    """Neither where the case does not arise, nor where another clause speaks first."""
    assert RUBRIC.evaluate(given({"1.1": 1}, planned=4, done=2))["1.1"].points == 2
    assert RUBRIC.evaluate(given({"1.1": 1}, moved=True))["1.1"].applicable_maximum == 0


def test_of_a_group_nothing_of_which_applies() -> None:
    result = RUBRIC.evaluate(given({"1": 5}, moved=True))
    assert (result["1"].points, result["1"].applicable_maximum, result.total.published) == (5, 6, 9)
    assert result["1"].reasons[0].kind is ReasonKind.DECIDED


def test_who_decided_when_and_why_is_shown() -> None:
    told = {"points": 3, "by": "The council", "on": "2026-01-31", "because": "Notice 12"}
    result = RUBRIC.evaluate(given({"1.1": told, "grade": {"grade": "Fair", "by": "The board"}}, survey=0, reports=0))
    english = result.explain()
    assert "decided by The council, 2026-01-31 → 3: Tasks = 0 (Notice 12)" in english
    assert "Grade: Fair (decided by The board)" in english
    assert "The council, 31/01/2026 quyết định → 3" in result.explain(language="vi")
    assert type(result).from_json(result.to_json()).to_json() == result.to_json()


@pytest.mark.parametrize(
    ("decision", "survey", "state", "name"),
    [
        (None, 0, GradeState.UNDECIDED, None), ("fair", 0, GradeState.ISSUED, "fair"),
        ("POOR", 0, GradeState.ISSUED, "poor"), ("Fair", 4, GradeState.ISSUED, "fair"),
        ("poor", 4, GradeState.ISSUED, "fair"),
    ],
)  # fmt: skip
def test_a_grade_the_text_leaves_open(decision: Any, survey: int, state: GradeState, name: str | None) -> None:
    """With 4 for the survey the total is 6, and the text speaks for itself."""
    result = RUBRIC.evaluate(given({"1.1": 0, "grade": decision}, survey=survey))
    assert result.grade is not None
    assert (result.grade.state, result.grade.name) == (state, name)
    assert bool(result.grade.decided) is (decision is not None and survey == 0)


def test_gates_act_on_a_decided_grade() -> None:
    grade = RUBRIC.evaluate(given({"1.1": 0, "grade": "good"}, survey=0)).grade
    assert grade is not None
    assert (grade.by_points, grade.name) == ("good", "fair")


@pytest.mark.parametrize(
    ("decisions", "code", "path"),
    [
        ({"2": 1}, "RUB527", "decisions.2"), ({"1.1": 5}, "RUB511", "decisions.1.1"),
        ({"1.1": "much"}, "RUB502", "decisions.1.1"), ({"1.1": {"by": "X"}}, "RUB510", "decisions.1.1"),
        ({"1.1": {"points": 1, "who": "X"}}, "RUB501", "decisions.1.1.who"),
        ({"1.1": {"points": 1, "on": "soon"}}, "RUB517", "decisions.1.1.on"),
        ({"grade": "superb"}, "RUB509", "decisions.grade"), ({"rank": 0}, "RUB503", "decisions.rank"),
        ({"rank": "1,5"}, "RUB514", "decisions.rank"), ([1], "RUB510", "decisions"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_decision(decisions: Any, code: str, path: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        RUBRIC.evaluate(given(decisions))
    assert [(one.code, one.path) for one in caught.value.problems] == [(code, path)]


def test_nothing_can_be_decided_where_nothing_is_open() -> None:
    closed = compile_rubric('rubric "C" id c\nversion 1\ntotal 1 point\ncriterion 1 "A" 1 point\n  score judged\n')
    with pytest.raises(SubmissionError, match="leaves nothing to decide"):
        closed.evaluate({"judged": {"1": 1}, "decisions": {"1": 1}})
    assert "decisions" not in closed.template()


def test_decisions_survive_the_way_there_and_back() -> None:
    whole = {"points": 3, "by": "The council", "on": "2026-01-31", "because": "Notice 12"}
    facts = RUBRIC.read(given({"1.1": whole, "grade": "fair", "rank": 2}))
    assert RUBRIC.read(as_given(RUBRIC.plan, facts)) == facts
    model = RUBRIC.submission_model.model_validate(given({"1.1": whole, "grade": "fair"}))
    assert RUBRIC.evaluate(model).to_json() == RUBRIC.evaluate(given({"1.1": whole, "grade": "fair"})).to_json()
    assert RUBRIC.read(RUBRIC.template()).decisions == {}


def test_equal_units_are_ranked_once_all_have_a_place() -> None:
    units = [given({"1.1": 1, "rank": rank}, unit=unit) for unit, rank in [("A", 3), ("B", 2), ("C", 1)]]
    units[2]["decisions"]["1.1"] = 4  # the best, alone
    ranking = score_cohort(RUBRIC, units).ranking()
    assert [(row.unit, row.rank) for row in ranking.rows] == [("C", 1), ("B", 2), ("A", 3)]
    assert ranking.unused == ()
    units[0]["decisions"]["rank"] = 2
    ranking = score_cohort(RUBRIC, units).ranking()
    assert [(row.unit, row.rank) for row in ranking.rows] == [("C", 1), ("A", None), ("B", None)]
    assert ranking.unused == (("A", 2), ("B", 2))


def test_a_quota_that_cannot_tell_units_apart() -> None:
    text = TEXT.replace("  no higher than", "  quota good at most 50% of all\n  no higher than")
    rubric = compile_rubric(text)
    done = {"planned": 4, "done": 4, "reports": 2}
    units = [given({"grade": name}, unit=unit, **done) for unit, name in [("A", "good"), ("B", "fair"), ("C", None)]]
    grades = {grade.unit: grade for grade in score_cohort(rubric, units).grades()}
    assert [(grades[unit].state, grades[unit].name) for unit in "ABC"] == [
        (GradeState.ISSUED, "good"), (GradeState.ISSUED, "fair"), (GradeState.UNDECIDED, None),
    ]  # fmt: skip


def test_a_stage_decides_and_the_next_keeps_it() -> None:
    stages = 'total 10 points\nstages self "Self", appraisal "Appraisal"\n'
    rubric = compile_rubric(TEXT.replace("total 10 points\n", stages))
    dossier = {
        "unit": "A",
        "stages": {
            "self": {"inputs": PLAN, "judged": {"2": 4}},
            "appraisal": {"judged": {"2": 4}, "decisions": {"1.1": {"points": 2, "by": "The council"}}},
        },
    }
    first, second = score_stages(rubric, dossier).stages
    assert (first.result.total.published, second.result.total.published) == (None, 8)


def test_what_was_decided_is_no_gap_to_search() -> None:
    gaps = find_gaps(RUBRIC, given({"1.1": 1}, done=0))
    assert gaps is not None


def test_decisions_in_a_table() -> None:
    text = (
        "unit;planned;done;reports;judged 2;decision 1.1;decision 1.1 by;quyết định 1.1 ngày;decision 1.1 because;"
        "quyết định xếp loại;decision rank\n"
        "A;0;0;2;4;2,5;The council;31/01/2026;Notice 12;;\n"
        "B;0;0;0;0;excluded;;;;fair;1\n"
    )
    read = read_csv(text, RUBRIC)
    assert read.problems == ()
    first, second = (RUBRIC.read(row.submission) for row in read.rows)
    assert first.decisions == {"1.1": Decision(F(5, 2), "The council", date(2026, 1, 31).toordinal(), "Notice 12")}
    assert second.decisions == {
        "1.1": Decision(Policy.EXCLUDED), "grade": Decision("fair"), "rank": Decision(F(1)),
    }  # fmt: skip

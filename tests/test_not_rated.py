"""Not rated is a state and never a number: in results, words, files, cohorts; and what a cohort still waits for."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine import GradeState, NotRatedError, Result, State, check_text, compile_rubric, score_cohort
from rubric_engine.cohort.ranking import Unranked
from rubric_engine.meaning.states import Stands, stands_as_group, stands_by, states
from rubric_engine.plan.plan import MissingPolicy
from rubric_engine.report.markdown import to_markdown
from rubric_engine.report.sheet import to_text

CASES = Path(__file__).parent / "conformance" / "not-rated"


def rubric(name: str) -> str:
    return (CASES / f"{name}.rubric").read_text(encoding="utf-8")


def test_there_is_no_total_to_give() -> None:
    compiled = compile_rubric(rubric("01-too-little-of-the-sheet"))
    with pytest.raises(NotRatedError, match="RUB518") as caught:
        compiled.score({}, judged={"1": 4})
    assert "50% of the weight is there, 60% is asked for" in str(caught.value)
    with pytest.raises(NotRatedError):
        compiled.score(compiled.read({}))
    assert compiled.score({}, judged={"1": 4, "2": 3}) == 7


def test_no_number_is_shown_anywhere() -> None:
    result = compile_rubric(rubric("01-too-little-of-the-sheet")).evaluate({"judged": {"1": 0}})
    total, grade = result.total, result.grade
    assert (total.state, total.exact, total.published, total.index) == (State.NOT_RATED, None, None, None)
    assert grade is not None
    assert (grade.state, grade.name, grade.possible) == (GradeState.NOT_RATED, None, ())
    assert result.settled
    assert result.missing == ()
    assert "Total: not rated" in result.explain()
    assert "Tổng điểm: không đánh giá" in result.explain(language="vi")
    assert "Failed" not in result.explain() + to_text(result, "en") + to_markdown(result, "en")
    told = json.loads(result.to_json())["total"]
    assert {told[name] for name in ("exact", "published", "low", "high", "applicable_maximum", "index")} == {None}
    assert Result.from_json(result.to_json()) == result


def test_no_rank_and_no_part_in_a_figure() -> None:
    cohort = score_cohort(compile_rubric(rubric("01-too-little-of-the-sheet")), [
        {"unit": "A", "judged": {"1": 4}}, {"unit": "B", "judged": {"1": 0, "2": 0}},
        {"unit": "C", "judged": {"1": 5, "2": 5}},
    ])  # fmt: skip
    for ranking in (cohort.ranking(), cohort.ranking("total"), cohort.ranking("exact total")):
        assert [(row.unit, row.rank) for row in ranking.rows] == [("C", 1), ("B", 2)]
        assert [(one.unit, one.why) for one in ranking.unranked] == [("A", Unranked.NOT_RATED)]
        assert ranking.final
    assert [(one.name, one.state, one.count) for one in cohort.distribution()] == [
        ("good", GradeState.ISSUED, 1), ("bad", GradeState.ISSUED, 1), (None, GradeState.NOT_RATED, 1),
    ]  # fmt: skip


def test_the_one_rule() -> None:
    together = states((Stands.OUT, Stands.LEFT, Stands.IN))
    assert stands_as_group(together) is Stands.IN
    assert stands_as_group(states((Stands.IN, Stands.UNRATED))) is Stands.UNRATED
    assert stands_as_group(states((Stands.OUT, Stands.LEFT))) is Stands.UNRATED
    assert stands_as_group(Stands.OUT) is Stands.OUT
    assert stands_as_group(Stands.OUT, sheet=True) is Stands.UNRATED
    assert {stands_as_group(each, pooled=True) for each in (Stands.OUT, Stands.LEFT)} == {Stands.IN}
    assert [stands_by(each) for each in MissingPolicy] == [Stands.IN, Stands.LEFT, Stands.OUT, Stands.IN]


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("03-part-of-a-sum", "  score judged\n\narea 2", "  if not rated: 0\n  score judged\n\narea 2", "RUB443"),
        ("01-too-little-of-the-sheet", "of weight\n", "of weight\nif not rated: excluded\n", "RUB444"),
        ("03-part-of-a-sum", "of weight\n", "of weight\n  if not rated: use base\n", "RUB443"),
        ("03-part-of-a-sum", "of weight\n", "of weight\n  if not rated: 0\n  if not rated: 1\n", "RUB211"),
    ],
)
def test_what_the_clause_cannot_say(name: str, old: str, new: str, code: str) -> None:
    text = rubric(name).replace(old, new)
    assert code in [found.code for found in check_text(text).diagnostics]


QUOTA = """
rubric "Quota" id quota
version 1
total 100 points

area 1 "Work" 100 points
  score judged

grades by total
  excellent "E": 90 or more
  good "G": 70 to below 90
  fair "F": below 70
  quota excellent at most 20% of good or better
"""


def test_a_quota_stays_open_while_a_unit_is_still_to_come() -> None:
    """One of five may be excellent, none of four: the fifth decides, and may be better than the first."""
    compiled = compile_rubric(QUOTA.strip() + "\n")
    given = [{"unit": unit, "judged": {"1": points}} for unit, points in zip("ABCD", (95, 80, 80, 80), strict=True)]
    settled = score_cohort(compiled, given)
    assert [grade.name for grade in settled.grades()] == ["good"] * 4
    open_ = score_cohort(compiled, given, awaited=["E"])
    first = open_.grades()[0]
    assert (first.state, first.possible) == (GradeState.PENDING, ("excellent", "good"))
    assert [grade.name for grade in open_.grades()[1:]] == ["good"] * 3
    assert not open_.ranking().final
    assert not open_.settled


def test_a_unit_that_could_not_be_scored_leaves_a_quota_open() -> None:
    given = [{"unit": unit, "judged": {"1": points}} for unit, points in zip("ABCD", (95, 80, 80, 80), strict=True)]
    found = score_cohort(compile_rubric(QUOTA.strip() + "\n"), [*given, {"unit": "E", "judged": {"1": 900}}])
    assert found.grades()[0].state is GradeState.PENDING


def test_a_group_graded_by_itself_without_points_has_no_grade() -> None:
    text = rubric("04-if-not-rated-excluded").replace("grades by total", "grades by points of 1 named survey")
    if check_text(text).diagnostics:
        text = rubric("04-if-not-rated-excluded").replace("grades by total", "grades by points of 1")
    found = compile_rubric(text).evaluate({"judged": {"1.1": 4, "2": 7}})
    assert [grade.state for grade in found.grades] == [GradeState.NOT_RATED]
    assert found.total.published == Fraction(7)

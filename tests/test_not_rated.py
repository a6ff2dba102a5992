"""Not rated is a state and never a number: in results, words, files, cohorts; and what a cohort still waits for."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from result_rubrics import sheet_markdown, sheet_text

from rubric_engine import GradeState, NotRatedError, Result, State, check_text, compile_rubric, score_cohort
from rubric_engine.cohort.ranking import Unranked
from rubric_engine.compare import Doubt, compare_cycles
from rubric_engine.diagnostics.catalogue import help_text
from rubric_engine.gaps import next_grade, what_if
from rubric_engine.meaning.states import Stands, stands_as_group, stands_by, states
from rubric_engine.plan.plan import MissingPolicy
from rubric_engine.report.claims import claims_report
from rubric_engine.report.cycles import UnitCycles, comparison_report
from rubric_engine.report.what_if import what_if_report
from rubric_engine.rounds import Verdict, check_claims
from rubric_engine.syntax.formatter import format_text
from rubric_engine.tell.rendering.plain import to_plain
from rubric_engine.tell.rendering.printable import to_printable

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
    assert "Failed" not in result.explain() + sheet_text(result, "en") + sheet_markdown(result, "en")
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


TWO_AREAS = """rubric "Two areas" id two-areas
version 1
total 20 points
combine mean
needs at least 60% of weight

area 1 "Surveys" 10 points
  combine mean

component 1.1 "Ward" 5 points
  if not judged: excluded
  score judged

component 1.2 "District" 5 points
  if not judged: excluded
  score judged

area 2 "Work" 10 points
  score judged

grades by total
  good "Good": 10 or more
  fair "Fair": below 10
"""
RATED = {"unit": "A", "judged": {"1.1": 4, "2": 5}}
UNRATED = {"unit": "A", "judged": {"2": 5}}
PENDING = {"unit": "A", "judged": {"1.1": 4}}


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(("then", "now"), [(RATED, UNRATED), (UNRATED, RATED)])
def test_two_cycles_tell_not_rated_from_pending(then: dict[str, object], now: dict[str, object], language: str) -> None:
    compiled = compile_rubric(TWO_AREAS)
    compared = compare_cycles(compiled.evaluate(then), compiled.evaluate(now))
    states = [str(State.NOT_RATED if given is UNRATED else State.SCORED) for given in (then, now)]
    told = compared.to_dict()["total"]
    assert isinstance(told, dict)
    assert [told["state_before"], told["state_after"], told["change"], told["index_change"]] == [*states, None, None]
    assert {one.code: one.doubts for one in compared.nodes if one.doubts} == {
        code: (Doubt.NOT_RATED,) for code in ("total", "1", "1.1", "1.2")
    }
    report = comparison_report(UnitCycles(compared), language)
    word = "not rated" if language == "en" else "không đánh giá"
    for shown in (to_plain(report.blocks), to_printable(report.blocks)):
        total = next(line for line in shown.splitlines() if line.lstrip("| ").startswith(("Total", "Tổng điểm")))
        assert word in total
        assert "open" not in total
        assert "chưa chốt" not in total
    rows = {row[1]: row for row in report.sheet.rows}
    assert word in rows["1"][4:6]
    pending = compare_cycles(compiled.evaluate(RATED), compiled.evaluate(PENDING))
    assert pending.total.state_after is State.PENDING
    assert {one.code: one.doubts for one in pending.nodes if one.doubts}["2"] == (Doubt.PENDING,)


@pytest.mark.parametrize(("given", "changes"), [(UNRATED, {"judged": {"1.1": 4}}), (RATED, {"judged": {"1.1": None}})])
def test_what_if_to_and_from_not_rated(given: dict[str, object], changes: dict[str, object]) -> None:
    compiled = compile_rubric(TWO_AREAS)
    found = what_if(compiled, given, changes)
    here, there = ("before", "after") if given is UNRATED else ("after", "before")
    told = found.to_dict()["total"]
    assert isinstance(told, dict)
    assert (told[f"state_{here}"], told[f"state_{there}"], told["change"]) == ("not rated", "scored", None)
    assert [told[f"{key}_{here}"] for key in ("low", "high", "index")] == [None] * 3
    assert (found.total, found.index) == (None, None)
    report = what_if_report(compiled.plan, found, (), "en")
    assert "not rated" in to_plain(report.blocks)
    assert report.sheet.rows[-1][3 if given is UNRATED else 4] == "not rated"
    (moved,) = found.moved
    assert (moved.code, moved.change) == ("1.1", None)


def test_a_claim_on_what_is_not_rated_is_told_as_such() -> None:
    compiled = compile_rubric(TWO_AREAS)
    report = check_claims(compiled, {**UNRATED, "claims": {"1": 8, "1.1": 4, "2": 5}})
    claims = {one.code: one for one in report.claims}
    assert {code: one.verdict for code, one in claims.items()} == {
        "1": Verdict.NOT_RATED, "1.1": Verdict.NOT_RATED, "2": Verdict.AGREES,
    }  # fmt: skip
    assert (claims["1"].supported, claims["1"].difference, claims["1"].ends) == (None, None, (None, None))
    told = report.to_dict()["claims"]
    assert isinstance(told, list)
    assert {one["code"]: (one["low"], one["high"]) for one in told}["1"] == (None, None)
    for language, word in (("en", "not rated"), ("vi", "không đánh giá")):
        shown = claims_report(compiled.plan, [report], language)
        assert word in to_plain(shown.blocks)
        assert any(word in row for row in shown.sheet.rows)


def test_the_next_grade_of_what_is_not_rated() -> None:
    compiled = compile_rubric(TWO_AREAS)
    found = next_grade(compiled, UNRATED)
    assert (found.value, found.best_value, found.grade, found.next) == (None, None, None, None)
    assert found.to_dict()["value"] is None
    assert found.in_the_way == ("there is nothing to grade: not rated, and no fact that is given changes that",)
    switched = compile_rubric(TWO_AREAS.replace(
        "  if not judged: excluded", "  not applicable when off: excluded", 1
    ).replace("  if not judged: excluded", "  not applicable when off: excluded").replace(
        'component 1.1 "Ward" 5 points', 'component 1.1 "Ward" 5 points\n  input off "Not asked": yes/no'
    ))  # fmt: skip
    found = next_grade(switched, {"inputs": {"off": True}, "judged": {"1.1": 5, "1.2": 5, "2": 5}})
    assert found.value is None
    assert found.found or found.in_the_way


ASKED = """rubric "Asked" id t.asked
version 1
total 20 points
area 1 "Surveys" 10 points
  combine mean
  needs at least 60% of weight
  if not rated: excluded
component 1.1 "Ward" 5 points
  if not judged: excluded
  score judged
component 1.2 "District" 5 points
  if not judged: excluded
  score judged
area 2 "Work" 10 points
  score judged
grades by total
  good: 10 or more
  fair: below 10
  no grade when {} because "too little"
"""
LACKS = "state of 1 is not rated"


def test_a_gate_asks_whether_an_area_is_not_rated() -> None:
    rubric = compile_rubric(ASKED.format(LACKS))
    result = rubric.evaluate({"judged": {"1.1": 3, "2": 7}})
    assert (result.total.published, result.grade and result.grade.state.value) == (7, "no grade")
    assert "Surveys = not rated" in " ".join(result.explain().split())
    assert "Surveys = không đánh giá" in " ".join(result.explain(language="vi").split())
    rated = rubric.evaluate({"judged": {"1.1": 3, "1.2": 4, "2": 7}}).grade
    assert rated is not None
    assert rated.name == "good"
    assert LACKS in format_text(format_text(ASKED.format(LACKS), to="vi").text, to="en").text


@pytest.mark.parametrize(
    ("asked", "code", "words"), [("1.1", "RUB443", ("is missing", "là chưa có")), ("9", "RUB205", ("code", "mã"))]
)
def test_only_a_group_is_asked(asked: str, code: str, words: tuple[str, str]) -> None:
    (found,) = check_text(ASKED.format(LACKS.replace("1", asked))).diagnostics
    assert found.code == code
    for language, word in zip(("en", "vi"), words, strict=True):
        assert word in (help_text(found, language) or "")


SLIPS = {
    "en": ("1 is not rated", "area 1 is not rated", "not rated 1", "state of 1 is unrated", "1 is unrated"),
    "vi": ("1 là không đủ số liệu", "lĩnh vực 1 không đủ số liệu", "1 không được đánh giá"),
}


@pytest.mark.parametrize(("language", "asked"), [(one, asked) for one, all_ in SLIPS.items() for asked in all_])
def test_what_is_asked_otherwise_is_mended(language: str, asked: str) -> None:
    right = format_text(ASKED.format(LACKS), to=language).text
    meant = {"en": LACKS, "vi": "trạng thái của 1 là không đủ số liệu"}[language]
    text = right.replace(meant, asked)
    (found,) = check_text(text).diagnostics
    assert found.fix is not None
    mended = text[: found.fix.span.start] + found.fix.replacement + text[found.fix.span.end :]
    assert format_text(mended).text == right

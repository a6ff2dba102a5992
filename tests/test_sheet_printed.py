"""How sheets are printed and gone through: a total with its bonus, gates said once, evidence ahead, claims rounded."""

from fractions import Fraction as F

import pytest

from rubric_engine import check_text, compile_rubric
from rubric_engine.diagnostics.catalogue import message
from rubric_engine.rounds import check_claims, score_stages
from rubric_engine.rounds.claims import Verdict
from rubric_engine.syntax.formatter import format_text

SHEET = """rubric "Printed" id t.printed
version 1
total 115 points, bonus included

area 1 "Work" 100 points
component 1.1 "Tasks" 60 points
  score judged
component 1.2 "People" 40 points
  score judged

bonus "Initiatives" at most 15
component 2.1 "Initiatives" 15 points
  score judged

grades work "Work" by points of 1
  good "Good": 80 or more
  fair "Fair": 50 to below 80
  poor "Poor": below 50

grades by total
  good "Good": 90 or more
  fair "Fair": below 90

all grades
  no higher than fair when points of 1.2 < 20
  no grade when points of 1.1 = 0
"""


def codes(text: str) -> list[str]:
    return [one.code for one in check_text(text).diagnostics]


def test_a_total_printed_with_its_bonus() -> None:
    result = compile_rubric(SHEET).evaluate({"judged": {"1.1": 60, "1.2": 40, "2.1": 15}})
    assert (result.total.published, result.total.printed_maximum) == (115, 100)
    (found,) = check_text(SHEET.replace("total 115", "total 116")).diagnostics
    assert message(found, "en") == "`total` declares 116 points, but what stands under it adds up to 115"
    assert codes(SHEET.replace(", bonus included", "")) == ["RUB401"]


@pytest.mark.parametrize(
    ("people", "tasks", "grades"),
    [(40, 60, ["good", "good"]), (19, 60, ["fair", "fair"]), (40, 0, [None, None]), (20, 20, ["poor", "fair"])],
)
def test_gates_said_once_act_on_every_table(people: int, tasks: int, grades: list[str | None]) -> None:
    result = compile_rubric(SHEET).evaluate({"judged": {"1.1": tasks, "1.2": people, "2.1": 15}})
    assert [grade.name for grade in result.grades] == grades


def test_a_gate_for_all_acts_where_its_grade_is() -> None:
    text = SHEET.replace("fair when points of 1.2 < 20", "poor when points of 1.2 < 20")
    result = compile_rubric(text).evaluate({"judged": {"1.1": 60, "1.2": 19, "2.1": 15}})
    assert [grade.name for grade in result.grades] == ["poor", "good"]
    wrong = SHEET.replace("no higher than fair when", "no higher than superb when")
    assert codes(wrong) == ["RUB207"]
    without = SHEET[: SHEET.index("grades work")] + SHEET[SHEET.index("all grades") :]
    assert "RUB210" in codes(without)


def test_both_are_translated_there_and_back() -> None:
    vietnamese = format_text(SHEET, to="vi").text
    assert "tổng điểm 115 điểm, gồm cả điểm thưởng" in vietnamese
    assert "\nmọi xếp loại\n  không xếp trên fair khi" in vietnamese
    assert format_text(vietnamese, to="en").text == format_text(SHEET).text


STAGED = """rubric "Staged" id t.staged
version 1
total 10 points, rounded half-up to 2 places
stages self "Self", appraisal "Appraisal"

component 1 "Tasks" 10 points
  input done "Done": count, at most 3
  input checked "Checked": yes/no, asked from appraisal
  evidence report "Report" required, if missing score 0
  evidence late "Seen on the spot" required when checked, if missing score 0
  score when checked then full points * done / 3 otherwise 0
"""


def test_evidence_comes_with_the_first_fact_of_its_heading() -> None:
    evidence = {"report": "12/BC", "late": "3/BB"}
    dossier = {
        "unit": "A",
        "stages": {"self": {"inputs": {"done": 1}, "evidence": evidence}, "appraisal": {"inputs": {"checked": True}}},
    }
    first, second = score_stages(compile_rubric(STAGED), dossier).stages
    assert (first.result["1"].points, second.result["1"].points) == (0, F(10, 3))
    later = compile_rubric(STAGED.replace("count, at most 3", "count, at most 3, asked from appraisal"))
    with pytest.raises(ValueError, match="RUB540"):
        later.at_stage("self").read({"evidence": evidence})


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [("3.33", Verdict.AGREES), ("10/3", Verdict.AGREES), ("3.34", Verdict.TOO_HIGH), ("3.3", Verdict.TOO_LOW)],
)
def test_a_claim_rounded_as_the_total_is_agrees(claimed: str, verdict: Verdict) -> None:
    plain = STAGED.replace('stages self "Self", appraisal "Appraisal"\n', "").replace(", asked from appraisal", "")
    rubric = compile_rubric(plain)
    given = {"inputs": {"done": 1, "checked": True}, "evidence": {"report": "1", "late": "2"}, "claims": {"1": claimed}}
    (claim,) = check_claims(rubric, given).claims
    assert claim.verdict is verdict

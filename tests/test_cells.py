"""What a table, a text or a float may say, and what nobody can tell: each case with its right value."""

import json
import unicodedata
from fractions import Fraction as F
from typing import Any

import pytest

from rubric_engine import SubmissionError, check_text, compile_rubric, read_csv, read_json, score_cohort
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.evidence import read_reference
from rubric_engine.meaning.exact import Unreadable

WARDS = """rubric "Wards" id wards
version 1
total 12 points
stages self "Self", final "Final"

input ward "Ward": text
input remark "Remark": text

area A "Work" 10 points
  input done "Việc đã làm": count, at most 10, if missing 10
  score done

area B "Proof" 2 points
  evidence paper "Paper" required, at least 2, if missing score 0
  input ready "Ready": yes/no
  score by ready
    yes: 2
    no: 0

grades standing "Standing" by total
  good "Good": 6 or more
  fair "Fair": below 6

grades effort "Effort" by points of A
  strong "Strong": 5 or more
  weak "Weak": below 5

ranking within ward
  by total
"""
RATE = """rubric "Rate" id rate
version 1
total 1 point
parameter target "Target": percent = 80%, from 0% to 100%
component 1 "Rate" 1 point
  input rate "Rate": percent, from 0% to 100%
  input late "Late": list
    column share "Share": percent, optional
  score
    when rate >= target: 1
    otherwise: 0
  award 0 for each of late where share > 0%
"""


def wards() -> CompiledRubric:
    return compile_rubric(WARDS)


def unit(name: str, ward: str, done: int, **more: Any) -> dict[str, Any]:
    return {"unit": name, "inputs": {"ward": ward, "done": done, "ready": "no"}, **more}


def codes(rubric: CompiledRubric, given: object) -> list[str]:
    with pytest.raises(SubmissionError) as caught:
        rubric.read(given)
    return [problem.code for problem in caught.value.problems]


# ---------------------------------------------------------------- names


def test_every_lookup_by_name_takes_every_spelling() -> None:
    rubric = compile_rubric(WARDS.replace('stages self "Self", final "Final"\n', ""))
    names = ("Hoà Bình", unicodedata.normalize("NFD", "Sở Y tế"), "C")
    given = [
        unit(name, ward, done)
        for name, ward, done in zip(names, ("Quận 2", "Quận  2", "quận\u00a02"), (3, 5, 4), strict=True)
    ]
    cohort = score_cohort(rubric, given)
    assert cohort["HÒA  bình"].total.exact == 3
    assert "sở y tế" in cohort
    assert "D" not in cohort
    table = cohort.ranking(by="Points of  a", within="WARD")
    assert [(row.unit, row.rank) for row in table.rows if row.unit == "C"] == [("C", 2)]
    assert len(table.groups) == 1
    assert cohort.ranking()["hòa bình"].rank == 3
    assert cohort["C"]["a"].points == 4
    assert [one.name for one in cohort.grades("EFFORT")] == ["weak", "strong", "weak"]
    with pytest.raises(KeyError):
        cohort.ranking(within="war")


def test_the_order_of_units_never_names_a_group_otherwise() -> None:
    rubric = compile_rubric(WARDS.replace('stages self "Self", final "Final"\n', ""))
    given = [unit("a", "quận 2", 1), unit("b", "Quận 2", 2), unit("c", "quận 2", 3)]
    for order in (given, given[::-1]):
        assert score_cohort(rubric, order).ranking().groups == ("quận 2",)


def test_facts_and_parameters_are_known_by_every_spelling() -> None:
    rubric = compile_rubric(RATE, parameters={"TARGET": "90%"})
    assert rubric.evaluate({"inputs": {" Rate": "90%", "late": []}}).total.exact == 1
    assert codes(rubric, {"inputs": {"rate": "90%", "Rate": "95%", "late": []}}) == ["RUB510"]
    assert rubric.evaluate({"inputs": {"rate": "89%", "late": []}}).total.exact == 0
    assert wards().at_stage("SELF").plan.stage == "self"


def test_one_unit_in_two_spellings_is_told_and_never_two() -> None:
    cohort = score_cohort(wards(), [unit("Xã Hoà An", "x", 3), unit("xã  Hòa An", "x", 5), unit("B", "x", 1)])
    assert [result.unit for result in cohort] == ["B"]
    assert "2 submissions" in cohort.problems[0].messages[0]
    table = read_csv("unit,ward,remark,done,ready\nHoà,x,,1,no\nHÒA,x,,2,no\n", wards())
    assert [problem.line for problem in table.problems] == [3]


# ---------------------------------------------------------------- evidence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12/QĐ", ("12/QĐ", "")), ("12/QĐ - rejected", ("12/QĐ", "rejected")),
        ("12/QĐ (Bị từ chối)", ("12/QĐ", "rejected")),
        ("12/QĐ, accepted", ("12/QĐ", "accepted")), ("12/QĐ: đã nộp", ("12/QĐ", "submitted")),
        ("12/QĐ [accepted]", ("12/QĐ", "accepted")),
        *((word, ("", "")) for word in ("", "-", "–", "N/A", "không có", "No", "0", "[]", "chưa có", "NONE")),
        ("Báo cáo (bản in)", ("Báo cáo (bản in)", "")),
    ],
)  # fmt: skip
def test_what_a_text_says_of_evidence(text: str, found: tuple[str, str]) -> None:
    assert read_reference(text) == found


@pytest.mark.parametrize(
    "text",
    ["rejected", "Bị từ chối", "yes", "có", "12/QĐ không được chấp nhận", "12/QĐ (not accepted)", "rejected: 12/QĐ",
     "{reference: x}", "12/QĐ (không hợp lệ)", "12/QĐ rejected"],
)  # fmt: skip
def test_what_nobody_can_tell_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_reference(text)
    assert caught.value.code == "RUB524"


def test_one_document_is_one_piece() -> None:
    given = unit("A", "x", 1, evidence={"paper": ["12/QĐ", {"reference": " 12/qđ", "page": "3"}]})
    assert codes(wards(), given) == ["RUB523"]
    given["evidence"] = {"paper": ["12/QĐ", "13/QĐ"]}
    assert wards().read(given).states["paper"] == "satisfied"


def test_a_status_beside_it_lets_a_reference_be_worded_as_it_likes() -> None:
    worded = {"reference": "Văn bản chấp nhận chủ trương"}
    assert codes(wards(), unit("A", "x", 1, evidence={"paper": worded})) == ["RUB524"]
    facts = wards().read(unit("A", "x", 1, evidence={"paper": {**worded, "status": "submitted"}}))
    assert facts.evidence["paper"][0].reference == worded["reference"]


def test_evidence_is_laid_over_by_its_reference_in_words_too() -> None:
    from rubric_engine import submission_at

    first = {**unit("A", "x", 1)["inputs"]}
    dossier = {"unit": "A", "stages": {
        "self": {"inputs": first, "evidence": {"paper": ["12/QĐ", "13/QĐ"]}},
        "final": {"evidence": {"paper": "12/qđ - rejected"}},
    }}  # fmt: skip
    paper = submission_at(wards(), dossier, "final")["evidence"]["paper"]
    assert [one.get("status") for one in paper] == ["rejected", None]


@pytest.mark.parametrize("cell", ["x", "1", "rejected", "{reference: x}", "yes"])
def test_a_cell_that_names_no_document_refuses_its_row(cell: str) -> None:
    table = read_csv(f"unit,ward,remark,done,ready,evidence paper\nA,x,,1,no,{cell}\nB,x,,1,no,12/QĐ\n", wards())
    assert [(one.line, one.header) for one in table.problems] == [(2, "evidence paper")]
    assert table.refused == (2,)
    assert [result.unit for result in score_cohort(wards(), table.submissions)] == ["B"]


# ---------------------------------------------------------------- tables


def test_an_unknown_column_refuses_the_table_with_a_suggestion() -> None:
    text = "unit,Việc đa làm,ward,ready\nA,3,x,no\nB,4,x,no\n"
    table = read_csv(text, wards())
    assert (table.rows, table.refused) == ((), (2, 3))
    assert "did you mean `Việc đã làm`?" in table.problems[0].message
    assert len(read_csv(text, wards(), ignore=["việc ĐA làm"]).rows) == 2


def test_values_without_a_column_name_are_not_dropped() -> None:
    text = "unit,ward,done,ready,\nA,x,3,no,9\n"
    assert [one.column for one in read_csv(text, wards()).problems] == [5]
    assert not read_csv(text, wards(), ignore=[""]).problems
    assert not read_csv("unit,ward,done,ready,\nA,x,3,no,\n", wards()).problems


def rates(text: str, **how: Any) -> list[object]:
    table = read_csv(text, compile_rubric(RATE), **how)
    return [row.submission["inputs"].get("rate") for row in table.rows], [
        one.line for one in table.problems if not one.remark
    ]  # type: ignore[attr-defined,return-value]


def test_how_bare_percents_are_meant() -> None:
    assert rates("unit,rate\nA,1\nB,85\n")[1] == [2]
    assert rates("unit,rate\nA,1\nB,0.85\nC,85%\n")[1] == [2, 3]
    assert rates("unit,rate\nA,1\nB,0.85\nC,\n") == (["100%", "85%", None], [])
    assert rates("unit,rate\nA,1\nB,0\n")[1] == [2]
    assert rates("unit,rate\nA,1\nB,0.85\n", percent="whole") == (["1%", "0.85%"], [])
    assert rates("unit,rate\nA,1\n", percent="share") == (["100%"], [])
    remark = read_csv("unit,rate\nA,1\nB,0.85\n", compile_rubric(RATE)).problems
    assert [(one.line, one.column, one.remark) for one in remark] == [(1, 2, True)]
    cell = json.dumps([{"share": 0.5}]).replace('"', '""')
    table = read_csv(f'unit,rate,late\nA,5%,"{cell}"\n', compile_rubric(RATE), percent="share")
    assert table.rows[0].submission["inputs"]["late"] == [{"share": "50%"}]  # type: ignore[index]


def test_a_bare_parameter_of_1_is_asked() -> None:
    for given in ("1", 1, "0.8"):
        (found,) = check_text(RATE, parameters={"target": given}).diagnostics
        assert found.code == "RUB309"
        assert found.help == "help_percent"
    assert not check_text(RATE, parameters={"target": "1%"}).diagnostics


# ---------------------------------------------------------------- floats, JSON, text


@pytest.mark.parametrize("given", [0.1 + 0.2, 69.99999999999999, 1 / 3 * 100, 12345678901234567.0])
def test_a_float_that_cannot_be_what_was_written_is_told(given: float) -> None:
    assert codes(compile_rubric(RATE), {"inputs": {"rate": given, "late": []}})[0] == "RUB525"


@pytest.mark.parametrize(("given", "value"), [(85.5, F(171, 200)), (33.3333333333333, F(333333333333333, 10**15))])
def test_a_float_of_fifteen_digits_is_the_decimal_it_shows(given: float, value: F) -> None:
    assert compile_rubric(RATE).read({"inputs": {"rate": given, "late": []}}).values["rate"] == value


def test_the_model_and_the_public_reader_keep_every_digit() -> None:
    from pydantic import ValidationError

    rubric = compile_rubric(RATE)
    text = '{"inputs": {"rate": 79.99999999999999999, "late": []}}'
    assert rubric.evaluate(read_json(text)).total.exact == 0
    model = rubric.submission_model()
    assert rubric.evaluate(model.model_validate_json(text)).total.exact == 0
    twice = '{"inputs": {"rate": "10%", "rate": "90%", "late": []}}'
    with pytest.raises(SubmissionError):
        read_json(twice)
    with pytest.raises(ValidationError, match="twice"):
        model.model_validate_json(twice)


@pytest.mark.parametrize("place", ['"Wards\ud800"', '"Wards" id wards # \ud800'])
def test_half_a_character_is_an_error(place: str) -> None:
    text = WARDS.replace('"Wards" id wards', place + (" id wards" if place.endswith('"') else ""), 1)
    checked = check_text(text)
    assert checked.diagnostics[0].code == "RUB110"
    assert checked.rubric is None


# ---------------------------------------------------------------- several grade tables


def test_every_grade_table_is_shown_by_its_name() -> None:
    from rubric_engine import difference
    from rubric_engine.report.ranking import ranking_report
    from rubric_engine.report.stages import UnitRound, stages_report
    from rubric_engine.rounds import score_stages
    from rubric_engine.tell.rendering.plain import to_plain

    rubric = wards()
    cohort = score_cohort(rubric, [unit("A", "x", 7), unit("B", "x", 5)])
    report = ranking_report(cohort, cohort.ranking(), "en")
    text = to_plain(report.blocks)
    assert "Standing" in text
    assert "Effort" in text
    at = [report.sheet.header.index(name) for name in ("Standing", "Effort")]
    assert [[row[one] for one in at] for row in report.sheet.rows] == [["Good", "Strong"], ["Fair", "Strong"]]
    tables: Any = report.data["tables"]
    assert [[grade["name"] for grade in table["grades"]] for table in tables] == [
        ["good", "fair"],
        ["strong", "strong"],
    ]
    dossier = {
        "unit": "A",
        "stages": {"self": {"inputs": unit("A", "x", 7)["inputs"]}, "final": {"inputs": {"done": 4}}},
    }
    staged = score_stages(rubric, dossier)
    moved = difference(rubric, staged, "self", "final")
    round_ = stages_report(rubric.plan, [UnitRound(staged, (moved,), (), (), ())], "en")
    assert "Strong" in to_plain(round_.blocks)
    told: Any = round_.data["units"]
    assert [[one["name"] for one in stage["grades"]] for stage in told[0]["stages"]] == [
        ["good", "strong"],
        ["fair", "weak"],
    ]
    assert [row[-1] for row in round_.sheet.rows][:2] == ["Strong", "Weak"]

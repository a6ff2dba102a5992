"""The next grade, what would be if, and where many units lose."""

import json
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from rubric_engine import SubmissionError, cohort_losses, compile_rubric, load_rubric, next_grade, score_cohort, what_if
from rubric_engine.result.outcome import ReasonKind

RUBRICS = Path(__file__).parent.parent / "rubrics"


def shipped(name: str, submission: str) -> tuple[Any, dict[str, Any]]:
    path = RUBRICS / f"{name}.rubric"
    return load_rubric(path), json.loads((path.with_suffix("") / f"{submission}.json").read_text("utf-8"))


SHEET = """rubric "Sheet" id sheet
version 1
total 20 points

criterion 1 "Done" 10 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score in proportion to done / planned

criterion 2 "Reports" 10 points
  input late "Late reports": count
  start at full points
  deduct 2 for each of late because "reports came late"

grades by total
  good "Good": 18 or more, and nothing scored 0
  fair "Fair": 12 to below 18
  undecided "18 with a zero": otherwise
  poor "Poor": below 12
  no higher than fair when warned because "warned"
  input warned "Warned": yes/no
"""


def sheet(**inputs: object) -> dict[str, Any]:
    return {"unit": "A", "inputs": {"planned": 10, "done": 10, "late": 0, "warned": False, **inputs}}


@pytest.fixture(scope="module")
def rubric() -> Any:
    text = SHEET.replace('  undecided "18 with a zero": otherwise\n', "").replace(", and nothing scored 0", "")
    return compile_rubric(text)


# ---------------------------------------------------------------- next grade


def test_the_least_that_reaches_the_grade(rubric: Any) -> None:
    found = next_grade(rubric, sheet(done=5))
    assert (found.grade, found.next) == (("fair", "Fair"), ("good", "Good"))
    assert [change.words for change in found.changes] == ["Done: 3 more (5 → 8)"]
    assert (found.value, found.next_value, found.complete) == (15, 18, True)


def test_a_gate_in_the_way_is_part_of_the_change(rubric: Any) -> None:
    found = next_grade(rubric, sheet(done=5, warned=True))
    assert {change.name: change.after for change in found.changes} == {"done": "8", "warned": "no"}
    assert found.past
    alone = next_grade(rubric, sheet(warned=True))
    assert [change.name for change in alone.changes] == ["warned"]


def test_two_facts_where_one_leaf_is_not_enough(rubric: Any) -> None:
    found = next_grade(rubric, sheet(done=2, late=4))
    assert found.grade == ("poor", "Poor")
    assert [change.name for change in found.changes] == ["done"]
    further = next_grade(rubric, sheet(done=7, late=4))
    assert {change.name for change in further.changes} == {"done", "late"} or len(further.changes) == 1


def test_the_best_grade_has_nothing_above_it(rubric: Any) -> None:
    assert next_grade(rubric, sheet()).is_best


def test_what_stands_in_the_way_is_said() -> None:
    text = SHEET.replace('  undecided "18 with a zero": otherwise\n', "").replace(", and nothing scored 0", "")
    shared = text.replace('input warned "Warned": yes/no', 'given to all units warned "Warned": yes/no')
    found = next_grade(compile_rubric(shared), sheet(done=5, warned=True))
    assert not found.found
    assert found.best_value == 20
    assert found.in_the_way == ("on the grade: warned", "not reached: Good (18 or more)")


def test_facts_still_missing_are_named(rubric: Any) -> None:
    found = next_grade(rubric, sheet(late=None))
    assert found.grade is None
    assert found.waits == (("late", "Late reports"),)


def test_nothing_scored_0_is_mended_by_the_least_that_lifts_it() -> None:
    rubric, submission = shipped("vn/can-tho-2579", "don-vi-minh-hoa-c-co-tieu-chi-0-diem")
    found = next_grade(rubric, submission)
    assert found.next == ("tốt", "Tốt")
    assert [change.words for change in found.changes] == ["Số cuộc đối thoại với công dân: thêm 1 (0 → 1)"]


def test_hai_phong_asks_for_points_and_for_every_condition_of_the_row() -> None:
    rubric, submission = shipped("vn/hai-phong-212", "don-vi-minh-hoa-a")
    found = next_grade(rubric, submission)
    assert found.next == ("tốt", "Hoàn thành tốt nhiệm vụ")
    after = what_if(rubric, submission, found.submission)
    assert after.after.grade is not None
    assert after.after.grade.name == "tốt"
    names = {change.name for change in found.changes}
    assert {"chỉ_tiêu_xong", "tiêu_chí_chưa_bảo_đảm", "đơn_vị_hoàn_thành"} < names
    for left_out in names:
        fewer = {name: value for name, value in found.submission["inputs"].items() if name != left_out}
        try:
            part = what_if(rubric, submission, {"inputs": fewer}).after.grade
        except SubmissionError:
            continue
        assert part is not None
        assert part.name != "tốt"


def test_no_table_and_no_such_table(rubric: Any) -> None:
    ungraded, submission = shipped("vn/ca-mau-1880", "don-vi-minh-hoa-a")
    with pytest.raises(ValueError, match="no table"):
        next_grade(ungraded, submission)
    with pytest.raises(KeyError):
        next_grade(rubric, sheet(), table="other")
    json.dumps(next_grade(rubric, sheet(done=5)).to_dict())


# ---------------------------------------------------------------- what if


def test_what_if_shows_what_moves(rubric: Any) -> None:
    found = what_if(rubric, sheet(done=5), {"inputs": {"done": 8, "warned": True}})
    assert [(leaf.code, leaf.change) for leaf in found.moved] == [("1", 3)]
    assert (found.total, found.index) == (3, F(3, 20))
    assert found.before.grade is not None
    assert [now.label for _, now in found.gates if now] != []
    assert json.loads(json.dumps(found.to_dict()))["total"]["change"] == "3"


def test_null_takes_back_and_strange_names_are_refused(rubric: Any) -> None:
    assert what_if(rubric, sheet(), {"inputs": {"late": None}}).after.missing == ("late",)
    with pytest.raises(SubmissionError, match="latte"):
        what_if(rubric, sheet(), {"inputs": {"latte": 1}})
    with pytest.raises(SubmissionError, match="outputs"):
        what_if(rubric, sheet(), {"outputs": {"late": 1}})
    with pytest.raises(SubmissionError):
        what_if(rubric, sheet(), {"inputs": [1]})
    with pytest.raises(SubmissionError):
        what_if(rubric, sheet(), {"inputs": {"done": 11}})


def test_a_register_is_changed_whole_and_evidence_by_name() -> None:
    rubric, submission = shipped("vn/can-tho-2579", "don-vi-minh-hoa-a")
    found = what_if(rubric, submission, {"inputs": {"báo_cáo_muộn": []}, "evidence": {"văn_bản_kế_hoạch": None}})
    assert {leaf.code: leaf.change for leaf in found.moved} == {"1.1": -2, "1.3": F(1, 4)}


def test_what_if_among_others_says_the_rank() -> None:
    text = """rubric "Ranked" id ranked
version 1
total 10 points

criterion 1 "Rate" 10 points
  input rate "Rate": number, from 0 to 10
  score
    when rate >= average rate among units: 10
    otherwise: 0

ranking
  by total
"""
    rubric = compile_rubric(text.split("\nranking")[0])
    units = [{"unit": name, "inputs": {"rate": rate}} for name, rate in (("A", 2), ("B", 5), ("C", 8))]
    cohort = score_cohort(rubric, units)
    found = what_if(rubric, units[0], {"inputs": {"rate": 9}}, cohort=cohort)
    assert found.rank_before is not None
    assert found.rank_after is not None
    assert (found.rank_before.rank, found.rank_after.rank) == (3, 1)
    # the average moves with the unit: 5 before, 22/3 after
    assert found.after.total.published == 10
    alone = what_if(rubric, units[1], {"inputs": {}}, cohort=cohort)
    assert alone.before == alone.after
    with pytest.raises(ValueError, match="no unit"):
        what_if(rubric, {"unit": "D", "inputs": {"rate": 1}}, {}, cohort=cohort)


# ---------------------------------------------------------------- many units


def test_where_many_units_lose(rubric: Any) -> None:
    units = [sheet(done=5, late=1), sheet(late=2), sheet(late=1), sheet()]
    for number, unit in enumerate(units):
        unit["unit"] = str(number)
    losses = cohort_losses(score_cohort(rubric, units))
    assert [(loss.code, loss.units, loss.scored, loss.points) for loss in losses] == [("2", 3, 4, 8), ("1", 1, 4, 5)]
    late = losses[0]
    assert (late.share_of_units, late.average, late.average_of_losing, late.share) == (F(3, 4), 2, F(8, 3), F(8, 13))
    assert late.reason is not None
    assert (late.reason.kind, late.reason.label, late.reason.units) == (
        ReasonKind.DEDUCTION, "reports came late", 3,
    )  # fmt: skip
    json.dumps([loss.to_dict() for loss in losses])


def test_losses_of_two_rubrics_are_not_added(rubric: Any) -> None:
    other, submission = shipped("vn/ca-mau-1880", "don-vi-minh-hoa-a")
    with pytest.raises(ValueError, match="different rubrics"):
        cohort_losses([rubric.evaluate(sheet()), other.evaluate(submission)])
    assert cohort_losses([]) == ()

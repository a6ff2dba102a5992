"""Several grade tables: by the total, by a heading, by a label; with conditions and names."""

import pytest

from rubric_engine import compile_rubric
from rubric_engine.diagnostics.catalogue import help_text
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.engine import check_text
from rubric_engine.result.result import Result

HEAD = 'rubric "Test" id test.grades\nversion 1\n'
SHEET = """input homeroom: yes/no
input decision: one of low < high < very_high

criterion 1 "Plan" 10 points
  score judged
criterion 2 "Report" 10 points
  rounded half-up to 0 places
  score judged
"""
USES = """
grades own by total when homeroom
  a "A": 15 or more
  b "B": below 15

grades other by total when not homeroom, first that holds
  a "A": 10 or more
  b "B": otherwise
  one grade lower when met 2 because "too good"

grades by index of 2
  good "Good": 50% or more
  poor "Poor": below 50%

grades label "By decision" by decision
  good "Good": high, very_high
  poor "Poor": low
  no higher than poor when points of 1 = 0
"""


def grades_of(result: Result) -> list[tuple[str, str, str | None]]:
    return [(one.table, one.node, one.name) for one in result.grades]


def told(body: str) -> list[tuple[str, str]]:
    return [(one.code, one.help) for one in check_text(HEAD + body).diagnostics]


def only(body: str) -> Diagnostic:
    found = check_text(HEAD + body).diagnostics
    assert len(found) == 1, [(one.code, one.help) for one in found]
    return found[0]


def test_each_table_gives_its_own_grade() -> None:
    compiled = compile_rubric(HEAD + SHEET + USES)
    plan = compiled.plan
    assert [(table.name, table.title, table.node) for table in plan.grades] == [
        ("own", "", -1), ("other", "", -1), ("", "", 1), ("label", "By decision", -1),
    ]  # fmt: skip
    assert plan.grades[3].subject is None
    given = {"inputs": {"homeroom": True, "decision": "high"}, "judged": {"1": 8, "2": 6}}
    assert grades_of(compiled.evaluate(given)) == [("own", "", "b"), ("", "2", "good"), ("label", "", "good")]
    given = {"inputs": {"homeroom": False, "decision": "very_high"}, "judged": {"1": 0, "2": 10}}
    assert grades_of(compiled.evaluate(given)) == [("other", "", "b"), ("", "2", "good"), ("label", "", "poor")]


def test_gates_hang_to_the_table_above() -> None:
    plan = compile_rubric(HEAD + SHEET + USES).plan
    assert [len(table.gates) for table in plan.grades] == [0, 1, 0, 1]


def test_the_same_in_vietnamese() -> None:
    body = """bộ tiêu chí "Thử" mã test.vi
phiên bản 1
dữ liệu chủ_nhiệm: có/không
dữ liệu mức: một trong thấp, cao

tiêu chí 1 "Kế hoạch" 10 điểm
  chấm theo nhận xét

xếp loại gv "Giáo viên" theo tổng điểm khi chủ_nhiệm, lấy dòng đúng đầu tiên
  tốt "Tốt": 8 trở lên
  kém "Kém": còn lại

xếp loại theo mức
  khá "Khá": cao
  yếu "Yếu": thấp
"""
    result = compile_rubric(body).evaluate({"inputs": {"chủ_nhiệm": True, "mức": "thấp"}, "judged": {"1": 9}})
    assert grades_of(result) == [("gv", "", "tốt"), ("", "", "yếu")]


# ---------------------------------------------------------------- faults


def test_each_table_is_looked_at_with_its_own_subject() -> None:
    body = SHEET + """
grades own by total
  a "A": 15 or more
  b "B": below 15

grades by index of 2
  good "Good": 50% or more
  poor "Poor": below 40%
"""
    found = [one for one in check_text(HEAD + body).diagnostics if one.code != "RUB209"]
    assert [one.code for one in found] == ["RUB415"]
    assert dict(found[0].values)["value"] == "40%"


def test_a_heading_that_rounds_has_no_holes_between_its_steps() -> None:
    body = """criterion 1 "Plan" 10 points
  rounded half-up to 0 places
  score judged

grades by points of 1
  a "A": 8 to 10
  b "B": 0 to 7
"""
    assert told(body) == []
    assert [code for code, _ in told(body.replace("  rounded half-up to 0 places\n", ""))] == ["RUB415"]


def test_holes_are_looked_for_where_the_table_applies() -> None:
    body = """input seen: count
criterion 1 "Plan" 10 points
  score when seen > 5 then 10 otherwise 0

grades by points of 1 when seen > 5
  a "A": 10

grades by total when seen <= 5
  b "B": 0 or more
"""
    assert "RUB415" in [code for code, _ in told(body.replace("when seen > 5\n", "\n"))]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('  a "A": low, high\n', ("RUB406", "help_grades")),
        ('  a "A": low, high\n  b "B": high, very_high\n', ("RUB407", "help")),
        ('  a "A": low\n  b "B": 85 or more\n', ("RUB212", "help_grade_levels")),
        ('  a "A": low, hig\n  b "B": very_high\n', ("RUB206", "help_near")),
        ('  a "A": low, high, very_high\n  b "B": otherwise\n', ("RUB417", "help_otherwise")),
    ],
)
def test_a_table_by_a_label_speaks_for_every_level_once(rows: str, expected: tuple[str, str]) -> None:
    body = 'input decision: one of low, high, very_high\ncriterion 1 "Plan" 10 points\n  score judged\n'
    assert expected in told(f"{body}\ngrades by decision\n{rows}")


def test_a_table_by_a_label_may_say_otherwise() -> None:
    body = 'input decision: one of low, high, very_high\ncriterion 1 "Plan" 10 points\n  score judged\n'
    body += '\ngrades by decision\n  a: high, very_high\n  b "B": otherwise\n'
    assert told(body) == []
    result = compile_rubric(HEAD + body).evaluate({"inputs": {"decision": "low"}, "judged": {"1": 3}})
    assert grades_of(result) == [("", "", "b")]


def test_levels_are_no_rows_of_a_table_by_a_number() -> None:
    body = 'criterion 1 "Plan" 10 points\n  score judged\n\ngrades by total\n  a "A": low, high\n'
    assert told(body) == [("RUB212", "help_grades")]


ONE = 'criterion 1 "Plan" 10 points\n  input sort: yes/no\n  score when sort then 10 otherwise 0\n'


def _by(head: str) -> str:
    return f'\ngrades {head}\n  a "A": 5 or more\n  b "B": below 5\n'


def test_a_name_stands_once() -> None:
    assert told(ONE + _by("x by total") + _by("x by total when sort")) == [("RUB202", "help")]


def test_unnamed_tables_must_be_told_apart() -> None:
    assert told(ONE + _by("by total when sort") + _by("by total when not sort")) == []
    assert told(ONE + _by("by total") + _by("x by total")) == []
    assert told(ONE + _by("by total") + _by("by points of 1")) == []
    assert told(ONE + _by("by total") + _by("by total")) == [("RUB440", "help")]
    found = only(ONE + _by("by total when sort") + _by("by total"))
    assert (found.code, found.help, dict(found.example)) == ("RUB440", "help_condition", {"sort": "yes"})


def test_a_table_too_many_is_told_once() -> None:
    assert told(ONE + 3 * _by("by total")) == [("RUB440", "help"), ("RUB440", "help")]


def test_examples_ask_for_tables_that_are_there() -> None:
    body = ONE + _by("teachers by total") + _by("by points of 1")
    example = '\nexample "x"\n  given sort = yes\n  expect grade of {} = a\n'
    assert told(body + example.format("teachers")) == []
    assert told(body + example.format("1")) == []
    assert told(body + example.format("teacher")) == [("RUB217", "help_near")]
    assert told(body + example.format("total_points")) == [("RUB217", "help")]
    assert told(ONE + _by("by total") + example.format("1")) == [("RUB217", "help_none")]


def test_an_index_of_what_may_not_apply_needs_a_condition() -> None:
    body = """input school: yes/no
criterion 1 "Plan" 10 points
  not applicable when not school: excluded
  score judged
criterion 2 "Report" 10 points
  score judged

grades by index of 1{}
  a "A": 50% or more
  b "B": below 50%
"""
    assert told(body.format("")) == [("RUB414", "help_sheet")]
    assert told(body.format(" when school")) == []


def test_an_expected_grade_is_a_row_of_its_table() -> None:
    sheet = """rubric "Test" id test.expected
component 1 "Rate" 5 points
  score judged

grades teachers "T" by total
  good "Good": 3 or more
  poor "Poor": below 3
grades by points of 1
  high "High": 4 or more
  low "Low": below 4

example "case"
  given judged 1 = 4
"""

    def told_of(expected: str) -> list[tuple[str, str | None]]:
        return [(one.code, help_text(one, "en")) for one in check_text(f"{sheet}  expect {expected}\n").diagnostics]

    right = ("grade = good", "grade of teachers = good", "grade of 1 = high", "grade = pending", "grade = no grade")
    assert not any(map(told_of, right))
    assert told_of("grade of teachers = goo") == [("RUB207", "did you mean `good`?")]
    assert told_of("grade of teachers = high") == [("RUB207", "the grades are good, poor")]


CAPPED = """rubric "R" id r
version 1
total 100 points

component 1 "A" 100 points
  input homeroom: yes/no
  input n: count, at most 100
  score n

total at most 50 points when homeroom

grades a by total when homeroom
  good "Good": 30 to 50
  poor "Poor": 0 to below 30

grades b by total when not homeroom
  good "Good": 60 or more
  poor "Poor": below 60
"""


def test_a_table_ends_where_a_ceiling_under_its_condition_ends() -> None:
    assert [one.code for one in check_text(CAPPED).diagnostics] == []
    assert compile_rubric(CAPPED).evaluate({"inputs": {"homeroom": True, "n": 90}}).grade.name == "good"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change",
    [
        ("50 points when homeroom", "50 points when n > 60"),
        ("total 100 points", "total 100 points, rounded half-up to a multiple of 20"),
    ],
)
def test_a_ceiling_that_may_not_hold_closes_no_hole(change: tuple[str, str]) -> None:
    assert "RUB415" in {one.code for one in check_text(CAPPED.replace(*change)).diagnostics}


def test_a_floor_does_not_lift_the_total_over_its_ceiling() -> None:
    floor = "at most 50 points when homeroom\ntotal at least 60 points when n = 9\n"
    found = check_text(CAPPED.replace("at most 50 points when homeroom\n", floor)).diagnostics
    assert "RUB415" not in {one.code for one in found}

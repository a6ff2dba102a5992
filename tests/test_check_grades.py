"""Grade tables: holes, overlaps, rows that never hold."""

from fractions import Fraction

import pytest
from checking import HEAD_VI, findings, only, told

SHEET = 'total 100 points{rounding}\ncomponent 1 "Work" 100 points\n  score judged\n'


def table(rows: str, inputs: str = "", first: bool = False, rounding: str = "") -> str:
    """A sheet of 100 points with a grade table; its first row is line 5, with inputs line 6."""
    declared = f"input {inputs}\n" if inputs else ""
    return f"{SHEET.format(rounding=rounding)}{declared}grades by total{', first that holds' if first else ''}\n{rows}"


def test_a_complete_table() -> None:
    assert told(table("  a: 90 or more\n  b: 50 to below 90\n  c: below 50")) == []


def test_a_missed_condition_leaves_no_grade() -> None:
    found = only(table("  a: 90 or more, and ok\n  b: 50 to below 90\n  c: below 50", "ok: yes/no"))
    assert (found.code, found.line) == ("RUB415", 6)
    assert found.message == "a result of 90 can end without a grade"
    assert "when `ok` does not hold" in found.help
    assert found.example == {"total": "90", "ok": "no"}


def test_each_row_with_a_condition_has_its_own_hole() -> None:
    rows = "  a: above 90, and p and q\n  b: above 80 to 90, and q\n  c: 50 to 80\n  d: below 50"
    found = findings(table(rows, "p, q: yes/no"))
    assert [(one.code, one.line) for one in found] == [("RUB415", 6), ("RUB415", 7)]
    assert [one.example["q"] for one in found] == ["yes", "no"]


@pytest.mark.parametrize(
    ("rows", "inputs"),
    [
        ("  a: 90 or more, and ok\n  b: 90 or more, and not ok\n  c: below 90", "ok: yes/no"),
        ("  a: 90 or more, and n >= 5\n  b: 90 or more, and n < 5\n  c: below 90", "n: count"),
        ("  a: 90 or more, and p and q\n  b: below 90\n  c: otherwise", "p, q: yes/no"),
        ("  a: when p\n  b: when q and not p\n  c: when not p and not q", "p, q: yes/no"),
        ("  a: 90 or more, and k is x\n  b: 90 or more, and k is one of (y, z)\n  c: below 90", "k: one of x, y, z"),
    ],
)  # fmt: skip
def test_conditions_that_cover_each_other(rows: str, inputs: str) -> None:
    assert told(table(rows, inputs)) == []


def test_a_gap_between_bands_is_shown_on_the_grid_of_the_points() -> None:
    rows = "  a: 90 or more\n  b: 50 to 89\n  c: below 50"
    assert only(table(rows)).message == "a result of 89.5 can end without a grade"
    assert told(table(rows, rounding=", rounded half-up to 0 places")) == []
    whole = table(rows).replace("score judged", "score judged from 0 to 100 in steps of 1")
    assert told(whole) == []
    # What is given instead may lie between the steps.
    required = whole.replace("  score judged", "  input ok: yes/no\n  require ok, otherwise {}\n  score judged")
    assert told(required.format("10")) == []
    assert [one.code for one in findings(required.format("89.5"))] == ["RUB415"]


def test_two_rows_at_once() -> None:
    found = only(table("  a: 90 or more\n  b: 50 to 90\n  c: below 50"))
    assert (found.code, found.line) == ("RUB416", 6)
    assert found.message == "a result of 90 can get both `a` and `b`"
    assert found.example == {"total": "90"}


def test_two_rows_whose_conditions_can_hold_together() -> None:
    found = only(table("  a: 90 or more, and p\n  b: 90 or more, and q\n  c: below 90\n  d: otherwise", "p, q: yes/no"))
    assert (found.code, found.example) == ("RUB416", {"total": "90", "p": "yes", "q": "yes"})


def test_first_that_holds_settles_the_order() -> None:
    assert told(table("  a: 90 or more\n  b: 50 or more\n  c: otherwise", first=True)) == []


def test_first_that_holds_still_needs_to_be_complete() -> None:
    assert [code for code, _ in told(table("  a: 90 or more\n  b: 50 or more", first=True))] == ["RUB415"]


def test_a_row_shadowed_by_one_above() -> None:
    assert told(table("  a: 50 or more\n  b: 90 or more\n  c: otherwise", first=True)) == [("RUB417", 6)]


def test_a_row_beyond_the_total() -> None:
    found = only(table("  z: above 100\n  a: 50 to 100\n  c: below 50"))
    assert (found.code, found.line) == ("RUB417", 5)
    assert "`total` only lies from 0 to 100" in found.help


def test_otherwise_with_nothing_left() -> None:
    assert told(table("  a: 50 or more\n  b: below 50\n  c: otherwise")) == [("RUB417", 7)]


def test_an_undecided_row_closes_a_hole_openly() -> None:
    rows = '  a: 90 or more, and nothing scored 0\n  b: below 90\n  undecided "the text is silent": otherwise'
    assert told(table(rows)) == []


def test_many_statements_do_not_take_long() -> None:
    names = [f"x{at}" for at in range(14)]
    rows = f"  a: 90 or more, and {' and '.join(names)}\n  b: below 90\n  c: otherwise"
    assert told(table(rows, f"{', '.join(names)}: yes/no")) == []


def test_a_hole_in_vietnamese() -> None:
    body = """tổng điểm 100 điểm
tiêu chí thành phần 1 "Mục" 100 điểm
  chấm theo nhận xét
dữ liệu dung_han: có/không
xếp loại theo tổng điểm
  tot "Tốt": 90 trở lên, và dung_han
  kem "Kém": dưới 90"""
    found = only(body, HEAD_VI)
    assert found.message == "kết quả 90 có thể không được xếp loại nào"
    assert found.example == {"tổng điểm": "90", "dung_han": "không"}


def test_a_result_above_the_best_grade_does_not_fall_to_the_last() -> None:
    rows = "  a: 90 to 100\n  b: 50 to below 90\n  c: otherwise"
    body = 'component 1 "A" {} points\n  score judged\ngrades by total\n' + rows
    found = only(body.format(110))
    assert (found.code, found.line) == ("RUB458", 6)
    assert Fraction(found.example["total"]) > 100
    assert told(body.format(100)) == []
    assert told(body.format(110).replace("90 to 100", "90 or more")) == []
    assert told(body.format(110).replace("b: 50 to below 90", "b: below 90")) == []  # what is meant

"""RUB448, RUB449 and their kin: what a worked example gives is read before anybody runs it."""

import pytest
from checking import HEAD, HEAD_VI, Found, findings, only, told

from rubric_engine.casetest import run_examples
from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.diagnostics.shape import Severity
from rubric_engine.engine import check_text, compile_rubric
from rubric_engine.syntax.formatter import format_text

SHEET = """\
component 1 "Reports" 5 points
  input planned "Planned": count, from 1 to 20
  input done "Done": count, at most planned
  input rate "Rate": percent, from 0% to 100%, with 1 decimal
  input plan "Plan": one of timely, late
  input ready "Ready": yes/no
  input issued_on "Issued": date, at most 2024-12-31
  input late "Late": list
    column days "Days": count, at least 1
    column kind "Kind": one of monthly, yearly
    column share "Share": percent, optional
    column remark "Remark": text
  input scores "Scores": ratings 1 to 5, at least 2 raters
  start at full points
  deduct 1 for each of late where kind is yearly and days > 3
  deduct 1 when done < planned or rate < 50% or plan is late or not ready or issued_on > 2024-06-30
  deduct 1 when mean of scores < 3 or (count of late where share > 200%) > 1
component 2 "Judged" 5 points
  score judged from 0 to 5 in steps of 0.5

example "case"
"""
LINES = SHEET.count("\n")


def given(items: str, expect: str = "1 is pending") -> str:
    return f"{SHEET}  given {items}\n  expect {expect}\n"


def the_one(items: str, expect: str = "1 is pending") -> Found:
    found = only(given(items, expect))
    assert found.line == LINES + 1
    return found


@pytest.mark.parametrize(
    "items",
    [
        "planned = 20, done = 20, rate = 12.5%, plan is late, ready = yes, issued_on = 2024-12-31",
        "late = [], scores = [1, 5]",
        'late = [(days: 1, kind: yearly, share: 5%, remark: "said"), (days: 2, kind: monthly, share: 0%, remark: x)]',
        "judged 2 = 4.5",
        "rate = 85, plan is missing",
        'planned = "12", plan = "late"',
    ],
)
def test_what_a_unit_may_say(items: str) -> None:
    assert told(given(items)) == []


@pytest.mark.parametrize(
    ("items", "text", "help"),
    [
        ("planned = 21", "21", "it must be ≤ 20"),
        ("planned = 0", "0", "it must be ≥ 1"),
        ("planned = 1.5", "1.5", "write a whole number"),
        ("planned = 50%", "50%", "it is not a percent: leave the `%` out"),
        ("planned = many", "many", "write a number, such as `12`"),
        ("planned = yes", "yes", "write a number, such as `12`"),
        ("planned = []", "planned = []", "it is one value: write `planned = …`, without brackets"),
        ("rate = 100.5%", "100.5%", "it must be ≤ 100%"),
        ("rate = 0.5", "0.5", "write `50%` or `0.5%`, with the percent sign"),
        ("rate = 12.25%", "12.25%", "write at most 1 digits after the decimal mark"),
        ("rate = high", "high", "write a percent, such as `85%`"),
        ("ready is late", "late", "write yes or no"),
        ("issued_on = 2025-01-01", "2025-01-01", "it must be ≤ 2024-12-31"),
        ("issued_on = 12", "12", "write a date"),
        ("planned = 3, done = 4", "4", "it must be ≤ planned, and planned = 3"),
        ("late = 3", "3", "it is a list: write its rows in brackets, `[(column: value)]`, or `[]` for none"),
        ("late = [(days: 0)]", "0", "it must be ≥ 1"),
        ("late = [(days: 1), (share: 0.25)]", "0.25", "write `25%` or `0.25%`, with the percent sign"),
        ("scores = [4, 6]", "6", "it must be ≤ 5"),
        ("scores = [4, -1]", "-1", "it must be ≥ 1"),
        ("scores = [4, 4.5]", "4.5", "write a whole number"),
        ("scores = 4", "4", "write the numbers in brackets: `[4, 5, 3]`"),
        ("scores = [(mark: 4)]", "mark", "write the numbers in brackets: `[4, 5, 3]`"),
        ("judged 2 = 6", "6", "give from 0 to 5 points, in steps of 0.5"),
        ("judged 2 = 0.25", "0.25", "give from 0 to 5 points, in steps of 0.5"),
        ("judged 1 = 2", "2", "nobody judges it: judged here are `2`"),
    ],
)
def test_what_no_unit_may_say(items: str, text: str, help: str) -> None:
    found = the_one(items)
    assert (found.code, found.text, found.help) == ("RUB448", text, help)


@pytest.mark.parametrize(
    ("items", "code", "text", "message_", "help"),
    [
        ("plan is lat", "RUB206", "lat", "`plan` has no level `lat`", "did you mean `late`?"),
        ("plan is yes", "RUB206", "yes", "`plan` has no level `yes`", "its levels are timely, late"),
        ("late = [(kind: yearli)]", "RUB206", "yearli", "`kind` has no level `yearli`", "did you mean `yearly`?"),
        (
            "late = [(days: 3), (dyas: 3)]", "RUB312", "dyas", "`late` has no such column, or none is named here",
            "did you mean `days`?",
        ),
        (
            "late = [3]", "RUB312", "3", "`late` has no such column, or none is named here",
            "use one of its columns: days, kind, share, remark",
        ),
        ("late = [(days: 3, days: 4)]", "RUB211", "days", "`days` stands a second time", "keep one of the two"),
        ("planned = 3, planned = 4", "RUB211", "planned", "`planned` stands a second time", "keep one of the two"),
        ("judged 2 = 3, judged 2 = 4", "RUB211", "2", "`2` stands a second time", "keep one of the two"),
    ],
)  # fmt: skip
def test_what_is_told_as_anywhere_else(items: str, code: str, text: str, message_: str, help: str) -> None:
    found = the_one(items)
    assert (found.code, found.text, found.message, found.help) == (code, text, message_, help)


def test_every_fault_of_a_register_is_told_at_its_place() -> None:
    found = findings(given("late = [(days: 0, kind: x), (dyas: 1)], scores = [9, 0]"))
    assert [(one.code, one.text) for one in found] == [
        ("RUB448", "0"), ("RUB206", "x"), ("RUB312", "dyas"), ("RUB448", "9"), ("RUB448", "0"),
    ]  # fmt: skip
    assert [one.diagnostic.span.start for one in found] == sorted(one.diagnostic.span.start for one in found)


def test_rows_that_say_too_little() -> None:
    # Of a monthly report no rule reads the days.
    rows = "(days: 5, kind: monthly), (days: 5), (kind: yearly), (kind: monthly)"
    found = findings(given(f"late = [{rows}], scores = [4]", "total = 4"))
    assert [(one.code, one.text) for one in found] == [
        ("RUB449", "(days: 5)"), ("RUB449", "(kind: yearly)"), ("RUB449", "scores = [4]"),
    ]  # fmt: skip
    first, second, third = found
    assert first.message == "what the example gives of `late` is too little to score by"
    assert first.help == "this row has no `kind`, which a rule reads: add it, or say that something is `pending`"
    assert "no `days`" in second.help
    assert third.help.startswith("1 of the 2 ratings it takes stand here, and fewer count as none")


@pytest.mark.parametrize("expect", ["1 is pending", "total is pending", "1 is not rated", "total = 3, 1 is pending"])
def test_an_example_about_waiting_leaves_out_on_purpose(expect: str) -> None:
    assert told(given("late = [(days: 5)], scores = [4]", expect)) == []


def test_a_cell_no_rule_reads_may_be_left_out() -> None:
    assert told(given("late = [(days: 5, kind: monthly)]", "total = 5")) == []


def test_a_vietnamese_example() -> None:
    body = """\
tiêu chí 1 "Báo cáo" 5 điểm
  dữ liệu tỷ_lệ_xong "Tỷ lệ": phần trăm, từ 0% đến 99,5%
  dữ liệu chậm "Báo cáo chậm": danh sách
    cột ngày_chậm "Số ngày": số lượng, tối thiểu 1
    cột cỡ "Cỡ": một trong nhỏ, lớn
  chấm khi tỷ_lệ_xong > 50% thì 5 nếu không thì tổng của ngày_chậm trong chậm

ví dụ "một"
  cho tỷ_lệ_xong = 99,75%, chậm = [(ngày_chậm: 0, cỡ: lơn)]
  kết quả tổng điểm = 5
"""
    high, low, level = findings(body, HEAD_VI)[-3:]
    assert high.message == "`99,75%` không thể là giá trị của `tỷ_lệ_xong`"
    assert high.help == "giá trị phải ≤ 99,5%"
    assert low.help == "giá trị phải ≥ 1"
    assert (level.code, level.help) == ("RUB206", "có phải ý bạn là `lớn`?")


def test_check_finds_what_the_run_would_refuse() -> None:
    """The places of all findings are those of the examples: nothing is left for `test` to refuse."""
    items = "planned = 3, done = 4, rate = 0.5, late = [(dyas: 1)], scores = [9], judged 2 = 7"
    checked = check_text(HEAD + given(items, "total = 3"))
    assert checked.rubric is None
    assert {checked.source.line_number(one.span.start) for one in checked.diagnostics} == {LINES + 3}
    sound = compile_rubric(HEAD + given("planned = 3, done = 3, judged 2 = 5"))
    assert [outcome.refused for outcome in run_examples(sound)] == [""]


def test_a_warning_keeps_nobody_from_scoring() -> None:
    checked = check_text(HEAD + given("late = [(days: 5)]", "points of 1 = 4"))
    (found,) = checked.diagnostics
    assert checked.rubric is not None
    from rubric_engine.diagnostics.catalogue import severity

    assert severity(found) is Severity.WARNING
    assert message(found, "vi").startswith("số liệu về `late`")
    assert "`kind`" in (help_text(found, "vi") or "")


FIGURES = """component 1 "Rate" 5 points
  input rate: percent, from 0% to 100%
  score
    when previous rate is missing: 2
    when rate >= average rate among units: 5
    otherwise: 0

example "case"
"""


@pytest.mark.parametrize(
    ("items", "code", "text"),
    [
        ("average rate among units = 120%", "RUB448", "120%"),
        ("average rate among units = yes", "RUB448", "yes"),
        ("previous rate = 40%, previous rate = 50%", "RUB211", "previous rate"),
    ],
)
def test_a_figure_is_read_as_a_fact_is(items: str, code: str, text: str) -> None:
    found = only(f"{FIGURES}  given rate = 50%, {items}\n  expect total = 5\n")
    assert (found.code, found.text) == (code, text)


def test_a_figure_may_be_missing() -> None:
    example = "  given rate = 50%, previous rate is missing, average rate among units is missing\n  expect total = 2\n"
    assert told(FIGURES + example) == []
    rubric = compile_rubric(HEAD + FIGURES + example)
    assert [outcome.passed for outcome in run_examples(rubric)] == [True]
    assert example.split(", ", 1)[1].splitlines()[0] in format_text(HEAD + FIGURES + example).text
    assert "giá trị kỳ trước của rate là chưa có" in format_text(HEAD + FIGURES + example, to="vi").text

"""Worked examples in a rubric: what holds, what does not, and what is said then."""

import pytest

from rubric_engine import compile_rubric
from rubric_engine.casetest import ExampleOutcome, run_examples
from rubric_engine.engine import check_text

RUBRIC = """\
rubric "Sheet" id t.sheet
version 1
total 4 points, rounded half-up to 2 places

area 1 "Area" 4 points
criterion 1.1 "Plan" 2 points
  input plan "When": one of timely "in time", late "late"
  evidence decision "Decision" required, if missing score 0
  score by plan
    timely: 2
    late: 1
criterion 1.2 "Done" 2 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score in proportion to done / planned

grades by total
  good "Good": 3 or more
  poor "Poor": below 3

example "case"
  given plan is timely, planned = 3, done = 2
  given evidence decision "12/QD" accepted
"""


def run(expect: str, rubric: str = RUBRIC) -> ExampleOutcome:
    (outcome,) = run_examples(compile_rubric(rubric + f"  expect {expect}\n", name="t.rubric"))
    return outcome


@pytest.mark.parametrize(
    "expect",
    [
        "points of 1.1 = 2",
        "total = 3.33",
        "grade = good",
        "1.1 is scored",
        "index of total = 83.25%",
        "index of total = 83.3%",
        "index of 1.2 = 66.67%",
        "index of 1.1 = 100%",
        "points of 1.1 = 2, total = 3.33, grade = good",
    ],
)
def test_what_holds(expect: str) -> None:
    outcome = run(expect)
    assert outcome.passed, outcome
    assert outcome.title == "case"
    assert outcome.line == RUBRIC[: RUBRIC.index("example")].count("\n") + 1


@pytest.mark.parametrize(
    ("expect", "expected", "value"),
    [
        ("points of 1.1 = 1", "1", "2"),
        ("points of 1.2 = 1.3333", "1.3333", "≈1.3333"),
        ("total = 3.34", "3.34", "3.33"),
        ("grade = poor", "poor", "good"),
        ("1.1 is pending", "pending", "scored"),
        ("index of total = 83.34%", "83.34%", "83.25%"),
        ("index of total = 83.30%", "83.3%", "83.25%"),
        ("index of 1.2 = 66%", "66%", "≈66.6667%"),
    ],
)
def test_what_does_not_hold(expect: str, expected: str, value: str) -> None:
    outcome = run(expect)
    assert not outcome.passed
    (failure,) = outcome.failures
    assert (failure.expected, failure.value) == (expected, value)
    assert failure.line == RUBRIC.count("\n") + 1
    assert failure.what == expect


def test_a_failure_explains_the_leaf() -> None:
    (failure,) = run("points of 1.1 = 1").failures
    assert "Plan" in failure.explanation
    assert "in time" in failure.explanation or "timely" in failure.explanation


def test_every_failing_expectation_is_told() -> None:
    outcome = run("points of 1.1 = 0, total = 3.33, grade = poor")
    assert [failure.value for failure in outcome.failures] == ["2", "good"]


def test_a_submission_that_is_refused_fails_the_example() -> None:
    outcome = run("total = 4", RUBRIC.replace("12/QD", "12\u202e/QD"))
    assert not outcome.passed
    assert "evidence.decision[0].reference" in outcome.refused
    assert outcome.failures == ()


def test_missing_facts_leave_a_range() -> None:
    rubric = RUBRIC.replace("plan is timely, ", "")
    assert run("1.1 is pending, 1 is pending", rubric).passed
    (failure,) = run("total = 2", rubric).failures
    assert "2.33" in failure.value
    assert "3.33" in failure.value


def test_rejected_evidence() -> None:
    rubric = RUBRIC.replace("accepted", "rejected")
    assert run("points of 1.1 = 0, 1.1 is refused, grade = poor", rubric).passed


def test_vietnamese_numbers_and_dates() -> None:
    rubric = """\
bộ tiêu chí "Phiếu" mã t.phieu
phiên bản 1
tổng điểm 2 điểm

tiêu chí 1 "Tỷ lệ" 1 điểm
  dữ liệu tỷ_lệ_xong "Tỷ lệ": phần trăm, từ 0% đến 100%
  chấm theo tỷ_lệ_xong
    85,125% trở lên: 1
    dưới 85,125%: 0,25
tiêu chí 2 "Ngày" 1 điểm
  dữ liệu ngày_nộp "Ngày nộp": ngày
  chấm theo ngày_nộp
    chậm nhất 15/12/2023: 1
    sau 15/12/2023: 0

ví dụ "một"
  cho tỷ_lệ_xong = 0,5%, ngày_nộp = 15/12/2023
"""
    (outcome,) = run_examples(compile_rubric(rubric + "  kết quả tổng điểm = 1,25, điểm của 1 = 0,25\n"))
    assert outcome.passed, outcome
    (outcome,) = run_examples(compile_rubric(rubric.replace("= 0,5%", "= 85,125%") + "  kết quả tổng điểm = 2\n"))
    assert outcome.passed, outcome
    (outcome,) = run_examples(compile_rubric(rubric + "  kết quả tổng điểm = 1,5\n"))
    assert [(each.expected, each.value) for each in outcome.failures] == [("1,5", "1,25")]


def test_rows_and_ratings() -> None:
    rubric = """\
rubric "Sheet" id t.rows
version 1
total 4 points

area 1 "Reports" 2 points
  input late "Late reports": list
    column days "Days late": count
    column kind "Kind": one of plan "plan", report "report"
  start at full points
  deduct 0.5 for each of late where days > 5 and kind is report
area 2 "Panel" 2 points
  input scores "Scores": ratings 0 to 2, at least 2 raters, with 1 decimal
  score mean of scores if none 0

example "two rows, two raters"
  given late = [(days: 9, kind: report), (days: 9, kind: plan)], scores = [1.5, 2]
  expect points of 1 = 1.5, points of 2 = 1.75, total = 3.25

example "none late, one rater"
  given late = [], scores = [2]
  expect points of 1 = 2, 2 is pending
"""
    first, second = run_examples(compile_rubric(rubric))
    assert first.passed, first
    assert second.passed, second


GRADED = """rubric "x" id x.y
total 8 points
published as percent of applicable maximum, rounded half-up to 2 places
input staff: one of teacher, other

area 1 "One" 6 points
  component 1.1 "A" 6 points
    score judged
area 2 "Two" 2 points
  component 2.1 "B" 2 points
    score judged

grades by total when staff is other
  good: 5 or more
  poor: below 5
grades teachers "Giáo viên" by total when staff is teacher
  high: 7 or more
  low: below 7
grades by index of 1
  whole: 100% or more
  short: below 100%

example "by name and by heading"
  given staff is teacher, judged 1.1 = 6, judged 2.1 = 0.5
  expect {}
"""


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("published = 81.25%", None),
        ("published = 81.3%", "81.25%"),
        ("published = 0.8125", None),
        ("grade of teachers = low", None),
        ("grade of teachers = high", "low"),
        ("grade of 1 = whole", None),
        ("grade of 1 = short", "whole"),
        ("grade = low", None),
    ],
)
def test_what_is_published_and_the_grade_of_each_table(expected: str, shown: str | None) -> None:
    (outcome,) = run_examples(compile_rubric(GRADED.format(expected)))
    assert [failure.value for failure in outcome.failures] == ([] if shown is None else [shown])
    assert not outcome.refused


def test_a_published_share_without_rounding_is_compared_as_written() -> None:
    text = GRADED.replace(", rounded half-up to 2 places", "")
    (outcome,) = run_examples(compile_rubric(text.format("published = 81.3%")))
    assert outcome.passed


STAGED = """\
rubric "Staged" id t.staged
version 1
total 4 points
stages self "Self", appraisal "Appraisal"

criterion 1.1 "Own" 2 points
  input done "Done": yes/no
  score by done
    yes: 2
    no: 0
criterion 1.2 "Judged" 2 points
  judged from appraisal
  score judged

grades by total
  good "Good": 3 or more
  poor "Poor": below 3
"""


def test_an_example_may_stand_at_a_stage() -> None:
    examples = """
example "before the appraisal" at stage self
  given done = yes
  expect 1.2 is not due, points of 1.1 = 2

example "at the end" at stage appraisal
  given done = yes, judged 1.2 = 1.5
  expect 1.2 is scored, total = 3.5, grade = good

example "as a whole"
  given done = yes
  expect 1.2 is not due
"""
    early, late, whole = run_examples(compile_rubric(STAGED + examples))
    assert early.passed, early
    assert late.passed, late
    (failure,) = whole.failures
    assert (failure.expected, failure.value) == ("not due", "pending")


def test_what_a_later_stage_asks_for_cannot_be_given_before() -> None:
    example = '\nexample "too early" at stage self\n  given done = yes, judged 1.2 = 1\n  expect points of 1.1 = 2\n'
    (outcome,) = run_examples(compile_rubric(STAGED + example))
    assert "judged.1.2" in outcome.refused
    assert not outcome.passed


@pytest.mark.parametrize(("stage", "help_key"), [("slef", "help_near"), ("elsewhere", "help")])
def test_an_unknown_stage_of_an_example_is_said(stage: str, help_key: str) -> None:
    found = check_text(STAGED + f'\nexample "x" at stage {stage}\n  given done = yes\n').diagnostics
    assert [(one.code, one.help) for one in found] == [("RUB240", help_key)]

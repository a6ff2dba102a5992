"""An error is shown by a submission, and only what is shown is an error: cases that were refused though right."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from checking import findings, leaf, only, told

from rubric_engine.analysis import check
from rubric_engine.analysis.resolve.rubric import resolve
from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.lower import lower
from rubric_engine.diagnostics.catalogue import codes, page
from rubric_engine.diagnostics.shape import Diagnostic, Severity
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric
from rubric_engine.facts.facts import read_submission
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse


def scored(text: str, found: Diagnostic) -> None:
    """The submission of a finding, scored whether or not the rubric may be used."""
    source = SourceFile.from_text(text)
    plan = lower(resolve(parse(source).tree, source).rubric, source)
    interpret(plan, read_submission(plan, found.submission))


# ---------------------------------------------------------------- grade tables over what can happen

FIVE = "total 15 points\n" + "\n".join(f'component {at} "C" 1 to 3 points\n  score judged{{}}' for at in range(1, 6))
FIVE_GRADES = '\ngrades by total\n  good "G": 10 or more\n  fair "F": 7 to 9\n  poor "P": 5 to 6'


def test_the_least_that_leaves_can_earn() -> None:
    assert told(FIVE.format(*[" in steps of 1"] * 5) + FIVE_GRADES) == []
    found = only(FIVE.format(*[""] * 5) + FIVE_GRADES)
    assert (found.code, found.message) == ("RUB415", "a result of 6.5 can end without a grade")
    assert sum(map(float, found.diagnostic.submission["judged"].values())) == 6.5  # type: ignore[attr-defined]


OFFICIAL = """
  critical "C": 9.0 to 10.0
  high "H": 7.0 to 8.9
  medium "M": 4.0 to 6.9
  low "L": 0.1 to 3.9"""


@pytest.mark.parametrize("subject", ["total", "points of 1"])
@pytest.mark.parametrize(
    "rule", ["score x\n  rounded half-up to 1 place", "score round(x, half-up to 1 place)", "score x"]
)
def test_the_grid_of_a_heading_reaches_its_grades(subject: str, rule: str) -> None:
    body = leaf(f"  input x: number, from 0.1 to 10\n  {rule}\ngrades by {subject}{OFFICIAL}", "10 points")
    assert [code for code, _ in told(body)] == ([] if "round" in rule else ["RUB415"])


EXCLUSIVE = """input c: yes/no
input d: yes/no
component 1 "A" 5 points
  not applicable when c: excluded
  score judged
component 2 "B" 5 points
  not applicable when {}: excluded
  score judged
grades by index of total
  good "G": 50% or more
  poor "P": below 50%"""


def test_leaves_that_exclude_each_other_leave_something() -> None:
    assert {code for code, _ in told(EXCLUSIVE.format("not c and d or not c and not d"))} == set()
    both = findings(EXCLUSIVE.format("d"))
    assert [one.code for one in both if one.code == "RUB414"] == ["RUB414"]
    assert both[-1].message == "`maximum of total` can be 0, and then `index of total` has no value"


def test_an_index_is_no_more_than_all() -> None:
    body = EXCLUSIVE.format("not c").replace("input d: yes/no\n", "").replace("50% or more", "50% to 100%")
    assert told(body) == []


def test_a_row_of_an_index_that_leaves_a_hole() -> None:
    body = EXCLUSIVE.format("not c").replace("input d: yes/no\n", "").replace("50% or more", "60% or more")
    found = only(body)
    assert found.code == "RUB415"
    assert 0.5 <= float(found.example["total"]) / 5 < 0.6


# ---------------------------------------------------------------- figures of a cohort


@pytest.mark.parametrize(
    "rule", ["average of x among units", "average ((x + x) / 2) among units", "average of points of 2 among units"]
)
def test_a_figure_lies_where_its_values_lie(rule: str) -> None:
    rule = rule.replace("average of", "average")
    body = leaf(f"  input x: number, from 0 to 100\n  score {rule}", "100 points")
    assert not {"RUB420", "RUB456"} & {code for code, _ in told(body + '\ncomponent 2 "B" 100 points\n  score judged')}


def test_there_is_always_a_unit() -> None:
    assert told(leaf("  score 2 / number of units")) == []
    some = leaf("  input c: yes/no\n  score 2 / number of units where c")
    assert [code for code, _ in told(some)] == ["RUB414"]


# ---------------------------------------------------------------- leaves

BANDS = """  input b: count, from 1 to 4
  input a: count, at most b
  score by a / b
    {}: 2
    below 40%: 0"""


def test_what_small_counts_never_make_is_no_gap() -> None:
    # 3/4, 2/3, 1/2 and 1/4, 1/3: nothing lies between a third and a half.
    assert told(leaf(BANDS.format("above 40%"))) == []
    assert only(leaf(BANDS.format("above 50%"))).code == "RUB411"


def test_lets_over_several_inputs() -> None:
    body = leaf(
        "  let total_days = a + b\n  let late_days = total_days - a\n  input a: count, at most 6\n"
        "  input b: count, at most 6\n  score when late_days = 0 then 0 otherwise b / late_days + 1"
    )
    assert told(body) == []


def test_what_nobody_can_show_is_a_warning() -> None:
    facts = "  input a: count, at least 1\n  input b: count, at least 1\n"
    unbounded = f"{facts}  score min(2, abs(2 / (a * a - 2 * b * b)))"
    found = only(leaf(unbounded))
    assert found.code == "RUB455"
    assert found.message.startswith("not decided whether this can happen: `(a * a) - (2 * b * b)` can be 0")
    assert compile_rubric('rubric "T" id t\nversion 1\n' + leaf(unbounded) + "\n").diagnostics
    assert told(leaf(unbounded.replace("at least 1", "from 1 to 12"))) == []


def test_a_cap_below_0_takes_nothing() -> None:
    body = leaf(
        "  input a: count\n  input b: count, at most 1\n  award 1 for each of a, at most b - 2\n  award 10 when a = 10",
        "10 points",
    )
    assert told(body) == []


def test_a_mean_over_a_group_that_sinks_to_0() -> None:
    text = 'rubric "T" id t\nversion 1\n' + "\n".join([
        'area 1 "G" 10 points', "  combine geometric mean to 2 places", 'criterion 1.1 "P" 10 points',
        'component 1.1.1 "A" 1 to 10 points', "  score judged", 'component 1.1.2 "B" -5 to 0 points',
        "  input b: count", "  start at 0", "  deduct b", 'criterion 1.2 "Q" 10 points',
        'component 1.2.1 "C" 1 to 10 points', "  score judged", "",
    ])  # fmt: skip
    checked = check_text(text)
    assert [one.code for one in checked.diagnostics] == ["RUB433"]
    with pytest.raises(ScoringError):
        scored(text, checked.diagnostics[0])


# ---------------------------------------------------------------- cut without a word


@pytest.mark.parametrize(
    ("rule", "lowest"),
    [
        ("score 10 - x", "-1"),
        ("score\n    when x > 10: 10 - x\n    otherwise: 10", "-1"),
        ("score 10 - x\n  at least 0 points", None),
        ("score max(0, 10 - x)", None),
        ("score 10 - x / 10", None),
        ("start at full points\n  deduct x", None),
        ("score 10 - x\n  award 90", None),
    ],
)
def test_a_rule_below_its_minimum(rule: str, lowest: str | None) -> None:
    found = [one for one in findings(leaf(f"  input x: number, from 0 to 100\n  {rule}", "10 points"))
             if one.code == "RUB456"]  # fmt: skip
    assert len(found) == (lowest is not None)
    if lowest is not None:
        assert found[0].message == (
            f"this can come to {lowest} points, and `1` does not go below 0: the rest is cut off silently"
        )
        assert found[0].example == {"x": "11"}


# ---------------------------------------------------------------- the order of grades

RISING = leaf("  score judged\n  input bad: yes/no", "10 points") + """
grades by total
  poor "P": below 5
  fair "F": 5 to below 8
  good "G": 8 or more
"""


@pytest.mark.parametrize(
    "order", ["one grade lower when bad", "no higher than fair when bad", "quota good at most 20% of all"]
)
def test_rows_from_worst_to_best(order: str) -> None:
    found = [one for one in findings(RISING + f"  {order}\n") if one.code == "RUB457"]
    assert [one.line for one in found] == [5]
    assert "write the best row first: `good`, `fair`, `poor`" in found[0].help


def test_rows_that_nothing_orders() -> None:
    assert [code for code, _ in told(RISING)] == ["RUB209"]
    assert "RUB457" not in {code for code, _ in told(RISING + "  no grade when bad\n")}


def test_labels_without_an_order() -> None:
    body = leaf("  score judged\n  input bad: yes/no\n  input vote: one of pass{} fail") + """
grades by vote
  well "W": pass
  ill "I": fail
  one grade lower when bad
"""
    found = [one for one in findings(body.format(",")) if one.code == "RUB457"]
    assert [one.message for one in found] == [
        "`one grade lower when bad` needs an order of grades, and the levels of `vote` have none"
    ]
    assert "RUB457" not in {code for code, _ in told(body.format(" <"))}


# ---------------------------------------------------------------- every error is shown, or stands in the text itself

SHOWN = {
    "RUB406", "RUB411", "RUB412", "RUB414", "RUB415", "RUB416", "RUB418", "RUB433", "RUB438", "RUB439", "RUB440",
    "RUB459",
}  # fmt: skip
# What the text says is wrong whatever anybody submits: sums, rows written twice, points outside what a heading prints,
# a maximum that no submission reaches.
IN_THE_TEXT = {
    "RUB206", "RUB211", "RUB312", "RUB401", "RUB402", "RUB403", "RUB404", "RUB405", "RUB407", "RUB410", "RUB419",
    "RUB421", "RUB422", "RUB430", "RUB432", "RUB441", "RUB442", "RUB448", "RUB457",
}  # fmt: skip
# Written words of an example, refused as a submission's would be.
OF_EXAMPLES = {code for code in codes() if code.startswith("RUB5")}
# Two tables that stand side by side without a condition are alike in every submission.
ALIKE = {"RUB440"}


def test_every_error_of_the_check_is_of_one_kind() -> None:
    folder = Path(check.__file__).parent
    named = {code for file in folder.rglob("*.py") for code in re.findall(r'"(RUB\d+)"', file.read_text("utf-8"))}
    errors = {code for code in named if page(code).severity is Severity.ERROR}
    assert errors - OF_EXAMPLES == SHOWN | IN_THE_TEXT


@pytest.mark.parametrize("code", sorted(SHOWN - ALIKE))
def test_an_error_that_can_happen_carries_a_submission(code: str) -> None:
    text = page(code).bad.rubric
    errors = [found for found in check_text(text).diagnostics if found.code == code]
    assert errors
    for found in errors:
        assert found.submission, found
        source = SourceFile.from_text(text)
        rubric = CompiledRubric(resolve(parse(source).tree, source).rubric, source, ())
        with suppress(SubmissionError):  # a value that does not exist is the fault that is shown
            rubric.evaluate(found.submission)


def test_progress_is_told_heading_by_heading() -> None:
    told_of: list[tuple[int, int]] = []
    text = "total 30 points\n" + "\n".join(f'component {at} "C" 3 points\n  score judged' for at in range(1, 11))
    check_text('rubric "Long" id t.long\nversion 1\n' + text, tell=lambda done, whole: told_of.append((done, whole)))
    assert told_of == sorted(told_of)
    assert len(told_of) > 10
    assert told_of[-1][0] == told_of[-1][1]

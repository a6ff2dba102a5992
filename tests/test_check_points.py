"""Leaves without a rule, points outside the heading's bounds, maxima nobody reaches, caps nobody wrote."""

import pytest
from checking import findings, leaf, only, told


def test_a_leaf_needs_a_rule() -> None:
    found = only(leaf('  guidance "Look at the web page"'))
    assert (found.code, found.line, found.text) == ("RUB403", 1, "1")


def test_a_rule_stated_for_every_leaf_is_a_rule() -> None:
    assert told('criterion 1 "G" 2 points\n  every leaf: score judged\ncomponent 1.1 "A" 2 points') == []


def test_a_condition_needs_met_when() -> None:
    found = only('component 1 "A" condition\ncomponent 2 "B" 2 points\n  score judged')
    assert (found.code, found.line) == ("RUB403", 1)
    assert "met when" in found.help


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("  input a: yes/no\n  score by a\n    yes: 3\n    no: 0", 4),
        ("  input a: count\n  score by a\n    0: 2\n    1 or more: 2.01", 5),
        ("  input a: yes/no\n  score\n    when a: full points + 1\n    otherwise: 0", 4),
        ("  input a: yes/no\n  score\n    when a: 2\n    otherwise: 5", 5),
        ("  score judged from 0 to 2.5", 2),
        ("  start at 3", 2),
        ("  score 2.5", 2),
        ("  input a: yes/no\n  award 3 when a", 3),
        ("  input a: count\n  award 1 for each of a, at most 5", 3),
        ("  input a: yes/no\n  require a, otherwise 3\n  score judged", 3),
        ("  input a: percent, from 0% to 100%\n  score by a, interpolated\n    0%: 0\n    100%: 3", 5),
        ("  start at full points\n  at least 3 points", 3),
    ],
)
def test_points_above_the_maximum(body: str, line: int) -> None:
    assert told(leaf(body)) == [("RUB404", line)]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("  input a: yes/no\n  score by a\n    yes: 2\n    no: -1", 5, "-1 to 2 points"),
        ("  input a: yes/no\n  start at full points\n  deduct -1 when a", 4, "write 1"),
        ("  input a: yes/no\n  award -1 when a\n  award 2 when not a", 3, "deduct 1"),
        ("  score judged from -1 to 2", 2, "-1 to 2 points"),
    ],
)
def test_points_below_the_minimum(body: str, line: int, words: str) -> None:
    found = only(leaf(body))
    assert (found.code, found.line) == ("RUB419", line)
    assert words in found.help


def test_signed_points_may_go_below_zero() -> None:
    assert told(leaf("  input a: yes/no\n  score by a\n    yes: 2\n    no: -1", "-1 to 2 points")) == []


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("  input a: yes/no\n  score by a\n    yes: 1\n    no: 0", "1"),
        ("  input a, b: yes/no\n  award 0.5 when a\n  award 1 when b", "1.5"),
        ("  input a: count\n  award 0.5 for each of a, at most 1", "1"),
        ("  start at full points\n  deduct judged from 0.5 to 1", "1.5"),
        ("  start at full points\n  at most 1 point", "1"),
        ("  score judged from 0 to 1", "1"),
        ("  input a: percent, from 0% to 100%\n  score by a, interpolated\n    0%: 0\n    200%: 2", "1"),
        ("  input b: count, at least 1\n  input a: count, at most b\n  score in proportion to a / (4 * b)", "0.5"),
        ("  input a: count, at most 3\n  score 0.5 * a", "1.5"),
    ],
)
def test_a_maximum_nobody_reaches(body: str, top: str) -> None:
    found = only(leaf(body))
    assert (found.code, found.line) == ("RUB405", 1)
    assert found.message == f"nobody can earn more than {top} of the 2 points of `1`"


@pytest.mark.parametrize(
    "body",
    [
        "  input a: yes/no\n  score by a\n    yes: 2\n    no: 0",
        "  input a, b: yes/no\n  award 1 when a\n  award 1 when b",
        "  input a: count\n  score by a\n    0 to 3: 1\n    4 or more: 2",
        "  input a: count, at most 4\n  score 0.5 * a",
        "  start at full points\n  deduct judged from 0 to 1",
        "  start at 1.75\n  rounded half-up to 0 places",
        "  input a: yes/no\n  start at 1\n  at least 2 points when a",
        "  input a: yes/no\n  require a, otherwise 2\n  score judged from 0 to 1",
    ],
)
def test_a_maximum_somebody_reaches(body: str) -> None:
    assert told(leaf(body)) == []


def test_an_unreachable_maximum_kept_as_printed() -> None:
    found = only(leaf("  input a: yes/no\n  score by a\n    yes: 1\n    no: 0", '2 points, as printed because "so"'))
    assert found.code == "RUB423"
    assert "nobody can earn more than 1" in found.help


def test_a_maximum_kept_as_printed_for_nothing() -> None:
    assert told(leaf("  score judged", '2 points, as printed because "so"')) == [("RUB424", 1)]


def test_one_cause_one_message() -> None:
    # Without a row for the best level the maximum cannot be reached either; that is not told twice.
    assert told(leaf("  input a: one of x, y\n  score by a\n    y: 1")) == [("RUB406", 3)]


def test_a_deduction_needs_something_to_deduct_from() -> None:
    assert told(leaf("  input a: yes/no\n  deduct 1 when a")) == [("RUB422", 3)]
    assert told(leaf("  input a: yes/no\n  start at full points\n  deduct 1 when a")) == []


@pytest.mark.parametrize(
    ("body", "line", "value", "example"),
    [
        ("  input a: count\n  score 0.5 * a", 3, "3", {"a": "6"}),
        ("  input a: count\n  award 0.5 for each of a", 3, "3", {"a": "6"}),
        (
            "  input a, more: yes/no\n  score by a\n    yes: 2\n    no: 0\n  award 0.5 when more",
            6, "2.5", {"a": "yes", "more": "yes"},
        ),
        ("  input a, b: yes/no\n  award 1.5 when a\n  award 1 when b", 4, "2.5", {"a": "yes", "b": "yes"}),
    ],
)  # fmt: skip
def test_a_cap_nobody_wrote(body: str, line: int, value: str, example: dict[str, str]) -> None:
    found = only(leaf(body))
    assert (found.code, found.line, found.example) == ("RUB420", line, example)
    assert f"can come to {value} points" in found.message


@pytest.mark.parametrize(
    "body",
    [
        "  input a: count\n  score min(full points, 0.5 * a)",
        "  input a: count\n  score 0.5 * a\n  at most full points",
        "  input a: count\n  award 0.5 for each of a, at most 2",
        "  input a: yes/no\n  award 2 when a\n  award 1 when not a",
        "  input b: count, at least 1\n  input a: count\n  score in proportion to a / b",
    ],
)
def test_a_cap_that_is_written_or_never_binds(body: str) -> None:
    assert told(leaf(body)) == []


def test_unused_names() -> None:
    names = "parameter goal: percent = 80%\nlet twice = 2 * 2\n"
    body = f'{names}component 1 "A" 2 points\n  input a: count\n  score judged'
    found = findings(body)
    assert [(one.code, one.line) for one in found] == [("RUB209", 1), ("RUB209", 2), ("RUB209", 4)]
    assert len({one.diagnostic.help for one in found}) == 3

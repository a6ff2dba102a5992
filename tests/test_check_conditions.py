"""Conditions settled in advance, and groups of which nothing is left."""

import pytest
from checking import findings, leaf, only, told

RATE = "  input b: count, at least 1\n  input a: count, at most b\n"


def test_a_share_compared_with_a_bare_number() -> None:
    found = only(leaf(f"{RATE}  require a / b >= 85, otherwise 0\n  score judged"))
    assert (found.code, found.line, found.text) == ("RUB425", 4, "a / b >= 85")
    assert found.message == "the answer to `a / b >= 85` is always no"
    assert "from 0% to 100%: write `85%`" in found.help


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("a > b", "no"),
        ("a <= b", "yes"),
        ("b >= 1", "yes"),
        ("a < 0", "no"),
        ("a + b < 1", "no"),
        ("a > 5 and a < 3", "no"),
        ("a > 3 or a <= 3", "yes"),
    ],
)
def test_settled(condition: str, outcome: str) -> None:
    # A second award keeps the maximum within reach whatever the first does.
    body = leaf(f"{RATE}  award 1 when {condition}\n  award 2 when a = 7")
    found = [one for one in findings(body) if one.code == "RUB425"]
    assert len(found) == 1
    assert found[0].message.endswith(f"is always {outcome}")


@pytest.mark.parametrize("condition", ["a >= 5", "a = b", "a / b >= 85%", "a > 5 or b < 3", "a != 3", "b > 1"])
def test_open(condition: str) -> None:
    assert "RUB425" not in dict(told(leaf(f"{RATE}  award 2 when {condition}")))


@pytest.mark.parametrize(
    ("condition", "help_text"),
    [
        ("b >= 1", "`b` is never below 1: mend the number, or remove the condition"),
        ("a - b <= 5", "`a - b` is never above 0: mend the number, or remove the condition"),
        ("a / b <= 1", "`a / b` lies from 0% to 100%: mend the number, or remove the condition"),
    ],
)
def test_what_has_one_end_is_said_with_it(condition: str, help_text: str) -> None:
    body = leaf(f"{RATE}  award 1 when {condition}\n  award 2 when a = 7")
    assert [one.help for one in findings(body) if one.code == "RUB425"] == [help_text]


def test_a_parameter_settles_nothing() -> None:
    body = "  parameter strict: number = 1\n  input a: yes/no\n  award 2 when a and strict = 1"
    assert told(leaf(body)) == []


GROUP = """
total 4 points
criterion 1 "G" 2 points
{clause}component 1.1 "A" 1 point
  input k: one of x, y, z
  not applicable when {first}: excluded
  score judged
component 1.2 "B" 1 point
  not applicable when {second}: {policy}
  score judged
criterion 2 "H" 2 points
component 2.1 "C" 2 points
  score judged
"""


def group(first: str, second: str, policy: str = "excluded", clause: str = "") -> str:
    return GROUP.format(first=first, second=second, policy=policy, clause=clause and f"  {clause}\n")


def test_a_group_that_can_vanish() -> None:
    found = only(group("k is x", "k is one of (x, y)"))
    assert (found.code, found.line, found.text) == ("RUB418", 2, "1")
    assert found.example == {"k": "x"}


@pytest.mark.parametrize(
    "body",
    [
        group("k is x", "k is y"),
        group("k is x", "k is x", policy="zero"),
        group("k is x", "k is x", policy="full points"),
        group("k is x", "k is x", clause="not applicable when nothing applies: excluded"),
        group("k is x", "k is x", clause="not applicable when k is x: zero"),
    ],
)
def test_a_group_that_stays(body: str) -> None:
    assert told(body) == []


def test_the_innermost_group_is_told_and_no_other() -> None:
    assert told("""
total 2 points
area 1 "T" 2 points
criterion 1.1 "G" 2 points
component 1.1.1 "A" 2 points
  input k: yes/no
  not applicable when k: keep the worth of 1
  score judged
""") == [("RUB418", 3)]


def test_the_sheet_as_a_whole() -> None:
    found = only("""
total 2 points
component 1 "A" 2 points
  input k: yes/no
  not applicable when k: excluded
  score judged
""")
    assert (found.code, found.line, found.diagnostic.help) == ("RUB418", 1, "help_sheet")


@pytest.mark.parametrize(
    "condition",
    [
        "mode is strict or rate >= 10%", "mode is lenient and rate >= 10%", "early or rate > 5%",
        "wanted > 2 or rate > 5%",
    ],
)  # fmt: skip
def test_what_a_parameter_settles_is_no_finding(condition: str) -> None:
    given = """parameter mode: one of strict, lenient = strict
parameter early: yes/no = yes
parameter wanted: number = 3
"""
    rate = "  input rate: percent, from 0% to 100%\n"
    found = {one.code for one in findings(given + leaf(f"{rate}  score judged\n  at most 1 point when {condition}"))}
    assert found <= {"RUB209"}  # the parameters this case does not read

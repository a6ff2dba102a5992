"""Divisions: every one is guarded where it is carried out, or shown to fail."""

import pytest
from checking import findings, only, told

INPUTS = '  input b: count\n  input a: count, at most b\n'
AB = f'component 1 "A" 2 points\n{INPUTS}'


@pytest.mark.parametrize(
    "clauses",
    [
        "  not applicable when b = 0: full points\n  score in proportion to a / b",
        "  not applicable when a = 0: zero\n  score in proportion to a / b",
        "  not applicable when a = 0: zero\n  score in proportion to (b - a) / a",
        "  not applicable when b = a: full points\n  score in proportion to a / (b - a)",
        "  require b > 0, otherwise 0\n  score in proportion to a / b",
        "  score\n    when b > 0 and a / b >= 90%: 2\n    otherwise: 0",
        "  score\n    when b = 0 or a / b >= 90%: 2\n    otherwise: 0",
        "  score\n    when b = 0: 2\n    when a / b >= 90%: 1\n    otherwise: 0",
        "  score when b = 0 then 2 otherwise 2 * a / b",
        "  award 2 when b > 0 and a / b = 100%",
        "  award 2 * a / b when b > 0",
        "  let rate = a / b\n  not applicable when b = 0: zero\n  score\n    when rate >= 90%: 2\n    otherwise: 0",
        "  score min(2, 2 * a / (a + b + 1))",
        "  score in proportion to a / max(b, 1)",
        "  start at full points\n  deduct a / b when b > 3, at most 1",
        "  start at full points\n  at most 2 * a / b points when b > 0",
    ],
)
def test_guarded(clauses: str) -> None:
    assert told(AB + clauses) == []


@pytest.mark.parametrize(
    ("clauses", "line", "example"),
    [
        ("  score in proportion to a / b", 4, {"b": "0"}),
        ("  score\n    when a / b >= 90% and b > 0: 2\n    otherwise: 0", 5, {"b": "0"}),
        ("  score\n    when a / b >= 90%: 1\n    when b = 0: 2\n    otherwise: 0", 5, {"b": "0"}),
        ("  score when b > 0 then 2 otherwise min(2, 2 * a / b)", 4, {"b": "0"}),
        ("  score min(2, 2 * a / (a + b))", 4, {"a": "0", "b": "0"}),
        ("  not applicable when b = 5: zero\n  score in proportion to a / (b - 3)", 5, {"b": "3"}),
        ("  let rate = a / b\n  score\n    when rate >= 90%: 2\n    otherwise: 0", 4, {"b": "0"}),
        ("  not applicable when a / b < 1%: zero\n  score judged", 4, {"b": "0"}),
        ("  require a / b > 1%, otherwise 0\n  score judged", 4, {"b": "0"}),
        ("  score by a / b\n    90% or more: 2\n    below 90%: 0", 4, {"b": "0"}),
        ("  start at full points\n  deduct a / b, at most 1", 5, {"b": "0"}),
        ('  evidence e "E" required when a / b > 50%, if missing score 0\n  score judged', 4, {"b": "0"}),
    ],
)
def test_not_guarded(clauses: str, line: int, example: dict[str, str]) -> None:
    found = only(AB + clauses)
    assert (found.code, found.line, found.example) == ("RUB414", line, example)


def test_the_witness_respects_the_way_to_the_division() -> None:
    body = f'{AB}  input c: yes/no\n  require c, otherwise 0\n  score\n    when a = 7: 2\n    otherwise: 2 / (b - 4)'
    found = [one for one in findings(body) if one.code == "RUB414"]
    assert len(found) == 1
    example = found[0].example
    assert example["b"] == "4"
    assert example["c"] == "yes"
    assert int(example["a"]) <= 4


def test_a_bound_is_a_guard() -> None:
    body = 'component 1 "A" 2 points\n  input b: count, at least 1\n  input a: count, at most b\n'
    assert told(body + "  score in proportion to a / b") == []


def test_the_help_says_what_to_write() -> None:
    found = only(AB + "  score in proportion to a / b")
    assert found.message == "`b` can be 0, and then `a / b` has no value"
    assert "`not applicable when b = 0: …` under `1`" in found.help


def test_a_group_guards_what_is_below() -> None:
    assert told(f"""
criterion 1 "G" 2 points
  not applicable when b = 0: zero
component 1.1 "A" 2 points
{INPUTS}  score in proportion to a / b
""") == []


def test_the_place_is_the_leaf_that_lacks_the_guard() -> None:
    # The same division stands in both leaves; the first is guarded.
    found = only(f"""
component 1 "A" 2 points
{INPUTS}  not applicable when b = 0: zero
  score in proportion to a / b
component 2 "B" 2 points
  score in proportion to a / b
""")
    assert (found.code, found.line, found.text) == ("RUB414", 7, "score in proportion to a / b")


def test_a_let_used_by_many_is_told_once_where_it_is_written() -> None:
    found = only(f"""
let rate = a / b
component 1 "A" 2 points
{INPUTS}  score in proportion to rate
component 2 "B" 2 points
  score in proportion to rate
""")
    assert (found.line, found.text) == (1, "a / b")
    assert [label.text for label in found.diagnostic.labels] == ["used"]


INDEX = """
criterion 1 "G" 2 points
  not applicable when nothing applies: excluded
component 1.1 "A" 2 points
  input off, done: yes/no
  not applicable when off: excluded
  score by done
    yes: 2
    no: 0
criterion 2 "H" 2 points
component 2.1 "B" 2 points
{guard}  score
    when index of 1 >= 50%: 2
    otherwise: 0
"""


def test_the_index_of_what_may_not_apply() -> None:
    found = only(INDEX.format(guard=""))
    assert (found.code, found.line, found.text) == ("RUB414", 12, "index of 1")
    assert found.example == {"off": "yes"}
    assert "not applicable when off" in found.help


def test_the_index_is_guarded_by_the_same_condition() -> None:
    assert told(INDEX.format(guard="  not applicable when off: zero\n")) == []


def test_divisions_in_grades() -> None:
    found = only("""
component 1 "A" 2 points
  input b: count
  score judged
grades by total
  good: 1 or more
  bad: below 1
  no grade when 5 / b > 2
""")
    assert (found.code, found.line, found.diagnostic.help) == ("RUB414", 7, "help_sheet")

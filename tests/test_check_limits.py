"""RUB450, RUB452, RUB453: limits that fight, deductions too large, caps that never bind."""

import pytest
from checking import findings

MINE = {"RUB450", "RUB452", "RUB453"}


def told(body: str) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, one.example) for one in findings(body) if one.code in MINE]


LEAF = """criterion 1 "Work" 10 points
  input a: yes/no
  input b: yes/no
  input n: number, from 0 to 10
  score judged
{clauses}
"""


@pytest.mark.parametrize(
    ("clauses", "codes"),
    [
        ("  at least 7 points when a\n  at most 5 points when b", ["RUB450"]),
        ("  at most 5 points when b\n  at least 7 points when a", ["RUB450"]),
        ("  at least 7 points when a\n  at most 5 points when not a", []),
        ("  at least 3 points when a\n  at most 5 points when b", []),
        ("  at least n points when a\n  at most 5 points when b", ["RUB450"]),
        ("  at least n points when a and n < 5\n  at most 5 points when b", []),
        ("  require not a, otherwise 0\n  at least 7 points when a\n  at most 5 points when b", []),
        ("  not applicable when b: zero\n  at least 7 points when a\n  at most 5 points when b", []),
        ("  3 points when a\n  at most 2 points when b", ["RUB450"]),
        ("  3 points when a\n  at most 5 points when b", []),
    ],
)
def test_a_floor_above_a_ceiling_that_holds_with_it(clauses: str, codes: list[str]) -> None:
    assert [code for code, _ in told(LEAF.format(clauses=clauses)) if code == "RUB450"] == codes


def test_limits_on_the_total_and_of_a_group_are_looked_at_too() -> None:
    body = """criterion 1 "All" 10 points
  input a: yes/no
{of_group}
  component 1.1 "Work" 10 points
    score judged
{of_total}
"""
    two = ("at least 7 points when a", "at most 5 points when a")
    group = body.format(of_group="".join(f"  {one}\n" for one in two), of_total="")
    total = body.format(of_group="", of_total="".join(f"total {one}\n" for one in two))
    assert told(group) == [("RUB450", {"a": "yes"})]
    assert told(total) == [("RUB450", {"a": "yes"})]


@pytest.mark.parametrize(
    ("clauses", "codes"),
    [
        ("  deduct 11 when a", ["RUB452"]),
        ("  deduct 10 when a", []),
        ("  deduct 11 for each of n", ["RUB452"]),
        ("  deduct 1 for each of n", []),
        ("  deduct 2 for each of n, at most 11", ["RUB452"]),
        ("  deduct 1 for each of n, at most 11", ["RUB453"]),
        ("  deduct 2 for each of n, at most 10", []),
        ("  deduct 20 when a, at most 3", []),
        ("  deduct 11 for each of n, at most full points", []),
        ("  deduct n when a", []),
        ('  evidence e "E" required when a, if missing deduct 11', ["RUB452"]),
        ('  evidence e "E" required when a, if missing deduct 10', []),
        ("  require not a, otherwise 0\n  deduct 11 when a", []),
    ],
)
def test_a_deduction_larger_than_its_item(clauses: str, codes: list[str]) -> None:
    assert [code for code, _ in told(LEAF.format(clauses=clauses))] == codes


def test_a_deduction_is_looked_at_through_a_let() -> None:
    body = 'let fine = 5 + 6\n' + LEAF.format(clauses="  deduct fine when a")
    assert told(body) == [("RUB452", {"a": "yes"})]


@pytest.mark.parametrize(
    ("clauses", "told_of"),
    [
        ("  score by a\n    yes: 4\n    no: 10\n  at most 5 points when a", True),
        ("  score by a\n    yes: 6\n    no: 10\n  at most 5 points when a", False),
        ("  score by a\n    yes: 4\n    no: 10\n  at least 3 points", True),
        ("  score by a\n    yes: 2\n    no: 10\n  at least 3 points", False),
        ("  score by a\n    yes: 4\n    no: 10\n  at least 3 points\n  if missing: 0", False),
        ("  score by a\n    yes: 4\n    no: 10\n  at least 3 points\n  at most 8 points when b", False),
        ('  score by a\n    yes: 4\n    no: 9\n  at least 3 points\n  evidence e "E" required, if missing score 0', False),  # noqa: E501
        ("  score n\n  at most full points", False),
        ("  score n\n  at most 12 points", True),
        ("  score judged\n  at most 9 points", False),
    ],
)
def test_a_limit_that_never_binds(clauses: str, told_of: bool) -> None:
    body = LEAF.replace("  score judged\n", "").format(clauses=clauses)
    assert [code for code, _ in told(body)] == (["RUB453"] if told_of else [])


@pytest.mark.parametrize("pool", ["bonus", "penalty"])
@pytest.mark.parametrize(("cap", "told_of"), [(5, True), (2, False)])
def test_the_cap_of_a_pool_that_never_binds(pool: str, cap: int, told_of: bool) -> None:
    change = "award" if pool == "bonus" else "deduct"
    body = f"""criterion 1 "Work" 10 points
  score judged
{pool} "Beside" at most {cap}
criterion 2 "Host"
  input k: yes/no
  {change} 2 when k
"""
    assert [code for code, _ in told(body)] == (["RUB453"] if told_of else [])


def test_the_submission_shows_it() -> None:
    for clauses in ("  at least 7 points when a\n  at most 5 points when b", "  deduct 11 when a",
                    '  evidence e "E" required when a, if missing deduct 11'):  # fmt: skip
        (found,) = (one for one in findings(LEAF.format(clauses=clauses)) if one.code in MINE)
        given = dict(found.diagnostic.submission)
        assert given["inputs"]["a"] is True
        assert "evidence" not in given


def test_a_cap_that_never_binds() -> None:
    for cap, codes in ((10, ["RUB453"]), (9, [])):
        assert [code for code, _ in told(LEAF.format(clauses=f"  award 1 for each of n, at most {cap}"))] == codes

"""RUB405 where clauses together keep a maximum out of reach: by a requirement, by turns, by children that exclude each
other."""

import pytest
from checking import findings


def tops(body: str) -> list[str]:
    return [one.message for one in findings(body) if one.code == "RUB405"]


@pytest.mark.parametrize(
    ("clauses", "top"),
    [
        ("  require a, otherwise 0\n  at most 3 points when a", 3),
        ("  require a, otherwise 4\n  at most 3 points when a", 4),
        ("  require a, otherwise 0\n  at most 3 points when b", None),
        ("  require n > 5, otherwise 0\n  at most 3 points when n > 4", 3),
        ("  require n > 4, otherwise 0\n  at most 3 points when n > 5", None),
        ("  at most 7 points when a\n  at most 8 points when not a", 8),
        ("  at most 7 points when a\n  at most 8 points when b", None),
        ("  at most 7 points when n > 3\n  at most 2 points when n < 5", 7),
    ],
)
@pytest.mark.parametrize("kind", ["leaf", "group"])
def test_ceilings_that_hold_by_turns(kind: str, clauses: str, top: int | None) -> None:
    head = 'criterion 1 "Work" 10 points\n  input a, b: yes/no\n  input n: number, from 0 to 10\n' + clauses
    below = "".join(f'  component 1.{at} "Part" 5 points\n    score judged\n' for at in (1, 2))
    body = f"{head}\n" + ("  score judged\n" if kind == "leaf" else below)
    assert tops(body) == ([] if top is None else [f"nobody can earn more than {top} of the 10 points of `1`"])


@pytest.mark.parametrize(
    ("first", "second", "top"),
    [
        ("not applicable when a: zero", "not applicable when not a: zero", 5),
        ("not applicable when a: excluded", "not applicable when not a: excluded", None),
        ("not applicable when a: full points", "not applicable when not a: zero", None),
        ("not applicable when a: zero", "not applicable when b: zero", None),
        ("require a, otherwise 0", "require not a, otherwise 1", 6),
        ("require a, otherwise 0", "require not a or b, otherwise 0", None),
        ("at most 1 point when a", "at most 2 points when not a", 7),
        ("not applicable when n > 5: zero", "require n > 4, otherwise 0", None),
        ("not applicable when n > 5: zero", "require n > 5, otherwise 0", 5),
    ],
)
def test_children_that_exclude_each_other(first: str, second: str, top: int | None) -> None:
    body = f"""criterion 1 "Work" 10 points
  input a, b: yes/no
  input n: number, from 0 to 10
  component 1.1 "Part" 5 points
    {first}
    score judged
  component 1.2 "Part" 5 points
    {second}
    score judged
"""
    assert tops(body) == ([] if top is None else [f"nobody can earn more than {top} of the 10 points of `1`"])


def test_a_maximum_out_of_reach_may_be_as_printed() -> None:
    body = """criterion 1 "Work" 10 points, as printed because "so it is"
  at most 7 points
  component 1.1 "Part" 10 points
    score judged
"""
    assert [one.code for one in findings(body)] == ["RUB423"]

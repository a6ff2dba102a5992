"""The order clauses are written in never changes points."""

from itertools import permutations

import pytest

from rubric_engine import compile_rubric
from rubric_engine.result.result import Result

HEAD = 'rubric "Test" id test.order\nversion 1\n'
LEAF = """criterion 1 "Work" 10 points
  input a: yes/no
  input b: yes/no
  input r: number, from 0 to 10
  score judged
"""


def in_every_order(*clauses: str, **inputs: object) -> list[Result]:
    given = {"inputs": {"a": False, "b": False, "r": 3} | inputs, "judged": {"1": 10}}
    return [compile_rubric(HEAD + LEAF + "".join(f"  {c}\n" for c in order)).evaluate(given)
            for order in permutations(clauses)]  # fmt: skip


@pytest.mark.parametrize(
    ("clauses", "points"),
    [
        (('evidence e "E" required, if missing deduct 2', 'evidence f "F" required, if missing at most 50%'), 5),
        (('evidence e "E" required, if missing deduct 2', 'evidence f "F" required, if missing score 9',
          'evidence g "G" required, if missing deduct 1'), 7),
        (("require a, otherwise 4", "require b, otherwise 2"), 2),
        (("require a, otherwise r", "require b, otherwise 2"), 2),
        (("require a, otherwise r", "require b, otherwise 4"), 3),
        (("require a, otherwise r", "require b, otherwise 8 - r", "require r > 9, otherwise 4"), 3),
        (("at least 7 points when not a", "at most 5 points when not b"), 5),
        (("at least 7 points when a", "at most 5 points when not b"), 5),
        (("0 points when not a", "at least 1 point when not b"), 0),
        (("at most 6 points when not a", "3 points when not b", "at most 2 points when r < 4"), 2),
    ],
)  # fmt: skip
def test_points_are_the_same_in_any_order(clauses: tuple[str, ...], points: int) -> None:
    assert {result["1"].points for result in in_every_order(*clauses)} == {points}


def test_the_requirement_that_counted_is_told() -> None:
    for result in in_every_order("require a, otherwise 4", "require b, otherwise 2"):
        (told,) = (reason for reason in result["1"].reasons if reason.kind == "requirement")
        assert (told.label, told.amount) == ("b", 2)


def test_limits_on_the_total_and_of_a_group_act_alike() -> None:
    body = """criterion 1 "All" 10 points
  input a: yes/no
{of_group}
  component 1.1 "Work" 10 points
    score judged
{of_total}
"""
    floor, ceiling = "at least 7 points when a", "at most 5 points when a"
    given = {"inputs": {"a": True}, "judged": {"1.1": 10}}
    for one, other in ((floor, ceiling), (ceiling, floor)):
        group = body.format(of_group=f"  {one}\n  {other}", of_total="")
        total = body.format(of_group="", of_total=f"total {one}\ntotal {other}")
        assert compile_rubric(HEAD + group).evaluate(given).total.exact == 5
        assert compile_rubric(HEAD + total).evaluate(given).total.exact == 5

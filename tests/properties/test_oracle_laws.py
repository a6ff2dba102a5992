"""The engine says what a second opinion says: an oracle written from the reference alone, drawn in the corners."""

from typing import Any

import oracle_sheet as o
import pytest
from hypothesis import HealthCheck, given, settings
from oracle_compare import compiled, disagreements
from oracle_strategies import sheets_with_submissions


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(sheets_with_submissions())
def test_the_engine_says_what_the_oracle_says(case: tuple[o.Sheet, list[o.Given]]) -> None:
    sheet, submissions = case
    rubric = compiled(sheet)
    for submission in submissions:
        assert list(disagreements(sheet, rubric, submission)) == []


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("half-up", "1.3 -1.3 1.2"), ("half-even", "1.2 -1.2 1.2"), ("up", "1.3 -1.3 1.3"), ("down", "1.2 -1.2 1.2"),
        ("ceiling", "1.3 -1.2 1.3"), ("floor", "1.2 -1.3 1.2"),
    ],
)  # fmt: skip
def test_the_oracle_rounds_as_the_modes_are_named(mode: Any, shown: str) -> None:
    values = (o.F(5, 4), o.F(-5, 4), o.F(121, 100))
    assert " ".join(o.written(o.rounded(value, mode, 1)) for value in values) == shown


def test_the_oracle_scores_a_sheet_worked_by_hand() -> None:
    """7 of 10 less 2 by evidence, then half of 10 at most: 5; 3 of 4 in its group, which weighs as much."""
    evidence = (o.Evidence("minutes", "at most", o.F(1, 2)), o.Evidence("plan", "deduct", o.F(2)))
    leaf = o.Leaf("1", o.F(0), o.F(10), (), o.Judged(), evidence=evidence)
    group = o.Group("2", o.F(0), o.F(20), (o.Leaf("2.1", o.F(0), o.F(4), (), o.Judged()),), combine="lowest")
    sheet = o.Sheet((leaf, group), o.F(30), grades=o.Grades(False, (o.F(20),)))
    scored = sheet.score(o.Given({}, {"1": o.F(9), "2.1": o.F(3)}))
    assert (scored.headings["1"].points, scored.headings["2"].points) == (o.F(5), o.F(15))
    assert (scored.published, scored.grade) == (o.F(20), "g1")

"""Suggestions: close ones are offered, far ones never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_engine.facts.suggest import closest, distance, loosened


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("planed", ["done", "planned"], "planned"),
        ("Planned", ["planner", "planned"], "planned"),
        ("ke hoach", ["ket_qua", "kế_hoạch"], "kế_hoạch"),
        ("dat", ["đạt", "date"], "đạt"),
        ("ngày-nộp", ["ngày_nộp"], "ngày_nộp"),
        ("otal", ["total"], "total"),
        ("citeria", ["criteria"], "criteria"),
        ("1.1.5", ["1.1.4", "2.3.1"], "1.1.4"),
        ("dnoe", ["done"], "done"),
        ("done", ["done"], None),
        ("xyz", ["abc", "planned"], None),
        ("ab", ["ac"], None),
        ("planned", [], None),
        ("", ["a"], None),
    ],
)
def test_closest(word: str, candidates: list[str], meant: str | None) -> None:
    assert closest(word, candidates) == meant


def test_among_equals_the_first_wins() -> None:
    assert closest("cost_a", ["cost_b", "cost_c"]) == "cost_b"


def test_a_long_word_costs_nothing() -> None:
    assert closest("a" * 100_000, ["b" * 100_000]) is None


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_symmetric_and_bounded(left: str, right: str) -> None:
    assert distance(left, right, 20) == distance(right, left, 20) <= max(len(left), len(right))
    assert (distance(left, right, 20) == 0) is (left == right)


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 5))
def test_the_limit_only_cuts(left: str, right: str, limit: int) -> None:
    full = distance(left, right, 20)
    cut = distance(left, right, limit)
    assert cut == full if full <= limit else cut > limit


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert loosened(loosened(text)) == loosened(text)

"""Stretches of the number line: gaps and segments against plain membership."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_engine.solve.lines import Stretch, gaps, nice_value, segments

ENDS = st.one_of(st.none(), st.integers(-6, 6).map(lambda n: Fraction(n, 2)))
GRIDS = st.sampled_from([None, Fraction(1), Fraction(1, 2)])


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    low, high = draw(ENDS), draw(ENDS)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Stretch(low, high, low is not None and draw(st.booleans()), high is not None and draw(st.booleans()))


def holds(stretch: Stretch, value: Fraction) -> bool:
    """Membership, by comparison alone."""
    above = stretch.low is None or value > stretch.low or (value == stretch.low and not stretch.low_open)
    below = stretch.high is None or value < stretch.high or (value == stretch.high and not stretch.high_open)
    return above and below


def probes(grid: Fraction | None) -> list[Fraction]:
    """Values enough to meet every end and every stretch between two."""
    step = grid or Fraction(1, 4)
    return [at * step for at in range(int(-5 / step), int(5 / step) + 1)]


@given(st.lists(stretches(), max_size=4), stretches(), GRIDS)
@settings(max_examples=300, deadline=None)
def test_gaps_are_exactly_what_no_row_holds(rows: list[Stretch], whole: Stretch, grid: Fraction | None) -> None:
    found = gaps(rows, whole, grid)
    for value in probes(grid):
        missed = holds(whole, value) and not any(holds(row, value) for row in rows)
        assert any(holds(gap, value) for gap in found) is missed


@given(st.lists(stretches(), max_size=4), stretches(), GRIDS)
@settings(max_examples=300, deadline=None)
def test_segments_part_the_whole_and_no_row_ends_inside_one(
    rows: list[Stretch], whole: Stretch, grid: Fraction | None
) -> None:
    found = segments(rows, whole, grid)
    for value in probes(grid):
        assert sum(holds(piece, value) for piece in found) == holds(whole, value)
    for piece in found:
        inside = [value for value in probes(grid) if holds(piece, value)]
        for row in rows:
            assert len({holds(row, value) for value in inside}) <= 1


@given(stretches(), GRIDS, st.sampled_from([Fraction(1), Fraction(1, 100)]))
@settings(deadline=None)
def test_a_named_value_lies_in_its_stretch(stretch: Stretch, grid: Fraction | None, unit: Fraction) -> None:
    placed = stretch.on_grid(grid)
    if not placed.is_empty:
        value = nice_value(stretch, grid, unit)
        assert holds(stretch, value)


@pytest.mark.parametrize(
    ("low", "high", "unit", "value"),
    [
        ("0.89", "0.9", Fraction(1, 100), "0.895"),
        ("0.7", "0.9", Fraction(1, 100), "0.8"),
        ("3.9", "4", Fraction(1), "3.95"),
        ("10", None, Fraction(1), "11"),
    ],
)
def test_named_values_are_round(low: str, high: str | None, unit: Fraction, value: str) -> None:
    open_one = Stretch(Fraction(low), None if high is None else Fraction(high), True, high is not None)
    assert nice_value(open_one, None, unit) == Fraction(value)

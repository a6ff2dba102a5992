"""Laws of registers with missing cells: every way to fill them in lies inside, and the ends are reached."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rubric_engine import Result, compile_rubric
from rubric_engine.plan.cells import CellName

# What each leaf scores, far from floor and cap. The ends of those in TIGHT are reached by some way to fill cells in.
TIGHT = (
    "sum of days in late",
    "sum of days in late where not excused",
    "sum of (2 * days - 3) in late where kind is b or days > 2",
    "sum of days in late where days >= 2 and excused",
    "count of late where days > 1 and not excused",
    "count of late where kind is a or excused",
    "highest days in late if none 9",
    "highest days in late where not excused if none 9",
    "lowest days in late where kind is b and days < 3 if none 9",
    "mean of days in late if none 9",
    "mean of days in late where not excused if none -2",
    "median of days in late where excused if none 9",
    "first days in late where not excused if none 9",
    "last days in late where days > 1 if none 9",
    "trimmed mean of days in late where excused if none 9",
    "100 * (share of late where days > 2 if none 0%)",
    "sum of days in late for each kind",
)
SOUND = (
    "highest days in late for each kind",
    "mean of days in late for each kind where not excused",
    "median of days in late for each group",
    "lowest days in late for each group where days > 1",
    "(sum of days in late) - (highest days in late if none 0)",
    "majority of days in late if tied lowest if none 9",
    "majority of days in late if tied 7 if none 9",
    "100 * (share of late where excused if none 0%) / (1 + (count of late where days > 1))",
)
HEAD = """rubric "Cells" id cells
version 1
input base "Base": number, from 0 to 2000
input late "Late reports": list
  column days "Days": count, at most 4
  column kind "Kind": one of a, b
  column group "Group": count, at most 1
  column excused "Excused": yes/no
"""
LEAVES = "".join(
    f'criterion {number} "Leaf" 2000 points\n  score base + {rule}\n' for number, rule in enumerate(TIGHT + SOUND, 1)
)
RUBRIC = compile_rubric(HEAD + LEAVES)
CELLS: dict[str, tuple[Any, ...]] = {
    "days": (0, 1, 2, 3, 4), "kind": ("a", "b"), "group": (0, 1), "excused": (True, False),
}  # fmt: skip

full_rows = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CELLS.items()})
places = st.tuples(st.integers(0, 3), st.sampled_from(["days", "days", "excused", "kind", "group"]))


def filled(rows: list[dict[str, Any]], gaps: list[tuple[int, str]]) -> Iterator[list[dict[str, Any]]]:
    """Every way to fill the gaps in."""
    for values in product(*(CELLS[column] for _, column in gaps)):
        found = [dict(row) for row in rows]
        for (at, column), value in zip(gaps, values, strict=True):
            found[at][column] = value
        yield found


def result_of(rows: list[dict[str, Any]]) -> Result:
    return RUBRIC.evaluate({"inputs": {"base": 1000, "late": rows}})


@settings(max_examples=60, deadline=None)
@given(st.lists(full_rows, min_size=1, max_size=4), st.sets(places, min_size=1, max_size=3))
def test_every_completion_lies_inside_and_the_ends_are_reached(rows: list[dict[str, Any]], missing: set[Any]) -> None:
    gaps = sorted((at, column) for at, column in missing if at < len(rows))
    assume(gaps)
    names = {str(CellName("late", at + 1, column)) for at, column in gaps}
    open_ = result_of([
        {name: None if (at, name) in gaps else cell for name, cell in row.items()} for at, row in enumerate(rows)
    ])  # fmt: skip
    reached: dict[str, set[Fraction]] = {node.code: set() for node in open_.nodes}
    for whole in filled(rows, gaps):
        for node in result_of(whole).nodes:
            assert node.points is not None
            reached[node.code].add(node.points)
    for number, rule in enumerate(TIGHT + SOUND, 1):
        node = open_[str(number)]
        low, high = min(reached[node.code]), max(reached[node.code])
        assert node.low <= low <= high <= node.high, rule
        assert set(node.missing) <= names, rule
        assert bool(node.missing) == (node.points is None), rule
        if number <= len(TIGHT):
            assert (node.low, node.high) == (low, high), rule
            assert (node.points is None) == (low < high), rule


@settings(max_examples=40, deadline=None)
@given(st.lists(full_rows, min_size=1, max_size=4), st.sets(places, min_size=1, max_size=3))
def test_filling_in_what_a_result_waits_for_settles_it(rows: list[dict[str, Any]], missing: set[Any]) -> None:
    gaps = {(at, column) for at, column in missing if at < len(rows)}
    asked: set[str] = set()
    while True:
        result = result_of([
            {name: None if (at, name) in gaps else cell for name, cell in row.items()} for at, row in enumerate(rows)
        ])  # fmt: skip
        if not result.missing:
            break
        assert asked.isdisjoint(result.missing), "it asks again for what it was told"
        asked.update(result.missing)
        gaps = {(at, column) for at, column in gaps if str(CellName("late", at + 1, column)) not in asked}
    assert result.settled
    assert result.total.exact == result_of(rows).total.exact

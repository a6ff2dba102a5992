"""Laws of levels as values: a table that gives a level is the lookup it is written as, a parameter is a fact known
early."""

from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given

from rubric_engine.engine import CompiledRubric, compile_rubric

FIRST, SECOND, GIVEN = ("a", "b", "c"), ("p", "q"), ("low", "mid", "high")
PLACES = tuple(product(FIRST, SECOND))
tables = st.tuples(*(st.sampled_from(GIVEN) for _ in PLACES))


def _compiled(table: tuple[str, ...], head: str, rule: str, **parameters: object) -> CompiledRubric:
    rows = "".join(f"  {one}, {other}: {found}\n" for (one, other), found in zip(PLACES, table, strict=True))
    text = (
        f'rubric "Laws" id laws.levels\nversion 1\n{head}levels rating: low < mid < high\n'
        f"table found by first, second giving rating\n{rows}let here = found(first, second)\n"
        f'criterion 1 "One" 3 points, as printed because "drawn"\n{rule}'
    )
    return compile_rubric(text, parameters=parameters)


INPUTS = "input first: one of a, b, c\ninput second: one of p, q\n"
COUNTED = "  award 1 when here is at least low\n  award 1 when here is above low\n  award 1 when here is high\n"


@given(tables)
def test_a_table_gives_what_its_rows_say(table: tuple[str, ...]) -> None:
    rubric = _compiled(table, INPUTS, COUNTED)
    for (one, other), found in zip(PLACES, table, strict=True):
        result = rubric.evaluate({"inputs": {"first": one, "second": other}})
        assert result["1"].points == 1 + GIVEN.index(found)


@given(tables, st.sampled_from(FIRST))
def test_half_known_it_can_still_be_what_the_open_rows_give(table: tuple[str, ...], one: str) -> None:
    found = [GIVEN.index(level) + 1 for (first, _), level in zip(PLACES, table, strict=True) if first == one]
    node = _compiled(table, INPUTS, COUNTED).evaluate({"inputs": {"first": one}})["1"]
    assert (node.low, node.high) == (min(found), max(found))
    assert (node.points is not None) == (len(set(found)) == 1)


@pytest.mark.parametrize("one", FIRST)
@given(tables)
def test_a_parameter_set_to_a_level_is_a_fact_of_that_level(one: str, table: tuple[str, ...]) -> None:
    head = "parameter first: one of a, b, c = b\ninput second: one of p, q\n"
    folded, asked = _compiled(table, head, COUNTED, first=one), _compiled(table, INPUTS, COUNTED)
    for other in SECOND:
        by_parameter = folded.evaluate({"inputs": {"second": other}})
        assert by_parameter["1"].points == asked.evaluate({"inputs": {"first": one, "second": other}})["1"].points

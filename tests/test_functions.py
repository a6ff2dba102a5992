"""Definitions, tables, scales, registers: what a rubric names for itself, and the mistakes made with them."""

from fractions import Fraction

import pytest

from rubric_engine import check_text, compile_rubric

HEAD = """rubric "x" id x.y
version 1
"""


def codes(text: str) -> list[str]:
    return [found.code for found in check_text(HEAD + text).diagnostics]


TABLE = """table weight by scope, need
  same, low: 0.62
  same, high: 0.27
  other, low: 0.68
  other, high: 0.5
input S: one of same, other
input N: one of low, high
criterion 1 "a" 1 point
  score weight(S, N) / 0.68
"""


def test_a_table_is_looked_up_by_levels() -> None:
    rubric = compile_rubric(HEAD + TABLE)
    assert rubric.evaluate({"inputs": {"S": "same", "N": "high"}})["1"].points == Fraction(27, 68)


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("  other, high: 0.5\n", "", "RUB434"),
        ("  other, high: 0.5\n", "  other, low: 0.5\n", "RUB435"),
        ("  other, high: 0.5\n", "  other, hihg: 0.5\n", "RUB206"),
        ("weight(S, N)", "weight(S)", "RUB314"),
        ("weight(S, N)", "weight(S, 3)", "RUB301"),
        ("weight(S, N)", "wieght(S, N)", "RUB201"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(wrong: str, right: str, code: str) -> None:
    assert codes(TABLE.replace(wrong, right))[0] == code


def test_definitions_are_expanded_and_see_only_their_arguments() -> None:
    text = """define portion(top, bottom) = top / bottom
define up(x) = round(x, ceiling to 1 place)
input a, b: count, at least 1
criterion 1 "a" 2 points
  score up(min(1, portion(a, b))) * 2
"""
    rubric = compile_rubric(HEAD + text)
    assert rubric.score({"a": 1, "b": 3}) == Fraction(8, 10)


def test_definitions_that_call_themselves_or_explode_are_refused() -> None:
    ring = 'define f(x) = g(x)\ndefine g(x) = f(x)\ninput a: count\ncriterion 1 "a" 1 point\n  score f(a)\n'
    assert codes(ring) == ["RUB208"]
    wide = "define f0(x) = x + x\n" + "".join(f"define f{n}(x) = f{n - 1}(x) + f{n - 1}(x)\n" for n in range(1, 25))
    found = codes(wide + 'input a: count\ncriterion 1 "a" 1 point\n  score f24(a)\n')
    assert found == ["RUB113"]


def test_a_scale_serves_leaves_of_any_worth() -> None:
    text = """scale rate
  90% or more: 100%
  50% to below 90%: 50%
  below 50%: 0
input x, y: percent, from 0% to 100%
criterion 1 "a" 4 points
  score by x on scale rate
criterion 2 "b" 10 points
  score by y on scale rate
"""
    result = compile_rubric(HEAD + text).evaluate({"inputs": {"x": "60%", "y": "95%"}})
    assert [node.points for node in result] == [2, 10]
    assert codes(text.replace("50%: 0", "40%: 0"))[0] == "RUB411"
    assert codes(text.replace("on scale rate\ncriterion", "on scale rat\ncriterion"))[0] == "RUB201"


REGISTER = """input late "Late reports": list
  column days "Days late": count
  column kind: one of minor, major
criterion 1 "a" 4 points
  start at full points
  deduct 0.5 for each of late where days > 5 and kind is major, at most 3
  deduct highest days in late if none 0 when count of late > 3
"""


def test_a_register_is_counted_row_by_row() -> None:
    rows = [{"days": 9, "kind": "major"}, {"days": 2, "kind": "major"}, {"days": 8, "kind": "minor"}]
    rubric = compile_rubric(HEAD + REGISTER)
    assert rubric.evaluate({"inputs": {"late": rows}})["1"].points == Fraction(7, 2)
    assert rubric.evaluate({"inputs": {"late": []}})["1"].points == 4
    assert rubric.evaluate({"inputs": {}})["1"].missing == ("late",)


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("for each of late where days", "for each of laet where days", "RUB311"),
        ("where days > 5", "where dyas > 5", "RUB312"),
        ("kind is major", "kind is huge", "RUB206"),
        ("if none 0", "if none yes", "RUB301"),
        ("days > 5 and", "days > (count of late) and", "RUB210"),
        ("highest days in late if none 0", "highest kind in late if none 0", "RUB301"),
        ("highest days in late if none 0 when count of late > 3", "highest days in late", "RUB438"),
    ],
)
def test_what_is_wrong_with_a_register_is_said(wrong: str, right: str, code: str) -> None:
    assert code in codes(REGISTER.replace(wrong, right))


def test_a_condition_on_the_count_guards_a_reducer() -> None:
    assert codes(REGISTER.replace(" if none 0", "")) == []


def test_columns_hide_inputs_and_are_unknown_outside() -> None:
    text = REGISTER.replace('criterion 1 "a"', 'input days: count\ncriterion 1 "a"')
    assert "RUB209" in codes(text)
    outside = REGISTER.replace("when count of late > 3", "when days > 3")
    assert "RUB201" in codes(outside)


def test_groups_may_be_scored_by_a_formula_over_their_children() -> None:
    text = """area 1 "A" 10 points
  score min(points of 1.1, points of 1.2) * 2
criterion 1.1 "a" 5 points
  score judged
criterion 1.2 "b" 5 points
  score judged
"""
    result = compile_rubric(HEAD + text).evaluate({"judged": {"1.1": 4, "1.2": 3}})
    assert result["1"].points == 6
    assert result.total.published == 6

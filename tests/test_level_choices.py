"""Levels chosen by a condition, the higher or lower of two, two compared: held to the same said in Python."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from rubric_engine import check_text, compile_rubric
from rubric_engine.cohort import score_cohort
from rubric_engine.diagnostics.catalogue import message
from rubric_engine.syntax.formatter import format_text

LEVELS = ["none", "low", "high"]
HEAD = """rubric "Test" id test.choices
version 1
levels change: none < low < high
levels other: none < high
parameter least: change = low
input s: change
input t: change
input m: change, optional
input a: yes/no
"""
ROWS = "component 1 \"Level\" unscored\n  score by {}\n    none: 0\n    low: 1\n    high: 2\n"
TEST = "component 1 \"Test\" unscored\n  score\n    when {}: 1\n    otherwise: 0\n"
LAST = "component 2 \"Rest\" 1 point\n  score judged\n"


def at(name: str | None) -> int:
    return -1 if name is None else LEVELS.index(name)


CHOICES: list[tuple[str, Callable[[int, int, int, bool], int]]] = [
    ("when m is missing then s otherwise m", lambda s, t, m, a: s if m < 0 else m),
    ("when a then high otherwise low", lambda s, t, m, a: 2 if a else 1),
    ("when a then s otherwise none", lambda s, t, m, a: s if a else 0),
    (
        "when a then low otherwise (when s is high then t otherwise s)",
        lambda s, t, m, a: 1 if a else t if s == 2 else s,
    ),
    ("max(s, t)", lambda s, t, m, a: max(s, t)),
    ("min(s, t, least)", lambda s, t, m, a: min(s, t, 1)),
    ("when a then max(s, t) otherwise min(s, t)", lambda s, t, m, a: max(s, t) if a else min(s, t)),
    ("max(least, when a then s otherwise t)", lambda s, t, m, a: max(1, s if a else t)),
]
ORDERS: list[tuple[str, Callable[[int, int], bool]]] = [
    ("s is t", lambda s, t: s == t), ("s is not t", lambda s, t: s != t), ("s = t", lambda s, t: s == t),
    ("s != t", lambda s, t: s != t), ("s < t", lambda s, t: s < t), ("s <= t", lambda s, t: s <= t),
    ("s > t", lambda s, t: s > t), ("s is at least t", lambda s, t: s >= t),
    ("s is at most max(t, s)", lambda s, t: True), ("s < least", lambda s, t: s < 1),
    ("(when s is none then t otherwise s) > min(s, t)", lambda s, t: (t if s == 0 else s) > min(s, t)),
]  # fmt: skip


def given() -> list[dict[str, Any]]:
    return [
        {"s": s, "t": t, "m": m, "a": a} for s, t, m, a in product(LEVELS, LEVELS, [None, *LEVELS], [True, False])
    ]


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(("written", "meant"), CHOICES)
def test_a_level_made_from_levels(written: str, meant: Callable[..., int], named: bool) -> None:
    rule = f"let found = {written}\n" + ROWS.format("found") if named else ROWS.format(f"({written})")
    rubric = compile_rubric(HEAD + rule + LAST)
    for one in given():
        inputs = {name: value for name, value in one.items() if value is not None}
        found = rubric.evaluate({"inputs": inputs, "judged": {"2": 1}})["1"].points
        assert found == meant(at(one["s"]), at(one["t"]), at(one["m"]), one["a"])


@pytest.mark.parametrize(("written", "meant"), ORDERS)
def test_two_levels_are_compared(written: str, meant: Callable[[int, int], bool]) -> None:
    rubric = compile_rubric(HEAD + TEST.format(written) + LAST)
    for one in given():
        inputs = {name: value for name, value in one.items() if value is not None}
        found = rubric.evaluate({"inputs": inputs, "judged": {"2": 1}})["1"].points
        assert found == meant(at(one["s"]), at(one["t"]))


def test_levels_of_two_columns() -> None:
    text = """rubric "Test" id test.rows
version 1
levels rating: poor < fair < good
input visits: list
  column own: rating
  column found: rating
criterion 1 "Visits" 5 points
  score min(5, count of visits where max(own, found) is good and own < found)
"""
    rows = [{"own": own, "found": found} for own in ("poor", "good") for found in ("fair", "good")]
    assert compile_rubric(text).evaluate({"inputs": {"visits": rows}}).total.published == 1


def test_what_is_open_is_what_can_still_come() -> None:
    rubric = compile_rubric(HEAD + ROWS.format("(max(s, t))").replace("unscored", "2 points") + LAST)
    open_ = rubric.evaluate({"inputs": {"s": "low"}})["1"]
    assert (open_.low, open_.high, open_.missing) == (1, 2, ("t",))
    assert rubric.evaluate({"inputs": {"s": "high"}})["1"].points == 2


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        (ROWS.format("(when a then s otherwise 2)"), "RUB301", "`2` is a number; needed here: level"),
        (ROWS.format("(when a then lo otherwise high)"), "RUB201", "`lo` is not declared"),
        (TEST.format("s is a"), "RUB301", "`a` is a condition; needed here: level"),
        (
            TEST.format("s >= u") + "  input u: one of poor < fair\n",
            "RUB318", "`s` has the levels none < low < high, and `u` the levels poor < fair",
        ),
        (
            TEST.format("max(u, u) is poor") + "  input u: one of poor, fair\n", "RUB305",
            "the levels of `u` have no order",
        ),
        (
            ROWS.format("(when a then none otherwise high)"),
            "RUB318", "`none` is a level of `change` and of `other`",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_once(rule: str, code: str, words: str) -> None:
    (found,) = check_text(HEAD + rule + LAST).diagnostics
    assert (found.code, message(found, "en")) == (code, words)


def test_it_is_translated_there_and_back() -> None:
    text = HEAD + f"let found = {CHOICES[0][0]}\n" + ROWS.format("found") + LAST
    vietnamese = format_text(text, to="vi").text
    assert "khi m là chưa có thì s nếu không thì m" in vietnamese
    assert format_text(vietnamese, to="en").text == format_text(text).text


STAND_INS = """rubric "Test" id test.stand_ins
version 1
levels change: none < low < high
parameter usual: percent = 40%, from 0% to 100%
input s: change
input m: change, if missing s
input n: count, at most 10
input k: count, at most 10, if missing n
input a: yes/no
input b: yes/no, if missing a
input r: percent, from 0% to 100%, if missing usual
component 1 "Level" 2 points
  score by m
    none: 0
    low: 1
    high: 2
component 2 "Number" 10 points
  score full points * k / 10
component 3 "Answer" 1 point
  score yes/no by b
component 4 "Share" 10 points
  score in proportion to r
"""


def test_another_fact_stands_where_one_is_missing() -> None:
    rubric = compile_rubric(STAND_INS)
    codes = ("1", "2", "3", "4")
    for m, k, b, r in product((None, "high"), (None, 9), (None, False), (None, "70%")):
        own = {"m": m, "k": k, "b": b, "r": r}
        inputs = {"s": "low", "n": 3, "a": True, **{name: value for name, value in own.items() if value is not None}}
        result = rubric.evaluate({"inputs": inputs})
        assert [result[code].points for code in codes] == [
            2 if m else 1, k or 3, 1 if b is None else 0, 7 if r else 4,
        ]  # fmt: skip
    # Whoever stands in is waited for; a parameter is known.
    waiting = rubric.evaluate({"inputs": {}})
    assert [waiting[code].missing for code in codes] == [("s",), ("n",), ("a",), ()]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("if missing n", "if missing k", "RUB208"), ("if missing n", "if missing nope", "RUB201"),
        ("if missing n", "if missing a", "RUB301"), ("if missing s", "if missing n", "RUB301"),
        ("if missing usual", "if missing n", "RUB303"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in(before: str, after: str, code: str) -> None:
    assert [one.code for one in check_text(STAND_INS.replace(before, after)).diagnostics if one.code < "RUB4"] == [code]


def test_each_of_several_facts_has_its_label() -> None:
    text = HEAD + 'input x "One", "Two", y: yes/no\ninput v, w "Both": yes/no\n'
    text += TEST.format("x and [two] and y and v and w") + LAST
    labels = {spec.name: spec.label for spec in compile_rubric(text).plan.inputs}
    assert [labels[name] for name in ("x", "Two", "y", "v", "w")] == ["One", "Two", "y", "Both", "Both"]
    assert 'dữ liệu x "One", "Two", y: có/không\ndữ liệu v, w "Both": có/không' in format_text(text, to="vi").text


def test_units_are_ranked_by_a_level() -> None:
    text = STAND_INS + "ranking\n  by max(s, m), then by total\n"
    units = [("A", "low", None), ("B", "none", "high"), ("C", "low", "low"), ("D", "none", None)]
    given = [
        {"unit": unit, "inputs": {"s": s, "n": 1, "a": True, **({"m": m} if m else {})}} for unit, s, m in units
    ]
    ranking = score_cohort(compile_rubric(text), given).ranking()
    assert [(row.unit, row.rank) for row in ranking.rows] == [("B", 1), ("A", 2), ("C", 2), ("D", 4)]
    assert [row["keys"][0] for row in ranking.to_dict()["rows"]] == ["high", "low", "low", "none"]  # type: ignore[attr-defined]
    by_fact = score_cohort(compile_rubric(STAND_INS), given).ranking(by="s")
    assert [row.rank for row in by_fact.rows] == [1, 1, 3, 3]
    unordered = text.replace("none < low < high", "none, low, high")
    assert "RUB305" in [one.code for one in check_text(unordered).diagnostics]

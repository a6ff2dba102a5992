"""Values nobody stated: figures filled in afterwards, and what the rubric puts in place of a missing fact."""

from fractions import Fraction

from rubric_engine.engine import CompiledRubric, compile_rubric
from rubric_engine.facts.facts import MISSING
from rubric_engine.facts.figures import with_references
from rubric_engine.submission import as_given

F = Fraction

ABOVE = """rubric "Figures" id test.figures
input rate: percent, from 0% to 100%
input done: count
criterion 1 "One" 4 points
  score
    when rate >= average rate among units and done > previous done if no previous 3: 4
    otherwise: 0
criterion 2 "Two" 6 points
  score judged
"""
KNOWN = {"rate": "80%", "done": 5}


# ---------------------------------------------------------------- figures put in afterwards


def test_figures_put_in_afterwards_read_as_if_given() -> None:
    rubric = compile_rubric(ABOVE)
    bare = {"inputs": KNOWN, "judged": {"2": 1}}
    facts = rubric.read(bare)
    figures = {"average rate among units": F(241, 300), "previous done": 4}
    filled = with_references(facts, rubric.plan, figures)
    given = rubric.read({**bare, "references": {"average rate among units": "241/3%", "previous done": 4}})
    assert filled == given
    assert filled.packed == given.packed
    assert filled.missing == given.missing
    assert rubric.evaluate(filled) == rubric.evaluate(given)
    assert facts.packed[rubric_place(rubric, "previous done")] is MISSING


def rubric_place(rubric: CompiledRubric, name: str) -> int:
    return [spec.name for spec in rubric.plan.inputs].index(name)


def test_a_bounded_figure_is_missing_within_its_bounds() -> None:
    rubric = compile_rubric(ABOVE)
    facts = rubric.read({"inputs": KNOWN, "judged": {"2": 1}})
    name = "average rate among units"
    before = with_references(facts, rubric.plan, {name: F(1, 2)})
    assert name not in before.missing
    bounded = with_references(before, rubric.plan, {}, {name: (F(1, 2), F(7, 10))})
    assert bounded.bounds == {name: (F(1, 2), F(7, 10))}
    assert name in bounded.missing
    assert name not in bounded.values
    assert bounded.packed[rubric_place(rubric, name)] is MISSING
    assert rubric.evaluate(bounded)["1"].points == 4  # 80% is above all it can be
    open_still = with_references(before, rubric.plan, {}, {name: (F(1, 2), F(9, 10))})
    assert rubric.evaluate(open_still)["1"].points is None
    settled = with_references(open_still, rubric.plan, {name: F(9, 10)})
    assert settled.bounds == {}
    assert rubric.evaluate(settled)["1"].points == 0


# ---------------------------------------------------------------- values the rubric puts in place

INSTEAD = """rubric "x" id x.y
input done: count, if missing 0
input rate: percent, from 0% to 100%, if missing 12.5%
input plan: one of weak, good, if missing good
input ready: yes/no, if missing no
input sent: date, if missing 2025-01-31
input other: count
criterion 1 "One" 4 points
  score by plan
    weak: 0
    good: 1
  award done
  award 1 when ready or sent < 2025-01-01 or rate > 50%
  award other
"""


def test_a_value_of_the_rubrics_stands_in_for_a_missing_fact() -> None:
    rubric = compile_rubric(INSTEAD)
    facts = rubric.read({"inputs": {"rate": "60%"}})
    assert facts.substituted == {"done", "plan", "ready", "sent"}
    assert facts.values == {"done": 0, "rate": F(3, 5), "plan": 1, "ready": False, "sent": 739282}
    assert facts.missing == ("other",)
    whole = {"done": 0, "rate": "12.5%", "plan": "good", "ready": "no", "sent": "2025-01-31"}
    given = rubric.read({"inputs": whole})
    bare = rubric.read({})
    assert bare.values == given.values
    assert bare.packed == given.packed
    assert given.substituted == frozenset()
    assert rubric.evaluate({"inputs": {"other": 2}}).total.exact == 3
    assert rubric.score({"other": 2}) == rubric.score({**whole, "other": 2}) == 3


def test_what_the_rubric_put_in_place_is_not_given_back_as_stated() -> None:
    rubric = compile_rubric(INSTEAD)
    facts = rubric.read({"inputs": {"rate": "60%"}})
    given = as_given(rubric.plan, facts)
    assert given["inputs"] == {"done": None, "rate": "60%", "plan": None, "ready": None, "sent": None, "other": None}
    assert rubric.read(given) == facts

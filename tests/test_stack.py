"""How deep the caller stands does not decide what can be read, checked, scored and explained."""

import inspect
import sys
from collections.abc import Callable

import pytest

from rubric_engine import check_text, find_gaps, next_grade
from rubric_engine.engine import CompiledRubric
from rubric_engine.syntax.formatter import format_text

ROOM = 60  # frames left to the callee, and some for pytest
LEAF = (
    'rubric "Deep" id t.deep\nversion 1\ntotal 10 points\ncomponent 1 "Leaf" 10 points\n'
    "  input a: number, from 0 to 10\n  input b: yes/no\n  score "
)
GRADES = "\n\ngrades by total\n  good: 5 or more\n  bad: below 5\n"
GIVEN = {"inputs": {"a": 3, "b": True}}


def nested(before: str, inside: str, after: str) -> Callable[[int], str]:
    """A rule with so many of these inside one another."""
    return lambda depth: LEAF + before * depth + inside + after * depth + GRADES


def named(depth: int) -> str:
    """Named values, each on the one before."""
    lets = "".join(f"  let x{at + 1} = min(10, x{at} + 1)\n" for at in range(depth))
    head, _, _ = LEAF.rpartition("  score ")
    return f"{head}  let x0 = a\n{lets}  score x{depth}{GRADES}"


SHAPES = {
    "brackets": nested("(", "a", ")"),
    "differences": nested("10 - (", "a", ")"),
    "functions": nested("min(10, ", "a", ")"),
    "choices": nested("(when b then a otherwise ", "a", ")"),
    "refusals": lambda depth: f"{LEAF}\n    when {'not (' * depth}b{')' * depth}: 10\n    otherwise: 0{GRADES}",
    "named values": named,
}


def uses(text: str) -> list[str]:
    """Everything a rubric is used for; what the text is refused for, if it is."""
    checked = check_text(text)
    if checked.rubric is None:
        return [found.code for found in checked.diagnostics]
    rubric = CompiledRubric(checked.rubric, checked.source, checked.diagnostics)
    assert rubric.evaluate(GIVEN).total.published == rubric.score(GIVEN["inputs"])
    for submission in (GIVEN, {}):
        result = rubric.evaluate(submission)
        assert result.to_json()
        assert result.explain()
    find_gaps(rubric, GIVEN)
    next_grade(rubric, GIVEN)
    compile(rubric.to_python(), "published", "exec")
    assert format_text(text).text
    return []


def deep(work: Callable[[], list[str]]) -> list[str]:
    """The work done where hardly any room is left on the stack."""
    left = sys.getrecursionlimit() - len(inspect.stack(0)) - ROOM

    def down(steps: int) -> list[str]:
        return down(steps - 1) if steps else work()

    return down(left)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_deepest_rubric_is_used_from_anywhere(shape: str) -> None:
    deepest = next(depth for depth in range(60, 0, -1) if check_text(SHAPES[shape](depth)).rubric)
    assert deepest >= 15
    assert deep(lambda: uses(SHAPES[shape](deepest))) == []
    assert "RUB113" in deep(lambda: uses(SHAPES[shape](deepest + 1)))

"""Every form and every operation of a plan goes through every stage: none is forgotten by one of them.

The rubrics of the conformance cases, the pages and the reference, and those below, hold each member of every closed
sum at least once; a member nobody wrote a rubric for fails here. A few of them that hold all together are taken through
everything that reads a plan.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from blocks import Document

from rubric_engine import check_text, find_gaps, next_grade
from rubric_engine.backend.interpret import interpret
from rubric_engine.diagnostics.catalogue import codes, page
from rubric_engine.engine import CompiledRubric
from rubric_engine.evaluator import IncompleteError, NotRatedError
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import Unsettled
from rubric_engine.plan import combine, cycle, expr, grading, plan
from rubric_engine.plan.codec import decode_plan, encode_plan
from rubric_engine.plan.plan import Slot, slots_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.syntax.formatter import format_text

TESTS = Path(__file__).parent
SUMS = (
    plan.Kind, plan.Effect, plan.Policy, plan.Form, combine.CombineKind, combine.MissingPolicy, grading.GateKind,
    grading.Ties, grading.PublishedForm, expr.Mode, expr.Order, expr.Reducer, expr.Tie, expr.Function,
    expr.Calendar,
    cycle.ReferenceKind,
)  # fmt: skip
MORE = {
    "numbers": """rubric "Numbers" id t.numbers
version 1
total 30 points

component 1 "Functions" 10 points
  input x: number, from 1 to 4
  evidence paper "Paper" required, if missing warn
  score min(10, exp(x, 3 places) / 10 + power(x, 0.5, 3 places) + median(x, 2, 3))

component 2 "Registers" 10 points
  input log: list
    column day: count, at most 9
  let ends = (first day in log if none 0) + (last day in log if none 0)
  score by ends
    0 to 4: 5
    above 4: 10

component 3 "Roundings" 10 points
  input y: number, from 0 to 9
  let more = round(y / 9, up to 0 places)
  score (when x != y then round(y, down to 1 place) otherwise round(y, half-even to 1 place)) + more

grades by total
  good: 20 or more
  fair: below 20
  no higher than fair when not nothing scored 0
""",
    "means": """rubric "Means" id t.means
version 1
combine power mean 2 to 6 places
published as index 0 to 1, rounded half-up to 3 places

area 1 "One" 10 points
  combine product
component 1.1 "A" 5 points
  score judged
component 1.2 "B" 5 points
  score judged

area 2 "Two" 10 points
  score judged

ranking
  by total
  ties share the rank without a gap
""",
    "units": """rubric "Units" id t.units
version 1
total 20 points

component 1 "Spread" 10 points
  input x: number, from 0 to 9
  let place = percent rank of x among units if all equal 0%
  let apart = standard score of x among units to 2 places if all equal 0
  score min(10, max(0, 5 + 5 * place + apart))

component 2 "Middle" 10 points
  score
    when x >= percentile 90% of x among units: 10
    when x >= standard deviation of x among units to 2 places: 5
    otherwise: 0
""",
}
# Made by the engine where a plan is read at a stage.
NO_AUTHOR_WRITES = {plan.Policy.NOT_DUE, plan.Policy.DECIDED}


@cache
def texts() -> dict[str, str]:
    """Rubrics to choose from."""
    found = {file.stem: file.read_text("utf-8") for file in sorted((TESTS / "conformance").rglob("*.rubric"))}
    found |= {code: page(code).good.rubric for code in codes() if page(code).good is not None}
    return found | {f"reference {block.line}": block.whole for block in Document("docs/language.md").right} | MORE


@cache
def rubrics() -> dict[str, CompiledRubric]:
    """Those that may be used."""
    found = {}
    for name, text in texts().items():
        checked = check_text(text)
        if checked.rubric is not None:
            found[name] = CompiledRubric(checked.rubric, checked.source, checked.diagnostics)
    return found


def members(thing: object) -> Iterator[object]:
    """Every member of a closed sum inside a plan: classes of expressions, values of enumerations."""
    todo = [thing]
    while todo:
        here = todo.pop()
        if isinstance(here, Enum):
            yield here
        elif isinstance(here, tuple):
            todo += here
        elif is_dataclass(here) and not isinstance(here, type):
            yield type(here)
            todo += [getattr(here, each.name) for each in fields(here)]


WANTED = {*get_args(expr.Num), *get_args(expr.Truth), *(one for each in SUMS for one in each)} - NO_AUTHOR_WRITES


@cache
def cover() -> tuple[str, ...]:
    """A few rubrics that hold every member together: each time the one that adds most."""
    left = set(WANTED)
    held = {name: set(members(found.plan)) & WANTED for name, found in rubrics().items()}
    chosen: list[str] = []
    while left and (best := max(held, key=lambda name: len(held[name] & left))) and held[best] & left:
        chosen.append(best)
        left -= held[best]
    return tuple(chosen)


def submissions(rubric: CompiledRubric) -> Iterator[dict[str, Any]]:
    """Nothing at all, and what each example of the rubric gives, if it has any; then something of everything."""
    yield {}
    given: dict[str, dict[str, Any]] = {"inputs": {}, "references": {}, "judged": {}}
    for spec in rubric.plan.inputs:
        given["references" if spec.reference else "inputs"][spec.name] = some_value(spec)
    for judged in rubric.plan.judged:
        given["judged"][judged.key] = str(judged.maximum)
    yield {"unit": "U", **given, "evidence": {spec.name: ["1"] for spec in rubric.plan.evidence}}


def some_value(spec: plan.InputSpec) -> Any:
    """A value the input may have, more often than not."""
    match spec.kind:
        case plan.Kind.YES_NO:
            return True
        case plan.Kind.TEXT:
            return "text"
        case plan.Kind.DATE:
            return "2024-06-30"
        case plan.Kind.LEVEL:
            return spec.levels[0].name
        case plan.Kind.LIST:
            return [{column.name: some_value(column) for column in spec.columns}] * 3
        case plan.Kind.RATINGS:
            return [some_value(spec.columns[0])] * max(spec.raters, 3)
        case plan.Kind.PERCENT:
            return "80%"
        case _:
            return 3


def taken_through(rubric: CompiledRubric, submission: dict[str, Any]) -> None:
    """Everything that reads a submission by a plan; what a submission is refused for is said, and nothing else."""
    try:
        facts = rubric.read(submission)
        result = rubric.evaluate(facts)
    except SubmissionError:
        return
    assert json.loads(result.to_json())["nodes"]
    for language in ("en", "vi"):
        assert result.explain(language=language)
    read_ranges(rubric.plan, facts)
    try:
        exact = interpret(rubric.plan, facts)
    except Unsettled:
        exact = None
    try:
        total = rubric.score(facts)
    except (IncompleteError, NotRatedError):
        total = None
    if exact is not None and total is not None:
        at = slots_of(rubric.plan).index(Slot(plan.Observed.PUBLISHED))
        assert exact.number(at) == total == result.total.published
    find_gaps(rubric, facts)
    if any(table.node < 0 for table in rubric.plan.grades):
        next_grade(rubric, facts)


def test_somebody_wrote_every_member() -> None:
    assert WANTED - {one for found in rubrics().values() for one in members(found.plan)} == set()


@pytest.mark.parametrize("number", range(50))
def test_every_member_goes_through_every_stage(number: int) -> None:
    if number >= len(cover()):
        assert number > 10
        return
    name = cover()[number]
    rubric = rubrics()[name]
    assert decode_plan(encode_plan(rubric.plan)) == rubric.plan
    compile(rubric.to_python(with_ranges=True), name, "exec")
    for submission in submissions(rubric):
        taken_through(rubric, submission)
    for language in ("en", "vi"):
        shown = format_text(texts()[name], to=language)
        assert not shown.diagnostics
        assert check_text(shown.text).rubric is not None

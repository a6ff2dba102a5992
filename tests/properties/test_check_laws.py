"""What the checks promise: a rubric they pass never divides by zero and never falls between its rows.

Small leaves are made from guards, bounds, bands and formulas that are often wrong. Where the checks find nothing, every
submission that satisfies the declared bounds is scored by the reference; where they find a fault and show a submission,
the fault is really there.
"""

import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rubric_engine.analysis.check.search.shapes import rows_of
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.lower import lower
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.engine import Checked, check_text
from rubric_engine.facts.facts import read_submission
from rubric_engine.meaning.reading import ScoringError, Undefined
from rubric_engine.model import Bands
from rubric_engine.plan.plan import Observed, slots_of
from rubric_engine.solve.world import Evaluation

BOUNDS = ["", ", at least 1", ", above 1", ", at most 6", ", from 2 to 5"]
RELATED = ["", ", at most b", ", below b", ", at most b + 1", ", at most 3"]
GUARDS = [
    "", "not applicable when b = 0: full points", "not applicable when a = 0: zero", "require b > 0, otherwise 0",
    "require c, otherwise 0", "not applicable when b = a: zero", "not applicable when b < 3 and c: full points",
]  # fmt: skip
SUBJECTS = ["a / b", "a", "b - a", "(b - a) / b", "a / (a + b)", "a / (b - 2)", "a + 2 * b", "min(a, 3) / max(b, 1)"]
EDGES = st.sampled_from(["0", "0.5", "1", "1.5", "2", "3", "4"])
CONDITIONS = ["a / b >= 0.5", "b > 0", "b > 0 and a / b > 0.9", "c", "a > b", "b = 0", "a = 2 or c", "1 / (b - 3) > 0"]


@st.composite
def band_tables(draw: st.DrawFn) -> str:
    """Three rows between two edges, whose ends may not meet."""
    low, high = sorted((draw(EDGES), draw(EDGES)), key=Fraction)
    middle = draw(st.sampled_from([f"{low} to {high}", f"above {low} to {high}", f"{low} to below {high}"]))
    assume(low != high or middle == f"{low} to {high}")
    top = draw(st.sampled_from([f"above {high}", f"{high} or more"]))
    bottom = draw(st.sampled_from([f"below {low}", f"{low} or less"]))
    rows = [f"{top}: 2", f"{middle}: 1", f"{bottom}: 0"]
    kept = draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
    return "\n".join(f"    {row}" for row in [*kept, *draw(st.sampled_from([[], ["otherwise: 0"]]))])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule of one leaf."""
    subject = draw(st.sampled_from(SUBJECTS))
    when, then = draw(st.sampled_from(CONDITIONS)), draw(st.sampled_from(CONDITIONS))
    return draw(
        st.one_of(
            band_tables().map(lambda rows: f"  score by {subject}\n{rows}"),
            st.just(f"  score\n    when {when}: 2\n    when {then}: 1\n    otherwise: 0"),
            st.just(f"  score in proportion to {draw(st.sampled_from(['a / b', 'a / (b - 1)', '(b - a) / (a + b)']))}"),
            st.just(f"  score when {when} then min(2, {subject}) otherwise 0\n  at most full points"),
            st.just(f"  start at full points\n  deduct {subject} when {when}, at most 1"),
        )
    )


@st.composite
def leaves(draw: st.DrawFn) -> str:
    """A rubric of one leaf over two counts and a yes/no."""
    guard = draw(st.sampled_from(GUARDS))
    return "\n".join([
        'rubric "Law" id law.check', "version 1", 'component 1 "Leaf" 2 points',
        f"  input b: count{draw(st.sampled_from(BOUNDS))}", f"  input a: count{draw(st.sampled_from(RELATED))}",
        "  input c: yes/no", *([f"  {guard}"] if guard else []), draw(rules()), "",
    ])  # fmt: skip


def errors(checked: Checked) -> list[Diagnostic]:
    """What stands in the way of compiling."""
    return list(checked.diagnostics) if checked.rubric is None else []


@given(leaves())
@settings(max_examples=60)
def test_what_is_passed_can_always_be_scored(text: str) -> None:
    checked = check_text(text)
    assume(not errors(checked))
    assert checked.rubric is not None
    plan = lower(checked.rubric, checked.source)
    points = [at for at, slot in enumerate(slots_of(plan)) if slot.kind is Observed.POINTS]
    subject = Subject(checked.rubric)
    rule = checked.rubric.nodes[0].rule
    for b in range(8):
        for a in range(8):
            for c in (False, True):
                world = {"a": Fraction(a), "b": Fraction(b), "c": c}
                if not all(subject.search.allows(name, world) for name in world):
                    continue
                reading = interpret(plan, read_submission(plan, {"inputs": {"a": a, "b": b, "c": c}}))
                assert all(0 <= reading.number(slot) <= 2 for slot in points)
                place = subject.place_of(checked.rubric.nodes[0])
                if isinstance(rule, Bands) and rule.otherwise is None and place is not None:
                    exact = Evaluation(world, {})
                    if all(exact.truth(goal) is holds for goal, holds in place.path):
                        assert sum(exact.truth(test) for (test, _), _ in rows_of(rule, subject)) == 1


@given(leaves())
@settings(max_examples=60)
def test_what_is_shown_is_so(text: str) -> None:
    checked = check_text(text)
    shown = [one for one in errors(checked) if one.code in ("RUB411", "RUB412", "RUB414") and one.example]
    assume(shown)
    for one in shown:
        facts = {name: value if value in ("yes", "no") else Fraction(value) for name, value in one.example.items()}
        world = {name: value == "yes" if name == "c" else value for name, value in facts.items()}
        rule, subject = _resolved(text)
        exact = Evaluation(world, {})
        if isinstance(rule, Bands) and one.code != "RUB414":
            holding = sum(exact.truth(test) for (test, _), _ in rows_of(rule, subject))
            assert holding == 0 if one.code == "RUB411" else holding >= 2
        elif isinstance(rule, Bands):
            whatever = {"a": Fraction(1), "b": Fraction(1), "c": True}
            with pytest.raises(Undefined):
                Evaluation({**whatever, **world}, {}).number(rule.subject)


def _resolved(text: str) -> tuple[object, Subject]:
    from rubric_engine.analysis.resolve.rubric import resolve
    from rubric_engine.source import SourceFile
    from rubric_engine.syntax.parser import parse

    source = SourceFile.from_text(text)
    rubric = resolve(parse(source).tree, source).rubric
    return rubric.nodes[0].rule, Subject(rubric)


# ---------------------------------------------------------------- registers

ROW_TESTS = ["d > 0", "d >= 2", "k", "e > 1 and k", "d / e > 1", "d = e"]
VALUES = ["d", "d + e", "(d / e)", "(d - e)", "(when e > 0 then d / e otherwise 0)"]
REDUCERS = ["highest", "lowest", "first", "last", "mean of", "median of", "sum of", "trimmed mean of"]
REGISTER_GUARDS = [
    "", "not applicable when count of r = 0: zero", "require count of r >= 2, otherwise 0",
    "not applicable when (count of r where k) = 0: zero", "require (count of r where d >= 2) > 0, otherwise 0",
    "not applicable when c: full points", "require (count of r where e = 0) = 0, otherwise 0",
]  # fmt: skip
ROOTS = ["{}", "sqrt({}, 3 places)", "ln({}, 3 places)", "power({}, 0.5, 3 places)"]
CELLS = [(d, e, k) for d in (0, 1, 3) for e in (0, 2) for k in (False, True)]


@st.composite
def register_leaves(draw: st.DrawFn, *, careful: bool = False) -> str:
    """A rubric of one leaf over a register of three columns; a careful author leaves less to chance."""
    where = draw(st.sampled_from(["", *(f" where {test}" for test in ROW_TESTS)]))
    reducer, value = draw(st.sampled_from(REDUCERS)), draw(st.sampled_from(VALUES))
    other = draw(st.sampled_from(["", " if none 1", " if none 1" if careful else ""]))
    reduced = f"({reducer} {value} in r{where}{other})"
    if draw(st.booleans()):
        reduced = f"(share of r{where or ' where k'}{other})"
    whole = draw(st.sampled_from([*ROOTS, *["{}"] * (8 * careful)])).format(reduced)
    guard = draw(st.sampled_from(REGISTER_GUARDS))
    rule = draw(
        st.sampled_from([
            f"score max(0, min(2, {whole}))", f"score when c then max(0, min(2, {whole})) otherwise 0",
            f"score\n    when count of r = 0: 2\n    otherwise: max(0, min(2, {whole}))",
        ])
    )  # fmt: skip
    bound = draw(st.sampled_from([", at least 1", ", at least 1" if careful else ""]))
    return "\n".join([
        'rubric "Law" id law.check', "version 1", 'component 1 "Leaf" 2 points', "  input c: yes/no", "  input r: list",
        "    column d: count", f"    column e: count{bound}", "    column k: yes/no",
        *([f"  {guard}"] if guard else []), f"  {rule}", "",
    ])  # fmt: skip


REGISTERS = st.lists(st.lists(st.sampled_from(CELLS), max_size=4), min_size=12, max_size=12)


@given(register_leaves(careful=True), REGISTERS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
def test_registers_that_are_passed_can_be_scored(text: str, registers: list[list[tuple[int, int, bool]]]) -> None:
    checked = check_text(text)
    assume(not errors(checked) and all(found.code != "RUB455" for found in checked.diagnostics))
    assert checked.rubric is not None
    plan = lower(checked.rubric, checked.source)
    least = 1 if "at least 1" in text else 0
    for rows in [[], *([cell] for cell in CELLS), *registers]:
        given_rows = [{"d": d, "e": e, "k": k} for d, e, k in rows if e >= least]
        for c in (False, True):
            reading = interpret(plan, read_submission(plan, {"inputs": {"c": c, "r": given_rows}}))
            assert all(
                0 <= reading.number(at) <= 2 for at, slot in enumerate(slots_of(plan)) if slot.kind is Observed.POINTS
            )


@given(register_leaves())
@settings(max_examples=60)
def test_registers_that_are_shown_fail(text: str) -> None:
    checked = check_text(text)
    shown = [one for one in errors(checked) if one.code in ("RUB414", "RUB438", "RUB439") and "r" in one.example]
    assume(shown)
    subject = _resolved(text)[1]
    plan = lower(subject.rubric, checked.source)
    for one in shown:
        inputs = {"r": _rows(one.example["r"]), "c": one.example.get("c") == "yes"}
        for c in (inputs["c"], True, False):
            try:
                interpret(plan, read_submission(plan, {"inputs": {**inputs, "c": c}}))
            except ScoringError:
                break
        else:
            raise AssertionError((one, text))


def _rows(shown: str) -> list[dict[str, int | bool]]:
    """The rows of an example as it is shown."""
    found: list[dict[str, int | bool]] = []
    for cells, count in re.findall(r"\(([^)]*)\)(?: × (\d+))?", shown):
        pairs = [cell.split(": ") for cell in cells.split(", ")]
        row = {name: value == "yes" if value in ("yes", "no") else int(value) for name, value in pairs}
        found += [row] * int(count or 1)
    return found

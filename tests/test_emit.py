"""What emitted code may look like, and what it must stand."""

import ast
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from plans import grow, leaf, points, sheet
from work import at_most

from rubric_engine.backend.emit.module import BUILTINS, NAMES, emit
from rubric_engine.backend.emit.values import literal, rounded_quotient
from rubric_engine.backend.interpret import final_grade, interpret
from rubric_engine.backend.load import load
from rubric_engine.evaluator import Evaluator, IncompleteError, NotRatedError
from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.exact import round_ratio
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.codec import decode_plan, encode_plan

F = Fraction
COUNT = p.Kind.COUNT
PLANNED = p.InputSpec("planned", "Planned", COUNT)
DONE = p.InputSpec("done", "Done", COUNT, maximum=p.Bound(x.Fact("planned")))
RATE = x.Div(x.Fact("done"), x.Fact("planned"))
ALLOWED = {
    "Module", "FunctionDef", "arguments", "arg", "Assign", "AugAssign", "If", "Return", "Raise", "Pass", "Try",
    "ExceptHandler", "Expr", "Name", "Load", "Store", "Constant", "Tuple", "Dict", "Subscript", "Call", "Attribute",
    "BinOp", "UnaryOp", "BoolOp", "Compare", "IfExp", "Add", "Sub", "Mult", "FloorDiv", "Mod", "Pow", "BitAnd", "USub",
    "Not", "And", "Or", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "In", "NotIn", "For", "List", "Slice",
}  # fmt: skip
CALLED = {"ScoringError", "gcd", "sorted", "len", "max", "type", "ordinal", "sum", "Fraction"}
CALLED |= {"inexact", "located", "lowest_terms", "mean_product", "months_after", "months_from", "power_mean"}

KINDS = (
    p.Policy, p.Effect, p.Form, p.GateKind, p.Kind, p.CombineKind, p.MissingPolicy, x.Mode, x.Order, x.Reducer,
    x.Function, x.Tie, x.Calendar, p.PublishedForm, p.Ties,
)  # fmt: skip


def evaluator(plan: p.Plan) -> Evaluator:
    return Evaluator(plan, load(emit(plan), plan))


def assert_closed(source: str) -> None:
    """Only these forms, only made names, no attribute but the two parts of a fraction."""
    tree = ast.parse(source)
    assert {type(node).__name__ for node in ast.walk(tree)} <= ALLOWED
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            assert node.attr in ("numerator", "denominator")
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            assert node.func.id in CALLED | own
        if isinstance(node, ast.Name):
            assert node.id in NAMES or node.id in BUILTINS or made(node.id) or node.id in own


def made(name: str) -> bool:
    words = ("packed", "inputs", "judged", "total", "totaln", "totald", "published", "publishedn", "publishedd",
             "maximum", "rated")  # fmt: skip
    letters = "Tabcefghijklmnopqrstuvwxyz"
    return name in words or (name.isascii() and name[0] in letters and any(c.isdigit() for c in name))


@pytest.mark.parametrize("seed", range(40))
def test_emitted_code_uses_a_closed_set_of_forms(seed: int) -> None:
    assert_closed(emit(grow(1 + seed % 5, seed)).source)


def test_equal_plans_give_equal_bytes_under_any_hash_seed() -> None:
    program = (
        "import hashlib; from plans import grow; from rubric_engine.backend.emit.module import emit\n"
        "from rubric_engine.backend.published import publish\n"
        "text = ''.join(emit(grow(4, seed)).source for seed in range(12))\n"
        "text += publish(grow(2, 1), emit(grow(2, 1)))\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    root = str(Path(__file__).parents[1])
    found = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}{os.pathsep}{root}/tests"}
        run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, cwd=root)
        assert run.returncode == 0, run.stderr
        found.add(run.stdout)
    assert len(found) == 1


def classes_in(value: Any, found: set[str]) -> None:
    if isinstance(value, tuple):
        for part in value:
            classes_in(part, found)
    elif is_dataclass(value) and not isinstance(value, type):
        found.add(type(value).__name__)
        for field in fields(value):
            classes_in(getattr(value, field.name), found)
    elif isinstance(value, KINDS):
        found.add(f"{type(value).__name__}.{value.name}")


def test_generated_plans_hold_everything_a_plan_can_hold() -> None:
    found: set[str] = set()
    for seed in range(120):
        classes_in(grow(5, seed), found)
    wanted = {f"{kind.__name__}.{one.name}" for kind in KINDS for one in kind}
    wanted.remove("Policy.DECIDED")  # comes of decisions: tests/properties/test_decision_laws.py
    wanted |= {kind.__name__ for kind in (*x.Num.__args__, *x.Truth.__args__)}
    wanted |= {"Absent", "Requirement", "Adjustment", "Limit", "Rounding", "GradeTable", "Gate", "EvidenceSpec", "Let"}
    wanted |= {"Combine", "IfMissing", "Reference", "Stage", "Deadline", "Publication", "RankingRule", "RankKey"}
    wanted.add("Quota")
    assert wanted <= found


def test_the_words_of_the_author_stay_data() -> None:
    hostile = "'''\"\"\"\n\rimport os\\u202e{x}#\u2028" + "\x00"
    level = p.InputSpec("class", hostile, p.Kind.LEVEL, levels=(p.Level("';import os#", "'\"\n{x}"), p.Level("b", "")))
    nodes = [replace(leaf(hostile, 2, base=points((x.IsLevel("class", (0,)), 2), (None, 0))), title=hostile)]
    odd = p.InputSpec("tỷ lệ'\n", hostile, COUNT)
    plan = sheet([level, odd], nodes, title=hostile, id=hostile, version=hostile)
    module = emit(plan)
    assert_closed(module.source)
    assert evaluator(plan).score({"class": "';import os#", "tỷ lệ'\n": 1}) == 2
    assert decode_plan(encode_plan(plan)) == plan


def test_a_bound_ratio_is_compared_by_cross_multiplication_and_guarded_once() -> None:
    above = x.Compare(x.Order.GT, RATE, x.Const(F(9, 10)))
    base = points((above, 2), (x.Compare(x.Order.GE, RATE, x.Const(F(7, 10))), 1), (None, 0), subject=RATE)
    clause = p.Absent(x.Compare(x.Order.EQ, x.Fact("planned"), x.Const(F(0))), p.Policy.FULL)
    with_clause = emit(sheet([PLANNED, DONE], [leaf("1", 2, base=base, absent=(clause,))])).source
    assert "i_done_1 * 10 > i_planned_0 * 9" in with_clause
    assert "ScoringError" not in with_clause
    assert emit(sheet([PLANNED, DONE], [leaf("1", 2, base=base)])).source.count("raise ScoringError") == 2


def test_division_by_zero_names_the_heading() -> None:
    plan = sheet([PLANNED, DONE], [leaf("1.1", 2, base=points((None, RATE)))])
    facts = SubmissionReader(plan).read({"inputs": {"planned": 0, "done": 0}})
    loaded = load(emit(plan), plan)
    for read in (loaded.total, loaded.trace):
        with pytest.raises(ScoringError) as caught:
            read(facts.packed)
        assert caught.value.node == "1.1"
    for call in (evaluator(plan).evaluate, evaluator(plan).score):
        with pytest.raises(SubmissionError) as refused:
            call(facts)
        assert [problem.code for problem in refused.value.problems] == ["RUB508"]


def test_a_total_that_waits_says_for_what() -> None:
    nodes = [leaf("1", 2, base=points((None, x.Fact("done")))), leaf("2", 1, base=points((None, 1)))]
    plan = sheet([PLANNED, DONE], nodes)
    with pytest.raises(IncompleteError) as caught:
        evaluator(plan).score({"planned": 3})
    assert caught.value.missing == ("done",)
    unneeded = sheet([PLANNED, DONE], [leaf("1", 2, base=points((None, x.Fact("planned"))))])
    assert evaluator(unneeded).score({"planned": 2}) == 2


def test_what_pack_does_not_take_is_read_with_care() -> None:
    day = p.InputSpec("day", "Day", p.Kind.DATE)
    plan = sheet([PLANNED, DONE, day], [leaf("1", 20, base=points((None, x.Fact("done"))))])
    one = evaluator(plan)
    assert one._functions.pack({"planned": 3, "done": 2, "day": "2023-01-01"}, {}) is None
    assert one.score({"planned": "3", "done": 2, "day": "2023-01-01"}) == 2
    for wrong in ({"planned": True}, {"planned": 2}, {"done": -1}, {"planned": 3.5}, {"extra": 1}):
        with pytest.raises(SubmissionError):
            one.score({"planned": 3, "done": 3, "day": "2023-01-01", **wrong})


def test_doubling_lets_and_deep_expressions_stay_small_and_quick() -> None:
    lets = [p.Let("a0", RATE, "", 1)]
    for i in range(1, 400):
        before = x.Ref(f"a{i - 1}")
        lets.append(p.Let(f"a{i}", x.Least((x.Sub(x.Add((before, before)), before), x.Const(F(5)))), "", 1))
    deep: x.Num = x.Fact("done")
    for i in range(150):
        deep = x.If(x.Compare(x.Order.EQ, x.Fact("planned"), x.Const(F(i))), x.Div(x.Const(F(1)), x.Fact("done")), deep)
    nodes = [leaf("1", 9, base=points((None, x.Ref("a399")))), leaf("2", 9, base=points((None, deep)))]
    plan = sheet([PLANNED, DONE], nodes, lets=tuple(lets))
    with at_most(10_000_000):
        module = emit(plan)
        assert len(module.source) < 800_000
        assert_closed(module.source)
        facts = SubmissionReader(plan).read({"inputs": {"planned": 200, "done": 150}})
        reading = interpret(plan, facts)
        assert evaluator(plan).score(facts) == reading.number(len(reading.values) - 2)


def test_long_sums_and_long_chains_compile() -> None:
    many = x.Add(tuple(x.Fact("done") if i % 2 else RATE for i in range(3000)))
    cases = [(x.Compare(x.Order.EQ, x.Fact("done"), x.Const(F(i))), i % 7) for i in range(2000)]
    flags = x.All(tuple(x.Compare(x.Order.GE, RATE, x.Const(F(i, 9000))) for i in range(2000)))
    nodes = [leaf("1", 5000, base=points((None, many))), leaf("2", 9, base=points(*cases, (None, 8))),
             leaf("3", 1, base=points((flags, 1), (None, 0)))]  # fmt: skip
    plan = sheet([PLANNED, DONE], nodes)
    facts = SubmissionReader(plan).read({"inputs": {"planned": 1999, "done": 1999}})
    reading = interpret(plan, facts)
    assert evaluator(plan).score(facts) == reading.number(len(reading.values) - 2)


def test_wide_and_deep_outlines_compile() -> None:
    nodes = []
    for depth in range(150):
        parent = depth - 1 if depth else None
        below = (depth + 1,) if depth < 149 else tuple(range(150, 500))
        clause = p.Absent(x.Compare(x.Order.EQ, x.Fact("done"), x.Const(F(depth + 1))), p.Policy.EXCLUDED)
        nodes.append(replace(leaf(f"g{depth}", 350, parent, children=below), absent=(clause,)))
    nodes += [leaf(f"l{i}", 1, 149, base=points((None, 1))) for i in range(350)]
    order = (*range(150, 500), *range(149, -1, -1))
    plan = replace(sheet([PLANNED, DONE], [leaf("1", 350)]), nodes=tuple(nodes), order=order)
    with at_most(8_000_000):
        assert evaluator(plan).score({"planned": 999, "done": 999}) == 350
        with pytest.raises(NotRatedError):
            evaluator(plan).score({"planned": 999, "done": 40})


def test_a_division_in_a_let_fails_only_whoever_uses_it() -> None:
    rich = x.Compare(x.Order.GT, x.Ref("rate"), x.Const(F(0)))
    lets = (p.Let("rate", x.Rounded(RATE, x.Mode.HALF_UP, F(1, 10)), "", 1), p.Let("rich", rich, "", 1))
    none = x.Compare(x.Order.EQ, x.Fact("planned"), x.Const(F(0)))
    used = points((none, 1), (x.RefTruth("rich"), x.Ref("rate")), (None, 0))
    plan = sheet([PLANNED, DONE], [leaf("1", 2, base=used)], lets=lets)
    assert evaluator(plan).score({"planned": 0, "done": 0}) == 1
    assert evaluator(plan).score({"planned": 4, "done": 3}) == F(4, 5)


def test_tracebacks_show_the_generated_line() -> None:
    plan = sheet([PLANNED, DONE], [leaf("1", 2, base=points((None, RATE)))])
    loaded = load(emit(plan), plan)
    with pytest.raises(ScoringError) as caught:
        loaded.trace((0, 0))
    entry = caught.traceback[-1]
    assert entry.frame.code.raw.co_filename == f"<rubric by.hand {'0' * 12} trace>"
    assert str(entry.statement).strip() == "raise ScoringError('1')"


@pytest.mark.parametrize("mode", list(x.Mode))
def test_rounding_in_whole_numbers(mode: x.Mode) -> None:
    for bottom in (1, 2, 3, 4, 7):
        for top in range(-30, 31):
            for sign in (None, 1) if top >= 0 else (None,):
                source = rounded_quotient("n", "d", mode, sign)
                assert eval(source, {"n": top, "d": bottom}) == round_ratio(top, bottom, mode)


def test_a_literal_of_any_length_can_be_read_back() -> None:
    for number in (0, -5, 10**5000, -(10**4500)):
        assert eval(literal(number)) == number


def test_the_lowest_grade_wins_whatever_the_order() -> None:
    rows = tuple(p.GradeRow(name, name, x.Always(True), "", 1) for name in ("a", "b", "", "c"))

    def table(*gates: tuple[p.GateKind, int]) -> p.GradeTable:
        return p.GradeTable(rows, tuple(p.Gate(k, r, x.Always(True), "", "", 1) for k, r in gates), x.Total(), "", 1)

    kind = p.GateKind
    two = [(kind.CEILING, 1), (kind.LOWER, -1), (kind.LOWER, -1), (kind.FORCE, 1)]
    for order in (two, two[::-1]):
        assert final_grade(table(*order), 0, [True] * 4) == 3
    assert final_grade(table(*two), 2, [True] * 4) == 1
    assert final_grade(table((kind.CEILING, 1)), 2, [True]) == 2
    assert final_grade(table((kind.LOWER, -1)), 3, [True]) == 3
    assert final_grade(table((kind.NONE, -1), (kind.FORCE, 0)), 0, [True, True]) == -1


def test_the_engine_version_is_the_packages() -> None:
    import rubric_engine
    from rubric_engine.evaluator import ENGINE_VERSION

    assert rubric_engine.__version__ == ENGINE_VERSION

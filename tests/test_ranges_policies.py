"""Ranges where the rubric itself says what to do: tables, policies, parts of a register, figures not settled yet."""

from dataclasses import replace
from fractions import Fraction as F
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_engine.backend.interpret import interpret
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import Marks, Range
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.plan import Observed, Slot, slots_of
from rubric_engine.ranges.sheet import read_ranges

INPUTS = (
    p.InputSpec("a", "A", p.Kind.COUNT, maximum=p.Bound(x.Const(F(10)))),
    p.InputSpec("b", "B", p.Kind.COUNT, maximum=p.Bound(x.Const(F(10)))),
    p.InputSpec("ok", "Ok", p.Kind.YES_NO),
    p.InputSpec("average a among units", "Average", p.Kind.NUMBER, reference=True),
    p.InputSpec("prizes", "Prizes", p.Kind.LIST, columns=(
        p.InputSpec("student", "Student", p.Kind.TEXT),
        p.InputSpec("pts", "Points", p.Kind.COUNT, maximum=p.Bound(x.Const(F(5)))),
        p.InputSpec("won", "Won", p.Kind.YES_NO),
    )),
)  # fmt: skip
FIGURE = "average a among units"


def leaf(code: str, base: x.Num, maximum: int = 10, parent: int | None = None, **more: Any) -> p.PlanNode:
    choice = p.Choice(p.Form.FORMULA, (p.Case(None, base, "base", 1),))
    return p.PlanNode(code, f"Leaf {code}", "item", F(0), F(maximum), parent, (), 1, base=choice, **more)


def deduct(amount: x.Num) -> p.Adjustment:
    return p.Adjustment(-1, amount, None, None, None, "", "deduct", 1)


def sheet(*nodes: p.PlanNode, total: int = 10, **more: Any) -> p.Plan:
    """A plan whose groups stand before what they hold."""
    order = tuple(sorted(range(len(nodes)), key=lambda at: (bool(nodes[at].children), -at)))
    roots = tuple(at for at, node in enumerate(nodes) if node.parent is None)
    return p.Plan(
        "t", "T", "1", "en", "d", F(total), False, None, INPUTS, (), (), (), (), nodes, order, roots, (),
        more.pop("grades", ()), (), **more,
    )  # fmt: skip


def facts(bounds: dict[str, tuple[F, F]] | None = None, **values: Any) -> Facts:
    return Facts("", values, {}, {}, {}, {}, (), bounds=bounds or {})


def seen(plan: p.Plan, given_facts: Facts, kind: Observed, at: int = -1, index: int = 0) -> Any:
    return read_ranges(plan, given_facts).values[slots_of(plan).index(Slot(kind, at, index))]


def points(plan: p.Plan, given_facts: Facts, at: int = 0) -> tuple[F | None, F | None, frozenset[str]]:
    found: Range = seen(plan, given_facts, Observed.POINTS, at)
    return found.low, found.high, found.waits


NONE: frozenset[str] = frozenset()

# ---------------------------------------------------------------- grade tables


def table(applies: x.Truth | None, limit: int = 5, *gates: p.Gate) -> p.GradeTable:
    rows = (
        p.GradeRow("good", "Good", x.Compare(x.Order.GE, x.Total(), x.Const(F(limit))), "", 1),
        p.GradeRow("poor", "Poor", None, "", 2),
    )
    return p.GradeTable(rows, gates, x.Total(), "total", 1, applies=applies)


def test_every_table_is_read_and_one_that_does_not_apply_gives_nothing() -> None:
    down = p.Gate(p.GateKind.LOWER, -1, x.Compare(x.Order.GT, x.Fact("b"), x.Const(F(3))), "", "late", 1)
    plan = sheet(leaf("1", x.Fact("a")), grades=(table(None), table(x.Flag("ok"), 3, down)))
    applies = facts(a=4, ok=True, b=9)
    assert seen(plan, applies, Observed.GRADE, 0) == Marks(frozenset({1}))
    assert seen(plan, applies, Observed.GRADE_BY_POINTS, 1) == Marks(frozenset({0}))
    assert seen(plan, applies, Observed.GRADE, 1) == Marks(frozenset({1}))
    idle = facts(a=4, ok=False)
    assert seen(plan, idle, Observed.GRADE, 1) == Marks(frozenset({-2}))
    assert seen(plan, idle, Observed.GATE, 1, 0) == Marks(frozenset({0}))
    assert seen(plan, facts(a=4, b=9), Observed.GRADE, 1) == Marks(frozenset({-2, 1}), frozenset({"ok"}))


def test_a_table_is_read_where_its_condition_holds() -> None:
    """Its rows divide by what its condition keeps from 0."""
    ratio = x.Compare(x.Order.GE, x.Div(x.Const(F(1)), x.Fact("b")), x.Const(F(1, 2)))
    applies = x.Compare(x.Order.GT, x.Fact("b"), x.Const(F(0)))
    rows = (p.GradeRow("good", "Good", ratio, "", 1), p.GradeRow("poor", "Poor", None, "", 2))
    plan = sheet(leaf("1", x.Fact("a")), grades=(replace(table(applies), rows=rows),))
    assert seen(plan, facts(a=1, b=0), Observed.GRADE, 0) == Marks(frozenset({-2}))
    assert seen(plan, facts(a=1), Observed.GRADE, 0).values == {-2, 0, 1}


# ---------------------------------------------------------------- policies


def test_not_applicable_leaves_the_maximum_as_excluded_does() -> None:
    policy = p.IfMissing(p.MissingPolicy.NOT_APPLICABLE, False, None, "if missing: not applicable", 1)
    plan = sheet(leaf("1", x.Fact("a"), if_missing=policy), leaf("2", x.Fact("b")), total=20)
    found = facts(b=4)
    assert points(plan, found) == (0, 0, NONE)
    assert seen(plan, found, Observed.MAXIMUM, 0) == Range(F(0), F(0))
    assert seen(plan, found, Observed.MISSING, 0) == Marks(frozenset({1}))
    assert seen(plan, found, Observed.SHEET_MAXIMUM) == Range(F(10), F(10))


BASE = p.IfMissing(p.MissingPolicy.BASE, False, None, "if missing: use base", 1)


def test_use_base_leaves_out_what_waits_and_nothing_else() -> None:
    node = leaf("1", x.Fact("a"), adjustments=(deduct(x.Fact("b")), deduct(x.Const(F(1)))), if_missing=BASE)
    plan = sheet(node)
    found = facts(a=8)
    assert points(plan, found) == (7, 7, NONE)
    assert [seen(plan, found, Observed.AMOUNT, 0, i) for i in (0, 1)] == [Range(F(0), F(0)), Range(F(1), F(1))]
    assert seen(plan, found, Observed.BASE, 0) == Range(F(8), F(8))
    assert seen(plan, found, Observed.MISSING, 0) == Marks(frozenset({1}))
    assert points(plan, facts(a=8, b=2)) == (5, 5, NONE)
    assert seen(plan, facts(a=8, b=2), Observed.MISSING, 0) == Marks(frozenset({0}))


def test_a_leaf_whose_base_waits_waits_and_may_still_come_to_the_base_alone() -> None:
    """``a`` may be given and ``b`` never: then the deduction, 2 at least, is left out."""
    adjustment = deduct(x.Add((x.Fact("b"), x.Const(F(2)))))
    plan = sheet(leaf("1", x.Fact("a"), adjustments=(adjustment,), if_missing=BASE))
    assert points(plan, facts()) == (0, 10, {"a", "b"})
    assert points(plan, facts(b=10)) == (0, 0, NONE)
    absent = p.Absent(x.Flag("ok"), p.Policy.EXCLUDED)
    plan = sheet(replace(plan.nodes[0], absent=(absent,)))
    low, high, waits = points(plan, facts(a=9))
    assert (low, high) == (0, 9)
    assert "ok" in waits
    assert points(plan, facts(a=9, ok=False)) == (9, 9, NONE)
    assert points(plan, facts(a=9, ok=True)) == (0, 0, NONE)


@given(st.integers(0, 10), st.integers(0, 10), st.sets(st.sampled_from(("a", "b", "ok"))), st.booleans())
@settings(max_examples=80, deadline=None)
def test_use_base_ends_where_the_range_said(a: int, b: int, told: set[str], late: bool) -> None:
    """While the leaf waits, its range holds all it may settle at, by facts or by what the rubric says without them."""
    node = leaf(
        "1", x.Fact("a"), adjustments=(deduct(x.Add((x.Fact("b"), x.Const(F(1))))),), if_missing=BASE,
        absent=(p.Absent(x.Flag("ok"), p.Policy.EXCLUDED),) if late else (),
        requirements=() if late else (p.Requirement(x.Flag("ok"), x.Const(F(1)), "", "", 1),),
    )  # fmt: skip
    plan = sheet(node)
    values = {"a": a, "b": b, "ok": a > 4}
    low, high, waits = points(plan, facts(**{name: values[name] for name in told}))
    if not waits:
        return
    for more in (set(), {"a"}, {"ok"}, {"a", "ok"}, {"a", "b", "ok"}):
        now = points(plan, facts(**{name: values[name] for name in told | more}))
        if not now[2]:
            assert low is not None
            assert high is not None
            assert low <= (now[0] or 0) <= high


# ---------------------------------------------------------------- not due


def test_what_is_not_due_counts_for_nothing_and_never_runs_a_group_empty() -> None:
    always = (p.Absent(x.Always(True), p.Policy.NOT_DUE),)
    group = p.PlanNode("1", "G", "area", F(0), F(10), None, (1, 2), 1, absent=(p.Absent(None, p.Policy.FULL),))
    gone = p.Absent(x.Flag("ok"), p.Policy.EXCLUDED)
    plan = sheet(group, leaf("1.1", x.Fact("a"), 6, 0, absent=always), leaf("1.2", x.Fact("b"), 4, 0, absent=(gone,)))
    found = facts(ok=True)
    assert points(plan, found) == (0, 0, NONE)
    assert seen(plan, found, Observed.ABSENT, 0) == Marks(frozenset({-1}))
    assert seen(plan, facts(ok=False, b=3), Observed.SHEET_MAXIMUM) == Range(F(4), F(4))
    for given_facts in (found, facts(ok=False, b=3)):
        exact = interpret(plan, given_facts)
        ranges = read_ranges(plan, given_facts)
        for at, slot in enumerate(slots_of(plan)):
            known = ranges.range(at).exact if slot.is_number else ranges.marks(at).exact
            assert known == (exact.number(at) if slot.is_number else exact.mark(at)), slot


# ---------------------------------------------------------------- a group with a requirement


def test_a_requirement_of_a_group_replaces_the_sum_and_leaves_the_leaves() -> None:
    asked = p.Requirement(x.Flag("ok"), x.Const(F(2)), "because", "ok", 1)
    group = p.PlanNode("1", "G", "area", F(0), F(10), None, (1,), 1, requirements=(asked,))
    plan = sheet(group, leaf("1.1", x.Fact("a"), 10, 0))
    assert points(plan, facts(a=7, ok=False)) == (2, 2, NONE)
    assert points(plan, facts(a=7, ok=False), 1) == (7, 7, NONE)
    assert points(plan, facts(a=7)) == (2, 7, {"ok"})
    assert points(plan, facts(ok=False)) == (2, 2, NONE)
    assert seen(plan, facts(a=7), Observed.REQUIREMENT, 0) == Marks(frozenset({-1, 0}), frozenset({"ok"}))


# ---------------------------------------------------------------- a sum over positive maxima


def over_positive(needs: F | None = None) -> p.Plan:
    combine = p.Combine(p.CombineKind.SUM_POSITIVE, needs=needs)
    group = p.PlanNode("1", "G", "area", F(0), F(100), None, (1, 2, 3), 1, combine=combine)
    gone = p.Absent(x.Flag("ok"), p.Policy.EXCLUDED)
    penalty = replace(leaf("1.3", x.Sub(x.Const(F(0)), x.Fact("b")), 0, 0), minimum=F(-10))
    return sheet(group, leaf("1.1", x.Fact("a"), 10, 0), leaf("1.2", x.Const(F(20)), 40, 0, absent=(gone,)), penalty,
                 total=100)  # fmt: skip


@pytest.mark.parametrize(
    ("given_facts", "low", "high"),
    [
        (facts(a=8, b=3, ok=False), F(100 * 25, 50), F(100 * 25, 50)),
        (facts(a=8, b=3, ok=True), F(50), F(50)),
        (facts(a=8, ok=False), F(100 * 18, 50), F(100 * 28, 50)),
        (facts(b=9, ok=True), F(0), F(10)),
    ],
)
def test_a_sum_over_positive_maxima_counts_what_only_takes_points(given_facts: Facts, low: F, high: F) -> None:
    found = points(over_positive(), given_facts)
    assert found[:2] == (low, high)
    assert bool(found[2]) == (low != high)


def test_a_sum_over_positive_maxima_needs_printed_points() -> None:
    plan = over_positive(F(1, 2))
    assert seen(plan, facts(a=8, b=0, ok=True), Observed.RATED, 0) == Marks(frozenset({0}))
    assert seen(plan, facts(a=8, b=0, ok=False), Observed.RATED, 0) == Marks(frozenset({1}))


# ---------------------------------------------------------------- figures that are not settled


def test_a_figure_not_settled_lies_where_the_cohort_says() -> None:
    plan = sheet(leaf("1", x.Least((x.Fact(FIGURE), x.Const(F(9))))))
    assert points(plan, facts()) == (0, 9, {FIGURE})
    assert points(plan, facts({FIGURE: (F(2), F(7, 2))})) == (2, F(7, 2), {FIGURE})
    assert points(plan, facts({FIGURE: (F(3), F(3))})) == (3, 3, NONE)
    assert points(plan, facts({FIGURE: (F(2), F(7, 2))}, **{FIGURE: F(5)})) == (5, 5, NONE)


def test_bounds_narrow_what_is_declared_and_never_widen_it() -> None:
    plan = sheet(leaf("1", x.Fact("a")))
    assert points(plan, facts({"a": (F(-5), F(7, 2))})) == (0, 3, {"a"})
    assert points(plan, facts({"a": (F(50), F(60))})) == (0, 10, {"a"})


# ---------------------------------------------------------------- parts of a register


def prizes(how: x.Reducer, *rows: tuple[Any, ...] | None, where: x.Truth | None = None, other: x.Num | None = None,
           tied: x.Num | x.Tie | None = None) -> tuple[F | None, F | None, frozenset[str]]:  # fmt: skip
    reduced = x.Reduced(how, "prizes", x.Column("pts"), where, other, tied, "student")
    plan = sheet(leaf("1", reduced, 100), total=100)
    return points(plan, facts() if None in rows else facts(prizes=tuple(rows)))


WAITS = frozenset({"prizes"})
WON = x.ColumnFlag("won")


def test_each_part_is_reduced_and_the_parts_are_added() -> None:
    rows = (("an", 2, True), ("an", 5, True), ("bình", 3, True), ("an", 1, False))
    assert prizes(x.Reducer.HIGHEST, *rows) == (8, 8, NONE)
    assert prizes(x.Reducer.LOWEST, *rows, where=WON) == (5, 5, NONE)
    assert prizes(x.Reducer.LAST, *rows) == (4, 4, NONE)
    assert prizes(x.Reducer.HIGHEST, other=x.Const(F(7))) == (0, 0, NONE)
    assert prizes(x.Reducer.MAJORITY, *rows, tied=x.Tie.HIGHEST) == (8, 8, NONE)
    assert prizes(x.Reducer.MAJORITY, *rows, tied=x.Const(F(1))) == (4, 4, NONE)
    assert prizes(x.Reducer.TRIMMED_MEAN, *rows, other=x.Const(F(10))) == (12, 12, NONE)


def test_a_missing_value_opens_its_own_part_only() -> None:
    open_ = prizes(x.Reducer.HIGHEST, ("an", 2, True), ("an", None, True), ("bình", 3, True))
    assert open_ == (5, 8, {"prizes[2].pts"})
    assert prizes(x.Reducer.HIGHEST, ("an", 5, True), ("an", None, True), ("bình", 3, True)) == (8, 8, NONE)


def test_a_part_nobody_surely_has_counts_0_or_what_it_comes_to() -> None:
    assert prizes(x.Reducer.HIGHEST, ("an", 2, None), ("bình", 3, True), where=WON) == (3, 5, {"prizes[1].won"})
    both = {"prizes[1].won", "prizes[2].won"}
    assert prizes(x.Reducer.HIGHEST, ("an", 2, None), ("an", 4, None), where=WON) == (0, 4, both)


def test_rows_of_unknown_parts_may_be_one_part_or_many() -> None:
    assert prizes(x.Reducer.HIGHEST, (None, 2, True), ("bình", 3, True)) == (2, 6, {"prizes[1].student"})
    assert prizes(x.Reducer.HIGHEST, (None, 2, True)) == (2, 2, NONE)
    assert prizes(x.Reducer.SUM, (None, 2, True), ("bình", 3, True)) == (5, 5, NONE)


def test_of_a_missing_register_there_may_be_any_number_of_parts() -> None:
    assert prizes(x.Reducer.HIGHEST, None) == (0, 100, WAITS)


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_parts_lie_in_their_range_whatever_is_missing(seed: int) -> None:
    rng = Random(seed)
    rows = tuple((rng.choice("xyz"), rng.randint(0, 5), rng.random() < 0.6) for _ in range(rng.randint(0, 5)))
    tied = rng.choice((x.Tie.HIGHEST, x.Tie.LOWEST, x.Const(F(rng.randint(0, 5)))))
    reduced = x.Reduced(rng.choice(list(x.Reducer)), "prizes", x.Column("pts"), rng.choice((None, WON)),
                        x.Const(F(rng.randint(0, 5))), tied, rng.choice(("student", None)))  # fmt: skip
    plan = sheet(leaf("1", reduced, 100), total=100)
    exact = interpret(plan, facts(prizes=rows)).number(slots_of(plan).index(Slot(Observed.POINTS, 0)))
    assert points(plan, facts(prizes=rows))[:2] == (exact, exact)
    gaps = tuple(tuple(None if rng.random() < 0.3 else cell for cell in row) for row in rows)
    for given_facts in (facts(prizes=gaps), facts()):
        low, high, _ = points(plan, given_facts)
        assert low is not None
        assert high is not None
        assert low <= exact <= high

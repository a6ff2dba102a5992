"""Grade tables, groups with requirements, sums over positive maxima, stages, figures: found by hand, read all ways."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from plans import leaf, points, sheet
from test_emit import assert_closed
from test_emit_forms import read

from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.load import load
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.plan import Observed, Slot

F = Fraction
ONE = p.InputSpec("one", "One", p.Kind.COUNT)
YES = p.InputSpec("yes", "Yes", p.Kind.YES_NO)
NOT_DUE = p.Absent(x.Always(True), p.Policy.NOT_DUE)
AWAY = p.Absent(x.Flag("yes"), p.Policy.EXCLUDED)


def at_least(number: x.Num, end: int) -> x.Compare:
    return x.Compare(x.Order.GE, number, x.Const(F(end)))


def found(plan: p.Plan, **inputs: Any) -> dict[Slot, Fraction | int]:
    """Every slot, all readings being of one mind."""
    seen = read(plan, inputs)
    assert isinstance(seen, dict)
    return seen


# ---------------------------------------------------------------- grades


def table(subject: x.Num, end: int, gates: tuple[p.Gate, ...] = (), **more: Any) -> p.GradeTable:
    rows = (p.GradeRow("good", "Good", at_least(subject, end), "", 1), p.GradeRow("bad", "Bad", None, "", 1))
    return p.GradeTable(rows, gates, subject, "", 1, **more)


def test_a_named_value_may_read_the_total() -> None:
    half = p.Let("half", x.Div(x.Total(), x.Const(F(2))), "", 1)
    enough = p.Let("enough", at_least(x.Ref("half"), 2), "", 1)
    nodes = [leaf("1", 9, base=points((None, x.Fact("one"))))]
    rows = (p.GradeRow("good", "Good", x.RefTruth("enough"), "", 1), p.GradeRow("bad", "Bad", None, "", 1))
    plan = sheet([ONE], nodes, lets=(half, enough), grades=(p.GradeTable(rows, (), x.Ref("half"), "", 1),))
    assert [found(plan, one=one)[Slot(Observed.GRADE, 0)] for one in (3, 4)] == [1, 0]
    assert emit(plan).total.count("half") == 0, "who asks for the total alone does not wait for it"


def test_each_table_grades_for_itself() -> None:
    gate = p.Gate(p.GateKind.CEILING, 1, at_least(x.Fact("one"), 3), "", "", 1)
    nodes = [leaf("1", 9, base=points((None, x.Fact("one")))), leaf("2", 2, base=points((None, 2)))]
    tables = (
        table(x.Total(), 4, (gate,), applies=x.Flag("yes")),
        table(x.PointsOf("2"), 2, node=1, name="second"),
        replace(table(x.Total(), 5, (gate,), applies=x.Not(x.Flag("yes")), name="third"), subject=None),
    )
    plan = sheet([ONE, YES], nodes, grades=tables)
    expected = {
        (2, True): (0, 0, -2), (3, True): (1, 0, -2), (1, True): (1, 0, -2), (3, False): (-2, 0, 1),
        (2, False): (-2, 0, 1),
    }  # fmt: skip
    for (one, yes), grades in expected.items():
        seen = found(plan, one=one, yes=yes)
        assert tuple(seen[Slot(Observed.GRADE, number)] for number in range(3)) == grades
        assert seen[Slot(Observed.GATE, 0)] == int(yes and one >= 3)
        assert seen[Slot(Observed.GATE, 2)] == int(not yes and one >= 3)
        assert seen[Slot(Observed.GRADE_BY_POINTS, 2)] == (-2 if yes else int(one + 2 < 5))
    assert_closed(emit(plan).source)


# ---------------------------------------------------------------- groups


def test_a_requirement_of_a_group_leaves_its_children_alone() -> None:
    fails = p.Requirement(x.Flag("yes"), x.Const(F(-7)), "", "", 1)
    award = p.Adjustment(1, x.Const(F(1)), None, None, None, "", "", 1)
    nodes = [
        leaf("1", 6, minimum=F(-2), children=(1, 2), requirements=(fails,), adjustments=(award,)),
        leaf("1.1", 3, 0, base=points((None, x.Fact("one")))), leaf("1.2", 3, 0, base=points((None, 1))),
    ]  # fmt: skip
    plan = sheet([ONE, YES], nodes, signed=True)
    for yes, group, amount in ((True, 4, 1), (False, -2, 0)):
        seen = found(plan, one=2, yes=yes)
        assert [seen[Slot(Observed.POINTS, at)] for at in range(3)] == [group, 2, 1]
        assert seen[Slot(Observed.AMOUNT, 0)] == amount
        assert seen[Slot(Observed.REQUIREMENT, 0)] == (-1 if yes else 0)
        assert seen[Slot(Observed.MAXIMUM, 0)] == 6
        assert seen[Slot(Observed.PUBLISHED)] == group


def positive(needs: Fraction | None = None, **more: Any) -> p.Combine:
    return p.Combine(p.CombineKind.SUM_POSITIVE, needs=needs, **more)


@pytest.mark.parametrize("varies", [False, True])
def test_a_sum_over_positive_maxima_takes_every_child(varies: bool) -> None:
    """4 of 5, 1 of 3, and 2 off: 3 of 8, of 16 points; 2 of 5 where the second does not apply."""
    nodes = [
        leaf("1", 16, minimum=F(-16), children=(1, 2, 3), combine=positive()),
        leaf("1.1", 5, 0, base=points((None, 4))),
        leaf("1.2", 3, 0, base=points((None, 1)), absent=(AWAY,) if varies else ()),
        leaf("1.3", 0, 0, minimum=F(-20), base=points((None, x.Sub(x.Const(F(0)), x.Fact("one"))))),
    ]
    plan = sheet([ONE, YES], nodes, signed=True)
    assert found(plan, one=2, yes=False)[Slot(Observed.POINTS, 0)] == 6
    assert found(plan, one=9, yes=False)[Slot(Observed.POINTS, 0)] == -8
    if varies:
        seen = found(plan, one=2, yes=True)
        assert seen[Slot(Observed.POINTS, 0)] == F(32, 5)
        assert seen[Slot(Observed.MAXIMUM, 0)] == 16
    else:
        assert "gcd" not in emit(plan).total


def test_where_no_maximum_is_above_0_there_is_nothing_to_go_by() -> None:
    less = points((None, x.Sub(x.Const(F(0)), x.Fact("one"))))
    for clauses, rated in (((), 1), ((AWAY,), 0)):
        nodes = [
            leaf("1", 16, minimum=F(-16), children=(1, 2), combine=positive()),
            leaf("1.1", 5, 0, base=points((None, 4)), absent=clauses), leaf("1.2", 0, 0, minimum=F(-20), base=less),
        ]  # fmt: skip
        seen = found(sheet([ONE, YES], nodes, signed=True), one=2, yes=True)
        assert seen[Slot(Observed.RATED, 0)] == rated
        assert seen[Slot(Observed.POINTS, 0)] == (F(32, 5) if rated else 0)


def test_a_sheet_that_combines_has_pools_beside_it() -> None:
    nodes = [
        leaf("total", 10, children=(1, 2), level="sheet", combine=p.Combine(p.CombineKind.LOWEST)),
        leaf("1", 4, 0, base=points((None, x.Fact("one")))), leaf("2", 2, 0, base=points((None, 1))),
        leaf("bonus", 3, children=(4,), pool="bonus"), leaf("B1", 3, 3, base=points((None, 2))),
    ]  # fmt: skip
    plan = sheet([ONE], nodes, total=F(10))
    assert found(plan, one=1)[Slot(Observed.TOTAL)] == F("2.5") + 2
    assert found(plan, one=4)[Slot(Observed.TOTAL)] == 5 + 2


# ---------------------------------------------------------------- stages


def test_what_is_not_due_is_never_looked_at() -> None:
    """Its facts may have left the plan with it."""
    gone = points((x.Flag("gone"), x.Fact("gone too")), (None, x.Judged("gone")))
    limit = p.Limit(True, x.Fact("gone"), None, "", "", 1)
    nodes = [
        leaf("1", 4, children=(1, 2)), leaf("1.1", 3, 0, base=points((None, x.Fact("one")))),
        leaf("1.2", 1, 0, base=gone, limits=(limit,), absent=(NOT_DUE, p.Absent(x.Flag("gone"), p.Policy.FULL))),
        leaf("2", 2, children=(4, 5), limits=(limit,), absent=(NOT_DUE, p.Absent(None, p.Policy.FULL))),
        leaf("2.1", 2, 3, base=gone, absent=(NOT_DUE,)),
        replace(leaf("2.2", 0, 3), met=x.Flag("gone"), absent=(NOT_DUE,)),
    ]
    plan = sheet([ONE], nodes, lets=(p.Let("gone", x.Fact("gone"), "", 1),))
    seen = found(plan, one=2)
    assert [seen[Slot(Observed.POINTS, at)] for at in range(5)] == [2, 2, 0, 0, 0]
    assert [seen[Slot(Observed.MAXIMUM, at)] for at in range(5)] == [3, 3, 0, 0, 0]
    assert [seen[Slot(Observed.ABSENT, at)] for at in range(6)] == [-1, -1, 0, 0, -2, -2]
    assert seen[Slot(Observed.PUBLISHED)] == 2
    assert seen[Slot(Observed.SHEET_MAXIMUM)] == 3


@pytest.mark.parametrize(("later", "full"), [(True, False), (False, True)])
def test_what_may_still_apply_keeps_a_group_from_being_empty(later: bool, full: bool) -> None:
    nodes = [
        leaf("1", 5, children=(1, 2), absent=(p.Absent(None, p.Policy.FULL),)),
        leaf("1.1", 3, 0, base=points((None, 1)), absent=(AWAY,)),
        leaf("1.2", 2, 0, base=points((None, 1)), absent=(NOT_DUE if later else AWAY,)),
    ]
    seen = found(sheet([YES], nodes), yes=True)
    assert seen[Slot(Observed.ABSENT, 0)] == (0 if full else -1)
    assert seen[Slot(Observed.POINTS, 0)] == (5 if full else 0)


def test_a_kept_worth_is_that_of_the_stage() -> None:
    """9 printed, 2 of them not due: 7 are carried by the 4 that apply."""
    moved = p.Absent(x.Flag("yes"), p.Policy.KEEP_WORTH, "1")
    nodes = [
        leaf("1", 9, children=(1, 2, 3)), leaf("1.1", 4, 0, base=points((None, 2))),
        leaf("1.2", 3, 0, base=points((None, 3)), absent=(moved,)),
        leaf("1.3", 2, 0, base=points((None, 2)), absent=(NOT_DUE,)),
    ]  # fmt: skip
    plan = sheet([YES], nodes)
    seen = found(plan, yes=True)
    assert seen[Slot(Observed.POINTS, 0)] == F(2 * 7, 4)
    assert seen[Slot(Observed.MAXIMUM, 0)] == 7
    assert found(plan, yes=False)[Slot(Observed.POINTS, 0)] == 5


# ---------------------------------------------------------------- figures


def test_names_of_figures_stay_data() -> None:
    name = "average (x'\n) among units within \"g\""
    figure = p.InputSpec(name, "", p.Kind.NUMBER)
    source = emit(sheet([figure], [leaf("1", 5, base=points((None, x.Fact(name))))])).source
    assert_closed(source)


def test_the_quick_way_is_for_plain_inputs_that_are_all_given() -> None:
    node = leaf("1", 9, base=points((None, x.Fact("one"))))
    filled = replace(ONE, if_missing=F(4))
    plan = sheet([filled], [node])
    pack = load(emit(plan), plan).pack
    assert pack({"one": 3}, {}) == (3,)
    assert pack({}, {}) is None
    assert pack({"one": None}, {}) is None
    figure = p.InputSpec("rank of total among units", "", p.Kind.COUNT, reference=True)
    plan = sheet([ONE, figure], [node])
    pack = load(emit(plan), plan).pack
    for given in ({"one": 3}, {"one": 3, figure.name: 1}, {}):
        assert pack(given, {}) is None

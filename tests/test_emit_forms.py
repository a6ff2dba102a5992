"""Registers, combinations, pools and roots: numbers found by hand, and every reading says the same."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from plans import leaf, points, sheet
from work import at_most

from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import load
from rubric_engine.evaluator import Evaluator, NotRatedError
from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.meaning.reading import ExactReading, ScoringError, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.plan import Observed, Slot, slots_of

F = Fraction
R = x.Reducer
K = p.CombineKind
TASKS = p.InputSpec("tasks", "Tasks", p.Kind.LIST, columns=(
    p.InputSpec("worth", "Worth", p.Kind.NUMBER, decimals=1),
    p.InputSpec("days", "Days", p.Kind.COUNT),
    p.InputSpec("done", "Done", p.Kind.YES_NO),
))  # fmt: skip
ROWS = [
    {"worth": 3, "days": 2, "done": True},
    {"worth": "1.5", "days": 7, "done": False},
    {"worth": 3, "days": 0, "done": True},
    {"worth": 10, "days": 4, "done": True},
]
WORTH = x.Column("worth")
PER_DAY = x.Div(WORTH, x.Add((x.Column("days"), x.Const(F(1)))))  # 1, 3/16, 3, 2
GIVEN = p.InputSpec("given", "Given", p.Kind.NUMBER)


def read(plan: p.Plan, inputs: dict[str, Any]) -> dict[Slot, Fraction | int] | Exception:
    """Every slot by the interpreter, once compiled code has been seen to say the same, or fail the same."""
    facts = SubmissionReader(plan).read({"inputs": inputs})
    module = emit(plan)
    loaded = load(module, plan)
    try:
        exact = interpret(plan, facts)
    except (ScoringError, Unsettled) as error:
        for function in (loaded.trace, loaded.total):
            with pytest.raises(type(error)):
                function(facts.packed)
        return error
    traced = ExactReading(loaded.trace(facts.packed), loaded.scales)
    found: dict[Slot, Fraction | int] = {}
    for i, slot in enumerate(slots_of(plan)):
        found[slot] = exact.number(i) if slot.is_number else exact.mark(i)
        assert found[slot] == (traced.number(i) if slot.is_number else traced.mark(i)), slot
    if found[Slot(Observed.RATED)]:
        assert Evaluator(plan, loaded).score(facts) == found[Slot(Observed.PUBLISHED)]
    else:
        with pytest.raises(NotRatedError):
            Evaluator(plan, loaded).score(facts)
    return found


def value_of(expr: x.Num, inputs: dict[str, Any], *specs: p.InputSpec) -> Fraction | int | Exception:
    """What a formula over the register comes to."""
    node = leaf("1", 10**6, base=points((None, expr)), minimum=F(-(10**6)))
    found = read(sheet([TASKS, *specs], [node], signed=True), inputs)
    return found if isinstance(found, Exception) else found[Slot(Observed.POINTS, 0)]


EXPECTED = {
    R.SUM: (F("17.5"), F(99, 16)), R.HIGHEST: (F(10), F(3)), R.LOWEST: (F("1.5"), F(3, 16)),
    R.MEAN: (F("4.375"), F(99, 64)), R.MEDIAN: (F(3), F(3, 2)), R.TRIMMED_MEAN: (F(3), F(3, 2)),
    R.MAJORITY: (F(3), None), R.FIRST: (F(3), F(1)), R.LAST: (F(10), F(2)),
}  # fmt: skip


@pytest.mark.parametrize("how", list(R))
def test_rows_become_a_number(how: x.Reducer) -> None:
    plain, ratio = EXPECTED[how]
    assert value_of(x.Reduced(how, "tasks", WORTH), {"tasks": ROWS}) == plain
    for other in (None, x.Const(F(7))):  # it stands in for no row, and settles no tie
        found = value_of(x.Reduced(how, "tasks", PER_DAY, None, other), {"tasks": ROWS})
        assert isinstance(found, ScoringError) if ratio is None else found == ratio


@pytest.mark.parametrize("how", list(R))
def test_no_row_is_undefined_unless_the_rubric_says_what_then(how: x.Reducer) -> None:
    late = x.Compare(x.Order.GT, x.Column("days"), x.Const(F(50)))
    for rows, where in (([], None), (ROWS, late)):
        bare = value_of(x.Reduced(how, "tasks", WORTH, where), {"tasks": rows})
        assert bare == 0 if how is R.SUM else isinstance(bare, ScoringError)
        other = value_of(x.Reduced(how, "tasks", WORTH, where, x.Const(F(5))), {"tasks": rows})
        assert other == (0 if how is R.SUM else 5)


def test_rows_are_selected_and_counted() -> None:
    done = x.ColumnFlag("done")
    assert value_of(x.CountRows("tasks"), {"tasks": ROWS}) == 4
    assert value_of(x.CountRows("tasks", done), {"tasks": ROWS}) == 3
    assert value_of(x.Reduced(R.SUM, "tasks", WORTH, x.Not(done)), {"tasks": ROWS}) == F("1.5")
    inner = x.Reduced(R.SUM, "tasks", x.Mul((WORTH, x.CountRows("tasks", done))), x.Not(done))
    assert value_of(inner, {"tasks": ROWS}) == F("4.5")


def test_only_a_cell_that_is_asked_for_is_missed() -> None:
    gap = [*ROWS, {"worth": 2, "done": False}]
    assert value_of(x.CountRows("tasks", x.ColumnFlag("done")), {"tasks": gap}) == 3
    selected = x.Reduced(R.HIGHEST, "tasks", x.Column("days"), x.ColumnFlag("done"))
    assert value_of(selected, {"tasks": gap}) == 4
    for how in R:
        assert isinstance(value_of(x.Reduced(how, "tasks", x.Column("days")), {"tasks": gap}), Unsettled)
        assert isinstance(value_of(x.Reduced(how, "tasks", WORTH), {}), Unsettled)


def test_a_deep_nest_of_registers_compiles() -> None:
    nest: x.Num = x.CountRows("tasks")
    for _ in range(25):
        nest = x.Reduced(R.SUM, "tasks", nest)
    assert value_of(nest, {"tasks": ROWS[:1]}) == 1


def test_inexact_functions_are_rounded_where_the_rubric_says() -> None:
    def root(places: int) -> Any:
        return value_of(x.Inexact(x.Function.SQRT, (x.Fact("given"),), places), {"given": 2}, GIVEN)

    assert root(4) == F("1.4142")
    assert root(14) == F("1.41421356237310")
    for function, bad in ((x.Function.LN, 0), (x.Function.SQRT, -1), (x.Function.EXP, 1000)):
        found = value_of(x.Inexact(function, (x.Fact("given"),), 2), {"given": bad}, GIVEN)
        assert isinstance(found, ScoringError)


# ---------------------------------------------------------------- groups

CHILDREN = ((F(10), F(5), F(30, 100)), (F(4), F(4), F(50, 100)), (F(5), F(1), F(20, 100)))  # maximum, points, weight
COMBINED = {  # of 1/2, 1, 1/5, times 10
    K.WEIGHTED_MEAN: F("6.9"), K.MEAN: F(17, 3), K.GEOMETRIC: F("5.887"), K.HARMONIC: F(1) / F("2.1") * 10,
    K.POWER: F("6.425"), K.LOWEST: F(2), K.HIGHEST: F(10), K.MEDIAN: F(5), K.PRODUCT: F(1),
    K.BEST: F("7.5"), K.DROP_LOWEST: F("7.5"), K.DROP_HIGHEST: F("3.5"), K.DROP_ENDS: F(5), K.SUM_POSITIVE: F(100, 19),
}  # fmt: skip


def group(combine: p.Combine, *, leaves: bool, points_of: tuple[Fraction, ...] | None = None) -> p.Plan:
    """Three children; with ``leaves`` the first may not apply, so nothing is known beforehand."""
    away = p.Absent(x.Flag("away"), p.Policy.EXCLUDED)
    nodes = [leaf("1", 10, children=(1, 2, 3), combine=combine)]
    for i, (most, earned, weight) in enumerate(CHILDREN):
        earned = earned if points_of is None else points_of[i]
        base = points((None, x.Mul((x.Const(earned), x.Fact("one")))))
        nodes.append(leaf(f"1.{i}", most, 0, base=base, weight=weight, absent=(away,) if leaves and i == 0 else ()))
    one = p.InputSpec("one", "One", p.Kind.COUNT)
    return sheet([one, p.InputSpec("away", "Away", p.Kind.YES_NO)], nodes)


def combine(kind: p.CombineKind, **more: Any) -> p.Combine:
    settings: dict[str, Any] = {"places": 4, "exponent": F(1, 2) if kind is K.POWER else F(1)}
    settings["count"] = {K.BEST: 2, K.DROP_LOWEST: 1, K.DROP_HIGHEST: 1, K.DROP_ENDS: 1}.get(kind, 0)
    return p.Combine(kind, **{**settings, **more})


@pytest.mark.parametrize(("kind", "leaves"), list(product(K, (False, True))))
def test_a_group_combines(kind: p.CombineKind, leaves: bool) -> None:
    found = read(group(combine(kind), leaves=leaves), {"one": 1, "away": False})
    assert isinstance(found, dict)
    assert found[Slot(Observed.POINTS, 0)] == COMBINED[kind]
    assert found[Slot(Observed.MAXIMUM, 0)] == 10
    assert found[Slot(Observed.RATED, 0)] == 1


@pytest.mark.parametrize("kind", list(K))
def test_what_does_not_apply_takes_no_part(kind: p.CombineKind) -> None:
    expected = {
        K.WEIGHTED_MEAN: F(54, 7), K.MEAN: F(6), K.GEOMETRIC: F("6.314"), K.HARMONIC: F(14, 3), K.POWER: F("7.091"),
        K.LOWEST: F(2), K.HIGHEST: F(10), K.MEDIAN: F(6), K.PRODUCT: F(2), K.BEST: F(6), K.DROP_LOWEST: F(10),
        K.DROP_HIGHEST: F(2), K.DROP_ENDS: F(6), K.SUM_POSITIVE: F(50, 9),
    }  # fmt: skip
    found = read(group(combine(kind), leaves=True), {"one": 1, "away": True})
    assert isinstance(found, dict)
    assert found[Slot(Observed.POINTS, 0)] == expected[kind]


@pytest.mark.parametrize("kind", list(K))
def test_too_little_data_is_not_rated(kind: p.CombineKind) -> None:
    left = F(9, 19) if kind is K.SUM_POSITIVE else F(70, 100)  # of printed maxima, or of weights
    for needs, rated in ((left, 1), (left + F(1, 100), 0)):
        found = read(group(combine(kind, needs=needs), leaves=True), {"one": 1, "away": True})
        assert isinstance(found, dict)
        assert found[Slot(Observed.RATED, 0)] == rated
        assert found[Slot(Observed.MAXIMUM, 0)] == found[Slot(Observed.SHEET_MAXIMUM)] == 10 * rated
        assert (found[Slot(Observed.POINTS, 0)] > 0) == bool(rated)


@pytest.mark.parametrize(("kind", "leaves"), list(product((K.GEOMETRIC, K.HARMONIC), (False, True))))
def test_an_index_of_zero(kind: p.CombineKind, leaves: bool) -> None:
    zero = (F(5), F(0), F(1))
    inputs = {"one": 1, "away": False}
    said = read(group(combine(kind, if_zero=x.Const(F(3))), leaves=leaves, points_of=zero), inputs)
    assert isinstance(said, dict)
    assert said[Slot(Observed.POINTS, 0)] == 3
    assert isinstance(read(group(combine(kind), leaves=leaves, points_of=zero), inputs), ScoringError)


def test_a_weighted_sum_of_known_maxima_is_one_line_of_whole_numbers() -> None:
    source = emit(group(combine(K.WEIGHTED_MEAN), leaves=False)).total
    assert "gcd" not in source
    assert "for " not in source


def test_pools_stand_beside_the_sheet() -> None:
    one = p.InputSpec("one", "One", p.Kind.COUNT)
    fine = p.Adjustment(-1, x.Const(F(2)), x.Fact("one"), None, None, "", "", 1)
    nodes = [
        leaf("1", 20, base=points((None, 12))),
        leaf("bonus", 5, children=(2,), pool="bonus"), leaf("B1", 5, 1, base=points((None, x.Fact("one")))),
        leaf("penalty", 0, children=(4,), pool="penalty", minimum=F(-3)),
        leaf("P1", 0, 3, minimum=F(-3), adjustments=(fine,)),
    ]  # fmt: skip
    plan = sheet([one], nodes, total=F(20))
    for given, total in ((0, 12), (1, 11), (2, 11), (4, 13), (9, 14)):
        found = read(plan, {"one": given})
        assert isinstance(found, dict)
        assert found[Slot(Observed.TOTAL)] == total
        assert found[Slot(Observed.SHEET_MAXIMUM)] == 20


# ---------------------------------------------------------------- growth

GROWING = {
    "squares": lambda a: x.Mul((a, a)),
    "powers": lambda a: x.Pow(a, 64),
    "sum and quotient": lambda a: x.Add((a, x.Div(x.Const(F(1)), a))),
    "a few at a time": lambda a: x.Add((x.Mul((a, a)), x.Fact("given"))),
}


@pytest.mark.parametrize(("how", "start"), list(product(GROWING, (x.Fact("given"), x.Const(F(7, 3))))))
def test_numbers_that_grow_without_end_are_stopped(how: str, start: x.Num) -> None:
    bounded = p.InputSpec("given", "Given", p.Kind.NUMBER, (), False, p.Bound(x.Const(F(0))), p.Bound(x.Const(F(9))))
    lets = [p.Let("a0", start, "", 1)]
    lets += [p.Let(f"a{i}", GROWING[how](x.Ref(f"a{i - 1}")), "", 1) for i in range(1, 80)]
    plan = sheet([bounded], [leaf("1", 5, base=points((None, x.Ref("a79"))))], lets=tuple(lets))
    with at_most(400_000):
        assert isinstance(read(plan, {"given": F(5, 3)}), ScoringError)


def test_powers_of_powers_and_points_of_points_are_stopped() -> None:
    tower: x.Num = x.Fact("given")
    known: x.Num = x.Const(F(3))
    for _ in range(12):
        tower, known = x.Pow(tower, 64), x.Pow(known, 64)
    for expr in (tower, known):
        assert isinstance(value_of(expr, {"tasks": [], "given": 3}, GIVEN), ScoringError)
    nodes = [leaf("0", 10, base=points((None, x.Fact("given"))))]
    for i in range(1, 60):
        last = x.PointsOf(f"{i - 1}")
        nodes.append(leaf(f"{i}", 10, base=points((None, x.Add((x.Mul((last, last)), x.Const(F(1, 7))))))))
    with at_most(400_000):
        assert isinstance(read(sheet([GIVEN], nodes), {"given": F(2, 3)}), ScoringError)


def test_what_only_looks_large_is_computed() -> None:
    small = x.Pow(x.Fact("given"), 64)
    lets = (p.Let("a", x.Mul((small, small)), "", 1), p.Let("b", x.Mul((x.Ref("a"),) * 4), "", 1))
    plan = sheet([GIVEN], [leaf("1", 5, base=points((None, x.Ref("b"))))], lets=lets)
    found = read(plan, {"given": 1})
    assert isinstance(found, dict)
    assert found[Slot(Observed.TOTAL)] == 1


def test_a_missing_fact_is_noticed_before_a_function_is_called() -> None:
    yes = p.InputSpec("yes", "Yes", p.Kind.YES_NO)
    either = x.If(x.Flag("yes"), x.Fact("given"), x.Fact("given"))
    for arg in (either, x.Median((x.Fact("given"),)), x.Fact("given")):
        found = value_of(x.Inexact(x.Function.SQRT, (arg,), 2), {"tasks": [], "yes": True}, yes, GIVEN)
        assert isinstance(found, Unsettled)


@pytest.mark.parametrize(("title", "shown"), [
    ("Kế hoạch được công bố", "Kế hoạch được công bố"), ("a\nimport os", "'a\\nimport os'"), ("\u202e", "'\\u202e'"),
])  # fmt: skip
def test_a_comment_shows_the_title_unless_it_could_do_harm(title: str, shown: str) -> None:
    plan = sheet([], [leaf("1", 1, base=points((None, 1)), title=title)])
    assert f"    # 1, line 1: {shown}\n" in emit(plan).source

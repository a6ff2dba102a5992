"""Ranges: intervals, expressions and conditions where not everything is known, and whole readings."""

from dataclasses import replace
from fractions import Fraction as F

import pytest
from submission_plans import bound, plan_of, spec

from rubric_engine.facts.facts import Facts
from rubric_engine.plan.expr import (
    Abs,
    Add,
    All,
    AnyOf,
    AtLeast,
    Column,
    ColumnFlag,
    ColumnIs,
    Compare,
    Const,
    CountRows,
    Div,
    Fact,
    Flag,
    Function,
    Greatest,
    If,
    IsLevel,
    IsMissing,
    Judged,
    Least,
    Median,
    Mode,
    Mul,
    Not,
    Num,
    Order,
    PointsOf,
    Pow,
    Reduced,
    Reducer,
    Ref,
    RefTruth,
    Rounded,
    Sub,
    Tie,
    Truth,
)
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Kind, Let
from rubric_engine.ranges.values.declared import env_of_facts, env_of_inputs
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.expr import assume, number, truth
from rubric_engine.ranges.values.functions import inexact_range
from rubric_engine.ranges.values.interval import (
    Interval,
    add_up,
    divide,
    greatest,
    hull,
    intersect,
    interval,
    least,
    multiply,
    point,
    raise_to,
    rounded,
)

DONE, PLANNED, LATE, RATE, CHANGE = (Fact(name) for name in ("done", "planned", "late", "rate", "change"))
RATIO = Div(DONE, PLANNED)
INPUTS = (
    spec(Kind.COUNT, "planned"),
    spec(Kind.COUNT, "done", maximum=bound(PLANNED)),
    spec(Kind.COUNT, "late", maximum=bound(20)),
    spec(Kind.PERCENT, "rate", minimum=bound(0), maximum=bound(1), decimals=0),
    spec(Kind.NUMBER, "change"),
    spec(Kind.YES_NO, "full"),
    spec(Kind.YES_NO, "clear"),
    spec(Kind.LEVEL, "plan"),
    spec(Kind.NUMBER, "extra", optional=True),
)
JUDGED = (JudgedSpec("1.1", "Style", F(0), F(5, 4), F(1, 4)),)


def env(**points: Interval) -> Env:
    return env_of_inputs(INPUTS, JUDGED, points=points)


def known(*, judged: dict[str, F] | None = None, **values: object) -> Env:
    facts = Facts("", values, judged or {}, {}, {}, {}, ())  # type: ignore[arg-type]
    return env_of_facts(plan_of(*INPUTS, judged=JUDGED), facts)


def compare(left: Num, order: str, right: Num | int | F) -> Compare:
    return Compare(Order(order), left, right if isinstance(right, Num) else Const(F(right)))


def ends(item: Interval) -> tuple[F | None, F | None]:
    return item.low, item.high


def under(base: Env, condition: Truth, holds: bool = True) -> Env:
    found = assume(base, condition, holds)
    assert found is not None
    return found


# ---------------------------------------------------------------- intervals


def some(low: int | None, high: int | None, **more: object) -> Interval:
    found = interval(None if low is None else F(low), None if high is None else F(high), **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_known_value_waits_for_nothing() -> None:
    assert not some(3, 3, waits=frozenset({"a"})).waits
    assert some(3, 4, waits=frozenset({"a"})).waits == {"a"}


def test_ends_move_to_the_grid_and_off_an_excluded_zero() -> None:
    assert str(some(0, 7, low_open=True, grid=F(2))) == "[2, 6]"
    assert str(some(0, 3, nonzero=True)) == "(0, 3]"
    assert str(some(0, 3, nonzero=True, grid=F(1))) == "[1, 3]"
    assert interval(F(1, 3), F(2, 3), grid=F(1)) is None
    assert interval(F(2), F(2), low_open=True) is None


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (add_up([some(1, 2, high_open=True), some(None, 3)]), "(, 5)"),
        (multiply(some(-2, 3), some(-5, 1)), "[-15, 10]"),
        (multiply(some(0, 1, low_open=True), some(2, None)), "(0, )"),
        (multiply(some(0, 1), some(2, None)), "[0, )"),
        (divide(some(1, 2), some(4, None)), "(0, 1/2]"),
        (divide(some(1, 2), some(-4, -2)), "[-1, -1/4]"),
        (raise_to(some(-3, 2), 2), "[0, 9]"),
        (raise_to(some(-3, 2), 3), "[-27, 8]"),
        (raise_to(some(None, 2), 0), "[1, 1]"),
        (least([some(0, 5), some(3, 9)]), "[0, 5]"),
        (greatest([some(0, 5), some(3, 9)]), "[3, 9]"),
        (rounded(some(0, 1, high_open=True), Mode.FLOOR, F(1)), "[0, 0]"),
        (rounded(some(0, 1, low_open=True), Mode.CEILING, F(1)), "[1, 1]"),
        (rounded(some(-1, 1), Mode.HALF_UP, F(3)), "[0, 0]"),
        (hull([point(F(0)), point(F(1, 2))]), "[0, 1/2]"),
    ],
)
def test_arithmetic(found: Interval, shown: str) -> None:
    assert str(found) == shown


def test_a_hull_of_points_keeps_their_grid() -> None:
    assert hull([point(F(0)), point(F(1, 2)), point(F(1))]).grid == F(1, 2)


def test_a_number_that_cannot_be_the_smallest_is_not_waited_for() -> None:
    a, b = some(0, 3, waits=frozenset({"a"})), some(4, 9, waits=frozenset({"b"}))
    assert least([a, b]).waits == {"a"}
    assert greatest([a, b]).waits == {"b"}


def test_division_by_what_may_be_zero_is_marked() -> None:
    assert divide(some(1, 2), some(0, 2)).may_be_undefined
    assert not divide(some(1, 2), some(-2, 2, nonzero=True, grid=F(1))).may_be_undefined
    assert ends(divide(some(1, 2), point(F(0)))) == (None, None)


def test_nothing_in_both() -> None:
    assert intersect(some(0, 1), some(2, 3)) is None
    assert intersect(some(0, 2, high_open=True), some(2, 3)) is None


# ---------------------------------------------------------------- expressions


def test_declared_bounds() -> None:
    assert str(number(DONE, env())) == "[0, )"
    assert number(RATE, env()).grid == F(1, 100)
    assert str(number(Judged("1.1"), env())) == "[0, 5/4]"
    assert ends(number(Judged("9"), env())) == (None, None)


def test_a_share_of_what_it_is_bounded_by_lies_between_0_and_1() -> None:
    ratio = number(RATIO, env())
    assert ends(ratio) == (0, 1)
    assert ratio.may_be_undefined
    applicable = under(env(), compare(PLANNED, "!=", 0))
    assert number(PLANNED, applicable).low == 1
    assert not number(RATIO, applicable).may_be_undefined


def test_a_difference_of_bounded_facts_has_a_sign() -> None:
    assert number(Sub(PLANNED, DONE), env()).low == 0
    assert ends(number(Div(Sub(PLANNED, DONE), PLANNED), env())) == (0, 1)
    assert ends(number(Div(DONE, Add((DONE, LATE))), env())) == (0, 1)


def test_a_bound_works_from_both_sides() -> None:
    assert ends(number(DONE, known(planned=10))) == (0, 10)
    assert ends(number(RATIO, known(planned=10))) == (0, 1)
    assert number(PLANNED, known(done=8)).low == 8
    ratio = number(RATIO, known(done=8))
    assert (ratio.low, ratio.low_open, ratio.high) == (0, True, 1)
    assert ratio.waits == {"planned"}
    assert number(DONE, known(planned=0)) == point(F(0))


def test_bounds_through_a_multiple() -> None:
    inputs = (spec(Kind.COUNT, "staff"), spec(Kind.COUNT, "hours", maximum=bound(Mul((Const(F(8)), Fact("staff"))))))
    assert number(Div(Fact("hours"), Fact("staff")), env_of_inputs(inputs)).high == 8


def test_bounds_of_sums_of_bounded_facts() -> None:
    inputs = (
        spec(Kind.COUNT, "n"),
        spec(Kind.COUNT, "m"),
        spec(Kind.COUNT, "a", maximum=bound(Fact("n"))),
        spec(Kind.COUNT, "b", maximum=bound(Fact("m"))),
    )
    share = Div(Add((Fact("a"), Fact("b"))), Add((Fact("n"), Fact("m"))))
    assert ends(number(share, env_of_inputs(inputs))) == (0, 1)


@pytest.mark.parametrize(
    ("expr", "shown"),
    [
        (Least((Const(F(2)), Mul((Const(F(2)), RATIO)))), "[0, 2]"),
        (Greatest((Const(F(0)), Sub(Const(F(5)), LATE))), "[0, 5]"),
        (Mul((Const(F(0)), CHANGE)), "[0, 0]"),
        (Sub(CHANGE, CHANGE), "[0, 0]"),
        (Mul((CHANGE, CHANGE)), "[0, )"),
        (Pow(Sub(LATE, Const(F(10))), 2), "[0, 100]"),
        (Abs(Sub(LATE, Const(F(10)))), "[0, 10]"),
        (Median((Const(F(1)), LATE, Const(F(4)))), "[1, 4]"),
        (Rounded(RATE, Mode.HALF_UP, F(1, 2)), "[0, 1]"),
        (If(compare(LATE, ">", 10), Const(F(0)), LATE), "[0, 10]"),
        (PointsOf("2.1"), "[1, 3]"),
    ],
)
def test_expressions(expr: Num, shown: str) -> None:
    assert str(number(expr, env(**{"2.1": some(1, 3)}))) == shown


def test_a_let_is_what_it_stands_for() -> None:
    lets = (Let("rest", Sub(PLANNED, DONE), "", 1), Let("bad", compare(LATE, ">", 3), "", 2))
    base = env_of_inputs(INPUTS, lets=lets)
    assert number(Ref("rest"), base).low == 0
    assert number(Sub(Ref("rest"), PLANNED), base).high == 0
    assert truth(RefTruth("bad"), under(base, RefTruth("bad"))).known is True
    assert number(LATE, under(base, RefTruth("bad"))).low == 4


# ---------------------------------------------------------------- truths


def test_three_values() -> None:
    base = env()
    assert truth(Flag("full"), base).known is None
    assert truth(AnyOf((Flag("full"), compare(LATE, ">=", 0))), base).known is True
    assert truth(All((Flag("full"), compare(LATE, ">", 20))), base).known is False
    assert truth(Not(compare(LATE, "<=", 20)), base).known is False
    assert truth(AtLeast(2, (Flag("full"), Flag("clear"), compare(LATE, ">=", 0))), base).known is None
    assert truth(AtLeast(1, (Flag("full"), compare(LATE, ">=", 0))), base).known is True
    assert truth(IsMissing("extra"), base).known is None
    assert truth(IsMissing("late"), base).known is False


def test_only_what_can_still_decide_is_waited_for() -> None:
    base = known(full=True)
    assert not truth(AnyOf((Flag("full"), Flag("clear"))), base).waits
    assert truth(All((Flag("full"), Flag("clear"))), base).waits == {"clear"}
    assert not truth(All((Flag("clear"), Not(Flag("full")))), base).waits
    assert truth(All((Flag("clear"), compare(LATE, ">=", 0))), base).waits == {"clear"}
    assert truth(IsMissing("extra"), base).known is True


def test_a_quotient_is_compared_by_multiplying_out() -> None:
    base = under(env(), compare(PLANNED, ">=", 1))
    mostly = under(base, compare(RATIO, ">=", F(7, 10)))
    assert truth(compare(RATIO, "<", F(7, 10)), mostly).known is False
    assert truth(compare(Mul((Const(F(10)), DONE)), ">=", Mul((Const(F(7)), PLANNED))), mostly).known is True
    assert number(RATIO, mostly).low == F(7, 10)
    assert number(DONE, mostly).low == 1


def test_what_stands_after_and_is_read_where_the_first_holds() -> None:
    guarded = All((compare(PLANNED, ">", 0), compare(RATIO, ">=", F(1, 2))))
    assert not truth(guarded, env()).may_be_undefined
    assert truth(compare(RATIO, ">=", F(1, 2)), env()).may_be_undefined


# ---------------------------------------------------------------- assumptions


def test_assuming_narrows_by_the_kind_of_value() -> None:
    base = env()
    assert number(LATE, under(base, compare(LATE, ">", 3))).low == 4
    assert number(LATE, under(base, compare(LATE, "!=", 20))).high == 19
    assert number(RATE, under(base, compare(RATE, "<", F(1, 2)))).high == F(49, 100)
    assert number(CHANGE, under(base, compare(CHANGE, "<", F(1, 2)))).high_open
    assert number(Add((LATE, LATE)), under(base, compare(Add((LATE, Const(F(1)))), ">", 10))).low == 20


def test_what_cannot_be_is_none() -> None:
    base = env()
    assert assume(base, compare(LATE, ">", 20), True) is None
    assert assume(base, compare(DONE, ">", PLANNED), True) is None
    assert assume(base, All((Flag("full"), Not(Flag("full")))), True) is None
    assert assume(base, IsLevel("plan", (0, 1, 2)), False) is None


def test_or_keeps_what_any_branch_allows() -> None:
    either = under(env(), AnyOf((compare(LATE, "<", 3), compare(LATE, ">", 17))))
    assert ends(number(LATE, either)) == (0, 20)
    tighter = under(env(), AnyOf((compare(LATE, "<", 3), compare(LATE, "<", 7))))
    assert number(LATE, tighter).high == 6
    neither = under(env(), AnyOf((Flag("full"), Flag("clear"))), False)
    assert truth(Flag("clear"), neither).known is False


def test_what_an_or_leaves_open_still_waits() -> None:
    either = under(known(), AnyOf((Flag("full"), Flag("clear"))))
    assert truth(Flag("full"), either).waits == {"full"}
    assert number(LATE, under(known(), AnyOf((compare(LATE, "<", 3), Flag("full"))))).waits == {"late"}


def test_levels() -> None:
    late_or_none = under(env(), IsLevel("plan", (0,)), False)
    assert truth(IsLevel("plan", (1, 2)), late_or_none).known is True
    assert truth(IsLevel("plan", (1,)), late_or_none).known is None
    assert truth(IsLevel("plan", (1,)), under(late_or_none, IsLevel("plan", (2,)), False)).known is True


def test_relations_pass_on_what_is_assumed() -> None:
    base = under(env(), compare(PLANNED, "<=", 12))
    assert number(DONE, base).high == 12
    assert number(PLANNED, under(base, compare(DONE, ">=", 5))).low == 5
    equal = under(base, compare(DONE, "=", PLANNED))
    assert number(RATIO, under(equal, compare(PLANNED, ">", 0))) == point(F(1))


def test_a_sum_that_is_not_zero() -> None:
    both = Add((DONE, LATE))
    base = under(env(), compare(both, "!=", 0))
    assert number(both, base).low == 1
    assert not number(Div(DONE, both), base).may_be_undefined


def test_an_environment_is_never_changed_by_an_assumption() -> None:
    base = env()
    before = number(LATE, base)
    under(base, compare(LATE, ">", 3))
    assert number(LATE, base) == before


def test_relations_that_go_in_circles_come_to_an_end() -> None:
    quotient = Div(CHANGE, LATE)
    base = under(env(), All((compare(quotient, "<", LATE), compare(LATE, "<", CHANGE))))
    assert number(LATE, base).high == 20
    assert number(Add((quotient, LATE)), base).high is not None


def test_bounds_that_contradict_each_other_leave_the_fact_free() -> None:
    inputs = (spec(Kind.COUNT, "a", minimum=bound(5), maximum=bound(3)),)
    assert ends(number(Fact("a"), env_of_inputs(inputs))) == (None, None)


def test_missing_levels_and_flags_wait_for_their_name() -> None:
    base = known(plan=1)
    assert truth(IsLevel("plan", (1,)), base).known is True
    assert truth(IsLevel("plan", (1,)), known()).waits == {"plan"}
    assert number(Judged("1.1"), known()).waits == {"judged 1.1"}
    assert number(Judged("1.1"), known(judged={"1.1": F(1)})) == point(F(1))
    assert replace(number(LATE, known()), waits=frozenset()) == number(LATE, env())


# ---------------------------------------------------------------- registers and rounded functions

REPORTS = InputSpec("reports", "Reports", Kind.LIST, columns=(
    spec(Kind.COUNT, "days"), spec(Kind.YES_NO, "sent"), spec(Kind.LEVEL, "plan"),
))  # fmt: skip
SCORES = InputSpec("scores", "Scores", Kind.RATINGS, raters=2, columns=(
    spec(Kind.NUMBER, "rating", minimum=bound(1), maximum=bound(5)),
))  # fmt: skip
DAYS, SENT = Column("days"), ColumnFlag("sent")


def rows(*reports: tuple[object, ...], scores: tuple[tuple[int], ...] | None = None, missing: bool = False) -> Env:
    values: dict[str, object] = {} if missing else {"reports": reports}
    if scores is not None:
        values["scores"] = scores
    return env_of_facts(plan_of(REPORTS, SCORES, LATE_ONE), Facts("", values, {}, {}, {}, {}, ()))  # type: ignore[arg-type]


LATE_ONE = spec(Kind.COUNT, "late", maximum=bound(20))


def of_days(how: Reducer, where: Truth | None = None, other: Num | None = None) -> Reduced:
    return Reduced(how, "reports", DAYS, where, other)


def test_a_known_register_is_exact() -> None:
    here = rows((3, True, 0), (9, False, 1), (4, True, 1))
    assert number(CountRows("reports", compare(DAYS, ">", 3)), here).exact == 2
    assert number(of_days(Reducer.SUM, SENT), here).exact == 7
    assert number(of_days(Reducer.MEDIAN), here).exact == 4
    assert number(of_days(Reducer.TRIMMED_MEAN), here).exact == 4
    assert number(of_days(Reducer.LAST, ColumnIs("plan", (0,))), here).exact == 3
    tied = Reduced(Reducer.MAJORITY, "reports", DAYS, None, Const(F(-1)))
    assert number(tied, here).may_be_undefined, "what stands in for no row says nothing of a tie"
    assert number(replace(tied, tied=Const(F(-2))), here).exact == -2
    ends = [number(replace(tied, tied=how), here).exact for how in (Tie.HIGHEST, Tie.LOWEST)]
    assert ends == [9, 3]
    assert number(tied, rows()).exact == -1
    assert truth(compare(of_days(Reducer.HIGHEST), "=", 9), here).known is True


def test_no_row_is_undefined_unless_something_stands_in() -> None:
    assert number(of_days(Reducer.MEAN), rows()).may_be_undefined
    assert number(of_days(Reducer.MEAN, None, Const(F(7))), rows()).exact == 7
    assert number(of_days(Reducer.SUM), rows()).exact == 0


def test_a_missing_register_can_hold_any_rows() -> None:
    here = rows(missing=True)
    count = number(CountRows("reports"), here)
    assert (ends(count), count.waits) == ((0, None), {"reports"})
    assert number(CountRows("reports", compare(DAYS, "<", 0)), here).exact == 0
    highest = number(of_days(Reducer.HIGHEST, compare(DAYS, "<=", 6), Const(F(-1))), here)
    assert (ends(highest), highest.waits) == ((-1, 6), {"reports"})
    share = number(Div(CountRows("reports", SENT), CountRows("reports")), here)
    assert (ends(share), share.may_be_undefined) == ((0, 1), True)
    rating = number(Reduced(Reducer.MEAN, "scores", Column("rating")), here)
    assert (ends(rating), rating.may_be_undefined) == ((1, 5), False)
    assert number(CountRows("scores"), here).low == 2


def test_a_missing_cell_opens_its_own_row_only() -> None:
    here = rows((3, True, 0), (None, True, 1), (4, None, 1))
    total = number(of_days(Reducer.SUM, SENT), here)
    assert (ends(total), total.waits) == ((3, None), {"reports[2].days", "reports[3].sent"})
    assert ends(number(CountRows("reports", SENT), here)) == (2, 3)
    assert ends(number(CountRows("reports", compare(DAYS, ">", 3)), here)) == (1, 2)
    assert ends(number(of_days(Reducer.LOWEST), here)) == (0, 3)
    assert number(of_days(Reducer.FIRST, SENT), here).exact == 3
    assert not number(of_days(Reducer.MEAN, SENT), here).may_be_undefined


def test_a_row_may_ask_for_a_fact_outside_of_it() -> None:
    here = rows((3, True, 0), (9, True, 1))
    late = number(CountRows("reports", compare(DAYS, ">", LATE)), here)
    assert (ends(late), late.waits) == ((0, 2), {"late"})


@pytest.mark.parametrize(
    ("found", "shown", "undefined"),
    [
        (inexact_range(Function.SQRT, [some(4, 9)], 2), "[2, 3]", False),
        (inexact_range(Function.SQRT, [some(-1, 9)], 2), "[0, 3]", True),
        (inexact_range(Function.EXP, [some(None, 0)], 3), "[0, 1]", False),
        (inexact_range(Function.LN, [some(0, 1, low_open=True)], 2), "(, 0]", False),
        (inexact_range(Function.LN, [some(0, 1)], 2), "(, 0]", True),
        (inexact_range(Function.POWER, [some(1, 4), some(-1, 2)], 2), "[1/4, 16]", False),
        (inexact_range(Function.POWER, [some(0, 4), point(F(1, 2))], 2), "[0, 2]", False),
    ],
)
def test_rounded_functions_are_bounded_by_their_ends(found: Interval, shown: str, undefined: bool) -> None:
    assert (str(found), found.may_be_undefined) == (shown, undefined)

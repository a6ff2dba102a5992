"""Witnesses: what is shown is true, found for the shapes people write, and never searched for without end."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work import at_most

from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, JudgedSpec, Kind, Let, Level
from rubric_engine.solve.find import Search
from rubric_engine.solve.world import Evaluation, constant

A, B, P = x.Fact("a"), x.Fact("b"), x.Fact("p")
INPUTS = {
    "a": InputSpec("a", "a", Kind.COUNT, maximum=Bound(B)),
    "b": InputSpec("b", "b", Kind.COUNT),
    "p": InputSpec("p", "p", Kind.PERCENT, minimum=Bound(x.Const(Fraction(0))), maximum=Bound(x.Const(Fraction(1)))),
    "f": InputSpec("f", "f", Kind.YES_NO),
    "k": InputSpec("k", "k", Kind.LEVEL, levels=(Level("x", "x"), Level("y", "y"), Level("z", "z"))),
    "d": InputSpec("d", "d", Kind.DATE),
}
JUDGED = {"1": JudgedSpec("1", "1", Fraction(0), Fraction(5), Fraction(1, 4))}
LETS = {"rate": Let("rate", x.Div(A, B), "rate", 1)}


def const(text: str) -> x.Const:
    return x.Const(Fraction(text))


def equal(left: x.Num, value: str) -> x.Truth:
    return x.Compare(x.Order.EQ, left, const(value))


def search() -> Search:
    return Search(INPUTS, JUDGED, LETS, {"points:2": (Fraction(3), Fraction(0))})


@pytest.mark.parametrize(
    "goals",
    [
        [(equal(x.Div(A, B), "0.9"), True)],
        [(equal(x.Ref("rate"), "0.895"), True)],
        [(equal(x.Div(A, B), "1"), True), (x.Compare(x.Order.GT, B, const("7")), True)],
        [(x.Compare(x.Order.GE, x.Div(A, B), const("0.9")), False)],
        [(equal(x.Sub(B, A), "3"), True), (equal(A, "0"), False)],
        [(equal(x.Add((A, B)), "7"), True)],
        [(equal(x.Mul((A, B)), "12"), True)],
        [(equal(x.Least((A, const("4"))), "4"), True), (equal(x.Greatest((A, B)), "9"), True)],
        [(equal(x.Rounded(P, x.Mode.HALF_UP, Fraction(1, 10)), "0.7"), True), (equal(P, "0.7"), False)],
        [(x.All((x.Flag("f"), x.Not(x.IsLevel("k", (0, 1))))), True)],
        [(x.AnyOf((x.Flag("f"), x.IsLevel("k", (0,)))), False)],
        [(equal(x.Judged("1"), "1.25"), True)],
        [(equal(x.If(x.Flag("f"), A, P), "0.5"), True)],
        [(equal(x.Abs(x.Sub(A, const("5"))), "2"), True)],
        [(equal(x.Fact("d"), "738000"), True)],
        [(equal(x.Sub(x.Fact("d"), const("738000")), "12"), True)],
        [(equal(x.PointsOf("2"), "3"), True)],
        [(equal(x.Pow(A, 2), "0"), True)],
        [(x.AtLeast(2, (x.Flag("f"), x.IsLevel("k", (1,)), equal(P, "1"))), True)],
    ],
)
def test_found(goals: list[tuple[x.Truth, bool]]) -> None:
    looking = search()
    found = looking.find(goals)
    assert found is not None
    exact = Evaluation(found, LETS)
    assert all(exact.truth(goal) is holds for goal, holds in goals)
    if "a" in found and "b" in found:
        assert found["a"] <= found["b"]


@pytest.mark.parametrize(
    "goals",
    [
        [(x.Compare(x.Order.GT, A, B), True)],
        [(equal(P, "2"), True)],
        [(equal(x.Judged("1"), "1.1"), True)],
        [(equal(A, "1.5"), True)],
        [(x.Flag("f"), True), (x.Flag("f"), False)],
    ],
)
def test_what_cannot_be_is_not_found(goals: list[tuple[x.Truth, bool]]) -> None:
    assert search().find(goals) is None


def test_a_hopeless_search_ends_soon() -> None:
    flags = {f"x{at}": InputSpec(f"x{at}", "", Kind.COUNT) for at in range(40)}
    names = tuple(x.Fact(name) for name in flags)
    square = x.Mul((x.Add(names), x.Add(names)))
    with at_most(3_000_000):
        assert Search(flags, {}, {}, {}).find([(equal(square, "2"), True)]) is None


NUMBERS = st.recursive(
    st.sampled_from([A, B, P, x.Ref("rate"), const("0"), const("1"), const("0.5"), const("3")]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(x.Add),
        st.tuples(inner, inner).map(x.Mul),
        st.tuples(inner, inner).map(lambda pair: x.Sub(*pair)),
        st.tuples(inner, inner).map(lambda pair: x.Div(*pair)),
        st.tuples(inner, inner).map(x.Least),
        st.tuples(inner, inner).map(x.Greatest),
        inner.map(x.Abs),
    ),
    max_leaves=6,
)


@given(NUMBERS, st.sampled_from(list(x.Order)), st.integers(-2, 6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_is_found_is_true(expr: x.Num, order: x.Order, value: int, holds: bool) -> None:
    goal = x.Compare(order, expr, x.Const(Fraction(value)))
    found = search().find([(goal, holds)])
    if found is not None:
        assert Evaluation(found, LETS).truth(goal) is holds
        for name, spec in INPUTS.items():
            if name in found and spec.kind is Kind.COUNT:
                assert Fraction(found[name] or 0).denominator == 1
                assert Fraction(found[name] or 0) >= 0


def test_evaluation_says_what_it_does_not_know() -> None:
    with pytest.raises(Unsettled):
        Evaluation({}, LETS).number(A)
    with pytest.raises(Undefined):
        Evaluation({"a": 1, "b": 0}, LETS).number(x.Ref("rate"))
    assert Evaluation({"b": 0}, LETS).truth(x.AnyOf((equal(B, "0"), x.Flag("f"))))
    assert constant(x.Div(const("1"), const("0")), {}) is None
    assert constant(x.Div(const("1"), const("4")), {}) == Fraction(1, 4)
    assert Evaluation({}, {}).number(x.Median((const("3"), const("1"), const("2"), const("5")))) == Fraction(5, 2)

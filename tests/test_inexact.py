"""Values that are not rational: what they are, where they are undefined, how ties are settled, that nothing is slow."""

from fractions import Fraction as F

import pytest
from work import at_most

from rubric_engine.meaning.inexact import inexact, mean_product, power_mean
from rubric_engine.plan.expr import Function

LN, EXP, SQRT, POWER = Function.LN, Function.EXP, Function.SQRT, Function.POWER
BIG = F(10**60)


@pytest.mark.parametrize(
    ("function", "args", "places", "value"),
    [
        # Digits from published tables.
        (LN, (2,), 30, "0.693147180559945309417232121458"),
        (LN, (10,), 20, "2.30258509299404568402"),
        (LN, ("1/2",), 6, "-0.693147"),
        (LN, (100,), 0, "5"),
        (EXP, (1,), 30, "2.718281828459045235360287471353"),
        (EXP, (-1,), 6, "0.367879"),
        (EXP, (10,), 3, "22026.466"),
        (SQRT, (2,), 30, "1.414213562373095048801688724210"),
        (SQRT, ("1/3",), 6, "0.577350"),
        (POWER, (2, "1/2"), 12, "1.414213562373"),
        (POWER, (10, "0.3"), 10, "1.9952623150"),
        (POWER, ("0.915", 15), 6, "0.263825"),
        (POWER, (2, -3), 3, "0.125"),
    ],
)
def test_known_digits(function: Function, args: tuple[object, ...], places: int, value: str) -> None:
    assert inexact(function, tuple(F(arg) for arg in args), places) == F(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "args", "value"),
    [
        (LN, (1,), 0), (EXP, (0,), 1), (SQRT, (0,), 0), (SQRT, ("9/16",), "3/4"), (POWER, (7, 0), 1),
        (POWER, (1, 99), 1), (POWER, (10, 60), BIG), (POWER, (F(1, 4), F(5, 2)), "1/32"),
        (POWER, (0, 3), 0), (POWER, ("27/8", "2/3"), "9/4"), (POWER, (4, "-1/2"), "1/2"),
        (POWER, ("4/9", "3/2"), "8/27"),
    ],
)  # fmt: skip
def test_rational_values_are_exact(function: Function, args: tuple[object, ...], value: object) -> None:
    exact = F(value)  # type: ignore[arg-type]
    found = inexact(function, tuple(F(arg) for arg in args), 30)  # type: ignore[arg-type]
    assert found is not None
    assert found == F(round(exact * 10**30), 10**30)


@pytest.mark.parametrize(
    ("function", "args", "places", "value"),
    [
        # Exactly half-way: to the even neighbour.
        (SQRT, ("1/4",), 0, 0), (SQRT, ("9/4",), 0, 2), (SQRT, ("25/4",), 0, 2), (SQRT, ("0.005625",), 2, "0.08"),
        (POWER, ("1/4", "1/2"), 0, 0), (POWER, ("27/8", "1/3"), 0, 2), (POWER, ("25/4", "1/2"), 0, 2),
        (POWER, ("1/8", "1/3"), 0, 0), (POWER, ("2", "-3"), 2, "0.12"), (POWER, ("1.5", 2), 1, "2.2"),
        # A hair beside it.
        (SQRT, (F(1, 4) + F(1, 10**50),), 0, 1), (SQRT, (F(9, 4) - F(1, 10**50),), 0, 1),
        (POWER, (F(1, 4) + F(1, 10**50), "1/2"), 0, 1), (POWER, (F(27, 8) - F(1, 10**50), "1/3"), 0, 1),
        (POWER, (F(3, 2), 1 + F(1, 10**50)), 0, 2), (POWER, (F(3, 2), 1 - F(1, 10**50)), 0, 1),
        (POWER, (F(5, 2), 1 + F(1, 10**50)), 0, 3), (POWER, (F(5, 2), 1 - F(1, 10**50)), 0, 2),
    ],
)  # fmt: skip
def test_ties_and_what_is_nearly_one(function: Function, args: tuple[object, ...], places: int, value: object) -> None:
    assert inexact(function, tuple(F(arg) for arg in args), places) == F(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (LN, (0,)), (LN, (-1,)), (SQRT, (F(-1, 10**40),)), (POWER, (-8, "1/3")), (POWER, (-2, 2)), (POWER, (0, 0)),
        (POWER, (0, -1)), (EXP, (139,)), (EXP, ("138.15511",)), (EXP, (10**60,)),
        (POWER, (10, 61)), (POWER, (2, 10**60)), (POWER, (F(1, 2), -(10**60))), (LN, (10**61,)), (SQRT, (10**61,)),
        (EXP, (-(10**61),)), (POWER, (2, 10**61)),
    ],
)  # fmt: skip
def test_undefined(function: Function, args: tuple[object, ...]) -> None:
    assert inexact(function, tuple(F(arg) for arg in args), 6) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "args", "places", "value"),
    [
        (EXP, (-(10**60),), 30, 0), (POWER, (F(1, 2), 10**60), 30, 0), (LN, (1 + F(1, 10**3840),), 30, 0),
        (EXP, (F(1, 10**3840),), 30, 1), (POWER, (F(1, 10**3840), F(1, 3840)), 30, "1/10"),
        (POWER, (1 + F(1, 10**60), 10**60), 20, "2.71828182845904523536"),
        (POWER, (F(2**5000, 3**5000), F(1, 5000)), 0, 1), (SQRT, (F(7**20_000, 7**20_001),), 0, 0),
        (LN, (F(1, 10**60),), 3, "-138.155"), (POWER, (F(2), F(10**40 + 1, 10**40)), 30, 2),
    ],
)  # fmt: skip
def test_nothing_is_slow(function: Function, args: tuple[object, ...], places: int, value: object) -> None:
    with at_most(2_000):
        assert inexact(function, tuple(F(arg) for arg in args), places) == F(value)  # type: ignore[arg-type]


# ---------------------------------------------------------------- means


def test_geometric_means() -> None:
    assert mean_product([(F(27, 1000), F(1, 3))], 6) == F(3, 10)
    assert mean_product([(F(1, 2), F(1, 2))], 6) == F("0.707107")
    assert mean_product([(F(0), F(1, 3))], 6) == mean_product([(F(0), F(-1, 3))], 6) == 0
    # HDI 2021 of Norway as published, from its three indices.
    health, education, income = F("0.9785"), F("0.9350"), F("0.9785")
    assert abs(mean_product([(health * education * income, F(1, 3))], 6) - F("0.963775")) < F(1, 10**5)


def test_weighted_geometric_means_need_no_huge_powers() -> None:
    half = [(F(1, 4), F(12_345, 24_690)), (F(1, 9), F(1, 2))]
    assert mean_product(half, 6) == F("0.166667")
    assert mean_product([(F(1, 4), F(1, 2)), (F(1), F(1, 2))], 0) == 0
    assert mean_product([(F(0), F(1, 2)), (F(1, 3), F(1, 2))], 6) == 0
    assert mean_product([], 6) == 1
    many = [(F(n, 997), F(12_345 + n, 700_000)) for n in range(1, 50)]
    with at_most(40_000):
        assert 0 < mean_product(many, 30) < 1


def test_means_never_grow_without_end() -> None:
    assert mean_product([(F(2), F(10**9))], 6) == BIG
    assert mean_product([(F(1, 2), F(10**9))], 6) == 0


@pytest.mark.parametrize(
    ("terms", "exponent", "places", "value"),
    [
        ([("1/4", 1), ("9/16", 1)], "1/2", 6, "0.390625"), ([("1/4", 1), ("1/4", 3)], "1/3", 6, "0.25"),
        ([("0.3", 1), ("0.4", 1)], 2, 6, "0.353553"), ([("0.5", 1), ("1", 1)], -1, 6, "0.666667"),
        ([("0.5", 1), ("0", 1)], -1, 6, 0), ([("0.5", 1), ("0", 1)], 1, 6, "0.25"), ([("0", 2)], "1/2", 6, 0),
        # The ratio of the roots is rational though the roots are not: exactly a half, to even.
        ([("2/9", 1), ("8/9", 1)], "1/2", 0, 0), ([("1/2", 1), ("1/2", 5)], "1/2", 0, 0),
        ([("5/2", 1), ("5/2", 5)], "1/7", 0, 2),
        ([("1/4", 1), ("1/3", 2)], "1/2", 6, "0.304226"),
    ],
)  # fmt: skip
def test_power_means(terms: list[tuple[str, int]], exponent: object, places: int, value: object) -> None:
    found = power_mean([(F(r), F(w)) for r, w in terms], F(exponent), places)  # type: ignore[arg-type]
    assert found == F(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "exponent", [F(1, 10**6), F(-1, 10**6), F(10**6), F(-(10**6)), F(-123_456_789, 1000), F("0.333")]
)
def test_power_means_of_odd_exponents_are_quick(exponent: F) -> None:
    with at_most(6_000):
        found = power_mean([(F(2, 9), F(1)), (F(8, 9), F(3)), (F(1, 3), F(1, 7))], exponent, 30)
        assert F(2, 9) <= found <= F(8, 9)

"""Rounding for sure, held against whole-number arithmetic and against series with a proven rest."""

from collections.abc import Callable
from fractions import Fraction as F
from math import lcm

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_engine.meaning.inexact import inexact, mean_product, power_mean
from rubric_engine.plan.expr import Function

places = st.integers(0, 30)
few = st.integers(0, 8)
small = st.builds(F, st.integers(1, 400), st.integers(1, 400))
values = small | st.builds(lambda n, d: F(n, 10**d), st.integers(1, 10**15), st.integers(0, 18))
exponents = st.builds(F, st.integers(-9, 9), st.integers(1, 9))
indices = st.builds(F, st.integers(1, 30), st.integers(30, 60))
weights = st.integers(1, 9).map(F)


def held(found: F | None, digits: int, compare: Callable[[F], int]) -> None:
    """``compare(x)`` is the sign of (true value - x): the true value lies within half of the last place."""
    assert found is not None
    unit = F(1, 10**digits)
    assert (found / unit).denominator == 1
    low, high = compare(found - unit / 2), compare(found + unit / 2)
    assert low >= 0
    assert high <= 0
    if 0 in (low, high):
        assert (found / unit).numerator % 2 == 0


def sign(value: F) -> int:
    return (value > 0) - (value < 0)


@given(values | st.just(F(0)), places)
def test_square_roots_by_squaring(value: F, digits: int) -> None:
    held(inexact(Function.SQRT, (value,), digits), digits, lambda x: 1 if x < 0 else sign(value - x * x))


@given(small, exponents, places)
def test_powers_by_whole_powers(base: F, exponent: F, digits: int) -> None:
    whole = base**exponent.numerator
    found = inexact(Function.POWER, (base, exponent), digits)
    if whole <= F(10**60) ** exponent.denominator:
        held(found, digits, lambda x: 1 if x < 0 else sign(whole - x**exponent.denominator))
    else:
        assert found is None


@given(small, st.integers(1, 9), few)
def test_a_root_of_a_power_that_is_half_way(base: F, degree: int, digits: int) -> None:
    half = F(2 * int(base * 10**digits) + 1, 2 * 10**digits)
    found = inexact(Function.POWER, (half**degree, F(1, degree)), digits)
    held(found, digits, lambda x: sign(half - x))


def exp_ends(value: F, terms: int) -> tuple[F, F]:
    """Between which two fractions the exponential lies: a Taylor sum below 1/2 and its rest, squared back up."""
    if value < 0:
        low, high = exp_ends(-value, terms)
        return 1 / high, 1 / low
    halvings = max(0, int(value * 2).bit_length())
    reduced = value / 2**halvings
    total, term = F(1), F(1)
    for n in range(1, terms):
        term = term * reduced / n
        total += term
    low, high = total, total + 2 * term
    for _ in range(halvings):
        low, high = low * low, high * high
    return low, high


def exp_sign(value: F, against: F) -> int:
    """The sign of exp(value) - against, by longer and longer series."""
    if against <= 0:
        return 1
    if value == 0:
        return sign(1 - against)
    terms = 30
    while True:
        low, high = exp_ends(value, terms)
        if low > against or high < against:
            return 1 if low > against else -1
        terms += 30


@settings(max_examples=60, deadline=None)
@given(st.builds(F, st.integers(-300, 138), st.integers(1, 40)), few)
def test_exponentials_by_their_series(value: F, digits: int) -> None:
    held(inexact(Function.EXP, (value,), digits), digits, lambda x: exp_sign(value, x))


@settings(max_examples=60, deadline=None)
@given(small, few)
def test_logarithms_by_the_series_of_their_exponentials(value: F, digits: int) -> None:
    held(inexact(Function.LN, (value,), digits), digits, lambda x: -exp_sign(x, value))


@given(st.lists(indices, min_size=1, max_size=6), places)
def test_geometric_means_by_whole_powers(found: list[F], digits: int) -> None:
    product = F(1)
    for one in found:
        product *= one
    mean = mean_product([(product, F(1, len(found)))], digits)
    held(mean, digits, lambda x: 1 if x < 0 else sign(product - x ** len(found)))
    assert mean == mean_product([(one, F(1, len(found))) for one in found], digits)


@given(st.lists(st.tuples(indices, weights), min_size=1, max_size=5), places)
def test_weighted_geometric_means_by_whole_powers(terms: list[tuple[F, F]], digits: int) -> None:
    total = sum((w for _, w in terms), F(0))
    degree = lcm(*((w / total).denominator for _, w in terms))
    product = F(1)
    for one, w in terms:
        product *= one ** int(w / total * degree)
    found = mean_product([(one, w / total) for one, w in terms], digits)
    held(found, digits, lambda x: 1 if x < 0 else sign(product - x**degree))


@pytest.mark.parametrize("exponent", [-3, -2, -1, 1, 2, 3, 5])
@given(terms=st.lists(st.tuples(indices, weights), min_size=1, max_size=5), digits=few)
def test_power_means_with_whole_exponents(exponent: int, terms: list[tuple[F, F]], digits: int) -> None:
    total = sum((w for _, w in terms), F(0))
    power = sum((w * one**exponent for one, w in terms), F(0)) / total
    turned = 1 if exponent > 0 else -1
    found = power_mean(terms, F(exponent), digits)
    held(found, digits, lambda x: 1 if x <= 0 else turned * sign(power - x**exponent))


@given(st.lists(st.tuples(indices, weights), min_size=1, max_size=5), few)
def test_power_means_rise_with_the_exponent(terms: list[tuple[F, F]], digits: int) -> None:
    means = [power_mean(terms, p, digits) for p in (F(-2), F(-1, 2), F(-1, 9), F(1, 9), F(1, 2), F(1), F(3))]
    assert means == sorted(means)
    unit = F(1, 2 * 10**digits)
    assert min(r for r, _ in terms) - unit <= means[0]
    assert means[-1] <= max(r for r, _ in terms) + unit


@given(st.lists(indices, min_size=1, max_size=5), st.lists(weights, min_size=5, max_size=5), few)
def test_power_means_of_squares_by_halves_are_rational(roots: list[F], shares: list[F], digits: int) -> None:
    """With p = 1/2 and squares inside, the mean is the square of a weighted mean."""
    terms = [(root * root, share) for root, share in zip(roots, shares, strict=False)]
    total = sum((share for _, share in terms), F(0))
    mean = sum((root * share for root, (_, share) in zip(roots, terms, strict=True)), F(0)) / total
    held(power_mean(terms, F(1, 2), digits), digits, lambda x: sign(mean * mean - x))


@given(values, values, places)
def test_more_gives_no_less(one: F, other: F, digits: int) -> None:
    low, high = sorted((one, other))
    for function in (Function.LN, Function.SQRT, Function.EXP):
        below, above = inexact(function, (low,), digits), inexact(function, (high,), digits)
        if below is None or above is None:
            assert function is Function.EXP
            assert above is None
        else:
            assert below <= above

"""Numbers that are not rational, correctly rounded: roots, powers, logarithms, means. Standard library only.

Each value is enclosed between two fractions, closer and closer, until both ends round to the same number (Ziv). That
never happens only for a value exactly half-way between two numbers, and whether it is one is settled by exact
arithmetic. So the same arguments give the same digits everywhere, whatever the machine.
"""

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from math import gcd, isqrt
from typing import Final, assert_never

from rubric_engine.meaning.exact import LIMIT, round_ratio
from rubric_engine.plan.expr import Function, Mode

Factors = Sequence[tuple[Fraction, Fraction]]
Enclosure = tuple[Fraction, Fraction]

# Nothing an author can write lies nearer to a half without being one; a wall all the same, so that nothing runs on.
_MOST_DIGITS_TRIED: Final = 4000
_EXACT_BITS: Final = 20_000
_TEN: Final = Fraction(2303, 1000)  # a little more than the natural logarithm of ten
_DECADES: Final = Fraction(4343, 10_000)  # and a little more than its inverse
_MOST_POWER: Final = 139  # exp of this is beyond 10**60


def inexact(function: Function, args: tuple[Fraction, ...], places: int) -> Fraction | None:
    """``function`` of the arguments, rounded half-even to ``places`` decimals; ``None`` where it is undefined.

    That is as told in :class:`~rubric_engine.plan.expr.Inexact`, and for any argument beyond 10**60.
    """
    if any(abs(arg.numerator) > LIMIT * arg.denominator for arg in args):
        return None
    match function:
        case Function.LN:
            return _logarithm(args[0], places) if args[0] > 0 else None
        case Function.EXP:
            return _exponential(args[0], places)
        case Function.SQRT:
            return _square_root(args[0], places) if args[0] >= 0 else None
        case Function.POWER:
            return _power(args[0], args[1], places)
        case _:
            assert_never(function)


def mean_product(factors: Factors, places: int) -> Fraction:
    """The product of ``value ** exponent`` over the factors, rounded half-even once, at the end.

    A weighted geometric mean is that of each index to its share of the weight. Values are not below 0; where one is 0
    the product is 0. Never above 10**60.
    """
    if any(not value for value, _ in factors):
        return Fraction(0)
    found = _product(factors, places)
    return Fraction(LIMIT) if found is None else found


def power_mean(terms: Factors, exponent: Fraction, places: int) -> Fraction:
    """``(sum of w r^p / sum of w) ^ (1/p)`` of (value r, weight w), rounded half-even; ``p`` is not 0.

    Values are not below 0 and weights above 0. With ``p`` below 0 a value of 0 makes it 0.
    """
    weight = sum((w for _, w in terms), Fraction(0))
    positive = [(value, w / weight) for value, w in terms if value > 0]
    if not positive or (exponent < 0 and len(positive) < len(terms)):
        return Fraction(0)
    # Measured by the value that counts most, no term is above its weight and nothing can overflow.
    unit = (max if exponent > 0 else min)(value for value, _ in positive)
    scaled = [(value / unit, share) for value, share in positive]
    powers = [_rational_power(value, exponent) for value, _ in scaled]
    if all(power is not None for power in powers):
        mean = sum((share * (power or 0) for (_, share), power in zip(scaled, powers, strict=True)), Fraction(0))
        return mean_product(((unit, Fraction(1)), (mean, 1 / exponent)), places)
    # Some ratio of powers is irrational, and then so is the mean: it cannot lie half-way.
    digits = places + 12 + _whole_digits(abs(exponent) + 1 / abs(exponent)) + _whole_digits(unit)
    return _settle(lambda more: _power_mean_about(unit, scaled, exponent, more), lambda half: False, places, digits)


# ---------------------------------------------------------------- one function each


def _logarithm(value: Fraction, places: int) -> Fraction:
    if value == 1:
        return Fraction(0)

    def ends(digits: int) -> Enclosure:
        middle, error = _ln_about(value, digits)
        return middle - error, middle + error

    return _settle(ends, lambda half: False, places, places + 12)


def _exponential(value: Fraction, places: int) -> Fraction | None:
    if not value:
        return Fraction(1)
    if value >= _MOST_POWER:
        return None
    if _vanishes(value, places):
        return Fraction(0)
    digits = places + 12 + max(0, int(value * _DECADES))
    found = _settle(lambda more: _exp_about(value, Fraction(0), more), lambda half: False, places, digits)
    return found if found <= LIMIT else None


def _square_root(value: Fraction, places: int) -> Fraction:
    """Whole numbers alone: twice the root, in units of the last place, decides which way to round."""
    top, bottom = value.numerator * 4 * 100**places, value.denominator
    twice = isqrt(top // bottom)
    whole, half = divmod(twice, 2)
    if half:
        tie = twice * twice * bottom == top
        whole += whole & 1 if tie else 1
    return Fraction(whole, 10**places)


def _power(base: Fraction, exponent: Fraction, places: int) -> Fraction | None:
    if base < 0 or (base == 0 and exponent <= 0):
        return None
    return _product(((base, exponent),), places) if base else Fraction(0)


def _product(factors: Factors, places: int) -> Fraction | None:
    """The product of powers of numbers above 0; ``None`` beyond 10**60."""
    factors = [(value, exponent) for value, exponent in factors if exponent and value != 1]
    if not factors:
        return Fraction(1)
    size = _whole_digits(sum((abs(exponent) * (_bits(value) + 3) for value, exponent in factors), Fraction(1)))
    about, _ = _ln_product(factors, 20 + size)
    if about > _MOST_POWER:
        return None
    if _vanishes(about + 1, places):
        return Fraction(0)

    def ends(digits: int) -> Enclosure:
        return _exp_about(*_ln_product(factors, digits), digits)

    digits = places + 12 + size + max(0, int(about * _DECADES))
    found = _settle(ends, lambda half: _is_product(factors, half), places, digits)
    return found if found <= LIMIT else None


def _vanishes(logarithm: Fraction, places: int) -> bool:
    """Whether a number with this logarithm is surely less than half of the last place."""
    return logarithm < -(places + 1) * _TEN


# ---------------------------------------------------------------- rounding for sure


def _settle(
    ends: Callable[[int], Enclosure], is_exactly: Callable[[Fraction], bool], places: int, digits: int
) -> Fraction:
    """Round what ``ends`` encloses ever more closely; ``is_exactly`` tells whether it is a number half-way."""
    unit = 10**places
    while True:
        low, high = (round_ratio(end.numerator * unit, end.denominator, Mode.HALF_EVEN) for end in ends(digits))
        if low == high:
            return Fraction(low, unit)
        if high == low + 1:
            half = Fraction(2 * low + 1, 2 * unit)
            if digits > _MOST_DIGITS_TRIED or is_exactly(half):
                return Fraction(low + (low & 1), unit)
        digits *= 2


def _is_product(factors: Factors, number: Fraction) -> bool:
    """Whether the product of powers is this number, without ever computing a power.

    All numerators and denominators are split into parts with no common divisor; powers of such parts make 1 only where
    every exponent is 0.
    """
    if number <= 0:
        return False
    todo = [(number.numerator, Fraction(-1)), (number.denominator, Fraction(1))]
    for value, exponent in factors:
        todo += [(value.numerator, exponent), (value.denominator, -exponent)]
    base: list[tuple[int, Fraction]] = []
    while todo:
        part, exponent = todo.pop()
        if part == 1 or not exponent:
            continue
        for at, (other, power) in enumerate(base):
            common = gcd(part, other)
            if common > 1:
                del base[at]
                todo += [(common, exponent + power), (part // common, exponent), (other // common, power)]
                break
        else:
            base.append((part, exponent))
    return not base


def _rational_power(value: Fraction, exponent: Fraction) -> Fraction | None:
    """``value ** exponent`` where that is rational (and of a reasonable size), else ``None``."""
    top, bottom = _whole_root(value.numerator, exponent), _whole_root(value.denominator, exponent)
    if top is None or bottom is None:
        return None
    whole = abs(exponent.numerator)
    if whole * max(top.bit_length() - 1, bottom.bit_length() - 1) > _EXACT_BITS:
        return None
    power = Fraction(top**whole, bottom**whole)
    return power if exponent > 0 else 1 / power


def _whole_root(number: int, exponent: Fraction) -> int | None:
    """The root of a whole number by the exponent's denominator, where it is whole."""
    degree = exponent.denominator
    if degree == 1 or number == 1:
        return number
    if number.bit_length() <= degree:
        return None
    low, high = 1, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**degree <= number:
            low = middle
        else:
            high = middle - 1
    return low if low**degree == number else None


# ---------------------------------------------------------------- enclosures


def _context(digits: int) -> Context:
    return Context(
        prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation, DivisionByZero, Overflow],
    )  # fmt: skip


def _decimal(value: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def _ln_about(value: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """The logarithm of a number above 0, and how far at most the true one is from it."""
    context = _context(digits)
    middle = Fraction(context.ln(_decimal(value, context)))
    # The division and the logarithm are each right to half a unit of the last digit.
    return middle, (abs(middle) + 3) / 10 ** (digits - 1)


def _exp_about(value: Fraction, error: Fraction, digits: int) -> Enclosure:
    """Enclosure of the exponential of any number within ``error`` (well below 1) of ``value``."""
    context = _context(digits)
    near = Fraction(context.exp(_decimal(value, context)))
    relative = (abs(value) + 3) / 10 ** (digits - 1) + 2 * error
    return near * (1 - relative), near * (1 + relative)


def _ln_product(factors: Factors, digits: int) -> tuple[Fraction, Fraction]:
    total = error = Fraction(0)
    for value, exponent in factors:
        middle, off = _ln_about(value, digits)
        total += exponent * middle
        error += abs(exponent) * off
    return total, error


def _power_mean_about(unit: Fraction, terms: Factors, exponent: Fraction, digits: int) -> Enclosure:
    """Terms are (value over unit, share of the weight); no power of such a value is above 1."""
    low = high = Fraction(0)
    for value, share in terms:
        power, error = _ln_product(((value, exponent),), digits)
        if _vanishes(power, digits):
            high += share / 10**digits
            continue
        least, most = _exp_about(power, error, digits)
        low, high = low + share * least, high + share * most
    ends: list[Fraction] = []
    for mean in (low, high):
        root, error = _ln_product(((mean, 1 / exponent),), digits)
        ends += _exp_about(root, error, digits)
    return unit * min(ends), unit * max(ends)


def _bits(value: Fraction) -> int:
    """Not less than the size of the number's logarithm."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _whole_digits(value: Fraction) -> int:
    """Decimal digits of the whole part, at least as many as there are."""
    return int(value).bit_length() * 31 // 100 + 1

"""A wall against numbers that double their length at every step. Standard library only.

Exact arithmetic never rounds, so ``a1 = a0 * a0``, ``a2 = a1 * a1`` and so on would be longer than any memory after a
few dozen lines. Every reader of a plan stops at the same places once a number is beyond the wall: a product of two or
more factors that are not constants, a power, the value of a ``let``, the final points of a heading, and the common
denominator of the rows of a register that are brought over one: see :func:`over_one_denominator`.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from rubric_engine.meaning.reading import ScoringError
from rubric_engine.plan.expr import Const, Num, Reduced, Reducer

MOST_BITS: Final = 20_000
SUMMED: Final = frozenset({
    Reducer.SUM, Reducer.MEAN, Reducer.MEDIAN, Reducer.TRIMMED_MEAN, Reducer.MAJORITY,
})  # fmt: skip


def over_one_denominator(expr: Reduced) -> bool:
    """Whether all rows selected are brought over one denominator: to be added or sorted, or to be parted by a key."""
    return expr.each is not None or expr.how in SUMMED


def too_large(value: Fraction | int) -> bool:
    """Whether numerator or denominator is longer than any score has a use for."""
    return value.numerator.bit_length() > MOST_BITS or value.denominator.bit_length() > MOST_BITS


def has_long_denominator(values: Iterable[Fraction | int]) -> bool:
    """Whether the least common denominator is beyond the wall."""
    common = 1
    for value in values:
        common = lcm(common, value.denominator)
        if common.bit_length() > MOST_BITS:
            return True
    return False


def multiplies(factors: Sequence[Num]) -> bool:
    """Whether a product of these can grow by being repeated: two of them are not constants."""
    return sum(not isinstance(factor, Const) for factor in factors) > 1


def lowest_terms(top: int, bottom: int, code: str) -> tuple[int, int]:
    """The two parts without a common divisor. Raises :class:`ScoringError` for the heading ``code`` beyond the wall."""
    common = gcd(top, bottom)
    top, bottom = top // common, bottom // common
    if top.bit_length() > MOST_BITS or bottom.bit_length() > MOST_BITS:
        raise ScoringError(code)
    return top, bottom

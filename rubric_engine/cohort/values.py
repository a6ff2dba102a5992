"""What one unit brings to a figure of its cohort: a number, a range while it is pending, or nothing at all."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from rubric_engine.plan.layout import sum_exactly


@dataclass(frozen=True, slots=True)
class UnitValue:
    """The value of one unit, between ``low`` and ``high`` (``None``: no bound). Known when both are the same number.

    ``may_be_skipped``: what is still pending may make it not applicable, and then it takes no part. A truth is 1 or 0.
    A unit that surely takes no part has no such value at all: ``None`` stands for it everywhere.
    """

    low: Fraction | None
    high: Fraction | None
    may_be_skipped: bool = False

    @property
    def exact(self) -> Fraction | None:
        """The value, when it is known and surely takes part."""
        return self.low if self.low == self.high and not self.may_be_skipped else None

    @property
    def mirrored(self) -> "UnitValue":
        """The value below nought for the value above: what turns *lowest first* into *highest first*."""
        low, high = self.low, self.high
        return UnitValue(None if high is None else -high, None if low is None else -low, self.may_be_skipped)


def known_value(value: Fraction | int | bool) -> UnitValue:
    """A value that is known."""
    exact = Fraction(value)
    return UnitValue(exact, exact)


class Spread:
    """The values of all units that take part in a figure, in no order that matters."""

    def __init__(self, values: Iterable[UnitValue]) -> None:
        known: list[Fraction] = []
        pending: list[UnitValue] = []
        for value in values:
            exact = value.exact
            if exact is None:
                pending.append(value)
            else:
                known.append(exact)
        self.known: list[Fraction] = sorted(known)
        self.pending: tuple[UnitValue, ...] = tuple(pending)

    def __len__(self) -> int:
        return len(self.known) + len(self.pending)

    @property
    def settled(self) -> bool:
        """Every value is known."""
        return not self.pending

    @cached_property
    def sure(self) -> tuple[UnitValue, ...]:
        """Values that are pending and surely take part."""
        return tuple(value for value in self.pending if not value.may_be_skipped)

    @cached_property
    def unsure(self) -> tuple[UnitValue, ...]:
        """Values that may yet turn out not to take part."""
        return tuple(value for value in self.pending if value.may_be_skipped)

    @cached_property
    def _sure_lows(self) -> list[Fraction]:
        return sorted(value.low for value in self.sure if value.low is not None)

    @cached_property
    def _highs(self) -> list[Fraction]:
        return sorted(value.high for value in self.pending if value.high is not None)

    @cached_property
    def mirrored(self) -> "Spread":
        """The same values with the other sign."""
        found = Spread(value.mirrored for value in self.pending)
        found.known = [-value for value in reversed(self.known)]
        return found

    @cached_property
    def mean(self) -> Fraction:
        """Of the known values; there is at least one."""
        return sum_exactly(self.known) / len(self.known)

    @cached_property
    def variance(self) -> Fraction:
        """Of the known values as a whole population, exactly: the mean square less the square of the mean."""
        return sum_exactly(value * value for value in self.known) / len(self.known) - self.mean * self.mean

    def surely_above(self, value: Fraction | None) -> int:
        """How many units have more than this whatever comes; ``None`` stands for any number."""
        if value is None:
            return 0
        lows = self._sure_lows
        return len(self.known) - bisect_right(self.known, value) + len(lows) - bisect_right(lows, value)

    def perhaps_above(self, value: Fraction | None) -> int:
        """How many units have more than this, or may come to it."""
        if value is None:
            return len(self)
        highs = self._highs
        endless = len(self.pending) - len(highs)
        return len(self.known) - bisect_right(self.known, value) + len(highs) - bisect_right(highs, value) + endless

    @cached_property
    def whole(self) -> tuple[int, int, int]:
        """Of the known values over one denominator: that denominator, their sum, and ``n² × variance``.

        Whole numbers that are never brought to lowest terms: of a thousand long fractions that alone takes minutes.
        """
        common = lcm(*(value.denominator for value in self.known))
        tops = [value.numerator * (common // value.denominator) for value in self.known]
        total = sum(tops)
        return common, total, len(tops) * sum(top * top for top in tops) - total * total

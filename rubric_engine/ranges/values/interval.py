"""Intervals of exact numbers, and the arithmetic on them. Standard library only.

Every operation is an outer bound: whatever numbers are picked from the operands, the result of the exact operation
lies in the result here. Ends may be open, values may live on a grid (whole numbers, hundredths), zero may be excluded.
Most ends are whole: they are plain integers where they can be, and ``/`` is never used between two of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import gcd
from typing import assert_never

from rubric_engine.meaning.exact import Exact, round_to
from rubric_engine.meaning.growth import too_large
from rubric_engine.plan.expr import Mode, Order
from rubric_engine.plan.record import record

NO_WAITS: frozenset[str] = frozenset()


def plain(value: Exact) -> Exact:
    """The same number, an integer where it is whole."""
    return value if type(value) is int or value.denominator != 1 else value.numerator


def as_fraction(value: Exact | None) -> Fraction | None:
    """The same number as readings and checks hold it."""
    return None if value is None else Fraction(value)


def quotient(top: Exact, bottom: Exact) -> Exact:
    """``top / bottom``, exactly; the bottom is not 0."""
    if bottom == 1:
        return plain(top)
    return plain(Fraction(top.numerator * bottom.denominator, top.denominator * bottom.numerator))


@record
class Interval:
    """All values a number can take. ``None`` is no bound; ``grid`` set means values are whole multiples of it.

    ``waits`` names what the value depends on and nobody has said. ``may_be_undefined``: some way of filling in what is
    unknown divides by zero. Make one with :func:`interval` or :func:`point`, which keep it in normal form.
    """

    low: Exact | None = None
    high: Exact | None = None
    low_open: bool = False
    high_open: bool = False
    grid: Exact | None = None
    nonzero: bool = False
    waits: frozenset[str] = NO_WAITS
    may_be_undefined: bool = False

    @property
    def is_point(self) -> bool:
        """One value only."""
        low, high = self.low, self.high
        return low is high is not None or (low is not None and high is not None and low == high)

    @property
    def exact(self) -> Exact | None:
        """The value, when there is only one and it is surely defined."""
        return self.low if self.is_point and not self.may_be_undefined else None

    def contains(self, value: Exact) -> bool:
        """Whether the number can have this value."""
        if self.low is not None and (value < self.low or (value == self.low and self.low_open)):
            return False
        if self.high is not None and (value > self.high or (value == self.high and self.high_open)):
            return False
        if self.nonzero and not value:
            return False
        return self.grid is None or type(quotient(value, self.grid)) is int

    @property
    def holds_zero(self) -> bool:
        """As ``contains(0)``, by signs alone."""
        low, high = self.low, self.high
        if low is not None and (low.numerator > 0 or (self.low_open and not low)):
            return False
        if high is not None and (high.numerator < 0 or (self.high_open and not high)):
            return False
        return not self.nonzero

    def __str__(self) -> str:
        low = "(" if self.low is None or self.low_open else "["
        high = ")" if self.high is None or self.high_open else "]"
        return f"{low}{'' if self.low is None else self.low}, {'' if self.high is None else self.high}{high}"


ANY_NUMBER = Interval()


def interval(
    low: Exact | None,
    high: Exact | None,
    *,
    low_open: bool = False,
    high_open: bool = False,
    grid: Exact | None = None,
    nonzero: bool = False,
    waits: frozenset[str] = NO_WAITS,
    may_be_undefined: bool = False,
) -> Interval | None:
    """The interval in normal form: ends on the grid, zero cut off the ends, no waits on a known value.

    ``None`` when nothing lies in it.
    """
    if grid is not None:
        low, low_open = on_grid(low, low_open, grid, Mode.CEILING)
        high, high_open = on_grid(high, high_open, grid, Mode.FLOOR)
    if nonzero:
        if low is not None and not low and not low_open:
            low, low_open = (0, True) if grid is None else (grid, False)
        if high is not None and not high and not high_open:
            high, high_open = (0, True) if grid is None else (-grid, False)
        nonzero = (low is None or low.numerator < 0) and (high is None or high.numerator > 0)
    if low is not None and high is not None:
        width = high.numerator * low.denominator - low.numerator * high.denominator
        if width < 0 or (not width and (low_open or high_open)):
            return None
        if not width:
            return Interval(low, high, waits=waits if may_be_undefined else NO_WAITS, may_be_undefined=may_be_undefined)
    return Interval(low, high, low_open, high_open, grid, nonzero, waits, may_be_undefined)


def on_grid(end: Exact | None, is_open: bool, grid: Exact, mode: Mode) -> tuple[Exact | None, bool]:
    """An end moved inwards (``CEILING`` or ``FLOOR``) to a value that can be taken."""
    if end is None:
        return None, False
    steps, rest = divmod(end.numerator * grid.denominator, end.denominator * grid.numerator)
    if not rest and not is_open:
        return end, False
    if mode is Mode.CEILING:
        steps += 1
    elif not rest:
        steps -= 1
    return plain(steps * grid), False


def point(value: Exact) -> Interval:
    """A known number."""
    value = plain(value)
    return Interval(value, value)


def span_of(low: Exact | None, high: Exact | None, waits: frozenset[str] = NO_WAITS) -> Interval:
    """Everything from ``low`` to ``high``, both in; ``low`` is not above ``high``."""
    found = interval(low, high, waits=waits)
    assert found is not None
    return found


def _sure(found: Interval | None) -> Interval:
    """For operations that cannot give an empty set out of non-empty ones."""
    assert found is not None
    return found


def common_grid(items: Iterable[Interval]) -> Exact | None:
    """A grid all these numbers lie on, and so do their sums and differences."""
    top, bottom = 0, 1
    for item in items:
        step = item.low if item.is_point else item.grid
        if step is None:
            return None
        if step.denominator == bottom:
            top = gcd(top, step.numerator)
            continue
        top, bottom = gcd(top * step.denominator, step.numerator * bottom), bottom * step.denominator
        common = gcd(top, bottom)
        top, bottom = top // common, bottom // common
    return plain(Fraction(top, bottom)) if top else None


# ---------------------------------------------------------------- sets


def hull(items: Iterable[Interval], waits: frozenset[str] | None = None) -> Interval:
    """The smallest interval that holds them all (at least one is given).

    ``waits`` is what they wait for together, where that is known already.
    """
    parts = list(items)
    if len(parts) == 1:
        return parts[0]
    low, low_open = _outer_low(parts)
    high, high_open = _outer_high(parts)
    return _sure(interval(
        low, high, low_open=low_open, high_open=high_open, grid=common_grid(parts),
        nonzero=not any(part.holds_zero for part in parts), waits=_waits_of(parts) if waits is None else waits,
        may_be_undefined=any(part.may_be_undefined for part in parts),
    ))  # fmt: skip


def _waits_of(parts: Iterable[Interval]) -> frozenset[str]:
    """What they wait for together: of a whole sheet that is thousands of names, most often the same."""
    found = NO_WAITS
    for part in parts:
        if part.waits is not found and not part.waits <= found:
            found = found | part.waits if found else part.waits
    return found


def _outer_low(parts: list[Interval]) -> tuple[Exact | None, bool]:
    ends = [(part.low, part.low_open) for part in parts if part.low is not None]
    return min(ends) if len(ends) == len(parts) else (None, False)


def _outer_high(parts: list[Interval]) -> tuple[Exact | None, bool]:
    ends = [(part.high, not part.high_open) for part in parts if part.high is not None]
    if len(ends) < len(parts):
        return None, False
    high, closed = max(ends)
    return high, not closed


def intersect(item: Interval, other: Interval) -> Interval | None:
    """What is in both; waits and doubts are those of ``item``, which ``other`` only narrows."""
    low, low_open, high, high_open = item.low, item.low_open, item.high, item.high_open
    same = (item.grid is not None or other.grid is None) and not (other.nonzero and item.holds_zero)
    if other.low is not None and (low is None or other.low > low or (other.low_open and other.low == low)):
        low, low_open, same = other.low, other.low_open, False
    if other.high is not None and (high is None or other.high < high or (other.high_open and other.high == high)):
        high, high_open, same = other.high, other.high_open, False
    if same:
        return item
    return interval(
        low, high, low_open=low_open, high_open=high_open, grid=item.grid or other.grid,
        nonzero=item.nonzero or other.nonzero, waits=item.waits, may_be_undefined=item.may_be_undefined,
    )  # fmt: skip


def may_be(item: Interval, order: Order) -> bool:
    """Whether the number can stand so to 0."""
    low, high = item.low, item.high
    match order:
        case Order.LT:
            return low is None or low < 0
        case Order.LE:
            return low is None or low < 0 or (not low and not item.low_open)
        case Order.EQ:
            return item.holds_zero
        case Order.NE:
            return not (item.is_point and not low)
        case Order.GE:
            return high is None or high > 0 or (not high and not item.high_open)
        case Order.GT:
            return high is None or high > 0
        case _:
            assert_never(order)


def same_values(a: Interval, b: Interval) -> bool:
    """Equal as sets of values."""
    return (a.low, a.high, a.low_open, a.high_open, a.nonzero) == (b.low, b.high, b.low_open, b.high_open, b.nonzero)


def waiting_for(item: Interval, waits: frozenset[str], may_be_undefined: bool = False) -> Interval:
    """The same values, depending on more; what is known depends on nothing."""
    undefined = may_be_undefined or item.may_be_undefined
    if undefined == item.may_be_undefined and (waits <= item.waits or item.exact is not None):
        return item
    return Interval(
        item.low, item.high, item.low_open, item.high_open, item.grid, item.nonzero, item.waits | waits, undefined
    )


# ---------------------------------------------------------------- arithmetic


def add_up(items: Iterable[Interval], waits: frozenset[str] | None = None) -> Interval:
    """Sum of independent numbers; ``waits`` is what they wait for together, where that is known already."""
    parts = [part for part in items if part.low != 0 or part.high != 0 or part.may_be_undefined]
    if len(parts) < 2:
        return parts[0] if parts else Interval(0, 0)
    low: Exact | None = 0
    high: Exact | None = 0
    low_open = high_open = undefined = False
    for part in parts:
        low = None if low is None or part.low is None else low + part.low
        high = None if high is None or part.high is None else high + part.high
        low_open = low_open or part.low_open
        high_open = high_open or part.high_open
        undefined = undefined or part.may_be_undefined
    return _sure(interval(
        low, high, low_open=low_open, high_open=high_open, grid=common_grid(parts),
        waits=_waits_of(parts) if waits is None else waits, may_be_undefined=undefined,
    ))  # fmt: skip


def shift(item: Interval, by: Exact) -> Interval:
    """The number and a constant added up."""
    if not by:
        return item
    low = None if item.low is None else plain(item.low + by)
    if item.is_point:
        return Interval(low, low, waits=item.waits, may_be_undefined=item.may_be_undefined)
    high = None if item.high is None else plain(item.high + by)
    grid = None if item.grid is None else common_grid((item, Interval(by, by)))
    return Interval(low, high, item.low_open, item.high_open, grid, False, item.waits, item.may_be_undefined)


def scale_by(item: Interval, factor: Exact) -> Interval:
    """A constant times the number."""
    if factor == 1:
        return item
    if not factor:
        return Interval(0, 0, waits=item.waits if item.may_be_undefined else NO_WAITS,
                        may_be_undefined=item.may_be_undefined)  # fmt: skip
    low, high, low_open, high_open, grid = item.low, item.high, item.low_open, item.high_open, item.grid
    low = None if low is None else plain(low * factor)
    high = low if high is item.low else None if high is None else plain(high * factor)
    if factor < 0:
        low, high, low_open, high_open = high, low, high_open, low_open
    if grid is not None:
        grid = plain(grid * (factor if factor > 0 else -factor))
    return Interval(low, high, low_open, high_open, grid, item.nonzero, item.waits, item.may_be_undefined)


_End = tuple[int, Exact, bool]  # -1, 0, 1 for minus infinity, finite, plus infinity; the value; open


def _low_end(item: Interval) -> _End:
    return (-1, 0, True) if item.low is None else (0, item.low, item.low_open)


def _high_end(item: Interval) -> _End:
    return (1, 0, True) if item.high is None else (0, item.high, item.high_open)


def _end_product(a: _End, b: _End) -> _End:
    a_zero, b_zero = a[0] == 0 and not a[1], b[0] == 0 and not b[1]
    if a_zero or b_zero:
        return (0, 0, not ((a_zero and not a[2]) or (b_zero and not b[2])))
    if a[0] or b[0]:
        sign = (a[0] or (1 if a[1] > 0 else -1)) * (b[0] or (1 if b[1] > 0 else -1))
        return (sign, 0, True)
    return (0, a[1] * b[1], a[2] or b[2])


def multiply(a: Interval, b: Interval) -> Interval:
    """Product of two independent numbers."""
    if a.exact is not None:
        return scale_by(b, a.exact)
    if b.exact is not None:
        return scale_by(a, b.exact)
    corners = [_end_product(x, y) for x in (_low_end(a), _high_end(a)) for y in (_low_end(b), _high_end(b))]
    low = min(corners)
    high = max(corners, key=lambda end: (end[0], end[1], not end[2]))
    zero = a.holds_zero or b.holds_zero
    if not zero and low[0] == 0 and not low[1]:
        low = (0, 0, True)
    if not zero and high[0] == 0 and not high[1]:
        high = (0, 0, True)
    return _sure(interval(
        None if low[0] else low[1], None if high[0] else high[1], low_open=low[2], high_open=high[2],
        grid=a.grid * b.grid if a.grid is not None and b.grid is not None else None, nonzero=not zero,
        waits=a.waits | b.waits, may_be_undefined=a.may_be_undefined or b.may_be_undefined,
    ))  # fmt: skip


def kept_small(item: Interval) -> Interval:
    """The number where it is not longer than any score has a use for; undefined beyond that."""
    low_far = item.low is not None and too_large(item.low)
    high_far = item.high is not None and too_large(item.high)
    if not low_far and not high_far:
        return item
    return Interval(
        None if low_far else item.low, None if high_far else item.high, waits=item.waits, may_be_undefined=True
    )


POSITIVE = Interval(low=0, low_open=True)
NEGATIVE = Interval(high=0, high_open=True)


def divide(a: Interval, b: Interval) -> Interval:
    """Quotient where it is defined; without bounds, and in doubt, where the divisor can only be zero."""
    doubt = b.holds_zero or a.may_be_undefined or b.may_be_undefined
    if b.exact:
        return replace(scale_by(a, quotient(1, b.exact)), may_be_undefined=doubt)
    parts = [part for side in (NEGATIVE, POSITIVE) if (part := intersect(b, side)) is not None]
    if not parts:
        return Interval(waits=a.waits | b.waits, may_be_undefined=True)
    found = hull(multiply(replace(a, may_be_undefined=False), _reciprocal(part)) for part in parts)
    return _sure(interval(
        found.low, found.high, low_open=found.low_open, high_open=found.high_open, nonzero=found.nonzero,
        waits=a.waits | b.waits, may_be_undefined=doubt,
    ))  # fmt: skip


def _reciprocal(item: Interval) -> Interval:
    """One over a number that is surely positive or surely negative."""
    low = 0 if item.high is None else None if not item.high else quotient(1, item.high)
    high = 0 if item.low is None else None if not item.low else quotient(1, item.low)
    return Interval(
        low, high,
        low_open=item.high is None or item.high_open, high_open=item.low is None or item.low_open, waits=item.waits,
    )  # fmt: skip


def raise_to(item: Interval, exponent: int) -> Interval:
    """A whole power."""
    if exponent == 0:
        return replace(scale_by(item, 0), low=1, high=1)
    base = item if exponent % 2 else absolute(item)
    return _sure(interval(
        None if base.low is None else base.low**exponent, None if base.high is None else base.high**exponent,
        low_open=base.low_open, high_open=base.high_open, grid=None if base.grid is None else base.grid**exponent,
        nonzero=base.nonzero, waits=item.waits, may_be_undefined=item.may_be_undefined,
    ))  # fmt: skip


def absolute(item: Interval) -> Interval:
    """Distance from zero."""
    if item.low is not None and item.low >= 0:
        return item
    turned = scale_by(item, -1)
    if item.high is not None and item.high <= 0:
        return turned
    high, high_open = _outer_high([item, turned])
    return _sure(interval(
        0, high, high_open=high_open, grid=item.grid, nonzero=item.nonzero,
        waits=item.waits, may_be_undefined=item.may_be_undefined,
    ))  # fmt: skip


def least(items: Iterable[Interval]) -> Interval:
    """The smallest of several numbers; one that can never be the smallest is not waited for."""
    return scale_by(greatest(scale_by(item, -1) for item in items), -1)


def greatest(items: Iterable[Interval]) -> Interval:
    """The largest of several numbers; one that can never be the largest is not waited for."""
    parts = list(items)
    lows = [(part.low, part.low_open) for part in parts if part.low is not None]
    low, low_open = max(lows) if lows else (None, False)
    high, high_open = _outer_high(parts)
    waits = NO_WAITS
    for part in parts:
        if part.may_be_undefined or low is None or part.high is None or part.high > low:
            waits |= part.waits
    return _sure(interval(
        low, high, low_open=low_open, high_open=high_open, grid=common_grid(parts),
        nonzero=not any(part.holds_zero for part in parts),
        waits=waits, may_be_undefined=any(part.may_be_undefined for part in parts),
    ))  # fmt: skip


def middle_of(items: Iterable[Interval]) -> Interval:
    """Median: the median of the lowest ends to the median of the highest."""
    parts = list(items)
    lows = [part.low for part in parts if part.low is not None]
    highs = [part.high for part in parts if part.high is not None]
    missing = len(parts) - len(lows)
    low = _median_end(lows, missing, below=True)
    high = _median_end(highs, len(parts) - len(highs), below=False)
    return _sure(interval(
        low, high, waits=NO_WAITS.union(*(part.waits for part in parts)),
        may_be_undefined=any(part.may_be_undefined for part in parts),
    ))  # fmt: skip


def _median_end(ends: list[Exact], missing: int, *, below: bool) -> Exact | None:
    """Median of ends of which ``missing`` are infinite, all on one side."""
    total = len(ends) + missing
    ordered: list[Exact | None] = [*sorted(ends)]
    absent: list[Exact | None] = [None] * missing
    ordered = absent + ordered if below else ordered + absent
    one, other = ordered[(total - 1) // 2], ordered[total // 2]
    return None if one is None or other is None else quotient(one + other, 2)


def rounded(item: Interval, mode: Mode, step: Exact) -> Interval:
    """The number rounded; at an open end, the nearest value that is taken."""
    low, high = item.low, item.high
    if low is not None:
        low = plain(round_to(_just_inside(low, step, 1) if item.low_open else low, mode, step))
    if high is not None:
        high = plain(round_to(_just_inside(high, step, -1) if item.high_open else high, mode, step))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return _sure(interval(low, high, grid=plain(step), waits=item.waits, may_be_undefined=item.may_be_undefined))


def _just_inside(end: Exact, step: Exact, side: int) -> Exact:
    """A value beside ``end`` with no jump of any rounding mode between the two: jumps lie on half steps."""
    half = Fraction(step) / 2
    jump = round_to(end, Mode.FLOOR if side < 0 else Mode.CEILING, half)
    if jump == end:
        jump += half * side
    return (end + jump) / 2

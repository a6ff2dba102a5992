"""Stretches of the number line: where rows begin and end, what lies between, and a value people would name.

A *cut* ``(v, 0)`` is just before ``v`` and ``(v, 1)`` just after it; ``None`` as value is minus infinity in a low cut
and plus infinity in a high one. On a grid every end is first moved to the nearest value that exists.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from rubric_engine.plan.record import record

INFINITE = Fraction(10) ** 40
_MINUS_INFINITE = -INFINITE
_FAR = INFINITE.numerator.bit_length()  # what is shorter is nearer
Cut = tuple[Fraction, int]


@record
class Stretch:
    """All values from ``low`` to ``high``; an open end is not included, ``None`` has no end."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def start(self) -> Cut:
        """The cut where the stretch begins."""
        return (_MINUS_INFINITE, 0) if self.low is None else (self.low, int(self.low_open))

    @property
    def end(self) -> Cut:
        """The cut where it ends."""
        return (INFINITE, 0) if self.high is None else (self.high, int(not self.high_open))

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in it."""
        low, high = self.low, self.high
        if low is None or high is None:
            return self.start >= self.end
        width = _apart(high, low)
        return width < 0 or (not width and (self.low_open or self.high_open))

    def on_grid(self, grid: Fraction | None) -> "Stretch":
        """The same values, with both ends on the grid and included."""
        if grid is None:
            return self
        low, high = self.low, self.high
        if low is not None:
            steps = ceil(low / grid)
            low = (steps + 1 if self.low_open and steps * grid == low else steps) * grid
        if high is not None:
            steps = floor(high / grid)
            high = (steps - 1 if self.high_open and steps * grid == high else steps) * grid
        return Stretch(low, high)

    def within(self, other: "Stretch") -> "Stretch":
        """What both hold; may be empty."""
        low, low_open, high, high_open = self.low, self.low_open, self.high, self.high_open
        if other.low is not None:
            beyond = 1 if low is None else _apart(other.low, low)
            if beyond > 0 or (not beyond and other.low_open):
                low, low_open = other.low, other.low_open
        if other.high is not None:
            beyond = -1 if high is None else _apart(other.high, high)
            if beyond < 0 or (not beyond and other.high_open):
                high, high_open = other.high, other.high_open
        return _stretch(low, high, low_open, high_open)


def _apart(left: Fraction, right: Fraction) -> int:
    """The sign of ``left - right``, on integers alone."""
    return left.numerator * right.denominator - right.numerator * left.denominator


def _stretch(low: Fraction | None, high: Fraction | None, low_open: bool, high_open: bool) -> Stretch:
    """With no end where one is farther than any number."""
    if low is not None and low.numerator.bit_length() >= _FAR and low <= _MINUS_INFINITE:
        low = None
    if high is not None and high.numerator.bit_length() >= _FAR and high >= INFINITE:
        high = None
    return Stretch(low, high, low_open and low is not None, high_open and high is not None)


def between(start: Cut, end: Cut) -> Stretch:
    """The stretch from one cut to another."""
    return _stretch(start[0], end[0], bool(start[1]), not end[1])


def _after(cut: Cut, grid: Fraction | None) -> Cut:
    """On a grid nothing stands between a value and the next."""
    return cut if grid is None or abs(cut[0]) >= INFINITE or not cut[1] else (cut[0] + grid, 0)


def gaps(rows: Sequence[Stretch], whole: Stretch, grid: Fraction | None) -> list[Stretch]:
    """What of ``whole`` no row holds, in rising order."""
    everything = whole.on_grid(grid)
    if everything.is_empty:
        return []
    here = everything.start
    end = everything.end
    found: list[Stretch] = []
    for row in sorted((row.on_grid(grid) for row in rows), key=lambda row: (row.start, row.end)):
        if row.is_empty:
            continue
        if row.start > here and here < end:
            found.append(between(here, min(row.start, end)).on_grid(grid))
        here = max(here, _after(row.end, grid))
    if here < end:
        found.append(between(here, end).on_grid(grid))
    return [gap for gap in found if not gap.is_empty]


def segments(rows: Sequence[Stretch], whole: Stretch, grid: Fraction | None) -> list[Stretch]:
    """``whole`` cut wherever a row begins or ends: inside one piece the same rows hold throughout."""
    everything = whole.on_grid(grid)
    if everything.is_empty:
        return []
    cuts = {everything.start}
    for row in rows:
        placed = row.on_grid(grid)
        if not placed.is_empty:
            cuts |= {placed.start, _after(placed.end, grid)}
    inside = sorted(cut for cut in cuts if everything.start <= cut < everything.end)
    ends = [*inside[1:], everything.end]
    pieces = (between(start, end).on_grid(grid) for start, end in zip(inside, ends, strict=True))
    return [piece for piece in pieces if not piece.is_empty]


def nice_value(stretch: Stretch, grid: Fraction | None, unit: Fraction = Fraction(1)) -> Fraction:
    """A value of the stretch that people would name: the included end, else the roundest number in its middle.

    ``unit`` is what counts as one: 1/100 for percents. The stretch must not be empty.
    """
    placed = stretch.on_grid(grid)
    if placed.low is not None and not placed.low_open:
        return placed.low
    if placed.high is not None and not placed.high_open and placed.low is None:
        return placed.high
    if placed.low is None and placed.high is None:
        return Fraction(0)
    if placed.low is None:
        assert placed.high is not None
        return placed.high - unit
    if placed.high is None:
        return placed.low + unit
    step = unit
    while True:
        first = floor(placed.low / step) + 1
        last = ceil(placed.high / step) - 1
        if first <= last:
            return (first + last) // 2 * step
        if placed.high == first * step and not placed.high_open:
            return placed.high
        step /= 10

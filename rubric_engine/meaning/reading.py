"""What one reading of a plan observed, slot by slot (see :func:`rubric_engine.plan.plan.slots_of`)."""

from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from rubric_engine.plan.expr import Expr
from rubric_engine.plan.record import record


@record
class Range:
    """All values a number can still take lie between ``low`` and ``high`` (``None``: no bound), both included.

    ``waits`` names what it depends on and nobody has said yet: an input by name, a cell of a register as
    ``late[2].days``, a judgement as ``judged CODE``, a decision as ``decision CODE``. Known exactly when ``waits`` is
    empty: then both ends are equal.
    """

    low: Fraction | None
    high: Fraction | None
    waits: frozenset[str] = frozenset()

    @property
    def exact(self) -> Fraction | None:
        """The value when it is known."""
        return self.low if not self.waits and self.low == self.high else None


@record
class Marks:
    """The marks still possible; known when there is one and ``waits`` is empty."""

    values: frozenset[int]
    waits: frozenset[str] = frozenset()

    @property
    def exact(self) -> int | None:
        """The mark when it is known."""
        return next(iter(self.values)) if not self.waits and len(self.values) == 1 else None


class Reading(Protocol):
    """Either kind of reading, by slot number."""

    def range(self, slot: int) -> Range: ...

    def marks(self, slot: int) -> Marks: ...


class Unsettled(Exception):
    """An exact reading met something nobody has said yet; the caller falls back to ranges."""


class Undefined(ArithmeticError):
    """What is asked for has no value: a division by zero, a function out of its domain, a number beyond the wall.

    ``expr`` is the innermost expression without one; ``None``: it is no expression that has none.
    """

    def __init__(self, expr: Expr | None = None) -> None:
        super().__init__(expr)
        self.expr = expr


class ScoringError(ArithmeticError):
    """A heading has no value, and ``check`` could not rule that out. ``node`` is the code where it happened."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.node = node


# The same few points come up again and again, and a fraction is dear to make.
@lru_cache(maxsize=4096)
def scaled_number(value: int, scale: int) -> Fraction:
    """``value / scale``."""
    return Fraction(value, scale)


@record
class ExactReading:
    """A complete reading. A number is ``values[i] / scales[i]``, or a pair (n, d), d > 0, where the scale is ``None``.

    ``values`` is what generated code returns; nothing is reduced or wrapped until somebody looks.
    """

    values: tuple[int | tuple[int, int], ...]
    scales: tuple[int | None, ...]

    def number(self, slot: int) -> Fraction:
        value = self.values[slot]
        if isinstance(value, tuple):
            return Fraction(value[0], value[1])
        return scaled_number(value, self.scales[slot] or 1)

    def mark(self, slot: int) -> int:
        value = self.values[slot]
        assert isinstance(value, int)
        return value

    def range(self, slot: int) -> Range:
        value = self.number(slot)
        return Range(value, value)

    def marks(self, slot: int) -> Marks:
        return Marks(frozenset((self.mark(slot),)))


@record
class RangeReading:
    """A reading over ranges: one :class:`Range` or :class:`Marks` a slot."""

    values: tuple[Range | Marks, ...]

    def range(self, slot: int) -> Range:
        value = self.values[slot]
        assert isinstance(value, Range)
        return value

    def marks(self, slot: int) -> Marks:
        value = self.values[slot]
        assert isinstance(value, Marks)
        return value

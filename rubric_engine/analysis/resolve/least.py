"""The least a group can come to on its own scale, where it combines signed children.

A group that combines has a share of its own points, so its floor is not the sum of its children's. It is found over
every set of children that may be left: those that can leave the maximum are tried with and without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from rubric_engine.plan.combine import CombineKind, chosen
from rubric_engine.syntax.tree import nodes as n

_NIL = Fraction(0)
_FULL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Part:
    """A child: the least of its points, its points, the least maximum it can be left with, whether it can leave."""

    low: Fraction
    high: Fraction
    left: Fraction
    weight: Fraction
    leaves: bool

    @property
    def index(self) -> Fraction:
        """The least of its index; a child takes part where its maximum is above 0."""
        return self.low / (self.left if self.low < 0 else self.high)


def least_index(kind: CombineKind, number: int, parts: Sequence[Part]) -> Fraction:
    """The least index of a group that combines such children, never above 0; ``number`` as in ``best 3``."""
    if kind is CombineKind.SUM_POSITIVE:
        return min(_least_quotient([(part.low, max(part.left if part.leaves else part.high, _NIL), part.leaves)
                                    for part in parts]), _NIL)  # fmt: skip
    taking = [part for part in parts if part.high > 0]
    if all(part.low >= 0 for part in taking):
        return _NIL
    indices = [part.index for part in taking]
    stays = [part.index for part in taking if not part.leaves]
    match kind:
        case CombineKind.WEIGHTED_MEAN | CombineKind.MEAN:
            weighs = kind is CombineKind.WEIGHTED_MEAN
            shares = [(part.weight if weighs else _FULL, part) for part in taking]
            found = _least_quotient([(weight * part.index, weight, part.leaves) for weight, part in shares])
        case CombineKind.HIGHEST:
            found = max(stays) if stays else min(indices)
        case CombineKind.LOWEST:
            found = min(indices)
        case (
            CombineKind.MEDIAN | CombineKind.BEST | CombineKind.DROP_LOWEST | CombineKind.DROP_HIGHEST
            | CombineKind.DROP_ENDS
        ):  # fmt: skip
            found = _of_ordered(kind, number, sorted(indices)) if len(stays) == len(indices) else min(indices)
        case CombineKind.PRODUCT:
            found = _least_product(indices)
        case CombineKind.GEOMETRIC | CombineKind.HARMONIC | CombineKind.POWER:
            found = _NIL  # what is below 0 counts as 0, or is decided by `if any is 0`
        case _:
            assert_never(kind)
    return min(found, _NIL)


def _least_quotient(parts: Sequence[tuple[Fraction, Fraction, bool]]) -> Fraction:
    """The least sum of tops over the sum of bottoms, over every choice of those that may leave; 0 with none left.

    What lowers a quotient has a lower one itself, so taking in order of quotient finds the least.
    """
    top = sum((one for one, _, leaves in parts if not leaves), _NIL)
    bottom = sum((one for _, one, leaves in parts if not leaves), _NIL)
    top += sum((one for one, below, leaves in parts if leaves and not below and one < 0), _NIL)
    open_ = sorted((one / below, one, below) for one, below, leaves in parts if leaves and below)
    if not bottom:
        # Something above 0 must be left to set the points against: each is tried as the only one.
        return min(((top + one) / below for _, one, below in open_), default=_NIL)
    for quotient, one, below in open_:
        if quotient < top / bottom:
            top, bottom = top + one, bottom + below
    return top / bottom


def _of_ordered(kind: CombineKind, number: int, indices: list[Fraction]) -> Fraction:
    if kind is CombineKind.MEDIAN:
        middle = len(indices) // 2
        return indices[middle] if len(indices) % 2 else (indices[middle - 1] + indices[middle]) / 2
    kept = chosen(kind, number, indices)
    return sum(kept, _NIL) / len(kept)


def _least_product(indices: Sequence[Fraction]) -> Fraction:
    """Each factor runs from its least index to 1, which also stands for a child that has left."""
    low = high = _FULL
    for index in indices:
        ends = [low * index, high * index, low, high]
        low, high = min(ends), max(ends)
    return low


def combination_of(clauses: Sequence[n.Statement]) -> tuple[CombineKind, int] | None:
    """How the clauses of a heading combine; ``None`` where they add."""
    for clause in clauses:
        if isinstance(clause, n.CombineClause):
            counts = clause.parameter is not None and clause.kind != CombineKind.POWER
            return CombineKind(clause.kind), int(clause.parameter.value) if counts and clause.parameter else 0
    return None


def may_leave(clauses: Sequence[n.Statement]) -> bool:
    """Whether a clause can take a heading, or what waits below it, out of the maximum."""
    return any(
        (isinstance(clause, n.NotApplicableClause) and clause.policy in ("excluded", "keep the worth of"))
        or (isinstance(clause, n.MissingClause) and clause.policy in ("excluded", "not applicable"))
        or isinstance(clause, n.AskedFrom)
        for clause in clauses
    )

"""How a group combines its children, and what a leaf does without its facts: parts of a plan, only shape."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from rubric_engine.plan.expr import Num
from rubric_engine.plan.record import record


class CombineKind(StrEnum):
    """How a group combines the indices of its applicable children (points over applicable maximum)."""

    WEIGHTED_MEAN = "weighted mean"
    MEAN = "mean"
    GEOMETRIC = "geometric mean"     # of weights where children carry them
    HARMONIC = "harmonic mean"
    POWER = "power mean"
    LOWEST = "lowest"
    HIGHEST = "highest"
    MEDIAN = "median"
    PRODUCT = "product"
    BEST = "best"                    # mean of the `count` best
    DROP_LOWEST = "drop lowest"      # mean of all but the `count` lowest
    SUM_POSITIVE = "sum over positive maximum"    # summed points over the positive maxima


@record
class Combine:
    """A group that does not add. Its points are its printed maximum times the combined index of its children.

    Only children whose applicable maximum is above 0 take part; their weights are renormalised by that alone. Weights
    are ``PlanNode.weight`` (1 where none is written). A child below 0 counts as it is. With no child left, or the
    weight share of those left under ``needs``, the group is *not rated*: points 0, applicable maximum 0, RATED mark 0;
    otherwise its applicable maximum is the printed one. BEST and DROP_LOWEST with fewer children than needed take all
    (DROP_LOWEST keeps at least one). GEOMETRIC and HARMONIC: when any index is 0 or below, the points are ``if_zero``
    (``check`` demands it). GEOMETRIC and POWER are rounded half-even to ``places`` decimals of the index: inexact.
    SUM_POSITIVE: every applicable child takes part, also one whose maximum is 0 or below; the index is the sum of their
    points over the sum of their applicable maxima where positive, 1 in weight each; ``needs`` counts printed maxima.
    POWER: (sum of w r^p / sum of w)^(1/p), p a constant other than 0; with p below 0, an index of 0 makes the points 0.
    """

    kind: CombineKind
    exponent: Fraction = Fraction(1)
    count: int = 0
    places: int = 0
    if_zero: Num | None = None
    needs: Fraction | None = None
    label: str = ""
    line: int = 0


def left_out(combine: Combine, number: int) -> int:
    """How many of the lowest of so many children that take part *best* and *drop lowest* leave out."""
    match combine.kind:
        case CombineKind.BEST:
            return max(number - combine.count, 0)
        case CombineKind.DROP_LOWEST:
            return max(min(combine.count, number - 1), 0)
        case _:
            return 0


def places_left_out(combine: Combine, indices: Sequence[Fraction]) -> frozenset[int]:
    """Which of these indices are left out; of equal ones the later."""
    lowest = sorted(range(len(indices)), key=lambda at: (indices[at], -at))
    return frozenset(lowest[: left_out(combine, len(indices))])


class MissingPolicy(StrEnum):
    """What a leaf does while something it needs has not been said."""

    POINTS = "points"
    EXCLUDED = "excluded"
    NOT_APPLICABLE = "not applicable"
    BASE = "use base"


@record
class IfMissing:
    """``if missing: 0``: what a leaf does without facts that its base, awards or deductions need.

    POINTS: ``value`` stands in for the base (it never lifts one that is known), awards and deductions that lack
    something are left out, all else acts as ever. EXCLUDED: the leaf leaves the maximum; NOT_APPLICABLE the same, and
    reads "not applicable". Either only where the leaf applies and no requirement fails; clauses that wait for the same
    facts alone are left out, others wait. BASE: awards and deductions that wait for something are left out and the rest
    stands; a leaf whose base, or anything else, waits, waits. A policy of a group is resolved into its leaves that have
    none. ``label`` is the author's words.

    ``judged`` limits it to lacking judgements and nothing else. Only the range reading ever applies it
    (:mod:`rubric_engine.ranges.policy`): an exact reading of a leaf that waits does not exist.
    """

    policy: MissingPolicy
    judged: bool
    value: Num | None = None
    label: str = ""
    line: int = 0

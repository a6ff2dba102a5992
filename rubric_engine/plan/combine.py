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
    DROP_HIGHEST = "drop highest"    # mean of all but the `count` highest
    DROP_ENDS = "drop lowest and highest"    # mean of all but the `count` lowest and the `count` highest
    SUM_POSITIVE = "sum over positive maximum"    # summed points over the positive maxima


@record
class Combine:
    """A group that does not add. Its points are its printed maximum times the combined index of its children.

    Only children whose applicable maximum is above 0 take part; their weights are renormalised by that alone. Weights
    are ``PlanNode.weight`` (1 where none is written). A child below 0 counts as it is. With no child left, or the
    weight share of those left under ``needs``, the group is *not rated*: points 0, applicable maximum 0, RATED mark 0;
    otherwise its applicable maximum is the printed one. BEST with fewer children than needed takes all. DROP_LOWEST and
    DROP_HIGHEST keep at least one, DROP_ENDS drops as many at either end and keeps one or two. GEOMETRIC and HARMONIC:
    when any index is 0 or below, the points are ``if_zero`` (``check`` demands it). GEOMETRIC and POWER are rounded
    half-even to ``places`` decimals of the index: inexact.
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


# Of these, only some of the children that take part count, by the order of their indices.
CHOOSING = frozenset(
    (CombineKind.BEST, CombineKind.DROP_LOWEST, CombineKind.DROP_HIGHEST, CombineKind.DROP_ENDS)
)  # fmt: skip


def left_out(kind: CombineKind, count: int, number: int) -> tuple[int, int]:
    """How many of the lowest, and of the highest, of so many children that take part are left out."""
    most = max(min(count, number - 1), 0)
    match kind:
        case CombineKind.BEST:
            return max(number - count, 0), 0
        case CombineKind.DROP_LOWEST:
            return most, 0
        case CombineKind.DROP_HIGHEST:
            return 0, most
        case CombineKind.DROP_ENDS:
            half = max(min(count, (number - 1) // 2), 0)
            return half, half
        case _:
            return 0, 0


def chosen(kind: CombineKind, count: int, ordered: Sequence[Fraction]) -> Sequence[Fraction]:
    """Of indices in rising order those that count."""
    low, high = left_out(kind, count, len(ordered))
    return ordered[low : len(ordered) - high]


def places_left_out(combine: Combine, indices: Sequence[Fraction]) -> frozenset[int]:
    """Which of these indices are left out; of equal ones the later."""
    low, high = left_out(combine.kind, combine.count, len(indices))
    lowest = sorted(range(len(indices)), key=lambda at: (indices[at], -at))[:low]
    left = [at for at in range(len(indices)) if at not in lowest]
    highest = sorted(left, key=lambda at: (-indices[at], -at))[:high]
    return frozenset((*lowest, *highest))


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

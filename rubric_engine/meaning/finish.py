"""How the points of a heading end: evidence that is not there, floor, cap, rounding. Standard library only.

Every exact reading asks these functions. The cap is the printed maximum, and what was awarded *beyond full points*
raises it. Rounding comes last and never lifts points above the maximum they were within, nor below the minimum, unless
the author says so (``rounded … beyond full points``).
"""

from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import assert_never

from rubric_engine.meaning.exact import round_to
from rubric_engine.plan.grading import Rounding
from rubric_engine.plan.plan import Effect, EvidenceSpec, PlanNode

_NOT_BEYOND = Fraction(0)


def without_proof(spec: EvidenceSpec, points: Fraction, maximum: Fraction) -> Fraction:
    """Points of a heading of that printed maximum after evidence that is asked for and not there."""
    match spec.effect:
        case Effect.SCORE:
            return min(points, spec.amount)
        case Effect.SHARE:
            return min(points, spec.amount * maximum)
        case Effect.DEDUCT:
            return points - spec.amount
        case Effect.EXPLAIN | Effect.WARN:
            return points
        case _:
            assert_never(spec.effect)


def finished(points: Fraction, node: PlanNode, worth: Fraction, beyond: Fraction = _NOT_BEYOND) -> Fraction:
    """Points of a heading after its floor, cap and rounding.

    ``worth`` is its applicable maximum, ``beyond`` what awards gave beyond full points. A heading without ends is
    only rounded.
    """
    if node.endless:
        return points if node.rounding is None else round_to(points, node.rounding.mode, node.rounding.step)
    most = node.maximum + beyond
    if points < node.minimum:
        points = node.minimum
    if points > most:
        points = most
    if node.rounding is None:
        return points
    found = rounded_within(points, node.rounding, (worth + beyond, most))
    return found if node.rounding.beyond else max(found, node.minimum)


def rounded_within(points: Fraction, rounding: Rounding, tops: Iterable[Fraction]) -> Fraction:
    """Points rounded, but not lifted above the first of these maxima, rising, that they are within."""
    found = round_to(points, rounding.mode, rounding.step)
    if not rounding.beyond and found > points:
        for top in tops:
            if points <= top:
                return min(found, top)
    return found


def may_pass(rounding: Rounding | None, *ends: Fraction) -> bool:
    """Whether rounding can lift points past one of these ends: not where they lie on its grid."""
    return rounding is not None and not rounding.beyond and any(end % rounding.step for end in ends)


def held_step(rounding: Rounding, ends: Iterable[Fraction]) -> Fraction:
    """The step on which points rounded and held within these ends lie: full points off the grid are points too."""
    step = rounding.step
    for end in () if rounding.beyond else ends:
        if end:
            common = gcd(step.numerator * end.denominator, end.numerator * step.denominator)
            step = Fraction(common, step.denominator * end.denominator)
    return step


def beyond_of(node: PlanNode, amounts: Iterable[Fraction]) -> Fraction:
    """What the awards of a heading that go beyond full points came to; one amount for each adjustment."""
    pairs = zip(node.adjustments, amounts, strict=True)
    return sum((amount for adjustment, amount in pairs if adjustment.beyond), _NOT_BEYOND)

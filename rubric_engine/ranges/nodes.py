"""The steps of one heading over ranges: clauses, requirements, bases, adjustments, evidence, limits.

Standard library only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from rubric_engine.facts.facts import Facts
from rubric_engine.plan.expr import Const, Order, Truth
from rubric_engine.plan.grading import Rounding
from rubric_engine.plan.plan import (
    Absent,
    Adjustment,
    Case,
    Choice,
    Effect,
    EvidenceSpec,
    Limit,
    PlanNode,
    Policy,
    Requirement,
)
from rubric_engine.ranges.standing import ZERO_POINTS
from rubric_engine.ranges.values.env import Env, Possible, marks_of
from rubric_engine.ranges.values.expr import assume, number, truth
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    add_up,
    greatest,
    hull,
    least,
    may_be,
    multiply,
    point,
    rounded,
    scale_by,
    waiting_for,
)


def points_without(node: PlanNode, clause: Absent) -> Interval:
    """The points of a heading under a *not applicable* clause."""
    match clause.policy:
        case Policy.FULL:
            return point(node.maximum)
        case Policy.UNDECIDED:
            low, high = sorted((node.minimum, node.maximum))
            return point(low) if low == high else Interval(low, high, waits=frozenset((f"decision {node.code}",)))
        case Policy.DECIDED:
            return ZERO_POINTS if clause.points is None else point(clause.points)
        case Policy.ZERO | Policy.EXCLUDED | Policy.KEEP_WORTH | Policy.NOT_DUE:
            return ZERO_POINTS
        case _:
            assert_never(clause.policy)


# ---------------------------------------------------------------- steps


@dataclass(frozen=True, slots=True)
class ChoiceRange:
    """A base over ranges: the cases still possible, the number looked at, the points."""

    cases: frozenset[int]
    cases_wait: frozenset[str]
    subject: Interval | None
    points: Interval


def read_choice(choice: Choice, env: Env) -> ChoiceRange:
    """The first case that holds; each is read where those before it do not. The last needs no question."""
    subject = None if choice.subject is None else number(choice.subject, env)
    found: dict[int, Interval] = {}
    waits = NO_WAITS
    doubt = False
    here: Env | None = env
    last = len(choice.cases) - 1
    for at, case in enumerate(choice.cases):
        if here is None:
            break
        if at == last or case.when is None:
            found[at] = number(case.value, here)
            break
        chance = truth(case.when, here)
        waits |= chance.waits
        doubt |= chance.may_be_undefined
        # A constant is what it is whatever was assumed.
        inside = here if chance.may_be_true and _is_constant(case) else assume(here, case.when, True)
        if inside is not None:
            found[at] = number(case.value, inside)
        if not (chance.may_be_false and at + 1 == last and _is_constant(choice.cases[last])):
            here = assume(here, case.when, False)
    if not found:
        found[last] = number(choice.cases[last].value, env)
    if len(found) == 1 and not doubt:
        waits = NO_WAITS
    return ChoiceRange(frozenset(found), waits, subject, waiting_for(hull(found.values()), waits, doubt))


def _is_constant(case: Case) -> bool:
    return isinstance(case.value, Const)


@dataclass(frozen=True, slots=True)
class FirstFailing:
    """Requirements over ranges: for each way, the index that fails (-1: none) and what is possible there."""

    ways: tuple[tuple[int, Env], ...]
    waits: frozenset[str]
    may_be_undefined: bool


def read_requirements(
    requirements: Iterable[Requirement], env: Env, left_out: frozenset[str] = NO_WAITS
) -> FirstFailing:
    """Which is the first to fail; those that wait for nothing but what is ``left_out`` do not."""
    ways: list[tuple[int, Env]] = []
    waits = NO_WAITS
    doubt = False
    here: Env | None = env
    for at, requirement in enumerate(requirements):
        if here is None:
            break
        chance = truth(requirement.holds, here)
        if left_out and chance.known is None and chance.waits <= left_out:
            continue
        waits |= chance.waits
        doubt |= chance.may_be_undefined
        failing = assume(here, requirement.holds, False)
        if failing is not None:
            ways.append((at, failing))
        here = assume(here, requirement.holds, True)
    if here is not None:
        ways.append((-1, here))
    return FirstFailing(tuple(ways), waits if len(ways) > 1 or doubt else NO_WAITS, doubt)


def read_amount(adjustment: Adjustment, env: Env) -> Interval:
    """What an award or a deduction comes to, never below 0."""
    chance = Possible(True, False) if adjustment.when is None else truth(adjustment.when, env)
    inside: Env | None = env
    if chance.known is None and adjustment.when is not None:
        inside = assume(env, adjustment.when, True)
    if inside is None or chance.known is False:
        return waiting_for(ZERO_POINTS, chance.waits, chance.may_be_undefined)
    amount = number(adjustment.amount, inside)
    if adjustment.times is not None:
        amount = multiply(amount, number(adjustment.times, inside))
    if adjustment.cap is not None:
        amount = least((amount, number(adjustment.cap, inside)))
    amount = greatest((amount, ZERO_POINTS))
    if chance.may_be_false:
        amount = hull([amount, ZERO_POINTS])
    return waiting_for(amount, chance.waits, chance.may_be_undefined)


@dataclass(frozen=True, slots=True)
class ReadEvidence:
    """An evidence clause: whether it is asked for, and whether it is there (``None``: it may be)."""

    spec: EvidenceSpec
    asked: Possible
    proven: bool | None

    @property
    def marks(self) -> frozenset[int]:
        """0 not required, 1 satisfied, 2 not satisfied: those still possible."""
        there = {1, 2} if self.proven is None else {1 if self.proven else 2}
        asked = there if self.asked.may_be_true else set[int]()
        return frozenset(asked | ({0} if self.asked.may_be_false else set()))

    def lower(self, points: Interval, maximum: Fraction) -> Interval:
        """Points after it."""
        if self.proven or not self.asked.may_be_true:
            return waiting_for(points, self.asked.waits, self.asked.may_be_undefined)
        lowered = _lowered(self.spec, points, maximum)
        if self.asked.may_be_false or self.proven is None:
            lowered = hull([lowered, points])
        return waiting_for(lowered, self.asked.waits, self.asked.may_be_undefined)


def _lowered(spec: EvidenceSpec, points: Interval, maximum: Fraction) -> Interval:
    match spec.effect:
        case Effect.SCORE:
            return least((points, point(spec.amount)))
        case Effect.SHARE:
            return least((points, point(spec.amount * maximum)))
        case Effect.DEDUCT:
            return add_up((points, point(-spec.amount)))
        case Effect.EXPLAIN | Effect.WARN:
            return points
        case _:
            assert_never(spec.effect)


def read_evidence(specs: Iterable[EvidenceSpec], facts: Facts, env: Env) -> list[ReadEvidence]:
    """The clauses of a heading."""
    return [ReadEvidence(spec, truth(spec.when, env), facts.proven.get(spec.name)) for spec in specs]


@dataclass(frozen=True, slots=True)
class ReadLimit:
    """A written ceiling or floor: whether its condition holds, and its value there."""

    holds: Possible
    at_most: bool
    value: Interval

    @property
    def marks(self) -> frozenset[int]:
        """Whether it holds: 0, 1 or both."""
        return marks_of(self.holds)

    def apply(self, points: Interval) -> Interval:
        """Points after it."""
        if not self.holds.may_be_true:
            return waiting_for(points, self.holds.waits, self.holds.may_be_undefined)
        bound = least((points, self.value)) if self.at_most else greatest((points, self.value))
        if self.holds.may_be_false:
            bound = hull([bound, points])
        return waiting_for(bound, self.holds.waits, self.holds.may_be_undefined)


def read_limits(limits: Iterable[Limit], env: Env) -> list[ReadLimit]:
    """The limits of a heading or of the sheet."""
    found = []
    for limit in limits:
        holds, inside = _holding(limit.when, env)
        value = ZERO_POINTS if inside is None else number(limit.value, inside)
        found.append(ReadLimit(holds, limit.at_most, value))
    return found


def _holding(when: Truth | None, env: Env) -> tuple[Possible, Env | None]:
    if when is None:
        return Possible(True, False), env
    chance = truth(when, env)
    return chance, assume(env, when, True)


def finished_range(points: Interval, node: PlanNode, worth: Interval, beyond: Interval = ZERO_POINTS) -> Interval:
    """Floor, cap and rounding, as :func:`rubric_engine.meaning.finish.finished` has them."""
    if node.endless:
        return points if node.rounding is None else rounded(points, node.rounding.mode, node.rounding.step)
    most = add_up((point(node.maximum), beyond))
    points = least((greatest((points, point(node.minimum))), most))
    if node.rounding is None:
        return points
    found = range_rounded_within(points, node.rounding, (add_up((worth, beyond)), most))
    return found if node.rounding.beyond else greatest((found, point(node.minimum)))


def range_rounded_within(points: Interval, rounding: Rounding, tops: Iterable[Interval]) -> Interval:
    """Points rounded, but not lifted above the first of these rising maxima they are within."""
    found = rounded(points, rounding.mode, rounding.step)
    if rounding.beyond:
        return found
    ways: list[Interval] = []
    for top in tops:
        apart = add_up((points, scale_by(top, -1)))
        if may_be(apart, Order.LE):
            # Between points and what they round to, wherever the maximum is.
            ways.append(least((found, greatest((top, points)))))
        if not may_be(apart, Order.GT):
            return hull(ways)
    return hull([*ways, found])


def range_beyond(node: PlanNode, amounts: Iterable[Interval]) -> Interval:
    """What the awards of a heading that go beyond full points come to."""
    pairs = zip(node.adjustments, amounts, strict=True)
    return add_up((ZERO_POINTS, *(amount for adjustment, amount in pairs if adjustment.beyond)))

"""One heading read over ranges, and headings added up with what they lose when they do not apply.

A heading can come out in several ways, each with its own applicable maximum; a :class:`Standing` tells them apart, so
that points are rescaled by the maximum that goes with them. Standard library only.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from rubric_engine.runtime.expr import Const
from rubric_engine.runtime.expr import Truth
from rubric_engine.runtime.facts import Facts
from rubric_engine.runtime.layout import sum_exactly
from rubric_engine.runtime.plan import Adjustment
from rubric_engine.runtime.plan import Case
from rubric_engine.runtime.plan import Choice
from rubric_engine.runtime.plan import Effect
from rubric_engine.runtime.plan import EvidenceSpec
from rubric_engine.runtime.plan import Limit
from rubric_engine.runtime.plan import PlanNode
from rubric_engine.runtime.plan import Policy
from rubric_engine.runtime.plan import Requirement
from rubric_engine.runtime.ranges_env import Env
from rubric_engine.runtime.ranges_env import Possible
from rubric_engine.runtime.ranges_env import marks_of
from rubric_engine.runtime.ranges_expr import assume
from rubric_engine.runtime.ranges_expr import number
from rubric_engine.runtime.ranges_expr import truth
from rubric_engine.runtime.ranges_interval import NO_WAITS
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import add_up
from rubric_engine.runtime.ranges_interval import divide
from rubric_engine.runtime.ranges_interval import greatest
from rubric_engine.runtime.ranges_interval import hull
from rubric_engine.runtime.ranges_interval import least
from rubric_engine.runtime.ranges_interval import multiply
from rubric_engine.runtime.ranges_interval import point
from rubric_engine.runtime.ranges_interval import rounded
from rubric_engine.runtime.ranges_interval import scale_by
from rubric_engine.runtime.ranges_interval import waiting_for

NOUGHT = Fraction(0)
ZERO_POINTS = point(NOUGHT)

# ---------------------------------------------------------------- standings

Ends = tuple[Fraction, Fraction]
_NO_ENDS = (NOUGHT, NOUGHT)
_MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """One way a heading can stand; pairs are lowest and highest, equal unless many ways were put together.

    ``maximum`` is the applicable one, ``applied`` the printed maxima of the leaves that apply, ``excluded`` of those an
    EXCLUDED clause removed, ``left`` whether a leaf applies (surely, possibly), ``keeps`` the headings that keep their
    worth (``None``: the sheet).
    """

    maximum: Ends
    applied: Ends = _NO_ENDS
    excluded: Ends = _NO_ENDS
    left: tuple[bool, bool] = (False, False)
    keeps: frozenset[str | None] = frozenset()

    def __hash__(self) -> int:
        # Fractions are slow to hash, and few standings are ever compared.
        return hash((self.maximum[1].numerator, self.left, self.keeps))

    @property
    def is_settled(self) -> bool:
        """The applicable maximum is known, and no worth is kept."""
        return not self.keeps and all(
            low is high or low == high for low, high in (self.maximum, self.applied, self.excluded)
        )

    def beside(self, other: "Standing") -> "Standing":
        """Two headings added up."""
        return Standing(
            _ends_sum(self.maximum, other.maximum), _ends_sum(self.applied, other.applied),
            _ends_sum(self.excluded, other.excluded),
            (self.left[0] or other.left[0], self.left[1] or other.left[1]), self.keeps | other.keeps,
        )  # fmt: skip

    def or_else(self, other: "Standing") -> "Standing":
        """Either of two ways, no longer told apart."""
        return Standing(
            _ends_hull(self.maximum, other.maximum), _ends_hull(self.applied, other.applied),
            _ends_hull(self.excluded, other.excluded),
            (self.left[0] and other.left[0], self.left[1] or other.left[1]), self.keeps,
        )  # fmt: skip

    def uncounted(self) -> "Standing":
        """A heading that is never added: only what it says of other headings' worth stays."""
        return Standing(_NO_ENDS, keeps=self.keeps)


def _ends_sum(a: Ends, b: Ends) -> Ends:
    return a[0] + b[0], a[1] + b[1]


def _ends_hull(a: Ends, b: Ends) -> Ends:
    return min(a[0], b[0]), max(a[1], b[1])


def ends_interval(ends: Ends) -> Interval:
    """The pair as an interval."""
    return Interval(*ends)


Ways = dict[Standing, Interval]
NOTHING_YET: Mapping[Standing, Interval] = {Standing(_NO_ENDS): ZERO_POINTS}


def add_way(ways: Ways, standing: Standing, points: Interval, waits: frozenset[str] = NO_WAITS) -> None:
    """One more way a heading can come out; where two ways stand alike, what tells them apart is waited for."""
    ways[standing] = waiting_for(hull([ways[standing], points]), waits) if standing in ways else points


def add_ways(sums: Mapping[Standing, Interval], parts: Mapping[Standing, Interval], waits: frozenset[str]) -> Ways:
    """Every way of one beside every way of the other; ``waits`` tells the ways apart."""
    alike: dict[Standing, list[Interval]] = {}
    for one, have in sums.items():
        for other, more in parts.items():
            alike.setdefault(one.beside(other), []).append(add_up((have, more)))
    found = {
        standing: points[0] if len(points) == 1 else waiting_for(hull(points), waits)
        for standing, points in alike.items()
    }
    return found if len(found) <= _MOST_WAYS else _put_ways_together(found, waits)


def settled_together(parts: Sequence[tuple[Standing, Interval]]) -> tuple[Standing, Interval]:
    """Headings that can stand in one settled way each, added up at once."""
    maximum = sum_exactly(standing.maximum[0] for standing, _ in parts)
    applied = sum_exactly(standing.applied[0] for standing, _ in parts)
    excluded = sum_exactly(standing.excluded[0] for standing, _ in parts)
    left = any(standing.left[0] for standing, _ in parts), any(standing.left[1] for standing, _ in parts)
    whole = Standing((maximum, maximum), (applied, applied), (excluded, excluded), left)
    return whole, add_up(points for _, points in parts)


def _put_ways_together(ways: Ways, waits: frozenset[str]) -> Ways:
    """Too many ways to tell apart: one a set of kept worths."""
    found: Ways = {}
    for standing, points in ways.items():
        like = next((have for have in found if have.keeps == standing.keeps), None)
        if like is None:
            found[standing] = points
        else:
            before = found.pop(like)
            found[like.or_else(standing)] = waiting_for(hull([before, points]), waits)
    return found


def kept_worth(
    points: Interval, standing: Standing, code: str | None, printed: Fraction
) -> tuple[Interval, Standing]:
    """Points and standing of a heading after its own worth is kept, where some clause below asked for that."""
    if code not in standing.keeps:
        return points, standing
    keeps = standing.keeps - {code}
    worth = (printed - standing.excluded[1], printed - standing.excluded[0])
    if standing.applied == _NO_ENDS:
        return points, replace(standing, keeps=keeps)
    if standing.applied[0] == standing.applied[1] and worth[0] == worth[1]:
        scaled = scale_by(points, worth[0] / standing.applied[0])
        return scaled, replace(standing, maximum=worth, keeps=keeps)
    scaled = divide(multiply(points, ends_interval(worth)), ends_interval(standing.applied))
    scaled = replace(hull([scaled, points]), waits=points.waits, may_be_undefined=points.may_be_undefined)
    return scaled, replace(standing, maximum=_ends_hull(worth, standing.maximum), keeps=keeps)


def without(node: PlanNode, policy: Policy, worth_of: str | None, leaves: tuple[Fraction, bool]) -> tuple[
    Standing, Interval
]:
    """How a heading stands under a clause, and its points; ``leaves`` are the printed maxima below and if any is."""
    printed, any_leaf = leaves
    full = (node.maximum, node.maximum)
    stays = Standing(full, (printed, printed), left=(any_leaf, any_leaf))
    match policy:
        case Policy.FULL:
            return stays, point(node.maximum)
        case Policy.ZERO:
            return stays, ZERO_POINTS
        case Policy.UNDECIDED:
            waits = frozenset((f"decision {node.code}",))
            low, high = sorted((node.minimum, node.maximum))
            return stays, point(low) if low == high else Interval(low, high, waits=waits)
        case Policy.EXCLUDED:
            return Standing(_NO_ENDS, excluded=(printed, printed)), ZERO_POINTS
        case Policy.NOT_DUE:
            return Standing(_NO_ENDS, excluded=(printed, printed), left=(any_leaf, any_leaf)), ZERO_POINTS
        case Policy.KEEP_WORTH:
            return Standing(_NO_ENDS, keeps=frozenset((worth_of,))), ZERO_POINTS
        case _:
            assert_never(policy)


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


def read_requirements(requirements: Iterable[Requirement], env: Env) -> FirstFailing:
    """Which is the first to fail."""
    ways: list[tuple[int, Env]] = []
    waits = NO_WAITS
    doubt = False
    here: Env | None = env
    for at, requirement in enumerate(requirements):
        if here is None:
            break
        chance = truth(requirement.holds, here)
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
    """An evidence clause: whether it is asked for, and whether it is there."""

    spec: EvidenceSpec
    asked: Possible
    proven: bool

    @property
    def marks(self) -> frozenset[int]:
        """0 not required, 1 satisfied, 2 not satisfied: those still possible."""
        asked = {1 if self.proven else 2} if self.asked.may_be_true else set()
        return frozenset(asked | ({0} if self.asked.may_be_false else set()))

    def lower(self, points: Interval, maximum: Fraction) -> Interval:
        """Points after it."""
        if self.proven or not self.asked.may_be_true:
            return waiting_for(points, self.asked.waits, self.asked.may_be_undefined)
        lowered = _lowered(self.spec, points, maximum)
        if self.asked.may_be_false:
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
    return [ReadEvidence(spec, truth(spec.when, env), facts.proven.get(spec.name, False)) for spec in specs]


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


def finished(points: Interval, node: PlanNode) -> Interval:
    """Floor at the minimum, cap at the maximum, rounding."""
    points = least((greatest((points, point(node.minimum))), point(node.maximum)))
    if node.rounding is None:
        return points
    return rounded(points, node.rounding.mode, node.rounding.step)

"""The ways a heading can stand: each with its own applicable maximum, added up and rescaled. Standard library only.

A heading can come out in several ways; a :class:`Standing` tells them apart, so that points are rescaled by the maximum
that goes with them. Every maximum is a whole number of the smallest unit of the plan: they are added up and compared
for every pair of ways.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple, assert_never

from rubric_engine.meaning.states import Stands, stands_as_group, stands_by, states
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import MissingPolicy, Plan, Policy
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    add_up,
    divide,
    hull,
    multiply,
    point,
    quotient,
    scale_by,
    waiting_for,
)

ZERO_POINTS = point(0)
Ends = tuple[int, int]
NO_ENDS: Ends = (0, 0)
_IN: Ends = (Stands.IN, Stands.IN)
_OUT: Ends = (Stands.OUT, Stands.OUT)
_MOST_WAYS = 64


class Standing(NamedTuple):
    """One way a heading can stand; pairs are lowest and highest, equal unless many ways were put together.

    ``maximum`` is the applicable one, ``applied`` the printed maxima of the leaves that apply, ``excluded`` of those an
    EXCLUDED clause removed, ``left`` whether a leaf applies (surely, possibly), ``keeps`` the headings that keep their
    worth (``None``: the sheet), ``stands`` how it stands (:mod:`rubric_engine.meaning.states`), again lowest, highest.
    """

    maximum: Ends
    applied: Ends = NO_ENDS
    excluded: Ends = NO_ENDS
    left: tuple[bool, bool] = (False, False)
    keeps: frozenset[str | None] = frozenset()
    stands: Ends = NO_ENDS

    def beside(self, other: "Standing") -> "Standing":
        """Two headings added up."""
        return Standing(
            _ends_sum(self.maximum, other.maximum), _ends_sum(self.applied, other.applied),
            _ends_sum(self.excluded, other.excluded),
            (self.left[0] or other.left[0], self.left[1] or other.left[1]), self.keeps | other.keeps,
            (states((self.stands[0], other.stands[0])), states((self.stands[1], other.stands[1]))),
        )  # fmt: skip

    def or_else(self, other: "Standing") -> "Standing":
        """Either of two ways, no longer told apart."""
        return Standing(
            _ends_hull(self.maximum, other.maximum), _ends_hull(self.applied, other.applied),
            _ends_hull(self.excluded, other.excluded),
            (self.left[0] and other.left[0], self.left[1] or other.left[1]), self.keeps,
            _ends_hull(self.stands, other.stands),
        )  # fmt: skip

    def uncounted(self) -> "Standing":
        """A heading that is never added: only what it says of other headings' worth stays."""
        return Standing(NO_ENDS, keeps=self.keeps)


def _ends_sum(a: Ends, b: Ends) -> Ends:
    return a[0] + b[0], a[1] + b[1]


def _ends_hull(a: Ends, b: Ends) -> Ends:
    return min(a[0], b[0]), max(a[1], b[1])


def ends_beyond(ends: Ends, more: int) -> Ends:
    """The pair and a known worth."""
    return ends[0] + more, ends[1] + more


class Worths:
    """The printed maxima of a plan, in its unit: of each heading, of the leaves below it, and what is beyond them."""

    def __init__(self, plan: Plan) -> None:
        layout = layout_of(plan)
        self.unit = lcm(plan.total.denominator, *(node.maximum.denominator for node in plan.nodes))
        self.total = self._whole(plan.total)
        self.maximum = [self._whole(node.maximum) for node in plan.nodes]
        self.full = [
            Standing(
                (self._whole(node.maximum),) * 2, (self._whole(printed),) * 2, NO_ENDS, (any_leaf,) * 2, stands=_IN
            )
            for node, (printed, any_leaf) in zip(plan.nodes, layout.leaves, strict=True)
        ]
        self.beyond = [self._whole(beyond) for beyond in layout.beyond]
        self.beyond_roots = self._whole(layout.beyond_roots)

    def _whole(self, worth: Fraction) -> int:
        return worth.numerator * (self.unit // worth.denominator)

    def interval(self, ends: Ends) -> Interval:
        """The pair as points."""
        return Interval(quotient(ends[0], self.unit), quotient(ends[1], self.unit))

    def is_below(self, points: Interval, standing: Standing) -> bool:
        """Whether the points are surely not above the maximum."""
        return points.high is not None and points.high * self.unit <= standing.maximum[0]


def worths_of(plan: Plan) -> Worths:
    """Kept with the layout of the plan."""
    return layout_of(plan).remembered(("worths",), lambda: Worths(plan))


Ways = dict[Standing, Interval]
NOTHING_YET: Mapping[Standing, Interval] = {Standing(NO_ENDS): ZERO_POINTS}


def add_way(ways: Ways, standing: Standing, points: Interval, waits: frozenset[str] = NO_WAITS) -> None:
    """One more way a heading can come out; where two ways stand alike, what tells them apart is waited for."""
    ways[standing] = waiting_for(hull([ways[standing], points]), waits) if standing in ways else points


def add_all(parts: Iterable[Ways], waits: frozenset[str]) -> Mapping[Standing, Interval]:
    """Every way of each heading beside every way of the others; ``waits`` tells the ways apart.

    Those that can stand in one way only come last, unless they are known: then there are fewest sums to add them to.
    """
    known, alone = NOTHING_YET, NOTHING_YET
    several: list[Ways] = []
    for ways in parts:
        if len(ways) > 1:
            several.append(ways)
        elif all(points.exact is not None and not points.waits for points in ways.values()):
            known = _beside_one(known, ways)
        else:
            alone = _beside_one(alone, ways)
    sums = known
    for ways in several:
        sums = _add_ways(sums, ways, waits)
    return sums if alone is NOTHING_YET else _add_ways(sums, alone, waits)


def _beside_one(sums: Mapping[Standing, Interval], ways: Ways) -> Ways:
    """One way beside one way."""
    (one, have), = sums.items()
    (other, more), = ways.items()
    return {one.beside(other): add_up((have, more))}


def _add_ways(sums: Mapping[Standing, Interval], parts: Mapping[Standing, Interval], waits: frozenset[str]) -> Ways:
    found: dict[Standing, list[Interval]] = {}
    waited = _Waited()
    for one, have in sums.items():
        for other, more in parts.items():
            both = add_up((have, more), waited.together(have.waits, more.waits))
            found.setdefault(one.beside(other), []).append(both)
    ways = {standing: waited.either_of(points, waits) for standing, points in found.items()}
    return ways if len(ways) <= _MOST_WAYS else _put_ways_together(ways, waits)


class _Waited:
    """What ways wait for, put together: thousands of names, most often the same, so each union is made once."""

    def __init__(self) -> None:
        # By identity, and with the sets themselves, so that no other can come to stand at their address.
        self._made: dict[frozenset[int], tuple[frozenset[str], tuple[frozenset[str], ...]]] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}

    def together(self, *sets: frozenset[str]) -> frozenset[str]:
        """The union."""
        key = frozenset([id(each) for each in sets])
        made = self._made.get(key)
        if made is None:
            found = NO_WAITS.union(*sets)
            made = self._made[key] = (self._same.setdefault(found, found), sets)
        return made[0]

    def either_of(self, points: Sequence[Interval], waits: frozenset[str]) -> Interval:
        """Any of these points; of several, what tells them apart is waited for."""
        if len(points) == 1:
            return points[0]
        return hull(points, self.together(waits, *[each.waits for each in points]))


def _put_ways_together(ways: Ways, waits: frozenset[str]) -> Ways:
    """Too many ways to tell apart: one a set of kept worths."""
    alike: dict[frozenset[str | None], list[Standing]] = {}
    for standing in ways:
        alike.setdefault(standing.keeps, []).append(standing)
    found: Ways = {}
    waited = _Waited()
    for first, *others in alike.values():
        whole = first
        for other in others:
            whole = whole.or_else(other)
        found[whole] = waited.either_of([ways[standing] for standing in (first, *others)], waits)
    return found


def kept_worth(points: Interval, standing: Standing, code: str | None, printed: int) -> tuple[Interval, Standing]:
    """Points and standing of a heading after its own worth is kept, where some clause below asked for that."""
    if code not in standing.keeps:
        return points, standing
    keeps = standing.keeps - {code}
    worth = (printed - standing.excluded[1], printed - standing.excluded[0])
    applied = standing.applied
    if applied == NO_ENDS:
        return points, standing._replace(keeps=keeps)
    if applied[0] == applied[1] and worth[0] == worth[1]:
        return scale_by(points, quotient(worth[0], applied[0])), standing._replace(maximum=worth, keeps=keeps)
    scaled = divide(multiply(points, Interval(*worth)), Interval(*applied))
    scaled = replace(hull([scaled, points]), waits=points.waits, may_be_undefined=points.may_be_undefined)
    return scaled, standing._replace(maximum=_ends_hull(worth, standing.maximum), keeps=keeps)


def without(full: Standing, policy: Policy, worth_of: str | None) -> Standing:
    """How a heading that stands so where it applies stands under a clause."""
    match policy:
        case Policy.FULL | Policy.ZERO | Policy.UNDECIDED | Policy.DECIDED:
            return full
        case Policy.EXCLUDED:
            return Standing(NO_ENDS, excluded=full.applied, stands=_OUT)
        case Policy.NOT_DUE:
            return Standing(NO_ENDS, excluded=full.applied, left=full.left, stands=full.stands)
        case Policy.KEEP_WORTH:
            return Standing(NO_ENDS, keeps=frozenset((worth_of,)), stands=_OUT)
        case _:
            assert_never(policy)


def as_group(together: Ends, *, pooled: bool = False, sheet: bool = False) -> frozenset[Stands]:
    """The ways a group that adds can stand, by those of its headings together."""
    return frozenset(
        stands_as_group(one, pooled=pooled, sheet=sheet) for one in range(together[0], together[1] + 1)
    )


def standing_so(standing: Standing, stands: Stands) -> Standing:
    """The same way, standing so: of one that is not rated, or does not apply, nothing is in the maximum."""
    maximum = standing.maximum if stands is Stands.IN else NO_ENDS
    return standing._replace(maximum=maximum, stands=(stands, stands))


def left_out(full: Standing, policy: MissingPolicy) -> Standing:
    """How a heading that stands so otherwise stands where a policy for what is missing takes it out."""
    stands = stands_by(policy)
    # Of what is only not known nobody said that it does not apply.
    left = full.left if policy is MissingPolicy.EXCLUDED else (False, False)
    return without(full, Policy.EXCLUDED, None)._replace(left=left, stands=(stands, stands), keeps=full.keeps)


def ways_as_group(
    sums: Iterable[tuple[Standing, Interval]], *, pooled: bool, sheet: bool
) -> list[tuple[Standing, Interval | None]]:
    """The ways the children of a group that adds stand together, as its own; no points where it has nothing to add."""
    return [
        (standing_so(standing, stands), points if stands is Stands.IN else None)
        for standing, points in sums
        for stands in as_group(standing.stands, pooled=pooled, sheet=sheet)
    ]

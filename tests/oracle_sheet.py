"""A second opinion: a rubric described in a few plain shapes, which print themselves as text and score a submission.

Written from ``docs/language.md`` alone (sections 7 to 15), on :class:`~fractions.Fraction`, and apart from the engine
on purpose: nothing here is imported from it. What waits for a fact is ``pending`` and is not worked out further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction as F
from itertools import product
from math import prod
from typing import Literal

from oracle_clauses import Absence as Absence
from oracle_clauses import Adjust as Adjust
from oracle_clauses import Bands as Bands
from oracle_clauses import Base as Base
from oracle_clauses import Clause as Clause
from oracle_clauses import Cond as Cond
from oracle_clauses import Evidence as Evidence
from oracle_clauses import FactSpec as FactSpec
from oracle_clauses import Formula as Formula
from oracle_clauses import Given as Given
from oracle_clauses import Judged as Judged
from oracle_clauses import Left as Left
from oracle_clauses import Levels as Levels
from oracle_clauses import Limit as Limit
from oracle_clauses import Mode as Mode
from oracle_clauses import NoValue as NoValue
from oracle_clauses import PointsOf as PointsOf
from oracle_clauses import Policy as Policy
from oracle_clauses import Proportion as Proportion
from oracle_clauses import Requirement as Requirement
from oracle_clauses import Rounding as Rounding
from oracle_clauses import Start as Start
from oracle_clauses import Unsaid as Unsaid
from oracle_clauses import Value as Value
from oracle_clauses import Waits as Waits
from oracle_clauses import combined as combined
from oracle_clauses import combining as combining
from oracle_clauses import finished as finished
from oracle_clauses import holds as holds
from oracle_clauses import in_places as in_places
from oracle_clauses import level_of as level_of
from oracle_clauses import points_range as points_range
from oracle_clauses import rounded as rounded
from oracle_clauses import written as written

SCORED, PENDING, ABSENT, REFUSED, NOT_RATED, UNSCORED = (
    "scored", "pending", "not applicable", "refused", "not rated", "unscored",
)  # fmt: skip


# ---------------------------------------------------------------- headings


@dataclass(frozen=True)
class Outcome:
    """What one heading comes to: points it shows and counts, and what it leaves in the maximum."""

    state: str
    points: F
    maximum: F
    spoils: bool = False  # an adding parent is not rated through it
    either: bool = False  # scored or refused
    left_out: bool = False  # it gives nothing to its parent and takes its points out of the maximum
    below_absent: bool = False  # below a group that does not apply; its own points are nobody's



@dataclass(frozen=True)
class Leaf:
    """A heading with a rule of its own."""

    code: str
    low: F
    high: F
    facts: tuple[FactSpec, ...]
    base: Base
    weight: F | None = None
    unscored: bool = False
    absences: tuple[Absence, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    adjustments: tuple[Adjust, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    limits: tuple[Limit, ...] = ()
    rounding: Rounding | None = None
    policy: Policy | None = None
    in_pool: bool = False  # it has no points of its own

    def text(self) -> Iterator[str]:
        weight = "" if self.weight is None else f" weight {written(self.weight)}"
        points = "unscored" if self.unscored else "" if self.in_pool else points_range(self.low, self.high) + weight
        yield f'{level_of(self.code)} {self.code} "{self.code}" {points}'
        clauses: list[Clause] = [*self.facts, *self.absences, *self.requirements, *self.evidence]
        clauses += [self.policy] if self.policy else []
        clauses += [*([] if self.in_pool else [self.base]), *self.adjustments, *self.limits]
        clauses += [self.rounding] if self.rounding else []
        for clause in clauses:
            yield from clause.lines()

    def outcome(self, given: Given, results: dict[str, Outcome]) -> Outcome:
        try:
            found = self._outcome(given)
        except Left:
            found = Outcome(ABSENT, F(0), F(0), left_out=True)
        except Waits:
            found = Outcome(PENDING, F(0), self.high)
        if self.unscored and found.state in (SCORED, REFUSED):
            found = Outcome(UNSCORED, found.points, F(0))
        given.points[self.code] = None if found.state == PENDING else found.points
        return found

    def _outcome(self, given: Given) -> Outcome:
        for absence in self.absences:
            if absence.condition.holds(given):
                points = self.high if absence.policy == "full points" else F(0)
                out = absence.policy == "excluded"
                return Outcome(ABSENT, points, F(0) if out else self.high, left_out=out)
        failed = [one.otherwise for one in self.requirements if not one.condition.holds(given)]
        if failed:
            return self._finished(min(failed), SCORED)
        base, left = self._base(given)
        known = [one for each in self.adjustments if (one := _or_none(each, given)) is not None]
        lacking = len(known) < len(self.adjustments)
        if base is not None and not lacking:
            return self._after(base, known, given)
        if self._settled(given, lacking=lacking):
            raise Unsaid  # what is missing could not change it: whether that is seen, no reading promises
        if left:
            raise Left
        policy = self.policy
        if policy is None or (policy.when == "not judged" and (lacking or not isinstance(self.base, Judged))):
            raise Waits
        if policy.what in ("excluded", "not applicable"):
            return Outcome(NOT_RATED if policy.what == "excluded" else ABSENT, F(0), F(0), left_out=True)
        points = policy.points(self.low, self.high)
        # Where the base is known and only awards or deductions are not, the points never lift it.
        return self._after(points if base is None else min(base, points), known, given)

    def _base(self, given: Given) -> tuple[F | None, bool]:
        """What the base comes to, if it is known; and whether a fact that is missing takes the leaf out itself."""
        try:
            return self.base.earned(given, self), False
        except Waits:
            return None, False
        except Left:
            return None, True

    def _settled(self, given: Given, *, lacking: bool) -> bool:
        """Whether every way to complete what is missing leaves the leaf, or its base, as it is."""
        unknown = (spec for spec in self.facts if spec.name not in given.facts)
        missing = [spec for spec in unknown if not isinstance(spec.missing, F)]
        judged = self.base.__class__ is Judged and self.code not in given.judged
        ends: list[list[Value]] = [[self.low, self.high]] if judged else []
        domains = [spec.domain() for spec in missing] + ends
        if prod(map(len, domains)) > 5_000:
            raise Unsaid
        found, bases = set(), set()
        for values in product(*domains):
            more = {spec.name: value for spec, value in zip(missing, values, strict=False)}
            points = {self.code: F(values[-1])} if judged else {}
            whole = replace(given, facts=given.facts | more, judged=given.judged | points)
            adjustments = [each.points(whole) for each in self.adjustments]
            bases.add(self.base.earned(whole, self))
            found.add(self._after(self.base.earned(whole, self), adjustments, whole))
        return len(found) == 1 or (len(bases) == 1 and not self._known(given) and lacking)

    def _known(self, given: Given) -> bool:
        return self._base(given)[0] is not None

    def _after(self, points: F, adjustments: list[F], given: Given) -> Outcome:
        """Everything after the base."""
        points += sum(adjustments, F(0))
        points, lacking = self._proven(points, given)
        floors = [one.points for one in self.limits if not one.ceiling and holds(one.condition, given)]
        ceilings = [one.points for one in self.limits if one.ceiling and holds(one.condition, given)]
        points = min([max([points, *floors]), *ceilings])
        found = self._finished(points, REFUSED if lacking else SCORED)
        # It is refused when it has 0 through that; where a floor lifted it again the reference does not say.
        return replace(found, either=lacking and found.points != 0)

    def _proven(self, points: F, given: Given) -> tuple[F, bool]:
        """Evidence: first all it takes off, then the strictest ceiling."""
        lacking = [one for one in self.evidence if one.lacking(given)]
        points -= sum((one.amount for one in lacking if one.effect == "deduct"), F(0))
        points = min([points, *(one.amount * self.high for one in lacking if one.effect == "at most")])
        nothing = any(one.effect == "score 0" for one in lacking)
        return min(points, F(0)) if nothing else points, nothing

    def _finished(self, points: F, state: str) -> Outcome:
        if self.unscored:
            return Outcome(state, points, F(0))
        return Outcome(state, finished(points, self.low, self.high, self.rounding), self.high)


@dataclass(frozen=True)
class Group:
    """A heading with headings below it."""

    code: str
    low: F
    high: F
    children: tuple["Leaf | Group", ...]
    weight: F | None = None
    combine: str = ""  # words after `combine`; empty: it adds
    needs: F | None = None
    facts: tuple[FactSpec, ...] = ()
    absences: tuple[Absence, ...] = ()
    nothing_applies: Literal["full points", "excluded", "zero"] | None = None
    requirements: tuple[Requirement, ...] = ()
    limits: tuple[Limit, ...] = ()
    rounding: Rounding | None = None
    policy: Policy | None = None

    def text(self) -> Iterator[str]:
        weight = "" if self.weight is None else f" weight {written(self.weight)}"
        yield f'{level_of(self.code)} {self.code} "{self.code}" {points_range(self.low, self.high)}{weight}'
        yield from combining(self.combine, self.needs)
        if self.nothing_applies:
            yield f"  not applicable when nothing applies: {self.nothing_applies}"
        clauses: list[Clause] = [*self.facts, *self.absences, *self.requirements, *self.limits]
        clauses += [self.rounding] if self.rounding else []
        clauses += [self.policy] if self.policy else []
        for clause in clauses:
            yield from clause.lines()
        for child in self.children:
            yield ""
            yield from child.text()

    def outcome(self, given: Given, results: dict[str, Outcome]) -> Outcome:
        below = list(outcomes(self.children, given, results))
        try:
            found = self._outcome(given, below, results)
        except Waits:
            found = Outcome(PENDING, F(0), self.high)
        given.points[self.code] = None if found.state == PENDING else found.points
        if found.spoils:
            given.unrated.add(self.code)
        return found

    def _outcome(self, given: Given, below: list[Outcome], results: dict[str, Outcome]) -> Outcome:
        for absence in self.absences:
            if absence.condition.holds(given):
                for code in codes(self.children):
                    state = UNSCORED if results[code].state == UNSCORED else ABSENT
                    results[code] = Outcome(state, F(0), F(0), left_out=True, below_absent=True)
                    given.points[code] = F(0)
                points = self.high if absence.policy == "full points" else F(0)
                out = absence.policy == "excluded"
                return Outcome(ABSENT, points, F(0) if out else self.high, left_out=out)
        if any(one.state == PENDING for one in below):
            raise Waits
        if self._nothing_applies(results):
            return self._without(below, results)  # not applicable comes first
        whole = whole_of(self.children, below, self.combine, self.needs)
        failed = [one.otherwise for one in self.requirements if not one.condition.holds(given)]
        if whole is None and not failed:
            return self._without(below, results)
        maxima = (one.maximum for one in counted(self.children, below))
        maximum = self.high if self.combine or whole is None else sum(maxima, F(0))
        if failed:
            points = min(failed)
        else:
            assert whole is not None
            points = whole[0] * self.high if self.combine else whole[0]
            floors = [one.points for one in self.limits if not one.ceiling and holds(one.condition, given)]
            ceilings = [one.points for one in self.limits if one.ceiling and holds(one.condition, given)]
            points = min([max([points, *floors]), *ceilings])
        from oracle_ends import ends_of  # which knows both kinds of heading

        return Outcome(SCORED, finished(points, ends_of(self, given).low, self.high, self.rounding, maximum), maximum)

    def _nothing_applies(self, results: dict[str, Outcome]) -> bool:
        """The clause holds where every leaf is not applicable; one that is only not rated may apply."""
        return bool(self.nothing_applies) and all(does_not_apply(child, results) for child in self.children)

    def _without(self, below: list[Outcome], results: dict[str, Outcome]) -> Outcome:
        """Nothing to add or to combine."""
        if self._nothing_applies(results):
            points = self.high if self.nothing_applies == "full points" else F(0)
            out = self.nothing_applies == "excluded"
            return Outcome(ABSENT, points, F(0) if out else self.high, left_out=out)
        if not self.combine and all(one.state == ABSENT for one in counted(self.children, below)):
            return Outcome(ABSENT, F(0), F(0), left_out=True)
        match self.policy:
            case None:
                return Outcome(NOT_RATED, F(0), F(0), spoils=True, left_out=True)
            case Policy(what="excluded"):
                return Outcome(NOT_RATED, F(0), F(0), left_out=True)
            case Policy(what="not applicable"):
                return Outcome(ABSENT, F(0), F(0), left_out=True)
            case policy:
                points = finished(policy.points(self.low, self.high), self.low, self.high, self.rounding)
                return Outcome(SCORED, points, self.high)


Heading = Leaf | Group


def _or_none(adjustment: Adjust, given: Given) -> F | None:
    try:
        return adjustment.points(given)
    except Waits:
        return None


def counted(children: Sequence[Heading], below: list[Outcome]) -> list[Outcome]:
    """Those that count: what is collected only does not."""
    pairs = zip(children, below, strict=True)
    return [one for child, one in pairs if not (isinstance(child, Leaf) and child.unscored)]


def outcomes(children: Sequence[Heading], given: Given, results: dict[str, Outcome]) -> Iterator[Outcome]:
    """Each in turn; a heading reads others only before it."""
    for child in children:
        results[child.code] = child.outcome(given, results)
        yield results[child.code]


def does_not_apply(heading: Heading, results: dict[str, Outcome]) -> bool:
    """Whether nothing of it is left in the maximum because it does not apply: what is given points in place stays."""
    outcome = results[heading.code]
    if outcome.state == NOT_RATED and isinstance(heading, Group):
        return all(does_not_apply(child, results) for child in heading.children)
    return outcome.state == UNSCORED or (outcome.state == ABSENT and outcome.left_out)


def codes(children: Sequence[Heading]) -> Iterator[str]:
    """All codes below."""
    for child in children:
        yield child.code
        if isinstance(child, Group):
            yield from codes(child.children)


def whole_of(
    children: Sequence[Heading], below: list[Outcome], combine: str, needs: F | None
) -> tuple[F, F] | None:
    """Points and maximum of what adds, index and 1 of what combines; ``None``: nothing to be rated by."""
    those = [child for child in children if not (isinstance(child, Leaf) and child.unscored)]
    results = counted(children, below)
    if not combine:
        if any(one.spoils for one in results) or all(one.left_out for one in results):
            return None
        return sum((one.points for one in results), F(0)), sum((one.maximum for one in results), F(0))
    if combine == "sum over positive maximum":
        part = [one for one in results if one.state not in (NOT_RATED, ABSENT) or one.maximum != 0]
        most = sum((one.maximum for one in part if one.maximum > 0), F(0))
        return (sum((one.points for one in part), F(0)) / most, F(1)) if most else None
    weights = [F(1) if child.weight is None else child.weight for child in those]
    weighed = zip(weights, results, strict=True)
    pairs = [(weight, one.points / one.maximum) for weight, one in weighed if one.maximum > 0]
    share = sum(weight for weight, _ in pairs) / sum(weights)
    if not pairs or (needs is not None and share < needs):
        return None
    return combined(combine, pairs), F(1)


# ---------------------------------------------------------------- pools, sheet

NAMES = ("g1", "g2", "g3", "g4", "g5")


@dataclass(frozen=True)
class Pool:
    """A bonus or a penalty; its items award or deduct."""

    bonus: bool
    cap: F
    items: tuple[Leaf, ...]

    def text(self) -> Iterator[str]:
        yield f'{"bonus" if self.bonus else "penalty"} "Pool" at most {written(self.cap)}'
        for item in self.items:
            yield ""
            yield from item.text()

    def points(self, given: Given, results: dict[str, Outcome]) -> F:
        below = list(outcomes(self.items, given, results))
        if any(one.state == PENDING for one in below):
            raise Waits
        total = sum((one.points for one in below), F(0))
        return min(self.cap, max(F(0), total)) if self.bonus else max(-self.cap, min(F(0), total))


@dataclass(frozen=True)
class Grades:
    """A table by the total or by the index of it; ``edges`` descend, one more name than edges."""

    by_index: bool
    edges: tuple[F, ...]

    def text(self) -> Iterator[str]:
        yield f"grades by {'index of total' if self.by_index else 'total'}, first that holds"
        for at, edge in enumerate(self.edges):
            yield f"  {NAMES[at]}: {written(edge * 100)}% or more" if self.by_index else (
                f"  {NAMES[at]}: {written(edge)} or more"
            )
        yield f"  {NAMES[len(self.edges)]}: otherwise"

    def of(self, published: F, maximum: F) -> str | None:
        if self.by_index and not maximum:
            return None
        value = published / maximum if self.by_index else published
        above = [name for name, edge in zip(NAMES, self.edges, strict=False) if value >= edge]
        return above[0] if above else NAMES[len(self.edges)]


@dataclass(frozen=True)
class Sheet:
    """A whole rubric."""

    headings: tuple[Heading, ...]
    total: F
    signed: bool = False
    combine: str = ""
    needs: F | None = None
    rounding: Rounding | None = None
    limits: tuple[Limit, ...] = ()
    pools: tuple[Pool, ...] = ()
    grades: Grades | None = None

    def text(self) -> str:
        mode = self.rounding
        rounding = "" if mode is None else f", rounded {mode.mode} to {in_places(mode.places)}"
        lines = ['rubric "Oracle" id oracle', "version 1"]
        lines.append(f"total {written(self.total)} points{', signed' if self.signed else ''}{rounding}")
        lines += combining(self.combine, self.needs)
        for part in (*self.headings, *self.pools):
            lines += ["", *part.text()]
        if self.grades:
            lines += ["", *self.grades.text()]
        return "\n".join(lines) + "\n"

    def facts(self) -> dict[str, FactSpec]:
        """Every input, by name."""
        return {spec.name: spec for heading in self.leaves_and_groups() for spec in heading.facts}

    def leaves_and_groups(self) -> Iterator[Heading]:
        """Every heading, pools too."""
        waiting: list[Heading] = [*self.headings, *(item for pool in self.pools for item in pool.items)]
        while waiting:
            heading = waiting.pop(0)
            yield heading
            if isinstance(heading, Group):
                waiting = [*heading.children, *waiting]

    def score(self, given: Given) -> "Scored":
        """Every heading and the total."""
        given.specs = self.facts()
        results: dict[str, Outcome] = {}
        below = list(outcomes(self.headings, given, results))
        try:
            pools = {pool.bonus: pool.points(given, results) for pool in self.pools}
        except Waits:
            return Scored(PENDING, results)
        if any(one.state == PENDING for one in below):
            return Scored(PENDING, results)
        whole = whole_of(self.headings, below, self.combine, self.needs)
        if whole is None:
            return Scored(NOT_RATED, results)
        points, maximum = whole
        if self.combine:
            points, maximum = min(points * self.total, self.total), self.total
        exact = points + sum(pools.values(), F(0))
        if not self.signed:
            exact = max(F(0), exact)
        published = exact
        if self.rounding:
            published = rounded(exact, self.rounding.mode, self.rounding.places)
            if exact <= maximum:  # rounding lifts nothing above the maximum
                published = min(published, maximum)
            if not self.signed:
                published = max(F(0), published)
        grade = self.grades.of(published, maximum) if self.grades else None
        return Scored(SCORED, results, exact, published, maximum, grade, pools)


@dataclass(frozen=True)
class Scored:
    """What a submission comes to."""

    state: str
    headings: dict[str, Outcome]
    exact: F | None = None
    published: F | None = None
    maximum: F | None = None
    grade: str | None = None
    pools: dict[bool, F] = field(default_factory=dict)

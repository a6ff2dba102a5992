"""Headings over ranges: whether each applies, its points, its maximum, and every slot. Standard library only."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.budget import READING_STEPS, Budget
from rubric_engine.meaning.known import Known
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.meaning.states import Rated, Stands
from rubric_engine.plan.expr import Const, MaximumOf, Met, PointsOf, Truth, Unrated
from rubric_engine.plan.layout import SHEET_LEVEL, layout_of
from rubric_engine.plan.plan import IfMissing, Observed, Plan, PlanNode, Policy
from rubric_engine.plan.reads import Reads
from rubric_engine.ranges.absence import (
    ABOVE_ABSENT,
    HERE_APPLIES,
    SURELY_APPLIES,
    Absence,
    Assumptions,
    at_most,
    under,
)
from rubric_engine.ranges.groups import Child, combined_points, combined_ways
from rubric_engine.ranges.index import weight_in
from rubric_engine.ranges.memo import LeafReading, leaf_readings
from rubric_engine.ranges.nodes import FirstFailing, finished_range, points_without, read_requirements
from rubric_engine.ranges.policy import Acting, acting, anyhow_missing, is_left_out, lacking
from rubric_engine.ranges.seen import SeenSteps, Slots
from rubric_engine.ranges.settled import settled
from rubric_engine.ranges.standing import (
    NO_ENDS,
    NOTHING_YET,
    ZERO_POINTS,
    Standing,
    Ways,
    add_all,
    add_way,
    ends_beyond,
    kept_worth,
    left_out,
    standing_so,
    ways_as_group,
    without,
    worths_of,
)
from rubric_engine.ranges.steps import StepRanges
from rubric_engine.ranges.values.declared import DeclaredFacts
from rubric_engine.ranges.values.env import FALSE, TRUE, Env, Possible, marks_of, settled_truth
from rubric_engine.ranges.values.expr import assume, number, truth
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, as_fraction, hull, kept_small, point, waiting_for
from rubric_engine.ranges.values.near import codes_read, part_of, reads_of_headings, reads_of_sheet

_NOUGHT = Const(Fraction(0))


class HeadingReader:
    """One reading on its way: what each heading can come to, and every slot. ``anything``: what is not said stands for
    all that may be said, so that a policy for what is missing is one more way a leaf can come out."""

    def __init__(self, plan: Plan, facts: Facts, steps: int = READING_STEPS, *, anything: bool = False) -> None:
        self.plan, self.facts, self.anything = plan, facts, anything
        self.layout = layout_of(plan)
        self.slots = Slots(self.layout)
        self.declared = DeclaredFacts(plan, facts, anything=anything)
        self.env = self.declared.env
        self.env.budget, self.share = Budget(steps), steps // max(1, len(plan.nodes))
        assert self.env.known is not None
        self.known: Known = self.env.known
        self.of_headings = reads_of_headings(self.layout)
        self.of_sheet = reads_of_sheet(self.layout)
        self.looked_at = codes_read(self.layout)
        self.before = leaf_readings(self.layout, steps, anything)
        self.worths = worths_of(plan)
        self.absences: dict[int, Absence] = {}
        self.ways: dict[int, Ways] = {}
        # Of headings never counted: as they would be, and what that waits for.
        self.uncounted: dict[int, tuple[Ways, frozenset[str]]] = {}
        self.open: dict[int, frozenset[str]] = {}
        self.zero: dict[int, Interval] = {}

    def near(self, at: int) -> Env:
        """What is known and possible of all that a heading reads."""
        reads = self.of_headings[at]
        self.declared.declare(reads.names, reads.judged)
        return part_of(self.env, reads.names, reads, self.share)

    def relate(self, code: str) -> None:
        """That no more can be earned than the maximum, where somebody reads either."""
        if code in self.looked_at:
            part = at_most(part_of(self.env, (), Reads(codes=frozenset((code,)))), PointsOf(code), MaximumOf(code))
            self.env.numbers.update(part.numbers)
            self.env.forms.update(part.forms)
            self.env.heading_forms[code] = tuple(part.forms)

    def chance(self, expr: Truth, env: Env, asked_if: frozenset[str] = NO_WAITS) -> Possible:
        """The condition; ``asked_if`` is what decides whether it is asked at all."""
        found = truth(expr, env)
        if found.may_be_undefined and not found.waits:
            if not asked_if:
                raise ScoringError(self.slots.code)
            return replace(found, waits=asked_if)
        return found

    # ---- whether a heading applies

    def absence(self, at: int) -> Absence:
        chain = [at]
        while chain[-1] not in self.absences and (parent := self.plan.nodes[chain[-1]].parent) is not None:
            chain.append(parent)
        for here in reversed(chain):
            if here not in self.absences:
                self.absences[here] = self._own_absence(self.plan.nodes[here])
        return self.absences[at]

    def _own_absence(self, node: PlanNode, left_out: frozenset[str] = NO_WAITS) -> Absence:
        """Clauses that wait for nothing but what is ``left_out`` do not count."""
        parent = SURELY_APPLIES if node.parent is None else self.absences[node.parent]
        if parent is SURELY_APPLIES and not node.absent:
            return SURELY_APPLIES
        marks: dict[int, Assumptions] = {}
        above = NO_WAITS
        self.slots.code = node.code
        if HERE_APPLIES not in parent.marks:
            return Absence({ABOVE_ABSENT: ()}, NO_WAITS, NO_WAITS)
        if len(parent.marks) > 1:
            marks[ABOVE_ABSENT] = ()
            above = parent.waits
        so_far = parent.marks[HERE_APPLIES]
        if not node.absent:
            return Absence({**marks, HERE_APPLIES: so_far}, above, NO_WAITS)
        here = under(self.near(self.layout.places[node.code]), so_far)
        own = NO_WAITS
        doubt = False
        for i, clause in enumerate(node.absent):
            if here is None or clause.when is None:
                continue
            chance = self.chance(clause.when, here, own | above)
            if is_left_out(chance, left_out):
                continue
            own |= chance.waits
            doubt |= chance.may_be_undefined
            if chance.may_be_true:
                marks[i] = (*so_far, (clause.when, True))
            if chance == FALSE:
                continue
            so_far = (*so_far, (clause.when, False))
            here = assume(here, clause.when, False)
        if here is not None:
            marks[HERE_APPLIES] = so_far
        if not doubt and marks == SURELY_APPLIES.marks:
            return SURELY_APPLIES
        return Absence(marks, above, own if len(marks) > 1 or doubt else NO_WAITS, doubt)

    # ---- one heading

    def read_node(self, at: int) -> None:
        """One heading; all it looks at has been read before."""
        key = self.before.key(at, self.facts)
        if key is None:
            self.read_anew(at)
            if (node := self.plan.nodes[at]).children:
                held = self.env.truths[Unrated(node.code)] = self.slots.lacks(at)
                self.known.lacking[node.code] = held.known
            return
        kept = self.before.get(key)
        if kept is not None:
            self.put_back(at, kept)
            return
        self.read_anew(at)
        code = self.plan.nodes[at].code
        self.before.keep(key, LeafReading(
            tuple(self.slots.found[self.before.slots_of(at)]), self.absences[at], self.ways[at], self.open[at],
            self.env.told(PointsOf(code)), self.env.told(MaximumOf(code)), self.zero.get(at),
            self.env.zeros[code],
        ))  # fmt: skip

    def put_back(self, at: int, kept: LeafReading) -> None:
        """A leaf as it was left when the same facts were known."""
        node = self.plan.nodes[at]
        self.slots.found[self.before.slots_of(at)] = kept.slots
        self.absences[at], self.ways[at], self.open[at] = kept.absence, kept.ways, kept.open
        if kept.zero is not None:
            self.zero[at] = kept.zero
        self.tell(node, kept.points, kept.maximum)
        self.env.zeros[node.code] = kept.is_zero
        self.known.zero[node.code] = kept.is_zero.known

    def read_anew(self, at: int) -> None:
        node = self.plan.nodes[at]
        absence = self.absence(at)
        self.slots.code = node.code
        if node.met is None and absence.surely_applies and self.read_at_once(at, node):
            return
        inside = under(self.near(at), absence.marks[HERE_APPLIES]) if HERE_APPLIES in absence.marks else None
        if node.met is not None:
            self.read_condition(at, node.met, absence, inside)
            return
        ways: Ways = {}
        for mark in absence.marks:
            if mark >= 0:
                self.step_aside(at, mark, ways, absence.own)
        marks = set(absence.marks) - {HERE_APPLIES}
        stay: Ways = {}
        lacks: Ways = {}
        open_ = NO_WAITS.union(*(self.open[child] for child in node.children))
        if inside is not None:
            nothing = next((i for i, clause in enumerate(node.absent) if clause.when is None), None)
            for standing, points in self.own_ways(at, inside, open_):
                if nothing is not None and not standing.left[0]:
                    marks.add(nothing)
                    self.step_aside(at, nothing, ways, absence.own | open_)
                if nothing is None or standing.left[1]:
                    add_way(lacks if points is None else stay, standing, points or ZERO_POINTS, open_)
        waits = absence.waits | open_
        if inside is not None and (stay or lacks):
            marks.add(HERE_APPLIES)
            unreached = waits if len(marks) > 1 else None
            required = self.read_steps(at, inside, stay, ways, unreached, absence.own | open_, lacks=bool(lacks))
            if lacks:
                open_ |= required.waits
            rated = self.read_lacking(at, node, lacks, required, ways, waits | open_)
            if node.children:
                rated |= {Rated.YES} if stay or len(marks) > 1 else set()
                self.slots.put_marks(Observed.RATED, at, frozenset(rated), waits | open_)
        self.slots.put_marks(Observed.ABSENT, at, frozenset(marks), waits)
        if node.if_missing is not None and self.read_policy(at, node.if_missing, ways, absence):
            return
        self.put_outcome(at, ways, ABOVE_ABSENT in marks, absence.above, absence.own | open_)

    def read_lacking(
        self, at: int, node: PlanNode, lacks: Ways, required: FirstFailing, ways: Ways, waits: frozenset[str]
    ) -> set[int]:
        """The ways of a group that has nothing to be rated by, and what that makes of it."""
        full = self.worths.full[at]
        printed = self.worths.interval(full.maximum)
        seen: set[int] = set()
        for each in lacks:
            for standing, points, rated in lacking(node, full, each, required, printed):
                seen.add(rated)
                points = waiting_for(points, required.waits, required.may_be_undefined)
                add_way(ways, standing, points, waits)
        return seen

    def read_at_once(self, at: int, node: PlanNode) -> bool:
        """A heading that surely applies, all of whose steps and children are known; false where that is not so."""
        if node.combine is not None or any(clause.when is None for clause in node.absent):
            return False
        sums, _ = self.added(node.children)
        if len(sums) != 1:
            return False
        (standing, points), = sums.items()
        if points.exact is None or points.waits or node.code in standing.keeps:
            return False
        (standing, added), *others = self.group_ways(at, sums.items())
        if others or added is None or standing.maximum[0] != standing.maximum[1]:
            return False
        maximum = Fraction(standing.maximum[0], self.worths.unit)
        found = settled(self.plan, self.facts, node, Fraction(points.exact), maximum, self.known)
        if found is None:
            return False
        for kind, index, value in found.seen:
            self.slots.put_known(kind, at, value, index)
        self.slots.put_known(Observed.ABSENT, at, HERE_APPLIES)
        self.slots.put_known(Observed.POINTS, at, found.points)
        self.slots.put_known(Observed.MAXIMUM, at, maximum)
        earned = point(found.points)
        self.tell(node, earned, point(maximum))
        scored = not node.children and not node.unscored
        self.env.zeros[node.code] = settled_truth(scored and not found.points)
        self.known.zero[node.code] = scored and not found.points
        self.ways[at] = {standing: earned}
        if node.unscored:
            self.uncounted[at], self.ways[at] = (self.ways[at], NO_WAITS), {standing.uncounted(): ZERO_POINTS}
        self.open[at] = NO_WAITS
        return True

    def tell(self, node: PlanNode, points: Interval, maximum: Interval) -> None:
        """Whoever reads the points or the maximum of a heading finds them here."""
        self.env.tell(PointsOf(node.code), points)
        self.env.tell(MaximumOf(node.code), maximum)
        self.known.points[node.code] = None if points.waits else as_fraction(points.exact)
        self.known.maxima[node.code] = None if maximum.waits else as_fraction(maximum.exact)

    def tell_unrated(self, node: PlanNode, ways: Ways, above: bool, waits: frozenset[str]) -> None:
        """Whoever reads a heading that is not rated finds no value; of one that may be, that is a possibility."""
        surely = not above and min(way.stands[0] for way in ways) == Stands.UNRATED
        open_ = NO_WAITS if surely else waits or frozenset((f"decision {node.code}",))
        for name in (PointsOf(node.code), MaximumOf(node.code)):
            self.env.tell(name, waiting_for(self.env.told(name), open_, may_be_undefined=True))
        self.known.points[node.code] = self.known.maxima[node.code] = None
        if surely:
            self.known.unrated.add(node.code)

    def step_aside(self, at: int, mark: int, ways: Ways, waits: frozenset[str]) -> None:
        node = self.plan.nodes[at]
        clause = node.absent[mark]
        standing = without(self.worths.full[at], clause.policy, clause.worth_of)
        add_way(ways, standing, points_without(node, clause), waits)

    def added(self, places: Iterable[int]) -> tuple[Mapping[Standing, Interval], frozenset[str]]:
        at_all = tuple(places)
        open_ = NO_WAITS.union(*(self.open[at] for at in at_all))
        return add_all([self.ways[at] for at in at_all], open_), open_

    def own_standing(self, at: int, standing: Standing) -> Standing:
        """The standing of the children as that of the heading: its own printed maximum, less what they lost."""
        if not self.plan.nodes[at].children:
            return self.worths.full[at]
        if at in self.layout.pooled:
            return standing._replace(maximum=self.worths.full[at].maximum)
        return standing._replace(maximum=ends_beyond(standing.maximum, self.worths.beyond[at]))

    def group_ways(
        self, at: int, sums: Iterable[tuple[Standing, Interval]]
    ) -> list[tuple[Standing, Interval | None]]:
        """The ways the children stand together as ways of a heading that adds them, or of a leaf."""
        own = [(self.own_standing(at, standing), points) for standing, points in sums]
        node = self.plan.nodes[at]
        is_sheet = node.level == SHEET_LEVEL
        return ways_as_group(own, pooled=at in self.layout.pooled, sheet=is_sheet) if node.children else [*own]

    def own_ways(self, at: int, env: Env, open_: frozenset[str]) -> Iterable[tuple[Standing, Interval | None]]:
        """The ways of the children as ways of this heading; without points where it is not rated."""
        node = self.plan.nodes[at]
        combine = node.combine
        if combine is None:
            sums, _ = self.added(node.children)
            return self.group_ways(at, sums.items())
        counted = set(self.layout.counted[at])
        aside, _ = self.added(child for child in node.children if child not in counted)
        children = [Child(weight_in(combine, self.plan.nodes[c]), self.ways[c]) for c in self.layout.counted[at]]
        undefined = Interval(waits=open_, may_be_undefined=True)
        if_zero = combine.if_zero
        found = combined_ways(combine, children, self.worths.unit, open_, lambda parts: combined_points(
            combine, parts, node.maximum, lambda: undefined if if_zero is None else number(if_zero, env)
        ))  # fmt: skip
        full = self.worths.full[at].maximum
        return [
            (standing_so(way.standing.beside(other)._replace(maximum=full), way.stands), way.points)
            for way in found
            for other in aside
        ]

    def read_steps(
        self, at: int, env: Env, stay: Ways, ways: Ways, unreached: frozenset[str] | None, apart: frozenset[str],
        acts: Acting | None = None, *, lacks: bool = False,
    ) -> FirstFailing:  # fmt: skip
        """The steps of a heading that applies, for each way its children stand; ``lacks``: it may have none to take."""
        node = self.plan.nodes[at]
        keeps = bool(node.children) and node.combine is None and at not in self.layout.pooled
        required = read_requirements(node.requirements, env, NO_WAITS if acts is None else acts.left_out)
        if not required.ways:
            return required  # what was assumed on the way here cannot be
        failing = [(i, inside) for i, inside in required.ways if i >= 0]
        passing = next((inside for i, inside in required.ways if i < 0), None)
        if node.requirements:
            seen = SeenSteps()
            seen.mark(Observed.REQUIREMENT, (i for i, _ in required.ways), required.waits)
            self.slots.put_seen(at, seen, unreached)
        refused = [number(node.requirements[i].otherwise, inside) for i, inside in failing]
        worth = self.worths.maximum[at] if keeps else None
        if acts is not None and acts.leaves_out and passing is not None:
            passing = None
            apart |= required.waits
            add_way(ways, left_out(self.worths.full[at], acts.policy.policy), ZERO_POINTS, apart)
            if not failing:
                return required
        steps = None if passing is None or not stay else StepRanges(self.plan, self.facts, node, passing, worth)
        if steps is not None:
            if acts is not None:
                acts.change(steps)
            skipped = (unreached or NO_WAITS) | required.waits if failing else unreached
            skipped = (skipped or NO_WAITS) | apart if lacks else skipped
            self.slots.put_seen(at, steps.observe(), skipped)
        for standing, children in stay.items():
            stands = standing
            parts = [(part, ZERO_POINTS) for part in refused]
            if steps is not None:
                points, stands = steps.points(children, standing)
                parts.append((points, steps.beyond))
            elif keeps:
                _, stands = kept_worth(children, standing, node.code, self.worths.maximum[at])
            most = self.worths.interval(stands.maximum)
            found = kept_small(hull([finished_range(part, node, most, beyond) for part, beyond in parts]))
            found = waiting_for(found, required.waits, required.may_be_undefined)
            add_way(ways, stands, found, apart)
            if not node.children:
                self.zero[at] = found
        return required

    def read_condition(self, at: int, met: Truth, absence: Absence, inside: Env | None) -> None:
        node = self.plan.nodes[at]
        marks: set[int] = set()
        waits = absence.waits
        if inside is not None:
            chance = self.chance(met, inside, absence.waits if len(absence.marks) > 1 else NO_WAITS)
            waits |= chance.waits
            marks |= marks_of(chance)
        if inside is None or len(absence.marks) > 1:
            marks.add(0)
        self.slots.put_marks(Observed.ABSENT, at, frozenset(absence.marks), absence.waits)
        self.slots.put_marks(Observed.MET, at, frozenset(marks), waits)
        held = Possible(1 in marks, 0 in marks, waits if len(marks) > 1 else NO_WAITS)
        self.env.truths[Met(node.code)] = held
        self.known.met[node.code] = held.known
        self.tell(node, ZERO_POINTS, ZERO_POINTS)
        self.env.zeros[node.code] = FALSE
        self.known.zero[node.code] = False
        ways: Ways = {}
        for mark in absence.marks:
            keeps = mark >= 0 and node.absent[mark].policy is Policy.KEEP_WORTH
            worth = frozenset((node.absent[mark].worth_of,)) if keeps else frozenset()
            add_way(ways, Standing(NO_ENDS, keeps=worth), ZERO_POINTS)
        self.ways[at] = ways
        self.open[at] = absence.own if len(ways) > 1 else NO_WAITS

    def read_policy(self, at: int, policy: IfMissing, ways: Ways, absence: Absence) -> bool:
        """Where a leaf lacks what its policy speaks of, what it comes to instead; false where it does not."""
        node = self.plan.nodes[at]
        if self.anything:
            if ways:  # else a group above never applies
                self.slots.put_marks(Observed.MISSING, at, frozenset((0, 1)), NO_WAITS)
                found = anyhow_missing(self.plan, self.facts, node, policy, self.near(at), self.worths.full[at])
                add_way(ways, *found)
                self.zero[at] = hull([found[1], self.zero.get(at, found[1])])
            return False
        maxima = {standing.maximum for standing in ways}
        waits = NO_WAITS.union(*(points.waits for points in ways.values()))
        if len(ways) > 1 and (len(maxima) > 1 or len(set(ways.values())) > 1):
            waits |= absence.own
        acts = acting(node, policy, self.near(at), waits, self.facts.open) if waits else None
        if acts is None:
            return False
        if self.put_policy(at, acts) and acts.keeps_base:
            self.put_policy(at, replace(acts, open=True))
        return True

    def put_policy(self, at: int, acts: Acting) -> bool:
        """A leaf under its policy; whether it waits all the same."""
        node = self.plan.nodes[at]
        self.slots.forget(at)
        self.zero.pop(at, None)
        absence = self.absences[at] = self._own_absence(node, acts.left_out)
        marks = frozenset(absence.marks)
        ways: Ways = {}
        for mark in marks:
            if mark >= 0:
                self.step_aside(at, mark, ways, absence.own)
        waits, applied = absence.own, set()
        inside = under(self.near(at), absence.marks[HERE_APPLIES]) if HERE_APPLIES in marks else None
        if inside is not None:
            unreached = absence.waits if len(marks) > 1 else None
            stay = {self.worths.full[at]: ZERO_POINTS}
            required = self.read_steps(at, inside, stay, ways, unreached, absence.own, acts)
            waits |= required.waits
            applied = {int(acts.settles and i < 0) for i, _ in required.ways}
        self.slots.put_marks(Observed.ABSENT, at, marks, absence.waits)
        applied |= {0} if len(marks) > 1 or inside is None else set()
        self.slots.put_marks(Observed.MISSING, at, frozenset(applied), absence.above | waits)
        self.put_outcome(at, ways, ABOVE_ABSENT in marks, absence.above, waits)
        return bool(waits.union(*(points.waits for points in ways.values())))

    def put_outcome(
        self, at: int, ways: Ways, above: bool, above_waits: frozenset[str], own_waits: frozenset[str]
    ) -> None:
        """Points and maximum as seen from outside, and what the heading above adds up."""
        node = self.plan.nodes[at]
        points = [*ways.values(), *([ZERO_POINTS] if above else [])]
        maxima = [self.worths.interval(standing.maximum) for standing in ways] + ([ZERO_POINTS] if above else [])
        apart = (above_waits if above else NO_WAITS) | (own_waits if len(ways) > 1 else NO_WAITS)
        earned = waiting_for(hull(points), apart)
        worth = waiting_for(hull(maxima), apart | own_waits)
        self.slots.put_number(Observed.POINTS, at, earned)
        self.slots.put_number(Observed.MAXIMUM, at, worth)
        self.tell(node, earned, worth)
        if max((way.stands[1] for way in ways), default=0) == Stands.UNRATED:
            self.tell_unrated(node, ways, above, apart | own_waits)
        if all(self.worths.is_below(points, stands) for stands, points in ways.items()):
            self.relate(node.code)
        scored = not node.children and not node.unscored
        zero = self.may_be_zero(at, ways) if scored else FALSE
        self.env.zeros[node.code] = zero
        self.known.zero[node.code] = zero.known
        if node.unscored:
            self.uncounted[at] = ways, own_waits
            ways = {standing.uncounted(): ZERO_POINTS for standing in ways}
        self.ways[at] = ways or dict(NOTHING_YET)
        self.open[at] = own_waits if len(ways) > 1 else NO_WAITS

    def may_be_zero(self, at: int, ways: Ways) -> Possible:
        """Whether a leaf applies and has exactly 0 points."""
        points = self.zero.get(at)
        absence = self.absences[at]
        if points is None or not points.contains(Fraction(0)):
            return FALSE
        surely = points.exact is not None and len(absence.marks) == len(ways) == 1
        return TRUE if surely else Possible(True, True, points.waits | absence.waits)

"""``read_ranges``: a plan read while facts are missing. Every exact result still possible lies in what is read here.

The same operations as the exact reading, in the same order, over ranges of exact numbers and sets of marks. What is
read waits for exactly the names that can still change it; nothing waits once everything that matters is known. A
heading that waits for nothing is read at once on exact numbers (:mod:`rubric_engine.ranges.settled`).

A leaf with a policy for missing facts does not wait: where it would, for facts or judgements, the policy settles it.
Only a decision left to the authority is waited for all the same. Standard library only. Expressions are read by
:mod:`rubric_engine.ranges.values.expr`, which ``check`` uses too.
"""


from collections.abc import Iterable, Sequence

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.budget import READING_STEPS
from rubric_engine.meaning.reading import RangeReading
from rubric_engine.meaning.states import Stands, stands_without
from rubric_engine.plan.expr import Total, TotalMaximum
from rubric_engine.plan.plan import GradeTable, Observed, Plan
from rubric_engine.plan.reads import tables_of_total
from rubric_engine.ranges.absence import ABOVE_ABSENT, HERE_APPLIES, at_most
from rubric_engine.ranges.grading.tables import put_table
from rubric_engine.ranges.headings import HeadingReader
from rubric_engine.ranges.nodes import ReadLimit, range_rounded_within, read_limits
from rubric_engine.ranges.standing import ZERO_POINTS, Standing, as_group, ends_beyond, kept_worth
from rubric_engine.ranges.values.env import Possible
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    add_up,
    as_fraction,
    greatest,
    hull,
    point,
    waiting_for,
)
from rubric_engine.ranges.values.near import part_of


def read_ranges(plan: Plan, facts: Facts, steps: int = READING_STEPS) -> RangeReading:
    """Every slot as far as it is known. Raises :class:`ScoringError` for a division surely by zero.

    Beyond so many ``steps`` of narrowing, ranges are wider than they need be.
    """
    reader = SheetReader(plan, facts, steps)
    reader.read_nodes()
    reader.read_sheet()
    for which, table in enumerate(plan.grades):
        put_table(which, table, reader.env, reader.chance, reader.has_subject(which, table), reader.slots)
    return reader.slots.reading()


class SheetReader(HeadingReader):
    """A reading of all headings, then of the sheet; then ``total_within``: the total is never above its maximum."""

    total_within = False

    def read_nodes(self) -> None:
        """Every heading, each after what it reads."""
        for at in self.plan.order:
            self.read_node(at)

    rated: frozenset[bool]
    rated_waits: frozenset[str]

    def pools(self) -> Interval:
        """What bonus and penalty come to; their maxima count for nothing."""
        found = ZERO_POINTS
        for at in self.plan.roots:
            if self.plan.nodes[at].pool:
                absence = self.absences[at]
                ways = [*self.ways[at].values(), *([ZERO_POINTS] if ABOVE_ABSENT in absence.marks else [])]
                waits = self.open[at] if len(ways) > 1 else NO_WAITS
                found = add_up((found, waiting_for(hull(ways), waits)))
        return found

    def has_subject(self, number: int, table: GradeTable) -> Possible:
        """Whether a table has something to grade: the sheet is rated where it reads it, its heading has points."""
        possible, waits = {True}, NO_WAITS
        if number in tables_of_total(self.plan):
            possible, waits = set(self.rated), self.rated_waits
        if table.node >= 0:
            stands = self.stands_of(table.node)
            possible = {one and stand is Stands.IN for one in possible for stand in stands}
            _, open_ = self.uncounted.get(table.node, ({}, self.open[table.node]))
            waits |= self.absences[table.node].waits | open_
        return Possible(True in possible, False in possible, waits if len(possible) > 1 else NO_WAITS)

    def stands_of(self, at: int) -> set[Stands]:
        """Every way a heading can stand, also one that is never counted."""
        node = self.plan.nodes[at]
        marks = self.absences[at].marks
        if node.met is not None:
            return {Stands.IN}
        ways, _ = self.uncounted.get(at, (self.ways[at], NO_WAITS))
        found = {Stands(one) for way in ways for one in range(way.stands[0], way.stands[1] + 1)} - {Stands.NOTHING}
        if not found:  # a leaf as it was read before
            found = {stands_without(node.absent[mark].policy) for mark in marks if mark >= 0}
            found |= {Stands.IN} if HERE_APPLIES in marks else set()
        return found | {Stands.OUT} if ABOVE_ABSENT in marks else found

    def rated_ways(self, sums: Iterable[Standing]) -> frozenset[bool]:
        """Whether the sheet is rated, as far as that is known."""
        beside = [way.stands for at in self.plan.roots if self.plan.nodes[at].pool for way in self.ways[at]]
        spoilt = max((high for _, high in beside), default=Stands.NOTHING) == Stands.UNRATED
        surely = spoilt and self.pools_surely_spoil()
        found = {False} if spoilt else set[bool]()
        for standing in sums if not surely else ():
            found |= {stands is not Stands.UNRATED for stands in as_group(standing.stands, sheet=True)}
        return frozenset(found)

    def pools_surely_spoil(self) -> bool:
        """Whether a bonus or a penalty is not rated in every way it can stand."""
        return any(
            ABOVE_ABSENT not in self.absences[at].marks
            and min(way.stands[0] for way in self.ways[at]) == Stands.UNRATED
            for at in self.plan.roots
            if self.plan.nodes[at].pool
        )

    def limited(self, points: Interval, limits: Sequence[ReadLimit]) -> Interval:
        """The total under its limits, and not below 0 unless it is signed."""
        for limit in limits:
            points = limit.apply(points)
        return points if self.plan.signed else greatest((points, ZERO_POINTS))

    def put_limits(self, limits: Sequence[ReadLimit]) -> None:
        """Which limits of the total hold: none is looked at where the sheet is not rated."""
        unread = frozenset((0,)) if False in self.rated else frozenset[int]()
        for i, limit in enumerate(limits):
            marks = (limit.marks if True in self.rated else unread) | unread
            self.slots.put_marks(Observed.LIMIT, -1, marks, limit.holds.waits | self.rated_waits, i)

    def read_sheet(self) -> None:
        plan = self.plan
        self.slots.code = ""
        sums, open_ = self.added(at for at in plan.roots if not plan.nodes[at].pool)
        pools = self.pools()
        self.declared.declare(self.of_sheet.names, self.of_sheet.judged)
        self.env = part_of(self.env, self.of_sheet.names, self.of_sheet)
        limits = read_limits(plan.limits, self.env)
        totals: list[Interval] = []
        shown: list[Interval] = []
        maxima: list[Interval] = []
        below = True
        self.rated = self.rated_ways(sums)
        for standing, points in sums.items() if True in self.rated else ():
            if as_group(standing.stands, sheet=True) == {Stands.UNRATED}:
                continue
            maximum = ends_beyond(standing.maximum, self.worths.beyond_roots)
            points, stands = kept_worth(points, standing._replace(maximum=maximum), None, self.worths.total)
            points = add_up((points, pools))
            points = self.limited(points, limits)
            totals.append(points)
            maxima.append(self.worths.interval(stands.maximum))
            if plan.rounding is not None:
                shown.append(range_rounded_within(points, plan.rounding, (maxima[-1], point(plan.total))))
            below = below and self.worths.is_below(points, stands)
        if False in self.rated:
            totals.append(ZERO_POINTS)
            maxima.append(ZERO_POINTS)
            shown.append(ZERO_POINTS)
        self.rated_waits = open_.union(*(self.open[at] for at in plan.roots)) if len(self.rated) > 1 else NO_WAITS
        self.put_limits(limits)
        self.slots.put_marks(Observed.RATED, -1, frozenset(map(int, self.rated)), self.rated_waits)
        apart = open_ | self.rated_waits if len(totals) > 1 else NO_WAITS
        total = waiting_for(hull(totals), apart)
        published = total if plan.rounding is None else waiting_for(hull(shown), apart)
        maximum_of_all = waiting_for(hull(maxima), open_ | self.rated_waits)
        self.put_total(total, published, maximum_of_all)
        self.total_within = below and plan.rounding is None
        if self.total_within:
            self.env = at_most(self.env, Total(), TotalMaximum())

    def put_total(self, total: Interval, published: Interval, maximum_of_all: Interval) -> None:
        """What the sheet comes to, for the slots and for whoever reads it."""
        self.slots.put_number(Observed.TOTAL, -1, total)
        self.slots.put_number(Observed.PUBLISHED, -1, published)
        self.slots.put_number(Observed.SHEET_MAXIMUM, -1, maximum_of_all)
        self.env.tell(Total(), published)
        self.env.tell(TotalMaximum(), maximum_of_all)
        self.env.forget()
        self.known.totals = (
            None if published.waits else as_fraction(published.exact),
            None if maximum_of_all.waits else as_fraction(maximum_of_all.exact),
        )

"""``read_ranges``: a plan read while facts are missing. Every exact result still possible lies in what is read here.

The same operations as the exact reading, in the same order, over ranges of exact numbers and sets of marks. What is
read waits for exactly the names that can still change it; nothing waits once everything that matters is known. A
heading that waits for nothing is read at once on exact numbers (:mod:`rubric_engine.runtime.ranges_settled`).

A leaf with a policy for missing facts does not wait: where it would, for facts or judgements, the policy settles it.
Only a decision left to the authority is waited for all the same. Standard library only. Expressions are read by
:mod:`rubric_engine.runtime.ranges_expr`, which ``check`` uses too.
"""


from rubric_engine.runtime.expr import Total
from rubric_engine.runtime.expr import TotalMaximum
from rubric_engine.runtime.facts import Facts
from rubric_engine.runtime.plan import Observed
from rubric_engine.runtime.plan import Plan
from rubric_engine.runtime.ranges_absence import ABOVE_ABSENT
from rubric_engine.runtime.ranges_absence import at_most
from rubric_engine.runtime.ranges_headings import HeadingReader
from rubric_engine.runtime.ranges_interval import NO_WAITS
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import add_up
from rubric_engine.runtime.ranges_interval import as_fraction
from rubric_engine.runtime.ranges_interval import greatest
from rubric_engine.runtime.ranges_interval import hull
from rubric_engine.runtime.ranges_interval import rounded
from rubric_engine.runtime.ranges_interval import waiting_for
from rubric_engine.runtime.ranges_near import part_of
from rubric_engine.runtime.ranges_nodes import read_limits
from rubric_engine.runtime.ranges_standing import ZERO_POINTS
from rubric_engine.runtime.ranges_standing import ends_beyond
from rubric_engine.runtime.ranges_standing import kept_worth
from rubric_engine.runtime.ranges_tables import put_table
from rubric_engine.runtime.reading import RangeReading


def read_ranges(plan: Plan, facts: Facts) -> RangeReading:
    """Every slot as far as it is known. Raises :class:`ScoringError` for a division surely by zero."""
    reader = _SheetReader(plan, facts)
    for at in plan.order:
        reader.read_node(at)
    reader.read_sheet()
    for which, table in enumerate(plan.grades):
        put_table(which, table, reader.env, reader.chance, reader.slots)
    return reader.slots.reading()


class _SheetReader(HeadingReader):
    """A reading of all headings, then of the sheet."""

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

    def read_sheet(self) -> None:
        plan = self.plan
        self.slots.code = ""
        sums, open_ = self.added(at for at in plan.roots if not plan.nodes[at].pool)
        pools = self.pools()
        self.declared.declare(self.of_sheet.names, self.of_sheet.judged)
        self.env = part_of(self.env, self.of_sheet.names, self.of_sheet)
        limits = read_limits(plan.limits, self.env)
        for i, limit in enumerate(limits):
            self.slots.put_marks(Observed.LIMIT, -1, limit.marks, limit.holds.waits, i)
        totals: list[Interval] = []
        maxima: list[Interval] = []
        below = True
        for standing, points in sums.items():
            maximum = ends_beyond(standing.maximum, self.worths.beyond_roots)
            points, stands = kept_worth(points, standing._replace(maximum=maximum), None, self.worths.total)
            points = add_up((points, pools))
            for limit in limits:
                points = limit.apply(points)
            if not plan.signed:
                points = greatest((points, ZERO_POINTS))
            totals.append(points)
            maxima.append(self.worths.interval(stands.maximum))
            below = below and self.worths.is_below(points, stands)
        total = waiting_for(hull(totals), open_ if len(totals) > 1 else NO_WAITS)
        published = total if plan.rounding is None else rounded(total, plan.rounding.mode, plan.rounding.step)
        maximum_of_all = waiting_for(hull(maxima), open_)
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
        if below and plan.rounding is None:
            self.env = at_most(self.env, Total(), TotalMaximum())

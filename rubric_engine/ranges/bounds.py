"""What a plan can come to whatever is submitted: the range reading of nothing said. Standard library only.

Policies for what is missing, evidence that is there or not, clauses that hold or not: all are ways a heading can come
out. INVARIANT: every exact result of every submission lies within these bounds.
"""

from collections.abc import Mapping
from dataclasses import replace

from rubric_engine.facts.facts import Facts
from rubric_engine.plan.expr import MaximumOf, PointsOf, Total, TotalMaximum
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.record import record
from rubric_engine.ranges.sheet import SheetReader
from rubric_engine.ranges.values.interval import NO_WAITS, Interval

ANY_FACTS = Facts("", {}, {}, {}, {}, {}, ())


@record
class Bounds:
    """Points and applicable maximum of every heading by code, the total as published and the maximum it is held
    against.

    ``within`` are the headings, among those some rule reads, that never have more points than their maximum;
    ``total_within`` says the same of the sheet. ``undefined`` are the headings whose points may have no value.
    """

    points: Mapping[str, Interval]
    maxima: Mapping[str, Interval]
    total: Interval
    total_maximum: Interval
    within: frozenset[str]
    total_within: bool
    undefined: frozenset[str]


def bounds_of(plan: Plan, facts: Facts = ANY_FACTS) -> Bounds:
    """What headings and sheet can come to, with these facts and any others.

    Raises :class:`~rubric_engine.meaning.reading.ScoringError` where something is undefined whatever is said.
    """
    reader = SheetReader(plan, facts, anything=True)
    reader.read_nodes()
    told = reader.env.told
    points = {node.code: _plainly(told(PointsOf(node.code))) for node in plan.nodes}
    maxima = {node.code: _plainly(told(MaximumOf(node.code))) for node in plan.nodes}
    within = frozenset(reader.env.heading_forms)
    undefined = frozenset(node.code for node in plan.nodes if told(PointsOf(node.code)).may_be_undefined)
    reader.read_sheet()
    told = reader.env.told
    return Bounds(
        points, maxima, _plainly(told(Total())), _plainly(told(TotalMaximum())), within, reader.total_within, undefined
    )


def _plainly(value: Interval) -> Interval:
    """The values alone: nothing waits here."""
    return replace(value, waits=NO_WAITS, may_be_undefined=False)

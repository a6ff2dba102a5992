"""What an authority decided where the rubric leaves it open: a plan in which its decisions stand.

A rubric leaves open what a heading comes to (``not applicable when …: undecided``), a grade (a row ``undecided``), and
the order of equal units (``ties undecided``). The plan with decisions is a plan like any other, of the same slots, so
that whatever reads it obeys them. Standard library only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from rubric_engine.plan.expr import All, Always, AnyOf, Not, Truth
from rubric_engine.plan.grading import GradeRow, GradeTable, Ties
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Absent, Plan, PlanNode, Policy
from rubric_engine.plan.record import record

POINTS: Final = "points"
PLACE: Final = "rank"
GRADE: Final = "grade"
# What may be decided of a heading instead of its points.
POLICIES: Final = (Policy.FULL, Policy.EXCLUDED, Policy.ZERO)
_MOST_KEPT: Final = 64


@record
class Decision:
    """One decision: points of a heading or what becomes of it, the name of a grade, a place in the ranking.

    ``on`` is the day, an ordinal; ``by``, ``on`` and ``because`` are shown with it and change nothing.
    """

    value: Fraction | Policy | str
    by: str = ""
    on: int | None = None
    because: str = ""


def left_open(plan: Plan) -> tuple[str, ...]:
    """What somebody may have to decide of a unit: codes of headings, ``grade``, ``grade NAME``, ``rank``."""
    found = [node.code for node in plan.nodes if any(one.policy is Policy.UNDECIDED for one in node.absent)]
    open_ = (table for table in plan.grades if table.quotas or any(not row.name for row in table.rows))
    found += [grade_key(plan, table) for table in open_]
    if plan.ranking is not None and plan.ranking.ties is Ties.UNDECIDED:
        found.append(PLACE)
    return tuple(found)


def decided_as(plan: Plan, name: str) -> str:
    """What a decision is called inside: ``points`` of a heading, ``grade``, ``rank``."""
    if any(node.code == name for node in plan.nodes):
        return POINTS
    return PLACE if name == PLACE else GRADE


def grade_key(plan: Plan, table: GradeTable) -> str:
    """What a decision on a grade of this table is called."""
    name = table.name or (plan.nodes[table.node].code if table.node >= 0 else "")
    return f"{GRADE} {name}".strip()


def with_decisions(plan: Plan, decisions: Mapping[str, Decision]) -> Plan:
    """The plan as decided; the same plan where nothing was."""
    if not decisions:
        return plan
    kept: dict[object, Plan] = layout_of(plan).remembered(("decided",), _nothing_kept)
    key = tuple(sorted((name, str(one.value)) for name, one in decisions.items()))
    found = kept.get(key)
    if found is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        nodes = tuple(_decided(node, decisions.get(node.code)) for node in plan.nodes)
        grades = tuple(_graded(table, decisions.get(grade_key(plan, table))) for table in plan.grades)
        found = kept[key] = replace(plan, nodes=nodes, grades=grades)
    return found


_nothing_kept: Callable[[], dict[object, Plan]] = dict


def _decided(node: PlanNode, decision: Decision | None) -> PlanNode:
    if decision is None:
        return node
    return replace(node, absent=tuple(_clause(one, decision.value) for one in node.absent))


def _clause(clause: Absent, value: Fraction | Policy | str) -> Absent:
    if clause.policy is not Policy.UNDECIDED:
        return clause
    if isinstance(value, Fraction):
        return replace(clause, policy=Policy.DECIDED, points=value)
    return replace(clause, policy=Policy(value))


def _graded(table: GradeTable, decision: Decision | None) -> GradeTable:
    """The table in which the row that leaves the grade open never holds, and that of the decided grade does there."""
    at = next((at for at, row in enumerate(table.rows) if row.name and decision and row.name == decision.value), None)
    if at is None:
        return table
    rows = table.rows
    open_: list[Truth] = []
    for place, row in enumerate(rows):
        if not row.name:
            before = [one.when for one in rows[:place] if one.when is not None]
            own = [] if row.when is None else [row.when]
            open_.append(All((*own, *(Not(when) for when in before))))
    if not open_:
        return table
    case = open_[0] if len(open_) == 1 else AnyOf(tuple(open_))

    def row_as_decided(place: int, row: GradeRow) -> GradeRow:
        if not row.name:
            return replace(row, when=Always(False))
        if place == at:
            when = None if row.when is None else AnyOf((row.when, case))
            return replace(row, when=when, decided=case)
        return row if row.when is None else replace(row, when=All((row.when, Not(case))))

    return replace(table, rows=tuple(row_as_decided(place, row) for place, row in enumerate(rows)))

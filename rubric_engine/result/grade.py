"""The grade of a reading: the row by points, every gate on it, what may still come. Standard library only."""

from collections.abc import Iterable

from rubric_engine.plan.plan import Gate, GateKind, GradeTable, Observed
from rubric_engine.result.outcome import GateResult, GradeResult, GradeState, ShownFact
from rubric_engine.result.view import ReadingView

_IDLE = -2
_NO_SUBJECT = -3
_TOTALS = ("total", "maximum of total")


def grade_results(view: ReadingView) -> tuple[GradeResult, ...]:
    """The grade by every table that applies, or still may, in the order written."""
    found = (_grade_result(view, number, table) for number, table in enumerate(view.plan.grades))
    return tuple(grade for grade in found if grade is not None)


def first_of_sheet(grades: Iterable[GradeResult]) -> GradeResult | None:
    """The grade of the sheet, where one table or more grades it."""
    return next((grade for grade in grades if not grade.node), None)


def _grade_result(view: ReadingView, number: int, table: GradeTable) -> GradeResult | None:
    """How the grade stands; ``None`` where the table does not apply."""
    final = view.marks(Observed.GRADE, number)
    if final.exact == _IDLE:
        return None
    if final.exact == _NO_SUBJECT and table.applies is not None and view.holds(table.applies) is False:
        return None
    by_points = view.mark(Observed.GRADE_BY_POINTS, number)
    marks = [view.mark(Observed.GATE, number, i) for i in range(len(table.gates))]
    fired = [None if mark is None else bool(mark) for mark in marks]
    changed = [_changed(table, gate, hit, by_points, final.exact, fired)
               for gate, hit in zip(table.gates, fired, strict=True)]  # fmt: skip
    gates = tuple(
        GateResult(str(gate.kind), gate.label, gate.because, hit, moved, gate.line, view.shown(gate.when))
        for gate, hit, moved in zip(table.gates, fired, changed, strict=True)
    )
    row = table.rows[by_points] if by_points is not None and by_points >= 0 else None
    state, name, title = _standing(table, final.exact, fired)
    return GradeResult(
        state, name, title, row.name or None if row is not None else None, row.label if row is not None else "",
        tuple(_called(table, at) for at in sorted(final.values) if at >= 0), gates,
        row.line if row is not None else table.line, table.name,
        "" if table.node < 0 else view.plan.nodes[table.node].code, table.title, _rows_look_at(view, table),
    )  # fmt: skip


def _rows_look_at(view: ReadingView, table: GradeTable) -> tuple[ShownFact, ...]:
    """What tells the rows apart, beside the points that stand above the grade anyhow."""
    whens = tuple(row.when for row in table.rows)
    code = "" if table.node < 0 else view.plan.nodes[table.node].code
    aside = (*_TOTALS, f"points of {code}", f"maximum of {code}")
    return tuple(fact for fact in view.shown(table.applies, *whens) if fact.name not in aside)


def _called(table: GradeTable, at: int) -> str:
    """An undecided row has no name: its title says what it is."""
    return table.rows[at].name or table.rows[at].title


def _standing(table: GradeTable, final: int | None, fired: list[bool | None]) -> tuple[GradeState, str | None, str]:
    if final is None:
        return GradeState.PENDING, None, ""
    if final == _NO_SUBJECT:
        return GradeState.NOT_RATED, None, ""
    if final < 0:
        refused = any(hit for gate, hit in zip(table.gates, fired, strict=True) if gate.kind is GateKind.NONE)
        return (GradeState.NONE if refused else GradeState.UNDECIDED), None, ""
    row = table.rows[final]
    if not row.name:
        return GradeState.UNDECIDED, None, row.title
    return GradeState.ISSUED, row.name, row.title


def _changed(
    table: GradeTable, gate: Gate, hit: bool | None, by_points: int | None, final: int | None, fired: list[bool | None]
) -> bool:
    """Whether the final grade is what this gate asks for, and not the grade by points."""
    if not hit or by_points is None or final is None or final == by_points:
        return False
    if gate.kind is GateKind.NONE:
        return final < 0
    if gate.kind is not GateKind.LOWER:
        return final == gate.row
    named = [i for i, row in enumerate(table.rows) if row.name]
    if by_points not in named:
        return False
    steps = sum(1 for other, on in zip(table.gates, fired, strict=True) if on and other.kind is GateKind.LOWER)
    return final == named[min(named.index(by_points) + steps, len(named) - 1)]

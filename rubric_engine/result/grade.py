"""The grade of a reading: the row by points, every gate on it, what may still come. Standard library only."""

from collections.abc import Iterable
from typing import Final

from rubric_engine.plan.deciding import grade_key
from rubric_engine.plan.expr import Truth
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import Gate, GateKind, GradeRow, GradeTable, Observed
from rubric_engine.plan.record import later
from rubric_engine.result.outcome import GateResult, GradeResult, GradeState, ShownFact
from rubric_engine.result.view import ReadingView
from rubric_engine.result.words import decided_by

_IDLE = -2
_NO_SUBJECT = -3
_MOST_KEPT: Final = 1024
_TOTALS = ("total", "maximum of total")


def grade_results(view: ReadingView) -> tuple[GradeResult, ...]:
    """The grade by every table that applies, or still may, in the order written."""
    found: list[GradeResult] = []
    for number in range(len(view.plan.grades)):
        grade = _grade_result(view, number) if view.values is None else _known(view, number, view.values)
        if grade is not None:
            found.append(later(GradeResult, grade, _Late(view, number)))
    return tuple(found)


def _known(view: ReadingView, number: int, values: tuple[object, ...]) -> GradeResult | None:
    """A grade without what is late: one for each row and set of gates that a reading has come to so far."""
    first, last, known = view.layout.remembered(("grade", number), lambda: _places(view.layout, number))
    key = values[first:last]
    found = known.get(key)
    if found is None:
        found = _grade_result(view, number)
        kept = found is not None and found.state is not GradeState.NOT_RATED and len(known) < _MOST_KEPT
        if found is not None and kept and not any(row.decided for row in view.plan.grades[number].rows):
            known[key] = found
    return found


def _places(layout: PlanLayout, number: int) -> tuple[int, int, dict[object, GradeResult]]:
    """The slots of a table stand together."""
    firsts = layout.firsts[number]
    return firsts[Observed.GRADE_BY_POINTS], firsts[Observed.GRADE] + 1, {}


class _Late:
    """The gates of a grade, and what tells its rows apart."""

    __slots__ = ("_number", "_view")

    def __init__(self, view: ReadingView, number: int) -> None:
        self._view = view
        self._number = number

    def late(self, like: object, name: str) -> object:
        """What was left for whoever looks."""
        look = _gates if name == "gates" else _rows_look_at
        return look(self._view, self._number)


class _LookedAt:
    """The facts a gate looks at."""

    __slots__ = ("_view", "_when")

    def __init__(self, view: ReadingView, when: Truth) -> None:
        self._view = view
        self._when = when

    def late(self, like: object, name: str) -> object:
        """The facts."""
        return self._view.shown(self._when)


def first_of_sheet(grades: Iterable[GradeResult]) -> GradeResult | None:
    """The grade of the sheet, where one table or more grades it."""
    return next((grade for grade in grades if not grade.node), None)


def _grade_result(view: ReadingView, number: int) -> GradeResult | None:
    """How the grade stands, without its gates and facts; ``None`` where the table does not apply."""
    table = view.plan.grades[number]
    final = view.marks(Observed.GRADE, number)
    if final.exact == _IDLE:
        return None
    if final.exact == _NO_SUBJECT and table.applies is not None and view.holds(table.applies) is False:
        return None
    by_points = view.mark(Observed.GRADE_BY_POINTS, number)
    row = table.rows[by_points] if by_points is not None and by_points >= 0 else None
    state, name, title = _standing(table, final.exact, _fired(view, number))
    # An undecided row has no name: its title says what it is.
    open_ = [table.rows[at] for at in sorted(final.values) if at >= 0]
    named = {each.name: each.title for each in (*open_, *filter(None, (row,))) if each.name and each.title}
    return later(
        GradeResult, None, None, state=state, name=name, title=title,
        by_points=row.name or None if row is not None else None, label=row.label if row is not None else "",
        decided=_decided(view, table, row),
        possible=tuple(each.name or each.title for each in open_), titles=tuple(named.items()),
        line=row.line if row is not None else table.line, table=table.name,
        node="" if table.node < 0 else view.plan.nodes[table.node].code, table_title=table.title,
    )  # fmt: skip


def _decided(view: ReadingView, table: GradeTable, row: GradeRow | None) -> str:
    """Who decided the grade, where the rubric leaves it open."""
    if row is None or row.decided is None or view.holds(row.decided) is not True:
        return ""
    decision = view.facts.decisions[grade_key(view.plan, table)]
    return decided_by(decision) or "decided"


def _fired(view: ReadingView, number: int) -> list[bool | None]:
    marks = [view.mark(Observed.GATE, number, i) for i in range(len(view.plan.grades[number].gates))]
    return [None if mark is None else bool(mark) for mark in marks]


def _gates(view: ReadingView, number: int) -> tuple[GateResult, ...]:
    table = view.plan.grades[number]
    by_points, final = view.mark(Observed.GRADE_BY_POINTS, number), view.mark(Observed.GRADE, number)
    fired = _fired(view, number)
    return tuple(
        later(GateResult, None, _LookedAt(view, gate.when), kind=str(gate.kind), label=gate.label, because=gate.because,
              fired=hit, changed=_changed(table, gate, hit, by_points, final, fired), line=gate.line)
        for gate, hit in zip(table.gates, fired, strict=True)
    )  # fmt: skip


def _rows_look_at(view: ReadingView, number: int) -> tuple[ShownFact, ...]:
    """What tells the rows apart, beside the points that stand above the grade anyhow."""
    table = view.plan.grades[number]
    whens = tuple(row.when for row in table.rows)
    code = "" if table.node < 0 else view.plan.nodes[table.node].code
    aside = (*_TOTALS, f"points of {code}", f"maximum of {code}")
    return tuple(fact for fact in view.shown(table.applies, *whens) if fact.name not in aside)


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

"""``grades [NAME] by total [when C]``: rows best first, then gates; by points, an index, or a label."""

from fractions import Fraction

from rubric_engine import model as m
from rubric_engine.analysis.resolve.least import may_leave
from rubric_engine.analysis.resolve.outline import Outline, Table
from rubric_engine.analysis.resolve.quotas import resolve_quota
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.finish import held_step
from rubric_engine.model import At
from rubric_engine.plan.expr import Const, PointsOf, Total
from rubric_engine.plan.plan import Gate, GateKind, Rounding
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.expressions import resolve, resolve_number, resolve_truth
from rubric_engine.rules.forms.clauses import rounding as made_rounding
from rubric_engine.rules.forms.ends import band_row
from rubric_engine.rules.forms.rows import misfit
from rubric_engine.rules.names.level_values import all_of, levelled, test_of
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Sort, Typed
from rubric_engine.syntax.tree import nodes as n

# Points of a sheet without rounding live on no grid; with rounding, on its steps.
SHEET = Heading("")


def resolve_grades(
    outline: Outline, total: Fraction | None, rounding: Rounding | None, scope: Scope
) -> tuple[m.GradeRules, ...]:
    """The grade tables in the order written, without those whose rows could not be read. ``total`` is that printed."""
    _names_once(outline, scope)
    _share_gates(outline, scope)
    found = (_table(table, outline, total, rounding, scope) for table in outline.grades)
    return tuple(rules for rules in found if rules is not None)


def _share_gates(outline: Outline, scope: Scope) -> None:
    """What stands under ``all grades`` is put under every table that has its grade, before the table's own."""
    if outline.shared_gates and not outline.grades:
        first = outline.shared_gates[0].span
        scope.report("RUB210", first, clause=scope.words(first), help="help_gate")
        return
    for one in reversed(outline.shared_gates):
        grade = one.grade
        fitting = [table for table in outline.grades if grade is None or grade.text in _grades_of(table)]
        if grade is not None and not fitting:
            known = list(dict.fromkeys(name for table in outline.grades for name in _grades_of(table)))
            _unknown_grade(grade, known, scope)
        for table in fitting:
            if isinstance(one, n.GateClause):
                table.gates.insert(0, one)
            else:
                table.quotas.insert(0, one)


def _grades_of(table: Table) -> list[str]:
    rows = (row if isinstance(row, n.GradeRowClause) else _short_row(row) for row in table.rows)
    return [row.name.text for row in rows if row is not None and row.name is not None]


def _unknown_grade(grade: n.Ident, known: list[str], scope: Scope) -> None:
    near = closest(grade.text, known)
    scope.report("RUB207", grade.span, grade=grade.text, grades=", ".join(known), near=near or "",
                 help="help_near" if near else "help")  # fmt: skip


def _names_once(outline: Outline, scope: Scope) -> None:
    """A name stands for one table, and never for what a heading is called by."""
    first: dict[str, n.Ident] = {}
    for table in outline.grades:
        name = table.clause.name
        if name is None:
            continue
        earlier = first.setdefault(name.text, name)
        if earlier is not name:
            scope.report("RUB202", name.span, name=name.text, line=scope.line(earlier.span))
        elif name.text in scope.codes:
            scope.report("RUB202", name.span, name=name.text, help="help_table")


def _table(
    table: Table, outline: Outline, total: Fraction | None, rounding: Rounding | None, scope: Scope
) -> m.GradeRules | None:
    clause = table.clause
    subject = resolve(clause.subject, scope, SHEET)
    if subject.sort is not Sort.LEVEL:
        subject = resolve_number(clause.subject, scope, SHEET)
    applies = None if clause.condition is None else resolve_truth(clause.condition, scope, SHEET)
    if subject.broken or (applies is not None and applies.broken):
        return None
    if not table.rows:
        scope.report("RUB246", clause.span, row=scope.words(clause.span))
        return None
    rows = [line for row in table.rows if (line := _row(row, subject, clause, scope)) is not None]
    if len(rows) != len(table.rows):
        return None
    names = [line.name for line in rows]
    levels = levelled(subject)
    return m.GradeRules(
        subject=None if levels is not None else subject.num,
        unit=subject.unit,
        grid=_grid(subject, clause, outline, total, rounding, scope),
        label=scope.words(clause.subject.span),
        first=clause.first,
        rows=tuple(rows),
        gates=tuple(gate for one in table.gates if (gate := _gate(one, names, scope)) is not None),
        quotas=tuple(quota for one in table.quotas if (quota := resolve_quota(one, names, scope)) is not None),
        span=clause.span,
        name="" if clause.name is None else clause.name.text,
        title="" if clause.title is None else clause.title.value,
        node=_graded(clause, outline),
        applies=None if applies is None or clause.condition is None else At(applies.test, clause.condition.span),
        names=() if levels is None else tuple(level.name for level in levels.levels),
        tests=() if levels is None else tuple(test_of(subject, (at,)) for at in range(len(levels.levels))),
        ordered=levels is not None and levels.ordered,
    )


def _graded(clause: n.Grades, outline: Outline) -> int:
    """The heading a table by its points or index grades; -1 for the sheet."""
    if not isinstance(clause.subject, n.OfNode) or clause.subject.what == "met":
        return -1
    code = clause.subject.code.text
    return next((at for at, draft in enumerate(outline.drafts) if draft.code == code), -1)


def _grid(
    subject: Typed,
    clause: n.Grades,
    outline: Outline,
    total: Fraction | None,
    rounding: Rounding | None,
    scope: Scope,
) -> Fraction | None:
    """The step the subject lives on: that of the sheet's rounding, or of the heading's own."""
    if isinstance(subject.expr, Total):
        return subject.grid if rounding is None else _held(rounding, total or Fraction(0), outline, scope)
    if isinstance(subject.expr, PointsOf):
        draft = outline.drafts[_graded(clause, outline)]
        own = next((one.to for one in draft.clauses if isinstance(one, n.RoundedClause)), None)
        rounds = made_rounding(own)
        return subject.grid if rounds is None else _held(rounds, scope.points[draft.code][1], outline, scope)
    return subject.grid


def _held(rounding: Rounding, printed: Fraction, outline: Outline, scope: Scope) -> Fraction:
    """The step of a rounding that stays within the maximum: full points off its grid are points too."""
    ends = [printed]
    if scope.excluded or any(may_leave(draft.clauses) for draft in outline.drafts):
        ends += [end for pair in scope.points.values() for end in pair]
    return held_step(rounding, ends)


def _row(row: n.GradeRowClause | n.Row, subject: Typed, clause: n.Grades, scope: Scope) -> m.GradeLine | None:
    levels = levelled(subject)
    if isinstance(row, n.Row):
        short = None if levels is None else _short_row(row)
        if short is None:
            misfit(scope, row.span, lambda meant: isinstance(meant, n.GradeRowClause), "help_grades")
            return None
        row = short
    if (levels is None and row.levels) or (levels is not None and row.band is not None):
        help_key = "help_grades" if levels is None else "help_grade_levels"
        scope.report("RUB212", row.span, row=scope.words(row.span).split(":")[0], help=help_key)
        return None
    band = None
    if row.band is not None:
        band = band_row(row.band, Const(Fraction(0)), subject.unit, clause.subject.span, row.span, scope)
        if band is None:
            return None
    condition, condition_label = None, ""
    if row.condition is not None:
        test = resolve_truth(row.condition, scope, SHEET)
        if test.broken:
            return None
        condition, condition_label = test.test, scope.words(row.condition.span)
    indices: list[int] = []
    if levels is not None:
        for one in row.levels:
            at = level_index(levels, one.text, one.span, scope)
            if at is None:
                return None
            indices.append(at)
    if indices:
        held = test_of(subject, indices)
        condition = held if condition is None else all_of((held, condition))
    name = row.name.text if row.name else None
    title = row.title.value if row.title else (name or "")
    return m.GradeLine(name, title, band, condition, condition_label, _row_label(row, scope), row.span, tuple(indices))


def _short_row(row: n.Row) -> n.GradeRowClause | None:
    """``good: high`` reads as the row of a level; in a table by a label it is a grade without a title."""
    keys = row.key.keys if isinstance(row.key, n.LevelKeys) else ()
    if len(keys) != 1 or not isinstance(keys[0], n.Ident) or not isinstance(row.value, n.Name):
        return None
    level = n.Ident(row.value.text, row.value.span)
    return n.GradeRowClause(keys[0], None, None, None, levels=(level,), span=row.span)


def _row_label(row: n.GradeRowClause, scope: Scope) -> str:
    """What stands after the colon."""
    if row.title is None:
        return " ".join(scope.words(row.span).split(":", 1)[-1].split())
    after = scope.source.text[row.title.span.end : row.span.end]
    return " ".join(after.lstrip(" :").split())


def _gate(clause: n.GateClause, names: list[str | None], scope: Scope) -> At[Gate] | None:
    at = -1
    if clause.grade is not None:
        if clause.grade.text not in names:
            _unknown_grade(clause.grade, [name for name in names if name], scope)
            return None
        at = names.index(clause.grade.text)
    test = resolve_truth(clause.condition, scope, SHEET)
    if test.broken:
        return None
    because = clause.because.value if clause.because else ""
    words = scope.words(clause.span)
    if clause.because is not None:
        words = " ".join(scope.source.text[clause.span.start : clause.because.span.start].split()[:-1])
    gate = Gate(GateKind(clause.kind), at, test.test, because, words, scope.line(clause.span))
    return At(gate, clause.span)

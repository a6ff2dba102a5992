"""A bare ``score`` with ``when`` rows: the first that holds gives the points; ``otherwise`` is required."""

from collections.abc import Sequence
from fractions import Fraction

from rubric_engine.model import At, ConditionRow, Conditions
from rubric_engine.plan.expr import Const
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.expressions import resolve_points, resolve_truth
from rubric_engine.rules.forms.levels import last_case
from rubric_engine.rules.forms.rows import row_value, split_otherwise, wrong_row
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_conditions(
    clause: n.ScoreWhen, rows: Sequence[n.Row], scope: Scope, heading: Heading
) -> Conditions | None:
    """Rows in the order written; ``None`` when one could not be read."""
    plain, otherwise = split_otherwise(rows, scope, heading)
    found: list[ConditionRow] = []
    for row in plain:
        if not isinstance(row.key, n.WhenKey):
            wrong_row(row, scope, "when")
            continue
        when = resolve_truth(row.key.condition, scope, heading)
        value = row_value(row, scope, heading)
        if not when.broken and value is not None:
            label = scope.words(row.key.condition.span)
            found.append(ConditionRow(when.test, value, label, row.span))
    return Conditions(tuple(found), otherwise, clause.span) if len(found) == len(plain) else None


def resolve_all_or_nothing(clause: n.ScoreAllOrNothing, scope: Scope, heading: Heading) -> Conditions | None:
    """Full points where a condition holds, none where it does not: a chain of one row."""
    when = resolve_truth(clause.condition, scope, heading)
    full = resolve_points(n.FullPoints(clause.span), scope, heading)
    if when.broken or full.broken:
        return None
    label = scope.words(clause.condition.span)
    row = ConditionRow(when.test, full.num, label, clause.span)
    return Conditions((row,), At(Const(Fraction(0)), clause.span), clause.span)


def lower_conditions(rule: Conditions, source: SourceFile) -> Choice:
    """One case a row."""
    cases = [Case(row.when, row.value, row.label, source.line_number(row.span.start)) for row in rule.rows]
    if rule.otherwise is not None:
        cases.append(last_case(rule.otherwise, source))
    return Choice(Form.CONDITIONS, tuple(cases), line=source.line_number(rule.span.start))

"""``score EXPRESSION`` and ``start at EXPRESSION``."""

from rubric_engine.model import Formula, Start
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.expressions import resolve_points
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_formula(clause: n.ScoreFormula, scope: Scope, heading: Heading) -> Formula | None:
    """Points by any expression."""
    value = resolve_points(clause.value, scope, heading)
    return None if value.broken else Formula(value.num, scope.words(clause.value.span), clause.span)


def resolve_start(clause: n.StartAt, scope: Scope, heading: Heading) -> Start | None:
    """Points before awards and deductions."""
    value = resolve_points(clause.value, scope, heading)
    return None if value.broken else Start(value.num, scope.words(clause.value.span), clause.span)


def lower_value(rule: Formula | Start, source: SourceFile) -> Choice:
    """One case that always holds."""
    line = source.line_number(rule.span.start)
    form = Form.START if isinstance(rule, Start) else Form.FORMULA
    return Choice(form, (Case(None, rule.value, rule.label, line),), None, rule.label, line)

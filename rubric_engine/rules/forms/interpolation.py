"""``score by x, interpolated`` with anchor rows: straight lines between, level beyond the ends."""

from collections.abc import Sequence

from rubric_engine.model import Anchor, Interpolation
from rubric_engine.plan.expr import Compare, Const, Num, Order
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.folding import add, divide, multiply, subtract
from rubric_engine.rules.forms.ends import end_value
from rubric_engine.rules.forms.rows import row_value, wrong_row
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Typed
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_interpolation(
    subject: Typed, clause: n.ScoreBy, rows: Sequence[n.Row], scope: Scope, heading: Heading
) -> Interpolation | None:
    """Each row is one point of the line: ``70%: 1``."""
    anchors: list[Anchor] = []
    for row in rows:
        key = row.key
        if not isinstance(key, n.Band) or key.low is None or key.low != key.high:
            wrong_row(row, scope, "anchors")
            continue
        at = end_value(key.low, subject.unit, clause.subject.span, scope)
        value = row_value(row, scope, heading)
        if at is not None and value is not None:
            anchors.append(Anchor(at, value, row.span))
    if len(anchors) != len(rows) or subject.expr is None:
        return None
    label = scope.words(clause.subject.span)
    return Interpolation(subject.num, subject.unit, label, tuple(anchors), clause.span)


def lower_interpolation(rule: Interpolation, source: SourceFile) -> Choice:
    """A case a stretch: up to the first anchor, between each two, beyond the last."""
    line = source.line_number(rule.span.start)
    cases: list[Case] = []
    before: Anchor | None = None
    for anchor in rule.anchors:
        up_to = Compare(Order.LE, rule.subject, Const(anchor.at))
        value = anchor.value if before is None else _between(rule.subject, before, anchor)
        cases.append(Case(up_to, value, _label(source, before, anchor), source.line_number(anchor.span.start)))
        before = anchor
    if before is not None:
        cases.append(Case(None, before.value, _label(source, before, None), source.line_number(before.span.start)))
    return Choice(Form.INTERPOLATED, tuple(cases), rule.subject, rule.label, line)


def _between(subject: Num, left: Anchor, right: Anchor) -> Num:
    slope = divide(subtract(right.value, left.value), Const(right.at - left.at))
    return add(left.value, multiply(slope, subtract(subject, Const(left.at))))


def _label(source: SourceFile, left: Anchor | None, right: Anchor | None) -> str:
    ends = [" ".join(source.text[a.span.start : a.span.end].split()) for a in (left, right) if a is not None]
    return " … ".join(ends)

"""``score in proportion to a / b[, 0 below 70%]``: full points times the ratio, at most full points."""

from fractions import Fraction

from rubric_engine.model import Proportion, Unit
from rubric_engine.plan.expr import Compare, Const, Div, Greatest, Least, Mul, Num, Order
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.expressions import resolve_number
from rubric_engine.rules.forms.ends import end_value
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_proportion(clause: n.ScoreProportion, scope: Scope, heading: Heading) -> Proportion | None:
    """The ratio must be a share: a quotient of like amounts, or a percent."""
    ratio = resolve_number(clause.ratio, scope, heading)
    if ratio.broken:
        return None
    if ratio.unit not in (Unit.RATIO, Unit.PERCENT) and not isinstance(ratio.expr, Div):
        scope.report("RUB303", clause.ratio.span, left=ratio.unit, right=Unit.RATIO,
                     text=scope.words(clause.ratio.span), help="help_ratio")  # fmt: skip
        return None
    floor: Fraction | None = None
    if clause.zero_below is not None:
        floor = end_value(clause.zero_below, ratio.unit, clause.ratio.span, scope)
    label = scope.words(clause.ratio.span)
    return Proportion(ratio.num, floor, label, clause.span)


def lower_proportion(rule: Proportion, full: Fraction, source: SourceFile) -> Choice:
    """Points = full x max(0, min(1, ratio)); nothing under the floor."""
    line = source.line_number(rule.span.start)
    share: Num = Least((Const(full), Mul((Const(full), rule.ratio))))
    cases = [Case(None, Greatest((Const(Fraction(0)), share)), rule.label, line)]
    if rule.zero_below is not None:
        below = Compare(Order.LT, rule.ratio, Const(rule.zero_below))
        cases.insert(0, Case(below, Const(Fraction(0)), rule.label, line))
    return Choice(Form.PROPORTION, tuple(cases), rule.ratio, rule.label, line)

"""``score judged``: a person gives the points, within bounds and on a grid."""

from fractions import Fraction

from rubric_engine.model import JudgedRule
from rubric_engine.plan.expr import Judged
from rubric_engine.plan.plan import Case, Choice, Form, JudgedSpec
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_judged(
    clause: n.ScoreJudged, title: str, scope: Scope, heading: Heading
) -> tuple[JudgedRule, JudgedSpec] | None:
    """The rule and what may be given; without bounds, from the heading's minimum to its full points."""
    spec = judged_spec(clause, heading.code, title, heading, scope)
    return None if spec is None else (JudgedRule(heading.code, clause.span), spec)


def judged_spec(
    clause: n.ScoreJudged | n.JudgedAmount, key: str, label: str, heading: Heading, scope: Scope
) -> JudgedSpec | None:
    """Bounds and step of a judgement; ``None`` after reporting a step or bounds that make no sense."""
    low = heading.minimum if clause.low is None else clause.low.value
    high = (heading.maximum or Fraction(0)) if clause.high is None else clause.high.value
    step = None if clause.step is None else clause.step.value
    if isinstance(clause, n.ScoreJudged) and clause.yes_no and high > low:
        step = high - low  # nothing between none and full points
    for part in (clause.low, clause.high, clause.step):
        if part is not None and part.percent:
            scope.report("RUB303", part.span, left="percent", right="points", text=scope.words(part.span),
                         help="help_percent")  # fmt: skip
            return None
    if low > high or (step is not None and (step <= 0 or (high - low) % step)):
        scope.report("RUB307", clause.span, low=_plain(low), high=_plain(high), text=scope.words(clause.span),
                     help="help_step" if low <= high else "help")  # fmt: skip
        return None
    return JudgedSpec(key, label, low, high, step, scope.line(clause.span))


def _plain(value: Fraction) -> str:
    return str(value)


def lower_judged(rule: JudgedRule, source: SourceFile) -> Choice:
    """The points as given."""
    line = source.line_number(rule.span.start)
    label = " ".join(source.text[rule.span.start : rule.span.end].split())
    return Choice(Form.JUDGED, (Case(None, Judged(rule.key), label, line),), None, label, line)

"""``evidence NAME "title" required …, if missing EFFECT``."""

from fractions import Fraction

from rubric_engine.model import At
from rubric_engine.plan.expr import Always, Not, Truth
from rubric_engine.plan.plan import Effect, EvidenceSpec
from rubric_engine.rules.expressions import resolve_truth
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.syntax.tree import nodes as n

_WITH_AMOUNT = (Effect.SCORE, Effect.SHARE, Effect.DEDUCT)


def resolve_evidence(clause: n.EvidenceClause, scope: Scope, heading: Heading) -> At[EvidenceSpec] | None:
    """The requirement, what satisfies it, and what its absence does: the author must say."""
    when: Truth = Always(True)
    if clause.condition is not None:
        test = resolve_truth(clause.condition, scope, heading)
        if test.broken:
            return None
        when = Not(test.test) if clause.unless else test.test
    if clause.effect is None:
        scope.report("RUB426", clause.span, evidence=clause.name.text)
        return None
    start, end = clause.issued_from, clause.issued_to
    if start is not None and end is not None and start.value > end.value:
        scope.report("RUB307", start.span.merge(end.span), low=start.value, high=end.value,
                     text=scope.words(start.span.merge(end.span)))  # fmt: skip
        return None
    amount = _amount(clause.effect, scope)
    if amount is None:
        return None
    spec = EvidenceSpec(
        clause.name.text,
        clause.title.value if clause.title else clause.name.text,
        heading.code,
        when,
        clause.at_least or 1,
        None if start is None else start.value.toordinal(),
        None if end is None else end.value.toordinal(),
        Effect(clause.effect.effect),
        amount,
        scope.line(clause.span),
    )
    return At(spec, clause.span)


def _amount(clause: n.EffectClause, scope: Scope) -> Fraction | None:
    """Points, or a share between 0% and 100% for ``at most 50%``; ``None`` after reporting the wrong one."""
    if Effect(clause.effect) not in _WITH_AMOUNT or clause.amount is None:
        return Fraction(0)
    share = Effect(clause.effect) is Effect.SHARE
    if clause.amount.percent is not share or clause.amount.value < 0:
        left, right = ("percent", "points") if clause.amount.percent else ("points", "percent")
        scope.report("RUB303", clause.amount.span, left=left, right=right, text=scope.words(clause.amount.span),
                     help="help_percent" if clause.amount.percent else "help_share")  # fmt: skip
        return None
    return clause.amount.value / 100 if share else clause.amount.value

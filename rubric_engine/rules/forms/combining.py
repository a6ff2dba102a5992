"""Groups that combine their children, and leaves that do not wait for what is missing."""

from dataclasses import replace
from fractions import Fraction

from rubric_engine.model import At
from rubric_engine.plan.combine import CHOOSING
from rubric_engine.plan.expr import Const, Num
from rubric_engine.plan.plan import Combine, CombineKind, IfMissing, MissingPolicy
from rubric_engine.rules.expressions import resolve_points
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.syntax.tree import nodes as n

LARGEST_EXPONENT = 64


def resolve_combine(clause: n.CombineClause, scope: Scope, heading: Heading) -> At[Combine] | None:
    """``combine geometric mean to 6 places, if any is 0: 0``; ``None`` after reporting a parameter that cannot be."""
    kind = CombineKind(clause.kind)
    if_zero: Num | None = None
    if clause.if_zero is not None:
        value = resolve_points(clause.if_zero, scope, heading)
        if value.broken:
            return None
        if_zero = value.num
    parameter = clause.parameter.value if clause.parameter is not None else Fraction(1)
    if kind in CHOOSING and (parameter.denominator != 1 or not 1 <= parameter <= 10_000):
        scope.report("RUB307", clause.span, low=1, high=10_000, text=scope.words(clause.span), help="help_count")
        return None
    if kind is CombineKind.POWER and (parameter == 0 or abs(parameter) > LARGEST_EXPONENT):
        scope.report("RUB308", clause.span, text=scope.words(clause.span), limit=LARGEST_EXPONENT, help="help_mean")
        return None
    combine = Combine(
        kind=kind,
        exponent=parameter if kind is CombineKind.POWER else Fraction(1),
        count=int(parameter) if kind in CHOOSING else 0,
        places=6 if clause.places is None else clause.places,
        if_zero=if_zero,
        label=scope.words(clause.span),
        line=scope.line(clause.span),
    )
    return At(combine, clause.span)


def with_needs(clause: n.NeedsClause, combine: At[Combine] | None, scope: Scope) -> At[Combine] | None:
    """The share of weight a group needs; it belongs to a group that combines."""
    share = clause.share.value / 100 if clause.share.percent else clause.share.value
    if combine is None:
        scope.report("RUB210", clause.span, clause=scope.words(clause.span), help="help_needs")
        return None
    if not clause.share.percent or not 0 < share <= 1:
        scope.report("RUB307", clause.share.span, low="0%", high="100%", text=scope.words(clause.share.span),
                     help="help_share")  # fmt: skip
        return combine
    return At(replace(combine.value, needs=share), combine.span)


def resolve_missing_policy(
    clause: n.MissingClause | n.NotRatedClause, scope: Scope, heading: Heading
) -> At[IfMissing] | None:
    """``if missing: 0``, ``if not judged: excluded``, ``if not rated: worst``: the lowest points of the heading."""
    worst = clause.policy == "worst"
    policy = MissingPolicy.POINTS if worst else MissingPolicy(clause.policy)
    value: Num | None = Const(heading.minimum) if worst else None
    if clause.value is not None:
        points = resolve_points(clause.value, scope, heading)
        if points.broken:
            return None
        value = points.num
    words, line = scope.words(clause.span), scope.line(clause.span)
    judged = isinstance(clause, n.MissingClause) and clause.judged
    return At(IfMissing(policy, judged, value, words, line), clause.span)

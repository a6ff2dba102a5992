"""Every expression of a rubric with the clause it stands in: for checks that look at expressions anywhere."""

from collections.abc import Iterator

from rubric_engine import model as m
from rubric_engine.model import Node, Rubric
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import ReferenceKind
from rubric_engine.source import Span

Written = tuple[x.Expr, Span]


def expressions_of_node(node: Node, rubric: Rubric) -> Iterator[Written]:
    """What the clauses under a heading read, outermost expressions in the order they are carried out."""
    for absent in node.absent:
        yield from _present((absent.value.when,), absent.span)
    for requirement in node.requirements:
        yield from _present((requirement.value.holds, requirement.value.otherwise), requirement.span)
    if node.rule is not None:
        yield from _of_rule(node.rule)
    if node.met is not None:
        yield node.met.value, node.met.span
    for each in node.adjustments:
        change = each.value
        yield from _present((change.when, change.amount, change.times, change.cap), each.span)
    for at in node.evidence:
        yield rubric.evidence[at].value.when, rubric.evidence[at].span
    for limit in node.limits:
        yield from _present((limit.value.when, limit.value.value), limit.span)
    if node.combine is not None:
        yield from _present((node.combine.value.if_zero,), node.combine.span)
    for policy in (node.if_missing, node.if_not_rated):
        if policy is not None:
            yield from _present((policy.value.value,), policy.span)


def expressions_of_sheet(rubric: Rubric) -> Iterator[Written]:
    """What the limits on the total, the grades and their gates, figures and the ranking read."""
    for limit in rubric.limits:
        yield from _present((limit.value.when, limit.value.value), limit.span)
    for rules in rubric.grades:
        if rules.applies is not None:
            yield rules.applies.value, rules.applies.span
        yield from _present((rules.subject,), rules.span)
        for row in rules.rows:
            yield from _present((row.condition,), row.span)
        for gate in rules.gates:
            yield gate.value.when, gate.span
    yield from expressions_of_cohort(rubric)


def expressions_of_cohort(rubric: Rubric) -> Iterator[Written]:
    """What is asked of every unit: the subjects and conditions of figures, the keys of a ranking.

    The bare index of a heading is left out: a unit to which the heading does not apply is passed over there.
    """
    for reference in rubric.references:
        if reference.value.kind is not ReferenceKind.PREVIOUS:
            parts = (reference.value.where, reference.value.subject)
            yield from ((expr, reference.span) for expr in parts if expr is not None and not _is_index(expr))
    if rubric.ranking is not None:
        keys = (key.subject for key in rubric.ranking.value.keys)
        yield from ((key, rubric.ranking.span) for key in keys if not _is_index(key))


def _is_index(expr: x.Expr) -> bool:
    return isinstance(expr, x.Div) and isinstance(expr.left, x.PointsOf) and isinstance(expr.right, x.MaximumOf)


def _of_rule(rule: m.Rule) -> Iterator[Written]:
    match rule:
        case m.Levels(truth=truth, rows=rows, otherwise=otherwise, name=name, tests=tests, span=span):
            held = x.IsLevel(name, ()) if truth is None and not tests else None
            yield from _present((held, truth, *tests), span)
            yield from ((row.value, row.span) for row in rows)
        case m.Bands(subject=subject, rows=bands, otherwise=otherwise, span=span):
            yield subject, span
            yield from ((row.value, row.span) for row in bands)
        case m.Conditions(rows=conditions, otherwise=otherwise):
            for row in conditions:
                yield row.when, row.span
                yield row.value, row.span
        case m.Interpolation(subject=subject, anchors=anchors, span=span):
            yield subject, span
            yield from ((anchor.value, anchor.span) for anchor in anchors)
            return
        case m.Proportion(ratio=value, span=span) | m.Formula(value=value, span=span) | m.Start(value=value, span=span):
            yield value, span
            return
        case m.JudgedRule(key=key, span=span):
            yield x.Judged(key), span
            return
    if otherwise is not None:
        yield otherwise.value, otherwise.span


def _present(expressions: tuple[x.Expr | None, ...], span: Span) -> Iterator[Written]:
    yield from ((expr, span) for expr in expressions if expr is not None)

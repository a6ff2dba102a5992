"""RUB403, RUB404, RUB419, RUB422: leaves without a rule, and points written outside what the heading allows."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine import model as m
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment
from rubric_engine.source import Span


def check_rules(subject: Subject) -> Iterator[Diagnostic]:
    """Every leaf says how its points come about; a deduction has something to take from."""
    for node in subject.rubric.nodes:
        if node.kind == "unscored":
            continue
        if node.children:
            if node.maximum and node.kind == "scored" and not subject.scored_children(node) and not _has_points(node):
                yield problem("RUB403", node.code_span, code=node.code, help="help_group")
        elif node.kind == "condition":
            if node.met is None:
                yield problem("RUB403", node.code_span, code=node.code, help="help_condition")
        elif node.rule is None:
            yield from _without_base(node, subject)


def _has_points(node: Node) -> bool:
    return node.rule is not None or bool(node.adjustments)


def _without_base(node: Node, subject: Subject) -> Iterator[Diagnostic]:
    deductions = [each for each in node.adjustments if each.value.sign < 0]
    if deductions and subject.pool_of(node) == "penalty":
        return
    if deductions:
        yield problem("RUB422", deductions[0].span, code=node.code)
    elif not node.adjustments:
        help_key = "help_penalty" if subject.pool_of(node) == "penalty" else "help"
        yield problem("RUB403", node.code_span, code=node.code, help=help_key)


def check_constants(subject: Subject) -> Iterator[Diagnostic]:
    """Points that are known when the rubric is read, against the heading's maximum and minimum."""
    for node in subject.rubric.nodes:
        if node.kind != "scored":
            continue
        for value, span in _values(node):
            yield from _against(subject.constant(value), node, span, subject)
        for each in node.adjustments:
            yield from _adjustment(each, node, subject)
        for limit in node.limits:
            level = subject.constant(limit.value.value)
            if level is not None and not limit.value.at_most and level > node.maximum:
                yield _above(level, node, limit.span, subject)
        if isinstance(node.rule, m.JudgedRule) and node.rule.key in subject.judged:
            spec = subject.judged[node.rule.key]
            yield from _against(spec.maximum, node, node.rule.span, subject)
            if spec.minimum != spec.maximum:
                yield from _below(spec.minimum, node, node.rule.span, subject)


def _values(node: Node) -> Iterator[tuple[x.Num, Span]]:
    """What the base of a leaf may come to, each value with its place."""
    match node.rule:
        case m.Levels() | m.Bands() | m.Conditions():
            for row in node.rule.rows:
                yield row.value, row.span
            if node.rule.otherwise is not None:
                yield node.rule.otherwise.value, node.rule.otherwise.span
        case m.Interpolation(anchors=anchors):
            for anchor in anchors:
                yield anchor.value, anchor.span
        case m.Formula(value=value, span=span) | m.Start(value=value, span=span):
            yield value, span
        case _:
            pass
    for requirement in node.requirements:
        yield requirement.value.otherwise, requirement.span
    if node.combine is not None and node.combine.value.if_zero is not None:
        yield node.combine.value.if_zero, node.combine.span
    for policy in (node.if_missing, node.if_not_rated):
        if policy is not None and policy.value.value is not None:
            yield policy.value.value, policy.span


def _adjustment(each: m.At[Adjustment], node: Node, subject: Subject) -> Iterator[Diagnostic]:
    """An award is worth at most the maximum; the amount of neither award nor deduction is below zero."""
    change = each.value
    amount = subject.constant(change.amount)
    if isinstance(change.amount, x.Judged) and change.amount.key in subject.judged:
        spec = subject.judged[change.amount.key]
        amount = spec.minimum if spec.minimum < 0 else spec.maximum
    if amount is not None and amount < 0:
        show = subject.words.points
        help_key = "help_award" if change.sign > 0 else "help_deduct"
        yield problem(
            "RUB419", each.span, value=show(amount), minimum=show(Fraction(0)), code=node.code,
            mend=show(-amount), help=help_key,
        )  # fmt: skip
    elif change.sign > 0 and node.is_leaf:
        cap = subject.constant(change.cap) if change.cap is not None else None
        worth = cap if cap is not None else amount
        if worth is not None and worth > node.maximum and not change.beyond:
            yield _above(worth, node, each.span, subject)


def _against(value: Fraction | None, node: Node, span: Span, subject: Subject) -> Iterator[Diagnostic]:
    if value is not None and value > node.maximum:
        yield _above(value, node, span, subject)
    else:
        yield from _below(value, node, span, subject)


def _below(value: Fraction | None, node: Node, span: Span, subject: Subject) -> Iterator[Diagnostic]:
    if value is not None and value < node.minimum:
        show = subject.words.points
        yield problem(
            "RUB419", span, value=show(value), minimum=show(node.minimum), code=node.code,
            mend=f"{show(value)} {subject.words.word('TO')} {show(node.maximum)}", labels=(Label(node.points_span),),
            help="help_penalty" if subject.pool_of(node) == "penalty" else "help",
        )  # fmt: skip


def _above(value: Fraction, node: Node, span: Span, subject: Subject) -> Diagnostic:
    show = subject.words.points
    pool = subject.pool_of(node)
    return problem(
        "RUB404", span, value=show(value), maximum=show(node.maximum), code=node.code,
        help="help_penalty" if pool == "penalty" else "help", labels=(Label(node.points_span),),
    )  # fmt: skip

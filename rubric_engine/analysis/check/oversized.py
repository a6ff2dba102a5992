"""RUB452: deductions that take more than their heading has."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.evaluate import Goal
from rubric_engine.analysis.check.shapes import adjustment_number
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Effect
from rubric_engine.source import Span


def check_oversized(subject: Subject) -> Iterator[Diagnostic]:
    """One event, or one missing piece of evidence, takes more than there is: part of it is never felt."""
    for node in subject.scoring:
        place = subject.place_of(node)
        room = node.maximum - node.minimum
        for size, span, goal in _takings(node, room, subject) if place is not None and room else ():
            found = None if place is None else subject.search.find(place.goals(goal))
            if found is not None:
                show = subject.words.points
                yield problem(
                    "RUB452", span, value=show(size), room=show(room), code=node.code,
                    labels=(Label(node.points_span),), example=subject.words.example(found),
                )  # fmt: skip


def _takings(node: Node, room: Fraction, subject: Subject) -> Iterator[tuple[Fraction, Span, Goal]]:
    """What is too large, with its place and the condition under which it is taken."""
    for each in node.adjustments:
        size = _size(each.value, subject) if each.value.sign < 0 else None
        if size is not None and size > room:
            yield size, each.span, (x.Compare(x.Order.GT, adjustment_number(each.value), x.Const(room)), True)
    for at in node.evidence:
        piece = subject.rubric.evidence[at]
        if piece.value.effect is Effect.DEDUCT and piece.value.amount > room:
            yield piece.value.amount, piece.span, (piece.value.when, True)


def _size(change: Adjustment, subject: Subject) -> Fraction | None:
    """A fixed amount, or what caps it; what is counted event by event may well add up to more than there is."""
    amount = subject.constant(change.amount)
    if change.cap is None:
        return amount
    cap = subject.constant(change.cap)
    if cap is None or (amount is None and change.times is None):
        return None
    return cap if amount is None or change.times is not None else min(amount, cap)

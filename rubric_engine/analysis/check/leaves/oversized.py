"""RUB452: deductions that take more than their heading has."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.check.search.shapes import adjustment_number
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.backend.interpret import ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Effect, EvidenceSpec, Observed, Slot
from rubric_engine.solve.answers import TOO_MANY, Answer, Found
from rubric_engine.source import Span

_LACKING = 2  # EVIDENCE: asked for, and not enough of it is there


def check_oversized(subject: Subject) -> Iterator[Diagnostic]:
    """One event, or one missing piece of evidence, takes more than there is: part of it is never felt."""
    for node in subject.scoring:
        place = subject.place_of(node)
        room = node.maximum - node.minimum
        for size, span, verdict in _takings(node, room, place, subject) if place is not None and room else ():
            if isinstance(verdict, Found):
                show = subject.words.points
                found = problem(
                    "RUB452", span, value=show(size), room=show(room), code=node.code,
                    labels=(Label(node.points_span),), example=subject.words.example(verdict.world),
                )  # fmt: skip
                yield replace(found, submission=verdict.submission)


def _takings(
    node: Node, room: Fraction, place: Place, subject: Subject
) -> Iterator[tuple[Fraction, Span, Answer]]:
    """What is too large, with its place and a submission under which it is taken."""
    for each in node.adjustments:
        size = _size(each.value, subject) if each.value.sign < 0 else None
        if size is not None and size > room:
            goal = x.Compare(x.Order.GT, adjustment_number(each.value), x.Const(room))
            yield size, each.span, subject.confirm.of_heading(node, place, [(goal, True)])
    for index, at in enumerate(node.evidence):
        piece = subject.rubric.evidence[at]
        if piece.value.effect is Effect.DEDUCT and piece.value.amount > room:
            yield piece.value.amount, piece.span, _without(piece.value, index, node, place, subject)


def _without(piece: EvidenceSpec, index: int, node: Node, place: Place, subject: Subject) -> Answer:
    """Facts under which a piece of evidence is asked for, and it is not there."""
    at = subject.confirm.at[node.code]

    def sees(reader: ExactReader, failed: bool) -> bool:
        return not failed and reader.seen.get(Slot(Observed.EVIDENCE, at, index)) == _LACKING

    found = subject.search.find(place.goals((piece.when, True)))
    given = None if found is None else subject.confirm.submission({**found, f"proof:{piece.name}": False}, node)
    if found is None or given is None or not subject.confirm.shows(given, sees, node):
        return TOO_MANY
    return Found(found, given)


def _size(change: Adjustment, subject: Subject) -> Fraction | None:
    """A fixed amount, or what caps it; what is counted event by event may well add up to more than there is."""
    amount = subject.constant(change.amount)
    if change.cap is None:
        return amount
    cap = subject.constant(change.cap)
    if cap is None or (amount is None and change.times is None):
        return None
    return cap if amount is None or change.times is not None else min(amount, cap)

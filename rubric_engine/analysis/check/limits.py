"""RUB450 and RUB453: floors above ceilings that hold with them, caps that never change anything."""

from collections.abc import Iterator, Sequence
from itertools import product

from rubric_engine import model as m
from rubric_engine.analysis.check.evaluate import Goal
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Limit


def check_conflicts(subject: Subject) -> Iterator[Diagnostic]:
    """A floor above a ceiling while both hold: the ceiling wins, and who wrote the floor may not know."""
    for node in subject.rubric.nodes:
        place = subject.place_of(node) if len(node.limits) > 1 and node.kind == "scored" else None
        if place is not None:
            yield from _conflict(node, node.limits, place, subject)
    if len(subject.rubric.limits) > 1:
        yield from _conflict(None, subject.rubric.limits, subject.sheet, subject)


def _conflict(node: Node | None, limits: Sequence[m.At[Limit]], place: Place, subject: Subject) -> Iterator[Diagnostic]:
    floors = [at for at in limits if not at.value.at_most]
    ceilings = [at for at in limits if at.value.at_most]
    for floor, ceiling in product(floors, ceilings):
        if floor.span == ceiling.span or _surely_below(floor.value, ceiling.value, place):
            continue
        goals: list[Goal] = [(at.value.when, True) for at in (floor, ceiling) if at.value.when is not None]
        goals.append((x.Compare(x.Order.GT, floor.value.value, ceiling.value.value), True))
        found = subject.search.find(place.goals(*goals))
        if found is not None:
            show, value = subject.words.points, subject.search.value
            yield problem(
                "RUB450", floor.span, code=subject.words.word("TOTAL") if node is None else subject.called(node),
                floor=show(value(floor.value.value, found)), ceiling=show(value(ceiling.value.value, found)),
                labels=(Label(ceiling.span),), example=subject.words.example(found),
            )  # fmt: skip
            return


def _surely_below(floor: Limit, ceiling: Limit, place: Place) -> bool:
    high, low = place.high(floor.value), place.low(ceiling.value)
    return high is not None and low is not None and high <= low


def check_idle_caps(subject: Subject) -> Iterator[Diagnostic]:
    """A cap that what it caps never passes, whatever is submitted."""
    for node in subject.scoring:
        place = subject.place_of(node)
        for each in node.adjustments if place is not None else ():
            change = each.value
            cap = None if change.cap is None else subject.constant(change.cap)
            here = place if change.when is None or place is None else place.assume(change.when, True)
            if cap is None or here is None or change.times is None:
                continue
            most = here.high(x.Mul((change.amount, change.times)))
            if most is not None and most <= cap:
                show = subject.words.points
                yield problem("RUB453", each.span, value=show(cap), most=show(most))

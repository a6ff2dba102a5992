"""RUB450 and RUB453: floors above ceilings that hold with them, limits and caps that never change anything."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from rubric_engine import model as m
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.backend.interpret import ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Limit
from rubric_engine.ranges.bounds import ANY_FACTS, bounds_of
from rubric_engine.ranges.standing import ZERO_POINTS
from rubric_engine.ranges.steps import StepRanges
from rubric_engine.ranges.values.interval import add_up, as_fraction, scale_by
from rubric_engine.solve.answers import Answer, Found
from rubric_engine.solve.world import Goal
from rubric_engine.source import Span


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
        verdict = _verdict(node, place, goals, subject)
        if isinstance(verdict, Found):
            reader = subject.confirm.read(verdict.submission, node)
            show = subject.words.points
            found = problem(
                "RUB450", floor.span, code=subject.words.word("TOTAL") if node is None else subject.called(node),
                floor=show(reader.number(floor.value.value)), ceiling=show(reader.number(ceiling.value.value)),
                labels=(Label(ceiling.span),), example=subject.words.example(verdict.world),
            )  # fmt: skip
            yield replace(found, submission=verdict.submission)
            return


def _verdict(node: Node | None, place: Place, goals: list[Goal], subject: Subject) -> Answer:
    if node is not None:
        return subject.confirm.of_heading(node, place, goals)

    def sees(reader: ExactReader, failed: bool) -> bool:
        return not failed and all(reader.truth(goal) is holds for goal, holds in goals)

    return subject.confirm.judge(place, goals, sees, None)


def _surely_below(floor: Limit, ceiling: Limit, place: Place) -> bool:
    high, low = place.high(floor.value), place.low(ceiling.value)
    return high is not None and low is not None and high <= low


def check_idle_limits(subject: Subject) -> Iterator[Diagnostic]:
    """A limit, or the cap of an award, a deduction or a pool, that changes nothing whatever is submitted."""
    for node in subject.scoring:
        place = subject.place_of(node)
        if place is None:
            continue
        for each in node.adjustments:
            yield from _idle_cap(each, place, subject)
        for limit in node.limits:
            yield from _idle_limit(limit, node, place, subject)
    for node in subject.rubric.nodes:
        if node.pool and node.parent is None:
            yield from _idle_pool(node, subject)


def check_idle_total(subject: Subject) -> Iterator[Diagnostic]:
    """A limit of the total that nothing comes to."""
    plan = subject.plan
    always = [at for at in subject.rubric.limits if at.value.when is None]
    if len(always) != len(subject.rubric.limits) or not always or plan.rounding is not None:
        return
    try:
        total = bounds_of(replace(plan, limits=(), grades=())).total
    except ScoringError:
        return
    for limit in always:
        value = subject.constant(limit.value.value)
        end = as_fraction(total.high if limit.value.at_most else total.low)
        printed = plan.total if limit.value.at_most else Fraction(0)
        if value is None or end is None or value == printed:
            continue
        if end <= value if limit.value.at_most else end >= value:
            yield _idle(limit.span, value, end, subject)


def _idle_cap(each: m.At[Adjustment], place: Place, subject: Subject) -> Iterator[Diagnostic]:
    change = each.value
    cap = None if change.cap is None else subject.constant(change.cap)
    here = place if change.when is None else place.assume(change.when, True)
    if cap is None or here is None or change.times is None:
        return
    most = here.high(x.Mul((change.amount, change.times)))
    if most is not None and most <= cap:
        yield _idle(each.span, cap, most, subject)


def _idle_limit(limit: m.At[Limit], node: Node, place: Place, subject: Subject) -> Iterator[Diagnostic]:
    """A ceiling no points reach, or a floor none fall below; one at the end of the heading is there to say so."""
    at_most, value = limit.value.at_most, subject.constant(limit.value.value)
    when = limit.value.when
    here = place if when is None else place.assume(when, True)
    if value is None or here is None or value == (node.maximum if at_most else node.minimum):
        return
    # Evidence that lacks something comes before floors, floors before ceilings, and so does what stands in for a base
    # nobody knows: with both, either may be felt.
    mixed = any(at.value.at_most is not at_most for at in node.limits)
    if mixed or node.if_missing is not None or (node.evidence and not at_most):
        return
    planned = subject.plan_node(node)
    steps = StepRanges(subject.plan, ANY_FACTS, planned, here.env, None)
    amounts = [scale_by(amount, each.sign) for amount, each in zip(steps.amounts, planned.adjustments, strict=True)]
    points = add_up([ZERO_POINTS if steps.base is None else steps.base.points, *amounts])
    end = as_fraction(points.high if at_most else points.low)
    if end is not None and (end <= value if at_most else end >= value):
        yield _idle(limit.span, value, end, subject)


def _idle_pool(pool: Node, subject: Subject) -> Iterator[Diagnostic]:
    """A cap that all items of a bonus or a penalty together stay under."""
    if subject.bounds is None or pool.rule is not None or pool.adjustments or pool.combine is not None:
        return
    found = Fraction(0)
    for child in subject.scored_children(pool):
        points = subject.bounds.points[child.code]
        most = as_fraction(points.high if pool.pool == "bonus" else points.low)
        if most is None:
            return
        found += abs(most)
    room = pool.maximum - pool.minimum
    if 0 < found < room:
        yield _idle(pool.points_span, room, found, subject)


def _idle(span: Span, value: Fraction, end: Fraction, subject: Subject) -> Diagnostic:
    show = subject.words.points
    return problem("RUB453", span, value=show(value), most=show(end))

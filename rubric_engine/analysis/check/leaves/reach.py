"""RUB405, RUB420 and RUB456: what a leaf can come to, against the points printed for it.

The steps of a leaf over ranges are those of :mod:`rubric_engine.ranges.sheet`; here is only what is said of them.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from fractions import Fraction

from rubric_engine.analysis.check.printed import noted
from rubric_engine.analysis.check.search.shapes import changed_number
from rubric_engine.analysis.check.subject import Place, Subject, prints_points
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import PlanNode
from rubric_engine.ranges.bounds import ANY_FACTS
from rubric_engine.ranges.nodes import finished_range
from rubric_engine.ranges.standing import ZERO_POINTS
from rubric_engine.ranges.steps import NO_LEAVES, StepRanges
from rubric_engine.ranges.values.interval import Interval, add_up, as_fraction, hull, point
from rubric_engine.solve.answers import Found
from rubric_engine.source import Span

_MOST_BRANCHING = 4  # conditions of ceilings that are looked at together


def check_reach(subject: Subject) -> Iterator[Diagnostic]:
    """Leaves whose printed maximum nobody can earn."""
    for node in subject.scoring:
        if (node.rule is None and not node.adjustments) or _is_a_share(node, subject):
            continue
        top = top_of(node, subject)
        if top is None or top >= node.maximum:
            tried = subject.trials.of(node)
            top = None if tried is None else tried.top
        if top is None or top >= node.maximum:
            continue
        yield unreached(node, top, subject)


def unreached(node: Node, top: Fraction, subject: Subject) -> Diagnostic:
    """That nobody gets to the printed maximum; where the author knows, a note."""
    show, what = subject.words.points, subject.called(node)
    if node.as_printed is not None:
        because = node.as_printed
        return noted(node.points_span, what, "reach", because, declared=show(node.maximum), found=show(top))
    return problem("RUB405", node.points_span, code=node.code, top=show(top), maximum=show(node.maximum))


def check_silent_cuts(subject: Subject) -> Iterator[Diagnostic]:
    """Rules and awards that can come to more than the maximum, rules that can come to less than the minimum, with
    nothing written about it."""
    for node in subject.scoring:
        if _is_a_share(node, subject) or (node.rule is None and not node.adjustments):
            continue
        place = subject.place_of(node)
        if place is None:
            continue
        raised = _with_awards(subject.steps_of(node, place), subject.plan_node(node))
        if _goes_above(raised, node) and not _is_capped(node, place):
            yield from _above(node, subject, place)
        if _goes_below(raised, node) and not _is_floored(node, place):
            yield from _below(node, subject, place)


def _is_a_share(node: Node, subject: Subject) -> bool:
    """Whether the heading has its part in a cap written on its pool: of a penalty, or of a bonus and prints none."""
    pool = subject.pool_of(node)
    return pool == "penalty" or (pool == "bonus" and not prints_points(node))


def _with_awards(steps: StepRanges, node: PlanNode) -> Interval:
    """Base and awards: what is cut without a word. A deduction is cut at the minimum by its nature."""
    pairs = zip(steps.amounts, node.adjustments, strict=True)
    # What goes beyond full points raises the cap by as much as it gives.
    awards = [amount for amount, each in pairs if each.sign > 0 and not each.beyond]
    return add_up([ZERO_POINTS if steps.base is None else steps.base.points, *awards])


def _goes_above(points: Interval, node: Node) -> bool:
    return points.high is None or points.high > node.maximum


def _goes_below(points: Interval, node: Node) -> bool:
    return points.low is None or points.low < node.minimum


def _above(node: Node, subject: Subject, place: Place) -> Iterator[Diagnostic]:
    awards = [each for each in node.adjustments if each.value.sign > 0]
    found = _witness(x.Order.GT, changed_number(subject.plan_node(node), (1, -1)), node.maximum, node, subject, place)
    if found is not None:
        value, verdict = found
        show = subject.words.points
        help_key = "help_award" if node.rule is None and len(awards) == 1 else "help"
        yield from subject.confirm.told(verdict, lambda example: problem(
            "RUB420", _culprit(node, subject, place), code=node.code, value=show(value), maximum=show(node.maximum),
            help=help_key, example=example,
        ))  # fmt: skip


def _below(node: Node, subject: Subject, place: Place) -> Iterator[Diagnostic]:
    if node.rule is None:
        return
    span = node.rule.span
    found = _witness(x.Order.LT, changed_number(subject.plan_node(node), (1,)), node.minimum, node, subject, place)
    if found is not None:
        value, verdict = found
        show = subject.words.points
        yield from subject.confirm.told(verdict, lambda example: problem(
            "RUB456", span, code=node.code, value=show(value), minimum=show(node.minimum), example=example,
        ))  # fmt: skip


def _witness(
    order: x.Order, total: x.Num, end: Fraction, node: Node, subject: Subject, place: Place
) -> tuple[Fraction, Found] | None:
    """A submission under which the points pass an end, and what they come to. Of a warning: none, nothing is said."""
    verdict = subject.confirm.of_heading(node, place, [(x.Compare(order, total, x.Const(end)), True)])
    if not isinstance(verdict, Found):
        return None
    return subject.confirm.read(verdict.submission, node).number(total), verdict


def _culprit(node: Node, subject: Subject, place: Place) -> Span:
    """The clause to mend: an award without end, else the last award, else the rule."""
    amounts = subject.steps_of(node, place).amounts
    awards = [
        (amount, each.span) for amount, each in zip(amounts, node.adjustments, strict=True) if each.value.sign > 0
    ]
    for amount, span in awards:
        if amount.high is None:
            return span
    if awards:
        return awards[-1][1]
    return node.rule.span if node.rule is not None else node.span


def _is_capped(node: Node, place: Place) -> bool:
    """Whether the author wrote an upper limit that always holds."""
    limits = [place.high(at.value.value) for at in node.limits if at.value.at_most and at.value.when is None]
    return any(high is not None and high <= node.maximum for high in limits)


def _is_floored(node: Node, place: Place) -> bool:
    """Whether the author wrote a lower limit that always holds."""
    limits = [place.low(at.value.value) for at in node.limits if not at.value.at_most and at.value.when is None]
    return any(low is not None and low >= node.minimum for low in limits)


# ---------------------------------------------------------------- the most a leaf can earn


def top_of(node: Node, subject: Subject) -> Fraction | None:
    """The most points a leaf can earn where it applies; never less than the truth. ``None`` when not known."""
    inside, here = subject.inside(node), subject.place_of(node)
    if inside is None or here is None:
        return None
    planned = subject.plan_node(node)
    worth = point(planned.maximum)
    refused = [inside.interval(requirement.otherwise) for requirement in planned.requirements]
    ways = [finished_range(way, planned, worth) for way in refused]
    capped = conditional_ceilings(node, subject)
    for steps in _branches_of(node, here, capped, subject):
        ways.append(finished_range(steps.points(ZERO_POINTS, NO_LEAVES)[0], planned, worth, steps.beyond))
        top = as_fraction(hull(ways).high)
        if top is None or top >= node.maximum:
            return top
    return as_fraction(hull(ways).high)


def conditional_ceilings(node: Node, subject: Subject) -> list[x.Truth]:
    """Conditions of ceilings. That one always holds by itself is told where it is written."""
    whens = [at.value.when for at in node.limits if at.value.at_most and at.value.when is not None]
    return [when for when in whens if subject.bare(node).settled(when) is None]


def _branches_of(node: Node, here: Place, capped: list[x.Truth], subject: Subject) -> Iterator[StepRanges]:
    """The steps of a leaf without the ceilings that may hold or not, or with each of them as it may be."""
    planned = subject.plan_node(node)
    several = _MOST_BRANCHING >= len(capped) > 0
    for branch in branches(here, capped) if several else (here,):
        steps = subject.steps_of(node, here) if branch is here else StepRanges(
            subject.plan, ANY_FACTS, planned, branch.env, None
        )  # fmt: skip
        steps = copy(steps)
        written = zip(steps.limits, planned.limits, strict=True)
        steps.limits = [
            limit for limit, each in written
            if each.when is None or not each.at_most or (several and each.when in capped and branch.settled(each.when))
        ]  # fmt: skip
        yield steps


def branches(place: Place, conditions: Sequence[x.Truth]) -> Iterator[Place]:
    """The place under each outcome of these conditions that can be together, those first in which they fail."""
    if not conditions:
        yield place
        return
    for holds in (False, True):
        here = place.assume(conditions[0], holds)
        if here is not None:
            yield from branches(here, conditions[1:])

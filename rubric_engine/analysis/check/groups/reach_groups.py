"""RUB405 of a group: its own ceilings, and children that exclude each other, keep its printed maximum out of reach.

Only upper bounds are taken, so what is said never to be reached never is. A child that cannot reach its own maximum is
told of itself and counts as full here.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rubric_engine.analysis.check.leaves.reach import branches, unreached
from rubric_engine.analysis.check.subject import Place, Subject, whens_of
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.plan.plan import Policy
from rubric_engine.plan.reads import PlanReads
from rubric_engine.rules.clauses import written_in

_MOST_TOGETHER = 5  # conditions that are looked at together


def check_group_reach(subject: Subject) -> Iterator[Diagnostic]:
    """Groups whose printed maximum nobody can earn, though every heading in them reaches its own."""
    reads = PlanReads(subject.plan)
    for node in subject.rubric.nodes:
        if not _is_plain(node, subject):
            continue
        top = None
        conditions = _together(node, subject, reads)
        if conditions or any(at.value.at_most and at.value.when is None for at in node.limits):
            top = _top_of(node, conditions, subject)
        if top is None or top >= node.maximum:
            top = _top_by_cases(node, subject)
        if top is not None and top < node.maximum:
            yield unreached(node, top, subject)


def check_sheet_reach(subject: Subject) -> Iterator[Diagnostic]:
    """A printed total nobody can reach, though every outermost heading reaches its own."""
    total, roots = subject.rubric.total, subject.scored_roots()
    adds = subject.rubric.nodes and total is not None and not any(root.level == SHEET_LEVEL for root in roots)
    if not adds or len(roots) < 2 or subject.sum_of(roots) != total or subject.rubric.limits:
        return
    cases = subject.cases
    whole = cases.top_of_total()
    free = all(cases.top_of(root.code) is None for root in roots)
    if free and whole is not None and total is not None and whole < total and subject.rubric.rounding is None:
        show = subject.words.points
        yield problem(
            "RUB405", subject.rubric.total_span, code=subject.words.word("TOTAL"), top=show(whole), maximum=show(total)
        )


def _top_by_cases(node: Node, subject: Subject) -> Fraction | None:
    """The most of a group all of whose headings reach their own maxima."""
    cases = subject.cases
    free = all(cases.top_of(child.code) is None for child in subject.scored_children(node))
    return cases.top_of(node.code) if free else None


def _is_plain(node: Node, subject: Subject) -> bool:
    """Whether a group earns what its children do, and nothing lifts it from elsewhere."""
    children = subject.scored_children(node)
    if node.kind != "scored" or node.rule is not None or not children or node.pool or subject.pool_of(node):
        return False
    if node.combine is None and subject.sum_of(children) != node.maximum:
        return False
    return node.if_not_rated is None and not any(_may_rise(one, subject) for one in (node, *children))


def _may_rise(node: Node, subject: Subject) -> bool:
    """Whether rounding lifts it over a ceiling, or something lets it go beyond its maximum."""
    beyond = subject.plan_node(node).endless or any(each.value.beyond for each in node.adjustments)
    return beyond or node.rounding is not None or (bool(node.children) and bool(node.adjustments))


def _together(node: Node, subject: Subject, reads: PlanReads) -> list[x.Truth]:
    """Conditions of a group and its children under which less is earned, where two of them read the same fact."""
    found: list[tuple[int, x.Truth]] = [(-1, when) for when in _ceilings(node)]
    found += [(-1, each.value.holds) for each in node.requirements] if found else []
    for at, child in enumerate(subject.scored_children(node) if node.combine is None else ()):
        found += [(at, when) for when in _losses(child)]
    names = [reads.of(when).names for _, when in found]
    shared = [
        when for i, (at, when) in enumerate(found)
        if any(names[i] & names[j] for j, (other, _) in enumerate(found) if i != j and (other != at or at == -1))
    ]  # fmt: skip
    return list(dict.fromkeys(shared))[:_MOST_TOGETHER]


def _ceilings(node: Node) -> list[x.Truth]:
    return [at.value.when for at in node.limits if at.value.at_most and at.value.when is not None]


def _losses(child: Node) -> list[x.Truth]:
    zero = [one.value.when for one in child.absent if one.value.policy is Policy.ZERO and one.value.when is not None]
    return [*zero, *_ceilings(child), *(each.value.holds for each in child.requirements)]


def _top_of(node: Node, conditions: Sequence[x.Truth], subject: Subject) -> Fraction | None:
    headings = (node, *subject.scored_children(node))
    clauses = [expr for each in headings for expr, _ in written_in(each.requirements, each.limits)]
    place = subject.place_for([*conditions, *clauses, *(when for one in (*subject.above(node), node)
                                                        for when in whens_of(one))])  # fmt: skip
    outside = [(when, False) for one in (*subject.above(node), node) for when in whens_of(one)]
    here = place.assume_all([*outside, *((each.value.holds, True) for each in node.requirements)])
    if here is None:
        return None
    tops = [top for each in node.requirements if (top := place.high(each.value.otherwise)) is not None]
    if len(tops) < len(node.requirements):
        return None
    for branch in branches(here, conditions):
        below = [_most(child, child.maximum, branch) for child in subject.scored_children(node)]
        added = node.maximum if node.combine is not None else sum(below, Fraction(0))
        tops.append(_capped(node, added, branch))
        if tops[-1] >= node.maximum:
            return tops[-1]
    return max(tops)


def _most(child: Node, most: Fraction, place: Place) -> Fraction:
    """The most a child comes to there, as far as its clauses under a condition tell."""
    for absent in child.absent:
        if absent.value.when is not None and place.settled(absent.value.when):
            return Fraction(0) if absent.value.policy is Policy.ZERO else most
    refused = [each.value for each in child.requirements if place.settled(each.value.holds) is False]
    highs = [most if (high := place.high(each.otherwise)) is None else high for each in refused]
    if highs:
        return min(highs)
    otherwise = [most if (high := place.high(each.value.otherwise)) is None else high for each in child.requirements]
    conditional = _capped(child, most, place, always=False)
    return max([conditional, *otherwise])


def _capped(node: Node, points: Fraction, place: Place, *, always: bool = True) -> Fraction:
    """Points under the ceilings that hold there."""
    for limit in node.limits:
        when = limit.value.when
        if limit.value.at_most and (always if when is None else place.settled(when)):
            high = place.high(limit.value.value)
            points = points if high is None else min(points, high)
    return points

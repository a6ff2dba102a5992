"""The least a heading can come to where it applies: what an index may fall to. Never more than the truth."""

from fractions import Fraction
from math import prod

from rubric_engine import model as m
from rubric_engine.analysis.check.reach import reached_rows
from rubric_engine.analysis.check.shapes import adjustment_number
from rubric_engine.analysis.check.shapes import base_number
from rubric_engine.analysis.check.subject import Place
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.model import Node
from rubric_engine.runtime.combine import CombineKind
from rubric_engine.runtime.exact import round_to
from rubric_engine.runtime.plan import Effect
from rubric_engine.runtime.plan import Policy

Lows = dict[str, Fraction]
_ZERO = Fraction(0)


def lowest_points(subject: Subject) -> Lows:
    """Of every heading that is scored, the least points it can have; children stand after their group."""
    found: Lows = {}
    for node in reversed(subject.rubric.nodes):
        if node.kind == "scored":
            found[node.code] = _lowest(node, found, subject)
    return found


def _lowest(node: Node, lows: Lows, subject: Subject) -> Fraction:
    place = subject.place_of(node)
    if place is None:
        return node.minimum
    ways = [_applying(node, lows, subject, place), *_instead(node, place)]
    low = min(way for way in ways if way is not None) if None not in ways else None
    low = node.minimum if low is None else min(max(low, node.minimum), node.maximum)
    if node.rounding is not None:
        low = round_to(low, node.rounding.mode, node.rounding.step)
    return low


def _instead(node: Node, place: Place) -> list[Fraction | None]:
    """What the heading has where its own rule is not asked."""
    policies = {Policy.FULL: node.maximum, Policy.ZERO: _ZERO, Policy.UNDECIDED: node.minimum}
    found: list[Fraction | None] = [
        policies[absent.value.policy] for absent in node.absent if absent.value.policy in policies
    ]
    found += [place.low(requirement.value.otherwise) for requirement in node.requirements]
    for policy in (node.if_missing, node.if_not_rated):
        if policy is not None and policy.value.value is not None:
            found.append(place.low(policy.value.value))
    return found


def _applying(node: Node, lows: Lows, subject: Subject, place: Place) -> Fraction | None:
    low = _group_low(node, lows, subject) if node.rule is None and node.children else _base_low(node, subject, place)
    for each in node.adjustments:
        change = adjustment_number(each.value)
        moved = place.low(change) if each.value.sign > 0 else place.high(change)
        low = None if low is None or moved is None else low + each.value.sign * moved
    for at in node.evidence:
        spec = subject.rubric.evidence[at].value
        low = _after_evidence(low, spec.effect, spec.amount, node)
    for limit in node.limits:
        level = place.low(limit.value.value)
        if limit.value.at_most:
            low = None if low is None or level is None else min(low, level)
        elif limit.value.when is None and level is not None:
            low = level if low is None else max(low, level)
    return low


def _after_evidence(low: Fraction | None, effect: Effect, amount: Fraction, node: Node) -> Fraction | None:
    if low is None:
        return None
    match effect:
        case Effect.SCORE:
            return min(low, amount)
        case Effect.SHARE:
            return min(low, amount * node.maximum)
        case Effect.DEDUCT:
            return low - amount
        case _:
            return low


def _base_low(node: Node, subject: Subject, place: Place) -> Fraction | None:
    rule = node.rule
    match rule:
        case m.Levels() | m.Bands() | m.Conditions():
            found = [inside.low(value) for inside, value in reached_rows(rule, subject, place)]
        case m.Interpolation(anchors=anchors):
            found = [place.low(anchor.value) for anchor in anchors]
        case _:
            found = [place.low(base_number(rule, node, subject))]
    known = [low for low in found if low is not None]
    return min(known) if known and len(known) == len(found) else None


def _group_low(node: Node, lows: Lows, subject: Subject) -> Fraction:
    if node.combine is not None and node.combine.value.kind is CombineKind.SUM_POSITIVE:
        return _sum_low(node, lows, subject)
    children = [child for child in subject.scored_children(node) if child.maximum]
    if not children:
        return _ZERO
    if node.combine is None:
        # Where a child drops out its points are lost, but never those of all.
        certain = [lows[child.code] for child in children if not _may_drop(child, subject)]
        below = sum((min(lows[child.code], _ZERO) for child in children if _may_drop(child, subject)), _ZERO)
        return sum(certain, below) if certain else min(lows[child.code] for child in children) + below
    combine = node.combine.value
    indices = [lows[child.code] / child.maximum for child in children]
    least = min(indices)
    if combine.kind is CombineKind.PRODUCT:
        least = prod(indices, start=Fraction(1)) if least > 0 else min(least, _ZERO)
    if combine.if_zero is not None and least <= 0:
        instead = subject.bare(node).low(combine.if_zero)
        return node.minimum if instead is None else min(instead, _ZERO)
    return least * node.maximum


def _sum_low(node: Node, lows: Lows, subject: Subject) -> Fraction:
    """Points below 0 weigh most where only the smallest maximum is left; a sum of shares never is below its least."""
    children = subject.scored_children(node)
    above = [child for child in children if child.maximum > 0]
    if not above:
        return _ZERO
    least = min(max(lows[child.code], _ZERO) / child.maximum for child in above)
    below = sum((min(lows[child.code], _ZERO) for child in children), _ZERO)
    return (least + below / min(child.maximum for child in above)) * node.maximum


def _may_drop(child: Node, subject: Subject) -> bool:
    return subject.declarations.least[subject.declarations.nodes[child.code]] < child.maximum

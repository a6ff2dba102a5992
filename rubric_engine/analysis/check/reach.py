"""RUB405 and RUB420: what a leaf can come to, against the points printed for it."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from rubric_engine import model as m
from rubric_engine.analysis.check.lines import Stretch
from rubric_engine.analysis.check.printed import noted
from rubric_engine.analysis.check.shapes import adjustment_number
from rubric_engine.analysis.check.shapes import base_number
from rubric_engine.analysis.check.shapes import otherwise_of
from rubric_engine.analysis.check.shapes import rows_of
from rubric_engine.analysis.check.shapes import stretch_of
from rubric_engine.analysis.check.subject import Place
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.analysis.check.subject import prints_points
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.diagnostics.shape import problem
from rubric_engine.model import Node
from rubric_engine.runtime import expr as x
from rubric_engine.runtime.exact import round_to
from rubric_engine.runtime.plan import Adjustment
from rubric_engine.runtime.plan import Policy
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import as_fraction
from rubric_engine.runtime.ranges_interval import common_grid
from rubric_engine.runtime.ranges_interval import point
from rubric_engine.source import Span

High = Fraction | None  # the most a number can be; ``None`` without end
_ZERO = Fraction(0)


def check_reach(subject: Subject) -> Iterator[Diagnostic]:
    """Leaves whose printed maximum nobody can earn."""
    for node in subject.scoring:
        if (node.rule is None and not node.adjustments) or _is_a_share(node, subject):
            continue
        top = top_of(node, subject)
        if top is None or top >= node.maximum:
            continue
        show, what = subject.words.points, subject.called(node)
        if node.as_printed is not None:
            because = node.as_printed
            yield noted(
                node.points_span, what, "reach", because, declared=show(node.maximum), found=show(top)
            )
        else:
            yield problem("RUB405", node.points_span, code=node.code, top=show(top), maximum=show(node.maximum))


def check_silent_caps(subject: Subject) -> Iterator[Diagnostic]:
    """Formulas and awards that can come to more than the maximum, with nothing written about it."""
    for node in subject.scoring:
        if _is_a_share(node, subject):
            continue
        awards = [each for each in node.adjustments if each.value.sign > 0]
        if not awards and not isinstance(node.rule, m.Formula):
            continue
        place = subject.place_of(node)
        if place is None or _is_capped(node, place):
            continue
        high = _before_limits(node, subject, place, take=False)
        if high is not None and high <= node.maximum:
            continue
        yield from _report_cap(node, awards, subject, place)


def _is_a_share(node: Node, subject: Subject) -> bool:
    """Whether the heading has its part in a cap written on its pool: of a penalty, or of a bonus and prints none."""
    pool = subject.pool_of(node)
    return pool == "penalty" or (pool == "bonus" and not prints_points(node))


def _report_cap(
    node: Node, awards: list[m.At[Adjustment]], subject: Subject, place: Place
) -> Iterator[Diagnostic]:
    total = _sum_of_changes(node, subject)
    goal = (x.Compare(x.Order.GT, total, x.Const(node.maximum)), True)
    found = subject.search.find([*place.path, goal])
    if found is None:
        return
    value = subject.search.value(total, found)
    show = subject.words.points
    yield problem(
        "RUB420",
        _culprit(node, awards, place),
        code=node.code,
        value=show(value),
        maximum=show(node.maximum),
        help="help_award" if node.rule is None and len(awards) == 1 else "help",
        example=subject.words.example(found),
    )


def _sum_of_changes(node: Node, subject: Subject) -> x.Num:
    """What base, awards and deductions of a leaf come to, before any limit."""
    changes = [(each.value.sign, adjustment_number(each.value)) for each in node.adjustments]
    signed = [change if sign > 0 else x.Mul((x.Const(Fraction(-1)), change)) for sign, change in changes]
    base = base_number(node.rule, node, subject)
    return x.Add((base, *signed)) if signed else base


def _culprit(node: Node, awards: list[m.At[Adjustment]], place: Place) -> Span:
    """The clause to mend: an award without end, else the last award, else the formula."""
    for each in awards:
        if place.high(adjustment_number(each.value)) is None:
            return each.span
    if awards:
        return awards[-1].span
    return node.rule.span if node.rule is not None else node.span


def _is_capped(node: Node, place: Place) -> bool:
    """Whether the author wrote an upper limit that always holds."""
    for limit in node.limits:
        if limit.value.at_most and limit.value.when is None:
            high = place.high(limit.value.value)
            if high is not None and high <= node.maximum:
                return True
    return False


# ---------------------------------------------------------------- the most a leaf can earn


def top_of(node: Node, subject: Subject) -> High:
    """The most points a leaf can earn where it applies; never less than the truth. ``None`` when not known."""
    if node.code not in subject.tops:
        subject.tops[node.code] = _top(node, subject)
    return subject.tops[node.code]


def _top(node: Node, subject: Subject) -> High:
    place = subject.place_of(node)
    if place is None:
        return None
    high = _before_limits(node, subject, place, take=True)
    for requirement in node.requirements:
        high = _larger(high, place.high(requirement.value.otherwise))
    for limit in node.limits:
        level = place.high(limit.value.value)
        if limit.value.at_most and limit.value.when is None:
            high = _smaller(high, level)
        elif not limit.value.at_most:
            high = _larger(high, level)
    high = _smaller(high, node.maximum)
    if high is not None and node.rounding is not None:
        high = round_to(high, node.rounding.mode, node.rounding.step)
    return high


def _before_limits(node: Node, subject: Subject, place: Place, *, take: bool) -> High:
    """Base and awards at their most; with ``take``, deductions that always apply at their least."""
    high = _base_high(node.rule, node, subject, place)
    for each in node.adjustments:
        if high is None:
            return None
        change = adjustment_number(each.value)
        if each.value.sign > 0:
            high = _plus(high, place.high(change))
        elif take and each.value.when is None:
            high -= place.low(change) or _ZERO
    return high


def _base_high(rule: m.Rule | None, node: Node, subject: Subject, place: Place) -> High:
    match rule:
        case None:
            return _ZERO
        case m.JudgedRule(key=key):
            return subject.judged[key].maximum if key in subject.judged else node.maximum
        case m.Formula(value=value) | m.Start(value=value):
            return place.high(value)
        case m.Proportion(ratio=ratio):
            share = _smaller(place.high(ratio), Fraction(1))
            return max(_ZERO, share * node.maximum) if share is not None else node.maximum
        case m.Interpolation():
            return _interpolated_high(rule, subject, place)
        case m.Bands():
            return _bands_high(rule, place)
        case _:
            return _rows_high(rule, subject, place)


def _bands_high(rule: m.Bands, place: Place) -> High:
    whole = place.stretch(rule.subject).on_grid(rule.grid)
    high: High = None
    reached = False
    values = [
        row.value for row in rule.rows if not stretch_of(row).on_grid(rule.grid).within(whole).is_empty
    ]
    if rule.otherwise is not None:
        values.append(rule.otherwise.value)
    for value in values:
        one = place.high(value)
        high = one if not reached else _larger(high, one)
        reached = True
    return high


def reached_rows(rule: m.Rule, subject: Subject, place: Place) -> Iterator[tuple[Place, x.Num]]:
    """The rows somebody can reach, each after the ones before it did not hold, with the place one then is in."""
    here: Place | None = place
    for (test, holds), value in rows_of(rule, subject):
        if here is None:
            break
        inside = here.assume(test, holds)
        if inside is not None:
            yield inside, value
        here = here.assume(test, not holds)
    last = otherwise_of(rule)
    if here is not None and last is not None:
        yield here, last


def _rows_high(rule: m.Rule, subject: Subject, place: Place) -> High:
    """The best of the rows somebody can reach."""
    found = [inside.high(value) for inside, value in reached_rows(rule, subject, place)]
    if not found or any(high is None for high in found):
        return None
    return max(high for high in found if high is not None)


def _interpolated_high(rule: m.Interpolation, subject: Subject, place: Place) -> High:
    """The highest point of the broken line over what the subject can be."""
    points = [(anchor.at, subject.constant(anchor.value)) for anchor in rule.anchors]
    known = [(at, value) for at, value in points if value is not None]
    if len(known) != len(points) or not known:
        return None
    whole = place.stretch(rule.subject)
    inside = [value for at, value in known if not Stretch(at, at).within(whole).is_empty]
    ends = [_line_at(known, end) for end in (whole.low, whole.high) if end is not None]
    ends += [known[0][1]] if whole.low is None else []
    ends += [known[-1][1]] if whole.high is None else []
    return max([*inside, *ends])


def _line_at(points: list[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if at <= right and left < right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]


def _larger(one: High, other: High) -> High:
    return None if one is None or other is None else max(one, other)


def _smaller(one: High, other: High) -> High:
    return other if one is None else one if other is None else min(one, other)


def _plus(one: High, other: High) -> High:
    return None if one is None or other is None else one + other


def points_grid(subject: Subject) -> Fraction | None:
    """A grid on which the points of every leaf, and so the total, must lie; ``None`` where there is none."""
    parts: list[Interval] = []
    if any(group.combine is not None or (group.rule is not None and group.children) for group in subject.rubric.nodes):
        return None
    for node in subject.rubric.nodes:
        # A pool, or a group kept as printed, stops at its own ends.
        parts += [point(limit) for limit in (node.minimum, node.maximum) if node.children]
        parts += [subject.bare(node).interval(at.value.otherwise) for at in node.requirements]
    for node in subject.leaves:
        constants = (point(limit) for limit in (node.minimum, node.maximum))
        parts += [subject.bare(node).interval(_sum_of_changes(node, subject)), *constants]
        if node.limits or node.rounding is not None or node.evidence or node.if_missing is not None:
            return None
    if any(group.absent or group.adjustments or group.limits for group in subject.rubric.nodes if not group.is_leaf):
        return None
    if any(absent.value.policy is Policy.KEEP_WORTH for node in subject.leaves for absent in node.absent):
        return None
    return as_fraction(common_grid(parts))

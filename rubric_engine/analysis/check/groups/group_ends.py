"""RUB427, RUB429, RUB446, RUB447: awards and rounding above a maximum, and more to leave out than there is."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.search.shapes import adjustment_number, changed_number
from rubric_engine.analysis.check.subject import Subject, whens_of
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.meaning.exact import round_to
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.combine import CombineKind
from rubric_engine.plan.plan import Rounding
from rubric_engine.solve.answers import Found
from rubric_engine.source import Span

_NOTHING = Fraction(0)
_MOST_LEAVES = 200  # a sum of more is not searched


def check_group_ends(subject: Subject) -> Iterator[Diagnostic]:
    """How points of headings end above their maximum, and groups that have too few children to leave one out."""
    for node in subject.rubric.nodes:
        if node.kind != "scored":
            continue
        if node.rounding is not None:
            yield from _rounding(node.rounding, node.maximum, node.code, node.code_span, subject)
        if node.combine is not None:
            yield from _too_few(node, subject)
        if node.children and not node.pool:
            yield from _award(node, subject)
    rubric = subject.rubric
    if rubric.rounding is not None and rubric.total is not None:
        yield from _rounding(rubric.rounding, rubric.total, subject.words.word("TOTAL"), rubric.total_span, subject)


def _rounding(rounding: Rounding, most: Fraction, code: str, span: Span, subject: Subject) -> Iterator[Diagnostic]:
    """Full points that rounding would lift: they stay, off the grid."""
    lifted = round_to(most, rounding.mode, rounding.step)
    if lifted > most and not rounding.beyond:
        show = subject.words.points
        yield problem("RUB429", span, code=code, maximum=show(most), value=show(lifted))


_DROPPING = {
    CombineKind.DROP_LOWEST: "help", CombineKind.DROP_HIGHEST: "help_highest", CombineKind.DROP_ENDS: "help_ends",
}  # fmt: skip


def _too_few(node: Node, subject: Subject) -> Iterator[Diagnostic]:
    assert node.combine is not None
    combine = node.combine.value
    number = len(subject.scored_children(node))
    if combine.kind is CombineKind.BEST and number <= combine.count:
        yield problem("RUB446", node.combine.span, code=subject.called(node), count=combine.count, children=number)
    elif combine.kind in _DROPPING and number <= combine.count * (2 if combine.kind is CombineKind.DROP_ENDS else 1):
        yield problem("RUB447", node.combine.span, code=subject.called(node), count=combine.count, children=number,
                      help=_DROPPING[combine.kind])  # fmt: skip


# ---------------------------------------------------------------- awards of a group


def _award(node: Node, subject: Subject) -> Iterator[Diagnostic]:
    """An award that lifts a group above its maximum, with facts under which it does."""
    awards = [each for each in node.adjustments if each.value.sign > 0 and not each.value.beyond]
    place = subject.place_of(node)
    if not awards or place is None or any(limit.value.at_most for limit in node.limits):
        return
    below = _below(node, subject)
    if len(below) > _MOST_LEAVES or any(one.limits for one in below):
        return
    goals = [goal for one in (node, *below) for goal in _undisturbed(one)]
    if node.rule is not None:
        points: x.Num = changed_number(subject.plan_node(node), (1, -1))
        goals.append((x.Compare(x.Order.GT, points, x.Const(node.maximum)), True))
    elif node.combine is not None:
        # Each child at its full points is the most a combination comes to.
        full = [x.Compare(x.Order.GE, _points(c, subject), x.Const(c.maximum)) for c in subject.scored_children(node)]
        points = x.Add((x.Const(node.maximum), *_changes(node)))
        goals += [(one, True) for one in full]
        goals.append((x.Compare(x.Order.GT, points, x.Const(node.maximum)), True))
    else:
        points = _points(node, subject, capped=False)
        goals.append((x.Compare(x.Order.GT, points, x.Const(node.maximum)), True))
    verdict = subject.confirm.of_heading(node, place, goals)
    if not isinstance(verdict, Found):
        return
    show = subject.words.points
    value = subject.confirm.read(verdict.submission, node).number(points)
    if value <= node.maximum:
        return
    yield from subject.confirm.told(verdict, lambda example: problem(
        "RUB427", awards[-1].span, code=node.code, value=show(value), maximum=show(node.maximum),
        labels=(Label(node.points_span),), example=example,
    ))  # fmt: skip


def _below(node: Node, subject: Subject) -> list[Node]:
    found: list[Node] = []
    todo = [node]
    while todo and len(found) <= _MOST_LEAVES:
        children = subject.scored_children(todo.pop())
        found += children
        todo += children
    return found


def _undisturbed(node: Node) -> list[tuple[x.Truth, bool]]:
    """That the heading applies, and that nothing refuses it."""
    return [(when, False) for when in whens_of(node)] + [(each.value.holds, True) for each in node.requirements]


def _changes(node: Node) -> list[x.Num]:
    counted = [each.value for each in node.adjustments if not each.value.beyond]
    changes = [(each.sign, adjustment_number(each)) for each in counted]
    return [change if sign > 0 else x.Mul((x.Const(Fraction(-1)), change)) for sign, change in changes]


def _points(node: Node, subject: Subject, *, capped: bool = True) -> x.Num:
    """The points of a heading that adds as one expression; of one that combines, no more than can be said: none."""
    if node.combine is not None:
        return x.Const(_NOTHING)
    if node.is_leaf or node.rule is not None:
        points = changed_number(subject.plan_node(node), (1, -1))
    else:
        points = x.Add((x.Const(_NOTHING), *(_points(one, subject) for one in subject.scored_children(node)),
                        *_changes(node)))  # fmt: skip
    if not capped:
        return points
    return x.Greatest((x.Const(node.minimum), x.Least((x.Const(node.maximum), points))))

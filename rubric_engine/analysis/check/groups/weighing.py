"""What the children of a group weigh, and whether what is left of them is enough."""

from collections.abc import Collection
from fractions import Fraction

from rubric_engine.model import Node, Rubric
from rubric_engine.plan.combine import CombineKind

_ZERO = Fraction(0)
_WHOLE = Fraction(1)


def weight_of(node: Node) -> Fraction:
    """What a child weighs in its group: 1 where nothing is written."""
    return _WHOLE if node.weight is None else node.weight.value


def weight_in(group: Node, child: Node) -> Fraction:
    """What counts for the share of a group that takes part: weights, or printed maxima where points are summed."""
    if group.combine is not None and group.combine.value.kind is CombineKind.SUM_POSITIVE:
        return max(child.maximum, _ZERO)
    return weight_of(child)


def counted_children(node: Node, rubric: Rubric) -> list[int]:
    """Children whose points count."""
    return [at for at in node.children if rubric.nodes[at].kind == "scored"]


def is_rated_without(node: Node, rubric: Rubric, gone: Collection[int]) -> bool:
    """Whether a group that combines is still rated when those children do not take part."""
    weights = {at: weight_in(node, rubric.nodes[at]) for at in counted_children(node, rubric)}
    left = sum((weight for at, weight in weights.items() if at not in gone), _ZERO)
    needs = None if node.combine is None else node.combine.value.needs
    return left > 0 and (needs is None or left >= needs * sum(weights.values(), _ZERO))


def percents_made(node: Node, rubric: Rubric) -> Fraction | None:
    """What the weights under a group that combines add up to, where all are percents."""
    children = [rubric.nodes[at] for at in counted_children(node, rubric)]
    if node.combine is None or not children or not all(child.weight_is_percent for child in children):
        return None
    return sum((weight_of(child) for child in children), _ZERO)

"""When a heading leaves the maximum: the conditions of *not applicable* clauses, put together."""

from collections.abc import Sequence
from fractions import Fraction

from rubric_engine.analysis.check.declared import DROPPING
from rubric_engine.analysis.check.groups.weighing import weight_in
from rubric_engine.analysis.check.subject import Subject, whens_of
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.combine import CombineKind

_DEEPEST = 30


def own_drop(node: Node) -> x.Truth | None:
    """When the node's own clauses take it out of the maximum; ``None`` when they never do."""
    return any_of([
        absent.value.when
        for absent in node.absent
        if absent.value.when is not None and absent.value.policy in DROPPING
    ])  # fmt: skip


def out_of_maximum(node: Node, subject: Subject) -> x.Truth | None:
    """When the node has no applicable maximum at all: it, a group above, or everything below does not apply."""
    above = [when for group in subject.above(node) for when in whens_of(group)]
    return any_of([*above, *_present([_with_children(node, subject, _DEEPEST)])])


def nothing_left(subject: Subject) -> x.Truth | None:
    """When no heading of the sheet has an applicable maximum; ``None`` where one always has."""
    return jointly([out_of_maximum(root, subject) for root in subject.scored_roots()])


def _with_children(node: Node, subject: Subject, depth: int) -> x.Truth | None:
    if not depth:
        return x.Always(True)  # too deep to tell: it may be out whenever it likes
    below = None
    children = subject.scored_children(node)
    if node.combine is not None and node.combine.value.kind is CombineKind.SUM_POSITIVE:
        # Only what stands below the line takes part in whether it is rated.
        children = [child for child in children if child.maximum > 0]
    kept = any(absent.value.when is None and absent.value.policy not in DROPPING for absent in node.absent)
    if node.combine is not None and node.if_not_rated is not None:
        kept = kept or node.if_not_rated.value.value is not None  # it has points then, out of its whole maximum
    if children and not kept:
        drops = [_with_children(child, subject, depth - 1) for child in children]
        below = jointly(drops)
        if node.combine is not None and node.combine.value.needs is not None:
            below = _too_little(node, children, drops, node.combine.value.needs)
    return any_of(_present([own_drop(node), below]))


def _too_little(
    node: Node, children: Sequence[Node], drops: Sequence[x.Truth | None], needs: Fraction
) -> x.Truth | None:
    """When the children that take part weigh less than the group needs; ``None`` when that never happens."""
    if not _present(drops):
        return None
    whole = sum((weight_in(node, child) for child in children), Fraction(0))
    weights: list[x.Num] = []
    for child, drop in zip(children, drops, strict=True):
        weight = x.Const(weight_in(node, child))
        weights.append(weight if drop is None else x.If(drop, x.Const(Fraction(0)), weight))
    return x.Compare(x.Order.LT, x.Add(tuple(weights)), x.Const(needs * whole))


def jointly(conditions: Sequence[x.Truth | None]) -> x.Truth | None:
    """All at once; ``None`` when one of them never holds, or there are none."""
    found = _present(conditions)
    if not found or len(found) != len(conditions):
        return None
    distinct = tuple(dict.fromkeys(found))
    return distinct[0] if len(distinct) == 1 else x.All(distinct)


def any_of(conditions: Sequence[x.Truth]) -> x.Truth | None:
    """One of them; ``None`` when there are none."""
    distinct = tuple(dict.fromkeys(conditions))
    return distinct[0] if len(distinct) == 1 else x.AnyOf(distinct) if distinct else None


def _present(conditions: Sequence[x.Truth | None]) -> list[x.Truth]:
    return [condition for condition in conditions if condition is not None]

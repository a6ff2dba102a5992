"""Every heading of a result: state, points, reasons, weight and how much of it was assessed. Standard library only."""

from fractions import Fraction
from operator import itemgetter
from typing import Any, Final

from rubric_engine.plan.combine import CombineKind, MissingPolicy
from rubric_engine.plan.layout import PlanLayout, sum_exactly
from rubric_engine.plan.plan import Effect, Observed, PlanNode, Policy
from rubric_engine.plan.record import Source, later, open_late
from rubric_engine.result.groups import effective_weights, inexact_nodes, weight_of
from rubric_engine.result.outcome import Coverage, NodeResult, State
from rubric_engine.result.policy import is_not_due, substituted_by
from rubric_engine.result.view import ReadingView

_DECIDES = (Policy.UNDECIDED, Policy.DECIDED)
_BY_POLICY = {
    MissingPolicy.EXCLUDED: State.NOT_RATED, MissingPolicy.NOT_APPLICABLE: State.NOT_APPLICABLE,
}  # fmt: skip
_NONE = Fraction(0)
_WHOLLY = Fraction(1)
_NO_NAMES: frozenset[str] = frozenset()
# Outcomes kept for a plan, all headings together; and of each heading at least.
_MOST_KEPT: Final = 32_768
_FEWEST_KEPT: Final = 8
_Open: Any = open_late(NodeResult)
_new: Any = object.__new__


class Headings:
    """What headings of a plan came to in readings so far: kept for as long as the plan is.

    A heading takes few distinct values of what its outcome stands on, so its points, maximum and state are worked out
    once for each; what more there is to say of it is left to whoever looks (:func:`rubric_engine.plan.record.later`).
    """

    def __init__(self, layout: PlanLayout) -> None:
        self.layout = layout
        nodes = layout.plan.nodes
        self.keys = tuple(itemgetter(*_slots_kept(layout, at)) for at in range(len(nodes)))
        self.known: tuple[dict[object, NodeResult], ...] = tuple({} for _ in nodes)
        self.most = max(_FEWEST_KEPT, _MOST_KEPT // max(len(nodes), 1))
        self.shared = not any(clause.policy is Policy.NOT_DUE for node in nodes for clause in node.absent)

    def found(self, view: ReadingView, values: tuple[object, ...]) -> list[NodeResult]:
        """Every heading of an exact reading, without what is late."""
        keys = [key(values) for key in self.keys]
        found: list[NodeResult | None] = list(map(dict.get, self.known, keys))
        if not all(found):
            for at, outcome in enumerate(found):
                if outcome is None:
                    found[at] = self._kept(at, keys[at], _outcome(view, at))
        return found  # type: ignore[return-value]

    def _kept(self, at: int, key: object, outcome: NodeResult) -> NodeResult:
        known = self.known[at]
        # A group of which nothing is left, and whatever has stages, stands by what is below and above it as well.
        if self.shared and (outcome.applicable_maximum or not self.layout.plan.nodes[at].children):
            if len(known) >= self.most:
                known.clear()
            known[key] = outcome
        return outcome


def _slots_kept(layout: PlanLayout, at: int) -> list[int]:
    """What points, maximum and state of a heading stand on; two at least, so that they are gathered as a tuple."""
    firsts = layout.firsts[at]
    if layout.plan.nodes[at].met is not None:
        return [firsts[Observed.ABSENT], firsts[Observed.MET]]
    kept = [firsts[kind] for kind in (Observed.ABSENT, Observed.MISSING, Observed.RATED) if kind in firsts]
    evidence = firsts.get(Observed.EVIDENCE, 0)
    kept += range(evidence, evidence + len(layout.plan.nodes[at].evidence))
    return [*kept, firsts[Observed.POINTS], firsts[Observed.MAXIMUM]]


def outcomes(view: ReadingView) -> list[NodeResult]:
    """Every heading, without what is late."""
    layout = view.layout
    if view.values is None:
        return [_outcome(view, at) for at in range(len(view.plan.nodes))]
    return layout.remembered(("headings",), lambda: Headings(layout)).found(view, view.values)


def node_results(view: ReadingView, source: Source) -> tuple[NodeResult, ...]:
    """All headings, in the order of the document."""
    found = outcomes(view)
    made: list[NodeResult] = []
    add = made.append
    for like in found:
        node = _new(_Open)
        node.code = like.code
        node.points = like.points
        node.maximum = like.maximum
        node.applicable_maximum = like.applicable_maximum
        node.state = like.state
        node._like = like
        node._source = source
        node.__class__ = NodeResult
        add(node)
    return tuple(made)


def _outcome(view: ReadingView, at: int) -> NodeResult:
    """A heading without its reasons, its effective weight and its coverage."""
    node = view.plan.nodes[at]
    state = state_of(view, at)
    waits = waits_of(view, at)
    met: bool | None = None
    if node.met is not None:
        held = view.mark(Observed.MET, at)
        met = None if held is None else bool(held)
    points = view.number(Observed.POINTS, at)
    low = high = points
    if points is None:
        span = view.range(Observed.POINTS, at)
        low, high = span.low, span.high
    collected = node.unscored and not node.children and node.base is None and not node.adjustments
    if (node.met is not None and met is None) or collected:
        points = None
    if state is State.NOT_RATED:
        points, low, high = None, _NONE, _NONE
    children, columns = view.layout.remembered(("parts", at), lambda: _parts(view, node))
    return later(
        NodeResult, None, None, code=node.code, title=node.title, level=node.level, depth=view.layout.depths[at],
        state=state, points=points, low=printed_end(low, node.minimum), high=printed_end(high, node.maximum),
        maximum=node.maximum, applicable_maximum=view.number(Observed.MAXIMUM, at), met=met,
        missing=view.layout.in_order(waits) if waits else (), children=children, columns=columns,
        weight=weight_of(node) if _is_combined(view, at) else None,
        inexact=inexact_nodes(view.layout)[at] and state is not State.NOT_APPLICABLE,
    )  # fmt: skip


def _is_combined(view: ReadingView, at: int) -> bool:
    """Whether a heading counts in a group that combines."""
    parent = view.plan.nodes[at].parent
    return parent is not None and view.plan.nodes[parent].combine is not None and at in view.layout.counted[parent]


def effective_weights_of(view: ReadingView) -> dict[int, Fraction | None]:
    """The share of weight of every heading that counts in a group that combines."""
    shares: dict[int, Fraction | None] = {}
    for at, node in enumerate(view.plan.nodes):
        if node.combine is not None:
            weights = effective_weights(view, at)
            shares |= {child: None if weights is None else weights[child] for child in view.layout.counted[at]}
    return shares


def _parts(view: ReadingView, node: PlanNode) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    return (
        tuple(view.plan.nodes[child].code for child in node.children),
        tuple((column.name, column.text) for column in node.columns),
    )


def printed_end(end: Fraction | None, printed: Fraction) -> Fraction:
    """Points of a heading always have ends: those printed, where nothing closer is known."""
    return printed if end is None else end


def waits_of(view: ReadingView, at: int) -> frozenset[str]:
    """What a heading waits for."""
    if view.settled:
        return _NO_NAMES
    if view.plan.nodes[at].met is not None:
        return view.marks(Observed.MET, at).waits
    return view.waits(Observed.POINTS, at) | view.waits(Observed.MAXIMUM, at)


def state_of(view: ReadingView, at: int) -> State:
    """How a heading stands."""
    node = view.plan.nodes[at]
    if node.unscored:
        return State.UNSCORED
    absent = view.absent(at)
    if is_not_due(view, at) or (view.plan.stage and _nothing_due(view, node)):
        return State.NOT_DUE
    if absent is not None and absent != -1 and not (absent >= 0 and node.absent[absent].policy in _DECIDES):
        return State.NOT_APPLICABLE
    if waits_of(view, at):
        return State.PENDING
    if node.if_missing is not None and view.policy_applied(at) and node.if_missing.policy in _BY_POLICY:
        return _BY_POLICY[node.if_missing.policy]
    if node.children and view.is_rated(at) is False:
        return State.NOT_RATED if node.if_not_rated is None else _BY_POLICY.get(node.if_not_rated.policy, State.SCORED)
    if view.nothing_applies(at):
        return State.NOT_APPLICABLE
    for i, which in enumerate(node.evidence):
        spec = view.plan.evidence[which]
        if spec.effect is Effect.SCORE and not spec.amount and view.mark(Observed.EVIDENCE, at, i) == 2:
            return State.REFUSED
    return State.SCORED


def _nothing_due(view: ReadingView, node: PlanNode) -> bool:
    """A group all of whose counted headings are not due."""
    counted = [child for child in node.children if view.plan.nodes[child].met is None]
    counted = [child for child in counted if not view.plan.nodes[child].unscored]
    return bool(counted) and all(state_of(view, child) is State.NOT_DUE for child in counted)


# ---------------------------------------------------------------- how much was assessed


def _is_assessed(view: ReadingView, at: int, state: State) -> bool:
    """A value that stands in for one nobody gave, and points in place of an answer, were not looked at by anybody."""
    settled = state in (State.SCORED, State.REFUSED) and not view.policy_applied(at)
    return settled and not substituted_by(view, at)


def coverages(view: ReadingView, states: list[State]) -> list[Fraction | None]:
    """Of each heading, the share assessed of what is due."""
    found: list[Fraction | None] = [None] * len(states)
    nodes = view.plan.nodes
    due = _due_shares(view, states)
    for at in view.plan.order:
        node = nodes[at]
        if not node.children:
            if node.met is None and not node.unscored and due[at]:
                found[at] = _WHOLLY if _is_assessed(view, at, states[at]) else _NONE
            continue
        below = [(child, found[child]) for child in view.layout.counted[at]]
        known = [(child, share) for child, share in below if share is not None]
        if known and all(share is _WHOLLY for _, share in known):
            found[at] = _WHOLLY
        elif known:
            weights = [_portion(node, nodes[c]) * due[c] for c, _ in known]
            shares = [(weight, share) for weight, (_, share) in zip(weights, known, strict=True) if share is not _NONE]
            part = sum_exactly(weight if share is _WHOLLY else weight * share for weight, share in shares)
            found[at] = part / sum_exactly(weights) if part else _NONE
    return found


def _portion(group: PlanNode, child: PlanNode) -> Fraction:
    """What a child counts for in its group: its weight, or its points where points are added."""
    adds = group.combine is None or group.combine.kind is CombineKind.SUM_POSITIVE
    return child.maximum if adds else weight_of(child)


def _due_shares(view: ReadingView, states: list[State]) -> list[Fraction]:
    """Of each heading, the share of its points that is due."""
    found = [_WHOLLY] * len(states)
    if State.NOT_DUE not in states:
        return found
    for at in view.plan.order:
        node = view.plan.nodes[at]
        below = [(_portion(node, view.plan.nodes[child]), found[child]) for child in view.layout.counted[at]]
        whole = sum((portion for portion, _ in below), _NONE)
        if states[at] is State.NOT_DUE:
            found[at] = _NONE
        elif whole:
            found[at] = sum((portion * share for portion, share in below), _NONE) / whole
    return found


def sheet_coverage(view: ReadingView, states: list[State], shares: list[Fraction | None]) -> Coverage:
    """Leaves that count, outside the pools, and those of them that were assessed; and the points that go with them."""
    nodes = view.plan.nodes
    assessed = leaves = 0
    due = _due_shares(view, states)
    whole = sum((nodes[at].maximum * due[at] for at in view.layout.in_total), _NONE)
    points = sum((nodes[at].maximum * due[at] * (shares[at] or _NONE) for at in view.layout.in_total), _NONE)
    todo = list(view.layout.in_total)
    while todo:
        at = todo.pop()
        if nodes[at].children:
            todo += view.layout.counted[at]
            continue
        leaves += states[at] is not State.NOT_DUE
        assessed += _is_assessed(view, at, states[at])
    return Coverage(assessed, leaves, points, whole)

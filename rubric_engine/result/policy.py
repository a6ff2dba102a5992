"""What the rubric says where something is missing or not asked for yet, told. Standard library only."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rubric_engine.plan.expr import Expr
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import Adjustment, MissingPolicy, Observed, PlanNode, Policy
from rubric_engine.plan.reads import PlanReads
from rubric_engine.result.outcome import Reason, ReasonKind, ShownFact
from rubric_engine.result.view import ReadingView

_NO_INPUTS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- a policy of the leaf


def by_policy(view: ReadingView, at: int, node: PlanNode) -> Iterator[Reason]:
    """What the rubric says instead of waiting, with what was not there."""
    policy = node.if_missing
    assert policy is not None
    line = policy.line or node.line
    if policy.policy is MissingPolicy.BASE:
        out = [adjustment for adjustment in node.adjustments if _waits(view, adjustment)]
        for adjustment in out:
            facts = _not_given(view, _looked_at(adjustment))
            yield Reason(ReasonKind.POLICY, adjustment.label, facts=facts, because=adjustment.because,
                         line=adjustment.line, effect=str(policy.policy))  # fmt: skip
        return
    points = stands_in(view, at, node) if policy.policy is MissingPolicy.POINTS else None
    yield Reason(ReasonKind.POLICY, policy.label, points, facts=_not_given(view, _asked(view, node)), line=line,
                 effect=str(policy.policy))  # fmt: skip


def stands_in(view: ReadingView, at: int, node: PlanNode) -> Fraction | None:
    """The points that stand in for the base of a leaf: see :mod:`rubric_engine.ranges.policy`."""
    if node.base is not None:
        return view.number(Observed.BASE, at)
    return None if node.if_missing is None or node.if_missing.value is None else view.exact(node.if_missing.value)


def _asked(view: ReadingView, node: PlanNode) -> list[Expr | None]:
    """Everything a leaf may wait for."""
    asked: list[Expr | None] = [clause.when for clause in node.absent]
    asked += [requirement.holds for requirement in node.requirements]
    if node.base is not None:
        cases = node.base.cases
        asked += [node.base.subject, *(case.when for case in cases), *(case.value for case in cases)]
    asked += [part for adjustment in node.adjustments for part in _looked_at(adjustment)]
    asked += [view.plan.evidence[which].when for which in node.evidence]
    asked += [part for limit in node.limits for part in (limit.when, limit.value)]
    return asked


def _looked_at(adjustment: Adjustment) -> tuple[Expr | None, ...]:
    return (adjustment.when, adjustment.times, adjustment.amount, adjustment.cap)


def _not_given(view: ReadingView, exprs: Iterable[Expr | None]) -> tuple[ShownFact, ...]:
    return tuple(fact for fact in view.shown(*exprs) if not fact.text)


def _waits(view: ReadingView, adjustment: Adjustment) -> bool:
    """Whether what an award or a deduction comes to is not known."""
    holds = True if adjustment.when is None else view.holds(adjustment.when)
    if holds is False:
        return False
    sizes = (adjustment.amount, adjustment.times, adjustment.cap)
    return holds is None or any(size is not None and view.exact(size) is None for size in sizes)


# ---------------------------------------------------------------- values that stand in


def substituted_by(view: ReadingView, at: int) -> frozenset[str]:
    """The inputs a heading reads by itself for which the rubric's own value stands in."""
    if not view.layout.remembered(("if missing",), lambda: any(i.if_missing is not None for i in view.plan.inputs)):
        return _NO_INPUTS
    given = view.facts.substituted
    if not given:
        return _NO_INPUTS
    return given & view.layout.remembered(("reads", at), lambda: _inputs_read(view.layout, view.plan.nodes[at]))


def substitutions(view: ReadingView, at: int, node: PlanNode) -> Iterator[Reason]:
    """That nobody gave a value, and which one stands in."""
    for name in view.layout.in_order(substituted_by(view, at)):
        spec = view.layout.inputs[name]
        yield Reason(ReasonKind.POLICY, facts=(view.input_fact(spec),), line=spec.line or node.line,
                     effect="substituted")  # fmt: skip


def _inputs_read(layout: PlanLayout, node: PlanNode) -> frozenset[str]:
    return layout.remembered(("plan reads",), lambda: PlanReads(layout.plan)).node(node).names


# ---------------------------------------------------------------- not due


def is_not_due(view: ReadingView, at: int) -> bool:
    """Whether a later stage asks for what the heading, or one above it, stands on."""
    here: int | None = at
    while here is not None:
        absent = view.absent(here)
        if absent is None or absent == -1:
            return False
        if absent >= 0:
            return view.plan.nodes[here].absent[absent].policy is Policy.NOT_DUE
        here = view.plan.nodes[here].parent
    return False


def not_due(view: ReadingView, at: int, node: PlanNode) -> Reason:
    """The stage that will ask: of a group the first that asks for something below it."""
    number = _asked_from(view, at)
    stages = view.plan.stages
    stage = stages[number] if 0 < number < len(stages) else None
    label = "" if stage is None else stage.title or stage.name
    points = view.number(Observed.POINTS, at)
    return Reason(ReasonKind.NOT_DUE, label, points, line=node.line, effect=str(Policy.NOT_DUE))


def _asked_from(view: ReadingView, at: int) -> int:
    """The first stage at which the heading and all above it are asked for, and of a group some leaf below it."""
    nodes = view.plan.nodes
    todo, leaves = [at], []
    while todo:
        here = nodes[todo.pop()]
        if here.children:
            todo += here.children
        elif here.met is None and not here.unscored:
            leaves.append(here.asked_from)
    found = min(leaves, default=0)
    above: int | None = at
    while above is not None:
        found = max(found, nodes[above].asked_from)
        above = nodes[above].parent
    return found

"""A rubric as it stands at one stage of a round: what a later stage asks for is not due yet. Standard library only.

A heading that needs something not due has no points and no maximum, and everything else is as it will be. A plan at a
stage is a plan like any other; only its name for the stage tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from rubric_engine.plan.cycle import NotAsked
from rubric_engine.plan.expr import Always, Ref
from rubric_engine.plan.plan import Absent, Bound, GradeTable, InputSpec, Plan, PlanNode, Policy
from rubric_engine.plan.reads import PlanReads

# Section and name of what a submission cannot hold yet, with the number of the stage that asks for it.
Later = Mapping[tuple[str, str], int]
_NOT_DUE = Absent(Always(True), Policy.NOT_DUE)


def at_stage(plan: Plan, number: int) -> Plan:
    """The plan of stage ``number``, counted from 0. Raises :class:`IndexError` for a stage the rubric does not have.

    A heading that is not due keeps its place and its printed points and nothing else. No grade is issued and nothing
    is ranked while a heading that counts is not due; what else needs something later is left out until then.
    """
    if not 0 <= number < len(plan.stages):
        raise IndexError(number)
    stage = plan.stages[number]
    due = due_from(plan)
    waiting = [first > number for first in due]
    reads = PlanReads(plan)
    later = _later(reads, number, due)
    gone = _gone(reads, later, waiting)
    evidence = [at for at, spec in enumerate(plan.evidence) if ("evidence", spec.name) not in later]
    moved = {at: new for new, at in enumerate(evidence)}
    nodes = plan.nodes
    counted = any(waiting[at] for at, node in enumerate(nodes) if node.met is None and not _unscored(nodes, at))
    ranking = plan.ranking
    ranked = ranking is not None and not counted and not gone(ranking) and ("inputs", ranking.within) not in later
    names = [other.name for other in plan.stages]
    return replace(
        plan,
        inputs=tuple(_kept(spec, reads, later) for spec in plan.inputs if not _is_later(spec, later)),
        judged=tuple(spec for spec in plan.judged if ("judged", spec.key) not in later),
        evidence=tuple(plan.evidence[at] for at in evidence),
        lets=tuple(let for let in plan.lets if not gone(Ref(let.name))),
        nodes=tuple(
            _left_blank(node) if waiting[at] else replace(node, evidence=tuple(moved[each] for each in node.evidence))
            for at, node in enumerate(nodes)
        ),
        limits=tuple(limit for limit in plan.limits if not gone(limit)),
        grades=() if counted else tuple(_counted(table, later) for table in plan.grades if not gone(table)),
        only_accepted=plan.only_accepted or stage.only_accepted,
        ranking=ranking if ranked else None,
        references=tuple(one for one in plan.references if ("references", one.name) not in later),
        stage=stage.name,
        later=tuple(NotAsked(section, name, names[asked]) for (section, name), asked in later.items()),
    )


def waits_for_a_stage(plan: Plan) -> bool:
    """Whether a heading that counts is not due at the stage of this plan."""
    nodes = plan.nodes
    return any(
        _NOT_DUE in node.absent and node.met is None and not _unscored(nodes, at) for at, node in enumerate(nodes)
    )


def _unscored(nodes: tuple[PlanNode, ...], at: int | None) -> bool:
    """Whether a heading, or one it stands under, is shown and never counted."""
    while at is not None:
        if nodes[at].unscored:
            return True
        at = nodes[at].parent
    return False


def due_from(plan: Plan) -> list[int]:
    """Of each heading the first stage it is due at: not before the one it stands under, nor before all it counts."""
    nodes = plan.nodes
    found = [node.asked_from for node in nodes]
    _not_before_what_is_above(nodes, found)
    for at in range(len(nodes) - 1, -1, -1):
        # Conditions and what is never scored decide only where there is nothing else.
        counted = [child for child in nodes[at].children if nodes[child].met is None and not nodes[child].unscored]
        below = counted or nodes[at].children
        if below:
            found[at] = max(found[at], min(found[child] for child in below))
    _not_before_what_is_above(nodes, found)
    return found


def _not_before_what_is_above(nodes: tuple[PlanNode, ...], stages: list[int]) -> None:
    for at, node in enumerate(nodes):
        if node.parent is not None:
            stages[at] = max(stages[at], stages[node.parent])


def _later(reads: PlanReads, number: int, due: list[int]) -> dict[tuple[str, str], int]:
    """What a submission cannot hold yet: the section and name of each, with the stage that asks for it."""
    plan = reads.plan
    found: dict[tuple[str, str], int] = {}
    for spec in plan.inputs:
        if spec.asked_from > number:
            found["references" if spec.reference else "inputs", spec.name] = spec.asked_from
    for judged in plan.judged:
        if judged.asked_from > number:
            found["judged", judged.key] = judged.asked_from
    asked = {spec.name: spec.asked_from for spec in plan.inputs if not spec.reference}
    for at, node in enumerate(plan.nodes):
        if due[at] > number:
            # Evidence comes with the first fact of its heading: whoever states that one has it at hand.
            first = min((asked[name] for name in reads.node(node).names if name in asked), default=due[at])
            if first > number:
                found.update({("evidence", plan.evidence[each].name): first for each in node.evidence})
            # A judgement belongs to one heading: nobody gives points there before the heading is due.
            found.update({("judged", key): due[at] for key in reads.node(node).judged})
    return found


def _is_later(spec: InputSpec, later: Later) -> bool:
    return ("references" if spec.reference else "inputs", spec.name) in later


def _kept(spec: InputSpec, reads: PlanReads, later: Later) -> InputSpec:
    """The input without bounds that look at what is not asked for yet."""
    def known(bound: Bound | None) -> bool:
        return not any(("inputs", name) in later for name in reads.of(bound).names)

    columns = tuple(_kept(column, reads, later) for column in spec.columns)
    low, high = (bound if known(bound) else None for bound in (spec.minimum, spec.maximum))
    if (low, high, columns) == (spec.minimum, spec.maximum, spec.columns):
        return spec
    return replace(spec, minimum=low, maximum=high, columns=columns)


def _counted(table: GradeTable, later: Later) -> GradeTable:
    """The table without quotas within groups that are not known yet."""
    return replace(
        table, quotas=tuple(one for one in table.quotas if one.within is None or ("inputs", one.within) not in later)
    )


def _left_blank(node: PlanNode) -> PlanNode:
    """A heading that is not due: nothing of it can be read."""
    return replace(
        node, absent=(_NOT_DUE,), requirements=(), base=None, adjustments=(), evidence=(), limits=(), combine=None,
        if_missing=None, met=None if node.met is None else Always(False),
    )  # fmt: skip


def _gone(reads: PlanReads, later: Later, waiting: list[bool]) -> Callable[[object], bool]:
    """Whether some part of the plan reads what is not due, also through named values."""
    blank = {node.code for at, node in enumerate(reads.plan.nodes) if waiting[at]}

    def gone(thing: object) -> bool:
        read = reads.of(thing)
        facts = any((section, name) in later for name in read.names for section in ("inputs", "references"))
        return facts or any(("judged", key) in later for key in read.judged) or not blank.isdisjoint(read.codes)

    return gone

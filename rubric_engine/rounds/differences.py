"""What changed between two stages: leaf, from, to, and which fact or piece of evidence made the difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.evidence import EvidenceItem
from rubric_engine.meaning.exact import as_json, show_number
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.reads import PlanReads
from rubric_engine.result.outcome import NodeResult, State
from rubric_engine.result.words import text_of
from rubric_engine.rounds.stages import StagedResult, StageResult, check_scored_by

Evidence = Mapping[str, tuple[EvidenceItem, ...]]


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A fact, a judgement or a piece of evidence that was not the same; texts are ready to read, empty where not given.

    ``kind`` is ``fact``, ``judgement`` or ``evidence``; ``reason`` is why evidence was rejected.
    """

    kind: str
    name: str
    label: str
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeafDifference:
    """A leaf whose points or state differ between two stages, with what made the difference and the words beside it.

    ``facts`` are those the leaf reads, directly or through other headings. ``remark`` is the later stage's, as is
    ``explanation`` of the unit; ``asked`` tells whether an explanation was asked for.
    """

    code: str
    title: str
    before: Fraction | None
    after: Fraction | None
    state_before: State
    state_after: State
    facts: tuple[FactDifference, ...]
    remark: str = ""
    explanation: str = ""
    asked: bool = False

    @property
    def change(self) -> Fraction | None:
        """Points gained or lost; ``None`` where one of the two is not known."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def unexplained(self) -> bool:
        """Points moved and nobody said why."""
        return bool(self.change) and not self.remark and not any(fact.reason for fact in self.facts)


@dataclass(frozen=True, slots=True)
class StageDifference:
    """Two stages of one unit. ``without_effect`` are differences that moved no leaf."""

    unit: str
    before: StageResult
    after: StageResult
    leaves: tuple[LeafDifference, ...]
    without_effect: tuple[FactDifference, ...]

    @property
    def total(self) -> Fraction | None:
        """Change of the published total; ``None`` where one is not known, or the stages count up to other maxima."""
        then, now = self.before.result.total, self.after.result.total
        if then.published is None or now.published is None or then.applicable_maximum != now.applicable_maximum:
            return None
        return now.published - then.published

    @property
    def newly_due(self) -> tuple[str, ...]:
        """Leaves that were not due before and are now."""
        return tuple(leaf.code for leaf in self.leaves if leaf.state_before is State.NOT_DUE)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "unit": self.unit, "before": self.before.stage.name, "after": self.after.stage.name,
            "change": as_json(self.total), "newly_due": list(self.newly_due),
            "leaves": [
                {"code": leaf.code, "title": leaf.title, "before": as_json(leaf.before), "after": as_json(leaf.after),
                 "change": as_json(leaf.change), "state_before": str(leaf.state_before),
                 "state_after": str(leaf.state_after), "facts": [_fact_dict(fact) for fact in leaf.facts],
                 "remark": leaf.remark, "explanation": leaf.explanation, "asked": leaf.asked}
                for leaf in self.leaves
            ],
            "without_effect": [_fact_dict(fact) for fact in self.without_effect],
        }  # fmt: skip


def difference(rubric: CompiledRubric, staged: StagedResult, before: str, after: str) -> StageDifference:
    """What moved from one stage to another. Raises ``KeyError`` for a stage the unit has not reached, ``ValueError``
    for stages scored by another rubric."""
    check_scored_by(rubric, staged)
    earlier, later = staged[before], staged[after]
    changed = list(_differences(rubric.plan, earlier, later))
    reads = _Reach(rubric.plan)
    leaves = []
    moved: set[int] = set()
    for node in later.result:
        then = earlier.result[node.code]
        if node.children or node.state is State.UNSCORED or _same(then, node):
            continue
        mine = [at for at, fact in enumerate(changed) if reads.touches(node.code, fact)]
        moved.update(mine)
        leaves.append(LeafDifference(
            node.code, node.title, _points(then), _points(node), then.state, node.state,
            tuple(changed[at] for at in mine), later.entry.remarks.get(node.code, ""),
            later.entry.explanations.get(node.code, ""), node.code in later.entry.asks,
        ))  # fmt: skip
    idle = tuple(fact for at, fact in enumerate(changed) if at not in moved)
    return StageDifference(staged.dossier.unit, earlier, later, tuple(leaves), idle)


def _points(node: NodeResult) -> Fraction | None:
    """What does not count yet, or not for this unit, has no points to set against any."""
    return None if node.state in (State.NOT_DUE, State.NOT_APPLICABLE, State.NOT_RATED) else node.points


def _same(then: NodeResult, now: NodeResult) -> bool:
    ends = [(node.points, node.state, node.met, node.low, node.high) for node in (then, now)]
    return ends[0] == ends[1]


def _differences(plan: Plan, before: StageResult, after: StageResult) -> Iterator[FactDifference]:
    old, new = before.facts, after.facts
    for spec in plan.inputs:
        then, now = old.values.get(spec.name), new.values.get(spec.name)
        if then != now:
            texts = ("" if value is None else text_of(spec, value) for value in (then, now))
            yield FactDifference("fact", spec.name, spec.label or spec.name, *texts)
    for judged in plan.judged:
        points = [facts.judged.get(judged.key) for facts in (old, new)]
        if points[0] != points[1]:
            texts = ("" if value is None else show_number(value, plan.language) for value in points)
            yield FactDifference("judgement", judged.key, judged.label, *texts)
    for evidence in plan.evidence:
        yield from _evidence(evidence.name, evidence.title, old.evidence, new.evidence)


def _evidence(name: str, title: str, old: Evidence, new: Evidence) -> Iterator[FactDifference]:
    pieces = [{item.reference: item for item in given.get(name, ())} for given in (old, new)]
    for reference in dict.fromkeys((*pieces[0], *pieces[1])):
        then, now = (side.get(reference) for side in pieces)
        states = ["" if item is None else item.status for item in (then, now)]
        if states[0] != states[1]:
            reason = now.reason if now is not None else ""
            yield FactDifference("evidence", name, f"{title or name}: {reference}", states[0], states[1], reason)


class _Reach:
    """Which leaf a fact reaches, also through the headings its rule looks at."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._reads = PlanReads(plan)
        self._places = {node.code: at for at, node in enumerate(plan.nodes)}
        self._found: dict[str, dict[str, frozenset[str]]] = {}

    def touches(self, code: str, fact: FactDifference) -> bool:
        return fact.name in self._of(code)[fact.kind]

    def _of(self, code: str) -> dict[str, frozenset[str]]:
        found = self._found.get(code)
        if found is None:
            names: set[str] = set()
            judged: set[str] = set()
            evidence: set[str] = set()
            for at in self._looked_at(code):
                reads = self._reads.node(self._plan.nodes[at])
                names |= reads.names
                judged |= reads.judged
                evidence |= {self._plan.evidence[number].name for number in self._plan.nodes[at].evidence}
            found = {"fact": frozenset(names), "judgement": frozenset(judged), "evidence": frozenset(evidence)}
            self._found[code] = found
        return found

    def _looked_at(self, code: str) -> set[int]:
        """The heading, those above it (they may not apply), and those its rule reads, with all below them."""
        places = self._places
        todo, seen = [places[code]], set[int]()
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            node = self._plan.nodes[at]
            todo += [places[other] for other in self._reads.node(node).codes if other in places]
            if at != places[code]:
                todo += node.children
        parent = self._plan.nodes[places[code]].parent
        while parent is not None:
            seen.add(parent)
            parent = self._plan.nodes[parent].parent
        return seen


def _fact_dict(fact: FactDifference) -> dict[str, str]:
    return {"kind": fact.kind, "name": fact.name, "label": fact.label, "before": fact.before, "after": fact.after,
            "reason": fact.reason}  # fmt: skip

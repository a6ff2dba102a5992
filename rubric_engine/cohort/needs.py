"""What each figure of a cohort needs before it can be taken: facts alone, headings, or figures taken before it."""

from dataclasses import dataclass, replace
from fractions import Fraction

from rubric_engine.cohort.statistics import COHORT_KINDS
from rubric_engine.plan.clauses import clauses_of
from rubric_engine.plan.expr import Always, Const
from rubric_engine.plan.plan import MissingPolicy, Plan, PlanNode, Reference
from rubric_engine.plan.reads import NOTHING_READ, PlanReads, Reads


@dataclass(frozen=True, slots=True)
class Round:
    """Figures that can be taken together, and the plan to read headings with: ``None`` where facts are enough.

    In that plan every rule that reads a figure still to come is taken out. No subject of this round depends on one, so
    what is read of it is what the whole plan will give, and a complete unit is read at full speed.
    """

    references: tuple[Reference, ...]
    plan: Plan | None


def cohort_references(plan: Plan) -> tuple[Reference, ...]:
    """The figures a cohort gives, in the order of the plan; those of the cycle before or of the round are facts."""
    return tuple(reference for reference in plan.references if reference.kind in COHORT_KINDS)


def rounds_of(plan: Plan) -> tuple[Round, ...]:
    """The figures in rounds: a figure stands in the first one after all it depends on."""
    references = cohort_references(plan)
    reads = PlanReads(plan)
    needed = _Needed(plan, reads, frozenset(reference.name for reference in references))
    depth: dict[str, int] = {}
    for reference in references:
        before = needed.figures(reads.of(reference.subject, reference.where))
        if not before <= depth.keys():
            raise ValueError(f"figures in a circle, or out of order: {reference.name}")
        depth[reference.name] = max((depth[name] + 1 for name in before), default=0)
    rounds = []
    for number in range(max(depth.values(), default=-1) + 1):
        now = tuple(reference for reference in references if depth[reference.name] == number)
        direct = [reads.of(reference.subject, reference.where) for reference in now]
        unknown = frozenset(name for name, at in depth.items() if at >= number)
        headings = any(each.headings or each.total for each in direct)
        rounds.append(Round(now, without_figures(plan, reads, unknown) if headings else None))
    return tuple(rounds)


def settled_without(plan: Plan, reads: PlanReads) -> dict[str, frozenset[str]]:
    """Of each figure, the facts a unit may lack for good: every heading that reads them, or the figure, says what then.

    A unit that lacks one has no value. Where some heading waits for the fact, or the limits or the grades read it, the
    fact may still come, and the figure with it.
    """
    own = [reads.of(*clauses_of(plan, node)).names for node in plan.nodes]
    waiting = frozenset[str]().union(*(
        names for node, names in zip(plan.nodes, own, strict=True) if not _says_what_then(node)
    ))  # fmt: skip
    waiting |= reads.of(plan.limits, plan.grades).names
    return {
        reference.name: frozenset()
        if reference.name in waiting
        else reads.of(reference.subject, reference.where).names - waiting
        for reference in cohort_references(plan)
    }


def _says_what_then(node: PlanNode) -> bool:
    """Whether a leaf never waits for a fact."""
    policy = node.if_missing
    return policy is not None and not policy.judged and policy.policy is not MissingPolicy.BASE


class _Needed:
    """Which figures a part of the plan depends on, through headings and the total."""

    def __init__(self, plan: Plan, reads: PlanReads, figures: frozenset[str]) -> None:
        self._plan = plan
        self._figures = figures
        self._at = {node.code: at for at, node in enumerate(plan.nodes)}
        self._own = [reads.of(*clauses_of(plan, node)) for node in plan.nodes]
        self._absent = [reads.of(node.absent) for node in plan.nodes]
        self._limits = reads.of(plan.limits)

    def figures(self, start: Reads) -> frozenset[str]:
        """Names of figures, direct and indirect."""
        found = set(start.names & self._figures)
        seen: set[int] = set()
        todo = [self._at[code] for code in start.headings]
        total = start.total
        while todo or total:
            if total:
                total = False
                todo += [at for at in range(len(self._plan.nodes)) if at not in seen]
                found |= self._limits.names & self._figures
                todo += [self._at[code] for code in self._limits.headings]
            at = todo.pop() if todo else -1
            if at < 0 or at in seen:
                continue
            seen.add(at)
            read = self._own[at] | self._above(at)
            found |= read.names & self._figures
            todo += [self._at[code] for code in read.headings]
            todo += self._plan.nodes[at].children
            total = read.total
        return frozenset(found)

    def _above(self, at: int) -> Reads:
        """A heading depends on whether the groups above it apply, and on nothing else of theirs."""
        found = NOTHING_READ
        parent = self._plan.nodes[at].parent
        while parent is not None:
            found |= self._absent[parent]
            parent = self._plan.nodes[parent].parent
        return found


def without_figures(plan: Plan, reads: PlanReads, unknown: frozenset[str]) -> Plan:
    """The plan with every rule taken out that reads one of these figures, and without grades and ranking."""
    nodes = tuple(
        _stub(node) if reads.of(*clauses_of(plan, node)).names & unknown else node for node in plan.nodes
    )
    lets = tuple(let for let in plan.lets if not reads.of(let.value).names & unknown)
    limits = tuple(limit for limit in plan.limits if not reads.of(limit).names & unknown)
    return replace(plan, nodes=nodes, lets=lets, limits=limits, grades=(), ranking=None, references=())


def _stub(node: PlanNode) -> PlanNode:
    combine = node.combine
    if combine is not None and combine.if_zero is not None:
        combine = replace(combine, if_zero=Const(Fraction(0)))
    return replace(
        node, met=None if node.met is None else Always(False), absent=(), requirements=(), base=None, adjustments=(),
        evidence=(), limits=(), if_missing=None, combine=combine,
    )  # fmt: skip

"""Stages and deadlines: declared in the header, asked for under headings and by inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rubric_engine.analysis.resolve.outline import Outline
from rubric_engine.model import At, Node
from rubric_engine.plan.plan import Deadline, EvidenceSpec, JudgedSpec, Stage
from rubric_engine.rules.clauses import expressions_of_node
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.reading import facts_of_references, in_order, reads_of
from rubric_engine.syntax.tree import nodes as n


def declare_rounds(outline: Outline, scope: Scope) -> tuple[tuple[At[Stage], ...], tuple[At[Deadline], ...]]:
    """Stages and deadlines of the header, and from which stage each heading is asked for: one namespace for both."""
    stages: list[At[Stage]] = []
    deadlines: list[At[Deadline]] = []
    known: dict[str, n.Ident] = {}
    for statement in outline.header:
        match statement:
            case n.Stages():
                for one in statement.stages:
                    if _is_new(one.name, known, scope):
                        stages.append(At(_stage(one, scope), one.span))
            case n.DeadlineClause(name=name, title=title, due=due):
                if _is_new(name, known, scope):
                    day = None if due is None else due.value.toordinal()
                    words = name.text if title is None else title.value
                    deadlines.append(At(Deadline(name.text, words, day, scope.line(statement.span)), statement.span))
            case _:
                pass
    scope.rounds.stages = {at.value.name: number for number, at in enumerate(stages)}
    scope.rounds.deadlines = {at.value.name for at in deadlines}
    scope.rounds.headings = _asked_of_headings(outline, scope)
    return tuple(stages), tuple(deadlines)


def _is_new(name: n.Ident, known: dict[str, n.Ident], scope: Scope) -> bool:
    if name.text in known:
        scope.report("RUB202", name.span, name=name.text, line=scope.line(known[name.text].span))
        return False
    known[name.text] = name
    return True


def _stage(one: n.StageDef, scope: Scope) -> Stage:
    title = one.name.text if one.title is None else one.title.value
    return Stage(one.name.text, title, one.keeps_judgements, one.only_accepted, scope.line(one.span))


def stage_number(name: n.Ident, scope: Scope) -> int:
    """The number of a stage; 0 after saying that there is none of that name."""
    if name.text not in scope.rounds.stages:
        scope.report_unknown("RUB240", name, list(scope.rounds.stages))
    return scope.rounds.stages.get(name.text, 0)


def _asked_of_headings(outline: Outline, scope: Scope) -> list[int]:
    """Of each heading its own ``asked from``, or that of the nearest heading above that has one."""
    found: list[int] = []
    for draft in outline.drafts:
        own = [clause for clause in draft.clauses if isinstance(clause, n.AskedFrom)]
        for again in own[1:]:
            scope.report("RUB211", again.span, clause=scope.words(again.span))
        if own:
            found.append(stage_number(own[0].stage, scope))
        else:
            found.append(0 if draft.parent is None else found[draft.parent])
    return found


# ---------------------------------------------------------------- what is asked for when


def with_stages(
    nodes: tuple[Node, ...], judged: Sequence[At[JudgedSpec]], evidence: Sequence[At[EvidenceSpec]], scope: Scope
) -> tuple[tuple[Node, ...], list[At[JudgedSpec]]]:
    """Nodes and judgements with the first stage at which everything they need is asked for.

    A node waits for what its own clauses read, also through named values, figures and the points of other nodes; a
    group that adds or combines does not wait for its children. The figures of the scope get theirs on the way.
    """
    own = {node.code: scope.rounds.headings[at] for at, node in enumerate(nodes)}
    judged = [At(replace(at.value, asked_from=_own_stage(at.value.key, own)), at.span) for at in judged]
    if len(scope.rounds.stages) < 2:
        return nodes, judged
    reads: dict[str, frozenset[str]] = {}
    for let in scope.lets.values():
        reads[f"let {let.value.name}"] = reads_of(let.value.value)
    for node in nodes:
        parts = (reads_of(expr) for expr in expressions_of_node(node, evidence))
        reads[f"node {node.code}"] = frozenset[str]().union(*parts)
    reads.update(facts_of_references([at.value for at in scope.references.values()]))
    first = {f"judged {at.value.key}": at.value.asked_from for at in judged}
    first.update({f"fact {name}": spec.asked_from for name, spec in scope.inputs.items()})
    first.update({f"fact {name}": spec.asked_from for name, spec in scope.figures.items()})
    first.update({f"node {code}": stage for code, stage in own.items()})
    asked = _latest(reads, first)
    for name, spec in scope.figures.items():
        scope.figures[name] = replace(spec, asked_from=asked[f"fact {name}"])
    return tuple(replace(node, asked_from=asked[f"node {node.code}"]) for node in nodes), judged


def _own_stage(key: str, own: Mapping[str, int]) -> int:
    """A judged amount has the key CODE.NAME, a judged leaf its code."""
    return own[key] if key in own else own.get(key.rpartition(".")[0], 0)


def _latest(reads: Mapping[str, frozenset[str]], first: Mapping[str, int]) -> dict[str, int]:
    """For everything the latest stage of it and of all it reads, however indirectly."""
    found: dict[str, int] = {}
    for name in in_order(reads):
        read = (found.get(other, first.get(other, 0)) for other in reads.get(name, ()))
        found[name] = max((first.get(name, 0), *read))
    return {**first, **found}

"""What an expression reads, as names of one graph: facts, judgements, named values, headings, the total, figures.

A name says what it is: ``fact rate``, ``judged 1.1``, ``let share``, ``node 1.2``, ``total``. A figure is a fact.
"""

from collections.abc import Iterable, Mapping, Sequence

from rubric_engine.model import At, Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import EvidenceSpec, Let, Limit, Reference, ReferenceKind
from rubric_engine.rules.clauses import expressions_of_node
from rubric_engine.rules.dependencies import rings

Graph = Mapping[str, frozenset[str]]

# Their subject is a value of another cycle, or there is none: nothing of this submission is read.
FROM_ELSEWHERE = (ReferenceKind.PREVIOUS, ReferenceKind.DAYS_LATE)


def reads_of(expr: x.Expr) -> frozenset[str]:
    """The names an expression reads directly. *Nothing scored 0* waits for no heading: it looks at those that count."""
    found: set[str] = set()
    for part in x.walk(expr):
        match part:
            case x.Fact(name=name) | x.Flag(name=name) | x.IsLevel(name=name) | x.IsMissing(name=name):
                found.add(f"fact {name}")
            case x.CountRows(register=name) | x.Reduced(register=name):
                found.add(f"fact {name}")
            case x.Judged(key=key):
                found.add(f"judged {key}")
            case x.Ref(name=name) | x.RefTruth(name=name):
                found.add(f"let {name}")
            case x.PointsOf(code=code) | x.MaximumOf(code=code) | x.Met(code=code) | x.Unrated(code=code):
                found.add(f"node {code}")
            case x.Total() | x.TotalMaximum():
                found.add("total")
            case _:
                pass
    return frozenset(found)


def _with_zeros(expr: x.Expr) -> frozenset[str]:
    """The same, with the headings *nothing scored 0* looks at."""
    zeros = {f"node {code}" for part in x.walk(expr) if isinstance(part, x.NothingZero) for code in part.codes}
    return reads_of(expr) | zeros


def facts_of_references(references: Iterable[Reference]) -> dict[str, frozenset[str]]:
    """What each figure reads of every unit."""
    found: dict[str, frozenset[str]] = {}
    for reference in references:
        read: set[str] = set()
        if reference.kind not in FROM_ELSEWHERE:
            for expr in (reference.subject, reference.where):
                read |= frozenset() if expr is None else _with_zeros(expr)
            if reference.within is not None:
                read.add(f"fact {reference.within}")
        found[f"fact {reference.name}"] = frozenset(read)
    return found


def reading_graph(
    nodes: Sequence[Node],
    lets: Sequence[At[Let]],
    evidence: Sequence[At[EvidenceSpec]],
    limits: Sequence[At[Limit]],
    references: Iterable[Reference],
) -> dict[str, frozenset[str]]:
    """Everything that must be known before a value of the sheet or a figure is: a group needs its children."""
    found: dict[str, frozenset[str]] = {}
    for let in lets:
        found[f"let {let.value.name}"] = _with_zeros(let.value.value)
    for node in nodes:
        read = {f"node {nodes[child].code}" for child in node.children}
        for expr in expressions_of_node(node, evidence):
            read |= _with_zeros(expr)
        found[f"node {node.code}"] = frozenset(read)
    whole = {f"node {node.code}" for node in nodes if node.parent is None}
    for limit in limits:
        whole |= _with_zeros(limit.value.value)
        whole |= frozenset() if limit.value.when is None else _with_zeros(limit.value.when)
    # A limit that reads the total is another fault, told where limits are read.
    found["total"] = frozenset(whole - {"total"})
    found.update(facts_of_references(references))
    return found


def in_order(reads: Graph) -> tuple[str, ...]:
    """Every name of the graph so that what it reads stands before it; where they go in a circle, in some order."""
    order: list[str] = []
    done: set[str] = set()
    for start in reads:
        stack = [(start, False)]
        while stack:
            name, ready = stack.pop()
            if ready:
                order.append(name)
            elif name not in done:
                done.add(name)
                stack.append((name, True))
                stack.extend((other, False) for other in sorted(reads.get(name, ()), reverse=True) if other in reads)
    return tuple(order)


def circles_of_figures(reads: Graph, figures: Iterable[str]) -> list[list[str]]:
    """Circles that go through a figure, each as names without their kind."""
    known = {f"fact {name}" for name in figures}
    return [[name.partition(" ")[2] or name for name in ring] for ring in rings(reads) if not known.isdisjoint(ring)]

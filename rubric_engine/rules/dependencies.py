"""Which nodes a node reads, and the order in which they can be computed."""

from collections.abc import Mapping, Sequence, Set

from rubric_engine import model as m
from rubric_engine.model import At
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import EvidenceSpec, Let
from rubric_engine.rules.clauses import expressions_of_node


def codes_read(expr: x.Expr, through_lets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Codes of the nodes an expression reads, also through lets, and through figures where those are known by name."""
    found: set[str] = set()
    for part in x.walk(expr):
        match part:
            case x.PointsOf(code=code) | x.MaximumOf(code=code) | x.Met(code=code) | x.Unrated(code=code):
                found.add(code)
            case x.NothingZero(codes=codes):
                found.update(codes)
            case x.Ref(name=name) | x.RefTruth(name=name) | x.Fact(name=name):
                found.update(through_lets.get(name, frozenset()))
            case _:
                pass
    return frozenset(found)


def lets_of_total(lets: Sequence[At[Let]]) -> frozenset[str]:
    """Names of the lets that read the total, directly or through others."""
    found: set[str] = set()
    for let in lets:
        if reads_total(let.value.value, found):
            found.add(let.value.name)
    return frozenset(found)


def reads_total(expr: x.Expr, lets: Set[str]) -> bool:
    """Whether an expression reads the total, which needs every heading; ``lets`` are those that do."""
    return any(
        isinstance(part, x.Total) or (isinstance(part, x.Ref | x.RefTruth) and part.name in lets)
        for part in x.walk(expr)
    )


def needs(
    nodes: Sequence[m.Node], lets: Sequence[At[Let]], evidence: Sequence[At[EvidenceSpec]]
) -> dict[str, frozenset[str]]:
    """For each code the codes that must be computed before it: its children and what its clauses read."""
    through: dict[str, frozenset[str]] = {}
    of_total = lets_of_total(lets)
    for let in lets:
        through[let.value.name] = codes_read(let.value.value, through)
    everything = frozenset(node.code for node in nodes)
    found: dict[str, frozenset[str]] = {}
    for node in nodes:
        read = {nodes[child].code for child in node.children}
        for expr in expressions_of_node(node, evidence):
            read |= everything if reads_total(expr, of_total) else codes_read(expr, through)
        found[node.code] = frozenset(read)
    return found


def computing_order(nodes: Sequence[m.Node], needed: Mapping[str, frozenset[str]]) -> tuple[int, ...]:
    """Node indices so that whatever a node needs stands before it; document order otherwise. Needs have no ring."""
    index = {node.code: at for at, node in enumerate(nodes)}
    order: list[int] = []
    done: set[int] = set()
    for start in range(len(nodes)):
        stack = [(start, False)]
        while stack:
            at, ready = stack.pop()
            if at in done:
                continue
            if ready:
                done.add(at)
                order.append(at)
                continue
            stack.append((at, True))
            waiting = sorted((index[code] for code in needed[nodes[at].code]), reverse=True)
            stack.extend((other, False) for other in waiting if other not in done)
    return tuple(order)


def rings(needed: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Circles among codes, one for each knot, found without recursion."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in needed:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, True)]
        while stack:
            here, entering = stack.pop()
            if not entering:
                path.pop()
                del on_path[here]
                done.add(here)
            elif here in on_path:
                found.append(path[on_path[here] :])
            elif here not in done:
                on_path[here] = len(path)
                path.append(here)
                stack.append((here, False))
                stack.extend((other, True) for other in sorted(needed.get(here, ())))
    return found

"""Which nodes a node reads, and the order in which they can be computed."""

from collections.abc import Iterator, Mapping, Sequence, Set

from rubric_engine import model as m
from rubric_engine.model import At
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import EvidenceSpec, Let


def expressions_of_rule(rule: m.Rule) -> Iterator[x.Expr]:
    """Every expression a scoring form holds."""
    match rule:
        case m.Levels(truth=truth, rows=rows, otherwise=otherwise, name=name, tests=tests):
            yield from tests
            if truth is not None:
                yield truth
            elif not tests:
                yield x.IsLevel(name, ())
            yield from (row.value for row in rows)
            if otherwise is not None:
                yield otherwise.value
        case m.Bands(subject=subject, rows=bands, otherwise=otherwise):
            yield subject
            yield from (row.value for row in bands)
            if otherwise is not None:
                yield otherwise.value
        case m.Conditions(rows=conditions, otherwise=otherwise):
            for row in conditions:
                yield row.when
                yield row.value
            if otherwise is not None:
                yield otherwise.value
        case m.Proportion(ratio=ratio):
            yield ratio
        case m.Interpolation(subject=subject, anchors=anchors):
            yield subject
            yield from (anchor.value for anchor in anchors)
        case m.Formula(value=value) | m.Start(value=value):
            yield value
        case m.JudgedRule():
            return


def expressions_of_node(node: m.Node, evidence: Sequence[At[EvidenceSpec]]) -> Iterator[x.Expr]:
    """Every expression a heading's clauses hold."""
    yield from (at.value.when for at in node.absent if at.value.when is not None)
    for requirement in node.requirements:
        yield requirement.value.holds
        yield requirement.value.otherwise
    if node.rule is not None:
        yield from expressions_of_rule(node.rule)
    if node.met is not None:
        yield node.met.value
    for at in node.adjustments:
        adjustment = at.value
        parts = (adjustment.amount, adjustment.times, adjustment.when, adjustment.cap)
        yield from (part for part in parts if part is not None)
    yield from (evidence[index].value.when for index in node.evidence)
    if node.combine is not None and node.combine.value.if_zero is not None:
        yield node.combine.value.if_zero
    for policy in (node.if_missing, node.if_not_rated):
        if policy is not None and policy.value.value is not None:
            yield policy.value.value
    for limit in node.limits:
        yield limit.value.value
        if limit.value.when is not None:
            yield limit.value.when


def codes_read(expr: x.Expr, through_lets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Codes of the nodes an expression reads, also through lets, and through figures where those are known by name."""
    found: set[str] = set()
    for part in x.walk(expr):
        match part:
            case x.PointsOf(code=code) | x.MaximumOf(code=code) | x.Met(code=code):
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

"""RUB113: what would nest too deep, or compute numbers of millions of digits, is refused before anything runs."""

from collections.abc import Mapping, Sequence

from rubric_engine.meaning.growth import MOST_BITS
from rubric_engine.model import At, Node
from rubric_engine.plan.expr import Expr
from rubric_engine.plan.plan import EvidenceSpec, Let, Reference
from rubric_engine.plan.record import record
from rubric_engine.rules.clauses import expressions_of_node
from rubric_engine.rules.dependencies import codes_read, computing_order
from rubric_engine.rules.growth import DEEPEST, HIGHEST_DEGREE, OF_A_FACT, degree, depth, is_constant
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.reading import FROM_ELSEWHERE, in_order, reads_of
from rubric_engine.source import Span


@record
class Named:
    """A let, or a figure of the cohort: what it is made of, and where it was written."""

    name: str
    values: tuple[Expr, ...]
    span: Span


def in_needed_order(lets: Sequence[At[Let]], references: Sequence[At[Reference]]) -> tuple[Named, ...]:
    """Lets and figures, each after those it reads."""
    found = {f"let {at.value.name}": Named(at.value.name, (at.value.value,), at.span) for at in lets}
    if not references:
        return tuple(found.values())
    for at in references:
        read = () if at.value.kind in FROM_ELSEWHERE else (at.value.subject, at.value.where)
        values = tuple(expr for expr in read if expr is not None)
        found[f"fact {at.value.name}"] = Named(at.value.name, values, at.span)
    reads = {name: frozenset[str]().union(*(reads_of(expr) for expr in one.values)) for name, one in found.items()}
    return tuple(found[name] for name in in_order(reads))


def check_size(
    nodes: Sequence[Node],
    named: Sequence[Named],
    evidence: Sequence[At[EvidenceSpec]],
    needed: Mapping[str, frozenset[str]],
    scope: Scope,
) -> None:
    """Every let, every figure and every clause of a heading, in the order they are computed, which has no circle."""
    measure = _Measure(named)
    if scope.references:
        read = {
            node.code: (codes_read(expr, measure.reads) for expr in expressions_of_node(node, evidence))
            for node in nodes
        }
        needed = {code: codes.union(*read[code]) for code, codes in needed.items()}
    for at in computing_order(nodes, needed):
        measure.ready_lets()
        node = nodes[at]
        growth = sum(measure.points[nodes[child].code] for child in node.children)
        for expr in expressions_of_node(node, evidence):
            own = degree(expr, measure.degrees, measure.points)
            growth += own
            limit = MOST_BITS if is_constant(expr, measure.constants) else HIGHEST_DEGREE
            if _too_much(node.code, node.span, depth(expr, measure.depths), own, limit, scope):
                return
        measure.points[node.code] = OF_A_FACT if node.rounding is not None else max(OF_A_FACT, growth)
    measure.ready_lets()
    for one in named:
        limit = MOST_BITS if measure.constants.get(one.name) else HIGHEST_DEGREE
        if _too_much(one.name, one.span, measure.depths.get(one.name, 0), measure.degrees.get(one.name, 0), limit,
                     scope):  # fmt: skip
            return


def _too_much(what: str, span: Span, deep: int, growth: int, limit: int, scope: Scope) -> bool:
    if deep > DEEPEST:
        scope.report("RUB113", span, what=deep, limit=DEEPEST, help="depth")
    elif growth > limit:
        help_key = "constant" if limit == MOST_BITS else "growth"
        scope.report("RUB113", span, what=what, limit=limit // (1 if limit == MOST_BITS else OF_A_FACT), help=help_key)
    return deep > DEEPEST or growth > limit


class _Measure:
    """What is known so far. A let or figure is measured as soon as the nodes it reads are; each stands after those it
    needs."""

    def __init__(self, named: Sequence[Named]) -> None:
        self.depths: dict[str, int] = {}
        self.degrees: dict[str, int] = {}
        self.constants: dict[str, bool] = {}
        self.points: dict[str, int] = {}
        self._waiting = list(named)
        self.reads: dict[str, frozenset[str]] = {}
        for one in named:
            self.reads[one.name] = frozenset[str]().union(*(codes_read(expr, self.reads) for expr in one.values))

    def ready_lets(self) -> None:
        """Measure the lets and figures that can be."""
        still: list[Named] = []
        for one in self._waiting:
            if self.reads[one.name] <= self.points.keys():
                self.depths[one.name] = max((depth(expr, self.depths) for expr in one.values), default=0)
                degrees = (degree(expr, self.degrees, self.points) for expr in one.values)
                self.degrees[one.name] = max(degrees, default=OF_A_FACT)
                self.constants[one.name] = bool(one.values) and all(
                    is_constant(expr, self.constants) for expr in one.values
                )
            else:
                still.append(one)
        self._waiting = still

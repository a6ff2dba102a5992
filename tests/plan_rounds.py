"""What random plans hold beyond one submission: figures of a cohort, rounds, ranking, publication, parts not due."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

from rubric_engine.backend.emit.needs import exprs_of
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.staging import at_stage, due_from

F = Fraction
PREVIOUS_LEVEL = "previous level"


def figures(r: Random, levels: tuple[p.Level, ...]) -> list[p.InputSpec]:
    """Some figures nobody states, by names no author can give."""
    k = p.Kind
    one = p.Bound(x.Const(F(1)))
    found = [
        p.InputSpec("average rate among units within level", "Average", k.PERCENT),
        p.InputSpec("rank of total among units", "Rank", k.COUNT, minimum=one),
        p.InputSpec("previous rate", "Previous", k.PERCENT, optional=True, decimals=1),
        p.InputSpec(PREVIOUS_LEVEL, "Previous", k.LEVEL, levels=levels, optional=r.random() < 0.5),
        p.InputSpec("previous ok", "Previous", k.YES_NO),
        p.InputSpec("days late of self", "Late", k.COUNT),
    ]
    return [replace(spec, reference=True) for spec in found if r.random() < 0.6]


REFERENCES = {
    "average rate among units within level": (p.ReferenceKind.AVERAGE, x.Fact("rate")),
    "rank of total among units": (p.ReferenceKind.RANK, x.Total()),
    "previous rate": (p.ReferenceKind.PREVIOUS, x.Fact("rate")),
    PREVIOUS_LEVEL: (p.ReferenceKind.PREVIOUS, None),
    "previous ok": (p.ReferenceKind.PREVIOUS, None),
    "days late of self": (p.ReferenceKind.DAYS_LATE, None),
}


def references_of(inputs: list[p.InputSpec]) -> tuple[p.Reference, ...]:
    """What stands behind those inputs that are figures."""
    found = []
    for spec in inputs:
        if spec.reference:
            kind, subject = REFERENCES[spec.name]
            late = kind is p.ReferenceKind.DAYS_LATE
            within = "level" if "within" in spec.name else None
            found.append(p.Reference(spec.name, kind, subject, within=within, of="self" if late else ""))
    return tuple(found)


def with_rounds(r: Random, plan: p.Plan) -> p.Plan:
    """The plan with what no reading of one unit looks at, or only its last line."""
    modes = (p.Level("a", "A"), p.Level("b", "B"))
    keys = (p.RankKey(x.Total(), "total", exact=r.random() < 0.5), p.RankKey(x.Fact("planned"), "planned", True))
    step = p.Rounding(x.Mode.HALF_UP, F(1, 10_000)) if r.random() < 0.5 else None
    return replace(
        plan,
        parameters=(p.ParameterValue("mode", "Mode", F(r.randint(0, 1)), F(0), p.Kind.LEVEL, modes),),
        publication=p.Publication(r.choice(list(p.PublishedForm)), step) if r.random() < 0.5 else None,
        ranking=p.RankingRule(keys, None, r.choice(list(p.Ties)), "the council decides"),
        stages=(p.Stage("self", "Self"), p.Stage("final", "Final", r.random() < 0.5, r.random() < 0.5)),
        deadlines=(p.Deadline("files", "Files", r.choice([None, 738600])),),
    )


def at_first_stage(r: Random, plan: p.Plan) -> p.Plan:
    """The plan while something is not due: leaves taken at will, or those that read what is asked for later."""
    return _with_leaves_not_due(r, plan) if r.random() < 0.5 else at_stage(_with_later_facts(r, plan), 0)


def _with_later_facts(r: Random, plan: p.Plan) -> p.Plan:
    """Two stages, the second of which asks for some inputs and judgements."""
    inputs = tuple(replace(spec, asked_from=1) if r.random() < 0.2 else spec for spec in plan.inputs)
    judged = tuple(replace(spec, asked_from=1) if r.random() < 0.4 else spec for spec in plan.judged)
    later = {spec.name for spec in inputs if spec.asked_from} | {spec.key for spec in judged if spec.asked_from}
    named: set[str] = set()
    blank: set[str] = set()

    def reads(expr: x.Expr) -> bool:
        for part in x.walk(expr):
            match part:
                case x.Fact(name=n) | x.Flag(name=n) | x.IsLevel(name=n) | x.IsMissing(name=n) | x.Judged(key=n):
                    found = n in later
                case x.CountRows(register=n) | x.Reduced(register=n):
                    found = n in later
                case x.Ref(name=n) | x.RefTruth(name=n):
                    found = n in named
                case x.PointsOf(code=n) | x.MaximumOf(code=n) | x.Met(code=n) | x.Unrated(code=n):
                    found = n in blank
                case _:
                    found = False
            if found:
                return True
        return False

    stages = (p.Stage("self", "Self"), p.Stage("final", "Final"))
    while True:  # what reads a heading that is not due is not due, as the rules see to
        named.update(let.name for let in plan.lets if reads(let.value))
        nodes = tuple(replace(n, asked_from=int(any(map(reads, _written(plan, n))))) for n in plan.nodes)
        found = replace(plan, inputs=inputs, judged=judged, nodes=nodes, stages=stages)
        before = len(blank) + len(named) + len(later)
        for node, due in zip(nodes, due_from(found), strict=True):
            if due:
                blank.add(node.code)
                # Nobody gives points there before the heading is due.
                parts = (part for expr in _written(plan, node) for part in x.walk(expr))
                later.update(part.key for part in parts if isinstance(part, x.Judged))
        named.update(let.name for let in plan.lets if reads(let.value))
        if len(blank) + len(named) + len(later) == before:
            return found


def _written(plan: p.Plan, node: p.PlanNode) -> Iterator[x.Expr]:
    """Every expression under a heading, also of one that never applies: what it would read is written all the same."""
    yield from exprs_of(plan, node)
    yield from exprs_of(plan, replace(node, absent=()))


def _with_leaves_not_due(r: Random, plan: p.Plan) -> p.Plan:
    """Some leaves not due, and every group all of whose scored leaves are not; what they read stays."""
    nodes = list(plan.nodes)
    later = p.Absent(x.Always(True), p.Policy.NOT_DUE)
    due: dict[int, bool | None] = {}  # None: nothing scored
    for at in plan.order:
        node = nodes[at]
        if node.met is not None or node.unscored:
            due[at] = None
            continue
        below = [due[child] for child in node.children]
        due[at] = any(below) if node.children else r.random() < 0.5
        if node.children and all(one is None for one in below):
            due[at] = None
        if due[at] is False:
            nodes[at] = replace(node, absent=(later, *node.absent), asked_from=1)
    return replace(plan, nodes=tuple(nodes), grades=(), stage="self")


def if_not_rated(r: Random, value: x.Num) -> p.IfMissing:
    """What a group says where it is not rated."""
    policy = r.choice((p.MissingPolicy.POINTS, p.MissingPolicy.EXCLUDED, p.MissingPolicy.NOT_APPLICABLE))
    return p.IfMissing(policy, False, value if policy is p.MissingPolicy.POINTS else None)

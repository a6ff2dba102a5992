"""Plans whose leaves are alike, and plans whose inputs bound one another in chains and bunches."""

from dataclasses import is_dataclass
from fractions import Fraction as F
from random import Random
from typing import Any

from range_plans import INPUTS, JUDGED, PlanMaker

from rubric_engine.facts.facts import Facts
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p

_NAMES = frozenset(spec.name for spec in INPUTS)
_OF_NAMES = (x.Fact, x.Flag, x.IsLevel, x.IsMissing, p.InputSpec)
_OF_KEYS = (x.Judged, p.JudgedSpec)
MARK = "_b"


def renamed(thing: Any) -> Any:
    """The same of other inputs and judgements: their names with a mark."""
    if isinstance(thing, tuple):
        return tuple(renamed(part) for part in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    given = {field: renamed(getattr(thing, field)) for field in thing.__match_args__}  # type: ignore[attr-defined]
    if isinstance(thing, _OF_NAMES) and thing.name in _NAMES:
        given["name"] = thing.name + MARK
    if isinstance(thing, _OF_KEYS):
        given["key"] = thing.key + MARK
    if isinstance(thing, x.CountRows | x.Reduced):
        given["register"] = thing.register + MARK
    return type(thing)(**given)


def leaf_drawn(seed: int, code: str) -> tuple[p.PlanNode, tuple[p.EvidenceSpec, ...]]:
    """A leaf that reads no other heading, with its evidence."""
    maker = PlanMaker(Random(seed), policies=True)
    leaf = maker.leaf(code, 0, ())
    while leaf.met is not None:
        maker.evidence.clear()
        leaf = maker.leaf(code, 0, ())
    return leaf, tuple(maker.evidence)


def plan_of_leaves(leaves: list[tuple[p.PlanNode, tuple[p.EvidenceSpec, ...]]]) -> p.Plan:
    """These leaves under one heading, over two sets of the same inputs."""
    evidence: list[p.EvidenceSpec] = []
    nodes = []
    for leaf, pieces in leaves:
        at = tuple(range(len(evidence), len(evidence) + len(pieces)))
        evidence += pieces
        nodes.append(p.PlanNode(**{
            **{field: getattr(leaf, field) for field in leaf.__match_args__}, "evidence": at,
        }))  # fmt: skip
    return _plan(nodes, (*INPUTS, *renamed(INPUTS)), (*JUDGED, *renamed(JUDGED)), tuple(evidence))


def _plan(
    leaves: list[p.PlanNode], inputs: tuple[p.InputSpec, ...], judged: tuple[p.JudgedSpec, ...] = (),
    evidence: tuple[p.EvidenceSpec, ...] = (),
) -> p.Plan:  # fmt: skip
    total = sum((leaf.maximum for leaf in leaves if not leaf.unscored), F(0))
    places = tuple(range(1, len(leaves) + 1))
    top = p.PlanNode("G", "Group", "area", F(0), total, None, places, 1, absent=(p.Absent(None, p.Policy.ZERO),))
    return p.Plan(
        "t", "Title", "1", "en", "d", total, True, None, inputs, judged, evidence, (), (), (top, *leaves), (*places, 0),
        (0,), (), (), (),
    )  # fmt: skip


def bound_plan(seed: int) -> p.Plan:
    """Leaves over inputs most of which are bound by others: one by one, in bunches, by sums and multiples."""
    rng = Random(seed)
    names = [f"n{at}" for at in range(rng.randint(5, 14))]
    inputs = tuple(_bound_input(name, names[:at], rng) for at, name in enumerate(names))
    leaves = []
    for at in range(rng.randint(2, 4)):
        a, b, c = (x.Fact(name) for name in rng.sample(names, 3))
        subject = rng.choice((x.Div(a, b), x.Div(a, x.Add((b, c))), x.Sub(a, b), x.Div(x.Add((a, b)), c)))
        cases = (
            p.Case(x.Compare(x.Order.GT, subject, x.Const(F(9, 10))), x.Const(F(2)), "", 1),
            p.Case(x.Compare(x.Order.GE, subject, x.Const(F(1, 2))), x.Const(F(1)), "", 1),
            p.Case(x.Compare(x.Order.LT, a, c), x.Const(F(1, 2)), "", 1),
            p.Case(None, x.Least((a, c)), "", 1),
        )
        absent = p.Absent(x.Compare(x.Order.LE, rng.choice((b, c)), x.Const(F(0))), p.Policy.EXCLUDED)
        base = p.Choice(p.Form.BANDS, cases, subject, "subject")
        leaves.append(p.PlanNode(f"L{at}", "Leaf", "item", F(0), F(2), 0, (), 1, absent=(absent,), base=base))
    return _plan(leaves, inputs)


def _bound_input(name: str, before: list[str], rng: Random) -> p.InputSpec:
    most: x.Num | None = None
    if before and rng.random() < 0.85:
        most = x.Fact(rng.choice(before) if rng.random() < 0.6 else before[0])
        how = rng.random()
        if how < 0.15:
            most = x.Mul((x.Const(F(rng.randint(1, 3), rng.randint(1, 2))), most))
        elif how < 0.3:
            most = x.Add((most, x.Fact(rng.choice(before))))
    elif rng.random() < 0.5:
        most = x.Const(F(rng.randint(3, 20)))
    return p.InputSpec(
        name, name, p.Kind.COUNT, minimum=p.Bound(x.Const(F(0))), maximum=None if most is None else p.Bound(most)
    )


def bound_facts(plan: p.Plan, rng: Random) -> Facts:
    """A complete submission within the bounds."""
    values: dict[str, Any] = {}
    for spec in plan.inputs:
        most = 20 if spec.maximum is None else _value(spec.maximum.value, values)
        values[spec.name] = rng.randint(0, int(most))
    return Facts("unit", values, {}, {}, {}, {}, ())


def _value(expr: x.Num, values: dict[str, Any]) -> F:
    match expr:
        case x.Const(value=value):
            return value
        case x.Fact(name=name):
            return F(values[name])
        case x.Mul(factors=(one, other)):
            return _value(one, values) * _value(other, values)
        case x.Add(terms=(one, other)):
            return _value(one, values) + _value(other, values)
        case _:
            raise AssertionError(expr)

"""The order in which clauses of one kind act. The order they are written in never changes points.

Evidence: what takes points off, then what caps them. Limits: floors, then ceilings, so that a ceiling wins. Of several
requirements that fail, the one that leaves the fewest points counts. Awards and deductions act as written: they add up.
"""

from collections.abc import Sequence
from dataclasses import replace

from rubric_engine.model import At
from rubric_engine.plan.expr import All, AnyOf, Compare, Const, Not, Order, Truth
from rubric_engine.plan.plan import Effect, EvidenceSpec, Limit, Requirement


def deductions_first(places: Sequence[int], evidence: Sequence[At[EvidenceSpec]]) -> tuple[int, ...]:
    """The evidence of a heading as it acts."""
    return tuple(sorted(places, key=lambda at: evidence[at].value.effect is not Effect.DEDUCT))


def floors_first(limits: Sequence[At[Limit]]) -> tuple[At[Limit], ...]:
    """The limits of a heading, or of the total, as they act."""
    return tuple(sorted(limits, key=lambda at: at.value.at_most))


def strictest_first(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """The requirements of a heading, so that the first that fails leaves the fewest points.

    Where the facts decide which that is, each is made to fail only where no other that fails leaves fewer.
    """
    constants = {id(one): one.otherwise.value for one in requirements if isinstance(one.otherwise, Const)}
    if len(constants) == len(requirements):
        return tuple(sorted(requirements, key=lambda one: constants[id(one)]))
    return tuple(_where_strictest(at, requirements) for at in range(len(requirements)))


def _where_strictest(at: int, requirements: Sequence[Requirement]) -> Requirement:
    """The requirement, failing where it fails and no other leaves fewer points; of equals the one written first."""
    one = requirements[at]
    others: list[Truth] = [
        AnyOf((other.holds, Compare(Order.LT if i < at else Order.LE, one.otherwise, other.otherwise)))
        for i, other in enumerate(requirements)
        if i != at
    ]
    return replace(one, holds=Not(All((Not(one.holds), *others)))) if others else one

"""The parts of clauses: what every walker asks that wants the expressions written somewhere.

A clause is a record; what it is made of is its fields. So a new field of a clause, or a new clause, is seen by all who
look for what is read, without a list to be kept. Standard library only.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, cast, get_args

from rubric_engine.plan.expr import Expr, Num, Truth
from rubric_engine.plan.plan import Plan, PlanNode

EXPRESSIONS: Final = frozenset((*get_args(Num), *get_args(Truth)))


@cache
def _fields_of(cls: Any) -> tuple[str, ...]:
    """The fields of a record that may hold something, in their order; none of anything else."""
    return tuple(name for name in getattr(cls, "__dataclass_fields__", ()) if name != "span")


def placed_expressions(things: object, place: Any = None) -> Iterator[tuple[Expr, Any]]:
    """Every expression held by clauses, or by tuples of them, outermost ones only, in the order of the fields.

    Each with the ``span`` of the innermost record that has one, else with ``place``.
    """
    todo = [(things, place)]
    while todo:
        thing, at = todo.pop()
        if type(thing) in EXPRESSIONS:
            yield thing, at  # type: ignore[misc]  # the line before has seen to it
        elif isinstance(thing, tuple):
            todo += [(part, at) for part in reversed(thing)]
        else:
            here, cls = getattr(thing, "span", at), cast(Any, type(thing))
            todo += [(getattr(thing, name), here) for name in reversed(_fields_of(cls))]


def expressions_in(*things: object) -> Iterator[Expr]:
    """Every expression held by clauses, or by tuples of them, outermost ones only, in the order of the fields."""
    return (expr for expr, _ in placed_expressions(things))


def clauses_of(plan: Plan, node: PlanNode) -> tuple[object, ...]:
    """Everything under a heading that may read something, of its evidence when it is required; not its children."""
    return (node, tuple(plan.evidence[number].when for number in node.evidence))

"""Leaves alike: the same clauses over facts of the same kind, under other names. Standard library only.

While nothing is said of its facts, what a leaf can come to follows from the plan alone, and most leaves of a sheet are
written after one pattern. So one of them is read, and the others tell the same under their own names.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from rubric_engine.plan.expr import CountRows, Fact, Flag, IsLevel, IsMissing, Judged, Reduced, Ref, RefTruth
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Level
from rubric_engine.plan.record import record

_NAMED: Mapping[type, str] = {
    Fact: "name", Flag: "name", IsLevel: "name", IsMissing: "name", InputSpec: "name", CountRows: "register",
    Reduced: "register", Judged: "key", JudgedSpec: "key",
}  # fmt: skip
_AS_IT_IS = (str, int, Fraction, type(None))
# What people are told, and what the reading of one leaf does not look at.
_NOT_LOOKED_AT = frozenset((
    "as_printed", "asked_from", "because", "children", "code", "columns", "evidence", "label", "level", "line", "node",
    "parent", "shared", "title", "weight", "words",
))  # fmt: skip


@record
class Likeness:
    """What a leaf has in common with those like it, and its own names, in the order all of them mention theirs."""

    pattern: tuple[Any, ...]
    names: tuple[str, ...]


def likeness(layout: PlanLayout, at: int, names: Iterable[str], judged: Iterable[str]) -> Likeness:
    """Of a leaf that reads these facts and judgements alone; deep expressions are walked, not climbed."""
    named: dict[str, int] = {f"decision {layout.plan.nodes[at].code}": 0}
    reached: dict[str, int] = {}
    pattern: list[Any] = []
    todo = _described(layout, at, names, judged)
    while todo:
        here = todo.pop()
        if isinstance(here, _AS_IT_IS):
            pattern.append(here)
        elif isinstance(here, tuple):
            pattern.append(len(here))
            todo += here
        elif isinstance(here, Level):
            pattern.append(Level)
        elif isinstance(here, Ref | RefTruth):
            if here.name not in reached:
                todo.append(layout.lets[here.name].value)
            pattern.append(reached.setdefault(here.name, len(reached)))
        else:
            kind = type(here)
            field = _NAMED.get(kind, "")
            if field:
                name = f"{'judged ' if field == 'key' else ''}{getattr(here, field)}"
                pattern.append(named.setdefault(name, len(named)))
            pattern.append(kind)
            fields = [other for other in kind.__match_args__ if other != field and other not in _NOT_LOOKED_AT]
            todo += [getattr(here, other) for other in fields]
    return Likeness(tuple(pattern), tuple(named))


def _described(layout: PlanLayout, at: int, names: Iterable[str], judged: Iterable[str]) -> list[Any]:
    """Everything the reading of a leaf can look at while nothing is said."""
    plan = layout.plan
    node = plan.nodes[at]
    inputs = [layout.inputs[name] for name in names if name in layout.inputs]
    evidence = [plan.evidence[which] for which in node.evidence]
    clauses = []
    above = node.parent
    while above is not None:
        clauses.append(plan.nodes[above].absent)
        above = plan.nodes[above].parent
    return [
        tuple((spec, spec.columns) for spec in inputs),
        tuple(layout.judged[key] for key in judged if key in layout.judged),
        tuple((spec.when, spec.effect, spec.amount) for spec in evidence),
        tuple(clauses),
        node,
    ]

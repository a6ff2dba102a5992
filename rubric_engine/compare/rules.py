"""Which headings of two rubrics are scored by the same rule, whatever line they stand on and however they are
called."""

from dataclasses import fields, is_dataclass
from typing import Any

from rubric_engine.model import Node, Rubric

# Where a clause stands and what it is called does not change a point.
_WORDS = frozenset(("line", "span", "label", "because", "words", "name", "node", "key"))
_RULE = (
    "kind", "rule", "absent", "requirements", "met", "adjustments", "limits", "rounding", "combine", "if_missing",
    "if_not_rated", "weight", "pool",
)  # fmt: skip
_READS = frozenset((
    "Fact", "Flag", "Ref", "RefTruth", "IsLevel", "IsMissing", "Column", "ColumnFlag", "ColumnIs",
))  # fmt: skip


def changed_rules(before: Rubric, after: Rubric, pairs: dict[str, str]) -> frozenset[str]:
    """Codes of ``after`` whose rule is another than that of the heading of ``before`` they stand for.

    ``pairs`` maps codes of ``after`` to those of ``before``. Lets and evidence a rule names count as part of it; its
    printed maximum does not.
    """
    old = {node.code: _shape_of(before, node) for node in before.nodes}
    return frozenset(
        node.code
        for node in after.nodes
        if node.code in pairs and _shape_of(after, node) != old.get(pairs[node.code])
    )


def _shape_of(rubric: Rubric, node: Node) -> object:
    lets = {at.value.name: at.value.value for at in rubric.lets}
    shape = _bare(tuple(getattr(node, part) for part in _RULE))
    evidence = _bare(tuple(rubric.evidence[at].value for at in node.evidence))
    return (shape, evidence, tuple(sorted(_named(shape, lets).items())))


def _named(shape: object, lets: dict[str, Any]) -> dict[str, str]:
    """What the lets a rule reads stand for, those they read included."""
    found: dict[str, str] = {}
    waiting = [shape]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, tuple):
            continue
        if here and here[0] in ("Ref", "RefTruth") and here[1][1] not in found:
            value = _bare(lets[here[1][1]])
            found[here[1][1]] = repr(value)
            waiting.append(value)
        waiting.extend(here)
    return found


def _bare(value: object) -> object:
    """The value as nested tuples, without what only says where and how it is written."""
    if isinstance(value, tuple | list):
        return tuple(_bare(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        # The name of a fact is what a rule reads; that of a clause is not.
        without = _WORDS - {"name"} if type(value).__name__ in _READS else _WORDS
        kept = [part.name for part in fields(value) if part.name not in without]
        return (type(value).__name__, *((name, _bare(getattr(value, name))) for name in kept))
    return value

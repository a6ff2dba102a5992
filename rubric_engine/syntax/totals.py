"""A fact called as the total of the sheet is: ``input total: count``, then ``score by met / total``.

The total is known with the grades and the ranking only. Elsewhere, where a fact has that name, the word is the fact.
"""

from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any

from rubric_engine.source import Span
from rubric_engine.syntax.keywords import forms, languages
from rubric_engine.syntax.tree import nodes as n

# Here the word is the total of the sheet, whatever a fact is called.
_OF_THE_SHEET = (n.Grades, n.GradeRowClause, n.GateClause, n.RankBy, n.TotalLimit, n.TotalPoints, n.Expect)


def with_facts_called_total(
    statements: list[n.Statement | None], text: str, names: Collection[str]
) -> list[n.Statement | None]:
    """The statements, with the word read as the fact where ``names`` has it."""
    called = {form for each in languages() for form in forms("TOTAL", each) if form in names}
    if not called:
        return statements
    return [one if one is None or isinstance(one, _OF_THE_SHEET) else _read(one, text, called) for one in statements]


def _read(node: Any, text: str, called: Collection[str]) -> Any:
    if isinstance(node, n.SheetTotal):
        word = text[node.span.start : node.span.end]
        return n.Name(word, node.span) if word in called and not node.index else node
    if isinstance(node, tuple):
        return tuple(_read(part, text, called) for part in node)
    if not is_dataclass(node) or isinstance(node, Span | type):
        return node
    return replace(node, **{each.name: _read(getattr(node, each.name), text, called) for each in fields(node)})

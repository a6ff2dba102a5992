"""Names in brackets: ``[số chỉ tiêu đạt]`` is the fact of that name or of that label, however it is spaced or cased.

Done once, on the tree, before anything is looked up: afterwards every name is spelt as where it was made known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.facts.fold import fold
from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n

_Declared = tuple[n.Ident, n.Text | None]


@record
class Spelt:
    """The statements with every bracketed name spelt as it was made known, and the names that fit two."""

    statements: tuple[n.Statement, ...]
    diagnostics: tuple[Diagnostic, ...]


def spell_names(statements: tuple[n.Statement, ...]) -> Spelt:
    """Nothing is changed where no name stands in brackets."""
    if not any(_has_brackets(statement) for statement in statements):
        return Spelt(statements, ())
    speller = _Speller(statements)
    return Spelt(tuple(speller.spelt(statement) for statement in statements), tuple(speller.problems))


def _has_brackets(node: object) -> bool:
    return any(name.bracketed for name in _names_in(node))


def _names_in(node: object) -> Iterator[n.Ident | n.Name]:
    todo = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, n.Ident | n.Name):
            yield here
        elif isinstance(here, tuple):
            todo += here
        elif is_dataclass(here) and not isinstance(here, Span | type):
            todo += [getattr(here, each.name) for each in fields(here)]


class _Speller:
    def __init__(self, statements: Iterable[n.Statement]) -> None:
        declared = [each for statement in statements for each in _declared(statement)]
        self.exact = {name.text for name, _ in declared}
        self.places = {id(name) for name, _ in declared}
        self.folded: dict[str, set[str]] = {}
        for name, label in declared:
            for text in (name.text, *([] if label is None else [label.value])):
                self.folded.setdefault(fold(text), set()).add(name.text)
        self.problems: list[Diagnostic] = []

    def spelt(self, node: Any) -> Any:
        if isinstance(node, n.Ident | n.Name):
            return self._name(node)
        if isinstance(node, tuple):
            return tuple(map(self.spelt, node))
        if not is_dataclass(node) or isinstance(node, Span | type):
            return node
        return replace(node, **{each.name: self.spelt(getattr(node, each.name)) for each in fields(node)})

    def _name(self, name: n.Ident | n.Name) -> n.Ident | n.Name:
        if not name.bracketed or name.text in self.exact or id(name) in self.places:
            return name
        found = sorted(self.folded.get(fold(name.text), ()))
        if len(found) > 1:
            self.problems.append(problem("RUB224", name.span, name=name.text, first=found[0], second=found[1]))
        return replace(name, text=found[0]) if found else name


def _declared(statement: n.Statement) -> Iterator[_Declared]:
    """The names a statement makes known, with the label that may stand for them."""
    match statement:
        case n.InputClause(names=names, labels=labels, levels=levels):
            # Several facts of one label cannot be told apart by it.
            own = len(names) == 1 or bool(labels)
            yield from ((name, statement.label_of(at) if own else None) for at, name in enumerate(names))
            yield from ((level.name, None) for level in levels)
        case n.LetClause(name=name) | n.DefineClause(name=name) | n.TableClause(name=name) | n.ScaleClause(name=name):
            yield name, None
        case n.ParameterClause(name=name, label=label, levels=levels):
            yield name, label
            yield from ((level.name, None) for level in levels)
        case n.LevelsClause(name=name, levels=levels):
            yield name, None
            yield from ((level.name, None) for level in levels)
        case n.EvidenceClause(name=name, title=title):
            yield name, title
        case n.GradeRowClause(name=name) if name is not None:
            yield name, None
        case _:
            return

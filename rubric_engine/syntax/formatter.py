"""The canonical layout of a rubric, and its translation into the other keyword language.

The formatter proves itself each time it runs: it parses what it is about to return and compares trees and comments.
It would rather leave a text as it is than change what it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from rubric_engine.diagnostics.catalogue import severity
from rubric_engine.diagnostics.shape import Diagnostic, Severity, problem
from rubric_engine.meaning.stack import with_room
from rubric_engine.source import SourceFile, Span
from rubric_engine.syntax.keywords import single_words
from rubric_engine.syntax.parser import Parsed, parse
from rubric_engine.syntax.printing.expressions import show_band as show_band
from rubric_engine.syntax.printing.expressions import show_expr as show_expr
from rubric_engine.syntax.printing.layout import WIDTH, gaps_of, layout, settled
from rubric_engine.syntax.printing.sheet import STATES
from rubric_engine.syntax.printing.sheet import show_statement as show_statement
from rubric_engine.syntax.tree.nodes import Expectation, Ident, Name, SyntaxTree

_CODES = frozenset({"code", "id", "worth_of"})


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text to keep, and why it is not the canonical one if it is not.

    Without diagnostics ``text`` is canonical; with diagnostics it is the author's text, untouched.
    """

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


@with_room
def format_text(text: str, *, to: str | None = None) -> Formatted:
    """The canonical layout of a rubric text; with ``to``, in the keywords of that language.

    Names, titles, codes and comments are the author's and stay. A text with a syntax error comes back unchanged with
    its diagnostics, and so does one whose formatted form would not read back the same.
    """
    source = SourceFile.from_text(text)
    parsed = parse(source)
    if errors := _errors(parsed):
        return Formatted(text, errors)
    tree = parsed.tree
    language = to or tree.language
    gaps = gaps_of(tree, source.text)
    for written in _spellings(tree, language):
        for width in (WIDTH, None):
            shown = layout(written, language, width, gaps)
            again = parse(SourceFile.from_text(shown))
            if not _errors(again) and _same(tree, again.tree, language):
                return Formatted(shown)
    return Formatted(text, (problem("RUB902"),))


@with_room
def format_tree(tree: SyntaxTree, language: str | None = None) -> str:
    """The canonical layout of a tree, in its own keyword language or in another."""
    language = language or tree.language
    shown = ""
    for written in _spellings(tree, language):
        shown = layout(written, language, WIDTH)
        if parse(SourceFile.from_text(shown)).tree.statements == tree.statements:
            break
    return shown


def _spellings(tree: SyntaxTree, language: str) -> Iterator[SyntaxTree]:
    """The tree as it is and, where that may not read back in another language, with names in brackets."""
    yield tree
    if language != tree.language:
        yield replace(tree, statements=_bracketed(tree.statements, single_words(language)))


def not_formatted(text: str, formatted: str) -> Diagnostic | None:
    """What ``rubric fmt --check`` says: the first line that is not as the formatter would write it."""
    if text == formatted:
        return None
    source = SourceFile.from_text(text)
    theirs, ours = source.original.split("\n"), formatted.split("\n")
    first = next((at for at, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b), len(ours) - 1)
    start = source.line_starts[min(first, len(source.line_starts) - 1)]
    end = start + len(source.line_text(first + 1))
    return problem("RUB901", Span(start, end), line=first + 1)


def _errors(parsed: Parsed) -> tuple[Diagnostic, ...]:
    return tuple(each for each in parsed.diagnostics if severity(each) is Severity.ERROR)


def _same(tree: SyntaxTree, again: SyntaxTree, language: str) -> bool:
    """Whether a text read back says the same, comments included."""
    if again.language != language or again.statements != tree.statements:
        return False
    return _remarks(tree, language) == _remarks(again, language)


def _remarks(tree: SyntaxTree, language: str) -> list[tuple[int, bool, str]]:
    """Each comment with the statement it belongs to, in the order in which they are printed."""
    remarks = [(each.before, not each.own_line, each.text) for each in settled(tree.trivia.comments, language)]
    return sorted(remarks, key=lambda remark: remark[:2])


def _bracketed(node: Any, taken: frozenset[str]) -> Any:
    """The same with every name that the other language uses as a keyword in brackets."""
    if isinstance(node, Ident | Name):
        return replace(node, bracketed=node.bracketed or node.text in taken)
    if isinstance(node, tuple):
        return tuple(_bracketed(part, taken) for part in node)
    if isinstance(node, Expectation) and isinstance(node.value, Name) and node.value.text in STATES:
        return node
    if not is_dataclass(node) or isinstance(node, type | Span):
        return node
    # A code is never mistaken for a keyword: it is read only where a code must stand.
    parts = {each.name: getattr(node, each.name) for each in fields(node) if each.name not in _CODES}
    return replace(node, **{name: _bracketed(part, taken) for name, part in parts.items()})

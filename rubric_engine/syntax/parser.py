"""Text to syntax tree. Every fault of the text becomes a diagnostic; no text makes it raise.

Each logical line is parsed on its own, so a fault in one line never hides those of the next.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.plan.record import record
from rubric_engine.source import SourceFile, Span
from rubric_engine.syntax.builtins import with_builtins
from rubric_engine.syntax.callbacks.facts import unlisted
from rubric_engine.syntax.callbacks.statements import CALLBACKS, DEEP
from rubric_engine.syntax.grammar import tables
from rubric_engine.syntax.keywords import forms, languages
from rubric_engine.syntax.lexis import Misread, Reader, opens_with_keyword
from rubric_engine.syntax.lines import Lines, LogicalLine, outside, split
from rubric_engine.syntax.statement import StatementParser, Stuck
from rubric_engine.syntax.totals import with_facts_called_total
from rubric_engine.syntax.tree.nodes import Comment, LevelsClause, RubricHead, Statement, SyntaxTree, Trivia, UseClause

if TYPE_CHECKING:
    from rubric_engine.syntax.slips.workshop import Workshop

# Codes of lines that were read all the same.
_WARNINGS = ("RUB107", "RUB108", "RUB119")
_PRAGMA = re.compile(r"#\s*language\s*:\s*([A-Za-z]+)\s*$")


@record
class Parsed:
    """A tree of every line that could be read, and what is wrong with the others, in the order of the text."""

    tree: SyntaxTree
    diagnostics: tuple[Diagnostic, ...]


def parse(source: SourceFile) -> Parsed:
    """Read a rubric text. Lines that cannot be read are left out of the tree and diagnosed."""
    found = split(source.text, _joints())
    language = _language(source.text, found)
    statements: list[Statement] = []
    diagnostics = found.diagnostics
    # Statement index by logical line: where its comments go when lines are left out.
    index: list[int] = []
    blank: set[int] = set()
    for line, outcome in zip(found.lines, _outcomes(source.text, found.lines, language), strict=True):
        index.append(len(statements))
        if isinstance(outcome, Diagnostic):
            diagnostics.append(outcome)
        elif outcome is not None:
            if line.blank_before:
                blank.add(len(statements))
            statements.append(outcome)
    index.append(len(statements))
    if all(each.code in _WARNINGS for each in diagnostics):
        diagnostics.extend(_not_a_rubric(statements, source.text))
    comments = tuple(Comment(each.text, index[each.before], each.own_line, each.span) for each in found.remarks)
    tree = SyntaxTree(language, tuple(statements), Trivia(comments, frozenset(blank)))
    return Parsed(tree, tuple(sorted(diagnostics, key=lambda each: each.span)))


def _outcomes(text: str, lines: list[LogicalLine], language: str) -> list[Statement | Diagnostic | None]:
    """For each line its statement, or what is wrong with it, or nothing if that has been said."""
    names: set[str] = set()
    read = [_statement(text, line, language, names) for line in lines]
    lists = _known_lists(read)
    # A line that cannot be read with its keywords may be meant with a name that other lines know.
    known = names if lists is not None else None
    read = [
        statement or _statement(text, line, language, names, known) for line, statement in zip(lines, read, strict=True)
    ]
    read = with_builtins(with_facts_called_total(read, text, names), text)
    workshop = cache(lambda: _workshop(language, lists, frozenset(_words(text, lines, read))))
    outcomes: list[Statement | Diagnostic | None] = []
    for line, statement in zip(lines, read, strict=True):
        if statement is None:
            outcomes.append(_diagnosis(text, line, language, workshop))
            continue
        strange = unlisted(statement, lists)
        slip = workshop().mistyped(text, line, strange) if strange is not None and not line.faulty else None
        if _SUSPECT.search(text[line.span.start : line.span.end]) is not None and not line.faulty:
            slip = slip or workshop().suspicious(text, line)
        outcomes.append(slip or statement)
    return outcomes


# A line with none of these is as it is meant: a date in another order, points before their band, a dash before points,
# a heading called by its code alone.
_SUSPECT = re.compile(r"\d-\d{1,2}-\d{4}|^\s*[\d.]{1,9}\s*:|\"\s+[-–—]\s+\d|\d is (?:not rated|unrated)")
_NAME = re.compile(r"[^\W\d]\w*")


def _words(text: str, lines: list[LogicalLine], read: Sequence[object]) -> Iterator[str]:
    """The words of the lines that can be read, outside quotes."""
    for line, statement in zip(lines, read, strict=True):
        if statement is not None:
            for start, end in outside(line):
                yield from _NAME.findall(text, start, end)


def _workshop(language: str, lists: frozenset[str] | None, words: frozenset[str]) -> "Workshop":
    """What diagnoses faulty lines, loaded when there is one: most texts have none."""
    from rubric_engine.syntax.slips.workshop import Workshop

    return Workshop(statement_parser(), language, lists, words)


def _statement(
    text: str, line: LogicalLine, language: str, names: set[str], known: Collection[str] | None = ()
) -> Statement | None:
    """The statement of a line, if it can be read; ``names`` gathers those it uses.

    Keywords are read as names where they must be and are ``known`` as names; ``None``: any may be.
    """
    if line.skipped:
        return None
    readers: list[Reader] = []

    def reader_for(places: frozenset[int]) -> Reader:
        readers.append(Reader(text, line.segments, line.texts, language, places))
        return readers[-1]

    try:
        statement: Statement = statement_parser().read(reader_for, lambda word: known is None or word in known)
    except (Misread, Stuck):
        return None
    names.update(readers[-1].read_as_names)
    return statement


def _diagnosis(text: str, line: LogicalLine, language: str, workshop: "Callable[[], Workshop]") -> Diagnostic | None:
    if line.skipped or line.faulty:
        return None
    try:
        statement_parser().run(Reader(text, line.segments, line.texts, language))
    except Misread as misread:
        return workshop().misread(text, line, misread)
    except Stuck as stuck:
        return workshop().stuck(text, line, stuck)
    return None


def _known_lists(statements: list[Statement | None]) -> frozenset[str] | None:
    """The lists of levels the file names; ``None`` if another file may name more."""
    if any(isinstance(each, UseClause) for each in statements):
        return None
    return frozenset(each.name.text for each in statements if isinstance(each, LevelsClause))


@cache
def statement_parser() -> StatementParser:
    """The parser of statements, made once."""
    return StatementParser(tables(), CALLBACKS, DEEP)


@cache
def _joints() -> re.Pattern[str]:
    """What at the start of a line continues the line above: a word of any language, or the sign of a longer formula.

    A line with a colon or a quoted text is one of its own, however it begins.
    """
    words = {form for name in ("AND", "OR", "BECAUSE") for each in languages() for form in forms(name, each)}
    return re.compile("(?:" + "|".join(map(re.escape, sorted(words))) + r""")(?!\w)|[-+*/]\s[^:"]*$""")


def _language(text: str, found: Lines) -> str:
    """What the pragma says, else the language of the first line that starts with a keyword of one language only."""
    for remark in found.remarks:
        pragma = _PRAGMA.match(remark.text)
        if pragma and pragma[1].lower() in languages():
            return pragma[1].lower()
    for line in found.lines:
        opening = [language for language in languages() if opens_with_keyword(text, line, language)]
        if len(opening) == 1:
            return opening[0]
    return languages()[0]


def _not_a_rubric(statements: list[Statement], text: str) -> list[Diagnostic]:
    if not statements:
        return [problem("RUB116", Span(0, 0), help="empty")]
    if not isinstance(statements[0], RubricHead):
        first = statements[0].span
        return [problem("RUB116", first)]
    return []

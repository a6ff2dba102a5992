"""Names written as texts, in several words, or not at all."""

import re
from collections.abc import Callable

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.source import Span
from rubric_engine.syntax.lines import LogicalLine
from rubric_engine.syntax.slips.offers import Edit
from rubric_engine.syntax.statement import Stuck

Parses = Callable[[list[Edit]], bool]

# What a name follows that the line declares.
_DECLARING = frozenset({"INPUT", "PARAMETER", "LET", "COLUMN", "EVIDENCE", "TABLE", "SCALE", "LEVELS", "GIVEN_TO_ALL"})
_ENDS = re.compile(r"[\":=]")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 8


def quoted_name(text: str, line: LogicalLine, stuck: Stuck, parses: Parses) -> Diagnostic | None:
    """``"good": 80 or more`` for ``good: 80 or more``."""
    token = stuck.token
    if token.type != "STRING" or stuck.before:
        return None
    words = text[token.start + 1 : token.end - 1]
    name = one_word(words)
    if name is None:
        return None
    titled = name if name == words else f'{name} "{words}"'
    for meant in (titled, name):
        if parses([(token.start, token.end, meant)]):
            fix = Fix(token.span, meant)
            return problem("RUB109", token.span, help="name", fix=fix, found=f'"{words}"', mend=meant)
    return None


def name_left_out(text: str, line: LogicalLine, stuck: Stuck, parses: Parses) -> Diagnostic | None:
    """``evidence "The decision" …``: a text stands where a name comes first."""
    token = stuck.token
    if token.type != "STRING" or not stuck.before:
        return None
    name = one_word(text[token.start + 1 : token.end - 1].lower())
    if name is None or not parses([(token.start, token.start, f"{name} ")]):
        return None
    fix = Fix(Span(token.start, token.start), f"{name} ")
    return problem("RUB101", token.span, help="name", fix=fix, found=text[token.start : token.end], expected=name)


def name_in_words(text: str, line: LogicalLine, stuck: Stuck, parses: Parses) -> Diagnostic | None:
    """``input issued on "Date": …`` for ``input issued_on``, though some of the words be keywords."""
    if len(stuck.before) < 2 or stuck.before[0][0].type not in _DECLARING or stuck.before[1][0].type != "NAME":
        return None
    start = stuck.before[1][0].start
    ends = _ENDS.search(text, start, line.span.end)
    if ends is None:
        return None
    words = text[start : ends.start()].rstrip()
    name = one_word(words)
    if name is None or name == words or not parses([(start, start + len(words), name)]):
        return None
    span = Span(start, start + len(words))
    return problem("RUB109", span, help="name", fix=Fix(span, name), found=words, mend=name)


def one_word(words: str) -> str | None:
    """A name made of a few words, where they make one."""
    parts = _WORD.findall(words)
    name = "_".join(parts)
    return name if 0 < len(parts) <= _MOST_WORDS and not name[0].isdigit() else None

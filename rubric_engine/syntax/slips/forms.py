"""What people write when they mean something else, and what they mean: a table of known slips.

Each entry is a pattern met outside quotes and comments, and the text that was meant. ``{MEANING}`` in it is spelled in
the language of the file. An entry is only ever an offer: it is made when the line parses once it is applied.
"""

import re
from collections.abc import Iterator
from functools import cache

from rubric_engine.plan.record import record
from rubric_engine.syntax.keywords import all_single_words, spell
from rubric_engine.syntax.slips import english, signs, vietnamese

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MEANING = re.compile(r"\{([A-Z_0-9]+)\}")


@record
class Slip:
    """A pattern and its mend, a template for :meth:`re.Match.expand`.

    ``needs`` is a word without which the pattern is not tried: patterns with gaps are slow to fail.
    """

    pattern: re.Pattern[str]
    mend: str
    needs: str = ""


_TABLES = {
    "en": (*english.PLACES, *english.PHRASES, *english.WORDS, *english.LAST),
    "vi": (*vietnamese.PLACES, *vietnamese.PHRASES, *vietnamese.WORDS, *vietnamese.LAST),
}
_SUSPECTS = {"en": english.SUSPECTS, "vi": vietnamese.SUSPECTS}


@cache
def slips(language: str) -> tuple[Slip, ...]:
    """The known slips of a language, likeliest meaning first."""
    return _compiled((*signs.SIGNS, *_TABLES.get(language, ()), *signs.LATE), language)


@cache
def openings(language: str) -> tuple[Slip, ...]:
    """The slips in how a line begins."""
    return tuple(slip for slip in slips(language) if slip.pattern.pattern.startswith("^"))


@cache
def suspects(language: str) -> tuple[Slip, ...]:
    """What can be read and is hardly ever meant so."""
    return _compiled(_SUSPECTS.get(language, ()), language)


def _compiled(rows: tuple[tuple[str, ...], ...], language: str) -> tuple[Slip, ...]:
    flags = re.IGNORECASE | re.MULTILINE
    return tuple(Slip(re.compile(row[0], flags), _spelled(row[1], language), *row[2:]) for row in rows)


def _spelled(mend: str, language: str) -> str:
    return _MEANING.sub(lambda found: spell(found[1], language), mend)


def mends(
    text: str, stretches: list[tuple[int, int]], language: str, known: tuple[Slip, ...] | None = None
) -> Iterator[list[tuple[int, int, str]]]:
    """For each slip met, the edits that undo it everywhere in the line: (start, end, what was meant).

    ``known`` are the slips looked for, all of the language unless told.
    """
    words = " ".join(text[start:end] for start, end in stretches).casefold()
    if known is None:
        capitals = list(_capitals(text, stretches))
        if capitals:
            yield capitals
    for slip in slips(language) if known is None else known:
        if slip.needs not in words:
            continue
        edits = [
            _edit(found, start, slip.mend)
            for start, end in stretches
            for found in slip.pattern.finditer(text, _line_start(text, start), end)
            if found.end() > start
        ]
        edits = [edit for edit in edits if text[edit[0] : edit[1]] != edit[2]]
        if edits:
            yield edits


def _capitals(text: str, stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Words of keywords written with capitals."""
    for start, end in stretches:
        for found in _WORD.finditer(text, start, end):
            if found[0] != found[0].lower() and _is_keyword(found[0].lower()):
                yield found.start(), found.end(), found[0].lower()


def _is_keyword(word: str) -> bool:
    return word in all_single_words() or not all_single_words().isdisjoint(word.split("-"))


def _line_start(text: str, start: int) -> int:
    """Where the line begins, if nothing but blanks stands before: patterns of whole lines look there."""
    begin = text.rfind("\n", 0, start) + 1
    return begin if not text[begin:start].strip() else start


def _edit(found: re.Match[str], start: int, mend: str) -> tuple[int, int, str]:
    """What a match is replaced by; the blanks a line begins with are left alone."""
    meant = found.expand(mend)
    blanks = max(0, start - found.start())
    return found.start() + blanks, found.end(), meant[blanks:]

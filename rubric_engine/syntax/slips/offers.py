"""Edits of a line, and the messages that offer them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.facts.suggest import closest, loosened
from rubric_engine.source import Span
from rubric_engine.syntax.lines import LogicalLine, outside

Edit = tuple[int, int, str]

_WORDS = re.compile(r"\w+(?:[/-]\w+)*")


def edited(text: str, line: LogicalLine, edits: list[Edit]) -> str:
    """The line with the edits made, on one line of its own; a text of several lines keeps its line ends."""
    pieces: list[str] = []
    for start, end in line.segments:
        at = start
        piece = ""
        for begin, stop, new in sorted(edits):
            if start <= begin and stop <= end and begin >= at:
                piece += text[at:begin] + new
                at = stop
        pieces.append(piece + text[at:end])
    return " ".join(pieces)


def singly_then_together(edits: list[Edit]) -> Iterator[list[Edit]]:
    yield from ([edit] for edit in edits)
    if len(edits) > 1:
        yield edits


def overlap(edits: list[Edit]) -> bool:
    return any(first[1] > second[0] for first, second in pairwise(edits))


def offer(
    code: str, text: str, line: LogicalLine, edits: list[Edit], *, help: str = "help", sure: bool = True
) -> Diagnostic:
    """The diagnostic of a mend: its first edit is shown, and its fix makes all of them."""
    start, end, mend = edits[0]
    found = text[start:end]
    # Blanks around the words are not part of what is shown.
    shown_start = start + len(found) - len(found.lstrip())
    span = Span(shown_start, max(shown_start + 1, start + len(found.rstrip())))
    fix = Fix(Span(start, end), mend) if len(edits) == 1 else None
    if len(edits) > 1 and len(line.segments) == 1:
        fix = Fix(line.span, edited(text, line, edits))
    if not found.strip():
        following = re.compile(r"\s*(\w+)?").match(text, end)
        word = following[1] if following and following[1] else ""
        return problem("RUB101", span, help="word", fix=fix if sure else None, found=word, expected=mend.strip())
    if not mend.strip():
        help = "drop"
    return problem(code, span, help=help, fix=fix if sure else None, found=found.strip(), mend=mend.strip())


def windows(text: str, line: LogicalLine, start: int) -> Iterator[tuple[int, int, int]]:
    """The stretches of one to five words from a place on: start, end, number of words."""
    for begin, end in outside(line):
        if begin <= start < end:
            stop = start
            for words, found in enumerate(_WORDS.finditer(text, start, end), start=1):
                if words > 5 or (words > 1 and text[stop : found.start()].strip()):
                    return
                stop = found.end()
                yield start, stop, words


def nearest(written: str, words: int, candidates: list[str]) -> str | None:
    """The keyword meant. Very short words are near everything, so only case, accents and spaces are forgiven there."""
    shape = loosened(written)
    alike = [form for form in candidates if loosened(form) == shape and form != written]
    if alike or len(shape) < 3:
        return alike[0] if alike else None
    return closest(written, [form for form in candidates if form.count(" ") + 1 == words])


def short(text: str, span: Span) -> str:
    shown = " ".join(text[span.start : span.end].split())
    return shown if len(shown) <= 60 else shown[:57] + "…"

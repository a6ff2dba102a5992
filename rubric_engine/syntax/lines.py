"""Text to logical lines: what stands outside quotes and comments, one statement each.

A line that starts with *and*, *or* or *because* continues the one above. Quotes are found here, once, so that a
fault in one never reaches the next line. Nothing here knows the grammar.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.nodes import Text

MAX_LINE = 20_000
MAX_TEXT = 2_000_000
MAX_BRACKETS = 40

_STOP = re.compile(r'["“”„#\n]')
_PLAIN = re.compile(r'"((?:[^"\n]|"")*)"')
# Word processors set “…”, „…“ or ”…”; a straight quote closes as well.
_CURLED = re.compile(r'[“”„]([^"“”\n]*)["“”]')
_QUOTES = re.compile(r'"{3,}')
_STRANGE = re.compile(r"(?<=\S)\t+|[^\S \n\t]+")
# What turns the direction of writing, and control characters: nobody sees them in a text, and they are no part of it.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_TURNING}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TURNS = re.compile(f"[{_TURNING}]")
_HALF = re.compile("[\ud800-\udfff]")
_MOST_UNSEEN = 20


@record
class Remark:
    """A comment, with the logical line it follows or precedes."""

    text: str
    before: int
    own_line: bool
    span: Span


@dataclass(slots=True)
class LogicalLine:
    """A statement's text: the stretches of it that are neither comment nor line end, and the quoted texts in them.

    ``faulty`` is set when the line has been diagnosed already: it may be parsed, but gets no second message.
    """

    segments: list[tuple[int, int]]
    texts: dict[int, Text] = field(default_factory=dict)
    blank_before: bool = False
    faulty: bool = False
    skipped: bool = False

    @property
    def span(self) -> Span:
        """From the first character of the statement to its last."""
        return Span(self.segments[0][0], self.segments[-1][1])


@dataclass(slots=True)
class Lines:
    """The logical lines of a text, its comments, and what is wrong with either."""

    lines: list[LogicalLine] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(slots=True)
class _Physical:
    """One line of the text as scanned; a long text makes it end further down."""

    start: int
    end: int = 0
    texts: dict[int, Text] = field(default_factory=dict)
    comment: Span | None = None
    faults: list[Diagnostic] = field(default_factory=list)
    broken: bool = False


def split(text: str, joints: re.Pattern[str]) -> Lines:
    """Cut the text into logical lines; ``joints`` matches the words that continue the line above."""
    found = Lines()
    if len(text) > MAX_TEXT:
        found.diagnostics.append(problem("RUB113", Span(0, 0), help="file", limit=MAX_TEXT, what=len(text)))
        return found
    blank = False
    for physical in _scan(text):
        start, end = _trim(text, physical.start, physical.comment.start if physical.comment else physical.end)
        found.diagnostics.extend(physical.faults)
        if start < end:
            if found.lines and joints.match(text, start, end):
                line = found.lines[-1]
                line.segments.append((start, end))
            else:
                line = LogicalLine([(start, end)], blank_before=blank)
                found.lines.append(line)
            line.texts.update(physical.texts)
            line.faulty = line.faulty or physical.broken
            blank = False
        elif physical.comment is None:
            blank = True
        if physical.comment is not None:
            own = start >= end
            before = len(found.lines) if own else len(found.lines) - 1
            comment = text[physical.comment.start : physical.comment.end].rstrip()
            found.remarks.append(Remark(comment, before, own, physical.comment))
    for line in found.lines:
        found.diagnostics.extend(_oddities(text, line))
    if _HALF.search(text) is not None:
        found.diagnostics.extend(_half(text, found))
    if _UNSEEN.search(text) is not None:
        found.diagnostics.extend(_unseen(text, found))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _scan(text: str) -> Iterator[_Physical]:
    at = 0
    length = len(text)
    line = _Physical(0)
    while True:
        stop = _STOP.search(text, at)
        if stop is None or stop.group() == "\n":
            line.end = stop.start() if stop else length
            yield line
            if stop is None:
                return
            at = line.end + 1
            line = _Physical(at)
        elif stop.group() == "#":
            end = text.find("\n", stop.start())
            at = length if end < 0 else end
            line.comment = Span(stop.start(), at)
        elif text.startswith('"""', stop.start()):
            at = _long_text(text, stop.start(), line)
        else:
            at = _short_text(text, stop.start(), line)


def _short_text(text: str, start: int, line: _Physical) -> int:
    curled = text[start] != '"'
    found = (_CURLED if curled else _PLAIN).match(text, start)
    if found is None:
        return _unclosed(text, start, line, '"')
    span = Span(start, found.end())
    value = found[1].replace('""', '"')
    line.texts[start] = Text(value, span)
    if curled:
        shown = '"' + found[1].replace('"', '""') + '"'
        line.faults.append(problem("RUB108", span, fix=Fix(span, shown), found=text[start], mend=shown))
    return found.end()


def _unclosed(text: str, start: int, line: _Physical, quotes: str) -> int:
    """The text is taken to reach to the end of its line, so that the statement may still be read."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    while text[end - 1].isspace():
        end -= 1
    span = Span(start, end)
    line.texts[start] = Text(text[start + len(quotes) : end].replace('""', '"'), span)
    line.faults.append(problem("RUB102", span, help="long" if len(quotes) == 3 else "help", quotes=quotes))
    line.broken = True
    return end


def _long_text(text: str, start: int, line: _Physical) -> int:
    """A text in triple quotes. A run of an odd number of quotes, at least three, closes it; a pair is one quote."""
    begin = start + 3
    at = begin
    # The opening run may hold pairs that belong to the text, or the closing quotes of an empty one.
    first = _QUOTES.match(text, start)
    extra = (first.end() if first else begin) - begin
    if extra % 2:
        at = begin + extra
        end = at - 3 if extra >= 3 else -1
        if end >= begin:
            line.texts[start] = Text(text[begin:end].replace('""', '"'), Span(start, at))
            return at
    else:
        at = begin + extra
    for run in _QUOTES.finditer(text, at):
        if len(run.group()) % 2:
            value = text[begin : run.end() - 3].replace('""', '"')
            line.texts[start] = Text(value, Span(start, run.end()))
            return run.end()
    return _unclosed(text, start, line, '"""')


def _oddities(text: str, line: LogicalLine) -> Iterator[Diagnostic]:
    """Spaces that are not spaces (a warning), and lines nobody can have meant."""
    size = sum(end - start for start, end in line.segments)
    if size > MAX_LINE:
        line.skipped = True
        yield problem("RUB113", Span(line.span.start, line.span.start + 1), help="line", limit=MAX_LINE, what=size)
        return
    for start, end in outside(line):
        strange = _STRANGE.search(text, start, end)
        if strange:
            span = Span(strange.start(), strange.end())
            yield problem("RUB107", span, fix=Fix(span, " "), found=_named(strange.group()[0]))
            break
    too_deep = _too_deep(text, line)
    if too_deep is not None:
        line.skipped = True
        yield problem("RUB113", too_deep, help="brackets", limit=MAX_BRACKETS, what=MAX_BRACKETS + 1)


def _unseen(text: str, found: Lines) -> Iterator[Diagnostic]:
    """Characters nobody sees in texts and comments, the first few; elsewhere the line itself cannot be read."""
    spans = [part.span for line in found.lines for part in line.texts.values()]
    spans += [remark.span for remark in found.remarks]
    told = 0
    for span in sorted(spans):
        for match in _UNSEEN.finditer(text, span.start, span.end):
            at, char = match.start(), match.group()
            name = unicodedata.name(char, "").lower()
            # The opening quotes, or the sign of a comment, are not counted.
            begin = span.start + (3 if text.startswith('"""', span.start) else 1)
            yield problem(
                "RUB119", Span(at, at + 1), fix=Fix(Span(at, at + 1), ""),
                help="turns" if _TURNS.match(char) else "help",
                found=_named(char) + (f" ({name})" if name else ""), place=at - begin + 1,
            )  # fmt: skip
            told += 1
            if told == _MOST_UNSEEN:
                return


def _half(text: str, found: Lines) -> Iterator[Diagnostic]:
    """Half a character in a text or a comment: no JSON and no file can hold it. The first says enough."""
    for span in sorted((*(part.span for line in found.lines for part in line.texts.values()),
                        *(remark.span for remark in found.remarks))):  # fmt: skip
        if (match := _HALF.search(text, span.start, span.end)) is not None:
            at = Span(match.start(), match.end())
            name = "surrogate"
            yield problem("RUB110", at, help="half", fix=Fix(at, ""), found=_named(match.group()), name=name)
            return


def outside(line: LogicalLine) -> Iterator[tuple[int, int]]:
    """The stretches of a line outside its quotes."""
    for start, end in line.segments:
        at = start
        for begin in sorted(each for each in line.texts if start <= each < end):
            yield at, begin
            at = line.texts[begin].span.end
        yield at, end


def _too_deep(text: str, line: LogicalLine) -> Span | None:
    depth = 0
    for start, end in outside(line):
        if text.count("(", start, end) + depth <= MAX_BRACKETS:
            depth += text.count("(", start, end)
            continue
        for at in range(start, end):
            if text[at] == "(":
                depth += 1
                if depth > MAX_BRACKETS:
                    return Span(at, at + 1)
            elif text[at] == ")":
                depth = max(0, depth - 1)
    return None


def _named(char: str) -> str:
    return "TAB" if char == "\t" else f"U+{ord(char):04X}"

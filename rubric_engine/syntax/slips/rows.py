"""A row that can be read and fits nothing above it: how it was meant."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, islice

from rubric_engine.diagnostics.shape import Fix
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import forms, means_the_rest, spell
from rubric_engine.syntax.lexis import Misread, Reader
from rubric_engine.syntax.lines import LogicalLine, outside, split
from rubric_engine.syntax.slips.forms import mends
from rubric_engine.syntax.slips.offers import Edit
from rubric_engine.syntax.slips.signs import NUM
from rubric_engine.syntax.statement import Stuck
from rubric_engine.syntax.tree.nodes import GradeRowClause, Row

_NO_JOINTS = re.compile(r"(?!)")
_LONGEST = 300
_MOST_TRIED = 200
_MOST_GROUPS = 12

Fits = Callable[[Row | GradeRowClause], bool]


def row_meant(text: str, span: Span, language: str, fits: Fits) -> Fix | None:
    """The mend of a row that makes it one that ``fits``, if one is known."""
    if span.end - span.start > _LONGEST:
        return None
    words = text[span.start : span.end]
    for meant in islice(_meant(words, language), _MOST_TRIED):
        row = _row(meant, language)
        if row is not None and fits(row):
            return Fix(span, meant)
    return None


def _row(words: str, language: str) -> Row | GradeRowClause | None:
    line = _line(words)
    if line is None:
        return None
    from rubric_engine.syntax.parser import statement_parser

    try:
        found = statement_parser().run(Reader(words, line.segments, line.texts, language))
    except (Misread, Stuck):
        return None
    return found if isinstance(found, Row | GradeRowClause) else None


def _line(words: str) -> LogicalLine | None:
    lines = split(words, _NO_JOINTS).lines
    return lines[0] if len(lines) == 1 else None


def _meant(words: str, language: str) -> Iterator[str]:
    """What the row may have been meant to say, likeliest first."""
    key, colon, value = words.partition(":")
    if colon:
        value = value.strip()
        if means_the_rest(key.strip(), language):
            yield f"{spell('OTHERWISE', language)}: {value}"
        points = "|".join(forms("POINTS", language))
        yield f"{value}: {re.sub(rf' (?:{points})$', '', key.strip())}"
        opening = re.match(rf"(?:{'|'.join(sorted(_conditional(language)))})\s+", key)
        if opening is not None:
            yield f"{key[opening.end() :]}: {value}"
        if re.fullmatch(NUM, value):
            yield f"{key}: {spell('EXACTLY', language)} {value}"
        ends = re.fullmatch(rf"({NUM})\s*[-–—]\s*({NUM})", value)
        if ends is not None:
            to, below = spell("TO", language), spell("BELOW", language)
            yield f"{key}: {ends[1]} {to} {below} {ends[2]}"
    line = _line(words)
    if line is None:
        return
    groups = list(islice(mends(words, list(outside(line)), language), _MOST_GROUPS))
    for edits in groups:
        yield _made(words, edits)
    for one, other in combinations(groups, 2):
        yield _made(words, [*one, *other])


def _made(words: str, edits: list[Edit]) -> str:
    at, made = 0, ""
    for start, end, new in sorted(edits):
        if start >= at:
            made += words[at:start] + new
            at = end
    return made + words[at:]


@cache
def _conditional(language: str) -> frozenset[str]:
    return frozenset({"if", *forms("WHEN", language), *forms("WHEN", "en")})


def as_in_table(
    text: str, line: LogicalLine, edit: tuple[int, int, str], language: str
) -> Iterator[tuple[int, int, str]]:
    """Other readings of a mend of a row, likelier where it stands: an end that the row above holds is left out, and
    rows of levels have no condition, a proportion no rows."""
    start, end, meant = edit
    ends = re.fullmatch(rf"\s*({NUM}) {spell('TO', language)} ({NUM})\s*", meant)
    if ends is not None and _begins_at(text, ends[2], language):
        yield start, end, meant.replace(ends[2], f"{spell('BELOW', language)} {ends[2]}")
    if meant.strip() == spell("WHEN", language) and _under_score_by(text, line, language):
        after = re.match(r"\s+", text[end : line.span.end])
        yield start, end + (after.end() if after else 0), ""
    if meant.strip() == spell("IN_PROPORTION_TO", language) and _has_rows(text, line):
        yield start, end, meant.replace(meant.strip(), spell("BY", language))


def _begins_at(text: str, number: str, language: str) -> bool:
    """Whether some row holds a number and what is above it."""
    more = "|".join(re.escape(each) for each in forms("OR_MORE", language))
    return re.search(rf"(?:(?<![\w.,]){re.escape(number)}\s+(?:{more})|>=\s*{re.escape(number)})", text) is not None


def _under_score_by(text: str, line: LogicalLine, language: str) -> bool:
    """Whether the rows here stand under ``score by …``."""
    score, by = (rf"(?:{'|'.join(map(re.escape, forms(name, language)))})" for name in ("SCORE", "BY"))
    above = re.findall(rf"^\s*{score}\b(?:\s+({by})\b)?", text[: line.span.start], re.MULTILINE)
    return bool(above) and bool(above[-1])


def _has_rows(text: str, line: LogicalLine) -> bool:
    """Whether the next line is a row of numbers."""
    following = text[line.span.end : line.span.end + _LONGEST].lstrip().partition("\n")[0]
    return re.match(rf"[^\"]{{0,40}}{NUM}[^\"]{{0,40}}:\s*{NUM}\s*$", following) is not None

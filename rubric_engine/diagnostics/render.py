"""Drawing diagnostics: for people (text with carets, 80 columns) and for programs (plain data)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rubric_engine.diagnostics import catalogue
from rubric_engine.diagnostics.finding import finding
from rubric_engine.diagnostics.shape import Diagnostic, Severity, by_place
from rubric_engine.source import NOWHERE, SourceFile
from rubric_engine.tell.rendering.screen import MOST_SHOWN as MOST_SHOWN
from rubric_engine.tell.rendering.screen import WIDTH, cells, safe, width, wrap
from rubric_engine.tell.words import Words

_phrase = Words("diagnostics")
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_DIM = "2"
_BOLD = "1"
_LEAST_BESIDE = 24

Paint = Callable[[str, str], str]


def render_text(
    diagnostics: Iterable[Diagnostic],
    source: SourceFile,
    language: str,
    *,
    color: bool = False,
    limit: int | None = None,
    where: str = "",
) -> str:
    """All diagnostics in order of place, each with the author's lines and carets, then a summary line.

    No line is wider than 80 columns, save a long path. Beyond ``limit`` they are only counted, and
    ``where`` tells where they can be seen. Empty text for none.
    """
    found = by_place(diagnostics)
    if not found:
        return ""
    words = _phrase.of(language)
    shown = found if limit is None else found[:limit]
    blocks = [_Drawing(here, source, language, _paint if color else _plain).text() for here in shown]
    tail = summary(found, language)
    if len(shown) < len(found):
        rest = words["rest_in" if where else "rest"].format(count=len(found) - len(shown), where=where)
        tail = "\n".join(wrap(f"{tail} ({rest})", WIDTH))
    return "\n\n".join([*blocks, tail]) + "\n"


def render_json(diagnostics: Iterable[Diagnostic], source: SourceFile, language: str) -> list[dict[str, object]]:
    """The findings as data for other programs; lines and columns count from 1."""
    return [finding(found, source, language).to_dict() for found in by_place(diagnostics)]


def summary(diagnostics: Sequence[Diagnostic], language: str) -> str:
    """``2 errors, 1 warning``: how many of each severity."""
    graded = [catalogue.severity(here) for here in diagnostics]
    counted = [(graded.count(grade), grade) for grade in Severity]
    return ", ".join(_phrase(f"counted {grade}", language, count=many) for many, grade in counted if many)


# ---------------------------------------------------------------- text


def _plain(text: str, style: str) -> str:
    return text


def _paint(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if text else text


@dataclass(frozen=True, slots=True)
class _Mark:
    """Carets or dashes under a stretch of a line, with words beside or below."""

    start: int
    end: int
    sign: str
    words: str


class _Drawing:
    """One diagnostic being drawn. Kept as an object only to share the gutter and the colours."""

    def __init__(self, found: Diagnostic, source: SourceFile, language: str, paint: Paint) -> None:
        self.found = found
        self.source = source
        self.language = language
        self.words = _phrase.of(language)
        self.paint = paint
        self.severity = catalogue.severity(found)
        self.marks = {} if found.span == NOWHERE else self._marks()
        last = max(self.marks, default=1)
        self.margin = max(len(str(last)), 2)
        self.room = WIDTH - self.margin - 3

    def text(self) -> str:
        """The whole block, without a final newline."""
        lines = self._title()
        if self.marks:
            lines += self._snippet()
        else:
            lines.append(self.paint(f"  --> {safe(self.source.name)}", _DIM))
            advice = catalogue.help_text(self.found, self.language)
            lines += self._note("help", advice) if advice else []
        if self.found.example:
            values = ", ".join(f"{name} = {value}" for name, value in self.found.example.items())
            lines += self._note("example", values)
        lines += self._note("more", f"rubric explain {self.found.code}")
        return "\n".join(lines)

    def _title(self) -> list[str]:
        page = catalogue.page(self.found.code)
        head = f"{self.words[self.severity]}[{page.code} {page.slug}]:"
        lines = wrap(head + " " + safe(catalogue.message(self.found, self.language)), WIDTH)
        # The head itself may have been broken ("cảnh báo[…]"); colour only what is whole.
        colour = _COLOURS[self.severity]
        first = lines[0]
        if first.startswith(head):
            first = self.paint(head, colour) + self.paint(first[len(head) :], _BOLD)
        return [first, *(self.paint(line, _BOLD) for line in _indented(lines[1:]))]

    def _note(self, word: str, words: str) -> list[str]:
        lead = f"{' ' * (self.margin + 1)}= {self.words[word]}: "
        lines = wrap(safe(words), WIDTH - width(lead))
        return [self.paint(lead, _DIM) + lines[0], *(" " * width(lead) + line for line in lines[1:])] if lines else []

    # ------------------------------------------------------------ the author's lines

    def _marks(self) -> dict[int, list[_Mark]]:
        """Line number to the marks under it, the main one first."""
        places = [(self.found.span, "^", catalogue.help_text(self.found, self.language) or "")]
        for label in self.found.labels:
            if label.span != NOWHERE:
                words = catalogue.label_text(self.found, label.text, self.language) or ""
                places.append((label.span, "-", words))
        marks: dict[int, list[_Mark]] = {}
        for span, sign, words in places:
            line = self.source.line_number(span.start)
            start = self.source.column(span.start) - 1
            end = min(start + max(1, span.end - span.start), max(len(self.source.line_text(line)), start + 1))
            marks.setdefault(line, []).append(_Mark(start, end, sign, words))
        return marks

    def _snippet(self) -> list[str]:
        start = self.found.span.start
        place, file = self.source.position(start), safe(self.source.name_at(start))
        lines = [
            self.paint(f"{' ' * self.margin}--> {file}:{place.line}:{place.column}", _DIM),
            self._gutter("").rstrip(),
        ]
        main = self.source.line_number(self.found.span.start)
        above = main - 1 if main > 1 and self.source.line_text(main - 1).strip() else main
        before = 0
        for number in sorted({above, *self.marks}):
            if before and number > before + 1:
                lines.append(self.paint(" " * (self.margin - 1) + "...", _DIM))
            lines += self._line(number)
            before = number
        return lines

    def _gutter(self, number: object) -> str:
        return self.paint(f"{number:>{self.margin}} | ", _DIM)

    def _line(self, number: int) -> list[str]:
        """A line of the author's and the carets under it, clipped round the first mark to fit."""
        text = self.source.line_text(number)
        marks = self.marks.get(number, [])
        shown = list(cells(text))
        window = _window(shown, marks[0] if marks else None, self.room)
        body = "".join(char for char, _ in shown[window.start : window.stop])
        left, right = ("…" if window.start else ""), ("…" if window.stop < len(shown) else "")
        lines = [(self._gutter(self.source.own_line(number)) + left + body + right).rstrip()]
        for mark in marks:
            lines += self._carets(mark, shown, window, len(left))
        return lines

    def _carets(self, mark: _Mark, shown: list[tuple[str, int]], window: range, lead: int) -> list[str]:
        start = min(max(mark.start, window.start), window.stop)
        end = max(start, min(mark.end, window.stop))
        column = lead + sum(wide for _, wide in shown[window.start : start])
        under = max(1, sum(wide for _, wide in shown[start:end]))
        colour = _COLOURS[self.severity] if mark.sign == "^" else "1;34"
        first = self._gutter("") + " " * column + self.paint(mark.sign * under, colour)
        words = safe(mark.words)
        if not words:
            return [first]
        beside = self.room - column - under - 1
        if width(words) <= beside:
            return [f"{first} {self.paint(words, colour)}"]
        if beside >= 2 * _LEAST_BESIDE and len(broken := wrap(words, beside)) <= 2:
            rest = [self._gutter("") + " " * (column + under + 1) + self.paint(line, colour) for line in broken[1:]]
            return [f"{first} {self.paint(broken[0], colour)}", *rest]
        inset = min(column, self.room - min(width(words), 2 * _LEAST_BESIDE))
        below = wrap(words, self.room - inset)
        return [first, *(self._gutter("") + " " * inset + self.paint(line, colour) for line in below)]


def _indented(lines: list[str]) -> list[str]:
    """Continuation lines of a title; each was wrapped to the full width, so wrap again two columns narrower."""
    return ["  " + line for line in wrap(" ".join(lines), WIDTH - 2)]


def _window(shown: list[tuple[str, int]], mark: _Mark | None, room: int) -> range:
    """Which cells of a line to show so that the mark stands inside; all of them where they fit."""
    widths = [wide for _, wide in shown]
    if sum(widths) <= room:
        return range(len(shown))
    start = 0
    if mark is not None and sum(widths[: mark.end]) + 1 > room:
        # A third of the room for what stands before, less where the mark itself needs it.
        spare = room - sum(widths[mark.start : mark.end]) - 2
        start = _back(widths, min(mark.start, len(widths)), max(4, min(room // 3, spare)))
    stop, used = start, 1 if start else 0
    while stop < len(widths) and used + widths[stop] <= room - 1:
        used += widths[stop]
        stop += 1
    if stop == len(widths):
        start = _back(widths, start, room - 1 - used)
    return range(start, stop)


def _back(widths: list[int], start: int, spare: int) -> int:
    """The earlier place to start from that takes up what room is to spare."""
    while start > 0 and widths[start - 1] <= spare:
        start -= 1
        spare -= widths[start]
    return start

"""Comma-separated text into cells, each with its place. As spreadsheets write it, whatever the separator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEPARATORS: Final = (";", "\t", ",")


@dataclass(frozen=True, slots=True)
class CsvFault:
    """What makes the text no table: ``key`` names the words for it."""

    line: int
    column: int
    key: str


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One row of cells, trimmed; ``line`` is the line of the text on which it begins, counted from 1.

    ``places`` says where in the text each cell stands, quotation marks and blanks included.
    """

    line: int
    cells: tuple[str, ...]
    places: tuple[tuple[int, int], ...] = ()

    @property
    def blank(self) -> bool:
        """Nothing stands in it."""
        return not any(self.cells)


def separator_of(text: str) -> str:
    """The separator the first line uses most, outside quotation marks; between equals a semicolon, then a tab."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            break
        elif char in counts and not quoted:
            counts[char] += 1
    return max(SEPARATORS, key=lambda separator: counts[separator])


def csv_lines(text: str) -> Iterator[CsvLine | CsvFault]:
    """The rows of the text; a fault ends it only where a quotation mark is never closed.

    A mark of byte order is left out, a first line ``sep=;`` obeyed. Cells may hold line ends inside quotation marks.
    """
    text = text.removeprefix("\ufeff")
    head, _, rest = text.partition("\n")
    if head[:4].casefold() == "sep=" and len(head.rstrip("\r")) == 5:
        yield from _Reader(text, head[4], 2, len(text) - len(rest)).lines()
    else:
        yield from _Reader(text, separator_of(text), 1, 0).lines()


class _Reader:
    """One pass over the text."""

    def __init__(self, text: str, separator: str, line: int, at: int) -> None:
        self._text = text
        self._separator = separator
        self._line = line
        self._at = at

    def lines(self) -> Iterator[CsvLine | CsvFault]:
        """Row after row."""
        while self._at < len(self._text):
            start = self._line
            cells: list[str] = []
            places: list[tuple[int, int]] = []
            fault: CsvFault | None = None
            more = True
            while more:
                here = (self._line, len(cells) + 1)
                start_of_cell = self._at
                cell, broken = self._cell()
                cells.append(cell.strip())
                places.append((start_of_cell, self._at))
                if broken and fault is None:
                    fault = CsvFault(*here, broken)
                more = self._next()
            yield fault or CsvLine(start, tuple(cells), tuple(places))

    def _next(self) -> bool:
        """Past the separator, or past the end of the row."""
        if self._at >= len(self._text):
            return False
        char = self._text[self._at]
        self._at += 1
        if char == self._separator:
            return True
        if char == "\r" and self._text[self._at : self._at + 1] == "\n":
            self._at += 1
        self._line += 1
        return False

    def _cell(self) -> tuple[str, str]:
        """The cell at hand, and what is wrong with it."""
        text = self._text
        at = self._at
        while at < len(text) and text[at] == " ":
            at += 1
        if text[at : at + 1] != '"':
            return self._plain(), ""
        self._at = at + 1
        parts: list[str] = []
        while True:
            close = text.find('"', self._at)
            if close < 0:
                self._at = len(text)
                return "", "csv quote"
            parts.append(text[self._at : close])
            self._at = close + 1
            if text[self._at : self._at + 1] != '"':
                break
            parts.append('"')
            self._at += 1
        inside = "".join(parts)
        self._line += inside.count("\n") + inside.replace("\r\n", "\n").count("\r")
        return inside, "csv after quote" if self._plain().strip() else ""

    def _plain(self) -> str:
        """Everything up to the next separator or line end."""
        start = at = self._at
        text = self._text
        while at < len(text) and text[at] != self._separator and text[at] not in "\r\n":
            at += 1
        self._at = at
        return text[start:at]

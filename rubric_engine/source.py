"""The author's text, and places in it.

All spans count code points of the *normalised* text (NFC, ``\\n`` line ends, no byte-order mark). Only this module
knows how that differs from what is on disk, so every other file may treat text as simple.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch ``[start, end)`` of the normalised text, in code points."""

    start: int
    end: int

    def merge(self, other: "Span") -> "Span":
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count it: line and column from 1, column in code points of the author's own text."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Part:
    """A file joined to another: the offset and the line at which it begins."""

    start: int
    line: int
    name: str


@dataclass(frozen=True)
class SourceFile:
    """One rubric text with its name. Make it with :meth:`from_text` or :meth:`from_bytes`.

    A rubric that uses other files is one text as well: theirs stand behind its own, and ``parts`` tells where each
    begins. Lines are numbered through; :meth:`position` and :meth:`name_at` give a place in the file it came from.
    """

    name: str
    text: str
    original: str = field(repr=False)
    parts: tuple[Part, ...] = ()

    @classmethod
    def from_text(cls, text: str, name: str = "<text>") -> "SourceFile":
        """Normalise line ends and Unicode; the original is kept so that positions can point into it."""
        original = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return cls(name=name, text=unicodedata.normalize("NFC", original), original=original)

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "<bytes>") -> "SourceFile":
        """Decode UTF-8 or UTF-16 with a byte-order mark; raises :class:`UnicodeDecodeError` for anything else."""
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return cls.from_text(data.decode(encoding), name)

    @classmethod
    def joined(cls, files: "Sequence[SourceFile]") -> "SourceFile":
        """The first file with the others behind it; one blank line between, so that no statement runs on."""
        parts: list[Part] = []
        text, original = "", ""
        for file in files:
            if text:
                text, original = text.rstrip("\n") + "\n\n", original.rstrip("\n") + "\n\n"
            parts.append(Part(len(text), text.count("\n") + 1, file.name))
            text, original = text + file.text, original + file.original
        return cls(files[0].name, text, original, tuple(parts))

    def _part(self, offset: int) -> Part:
        found = Part(0, 1, self.name)
        for part in self.parts:
            if part.start <= offset:
                found = part
        return found

    def name_at(self, offset: int) -> str:
        """The file a place belongs to."""
        return self._part(offset).name

    def own_line(self, line: int) -> int:
        """The number a line has in its own file."""
        own = line
        for part in self.parts:
            if part.line <= line:
                own = line - part.line + 1
        return own

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the normalised text: equal for a file saved with other line ends or another Unicode form."""
        return "sha256:" + sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first code point of each line of the normalised text."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(starts)

    def line_number(self, offset: int) -> int:
        """Line (from 1) on which the offset stands."""
        return bisect_right(self.line_starts, max(0, min(offset, len(self.text))))

    def line_text(self, line: int) -> str:
        """The normalised text of a line (from 1), without its line end; empty when there is no such line."""
        if not 1 <= line <= len(self.line_starts):
            return ""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] - 1 if line < len(self.line_starts) else len(self.text)
        return self.text[start:end]

    def column(self, offset: int) -> int:
        """Column (from 1) in the normalised text: where a caret goes under the line as shown."""
        return offset - self.line_starts[self.line_number(offset) - 1] + 1

    def position(self, offset: int) -> Position:
        """The place in the author's own text, which may be decomposed (NFD) and so have more code points."""
        line = self.line_number(offset)
        column = self.column(offset)
        own = self.own_line(line)
        if self.text == self.original:
            return Position(own, column)
        theirs = self._original_lines[line - 1] if line <= len(self._original_lines) else ""
        return Position(own, _decomposed_column(theirs, column))

    @cached_property
    def _original_lines(self) -> list[str]:
        return self.original.split("\n")


def _decomposed_column(line: str, column: int) -> int:
    """Column in ``line`` whose normalised prefix has ``column - 1`` code points."""
    if unicodedata.is_normalized("NFC", line):
        return column
    low, high = 0, len(line)
    while low < high:
        middle = (low + high) // 2
        if len(unicodedata.normalize("NFC", line[:middle])) < column - 1:
            low = middle + 1
        else:
            high = middle
    while low < len(line) and unicodedata.combining(line[low]):
        low += 1
    return low + 1

"""A finding as data: what an application shows its authors, or answers them with, without drawing it itself."""

from rubric_engine.diagnostics import catalogue
from rubric_engine.diagnostics.shape import Diagnostic, Fix, Label, Severity
from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, SourceFile, Span


@record
class Point:
    """A place in a text: line and column from 1, the offset from 0 in characters."""

    line: int
    column: int
    offset: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"line": self.line, "column": self.column, "offset": self.offset}


@record
class Stretch:
    """From one place to another; the end is not part of it."""

    start: Point
    end: Point

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"start": self.start.to_dict(), "end": self.end.to_dict()}


@record
class Mend:
    """What a tool may put in a place of the text; the mended text has been read by the engine."""

    replacement: str
    place: Stretch


@record
class Beside:
    """A second place that belongs to a finding, and what it is; ``text`` may be ``None``."""

    text: str | None
    place: Stretch


@record
class RubricFinding:
    """One finding in words of one language. ``place`` is ``None`` where it is of the whole text.

    ``example`` is a witness ready to show, ``submission`` the whole of it where the engine has scored one.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    help: str | None
    file: str
    place: Stretch | None
    beside: tuple[Beside, ...]
    example: dict[str, str]
    mend: Mend | None
    submission: dict[str, object]

    @property
    def line(self) -> int | None:
        """The line it begins on, from 1."""
        return None if self.place is None else self.place.start.line

    @property
    def column(self) -> int | None:
        """The column it begins at, from 1."""
        return None if self.place is None else self.place.start.column

    def to_dict(self) -> dict[str, object]:
        """Plain values, as ``rubric check --format json`` prints them."""
        return {
            "code": self.code,
            "slug": self.slug,
            "severity": str(self.severity),
            "message": self.message,
            "help": self.help,
            "file": self.file,
            "start": None if self.place is None else self.place.start.to_dict(),
            "end": None if self.place is None else self.place.end.to_dict(),
            "labels": [{"text": one.text, **one.place.to_dict()} for one in self.beside],
            "example": dict(self.example),
            "fix": None if self.mend is None else {"replacement": self.mend.replacement, **self.mend.place.to_dict()},
        }


def finding(found: Diagnostic, source: SourceFile, language: str) -> RubricFinding:
    """A diagnostic in words."""
    page = catalogue.page(found.code)

    def stretch(span: Span) -> Stretch:
        return Stretch(_point(span.start, source), _point(span.end, source))

    def beside(label: Label) -> Beside:
        return Beside(catalogue.label_text(found, label.text, language), stretch(label.span))

    def mend(fix: Fix) -> Mend:
        return Mend(fix.replacement, stretch(fix.span))

    return RubricFinding(
        page.code, page.slug, page.severity, catalogue.message(found, language), catalogue.help_text(found, language),
        source.name_at(found.span.start), None if found.span == NOWHERE else stretch(found.span),
        tuple(map(beside, found.labels)), dict(found.example), None if found.fix is None else mend(found.fix),
        dict(found.submission),
    )  # fmt: skip


def _point(offset: int, source: SourceFile) -> Point:
    place = source.position(offset)
    return Point(place.line, place.column, offset)

"""The error of a rubric that cannot be compiled, and findings as data."""

from typing import TYPE_CHECKING

from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.source import SourceFile
from rubric_engine.tell.words import spoken

if TYPE_CHECKING:
    from rubric_engine.diagnostics.finding import RubricFinding


def as_findings(diagnostics: tuple[Diagnostic, ...], source: SourceFile, language: str) -> "tuple[RubricFinding, ...]":
    """The diagnostics in words of a language. Raises ``ValueError`` for a language without words."""
    from rubric_engine.diagnostics.finding import finding

    return tuple(finding(found, source, spoken(language)) for found in diagnostics)


class RubricError(ValueError):
    """A rubric that cannot be compiled. ``diagnostics`` holds every finding; ``str()`` shows them as a person reads.

    Of very many it shows the first hundred and says how many more there are.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], source: SourceFile, language: str) -> None:
        self.diagnostics = diagnostics
        self.source = source
        self.language = language
        super().__init__(source.name)

    def __str__(self) -> str:
        from rubric_engine.diagnostics.render import MOST_SHOWN, render_text

        return render_text(self.diagnostics, self.source, self.language, limit=MOST_SHOWN, where="`diagnostics`")

    def __reduce__(self) -> tuple[object, ...]:
        return RubricError, (self.diagnostics, self.source, self.language)

    def findings(self, language: str | None = None) -> "tuple[RubricFinding, ...]":
        """The findings as data, in words of a language, by default the rubric's own."""
        return as_findings(self.diagnostics, self.source, language or self.language)

"""What a problem is: facts and a place. The words live in the catalogue, the drawing in ``render``."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, Span


class Severity(StrEnum):
    """Errors stop a rubric from compiling; warnings are findings too; notes are not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@record
class Label:
    """A second place that belongs to the problem; ``text`` is a catalogue key of the same page, or empty."""

    span: Span
    text: str = ""


@record
class Fix:
    """A mend a tool may apply: replace the span by the text."""

    span: Span
    replacement: str


@record
class Diagnostic:
    """One problem. ``values`` fill the catalogue's templates; ``help`` picks one of the page's help texts.

    ``example`` is a witness: fact name to value as text, ready to show; ``submission`` is the whole of it, as a unit
    would submit it, where the engine has scored one and seen the fault. Slug and severity come from the catalogue.
    """

    code: str
    span: Span = NOWHERE
    values: Mapping[str, str] = field(default_factory=dict)
    help: str = "help"
    labels: tuple[Label, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    fix: Fix | None = None
    submission: Mapping[str, object] = field(default_factory=dict, compare=False)


def by_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In order of place, then of code; two at one place keep the order they were found in."""
    return tuple(sorted(diagnostics, key=lambda found: (found.span.start, found.span.end, found.code)))


def problem(
    code: str,
    span: Span = NOWHERE,
    /,
    *,
    help: str = "help",
    labels: tuple[Label, ...] = (),
    example: Mapping[str, str] | None = None,
    fix: Fix | None = None,
    **values: object,
) -> Diagnostic:
    """Make a diagnostic; every value is shown as ``str(value)``."""
    shown = {name: str(value) for name, value in values.items()}
    return Diagnostic(code, span, shown, help, labels, dict(example or {}), fix)

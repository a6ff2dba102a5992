"""RUB423: the note that takes the place of an error the author has accounted for with *as printed*."""

from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.source import Span


def noted(span: Span, what: str, kind: str, because: str, *, declared: object, found: object) -> Diagnostic:
    """The note; ``kind`` (``sum``, ``count``, ``reach``) picks the words."""
    return problem(
        "RUB423", span, what=what, because=because, declared=declared, found=found, help=f"help_{kind}"
    )

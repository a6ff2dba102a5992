"""A compiled rubric as plain values and back: its plan, what the check found, and by which files it was made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rubric_engine.cache import Kept, digest
from rubric_engine.diagnostics.shape import Diagnostic, Fix, Label
from rubric_engine.plan.codec import decode_plan, encode_plan
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.record import record
from rubric_engine.source import Span

_PART = "plan"


@record
class Remembered:
    """What was kept, with the files the rubric uses as they are now: the same."""

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, bytes]


def remember(kept: Kept, plan: Plan, diagnostics: tuple[Diagnostic, ...], files: Mapping[str, bytes]) -> bool:
    """Keep it; false where it would not come back as it is."""
    text = encode_plan(plan)
    told = tuple(_plain(found) for found in diagnostics)
    again = tuple(_diagnostic(*each) for each in told)
    if decode_plan(text) != plan or again != diagnostics:
        return False
    kept.put(_PART, (text, told, [(name, len(data), digest(data)) for name, data in files.items()]))
    return True


def recall(kept: Kept, folder: Path) -> Remembered | None:
    """What was kept, where every file the rubric uses still says the same."""
    found = kept.get(_PART)
    if found is None:
        return None
    text, told, used = found
    files: dict[str, bytes] = {}
    for name, size, known in used:
        data = _same(folder.resolve(), name, size, known)
        if data is None:
            return None
        files[name] = data
    return Remembered(decode_plan(text), tuple(_diagnostic(*each) for each in told), files)


def _same(folder: Path, name: str, size: int, known: str) -> bytes | None:
    """The bytes of a file that is as it was, inside the folder; no more is read of it than tells."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(size + 1)
    except (OSError, RuntimeError, ValueError):
        return None
    return data if digest(data) == known else None


def _plain(found: Diagnostic) -> tuple[Any, ...]:
    fix = found.fix
    return (
        found.code, _ends(found.span), dict(found.values), found.help,
        [(_ends(label.span), label.text) for label in found.labels], dict(found.example),
        None if fix is None else (_ends(fix.span), fix.replacement), dict(found.submission),
    )  # fmt: skip


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _diagnostic(
    code: str, span: tuple[int, int], values: dict[str, str], help: str, labels: list[tuple[tuple[int, int], str]],
    example: dict[str, str], fix: tuple[tuple[int, int], str] | None, submission: dict[str, object],
) -> Diagnostic:  # fmt: skip
    return Diagnostic(
        code, Span(*span), values, help, tuple(Label(Span(*place), text) for place, text in labels), example,
        None if fix is None else Fix(Span(*fix[0]), fix[1]), submission,
    )  # fmt: skip

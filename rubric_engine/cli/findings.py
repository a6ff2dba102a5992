"""Rubrics checked and their findings shown: what ``check`` does, without a library for command lines."""

from enum import StrEnum

from rubric_engine.cli import files
from rubric_engine.cli.terminal import FINDINGS, Leave, wants_color, write
from rubric_engine.cli.waiting import bar
from rubric_engine.cli.words import say
from rubric_engine.diagnostics.shape import Diagnostic, Severity
from rubric_engine.source import SourceFile
from rubric_engine.tell.rendering.screen import MOST_SHOWN


class Shape(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


def _matters(diagnostics: tuple[Diagnostic, ...]) -> bool:
    from rubric_engine.diagnostics import catalogue

    return any(catalogue.severity(found) is not Severity.NOTE for found in diagnostics)


def check_files(
    rubrics: list[str],
    shape: Shape = Shape.TEXT,
    parameters: dict[str, object] | None = None,
    language: str | None = None,
    *,
    everything: bool = False,
) -> None:
    """Check and print; leaves with exit code 1 when there is an error or a warning."""
    from rubric_engine.engine import check_text

    bad = False
    data: list[dict[str, object]] = []
    after_block: bool | None = None
    for path in files.find_rubrics(rubrics, language):
        with bar(path.name) as tell:
            data_read = files.read_bytes(path)
            checked = check_text(data_read, name=str(path), parameters=parameters, folder=path.parent, tell=tell)
        diagnostics, source, speak = checked.diagnostics, checked.source, language or checked.language
        bad = bad or _matters(diagnostics)
        if shape is Shape.JSON:
            from rubric_engine.diagnostics.render import render_json

            data += render_json(diagnostics, source, speak)
        else:
            # A drawn block stands apart from its neighbours; clean files are one line each.
            gap = "\n" if after_block is not None and (after_block or diagnostics) else ""
            write(gap + findings_text(diagnostics, source, speak, limit=None if everything else MOST_SHOWN))
            after_block = bool(diagnostics)
    if shape is Shape.JSON:
        from rubric_engine.facts.json_text import write_json

        write(write_json(data, indent=2))
    raise Leave(FINDINGS if bad else 0)


def findings_text(
    diagnostics: tuple[Diagnostic, ...],
    source: SourceFile,
    language: str,
    *,
    err: bool = False,
    limit: int | None = MOST_SHOWN,
) -> str:
    """The findings as they are drawn, or that there are none."""
    if not diagnostics:
        return f"{source.name}: {say('clean', language)}"
    from rubric_engine.diagnostics.render import render_text

    color, where = wants_color(err=err), say("see_all", language)
    return render_text(diagnostics, source, language, color=color, limit=limit, where=where)

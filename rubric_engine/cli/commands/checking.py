"""``check``, ``fmt`` and ``explain``: about the text of a rubric."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rubric_engine.cli import files
from rubric_engine.cli.findings import check_files, findings_text
from rubric_engine.cli.options import Everything, Parameters, RubricFiles, Shape, Speak, read_parameters
from rubric_engine.cli.samples import sample_text
from rubric_engine.cli.terminal import FINDINGS, Leave, system_language, write
from rubric_engine.cli.words import misused, near, say
from rubric_engine.diagnostics import catalogue
from rubric_engine.diagnostics.shape import problem
from rubric_engine.facts.suggest import closest
from rubric_engine.source import SourceFile
from rubric_engine.tell.rendering.screen import flow, safe
from rubric_engine.tell.words import ENGLISH


def check(
    rubrics: RubricFiles,
    shape: Annotated[Shape, typer.Option("--format", help="How to print the findings.")] = Shape.TEXT,
    language: Speak = None,
    parameter: Parameters = None,
    everything: Everything = False,
) -> None:
    """Errors and warnings are findings; notes are not."""
    check_files(rubrics, shape, read_parameters(parameter), language, everything=everything)


# ---------------------------------------------------------------- fmt


class Keywords(StrEnum):
    """Languages a rubric is written in."""

    EN = "en"
    VI = "vi"


def fmt(
    rubrics: Annotated[
        list[str], typer.Argument(metavar="FILES", help="Rubrics: paths, folders, or - for standard input.")
    ],
    check_only: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if something would.")] = False,
    to: Annotated[
        Keywords | None, typer.Option("--to", help="Translate the keywords as well.", show_default=False)
    ] = None,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print instead of writing the file.")] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="With --to: write the translation over the file, which is else printed.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write here and leave the file as it is; one rubric only."),
    ] = None,
) -> None:
    """Writes only what it has read back and found to say the same. A translation is printed unless a place is named."""
    printed = stdout or (to is not None and not in_place)
    target = output or (files.STDIN if printed else None)
    if files.STDIN in rubrics:
        if len(rubrics) > 1:
            raise misused("stdin_alone")
        clean = [_format(None, files.read_stdin(), check_only, to, target)]
    else:
        paths = list(files.find_rubrics(rubrics))
        if output is not None and len(paths) > 1:
            raise misused("one_output")
        # A list, not a generator: one bad file must not keep the others from being formatted.
        clean = [_format(path, files.read_bytes(path), check_only, to, target or str(path)) for path in paths]
    raise Leave(0 if all(clean) else FINDINGS)


def _format(path: Path | None, data: bytes, check_only: bool, to: str | None, target: str | None) -> bool:
    """Format one rubric to its target, printed where there is none; true when nothing is left to say about it."""
    from rubric_engine.syntax.formatter import format_text, not_formatted

    name = "<stdin>" if path is None else str(path)
    try:
        source = SourceFile.from_bytes(data, name)
    except UnicodeDecodeError as wrong:
        found = problem("RUB117", offset=wrong.start)
        write(findings_text((found,), SourceFile.from_text("", name), to or system_language(), err=True), err=True)
        return False
    formatted = format_text(source.original, to=to)
    speak = _language_of(source)
    if formatted.diagnostics:
        write(findings_text(formatted.diagnostics, source, speak, err=True), err=True)
        return False
    if check_only:
        unlike = not_formatted(source.original, formatted.text)
        if unlike is not None:
            write(findings_text((unlike,), source, speak))
        return unlike is None
    if target in (None, files.STDIN):
        write(formatted.text)
        return True
    own = path is not None and target == str(path)
    changed = formatted.text != source.original
    if changed or not own:
        files.write_whole(Path(str(target)), formatted.text, crlf=b"\r\n" in data)
    said = say("formatted" if changed else "unchanged", speak) if own else say("written", speak, name=target)
    write(f"{path or name}: {said}", err=True)
    return True


def _language_of(source: SourceFile) -> str:
    """The keyword language of a text that need not be a sound rubric."""
    from rubric_engine.syntax.parser import parse

    return parse(source).tree.language


# ---------------------------------------------------------------- explain


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="RUB412, 412 or bands-overlap.")],
    language: Speak = None,
) -> None:
    """What a code means, why it matters, a wrong and a right rubric."""
    speak = language or system_language()
    page = catalogue.find(code)
    if page is None:
        known = [*catalogue.codes(), *(catalogue.page(each).slug for each in catalogue.codes())]
        meant = closest(code.strip().upper(), known) or closest(code.strip(), known)
        raise misused("no_diagnostic", speak, code=code, hint=near(meant, speak))
    write(_page_text(page, speak))


def _page_text(page: catalogue.Page, language: str) -> str:
    lines = [f"{page.code} {page.slug}", "", flow(page.explanation.get(language) or page.explanation[ENGLISH])]
    for title, sample in ((say("bad", language), page.bad), (say("good", language), page.good)):
        lines += ["", f"{title}:", "", _inset(sample_text(page, sample, language))]
        if sample.submission is not None:
            lines += ["", f"{say('with', language)}:", "", _inset(sample.submission)]
    return "\n".join(lines)


def _inset(text: str) -> str:
    return "\n".join(f"    {safe(line)}".rstrip() for line in text.rstrip().split("\n"))

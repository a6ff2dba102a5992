"""``score``, ``test``, ``template``, ``schema`` and ``compile``: what needs a sound rubric."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from rubric_engine.cli import files
from rubric_engine.cli.options import (
    AtStageNamed,
    Everything,
    FiguresFile,
    Parameters,
    PreviousFile,
    RubricFile,
    RubricFiles,
    Speak,
    read_parameters,
)
from rubric_engine.cli.reading.loading import known_stage, load
from rubric_engine.cli.result import EVERYTHING, ResultShape, score_one
from rubric_engine.cli.terminal import FINDINGS, Leave, write
from rubric_engine.cli.words import misused, say
from rubric_engine.facts.json_text import write_json
from rubric_engine.meaning.exact import decimal_mark
from rubric_engine.tell.rendering.screen import wrap

if TYPE_CHECKING:
    from rubric_engine.casetest import ExampleOutcome

class FormShape(StrEnum):
    """How a blank submission is printed."""

    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


# ---------------------------------------------------------------- score


class ScoreCommand(TyperCommand):
    """Gives ``--why`` an optional value, which typer has no word for: ``--why`` alone explains everything."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Rewrite ``--why`` and ``--why CODE`` to ``--why=…`` before typer reads them."""
        return super().parse_args(ctx, join_why(args))


def join_why(args: list[str]) -> list[str]:
    """``--why CODE`` becomes ``--why=CODE`` where two other arguments are left for FILE and SUBMISSION."""
    made: list[str] = []
    plain = _count_plain(args)
    at = 0
    while at < len(args):
        here = args[at]
        if here == "--":
            return made + args[at:]
        if here == "--why":
            follower = args[at + 1] if at + 1 < len(args) else "-"
            if follower.startswith("-") or plain <= 2:
                made.append(f"--why={EVERYTHING}")
            else:
                made.append(f"--why={follower}")
                at += 1
        else:
            made.append(here)
        at += 1
    return made


def _count_plain(args: list[str]) -> int:
    """How many arguments are neither options nor the values of options."""
    valued = ("--format", "--language", "--parameter", "--stage", "--figures", "--previous")
    return sum(
        1
        for at, word in enumerate(args)
        if (word == "-" or not word.startswith("-")) and (at == 0 or args[at - 1] not in valued)
    )


def score(
    rubric: RubricFile,
    submission: Annotated[
        str, typer.Argument(metavar="SUBMISSION", help="A submission or dossier in JSON, or - for standard input.")
    ],
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="[CODE]", help="Explain every point, or one heading.", show_default=False),
    ] = None,
    shape: Annotated[
        ResultShape, typer.Option("--format", help="How to print the result.")
    ] = ResultShape.TEXT,
    stage: AtStageNamed = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
    language: Speak = None,
    parameter: Parameters = None,
    everything: Everything = False,
) -> None:
    """A submission that cannot be scored as given is a finding: every problem in it is listed."""
    score_one(
        rubric, submission, shape, why, read_parameters(parameter), language,
        stage=stage, figures=figures, previous=previous, everything=everything,
    )  # fmt: skip


# ---------------------------------------------------------------- test


def run_tests(rubrics: RubricFiles, language: Speak = None) -> None:
    """Exit code 1 when an example fails, or a rubric has errors."""
    from rubric_engine.casetest import run_examples

    bad = False
    for path in files.find_rubrics(rubrics):
        try:
            compiled = load(str(path), {}, language)
        except Leave:
            bad = True
            continue
        speak = language or compiled.language
        outcomes = run_examples(compiled, language=speak)
        bad = bad or not all(outcome.passed for outcome in outcomes)
        write(examples_text(str(path), outcomes, speak))
    raise Leave(FINDINGS if bad else 0)


def examples_text(name: str, outcomes: "tuple[ExampleOutcome, ...]", language: str) -> str:
    """One line an example; for a failing one what was expected, what came out and why."""
    if not outcomes:
        return f"{name}: {say('no_examples', language)}"
    lines = [name]
    for outcome in outcomes:
        verdict = say("passed" if outcome.passed else "failed", language)
        lines.append(f"  {verdict}  {outcome.title}")
        if outcome.refused:
            lines.append(f"      {say('refused', language)} ({say('line', language, line=outcome.line)}):")
            lines += [f"        {part}" for each in outcome.refused.split("\n") for part in wrap(each, 70)]
        for failure in outcome.failures:
            lines.append(f"      {say('line', language, line=failure.line)}: {failure.what}")
            lines.append(f"        {say('expected', language)}: {failure.expected}")
            lines.append(f"        {say('got', language)}: {failure.value}")
            if failure.explanation:
                # Flush left: an explanation fills the whole width of the screen by itself.
                lines += ["", failure.explanation.rstrip(), ""]
    passed = sum(outcome.passed for outcome in outcomes)
    return "\n".join([*lines, say("tally", language, passed=passed, all=len(outcomes))])


# ---------------------------------------------------------------- template, schema, compile


def template(
    rubric: RubricFile,
    shape: Annotated[
        FormShape,
        typer.Option("--format", help="A file to fill in, a spreadsheet with one row a unit, or a form to print."),
    ] = FormShape.JSON,
    stage: AtStageNamed = None,
    language: Speak = None,
) -> None:
    """Every input, judgement and piece of evidence the rubric asks for, at a stage those it asks for by then."""
    from rubric_engine.report.form import header_sheet, to_form
    from rubric_engine.tell.rendering.spreadsheet import to_csv

    compiled = load(rubric, {}, language)
    speak = language or compiled.language
    chosen = known_stage(compiled, stage, speak)
    asked = compiled if chosen is None else compiled.at_stage(chosen)
    match shape:
        case FormShape.JSON:
            write(write_json(asked.template(), indent=2))
        case FormShape.CSV:
            # Spreadsheets take a text for UTF-8 only with the mark at its beginning.
            write("\ufeff" + to_csv(header_sheet(asked.plan, speak), decimal_comma=decimal_mark(speak) == ","))
        case _:
            write(to_form(asked.plan, speak))


def schema(rubric: RubricFile) -> None:
    """JSON Schema, for editors and other systems."""
    write(write_json(load(rubric, {}, None).json_schema(), indent=2))


def compile_(
    rubric: RubricFile,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE.py", help="Where to write; - prints.")
    ] = None,
    with_ranges: Annotated[
        bool, typer.Option("--with-ranges", help="Say what is still possible of submissions that are not complete.")
    ] = False,
    total_only: Annotated[
        bool, typer.Option("--total-only", help="The total and nothing else, short enough to audit.")
    ] = False,
    parameter: Parameters = None,
    language: Annotated[str | None, typer.Option("--language", hidden=True)] = None,
) -> None:
    """The module stands alone: copy it to where the scoring happens. Without -o it is printed."""
    if with_ranges and total_only:
        raise misused("total_or_ranges", language)
    compiled = load(rubric, read_parameters(parameter), language)
    text = compiled.to_python(with_ranges=with_ranges, total_only=total_only)
    if output in (None, files.STDIN):
        write(text)
        return
    files.write_whole(Path(str(output)), text)
    write(say("written", language or compiled.language, name=output), err=True)

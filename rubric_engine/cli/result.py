"""One submission scored and shown: what ``score`` does, without a library for command lines."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from rubric_engine.cli import files
from rubric_engine.cli.reading.loading import load
from rubric_engine.cli.terminal import FINDINGS, Leave, write, wrong_use
from rubric_engine.cli.words import say
from rubric_engine.facts.fold import written_as
from rubric_engine.facts.json_text import write_json
from rubric_engine.facts.suggest import closest
from rubric_engine.tell.rendering.screen import MOST_SHOWN, wrap

if TYPE_CHECKING:
    from rubric_engine.engine import CompiledRubric
    from rubric_engine.facts.problems import SubmissionError
    from rubric_engine.result.result import Result
    from rubric_engine.result.result import Shape as Told

EVERYTHING = "*"


class ResultShape(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    MD = "md"
    CSV = "csv"


_SHAPES: "Final[dict[ResultShape, Told]]" = {
    ResultShape.TEXT: "text", ResultShape.MARKDOWN: "markdown", ResultShape.MD: "markdown", ResultShape.CSV: "csv",
}  # fmt: skip


def score_one(
    rubric: str,
    submission: str,
    shape: ResultShape = ResultShape.TEXT,
    why: str | None = None,
    parameters: dict[str, object] | None = None,
    language: str | None = None,
    *,
    stage: str | None = None,
    figures: str | None = None,
    previous: str | None = None,
    everything: bool = False,
) -> None:
    """Score and print; a submission that cannot be scored as given leaves with exit code 1."""
    from rubric_engine.facts.problems import SubmissionError

    compiled = load(rubric, parameters or {}, language)
    speak = language or compiled.language
    if why is not None and why != EVERYTHING:
        why = _known_code(why, compiled, speak)
    try:
        given = files.read_submission(submission, files.find_rubric(rubric, speak), speak)
        if stage or figures or previous or files.is_dossier(given):
            from rubric_engine.cli.reading.one_unit import evaluate_one

            beside = files.find_rubric(rubric)
            result = evaluate_one(compiled, given, beside, speak, stage=stage, figures=figures, previous=previous)
        else:
            result = compiled.evaluate(given)
    except SubmissionError as refused:
        _refuse(refused, shape, speak, None if everything else MOST_SHOWN)
    write(_shown(result, shape, why, speak))


def _known_code(code: str, compiled: "CompiledRubric", language: str) -> str:
    codes = [node.code for node in compiled.plan.nodes]
    own = written_as(code, codes)
    if own is not None:
        return own
    near = closest(code, codes)
    words = say("no_code", language, code=code)
    raise wrong_use(say("mean", language, words=words, mend=near) if near else words)


def _shown(result: "Result", shape: ResultShape, why: str | None, language: str) -> str:
    match shape:
        case ResultShape.JSON:
            return result.to_json(indent=2)
        case _ if why is not None or shape is ResultShape.CSV:
            asked = None if why == EVERYTHING else why
            return result.explain(asked, language=language, shape=_SHAPES[shape])
        case ResultShape.TEXT:
            from rubric_engine.report.sheet import score_sheet
            from rubric_engine.tell.rendering.plain import to_plain

            return to_plain(score_sheet(result, language).blocks)
        case _:
            from rubric_engine.report.sheet import score_sheet
            from rubric_engine.tell.rendering.printable import to_printable

            return to_printable(score_sheet(result, language, printed=True).blocks)


def _refuse(refused: "SubmissionError", shape: ResultShape, language: str, limit: int | None) -> None:
    """Print the problems of a submission and leave with exit code 1."""
    if shape is ResultShape.JSON:
        problems = [
            {
                "code": each.code,
                "path": each.path,
                "message": each.message(language),
                "help": each.help_text(language) or None,
            }
            for each in refused.problems
        ]
        write(write_json({"problems": problems, **({"more": refused.more} if refused.more else {})}, indent=2))
    else:
        from rubric_engine.facts.problems import more_problems

        shown = refused.problems[:limit]
        for each in shown:
            first, *rest = wrap(each.line(language), 78)
            write("\n".join([first, *(f"  {line}" for line in rest)]), err=True)
        if len(shown) < len(refused.problems):
            more = more_problems(len(refused.problems) - len(shown) + refused.more, language)
            write(f"{more}: {say('see_all_here', language)}", err=True)
    raise Leave(FINDINGS)

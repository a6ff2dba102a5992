"""One unit scored with what stands beside it: a stage of its dossier, figures of a cohort, the cycle before."""

from pathlib import Path

from rubric_engine.cli import files
from rubric_engine.cli.reading.cohorts import read_previous, with_previous
from rubric_engine.cli.reading.loading import known_stage, read_figures
from rubric_engine.cli.terminal import wrong_use
from rubric_engine.cli.words import say
from rubric_engine.engine import CompiledRubric
from rubric_engine.result.result import Result
from rubric_engine.rounds import read_dossier, submission_at


def evaluate_one(
    rubric: CompiledRubric,
    given: object,
    beside: Path,
    language: str,
    *,
    stage: str | None = None,
    figures: str | None = None,
    previous: str | None = None,
) -> Result:
    """A submission, or a dossier at a stage (the latest it has reached). Raises ``SubmissionError``."""
    chosen, known = known_stage(rubric, stage, language), read_figures(figures, rubric)
    before = read_previous(previous, rubric, beside, None, language)
    if files.is_dossier(given):
        dossier = read_dossier(rubric, given)
        reached = list(dossier.stages)
        if chosen is None and not reached:
            raise wrong_use(say("no_stage", language))
        chosen = reached[-1] if chosen is None else chosen
        if chosen not in reached:
            raise wrong_use(say("only_reached", language, stage=chosen, names=", ".join(reached)))
        given = submission_at(rubric, dossier, chosen)
    at = rubric.at_stage(chosen) if chosen else rubric
    submission = with_previous(given, before)
    return at.evaluate(submission) if known is None else known.evaluate(at, submission)

"""What stands beside the units: the rubric, the days of a round, figures of a cohort, the cycle before."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rubric_engine.cli import files
from rubric_engine.cli.terminal import FINDINGS, Leave, wants_color, write, wrong_use
from rubric_engine.cli.words import misused, near, say
from rubric_engine.facts.fold import fold
from rubric_engine.facts.suggest import closest

if TYPE_CHECKING:
    from rubric_engine.cohort import Figures
    from rubric_engine.engine import CompiledRubric


def load(word: str, parameters: dict[str, object], language: str | None) -> "CompiledRubric":
    """The compiled rubric; findings go to standard error and end the command with exit code 1."""
    from rubric_engine.engine import RubricError, load_rubric

    path = files.find_rubric(word, language)
    try:
        return load_rubric(path, parameters=parameters)
    except OSError as wrong:
        raise misused("cannot_read", language, path=path, fault=wrong.strerror or wrong) from None
    except RubricError as wrong:
        from rubric_engine.diagnostics.catalogue import severity
        from rubric_engine.diagnostics.render import MOST_SHOWN, render_text
        from rubric_engine.diagnostics.shape import Severity

        errors = [found for found in wrong.diagnostics if severity(found) is Severity.ERROR]
        speak = language or wrong.language
        where = say("see_all", speak)
        color = wants_color(err=True)
        write(render_text(errors, wrong.source, speak, color=color, limit=MOST_SHOWN, where=where), err=True)
        raise Leave(FINDINGS) from None


def known_stage(rubric: "CompiledRubric", name: str | None, language: str | None = None) -> str | None:
    """The stage as the rubric names it; leaves with exit code 2 where it has no such stage."""
    if name is None:
        return None
    names = [stage.name for stage in rubric.stages]
    speak = language or rubric.language
    if not names:
        raise wrong_use(say("no_stages", speak, id=rubric.plan.id, name=name))
    for stage in rubric.stages:
        if fold(name) in (fold(stage.name), fold(stage.title)):
            return stage.name
    hint = near(closest(name, names), speak) or say("its_stages", speak, names=", ".join(names))
    raise wrong_use(say("no_stage_named", speak, id=rubric.plan.id, name=name, hint=hint))


def read_deadlines(word: str | None, rubric: "CompiledRubric", language: str) -> dict[str, date] | None:
    """``{"self": "2025-12-15"}``, or the same under ``deadlines``; leaves with exit code 2 for anything else."""
    from rubric_engine.facts.facts import read_json
    from rubric_engine.facts.problems import SubmissionError
    from rubric_engine.facts.readers import read_date
    from rubric_engine.meaning.exact import Unreadable

    if word is None:
        return None
    try:
        given = read_json(files.read_bytes(Path(word)), language)
    except SubmissionError as error:
        raise wrong_use(f"`{word}`: {error}") from None
    days = given.get("deadlines", given) if isinstance(given, dict) else None
    if not isinstance(days, dict):
        raise misused("days_by_stage", language, word=word, example='{"self": "2025-12-15"}')
    known = [*(stage.name for stage in rubric.stages), *(deadline.name for deadline in rubric.plan.deadlines)]
    found: dict[str, date] = {}
    for name, day in days.items():
        if name not in known:
            hint = near(closest(name, known), language) or say("within_known", language, names=", ".join(known) or "–")
            raise misused("no_deadline", language, word=word, name=name, hint=hint)
        try:
            found[name] = read_date(day, language)
        except Unreadable:
            raise misused("no_day", language, word=word, name=name) from None
    return found


def read_figures(word: str | None, rubric: "CompiledRubric") -> "Figures | None":
    """Figures as ``rubric figures`` saved them; leaves with exit code 2 for anything else."""
    from rubric_engine.cohort import Figures

    if word is None:
        return None
    try:
        figures = Figures.from_json(files.read_bytes(Path(word)))
        figures.check_rubric(rubric.plan)
    except ValueError as error:
        raise wrong_use(f"`{word}`: {error}") from None
    return figures

"""``gaps`` and ``whatif``: one unit, and what would change its points."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from rubric_engine.cli.options import AtStageNamed, FiguresFile, PreviousFile, read_pairs
from rubric_engine.cli.shared import over_units
from rubric_engine.cli.terminal import FINDINGS, Leave, wrong_use
from rubric_engine.cli.words import misused, near, say
from rubric_engine.facts.fold import Folded
from rubric_engine.facts.suggest import closest

if TYPE_CHECKING:
    from rubric_engine.cli.reading.cohorts import Known
    from rubric_engine.cli.reading.units import AtStage, Loaded
    from rubric_engine.cli.work import Work
    from rubric_engine.cohort import Cohort, Figures
    from rubric_engine.engine import CompiledRubric
    from rubric_engine.facts.facts import Facts

OneUnit = Annotated[
    str, typer.Argument(metavar="SUBMISSION", help="A submission or dossier; of a file with several units, see --unit.")
]
UnitNamed = Annotated[
    str | None, typer.Option("--unit", metavar="NAME", help="Which unit of the file.", show_default=False)
]


Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", show_default=False,
        help="An input, `judged CODE` or `evidence NAME`; nothing after = takes it back. May be repeated.",
    ),
]  # fmt: skip
Among = Annotated[
    str | None, typer.Option("--cohort", metavar="FOLDER", help="All units: say which rank moves.", show_default=False)
]
WithGrade = Annotated[
    bool, typer.Option("--next-grade", help="Also the smallest change that reaches a better grade.")
]  # fmt: skip


@over_units
def gaps(
    work: "Work",
    submission: OneUnit,
    next_grade: WithGrade = False,
    unit: UnitNamed = None,
    stage: AtStageNamed = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
) -> None:
    """Every leaf that lost points, most lost first, with the smallest changes that would win them back."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.cli.waiting import bar
    from rubric_engine.gaps import find_gaps
    from rubric_engine.gaps import next_grade as find_next_grade
    from rubric_engine.report.gaps import gaps_report

    before, known = work.previous(previous), work.figures(figures)
    loaded, at, facts = _one(work, submission, unit, stage, known, before)
    with bar(say("scoring", work.language)) as tell:
        found = find_gaps(at.rubric, facts, language=work.language, progress=tell)
    grade = None
    if next_grade:
        try:
            grade = find_next_grade(at.rubric, facts, language=work.language)
        except ValueError:
            raise wrong_use(say("no_grade", work.language, id=work.rubric.plan.id)) from None
    publish(gaps_report(at.rubric.plan, found, work.language, grade=grade), loaded, work.how, scored=1)


@over_units
def whatif(
    work: "Work",
    submission: OneUnit,
    changes: Changes = None,
    cohort: Among = None,
    unit: UnitNamed = None,
    stage: AtStageNamed = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
) -> None:
    """Points, total, grade and rank as they are, and as they would be. Nothing is written."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.facts.problems import SubmissionError
    from rubric_engine.gaps import what_if
    from rubric_engine.report.what_if import what_if_report

    pairs = read_pairs(changes, "--set")
    if not pairs:
        raise wrong_use(say("nothing_to_set", work.language))
    if cohort is not None and figures is not None:
        raise misused("anew", work.language)
    before, known = work.previous(previous), work.figures(figures)
    loaded, at, facts = _one(work, submission, unit, stage, known, before)
    among = None if cohort is None else _among(work, cohort, at.stage or None, before, facts.unit)
    try:
        found = what_if(at.rubric, facts, _changes(pairs, at.rubric, facts, work.language), cohort=among)
    except SubmissionError as error:
        raise wrong_use("--set: " + "; ".join(problem.line(work.language) for problem in error.problems)) from None
    except ValueError as error:
        raise wrong_use(f"--set: {error}") from None
    asked = tuple(f"{name} = {value or '–'}" for name, value in pairs.items())
    publish(what_if_report(at.rubric.plan, found, asked, work.language), loaded, work.how, scored=1)


def _one(
    work: "Work",
    word: str,
    unit: str | None,
    stage: str | None,
    figures: "Figures | None",
    previous: "Known | None",
) -> "tuple[Loaded, AtStage, Facts]":
    """The one unit asked about, read; leaves with exit code 1 where it cannot be, 2 where nobody can tell which."""
    from rubric_engine.cli.publishing import complain
    from rubric_engine.cli.reading.cohorts import with_previous
    from rubric_engine.facts.problems import SubmissionError

    loaded = work.units([word])
    at = loaded.at_stage(work.stage(stage))
    named = Folded((_name(submission), (one, submission)) for one, submission in at.units)
    if unit is not None and unit not in named:
        hint = near(closest(unit, named), work.language)
        raise wrong_use(say("no_unit_in", work.language, unit=unit, word=word, hint=hint))
    if unit is None and len(at.units) > 1:
        raise wrong_use(say("which_unit", work.language, word=word, count=len(at.units)))
    chosen = at.units[0] if unit is None and at.units else named.get(unit or "")
    if chosen is not None:
        one, submission = chosen
        try:
            facts = at.rubric.read(with_previous(submission, previous))
            if figures is not None:
                facts = figures.filled(at.rubric.plan, facts)[0]
            at.rubric.reading(facts)
        except SubmissionError as error:
            loaded.blame(one, error, at.stages_until(one))
        else:
            # What is wrong with other units of the file is not asked about here.
            return work.units([]), at, facts
    if at.absent and not loaded.faults:
        raise wrong_use(say("not_at_stage", work.language, unit=at.absent[0], stage=at.stage))
    complain(loaded, work.language, everything=True)
    raise Leave(FINDINGS)


def _name(submission: object) -> str:
    name = submission.get("unit") if isinstance(submission, Mapping) else None
    return name.strip() if isinstance(name, str) else ""


def _among(work: "Work", word: str, stage: str | None, previous: "Known | None", unit: str) -> "Cohort":
    """All units, scored together; one of them that cannot be scored would move every rank, so it is wrong use."""
    from rubric_engine.cli.reading.cohorts import score_together

    loaded = work.units([word])
    cohort = score_together(loaded.at_stage(stage), previous=previous)
    fault = next((fault for fault in loaded.faults if fault.costs), None)
    if fault is not None:
        raise wrong_use(f"--cohort: {fault}")
    if unit not in cohort:
        raise wrong_use("--cohort: " + say("no_unit_in", work.language, unit=unit, word=word, hint=""))
    return cohort


def _changes(
    pairs: Mapping[str, str], rubric: "CompiledRubric", facts: "Facts", language: str
) -> dict[str, dict[str, object]]:
    """What --set says, as a submission says it. Names are those a CSV may have over its columns."""
    from rubric_engine.cohort.csv_rows import ColumnNames
    from rubric_engine.facts.fold import fold

    names = ColumnNames(rubric.plan)
    made: dict[str, dict[str, object]] = {}
    for name, value in pairs.items():
        found = [one for one in names.find(fold(name)) if one[1]]
        if len(found) != 1:
            if found:
                several = ", ".join(f"`{key}`" for _, key in found)
                raise wrong_use(say("set_several", language, name=name, names=several))
            hint = near(closest(name, names.words, same_digits=True), language) or say("set_known", language)
            raise wrong_use(say("set_unknown", language, name=name, hint=hint))
        section, key = found[0]
        if section == "register":
            made.setdefault("inputs", {})[key] = _rows(name, value, language)
        elif section == "evidence":
            made.setdefault(section, {})[key] = _pieces(key, value, facts)
        else:
            made.setdefault(section, {})[key] = value or None
    return made


def _rows(name: str, value: str, language: str) -> object:
    from rubric_engine.facts.facts import read_json
    from rubric_engine.facts.problems import SubmissionError

    try:
        return read_json(value) if value else None
    except SubmissionError:
        example = "--set '" + name + '=[{"days": 3}]' + "'"
        raise wrong_use(say("set_rows", language, name=name, example=example)) from None


def _pieces(name: str, value: str, facts: "Facts") -> object:
    """A status alone changes that of the pieces there are; anything else is the reference of the only piece."""
    from rubric_engine.facts.facts import STATUS_WORDS
    from rubric_engine.facts.fold import fold

    if not value:
        return None
    status = STATUS_WORDS.get(fold(value))
    if status is None:
        return [{"reference": value}]
    pieces = facts.evidence.get(name, ())
    if not pieces:
        return [{"reference": name, "status": status}]
    return [
        {"reference": one.reference, "status": status, "page": one.page or None, "note": one.note or None,
         "issued": None if one.issued is None else one.issued.isoformat()}
        for one in pieces
    ]  # fmt: skip

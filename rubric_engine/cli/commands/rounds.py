"""``stages``, ``claims`` and ``progress``: units in the round of one year."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from rubric_engine.cli.options import AsOf, AtStageNamed, DeadlinesFile, FiguresFile, PreviousFile, Units, read_day
from rubric_engine.cli.shared import over_units
from rubric_engine.cli.words import misused

if TYPE_CHECKING:
    from rubric_engine.cli.work import Work
    from rubric_engine.engine import CompiledRubric
    from rubric_engine.report.stages import UnitRound
    from rubric_engine.rounds import StagedResult

Start = Annotated[
    str | None, typer.Option("--from", metavar="STAGE", help="Compare from this stage …", show_default=False)
]
End = Annotated[
    str | None,
    typer.Option("--to", metavar="STAGE", help="… to this one; by default each to the next.", show_default=False),
]


@over_units
def stages(
    work: "Work",
    dossiers: Units,
    start: Start = None,
    end: End = None,
    deadlines: DeadlinesFile = None,
    as_of: AsOf = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
) -> None:
    """Totals of every stage, what made each difference, what is late, open explanations, how findings stand."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.cli.reading.dossiers import Beside, staged_units
    from rubric_engine.report.stages import stages_report

    first, last = work.stage(start), work.stage(end)
    today = read_day(as_of, "--as-of", work.language)
    loaded = work.units(dossiers, work.deadlines(deadlines))
    given = Beside(work.figures(figures), work.previous(previous))
    found = [_round(work.rubric, one, first, last, loaded.deadlines, today) for _, one in staged_units(loaded, given)]
    publish(stages_report(work.rubric.plan, found, work.language), loaded, work.how, scored=len(found))


def _round(
    rubric: "CompiledRubric",
    staged: "StagedResult",
    start: str | None,
    end: str | None,
    deadlines: Mapping[str, date] | None,
    as_of: date | None,
) -> "UnitRound":
    from rubric_engine.report.stages import UnitRound
    from rubric_engine.rounds import difference, follow_up, lateness

    differences = tuple(
        difference(rubric, staged, *pair) for pair in _pairs(rubric, staged, start, end)
    )
    late = lateness(rubric, staged.dossier, deadlines=deadlines, as_of=as_of)
    return UnitRound(staged, differences, late, follow_up([staged], as_of=as_of), open_explanations(rubric, staged))


def _pairs(
    rubric: "CompiledRubric", staged: "StagedResult", start: str | None, end: str | None
) -> Iterator[tuple[str, str]]:
    """Each stage and the next, or the two that were asked for, where the unit has reached them."""
    names = [stage.stage.name for stage in staged.stages]
    if start is None and end is None:
        yield from pairwise(names)
        return
    order = [stage.name for stage in rubric.stages]
    first = order[0] if start is None else start
    last = names[-1] if end is None else end
    if order.index(first) >= order.index(last) and end is not None:
        raise misused("from_to", rubric.language, first=first, last=last)
    if first in names and last in names and first != last:
        yield first, last


def open_explanations(rubric: "CompiledRubric", staged: "StagedResult") -> tuple[str, ...]:
    """Headings for which words were asked at any stage, by the rubric or by an appraiser, and none came since."""
    from rubric_engine.rounds import check_claims

    waiting: dict[str, None] = {}
    for stage in staged.stages:
        for code in (*check_claims(rubric, staged, stage=stage.stage.name).needs_explanation, *stage.entry.asks):
            waiting[code] = None
        for code in stage.entry.explanations:
            waiting.pop(code, None)
    return tuple(waiting)


@over_units
def claims(
    work: "Work",
    submissions: Units,
    stage: AtStageNamed = None,
    deadlines: DeadlinesFile = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
) -> None:
    """Where claims differ from what facts and evidence support, and why; what lacks evidence or words."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.cli.reading.dossiers import Beside, staged_units
    from rubric_engine.report.claims import claims_report
    from rubric_engine.rounds import check_claims

    chosen = work.stage(stage)
    loaded = work.units(submissions, work.deadlines(deadlines))
    given = Beside(work.figures(figures), work.previous(previous))
    found, waiting = [], 0
    for _, staged in staged_units(loaded, given):
        at = _stage_of_claims(staged) if chosen is None else chosen
        if at in {one.stage.name for one in staged.stages}:
            found.append(check_claims(work.rubric, staged, stage=at))
        else:
            waiting += 1
    report = claims_report(work.rubric.plan, found, work.language)
    publish(report, loaded, work.how, scored=len(found), waiting=waiting)


def _stage_of_claims(staged: "StagedResult") -> str:
    """The latest stage at which the unit claims anything; without claims the latest reached."""
    claiming = [one.stage.name for one in staged.stages if one.entry.given.get("claims")]
    return claiming[-1] if claiming else staged.last.stage.name


@over_units
def progress(
    work: "Work",
    submissions: Units,
    stage: AtStageNamed = None,
    deadlines: DeadlinesFile = None,
    as_of: AsOf = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
) -> None:
    """What is scored, pending and not due; the lowest and highest total and the grades still possible."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.cli.reading.cohorts import score_units
    from rubric_engine.report.progress import progress_report
    from rubric_engine.rounds import lateness, progress_of

    chosen, known, before = work.stage(stage), work.figures(figures), work.previous(previous)
    today = read_day(as_of, "--as-of", work.language)
    loaded = work.units(submissions, work.deadlines(deadlines))
    scored = score_units(loaded, chosen, figures=known, previous=before)
    at, units = scored.at, progress_of(scored.results.values())
    among = known is None and scored.cohort is not None
    late = [
        (unit, one)
        for unit, dossier in {**at.dossiers, **at.behind}.items()
        for one in lateness(work.rubric, dossier, deadlines=loaded.deadlines, as_of=today)
        if one.days
    ]
    report = progress_report(
        at.rubric.plan, units, work.language, absent=at.absent, among=among, facts=list(scored.facts.values()),
        late=late,
    )  # fmt: skip
    publish(report, loaded, work.how, scored=len(units), waiting=len(at.absent))

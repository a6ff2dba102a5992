"""``rank`` and ``figures``: many units scored by one rubric."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubric_engine.cli import files
from rubric_engine.cli.options import AtStageNamed, DeadlinesFile, FiguresFile, OldRubric, PreviousFile, Units
from rubric_engine.cli.shared import over_units
from rubric_engine.cli.terminal import FINDINGS, Leave, write, wrong_use
from rubric_engine.cli.words import near, say
from rubric_engine.facts.fold import fold, written_as
from rubric_engine.facts.suggest import closest

if TYPE_CHECKING:
    from rubric_engine.cli.work import Work
    from rubric_engine.plan.plan import Plan

_MOST_NAMED = 10


By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", metavar="CODE|total", help="Rank by this instead of what the rubric says; may be repeated.",
        show_default=False,
    ),
]  # fmt: skip
Within = Annotated[
    str | None,
    typer.Option(
        "--within", metavar="NAME", help="Rank within groups by this input; '' ranks all together.", show_default=False
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="Show the first N of each ranking.")
]  # fmt: skip


Columns = Annotated[
    str | None,
    typer.Option(
        "--columns", metavar="CODES|areas|all", show_default=False,
        help="Show the points of these headings for every unit: codes with commas between, the outermost, or all.",
    ),
]  # fmt: skip
_OUTERMOST = ("areas", "lĩnh vực")
_ALL = ("all", "tất cả")


@over_units
def rank(
    work: "Work",
    submissions: Units,
    by: By = None,
    within: Within = None,
    losses: Annotated[bool, typer.Option("--losses", help="Say where most units lose points.")] = False,
    limit: Limit = None,
    columns: Columns = None,
    stage: AtStageNamed = None,
    figures: FiguresFile = None,
    previous: PreviousFile = None,
    old_rubric: OldRubric = None,
    deadlines: DeadlinesFile = None,
) -> None:
    """Units that cannot be scored are told with file, line and column, and do not stop the others (exit code 1)."""
    from rubric_engine.cli.publishing import publish
    from rubric_engine.cli.reading.cohorts import score_together
    from rubric_engine.report.ranking import ranking_report

    chosen, known, before = work.stage(stage), work.figures(figures), work.previous(previous, old_rubric)
    loaded = work.units(submissions, work.deadlines(deadlines))
    at = loaded.at_stage(chosen)
    cohort = score_together(at, figures=known, previous=before)
    try:
        table = cohort.ranking(by or None, within)
    except KeyError as unknown:
        raise _no_such(str(unknown.args[0]), at.rubric.plan, by, work.language) from None
    shown = _headings(columns, at.rubric.plan, work.language)
    report = ranking_report(cohort, table, work.language, limit=limit, absent=at.absent, losses=losses, columns=shown)
    publish(report, loaded, work.how, scored=len(cohort), waiting=len(at.absent))


def _headings(columns: str | None, plan: "Plan", language: str) -> tuple[str, ...]:
    """The codes of the headings asked for, as the rubric writes them."""
    found: list[str] = []
    codes = {node.code: node for node in plan.nodes if node.met is None}
    for word in filter(None, map(str.strip, (columns or "").split(","))):
        if fold(word) in _OUTERMOST:
            found += [plan.nodes[at].code for at in plan.roots]
        elif fold(word) in _ALL:
            found += codes
        elif (code := written_as(word, codes)) is not None:
            found.append(code)
        else:
            hint = near(closest(word, codes), language)
            raise wrong_use(say("columns_what", language, name=word, hint=hint))
    return tuple(dict.fromkeys(found))


def _no_such(name: str, plan: "Plan", by: list[str] | None, language: str) -> Leave:
    from rubric_engine.plan.plan import Kind

    groups = [spec.name for spec in plan.inputs if spec.kind in (Kind.LEVEL, Kind.TEXT)]
    if by is None or name not in [word.removesuffix(" lowest first") for word in by]:
        known = say("within_known", language, names=", ".join(groups)) if groups else ""
        return wrong_use(say("within_what", language, name=name, hint=near(closest(name, groups), language) or known))
    known_keys = ["total", "exact total", *(node.code for node in plan.nodes), *(spec.name for spec in plan.inputs)]
    return wrong_use(say("by_what", language, name=name, hint=near(closest(name, known_keys), language)))


@over_units
def figures(
    work: "Work",
    submissions: Units,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE.json", help="Where to write; without it, printed.")
    ] = None,
    stage: AtStageNamed = None,
    previous: PreviousFile = None,
    deadlines: DeadlinesFile = None,
) -> None:
    """With them one unit can be scored later as if it stood among the others: ``rubric score --figures FILE``."""
    from rubric_engine.cli.publishing import complain
    from rubric_engine.cli.reading.cohorts import score_together

    chosen, before = work.stage(stage), work.previous(previous)
    loaded = work.units(submissions, work.deadlines(deadlines))
    at = loaded.at_stage(chosen)
    cohort = score_together(at, previous=before)
    complain(loaded, work.language, everything=work.how.everything)
    if at.absent:
        names = ", ".join(at.absent[:_MOST_NAMED]) + (" …" if len(at.absent) > _MOST_NAMED else "")
        write(say("figures_awaited", work.language, count=len(at.absent), names=names), err=True)
    text = cohort.figures.to_json(indent=2)
    if output in (None, files.STDIN):
        write(text)
    else:
        files.write_whole(Path(str(output)), text + "\n")
        write(say("figures_of", work.language, name=output, units=len(cohort)), err=True)
    raise Leave(FINDINGS if loaded.refused else 0)

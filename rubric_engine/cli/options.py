"""Arguments and options that several commands share."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from rubric_engine.cli.findings import Shape as Shape
from rubric_engine.cli.terminal import wrong_use
from rubric_engine.cli.words import misused, say
from rubric_engine.tell.words import languages


class Mark(StrEnum):
    """The decimal mark of a CSV."""

    COMMA = "comma"
    POINT = "point"


class PercentForm(StrEnum):
    """How percents without their sign are meant."""

    SHARE = "share"
    WHOLE = "whole"


class ReportShape(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    MD = "md"


RubricFile = Annotated[str, typer.Argument(metavar="FILE", help="A rubric: a path or a shipped name.")]
RubricFiles = Annotated[
    list[str], typer.Argument(metavar="FILES", help="Rubrics: paths, folders or shipped names.")
]
def _spoken(language: str | None) -> str | None:
    if language is None or language in languages():
        return language
    raise typer.BadParameter(f"{language!r} is not one of {', '.join(languages())}")


Speak = Annotated[
    str | None,
    typer.Option(
        "--language", metavar=f"[{'|'.join(languages())}]", callback=_spoken, show_default=False,
        help="Language of the output; by default that of the rubric.",
    ),
]  # fmt: skip
Everything = Annotated[bool, typer.Option("--all", help="Show every finding, not only the first hundred.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter",
        metavar="NAME=VALUE",
        help="Set a parameter of the rubric; may be repeated.",
        show_default=False,
    ),
]


def read_parameters(given: list[str] | None) -> dict[str, object]:
    """``name=value`` pairs as a mapping; leaves with exit code 2 for anything else, or a name given twice."""
    made: dict[str, object] = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name or not value.strip():
            raise misused("pairs", option="--parameter", pair=pair)
        if name in made:
            raise misused("said_twice", option="--parameter", name=name)
        made[name] = value.strip()
    return made


# ---------------------------------------------------------------- reports over units

Units = Annotated[
    list[str],
    typer.Argument(
        metavar="SUBMISSIONS", help="JSON, JSON Lines or CSV (one row a unit): files, folders, or - for standard input."
    ),
]
ReportFormat = Annotated[
    ReportShape | None,
    typer.Option(
        "--format", metavar="SHAPE", show_default=False,
        help="text, json, csv or md; by default as the name of the output file ends, else text.",
    ),
]  # fmt: skip
OldRubric = Annotated[
    str | None,
    typer.Option("--old-rubric", metavar="FILE", help="The rubric of the cycle before, where it is another.",
                 show_default=False),
]  # fmt: skip
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Where to write; - prints.", show_default=False),
]
Bom = Annotated[bool, typer.Option("--bom", help="Begin a CSV with the mark that old spreadsheets need for UTF-8.")]
Decimal = Annotated[
    Mark | None,
    typer.Option(
        "--decimal", metavar="comma|point", show_default=False,
        help="Decimal mark in a CSV, by default that of the language; with a comma, `;` parts the cells.",
    ),
]  # fmt: skip
AtStageNamed = Annotated[
    str | None,
    typer.Option(
        "--stage", metavar="NAME", help="A stage of the round; by default the latest reached.", show_default=False
    ),
]
DeadlinesFile = Annotated[
    str | None,
    typer.Option(
        "--deadlines", metavar="FILE", help="JSON with the days of this round: stage or deadline, day.",
        show_default=False,
    ),
]
PercentsAre = Annotated[
    PercentForm | None,
    typer.Option(
        "--percent", metavar="share|whole", show_default=False,
        help="How percents without their sign are meant: share, 0.85 is 85%; whole, 0.85 is 0.85%.",
    ),
]  # fmt: skip
Ignored = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore", metavar="COLUMN", show_default=False,
        help="A column of a CSV to leave out; may be repeated. '' leaves out those without a name.",
    ),
]  # fmt: skip
UnitColumn = Annotated[
    str | None,
    typer.Option(
        "--unit-column", metavar="COLUMN", help="The column of a CSV that names the units.", show_default=False
    ),
]
FiguresFile = Annotated[
    str | None,
    typer.Option(
        "--figures", metavar="FILE", help="Figures of a cohort saved by `rubric figures`.", show_default=False
    ),
]
PreviousFile = Annotated[
    str | None,
    typer.Option(
        "--previous", metavar="FILE", help="The cycle before: submissions, dossiers or results of the same units.",
        show_default=False,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day to count lateness to, such as 2026-03-31.",
                 show_default=False),
]  # fmt: skip


def read_day(text: str | None, option: str, language: str) -> date | None:
    """A day as people write it; leaves with exit code 2 for anything else."""
    from rubric_engine.facts.readers import read_date
    from rubric_engine.meaning.exact import Unreadable

    try:
        return None if text is None else read_date(text, language)
    except Unreadable:
        raise wrong_use(say("day_form", language, option=option, text=text)) from None


def read_pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """``left=right`` pairs of an option that may be repeated; leaves with exit code 2 for anything else."""
    made: dict[str, str] = {}
    for pair in given or ():
        left, equals, right = (part.strip() for part in pair.partition("="))
        if not equals or not left:
            raise misused("pairs", option=option, pair=pair)
        if left in made:
            raise misused("said_twice", option=option, name=left)
        made[left] = right
    return made

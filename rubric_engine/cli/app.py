"""The commands and their options. What each does lives in ``checking`` and ``scoring``.

Those import the engine when a command needs it: help, version and explanations come at once.
"""

from typing import Annotated

import typer

import rubric_engine
from rubric_engine.cli.commands import checking, cycles, gaps, ranking, rounds, scoring
from rubric_engine.cli.terminal import write

app = typer.Typer(
    name="rubric",
    help="Score by written rules: check a rubric, score a submission, say why for every point.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="FILE is a path, or the name of a rubric shipped with the package. "
    "Exit code 0: fine, 1: findings, 2: wrong use.",
)

app.command("check", help="Check rubrics; say all that is wrong and how to mend it.")(checking.check)
app.command("fmt", help="Lay rubrics out in the canonical form, comments kept.")(checking.fmt)
app.command("score", help="Score a submission; say why.", cls=scoring.ScoreCommand)(scoring.score)
app.command("rank", help="Score many units and put them in order.")(ranking.rank)
app.command("figures", help="Save the figures of a cohort, to score one unit by later.")(ranking.figures)
app.command("stages", help="Follow units through the stages of a round; say what made each difference.")(rounds.stages)
app.command("claims", help="Hold the points units claim against their facts and evidence.")(rounds.claims)
app.command("compare", help="Compare two cycles: what changed, what was never put right.")(cycles.compare)
app.command("gaps", help="Say where points went and what would win them back.")(gaps.gaps)
app.command("whatif", help="Say what would move if some facts were others.")(gaps.whatif)
app.command("progress", help="Say how far units have come, and what is still possible.")(rounds.progress)
app.command("test", help="Run the examples written in rubrics.")(scoring.run_tests)
app.command("template", help="Print a blank submission to fill in.")(scoring.template)
app.command("schema", help="Print the JSON Schema of a submission.")(scoring.schema)
app.command("compile", help="Write one Python module that scores with nothing but the standard library.")(
    scoring.compile_
)
app.command("explain", help="Explain a code that a message carries, such as RUB412.")(checking.explain)


def _show_version(wanted: bool) -> None:
    if wanted:
        write(f"rubric {rubric_engine.__version__}")
        raise typer.Exit


@app.callback()
def main(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Nothing to do before a command: the option above acts by itself."""

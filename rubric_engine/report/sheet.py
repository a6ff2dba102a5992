"""The score sheet: headings with points, total, grade; to read on a screen, or to print, sign and send round."""

from collections.abc import Iterator

from rubric_engine.meaning.exact import show_number
from rubric_engine.report.phrases import told
from rubric_engine.result.explain.explanation import (
    brief_of,
    closing,
    gives_points,
    header,
    identity_line,
    node_points,
    said_by_state,
    sheet_of,
    standing,
    total_points,
)
from rubric_engine.result.explain.wording import states, title_text
from rubric_engine.result.result import NodeResult, Result, State
from rubric_engine.tell.rendering.document import Block, Column, Heading, Line, Report, Row, Table


def score_sheet(result: Result, language: str, *, printed: bool = False) -> Report:
    """The whole sheet without the steps: those are the explanation's.

    ``printed``: with a column of reasons, and with what tells exactly which rubric and engine it is of.
    """
    return Report(tuple(_blocks(result, language, printed=printed)), sheet_of(result, result.nodes, language))


def _blocks(result: Result, language: str, *, printed: bool) -> Iterator[Block]:
    title, identity, *rest = header(result, language)
    if printed:
        yield from (Heading(told("sheet", language), 1), Heading(result.rubric.title), *rest)
    else:
        yield from (title, identity, *rest)
    yield _table(result, language, printed=printed)
    yield from standing(result, language, in_short=True)
    yield from closing(result, language, in_short=True)
    if printed:
        rubric = result.rubric
        engine = f"{told('engine', language)} {rubric.engine}"
        yield Line(", ".join((identity_line(rubric, language), engine, rubric.digest)), apart=True)


def _table(result: Result, language: str, *, printed: bool) -> Table:
    columns = (
        Column(told("code", language)), Column(told("title", language), wraps=True),
        Column(told("maximum", language), right=True), Column(told("points", language), right=True),
    )  # fmt: skip
    total = result.total
    whole = ("", told("total", language), show_number(total.printed_maximum, language), total_points(total, language))
    scored = gives_points(result)
    rows = tuple(_row(node, language, printed=printed, scored=scored) for node in result.nodes)
    foot = Row(whole, strong=True) if scored else None
    return Table(columns, rows, told("reason", language), foot)


def _row(node: NodeResult, language: str, *, printed: bool, scored: bool) -> Row:
    points = "" if node.children and not scored else node_points(node, language)
    maximum = "" if node.met is not None or not scored else show_number(node.maximum, language)
    cells = (node.printed_code, _title(node, language), maximum, points)
    below = brief_of(node, language) if printed else ()
    # Groups stand out, as they do in the printed annex.
    return Row(cells, below, node.depth - 1, strong=bool(node.children))


def _title(node: NodeResult, language: str) -> str:
    """A refusal gives 0 points, as a real zero does, and full points may be given for what does not apply: only words
    tell them apart."""
    words = node.state is State.REFUSED or (node.state is State.NOT_APPLICABLE and not said_by_state(node))
    title = title_text(node.title, node.level, language)
    return f"{title} [{states(node.state, language)}]" if words else title

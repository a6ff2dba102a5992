"""A result as an official-looking score sheet in Markdown: to print, to sign, to send round."""

from collections.abc import Iterator

from rubric_engine.meaning.exact import show_number
from rubric_engine.report.phrases import told
from rubric_engine.report.reasons import short_reasons
from rubric_engine.report.rendering.escape import escape, row
from rubric_engine.report.words import (
    coverage_word,
    grade_head,
    grade_word,
    index_word,
    node_points,
    published_in_percent,
    published_word,
    total_points,
)
from rubric_engine.result.explain.text import parameter_shown
from rubric_engine.result.explain.wording import title_text
from rubric_engine.result.result import NodeResult, Result


def to_markdown(result: Result, language: str) -> str:
    """The whole sheet: a table of headings with points and reasons, total, grade, notes and the rubric's identity."""
    return "\n".join([*_head(result, language), *_table(result, language), *_closing(result, language)]) + "\n"


def _head(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    rubric = result.rubric
    yield f"# {say['sheet']}"
    yield ""
    yield f"**{escape(rubric.title)}**"
    yield ""
    if result.unit:
        yield f"{say['unit']}: **{escape(result.unit)}**"
        yield ""
    if rubric.stage:
        yield f"{say['stage']}: {escape(rubric.stage_title or rubric.stage)}"
        yield ""


def _table(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    yield row(say["code"], say["title"], say["maximum points"], say["points"], say["reason"])
    yield row(":--", ":--", "--:", "--:", ":--")
    for node in result.nodes:
        yield _line(node, language)
    total = result.total
    points = total_points(total, language)
    yield row("", f"**{say['total']}**", f"**{show_number(total.printed_maximum, language)}**", f"**{points}**", "")


def _line(node: NodeResult, language: str) -> str:
    maximum = "" if node.met is not None else show_number(node.maximum, language)
    title = title_text(node.title, node.level, language)
    cells = [escape(node.printed_code), escape(title), maximum, node_points(node, language)]
    if node.children:
        # Groups stand out, as they do in the printed annex.
        cells = [f"**{cell}**" if cell else "" for cell in cells]
    return row(*cells, escape(short_reasons(node, language)))


def _closing(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    total = result.total
    yield ""
    if total.exact is not None and total.exact != total.published:
        yield f"- {say['exact']}: {show_number(total.exact, language)}"
    published = published_word(total, language)
    if published:
        yield f"- {say['published result']}: **{escape(published)}**"
    if total.index is not None and total.applicable_maximum is not None and not published_in_percent(total):
        yield f"- {say['index']}: {index_word(total.index, total.applicable_maximum, language)}"
    covered = coverage_word(result.coverage, language)
    if covered:
        yield f"- {say['coverage']}: {covered}"
    if result.inexact:
        yield f"- {say['inexact']}"
    for grade in result.grades:
        yield f"- {escape(grade_head(result, grade, language))}: **{escape(grade_word(grade, language))}**"
        for gate in grade.gates:
            if gate.fired is not False:
                effect = say["not known"] if gate.fired is None else say["changed"] if gate.changed else say["held"]
                because = f" ({escape(gate.because)})" if gate.because else ""
                yield f"  - {escape(gate.label)}{because}: {effect}"
    if result.notes:
        yield ""
        yield f"## {say['notes of the sheet']}"
        yield ""
        for note in result.notes:
            yield f"- {escape(note)}"
    yield ""
    yield _identity(result, language)


def _identity(result: Result, language: str) -> str:
    say = told.of(language)
    rubric = result.rubric
    parts = [f"`{rubric.id}`"]
    parts += [f"{say['version']} {escape(rubric.version)}"] if rubric.version else []
    parts += [f"{escape(name)} = {escape(parameter_shown(rubric, name, language))}" for name in rubric.parameters]
    parts += [f"{say['engine']} {escape(rubric.engine)}", f"`{rubric.digest}`"]
    return ", ".join(parts)

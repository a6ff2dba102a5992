"""The score sheet for a plain terminal of 80 columns: headings, points, total, grade."""

from collections.abc import Iterator, Sequence

from rubric_engine.diagnostics.screen import WIDTH, pad, safe, width, wrap
from rubric_engine.meaning.exact import show_number
from rubric_engine.report.phrases import told
from rubric_engine.report.words import (
    coverage_word,
    grade_head,
    grade_word,
    index_word,
    node_points,
    published_in_percent,
    published_word,
    state_word,
    total_points,
)
from rubric_engine.result.explain.reasons import fact_name
from rubric_engine.result.explain.text import labels_of, parameter_shown
from rubric_engine.result.explain.wording import title_text
from rubric_engine.result.result import GradeResult, NodeResult, Result, State

_WIDEST_CODE = 18
_NARROWEST_TITLE = 24
_GAP = "  "


def to_text(result: Result, language: str) -> str:
    """The whole sheet, without reasons: those are :func:`rubric_engine.result.explain.text.explain`'s."""
    return "\n".join(_lines(result, language)) + "\n"


def _lines(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    rubric = result.rubric
    yield from wrap(safe(rubric.title), WIDTH)
    yield safe(f"{rubric.id}, {say['version']} {rubric.version}" if rubric.version else rubric.id)
    if result.unit:
        yield from wrap(f"{say['unit']}: {safe(result.unit)}", WIDTH)
    if rubric.stage:
        yield from wrap(f"{say['stage']}: {safe(rubric.stage_title or rubric.stage)}", WIDTH)
    changed = ", ".join(f"{name} = {safe(parameter_shown(rubric, name, language))}" for name in rubric.parameters)
    if changed:
        yield from wrap(f"{say['parameters']}: {changed}", WIDTH)
    yield ""
    yield from _table(result, language)
    yield ""
    yield from _closing(result, language)


def _table(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    rows = [
        (_code(node), _title(node, language), node_points(node, language), _maximum(node, language))
        for node in result.nodes
    ]
    total = result.total
    last = (
        say["total"],
        "",
        total_points(total, language),
        show_number(total.printed_maximum, language),
    )
    head = (say["code"], say["title"], say["points"], say["maximum"])
    code = min(_WIDEST_CODE, max(width(cells[0]) for cells in [head, *rows]))
    points = max(width(cells[2]) for cells in [head, *rows, last])
    maximum = max(width(cells[3]) for cells in [head, *rows, last])
    title = max(_NARROWEST_TITLE, WIDTH - code - points - maximum - 3 * len(_GAP))
    columns = (code, title, points, maximum)
    yield from _row(head, columns)
    yield _GAP.join("-" * column for column in columns)
    for cells in rows:
        yield from _row(cells, columns)
    yield _GAP.join("-" * column for column in columns)
    label = pad(last[0], code + len(_GAP) + title)
    yield _GAP.join((label, _right(last[2], points), _right(last[3], maximum)))


def _row(cells: Sequence[str], columns: Sequence[int]) -> Iterator[str]:
    code, title, points, maximum = cells
    first, *rest = wrap(title, columns[1]) or [""]
    if width(code) > columns[0]:
        # A code too long for its column stands alone above its line.
        yield code
        code = ""
    line = (pad(code, columns[0]), pad(first, columns[1]), _right(points, columns[2]), _right(maximum, columns[3]))
    yield _GAP.join(line).rstrip()
    for more in rest:
        yield " " * (columns[0] + len(_GAP)) + more


def _right(text: str, columns: int) -> str:
    return " " * max(0, columns - width(text)) + text


def _code(node: NodeResult) -> str:
    # Indented by heading, but not so far that a deep outline leaves no room for titles.
    return " " * min(6, 2 * (node.depth - 1)) + safe(node.printed_code)


def _title(node: NodeResult, language: str) -> str:
    """A refusal gives 0 points, as a real zero does: only words tell them apart."""
    refused = f" [{state_word(node.state, language)}]" if node.state is State.REFUSED else ""
    return safe(title_text(node.title, node.level, language)) + refused


def _maximum(node: NodeResult, language: str) -> str:
    return "" if node.met is not None else show_number(node.maximum, language)


def _closing(result: Result, language: str) -> Iterator[str]:
    say = told.of(language)
    total = result.total
    if total.exact is not None and total.exact != total.published:
        yield f"{say['exact']}: {show_number(total.exact, language)}"
    published = published_word(total, language)
    if published:
        yield from wrap(f"{say['published result']}: {published}", WIDTH)
    if total.index is not None and total.applicable_maximum is not None and not published_in_percent(total):
        yield f"{say['index']}: {index_word(total.index, total.applicable_maximum, language)}"
    covered = coverage_word(result.coverage, language)
    if covered:
        yield from wrap(f"{say['coverage']}: {covered}", WIDTH)
    if result.inexact:
        yield from wrap(say["inexact"], WIDTH)
    for grade in result.grades:
        yield from wrap(f"{safe(grade_head(result, grade, language))}: {safe(grade_word(grade, language))}", WIDTH)
        yield from _gates(grade, language)
    if result.missing:
        yield ""
        yield from _hanging(f"{say['waits']}: ", ", ".join(_waited(result, language)))
    if result.notes:
        yield ""
        for note in result.notes:
            yield from _hanging(f"{say['note']}: ", safe(note))


def _waited(result: Result, language: str) -> Iterator[str]:
    """Names as a submission has them; of a figure no submission gives, the author's words."""
    labels = labels_of(result)
    for name in result.missing:
        what, _, rest = name.partition(" ")
        known = not rest or what in ("judged", "decision") or name not in labels
        yield name if known else safe(fact_name(labels[name], language))


def _gates(grade: GradeResult, language: str) -> Iterator[str]:
    """Gates are told even when they changed nothing; those that did not hold are left to the explanation."""
    say = told.of(language)
    for gate in grade.gates:
        if gate.fired is False:
            continue
        effect = say["not known"] if gate.fired is None else say["changed"] if gate.changed else say["held"]
        because = f" ({safe(gate.because)})" if gate.because else ""
        yield from _hanging("  - ", f"{safe(gate.label)}{because}: {effect}")


def _hanging(lead: str, text: str) -> Iterator[str]:
    inset = " " * width(lead)
    for at, line in enumerate(wrap(text, WIDTH - width(lead))):
        yield (inset if at else lead) + line

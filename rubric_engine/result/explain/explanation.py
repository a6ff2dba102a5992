"""A result as a document: how it stands, and every heading with the reasons for its points.

Score sheets and reports take from here how a result, a heading and a grade are said.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rubric_engine.facts.fold import Folded
from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.plan.cells import cell_named
from rubric_engine.result.explain.reasons import brief, fact_list, sentence, sentences, waited_words
from rubric_engine.result.explain.wording import (
    by_whom,
    grade_states,
    local_text,
    phrase,
    points_text,
    range_text,
    share_text,
    states,
    title_text,
)
from rubric_engine.result.outcome import (
    GateResult,
    GradeResult,
    GradeState,
    NodeResult,
    Outcome,
    Reason,
    ReasonKind,
    RubricIdentity,
    ShownFact,
    State,
    TotalResult,
)
from rubric_engine.result.words import cell_label
from rubric_engine.tell.rendering.document import (
    Block,
    Bullets,
    Cell,
    Entry,
    Heading,
    Line,
    Outline,
    Report,
    Sheet,
)

_IN_WORDS = (State.UNSCORED, State.NOT_RATED, State.NOT_DUE)
_SHEET = ("code", "title", "state", "maximum", "points", "low", "high", "reason")


def explanation(result: Outcome, code: str | None, language: str) -> Report:
    """The whole sheet in the order of the document, each leaf with its reasons; notes and what is awaited last.

    With a ``code`` that heading alone, with everything about it: the headings above, the annex's columns, every step,
    what is below. Raises :class:`KeyError` when there is no such heading.
    """
    if code is not None:
        return _of_heading(result, code, language)
    entries = tuple(_entry(result, node, language) for node in result.nodes)
    blocks = (*header(result, language), *standing(result, language), Outline(entries), *closing(result, language))
    return Report(blocks, sheet_of(result, result.nodes, language))


def _of_heading(result: Outcome, code: str, language: str) -> Report:
    by_code = Folded((node.code, node) for node in result.nodes)
    node = by_code[code]
    above = {child: parent for parent in result.nodes for child in parent.children}
    trail = [node]
    while trail[0].code in above:
        trail.insert(0, above[trail[0].code])
    titles = [Entry(each.printed_code, each.title) for each in trail[:-1]]
    blocks: list[Block] = [Outline((*titles, _titled(result, node, language, 0)))]
    blocks += [Line(phrase(name, language), text) for name, text in node.columns]
    blocks += [Bullets(tuple(_said_of(result, node, language)))]
    if node.lost and node.state not in (State.NOT_APPLICABLE, State.NOT_DUE):
        blocks.append(Line(phrase("lost", language), points_text(node.lost, language)))
    blocks += _weight(node, language)
    children = [by_code[child] for child in node.children]
    blocks.append(Outline(tuple(_entry(result, child, language, base=node.depth) for child in children)))
    return Report(tuple(blocks), sheet_of(result, (node, *children), language))


def _weight(node: NodeResult, language: str) -> Iterator[Block]:
    if node.weight is not None:
        weight = points_text(node.weight, language)
        if node.effective_weight is not None:
            share = share_text(node.effective_weight, language)
            weight = phrase("weight_share", language, weight=weight, share=share)
        yield Line(phrase("weight", language), weight)
    if node.children and node.coverage is not None and node.coverage < 1:
        yield Line(phrase("coverage", language), share_text(node.coverage, language))


# ---------------------------------------------------------------- how the result stands


def header(result: Outcome, language: str) -> Iterator[Block]:
    """Which rubric, who was scored, at which stage, and what the application set."""
    rubric = result.rubric
    yield Heading(rubric.title, 1)
    yield Line(identity_line(rubric, language))
    if result.unit:
        yield Line(phrase("unit", language), result.unit)
    if rubric.stage:
        yield Line(phrase("stage", language), rubric.stage_title or rubric.stage)
    changed = [f"{name} = {parameter_shown(rubric, name, language)}" for name in rubric.parameters]
    if changed:
        yield Line(phrase("parameters", language), "; ".join(changed))


def identity_line(rubric: RubricIdentity, language: str) -> str:
    """The rubric's id, and its version where it prints one."""
    return f"{rubric.id}, {phrase('version', language)} {rubric.version}" if rubric.version else rubric.id


def parameter_shown(rubric: RubricIdentity, name: str, language: str) -> str:
    """The value of a changed parameter: of a one-of the name of its level."""
    shown = rubric.shown.get(name)
    return points_text(rubric.parameters[name], language) if shown is None else local_text(shown, language)


def published_text(total: TotalResult, language: str) -> str:
    """The total in the form the rubric publishes it in, exactly; empty where that is its points, or not known."""
    if total.published_index is None:
        return ""
    percent = total.published_as.startswith("percent")
    return (show_percent if percent else show_number)(total.published_index, language).replace("-", "−")


def standing(result: Outcome, language: str, *, in_short: bool = False) -> Iterator[Block]:
    """Total, what is published of it, how much was assessed, grades with what settled them.

    ``in_short`` stands under a table that holds the total already, and leaves the steps to the explanation.
    """
    total = result.total
    if gives_points(result):
        yield from _total(total, language, in_short=in_short)
    else:
        yield Line(phrase("no points", language), apart=True)
    coverage = result.coverage
    if coverage.assessed < coverage.leaves:
        share = share_text(coverage.share_of_points or Fraction(0), language)
        text = phrase("coverage_of", language, assessed=coverage.assessed, leaves=coverage.leaves, share=share)
        yield Line(phrase("coverage", language), text)
    if result.inexact:
        yield Line(phrase("inexact", language))
    for grade in result.grades:
        if in_short or not grade.node:
            yield Line(_grade_head(result, grade, language), grade_text(grade, language, row=True))
            steps = tuple(_grade_steps(grade, language, in_short=in_short))
            if steps:
                yield Bullets(steps)


def gives_points(result: Outcome) -> bool:
    """Whether points can be had by the rubric at all: one that only decides or grades has none to tell of."""
    return bool(result.total.printed_maximum) or any(
        node.maximum or (not node.children and node.met is None and node.state is not State.UNSCORED)
        for node in result.nodes
    )


def _total(total: TotalResult, language: str, *, in_short: bool) -> Iterator[Block]:
    published = published_text(total, language)
    if not in_short:
        yield Line(phrase("total", language), ", ".join(_total_parts(total, published, language)), apart=True)
    elif total.state is State.SCORED:
        parts = _parts_of(total, published, language)
        if parts:
            yield Line(phrase("index", language), ", ".join(parts), apart=True)
    if published:
        key = "published percent" if published.endswith("%") else "published index"
        yield Line(phrase("published", language), phrase(key, language, value=published))
    told = () if in_short else [reason for reason in total.reasons if reason.kind is not ReasonKind.ROUNDING]
    # The steps of the sheet in their order, where there is more than a sum.
    if len(told) > 1 or any(reason.kind is not ReasonKind.SUM for reason in told):
        yield Bullets(tuple(sentence(reason, language) for reason in told))


def _total_parts(total: TotalResult, published: str, language: str) -> list[str]:
    applicable = total.printed_maximum if total.applicable_maximum is None else total.applicable_maximum
    maximum = points_text(applicable, language)
    if total.state is State.NOT_RATED:
        return [phrase("total_not_rated", language)]
    if total.published is None:
        low, high = points_text(total.low, language), points_text(total.high, language)
        return [phrase("pending_total", language, low=low, high=high, maximum=maximum)]
    points = points_text(total.published, language)
    first = phrase("total_of" if applicable else "total_bare", language, points=points, maximum=maximum)
    return [first, *_parts_of(total, published, language)]


def _parts_of(total: TotalResult, published: str, language: str) -> list[str]:
    """What a total that is known is besides its points."""
    parts = []
    if total.index is not None and not published.endswith("%"):
        parts.append(phrase("index_of", language, index=share_text(total.index, language)))
    if total.exact is not None and total.exact != total.published:
        parts.append(phrase("exact_total", language, value=points_text(total.exact, language)))
    if total.applicable_maximum is not None and total.applicable_maximum != total.printed_maximum:
        parts.append(phrase("printed", language, value=points_text(total.printed_maximum, language)))
    return parts


# ---------------------------------------------------------------- grades


def _grade_head(result: Outcome, grade: GradeResult, language: str) -> str:
    """``Grade``, with the title of its table and the heading it grades, where there are any."""
    node = next((node for node in result.nodes if node.code == grade.node), None) if grade.node else None
    about = (grade.table_title or grade.table, "" if node is None else f"{node.printed_code} {node.title}".strip())
    table = ", ".join(filter(None, about))
    return phrase("grade_of", language, table=table) if table else phrase("grade", language)


def grade_text(grade: GradeResult, language: str, *, row: bool = False) -> str:
    """The grade in people's words, or how it stands; ``row``: with the words of its row, or with who decided."""
    if grade.state is GradeState.ISSUED:
        name = grade.title or grade.name or ""
        if row and grade.decided:
            by = "" if grade.decided == "decided" else by_whom(grade.decided, language)
            return phrase("grade_decided" if by else "grade_decided_bare", language, grade=name, by=by)
        labelled = row and grade.label and grade.by_points == grade.name
        return phrase("grade_row", language, grade=name, label=grade.label) if labelled else name
    text, titles = grade_states(grade.state, language), dict(grade.titles)
    if grade.state is GradeState.UNDECIDED and grade.title:
        return f"{text}: {grade.title}"
    if grade.state is GradeState.PENDING and grade.possible:
        possible = ", ".join(titles.get(name, name) for name in grade.possible)
        return phrase("grade_possible", language, state=text, possible=possible)
    return text


def _grade_steps(grade: GradeResult, language: str, *, in_short: bool = False) -> Iterator[str]:
    if grade.facts and not in_short:
        yield phrase("grade_looked", language, facts=fact_list(grade.facts, language))
    if grade.by_points is not None and grade.by_points != grade.name and grade.state is not GradeState.PENDING:
        label = f" ({grade.label})" if grade.label else ""
        yield phrase("by_points", language, grade=dict(grade.titles).get(grade.by_points, grade.by_points) + label)
    yield from (_gate_text(gate, language) for gate in grade.gates if gate.fired is not False)
    idle = [] if in_short else [gate for gate in grade.gates if gate.fired is False]
    if len(idle) == 1:
        yield _gate_text(idle[0], language)
    elif idle:
        yield phrase("gates_not", language, count=len(idle))


def _gate_text(gate: GateResult, language: str) -> str:
    because = f" ({gate.because})" if gate.because else ""
    key = {None: "gate_unknown", False: "gate_not"}.get(gate.fired, "gate_changed" if gate.changed else "gate_held")
    text = phrase(key, language, label=gate.label + because)
    facts = fact_list(gate.facts, language)
    return f"{text}; {facts}" if facts and gate.fired is not False else text


# ---------------------------------------------------------------- headings


def _entry(result: Outcome, node: NodeResult, language: str, *, base: int = 0) -> Entry:
    depth = max(0, node.depth - 1 - base) + (1 if base else 0)
    return _titled(result, node, language, depth, tuple(_said_of(result, node, language)))


def _titled(
    result: Outcome, node: NodeResult, language: str, depth: int, below: tuple[str, ...] = ()
) -> Entry:
    title = title_text(node.title, node.level, language)
    right = "" if node.children and not gives_points(result) else _points_column(node, language)
    return Entry(node.printed_code, title, right, depth, below)


def node_points(node: NodeResult, language: str) -> str:
    """Points, a range, or the state that stands in their place."""
    if node.state is State.UNSCORED and node.points is not None:
        return f"{points_text(node.points, language)}, {states(node.state, language)}"
    if said_by_state(node):
        return states(node.state, language)
    if node.met is not None:
        return phrase("met" if node.met else "not met", language)
    return range_text(node.points, node.low, node.high, language)


def total_points(total: TotalResult, language: str) -> str:
    """As :func:`node_points`, of the total."""
    if total.state is State.NOT_RATED:
        return states(total.state, language)
    return range_text(total.published, total.low, total.high, language)


def said_by_state(node: NodeResult) -> bool:
    """Whether the state stands where points would: there are none to tell."""
    if node.state is State.PENDING and node.met is None:
        return not node.maximum and node.low == node.high
    return node.state in _IN_WORDS or (node.state is State.NOT_APPLICABLE and not node.applicable_maximum)


def _points_column(node: NodeResult, language: str) -> str:
    shown = node_points(node, language)
    if node.met is not None or said_by_state(node):
        return shown
    applicable = node.maximum if node.applicable_maximum is None else node.applicable_maximum
    if not applicable and (node.low if node.points is None else node.points) < 0:
        return shown
    return phrase("of", language, points=shown, maximum=points_text(applicable, language))


def _said_of(result: Outcome, node: NodeResult, language: str) -> Iterator[str]:
    yield from sentences(_told(node), language)
    for grade in result.grades:
        if grade.node == node.code:
            table = grade.table_title or grade.table
            key = "heading_grade_of" if table else "heading_grade"
            yield phrase(key, language, table=table, grade=grade_text(grade, language, row=True))
            yield from _grade_steps(grade, language)
    claimed = result.claims.get(node.code)
    if claimed is not None:
        gap = claimed - (claimed if node.points is None else node.points)
        key = "claim_more" if gap > 0 else "claim_less" if gap < 0 else "claim"
        yield phrase(key, language, points=points_text(claimed, language), gap=points_text(abs(gap), language))


def brief_of(node: NodeResult, language: str) -> tuple[str, ...]:
    """The reasons of a heading as a cell of a table tells them."""
    return brief(_told(node), language)


def _told(node: NodeResult) -> list[Reason]:
    """A group that waits says nothing its leaves do not say."""
    return [reason for reason in node.reasons if not (node.children and reason.kind is ReasonKind.MISSING)]


def sheet_of(result: Outcome, nodes: Sequence[NodeResult], language: str) -> Sheet:
    """A row a heading; of the whole sheet the total and the grades as well."""
    scored = gives_points(result)
    none: tuple[Cell, ...] = (None,) * 4
    rows: list[tuple[Cell, ...]] = [
        (node.printed_code, title_text(node.title, node.level, language), states(node.state, language),
         *((node.maximum, *_ends(node)) if scored else none), "; ".join(brief_of(node, language)))
        for node in nodes
    ]  # fmt: skip
    if len(nodes) == len(result.nodes):
        total = result.total
        if scored:
            points = (total.printed_maximum, total.published, *_known_ends(total.state, total.low, total.high))
            rows.append(("", phrase("total", language), states(total.state, language), *points, ""))
        for grade in result.grades:
            rows.append(("", _grade_head(result, grade, language), "", *none, grade_text(grade, language)))
    return Sheet(tuple(phrase(key, language) for key in _SHEET), tuple(rows))


def _ends(node: NodeResult) -> tuple[Cell, ...]:
    if said_by_state(node) or node.met is not None:
        return (node.points if node.state is State.UNSCORED else None, None, None)
    return (node.points, *_known_ends(node.state, node.low, node.high))


def _known_ends(state: State, low: Fraction, high: Fraction) -> tuple[Cell, Cell]:
    return (None, None) if state is State.NOT_RATED else (low, high)


# ---------------------------------------------------------------- end


def closing(result: Outcome, language: str, *, in_short: bool = False) -> Iterator[Block]:
    """What is still waited for, and the notes every result of the rubric carries."""
    if result.missing:
        labels = labels_of(result)
        words = tuple(waited_words(fact_waited(labels, name), language) for name in result.missing)
        if in_short:
            yield Line(phrase("waits", language), "; ".join(words), apart=True)
        else:
            yield Line(f"{phrase('waits', language)}:", apart=True)
            yield Bullets(words)
    if result.notes:
        yield Line(f"{phrase('notes', language)}:", apart=True)
        yield Bullets(result.notes)


def labels_of(result: Outcome) -> dict[str, ShownFact]:
    """The words for what is missing, as the headings, grades and gates that look at it name it."""
    found = {fact.name: fact for node in result.nodes for reason in node.reasons for fact in reason.facts}
    for grade in result.grades:
        found |= {fact.name: fact for fact in grade.facts}
        found |= {fact.name: fact for gate in grade.gates for fact in gate.facts}
    # Only these say how many ratings there are where they are too few.
    waits = [reason for node in result.nodes for reason in node.reasons if reason.kind is ReasonKind.MISSING]
    return found | {fact.name: fact for reason in waits for fact in reason.facts}


def fact_waited(labels: dict[str, ShownFact], name: str) -> ShownFact:
    """Something missing with its words; of a cell no heading waits for, those of its register."""
    found = labels.get(name)
    if found is not None:
        return found
    cell = cell_named(name)
    register = None if cell is None else labels.get(cell.register)
    if cell is None or register is None:
        return ShownFact(name, "", "")
    return ShownFact(name, cell_label(register.label or register.name, cell.row, cell.column), "")

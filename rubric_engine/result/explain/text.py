"""A result told in plain text for a terminal of 80 columns, in English or Vietnamese. Standard library only."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.facts.fold import Folded
from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.plan.cells import cell_named
from rubric_engine.result.explain.reasons import fact_list, local_label, sentence, sentences, waited_words
from rubric_engine.result.explain.wording import (
    SHEET_WIDTH,
    by_whom,
    columns_of,
    fold_text,
    hang,
    local_text,
    phrase,
    points_text,
    share_text,
    states,
    tame,
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

_DEEPEST_INDENT = 8


def identity_line(rubric: RubricIdentity, language: str) -> str:
    """The rubric's id, and its version where it prints one."""
    if not rubric.version:
        return rubric.id
    return f"{rubric.id}, {phrase('version', language, version=rubric.version)}"


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


def explain(result: Outcome, language: str | None = None) -> str:
    """The whole sheet in the order of the document, each leaf with its reasons; notes and what is awaited last."""
    chosen = language or result.rubric.language
    lines = [*_header(result, chosen), *_total_lines(result.total, chosen), *_coverage_lines(result, chosen)]
    for grade in result.grades:
        if not grade.node:
            lines += _grade_lines(grade, chosen)
    lines.append("")
    for node in result.nodes:
        lines += _node_lines(result, node, chosen)
    lines += _closing_lines(result, chosen)
    return "\n".join(lines) + "\n"


def explain_node(result: Outcome, code: str, language: str | None = None) -> str:
    """One heading with everything about it: the headings above, the annex's columns, every step, what is below.

    Raises :class:`KeyError` when there is no such heading.
    """
    chosen = language or result.rubric.language
    by_code = Folded((node.code, node) for node in result.nodes)
    node = by_code[code]
    lines: list[str] = []
    above = {child: parent for parent in result.nodes for child in parent.children}
    trail: list[NodeResult] = []
    here = above.get(node.code)
    while here is not None:
        trail.insert(0, here)
        here = above.get(here.code)
    for parent in trail:
        lines += hang(tame(parent.title), 0, lead=_lead(parent))
    lines += _heading(node, chosen, 0)
    for name, text in node.columns:
        lines += hang(tame(text), 2, lead=f"{phrase(name, chosen)}: ")
    for text in _node_sentences(result, node, chosen):
        lines += hang(text, 2, lead="- ")
    if node.lost and node.state not in (State.NOT_APPLICABLE, State.NOT_DUE):
        lines += hang(phrase("lost_line", chosen, points=points_text(node.lost, chosen)), 2)
    lines += _weight_lines(node, chosen)
    for child in node.children:
        lines += _node_lines(result, by_code[child], chosen, base=node.depth)
    return "\n".join(lines) + "\n"


def _weight_lines(node: NodeResult, language: str) -> Iterator[str]:
    if node.weight is not None:
        key = "weight_line" if node.effective_weight is None else "weight_share"
        share = "" if node.effective_weight is None else share_text(node.effective_weight, language)
        yield from hang(phrase(key, language, weight=points_text(node.weight, language), share=share), 2)
    if node.children and node.coverage is not None and node.coverage < 1:
        yield from hang(phrase("coverage_line", language, share=share_text(node.coverage, language)), 2)


# ---------------------------------------------------------------- top


def _header(result: Outcome, language: str) -> Iterator[str]:
    rubric = result.rubric
    yield from fold_text(tame(rubric.title), SHEET_WIDTH)
    yield from fold_text(tame(identity_line(rubric, language)), SHEET_WIDTH)
    if result.unit:
        yield from hang(phrase("unit", language, unit=tame(result.unit)), 0)
    if rubric.stage:
        yield from hang(phrase("stage", language, stage=tame(rubric.stage_title or rubric.stage)), 0)
    for name in rubric.parameters:
        value = parameter_shown(rubric, name, language)
        yield from hang(phrase("parameter", language, name=tame(name), value=tame(value)), 0)
    yield ""


def _total_lines(total: TotalResult, language: str) -> Iterator[str]:
    applicable = total.printed_maximum if total.applicable_maximum is None else total.applicable_maximum
    maximum = points_text(applicable, language)
    published = published_text(total, language)
    if total.state is State.NOT_RATED:
        yield from hang(phrase("total_not_rated", language), 0)
    elif total.published is None:
        low, high = points_text(total.low, language), points_text(total.high, language)
        yield from hang(phrase("pending_total", language, low=low, high=high, maximum=maximum), 0)
    else:
        key = "total" if applicable else "total_bare"
        parts = [phrase(key, language, points=points_text(total.published, language), maximum=maximum)]
        if total.index is not None and not published.endswith("%"):
            parts.append(phrase("index", language, index=share_text(total.index, language)))
        if total.exact is not None and total.exact != total.published:
            parts.append(phrase("exact_total", language, value=points_text(total.exact, language)))
        if applicable != total.printed_maximum:
            parts.append(phrase("printed", language, value=points_text(total.printed_maximum, language)))
        yield from hang(", ".join(parts), 0)
    if published:
        key = "published percent" if published.endswith("%") else "published index"
        yield from hang(phrase(key, language, value=published), 0)
    told = [reason for reason in total.reasons if reason.kind is not ReasonKind.ROUNDING]
    for reason in told:
        # The steps of the sheet in their order, where there is more than a sum.
        if len(told) > 1 or reason.kind is not ReasonKind.SUM:
            yield from hang(sentence(reason, language), 2, lead="- ")


def _coverage_lines(result: Outcome, language: str) -> Iterator[str]:
    coverage = result.coverage
    if coverage.assessed < coverage.leaves:
        share = share_text(coverage.share_of_points or Fraction(0), language)
        counts = {"assessed": str(coverage.assessed), "leaves": str(coverage.leaves)}
        yield from hang(phrase("coverage", language, share=share, **counts), 0)
    if result.inexact:
        yield from hang(phrase("inexact", language), 0)


def _grade_lines(grade: GradeResult, language: str) -> Iterator[str]:
    yield from hang(_graded(grade, "grade", language), 0)
    for text in _grade_steps(grade, language):
        yield from hang(text, 2, lead="- ")


def _graded(grade: GradeResult, key: str, language: str) -> str:
    table = tame(grade.table_title or grade.table)
    chosen = f"{key}_of" if table else key
    return phrase(chosen, language, table=local_label(table), grade=_grade_text(grade, language))


def _grade_steps(grade: GradeResult, language: str) -> Iterator[str]:
    if grade.facts:
        yield phrase("grade_looked", language, facts=fact_list(grade.facts, language))
    if grade.by_points is not None and grade.by_points != grade.name and grade.state is not GradeState.PENDING:
        yield phrase("by_points", language, grade=local_label(_by_points(grade)))
    for gate in grade.gates:
        if gate.fired is not False:
            yield _gate_text(gate, language)
    idle = [gate for gate in grade.gates if gate.fired is False]
    if len(idle) == 1:
        yield _gate_text(idle[0], language)
    elif idle:
        yield phrase("gates_not", language, number=str(len(idle)))


def _by_points(grade: GradeResult) -> str:
    return f"{grade.by_points} ({grade.label})" if grade.label else grade.by_points or ""


def _grade_text(grade: GradeResult, language: str) -> str:
    match grade.state:
        case GradeState.ISSUED:
            name = tame(grade.title or grade.name or "")
            if grade.decided:
                by = "" if grade.decided == "decided" else by_whom(grade.decided, language)
                return phrase("grade_decided" if by else "grade_decided_bare", language, grade=name, by=by)
            if grade.label and grade.by_points == grade.name:
                return phrase("grade_row", language, grade=name, label=local_label(grade.label))
            return name
        case GradeState.NONE:
            return phrase("grade_none", language)
        case GradeState.NOT_RATED:
            return phrase("grade_not_rated", language)
        case GradeState.UNDECIDED if grade.title:
            return phrase("grade_undecided_row", language, title=tame(grade.title))
        case GradeState.UNDECIDED:
            return phrase("grade_undecided", language)
        case GradeState.PENDING:
            return phrase("grade_pending", language, possible=", ".join(local_label(name) for name in grade.possible))


def _gate_text(gate: GateResult, language: str) -> str:
    because = f" ({tame(gate.because)})" if gate.because else ""
    key = {None: "gate_unknown", False: "gate_not"}.get(gate.fired, "gate_changed" if gate.changed else "gate_held")
    text = phrase(key, language, label=local_label(gate.label) + because)
    facts = fact_list(gate.facts, language)
    return f"{text}; {facts}" if facts and gate.fired is not False else text


# ---------------------------------------------------------------- headings


def _node_lines(result: Outcome, node: NodeResult, language: str, *, base: int = 0) -> Iterator[str]:
    indent = min(_DEEPEST_INDENT, 2 * max(0, node.depth - 1 - base) + (2 if base else 0))
    yield from _heading(node, language, indent)
    for text in _node_sentences(result, node, language):
        yield from hang(text, indent + 2, lead="- ")


def _heading(node: NodeResult, language: str, indent: int) -> list[str]:
    """Code and title, points at the right edge of the last line they fit on."""
    lead = _lead(node)
    right = _points_column(node, language)
    room = SHEET_WIDTH - indent - columns_of(lead)
    title = tame(title_text(node.title, node.level, language))
    lines = fold_text(title, max(20, room - columns_of(right) - 2))
    margin = " " * indent
    first = margin + lead + lines[0]
    rest = [margin + " " * columns_of(lead) + line for line in lines[1:]]
    gap = SHEET_WIDTH - columns_of(first) - columns_of(right)
    if gap < 1:
        return [first, *rest, " " * max(0, SHEET_WIDTH - columns_of(right)) + right]
    return [first + " " * gap + right, *rest]


def _lead(node: NodeResult) -> str:
    return f"{tame(node.printed_code)} " if node.printed_code else ""


def _points_column(node: NodeResult, language: str) -> str:
    if node.state is State.UNSCORED:
        shown = "" if node.points is None else f"{points_text(node.points, language)}, "
        return shown + states(State.UNSCORED, language)
    if node.state is State.NOT_APPLICABLE and not node.applicable_maximum:
        return states(State.NOT_APPLICABLE, language)
    if node.state is State.NOT_DUE:
        return states(State.NOT_DUE, language)
    if node.state is State.NOT_RATED:
        return states(State.NOT_RATED, language)
    if node.met is not None:
        return phrase("met" if node.met else "not met", language)
    applicable = node.maximum if node.applicable_maximum is None else node.applicable_maximum
    maximum = points_text(applicable, language)
    if node.points is not None and node.points < 0 and not applicable:
        return points_text(node.points, language)
    if node.points is not None:
        return phrase("of", language, points=points_text(node.points, language), maximum=maximum)
    if not node.maximum and node.low == node.high:
        return states(State.PENDING, language)
    span = phrase("to", language, low=points_text(node.low, language), high=points_text(node.high, language))
    return span if node.low < 0 and not applicable else phrase("of", language, points=span, maximum=maximum)


def _node_sentences(result: Outcome, node: NodeResult, language: str) -> Iterator[str]:
    yield from sentences(_told(node), language)
    for grade in result.grades:
        if grade.node == node.code:
            yield _graded(grade, "heading_grade", language)
            yield from _grade_steps(grade, language)
    claimed = result.claims.get(node.code)
    if claimed is not None:
        gap = claimed - (claimed if node.points is None else node.points)
        key = "claim_more" if gap > 0 else "claim_less" if gap < 0 else "claim"
        yield phrase(key, language, points=points_text(claimed, language), gap=points_text(abs(gap), language))


def _told(node: NodeResult) -> list[Reason]:
    """A group that waits says nothing its leaves do not say; a leaf that stands under an absent group neither."""
    told = list(node.reasons)
    if node.children:
        told = [reason for reason in told if reason.kind is not ReasonKind.MISSING]
    return told


# ---------------------------------------------------------------- end


def _closing_lines(result: Outcome, language: str) -> Iterator[str]:
    if result.notes:
        yield ""
        yield f"{phrase('notes', language)}:"
        for note in result.notes:
            yield from hang(tame(note), 2, lead="- ")
    if result.missing:
        yield ""
        yield f"{phrase('pending', language)}:"
        labels = labels_of(result)
        for name in result.missing:
            yield from hang(waited_words(fact_waited(labels, name), language), 2, lead="- ")
    total = result.total
    if total.state is State.PENDING:
        yield ""
        low, high = points_text(total.low, language), points_text(total.high, language)
        yield from hang(phrase("outlook", language, low=low, high=high), 0)


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

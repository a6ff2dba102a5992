"""A blank submission as a form to print: what is asked, in the order of the document, with room to answer."""

from collections.abc import Iterator, Sequence

from rubric_engine.cohort.csv_rows import ColumnNames
from rubric_engine.cohort.statistics import COHORT_KINDS
from rubric_engine.facts.fold import fold
from rubric_engine.meaning.exact import show_number
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.plan.plan import EvidenceSpec, InputSpec, JudgedSpec, Kind, Plan, PlanNode
from rubric_engine.report.phrases import told
from rubric_engine.result.explain.wording import title_text
from rubric_engine.submission.forms import bounds_text
from rubric_engine.tell.rendering.document import Sheet
from rubric_engine.tell.rendering.escape import escape
from rubric_engine.tell.words import Words

_EMPTY_ROWS = 3
_BLANK = "\\_\\_\\_\\_\\_\\_"

_kinds = Words("kinds")


def to_form(plan: Plan, language: str) -> str:
    """The form in Markdown. Names in code type are those of the JSON submission."""
    return "\n".join(_lines(plan, language)) + "\n"


def header_sheet(plan: Plan, language: str) -> Sheet:
    """The header of a table with one row a unit: labels people know, names where two have one label.

    Figures of the cohort are left out: they are taken of the rows.
    """
    known = ColumnNames(plan)
    taken = {reference.name for reference in plan.references if reference.kind in COHORT_KINDS}

    def word(label: str, name: str) -> str:
        return label if label and len(known.find(fold(label))) == 1 else name

    header = [told("unit", language)]
    header += [word(spec.label, spec.name) for spec in plan.inputs if spec.name not in taken]
    header += [f"{told('judged column', language)} {spec.key}" for spec in plan.judged]
    for spec in plan.evidence:
        kind = told("evidence column", language)
        header.append(word(f"{kind} {spec.title}" if spec.title else "", f"{kind} {spec.name}"))
    return Sheet(tuple(header), ())


def _lines(plan: Plan, language: str) -> Iterator[str]:
    say = told.of(language)
    yield f"# {say['form']}: {escape(plan.title)}"
    yield ""
    yield f"`{plan.id}`, {say['version']} {escape(plan.version)}" if plan.version else f"`{plan.id}`"
    yield ""
    yield f"{say['unit']}: {_BLANK}"
    shared = [spec for spec in plan.inputs if spec.node is None and not spec.reference]
    if shared:
        yield ""
        for spec in shared:
            yield from _input(spec, language)
    for at, node in enumerate(plan.nodes):
        if node.level == SHEET_LEVEL:
            # The sheet as a whole, where it combines its headings, asks for nothing and has no code of its own.
            continue
        yield ""
        yield from _node(plan, at, node, language)


def _node(plan: Plan, at: int, node: PlanNode, language: str) -> Iterator[str]:
    points = "" if node.unscored or node.met is not None else f" ({_points(node, language)})"
    code = "" if node.pool else f"{escape(node.code)} "
    title = escape(title_text(node.title, node.level, language))
    yield f"{'#' * min(6, 2 + _depth(plan, at))} {code}{title}{points}"
    for column in node.columns:
        name = told.of(language).get(column.name, column.name)
        yield ""
        yield f"*{name}:* {escape(column.text)}"
    own = [spec for spec in plan.inputs if spec.node == node.code and not spec.reference]
    asked = [line for spec in own for line in _input(spec, language)]
    asked += [_judged(spec, language) for spec in plan.judged if _belongs(spec, node)]
    asked += [_evidence(spec, language) for spec in plan.evidence if spec.node == node.code]
    if asked:
        yield ""
        yield from asked


def _depth(plan: Plan, at: int) -> int:
    depth = 0
    parent = plan.nodes[at].parent
    while parent is not None:
        depth += plan.nodes[parent].level != SHEET_LEVEL
        parent = plan.nodes[parent].parent
    return depth


def _points(node: PlanNode, language: str) -> str:
    top = show_number(node.maximum, language)
    reach = told("to", language, low=show_number(node.minimum, language), high=top) if node.minimum else top
    return f"{reach} {told('points', language).lower()}"


def _belongs(spec: JudgedSpec, node: PlanNode) -> bool:
    """A judged deduction's key is ``CODE.NAME``; a name is no code, so the last dot parts them."""
    return node.code in (spec.key, spec.key.rpartition(".")[0]) and not node.children


def _input(spec: InputSpec, language: str) -> Iterator[str]:
    """A line to fill in; a register is a table with a few empty rows below it."""
    said = _kind(spec, language)
    head = f"- {escape(spec.label)} (`{spec.name}`; {said})"
    match spec.kind:
        case Kind.LIST:
            columns = [f"{escape(one.label)} (`{one.name}`; {_kind(one, language)})" for one in spec.columns]
            yield from (f"{head}:", "")
            yield from _empty_table(columns)
        case Kind.RATINGS:
            bounds = bounds_text(spec, language)
            yield from (f"{head}{', ' if bounds else ''}{escape(bounds)}:", "")
            yield from _empty_table((told("rating", language), told("rated by", language)))
        case _:
            yield f"{head}: {_BLANK}"


def _kind(spec: InputSpec, language: str) -> str:
    whole = spec.kind is Kind.NUMBER and spec.decimals == 0
    kind = _kinds(Kind.COUNT if whole else spec.kind, language)
    if spec.kind is Kind.LEVEL:
        kind += ": " + "; ".join(f"`{level.name}` {escape(level.title)}".strip() for level in spec.levels)
    return kind


def _empty_table(columns: Sequence[str]) -> Iterator[str]:
    yield f"  | {' | '.join(columns)} |"
    yield "  |" + " --- |" * len(columns)
    yield from ["  |" + "  |" * len(columns)] * _EMPTY_ROWS
    yield ""


def _judged(spec: JudgedSpec, language: str) -> str:
    low, high = show_number(spec.minimum, language), show_number(spec.maximum, language)
    bounds = told("to", language, low=low, high=high)
    return f"- {escape(spec.label)} (`judged {spec.key}`; {told('judged', language)}, {bounds}): {_BLANK}"


def _evidence(spec: EvidenceSpec, language: str) -> str:
    return f"- {told('evidence piece', language)}: {escape(spec.title or spec.name)} (`{spec.name}`): {_BLANK}"

"""``lower``: from a checked rubric to its plan. Every scoring form becomes a choice; nothing is decided here."""

from fractions import Fraction

from rubric_engine import model as m
from rubric_engine.plan.expr import All, Truth
from rubric_engine.plan.plan import GradeRow, GradeTable, Plan, PlanNode
from rubric_engine.rules.dependencies import computing_order, needs
from rubric_engine.rules.forms.acting import strictest_first
from rubric_engine.rules.forms.registry import lower_rule
from rubric_engine.rules.forms.rows import in_band
from rubric_engine.source import SourceFile


def lower(rubric: m.Rubric, source: SourceFile) -> Plan:
    """The plan of a rubric without errors."""
    order = computing_order(rubric.nodes, needs(rubric.nodes, rubric.lets, rubric.evidence))
    roots = rubric.roots
    total = rubric.total
    if total is None:
        total = sum((rubric.nodes[at].maximum for at in roots if _counts(rubric.nodes[at])), Fraction(0))
    return Plan(
        id=rubric.id,
        title=rubric.title,
        version=rubric.version,
        language=rubric.language,
        digest=rubric.digest,
        total=total,
        signed=rubric.signed,
        rounding=rubric.rounding,
        inputs=tuple(at.value for at in rubric.inputs),
        judged=tuple(at.value for at in rubric.judged),
        evidence=tuple(at.value for at in rubric.evidence),
        parameters=tuple(at.value for at in rubric.parameters),
        lets=tuple(at.value for at in rubric.lets),
        nodes=tuple(_node(node, source) for node in rubric.nodes),
        order=order,
        roots=roots,
        limits=tuple(at.value for at in rubric.limits),
        grades=tuple(_grades(rules, source) for rules in rubric.grades),
        notes=_notes(rubric),
        header=rubric.header,
        only_accepted=rubric.only_accepted,
        publication=None if rubric.publication is None else rubric.publication.value,
        ranking=None if rubric.ranking is None else rubric.ranking.value,
        stages=tuple(at.value for at in rubric.stages),
        deadlines=tuple(at.value for at in rubric.deadlines),
        references=tuple(at.value for at in rubric.references),
    )


def _counts(node: m.Node) -> bool:
    """Whether a root's maximum is part of the sheet's: pools stand beside it."""
    return node.kind == "scored" and not node.pool


def _node(node: m.Node, source: SourceFile) -> PlanNode:
    return PlanNode(
        code=node.code,
        title=node.title,
        level=node.level,
        minimum=node.minimum,
        maximum=node.maximum,
        parent=node.parent,
        children=node.children,
        line=source.line_number(node.span.start),
        unscored=node.kind == "unscored",
        met=None if node.met is None else node.met.value,
        absent=tuple(at.value for at in node.absent),
        requirements=strictest_first([at.value for at in node.requirements]),
        base=None if node.rule is None else lower_rule(node.rule, node.maximum, source),
        adjustments=tuple(at.value for at in node.adjustments),
        evidence=node.evidence,
        limits=tuple(at.value for at in node.limits),
        rounding=node.rounding,
        columns=node.columns,
        as_printed=() if node.as_printed is None else (node.as_printed,),
        weight=None if node.weight is None else node.weight.value,
        combine=None if node.combine is None else node.combine.value,
        if_missing=None if node.if_missing is None else node.if_missing.value,
        if_not_rated=None if node.if_not_rated is None else node.if_not_rated.value,
        pool=node.pool,
        asked_from=node.asked_from,
        endless=node.endless,
    )


def _grades(rules: m.GradeRules, source: SourceFile) -> GradeTable:
    rows = tuple(
        GradeRow(row.name or "", row.title, _test(row, rules), row.label, source.line_number(row.span.start))
        for row in rules.rows
    )
    gates = tuple(at.value for at in rules.gates)
    return GradeTable(
        rows, gates, rules.subject, rules.label, source.line_number(rules.span.start), rules.name, rules.title,
        rules.node, None if rules.applies is None else rules.applies.value, tuple(at.value for at in rules.quotas),
    )  # fmt: skip


def _test(row: m.GradeLine, rules: m.GradeRules) -> Truth | None:
    """Both the band and the condition; ``None`` for *otherwise*."""
    if row.band is None:
        return row.condition
    assert rules.subject is not None, "a table by a label has no bands"
    band = in_band(rules.subject, row.band)
    if row.condition is None:
        return band
    return All((*band.args, row.condition) if isinstance(band, All) else (band, row.condition))


def _notes(rubric: m.Rubric) -> tuple[str, ...]:
    """What every result carries: the *as printed* remarks, each with the place it speaks of."""
    notes = []
    if rubric.total_as_printed is not None:
        notes.append(rubric.total_as_printed)
    notes += [counted.as_printed for counted in rubric.contains[:1] if counted.as_printed is not None]
    notes += [f"{node.code}: {node.as_printed}" for node in rubric.nodes if node.as_printed is not None]
    return tuple(notes)

"""``resolve``: from a syntax tree to a :class:`~rubric_engine.model.Rubric`, names bound and types settled.

Problems are gathered, never raised; what failed to resolve is left out and silences what depends on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rubric_engine import model as m
from rubric_engine.analysis.resolve.bounds import check_size, in_needed_order
from rubric_engine.analysis.resolve.codes import check_codes, check_cycles, check_examples
from rubric_engine.analysis.resolve.declared.declare import declare, resolve_lets
from rubric_engine.analysis.resolve.declared.missing import check_left_out, exclude_readers
from rubric_engine.analysis.resolve.grades import SHEET, resolve_grades
from rubric_engine.analysis.resolve.headings import resolve_node
from rubric_engine.analysis.resolve.names import spell_names
from rubric_engine.analysis.resolve.outline import Outline, hang
from rubric_engine.analysis.resolve.points import points_of_headings
from rubric_engine.analysis.resolve.publication import resolve_publication
from rubric_engine.analysis.resolve.ranking import resolve_ranking
from rubric_engine.analysis.resolve.rounds import declare_rounds, with_stages
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.model import At
from rubric_engine.plan.expr import Expr
from rubric_engine.plan.plan import EvidenceSpec, InputSpec, JudgedSpec, Limit, Publication, Reference, Remark, Rounding
from rubric_engine.plan.record import record
from rubric_engine.rules.dependencies import lets_of_total, needs, reads_total
from rubric_engine.rules.expressions import resolve as resolve_expression
from rubric_engine.rules.forms.acting import floors_first
from rubric_engine.rules.forms.clauses import resolve_limit, rounding
from rubric_engine.rules.names.functions import resolve_uncalled
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.reading import circles_of_figures, in_order, reading_graph
from rubric_engine.source import NOWHERE, SourceFile, Span
from rubric_engine.syntax.tree import nodes as n


@record
class Resolved:
    """A rubric and what was wrong with it. ``rubric`` is usable for ``check`` only without errors."""

    rubric: m.Rubric
    diagnostics: tuple[Diagnostic, ...]


def resolve(
    tree: n.SyntaxTree,
    source: SourceFile,
    parameters: Mapping[str, object] | None = None,
    broken: Sequence[int] = (),
) -> Resolved:
    """Bind every name of the tree. ``broken`` holds the offsets of lines the parser could not read."""
    scope = Scope(source, tree.language)
    outline = hang(_spelt(tree, scope), scope, broken)
    headings = points_of_headings(outline, scope)
    check_codes(outline, scope)
    stages, deadlines = declare_rounds(outline, scope)
    scope.points = {heading.code: (heading.minimum, heading.maximum or Fraction(0)) for heading in headings}
    scope.signed = any(isinstance(one, n.TotalPoints) and one.signed for one in outline.header)
    declare(outline, headings, scope, parameters or {})
    resolve_lets(scope)
    judged: list[At[JudgedSpec]] = []
    evidence: list[At[EvidenceSpec]] = []
    written = tuple(resolve_node(outline, at, headings, scope, judged, evidence) for at in range(len(outline.drafts)))
    nodes = exclude_readers(written, evidence, tuple(scope.lets.values()), scope)
    header = _header(outline, nodes, scope)
    grades = resolve_grades(outline, header.total, header.rounding, scope)
    limits = _limits(outline, scope)
    check_left_out(grades, limits, tuple(scope.lets.values()), scope)
    ranking = resolve_ranking(outline, scope)
    resolve_uncalled(scope, resolve_expression)
    references = _references(nodes, evidence, limits, scope)
    _check_order(nodes, evidence, references, scope)
    check_examples(outline, scope)
    nodes, judged = with_stages(nodes, judged, evidence, scope)
    rubric = m.Rubric(
        id=outline.head.id.text if outline.head else "",
        title=outline.head.title.value if outline.head else "",
        version=header.version, language=tree.language, digest=source.digest, header=header.columns,
        total=header.total, bonus_in_total=header.bonus, total_span=header.total_span,
        total_as_printed=header.total_as_printed, signed=header.signed, rounding=header.rounding,
        contains=header.contains, only_accepted=header.only_accepted,
        inputs=_inputs(scope), judged=tuple(judged), evidence=tuple(evidence),
        parameters=tuple(At(value, scope.spans[name]) for name, value in scope.parameters.items()),
        lets=tuple(scope.lets.values()),
        nodes=nodes,
        limits=limits,
        grades=grades,
        examples=tuple(outline.examples),
        used=frozenset(scope.used), places=dict[Expr, Span](scope.places), calls=dict[Expr, str](scope.calls),
        names=dict(scope.spans), end=outline.end, publication=header.publication,
        ranking=ranking, stages=stages, deadlines=deadlines, references=references,
    )
    return Resolved(rubric, tuple(scope.diagnostics))


def _spelt(tree: n.SyntaxTree, scope: Scope) -> n.SyntaxTree:
    spelt = spell_names(tree.statements)
    scope.diagnostics += spelt.diagnostics
    return replace(tree, statements=spelt.statements)


def _inputs(scope: Scope) -> tuple[At[InputSpec], ...]:
    """What the author declared, then the figures the rubric reads and no submission states."""
    facts = [At(spec, scope.spans[name]) for name, spec in scope.inputs.items()]
    figures = [At(spec, scope.references[name].span) for name, spec in scope.figures.items()]
    return (*facts, *figures)


def _references(
    nodes: tuple[m.Node, ...], evidence: Sequence[At[EvidenceSpec]], limits: Sequence[At[Limit]], scope: Scope
) -> tuple[At[Reference], ...]:
    """The figures, each after those its subject needs; one that needs itself is reported (RUB208)."""
    if not scope.references:
        return ()
    known = scope.references
    graph = reading_graph(nodes, tuple(scope.lets.values()), evidence, limits, [at.value for at in known.values()])
    circles = circles_of_figures(graph, known)
    for ring in circles:
        first = next(name for name in ring if name in known)
        words = [known[name].value.label if name in known else name for name in (*ring, ring[0])]
        scope.report("RUB208", known[first].span, ring=" → ".join(words), help="help_figure")
    if circles:
        return ()
    names = (name.removeprefix("fact ") for name in in_order(graph))
    return tuple(known[name] for name in names if name in known)


def _limits(outline: Outline, scope: Scope) -> tuple[At[Limit], ...]:
    """Gates on the total. They make the total, so they cannot read it."""
    found = [limit for one in outline.limits for limit in resolve_limit(one.limit, scope, SHEET)]
    of_total = lets_of_total(tuple(scope.lets.values()))
    for at in found:
        parts = (at.value.value, at.value.when)
        if any(part is not None and reads_total(part, of_total) for part in parts):
            scope.report("RUB208", at.span, ring="total → total")
    return floors_first(found)


def _check_order(
    nodes: tuple[m.Node, ...], evidence: Sequence[At[EvidenceSpec]], references: tuple[At[Reference], ...], scope: Scope
) -> None:
    """No circle, nothing too deep, no number that explodes. Duplicate codes would make nonsense of all three."""
    if len(scope.codes) != len(nodes):
        return
    lets = tuple(scope.lets.values())
    needed = needs(nodes, lets, evidence)
    if not check_cycles(needed, nodes, scope):
        check_size(nodes, in_needed_order(lets, references), evidence, needed, scope)


@dataclass
class _Header:
    version: str = ""
    columns: tuple[Remark, ...] = ()
    total: Fraction | None = None
    total_span: Span = NOWHERE
    total_as_printed: str | None = None
    bonus: Fraction = Fraction(0)
    signed: bool = False
    rounding: Rounding | None = None
    contains: tuple[m.Counted, ...] = ()
    only_accepted: bool = False
    publication: At[Publication] | None = None


def _header(outline: Outline, nodes: Sequence[m.Node], scope: Scope) -> _Header:
    """The statements before the first heading."""
    out = _Header()
    columns: list[Remark] = []
    for statement in outline.header:
        match statement:
            case n.Version(text=text):
                out.version = text
            case n.Issued(number=number, by=by, on=on):
                columns.append(Remark("issued", number.value))
                if by is not None:
                    columns.append(Remark("issued_by", by.value))
                if on is not None:
                    columns.append(Remark("issued_on", on.value.isoformat()))
            case n.InForce(since=since):
                columns.append(Remark("in_force_from", since.value.isoformat()))
            case n.TotalPoints():
                _total(statement, out, nodes, scope)
            case n.Contains(counts=counts, as_printed=printed):
                words = printed.value if printed else None
                out.contains = tuple(m.Counted(level, number, statement.span, words) for number, level in counts)
            case n.OnlyAccepted():
                out.only_accepted = True
            case n.PublishedAs():
                out.publication = resolve_publication(statement, scope)
            case n.ColumnClause(name=name, value=value):
                columns.append(Remark(name, value.value if isinstance(value, n.Text) else value.value.isoformat()))
            case _:
                pass
    out.columns = tuple(columns)
    return out


def _total(statement: n.TotalPoints, out: _Header, nodes: Sequence[m.Node], scope: Scope) -> None:
    if statement.points.percent:
        scope.report("RUB303", statement.points.span, left="percent", right="points",
                     text=scope.words(statement.points.span), help="help_percent")  # fmt: skip
    out.total = statement.points.value
    if statement.with_bonus:
        out.bonus = sum((node.maximum for node in nodes if node.pool == "bonus"), Fraction(0))
        out.total -= out.bonus
    out.total_span = statement.points.span
    out.total_as_printed = statement.as_printed.value if statement.as_printed else None
    out.signed = statement.signed
    out.rounding = rounding(statement.rounded)

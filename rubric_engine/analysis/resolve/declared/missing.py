"""What an input is while nobody gives it: ``if missing 0``, ``if missing not applicable``.

A value is bound here and the reader puts it in place. *Not applicable* is no value: every heading that reads such an
input does not apply then, which is written into those headings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from rubric_engine import model as m
from rubric_engine.model import At
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.rules.clauses import written_in, written_of_grades, written_of_node
from rubric_engine.rules.comparisons import level_index, report_bare_percent
from rubric_engine.rules.forms.registry import lower_rule
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.stand_ins import stands_for
from rubric_engine.rules.needed import Needed, facts_read, together, without
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n

Given = n.Num | n.Negative | n.DateLit | n.YesNo | n.Name
# A unit without the value has no such place; other figures are taken of those that have one.
_PLACES = (
    p.ReferenceKind.RANK, p.ReferenceKind.POSITION, p.ReferenceKind.PERCENT_RANK, p.ReferenceKind.DISTANCE
)  # fmt: skip
_NAMED = {p.Kind.YES_NO: "yes/no", p.Kind.LEVEL: "level", p.Kind.DATE: "date", p.Kind.PERCENT: "percent"}


def with_missing(spec: p.InputSpec, clause: n.InputClause, scope: Scope) -> p.InputSpec:
    """The input with what stands in for it; its bounds are known already."""
    if clause.excluded_if_missing:
        if _may_stand(spec, clause, scope):
            scope.excluded[spec.name] = clause.span
            return replace(spec, optional=True)
        return spec
    if clause.if_missing is None or not _may_stand(spec, clause, scope):
        return spec
    given = clause.if_missing
    if isinstance(given, n.Name) and stands_for(given, spec if spec.levels else None, scope):
        scope.stand_ins[spec.name] = given
        return replace(spec, optional=True)
    value = _value(given, spec, scope)
    if value is None or not _within(value, spec, given, scope):
        return spec
    return replace(spec, if_missing=value)


def _may_stand(spec: p.InputSpec, clause: n.InputClause, scope: Scope) -> bool:
    """One thing is said about a missing input, and of an input of one value."""
    if spec.kind in (p.Kind.LIST, p.Kind.RATINGS, p.Kind.TEXT) and not clause.excluded_if_missing:
        assert clause.if_missing is not None
        given = clause.if_missing.span
        scope.report("RUB315", given, name=spec.name, value=scope.words(given), help="help_kind")
        return False
    if clause.optional:
        scope.report("RUB316", clause.span, name=spec.name)
        return False
    return True


def _value(given: Given, spec: p.InputSpec, scope: Scope) -> Fraction | bool | None:
    """The value as facts hold it; ``None`` after reporting one of another kind."""
    match given:
        case n.YesNo(value=flag) if spec.kind is p.Kind.YES_NO:
            return flag
        case n.DateLit(value=day) if spec.kind is p.Kind.DATE:
            return Fraction(day.toordinal())
        case n.Name(text=name) if spec.kind is p.Kind.LEVEL:
            at = level_index(spec, name, given.span, scope)
            return None if at is None else Fraction(at)
        case n.Num() | n.Negative() if spec.kind in (p.Kind.COUNT, p.Kind.NUMBER, p.Kind.MONEY, p.Kind.PERCENT):
            return _number(given, spec, scope)
        case n.Name(text=name) if not scope.knows(name):
            scope.look_up(name, given.span)
            return None
        case _:
            pass
    scope.report("RUB301", given.span, text=scope.words(given.span), found=_found(given),
                 expected=_NAMED.get(spec.kind, "number"), help="help_if_missing")  # fmt: skip
    return None


def _found(given: Given) -> str:
    match given:
        case n.YesNo():
            return "yes/no"
        case n.DateLit():
            return "date"
        case n.Name():
            return "level"
        case _:
            return "number"


def _number(given: n.Num | n.Negative, spec: p.InputSpec, scope: Scope) -> Fraction | None:
    sign = Fraction(1)
    inner: n.Expr = given
    while isinstance(inner, n.Negative):
        sign, inner = -sign, inner.arg
    assert isinstance(inner, n.Num)
    value = sign * inner.value
    if inner.percent and spec.kind is p.Kind.PERCENT:
        return value / 100
    if inner.percent:
        scope.report("RUB303", given.span, left="percent", right=spec.kind, text=scope.words(given.span))
        return None
    if spec.kind is p.Kind.PERCENT and value:
        report_bare_percent(value, given.span, scope.spans[spec.name], scope)
        return None
    return value


def _within(value: Fraction | bool, spec: p.InputSpec, given: Given, scope: Scope) -> bool:
    """Whether somebody could have given that value. A bound by another input is looked at when the facts are read."""
    if isinstance(value, bool) or spec.kind is p.Kind.LEVEL:
        return True
    scale = spec.scale
    fits = _holds(spec.minimum, value) and _holds(spec.maximum, value, upper=True)
    if fits and (scale is None or (value * scale).denominator == 1):
        return True
    scope.report("RUB315", given.span, name=spec.name, value=scope.words(given.span))
    return False


def _holds(bound: p.Bound | None, value: Fraction, *, upper: bool = False) -> bool:
    if bound is None or not isinstance(bound.value, x.Const):
        return True
    limit = bound.value.value
    return not bound.strict if value == limit else value < limit if upper else value > limit


# ---------------------------------------------------------------- not applicable


def exclude_readers(
    nodes: Sequence[m.Node], evidence: Sequence[At[p.EvidenceSpec]], lets: Sequence[At[p.Let]], scope: Scope
) -> tuple[m.Node, ...]:
    """The headings, those that read an input *if missing not applicable* with the clause that takes them out.

    A heading reads what its own clauses read, also through lets. Where a group that adds, or the sheet, reads such an
    input, ``check`` says so: nothing tells what stands there then.
    """
    if not scope.excluded:
        return tuple(nodes)
    through = _read_through(lets, scope)
    for node in nodes:
        if not node.is_leaf and node.rule is None:
            for expr, span in written_of_node(node, evidence):
                _said_elsewhere([expr], span, through, scope)
    return tuple(_excluded(node, evidence, through, scope) for node in nodes)


def _read_through(lets: Sequence[At[p.Let]], scope: Scope) -> dict[str, frozenset[str]]:
    """The facts of its own that a unit needs for each named value, and for each place it has among the others."""
    through: dict[str, frozenset[str]] = {}
    for let in lets:
        through[let.value.name] = facts_read([let.value.value], through)
    for at in scope.references.values():
        reference = at.value
        if reference.kind in _PLACES:
            parts = [part for part in (reference.subject, reference.where) if part is not None]
            through[reference.name] = facts_read(parts, through)
    for let in lets:  # a named value may read a place
        through[let.value.name] = facts_read([let.value.value], through)
    return through


def check_left_out(
    grades: Sequence[m.GradeRules], limits: Sequence[At[p.Limit]], lets: Sequence[At[p.Let]], scope: Scope
) -> None:
    """The same of what the sheet reads: its grade tables and the limits on its total."""
    if not scope.excluded:
        return
    through = _read_through(lets, scope)
    for expr, span in chain(written_in(tuple(limits)), *map(written_of_grades, grades)):
        _said_elsewhere([expr], span, through, scope)


def _said_elsewhere(
    expressions: Iterable[x.Expr], span: Span, lets: Mapping[str, frozenset[str]], scope: Scope
) -> None:
    """RUB317 where an input is read that takes headings out: here nothing is taken out, and nothing stands for it."""
    for expr in expressions:
        asked = {part.name for part in x.walk(expr) if isinstance(part, x.IsMissing)}
        for name in sorted(facts_read([expr], lets) & scope.excluded.keys() - asked):
            scope.report("RUB317", span, name=name)


def _excluded(
    node: m.Node, evidence: Sequence[At[p.EvidenceSpec]], lets: Mapping[str, frozenset[str]], scope: Scope
) -> m.Node:
    """The heading, out of the maximum where it needs such an input and the clauses before have not spoken.

    Those are the *not applicable* clauses the author wrote, and the requirements. One of several that reads what is
    missing is left out where another surely holds, or fails.
    """
    if not node.is_leaf and node.rule is None:
        return node
    needed = _needed(node, evidence, Needed(scope.excluded, lets), scope)
    written = list(node.absent)
    whens = [absent.value.when for absent in written]
    at = next((i for i, when in enumerate(whens) if when is not None and needed.reads(when)), len(written))
    clauses = []
    for name, span in scope.excluded.items():
        where = needed.where(name)
        if where is not None:
            spoken = (x.Not(needed.known(when)) for when in whens[at:] if when is not None)
            test = together((x.IsMissing(name), without(together((*spoken, where)), name)))
            clauses.append(At(p.Absent(test, p.Policy.EXCLUDED, line=scope.line(span)), span))
    if not clauses:
        return node
    # What cannot be told gives way to what can, where there are several.
    if len(node.requirements) > 1:
        told = (replace(one.value, holds=needed.maybe(one.value.holds)) for one in node.requirements)
        node = replace(node, requirements=tuple(map(At, told, (one.span for one in node.requirements))))
    if len(whens) > at + 1:
        known = (when if when is None else needed.known(when) for when in whens)
        written = [replace(one, value=replace(one.value, when=when)) for one, when in zip(written, known, strict=True)]
    return replace(node, absent=(*written[:at], *clauses, *written[at:]))


def _needed(node: m.Node, evidence: Sequence[At[p.EvidenceSpec]], needed: Needed, scope: Scope) -> Needed:
    """What the clauses of a heading need, in the order they act."""
    for absent in node.absent:
        if absent.value.when is not None:
            needed.ask(absent.value.when)
    passing = tuple(needed.maybe(one.value.holds) for one in node.requirements)
    for one in node.requirements:
        needed.ask(one.value.holds, passing)
        needed.use(one.value.otherwise, (x.Not(needed.maybe(one.value.holds)),))
    if node.met is not None:
        needed.ask(node.met.value, passing)
    if node.rule is not None:
        needed.choose(lower_rule(node.rule, node.maximum, scope.source), passing)
    for change in (at.value for at in node.adjustments):
        path = passing
        if change.when is not None:
            needed.ask(change.when, passing)
            path = (*passing, needed.known(change.when))
        for part in (change.amount, change.times, change.cap):
            if part is not None:
                needed.use(part, path)
    for which in node.evidence:
        needed.ask(evidence[which].value.when, passing)
    for limit in (at.value for at in node.limits):
        path = passing
        if limit.when is not None:
            needed.ask(limit.when, passing)
            path = (*passing, needed.known(limit.when))
        needed.use(limit.value, path)
    if node.if_missing is not None and node.if_missing.value.value is not None:
        needed.use(node.if_missing.value.value, passing)
    return needed

"""Figures no submission states: of the cohort, of the cycle before, of the round.

Each becomes a :class:`~rubric_engine.plan.plan.Reference` and an input of the same name, so that an expression reads
it as it reads any fact. The name is the clause in English keywords: equal clauses share one figure. Those of the cohort
are in :mod:`rubric_engine.rules.names.among`.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Final

from rubric_engine.model import At, Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Kind, Reference, ReferenceKind
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.names.scope import Heading, Scope, fact
from rubric_engine.rules.names.stand_ins import or_else, written_level
from rubric_engine.rules.names.typed import BROKEN, Sort, Typed
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]


def reference_name(node: n.AmongUnits | n.Previous | n.DaysLate) -> str:
    """The clause in English keywords; without what stands in for a cycle that never was."""
    from rubric_engine.syntax.printing.expressions import show_expr

    return show_expr(replace(node, other=None) if isinstance(node, n.Previous) else node, "en")


def keep(reference: Reference, spec: InputSpec, span: Span, scope: Scope) -> InputSpec:
    """Note a figure, once for all clauses that name it. It may be missing where any of them says what then."""
    known = scope.figures.get(reference.name)
    if known is None:
        scope.references[reference.name] = At(reference, span)
        known = scope.figures[reference.name] = spec
    elif spec.optional and not known.optional:
        known = scope.figures[reference.name] = replace(known, optional=True)
    scope.used.add(reference.name)
    return known


def mentions_argument(node: object, heading: Heading) -> bool:
    """Whether a clause names an argument of the definition at hand: what it means would differ from call to call."""
    return any(name in heading.bound for name in _names_in(node)) if heading.bound else False


def _names_in(node: object) -> Iterator[str]:
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, n.Name):
            yield here.text
        elif isinstance(here, tuple):
            stack.extend(here)
        elif is_dataclass(here):
            stack.extend(getattr(here, part.name) for part in fields(here) if part.name != "span")


# ---------------------------------------------------------------- the cycle before


_NO_PREVIOUS: Final = {Kind.TEXT: "help_text", Kind.LIST: "help_register", Kind.RATINGS: "help_register"}


def resolve_previous(node: n.Previous, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """``previous rate``, ``previous points of 1.2 if no previous 0``: read from the same unit's result a cycle ago."""
    if mentions_argument(node, heading):
        scope.report("RUB210", node.span, clause=scope.words(node.span), help="help_figure")
        return BROKEN
    match node.subject:
        case n.Name():
            found = _input_before(node.subject, scope)
        case n.OfNode():
            found = _node_before(node.subject, scope)
        case _:
            found = Kind.NUMBER, x.Total(), None
    if found is None:
        return BROKEN
    kind, subject, own = found
    name, line = reference_name(node), scope.line(node.span)
    label = scope.words(Span(node.span.start, node.subject.span.end))
    spec = InputSpec(name, label, kind, line=line, shared=True, reference=True, optional=node.other is not None)
    if own is not None:
        low, high = plain_bound(own.minimum), plain_bound(own.maximum)
        spec = replace(
            spec, levels=own.levels, ordered=own.ordered, minimum=low, maximum=high, decimals=own.decimals
        )
    reference = Reference(name, ReferenceKind.PREVIOUS, subject, label=label, line=line)
    value = fact(keep(reference, spec, node.span, scope)).at(node.span)
    if isinstance(node.subject, n.OfNode) and node.subject.what == "index":
        value = replace(value, unit=Unit.RATIO)
    return value if node.other is None else _or_else(value, node.other, scope, heading, resolve)


def _input_before(name: n.Name, scope: Scope) -> tuple[Kind, x.Num, InputSpec | None] | None:
    """The input; anything else a rubric names has no previous value of its own."""
    spec = scope.inputs.get(name.text)
    if spec is None:
        if scope.knows(name.text):
            if name.text not in scope.unreadable:
                scope.report("RUB343", name.span, text=name.text, help="help_let")
        else:
            scope.look_up(name.text, name.span)
        return None
    scope.used.add(spec.name)
    if spec.kind in _NO_PREVIOUS:
        scope.report("RUB343", name.span, text=name.text, help=_NO_PREVIOUS[spec.kind])
        return None
    return spec.kind, x.Fact(spec.name), spec


def _node_before(node: n.OfNode, scope: Scope) -> tuple[Kind, x.Num, InputSpec | None] | None:
    """Points or index of a heading. No bounds: the sheet of that cycle may have printed other points."""
    level = scope.code_level(node.code)
    if level is None:
        return None
    if level == "condition" or node.what == "met":
        scope.report("RUB343", node.span, text=scope.words(node.span), help="help_met")
        return None
    points = x.PointsOf(node.code.text)
    if node.what == "points":
        return Kind.NUMBER, points, None
    return Kind.PERCENT, x.Div(points, x.MaximumOf(node.code.text)), None


def _or_else(value: Typed, other: n.Expr, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """``if no previous V``: what stands where the unit has no cycle before."""
    spec = value.input
    if spec is None or value.sort is not Sort.LEVEL:
        return or_else(value, resolve(other, scope, heading), scope)
    if not isinstance(other, n.Name):
        scope.report("RUB301", other.span, text=scope.words(other.span), found="number", expected="level",
                     help="help_level")  # fmt: skip
        return BROKEN
    at = level_index(spec, other.text, other.span, scope)
    return BROKEN if at is None else or_else(value, written_level(spec, at, other.span), scope)


def askable(value: Typed, scope: Scope) -> Typed:
    """What ``is missing`` may be asked of: any unit may lack a cycle before."""
    spec = value.input
    if spec is None or spec.optional or not spec.reference:
        return value
    if scope.references[spec.name].value.kind is not ReferenceKind.PREVIOUS:
        return value
    spec = scope.figures[spec.name] = replace(spec, optional=True)
    return replace(value, input=spec)


def plain_bound(bound: Bound | None) -> Bound | None:
    """A bound that looks at no other input."""
    return bound if bound is not None and isinstance(bound.value, x.Const) else None


# ---------------------------------------------------------------- the round


def resolve_days_late(node: n.DaysLate, scope: Scope) -> Typed:
    """``days late of self``: of a stage, or of a named ``deadline``."""
    name = node.of.text
    if name not in scope.rounds.stages and name not in scope.rounds.deadlines:
        known = [*scope.rounds.stages, *scope.rounds.deadlines]
        scope.report_unknown("RUB241", node.of, known)
        return BROKEN
    # In the words of the figure: `for each day late of self` reads it as well.
    label, line = f"{spell('DAYS_LATE_OF', scope.language)} {name}", scope.line(node.span)
    reference = Reference(reference_name(node), ReferenceKind.DAYS_LATE, of=name, label=label, line=line)
    # Nobody is late for what is not due yet.
    asked_from = scope.rounds.stages.get(name, 0)
    spec = InputSpec(
        reference.name, label, Kind.COUNT, minimum=Bound(x.Const(Fraction(0))), shared=True, line=line, reference=True,
        asked_from=asked_from,
    )  # fmt: skip
    spec = keep(reference, spec, node.span, scope)
    return Typed(x.Fact(spec.name), Sort.NUMBER, Unit.DAYS, Fraction(1), input=spec)

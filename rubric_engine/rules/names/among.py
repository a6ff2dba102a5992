"""Figures of the cohort: ``average rate among units within region``, ``rank of total among units``."""

from dataclasses import replace
from fractions import Fraction
from typing import Final, assert_never

from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Kind, Reference, ReferenceKind
from rubric_engine.ranges.values.declared import env_of_inputs
from rubric_engine.ranges.values.expr import number
from rubric_engine.ranges.values.interval import Interval, as_fraction
from rubric_engine.rules.forms.grouping import grouping_of
from rubric_engine.rules.names.references import (
    Resolve,
    keep,
    mentions_argument,
    plain_bound,
    reference_name,
    resolve_days_late,
    resolve_previous,
)
from rubric_engine.rules.names.scope import TOP, Heading, Scope
from rubric_engine.rules.names.typed import BROKEN, Sort, Typed
from rubric_engine.syntax.tree import nodes as n

_KINDS: Final = {
    "average": ReferenceKind.AVERAGE, "highest": ReferenceKind.HIGHEST, "lowest": ReferenceKind.LOWEST,
    "median": ReferenceKind.MEDIAN, "sum": ReferenceKind.SUM, "deviation": ReferenceKind.DEVIATION,
    "percentile": ReferenceKind.PERCENTILE, "share": ReferenceKind.SHARE, "number": ReferenceKind.NUMBER,
    "rank": ReferenceKind.RANK, "position": ReferenceKind.POSITION, "score": ReferenceKind.DISTANCE,
    "percent rank": ReferenceKind.PERCENT_RANK,
}  # fmt: skip
# Figures that lie between the values they are taken of, so within the same bounds.
_AMONG_THEM: Final = (
    ReferenceKind.AVERAGE, ReferenceKind.HIGHEST, ReferenceKind.LOWEST, ReferenceKind.MEDIAN, ReferenceKind.PERCENTILE
)  # fmt: skip
_OF_DATES: Final = (
    ReferenceKind.HIGHEST, ReferenceKind.LOWEST, ReferenceKind.RANK, ReferenceKind.POSITION, ReferenceKind.PERCENT_RANK
)  # fmt: skip
_NEED_SPREAD: Final = (ReferenceKind.POSITION, ReferenceKind.PERCENT_RANK, ReferenceKind.DISTANCE)
_KIND_OF_UNIT: Final = {Unit.PERCENT: Kind.PERCENT, Unit.MONEY: Kind.MONEY, Unit.DATE: Kind.DATE}
_ZERO, _ONE = Bound(x.Const(Fraction(0))), Bound(x.Const(Fraction(1)))




def resolve_figure(
    node: n.AmongUnits | n.Previous | n.DaysLate, scope: Scope, heading: Heading, resolve: Resolve
) -> Typed:
    """Any figure no submission states."""
    match node:
        case n.AmongUnits():
            return resolve_among(node, scope, heading, resolve)
        case n.Previous():
            return resolve_previous(node, scope, heading, resolve)
        case n.DaysLate():
            return resolve_days_late(node, scope)
        case _:
            assert_never(node)


def resolve_among(node: n.AmongUnits, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """``average rate among units within region``: a figure of all units that are scored together."""
    if mentions_argument(node, heading):
        scope.report("RUB210", node.span, clause=scope.words(node.span), help="help_figure")
        return BROKEN
    kind = _KINDS[node.what]
    subject = None if node.subject is None else _subject(node.subject, kind, scope, resolve)
    where = None if node.where is None else _condition(node.where, scope, resolve)
    within = grouping_of(node.within, scope)
    parameter = _parameter(node, scope)
    if_all_equal = _if_all_equal(node, kind, scope, resolve)
    if _is_broken(subject) or _is_broken(where) or (within is None) is not (node.within is None):
        return BROKEN
    if parameter is BROKEN or if_all_equal is BROKEN:
        return BROKEN
    reference = Reference(
        name=reference_name(node),
        kind=kind,
        subject=None if subject is None else subject.num,
        where=None if where is None else where.test,
        within=within,
        ascending=node.lowest_first,
        parameter=_constant(parameter),
        places=node.places or 0,
        if_all_equal=_constant(if_all_equal),
        label=scope.words(node.span),
        line=scope.line(node.span),
    )
    spec = keep(reference, _spec_of(reference, subject, scope), node.span, scope)
    unit, grid = _measure(reference, subject, spec)
    return Typed(x.Fact(spec.name), Sort.NUMBER, unit, grid, input=spec)


def _is_broken(value: Typed | None) -> bool:
    return value is not None and value.broken


def _subject(node: n.Expr, kind: ReferenceKind, scope: Scope, resolve: Resolve) -> Typed:
    """The number each unit has. A heading's full points and the row of a register mean nothing here."""
    subject = resolve(node, scope, TOP)
    if subject.broken:
        return BROKEN
    of_dates = subject.unit is Unit.DATE and kind not in _OF_DATES
    if subject.sort is Sort.NUMBER and not of_dates:
        return subject
    found, text = subject.sort.value, scope.words(node.span)
    helps = {Sort.TRUTH: "help_condition", Sort.LEVEL: "help_level", Sort.REGISTER: "help_register"}
    if of_dates:
        found, help_key = Unit.DATE.value, "help_date"
    else:
        help_key = helps.get(subject.sort, "help")
    scope.report("RUB340", node.span, text=text, found=found, help=help_key)
    return BROKEN


def _condition(node: n.Expr, scope: Scope, resolve: Resolve) -> Typed:
    test = resolve(node, scope, TOP)
    if test.broken or test.sort is Sort.TRUTH:
        return test
    scope.report("RUB301", test.span, text=scope.words(test.span), found=test.sort.value, expected="condition",
                 help="help_condition")  # fmt: skip
    return BROKEN


def _parameter(node: n.AmongUnits, scope: Scope) -> Typed | None:
    """Where a percentile lies: the grammar has seen to the percent sign."""
    if node.percent is None:
        return None
    if not 0 <= node.percent.value <= 100:
        scope.report("RUB307", node.percent.span, low="0%", high="100%", text=scope.words(node.percent.span),
                     help="help_percentile")  # fmt: skip
        return BROKEN
    return Typed(x.Const(node.percent.value / 100), Sort.NUMBER, Unit.PERCENT)


def _if_all_equal(node: n.AmongUnits, kind: ReferenceKind, scope: Scope, resolve: Resolve) -> Typed | None:
    """What stands where all units have the same: it must be said, and be a plain number."""
    if node.if_all_equal is None:
        if kind in _NEED_SPREAD:
            scope.report("RUB342", node.span, text=scope.words(node.span))
            return BROKEN
        return None
    value = resolve(node.if_all_equal, scope, TOP)
    if not value.broken and not isinstance(value.expr, x.Const):
        scope.report("RUB310", node.if_all_equal.span, text=scope.words(node.if_all_equal.span), help="help_figure")
        return BROKEN
    return BROKEN if value.broken else value


def _constant(value: Typed | None) -> Fraction | None:
    return value.expr.value if value is not None and isinstance(value.expr, x.Const) else None


def _spec_of(reference: Reference, subject: Typed | None, scope: Scope) -> InputSpec:
    """The figure as an input: what it may be follows from what it is taken of."""
    def spec(kind: Kind, low: Bound | None = None, high: Bound | None = None, decimals: int | None = None) -> InputSpec:
        return InputSpec(
            reference.name, reference.label, kind, minimum=low, maximum=high, decimals=decimals, shared=True,
            line=reference.line, reference=True,
        )  # fmt: skip

    match reference.kind:
        case ReferenceKind.SHARE | ReferenceKind.POSITION | ReferenceKind.PERCENT_RANK:
            return spec(Kind.PERCENT, _ZERO, _ONE)
        case ReferenceKind.NUMBER:
            # The unit itself is one of them, unless a condition may pass it over.
            return spec(Kind.COUNT, _ONE if reference.where is None else _ZERO)
        case ReferenceKind.RANK:
            return spec(Kind.COUNT, _ONE)
        case ReferenceKind.DISTANCE:
            return spec(Kind.NUMBER)
        case _:
            assert subject is not None
    kind = Kind.PERCENT if _is_index(subject.expr) else _KIND_OF_UNIT.get(subject.unit, Kind.NUMBER)
    low, high = bounds_of(subject.expr, scope)
    if reference.kind in _AMONG_THEM:
        one_of_them = reference.kind in (ReferenceKind.HIGHEST, ReferenceKind.LOWEST)
        own = subject.input if one_of_them and isinstance(subject.expr, x.Fact) else None
        return spec(kind if own is None else own.kind, low, high, None if own is None else own.decimals)
    if reference.kind is ReferenceKind.DEVIATION:
        return spec(kind, _ZERO)
    never_below = low is not None and isinstance(low.value, x.Const) and low.value.value >= 0
    return spec(kind, _ZERO if never_below else None)


def _measure(reference: Reference, subject: Typed | None, spec: InputSpec) -> tuple[Unit, Fraction | None]:
    """The unit a figure is compared in, and the step of its values."""
    match reference.kind:
        case ReferenceKind.SHARE | ReferenceKind.POSITION | ReferenceKind.PERCENT_RANK:
            return Unit.RATIO, None
        case ReferenceKind.NUMBER | ReferenceKind.RANK:
            return Unit.PLAIN, Fraction(1)
        case ReferenceKind.DISTANCE:
            return Unit.PLAIN, None
        case _:
            assert subject is not None
            return subject.unit, None if spec.scale is None else Fraction(1, spec.scale)


def _is_index(expr: x.Expr | None) -> bool:
    return isinstance(expr, x.Div) and isinstance(expr.left, x.PointsOf) and isinstance(expr.right, x.MaximumOf)


def bounds_of(expr: x.Expr | None, scope: Scope) -> tuple[Bound | None, Bound | None]:
    """What every unit's value keeps to, where that is plain to see."""
    match expr:
        case x.Fact(name=name):
            spec = scope.inputs.get(name) or scope.figures.get(name)
            return (None, None) if spec is None else (plain_bound(spec.minimum), plain_bound(spec.maximum))
        case x.PointsOf(code=code) if code in scope.points:
            low, high = scope.points[code]
            return Bound(x.Const(min(low, Fraction(0)))), Bound(x.Const(max(high, Fraction(0))))
        case x.Div(left=x.PointsOf(code=code), right=x.MaximumOf()) if scope.points.get(code, (-1, 0))[0] >= 0:
            return _ZERO, None
        case x.Total() if not scope.signed:
            return _ZERO, None
        case None | x.Compare():
            return None, None
        case _:
            return _reach(expr, scope)


def _reach(expr: x.Expr, scope: Scope) -> tuple[Bound | None, Bound | None]:
    """Between which numbers a formula lies, as far as the facts and points it reads tell."""
    read = list(x.walk(expr))
    names = [part.name for part in read if isinstance(part, x.Fact)]
    specs = [spec for name in names if (spec := scope.inputs.get(name) or scope.figures.get(name)) is not None]
    points = {
        part.code: Interval(min(low, Fraction(0)), max(high, Fraction(0)))
        for part in read if isinstance(part, x.PointsOf) and part.code in scope.points
        for low, high in [scope.points[part.code]]
    }  # fmt: skip
    plain = [replace(spec, minimum=plain_bound(spec.minimum), maximum=plain_bound(spec.maximum)) for spec in specs]
    found = number(expr, env_of_inputs(plain, points=points))  # type: ignore[arg-type]
    low, high = as_fraction(found.low), as_fraction(found.high)
    return None if low is None else Bound(x.Const(low)), None if high is None else Bound(x.Const(high))

"""Registers and ratings brought down to a number: ``count of late where days > 5``, ``mean of scores``."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from rubric_engine.facts.suggest import closest
from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import BROKEN, Sort, Typed, number
from rubric_engine.syntax.tree import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]
# Reducers whose result lies among the values, so on their grid.
_KEEPS_GRID = {x.Reducer.SUM, x.Reducer.HIGHEST, x.Reducer.LOWEST, x.Reducer.MAJORITY, x.Reducer.FIRST, x.Reducer.LAST}
_RATINGS_ONLY = {"trimmed_mean", "majority"}


def resolve_reduce(node: n.Reduce, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """The number; ``if none`` stands in where there is no row to look at."""
    if heading.register is not None:
        # Rows times rows: named beforehand, the inner number is computed once.
        scope.report("RUB210", node.span, clause=scope.words(node.span), help="help_nested")
        return BROKEN
    spec = _register(node, scope)
    if spec is None:
        return BROKEN
    inside = replace(heading, register=spec)
    where: x.Truth | None = None
    if node.where is not None:
        test = resolve(node.where, scope, inside)
        if test.broken:
            return BROKEN
        if test.sort is not Sort.TRUTH:
            scope.report("RUB301", test.span, text=scope.words(test.span), found=test.sort.value, expected="condition",
                         help="help_condition")  # fmt: skip
            return BROKEN
        where = test.test
    other = None if node.other is None else resolve(node.other, scope, heading)
    if other is not None and not _is_number(other, scope):
        return BROKEN
    count = x.CountRows(spec.name, where)
    if node.what == "count":
        return number(count, Unit.PLAIN, Fraction(1))
    if node.what == "share":
        return _share(node, count, spec, other, scope)
    built = _reduced(node, spec, where, other, scope, inside, resolve)
    return built if built.broken else _told(node, built, spec, heading, scope, resolve)


def _told(
    node: n.Reduce, value: Typed, spec: InputSpec, heading: Heading, scope: Scope, resolve: Resolve
) -> Typed:
    """The same with what the author says of ties, and of whom each part is taken for."""
    reduced = value.expr
    assert isinstance(reduced, x.Reduced)
    grid = value.grid
    if node.each is not None:
        if all(column.name != node.each.text for column in spec.columns):
            _no_column(node.each, spec, scope)
            return BROKEN
        reduced = replace(reduced, each=node.each.text)
    if isinstance(node.tied, str):
        reduced = replace(reduced, tied=x.Tie(node.tied))
    elif node.tied is not None:
        told = resolve(node.tied, scope, heading)
        if not _is_number(told, scope):
            return BROKEN
        reduced = replace(reduced, tied=told.num)
        grid = None
    if reduced is not value.expr:
        scope.placed(reduced, node.span)
    return number(reduced, value.unit, grid)


def _no_column(name: n.Ident, spec: InputSpec, scope: Scope) -> None:
    near = closest(name.text, [column.name for column in spec.columns])
    scope.report("RUB312", name.span, register=spec.name, name=name.text, columns=_columns(spec), near=near or "",
                 help="help_near" if near else "help")  # fmt: skip


def _register(node: n.Reduce, scope: Scope) -> InputSpec | None:
    spec = scope.inputs.get(node.of.text)
    if spec is None:
        known = [name for name, one in scope.inputs.items() if one.columns]
        near = closest(node.of.text, known)
        scope.report("RUB311", node.of.span, name=node.of.text, near=near or "", known=", ".join(known) or "-",
                     help="help_near" if near else "help")  # fmt: skip
        return None
    scope.used.add(spec.name)
    if spec.kind not in (Kind.LIST, Kind.RATINGS):
        scope.report("RUB313", node.of.span, name=spec.name)
        return None
    return spec


def _share(node: n.Reduce, count: x.CountRows, spec: InputSpec, other: Typed | None, scope: Scope) -> Typed:
    every = x.CountRows(spec.name)
    ratio: x.Num = x.Div(count, every)
    scope.placed(ratio, node.span)
    if other is not None:
        ratio = x.If(x.Compare(x.Order.EQ, every, x.Const(Fraction(0))), other.num, ratio)
    return number(ratio, Unit.RATIO)


def _reduced(
    node: n.Reduce, spec: InputSpec, where: x.Truth | None, other: Typed | None, scope: Scope, inside: Heading,
    resolve: Resolve,
) -> Typed:  # fmt: skip
    if node.value is None and spec.kind is not Kind.RATINGS:
        scope.report("RUB312", node.span, register=spec.name, name="", columns=_columns(spec), near="",
                     help="help_which")  # fmt: skip
        return BROKEN
    if node.value is None:
        value = resolve(n.Name("rating", node.span), scope, inside)
    else:
        value = resolve(node.value, scope, inside)
    if not _is_number(value, scope):
        return BROKEN
    how = x.Reducer(node.what.replace("_", " "))
    built = x.Reduced(how, spec.name, value.num, where, None if other is None else other.num)
    scope.placed(built, node.span)
    return number(built, value.unit, value.grid if how in _KEEPS_GRID and other is None else None)


def _is_number(value: Typed, scope: Scope) -> bool:
    """Whether it is a number; said where it is something else."""
    if not value.broken and value.sort is not Sort.NUMBER:
        scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected="number",
                     help="help_number")  # fmt: skip
    return value.sort is Sort.NUMBER


def _columns(spec: InputSpec) -> str:
    return ", ".join(column.name for column in spec.columns)

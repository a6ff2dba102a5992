"""Spans between dates, and dates some months from another: ``years from born to seen``, ``3 months after sent``."""

from collections.abc import Callable
from fractions import Fraction

from rubric_engine.meaning.calendar import reckoned
from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.rules.folding import multiply, negate, subtract
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import BROKEN, Typed, number
from rubric_engine.syntax.tree import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]
_ONE = Fraction(1)
_YEAR = Fraction(12)


def resolve_time(node: n.TimeFrom | n.Later, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """A whole number of days, months or years, or a date."""
    if isinstance(node, n.Later):
        return _later(node, scope, heading, resolve)
    first, last = (_date(each, scope, heading, resolve) for each in (node.start, node.end))
    if first.broken or last.broken:
        return BROKEN
    if node.unit == "days":
        return number(subtract(last.expr, first.expr), Unit.DAYS, _ONE)
    months = _reckoned(x.Calendar.MONTHS, first.num, last.num)
    if node.unit == "months":
        return number(months, Unit.PLAIN, _ONE)
    years = x.Rounded(x.Div(months, x.Const(_YEAR)), x.Mode.FLOOR, _ONE)
    scope.calls[years] = scope.words(node.span)
    return number(years, Unit.PLAIN, _ONE)


def _later(node: n.Later, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    count, day = resolve(node.count, scope, heading), _date(node.day, scope, heading, resolve)
    if count.broken or day.broken:
        return BROKEN
    if count.unit is not Unit.PLAIN:
        scope.report("RUB303", count.span, left=count.unit, right=Unit.PLAIN, text=scope.words(node.span))
        return BROKEN
    if count.grid is None or count.grid.denominator != 1:
        scope.report("RUB319", count.span, text=scope.words(count.span), unit=node.unit)
        return BROKEN
    months = multiply(count.expr, x.Const(_YEAR)) if node.unit == "years" else count.num
    months = negate(months) if node.before else months
    later = _reckoned(x.Calendar.LATER, day.num, months)
    if not isinstance(later, x.Const):
        scope.calls[later] = scope.words(node.span)
    return number(later, Unit.DATE, _ONE)


def _reckoned(how: x.Calendar, first: x.Num, second: x.Num) -> x.Num:
    if isinstance(first, x.Const) and isinstance(second, x.Const):
        return x.Const(Fraction(reckoned(how, first.value, second.value)))
    return x.Reckoned(how, first, second)


def _date(node: n.Expr, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    value = resolve(node, scope, heading)
    if not value.broken and value.unit is not Unit.DATE:
        scope.report("RUB303", value.span, left=value.unit, right=Unit.DATE, text=scope.words(value.span),
                     help="help_date")  # fmt: skip
        return BROKEN
    return value

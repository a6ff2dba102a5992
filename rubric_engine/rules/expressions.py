"""Expressions: from syntax to typed, closed expressions. Constants are folded as they are built."""

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from rubric_engine.facts.suggest import closest
from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.rules.comparisons import report_bare_percent, resolve_comparison, resolve_is, resolve_missing
from rubric_engine.rules.folding import add, divide, multiply, negate, power, subtract
from rubric_engine.rules.growth import DEEPEST
from rubric_engine.rules.names.among import resolve_figure
from rubric_engine.rules.names.functions import resolve_apply
from rubric_engine.rules.names.level_choices import choose_level, chooses_level, extreme_level, is_value
from rubric_engine.rules.names.level_values import levelled
from rubric_engine.rules.names.references import askable
from rubric_engine.rules.names.registers import resolve_reduce
from rubric_engine.rules.names.scope import Heading, Scope, column
from rubric_engine.rules.names.time import resolve_time
from rubric_engine.rules.names.typed import (
    BROKEN,
    MOST_GRID_BITS,
    Sort,
    Typed,
    added,
    common_grid,
    divided,
    grid_bits,
    multiplied,
    number,
    truth,
    yes_no,
)
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n

LARGEST_EXPONENT = 64


def resolve_number(node: n.Expr, scope: Scope, heading: Heading) -> Typed:
    """A number, or BROKEN after saying why not."""
    return as_number(resolve(node, scope, heading), scope)


def as_number(value: Typed, scope: Scope) -> Typed:
    """The value if it is a number, or BROKEN after saying why not."""
    return value if value.broken or value.sort is Sort.NUMBER else _wrong(value, "number", scope)


def resolve_points(node: n.Expr, scope: Scope, heading: Heading) -> Typed:
    """A number that may stand for points: plain, or a ratio. A percent offers ``full points * …``."""
    value = resolve_number(node, scope, heading)
    if value.broken or value.unit in (Unit.PLAIN, Unit.RATIO, Unit.DAYS):
        return value
    help_key = "help_percent" if value.unit is Unit.PERCENT else "help_points"
    scope.report("RUB303", value.span, left=value.unit, right="points", text=scope.words(value.span), help=help_key)
    return BROKEN


def resolve_truth(node: n.Expr, scope: Scope, heading: Heading) -> Typed:
    """A condition, or BROKEN after saying why not."""
    value = resolve(node, scope, heading)
    return value if value.broken or value.sort is Sort.TRUTH else _wrong(value, "condition", scope)


def resolve(node: n.Expr, scope: Scope, heading: Heading) -> Typed:
    """Any expression, with its type and the place it was written."""
    value = _resolve(node, scope, heading)
    if value.expr is not None and scope.nesting.of(value.expr) > DEEPEST:
        return _too_deep(node.span, scope)
    if isinstance(value.expr, x.Div | x.Compare):
        scope.placed(value.expr, node.span)
    return value.at(node.span)


def _too_deep(span: Span, scope: Scope) -> Typed:
    scope.report("RUB113", span, what=DEEPEST + 1, limit=DEEPEST, help="depth")
    return BROKEN


def _resolve(node: n.Expr, scope: Scope, heading: Heading) -> Typed:
    match node:
        case n.Num(value=value, percent=percent):
            unit = Unit.PERCENT if percent else Unit.PLAIN
            return number(x.Const(value / 100 if percent else value), unit, literal=not percent)
        case n.DateLit(value=day):
            return number(x.Const(Fraction(day.toordinal())), Unit.DATE)
        case n.YesNo(value=flag):
            return yes_no(flag)
        case n.Name():
            return _name(node, scope, heading)
        case n.FullPoints(span=span):
            return _full_points(span, scope, heading)
        case n.SheetTotal(index=index):
            return number(x.Div(x.Total(), x.TotalMaximum()), Unit.RATIO) if index else number(x.Total())
        case n.NothingScoredZero():
            return truth(x.NothingZero(scope.scored_leaves))
        case n.OfNode():
            return _of_node(node, scope)
        case n.Sum() | n.Product() | n.Power() | n.Negative():
            return _arithmetic(node, scope, heading)
        case n.Comparison():
            return resolve_comparison(node, scope, _sides(node, scope, heading))
        case n.Is():
            return _is(node, scope, heading)
        case n.Missing():
            return resolve_missing(node, scope, askable(resolve(node.subject, scope, heading), scope))
        case n.Not() | n.And() | n.Or() | n.AtLeastOf():
            return _logic(node, scope, heading)
        case n.When():
            return _when(node, scope, heading)
        case n.Call():
            return _call(node, scope, heading)
        case n.RoundCall(arg=arg, to=to):
            inner = resolve_number(arg, scope, heading)
            return inner if inner.broken else rounded(inner, to)
        case n.TimeFrom() | n.Later():
            return resolve_time(node, scope, heading, resolve_number)
        case n.Reduce():
            return resolve_reduce(node, scope, heading, resolve)
        case n.Apply():
            return resolve_apply(node, scope, heading, resolve)
        case n.InexactCall():
            return _inexact(node, scope, heading)
        case n.AmongUnits() | n.Previous() | n.DaysLate():
            return resolve_figure(node, scope, heading, resolve)
        case _:
            assert_never(node)


def _name(node: n.Name, scope: Scope, heading: Heading) -> Typed:
    """A column of the register at hand, an argument of the definition at hand, or a name of the rubric."""
    if heading.register is not None:
        for spec in heading.register.columns:
            if spec.name == node.text:
                return column(spec)
    if node.text in heading.bound:
        return heading.bound[node.text]
    if heading.register is not None and not scope.knows(node.text):
        columns = [spec.name for spec in heading.register.columns]
        near = closest(node.text, [*columns, *scope.names()])
        scope.report("RUB312", node.span, register=heading.register.name, name=node.text, columns=", ".join(columns),
                     near=near or "", help="help_near" if near else "help")  # fmt: skip
        return BROKEN
    return scope.look_up(node.text, node.span)


_ARGUMENTS = {"ln": 1, "exp": 1, "sqrt": 1, "power": 2}
MOST_PLACES = 30


def _inexact(node: n.InexactCall, scope: Scope, heading: Heading) -> Typed:
    values = [resolve_number(part, scope, heading) for part in node.args]
    if any(value.broken for value in values):
        return BROKEN
    if len(values) != _ARGUMENTS[node.function] or node.places > MOST_PLACES:
        found = len(values) if node.places <= MOST_PLACES else f"{node.places} places"
        scope.report("RUB306", node.span, function=node.function, wanted=_ARGUMENTS[node.function], found=found)
        return BROKEN
    args = tuple(value.num for value in values)
    built = x.Inexact(x.Function(node.function), args, node.places)
    scope.placed(built, node.span)
    return number(built, Unit.PLAIN, Fraction(1, 10**node.places))


def _sides(node: n.Comparison, scope: Scope, heading: Heading) -> list[Typed]:
    """Both sides; the name of a level beside a value of levels is no fact (``rating is at least good``).

    Nor is an unknown one beside what may have been levels, had its own fault not been told.
    """
    first = resolve(node.first, scope, heading)
    given = levelled(first)
    lost = first.broken and not (isinstance(node.first, n.Name) and not scope.knows(node.first.text))
    others = (
        part
        for _, part in node.rest
        if not isinstance(part, n.Name)
        or (is_value(part, given, scope, heading) if given is not None else not lost or scope.knows(part.text))
    )
    return [first, *(resolve(part, scope, heading) for part in others)]


def _is(node: n.Is, scope: Scope, heading: Heading) -> Typed:
    subject = resolve(node.subject, scope, heading)
    given, choice = levelled(subject), node.choices[0]
    if given is None or len(node.choices) > 1 or not isinstance(choice, n.Name):
        return resolve_is(node, scope, subject, None)
    other = resolve(choice, scope, heading) if is_value(choice, given, scope, heading) else None
    return resolve_is(node, scope, subject, other)


def rounded(value: Typed, to: n.RoundTo) -> Typed:
    """A number rounded as the author said; it then lives on that grid. Percents count places in percent points.

    A ratio rounded to a multiple written in percents is a percent from there on.
    """
    in_percent = value.unit is Unit.PERCENT and not to.percent
    unit = Unit.PERCENT if to.percent and value.unit is Unit.RATIO else value.unit
    return on_step(value, to, rounding_step(to) / (100 if in_percent else 1), unit)


def on_step(value: Typed, to: n.RoundTo, step: Fraction, unit: Unit) -> Typed:
    """A number rounded to a known step."""
    return number(x.Rounded(value.num, x.Mode(to.mode), step), unit, step)


def rounding_step(to: n.RoundTo) -> Fraction:
    """The multiple a rounding goes to."""
    if to.multiple is not None:
        return to.multiple / 100 if to.percent else to.multiple
    return Fraction(1, 10 ** (to.places or 0))


def _wrong(value: Typed, expected: str, scope: Scope) -> Typed:
    scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected=expected,
                 help=f"help_{expected}")  # fmt: skip
    return BROKEN


def _full_points(span: Span, scope: Scope, heading: Heading) -> Typed:
    if heading.maximum is None:
        scope.report("RUB210", span, clause="full points", help="help_full_points")
        return BROKEN
    return number(x.Const(heading.maximum if heading.full is None else heading.full))


def _of_node(node: n.OfNode, scope: Scope) -> Typed:
    level = scope.code_level(node.code)
    if level is None:
        return BROKEN
    code = node.code.text
    if node.what == "unrated":
        return _unrated(node, level, scope)
    if level == "condition":
        if node.what == "met":
            return truth(x.Met(code))
        scope.report("RUB301", node.span, text=scope.words(node.span), found="condition", expected="number",
                     help="help_condition")  # fmt: skip
        return BROKEN
    points, maximum = x.PointsOf(code), x.MaximumOf(code)
    match node.what:
        case "points":
            return number(points)
        case "index":
            return number(x.Div(points, maximum), Unit.RATIO)
        case _:
            return truth(x.Compare(x.Order.GE, points, maximum))


def _unrated(node: n.OfNode, level: str, scope: Scope) -> Typed:
    """Only what is rated by what stands below it can be not rated."""
    code = node.code.text
    if level != "condition" and code in scope.parents.values():
        return truth(x.Unrated(code))
    scope.report("RUB443", node.span, clause=scope.words(node.span), code=code, help="help_state")
    return BROKEN


def _arithmetic(node: n.Sum | n.Product | n.Power | n.Negative, scope: Scope, heading: Heading) -> Typed:
    if isinstance(node, n.Power):
        return _power(node, scope, heading)
    if isinstance(node, n.Negative):
        inner = resolve_number(node.arg, scope, heading)
        return inner if inner.broken else number(negate(inner.expr), inner.unit, inner.grid, literal=inner.literal)
    first = resolve_number(node.first, scope, heading)
    rest = [(sign, resolve_number(part, scope, heading)) for sign, part in node.rest]
    if first.broken or any(part.broken for _, part in rest):
        return BROKEN
    result = first
    if sum(sign == "/" for sign, _ in rest) > DEEPEST:
        return _too_deep(node.span, scope)
    for at, (sign, part) in enumerate(rest):
        end = node.span.end if at == len(rest) - 1 else part.span.end
        result = _combine(sign, result, part, Span(node.span.start, end), scope)
        if result.broken:
            return result
    return result


def _combine(sign: str, left: Typed, right: Typed, span: Span, scope: Scope) -> Typed:
    match sign:
        case "+" | "-":
            unit = added(left.unit, right.unit, minus=sign == "-")
            grid = common_grid([left.grid, right.grid])
            built = add(left.expr, right.expr) if sign == "+" else subtract(left.expr, right.expr)
        case "*":
            unit = multiplied(left.unit, right.unit)
            grid = None if left.grid is None or right.grid is None else left.grid * right.grid
            built = multiply(left.expr, right.expr)
        case _:
            unit = divided(left.unit, right.unit, by_literal=isinstance(right.expr, x.Const))
            grid = None
            built = divide(left.expr, right.expr)
    if unit is None:
        _mismatch(left, right, span, scope)
        return BROKEN
    value = number(built, unit, grid, literal=left.literal and right.literal).at(span)
    if isinstance(built, x.Div):
        scope.placed(built, span)
    return value


def _mismatch(left: Typed, right: Typed, span: Span, scope: Scope) -> None:
    bare = right if right.literal else left
    if {left.unit, right.unit} == {Unit.PERCENT, Unit.PLAIN} and bare.literal and isinstance(bare.expr, x.Const):
        report_bare_percent(bare.expr.value, bare.span, span, scope)
        return
    scope.report("RUB303", span, left=left.unit, right=right.unit, text=scope.words(span))


def _power(node: n.Power, scope: Scope, heading: Heading) -> Typed:
    base = resolve_number(node.base, scope, heading)
    exponent = resolve_number(node.exponent, scope, heading)
    if base.broken or exponent.broken:
        return BROKEN
    value = exponent.expr.value if isinstance(exponent.expr, x.Const) else None
    if value is None or value.denominator != 1 or not 0 <= value <= LARGEST_EXPONENT:
        scope.report("RUB308", node.exponent.span, text=scope.words(node.exponent.span), limit=LARGEST_EXPONENT)
        return BROKEN
    wide = base.grid is None or grid_bits(base.grid) * value > MOST_GRID_BITS
    grid = None if base.grid is None or wide else base.grid ** int(value)
    return number(power(base.expr, int(value)), base.unit, grid)


def _logic(node: n.Not | n.And | n.Or | n.AtLeastOf, scope: Scope, heading: Heading) -> Typed:
    parts: Sequence[n.Expr] = (node.arg,) if isinstance(node, n.Not) else node.args
    values = [resolve_truth(part, scope, heading) for part in parts]
    if any(value.broken for value in values):
        return BROKEN
    args = tuple(value.test for value in values)
    match node:
        case n.Not():
            return truth(x.Not(args[0]))
        case n.And():
            return truth(x.All(args))
        case n.Or():
            return truth(x.AnyOf(args))
        case n.AtLeastOf(number=wanted):
            if wanted.percent or wanted.value.denominator != 1 or not 0 < wanted.value <= len(args):
                scope.report("RUB306", wanted.span, function="at least … of", wanted=f"1 … {len(args)}",
                             found=scope.words(wanted.span))  # fmt: skip
                return BROKEN
            return truth(x.AtLeast(int(wanted.value), args))
        case _:
            assert_never(node)


def _when(node: n.When, scope: Scope, heading: Heading) -> Typed:
    if chooses_level(node, scope, heading, resolve):
        return choose_level(node, scope, heading, resolve)
    condition = resolve_truth(node.condition, scope, heading)
    then = resolve_number(node.then, scope, heading)
    other = resolve_number(node.other, scope, heading)
    if condition.broken or then.broken or other.broken:
        return BROKEN
    unit = then.unit if then.unit is other.unit else added(then.unit, other.unit, minus=False)
    if unit is None:
        _mismatch(then, other, node.span, scope)
        return BROKEN
    built = x.If(condition.test, then.num, other.num)
    return number(built, unit, common_grid([then.grid, other.grid]))


def _call(node: n.Call, scope: Scope, heading: Heading) -> Typed:
    values = [resolve(part, scope, heading) for part in node.args]
    if node.function in ("min", "max") and values and all(value.sort is Sort.LEVEL for value in values):
        return extreme_level(node.function, values, node.span, scope)
    values = [as_number(value, scope) for value in values]
    if any(value.broken for value in values):
        return BROKEN
    one = node.function in ("abs", "floor", "ceiling")
    if not values or (one and len(values) != 1):
        scope.report("RUB306", node.span, function=node.function, wanted=1 if one else "1 …", found=len(values))
        return BROKEN
    unit: Unit | None = values[0].unit
    for value in values[1:]:
        unit = value.unit if unit is value.unit else added(unit or Unit.PLAIN, value.unit, minus=False)
        if unit is None:
            _mismatch(values[0], value, node.span, scope)
            return BROKEN
    assert unit is not None
    args = tuple(value.num for value in values)
    grid = common_grid([value.grid for value in values])
    return _apply(node.function, args, unit, grid)


def _apply(function: str, args: tuple[x.Num, ...], unit: Unit, grid: Fraction | None) -> Typed:
    match function:
        case "min":
            return number(x.Least(args), unit, grid)
        case "max":
            return number(x.Greatest(args), unit, grid)
        case "sum":
            return number(x.Add(args), unit, grid)
        case "mean":
            return number(x.Div(x.Add(args), x.Const(Fraction(len(args)))), unit)
        case "median":
            return number(x.Median(args), unit, grid if len(args) % 2 else None)
        case "abs":
            return number(x.Abs(args[0]), unit, grid)
        case _:
            mode = x.Mode.FLOOR if function == "floor" else x.Mode.CEILING
            return number(x.Rounded(args[0], mode, Fraction(1)), unit, Fraction(1))

"""Conditions on values: comparisons, levels, missing values."""

from fractions import Fraction
from typing import cast

from rubric_engine.facts.suggest import closest
from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.rules.names.level_choices import compare_levels
from rubric_engine.rules.names.level_values import Levelled, levelled, owners_of, test_of
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import BROKEN, Sort, Typed, comparable, truth
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n


def level_index(spec: Levelled, name: str, span: Span, scope: Scope) -> int | None:
    """Index of a level of this value; an unknown one is reported, saying whose it is if it is another's."""
    for at, level in enumerate(spec.levels):
        if level.name == name:
            return at
    owners = owners_of(scope).values()
    owner = next((other for other in owners if any(lv.name == name for lv in other.levels)), None)
    if owner is not None:
        scope.report("RUB304", span, level=name, input=spec.name, owner=owner.name)
        return None
    names = [level.name for level in spec.levels]
    near = closest(name, names)
    scope.report("RUB206", span, level=name, input=spec.name, levels=", ".join(names), near=near or "",
                 help="help_near" if near else "help")  # fmt: skip
    return None


def resolve_is(node: n.Is, scope: Scope, subject: Typed, other: Typed | None) -> Typed:
    """``plan is timely``, ``plan is one of (a, b)``, ``funded is yes``; ``other`` where it is a value: ``a is b``."""
    if subject.broken:
        return BROKEN
    if other is not None:
        return _same_level(node, scope, subject, other)
    if (spec := levelled(subject)) is not None:
        return _is_level(node, scope, subject, spec)
    if subject.sort is Sort.TRUTH and all(isinstance(choice, n.YesNo) for choice in node.choices):
        values = {cast(n.YesNo, choice).value for choice in node.choices}
        if len(values) == 2:
            return truth(x.Always(not node.negated))
        plain = values.pop() is not node.negated
        inner = cast(x.Truth, subject.expr)
        return truth(inner if plain else x.Not(inner))
    scope.report("RUB301", subject.span, text=scope.words(subject.span), found=subject.sort.value, expected="level",
                 help="help_level")  # fmt: skip
    return BROKEN


def _is_level(node: n.Is, scope: Scope, subject: Typed, spec: Levelled) -> Typed:
    found: list[int] = []
    for choice in node.choices:
        if isinstance(choice, n.YesNo):
            scope.report("RUB301", choice.span, text=scope.words(choice.span), found="yes/no", expected="level",
                         help="help_level")  # fmt: skip
            return BROKEN
        at = level_index(spec, choice.text, choice.span, scope)
        if at is None:
            return BROKEN
        found.append(at)
    test = test_of(subject, found)
    return truth(x.Not(test) if node.negated else test)


def _same_level(node: n.Is, scope: Scope, subject: Typed, other: Typed) -> Typed:
    if _no_level(other, scope):
        return BROKEN
    return compare_levels("!=" if node.negated else "=", subject, other, scope)


def _no_level(value: Typed, scope: Scope) -> bool:
    """Whether what stands beside a value of levels is none; that is reported."""
    if value.broken or levelled(value) is not None:
        return value.broken
    scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected="level",
                 help="help_level")  # fmt: skip
    return True


def resolve_missing(node: n.Missing, scope: Scope, subject: Typed) -> Typed:
    """``x is missing``, of an optional input."""
    if subject.broken:
        return BROKEN
    spec = subject.input
    if spec is None or subject.in_row:
        scope.report("RUB301", subject.span, text=scope.words(subject.span), found=subject.sort.value,
                     expected="input", help="help_input")  # fmt: skip
        return BROKEN
    if not spec.optional:
        scope.report("RUB301", subject.span, text=spec.name, found=spec.kind, expected="optional input",
                     help="help_optional")  # fmt: skip
        return BROKEN
    test = x.IsMissing(spec.name)
    return truth(x.Not(test) if node.negated else test)


def resolve_comparison(node: n.Comparison, scope: Scope, sides: list[Typed]) -> Typed:
    """``a < b <= c``, each neighbour compared; levels only when declared in order."""
    if sides[0].sort is Sort.LEVEL and not sides[0].broken:
        return _compare_levels(node, scope, sides)
    if any(side.broken for side in sides):
        return BROKEN
    if len(sides) == 2 and node.rest[0][0] in ("=", "!=") and all(side.sort is Sort.TRUTH for side in sides):
        return _same_truth(node, sides)
    for side in sides:
        if side.sort is not Sort.NUMBER:
            help_key = "help_is" if side.sort is Sort.LEVEL else "help_number"
            scope.report("RUB301", side.span, text=scope.words(side.span), found=side.sort.value, expected="number",
                         help=help_key)  # fmt: skip
            return BROKEN
    tests: list[x.Truth] = []
    for (order, _), left, right in zip(node.rest, sides, sides[1:], strict=False):
        if not comparable(left, right):
            _report_units(left, right, node.span, scope)
            return BROKEN
        ratio = next((one for one in (left, right) if one.unit is Unit.RATIO and one.grid is not None), None)
        if ratio is not None and Unit.PERCENT in (left.unit, right.unit):
            scope.report("RUB428", ratio.span, text=scope.words(ratio.span))
            return BROKEN
        test = x.Compare(x.Order(order), cast(x.Num, left.expr), cast(x.Num, right.expr))
        scope.placed(test, left.span.merge(right.span))
        tests.append(test)
    return truth(tests[0] if len(tests) == 1 else x.All(tuple(tests)))


def _same_truth(node: n.Comparison, sides: list[Typed]) -> Typed:
    left, right = cast(x.Truth, sides[0].expr), cast(x.Truth, sides[1].expr)
    both = x.AnyOf((x.All((left, right)), x.All((x.Not(left), x.Not(right)))))
    if isinstance(right, x.Always):
        same: x.Truth = left if right.value else x.Not(left)
    else:
        same = both
    return truth(same if node.rest[0][0] == "=" else x.Not(same))


def _compare_levels(node: n.Comparison, scope: Scope, sides: list[Typed]) -> Typed:
    subject, *others = sides
    spec = levelled(subject)
    assert spec is not None
    order, other = node.rest[0]
    if len(node.rest) == len(others) == 1 and (isinstance(other, n.Name) or levelled(others[0]) is not None):
        return BROKEN if _no_level(others[0], scope) else compare_levels(order, subject, others[0], scope)
    if len(node.rest) != 1 or not isinstance(other, n.Name):
        scope.report("RUB301", subject.span, text=scope.words(subject.span), found="level", expected="number",
                     help="help_is")  # fmt: skip
        return BROKEN
    at = level_index(spec, other.text, other.span, scope)
    if at is None:
        return BROKEN
    if order in ("=", "!="):
        scope.report("RUB301", node.span, text=scope.words(node.span), found="level", expected="number",
                     help="help_is")  # fmt: skip
        return BROKEN
    if not spec.ordered:
        scope.report("RUB305", node.span, input=spec.name, levels=" < ".join(level.name for level in spec.levels))
        return BROKEN
    keep = {
        "<": range(at), "<=": range(at + 1), ">": range(at + 1, len(spec.levels)), ">=": range(at, len(spec.levels)),
    }[order]  # fmt: skip
    return truth(test_of(subject, keep))


def _report_units(left: Typed, right: Typed, span: Span, scope: Scope) -> None:
    for bare, other in ((right, left), (left, right)):
        if bare.literal and isinstance(bare.expr, x.Const) and other.unit is Unit.PERCENT:
            report_bare_percent(bare.expr.value, bare.span, other.span, scope)
            return
    scope.report("RUB303", span, left=left.unit, right=right.unit, text=scope.words(span))


def report_bare_percent(value: Fraction, span: Span, subject: Span, scope: Scope) -> None:
    """A percent beside a bare number: say the percent that was most likely meant."""
    percent = value * 100 if value <= 1 else value
    text = scope.words(span)
    mend = f"{text}%" if value > 1 else f"{_plain(percent)}%"
    scope.report("RUB302", span, text=text, other=scope.words(subject), mend=mend)


def _plain(value: Fraction) -> str:
    from decimal import Decimal

    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"

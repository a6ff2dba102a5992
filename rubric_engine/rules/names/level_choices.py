"""Levels made from levels: one chosen by a condition, the higher or lower of several, two that are compared.

Whatever is made is the index of a level among the levels that all who take part in it share.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Level
from rubric_engine.rules.names.level_values import (
    NO,
    YES,
    Levelled,
    all_of,
    any_of,
    by_index,
    index_of,
    levelled,
    owners_of,
    test_of,
)
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import BROKEN, LevelValue, Sort, Typed, truth
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]


def chooses_level(node: n.When, scope: Scope, heading: Heading, resolve: Resolve) -> bool:
    """Whether what stands after ``then`` and ``otherwise`` are levels: names of levels, or values that have them."""
    return any(_has_level(part, scope, heading, resolve) for part in _branches(node))


def _has_level(part: n.Expr, scope: Scope, heading: Heading, resolve: Resolve) -> bool:
    match part:
        case n.Name() | n.Previous(subject=n.Name()):
            return _is_level(part if isinstance(part, n.Name) else part.subject, scope, heading)  # type: ignore[arg-type]
        case n.When():
            return chooses_level(part, scope, heading, resolve)
        case n.Call(function="min" | "max", args=args):
            return any(_has_level(arg, scope, heading, resolve) for arg in args)
        case n.Apply(name=name) if name.text in scope.tables:
            return scope.tables[name.text][0].giving is not None
        case n.Apply():
            return resolve(part, scope, heading).sort is Sort.LEVEL
        case _:
            return False


def choose_level(node: n.When, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """``when a and b > 2 then attend otherwise track``, ``when MS is missing then S otherwise MS``."""
    names = [part for part in _branches(node) if isinstance(part, n.Name) and _names_level(part, scope, heading)]
    values = [resolve(part, scope, heading) for part in _branches(node) if part not in names]
    if any(value.broken for value in values):
        return BROKEN
    for value in values:
        if value.sort is not Sort.LEVEL:
            scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected="level",
                         help="help_choice")  # fmt: skip
            return BROKEN
    given = same_levels(values, scope) if values else _list_of(names, scope)
    if given is None or not _are_levels_of(given, names, scope):
        return BROKEN
    places = {level.name: at for at, level in enumerate(given.levels)}
    possible = {places[name.text] for name in names}.union(*(possible_levels(value) for value in values))

    def index(part: n.Expr) -> x.Num | None:
        if isinstance(part, n.When):
            test = resolve(part.condition, scope, heading)
            then, other = index(part.then), index(part.other)
            if test.broken or then is None or other is None:
                return None
            if test.sort is not Sort.TRUTH:
                scope.report("RUB301", test.span, text=scope.words(test.span), found=test.sort.value,
                             expected="condition", help="help_condition")  # fmt: skip
                return None
            return x.If(test.test, then, other)
        if part in names:
            assert isinstance(part, n.Name)
            return x.Const(Fraction(places[part.text]))
        return index_of(resolve(part, scope, heading))

    chosen = index(node)
    return BROKEN if chosen is None else _value(scope.words(node.span), given, chosen, possible)


def is_value(name: n.Name, given: Levelled, scope: Scope, heading: Heading) -> bool:
    """Whether a name beside a value of levels is that of another value rather than of one of the levels."""
    return name.text not in _names(given) and (
        scope.knows(name.text) or name.text in heading.bound or name.text in _columns(heading)
    )


def extreme_level(function: str, values: Sequence[Typed], span: Span, scope: Scope) -> Typed:
    """``max(a, b)``, ``min(a, b)`` of levels in order: the higher, the lower of them."""
    given = same_levels(values, scope)
    if given is None or not _in_order(given, scope, span):
        return BROKEN
    found = values[0]
    for value in values[1:]:
        found = _extreme(function, found, value, given)
    assert found.computed is not None
    return replace(found, computed=replace(found.computed, name=scope.words(span)))


def _extreme(function: str, left: Typed, right: Typed, given: Levelled) -> Typed:
    """It has a level where one of the two has it, and the other that one or one less high, or less low."""
    size = len(given.levels)
    beside = [range(at + 1) if function == "max" else range(at, size) for at in range(size)]
    tests = tuple(
        any_of(_both(one, [at], other, beside[at]) for one, other in ((left, right), (right, left)))
        for at in range(size)
    )
    return Typed(None, Sort.LEVEL, computed=LevelValue("", given.levels, given.ordered, tests))


def _both(left: Typed, these: Sequence[int], right: Typed, those: Sequence[int]) -> x.Truth:
    """One value has one of these levels, and the other one of those."""
    tests: list[x.Truth] = []
    for value, levels in ((left, these), (right, those)):
        possible = possible_levels(value)
        wanted = possible.intersection(levels)
        tests.append(YES if wanted == possible else test_of(value, wanted) if wanted else NO)
    return all_of(tests)


def compare_levels(order: str, left: Typed, right: Typed, scope: Scope) -> Typed:
    """Two values of the same levels: which stands higher, where they are in order, or whether they are the same."""
    given = same_levels([left, right], scope)
    span = left.span.merge(right.span)
    if given is None or (order not in ("=", "!=") and not _in_order(given, scope, span)):
        return BROKEN
    size = len(given.levels)
    test = any_of(_both(left, [at], right, _beside(order, at, size)) for at in range(size))
    scope.calls[test] = scope.words(span)
    return truth(test)


def _beside(order: str, at: int, size: int) -> Sequence[int]:
    """The levels that stand so to another: above it, where that one is below."""
    match order:
        case "<":
            return range(at + 1, size)
        case "<=":
            return range(at, size)
        case ">":
            return range(at)
        case ">=":
            return range(at + 1)
        case "=":
            return [at]
        case _:
            return [one for one in range(size) if one != at]


def same_levels(values: Sequence[Typed], scope: Scope) -> Levelled | None:
    """The levels all these have; ``None`` after saying that two differ."""
    first = levelled(values[0])
    assert first is not None
    for value in values[1:]:
        other = levelled(value)
        assert other is not None
        if _names(other) != _names(first) or other.ordered is not first.ordered:
            scope.report(
                "RUB318", value.span, left=scope.words(values[0].span), right=scope.words(value.span),
                left_levels=_shown(first), right_levels=_shown(other),
            )  # fmt: skip
            return None
    return first


def possible_levels(value: Typed) -> frozenset[int]:
    """The levels, by index, that a value can have."""
    given = levelled(value)
    assert given is not None
    tests = value.computed.tests if value.computed is not None else ()
    return frozenset(at for at in range(len(given.levels)) if not tests or tests[at] != x.Always(False))


def _value(name: str, given: Levelled, index: x.Num, possible: frozenset[int] | set[int]) -> Typed:
    held = LevelValue(name, given.levels, given.ordered)
    return Typed(None, Sort.LEVEL, computed=by_index(name, held, index, possible))


def _in_order(given: Levelled, scope: Scope, span: Span) -> bool:
    if not given.ordered:
        scope.report("RUB305", span, input=given.name, levels=" < ".join(_names(given)))
    return given.ordered


def _branches(node: n.When) -> Iterator[n.Expr]:
    for part in (node.then, node.other):
        if isinstance(part, n.When):
            yield from _branches(part)
        else:
            yield part


def _is_level(name: n.Name, scope: Scope, heading: Heading) -> bool:
    if name.text in heading.bound:
        return heading.bound[name.text].sort is Sort.LEVEL
    if name.text in _columns(heading):
        return bool(_columns(heading)[name.text].levels)
    if scope.knows(name.text):
        return name.text not in scope.unreadable and scope.look_up(name.text, name.span).sort is Sort.LEVEL
    return _names_level(name, scope, heading)


def _names_level(name: n.Name, scope: Scope, heading: Heading) -> bool:
    """Whether a name is that of a level, and of no value."""
    if scope.knows(name.text) or name.text in heading.bound or name.text in _columns(heading):
        return False
    return any(name.text in _names(owner) for owner in owners_of(scope).values())


def _columns(heading: Heading) -> Mapping[str, InputSpec]:
    return {} if heading.register is None else {one.name: one for one in heading.register.columns}


def _list_of(names: Sequence[n.Name], scope: Scope) -> Levelled | None:
    """The levels that all these names are of; ``None`` after saying that there are none, or several."""
    wanted = {name.text for name in names}
    fitting: dict[tuple[Level, ...], Levelled] = {}
    owners: list[Levelled] = [*scope.level_lists.values(), *scope.inputs.values()]
    for owner in owners:
        if wanted <= set(_names(owner)):
            fitting.setdefault(owner.levels, owner)
    if len(fitting) == 1:
        (found,) = fitting.values()
        scope.used.add(found.name)
        return found
    if fitting:
        owners = list(fitting.values())
        scope.report("RUB318", names[0].span, left=owners[0].name, right=owners[1].name, level=names[0].text,
                     help="help_lists")  # fmt: skip
        return None
    owner = next(one for one in owners_of(scope).values() if names[0].text in _names(one))
    _are_levels_of(owner, names, scope)
    return None


def _are_levels_of(given: Levelled, names: Sequence[n.Name], scope: Scope) -> bool:
    stranger = next((name for name in names if name.text not in _names(given)), None)
    if stranger is None:
        return True
    owner = next(one for one in owners_of(scope).values() if stranger.text in _names(one))
    scope.report("RUB304", stranger.span, level=stranger.text, input=given.name, owner=owner.name)
    return False


def _names(given: Levelled) -> tuple[str, ...]:
    return tuple(level.name for level in given.levels)


def _shown(given: Levelled) -> str:
    return (" < " if given.ordered else ", ").join(_names(given))

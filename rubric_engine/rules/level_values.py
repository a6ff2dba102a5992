"""Levels as values: of an input, of a column, of a parameter, of a table that gives levels, of a let that names one.

A level is only ever tested for. Of an input the test is :class:`~rubric_engine.runtime.expr.IsLevel`; whatever is
computed carries one condition a level, of which exactly one holds.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from rubric_engine.model import At
from rubric_engine.rules.scope import Scope
from rubric_engine.rules.typed import LevelValue
from rubric_engine.rules.typed import Sort
from rubric_engine.rules.typed import Typed
from rubric_engine.runtime.expr import All
from rubric_engine.runtime.expr import Always
from rubric_engine.runtime.expr import AnyOf
from rubric_engine.runtime.expr import ColumnIs
from rubric_engine.runtime.expr import IsLevel
from rubric_engine.runtime.expr import RefTruth
from rubric_engine.runtime.expr import Truth
from rubric_engine.runtime.plan import InputSpec
from rubric_engine.runtime.plan import Let
from rubric_engine.runtime.suggest import closest
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.nodes import Ident

Levelled = InputSpec | LevelValue
NO, YES = Always(False), Always(True)


def levelled(value: Typed) -> Levelled | None:
    """What has the levels: the input or column itself, or the computed value; ``None`` of anything else."""
    if value.sort is not Sort.LEVEL:
        return None
    return value.computed if value.computed is not None else value.input


def test_of(value: Typed, levels: Iterable[int]) -> Truth:
    """The condition that a value of levels has one of these."""
    wanted = tuple(sorted(set(levels)))
    if value.computed is None:
        assert value.input is not None
        return ColumnIs(value.input.name, wanted) if value.in_row else IsLevel(value.input.name, wanted)
    return any_of(value.computed.tests[at] for at in wanted)


def any_of(tests: Iterable[Truth]) -> Truth:
    """One of them holds; what is settled already is not asked again."""
    open_ones = [test for test in dict.fromkeys(tests) if test != NO]
    if YES in open_ones:
        return YES
    return NO if not open_ones else open_ones[0] if len(open_ones) == 1 else AnyOf(tuple(open_ones))


def all_of(tests: Iterable[Truth]) -> Truth:
    """All of them hold; what is settled already is not asked again."""
    open_ones = [test for test in dict.fromkeys(tests) if test != YES]
    if NO in open_ones:
        return NO
    return YES if not open_ones else open_ones[0] if len(open_ones) == 1 else All(tuple(open_ones))


def chosen(args: Sequence[Typed], keys: Iterable[tuple[int, ...]]) -> Truth:
    """The condition that the levels of the arguments are one of these combinations, asked as briefly as it can be."""
    return _chosen(tuple(args), frozenset(keys))


def _chosen(args: tuple[Typed, ...], keys: frozenset[tuple[int, ...]]) -> Truth:
    rest: dict[frozenset[tuple[int, ...]], list[int]] = {}
    while len(rest) < 2:
        if rest:
            # Whatever this argument is, the same is asked of the others.
            args, keys = args[1:], next(iter(rest))
        if not args:
            return YES if keys else NO
        here = levelled(args[0])
        assert here is not None
        rest = {}
        for level in range(len(here.levels)):
            rest.setdefault(frozenset(key[1:] for key in keys if key[0] == level), []).append(level)
    return any_of(all_of((test_of(args[0], levels), _chosen(args[1:], left))) for left, levels in rest.items())


def name_levels(scope: Scope, name: str, value: Typed, label: str, span: Span) -> Typed:
    """A let of a level: one named condition a level, ``s is good``, so that none is worked out twice.

    A let that only gives an input another name, or a level already settled, needs none.
    """
    computed = value.computed
    if computed is None or all(isinstance(test, Always) for test in computed.tests):
        return value if computed is None else replace(value, computed=replace(computed, name=name))
    tests: list[Truth] = []
    for level, test in zip(computed.levels, computed.tests, strict=True):
        if isinstance(test, Always):
            tests.append(test)
            continue
        named = f"{name} {spell('IS', scope.language)} {level.name}"
        scope.lets[named] = At(Let(named, test, label, scope.line(span)), span)
        scope.used.add(named)
        tests.append(RefTruth(named))
    return replace(value, computed=LevelValue(name, computed.levels, computed.ordered, tuple(tests)))


def named_list(name: Ident, scope: Scope) -> LevelValue | None:
    """The levels of ``levels NAME: …``; ``None`` after reporting a list nobody declared."""
    found = scope.level_lists.get(name.text)
    if found is None:
        if name.text not in scope.unreadable:
            near = closest(name.text, scope.level_lists)
            scope.report("RUB201", name.span, name=name.text, near=near or "",
                         help="help_near" if near else "help_levels")  # fmt: skip
        return None
    scope.used.add(name.text)
    return found


def owners_of(scope: Scope) -> Mapping[str, Levelled]:
    """Whatever declares levels, by name: to tell an author whose level it is he wrote."""
    return {**scope.inputs, **scope.level_lists}

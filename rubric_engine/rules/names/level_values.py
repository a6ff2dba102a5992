"""Levels as values: of an input, of a column, of a parameter, of a table that gives levels, of a let that names one.

A level is tested for, or it is a key of a table. Of an input the test is
:class:`~rubric_engine.plan.expr.IsLevel`; whatever is computed carries one condition a level, of which exactly one
holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from rubric_engine.facts.suggest import closest
from rubric_engine.model import At
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind, Let
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import LevelValue, Sort, Typed
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree.nodes import Ident

Levelled = InputSpec | LevelValue
NO, YES = x.Always(False), x.Always(True)


def levelled(value: Typed) -> Levelled | None:
    """What has the levels: the input or column itself, or the computed value; ``None`` of anything else."""
    if value.sort is not Sort.LEVEL:
        return None
    return value.computed if value.computed is not None else value.input


def test_of(value: Typed, levels: Iterable[int]) -> x.Truth:
    """The condition that a value of levels has one of these."""
    wanted = tuple(sorted(set(levels)))
    if value.computed is None:
        assert value.input is not None
        return x.ColumnIs(value.input.name, wanted) if value.in_row else x.IsLevel(value.input.name, wanted)
    return any_of(value.computed.tests[at] for at in wanted)


def any_of(tests: Iterable[x.Truth]) -> x.Truth:
    """One of them holds; what is settled already is not asked again, and one index is looked at once."""
    open_ones: list[x.Truth] = []
    indices: dict[x.Num, set[int]] = {}
    for test in dict.fromkeys(tests):
        if isinstance(test, x.Among):
            indices.setdefault(test.value, set()).update(test.levels)
        elif test != NO:
            open_ones.append(test)
    if YES in open_ones:
        return YES
    open_ones += [x.Among(index, tuple(sorted(levels))) for index, levels in indices.items()]
    return NO if not open_ones else open_ones[0] if len(open_ones) == 1 else x.AnyOf(tuple(open_ones))


def all_of(tests: Iterable[x.Truth]) -> x.Truth:
    """All of them hold; what is settled already is not asked again."""
    open_ones = [test for test in dict.fromkeys(tests) if test != YES]
    if NO in open_ones:
        return NO
    return YES if not open_ones else open_ones[0] if len(open_ones) == 1 else x.All(tuple(open_ones))


def index_of(value: Typed) -> x.Num:
    """The index of the level a value has: of an input or a column what is given, else what was worked out."""
    computed = value.computed
    if computed is None:
        assert value.input is not None
        return x.Column(value.input.name) if value.in_row else x.Fact(value.input.name)
    if computed.index is not None:
        return computed.index
    last = len(computed.tests) - 1
    found: x.Num = x.Const(Fraction(last))
    for level in range(last - 1, -1, -1):
        test = computed.tests[level]
        if test == YES:
            return x.Const(Fraction(level))
        if test != NO:
            found = x.If(test, x.Const(Fraction(level)), found)
    return found


def by_index(name: str, given: LevelValue, index: x.Num, possible: Iterable[int]) -> LevelValue:
    """What a table gives: levels of a list, of which only these are possible."""
    left = frozenset(possible)
    settled = int(index.value) if isinstance(index, x.Const) else next(iter(left)) if len(left) == 1 else None
    if settled is not None:
        index = x.Const(Fraction(settled))
    tests = tuple(
        x.Always(at == settled) if settled is not None else x.Among(index, (at,)) if at in left else NO
        for at in range(len(given.levels))
    )
    return LevelValue(name, given.levels, given.ordered, tests, index)


def name_levels(scope: Scope, name: str, value: Typed, label: str, span: Span) -> Typed:
    """A let of a level: one named condition a level, ``s is good``, so that none is worked out twice.

    A let that only gives an input another name, or a level already settled, needs none.
    """
    computed = value.computed
    if computed is None or all(isinstance(test, x.Always) for test in computed.tests):
        return value if computed is None else replace(value, computed=replace(computed, name=name))
    if computed.index is not None:
        # Under the author's own name: what is worked out is the level, and each condition looks at it.
        let = Let(name, computed.index, label, scope.line(span), name, Kind.LEVEL, computed.levels)
        scope.lets[name] = At(let, span)
        possible = [at for at, test in enumerate(computed.tests) if test != NO]
        return replace(value, computed=by_index(name, computed, x.Ref(name), possible))
    tests: list[x.Truth] = []
    for level, test in zip(computed.levels, computed.tests, strict=True):
        if isinstance(test, x.Always):
            tests.append(test)
            continue
        named = f"{name} {spell('IS', scope.language)} {level.name}"
        scope.lets[named] = At(Let(named, test, label, scope.line(span), name, Kind.LEVEL, (level,)), span)
        scope.used.add(named)
        tests.append(x.RefTruth(named))
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

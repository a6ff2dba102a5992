"""What stands where a value is missing: a level or a value written out, or what another fact says."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind
from rubric_engine.rules.names.level_choices import possible_levels, same_levels
from rubric_engine.rules.names.level_values import Levelled, by_index, index_of
from rubric_engine.rules.names.scope import Scope, fact
from rubric_engine.rules.names.typed import BROKEN, LevelValue, Sort, Typed, common_grid, comparable
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n


def written_level(given: Levelled, at: int, span: Span) -> Typed:
    """A level of these, by its place, as a value."""
    held = LevelValue(given.name, given.levels, given.ordered)
    found = by_index(given.name, held, x.Const(Fraction(at)), (at,))
    return Typed(None, Sort.LEVEL, computed=found, span=span)


def or_else(value: Typed, stands: Typed, scope: Scope) -> Typed:
    """The value of an input, or of a figure, and what stands there while it is missing."""
    spec = value.input
    assert spec is not None
    gone = x.IsMissing(spec.name)
    if stands.broken:
        return BROKEN
    if stands.sort is not value.sort:
        scope.report("RUB301", stands.span, text=scope.words(stands.span), found=stands.sort.value,
                     expected=value.sort.value, help=f"help_{value.sort.value}")  # fmt: skip
        return BROKEN
    if value.sort is Sort.LEVEL:
        given = same_levels([value, stands], scope)
        if given is None:
            return BROKEN
        held = LevelValue(spec.label if spec.reference else spec.name, given.levels, given.ordered)
        index = x.If(gone, index_of(stands), index_of(value))
        possible = possible_levels(value) | possible_levels(stands)
        return replace(value, input=None, computed=by_index(held.name, held, index, possible))
    if value.sort is Sort.TRUTH:
        given_so = x.All((x.Not(gone), value.test))
        return replace(value, expr=x.AnyOf((x.All((gone, stands.test)), given_so)), input=None)
    if not comparable(value, stands):
        scope.report("RUB303", stands.span, left=value.unit, right=stands.unit, text=scope.words(stands.span))
        return BROKEN
    grid = common_grid([value.grid, stands.grid])
    return replace(value, expr=x.If(gone, stands.num, value.num), grid=grid, input=None)


def settle_stand_ins(scope: Scope) -> None:
    """What each input is for which another one stands: ``if missing other``. Those in a circle are told, once."""
    for start in scope.stand_ins:
        for name in reversed(list(_chain(start, scope))):
            other = scope.stand_ins[name]
            if name not in scope.with_stand_ins and name in scope.inputs:
                stands = scope.look_up(other.text, other.span)
                spec = scope.inputs[name]
                found = or_else(fact(spec).at(scope.spans[name]), stands, scope)
                if other.text in scope.parameters and not found.broken:
                    # A value known already is put in place where the submission is read, and the result says so.
                    value = scope.parameters[other.text].value
                    standing = bool(value) if spec.kind is Kind.YES_NO else value
                    spec = scope.inputs[name] = replace(spec, optional=False, if_missing=standing)
                    found = fact(spec)
                scope.with_stand_ins[name] = found


def _chain(start: str, scope: Scope) -> Iterator[str]:
    """The inputs whose stand-ins must be known for one, itself first; one that needs itself stands for nothing."""
    seen: list[str] = []
    name = start
    while name in scope.stand_ins and name not in scope.with_stand_ins:
        if name in seen:
            ring = [*seen[seen.index(name) :], name]
            scope.report("RUB208", scope.stand_ins[name].span, ring=" → ".join(ring))
            scope.with_stand_ins.update(dict.fromkeys(ring, BROKEN))
            return
        seen.append(name)
        name = scope.stand_ins[name].text
    yield from seen


def stands_for(given: n.Name, levels: Levelled | None, scope: Scope) -> bool:
    """Whether a name after ``if missing`` is that of another fact, or of a parameter, rather than of a level."""
    if levels is not None and any(level.name == given.text for level in levels.levels):
        return False
    return given.text in scope.spans and given.text not in scope.let_clauses  # parameters are bound after inputs

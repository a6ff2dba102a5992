"""Narrowing what is possible by a relation, and putting narrowed possibilities together. Standard library only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rubric_engine.meaning.exact import Exact
from rubric_engine.plan.expr import Truth
from rubric_engine.ranges.forms import ValueOf, bound_form
from rubric_engine.ranges.values.env import Env, LevelSet, Possible, settled_truth
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    hull,
    intersect,
    point,
    quotient,
    same_values,
    scale_by,
    shift,
)
from rubric_engine.ranges.values.linear import Atom, Linear, Terms, WholeTerms, form_key, turned, whole_terms

_STEPS = 48
_BRANCHES = 8
Assume = Callable[[Env, Truth, bool], Env | None]


def assume_each(env: Env | None, args: Iterable[Truth], holds: bool, assume: Assume) -> Env | None:
    """All are ``holds``, one after the other."""
    for arg in args:
        if env is None:
            return None
        env = assume(env, arg, holds)
    return env


def assume_some(env: Env, args: Sequence[Truth], holds: bool, assume: Assume) -> Env | None:
    """At least one is ``holds``: every way in which it is the first, put together."""
    if len(args) > _BRANCHES:
        return env
    ways: list[Env] = []
    here: Env | None = env
    for arg in args:
        if here is None:
            break
        way = assume(here, arg, holds)
        if way is not None:
            ways.append(way)
        here = assume(here, arg, not holds)
    return _joined(env, ways) if ways else None


def _joined(env: Env, ways: list[Env]) -> Env:
    """What is possible in any of these narrowings of ``env``; what stays open waits for what it waited for."""
    if len(ways) == 1:
        return ways[0]
    first, *others = ways
    numbers = {
        atom: _put_together(env.numbers.get(atom), [found, *(way.numbers[atom] for way in others)])
        for atom, found in first.numbers.items()
        if all(atom in way.numbers for way in others)
    }
    flags = {name: _any_truth(held, [way.flags[name] for way in ways]) for name, held in env.flags.items()}
    levels = {
        name: LevelSet(values, held.waits if len(values) > 1 else NO_WAITS)
        for name, held in env.levels.items()
        for values in [frozenset[int]().union(*(way.levels[name].values for way in ways))]
    }
    truths = {expr: _any_truth(held, [way.truths[expr] for way in ways]) for expr, held in env.truths.items()}
    forms = {
        key: (terms, hull([bound, *(way.forms[key][1] for way in others)]))
        for key, (terms, bound) in first.forms.items()
        if all(key in way.forms for way in others)
    }
    found = env.copy()
    found.numbers, found.flags, found.levels, found.truths, found.forms = numbers, flags, levels, truths, forms
    return found


def _put_together(before: Interval | None, parts: list[Interval]) -> Interval:
    found = hull(parts)
    return found if before is None or found.exact is not None else replace(found, waits=before.waits)


def _any_truth(before: Possible, chances: list[Possible]) -> Possible:
    found = Possible(
        any(chance.may_be_true for chance in chances), any(chance.may_be_false for chance in chances), before.waits
    )
    return found if found.known is None else settled_truth(found.may_be_true)


def narrow(env: Env, form: Linear, target: Interval, before: ValueOf, value_of: ValueOf) -> bool:
    """Require, in place, that the form lies in ``target``; false when it cannot.

    ``before`` answers as ``value_of`` until something is narrowed, but remembers what was asked.
    """
    live = form.live
    if not live:
        return intersect(point(form.const), target) is not None
    if len(live) == 1:
        (atom, factor), = live.items()
        if target.nonzero:
            cut = _without(before(atom), quotient(-form.const, factor))
        else:
            cut = intersect(before(atom), scale_by(shift(target, -form.const), quotient(1, factor)))
        if cut is None:
            return False
        _put(env, atom, cut)
        return _propagate(env, [atom], value_of)
    bound: Interval | None = shift(target, -form.const)
    if target.nonzero:
        bound = _without(bound_form(Linear(live, 0), env.forms, before), -form.const)
    return bound is not None and _add_relation(env, live, bound, value_of)


def _add_relation(env: Env, live: Terms, bound: Interval, value_of: ValueOf) -> bool:
    """One more relation, or a known one made tighter."""
    whole, size = whole_terms(live)
    key = form_key(whole)
    if env.forms and key not in env.forms:
        other = turned(whole)
        if form_key(other) in env.forms:
            whole, size, key = other, -size, form_key(other)
    bound = Interval(bound.low, bound.high, bound.low_open, bound.high_open, bound.grid, bound.nonzero)
    bound = scale_by(bound, quotient(1, size))
    if key in env.forms:
        both = intersect(env.forms[key][1], bound)
        if both is None:
            return False
        bound = both
    env.forms[key] = (whole, bound)
    env.forget()
    moved: list[Atom] = []
    return _apply(env, whole, bound, moved, value_of) and _propagate(env, moved, value_of)


def _without(item: Interval, value: Exact) -> Interval | None:
    """The interval less one value, as far as an interval can say that."""
    if item.is_point:
        return None if item.low == value else item
    if not value:
        return intersect(item, Interval(nonzero=True))
    if item.low == value and not item.low_open:
        return intersect(item, Interval(low=value, low_open=True))
    if item.high == value and not item.high_open:
        return intersect(item, Interval(high=value, high_open=True))
    return item


def _put(env: Env, atom: Atom, value: Interval) -> None:
    env.numbers[atom] = value
    env.forget()


def _propagate(env: Env, moved: list[Atom], value_of: ValueOf) -> bool:
    """Narrow each atom by the relations it stands in, until nothing moves or enough was done."""
    for _ in range(_STEPS):
        if not moved or not env.budget.take(len(env.forms)):
            return True
        atom = moved.pop(0)
        for terms, bound in tuple(env.forms.values()):
            if atom in terms and not _apply(env, terms, bound, moved, value_of):
                return False
    return True


def _apply(env: Env, terms: WholeTerms, bound: Interval, moved: list[Atom], value_of: ValueOf) -> bool:
    """Narrow each atom of a relation by the others, noting those that moved; false when nothing is left of one."""
    values = {atom: value_of(atom) for atom in terms}
    for atom, factor in terms.items():
        if not env.budget.take(len(terms)):
            return True
        before = values[atom]
        allowed = _allowed(atom, terms, bound, values)
        if not _says_more(allowed, before, factor):
            continue
        after = intersect(before, scale_by(allowed, quotient(1, factor)))
        if after is None:
            return False
        if not same_values(before, after):
            _put(env, atom, after)
            moved.append(atom)
            values = {atom: value_of(atom) for atom in terms}
    return True


def _allowed(atom: Atom, terms: WholeTerms, bound: Interval, values: Mapping[Atom, Interval]) -> Interval:
    """What a relation leaves of one of its terms: the factor times the atom."""
    low, low_open, high, high_open = bound.low, bound.low_open, bound.high, bound.high_open
    others_are_zero = bound.nonzero
    for other, part in terms.items():
        if other is atom:
            continue
        value = values[other]
        if part > 0:
            least, least_open, most, most_open = value.low, value.low_open, value.high, value.high_open
        else:
            least, least_open, most, most_open = value.high, value.high_open, value.low, value.low_open
        low = None if low is None or most is None else low - part * most
        high = None if high is None or least is None else high - part * least
        low_open, high_open = low_open or most_open, high_open or least_open
        others_are_zero = others_are_zero and value.exact is not None and not value.low
    return Interval(low, high, low_open, high_open, None, others_are_zero)


def _says_more(allowed: Interval, before: Interval, factor: int) -> bool:
    """Whether what is allowed of a term can narrow its atom."""
    low, high = (before.low, before.high) if factor > 0 else (before.high, before.low)
    least, most = allowed.low, allowed.high
    if least is not None and (low is None or least > low * factor or (allowed.low_open and least == low * factor)):
        return True
    if most is not None and (high is None or most < high * factor or (allowed.high_open and most == high * factor)):
        return True
    return allowed.nonzero

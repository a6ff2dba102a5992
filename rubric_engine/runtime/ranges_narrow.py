"""Narrowing what is possible by a relation, and putting narrowed possibilities together. Standard library only."""

from dataclasses import replace
from fractions import Fraction

from rubric_engine.runtime.expr import Num
from rubric_engine.runtime.ranges_env import Env
from rubric_engine.runtime.ranges_env import LevelSet
from rubric_engine.runtime.ranges_env import Possible
from rubric_engine.runtime.ranges_env import settled_truth
from rubric_engine.runtime.ranges_forms import ValueOf
from rubric_engine.runtime.ranges_forms import bound_form
from rubric_engine.runtime.ranges_interval import NO_WAITS
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import add_up
from rubric_engine.runtime.ranges_interval import hull
from rubric_engine.runtime.ranges_interval import intersect
from rubric_engine.runtime.ranges_interval import point
from rubric_engine.runtime.ranges_interval import same_values
from rubric_engine.runtime.ranges_interval import scale_by
from rubric_engine.runtime.ranges_linear import Linear
from rubric_engine.runtime.ranges_linear import form_key
from rubric_engine.runtime.ranges_linear import turned_key

_STEPS = 48


def joined(env: Env, ways: list[Env]) -> Env:
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
    return Env(
        numbers, flags, levels, truths, env.lets, forms, {}, {}, env.zeros, env.busy, env.registers, env.known, env.kin,
        env.heading_forms,
    )  # fmt: skip


def _put_together(before: Interval | None, parts: list[Interval]) -> Interval:
    found = hull(parts)
    return found if before is None or found.exact is not None else replace(found, waits=before.waits)


def _any_truth(before: Possible, chances: list[Possible]) -> Possible:
    found = Possible(
        any(chance.may_be_true for chance in chances), any(chance.may_be_false for chance in chances), before.waits
    )
    return found if found.known is None else settled_truth(found.may_be_true)


def narrow(env: Env, form: Linear, target: Interval, value_of: ValueOf) -> bool:
    """Require, in place, that the form lies in ``target``; false when it cannot."""
    live = form.live
    env.forget()
    if intersect(bound_form(form, env.forms, value_of), target) is None:
        return False
    bound = add_up([target, point(-form.const)]) if not target.nonzero else target
    if not live:
        return True
    if len(live) == 1:
        (atom, factor), = live.items()
        if target.nonzero:
            cut = _without(value_of(atom), -form.const / factor)
        else:
            cut = intersect(value_of(atom), scale_by(bound, 1 / factor))
        return cut is not None and _put(env, atom, cut) and _propagate(env, [atom], value_of)
    if target.nonzero:
        cut = _without(bound_form(Linear(live, Fraction(0)), env.forms, value_of), -form.const)
        if cut is None:
            return False
        bound = cut
    key, size = form_key(live)
    turned = turned_key(key)
    if turned in env.forms:
        key, size = turned, -size
    bound = replace(scale_by(bound, 1 / size), waits=NO_WAITS, may_be_undefined=False)
    terms = dict(key)
    if key in env.forms:
        both = intersect(env.forms[key][1], bound)
        if both is None:
            return False
        bound = both
    env.forms[key] = (terms, bound)
    env.forget()
    return _propagate(env, list(terms), value_of)


def _without(item: Interval, value: Fraction) -> Interval | None:
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


def _put(env: Env, atom: Num, value: Interval) -> bool:
    env.numbers[atom] = value
    env.forget()
    return True


def _propagate(env: Env, changed: list[Num], value_of: ValueOf) -> bool:
    """Narrow each atom by the relations it stands in, until nothing moves or enough was done."""
    queue = list(changed)
    for _ in range(_STEPS):
        if not queue:
            return True
        moved = queue.pop(0)
        for terms, bound in tuple(env.forms.values()):
            if moved not in terms:
                continue
            for atom, factor in terms.items():
                rest = [scale_by(value_of(other), -part) for other, part in terms.items() if other is not atom]
                allowed = scale_by(add_up([bound, *rest]), 1 / factor)
                before = value_of(atom)
                after = intersect(before, Interval(
                    allowed.low, allowed.high, allowed.low_open, allowed.high_open, None, allowed.nonzero,
                    allowed.waits, allowed.may_be_undefined,
                ))  # fmt: skip
                if after is None:
                    return False
                if not same_values(before, after):
                    _put(env, atom, after)
                    queue.append(atom)
    return True

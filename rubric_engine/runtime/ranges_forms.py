"""Bounds of sums and quotients from how their parts are bound to one another. Standard library only."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from fractions import Fraction

from rubric_engine.runtime.expr import Num
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import add_up
from rubric_engine.runtime.ranges_interval import intersect
from rubric_engine.runtime.ranges_interval import point
from rubric_engine.runtime.ranges_interval import scale_by
from rubric_engine.runtime.ranges_linear import FormKey
from rubric_engine.runtime.ranges_linear import Linear
from rubric_engine.runtime.ranges_linear import Terms
from rubric_engine.runtime.ranges_linear import add_terms
from rubric_engine.runtime.ranges_linear import form_key
from rubric_engine.runtime.ranges_linear import turned_key

Relations = Mapping[FormKey, tuple[Terms, Interval]]
ValueOf = Callable[[Num], Interval]
_FEW = 8
_REPLACED = 2
_NO_REST = Fraction(0)


def bound_form(form: Linear, relations: Relations, value_of: ValueOf) -> Interval:
    """Bounds of a sum: term by term, then by every relation that lets a term be replaced, twice over."""
    if len(form.live) < 2 or not relations:
        return _by_terms(form, value_of)
    return _bound(form, relations, value_of, _REPLACED, {})


def _by_terms(form: Linear, value_of: ValueOf) -> Interval:
    if not form.terms:
        return point(form.const)
    parts = [scale_by(value_of(atom), factor) for atom, factor in form.terms.items()]
    return add_up([*parts, point(form.const)])


def _bound(
    form: Linear, relations: Relations, value_of: ValueOf, depth: int, done: dict[tuple[object, int], Interval]
) -> Interval:
    """As :func:`bound_form`; ``done`` holds the sums already met, which come back by many ways."""
    found = _by_terms(form, value_of)
    live = form.live
    if len(live) < 2 or found.exact is not None:
        return found
    known, factor = _known_form(live, relations)
    if known is not None:
        found = _tighter(found, scale_by(known, factor), form.const)
    if not depth:
        return found
    for terms, bound in relations.values():
        for atom in live.keys() & terms.keys():
            ratio = -live[atom] / terms[atom]
            rest = {a: f for a, f in add_terms(live, terms, ratio).items() if f}
            if len(rest) <= len(live):
                key = (frozenset(rest.items()), depth)
                other = done.get(key)
                if other is None:
                    other = done[key] = _bound(Linear(rest, _NO_REST), relations, value_of, depth - 1, done)
                found = _tighter(found, add_up([other, scale_by(bound, -ratio)]), form.const)
    return found


def _tighter(found: Interval, other: Interval, const: Fraction) -> Interval:
    return intersect(found, add_up([other, point(const)])) or found


def _known_form(live: Terms, relations: Relations) -> tuple[Interval | None, Fraction]:
    """What is known of this sum as a whole, and the factor it is known by."""
    key, size = form_key(live)
    if key in relations:
        return relations[key][1], size
    turned = turned_key(key)
    return (relations[turned][1], -size) if turned in relations else (None, size)


def candidate_ratios(above: Linear, below: Linear, relations: Relations) -> Iterable[Fraction]:
    """Numbers the quotient might be bounded by: quotients of coefficients, directly and through relations."""
    under = below.live
    tops: list[Terms] = [above.live]
    for top in tuple(tops):
        for terms, _ in relations.values():
            tops += [add_terms(top, terms, -top[atom] / terms[atom]) for atom in top.keys() & terms.keys()]
    tops += [
        add_terms(top, terms, -top[atom] / terms[atom])
        for top in tops[1 : _FEW + 1]
        for terms, _ in relations.values()
        for atom in top.keys() & terms.keys()
        if top[atom] and atom not in under
    ]
    found = (top[atom] / under[atom] for top in tops for atom in top.keys() & under.keys() if top[atom])
    return dict.fromkeys(found)

"""Facts bound to one another by their declarations. Standard library only.

``done`` at most ``planned``, and both at most ``staff``: a hundred headings may hang on one number. Once the bounds
have narrowed what can be narrowed, facts that hang by one relation say nothing more of the others, so a heading is read
with those it names and the relations between them.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from rubric_engine.plan.expr import Compare, Fact
from rubric_engine.ranges.forms import bound_form
from rubric_engine.ranges.values.env import Env, Kin
from rubric_engine.ranges.values.expr import assume, difference, value_in
from rubric_engine.ranges.values.interval import Interval, may_be
from rubric_engine.ranges.values.linear import Atom, FormKey, WholeTerms
from rubric_engine.ranges.values.narrow import narrow
from rubric_engine.ranges.values.truths import OPPOSITE, TARGETS

_FEW_RELATIONS: Final = 6
Forms = Mapping[FormKey, tuple[WholeTerms, Interval]]


def bound_together(env: Env, bounds: Sequence[Compare]) -> Env:
    """The environment where all bounds hold."""
    found = env.copy()
    if all(_require(found, bound) for bound in bounds):
        return found
    # Bounds that contradict one another are reported where they are declared: here each counts that still can.
    for bound in bounds:
        env = assume(env, bound, True) or env
    return env


def _require(env: Env, bound: Compare) -> bool:
    """As ``assume``, in place and without asking all relations first whether it can hold; false when it cannot."""
    form, _ = difference(bound, env)
    value_of = value_in(env)
    apart = bound_form(form, {}, value_of)
    if not may_be(apart, OPPOSITE[bound.order]):
        return True
    return may_be(apart, bound.order) and narrow(env, form, TARGETS[bound.order], value_of, value_of)


def kin_of(names: tuple[str, ...], atoms: tuple[Atom, ...], forms: Forms) -> Kin:
    """These facts, the expressions narrowed with them, and the relations between them."""
    # A bound that multiplies two facts ties more than its own terms to one another.
    plain = all(isinstance(atom.expr, Fact) for terms, _ in forms.values() for atom in terms)
    if len(forms) <= _FEW_RELATIONS or atoms or not plain:
        return Kin(names, atoms, tuple(forms))
    hangs = _hanging(forms)
    core = forms.keys() - hangs.values()
    return Kin(names, atoms, tuple(key for key in forms if key in core), hangs)


def _hanging(forms: Forms) -> dict[Atom, FormKey]:
    """Of each atom that hangs by one relation, once what hangs by it is taken away: that relation."""
    standing: dict[Atom, set[FormKey]] = {}
    for key, (terms, _) in forms.items():
        for atom in terms:
            standing.setdefault(atom, set()).add(key)
    found: dict[Atom, FormKey] = {}
    todo = [atom for atom, keys in standing.items() if len(keys) == 1]
    while todo:
        keys = standing[todo.pop()]
        if len(keys) != 1:
            continue
        key, = keys
        held = [atom for atom in forms[key][0] if len(standing[atom]) > 1]
        if len(held) > 1:
            continue
        for atom in forms[key][0]:
            standing[atom].discard(key)
            if atom not in held:
                found[atom] = key
        todo += [atom for atom in held if len(standing[atom]) == 1]
    return found

"""Sums of constant multiples of *atoms* (facts, and expressions that are not sums): the shape relations are kept in.

``done`` at most ``planned`` is the form ``done - planned``, known not to be above 0. Pure data, no environment.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from rubric_engine.meaning.exact import Exact
from rubric_engine.plan.expr import Num
from rubric_engine.plan.record import record


class Atom:
    """A part of sums, told apart by identity: looked up all the time, and costly to compare by value."""

    __slots__ = ("expr",)

    def __init__(self, expr: Num) -> None:
        self.expr = expr


class Atoms(dict[Num, Atom]):
    """The one atom of each expression."""

    def __missing__(self, expr: Num) -> Atom:
        found = self[expr] = Atom(expr)
        return found


Terms = Mapping[Atom, Exact]
# Relations are kept with whole coefficients that have no common divisor: one key for all multiples of a form.
WholeTerms = Mapping[Atom, int]
FormKey = frozenset[tuple[Atom, int]]


@record
class Linear:
    """``const`` plus each coefficient times its atom. A zero coefficient stays where the atom may be undefined."""

    terms: Terms
    const: Exact

    @property
    def live(self) -> dict[Atom, Exact]:
        """The terms that count."""
        return {atom: factor for atom, factor in self.terms.items() if factor}


def constant_form(value: Exact) -> Linear:
    """A known number."""
    return Linear({}, value)


def scale_form(form: Linear, factor: Exact) -> Linear:
    """A constant times the form."""
    return Linear({atom: part * factor for atom, part in form.terms.items()}, form.const * factor)


def add_up_forms(forms: Iterable[Linear]) -> Linear:
    """The sum of several."""
    found: dict[Atom, Exact] = {}
    const: Exact = 0
    for form in forms:
        const += form.const
        for atom, part in form.terms.items():
            found[atom] = found.get(atom, 0) + part
    return Linear(found, const)


def add_forms(a: Linear, b: Linear, factor: Exact = 1) -> Linear:
    """``a + factor * b``; what cancels stays as 0."""
    const = a.const + factor * b.const if b.const else a.const
    if not b.terms:
        return Linear(a.terms, const)
    found = dict(a.terms)
    plain = factor == 1
    for atom, part in b.terms.items():
        before = found.get(atom)
        more = part if plain else factor * part
        found[atom] = before + more if before else more
    return Linear(found, const)


def whole_terms(terms: Terms) -> tuple[dict[Atom, int], Exact]:
    """The form as whole coefficients without a common divisor, and the factor above 0 that was taken out."""
    bottom = lcm(*(part.denominator for part in terms.values()))
    whole = {atom: part.numerator * (bottom // part.denominator) for atom, part in terms.items()}
    common = gcd(*whole.values())
    if common > 1:
        whole = {atom: part // common for atom, part in whole.items()}
    return whole, common if bottom == 1 else Fraction(common, bottom)


def form_key(whole: WholeTerms) -> FormKey:
    """Equal for equal forms."""
    return frozenset(whole.items())


def turned(whole: WholeTerms) -> dict[Atom, int]:
    """The form with its sign turned."""
    return {atom: -part for atom, part in whole.items()}

"""Bounds of sums and quotients from how their parts are bound to one another. Standard library only."""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice

from rubric_engine.meaning.exact import Exact
from rubric_engine.plan.expr import Mode
from rubric_engine.ranges.values.interval import (
    Interval,
    add_up,
    common_grid,
    intersect,
    on_grid,
    point,
    quotient,
    scale_by,
    shift,
)
from rubric_engine.ranges.values.linear import (
    Atom,
    FormKey,
    Linear,
    WholeTerms,
    add_forms,
    scale_form,
    turned,
    whole_terms,
)

Relations = Mapping[FormKey, tuple[WholeTerms, Interval]]
ValueOf = Callable[[Atom], Interval]
# The most a sum can come to, and whether it only comes near.
End = tuple[Exact, bool] | None
_FEW = 8
_CANDIDATES = 8
_DEPTH = 2


def bound_form(form: Linear, relations: Relations, value_of: ValueOf) -> Interval:
    """Bounds of a sum: term by term, then by every relation that lets a term be replaced."""
    terms = form.terms
    if not terms:
        return point(form.const)
    if len(terms) == 1:
        (atom, factor), = terms.items()
        return shift(scale_by(value_of(atom), factor), form.const)
    found = add_up([*[scale_by(value_of(atom), factor) for atom, factor in terms.items()], point(form.const)])
    if not relations or found.exact is not None:
        return found
    live = form.live
    if len(live) < 2:
        return found
    whole, size = whole_terms(live)
    sums = _Sums(relations, value_of)
    most, least = sums.most(whole, _DEPTH), sums.most(turned(whole), _DEPTH)
    if most is not None:
        top = Interval(high=most[0] * size + form.const, high_open=most[1])
        found = intersect(found, top) or found
    if least is not None:
        bottom = Interval(low=form.const - least[0] * size, low_open=least[1])
        found = intersect(found, bottom) or found
    if not form.const and sums.is_not_zero(whole):
        found = intersect(found, Interval(nonzero=True)) or found
    return found


class _Sums:
    """Sums bounded from above, on plain numbers: the innermost work of all ranges."""

    def __init__(self, relations: Relations, value_of: ValueOf) -> None:
        self._relations = relations
        self._value_of = value_of
        self._values: dict[Atom, Interval] = {}

    def is_not_zero(self, whole: WholeTerms) -> bool:
        """Whether the sum is known to differ from 0, as a whole."""
        sums = (whole, turned(whole))
        return any(bound.nonzero and terms in sums for terms, bound in self._relations.values())

    def most(self, whole: WholeTerms, depth: int) -> End:
        """The most the sum can come to, term by term or with a term replaced through a relation.

        No replacement leaves more terms than there were; at depth 0 it must leave none.
        """
        direct = found = self._term_by_term(whole)
        if len(whole) < 2:
            return found
        for terms, bound in self._relations.values():
            for atom, factor in terms.items():
                have = whole.get(atom, 0)
                # size x sum = rest + have x relation, where the size is above 0.
                size, have = (factor, have) if factor > 0 else (-factor, -have)
                end = bound.high if have > 0 else bound.low
                if not have or end is None:
                    continue
                rest = _less(whole, size, terms, have)
                if len(rest) > (len(whole) if depth else 0):
                    continue
                more: End = self.most(rest, depth - 1) if rest else (0, False)
                if more is not None:
                    is_open = more[1] or (bound.high_open if have > 0 else bound.low_open)
                    found = _lower_end(found, (quotient(more[0] + have * end, size), is_open))
        return found if found is direct or found is None or depth == _DEPTH else self._on_grid(whole, found)

    def _term_by_term(self, whole: WholeTerms) -> End:
        total: Exact = 0
        is_open = False
        for atom, factor in whole.items():
            value = self._value(atom)
            end, end_open = (value.high, value.high_open) if factor > 0 else (value.low, value.low_open)
            if end is None:
                return None
            total += end * factor
            is_open = is_open or end_open
        return total, is_open

    def _value(self, atom: Atom) -> Interval:
        found = self._values.get(atom)
        if found is None:
            found = self._values[atom] = self._value_of(atom)
        return found

    def _on_grid(self, whole: WholeTerms, end: tuple[Exact, bool]) -> End:
        """The end moved down to a value the sum can take."""
        grid = common_grid(scale_by(self._value(atom), factor) for atom, factor in whole.items())
        if grid is None:
            return end
        high, is_open = on_grid(end[0], end[1], grid, Mode.FLOOR)
        return (0 if high is None else high), is_open


def _less(whole: WholeTerms, size: int, terms: WholeTerms, times: int) -> dict[Atom, int]:
    """Coefficients of ``size x whole - times x terms``."""
    rest = {}
    for atom, part in whole.items():
        left = part * size - times * terms.get(atom, 0)
        if left:
            rest[atom] = left
    for atom, part in terms.items():
        if atom not in whole:
            rest[atom] = -times * part
    return rest


def _lower_end(one: End, other: tuple[Exact, bool]) -> tuple[Exact, bool]:
    """The end that says more."""
    if one is None or other[0] < one[0] or (other[0] == one[0] and other[1]):
        return other
    return one


def bound_quotient(
    found: Interval, above: Linear, below: Linear, negative: bool, relations: Relations, value_of: ValueOf
) -> Interval:
    """A quotient by how its two parts are bound to one another; ``negative``: the divisor is not above 0."""
    for ratio in islice(_candidate_ratios(above, below, relations), _CANDIDATES):
        if (found.low is not None and ratio < found.low) or (found.high is not None and ratio > found.high):
            continue
        # The sign of left - ratio x right is the sign of the quotient - ratio (turned under a negative divisor).
        sign = -1 if negative else 1
        across = add_forms(scale_form(above, sign * ratio.denominator), below, -sign * ratio.numerator)
        gap = bound_form(across, relations, value_of)
        if gap.high is not None and gap.high <= 0:
            found = intersect(found, Interval(high=ratio, high_open=gap.high_open and not gap.high)) or found
        if gap.low is not None and gap.low >= 0:
            found = intersect(found, Interval(low=ratio, low_open=gap.low_open and not gap.low)) or found
    return found


def _candidate_ratios(above: Linear, below: Linear, relations: Relations) -> Iterable[Exact]:
    """Numbers the quotient might be bounded by: quotients of coefficients, directly and through relations."""
    under = below.live
    tops: list[Mapping[Atom, Exact]] = [above.live]
    tops += _replaced(tops[0], relations, frozenset())
    for top in tops[1 : _FEW + 1]:
        tops += _replaced(top, relations, under.keys())
    found = (quotient(top[atom], under[atom]) for top in tops for atom in top.keys() & under.keys() if top[atom])
    return dict.fromkeys(found)


def _replaced(top: Mapping[Atom, Exact], relations: Relations, kept: Collection[Atom]) -> list[dict[Atom, Exact]]:
    """The form with one of its terms replaced through a relation, each way there is; some are ``kept``."""
    return [
        {each: top.get(each, 0) - quotient(top[atom], factor) * terms.get(each, 0) for each in (*top, *terms)}
        for terms, _ in relations.values()
        for atom, factor in terms.items()
        if top.get(atom) and atom not in kept
    ]

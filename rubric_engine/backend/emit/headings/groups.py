"""Groups that combine the indices of their children instead of adding points.

Where every child surely takes part with a known maximum, the combination is written out over constants and keeps a
fixed denominator where it can. Else the children that take part are gathered in a list of rows ``(n, d, w)``: an index
``n / d`` and its weight ``w`` as a whole number; ``o7`` tells whether the group is rated.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import lcm
from typing import TYPE_CHECKING

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.numbers import Var, touched
from rubric_engine.backend.emit.rows import undefined
from rubric_engine.backend.emit.scales import is_rated, whole
from rubric_engine.backend.emit.values import Cond, Val
from rubric_engine.backend.leaves import is_counted, weight_of
from rubric_engine.meaning.states import Rated, Stands, stands_if_not_rated
from rubric_engine.plan import expr as x
from rubric_engine.plan.combine import CHOOSING, left_out
from rubric_engine.plan.expr import Order
from rubric_engine.plan.plan import Combine, CombineKind, PlanNode

if TYPE_CHECKING:
    from rubric_engine.backend.emit.headings.nodes import NodeWriter

K = CombineKind
SPELT_OUT = {K.WEIGHTED_MEAN, K.MEAN, K.LOWEST, K.HIGHEST, K.MEDIAN, K.PRODUCT} | CHOOSING
_ONE = Fraction(1)
_ANY: v.Ends = (None, None)


@dataclass(frozen=True, slots=True)
class Taking:
    """Those that take part: by constants (``indices`` with weights), or as the names of rows and their weight.

    In SUM_POSITIVE all do, and only what their points are set against is found: ``whole``.
    """

    indices: tuple[tuple[Val, Fraction], ...] = ()
    rows: str = ""
    weight: str = ""
    test: str = ""  # when the group is rated; empty: always
    whole: Val | None = None  # of SUM_POSITIVE: the maxima above 0 together


class GroupWriter:
    """Writes combinations into the function of a :class:`NodeWriter`."""

    def __init__(self, writer: "NodeWriter") -> None:
        self.to = writer
        self.known: dict[int, Taking] = {}

    def rated(self, at: int, node: PlanNode, combine: Combine, ends: list[v.Ends]) -> None:
        """What a group that applies earns; nothing, out of nothing, where there is too little to go by."""
        taking = self.taking(node, combine)
        if taking is None:
            self._lacking(at, node, ends)
            return
        self.known[at] = taking
        self._where(taking.test, at, node, ends)

    def adding(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        """What a group that adds earns, or is scored by a formula, unless one it adds is not rated or none applies."""
        test = self.to.stands.test(at, node)
        if self.to.stands.never_rated(at):
            self._lacking(at, node, ends)
        else:
            self._where(test, at, node, ends)

    def _where(self, rated: str, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        if not rated:
            self._earning(at, node, ends)
            return
        self.to.w.line(f"if {rated}:")
        with self.to.w.indented():
            self._earning(at, node, ends)
        self.to.w.line("else:")
        with self.to.w.indented():
            self._lacking(at, node, ends)

    def _lacking(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        """A group without anything to be rated by: a requirement of its own that fails comes first."""
        self.to.name_maximum(at)

        def failed(i: int) -> None:
            if self.to.keep:
                self.to.w.line(f"r{at} = {i}")
            self._seen(at, Rated.FAILED)
            self.to.stands.put(at, Stands.IN)
            self._instead(at, node, node.requirements[i].otherwise, ends)

        def met() -> None:
            ways = self.to.stands.own[at] - {Stands.IN}
            if len(ways) == 1:
                self._nothing(at, node, Stands.OUT in ways, ends)
                return
            self.to.w.line(f"if n{at} == {int(Stands.OUT)}:")
            with self.to.w.indented():
                self._nothing(at, node, True, ends)
            self.to.w.line("else:")
            with self.to.w.indented():
                self._nothing(at, node, False, ends)

        if node.requirements:
            self.to.chain([x.Not(r.holds) for r in node.requirements], failed, met)
        else:
            met()

    def _nothing(self, at: int, node: PlanNode, out: bool, ends: list[v.Ends]) -> None:
        if not out:
            self._not_rated(at, node, ends)
            return
        self._seen(at, Rated.NOTHING)
        self.to.stands.put(at, Stands.OUT)
        self._no_points(at, ends)

    def _seen(self, at: int, rated: Rated) -> None:
        if self.to.leaves.keeps_rated(at):
            self.to.w.line(f"o{at} = {int(rated)}")

    def _no_points(self, at: int, ends: list[v.Ends]) -> None:
        if self.to.wants_maximum(at):
            self.to.w.line(f"m{at} = 0")
        self.to.assign(self.to.points[at], v.const(Fraction(0)))
        ends.append((Fraction(0), Fraction(0)))

    def _instead(self, at: int, node: PlanNode, value: x.Num, ends: list[v.Ends]) -> None:
        """These points out of the full maximum, where what is below gives none."""
        if self.to.wants_maximum(at):
            self.to.w.line(f"m{at} = {whole(node.maximum, self.to.scales.maximum)}")
        work = self.to.work(at, node)
        self.to.assign(work, self.to.num(value))
        ends.append(self.to.finish(at, node, work))

    def _earning(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        self.to.stands.put(at, Stands.IN)
        self.to.applicable(at, node)
        self.to.body(at, node, ends)

    def _not_rated(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        """Nothing, out of nothing; or what the rubric says of that."""
        policy = node.if_not_rated
        self._seen(at, Rated.NO)
        self.to.stands.put(at, stands_if_not_rated(policy))
        if policy is None or policy.value is None:
            self._no_points(at, ends)
        else:
            self._instead(at, node, policy.value, ends)

    def children(self, node: PlanNode) -> list[int]:
        """Those that can count at all."""
        return [c for c in node.children if is_counted(self.to.plan.nodes[c])]

    def is_steady(self, node: PlanNode) -> bool:
        """Whether all children have their printed maximum whatever the facts."""
        return self.to.scales.steady.issuperset(self.children(node))

    def taking(self, node: PlanNode, combine: Combine) -> Taking | None:
        """Those that take part; ``None`` where there can be none, or too few."""
        children = self.children(node)
        nodes = self.to.plan.nodes
        if not self.is_steady(node):
            return self._gathered(children, combine)
        if not is_rated(self.to.plan, combine, children):
            return None
        if combine.kind is K.SUM_POSITIVE:
            return Taking(whole=v.const(sum((weight_of(nodes[c], combine.kind) for c in children), Fraction(0))))
        found = []
        for child in children:
            most = nodes[child].maximum
            if most > 0:
                points = self.to.points[child].value
                index = v.scaled(points, v.times_ends(points.ends, 1 / most), 1 / most)
                found.append((index, weight_of(nodes[child], combine.kind)))
        return Taking(indices=tuple(found))

    def _gathered(self, children: list[int], combine: Combine) -> Taking:
        to = self.to
        nodes = to.plan.nodes
        weights = [weight_of(nodes[c], combine.kind) for c in children]
        unit = lcm(*(weight.denominator for weight in weights))
        numbers = [int(weight * unit) for weight in weights]
        rows, weight = to.w.fresh(), to.w.fresh()
        adds = combine.kind is K.SUM_POSITIVE
        gather = self._add_up if adds else self._gather
        to.w.line(f"{rows} = {'0' if adds else '[]'}")
        to.w.line(f"{weight} = 0")
        for child, number in zip(children, numbers, strict=True):
            maximum = v.const(nodes[child].maximum) if child in to.scales.steady else to.maxima[child]
            known = maximum.constant
            if known is None:
                to.w.line(f"if {maximum.code} > 0:")
                with to.w.indented():
                    # A whole number above 0, so not below one unit of its scale.
                    above = Fraction(maximum.factor, maximum.scale)
                    gather(rows, weight, child, number, maximum._replace(ends=(above, None)))
            elif known > 0:
                gather(rows, weight, child, number, maximum)
        needs = combine.needs or Fraction(0)
        most = sum(numbers) * needs
        enough = f"{weight} * {most.denominator} >= {most.numerator}" if most > 0 else weight
        if not adds:
            return Taking(rows=rows, weight=weight, test=enough)
        positive = v.reduced(Val(rows, ends=(Fraction(1, to.scales.maximum), None)), 1, to.scales.maximum)
        return Taking(test=enough, whole=positive)

    def _add_up(self, whole: str, weight: str, child: int, number: int, maximum: Val) -> None:
        self.to.w.line(f"{whole} += {v.at_scale(maximum, self.to.scales.maximum)}")
        self.to.w.line(f"{weight} += {number}")

    def _gather(self, rows: str, weight: str, child: int, number: int, maximum: Val) -> None:
        index = self.to.quotient(self.to.points[child].value, maximum)
        self.to.w.line(f"{rows} += [({v.numerator(index)}, {v.denominator(index)}, {number})]")
        self.to.w.line(f"{weight} += {number}")

    # ---- what they come to

    def combined(self, at: int, node: PlanNode, combine: Combine) -> Val:
        """The points: the printed maximum times the combined index, or what counts when an index is 0."""
        taking = self.known[at]
        if taking.whole is not None:
            return self._times(self.to.quotient(self.to.sum_of_points(node.children), taking.whole), node.maximum)
        if taking.indices and combine.kind in SPELT_OUT:
            return self._spelt_out(node.maximum, combine, list(taking.indices))
        if taking.indices:
            taking = self._listed(taking)
        index = partial(self._of_rows, combine, taking)
        if combine.kind not in (K.GEOMETRIC, K.HARMONIC):
            return self._times(index(), node.maximum)
        zero = self._any_zero(taking)
        if combine.if_zero is None:
            undefined(self.to, zero)
            return self._times(index(), node.maximum)
        other = combine.if_zero
        return self.to.either(
            Cond(f"not {zero}", v.C_NOT), lambda: self._times(index(), node.maximum), lambda: self.to.num(other)
        )

    def _times(self, index: Val, most: Fraction) -> Val:
        return v.scaled(index, v.times_ends(index.ends, most), most)

    def _spelt_out(self, most: Fraction, combine: Combine, indices: list[tuple[Val, Fraction]]) -> Val:
        to = self.to
        values = [value for value, _ in indices]
        match combine.kind:
            case K.WEIGHTED_MEAN:
                whole = sum((weight for _, weight in indices), Fraction(0))
                return to.sum_of([self._times(value, most * weight / whole) for value, weight in indices])
            case K.MEAN:
                return to.sum_of([self._times(value, most / len(values)) for value in values])
            case K.LOWEST | K.HIGHEST:
                return self._times(to.extreme(values, Order.LT if combine.kind is K.LOWEST else Order.GT), most)
            case K.MEDIAN:
                return self._times(to.median(values), most)
            case K.PRODUCT:
                product = values[0]
                for value in values[1:]:
                    product = to.named(to.product(product, value))
                return self._times(product, most)
            case _:
                low, high = left_out(combine.kind, combine.count, len(values))
                ordered, scale, below = to.ordered(values)
                number = len(values) - low - high
                ends = v.hull_ends([value.ends for value in values])
                kept = f"{ordered}[{low}:{low + number if high else ''}]"
                return self._times(Val(f"sum({kept})", 1, scale * number, below, ends=ends), most)

    def _listed(self, taking: Taking) -> Taking:
        """The same as rows, for what is computed from a list anyway."""
        unit = lcm(*(weight.denominator for _, weight in taking.indices))
        whole = [(value, int(weight * unit)) for value, weight in taking.indices]
        rows = [f"({touched(v.numerator(value))}, {v.denominator(value)}, {weight})" for value, weight in whole]
        return Taking(rows=self.to.temp(f"({', '.join(rows)},)"), weight=v.literal(sum(weight for _, weight in whole)))

    def _row(self, taking: Taking) -> tuple[str, str, str]:
        """Write the head of a loop over the rows."""
        name = self.to.w.fresh()
        self.to.w.line(f"for {name}n, {name}d, {name}w in {taking.rows}:")
        return f"{name}n", f"{name}d", f"{name}w"

    def _any_zero(self, taking: Taking) -> str:
        zero = self.to.temp("0")
        top, _, _ = self._row(taking)
        with self.to.w.indented():
            self.to.w.line(f"if {top} <= 0:")
            with self.to.w.indented():
                self.to.w.line(f"{zero} = 1")
        return zero

    def _of_rows(self, combine: Combine, taking: Taking) -> Val:
        match combine.kind:
            case K.GEOMETRIC | K.POWER:
                return self._rooted(combine, taking)
            case K.HARMONIC:
                return self._harmonic(taking)
            case K.PRODUCT:
                return self._product(taking)
            case _:
                return self._of_list(combine, taking)

    def _rooted(self, combine: Combine, taking: Taking) -> Val:
        """Roots are correctly rounded by the one function that can."""
        to = self.to
        pairs, name = to.w.fresh(), to.w.fresh()
        to.w.line(f"{pairs} = []")
        top, below, weight = self._row(taking)
        with to.w.indented():
            if combine.kind is K.GEOMETRIC:
                to.w.line(f"{pairs} += [(Fraction({top}, {below}), Fraction({weight}, {taking.weight}))]")
            else:
                to.w.line(f"{pairs} += [(Fraction({top} if {top} > 0 else 0, {below}), Fraction({weight}))]")
        if combine.kind is K.GEOMETRIC:
            to.w.line(f"{name} = mean_product({pairs}, {combine.places})")
        else:
            exponent = combine.exponent
            parts = f"{exponent.numerator}, {exponent.denominator}"
            to.w.line(f"{name} = power_mean({pairs}, Fraction({parts}), {combine.places})")
        return to.rational(name, combine.places, (Fraction(0), None))

    def _harmonic(self, taking: Taking) -> Val:
        """All weight over the sum of weights over indices; every index is above 0 here."""
        to = self.to
        common = to.temp("1")
        top, below, _ = self._row(taking)
        with to.w.indented():
            to.w.line(f"{common} = {common} * {top} // gcd({common}, {top})")
        total = to.temp("0")
        top, below, weight = self._row(taking)
        with to.w.indented():
            to.w.line(f"{total} += {weight} * {below} * ({common} // {top})")
        return to.quotient(
            to.product(Val(taking.weight, rank=v.ATOM), Val(common, ends=(_ONE, None))), Val(total, ends=(_ONE, None))
        )

    def _product(self, taking: Taking) -> Val:
        to = self.to
        product = Var(to.w.fresh(), None)
        to.w.line(f"{product.name}n, {product.name}d = 1, 1")
        top, below, _ = self._row(taking)
        with to.w.indented():
            to.w.line(f"{product.name}n, {product.name}d = {product.name}n * {top}, {product.name}d * {below}")
            to.reduce(product)
        return product.value

    def _of_list(self, combine: Combine, taking: Taking) -> Val:
        """All indices over one denominator, then whole numbers only."""
        to = self.to
        common = to.temp("1")
        top, below, _ = self._row(taking)
        with to.w.indented():
            to.w.line(f"{common} = {common} * {below} // gcd({common}, {below})")
        whole = to.temp("[]")
        top, below, weight = self._row(taking)
        times = f" * {weight}" if combine.kind is K.WEIGHTED_MEAN else ""
        with to.w.indented():
            to.w.line(f"{whole} += [{top} * ({common} // {below}){times}]")
        if combine.kind is K.WEIGHTED_MEAN:
            return self._over(f"sum({whole})", common, taking.weight)
        if combine.kind is K.MEAN:
            return self._over(f"sum({whole})", common, f"len({whole})")
        ordered = to.temp(f"sorted({whole})")
        match combine.kind:
            case K.LOWEST:
                return Val(f"{ordered}[0]", below=common)
            case K.HIGHEST:
                return Val(f"{ordered}[-1]", below=common)
            case K.MEDIAN:
                number = to.temp(f"len({ordered})")
                code = f"{ordered}[({number} - 1) // 2] + {ordered}[{number} // 2]"
                return Val(code, 1, 2, common, v.SUM, height=1)
            case K.BEST:
                kept = to.temp(f"{ordered}[-{combine.count}:]")
            case K.DROP_LOWEST:
                kept = to.temp(f"{ordered}[{combine.count}:] or {ordered}[-1:]")
            case K.DROP_HIGHEST:
                kept = to.temp(f"{ordered}[:-{combine.count}] or {ordered}[:1]")
            case _:
                middle = f"{ordered}[(len({ordered}) - 1) // 2:len({ordered}) // 2 + 1]"
                kept = to.temp(f"{ordered}[{combine.count}:-{combine.count}] or {middle}")
        return self._over(f"sum({kept})", common, f"len({kept})")

    def _over(self, top: str, below: str, number: str) -> Val:
        count = Val(self.to.temp(number), ends=(_ONE, None))
        return self.to.quotient(Val(self.to.temp(top), below=below), count)

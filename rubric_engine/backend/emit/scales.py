"""Which denominator every number of a plan keeps to, found before any code is written.

A scale is a promise of arithmetic, not of code: the value times its scale is whole. ``None``: no such number is known
(a quotient of facts), so the value is carried as numerator and denominator.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import assert_never

from rubric_engine.backend.leaves import is_counted, never_applies, weight_of
from rubric_engine.facts.readers import judged_scale
from rubric_engine.meaning.finish import may_pass
from rubric_engine.plan import expr as x
from rubric_engine.plan.combine import left_out
from rubric_engine.plan.plan import Combine, CombineKind, Effect, Limit, Plan, PlanNode, Policy
from rubric_engine.plan.tables import Table, numbers_in

LARGEST = 10**12
LARGEST_COMMON = 10**9

Scale = int | None


def together(scales: Iterable[Scale]) -> Scale:
    """The least common scale, as long as it stays small."""
    common = 1
    for scale in scales:
        if scale is None:
            return None
        common = lcm(common, scale)
        if common > LARGEST:
            return None
    return common


class Scales:
    """The scales of one plan. ``points`` is shared by all points of the sheet when it stays below a billion."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.at = {node.code: at for at, node in enumerate(plan.nodes)}
        self.inputs = {spec.name: spec.scale for spec in plan.inputs}
        self.columns = {spec.name: {c.name: c.scale for c in spec.columns} for spec in plan.inputs if spec.columns}
        self.row: dict[str, Scale] = {}
        self.steady = steady(plan)
        self.judged = {spec.key: judged_scale(spec) for spec in plan.judged}
        self.keepers = {
            clause.worth_of for node in plan.nodes for clause in node.absent if clause.policy is Policy.KEEP_WORTH
        }
        self.maxima = lcm(plan.total.denominator, *(node.maximum.denominator for node in plan.nodes))
        self.lets: dict[str, Scale] = {}
        self.before: dict[int, Scale] = {}  # points before rounding
        self.after: dict[int, Scale] = {}
        self.let_values = {let.name: let.value for let in plan.lets}
        for at in plan.order:
            self.before[at] = self._before(plan.nodes[at])
            self.after[at] = self._after(at, plan.nodes[at], self.before[at])
        counted = (self.after[at] for at in plan.roots)
        total = together([*counted, *self._limits(plan.limits)])
        self.before[-1] = None if None in self.keepers else total
        self.after[-1] = self.before[-1]
        if plan.rounding is not None:
            # A total above the printed one is not held, so the points need not keep to it.
            within = [plan.total.denominator, self.maxima] if self.sheet_may_pass() else []
            self.after[-1] = together([plan.rounding.step.denominator, *within])
        common = lcm(self.maxima, *(s for s in (*self.before.values(), *self.after.values()) if s is not None))
        self.common: Scale = common if common <= LARGEST_COMMON else None

    def kept(self, scale: Scale) -> Scale:
        """The scale a variable uses that needs this one."""
        return scale if scale is None or self.common is None or self.common % scale else self.common

    @property
    def maximum(self) -> int:
        """The scale of applicable maxima."""
        return self.common or self.maxima

    # ---- headings

    def _before(self, node: PlanNode) -> Scale:
        if node.children and node.code in self.keepers:
            return None
        steps = () if never_applies(node) else self._steps(node)
        return together([node.minimum.denominator, node.maximum.denominator, *steps])

    def _after(self, at: int, node: PlanNode, before: Scale) -> Scale:
        if node.rounding is None:
            return before
        ends = [node.rounding.step.denominator, node.maximum.denominator]
        if not self.may_pass(at):
            return together(ends)
        beyond = (self.amount(a.amount, a.times, a.cap) for a in node.adjustments if a.beyond)
        return together([*ends, node.minimum.denominator, *([self.maxima] if node.children else []), *beyond])

    def may_pass(self, at: int) -> bool:
        """Whether rounding can lift the points of a heading past an end of theirs."""
        node = self.plan.nodes[at]
        if node.endless or node.rounding is None or node.rounding.beyond:
            return False
        lifted = any(adjustment.beyond for adjustment in node.adjustments)
        return lifted or may_pass(node.rounding, *maxima_below(self.plan, at), node.minimum)

    def sheet_may_pass(self) -> bool:
        """Likewise of the total."""
        return may_pass(self.plan.rounding, self.plan.total, *(node.maximum for node in self.plan.nodes))

    def _steps(self, node: PlanNode) -> Iterator[Scale]:
        for requirement in node.requirements:
            yield self.of(requirement.otherwise)
        if node.if_not_rated is not None and node.if_not_rated.value is not None:
            yield self.of(node.if_not_rated.value)
        if node.base is not None:
            for case in node.base.cases:
                yield self.of(case.value)
        elif node.combine is not None:
            yield from self._combined(node, node.combine)
        else:
            for child in node.children:
                yield self.after[child]
        for adjustment in node.adjustments:
            yield self.amount(adjustment.amount, adjustment.times, adjustment.cap)
        for which in node.evidence:
            spec = self.plan.evidence[which]
            if spec.effect in (Effect.SCORE, Effect.DEDUCT):
                yield spec.amount.denominator
            elif spec.effect is Effect.SHARE:
                yield (spec.amount * node.maximum).denominator
        yield from self._limits(node.limits)

    def _combined(self, node: PlanNode, combine: Combine) -> Iterator[Scale]:
        """Of what the children come to, times the printed maximum of the group."""
        if combine.if_zero is not None:
            yield self.of(combine.if_zero)
        if combine.kind in (CombineKind.GEOMETRIC, CombineKind.POWER):
            yield (node.maximum / 10**combine.places).denominator
            return
        children = [c for c in node.children if is_counted(self.plan.nodes[c])]
        if combine.kind is CombineKind.HARMONIC or not self.steady.issuperset(children):
            yield None
            return
        if combine.kind is CombineKind.SUM_POSITIVE:
            most = sum(weight_of(self.plan.nodes[c], combine.kind) for c in children)
            share = (node.maximum / (most or 1)).denominator
            yield self._product([together(self.after[c] for c in children), share])
            return
        children = [c for c in children if self.plan.nodes[c].maximum > 0]
        if combine.kind is CombineKind.PRODUCT:
            scales = [self._share(child, Fraction(1)) for child in children]
            yield self._product([*scales, node.maximum.denominator])
        elif children:
            parts = zip(children, self._shares(combine, children), strict=True)
            yield together(self._share(child, node.maximum * share) for child, share in parts)

    def _shares(self, combine: Combine, children: list[int]) -> list[Fraction]:
        """By what each index is multiplied, if it counts at all."""
        number = len(children)
        match combine.kind:
            case CombineKind.WEIGHTED_MEAN:
                weights = [weight_of(self.plan.nodes[c], combine.kind) for c in children]
                everything = sum(weights) or 1
                return [weight / everything for weight in weights]
            case CombineKind.MEAN:
                return [Fraction(1, number)] * number
            case CombineKind.MEDIAN:
                return [Fraction(1, 2)] * number
            case CombineKind.BEST | CombineKind.DROP_LOWEST | CombineKind.DROP_HIGHEST | CombineKind.DROP_ENDS:
                return [Fraction(1, number - sum(left_out(combine.kind, combine.count, number)))] * number
            case _:
                return [Fraction(1)] * number

    def _share(self, child: int, times: Fraction) -> Scale:
        """The scale of a child's index times a constant."""
        return self._product([self.after[child], (times / self.plan.nodes[child].maximum).denominator])

    def _limits(self, limits: tuple[Limit, ...]) -> Iterator[Scale]:
        for limit in limits:
            yield self.of(limit.value)

    def amount(self, amount: x.Num, times: x.Num | None, cap: x.Num | None) -> Scale:
        """The scale of what an award or a deduction comes to."""
        scale = self.of(amount)
        if times is not None:
            scale = self._product([scale, self.of(times)])
        return scale if cap is None else together([scale, self.of(cap)])

    # ---- expressions

    def of(self, expr: x.Num) -> Scale:
        match expr:
            case x.Const(value=value):
                return value.denominator if value.denominator <= LARGEST else None
            case x.Fact(name=name):
                return self.inputs[name]
            case x.Judged(key=key):
                return self.judged[key]
            case x.Ref(name=name):
                return self._let(name)
            case x.Add(terms=args) | x.Least(args=args) | x.Greatest(args=args):
                return together(map(self.of, args))
            case x.Median(args=args):
                return together([2, *map(self.of, args)]) if len(args) % 2 else self._doubled(args)
            case x.Sub(left=left, right=right) | x.If(then=left, other=right):
                return together([self.of(left), self.of(right)])
            case x.Mul(factors=factors):
                return self._product(map(self.of, factors))
            case x.Div(left=left, right=x.Const(value=value)) if value:
                return self._product([self.of(left), abs(value.numerator)])
            case x.Div():
                return None
            case x.Pow(base=base, exponent=exponent):
                return self._product([self.of(base)] * exponent)
            case x.Abs(arg=arg):
                return self.of(arg)
            case x.Rounded(step=step):
                return step.denominator
            case x.PointsOf(code=code):
                return self.after[self.at[code]]
            case x.MaximumOf() | x.TotalMaximum():
                return self.maxima
            case x.Total():
                return self.after[-1]
            case x.CountRows() | x.Reckoned():
                return 1
            case x.Column(name=name):
                return self.row[name]
            case x.Reduced():
                return self._reduced(expr)
            case x.Inexact(places=places):
                return together([10**places])
            case x.Lookup(table=table):
                return scale_of_cells(table)
            case _:
                assert_never(expr)

    def of_row(self, expr: x.Reduced) -> Scale:
        """The scale of the value in each row."""
        outer = self.row
        self.row = self.columns[expr.register]
        scale = self.of(expr.value)
        self.row = outer
        return scale

    def _reduced(self, expr: x.Reduced) -> Scale:
        scale = self.of_row(expr)
        if expr.how in (x.Reducer.MEAN, x.Reducer.TRIMMED_MEAN):
            return None
        if expr.how is x.Reducer.MEDIAN:
            scale = self._product([2, scale])
        told = [] if expr.other is None or expr.how is x.Reducer.SUM else [expr.other]
        if expr.tied is not None and not isinstance(expr.tied, x.Tie):
            told.append(expr.tied)
        return together([scale, *map(self.of, told)])

    def _doubled(self, args: tuple[x.Num, ...]) -> Scale:
        return self._product([2, together(map(self.of, args))])

    def _product(self, scales: Iterable[Scale]) -> Scale:
        product = 1
        for scale in scales:
            if scale is None or product * scale > LARGEST:
                return None
            product *= scale
        return product

    def _let(self, name: str) -> Scale:
        """A let may stand on thousands of others: found from the bottom up, each once."""
        todo = [name]
        while todo:
            here = todo[-1]
            value = self.let_values[here]
            first = [p.name for p in x.walk(value) if isinstance(p, x.Ref) and p.name not in self.lets]
            if first and here not in self.lets:
                todo += first
                continue
            todo.pop()
            if here not in self.lets:
                self.lets[here] = self.of(value) if isinstance(value, x.Num) else 1
        return self.lets[name]


def scale_of_cells(table: Table) -> Scale:
    """The common denominator of what a table gives."""
    return together({cell.denominator for cell in numbers_in(table.cells)})


def maxima_below(plan: Plan, at: int) -> Iterator[Fraction]:
    """Printed maxima of a heading and of those below it: what its applicable maximum is made of."""
    todo = [at]
    while todo:
        node = plan.nodes[todo.pop()]
        yield node.maximum
        todo += node.children


def steady(plan: Plan) -> frozenset[int]:
    """Headings that, wherever the one above applies, have their printed maximum whatever the facts.

    Only asked of the children of groups that combine: all of them take part then, with known weights.
    """
    found: set[int] = set()
    if not any(node.combine is not None for node in plan.nodes):
        return frozenset()
    keeping = {Policy.FULL, Policy.ZERO, Policy.UNDECIDED}
    for at in plan.order:
        node = plan.nodes[at]
        children = [c for c in node.children if is_counted(plan.nodes[c])]
        stays = all(clause.policy in keeping for clause in node.absent) and found.issuperset(children)
        if stays and (node.combine is None or is_rated(plan, node.combine, children)):
            found.add(at)
    return frozenset(found)


def is_rated(plan: Plan, combine: Combine, children: Sequence[int]) -> bool:
    """Whether a group is rated when all these children have their printed maximum."""
    weights = [(weight_of(plan.nodes[c], combine.kind), plan.nodes[c].maximum > 0) for c in children]
    left = sum((weight for weight, takes_part in weights if takes_part), Fraction(0))
    return left > 0 and left >= sum((weight for weight, _ in weights), Fraction(0)) * (combine.needs or 0)


def whole(value: Fraction, scale: int) -> int:
    """A constant at a scale it keeps to."""
    return int(value * scale)

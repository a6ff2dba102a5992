"""The steps of a heading as Python, after its base: awards, deductions, evidence, limits."""

from fractions import Fraction

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.expr import ExprWriter
from rubric_engine.backend.emit.numbers import Var
from rubric_engine.backend.emit.scales import Scales
from rubric_engine.backend.emit.values import Val
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Effect, Limit, Observed, Plan, PlanNode, Slot

Kept = tuple[str, int | None]  # source of a slot's value, and its scale


class StepWriter(ExprWriter):
    """Writes what changes points already there. With ``keep``, what is observed stays in names listed in ``slots``."""

    plan: Plan
    scales: Scales
    keep: bool
    proofs: dict[str, str]
    slots: dict[Slot, Kept]
    given: dict[tuple[int, int], Val]  # amounts asked for again: of a heading, by number

    def adjust(self, at: int, i: int, adjustment: Adjustment, work: Var) -> None:
        scale = self.scales.amount(adjustment.amount, adjustment.times, adjustment.cap)
        amount = Var(f"w{at}_{i}", self.scales.kept(scale))
        if self.keep:
            self.slots[Slot(Observed.AMOUNT, at, i)] = (f"w{at}_{i}", amount.scale)
        before = work.ends

        def taken(_: int) -> None:
            self.amount(adjustment, amount)
            sign = Fraction(adjustment.sign)
            self.add_to(work, v.scaled(amount.value, v.times_ends(amount.ends, sign), sign))
            if self.keep and amount.scale is None:
                self.w.line(f"{amount.name} = {amount.result}")

        def not_taken() -> None:
            if self.keep:
                self.w.line(f"w{at}_{i} = 0")
            if adjustment.beyond and amount.scale is None:
                self.w.line(f"w{at}_{i}n, w{at}_{i}d = 0, 1")
            elif adjustment.beyond and not self.keep:
                self.w.line(f"w{at}_{i} = 0")

        self.chain([adjustment.when], taken, not_taken if self.keep or adjustment.beyond else None)
        if adjustment.beyond:
            nothing = (Fraction(0), Fraction(0))
            amount.ends = amount.ends if adjustment.when is None else v.hull_ends([amount.ends, nothing])
            self.given[at, i] = amount.value
        if adjustment.when is not None:
            work.ends = v.hull_ends([before, work.ends])

    def amount(self, adjustment: Adjustment, amount: Var) -> None:
        value = self.num(adjustment.amount)
        if adjustment.times is not None:
            value = self.product(value, self.num(adjustment.times))
        cap = None if adjustment.cap is None else self.num(adjustment.cap)
        self.assign(amount, value, used_at_once=True)  # it is added, at least
        if cap is not None:
            self.clamp(amount, cap, at_most=True)
        self.clamp(amount, v.const(Fraction(0)), at_most=False)

    def evidence(self, at: int, i: int, node: PlanNode, work: Var) -> None:
        spec = self.plan.evidence[node.evidence[i]]
        if not self.keep and spec.effect in (Effect.EXPLAIN, Effect.WARN):
            if spec.when not in (x.Always(True), x.Always(False)):
                self.temp(f"1 if {self.truth(spec.when).code} else 0")
            return
        before = work.ends
        proof = self.proofs[spec.name]

        def required(_: int) -> None:
            if self.keep:
                self.w.line(f"e{at}_{i} = 1 if {proof} else 2")
            if spec.effect in (Effect.EXPLAIN, Effect.WARN):
                return
            self.w.line(f"if not {proof}:")
            with self.w.indented():
                match spec.effect:
                    case Effect.DEDUCT:
                        self.add_to(work, v.const(-spec.amount))
                    case Effect.SHARE:
                        self.clamp(work, v.const(spec.amount * node.maximum), at_most=True)
                    case _:
                        self.clamp(work, v.const(spec.amount), at_most=True)

        def not_required() -> None:
            self.w.line(f"e{at}_{i} = 0")

        self.chain([spec.when], required, not_required if self.keep else None)
        work.ends = v.hull_ends([before, work.ends])

    def limit(self, at: int, limits: tuple[Limit, ...], work: Var) -> None:
        for i, limit in enumerate(limits):
            before = work.ends
            name = f"x{at}_{i}" if at >= 0 else f"x_{i}"

            def holds(_: int, limit: Limit = limit, name: str = name) -> None:
                if self.keep:
                    self.w.line(f"{name} = 1")
                self.clamp(work, self.num(limit.value), at_most=limit.at_most)

            def not_(name: str = name) -> None:
                self.w.line(f"{name} = 0")

            self.chain([limit.when], holds, not_ if self.keep else None)
            if limit.when is not None:
                work.ends = v.hull_ends([before, work.ends])

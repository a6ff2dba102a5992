"""``pack``: from plain values of the ideal types straight to machine values, or ``None`` to say: read with care.

It accepts less than the careful reader and never anything else: every value must be given, of the very type, within
its bounds. Whatever is left over (a missing fact, a decimal as text, an unknown field) is not its business.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.expr import ExprWriter
from rubric_engine.backend.emit.rows import known_end
from rubric_engine.backend.emit.scope import Writer
from rubric_engine.backend.emit.values import Val
from rubric_engine.plan.expr import Compare, Fact, Order
from rubric_engine.plan.plan import Bound, InputSpec, JudgedSpec, Kind, Plan

LARGEST = 10**15  # beyond that the careful reader decides what is absurd
CAREFUL = (Kind.PERCENT, Kind.TEXT, Kind.LIST, Kind.RATINGS)
HEAD = "def pack(inputs, judged):"


def write_pack(plan: Plan, facts: dict[str, Val], judged: dict[str, Val]) -> str:
    """The source of ``pack``. Percents, texts and registers have no ideal type; nor is evidence read in a hurry.

    Figures of a cohort, a cycle or a round are given apart from the inputs, and not in a hurry either.
    """
    if plan.evidence or any(spec.kind in CAREFUL or spec.reference for spec in plan.inputs):
        return f"{HEAD}\n    return None"
    writer = _PackWriter(Writer(), facts, judged)
    writer.w.line(f"if len(inputs) != {len(plan.inputs)} or len(judged) != {len(plan.judged)}:")
    writer.refuse()
    writer.take([(facts[spec.name].code, f"inputs[{spec.name!a}]", _levels(spec)) for spec in plan.inputs])
    writer.take([(judged[spec.key].code, f"judged[{spec.key!a}]", "") for spec in plan.judged])
    writer.require([_input_test(spec, facts[spec.name].code) for spec in plan.inputs])
    writer.require([_judged_test(spec, judged[spec.key]) for spec in plan.judged])
    writer.days([spec for spec in plan.inputs if spec.kind is Kind.DATE])
    for spec in plan.inputs:
        for bound, order in ((spec.minimum, Order.GE), (spec.maximum, Order.LE)):
            if bound is not None and known_end(bound) is None:
                writer.related(spec, bound, order)
    codes = [_machine(facts[spec.name]) for spec in plan.inputs]
    codes += [v.times(Val(judged[spec.key].code), judged[spec.key].scale or 1) for spec in plan.judged]
    writer.w.line(f"return ({', '.join(codes)},)" if codes else "return ()")
    return writer.w.text(HEAD)


class _PackWriter(ExprWriter):
    """Bounds over other inputs, on values as given: whole numbers, not yet scaled."""

    def __init__(self, writer: Writer, facts: dict[str, Val], judged: dict[str, Val]) -> None:
        given = {name: Val(value.code) for name, value in facts.items()}
        super().__init__(writer, given, judged)

    def refuse(self) -> None:
        with self.w.indented():
            self.w.line("return None")

    def take(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Fetch every value; a missing one, or one that cannot be a key, is left to the careful reader."""
        if not rows:
            return
        self.w.line("try:")
        with self.w.indented():
            for code, given, levels in rows:
                self.w.line(f"{code} = {levels}[{given}]" if levels else f"{code} = {given}")
        self.w.line("except (KeyError, TypeError):")
        self.refuse()

    def require(self, tests: Sequence[str]) -> None:
        tests = [test for test in tests if test]
        for at in range(0, len(tests), 20):
            self.w.line(f"if not ({' and '.join(tests[at:at + 20])}):")
            self.refuse()

    def days(self, specs: Sequence[InputSpec]) -> None:
        """A date becomes its ordinal before its bounds are looked at."""
        for spec in specs:
            code = self.facts[spec.name].code
            self.w.line(f"{code} = ordinal({code})")
        self.require([_within(spec, self.facts[spec.name].code) for spec in specs])

    def related(self, spec: InputSpec, bound: Bound, order: Order) -> None:
        if bound.strict:
            order = Order.GT if order is Order.GE else Order.LT
        within = self.truth(Compare(order, Fact(spec.name), bound.value))
        self.w.line(f"if not ({within.code}):")
        self.refuse()


def _levels(spec: InputSpec) -> str:
    if spec.kind is not Kind.LEVEL:
        return ""
    return "{" + ", ".join(f"{level.name!a}: {at}" for at, level in enumerate(spec.levels)) + "}"


def _input_test(spec: InputSpec, code: str) -> str:
    match spec.kind:
        case Kind.YES_NO:
            return f"type({code}) is bool"
        case Kind.LEVEL:
            return ""
        case Kind.DATE:
            return f"type({code}) is date"
        case _:
            return f"type({code}) is int and {_within(spec, code)}"


def _within(spec: InputSpec, code: str) -> str:
    low, high = _ends(spec)
    return f"{v.literal(low)} <= {code} <= {v.literal(high)}"


def _ends(spec: InputSpec) -> tuple[int, int]:
    """The whole numbers within constant bounds; other numbers are not of the ideal type."""
    low, high = -LARGEST, LARGEST
    least, most = known_end(spec.minimum), known_end(spec.maximum)
    if spec.kind is Kind.COUNT:
        low = 0
    if least is not None and spec.minimum is not None:
        low = max(low, floor(least) + 1 if spec.minimum.strict else ceil(least))
    if most is not None and spec.maximum is not None:
        high = min(high, ceil(most) - 1 if spec.maximum.strict else floor(most))
    return low, high


def _judged_test(spec: JudgedSpec, value: Val) -> str:
    code = value.code
    test = f"type({code}) is int and {v.literal(ceil(spec.minimum))} <= {code} <= {v.literal(floor(spec.maximum))}"
    if spec.step is not None and value.scale:
        step, start = int(spec.step * value.scale), int(spec.minimum * value.scale)
        if value.scale % step or start % step:
            shifted = v.plain_sum([Val(code, value.scale), v.const(Fraction(-start))]).code
            test += f" and ({shifted}) % {step} == 0"
    return test


def _machine(value: Val) -> str:
    return v.times(Val(value.code), value.scale or 1)

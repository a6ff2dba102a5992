"""``emit``: a plan as readable, deterministic, straight-line Python on integers.

Three functions: ``pack`` takes plain values of the ideal types to machine values, ``total`` computes the published
total and nothing else, ``trace`` makes the same computation and keeps every slot. The source has no imports: the few
names it uses besides builtins are listed in :data:`NAMES` and given by whoever loads it.
"""

from dataclasses import dataclass
from functools import cached_property

from rubric_engine.backend.emit.headings.sheet import SheetWriter
from rubric_engine.backend.emit.needs import Needs, Uses
from rubric_engine.backend.emit.pack import write_pack
from rubric_engine.backend.emit.rows import fact_value, slug
from rubric_engine.backend.emit.scales import Scales
from rubric_engine.backend.emit.tables import Constant, constants_of, constants_text
from rubric_engine.backend.emit.values import Val
from rubric_engine.plan.plan import Plan

NAMES = (
    "Fraction", "MISSING", "ScoringError", "Unsettled", "date", "gcd", "inexact", "located", "lowest_terms",
    "mean_product", "months_after", "months_from", "ordinal", "power_mean",
)  # fmt: skip
BUILTINS = (
    "KeyError", "TypeError", "bool", "int", "len", "max", "sorted", "str", "sum", "type",
)  # fmt: skip

_Names = tuple[dict[str, Val], dict[str, Val], dict[str, str]]


@dataclass(frozen=True)
class PythonModule:
    """Generated code. Each function is written when it is first asked for, always the same for equal plans.

    ``scales`` are those of the values ``trace`` returns, ``total_scale`` that of ``total``; a scale is ``None`` where
    the value is a pair, numerator and denominator.
    """

    plan: Plan

    @property
    def functions(self) -> tuple[tuple[str, str], ...]:
        """The source of each function, by name."""
        return (("pack", self.pack), ("total", self.total), ("trace", self.trace))

    @property
    def source(self) -> str:
        """The whole text: what the lookups look into, and the functions."""
        tables = [constants_text(self.plan)] if self.constants else []
        return "\n\n\n".join([*tables, *(source for _, source in self.functions)]) + "\n"

    @cached_property
    def constants(self) -> dict[str, Constant]:
        """The tuples the functions look into, by name."""
        return constants_of(self.plan)

    @cached_property
    def pack(self) -> str:
        """Plain values of the ideal types to machine values."""
        return write_pack(self.plan, self._names[0], self._names[1])

    @cached_property
    def total(self) -> str:
        """The published total and nothing else."""
        needs = Needs(self.plan, self._uses, self._scales.steady, whole=False)
        writer = SheetWriter(self.plan, self._scales, needs, self._names, keep=False)
        writer.write()
        writer.sheet()
        writer.w.line(f"return {writer.published.result}")
        return writer.w.text("def total(packed):", _unpack(self.plan, self._names))

    @property
    def trace(self) -> str:
        """The same computation with every slot kept."""
        return self._trace[0]

    @property
    def scales(self) -> tuple[int | None, ...]:
        """The scale of every slot."""
        return self._trace[1]

    @cached_property
    def total_scale(self) -> int | None:
        """The scale of the published total."""
        return self._scales.kept(self._scales.after[-1])

    @cached_property
    def _trace(self) -> tuple[str, tuple[int | None, ...]]:
        needs = Needs(self.plan, self._uses, self._scales.steady, whole=True)
        writer = SheetWriter(self.plan, self._scales, needs, self._names, keep=True)
        writer.write()
        writer.sheet()
        for number, table in enumerate(self.plan.grades):
            writer.grades(number, table)
        values, scales = writer.values()
        writer.w.line(f"return {values}")
        return writer.w.text("def trace(packed):", _unpack(self.plan, self._names)), scales

    @cached_property
    def _scales(self) -> Scales:
        return Scales(self.plan)

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.plan)

    @cached_property
    def _names(self) -> _Names:
        return _names(self.plan, self._scales)


def emit(plan: Plan) -> PythonModule:
    """The code of a plan: the same bytes for the same plan, whatever the hash seed."""
    return PythonModule(plan)


def _names(plan: Plan, scales: Scales) -> _Names:
    """Made names for everything packed. A value without a fixed grain has scale 0 here."""
    facts = {spec.name: fact_value(spec, f"i_{slug(spec.name)}_{at}") for at, spec in enumerate(plan.inputs)}
    judged = {
        spec.key: Val(f"j_{slug(spec.key)}_{at}", 1, scales.judged[spec.key] or 0, ends=(spec.minimum, spec.maximum))
        for at, spec in enumerate(plan.judged)
    }
    proofs = {spec.name: f"v_{slug(spec.name)}_{at}" for at, spec in enumerate(plan.evidence)}
    return facts, judged, proofs


def _unpack(plan: Plan, names: _Names) -> str:
    """One line that gives every packed value its name."""
    facts, judged, proofs = names
    given = [facts[spec.name].code for spec in plan.inputs] + [judged[spec.key].code for spec in plan.judged]
    given += [proofs[spec.name] for spec in plan.evidence]
    return f"({', '.join(given)},) = packed" if given else "() = packed"

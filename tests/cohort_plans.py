"""Small plans that look at a cohort, made by hand, and units for them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction as F
from typing import Any

from plans import leaf, points, sheet

from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.load import load
from rubric_engine.cohort import Cohort, score_cohort
from rubric_engine.evaluator import Evaluator
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p

GROUPS = tuple(p.Level(name, name.title()) for name in ("north", "south", "west"))
RATE = p.InputSpec("rate", "Rate", p.Kind.NUMBER)
GROUP = p.InputSpec("region", "Region", p.Kind.LEVEL, levels=GROUPS)


OWN_RATE = x.Fact("rate")


def figure(kind: p.ReferenceKind, subject: x.Num | None = OWN_RATE, name: str = "", **more: Any) -> p.Reference:
    """A reference to a figure of the cohort."""
    return p.Reference(name or f"{kind} rate among units", kind, subject, **more)


def figure_input(reference: p.Reference) -> p.InputSpec:
    """The input a figure is read by."""
    return p.InputSpec(reference.name, reference.name, p.Kind.NUMBER, reference=True)


def measured(*references: p.Reference, **more: Any) -> Evaluator:
    """A sheet with one leaf, 1, worth the rate up to 10, and one for each figure, worth the figure itself.

    Those leaves run from -1000 to 1000, so that the figure shows as it is.
    """
    nodes = [leaf("1", 10, base=points((None, x.Fact("rate"))))]
    for number, reference in enumerate(references, start=2):
        base = points((None, x.Fact(reference.name)))
        nodes.append(replace(leaf(str(number), 1000, base=base), minimum=F(-1000)))
    inputs = [RATE, GROUP, *map(figure_input, references)]
    return evaluator(sheet(inputs, nodes, references=references, signed=True, **more))


def evaluator(plan: p.Plan) -> Evaluator:
    """The plan, compiled."""
    return Evaluator(plan, load(emit(plan), plan))


def unit(name: str, region: str | None = "north", **inputs: object) -> dict[str, object]:
    """A submission."""
    return {"unit": name, "inputs": {"region": region, **inputs}}


def units(rates: Mapping[str, object] | Iterable[object]) -> list[dict[str, object]]:
    """One unit for every rate, all in the north."""
    named = rates if isinstance(rates, Mapping) else {f"u{at}": rate for at, rate in enumerate(rates)}
    return [unit(name, rate=rate) for name, rate in named.items()]


def one_figure(reference: p.Reference, rates: Iterable[object]) -> Cohort:
    """A cohort scored by one figure."""
    return score_cohort(measured(reference), units(rates))

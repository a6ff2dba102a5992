"""What a rubric reads of the cycle before: figures ``previous …`` taken from the same unit's result and facts."""

from datetime import date
from fractions import Fraction

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.asked import read_for
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import to_plain_text
from rubric_engine.plan.expr import Div, Fact, PointsOf
from rubric_engine.plan.plan import InputSpec, Kind, Plan, Reference, ReferenceKind
from rubric_engine.result.result import Result


def previous_figures(
    rubric: CompiledRubric, before: Result, facts: Facts | None = None, plan: Plan | None = None
) -> dict[str, object]:
    """The part of the section ``references`` that the cycle before settles, by name, as a submission states it.

    ``before`` is the unit's result then; ``facts`` are those it was scored by and ``plan`` the plan that read them,
    for ``previous rate``: a result alone does not hold them. What is not known then is left out, and stays pending or
    falls to ``if no previous``. Raises ``TypeError`` for facts without their plan,
    ``ValueError`` for facts of another one.
    """
    if facts is not None and plan is None:
        raise TypeError("facts say nothing without the plan that read them: give the plan of that rubric too")
    if facts is not None and plan is not None and facts.read_for not in ("", read_for(plan)):
        raise ValueError(f"these facts were not read for {plan.id} {plan.version} {plan.stage}".rstrip())
    specs = {} if plan is None else {spec.name: spec for spec in plan.inputs}
    found: dict[str, object] = {}
    for reference in rubric.plan.references:
        if reference.kind is ReferenceKind.PREVIOUS:
            value = _stated(reference, before, facts, specs)
            if value is not None:
                found[reference.name] = value
    return found


def _stated(
    reference: Reference, before: Result, facts: Facts | None, specs: dict[str, InputSpec]
) -> object | None:
    match reference.subject:
        case Fact(name):
            spec = specs.get(name)
            value = None if facts is None else facts.values.get(name)
            return None if spec is None or value is None else _as_given(spec, value)
        case PointsOf(code):
            points = before[code].points if code in before else None
            return None if points is None else to_plain_text(points)
        case Div(PointsOf(code), _):
            index = before[code].index if code in before else None
            return None if index is None else _percent(index)
        case _:
            total = before.total.published
            return None if total is None else to_plain_text(total)


def _as_given(spec: InputSpec, value: object) -> object | None:
    """The value as a submission states it: what is kept is the machine's (a level its number, a date its ordinal)."""
    match value:
        case bool():
            return value
        case int() if spec.kind is Kind.LEVEL:
            return spec.levels[value].name
        case int() if spec.kind is Kind.DATE:
            return date.fromordinal(value).isoformat()
        case int() | Fraction():
            return _percent(Fraction(value)) if spec.kind is Kind.PERCENT else to_plain_text(value)
        case _:
            return None


def _percent(value: Fraction) -> str:
    return to_plain_text(value * 100) + "%"

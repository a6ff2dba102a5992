"""Exact values as a submission would give them: the way back from facts."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from rubric_engine.facts.evidence import EvidenceItem
from rubric_engine.facts.facts import Facts, RatingItem
from rubric_engine.facts.readers import Scalar
from rubric_engine.meaning.exact import Exact, to_json_number, to_plain_text
from rubric_engine.plan.deciding import Decision, decided_as
from rubric_engine.plan.plan import InputSpec, Kind, Plan

Number = int | Decimal | Fraction



def as_given(plan: Plan, facts: Facts) -> dict[str, Any]:
    """The facts as a submission again: reading it gives equal facts. What is missing is ``None``."""
    figures = {spec.name: _input(spec, facts) for spec in plan.inputs if spec.reference}
    given: dict[str, Any] = {
        "unit": facts.unit or None,
        "inputs": {spec.name: _input(spec, facts) for spec in plan.inputs if not spec.reference},
        "judged": {spec.key: number_of(facts.judged.get(spec.key)) for spec in plan.judged},
        "evidence": {name: [_item(item) for item in items] for name, items in facts.evidence.items()},
        "claims": {code: number_of(points) for code, points in facts.claims.items()},
    }
    if facts.decisions:
        given["decisions"] = {name: _decision(plan, name, one) for name, one in facts.decisions.items()}
    return {**given, "references": figures} if figures else given


def _decision(plan: Plan, name: str, decision: Decision) -> dict[str, object]:
    value = number_of(decision.value) if isinstance(decision.value, Fraction) else str(decision.value)
    day = None if decision.on is None else date.fromordinal(decision.on)
    told = {"by": decision.by or None, "on": day, "because": decision.because or None}
    return {decided_as(plan, name): value, **told}


def _input(spec: InputSpec, facts: Facts) -> object:
    if spec.name in facts.substituted:
        return None
    if spec.kind is Kind.RATINGS:
        return _ratings(facts.ratings[spec.name]) if spec.name in facts.ratings else None
    value = facts.values.get(spec.name)
    if isinstance(value, tuple):
        names = [column.name for column in spec.columns]
        cells = ([_given(*cell) for cell in zip(spec.columns, row, strict=True)] for row in value)
        return [dict(zip(names, row, strict=True)) for row in cells]
    return _given(spec, value)


def _ratings(items: tuple[RatingItem, ...]) -> list[object]:
    """Ratings as given, also where they are too few to count; with names only where somebody is named."""
    if any(item.by for item in items):
        return [{"rating": number_of(item.rating), "by": item.by or None} for item in items]
    return [number_of(item.rating) for item in items]


def _given(spec: InputSpec, value: Scalar | None) -> object:
    if value is None or isinstance(value, str):
        return value
    match spec.kind:
        case Kind.DATE:
            return date.fromordinal(int(value))
        case Kind.LEVEL:
            return spec.levels[int(value)].name
        case Kind.PERCENT:
            return to_plain_text(value * 100) + "%"
        case Kind.YES_NO | Kind.COUNT | Kind.TEXT:
            return value
        case Kind.NUMBER | Kind.MONEY:
            return number_of(value)
        case Kind.LIST | Kind.RATINGS:
            raise ValueError(f"not one value: {spec.kind}")
        case kind:
            assert_never(kind)


def number_of(value: Exact | None) -> Number | None:
    if value is None or value.denominator == 1:
        return None if value is None else int(value)
    text = to_json_number(value)
    return Fraction(value) if "/" in text else Decimal(text)


def _item(item: EvidenceItem) -> dict[str, object]:
    return {
        "reference": item.reference,
        "status": item.status,
        "reason": item.reason or None,
        "issued": item.issued,
        "page": item.page or None,
        "note": item.note or None,
    }


def json_number(value: Number | None) -> int | float | str | None:
    """A JSON number where its shortest form is exact, else text; for schemas and JSON, never for scoring."""
    if value is None or isinstance(value, int):
        return value
    exact = Fraction(value)
    if exact.denominator == 1:
        return exact.numerator
    near = float(exact)
    return near if Fraction(Decimal(repr(near))) == exact else to_plain_text(exact)

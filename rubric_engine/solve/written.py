"""Facts as a submission gives them: exact, and plain enough for JSON."""

from datetime import date
from fractions import Fraction
from typing import Any

from rubric_engine.facts.evidence import EvidenceItem, evidence_state
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import to_plain_text
from rubric_engine.plan.plan import EvidenceSpec, InputSpec, Kind, Plan


def given_value(spec: InputSpec, value: Any) -> object:
    """A value of facts as a submission gives it: exact, and plain enough for JSON."""
    match spec.kind:
        case Kind.YES_NO:
            return bool(value)
        case Kind.TEXT:
            return str(value)
        case Kind.LEVEL:
            return spec.levels[int(value)].name
        case Kind.DATE:
            return date.fromordinal(int(value)).isoformat()
        case Kind.PERCENT:
            return to_plain_text(Fraction(value) * 100) + "%"
        case Kind.LIST:
            return [
                {column.name: given_value(column, cell)
                 for column, cell in zip(spec.columns, row, strict=True) if cell is not None}
                for row in value
            ]  # fmt: skip
        case Kind.RATINGS:
            return [None if row[0] is None else given_number(row[0]) for row in value]
        case _:
            return given_number(value)


def given_number(value: Any) -> object:
    """A whole number as it is, any other as text nobody reads two ways."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else to_plain_text(exact)


def submission_of(plan: Plan, facts: Facts) -> dict[str, Any]:
    """The facts as the submission they came from: reading it gives them back."""
    inputs: dict[str, Any] = {}
    references: dict[str, Any] = {}
    for spec in plan.inputs:
        if spec.name in facts.ratings:
            inputs[spec.name] = [
                {"rating": None if item.rating is None else given_number(item.rating), "by": item.by}
                for item in facts.ratings[spec.name]
            ]
        elif spec.name in facts.values and spec.name not in facts.substituted:
            here = references if spec.reference else inputs
            here[spec.name] = given_value(spec, facts.values[spec.name])
    found: dict[str, Any] = {
        "unit": facts.unit or None,
        "inputs": inputs,
        "judged": {key: given_number(value) for key, value in facts.judged.items()},
        "evidence": {name: [given_item(item) for item in items] for name, items in facts.evidence.items()},
        "claims": {code: given_number(value) for code, value in facts.claims.items()},
    }
    if references:
        found["references"] = references
    return found


def given_item(item: EvidenceItem) -> dict[str, object]:
    """A piece of evidence as a submission gives it."""
    found: dict[str, object] = {"reference": item.reference, "status": item.status}
    for name in ("reason", "page", "note"):
        if getattr(item, name):
            found[name] = getattr(item, name)
    if item.issued is not None:
        found["issued"] = item.issued.isoformat()
    return found


def satisfying(spec: EvidenceSpec, items: tuple[EvidenceItem, ...], only_accepted: bool) -> list[dict[str, object]]:
    """The pieces with the least done to them that satisfy the clause: those in time accepted, then as many new ones."""
    found = list(items)
    for at, item in enumerate(items):
        if evidence_state(spec, tuple(found), only_accepted) == "satisfied":
            break
        found[at] = EvidenceItem(item.reference, "accepted", "", item.issued, item.page, item.note)
    day = spec.issued_from or spec.issued_to
    while evidence_state(spec, tuple(found), only_accepted) != "satisfied":
        title = spec.title or spec.name
        found.append(EvidenceItem(title, "accepted", "", None if day is None else date.fromordinal(day)))
    return [given_item(item) for item in found]

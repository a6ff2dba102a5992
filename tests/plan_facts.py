"""Random submissions for a plan: values within bounds, rows of registers, judgements and evidence."""

from fractions import Fraction
from random import Random
from typing import Any

from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p

F = Fraction


def submission(plan: p.Plan, r: Random, *, missing: float = 0) -> dict[str, Any]:
    """Values within bounds for what is not left out."""
    given: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for spec in plan.inputs:
        value = _rows(spec, r, missing) if spec.columns else _value(spec, r, given)
        if spec.optional and r.random() < 0.4:
            continue
        if value is not None and r.random() >= missing:
            (figures if spec.reference else given)[spec.name] = value
    judged = {s.key: _judgement(s, r) for s in plan.judged if r.random() >= missing}
    evidence = {
        s.name: [{**_item(s, r), "reference": f"{at}/QĐ"} for at in range(r.randint(1, 2))]
        for s in plan.evidence if r.random() < 0.6
    }  # fmt: skip
    found = {"unit": "u", "inputs": given, "judged": judged, "evidence": evidence}
    return {**found, "references": figures} if plan.references else found


def _rows(spec: p.InputSpec, r: Random, missing: float) -> list[Any]:
    rows: list[Any] = []
    for _ in range(r.choice([0, 1, 2, 3, r.randint(0, 7)])):
        cells = {c.name: _value(c, r, {}) for c in spec.columns if r.random() >= missing * 0.3}
        rows.append(cells if spec.kind is p.Kind.LIST else cells.get("rating"))
    return rows


def _value(spec: p.InputSpec, r: Random, given: dict[str, Any]) -> Any:
    match spec.kind:
        case p.Kind.YES_NO:
            return r.random() < 0.5
        case p.Kind.TEXT:
            return r.choice(["words", "từ", "'\"\\n{}", "Hoà", " hòa"])
        case p.Kind.LEVEL:
            return r.choice(spec.levels).name
        case p.Kind.DATE:
            return f"20{r.randint(10, 29)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}"
        case p.Kind.PERCENT:
            return f"{r.choice([0, 50, 85, 90, 100, r.randint(0, 130)])}{'' if spec.decimals is None else '.5'}%"
    low = spec.minimum.value.value if spec.minimum is not None and isinstance(spec.minimum.value, x.Const) else F(-4)
    if spec.kind is p.Kind.COUNT:
        low = max(low, F(0))
        if spec.maximum is not None and isinstance(spec.maximum.value, x.Fact):
            above = given.get(spec.maximum.value.name)
            return None if above is None else r.randint(0, above)
        return int(low) + r.choice([0, 0, 1, 2, 5, r.randint(0, 12)])
    if spec.maximum is not None and isinstance(spec.maximum.value, x.Const):
        unit = F(1, 10 ** (spec.decimals or 0))
        return low + r.randint(0, int((spec.maximum.value.value - low) / unit)) * unit
    if spec.decimals == 0:
        return int(low) + r.randint(0, 9)
    if spec.decimals is None:
        return low + F(r.randint(0, 40), r.choice([1, 2, 3, 7]))
    return str(float(low) + r.randint(0, 80) / 4) if spec.decimals >= 2 else int(low) + r.randint(0, 20)


def _judgement(spec: p.JudgedSpec, r: Random) -> Fraction:
    if spec.step is None:
        return spec.minimum + (spec.maximum - spec.minimum) * F(r.randint(0, 7), 7)
    return spec.minimum + spec.step * r.randint(0, int((spec.maximum - spec.minimum) / spec.step))


def _item(spec: p.EvidenceSpec, r: Random) -> dict[str, Any]:
    status = r.choice(["submitted", "accepted", "rejected"])
    return {"reference": "12/QĐ", "status": status, "issued": f"2023-0{r.randint(1, 9)}-01"}

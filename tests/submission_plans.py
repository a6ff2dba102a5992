"""Small plans made by hand, to read submissions with."""

import re
from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from rubric_engine.facts.facts import read_submission
from rubric_engine.facts.problems import Problem, SubmissionError
from rubric_engine.plan.expr import Always, Const
from rubric_engine.plan.plan import Bound, Effect, EvidenceSpec, InputSpec, JudgedSpec, Kind, Level, Plan, PlanNode

LEVELS = (Level("timely", "kịp thời"), Level("late", "không kịp thời"), Level("none", "không ban hành"))


def plan_of(
    *inputs: InputSpec,
    judged: tuple[JudgedSpec, ...] = (),
    evidence: tuple[EvidenceSpec, ...] = (),
    codes: tuple[str, ...] = ("1", "1.1"),
    language: str = "en",
    only_accepted: bool = False,
) -> Plan:
    nodes = tuple(PlanNode(code, code, "area", F(0), F(5), None, (), 1) for code in codes)
    return Plan(
        "x", "X", "1", language, "sha256:0", F(5), False, None, inputs, judged, evidence, (), (), nodes, (), (), (),
        (), (), only_accepted=only_accepted,
    )  # fmt: skip


def spec(kind: Kind, name: str = "x", **more: Any) -> InputSpec:
    return InputSpec(name, name.title(), kind, LEVELS if kind is Kind.LEVEL else (), **more)


def bound(value: object, *, strict: bool = False) -> Bound:
    return Bound(Const(F(value)) if isinstance(value, int | str) else value, strict)  # type: ignore[arg-type]


def problems_of(plan: Plan, submission: object) -> list[Problem]:
    """The problems a submission is refused with."""
    with pytest.raises(SubmissionError) as caught:
        read_submission(plan, submission)
    return list(caught.value.problems)


def evidence(*, at_least: int = 1, since: date | None = None, until: date | None = None) -> tuple[EvidenceSpec, ...]:
    days = [day.toordinal() if day else None for day in (since, until)]
    return (EvidenceSpec("paper", "Paper", "1", Always(True), at_least, days[0], days[1], Effect.SCORE, F(0)),)


GOOD = {"reference": "12/QĐ", "issued": "2023-06-01"}

WHOLE = plan_of(
    spec(Kind.COUNT, "planned"), spec(Kind.PERCENT, "rate"), spec(Kind.LEVEL, "plan"), spec(Kind.YES_NO, "funded"),
    spec(Kind.MONEY, "cost", decimals=2), spec(Kind.TEXT, "remark", optional=True),
    judged=(JudgedSpec("1.1", "", F(0), F(1), F(1, 2)),), evidence=evidence(),
)  # fmt: skip


def schema_accepts(schema: dict[str, Any], value: Any) -> bool:
    """Whether a JSON value satisfies a schema, for the words of JSON Schema that ours use; any other word fails."""
    return all(_word_holds(word, schema, value) for word in schema)


_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def _word_holds(word: str, schema: dict[str, Any], value: Any) -> bool:
    said = schema[word]
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    match word:
        case "$schema" | "title" | "description" | "format":
            return True
        case "type":
            kinds = [said] if isinstance(said, str) else said
            kinds = [kind for kind in kinds if (kind == "boolean") == isinstance(value, bool)]
            return any(isinstance(value, _TYPES[kind]) for kind in kinds)
        case "const":
            return value == said and type(value) is type(said)
        case "enum":
            return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in said)
        case "anyOf":
            return any(schema_accepts(one, value) for one in said)
        case "oneOf":
            return sum(schema_accepts(one, value) for one in said) == 1
        case "not":
            return not schema_accepts(said, value)
        case "minimum":
            return number is None or number >= said
        case "maximum":
            return number is None or number <= said
        case "exclusiveMinimum":
            return number is None or number > said
        case "exclusiveMaximum":
            return number is None or number < said
        case "pattern":
            return not isinstance(value, str) or re.search(said, value) is not None
        case "minLength":
            return not isinstance(value, str) or len(value) >= said
        case "maxLength":
            return not isinstance(value, str) or len(value) <= said
        case "maxItems":
            return not isinstance(value, list) or len(value) <= said
        case "required":
            return not isinstance(value, dict) or all(name in value for name in said)
        case "properties":
            return not isinstance(value, dict) or all(schema_accepts(said[k], v) for k, v in value.items() if k in said)
        case "additionalProperties":
            return not isinstance(value, dict) or said or all(name in schema["properties"] for name in value)
        case "items":
            return not isinstance(value, list) or all(schema_accepts(said, one) for one in value)
        case _:
            raise AssertionError(f"a word of JSON Schema this reader does not know: {word}")

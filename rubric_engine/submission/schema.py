"""The JSON Schema of a submission (draft 2020-12)."""

from typing import Any, Final, assert_never

from rubric_engine.facts.facts import STATUS_WORDS
from rubric_engine.facts.fold import fold
from rubric_engine.facts.readers import LONGEST_TEXT, NO_WORDS, UNSAID_WORDS, YES_WORDS, constant_of, titles_of
from rubric_engine.meaning.exact import decimal_mark
from rubric_engine.meaning.limits import LIMITS
from rubric_engine.plan.deciding import decided_as, left_open
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Kind, Plan
from rubric_engine.submission.forms import bounds_text, judged_text
from rubric_engine.submission.given import json_number, number_of

Schema = dict[str, Any]


_NULL: Final = {"type": "null"}
_DAY: Final = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_UNSAID: Final = {"enum": [None, *UNSAID_WORDS]}
_YES_NO: Final = [{"type": "boolean"}, {"enum": [*YES_WORDS, *NO_WORDS]}]
# Of `1.125` a Vietnamese reader cannot tell whether it is a thousand or one and an eighth, and a comma is a mark there.
_DECIMALS: Final = {".": "\\.[0-9]{1,40}", ",": "\\.([0-9]{1,2}|[0-9]{4,40})|,[0-9]{1,40}"}


def _number_text(language: str, end: str = "") -> Schema:
    """A number as text: in decimals, or, as a third is a fair average, a fraction."""
    decimals = _DECIMALS[decimal_mark(language)]
    return {"type": "string", "pattern": f"^-?[0-9]{{1,60}}({decimals}|/[1-9][0-9]{{0,59}})?{end}$"}


def _percent_text(language: str) -> Schema:
    return {"type": "string", "pattern": f"^-?[0-9]{{1,60}}({_DECIMALS[decimal_mark(language)]})? ?%$"}


def json_schema(plan: Plan) -> Schema:
    """JSON Schema (draft 2020-12) of a submission as JSON; bounds that look at other facts are told in words."""
    facts = {spec.name: _input_schema(spec, plan.language) for spec in plan.inputs if not spec.reference}
    figures = {spec.name: _figure_schema(spec, plan.language) for spec in plan.inputs if spec.reference}
    claimed = _numbers(plan.language, _NULL)
    open_ = left_open(plan)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": plan.title,
        "description": f"{plan.id} {plan.version}",
        **_object(
            {
                "unit": {"type": ["string", "integer", "null"]},
                "inputs": _object(facts),
                "judged": _object({spec.key: _judged_schema(spec, plan.language) for spec in plan.judged}),
                "evidence": _object({spec.name: _evidence_schema(spec.title) for spec in plan.evidence}),
                "claims": _object({node.code: {"title": node.title, **claimed} for node in plan.nodes}),
                **({"decisions": _object({name: _decision_schema(plan, name) for name in open_})} if open_ else {}),
                **({"references": _object(figures)} if figures else {}),
            },
            nullable=False,
        ),
    }


def _decision_schema(plan: Plan, name: str) -> Schema:
    """The value alone, or the value with who decided, when and why; which values there are, the reader says."""
    text: Schema = {"type": ["string", "null"]}
    value: Schema = {"type": ["number", "string"]}
    whole = _object({decided_as(plan, name): value, "by": text, "on": text, "because": text}, nullable=False)
    return {"anyOf": [value, {**whole, "required": [decided_as(plan, name)]}, _NULL]}


def _object(properties: dict[str, Schema], *, nullable: bool = True) -> Schema:
    return {
        "type": ["object", "null"] if nullable else "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _numbers(language: str, unsaid: Schema, **limits: Any) -> Schema:
    return {"anyOf": [{"type": "number", **limits}, _number_text(language), unsaid]}


def _limits(spec: InputSpec, times: int = 1) -> Schema:
    limits: Schema = {}
    for bound, name, strict_name in (
        (spec.minimum, "minimum", "exclusiveMinimum"), (spec.maximum, "maximum", "exclusiveMaximum"),
    ):  # fmt: skip
        value = constant_of(bound)
        if bound is not None and value is not None:
            near = json_number(number_of(value * times))
            limits[strict_name if bound.strict else name] = near if not isinstance(near, str) else float(value * times)
    return limits


def _input_schema(spec: InputSpec, language: str) -> Schema:
    about: Schema = {"title": spec.label or spec.name}
    words = bounds_text(spec, language)
    if words:
        about["description"] = words
    match spec.kind:
        case Kind.YES_NO:
            return {**about, "anyOf": [*_YES_NO, _UNSAID]}
        case Kind.TEXT:
            return {**about, "type": ["string", "null"], "maxLength": LONGEST_TEXT}
        case Kind.DATE:
            return {**about, "anyOf": [_DAY, _UNSAID]}
        case Kind.LEVEL:
            return {**about, "oneOf": _levels(spec)}
        case Kind.COUNT:
            return {**about, **_whole("", {"minimum": 0, **_limits(spec)})}
        case Kind.PERCENT:
            unclear = [_within(0, "exclusiveMinimum", "maximum"), _within(-1, "minimum", "exclusiveMaximum")]
            bare = {"not": {"anyOf": unclear}}
            number = {"type": "number", **_limits(spec, 100), **bare}
            return {**about, "anyOf": [number, _percent_text(language), _UNSAID]}
        case Kind.NUMBER | Kind.MONEY:
            if spec.decimals == 0:
                return {**about, **_whole("-?", _limits(spec))}
            return {**about, **_numbers(language, _UNSAID, **_limits(spec))}
        case Kind.LIST:
            row = _object({column.name: _input_schema(column, language) for column in spec.columns}, nullable=False)
            return {**about, **_list_of(row)}
        case Kind.RATINGS:
            rating = _input_schema(spec.columns[0], language)
            by = {"type": ["string", "integer", "null"]}
            return {**about, **_list_of({"anyOf": [rating, _object({"rating": rating, "by": by}, nullable=False)]})}
        case kind:
            assert_never(kind)


def _whole(sign: str, limits: Schema) -> Schema:
    text = {"type": "string", "pattern": f"^{sign}[0-9]{{1,60}}$"}
    return {"anyOf": [{"type": "integer", **limits}, text, _UNSAID]}


def _levels(spec: InputSpec) -> list[Schema]:
    """Each level by its name, or its title where that means no other; one called as what says nothing is a level."""
    names = {level.name for level in spec.levels}
    shared = {title for title, at in titles_of(spec).items() if at is None}
    titles = [level.title for level in spec.levels if level.title not in names and fold(level.title) not in shared]
    unsaid = [None, *(word for word in UNSAID_WORDS if word not in names and word not in titles)]
    known: list[Schema] = [{"const": level.name, "title": level.title} for level in spec.levels]
    return [*known, *([{"enum": titles}] if titles else []), {"enum": unsaid}]


def _figure_schema(spec: InputSpec, language: str) -> Schema:
    schema = _input_schema(spec, language)
    if spec.kind not in (Kind.PERCENT, Kind.NUMBER) or "anyOf" not in schema:
        return schema
    return {**schema, "anyOf": [*schema["anyOf"], _number_text(language, " ?%")]}


def _list_of(item: Schema) -> Schema:
    return {"type": ["array", "null"], "items": item, "maxItems": LIMITS.rows}


def _within(low: int, from_: str, to: str) -> Schema:
    return {"type": "number", from_: low, to: low + 1}


def _judged_schema(spec: JudgedSpec, language: str) -> Schema:
    about: Schema = {"title": spec.label or spec.key}
    if spec.step is not None:
        about["description"] = judged_text(spec, language)
        count = (spec.maximum - spec.minimum) / spec.step
        if count <= _LISTED:
            steps = [spec.minimum + at * spec.step for at in range(int(count) + 1)]
            said = [False, True] if len(steps) == 2 else []  # none or all: as good as yes or no
            return {**about, "enum": [*(json_number(number_of(each)) for each in steps), *said, None]}
    low, high = (json_number(number_of(each)) for each in (spec.minimum, spec.maximum))
    ends = {name: end for name, end in (("minimum", low), ("maximum", high)) if not isinstance(end, str)}
    return {**about, **_numbers(language, _UNSAID, **ends)}


_LISTED: Final = 100


def _evidence_schema(title: str) -> Schema:
    text = {"type": ["string", "null"]}
    label = {"type": ["string", "integer", "null"]}
    day = {"anyOf": [_DAY, {"type": "null"}]}
    status = {"enum": [*STATUS_WORDS, None]}
    given = _object(
        {
            "reference": {"type": "string", "minLength": 1},
            "status": status, "reason": text, "issued": day, "page": label, "note": text,
        },
        nullable=False,
    )  # fmt: skip
    given["required"] = ["reference"]
    untouched = {"enum": [word for word, meaning in STATUS_WORDS.items() if meaning == "submitted"] + [None]}
    nothing = {"type": "null"}
    blank = _object(
        {"reference": nothing, "status": untouched, "reason": nothing, "issued": nothing, "page": nothing,
         "note": nothing},
        nullable=False,
    )  # fmt: skip
    item = {"anyOf": [{"type": "string"}, given, blank]}
    return {"title": title, "anyOf": [*item["anyOf"], {"type": "array", "items": item}, {"type": "null"}]}

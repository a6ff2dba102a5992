"""The pydantic model of a submission. pydantic is imported when the first model is made, not before."""

import keyword
import re
from datetime import date
from types import GenericAlias
from typing import TYPE_CHECKING, Any, assert_never

from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.facts.json_text import read_json
from rubric_engine.facts.problems import Problem, SubmissionError
from rubric_engine.plan.deciding import left_open
from rubric_engine.plan.plan import InputSpec, Kind, Plan
from rubric_engine.submission.given import Number, as_given, json_number
from rubric_engine.submission.schema import json_schema

if TYPE_CHECKING:
    from pydantic import BaseModel



def submission_model(plan: Plan) -> "type[BaseModel]":
    """A pydantic model of a submission: typed fields titled by their labels, unknown ones refused.

    It reads exactly as the engine does, reports every problem at its place, and ``model_dump()`` gives a submission
    back that reads the same. ``model_validate_json`` keeps every digit and refuses a name given twice; what another
    program has read into floats has lost its digits before it comes here. In JSON a percent is text (``"85%"``), and a
    number that no decimal writes is ``"2/3"``.
    """
    from pydantic import Field, create_model

    base, whole = _bases(plan)
    item = create_model(
        "Evidence", __base__=base, reference=(str, ...), status=(str, "submitted"), reason=(str | None, None),
        issued=(date | None, None), page=(str | None, None), note=(str | None, None),
    )  # fmt: skip
    inputs = _fields(tuple(spec for spec in plan.inputs if not spec.reference), "input", base)
    figures = _fields(tuple(spec for spec in plan.inputs if spec.reference), "figure", base)
    judged: dict[str, Any] = {}
    for at, points in enumerate(plan.judged):
        judged[f"points_{at + 1}"] = (_number_type(), Field(None, alias=points.key, title=points.label or points.key))
    fields: dict[str, Any] = {
        "unit": (str | None, None),
        "inputs": _part(create_model("Inputs", __base__=base, **inputs)),
        "judged": _part(create_model("Judged", __base__=base, **judged)),
        "evidence": (GenericAlias(dict, (str, GenericAlias(list, (item,)))), Field(default_factory=dict)),
        "claims": (GenericAlias(dict, (str, _number_type())), Field(default_factory=dict)),
    }
    if left_open(plan):
        decided = create_model(
            "Decision", __base__=base, points=(Number | str | None, None), grade=(str | None, None),
            rank=(int | None, None), by=(str | None, None), on=(date | None, None), because=(str | None, None),
        )  # fmt: skip
        fields["decisions"] = (GenericAlias(dict, (str, decided)), Field(default_factory=dict))
    if figures:
        fields["references"] = _part(create_model("References", __base__=base, **figures))
    return create_model("Submission", __base__=whole, __doc__=plan.title, **fields)


def _fields(specs: tuple[InputSpec, ...], what: str, base: "type[BaseModel]") -> dict[str, Any]:
    """A field for each input of a submission, or for each column of a row."""
    from pydantic import BaseModel, Field

    fields: dict[str, Any] = {}
    for at, spec in enumerate(specs):
        name = spec.name if _usable(spec.name, BaseModel) else f"{what}_{at + 1}"
        fields[name] = (_python_type(spec, base), Field(None, alias=spec.name, title=spec.label or spec.name))
    return fields


def _part(model: "type[BaseModel]") -> tuple[Any, Any]:
    from pydantic import Field

    return model, Field(default_factory=model)


def _bases(plan: Plan) -> "tuple[type[BaseModel], type[BaseModel]]":
    """What every part of the model is, and the whole: that one first reads whatever comes in as the engine does."""
    from pydantic import BaseModel, ConfigDict, model_validator

    reader = SubmissionReader(plan)
    registers = frozenset(spec.name for spec in plan.inputs if spec.columns)

    class Part(BaseModel):
        model_config = ConfigDict(
            extra="forbid", frozen=True, serialize_by_alias=True, validate_by_alias=True, validate_by_name=True,
            protected_namespaces=(), arbitrary_types_allowed=True,
        )  # fmt: skip

    class Whole(Part):
        @model_validator(mode="before")
        @classmethod
        def _read(cls, data: object) -> object:
            try:
                return as_given(plan, reader.read(data))
            except SubmissionError as error:
                raise _located(error, cls.__name__, registers) from None

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> "Whole":
            """Reads the text as :func:`~rubric_engine.read_json` does: every digit kept, no name given twice."""
            text = bytes(json_data) if isinstance(json_data, bytearray) else json_data
            try:
                given = read_json(text, plan.language)
            except SubmissionError as error:
                raise _located(error, cls.__name__, registers) from None
            return cls.model_validate(given, **options)

        @classmethod
        def __get_pydantic_json_schema__(cls, core_schema: object, handler: object) -> dict[str, Any]:
            return {name: value for name, value in json_schema(plan).items() if name != "$schema"}

    return Part, Whole


def _located(error: SubmissionError, title: str, registers: frozenset[str]) -> Exception:
    from pydantic import ValidationError
    from pydantic_core import InitErrorDetails, PydanticCustomError

    def detail(problem: Problem) -> InitErrorDetails:
        advice = problem.help_text(error.language)
        text = problem.message(error.language) + (f"; {advice}" if advice else "")
        # The text is data: braces in it must not be read as places to fill.
        kind = PydanticCustomError("rubric", "{text} [{code}]", {"text": text, "code": problem.code})
        return InitErrorDetails(type=kind, loc=_loc(problem.path, registers), input=problem.values.get("value"))

    return ValidationError.from_exception_data(title, [detail(problem) for problem in error.problems])


_EVIDENCE_PATH = re.compile(r"(.*?)(?:\[([0-9]+)\])?(?:\.([a-z]+))?")
_ROW_PATH = re.compile(r"(.*?)\[([0-9]+)\](?:\.(.*))?", re.DOTALL)


def _loc(path: str, registers: frozenset[str]) -> tuple[str | int, ...]:
    """``evidence.decision[0].issued``, ``inputs.late[2].days`` as pydantic tells a place; a code keeps its dots."""
    section, _, rest = path.partition(".")
    match = None
    if section == "evidence" and rest:
        match = _EVIDENCE_PATH.fullmatch(rest)
    elif section == "inputs" and rest.partition("[")[0] in registers:
        match = _ROW_PATH.fullmatch(rest)
    if match is None:
        return tuple(part for part in (section, rest) if part)
    name, at, last = match.groups()
    return (section, name, *(() if at is None else (int(at),)), *(() if last is None else (last,)))


def _usable(name: str, base: type) -> bool:
    """Whether an input's own name can be an attribute of a model."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_") and not hasattr(base, name)


def _number_type() -> Any:
    from typing import Annotated

    from pydantic import PlainSerializer

    return Annotated[Number | None, PlainSerializer(json_number, when_used="json-unless-none")]


def _python_type(spec: InputSpec, base: "type[BaseModel]") -> Any:
    from pydantic import create_model

    match spec.kind:
        case Kind.YES_NO:
            return bool | None
        case Kind.COUNT:
            return int | None
        case Kind.DATE:
            return date | None
        case Kind.TEXT | Kind.LEVEL | Kind.PERCENT:
            return str | None
        case Kind.NUMBER | Kind.MONEY:
            return _number_type()
        case Kind.LIST:
            row = create_model("Row", __base__=base, **_fields(spec.columns, "column", base))
            return GenericAlias(list, (row,)) | None
        case Kind.RATINGS:
            fields: dict[str, Any] = {"rating": (_number_type(), None), "by": (str | None, None)}
            rating = create_model("Rating", __base__=base, **fields)
            return GenericAlias(list, (_number_type() | rating,)) | None
        case kind:
            assert_never(kind)

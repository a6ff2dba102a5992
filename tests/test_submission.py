"""The model, the schema and the blank forms agree with what the engine reads."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from submission_plans import GOOD, WHOLE, bound, evidence, plan_of, schema_accepts, spec

from rubric_engine.facts.facts import read_submission
from rubric_engine.plan.expr import Compare, Const, Fact, Flag, Order, Ref
from rubric_engine.plan.plan import Bound, Case, Choice, Form, JudgedSpec, Kind, Let, Plan, PlanNode
from rubric_engine.submission import as_given, json_schema, submission_model, template, template_markdown, template_text

FULL = plan_of(
    *WHOLE.inputs, spec(Kind.NUMBER, "ratio"), spec(Kind.DATE, "issued_on"), spec(Kind.COUNT, "model_dump"),
    spec(Kind.COUNT, "class"), spec(Kind.COUNT, "_x"), spec(Kind.COUNT, "số_vụ", maximum=Bound(Fact("planned"))),
    judged=(JudgedSpec("1.1", "Quality", F(0), F(5, 4), F(1, 4)), JudgedSpec("II.5.1a", "", F(0), F(5))),
    evidence=evidence(), language="vi",
)  # fmt: skip

SUBMISSION: dict[str, Any] = {
    "unit": "Sở Nội vụ",
    "inputs": {
        "planned": 10, "rate": "85,125%", "plan": "Kịp thời", "funded": "có", "cost": "1,25", "remark": "ổn",
        "ratio": F(1, 3), "issued_on": "05/01/2023", "model_dump": 1, "class": 2, "_x": 3, "số_vụ": 4,
    },
    "judged": {"1.1": "0,75", "II.5.1a": 2.125},
    "evidence": {"paper": GOOD},
    "claims": {"1.1": "1,125"},
}  # fmt: skip


def test_a_model_and_a_mapping_behave_alike() -> None:
    model = submission_model(FULL)
    instance = model(**SUBMISSION)
    assert issubclass(model, BaseModel)
    facts = read_submission(FULL, SUBMISSION)
    assert read_submission(FULL, instance) == facts
    assert read_submission(FULL, instance.model_dump()) == facts
    assert read_submission(FULL, as_given(FULL, facts)) == facts
    assert model.model_validate(instance.model_dump()) == instance


def test_a_model_survives_json_exactly() -> None:
    model = submission_model(FULL)
    instance = model(**SUBMISSION)
    text = instance.model_dump_json()
    assert model.model_validate_json(text) == instance
    assert read_submission(FULL, json.loads(text)) == read_submission(FULL, SUBMISSION)
    assert schema_accepts(json_schema(FULL), json.loads(text))


def test_a_model_has_typed_fields_titled_by_their_labels() -> None:
    instance: Any = submission_model(FULL)(**SUBMISSION)
    assert instance.inputs.planned == 10
    assert instance.inputs.rate == "85.1250%"
    assert instance.inputs.plan == "timely"
    assert instance.inputs.issued_on == date(2023, 1, 5)
    assert instance.inputs.cost == Decimal("1.25")
    assert instance.inputs.ratio == F(1, 3)
    assert instance.inputs.số_vụ == 4
    assert type(instance.inputs).model_fields["planned"].title == "Planned"
    assert type(instance.judged).model_fields["points_1"].title == "Quality"
    assert instance.model_dump()["inputs"]["class"] == 2
    assert instance.model_dump()["judged"] == {"1.1": Decimal("0.75"), "II.5.1a": Decimal("2.125")}


def test_a_model_reports_every_problem_at_its_place() -> None:
    wrong = {
        "inputs": {"planned": 2, "rate": 0.85, "số_vụ": 3, "planed": 1},
        "judged": {"II.5.1a": 9},
        "evidence": {"paper": [{"reference": "a", "status": "{nope}"}], "papr": "x"},
    }
    with pytest.raises(ValidationError) as caught:
        submission_model(FULL)(**wrong)
    assert [error["loc"] for error in caught.value.errors()] == [
        ("inputs", "planed"), ("inputs", "rate"), ("inputs", "số_vụ"), ("judged", "II.5.1a"),
        ("evidence", "papr"), ("evidence", "paper", 0, "status"),
    ]  # fmt: skip
    messages = [error["msg"] for error in caught.value.errors()]
    assert messages[-1].startswith("`{nope}` không phải là tình trạng")
    assert messages[1].endswith("[RUB506]")


def test_an_empty_model_is_a_submission_with_everything_missing() -> None:
    assert read_submission(FULL, submission_model(FULL)()) == read_submission(FULL, {})


def test_a_model_cannot_be_changed_behind_the_readers_back() -> None:
    instance: Any = submission_model(FULL)(**SUBMISSION)
    with pytest.raises(ValidationError):
        instance.unit = "x"


def test_the_models_own_schema_is_the_schema() -> None:
    told = submission_model(FULL).model_json_schema()
    assert told["properties"] == json_schema(FULL)["properties"]


# ---------------------------------------------------------------- schema


def accepted(kind: Kind, value: object, **more: Any) -> bool:
    return schema_accepts(json_schema(plan_of(spec(kind, **more))), {"inputs": {"x": value}})


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.YES_NO, [True, None, "yes", "có", "x", ""], ["maybe", 1]),
        (Kind.COUNT, [0, 5, None, "12", "NA"], [-1, 1.5, "x"]),
        (Kind.NUMBER, [1, -2.5, "2/3", "1.25", "1.125", "", "NaN"], ["1.000,5", "1,125", True]),
        (Kind.PERCENT, [85, 0, 1.5, "85%", "0.5%", -2, 120.5], [0.85, 1, -1, -0.5, "85", "x%"]),
        (Kind.DATE, ["2023-01-15", None, "NaT"], ["15/01/2023", 5]),
        (Kind.LEVEL, ["timely", "kịp thời", None, ""], ["soon", 0]),
        (Kind.TEXT, ["x", ""], [5]),
    ],
)
def test_the_schema_of_each_kind(kind: Kind, good: list[object], bad: list[object]) -> None:
    assert [accepted(kind, value) for value in good] == [True] * len(good)
    assert [accepted(kind, value) for value in bad] == [False] * len(bad)


def test_the_schema_carries_constant_bounds() -> None:
    assert not accepted(Kind.NUMBER, 6, maximum=bound(5))
    assert not accepted(Kind.NUMBER, 5, maximum=bound(5, strict=True))
    assert accepted(Kind.PERCENT, 100, maximum=bound(1))
    assert not accepted(Kind.PERCENT, 101, maximum=bound(1))
    assert accepted(Kind.COUNT, 10**9, maximum=Bound(Fact("x")))


def test_level_titles_and_judged_steps_are_in_the_schema() -> None:
    inputs = json_schema(WHOLE)["properties"]["inputs"]["properties"]
    assert inputs["plan"]["oneOf"][0] == {"const": "timely", "title": "kịp thời"}
    assert json_schema(WHOLE)["properties"]["judged"]["properties"]["1.1"]["enum"] == [0, 0.5, 1, None]


def test_the_schema_refuses_unknown_names_everywhere() -> None:
    schema = json_schema(WHOLE)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for wrong in ({"x": 1}, {"inputs": {"x": 1}}, {"judged": {"9": 1}}, {"evidence": {"x": "a"}}, {"claims": {"9": 1}}):
        assert not schema_accepts(schema, wrong)
    assert not schema_accepts(schema, {"evidence": {"paper": {"reference": "a", "colour": "red"}}})
    assert not schema_accepts(schema, {"evidence": {"paper": {"status": "accepted"}}})
    assert schema_accepts(schema, {"evidence": {"paper": ["a", {"reference": "b", "status": "đã nộp"}]}})
    json.dumps(schema)


# ---------------------------------------------------------------- blank forms


def ordered_plan() -> Plan:
    """A sheet that uses `funded` first, then `planned` through a let, and never `rate`."""
    over = Compare(Order.GT, Ref("many"), Const(F(3)))
    first = Choice(Form.CONDITIONS, (Case(Flag("funded"), Const(F(1)), "", 1), Case(None, Const(F(0)), "", 2)))
    second = Choice(Form.CONDITIONS, (Case(over, Const(F(1)), "", 3), Case(Flag("funded"), Const(F(0)), "", 4)))
    nodes = tuple(
        PlanNode(code, code, "area", F(0), F(1), None, (), 1, base=base) for code, base in (("1", first), ("2", second))
    )
    return replace(WHOLE, nodes=nodes, lets=(Let("many", Fact("planned"), "", 1),))


def test_the_template_follows_the_sheet_and_reads_as_all_missing() -> None:
    plan = ordered_plan()
    blank = template(plan, "vi")
    assert list(blank["inputs"]) == ["funded", "planned", "rate", "plan", "cost", "remark"]
    assert set(blank["inputs"].values()) == {None}
    assert blank["evidence"]["paper"][0]["status"] == "đã nộp"
    assert json.loads(template_text(plan, "en")) == template(plan, "en")
    assert read_submission(plan, blank) == replace(read_submission(plan, {}), evidence={"paper": ()})
    assert schema_accepts(json_schema(plan), blank)


def test_the_table_for_people() -> None:
    text = template_markdown(ordered_plan(), "en")
    lines = text.splitlines()
    assert "| name | what it is | kind | bounds | used in |" in lines
    assert "| `funded` | Funded | yes/no |  | 1, 2 |" in lines
    assert "| `planned` | Planned | count |  | 2 |" in lines
    assert "| `cost` | Cost | money | at most 2 decimals |  |" in lines
    assert "| `1.1` |  | from 0 to 1 in steps of 0.5 |" in lines
    assert "| `paper` | Paper |  | 1 |" in lines
    assert "| `plan` | Plan | one of `timely` kịp thời, `late` không kịp thời, `none` không ban hành |  |  |" in lines
    assert "## Số liệu" in template_markdown(ordered_plan(), "vi")


def test_hostile_labels_stay_inside_their_cell() -> None:
    plan = plan_of(replace(spec(Kind.COUNT), label="a | b\n| c <script> \\"))
    (line,) = (line for line in template_markdown(plan, "en").splitlines() if line.startswith("| `x`"))
    assert line == "| `x` | a \\| b \\| c &lt;script> \\\\ | count |  |  |"


def test_forms_and_schema_do_without_pydantic() -> None:
    code = "import sys, rubric_engine.submission; sys.exit('pydantic' in sys.modules or 'lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Results as JSON: exact, stable, and the same when read back."""

import json
from fractions import Fraction as F
from random import Random

import pytest
from range_plans import random_facts, random_plan, without_some
from result_rubrics import demo, group_result, result

from rubric_engine.meaning.exact import to_json_number
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.result.assemble import assemble
from rubric_engine.result.result import Result


def test_the_keys_and_their_order() -> None:
    record = result().to_dict()
    assert list(record) == [
        "format", "rubric", "unit", "settled", "inexact", "coverage", "total", "grade", "grades", "missing", "notes",
        "claims", "nodes",
    ]  # fmt: skip
    assert record["format"] == 1
    node = json.loads(result().to_json())["nodes"][3]
    assert list(node) == [
        "code", "title", "level", "depth", "state", "points", "low", "high", "maximum", "applicable_maximum", "met",
        "reasons", "missing", "children", "columns", "weight", "effective_weight", "coverage", "inexact",
    ]  # fmt: skip
    assert node["reasons"][0] == {
        "kind": "row", "label": "70% to 90%", "amount": "1", "value": "0.8", "percent": True,
        "facts": [
            {"name": "done", "label": "Tasks done", "text": "8"},
            {"name": "planned", "label": "Tasks planned", "text": "10"},
        ],
        "line": node["reasons"][0]["line"], "effect": "bands",
    }  # fmt: skip


def test_groups_weights_and_coverage_travel() -> None:
    for found in (group_result(), group_result(y=0, judged={}, scores=None, late=None)):
        assert Result.from_json(found.to_json()) == found
    record = json.loads(group_result(y=0).to_json())
    assert record["coverage"] == {"assessed": 4, "leaves": 5, "assessed_points": "17.5", "points": "20"}
    assert record["nodes"][4]["effective_weight"] == "2/3"
    assert record["inexact"] is True


def test_a_result_from_before_a_field_was_added_can_be_read() -> None:
    record = result().to_dict()
    old = {name: value for name, value in record.items() if name not in ("coverage", "inexact")}
    assert Result.from_json(json.dumps(old)).coverage.leaves == 0


def test_numbers_are_exact_text() -> None:
    found = result(planned=7, done=5, counter="1/3", evidence={})
    record = json.loads(found.to_json())
    assert found["2.3"].points == F(1, 3)
    assert record["nodes"][8]["points"] == "1/3"
    assert record["total"]["exact"] == to_json_number(found.total.exact or F(0))
    assert Result.from_json(found.to_json())["2.3"].points == F(1, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"done": None, "judged": {}, "months": None}, {"evidence": {}}, {"planned": 0, "done": 0},
        {"online": "97%"},
        {"months": 1, "unit": "Đơn vị “A”\n"}, {"disciplined": True, "late_reports": 9},
    ],
)  # fmt: skip
def test_reading_it_back_gives_the_same_result(changes: dict[str, object]) -> None:
    found = result(**changes)
    for text in (found.to_json(), found.to_json(indent=2), found.to_json().encode()):
        back = Result.from_json(text)
        assert back == found
        assert back.to_json() == found.to_json()
        assert back.explain() == found.explain()


def test_the_same_result_gives_the_same_text() -> None:
    assert result().to_json() == result().to_json()
    looked = result()
    assert looked["1.3"].points == 1
    assert looked.to_json() == result().to_json()


def test_columns_parameters_and_notes_travel() -> None:
    found = result()
    assert found["1"].columns == (("guidance", "Look at the year's plan."), ("source", "Article 5"))
    assert Result.from_json(found.to_json())["1"].columns == found["1"].columns


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", '{"format": 2}', '{"format": 1}', '{"format": 1, "rubric": []}', "{" * 100_000,
        '{"format": "1"}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a result of format 1"):
        Result.from_json(text)


def test_a_broken_field_is_refused() -> None:
    good = json.loads(result().to_json())
    for path, value in ((("nodes", 0, "low"), 1.5), (("nodes", 0, "state"), "fine"), (("nodes", 0, "depth"), "1"),
                        (("total", "low"), None), (("nodes",), {}), (("unit",), 3), (("settled",), "yes"),
                        (("nodes", 0, "columns"), [["a"]]), (("missing",), [1])):  # fmt: skip
        broken = json.loads(json.dumps(good))
        at = broken
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        with pytest.raises(ValueError, match="not a result of format 1"):
            Result.from_json(json.dumps(broken))


@pytest.mark.parametrize("seed", range(60))
def test_random_results_survive_the_journey(seed: int) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    facts = without_some(random_facts(plan, rng), rng, rng.choice((0.0, 0.5)))
    try:
        found = assemble(plan, facts, read_ranges(plan, facts), engine="1")
    except ScoringError:
        return
    assert Result.from_json(found.to_json()) == found


def test_the_engine_version_is_in_it() -> None:
    assert demo().plan.id == json.loads(result().to_json())["rubric"]["id"]
    assert json.loads(result().to_json())["rubric"]["engine"]

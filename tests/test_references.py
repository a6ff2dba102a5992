"""Figures a rubric reads and no unit states: of the cohort, of the cycle before, of the round."""

import json
from fractions import Fraction

import pytest
from submission_plans import schema_accepts

from rubric_engine import IncompleteError
from rubric_engine.casetest import run_examples, submission_of
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.plan.plan import InputSpec, Kind, Reference, ReferenceKind
from rubric_engine.result.outcome import State
from rubric_engine.submission import template_markdown

F = Fraction

HEAD = """rubric "Figures" id test.figures
total 10 points
stages self "Tự chấm", appraisal "Thẩm định"
deadline files "Nộp hồ sơ" on 2025-12-20

input region: one of north, south
input commune: text
input rate: percent, from 0% to 100%
input done: count
input planned: count, at least 1
input sent: date
input owed: money
input ready: yes/no
input plan: one of weak < fair < good
"""

BODY = """
criterion 1 "One" 4 points
  input size: number, from 0 to 50
  score
    when {}: 4
    otherwise: 0
criterion 2 "Two" 6 points
  score judged
"""


def compiled(condition: str, more: str = "") -> CompiledRubric:
    return compile_rubric(HEAD + BODY.format(condition) + more)


def figure(condition: str) -> tuple[Reference, InputSpec]:
    """The one figure of a condition, with the input that stands for it."""
    plan = compiled(condition).plan
    (reference,) = plan.references
    (spec,) = (spec for spec in plan.inputs if spec.reference)
    assert spec.name == reference.name
    return reference, spec


def found(condition: str, more: str = "") -> list[str]:
    unused = ("RUB209",)
    diagnostics = check_text(HEAD + BODY.format(condition) + more).diagnostics
    return [f"{one.code} {one.help}".removesuffix(" help") for one in diagnostics if one.code not in unused]


@pytest.mark.parametrize(
    ("clause", "kind", "of_kind"),
    [
        ("average rate among units", ReferenceKind.AVERAGE, Kind.PERCENT),
        ("average rate among units within region", ReferenceKind.AVERAGE, Kind.PERCENT),
        ("highest rate among units within commune", ReferenceKind.HIGHEST, Kind.PERCENT),
        ("standard deviation of rate among units to 4 places", ReferenceKind.DEVIATION, Kind.PERCENT),
        ("percentile 90% of rate among units", ReferenceKind.PERCENTILE, Kind.PERCENT),
        ("median of rate among units", ReferenceKind.MEDIAN, Kind.PERCENT),
        ("position of done among units if all equal 50%", ReferenceKind.POSITION, Kind.PERCENT),
        ("share of units where ready", ReferenceKind.SHARE, Kind.PERCENT),
        ("share of units within region where ready", ReferenceKind.SHARE, Kind.PERCENT),
        ("average index of 2 among units", ReferenceKind.AVERAGE, Kind.PERCENT),
    ],
)
def test_a_share_among_the_units_is_compared_as_a_share(clause: str, kind: ReferenceKind, of_kind: Kind) -> None:
    reference, spec = figure(f"({clause}) < 60%")
    assert (reference.name, reference.kind, spec.kind) == (clause, kind, of_kind)
    assert reference.label == clause


@pytest.mark.parametrize(
    ("clause", "kind", "of_kind"),
    [
        ("sum of done among units", ReferenceKind.SUM, Kind.NUMBER),
        ("lowest done among units", ReferenceKind.LOWEST, Kind.COUNT),
        ("highest (done / planned) among units", ReferenceKind.HIGHEST, Kind.NUMBER),
        ("average points of 2 among units", ReferenceKind.AVERAGE, Kind.NUMBER),
        ("average done among units", ReferenceKind.AVERAGE, Kind.NUMBER),
        ("rank of points of 2 among units within region lowest first", ReferenceKind.RANK, Kind.COUNT),
        ("number of units", ReferenceKind.NUMBER, Kind.COUNT),
        ("number of units within region where ready and plan is good", ReferenceKind.NUMBER, Kind.COUNT),
        ("standard score of done among units to 4 places if all equal 0", ReferenceKind.DISTANCE, Kind.NUMBER),
        ("days late of files", ReferenceKind.DAYS_LATE, Kind.COUNT),
        ("days late of self", ReferenceKind.DAYS_LATE, Kind.COUNT),
        ("previous done", ReferenceKind.PREVIOUS, Kind.COUNT),
        ("previous points of 2", ReferenceKind.PREVIOUS, Kind.NUMBER),
        ("previous total", ReferenceKind.PREVIOUS, Kind.NUMBER),
    ],
)
def test_a_number_among_the_units_is_compared_as_a_number(clause: str, kind: ReferenceKind, of_kind: Kind) -> None:
    reference, spec = figure(f"({clause}) >= 3")
    assert (reference.name, reference.kind, spec.kind) == (clause, kind, of_kind)


@pytest.mark.parametrize(
    "condition",
    [
        "highest sent among units > 2025-01-01",
        "sent > previous sent",
        "average owed among units > 1000",
        "owed > previous owed",
        "previous index of 2 > 50%",
        "previous ready",
        "previous plan is at least fair",
        "previous rate is missing or previous rate < rate",
        "done / planned >= average (done / planned) among units",
        "rank of rate among units <= 30% * number of units",
        "done - lowest done among units > 3",
    ],
)
def test_figures_go_where_values_of_their_unit_go(condition: str) -> None:
    assert found(condition) == []


def test_what_a_figure_is_taken_of_bounds_it() -> None:
    _, average = figure("average rate among units > 50%")
    assert (average.minimum, average.maximum) != (None, None)
    rated = compiled("average rate among units > 50%").plan
    whole = next(spec for spec in rated.inputs if spec.name == "rate")
    assert (average.minimum, average.maximum) == (whole.minimum, whole.maximum)
    _, points = figure("average points of 2 among units > 3")
    assert points.maximum is not None
    assert points.maximum.value.value == 6  # type: ignore[union-attr]
    _, rank = figure("rank of rate among units <= 3")
    assert rank.minimum is not None
    assert rank.minimum.value.value == 1  # type: ignore[union-attr]
    assert found("100 / (rank of rate among units) > 5") == []


def test_equal_clauses_share_one_figure_whatever_their_words() -> None:
    english = compiled("rate > average rate among units or average rate among units > 90%").plan
    assert len(english.references) == 1
    vietnamese = compile_rubric("""bộ tiêu chí "Số" mã test.figures
dữ liệu rate: phần trăm, từ 0% đến 100%
tiêu chí 1 "Một" 4 điểm
  chấm
    khi rate > bình quân rate giữa các đơn vị: 4
    còn lại: 0
""").plan
    assert vietnamese.references[0].name == english.references[0].name == "average rate among units"
    assert vietnamese.references[0].label == "bình quân rate giữa các đơn vị"


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("average ready among units > 50%", "RUB340 help_condition"),
        ("rank of ready among units < 3", "RUB340 help_condition"),
        ("highest plan among units > 3", "RUB340 help_level"),
        ("average commune among units > 3", "RUB340"),
        ("average sent among units > 2025-01-01", "RUB340 help_date"),
        ("average rate among units within done > 50%", "RUB341 help_kind"),
        ("number of units within regoin > 3", "RUB201 help_near"),
        ("position of rate among units > 50%", "RUB342"),
        ("standard score of rate among units to 4 places > 1", "RUB342"),
        ("percentile 90 of rate among units > 50%", "RUB101 percent"),
        ("percentile 110% of rate among units > 50%", "RUB307 help_percentile"),
        ("position of rate among units if all equal (done) > 50%", "RUB310 help_figure"),
        ("average rate among units > 50", "RUB302"),
        ("previous commune = 3", "RUB343 help_text"),
        ("previous rat > 50%", "RUB201 help_near"),
        ("previous points of 9 > 5", "RUB205"),
        ("previous rate if no previous 3 > 50%", "RUB303"),
        ("previous plan if no previous good is good", ""),
        ("days late of fles > 3", "RUB241 help_near"),
        ("points of 2 > average points of 1 among units", "RUB208 help_figure"),
        ("rank of total among units = 1", "RUB208 help_figure"),
        ("average total among units > 3", "RUB208 help_figure"),
    ],
)
def test_what_cannot_be_taken_says_why(condition: str, code: str) -> None:
    assert found(condition) == ([code] if code else [])


def test_a_circle_names_all_its_links() -> None:
    (one,) = (one for one in check_text(HEAD + BODY.format("rank of total among units = 1")).diagnostics
              if one.code == "RUB208")  # fmt: skip
    assert one.values["ring"].split(" → ")[0] == one.values["ring"].split(" → ")[-1]
    assert {"1", "total", "rank of total among units"} <= set(one.values["ring"].split(" → "))


def test_figures_stand_after_those_they_need() -> None:
    more = """
criterion 3 "Three" 2 points
  score
    when points of 1 > average points of 1 among units: 2
    otherwise: 0

grades by total
  best: 8 or more, and rank of points of 3 among units <= 3
  fair: 8 or more, and rank of points of 3 among units > 3
  rest: below 8
"""
    plan = compile_rubric(
        (HEAD + BODY.format("rate > average rate among units") + more).replace("total 10", "total 12")
    ).plan
    assert [one.name for one in plan.references] == [
        "average rate among units", "average points of 1 among units", "rank of points of 3 among units",
    ]  # fmt: skip


def test_a_definition_cannot_hide_what_a_figure_is_taken_of() -> None:
    text = HEAD.replace("total 10 points\n", "total 10 points\n\ndefine far(x) = x - average x among units\n")
    codes = [one.code for one in check_text(text + BODY.format("far(rate) > 10%")).diagnostics if one.code != "RUB209"]
    assert codes == ["RUB210"]


def test_a_bound_of_a_fact_reads_no_figure() -> None:
    text = HEAD + "input most: percent, at most average rate among units\n" + BODY.format("most > 50%")
    assert [one.code for one in check_text(text).diagnostics if one.code != "RUB209"] == ["RUB310"]


# ---------------------------------------------------------------- submissions

ABOVE = "rate >= average rate among units and done > previous done if no previous 3"
KNOWN = {"rate": "80%", "done": 5}


def points(rubric: CompiledRubric, references: object, **inputs: object) -> Fraction | None:
    result = rubric.evaluate({"inputs": {**KNOWN, **inputs}, "judged": {"2": 1}, "references": references})
    return result["1"].points


def test_figures_are_given_in_a_section_of_their_own() -> None:
    rubric = compiled(ABOVE)
    assert points(rubric, {"average rate among units": "75%", "previous done": 4}) == 4
    assert points(rubric, {"average rate among units": "85%", "previous done": 4}) == 0
    assert points(rubric, {"average rate among units": "75%", "previous done": 6}) == 0
    assert points(rubric, {"average rate among units": "75%"}) == 4
    assert points(rubric, {"average rate among units": "75%"}, done=3) == 0


def test_a_figure_nobody_gave_is_waited_for() -> None:
    result = compiled(ABOVE).evaluate({"inputs": KNOWN, "judged": {"2": 1}})
    assert result["1"].state is State.PENDING
    assert result["1"].missing == ("average rate among units",)
    assert (result.total.low, result.total.high) == (1, 5)


def test_an_average_may_be_any_fraction() -> None:
    rubric = compiled("rate > average rate among units")
    assert points(rubric, {"average rate among units": "241/3%"}, rate="80.33%") == 0
    assert points(rubric, {"average rate among units": "241/3%"}, rate="80.34%") == 4
    ratio = compiled("done / planned >= average (done / planned) among units")
    for given in ("50%", "1/2", "0.5", F(1, 2)):
        assert points(ratio, {"average (done / planned) among units": given}, planned=10) == 4
    assert points(ratio, {"average (done / planned) among units": "50.01%"}, planned=10) == 0


@pytest.mark.parametrize(
    ("section", "name", "code"),
    [
        ("inputs", "average rate among units", "RUB541 figure"),
        ("references", "rate", "RUB541 help"),
        ("references", "average rat among units", "RUB501 help"),
        ("inputs", "average rat among units", "RUB501 known"),
    ],
)
def test_a_figure_in_the_wrong_section_is_refused(section: str, name: str, code: str) -> None:
    rubric = compiled(ABOVE)
    with pytest.raises(SubmissionError) as caught:
        rubric.read({"inputs": KNOWN, "references": {}, section: {name: "50%"}})
    (problem,) = caught.value.problems
    assert f"{problem.code} {problem.help}" == code
    assert problem.path == f"{section}.{name}"


def test_a_bad_figure_is_named_at_its_place() -> None:
    with pytest.raises(SubmissionError) as caught:
        compiled(ABOVE).read({"references": {"average rate among units": "120%", "previous done": "x"}})
    assert [problem.path for problem in caught.value.problems] == [
        "references.average rate among units", "references.previous done",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "before", "expected"),
    [
        ("previous ready", {"previous ready": True}, 4),
        ("previous ready if no previous yes", {}, 4),
        ("previous ready if no previous no", {}, 0),
        ("previous ready if no previous yes", {"previous ready": False}, 0),
        ("previous ready if no previous no", {"previous ready": True}, 4),
        ("previous plan is good", {"previous plan": "good"}, 4),
        ("previous plan if no previous fair is fair", {}, 4),
        ("previous plan if no previous fair is fair", {"previous plan": "good"}, 0),
        ("previous plan if no previous fair is good", {}, 0),
        ("previous plan if no previous fair is at least fair", {"previous plan": "weak"}, 0),
        ("previous plan if no previous fair is at least fair", {}, 4),
        ("previous rate is missing", {}, 4),
        ("previous rate is missing", {"previous rate": "50%"}, 0),
        ("previous index of 2 if no previous 0% >= 50%", {}, 0),
        ("previous index of 2 if no previous 0% >= 50%", {"previous index of 2": "50%"}, 4),
        ("previous sent if no previous 2024-01-01 < 2024-06-01", {}, 4),
        ("days late of self = 0", {"days late of self": 0}, 4),
        ("days late of self = 0", {"days late of self": 3}, 0),
    ],
)
def test_the_cycle_before_and_what_stands_for_it(condition: str, before: object, expected: int) -> None:
    assert points(compiled(condition), before) == expected


def test_levels_before_may_score_by_themselves() -> None:
    body = """
criterion 1 "One" 4 points
  score by previous plan if no previous fair
    weak: 0
    fair: 2
    good: 4
criterion 2 "Two" 6 points
  score judged
"""
    rubric = compile_rubric(HEAD + body)
    assert [points(rubric, given) for given in ({}, {"previous plan": "good"}, {"previous plan": "weak"})] == [2, 4, 0]


def test_the_blank_form_and_the_schema_keep_figures_apart() -> None:
    rubric = compiled(ABOVE)
    blank = rubric.template()
    assert blank["references"] == {"average rate among units": None, "previous done": None}
    assert not set(blank["inputs"]) & set(blank["references"])  # type: ignore[call-overload]
    assert schema_accepts(rubric.json_schema(), blank)
    given = {"inputs": {"rate": "80%"}, "references": {"average rate among units": "241/3%", "previous done": 2}}
    assert schema_accepts(rubric.json_schema(), given)
    model = rubric.submission_model.model_validate(given)
    assert rubric.read(model.model_dump()) == rubric.read(given)
    assert rubric.read(json.loads(model.model_dump_json())) == rubric.read(given)


def test_a_rubric_without_figures_asks_for_none() -> None:
    rubric = compiled("ready")
    assert "references" not in rubric.template()
    assert "references" not in rubric.json_schema()["properties"]  # type: ignore[operator]
    with pytest.raises(SubmissionError):
        rubric.read({"references": {"average rate among units": "50%"}})


# ---------------------------------------------------------------- worked examples

EXAMPLE = """
example "above"
  given rate = 80%, done = 5, judged 2 = 3
  given average rate among units = 75%, previous done = 4
  expect points of 1 = 4
"""


def test_examples_give_figures() -> None:
    rubric = compiled(ABOVE, EXAMPLE)
    assert [outcome.passed for outcome in run_examples(rubric)] == [True]
    assert submission_of(rubric.rubric.examples[0])["references"] == {
        "average rate among units": "75%", "previous done": 4,
    }  # fmt: skip


def test_an_example_cannot_give_a_figure_no_rule_reads() -> None:
    assert found(ABOVE, EXAMPLE.replace("average rate", "highest rate")) == ["RUB242 help_near"]
    assert found("ready", EXAMPLE) == ["RUB242 help_none", "RUB242 help_none"]


# ---------------------------------------------------------------- the checks see into figures


def test_a_figure_of_what_may_have_no_value_is_found() -> None:
    assert found("average (planned / done) among units > 3") == ["RUB414 help_sheet"]
    assert found("(share of units where planned / done > 3) > 50%") == ["RUB414 help_sheet"]
    assert found("average (when done = 0 then 0 otherwise planned / done) among units > 3") == []
    assert found("average index of 2 among units > 50%") == []


def test_figures_of_figures_cannot_grow_without_end() -> None:
    lets = "let one = (average rate among units) ^ 64\nlet two = (average one among units) ^ 64\n"
    grown = HEAD + lets + "let three = (average two among units) ^ 64\n" + BODY.format("three > 2%")
    assert [one.code for one in check_text(grown).diagnostics if one.code != "RUB209"] == ["RUB113"]
    assert not [one for one in check_text(HEAD + lets + BODY.format("two > 2%")).diagnostics if one.code != "RUB209"]


def test_what_only_a_figure_reads_is_used() -> None:
    register = "input tasks: list\n  column length: count\n  column kind: one of small, large\n"
    body = BODY.format("average (sum of length in tasks where kind is large) among units > 3")
    diagnostics = check_text(HEAD + register + body).diagnostics
    assert {"length", "kind", "tasks"}.isdisjoint(one.values.get("name", "") for one in diagnostics)


def test_a_figure_in_its_own_words_in_vietnamese() -> None:
    rubric = compile_rubric("""bộ tiêu chí "Số" mã test.figures
các vòng self "Tự chấm", appraisal "Thẩm định lần 1" giữ điểm nhận xét chỉ tính minh chứng được chấp nhận
thời hạn files "Nộp tài liệu kiểm chứng" ngày 2025-12-20

dữ liệu khối: một trong sở, xã
dữ liệu rate: phần trăm, từ 0% đến 100%
dữ liệu hài_lòng: phần trăm, từ 0% đến 100%, thu thập từ vòng appraisal

tiêu chí 1 "Một" 4 điểm
  chấm
    khi rate > bình quân rate giữa các đơn vị trong cùng khối: 4
    khi rate > kỳ trước rate nếu chưa có kỳ trước thì 50%: 2
    còn lại: 0
  trừ 1 khi số ngày chậm của files > 0
tiêu chí 2 "Hai" 4 điểm
  chấm tỷ lệ với hài_lòng

xếp loại theo tổng điểm
  tốt: 6 trở lên
  khá: dưới 6
  hạn mức tốt tối đa 20% của tất cả trong cùng khối

xếp hạng trong cùng khối
  theo tổng điểm, rồi theo tiêu chí 1, rồi theo rate thấp xếp trước
  bằng điểm thì chờ quyết định "bỏ phiếu"

ví dụ "trên bình quân"
  cho khối là xã, rate = 80%, hài_lòng = 50%
  cho bình quân rate giữa các đơn vị trong cùng khối = 75%, kỳ trước rate = 70%, số ngày chậm của files = 1
  kết quả điểm của 1 = 3, tổng điểm = 5, loại = khá
""")
    assert [one.name for one in rubric.plan.references] == [
        "average rate among units within khối", "days late of files", "previous rate",
    ]  # fmt: skip
    assert [outcome.passed for outcome in run_examples(rubric)] == [True]
    assert rubric.stages[1].only_accepted
    assert rubric.plan.grades[0].quotas[0].within == "khối"
    assert rubric.at_stage("self").evaluate({})["2"].state is State.NOT_DUE


def test_the_table_for_people_lists_figures_apart() -> None:
    facts, _, figures = template_markdown(compiled(ABOVE).plan).partition("## Figures from elsewhere")
    assert "average rate among units" not in facts
    assert "| `average rate among units` | average rate among units | percent | ≥ 0%, ≤ 100% | 1 |" in figures
    assert "| `previous done` | previous done | count | ≥ 0, optional | 1 |" in figures


def test_the_total_alone_takes_figures_too() -> None:
    text = (
        'rubric "R" id r\nversion 1\ntotal 5 points\ncomponent 1 "A" 5 points\n'
        "  input rate: percent, from 0% to 100%\n"
        "  score\n    when rate >= average rate among units: 5\n    otherwise: 0\n"
    )
    rubric = compile_rubric(text)
    assert rubric.score({"rate": "80%"}, references={"average rate among units": "75%"}) == 5
    assert rubric.score({"rate": "70%"}, references={"average rate among units": "75%"}) == 0
    with pytest.raises(IncompleteError, match="average rate among units"):
        rubric.score({"rate": "80%"})

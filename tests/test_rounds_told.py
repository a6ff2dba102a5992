"""Results of a round told: stages, figures from elsewhere, several grades, a combined sheet, what the rubric says where
nobody says anything."""

import json
from fractions import Fraction as F
from pathlib import Path

import pytest
from result_rubrics import round_result, rounds, sheet_markdown, sheet_text

from rubric_engine.engine import compile_rubric
from rubric_engine.facts.problems import incomplete
from rubric_engine.meaning.exact import to_json_number
from rubric_engine.report.form import to_form
from rubric_engine.result.outcome import GradeState, NodeResult, Reason, ReasonKind, State
from rubric_engine.result.result import Result
from rubric_engine.tell.rendering.screen import width

GOLDEN = Path(__file__).parent / "golden" / "explain"


def whole() -> Result:
    return round_result()


def at_the_first_stage() -> Result:
    return round_result("self", figures={"previous rate": "78.5%"})


def with_little_said() -> Result:
    return round_result(visits=None, late=None, figures={}, homeroom=None, mode="mild")


MADE = {"whole": whole, "first-stage": at_the_first_stage, "little-said": with_little_said}


def the(node: NodeResult, kind: ReasonKind) -> Reason:
    found = [reason for reason in node.reasons if reason.kind is kind]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("name", MADE)
def test_looks(name: str, language: str, update_golden: bool) -> None:
    found = MADE[name]()
    told = {
        "explain.txt": found.explain(language=language), "sheet.txt": sheet_text(found, language),
        "sheet.md": sheet_markdown(found, language).replace(found.rubric.digest, "sha256:…"),
    }  # fmt: skip
    for kind, text in told.items():
        file = GOLDEN / f"{language}-{name}-{kind}"
        if update_golden:
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")
        assert kind.endswith(".md") or all(width(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize("name", MADE)
def test_it_travels_as_json_and_says_the_same(name: str) -> None:
    found = MADE[name]()
    back = Result.from_json(found.to_json())
    assert back == found
    assert back.grades == found.grades
    assert [back.explain(language=language) for language in ("en", "vi")] == [
        found.explain(language=language) for language in ("en", "vi")
    ]


def test_a_result_from_before_there_were_several_grades() -> None:
    record = json.loads(round_result().to_json())
    del record["grades"]
    del record["total"]["published_as"], record["total"]["published_index"]
    del record["rubric"]["stage"], record["rubric"]["stage_title"], record["rubric"]["shown"]
    old = Result.from_json(json.dumps(record))
    assert (old.grade, old.grades) == (round_result().grade, round_result().grades[:1])
    assert (old.total.published_as, old.rubric.stage) == ("points", "")


# ---------------------------------------------------------------- grades


def test_every_table_that_applies_has_its_grade() -> None:
    staff, teaching = round_result().grades
    assert (staff.table, staff.table_title, staff.node, staff.name) == ("staff", "Homeroom teachers", "", "good")
    assert (teaching.table, teaching.node, teaching.name) == ("", "1", "strong")
    assert round_result().grade == staff
    others = round_result(homeroom=False)
    assert [(grade.table, grade.name) for grade in others.grades] == [("", "strong"), ("rest", "good")]
    assert others.grade is others.grades[1]


def test_a_table_that_may_apply_is_pending_and_keeps_the_result_open() -> None:
    found = round_result(homeroom=None)
    assert [grade.state for grade in found.grades] == [GradeState.PENDING, GradeState.ISSUED, GradeState.PENDING]
    assert (found.missing, found.settled, found.total.published) == (("homeroom",), False, F(24))
    assert [(fact.label, fact.text) for fact in found.grades[0].facts] == [("Homeroom teacher", "")]


# ---------------------------------------------------------------- stages


def test_what_a_later_stage_asks_for_is_not_due() -> None:
    found = at_the_first_stage()
    leaf = found["1.3"]
    assert (leaf.state, leaf.points, leaf.applicable_maximum, leaf.missing) == (State.NOT_DUE, 0, 0, ())
    assert the(leaf, ReasonKind.NOT_DUE).label == "Appraisal"
    assert found.missing == ("average rate among units",)
    assert (found.rubric.stage, found.rubric.stage_title, found.grades) == ("self", "Self-scoring", ())
    assert round_result().rubric.stage == ""


def test_coverage_is_of_what_is_due() -> None:
    full = {"average rate among units": "80%", "previous rate": "78.5%"}
    covered = round_result("self", figures=full)
    assert (covered.coverage.assessed, covered.coverage.leaves) == (3, 3)
    assert covered.coverage.share_of_points == 1
    assert covered["1"].coverage == 1
    assert covered["1.3"].coverage is None
    part = at_the_first_stage()
    assert part["1"].coverage == F(5, 15)
    # The whole sheet carries 30 points: area 1 is due for 15 of its 20, area 2 for all.
    assert part.coverage.share_of_points == F(15, 25)


TWO_DUE_LATER = """\
rubric "R" id r
version 1
total 6 points
stages self "Tự chấm", first "Thẩm định lần 1", second "Thẩm định lần 2"

area 1 "Later" 4 points
  criterion 1.1 "First" 2 points
    asked from first
    score judged
  criterion 1.2 "Second" 2 points
    asked from second
    score judged
area 2 "Now" 2 points
  criterion 2.1 "Now" 2 points
    score judged
"""


def test_a_group_with_nothing_due_is_not_due_until_the_first_stage_that_asks() -> None:
    rubric = compile_rubric(TWO_DUE_LATER)
    found = rubric.at_stage("self").evaluate({"judged": {"2.1": 2}})
    assert [found[code].state for code in ("1", "1.1", "1.2", "2")] == [State.NOT_DUE] * 3 + [State.SCORED]
    asked = [the(found[code], ReasonKind.NOT_DUE).label for code in ("1", "1.1", "1.2")]
    assert asked == ["Thẩm định lần 1", "Thẩm định lần 1", "Thẩm định lần 2"]
    assert (found.total.published, found.total.applicable_maximum, found.settled) == (2, 2, True)
    assert (found.coverage.assessed, found.coverage.leaves, found.coverage.points) == (1, 1, 2)
    assert "chưa đến hạn: thu thập từ vòng Thẩm định lần 2" in found.explain(language="vi")
    later = rubric.at_stage("first").evaluate({"judged": {"2.1": 2, "1.1": 1}})
    assert [later[code].state for code in ("1", "1.1", "1.2")] == [State.SCORED, State.SCORED, State.NOT_DUE]
    assert later["1"].applicable_maximum == 2


# ---------------------------------------------------------------- where nobody says anything


def test_a_value_that_stands_in_is_told_wherever_it_is_read_and_was_not_assessed() -> None:
    found = round_result(visits=None)
    policy = the(found["1"], ReasonKind.POLICY)
    assert (policy.effect, [(fact.label, fact.text) for fact in policy.facts]) == ("substituted", [("Visits", "0")])
    assert the(found["1"], ReasonKind.REQUIREMENT).amount == 0
    assert not any(reason.kind is ReasonKind.POLICY for reason in found["1.1"].reasons)
    assert not any(reason.kind is ReasonKind.POLICY for reason in round_result(visits=0)["1"].reasons)
    text = (
        'rubric "R" id r\nversion 1\ntotal 3 points\ninput n "N": count, if missing 2\nlet m = n + 1\n'
        'criterion 1 "One" 3 points\n  score min(3, m)\n'
    )
    leaf = compile_rubric(text).evaluate({"inputs": {}})
    assert (leaf["1"].state, leaf["1"].points, leaf["1"].coverage) == (State.SCORED, 3, 0)
    assert [reason.kind for reason in leaf["1"].reasons] == [ReasonKind.POLICY, ReasonKind.FORMULA]
    assert (leaf.coverage.assessed, leaf.settled) == (0, True)
    assert compile_rubric(text).evaluate({"inputs": {"n": 1}}).coverage.assessed == 1


def test_a_requirement_of_a_group_leaves_its_headings_their_points() -> None:
    found = round_result(visits=0)
    assert (found["1"].points, found["1"].state) == (0, State.SCORED)
    assert [found[code].points for code in ("1.1", "1.2", "1.3")] == [10, F(5, 2), F(9, 2)]
    assert [reason.kind for reason in found["1"].reasons] == [ReasonKind.REQUIREMENT]


def test_policies_of_leaves() -> None:
    found = with_little_said()
    out = found["1.2"]
    assert (out.state, out.points, out.applicable_maximum, out.missing) == (State.NOT_APPLICABLE, 0, 0, ())
    assert the(out, ReasonKind.POLICY).effect == "not applicable"
    base = found["2.1"]
    assert (base.state, base.points, base.missing) == (State.SCORED, F(17, 2), ())
    left_out = the(base, ReasonKind.POLICY)
    assert (left_out.label, left_out.because) == ("deduct 0.5 for each of late", "Article 9")
    assert [fact.label for fact in left_out.facts] == ["Late reports"]
    assert not any(reason.kind is ReasonKind.DEDUCTION for reason in base.reasons)
    assert (found.coverage.assessed, found.coverage.leaves) == (1, 4)


# ---------------------------------------------------------------- the sheet as a whole


def test_a_sheet_that_combines_is_a_heading_without_a_code() -> None:
    found = round_result()
    root = found["total"]
    assert (root.printed_code, root.level, root.depth, root.children) == ("", "sheet", 1, ("1", "2"))
    assert [found[code].depth for code in ("1", "1.1", "2")] == [1, 2, 1]
    reason = the(root, ReasonKind.COMBINED)
    assert (reason.amount, reason.value) == (24, F(4, 5))
    assert [(fact.name, fact.text) for fact in reason.facts] == [("index of 1", "17 / 20"), ("index of 2", "7 / 10")]
    assert (found["1"].effective_weight, found["2"].effective_weight) == (F(2, 3), F(1, 3))
    form = to_form(rounds(mode="strict").plan, "en")
    assert "\n## 1 Teaching" in form
    assert "total" not in form
    assert "average rate" not in form


@pytest.mark.parametrize(
    ("clause", "total", "index", "shown"),
    [
        ("percent of applicable maximum, rounded half-up to 2 places", F("2.34"), F("0.7667"), "76.67%"),
        ("percent of applicable maximum", F("2.34"), F("2.3") / 3, "≈76.6667%"),
        ("index 0 to 1, rounded down to 1 place", F("2.34"), F("0.7"), "0.7"),
        ("points", F("2.34"), None, ""),
    ],
)
def test_published_exactly(clause: str, total: F, index: F | None, shown: str) -> None:
    text = (
        f'rubric "R" id r\nversion 1\ntotal 3 points, rounded half-up to 1 place\npublished as {clause}\n'
        'criterion 1 "One" 3 points\n  score judged\n'
    )
    found = compile_rubric(text).evaluate({"judged": {"1": to_json_number(total)}})
    assert (found.total.exact, found.total.published, found.total.published_index) == (total, F("2.3"), index)
    assert found.total.published_as == clause.partition(",")[0]
    told = f"Published: {shown}" if shown.endswith("%") else f"Published: index {shown}"
    assert (told in found.explain()) is bool(shown)
    assert shown in sheet_text(found, "en")
    assert repr(found).endswith(f": 2.3, published as {shown}>" if shown else ": 2.3>")
    waiting = compile_rubric(text).evaluate({})
    assert waiting.total.published_index is None
    assert "Published" not in waiting.explain()


def test_a_changed_parameter_that_is_a_choice_is_shown_by_its_name() -> None:
    found = round_result(mode="mild")
    assert (found.rubric.parameters, found.rubric.shown) == ({"mode": 1}, {"mode": "mild"})
    for told in (found.explain(), sheet_text(found, "en"), sheet_markdown(found, "en")):
        assert "mode = mild" in told
    assert round_result().rubric.shown == {}


# ---------------------------------------------------------------- figures from elsewhere

VIETNAMESE = """\
bộ tiêu chí "Chuyển đổi số" mã demo.figures
phiên bản 1
tổng điểm 10 điểm

tiêu chí 1 "Tỷ lệ" 10 điểm
  dữ liệu rate "Tỷ lệ hồ sơ": phần trăm, từ 0% đến 100%
  chấm
    khi rate >= bình quân rate giữa các đơn vị: 10
    còn lại: 2

xếp loại theo tổng điểm, lấy dòng đúng đầu tiên
  đầu_bảng "Đầu bảng": khi hạng của tổng điểm giữa các đơn vị = 1
  còn_lại "Còn lại": còn lại
"""


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_figure_is_called_by_the_words_of_the_author(language: str) -> None:
    rubric = compile_rubric(VIETNAMESE)
    found = rubric.evaluate({"inputs": {"rate": "80%"}, "references": {"average rate among units": "70%"}})
    told = " ".join(found.explain(language=language).split())
    assert "bình quân rate giữa các đơn vị = 70%" in told
    assert "hạng của tổng điểm giữa các đơn vị" in told.partition({"vi": "Còn chờ:"}.get(language, "Still"))[2]
    assert "among units" not in told
    assert "among units" not in sheet_text(found, language)
    known = {"average rate among units": "70%", "rank of total among units": 1}
    graded = rubric.evaluate({"inputs": {"rate": "80%"}, "references": known})
    assert graded.grade is not None
    assert [fact.text for fact in graded.grade.facts] == ["1"]
    assert "among units" not in graded.explain(language=language)


def test_what_is_missing_says_where_a_submission_has_it() -> None:
    found = incomplete(("done", "judged 1.2", "previous points of 1.2", "decision 3"))
    assert [problem.path for problem in found] == ["inputs.done", "judged.1.2", "references.previous points of 1.2", ""]

"""A sheet that combines its headings, sums over positive maxima, what a group requires, how a total is published."""

from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine import compile_rubric
from rubric_engine.diagnostics.catalogue import message
from rubric_engine.engine import check_text
from rubric_engine.plan.combine import CombineKind
from rubric_engine.plan.expr import Mode
from rubric_engine.plan.plan import Publication, PublishedForm, Rounding
from rubric_engine.result.result import State

HEAD = 'rubric "Test" id test.sheet\nversion 1\n'
TWO = """
criterion 1 "Plan" 4 points weight 30%
  score judged
criterion 2 "Report" 10 points weight 70%
  score judged
"""


def told(body: str) -> list[tuple[str, str]]:
    return [(one.code, one.help) for one in check_text(HEAD + body).diagnostics]


# ---------------------------------------------------------------- the sheet


def test_a_sheet_that_combines_is_one_heading_more() -> None:
    body = f"total 100 points\ncombine weighted mean\nneeds at least 60% of weight\n{TWO}"
    body += '\nbonus "Extra" at most 5\ncriterion 3 "More" 5 points\n  score judged\n'
    assert told(body) == []
    plan = compile_rubric(HEAD + body).plan
    sheet = plan.nodes[0]
    assert (sheet.code, sheet.level, sheet.title, sheet.maximum) == ("total", "sheet", "Test", 100)
    assert sheet.children == (1, 2)
    assert sheet.combine is not None
    assert (sheet.combine.kind, sheet.combine.needs) == (CombineKind.WEIGHTED_MEAN, Fraction(3, 5))
    assert [plan.nodes[at].code for at in plan.roots] == ["total", "bonus"]
    assert [node.parent for node in plan.nodes] == [None, 0, 0, None, 3]
    assert plan.order.index(0) > max(plan.order.index(1), plan.order.index(2))
    result = compile_rubric(HEAD + body).evaluate({"judged": {"1": 2, "2": 8, "3": 4}})
    assert result.total.exact == Fraction(30, 2) + Fraction(70 * 8, 10) + 4


def test_without_a_printed_total_it_is_worth_what_its_headings_are() -> None:
    plan = compile_rubric(HEAD + "combine mean\n" + TWO.replace(" weight 30%", "").replace(" weight 70%", "")).plan
    assert (plan.total, plan.nodes[0].maximum) == (14, 14)


def test_weights_of_a_sheet_are_looked_at() -> None:
    head = "total 100 points\ncombine weighted mean\n"
    assert told(head + TWO.replace("70%", "60%")) == [("RUB430", "help_missing")]
    assert told(head + TWO.replace(" weight 70%", "")) == [("RUB432", "help")]
    assert [code for code, _ in told("total 14 points\n" + TWO)] == ["RUB209", "RUB209"]


def test_only_a_sheet_that_combines_needs_a_share() -> None:
    assert told("needs at least 60% of weight\n" + TWO.replace(" weight 30%", "").replace(" weight 70%", "")) == [
        ("RUB210", "help_needs")
    ]


def test_a_sheet_is_called_by_its_total() -> None:
    body = """bộ tiêu chí "Thử" mã test.vi
phiên bản 1
tổng điểm 10 điểm
tổng hợp theo trung bình có trọng số

tiêu chí 1 "Kế hoạch" 10 điểm
  chấm theo nhận xét
"""
    (found,) = check_text(body).diagnostics
    assert (found.code, dict(found.values)["group"]) == ("RUB432", "tổng điểm")


def test_one_combination_a_sheet() -> None:
    assert ("RUB211", "help") in told("total 100 points\ncombine weighted mean\ncombine mean\n" + TWO)


def test_a_heading_may_stand_under_its_own_code_still() -> None:
    body = """total 100 points
combine mean

area A "First" 10 points
  criterion A.1 "Plan" 10 points
    score judged
area B "Second" 10 points
  criterion B.1 "Report" 10 points
    score judged
    at most points of A.1
"""
    assert told(body) == []
    assert compile_rubric(HEAD + body).evaluate({"judged": {"A.1": 5, "B.1": 8}}).total.exact == 50


def test_a_shared_file_keeps_its_combination_to_itself(tmp_path: Path) -> None:
    (tmp_path / "common.rubric").write_text(
        'rubric "Common" id common.x\ncombine mean\n\ncriterion 2 "Report" 10 points\n  combine mean\n'
        '  component 2.1 "One" 1 point\n    score judged\n',
        encoding="utf-8",
    )
    text = HEAD + 'criterion 1 "Plan" 4 points\n  score judged\nuse "common.rubric"\n'
    plan = compile_rubric(text, folder=tmp_path).plan
    assert [(node.code, node.combine is not None) for node in plan.nodes] == [("1", False), ("2", True), ("2.1", False)]


# ---------------------------------------------------------------- sums over positive maxima

POSITIVE = """combine sum over positive maximum

criterion 1 "Plan" 4 points
  score judged
criterion 2 "Faults" -3 to 0 points
  score judged
"""


def test_points_are_set_against_what_could_be_earned() -> None:
    assert told(POSITIVE) == []
    result = compile_rubric(HEAD + POSITIVE).evaluate({"judged": {"1": 3, "2": -1}})
    assert (result["total"].points, result.total.index) == (2, Fraction(1, 2))


def test_something_must_be_worth_something() -> None:
    assert ("RUB441", "help") in told(POSITIVE.replace('"Plan" 4 points', '"Plan" -4 to 0 points'))
    assert ("RUB209", "help_weight") in told(POSITIVE.replace("4 points", "4 points weight 30%"))


def test_a_mean_above_may_find_it_at_0() -> None:
    body = """area A "All" 10 points
  combine geometric mean to 4 places
  criterion A.1 "Sum" 10 points
    combine sum over positive maximum
    component A.1.1 "Plan" 4 to 8 points
      score judged
    component A.1.2 "Faults" -4 to 0 points
      score judged
"""
    assert told(body) == [("RUB433", "help")]
    assert told(body.replace("-4 to 0", "-3 to 0")) == []


# ---------------------------------------------------------------- publication


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("points", Publication(PublishedForm.POINTS)),
        ("percent of applicable maximum", Publication(PublishedForm.PERCENT)),
        (
            "percent of applicable maximum, rounded half-up to 2 places",
            Publication(PublishedForm.PERCENT, Rounding(Mode.HALF_UP, Fraction(1, 10_000))),
        ),
        (
            "index 0 to 1, rounded half-even to 3 places",
            Publication(PublishedForm.INDEX, Rounding(Mode.HALF_EVEN, Fraction(1, 1000))),
        ),
    ],
)
def test_how_a_total_is_published(written: str, expected: Publication) -> None:
    body = f'published as {written}\ncriterion 1 "Plan" 3 points\n  score judged\n'
    assert told(body) == []
    assert compile_rubric(HEAD + body).plan.publication == expected


def test_a_percent_is_rounded_as_a_percent() -> None:
    body = "published as percent of applicable maximum, rounded half-up to 1 place\n"
    body += 'criterion 1 "Plan" 3 points\n  score judged\n'
    result = compile_rubric(HEAD + body).evaluate({"judged": {"1": 2}})
    assert (result.total.published_as, result.total.published_index) == (
        "percent of applicable maximum", Fraction(667, 1000),
    )  # fmt: skip


def test_faults_of_publication() -> None:
    leaf = 'criterion 1 "Plan" 3 points\n  score judged\n'
    assert told("published as points, rounded half-up to 1 place\n" + leaf) == [("RUB210", "help_published")]
    (found,) = check_text(HEAD + "published as points, rounded half-up to 1 place\n" + leaf).diagnostics
    assert message(found, "en") == "`rounded half-up to 1 place` cannot stand here"
    assert told(leaf + "published as points\n") == [("RUB210", "help_header")]
    assert told("published as points\npublished as points\n" + leaf) == [("RUB211", "help")]
    only_bonus = 'published as index 0 to 1\ncriterion 1 "Faults" -3 to 0 points\n  score judged\n'
    assert ("RUB442", "help") in told(only_bonus)


# ---------------------------------------------------------------- what a group requires

REQUIRED = """criterion 1 "Plan" 4 points
  input lawful: yes/no
  require lawful, otherwise 0 because "the law asks for it"
  component 1.1 "Draft" 2 points
    score judged
  component 1.2 "Final" 2 points
    score judged
criterion 2 "Report" 4 points
  score judged
"""


def test_a_group_that_lacks_what_it_requires() -> None:
    assert told(REQUIRED) == []
    compiled = compile_rubric(HEAD + REQUIRED)
    given = {"1.1": 2, "1.2": 1, "2": 3}
    result = compiled.evaluate({"inputs": {"lawful": False}, "judged": given})
    assert [result[code].points for code in ("1", "1.1", "1.2")] == [0, 2, 1]
    assert result.total.exact == 3
    assert compiled.evaluate({"inputs": {"lawful": True}, "judged": given}).total.exact == 6


def test_what_a_group_requires_comes_before_it() -> None:
    body = REQUIRED.replace("require lawful", "require points of 2 >= 2 and lawful")
    plan = compile_rubric(HEAD + body).plan
    index = {node.code: at for at, node in enumerate(plan.nodes)}
    assert plan.order.index(index["2"]) < plan.order.index(index["1"])
    ring = body.replace('"Report" 4 points\n  score judged', '"Report" 4 points\n  score points of 1')
    assert [code for code, _ in told(ring)] == ["RUB208"]


def test_points_of_a_failed_requirement_stay_within_the_group() -> None:
    assert [code for code, _ in told(REQUIRED.replace("otherwise 0", "otherwise 5"))] == ["RUB404"]


def test_a_mean_above_may_find_what_a_requirement_leaves() -> None:
    body = """area A "All" 10 points
  combine harmonic mean
  criterion A.1 "Plan" 10 points
    input lawful: yes/no
    require lawful, otherwise 0
    component A.1.1 "Draft" 5 to 10 points
      score judged
"""
    assert told(body) == [("RUB433", "help")]
    assert told(body.replace("otherwise 0", "otherwise 5")) == []


def test_too_little_known_of_the_sheet() -> None:
    body = f"total 100 points\ncombine weighted mean\nneeds at least 60% of weight\n{TWO}"
    body = body.replace("weight 70%\n", "weight 70%\n  if missing: excluded\n")
    result = compile_rubric(HEAD + body).evaluate({"judged": {"1": 2}})
    assert result["total"].state is State.NOT_RATED


def test_graded_and_ranked_by_the_share_that_is_published() -> None:
    """Thanh Hóa 2023: 68.32 of the 84 points that apply is 81.33%; by points alone the grade would be another."""
    text = (
        'rubric "Share" id share\nversion 1\ntotal 100 points, rounded half-up to 2 places\n'
        "published as percent of applicable maximum, rounded half-up to 2 places\n"
        'component 1 "A" 84 points\n  score judged\n'
        'component 2 "B" 16 points\n  input asked: yes/no\n  not applicable when not asked: excluded\n  score judged\n'
        'grades by index of total\n  good "Good": 80% or more\n  fair "Fair": below 80%\n'
        "ranking\n  by index of total, then by total\n"
    )
    rubric = compile_rubric(text)
    result = rubric.evaluate({"inputs": {"asked": False}, "judged": {"1": "68.32"}})
    assert (result.total.published_index, result.grade.name) == (Fraction("0.8133"), "good")  # type: ignore[union-attr]
    whole = rubric.evaluate({"inputs": {"asked": True}, "judged": {"1": "68.32", "2": "0"}})
    assert whole.grade.name == "fair"  # type: ignore[union-attr]
    waiting = rubric.evaluate({"judged": {"1": "68.32"}})
    assert waiting.grade.possible == ("good", "fair")  # type: ignore[union-attr]
    refused = check_text(text.replace('"A" 84 points\n  score judged', '"A" 84 points\n  score index of total * 84'))
    assert "RUB208" in {one.code for one in refused.diagnostics}, "a leaf makes the total, so it cannot read its share"

"""Reports: what happens to text from strangers, to pending sheets and to codes and titles that do not fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_rubrics import group_result, sheet_markdown, sheet_text

from rubric_engine import compile_rubric
from rubric_engine.report.form import to_form
from rubric_engine.result.explain.wording import states
from rubric_engine.result.result import State
from rubric_engine.submission.forms import template_markdown
from rubric_engine.tell.rendering.escape import escape
from rubric_engine.tell.rendering.screen import width

RUBRIC = """\
rubric "A | B <script>alert(1)</script>" id t.report
version 1
total 3 points, rounded half-up to 1 place
parameter goal "Goal": number = 0.5

area 1 "*Area* [x](javascript:alert(1))" 3 points
  criterion 1.1 "Plan `x` | y" 2 points
    guidance "Count | every _plan_"
    input done "Done | so far": count, at most 3
    evidence decision "Decision" required, if missing score 0
    score in proportion to done / 3
  criterion 1.2 "Kept" 1 point
    input kept "Kept": yes/no
    not applicable when not kept: excluded
    score judged from 0 to 1 in steps of 0.25
  criterion 1.3 "Ready" condition
    met when done >= 1
  criterion 1.4 "Seen" unscored

grades by total
  good "Good": 2 or more
  poor "Poor": below 2
  no higher than poor when done = 0 because "nothing was done"
"""


@pytest.fixture(scope="module")
def rubric():  # type: ignore[no-untyped-def]
    return compile_rubric(RUBRIC, name="t.rubric")


def submission(**inputs: object) -> dict[str, object]:
    return {"unit": "Unit | <b>", "inputs": inputs, "judged": {"1.2": "0.25"}, "evidence": {"decision": "12/QĐ"}}


def cells(markdown: str) -> list[list[str]]:
    rows = [line for line in markdown.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_markdown_is_a_sound_table(rubric, language: str) -> None:  # type: ignore[no-untyped-def]
    text = sheet_markdown(rubric.evaluate(submission(done=2, kept=True)), language)
    rows = cells(text)
    assert {len(row) for row in rows} == {5}
    assert len(rows) == 2 + 5 + 1
    assert "<" not in text.replace("\\<", "")
    assert rows[-1][2:4] == ["**3**", "**1,6**" if language == "vi" else "**1.6**"]
    assert not re.search(r"(?<!\\)\]\(", text)


def test_the_sheet_tells_states_apart(rubric) -> None:  # type: ignore[no-untyped-def]
    text = sheet_text(rubric.evaluate(submission(done=2, kept=False)), "en")
    lines = {line.split()[0]: line for line in text.split("\n") if line.startswith("  1.")}
    assert lines["1.1"].endswith("2         ≈1.3333")
    assert "not applicable" in lines["1.2"]
    assert lines["1.3"].endswith(" met")
    assert "not scored" in lines["1.4"]
    assert "exactly ≈1.3333 before rounding" in text
    assert "of the applicable maximum" in text
    refused = {**submission(done=2, kept=False), "evidence": {}}
    assert "[refused]" in sheet_text(rubric.evaluate(refused), "en")
    assert "không được công nhận" in sheet_text(rubric.evaluate(refused), "vi")


def test_a_pending_sheet_says_what_it_waits_for(rubric) -> None:  # type: ignore[no-untyped-def]
    text = sheet_text(rubric.evaluate({**submission(kept=True), "judged": {"1.2": 1}}), "en")
    assert re.search(r"Total +3 +1 to 3$", text, re.MULTILINE)
    assert "waiting for: Done | so far" in text
    assert "Index:" not in text


def test_gates_are_told(rubric) -> None:  # type: ignore[no-untyped-def]
    result = rubric.evaluate(submission(done=0, kept=True))
    for shown in (sheet_text(result, "en"), sheet_markdown(result, "en")):
        assert "(nothing was done): holds, but changed nothing" in " ".join(shown.split())
    assert "nothing was done" not in sheet_text(rubric.evaluate(submission(done=1, kept=True)), "en")


def test_changed_parameters_are_told() -> None:
    result = compile_rubric(RUBRIC.replace("done >= 1", "done / 3 >= goal"), parameters={"goal": "0.6"}).evaluate({})
    assert "goal = 0.6" in sheet_text(result, "en")
    assert "goal = 0.6" in sheet_markdown(result, "en")


def test_nothing_is_wider_than_the_screen() -> None:
    long = "Một tiêu đề rất dài " * 12
    text = RUBRIC.replace("Kept", long).replace("1.2 ", "1.2.ABCDEFGHIJKLMNOP.2 ").replace("A | B", long)
    shown = sheet_text(compile_rubric(text).evaluate({}), "vi")
    assert max(map(width, shown.split("\n"))) <= 80


def test_the_form_asks_for_everything(rubric) -> None:  # type: ignore[no-untyped-def]
    text = to_form(rubric.plan, "vi")
    for asked in ("`done`", "`kept`", "`judged 1.2`", "`decision`", "Cách xác định"):
        assert text.count(asked) == 1, asked
    assert "<script>" not in text


@given(st.text())
def test_escaped_text_has_no_markup(text: str) -> None:
    shown = escape(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*_]", shown)


def test_groups_that_are_not_rated_and_how_much_was_assessed() -> None:
    found = group_result(y=0, judged={})
    for shown in (sheet_text(found, "en"), sheet_markdown(found, "en")):
        assert "not rated" in shown
        assert "Assessed: 3 of 5 criteria, 62.5% of the printed points" in shown.replace("**", "")
        assert "Not exact" in shown
    assert "không đánh giá" in sheet_markdown(found, "vi")
    line = ["**1**", "**Quality**", "**10**", "**8**", "geometric mean: index 80% → 8"]
    assert line in cells(sheet_markdown(found, "en"))
    assert "Assessed" not in sheet_text(group_result(), "en")


def test_every_state_has_a_word() -> None:
    for state in State:
        assert states(state, "en")
        assert states(state, "vi") != states(state, "en")


POOLS = """\
rubric "Pools" id t.pools
version 1
total 2 points

area 1 "Area" 2 points
  input pieces "Pieces": number, from 0 to 5, with 0 decimals
  input rate "Rate": percent, from 0% to 100%, with 0 decimals
  input length "Length": number, from 0 to 5, with 1 decimal
  input scores "Scores": ratings 1 to 5
  score when rate > 50% then min(2, pieces + length) otherwise min(2, mean of scores if none 0)

bonus at most 3 points
component B.1 "Award" 3 points
  score judged

penalty "Vi phạm kỷ luật" at most 5 points
component P.1 "Fine" 5 points
  deduct judged fine from 0 to 5
"""


@pytest.mark.parametrize(
    ("language", "bonus", "whole", "percent", "one"),
    [
        ("en", "Bonus", "a whole number", "no decimals", "at most 1 decimal"),
        ("vi", "Điểm thưởng", "số nguyên", "không có phần thập phân", "tối đa 1 chữ số thập phân"),
    ],
)
def test_pools_and_whole_numbers_in_words(language: str, bonus: str, whole: str, percent: str, one: str) -> None:
    compiled = compile_rubric(POOLS)
    form = to_form(compiled.plan, language)
    headings = [line.partition(" (")[0] for line in form.split("\n") if line.startswith("#")]
    assert headings[1:] == ["## 1 Area", f"## {bonus}", "### B.1 Award", "## Vi phạm kỷ luật", "### P.1 Fine"]
    assert f"- Pieces (`pieces`; {whole}):" in form
    assert f"≥ 1, ≤ 5, {whole}:" in form
    table = template_markdown(compiled.plan, language)
    assert f"≥ 0, ≤ 5, {whole} |" in table
    assert f"≤ 100%, {percent} |" in table
    assert f"≥ 0, ≤ 5, {one} |" in table
    assert not re.search(r"\b0 (decimals|chữ số)", form + table)


@pytest.mark.parametrize(("language", "bonus"), [("en", "Bonus"), ("vi", "Điểm thưởng")])
def test_a_pool_without_a_title_is_called_what_it_is(language: str, bonus: str) -> None:
    facts = {"pieces": 1, "rate": "3%", "length": 0, "scores": [2]}
    result = compile_rubric(POOLS).evaluate({"inputs": facts, "judged": {"B.1": 2, "P.1.fine": 1}})
    assert f"       {bonus}  " in sheet_text(result, language)
    assert f"|  | **{bonus}** |" in sheet_markdown(result, language)
    told = result.explain(language=language)
    assert f"\n{bonus}  " in told
    assert f"+2: {bonus} (" in told
    assert "−1: Vi phạm kỷ luật (" in told

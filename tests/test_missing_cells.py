"""Registers with missing cells: what is still possible, which cell is waited for, and how people read it."""

from fractions import Fraction as F
from typing import Any

import pytest

from rubric_engine import CompiledRubric, IncompleteError, Result, compile_rubric
from rubric_engine.facts.facts import read_submission
from rubric_engine.gaps import find_gaps
from rubric_engine.plan.cells import CellName, cell_named
from rubric_engine.report.progress import progress_report
from rubric_engine.rounds.progress import progress
from rubric_engine.tell.rendering.document import Report, Table

HEAD = """rubric "Cells" id cells
version 1
"""
LATE = """  input base "Base": number, from 0 to 90
  input late "Báo cáo chậm": list
    column days "Số ngày": count, at most 9
    column excused "Có lý do": yes/no
"""


def late(rule: str) -> CompiledRubric:
    return compile_rubric(f'{HEAD}criterion 1 "Reports" 90 points\n{LATE}  score base + {rule}\n')


def of(rule: str, *rows: tuple[int | None, bool | None]) -> tuple[F, F, tuple[str, ...]]:
    """What the leaf can still have beyond 30, and what it waits for."""
    given = [{"days": days, "excused": excused} for days, excused in rows]
    node = late(rule).evaluate({"inputs": {"base": 30, "late": given}})["1"]
    return node.low - 30, node.high - 30, node.missing


# ---------------------------------------------------------------- how far, and for what


def test_a_sum_is_the_known_part_and_the_bounds_of_the_cell() -> None:
    rows = ((3, False), (None, False), (5, True))
    assert of("sum of days in late", *rows) == (8, 17, ("late[2].days",))
    assert of("sum of days in late where excused", *rows) == (5, 5, ())
    assert of("sum of days in late where days > 3", *rows) == (5, 14, ("late[2].days",))


def test_rows_surely_in_and_perhaps_in_are_counted() -> None:
    rows = ((3, False), (None, True), (5, None))
    assert of("count of late where excused", *rows) == (1, 2, ("late[3].excused",))
    assert of("count of late where days > 4 or excused", *rows) == (2, 2, ())
    share = of("100 * (share of late where excused if none 0%) / 10", (1, True), (2, None))
    assert share == (5, 10, ("late[2].excused",))


def test_a_row_that_cannot_come_out_on_top_is_not_waited_for() -> None:
    rows = ((None, True), (4, True), (3, None), (6, None))
    assert of("highest days in late where excused if none 0", *rows) == (4, 9, ("late[1].days", "late[4].excused"))
    assert of("lowest days in late where excused if none 0", *rows) == (0, 4, ("late[1].days", "late[3].excused"))


def test_first_and_last_wait_for_no_row_beyond_the_first_sure_one() -> None:
    rows = ((7, None), (4, True), (None, None), (2, True))
    assert of("first days in late where excused if none 0", *rows) == (4, 7, ("late[1].excused",))
    assert of("last days in late where excused if none 0", *rows) == (2, 2, ())


def test_means_try_every_number_of_the_rows_perhaps_in() -> None:
    rows = ((4, True), (9, None), (1, None))
    waits = ("late[2].excused", "late[3].excused")
    assert of("mean of days in late where excused if none 0", *rows) == (F(5, 2), F(13, 2), waits)
    assert of("median of days in late where excused if none 0", *rows) == (F(5, 2), F(13, 2), waits)
    assert of("mean of days in late where excused if none 0", (4, True), (4, None)) == (4, 4, ())


def test_one_cell_without_bound_leaves_the_median_bounded() -> None:
    rubric = compile_rubric(HEAD + """criterion 1 "Reports" 90 points
  input late "Late": list
    column days "Days": number
    column excused "Excused": yes/no
  score median of days in late where excused if none 0
  at least 0 points
  at most full points
""")
    rows: list[dict[str, object]] = [{"days": days, "excused": True} for days in (10, 20, 30)]
    node = rubric.evaluate({"inputs": {"late": [*rows, {"excused": True}]}})["1"]
    assert (node.low, node.high) == (15, 25)
    node = rubric.evaluate({"inputs": {"late": [*rows, {"days": None}]}})["1"]
    assert (node.low, node.high, node.missing) == (15, 25, ("late[4].days", "late[4].excused"))


def test_a_majority_that_cannot_be_caught_up_with_is_known() -> None:
    rows = ((4, True), (4, True), (4, True), (5, True), (None, True))
    assert of("majority of days in late if tied lowest if none 0", *rows) == (4, 4, ())
    assert of("majority of days in late if tied lowest if none 0", *rows[1:]) == (0, 9, ("late[4].days",))


def test_a_cell_reaches_as_far_as_the_fact_that_bounds_it() -> None:
    rubric = compile_rubric(HEAD + """criterion 1 "Reports" 90 points
  input late "Late": list
    column days "Days": count, at most planned
  input planned "Planned": count, at most 12
  start at full points
  deduct 1 * (sum of days in late)
""")
    rows = [{"days": 2}, {"days": None}]
    node = rubric.evaluate({"inputs": {"planned": 7, "late": rows}})["1"]
    assert (node.low, node.high) == (81, 88)
    node = rubric.evaluate({"inputs": {"late": rows}})["1"]
    assert (node.low, node.high, node.missing) == (76, 88, ("late[2].days",))
    assert rubric.evaluate({"inputs": {"planned": 0, "late": [{"days": None}]}})["1"].points == 90


def test_very_many_rows_perhaps_in_are_bounded_by_their_ends_in_time() -> None:
    rows: list[dict[str, object]] = [{"days": at % 8 + 1, "excused": None} for at in range(2000)]
    inputs = {"base": 30, "late": [*rows, {"days": 4, "excused": True}]}
    node = late("median of days in late where excused if none 0").evaluate({"inputs": inputs})["1"]
    assert (node.low, node.high) == (31, 38)


# ---------------------------------------------------------------- names and words


def waiting() -> CompiledRubric:
    rule = "  start at full points\n  deduct 1 * (sum of days in late where not excused)\n  deduct 1 * base\n"
    return compile_rubric(HEAD + 'criterion 1 "Reports" 90 points\n' + LATE + rule + """criterion 2 "Panel" 5 points
  input scores "Scores": ratings 1 to 5, at least 3 raters
  score mean of scores
""")


def open_result(scores: object = None, rows: int = 2) -> Result:
    known = {"days": 1, "excused": False}
    late_rows = [{"excused": False}, *[known] * (rows - 2), {"excused": False}]
    return waiting().evaluate({"inputs": {"base": 1, "late": late_rows, "scores": scores}})


def test_cells_stand_in_the_place_of_their_register_in_the_order_of_rows() -> None:
    assert open_result(rows=10).missing == ("late[1].days", "late[10].days", "scores")
    assert open_result([1, None, 2, 3], rows=3).missing == ("late[1].days", "late[3].days", "scores[2].rating")


def test_the_facts_go_on_naming_the_register() -> None:
    facts = read_submission(waiting().plan, {"inputs": {"base": 1, "late": [{}], "scores": [1, None, 2, 3]}})
    assert facts.missing == ("late", "scores")


@pytest.mark.parametrize(
    ("language", "leaf", "second"),
    [
        ("en", "waits for Báo cáo chậm, row 1: Số ngày; Báo cáo chậm, row 2: Số ngày", "waits for Scores, rating 2"),
        ("vi", "chờ Báo cáo chậm, dòng 1: Số ngày; Báo cáo chậm, dòng 2: Số ngày", "chờ Scores, phiếu 2"),
    ],
)
def test_an_explanation_names_row_and_column(language: str, leaf: str, second: str) -> None:
    told = " ".join(open_result([1, None, 2, 3]).explain(language=language).split())
    assert leaf in told
    assert second in told
    closing = told[told.index({"en": "Still waiting for:", "vi": "Còn chờ:"}[language]) :]
    assert leaf.rpartition("; ")[2] in closing
    assert "late[" not in told


@pytest.mark.parametrize(
    ("scores", "english", "vietnamese"),
    [
        ([4, 5], "Scores (2 ratings, 3 needed)", "Scores (mới có 2 phiếu, cần 3)"),
        ([4, None], "Scores (1 rating, 3 needed)", "Scores (mới có 1 phiếu, cần 3)"),
        ([], "Scores (no ratings yet, 3 needed)", "Scores (chưa có phiếu nào, cần 3)"),
    ],
)
def test_too_few_ratings_are_counted(scores: list[Any], english: str, vietnamese: str) -> None:
    result = open_result(scores)
    assert result["2"].missing == ("scores",)
    for language, words, waits in (("en", english, "waits for"), ("vi", vietnamese, "chờ")):
        told = result.explain(language=language)
        assert f"  - {waits} {words}\n" in told
        assert f"  - {words}\n" in told, "among what the whole result waits for"


def test_ratings_nobody_gave_are_not_counted() -> None:
    assert "waits for Scores\n" in open_result().explain()


def test_what_a_total_needs_is_said_where_the_submission_has_it() -> None:
    rows = [{"days": 1, "excused": False}, {"excused": False}]
    with pytest.raises(IncompleteError) as caught:
        waiting().score({"base": 1, "late": rows, "scores": [1, 2]})
    assert caught.value.missing == ("late[2].days", "scores")
    assert [line.partition(" is not")[0] for line in str(caught.value).splitlines()] == [
        "inputs.late[1].days: `days`", "inputs.scores: `scores`",
    ]  # fmt: skip


def last_table(report: Report) -> list[tuple[str, ...]]:
    table = [block for block in report.blocks if isinstance(block, Table)][-1]
    return [tuple(str(cell) for cell in row.cells) for row in table.rows]


def test_progress_names_cells_of_one_unit_and_registers_of_many() -> None:
    unit = progress(open_result())
    assert [leaf.missing for leaf in unit.pending] == [("late[1].days", "late[2].days"), ("scores",)]
    one = last_table(progress_report(waiting().plan, [unit], "vi"))
    assert one[0][-1] == "Báo cáo chậm, dòng 1: Số ngày; Báo cáo chậm, dòng 2: Số ngày"
    many = last_table(progress_report(waiting().plan, [unit, progress(open_result([3, 3, 3]))], "vi"))
    assert many == [("Báo cáo chậm", "2", ""), ("Scores", "1", "")], "these units have no names"


def test_gaps_name_cells() -> None:
    awaited = find_gaps(waiting(), {"inputs": {"base": 1, "late": [{"excused": False}], "scores": [1, 2, 3]}}).awaited
    assert [leaf.waits for leaf in awaited] == [(("late[1].days", "Báo cáo chậm, row 1: Số ngày"),)]


def test_the_name_of_a_cell_is_read_back_and_nothing_else_is_one() -> None:
    cell = CellName("báo_cáo", 12, "số_ngày")
    assert cell_named(str(cell)) == cell
    assert [cell_named(name) for name in ("late", "judged 1.2", "late[0].days", "rank of late[1].days")] == [None] * 4

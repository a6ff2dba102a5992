"""Cohorts from the text of a rubric to the ranking, in both languages."""

from fractions import Fraction as F

from rubric_engine import CompiledRubric, Figures, compile_rubric, score_cohort
from rubric_engine.cohort import read_csv

ENGLISH = """rubric "Cohort" id test.cohort
version 1
total 20 points, rounded half-up to 2 places

input region "Region": one of north "Bắc", south "Nam"

criterion 1 "Rate" 10 points
  input rate "Share on time": percent
  score
    when rate >= average rate among units within region: 10
    otherwise: 5

criterion 2 "Place" 10 points
  input new "New accounts": number, from 0 to 100
  score (position of new among units if all equal 50%) * 10

grades by total
  best "Xuất sắc": 15 or more, and rank of total among units = 1
  good "Tốt": 10 or more, and rank of total among units > 1
  weak "Yếu": otherwise
  quota good at most 25% of all

ranking
  by total, then by new lowest first
  ties undecided "vote"
"""

VIETNAMESE = """bộ tiêu chí "Cohort" mã test.cohort
phiên bản 1
tổng điểm 20 điểm, làm tròn nửa lên đến 2 chữ số

dữ liệu region "Region": một trong north "Bắc", south "Nam"

tiêu chí 1 "Rate" 10 điểm
  dữ liệu rate "Tỷ lệ đúng hạn": phần trăm
  chấm
    khi rate >= bình quân rate giữa các đơn vị trong cùng region: 10
    còn lại: 5

tiêu chí 2 "Place" 10 điểm
  dữ liệu new "Tài khoản mới": số, từ 0 đến 100
  chấm (vị trí của new giữa các đơn vị nếu mọi đơn vị bằng nhau thì 50%) * 10
"""

TABLE = """unit;region;Share on time;New accounts
a;north;80%;0
b;Bắc;90%;50
c;south;70,5%;100
d;south;85%;60
"""


def units() -> list[dict[str, object]]:
    given = (("a", "north", "80%", 0), ("b", "north", "90%", 50), ("c", "south", "70.5%", 100),
             ("d", "south", "85%", 60))  # fmt: skip
    return [{"unit": u, "inputs": {"region": g, "rate": r, "new": n}} for u, g, r, n in given]


def english() -> CompiledRubric:
    return compile_rubric(ENGLISH)


def test_from_text_and_table_to_ranks_and_quotas() -> None:
    rubric = english()
    table = read_csv(TABLE, rubric, "units.csv")
    assert not table.problems
    cohort = score_cohort(rubric, table.submissions)
    assert not cohort.problems
    assert {result.unit: result.total.published for result in cohort} == {"a": 5, "b": 15, "c": 15, "d": 16}
    ranked = cohort.ranking()
    assert [(row.unit, row.rank, row.keys) for row in ranked.rows] == [
        ("d", 1, (16, 60)), ("b", 2, (15, 50)), ("c", 3, (15, 100)), ("a", 4, (5, 0)),
    ]  # fmt: skip
    grades = {grade.unit: (grade.before, grade.name) for grade in cohort.grades()}
    assert grades == {"d": ("best", "best"), "b": ("good", "good"), "c": ("good", "weak"), "a": ("weak", "weak")}


def test_the_explanation_shows_the_figure_a_unit_was_measured_against() -> None:
    cohort = score_cohort(english(), units())
    assert "average rate among units within region" in cohort["a"].explain("1")
    assert "85%" in cohort["a"].explain("1")


def test_a_vietnamese_rubric_means_the_same_and_speaks_its_own_language() -> None:
    cohort, other = score_cohort(compile_rubric(VIETNAMESE), units()), score_cohort(english(), units())
    assert [r.total.published for r in cohort] == [r.total.published for r in other]
    assert [figure.name for figure in cohort.figures.figures] == ["average rate among units within region"] * 2
    late = [*units(), {"unit": "e", "inputs": {"region": "south", "new": 1}}]
    words = [str(problem) for problem in score_cohort(compile_rubric(VIETNAMESE), late).problems]
    assert words == [
        "average rate among units within region: nhóm `south`: chưa chốt được: còn 1 trong 3 đơn vị chưa đủ số liệu"
    ]


def test_a_pending_unit_leaves_open_only_its_own_group() -> None:
    late = [*units(), {"unit": "e", "inputs": {"region": "south", "new": 60}}]
    cohort = score_cohort(english(), late)
    assert cohort["a"]["1"].points == 5
    assert cohort["c"]["1"].points is None
    assert (cohort["c"]["1"].low, cohort["c"]["1"].high) == (5, 10)
    assert cohort["c"].missing == ("average rate among units within region", "rank of total among units")


def test_one_unit_may_be_scored_later_from_the_section_references() -> None:
    rubric = english()
    given = units()
    given[0]["inputs"] = {"region": "north", "rate": "81.3%", "new": 7}
    cohort = score_cohort(rubric, given)
    kept = Figures.from_json(cohort.figures.to_json())
    for one in given:
        references = kept.for_unit(rubric, one)
        assert rubric.evaluate({**one, "references": references}) == cohort[str(one["unit"])]
    assert kept.for_unit(rubric, given[0]) == {
        "average rate among units within region": "85.65%",
        "position of new among units if all equal 50%": "0%",
        "rank of total among units": "4",
    }


def test_thirds_survive_the_section_references() -> None:
    rubric = english()
    given = [{"unit": u, "inputs": {"region": "north", "rate": f"{r}%", "new": n}} for u, r, n in
             (("a", 80, 0), ("b", 81, 1), ("c", 81, 3))]  # fmt: skip
    figures = score_cohort(rubric, given).figures
    references = figures.for_unit(rubric, given[1])
    facts = rubric.read({**given[1], "references": references})
    assert facts.values["average rate among units within region"] == F(242, 300)
    assert facts.values["position of new among units if all equal 50%"] == F(1, 3)


def test_points_of_headings_are_compared_too() -> None:
    rubric = compile_rubric(
        'rubric "T" id t\nversion 1\ntotal 20 points\n\ncriterion 1 "One" 10 points\n'
        '  input a "A": number, from 0 to 10\n  score a\n\ncriterion 2 "Two" 10 points\n  score\n'
        "    when points of 1 = highest points of 1 among units: 10\n    otherwise: 0\n"
    )
    cohort = score_cohort(rubric, [{"unit": str(a), "inputs": {"a": a}} for a in (3, 8, 5)])
    assert [result["2"].points for result in cohort] == [0, 10, 0]

"""Ranking: keys, ties, groups, who has no rank and why. Grades: quotas and what they leave open, how many got each."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction as F

import pytest
from cohort_plans import GROUP, evaluator, unit
from plans import leaf, points, sheet

from rubric_engine.cohort import Cohort, RankTable, Unranked, score_cohort
from rubric_engine.engine import compile_rubric
from rubric_engine.evaluator import Evaluator
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.report.ranking import ranking_report
from rubric_engine.result.outcome import GradeState
from rubric_engine.tell.rendering.plain import to_plain

INPUTS = [
    p.InputSpec("one", "One", p.Kind.NUMBER, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(60)))),
    p.InputSpec("two", "Two", p.Kind.NUMBER, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(40)))),
    replace(GROUP, optional=True),
    p.InputSpec("off", "Off", p.Kind.YES_NO),
    p.InputSpec("new", "New accounts", p.Kind.COUNT, optional=True),
]
ROWS = (("good", "Tốt", 80), ("fair", "Khá", 70), ("average", "Trung bình", 50), ("weak", "Yếu", None))
EVERY = tuple(range(len(ROWS)))


def table(*quotas: p.Quota) -> p.GradeTable:
    """Good, fair, average, weak by the total; no grade where ``off``."""
    rows = tuple(
        p.GradeRow(name, title, None if least is None else x.Compare(x.Order.GE, x.Total(), x.Const(F(least))), "", 1)
        for name, title, least in ROWS
    )
    gates = (p.Gate(p.GateKind.NONE, -1, x.Flag("off"), "", "off", 1),)
    return p.GradeTable(rows, gates, x.Total(), "total", 1, quotas=quotas)


def quota(row: str, share: str, *base: str, within: str | None = None) -> p.Quota:
    names = [name for name, _, _ in ROWS]
    rows = tuple(names.index(name) for name in base) or EVERY
    return p.Quota(names.index(row), F(share), rows, within, f"quota {row}", 1)


def rubric(*quotas: p.Quota, ranking: p.RankingRule | None = None, **more: object) -> Evaluator:
    """Two leaves, 60 and 40; the second does not apply to a unit that scores nothing there."""
    nodes = [
        leaf("1", 60, base=points((None, x.Fact("one")))),
        leaf("2", 40, base=points((None, x.Fact("two")))),
    ]
    plan = sheet(INPUTS, nodes, grades=(table(*quotas),), ranking=ranking)
    return evaluator(replace(plan, **more))


def total(name: str, points_: object, region: str | None = "north", *, off: object = False, **more: object) -> dict:
    """A unit of so many points in all."""
    one = None if points_ is None else min(F(str(points_)), F(60))
    two = None if points_ is None or one is None else F(str(points_)) - one
    return unit(name, region, one=one, two=two, off=off, **more)


def scored(totals: Mapping[str, object], *quotas: p.Quota, ranking: p.RankingRule | None = None) -> Cohort:
    return score_cohort(rubric(*quotas, ranking=ranking), [total(name, value) for name, value in totals.items()])


def ranks(ranked: RankTable) -> dict[str, int | None]:
    return {row.unit: row.rank for row in ranked.rows}


BY_TOTAL = (p.RankKey(x.Total(), "total"),)

# ---------------------------------------------------------------- ties


def test_equal_units_share_a_rank_and_the_next_ones_are_passed_over() -> None:
    totals = {f"u{at:02}": 100 - at for at in range(14)} | {"tied a": 80, "tied b": 80, "last": 79}
    found = ranks(scored(totals).ranking())
    assert [found["tied a"], found["tied b"], found["last"]] == [15, 15, 17]


def test_ties_without_a_gap_and_ties_left_to_the_authority() -> None:
    totals = {"a": 90, "b": 80, "c": 80, "d": 70}
    dense = scored(totals, ranking=p.RankingRule(BY_TOTAL, ties=p.Ties.DENSE)).ranking()
    assert ranks(dense) == {"a": 1, "b": 2, "c": 2, "d": 3}
    undecided = scored(totals, ranking=p.RankingRule(BY_TOTAL, ties=p.Ties.UNDECIDED, words="bỏ phiếu")).ranking()
    assert ranks(undecided) == {"a": 1, "b": None, "c": None, "d": 4}
    assert [(row.unit, row.first, row.last) for row in undecided.undecided] == [("b", 2, 3), ("c", 2, 3)]
    assert undecided.words == "bỏ phiếu"


def test_later_keys_break_ties_lowest_first_where_the_rule_says_so() -> None:
    keys = (*BY_TOTAL, p.RankKey(x.PointsOf("2"), "area 2"), p.RankKey(x.Fact("new"), "new", ascending=True))
    given = [unit(n, one=one, two=two, off=False, new=new) for n, one, two, new in
             (("a", 50, 30, 1), ("b", 45, 35, 9), ("c", 45, 35, 2), ("d", 45, 35, 2))]  # fmt: skip
    found = score_cohort(rubric(ranking=p.RankingRule(keys)), given).ranking()
    assert ranks(found) == {"c": 1, "d": 1, "b": 3, "a": 4}
    assert found["b"].keys == (80, 35, 9)


def test_the_published_total_ties_what_the_exact_one_does_not() -> None:
    rounding = p.Rounding(x.Mode.HALF_UP, F(1, 100))
    given = [total("a", F("80.004")), total("b", F("80.001"))]
    published = score_cohort(rubric(rounding=rounding), given)
    assert ranks(published.ranking()) == {"a": 1, "b": 1}
    assert ranks(published.ranking(by="exact total")) == {"a": 1, "b": 2}


# ---------------------------------------------------------------- groups and other orders


def test_ranking_within_groups_by_rule_or_by_request() -> None:
    given = [total("a", 90, "south"), total("b", 80), total("c", 70, "south"), total("d", 95), total("e", 99, None)]
    cohort = score_cohort(rubric(ranking=p.RankingRule(BY_TOTAL, "region")), given)
    found = cohort.ranking()
    assert [(row.group, row.unit, row.rank) for row in found.rows] == [
        ("north", "d", 1), ("north", "b", 2), ("south", "a", 1), ("south", "c", 2),
    ]  # fmt: skip
    assert found.groups == ("north", "south")
    assert [(one.unit, one.why) for one in found.unranked] == [("e", Unranked.NO_GROUP)]
    assert ranks(cohort.ranking(within="")) == {"e": 1, "d": 2, "a": 3, "b": 4, "c": 5}


def test_ranking_by_a_heading_its_index_or_an_input() -> None:
    given = [unit("a", one=50, two=10, off=False, new=3), unit("b", one=30, two=40, off=False, new=1)]
    cohort = score_cohort(rubric(), given)
    assert ranks(cohort.ranking(by="1")) == {"a": 1, "b": 2}
    assert ranks(cohort.ranking(by="index of 2")) == {"b": 1, "a": 2}
    assert cohort.ranking(by="index of 2")["b"].keys == (1,)
    assert ranks(cohort.ranking(by=["new lowest first"])) == {"b": 1, "a": 2}
    with pytest.raises(KeyError, match="9"):
        cohort.ranking(by="9")
    with pytest.raises(KeyError, match="one"):
        cohort.ranking(within="one")


# ---------------------------------------------------------------- no rank


def test_a_unit_without_a_rank_says_why() -> None:
    given = [total("a", 90), total("b", None), total("c", 80, off=None), total("d", 85, off=True), unit("e", one="x")]
    found = score_cohort(rubric(), given).ranking()
    assert ranks(found) == {"a": 1}
    assert [(one.unit, one.why, one.waits) for one in found.unranked] == [
        ("b", Unranked.PENDING, ("one", "two")), ("c", Unranked.NOT_SETTLED, ("off",)), ("d", Unranked.NO_GRADE, ()),
        ("e", Unranked.NOT_SCORED, ()),
    ]  # fmt: skip
    assert [one.text() for one in found.unranked] == [
        "pending: one, two", "the result can still change: off", "the unit gets no grade",
        "the submission could not be scored",
    ]  # fmt: skip
    assert found.unranked[0].text("vi") == "chưa đủ số liệu: one, two"
    assert not found.final


def test_a_pending_grade_does_not_keep_a_unit_out_of_another_order() -> None:
    cohort = score_cohort(rubric(), [total("a", 90), total("c", 95, off=None)])
    assert ranks(cohort.ranking(by="2")) == {"c": 1, "a": 2}


def test_a_heading_that_does_not_apply_cannot_be_ranked_by() -> None:
    nodes = [
        leaf("1", 60, base=points((None, x.Fact("one")))),
        leaf("2", 40, base=points((None, x.Fact("two"))), absent=(p.Absent(x.Flag("off"), p.Policy.EXCLUDED),)),
    ]
    cohort = score_cohort(evaluator(sheet(INPUTS, nodes)), [total("a", 90), total("b", 70, off=True)])
    found = cohort.ranking(by="2")
    assert [(one.unit, one.why) for one in found.unranked] == [("b", Unranked.NOT_APPLICABLE)]
    assert found.final


# ---------------------------------------------------------------- grades


def test_the_grade_counts_of_khanh_hoa_come_out() -> None:
    published = {"2020": (29, 11, 4, 0), "2021": (30, 13, 1, 0)}
    for year, counts in published.items():
        totals = {
            f"{year} {name} {at}": least + 1
            for (name, _, least), count in zip(ROWS, counts, strict=True)
            for at in range(count)
            if least
        }
        found = scored(totals).distribution()
        assert [(one.title, one.count, one.share) for one in found] == [
            (title, count, F(count, 44)) for (_, title, _), count in zip(ROWS, counts, strict=True)
        ]


def test_what_has_no_grade_is_counted_apart_and_groups_may_be_told_apart() -> None:
    given = [total("a", 90), total("b", 90, "south"), total("c", 90, off=True), total("d", None, "south")]
    cohort = score_cohort(rubric(), given)
    found = [(one.name, one.state, one.count) for one in cohort.distribution()]
    assert found[0] == ("good", GradeState.ISSUED, 2)
    assert found[4:] == [(None, GradeState.NONE, 1), (None, GradeState.PENDING, 1)]
    by_group = [(one.group, one.count) for one in cohort.distribution(within="region") if one.name == "good"]
    assert by_group == [("north", 1), ("south", 1)]
    with pytest.raises(KeyError):
        cohort.grades("teachers")


# ---------------------------------------------------------------- quotas


def after(cohort: Cohort) -> dict[str, str | None]:
    return {grade.unit: grade.name for grade in cohort.grades()}


def test_a_quota_is_counted_before_it_acts_and_rounded_down() -> None:
    totals = {"a": 95, "b": 94, "c": 93, "d": 75, "e": 74, "f": 60, "g": 30}
    cohort = scored(totals, quota("good", "0.4", "good", "fair"))  # 40% of 5 is 2
    assert after(cohort) == {"a": "good", "b": "good", "c": "fair", "d": "fair", "e": "fair", "f": "average",
                             "g": "weak"}  # fmt: skip
    moved = next(grade for grade in cohort.grades() if grade.unit == "c")
    assert (moved.before, moved.state, moved.quota) == ("good", GradeState.ISSUED, "quota good")
    assert after(scored(totals, quota("good", "0.59", "good")))["b"] == "fair"  # 59% of 3 is 1.77
    assert cohort.ranking()["c"].grade == moved
    assert [one.count for one in cohort.distribution()] == [2, 3, 1, 1]


def test_quotas_act_from_the_best_row_down() -> None:
    totals = {"a": 95, "b": 94, "c": 75, "d": 74}
    cohort = scored(totals, quota("fair", "0.5"), quota("good", "0.25"))  # one good, two fair, of four
    assert after(cohort) == {"a": "good", "b": "fair", "c": "fair", "d": "average"}


def test_a_tie_across_the_edge_is_undecided() -> None:
    cohort = scored({"a": 95, "b": 90, "c": 90, "d": 60}, quota("good", "0.5"))
    assert after(cohort) == {"a": "good", "b": None, "c": None, "d": "average"}
    tied = next(grade for grade in cohort.grades() if grade.unit == "b")
    assert (tied.state, tied.possible) == (GradeState.UNDECIDED, ("good", "fair"))
    assert "the authority decides" in tied.because


def test_a_quota_within_groups_and_one_that_leaves_nothing() -> None:
    given = [total("a", 95), total("b", 90), total("c", 85, "south"), total("d", 84, "south")]
    cohort = score_cohort(rubric(quota("good", "0.5", within="region")), given)
    assert after(cohort) == {"a": "good", "b": "fair", "c": "good", "d": "fair"}
    assert after(scored({"a": 95}, quota("good", "0.5"))) == {"a": "fair"}


def test_a_quota_on_the_lowest_grade_is_left_open() -> None:
    found = scored({"a": 10, "b": 11}, quota("weak", "0.5")).grades()
    assert [(grade.unit, grade.name, grade.state) for grade in found] == [
        ("a", None, GradeState.UNDECIDED), ("b", "weak", GradeState.ISSUED),
    ]  # fmt: skip
    assert "no lower grade" in found[0].because


def test_a_pending_unit_leaves_open_only_what_it_can_change() -> None:
    totals = {"a": 95, "b": 90, "c": 85, "late": None}
    found = {grade.unit: grade for grade in scored(totals, quota("good", "0.5")).grades()}
    # Two of four may be good. Whatever comes, c is third; b is second, or third after the late one.
    assert {name: grade.name for name, grade in found.items()} == {"a": "good", "b": None, "c": "fair", "late": None}
    assert found["b"].state is GradeState.PENDING
    assert found["b"].possible == ("good", "fair")


def test_everything_is_plain_data() -> None:
    ranked = scored({"a": 95, "b": F(1, 3), "late": None}, quota("good", "0.5")).ranking().to_dict()
    assert ranked["final"] is False
    rows = ranked["rows"]
    assert isinstance(rows, list)
    assert [row["keys"] for row in rows] == [["95"], ["1/3"]]


STAGES = """rubric "Two stages" id t.two
version 1
total 20 points
stages self "Self score", appraisal "Appraisal"
criterion 1 "Work" 10 points
  score judged
criterion 2 "Survey" 10 points
  asked from appraisal
  score judged
ranking
  by criterion 1
"""


def test_nothing_is_ranked_while_what_counts_is_not_due() -> None:
    rubric = compile_rubric(STAGES)
    early = score_cohort(rubric.at_stage("self"), [{"unit": "a", "judged": {"1": 4}}, {"unit": "b"}])
    found = early.ranking()
    assert not found.rows
    assert not found.final
    assert [(one.unit, one.why) for one in found.unranked] == [("a", Unranked.NOT_DUE), ("b", Unranked.NOT_DUE)]
    assert found.unranked[0].text() == "nothing is ranked at this stage: a later one asks for what counts"
    assert ranks(early.ranking(by="1")) == {"a": 1}
    late = [{"unit": "a", "judged": {"1": 4, "2": 9}}, {"unit": "b", "judged": {"1": 5, "2": 0}}]
    assert ranks(score_cohort(rubric.at_stage("appraisal"), late).ranking()) == {"b": 1, "a": 2}


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [("tổng điểm", "total"), ("chỉ số của 2", "index of 2"), ("điểm của 1", "points of 1"), ("lĩnh vực 2", "2"),
     ("tiêu chí 1 thấp xếp trước", "1 lowest first")],
)  # fmt: skip
def test_what_to_rank_by_in_the_words_of_the_rubric(vietnamese: str, english: str) -> None:
    given = [unit("a", one=50, two=10, off=False, new=3), unit("b", one=30, two=40, off=False, new=1)]
    cohort = score_cohort(rubric(), given)
    found, same = cohort.ranking(by=vietnamese), cohort.ranking(by=english)
    assert [(row.unit, row.rank, row.keys) for row in found.rows] == [(r.unit, r.rank, r.keys) for r in same.rows]


# ---------------------------------------------------------------- units that are still to come

FIGURES = {
    "10 * position of x among units if all equal 0%": "25/3",
    "min(10, max(0, 10 + x - average x among units))": "10",
    "10 * min(1, rank of x among units / 8)": "55/4",
    "10 * share of units where x >= 20": "25/2",
}
TO_COME = """rubric "To come" id t.to-come
version 1
total 20 points
component 1 "Rate" 10 points
  input x: number, from 0 to 100{policy}
  score {rule}
component 2 "Own" 10 points
  input y: number, from 0 to 10
  score y
"""


@pytest.mark.parametrize("policy", ["", ", if missing 0", ", if missing not applicable"])
@pytest.mark.parametrize("rule", FIGURES)
def test_a_figure_is_open_while_a_unit_is_to_come(rule: str, policy: str) -> None:
    rubric = compile_rubric(TO_COME.format(rule=rule, policy=policy))
    units = [
        {"unit": unit, "inputs": {"x": x, "y": 5}} for unit, x in (("A", 10), ("B", 20), ("C", 30), ("D", 40))
    ]  # fmt: skip
    all_in = score_cohort(rubric, units)
    assert all_in.settled
    still_to_come = score_cohort(rubric, units, awaited=["E"])
    assert (still_to_come.settled, still_to_come.ranking().final, len(still_to_come)) == (False, False, 4)
    assert still_to_come["B"].total.published is None
    assert still_to_come["B"].total.low <= all_in["B"].total.exact <= still_to_come["B"].total.high
    said = score_cohort(rubric, units, awaited=[{"unit": "E", "inputs": {"x": 25}}])
    fifth = score_cohort(rubric, [*units, {"unit": "E", "inputs": {"x": 25, "y": 0}}])
    assert said["B"].total.published == fifth["B"].total.published
    assert not said.ranking().final


EVERY_FIGURE = (
    "min(10, sum of x among units / 100)", "highest x among units / 10", "lowest x among units / 10",
    "median of x among units / 10", "percentile 90% of x among units / 10",
    "min(10, standard deviation of x among units to 4 places / 10)", "min(10, number of units where x > 15)",
    "10 * percent rank of x among units if all equal 0%",
    "min(10, max(0, 5 + standard score of x among units to 4 places if all equal 0))",
    "10 * position of points of 2 among units if all equal 0%",
)  # fmt: skip


@pytest.mark.parametrize("policy", ["", ", if missing 0"])
@pytest.mark.parametrize("rule", EVERY_FIGURE)
def test_four_of_five_are_in_and_no_figure_is_final(rule: str, policy: str) -> None:
    rubric = compile_rubric(TO_COME.format(rule=rule, policy=policy))
    units = [
        {"unit": unit, "inputs": {"x": x, "y": y}}
        for unit, x, y in (("A", 10, 5), ("B", 20, 3), ("C", 30, 9), ("D", 40, 1))
    ]
    assert score_cohort(rubric, units).ranking().final
    cohort = score_cohort(rubric, units, awaited=["E"])
    assert not cohort.settled
    assert [one.total.published for one in cohort] == [None] * 4
    table = cohort.ranking()
    assert (table.final, table.rows) == (False, ())
    for language, words in (("en", "Not final"), ("vi", "Chưa chốt")):
        shown = to_plain(ranking_report(cohort, table, language).blocks)
        assert words in shown
        assert shown.index(words) < shown.index("A:" if "A:" in shown else "A ")


def test_a_quota_is_open_while_a_unit_is_to_come() -> None:
    rubric = compile_rubric(
        TO_COME.format(rule="x / 10", policy=", if missing 0")
        + "grades by total\n  good: 10 or more\n  fair: otherwise\n  quota good at most 50% of fair or better\n"
    )
    units = [{"unit": unit, "inputs": {"x": x, "y": 8}} for unit, x in zip("ABCD", (90, 80, 70, 10), strict=True)]
    settled = score_cohort(rubric, units)
    assert [one.name for one in settled.grades()] == ["good", "good", "fair", "fair"]
    waiting = score_cohort(rubric, units, awaited=["E"])
    assert [one.name for one in waiting.grades()] != ["good", "good", "fair", "fair"]
    assert not waiting.ranking().final

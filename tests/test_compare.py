"""Two cycles and more of one unit: what changed, what does not compare, what nobody put right."""

import json
from fractions import Fraction

import pytest

from rubric_engine import compile_rubric
from rubric_engine.compare import Doubt, compare_cycles, compare_units, leaf_histories, never_put_right
from rubric_engine.result.result import Result

THEN = """rubric "A set" id a-set
version 2024
total 10 points

component 1 "Late reports" 4 points
  input late "Late reports": count
  start at full points
  deduct 1 for each of late, at most 3 because "reports came late"

component 2 "Answered in time" 4 points
  input rate "Answered in time": percent, from 0% to 100%
  score in proportion to rate

component 3 "Plan" 2 points
  input plan "There is a plan": yes/no
  input nothing_asked "Nothing was asked": yes/no
  not applicable when nothing_asked: excluded
  score by plan
    yes: 2
    no: 0

grades by total
  good "Good": 8 or more
  fair "Fair": below 8
"""
NOW = (
    THEN.replace("version 2024", "version 2025").replace("total 10 points", "total 12 points")
    .replace('"Answered in time" 4 points', '"Answered in time" 6 points')
    .replace("component 3", "component 4")
)  # fmt: skip


def scored(text: str, late: int = 0, rate: str = "100%", plan: object = True, unit: str = "A") -> Result:
    inputs = {"late": late, "rate": rate, "plan": plan, "nothing_asked": False}
    return compile_rubric(text).evaluate({"unit": unit, "inputs": inputs})


def test_change_in_points_index_grade_and_rank() -> None:
    compared = compare_cycles(scored(THEN, late=2), scored(THEN, late=1, rate="50%"), ranks=(5, 7))
    total = compared.total
    assert (total.points, total.index) == (Fraction(-1), Fraction(-1, 10))
    assert (total.grade_before, total.grade_after, total.places_gained) == ("Good", "Fair", -2)
    assert [(one.code, one.points) for one in compared.leaves] == [("1", 1), ("2", -2), ("3", 0)]
    assert [one.code for one in compared.below_in_both] == ["1"]
    assert compared.same_rubric


def test_a_changed_rubric_says_what_does_not_compare() -> None:
    before, after = compile_rubric(THEN), compile_rubric(NOW)
    compared = compare_cycles(scored(THEN, rate="50%"), scored(NOW, rate="75%"), rubrics=(before, after))
    by_code = {one.code: one for one in compared.nodes}
    assert by_code["2"].doubts == (Doubt.MAXIMUM,)
    assert by_code["2"].points is None
    assert by_code["2"].index == Fraction(1, 4)
    assert by_code["3"].doubts == (Doubt.DROPPED,)
    assert by_code["4"].doubts == (Doubt.ADDED,)
    assert compared.total.points is None
    assert compared.total.index == Fraction(105, 120) - Fraction(8, 10)
    assert compared.perhaps_moved == (("3", "4"),)
    renamed = compare_cycles(scored(THEN), scored(NOW), renamed={"3": "4"}, rubrics=(before, after))
    assert {one.code: one.doubts for one in renamed.nodes}["4"] == ()


def test_a_changed_rule_is_told_whatever_line_it_stands_on() -> None:
    other = THEN.replace("deduct 1 for each", "deduct 0.5 for each").replace("total 10", "\n\ntotal 10")
    rubrics = compile_rubric(THEN), compile_rubric(other)
    compared = compare_cycles(scored(THEN, late=2), scored(other, late=2), rubrics=rubrics)
    assert {one.code: one.doubts for one in compared.leaves} == {"1": (Doubt.RULE,), "2": (), "3": ()}
    by_let = THEN.replace("score in proportion to rate", "let share = min(rate, 100%)\n  score in proportion to share")
    changed = by_let.replace("min(rate, 100%)", "rate * rate")
    pair = compile_rubric(by_let), compile_rubric(changed)
    compared = compare_cycles(scored(by_let), scored(changed), rubrics=pair)
    assert [one.code for one in compared.leaves if Doubt.RULE in one.doubts] == ["2"]


def test_pending_and_not_applicable_never_count_as_zero() -> None:
    pending = scored(THEN, plan=None)
    compared = compare_cycles(scored(THEN, plan=False), pending)
    change = {one.code: one for one in compared.leaves}["3"]
    assert (change.doubts, change.points, change.below_in_both) == ((Doubt.PENDING,), None, False)
    assert compared.total.points is None
    inputs = {"late": 0, "rate": "100%", "nothing_asked": True}
    absent = compile_rubric(THEN).evaluate({"unit": "A", "inputs": inputs})
    change = {one.code: one for one in compare_cycles(scored(THEN), absent).leaves}["3"]
    assert change.doubts == (Doubt.NOT_APPLICABLE,)


def test_repeated_deductions_and_what_was_never_put_right() -> None:
    years = [scored(THEN, late=late, rate=rate) for late, rate in ((3, "50%"), (2, "100%"), (1, "75%"))]
    again = compare_cycles(years[0], years[1]).deducted_again
    assert [(one.code, one.label, one.before, one.after) for one in again] == [("1", "reports came late", 3, 2)]
    (worst,) = never_put_right(years)
    assert (worst.code, worst.lost, worst.run, worst.total_lost) == ("1", (3, 2, 1), 3, 6)
    assert worst.deductions == ("reports came late",)
    rate = {one.code: one for one in leaf_histories(years)}["2"]
    assert (rate.lost, rate.cycles_lost, rate.run) == ((2, 0, 1), 2, 1)


def test_history_follows_a_renamed_leaf() -> None:
    years = [scored(THEN, plan=False), scored(NOW, plan=False)]
    (leaf,) = never_put_right(years, renamed=[{"3": "4"}])
    assert (leaf.code, leaf.codes, leaf.lost) == ("4", ("3", "4"), (2, 2))
    assert never_put_right(years) == ()


def test_wrong_use_is_said() -> None:
    with pytest.raises(ValueError, match="two different units"):
        compare_cycles(scored(THEN), scored(THEN, unit="B"))
    with pytest.raises(ValueError, match="no heading '9'"):
        compare_cycles(scored(THEN), scored(THEN), renamed={"9": "1"})
    with pytest.raises(ValueError, match="two headings renamed to '4'"):
        compare_cycles(scored(THEN), scored(NOW), renamed={"3": "4", "2": "4"})
    with pytest.raises(ValueError, match="2 cycles have 1 steps"):
        leaf_histories([scored(THEN), scored(THEN)], renamed=[])


def test_chiem_hoa_2022() -> None:
    """Published: 74.29%, 2.68 percentage points and three places down on 2021 (so 76.97%)."""
    text = 'rubric "Index" id index\nversion 1\ntotal 100 points\ncomponent 1 "All" 100 points\n  score judged\n'
    year = [compile_rubric(text).evaluate({"judged": {"1": points}}) for points in ("76.97", "74.29")]
    total = compare_cycles(*year, ranks=(3, 6)).total
    assert (total.index, total.places_gained) == (Fraction(-268, 10000), -3)


def one_index(unit: str, points: str) -> Result:
    text = 'rubric "Index" id index\nversion 1\ntotal 100 points\ncomponent 1 "All" 100 points\n  score judged\n'
    return compile_rubric(text).evaluate({"unit": unit, "judged": {"1": points}})


def test_averages_of_regions() -> None:
    """PAR INDEX 2023 (2022) of two regions: 88.33 (86.62, +1.71) and 86.82 (84.25, +2.57); the units are made up."""
    before = [one_index("A", "86.12"), one_index("B", "87.12"), one_index("C", "84.25"), one_index("gone", "50")]
    after = [one_index("C", "86.82"), one_index("A", "88"), one_index("B", "88.66"), one_index("new", "70")]
    groups = {"A": "delta", "B": "delta", "C": "highlands"}
    compared = compare_units(before, after, groups=groups, ranks=({"A": 2}, {"A": 1}))
    assert [(one.name, one.before, one.after, one.change) for one in compared.groups[1:]] == [
        ("highlands", Fraction(8425, 10000), Fraction(8682, 10000), Fraction(257, 10000)),
        ("delta", Fraction(8662, 10000), Fraction(8833, 10000), Fraction(171, 10000)),
    ]
    assert (compared.only_before, compared.only_after) == (("gone",), ("new",))
    assert [one.unit for one in compared.units] == ["C", "A", "B"]
    assert compared["A"].total.places_gained == 1
    assert compared.to_dict()["groups"][0]["units_before"] == 4  # type: ignore[index]
    with pytest.raises(ValueError, match="there twice"):
        compare_units(before, [*after, after[0]])


def test_json_is_plain_and_exact() -> None:
    compared = compare_cycles(scored(THEN, rate="33,3%"), scored(NOW))
    told = json.loads(json.dumps(compared.to_dict()))
    assert told["total"]["before"] == "7.332"
    assert told["headings"][1]["doubts"] == ["maximum changed"]

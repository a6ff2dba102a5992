"""The worked round after it is concluded: deadlines, progress, the comparison with the year before, follow-up."""

import json
from datetime import date
from fractions import Fraction

from oracles_round import STAGES, days_of, dossiers, maxima
from worked_round import LAST, RENAMED, ROUND, both_years, compared, concluded, expected, rubric, staged, unit

from rubric_engine.compare import Doubt, compare_cycles, never_put_right
from rubric_engine.rounds import Standing as FindingState
from rubric_engine.rounds import follow_up, lateness, previous_figures, progress, score_stages

# ---------------------------------------------------------------- deadlines and progress


@both_years
def test_the_days_of_the_round_are_those_of_the_rubric_and_of_the_stages(year: int) -> None:
    """A notice may move them: the days of a round outrank those the rubric names."""
    days = days_of(ROUND / str(year))
    named = {one.name: date.fromordinal(one.due or 0) for one in rubric(year).plan.deadlines}
    assert {name: days[name] for name in named} == named
    assert set(days) == {*named, *STAGES}
    given = next(one for one in dossiers(ROUND / str(year)) if one["unit"] == unit(9))
    moved = score_stages(rubric(year), given, deadlines={**days, "nộp_tự_chấm": date(year, 12, 31)})
    assert moved["tự_chấm"].result["P1"].points == 0
    assert staged(year)[unit(9)]["tự_chấm"].result["P1"].points == -2


def test_what_came_in_late_and_what_it_cost() -> None:
    late = {}
    for name, each in staged(2025).items():
        for one in lateness(rubric(2025), each.dossier):
            if one.days:
                late[name, one.name] = one.days
    sent = "nộp_tự_chấm"
    assert late == {(unit(5), sent): 3, (unit(9), sent): 10, (unit(14), sent): 1, (unit(7), "giải_trình"): 1}
    cohort = concluded(2025)
    costs = [cohort[unit(number)]["P1"].points for number in (5, 9, 14, 1)]
    assert costs == [Fraction("-0.75"), -2, Fraction("-0.25"), 0]
    # One day late; asked and never answered; never asked.
    assert [cohort[unit(number)]["P2"].points for number in (7, 16, 1)] == [Fraction("-0.5"), -1, 0]


def test_how_far_a_unit_has_come() -> None:
    first = progress(staged(2025)[unit(26)]["tự_chấm"].result)
    assert (first.completion.done, first.completion.all) == (15, 15)
    assert first.not_due == ("1.5", "2.2", "2.3", "5.1", "5.2", "P2")
    waiting = progress(concluded(2025)[unit(26)])
    assert [(leaf.code, leaf.missing) for leaf in waiting.pending] == [("5.1", ("hài_lòng",))]
    assert waiting.high - waiting.low == 12
    assert waiting.grades == ("khá", "trung_bình")


# ---------------------------------------------------------------- the next year


def test_the_figures_of_the_year_before_are_those_stated() -> None:
    for name, each in staged(2025).items():
        stated = each.dossier.stages["tự_chấm"].given.get("references", {})
        earlier = staged(2024)[name]
        if earlier.last.stage.name != LAST:
            assert stated == {}, "not concluded, so there is no figure"
            continue
        at = rubric(2024).at_stage(LAST)
        told = previous_figures(rubric(2025), earlier.last.result, earlier.last.facts, at.plan)
        read = [at.read({"references": given}).values for given in (stated, told)]
        assert read[0] == read[1]
        assert read[0]


def test_what_cannot_be_compared_is_said() -> None:
    doubts = {change.code: set(change.doubts) for change in compared(1).leaves if change.doubts}
    assert doubts == {
        "1.5": {Doubt.ADDED},
        "2.1": {Doubt.MAXIMUM, Doubt.RULE},
        "P2": {Doubt.NOT_APPLICABLE},
    }
    moved = next(change for change in compared(1).leaves if change.code == "3.4")
    assert (moved.old_code, moved.doubts) == ("4.3", ())
    alone = compare_cycles(concluded(2024)[unit(1)], concluded(2025)[unit(1)])
    assert alone.perhaps_moved == (("4.3", "3.4"),)


def test_totals_grades_and_places_of_two_years() -> None:
    shown = {}
    for number in (1, 4, 5, 9, 15, 18, 20):
        total = compared(number).total
        was, now = expected(2024)[unit(number)], expected(2025)[unit(number)]
        assert (total.before, total.after) == (was.total, now.total)
        assert was.total is not None
        assert now.total is not None
        assert was.rank is not None
        assert now.rank is not None
        assert total.index == now.total / now.applicable - was.total / was.applicable
        assert total.places_gained == was.rank - now.rank
        shown[number] = (total.points, total.places_gained, total.grade_before, total.grade_after)
    assert shown == {
        1: (Fraction("0.69"), 0, "Xuất sắc", "Xuất sắc"),
        4: (Fraction("-0.35"), 0, "Tốt", "Tốt"),
        5: (Fraction("4.43"), 1, "Tốt", "Xuất sắc"),
        9: (Fraction("-1.88"), -1, "Khá", "Khá"),
        15: (Fraction("-18.15"), -4, "Tốt", "Khá"),
        18: (Fraction("7.22"), 4, "Tốt", "Tốt"),
        20: (Fraction("4.35"), 0, "Tốt", "Khá"),
    }
    alone = compare_cycles(concluded(2024)[unit(18)], concluded(2025)[unit(18)])
    assert alone.total.grade_after == "Xuất sắc", "no quota looks at one unit alone"


def test_deductions_made_in_both_years() -> None:
    again = {
        number: [(one.code, one.label, one.before, one.after) for one in compared(number).deducted_again]
        for number in (1, 3, 5, 7, 9, 16)
    }
    short, long = "báo cáo muộn không quá 5 ngày", "báo cáo muộn trên 5 ngày"
    half, late = Fraction(1, 2), "nộp kết quả tự chấm muộn"
    assert again == {
        1: [],
        3: [("1.3", short, half, half), ("1.3", long, 1, 1)],
        5: [("P1", late, Fraction(3, 4), Fraction(3, 4))],
        7: [("1.3", short, 1, half), ("1.3", long, 1, 2), ("P2", "nộp giải trình muộn", 1, half)],
        9: [("P1", late, 2, 2)],
        16: [],
    }


def test_leaves_below_their_maximum_in_both_years() -> None:
    for number in range(1, 25):
        was, now = expected(2024)[unit(number)].lost, expected(2025)[unit(number)].lost
        then = {RENAMED.get(code, code): lost for code, lost in was.items()}
        both = {code for code in maxima(2025) if (now[code] or 0) > 0 and (then.get(code) or 0) > 0}
        # A penalty of both years is a loss of both years; the oracle lists the sheet alone.
        assert {change.code for change in compared(number).below_in_both} - {"P1", "P2", "P3"} == both
        found = never_put_right([concluded(2024)[unit(number)], concluded(2025)[unit(number)]], renamed=[RENAMED])
        assert {one.code for one in found} - {"P1", "P2", "P3"} == both
        assert [one.total_lost for one in found] == sorted((one.total_lost for one in found), reverse=True)


def test_a_bonus_not_earned_is_no_loss() -> None:
    assert "T1" not in {change.code for change in compared(3).below_in_both}


def test_findings_are_followed_over_the_years() -> None:
    found = {}
    for number in (2, 3, 7, 16, 22):
        name = unit(number)
        for one in follow_up([staged(2024)[name], staged(2025)[name]], as_of=date(2026, 3, 1)):
            found[one.finding.id.removeprefix("Minh họa "), number] = (one.standing, one.finding.node, one.cycles)
    assert found == {
        ("KT-01/2024", 2): (FindingState.PUT_RIGHT, "2.1", ("2024", "2025")),
        ("KT-02/2024", 3): (FindingState.OVERDUE, "1.3", ("2024", "2025")),
        ("KT-01/2025", 7): (FindingState.CAME_BACK, "2.1", ("2025",)),
        ("KT-03/2024", 7): (FindingState.PUT_RIGHT, "2.1", ("2024",)),
        ("KT-04/2024", 16): (FindingState.OVERDUE, "1.2", ("2024", "2025")),
        ("KT-02/2025", 22): (FindingState.OPEN, "3.1", ("2025",)),
    }
    (late,) = [one for one in follow_up([staged(2024)[unit(3)], staged(2025)[unit(3)]]) if one.finding.node == "1.3"]
    assert late.lost == (Fraction(3, 2), Fraction(3, 2))
    assert json.loads(json.dumps(late.to_dict()))["lost"] == ["1.5", "1.5"]

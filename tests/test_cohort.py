"""Cohorts: figures over all units, groups, what is pending or does not apply, problems, figures kept for later."""

import json
import statistics
from dataclasses import replace
from fractions import Fraction as F

import pytest
from cohort_plans import GROUP, RATE, evaluator, figure, figure_input, measured, one_figure, unit, units
from plans import leaf, points, sheet
from work import at_most

from rubric_engine.cohort import Cohort, Figures, Why, score_cohort
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p

K = p.ReferenceKind
RATES = [1, 5, 6, 6, F(7, 2)]
HIGH = x.Compare(x.Order.GE, x.Fact("rate"), x.Const(F(5)))


def shown(cohort: Cohort) -> list[F | None]:
    """The figure as the leaf shows it, unit by unit."""
    return [result["2"].points for result in cohort]


def messages(cohort: Cohort) -> list[str]:
    return [str(problem) for problem in cohort.problems]


# ---------------------------------------------------------------- each figure


def test_each_figure_of_a_group_is_exact() -> None:
    plain = [F(rate) for rate in RATES]
    wanted = {
        K.AVERAGE: F(43, 10), K.HIGHEST: F(6), K.LOWEST: F(1), K.MEDIAN: F(5), K.SUM: F(43, 2),
        K.NUMBER: F(5), K.SHARE: F(3, 5),
    }  # fmt: skip
    assert wanted[K.AVERAGE] == statistics.mean(plain)
    for kind, value in wanted.items():
        count = kind in (K.NUMBER, K.SHARE)
        reference = figure(kind, None if count else x.Fact("rate"), where=HIGH if kind is K.SHARE else None)
        cohort = one_figure(reference, RATES)
        assert shown(cohort) == [value] * 5
        assert cohort.figures.figure(reference.name).value == value
        assert not cohort.problems
        assert cohort.settled


def test_a_deviation_is_rounded_half_even_once() -> None:
    assert shown(one_figure(figure(K.DEVIATION, places=4), [1, 5, 6, 6]))[0] == F("2.0616")  # root of 4.25
    assert shown(one_figure(figure(K.DEVIATION, places=0), [0, 3]))[0] == 2  # 1.5, to the even neighbour
    assert shown(one_figure(figure(K.DEVIATION, places=0), [0, 5]))[0] == 2  # 2.5, likewise


def test_a_percentile_is_linear_between_ranks() -> None:
    values = [10, 20, 30, 40]
    found = {share: shown(one_figure(figure(K.PERCENTILE, parameter=F(share)), values))[0] for share in
             ("0", "0.25", "0.5", "0.9", "1")}  # fmt: skip
    assert found == {"0": 10, "0.25": F("17.5"), "0.5": 25, "0.9": 37, "1": 40}


def test_equal_units_share_a_rank() -> None:
    assert shown(one_figure(figure(K.RANK), [6, 1, 6, 5])) == [1, 4, 1, 3]
    assert shown(one_figure(figure(K.RANK, ascending=True), [6, 1, 6, 5])) == [3, 1, 3, 2]


def test_position_and_standard_score() -> None:
    assert shown(one_figure(figure(K.POSITION), [1, 5, 6, 6])) == [0, F(4, 5), 1, 1]
    assert shown(one_figure(figure(K.DISTANCE, places=4), [1, 5, 6, 6])) == [
        F("-1.6977"), F("0.2425"), F("0.7276"), F("0.7276"),
    ]  # fmt: skip


# ---------------------------------------------------------------- cohorts with too little in them


@pytest.mark.parametrize(("kind", "value"), [
    (K.AVERAGE, 7), (K.MEDIAN, 7), (K.DEVIATION, 0), (K.PERCENTILE, 7), (K.RANK, 1), (K.POSITION, F(1, 2)),
    (K.DISTANCE, F(1, 2)), (K.SUM, 7),
])  # fmt: skip
def test_one_unit_is_a_cohort(kind: p.ReferenceKind, value: F) -> None:
    assert shown(one_figure(figure(kind, if_all_equal=F(1, 2), parameter=F(9, 10)), [7])) == [value]


def test_nobody_is_a_cohort() -> None:
    cohort = score_cohort(measured(figure(K.AVERAGE)), [])
    assert not cohort.results
    assert cohort.figures.figure("average rate among units").outcome.why is Why.NO_UNIT
    assert messages(cohort) == ["average rate among units: no unit has a value, so there is no figure"]


def test_equal_units_have_the_position_the_rubric_gives_or_none_at_all() -> None:
    assert shown(one_figure(figure(K.POSITION, if_all_equal=F(1, 2)), [3, 3])) == [F(1, 2), F(1, 2)]
    cohort = one_figure(figure(K.POSITION), [3, 3])
    assert shown(cohort) == [None, None]
    assert cohort.results[0].missing == ("position rate among units",)
    assert messages(cohort) == [
        "position rate among units: all units have the same value; say in the rubric what holds then, with "
        "`if all equal …`"
    ]


def test_a_number_of_endless_digits_is_no_figure() -> None:
    cohort = one_figure(figure(K.SUM), [F(1, 10**59 + at) for at in range(200)])
    assert shown(cohort)[0] is None
    assert "more digits than any score has a use for" in messages(cohort)[0]


# ---------------------------------------------------------------- groups


def test_units_are_measured_within_their_own_group() -> None:
    reference = figure(K.AVERAGE, within="region", name="average rate among units within region")
    given = [unit("a", "north", rate=2), unit("b", "north", rate=4), unit("c", "south", rate=9)]
    cohort = score_cohort(measured(reference), given)
    assert shown(cohort) == [3, 3, 9]
    assert [(one.group, one.value, one.counted) for one in cohort.figures.figures] == [("north", 3, 2), ("south", 9, 1)]


def test_the_regional_differences_of_the_par_index_of_2023_come_out() -> None:
    reference = figure(K.AVERAGE, x.Fact("rate"), within="region", name="average rate among units within region")
    published = {"north": ("88.33", "86.62", "1.71"), "south": ("87.79", "84.74", "3.05"),
                 "west": ("87.72", "85.00", "2.72")}  # fmt: skip
    by_year = []
    for year in (0, 1):
        apart = [F("0.4"), F(0), F("-0.4")]  # three provinces around the figure of their region
        given = [
            unit(f"{region} {at}", region, rate=F(values[year]) + off)
            for region, values in published.items()
            for at, off in enumerate(apart)
        ]
        by_year.append(score_cohort(measured(reference), given).figures)
    for region, values in published.items():
        now, before = (figures.figure(reference.name, region).value for figures in by_year)
        assert now is not None
        assert before is not None
        assert (now, before, now - before) == tuple(F(value) for value in values)


def test_a_unit_without_its_group_keeps_every_group_open() -> None:
    reference = figure(K.AVERAGE, within="region", name="average rate among units within region")
    cohort = score_cohort(measured(reference), [unit("a", rate=2), unit("b", rate=4), unit("c", None, rate=9)])
    found = cohort.figures.figure(reference.name, "north").outcome
    assert (found.low, found.high) == (3, 5)  # with c or without it
    assert (cohort["a"]["2"].low, cohort["a"]["2"].high) == (3, 5)
    assert cohort["c"]["2"].points is None
    assert not cohort.settled
    assert any("give `region`" in text for text in messages(cohort))


def test_a_unit_outside_all_groups_takes_no_part() -> None:
    reference = figure(K.AVERAGE, within="region", name="average rate among units within region")
    plan = measured(reference).plan
    inputs = tuple(replace(spec, optional=True) if spec.name == "region" else spec for spec in plan.inputs)
    cohort = score_cohort(evaluator(replace(plan, inputs=inputs)), [unit("a", rate=2), unit("c", None, rate=9)])
    assert cohort["a"]["2"].points == 2
    assert cohort["c"]["2"].points is None
    assert messages(cohort) == [
        "c: average rate among units within region: the unit has no `region`, so it belongs to no group"
    ]


def test_groups_by_text_and_names_that_are_nearly_the_same() -> None:
    reference = figure(K.NUMBER, None, within="khối", name="number of units within khối")
    inputs = [p.InputSpec("khối", "Khối", p.Kind.TEXT), figure_input(reference)]
    plan = sheet(inputs, [leaf("2", 9, base=points((None, x.Fact(reference.name))))], references=(reference,))
    given = [{"unit": name, "inputs": {"khối": group}} for name, group in
             (("a", "Miền núi"), ("b", "Miền núi"), ("c", "miền núi"))]  # fmt: skip
    cohort = score_cohort(evaluator(plan), given)
    assert shown(cohort) == [3, 3, 3]
    assert cohort.figures.figure(reference.name, "MIỀN  NÚI").group == "Miền núi"
    given[2]["inputs"] = {"khối": "Mien nui"}
    cohort = score_cohort(evaluator(plan), given)
    assert shown(cohort) == [2, 2, 1]
    assert "`Mien nui` and `Miền núi` are taken for two groups" in messages(cohort)[0]


# ---------------------------------------------------------------- pending, not applicable, several passes


def bounded(*references: p.Reference) -> p.Plan:
    """As ``measured``, the rate being 0 to 10."""
    plan = measured(*references).plan
    rate = replace(RATE, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(10))))
    return replace(plan, inputs=(rate, *plan.inputs[1:]))


@pytest.mark.parametrize(("kind", "low", "high"), [
    (K.AVERAGE, 2, F(16, 3)), (K.HIGHEST, 4, 10), (K.LOWEST, 0, 2), (K.MEDIAN, 2, 4), (K.SUM, 6, 16),
    (K.DEVIATION, F("0.816"), 5),
])  # fmt: skip
def test_a_pending_unit_makes_a_figure_a_range(kind: p.ReferenceKind, low: F, high: F) -> None:
    cohort = score_cohort(evaluator(bounded(figure(kind, places=3))), units([2, 4, None]))
    assert (cohort["u0"]["2"].low, cohort["u0"]["2"].high) == (low, high)
    assert messages(cohort) == [f"{kind} rate among units: not settled: 1 of 3 units are pending"]
    assert not cohort.settled


def test_a_rank_may_be_settled_although_somebody_is_pending() -> None:
    cohort = score_cohort(evaluator(bounded(figure(K.RANK))), units([2, 10, None]))
    assert (cohort["u0"]["2"].low, cohort["u0"]["2"].high) == (2, 3)
    assert cohort["u1"]["2"].points == 1  # nobody can have more than 10
    assert (cohort["u2"]["2"].low, cohort["u2"]["2"].high) == (1, 3)


def test_points_of_a_heading_that_does_not_apply_are_left_out() -> None:
    reference = figure(K.AVERAGE, x.PointsOf("1"), "average points of 1 among units")
    absent = (p.Absent(x.Compare(x.Order.EQ, x.Fact("rate"), x.Const(F(0))), p.Policy.FULL),)
    nodes = [leaf("1", 10, base=points((None, x.Fact("rate"))), absent=absent),
             leaf("2", 10, base=points((None, x.Fact(reference.name))))]  # fmt: skip
    rubric = evaluator(sheet([RATE, figure_input(reference)], nodes, references=(reference,)))
    cohort = score_cohort(rubric, [{"unit": n, "inputs": {"rate": r}} for n, r in (("a", 4), ("b", 8), ("c", 0))])
    assert shown(cohort) == [6, 6, 6]  # c has its 10 points for nothing, and they count for nobody
    assert cohort.figures.figure(reference.name).skipped == 1


@pytest.mark.parametrize(("kind", "low", "high"), [
    (K.AVERAGE, 3, 6), (K.LOWEST, 0, 6), (K.MEDIAN, 3, 6), (K.SHARE, F(1, 2), 1), (K.NUMBER, 1, 1), (K.RANK, 1, 1),
])  # fmt: skip
def test_a_unit_that_may_not_apply_may_leave_the_figure_to_the_others(
    kind: p.ReferenceKind, low: F, high: F
) -> None:
    """Unit b has 2 points where the heading applies; nobody has said yet whether it does."""
    count = kind in (K.SHARE, K.NUMBER)
    where = x.Compare(x.Order.GE, x.PointsOf("1"), x.Const(F(5))) if count else None
    reference = figure(kind, None if count else x.PointsOf("1"), "figure", where=where)
    absent = (p.Absent(x.Flag("off"), p.Policy.EXCLUDED),)
    nodes = [leaf("1", 10, base=points((None, x.Fact("rate"))), absent=absent),
             leaf("2", 10, base=points((None, x.Fact("figure"))))]  # fmt: skip
    inputs = [RATE, p.InputSpec("off", "Off", p.Kind.YES_NO), figure_input(reference)]
    rubric = evaluator(sheet(inputs, nodes, references=(reference,)))
    given = [{"unit": "a", "inputs": {"rate": 6, "off": False}}, {"unit": "b", "inputs": {"rate": 2}}]
    cohort = score_cohort(rubric, given)
    assert (cohort["a"]["2"].low, cohort["a"]["2"].high) == (low, high)
    for off, counted in ((True, 1), (False, 2)):
        given[1]["inputs"] = {"rate": 2, "off": off}
        settled = score_cohort(rubric, given)
        points_ = settled["a"]["2"].points
        assert points_ is not None
        assert low <= points_ <= high
        if kind is K.AVERAGE:
            assert settled.figures.figure("figure").counted == counted


def test_a_figure_of_a_group_waits_for_what_its_children_read() -> None:
    average = figure(K.AVERAGE)
    best = figure(K.HIGHEST, x.PointsOf("A"), "highest points of A among units")
    group = p.PlanNode("A", "Area", "area", F(0), F(20), None, (1,), 1)
    nodes = [group, leaf("A.1", 20, 0, base=points((None, x.Mul((x.Fact(average.name), x.Const(F(2))))))),
             leaf("2", 20, base=points((None, x.Fact(best.name))))]  # fmt: skip
    plan = sheet([RATE, *map(figure_input, (average, best))], nodes, references=(average, best))
    given = [{"unit": name, "inputs": {"rate": rate}} for name, rate in (("a", 1), ("b", 5))]
    assert shown(score_cohort(evaluator(plan), given)) == [6, 6]


def test_figures_of_figures_take_a_pass_each() -> None:
    average = figure(K.AVERAGE)
    beyond = x.Greatest((x.Sub(x.Fact("rate"), x.Fact(average.name)), x.Const(F(0))))
    nodes = [leaf("1", 10, base=points((None, beyond))), leaf("2", 10, base=points((None, x.Const(F(1)))))]
    best = figure(K.HIGHEST, x.PointsOf("1"), "highest points of 1 among units")
    nodes[1] = leaf("2", 10, base=points((None, x.Fact(best.name))))
    place = figure(K.RANK, x.Total(), "rank of total among units")
    row = p.GradeRow("top", "Top", x.Compare(x.Order.LE, x.Fact(place.name), x.Const(F(1))), "", 1)
    table = p.GradeTable((row, p.GradeRow("rest", "Rest", None, "", 1)), (), x.Total(), "total", 1)
    plan = sheet([RATE, *map(figure_input, (average, best, place))], nodes, references=(average, best, place))
    plan = replace(plan, grades=(table,))
    given = [{"unit": name, "inputs": {"rate": rate}} for name, rate in (("a", 1), ("b", 5), ("c", 9))]
    cohort = score_cohort(evaluator(plan), given)
    assert [(r["1"].points, r["2"].points, r.total.published) for r in cohort] == [(0, 4, 4), (0, 4, 4), (4, 4, 8)]
    assert [r.grade.name for r in cohort if r.grade] == ["rest", "rest", "top"]
    assert not cohort.problems


# ---------------------------------------------------------------- problems


def test_a_submission_that_cannot_be_read_stops_nobody_else() -> None:
    cohort = score_cohort(measured(figure(K.AVERAGE)), [*units([2, 4]), unit("bad", rate="lots"), "nonsense"])
    assert shown(cohort) == [3, 3]
    assert [(problem.unit, problem.where, problem.scored) for problem in cohort.problems] == [
        ("bad", "submissions[2]", False), ("", "submissions[3]", False),
    ]  # fmt: skip
    assert "inputs.rate" in cohort.problems[0].messages[0]
    assert not cohort.settled


def test_a_name_that_stands_twice_is_scored_not_even_once() -> None:
    cohort = score_cohort(measured(figure(K.AVERAGE)), [*units([2]), unit("x", rate=1), unit("x", rate=9), {}])
    assert [result.unit for result in cohort] == ["u0"]
    assert shown(cohort) == [2]
    texts = messages(cohort)
    assert any("`x` is the name of 2 submissions" in text for text in texts)
    assert any("names no unit" in text for text in texts)


def test_a_division_by_zero_is_a_problem_of_that_unit() -> None:
    average = figure(K.AVERAGE, x.PointsOf("1"), "average points of 1 among units")
    nodes = [leaf("1", 10, base=points((None, x.Div(x.Const(F(6)), x.Fact("rate"))))),
             leaf("2", 10, base=points((None, x.Fact(average.name))))]  # fmt: skip
    rubric = evaluator(sheet([RATE, GROUP, figure_input(average)], nodes, references=(average,)))
    cohort = score_cohort(rubric, units([2, 0]))
    assert shown(cohort) == [3]
    assert cohort.problems[0].unit == "u1"
    assert "RUB508" in cohort.problems[0].messages[0]


def test_a_figure_the_unit_states_itself_does_not_count() -> None:
    given = units([2, 4])
    given[0]["references"] = {"average rate among units": 9}
    given[1]["references"] = {"average rate among units": 3}
    cohort = score_cohort(measured(figure(K.AVERAGE)), given)
    assert shown(cohort) == [3, 3]
    assert [(problem.unit, problem.scored) for problem in cohort.problems] == [("u0", True)]
    assert "as 9; the cohort gives 3" in cohort.problems[0].messages[0]


def test_progress_is_told_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    given = [*units([2, 4]), unit("bad", rate="lots")]
    score_cohort(measured(figure(K.AVERAGE)), given, progress=lambda done, all_: steps.append((done, all_)))
    assert steps[-1] == (9, 9)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


# ---------------------------------------------------------------- figures kept for later


def test_frozen_figures_score_one_unit_as_the_cohort_did() -> None:
    references = (figure(K.AVERAGE, within="region", name="average within"), figure(K.RANK, name="rank"))
    rubric = measured(*references)
    given = [unit("a", "north", rate=2), unit("b", "north", rate=4), unit("c", "south", rate=9)]
    cohort = score_cohort(rubric, given)
    kept = Figures.from_json(cohort.figures.to_json())
    assert kept == cohort.figures
    for submission in given:
        assert kept.evaluate(rubric, submission) == cohort[str(submission["unit"])]
        stated = {**submission, "references": kept.for_unit(rubric, submission)}
        assert rubric.evaluate(stated) == cohort[str(submission["unit"])]
    assert score_cohort(rubric, given, figures=kept).results == cohort.results


def test_a_newcomer_is_measured_against_the_frozen_units() -> None:
    references = (figure(K.AVERAGE), figure(K.RANK, name="rank"), figure(K.POSITION, name="position"),
                  figure(K.DISTANCE, name="distance", places=2))  # fmt: skip
    rubric = measured(*references)
    figures = score_cohort(rubric, units([1, 5, 6, 6])).figures
    new = figures.evaluate(rubric, unit("new", rate=11))
    assert [new[code].points for code in ("2", "3", "4", "5")] == [F(9, 2), 1, 1, F("3.15")]
    changed = figures.evaluate(rubric, unit("u0", rate=6))  # as if this unit alone had done better
    assert [changed[code].points for code in ("2", "3", "4")] == [F(9, 2), 1, 1]


def test_figures_of_something_else_are_refused() -> None:
    rubric = measured(figure(K.AVERAGE))
    figures = score_cohort(rubric, units([1, 2])).figures
    with pytest.raises(ValueError, match="not of other"):
        score_cohort(evaluator(replace(rubric.plan, id="other")), units([1]), figures=figures)
    with pytest.raises(ValueError, match="hold no 'median"):
        score_cohort(measured(figure(K.MEDIAN)), units([1]), figures=figures)
    for text in ("[]", "{}", '{"format": 2}', json.dumps({**figures.to_dict(), "figures": [{"name": "x"}]})):
        with pytest.raises(ValueError, match=r"figures|format"):
            Figures.from_json(text)


def test_figures_that_are_not_settled_survive_json() -> None:
    cohort = score_cohort(evaluator(bounded(figure(K.RANK), figure(K.AVERAGE))), units([2, 4, None]))
    assert Figures.from_json(cohort.figures.to_json()) == cohort.figures
    assert not cohort.figures.settled


def test_standard_scores_of_long_fractions_take_no_minutes() -> None:
    """Brought to lowest terms for every unit, these took longer than anybody waits."""
    values = [F(10**39 + 7 * at * at, 10**38 + 2 * at + 1) for at in range(500)]
    with at_most(calls=300_000):
        found = shown(one_figure(figure(K.DISTANCE, places=4, if_all_equal=F(0)), values))
    in_order = [score for _, score in sorted(zip(values, found, strict=True))]
    assert in_order == sorted(in_order, key=lambda score: score or F(0))
    assert len(set(in_order)) > 100
    few = [F(1, 3), F(1, 7), F(5, 11)]
    mean = sum(few) / 3
    variance = sum((value - mean) ** 2 for value in few) / 3
    small = shown(one_figure(figure(K.DISTANCE, places=4, if_all_equal=F(0)), few))
    for value, scored in zip(few, small, strict=True):
        assert scored is not None
        assert abs(float(scored) - float(value - mean) / float(variance) ** 0.5) <= 0.00005 + 1e-12

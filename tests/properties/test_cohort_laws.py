"""Laws of cohorts: order and strangers never matter, figures are the textbook's, ranges hold, quotas are kept."""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as F
from functools import cache
from math import isqrt
from typing import Any

from cohort_plans import RATE, evaluator, figure, measured, unit
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import leaf, points, sheet

from rubric_engine.cohort import Cohort, Figures, read_csv, score_cohort
from rubric_engine.cohort.csv_rows import SUMMARIES
from rubric_engine.evaluator import Evaluator
from rubric_engine.facts.fold import fold
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.result.outcome import GradeState

K = p.ReferenceKind
HIGH = x.Compare(x.Order.GE, x.Fact("rate"), x.Const(F(5)))
ALL_KINDS = (
    figure(K.AVERAGE), figure(K.HIGHEST), figure(K.LOWEST), figure(K.MEDIAN), figure(K.SUM),
    figure(K.DEVIATION, places=3), figure(K.PERCENTILE, parameter=F(9, 10)), figure(K.SHARE, None, where=HIGH),
    figure(K.NUMBER, None, "number where", where=HIGH), figure(K.RANK), figure(K.RANK, name="low", ascending=True),
    figure(K.POSITION, if_all_equal=F(1, 2)), figure(K.PERCENT_RANK, if_all_equal=F(1, 4)),
    figure(K.DISTANCE, places=3, if_all_equal=F(0)),
    figure(K.AVERAGE, x.PointsOf("1"), "average points"),
)  # fmt: skip
CODES = [str(number) for number in range(2, len(ALL_KINDS) + 2)]


@cache
def rubric(within: bool) -> Evaluator:
    """Every figure, of all units or within regions; the rate is 0 to 10."""
    references = [replace(one, within="region") if within else one for one in ALL_KINDS]
    plan = measured(*references).plan
    rate = replace(RATE, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(10))))
    return evaluator(replace(plan, inputs=(rate, *plan.inputs[1:])))


rates = st.one_of(st.integers(0, 10).map(F), st.fractions(0, 10, max_denominator=7))
regions = st.sampled_from(["north", "south"])


@st.composite
def cohorts(draw: st.DrawFn, missing: bool = False, least: int = 1) -> list[dict[str, Any]]:
    """A few units with rates, some of them equal, some perhaps missing."""
    one = st.none() | rates if missing else rates
    found = draw(st.lists(st.tuples(one, regions), min_size=least, max_size=7))
    return [unit(f"u{at}", region, rate=rate) for at, (rate, region) in enumerate(found)]


def figures_of(cohort: Cohort, name: str) -> list[tuple[F | None, F, F]]:
    """Every figure as it shows in one unit's leaves."""
    return [(cohort[name][code].points, cohort[name][code].low, cohort[name][code].high) for code in CODES]


def oracle(reference: p.Reference, own: F, values: Sequence[F]) -> F:
    """What a textbook says, the plain way."""
    ordered = sorted(values)
    mean = statistics.mean(values)
    match reference.kind:
        case K.AVERAGE:
            return F(mean)
        case K.HIGHEST | K.LOWEST:
            return ordered[-1] if reference.kind is K.HIGHEST else ordered[0]
        case K.MEDIAN:
            return F(statistics.median(values))
        case K.SUM:
            return sum(values, F(0))
        case K.DEVIATION:
            return root(statistics.pvariance(values), reference.places)
        case K.PERCENTILE:
            cuts = statistics.quantiles([ordered[0], *ordered] if len(ordered) == 1 else ordered, n=10,
                                        method="inclusive")  # fmt: skip
            return F(cuts[8])
        case K.SHARE:
            return F(sum(value >= 5 for value in values), len(values))
        case K.NUMBER:
            return F(sum(value >= 5 for value in values))
        case K.RANK:
            return F(1 + sum(other < own if reference.ascending else other > own for other in values))
        case K.POSITION:
            return F(1, 2) if ordered[0] == ordered[-1] else (own - ordered[0]) / (ordered[-1] - ordered[0])
        case K.PERCENT_RANK:
            lower = sum(other < own for other in values)
            return F(1, 4) if ordered[0] == ordered[-1] else F(lower, len(values) - 1)
        case _:
            if ordered[0] == ordered[-1]:
                return F(0)
            found = root((own - mean) ** 2 / statistics.pvariance(values), reference.places)
            return found if own >= mean else -found


def root(square: F, places: int) -> F:
    """Half-even by whole numbers alone: the neighbours of the root, and which is nearer."""
    unit_ = 10**places
    low = isqrt(int(square * unit_ * unit_))
    middle = F(2 * low + 1, 2 * unit_)
    if square == middle**2:
        return F(low + (low & 1), unit_)
    return F(low + (square > middle**2), unit_)


@settings(max_examples=50)
@given(cohorts())
def test_figures_are_what_the_textbook_says(submissions: list[dict[str, Any]]) -> None:
    cohort = score_cohort(rubric(False), submissions)
    values = [F(one["inputs"]["rate"]) for one in submissions]
    for submission, own in zip(submissions, values, strict=True):
        wanted = [oracle(reference, own, values) for reference in ALL_KINDS]
        assert [points_ for points_, _, _ in figures_of(cohort, submission["unit"])] == wanted


@settings(max_examples=40)
@given(cohorts(missing=True), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_units_never_matters(
    submissions: list[dict[str, Any]], within: bool, random: Any
) -> None:
    shuffled = random.sample(submissions, len(submissions))
    one, other = score_cohort(rubric(within), submissions), score_cohort(rubric(within), shuffled)
    assert {result.unit: result for result in one} == {result.unit: result for result in other}
    assert sorted(map(str, one.problems)) == sorted(map(str, other.problems))
    assert one.ranking().rows == other.ranking().rows
    assert set(one.figures.figures) == set(other.figures.figures)


@settings(max_examples=40)
@given(cohorts(missing=True), cohorts(missing=True))
def test_units_of_another_group_never_matter(
    submissions: list[dict[str, Any]], strangers: list[dict[str, Any]]
) -> None:
    here = [unit(one["unit"], "north", rate=one["inputs"]["rate"]) for one in submissions]
    there = [unit(f"x{at}", "south", rate=one["inputs"]["rate"]) for at, one in enumerate(strangers)]
    alone, among = score_cohort(rubric(True), here), score_cohort(rubric(True), [*there, *here])
    for one in here:
        assert alone[str(one["unit"])] == among[str(one["unit"])]


@settings(max_examples=50)
@given(cohorts(missing=True), st.booleans(), st.lists(rates, min_size=7, max_size=7))
def test_every_completion_lies_within_the_ranges(
    submissions: list[dict[str, Any]], within: bool, fill: list[F]
) -> None:
    partial = score_cohort(rubric(within), submissions)
    filled = [
        {**one, "inputs": {**one["inputs"], "rate": value if one["inputs"]["rate"] is None else one["inputs"]["rate"]}}
        for one, value in zip(submissions, fill, strict=False)
    ]
    full = score_cohort(rubric(within), filled)
    for one in submissions:
        for (known, low, high), (exact, _, _) in zip(
            figures_of(partial, one["unit"]), figures_of(full, one["unit"]), strict=True
        ):
            assert exact is not None
            assert low <= exact <= high
            assert known is None or known == exact


@settings(max_examples=40)
@given(cohorts(missing=True), st.booleans())
def test_frozen_figures_say_what_the_cohort_said(submissions: list[dict[str, Any]], within: bool) -> None:
    cohort = score_cohort(rubric(within), submissions)
    kept = Figures.from_json(cohort.figures.to_json())
    assert kept == cohort.figures
    for one in submissions:
        assert kept.evaluate(rubric(within), one) == cohort[one["unit"]]


# ---------------------------------------------------------------- units that may not apply


@cache
def partly() -> Evaluator:
    """Averages of a heading that does not apply to a unit below 2, each as a leaf."""
    kinds = (
        figure(K.AVERAGE, x.PointsOf("1"), "average"), figure(K.MEDIAN, x.PointsOf("1"), "median"),
        figure(K.LOWEST, x.PointsOf("1"), "lowest"), figure(K.HIGHEST, x.PointsOf("1"), "highest"),
        figure(K.SUM, x.PointsOf("1"), "sum"), figure(K.DEVIATION, x.PointsOf("1"), "deviation", places=2),
        figure(K.SHARE, None, "share", where=x.Compare(x.Order.GE, x.PointsOf("1"), x.Const(F(5)))),
        figure(K.RANK, x.PointsOf("1"), "rank"),
    )  # fmt: skip
    plan = measured(*kinds).plan
    absent = (p.Absent(x.Compare(x.Order.LT, x.Fact("rate"), x.Const(F(2))), p.Policy.EXCLUDED),)
    rate = replace(RATE, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(10))))
    nodes = (replace(plan.nodes[0], absent=absent), *plan.nodes[1:])
    return evaluator(replace(plan, nodes=nodes, inputs=(rate, *plan.inputs[1:])))


@settings(max_examples=50)
@given(cohorts(missing=True, least=2), st.lists(rates, min_size=7, max_size=7))
def test_ranges_hold_where_a_unit_may_turn_out_not_to_count(
    submissions: list[dict[str, Any]], fill: list[F]
) -> None:
    partial = score_cohort(partly(), submissions)
    filled = [
        {**one, "inputs": {**one["inputs"], "rate": value if one["inputs"]["rate"] is None else one["inputs"]["rate"]}}
        for one, value in zip(submissions, fill, strict=False)
    ]
    full = score_cohort(partly(), filled)
    for one in submissions:
        for node in full[one["unit"]].nodes[1:]:
            before = partial[one["unit"]][node.code]
            if node.points is not None:
                assert before.low <= node.points <= before.high
                assert before.points is None or before.points == node.points


# ---------------------------------------------------------------- ranks and quotas

ROWS = ("a", "b", "c")


@cache
def graded(share: F, base: int, second: F) -> Evaluator:
    """Three grades by the rate; quotas on the first two."""
    rows = tuple(
        p.GradeRow(name, name.upper(), None if least is None else x.Compare(x.Order.GE, x.Total(), x.Const(F(least))),
                   "", 1)
        for name, least in zip(ROWS, (6, 3, None), strict=True)
    )  # fmt: skip
    quotas = (p.Quota(0, share, tuple(range(base)), None, "first", 1), p.Quota(1, second, (0, 1, 2), None, "next", 1))
    table = p.GradeTable(rows, (), x.Total(), "total", 1, quotas=quotas)
    rate = replace(RATE, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(10))))
    nodes = [leaf("1", 10, base=points((None, x.Fact("rate"))))]
    return evaluator(sheet([rate], nodes, grades=(table,)))


shares = st.sampled_from([F(0), F(1, 5), F(1, 3), F(1, 2), F(1)])
plain = st.lists(st.one_of(st.none(), rates), max_size=9)


def scored(share: F, base: int, second: F, values: Sequence[F | None]) -> Cohort:
    submissions = [{"unit": f"u{at}", "inputs": {"rate": value}} for at, value in enumerate(values)]
    return score_cohort(graded(share, base, second), submissions)


@given(shares, st.integers(1, 3), shares, plain)
def test_quotas_are_kept_and_nobody_overtakes(share: F, base: int, second: F, values: list[F | None]) -> None:
    grades = {grade.unit: grade for grade in scored(share, base, second, values).grades()}
    points_ = {f"u{at}": value for at, value in enumerate(values)}
    counted = sum(grade.before in ROWS[:base] or grade.before_state is GradeState.PENDING for grade in grades.values())
    for row, most in ((0, share * counted), (1, second * len(values))):
        assert sum(grade.name == ROWS[row] for grade in grades.values()) <= most
    for grade in grades.values():
        if grade.state is GradeState.ISSUED and grade.before_state is GradeState.ISSUED:
            assert ROWS.index(str(grade.name)) >= ROWS.index(str(grade.before))  # a quota never raises
            assert (grade.name != grade.before) == bool(grade.quota)
    issued = [(points_[unit_], ROWS.index(str(g.name))) for unit_, g in grades.items() if g.state is GradeState.ISSUED]
    for value, row in issued:
        assert all(other_row <= row for other, other_row in issued if other is not None and value is not None
                   and other >= value)  # fmt: skip


@given(shares, st.integers(1, 3), shares, plain, st.randoms(use_true_random=False))
def test_no_quota_hangs_on_the_order_of_the_units(
    share: F, base: int, second: F, values: list[F | None], random: Any
) -> None:
    submissions = [{"unit": f"u{at}", "inputs": {"rate": value}} for at, value in enumerate(values)]
    shuffled = random.sample(submissions, len(submissions))
    one, other = (score_cohort(graded(share, base, second), given) for given in (submissions, shuffled))
    assert {grade.unit: grade for grade in one.grades()} == {grade.unit: grade for grade in other.grades()}
    assert one.ranking() == other.ranking()
    assert one.distribution() == other.distribution()


@given(shares, st.integers(1, 3), shares, plain, st.lists(rates, min_size=9, max_size=9))
def test_what_a_quota_has_settled_no_pending_unit_changes(
    share: F, base: int, second: F, values: list[F | None], fill: list[F]
) -> None:
    before = scored(share, base, second, values).grades()
    filled = [other if value is None else value for value, other in zip(values, fill, strict=False)]
    after = {grade.unit: grade for grade in scored(share, base, second, filled).grades()}
    for grade in before:
        final = after[grade.unit]
        if grade.state is GradeState.ISSUED:
            assert final.name == grade.name
        elif final.name is not None:
            assert final.name in grade.possible


@given(plain, st.sampled_from(list(p.Ties)))
def test_ranks_agree_with_the_order_of_the_keys(values: list[F | None], ties: p.Ties) -> None:
    cohort = scored(F(1), 1, F(1), values)
    plan = replace(cohort.rubric.plan, ranking=p.RankingRule((p.RankKey(x.Total(), "total"),), ties=ties))
    submissions = [{"unit": f"u{at}", "inputs": {"rate": value}} for at, value in enumerate(values)]
    found = score_cohort(evaluator(plan), submissions).ranking()
    known = [value for value in values if value is not None]
    assert len(found.rows) == len(known)
    assert len(found.rows) + len(found.unranked) == len(values)
    for row in found.rows:
        above = [value for value in known if value > row.keys[0]]
        equal = known.count(row.keys[0])
        assert (row.first, row.last) == (1 + len(above), len(above) + equal)
        if row.rank is None:
            assert ties is p.Ties.UNDECIDED
            assert equal > 1
        else:
            assert row.rank == 1 + (len(set(above)) if ties is p.Ties.DENSE else len(above))


# ---------------------------------------------------------------- tables


rows_of_cells = st.text('unitrate,;"\r\n\t012 ', max_size=60).map("unit,rate\n{}".format)


@given(st.text(max_size=60) | st.binary(max_size=40) | rows_of_cells)
def test_any_text_at_all_is_read_or_refused_with_a_place(text: str | bytes) -> None:
    found = read_csv(text, rubric(False), "x")
    assert all(problem.line >= 1 and problem.message for problem in found.problems)
    cohort = score_cohort(rubric(False), found.submissions)
    refused = {problem.unit for problem in cohort.problems if not problem.scored}
    assert all(row.unit in cohort or row.unit in refused for row in found.rows)


cells = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf")), min_size=1, max_size=8).map(str.strip)


units = cells.filter(lambda name: name != "" and fold(name) not in SUMMARIES)


@given(st.lists(units, min_size=1, max_size=4, unique=True), st.sampled_from(",;\t"))
def test_quoted_cells_come_back_as_they_were(names: list[str], separator: str) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    text = f"unit{separator}rate\n" + "".join(f"{name}{separator}1\n" for name in quoted)
    found = read_csv(text, rubric(False), "x")
    assert [row.submission["unit"] for row in found.rows] == names

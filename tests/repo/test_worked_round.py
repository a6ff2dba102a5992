"""The worked round in ``rubrics/vn/vong-minh-hoa``: 27 invented units over two years, from self score to follow-up.

What every unit comes to is worked out a second time by ``oracles_round``, straight from the text of the rubrics; what
is told of chosen units is written here as a person reading their dossier would expect it.
"""

import re
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from oracles_round import STAGES, dossiers
from worked_round import (
    FILES,
    LAST,
    ROUND,
    RUBRICS,
    both_years,
    cohort_of,
    concluded,
    expected,
    rubric,
    staged,
    submissions,
    unit,
)

from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import Loaded, load
from rubric_engine.cohort import Figures, read_csv, score_cohort
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import ExactReading, Unsettled
from rubric_engine.plan.plan import slots_of
from rubric_engine.result.outcome import State
from rubric_engine.rounds import Verdict, check_claims, difference, score_stages

# ---------------------------------------------------------------- the files


def test_every_file_says_that_it_is_invented() -> None:
    names = {path.relative_to(ROUND).as_posix() for path in FILES}
    wanted = {f"{year}/DV-{number:02}.json" for year in RUBRICS for number in range(1, 28)}
    assert names == wanted | {"deadlines-2024.json", "deadlines-2025.json", "units-2025.csv"}
    for year in RUBRICS:
        assert [given["unit"] for given in dossiers(ROUND / str(year))] == [unit(number) for number in range(1, 28)]
        assert {given["cycle"] for given in dossiers(ROUND / str(year))} == {str(year)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_small_and_meant_to_be_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert path.suffix == ".csv" or len(text.encode()) < 6000
    assert all(len(line) <= 120 for line in text.splitlines()) or path.suffix == ".csv"
    references = re.findall(r'"(?:reference|id)": "([^"]*)"', text)
    assert all(re.fullmatch(r"Minh họa (KT-)?\d+/202[45]", reference) for reference in references)


# ---------------------------------------------------------------- scored, ranked, graded


@both_years
def test_all_that_is_scored_is_what_a_person_would_add_up(year: int) -> None:
    cohort = concluded(year)
    assert cohort.problems == ()
    for name, want in expected(year).items():
        if not want.points:
            assert name not in cohort
            continue
        result = cohort[name]
        settled = {code: points for code, points in want.points.items() if points is not None}
        assert {code: result[code].points for code in settled} == settled
        assert result.total.published == want.total
        assert want.total is None or result.total.applicable_maximum == want.applicable


@both_years
def test_ranks_and_grades_are_those_of_the_text(year: int) -> None:
    table = concluded(year).ranking()
    ranks = {row.unit: (row.group, row.rank) for row in table.rows}
    assert ranks == {
        name: (want.cluster, want.rank) for name, want in expected(year).items() if want.rank is not None
    }
    grades = {each.unit: (each.before, each.name) for each in concluded(year).grades()}
    for name, want in expected(year).items():
        if want.grade is not None:
            assert grades[name] == (want.before, want.grade)


def test_the_year_has_what_a_year_has() -> None:
    """All grades, a grade the quota took, a tie, one unit that waits and one that is not concluded."""
    table, years = concluded(2025).ranking(), expected(2025)
    assert {want.grade for want in years.values()} == {"xuất_sắc", "tốt", "khá", "trung_bình", None}
    lowered = {each.unit: each for each in concluded(2025).grades() if each.before != each.name}
    assert list(lowered) == [unit(18)]
    assert (lowered[unit(18)].before, lowered[unit(18)].name) == ("xuất_sắc", "tốt")
    assert "20%" in lowered[unit(18)].quota
    assert [(table[unit(n)].rank, table[unit(n)].tied) for n in (11, 12, 14)] == [(2, True), (2, True), (4, False)]
    first, second = table[unit(17)], table[unit(15)]
    assert (first.keys[0], first.rank, second.rank) == (second.keys[0], 5, 6), "the survey area breaks the tie"
    assert first.keys[1] > second.keys[1]
    assert [(each.unit, each.waits) for each in table.unranked] == [(unit(26), ("hài_lòng",))]
    assert "hài_lòng" in table.unranked[0].text("vi")
    assert unit(25) not in concluded(2025)
    assert not table.final
    counted = {each.name: each.count for each in concluded(2025).distribution()}
    assert counted == {"xuất_sắc": 2, "tốt": 9, "khá": 9, "trung_bình": 5, None: 1}


def test_a_grade_needs_more_than_points() -> None:
    grades = {each.unit: each.name for each in concluded(2025).grades()}
    warned, zero = concluded(2025)[unit(20)], concluded(2025)[unit(2)]
    assert (warned.total.published, grades[unit(20)]) == (Fraction("97.81"), "khá")
    assert warned.grade is not None
    assert [gate.because for gate in warned.grade.gates if gate.fired] == ["người đứng đầu bị cảnh cáo"]
    assert (zero["4.2"].points, zero.total.published, grades[unit(2)]) == (0, Fraction("91.35"), "tốt")


def test_what_is_published_is_a_share_of_what_applies() -> None:
    result = concluded(2025)[unit(18)]
    assert (result["1.4"].state, result.total.applicable_maximum) == (State.NOT_APPLICABLE, 96)
    assert result.total.published == Fraction("88.16")
    assert "91,83%" in result.explain(language="vi")


def test_an_area_keeps_its_worth_without_a_task() -> None:
    area = concluded(2025)[unit(22)]["3"]
    below = [concluded(2025)[unit(22)][code].points or 0 for code in ("3.1", "3.2", "3.4")]
    assert concluded(2025)[unit(22)]["3.3"].state is State.NOT_APPLICABLE
    assert area.points == sum(below) * Fraction(20, 15)


@both_years
def test_the_order_of_the_units_does_not_matter(year: int) -> None:
    given = submissions(year)
    Random(year).shuffle(given)
    other = cohort_of(year, given)
    assert other.ranking() == concluded(year).ranking()
    assert sorted(other.grades(), key=lambda each: each.unit) == sorted(
        concluded(year).grades(), key=lambda each: each.unit
    )
    assert {each.unit: each.to_json() for each in other} == {each.unit: each.to_json() for each in concluded(year)}


def test_one_unit_stands_alone_among_the_figures_of_all() -> None:
    figures = Figures.from_json(concluded(2025).figures.to_json())
    given = staged(2025)[unit(7)].last.submission
    alone = score_cohort(rubric(2025).at_stage(LAST), [given], figures=figures)
    assert alone[unit(7)].total.published == expected(2025)[unit(7)].total


@both_years
def test_compiled_and_interpreted_agree_at_every_stage(year: int) -> None:
    for name in STAGES:
        at = rubric(year).at_stage(name)
        loaded = load(at.module, at.plan)
        given = [each[name].facts for each in staged(year).values() if name in each.dossier.stages]
        if name == LAST:  # beside the others nothing but the survey of one unit is missing
            given += [entry.facts for entry in concluded(year).entries]
        for facts in given:
            assert _compiled(at, loaded, facts) == _interpreted(at, facts)


def _compiled(at: CompiledRubric, loaded: Loaded, facts: Facts) -> list[Fraction | int] | None:
    try:
        return _seen(at, ExactReading(loaded.trace(facts.packed), at.module.scales))
    except Unsettled:
        return None


def _interpreted(at: CompiledRubric, facts: Facts) -> list[Fraction | int] | None:
    try:
        return _seen(at, interpret(at.plan, facts))
    except Unsettled:
        return None


def _seen(at: CompiledRubric, reading: ExactReading) -> list[Fraction | int]:
    slots = enumerate(slots_of(at.plan))
    return [reading.number(place) if slot.is_number else reading.mark(place) for place, slot in slots]


# ---------------------------------------------------------------- CSV


def test_a_table_of_final_facts_gives_the_same_totals() -> None:
    text = (ROUND / "units-2025.csv").read_bytes()
    for at in (rubric(2025), rubric(2025).at_stage(LAST)):
        read = read_csv(text, at, "units-2025.csv")
        assert read.problems == ()
        cohort = score_cohort(at, read.submissions)
        assert {each.unit: each.total.published for each in cohort} == {
            each.unit: each.total.published for each in concluded(2025)
        }
        assert [(row.unit, row.rank) for row in cohort.ranking().rows] == [
            (row.unit, row.rank) for row in concluded(2025).ranking().rows
        ]


def test_a_wrong_cell_is_named_and_stops_nobody_else() -> None:
    text = (ROUND / "units-2025.csv").read_text("utf-8").replace("95,4%", "195,4%", 1).replace("kịp_thời", "kịp", 1)
    read = read_csv(text, rubric(2025), "units-2025.csv")
    assert [(one.line, one.header) for one in read.problems] == [
        (2, "kế_hoạch"), (2, "previous tỷ_lệ_số_hóa"),
    ]  # fmt: skip
    cohort = score_cohort(rubric(2025), read.submissions)
    assert [one.unit for one in cohort.problems if not one.scored] == [unit(1)]
    assert len(cohort) == 25


# ---------------------------------------------------------------- stages


def test_stages_reached() -> None:
    reached = {name: each.last.stage.name for name, each in staged(2025).items()}
    assert {name for name, stage in reached.items() if stage != LAST} == {unit(25)}
    assert {name for name, each in staged(2024).items() if each.last.stage.name != LAST} == {unit(27)}


def test_what_is_asked_later_is_not_due_before() -> None:
    states = [staged(2025)[unit(1)][name].result for name in STAGES]
    due = [{node.code for node in result if not node.children and node.state is not State.NOT_DUE} for result in states]
    assert due[1] - due[0] == {"1.5", "5.1", "5.2"}
    assert due[2] - due[1] == {"2.2", "2.3", "P2"}
    assert [result.total.applicable_maximum for result in states] == [64, 86, 100]
    assert [result.grade is None for result in states[:2]] == [True, True]


def leaves_moved(number: int, before: str, after: str) -> dict[str, Any]:
    found = difference(rubric(2025), staged(2025)[unit(number)], before, after)
    return {leaf.code: leaf for leaf in found.leaves if leaf.change}


def test_the_appraisers_count_other_tasks() -> None:
    (leaf,) = leaves_moved(4, "tự_chấm", "thẩm_định").values()
    assert (leaf.code, leaf.before, leaf.after, leaf.asked) == ("1.2", 6, 3, True)
    counted = leaf.facts[0]
    assert (counted.name, counted.before, counted.after) == ("nhiệm_vụ_xong", "43", "36")
    assert leaf.remark.startswith("Danh mục chỉ có 36 nhiệm vụ")
    (leaf,) = leaves_moved(4, "thẩm_định", "kết_luận").values()
    assert (leaf.before, leaf.after, leaf.unexplained) == (3, Fraction("4.5"), False)
    assert leaf.explanation.startswith("Hai nhiệm vụ")


def test_evidence_is_rejected_and_made_good() -> None:
    (leaf,) = leaves_moved(6, "tự_chấm", "thẩm_định").values()
    assert (leaf.code, leaf.before, leaf.after) == ("1.2", 6, 3)
    assert [fact.reason for fact in leaf.facts] == ["báo cáo chưa ký, chưa đóng dấu"]
    (leaf,) = leaves_moved(6, "thẩm_định", "kết_luận").values()
    assert (leaf.after, [fact.after for fact in leaf.facts]) == (6, ["accepted"])


def test_evidence_is_rejected_and_stays_so() -> None:
    (leaf,) = leaves_moved(8, "tự_chấm", "thẩm_định").values()
    assert (leaf.code, leaf.before, leaf.after, leaf.state_after) == ("1.1", 2, 0, State.REFUSED)
    assert leaves_moved(8, "thẩm_định", "kết_luận") == {}


@both_years
def test_a_later_stage_changes_no_earlier_one(year: int) -> None:
    folder = ROUND / str(year)
    for given in dossiers(folder):
        whole = staged(year)[given["unit"]]
        for upto in range(1, len(whole.stages)):
            cut = {**given, "stages": {name: given["stages"][name] for name in STAGES[:upto]}}
            again = score_stages(rubric(year), cut)
            assert [each.result for each in again.stages] == [each.result for each in whole.stages[:upto]]


# ---------------------------------------------------------------- claims


def test_claims_that_differ_are_these_and_no_others() -> None:
    found = {}
    for name, each in staged(2025).items():
        for claim in check_claims(rubric(2025), each, stage="tự_chấm").differences:
            found[name, claim.code] = (claim.claimed, claim.supported, claim.verdict)
    assert found == {
        (unit(4), "2.1"): (10, Fraction("8.79"), Verdict.TOO_HIGH),
        (unit(10), "1.4"): (4, 3, Verdict.TOO_HIGH),
        (unit(10), "3.1"): (6, 5, Verdict.TOO_HIGH),
        (unit(15), "4.2"): (Fraction("1.5"), 4, Verdict.TOO_LOW),
        (unit(16), "1.2"): (Fraction("4.5"), 3, Verdict.TOO_HIGH),
        (unit(16), "4.1"): (6, Fraction("4.5"), Verdict.TOO_HIGH),
        (unit(18), "3.2"): (6, 5, Verdict.TOO_HIGH),
    }
    (claim,) = check_claims(rubric(2025), staged(2025)[unit(18)], stage="tự_chấm").differences
    assert claim.impossible, "more than the printed points"


def test_full_points_for_what_did_not_arise_may_be_claimed() -> None:
    report = check_claims(rubric(2025), staged(2025)[unit(13)], stage="tự_chấm")
    claim = next(one for one in report.claims if one.code == "4.1")
    assert staged(2025)[unit(13)]["tự_chấm"].result["4.1"].state is State.NOT_APPLICABLE
    assert (claim.claimed, claim.supported, claim.verdict) == (6, 6, Verdict.AGREES)


def test_words_are_asked_for_and_given_or_not() -> None:
    open_at = {
        number: check_claims(rubric(2025), staged(2025)[unit(number)], stage=stage).needs_explanation
        for number, stage in ((13, "tự_chấm"), (17, "kết_luận"), (16, "thẩm_định"))
    }
    assert open_at == {13: ("3.2",), 17: ("3.2",), 16: ("1.2",)}
    assert check_claims(rubric(2025), staged(2025)[unit(13)], stage="kết_luận").needs_explanation == ()


@both_years
def test_claims_change_no_score(year: int) -> None:
    folder = ROUND / str(year)
    for given in dossiers(folder):
        del given["stages"]["tự_chấm"]["claims"]
        again = score_stages(rubric(year), given)
        whole = staged(year)[given["unit"]]
        assert [list(each.result) for each in again.stages] == [list(each.result) for each in whole.stages]

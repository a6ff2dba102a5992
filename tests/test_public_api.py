"""The public API as whoever builds a portal on it meets it: wrong things together, copies, threads, other processes.

What each function computes has its own tests; here is what they have in common.
"""

import copy
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from typing import Any

import pytest
from worked_round import LAST, ROOT, concluded, rubric, staged, submissions, unit

from rubric_engine import (
    CompiledRubric,
    Figures,
    Result,
    check_claims,
    cohort_losses,
    compare_cycles,
    compile_rubric,
    difference,
    find_gaps,
    follow_up,
    lateness,
    load_rubric,
    never_put_right,
    next_grade,
    previous_figures,
    progress,
    progress_of,
    read_dossier,
    score_cohort,
    score_stages,
    submission_at,
    what_if,
)

FINAL = rubric(2025).at_stage(LAST)
OTHER = load_rubric(ROOT / "ca-mau-1880.rubric")
UNIT = staged(2025)[unit(10)]
SUBMISSION = UNIT.last.submission
BEFORE = staged(2024)[unit(10)].last.result
COHORT = concluded(2025)
FACTS = COHORT.figures.read(FINAL, SUBMISSION)

AVERAGE = compile_rubric("""rubric "Above the average" id average
version 1
total 10 points
input done "Done": count
input planned "Planned": count, at least 1
item 1 "Rate" 10 points
  let usual = average (done / planned) among units
  score
    when done / planned >= usual: 10
    otherwise: 4
grades by total
  good "Good": 9 or more
  poor "Poor": below 9
""")


# ---------------------------------------------------------------- what does not belong together


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: OTHER.evaluate(FACTS), "facts read for vong-minh-hoa 2025.1 kết_luận "),
        (lambda: OTHER.score(FACTS), "not for ca-mau.par.1880 2013.1 "),
        (lambda: rubric(2025).at_stage("tự_chấm").evaluate(FACTS), "not for vong-minh-hoa 2025.1 tự_chấm "),
        (lambda: rubric(2025).evaluate(FACTS), "not for vong-minh-hoa 2025.1 ("),
        (lambda: score_cohort(OTHER, [FACTS]), "facts read for vong-minh-hoa"),
        (lambda: find_gaps(OTHER, FACTS), "facts read for vong-minh-hoa"),
        (lambda: score_cohort(OTHER, [], figures=COHORT.figures), "figures of rubric vong-minh-hoa, not of"),
        (lambda: what_if(FINAL, SUBMISSION, {}, cohort=concluded(2024)), "a cohort scored by vong-minh-hoa 2024.1"),
        (lambda: difference(rubric(2024), UNIT, "tự_chấm", "thẩm_định"), "not by vong-minh-hoa 2024.1"),
        (lambda: check_claims(OTHER, UNIT), "stages scored by vong-minh-hoa 2025.1, not by ca-mau.par.1880"),
        (lambda: compare_cycles(BEFORE, COHORT[unit(1)]), "two different units"),
        (lambda: follow_up([UNIT, staged(2025)[unit(11)]]), "two different units"),
        (lambda: cohort_losses([*COHORT, *concluded(2024)]), "different rubrics"),
        (lambda: rubric(2025).at_stage("tu_cham"), "its stages: tự_chấm, thẩm_định, kết_luận"),
        (lambda: score_stages(rubric(2025), UNIT.dossier, deadlines={"tự_cham": date(2026, 1, 1)}), "'tự_chấm'"),
        (lambda: submission_at(rubric(2025), UNIT.dossier, LAST, deadlines={"x": date(2026, 1, 1)}), "no stage or"),
        (lambda: AVERAGE.at_stage("x"), "its stages: none"),
        (lambda: previous_figures(FINAL, BEFORE, FACTS, OTHER.plan), "not read for ca-mau.par.1880 2013.1"),
    ],
)  # fmt: skip
def test_what_does_not_belong_together_is_refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        act()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: score_cohort(FINAL, SUBMISSION), "not one dict"),
        (lambda: score_cohort(FINAL, "units.json"), "not one str"),
        (lambda: score_cohort(FINAL, [], figures=COHORT.figures.to_json()), "Figures.from_json"),  # type: ignore[arg-type]
        (lambda: previous_figures(FINAL, BEFORE, FACTS), "give the plan of that rubric too"),
        (lambda: progress(SUBMISSION), "as evaluate() gives it, not of dict"),  # type: ignore[arg-type]
        (lambda: score_stages(rubric(2025), UNIT.dossier, deadlines={LAST: "2026-01-01"}), "datetime.date, not str"),  # type: ignore[dict-item]
        (lambda: lateness(rubric(2025), UNIT.dossier, deadlines={LAST: datetime(2026, 1, 1)}), "not datetime"),
    ],
)  # fmt: skip
def test_what_is_of_a_wrong_kind_is_said(act: Callable[[], object], words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        act()


def test_a_name_that_is_not_there_is_a_key_error() -> None:
    early = staged(2025)[unit(25)]
    assert LAST not in early
    asked: list[Callable[[], object]] = [
        lambda: early[LAST], lambda: submission_at(rubric(2025), early.dossier, LAST), lambda: COHORT["X"],
        lambda: check_claims(rubric(2025), early, stage=LAST), lambda: COHORT.ranking(by="X"),
        lambda: COHORT.ranking(within="X"), lambda: COHORT.grades("X"), lambda: COHORT.ranking()["X"],
        lambda: COHORT.figures.figure("X"),
    ]  # fmt: skip
    for ask in asked:
        with pytest.raises(KeyError):
            ask()


def test_nobody_at_all_is_no_error() -> None:
    nobody = score_cohort(FINAL, [])
    assert (len(nobody), nobody.ranking().rows, nobody.grades(), nobody.problems) == (0, (), (), ())
    assert {one.count for one in nobody.distribution()} == {0}
    assert Figures.from_json(nobody.figures.to_json()) == nobody.figures
    assert (cohort_losses(nobody), progress_of(nobody), follow_up([])) == ((), (), ())


# ---------------------------------------------------------------- what may be handed in


def test_one_walk_through_what_is_handed_in_is_enough() -> None:
    assert score_cohort(FINAL, iter(submissions(2025))).results == COHORT.results
    assert cohort_losses(iter(COHORT)) == cohort_losses(COHORT)
    assert progress_of(iter(COHORT)) == progress_of(COHORT.results)
    years = [BEFORE, UNIT.last.result]
    assert never_put_right(iter(years)) == never_put_right(years)
    assert follow_up(iter([UNIT])) == follow_up([UNIT])


def test_facts_go_where_a_submission_goes() -> None:
    facts = [FINAL.read(one) for one in submissions(2025)]
    assert FINAL.read(facts[0]) is facts[0]
    assert score_cohort(FINAL, facts).results == COHORT.results
    assert COHORT.figures.evaluate(FINAL, facts[0]) == COHORT.results[0]


def test_facts_with_the_figures_of_a_cohort_go_there_too() -> None:
    """Also figures of more digits than a submission may state."""
    assert FINAL.evaluate(FACTS) == COHORT[unit(10)]
    given = [{"unit": f"u{n}", "inputs": {"done": n, "planned": 7 + 13 * n}} for n in range(40)]
    figures = score_cohort(AVERAGE, given).figures
    facts = figures.read(AVERAGE, {"unit": "new", "inputs": {"done": 1, "planned": 400}})
    (leaf,) = find_gaps(AVERAGE, facts).leaves
    assert [change.after for change in leaf.ways[0].changes] == ["29"]
    assert what_if(AVERAGE, facts, {"inputs": {"done": 28}}).after.total.published == 4
    assert what_if(AVERAGE, facts, leaf.ways[0].submission).after.total.published == 10
    grade = next_grade(AVERAGE, facts)
    assert (grade.next, [change.after for change in grade.changes]) == (("good", "Good"), ["29"])


def test_a_dossier_is_taken_as_json_or_as_read() -> None:
    given = json.loads((ROOT / "vong-minh-hoa" / "2025" / "DV-10.json").read_bytes())
    whole = rubric(2025)
    read = read_dossier(whole, given)
    assert score_stages(whole, given) == score_stages(whole, read) == UNIT
    assert lateness(whole, given) == lateness(whole, read)
    assert submission_at(whole, given, LAST) == submission_at(whole, read, LAST) == UNIT.last.submission
    for stage in ("tự_chấm", LAST):
        by_stages = check_claims(whole, UNIT, stage=stage)
        assert check_claims(whole, given, stage=stage) == check_claims(whole, read, stage=stage) == by_stages
        plain = check_claims(whole, UNIT[stage].submission, stage=stage)
        assert (plain.stage, [(one.code, one.verdict) for one in plain.claims]) == (
            stage, [(one.code, one.verdict) for one in by_stages.claims]
        )  # fmt: skip


def test_what_the_caller_changes_afterwards_changes_no_dossier() -> None:
    given: dict[str, Any] = json.loads((ROOT / "vong-minh-hoa" / "2025" / "DV-10.json").read_bytes())
    read = read_dossier(rubric(2025), given)
    before = score_stages(rubric(2025), read)
    first = given["stages"]["tự_chấm"]
    first["inputs"]["báo_cáo_muộn"] = [{"kỳ": "quý I", "số_ngày": 30}]
    first["inputs"].clear()
    first["evidence"].clear()
    assert score_stages(rubric(2025), read) == before


def test_a_dossier_that_has_reached_no_stage_says_so() -> None:
    nothing = {"unit": "A", "stages": {}, "findings": [{"id": "1", "node": "1.1", "found": "late"}]}
    early = score_stages(rubric(2025), nothing)
    with pytest.raises(LookupError, match="A has reached no stage"):
        _ = early.last
    (found,) = follow_up([early])
    assert (found.lost, found.is_known_heading) == ((None,), False)


# ---------------------------------------------------------------- told, kept, sent elsewhere


def test_how_far_the_work_is_is_told_the_same_everywhere() -> None:
    told: dict[str, list[tuple[int, int]]] = {"cohort": [], "gaps": [], "progress": []}
    score_cohort(FINAL, submissions(2025), progress=lambda done, of: told["cohort"].append((done, of)))
    find_gaps(FINAL, FACTS, progress=lambda done, of: told["gaps"].append((done, of)))
    progress_of(COHORT, progress=lambda done, of: told["progress"].append((done, of)))
    for steps in told.values():
        assert steps == [(at, len(steps)) for at in range(1, len(steps) + 1)]
        assert steps


def everything() -> dict[str, Any]:
    """One of each thing that can be said of the worked round."""
    return {
        "rubric": rubric(2025), "stage": FINAL, "cohort": COHORT, "figures": COHORT.figures, "facts": FACTS,
        "result": COHORT.results[0], "ranking": COHORT.ranking(), "staged": UNIT, "dossier": UNIT.dossier,
        "difference": difference(rubric(2025), UNIT, "tự_chấm", "thẩm_định"),
        "claims": check_claims(rubric(2025), UNIT, stage="tự_chấm"),
        "lateness": lateness(rubric(2025), UNIT.dossier), "findings": follow_up([staged(2025)[unit(7)]]),
        "progress": progress(COHORT.results[0]), "cycles": compare_cycles(BEFORE, COHORT[unit(10)]),
        "histories": never_put_right([BEFORE, UNIT.last.result]), "gaps": find_gaps(FINAL, FACTS),
        "next grade": next_grade(FINAL, FACTS), "what if": what_if(FINAL, FACTS, {"inputs": {"đã_khắc_phục": 4}}),
        "losses": cohort_losses(COHORT), "distribution": COHORT.distribution(), "grades": COHORT.grades(),
    }  # fmt: skip


def no_floats(value: object) -> bool:
    match value:
        case dict():
            return all(isinstance(key, str) and no_floats(inner) for key, inner in value.items())
        case list():
            return all(map(no_floats, value))
        case _:
            return value is None or type(value) in (str, int, bool)


def test_everything_can_be_copied_sent_and_written() -> None:
    for name, one in everything().items():
        assert pickle.loads(pickle.dumps(one)) == one, name
        assert copy.deepcopy(one) == one, name
        parts = one if isinstance(one, tuple) else (one,)
        if name not in ("rubric", "stage", "facts", "dossier"):
            assert parts, name
            for part in parts:
                assert no_floats(part.to_dict()), name
                assert json.loads(json.dumps(part.to_dict())) == part.to_dict(), name


def _refused(act: Callable[[], object]) -> Exception:
    with pytest.raises(ValueError, match=r".") as error:
        act()
    return error.value


@pytest.mark.parametrize(
    "act",
    [
        lambda: compile_rubric('rubric "X" id x\ntotal many points\n'),
        lambda: AVERAGE.evaluate({"inputs": {"done": "many", "more": 1}}),
        lambda: AVERAGE.score({"planned": 1}),
    ],
)
def test_a_refusal_comes_back_whole_from_another_process(act: Callable[[], object]) -> None:
    """An exception that cannot be sent breaks the pool of workers it was raised in."""
    error = _refused(act)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_nothing_public_can_be_changed() -> None:
    changes: list[tuple[object, str]] = [
        (AVERAGE, "plan"), (AVERAGE, "new"), (COHORT, "results"), (COHORT.figures, "units"), (FACTS, "unit"),
        (COHORT.results[0], "unit"), (COHORT.results[0], "new"), (UNIT, "stages"), (UNIT.dossier, "unit"),
        (COHORT.results[0].nodes[0], "points"), (COHORT.results[0].total, "exact"), (COHORT.ranking(), "rows"),
    ]  # fmt: skip
    for one, name in changes:
        with pytest.raises((AttributeError, TypeError)):
            setattr(one, name, None)
    with pytest.raises(TypeError):
        COHORT.results[0].claims["1.1"] = 0  # type: ignore[index]


def test_what_is_kept_comes_back() -> None:
    assert [Result.from_json(result.to_json()) for result in COHORT] == list(COHORT.results)
    kept = Figures.from_json(COHORT.figures.to_json())
    assert kept == COHORT.figures
    assert score_cohort(FINAL, submissions(2025)[:1], figures=kept).results == COHORT.results[:1]


def test_a_rubric_is_the_same_when_it_scores_alike() -> None:
    again = load_rubric(ROOT / "vong-minh-hoa.rubric")
    assert again == rubric(2025)
    assert hash(again) == hash(rubric(2025))
    assert again != again.at_stage(LAST)
    assert again != OTHER
    assert again != "vong-minh-hoa"


def _scored_elsewhere(work: tuple[CompiledRubric, object]) -> Result:
    return work[0].evaluate(work[1])


def test_other_processes_and_threads_score_the_same() -> None:
    work = [(FINAL, one) for one in submissions(2025)[:6]]
    here = [_scored_elsewhere(each) for each in work]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(_scored_elsewhere, work)) == here
    fresh = load_rubric(ROOT / "vong-minh-hoa.rubric")
    with ThreadPoolExecutor(8) as threads:
        scored = list(threads.map(lambda one: COHORT.figures.evaluate(fresh.at_stage(LAST), one), submissions(2025)))
    assert scored == list(COHORT.results)


def test_nothing_hangs_on_the_order_of_a_hash() -> None:
    """Everything said of the worked round, written by two processes with other seeds."""
    program = (
        "import json, test_public_api as t\n"
        "said = {name: [part.to_dict() for part in (one if isinstance(one, tuple) else (one,))]\n"
        "        for name, one in t.everything().items() if name not in ('rubric', 'stage', 'facts', 'dossier')}\n"
        "print(json.dumps(said), t.COHORT.figures.to_json(), t.FINAL.to_python())\n"
    )
    here = os.path.dirname(__file__)
    path = os.pathsep.join((here, os.path.dirname(here)))
    said = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
    assert len(said.pop()) > 50_000

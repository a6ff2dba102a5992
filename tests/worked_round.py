"""The worked round of ``rubrics/vn/vong-minh-hoa`` scored by the engine, each part once for all its tests."""

from functools import cache
from pathlib import Path

import pytest
from oracles_round import STAGES, Standing, dossiers, standings

from rubric_engine.cohort import Cohort, score_cohort
from rubric_engine.compare import CycleComparison, compare_cycles
from rubric_engine.engine import CompiledRubric, load_rubric
from rubric_engine.rounds import StagedResult, score_stages

ROOT = Path(__file__).parents[1] / "rubrics" / "vn"
ROUND = ROOT / "vong-minh-hoa"
RUBRICS = {2024: "vong-minh-hoa-2024", 2025: "vong-minh-hoa"}
RENAMED = {"4.3": "3.4"}
LAST = STAGES[-1]
FILES = sorted(ROUND.rglob("*.*"))

both_years = pytest.mark.parametrize("year", [2024, 2025])


def unit(number: int) -> str:
    return f"Đơn vị minh họa {number:02}"


@cache
def rubric(year: int) -> CompiledRubric:
    return load_rubric(ROOT / f"{RUBRICS[year]}.rubric")


@cache
def expected(year: int) -> dict[str, Standing]:
    return standings(year, ROUND / str(year))


@cache
def staged(year: int) -> dict[str, StagedResult]:
    """Every unit by itself, stage by stage."""
    folder = ROUND / str(year)
    scored = [score_stages(rubric(year), given) for given in dossiers(folder)]
    return {each.dossier.unit: each for each in scored}


@cache
def concluded(year: int) -> Cohort:
    """Those that reached the last stage, beside each other."""
    return cohort_of(year, submissions(year))


def submissions(year: int) -> list[object]:
    return [each.last.submission for each in staged(year).values() if each.last.stage.name == LAST]


def cohort_of(year: int, given: list[object]) -> Cohort:
    return score_cohort(rubric(year).at_stage(LAST), given)


@cache
def compared(number: int) -> CycleComparison:
    name = unit(number)
    was, now = (concluded(year).ranking()[name] for year in (2024, 2025))
    return compare_cycles(
        concluded(2024)[name], concluded(2025)[name], renamed=RENAMED, rubrics=(rubric(2024), rubric(2025)),
        ranks=(was.rank, now.rank), grades=(was.grade, now.grade),
    )  # fmt: skip

"""Scoring by written rules: load a rubric, evaluate a submission, ask why.

>>> rubric = load_rubric("ca-mau-1880.rubric")           # doctest: +SKIP
>>> rubric.evaluate({"inputs": {"planned": 10, "done": 8}})["1.1.4"].points   # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rubric_engine.cohort import Cohort as Cohort
    from rubric_engine.cohort import CsvRead as CsvRead
    from rubric_engine.cohort import Figures as Figures
    from rubric_engine.cohort import GradeCount as GradeCount
    from rubric_engine.cohort import RankRow as RankRow
    from rubric_engine.cohort import RankTable as RankTable
    from rubric_engine.cohort import UnitGrade as UnitGrade
    from rubric_engine.cohort import UnitProblem as UnitProblem
    from rubric_engine.cohort import UnrankedUnit as UnrankedUnit
    from rubric_engine.cohort import read_csv as read_csv
    from rubric_engine.cohort import score_cohort as score_cohort
    from rubric_engine.compare import CycleComparison as CycleComparison
    from rubric_engine.compare import LeafHistory as LeafHistory
    from rubric_engine.compare import UnitsComparison as UnitsComparison
    from rubric_engine.compare import compare_cycles as compare_cycles
    from rubric_engine.compare import compare_units as compare_units
    from rubric_engine.compare import leaf_histories as leaf_histories
    from rubric_engine.compare import never_put_right as never_put_right
    from rubric_engine.diagnostics.finding import RubricFinding as RubricFinding
    from rubric_engine.diagnostics.shape import Diagnostic as Diagnostic
    from rubric_engine.engine import Checked as Checked
    from rubric_engine.engine import CompiledRubric as CompiledRubric
    from rubric_engine.engine import RubricError as RubricError
    from rubric_engine.engine import check_text as check_text
    from rubric_engine.engine import compile_rubric as compile_rubric
    from rubric_engine.engine import load_rubric as load_rubric
    from rubric_engine.evaluator import IncompleteError as IncompleteError
    from rubric_engine.evaluator import NotRatedError as NotRatedError
    from rubric_engine.facts.facts import Facts as Facts
    from rubric_engine.facts.json_text import read_json as read_json
    from rubric_engine.facts.problems import SubmissionError as SubmissionError
    from rubric_engine.gaps import Gaps as Gaps
    from rubric_engine.gaps import LeafLoss as LeafLoss
    from rubric_engine.gaps import NextGrade as NextGrade
    from rubric_engine.gaps import WhatIf as WhatIf
    from rubric_engine.gaps import cohort_losses as cohort_losses
    from rubric_engine.gaps import find_gaps as find_gaps
    from rubric_engine.gaps import next_grade as next_grade
    from rubric_engine.gaps import what_if as what_if
    from rubric_engine.meaning.limits import Limits as Limits
    from rubric_engine.result.result import GradeResult as GradeResult
    from rubric_engine.result.result import GradeState as GradeState
    from rubric_engine.result.result import NodeResult as NodeResult
    from rubric_engine.result.result import Reason as Reason
    from rubric_engine.result.result import Result as Result
    from rubric_engine.result.result import State as State
    from rubric_engine.result.result import TotalResult as TotalResult
    from rubric_engine.rounds import ClaimReport as ClaimReport
    from rubric_engine.rounds import Completion as Completion
    from rubric_engine.rounds import Dossier as Dossier
    from rubric_engine.rounds import Finding as Finding
    from rubric_engine.rounds import FindingStanding as FindingStanding
    from rubric_engine.rounds import Lateness as Lateness
    from rubric_engine.rounds import Progress as Progress
    from rubric_engine.rounds import StageDifference as StageDifference
    from rubric_engine.rounds import StagedResult as StagedResult
    from rubric_engine.rounds import StageEntry as StageEntry
    from rubric_engine.rounds import StageResult as StageResult
    from rubric_engine.rounds import Standing as Standing
    from rubric_engine.rounds import Verdict as Verdict
    from rubric_engine.rounds import check_claims as check_claims
    from rubric_engine.rounds import difference as difference
    from rubric_engine.rounds import follow_up as follow_up
    from rubric_engine.rounds import lateness as lateness
    from rubric_engine.rounds import previous_figures as previous_figures
    from rubric_engine.rounds import progress_of as progress_of
    from rubric_engine.rounds import read_dossier as read_dossier
    from rubric_engine.rounds import score_stages as score_stages
    from rubric_engine.rounds import submission_at as submission_at
    from rubric_engine.rounds.progress import progress as progress

_HOMES = {
    "Checked": "engine",
    "ClaimReport": "rounds",
    "Cohort": "cohort",
    "CompiledRubric": "engine",
    "Completion": "rounds",
    "CsvRead": "cohort",
    "CycleComparison": "compare",
    "Diagnostic": "diagnostics.shape",
    "Dossier": "rounds",
    "Facts": "facts.facts",
    "Figures": "cohort",
    "Finding": "rounds",
    "FindingStanding": "rounds",
    "Gaps": "gaps",
    "GradeCount": "cohort",
    "GradeResult": "result.result",
    "GradeState": "result.result",
    "IncompleteError": "evaluator",
    "Lateness": "rounds",
    "LeafHistory": "compare",
    "LeafLoss": "gaps",
    "Limits": "meaning.limits",
    "NextGrade": "gaps",
    "NodeResult": "result.result",
    "NotRatedError": "evaluator",
    "Progress": "rounds",
    "RankRow": "cohort",
    "RankTable": "cohort",
    "Reason": "result.result",
    "Result": "result.result",
    "RubricError": "engine",
    "RubricFinding": "diagnostics.finding",
    "StageDifference": "rounds",
    "StageEntry": "rounds",
    "StageResult": "rounds",
    "StagedResult": "rounds",
    "Standing": "rounds",
    "State": "result.result",
    "SubmissionError": "facts.problems",
    "TotalResult": "result.result",
    "UnitGrade": "cohort",
    "UnitProblem": "cohort",
    "UnitsComparison": "compare",
    "UnrankedUnit": "cohort",
    "Verdict": "rounds",
    "WhatIf": "gaps",
    "check_claims": "rounds",
    "check_text": "engine",
    "cohort_losses": "gaps",
    "compare_cycles": "compare",
    "compare_units": "compare",
    "compile_rubric": "engine",
    "difference": "rounds",
    "find_gaps": "gaps",
    "follow_up": "rounds",
    "lateness": "rounds",
    "leaf_histories": "compare",
    "load_rubric": "engine",
    "never_put_right": "compare",
    "next_grade": "gaps",
    "previous_figures": "rounds",
    "progress": "rounds.progress",
    "progress_of": "rounds",
    "read_csv": "cohort",
    "read_dossier": "rounds",
    "read_json": "facts.json_text",
    "score_cohort": "cohort",
    "score_stages": "rounds",
    "submission_at": "rounds",
    "what_if": "gaps",
}

__all__ = ["__version__", *_HOMES]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Public names load their module when first used: ``import rubric_engine`` alone stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rubric_engine' has no attribute {name!r}")
    value = getattr(import_module(f"rubric_engine.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

"""Scoring by written rules: load a rubric, evaluate a submission, ask why.

>>> rubric = load_rubric("ca-mau-1880.rubric")           # doctest: +SKIP
>>> rubric.evaluate({"inputs": {"planned": 10, "done": 8}})["1.1.4"].points   # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rubric_engine.cohort import Cohort as Cohort
    from rubric_engine.cohort import Figures as Figures
    from rubric_engine.cohort import RankRow as RankRow
    from rubric_engine.cohort import RankTable as RankTable
    from rubric_engine.cohort import UnitProblem as UnitProblem
    from rubric_engine.cohort import score_cohort as score_cohort
    from rubric_engine.diagnostics.shape import Diagnostic as Diagnostic
    from rubric_engine.engine import Checked as Checked
    from rubric_engine.engine import CompiledRubric as CompiledRubric
    from rubric_engine.engine import RubricError as RubricError
    from rubric_engine.engine import check_text as check_text
    from rubric_engine.engine import compile_rubric as compile_rubric
    from rubric_engine.engine import load_rubric as load_rubric
    from rubric_engine.gaps import cohort_losses as cohort_losses
    from rubric_engine.gaps import find_gaps as find_gaps
    from rubric_engine.gaps import next_grade as next_grade
    from rubric_engine.gaps import what_if as what_if
    from rubric_engine.runtime.evaluator import IncompleteError as IncompleteError
    from rubric_engine.runtime.facts import Facts as Facts
    from rubric_engine.runtime.problems import SubmissionError as SubmissionError
    from rubric_engine.runtime.result import NodeResult as NodeResult
    from rubric_engine.runtime.result import Result as Result
    from rubric_engine.runtime.result import State as State

_HOMES = {
    "Checked": "engine",
    "Cohort": "cohort",
    "CompiledRubric": "engine",
    "Diagnostic": "diagnostics.shape",
    "Facts": "runtime.facts",
    "Figures": "cohort",
    "IncompleteError": "runtime.evaluator",
    "NodeResult": "runtime.result",
    "RankRow": "cohort",
    "RankTable": "cohort",
    "Result": "runtime.result",
    "RubricError": "engine",
    "State": "runtime.result",
    "SubmissionError": "runtime.problems",
    "UnitProblem": "cohort",
    "check_text": "engine",
    "cohort_losses": "gaps",
    "compile_rubric": "engine",
    "find_gaps": "gaps",
    "load_rubric": "engine",
    "next_grade": "gaps",
    "score_cohort": "cohort",
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

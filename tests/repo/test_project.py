"""The repository itself: public names, sizes, floors, the two commands of the README, what an import costs."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import rubric_engine

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rubric_engine"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def test_the_public_names_are_these() -> None:
    assert sorted(rubric_engine.__all__) == [
        "Checked",
        "ClaimReport",
        "Cohort",
        "CompiledRubric",
        "Completion",
        "CsvRead",
        "CycleComparison",
        "Diagnostic",
        "Dossier",
        "Facts",
        "Figures",
        "Finding",
        "FindingStanding",
        "Gaps",
        "GradeCount",
        "GradeResult",
        "GradeState",
        "IncompleteError",
        "Lateness",
        "LeafHistory",
        "LeafLoss", "Limits",
        "NextGrade",
        "NodeResult",
        "NotRatedError",
        "Progress",
        "RankRow",
        "RankTable",
        "Reason",
        "Result",
        "RubricError",
        "RubricFinding",
        "StageDifference",
        "StageEntry",
        "StageResult",
        "StagedResult",
        "Standing",
        "State",
        "SubmissionError",
        "TotalResult",
        "UnitGrade",
        "UnitProblem",
        "UnitsComparison",
        "UnrankedUnit",
        "Verdict",
        "WhatIf",
        "__version__",
        "check_claims",
        "check_text",
        "cohort_losses",
        "compare_cycles",
        "compare_units",
        "compile_rubric",
        "difference",
        "find_gaps",
        "follow_up",
        "lateness",
        "leaf_histories",
        "load_rubric",
        "never_put_right",
        "next_grade",
        "previous_figures",
        "progress",
        "progress_of",
        "read_csv",
        "read_dossier",
        "read_json",
        "score_cohort",
        "score_stages",
        "submission_at",
        "what_if",
    ]
    for name in rubric_engine.__all__:
        assert getattr(rubric_engine, name) is not None


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_over_500_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 500


def test_no_room_has_more_than_fifteen_modules() -> None:
    modules = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    # At the top stand the public modules, which are named without a room.
    crowded = {str(room.relative_to(ROOT)): count for room, count in modules.items() if count > 15}
    assert crowded == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_over_50_lines(path: Path) -> None:
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50
    ]
    assert not long


def test_importing_the_package_loads_neither_lark_nor_pydantic() -> None:
    code = (
        "import sys, rubric_engine; heavy = {'lark', 'pydantic', 'typer', 'rich'} & set(sys.modules); "
        "print(sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_scoring_needs_no_pydantic_and_no_command_line_library() -> None:
    code = (
        "import sys\n"
        "from rubric_engine import compile_rubric\n"
        "rubric = compile_rubric('rubric \"x\" id x.y\\ncriterion 1 \"a\" 2 points\\n  score judged\\n')\n"
        "assert rubric.evaluate({'judged': {'1': 2}}).total.published == 2\n"
        "print(sorted({'pydantic', 'typer', 'rich'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_code_that_is_raised_has_a_page_and_every_page_is_raised() -> None:
    raised: set[str] = set()
    for path in SOURCES:
        raised.update(re.findall(r'"(RUB[0-9]{3})"', path.read_text("utf-8")))
    pages = {path.stem for path in (PACKAGE / "diagnostics" / "pages").glob("RUB*.md")}
    assert raised == pages


def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = [line for line in readme.splitlines() if "pytest" in line and line.startswith("python3 -m venv")]
    assert len(commands) == 1
    assert commands[0] in ci.splitlines()

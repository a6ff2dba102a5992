"""docs/testing.md and the small project beside it run as they stand."""

import re
import subprocess
import sys
from pathlib import Path

from rubric_engine.testing import INVARIANTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")


def test_the_page_names_every_invariant() -> None:
    for invariant in INVARIANTS:
        assert f"| {invariant.name} | {invariant.says}" in PAGE


def test_the_code_of_the_page_runs() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(code, "docs/testing.md", "exec"), {})


def test_the_example_project_passes(tmp_path: Path) -> None:
    project = ROOT / "examples" / "rubric-tests"
    for file in project.iterdir():
        if file.suffix in (".rubric", ".py"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, "-m", "pytest", "-q", "--rubric-invariants", "--rubric-examples", "10"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "visits.rubric: 7 of 7 lines" in run.stdout

"""Running the command line in a test: a folder to run it in, what a run did, golden files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rubric_engine.cli.app import app
from rubric_engine.tell.rendering.screen import width

GOLDEN = Path(__file__).parent / "golden" / "cli"
RUBRIC = """\
rubric "Sheet" id t.sheet
version 1
total 4 points
parameter goal "Goal": percent = 50%, from 10% to 100%

area 1 "Công tác chỉ đạo, điều hành" 4 points
criterion 1.1 "Kế hoạch năm" 2 points
  input plan "Plan": one of timely "in time", late "late"
  score by plan
    timely: 2
    late: 1

criterion 1.2 "Done" 2 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score
    when done / planned >= goal: 2
    otherwise: 0

grades by total
  good "Good": 3 or more
  poor "Poor": below 3

example "holds"
  given plan is timely, planned = 3, done = 2
  expect points of 1.1 = 2, total = 4, grade = good
"""
SUBMISSION = '{"unit": "Sở Nội vụ", "inputs": {"plan": "late", "planned": 3, "done": 2}}'


def make_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a sound rubric, a broken one and a submission."""
    (tmp_path / "sheet.rubric").write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "broken.rubric").write_text(RUBRIC.replace("timely: 2", "timly: 2"), encoding="utf-8")
    (tmp_path / "unit.json").write_text(SUBMISSION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return tmp_path


class Outcome:
    """What a command did."""

    def __init__(self, *args: str, stdin: str | bytes | None = None) -> None:
        result = CliRunner().invoke(app, list(args), input=stdin)
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in self.out + self.err


def narrow(text: str) -> bool:
    return all(width(line) <= 80 for line in text.split("\n"))


def golden(name: str, text: str, update: bool) -> None:
    path = GOLDEN / name
    if update:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def run(*args: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONIOENCODING": "ascii", **more}
    code = "from rubric_engine.cli.main import run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, *args], input=stdin, capture_output=True, env=environment, check=False
    )

"""Texts written to break the engine: always a diagnostic, never another exception, and soon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rubric_engine.engine import check_text, compile_rubric

HEAD = 'rubric "T" id t\nversion 1\n'


def codes(text: str, folder: Path | None = None) -> list[str]:
    return [found.code for found in check_text(text, folder=folder).diagnostics]


@pytest.mark.parametrize(
    "clauses",
    ["  score total\n", "  let z = total\n  score z\n", "  start at full points\n  deduct 1 when total > 3\n"],
)
def test_a_heading_that_reads_the_total_needs_itself(clauses: str) -> None:
    assert "RUB208" in codes(HEAD + 'component 1 "a" 4 points\n' + clauses)


def test_calls_inside_calls_that_double_are_refused_at_once() -> None:
    leaf = 'component 1 "a" 4 points\n  input a "A": number\n  define d(x) = x + x\n'
    assert "RUB113" in codes(HEAD + leaf + "  score " + "d(" * 35 + "a" + ")" * 35 + "\n")


@pytest.mark.parametrize("name", ["loop.rubric", "a\0b", "pipe", "folder", ""])
def test_what_is_no_file_cannot_be_used(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop.rubric").symlink_to("loop.rubric")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    found = codes(HEAD + f'use "{name}"\n', tmp_path)
    assert [code for code in found if code != "RUB119"] == ["RUB218"]


@pytest.mark.parametrize("mark", ["\0", "\x1b[31m", "\u202e", "{0}", "\u2028", "';#", "\\"])
def test_marks_in_titles_stay_data(mark: str, tmp_path: Path) -> None:
    leaf = f'component 1 "{mark}" 4 points\n  input a "{mark}": one of x "{mark}", y\n'
    rubric = compile_rubric(HEAD + leaf + "  score by a\n    x: 4\n    y: 0\n")
    assert rubric.score({"a": "x"}) == 4
    (tmp_path / "alone.py").write_bytes(rubric.to_python().encode())
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alone; print(alone.score({{'a': 'y'}}))"
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("0\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full, as Linux has")
def test_a_full_disk_is_said_in_one_line() -> None:
    code = "from rubric_engine.cli.main import run; run()"
    command = [sys.executable, "-c", code, "explain", "RUB412"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1

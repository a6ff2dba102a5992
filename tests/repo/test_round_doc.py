"""``docs/round.md`` is true: every command is run, and what stands below it is what it prints.

A shown output is made of whole paragraphs of the real one; a line ``…`` alone stands for paragraphs left out, and at
the end of a paragraph for its remaining lines. ``--update-golden`` puts what is printed now into the page.
"""

import contextlib
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from blocks import Document
from typer.testing import CliRunner

from rubric_engine.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "round.md"
LEFT_OUT = "…"

_COMMAND = re.compile(r"^```sh\n(?P<command>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```\n)?", re.M | re.S)
_PYTHON = re.compile(r"^```python\n(?P<code>.*?)^```\n\n```text\n(?P<shown>.*?)^```\n", re.M | re.S)
_EXCERPT = re.compile(r"^```(?P<kind>rubric|json)-excerpt\n(?P<text>.*?)^```\n", re.M | re.S)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The round as it lies in ``rubrics/vn``, where commands may write."""
    for path in (ROOT / "rubrics" / "vn").glob("vong-minh-hoa*"):
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
        else:
            shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_output_is_what_the_command_prints(folder: Path, update_golden: bool) -> None:
    page = PAGE.read_text("utf-8")
    stale = []
    for found in list(_COMMAND.finditer(page)):
        name, *arguments = shlex.split(found["command"].replace("\\\n", " "))
        assert name == "rubric"
        ran = CliRunner().invoke(app, arguments)
        assert ran.exit_code == 0, (found["command"], ran.output)
        if found["shown"] is not None:
            now = as_shown(found["shown"], ran.stdout)
            if now != found["shown"]:
                stale.append((found["command"], now))
                page = page.replace(found["shown"], now)
    if update_golden:
        PAGE.write_text(page, "utf-8")
    else:
        assert stale == []


def as_shown(shown: str, printed: str) -> str:
    """The paragraphs of what is printed that are shown, found again by their first lines."""
    paragraphs = iter(printed.rstrip("\n").split("\n\n"))
    made: list[str] = []
    for wanted in shown.rstrip("\n").split("\n\n"):
        lines = wanted.splitlines()
        if wanted != LEFT_OUT:
            made += _as_far_as(lines, paragraphs)
    made += [LEFT_OUT] * any(True for _ in paragraphs)
    return "\n\n".join(made) + "\n"


def _as_far_as(lines: list[str], paragraphs: Iterator[str]) -> list[str]:
    """The paragraph that begins with the first line, as much of it as there was; before it a mark if any is skipped."""
    skipped = False
    for paragraph in paragraphs:
        now = paragraph.splitlines()
        if now[0] == lines[0]:
            kept = [*now[: len(lines) - 1], LEFT_OUT] if lines[-1] == LEFT_OUT else now
            return [LEFT_OUT] * skipped + ["\n".join(kept)]
        skipped = True
    raise AssertionError(f"nothing printed begins with {lines[0]!r}")


def test_a_stale_page_is_noticed() -> None:
    printed = "a\nb\nc\n\nd\n\ne\n"
    assert as_shown("a\nb\n…\n\n…\n\ne\n", printed) == "a\nb\n…\n\n…\n\ne\n"
    assert as_shown("a\nb\n…\n\ne\n", printed) != "a\nb\n…\n\ne\n", "a paragraph left out without a mark"
    assert as_shown("a\nx\nc\n\n…\n", printed) == "a\nb\nc\n\n…\n"
    with pytest.raises(AssertionError):
        as_shown("x\n", printed)


def test_the_python_prints_what_is_shown(folder: Path) -> None:
    (found,) = _PYTHON.finditer(PAGE.read_text("utf-8"))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(found["code"], {})
    assert said.getvalue() == found["shown"]


def test_what_is_quoted_stands_in_the_files(folder: Path) -> None:
    files = {
        "rubric": (folder / "vong-minh-hoa.rubric").read_text("utf-8"),
        "json": (folder / "vong-minh-hoa" / "2025" / "DV-06.json").read_text("utf-8"),
    }
    quoted = list(_EXCERPT.finditer(PAGE.read_text("utf-8")))
    assert len(quoted) == 5
    for found in quoted:
        assert found["text"].rstrip("\n") in files[found["kind"]]


def test_links_lead_somewhere_and_prose_is_narrow() -> None:
    assert Document("docs/round.md").broken_links() == set()
    prose = re.sub(r"^```.*?^```$", "", PAGE.read_text("utf-8"), flags=re.M | re.S)
    assert [line for line in prose.splitlines() if len(line) > 80] == []

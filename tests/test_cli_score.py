"""``score``: sheets, reasons, JSON, and submissions that are refused."""

import json
from pathlib import Path

import pytest
from cli_runs import SUBMISSION, Outcome, golden, make_folder, narrow

from rubric_engine.cli.commands.scoring import join_why


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a sound rubric, a broken one and a submission."""
    return make_folder(tmp_path, monkeypatch)


def test_score_prints_the_sheet(folder: Path) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json")
    assert done.code == 0
    assert narrow(done.out)
    assert "Sở Nội vụ" in done.out
    assert "Grade: Good (3 or more)\n" in done.out
    assert done.err == ""

@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("sheet.txt", ()),
        ("why.txt", ("--why",)),
        ("why-1.2.txt", ("--why", "1.2")),
        ("sheet.md", ("--format", "markdown")),
        ("sheet.csv", ("--format", "csv")),
        ("why.md", ("--why", "--format", "md")),
        ("why-1.2.csv", ("--why", "1.2", "--format", "csv")),
    ],
)
def test_score_looks(folder: Path, name: str, more: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json", *more, "--language", language)
    assert done.code == 0
    assert not name.endswith(".txt") or narrow(done.out)
    golden(f"{language}-{name}", done.out, update_golden)

def test_score_as_json(folder: Path) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["total"]["published"] == "3"


def test_score_reads_standard_input(folder: Path) -> None:
    assert Outcome("score", "sheet.rubric", "-", stdin=SUBMISSION).out == Outcome(
        "score", "sheet.rubric", "unit.json"
    ).out
    assert Outcome("score", "sheet.rubric", "-", stdin=b"\xff\x00").code == 1
    assert Outcome("score", "sheet.rubric", "-", stdin="").code == 1


def test_score_with_a_parameter(folder: Path) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json", "--parameter", "goal=90%", "--format", "json")
    assert json.loads(done.out)["total"]["published"] == "1"


@pytest.mark.parametrize("why", [("--why",), ("--why=*",)])
def test_why_alone_explains_everything(folder: Path, why: tuple[str, ...]) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json", *why)
    assert done.code == 0
    assert "1.1" in done.out
    assert "1.2" in done.out
    assert Outcome("score", *why, "sheet.rubric", "unit.json").out == done.out


def test_why_of_one_heading(folder: Path) -> None:
    done = Outcome("score", "sheet.rubric", "unit.json", "--why", "1.2")
    assert done.code == 0
    assert "1.1" not in done.out
    assert Outcome("score", "--why", "1.2", "sheet.rubric", "unit.json").out == done.out


@pytest.mark.parametrize(
    ("args", "joined"),
    [
        (["a", "b", "--why"], ["a", "b", "--why=*"]),
        (["a", "b", "--why", "1.1"], ["a", "b", "--why=1.1"]),
        (["--why", "a", "b"], ["--why=*", "a", "b"]),
        (["--why", "1.1", "a", "b"], ["--why=1.1", "a", "b"]),
        (["a", "--why", "-", "--format", "json"], ["a", "--why=*", "-", "--format", "json"]),
        (["a", "-", "--why", "I.1"], ["a", "-", "--why=I.1"]),
        (["a", "b", "--why", "--format", "json"], ["a", "b", "--why=*", "--format", "json"]),
        (["a", "--format", "text", "b", "--why", "1"], ["a", "--format", "text", "b", "--why=1"]),
        (["a", "b", "--why=2"], ["a", "b", "--why=2"]),
        (["--", "a", "b", "--why"], ["--", "a", "b", "--why"]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_join_why(args: list[str], joined: list[str]) -> None:
    assert join_why(args) == joined


@pytest.mark.parametrize(
    "submission",
    [
        "",
        "{",
        "[]",
        "nonsense",
        '{"inputs": {"plan": "lat"}}',
        '{"inputs": {"done": Infinity}}',
        '{"inputs": {"done": 1e999999999}}',
        '{"inputs": {"done": ' + "9" * 10_000 + "}}",
        '{"inputs": {"planned": 1, "done": 2}}',
        '{"inputs": {"done": 1, "done": 2}}',
        '{"input": {}}',
        "[" * 100_000,
    ],
)
@pytest.mark.parametrize("shape", ["text", "json"])
def test_a_bad_submission_is_a_finding(folder: Path, submission: str, shape: str) -> None:
    done = Outcome("score", "sheet.rubric", "-", "--format", shape, stdin=submission)
    assert done.code == 1
    if shape == "json":
        assert json.loads(done.out)["problems"][0]["code"].startswith("RUB5")
    else:
        assert done.out == ""
        assert "RUB5" in done.err
        assert narrow(done.err)


def test_a_broken_rubric_cannot_score(folder: Path) -> None:
    done = Outcome("score", "broken.rubric", "unit.json")
    assert (done.code, done.out) == (1, "")
    assert "RUB206" in done.err


# ---------------------------------------------------------------- the rest

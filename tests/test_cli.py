"""The command line: exit codes, what is printed where, and that nothing a person types ends in a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import RUBRIC, SUBMISSION, Outcome, golden, make_folder, narrow, run

from rubric_engine.cli import files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a sound rubric, a broken one and a submission."""
    return make_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "nowhere.rubric"),
        ("check", "sheet.rubric", "--format", "xml"),
        ("check", "sheet.rubric", "--language", "fr"),
        ("check", "empty"),
        ("check", "a\0b"),
        ("check", "x" * 5000),
        ("fmt", "-", "sheet.rubric"),
        ("fmt", "nowhere.rubric"),
        ("score", "sheet.rubric"),
        ("score", "sheet.rubric", "nowhere.json"),
        ("score", "nowhere.rubric", "unit.json"),
        ("score", "sheet.rubric", "unit.json", "--why", "9.9"),
        ("score", "sheet.rubric", "unit.json", "--parameter", "=1"),
        ("test", "nowhere.rubric"),
        ("compile", "sheet.rubric", "-o", "no/such/folder/evaluator.py"),
        ("explain", "RUB999"),
        ("explain",),
        ("dance",),
        ("--dance",),
    ],
)
def test_wrong_use(folder: Path, args: tuple[str, ...]) -> None:
    (folder / "empty").mkdir()
    done = Outcome(*args)
    assert done.code == 2
    assert done.err or not args[1:]


def test_wrong_names_are_mended(folder: Path) -> None:
    assert "`hai-phong-212`" in Outcome("check", "hai-phong-221").err
    assert "`RUB117`" in Outcome("explain", "RUB1177").err
    assert "`1.1`" in Outcome("score", "sheet.rubric", "unit.json", "--why", "1.l").err


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("template.json", ("template", "sheet.rubric")),
        ("template.md", ("template", "sheet.rubric", "--format", "markdown")),
        ("broken.txt", ("check", "broken.rubric")),
        ("test.txt", ("test", "sheet.rubric")),
        ("explain.txt", ("explain", "RUB117")),
    ],
)
def test_other_looks(folder: Path, name: str, args: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome(*args, "--language", language)
    assert name.endswith((".md", ".json")) or narrow(done.out)
    golden(f"{language}-{name}", done.out, update_golden)

# ---------------------------------------------------------------- the rest


def test_test_runs_the_examples(folder: Path) -> None:
    done = Outcome("test", "sheet.rubric")
    assert (done.code, done.out) == (0, "sheet.rubric\n  ok  holds\n1 of 1 examples hold\n")
    (folder / "wrong.rubric").write_text(RUBRIC.replace("total = 4, ", "total = 3, "), encoding="utf-8")
    done = Outcome("test", "wrong.rubric", "sheet.rubric")
    assert done.code == 1
    assert "FAILED  holds" in done.out
    assert "expected: 3" in done.out
    assert "1 of 1 examples hold" in done.out
    assert narrow(done.out)
    assert Outcome("test", "broken.rubric").code == 1


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_failing_example_looks(folder: Path, language: str, update_golden: bool) -> None:
    text = RUBRIC.replace("points of 1.1 = 2", "points of 1.1 = 1").replace("total = 4", "index of total = 99.9%")
    # `check` reads the values of an example; what a reference looks like is found when it is scored.
    text = text.replace("  score\n", '  evidence paper "Paper" required, if missing warn\n  score\n')
    refused = '\nexample "refused"\n  given evidence paper "12\u202e/QD" accepted\n  expect total = 4\n'
    (folder / "wrong.rubric").write_text(text + refused, encoding="utf-8")
    done = Outcome("test", "wrong.rubric", "--language", language)
    assert done.code == 1
    assert narrow(done.out)
    golden(f"{language}-wrong.txt", done.out, update_golden)


def test_template_can_be_scored_as_it_is(folder: Path) -> None:
    template = Outcome("template", "sheet.rubric").out
    assert "planned" in json.loads(template)["inputs"]
    assert Outcome("score", "sheet.rubric", "-", stdin=template).code == 0


def test_schema_is_json(folder: Path) -> None:
    assert json.loads(Outcome("schema", "sheet.rubric").out)["type"] == "object"


def test_compile_writes_a_module_that_stands_alone(folder: Path) -> None:
    done = Outcome("compile", "sheet.rubric", "-o", "evaluator.py")
    assert (done.code, done.out) == (0, "")
    text = (folder / "evaluator.py").read_text(encoding="utf-8")
    imported = [line.split()[1] for line in text.split("\n") if line.startswith(("import ", "from "))]
    assert not [name for name in imported if name.split(".")[0] not in sys.stdlib_module_names]
    assert Outcome("compile", "sheet.rubric").out == text
    subprocess.run([sys.executable, "-I", "-S", "-c", "import runpy; runpy.run_path('evaluator.py')"], check=True)


@pytest.mark.parametrize("word", ["RUB117", "rub117", "117", "wrong-encoding"])
def test_explain(folder: Path, word: str) -> None:
    done = Outcome("explain", word)
    assert done.code == 0
    assert done.out.startswith("RUB117 wrong-encoding\n")
    assert narrow(done.out)
    assert "Windows-1258" in done.out
    assert "bảng mã" in Outcome("explain", word, "--language", "vi").out


def test_version_and_help(folder: Path) -> None:
    assert Outcome("--version").out.startswith("rubric 0.")
    over_units = ("rank", "figures", "stages", "claims", "progress", "compare", "gaps", "whatif")
    for command in ("check", "fmt", "score", "test", "template", "schema", "compile", "explain", *over_units):
        assert f" {command} " in Outcome("--help").out
        done = Outcome(command, "--help")
        assert done.code == 0
        assert narrow(done.out)


def test_shipped_rubrics_are_found() -> None:
    assert "hai-phong-212" in files.shipped()
    assert all(path.is_file() for path in files.shipped().values())


# ---------------------------------------------------------------- a real process

def test_a_real_process_speaks_utf8_whatever_the_console(folder: Path) -> None:
    done = run("score", "sheet.rubric", "-", "--language", "vi", stdin=SUBMISSION.encode())
    assert done.returncode == 0, done.stderr
    assert "Sở Nội vụ" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout
    assert run("score", "sheet.rubric", "nowhere.json").returncode == 2
    assert run("check", "broken.rubric").returncode == 1


def test_a_reader_who_leaves_early_is_no_error(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen(
        [sys.executable, "-c", "from rubric_engine.cli.main import run; run()", "explain", "RUB117"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert errors == b""


def test_without_typer_there_is_a_hint(folder: Path) -> None:
    code = (
        "import importlib.util as u, sys; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'typer' else real(name, *a)\n"
        "from rubric_engine.cli.main import run; run()"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert 'pip install "rubric-engine[cli]"' in done.stderr.decode()


def test_a_folder_does_not_hide_the_rubric_of_its_name(folder: Path) -> None:
    (folder / "sheet").mkdir()
    (folder / "sheet" / "unit.json").write_text("{}", encoding="utf-8")
    assert Outcome("check", "sheet").out == "sheet.rubric: no findings\n"
    assert Outcome("fmt", "--check", "sheet").code == Outcome("test", "sheet").code == 0
    assert Outcome("score", "sheet", "unit.json").code == 0
    (folder / "hai-phong-212").mkdir()
    assert "hai-phong-212.rubric" in Outcome("check", "hai-phong-212").out
    # With a stroke behind it the folder is meant.
    (folder / "sheet" / "other.rubric").write_text("", encoding="utf-8")
    assert "other.rubric" in Outcome("check", "sheet/").out
    # One's own copy comes before the shipped rubric of that name.
    (folder / "hai-phong-212.rubric").write_bytes((folder / "sheet.rubric").read_bytes())
    assert Outcome("check", "hai-phong-212").out == "hai-phong-212.rubric: no findings\n"


def test_the_module_runs_as_a_program(folder: Path) -> None:
    command = [sys.executable, "-m", "rubric_engine.cli.main", "check", "sheet.rubric"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout.decode().splitlines()) == (0, ["sheet.rubric: no findings"])

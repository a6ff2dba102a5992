"""What is kept of a rubric from one run to the next: the same rubric, never a stale or a strange one."""

import json
import marshal
import os
import pickle
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rubric_engine import CompiledRubric, Limits, RubricError, cache, load_rubric
from rubric_engine.backend import load as loading
from rubric_engine.backend.emit import module as emitted

ROOT = Path(__file__).resolve().parents[1]
TEXT = """\
rubric "Sheet" id t.sheet
version 1
total 4 points
parameter goal "Goal": percent = 50%, from 10% to 100%
stages self "Self", final "Final"

area 1 "One" 4 points
criterion 1.1 "Plan" 2 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score
    when done / planned >= goal: 2
    otherwise: 0

criterion 1.2 "Late" 2 points
  asked from final
  input rate "Rate": percent
  score by rate
    80% or more: 2
    below 80%: 0
"""
FACTS = {"inputs": {"planned": 4, "done": 2, "rate": "80%"}}
TABLE = 'rubric "T" id t.t\nversion 1\ntotal 9 points\nuse "more.rubric"\n'
MORE = (
    'rubric "M" id t.m\nversion 1\ntotal 9 points\ntable given from "given.csv"\n'
    'criterion 1 "A" 9 points\n  input level "L": one of low "low", high "high"\n  score given(level)\n'
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUBRIC_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "rubric-engine"


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.rubric"
    path.write_text(TEXT, encoding="utf-8")
    return path


def from_cache(path: Path, **more: object) -> bool:
    """Whether a rubric is loaded without its text being read."""
    loaded = load_rubric(path, **more)  # type: ignore[arg-type]
    return "rubric" not in vars(loaded)


def test_the_second_time_it_is_the_same_and_nothing_is_read_again(place: Path, rubric: Path) -> None:
    first = load_rubric(rubric)
    expected = first.evaluate(FACTS).to_json()
    again = load_rubric(rubric)
    assert "rubric" not in vars(again)
    assert again.evaluate(FACTS).to_json() == expected
    assert again.score(FACTS["inputs"]) == first.score(FACTS["inputs"]) == 4
    assert (again.plan, again.diagnostics, again) == (first.plan, first.diagnostics, first)
    assert repr(again) == repr(first)
    assert "rubric" not in vars(again)
    assert (again.rubric, again.source) == (first.rubric, first.source)
    assert again.to_python() == first.to_python()


def test_functions_come_from_the_cache_too(place: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_rubric(rubric)
    expected = first.evaluate(FACTS).total, first.score(FACTS["inputs"])
    monkeypatch.setattr(emitted, "emit", lambda plan: pytest.fail("written again"))
    again = load_rubric(rubric)
    assert (again.evaluate(FACTS).total, again.score(FACTS["inputs"])) == expected


@pytest.mark.parametrize("path", sorted(ROOT.glob("rubrics/**/*.rubric")), ids=lambda path: path.stem)
def test_every_shipped_rubric_comes_back_as_it_is(place: Path, path: Path) -> None:
    first, again = load_rubric(path), load_rubric(path)
    assert "rubric" not in vars(again)
    assert (again.plan, again.diagnostics) == (first.plan, first.diagnostics)
    assert [one.submission for one in again.diagnostics] == [one.submission for one in first.diagnostics]


def test_a_stage_comes_from_the_cache(place: Path, rubric: Path) -> None:
    first = load_rubric(rubric).at_stage("self")
    expected = first.evaluate(FACTS["inputs"] and {"inputs": {"planned": 4, "done": 2}}).to_json()
    again = load_rubric(rubric).at_stage("self")
    assert again.evaluate({"inputs": {"planned": 4, "done": 2}}).to_json() == expected
    assert "rubric" not in vars(again)
    assert again.at_stage("final").plan == load_rubric(rubric).at_stage("final").plan


def test_a_kept_rubric_travels(place: Path, rubric: Path) -> None:
    load_rubric(rubric)
    sent: CompiledRubric = pickle.loads(pickle.dumps(load_rubric(rubric)))
    rubric.unlink()
    assert sent.evaluate(FACTS).total.published == 4
    assert sent.rubric.id == "t.sheet"


# ---------------------------------------------------------------- never stale


def test_another_text_parameter_limit_or_version_is_another_entry(
    place: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rubric(rubric)
    assert from_cache(rubric)
    assert not from_cache(rubric, parameters={"goal": "60%"})
    assert from_cache(rubric, parameters={"goal": "60%"})
    assert not from_cache(rubric, limits=Limits(findings=5))
    monkeypatch.setattr("rubric_engine.evaluator.ENGINE_VERSION", "99")
    assert not from_cache(rubric)
    rubric.write_text(TEXT.replace("50%", "40%"), encoding="utf-8")
    assert not from_cache(rubric)


def test_a_source_of_the_engine_that_changed_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rubric_engine", "grammars"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "pages"))
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "rubric_engine" / "cache.py"))
    seen = [cache._engine.__wrapped__()]
    for name in ("rubric_engine/plan/plan.py", "grammars/keywords.toml"):
        with (tmp_path / name).open("a") as file:
            file.write("\n")
        seen.append(cache._engine.__wrapped__())
    assert len({*seen, cache._engine.__wrapped__()}) == 3


def test_files_a_rubric_uses_are_looked_at(place: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.rubric"
    path.write_text(TABLE, encoding="utf-8")
    (tmp_path / "more.rubric").write_text(MORE, encoding="utf-8")
    (tmp_path / "given.csv").write_text("level,given\nlow,1\nhigh,9\n", encoding="utf-8")
    low = {"inputs": {"level": "low"}}
    assert load_rubric(path).evaluate(low).total.published == 1
    kept = load_rubric(path)
    assert "rubric" not in vars(kept)
    (tmp_path / "given.csv").write_text("level,given\nlow,2\nhigh,9\n", encoding="utf-8")
    assert kept.evaluate(low).total.published == 1
    assert "low,1" in kept.source.text, "the model is that of the plan, whatever the files say by now"
    changed = load_rubric(path)
    assert "rubric" in vars(changed)
    assert changed.evaluate(low).total.published == 2
    (tmp_path / "given.csv").unlink()
    with pytest.raises(RubricError, match="RUB218"):
        load_rubric(path)


def test_a_used_file_that_became_a_link_to_elsewhere_is_refused(place: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "t.rubric").write_text(TABLE, encoding="utf-8")
    (inside / "more.rubric").write_text(MORE, encoding="utf-8")
    (inside / "given.csv").write_text("level,given\nlow,1\nhigh,9\n", encoding="utf-8")
    load_rubric(inside / "t.rubric")
    shutil.move(inside / "given.csv", tmp_path / "given.csv")
    (inside / "given.csv").symlink_to(tmp_path / "given.csv")
    with pytest.raises(RubricError, match="RUB219"):
        load_rubric(inside / "t.rubric")


# ---------------------------------------------------------------- never strange


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "short": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "longer": lambda data: data + b"x",
    "another": lambda data: b"something else altogether",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_not_read(
    place: Path, rubric: Path, damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_rubric(rubric).evaluate(FACTS)
    for path in place.iterdir():
        path.write_bytes(damage(path.read_bytes()))
    with monkeypatch.context() as patched:
        patched.setattr(marshal, "loads", lambda data: pytest.fail("taken before its digest was found right"))
        again = load_rubric(rubric)
        assert "rubric" in vars(again)
        assert again.evaluate(FACTS).total.published == 4
    assert from_cache(rubric)


def test_a_file_in_the_place_of_another_is_not_read(place: Path, rubric: Path) -> None:
    load_rubric(rubric).evaluate(FACTS)
    plan, trace = (next(place.glob(f"*-{part}.kept")) for part in ("plan", "trace"))
    shutil.copy(plan, trace)
    assert load_rubric(rubric).evaluate(FACTS).total.published == 4


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are POSIX")
def test_a_folder_that_others_may_enter_is_not_used(place: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_rubric(rubric)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in place.iterdir())
    place.chmod(0o755)
    assert not from_cache(rubric)
    place.chmod(0o700)
    assert from_cache(rubric)
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert not from_cache(rubric)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are POSIX")
def test_a_link_in_the_folders_place_is_not_used(place: Path, rubric: Path, tmp_path: Path) -> None:
    load_rubric(rubric)
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert not from_cache(rubric)


# ---------------------------------------------------------------- whatever goes wrong


def test_off_keeps_nothing(place: Path, rubric: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUBRIC_CACHE", "OFF")
    assert not from_cache(rubric)
    assert not from_cache(rubric)
    assert not place.exists()


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RUBRIC_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "rubric-engine"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache.folder() == tmp_path / ".cache" / "rubric-engine"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.folder() == tmp_path / "Library" / "Caches" / "rubric-engine"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert cache.folder() == tmp_path / "Local" / "rubric-engine" / "Cache"
    monkeypatch.delenv("LOCALAPPDATA")
    assert cache.folder() is None


@pytest.mark.parametrize("broken", ["mkdir", "replace"])
def test_a_disk_that_takes_nothing_is_no_matter(
    place: Path, rubric: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, full)
    assert load_rubric(rubric).evaluate(FACTS).total.published == 4
    assert load_rubric(rubric).evaluate(FACTS).total.published == 4
    assert not place.exists() or not list(place.iterdir()), "nothing half written is left"


def test_a_file_where_the_folder_should_be_is_no_matter(place: Path, rubric: Path) -> None:
    place.parent.mkdir()
    place.write_text("a file")
    assert load_rubric(rubric).evaluate(FACTS).total.published == 4


def test_values_without_a_plain_form_are_not_kept(place: Path) -> None:
    class Own(str):
        pass

    assert cache.kept(b"", "x", {"goal": Own("1")}, None, "1") is None
    kept = cache.kept(b"", "x", {"goal": "1"}, None, "1")
    assert kept is not None
    kept.put("part", object())
    assert kept.get("part") is None
    kept.put("part", (1, "a"))
    assert kept.get("part") == (1, "a")
    assert kept.get("other") is None


def test_old_entries_go(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 8)
    kept = cache.kept(b"", "x", None, None, "1")
    assert kept is not None
    for number in range(9):
        kept.put(f"part{number}", number)
        path = kept._path(f"part{number}")
        if path.exists():
            os.utime(path, (number + 1, number + 1))
    assert sorted(path.name.split("-")[1] for path in place.iterdir()) == [f"part{at}.kept" for at in range(3, 9)]
    (place / "note.txt").write_text("not ours")
    monkeypatch.setattr(cache, "MOST_BYTES", 100)
    kept.put("more", b"x" * 10)
    assert (place / "note.txt").exists()
    assert sum(path.stat().st_size for path in place.glob("*.kept")) <= 100


def test_a_rubric_with_errors_is_read_every_time(place: Path, rubric: Path) -> None:
    rubric.write_text(TEXT.replace("80% or more: 2", "80% or more: 3"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RubricError):
            load_rubric(rubric)
    assert not place.exists()


def test_a_traceback_still_shows_the_line(place: Path, rubric: Path) -> None:
    load_rubric(rubric).evaluate(FACTS)
    functions = load_rubric(rubric)._evaluator._functions
    with pytest.raises(TypeError) as raised:
        functions.trace((object(), object(), object()))
    assert "rubric t.sheet" in "".join(traceback.format_exception(raised.value))
    line = traceback.extract_tb(raised.value.__traceback__)[-1].line
    assert line


def test_the_names_given_to_generated_code_are_those_it_uses() -> None:
    assert tuple(loading._ALLOWED) == emitted.BUILTINS


def test_a_plain_score_from_the_cache_loads_nothing_it_does_not_need(place: Path, rubric: Path, tmp_path: Path) -> None:
    (tmp_path / "unit.json").write_text(json.dumps(FACTS), encoding="utf-8")
    program = (
        "import sys\n"
        "from rubric_engine.cli.main import run\n"
        f"sys.argv = ['rubric', 'score', {str(rubric)!r}, {str(tmp_path / 'unit.json')!r}]\n"
        "run()\n"
        "rooms = ('lark', 'pydantic', 'typer', 'rich', 'rubric_engine.syntax', 'rubric_engine.analysis',\n"
        "         'rubric_engine.rules', 'rubric_engine.model', 'rubric_engine.backend.emit')\n"
        "sys.exit(sorted(name for name in rooms if name in sys.modules) or 0)\n"
    )
    first, again = (subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True,
                                   encoding="utf-8") for _ in range(2))  # fmt: skip
    assert "rubric_engine.syntax" in first.stderr
    assert "typer" not in first.stderr
    assert (again.stderr, again.stdout) == ("", first.stdout)


def test_writers_at_once_leave_one_whole_file(place: Path) -> None:
    kept = cache.kept(b"", "x", None, None, "1")
    assert kept is not None
    values = [bytes([number]) * 200_000 for number in range(8)]
    seen: list[object] = []

    def work(value: bytes) -> None:
        for _ in range(5):
            kept.put("part", value)
            seen.append(kept.get("part"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, values))
    assert all(value in values for value in seen)
    assert [path.name[0] for path in place.iterdir()] != ["."]
    assert len(list(place.iterdir())) == 1

"""``check`` and ``fmt``: what is found, what is printed where, what is written."""

import json
from pathlib import Path

import pytest
from cli_runs import RUBRIC, Outcome, make_folder, narrow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a sound rubric, a broken one and a submission."""
    return make_folder(tmp_path, monkeypatch)


# ---------------------------------------------------------------- check


def test_check_of_a_sound_rubric(folder: Path) -> None:
    done = Outcome("check", "sheet.rubric")
    assert (done.code, done.out) == (0, "sheet.rubric: no findings\n")
    assert Outcome("check", "sheet.rubric", "--language", "vi").out == "sheet.rubric: không có gì phải sửa\n"


def test_check_says_what_is_wrong(folder: Path) -> None:
    done = Outcome("check", "sheet.rubric", "broken.rubric")
    assert done.code == 1
    assert "sheet.rubric: no findings" in done.out
    assert "error[RUB206 unknown-level]" in done.out
    assert "broken.rubric:10:5" in done.out
    assert "timely" in done.out
    assert "\x1b" not in done.out
    assert narrow(done.out)


def test_check_as_json(folder: Path) -> None:
    done = Outcome("check", "broken.rubric", "--format", "json", "--language", "vi")
    assert done.code == 1
    found = json.loads(done.out)
    assert "RUB206" in [each["code"] for each in found]
    assert all(each["file"] == "broken.rubric" for each in found)
    clean = Outcome("check", "sheet.rubric", "--format", "json")
    assert (clean.code, json.loads(clean.out)) == (0, [])


def test_check_takes_folders_and_shipped_names(folder: Path) -> None:
    done = Outcome("check", ".")
    assert done.code == 1
    assert "sheet.rubric: " in done.out
    assert "broken.rubric" in done.out
    assert Outcome("check", "hai-phong-212").code == 0


def test_check_of_a_file_in_another_encoding(folder: Path) -> None:
    (folder / "old.rubric").write_bytes(RUBRIC.encode("utf-8").replace("ô".encode(), b"\xf4"))
    done = Outcome("check", "old.rubric")
    assert done.code == 1
    assert "RUB117" in done.out
    assert Outcome("fmt", "old.rubric").code == 1
    assert Outcome("score", "old.rubric", "unit.json").code == 1


def test_check_with_a_parameter(folder: Path) -> None:
    assert Outcome("check", "sheet.rubric", "--parameter", "goal=60%").code == 0
    assert Outcome("check", "sheet.rubric", "--parameter", "goal=5%").code == 1
    assert Outcome("check", "sheet.rubric", "--parameter", "gaol=60%").code == 1
    assert Outcome("check", "sheet.rubric", "--parameter", "goal").code == 2
    assert Outcome("check", "sheet.rubric", "--parameter", "goal=1%", "--parameter", "goal=2%").code == 2


# ---------------------------------------------------------------- fmt


def test_fmt_writes_only_what_changes(folder: Path) -> None:
    assert Outcome("fmt", "sheet.rubric", "--check").code == 0
    (folder / "wide.rubric").write_bytes(RUBRIC.replace("  input", "       input").encode())
    done = Outcome("fmt", "wide.rubric", "--check")
    assert done.code == 1
    assert "RUB901" in done.out
    assert Outcome("fmt", "wide.rubric", "--stdout").out == RUBRIC
    assert (folder / "wide.rubric").read_bytes() != RUBRIC.encode()
    done = Outcome("fmt", "wide.rubric")
    assert (done.code, done.out) == (0, "")
    assert (folder / "wide.rubric").read_bytes() == RUBRIC.encode()
    assert Outcome("fmt", "wide.rubric", "--check").code == 0


def test_fmt_keeps_line_ends_and_permissions(folder: Path) -> None:
    path = folder / "dos.rubric"
    path.write_bytes(RUBRIC.replace("  input", "       input").replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert Outcome("fmt", "dos.rubric").code == 0
    assert path.read_bytes() == RUBRIC.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in folder.iterdir()) == [
        "broken.rubric",
        "dos.rubric",
        "sheet.rubric",
        "unit.json",
    ]


def test_fmt_translates_there_and_back(folder: Path) -> None:
    assert Outcome("fmt", "sheet.rubric", "--to", "vi", "--in-place").code == 0
    text = (folder / "sheet.rubric").read_text(encoding="utf-8")
    assert text.startswith('bộ tiêu chí "Sheet" mã t.sheet')
    assert Outcome("check", "sheet.rubric").out == "sheet.rubric: không có gì phải sửa\n"
    assert Outcome("fmt", "sheet.rubric", "--to", "en", "--in-place").code == 0
    assert (folder / "sheet.rubric").read_text(encoding="utf-8") == RUBRIC


def test_fmt_translates_beside_the_authors_file(folder: Path) -> None:
    printed = Outcome("fmt", "sheet.rubric", "--to", "vi")
    assert printed.out.startswith('bộ tiêu chí "Sheet" mã t.sheet')
    done = Outcome("fmt", "sheet.rubric", "--to", "vi", "-o", "tờ.rubric")
    assert (done.code, done.err) == (0, "sheet.rubric: written to tờ.rubric\n")
    assert (folder / "tờ.rubric").read_text(encoding="utf-8") == printed.out
    assert (folder / "sheet.rubric").read_text(encoding="utf-8") == RUBRIC
    assert Outcome("fmt", "sheet.rubric", "tờ.rubric", "-o", "x.rubric").code == 2


def test_fmt_reads_standard_input(folder: Path) -> None:
    done = Outcome("fmt", "-", stdin=RUBRIC.replace("  input", "       input"))
    assert (done.code, done.out) == (0, RUBRIC)


def test_fmt_leaves_a_file_it_cannot_read(folder: Path) -> None:
    path = folder / "torn.rubric"
    path.write_text(RUBRIC.replace('criterion 1.2 "Done"', 'criterion 1.2 "Done'), encoding="utf-8")
    before = path.read_bytes()
    done = Outcome("fmt", "torn.rubric", "sheet.rubric")
    assert done.code == 1
    assert "RUB1" in done.err
    assert path.read_bytes() == before

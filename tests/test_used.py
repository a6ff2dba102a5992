"""``use "common.rubric"``: another file's criteria in this rubric's place, and never a file from elsewhere."""

from pathlib import Path

import pytest

from rubric_engine import check_text, compile_rubric, load_rubric
from rubric_engine.diagnostics.render import render_text

COMMON = """rubric "Shared" id shared.part
version 1
input planned: count, at least 1
input done: count, at most planned

criterion 1 "Done" 2 points
  score in proportion to done / planned

example "of the shared file"
  given planned = 4, done = 2
  expect points of 1 = 1
"""
MAIN = """rubric "Main" id main.sheet
version 1
total 5 points

use "common.rubric"

criterion 2 "Judged" 3 points
  score judged
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "common.rubric").write_text(COMMON, "utf-8")
    (tmp_path / "main.rubric").write_text(MAIN, "utf-8")
    return tmp_path


def codes(text: str, folder: Path | None) -> list[str]:
    return [found.code for found in check_text(text, folder=folder).diagnostics]


def test_its_headings_and_facts_stand_in_place(folder: Path) -> None:
    rubric = load_rubric(folder / "main.rubric")
    result = rubric.evaluate({"inputs": {"planned": 4, "done": 3}, "judged": {"2": 2}})
    assert [node.code for node in result] == ["1", "2"]
    assert result.total.published == 3.5
    assert rubric.rubric.examples == ()
    assert rubric.rubric.id == "main.sheet"


def test_the_digest_covers_what_is_used(folder: Path) -> None:
    before = load_rubric(folder / "main.rubric").plan.digest
    (folder / "common.rubric").write_text(COMMON.replace("Done", "Tasks done"), "utf-8")
    assert load_rubric(folder / "main.rubric").plan.digest != before


def test_a_fault_in_the_used_file_names_that_file_and_its_own_line(folder: Path) -> None:
    (folder / "common.rubric").write_text(COMMON.replace("done / planned", "dnoe / planned"), "utf-8")
    checked = check_text(MAIN, name="main.rubric", folder=folder)
    shown = render_text(checked.diagnostics, checked.source, "en")
    assert "common.rubric:7:26" in shown
    assert " 7 |   score in proportion to dnoe / planned" in shown


@pytest.mark.parametrize(
    ("path", "code"),
    [("missing.rubric", "RUB218"), ("../main.rubric", "RUB219"), ("/etc/hostname", "RUB219")],
)
def test_what_cannot_be_used_is_said(folder: Path, path: str, code: str) -> None:
    assert code in codes(MAIN.replace("common.rubric", path), folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "secret.rubric"
    outside.write_text(COMMON, "utf-8")
    (folder / "link.rubric").symlink_to(outside)
    assert "RUB219" in codes(MAIN.replace("common.rubric", "link.rubric"), folder)


def test_a_circle_is_refused(folder: Path) -> None:
    (folder / "common.rubric").write_text(COMMON + '\nuse "common.rubric"\n', "utf-8")
    assert "RUB220" in codes(MAIN, folder)


def test_text_without_a_folder_uses_nothing(folder: Path) -> None:
    assert "RUB218" in codes(MAIN, None)
    assert compile_rubric(MAIN, folder=folder).plan.total == 5

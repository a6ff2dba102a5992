"""Every page of the catalogue is true: its bad rubric gives its code and nothing else, its good one gives nothing."""

from itertools import product
from pathlib import Path

import pytest

from rubric_engine.diagnostics.catalogue import LANGUAGES, Sample, codes, help_text, message, page
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.engine import check_text
from rubric_engine.syntax.formatter import format_text

WHILE_SCORING = "5"
STYLE = "9"

# Codes that no rubric text alone can give: they come from what the application passes, or from tools.
ELSEWHERE: frozenset[str] = frozenset({"RUB121", "RUB216", "RUB902"})

# Codes about other files: their sample lies in a folder, under this name.
IN_A_FOLDER = ("RUB218", "RUB219", "RUB220", "RUB221", "RUB222")
SAMPLE = "sample.rubric"

of_a_text = [code for code in codes() if code[3] not in (WHILE_SCORING, STYLE) and code not in ELSEWHERE]


def diagnostics_of(code: str, sample: Sample, folder: Path) -> tuple[Diagnostic, ...]:
    """What the checks find in a sample."""
    data = sample.rubric.encode(sample.encoding)
    if code not in IN_A_FOLDER:
        return check_text(data).diagnostics
    (folder / SAMPLE).write_bytes(data)
    if code == "RUB220":
        (folder / "common.rubric").write_text('use "common.rubric"\n', encoding="utf-8")
    (folder / "one-column.csv").write_text("rank\ngold\n", encoding="utf-8")
    (folder / "blank-cell.csv").write_text("rank,worth\ngold,3\nsilver,\n", encoding="utf-8")
    return check_text(data, name=SAMPLE, folder=folder).diagnostics


@pytest.mark.parametrize("code", of_a_text)
def test_the_bad_rubric_gives_its_code(code: str, tmp_path: Path) -> None:
    found = diagnostics_of(code, page(code).bad, tmp_path)
    assert {one.code for one in found} == {code}
    for one, language in product(found, LANGUAGES):
        for text in (message(one, language), help_text(one, language) or ""):
            assert "…}" not in text
            assert "{" not in text


@pytest.mark.parametrize("code", of_a_text)
def test_the_good_rubric_gives_nothing(code: str, tmp_path: Path) -> None:
    assert [one.code for one in diagnostics_of(code, page(code).good, tmp_path)] == []


def test_a_rubric_without_a_folder_uses_no_file() -> None:
    (found,) = check_text(page("RUB218").bad.rubric).diagnostics
    assert found.help == "help_no_folder"
    assert help_text(found, "en") != help_text(found, "vi")


@pytest.mark.parametrize("code", [code for code in codes() if code.startswith("RUB4")])
def test_samples_are_written_as_the_formatter_writes(code: str) -> None:
    good = page(code).good.rubric
    assert format_text(good).text == good

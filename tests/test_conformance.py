"""The language-independent cases: every way of scoring says what the case says."""

from pathlib import Path

import pytest
from conformance_cases import FOLDER, CaseFile, case_files

FILES = case_files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.path.relative_to(FOLDER).with_suffix("")))
def test_case_holds(file: CaseFile) -> None:
    # The published module is dear to make: every fifth case of a theme runs there as well.
    assert file.wrong(standalone=int(file.path.name[:2]) % 5 == 1) == []


def test_every_rubric_has_its_case_and_the_other_way_round() -> None:
    written = {path.with_suffix(".json") for path in FOLDER.rglob("*.rubric")}
    assert written <= {file.path for file in FILES}
    lacking = [file.path for file in FILES if "rubric" not in file.data and file.path not in written]
    assert lacking == []


def test_numbers_of_cases_are_unique_in_their_folder() -> None:
    taken: dict[tuple[Path, str], Path] = {}
    for file in FILES:
        assert taken.setdefault((file.path.parent, file.path.name[:2]), file.path) == file.path

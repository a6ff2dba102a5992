"""Every example of the language reference runs, and its keyword table is the engine's own."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from blocks import (
    ROOT,
    Block,
    Document,
    assert_formatted,
    assert_holds,
    assert_round_stands,
    assert_translation,
    name_of,
)

from rubric_engine.diagnostics.catalogue import severity
from rubric_engine.diagnostics.shape import Severity
from rubric_engine.engine import check_text, compile_rubric

REFERENCE = Document("docs/language.md")


def test_every_block_is_of_a_known_kind() -> None:
    assert {block.kind for block in REFERENCE.blocks} == {"rubric", "rubric-fragment", "rubric-wrong", "rubric-file"}
    assert len(REFERENCE.right) > 35
    assert len(REFERENCE.pairs) > 10


def test_every_fragment_says_where_it_stands() -> None:
    fragments = [block for block in REFERENCE.right if block.kind == "rubric-fragment"]
    assert [block.line for block in fragments if not block.context] == []


@pytest.mark.parametrize("block", REFERENCE.right, ids=name_of)
def test_a_right_example_checks_clean_and_its_examples_pass(block: Block, tmp_path: Path) -> None:
    assert_holds(block, REFERENCE.write_files(tmp_path))


@pytest.mark.parametrize("block", [*REFERENCE.right, *REFERENCE.files], ids=name_of)
def test_a_right_example_is_as_the_formatter_writes_it(block: Block) -> None:
    assert_formatted(block)


@pytest.mark.parametrize("block", REFERENCE.wrong, ids=name_of)
def test_a_wrong_example_is_refused_with_its_code(block: Block) -> None:
    first = block.body.split("\n", 1)[0]
    found = check_text(block.body).diagnostics
    serious = {each.code for each in found if severity(each) is not Severity.NOTE}
    assert serious == {first.removeprefix("# refused: ")}


@pytest.mark.parametrize("pair", REFERENCE.pairs, ids=lambda pair: name_of(pair[1]))
def test_a_vietnamese_block_is_the_translation_of_the_one_above(pair: tuple[Block, Block]) -> None:
    assert_translation(*pair)


def test_every_json_block_is_a_submission_to_the_rubric_above_it() -> None:
    assert REFERENCE.submissions
    for rubric, submission in REFERENCE.submissions:
        assert compile_rubric(rubric.whole).evaluate(json.loads(submission)).total.published is not None


def test_every_cohort_and_dossier_comes_out_as_shown(tmp_path: Path) -> None:
    assert {found["note"] for _, found in REFERENCE.rounds} == {"cohort", "dossier"}
    for rubric, found in REFERENCE.rounds:
        assert_round_stands(rubric, found, REFERENCE.write_files(tmp_path))


# ---------------------------------------------------------------- the keyword table


def _rows(section: str) -> list[tuple[str, str]]:
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [(cells[0].strip(), cells[1].strip()) for cells in rows if len(cells) == 2 and "`" in cells[0]]


def _cell(forms: list[str]) -> str:
    return ", ".join(f"`{form}`" for form in forms)


def test_the_keyword_table_is_the_one_the_engine_reads() -> None:
    section = REFERENCE.text.split("<!-- keywords:", 1)[1].split("<!-- end of keywords -->", 1)[0]
    table = tomllib.loads((ROOT / "grammars" / "keywords.toml").read_text(encoding="utf-8"))["keywords"]
    wanted = [(_cell(forms["en"]), _cell(forms["vi"])) for forms in table.values()]
    assert _rows(section) == wanted


def test_every_code_the_text_names_has_its_page() -> None:
    pages = {path.stem for path in (ROOT / "rubric_engine" / "diagnostics" / "pages").glob("RUB*.md")}
    assert set(re.findall(r"RUB\d{3}", REFERENCE.text)) <= pages


def test_every_link_leads_to_a_heading() -> None:
    assert REFERENCE.broken_links() == set()

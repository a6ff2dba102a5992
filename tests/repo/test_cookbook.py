"""Every clause of the cookbook runs; every sentence says whether it is official or ours; the forms are all there."""

import re
from pathlib import Path

import pytest
from blocks import Block, Document, assert_formatted, assert_holds, assert_round_stands, assert_translation, name_of

from rubric_engine.syntax.formatter import format_text

COOKBOOK = Document("docs/cookbook.md")

# What the language offers to say (design, sections 3 and 4): each has a line here.
FORMS = (
    "score by", "score in proportion to", "interpolated", "score judged", "every leaf", "start at", "award",
    "deduct", "for each of", "where", "require", "at most points of", "met when", "unscored", "condition",
    "full points", "not applicable when", "excluded", "keep the worth of", "undecided", "nothing applies",
    "evidence", "if missing", "if not judged", "list", "column", "ratings", "raters", "table", "define", "scale",
    "parameter", "let", "given to all units", "combine weighted mean", "combine mean", "combine geometric mean",
    "combine best", "combine lowest", "combine highest", "combine median", "combine product", "combine drop lowest",
    "combine drop lowest and highest",
    "combine harmonic mean", "combine power mean", "needs at least", "weight", "bonus", "penalty",
    "grades by total", "first that holds", "no higher than", "grade", "one grade lower", "no grade",
    "total at most", "rounded", "as printed", "ln", "highest", "sum of", "mean of", "trimmed mean of",
    "majority of", "share of", "if none", "lowest", "last", "at least 2 of", "use",
    "if missing 0", "if missing not applicable", "if missing: not applicable", "use base", "worst", "of full points",
    "if tied lowest", "for each", "levels", "giving", "one of chặt, nới = nới", "grades by index of",
    "grades by kết_luận", "by total when", "grade of", "published as percent of applicable maximum",
    "published as index 0 to 1",
    "combine sum over positive maximum", "average", "among units", "within", "median of", "percentile", "rank of",
    "share of units where", "number of units", "position of", "if all equal", "standard score of", "previous",
    "if no previous", "days late of", "deadline", "stages", "keeps judgements", "asked from", "ranking",
    "then by", "lowest first", "exact total", "ties share the rank", "ties share the rank without a gap",
    "ties undecided", "quota", "standard deviation of", "or better",
)  # fmt: skip


def test_there_are_blocks_of_both_languages() -> None:
    assert {block.kind for block in COOKBOOK.blocks} == {"rubric", "rubric-fragment", "rubric-file"}
    assert len(COOKBOOK.right) > 60
    assert len(COOKBOOK.pairs) > 20


@pytest.mark.parametrize("block", COOKBOOK.right, ids=name_of)
def test_a_clause_checks_clean_and_its_examples_pass(block: Block, tmp_path: Path) -> None:
    assert_holds(block, COOKBOOK.write_files(tmp_path))


@pytest.mark.parametrize("block", [*COOKBOOK.right, *COOKBOOK.files], ids=name_of)
def test_a_clause_is_as_the_formatter_writes_it(block: Block) -> None:
    assert_formatted(block)


@pytest.mark.parametrize("pair", COOKBOOK.pairs, ids=lambda pair: name_of(pair[1]))
def test_an_english_block_is_the_translation_of_the_one_above(pair: tuple[Block, Block]) -> None:
    assert_translation(*pair)


def test_every_cohort_and_dossier_comes_out_as_shown(tmp_path: Path) -> None:
    assert COOKBOOK.rounds
    for rubric, found in COOKBOOK.rounds:
        assert_round_stands(rubric, found, COOKBOOK.write_files(tmp_path))


def test_every_sentence_says_whose_it_is() -> None:
    quotes = re.findall(r"(?:^> .*\n)+", COOKBOOK.text, re.MULTILINE)
    assert len(quotes) > 40
    for quote in quotes:
        assert re.match(r"> \*\*(Official|Illustrative)", quote), quote
        if quote.startswith("> **Official"):
            assert re.match(r"> \*\*Official( in number only)?\*\* \(.+?\):", quote.replace("\n> ", " ")), quote


def test_every_form_has_its_line() -> None:
    english = "\n".join(format_text(block.whole, to="en").text for block in COOKBOOK.right)
    missing = [form for form in FORMS if not re.search(rf"(?<!\w){re.escape(form)}(?!\w)", english)]
    assert missing == []


def test_every_link_leads_to_a_heading() -> None:
    assert COOKBOOK.broken_links() == set()

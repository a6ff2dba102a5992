"""Laws of the formatter, on generated trees and on the rubrics that ship."""

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from strategies_expr import LANGUAGES
from strategies_syntax import statements, trees

from rubric_engine.source import SourceFile
from rubric_engine.syntax.formatter import format_text, format_tree
from rubric_engine.syntax.parser import parse
from rubric_engine.syntax.printing.layout import layout
from rubric_engine.syntax.tree import examples as syntax_examples
from rubric_engine.syntax.tree import nodes as n

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted((ROOT / "rubrics").rglob("*.rubric")) + sorted((ROOT / "tests" / "golden" / "format").glob("*.rubric"))

modest = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(text: str) -> n.SyntaxTree:
    parsed = parse(SourceFile.from_text(text))
    # The prose drawn holds a mark nobody sees, which is warned of and stays.
    assert {each.code for each in parsed.diagnostics} <= {"RUB119"}, (parsed.diagnostics, text)
    return parsed.tree


def remarks(tree: n.SyntaxTree) -> list[str]:
    return sorted(each.text for each in tree.trivia.comments)


@modest
@given(trees(), st.sampled_from(LANGUAGES))
def test_what_is_printed_parses_back_to_the_same(tree: n.SyntaxTree, language: str) -> None:
    again = read(format_tree(tree, language))
    assert again.statements == tree.statements
    assert again.language == language


@modest
@given(trees())
def test_formatting_is_idempotent(tree: n.SyntaxTree) -> None:
    once = format_text(format_tree(tree))
    assert not once.diagnostics
    assert once.text == format_tree(tree)
    assert format_text(once.text).text == once.text


@modest
@given(trees())
def test_comments_are_kept(tree: n.SyntaxTree) -> None:
    again = read(format_tree(tree))
    assert len(again.trivia.comments) == len(tree.trivia.comments)
    assert format_tree(again) == format_tree(tree)
    assert remarks(read(format_tree(again))) == remarks(again)


@modest
@given(trees())
def test_there_and_back_is_the_identity(tree: n.SyntaxTree) -> None:
    here = format_tree(tree)
    other = "vi" if tree.language == "en" else "en"
    there = format_text(here, to=other)
    assert not there.diagnostics
    back = format_text(there.text, to=tree.language)
    assert back.text == here


@modest
@given(trees(), st.data())
def test_no_layout_of_the_author_survives_twice(tree: n.SyntaxTree, data: st.DataObject) -> None:
    lines = format_tree(tree).split("\n")
    long_text = any('"""' in line for line in lines)
    messy: list[str] = []
    for line in lines:
        if not long_text:
            messy += [""] * data.draw(st.integers(0, 2))
            messy += ["# chen"] * data.draw(st.integers(0, 1))
            line = " " * data.draw(st.integers(0, 5)) + line.lstrip()
        messy.append(line)
    before = read("\n".join(messy))
    once = format_text("\n".join(messy))
    assert not once.diagnostics
    assert "\n\n\n" not in once.text or long_text
    assert len(read(once.text).trivia.comments) == len(before.trivia.comments)
    assert format_text(once.text).text == once.text


@modest
@given(statements, st.sampled_from(LANGUAGES), st.sampled_from([1, 30, 60]))
def test_broken_lines_read_back_the_same(stmt: n.Statement, language: str, width: int) -> None:
    tree = n.SyntaxTree(language, (n.RubricHead(n.Text("T"), n.Ident("t")), stmt))
    assert read(layout(tree, language, width)) == tree


def test_every_node_is_drawn() -> None:
    """The laws hold for what the strategy draws, so it must draw everything."""
    drawn: set[str] = set()

    def note(node: object) -> None:
        if isinstance(node, tuple):
            for part in node:
                note(part)
        elif is_dataclass(node):
            drawn.add(type(node).__name__)
            for field in fields(node):
                note(getattr(node, field.name))

    @settings(max_examples=600, deadline=None, database=None, phases=[Phase.generate])
    @given(st.lists(statements, min_size=3, max_size=3))
    def draw(several: list[n.Statement]) -> None:
        note(tuple(several))

    beside = {"Comment", "FileKey", "SyntaxTree", "Trivia"}
    kinds = [*vars(n).items(), *vars(syntax_examples).items()]
    written = {name for name, kind in kinds if isinstance(kind, type) and is_dataclass(kind)}
    # Which examples are drawn depends on what else is loaded; a rare node may take a few rounds to come up.
    for attempt in range(10):
        if written - drawn != beside:
            seed(attempt)(draw)()
    assert written - drawn == beside


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_laws_on_real_texts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = read(text)
    formatted = format_text(text)
    assert not formatted.diagnostics
    assert format_text(formatted.text).text == formatted.text
    assert read(formatted.text) == tree
    assert len(read(formatted.text).trivia.comments) == len(tree.trivia.comments)
    other = "vi" if tree.language == "en" else "en"
    there = format_text(formatted.text, to=other)
    assert not there.diagnostics
    assert read(there.text).statements == tree.statements
    assert format_text(there.text, to=tree.language).text == formatted.text

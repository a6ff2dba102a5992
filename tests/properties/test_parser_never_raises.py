"""No text makes the parser raise, run for long, or stay silent about a line it left out."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from work import at_most

from rubric_engine.diagnostics.catalogue import page, placeholders
from rubric_engine.source import SourceFile
from rubric_engine.syntax.keywords import forms, meanings
from rubric_engine.syntax.parser import Parsed, parse

FOLDER = Path(__file__).parent.parent / "golden" / "syntax"
REAL = (FOLDER / "ca-mau.rubric").read_text(encoding="utf-8")
WHOLE = [(FOLDER / f"whole-{language}.rubric").read_text(encoding="utf-8") for language in ("en", "vi")]
LANGUAGES = ("en", "vi")
SIGNS = [
    "(", ")", ":", ",", "=", "<", ">=", "+", "-", "–", "*", "/", "^", "≥", "×", ";", '"', '"""', "“",
    "”", "#", "\n", "[", "]", "[(", ")]", "[]",
]  # fmt: skip
LITERALS = [
    "3", "0.5", "0,5", "1.000", "90%", "2023-12-15", "15/12/2023", "1.1", "TC1-CT2", "a", "plan",
    '"x"', "\u00a0", "\t",
]  # fmt: skip
KEYWORDS = [form for language in LANGUAGES for meaning in meanings() for form in forms(meaning, language)]


def check(text: str) -> Parsed:
    source = SourceFile.from_text(text)
    parsed = parse(source)
    for each in parsed.diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(source.text)
        for language in LANGUAGES:
            for key in ("message", each.help):
                template = page(each.code).text(key, language)
                assert template is not None, each
                assert placeholders(template) <= each.values.keys(), each
        if each.fix is not None:
            assert 0 <= each.fix.span.start <= each.fix.span.end <= len(source.text)
    for statement in parsed.tree.statements:
        assert 0 <= statement.span.start < statement.span.end <= len(source.text)
    return parsed


@given(st.text(max_size=300))
@example("\ufeff")
@example('"')
@example('"""')
@example('""""')
@example('"""""')
@example('a "“')
@example("\x00\ud800")
@settings(deadline=None)
def test_random_text(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(KEYWORDS + SIGNS + LITERALS), max_size=60).map(" ".join), st.sampled_from(LANGUAGES))
@settings(deadline=None)
def test_random_words(text: str, language: str) -> None:
    check(f"# language: {language}\n{text}")


@given(st.data())
@settings(deadline=None)
def test_mutated_rubric(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([REAL, *WHOLE]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 8))
        text = text[:at] + data.draw(st.sampled_from(["", *SIGNS, *LITERALS, *KEYWORDS])) + text[at + cut :]
    check(text)


@pytest.mark.parametrize("text", [REAL, *WHOLE], ids=["ca-mau", "whole-en", "whole-vi"])
def test_a_broken_word_gives_one_message_on_its_line(text: str) -> None:
    """Each word of a real rubric is spoiled in turn."""
    lines = text.splitlines()
    spoiled = 0
    for number, line in enumerate(lines):
        words = line.split(" ")
        for at, word in enumerate(words):
            if not word.isalpha() or " ".join(words[:at]).count('"') % 2:
                continue
            broken = [*lines]
            broken[number] = " ".join([*words[:at], word + "@", *words[at + 1 :]])
            source = SourceFile.from_text("\n".join(broken))
            found = parse(source).diagnostics
            assert [source.line_number(each.span.start) for each in found] == [number + 1], broken[number]
            spoiled += 1
    assert spoiled > 60


HOSTILE = {
    "brackets": "let v = " + "(" * 2000 + "a" + ")" * 2000,
    "levels": "".join(f'level {at} 1.{at} "x" 1 point\n' for at in range(6, 2006)),
    "nested not": "when " + "not " * 3000 + "a: 1",
    "nested minus": "let v = " + "-" * 9000 + "a",
    "nested when": "score " + "when a then 1 otherwise " * 800 + "0",
    "quotes": '"' * 50_000,
    "long quotes": '"""\n' * 3_000,
    "blanks": ("a" + " " * 900 + "b\n") * 500,
    "ifs": ("if " * 300 + "\n") * 150,
    "signs": ("1 - " * 200 + "@\n") * 200,
    "typing errors": "scoer by plna\n" * 5000,
    "continuations": "score a\n" + "and b\n" * 3000,
    "comments": "#\n" * 50_000,
    "lists": "given a = " + "[" * 9000,
    "rows": "given a = [" + "(b: 1), " * 2000,
    "reducers": "let v = " + "highest " * 2000,
    "nested reducers": "let v = " + "sum of (" * 30 + "a" + ") in b" * 29,
    "conditions": ("let v = " + "count of a where " * 60 + "\n") * 200,
    "left out": "bonus 3 points of late\nsum of days late\n" * 3000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_soon(name: str) -> None:
    with at_most(6_000_000):
        parsed = parse(SourceFile.from_text(HOSTILE[name]))
    assert parsed.diagnostics


def test_thousands_of_hostile_lines_end_soon() -> None:
    words = KEYWORDS + SIGNS[:-1] + LITERALS
    chance = random.Random(20)
    lines = [" ".join(chance.choices(words, k=chance.randint(1, 25))) for _ in range(2_000)]
    with at_most(12_000_000):
        parsed = parse(SourceFile.from_text("\n".join(lines)))
    assert len(parsed.diagnostics) > 800

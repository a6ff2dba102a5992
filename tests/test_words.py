"""Words as data: every language says everything, with the same values, and nothing is written that nobody says."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rubric_engine.backend.packing import imported_by
from rubric_engine.tell.words import Words, phrases, sections_of

ENGINE = Path(__file__).parents[1] / "rubric_engine"
LANGUAGES = sorted(path.stem for path in (ENGINE / "tell" / "words").glob("*.toml"))
SECTIONS = sorted(sections_of("en"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def parsed() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in ENGINE.rglob("*.py")}


def speakers(section: str) -> Iterator[ast.Module]:
    """Modules that speak from a section, and those that take their words from such a one."""
    trees = parsed()
    names = {path: ".".join(path.relative_to(ENGINE.parent).with_suffix("").parts) for path in trees}
    first = {names[path] for path, tree in trees.items() if section in set(named(tree))}
    for path, tree in trees.items():
        # What an explanation tells stands in the reasons of a result.
        tells = section == "explain" and "result" in path.parts
        if tells or names[path] in first or first.intersection(imported_by(names[path].removesuffix(".__init__"))):
            yield tree


def named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def said_by(tree: ast.Module) -> Iterator[re.Pattern[str]]:
    """Every text in the module, also one with gaps: any of them may be a key."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.compile(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(each.value)) if isinstance(each, ast.Constant) else ".+" for each in node.values]
            if any(part != ".+" for part in parts):
                yield re.compile("".join(parts))


def enumerated() -> Iterator[re.Pattern[str]]:
    """Values of enumerations, which are keys where states and kinds are told."""
    for tree in parsed().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
                yield from said_by(ast.Module(node.body, []))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_every_language(language: str) -> None:
    assert sorted(sections_of(language)) == SECTIONS
    for section in SECTIONS:
        assert phrases(language, section).keys() == phrases("en", section).keys(), section


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_takes_the_same_values(language: str) -> None:
    for section in SECTIONS:
        for key, text in phrases(language, section).items():
            assert fields(text) == fields(phrases("en", section)[key]), (section, key)


# Their keys are the codes of problems with the name of a help, and the names of types: they come as values.
AS_VALUES = {"problems", "types", "expected", "kinds", "columns"}


@pytest.mark.parametrize("section", sorted(set(SECTIONS) - AS_VALUES))
def test_no_phrase_is_unused(section: str) -> None:
    patterns = {*enumerated(), *(pattern for tree in speakers(section) for pattern in said_by(tree))}
    unused = [key for key in phrases("en", section) if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert unused == []


def test_a_language_without_a_file_is_told_in_english() -> None:
    for language in ("xx", "../en", "", "EN"):
        assert Words("common")("yes", language) == "yes"


def test_values_are_data() -> None:
    assert Words("explain")("row", "en", label="{amount}", amount="1") == "{amount} → 1"

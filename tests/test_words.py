"""Words as data: every language says everything, with the same values, and nothing is written that nobody says."""

import ast
import json
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rubric_engine.backend.packing import imported_by
from rubric_engine.facts.evidence import STATUS_WORDS
from rubric_engine.tell.words import OTHER, PLURAL, Words, kind_of_number, languages, phrases, sections_of

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


def told(section: str, language: str) -> dict[str, dict[str, str]]:
    """Every key with its forms; a phrase of one form has it for ``other``."""
    found = phrases(language, section)
    return {key: {OTHER: said} if isinstance(said, str) else dict(said) for key, said in found.items()}


def keys(section: str, language: str) -> set[str]:
    return set() if section == PLURAL else set(phrases(language, section))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_every_language(language: str) -> None:
    assert sorted(sections_of(language)) == SECTIONS
    for section in SECTIONS:
        assert keys(section, language) == keys(section, "en"), section


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_takes_the_same_values(language: str) -> None:
    for section in set(SECTIONS) - {PLURAL}:
        for key, forms in told(section, language).items():
            values = fields(told(section, "en")[key][OTHER])
            assert fields(forms[OTHER]) == values, (section, key)
            # A form for one thing may say the number in its own words.
            assert all(fields(form) | {"count"} == values for form in forms.values() if len(forms) > 1), (section, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_are_of_the_kinds_of_numbers_the_language_tells_apart(language: str) -> None:
    kinds = {*phrases(language, PLURAL), OTHER}
    for section in set(SECTIONS) - {PLURAL}:
        assert all(set(forms) <= kinds for forms in told(section, language).values()), section


# ---------------------------------------------------------------- what the code says


def spoken() -> Iterator[tuple[str, tuple[str, ...], ast.Call]]:
    """Every call of words, with the sections it speaks from: by their name, or as ``_say`` of a class."""
    speakers: dict[tuple[str, str], tuple[str, ...]] = {}
    names = {path: ".".join(path.relative_to(ENGINE.parent).with_suffix("").parts) for path in parsed()}
    for path, tree in parsed().items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and (sections := tuple(named(ast.Module([node], [])))):
                speakers[names[path], ast.unparse(node.targets[0])] = sections
    for path, tree in parsed().items():
        known = {name: sections for (module, name), sections in speakers.items() if module == names[path]}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if (sections := speakers.get((node.module or "", alias.name))) is not None:
                        known[alias.asname or alias.name] = sections
        known |= {"misused": speakers["rubric_engine.cli.words", "say"]}
        if "told" in known:
            known |= {"_say": known["told"]}
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(ast.Name("self"), name)):
                    if name in known:
                        yield names[path], known[name], node


def keys_said(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp():
            yield from keys_said(node.body)
            yield from keys_said(node.orelse)


def test_every_key_said_exists_and_gets_its_values() -> None:
    seen = 0
    for module, sections, call in spoken():
        for key in keys_said(call.args[0]):
            found = [section for section in sections if key in phrases("en", section)]
            assert found, (module, key)
            given = {word.arg for word in call.keywords}
            needed = {field.partition(".")[0] for field in fields(told(found[0], "en")[key][OTHER])}
            assert None in given or needed <= given, (module, key)
            seen += 1
    assert seen > 200


# Their keys are the codes of problems with the name of a help, and the names of types: they come as values.
AS_VALUES = {"problems", "types", "expected", "kinds", "columns", PLURAL}


@pytest.mark.parametrize("section", sorted(set(SECTIONS) - AS_VALUES))
def test_no_phrase_is_unused(section: str) -> None:
    statuses = map(re.compile, STATUS_WORDS.values())  # of evidence: said as they come
    patterns = {*enumerated(), *statuses, *(pattern for tree in speakers(section) for pattern in said_by(tree))}
    unused = [key for key in phrases("en", section) if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert unused == []


def test_a_language_without_a_file_is_told_in_english() -> None:
    for language in ("xx", "../en", "", "EN"):
        assert Words("common")("yes", language) == "yes"


def test_values_are_data() -> None:
    assert Words("explain")("row", "en", label="{amount}", amount="1") == "{amount} → 1"


def test_a_number_chooses_the_form() -> None:
    said = Words("reports", "common")
    assert [said("days", "en", count=count) for count in (0, 1, "1", 21)] == ["0 days", "1 day", "1 day", "21 days"]
    assert said("days", "vi", count=1) == "1 ngày"
    assert said("days", "xx", count=1) == "1 day"
    assert kind_of_number("0", "vi") == "zero"
    assert languages() == tuple(LANGUAGES)


# ---------------------------------------------------------------- a third language


RUBRIC = """\
rubric "B" id t.b
total 4 points

criterion 1 "X" 2 points
  input a "A": count
  score in proportion to a / 8
criterion 2 "Y" 2 points
  input days "D": list
    column day "N": date
  start at full points
  deduct 0.5 for each of days because "Z"
"""
SUBMISSION = {"unit": "U", "inputs": {"a": 3, "days": [{"day": "2026-03-31"}] * 2}}


def shouted(text: str) -> str:
    """A phrase in a language that shouts; values keep their names."""
    return "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{[^{}]*\})", text))


def third_language() -> str:
    """A file of a language: English in capitals, but for its numbers, its days, and a dual."""
    lines = []
    for section in SECTIONS:
        lines.append(f"[{section}]")
        match section:
            case "numerals":
                lines += ['decimal = ","', 'day = "{d.day}.{d.month}.{d.year}"']
            case "plural":
                lines.append('dual = ".*2"')
            case _:
                for key, forms in told(section, "en").items():
                    said = json.dumps(shouted(forms[OTHER]), ensure_ascii=False)
                    two = json.dumps(shouted(forms[OTHER].replace("rows", "pair")), ensure_ascii=False)
                    whole = f"{{ dual = {two}, other = {said} }}" if len(forms) > 1 else said
                    lines.append(f"{json.dumps(key, ensure_ascii=False)} = {whole}")
        lines.append("")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine as it is, with one file more."""
    root = tmp_path_factory.mktemp("third")
    words = root / "rubric_engine" / "tell" / "words"
    words.mkdir(parents=True)
    for folder, kept in ((ENGINE, "tell"), (ENGINE / "tell", "words"), (ENGINE / "tell" / "words", "")):
        here = root / "rubric_engine" / folder.relative_to(ENGINE)
        for each in folder.iterdir():
            if each.name not in (kept, "__pycache__"):
                (here / each.name).symlink_to(each)
    (words / "qq.toml").write_text(third_language(), encoding="utf-8")
    (root / "b.rubric").write_text(RUBRIC, encoding="utf-8")
    (root / "u.json").write_text(json.dumps(SUBMISSION), encoding="utf-8")
    return root


def spoken_by(engine: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(engine), "PYTHONIOENCODING": "utf-8", "RUBRIC_CACHE": "off"}
    done = subprocess.run([sys.executable, *command], cwd=engine, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_a_third_language_is_a_file(engine: Path) -> None:
    rubric = ("-m", "rubric_engine.cli.main")
    score = (*rubric, "score", "b.rubric", "u.json", "--why", "--language")
    assert spoken_by(engine, *score, "qq") == (
        "B\nt.b\nUNIT: U\n\nTOTAL: 1,75 OF 4 POINTS, 43,75% OF THE APPLICABLE MAXIMUM\n\n"
        "1 X                                                                       0,75/2\n"
        "  - IN PROPORTION TO a / 8 → 0,75: 37,5%, FROM A = 3\n"
        "2 Y                                                                          1/2\n"
        "  - START AT 2\n"
        "  - −1: deduct 0.5 for each of days: D = 2 PAIR (Z)\n"
    )
    table = spoken_by(engine, *rubric, "rank", "b.rubric", "u.json", "--language", "qq", "--format", "csv")
    assert table.startswith("RANK;UNIT;")
    assert ";1,75;" in table
    spoken_by(engine, *rubric, "compile", "b.rubric", "-o", "alone.py")
    alone = spoken_by(engine, "alone.py", "u.json", "--why", "--language", "qq")
    assert "TOTAL: 1,75 OF 4 POINTS" in alone
    assert "2 PAIR" in alone

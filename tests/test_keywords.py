"""The keyword tables and the automaton built from them."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rubric_engine.syntax import grammar, keywords
from rubric_engine.syntax.callbacks.statements import CALLBACKS
from rubric_engine.syntax.keywords import forms, reserved_words, spell
from rubric_engine.syntax.locate import grammar_text


def test_every_meaning_has_a_form_in_every_language() -> None:
    for language in keywords.languages():
        for meaning in keywords.meanings():
            assert all(form == form.strip() and "  " not in form for form in forms(meaning, language))
            assert spell(meaning, language) == forms(meaning, language)[0]
    assert keywords.meanings() == keywords.MEANINGS


def test_conventions() -> None:
    assert keywords.conventions("en").decimal == "."
    assert keywords.conventions("vi").decimal == ","
    assert set(keywords.conventions("vi").dates) == {"%Y-%m-%d", "%d/%m/%Y"}
    with pytest.raises(KeyError):
        spell("RUBRIC", "fr")


def test_reserved_words() -> None:
    assert reserved_words() == {"yes", "no", "có", "không"}
    assert reserved_words("level") >= {"missing", "otherwise", "above", "not", "and", "hoặc"}
    assert {"pending", "undecided"} <= reserved_words("grade")
    assert {"min", "sqrt", "first"} <= reserved_words("function")
    assert {"count", "số", "chữ"} <= reserved_words("list")


def test_every_rule_has_its_callback() -> None:
    asked = {rule.callback for rule in grammar.tables().productions} - {""}
    assert asked == set(CALLBACKS)


def test_every_keyword_is_used() -> None:
    used = {kind for actions in grammar.tables().states for kind in actions}
    assert set(keywords.meanings()) <= used


def test_a_conflict_is_refused() -> None:
    grammar._lark("start: A B\n", ["A", "B"])
    with pytest.raises(grammar.GrammarError, match="LALR"):
        grammar._lark("start: x B | A B C\nx: A\n", ["A", "B", "C"])


def test_two_keywords_written_alike_in_one_place_are_refused() -> None:
    states = [{"A": 1, "B": 2}, {"A": 1}, {"B": 1}]
    grammar._refuse_twins(states[1:], {"A": ["x"], "B": ["x"]}, "en")
    with pytest.raises(grammar.GrammarError, match="`x`"):
        grammar._refuse_twins(states, {"A": ["x"], "B": ["x"]}, "en")


def test_the_grammar_has_no_conflict_and_the_table_is_reproducible() -> None:
    build = "import json; from rubric_engine.syntax import grammar as g; print(json.dumps(g._build(g._sources())))"
    seen = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", build], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
            ).stdout
        ).hexdigest()
        for seed in ("1", "2")
    }
    ours = json.dumps(grammar._build(grammar._sources())) + "\n"
    assert seen == {hashlib.sha256(ours.encode()).hexdigest()}


_READ = """
import sys
from pathlib import Path
from rubric_engine.syntax import grammar
grammar.tables_path = lambda: Path(sys.argv[1])
build, built = grammar._build, []
grammar._build = lambda sources: built.append(sources) or build(sources)
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse
assert parse(SourceFile.from_text('rubric "R" id r')).diagnostics == ()
print(bool(built))
"""


def needs_building(path: Path) -> bool:
    """Whether a parse in a new process, with this file as the shipped table, has to build the table."""
    shown = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, check=True, text=True)
    return {"True": True, "False": False}[shown.stdout.strip()]


def test_the_shipped_table_is_read_only_if_it_is_of_this_grammar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tables" / "rubric.json"
    monkeypatch.setattr(grammar, "tables_path", lambda: path)
    grammar.write()
    assert not needs_building(path)
    assert grammar._read(json.loads(path.read_text(encoding="utf-8"))) == grammar.tables()
    stale = json.loads(path.read_text(encoding="utf-8")) | {"key": "another"}
    path.write_text(json.dumps(stale), encoding="utf-8")
    assert needs_building(path)
    path.write_text("not a table", encoding="utf-8")
    assert needs_building(path)


def test_terminals_have_no_text_in_the_grammar() -> None:
    rules = re.sub(r"//.*", "", grammar_text("rubric.lark"))
    assert '"' not in rules
    assert "/" not in rules

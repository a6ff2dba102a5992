"""What has no value says which kind it is, with its own mend, wherever it is met: every place by every kind."""

from pathlib import Path
from typing import Any

import pytest
from test_published import published, run
from test_walls import compile_like

from rubric_engine import CompiledRubric, SubmissionError
from rubric_engine.facts.problems import phrase
from rubric_engine.result.undefined import undefined_at
from rubric_engine.source import SourceFile

FACTS = (
    "  input x: number, from 0 to 10\n  input y: number\n  input r: list\n    column c: number\n"
    "  input m: ratings 1 to 5, at least 2 raters\n"
)
KINDS: dict[str, tuple[str, str, str]] = {
    "10 / y": ("0", "RUB508", ""), "10 / (y - y)": ("1", "RUB508", ""), "ln(y, 6 places)": ("0", "RUB562", "logarithm"),
    "sqrt(y, 6 places)": ("-1", "RUB562", "root"), "power(y, 0.5, 6 places)": ("-1", "RUB562", "power"),
    "exp(y, 6 places)": ("150", "RUB562", "large"), "mean of c in r": ("1", "RUB563", "help"),
    "highest of c in r": ("1", "RUB563", "help"), "majority of m": ("1", "RUB563", "tie"),
    "((y ^ 64) ^ 64) ^ 4": ("123.4567891234", "RUB561", "help"),
}  # fmt: skip
LEAF = 'component 1 "A" 10 points\n' + FACTS
GROUP = 'area 1 "A" 10 points\n' + FACTS + "{}" + 'component 1.1 "B" 10 points\n  score judged\n'
PLACES: dict[str, tuple[str, str]] = {
    "a rule": ("1", LEAF + "  score {}\n"),
    "a named value": ("1", LEAF + "  let named = {}\n  score min(10, named)\n"),
    "a requirement": ("1", LEAF + "  require {} > 3, otherwise 1\n  score x\n"),
    "what a requirement gives": ("1", LEAF + "  require x > 10, otherwise {}\n  score x\n"),
    "not applicable": ("1", LEAF + "  not applicable when {} > 3: excluded\n  score x\n"),
    "an award": ("1", LEAF + "  score x\n  award 1 for each of {}\n"),
    "a deduction": ("1", LEAF + "  score x\n  deduct 1 when {} > 2\n"),
    "a limit of a leaf": ("1", LEAF + "  score x\n  at most 5 points when {} > 1\n"),
    "a band": ("1", LEAF + "  score by {}\n    5 or more: 10\n    below 5: 2\n"),
    "a case": ("1", LEAF + "  score\n    when {} > 3: 10\n    otherwise: 4\n"),
    "evidence": ("1", LEAF + "  evidence plan required when {} > 3, if missing deduct 1\n  score x\n"),
    "a formula of a group": ("1", GROUP.format("  score {}\n")),
    "a limit of a group": ("1", GROUP.format("  at most 3 points when {} > 1\n")),
    "a limit of the total": ("", "total at most {}\n" + LEAF + "  score x\n"),
    "when a limit of the total holds": ("", "total at most 5 when {} > 3\n" + LEAF + "  score x\n"),
    "a row of grades": ("", LEAF + "  score x\ngrades by total\n  a: when {} > 3\n  b: otherwise\n"),
    "a gate": ("", LEAF + "  score x\ngrades by total\n  a: 5 or more\n  b: below 5\n  no higher than b when {} > 1\n"),
    "what is graded": ("", LEAF + "  score x\ngrades by {}\n  a: 5 or more\n  b: below 5\n"),
    "where a table applies": ("", LEAF + "  score x\ngrades by total when {} > 1\n  a: 5 or more\n  b: below 5\n"),
}  # fmt: skip


def rubric_of(place: str, expr: str) -> CompiledRubric:
    text = 'rubric "Places" id t.places\nversion 1\ntotal 10 points\n' + PLACES[place][1].replace("{}", expr)
    return CompiledRubric(compile_like(text), SourceFile.from_text(text), ())


def given(y: str) -> dict[str, Any]:
    return {"inputs": {"x": 7, "y": y, "r": [], "m": [1, 2]}, "judged": {"1.1": 7}}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("expr", KINDS)
def test_each_kind_has_its_own_words_in_each_place(place: str, expr: str) -> None:
    y, code, help_key = KINDS[expr]
    node, rubric = PLACES[place][0], rubric_of(place, expr)
    submission = given(y)
    if "group" not in place:
        del submission["judged"]
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate(submission)
    (found,) = caught.value.problems
    expected = help_key or ("help" if node else "sheet")
    assert (found.code, found.help, found.values["node"]) == (code, expected, node)
    alone = undefined_at(rubric.plan, rubric.read(submission), node)
    assert (alone.code, alone.help) == (found.code, found.help)
    assert found.help_text("vi") not in ("", found.help_text("en"))


@pytest.mark.parametrize("options", [{}, {"with_ranges": True}])
@pytest.mark.parametrize(
    ("place", "expr"),
    [("a gate", "ln(y, 6 places)"), ("a limit of the total", "mean of c in r"), ("a rule", "((y ^ 64) ^ 64) ^ 4")],
)
def test_a_published_file_has_the_same_words(tmp_path: Path, place: str, expr: str, options: dict[str, bool]) -> None:
    rubric = rubric_of(place, expr)
    y, code, help_key = KINDS[expr]
    submission = given(y)
    del submission["judged"]
    found = run(published(tmp_path, rubric.plan, **options), submission)
    assert found.returncode == 1
    assert f"[{code}]" in found.stderr
    assert phrase.of("en")[f"{code} {help_key}"] in found.stderr


def test_where_it_cannot_be_told_which_nothing_is_guessed(tmp_path: Path) -> None:
    rubric = rubric_of("a rule", "10 / y")
    submission = given("0")
    del submission["judged"]
    found = run(published(tmp_path, rubric.plan, total_only=True), submission)
    assert "`1` has no value" in found.stderr
    assert "RUB561" not in found.stderr

"""What an author or a client who is a stranger can write: refused, bounded or left undecided, and never suffered."""

import inspect
import io
import json
import pickle
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine import (
    Limits,
    Result,
    RubricError,
    SubmissionError,
    check_text,
    compile_rubric,
    find_gaps,
    load_rubric,
    next_grade,
    read_csv,
)
from rubric_engine.analysis.check import check
from rubric_engine.analysis.resolve.rubric import resolve
from rubric_engine.backend.interpret import interpret
from rubric_engine.cli.terminal import write
from rubric_engine.diagnostics.catalogue import page
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.json_text import write_json
from rubric_engine.gaps.leaf_gaps import gaps_of
from rubric_engine.meaning.budget import Budget
from rubric_engine.model import Rubric
from rubric_engine.plan.plan import Observed, Slot, slots_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.solve.change.study import Study
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse

HEAD = 'rubric "T" id t\nversion 1\ntotal 10 points\ncomponent 1 "a" 10 points\n'
FACTS = "  input a, b: number, from 1 to 2\n"


def codes(body: str) -> list[str]:
    return [found.code for found in check_text(HEAD + body).diagnostics]


# ---------------------------------------------------------------- constants


@pytest.mark.parametrize(
    "expr",
    [
        "((((9^64)^64)^64)^64)^64", "(((9^64)^64)^64)", "(0.1^64)^64 * (0.1^64)^64",
        "(9^64)^64 * (9^64)^64 * (7^64)^64", "((1 / 3^64)^64)^64", "a * ((9^64)^64)^64",
    ],
)  # fmt: skip
def test_constants_that_grow_are_refused(expr: str) -> None:
    assert "RUB113" in codes(f"{FACTS}  score min(10, {expr})\n")


def test_constants_through_lets_are_refused() -> None:
    lets = "let x = 9^64\nlet y = x^64\nlet z = y^64\n"
    assert "RUB113" in [
        one.code for one in check_text(HEAD.replace("total", lets + "total") + "  score z\n").diagnostics
    ]


def test_a_large_constant_is_still_one() -> None:
    assert codes(f"{FACTS}  score min(10, a * 9^64)\n") == ["RUB209"]


# ---------------------------------------------------------------- chains


CHAINS = {
    "minus": (" - ", lambda n: Fraction(4000 - n, 1000)),
    "plus": (" + ", lambda n: Fraction(4000 + n - 2, 1000)),
    "both": ("-b+", lambda n: Fraction(4000 - 1 - (n - 1), 1000)),
    "times": (" * ", lambda n: Fraction(4001, 1000)),
}


@pytest.mark.parametrize("terms", [2, 340, 2000])
@pytest.mark.parametrize("which", CHAINS)
def test_a_chain_of_any_length_scores(which: str, terms: int) -> None:
    joint, value = CHAINS[which]
    chain = joint.join(["a"] * terms)
    start = {"plus": "3998 +", "times": "4000 +"}.get(which, "4000 -")
    expr = f"({start} {chain}) / 1000"
    rubric = compile_rubric(f"{HEAD}  input a, b: number\n  score max(0, min(10, {expr}))\n")
    given = {"a": 1, "b": 2 if which == "both" else 1}
    assert rubric.score(given) == value(terms)
    exact = interpret(rubric.plan, rubric.read({"inputs": given}))
    assert exact.number(slots_of(rubric.plan).index(Slot(Observed.PUBLISHED, -1))) == value(terms)
    compile(rubric.to_python(), "alone", "exec")
    assert rubric.evaluate({"inputs": {"a": 1}}).total.high is not None


@pytest.mark.parametrize("joint", [" / ", " / a * "])
def test_a_chain_of_divisions_is_refused_where_it_is_too_long(joint: str) -> None:
    assert codes(f"{FACTS}  score min(1, {joint.join(['a'] * 40)})\n") != ["RUB113"]
    assert codes(f"{FACTS}  score min(1, {joint.join(['a'] * 3000)})\n") == ["RUB113"]


def test_definitions_and_calls_nest_no_deeper_than_formulas() -> None:
    body = "".join("(" for _ in range(20)) + "x" + "".join(" / 2 + 1)" for _ in range(20))
    lines = f"define d0(x) = {body}\n" + "".join(f"define d{i}(x) = d{i - 1}({body})\n" for i in range(1, 40))
    found = [
        one.code
        for one in check_text(HEAD.replace("component", lines + "component") + FACTS + "  score d39(a)\n").diagnostics
    ]
    assert "RUB113" in found


def from_a_deep_caller(frames: int, work: object) -> object:
    return work() if not frames else from_a_deep_caller(frames - 1, work)  # type: ignore[operator]


def test_what_passes_does_not_hang_on_the_stack_of_the_caller() -> None:
    text = (
        f"{HEAD}{FACTS}"
        + "  let v0 = a\n"
        + "".join(f"  let v{i + 1} = when v{i} > 1 then v{i} / 2 + 1 otherwise v{i} * 2 - 1\n" for i in range(24))
        + "  score min(10, max(0, v24))\n"
    )

    def everything() -> tuple[object, ...]:
        rubric = compile_rubric(text, limits=Limits(check_steps=20_000, reading_steps=20_000))
        return rubric.score({"a": 1, "b": 1}), rubric.evaluate({}).total.high, rubric.diagnostics

    assert from_a_deep_caller(300, everything) == everything()


# ---------------------------------------------------------------- a budget of steps


def parity(facts: int) -> str:
    """Whether an odd number of them is yes: each step reads the one before twice."""
    lines = ["  input b0: yes/no\n  let x0 = b0\n"]
    for i in range(1, facts):
        lines.append(f"  input b{i}: yes/no\n  let x{i} = (x{i - 1} and not b{i}) or (not x{i - 1} and b{i})\n")
    return HEAD + "".join(lines) + f"  score\n    when x{facts - 1}: 10\n    otherwise: 2\n"


def test_few_switches_are_decided() -> None:
    rubric = compile_rubric(parity(8))
    assert rubric.diagnostics == ()
    result = rubric.evaluate({"inputs": {f"b{i}": i == 3 for i in range(7)}})
    assert (result.total.low, result.total.high) == (2, 10)
    assert rubric.score({f"b{i}": i == 3 for i in range(8)}) == 10


@pytest.mark.parametrize("facts", [14, 24])
def test_many_switches_are_scored_and_not_decided(facts: int) -> None:
    rubric = compile_rubric(parity(facts))
    assert [one.code for one in rubric.diagnostics] == ["RUB120"]
    assert rubric.score({f"b{i}": i == 3 for i in range(facts)}) == 10
    total = rubric.evaluate({}).total
    assert (total.low, total.high) == (2, 10)
    assert set(rubric.evaluate({}).missing) == {f"b{i}" for i in range(facts)}


def test_the_steps_are_the_applications_to_set() -> None:
    text = parity(8)
    few = check_text(text, limits=Limits(check_steps=1000))
    assert [one.code for one in few.diagnostics] == ["RUB120"]
    rubric = compile_rubric(text, limits=Limits(reading_steps=500))
    assert rubric.limits.reading_steps == 500
    total = rubric.evaluate({}).total
    assert (total.low, total.high) == (2, 10)


@pytest.mark.parametrize("steps", [0, 1, 10, 100, 1000, 10_000])
def test_ranges_within_any_budget_hold_what_can_come(steps: int) -> None:
    rubric = compile_rubric(parity(7))
    at = slots_of(rubric.plan).index(Slot(Observed.PUBLISHED, -1))
    for known in range(8):
        facts = rubric.read({"inputs": {f"b{i}": i % 2 == 0 for i in range(known)}})
        read = read_ranges(rubric.plan, facts, steps).range(at)
        assert read.low is not None
        assert read.high is not None
        for rest in (True, False):
            whole = {f"b{i}": (i % 2 == 0 if i < known else rest) for i in range(7)}
            assert read.low <= rubric.score(whole) <= read.high


def test_the_same_facts_come_to_the_same_ranges_however_often_they_are_read() -> None:
    rubric = compile_rubric(parity(9), limits=Limits(reading_steps=3000))
    first = [rubric.evaluate({"inputs": {f"b{i}": True for i in range(n)}}).to_json() for n in range(9)]
    again = [rubric.evaluate({"inputs": {f"b{i}": True for i in range(n)}}).to_json() for n in range(9)]
    assert first == again


def test_a_part_of_a_budget_is_spent_with_the_whole() -> None:
    whole = Budget(10)
    part = Budget(4, whole)
    assert part.take(3)
    assert part.take(3)
    assert not part.take()
    assert (part.spent, whole.left) == (True, 4)
    assert Budget(100, whole).left == 4


def test_what_is_not_decided_is_no_error() -> None:
    text = (
        parity(24)
        .replace("score\n", "score\n    when x23 and x22 and 1 / (a - a) > 2: 1\n")
        .replace("  input b0", "  input a: count\n  input b0")
    )
    found = [one.code for one in check(compile_like(text), steps=2000)]
    assert "RUB120" in found
    assert "RUB414" not in found


def compile_like(text: str) -> Rubric:
    """The rubric as resolved, its findings left aside."""
    source = SourceFile.from_text(text)
    return resolve(parse(source).tree, source).rubric


def test_a_text_with_a_fault_in_every_line_tells_the_first_of_them() -> None:
    text = HEAD + "  score judged\n" + "".join(f"what {i} is this\n" for i in range(2500))
    found = check_text(text).diagnostics
    assert len(found) == 1001
    assert (found[-1].code, found[-1].values["more"]) == ("RUB121", "1500")
    few = check_text(text, limits=Limits(findings=3)).diagnostics
    assert [one.code for one in few][3:] == ["RUB121"]


def test_a_text_that_is_too_long_is_not_read() -> None:
    for text in ("x" * 101, b"\xff" * 401):
        (found,) = check_text(text, limits=Limits(characters=100)).diagnostics
        assert (found.code, found.help) == ("RUB113", "file")


def test_limits_travel_with_the_rubric() -> None:
    rubric = compile_rubric(parity(3), limits=Limits(reading_steps=7))
    assert pickle.loads(pickle.dumps(rubric)).limits == Limits(reading_steps=7)
    assert "limits" in inspect.signature(check_text).parameters


# ---------------------------------------------------------------- why there is no value


@pytest.mark.parametrize(
    ("code", "help_key"),
    [
        ("RUB508", "help"), ("RUB561", "help"), ("RUB562", "root"), ("RUB563", "help"), ("RUB564", "help"),
        ("RUB519", "few"),
    ],
)  # fmt: skip
def test_each_kind_of_undefined_value_has_its_own_words(code: str, help_key: str) -> None:
    shown = page(code)
    bad = CompiledRubric(compile_like(shown.bad.rubric), SourceFile.from_text(shown.bad.rubric), ())
    given = json.loads(shown.bad.submission or "{}")
    for call in (bad.evaluate, lambda one: bad.score(one.get("inputs", {}), judged=one.get("judged"))):
        with pytest.raises(SubmissionError) as caught:
            call(given)
        (found,) = caught.value.problems
        assert (found.code, found.help, found.values["node"]) == (code, help_key, "2" if code == "RUB519" else "1")
    good = compile_rubric(shown.good.rubric)
    assert good.evaluate(json.loads(shown.good.submission or "{}")).total.published is not None


DOMAINS = {
    "ln(x, 2 places)": (0, "logarithm"), "sqrt(x, 2 places)": (-1, "root"), "power(x, 0.5, 2 places)": (-1, "power"),
    "exp(x, 2 places)": (150, "large"), "ln(x - 1, 2 places) * 1": (1, "logarithm"),
}  # fmt: skip


@pytest.mark.parametrize("expr", DOMAINS)
def test_the_mend_is_that_of_the_function(expr: str) -> None:
    value, help_key = DOMAINS[expr]
    rows = "    when x = 77: 10\n    when y > 3: 5\n    otherwise: 0\n"
    text = f"{HEAD}  input x: number\n  let y = {expr}\n  score\n{rows}"
    rubric = CompiledRubric(compile_like(text), SourceFile.from_text(text), ())
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {"x": value}})
    assert [(one.code, one.help) for one in caught.value.problems] == [("RUB562", help_key)]


def test_what_is_not_looked_at_is_not_blamed() -> None:
    text = f"{HEAD}  input x, y: number\n  score (when x = 0 then 1 otherwise 1 / x) + sqrt(y, 2 places)\n"
    rubric = CompiledRubric(compile_like(text), SourceFile.from_text(text), ())
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {"x": 0, "y": -1}})
    assert [one.code for one in caught.value.problems] == ["RUB562"]
    with pytest.raises(SubmissionError) as caught:
        CompiledRubric(compile_like(text.replace("x = 0", "x = 5")), SourceFile.from_text(text), ()).evaluate(
            {"inputs": {"x": 0, "y": -1}}
        )
    assert [one.code for one in caught.value.problems] == ["RUB508"]


def test_a_tied_majority_is_told_as_such() -> None:
    text = f"{HEAD}  input marks: ratings 1 to 5, at least 2 raters\n  score majority of marks\n"
    rubric = CompiledRubric(compile_like(text), SourceFile.from_text(text), ())
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {"marks": [1, 2]}})
    assert [(one.code, one.help) for one in caught.value.problems] == [("RUB563", "tie")]


# ---------------------------------------------------------------- text by the megabyte


def test_a_submission_of_unknown_names_tells_the_first_and_counts_the_rest() -> None:
    rubric = compile_rubric(HEAD + "  score judged\n", limits=Limits(problems=50))
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {f"nobody{i}": i for i in range(20_000)}})
    assert (len(caught.value.problems), caught.value.more) == (50, 19_950)
    assert "19980" in str(caught.value).replace(",", "")
    assert pickle.loads(pickle.dumps(caught.value)).more == 19_950


def test_a_used_file_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "huge.rubric").open("wb") as file:
        file.truncate(3_000_000_000)  # takes no room on the disk, and would take it all in memory
    (found,) = [
        one
        for one in check_text(HEAD + '  score judged\nuse "huge.rubric"\n', folder=tmp_path).diagnostics
        if one.code == "RUB113"
    ]
    assert (found.help, found.values["what"]) == ("file", "huge.rubric")


def test_a_file_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "huge.rubric").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(RubricError) as caught:
        load_rubric(tmp_path / "huge.rubric")
    assert [one.code for one in caught.value.diagnostics] == ["RUB113"]


STEERING = "\x1b[2J\u202e\u2066\x9b\u2028"


def test_nothing_of_a_rubric_steers_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", shown)
    write(f"{STEERING}\t\x1b[31mred\x1b[0m\n")
    assert shown.getvalue() == "\ufffd[2J\ufffd\ufffd\ufffd\ufffd\t\x1b[31mred\x1b[0m\n"


def test_json_escapes_what_steers_and_reads_the_same() -> None:
    text = write_json({"title": STEERING + "đủ\ud800"})
    assert text.isprintable()
    assert "đủ" in text
    assert json.loads(text) == {"title": STEERING + "đủ\ud800"}
    text.encode()


def test_results_and_templates_print_no_steering() -> None:
    rubric = compile_rubric(
        HEAD.replace('"a"', f'"a\u202e{chr(0x9B)}"') + '  input x "b\u202e": count\n  score min(10, x)\n'
    )
    result = rubric.evaluate({"unit": "u", "inputs": {"x": 1}})
    assert all(mark not in result.to_json() for mark in ("\u202e", "\x9b"))
    assert Result.from_json(result.to_json()) == result


# ---------------------------------------------------------------- searches


def many_switches(leaves: int, facts: int) -> tuple[CompiledRubric, dict[str, object]]:
    parts = [f'rubric "T" id t\nversion 1\ntotal {leaves} points\n']
    for i in range(leaves):
        names = [f"f{i}_{j}" for j in range(facts)]
        parts.append(
            f'component {i + 1} "c" 1 points\n  input {", ".join(names)}: yes/no\n  score\n'
            f"    when {' and '.join(names)}: 1\n"
            f"    when {' or '.join(names)}: 0.5\n    otherwise: 0\n"
        )
    parts.append("grades by index of total\n  A: 80% or more\n  B: 50% to below 80%\n  C: below 50%\n")
    given = {f"f{i}_{j}": False for i in range(leaves) for j in range(facts)}
    return compile_rubric("".join(parts)), {"inputs": given}


def test_searches_end_within_their_steps() -> None:
    rubric, submission = many_switches(40, 4)
    for steps in (0, 500, 20_000):
        bounded = CompiledRubric(rubric.rubric, rubric.source, (), limits=Limits(search_steps=steps))
        study = Study(bounded, submission)
        gaps = gaps_of(study)
        assert len(gaps.leaves) == 40
        # What is begun is brought to its end: a changed submission is read whole.
        assert study.budget.left > -40 * 400
        assert not next_grade(bounded, submission).complete


def test_a_search_with_room_is_complete() -> None:
    rubric, submission = many_switches(2, 2)
    found = next_grade(rubric, submission)
    assert found.found
    assert all(leaf.complete for leaf in find_gaps(rubric, submission).leaves)


PARTIAL = {
    "10 / y": ("RUB508", "sheet", 0), "ln(y, 6 places)": ("RUB562", "logarithm", 0),
    "sqrt(y, 6 places)": ("RUB562", "root", -1), "mean of c in r": ("RUB563", "help", 0),
}  # fmt: skip
OF_SHEET = {
    "a limit of the total": ("total at most {}\n", ""),
    "a gate": ("", "grades by total\n  a: 5 or more\n  b: below 5\n  no higher than b when total > ({})\n"),
    "what is graded": ("", "grades by {}\n  a: 5 or more\n  b: below 5\n"),
}


@pytest.mark.parametrize("place", OF_SHEET)
@pytest.mark.parametrize("expr", PARTIAL)
def test_what_has_no_value_on_the_sheet_says_why(place: str, expr: str) -> None:
    code, help_key, y = PARTIAL[expr]
    above, below = (part.format(expr) for part in OF_SHEET[place])
    text = (
        f'rubric "Sheet" id t.sheet\nversion 1\ntotal 10 points\n{above}component 1 "A" 10 points\n'
        "  input x: number, from 0 to 10\n  input y: number, from -5 to 5\n  input r: list\n    column c: number\n"
        f"  score x\n\n{below}"
    )
    rubric = CompiledRubric(compile_like(text), SourceFile.from_text(text), ())
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {"x": 7, "y": y, "r": []}})
    assert [(one.code, one.help) for one in caught.value.problems] == [(code, help_key)]
    assert "`total or grades`" in str(caught.value)


UNITS = (
    'rubric "Many" id t.many\nversion 1\ntotal 10 points\ncomponent 1 "A" 10 points\n  input x: number, from 0 to 10\n'
    "  input r: list\n    column c: number\n  score min(10, x + count of r)\n"
)


def many(rows: Iterable[str]) -> str:
    return "unit,x\n" + "".join(f"U{at},{cell}\n" for at, cell in enumerate(rows))


@pytest.mark.parametrize(("rows", "read"), [(2, 2), (3, 3), (4, 0)])
def test_a_table_has_so_many_units(rows: int, read: int) -> None:
    found = read_csv(many(["1"] * rows), compile_rubric(UNITS, limits=Limits(units=3)))
    assert len(found.rows) == read
    assert [str(one) for one in found.problems] == [
        "<csv>:5: the table has more than 3 rows: divide it, or let the application allow more"
    ] * (rows > 3)


@pytest.mark.parametrize(("rows", "told", "more"), [(1, 1, 0), (2, 2, 0), (5, 2, 3)])
def test_problems_of_a_table_are_bounded_and_every_row_of_them_is_refused(rows: int, told: int, more: int) -> None:
    found = read_csv(many(["x"] * rows + ["1"]), compile_rubric(UNITS, limits=Limits(problems=2)))
    assert len(found.refused) == rows
    assert len(found.problems) == told + (more > 0)
    assert not more or found.problems[-1].message == f"and {more} more like these"


@pytest.mark.parametrize(("rows", "refused"), [(2, False), (3, False), (4, True)])
def test_a_register_has_so_many_rows(rows: int, refused: bool) -> None:
    rubric = compile_rubric(UNITS, limits=Limits(rows=3))
    given = {"inputs": {"x": 1, "r": [{"c": 1}] * rows}}
    if not refused:
        assert rubric.evaluate(given).total.published == 1 + rows
        return
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate(given)
    assert [(one.code, one.help) for one in caught.value.problems] == [("RUB520", "long")]


@pytest.mark.parametrize(("rows", "found"), [(2, []), (3, []), (4, ["RUB221"])])
def test_the_file_of_a_table_has_so_many_rows(tmp_path: Path, rows: int, found: list[str]) -> None:
    (tmp_path / "t.csv").write_text("k,worth\n" + "".join(f"{at},1\n" for at in range(rows)), encoding="utf-8")
    text = (
        'rubric "Table" id t.table\nversion 1\ntotal 1 points\ntable worth from "t.csv"\ncomponent 1 "A" 1 points\n'
        f"  input k: count, at most {rows - 1}\n  score worth(k)\n"
    )
    checked = check_text(text, folder=tmp_path, limits=Limits(rows=3))
    assert [one.code for one in checked.diagnostics] == found

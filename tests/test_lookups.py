"""Tables are looked up: thousands of rows, keys of every kind, rows from a file; every reading gives the same cell."""

from fractions import Fraction
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import load
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric
from rubric_engine.meaning.reading import ExactReading
from rubric_engine.plan import expr as x
from rubric_engine.plan.codec import decode_plan, encode_plan
from rubric_engine.plan.plan import slots_of
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.syntax.formatter import format_text

HEAD = 'rubric "Test" id test.lookups\nversion 1\ntotal {total} points\n\n'
Submission = dict[str, object]


def rubric(body: str, *, total: int = 10, folder: Path | None = None) -> CompiledRubric:
    return compile_rubric(HEAD.format(total=total) + body, folder=folder)


def told(body: str, *, total: int = 10, folder: Path | None = None) -> list[tuple[str, str]]:
    found = check_text(HEAD.format(total=total) + body, folder=folder).diagnostics
    return [(one.code, one.values.get("row", "")) for one in found]


def standalone_of(made: CompiledRubric) -> ModuleType:
    module = ModuleType("published")
    exec(compile(made.to_python(), "published", "exec"), vars(module))
    return module


def total_in_every_reading(made: CompiledRubric, submission: Submission) -> Fraction:
    """The total, after seeing that code, meaning, ranges and the plan as text give the same."""
    facts = made.read({"inputs": submission})
    total = made.score(submission)
    exact = interpret(made.plan, facts)
    traced = ExactReading(load(made.module, made.plan).trace(facts.packed), made.module.scales)
    ranges = read_ranges(made.plan, facts)
    for number, slot in enumerate(slots_of(made.plan)):
        if slot.is_number:
            assert exact.number(number) == traced.number(number)
            assert ranges.range(number).exact in (None, exact.number(number))
        else:
            assert exact.mark(number) == traced.mark(number)
            assert exact.mark(number) in ranges.marks(number).values
    assert made.evaluate({"inputs": submission}).total.published == total
    assert decode_plan(encode_plan(made.plan)) == made.plan
    return total


MANY = (
    "table worth by code\n"
    + "".join(f"  {number}: {number % 11}\n" for number in range(1, 3001))
    + '\ncriterion 1 "Plan" 10 points\n  input code "Code": count, from 1 to 3000\n  score worth(code)\n'
)


def test_thousands_of_rows_are_one_lookup() -> None:
    made = rubric(MANY)
    assert made.diagnostics == ()
    (base,) = [node.base for node in made.plan.nodes if node.base is not None]
    assert isinstance(base.cases[0].value, x.Lookup)
    for code in (1, 10, 1500, 2999, 3000):
        assert total_in_every_reading(made, {"code": code}) == code % 11
    module = standalone_of(made)
    assert module.score({"code": 2345}) == 2345 % 11


def test_a_table_of_levels_feeds_a_table_of_numbers() -> None:
    names = [f"l{at}" for at in range(12)]
    rows = "".join(f"  {a}, {b}: r{(i * j) % 5}\n" for (i, a), (j, b) in product(enumerate(names), repeat=2))
    body = (
        "levels risk: r0 < r1 < r2 < r3 < r4\n"
        f"table standing by one, two giving risk\n{rows}"
        "table worth by rated, three\n"
        + "".join(f"  r{at}, {name}: {at / 2:g}\n" for at in range(5) for name in names)
        + f'\ncriterion 1 "Plan" 5 points\n  input one, two, three: one of {", ".join(names)}\n'
        "  let risk_here = standing(one, two)\n  score worth(risk_here, three) * 2\n"
        "  award 1 when risk_here is at least r3\n"
    )
    made = rubric(body, total=5)
    for i, j in ((0, 0), (3, 1), (2, 2), (11, 11), (7, 7)):
        expected = (i * j) % 5 + ((i * j) % 5 >= 3)
        assert total_in_every_reading(made, {"one": names[i], "two": names[j], "three": "l4"}) == expected
    blank = made.evaluate({"inputs": {"one": "l0"}})
    assert blank.total.published == 0, "whatever the second key is, it is r0: nothing is waited for"


KINDS = """table worth by mark, days, ready
  good or fair, below 3, yes: 10
  good, 3 to below 10, yes or no: 7.5
  poor, 0 to 4, no: 1
  otherwise: 0.5

criterion 1 "Plan" 10 points
  input mark: one of poor < fair < good
  input days: number, from 0 to 20, with 1 decimal
  input ready: yes/no
  score worth(mark, days, ready)
"""


@pytest.mark.parametrize(
    ("grade", "days", "ready", "points"),
    [
        ("good", "2.9", True, "10"), ("fair", 0, True, "10"), ("fair", 3, True, "0.5"), ("good", 3, False, "7.5"),
        ("good", "9.9", True, "7.5"), ("good", 10, True, "0.5"), ("poor", 4, False, "1"), ("poor", "4.1", False, "0.5"),
        ("poor", 4, True, "0.5"), ("good", 1, False, "0.5"),
    ],
)  # fmt: skip
def test_keys_are_levels_numbers_bands_and_yes_or_no(grade: str, days: object, ready: bool, points: str) -> None:
    made = rubric(KINDS)
    assert made.diagnostics == ()
    submission: Submission = {"mark": grade, "days": days, "ready": ready}
    assert total_in_every_reading(made, submission) == Fraction(points)


def test_what_is_missing_is_waited_for_only_where_it_matters() -> None:
    made = rubric(KINDS)
    found = made.evaluate({"inputs": {"mark": "good", "days": 5}})
    assert found.total.published == Fraction("7.5")
    open_ = made.evaluate({"inputs": {"mark": "fair", "days": 1}})
    assert (open_.total.low, open_.total.high) == (Fraction("0.5"), 10)
    poor = made.evaluate({"inputs": {"mark": "poor", "ready": True}})
    assert poor.total.published == Fraction("0.5")


def test_the_missing_combination_is_named() -> None:
    table = "table worth by mark, days\n  good, 0 to 4: 2\n  fair, 0 to 9: 1\n  good, 6 to 9: 3\n"
    leaf = 'criterion 1 "Plan" 10 points\n  input mark: one of fair, good\n  input days: count, at most 9\n'
    assert told(table + leaf + "  score worth(mark, days)\n") == [("RUB434", "good, 5")]
    dense = leaf.replace("count, at most 9", "number, from 0 to 9")
    assert told(table + dense + "  score worth(mark, days)\n") == [("RUB434", "good, above 4 to below 6")]
    both = table.replace("6 to 9", "4 to 9")
    assert told(both + leaf + "  score worth(mark, days)\n") == [("RUB435", "good, 4")]
    assert told(table + "  otherwise: 0\n" + leaf + "  score worth(mark, days)\n") == [("RUB405", "")]
    whole = table.replace("0 to 4: 2", "0 to 5: 2") + "  otherwise: 10\n"
    assert ("RUB471", "") in told(whole + leaf + "  score worth(mark, days)\n")


def test_keys_of_another_kind_are_refused() -> None:
    leaf = 'criterion 1 "Plan" 10 points\n  input days: count, at most 9\n  input ready: yes/no\n'
    wrong = "table worth by days, ready\n  low, yes: 1\n  otherwise: 2\n"
    assert [code for code, _ in told(wrong + leaf + "  score worth(days, ready)\n")] == ["RUB301"]
    wrong = "table worth by days, ready\n  1, 2: 1\n  otherwise: 2\n"
    assert [code for code, _ in told(wrong + leaf + "  score worth(days, ready)\n")] == ["RUB301"]


def test_formulas_in_rows_are_looked_up_too() -> None:
    body = (
        "table worth by kind\n  flat: 4\n  each: days * 2\n  half: full points / 2\n  many: days + 1\n"
        'criterion 1 "Plan" 10 points\n  input kind: one of flat, each, half, many\n'
        "  input days: count, at most 5\n  score worth(kind)\n"
    )
    made = rubric(body)
    for kind, points in (("flat", 4), ("each", 6), ("half", 5), ("many", 4)):
        assert total_in_every_reading(made, {"kind": kind, "days": 3}) == points


def test_columns_and_parameters_are_keys() -> None:
    body = (
        "parameter mode: one of strict, lenient = strict\n"
        "table worth by won, mode\n  school, strict: 1\n  school, lenient: 2\n  province, strict or lenient: 3\n"
        'criterion 1 "Plan" 10 points\n  input prizes: list\n    column won: one of school, province\n'
        "  score min(10, sum of worth(won, mode) in prizes)\n"
    )
    prizes = [{"won": "school"}, {"won": "province"}, {"won": "school"}]
    assert total_in_every_reading(rubric(body), {"prizes": prizes}) == 5
    lenient = compile_rubric(HEAD.format(total=10) + body, parameters={"mode": "lenient"})
    assert lenient.score({"prizes": prizes}) == 7


def test_a_row_of_several_keys_is_written_as_it_was_read() -> None:
    text = HEAD.format(total=10) + KINDS
    assert format_text(text).text == text


# ---------------------------------------------------------------- rows from a file

FROM_FILE = """table pr by scope, need from "pr.csv"

criterion 1 "Plan" 10 points
  input scope "Scope": one of unchanged "Không đổi", changed "Đổi"
  input need "Need": one of low, high
  score 10 / 68% * pr(scope, need)
"""


@pytest.mark.parametrize(
    "data",
    [
        b"scope,need,pr\nunchanged,low,0.62\nunchanged,high,0.27\nchanged,low,0.68\nchanged,high,0.5\n",
        "\ufeffscope;need;pr\r\nunchanged;low;0,62\r\nunchanged;high;0,27\r\nchanged;low;0,68\r\nchanged;high;0,5\r\n"
        .encode(),
        "need\tpr\tscope\nlow\t0.62\tkhông đổi\nhigh\t0.27\tunchanged\nlow\t0.68\tĐổi\nhigh\t0.5\tchanged\n"
        .encode("utf-16"),
        b'scope,need,pr,note\nchanged,low,0.68,"a, b"\nchanged,high,0.5,\nunchanged,low,0.62,\notherwise,,0.27,\n',
    ],
)  # fmt: skip
def test_rows_may_stand_in_a_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "pr.csv").write_bytes(data)
    made = rubric(FROM_FILE, folder=tmp_path)
    assert made.score({"scope": "unchanged", "need": "low"}) == Fraction(620, 68)
    assert made.score({"scope": "unchanged", "need": "high"}) == Fraction(270, 68)
    assert made.score({"scope": "changed", "need": "high"}) == Fraction(500, 68)
    assert standalone_of(made).score({"scope": "changed", "need": "low"}) == 10


def test_without_by_the_last_column_is_given(tmp_path: Path) -> None:
    rows = "".join(f"{code};{code % 7}\n" for code in range(5000))
    (tmp_path / "pr.csv").write_text("code;points\n" + rows, encoding="utf-8")
    body = 'table pr from "pr.csv"\ncriterion 1 "Plan" 6 points\n  input code: count, at most 4999\n  score pr(code)\n'
    made = rubric(body, total=6, folder=tmp_path)
    assert made.score({"code": 4999}) == 4999 % 7
    assert made.plan.digest != rubric(body, total=6, folder=_changed(tmp_path)).plan.digest


def _changed(folder: Path) -> Path:
    path = folder / "pr.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0;0\n", "0;1\n", 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        ("scope,need,pr\nunchanged,low,0.62\nunchanged,hgh,0.27\n", "RUB206", "pr.csv:3:11"),
        ("scope,need,pr\nunchanged,low,0.62\nunchanged,low,0.27\nchanged,low,1\n", "RUB435", "pr.csv:3:1"),
        ("scope,need,pr\nunchanged,low,much\n", "RUB222", "pr.csv:2:15"),
        ("scope,need,pr\nunchanged,low\n", "RUB222", "pr.csv:2:1"),
        ("scope,need,pr\nunchanged,,1\n", "RUB222", "pr.csv:2:1"),
        ("scope,pr\nunchanged,1\n", "RUB221", "pr.csv:1:1"),
        ("", "RUB221", "<text>:5:1"),
        ('scope,need,pr\nunchanged,"low,0.62\n', "RUB221", "<text>:5:1"),
    ],
)
def test_what_is_wrong_in_a_file_is_shown_there(data: str, code: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "pr.csv").write_text(data, encoding="utf-8")
    found = check_text(HEAD.format(total=10) + FROM_FILE, folder=tmp_path)
    first = found.diagnostics[-1] if code in ("RUB206", "RUB435", "RUB222") else found.diagnostics[0]
    at = found.source.position(first.span.start)
    shown = f"{found.source.name_at(first.span.start)}:{at.line}:{at.column}"
    assert ([one.code for one in found.diagnostics], shown) == ([code], place)


def test_a_file_is_looked_for_in_the_folder_alone(tmp_path: Path) -> None:
    assert [code for code, _ in told(FROM_FILE)] == ["RUB218"]
    assert [code for code, _ in told(FROM_FILE, folder=tmp_path)] == ["RUB218"]
    outside = FROM_FILE.replace("pr.csv", "../pr.csv")
    assert [code for code, _ in told(outside, folder=tmp_path)] == ["RUB219"]

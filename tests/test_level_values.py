"""Levels as values: lists of levels, parameters of levels, tables that give levels, lets that name one."""

from fractions import Fraction

import pytest
from work import at_most

from rubric_engine import compile_rubric
from rubric_engine.engine import RubricError, check_text
from rubric_engine.plan.plan import InputSpec, Kind, Level
from rubric_engine.rules.names.typed import Sort, Typed

HEAD = 'rubric "Test" id test.levels\nversion 1\n'
RISK = """levels rating: weak "Weak" < fair < good

table severity by likelihood, impact giving rating
  low, low: weak
  low, high: fair
  high, low: fair
  high, high: good

input likelihood, impact: one of low, high

"""
LEAF = 'criterion 1 "Plan" 4 points\n'


def told(body: str) -> list[tuple[str, str]]:
    return [(one.code, one.help) for one in check_text(HEAD + body).diagnostics]


def points(body: str, **inputs: object) -> Fraction | None:
    return compile_rubric(HEAD + body).evaluate({"inputs": inputs})["1"].points


# ---------------------------------------------------------------- lists


def test_a_list_serves_inputs_and_columns() -> None:
    body = """levels rating: weak "Weak" < fair < good

input one, two: rating
input many: list
  column mark: rating

criterion 1 "Plan" 4 points
  let fit = when one is at least fair then 1 otherwise 0
  score min(4, fit + (count of many where mark is good) + 1)
  deduct 1 when two is weak
"""
    compiled = compile_rubric(HEAD + body)
    one, two, many = compiled.plan.inputs
    assert [level.title for level in one.levels] == ["Weak", "fair", "good"]
    assert (one.levels, one.ordered) == (two.levels, two.ordered) == (many.columns[0].levels, True)
    given = {"one": "good", "two": "weak", "many": [{"mark": "good"}, {"mark": "fair"}]}
    assert compiled.evaluate({"inputs": given})["1"].points == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("levels rating: weak < weak\n", ("RUB202", "help_level")),
        ("levels rating: weak < fair\ninput rating: count\n", ("RUB202", "help")),
        ("levels rating: weak < fair\n", ("RUB209", "help_function")),
        ("levels rating: weak < fair\nparameter least: rating = 3\n", ("RUB301", "help_parameter")),
        ("levels rating: weak < fair\nparameter least: rating = fai\n", ("RUB206", "help_near")),
        ("levels rating: weak < fair\nparameter least: rating = fair\n", ("RUB209", "help_parameter")),
    ],
)
def test_faults_of_lists(body: str, expected: tuple[str, str]) -> None:
    assert expected in told(body + LEAF + "  score judged\n")


def test_a_table_cannot_give_levels_nobody_declared() -> None:
    body = RISK.replace("giving rating", "giving ratin") + LEAF
    body += "  score by severity(likelihood, impact)\n    good: 4\n"
    assert ("RUB201", "help_near") in told(body)


# ---------------------------------------------------------------- parameters

MODES = """parameter mode "Mode": one of strict, lenient = strict
input done: yes/no

criterion 1 "Plan" 4 points
  score
    when done: 4
    when mode is lenient: 2
    otherwise: 0
"""


def test_the_application_sets_a_level() -> None:
    usual, other = compile_rubric(HEAD + MODES), compile_rubric(HEAD + MODES, parameters={"mode": "lenient"})
    assert [one.evaluate({"inputs": {"done": False}})["1"].points for one in (usual, other)] == [0, 2]
    (value,) = other.plan.parameters
    assert (value.kind, value.value, value.default, value.changed) == (Kind.LEVEL, 1, 0, True)
    assert [level.name for level in value.levels] == ["strict", "lenient"]


@pytest.mark.parametrize("given", ["other", 7, None, ["strict"]])
def test_only_its_levels_can_be_set(given: object) -> None:
    with pytest.raises(RubricError) as refused:
        compile_rubric(HEAD + MODES, parameters={"mode": given})
    assert [one.code for one in refused.value.diagnostics] == ["RUB309"]


def test_a_parameter_settles_rows_without_a_word() -> None:
    """Rows another value of the parameter would take are no fault; a level without a row is."""
    body = """parameter mode: one of strict, lenient = lenient
criterion 1 "Plan" 4 points
  score by mode
    strict: 3
    lenient: 4
"""
    assert told(body) == []
    assert told(body.replace("    strict: 3\n", "")) == [("RUB406", "help")]
    chain = MODES.replace("when done: 4\n    when mode is lenient: 2", "when mode is strict: 4\n    when done: 2")
    assert told(chain) == []


def test_a_parameter_of_an_ordered_list_compares() -> None:
    body = """levels rating: weak < fair < good
parameter least: rating = fair
criterion 1 "Plan" 4 points
  score when least is at least fair then 4 otherwise 0
"""
    assert points(body) == 4
    assert compile_rubric(HEAD + body, parameters={"least": "good"}).evaluate({})["1"].points == 4


# ---------------------------------------------------------------- tables that give levels


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("score by severity(likelihood, impact)\n    good: 4\n    fair: 2\n    weak: 0", [0, 2, 2, 4]),
        ("score by s\n    weak, fair: 1\n    good: 4", [1, 1, 1, 4]),
        ("score by s\n    good: 4\n    otherwise: 0", [0, 0, 0, 4]),
        ("score when severity(likelihood, impact) is at least fair then 4 otherwise 1", [1, 4, 4, 4]),
        ("score when s is not good then 1 otherwise 4", [1, 1, 1, 4]),
        ("score when s is one of (weak, good) then 4 otherwise 1", [4, 1, 1, 4]),
        ("score by alike(impact)\n    good: 4\n    weak: 0", [0, 4, 0, 4]),
    ],
)
def test_a_level_is_looked_up(rule: str, expected: list[int]) -> None:
    body = f"{RISK}{LEAF}  {rule}\n".replace("score by s\n", "let s = severity(likelihood, impact)\n  score by s\n")
    body = body.replace("  score when s ", "  let s = severity(likelihood, impact)\n  score when s ")
    if "alike" in rule:
        body = body.replace(LEAF, "define alike(x) = severity(x, x)\n" + LEAF)
    compiled = compile_rubric(HEAD + body)
    cases = [("low", "low"), ("low", "high"), ("high", "low"), ("high", "high")]
    given = [{"likelihood": one, "impact": other} for one, other in cases]
    assert [compiled.evaluate({"inputs": inputs})["1"].points for inputs in given] == expected


def test_a_let_of_a_level_is_worked_out_once() -> None:
    body = RISK + "let s = severity(likelihood, impact)\n" + LEAF + "  score by s\n    good: 4\n    otherwise: 0\n"
    assert [let.name for let in compile_rubric(HEAD + body).plan.lets] == ["s"]


def test_a_let_may_give_an_input_another_name() -> None:
    body = f"input impact: one of low, high\nlet how = impact\n{LEAF}  score by how\n    high: 4\n    low: 0\n"
    assert compile_rubric(HEAD + body).plan.lets == ()
    assert points(body, impact="high") == 4


def test_what_is_known_of_a_level_is_known_before_all_is() -> None:
    body = RISK + LEAF + "  score by severity(likelihood, impact)\n    good: 4\n    fair: 2\n    weak: 0\n"
    node = compile_rubric(HEAD + body).evaluate({"inputs": {"likelihood": "high"}})["1"]
    assert (node.points, node.low, node.high) == (None, 2, 4)


TABLE = LEAF + "  score by severity(likelihood, impact)\n    good: 4\n    fair: 2\n    weak: 0\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("  high, high: good\n", "", ("RUB434", "help")),
        ("high, high: good", "high, high: god", ("RUB206", "help_near")),
        ("high, high: good", "high, high: 3", ("RUB301", "help_giving")),
        ("high, high: good", "high, high: fair", ("RUB417", "help_level")),
        ("low, high: fair", "low, low: fair", ("RUB435", "help")),
        ("    fair: 2\n", "", ("RUB406", "help")),
        ("    weak: 0\n", "    weak: 0\n    otherwise: 1\n", ("RUB417", "help_otherwise")),
    ],
)
def test_faults_of_tables_that_give_levels(before: str, after: str, expected: tuple[str, str]) -> None:
    assert told(RISK + TABLE) == []
    assert expected in told((RISK + TABLE).replace(before, after))


def test_a_level_without_a_row_is_shown() -> None:
    found = check_text(HEAD + RISK + TABLE.replace("    good: 4\n", "")).diagnostics
    shown = {one.code: dict(one.example) for one in found}
    assert shown["RUB406"] == {"likelihood": "high", "impact": "high"}


def test_only_ordered_levels_compare() -> None:
    body = (RISK + TABLE).replace('weak "Weak" < fair < good', "weak, fair, good")
    body += 'criterion 2 "Two" 4 points\n'
    body += "  score when severity(likelihood, impact) is at least fair then 4 otherwise 0\n"
    assert told(body) == [("RUB305", "help")]


def test_tables_of_tables() -> None:
    body = RISK + """table final by first, likelihood giving rating
  weak, low: weak
  weak, high: fair
  fair, low: weak
  fair, high: good
  good, low: fair
  good, high: good

let first = severity(likelihood, impact)

criterion 1 "Plan" 4 points
  score when final(first, likelihood) is good then 4 otherwise 0
"""
    assert points(body, likelihood="high", impact="low") == 4
    assert points(body, likelihood="low", impact="high") == 0


def test_in_vietnamese() -> None:
    body = """bộ tiêu chí "Thử" mã test.vi
phiên bản 1
các mức xếp_mức: yếu "Yếu" < khá < tốt

bảng mức_rủi_ro theo khả_năng, tác_động cho ra xếp_mức
  thấp, thấp: yếu
  thấp, cao: khá
  cao, thấp: khá
  cao, cao: tốt

dữ liệu khả_năng, tác_động: một trong thấp, cao
đặt s = mức_rủi_ro(khả_năng, tác_động)

tiêu chí 1 "Rủi ro" 4 điểm
  chấm theo s
    tốt: 4
    khá: 2
    yếu: 0
"""
    compiled = compile_rubric(body)
    assert [let.name for let in compiled.plan.lets] == ["s"]
    assert compiled.evaluate({"inputs": {"khả_năng": "cao", "tác_động": "thấp"}}).total.exact == 2


# ---------------------------------------------------------------- asking briefly

A = InputSpec("a", "a", Kind.LEVEL, tuple(Level(name, name) for name in "xyz"))
B = InputSpec("b", "b", Kind.LEVEL, tuple(Level(name, name) for name in "pq"))


def _input(spec: InputSpec) -> Typed:
    return Typed(None, Sort.LEVEL, input=spec)


def test_tables_inside_tables_cost_one_lookup_each() -> None:
    """Each call inside another is one key more, however many rows there are."""
    names = ["weak", "fair", "good"]
    pairs = [(at, to) for at in range(3) for to in range(3)]
    rows = [f"  {names[at]}, {names[to]}: {names[(at + to) % 3]}\n" for at, to in pairs]
    head = "levels rating: weak < fair < good\ntable turned by one, two giving rating\n" + "".join(rows)
    inside = "one"
    for _ in range(12):
        inside = f"turned({inside}, two)"
    assert told(f"{head}input one, two: rating\n{LEAF}  score when {inside} is good then 4 otherwise 0\n") == []


def test_levels_are_in_order_only_when_every_one_is_placed() -> None:
    """Of ``a < b, c`` nobody can say where ``c`` belongs."""
    body = LEAF + "  input found: one of a < b, c\n  score when found is at least b then 4 otherwise 0\n"
    assert told(body) == [("RUB305", "help")]
    assert told(body.replace("b, c", "b < c")) == []
    assert told(body.replace("is at least b", "is b")) == []


# ---------------------------------------------------------------- what is wrong, once


def test_a_wrong_level_in_a_table_is_told_there_alone() -> None:
    wrong = RISK.replace("low, high: fair", "low, high: faair")
    for condition in ("severity(likelihood, impact) is at least fair", "severity(likelihood, impact) >= fair"):
        assert told(f"{wrong}{LEAF}  score\n    when {condition}: 4\n    otherwise: 0\n") == [("RUB206", "help_near")]
    named = f"{LEAF}  let s = severity(likelihood, impact)\n  score\n    when s is at least fair: 4\n    otherwise: 0\n"
    assert told(wrong + named) == [("RUB206", "help_near")]


def test_both_sides_of_a_comparison_of_unknown_names_are_told() -> None:
    assert told(f"{LEAF}  score when doen >= planed then 4 otherwise 0\n") == [("RUB201", "help")] * 2


# ---------------------------------------------------------------- what nothing calls


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("table unused by likelihood, impact giving nope\n  low, low: weak\n", "RUB201"),
        ("table unused by likelihood, impact giving rating\n  low, low: wek\n", "RUB206"),
        ("table unused by likelihood, impact giving rating\n  low: weak\n", "RUB212"),
        ("table unused by likelihood\n  low: nope\n", "RUB201"),
        ("table unused by likelihood\n  low: 1\n  hihg: 2\n", "RUB206"),
        ("table unused by likelihood\n  low: 1\n", "RUB434"),
        ("table unused by one_thing\n  low: nope\n", "RUB201"),
        ("table unused by one_thing, another\n  low: 1\n", "RUB212"),
        ("define unused(a) = a + nope\n", "RUB201"),
        ("define unused(a) = unused(a)\n", "RUB208"),
        ("define unused(a) = a * points of 7\n", "RUB205"),
    ],
)
def test_a_table_or_definition_that_nothing_calls_has_its_faults_told(declared: str, code: str) -> None:
    leaf = f"{LEAF}  score by severity(likelihood, impact)\n    weak: 1\n    fair: 2\n    good: 4\n"
    assert code in [one for one, _ in told(RISK + declared + leaf)]


def test_what_nothing_calls_stays_unused() -> None:
    body = """input read, unread: percent, from 0% to 100%
define unused(a) = a * full points * unread * average unread among units + previous unread
criterion 1 "Plan" 4 points
  score full points * read
"""
    checked = check_text(HEAD + body)
    assert sorted((one.code, one.values["name"]) for one in checked.diagnostics) == [
        ("RUB209", "unread"), ("RUB209", "unused"),
    ]  # fmt: skip
    assert checked.rubric is not None
    assert checked.rubric.references == ()


def test_looking_at_what_nothing_calls_ends_soon() -> None:
    doubling = "".join(f"define f{at}(a) = f{at - 1}(1) + f{at - 1}(2) + a\n" for at in range(1, 9))
    callers = "".join(f"define g{at}(a) = f8(1) + a\n" for at in range(100))
    with at_most(10_000_000):
        found = told(f"define f0(a) = a + 1\n{doubling}{callers}{LEAF}  score judged\n")
        assert {code for code, _ in found} == {"RUB209"}


def test_a_definition_too_large_to_be_called_is_told_before_it_is() -> None:
    doubling = "".join(f"define f{at}(a) = f{at - 1}(1) + f{at - 1}(2) + a\n" for at in range(1, 14))
    table = "table unused by one_thing\n  low: f13(1)\n"
    found = told(f"define f0(a) = a + 1\n{doubling}{table}{LEAF}  score judged\n")
    assert found == [("RUB113", "help")]

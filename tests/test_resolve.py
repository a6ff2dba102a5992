"""Names, types, units and codes: what an author may write together, and one message for each cause."""

from fractions import Fraction

import pytest

from rubric_engine.analysis.resolve.rubric import Resolved, resolve
from rubric_engine.diagnostics.catalogue import help_text
from rubric_engine.model import Bands, JudgedRule
from rubric_engine.plan.expr import Const, Div
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse

FACTS = """rubric "x" id x.y
input done, planned: count
input rate: percent, from 0% to 100%
input paid, owed: money, at least 0
input sent, due_day: date
input size: number
input plan: one of weak < fair < good
input kind: one of a, b
input ready: yes/no
input remark: text

criterion 1 "One" 2 points
"""


def resolved(text: str, **parameters: object) -> Resolved:
    source = SourceFile.from_text(text)
    parsed = parse(source)
    assert parsed.diagnostics == (), [d.code for d in parsed.diagnostics]
    return resolve(parsed.tree, source, parameters)


def codes(text: str) -> list[str]:
    return [found.code for found in resolved(text).diagnostics]


@pytest.mark.parametrize(
    "condition",
    [
        "done / planned >= 90%",
        "done / planned >= 0.9",
        "rate >= 85%",
        "1 - done / planned < 10%",
        "rate is at least 85%",
        "paid / owed > 50%",
        "paid >= 1000",
        "sent <= 2023-12-15",
        "days from due_day to sent > 5",
        "sent - due_day > 5",
        "sent <= due_day + 10",
        "plan is at least fair",
        "plan is one of (fair, good)",
        "plan is not weak and ready",
        "ready is no or not ready",
        "at least 2 of (ready, done > 3, size > 1)",
        "70% <= done / planned < 90%",
        "median(done, planned, 3) >= mean(done, planned)",
        "round(size, half-up to 1 place) >= 0.5",
        "(when ready then done otherwise planned) > 2",
    ],
)
def test_these_go_together(condition: str) -> None:
    assert codes(f"{FACTS}  score\n    when {condition}: 2\n    otherwise: 0\n") == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("rate >= 85", "RUB302"),
        ("rate >= size", "RUB303"),
        ("rate + 1 > 50%", "RUB302"),
        ("sent > 30", "RUB303"),
        ("sent >= rate", "RUB303"),
        ("paid + done > 3", "RUB303"),
        ("done", "RUB301"),
        ("ready > 2", "RUB301"),
        ("not done", "RUB301"),
        ("plan = fair", "RUB301"),
        ("remark > 2", "RUB301"),
        ("kind is at least b", "RUB305"),
        ("kind is fair", "RUB304"),
        ("kind is c", "RUB206"),
        ("size is missing", "RUB301"),
        ("size ^ 1000 > 1", "RUB308"),
        ("size ^ done > 1", "RUB308"),
        ("abs(size, done) > 1", "RUB306"),
        ("at least 4 of (ready, done > 1) ", "RUB306"),
        ("dnoe > 3", "RUB201"),
        ("points of 9 > 3", "RUB205"),
        ("points of 1 > 0", "RUB208"),
    ],
)
def test_these_do_not(condition: str, code: str) -> None:
    assert codes(f"{FACTS}  score\n    when {condition}: 2\n    otherwise: 0\n") == [code]


def test_an_unknown_name_poisons_what_holds_it_silently() -> None:
    text = f"{FACTS}  let share = dnoe / planned\n  score by share\n    90% or more: 2\n    below 90%: 0\n"
    assert codes(text) == ["RUB201"]


def test_a_percent_is_its_value_and_a_ratio_keeps_its_unit() -> None:
    rubric = resolved(f"{FACTS}  score by done / planned\n    90% or more: 2\n    below 90%: 0\n").rubric
    rule = rubric.nodes[0].rule
    assert isinstance(rule, Bands)
    assert isinstance(rule.subject, Div)
    assert rule.rows[0].low == Fraction(9, 10)
    assert rule.rows[0].label == "90% or more"


def test_constants_are_folded() -> None:
    rubric = resolved(f"{FACTS}  score by ready\n    yes: full points / 4 + 2 ^ 2 * 25%\n    no: 0\n").rubric
    rule = rubric.nodes[0].rule
    assert rule is not None
    assert rule.rows[0].value == Const(Fraction(3, 2))  # type: ignore[union-attr]


def test_the_heading_word_nests_and_every_leaf_reaches_down() -> None:
    text = """rubric "x" id x.y
part I "a" 4 points
  every leaf: score judged
area I.1 "b" 4 points
item I.1.a "c" 1 point
item I.1.b "d" 3 points
  score 2
"""
    rubric = resolved(text).rubric
    assert [node.parent for node in rubric.nodes] == [None, 0, 1, 1]
    assert isinstance(rubric.nodes[2].rule, JudgedRule)
    assert [at.value.key for at in rubric.judged] == ["I.1.a"]


def test_groups_without_points_have_the_sum_of_their_children() -> None:
    text = """rubric "x" id x.y
area 1 "a"
component 1.1 "b" -0.25 to 2 points
  score judged
component 1.2 "c" 3 points
  score judged
"""
    nodes = resolved(text).rubric.nodes
    assert (nodes[0].minimum, nodes[0].maximum) == (Fraction(-1, 4), 5)


@pytest.mark.parametrize(
    ("outer", "inner", "fine"),
    [
        ("1.3", "1.3.1", True),
        ("1.3", "1.4", False),
        ("1.3", "1.30", False),
        ("II.5.1", "II.5.1a", True),
        ("II", "II.5", True),
        ("A", "1.1", True),
        ("TC1", "TC1-CT2", True),
    ],
)
def test_a_dotted_code_stands_where_it_says(outer: str, inner: str, fine: bool) -> None:
    text = f'rubric "x" id x.y\narea {outer} "a" 1 point\ncomponent {inner} "b" 1 point\n  score judged\n'
    assert codes(text) == ([] if fine else ["RUB204"])


def test_a_code_kept_as_printed_is_a_note() -> None:
    text = """rubric "x" id x.y
criterion 1.3 "a" 1 point
component 1.4 "b" 1 point, as printed because "the annex numbers it so"
  score judged
"""
    assert codes(text) == ["RUB423"]


def test_a_sibling_that_belongs_inside_is_found() -> None:
    text = """rubric "x" id x.y
part II "a" 2 points
criterion II.5 "b" 1 point
  score judged
criterion II.5.1 "c" 1 point
  score judged
"""
    found = resolved(text).diagnostics
    assert [one.code for one in found] == ["RUB204"]
    assert found[0].values["home"] == "II.5"


def test_circles_are_found_through_lets_and_through_groups() -> None:
    text = """rubric "x" id x.y
let half = points of 1 / 2
area 1 "a" 2 points
component 1.1 "b" 2 points
  score judged
  at most half
"""
    assert codes(text) == ["RUB208"]


def test_lets_stand_in_the_order_they_need_each_other() -> None:
    text = f"{FACTS}  let b = a + 1\n  let a = done\n  score by b\n    otherwise: 2\n"
    assert [at.value.name for at in resolved(text).rubric.lets] == ["a", "b"]


def test_long_chains_of_lets_and_numbers_that_explode_are_refused_not_suffered() -> None:
    deep = "".join(f"let a{n} = a{n - 1} + 1\n" for n in range(1, 3000))
    assert codes(f"{FACTS}  score a2999\nlet a0 = size\n{deep}") == ["RUB113"]
    squares = "".join(f"let a{n} = a{n - 1} * a{n - 1}\n" for n in range(1, 60))
    assert codes(f"{FACTS}  score a59\nlet a0 = size\n{squares}") == ["RUB113"]
    rounded = squares.replace("let a5 =", "let a5 = round(1, half-up to 2 places) +")
    assert codes(f"{FACTS}  score a59\nlet a0 = size\n{rounded}") == ["RUB113"]
    ring = "".join(f"let a{n} = a{(n + 1) % 2000}\n" for n in range(2000))
    assert codes(f"{FACTS}  score a0\n{ring}") == ["RUB208"]


def test_points_that_square_each_other_are_refused() -> None:
    steps = "".join(
        f'criterion {n} "x" 1 point\n  score points of {n - 1} * points of {n - 1}\n' for n in range(2, 40)
    )
    text = f"{FACTS}  score size\n{steps}"
    assert codes(text) == ["RUB113"]


@pytest.mark.parametrize(
    ("given", "code"),
    [("75%", None), (75, None), ("0.75", "RUB309"), ("40%", "RUB309"), ("often", "RUB309")],
)
def test_parameters_are_read_as_inputs_are(given: object, code: str | None) -> None:
    head = 'rubric "x" id x.y\nparameter target: percent = 80%, from 50% to 100%\n'
    text = f'{head}criterion 1 "a" 2 points\n  score judged\n'
    found = resolved(text, target=given)
    assert [one.code for one in found.diagnostics] == ([] if code is None else [code])
    if code is None:
        assert found.rubric.parameters[0].value.value == Fraction(3, 4)
        assert found.rubric.parameters[0].value.changed


@pytest.mark.parametrize(
    ("bounds", "beyond"),
    [
        ("from 50% to 100%", "4%"), ("at least 50%", "4%"), ("at most 100%", "200%"), ("below 100%", "100%"),
        ("above 50%, at most 100%", "50%"),
    ],
)  # fmt: skip
def test_the_bounds_of_a_parameter_are_said_as_written(bounds: str, beyond: str) -> None:
    text = 'rubric "x" id x.y\nparameter target: percent = {}, {}\ncriterion 1 "a" 2 points\n  score judged\n'
    (one,) = resolved(text.format("80%", bounds), target=beyond).diagnostics
    assert help_text(one, "en") == f"a value given when loading must be readable as `percent`, {bounds}"
    (one,) = resolved(text.format(beyond, bounds)).diagnostics
    assert help_text(one, "en") == f"it must be {bounds}"


@pytest.mark.parametrize(
    ("bounds", "said"), [("từ 50% đến 100%", "từ 50% đến 100%"), ("tối thiểu 50%", "tối thiểu 50%"), ("", "")]
)
def test_the_bounds_of_a_parameter_in_vietnamese(bounds: str, said: str) -> None:
    head = f'bộ tiêu chí "x" mã x.y\ntham số mức: phần trăm = 80%{", " if bounds else ""}{bounds}\n'
    (one,) = resolved(f'{head}tiêu chí 1 "a" 2 điểm\n  chấm theo nhận xét\n', mức="cao").diagnostics
    told = f", cho phép: {said}" if said else ""
    assert help_text(one, "vi") == f"giá trị đặt khi nạp phải đọc được là `phần trăm`{told}"


def test_an_unknown_parameter_is_refused() -> None:
    found = resolved('rubric "x" id x.y\ncriterion 1 "a" 2 points\n  score judged\n', goal=3)
    assert [one.code for one in found.diagnostics] == ["RUB216"]


def test_rows_that_lost_their_table_to_a_typing_error_are_not_blamed() -> None:
    from rubric_engine import check_text

    text = f"{FACTS}  scor by done / planned\n    90% or more: 2\n    below 90%: 0\n"
    found = check_text(text).diagnostics
    assert [one.code for one in found if one.span.start >= len(FACTS)] == ["RUB104", "RUB414"]


def test_mistakes_in_one_line_do_not_hide_those_in_the_next() -> None:
    from rubric_engine import check_text

    wrong = "  score by done / plannd\n    90% or more 2\n    below 90%: 0\n\narae 2 \"x\" 2 points\n  score judged\n"
    text = f"{FACTS}{wrong}"
    found = {one.code for one in check_text(text).diagnostics}
    assert {"RUB201", "RUB103", "RUB104"} <= found


def test_a_rule_that_lost_its_heading_is_not_blamed_on_the_group() -> None:
    from rubric_engine import check_text

    lost = '2 "a" of 2 points\n  score judged\n  score 2\ncomponent 1.1 "b" 2 points\n  score judged\n'
    assert "RUB211" not in [one.code for one in check_text(f"{FACTS}{lost}").diagnostics]


REGISTER = """bộ tiêu chí "x" mã x.y
bảng mức theo a, b
  a1, b1: 1
  a1, b2: 0
  a2, b1: 0
  a2, b2: 0

tiêu chí 1 "One" 2 điểm
  dữ liệu trễ "Trễ": danh sách
    cột số_ngày "Ngày": số lượng
    cột nhóm "Nhóm": một trong n1, n2
  dữ liệu a: một trong a1, a2
  dữ liệu b: một trong b1, b2
  bắt đầu từ điểm tối đa
"""


@pytest.mark.parametrize(
    ("clause", "code", "help_key", "words"),
    [
        ("trừ 1 cho mỗi số_ngày", "RUB201", "help_column", "số_ngày"),
        ("trừ 1 cho mỗi trễ khi số_ngày > 3", "RUB201", "help_column", "số_ngày"),
        ("trừ 1 cho mỗi nope", "RUB201", "help", "nope"),
        ("trừ 1 cho mỗi trễ mà nhóm = n1", "RUB301", "help_is", "nhóm = n1"),
        ("trừ mức(b, a)", "RUB304", "help_order", "b"),
    ],
)
def test_one_message_for_one_slip_over_registers_and_tables(clause: str, code: str, help_key: str, words: str) -> None:
    source = SourceFile.from_text(f"{REGISTER}  {clause}\n")
    found = [one for one in resolve(parse(source).tree, source).diagnostics if one.code != "RUB209"]
    assert [(one.code, one.help) for one in found] == [(code, help_key)]
    assert source.text[found[0].span.start : found[0].span.end] == words


def test_a_gate_on_the_total_cannot_read_it() -> None:
    limit = "total at most 1 when total > 2\n"
    assert codes(f'{FACTS}  score judged\n{limit}') == ["RUB208"]
    assert codes(f'{FACTS}  score judged\nlet t = total\n{limit.replace("total >", "t >")}') == ["RUB208"]


@pytest.mark.parametrize(("given", "points"), [({}, 0), ({"strict": "no"}, 2), ({"strict": True}, 0)])
def test_a_parameter_may_be_yes_or_no(given: dict[str, object], points: int) -> None:
    from rubric_engine import compile_rubric

    rules = "  input done: count\n  score\n    when strict and done < 3: 0\n    otherwise: 2\n"
    text = f'rubric "x" id x.y\nparameter strict: yes/no = yes\ncriterion 1 "a" 2 points\n{rules}'
    assert compile_rubric(text, parameters=given).score({"done": 1}) == points
    assert codes(text.replace("= yes", "= 3")) == ["RUB310"]

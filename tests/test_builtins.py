"""Functions that are defined from others: one entry each, and every reading, language and check knows them."""

from collections.abc import Callable
from fractions import Fraction as F
from itertools import product

import pytest

from rubric_engine import check_text, compile_rubric
from rubric_engine.syntax.builtins import builtins, spell_function
from rubric_engine.syntax.formatter import format_text

PLAIN: dict[str, Callable[..., F]] = {
    "sign": lambda x: F((x > 0) - (x < 0)),
    "clamp": lambda x, low, high: max(low, min(high, x)),
    "remainder": lambda a, b: a % b,
}
VALUES = [F(-7, 2), F(-2), F(-1, 3), F(0), F(1, 3), F(2), F(7, 2)]
SHEET = {
    "en": 'rubric "B" id t.b\nversion 1\ncomponent 1 "A" unscored\n{inputs}\n  score {call}\n'
    'component 2 "B" 1 point\n  score judged\n',
    "vi": 'bộ tiêu chí "B" mã t.b\nphiên bản 1\ntiêu chí thành phần 1 "A" không tính điểm\n{inputs}\n  chấm {call}\n'
    'tiêu chí thành phần 2 "B" 1 điểm\n  chấm theo nhận xét\n',
}
INPUT = {"en": "  input {}: number, from -9 to 9", "vi": "  dữ liệu {}: số, từ -9 đến 9"}


def sheet(name: str, language: str = "en") -> str:
    """A leaf scored by the function of facts of its own."""
    parameters = [f"p{at}" for at in range(len(builtins()[name].parameters))]
    inputs = "\n".join(INPUT[language].format(each) for each in parameters)
    # What is divided by is never 0 here.
    call = f"{spell_function(name, language)}({', '.join(parameters)})"
    if name == "remainder":
        call = call.replace("p1", "(p1 + 10)")
    return SHEET[language].format(inputs=inputs, call=call)


def points(name: str, values: tuple[F, ...], language: str = "en") -> F:
    """What the rubric gives for these facts."""
    given = {f"p{at}": value for at, value in enumerate(values)}
    found = compile_rubric(sheet(name, language)).evaluate({"inputs": given})["1"].points
    assert found is not None
    return found


def test_every_entry_has_a_plain_meaning_here() -> None:
    assert PLAIN.keys() == builtins().keys()


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("name", PLAIN)
def test_a_function_is_what_it_says(name: str, language: str) -> None:
    for values in list(product(VALUES, repeat=len(builtins()[name].parameters)))[::5]:
        shifted = (values[0], values[1] + 10) if name == "remainder" else values
        assert points(name, values, language) == PLAIN[name](*shifted)


@pytest.mark.parametrize("name", PLAIN)
def test_it_moves_with_its_arguments_as_its_entry_says(name: str) -> None:
    each = builtins()[name]
    for at, parameter in enumerate(each.parameters):
        moves = {
            (after > before) - (after < before)
            for values in product(VALUES, repeat=len(each.parameters))
            if not (name == "remainder" and values[1] <= 0)
            for more in VALUES
            if more > values[at]
            for before, after in [(PLAIN[name](*values), PLAIN[name](*values[:at], more, *values[at + 1 :]))]
        }
        assert (parameter in each.rises, parameter in each.falls) == (-1 not in moves, 1 not in moves)


@pytest.mark.parametrize("name", PLAIN)
def test_it_is_translated_there_and_back(name: str) -> None:
    vietnamese = format_text(sheet(name), to="vi").text
    assert f"{spell_function(name, 'vi')}(" in vietnamese
    assert format_text(vietnamese, to="en").text == format_text(sheet(name)).text


def test_the_authors_own_goes_first() -> None:
    own = sheet("sign").replace("version 1\n", "version 1\ndefine sign(x) = 3\n")
    assert compile_rubric(own).evaluate({"inputs": {"p0": 1}})["1"].points == 3
    assert "define sign(x) = 3" in format_text(own, to="en").text
    assert "sign(p0)" in format_text(own, to="vi").text


def test_faults_inside_point_at_the_call() -> None:
    text = sheet("remainder").replace("(p1 + 10)", "p1")
    (found,) = check_text(text).diagnostics
    assert found.code == "RUB414"
    assert text[found.span.start : found.span.end] == "remainder(p0, p1)"
    assert found.submission


@pytest.mark.parametrize(("wrong", "mend"), [("calmp", "clamp"), ("remainer", "remainder")])
def test_a_name_that_is_near_is_offered(wrong: str, mend: str) -> None:
    (found,) = check_text(sheet(mend).replace(mend, wrong)).diagnostics
    assert (found.code, found.values["near"]) == ("RUB201", mend)


def test_what_a_function_is_made_of_is_no_finding() -> None:
    text = (
        'rubric "B" id t.b\nversion 1\ntotal 5 points\ninput n: count\ninput m: count\n'
        'criterion 1 "A" 5 points\n  score {}\n'
    )
    found = check_text(text.format("min(5, sign(n) + remainder(n, m))")).diagnostics
    assert [(one.code, one.values["division"]) for one in found] == [("RUB414", "remainder(n, m)")]
    # What the author writes is theirs, in a call too.
    own = check_text(text.format("min(5, sign(n / m) + (when n < 0 then 1 otherwise sign(n)))")).diagnostics
    told = {one.code: one.values.get("division", one.values.get("condition")) for one in own}
    assert told == {"RUB425": "n < 0", "RUB414": "n / m"}

"""Exact numbers at the edges: what is read, what is refused and with which question, what is shown."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F

import pytest

from rubric_engine.facts.fold import fold
from rubric_engine.meaning.exact import (
    Unreadable,
    Written,
    clean_text,
    from_json_number,
    read_number,
    read_written,
    round_to,
    show_date,
    show_number,
    show_percent,
    shown,
    to_json_number,
    to_plain_text,
)
from rubric_engine.plan.expr import Mode

BOTH = ("en", "vi")


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("given", "value"),
    [
        (7, F(7)), (-3, F(-3)), (0.1, F(1, 10)), (1e-7, F(1, 10**7)), (-0.0, F(0)), (F(1, 3), F(1, 3)),
        (Decimal("0.30"), F(3, 10)), (Decimal("1E+3"), F(1000)),
        ("12", F(12)), ("0,25", F(1, 4)), ("0.25", F(1, 4)), (".5", F(1, 2)), ("12,5", F(25, 2)), ("0.125", F(1, 8)),
        ("0,125", F(1, 8)), ("1.2345", F(12345, 10**4)), ("+5", F(5)), ("-0,5", F(-1, 2)), ("\u22123", F(-3)),
        ("  8 ", F(8)), ("\u00a08\u202f", F(8)), ("1 000 000", F(10**6)), ("1\u00a0000,5", F(2001, 2)),
        ("1.000.000", F(10**6)), ("1,000,000", F(10**6)), ("1.234.567,89", F(123456789, 100)),
        ("1,234,567.89", F(123456789, 100)), ("2/3", F(2, 3)), ("-4 / 6", F(-2, 3)), ("1e3", F(1000)),
        ("1.5E-2", F(3, 200)), ("1e40", F(10**40)), ("9" * 60, F(int("9" * 60))),
    ],
)  # fmt: skip
def test_reads_exactly_what_was_meant(given: object, value: F, language: str) -> None:
    assert read_number(given, language) == value


@pytest.mark.parametrize(
    ("given", "code", "help"),
    [
        (True, "RUB502", "number"), (None, "RUB502", "number"), ([1], "RUB502", "number"), ({}, "RUB502", "number"),
        ("", "RUB502", "number"), ("abc", "RUB502", "number"), ("5.", "RUB502", "number"),
        ("1.2.3", "RUB502", "number"),
        ("12 34", "RUB502", "number"), ("0x10", "RUB502", "number"), ("1_000", "RUB502", "number"),
        ("\uff11\uff12", "RUB502", "number"), ("\u0663", "RUB502", "number"), ("--5", "RUB502", "number"),
        ("1,23.456.789", "RUB502", "number"), ("x" * 5000, "RUB502", "number"),
        ("85%", "RUB502", "not_percent"), ("1.000,5", "RUB502", "marks_mixed"),
        ("\u202e12", "RUB502", "marks"), ("1\x002", "RUB502", "marks"), ("\ud800", "RUB502", "marks"),
        (float("nan"), "RUB504", "help"), (float("inf"), "RUB504", "help"), (Decimal("NaN"), "RUB504", "help"),
        (Decimal("sNaN"), "RUB504", "help"), ("nan", "RUB504", "help"), ("-Infinity", "RUB504", "help"),
        ("1/0", "RUB504", "help"),
        (10**60, "RUB505", "help"), (-(10**60), "RUB505", "help"), (1e300, "RUB505", "help"),
        (5e-324, "RUB505", "help"),
        (Decimal("1E+999999"), "RUB505", "help"), (Decimal("1E-41"), "RUB505", "help"),
        (F(1, 10**60), "RUB505", "help"),
        ("1e41", "RUB505", "help"), ("1e-41", "RUB505", "help"), ("1e999999999999", "RUB505", "help"),
        ("9" * 61, "RUB505", "help"), ("9" * 100_000, "RUB505", "help"), ("0." + "1" * 41, "RUB505", "help"),
        ("1/" + "9" * 61, "RUB505", "help"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_figure(given: object, code: str, help: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_number(given)
    assert (caught.value.code, caught.value.help) == (code, help)


def test_three_digits_after_the_other_languages_mark_are_a_question() -> None:
    assert read_number("1.125", "en") == F(9, 8)
    assert read_number("1,125", "vi") == F(9, 8)
    for given, language, other in (("1,125", "en", "1.125"), ("1.125", "vi", "1,125")):
        with pytest.raises(Unreadable) as caught:
            read_number(given, language)
        assert caught.value.help == "ambiguous"
        assert caught.value.values == {"value": given, "one": "1125", "other": other}


@pytest.mark.parametrize("text", ["85%", "85 %", "85\u00a0%", " 85% "])
def test_percent_sign_divides_by_a_hundred(text: str) -> None:
    assert read_written(text) == Written(F(17, 20), True)
    assert read_written("100%") == Written(1, True)


def test_whole_values_come_back_as_plain_integers() -> None:
    for given in (5, 5.0, "5", "5,0", Decimal("5.00"), F(5)):
        assert type(read_number(given)) is int


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.HALF_UP, {"2.5": 3, "-2.5": -3, "2.4": 2, "-2.6": -3, "3.5": 4, "2": 2}),
        (Mode.HALF_EVEN, {"2.5": 2, "-2.5": -2, "3.5": 4, "-3.5": -4, "2.51": 3}),
        (Mode.UP, {"2.1": 3, "-2.1": -3, "2": 2}),
        (Mode.DOWN, {"2.9": 2, "-2.9": -2}),
        (Mode.CEILING, {"2.1": 3, "-2.9": -2}),
        (Mode.FLOOR, {"2.9": 2, "-2.1": -3}),
    ],
)
def test_rounding_modes(mode: Mode, expected: dict[str, int]) -> None:
    assert {text: round_to(F(text), mode, 1) for text in expected} == expected


def test_rounds_to_any_step() -> None:
    assert round_to(F("80.125"), Mode.HALF_UP, F(1, 100)) == F("80.13")
    assert round_to(F("0.375"), Mode.HALF_UP, F(1, 4)) == F(1, 2)
    assert round_to(7, Mode.DOWN, 5) == 5
    with pytest.raises(ValueError, match="above 0"):
        round_to(1, Mode.DOWN, 0)


@pytest.mark.parametrize(
    ("value", "en", "vi"),
    [
        (F(801, 10), "80.1", "80,1"), (7, "7", "7"), (F(-1, 8), "-0.125", "-0,125"), (F(1, 3), "≈0.3333", "≈0,3333"),
        (F(-2, 3), "≈-0.6667", "≈-0,6667"), (F(1, 2**12), "0.000244140625", "0,000244140625"),
        (F(1, 2**13), "≈0.0001", "≈0,0001"), (F(1, 10**30), "≈0.0000", "≈0,0000"),
    ],
)  # fmt: skip
def test_shown_for_people(value: F, en: str, vi: str) -> None:
    assert (show_number(value, "en"), show_number(value, "vi")) == (en, vi)


def test_shown_to_so_many_places() -> None:
    assert show_number(F("80.1"), places=2) == "80.10"
    assert show_number(F("80.125"), places=2) == "≈80.13"
    assert show_number(F("-0.001"), places=2) == "≈0.00"
    assert show_number(F(5, 2), places=0) == "≈3"
    assert show_percent(F("0.125"), "vi") == "12,5%"
    assert show_percent(F(1, 3), places=2) == "≈33.33%"
    assert show_date(date(2023, 1, 5).toordinal()) == "2023-01-05"
    assert show_date(date(2023, 1, 5).toordinal(), "vi") == "05/01/2023"
    assert show_date(0) == "0"


@pytest.mark.parametrize(
    "value", [F(3, 2), F(-2, 3), F(0), F(10**9000 + 1, 3), F(-(10**9000)), F(1, 10**40), F(1, 10**41)]
)
def test_json_numbers_come_back_whole(value: F) -> None:
    assert from_json_number(to_json_number(value)) == value


def test_json_number_forms() -> None:
    assert [to_json_number(v) for v in (F(3, 2), F(2, 3), 4, F(-1, 4))] == ["1.5", "2/3", "4", "-0.25"]
    assert to_plain_text(F(9, 8)) == "1.1250"
    for bad in ("", "1.", "1e5", "a", "1/0", "١", "1.5/2"):
        with pytest.raises(ValueError, match="not an exact number"):
            from_json_number(bad)


def test_text_is_normalised_and_cannot_disguise_itself() -> None:
    assert clean_text(" Kế hoạch\ufeff ") == "Kế hoạch"
    assert fold("KỊP   thời") == fold("Kịp\u00a0Thời")
    for hostile in ("a\u202eb", "a\u2066b", "\x1b[31m", "a\x85\x9fb"):
        with pytest.raises(Unreadable):
            clean_text(hostile)


def test_shown_values_stay_on_one_short_line() -> None:
    assert shown("a\nb\x1b[31m") == "a\\u000ab\\u001b[31m"
    assert len(shown("x" * 1000)) == 40
    assert shown(10**5000) == "…"
    assert shown(True) == "true"
    assert shown({"a": 1}) == "{…}"

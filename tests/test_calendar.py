"""Months and years of the calendar: what they come to, in every reading, and what is said of mistakes with them."""

from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lookups import total_in_every_reading

from rubric_engine import check_text, compile_rubric, find_gaps
from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.meaning.calendar import months_after, months_from
from rubric_engine.plan import expr as x
from rubric_engine.ranges.values.functions import reckoned_range
from rubric_engine.ranges.values.interval import Interval
from rubric_engine.syntax.formatter import format_text

DAYS = st.dates(date(1600, 1, 1), date(2400, 12, 31))


def plainly_after(day: date, months: int) -> date:
    """By the words: the same day of the month arrived at, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError


@given(DAYS, st.integers(-1200, 1200))
def test_a_day_some_months_away(day: date, months: int) -> None:
    assert date.fromordinal(months_after(day.toordinal(), months)) == plainly_after(day, months)


@given(DAYS, DAYS)
def test_completed_months_are_the_most_that_are_not_past(start: date, end: date) -> None:
    months = months_from(start.toordinal(), end.toordinal())
    assert plainly_after(start, months) <= end < plainly_after(start, months + 1)


def test_every_day_of_four_hundred_years() -> None:
    for ordinal in range(date(1999, 1, 1).toordinal(), date(2403, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert months_after(ordinal, 0) == ordinal
        assert months_from(date(1, 1, 1).toordinal(), ordinal) == (day.year - 1) * 12 + day.month - 1
    # No year is beyond it: neither the first nor the last that a date can have.
    assert months_from(1, months_after(1, -5)) == -5
    assert months_from(1, months_after(1, 12 * 20_000)) == 12 * 20_000


@given(st.tuples(DAYS, DAYS), st.tuples(DAYS, DAYS), st.tuples(st.integers(-90, 90), st.integers(-90, 90)))
def test_ends_bound_it(first: tuple[date, date], second: tuple[date, date], months: tuple[int, int]) -> None:
    ends = [tuple(sorted(day.toordinal() for day in pair)) for pair in (first, second)]
    one, two = (Interval(low, high) for low, high in ends)
    between = reckoned_range(x.Calendar.MONTHS, one, two)
    assert (between.low, between.high) == (months_from(ends[0][1], ends[1][0]), months_from(ends[0][0], ends[1][1]))
    few, many = sorted(months)
    later = reckoned_range(x.Calendar.LATER, one, Interval(few, many))
    assert (later.low, later.high) == (months_after(ends[0][0], few), months_after(ends[0][1], many))
    assert reckoned_range(x.Calendar.LATER, one, Interval()).low is None


SHEET = """rubric "Dates" id t.dates
version 1
total 10 points

component 1 "Age and report" 10 points
  input born "Born": date, from 1940-01-01 to 2010-12-31
  input seen "Seen": date, from 2020-01-01 to 2024-12-31
  input sent "Sent": date
  input term "Months": count, at most 12
  input log "Log": list
    column day: date
  score by {}
    below 18: 0
    18 to below 60: 8
    60 or more: 5
  award 1 when sent <= term months after seen
  award 1 when (count of log where months from day to seen >= 2) > 0
"""
YEARS = SHEET.format("years from born to seen")


def points(born: str, seen: str, sent: str, term: int = 1, log: str = "2024-01-01") -> F:
    given = {"born": born, "seen": seen, "sent": sent, "term": term, "log": [{"day": log}]}
    return total_in_every_reading(compile_rubric(YEARS), given)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("2004-02-29", "2022-02-27", "2022-03-27"), 1),
        (("2004-02-29", "2022-02-28", "2022-03-29"), 8),
        (("1962-05-05", "2022-05-05", "2022-06-05"), 6),
        (("1990-01-01", "2024-01-31", "2024-02-29"), 9),
        (("1990-01-01", "2024-01-31", "2024-03-01"), 8),
        (("1990-01-01", "2024-03-01", "2025-03-01", 12), 10),
        (("1990-01-01", "2024-03-01", "2025-03-02", 12), 9),
    ],
)
def test_every_reading_gives_the_same(given: tuple[str, str, str], wanted: int) -> None:
    assert points(*given) == wanted


def test_what_is_not_said_yet_waits() -> None:
    result = compile_rubric(YEARS).evaluate({"inputs": {"born": "2010-12-31", "seen": "2024-12-31", "log": []}})
    assert set(result.missing) == {"sent", "term"}
    assert (result["1"].low, result["1"].high) == (0, 1)
    assert result["1"].reasons


def test_what_would_win_points_is_found() -> None:
    told = {"born": "1990-01-01", "seen": "2024-01-31", "sent": "2024-03-01", "term": 1, "log": [{"day": "2023-01-01"}]}
    (leaf,) = find_gaps(compile_rubric(YEARS), {"inputs": told}).leaves
    assert (leaf.lost, [way.gained for way in leaf.ways]) == (1, [1])
    (change,) = leaf.ways[0].changes
    assert (change.name, change.given) == ("seen", "2024-02-01")


def test_it_is_translated_there_and_back() -> None:
    text = format_text(YEARS).text
    vietnamese = format_text(text, to="vi").text
    for words in ("số năm từ born đến seen", "term tháng kể từ seen", "số tháng từ day đến seen"):
        assert words in vietnamese
    assert format_text(vietnamese, to="en").text == text


@pytest.mark.parametrize("rows", [("18 to 60: 8", "RUB412"), ("18 to below 58: 8", "RUB411")])
def test_a_hole_and_an_overlap_are_shown_with_dates(rows: tuple[str, str]) -> None:
    (found,) = check_text(YEARS.replace("18 to below 60: 8", rows[0])).diagnostics
    assert found.code == rows[1]
    assert set(found.example) == {"born", "seen"}


MISTAKES = [
    ("years from 1990 to seen", "RUB303", "2024-12-31", "31/12/2024"),
    ("months from born to term", "RUB303", "date", "ngày"),
    ("days from seen to term / 2 months after seen", "RUB303", "", ""),
    ("days from seen to 1.5 months after seen", "RUB319", "18 months after", "18 tháng kể từ"),
    ("days from seen to (term / 2) months after seen", "RUB319", "round(", "làm tròn số("),
    ("days from seen to (days from born to seen) months after seen", "RUB303", "like", "cùng loại"),
]


@pytest.mark.parametrize(("written", "code", "english", "vietnamese"), MISTAKES)
def test_mistakes_are_told_in_both_languages(written: str, code: str, english: str, vietnamese: str) -> None:
    (found,) = check_text(SHEET.format(written)).diagnostics
    assert found.code == code
    assert english in (help_text(found, "en") or "")
    assert vietnamese in (help_text(found, "vi") or "")
    assert message(found, "en") != message(found, "vi")


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("lowest -p in rows if none 0", -4),
        ("highest -p in rows if none 0", -2),
        ("sum of -p in rows", -6),
        ("mean of -p in rows if none 0", -3),
        ("median of -p in rows if none 0", -3),
        ("first -p in rows if none 0", -2),
    ],
)
def test_a_sign_needs_no_brackets(call: str, wanted: int) -> None:
    text = (
        'rubric "S" id t.s\nversion 1\ntotal 9 points, signed\ncomponent 1 "A" -9 to 9 points\n'
        f"  input rows: list\n    column p: number, from -9 to 9\n  score max(-9, min(9, ({call})))\n"
    )
    assert compile_rubric(text).score({"inputs": {"rows": [{"p": 2}, {"p": 4}]}}) == wanted
    assert call in format_text(text.replace("-p", "(-p)")).text

"""Whole months of the calendar: how many between two days, and the day so many later. Standard library only.

A day is its proleptic Gregorian ordinal, of any year, also before the first; a part of a day or of a month does not
count. One rule for months of unequal length: where the month arrived at has no such day, its last day stands for it.
So a month after 31 January is 28 or 29 February, and who was born on 29 February is a year older on 28 February of a
common year.
"""

from math import floor
from typing import assert_never

from rubric_engine.meaning.exact import Exact
from rubric_engine.plan.expr import Calendar

# Years are reckoned from 1 March of year 0, so that the day that comes and goes is the last of a year.
_BEFORE_THE_FIRST = 305
_DAYS_IN_400_YEARS = 146_097
_LAST_IN_4, _LAST_IN_100, _LAST_IN_400 = 1460, 36_524, 146_096


def reckoned(how: Calendar, first: Exact, second: Exact) -> int:
    """Months from one day to another, or the day so many months after one."""
    match how:
        case Calendar.MONTHS:
            return months_from(floor(first), floor(second))
        case Calendar.LATER:
            return months_after(floor(first), floor(second))
        case _:
            assert_never(how)


def months_after(day: int, months: int) -> int:
    """The day so many months after another; before it where ``months`` is below 0."""
    month, past = _month_and_day(day)
    return min(_first_day(month + months) + past, _first_day(month + months + 1) - 1)


def months_from(start: int, end: int) -> int:
    """The most months after ``start`` that are not past ``end``; below 0 where ``end`` comes first."""
    months = _month_and_day(end)[0] - _month_and_day(start)[0]
    return months if months_after(start, months) <= end else months - 1


def _month_and_day(day: int) -> tuple[int, int]:
    """Months since March of year 0, and days past the first of the month."""
    ages, within = divmod(day + _BEFORE_THE_FIRST, _DAYS_IN_400_YEARS)
    year = (within - within // _LAST_IN_4 + within // _LAST_IN_100 - within // _LAST_IN_400) // 365
    of_year = within - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153  # from March on the lengths repeat every five months, 153 days
    return 12 * (400 * ages + year) + month, of_year - (153 * month + 2) // 5


def _first_day(month: int) -> int:
    year, of_year = divmod(month, 12)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * of_year + 2) // 5 - _BEFORE_THE_FIRST

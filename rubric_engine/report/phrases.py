"""What the reports of a round say, in both languages: ranking, stages, claims, cycles, progress, gaps."""

from datetime import date
from fractions import Fraction

from rubric_engine.meaning.exact import show_date, show_number
from rubric_engine.result.explain.wording import points_text, share_text
from rubric_engine.tell.words import Words

told = Words("reports", "states", "columns", "common")


# ---------------------------------------------------------------- numbers in a table


def points(value: Fraction | None, language: str) -> str:
    """Exact points; nothing where they are not known."""
    return "" if value is None else points_text(value, language)


def change(value: Fraction | None, language: str) -> str:
    """A difference with its sign: ``+0.5``, ``−0.5``, ``≈+0.3333``, ``0``."""
    return "" if value is None else _plus(value, points(value, language))


def _plus(value: Fraction, text: str) -> str:
    if value <= 0:
        return text
    return f"≈+{text[1:]}" if text.startswith("≈") else f"+{text}"


def percent(value: Fraction | None, language: str) -> str:
    """A share at two decimals of a percent, ``≈`` where that is not all of it."""
    return "" if value is None else share_text(value, language)


def percent_change(value: Fraction | None, language: str, *, bare: bool = False) -> str:
    """A difference of two shares in percentage points, with its sign and two decimals at most; ``bare``: no words."""
    if value is None:
        return ""
    exact = (value * 10_000).denominator == 1
    text = show_number(value * 100, language, places=None if exact else 2).replace("-", "−")
    signed = _plus(value, text)
    return signed if bare else told("percentage points", language, change=signed)


def day(value: date | None, language: str) -> str:
    """A day as the language writes it."""
    return "" if value is None else show_date(value.toordinal(), language)


def days(count: int, language: str) -> str:
    """``1 day``, ``3 days``."""
    return told("days", language, count=count)

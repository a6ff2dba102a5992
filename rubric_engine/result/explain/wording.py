"""Numbers, shares and values in the reader's language. Standard library only."""

import re
from datetime import date
from fractions import Fraction

from rubric_engine.meaning.exact import day_text, decimal_mark, show_number, show_percent
from rubric_engine.tell.words import Words

phrase = Words("explain", "columns", "common")
states = Words("states")
grade_states = Words("grade_states")


def title_text(title: str, level: str, language: str) -> str:
    """The title of a heading; a bonus or a penalty may have none, and is called what it is."""
    return phrase(f"{level} heading", language) if not title and level in ("bonus", "penalty") else title


def points_text(value: Fraction, language: str) -> str:
    """Points as people write them."""
    return show_number(value, language).replace("-", "−")


def range_text(value: Fraction | None, low: Fraction, high: Fraction, language: str) -> str:
    """``1.5``, or ``1 to 2.5`` where it is not known."""
    if value is not None or low == high:
        return points_text(low if value is None else value, language)
    return phrase("to", language, low=points_text(low, language), high=points_text(high, language))


def share_text(value: Fraction, language: str) -> str:
    """A share as a percent: exact where two decimals are enough, else with ``≈``."""
    exact = (value * 10_000).denominator == 1
    return show_percent(value, language, places=None if exact else 2).replace("-", "−")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ROWS = re.compile(r"(\d+)(?: of (\d+))? rows", re.ASCII)
_FEW_RATINGS = re.compile(r"(\d+) of (\d+) ratings", re.ASCII)
_OF_MAXIMUM = re.compile(r"≈?-?[\d.]+ / ≈?-?[\d.]+", re.ASCII)
_PLAIN_NUMBER = re.compile(r"≈?-?\d+(\.\d+)?%?", re.ASCII)


def by_whom(text: str, language: str) -> str:
    """Who decided, and when: the day behind a comma as the language writes it."""
    who, comma, day = text.rpartition(", ")
    return f"{who}{comma}{local_text(day, language)}"


def local_text(text: str, language: str) -> str:
    """A value in the digits and words of the language: ``12.5%`` is ``12,5%`` in Vietnamese."""
    if text in ("yes", "no"):
        return phrase(text, language)
    if text == "not rated":
        return states(text, language)
    if (rows := _ROWS.fullmatch(text)) is not None:
        whole = {"number": rows[1], "count": rows[2]} if rows[2] else {"count": rows[1]}
        return phrase("rows_of" if rows[2] else "rows", language, **whole)
    if (few := _FEW_RATINGS.fullmatch(text)) is not None:
        return phrase("few_ratings", language, count=few[1], needed=few[2])
    if " · " in text or " × " in text or _OF_MAXIMUM.fullmatch(text) is not None:
        return re.sub(r"[^ ·×/]+", lambda part: local_text(part[0], language), text)
    if _PLAIN_NUMBER.fullmatch(text):
        return text.replace(".", decimal_mark(language)).replace("-", "−")
    if _DAY.fullmatch(text):
        try:
            return day_text(date.fromisoformat(text), language)
        except ValueError:
            return text
    return text

"""Numbers, shares and values in the reader's language, and text that fits a plain terminal. Standard library only."""

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import Final

from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.tell.words import Words

SHEET_WIDTH: Final = 80

phrase = Words("explain", "columns", "common")
states = Words("states")


def title_text(title: str, level: str, language: str) -> str:
    """The title of a heading; a bonus or a penalty may have none, and is called what it is."""
    return phrase(f"{level} heading", language) if not title and level in ("bonus", "penalty") else title


def points_text(value: Fraction, language: str) -> str:
    """Points as people write them."""
    return show_number(value, language).replace("-", "−")


def share_text(value: Fraction, language: str) -> str:
    """A share as a percent: exact where two decimals are enough."""
    exact = show_percent(value, language)
    return exact if len(exact.partition("," if language == "vi" else ".")[2]) <= 3 else show_percent(
        value, language, places=2
    )


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ROWS = re.compile(r"(\d+)(?: of (\d+))? rows", re.ASCII)
_FEW_RATINGS = re.compile(r"(\d+) of (\d+) ratings", re.ASCII)
_OF_MAXIMUM = re.compile(r"≈?-?[\d.]+ / ≈?-?[\d.]+", re.ASCII)
_PLAIN_NUMBER = re.compile(r"≈?-?\d+(\.\d+)?%?", re.ASCII)


def by_whom(text: str, language: str) -> str:
    """Who decided, and when: the day behind a comma as the language writes it."""
    who, comma, day = text.rpartition(", ")
    return f"{tame(who)}{comma}{local_text(tame(day), language)}"


def local_text(text: str, language: str) -> str:
    """A value in the digits and words of the language: ``12.5%`` is ``12,5%`` in Vietnamese."""
    if text in ("yes", "no"):
        return phrase(text, language)
    if (rows := _ROWS.fullmatch(text)) is not None:
        key = "rows_of" if rows[2] else "rows"
        return phrase(key, language, number=rows[1], all=rows[2] or "")
    if (few := _FEW_RATINGS.fullmatch(text)) is not None:
        key = {"0": "few_ratings_0", "1": "few_ratings_1"}.get(few[1], "few_ratings")
        return phrase(key, language, number=few[1], needed=few[2])
    if " · " in text or " × " in text or _OF_MAXIMUM.fullmatch(text) is not None:
        return re.sub(r"[^ ·×/]+", lambda part: local_text(part[0], language), text)
    if language == "vi":
        if _PLAIN_NUMBER.fullmatch(text):
            return text.replace(".", ",")
        if (day := _DAY.fullmatch(text)) is not None:
            return f"{day[3]}/{day[2]}/{day[1]}"
    return text


# ---------------------------------------------------------------- fitting text


def tame(text: str) -> str:
    """One line with nothing in it that could steer a terminal or turn the direction of writing."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in line)


def columns_of(text: str) -> int:
    """Columns the text takes on a terminal: none for combining marks, two for wide letters."""
    if text.isascii():
        return len(text)
    return sum(_columns_of_char(char) for char in text)


@lru_cache(maxsize=4096)
def _columns_of_char(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold_text(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns, broken at spaces, and inside a word only where it must be."""
    lines: list[str] = []
    here = ""
    for word in text.split():
        while columns_of(word) > columns:
            if here:
                lines.append(here)
                here = ""
            head = _head(word, columns)
            lines.append(head)
            word = word[len(head) :]
        if here and columns_of(here) + 1 + columns_of(word) > columns:
            lines.append(here)
            here = word
        elif word:
            here = f"{here} {word}" if here else word
    return [*lines, here] if here or not lines else lines


def _head(word: str, columns: int) -> str:
    used = 0
    for at, char in enumerate(word):
        used += _columns_of_char(char)
        if used > columns and at:
            return word[:at]
    return word


def hang(text: str, indent: int, *, lead: str = "") -> list[str]:
    """The text folded under an indent; ``lead`` stands before the first line, the others align with its text."""
    margin = " " * indent
    width = max(20, SHEET_WIDTH - indent - columns_of(lead))
    first, *rest = fold_text(text, width)
    return [margin + lead + first, *(margin + " " * columns_of(lead) + line for line in rest)]

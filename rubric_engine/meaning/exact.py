"""Exact numbers at the edges: read from what people have, shown as people read them. Standard library only.

Nothing here builds a number it has not measured first, so a hostile exponent costs nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import isfinite
from numbers import Integral
from typing import Final, assert_never

from rubric_engine.plan.expr import Mode, Order
from rubric_engine.plan.record import record
from rubric_engine.tell.words import ENGLISH, Words

_numerals = Words("numerals")

MOST_DIGITS: Final = 60
MOST_PLACES: Final = 40
LIMIT: Final = 10**MOST_DIGITS

# Every decimal of so many digits survives as a float; what a float shows beyond them nobody wrote.
_FLOAT_DIGITS: Final = 15

Exact = int | Fraction
# What one cell of a register holds once read, and a row of them.
Scalar = int | Fraction | bool | str
Row = tuple[Scalar | None, ...]


class Unreadable(ValueError):
    """A value refused: ``code`` of the page, ``help`` key on it, ``values`` for its templates."""

    def __init__(self, code: str, value: object, help: str = "help", **values: str) -> None:
        self.code = code
        self.help = help
        self.values: Mapping[str, str] = {"value": shown(value), **values}
        super().__init__(code, self.values)


def shown(value: object) -> str:
    """A value as one short line that cannot disturb a terminal: for messages only."""
    match value:
        case str():
            text = value[:60]
        case bool():
            text = "true" if value else "false"
        case None:
            text = "null"
        case int():
            text = str(value) if -LIMIT < value < LIMIT else ("-…" if value < 0 else "…")
        case Fraction():
            text = to_json_number(value) if _small(value) else "…"
        case float() if value != value:
            text = "NaN"
        case float() | Decimal() | date():
            text = str(value)[:60]
        case Mapping():
            text = "{…}"
        case list() | tuple():
            text = "[…]"
        case _:
            text = type(value).__name__
    safe = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return safe if len(safe) <= 40 else safe[:39] + "…"


# ---------------------------------------------------------------- text

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff"))
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """NFC, trimmed; refuses marks that would make it read otherwise than it is stored."""
    if text.isascii():
        cleaned = text.strip()
    else:
        if any(c in _BIDI or unicodedata.category(c) == "Cs" for c in text):
            raise Unreadable("RUB502", text, "marks")
        cleaned = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip()
    if not cleaned.isprintable() and any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in cleaned):
        raise Unreadable("RUB502", text, "marks")
    return cleaned


# ---------------------------------------------------------------- reading

_WRITTEN = re.compile(r"([+-]?)([0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_RATIO = re.compile(r"([+-]?[0-9]+) ?/ ?([0-9]+)", re.ASCII)
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?", re.ASCII)


@record
class Written:
    """A number as given, and whether it carried a percent sign (the value is then already divided by 100)."""

    value: Exact
    percent: bool


def read_number(value: object, language: str = "en") -> Exact:
    """An exact number from an int, Decimal, Fraction, float (by its shortest form) or text; no percent sign.

    In text both decimal marks are understood where only one reading is possible; ``language`` settles ``1,125`` and
    ``1.125``. Raises :class:`Unreadable`.
    """
    if type(value) is int and -LIMIT < value < LIMIT:
        return value
    written = read_written(value, language)
    if written.percent:
        raise Unreadable("RUB502", value, "not_percent")
    return written.value


def read_written(value: object, language: str = "en") -> Written:
    """As :func:`read_number`, with the percent sign allowed."""
    match value:
        case bool():
            raise Unreadable("RUB502", value, "number")
        case str():
            return _read_text(value, language)
        case float():
            if not isfinite(value):
                raise Unreadable("RUB504", value)
            written = Decimal(float.__repr__(value))
            if len(written.as_tuple().digits) > _FLOAT_DIGITS and not (value.is_integer() and abs(value) < 2**53):
                raise Unreadable("RUB525", value)
            return Written(_from_decimal(written, value), False)
        case Decimal():
            if not value.is_finite():
                raise Unreadable("RUB504", value)
            return Written(_from_decimal(value, value), False)
        case Fraction():
            if type(value) is not Fraction:
                value = Fraction(int(value.numerator), int(value.denominator))
            if not _small(value):
                raise Unreadable("RUB505", value)
            return Written(_whole(value), False)
        case Integral():
            whole = int(value)
            if not -LIMIT < whole < LIMIT:
                raise Unreadable("RUB505", whole)
            return Written(whole, False)
        case _:
            raise Unreadable("RUB502", value, "number")


def _small(value: Fraction) -> bool:
    return -LIMIT < value.numerator < LIMIT and value.denominator < LIMIT


def _whole(value: Fraction) -> Exact:
    return value.numerator if value.denominator == 1 else value


def _from_decimal(value: Decimal, given: object) -> Exact:
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if len(digits) > MOST_DIGITS or not -MOST_PLACES <= exponent <= MOST_PLACES or value.adjusted() >= MOST_DIGITS:
        raise Unreadable("RUB505", given)
    top, bottom = value.as_integer_ratio()
    return top if bottom == 1 else Fraction(top, bottom)


def _read_text(given: str, language: str) -> Written:
    text = clean_text(given)
    if not text.isascii():
        text = _SPACES.sub(" ", text).replace("\u2212", "-").replace("\uff0b", "+")
    percent = text.endswith("%")
    if percent:
        text = text[:-1].rstrip()
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    if len(text) > 4 * MOST_DIGITS:
        if text[:MOST_DIGITS].lstrip("+-").isdigit():
            raise Unreadable("RUB505", given)
        raise Unreadable("RUB502", given, "number")
    value = _read_digits(text, given, language)
    return Written(_whole(Fraction(value, 100)) if percent else value, percent)


def _read_digits(text: str, given: str, language: str) -> Exact:
    if text.lstrip("+-").lower() in ("nan", "inf", "infinity", "snan", "∞"):
        raise Unreadable("RUB504", given)
    if (ratio := _RATIO.fullmatch(text)) is not None:
        top, bottom = int(ratio[1]), int(ratio[2])
        if not bottom:
            raise Unreadable("RUB504", given)
        if abs(top) >= LIMIT or bottom >= LIMIT:
            raise Unreadable("RUB505", given)
        return _whole(Fraction(top, bottom))
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise Unreadable("RUB502", given, "number")
    sign, digits, power = match.groups()
    if power is not None and len(power) > 4:
        raise Unreadable("RUB505", given)
    whole, part = _split(digits, given, language)
    return _from_decimal(Decimal(f"{sign}{whole}{'.' * bool(part)}{part}e{power or 0}"), given)


def _split(digits: str, given: str, language: str) -> tuple[str, str]:
    """Digits before and after the decimal mark; refuses where a person could read it two ways."""
    dots, commas = digits.count("."), digits.count(",")
    if dots + commas == 0:
        return digits, ""
    if dots and commas:
        mark = "." if digits.rfind(".") > digits.rfind(",") else ","
        other = "," if mark == "." else "."
        head, _, part = digits.rpartition(mark)
        if mark in head or not _grouped(head, other):
            raise Unreadable("RUB502", given, "number")
        whole = head.replace(other, "")
        if head.count(other) == 1 and mark != decimal_mark(language):
            raise Unreadable("RUB502", given, "marks_mixed", one=f"{whole}{decimal_mark(language)}{part}")
        return whole, part
    mark = "." if dots else ","
    if dots + commas > 1:
        if not _grouped(digits, mark):
            raise Unreadable("RUB502", given, "number")
        return digits.replace(mark, ""), ""
    whole, _, part = digits.partition(mark)
    against = "," if decimal_mark(language) == "." else "."
    if mark == against and _grouped(digits, mark):
        ours = "," if against == "." else "."
        raise Unreadable("RUB502", given, "ambiguous", one=whole + part, other=f"{whole}{ours}{part}")
    return whole or "0", part


def _grouped(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    return 1 <= len(first) <= 3 and first[0] != "0" and bool(rest) and all(len(group) == 3 for group in rest)


# ---------------------------------------------------------------- rounding


def round_to(value: Exact, mode: Mode, step: Exact) -> Fraction:
    """The multiple of ``step`` (above 0) nearest to ``value`` by the named mode; exact."""
    if step <= 0:
        raise ValueError("a rounding step is above 0")
    ratio = Fraction(value) / step
    return round_ratio(ratio.numerator, ratio.denominator, mode) * Fraction(step)


def round_ratio(top: int, bottom: int, mode: Mode) -> int:
    """``top / bottom`` (bottom above 0) to a whole number by the named mode."""
    floor, rest = divmod(top, bottom)
    if not rest:
        return floor
    match mode:
        case Mode.FLOOR:
            return floor
        case Mode.CEILING:
            return floor + 1
        case Mode.DOWN:
            return floor if top > 0 else floor + 1
        case Mode.UP:
            return floor + 1 if top > 0 else floor
        case Mode.HALF_UP | Mode.HALF_EVEN:
            twice = 2 * rest
            if twice != bottom:
                return floor + (twice > bottom)
            if mode is Mode.HALF_EVEN:
                return floor + (floor & 1)
            return floor + (top > 0)


# ---------------------------------------------------------------- showing

_CHUNK: Final = 4000
_CHUNK_TOP: Final = 10**_CHUNK
_SHOWN_PLACES: Final = 12
_ABOUT_PLACES: Final = 4
_JSON_PLACES: Final = 40


def show_number(value: Exact, language: str = "en", *, places: int | None = None) -> str:
    """For people: exact when it ends within 12 places, else ``≈`` and 4 places; the decimal mark of the language.

    With ``places`` exactly so many are shown, rounded half-up, with ``≈`` where that changed the value.
    """
    if places is None:
        needed = _places(value, _SHOWN_PLACES)
        text = _fixed(value, _ABOUT_PLACES) if needed is None else _fixed(value, needed)
        exact = needed is not None
    else:
        text = _fixed(value, places)
        exact = _places(value, places) is not None
    mark = decimal_mark(language)
    if mark != ".":
        text = text.replace(".", mark)
    return text if exact else f"≈{text}"


def show_percent(value: Exact, language: str = "en", *, places: int | None = None) -> str:
    """``0.85`` as ``85%``; rounding and marks as :func:`show_number`."""
    return show_number(value * 100, language, places=places) + "%"


def show_date(ordinal: int, language: str = "en") -> str:
    """``2023-01-15``, or as the language writes a day; a number that is no date is shown as a number."""
    if not 1 <= ordinal <= date.max.toordinal():
        return str(ordinal)
    return day_text(date.fromordinal(ordinal), language)


def day_text(day: date, language: str) -> str:
    """A day as the language writes it."""
    return day.isoformat() if language == ENGLISH else _numerals("day", language, d=day)


def is_day_first(language: str) -> bool:
    """Whether ``05/01/2023`` can only be the fifth of January."""
    return language != ENGLISH and _numerals.of(language)["day"].startswith("{d.day")


@cache
def decimal_mark(language: str) -> str:
    """What parts the whole from the decimals; English is how numbers stand in data, whatever is said."""
    return "." if language == ENGLISH else _numerals("decimal", language)


def _places(value: Exact, most: int) -> int | None:
    """How many decimals write the value exactly, when ``most`` are enough."""
    rest, needed = value.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0 and times <= most:
            rest //= prime
            times += 1
        needed = max(needed, times)
    return needed if rest == 1 and needed <= most else None


def _fixed(value: Exact, places: int) -> str:
    scaled = round_ratio(value.numerator * 10**places, value.denominator, Mode.HALF_UP)
    digits = _whole_text(abs(scaled)).zfill(places + 1)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def to_json_number(value: Exact) -> str:
    """``"1.5"``, or ``"2/3"`` where no decimal is exact; :func:`from_json_number` gives the same value back."""
    return _json_text(value.numerator, value.denominator)


# A result says the same few numbers hundreds of times.
@lru_cache(maxsize=4096)
def _json_text(top: int, below: int) -> str:
    value = Fraction(top, below)
    needed = _places(value, _JSON_PLACES)
    if needed is not None:
        return _fixed(value, needed)
    sign = "-" if top < 0 else ""
    return f"{sign}{_whole_text(abs(top))}/{_whole_text(below)}"


def as_json(value: Exact | None) -> str | None:
    """As :func:`to_json_number`; ``None`` for a number that is not known."""
    return None if value is None else to_json_number(value)


def to_plain_text(value: Exact) -> str:
    """As :func:`to_json_number`, in a form no reader of either language can take for thousands (``1.1250``)."""
    text = to_json_number(value)
    _, dot, part = text.partition(".")
    return text + "0" if dot and len(part) == 3 else text


_JSON_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+)|/([0-9]+))?", re.ASCII)


def from_json_number(text: str) -> Fraction:
    """The value :func:`to_json_number` wrote. Raises ``ValueError`` on anything else."""
    match = _JSON_NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"not an exact number: {shown(text)}")
    sign, whole, part, bottom = match.groups()
    top = _whole_number(whole + (part or ""))
    under = _whole_number(bottom) if bottom else 10 ** len(part or "")
    if not under:
        raise ValueError(f"not an exact number: {shown(text)}")
    return Fraction(-top if sign else top, under)


def _whole_text(number: int) -> str:
    """``str`` of a number of any length: Python itself refuses beyond 4,300 digits."""
    chunks = []
    while number >= _CHUNK_TOP:
        number, low = divmod(number, _CHUNK_TOP)
        chunks.append(str(low).zfill(_CHUNK))
    chunks.append(str(number))
    return "".join(reversed(chunks))


def _whole_number(digits: str) -> int:
    number = 0
    for at in range(0, len(digits), _CHUNK):
        chunk = digits[at:at + _CHUNK]
        number = number * 10 ** len(chunk) + int(chunk)
    return number


def holds_between(order: Order, left: Exact, right: Exact) -> bool:
    """The comparison of two numbers."""
    match order:
        case Order.LT:
            return left < right
        case Order.LE:
            return left <= right
        case Order.EQ:
            return left == right
        case Order.NE:
            return left != right
        case Order.GE:
            return left >= right
        case Order.GT:
            return left > right
        case _:
            assert_never(order)

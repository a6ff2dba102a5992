"""The smallest printed parts: numbers, dates, quoted texts, rounding, and words that count."""

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import assert_never

from rubric_engine.syntax.keywords import conventions, forms, spell
from rubric_engine.syntax.tree.nodes import DateLit, Ident, Name, Num, RoundTo, Text, YesNo

_NO_WORD = re.compile(r"[ \-./]")
_RUN_OF_QUOTES = re.compile(r'"{2,}|\A"|"\Z')

# Other forms of a word are other spellings, but for English words that count: those are singular and plural, and
# the canonical form, which comes first, is the plural of these and the singular of the rest.
_PLURAL_FIRST = frozenset({
    "POINTS", "PLACES", "DECIMALS", "RATERS", "MONTHS_AFTER", "MONTHS_BEFORE", "YEARS_AFTER", "YEARS_BEFORE",
})  # fmt: skip

_MODES = {
    "half-up": "HALF_UP",
    "half-even": "HALF_EVEN",
    "up": "ROUND_UP",
    "down": "ROUND_DOWN",
    "ceiling": "CEILING",
    "floor": "FLOOR",
}


def show_number(value: Fraction, language: str) -> str:
    """An exact decimal without exponent, in the language's decimal mark.

    Whatever was read from a literal terminates. A value that does not (it was computed) is shown as ``a / b``.
    """
    places = _places(value.denominator)
    if places is None:
        return f"{value.numerator} / {value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    if places == 0:
        return sign + digits
    return f"{sign}{digits[:-places]}{conventions(language).decimal}{digits[-places:]}"


def _places(denominator: int) -> int | None:
    """Decimal places needed for a fraction in lowest terms, or ``None`` when no number of places will do."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def show_literal(literal: Num | DateLit | YesNo, language: str) -> str:
    """A number with its percent sign, a date as the language writes it, yes or no."""
    match literal:
        case Num(value=value, percent=percent):
            return show_number(value, language) + ("%" if percent else "")
        case DateLit(value=day):
            return show_date(day, language)
        case YesNo(value=value):
            return spell("YES" if value else "NO", language)
        case _:
            assert_never(literal)


def show_date(day: date, language: str) -> str:
    """A date in the language's first form; the year has four digits on every platform."""
    form = conventions(language).dates[0]
    return form.replace("%d", f"{day.day:02}").replace("%m", f"{day.month:02}").replace("%Y", f"{day.year:04}")


def show_name(name: Ident | Name) -> str:
    """A name as the author wrote it; one that is not a single word can only stand in brackets."""
    return f"[{name.text}]" if name.bracketed or _NO_WORD.search(name.text) else name.text


def show_names(names: Iterable[Ident | Name]) -> str:
    """Names in a row."""
    return ", ".join(map(show_name, names))


def show_text(text: Text) -> str:
    """A text in quotes: a quote inside is doubled.

    A text of several lines stands in triple quotes, and so does one that starts with a quote, which would look like it.
    """
    if "\n" not in text.value and not text.value.startswith('"'):
        return '"' + text.value.replace('"', '""') + '"'
    # Between triple quotes a lone quote may stay as it is, unless it would touch them.
    inner = _RUN_OF_QUOTES.sub(lambda run: run.group() * 2, text.value)
    return f'"""{inner}"""'


def show_rounding(to: RoundTo, language: str) -> str:
    """``half-up to 2 places`` or ``half-up to a multiple of 0.25``."""
    head = f"{spell(_MODES[to.mode], language)} {spell('TO', language)}"
    sign = "%" if to.percent else ""
    tail = f" {spell('BEYOND_FULL_POINTS', language)}" if to.beyond else ""
    if to.multiple is not None:
        return f"{head} {spell('A_MULTIPLE_OF', language)} {show_number(to.multiple, language)}{sign}{tail}"
    return f"{head} {counted(to.places or 0, 'PLACES', language)}{tail}"


def counted(number: int, meaning: str, language: str) -> str:
    """A number and the word it counts: ``1 area``, ``8 areas``."""
    return f"{number} {counting_word(number == 1, meaning, language)}"


def counting_word(one: bool, meaning: str, language: str) -> str:
    """The singular or plural form of a word; the same form where the language has only one."""
    words = forms(meaning, language)
    if language != "en" or len(words) < 2:
        return words[0]
    return words[0] if one != (meaning in _PLURAL_FIRST) else words[1]

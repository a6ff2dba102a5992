"""What could stand at a place, in words: groups first, keywords in quotes, never a crowd."""

from collections.abc import Iterable

from rubric_engine.syntax.grammar import END, SIGNS
from rubric_engine.syntax.keywords import meanings, spell
from rubric_engine.tell.words import Words

_MOST = 8

_phrase = Words("expected")
_STARTS_VALUE = frozenset({"NAME", "NUMBER", "LPAR"})
_IN_VALUES = frozenset(
    {
        "NAME", "NUMBER", "LPAR", "DATE", "YES", "NO", "MINUS", "NOT", "WHEN", "FULL_POINTS", "TOTAL",
        "NOTHING_SCORED_0", "POINTS_OF", "INDEX_OF", "MET", "AT_LEAST", "MIN", "MAX", "SUM", "MEAN",
        "MEDIAN", "ABS", "FLOOR", "CEILING", "ROUND", "DAYS_FROM", "MONTHS_FROM", "YEARS_FROM", "STATE_OF",
        "LN", "EXP", "SQRT", "POWER", "COUNT_OF", "SUM_OF", "MEAN_OF", "MEDIAN_OF", "TRIMMED_MEAN_OF", "MAJORITY_OF",
        "SHARE_OF", "HIGHEST", "HIGHEST_OF", "LOWEST", "LOWEST_OF", "FIRST", "LAST",
        "AVERAGE", "STANDARD_DEVIATION_OF", "PERCENTILE", "RANK_OF", "PERCENT_RANK_OF", "POSITION_OF",
        "STANDARD_SCORE_OF",
        "SHARE_OF_UNITS", "NUMBER_OF_UNITS", "PREVIOUS", "PREVIOUS_POINTS_OF", "PREVIOUS_INDEX_OF", "PREVIOUS_TOTAL",
        "DAYS_LATE_OF",
    }
)  # fmt: skip
_OPERATORS = frozenset(
    {
        "PLUS", "MINUS", "STAR", "SLASH", "CARET", "LT", "LE", "EQ", "NE", "GE", "GT", "IS", "IS_NOT", "IS_ONE_OF",
        "IS_AT_LEAST", "IS_AT_MOST", "IS_ABOVE", "IS_BELOW", "AND", "OR", "OF_FULL_POINTS",
        "MONTHS_AFTER", "MONTHS_BEFORE", "YEARS_AFTER", "YEARS_BEFORE",
    }
)  # fmt: skip
_SIGN_OF = {name: sign for sign, name in SIGNS.items()}


def shown_expected(kinds: Iterable[str], language: str) -> str:
    """A list for people: ``a number, `from` or the end of the line``."""
    left = set(kinds)
    shown: list[str] = []
    if left >= _STARTS_VALUE:
        shown.append(_phrase("VALUE", language))
        left -= _IN_VALUES
    after_value = len(left & _OPERATORS) > 3
    if after_value:
        left -= _OPERATORS
    for kind in ("STRING", "CODE", "NAME", "NUMBER", "DATE"):
        if kind in left:
            shown.append(_phrase(kind, language))
    shown.extend(f"`{sign}`" for name, sign in _SIGN_OF.items() if name in left)
    shown.extend(f"`{spell(meaning, language)}`" for meaning in meanings() if meaning in left)
    # English spells two meanings alike: each spelling is listed once.
    shown = list(dict.fromkeys(shown))
    if after_value:
        shown.append(_phrase("OPERATOR", language))
    if END in left:
        shown.append(_phrase(END, language))
    if len(shown) > _MOST:
        return ", ".join(shown[:_MOST]) + ", …"
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + _phrase("or", language) + shown[-1]

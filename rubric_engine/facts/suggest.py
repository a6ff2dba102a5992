"""Did you mean …? Only when the distance is small: a wrong suggestion costs more than none. Standard library only."""

import unicodedata
from collections.abc import Iterable

_LONGEST_WORD = 80


def closest(word: str, candidates: Iterable[str], *, same_digits: bool = False) -> str | None:
    """The candidate the author most likely meant, or ``None``.

    One that differs only in case, diacritics, spaces, hyphens or underscores wins. Otherwise the nearest by edit
    distance (an exchange of neighbours counts as one), if it is at most a third of the word's length. With
    ``same_digits`` the digits must agree: in a submission 1.2 is another criterion than 1.1, not a slip of it.
    """
    wanted = loosened(word[:_LONGEST_WORD])
    digits = _digits_of(wanted)
    limit = len(wanted) // 3
    best: tuple[int, int] | None = None
    found: str | None = None
    for candidate in candidates:
        if candidate == word:
            continue
        shape = loosened(candidate[:_LONGEST_WORD])
        if same_digits and shape != wanted and _digits_of(shape) != digits:
            continue
        apart = 0 if shape == wanted else distance(wanted, shape, limit)
        if apart > limit or not shape:
            continue
        # Among equals the one nearer to what was really typed, diacritics and all.
        score = (apart, distance(word[:_LONGEST_WORD], candidate[:_LONGEST_WORD], _LONGEST_WORD))
        if best is None or score < best:
            best, found = score, candidate
    return found


def loosened(text: str) -> str:
    """The text without case, diacritics, spaces, hyphens and underscores: what people get wrong without noticing."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(char for char in plain if not unicodedata.combining(char) and char not in " \t\u00a0-_")


def distance(left: str, right: str, limit: int) -> int:
    """Edit distance with exchanges of neighbours; any number above ``limit`` once it is known to exceed it."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for at, char in enumerate(left, start=1):
        row = [at]
        for to, other in enumerate(right, start=1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (char != other))
            if at > 1 and to > 1 and char == right[to - 2] and left[at - 2] == other:
                cost = min(cost, before_last[to - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return last[-1]


def _digits_of(word: str) -> str:
    return "".join(char for char in word if char.isdigit())

"""The order in which people look for names. Standard library only."""

import re
import unicodedata
from typing import Final

from rubric_engine.facts.fold import TONES, fold

_ALPHABET: Final = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONE_ORDER: Final = {tone: at for at, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
_PIECES: Final = re.compile(r"[0-9]+|.", re.DOTALL)
Place = tuple[tuple[tuple[int, int, str], ...], tuple[int, ...], str]


def in_alphabet(text: str) -> Place:
    """What names are sorted by as people do: `1.9` before `1.10`, Vietnamese letters in their own order.

    Tones tell apart what is equal but for them, in the order of dictionaries: none, grave, hook above, tilde, acute,
    dot below.
    """
    places: list[tuple[int, int, str]] = []
    tones: list[int] = []
    for piece in _PIECES.findall(fold(text)):
        if piece.isdecimal():
            number = piece.lstrip("0")
            places.append((1, len(number), number))
            continue
        marks = unicodedata.normalize("NFD", piece)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        tones.append(next((_TONE_ORDER[mark] for mark in marks if mark in TONES), 0))
        if letter in _ALPHABET:
            places.append((2, _ALPHABET[letter], ""))
        else:
            places.append((3 if letter.isalpha() else 0, 0, letter))
    return tuple(places), tuple(tones), text

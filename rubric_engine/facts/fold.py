"""When two ways to write a name are the same name: the only place that says so. Standard library only.

People write the name of a unit by hand, copy it from a letter, or take it from a table in which every mark stands
apart from its letter. All of these are one name; wherever names are compared or looked up, both sides are folded.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

# Nothing of these is seen: zero-width blanks and joiners, the soft hyphen, a mark of byte order.
_UNSEEN: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Grave, acute, tilde, hook above, dot below.
TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
# `hòa`, `khỏe`, `thủy` beside `hoà`, `khoẻ`, `thuỷ`: both placements are taught, and both are right.
_EARLY_TONE: Final = re.compile(f"(o)([{TONES}])([ae])(?![\u0300-\u036f])|(u)([{TONES}])(y)(?![\u0300-\u036f])")
# The letter eth looks like the Vietnamese capital letter and is no letter of either language.
_LOOKALIKE: Final = str.maketrans({"ð": "đ"})


def fold(text: str) -> str:
    """The form in which two spellings of a name are the same: for comparing, never for showing. Never raises.

    Composed letters, no case, one blank for any run of blanks (non-breaking ones too) and none at the ends, nothing
    invisible, the tone of *oa oe uy* on the second vowel.
    """
    if text.isascii():
        return " ".join(text.split()).lower()
    plain = " ".join(text.translate(_UNSEEN).split()).casefold().translate(_LOOKALIKE)
    apart = _EARLY_TONE.sub(_late_tone, unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", apart)


def _late_tone(match: re.Match[str]) -> str:
    first, tone, second = (part for part in match.groups() if part is not None)
    return first + second + tone


Named = TypeVar("Named")


class Folded(Mapping[str, Named]):
    """A mapping by name in which every spelling of a name finds its value; the names themselves stay as written.

    A name written exactly so comes first. A spelling that fits two names finds neither.
    """

    __slots__ = ("_exact", "_names")

    def __init__(self, items: Mapping[str, Named] | Iterable[tuple[str, Named]]) -> None:
        self._exact = dict(items)
        self._names: dict[str, str | None] | None = None  # made when a spelling is first looked for

    def __getitem__(self, name: str) -> Named:
        found = self.written(name)
        if found is None:
            raise KeyError(name)
        return self._exact[found]

    def __iter__(self) -> Iterator[str]:
        return iter(self._exact)

    def __len__(self) -> int:
        return len(self._exact)

    def written(self, name: str) -> str | None:
        """The name as this mapping writes it; ``None`` where it has no such name, or two."""
        if name in self._exact:
            return name
        if not isinstance(name, str):
            return None
        if self._names is None:
            self._names = {}
            for each in self._exact:
                key = fold(each)
                self._names[key] = None if key in self._names else each
        return self._names.get(fold(name))


def written_as(name: str, names: Iterable[str]) -> str | None:
    """The one of these names that is meant, as it is written there; ``None`` where none is, or two are."""
    return Folded((each, None) for each in names).written(name)

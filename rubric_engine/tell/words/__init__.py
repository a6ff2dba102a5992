"""The words of every language, as data: ``en.toml``, ``vi.toml`` beside this file. Standard library only.

A section is what one place says. A file is read when its language is first asked for, and of it the sections asked for
alone. A third language is a file more: what it lacks is said in English.
"""

import re
from collections.abc import Mapping
from functools import cache

ENGLISH = "en"
_SECTION = re.compile(r"^\[(\w+)\]\n", re.MULTILINE)


class Words:
    """What one place says: its own section, and after it those that it shares with others."""

    def __init__(self, *sections: str) -> None:
        self._sections = sections
        self._tables: dict[str, Mapping[str, str]] = {}

    def of(self, language: str) -> Mapping[str, str]:
        """Every phrase, by its key; the first section that has a key holds."""
        if language not in self._tables:
            table: dict[str, str] = {}
            for section in reversed(self._sections):
                table |= phrases(ENGLISH, section) | phrases(language, section)
            self._tables[language] = table
        return self._tables[language]

    def __call__(self, key: str, language: str, /, **values: object) -> str:
        """A phrase with its values put in. Values are data: a brace in one is a brace."""
        return self.of(language)[key].format_map(values)


@cache
def phrases(language: str, section: str) -> dict[str, str]:
    """One section in one language, empty where the language has none."""
    text = sections_of(language).get(section)
    if text is None:
        return {}
    from tomllib import loads  # what nobody asks for is not paid for

    return loads(text)


@cache
def sections_of(language: str) -> dict[str, str]:
    """The text of each section of a language, empty for a language without a file."""
    if re.fullmatch("[a-z]{2,3}", language) is None:
        return {}
    try:
        text = _read(f"{language}.toml")
    except OSError:
        return {}
    _, *parts = _SECTION.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _read(name: str) -> str:
    """A file beside this one, also where the engine comes out of an archive or inside a published evaluator."""
    assert __spec__ is not None
    assert __file__ is not None
    loader = __spec__.loader
    data: bytes = loader.get_data(__file__.replace("__init__.py", name))  # type: ignore[union-attr]
    return data.decode("utf-8")

"""The words of every language, as data: ``en.toml``, ``vi.toml`` beside this file. Standard library only.

A section is what one place says. A file is read when its language is first asked for, and of it the sections asked for
alone. A third language is a file more: what it lacks is said in English.

A phrase about a number of things may have a form for each kind of number the language tells apart, ``{ one = "1 day",
other = "{count} days" }``: the value ``count`` chooses. Section ``plural`` says which kinds there are beside ``other``,
each by a pattern of the number as it is written: ``one = "1"``, in Polish ``few = "(.*[^1])?[2-4]"``.
"""

import re
from collections.abc import Mapping
from functools import cache

ENGLISH = "en"
OTHER = "other"
PLURAL = "plural"
Forms = Mapping[str, str]
_SECTION = re.compile(r"^\[(\w+)\]\n", re.MULTILINE)


class Words:
    """What one place says: its own section, and after it those that it shares with others."""

    def __init__(self, *sections: str) -> None:
        self._sections = sections
        self._tables: dict[str, Mapping[str, str]] = {}
        self._forms: dict[str, dict[str, tuple[str, Forms]]] = {}

    def of(self, language: str) -> Mapping[str, str]:
        """Every phrase, by its key; the first section that has a key holds. Of several forms it is the ``other``."""
        if language not in self._tables:
            table: dict[str, str] = {}
            forms: dict[str, tuple[str, Forms]] = {}
            for section in reversed(self._sections):
                for spoken in dict.fromkeys((ENGLISH, language)):
                    for key, said in phrases(spoken, section).items():
                        forms.pop(key, None)
                        if isinstance(said, str):
                            table[key] = said
                        else:
                            table[key], forms[key] = said[OTHER], (spoken, said)
            self._forms[language] = forms
            self._tables[language] = table
        return self._tables[language]

    def __call__(self, key: str, language: str, /, **values: object) -> str:
        """A phrase with its values put in. Values are data: a brace in one is a brace."""
        said = self.of(language)[key]
        if key in self._forms[language]:
            spoken, forms = self._forms[language][key]
            said = forms.get(kind_of_number(str(values["count"]), spoken), said)
        return said.format_map(values)


def kind_of_number(number: str, language: str) -> str:
    """Which form a phrase about so many things takes: the first kind whose pattern the number fits."""
    kinds = phrases(language, PLURAL).items()
    return next((kind for kind, fits in kinds if re.fullmatch(str(fits), number)), OTHER)


@cache
def phrases(language: str, section: str) -> Mapping[str, str | Forms]:
    """One section in one language, empty where the language has none."""
    text = sections_of(language).get(section)
    if text is None:
        return {}
    from tomllib import loads  # what nobody asks for is not paid for

    return loads(text)


@cache
def sections_of(language: str) -> Mapping[str, str]:
    """The text of each section of a language, empty for a language without a file."""
    if re.fullmatch("[a-z]{2,3}", language) is None:
        return {}
    try:
        text = _read(f"{language}.toml")
    except OSError:
        return {}
    _, *parts = _SECTION.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def languages() -> tuple[str, ...]:
    """Every language that has a file, where the files can be looked through."""
    from importlib.resources import files

    return tuple(sorted(each.name[:-5] for each in files(__name__).iterdir() if each.name.endswith(".toml")))


def is_spoken(language: str) -> bool:
    """Whether there are words of a language."""
    return bool(sections_of(language))


def spoken(language: str) -> str:
    """The language, if there are words of it. Raises ``ValueError`` with those there are."""
    if not is_spoken(language):
        raise ValueError(f"no words in {language!r}; there are: {', '.join(languages())}")
    return language


def _read(name: str) -> str:
    """A file beside this one, also where the engine comes out of an archive or inside a published evaluator."""
    assert __spec__ is not None
    assert __file__ is not None
    loader = __spec__.loader
    data: bytes = loader.get_data(__file__.replace("__init__.py", name))  # type: ignore[union-attr]
    return data.decode("utf-8")

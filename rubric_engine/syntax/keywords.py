"""The words of the keyword languages, by meaning. The data are in ``grammars/keywords.toml``."""

from functools import cache

from rubric_engine.runtime.record import record
from rubric_engine.syntax.grammar import tables


@record
class Conventions:
    """How a language writes numbers and dates: the decimal mark and the forms of a date, as for ``strptime``."""

    decimal: str
    dates: tuple[str, ...]


def __getattr__(name: str) -> object:
    # Read when first asked for, so that importing the module reads no file.
    if name == "MEANINGS":
        return meanings()
    if name == "LANGUAGES":
        return languages()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def languages() -> tuple[str, ...]:
    """The keyword languages, the default first."""
    return tuple(tables().conventions)


@cache
def meanings() -> tuple[str, ...]:
    """Every keyword's meaning, the same in all languages."""
    return tuple(tables().keywords[languages()[0]])


def spell(meaning: str, language: str) -> str:
    """The canonical form of a keyword; :class:`KeyError` for a meaning or a language that does not exist."""
    return tables().keywords[language][meaning][0]


def forms(meaning: str, language: str) -> tuple[str, ...]:
    """All accepted forms of a keyword, the canonical one first."""
    return tables().keywords[language][meaning]


@cache
def conventions(language: str) -> Conventions:
    """How numbers and dates are written in the language."""
    found = tables().conventions[language]
    return Conventions(found["decimal"], tuple(found["date"]))


def reserved_words(language: str) -> frozenset[str]:
    """Words of the language that cannot be a name: somewhere a name may stand they are read as the keyword."""
    return tables().reserved[language]


@cache
def soft_words() -> frozenset[str]:
    """Words of all languages that may be a name but not that of a function: before ``(`` they are the keyword."""
    return frozenset(form for language in languages() for meaning in tables().soft for form in forms(meaning, language))


_TYPES = (
    "YES_NO", "COUNT", "NUMBER_TYPE", "PERCENT_TYPE", "MONEY", "DATE_TYPE", "TEXT_TYPE", "LIST", "RATINGS", "ONE_OF",
)  # fmt: skip


@cache
def type_words() -> frozenset[str]:
    """The types of all languages: no list of levels may be called like one."""
    return frozenset(form for language in languages() for meaning in _TYPES for form in forms(meaning, language))


@cache
def list_words() -> frozenset[str]:
    """Words that no register may be called: after ``share of`` they are read as a keyword, as ``units`` is."""
    return frozenset(
        whole.removeprefix(f"{start} ")
        for language in languages()
        for whole in forms("SHARE_OF_UNITS", language)
        for start in forms("SHARE_OF", language)
        if whole.startswith(f"{start} ")
    )


@cache
def all_reserved_words() -> frozenset[str]:
    """Words refused as names, whatever the file's language, so that every rubric can be translated."""
    return frozenset().union(*(reserved_words(language) for language in languages()))

"""The words of the keyword languages, by meaning. The data are in ``grammars/keywords.toml``."""

from functools import cache

from rubric_engine.plan.record import record
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


@cache
def single_words(language: str) -> frozenset[str]:
    """Keywords of one word: a name spelt so is put in brackets where the two could be mistaken."""
    table = tables().keywords[language]
    return frozenset(form for forms in table.values() for form in forms if form.isidentifier())


@cache
def all_single_words() -> frozenset[str]:
    """Keywords of one word of every language."""
    return frozenset().union(*map(single_words, languages()))


_TYPES = (
    "YES_NO", "COUNT", "NUMBER_TYPE", "PERCENT_TYPE", "MONEY", "DATE_TYPE", "TEXT_TYPE", "LIST", "RATINGS", "ONE_OF",
)  # fmt: skip


@cache
def joining_words() -> frozenset[str]:
    """Keywords of one word that a name of several words would not hold: all but the types."""
    return all_single_words() - {form for each in languages() for name in _TYPES for form in forms(name, each)}


# Where a name of that kind may stand, these are complete in themselves, and always the keyword.
_ALWAYS = ("YES", "NO")
# At the start of a row the joints continue the line above.
_OF_LEVELS = ("MISSING", "OTHERWISE", "AND", "OR", "BECAUSE")
_OF_GRADES = ("PENDING", "UNDECIDED")
# Before a bracket, these are the keyword.
_CALLED = (
    "MIN", "MAX", "SUM", "MEAN", "MEDIAN", "ABS", "FLOOR", "CEILING", "ROUND", "LN", "EXP", "SQRT", "POWER", "NOT",
    "WHEN", "FIRST", "LAST", "HIGHEST", "LOWEST", "AVERAGE", "PERCENTILE", "PREVIOUS",
)  # fmt: skip


@cache
def reserved_words(kind: str = "") -> frozenset[str]:
    """Words of all languages that a name is not spelt like without brackets, so that every rubric can be translated.

    ``kind`` may be ``level``, ``grade``, ``function`` or ``list`` (of levels, which stands where a type stands): these
    have a few more.
    """
    more = {"level": _OF_LEVELS, "grade": _OF_LEVELS + _OF_GRADES, "function": _CALLED, "list": _TYPES}
    spelt = {form for each in languages() for name in _ALWAYS + more.get(kind, ()) for form in forms(name, each)}
    if kind in ("level", "grade"):
        spelt |= _after_is()
    return frozenset(form for form in spelt if form.isidentifier())


def _after_is() -> set[str]:
    """What *is* makes a keyword of: ``above``, as in ``is above``."""
    found: set[str] = set()
    for language in languages():
        starts = tuple(f"{form} " for form in forms("IS", language))
        for meaning in ("IS_NOT", "IS_ABOVE", "IS_BELOW", "IS_AT_LEAST", "IS_AT_MOST"):
            found |= {form.split(" ", 1)[1] for form in forms(meaning, language) if form.startswith(starts)}
    return found


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


# What people call all that is left, beside the keyword.
_REST = {
    "en": ("else", "default", "other", "others", "all others", "anything else", "rest", "the rest", "remaining"),
    "vi": ("khác", "các trường hợp khác", "trường hợp khác", "ngược lại", "các mức khác", "mặc định"),
}


@cache
def means_the_rest(word: str, language: str) -> bool:
    """Whether a word stands for all that is left without being the keyword for it in that language."""
    known = {each for words in _REST.values() for each in words} | {
        form for each in languages() for form in forms("OTHERWISE", each)
    }
    return word.casefold() in known - set(forms("OTHERWISE", language))


def spelled_here(word: str, language: str) -> str | None:
    """The keyword of a language that another language spells ``word``."""
    others = (each for each in languages() if each != language)
    return next(
        (spell(meaning, language) for each in others for meaning in meanings() if word in forms(meaning, each)), None
    )

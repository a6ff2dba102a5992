"""The words of every diagnostic: one page a code in ``pages/``, read when first needed.

A page holds, in both languages, the message, the help texts and an explanation, and a bad and a good rubric that
the tests run. Messages are templates: ``{name}`` is replaced by the diagnostic's value of that name. A page may hold a
message of its own for one of its help texts: ``message_near`` is said in place of ``message`` where the help is
``help_near``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from rubric_engine.diagnostics.shape import Diagnostic, Severity
from rubric_engine.plan.record import record

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "vi")

_TITLE = re.compile(r"# (RUB\d{3}) ([a-z0-9]+(?:-[a-z0-9]+)*)\s*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z_0-9]*)\}")
_EXPLANATIONS = {"Explanation": "en", "Giải thích": "vi"}


@record
class Sample:
    """A rubric on a page, with the submission that goes with it (codes 5xx only), as text.

    ``encoding`` is what the file is saved in: only the page on wrong encodings has another than UTF-8.
    """

    rubric: str
    submission: str | None = None
    encoding: str = "utf-8"


@record
class Page:
    """All that is known about a code. ``texts`` is language, then key (``message``, ``help`` …), to template."""

    code: str
    slug: str
    severity: Severity
    texts: Mapping[str, Mapping[str, str]]
    explanation: Mapping[str, str]
    bad: Sample
    good: Sample

    def text(self, key: str, language: str) -> str | None:
        """A template in the language, or in English where the language lacks it; ``None`` if there is no such key."""
        return self.texts.get(language, {}).get(key) or self.texts["en"].get(key) or None


class PageError(ValueError):
    """A page of the catalogue itself is malformed; never the author's fault."""


def _folder() -> "Traversable":
    # Imported here: it costs as much as the rest of the package, and a clean rubric never needs a page.
    from importlib.resources import files

    return files("rubric_engine.diagnostics").joinpath("pages")


@cache
def page(code: str) -> Page:
    """The page of a code; :class:`KeyError` when there is none."""
    place = _folder().joinpath(f"{code}.md")
    if not re.fullmatch(r"RUB\d{3}", code) or not place.is_file():
        raise KeyError(code)
    return read_page(place.read_text(encoding="utf-8"))


@cache
def codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    names = (place.name for place in _folder().iterdir())
    return tuple(sorted(name[:-3] for name in names if re.fullmatch(r"RUB\d{3}\.md", name)))


def find(word: str) -> Page | None:
    """The page for what a person typed: ``RUB412``, ``rub412``, ``412`` or ``bands-overlap``."""
    wanted = word.strip().upper()
    for code in (wanted, f"RUB{wanted}"):
        if code in codes():
            return page(code)
    return next((here for here in map(page, codes()) if here.slug == word.strip().lower()), None)


def severity(diagnostic: Diagnostic) -> Severity:
    """How grave the problem is: a property of its code."""
    return page(diagnostic.code).severity


def message(diagnostic: Diagnostic, language: str) -> str:
    """The message in one sentence, in the language asked for."""
    here = page(diagnostic.code)
    _, apart, which = diagnostic.help.partition("help_")
    own = here.text(f"message_{which}", language) if apart else None
    return fill(own or here.text("message", language) or diagnostic.code, diagnostic.values)


def help_text(diagnostic: Diagnostic, language: str) -> str | None:
    """What to do about it, or ``None`` when the diagnostic asks for a help its page does not have."""
    return label_text(diagnostic, diagnostic.help, language)


def label_text(diagnostic: Diagnostic, key: str, language: str) -> str | None:
    """Any other text of the diagnostic's page, filled in: what a label says."""
    template = page(diagnostic.code).text(key, language) if key else None
    return fill(template, diagnostic.values) if template else None


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace ``{name}`` by its value. Values are data: braces inside them mean nothing."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], "…"), template)


def placeholders(template: str) -> frozenset[str]:
    """Names of the values a template wants."""
    return frozenset(_PLACEHOLDER.findall(template))


# ---------------------------------------------------------------- reading a page


def read_page(text: str) -> Page:
    """Read one page; raises :class:`PageError` for anything that does not follow the form."""
    head, sections = _sections(text)
    title = _TITLE.fullmatch(head[0]) if head else None
    if title is None:
        raise PageError("the first line must be `# RUBnnn slug`")
    grades = [line.partition(":")[2].strip() for line in head if line.startswith("severity:")]
    if len(grades) != 1 or grades[0] not in list(Severity):
        raise PageError(f"{title[1]}: one line `severity: error`, `warning` or `note` is needed")
    wanted = {*LANGUAGES, *_EXPLANATIONS, "Bad", "Good"}
    if set(sections) != wanted:
        raise PageError(f"{title[1]}: sections {sorted(wanted ^ set(sections))} are missing or not known")
    texts = {language: _texts(title[1], sections[language]) for language in LANGUAGES}
    return Page(
        code=title[1],
        slug=title[2],
        severity=Severity(grades[0]),
        texts=texts,
        explanation={to: "\n".join(sections[name]).strip() for name, to in _EXPLANATIONS.items()},
        bad=_sample(title[1], sections["Bad"]),
        good=_sample(title[1], sections["Good"]),
    )


def _sections(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """The lines before the first ``##``, and those of each section; a ``#`` inside a fence is a rubric's comment."""
    head: list[str] = []
    sections: dict[str, list[str]] = {}
    here, fenced = head, False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if line.startswith("## ") and not fenced:
            here = sections.setdefault(line[3:].strip(), [])
        else:
            here.append(line)
    return [line for line in head if line.strip()], sections


def _texts(code: str, lines: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for line in filter(str.strip, lines):
        key, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[a-z][a-z_0-9]*", key):
            raise PageError(f"{code}: `{line}` is not `key: text`")
        texts[key] = value.strip()
    if not texts.get("message"):
        raise PageError(f"{code}: a language has no message")
    return texts


def _fences(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Each fenced block as its info string and its text."""
    info: str | None = None
    body: list[str] = []
    for line in lines:
        if not line.startswith("```"):
            body.append(line)
        elif info is None:
            info, body = line[3:].strip(), []
        else:
            yield info, "".join(f"{each}\n" for each in body)
            info = None


def _sample(code: str, lines: list[str]) -> Sample:
    rubric: str | None = None
    submission: str | None = None
    encoding = "utf-8"
    for info, body in _fences(lines):
        name, _, rest = info.partition(" ")
        if name == "rubric" and rubric is None:
            rubric = body
            encoding = rest.removeprefix("encoding=") or "utf-8"
        elif name == "json":
            submission = body
    if rubric is None:
        raise PageError(f"{code}: a sample has no ```rubric block")
    return Sample(rubric, submission, encoding)

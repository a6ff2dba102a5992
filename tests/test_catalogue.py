"""The catalogue: every page reads, says the same in both languages, and templates take values as data."""

import pytest

from rubric_engine.diagnostics import catalogue
from rubric_engine.diagnostics.shape import Severity, problem

PAGE = """\
# RUB412 bands-overlap
severity: warning

## en
message: {value} falls in two bands
help: write `{mend}`
other: see {place_2}

## vi
message: {value} rơi vào hai mức
help: viết `{mend}`
other: xem {place_2}

## Explanation
What it means.

## Giải thích
Nghĩa là gì.

## Bad
```rubric
# language: vi
## no heading
```
```json
{"inputs": {}}
```

## Good
```rubric
good
```
"""


def test_a_page_is_read_whole() -> None:
    page = catalogue.read_page(PAGE)
    assert (page.code, page.slug, page.severity) == ("RUB412", "bands-overlap", Severity.WARNING)
    assert page.texts["vi"]["message"] == "{value} rơi vào hai mức"
    assert page.explanation == {"en": "What it means.", "vi": "Nghĩa là gì."}
    assert page.bad == catalogue.Sample("# language: vi\n## no heading\n", '{"inputs": {}}\n')
    assert page.good == catalogue.Sample("good\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# RUB412 bands-overlap", "# RUB412"),
        ("severity: warning", "severity: grave"),
        ("## vi", "## fr"),
        ("message: {value} falls in two bands\n", ""),
        ("help: write `{mend}`", "no colon here"),
        ("```rubric\ngood\n```", "nothing"),
    ],
)
def test_a_malformed_page_is_refused(old: str, new: str) -> None:
    assert old in PAGE
    with pytest.raises(catalogue.PageError):
        catalogue.read_page(PAGE.replace(old, new, 1))


def test_values_are_data() -> None:
    assert catalogue.fill("{a} and {b}", {"a": "{b}", "b": "{0.__class__}"}) == "{b} and {0.__class__}"
    assert catalogue.fill("{missing} 100% {", {}) == "… 100% {"


@pytest.mark.parametrize("code", catalogue.codes())
def test_every_page_says_the_same_in_both_languages(code: str) -> None:
    page = catalogue.page(code)
    assert page.code == code
    assert page.texts["en"].keys() == page.texts["vi"].keys()
    for key, template in page.texts["en"].items():
        assert catalogue.placeholders(template) == catalogue.placeholders(page.texts["vi"][key]), key


@pytest.mark.parametrize("code", catalogue.codes())
def test_every_page_is_in_the_house_style(code: str) -> None:
    page = catalogue.page(code)
    for language, texts in page.texts.items():
        for key, text in texts.items():
            assert text, (language, key)
            assert not text.endswith("."), (language, key)
            assert text[0] == text[0].lower() or text[0] in "`{", (language, key)
    for language in catalogue.LANGUAGES:
        assert len(page.explanation[language]) > 80, language


def test_slugs_are_unique() -> None:
    slugs = [catalogue.page(code).slug for code in catalogue.codes()]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("word", ["RUB117", "rub117", "117", "wrong-encoding", " Wrong-Encoding "])
def test_a_code_is_found_however_it_is_typed(word: str) -> None:
    page = catalogue.find(word)
    assert page is not None
    assert page.code == "RUB117"


@pytest.mark.parametrize("word", ["", "RUB999", "../../shape", "RUB117.md", "wrong"])
def test_what_is_no_code_is_not_found(word: str) -> None:
    assert catalogue.find(word) is None


def test_a_code_without_page_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        catalogue.page("RUB999")
    with pytest.raises(KeyError):
        catalogue.page("../RUB117")


def test_messages_of_a_diagnostic() -> None:
    found = problem("RUB117", offset=7)
    assert catalogue.severity(found) is Severity.ERROR
    assert "offset 7" in catalogue.message(found, "en")
    assert "vị trí 7" in catalogue.message(found, "vi")
    assert catalogue.message(found, "fr") == catalogue.message(found, "en")
    assert catalogue.help_text(found, "en")
    assert catalogue.help_text(problem("RUB117", help="no-such-help"), "en") is None
    assert catalogue.help_text(problem("RUB117", help=""), "en") is None


def test_a_help_may_have_a_message_of_its_own() -> None:
    for help_key, said in (
        ("help_percent", "a share lies from 0% to 100%, and this is `120%`"),
        ("help_kind", "nothing lies within `120%`"),
        ("help", "nothing lies within `120%`"),
    ):
        found = problem("RUB307", low="0%", high="100%", text="120%", help=help_key)
        assert catalogue.message(found, "en") == said


@pytest.mark.parametrize("code", catalogue.codes())
def test_every_page_asks_alike_what_was_meant(code: str) -> None:
    for language, opening, wrong in (("en", "did you mean", "did you mean"), ("vi", "có phải ý bạn là", "có phải")):
        for text in catalogue.page(code).texts[language].values():
            if wrong in text:
                assert opening in text, text
                assert text.endswith("?"), text

"""What the command line itself says. Diagnostics and reports bring their own words."""

from rubric_engine.cli.terminal import Leave, system_language, wrong_use
from rubric_engine.tell.words import Words

say = Words("cli", "common")


def near(word: str | None, language: str) -> str:
    """What was perhaps meant, to stand at the end of a sentence; nothing where nothing is near."""
    return say("near", language, near=word) if word else ""


def misused(key: str, language: str | None = None, /, **values: object) -> Leave:
    """As ``wrong_use``, in a phrase of the command line; in the language of the system where no other is known."""
    return wrong_use(say(key, language or system_language(), **values))

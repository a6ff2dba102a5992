"""What the command line itself says, in both languages. Diagnostics and reports bring their own words."""

from rubric_engine.tell.words import Words

say = Words("cli", "common")


def near(word: str | None, language: str) -> str:
    """What was perhaps meant, to stand at the end of a sentence; nothing where nothing is near."""
    return say("near", language, near=word) if word else ""

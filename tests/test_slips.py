"""What people write by mistake: one cause is one message, and a mend that is offered, obeyed, checks clean.

``slips/en.slips`` and ``slips/vi.slips`` hold the corpus: a line of the rubric beside it (``-``), what is written
instead (``+``), and, where only the author can choose, words of the advice (``?``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rubric_engine import Checked, check_text
from rubric_engine.diagnostics.catalogue import help_text

FOLDER = Path(__file__).parent / "slips"
RIGHT_AT_ONCE = 0.95


@dataclass(frozen=True)
class Slip:
    """One mistake in one line of the rubric of its language."""

    language: str
    meant: str
    written: str
    advice: str = ""


def corpus(language: str) -> list[Slip]:
    """Every slip of a language."""
    found: list[Slip] = []
    for block in (FOLDER / f"{language}.slips").read_text(encoding="utf-8").split("\n\n"):
        lines = {line[0]: line[2:] for line in block.splitlines() if line[:2] in ("- ", "+ ", "? ")}
        if lines:
            found.append(Slip(language, lines["-"], lines["+"], lines.get("?", "")))
    return found


SLIPS = [slip for language in ("en", "vi") for slip in corpus(language)]


def rubric(language: str) -> str:
    """The rubric in which the slips are made."""
    return (FOLDER / f"{language}.rubric").read_text(encoding="utf-8")


def with_slip(slip: Slip) -> str:
    """The rubric with one line written wrong."""
    lines = rubric(slip.language).splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.strip() == slip.meant]
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return "\n".join([*lines[:at], indent + slip.written, *lines[at + 1 :]]) + "\n"


def obeyed(text: str, checked: Checked) -> str:
    """The text with every mend made that is offered."""
    fixes = [found.fix for found in checked.diagnostics if found.fix is not None]
    for fix in sorted(fixes, key=lambda fix: fix.span, reverse=True):
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return text


def is_right_at_once(slip: Slip) -> bool:
    """Accepted as it is meant, or one message whose mend checks clean, or whose advice says what there is to choose."""
    text = with_slip(slip)
    checked = check_text(text)
    if len(checked.diagnostics) > 1:
        return False
    if slip.advice:
        return all(slip.advice in (help_text(found, slip.language) or "") for found in checked.diagnostics)
    return not check_text(obeyed(text, checked)).diagnostics


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_rubric_of_the_slips_checks_clean(language: str) -> None:
    assert check_text(rubric(language)).diagnostics == ()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.language}: {slip.written}")
def test_a_mend_that_is_offered_checks_clean(slip: Slip) -> None:
    text = with_slip(slip)
    checked = check_text(text)
    if any(found.fix is not None for found in checked.diagnostics):
        assert check_text(obeyed(text, checked)).diagnostics == ()


def test_most_slips_are_answered_right_at_once(record_property: Callable[[str, object], None]) -> None:
    wrong = [slip.written for slip in SLIPS if not is_right_at_once(slip)]
    right = len(SLIPS) - len(wrong)
    record_property("right at once", f"{right} of {len(SLIPS)}")
    assert len(SLIPS) >= 150
    assert right >= RIGHT_AT_ONCE * len(SLIPS), wrong

"""Text on a terminal of 80 columns: how wide it is, how it wraps, what must not reach the terminal as it is."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WIDTH = 80
# Findings beyond these are counted, not shown, unless all are asked for.
MOST_SHOWN = 100
_TAB = 4


def cells(text: str) -> Iterator[tuple[str, int]]:
    """Each code point as it may be shown, with the columns it takes.

    A tab becomes spaces. Control characters and the marks that turn the direction of writing round become ``\ufffd``:
    a rubric is data from a stranger and must not steer the reader's terminal.
    """
    column = 0
    for char in text:
        if char == "\t":
            shown = " " * (_TAB - column % _TAB)
        elif _hostile(char):
            shown = "\ufffd"
        else:
            shown = char
        wide = len(shown) if char == "\t" else char_width(shown)
        column += wide
        yield shown, wide


def safe(text: str) -> str:
    """One line of text with nothing in it that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(shown for shown, _ in cells(text.replace("\n", " ")))


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """Columns a code point takes: 0 for combining marks and joiners, 2 for wide ones, else 1."""
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Columns a line takes."""
    if text.isprintable():
        return len(text) if text.isascii() else sum(map(char_width, text))
    return sum(wide for _, wide in cells(text))


def wrap(text: str, columns: int) -> list[str]:
    """Break at spaces into lines of at most ``columns``; a longer word stands alone on its line."""
    lines: list[str] = []
    here, used = "", 0
    for word in text.split():
        wide = width(word)
        if here and used + 1 + wide > columns:
            lines.append(here)
            here, used = word, wide
        elif here:
            here, used = f"{here} {word}", used + 1 + wide
        else:
            here, used = word, wide
    return [*lines, here] if here else lines


def flow(text: str, columns: int = WIDTH) -> str:
    """Paragraphs and ``- `` lists of light Markdown, broken anew to fit; indented and fenced lines stay as they are."""
    lines: list[str] = []
    paragraph: list[str] = []
    fenced = False

    def finish() -> None:
        words = " ".join(paragraph)
        mark, inset = ("- ", "  ") if words.startswith("- ") else ("", "")
        for at, line in enumerate(wrap(words.removeprefix(mark), columns - len(mark))):
            lines.append((inset if at else mark) + line)
        paragraph.clear()

    for line in text.split("\n"):
        fence = line.startswith("```")
        fenced = fenced is not fence
        if fence or fenced or not line.strip() or line.startswith("    "):
            finish()
            lines.append(line)
            continue
        if line.startswith("- "):
            finish()
        paragraph.append(line.strip())
    finish()
    return "\n".join(lines)


def pad(text: str, columns: int) -> str:
    """The text followed by spaces up to the width given."""
    return text + " " * max(0, columns - width(text))


def _hostile(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return True
    return category == "Cf" and unicodedata.bidirectional(char) not in ("BN", "ON", "EN", "AN", "L")

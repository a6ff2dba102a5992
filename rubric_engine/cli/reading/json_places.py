"""Where in a JSON text a value stands: for messages about a file a person wrote by hand."""

import json
import re
from collections.abc import Iterator

_SPACE = re.compile(r"[ \t\r\n]*")


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def items_of(text: str) -> Iterator[int]:
    """Where each value of a list begins; of anything else where it begins itself. The text is sound JSON."""
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        yield at
        return
    for _, value in _members(text, at):
        yield value


def place_of(text: str, start: int, path: str) -> tuple[int, bool]:
    """Where the value of a path (``inputs.done``, ``findings[0].due``) begins, or the nearest thing around it.

    ``start`` is where the whole value begins. A key may hold dots itself: the longest that fits wins. The second part
    tells whether the whole path was found.
    """
    here = start
    while path:
        found = ""
        place = here
        if text[here] not in "{[":
            break
        for name, value in _members(text, here):
            step = f"[{name}]" if isinstance(name, int) else name
            if len(step) > len(found) and path.startswith(step) and path[len(step) : len(step) + 1] in ("", ".", "["):
                found, place = step, value
        if not found:
            break
        here = place
        path = path[len(found) :].removeprefix(".")
    return here, not path


def _members(text: str, at: int) -> Iterator[tuple[str | int, int]]:
    """Key or number of every member of an object or list, with the offset of its value."""
    decoder = json.JSONDecoder()
    is_object = text[at] == "{"
    number = 0
    at = _after_space(text, at + 1)
    while at < len(text) and text[at] not in "}]":
        name: str | int = number
        if is_object:
            name, at = decoder.raw_decode(text, at)
            at = _after_space(text, at) + 1
            at = _after_space(text, at)
        yield name, at
        _, at = decoder.raw_decode(text, at)
        number += 1
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()

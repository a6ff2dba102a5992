"""An author's or a unit's text inside Markdown: always data, never markup."""

import re

from rubric_engine.tell.rendering.screen import safe

_SPECIAL = re.compile(r"([\\`*_\[\]{}|~])")
_LINE_START = re.compile(r"^(\s*)([#+>-]|\d+[.)])(?=\s)")


def escape(text: str) -> str:
    """One line in which every character shows as itself, also inside a table and where HTML is let through."""
    plain = " ".join(safe(text).split())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _SPECIAL.sub(r"\\\1", plain)
    return _LINE_START.sub(r"\1\\\2", plain)


def row(*cells: str) -> str:
    """A line of a table; the cells are escaped already."""
    return "| " + " | ".join(cells) + " |"

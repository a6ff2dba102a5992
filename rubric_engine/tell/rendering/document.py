"""What is shown, as data: headings, lines, outlines and tables, before anybody decides how it is printed.

Reports, score sheets and explanations are documents of these blocks. Standard library only.

One document becomes text for a terminal (:mod:`rubric_engine.tell.rendering.plain`) or Markdown to print
(:mod:`rubric_engine.tell.rendering.printable`); one sheet becomes CSV
(:mod:`rubric_engine.tell.rendering.spreadsheet`). All text in it is data: whoever prints it makes it harmless there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from fractions import Fraction

from rubric_engine.plan.record import record

Cell = str | int | bool | Fraction | date | None


@record
class Heading:
    """A title; 1 is that of the whole report."""

    text: str
    level: int = 2


@record
class Line:
    """``lead: text``; without a text the lead alone. ``apart``: it begins a paragraph, where lines follow lines."""

    lead: str
    text: str = ""
    apart: bool = False


@record
class Bullets:
    """Short remarks, one each."""

    items: tuple[str, ...]


@record
class Column:
    """A column of a table. ``right``: numbers; ``wraps``: gives way where the page is narrow."""

    title: str
    right: bool = False
    wraps: bool = False


@record
class Row:
    """Cells as people read them; ``below`` are remarks that belong to the row.

    ``depth`` sets the first cell in, under the rows it is part of; a ``strong`` row stands out where it can.
    """

    cells: tuple[str, ...]
    below: tuple[str, ...] = ()
    depth: int = 0
    strong: bool = False


@record
class Table:
    """Rows under columns. ``remarks`` stands over the column of what is ``below`` the rows, where that is printed.

    ``foot`` is what the rows come to, a row under them.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: str = ""
    foot: Row | None = None


@record
class Entry:
    """One heading of an outline: ``lead`` its code, ``right`` what it came to, ``below`` what there is to say of it."""

    lead: str
    text: str
    right: str = ""
    depth: int = 0
    below: tuple[str, ...] = ()


@record
class Outline:
    """Headings in the order of the document, each set in under the one it is part of."""

    entries: tuple[Entry, ...]


Block = Heading | Line | Bullets | Table | Outline


@record
class Sheet:
    """A table for a spreadsheet: exact values, one thing a row."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@record
class Report:
    """One report in all the forms it may be asked for: ``data`` is what JSON holds."""

    blocks: tuple[Block, ...]
    sheet: Sheet
    data: Mapping[str, object] = field(default_factory=dict)


def without_empty(columns: Sequence[Column], rows: Sequence[Row], keep: int = 0, remarks: str = "") -> Table:
    """A table without the columns in which nothing stands; the first ``keep`` stay."""
    used = [at for at in range(len(columns)) if at < keep or any(row.cells[at] for row in rows)]
    kept = tuple(Row(tuple(row.cells[at] for at in used), row.below) for row in rows)
    return Table(tuple(columns[at] for at in used), kept, remarks)

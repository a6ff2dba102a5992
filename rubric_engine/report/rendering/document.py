"""A report as data: headings, lines and tables, before anybody decides how it is printed.

One document becomes text for a terminal (:mod:`rubric_engine.report.rendering.plain`) or Markdown to print
(:mod:`rubric_engine.report.rendering.printable`); one sheet becomes CSV
(:mod:`rubric_engine.report.rendering.spreadsheet`). All text in it is data: whoever prints it makes it harmless there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

Cell = str | int | bool | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; 1 is that of the whole report."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """``lead: text``; without a lead the text alone."""

    lead: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short remarks, one each."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``right``: numbers; ``wraps``: gives way where the page is narrow."""

    title: str
    right: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as people read them; ``below`` are remarks that belong to the row."""

    cells: tuple[str, ...]
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. ``remarks`` stands over the column of what is ``below`` the rows, where that is printed."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: str = ""


Block = Heading | Line | Bullets | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for a spreadsheet: exact values, one thing a row."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
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

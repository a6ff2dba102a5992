"""A document for a plain terminal of 80 columns."""

from collections.abc import Iterator, Sequence

from rubric_engine.tell.rendering.document import Block, Bullets, Column, Entry, Heading, Line, Outline, Row, Table
from rubric_engine.tell.rendering.screen import WIDTH, pad, safe, width, wrap
from rubric_engine.tell.rendering.screen import cells as cells_of

_GAP = "  "
_NARROWEST = 6
_INSET = 4
_DEEPEST = 4
# An outline or a table set in further leaves no room for its titles.
_NARROWEST_TITLE = 20


def to_plain(blocks: Sequence[Block]) -> str:
    """Every block, none wider than the screen. Lists and tables stand apart, lines that follow each other do not."""
    made: list[str] = []
    before: Block | None = None
    for block in blocks:
        lines = list(_lines(block))
        if not lines:
            continue
        if before is not None and not _close(before, block):
            made.append("")
        made += lines
        before = block
    return "\n".join(made) + "\n"


def _close(before: Block, block: Block) -> bool:
    """A heading clings to what it heads, a line to the line above it."""
    if isinstance(before, Heading):
        return before.level > 1 or isinstance(block, Line)
    if isinstance(block, Line):
        return isinstance(before, Line | Outline | Bullets) and not block.apart
    return isinstance(before, Line | Outline) and isinstance(block, Bullets)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from broken(safe(block.text), WIDTH)
        case Line():
            yield from hanging(f"{safe(block.lead)}: " if block.text else "", safe(block.text or block.lead))
        case Bullets():
            for item in block.items:
                yield from hanging("  - ", safe(item))
        case Table():
            yield from _table(block)
        case Outline():
            for entry in block.entries:
                yield from _entry(entry)


def hanging(lead: str, text: str, columns: int = WIDTH) -> Iterator[str]:
    """The text after its lead, further lines set in under it; a long lead stands in the way of nothing."""
    inset = width(lead) if width(lead) <= columns // 3 else _INSET
    if inset < width(lead):
        first, *rest = broken(lead + text, columns)
        yield first
        for line in broken(" ".join(rest), columns - inset):
            yield " " * inset + line
        return
    for at, line in enumerate(broken(text, columns - inset)):
        yield (" " * inset if at else lead) + line


def broken(text: str, columns: int) -> list[str]:
    """As ``wrap``, and a word wider than the column is cut."""
    lines: list[str] = []
    for line in wrap(text, columns):
        lines += [line] if width(line) <= columns else _cut(line, columns)
    return lines


def _cut(word: str, columns: int) -> list[str]:
    pieces, here, used = [], "", 0
    for shown, wide in cells_of(word):
        if here and used + wide > columns:
            pieces.append(here)
            here, used = "", 0
        here, used = here + shown, used + wide
    return [*pieces, here]


# ---------------------------------------------------------------- outlines


def _entry(entry: Entry) -> Iterator[str]:
    """Code and title, what it came to at the right edge of the first line, or below where it finds no room there."""
    margin = "  " * min(_DEEPEST, entry.depth)
    lead = margin + (f"{safe(entry.lead)} " if entry.lead else "")
    right = safe(entry.right)
    room = max(_NARROWEST_TITLE, WIDTH - width(lead) - width(right) - len(_GAP))
    first, *rest = broken(safe(entry.text), room) or [""]
    first = lead + first
    gap = WIDTH - width(first) - width(right)
    yield first + " " * gap + right if right and gap > 0 else first
    yield from (" " * width(lead) + line for line in rest)
    if right and gap < 1:
        yield " " * max(0, WIDTH - width(right)) + right
    for item in entry.below:
        yield from hanging(f"{margin}  - ", safe(item))


# ---------------------------------------------------------------- tables


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        return
    head = tuple(safe(column.title) for column in table.columns)
    rows = [tuple(_set_in(row)) for row in table.rows]
    foot = [tuple(_set_in(table.foot))] if table.foot is not None else []
    widths = _widths(table.columns, [head, *rows, *foot])
    rule = _GAP.join("-" * each for each in widths)
    yield from _row(head, table.columns, widths)
    yield rule
    for cells, row in zip(rows, table.rows, strict=True):
        yield from _row(cells, table.columns, widths)
        for remark in row.below:
            yield from hanging(" " * _INSET + "- ", safe(remark))
    for cells in foot:
        yield rule
        yield from _row(cells, table.columns, widths)


def _set_in(row: Row) -> Iterator[str]:
    for at, cell in enumerate(row.cells):
        yield ("" if at else "  " * min(_DEEPEST, row.depth)) + safe(cell).strip()


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """What each column takes; where that is too much, those that wrap give way, the widest first."""
    widths = [max(width(row[at]) for row in rows) for at in range(len(columns))]
    room = WIDTH - len(_GAP) * (len(columns) - 1)
    for bending in ([at for at, column in enumerate(columns) if column.wraps], list(range(len(columns)))):
        while sum(widths) > room:
            widest = max(bending, key=lambda at: widths[at], default=None)
            if widest is None or widths[widest] <= _NARROWEST:
                break
            widths[widest] -= 1
    return widths


def _row(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    stacked = [_broken_cell(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    for at in range(max(map(len, stacked))):
        parts = []
        for lines, column, wide in zip(stacked, columns, widths, strict=True):
            text = lines[at] if at < len(lines) else ""
            parts.append(" " * (wide - width(text)) + text if column.right else pad(text, wide))
        yield _GAP.join(parts).rstrip()


def _broken_cell(cell: str, wide: int) -> list[str]:
    inset = cell[: len(cell) - len(cell.lstrip())]
    return [inset + line for line in broken(cell, wide - len(inset))] or [""]

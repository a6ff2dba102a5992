"""A document in Markdown: to print, to sign, to send round."""

from collections.abc import Iterator, Sequence

from rubric_engine.tell.rendering.document import Block, Bullets, Heading, Line, Outline, Row, Table
from rubric_engine.tell.rendering.escape import escape, row


def to_printable(blocks: Sequence[Block]) -> str:
    """Every block, a blank line between them."""
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(_lines(block)))) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * min(6, block.level)} {escape(block.text)}"
        case Line():
            yield f"{escape(block.lead)}: **{escape(block.text)}**" if block.text else escape(block.lead)
        case Bullets():
            yield from (f"- {escape(item)}" for item in block.items)
        case Table():
            yield from _table(block)
        case Outline():
            for entry in block.entries:
                margin = "  " * entry.depth
                title = escape(f"{entry.lead} {entry.text}".strip())
                yield f"{margin}- {title}: **{escape(entry.right)}**" if entry.right else f"{margin}- {title}"
                yield from (f"{margin}  - {escape(item)}" for item in entry.below)


def _table(table: Table) -> Iterator[str]:
    """What stands below the rows on a screen is a column here."""
    if not table.rows:
        return
    rows = table.rows if table.foot is None else (*table.rows, table.foot)
    remarks = any(each.below for each in rows)
    more = (table.remarks,) if remarks else ()
    yield row(*(escape(column.title) for column in table.columns), *map(escape, more))
    yield row(*("--:" if column.right else ":--" for column in table.columns), *(":--" for _ in more))
    for each in rows:
        yield row(*_cells(each), *([escape("; ".join(each.below))] if remarks else []))


def _cells(row: Row) -> Iterator[str]:
    for cell in map(escape, row.cells):
        yield f"**{cell}**" if row.strong and cell else cell

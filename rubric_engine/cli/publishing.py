"""A report on its way out: text, JSON, CSV or Markdown, printed or written; what was refused; the exit code."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rubric_engine.cli import files
from rubric_engine.cli.options import ReportShape
from rubric_engine.cli.reading.units import Loaded
from rubric_engine.cli.terminal import FINDINGS, Leave, write, wrong_use
from rubric_engine.cli.words import misused, say
from rubric_engine.diagnostics.render import MOST_SHOWN
from rubric_engine.facts.json_text import write_json
from rubric_engine.meaning.exact import decimal_mark
from rubric_engine.report.phrases import told
from rubric_engine.tell.rendering.document import Block, Line, Report
from rubric_engine.tell.rendering.plain import hanging, to_plain
from rubric_engine.tell.rendering.printable import to_printable
from rubric_engine.tell.rendering.screen import WIDTH, safe
from rubric_engine.tell.rendering.spreadsheet import to_csv


@dataclass(frozen=True, slots=True)
class Printing:
    """How and where a report is wanted."""

    shape: ReportShape
    output: str | None
    language: str
    bom: bool = False
    decimal_comma: bool | None = None
    everything: bool = False

    def check(self) -> None:
        """Leaves with exit code 2 before any work is done."""
        if self.bom and self.shape is not ReportShape.CSV:
            raise misused("only_csv", self.language, option="--bom")
        if self.decimal_comma is not None and self.shape is not ReportShape.CSV:
            raise misused("only_csv", self.language, option="--decimal")


_SHAPES: Final = {
    ".csv": ReportShape.CSV, ".json": ReportShape.JSON, ".md": ReportShape.MARKDOWN, ".markdown": ReportShape.MARKDOWN,
}  # fmt: skip
_BOOKS: Final = (".xlsx", ".xls", ".ods", ".docx", ".doc", ".odt", ".pdf")


def shape_of(asked: ReportShape | None, output: str | None, language: str) -> ReportShape:
    """The shape asked for, else that which the name of the output file says.

    Leaves with exit code 2 for a name that says what no report is: programs would not open the file.
    """
    end = "" if output is None else Path(output).suffix.lower()
    if end in _BOOKS:
        raise wrong_use(say("no_book", language, end=end))
    return asked or _SHAPES.get(end, ReportShape.TEXT)


def publish(report: Report, loaded: Loaded, how: Printing, *, scored: int, waiting: int = 0) -> None:
    """Print or write the report; say what was refused; leave with exit code 1 if anything was."""
    closing = _closing(loaded, how.language, scored, waiting)
    complain(loaded, how.language, everything=how.everything)
    match how.shape:
        case ReportShape.TEXT:
            text = f"{to_plain(report.blocks)}\n{to_plain(closing)}"
        case ReportShape.MARKDOWN | ReportShape.MD:
            text = to_printable([*report.blocks, *closing])
        case ReportShape.JSON:
            text = _json(report, loaded, scored, waiting)
        case ReportShape.CSV:
            comma = decimal_mark(how.language) == "," if how.decimal_comma is None else how.decimal_comma
            text = to_csv(report.sheet, decimal_comma=comma)
    _put(("\ufeff" if how.bom else "") + text, how)
    if how.shape in (ReportShape.CSV, ReportShape.JSON):
        write(to_plain(closing), err=True)
    raise Leave(FINDINGS if loaded.refused else 0)


def _put(text: str, how: Printing) -> None:
    if how.output in (None, files.STDIN):
        write(text)
        return
    files.write_whole(Path(str(how.output)), text)
    write(say("written", how.language, name=how.output), err=True)


def _closing(loaded: Loaded, language: str, scored: int, waiting: int) -> list[Block]:
    every = scored + loaded.refused + waiting
    line = told("scored", language, count=every, scored=scored, refused=loaded.refused)
    if waiting:
        line = told("scored stage", language, line=line, waiting=waiting)
    unread = told("not read", language, names=", ".join(loaded.unread)) if loaded.unread else ""
    return [Line(each) for each in (line, unread) if each]


def complain(loaded: Loaded, language: str, *, everything: bool = False) -> None:
    """Every fault with its place, on standard error."""
    shown = loaded.faults if everything else loaded.faults[:MOST_SHOWN]
    lines = [line for fault in shown for line in _fault_lines(str(fault))]
    if len(shown) < len(loaded.faults):
        lines.append(say("more_faults", language, count=len(loaded.faults) - len(shown)))
    if lines:
        write("\n".join(lines), err=True)


def _fault_lines(text: str) -> Iterator[str]:
    first, *rest = hanging("", safe(text), WIDTH - 2)
    yield first
    yield from (f"  {line}" for line in rest)


def _json(report: Report, loaded: Loaded, scored: int, waiting: int) -> str:
    counts = {"scored": scored, "refused": loaded.refused, "not_at_stage": waiting}
    closing = {"counts": counts, "problems": [fault.to_dict() for fault in loaded.faults], "not_read": loaded.unread}
    return write_json({**report.data, **closing}, indent=2)

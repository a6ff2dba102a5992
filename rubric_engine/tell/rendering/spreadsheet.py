"""A sheet as CSV, the way a spreadsheet of either language opens it."""

import csv
import io
from datetime import date
from fractions import Fraction
from typing import Final

from rubric_engine.meaning.exact import show_number
from rubric_engine.tell.rendering.document import Cell, Sheet
from rubric_engine.tell.rendering.screen import safe

_PLACES: Final = 12
# A cell that begins so would be taken for a formula, and what units write is data.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def to_csv(sheet: Sheet, *, decimal_comma: bool = False) -> str:
    """Header and rows. With a decimal comma the cells are parted by semicolons, else by commas.

    Numbers are exact where 12 decimals are enough, else rounded half-up to 12: JSON holds them exactly.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";" if decimal_comma else ",", lineterminator="\r\n")
    writer.writerow([_text(cell) for cell in sheet.header])
    writer.writerows([_cell(cell, decimal_comma) for cell in row] for row in sheet.rows)
    return stream.getvalue()


def _cell(cell: Cell, decimal_comma: bool) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case int():
            return str(cell)
        case Fraction():
            return _number(cell, decimal_comma)
        case date():
            return cell.isoformat()
        case str():
            return _text(cell)


def _number(value: Fraction, decimal_comma: bool) -> str:
    text = show_number(value, places=_PLACES).lstrip("≈")
    text = text.rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text
    return text.replace(".", ",") if decimal_comma else text


def _text(text: str) -> str:
    plain = " ".join(safe(text).split())
    return f"'{plain}" if plain.startswith(_FORMULA) else plain

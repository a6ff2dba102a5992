"""What a worked example gives, as a unit would send it."""

from fractions import Fraction
from typing import assert_never

from rubric_engine.meaning.exact import to_plain_text
from rubric_engine.syntax.tree.examples import GivenRow
from rubric_engine.syntax.tree.nodes import DateLit, Name, Negative, Num, Text, YesNo

Given = Num | DateLit | YesNo | Name | Text | Negative | tuple[GivenRow, ...]


def as_given(value: Given) -> object:
    """The value as it stands in a submission; a register is a list of its rows."""
    match value:
        case tuple():
            return [{name.text: as_given(cell) for name, cell in row.cells} for row in value]
        case Num() | Negative():
            number, percent = number_given(value)
            # Text, since a bare 0.5 for a percent is refused: half of one per cent, or 50%?
            return f"{to_plain_text(number)}%" if percent else number
        case DateLit(value=day):
            return day.isoformat()
        case YesNo(value=truth):
            return truth
        case Name(text=text) | Text(value=text):
            return text
        case _:
            assert_never(value)


def number_given(value: Num | Negative) -> tuple[Fraction, bool]:
    """The number as written, ``95`` for ``95%``, and whether a percent sign stood after it."""
    match value:
        case Num(value=number, percent=percent):
            return number, percent
        case Negative(arg=Num() | Negative() as inner):
            number, percent = number_given(inner)
            return -number, percent
        case _:
            raise TypeError("an example holds a number here")

"""What a single cell of a register is called while it is missing: ``late[2].days``. Standard library only."""

import re

from rubric_engine.plan.record import record

_CELL = re.compile(r"(\w+)\[([1-9][0-9]*)\]\.(\w+)")


@record
class CellName:
    """A cell: ``row`` counts from 1, as people count rows. The column of ratings is ``rating``."""

    register: str
    row: int
    column: str

    def __str__(self) -> str:
        return f"{self.register}[{self.row}].{self.column}"


def cell_named(name: str) -> CellName | None:
    """The cell a name stands for; ``None`` for the name of anything else."""
    found = _CELL.fullmatch(name)
    return None if found is None else CellName(found[1], int(found[2]), found[3])

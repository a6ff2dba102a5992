"""Rows of registers to try: what a column may hold, and registers of few rows made of that."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.solve.world import Cell, Row, Rows, Value, column_key

MOST_ROWS = 200  # more than a reader of an example would count
SOME_DAY = Fraction(738_521)  # 2023-01-01: a date like any other
_SMALL = tuple(Fraction(n) for n in (0, 1, 2, 3, 4, 5, 10, 20, 50, 100))
_EACH_COLUMN = 6
_ROWS_TRIED = 24


def scalar_values(spec: InputSpec, constants: Sequence[Fraction]) -> list[Cell]:
    """Values at which a rule may change its mind, the plainest first."""
    missing: list[Cell] = [None] if spec.optional else []
    match spec.kind:
        case Kind.YES_NO:
            return [False, True, *missing]
        case Kind.LEVEL:
            return [*range(len(spec.levels)), *missing]
        case Kind.TEXT:
            return ["…", *missing]  # type: ignore[list-item]
        case _:
            pass
    bounds = [bound.value for bound in (spec.minimum, spec.maximum) if bound is not None]
    ends = [bound.value for bound in bounds if isinstance(bound, x.Const)]
    small = (Fraction(1), Fraction(1, 2), Fraction(0)) if spec.kind is Kind.PERCENT else _SMALL
    if spec.kind is Kind.DATE:
        small = (SOME_DAY,)
        constants = [value for value in constants if value > 10_000]
    step = Fraction(1, spec.scale or 1)
    near = [value + move for value in (*constants, *ends) for move in (Fraction(0), step, -step)]
    return [*dict.fromkeys((*ends, *small, *near)), *missing]


def register_values(spec: InputSpec, constants: Sequence[Fraction]) -> list[Value]:
    """Registers worth trying: none, one row of every sort, several alike, two that differ."""
    columns = [scalar_values(column, constants)[:_EACH_COLUMN] for column in spec.columns]
    names = [column.name for column in spec.columns]
    rows: list[Row] = [tuple(zip(names, cells, strict=True)) for cells in islice(product(*columns), _ROWS_TRIED)]
    counts = {spec.raters, 2, 3, *(int(c) + more for c in constants if c.denominator == 1 for more in (0, 1))}
    # Of few alike every sort, of many the plainest.
    several: list[Rows] = [
        (row,) * count
        for count in sorted(counts) if 1 < count <= MOST_ROWS
        for row in (rows if count <= 3 else rows[:2])
    ]
    differing: list[Rows] = [(rows[0], row) for row in rows[1:4]]
    few = max(spec.raters, 2) // 2 + 1
    tied: list[Rows] = [(rows[0],) * few + (row,) * few for row in rows[1:3]]
    missing: list[Value] = [None] if spec.optional else []
    return [*dict.fromkeys([(), *((row,) for row in rows), *several, *differing, *tied]), *missing]


def row_of(spec: InputSpec, part: Mapping[str, Value]) -> Row:
    """A row with the cells a part asks for; the others hold the plainest value of their column."""
    cells: list[tuple[str, Cell]] = []
    for column in spec.columns:
        wanted = part.get(column_key(column.name))
        plain = scalar_values(column, ())[0]
        cells.append((column.name, plain if wanted is None or isinstance(wanted, tuple) else wanted))
    return tuple(cells)


def in_row(row: Row, part: Mapping[str, Value]) -> dict[str, Value]:
    """A part with the row at hand."""
    return {**part, **{column_key(name): cell for name, cell in row}}


def beside(part: Mapping[str, Value]) -> dict[str, Value]:
    """What a part asks for outside the row at hand."""
    return {key: value for key, value in part.items() if not key.startswith(".")}


def counted_rows(
    spec: InputSpec, count: Fraction, chosen: Sequence[Mapping[str, Value]], others: Sequence[Mapping[str, Value]] = (),
    whole: Fraction | None = None,
) -> Iterator[dict[str, Value]]:
    """Registers with so many rows of a kind, and as many others as the whole asks for."""
    rest = Fraction(0) if whole is None else whole - count
    if any(number.denominator != 1 or not 0 <= number <= MOST_ROWS for number in (count, rest)):
        return
    for part in chosen if count else ({},):
        for other in others if rest else ({},):
            rows: Rows = (row_of(spec, part),) * int(count) + (row_of(spec, other),) * int(rest)
            yield {**beside(part), **beside(other), spec.name: rows}

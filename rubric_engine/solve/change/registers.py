"""Changes of a register: fewer rows, more rows, rows that read otherwise; ratings raised or brought down."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, Final

from rubric_engine.facts.facts import Facts
from rubric_engine.facts.readers import constant_of
from rubric_engine.meaning.exact import Row
from rubric_engine.meaning.known import Known, columns_of_spec, known_number, known_truth
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.solve.change.move import INPUT, NUMERIC, Move
from rubric_engine.solve.change.study import Study
from rubric_engine.solve.world import parts_within

MOST_ROWS_MOVED: Final = 12
_MOST_MADE: Final = 64
_MOST_LEVELS: Final = 12
_STEPS: Final = (Fraction(0), Fraction(1), Fraction(-1))


def row_moves(study: Study, facts: Facts, spec: InputSpec, things: Sequence[x.Expr]) -> Iterator[Move]:
    """Registers of a few rows more or fewer, of every sort of row that something counts, and rows read otherwise."""
    rows: Any = facts.values[spec.name]
    if spec.kind is Kind.RATINGS:
        yield from _rating_moves(spec, rows)
        return
    looks = [part for part in parts_within(things, study.lets)
             if isinstance(part, x.CountRows | x.Reduced) and part.register == spec.name]  # fmt: skip
    seen: set[object] = {rows}
    known = study.known(facts)
    for where in dict.fromkeys(part.where for part in looks):
        for found in _by_condition(spec, rows, where, known):
            if found not in seen:
                seen.add(found)
                yield Move(INPUT, spec.name, found)
    for part in looks:
        if isinstance(part, x.Reduced):
            for found in _by_value(spec, rows, part, known):
                if found not in seen:
                    seen.add(found)
                    yield Move(INPUT, spec.name, found)


def _holds(spec: InputSpec, row: Row, where: x.Truth | None, known: Known) -> bool | None:
    return True if where is None else known_truth(where, known.within(row, columns_of_spec(spec)))


def _by_condition(
    spec: InputSpec, rows: tuple[Row, ...], where: x.Truth | None, known: Known
) -> Iterator[tuple[Row, ...]]:
    matching = [at for at, row in enumerate(rows) if _holds(spec, row, where, known)]
    most = min(len(matching), MOST_ROWS_MOVED)
    for number in {*range(1, most + 1), len(matching)} - {0}:
        gone = set(matching[len(matching) - number:])
        yield tuple(row for at, row in enumerate(rows) if at not in gone)
    sample = rows[matching[-1]] if matching else _made(spec, where, known)
    if sample is not None:
        for number in range(1, MOST_ROWS_MOVED + 1):
            yield (*rows, *[sample] * number)
    if where is None:
        return
    for holding in (True, False):
        changed: list[Row] = list(rows)
        moved = 0
        for at, row in enumerate(rows):
            other = _turned(spec, row, where, known) if _holds(spec, row, where, known) is holding else None
            if other is not None and moved < MOST_ROWS_MOVED:
                changed[at] = other
                moved += 1
                yield tuple(changed)


def _turned(spec: InputSpec, row: Row, where: x.Truth, known: Known) -> Row | None:
    """The row with one cell read otherwise, so that the condition turns."""
    wanted = not _holds(spec, row, where, known)
    for at, column in enumerate(spec.columns):
        for value in _cells(column, where):
            other = (*row[:at], value, *row[at + 1:])
            if value != row[at] and _holds(spec, other, where, known) is wanted:
                return other
    return None


def _cells(column: InputSpec, where: x.Truth | None) -> list[Any]:
    """Values of a column worth trying in a condition: beside every constant it is compared with."""
    match column.kind:
        case Kind.YES_NO:
            return [True, False]
        case Kind.LEVEL:
            return list(range(len(column.levels)))
        case kind if kind in NUMERIC:
            step = Fraction(1, column.scale or 100)
            constants = [part.value for part in x.walk(where) if isinstance(part, x.Const)] if where else []
            ends = [constant_of(bound) for bound in (column.minimum, column.maximum)]
            wanted = [constant + shift * step for constant in constants for shift in _STEPS]
            wanted += [Fraction(end) for end in ends if end is not None]
            if not wanted:
                wanted = [Fraction(1 if column.kind is not Kind.DATE else 730_000)]
            low, high = ends
            return [
                value.numerator if value.denominator == 1 else value for value in dict.fromkeys(wanted)
                if (low is None or value >= low) and (high is None or value <= high)
                and not (column.kind is Kind.COUNT and value < 0)
            ]  # fmt: skip
        case _:
            return ["—"]


def _made(spec: InputSpec, where: x.Truth | None, known: Known) -> Row | None:
    """A row for which the condition holds, where the register has none."""
    choices = [_cells(column, where)[:8] for column in spec.columns]
    for tried, row in enumerate(product(*choices)):
        if tried >= _MOST_MADE:
            return None
        if _holds(spec, row, where, known):
            return row
    return None


def _by_value(spec: InputSpec, rows: tuple[Row, ...], part: x.Reduced, known: Known) -> Iterator[tuple[Row, ...]]:
    """Rows that take part brought to the best and the worst their columns may be, the worst of them first."""
    named = {inner.name for inner in x.walk(part.value) if isinstance(inner, x.Column)}
    taking = [at for at, row in enumerate(rows) if _holds(spec, row, part.where, known)]
    where = columns_of_spec(spec)
    for at, column in enumerate(spec.columns):
        if column.name not in named or column.kind not in NUMERIC:
            continue
        for bound, sign in ((column.maximum, 1), (column.minimum, -1)):
            end = constant_of(bound)
            if end is None or (bound is not None and bound.strict):
                continue
            worth = {n: known_number(part.value, known.within(rows[n], where)) or Fraction(0) for n in taking}
            ordered = sorted(taking, key=lambda n: (sign * worth[n], n))
            changed = list(rows)
            for n in ordered[:MOST_ROWS_MOVED]:
                changed[n] = (*changed[n][:at], end, *changed[n][at + 1:])
                yield tuple(changed)


def _rating_moves(spec: InputSpec, rows: tuple[Row, ...]) -> Iterator[Move]:
    column = spec.columns[0]
    ends = [constant_of(bound) for bound in (column.minimum, column.maximum)]
    given: list[Any] = [row[0] for row in rows if row[0] is not None]
    levels = {Fraction(value) for value in given} | {Fraction(end) for end in ends if end is not None}
    low, high = ends
    step = Fraction(1, column.scale or 1)
    if low is not None and high is not None and (high - low) / step <= _MOST_LEVELS:
        levels |= {low + number * step for number in range(int((high - low) / step) + 1)}
    for level in sorted(levels):
        value = level.numerator if level.denominator == 1 else level
        for raised in (True, False):
            found = tuple(
                row if row[0] is None or (row[0] >= level if raised else row[0] <= level) else (value,)  # type: ignore[operator]
                for row in rows
            )
            if found != rows:
                yield Move(INPUT, spec.name, found)

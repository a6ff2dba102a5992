"""Lookup tables as a plan holds them, and what is found in one. Standard library only.

The cells stand in one line, the last key running fastest, so that finding one is a little arithmetic however many rows
there are. They are kept as one text: it is compared, hashed and written as one thing, and read once.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

from rubric_engine.plan.record import record

# Beyond that the whole column is looked at instead of the cells that are still possible.
_MOST_LOOKED_AT: Final = 50_000
TableNumber = int | Fraction
_READ = lru_cache(maxsize=1024)
_SETTLED = lru_cache(maxsize=4096)


@record
class Axis:
    """One key of a table, and how many places it has.

    Of levels and of yes/no the key is the place itself. Of numbers ``ends`` are those at which rows begin or end, and
    ``places`` says for below the first, the first, between it and the second, the second and so on which place it is.
    """

    size: int
    ends: str = ""
    places: str = ""


@record
class Table:
    """INVARIANT: every key that can come up has a cell. ``levels`` names what the cells give, where that is levels."""

    name: str
    axes: tuple[Axis, ...]
    cells: str
    levels: tuple[str, ...] = ()


def written_numbers(numbers: Iterable[TableNumber]) -> str:
    """Numbers as one text."""
    return " ".join(map(str, numbers))


@_READ
def numbers_in(text: str) -> tuple[TableNumber, ...]:
    """The numbers of a text made by :func:`written_numbers`."""
    return tuple([Fraction(part) if "/" in part else int(part) for part in text.split()])


def located(ends: Sequence[TableNumber], places: Sequence[int], value: TableNumber) -> int:
    """The place of a number among the ends."""
    at = bisect_left(ends, value)
    return places[2 * at + (at < len(ends) and ends[at] == value)]


def place_on(axis: Axis, key: TableNumber) -> int:
    """The place of a key."""
    return int(key) if not axis.ends else located(numbers_in(axis.ends), places_in(axis), key)


@_READ
def places_in(axis: Axis) -> tuple[int, ...]:
    """The places of a key of numbers, from below the first end to above the last."""
    return tuple(map(int, axis.places.split()))


def looked_up(table: Table, keys: Sequence[TableNumber]) -> TableNumber:
    """The cell of these keys."""
    at = 0
    for axis, key in zip(table.axes, keys, strict=True):
        at = at * axis.size + place_on(axis, key)
    return numbers_in(table.cells)[at]


@record
class Cells:
    """What a table can give where its keys are not settled, and which keys that depends on (by their number)."""

    values: frozenset[TableNumber]
    deciding: frozenset[int]


Places = tuple[frozenset[int], ...]


@_SETTLED
def cells_among(table: Table, places: Places, wanted: frozenset[TableNumber] | None = None) -> Cells:
    """Every cell at these places of the keys. With ``wanted`` the keys that decide whether it is one of those."""
    cells = numbers_in(table.cells)
    if prod(map(len, places)) > _MOST_LOOKED_AT:
        return Cells(frozenset(cells), frozenset(at for at, each in enumerate(places) if len(each) > 1))
    strides = strides_of(table)
    found = {at: cells[at] for at in _positions(places, strides)}
    seen: dict[int, TableNumber] = found
    if wanted is not None:
        seen = {at: int(cell in wanted) for at, cell in found.items()}
    deciding = [
        number
        for number, each in enumerate(places)
        if len(each) > 1 and _decides(seen, min(each), strides[number], table.axes[number].size)
    ]
    return Cells(frozenset(found.values()), frozenset(deciding))


def _decides(seen: dict[int, TableNumber], first: int, stride: int, size: int) -> bool:
    """Whether another place of one key, all others the same, can give something else."""
    for at, cell in seen.items():
        here = at // stride % size
        if here != first and seen[at + (first - here) * stride] != cell:
            return True
    return False


@_SETTLED
def places_giving(table: Table, places: Places, wanted: frozenset[TableNumber]) -> Places:
    """Of each key the places that can still give one of the values wanted; as they were where that is too much."""
    if prod(map(len, places)) > _MOST_LOOKED_AT:
        return places
    cells = numbers_in(table.cells)
    strides = strides_of(table)
    left = [set[int]() for _ in places]
    for at in _positions(places, strides):
        if cells[at] in wanted:
            for number, axis in enumerate(table.axes):
                left[number].add(at // strides[number] % axis.size)
    return tuple(map(frozenset, left))


def strides_of(table: Table) -> list[int]:
    """By how many cells the next place of each key is away."""
    strides: list[int] = []
    stride = 1
    for axis in reversed(table.axes):
        strides.insert(0, stride)
        stride *= axis.size
    return strides


def _positions(places: Places, strides: Sequence[int]) -> Iterable[int]:
    steps = [[place * stride for place in sorted(each)] for each, stride in zip(places, strides, strict=True)]
    return map(sum, product(*steps))


def keys_of_cell(table: Table, value: TableNumber) -> Iterator[tuple[Fraction, ...]]:
    """Keys under which a table gives a value, in the order of its cells; of numbers one of each stretch."""
    samples = [_samples_of(axis) for axis in table.axes]
    strides = strides_of(table)
    for at, cell in enumerate(numbers_in(table.cells)):
        if cell == value:
            places = [at // stride % axis.size for stride, axis in zip(strides, table.axes, strict=True)]
            keys = [samples[number].get(place) for number, place in enumerate(places)]
            yield tuple(key for key in keys if key is not None)


@_READ
def _samples_of(axis: Axis) -> Mapping[int, Fraction]:
    """A key of each place, the ends of stretches before what lies between them."""
    if not axis.ends:
        return {place: Fraction(place) for place in range(axis.size)}
    ends, places = [Fraction(end) for end in numbers_in(axis.ends)], places_in(axis)
    found: dict[int, Fraction] = {}
    for at, end in enumerate(ends):
        found.setdefault(places[2 * at + 1], end)
    for at in range(len(ends) + 1):
        low = ends[at - 1] if at else ends[at] - 2
        high = ends[at] if at < len(ends) else low + 2
        found.setdefault(places[2 * at], (low + high) / 2)
    return found

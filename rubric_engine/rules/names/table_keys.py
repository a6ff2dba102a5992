"""Keys of a table: levels, yes and no, numbers by value or by band; and the places each row of the table is for."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from rubric_engine.facts.fold import fold
from rubric_engine.facts.readers import read_yes_no
from rubric_engine.meaning.exact import Unreadable, read_written, show_number
from rubric_engine.model import BandRow, Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound
from rubric_engine.plan.tables import Axis, written_numbers
from rubric_engine.ranges.values.interval import Interval, intersect, interval
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.forms.ends import band_row
from rubric_engine.rules.names.level_values import Levelled, index_of, levelled
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import Sort, Typed
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree import nodes as n

Option = n.Ident | n.YesNo | n.Band | n.FileKey
Ends = tuple[Fraction | None, Fraction | None, bool, bool]
MOST_CELLS = 250_000
_ZERO = x.Const(Fraction(0))
_ONE = x.Const(Fraction(1))


class Key(Protocol):
    """One column of a table, as the value it is called with takes it."""

    @property
    def index(self) -> x.Num:
        """What is looked up by."""

    def read(self, options: Sequence[Option]) -> Iterable[object] | None:
        """The keys of one row in this column; ``None`` after reporting what fits none."""

    def axis(self) -> Axis | None:
        """The places, once every row has been read; ``None`` where they are too many."""

    def places(self, keys: Iterable[object]) -> Iterable[int]:
        """Where the keys of a row stand."""

    def needed(self) -> Sequence[int]:
        """The places some submission can have."""

    def word(self, place: int) -> str:
        """A key of that place, as an author would write it."""


def key_of(arg: Typed, scope: Scope) -> Key | None:
    """The column for an argument; ``None`` of what is no key."""
    match arg.sort:
        case Sort.LEVEL:
            spec = levelled(arg)
            assert spec is not None
            return LevelKey(arg, spec, scope)
        case Sort.TRUTH:
            return YesNoKey(arg, scope)
        case Sort.NUMBER:
            return NumberKey(arg, scope)
        case _:
            return None


class LevelKey:
    """Levels of an input, a column, a parameter, another table."""

    def __init__(self, arg: Typed, spec: Levelled, scope: Scope) -> None:
        self.spec = spec
        self.index = index_of(arg)
        self._scope = scope

    def read(self, options: Sequence[Option]) -> list[int] | None:
        found = [self._level(option) for option in options]
        return None if any(at is None for at in found) else [at for at in found if at is not None]

    def _level(self, option: Option) -> int | None:
        match option:
            case n.Ident(text=text):
                return level_index(self.spec, text, option.span, self._scope)
            case n.FileKey(text=text):
                return level_of_file(self.spec, text, option.span, self._scope)
            case _:
                report_key(option, self._scope, "level")
                return None

    def axis(self) -> Axis:
        return Axis(len(self.spec.levels))

    def places(self, keys: Iterable[object]) -> Iterable[int]:
        return [at for at in keys if isinstance(at, int)]

    def needed(self) -> Sequence[int]:
        return range(len(self.spec.levels))

    def word(self, place: int) -> str:
        return self.spec.levels[place].name


def level_of_file(spec: Levelled, text: str, span: Span, scope: Scope) -> int | None:
    """The level a cell names, by its name or by the words people read."""
    wanted = fold(text)
    for at, level in enumerate(spec.levels):
        if wanted in (fold(level.name), fold(level.title)):
            return at
    return level_index(spec, text, span, scope)


class YesNoKey:
    """A condition: no has the place 0, yes the place 1."""

    def __init__(self, arg: Typed, scope: Scope) -> None:
        test = arg.test
        self.index: x.Num = (_ONE if test.value else _ZERO) if isinstance(test, x.Always) else x.If(test, _ONE, _ZERO)
        self._scope = scope

    def read(self, options: Sequence[Option]) -> list[int] | None:
        found: list[int] = []
        for option in options:
            try:
                found.append(int(option.value if isinstance(option, n.YesNo) else read_yes_no(option.text)))  # type: ignore[union-attr]
            except (AttributeError, Unreadable):
                report_key(option, self._scope, "yes/no")
                return None
        return found

    def axis(self) -> Axis:
        return Axis(2)

    def places(self, keys: Iterable[object]) -> Iterable[int]:
        return [at for at in keys if isinstance(at, int)]

    def needed(self) -> Sequence[int]:
        return (0, 1)

    def word(self, place: int) -> str:
        return spell("YES" if place else "NO", self._scope.language)


class NumberKey:
    """Numbers: each row is for one of them, or for a band."""

    def __init__(self, arg: Typed, scope: Scope) -> None:
        self.index = arg.num
        self._arg = arg
        self._scope = scope
        self._bands: list[BandRow] = []
        self._numbers: dict[Ends, int] = {}
        self._ends: list[Fraction] = []
        self._places: list[int] = []
        self._of_band: list[set[int]] = []

    def read(self, options: Sequence[Option]) -> list[int] | None:
        found: list[int] = []
        for option in options:
            band = self._band(option)
            if band is None:
                return None
            ends = (band.low, band.high, band.low_open, band.high_open)
            if ends not in self._numbers:
                self._numbers[ends] = len(self._bands)
                self._bands.append(band)
            found.append(self._numbers[ends])
        return found

    def _band(self, option: Option) -> BandRow | None:
        if isinstance(option, n.FileKey):
            written = file_number(option, self._scope)
            if written is None:
                return None
            option = n.Band(written, written, span=option.span)
        if not isinstance(option, n.Band):
            report_key(option, self._scope, "number")
            return None
        return band_row(option, _ZERO, self._arg.unit, self._arg.span, option.span, self._scope)

    def axis(self) -> Axis | None:
        ends = {end for band in self._bands for end in (band.low, band.high) if end is not None}
        self._ends = sorted(ends)
        at_end = {end: 2 * at + 1 for at, end in enumerate(self._ends)}
        last = 2 * len(self._ends)
        by_place: list[list[int]] = [[] for _ in range(last + 1)]
        covered = 0
        for number, band in enumerate(self._bands):
            first = 0 if band.low is None else at_end[band.low] + band.low_open
            end = last if band.high is None else at_end[band.high] - band.high_open
            covered += end - first
            if covered > MOST_CELLS:
                return None
            for place in range(first, end + 1):
                by_place[place].append(number)
        # Numbers that the same rows are for share a place.
        told: dict[tuple[int, ...], int] = {}
        self._places = [told.setdefault(tuple(bands), len(told)) for bands in by_place]
        self._of_band = [set[int]() for _ in self._bands]
        for bands, place in told.items():
            for number in bands:
                self._of_band[number].add(place)
        return Axis(len(told), written_numbers(self._ends), " ".join(map(str, self._places)))

    def places(self, keys: Iterable[object]) -> Iterable[int]:
        return [place for number in keys if isinstance(number, int) for place in sorted(self._of_band[number])]

    def needed(self) -> Sequence[int]:
        return list(dict.fromkeys(place for at, place in enumerate(self._places) if self._sample(at) is not None))

    def word(self, place: int) -> str:
        return next(word for at, here in enumerate(self._places) if here == place and (word := self._sample(at)))

    def _sample(self, at: int) -> str | None:
        """A number of this stretch, or the stretch in words; ``None`` where no submission can have one."""
        declared = _declared(self._arg)
        if at % 2:
            end = self._ends[at // 2]
            return self._written(end) if declared.contains(end) else None
        low = self._ends[at // 2 - 1] if at else None
        high = self._ends[at // 2] if at // 2 < len(self._ends) else None
        inside = _within(declared, low, high)
        if inside is None:
            return None
        if inside.low is not None and (inside.is_point or inside.grid is not None):
            return self._written(Fraction(inside.low))
        below, above = spell("BELOW", self._scope.language), spell("ABOVE", self._scope.language)
        if low is None:
            return "…" if high is None else f"{below} {self._written(high)}"
        start = f"{above} {self._written(low)}"
        return start if high is None else f"{start} {spell('TO', self._scope.language)} {below} {self._written(high)}"

    def _written(self, value: Fraction) -> str:
        return written_value(value, self._arg.unit, self._scope.language)


def written_value(value: Fraction, unit: Unit, language: str) -> str:
    """A number of that unit as an author writes it."""
    if unit is Unit.DATE and value.denominator == 1:
        return date.fromordinal(int(value)).isoformat()
    if unit is Unit.PERCENT:
        return f"{show_number(value * 100, language)}%"
    return show_number(value, language)


def _declared(arg: Typed) -> Interval:
    """What the argument can be by its own declaration."""
    low, low_open = _constant(None if arg.input is None else arg.input.minimum)
    high, high_open = _constant(None if arg.input is None else arg.input.maximum)
    found = interval(low, high, low_open=low_open, high_open=high_open, grid=arg.grid)
    return Interval(grid=arg.grid) if found is None else found


def _constant(bound: Bound | None) -> tuple[Fraction | None, bool]:
    if bound is None or not isinstance(bound.value, x.Const):
        return None, False
    return bound.value.value, bound.strict


def _within(declared: Interval, low: Fraction | None, high: Fraction | None) -> Interval | None:
    found = intersect(declared, Interval(low, high, low is not None, high is not None))
    if found is None:
        return None
    return interval(
        found.low, found.high, low_open=found.low_open, high_open=found.high_open, grid=found.grid
    )  # fmt: skip


def file_number(cell: n.FileKey, scope: Scope) -> n.Num | None:
    """The number in a cell; what is none is reported."""
    try:
        written = read_written(cell.text, scope.language)
    except Unreadable:
        report_key(cell, scope, "number")
        return None
    return n.Num(Fraction(written.value) * (100 if written.percent else 1), written.percent, cell.span)


def report_key(option: n.Ident | n.YesNo | n.Band | n.FileKey, scope: Scope, expected: str) -> None:
    """A key of another kind than its column."""
    found = {n.Ident: "level", n.YesNo: "yes/no", n.Band: "number"}.get(type(option), "text")
    helps = {"level": "help_level", "yes/no": "help_yes_no", "number": "help_number"}
    scope.report("RUB301", option.span, text=scope.words(option.span), found=found, expected=expected,
                 help=helps[expected])  # fmt: skip

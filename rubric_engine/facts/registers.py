"""Registers and ratings: lists of rows, each cell read as an input of its column is. Standard library only."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from rubric_engine.facts.fold import fold
from rubric_engine.facts.problems import Problem, Suggestions, known_keys, raised, refused, unmodelled
from rubric_engine.facts.readers import (
    InputReader,
    RelationReader,
    Row,
    Value,
    constant_of,
    facts_in,
    or_unsaid,
    read_label,
)
from rubric_engine.meaning.exact import Exact, Unreadable, shown
from rubric_engine.meaning.limits import LIMITS
from rubric_engine.meaning.missing import MISSING
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.plan.record import record


@record
class RatingItem:
    """One rating as given, and who gave it where that was said."""

    rating: Exact | None
    by: str = ""


@record
class Rows:
    """A list as read: exact values and the machine's. ``gaps`` tells that a cell that must be given is missing."""

    values: tuple[Row, ...]
    machine: tuple[tuple[object, ...], ...]
    gaps: bool


class RegisterReader:
    """Reads one register: a list of rows, each a mapping by column. A cell nobody gave is missing, nothing more."""

    __slots__ = ("_columns", "_most", "_names", "_order", "_people", "_relations", "name", "raters", "spec")

    def __init__(
        self, spec: InputSpec, kinds: Mapping[str, Kind], language: str, people: Collection[tuple[str, str]] = (),
        most: int = LIMITS.rows,
    ) -> None:
        self.spec = spec
        self._most = most
        self.name = spec.name
        self.raters = spec.raters
        readers = [InputReader(column, language) for column in spec.columns]
        self._columns = tuple(
            (r.name, r.plain, r.low, r.high, r.scale, or_unsaid(r.read), not r.spec.optional) for r in readers
        )
        self._order = tuple(column.name for column in spec.columns)
        self._names = frozenset(self._order)
        # Texts that say whom a row is about: written in two ways, it is still one person.
        self._people = tuple(
            at
            for at, column in enumerate(spec.columns)
            if column.kind is Kind.TEXT and (spec.name, column.name) in people
        )
        known = {**kinds, **{column.name: column.kind for column in spec.columns}}
        self._relations = tuple(
            (at, facts_in(bound.value), RelationReader(column, bound, bound is column.maximum, known, language))
            for at, column in enumerate(spec.columns)
            for bound in (column.minimum, column.maximum)
            if bound is not None and constant_of(bound) is None
        )

    def read(self, given: object, path: str, problems: list[Problem]) -> Rows:
        """The rows; every problem in them goes to ``problems``."""
        values: list[Row] = []
        machine: list[tuple[object, ...]] = []
        gaps = False
        guesses: Suggestions = {}
        known: dict[tuple[int, str], str] = {}
        for at, row in enumerate(self._rows(given, path, problems)):
            try:
                odd = type(row) is not dict or not row.keys() <= self._names
            except Exception:  # a key of the application's own class
                odd = True
            if odd:
                # One that is refused is empty: the rows after it keep their numbers.
                row = self._odd_row(row, f"{path}[{at}]", guesses, problems) or {}
            look = row.get  # type: ignore[attr-defined]
            cells: list[object] = []
            packed: list[object] = []
            for name, plain, low, high, scale, read, required in self._columns:
                value = look(name)
                if value is None:
                    cells.append(None)
                    packed.append(MISSING)
                    gaps = gaps or required
                elif plain and type(value) is int and low <= value <= high:
                    cells.append(value)
                    packed.append(value * scale)
                else:
                    try:
                        cell, code = read(value)
                        blank = cell == ""  # words that say nothing
                        cells.append(None if blank else cell)
                        packed.append(MISSING if blank else code)
                        gaps = gaps or (blank and required)
                    except Unreadable as error:
                        cells.append(None)
                        problems.append(refused(error, f"{path}[{at}].{name}"))
                    except Exception as error:
                        cells.append(None)
                        problems.append(raised(error, value, f"{path}[{at}].{name}"))
            for who in self._people:
                one = cells[who]
                if isinstance(one, str):
                    cells[who] = packed[who] = known.setdefault((who, fold(one)), one)
            values.append(tuple(cells))  # type: ignore[arg-type]
            machine.append(tuple(packed))
        return Rows(tuple(values), tuple(machine), gaps)

    def read_ratings(
        self, given: object, path: str, problems: list[Problem]
    ) -> tuple[Rows, tuple[RatingItem, ...]]:
        """The ratings as rows of one column, and as given: a number, or a mapping with ``rating`` and ``by``."""
        items: list[RatingItem] = []
        machine: list[tuple[object, ...]] = []
        guesses: Suggestions = {}
        raters: dict[str, int] = {}
        for at, one in enumerate(self._rows(given, path, problems)):
            here, value, by = f"{path}[{at}]", one, ""
            try:
                value = unmodelled(one)
                if isinstance(value, Mapping):
                    fields = known_keys(
                        value, frozenset(_RATING_FIELDS), here + ".", problems, "RUB521", _RATING_FIELDS, guesses,
                        name=self.name,
                    )  # fmt: skip
                    value = fields.get("rating")
                    by = self._rater(fields.get("by"), here + ".by", problems)
                    first = raters.setdefault(fold(by), at) if by else at
                    if first != at:
                        problems.append(Problem("RUB522", here + ".by", {"value": shown(by), "first": str(first + 1)}))
                    here += ".rating"
            except Exception as error:
                value = None
                problems.append(raised(error, one, here))
            rating, code = self._rating(value, here, problems)
            items.append(RatingItem(rating, by))
            machine.append((code,))
        rows = tuple((item.rating,) for item in items)
        return Rows(rows, tuple(machine), any(item.rating is None for item in items)), tuple(items)

    def check(self, rows: Sequence[Row], values: Mapping[str, Value], path: str, problems: list[Problem]) -> None:
        """Bounds of columns that look at other columns or at other inputs."""
        for at, needed, relation in self._relations:
            # A column hides an input of its name, also in a row where its cell is missing.
            around = {name: values[name] for name in needed if name in values and name not in self._names}
            for number, row in enumerate(rows):
                if row[at] is None:
                    continue
                cells = {name: cell for name, cell in zip(self._order, row, strict=True) if cell is not None}
                try:
                    relation.check({**around, **cells})
                except Unreadable as error:
                    problems.append(refused(error, f"{path}[{number}].{relation.name}"))

    # ---- what does not go the straight way

    def _rows(self, given: object, path: str, problems: list[Problem]) -> Sequence[object]:
        if type(given) is not list and isinstance(given, list | tuple):
            given = list(given)
        if not isinstance(given, list):
            problems.append(self._no_list(given, path, "ratings" if self.spec.kind is Kind.RATINGS else "help"))
            return ()
        if len(given) > self._most:
            problems.append(self._no_list(given, path, "long", rows=str(len(given)), most=str(self._most)))
            return ()
        return given

    def _no_list(self, given: object, path: str, help: str, **values: str) -> Problem:
        columns = ", ".join(f"`{name}`" for name in self._order[:12]) + (" …" if len(self._order) > 12 else "")
        return Problem("RUB520", path, {"value": shown(given), "name": self.name, "columns": columns, **values}, help)

    def _odd_row(
        self, given: object, path: str, guesses: Suggestions, problems: list[Problem]
    ) -> Mapping[str, object] | None:
        try:
            row = unmodelled(given)
            if isinstance(row, Mapping):
                return known_keys(
                    row, self._names, path + ".", problems, "RUB521", self._order, guesses, name=self.name
                )  # fmt: skip
            problems.append(self._no_list(given, path, "row"))
        except Exception as error:
            problems.append(raised(error, given, path, whole=True))
        return None

    def _rating(self, value: object, path: str, problems: list[Problem]) -> tuple[Exact | None, object]:
        _, plain, low, high, scale, read, _ = self._columns[0]
        if value is None:
            return None, MISSING
        if plain and type(value) is int and low <= value <= high:
            return value, value * scale
        try:
            rating, code = read(value)
        except Unreadable as error:
            problems.append(refused(error, path))
            return None, MISSING
        except Exception as error:
            problems.append(raised(error, value, path))
            return None, MISSING
        return (None, MISSING) if isinstance(rating, str) else (rating, code)

    def _rater(self, value: object, path: str, problems: list[Problem]) -> str:
        try:
            return "" if value is None else read_label(value)
        except Unreadable as error:
            problems.append(refused(error, path))
        except Exception as error:
            problems.append(raised(error, value, path))
        return ""


_RATING_FIELDS: Final = ("rating", "by")

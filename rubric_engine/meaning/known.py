"""What is known of one unit, as a world expressions are read in. Standard library only.

The exact reading fills it heading by heading; the ranges ask it first, and take over where something is not known.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from rubric_engine.meaning.exact import Exact, Row
from rubric_engine.meaning.expressions import number, truth
from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.plan.expr import Expr, MaximumOf, Num, PointsOf, Truth
from rubric_engine.plan.plan import InputSpec

_OPEN = (Unsettled, Undefined)


class Known:
    """What is known so far: facts, and what the headings read before came to (``None``: not known).

    ``open_`` remembers by identity what was asked in vain; an expression remembered wrongly only takes the long way.
    ``anything``: nothing is said on purpose, so that nothing is known to be missing either. ``unrated`` are the
    headings that are not rated: they have neither points nor a maximum, whatever a slot holds. ``lacking``: whether a
    group has too little to be rated by, also where something stands for it.
    """

    __slots__ = (
        "anything", "columns", "judged", "lacking", "lets", "maxima", "met", "open_", "points", "row", "specs",
        "totals", "unrated", "values", "worked_out", "zero",
    )  # fmt: skip

    def __init__(
        self,
        values: Mapping[str, Any],
        judged: Mapping[str, Fraction],
        specs: Mapping[str, InputSpec],
        lets: Mapping[str, Num | Truth],
        *,
        anything: bool = False,
    ) -> None:
        self.anything = anything
        self.values = values
        self.judged = judged
        self.specs = specs
        self.lets = lets
        self.points: dict[str, Fraction | None] = {}
        self.maxima: dict[str, Fraction | None] = {}
        self.unrated: set[str] = set()
        self.lacking: dict[str, bool | None] = {}
        self.met: dict[str, bool | None] = {}
        self.zero: dict[str, bool | None] = {}
        self.totals: tuple[Fraction | None, Fraction | None] = (None, None)
        self.worked_out: dict[str, Exact | Exception] = {}
        self.open_: set[int] = set()
        self.row: Row = ()
        self.columns: Mapping[str, int] = {}

    def within(self, row: Row, columns: Mapping[str, int]) -> "Known":
        """The same with one row of a register at hand."""
        found = Known(self.values, self.judged, self.specs, self.lets, anything=self.anything)
        found.points, found.maxima, found.met, found.zero = self.points, self.maxima, self.met, self.zero
        found.unrated, found.lacking, found.worked_out = self.unrated, self.lacking, self.worked_out
        found.totals, found.row, found.columns = self.totals, row, columns
        return found

    # ---- what expressions ask: see meaning/expressions.World

    def fact(self, name: str) -> Any:
        value = self.values.get(name)
        if value is None:
            raise Unsettled
        return value

    def judgement(self, key: str) -> Fraction:
        return _said(self.judged.get(key))

    def points_of(self, code: str) -> Fraction:
        if code in self.unrated:
            raise Undefined(PointsOf(code))
        return _said(self.points.get(code))

    def maximum_of(self, code: str) -> Fraction:
        if code in self.unrated:
            raise Undefined(MaximumOf(code))
        return _said(self.maxima.get(code))

    def total(self) -> Fraction:
        return _said(self.totals[0])

    def total_maximum(self) -> Fraction:
        return _said(self.totals[1])

    def is_met(self, code: str) -> bool:
        return _held(self.met.get(code))

    def is_unrated(self, code: str) -> bool:
        return _held(self.lacking.get(code))

    def nothing_zero(self, codes: Sequence[str]) -> bool:
        return not any([_held(self.zero.get(code)) for code in codes])

    def is_missing(self, name: str) -> bool:
        if self.anything:
            raise Unsettled
        spec = self.specs.get(name)
        return (self.values.get(name) if spec is None or not spec.columns else rows_of(spec, self.values)) is None

    def cell(self, name: str) -> Any:
        at = self.columns.get(name)
        value = None if at is None else self.row[at]
        if value is None:
            raise Unsettled
        return value

    def rows(self, register: str) -> "list[Known]":
        spec = self.specs[register]
        rows = rows_of(spec, self.values)
        if rows is None:
            raise Unsettled
        columns = columns_of_spec(spec)
        return [self.within(row, columns) for row in rows]

    def definition(self, name: str) -> Expr:
        found = self.lets.get(name)
        if found is None:
            raise Unsettled
        return found


def _said(value: Fraction | None) -> Fraction:
    if value is None:
        raise Unsettled
    return value


def _held(value: bool | None) -> bool:
    if value is None:
        raise Unsettled
    return value


def known_value(expr: Num, known: Known) -> Exact | None:
    """The number; ``None`` where something is not known, or it has no value."""
    try:
        return number(expr, known)
    except _OPEN:
        return None


def known_number(expr: Num, known: Known) -> Fraction | None:
    """As :func:`known_value`, always a fraction."""
    value = known_value(expr, known)
    return value if value is None or type(value) is Fraction else Fraction(value)


def known_truth(expr: Truth, known: Known) -> bool | None:
    """The truth; ``None`` where something is not known, or a number it compares has no value."""
    try:
        return truth(expr, known)
    except _OPEN:
        return None


def rows_of(spec: InputSpec, values: Mapping[str, Any]) -> Sequence[Row] | None:
    """The rows of a register; ``None`` while it is missing, or has fewer ratings than asked for."""
    rows = values.get(spec.name)
    return None if rows is None or len(rows) < spec.raters else rows


def columns_of_spec(spec: InputSpec) -> dict[str, int]:
    """Where each column of a register stands in its rows."""
    return {column.name: at for at, column in enumerate(spec.columns)}

"""What each name can be before everything is known. Standard library only; read by ``ranges_expr``."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import field
from dataclasses import replace
from fractions import Fraction
from typing import Any

from rubric_engine.runtime.cells import CellName
from rubric_engine.runtime.exact import Row
from rubric_engine.runtime.expr import Column
from rubric_engine.runtime.expr import Expr
from rubric_engine.runtime.expr import Num
from rubric_engine.runtime.expr import Truth
from rubric_engine.runtime.plan import InputSpec
from rubric_engine.runtime.plan import Kind
from rubric_engine.runtime.ranges_interval import NO_WAITS
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import point
from rubric_engine.runtime.ranges_known import Known
from rubric_engine.runtime.ranges_known import known_number
from rubric_engine.runtime.ranges_known import known_truth
from rubric_engine.runtime.ranges_linear import FormKey
from rubric_engine.runtime.ranges_linear import Linear
from rubric_engine.runtime.ranges_linear import Terms
from rubric_engine.runtime.record import record


@record
class Possible:
    """A truth that may not be known. ``waits`` is empty once it is."""

    may_be_true: bool
    may_be_false: bool
    waits: frozenset[str] = NO_WAITS
    may_be_undefined: bool = False

    @property
    def known(self) -> bool | None:
        """The truth, when only one is possible."""
        return self.may_be_true if self.may_be_true != self.may_be_false else None


TRUE = Possible(True, False)
FALSE = Possible(False, True)
EITHER = Possible(True, True)


def settled_truth(value: bool) -> Possible:
    """The truth, known."""
    return TRUE if value else FALSE


def marks_of(chance: Possible) -> frozenset[int]:
    """The truth as marks: 1 when it can hold, 0 when it can fail."""
    return frozenset(({1} if chance.may_be_true else set()) | ({0} if chance.may_be_false else set()))


@record
class LevelSet:
    """The levels a one-of input can still hold."""

    values: frozenset[int]
    waits: frozenset[str] = NO_WAITS


Cell = Interval | Possible | LevelSet | None


@record
class Register:
    """A list or ratings. ``rows`` is ``None`` while it is missing: then any number of rows from ``least`` up.

    ``any_row`` is what a cell can hold before anybody says, waiting for the register (a text: ``None``). A cell missing
    in a row that is there can hold as much, and waits for itself alone: see :class:`CellName`.
    """

    name: str
    columns: tuple[InputSpec, ...]
    places: Mapping[str, int]
    any_row: tuple[Cell, ...]
    rows: Sequence[Row] | None
    least: int
    waits: frozenset[str]

    def missing_cell(self, number: int, at: int) -> Cell:
        """What a cell of a row that is there can hold; rows count from 1."""
        cell = self.any_row[at]
        if cell is None or not cell.waits:
            return cell
        return replace(cell, waits=self.waits_of_cell(number, at))

    def waits_of_cell(self, number: int, at: int) -> frozenset[str]:
        """The name of a cell, waited for."""
        return frozenset((str(CellName(self.name, number, self.columns[at].name)),))


@record
class Kin:
    """Facts bound to one another by their declarations, with the expressions and relations known of them."""

    names: tuple[str, ...]
    atoms: tuple[Num, ...] = ()
    forms: tuple[FormKey, ...] = ()


def column_key(name: str) -> str:
    """Where the flag or level of a column stands: never the name of an input."""
    return f".{name}"


def cell_of(column: InputSpec, value: Any) -> Cell:
    """A cell as given."""
    match column.kind:
        case Kind.YES_NO:
            return settled_truth(bool(value))
        case Kind.LEVEL:
            return LevelSet(frozenset((int(value),)))
        case Kind.TEXT:
            return None
        case _:
            return point(Fraction(value))


@record
class Env:
    """What every name can be. Treated as immutable; the caches only remember what was asked and what is being read.

    ``numbers`` holds facts, judgements, nodes, and any expression a condition has narrowed; ``forms`` holds relations;
    ``zeros`` tells of each scored leaf whether it applies and has exactly 0 points. ``known`` answers at once what is
    known; the flags and levels of a row at hand stand under :func:`column_key`. ``kin`` tells what facts are bound to
    one another, ``heading_forms`` which relations hold between points and maximum of a heading. ``busy``, what is being
    read at this moment, is common to all copies: an expression can be reached again from its own parts through any.
    """

    numbers: dict[Num, Interval]
    flags: dict[str, Possible]
    levels: dict[str, LevelSet]
    truths: dict[Truth, Possible]
    lets: Mapping[str, Num | Truth]
    forms: dict[FormKey, tuple[Terms, Interval]]
    seen: dict[Expr, Interval | Possible]
    shapes: dict[Num, Linear]
    zeros: dict[str, Possible]
    busy: set[Num]
    registers: dict[str, Register]
    known: Known | None = None
    kin: dict[str, Kin] = field(default_factory=dict)
    heading_forms: dict[str, tuple[FormKey, ...]] = field(default_factory=dict)

    @classmethod
    def empty(cls, lets: Mapping[str, Num | Truth], known: Known | None = None) -> "Env":
        """Nothing is known of any name."""
        return cls({}, {}, {}, {}, lets, {}, {}, {}, {}, set(), {}, known)

    def copy(self) -> "Env":
        """The same possibilities, free to be narrowed."""
        return Env(
            dict(self.numbers), dict(self.flags), dict(self.levels), dict(self.truths), self.lets, dict(self.forms),
            {}, {}, self.zeros, self.busy, self.registers, self.known, self.kin, self.heading_forms,
        )  # fmt: skip

    def beside(self, other: "Env") -> "Env":
        """The same possibilities, with what is common to all copies taken from another environment."""
        return Env(
            self.numbers, self.flags, self.levels, self.truths, other.lets, self.forms, {}, {}, other.zeros, other.busy,
            other.registers, other.known, other.kin, other.heading_forms,
        )  # fmt: skip

    def at_row(self, register: Register, row: Row | None, number: int = 0) -> "Env":
        """The same with one row of a register at hand, the ``number``-th; ``None``: any row its columns allow."""
        found = self.copy()
        for at, column in enumerate(register.columns):
            if row is None:
                cell = register.any_row[at]
            else:
                cell = register.missing_cell(number, at) if row[at] is None else cell_of(column, row[at])
            if isinstance(cell, Interval):
                found.numbers[Column(column.name)] = cell
            elif isinstance(cell, Possible):
                found.flags[column_key(column.name)] = cell
            elif cell is not None:
                found.levels[column_key(column.name)] = cell
        if self.known is None or row is None:
            return replace(found, known=None)
        return replace(found, known=self.known.within(row, register.places))

    def forget(self) -> None:
        """Drop what was remembered, after something was narrowed in place."""
        self.seen.clear()
        self.shapes.clear()


def level_held(held: LevelSet | None, levels: Sequence[int]) -> Possible:
    """Whether one of these levels is held."""
    if held is None:
        return EITHER
    return Possible(bool(held.values & set(levels)), bool(held.values - set(levels)), held.waits)


def with_flag(env: Env, key: str, holds: bool) -> Env:
    """The environment where a flag is so."""
    found = env.copy()
    found.flags[key] = settled_truth(holds)
    return found


def with_level(env: Env, key: str, levels: Sequence[int], holds: bool) -> Env:
    """The environment where one of these levels is held, or none of them."""
    found = env.copy()
    held = env.levels.get(key)
    if held is not None:
        left_over = held.values & set(levels) if holds else held.values - set(levels)
        found.levels[key] = LevelSet(left_over, held.waits if len(left_over) > 1 else NO_WAITS)
    return found


def at_once(expr: Num, env: Env) -> Fraction | None:
    """The value where every part is known; what is not is remembered, not tried twice."""
    known = env.known
    if known is None or id(expr) in known.open_:
        return None
    value = known_number(expr, known)
    if value is None:
        known.open_.add(id(expr))
    return value


def truth_at_once(expr: Truth, env: Env) -> bool | None:
    """As :func:`at_once`, of a condition."""
    known = env.known
    if known is None or id(expr) in known.open_:
        return None
    value = known_truth(expr, known)
    if value is None:
        known.open_.add(id(expr))
    return value

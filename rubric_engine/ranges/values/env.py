"""What each name can be before everything is known. Standard library only; read by ``ranges_expr``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rubric_engine.meaning.budget import OF_A_COPY, READING_STEPS, Budget
from rubric_engine.meaning.exact import Exact, Row
from rubric_engine.meaning.known import Known, known_truth, known_value
from rubric_engine.plan.cells import CellName
from rubric_engine.plan.expr import Column, Compare, Expr, Num, Truth
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.plan.record import record
from rubric_engine.plan.tables import Axis
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, point
from rubric_engine.ranges.values.linear import Atom, Atoms, FormKey, Linear, WholeTerms


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
    """The levels a one-of input can still hold, or the places a key of a table can still have."""

    values: frozenset[int]
    waits: frozenset[str] = NO_WAITS
    may_be_undefined: bool = False


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
    """Facts bound to one another by their declarations, with the expressions and relations known of them.

    Of many facts ``hangs`` names, for each that hangs by one relation, that relation: it and those it leads to are
    needed only where the fact is. ``None``: all are always needed.
    """

    names: tuple[str, ...]
    atoms: tuple[Atom, ...] = ()
    forms: tuple[FormKey, ...] = ()
    hangs: Mapping[Atom, FormKey] | None = None


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
            return point(value)


class Env:
    """What every name can be. Treated as immutable; the caches only remember what was asked and what is being read.

    ``numbers`` holds facts, judgements, nodes, and any expression a condition has narrowed; ``forms`` holds
    relations; ``levels`` those of inputs by name, of indices that were worked out by their atom; ``zeros`` tells of
    each scored leaf whether it applies and has exactly 0 points. ``known`` answers at once what is known; the flags
    and levels of a row at hand stand under :func:`column_key`. ``kin`` tells what facts are bound to one another,
    ``heading_forms`` which relations hold between points and maximum of a heading. ``busy``, what is being read at
    this moment, is common to all copies: an expression can be reached again from its own parts through any. So is
    ``budget``: once it is spent nothing is narrowed any more.

    ``seen``, ``shapes``, ``places`` and ``differences`` remember expressions, ``beyond`` what was assumed, all by
    identity and together with what was asked, so that nothing else can come to stand at its address; ``values``
    remembers atoms.
    """

    __slots__ = (
        "atoms", "beyond", "budget", "busy", "differences", "flags", "forms", "heading_forms", "kin", "known", "lets",
        "levels", "numbers", "places", "registers", "seen", "shapes", "truths", "values", "zeros",
    )  # fmt: skip

    def __init__(
        self,
        lets: Mapping[str, Num | Truth],
        known: Known | None = None,
        zeros: dict[str, Possible] | None = None,
        atoms: Atoms | None = None,
        budget: Budget | None = None,
    ) -> None:
        """Nothing is known of any name; ``zeros``, ``atoms`` and ``budget`` are common to all that are told of them."""
        self.budget = Budget(READING_STEPS) if budget is None else budget
        self.atoms = Atoms() if atoms is None else atoms
        self.lets = lets
        self.known = known
        self.zeros: dict[str, Possible] = {} if zeros is None else zeros
        self.numbers: dict[Atom, Interval] = {}
        self.flags: dict[str, Possible] = {}
        self.levels: dict[str | Atom, LevelSet] = {}
        self.truths: dict[Truth, Possible] = {}
        self.forms: dict[FormKey, tuple[WholeTerms, Interval]] = {}
        self.registers: dict[str, Register] = {}
        self.busy: set[Atom] = set()
        self.kin: dict[str, Kin] = {}
        self.heading_forms: dict[str, tuple[FormKey, ...]] = {}
        self.forget()

    def forget(self) -> None:
        """Drop what was remembered, after something was narrowed in place."""
        self.seen: dict[int, tuple[Expr, Interval | Possible]] = {}
        self.shapes: dict[int, tuple[Num, Linear]] = {}
        self.differences: dict[int, tuple[Compare, tuple[Linear, Linear | None]]] = {}
        self.beyond: dict[tuple[int, bool], tuple[Truth, Env | None]] = {}
        self.values: dict[Atom, Interval] = {}
        self.places: dict[tuple[int, int], tuple[Num, Axis | None, LevelSet]] = {}

    def copy(self) -> "Env":
        """The same possibilities, free to be narrowed."""
        found = Env.__new__(Env)
        found.lets, found.known, found.zeros, found.atoms = self.lets, self.known, self.zeros, self.atoms
        found.budget = self.budget
        found.numbers, found.flags, found.levels = self.numbers.copy(), self.flags.copy(), self.levels.copy()
        found.truths, found.forms = self.truths.copy(), self.forms.copy()
        found.registers, found.busy, found.kin, found.heading_forms = (
            self.registers, self.busy, self.kin, self.heading_forms
        )  # fmt: skip
        found.forget()
        return found

    def may_narrow(self) -> bool:
        """Whether the budget pays for a narrowed copy; where it does not, ranges are true and wider than need be."""
        names = len(self.numbers) + len(self.flags) + len(self.levels) + len(self.truths)
        return self.budget.take(OF_A_COPY + names)

    def tell(self, expr: Num, value: Interval) -> None:
        """What a number can be, in place: before anything is asked."""
        self.numbers[self.atoms[expr]] = value

    def told(self, expr: Num) -> Interval:
        """What a number was told to be."""
        return self.numbers[self.atoms[expr]]

    def beside(self) -> "Env":
        """Nothing is known of any name, but what is common to all copies is."""
        found = Env(self.lets, self.known, self.zeros, self.atoms, self.budget)
        found.registers, found.busy, found.kin, found.heading_forms = (
            self.registers, self.busy, self.kin, self.heading_forms
        )  # fmt: skip
        return found

    def at_row(self, register: Register, row: Row | None, number: int = 0) -> "Env":
        """The same with one row of a register at hand, the ``number``-th; ``None``: any row its columns allow."""
        found = self.copy()
        for at, column in enumerate(register.columns):
            if row is None:
                cell = register.any_row[at]
            else:
                cell = register.missing_cell(number, at) if row[at] is None else cell_of(column, row[at])
            if isinstance(cell, Interval):
                found.tell(Column(column.name), cell)
            elif isinstance(cell, Possible):
                found.flags[column_key(column.name)] = cell
            elif cell is not None:
                found.levels[column_key(column.name)] = cell
        found.known = None if self.known is None or row is None else self.known.within(row, register.places)
        return found


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


def at_once(expr: Num, env: Env) -> Exact | None:
    """The value where every part is known; what is not is remembered, not tried twice."""
    known = env.known
    if known is None or id(expr) in known.open_:
        return None
    value = known_value(expr, known)
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

"""What the facts of a rubric can be: as declared, or with what a submission says. Standard library only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from rubric_engine.meaning.exact import Exact, Row
from rubric_engine.meaning.known import Known, columns_of_spec, rows_of
from rubric_engine.plan.expr import (
    Compare,
    Const,
    Fact,
    IsMissing,
    Judged,
    MaximumOf,
    Order,
    PointsOf,
    Total,
    TotalMaximum,
)
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Kind, Let, MissingPolicy, Plan, PlanNode
from rubric_engine.ranges.values.env import EITHER, FALSE, Cell, Env, LevelSet, Possible, Register, settled_truth
from rubric_engine.ranges.values.expr import number
from rubric_engine.ranges.values.interval import (
    NO_WAITS,
    Interval,
    common_grid,
    intersect,
    interval,
    point,
    quotient,
    span_of,
)
from rubric_engine.ranges.values.kin import bound_together, kin_of
from rubric_engine.ranges.values.near import families, families_of, part_of, read_by_columns

_REGISTERS = (Kind.LIST, Kind.RATINGS)
_LEAVE_OUT = (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE)
_LAST_DAY = date.max.toordinal()


class GivenFacts(Protocol):
    """What the facts of a submission tell here; naming their class would load all that reads a submission."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Exact values by input."""

    @property
    def judged(self) -> Mapping[str, Fraction]:
        """Points a person gave, by judgement."""

    @property
    def bounds(self) -> Mapping[str, tuple[Fraction, Fraction]]:
        """The lowest and highest a missing number can be, where more is known than it declares."""


def env_of_inputs(
    inputs: Iterable[InputSpec],
    judged: Iterable[JudgedSpec] = (),
    lets: Iterable[Let] = (),
    *,
    points: Mapping[str, Interval] | None = None,
    maxima: Mapping[str, Interval] | None = None,
    total: Interval | None = None,
    total_maximum: Interval | None = None,
) -> Env:
    """Every value the declarations allow; nothing waits. Points and maxima of nodes are free where not given."""
    env = Env({let.name: let.value for let in lets})
    specs = tuple(inputs)
    for spec in specs:
        env.truths[IsMissing(spec.name)] = _may_be_missing(spec)
        _declare(env, spec, NO_WAITS)
    for judgement in judged:
        env.tell(Judged(judgement.key), _judgement(judgement, NO_WAITS))
    for code, value in (points or {}).items():
        env.tell(PointsOf(code), value)
    for code, value in (maxima or {}).items():
        env.tell(MaximumOf(code), value)
    for expr, given in ((Total(), total), (TotalMaximum(), total_maximum)):
        if given is not None:
            env.tell(expr, given)
    return _relate(env, specs)


def env_of_facts(plan: Plan, facts: GivenFacts) -> Env:
    """What is known is a point; what is not is what its declaration and the other facts leave, waiting for its name."""
    found = DeclaredFacts(plan, facts)
    found.declare((spec.name for spec in plan.inputs), (spec.key for spec in plan.judged))
    return found.env


class DeclaredFacts:
    """The facts of one submission in an environment, each from when it is first asked for.

    Most of a sheet is never asked for: what is known needs no ranges, and what was read before is remembered.
    ``anything``: what is not said stands for all that may be said, that it is missing among it.
    """

    def __init__(self, plan: Plan, facts: GivenFacts, *, anything: bool = False) -> None:
        lets = {let.name: let.value for let in plan.lets}
        specs = {spec.name: spec for spec in plan.inputs}
        self.env = Env(lets, Known(facts.values, facts.judged, specs, lets, anything=anything))
        self._anything = anything
        self._facts = facts
        self._families = families_of(plan)
        self._judged = layout_of(plan).judged
        self._declared: set[str] = set()

    def declare(self, names: Iterable[str], judged: Iterable[str] = ()) -> None:
        """These inputs with all that are bound to them, and these judgements."""
        for key in judged:
            if f"judged {key}" not in self._declared and key in self._judged:
                self._declared.add(f"judged {key}")
                given = self._facts.judged.get(key)
                missing = _judgement(self._judged[key], frozenset((f"judged {key}",)))
                self.env.tell(Judged(key), missing if given is None else point(given))
        for name in names:
            family = None if name in self._declared else self._families.get(name)
            if family is not None:
                self._declared.update(spec.name for spec in family)
                self._declare_family(family)

    def _declare_family(self, family: Sequence[InputSpec]) -> None:
        for spec in family:
            if spec.kind in _REGISTERS:
                self.declare(read_by_columns(spec, self.env.lets))
            else:
                self._declare_one(spec)
        _relate_family(self.env, family)
        self.env.forget()
        for spec in family:
            if spec.kind in _REGISTERS:
                rows = rows_of(spec, self._facts.values)
                self.env.registers[spec.name] = _register(self.env, spec, rows, frozenset((spec.name,)))
                self.env.truths[IsMissing(spec.name)] = self._missing(spec, rows is None)

    def _declare_one(self, spec: InputSpec) -> None:
        env = self.env
        value: Any = self._facts.values.get(spec.name)
        waits = frozenset((spec.name,))
        if value is None:
            _declare(env, spec, waits)
            if spec.name in self._facts.bounds:
                _narrow_to(env, spec, self._facts.bounds[spec.name], waits)
        elif spec.kind is Kind.YES_NO:
            env.flags[spec.name] = settled_truth(bool(value))
        elif spec.kind is Kind.LEVEL:
            env.levels[spec.name] = LevelSet(frozenset((int(value),)))
        elif spec.kind is not Kind.TEXT:
            env.tell(Fact(spec.name), point(value))
        env.truths[IsMissing(spec.name)] = self._missing(spec, value is None)

    def _missing(self, spec: InputSpec, missing: bool) -> Possible:
        return _may_be_missing(spec) if self._anything else settled_truth(missing)


def _may_be_missing(spec: InputSpec) -> Possible:
    return EITHER if spec.optional else FALSE


def _between(low: Fraction, high: Fraction) -> Interval:
    return Interval(low, high) if low <= high else Interval(high, low)


def _may_be_left_out(node: PlanNode) -> bool:
    return node.if_missing is not None and node.if_missing.policy in _LEAVE_OUT


def _declare(env: Env, spec: InputSpec, waits: frozenset[str]) -> None:
    if spec.kind in _REGISTERS:
        env.registers[spec.name] = _register(env, spec, None, waits)
        return
    found = _declared(env, spec, waits)
    if isinstance(found, Interval):
        env.tell(Fact(spec.name), found)
    elif isinstance(found, Possible):
        env.flags[spec.name] = found
    elif found is not None:
        env.levels[spec.name] = found


def _narrow_to(env: Env, spec: InputSpec, ends: tuple[Fraction, Fraction], waits: frozenset[str]) -> None:
    """A missing number between these ends; what it declares stands where the two have nothing in common."""
    declared = env.numbers.get(env.atoms[Fact(spec.name)])
    if declared is not None:
        env.tell(Fact(spec.name), intersect(declared, span_of(*ends, waits)) or declared)


def _declared(env: Env, spec: InputSpec, waits: frozenset[str]) -> Cell:
    """Everything one value can be."""
    match spec.kind:
        case Kind.YES_NO:
            return Possible(True, True, waits)
        case Kind.LEVEL:
            levels = frozenset(range(len(spec.levels)))
            return LevelSet(levels, waits if len(levels) > 1 else NO_WAITS)
        case Kind.TEXT:
            return None
        case _:
            return _declared_number(env, spec, waits)


def _register(env: Env, spec: InputSpec, rows: Sequence[Row] | None, waits: frozenset[str]) -> Register:
    any_row = tuple(_column(env, column, waits) for column in spec.columns)
    return Register(spec.name, spec.columns, columns_of_spec(spec), any_row, rows, spec.raters, waits)


def _column(env: Env, column: InputSpec, waits: frozenset[str]) -> Cell:
    """As declared; a bound that reads other facts reaches as far as those can."""
    found = _declared(env, column, waits)
    if isinstance(found, Interval):
        for bound, upper in ((column.minimum, False), (column.maximum, True)):
            if bound is None or isinstance(bound.value, Const):
                continue
            limit = number(bound.value, env)
            reach = (
                Interval(high=limit.high, high_open=bound.strict or limit.high_open) if upper
                else Interval(low=limit.low, low_open=bound.strict or limit.low_open)
            )  # fmt: skip
            # Bounds that contradict one another are reported where they are declared.
            found = intersect(found, reach) or found
    return found


def _declared_number(env: Env, spec: InputSpec, waits: frozenset[str]) -> Interval:
    """By the constant bounds; bounds that name other facts are relations, and come later."""
    low: Exact | None = 0 if spec.kind is Kind.COUNT else 1 if spec.kind is Kind.DATE else None
    high: Exact | None = _LAST_DAY if spec.kind is Kind.DATE else None
    low_open = high_open = False
    least_value = None if spec.minimum is None else number(spec.minimum.value, env).exact
    if spec.minimum is not None and least_value is not None and (low is None or least_value >= low):
        low, low_open = least_value, spec.minimum.strict
    most = None if spec.maximum is None else number(spec.maximum.value, env).exact
    if spec.maximum is not None and most is not None:
        high, high_open = most, spec.maximum.strict
    grid = None if spec.scale is None else quotient(1, spec.scale)
    found = interval(low, high, low_open=low_open, high_open=high_open, grid=grid, waits=waits)
    # Bounds that leave nothing are reported where they are declared; here such a fact is simply free.
    return Interval(grid=grid, waits=waits) if found is None else found


def _judgement(spec: JudgedSpec, waits: frozenset[str]) -> Interval:
    grid = None if spec.step is None else common_grid((point(spec.minimum), point(spec.step)))
    found = interval(spec.minimum, spec.maximum, grid=grid, waits=waits)
    return Interval(spec.minimum, spec.maximum, waits=waits) if found is None else found


def _relate(env: Env, inputs: Iterable[InputSpec]) -> Env:
    for family in families(inputs, env.lets):
        _relate_family(env, family)
    env.forget()
    return env


def _relate_family(env: Env, family: Sequence[InputSpec]) -> None:
    """Bounds by other facts, in place: ``done`` at most ``planned`` bounds each of the two by the other."""
    bounds = [
        Compare(strict if bound.strict else order, Fact(spec.name), bound.value)
        for spec in family
        for bound, order, strict in ((spec.minimum, Order.GE, Order.GT), (spec.maximum, Order.LE, Order.LT))
        if bound is not None and not isinstance(bound.value, Const)
    ]
    if not bounds:
        return
    names = tuple(spec.name for spec in family)
    before = part_of(env, names)
    part = bound_together(before, bounds)
    env.numbers.update(part.numbers)
    env.forms.update(part.forms)
    kin = kin_of(names, tuple(atom for atom in part.numbers if atom not in before.numbers), part.forms)
    env.kin.update(dict.fromkeys(names, kin))

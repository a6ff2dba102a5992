"""Finding a submission that shows a fault: facts under which given conditions come out as wanted.

First by construction (``done / planned = 90%`` is met by 9 of 10), then by a bounded search over the values at which
rules change their mind. Whatever is proposed is validated by exact evaluation, so a witness is never wrong; that none
was found proves nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice

from rubric_engine.meaning.budget import CHECK_STEPS, Budget
from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, JudgedSpec, Kind, Let
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.expr import number
from rubric_engine.ranges.values.interval import as_fraction
from rubric_engine.solve.aiming import Aim
from rubric_engine.solve.rows import register_values, scalar_values
from rubric_engine.solve.world import (
    Cell,
    Evaluation,
    Goal,
    Row,
    Value,
    World,
    column_key,
    keys_of,
    parts_within,
)

Found = dict[str, Value]

# What one search may cost, in parts of expressions visited; all together may take half of what the check may: a hostile
# rubric with thousands of faults still ends soon, the later ones without an example.
_ONE_SEARCH = 100_000
_WHOLE_SEARCH = 400_000
_PROPOSALS = 48
_MOST_VALUES = 400  # of one fact, where all are tried
_MOST_PLACES = 10**30
_NOTHING = Fraction(0)
_ANY = x.Always(True)
_LAST_DAY = date.max.toordinal()


class Search:
    """Looks for worlds. ``stretches`` gives the possible values of keys that are no input (points, judgements …)."""

    def __init__(
        self,
        inputs: Mapping[str, InputSpec],
        judged: Mapping[str, JudgedSpec],
        lets: Mapping[str, Let],
        points: Mapping[str, tuple[Fraction, ...]],
        budget: Budget | None = None,
    ) -> None:
        self.inputs = inputs
        self.judged = judged
        self.lets = lets
        self.points = points
        self._dependents: dict[str, list[str]] = {}
        for spec in inputs.values():
            for key in keys_of([bound.value for bound in _bounds(spec)], lets):
                self._dependents.setdefault(key, []).append(spec.name)
        self.budget = Budget(CHECK_STEPS // 2 if budget is None else budget.left // 2, budget)

    def find(self, goals: Sequence[Goal]) -> Found | None:
        """Facts under which every goal comes out as wanted, or ``None``."""
        if self.budget.spent:
            return None
        try:
            return self._find(goals)
        except RecursionError:  # an example is a courtesy: none is better than a crash
            return None

    def every(self, goals: Sequence[Goal], env: Env) -> tuple[Found | None, bool]:
        """The same among all there are, where each fact has few values in ``env``; and whether all were tried."""
        expressions: list[x.Expr] = [goal for goal, _ in goals]
        leaves = self._closed(expressions)
        candidates: dict[str, list[Value]] = {}
        for key in leaves:
            values = self.every_value(key, env)
            if values is None:
                return None, False
            candidates[key] = values
        if self.budget.spent:
            return None, False
        # The facts with fewest values first: what rules much out is tried early.
        leaves = dict(sorted(leaves.items(), key=lambda item: len(candidates[item[0]])))
        attempt = _Attempt(self, goals, leaves, candidates, _WHOLE_SEARCH)
        try:
            found = attempt.complete({})
        except RecursionError:
            return None, False
        self.budget.take(_WHOLE_SEARCH - attempt.left)
        return found, attempt.left > 0

    def filled(self, world: World, expressions: Iterable[x.Expr]) -> Found | None:
        """The world with a plain value for everything else these expressions read; ``None`` where nothing fits."""
        leaves = {key: leaf for key, leaf in self._closed(list(expressions)).items() if key not in world}
        found: Found = dict(world)
        together: dict[str, x.Expr] = {}
        for key, leaf in leaves.items():
            if key not in self.inputs and not key.startswith("judged:"):
                continue
            if self._dependents.get(key) or self._is_related(key):
                together[key] = leaf
                continue
            value = next((value for value in self._values(key, ()) if self.allows(key, {key: value})), None)
            if value is not None:
                found[key] = value
        if not together:
            return found
        bounds = [bound.value for spec in self.inputs.values() for bound in _bounds(spec)]
        candidates = self._candidates(together, bounds)
        attempt = _Attempt(self, (), {**dict.fromkeys(found, _ANY), **together}, candidates)
        return attempt.complete(found)

    def _is_related(self, key: str) -> bool:
        spec = self.inputs.get(key)
        return spec is not None and any(not isinstance(bound.value, x.Const) for bound in _bounds(spec))

    def every_value(self, key: str, env: Env) -> list[Value] | None:
        """All a key can be, where that is little."""
        spec = self.inputs.get(key)
        if spec is None:
            judged = self.judged.get(key[7:]) if key.startswith("judged:") else None
            if judged is None or judged.step is None:
                return [True, False] if key.startswith("zero:") else None
            return _steps(judged.minimum, judged.maximum, judged.step)
        missing: list[Value] = [None] if spec.optional else []
        match spec.kind:
            case Kind.YES_NO | Kind.LEVEL | Kind.TEXT:
                return [*scalar_values(spec, ())]
            case Kind.LIST | Kind.RATINGS:
                return None
            case _:
                held = number(x.Fact(key), env)
                low, high, grid = (as_fraction(end) for end in (held.low, held.high, held.grid))
                if low is None or high is None or (grid is None and low != high):
                    return None
                values = _steps(low, high, grid or Fraction(1))
                return None if values is None else [*values, *missing]

    def facts_read(self, expressions: Iterable[x.Expr]) -> list[str]:
        """The facts and judgements these expressions read, with those that bound them."""
        return [key for key in self._closed(list(expressions)) if key in self.inputs or key.startswith("judged:")]

    def judged_values(self, key: str) -> list[Value]:
        """Points a person may give that are worth trying."""
        spec = self.judged[key]
        some = _judged_values(spec, ())
        if spec.step is not None:
            some += _steps(spec.minimum, spec.maximum, spec.step) or []
        return [value for value in dict.fromkeys(some) if _judgeable(spec, value)]

    def _find(self, goals: Sequence[Goal]) -> Found | None:
        expressions: list[x.Expr] = [goal for goal, _ in goals]
        leaves = self._closed(expressions)
        attempt = _Attempt(self, goals, leaves, self._candidates(leaves, expressions))
        found = None
        for proposal in islice(self._proposals(goals), _PROPOSALS):
            found = attempt.complete(proposal)
            if found is not None or attempt.left <= 0:
                break
        self.budget.take(_ONE_SEARCH - attempt.left)
        return found

    def value(self, expr: x.Num, world: Mapping[str, Value]) -> Fraction:
        """The exact value of an expression in a world that was found."""
        return Evaluation(world, self.lets).number(expr)

    def _closed(self, expressions: list[x.Expr]) -> dict[str, x.Expr]:
        """Keys read by the expressions and, further, by the bounds of the inputs among them."""
        leaves = keys_of(expressions, self.lets)
        queue = list(leaves)
        while queue:
            spec = self.inputs.get(queue.pop())
            if spec is None:
                continue
            for key, leaf in keys_of([bound.value for bound in _bounds(spec)], self.lets).items():
                if key not in leaves:
                    leaves[key] = leaf
                    queue.append(key)
        return leaves

    # ------------------------------------------------------------ what to try

    def _proposals(self, goals: Sequence[Goal]) -> Iterator[World]:
        """Partial worlds built for the comparisons among the goals; the empty one last."""
        aim = Aim(self.inputs, self.lets)
        parts = [list(islice(aim.at_truth(goal, holds), 16)) for goal, holds in goals]
        yield from _merged([part for part in parts if part])
        for part in parts:
            yield from part
        yield {}

    def _candidates(self, leaves: Mapping[str, x.Expr], expressions: Iterable[x.Expr]) -> dict[str, list[Value]]:
        constants = self._constants(expressions)
        return {key: self._values(key, constants) for key in leaves}

    def _constants(self, expressions: Iterable[x.Expr]) -> list[Fraction]:
        constants = (part.value for part in parts_within(expressions, self.lets) if isinstance(part, x.Const))
        return list(dict.fromkeys(constants))

    def _values(self, key: str, constants: Sequence[Fraction]) -> list[Value]:
        spec = self.inputs.get(key)
        if spec is not None:
            return register_values(spec, constants) if spec.columns else [*scalar_values(spec, constants)]
        kind, _, name = key.partition(":")
        if kind == "judged" and name in self.judged:
            return _judged_values(self.judged[name], constants)
        if kind in ("met", "zero"):
            return [True, False]
        known = self.points.get(key, ())
        if kind == "maximum":
            return list(known)
        low, high = (min(known), max(known)) if known else (None, None)
        inside = [c for c in constants if low is None or high is None or low <= c <= high]
        return list(dict.fromkeys([*known, *inside, *(c + 1 for c in inside if high is None or c + 1 <= high)]))

    def allows(self, key: str, world: Mapping[str, Value]) -> bool:
        """Whether an input's value fits its kind, grid and those of its bounds that can be told already."""
        value = world[key]
        spec = self.inputs.get(key)
        if spec is None:
            judged = self.judged.get(key.partition(":")[2]) if key.startswith("judged:") else None
            return self._reachable(key, value, world) if judged is None else _judgeable(judged, value)
        if isinstance(value, tuple):
            return len(value) >= spec.raters and all(self._is_row(spec, row, world) for row in set(value))
        return self._fits(spec, value, world)

    def touched(self, key: str) -> list[str]:
        """The key, and those whose values it may rule out: by a bound, or as the maximum of points."""
        points = [f"points:{key[8:]}"] if key.startswith("maximum:") else []
        return [key, *points, *self._dependents.get(key, ())]

    def _reachable(self, key: str, value: Value, world: Mapping[str, Value]) -> bool:
        """Whether a heading can come to that, as far as its own ends tell; where it does not apply it has none."""
        known = self.points.get(key, ())
        kind, _, code = key.partition(":")
        if not known or value is None or isinstance(value, tuple) or not code:
            return True
        if kind == "maximum":
            return value in known
        if kind != "points":
            return True
        most = world.get(f"maximum:{code}")
        high = max(known) if most is None or isinstance(most, tuple) else min(max(known), Fraction(most))
        return min(*known, _NOTHING) <= value <= high

    def _is_row(self, spec: InputSpec, row: Row, world: Mapping[str, Value]) -> bool:
        here = {**world, **{column_key(name): cell for name, cell in row}}
        return all(self._fits(column, cell, here) for column, (_, cell) in zip(spec.columns, row, strict=True))

    def _fits(self, spec: InputSpec, value: Cell, world: Mapping[str, Value]) -> bool:
        if value is None:
            return spec.optional
        if spec.kind is Kind.LEVEL:
            return int(value) < len(spec.levels)
        if spec.kind in (Kind.YES_NO, Kind.TEXT):
            return True
        number = Fraction(value)
        if spec.scale is not None and (number * spec.scale).denominator != 1:
            return False
        if _MOST_PLACES % number.denominator:
            return False  # nobody can write it down
        if spec.kind is Kind.COUNT and number < 0:
            return False
        return self._inside(spec, number, world)

    def _inside(self, spec: InputSpec, number: Fraction, world: Mapping[str, Value]) -> bool:
        if spec.kind is Kind.DATE and not 1 <= number <= _LAST_DAY:
            return False
        exact = Evaluation(world, self.lets)
        for bound, sign in ((spec.minimum, 1), (spec.maximum, -1)):
            if bound is None:
                continue
            try:
                room = (number - exact.number(bound.value)) * sign
            except (Undefined, Unsettled):
                continue
            if room < 0 or (room == 0 and bound.strict):
                return False
        return True


class _Attempt:
    """One search: a budget of tries shared by all proposals."""

    def __init__(
        self,
        search: Search,
        goals: Sequence[Goal],
        leaves: Mapping[str, x.Expr],
        candidates: Mapping[str, Sequence[Value]],
        left: int = _ONE_SEARCH,
    ) -> None:
        self.search = search
        self.goals = goals
        self.leaves = leaves
        self.candidates = candidates
        self.left = left
        self.cost = len(leaves) + sum(sum(1 for _ in x.walk(goal)) for goal, _ in goals)

    def complete(self, proposal: World) -> Found | None:
        """The proposal with the rest filled in, if that can be done."""
        world: Found = {key: value for key, value in proposal.items() if key in self.leaves}
        if any(not self.search.allows(key, world) for key in world):
            return None
        rest = [key for key in self.leaves if key not in world]
        return self._fill(world, rest)

    def _fill(self, world: Found, rest: Sequence[str]) -> Found | None:
        self.left -= self.cost
        if self.left <= 0 or not self._possible(world, settled=not rest):
            return None
        if not rest:
            return {key: world[key] for key in self.leaves}
        key = rest[0]
        for value in self.candidates[key]:
            world[key] = value
            if all(self.search.allows(other, world) for other in self.search.touched(key) if other in world):
                found = self._fill(world, rest[1:])
                if found is not None:
                    return found
            if self.left <= 0:
                break
        world.pop(key, None)
        return None

    def _possible(self, world: Found, *, settled: bool) -> bool:
        """Whether no goal has failed yet; once all is settled, every goal must have come out."""
        exact = Evaluation(world, self.search.lets)
        for goal, holds in self.goals:
            try:
                if exact.truth(goal) is not holds:
                    return False
            except Unsettled:
                if settled:
                    return False
            except Undefined:
                return False
        return True


def _merged(parts: Sequence[Sequence[World]]) -> Iterator[World]:
    """Ways to serve all the goals at once: one proposal of each, where they agree."""
    if not parts:
        return
    joint: list[World] = [{}]
    for part in parts:
        wider: list[World] = [
            {**left, **right}
            for left in joint
            for right in part
            if all(left.get(key, value) == value for key, value in right.items())
        ]
        joint = wider[:64] or joint
    yield from joint


def _bounds(spec: InputSpec) -> list[Bound]:
    specs = (spec, *spec.columns)
    return [bound for one in specs for bound in (one.minimum, one.maximum) if bound is not None]


def _steps(low: Fraction, high: Fraction, step: Fraction) -> list[Value] | None:
    """Every value from one to the other, where they are few."""
    count = (high - low) // step
    return None if count > _MOST_VALUES else [low + at * step for at in range(int(count) + 1)]


def _judged_values(spec: JudgedSpec, constants: Sequence[Fraction]) -> list[Value]:
    step = spec.step or (spec.maximum - spec.minimum) / 2
    inside = [value for value in constants if _judgeable(spec, value)]
    return list(dict.fromkeys([spec.maximum, spec.minimum, spec.minimum + step, spec.maximum - step, *inside]))


def _judgeable(spec: JudgedSpec, value: Value) -> bool:
    if value is None or isinstance(value, tuple):
        return False
    number = Fraction(value)
    if spec.step is None:
        on_step = not _MOST_PLACES % number.denominator
    else:
        on_step = ((number - spec.minimum) / spec.step).denominator == 1
    return spec.minimum <= number <= spec.maximum and on_step

"""Solving backwards: facts under which an expression takes a given value, by construction.

Proposals only: nothing here promises that bounds hold or that the value comes out; the search validates.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from math import floor

from rubric_engine.facts.readers import constant_of
from rubric_engine.meaning.calendar import months_after, months_from
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Let
from rubric_engine.plan.tables import keys_of_cell
from rubric_engine.solve.rows import SOME_DAY, counted_rows, in_row, row_of, scalar_values
from rubric_engine.solve.world import Evaluation, Value, constant, key_of, may_be

Part = Mapping[str, Value]

_DEPTH = 24
_EACH = 12
_STEPS = 4000
_MOST_PARTS = 40
_ZERO = Fraction(0)


class Aim:
    """Builds partial worlds. Every stream is short; the caller takes as many as it can use."""

    def __init__(self, inputs: Mapping[str, InputSpec], lets: Mapping[str, Let]) -> None:
        self.inputs = inputs
        self.lets = lets
        self.left = _STEPS

    def _stop(self, depth: int) -> bool:
        """Whether to give up: too deep, or too many steps; sums of sums can be solved in no end of ways."""
        self.left -= 1
        return depth <= 0 or self.left <= 0

    def at_truth(self, goal: x.Truth, holds: bool, depth: int = _DEPTH) -> Iterator[Part]:
        """Ways to make a condition come out as wanted."""
        if self._stop(depth):
            return
        match goal:
            case x.Compare():
                yield from self._at_comparison(goal, holds, depth - 1)
            case x.Flag() | x.Met() | x.Unrated() | x.NothingZero() | x.ColumnFlag():
                yield {str(key_of(goal)): holds}
            case x.ColumnIs(levels=levels):
                key, beyond = str(key_of(goal)), max(levels, default=0) + 2
                yield from ({key: at} for at in range(beyond) if (at in levels) is holds)
            case x.IsLevel(name=name, levels=levels):
                count = len(self.inputs[name].levels) if name in self.inputs else 0
                yield from ({name: at} for at in range(count) if (at in levels) is holds)
            case x.Among(value=index, levels=levels):
                beyond = max(levels, default=0) + 2
                wanted = levels if holds else [at for at in range(beyond) if at not in levels]
                yield from (part for at in wanted for part in islice(self.at(index, Fraction(at), depth - 1), _EACH))
            case x.Not(arg=arg):
                yield from self.at_truth(arg, not holds, depth - 1)
            case x.RefTruth(name=name) if name in self.lets:
                yield from self.at_truth(self.lets[name].value, holds, depth - 1)  # type: ignore[arg-type]
            case x.All(args=args) | x.AnyOf(args=args):
                together = isinstance(goal, x.All) is holds
                streams = [list(islice(self.at_truth(arg, holds, depth - 1), _EACH)) for arg in args]
                yield from _together([s for s in streams if s]) if together else (p for s in streams for p in s)
            case _:
                return

    def _at_comparison(self, goal: x.Compare, holds: bool, depth: int) -> Iterator[Part]:
        order = goal.order if holds else _OPPOSITE[goal.order]
        left, right = constant(goal.left, self.lets), constant(goal.right, self.lets)
        if right is not None:
            yield from self._at_side(goal.left, order, right, depth)
        elif left is not None:
            yield from self._at_side(goal.right, _MIRRORED[order], left, depth)
        else:
            for base in (_ZERO, Fraction(1), Fraction(10), Fraction(100)):
                for part in islice(self.at(goal.right, base, depth), 3):
                    for other in islice(self._at_side(goal.left, order, base, depth), 6):
                        if (joint := _joined(part, other)) is not None:
                            yield joint

    def _at_side(self, expr: x.Num, order: x.Order, target: Fraction, depth: int) -> Iterator[Part]:
        for value in _TARGETS[order]:
            yield from islice(self.at(expr, target + value, depth), _EACH)

    def at(self, expr: x.Num, value: Fraction, depth: int = _DEPTH) -> Iterator[Part]:
        """Ways to give a number a value."""
        if self._stop(depth):
            return
        if (key := key_of(expr)) is not None:
            yield {key: value}
            return
        match expr:
            case x.Const(value=known):
                if known == value:
                    yield {}
            case x.Ref(name=name) if name in self.lets:
                yield from self.at(self.lets[name].value, value, depth - 1)  # type: ignore[arg-type]
            case x.Add(terms=terms):
                yield from self._at_sum(terms, value, depth - 1)
            case x.Sub(left=left, right=right):
                yield from self._at_difference(left, right, value, depth - 1)
            case x.Mul(factors=factors):
                yield from self._at_product(factors, value, depth - 1)
            case x.Div(left=left, right=right):
                yield from self._at_quotient(left, right, value, depth - 1)
            case _:
                yield from self._at_built(expr, value, depth - 1)

    def _at_built(self, expr: x.Num, value: Fraction, depth: int) -> Iterator[Part]:
        match expr:
            case x.Least(args=args) | x.Greatest(args=args) | x.Median(args=args):
                yield from self._all_at(args, value, depth)
                for arg in args:
                    yield from islice(self.at(arg, value, depth), _EACH)
            case x.Abs(arg=arg):
                for signed in dict.fromkeys((value, -value)):
                    yield from self.at(arg, signed, depth)
            case x.Rounded(arg=arg, step=step):
                for near in (value, value + step / 4, value - step / 4):
                    yield from islice(self.at(arg, near, depth), _EACH)
            case x.Reckoned() if value.denominator == 1:
                yield from self._at_months(expr, int(value), depth)
            case x.Pow(base=base, exponent=exponent) if exponent:
                for root in (value, _ZERO, Fraction(1)):
                    if root**exponent == value:
                        yield from self.at(base, root, depth)
            case x.If(when=when, then=then, other=other):
                for holds, branch in ((True, then), (False, other)):
                    for part in islice(self.at_truth(when, holds, depth), 4):
                        for rest in islice(self.at(branch, value, depth), 4):
                            if (joint := _joined(part, rest)) is not None:
                                yield joint
            case x.Lookup():
                yield from self._at_cell(expr, value, depth)
            case x.CountRows(register=register, where=where) if register in self.inputs:
                yield from counted_rows(self.inputs[register], value, self._rows_where(register, where, True, depth))
            case x.Reduced(register=register) if register in self.inputs:
                yield from self._at_reduced(expr, value, depth)
            case _:
                return

    def _at_cell(self, expr: x.Lookup, value: Fraction, depth: int) -> Iterator[Part]:
        """The first cells with the value, by the keys they stand at."""
        for keys in islice(keys_of_cell(expr.table, value), _EACH):
            streams = [
                list(islice(self._at_key(key, at, bool(axis.ends), depth), 4))
                for axis, key, at in zip(expr.table.axes, expr.keys, keys, strict=True)
            ]
            if all(streams):
                yield from _together(streams)

    def _at_key(self, key: x.Num, at: Fraction, by_number: bool, depth: int) -> Iterator[Part]:
        known = constant(key, self.lets)
        if known is not None:
            yield from [{}] if known == at else []
        elif not by_number and isinstance(key, x.Fact | x.Column):
            yield {str(key_of(key)): int(at)}
        else:
            yield from self.at(key, at, depth)

    def _rows_where(self, register: str, where: x.Truth | None, holds: bool, depth: int) -> list[Part]:
        """Rows for which a condition comes out so, as parts that hold their cells."""
        if where is None:
            return [{}]
        found = list(islice(self.at_truth(where, holds, depth), _EACH))
        if not found and isinstance(where, x.All | x.AnyOf):
            # Two tests of one cell ask for two values of it; one of them may serve both.
            found = [part for arg in where.args for part in islice(self.at_truth(arg, holds, depth), _EACH)]
        exact = [Evaluation(in_row(row_of(self.inputs[register], part), part), self.lets) for part in found]
        return [part for part, here in zip(found, exact, strict=True) if may_be(here, where, holds)]

    def _at_reduced(self, expr: x.Reduced, value: Fraction, depth: int) -> Iterator[Part]:
        """As few rows as will do, all with the value wanted."""
        spec = self.inputs[expr.register]
        if expr.how is x.Reducer.SUM and not value:
            yield {spec.name: ()}
        least = 3 if expr.how is x.Reducer.TRIMMED_MEAN else 1
        alike = [
            joint
            for part in islice(self.at(expr.value, value, depth), _EACH)
            for test in self._rows_where(expr.register, expr.where, True, depth)
            if (joint := _joined(part, test)) is not None
        ]
        yield from counted_rows(spec, Fraction(max(least, spec.raters)), alike)

    def _at_difference(self, left: x.Num, right: x.Num, value: Fraction, depth: int) -> Iterator[Part]:
        first, second = constant(left, self.lets), constant(right, self.lets)
        if second is not None:
            yield from self.at(left, value + second, depth)
        elif first is not None:
            yield from self.at(right, first - value, depth)
        else:
            for below in (_ZERO, Fraction(1), Fraction(10), SOME_DAY):
                yield from self._both(left, value + below, right, below, depth)

    def _at_months(self, expr: x.Reckoned, value: int, depth: int) -> Iterator[Part]:
        first, second = expr.first, expr.second
        if expr.how is x.Calendar.LATER:
            months = constant(second, self.lets)
            for start in self._days(first) if months is None else ():
                yield from self._both(second, Fraction(months_from(floor(start), value)), first, start, depth)
            if months is not None:
                yield from self.at(first, Fraction(months_after(value, -floor(months))), depth)
            return
        pairs = [(start, Fraction(months_after(floor(start), value)) + late)
                 for start in self._days(first) for late in (_ZERO, Fraction(1))]  # fmt: skip
        pairs += [(Fraction(months_after(floor(day), -value)), day) for day in self._days(second)]
        for start, end in pairs:
            if self._may_be(first, start) and self._may_be(second, end):
                yield from self._both(second, end, first, start, depth)

    def _may_be(self, expr: x.Num, day: Fraction) -> bool:
        if not isinstance(expr, x.Fact) or expr.name not in self.inputs:
            return True
        low, high = (constant_of(bound) for bound in (self.inputs[expr.name].minimum, self.inputs[expr.name].maximum))
        return (low is None or low <= day) and (high is None or day <= high)

    def _days(self, expr: x.Num) -> Sequence[Fraction]:
        """Days a date is likely to be: those its bounds name."""
        known = constant(expr, self.lets)
        if known is not None:
            return (known,)
        if not isinstance(expr, x.Fact) or expr.name not in self.inputs:
            return (SOME_DAY,)
        return [Fraction(day) for day in scalar_values(self.inputs[expr.name], ()) if isinstance(day, Fraction)]

    def _all_at(self, args: Sequence[x.Num], value: Fraction, depth: int) -> Iterator[Part]:
        streams = [list(islice(self.at(arg, value, depth), 4)) for arg in args]
        if all(streams):
            yield from _together(streams)

    def _both(self, one: x.Num, at_one: Fraction, two: x.Num, at_two: Fraction, depth: int) -> Iterator[Part]:
        for part in islice(self.at(two, at_two, depth), 4):
            for other in islice(self.at(one, at_one, depth), 6):
                if (joint := _joined(part, other)) is not None:
                    yield joint

    def _at_sum(self, terms: Sequence[x.Num], value: Fraction, depth: int) -> Iterator[Part]:
        fixed = [constant(term, self.lets) for term in terms]
        free = [term for term, known in zip(terms, fixed, strict=True) if known is None]
        left = value - sum((known for known in fixed if known is not None), _ZERO)
        for rest_at in (_ZERO, Fraction(1)):
            for at, term in enumerate(free[:_MOST_PARTS]):
                if self.left <= 0:
                    return
                others = free[:at] + free[at + 1 :]
                needed = left - rest_at * len(others)
                goals = [(term, needed), *((other, rest_at) for other in others)]
                streams = [list(islice(self.at(each, wanted, depth), 4)) for each, wanted in goals]
                if all(streams):
                    yield from islice(_together(streams), _EACH)

    def _at_product(self, factors: Sequence[x.Num], value: Fraction, depth: int) -> Iterator[Part]:
        known = Fraction(1)
        free: list[x.Num] = []
        for factor in factors:
            fixed = constant(factor, self.lets)
            if fixed is None:
                free.append(factor)
            else:
                known *= fixed
        if known == 0 or not free:
            return
        if value == 0:
            for factor in free:
                yield from islice(self.at(factor, _ZERO, depth), _EACH)
            return
        for at, factor in enumerate(free[:_MOST_PARTS]):
            if self.left <= 0:
                return
            goals = [(factor, value / known), *((other, Fraction(1)) for other in free[:at] + free[at + 1 :])]
            streams = [list(islice(self.at(each, wanted, depth), 8)) for each, wanted in goals]
            if all(streams):
                yield from islice(_together(streams), _EACH)

    def _at_quotient(self, left: x.Num, right: x.Num, value: Fraction, depth: int) -> Iterator[Part]:
        whole = Fraction(value.denominator)
        round_ones = [Fraction(n) for n in (10, 100, 20, 1) if (n * value).denominator == 1]
        divisor = constant(right, self.lets)
        known = () if divisor is None else (divisor,)
        for below in dict.fromkeys((*known, *round_ones, whole, whole * 2, whole * 3, whole * 10, whole * 100)):
            if isinstance(left, x.CountRows) and right == x.CountRows(left.register) and left.register in self.inputs:
                good, bad = (self._rows_where(left.register, left.where, holds, depth) for holds in (True, False))
                yield from counted_rows(self.inputs[left.register], value * below, good, bad, below)
                continue
            yield from self._both(left, value * below, right, below, depth)


def _joined(left: Part, right: Part) -> Part | None:
    """Both parts at once, unless they contradict each other."""
    if any(left.get(key, value) != value for key, value in right.items()):
        return None
    return {**left, **right}


def _together(streams: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """One part of each stream, wherever they agree."""
    joint: list[Part] = [{}]
    for stream in streams:
        joint = [both for left in joint for right in stream if (both := _joined(left, right)) is not None][:_EACH]
    yield from joint


_OPPOSITE = {
    x.Order.LT: x.Order.GE, x.Order.LE: x.Order.GT, x.Order.EQ: x.Order.NE,
    x.Order.NE: x.Order.EQ, x.Order.GE: x.Order.LT, x.Order.GT: x.Order.LE,
}  # fmt: skip
_MIRRORED = {
    x.Order.LT: x.Order.GT, x.Order.LE: x.Order.GE, x.Order.EQ: x.Order.EQ,
    x.Order.NE: x.Order.NE, x.Order.GE: x.Order.LE, x.Order.GT: x.Order.LT,
}  # fmt: skip
_NEAR = (Fraction(1, 100), Fraction(1, 10), Fraction(1, 2), Fraction(1))
_TARGETS: Mapping[x.Order, tuple[Fraction, ...]] = {
    x.Order.EQ: (_ZERO,),
    x.Order.LE: (_ZERO, *(-step for step in reversed(_NEAR))),
    x.Order.GE: (_ZERO, *reversed(_NEAR)),
    x.Order.LT: tuple(-step for step in reversed(_NEAR)),
    x.Order.GT: tuple(reversed(_NEAR)),
    x.Order.NE: (Fraction(1), Fraction(-1), *_NEAR),
}

"""The ways a leaf's lost points can be won back: searched among moves of what it reads, each one read again.

Tried are: every single move of a fact the leaf reads to where something of it tips, with the moves that must go along;
the moves that make a better line of its table apply, however many facts that takes; and, where neither reaches the
maximum, two and three of those together. At most :data:`MOST_TRIED` changed submissions are read for one leaf, and
no more than the study's budget allows; when that ends the search, ``complete`` is false.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Final

from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import expressions_in
from rubric_engine.plan.plan import Adjustment, Form, PlanNode
from rubric_engine.solve.change.move import JUDGED, Move, Moves
from rubric_engine.solve.change.near import Pair, current, moves_of, scale_of
from rubric_engine.solve.change.study import Lever, Probe, Study, is_numeric
from rubric_engine.solve.change.wishes import Wishes, cost_of, evidence_moves

MOST_TRIED: Final = 400
MOST_CHANGES: Final = 3
MOST_WAYS: Final = 6
_MOST_FIRST: Final = 12
_IN_LINES: Final = frozenset((Form.LEVELS, Form.BANDS, Form.CONDITIONS))
_MOST_DOUBLINGS: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Moves and the points of the leaf they lead to."""

    moves: Moves
    points: Fraction


class LeafSearch:
    """The search for one leaf."""

    def __init__(self, study: Study, at: int) -> None:
        self._study = study
        self.at = at
        self.node = study.plan.nodes[at]
        self.probe = Probe(study, at)
        self.before = self.probe.points(())
        node = self.node
        self.things = tuple(expressions_in(node.met, node.requirements, node.base, node.adjustments, node.limits))
        self.pairs = tuple(_pairs(study, self.node))
        self.levers = sorted(study.levers(self.node) & study.everything)
        base = self.node.base
        # A table's lines are told each, however evenly they follow each other.
        self._in_lines = base is not None and base.form in _IN_LINES and all(
            isinstance(case.value, x.Const) for case in base.cases
        )
        self._points: dict[frozenset[Move], Fraction | None] = {}
        self.complete = True

    # ---- reading

    def points(self, moves: Moves) -> Fraction | None:
        """Points after the moves, read once."""
        key = frozenset(moves)
        if key not in self._points:
            if self._ended():
                return None
            self._points[key] = self.probe.points(moves)
        return self._points[key]

    def _ended(self) -> bool:
        if self.probe.tried < MOST_TRIED and not self._study.budget.spent:
            return False
        self.complete = False
        return True

    def ways(self) -> list[Found]:
        """For each better outcome the smallest change that was found, smallest first."""
        if self.before is None:
            return []
        singles: list[Moves] = []
        for moves in chain(self._singles(()), self._wished()):
            # Read as they come: what a long table still wishes for is not worked out once the budget is spent.
            singles.append(moves)
            self._read((moves,))
        if not self._at_maximum():
            self._together(singles)
        return self._chosen()

    def _read(self, options: Iterable[Moves]) -> None:
        for moves in options:
            if self._ended():
                return
            self.points(moves)

    def _best(self) -> Fraction:
        return max((points for points in self._points.values() if points is not None), default=self.node.minimum)

    def _at_maximum(self) -> bool:
        return self._best() >= self.node.maximum

    # ---- what is tried

    def _singles(self, so_far: Moves) -> Iterator[Moves]:
        study = self._study
        facts = study.applied(so_far)
        moved = {(move.section, move.name) for move in so_far}
        for lever in self.levers:
            if lever in moved:
                continue
            moves, rough = moves_of(study, facts, lever, self.things, self.pairs)
            for move in moves:
                settled = study.settled((*so_far, move))
                if settled is not None:
                    yield settled
            if rough:
                yield from self._bisected(lever, so_far)
        for option in evidence_moves(study, self.at):
            if not moved.issuperset((move.section, move.name) for move in option):
                yield (*so_far, *option)

    def _wished(self) -> Iterator[Moves]:
        """Moves that make another line apply: of the table, of requirements, awards, deductions and limits."""
        node, wishes = self.node, Wishes(self._study)
        asked = [(one.holds, True) for one in node.requirements]
        asked += [(one.when, one.sign > 0) for one in node.adjustments if one.when is not None]
        asked += [(one.when, not one.at_most) for one in node.limits if one.when is not None]
        earlier: list[x.Truth] = []
        for case in node.base.cases if node.base is not None else ():
            here = x.All((*earlier, *((case.when,) if case.when is not None else ())))
            asked.append((here, True))
            if case.when is not None:
                earlier.append(x.Not(case.when))
        for wish, want in asked:
            if self._ended():
                return
            self._study.budget.take(1 + len(x.parts(wish)))
            yield from (moves for moves in wishes.make(wish, want) if moves)

    def _together(self, singles: list[Moves]) -> None:
        """Two moves, then three, the second and third found where the first have already been made."""
        firsts = sorted(dict.fromkeys(singles), key=self._promise)[:_MOST_FIRST]
        for _ in range(MOST_CHANGES - 1):
            nexts: list[Moves] = []
            for first in firsts:
                if self._ended():
                    return
                more = list(dict.fromkeys(self._singles(first)))
                self._read(more)
                nexts += more
            if self._at_maximum():
                return
            firsts = sorted(dict.fromkeys(nexts), key=self._promise)[:_MOST_FIRST]

    def _promise(self, moves: Moves) -> tuple[Fraction, tuple[int, Fraction]]:
        """Most points first, then least to do."""
        points = self.points(moves)
        return (self.node.maximum if points is None else -points), cost_of(self._study, moves)

    def _bisected(self, lever: Lever, so_far: Moves) -> Iterator[Moves]:
        """Where a number acts through what cannot be solved: the nearest value on its grid that wins anything, and the
        nearest that wins as much as its furthest."""
        study, scale = self._study, scale_of(self._study, lever)
        here = current(study.applied(so_far), lever)
        step = scale.step or Fraction(1, 10 ** max(scale.fine, 2))
        for sign, end in ((1, scale.high), (-1, scale.low)):
            most = int(abs(end - here) / step) if end is not None else 2**_MOST_DOUBLINGS

            def moved(number: int, sign: int = sign) -> Moves | None:
                value = here + sign * number * step
                exact = value if lever[0] == JUDGED or value.denominator > 1 else value.numerator
                return study.settled((*so_far, Move(*lever, exact)))

            tried = [2**power for power in range(_MOST_DOUBLINGS) if 2**power <= most]
            reached = [(number, self._won(moved(number))) for number in (*tried, most) if number]
            known = [(number, points) for number, points in reached if points is not None]
            if not known:
                continue
            best = max(points for _, points in known)
            for level in {points for _, points in known if self.before is not None and points > self.before}:
                high = next(number for number, points in known if points >= level)
                low = max((number for number, points in known if number < high), default=0)
                while high - low > 1:
                    middle = (low + high) // 2
                    won = self._won(moved(middle))
                    low, high = (low, middle) if won is not None and won >= level else (middle, high)
                found = moved(high)
                if found is not None:
                    yield found
                if level == best:
                    break

    def _won(self, moves: Moves | None) -> Fraction | None:
        return None if moves is None else self.points(moves)

    # ---- what is told

    def _chosen(self) -> list[Found]:
        """No way stands where one of no more facts and effort wins as much; none holds a move it can do without."""
        assert self.before is not None
        better = [
            Found(self._needed_of(tuple(sorted(moves, key=_place)), points), points)
            for moves, points in list(self._points.items())
            if points is not None and points > self.before and moves
        ]
        ordered = sorted({one.moves: one for one in better}.values(), key=lambda one: self._order(one))
        kept: list[Found] = []
        for one in ordered:
            if all(one.points > other.points for other in kept):
                kept.append(one)
        kept = [one for one in kept if one is kept[-1] or not self._is_between(one, one is kept[0])]
        return kept if len(kept) <= MOST_WAYS else [*kept[:MOST_WAYS - 1], kept[-1]]

    def _is_between(self, one: Found, first: bool) -> bool:
        """Where points rise evenly with one number, only the end of the rise is told, and its next whole step."""
        lever = (one.moves[0].section, one.moves[0].name)
        if self._in_lines or len(one.moves) > 1 or not is_numeric(self._study, lever):
            return False
        scale, here, value = scale_of(self._study, lever), current(self._study.facts, lever), one.moves[0].value
        step = scale.step or Fraction(1, 10**scale.fine)
        if first and scale.whole and abs(value - here) == step:
            return False
        sign = 1 if value > here else -1
        around = [self._at(lever, value + shift * sign * step) for shift in (-1, 1)]
        if around[0] is None or around[1] is None:
            return False
        # Points that are rounded rise in steps: as evenly as their rounding lets them.
        rounding = self.node.rounding
        uneven = abs(2 * one.points - around[0] - around[1])
        return uneven <= (rounding.step if rounding is not None else 0)

    def _at(self, lever: Lever, value: Fraction) -> Fraction | None:
        """Points with the one number at that value."""
        section, name = lever
        if value == current(self._study.facts, lever):
            return self.before
        if not scale_of(self._study, lever).within(value):
            return None
        moves = (Move(section, name, value if section == JUDGED or value.denominator > 1 else value.numerator),)
        return self.points(moves) if self._study.settled(moves) == moves else None

    def _order(self, one: Found) -> tuple[object, ...]:
        return (*cost_of(self._study, one.moves), -one.points, tuple(_place(move) for move in one.moves))

    def _needed_of(self, moves: Moves, points: Fraction) -> Moves:
        for move in moves:
            fewer = tuple(other for other in moves if other != move)
            if fewer and self._study.settled(fewer) == fewer and self.points(fewer) == points:
                return self._needed_of(fewer, points)
        return moves


def _place(move: Move) -> tuple[str, str]:
    return move.section, move.name


def _pairs(study: Study, node: PlanNode) -> Iterator[Pair]:
    """Numbers whose order decides without being compared in the rubric: caps, limits, the maximum and the minimum."""
    nought: x.Num = x.Const(Fraction(0))
    ends: list[x.Num] = [x.Const(node.maximum), x.Const(node.minimum), *(limit.value for limit in node.limits)]
    for at in node.evidence:
        ends.append(x.Const(study.plan.evidence[at].amount))
    if node.rounding is not None:
        # Rounded up to the maximum is the maximum: half a step, or nearly a whole one, before it.
        ends += [x.Const(node.maximum - node.rounding.step / parts) for parts in (1, 2)]
    parts: list[x.Num] = []
    for one in node.adjustments:
        amount = _amount(one)
        yield amount, nought
        if one.cap is not None:
            yield amount, one.cap
            amount = x.Least((amount, one.cap))
        counted = amount if one.when is None else x.If(one.when, amount, nought)
        parts.append(counted if one.sign > 0 else x.Sub(nought, counted))
    bases: list[x.Num] = [case.value for case in node.base.cases] if node.base is not None else [nought]
    for base in dict.fromkeys(bases):
        whole = x.Add((base, *parts)) if parts else base
        for end in ends:
            yield whole, end


def _amount(one: Adjustment) -> x.Num:
    return one.amount if one.times is None else x.Mul((one.amount, one.times))

"""The smallest change that reaches a better grade, every condition and gate on the way included.

Of two changes the one of fewer facts is smaller, of as many the one of less effort (see
:mod:`rubric_engine.solve.change.move`), then the one to the better grade. What a row asks besides points, and the
gates that stand in its way, are read off their conditions and mended, however many facts that takes. The points still
lacking come from the ways of the leaves: one, two and three of them in every combination whose gains may suffice,
smallest first; beyond that the most winning ones, with what turns out not to be needed left out again. Numbers are
then moved no further than the grade needs. At most :data:`MOST_READ` changed submissions are read, within the budget;
``complete`` is false where that, or the step beyond three ways, means that a smaller change may exist.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from rubric_engine.meaning.budget import Budget
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Gate, GateKind, GradeTable, Observed
from rubric_engine.result.view import ReadingView
from rubric_engine.solve.change.heading import LeafSearch
from rubric_engine.solve.change.move import Move, Moves
from rubric_engine.solve.change.near import current, scale_of
from rubric_engine.solve.change.study import Study, is_numeric
from rubric_engine.solve.change.tipping import Pieces, Rough, tipping
from rubric_engine.solve.change.wishes import Wishes, cost_of
from rubric_engine.solve.world import parts_within

MOST_READ: Final = 2000
MOST_OPTIONS: Final = 60
_MOST_TOGETHER: Final = 3
_MOST_TRIED_EACH: Final = 250
_MOST_SUBSETS: Final = 6
_MOST_MUSTS: Final = 8
# Steps of the budget: of all combinations an option takes part in.
_OF_COMBINING: Final = 100


@dataclass(frozen=True, slots=True)
class Option:
    """A way of a leaf with what it does to the number the table looks at."""

    at: int
    moves: Moves
    gain: Fraction
    cost: tuple[int, Fraction]


class GradeSearch:
    """The search for one table of one submission."""

    def __init__(self, study: Study, number: int) -> None:
        self.study = study
        self.number = number
        self.table: GradeTable = study.plan.grades[number]
        self.complete = True
        self._read: dict[frozenset[Move], tuple[int | None, Fraction | None]] = {}
        self._unproven: set[Moves] = set()
        here = self.outcome(())
        assert here[0] is not None
        self.row = here[0]
        self.value = here[1] or Fraction(0)
        self.named = [at for at, row in enumerate(self.table.rows) if row.name]
        # Nobody aims at the lowest grade; from a case left to the authority every other one is better.
        self.better = [at for at in self.named if at < self.row] if self.row in self.named else self.named[:-1]
        self.leaves = dict(self._ways_of_leaves())

    def _ways_of_leaves(self) -> Iterator[tuple[int, list[Moves]]]:
        """Each leaf in turn may take its share of half the budget: the rest is for putting them together."""
        whole, losing = self.study.budget, list(self._losing())
        share = whole.left // (2 * max(1, len(losing)))
        for at in losing:
            self.study.budget = Budget(share, whole)
            search = LeafSearch(self.study, at)
            yield at, [one.moves for one in search.ways()]
            self.complete = self.complete and not self.study.budget.spent
        self.study.budget = whole

    def _losing(self) -> Iterator[int]:
        for node in self.study.result:
            if not node.children and node.met is None and node.points is not None and (node.lost or 0) > 0:
                yield self.study.layout.places[node.code]

    # ---- reading

    def outcome(self, moves: Moves) -> tuple[int | None, Fraction | None]:
        """The row of the grade afterwards, and the number the table looks at; ``None`` for what is not known."""
        key = frozenset(moves)
        if key not in self._read:
            if moves and (len(self._read) >= MOST_READ or self.study.budget.spent):
                self.complete = False
                return None, None
            read = self.study.reading_of(moves) if moves else (self.study.facts, self.study.reading)
            if read is None:
                self._read[key] = (None, None)
            else:
                view = ReadingView(self.study.plan, *read)
                at = self.table.node
                value = view.number(Observed.TOTAL) if at < 0 else view.number(Observed.POINTS, at)
                self._read[key] = (view.mark(Observed.GRADE, self.number), value)
        return self._read[key]

    def reached(self, moves: Moves) -> bool:
        """A better grade, and no fewer points."""
        row, value = self.outcome(moves)
        return row in self.better and value is not None and value >= self.value

    def cost(self, moves: Moves) -> tuple[int, Fraction]:
        """See the module."""
        return cost_of(self.study, moves)

    # ---- the search

    def found(self) -> Moves | None:
        """The smallest change found."""
        options = self._options()
        found: list[Moves] = []
        for target in reversed(self.better):
            for must in self._musts(target):
                fewest = min((len(moves) for moves in found), default=None)
                for moves in self._with_points(must, target, options, fewest):
                    smaller = self._least(moves)
                    if moves in self._unproven:
                        self._unproven.add(smaller)
                    if smaller not in found:
                        found.append(smaller)
        chosen = min(found, key=lambda moves: (*self.cost(moves), self.outcome(moves)[0] or 0), default=None)
        self.complete = self.complete and chosen not in self._unproven
        return chosen

    def _options(self) -> list[Option]:
        found = []
        for at, ways in self.leaves.items():
            for moves in ways:
                value = self.outcome(moves)[1]
                if value is not None and value > self.value:
                    found.append(Option(at, moves, value - self.value, self.cost(moves)))
        return found

    def _musts(self, target: int) -> list[Moves]:
        """What the row asks besides points, and no gate that keeps the unit below it."""
        wishes = Wishes(self.study, self._mend_zero)
        row = self.table.rows[target].when
        found: list[Moves] = [()] if row is None else wishes.make(row, True)
        for gate in blocking(self.table, self.fired(), target):
            found = [more for moves in found for more in wishes.make(gate.when, False, moves)]
        # Where nothing is known to mend a condition, points alone may still do, through a fact it shares with a leaf.
        return sorted(dict.fromkeys(found), key=self.cost)[:_MOST_MUSTS] or [()]

    def fired(self) -> list[Gate]:
        """Gates that hold now."""
        return [gate for i, gate in enumerate(self.table.gates)
                if self.study.view.mark(Observed.GATE, self.number, i) == 1]  # fmt: skip

    def _mend_zero(self, code: str, so_far: Moves) -> list[Moves]:
        ways = self.leaves.get(self.study.layout.places[code], [])
        merged = (self.merged((so_far, moves)) for moves in ways)
        return [moves for moves in merged if moves is not None]

    def _with_points(
        self, must: Moves, target: int, options: list[Option], fewest: int | None
    ) -> Iterator[Moves]:
        """Changes that reach the row; none of more facts than the fewest that reach a grade already."""
        if self.reached(must):
            yield must
            return
        value = self.outcome(must)[1]
        if value is None:
            return
        need = self._needed(target, value)
        for tried, moves in enumerate(self._combined(must, options, need - value), 1):
            if fewest is not None and len(moves) > fewest:
                return
            if self.reached(moves):
                if len(options) > MOST_OPTIONS:
                    self._unproven.add(moves)
                yield moves
                return
            if tried >= _MOST_TRIED_EACH:
                self.complete = False
                break
        yield from self._greedy(must, options, need - value)

    def _needed(self, target: int, value: Fraction) -> Fraction:
        """The least value above this one at which the row's condition on points may turn, roundings allowed for."""
        when = self.table.rows[target].when
        if when is None:
            return value
        at = self.table.node
        it: x.Expr = x.Total() if at < 0 else x.PointsOf(self.study.plan.nodes[at].code)
        lets = self.study.lets
        sums = self.study.sums(self.study.facts)
        pieces = Pieces(lambda part: part == it, lambda expr: it in parts_within((expr,), lets), lets, sums)
        roots: list[Fraction] = []
        try:
            for left, right in tipping((when,), self.study.lets):
                if pieces.depends(left) or pieces.depends(right):
                    roots += pieces.roots(left, right)
        except Rough:
            return value
        rounding = self.study.plan.rounding
        slack = rounding.step if rounding is not None else Fraction(0)
        return min((root - slack for root in roots if root - slack > value), default=value)

    def _combined(self, must: Moves, options: list[Option], lacking: Fraction) -> Iterator[Moves]:
        """One, two and three ways of different leaves that may win enough, smallest first."""
        most = sorted((one.gain for one in options), reverse=True)[:_MOST_TOGETHER]
        if sum(most) < lacking or not self.study.budget.take(_OF_COMBINING * min(len(options), MOST_OPTIONS)):
            return
        chosen = sorted(options, key=lambda one: (one.cost[0], -one.gain, one.cost[1]))[:MOST_OPTIONS]
        groups = [
            group for number in range(1, _MOST_TOGETHER + 1) for group in combinations(chosen, number)
            if len({one.at for one in group}) == number and sum(one.gain for one in group) >= lacking
        ]  # fmt: skip
        groups.sort(key=lambda group: (sum(one.cost[0] for one in group), sum(one.cost[1] for one in group)))
        for group in groups:
            moves = self.merged((must, *(one.moves for one in group)))
            if moves is not None:
                yield moves

    def _greedy(self, must: Moves, options: list[Option], lacking: Fraction) -> Iterator[Moves]:
        """As many leaves as it takes, those that win most a fact first; read from where their gains may suffice."""
        best: dict[int, Option] = {}
        for one in options:
            if one.at not in best or one.gain > best[one.at].gain:
                best[one.at] = one
        moves = must
        ordered = sorted(best.values(), key=lambda one: (-one.gain / one.cost[0], one.cost[1]))
        for one in ordered:
            more = self.merged((moves, one.moves))
            if more is not None:
                moves, lacking = more, lacking - one.gain
            if (lacking <= 0 or one is ordered[-1]) and self.reached(moves):
                self._unproven.add(moves)
                yield moves
                return

    def merged(self, sets: Iterable[Moves]) -> Moves | None:
        """All of these moves; of two of one number in one direction the further. ``None`` where they contradict."""
        found: dict[tuple[str, str], Move] = {}
        for move in (move for moves in sets for move in moves):
            lever = (move.section, move.name)
            other = found.get(lever, move)
            if other.value != move.value:
                if not is_numeric(self.study, lever):
                    return None
                here = current(self.study.facts, lever)
                if (other.value > here) != (move.value > here):
                    return None
                move = max(move, other, key=lambda one: abs(one.value - here))
            found[lever] = move
        return self.study.settled(tuple(found.values()))

    # ---- made smaller

    def _least(self, moves: Moves) -> Moves:
        """No move too many, and none further than it has to be."""
        moves = self._fewest(moves)
        for move in moves:
            lever = (move.section, move.name)
            if is_numeric(self.study, lever):
                moves = self._shortened(moves, move)
        return self._fewest(moves)

    def _fewest(self, moves: Moves) -> Moves:
        if len(moves) <= _MOST_SUBSETS:
            subsets: list[Sequence[Move]] = [
                subset for number in range(1, len(moves)) for subset in combinations(moves, number)
            ]
            return min((tuple(s) for s in subsets if self.reached(tuple(s))), key=self.cost, default=moves)
        for move in sorted(moves, key=lambda one: self.cost((one,)), reverse=True):
            fewer = tuple(other for other in moves if other != move)
            if self.reached(fewer):
                moves = fewer
        return moves if len(moves) > _MOST_SUBSETS else self._fewest(moves)

    def _shortened(self, moves: Moves, move: Move) -> Moves:
        """The same with one number moved no further than needed, on its own grid."""
        lever = (move.section, move.name)
        here, scale = current(self.study.facts, lever), scale_of(self.study, lever)
        step = scale.step or Fraction(1, 10**scale.fine)
        far = abs(Fraction(move.value) - here) / step
        if far.denominator != 1:
            return moves
        sign = 1 if move.value > here else -1
        low, high = 0, int(far)

        def with_step(number: int) -> Moves:
            value = here + sign * number * step
            exact = value.numerator if value.denominator == 1 and lever[0] == "inputs" else value
            return tuple(Move(*lever, exact) if other == move else other for other in moves)

        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.reached(with_step(middle)) else (middle, high)
        return with_step(high) if high < int(far) else moves


def blocking(table: GradeTable, fired: Iterable[Gate], target: int) -> list[Gate]:
    """Gates that hold and keep a unit from that row, whatever its points."""
    return [
        gate for gate in fired
        if gate.kind in (GateKind.NONE, GateKind.LOWER) or gate.row > target
    ]  # fmt: skip

"""What would make a condition hold, or not hold: sets of moves, read off the condition itself.

Of ``a and b and c`` every part that fails is mended in turn, so a condition of many parts costs no search. Parts that
look at points or at the total are left to whoever gathers points; what comes out is always read again in full.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.known import known_truth
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind
from rubric_engine.solve.change.move import EVIDENCE, INPUT, Move, Moves, effort_of
from rubric_engine.solve.change.near import moves_of
from rubric_engine.solve.change.study import Study, is_numeric

MOST_ALTERNATIVES: Final = 6
_MOST_PAIRS: Final = 200
Mend = Callable[[str, Moves], Sequence[Moves]]


class Wishes:
    """Alternatives for making conditions hold. ``mend_zero`` says what lifts a leaf above 0."""

    def __init__(self, study: Study, mend_zero: Mend | None = None) -> None:
        self._study = study
        self._mend_zero = mend_zero
        self._levers = study.everything

    def make(self, wish: x.Truth, want: bool, so_far: Moves = ()) -> list[Moves]:
        """Sets of moves, ``so_far`` among them, least effort first; none where nothing is known to do it."""
        facts = self._study.applied(so_far)
        if known_truth(wish, self._study.known(facts)) is want:
            return [so_far]
        match wish:
            case x.RefTruth(name=name):
                value = self._study.lets[name]
                return [] if isinstance(value, x.Num) else self.make(value, want, so_far)
            case x.Not(arg=arg):
                return self.make(arg, not want, so_far)
            case x.All(args=args):
                return self._every(args, True, so_far) if want else self._one(args, False, so_far)
            case x.AnyOf(args=args):
                return self._one(args, True, so_far) if want else self._every(args, False, so_far)
            case x.AtLeast(number=number, args=args):
                return self._enough(args, number if want else len(args) - number + 1, want, so_far)
            case x.Flag(name=name) if self._free(name, so_far):
                return self._kept([(Move(INPUT, name, want),)], so_far)
            case x.IsLevel(name=name, levels=levels) if self._free(name, so_far):
                every = range(len(self._study.layout.inputs[name].levels))
                here = int(facts.values[name])  # type: ignore[arg-type]
                good = sorted((at for at in every if (at in levels) is want), key=lambda at: (abs(at - here), at))
                return self._kept([(Move(INPUT, name, at),) for at in good], so_far)
            case x.Among():
                return self._other_row(wish, want, so_far)
            case x.Met(code=code):
                node = self._study.plan.nodes[self._study.layout.places[code]]
                return [] if node.met is None else self.make(node.met, want, so_far)
            case x.NothingZero(codes=codes) if want and self._mend_zero is not None:
                return self._no_zero(codes, so_far)
            case x.Compare():
                return self._compared(wish, want, facts, so_far)
            case _:
                return []

    def _other_row(self, wish: x.Among, want: bool, so_far: Moves) -> list[Moves]:
        """Keys of the tables that were looked up, given otherwise: one of them, or two where one alone does nothing."""
        study = self._study
        before = study.applied(so_far).values
        single: list[Moves] = []
        for section, name in sorted(study.levers(wish) & self._levers):
            if section == INPUT and self._free(name, so_far):
                spec = study.layout.inputs[name]
                choices = range(len(spec.levels)) if spec.levels else (False, True) if spec.kind is Kind.YES_NO else ()
                single += [(Move(INPUT, name, choice),) for choice in choices if choice != before.get(name)]
        double = [(*one, *other) for one, other in combinations(single, 2) if one[0].name != other[0].name]
        for options in (single, double[:_MOST_PAIRS]):
            doing = [moves for moves in options if self._comes_out(wish, want, (*so_far, *moves))]
            if doing:
                return self._kept(doing, so_far)
        return []

    def _comes_out(self, wish: x.Truth, want: bool, moves: Moves) -> bool:
        return known_truth(wish, self._study.known(self._study.applied(moves))) is want

    def _free(self, name: str, so_far: Moves) -> bool:
        return (INPUT, name) in self._levers and all(move.name != name for move in so_far)

    def _every(self, args: Iterable[x.Truth], want: bool, so_far: Moves) -> list[Moves]:
        found = [so_far]
        for arg in args:
            found = self._cut([more for moves in found for more in self.make(arg, want, moves)])
            if not found:
                return []
        return found

    def _one(self, args: Iterable[x.Truth], want: bool, so_far: Moves) -> list[Moves]:
        return self._cut([more for arg in args for more in self.make(arg, want, so_far)])

    def _enough(self, args: Sequence[x.Truth], number: int, want: bool, so_far: Moves) -> list[Moves]:
        known = self._study.known(self._study.applied(so_far))
        lacking = number - sum(known_truth(arg, known) is want for arg in args)
        options = [self.make(arg, want, so_far) for arg in args if known_truth(arg, known) is not want]
        cheapest = sorted((one[0] for one in options if one), key=self.cost)[:lacking]
        if len(cheapest) < lacking:
            return []
        merged = {(move.section, move.name): move for moves in (so_far, *cheapest) for move in moves}
        return [tuple(merged.values())]

    def _no_zero(self, codes: Sequence[str], so_far: Moves) -> list[Moves]:
        study = self._study
        found = [so_far]
        for code in codes:
            at = study.layout.places[code]
            if study.view.absent(at) == -1 and study.known(study.facts).points.get(code) == 0 and self._mend_zero:
                mend = self._mend_zero
                found = self._cut([more for moves in found for more in mend(code, moves)])
        return found

    def _compared(self, wish: x.Compare, want: bool, facts: Facts, so_far: Moves) -> list[Moves]:
        reads = self._study.reads.of(wish)
        if reads.total or reads.codes:
            return [so_far]
        found: list[Moves] = []
        for lever in sorted(self._study.levers(wish) & self._levers):
            if any((move.section, move.name) == lever for move in so_far):
                continue
            moves, _ = moves_of(self._study, facts, lever, (wish,), ())
            for move in moves:
                holds = known_truth(wish, self._study.known(self._study.applied((*so_far, move)))) is want
                if holds and (kept := self._kept([(move,)], so_far)):
                    found += kept
                    if is_numeric(self._study, lever):
                        break  # nearest first
        return self._cut(found)

    def _kept(self, options: Iterable[Moves], so_far: Moves) -> list[Moves]:
        settled = (self._study.settled((*so_far, *option)) for option in options)
        return self._cut([moves for moves in settled if moves is not None])

    def _cut(self, found: list[Moves]) -> list[Moves]:
        return sorted(dict.fromkeys(found), key=self.cost)[:MOST_ALTERNATIVES]

    def cost(self, moves: Moves) -> tuple[int, Fraction]:
        """How many facts, then how much effort."""
        return cost_of(self._study, moves)


def cost_of(study: Study, moves: Moves) -> tuple[int, Fraction]:
    """How many facts change, then how much effort that is."""
    efforts = [effort_of(study.layout, study.facts, move) for move in moves]
    return len(efforts), sum(efforts, Fraction(0))


def evidence_moves(study: Study, at: int) -> list[Moves]:
    """Evidence asked for under a heading and not satisfied, each as a move of its own."""
    names = [study.plan.evidence[number].name for number in study.plan.nodes[at].evidence]
    return [(Move(EVIDENCE, name, True),) for name in dict.fromkeys(names) if not study.facts.proven[name]]

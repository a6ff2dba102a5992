"""What a reading over ranges has observed so far, slot by slot. Standard library only."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from rubric_engine.meaning.reading import Marks, Range, RangeReading, ScoringError
from rubric_engine.meaning.states import Rated
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import NUMBERS, Observed
from rubric_engine.ranges.values.env import FALSE, Possible
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, as_fraction, hull, point, waiting_for

Observations = tuple[Range | Marks | None, ...]
_STEP_NOT_TAKEN = {Observed.REQUIREMENT: -1, Observed.CASE: -1, Observed.RATED: 1}
_UNSEEN_RANGE = Range(Fraction(0), Fraction(0))
_UNSEEN_POINTS = point(Fraction(0))


@lru_cache(maxsize=256)
def sure_mark(value: int) -> Marks:
    """A mark that is known."""
    return Marks(frozenset((value,)))


def mark_not_taken(kind: Observed) -> int:
    """What a mark reads where its step is never reached."""
    return _STEP_NOT_TAKEN.get(kind, 0)


def is_unrated(rated: Marks) -> Possible:
    """Whether a group has too little to be rated by, from the marks of that."""
    return Possible(Rated.NO in rated.values, bool(rated.values - {Rated.NO}), rated.waits)


class SeenSteps:
    """What was observed at one heading, gathered over every way its steps can go."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Observed, int], list[Interval]] = {}
        self.marks: dict[tuple[Observed, int], tuple[frozenset[int], frozenset[str]]] = {}

    def number(self, kind: Observed, value: Interval, index: int = 0) -> None:
        """A number on one of the ways."""
        self.numbers.setdefault((kind, index), []).append(value)

    def mark(self, kind: Observed, values: Iterable[int], waits: frozenset[str], index: int = 0) -> None:
        """The marks still possible on one of the ways."""
        before, waited = self.marks.get((kind, index), (frozenset[int](), NO_WAITS))
        self.marks[kind, index] = (before | frozenset(values), waited | waits)


class Slots:
    """All slots of a plan while it is read; what is never observed reads as a step not taken."""

    def __init__(self, layout: PlanLayout) -> None:
        self.layout = layout
        self.found: list[Range | Marks | None] = [None] * len(layout.slots)
        self.code = ""

    def put_number(self, kind: Observed, at: int, value: Interval, index: int = 0) -> None:
        """A number. Raises :class:`ScoringError` where it is surely undefined."""
        if value.may_be_undefined and not value.waits:
            raise ScoringError(self.code)
        found = Range(as_fraction(value.low), as_fraction(value.high), value.waits)
        self.found[self.layout.firsts[at][kind] + index] = found

    def put_marks(
        self, kind: Observed, at: int, values: frozenset[int], waits: frozenset[str], index: int = 0
    ) -> None:
        """The marks still possible."""
        self.found[self.layout.firsts[at][kind] + index] = Marks(values, waits if len(values) > 1 else NO_WAITS)

    def put_known(self, kind: Observed, at: int, value: Fraction | int, index: int = 0) -> None:
        """A number or a mark that is known."""
        number = self.layout.firsts[at][kind] + index
        if kind in NUMBERS:
            exact = Fraction(value)
            self.found[number] = Range(exact, exact)
        else:
            self.found[number] = sure_mark(int(value))

    def put_seen(self, at: int, seen: SeenSteps, unreached: frozenset[str] | None) -> None:
        """``unreached`` is what decides whether these steps are taken at all; ``None``: they surely are."""
        for (kind, index), values in seen.numbers.items():
            found = hull(values if unreached is None else [*values, _UNSEEN_POINTS])
            self.put_number(kind, at, waiting_for(found, unreached or NO_WAITS), index)
        for (kind, index), (marks, waits) in seen.marks.items():
            default = frozenset() if unreached is None else frozenset((mark_not_taken(kind),))
            self.put_marks(kind, at, marks | default, waits | (unreached or NO_WAITS), index)

    def lacks(self, at: int) -> Possible:
        """Whether a group that was read has too little to be rated by."""
        found = self.found[self.layout.firsts[at][Observed.RATED]]
        return is_unrated(found) if isinstance(found, Marks) else FALSE

    def span(self, at: int) -> slice:
        """The slots of one heading stand together."""
        firsts = self.layout.firsts[at]
        return slice(firsts[Observed.ABSENT], firsts.get(Observed.MAXIMUM, firsts.get(Observed.MET, 0)) + 1)

    def of(self, at: int) -> Observations:
        """Everything observed at one heading."""
        return tuple(self.found[self.span(at)])

    def forget(self, at: int) -> None:
        """Nothing was observed at this heading after all."""
        span = self.span(at)
        self.found[span] = [None] * (span.stop - span.start)

    def reading(self) -> RangeReading:
        """Everything, in the order of the slots."""
        slots = zip(self.layout.slots, self.found, strict=True)
        return RangeReading(tuple(_never_seen(slot.kind) if found is None else found for slot, found in slots))


def _never_seen(kind: Observed) -> Range | Marks:
    return _UNSEEN_RANGE if kind in NUMBERS else sure_mark(mark_not_taken(kind))

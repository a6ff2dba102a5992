"""Leaves read before: what one came to by all that its reading depends on. Standard library only.

Over a year, and over the units of a round, the same leaf waits for the same facts again and again. What it came to then
is kept with the plan, for leaves that read nothing but facts and that no other heading reads. Where nothing is said of
their facts, one leaf is read for all that are alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import Marks, Range
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import Observed
from rubric_engine.plan.record import record
from rubric_engine.ranges.absence import Absence
from rubric_engine.ranges.standing import Ways
from rubric_engine.ranges.values.alike import Likeness, likeness
from rubric_engine.ranges.values.env import Possible
from rubric_engine.ranges.values.interval import Interval
from rubric_engine.ranges.values.near import codes_read, families, reads_of_headings

_MOST_KEPT: Final = 20_000
_GRADING: Final = (Observed.GRADE_BY_POINTS, Observed.GATE, Observed.GRADE)
_MOST_INPUTS: Final = 16
LeafKey = tuple[Any, ...]
Waiting = TypeVar("Waiting", Interval, Possible, Range, Marks)


@record
class Dependence:
    """Where everything that decides a leaf's reading stands, and the numbers of its slots."""

    names: tuple[str, ...]
    judged: tuple[str, ...]
    evidence: tuple[str, ...]
    first: int
    end: int


@record
class LeafReading:
    """A leaf as it was left: its slots, and what the heading above adds up. Nothing of it is ever changed."""

    slots: tuple[Range | Marks | None, ...]
    absence: Absence
    ways: Ways
    open: frozenset[str]
    points: Interval
    maximum: Interval
    zero: Interval | None
    is_zero: Possible


class LeafReadings:
    """The leaves of one plan as they were read before."""

    def __init__(self, layout: PlanLayout) -> None:
        self._layout = layout
        self._kept: dict[LeafKey, LeafReading] = {}
        self._depends = _dependences(layout)
        # Of leaves of whose facts nothing was said: the one of each pattern that was read.
        self._alike: dict[LeafKey, tuple[Likeness, LeafReading]] = {}
        self._likenesses: dict[int, Likeness] = {}

    def key(self, at: int, facts: Facts) -> LeafKey | None:
        """What decides the reading of a leaf; ``None`` where it is not kept, or nothing it needs is missing."""
        on = self._depends.get(at)
        if on is None:
            return None
        values = facts.values
        given = tuple([values.get(name) for name in on.names])
        judged = tuple([facts.judged.get(key) for key in on.judged])
        if None not in given and None not in judged:
            return None
        # An open figure is another thing than one nobody has taken, also where it has no bounds.
        within = {**dict.fromkeys(facts.open, ()), **facts.bounds} if facts.open else facts.bounds
        bounds = tuple([within.get(name) for name in on.names]) if within else ()
        return (at, given, judged, tuple([facts.proven.get(name) for name in on.evidence]), bounds)

    def slots_of(self, at: int) -> slice:
        """The numbers of the slots of a leaf that is kept."""
        on = self._depends[at]
        return slice(on.first, on.end)

    def get(self, key: LeafKey) -> LeafReading | None:
        """The leaf as it was read before, or as one like it was."""
        found = self._kept.get(key)
        if found is None and _is_unsaid(key):
            mine = self._likeness(key)
            other = self._alike.get((mine.pattern, key[3]))
            if other is not None:
                found = self._kept[key] = _under_its_names(other[1], other[0], mine)
        return found

    def keep(self, key: LeafKey, reading: LeafReading) -> None:
        """Remember a leaf; when there are very many, all are forgotten."""
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = reading
        if _is_unsaid(key):
            mine = self._likeness(key)
            self._alike[mine.pattern, key[3]] = (mine, reading)

    def _likeness(self, key: LeafKey) -> Likeness:
        at = key[0]
        found = self._likenesses.get(at)
        if found is None:
            on = self._depends[at]
            # A leaf whose facts are bound to those of half the sheet is like no other.
            alone = len(on.names) > _MOST_INPUTS
            found = Likeness((at,), ()) if alone else likeness(self._layout, at, on.names, on.judged)
            self._likenesses[at] = found
        return found


def _is_unsaid(key: LeafKey) -> bool:
    _, given, judged, _, bounds = key
    return not any(one is not None for told in (given, judged, bounds) for one in told)


def _under_its_names(found: LeafReading, read: Likeness, told: Likeness) -> LeafReading:
    """A leaf as another like it tells the same."""
    names = dict(zip(read.names, told.names, strict=True))

    def renamed(waits: frozenset[str]) -> frozenset[str]:
        return frozenset(names[name] for name in waits)

    def waiting(value: Waiting) -> Waiting:
        return replace(value, waits=renamed(value.waits)) if value.waits else value

    absence = found.absence
    above, own = renamed(absence.above), renamed(absence.own)
    return LeafReading(
        tuple(waiting(value) if isinstance(value, Range) else value and waiting(value) for value in found.slots),
        replace(absence, marks=dict.fromkeys(absence.marks, ()), above=above, own=own),
        {standing: waiting(points) for standing, points in found.ways.items()},
        renamed(found.open), waiting(found.points), waiting(found.maximum),
        None if found.zero is None else waiting(found.zero), waiting(found.is_zero),
    )  # fmt: skip


def leaf_readings(layout: PlanLayout, steps: int, anything: bool) -> LeafReadings:
    """What is remembered with this plan: of what is said, or of anything that may be said."""
    return layout.remembered(("leaf readings", steps, anything), lambda: LeafReadings(layout))


def _dependences(layout: PlanLayout) -> Mapping[int, Dependence]:
    plan = layout.plan
    kin: dict[str, Sequence[str]] = {}
    for family in families(plan.inputs, {let.name: let.value for let in plan.lets}):
        names = [spec.name for spec in family]
        kin.update(dict.fromkeys(names, names))
    looked_at = codes_read(layout)
    found: dict[int, Dependence] = {}
    for at, reads in enumerate(reads_of_headings(layout)):
        node = plan.nodes[at]
        if node.children or node.met is not None or node.code in looked_at or reads.headings or reads.total:
            continue
        related = dict.fromkeys(other for name in sorted(reads.names) for other in (name, *kin.get(name, ())))
        first = layout.firsts[at][Observed.ABSENT]
        end = first
        while end < len(layout.slots) and layout.slots[end].node == at and layout.slots[end].kind not in _GRADING:
            end += 1
        evidence = tuple(plan.evidence[number].name for number in node.evidence)
        found[at] = Dependence(tuple(related), tuple(sorted(reads.judged)), evidence, first, end)
    return found

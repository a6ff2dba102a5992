"""Leaves read before: what one came to by all that its reading depends on. Standard library only.

Over a year, and over the units of a round, the same leaf waits for the same facts again and again. What it came to then
is kept with the plan, for leaves that read nothing but facts and that no other heading reads.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from rubric_engine.runtime.facts import Facts
from rubric_engine.runtime.layout import PlanLayout
from rubric_engine.runtime.plan import Observed
from rubric_engine.runtime.ranges_absence import Absence
from rubric_engine.runtime.ranges_env import Possible
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_near import codes_read
from rubric_engine.runtime.ranges_near import families
from rubric_engine.runtime.ranges_near import reads_of_headings
from rubric_engine.runtime.ranges_nodes import Ways
from rubric_engine.runtime.reading import Marks
from rubric_engine.runtime.reading import Range
from rubric_engine.runtime.record import record

_MOST_KEPT: Final = 20_000
_GRADING: Final = (Observed.GRADE_BY_POINTS, Observed.GATE, Observed.GRADE)
LeafKey = tuple[object, ...]


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
        self._kept: dict[LeafKey, LeafReading] = {}
        self._depends = _dependences(layout)

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
        bounds = tuple([facts.bounds.get(name) for name in on.names]) if facts.bounds else ()
        return (at, given, judged, tuple([facts.proven.get(name) for name in on.evidence]), bounds)

    def slots_of(self, at: int) -> slice:
        """The numbers of the slots of a leaf that is kept."""
        on = self._depends[at]
        return slice(on.first, on.end)

    def get(self, key: LeafKey) -> LeafReading | None:
        """The leaf as it was read before."""
        return self._kept.get(key)

    def keep(self, key: LeafKey, reading: LeafReading) -> None:
        """Remember a leaf; when there are very many, all are forgotten."""
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = reading


def leaf_readings(layout: PlanLayout) -> LeafReadings:
    """What is remembered with this plan."""
    return layout.remembered(("leaf readings",), lambda: LeafReadings(layout))


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

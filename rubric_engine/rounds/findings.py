"""Findings of inspections over stages and cycles: open, put right, come back, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from rubric_engine.meaning.exact import to_json_number
from rubric_engine.rounds.dossier import Finding
from rubric_engine.rounds.stages import StagedResult


class Standing(StrEnum):
    """How a finding stands. A finding came back when its heading was put right once and is found again later."""

    OPEN = "open"
    OVERDUE = "overdue"
    PUT_RIGHT = "put right"
    CAME_BACK = "came back"


@dataclass(frozen=True, slots=True)
class FindingStanding:
    """One finding and how it stands now.

    ``cycles`` are those in which it was on the books, ``lost`` what its heading lost in each (``None`` where the
    heading is not in that cycle's rubric or its points are not known). ``earlier`` is the finding it came back from.
    """

    finding: Finding
    standing: Standing
    cycles: tuple[str, ...]
    lost: tuple[Fraction | None, ...]
    title: str
    earlier: Finding | None = None

    @property
    def is_known_heading(self) -> bool:
        """The heading is in the rubric of the latest cycle it was on the books."""
        return bool(self.title)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        one = self.finding
        return {
            "id": one.id, "node": one.node, "title": self.title, "found": one.found, "responsible": one.responsible,
            "due": one.due.isoformat() if one.due else None,
            "put_right": one.put_right.isoformat() if one.put_right else None, "standing": str(self.standing),
            "cycles": list(self.cycles), "came_back_from": self.earlier.id if self.earlier else None,
            "lost": [None if points is None else to_json_number(points) for points in self.lost],
        }  # fmt: skip


def follow_up(cycles: Iterable[StagedResult], *, as_of: date | None = None) -> tuple[FindingStanding, ...]:
    """Every finding of one unit over its cycles, oldest first; the open ones first.

    A finding is known again by its number: a later cycle that repeats it says how it stands then. Without ``as_of``
    nothing is overdue: the engine has no clock. Raises ``ValueError`` for cycles of two different units.
    """
    cycles = tuple(cycles)
    units = tuple(dict.fromkeys(cycle.dossier.unit for cycle in cycles if cycle.dossier.unit))
    if len(units) > 1:
        raise ValueError(f"two different units: {units[0]!r} and {units[1]!r}")
    latest: dict[str, Finding] = {}
    books: dict[str, list[StagedResult]] = {}
    for cycle in cycles:
        for finding in cycle.dossier.findings:
            latest[finding.id] = _merged(latest.get(finding.id), finding)
            books.setdefault(finding.id, []).append(cycle)
    found = []
    order = list(latest)
    for at, (key, finding) in enumerate(latest.items()):
        earlier = next(
            (latest[other] for other in reversed(order[:at])
             if latest[other].node == finding.node and latest[other].put_right is not None),
            None,
        )  # fmt: skip
        found.append(FindingStanding(
            finding, _standing(finding, earlier, as_of),
            tuple(one.dossier.cycle for one in books[key]), tuple(_lost(one, finding.node) for one in books[key]),
            _title(books[key][-1], finding.node), earlier,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.standing is Standing.PUT_RIGHT))


def _merged(before: Finding | None, now: Finding) -> Finding:
    """What a later cycle leaves out stays as it was said."""
    if before is None:
        return now
    return Finding(
        now.id, now.node, now.found or before.found, now.responsible or before.responsible, now.due or before.due,
        now.stage or before.stage, now.put_right or before.put_right,
    )  # fmt: skip


def _standing(finding: Finding, earlier: Finding | None, as_of: date | None) -> Standing:
    if finding.put_right is not None:
        return Standing.PUT_RIGHT
    if earlier is not None:
        return Standing.CAME_BACK
    if as_of is not None and finding.due is not None and finding.due < as_of:
        return Standing.OVERDUE
    return Standing.OPEN


def _lost(cycle: StagedResult, code: str) -> Fraction | None:
    result = cycle.last.result if cycle.stages else ()
    return result[code].lost if result and code in result else None


def _title(cycle: StagedResult, code: str) -> str:
    result = cycle.last.result if cycle.stages else ()
    return result[code].title if result and code in result else ""

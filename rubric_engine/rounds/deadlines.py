"""Deadlines of a round: what came in late, by how many days, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.suggest import closest
from rubric_engine.plan.plan import Plan
from rubric_engine.rounds.dossier import Dossier
from rubric_engine.rounds.reading import read_dossier

Deadlines = Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Lateness:
    """One deadline of one unit. ``days`` is how late it came in, 0 in time; while it is still open, how late it is by
    the day asked about, and ``None`` where no day was given or nothing is due."""

    name: str
    title: str
    due: date | None
    done: date | None
    days: int | None

    @property
    def open(self) -> bool:
        """Due and not in yet."""
        return self.due is not None and self.done is None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; days as ``2025-12-31``."""
        due, done = (None if day is None else day.isoformat() for day in (self.due, self.done))
        return {"name": self.name, "title": self.title, "due": due, "done": done, "days": self.days, "open": self.open}


def check_deadlines(plan: Plan, deadlines: Deadlines | None) -> None:
    """Raises ``ValueError`` for a name that is no stage and no deadline of the rubric, ``TypeError`` for what is no
    day: neither may be passed over, for a unit would then be late by another day than was meant."""
    known = _titles(plan)
    for name, day in (deadlines or {}).items():
        if name not in known:
            near = closest(name, tuple(known))
            raise ValueError(f"no stage or deadline {name!r}" + (f"; perhaps {near!r}" if near else ""))
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"the deadline {name!r} is a datetime.date, not {type(day).__name__}")


def _titles(plan: Plan) -> dict[str, str]:
    """Stages and deadlines, name to title, in order."""
    titles = {stage.name: stage.title for stage in plan.stages}
    return titles | {deadline.name: deadline.title for deadline in plan.deadlines}


def due_day(plan: Plan, name: str, deadlines: Deadlines | None) -> date | None:
    """The day something is due: the round's, else the one the rubric names."""
    if deadlines is not None and name in deadlines:
        return deadlines[name]
    named = next((one.due for one in plan.deadlines if one.name == name), None)
    return None if named is None else date.fromordinal(named)


def day_done(dossier: Dossier, name: str) -> date | None:
    """The day a stage closed, or what a deadline asks for came in."""
    if name in dossier.done:
        return dossier.done[name]
    entry = dossier.stages.get(name)
    return None if entry is None else entry.done


def days_late(plan: Plan, dossier: Dossier, name: str, deadlines: Deadlines | None) -> int | None:
    """Whole days from the deadline to the day it was done, 0 when in time; ``None`` while either is unknown."""
    due, done = due_day(plan, name, deadlines), day_done(dossier, name)
    return None if due is None or done is None else max(0, (done - due).days)


def lateness(
    rubric: CompiledRubric, dossier: object, *, deadlines: Deadlines | None = None, as_of: date | None = None
) -> tuple[Lateness, ...]:
    """Every stage and deadline of the round that is due, in order. The engine has no clock: ``as_of`` says what day it
    is. Takes a dossier as :func:`score_stages` does. Raises ``ValueError`` for a deadline the rubric does not know."""
    plan = rubric.plan
    check_deadlines(plan, deadlines)
    read = read_dossier(rubric, dossier)
    found = []
    for name, title in _titles(plan).items():
        due, done = due_day(plan, name, deadlines), day_done(read, name)
        if due is None and done is None:
            continue
        until = done or as_of
        days = None if due is None or until is None else max(0, (until - due).days)
        found.append(Lateness(name, title or name, due, done, days))
    return tuple(found)

"""A dossier: everything one unit and its appraisers said in one cycle, stage by stage, as given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class StageEntry:
    """What was said at one stage, and only what was said there: facts, evidence, points, words.

    ``given`` is a submission by its sections (``inputs``, ``judged``, ``evidence``, ``claims``, ``decisions``,
    ``references``), holding changes to the stage before; ``null`` takes a value back. ``remarks`` are of whoever
    scored, ``explanations`` of the unit, ``asks`` the headings for which an explanation was asked; all by code.
    ``done`` is the day the stage closed.
    """

    given: Mapping[str, Mapping[str, object]]
    remarks: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found on a heading: who is responsible, by when it is due, and when it was put right."""

    id: str
    node: str
    found: str
    responsible: str = ""
    due: date | None = None
    stage: str = ""
    put_right: date | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One unit in one cycle. ``stages`` holds those reached, in the order of the rubric; ``done`` the days on which
    what
    the rubric's deadlines ask for came in, by the name of the deadline. A rubric without stages has one, named ``""``.
    """

    unit: str
    cycle: str
    stages: Mapping[str, StageEntry]
    findings: tuple[Finding, ...] = ()
    done: Mapping[str, date] = field(default_factory=dict)

"""What reaches beyond one submission: stages, deadlines, and figures from the cohort or the cycle before. Only
shape."""

from enum import StrEnum
from fractions import Fraction

from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.record import record


@record
class Stage:
    """One round of scoring. Facts and evidence carry from the stage before; judgements where ``keeps_judgements``."""

    name: str
    title: str
    keeps_judgements: bool = False
    only_accepted: bool = False
    line: int = 0


@record
class NotAsked:
    """What a plan at a stage leaves out: ``section`` of a submission (``inputs``, ``judged``, ``evidence``,
    ``references``), name, and the name of the stage that asks for it."""

    section: str
    name: str
    stage: str


@record
class Deadline:
    """A date of the round by which something is due. ``due`` is an ordinal where the rubric names the day."""

    name: str
    title: str
    due: int | None = None
    line: int = 0


class ReferenceKind(StrEnum):
    """Where a reference figure comes from.

    Of the units of a cohort, each with a value of ``subject``: AVERAGE, HIGHEST, LOWEST, MEDIAN, SUM; DEVIATION, the
    population standard deviation, half-even to ``places``; PERCENTILE, linear between ranks, ``parameter`` from 0 to 1;
    SHARE and NUMBER, of units for which ``where`` holds. Of one unit among them: RANK, 1 for the best, ties shared;
    POSITION, (value - lowest) / (highest - lowest); PERCENT_RANK, the share of the others that are lower; DISTANCE,
    (value - average) / deviation, to ``places``.
    Of the cycle before: PREVIOUS. Of the round: DAYS_LATE of a stage or deadline, 0 when in time.
    """

    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEDIAN = "median"
    SUM = "sum"
    DEVIATION = "standard deviation"
    PERCENTILE = "percentile"
    SHARE = "share of units"
    NUMBER = "number of units"
    RANK = "rank"
    POSITION = "position"
    PERCENT_RANK = "percent rank"
    DISTANCE = "standard score"
    PREVIOUS = "previous"
    DAYS_LATE = "days late"


@record
class Reference:
    """A figure the rubric reads and no submission states: an input (``InputSpec.reference``) somebody else fills in.

    ``name`` is the clause in English keywords (``average rate among units within region``) and the name of the input;
    a name with spaces can never be one an author gave. ``if_all_equal`` is the value of POSITION, PERCENT_RANK and
    DISTANCE where all units have the same. ``of`` names the stage or deadline of DAYS_LATE. A subject reads facts,
    lets, points of nodes or the total, and never, however indirectly, a figure that needs this one. ``within`` names a
    one-of or text input: only units with the same value take part. A unit whose value is not applicable or missing by
    policy of the rubric is skipped; a unit whose value is pending makes the figure a range.
    """

    name: str
    kind: ReferenceKind
    subject: Num | None = None
    where: Truth | None = None
    within: str | None = None
    ascending: bool = False
    parameter: Fraction | None = None
    places: int = 0
    if_all_equal: Fraction | None = None
    of: str = ""
    label: str = ""
    line: int = 0

"""Grade tables, quotas, ranking and publication: parts of a plan, only shape."""

from enum import StrEnum
from fractions import Fraction

from rubric_engine.plan.expr import Mode, Num, Truth
from rubric_engine.plan.record import record


@record
class Rounding:
    """To the nearest multiple of ``step`` by ``mode``; ``beyond``: also where that is above the maximum."""

    mode: Mode
    step: Fraction
    beyond: bool = False


@record
class GradeRow:
    """A row of a grade table, best first. ``name`` is empty for an undecided row; its title says why.

    ``decided`` is set in a plan with decisions: the case the rubric leaves open and this row was chosen for.
    """

    name: str
    title: str
    when: Truth | None
    label: str
    line: int
    decided: Truth | None = None


class GateKind(StrEnum):
    """What a gate does to the grade."""

    CEILING = "no higher than"
    FORCE = "grade"
    LOWER = "one grade lower"
    NONE = "no grade"


@record
class Gate:
    """A ceiling, forced grade, demotion or refusal. ``row`` is an index into the table's rows (-1 where none).

    Each starts from the grade by points; demotions add; the lowest wins whatever the order; *no grade* outranks.
    Neither a ceiling nor a demotion ever leaves the named rows: the lowest named row is the end.
    """

    kind: GateKind
    row: int
    when: Truth
    because: str
    label: str
    line: int


@record
class Quota:
    """``quota excellent at most 20% of good within unit``. No reading of one unit looks at it; a cohort applies it.

    At most ``share`` times the number of units whose grade before any quota is one of the rows ``base``, rounded
    down, may have the grade of ``row``; ``within`` names the input that parts the units, ``None``: all together.
    """

    row: int
    share: Fraction
    base: tuple[int, ...]
    within: str | None
    label: str
    line: int


@record
class GradeTable:
    """``grades by …``: rows best first, then gates. Complete and without overlap, or first that holds.

    ``name`` is empty for the only table of a sheet. ``node`` is the index of the heading whose points or index the
    table looks at, -1 for the sheet. Where ``applies`` is set and does not hold, the table gives nothing: its rows
    observe -2 and no gate fires. ``subject`` is ``None`` for a table by a label.
    """

    rows: tuple[GradeRow, ...]
    gates: tuple[Gate, ...]
    subject: Num | None
    label: str
    line: int
    name: str = ""
    title: str = ""
    node: int = -1
    applies: Truth | None = None
    quotas: tuple[Quota, ...] = ()


class Ties(StrEnum):
    """What equal units get. SHARE: 1, 2, 2, 4; DENSE: 1, 2, 2, 3; UNDECIDED: the authority decides."""

    SHARE = "share"
    DENSE = "dense"
    UNDECIDED = "undecided"


@record
class RankKey:
    """One key of a ranking, highest first unless ``ascending``.

    ``subject`` is ``Total()`` for the total as published; with ``exact`` the total before rounding. Of an ordered level
    it is the index of the level, and ``levels`` are the words of each.
    """

    subject: Num
    label: str
    ascending: bool = False
    exact: bool = False
    levels: tuple[str, ...] = ()


@record
class RankingRule:
    """``ranking within unit_group``: keys in order. ``within`` names a one-of or text input; ``words``: see
    UNDECIDED."""

    keys: tuple[RankKey, ...]
    within: str | None = None
    ties: Ties = Ties.SHARE
    words: str = ""
    label: str = ""
    line: int = 0


class PublishedForm(StrEnum):
    """How a total is published beside its points. PERCENT and INDEX are points over applicable maximum."""

    POINTS = "points"
    PERCENT = "percent of applicable maximum"
    INDEX = "index 0 to 1"


@record
class Publication:
    """``published as …``. ``rounding`` is of the share itself: 2 places of a percent are a step of 0.0001."""

    form: PublishedForm
    rounding: Rounding | None = None

"""The parts of a result: points, states and reasons for every node. Standard library only, plain data.

Numbers are :class:`fractions.Fraction`; ``None`` stands for "not known yet", with ``low`` and ``high`` beside it.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from rubric_engine.plan.record import late_record, record


class State(StrEnum):
    """Outcomes that are never turned into one another silently; a real zero is SCORED with 0 points."""

    SCORED = "scored"
    PENDING = "pending"                # a fact, a judgement or a decision is missing
    NOT_APPLICABLE = "not applicable"
    REFUSED = "refused"                # evidence missing or rejected, and the rubric gives 0 for that
    NOT_RATED = "not rated"            # too little is known to give points: no number stands for it
    UNSCORED = "unscored"              # collected, never counted
    NOT_DUE = "not due"                # a later stage asks for it


class ReasonKind(StrEnum):
    """Why a node has its points; the order of reasons is the order of operations."""

    NOT_APPLICABLE = "not applicable"
    NOT_DUE = "not due"
    UNDECIDED = "undecided"
    DECIDED = "decided"                # what the rubric leaves open, and somebody decided
    MISSING = "missing"
    POLICY = "policy for missing"      # what the rubric says instead of waiting
    NOT_RATED = "not rated"            # a group, or the sheet, with too little data
    REQUIREMENT = "requirement"        # a `require` failed
    ROW = "row"                        # the line of the table that applied
    NEXT_ROW = "next row"              # the next better line and its points
    FORMULA = "formula"
    JUDGED = "judged"
    AWARD = "award"
    DEDUCTION = "deduction"
    EVIDENCE = "evidence"              # satisfied
    EVIDENCE_MISSING = "evidence missing"
    EVIDENCE_REFUSED = "evidence refused"
    LIMIT = "limit"
    FLOOR = "floor"
    CAP = "cap"
    ROUNDING = "rounding"
    SUM = "sum"
    COMBINED = "combined"              # the index of a group from those of its children
    POOL = "pool"                      # bonus or penalty, on the sheet
    KEPT_WORTH = "kept worth"
    MET = "met"
    NOT_MET = "not met"
    AS_PRINTED = "as printed"


@record
class ShownFact:
    """A value that took part: ``text`` is ready to read ("8", "yes", "kịp thời", "12.5%"), language-neutral digits.

    Of what is waited for ``text`` is empty, but of too few ratings it says how many there are ("2 of 3 ratings").
    The ``label`` of a missing cell is that of register, row and column ("Late reports [2]: Days").
    """

    name: str
    label: str
    text: str


@record
class Reason:
    """One step. ``label`` is the author's words, ``amount`` the points it gave or took, ``value`` the number looked at.

    ``because`` is the author's reason, ``line`` the line of the rubric. ``percent`` says how to show ``value``.
    For LIMIT, FLOOR, CAP and ROUNDING ``value`` is the points before and ``amount`` the points after; for evidence
    ``amount`` is what was lost. ``effect`` names the policy, the evidence effect or the form of the rule. ``inexact``
    marks a step through a function or a mean that is rounded to stated digits.
    For NOT_DUE ``label`` is the title of the stage that asks. For POLICY of an input ``effect`` is ``substituted`` and
    ``facts`` the value that stands in; of ``if missing: use base`` ``label`` is the award or deduction left out.
    For COMBINED ``value`` is the index, ``facts`` the index of every child that takes part, with its effective weight.
    For NOT_RATED ``value`` is the share of weight that takes part, ``amount`` the share asked for; of a group that adds
    ``effect`` is ``part`` where the headings among ``facts`` are not rated, ``nothing`` where nothing below it has
    points. For POOL ``value`` is its cap.
    """

    kind: ReasonKind
    label: str = ""
    amount: Fraction | None = None
    value: Fraction | None = None
    percent: bool = False
    facts: tuple[ShownFact, ...] = ()
    because: str = ""
    line: int = 0
    effect: str = ""
    inexact: bool = False


@late_record("code", "state", "points", "maximum", "applicable_maximum")
class NodeResult:
    """One heading. ``points`` is exact, or ``None`` while pending and where it is not rated (then ``low``, ``high`` and
    ``applicable_maximum`` are 0 and say nothing); else always ``low <= points <= high``.

    ``maximum`` is the printed one, ``applicable_maximum`` what counts for this unit. ``missing`` names the facts,
    cells of registers (``late[2].days``), judgements (``judged CODE``) or decisions it waits for. ``columns`` are the
    annex's own (guidance, source, …), as pairs of name and text. ``depth`` is 1 for a heading with none above it. Under
    a group that combines, ``weight`` is the one written (1 where none is) and ``effective_weight`` its share among the
    children that take part, 0 for one that does not. ``coverage`` is the share assessed: of a leaf 1 or 0, of a group
    that of its children by weight, or by printed points where it adds; ``None`` where nothing is scored. ``inexact``: a
    rounded function or mean takes part.
    """

    code: str
    title: str
    level: str
    depth: int
    state: State
    points: Fraction | None
    low: Fraction
    high: Fraction
    maximum: Fraction
    applicable_maximum: Fraction | None
    met: bool | None = None
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    weight: Fraction | None = None
    effective_weight: Fraction | None = None
    coverage: Fraction | None = None
    inexact: bool = False

    @property
    def printed_code(self) -> str:
        """The code the document prints; a pool has a title only, and ``code`` is the word to ask for it by.

        So has the sheet where it combines its headings; those stand as deep as without it.
        """
        return "" if self.level in ("bonus", "penalty", "sheet") else self.code

    @property
    def lost(self) -> Fraction | None:
        """Applicable maximum minus points; ``None`` while pending and where it is not rated."""
        if self.points is None or self.applicable_maximum is None:
            return None
        return self.applicable_maximum - self.points

    @property
    def index(self) -> Fraction | None:
        """Points over applicable maximum (0.7429 is 74.29%); ``None`` while pending or where nothing applies."""
        if self.points is None or not self.applicable_maximum:
            return None
        return self.points / self.applicable_maximum


@record
class Coverage:
    """How much of the sheet was assessed: leaves that are scored or refused, and the printed points they carry.

    All leaves that count are set against that, whether they apply or not; pools, conditions, what is never scored and
    what is not due yet are left out. A leaf settled by a policy for missing facts was not assessed, nor one that reads
    a value the rubric put in place of one nobody gave. Below a group that combines a leaf
    carries its share of weight of the group's points.
    """

    assessed: int
    leaves: int
    assessed_points: Fraction
    points: Fraction

    @property
    def share_of_leaves(self) -> Fraction | None:
        """Leaves assessed over all; ``None`` for a sheet without leaves."""
        return Fraction(self.assessed, self.leaves) if self.leaves else None

    @property
    def share_of_points(self) -> Fraction | None:
        """Printed points assessed over all; ``None`` where none are printed."""
        return self.assessed_points / self.points if self.points else None


@late_record()
class TotalResult:
    """The sheet's total: ``exact`` after gates and floor, ``published`` after the rubric's own rounding.

    ``state`` is SCORED, PENDING or NOT_RATED: of a sheet that is not rated every other number is ``None``, ``low`` and
    ``high`` are 0 and say nothing. Else ``low`` and ``high`` bound the published total. ``printed_maximum`` is the
    header's. ``published_as`` is the form the rubric publishes in: ``points``, ``percent of applicable maximum`` or
    ``index 0 to 1``; for the last two ``published_index`` is that share (0.8133 is 81.33%), rounded as the rubric says,
    ``None`` while unknown.
    """

    exact: Fraction | None
    published: Fraction | None
    low: Fraction
    high: Fraction
    printed_maximum: Fraction
    applicable_maximum: Fraction | None
    places: int | None = None
    reasons: tuple[Reason, ...] = ()
    published_as: str = "points"
    published_index: Fraction | None = None
    state: State = State.SCORED

    @property
    def index(self) -> Fraction | None:
        """Published total over applicable maximum, which is what grades by index look at.

        ``None`` while pending or where nothing applies.
        """
        if self.published is None or not self.applicable_maximum:
            return None
        return self.published / self.applicable_maximum


class GradeState(StrEnum):
    """How a grade stands."""

    ISSUED = "issued"
    PENDING = "pending"        # more than one grade is still possible
    UNDECIDED = "undecided"    # the rubric leaves this case to the authority
    NONE = "no grade"          # a `no grade` gate holds
    NOT_RATED = "not rated"    # what it grades is not rated


@late_record()
class GateResult:
    """A gate on the grade. ``fired`` is ``None`` while unknown; ``changed`` tells whether it moved the grade."""

    kind: str
    label: str
    because: str
    fired: bool | None
    changed: bool
    line: int = 0
    facts: tuple[ShownFact, ...] = ()


@late_record()
class GradeResult:
    """The grade: ``name`` and ``title`` are set when issued. ``possible`` lists what may still come, best first.

    ``table`` is the name of the table where the rubric gives it one and ``table_title`` its words, ``node`` the code of
    the heading it grades, empty for the sheet. ``facts`` are the values its rows and its condition look at, the total
    aside; one without text is waited for. ``decided`` tells, where the rubric leaves the grade open, who decided it and
    when, or ``decided`` alone. ``titles`` are the words of the grades named in ``possible`` and ``by_points``.
    """

    state: GradeState
    name: str | None
    title: str
    by_points: str | None
    label: str = ""
    possible: tuple[str, ...] = ()
    gates: tuple[GateResult, ...] = ()
    line: int = 0
    table: str = ""
    node: str = ""
    table_title: str = ""
    facts: tuple[ShownFact, ...] = ()
    decided: str = ""
    titles: tuple[tuple[str, str], ...] = ()


@record
class RubricIdentity:
    """Which rubric, exactly. ``parameters`` holds those the application changed, name to value (a one-of: its index).

    ``stage`` is the name of the stage scored and ``stage_title`` its words, empty for a rubric without stages or scored
    as a whole. ``shown`` says how changed parameters that are no plain number read: ``85%``, ``yes``, a level's name.
    """

    id: str
    title: str
    version: str
    language: str
    digest: str
    engine: str
    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    stage: str = ""
    stage_title: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


class Outcome(Protocol):
    """All that a result holds, whether built already or on first look."""

    @property
    def rubric(self) -> RubricIdentity: ...

    @property
    def unit(self) -> str: ...

    @property
    def total(self) -> TotalResult: ...

    @property
    def grade(self) -> GradeResult | None: ...

    @property
    def grades(self) -> tuple[GradeResult, ...]: ...

    @property
    def nodes(self) -> tuple[NodeResult, ...]: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def claims(self) -> Mapping[str, Fraction]: ...

    @property
    def missing(self) -> tuple[str, ...]: ...

    @property
    def settled(self) -> bool: ...

    @property
    def coverage(self) -> Coverage: ...

    @property
    def inexact(self) -> bool: ...


@record
class Whole:
    """An outcome with everything in place.

    ``grades`` holds one for every table that applies, or still may; ``grade`` is the first of them for the sheet.
    """

    rubric: RubricIdentity
    unit: str
    total: TotalResult
    grade: GradeResult | None
    grades: tuple[GradeResult, ...]
    nodes: tuple[NodeResult, ...]
    notes: tuple[str, ...]
    claims: Mapping[str, Fraction]
    missing: tuple[str, ...]
    settled: bool
    coverage: Coverage
    inexact: bool


def whole_of(outcome: Outcome) -> Whole:
    """The outcome with everything looked at."""
    if isinstance(outcome, Whole):
        return outcome
    return Whole(
        outcome.rubric, outcome.unit, outcome.total, outcome.grade, outcome.grades, outcome.nodes, outcome.notes,
        dict(outcome.claims), outcome.missing, outcome.settled,
        outcome.coverage, outcome.inexact,
    )  # fmt: skip

"""The plan: a rubric reduced to closed operations on exact numbers. Standard library only.

It is read four ways, and all four must agree: exactly (:mod:`rubric_engine.backend.interpret`, the meaning), as
emitted code for the total, as emitted code that also keeps reasons, and over ranges
(:mod:`rubric_engine.ranges.sheet`). What a reading observes on its way is a list of *slots*, numbered here.

Order of operations in a leaf: not applicable, requirement, base, awards and deductions, evidence (only lowers), limits
written by the author, floor at ``minimum`` and cap at ``maximum``, rounding within the same
ends. Clauses of a kind act in the order listed;
:mod:`rubric_engine.rules.forms.acting` has put them in the order the meaning asks for, whatever was written first.
In a group: not applicable, requirement, sum of the children, awards and deductions, rescaling of a kept worth,
evidence,
limits, floor and cap, rounding. On the sheet: sum, gates on the total, floor, rounding, grade. A group, and the sheet,
that is not rated has none of these steps (:mod:`rubric_engine.meaning.states`).
"""

from enum import IntEnum, StrEnum
from fractions import Fraction

from rubric_engine.plan.combine import Combine as Combine
from rubric_engine.plan.combine import CombineKind as CombineKind
from rubric_engine.plan.combine import IfMissing as IfMissing
from rubric_engine.plan.combine import MissingPolicy as MissingPolicy
from rubric_engine.plan.cycle import Deadline as Deadline
from rubric_engine.plan.cycle import NotAsked as NotAsked
from rubric_engine.plan.cycle import Reference as Reference
from rubric_engine.plan.cycle import ReferenceKind as ReferenceKind
from rubric_engine.plan.cycle import Stage as Stage
from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.grading import Gate as Gate
from rubric_engine.plan.grading import GateKind as GateKind
from rubric_engine.plan.grading import GradeRow as GradeRow
from rubric_engine.plan.grading import GradeTable as GradeTable
from rubric_engine.plan.grading import Publication as Publication
from rubric_engine.plan.grading import PublishedForm as PublishedForm
from rubric_engine.plan.grading import Quota as Quota
from rubric_engine.plan.grading import RankingRule as RankingRule
from rubric_engine.plan.grading import RankKey as RankKey
from rubric_engine.plan.grading import Rounding as Rounding
from rubric_engine.plan.grading import Ties as Ties
from rubric_engine.plan.record import record


class Kind(StrEnum):
    """What an input holds. ``COUNT`` is a whole number not below 0; ``DATE`` is a proleptic ordinal."""

    YES_NO = "yes/no"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    LEVEL = "one of"
    LIST = "list"          # a register: rows of ``columns``
    RATINGS = "ratings"    # a register with the one column ``rating``, a number between the input's bounds


@record
class Level:
    """One choice of a one-of input: the name rules use, the words people read."""

    name: str
    title: str


@record
class Bound:
    """A limit on an input: a constant, or an expression over other inputs (``at most planned``)."""

    value: Num
    strict: bool = False


@record
class InputSpec:
    """An input. ``decimals`` set means values are whole multiples of ``10**-decimals``.

    LIST and RATINGS have ``columns`` (scalar specs; RATINGS the one named ``rating``, which carries the bounds);
    fewer than ``raters`` ratings count as missing. ``if_missing`` is the value that stands in for one not given, as
    facts hold it; the reader puts it there and notes that it did. ``reference``: a figure of the cohort, of the cycle
    before or of the round (see :class:`Reference`), given apart from the facts. ``asked_from`` is the first stage, by
    number, that asks for it.
    """

    name: str
    label: str
    kind: Kind
    levels: tuple[Level, ...] = ()
    ordered: bool = False
    minimum: Bound | None = None
    maximum: Bound | None = None
    decimals: int | None = None
    optional: bool = False
    shared: bool = False
    node: str | None = None
    line: int = 0
    columns: tuple["InputSpec", ...] = ()
    raters: int = 0
    if_missing: Fraction | bool | str | None = None
    reference: bool = False
    asked_from: int = 0

    @property
    def scale(self) -> int | None:
        """The machine value is the exact value times this, a whole number; ``None``: any exact number."""
        if self.kind in (Kind.NUMBER, Kind.PERCENT, Kind.MONEY):
            if self.decimals is None:
                return None
            return int(10 ** (self.decimals + (2 if self.kind is Kind.PERCENT else 0)))
        return 1


@record
class JudgedSpec:
    """Points a person gives: between the two bounds, on the grid ``minimum + k * step`` where a step is set."""

    key: str
    label: str
    minimum: Fraction
    maximum: Fraction
    step: Fraction | None = None
    line: int = 0
    asked_from: int = 0


class Effect(StrEnum):
    """What missing or rejected evidence does. Effects only ever lower."""

    SCORE = "score"                  # points become min(points, amount): `score 0`
    SHARE = "at most share"          # points become min(points, amount x maximum): `at most 50%`
    DEDUCT = "deduct"                # amount is taken off
    EXPLAIN = "ask for explanation"
    WARN = "warn"


@record
class EvidenceSpec:
    """A required piece of evidence. Dates are ordinals; ``when`` tells whether it is required at all."""

    name: str
    title: str
    node: str
    when: Truth
    at_least: int
    issued_from: int | None
    issued_to: int | None
    effect: Effect
    amount: Fraction
    line: int = 0


class Policy(StrEnum):
    """What "not applicable" does to a leaf or a group."""

    FULL = "full points"
    EXCLUDED = "excluded"
    KEEP_WORTH = "keep the worth of"
    ZERO = "zero"
    UNDECIDED = "undecided"
    NOT_DUE = "not due"      # of a plan at a stage: asked for later; no rubric says it
    DECIDED = "decided"      # of a plan with decisions (plan.deciding): UNDECIDED, and what was decided of it


@record
class Absent:
    """One "not applicable" clause. ``when`` is ``None`` for *when nothing applies* (groups only).

    Effect on (points, applicable maximum), with F the printed maximum: FULL (F, F); EXCLUDED and KEEP_WORTH (0, 0);
    ZERO (0, F); DECIDED (``points``, F), and the heading is scored; UNDECIDED: anything between the minimum and F, so
    no exact reading exists. Below a group that does
    not apply every node reads (0, 0). NOT_DUE (0, 0): never a reason for *when nothing applies*; a node all of whose
    scored leaves are not due is not due itself.

    A group's applicable maximum is its printed one less what its children lost (printed minus applicable). Where a
    KEEP_WORTH clause naming group G holds for some node below G, G's summed points are multiplied by W / A and its
    applicable maximum is W: A is the sum of the printed maxima of the applicable leaves below G, W is G's printed
    maximum less the printed maxima of the leaves below it that an EXCLUDED clause removed. If A is 0, G's *when
    nothing applies* clause decides (``check`` demands one). The same holds for the sheet.

    ``worth_of`` is the code of the group that keeps its worth (``None``: the whole sheet); ``words`` is the
    author's text of an undecided clause.
    """

    when: Truth | None
    policy: Policy
    worth_of: str | None = None
    words: str = ""
    line: int = 0
    points: Fraction | None = None


@record
class Requirement:
    """``require``: when it does not hold, the points are ``otherwise`` and nothing else in the leaf counts.

    The first of a node that does not hold counts: a plan lists the strictest first.
    """

    holds: Truth
    otherwise: Num
    because: str
    label: str
    line: int


@record
class Case:
    """One line of a choice; ``label`` is the author's words. The last is not tested: its ``when`` is ``None``.

    ``rest``: the author wrote *otherwise*, which nobody can bring about.
    """

    when: Truth | None
    value: Num
    label: str
    line: int
    rest: bool = False


class Form(StrEnum):
    """How the author wrote a base; for explanations only, never for meaning."""

    LEVELS = "levels"
    BANDS = "bands"
    CONDITIONS = "conditions"
    PROPORTION = "proportion"
    INTERPOLATED = "interpolated"
    FORMULA = "formula"
    JUDGED = "judged"
    START = "start"


@record
class Choice:
    """The base of a leaf: the first case whose condition holds gives the points.

    INVARIANT: the cases are complete, either by ``otherwise`` or because ``check`` proved it.
    ``subject`` is the number a band table or a proportion looks at, ``label`` its text as written.
    """

    form: Form
    cases: tuple[Case, ...]
    subject: Num | None = None
    label: str = ""
    line: int = 0


@record
class Adjustment:
    """An ``award`` (sign 1) or ``deduct`` (sign -1): ``amount`` times ``times``, when ``when``, at most ``cap``.

    The amount observed is never below 0: a negative product counts as 0. ``beyond``: an award that raises the cap of
    its heading by what it gives (``award 2 beyond full points``).
    """

    sign: int
    amount: Num
    times: Num | None
    when: Truth | None
    cap: Num | None
    because: str
    label: str
    line: int
    beyond: bool = False


@record
class Limit:
    """A written ceiling (``at_most``) or floor on the points of a node or of the total."""

    at_most: bool
    value: Num
    when: Truth | None
    because: str
    label: str
    line: int


@record
class Remark:
    """What an annex prints beside a heading: guidance, source, data from, verified by, responsible, due, note."""

    name: str
    text: str


@record
class PlanNode:
    """A heading. ``parent`` and ``children`` are indices into :attr:`Plan.nodes` (document order).

    A leaf has no children. ``base`` is ``None`` for a group (its children are added, or combined) and for a leaf that
    only awards or, in a penalty, only deducts (it starts from 0). A group with a ``base`` is scored by that formula
    and does not add its children. ``pool`` is ``bonus`` or ``penalty`` on the top heading of a pool: its points count
    in the sum of the roots, its maximum does not; a penalty's headings run from minus the cap to 0. A sheet that
    combines its roots has one root more, of level ``sheet`` and code ``total``, that holds them. ``asked_from`` is the
    first stage at which everything the node reads is asked for. ``met`` is set for a *condition*: it has no points,
    only holds or not. An ``unscored`` node is computed and shown, and never counted; ``endless`` where it prints no
    points either, so that nothing floors or caps what it comes to. ``if_not_rated`` says, of a group, what stands
    in its place where it is not rated (see :mod:`rubric_engine.meaning.states`).
    """

    code: str
    title: str
    level: str
    minimum: Fraction
    maximum: Fraction
    parent: int | None
    children: tuple[int, ...]
    line: int
    unscored: bool = False
    met: Truth | None = None
    absent: tuple[Absent, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    base: Choice | None = None
    adjustments: tuple[Adjustment, ...] = ()
    evidence: tuple[int, ...] = ()
    limits: tuple[Limit, ...] = ()
    rounding: Rounding | None = None
    columns: tuple[Remark, ...] = ()
    as_printed: tuple[str, ...] = ()
    weight: Fraction | None = None
    combine: Combine | None = None
    if_missing: IfMissing | None = None
    pool: str = ""
    asked_from: int = 0
    if_not_rated: IfMissing | None = None
    endless: bool = False


@record
class Let:
    """A named value; ``value`` is a number or a truth.

    ``called`` is the author's name for it, under which a reason shows it as a value of this ``kind``; nothing is shown
    where it is empty. Of a ``level`` it is the index, or with one of ``levels`` alone whether it is that.
    """

    name: str
    value: Num | Truth
    label: str
    line: int
    called: str = ""
    kind: Kind = Kind.NUMBER
    levels: tuple[Level, ...] = ()


@record
class ParameterValue:
    """A parameter as used by this plan. ``changed`` when the application set it at load time.

    A yes/no is 1 or 0; a one-of is the index among ``levels``.
    """

    name: str
    label: str
    value: Fraction
    default: Fraction
    kind: Kind = Kind.NUMBER
    levels: tuple[Level, ...] = ()

    @property
    def changed(self) -> bool:
        return self.value != self.default


@record
class Plan:
    """A whole rubric, ready to be read. Parameters are already folded into the expressions.

    ``order`` lists every node so that whatever a node reads stands before it. ``roots`` are the nodes added to make
    the total. Names in ``lets`` may only use earlier lets. ``notes`` are the *as printed* remarks every result carries.
    ``grades`` are the tables in the order written. ``stage`` is empty for the whole rubric, else the name of the stage
    this plan is for: see :mod:`rubric_engine.plan.staging`; no grade is issued while something is not due. ``later``
    is what a submission cannot hold at that stage.
    """

    id: str
    title: str
    version: str
    language: str
    digest: str
    total: Fraction
    signed: bool
    rounding: Rounding | None
    inputs: tuple[InputSpec, ...]
    judged: tuple[JudgedSpec, ...]
    evidence: tuple[EvidenceSpec, ...]
    parameters: tuple[ParameterValue, ...]
    lets: tuple[Let, ...]
    nodes: tuple[PlanNode, ...]
    order: tuple[int, ...]
    roots: tuple[int, ...]
    limits: tuple[Limit, ...]
    grades: tuple[GradeTable, ...]
    notes: tuple[str, ...]
    header: tuple[Remark, ...] = ()
    only_accepted: bool = False
    publication: Publication | None = None
    ranking: RankingRule | None = None
    stages: tuple[Stage, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    references: tuple[Reference, ...] = ()
    stage: str = ""
    later: tuple[NotAsked, ...] = ()


# ---------------------------------------------------------------- what a reading observes


class Observed(IntEnum):
    """Slot kinds. *Numbers*: SUBJECT, BASE, AMOUNT, POINTS, MAXIMUM, TOTAL, PUBLISHED. The rest are *marks*."""

    ABSENT = 0       # index of the clause that holds; -1 none; -2 a group above does not apply
    REQUIREMENT = 1  # index of the first requirement that fails; -1 none
    CASE = 2         # index of the case taken; -1 not reached
    SUBJECT = 3
    BASE = 4
    AMOUNT = 5       # one per adjustment, what it added or took, never below 0
    EVIDENCE = 6     # one per evidence clause: 0 not required, 1 satisfied, 2 not satisfied
    LIMIT = 7        # one per limit: 1 when its condition held
    POINTS = 8
    MAXIMUM = 9      # applicable maximum
    MET = 10         # conditions: 1 or 0
    TOTAL = 11       # node is -1: after gates and floor, before rounding
    PUBLISHED = 12   # the total as published
    SHEET_MAXIMUM = 13
    GRADE_BY_POINTS = 14  # node is the number of the table: row index, -1 no row holds, -2 the table does not apply,
    #                       -3 what it grades is not rated
    GATE = 15        # likewise, one per gate: 1 when it fired
    GRADE = 16       # likewise, final row index; -1 none (no grade), -2 and -3 as by points
    RATED = 17       # groups, and the sheet: ``Rated`` of meaning.states (YES where a clause takes it out)
    MISSING = 18     # leaves with a policy for missing facts: 1 when it was applied


NUMBERS = frozenset({
    Observed.SUBJECT, Observed.BASE, Observed.AMOUNT, Observed.POINTS, Observed.MAXIMUM,
    Observed.TOTAL, Observed.PUBLISHED, Observed.SHEET_MAXIMUM,
})  # fmt: skip


@record
class Slot:
    """One thing observed: its kind, the node's index (-1: the sheet; of grades the table's) and its number there."""

    kind: Observed
    node: int = -1
    index: int = 0

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


def slots_of(plan: Plan) -> tuple[Slot, ...]:
    """Every slot of a plan, in the one order all readings use."""
    slots: list[Slot] = []
    for at in plan.order:
        slots.extend(_node_slots(plan.nodes[at], at))
    slots += [Slot(Observed.LIMIT, -1, i) for i in range(len(plan.limits))]
    slots += [Slot(Observed.RATED), Slot(Observed.TOTAL), Slot(Observed.PUBLISHED), Slot(Observed.SHEET_MAXIMUM)]
    for number, table in enumerate(plan.grades):
        slots.append(Slot(Observed.GRADE_BY_POINTS, number))
        slots += [Slot(Observed.GATE, number, i) for i in range(len(table.gates))]
        slots.append(Slot(Observed.GRADE, number))
    return tuple(slots)


def _node_slots(node: PlanNode, at: int) -> list[Slot]:
    """A condition observes ABSENT (where it has such a clause) and MET; every other node its steps, in order.

    ABSENT stands for every node: a group above may not apply.
    """
    slots = [Slot(Observed.ABSENT, at)]
    if node.met is not None:
        return [*slots, Slot(Observed.MET, at)]
    if node.if_missing is not None:
        slots.append(Slot(Observed.MISSING, at))
    if node.children:
        slots.append(Slot(Observed.RATED, at))
    if node.requirements:
        slots.append(Slot(Observed.REQUIREMENT, at))
    if node.base is not None:
        slots.append(Slot(Observed.CASE, at))
        if node.base.subject is not None:
            slots.append(Slot(Observed.SUBJECT, at))
        slots.append(Slot(Observed.BASE, at))
    slots += [Slot(Observed.AMOUNT, at, i) for i in range(len(node.adjustments))]
    slots += [Slot(Observed.EVIDENCE, at, i) for i in range(len(node.evidence))]
    slots += [Slot(Observed.LIMIT, at, i) for i in range(len(node.limits))]
    return [*slots, Slot(Observed.POINTS, at), Slot(Observed.MAXIMUM, at)]

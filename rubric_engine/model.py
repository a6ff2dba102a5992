"""The rubric as resolved: names bound, types settled, every clause beside the place it was written.

Between the syntax tree (what was typed) and the plan (what is computed). Scoring forms keep their own shape here, so
that ``check`` can speak about bands as bands; ``lower`` turns each into a :class:`~rubric_engine.plan.plan.Choice`.
Text is the only way in: a rubric is never read back from another form.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from rubric_engine.plan.expr import Expr, Num, Truth
from rubric_engine.plan.plan import (
    Absent,
    Adjustment,
    Combine,
    Deadline,
    EvidenceSpec,
    Gate,
    IfMissing,
    InputSpec,
    JudgedSpec,
    Let,
    Limit,
    ParameterValue,
    Publication,
    Quota,
    RankingRule,
    Reference,
    Remark,
    Requirement,
    Rounding,
    Stage,
)
from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, Span
from rubric_engine.syntax.tree.nodes import Example, Expect, Given

T = TypeVar("T")


class Unit(StrEnum):
    """What a number measures. A ratio of two like amounts (``done / planned``) compares with both the others."""

    PLAIN = "number"
    PERCENT = "percent"
    RATIO = "ratio"
    MONEY = "money"
    DATE = "date"
    DAYS = "days"


@record
class At(Generic[T]):
    """A clause and the place it was written."""

    value: T
    span: Span = field(default=NOWHERE, compare=False)


# ---------------------------------------------------------------- scoring forms


@record
class LevelRow:
    levels: tuple[int, ...]
    value: Num
    label: str
    span: Span


@record
class Levels:
    """``score by`` a one-of or a yes/no input, or a level worked out. For yes/no the levels are 0 (no) and 1 (yes).

    Of a level worked out ``names`` are the levels and ``tests`` the condition of each; of a one-of input both are
    empty.
    """

    name: str
    truth: Truth | None
    rows: tuple[LevelRow, ...]
    otherwise: At[Num] | None
    span: Span
    names: tuple[str, ...] = ()
    tests: tuple[Truth, ...] = ()


@record
class BandRow:
    """Dates are ordinals, percents are fractions of one. ``None`` is open to infinity."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool
    high_open: bool
    value: Num
    label: str
    span: Span


@record
class Bands:
    """``score by`` a number. ``grid`` is the step its values live on (1 for counts), ``None`` where dense."""

    subject: Num
    unit: Unit
    grid: Fraction | None
    label: str
    rows: tuple[BandRow, ...]
    otherwise: At[Num] | None
    span: Span


@record
class ConditionRow:
    when: Truth
    value: Num
    label: str
    span: Span


@record
class Conditions:
    """A ``when`` chain: the first that holds."""

    rows: tuple[ConditionRow, ...]
    otherwise: At[Num] | None
    span: Span


@record
class Proportion:
    """Full points times the ratio, at most full points, never below 0; 0 where the ratio is under ``zero_below``."""

    ratio: Num
    zero_below: Fraction | None
    label: str
    span: Span


@record
class Anchor:
    at: Fraction
    value: Num
    span: Span


@record
class Interpolation:
    """Straight lines between anchors, level beyond the ends."""

    subject: Num
    unit: Unit
    label: str
    anchors: tuple[Anchor, ...]
    span: Span


@record
class Formula:
    value: Num
    label: str
    span: Span


@record
class JudgedRule:
    key: str
    span: Span


@record
class Start:
    value: Num
    label: str
    span: Span


Rule = Levels | Bands | Conditions | Proportion | Interpolation | Formula | JudgedRule | Start

# ---------------------------------------------------------------- the outline


@record
class Node:
    """A heading with its clauses. ``rule`` on a group is the formula that scores it instead of adding.

    ``parent`` and ``children`` index :attr:`Rubric.nodes` (document order).
    """

    code: str
    title: str
    level: str
    depth: int
    parent: int | None
    children: tuple[int, ...]
    minimum: Fraction
    maximum: Fraction
    kind: str
    span: Span
    code_span: Span
    points_span: Span
    as_printed: str | None = None
    columns: tuple[Remark, ...] = ()
    absent: tuple[At[Absent], ...] = ()
    requirements: tuple[At[Requirement], ...] = ()
    rule: Rule | None = None
    met: At[Truth] | None = None
    adjustments: tuple[At[Adjustment], ...] = ()
    evidence: tuple[int, ...] = ()
    limits: tuple[At[Limit], ...] = ()
    rounding: Rounding | None = None
    weight: At[Fraction] | None = None
    weight_is_percent: bool = False
    combine: At[Combine] | None = None
    if_missing: At[IfMissing] | None = None
    if_not_rated: At[IfMissing] | None = None
    pool: str = ""
    asked_from: int = 0
    endless: bool = False

    @property
    def is_leaf(self) -> bool:
        return not self.children


# ---------------------------------------------------------------- grades


@record
class GradeLine:
    """A row: ``band`` on the subject and ``condition`` must both hold; both ``None`` for *otherwise*.

    ``levels`` are those of a row in a table by a label.
    """

    name: str | None
    title: str
    band: BandRow | None
    condition: Truth | None
    condition_label: str
    label: str
    span: Span
    levels: tuple[int, ...] = ()

    @property
    def is_otherwise(self) -> bool:
        return self.band is None and self.condition is None and not self.levels


@record
class GradeRules:
    """``grades by …``, rows best first. ``grid`` as in :class:`Bands`; ``first`` for *first that holds*.

    ``subject`` is ``None`` for a table by a label, whose rows name levels: ``names`` are all of them, ``tests`` the
    condition of each, ``ordered`` whether they were declared in an
    order. The rest as in :class:`~rubric_engine.plan.plan.GradeTable`.
    """

    subject: Num | None
    unit: Unit
    grid: Fraction | None
    label: str
    first: bool
    rows: tuple[GradeLine, ...]
    gates: tuple[At[Gate], ...]
    span: Span
    name: str = ""
    title: str = ""
    node: int = -1
    applies: At[Truth] | None = None
    quotas: tuple[At[Quota], ...] = ()
    names: tuple[str, ...] = ()
    tests: tuple[Truth, ...] = ()
    ordered: bool = False


# ---------------------------------------------------------------- the whole


@record
class WorkedExample:
    """An ``example`` with its facts and expectations, still as written; ``casetest`` reads them."""

    head: Example
    given: tuple[Given, ...]
    expect: tuple[Expect, ...]
    span: Span


@record
class Counted:
    """One pair of ``contains``: the level meaning, the number printed, and where."""

    level: str
    number: int
    span: Span
    as_printed: str | None


@record
class Rubric:
    """A whole resolved rubric.

    ``used`` names what some rule reads: inputs, lets, parameters, evidence, definitions, tables and scales.
    ``total`` is without the ``bonus_in_total``, which is the part of the printed total that its bonus can give.
    ``places`` tells where a division or a comparison was written, by its expression (the first place, where the same
    one stands twice), ``calls`` what the author wrote where an expression was made of it: the call of a
    built-in function, two levels compared; ``names`` where each name was declared, a column as ``register.column``.
    """

    id: str
    title: str
    version: str
    language: str
    digest: str
    header: tuple[Remark, ...]
    total: Fraction | None
    total_span: Span
    total_as_printed: str | None
    signed: bool
    rounding: Rounding | None
    contains: tuple[Counted, ...]
    only_accepted: bool
    inputs: tuple[At[InputSpec], ...]
    judged: tuple[At[JudgedSpec], ...]
    evidence: tuple[At[EvidenceSpec], ...]
    parameters: tuple[At[ParameterValue], ...]
    lets: tuple[At[Let], ...]
    nodes: tuple[Node, ...]
    limits: tuple[At[Limit], ...]
    grades: tuple[GradeRules, ...]
    examples: tuple[WorkedExample, ...]
    used: frozenset[str] = frozenset()
    places: Mapping[Expr, Span] = field(default_factory=dict, compare=False)
    calls: Mapping[Expr, str] = field(default_factory=dict, compare=False)
    names: Mapping[str, Span] = field(default_factory=dict, compare=False)
    bonus_in_total: Fraction = Fraction(0)
    end: Span = NOWHERE
    publication: At[Publication] | None = None
    ranking: At[RankingRule] | None = None
    stages: tuple[At[Stage], ...] = ()
    deadlines: tuple[At[Deadline], ...] = ()
    references: tuple[At[Reference], ...] = ()

    @property
    def roots(self) -> tuple[int, ...]:
        """Nodes with no heading above them."""
        return tuple(at for at, node in enumerate(self.nodes) if node.parent is None)

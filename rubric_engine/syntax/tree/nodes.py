"""The syntax tree: what the author wrote, one statement a logical line, nothing resolved.

A file is a *flat* list of statements; nesting of headings and hanging of rows is ``resolve``'s work. Everything is
frozen and spans do not count for equality, so ``parse(format(tree)) == tree`` can be asked. Comments and blank lines
are kept beside the tree (:class:`Trivia`). Words of the keyword languages do not appear here: a tree parsed from
Vietnamese equals the one parsed from its English translation.
"""

from dataclasses import field

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.clauses import CombineClause as CombineClause
from rubric_engine.syntax.tree.clauses import DefineClause as DefineClause
from rubric_engine.syntax.tree.clauses import MissingClause as MissingClause
from rubric_engine.syntax.tree.clauses import NeedsClause as NeedsClause
from rubric_engine.syntax.tree.clauses import NotRatedClause as NotRatedClause
from rubric_engine.syntax.tree.clauses import Pool as Pool
from rubric_engine.syntax.tree.clauses import ScaleClause as ScaleClause
from rubric_engine.syntax.tree.clauses import TableClause as TableClause
from rubric_engine.syntax.tree.clauses import UseClause as UseClause
from rubric_engine.syntax.tree.examples import Example as Example
from rubric_engine.syntax.tree.examples import Expect as Expect
from rubric_engine.syntax.tree.examples import Expectation as Expectation
from rubric_engine.syntax.tree.examples import Given as Given
from rubric_engine.syntax.tree.examples import GivenEvidence as GivenEvidence
from rubric_engine.syntax.tree.examples import GivenInput as GivenInput
from rubric_engine.syntax.tree.examples import GivenJudged as GivenJudged
from rubric_engine.syntax.tree.examples import GivenReference as GivenReference
from rubric_engine.syntax.tree.examples import GivenRow as GivenRow
from rubric_engine.syntax.tree.grading import AllGrades as AllGrades
from rubric_engine.syntax.tree.grading import GateClause as GateClause
from rubric_engine.syntax.tree.grading import GradeRowClause as GradeRowClause
from rubric_engine.syntax.tree.grading import Grades as Grades
from rubric_engine.syntax.tree.grading import QuotaClause as QuotaClause
from rubric_engine.syntax.tree.rounds import AskedFrom as AskedFrom
from rubric_engine.syntax.tree.rounds import DeadlineClause as DeadlineClause
from rubric_engine.syntax.tree.rounds import PublishedAs as PublishedAs
from rubric_engine.syntax.tree.rounds import RankBy as RankBy
from rubric_engine.syntax.tree.rounds import RankingClause as RankingClause
from rubric_engine.syntax.tree.rounds import RankKeyDef as RankKeyDef
from rubric_engine.syntax.tree.rounds import StageDef as StageDef
from rubric_engine.syntax.tree.rounds import Stages as Stages
from rubric_engine.syntax.tree.rounds import TiesClause as TiesClause
from rubric_engine.syntax.tree.row_nodes import FileKey as FileKey
from rubric_engine.syntax.tree.row_nodes import LevelKeys as LevelKeys
from rubric_engine.syntax.tree.row_nodes import OtherwiseKey as OtherwiseKey
from rubric_engine.syntax.tree.row_nodes import Row as Row
from rubric_engine.syntax.tree.row_nodes import TableKeys as TableKeys
from rubric_engine.syntax.tree.row_nodes import WhenKey as WhenKey
from rubric_engine.syntax.tree.terms import AmongUnits as AmongUnits
from rubric_engine.syntax.tree.terms import And as And
from rubric_engine.syntax.tree.terms import Apply as Apply
from rubric_engine.syntax.tree.terms import AtLeastOf as AtLeastOf
from rubric_engine.syntax.tree.terms import Band as Band
from rubric_engine.syntax.tree.terms import Call as Call
from rubric_engine.syntax.tree.terms import Comparison as Comparison
from rubric_engine.syntax.tree.terms import DateLit as DateLit
from rubric_engine.syntax.tree.terms import DaysLate as DaysLate
from rubric_engine.syntax.tree.terms import Expr as Expr
from rubric_engine.syntax.tree.terms import FullPoints as FullPoints
from rubric_engine.syntax.tree.terms import Ident as Ident
from rubric_engine.syntax.tree.terms import InexactCall as InexactCall
from rubric_engine.syntax.tree.terms import Is as Is
from rubric_engine.syntax.tree.terms import Later as Later
from rubric_engine.syntax.tree.terms import Missing as Missing
from rubric_engine.syntax.tree.terms import Name as Name
from rubric_engine.syntax.tree.terms import Negative as Negative
from rubric_engine.syntax.tree.terms import Not as Not
from rubric_engine.syntax.tree.terms import NothingScoredZero as NothingScoredZero
from rubric_engine.syntax.tree.terms import Num as Num
from rubric_engine.syntax.tree.terms import OfNode as OfNode
from rubric_engine.syntax.tree.terms import Or as Or
from rubric_engine.syntax.tree.terms import Power as Power
from rubric_engine.syntax.tree.terms import Previous as Previous
from rubric_engine.syntax.tree.terms import Product as Product
from rubric_engine.syntax.tree.terms import Reduce as Reduce
from rubric_engine.syntax.tree.terms import RoundCall as RoundCall
from rubric_engine.syntax.tree.terms import RoundTo as RoundTo
from rubric_engine.syntax.tree.terms import SheetTotal as SheetTotal
from rubric_engine.syntax.tree.terms import Sum as Sum
from rubric_engine.syntax.tree.terms import Text as Text
from rubric_engine.syntax.tree.terms import TimeFrom as TimeFrom
from rubric_engine.syntax.tree.terms import When as When
from rubric_engine.syntax.tree.terms import YesNo as YesNo
from rubric_engine.syntax.tree.terms import unseen_span

# ---------------------------------------------------------------- statements: header


@record
class RubricHead:
    title: Text
    id: Ident
    span: Span = unseen_span()


@record
class Version:
    text: str
    span: Span = unseen_span()


@record
class Issued:
    number: Text
    by: Text | None
    on: DateLit | None
    span: Span = unseen_span()


@record
class InForce:
    since: DateLit
    span: Span = unseen_span()


@record
class TotalPoints:
    """``total 115 points[, bonus included][, signed][, rounded half-up to 2 places][, as printed because "…"]``."""

    points: Num
    signed: bool = False
    rounded: RoundTo | None = None
    as_printed: Text | None = None
    with_bonus: bool = False
    span: Span = unseen_span()


@record
class Contains:
    """``contains 8 areas, 43 criteria``: pairs of (number, level meaning)."""

    counts: tuple[tuple[int, str], ...]
    as_printed: Text | None = None
    span: Span = unseen_span()


@record
class OnlyAccepted:
    """``only accepted evidence``: submitted evidence does not satisfy until it is accepted."""

    span: Span = unseen_span()


# ---------------------------------------------------------------- statements: headings


@record
class Heading:
    """A heading. ``weight 30%`` or ``weight 2`` stands after the points, or instead of them (then 1 point).

    ``level`` is ``part area criterion component item`` or ``level 6`` …; ``depth`` 1 to 5, then 6, 7 ….

    ``points`` (low, high): ``5 points`` is (None, 5), ``-8 to 0 points`` is (-8, 0). ``kind`` is ``scored``,
    ``condition`` or ``unscored``.
    """

    level: str
    depth: int
    code: Ident
    title: Text | None
    low: Num | None = None
    points: Num | None = None
    kind: str = "scored"
    weight: Num | None = None
    as_printed: Text | None = None
    span: Span = unseen_span()


@record
class ColumnClause:
    """``guidance "…"`` and its kin; ``name`` is ``guidance source data_from verified_by responsible due note``."""

    name: str
    value: Text | DateLit
    span: Span = unseen_span()


# ---------------------------------------------------------------- statements: facts


@record
class LevelDef:
    """One choice of ``one of timely "kịp thời", late``. ``above`` is set where ``<`` stands before it."""

    name: Ident
    title: Text | None = None
    above: bool = False
    span: Span = unseen_span()


@record
class BoundClause:
    """``at most planned``, ``at least 1``, ``above 0``, ``below 10``: order is ``<= >= > <``."""

    order: str
    value: Expr
    span: Span = unseen_span()


@record
class InputClause:
    """``input a, b "label": count, at most planned, optional``.

    ``type`` is a :class:`~rubric_engine.plan.plan.Kind` value. ``column NAME …: TYPE`` under ``input late: list`` is
    the same clause with ``column`` set. ``input a, b: rating`` takes the levels of ``levels rating: …``: the type is
    ``one of`` and ``levels_of`` the name. ``, if missing 0`` gives a value that stands in, ``, if missing not
    applicable`` sets ``excluded_if_missing``; ``, asked from appraisal`` names the first stage that asks. The ends of
    ``ratings 1 to 5, at least 3 raters`` are bounds ``>=``, ``<=``. ``labels`` are those of ``input a "A", b "B": …``,
    one a name; ``label`` is what a single name, or all of them together, are called.
    """

    names: tuple[Ident, ...]
    label: Text | None
    type: str
    levels: tuple[LevelDef, ...] = ()
    bounds: tuple[BoundClause, ...] = ()
    decimals: int | None = None
    optional: bool = False
    shared: bool = False
    column: bool = False
    raters: int | None = None
    levels_of: Ident | None = None
    if_missing: Num | Negative | DateLit | YesNo | Name | None = None
    excluded_if_missing: bool = False
    asked_from: Ident | None = None
    labels: tuple[Text | None, ...] = ()
    span: Span = unseen_span()

    def label_of(self, at: int) -> Text | None:
        """The label of one of the names: its own, or the one they share."""
        return self.labels[at] if self.labels else self.label


@record
class EffectClause:
    """``score 0``, ``at most 50%``, ``deduct 0.5``, ``ask for explanation``, ``warn`` (see ``plan.plan.Effect``)."""

    effect: str
    amount: Num | None = None
    span: Span = unseen_span()


@record
class EvidenceClause:
    name: Ident
    title: Text | None
    condition: Expr | None
    unless: bool
    at_least: int | None
    issued_from: DateLit | None
    issued_to: DateLit | None
    effect: EffectClause | None
    span: Span = unseen_span()


@record
class LetClause:
    name: Ident
    value: Expr
    span: Span = unseen_span()


@record
class ParameterClause:
    """``parameter target "…": percent = 80%, from 50% to 100%``; ``parameter mode: one of a, b = a``."""

    name: Ident
    label: Text | None
    type: str
    value: Expr
    bounds: tuple[BoundClause, ...] = ()
    levels: tuple[LevelDef, ...] = ()
    levels_of: Ident | None = None
    span: Span = unseen_span()


@record
class LevelsClause:
    """``levels rating: weak "Yếu" < fair < good``: a list of levels for several inputs, columns and tables."""

    name: Ident
    levels: tuple[LevelDef, ...]
    span: Span = unseen_span()


# ---------------------------------------------------------------- statements: scoring


@record
class ScoreBy:
    """``score by x[, rounded …][, interpolated]``: rows follow; ``score by x on scale rate`` has none."""

    subject: Expr
    rounded: RoundTo | None = None
    interpolated: bool = False
    scale: Ident | None = None
    span: Span = unseen_span()


@record
class ScoreWhen:
    """A bare ``score``: ``when`` rows follow."""

    span: Span = unseen_span()


@record
class ScoreProportion:
    """``score in proportion to a / b[, 0 below 70%]``; ``ratio`` is the whole expression."""

    ratio: Expr
    zero_below: Num | None = None
    span: Span = unseen_span()


@record
class ScoreFormula:
    value: Expr
    span: Span = unseen_span()


@record
class ScoreJudged:
    """``score judged[ from a to b][ in steps of s]``; ``yes_no``: full points or none, ``score yes/no``."""

    low: Num | None = None
    high: Num | None = None
    step: Num | None = None
    span: Span = unseen_span()
    yes_no: bool = False


@record
class ScoreAllOrNothing:
    """``score all or nothing when c``; ``yes_no``: written ``score yes/no by c``."""

    condition: Expr
    span: Span = unseen_span()
    yes_no: bool = False


@record
class StartAt:
    """``start at full points`` or ``start at 8``."""

    value: Expr
    span: Span = unseen_span()


@record
class EveryLeaf:
    """``every leaf: score judged`` on a group: the rule of leaves below that have none."""

    rule: "ScoreJudged | ScoreAllOrNothing | ScoreFormula | ScoreProportion | StartAt"
    span: Span = unseen_span()


@record
class JudgedAmount:
    """``judged shoddy from 2 to 5[ in steps of 1]`` as the amount of a deduction or award."""

    name: Ident | None
    low: Num
    high: Num
    step: Num | None = None
    span: Span = unseen_span()


@record
class AdjustClause:
    """``award``/``deduct AMOUNT [for each of X] [when C] [, at most CAP] [because "…"]``.

    ``beyond`` where an award says ``beyond full points``, after its amount.
    """

    award: bool
    amount: Expr | JudgedAmount
    each: Expr | None = None
    condition: Expr | None = None
    cap: Expr | None = None
    because: Text | None = None
    beyond: bool = False
    span: Span = unseen_span()


@record
class RequireClause:
    condition: Expr
    otherwise: Expr
    because: Text | None = None
    span: Span = unseen_span()


@record
class LimitClause:
    """``at most 30 points when …`` / ``at least 0 points …``; also ``0 points when …`` (``exactly`` set)."""

    at_most: bool
    value: Expr
    condition: Expr | None = None
    because: Text | None = None
    exactly: bool = False
    span: Span = unseen_span()


@record
class RoundedClause:
    to: RoundTo
    span: Span = unseen_span()


@record
class NotApplicableClause:
    """``not applicable when C: POLICY``; ``nothing`` for *when nothing applies*.

    ``policy`` is a ``plan.plan.Policy`` value; ``worth_of`` the code, or ``total``, of ``keep the worth of``.
    """

    condition: Expr | None
    policy: str
    nothing: bool = False
    worth_of: Ident | None = None
    words: Text | None = None
    span: Span = unseen_span()


@record
class MetWhen:
    """``met when C``, of a condition."""

    condition: Expr
    span: Span = unseen_span()


@record
class TotalLimit:
    """A gate on the sheet's total, under ``grades`` or after the outline: ``total at most 30 points when …``."""

    limit: LimitClause
    span: Span = unseen_span()


Statement = (
    RubricHead | Version | Issued | InForce | TotalPoints | Contains | OnlyAccepted | Heading | ColumnClause
    | InputClause | EvidenceClause | LetClause | ParameterClause | ScoreBy | ScoreWhen | ScoreProportion
    | ScoreFormula | ScoreJudged | ScoreAllOrNothing
    | StartAt | EveryLeaf | AdjustClause | RequireClause | LimitClause | RoundedClause
    | NotApplicableClause | MetWhen | TotalLimit | Row | Grades | AllGrades | GradeRowClause | GateClause | Example
    | Given | Expect | Pool | CombineClause | NeedsClause | MissingClause | NotRatedClause | DefineClause | TableClause
    | ScaleClause | UseClause | LevelsClause | Stages | DeadlineClause | AskedFrom | RankingClause | RankBy | TiesClause
    | QuotaClause | PublishedAs
)  # fmt: skip

# ---------------------------------------------------------------- the file


@record
class Comment:
    """A ``# …`` comment. ``own_line`` tells whether it stands alone or after a statement.

    ``before`` is the index of the statement it precedes (or, trailing, the one it follows).
    """

    text: str
    before: int
    own_line: bool
    span: Span = unseen_span()


@record
class Trivia:
    """Beside the tree: comments, and the statements before which the author left a blank line."""

    comments: tuple[Comment, ...] = ()
    blank_before: frozenset[int] = frozenset()


@record
class SyntaxTree:
    """A parsed file. ``language`` is the keyword language, ``en`` or ``vi``."""

    language: str
    statements: tuple[Statement, ...]
    trivia: Trivia = field(default_factory=Trivia, compare=False)

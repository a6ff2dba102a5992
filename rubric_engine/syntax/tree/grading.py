"""Syntax nodes of grade tables: rows, gates and quotas."""

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.terms import Band, Expr, Ident, Num, Text, unseen_span


@record
class Grades:
    """``grades [NAME ["title"]] by total [when C][, first that holds]``.

    A table by ``points of 3`` or ``index of 3`` grades that heading; by a one-of input its rows are levels; every other
    grades the sheet.
    """

    subject: Expr
    first: bool = False
    name: Ident | None = None
    title: Text | None = None
    condition: Expr | None = None
    span: Span = unseen_span()


@record
class GradeRowClause:
    """``good "Tốt": 85 to below 95, and nothing scored 0``; ``name`` is ``None`` for ``undecided "…": …``.

    ``band`` and ``condition`` are joined by *and*; ``otherwise`` stands alone. In a table by a one-of input ``levels``
    are the levels of the row: ``good "Tốt": high, very_high``.
    """

    name: Ident | None
    title: Text | None
    band: Band | None
    condition: Expr | None
    otherwise: bool = False
    levels: tuple[Ident, ...] = ()
    span: Span = unseen_span()


@record
class AllGrades:
    """``all grades``: the gates below it stand under every grade table that has their grade."""

    span: Span = unseen_span()


@record
class GateClause:
    """``kind`` is a ``plan.plan.GateKind`` value."""

    kind: str
    grade: Ident | None
    condition: Expr
    because: Text | None = None
    span: Span = unseen_span()


@record
class QuotaClause:
    """``quota excellent at most 20% of good [or better] [within unit]``; ``base`` is ``None`` for ``of all``.

    Stands under ``grades`` as gates do.
    """

    grade: Ident
    share: Num
    base: Ident | None = None
    or_better: bool = False
    within: Ident | None = None
    span: Span = unseen_span()

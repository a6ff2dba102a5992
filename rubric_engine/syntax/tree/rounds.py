"""Syntax nodes of what reaches beyond one sheet: stages, deadlines, ranking, publication."""

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.terms import DateLit, Expr, Ident, RoundTo, Text, unseen_span


@record
class StageDef:
    """One stage of ``stages``: ``final "Thẩm định lần 2" keeps judgements only accepted evidence``."""

    name: Ident
    title: Text | None = None
    keeps_judgements: bool = False
    only_accepted: bool = False
    span: Span = unseen_span()


@record
class Stages:
    """``stages self "Tự chấm", appraisal "Thẩm định lần 1"``, in the order they happen; header."""

    stages: tuple[StageDef, ...]
    span: Span = unseen_span()


@record
class DeadlineClause:
    """``deadline files "Nộp tài liệu kiểm chứng" [on 2025-12-20]``; header. A stage is a deadline by its own name."""

    name: Ident
    title: Text | None = None
    due: DateLit | None = None
    span: Span = unseen_span()


@record
class AskedFrom:
    """``asked from appraisal`` under a heading: what it judges or asks is not due before that stage."""

    stage: Ident
    span: Span = unseen_span()


@record
class RankingClause:
    """``ranking [within unit_group]``; :class:`RankBy` and :class:`TiesClause` follow, as rows do."""

    within: Ident | None = None
    span: Span = unseen_span()


@record
class RankKeyDef:
    """``total``, ``exact total`` (``exact``), ``area 4`` (``level`` set), ``points of 4``, a name; ``lowest first``."""

    subject: Expr
    exact: bool = False
    level: str = ""
    lowest_first: bool = False
    span: Span = unseen_span()


@record
class RankBy:
    """``by total, then by area 4, then by new_accounts lowest first``. Of ``area 4`` the subject is ``points of 4``."""

    keys: tuple[RankKeyDef, ...]
    span: Span = unseen_span()


@record
class TiesClause:
    """``ties share the rank`` (1, 2, 2, 4), ``ties share the rank without a gap`` (1, 2, 2, 3), ``ties undecided "…"``.

    ``kind`` is a ``plan.plan.Ties`` value.
    """

    kind: str
    words: Text | None = None
    span: Span = unseen_span()


@record
class PublishedAs:
    """``published as percent of applicable maximum[, rounded half-up to 2 places]``; header.

    ``form`` is a ``plan.plan.PublishedForm`` value. Places of a percent are places after the comma of the percent.
    """

    form: str
    rounded: RoundTo | None = None
    span: Span = unseen_span()

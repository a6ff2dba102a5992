"""Syntax nodes of registers, tables, pools, combining and missing values."""

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.terms import Expr, Ident, Num, Text, unseen_span


@record
class Pool:
    """``bonus "Điểm thưởng" at most 10`` / ``penalty "Điểm trừ" at most 3``; headings that follow stand inside it.

    A pool stands after the outline at the top level, above ``part``. Its headings may leave out their points: they
    then have the cap of the pool. In a penalty they only deduct.
    """

    kind: str
    title: Text | None
    cap: Num | None
    span: Span = unseen_span()


@record
class CombineClause:
    """``combine weighted mean``; ``kind`` is a ``plan.plan.CombineKind`` value.

    ``parameter`` is the exponent of ``power mean 0.5`` or the number of ``best 3`` and ``drop lowest 1``; ``places``
    of ``geometric mean to 6 places`` and of ``power mean``; ``if_zero`` of ``, if any is 0: 0``.
    """

    kind: str
    parameter: Num | None = None
    places: int | None = None
    if_zero: Expr | None = None
    span: Span = unseen_span()


@record
class NeedsClause:
    """``needs at least 60% of weight``: with less assessed, the group is not rated."""

    share: Num
    span: Span = unseen_span()


@record
class MissingClause:
    """``if missing: 0``, ``if not judged: excluded``; ``policy`` is a ``plan.plan.MissingPolicy`` value, or
    ``worst``
    (the lowest points the heading allows).

    On a group it stands for every leaf below that has none of its own. ``value`` is set for ``points``. ``judged``
    limits it to a missing judgement.
    """

    judged: bool
    policy: str
    value: Expr | None = None
    span: Span = unseen_span()


@record
class NotRatedClause:
    """``if not rated: excluded``: what stands in the place of a group, or of the sheet, that is not rated.

    ``policy`` and ``value`` as of :class:`MissingClause`.
    """

    policy: str
    value: Expr | None = None
    span: Span = unseen_span()


@record
class DefineClause:
    """``define share(a, b) = a / b``: a pure function."""

    name: Ident
    parameters: tuple[Ident, ...]
    value: Expr
    span: Span = unseen_span()


@record
class TableClause:
    """``table pr by scope, privileges``; rows follow, one key a column: ``unchanged, low: 0.62``.

    ``table severity by likelihood, impact giving rating``: the values are levels of the list ``rating``.
    ``table pr from "pr.csv"``: the rows stand in a file beside the rubric, which names the keys over its columns.
    """

    name: Ident
    by: tuple[Ident, ...]
    giving: Ident | None = None
    path: Text | None = None
    span: Span = unseen_span()


@record
class ScaleClause:
    """``scale rate``; band rows follow, in shares of full points: ``90% or more: 100%``."""

    name: Ident
    span: Span = unseen_span()


@record
class UseClause:
    """``use "common.rubric"``: the headings and declarations of another file of the same folder stand here."""

    path: Text
    span: Span = unseen_span()

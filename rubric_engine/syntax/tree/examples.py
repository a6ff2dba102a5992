"""Syntax nodes of worked examples."""


from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.terms import (
    AmongUnits,
    DateLit,
    DaysLate,
    Ident,
    Name,
    Negative,
    Num,
    Previous,
    Text,
    YesNo,
    unseen_span,
)


@record
class Example:
    """``example "before the visit" at stage self``: scored as the sheet stands at that stage, else as a whole."""

    title: Text
    stage: Ident | None = None
    span: Span = unseen_span()


@record
class GivenRow:
    """One row of a register: ``(days: 5, kind: a)``; of ratings, ``fields`` has one cell named ``rating``."""

    cells: tuple[tuple[Ident, Num | DateLit | YesNo | Name | Text | Negative], ...]
    span: Span = unseen_span()


@record
class GivenInput:
    """``planned = 10``, ``plan is timely``, ``complete = yes``, ``note = "…"``, ``x is missing`` (value ``None``)."""

    name: Ident
    value: Num | DateLit | YesNo | Name | Text | Negative | tuple[GivenRow, ...] | None
    span: Span = unseen_span()


@record
class GivenJudged:
    """``judged I.1.a = 1.25``."""

    code: Ident
    value: Num
    span: Span = unseen_span()


@record
class GivenEvidence:
    """``evidence decision "12/QĐ-UBND" accepted``; status ``submitted accepted rejected``."""

    name: Ident
    reference: Text
    status: str = "submitted"
    issued: DateLit | None = None
    span: Span = unseen_span()


@record
class GivenReference:
    """``average rate among units = 85%``, ``previous rate = 80%``, ``days late of self = 3``.

    ``value`` is ``None`` for ``previous rate is missing``.
    """

    reference: AmongUnits | Previous | DaysLate
    value: Num | DateLit | YesNo | Name | Negative | None
    span: Span = unseen_span()


@record
class Given:
    items: tuple[GivenInput | GivenJudged | GivenEvidence | GivenReference, ...]
    span: Span = unseen_span()


@record
class Expectation:
    """``points of 1.1 = 1``, ``total = 4``, ``index of total = 80%``, ``grade = good``, ``1.1 is pending``.

    ``what`` is ``points maximum index met state total grade published``; ``code`` is ``None`` for the sheet. ``grade of
    3 = good`` is the grade of a heading, ``grade of teachers = good`` that of a named table (``code`` holds either).
    ``published = 81.33%`` is the share published. ``value`` is a number, yes/no, a level name (a grade, ``none``,
    ``undecided``, ``pending``) or a state meaning.
    """

    what: str
    code: Ident | None
    value: Num | Negative | YesNo | Name
    span: Span = unseen_span()


@record
class Expect:
    items: tuple[Expectation, ...]
    span: Span = unseen_span()

"""The syntax tree: rows under a clause, and what they are for."""

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.tree.terms import Band, Expr, Ident, YesNo, unseen_span


@record
class LevelKeys:
    """``timely, late``; ``yes`` and ``no`` arrive as :class:`YesNo`."""

    keys: tuple[Ident | YesNo, ...]
    span: Span = unseen_span()


@record
class FileKey:
    """A key of a row of a file: what it is, a level, a number or yes and no, its column tells."""

    text: str
    span: Span = unseen_span()


@record
class TableKeys:
    """``low or medium, 3 or more``: of each column of a table the keys the row is for."""

    keys: tuple[tuple[Ident | YesNo | Band | FileKey, ...], ...]
    span: Span = unseen_span()


@record
class WhenKey:
    condition: Expr
    span: Span = unseen_span()


@record
class OtherwiseKey:
    span: Span = unseen_span()


@record
class Row:
    """``KEY: VALUE`` under a ``score`` clause. Which rows fit which clause is ``resolve``'s question."""

    key: LevelKeys | TableKeys | Band | WhenKey | OtherwiseKey
    value: Expr
    span: Span = unseen_span()

"""``quota excellent at most 20% of good within unit``: under a grade table, applied by a cohort."""

from collections.abc import Sequence

from rubric_engine.facts.suggest import closest
from rubric_engine.model import At
from rubric_engine.plan.plan import Quota
from rubric_engine.rules.forms.grouping import grouping_of
from rubric_engine.rules.names.scope import Scope
from rubric_engine.syntax.tree import nodes as n


def resolve_quota(clause: n.QuotaClause, names: Sequence[str | None], scope: Scope) -> At[Quota] | None:
    """A quota on one of the rows ``names``, best first; ``None`` after saying why it cannot be."""
    row = row_of(clause.grade, names, scope)
    base = _base(clause, row, names, scope)
    within = grouping_of(clause.within, scope)
    share = clause.share.value / 100
    if not 0 <= share <= 1:
        scope.report("RUB307", clause.share.span, low="0%", high="100%", text=scope.words(clause.share.span),
                     help="help_percent")  # fmt: skip
        return None
    if row is None or base is None or (within is None) is not (clause.within is None):
        return None
    return At(Quota(row, share, base, within, scope.words(clause.span), scope.line(clause.span)), clause.span)


def _base(
    clause: n.QuotaClause, row: int | None, names: Sequence[str | None], scope: Scope
) -> tuple[int, ...] | None:
    """The rows the share is taken of. Better ones alone would say nothing about how many may have this one."""
    if clause.base is None:
        return tuple(at for at, name in enumerate(names) if name)
    at = row_of(clause.base, names, scope)
    if at is None or row is None:
        return None
    if at < row:
        scope.report("RUB245", clause.base.span, grade=clause.grade.text, base=clause.base.text)
        return None
    return tuple(better for better in range(at + 1) if names[better]) if clause.or_better else (at,)


def row_of(grade: n.Ident, names: Sequence[str | None], scope: Scope) -> int | None:
    """The row of a grade of this table, reporting one it does not have."""
    if grade.text in names:
        return names.index(grade.text)
    known = [name for name in names if name]
    near = closest(grade.text, known)
    scope.report("RUB207", grade.span, grade=grade.text, grades=", ".join(known), near=near or "",
                 help="help_near" if near else "help")  # fmt: skip
    return None

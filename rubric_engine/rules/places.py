"""Places of a ratio that is looked at in percents: ``score by done / planned, rounded half-up to 1 place``.

A ratio may be set against percents or against plain numbers, and what it is set against says what its places are:
with `90% or more` one place is a tenth of a percent.
"""

from collections.abc import Iterable, Sequence

from rubric_engine.model import Unit
from rubric_engine.rules.expressions import on_step, rounded, rounding_step
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import BROKEN, Typed
from rubric_engine.syntax.tree import nodes as n


def rounded_subject(subject: Typed, to: n.RoundTo, rows: Sequence[n.Row], scope: Scope) -> Typed:
    """What rows look at, rounded as the author said; BROKEN after asking what the places are of."""
    if subject.unit is not Unit.RATIO or to.percent:
        return rounded(subject, to).at(subject.span)
    kinds = {end.percent for end in _ends(rows)}
    if len(kinds) != 1:
        scope.report("RUB428", to.span, text=scope.words(to.span))
        return BROKEN
    step = rounding_step(to) / (100 if kinds == {True} else 1)
    return on_step(subject, to, step, Unit.RATIO).at(subject.span)


def places_told(subject: Typed, rows: Sequence[n.Row], scope: Scope) -> bool:
    """Whether it is known what places a ratio rounded inside an expression has, where its rows are percents."""
    if subject.unit is not Unit.RATIO or subject.grid is None or not any(end.percent for end in _ends(rows)):
        return True
    scope.report("RUB428", subject.span, text=scope.words(subject.span))
    return False


def _ends(rows: Sequence[n.Row]) -> Iterable[n.Num]:
    """The ends of bands that tell percents from plain numbers; 0 is both."""
    for row in rows:
        if isinstance(row.key, n.Band):
            yield from (end for end in (row.key.low, row.key.high) if isinstance(end, n.Num) and end.value)

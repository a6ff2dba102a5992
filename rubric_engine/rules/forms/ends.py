"""Ends of bands, on the line of what they are bands of."""

from fractions import Fraction

from rubric_engine.model import BandRow, Unit
from rubric_engine.plan.expr import Num
from rubric_engine.rules.comparisons import report_bare_percent
from rubric_engine.rules.names.scope import Scope
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n


def end_value(end: n.Num | n.DateLit, unit: Unit, subject: Span, scope: Scope) -> Fraction | None:
    """The value of a band's end on the subject's line; ``None`` after reporting a unit that does not fit."""
    if isinstance(end, n.DateLit):
        if unit is Unit.DATE:
            return Fraction(end.value.toordinal())
        scope.report("RUB303", end.span, left=unit, right=Unit.DATE, text=scope.words(end.span))
        return None
    if unit is Unit.DATE:
        scope.report("RUB303", end.span, left=Unit.DATE, right=Unit.PLAIN, text=scope.words(end.span))
        return None
    if end.percent:
        if unit in (Unit.PERCENT, Unit.RATIO) or end.value == 0:
            return end.value / 100
        scope.report("RUB303", end.span, left=unit, right=Unit.PERCENT, text=scope.words(end.span), help="help_bare")
        return None
    if unit is Unit.PERCENT and end.value != 0:
        report_bare_percent(end.value, end.span, subject, scope)
        return None
    return end.value


def band_row(
    band: n.Band, value: Num, unit: Unit, subject: Span, span: Span, scope: Scope
) -> BandRow | None:
    """A band with its ends on the subject's line; ``None`` after reporting what does not fit."""
    low = high = None
    if band.low is not None and (low := end_value(band.low, unit, subject, scope)) is None:
        return None
    if band.high is not None and (high := end_value(band.high, unit, subject, scope)) is None:
        return None
    if low is not None and high is not None and low > high:
        scope.report("RUB307", band.span, low=scope.words(band.low.span), high=scope.words(band.high.span),  # type: ignore[union-attr]
                     text=scope.words(band.span))  # fmt: skip
        return None
    return BandRow(low, high, band.low_open, band.high_open, value, scope.words(band.span), span)

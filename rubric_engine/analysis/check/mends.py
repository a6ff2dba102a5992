"""Bands as the author would write them: what a mend offers."""

from datetime import date
from fractions import Fraction

from rubric_engine.meaning.exact import show_date
from rubric_engine.model import Unit
from rubric_engine.solve.lines import Stretch
from rubric_engine.syntax.tree.nodes import Band, DateLit, Num


def band_text(stretch: Stretch, unit: Unit, percent: bool, language: str) -> str:
    """A stretch as a band of the language; empty where it has no end at all."""
    # Loaded with the first fault: the printers are not needed to read a rubric.
    from rubric_engine.syntax.printing.expressions import show_band

    if stretch.low is None and stretch.high is None:
        return ""
    low, high = (None if end is None else _literal(end, unit, percent) for end in (stretch.low, stretch.high))
    text = show_band(Band(low, high, stretch.low_open, stretch.high_open, exactly=low == high), language)
    for end in (low, high):
        if isinstance(end, DateLit):
            text = text.replace(end.value.isoformat(), show_date(end.value.toordinal(), language))
    return text


def _literal(value: Fraction, unit: Unit, percent: bool) -> Num | DateLit:
    if unit is Unit.DATE:
        return DateLit(date.fromordinal(max(1, int(value))))
    share = unit is Unit.PERCENT or (percent and unit is Unit.RATIO)
    return Num(value * 100, percent=True) if share else Num(value)

"""Reducers that may have no row to look at: where ``highest days in late`` has no value."""

from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.check.subject import Place
from rubric_engine.plan import expr as x

_ZERO = Fraction(0)
_TRIMMED = Fraction(3)  # one lowest and one highest are left out


def may_be_empty(reduced: x.Reduced) -> bool:
    """Whether too few rows leave it without a value: of nobody, a sum and what is summed over parts is 0."""
    if reduced.how is x.Reducer.SUM or reduced.other is not None:
        return False
    return reduced.each is None or reduced.how is x.Reducer.TRIMMED_MEAN


def may_tie(reduced: x.Reduced) -> bool:
    """Whether equally frequent values leave it without one."""
    return reduced.how is x.Reducer.MAJORITY and reduced.tied is None


def emptied(reduced: x.Reduced, place: Place) -> x.Truth | None:
    """The condition under which it has no value, where somebody can bring it about."""
    rows = x.CountRows(reduced.register, reduced.where)
    if reduced.how is not x.Reducer.TRIMMED_MEAN:
        few: x.Truth = x.Compare(x.Order.EQ, rows, x.Const(_ZERO))
    elif reduced.each is None:
        few = x.Compare(x.Order.LT, rows, x.Const(_TRIMMED))
    else:
        # Of each part: however many rows there are, one that stands alone has too few beside it.
        few = x.Compare(x.Order.EQ, rows, x.Const(Fraction(1)))
    if may_be_empty(reduced) and _can_be(few, reduced, place):
        return few
    return _tie(reduced, place) if may_tie(reduced) else None


def _can_be(few: x.Truth, reduced: x.Reduced, place: Place) -> bool:
    """Whether so few rows are possible. With no row at all, an earlier condition finds none of its rows either."""
    here = place.assume(few, True)
    if here is None or reduced.where is not None or reduced.how is x.Reducer.TRIMMED_MEAN:
        return here is not None
    for test, _ in place.path:
        for part in x.walk(test):
            if here is not None and isinstance(part, x.CountRows) and part.register == reduced.register:
                here = here.assume(x.Compare(x.Order.EQ, part, x.Const(_ZERO)), True)
    return here is not None


def _tie(reduced: x.Reduced, place: Place) -> x.Truth | None:
    """Two rows that differ are a tie. Another number of rows may tie as well; this is the plainest."""
    rows = x.CountRows(reduced.register, reduced.where)
    lowest, highest = (replace(reduced, how=how, each=None) for how in (x.Reducer.LOWEST, x.Reducer.HIGHEST))
    if place.at_row(reduced.register).interval(reduced.value).exact is not None:
        return None
    differ = x.Compare(x.Order.LT, lowest, highest)
    for count in (2, 4, 6):
        tie = x.All((x.Compare(x.Order.EQ, rows, x.Const(Fraction(count))), differ))
        if place.assume(tie, True) is not None:
            return tie
    return differ if place.assume(differ, True) is not None else None


def is_tie(failing: x.Truth) -> bool:
    """Whether a majority fails for want of a leader, not of rows."""
    return not isinstance(failing, x.Compare) or isinstance(failing.left, x.Reduced)

"""Roots, powers, logarithms and months of the calendar over ranges: all are monotone, so the ends bound them.

Standard library only.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from rubric_engine.meaning.calendar import reckoned
from rubric_engine.meaning.exact import LIMIT, Exact
from rubric_engine.meaning.inexact import inexact
from rubric_engine.plan.expr import Calendar, Function
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, interval

_FAR = Fraction(LIMIT)
_ORIGIN = Fraction(0)


def inexact_range(function: Function, args: Sequence[Interval], places: int) -> Interval:
    """The rounded value of the function wherever it is defined."""
    waits = NO_WAITS.union(*(arg.waits for arg in args))
    doubt = any(arg.may_be_undefined for arg in args)
    known = [Fraction(arg.low) for arg in args if arg.is_point and arg.low is not None]
    if len(known) == len(args):
        value = inexact(function, tuple(known), places)
        if value is None:
            return Interval(waits=waits, may_be_undefined=True)
        return Interval(value, value, waits=waits if doubt else NO_WAITS, may_be_undefined=doubt)
    if function is Function.POWER:
        low, high, undefined = _power_ends(args[0], args[1], places)
    else:
        low, high, undefined = _ends(function, args[0], places)
    found = interval(low, high, grid=Fraction(1, 10**places), waits=waits, may_be_undefined=doubt or undefined)
    if found is None:
        return Interval(waits=waits, may_be_undefined=True)
    return found if found.waits or not found.may_be_undefined else replace(found, waits=waits)


def _ends(function: Function, arg: Interval, places: int) -> tuple[Fraction | None, Fraction | None, bool]:
    """Of a function that only grows; the flag tells whether the argument can lie where it is undefined."""
    low, high = _value_at(function, arg.low, places), _value_at(function, arg.high, places)
    match function:
        case Function.LN:
            outside = arg.low is None or arg.low < 0 or (not arg.low and not arg.low_open)
        case Function.SQRT:
            outside = arg.low is None or arg.low < 0
            low = _ORIGIN if low is None else low
        case _:
            # Beyond 10**60 an exponential is undefined; far below it is 0.
            outside = high is None
            low = _ORIGIN if low is None else low
            high = _FAR if high is None else high
    beyond = arg.high is None or arg.high > _FAR or (arg.low is not None and arg.low < -_FAR)
    return low, high, outside or beyond


def _value_at(function: Function, end: Exact | None, places: int) -> Fraction | None:
    return None if end is None else inexact(function, (Fraction(end),), places)


def _power_ends(base: Interval, exponent: Interval, places: int) -> tuple[Fraction | None, Fraction | None, bool]:
    """Monotone in each argument while the base is above 0: the corners bound it. Else anything from 0 to 10**60."""
    corners = [
        None if x is None or y is None else inexact(Function.POWER, (Fraction(x), Fraction(y)), places)
        for x in (base.low, base.high)
        for y in (exponent.low, exponent.high)
    ]
    found = [corner for corner in corners if corner is not None]
    positive = base.low is not None and (base.low > 0 or (not base.low and _above_zero(exponent)))
    if len(found) == len(corners) and positive:
        return min(found), max(found), False
    return _ORIGIN, _FAR, True


def _above_zero(item: Interval) -> bool:
    return item.low is not None and (item.low > 0 or (not item.low and item.low_open))


def reckoned_range(how: Calendar, first: Interval, second: Interval) -> Interval:
    """Months fall as the first day moves on and rise with the second; a day so many months later rises with both."""
    early, late = (first.high, first.low) if how is Calendar.MONTHS else (first.low, first.high)
    low, high = _reckoned_at(how, early, second.low), _reckoned_at(how, late, second.high)
    doubt = first.may_be_undefined or second.may_be_undefined
    waits = first.waits | second.waits if doubt or low is None or low != high else NO_WAITS
    found = interval(low, high, grid=1, waits=waits, may_be_undefined=doubt)
    assert found is not None
    return found


def _reckoned_at(how: Calendar, first: Exact | None, second: Exact | None) -> int | None:
    return None if first is None or second is None else reckoned(how, first, second)

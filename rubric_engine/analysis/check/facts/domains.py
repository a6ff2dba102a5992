"""Functions that are not defined everywhere: where ``ln``, ``exp``, ``sqrt`` and ``power`` have no value."""

from fractions import Fraction
from typing import assert_never

from rubric_engine.analysis.check.subject import Place
from rubric_engine.meaning.inexact import inexact
from rubric_engine.plan import expr as x

_ZERO = x.Const(Fraction(0))
# exp of more than this is beyond 10**60, where exact numbers end.
_LARGEST = x.Const(Fraction(138))


def outside_of(call: x.Inexact, place: Place) -> x.Truth | None:
    """The condition under which the call has no value, where somebody can bring it about."""
    arg = call.args[0]
    match call.function:
        case x.Function.LN:
            outside: x.Truth = x.Compare(x.Order.LE, arg, _ZERO)
        case x.Function.SQRT:
            outside = x.Compare(x.Order.LT, arg, _ZERO)
        case x.Function.EXP:
            outside = x.Compare(x.Order.GT, arg, _LARGEST)
        case x.Function.POWER:
            return _of_power(call, place)
        case _:
            assert_never(call.function)
    return outside if place.assume(outside, True) is not None else None


def _of_power(call: x.Inexact, place: Place) -> x.Truth | None:
    base, exponent = call.args
    below = x.Compare(x.Order.LT, base, _ZERO)
    if place.assume(below, True) is not None:
        return below
    nothing: x.Truth = x.Compare(x.Order.EQ, base, _ZERO)
    if not isinstance(exponent, x.Const) or exponent.value > 0:
        nothing = x.All((nothing, x.Compare(x.Order.LE, exponent, _ZERO)))
    if place.assume(nothing, True) is not None:
        return nothing
    # A base nobody bounded is as large as people write numbers, not 10**60; an exponent soon takes it there.
    low, high, most = place.low(base), place.high(base), place.high(exponent)
    if most is None:
        grows = x.Compare(x.Order.GT, base, x.Const(Fraction(1)))
        return grows if place.assume(grows, True) is not None else None
    ends = [end for end in (low, high) if end]
    far = next((end for end in ends if inexact(x.Function.POWER, (end, most), call.places) is None), None)
    return None if far is None else x.Compare(x.Order.EQ, base, x.Const(far))

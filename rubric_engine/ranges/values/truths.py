"""Pure parts of reading conditions over ranges: comparisons turned round, counts. Standard library only."""

from collections.abc import Iterable, Mapping

from rubric_engine.plan.expr import Order
from rubric_engine.ranges.values.env import EITHER, FALSE, Possible
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, point

TARGETS = {
    Order.LT: Interval(high=0, high_open=True),
    Order.LE: Interval(high=0),
    Order.EQ: point(0),
    Order.NE: Interval(nonzero=True),
    Order.GE: Interval(low=0),
    Order.GT: Interval(low=0, low_open=True),
}
OPPOSITE = {
    Order.LT: Order.GE, Order.LE: Order.GT, Order.EQ: Order.NE,
    Order.NE: Order.EQ, Order.GE: Order.LT, Order.GT: Order.LE,
}  # fmt: skip


def no_zero(codes: Iterable[str], zeros: Mapping[str, Possible]) -> Possible:
    """Whether none of these leaves applies and has exactly 0 points."""
    waits = NO_WAITS
    surely = True
    for code in codes:
        chance = zeros.get(code, EITHER)
        if chance.known is True:
            return FALSE
        surely = surely and chance.known is False
        waits |= chance.waits
    return Possible(True, not surely, waits)


def how_many(wanted: int, chances: list[Possible]) -> Possible:
    """At least so many of the conditions."""
    sure = sum(chance.known is True for chance in chances)
    open_ = [chance for chance in chances if chance.known is None]
    waits = NO_WAITS.union(*(chance.waits for chance in chances))
    undefined = any(chance.may_be_undefined for chance in chances)
    return Possible(sure + len(open_) >= wanted, sure < wanted, waits, undefined)

"""How long numbers can get, found before code is written: only what may reach the wall is tested when it runs.

See :mod:`rubric_engine.meaning.growth` for the wall and the places where every reader stands before it.
"""

from fractions import Fraction
from functools import cached_property

from rubric_engine.backend.emit.scales import Scales
from rubric_engine.meaning.growth import MOST_BITS, multiplies
from rubric_engine.plan import expr as x
from rubric_engine.plan.tables import numbers_in

Bits = tuple[int, int]  # of numerator and denominator, at most

GIVEN = 512  # a fact has at most 60 digits above the line and 60 below, times 100 for a percent
UNKNOWN = 1 << 40
COUNTED = 64
MONTH = 6  # a month has at most 31 days
PARTED = 2048  # the number of parts, and the common denominator of their means: so many rows have no longer one


class Growth:
    """Asked of one expression at a time, those it stands on first."""

    def __init__(self, scales: Scales) -> None:
        self.scales = scales
        self.lets: dict[str, Bits] = {}
        self._known: dict[int, Bits] = {}

    @cached_property
    def _printed(self) -> int:
        """No applicable maximum and no points in steps known beforehand are longer than this, but for their scale."""
        plan = self.scales.plan
        printed = sum((abs(node.maximum) + abs(node.minimum) for node in plan.nodes), abs(plan.total))
        return _length(printed.numerator) + _length(self.scales.maxima)

    def is_small(self, expr: x.Num) -> bool:
        """Whether the value surely stays on this side of the wall."""
        return max(self._unwalled(expr)) <= MOST_BITS

    def of(self, expr: x.Num) -> Bits:
        """Bounds on what the expression hands on: products and powers stop at the wall."""
        bits = self._known.get(id(expr))
        if bits is None:
            top, bottom = self._unwalled(expr)
            if isinstance(expr, x.Pow) or (isinstance(expr, x.Mul) and multiplies(expr.factors)):
                top, bottom = min(top, MOST_BITS), min(bottom, MOST_BITS)
            bits = self._known[id(expr)] = (min(top, UNKNOWN), min(bottom, UNKNOWN))
        return bits

    def let(self, name: str, value: x.Num) -> bool:
        """Note a named value; whether it surely is small."""
        top, bottom = self.of(value)
        self.lets[name] = (min(top, MOST_BITS), min(bottom, MOST_BITS))
        return max(top, bottom) <= MOST_BITS

    def _unwalled(self, expr: x.Num) -> Bits:
        match expr:
            case x.Const(value=value):
                return _length(value.numerator), _length(value.denominator)
            case x.Fact(name=name):
                return _given(self.scales.inputs[name])
            case x.Judged(key=key):
                return _given(self.scales.judged[key])
            case x.Column():
                return GIVEN, GIVEN
            case x.Ref(name=name):
                return self.lets.get(name, (MOST_BITS, MOST_BITS))
            case x.Add(terms=args):
                return self._sum(args)
            case x.Sub(left=left, right=right):
                return self._sum((left, right))
            case x.Median(args=args):
                top, bottom = self._sum(args)
                return top, bottom + 1
            case x.Least(args=args) | x.Greatest(args=args):
                return self._widest(args)
            case x.If(then=then, other=other):
                return self._widest((then, other))
            case x.Mul(factors=factors):
                parts = [self.of(factor) for factor in factors]
                return sum(top for top, _ in parts), sum(bottom for _, bottom in parts)
            case x.Div(left=left, right=right):
                (a, b), (c, d) = self.of(left), self.of(right)
                return a + d, b + c
            case x.Pow(base=base, exponent=exponent):
                top, bottom = self.of(base)
                return top * exponent, bottom * exponent
            case x.Abs(arg=arg):
                return self.of(arg)
            case x.Rounded(arg=arg, step=step):
                # To a multiple of the step, at most one step away.
                return sum(self.of(arg)) + sum(_both(step)) + 1, _length(step.denominator)
            case _:
                return self._other(expr)

    def _other(self, expr: x.Num) -> Bits:
        match expr:
            case x.PointsOf(code=code):
                scale = self.scales.after[self.scales.at[code]]
                return (MOST_BITS, MOST_BITS) if scale is None else (self._printed + _length(scale), _length(scale))
            case x.MaximumOf() | x.TotalMaximum():
                return self._printed, self._printed
            case x.CountRows():
                return COUNTED, 1
            case x.Reduced():
                return self._reduced(expr)
            case x.Lookup(table=table):
                cells = [_both(Fraction(cell)) for cell in numbers_in(table.cells)]
                return max(top for top, _ in cells), max(bottom for _, bottom in cells)
            case x.Reckoned(first=first, second=second):
                return self._widest((first, second))[0] + MONTH, 1
            case x.Inexact(places=places):
                return GIVEN + _length(10**places), _length(10**places)
            case _:
                return UNKNOWN, UNKNOWN

    def _reduced(self, expr: x.Reduced) -> Bits:
        """Denominators of many rows come together unless they have one in common."""
        top, bottom = self.of(expr.value)
        scale = self.scales.of_row(expr)
        if expr.each is not None or expr.how in (
            x.Reducer.SUM, x.Reducer.MEAN, x.Reducer.TRIMMED_MEAN, x.Reducer.MEDIAN
        ):  # fmt: skip
            common = MOST_BITS if scale is None else _length(scale)
            top, bottom = top + COUNTED + common, common + COUNTED
        told = [self.of(part) for part in (expr.other, expr.tied) if part is not None and not isinstance(part, x.Tie)]
        if expr.each is None:
            return max([top, *(a for a, _ in told)]), max([bottom, *(b for _, b in told)])
        below = bottom + sum(b for _, b in told) + PARTED
        return top + sum(a for a, _ in told) + below, below

    def _sum(self, args: tuple[x.Num, ...]) -> Bits:
        parts = [self.of(arg) for arg in args]
        below = sum(bottom for _, bottom in parts)
        return max((top for top, _ in parts), default=1) + below + len(parts), below

    def _widest(self, args: tuple[x.Num, ...]) -> Bits:
        parts = [self.of(arg) for arg in args]
        return max(top for top, _ in parts), max(bottom for _, bottom in parts)


def _length(number: int) -> int:
    return number.bit_length() or 1


def _both(value: Fraction) -> Bits:
    return _length(value.numerator), _length(value.denominator)


def _given(scale: int | None) -> Bits:
    return GIVEN, GIVEN if scale is None else _length(scale)

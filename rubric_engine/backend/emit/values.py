"""Exact numbers as Python source: an integer expression, a constant factor and a denominator known when compiled.

A value is ``factor * code / (scale * below)``: ``code`` and ``below`` are source text over machine integers,
``factor`` and ``scale`` are constants without a common divisor, ``below`` is a name whose value is above 0, or empty.
"""

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from rubric_engine.meaning.exact import holds_between
from rubric_engine.plan.expr import Mode, Order

LOOSE, SUM, PRODUCT, ATOM = range(4)  # how tightly a piece of source holds together
LONGEST_DECIMAL = 10**4000
TALLEST = 10
LONGEST_END = 1000

Ends = tuple[Fraction | None, Fraction | None]


class Val(NamedTuple):
    """An exact number in source. ``ends`` are bounds its value surely keeps, ``height`` how deep the source nests."""

    code: str
    factor: int = 1
    scale: int = 1
    below: str = ""
    rank: int = ATOM
    ends: Ends = (None, None)
    height: int = 0

    @property
    def constant(self) -> Fraction | None:
        """The number itself when it is known."""
        if self.code != "1" or self.below:
            return None
        low, high = self.ends
        return low if low is high and low is not None else Fraction(self.factor, self.scale)


class Cond(NamedTuple):
    """A truth in source."""

    code: str
    rank: int
    height: int = 0


class LetVal(NamedTuple):
    """A named value as later code sees it; ``guard`` is the code that must not be zero (or ``None``) at its use."""

    val: Val | None
    cond: Cond | None
    guard: str


C_OR, C_AND, C_NOT, C_COMPARE, C_ATOM = range(5)
TRUE = Cond("True", C_ATOM)
FALSE = Cond("False", C_ATOM)


def literal(number: int) -> str:
    """A whole number as source; in hexadecimal where Python would refuse to read so many decimal digits."""
    return str(number) if -LONGEST_DECIMAL < number < LONGEST_DECIMAL else hex(number)


def const(value: Fraction) -> Val:
    return Val("1", value.numerator, value.denominator, ends=(value, value))


def atom(value: Val) -> str:
    """The code as an operand of anything."""
    return value.code if value.rank == ATOM else f"({value.code})"


def factor_of(value: Val) -> str:
    """The code as an operand of a product."""
    return value.code if value.rank >= PRODUCT else f"({value.code})"


def times(value: Val, number: int) -> str:
    """The source of ``code * number``."""
    if value.code == "1":
        return literal(number)
    if number == 1:
        return value.code if value.rank >= SUM else f"({value.code})"
    if number == -1:
        return f"-{atom(value)}"
    return f"{factor_of(value)} * {literal(number)}"


def numerator(value: Val) -> str:
    return times(value, value.factor)


def denominator(value: Val) -> str:
    if not value.below:
        return literal(value.scale)
    return value.below if value.scale == 1 else f"{value.below} * {literal(value.scale)}"


def reduced(value: Val, factor: int, scale: int) -> Val:
    """The same code with another constant factor and scale (``scale`` above 0)."""
    common = gcd(factor, scale)
    return Val(value.code, factor // common, scale // common, value.below, value.rank, value.ends, value.height)


def scaled(value: Val, ends: Ends, by: Fraction) -> Val:
    """``value * by``."""
    known = value.constant
    if known is not None:
        return const(known * by)
    factor, scale = value.factor * by.numerator, value.scale * by.denominator
    common = gcd(factor, scale)
    return Val(value.code, factor // common, scale // common, value.below, value.rank, ends, value.height)


def at_scale(value: Val, scale: int) -> str:
    """The machine integer ``value * scale``, which the caller knows to be whole."""
    top = value.factor * scale
    if not value.below and top % value.scale == 0:
        return times(value, top // value.scale)
    common = gcd(top, value.scale)
    below = value._replace(factor=1, scale=value.scale // common)
    bottom = denominator(below)
    if value.below and below.scale != 1:
        bottom = f"({bottom})"
    product = times(value, top // common)
    simple = value.rank >= PRODUCT or top // common != 1
    return f"{product} // {bottom}" if simple else f"({product}) // {bottom}"


# ---------------------------------------------------------------- bounds


def add_ends(parts: list[Ends]) -> Ends:
    low = high = Fraction(0)
    known_low = known_high = True
    for a, b in parts:
        if a is None:
            known_low = False
        else:
            low += a
        if b is None:
            known_high = False
        else:
            high += b
    return (low if known_low else None, high if known_high else None)


def times_ends(ends: Ends, by: Fraction) -> Ends:
    low, high = (None if end is None else end * by for end in ends)
    return (low, high) if by >= 0 else (high, low)


def product_ends(a: Ends, b: Ends) -> Ends:
    """Bounds of a product; only for factors that are not below 0."""
    if a[0] is None or b[0] is None or a[0] < 0 or b[0] < 0:
        return (None, None)
    return sane((a[0] * b[0], None if a[1] is None or b[1] is None else a[1] * b[1]))


def sane(ends: Ends) -> Ends:
    """Bounds longer than any number that counts are no use, and would grow with every product."""
    low, high = ends
    return (None if low is None or _is_long(low) else low, None if high is None or _is_long(high) else high)


def _is_long(end: Fraction) -> bool:
    return end.numerator.bit_length() > LONGEST_END or end.denominator.bit_length() > LONGEST_END


def hull_ends(parts: list[Ends]) -> Ends:
    if not parts:
        return (None, None)
    lows = [a for a, _ in parts if a is not None]
    highs = [b for _, b in parts if b is not None]
    return (min(lows) if len(lows) == len(parts) else None, max(highs) if len(highs) == len(parts) else None)


def least_ends(parts: list[Ends]) -> Ends:
    highs = [b for _, b in parts if b is not None]
    return (hull_ends(parts)[0], min(highs, default=None))


def greatest_ends(parts: list[Ends]) -> Ends:
    lows = [a for a, _ in parts if a is not None]
    return (max(lows, default=None), hull_ends(parts)[1])


# ---------------------------------------------------------------- sums, comparisons, rounding


def plain_sum(terms: list[Val]) -> Val:
    """A sum of values without a computed denominator."""
    scale = lcm(*(term.scale for term in terms))
    ends = add_ends([term.ends for term in terms])
    variable = [term for term in terms if term.code != "1"]
    fixed = sum(term.factor * (scale // term.scale) for term in terms if term.code == "1")
    if not variable:
        return const(Fraction(fixed, scale))
    if len(variable) == 1 and not fixed:
        return variable[0]._replace(ends=ends)
    parts: list[str] = []
    for term in variable:
        number = term.factor * (scale // term.scale)
        if parts and number < 0:
            parts.append(f" - {times(term, -number) if number != -1 else factor_of(term)}")
        else:
            parts.append((" + " if parts else "") + times(term, number))
    if fixed:
        parts.append(f" + {literal(fixed)}" if fixed > 0 else f" - {literal(-fixed)}")
    return Val("".join(parts), 1, scale, "", SUM, ends, max(term.height for term in terms) + 1)


_THRESHOLD = {
    Order.GE: lambda n, d: -(-n // d),
    Order.LT: lambda n, d: -(-n // d),
    Order.GT: lambda n, d: n // d,
    Order.LE: lambda n, d: n // d,
}
_SIGN = {Order.LT: "<", Order.LE: "<=", Order.EQ: "==", Order.NE: "!=", Order.GE: ">=", Order.GT: ">"}


def compared(order: Order, left: Val, right: Val) -> Cond:
    """A comparison by cross-multiplication; against a constant, with the nearest whole number."""
    if left.constant is not None and right.constant is not None:
        return TRUE if holds_between(order, left.constant, right.constant) else FALSE
    number_left, number_right = left.factor * right.scale, right.factor * left.scale
    common = gcd(number_left, number_right) or 1
    number_left, number_right = number_left // common, number_right // common
    height = max(left.height, right.height) + 1
    if right.constant is not None and not left.below and number_left > 1 and order in _THRESHOLD:
        whole = _THRESHOLD[order](number_right, number_left)
        return Cond(f"{times(left, 1)} {_SIGN[order]} {literal(whole)}", C_COMPARE, height)
    one = times(_over(left, right.below), number_left)
    other = times(_over(right, left.below), number_right)
    return Cond(f"{one} {_SIGN[order]} {other}", C_COMPARE, height)


def _over(value: Val, below: str) -> Val:
    if not below:
        return value
    if value.code == "1":
        return Val(below)
    return value._replace(code=f"{factor_of(value)} * {below}", rank=PRODUCT)


def rounded_quotient(top: str, bottom: str, mode: Mode, sign: int | None) -> str:
    """Source of the whole number nearest ``top / bottom`` by ``mode``.

    ``top`` is a name, ``bottom`` a name or number above 0; ``sign`` is 1 where ``top`` is surely not below 0.
    """
    down, up = f"{top} // {bottom}", f"-(-{top} // {bottom})"
    match mode:
        case Mode.FLOOR:
            return down
        case Mode.CEILING:
            return up
        case Mode.DOWN:
            return down if sign == 1 else f"{down} if {top} >= 0 else {up}"
        case Mode.UP:
            return up if sign == 1 else f"{up} if {top} >= 0 else {down}"
        case Mode.HALF_UP:
            near = f"({top} * 2 + {bottom}) // ({bottom} * 2)"
            return near if sign == 1 else f"{near} if {top} >= 0 else -(({bottom} - {top} * 2) // ({bottom} * 2))"
        case Mode.HALF_EVEN:
            # Twice the rest, plus one where the whole part is odd, is above the divisor exactly when we go up.
            return f"{down} + ({top} % {bottom} * 2 + ({down} & 1) > {bottom})"


# ---------------------------------------------------------------- truths


def bracketed(cond: Cond, rank: int) -> str:
    """The code as an operand of something that holds as tightly as ``rank``."""
    return cond.code if cond.rank >= rank else f"({cond.code})"


def negated(cond: Cond) -> Cond:
    if cond is TRUE:
        return FALSE
    if cond is FALSE:
        return TRUE
    return Cond(f"not {bracketed(cond, C_ATOM)}", C_NOT, cond.height + 1)


def together(conds: list[Cond], word: str, rank: int) -> Cond:
    """``a and b and c``, without what is known; what stands behind a known end is never reached."""
    neutral, final = (TRUE, FALSE) if word == "and" else (FALSE, TRUE)
    kept: list[Cond] = []
    for cond in conds:
        if cond is neutral:
            continue
        kept.append(cond)
        if cond is final:
            break
    if len(kept) < 2:
        return kept[0] if kept else neutral
    text = f" {word} ".join(bracketed(cond, rank + 1) for cond in kept)
    return Cond(text, rank, max(cond.height for cond in kept) + 1)

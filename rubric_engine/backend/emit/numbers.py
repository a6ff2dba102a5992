"""Exact arithmetic written as Python over machine integers: the operations that may need a statement of their own."""

from fractions import Fraction
from math import lcm

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.scope import Writer
from rubric_engine.backend.emit.values import Val
from rubric_engine.meaning.exact import round_to
from rubric_engine.plan.expr import Mode, Order
from rubric_engine.plan.plan import Rounding

WIDEST = 40  # an AST, like a sum of thousands, must not get too deep
MOST_PLACES_WHOLE = 12  # beyond that a value is carried with its denominator
_ZERO = Fraction(0)


def touched(code: str) -> str:
    """A bare fact may be missing, which shows only when it is used: use it."""
    return f"{code} + 0" if code.isidentifier() and code[:2] in ("i_", "j_", "l_", "q_") else code


class Var:
    """Where a number is kept: one machine integer, or numerator and denominator."""

    __slots__ = ("ends", "name", "scale")

    def __init__(self, name: str, scale: int | None, ends: v.Ends = (None, None)) -> None:
        self.name = name
        self.scale = scale
        self.ends = ends

    @property
    def value(self) -> Val:
        if self.scale is None:
            return Val(self.name + "n", below=self.name + "d", ends=self.ends)
        return v.reduced(Val(self.name, ends=self.ends), 1, self.scale)

    @property
    def result(self) -> str:
        """As it stands in the values of a reading."""
        return f"({self.name}n, {self.name}d)" if self.scale is None else self.name


class Arithmetic:
    """Writes numbers into one function."""

    def __init__(self, writer: Writer) -> None:
        self.w = writer
        self.code = ""
        self.guards = 0

    # ---- statements

    def without_value(self) -> str:
        return f"raise ScoringError({self.code!a})"

    def guard(self, code: str) -> None:
        """Stop here when ``code`` (a name) is zero, unless that is known."""
        if not self.w.scope.is_nonzero(code):
            self.w.line(f"if not {code}:")
            with self.w.indented():
                self.w.line(self.without_value())
            self.w.scope.nonzero.add(code)
            self.guards += 1

    def temp(self, code: str) -> str:
        name = self.w.fresh()
        self.w.line(f"{name} = {touched(code)}")
        return name

    def named(self, value: Val) -> Val:
        """The same value with a name for its code, so that it can be used twice."""
        if value.rank == v.ATOM:
            return value
        return value._replace(code=self.temp(value.code), rank=v.ATOM, height=0)

    def product_name(self, a: str, b: str) -> str:
        """A name for the product of two denominators (either may be empty)."""
        if not a or not b:
            return a or b
        key = ("product", f"{a} * {b}")
        name = self.w.scope.name(key)
        if name is None:
            name = self.w.scope.names[key] = self.temp(f"{a} * {b}")
            self.w.scope.nonzero.add(name)
        return name

    def assign(self, var: Var, value: Val, *, used_at_once: bool = False) -> None:
        """Write down a number; ``used_at_once`` where the next line would notice a missing fact anyway."""
        if var.scale is None:
            self.w.line(f"{var.name}n, {var.name}d = {touched(v.numerator(value))}, {touched(v.denominator(value))}")
        else:
            code = v.at_scale(value, var.scale)
            self.w.line(f"{var.name} = {code if used_at_once else touched(code)}")
        var.ends = value.ends

    def sum_of(self, values: list[Val]) -> Val:
        by_below: dict[str, list[Val]] = {}
        for value in values:
            by_below.setdefault(value.below, []).append(value)
        sums: list[Val] = []
        for below, group in by_below.items():
            bare = [value._replace(below="") for value in group] if below else group
            while len(bare) > WIDEST:
                bare[:WIDEST] = [self.named(v.plain_sum(bare[:WIDEST]))]
            # One term may be a constant over `below`: it must not pass for a plain constant.
            total = v.plain_sum(bare)
            sums.append(total._replace(below=below) if below else total)
        total = sums[0]
        for term in sums[1:]:
            total = self._sum_of_two(total, term)
        return total

    def _sum_of_two(self, a: Val, b: Val) -> Val:
        below = self.product_name(a.below, b.below)
        parts = [self.over(a, b.below), self.over(b, a.below)]
        return self.named(v.plain_sum(parts))._replace(below=below, ends=v.add_ends([a.ends, b.ends]))

    def over(self, value: Val, below: str) -> Val:
        """The numerator when the value is brought over another denominator too."""
        bare = value._replace(below="")
        if not below:
            return bare
        if value.code == "1":
            return bare._replace(code=below, ends=(None, None))
        return bare._replace(code=f"{v.factor_of(value)} * {below}", rank=v.PRODUCT, ends=(None, None))

    def product(self, a: Val, b: Val) -> Val:
        for one, other in ((a, b), (b, a)):
            if one.constant is not None:
                return v.scaled(other, v.times_ends(other.ends, one.constant), one.constant)
        below = self.product_name(a.below, b.below)
        if a.code == "1" or b.code == "1":
            code, rank = (b.code, b.rank) if a.code == "1" else (a.code, a.rank)
        else:
            code, rank = f"{v.factor_of(a)} * {v.factor_of(b)}", v.PRODUCT
        height = max(a.height, b.height) + 1
        value = Val(code, 1, 1, below, rank, v.product_ends(a.ends, b.ends), height)
        return v.reduced(value, a.factor * b.factor, a.scale * b.scale)

    def quotient(self, a: Val, b: Val) -> Val:
        known = b.constant
        if known == 0 or b.factor == 0:
            self.temp(f"{b.code} * 0")
            self.guard("0")
            return v.const(_ZERO)
        if known is not None:
            return v.scaled(a, v.times_ends(a.ends, 1 / known), 1 / known)
        if b.code == "1":  # a constant over a name above 0
            return self._times_inverse(a, b, b.factor)
        low, high = b.ends
        b = self.named(b)
        if not (low is not None and low > 0) and not (high is not None and high < 0):
            self.guard(b.code)
        sign = 1 if low is not None and low >= 0 else -1 if high is not None and high <= 0 else 0
        if sign:
            # The code has the sign of the value, unless the constant factor turns it round.
            if (sign > 0) == (b.factor > 0):
                return self._times_inverse(a, b, b.factor)
            return self._times_inverse(a, b._replace(code=self.temp(f"-{b.code}")), -b.factor)
        top, bottom = self.temp(v.factor_of(a)), self.temp(b.code)
        self.w.line(f"if {bottom} < 0:")
        with self.w.indented():
            self.w.line(f"{top}, {bottom} = -{top}, -{bottom}")
        self.w.scope.nonzero.add(bottom)
        return self._times_inverse(a._replace(code=top, rank=v.ATOM, height=0), b._replace(code=bottom), b.factor)

    def _times_inverse(self, a: Val, b: Val, factor: int) -> Val:
        """``a / b`` where ``b`` is ``factor * b.code / ...`` and ``b.code`` is above 0."""
        code, rank = a.code, a.rank
        if b.below:
            code, rank = (b.below, v.ATOM) if a.code == "1" else (f"{v.factor_of(a)} * {b.below}", v.PRODUCT)
        below = self.product_name(a.below, "" if b.code == "1" else b.code)
        top, scale = a.factor * b.scale, a.scale * factor
        if scale < 0:
            top, scale = -top, -scale
        positive = a.ends[0] is not None and a.ends[0] >= 0 and b.ends[0] is not None and b.ends[0] >= 0
        ends: v.Ends = (_ZERO if positive else None, None)
        return v.reduced(Val(code, 1, 1, below, rank, ends, a.height + 1 if rank != v.ATOM else 0), top, scale)

    def power(self, base: Val, exponent: int) -> Val:
        if base.constant is not None:
            return v.const(base.constant**exponent)
        if exponent == 1:
            return base
        base = self.named(base)
        code = base.code if base.code == "1" else f"{base.code} ** {exponent}"
        below = self.temp(f"{base.below} ** {exponent}") if base.below else ""
        low, high = base.ends
        ends: v.Ends = (None, None)
        if low is not None and low >= 0:
            ends = v.sane((low**exponent, None if high is None else high**exponent))
        return Val(code, base.factor**exponent, base.scale**exponent, below, v.PRODUCT, ends, 1)

    def extreme(self, values: list[Val], order: Order) -> Val:
        """The least or the greatest, kept in names that are overwritten by whatever beats them."""
        low = order is Order.LT
        ends = (v.least_ends if low else v.greatest_ends)([value.ends for value in values])
        values = _contenders(values, low)
        if len(values) == 1:
            return values[0]._replace(ends=ends)
        scale: int | None = 1
        for value in values:
            scale = None if value.below or scale is None else lcm(scale, value.scale)
        best = Var(self.w.fresh(), scale)
        values[1:] = [self.named(value) for value in values[1:]]
        self.assign(best, values[0])
        for value in values[1:]:
            self.w.line(f"if {v.compared(Order.GT if low else Order.LT, best.value, value).code}:")
            with self.w.indented():
                self.assign(best, value)
        return best.value._replace(ends=ends)

    def ordered(self, values: list[Val]) -> tuple[str, int, str]:
        """The name of the sorted numerators over one denominator, and its two parts."""
        below = ""
        for name in dict.fromkeys(value.below for value in values if value.below):
            below = self.product_name(below, name)
        scale = lcm(*(value.scale for value in values))
        items = []
        for value in values:
            whole = v.times(value, value.factor * (scale // value.scale))
            if below and value.below != below:
                part = f"({below} // {value.below})" if value.below else below
                whole = f"({whole}) * {part}"
            items.append(touched(whole))  # nothing is compared where there is but one
        return self.temp(f"sorted(({', '.join(items)},))"), scale, below

    def median(self, values: list[Val]) -> Val:
        ends = v.hull_ends([value.ends for value in values])
        ordered, scale, below = self.ordered(values)
        middle = len(values) // 2
        if len(values) % 2:
            return Val(f"{ordered}[{middle}]", 1, scale, below, v.ATOM, ends, 1)
        return Val(f"{ordered}[{middle - 1}] + {ordered}[{middle}]", 1, scale * 2, below, v.SUM, ends, 1)

    def rational(self, name: str, places: int, ends: v.Ends) -> Val:
        """The fraction of this name, known to have so many decimals."""
        unit = 10**places
        if places <= MOST_PLACES_WHOLE:
            return v.reduced(Val(self.temp(f"{name}.numerator * ({unit} // {name}.denominator)"), ends=ends), 1, unit)
        var = Var(self.w.fresh(), None, ends)
        self.w.line(f"{var.name}n, {var.name}d = {name}.numerator, {name}.denominator")
        return var.value

    def absolute(self, value: Val) -> Val:
        if value.ends[0] is not None and value.ends[0] >= 0:
            return value
        if value.constant is not None:
            return v.const(abs(value.constant))
        low, high = value.ends
        ends = (_ZERO, None if low is None or high is None else max(-low, high, high))
        name = self.temp(v.numerator(value))
        self.w.line(f"if {name} < 0:")
        with self.w.indented():
            self.w.line(f"{name} = -{name}")
        return Val(name, 1, value.scale, value.below, v.ATOM, ends)

    def rounded(self, value: Val, mode: Mode, step: Fraction) -> Val:
        known = value.constant
        if known is not None:
            return v.const(round_to(known, mode, step))
        low, high = (None if end is None else round_to(end, mode, step) for end in value.ends)
        share = v.scaled(value, value.ends, 1 / step)
        if not share.below and share.scale == 1:
            return value._replace(ends=(low, high))
        bare = share.factor == 1 and share.rank == v.ATOM
        top = self.named(share._replace(code=v.numerator(share), factor=1, rank=v.ATOM if bare else v.LOOSE)).code
        bottom = self.temp(v.denominator(share)) if share.below and share.scale != 1 else v.denominator(share)
        sign = 1 if value.ends[0] is not None and value.ends[0] >= 0 else None
        whole = self.temp(v.rounded_quotient(top, bottom, mode, sign))
        return v.scaled(Val(whole), (low, high), step)

    # ---- a number kept in a name

    def add_to(self, work: Var, change: Val) -> None:
        if work.scale is not None and not change.below:
            ends = v.add_ends([work.ends, change.ends])
            positive = change.factor > 0
            magnitude = change._replace(factor=abs(change.factor))
            self.w.line(f"{work.name} {'+=' if positive else '-='} {v.at_scale(magnitude, work.scale)}")
            work.ends = ends
        else:
            self.assign(work, self.sum_of([work.value, change]))

    def clamp(self, var: Var, end: Val, *, at_most: bool) -> None:
        """Keep a number at or below (or above) an end, unless it surely is there already."""
        low, high = var.ends
        known = end.constant
        if known is not None and (high is not None and high <= known if at_most else low is not None and low >= known):
            return
        merged = (v.least_ends if at_most else v.greatest_ends)([var.ends, end.ends])
        end = end if known is not None else self.named(end)
        self.w.line(f"if {v.compared(Order.GT if at_most else Order.LT, var.value, end).code}:")
        with self.w.indented():
            self.assign(var, end)
        var.ends = merged

    def reduce(self, var: Var) -> None:
        if var.scale is None:
            common = self.temp(f"gcd({var.name}n, {var.name}d)")
            self.w.line(f"{var.name}n, {var.name}d = {var.name}n // {common}, {var.name}d // {common}")

    def round_into(self, var: Var, work: Var, rounding: Rounding) -> v.Ends:
        value = self.rounded(work.value, rounding.mode, rounding.step)
        self.assign(var, value)
        low, high = (None if end is None else round_to(end, rounding.mode, rounding.step) for end in work.ends)
        self.reduce(var)
        return (low, high)

    def held_within(self, var: Var, work: Var, top: Val) -> None:
        """Rounded points stay below a maximum they were within before."""
        low, high = var.ends
        if high is not None and top.constant is not None and high <= top.constant:
            return
        top = top if top.constant is not None else self.named(top)
        within = v.compared(Order.LE, work.value, top).code
        self.w.line(f"if {v.compared(Order.GT, var.value, top).code} and {within}:")
        with self.w.indented():
            self.assign(var, top)
        var.ends = low if low is None or top.ends[0] is None else min(low, top.ends[0]), high


def _contenders(values: list[Val], low: bool) -> list[Val]:
    """Without the constants that cannot win, the others first: a constant cannot fail and is cheap to compare with."""
    facts = [value for value in values if value.constant is None]
    known = [value.constant for value in values if value.constant is not None]
    if not known:
        return facts
    best = min(known) if low else max(known)
    for value in facts:
        end = value.ends[1 if low else 0]
        if end is not None and (end <= best if low else end >= best):
            return facts
    return [*facts, v.const(best)]

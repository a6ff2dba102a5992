"""Expressions of a plan as Python over machine integers.

A short expression becomes source in place; whatever must happen first (a guard against zero, a branch, a name used
twice) is written as statements above the place that needs it. Nothing is computed where the interpreter would not.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from fractions import Fraction
from functools import partial
from math import lcm
from typing import assert_never

from rubric_engine.backend.emit import rows as rows
from rubric_engine.backend.emit import tables as tables
from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.growth import Growth
from rubric_engine.backend.emit.numbers import WIDEST, Arithmetic, Var, touched
from rubric_engine.backend.emit.rows import slug as slug
from rubric_engine.backend.emit.scope import Region, Scope, Writer
from rubric_engine.backend.emit.values import Cond, LetVal, Val
from rubric_engine.meaning.exact import holds_between
from rubric_engine.meaning.growth import MOST_BITS, multiplies, too_large
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Let

DEEPEST = 40  # Python reads at most 100 levels of indentation
MOST_LOOPS = 8  # and twenty loops inside one another
LONGEST_CHAIN = 30  # and compiles a chain of `elif` by recursion
LONGEST_PRODUCT = 300  # characters

Test = x.Truth | str | None
_NESTING = (x.If, x.CountRows, x.Reduced)


class ExprWriter(Arithmetic):
    """Writes expressions into one function. Subclasses know where nodes keep their points."""

    def __init__(self, writer: Writer, facts: dict[str, Val], judged: dict[str, Val]) -> None:
        super().__init__(writer)
        self.facts = facts
        self.judged = judged
        self.lets: dict[str, LetVal] = {}
        self.columns: dict[str, tuple[InputSpec, ...]] = {}  # of each register
        self.row: dict[str, Val] = {}  # the columns of the row at hand
        self.loops = 0
        self.growth: Growth | None = None
        self.known_subject: tuple[x.Num, Val] | None = None

    # ---- what the subclass knows

    def points_of(self, code: str) -> Val:
        raise KeyError(code)

    def maximum_of(self, code: str) -> Val:
        raise KeyError(code)

    def total(self) -> Val:
        raise KeyError("total")

    def total_maximum(self) -> Val:
        raise KeyError("total maximum")

    def met(self, code: str) -> Cond:
        raise KeyError(code)

    def unrated(self, code: str) -> Cond:
        raise KeyError(code)

    def nothing_zero(self, codes: Sequence[str]) -> Cond:
        raise KeyError(codes)

    # ---- numbers

    def num(self, expr: x.Num) -> Val:
        if type(expr) is x.Const:
            return v.const(expr.value)
        if self.known_subject is not None and expr is self.known_subject[0]:
            return self.known_subject[1]
        if (self.w.depth > DEEPEST or self.loops > MOST_LOOPS) and isinstance(expr, _NESTING):
            return self.outlined(expr)
        value = self._num(expr)
        if value.height > v.TALLEST or len(value.code) > 300:
            return self.named(value)
        return value

    def _num(self, expr: x.Num) -> Val:
        match expr:
            case x.Const(value=value):
                return v.const(value)
            case x.Fact(name=name):
                return self.whole_or_ratio(self.facts[name])
            case x.Judged(key=key):
                return self.whole_or_ratio(self.judged[key])
            case x.Ref(name=name):
                return self.let_number(name)
            case x.Add(terms=terms):
                return self.sum_of(self.nums(terms))
            case x.Sub(left=left, right=right):
                a, b = self.nums((left, right))
                return self.sum_of([a, v.scaled(b, v.times_ends(b.ends, Fraction(-1)), Fraction(-1))])
            case x.Mul(factors=factors):
                product = self.product_of(self.nums(factors))
                return self.walled(product, expr) if multiplies(factors) else product
            case x.Div(left=left, right=right):
                a, b = self.nums((left, right))
                return self.quotient(a, b)
            case x.Pow(base=base, exponent=exponent):
                return self.raised(self.num(base), exponent, expr)
            case x.Least(args=args) | x.Greatest(args=args):
                return self.extreme(self.nums(args), x.Order.LT if isinstance(expr, x.Least) else x.Order.GT)
            case x.Median(args=args):
                return self.median(self.nums(args))
            case x.Abs(arg=arg):
                return self.absolute(self.num(arg))
            case x.Rounded(arg=arg, mode=mode, step=step):
                return self.rounded(self.num(arg), mode, step)
            case x.If():
                return self.choice(expr)
            case x.PointsOf(code=code):
                return self.points_of(code)
            case x.MaximumOf(code=code):
                return self.maximum_of(code)
            case x.Total() | x.TotalMaximum():
                return self.total() if isinstance(expr, x.Total) else self.total_maximum()
            case x.Column(name=name):
                return self.whole_or_ratio(self.row[name])
            case x.Lookup():
                return tables.looked_up(self, expr)
            case x.CountRows() | x.Reduced() | x.Inexact() | x.Reckoned():
                return rows.number(self, expr)
            case _:
                assert_never(expr)

    def product_of(self, values: Sequence[Val]) -> Val:
        """A long product in steps: Python compiles a chain of factors by recursion."""
        product = values[0] if values else v.const(Fraction(1))
        for factor in values[1:]:
            product = self.product(product, factor)
            if product.height > v.TALLEST or len(product.code) > LONGEST_PRODUCT:
                product = self.named(product)
        return product

    def raised(self, base: Val, exponent: int, expr: x.Pow) -> Val:
        known = base.constant
        if known is None or self.growth is None or self.growth.is_small(expr):
            return self.walled(self.power(base, exponent), expr)
        # Of a constant the length is known well enough not to compute what is far beyond the wall.
        longest = max(known.numerator.bit_length(), known.denominator.bit_length()) - 1
        power = known if longest * exponent > MOST_BITS else known**exponent
        if power is known or too_large(power):
            self.guard("0")
        return v.const(power)

    def walled(self, value: Val, expr: x.Num) -> Val:
        """Stop where a product or a power is beyond the wall, if it can get there at all."""
        return value if self.growth is None or self.growth.is_small(expr) else self.wall(value)

    def wall(self, value: Val) -> Val:
        name = self.w.fresh()
        top, bottom = touched(v.numerator(value)), v.denominator(value)
        self.w.line(f"{name}n, {name}d = lowest_terms({top}, {bottom}, {self.code!a})")
        self.guards += 1
        return Var(name, None, value.ends).value

    def nums(self, exprs: Sequence[x.Num]) -> list[Val]:
        values = [self.num(expr) for expr in exprs]
        if len(values) > 2:
            # A long list keeps its parts short, so that what is made of them stays readable.
            values = [self.named(value) if len(value.code) > 60 else value for value in values]
        return values

    def whole_or_ratio(self, value: Val) -> Val:
        """A fact of no fixed grain is an integer or a fraction: take its two parts where it is first needed."""
        if value.scale:
            return value
        key = ("ratio", value.code)
        name = self.w.scope.name(key)
        if name is None:
            name = self.w.fresh()
            self.w.line(f"{name}n, {name}d = {value.code}.numerator, {value.code}.denominator")
            self.w.scope.names[key] = name
        return Val(name + "n", below=name + "d", ends=value.ends)

    def choice(self, expr: x.If) -> Val:
        """``when c then a otherwise b``: in place when both are simple, else by branches."""

        def then() -> Val:
            self.learn(expr.when, True)
            return self.num(expr.then)

        def other() -> Val:
            self.learn(expr.when, False)
            return self.num(expr.other)

        return self.either(self.truth(expr.when), then, other)

    def either(self, when: Cond, make_then: Callable[[], Val], make_other: Callable[[], Val]) -> Val:
        """One of two values; what each needs first is only done where it is taken."""
        with self.w.aside(1) as left:
            then = make_then()
        with self.w.aside(1) as right:
            other = make_other()
        ends = v.hull_ends([then.ends, other.ends])
        scale = None if then.below or other.below else lcm(then.scale, other.scale)
        if scale is not None and not left.block and not right.block:
            code = f"{touched(v.at_scale(then, scale))} if {when.code} else {touched(v.at_scale(other, scale))}"
            return Val(code, 1, scale, "", v.LOOSE, ends, max(when.height, then.height, other.height) + 1)
        kept = Var(self.w.fresh(), scale)
        for head, region, value in ((f"if {when.code}:", left, then), ("else:", right, other)):
            self.w.line(head)
            with self.w.indented():
                self.w.paste(region)
                self.assign(kept, value)
        return kept.value._replace(ends=ends)

    def outlined(self, expr: x.Num) -> Val:
        """A part too deep to stand here becomes a function of its own, called where it is needed."""
        w = self.w
        name = w.fresh()
        outer, depth, loops = w.outlined, w.depth, self.loops
        w.outlined, w.depth, self.loops = [], max(depth - DEEPEST, 0) + 1, 0
        with w.aside() as region:
            value = self.num(expr)
            w.line(f"return {v.numerator(value)}, {v.denominator(value)}")
        outer += [f"def {name}():", [*w.outlined, *region.block]]
        w.outlined, w.depth, self.loops = outer, depth, loops
        kept = Var(w.fresh(), None, value.ends)
        w.line(f"{kept.name}n, {kept.name}d = {name}()")
        return kept.value

    # ---- named values

    def write_let(self, let: Let, at: int) -> None:
        """Compute a named value once, here. If it cannot be, its name says why, to whoever uses it."""
        name = f"l_{slug(let.name)}_{at}"
        if isinstance(let.value, x.Num):
            small = self.growth is None or self.growth.let(let.name, let.value)
            alias = self._alias(let.value) if small else None
            self.lets[let.name] = alias or self._let_number(let.value, name, small)
            return
        before = self.guards
        self.w.line("try:")
        with self.w.indented():
            self.w.line(f"{name} = {self.truth(let.value).code}")
        self._failures(name, "MISSING", "None" if self.guards > before else "")
        self.lets[let.name] = LetVal(None, Cond(name, v.C_ATOM), name if self.guards > before else "")

    def _alias(self, value: x.Num) -> LetVal | None:
        """No code at all, when the value is at hand: a fact, or one fact over another."""
        with self.w.aside() as region:
            if isinstance(value, x.Div):
                a, b = self.nums((value.left, value.right))
                low = b.ends[0]
                simple = not a.below and not b.below and b.rank == v.ATOM and b.code != "1" and b.factor > 0
                if region.block or not simple or low is None or low < 0:
                    return None
                found = LetVal(self._times_inverse(a, b, b.factor), None, "" if low > 0 else b.code)
            else:
                found = LetVal(self.num(value), None, "")
        assert found.val is not None
        return found if not region.block and found.val.rank == v.ATOM else None

    def _let_number(self, expr: x.Num, name: str, small: bool) -> LetVal:
        before = self.guards
        self.w.line("try:")
        with self.w.indented():
            value = self.num(expr) if small else self.wall(self.num(expr))
            zero = self.guards > before
            kept = Var(name, None if zero or value.below else value.scale)
            self.assign(kept, value)
        if kept.scale is None:
            self._failures(f"{name}n = {name}d", "MISSING", "0" if zero else "")
        else:
            self._failures(name, "MISSING", "")
        return LetVal(kept.value, None, f"{name}d" if zero else "")

    def _failures(self, names: str, missing: str, by_zero: str) -> None:
        self.w.line("except Unsettled:")
        with self.w.indented():
            self.w.line(f"{names} = {missing}")
        if by_zero:
            self.w.line("except ScoringError:")
            with self.w.indented():
                self.w.line(f"{names} = {by_zero}")

    def let_number(self, name: str) -> Val:
        let = self.lets[name]
        if let.guard:
            self.guard(let.guard)
        assert let.val is not None
        return let.val

    def let_truth(self, name: str) -> Cond:
        let = self.lets[name]
        assert let.cond is not None
        if let.guard and not self.w.scope.is_nonzero(let.guard):
            self.w.line(f"if {let.guard} is None:")
            with self.w.indented():
                self.w.line(self.without_value())
            self.w.scope.nonzero.add(let.guard)
            self.guards += 1
        return let.cond

    # ---- truths

    def truth(self, expr: x.Truth) -> Cond:
        cond = self._truth(expr)
        if cond.height > v.TALLEST or len(cond.code) > 2000:
            return Cond(self.temp(cond.code), v.C_ATOM)
        return cond

    def _truth(self, expr: x.Truth) -> Cond:
        match expr:
            case x.Always(value=value):
                return v.TRUE if value else v.FALSE
            case x.Flag(name=name):
                return Cond(self.facts[name].code, v.C_ATOM)
            case x.RefTruth(name=name):
                return self.let_truth(name)
            case x.Compare(order=order, left=left, right=right):
                return v.compared(order, *self.nums((left, right)))
            case x.IsLevel(name=name, levels=levels):
                return _among(self.facts[name].code, levels)
            case x.Among():
                return tables.among(self, expr)
            case x.ColumnFlag(name=name):
                return Cond(self.row[name].code, v.C_ATOM)
            case x.ColumnIs(name=name, levels=levels):
                return _among(self.row[name].code, levels)
            case x.IsMissing(name=name):
                return Cond(f"{self.facts[name].code} is MISSING", v.C_COMPARE)
            case x.Met(code=code):
                return self.met(code)
            case x.Unrated(code=code):
                return self.unrated(code)
            case x.All(args=args):
                return self.joined(args, "and", v.C_AND)
            case x.AnyOf(args=args):
                return self.joined(args, "or", v.C_OR)
            case x.Not(arg=arg):
                return v.negated(self.truth(arg))
            case x.AtLeast(number=number, args=args):
                names = [v.bracketed(self.truth(arg), v.C_ATOM) for arg in args]
                while len(names) > WIDEST:
                    names[:WIDEST] = [self.temp(" + ".join(names[:WIDEST]))]
                return Cond(f"{' + '.join(names) or '0'} >= {number}", v.C_COMPARE, 1)
            case x.NothingZero(codes=codes):
                return self.nothing_zero(codes)
            case _:
                assert_never(expr)

    def joined(self, args: Sequence[x.Truth], word: str, rank: int) -> Cond:
        """``and`` or ``or``, left to right; what an operand needs first is only done when it is reached."""
        name = ""
        ready: list[Cond] = []
        outer = self.w.scope
        known = Scope(outer)
        for arg in args:
            self.w.scope = known
            with self.w.aside(1) as region:
                cond = self.truth(arg)
            self.w.scope = outer
            if region.block and (ready or name):
                name = self._so_far(name, ready, word, rank)
                self.w.line(f"if {name}:" if word == "and" else f"if not {name}:")
                with self.w.indented():
                    self.w.paste(region)
                    self.w.line(f"{name} = {touched(cond.code)}")
                ready = []
            else:
                self.w.paste(region)
                ready.append(cond)
            self.w.scope = known
            self.learn(arg, word == "and")
        self.w.scope = outer
        return Cond(self._so_far(name, ready, word, rank), v.C_ATOM) if name else v.together(ready, word, rank)

    def _so_far(self, name: str, ready: list[Cond], word: str, rank: int) -> str:
        if not name:
            return self.temp(v.together(ready, word, rank).code)
        if ready:
            self.w.line(f"if {name}:" if word == "and" else f"if not {name}:")
            with self.w.indented():
                self.w.line(f"{name} = {touched(v.together(ready, word, rank).code)}")
        return name

    def learn(self, expr: x.Truth, holds: bool) -> None:
        """What a test tells about numbers that are not zero."""
        match expr:
            case x.Compare(order=order, left=x.Fact() | x.Column() as left, right=x.Const(value=value)):
                known = self.facts[left.name] if isinstance(left, x.Fact) else self.row[left.name]
                # Where 0 would not pass, what passed is not 0.
                if known.scale and holds_between(order, 0, value.numerator) is not holds:
                    self.w.scope.nonzero.add(known.code)
            case x.Compare():
                pass
            case x.Not(arg=arg):
                self.learn(arg, not holds)
            case x.All(args=args) if holds:
                for arg in args:
                    self.learn(arg, True)
            case x.AnyOf(args=args) if not holds:
                for arg in args:
                    self.learn(arg, False)

    # ---- choosing

    def chain(self, tests: Sequence[Test], body: Callable[[int], None], other: Callable[[], None] | None) -> None:
        """The first test that holds (``None``: always; a string: source) decides which body is written where."""
        outer = self.w.scope
        self.w.scope = Scope(outer)
        asides: list[tuple[Region, Cond]] = []
        for test in tests[: LONGEST_CHAIN + 1]:
            with self.w.aside() as region:
                cond = self._test(test)
            asides.append((region, cond))
            self._learn_test(test, False)
        self.w.scope = outer
        if len(tests) <= LONGEST_CHAIN and not any(region.block for region, _ in asides[1:]):
            if asides:
                self.w.paste(asides[0][0])
            self.w.scope = Scope(outer)
            self._short_chain(tests, [cond for _, cond in asides], body, other)
        else:
            self.w.scope = Scope(outer)
            self._long_chain(tests, body, other)
        self.w.scope = outer

    def _test(self, test: Test) -> Cond:
        if test is None:
            return v.TRUE
        return Cond(test, v.C_COMPARE) if isinstance(test, str) else self.truth(test)

    def _learn_test(self, test: Test, holds: bool) -> None:
        if test is not None and not isinstance(test, str):
            self.learn(test, holds)

    def _short_chain(
        self, tests: Sequence[Test], conds: list[Cond], body: Callable[[int], None], other: Callable[[], None] | None
    ) -> None:
        word = "if"
        for i, (test, cond) in enumerate(zip(tests, conds, strict=True)):
            if cond is v.FALSE:
                continue
            if cond is v.TRUE:
                self._last(word, partial(body, i))
                return
            self.w.line(f"{word} {cond.code}:")
            with self.w.indented():
                self._learn_test(test, True)
                body(i)
            self._learn_test(test, False)
            word = "elif"
        if other is not None:
            self._last(word, other)

    def _last(self, word: str, body: Callable[[], None]) -> None:
        if word == "if":
            body()
            return
        self.w.line("else:")
        with self.w.indented():
            body()

    def _long_chain(
        self, tests: Sequence[Test], body: Callable[[int], None], other: Callable[[], None] | None
    ) -> None:
        """The same without nesting: each test is only asked while none has held."""
        still = self.temp("True")
        for i, test in enumerate(tests):
            self.w.line(f"if {still}:")
            with self.w.indented():
                cond = self._test(test)
                if cond is not v.TRUE:
                    self.w.line(f"if {cond.code}:")
                with self.w.indented() if cond is not v.TRUE else nullcontext():
                    self._learn_test(test, True)
                    self.w.line(f"{still} = False")
                    body(i)
            self._learn_test(test, False)
        if other is not None:
            self.w.line(f"if {still}:")
            with self.w.indented():
                other()


def _among(code: str, levels: Sequence[int]) -> Cond:
    if len(levels) == 1:
        return Cond(f"{code} == {levels[0]}", v.C_COMPARE)
    return Cond(f"{code} in ({', '.join(map(str, levels))})" if levels else f"{code} < 0", v.C_COMPARE)

"""Registers as Python: a loop over the rows, and what it adds up, picks out or lists.

A row comes apart into one name a column, ``q_days_7_0``: column 0, ``days``, in loop 7. What a loop must know before
it starts stands above it; a row that is not selected costs nothing but its test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.numbers import Var, touched
from rubric_engine.backend.emit.values import Cond, Val
from rubric_engine.facts.readers import constant_of
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Kind

if TYPE_CHECKING:
    from rubric_engine.backend.emit.expr import ExprWriter

_STRANGE = re.compile(r"[^A-Za-z0-9]")
_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Listed:
    """The values of the rows selected: the name of a list of whole numbers, over ``scale`` and ``below``."""

    name: str
    scale: int
    below: str
    ends: v.Ends


def fact_value(spec: InputSpec, name: str) -> Val:
    """What is known about the machine value of an input or a column. Without a fixed grain the scale is 0 here."""
    low, high = known_end(spec.minimum), known_end(spec.maximum)
    if spec.kind is Kind.COUNT and (low is None or low < 0):
        low = 0
    ends = (None if low is None else Fraction(low), None if high is None else Fraction(high))
    return Val(name, 1, spec.scale or 0, ends=ends)


def known_end(bound: Bound | None) -> int | Fraction | None:
    """A bound on an input that looks at no other."""
    if bound is None or isinstance(bound.value, x.Fact):
        return None
    return bound.value.value if isinstance(bound.value, x.Const) else constant_of(bound)


def slug(name: str) -> str:
    """The readable part of a name we make: letters and digits of ASCII only."""
    return _STRANGE.sub("_", name[:20]).strip("_") or "x"


def number(to: "ExprWriter", expr: x.CountRows | x.Reduced | x.Inexact | x.Reckoned) -> Val:
    """Whatever needs more than a line."""
    match expr:
        case x.CountRows():
            return count_rows(to, expr)
        case x.Reduced():
            return reduced(to, expr)
        case x.Inexact():
            return inexact(to, expr)
        case x.Reckoned():
            return reckoned(to, expr)
        case _:
            assert_never(expr)


def count_rows(to: "ExprWriter", expr: x.CountRows) -> Val:
    """How many rows are selected."""
    if expr.where is None:
        return Val(f"len({to.facts[expr.register].code})", ends=(_ZERO, None))
    number = to.w.fresh()

    def count() -> list[str]:
        to.w.line(f"{number} += 1")
        return [f"{number} = 0"]

    _loop(to, expr.register, expr.where, count)
    return Val(number, ends=(_ZERO, None))


def reduced(to: "ExprWriter", expr: x.Reduced) -> Val:
    """One number of the selected rows; where there is none, what stands in for it."""
    if expr.each is not None:
        return _parted(to, expr, expr.each)
    match expr.how:
        case x.Reducer.SUM:
            return _added(to, expr)[0]
        case x.Reducer.MEAN:
            total, number = _added(to, expr)
            count = Val(number, ends=(_ONE, None))
            return _settled(to, expr, number, lambda: to.quotient(total, count))
        case x.Reducer.HIGHEST | x.Reducer.LOWEST | x.Reducer.FIRST | x.Reducer.LAST:
            best, some = _picked(to, expr)
            return _settled(to, expr, some, lambda: best.value)
        case x.Reducer.MEDIAN:
            rows = _listed(to, expr)
            return _settled(to, expr, rows.name, lambda: _middle(to, rows))
        case x.Reducer.TRIMMED_MEAN:
            rows = _listed(to, expr)
            return _settled(to, expr, f"len({rows.name}) > 2", lambda: _trimmed(to, rows))
        case x.Reducer.MAJORITY:
            return _majority(to, expr, _listed(to, expr))
        case _:
            assert_never(expr.how)


def inexact(to: "ExprWriter", expr: x.Inexact) -> Val:
    """A call of the function that rounds correctly; whole numbers of the last place come out."""
    parts = [f"Fraction({touched(v.numerator(a))}, {touched(v.denominator(a))})" for a in to.nums(expr.args)]
    name = to.w.fresh()
    to.w.line(f"{name} = inexact({expr.function.value!r}, ({', '.join(parts)},), {expr.places})")
    undefined(to, f"{name} is None")
    return to.rational(name, expr.places, (None, None) if expr.function is x.Function.LN else (_ZERO, None))


def reckoned(to: "ExprWriter", expr: x.Reckoned) -> Val:
    """A call of the calendar, on whole days and months."""
    a, b = to.nums((expr.first, expr.second))
    name = "months_from" if expr.how is x.Calendar.MONTHS else "months_after"
    return Val(to.temp(f"{name}({_whole(a)}, {_whole(b)})"))


def _whole(value: Val) -> str:
    top, bottom = v.numerator(value), v.denominator(value)
    return top if bottom == "1" else f"({touched(top)}) // ({bottom})"


def undefined(to: "ExprWriter", test: str) -> None:
    """Stop where something has no value."""
    to.w.line(f"if {test}:")
    with to.w.indented():
        to.w.line(to.without_value())
    to.guards += 1


# ---------------------------------------------------------------- loops


def _loop(to: "ExprWriter", register: str, where: x.Truth | None, body: Callable[[], list[str]]) -> None:
    """Write a loop; ``body`` writes what is done in each row selected and returns what must stand above the loop."""
    mark = to.w.fresh()[1:]
    specs = to.columns[register]
    row = {spec.name: fact_value(spec, f"q_{slug(spec.name)}_{mark}_{at}") for at, spec in enumerate(specs)}
    outer = to.row
    with to.w.aside(1) as region:
        to.row = row
        to.loops += 1
        if where is None:
            above = body()
        else:
            to.w.line(f"if {to.truth(where).code}:")
            with to.w.indented():
                to.learn(where, True)
                above = body()
        to.row = outer
        to.loops -= 1
    for line in above:
        to.w.line(line)
    names = "".join(f"{value.code}, " for value in row.values()).rstrip()
    to.w.line(f"for {names or '()'} in {to.facts[register].code}:")
    with to.w.indented():
        to.w.paste(region)


def _start(var: Var) -> str:
    return f"{var.name} = 0" if var.scale is not None else f"{var.name}n, {var.name}d = 0, 1"


def _added(to: "ExprWriter", expr: x.Reduced) -> tuple[Val, str]:
    """The sum of the values, and the name of their number (for a mean)."""
    name, number = to.w.fresh(), to.w.fresh() if expr.how is x.Reducer.MEAN else ""
    value = Val("0")
    below = ""

    def add() -> list[str]:
        nonlocal value, below
        value = to.num(expr.value)
        if number:
            to.w.line(f"{number} += 1")
        above = [f"{number} = 0"] if number else []
        if value.below:
            below = to.w.fresh()
            _keep_pair(to, value, name, below)
            return [*above, f"{name} = []", f"{below} = 1"]
        to.w.line(f"{name} += {touched(v.at_scale(value, value.scale))}")
        return [*above, f"{name} = 0"]

    _loop(to, expr.register, expr.where, add)
    ends = _sum_ends(value.ends)
    if below:
        return Val(to.temp(f"sum({_over_one(to, name, below)})"), below=below, ends=ends), number
    return v.reduced(Val(name, ends=ends), 1, value.scale), number


def _picked(to: "ExprWriter", expr: x.Reduced) -> tuple[Var, str]:
    """The value of one row, and the name that tells whether there was any."""
    best, some = Var(to.w.fresh(), None), to.w.fresh()

    def pick() -> list[str]:
        value = to.num(expr.value)
        best.scale = None if value.below else value.scale
        if expr.how is x.Reducer.LAST:
            to.assign(best, value)
            to.w.line(f"{some} = 1")
            return [_start(best), f"{some} = 0"]
        here = Var(to.w.fresh(), best.scale)
        to.assign(here, value)  # every row selected is looked at, also one that cannot win
        test = f"not {some}"
        if expr.how is not x.Reducer.FIRST:
            order = x.Order.GT if expr.how is x.Reducer.HIGHEST else x.Order.LT
            test += f" or {v.compared(order, here.value, best.value).code}"
        to.w.line(f"if {test}:")
        with to.w.indented():
            to.assign(best, here.value)
            to.w.line(f"{some} = 1")
        return [_start(best), f"{some} = 0"]

    _loop(to, expr.register, expr.where, pick)
    return best, some


def _listed(to: "ExprWriter", expr: x.Reduced) -> Listed:
    """All values, brought over one denominator."""
    name = to.w.fresh()
    value = Val("0")
    below = ""

    def keep() -> list[str]:
        nonlocal value, below
        value = to.num(expr.value)
        if not value.below:
            to.w.line(f"{name} += [{touched(v.at_scale(value, value.scale))}]")
            return [f"{name} = []"]
        below = to.w.fresh()
        _keep_pair(to, value, name, below)
        return [f"{name} = []", f"{below} = 1"]

    _loop(to, expr.register, expr.where, keep)
    if not below:
        return Listed(name, value.scale, "", value.ends)
    return Listed(_over_one(to, name, below), 1, below, value.ends)


def _parted(to: "ExprWriter", expr: x.Reduced, each: str) -> Val:
    """The rows parted by a column, each part reduced for itself, and the sum of that."""
    parts, part = to.w.fresh(), to.w.fresh()
    value = Val("0")
    below = ""

    def keep() -> list[str]:
        nonlocal value, below
        key = to.row[each].code
        to.w.line(f"if {key} not in {parts}:")  # a missing cell shows as soon as it is looked up
        with to.w.indented():
            to.w.line(f"{parts}[{key}] = []")
        value = to.num(expr.value)
        if not value.below:
            to.w.line(f"{parts}[{key}] += [{touched(v.at_scale(value, value.scale))}]")
            return [f"{parts} = {{}}"]
        below = to.w.fresh()
        _keep_pair(to, value, f"{parts}[{key}]", below)
        return [f"{parts} = {{}}", f"{below} = 1"]

    _loop(to, expr.register, expr.where, keep)
    to.loops += 1
    with to.w.aside(1) as region:
        name, scale = to.temp(f"{parts}[{part}]"), 1 if below else value.scale
        found = _of_part(to, expr, Listed(_over_one(to, name, below) if below else name, scale, below, value.ends))
        total = Var(to.w.fresh(), None if found.below else found.scale)
        if found.below:
            to.assign(total, to.sum_of([total.value, found]))
            to.reduce(total)
        else:
            to.w.line(f"{total.name} += {touched(v.at_scale(found, found.scale))}")
    to.loops -= 1
    to.w.line(_start(total))
    to.w.line(f"for {part} in {parts}:")
    with to.w.indented():
        to.w.paste(region)
    return total.value._replace(ends=_sum_ends(found.ends))


def _of_part(to: "ExprWriter", expr: x.Reduced, rows: Listed) -> Val:
    """What the rows of a part come to: there is one at least."""

    def one(code: str) -> Val:
        return Val(to.temp(code), 1, rows.scale, rows.below, ends=rows.ends)

    match expr.how:
        case x.Reducer.SUM:
            return one(f"sum({rows.name})")._replace(ends=_sum_ends(rows.ends))
        case x.Reducer.MEAN:
            number = Val(to.temp(f"len({rows.name})"), ends=(_ONE, None))
            return to.quotient(one(f"sum({rows.name})"), number)._replace(ends=rows.ends)
        case x.Reducer.HIGHEST | x.Reducer.LOWEST:
            return one(f"sorted({rows.name})[{0 if expr.how is x.Reducer.LOWEST else -1}]")
        case x.Reducer.FIRST | x.Reducer.LAST:
            return one(f"{rows.name}[{0 if expr.how is x.Reducer.FIRST else -1}]")
        case x.Reducer.MEDIAN:
            return _middle(to, rows)
        case x.Reducer.TRIMMED_MEAN:
            return _settled(to, expr, f"len({rows.name}) > 2", lambda: _trimmed(to, rows))
        case x.Reducer.MAJORITY:
            return _majority(to, expr, rows)
        case _:
            assert_never(expr.how)


def _sum_ends(ends: v.Ends) -> v.Ends:
    """Bounds of a sum of any number of values within these, be it none."""
    low, high = ends
    return (_ZERO if low is not None and low >= 0 else None, _ZERO if high is not None and high <= 0 else None)


def _keep_pair(to: "ExprWriter", value: Val, name: str, below: str) -> None:
    """Append numerator and denominator to a list, and keep a common denominator of all."""
    here = Var(to.w.fresh(), None)
    to.assign(here, value)
    to.reduce(here)
    to.w.line(f"{name} += [({here.name}n, {here.name}d)]")
    to.w.line(f"{below} = lowest_terms({below} * {here.name}d // gcd({below}, {here.name}d), 1, {to.code!a})[0]")
    to.guards += 1


def _over_one(to: "ExprWriter", pairs: str, below: str) -> str:
    """The name of a list of numerators, all pairs brought over one denominator."""
    whole, part = to.w.fresh(), to.w.fresh()
    to.w.line(f"{whole} = []")
    to.w.line(f"for {part}n, {part}d in {pairs}:")
    with to.w.indented():
        to.w.line(f"{whole} += [{part}n * ({below} // {part}d)]")
    return whole


# ---------------------------------------------------------------- what comes of it


def _settled(to: "ExprWriter", expr: x.Reduced, defined: str, value: Callable[[], Val]) -> Val:
    """The value where it is defined, else what stands in for it, or an end."""
    other = expr.other
    if other is not None:
        return to.either(Cond(defined, v.C_COMPARE), value, lambda: to.num(other))
    undefined(to, f"not {v.bracketed(Cond(defined, v.C_ATOM if defined.isidentifier() else v.C_COMPARE), v.C_ATOM)}")
    return value()


def _middle(to: "ExprWriter", rows: Listed) -> Val:
    ordered, number = to.temp(f"sorted({rows.name})"), to.temp(f"len({rows.name})")
    code = f"{ordered}[({number} - 1) // 2] + {ordered}[{number} // 2]"
    return Val(code, 1, 2 * rows.scale, rows.below, v.SUM, rows.ends, 1)


def _trimmed(to: "ExprWriter", rows: Listed) -> Val:
    top = Val(to.temp(f"sum(sorted({rows.name})[1:-1])"), 1, rows.scale, rows.below)
    number = Val(to.temp(f"len({rows.name}) - 2"), ends=(_ONE, None))
    return to.quotient(top, number)._replace(ends=rows.ends)


def _majority(to: "ExprWriter", expr: x.Reduced, rows: Listed) -> Val:
    """Equal values stand together once they are sorted; the longest run wins, a tie by the rule there is for it."""
    value, last, run, most, tied, best = (to.w.fresh() for _ in range(6))
    told = expr.tied
    to.w.line(f"{run} = {most} = {best} = {last} = {tied} = 0")
    to.w.line(f"for {value} in sorted({rows.name}):")
    with to.w.indented():
        to.w.line(f"{run} = {run} + 1 if {run} and {value} == {last} else 1")
        to.w.line(f"{last} = {value}")
        # From the lowest up: with `>=` the highest of those tied stands at the end.
        to.w.line(f"if {run} {'>=' if told is x.Tie.HIGHEST else '>'} {most}:")
        with to.w.indented():
            to.w.line(f"{most} = {run}")
            to.w.line(f"{best} = {value}")
            to.w.line(f"{tied} = 0")
        to.w.line(f"elif {run} == {most}:")
        with to.w.indented():
            to.w.line(f"{tied} = 1")
    found = Val(best, 1, rows.scale, rows.below, ends=rows.ends)

    def settled() -> Val:
        if isinstance(told, x.Tie):
            return found
        if told is None:
            undefined(to, tied)
            return found
        return to.either(Cond(f"not {tied}", v.C_NOT), lambda: found, lambda: to.num(told))

    return _settled(to, expr, most, settled)

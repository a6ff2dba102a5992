"""Lookups as Python: one index into a tuple that stands beside the functions, however many rows the table has."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from math import lcm
from typing import TYPE_CHECKING

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.numbers import Var, touched
from rubric_engine.backend.emit.rows import slug
from rubric_engine.backend.emit.scales import scale_of_cells
from rubric_engine.backend.emit.values import Cond, Val
from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import expressions_in
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.tables import Axis, Table, numbers_in, places_in

if TYPE_CHECKING:
    from rubric_engine.backend.emit.expr import ExprWriter

Constant = tuple[int, ...] | tuple[tuple[int, int], ...]


@lru_cache(maxsize=1024)
def _name_of(table: Table) -> str:
    """Made from what the table says, so that equal tables are one constant and equal plans give equal code."""
    said = repr((table.axes, table.cells))
    return f"T_{slug(table.name)}_{sha256(said.encode()).hexdigest()[:10]}"


def constants_of(plan: Plan) -> dict[str, Constant]:
    """Every tuple the lookups of a plan look into, by its name."""
    found: dict[str, Constant] = {}
    for table in _tables_of(plan):
        name = _name_of(table)
        cells = [Fraction(cell) for cell in numbers_in(table.cells)]
        scale = scale_of_cells(table)
        if scale is None:
            found[name] = tuple((cell.numerator, cell.denominator) for cell in cells)
        else:
            found[name] = tuple(int(cell * scale) for cell in cells)
        for number, axis in enumerate(table.axes):
            if axis.ends:
                step = _step_of(axis)
                found[f"{name}_ends{number}"] = tuple(int(end * step) for end in numbers_in(axis.ends))
                found[f"{name}_places{number}"] = places_in(axis)
    return found


def constants_text(plan: Plan) -> str:
    """The same as source."""
    return "\n".join(f"{name} = ({', '.join(map(_literal, each))},)" for name, each in constants_of(plan).items())


def _literal(value: int | tuple[int, int]) -> str:
    return v.literal(value) if isinstance(value, int) else f"({v.literal(value[0])}, {v.literal(value[1])})"


def _tables_of(plan: Plan) -> Iterator[Table]:
    parts = (part for expr in expressions_in(plan) for part in x.walk(expr))
    return (part.table for part in parts if isinstance(part, x.Lookup))


def looked_up(to: "ExprWriter", expr: x.Lookup) -> Val:
    """The cell of the keys."""
    table = expr.table
    name = _name_of(table)
    index = ""
    values = [to.num(key) for key in expr.keys]
    for number, (axis, value) in enumerate(zip(table.axes, values, strict=True)):
        place = _place(to, axis, value, f"{name}_ends{number}", f"{name}_places{number}")
        if index:
            index = f"{index if index.isidentifier() else f'({index})'} * {axis.size} + {place}"
        else:
            index = place
    cells = [Fraction(cell) for cell in numbers_in(table.cells)]
    ends = (min(cells), max(cells))
    scale = scale_of_cells(table)
    if scale is None:
        kept = Var(to.w.fresh(), None, ends)
        to.w.line(f"{kept.name}n, {kept.name}d = {name}[{index}]")
        return kept.value
    return v.reduced(Val(f"{name}[{index}]", ends=ends, height=2 + max(value.height for value in values)), 1, scale)


def _place(to: "ExprWriter", axis: Axis, key: Val, ends: str, places: str) -> str:
    """The place of a key as an operand of a sum."""
    if not axis.ends:
        code = v.numerator(key)
        return code if code.isidentifier() or code.isdecimal() else f"({code})"
    step = _step_of(axis)
    if key.below or step % key.scale:
        code = f"Fraction({touched(v.times(key, key.factor * step))}, {touched(v.denominator(key))})"
    else:
        code = touched(v.at_scale(key, step))
    return f"located({ends}, {places}, {code})"


def _step_of(axis: Axis) -> int:
    return lcm(*(end.denominator for end in numbers_in(axis.ends)))


def among(to: "ExprWriter", expr: x.Among) -> Cond:
    """Whether an index is one of these."""
    value = to.num(expr.value)
    if value.below or value.scale != 1 or value.factor != 1:
        value = to.named(value)
        tests = [v.compared(x.Order.EQ, value, v.const(Fraction(at))) for at in expr.levels]
        return v.together(tests or [v.compared(x.Order.NE, value, value)], "or", v.C_OR)
    code = v.atom(value)
    if len(expr.levels) == 1:
        return Cond(f"{code} == {expr.levels[0]}", v.C_COMPARE, value.height + 1)
    levels = ", ".join(map(str, expr.levels))
    return Cond(f"{code} in ({levels})" if levels else f"{code} < 0", v.C_COMPARE, value.height + 1)

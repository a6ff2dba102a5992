"""What expressions mean: the one exact evaluator. Standard library only.

It knows nothing of headings or submissions. What it needs it asks a :class:`World`, and nothing before it is needed:
``and`` and ``or`` stop at the first answer, a choice looks at the side taken, a named value is worked out when it is
used. Two things may stop it: :class:`Unsettled`, nobody has said what it needs; :class:`Undefined`, there is no value.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol, assert_never

from rubric_engine.meaning.calendar import reckoned
from rubric_engine.meaning.exact import Exact, holds_between, round_to
from rubric_engine.meaning.growth import MOST_BITS, has_long_denominator, multiplies, over_one_denominator, too_large
from rubric_engine.meaning.inexact import inexact
from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.meaning.reducing import middle, reduce_values
from rubric_engine.plan import expr as x
from rubric_engine.plan.tables import looked_up


class World(Protocol):
    """What is known where an expression is read. Each question is answered, or raises :class:`Unsettled`.

    ``worked_out`` remembers the named values, also those that came to nothing.
    """

    @property
    def worked_out(self) -> dict[str, Exact | Exception]: ...

    def fact(self, name: str) -> Any:
        """The value of an input, as facts hold it."""

    def judgement(self, key: str) -> Exact: ...

    def points_of(self, code: str) -> Exact: ...

    def maximum_of(self, code: str) -> Exact:
        """The applicable maximum of a heading."""

    def total(self) -> Exact:
        """The total as published."""

    def total_maximum(self) -> Exact: ...

    def is_met(self, code: str) -> bool: ...

    def is_unrated(self, code: str) -> bool:
        """Whether a group has too little to be rated by."""

    def nothing_zero(self, codes: Sequence[str]) -> bool:
        """Whether no scored leaf of these applies and has exactly 0 points."""

    def is_missing(self, name: str) -> bool: ...

    def cell(self, name: str) -> Any:
        """The cell of a column in the row at hand."""

    def rows(self, register: str) -> "Sequence[World]":
        """The same world with each row of a register at hand."""

    def definition(self, name: str) -> x.Expr:
        """What a named value stands for."""


# ---------------------------------------------------------------- numbers


def number(expr: x.Num, world: World) -> Exact:
    """The value of a number."""
    match expr:
        case x.Const(value=value):
            return value
        case x.Fact(name=name):
            found: Exact = world.fact(name)
            return found
        case x.Div(left=left, right=right):
            top, bottom = number(left, world), number(right, world)
            if not bottom:
                raise Undefined(expr)
            return Fraction(top, bottom)
        case x.Add(terms=terms):
            return sum([number(term, world) for term in terms])
        case x.Sub(left=left, right=right):
            return number(left, world) - number(right, world)
        case x.Mul(factors=factors):
            return _product(expr, factors, world)
        case x.Ref(name=name):
            return _named(expr, name, world)
        case x.Judged(key=key):
            return world.judgement(key)
        case x.If(when=when, then=then, other=other):
            return number(then if truth(when, world) else other, world)
        case x.PointsOf(code=code):
            return world.points_of(code)
        case x.MaximumOf(code=code):
            return world.maximum_of(code)
        case x.Column(name=name):
            cell: Exact = world.cell(name)
            return cell
        case x.Total():
            return world.total()
        case x.TotalMaximum():
            return world.total_maximum()
        case _:
            return _called(expr, world)


def _called(
    expr: x.Pow | x.Least | x.Greatest | x.Median | x.Abs | x.Rounded | x.CountRows | x.Reduced | x.Inexact | x.Lookup
    | x.Reckoned,
    world: World,
) -> Exact:
    match expr:
        case x.Least(args=args):
            return min([number(arg, world) for arg in args])
        case x.Greatest(args=args):
            return max([number(arg, world) for arg in args])
        case x.Pow(base=base, exponent=exponent):
            return _kept_small(Fraction(Fraction(number(base, world)) ** exponent), expr)
        case x.Median(args=args):
            return middle([number(arg, world) for arg in args])
        case x.Abs(arg=arg):
            size = number(arg, world)
            return size if size >= 0 else -size
        case x.Rounded(arg=arg, mode=mode, step=step):
            return round_to(number(arg, world), mode, step)
        case x.CountRows(register=register, where=where):
            return len(_selected(register, where, world))
        case x.Reduced():
            return _reduced(expr, world)
        case x.Inexact(function=function, args=args, places=places):
            value = inexact(function, tuple([Fraction(number(arg, world)) for arg in args]), places)
            if value is None:
                raise Undefined(expr)
            return value
        case x.Lookup(table=table, keys=keys):
            return looked_up(table, [number(key, world) for key in keys])
        case x.Reckoned(how=how, first=first, second=second):
            return reckoned(how, number(first, world), number(second, world))
        case _:
            assert_never(expr)


def _product(expr: x.Num, factors: Sequence[x.Num], world: World) -> Exact:
    found: Exact = 1
    for factor in factors:
        found *= number(factor, world)
    return _kept_small(found, expr) if multiplies(factors) else found


def _kept_small(value: Exact, expr: x.Expr) -> Exact:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS and too_large(value):
        raise Undefined(expr)
    return value


# ---------------------------------------------------------------- registers


def _selected(register: str, where: x.Truth | None, world: World) -> Sequence[World]:
    rows = world.rows(register)
    return rows if where is None else [row for row in rows if truth(where, row)]


def _reduced(expr: x.Reduced, world: World) -> Exact:
    rows, each = _selected(expr.register, expr.where, world), expr.each
    pairs = [(None if each is None else row.cell(each), number(expr.value, row)) for row in rows]
    if over_one_denominator(expr) and has_long_denominator(value for _, value in pairs):
        raise Undefined(expr)
    found = reduced(expr, pairs, lambda other: number(other, world))
    if found is None:
        raise Undefined(expr)
    return found


def reduced(
    expr: x.Reduced, pairs: Sequence[tuple[Any, Exact]], number_of: Callable[[x.Num], Exact]
) -> Exact | None:
    """The values of the selected rows as one number, each with what parts it (``None``: nothing does).

    ``None`` where that is undefined: ``tied`` alone settles a tied majority, ``other`` all else.
    """
    if expr.each is None:
        return _of_part(expr, [value for _, value in pairs], number_of)
    parts: dict[Any, list[Exact]] = {}
    for key, value in pairs:
        parts.setdefault(key, []).append(value)
    found = [_of_part(expr, part, number_of) for part in parts.values()]
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None


def _of_part(expr: x.Reduced, values: Sequence[Exact], number_of: Callable[[x.Num], Exact]) -> Exact | None:
    found = reduce_values(expr.how, values, expr.tied if isinstance(expr.tied, x.Tie) else None)
    if found is not None:
        return found
    other = expr.tied if expr.how is x.Reducer.MAJORITY and values else expr.other
    return None if other is None or isinstance(other, x.Tie) else number_of(other)


# ---------------------------------------------------------------- truths


def truth(expr: x.Truth, world: World) -> bool:
    """Whether a condition holds."""
    match expr:
        case x.Compare(order=order, left=left, right=right):
            return holds_between(order, number(left, world), number(right, world))
        case x.IsLevel(name=name, levels=levels):
            return world.fact(name) in levels
        case x.Flag(name=name):
            return bool(world.fact(name))
        case x.Among(value=value, levels=levels):
            return number(value, world) in levels
        case x.All(args=args):
            return all(truth(arg, world) for arg in args)
        case x.AnyOf(args=args):
            return any(truth(arg, world) for arg in args)
        case x.Not(arg=arg):
            return not truth(arg, world)
        case x.Always(value=holds):
            return holds
        case x.RefTruth(name=name):
            return bool(_named(expr, name, world))
        case x.IsMissing(name=name):
            return world.is_missing(name)
        case x.Met(code=code):
            return world.is_met(code)
        case x.Unrated(code=code):
            return world.is_unrated(code)
        case x.AtLeast(number=wanted, args=args):
            return sum([truth(arg, world) for arg in args]) >= wanted
        case x.ColumnFlag(name=name):
            return bool(world.cell(name))
        case x.ColumnIs(name=name, levels=levels):
            return world.cell(name) in levels
        case x.NothingZero(codes=codes):
            return world.nothing_zero(codes)
        case _:
            assert_never(expr)


# ---------------------------------------------------------------- named values


def _named(expr: x.Ref | x.RefTruth, name: str, world: World) -> Exact:
    """A named value: worked out once, after those it uses, however long the chain of names is.

    Its failure is the failure of whoever asks.
    """
    done = world.worked_out
    todo = [] if name in done else [name]
    while todo:
        value = world.definition(todo[-1])
        first = [part.name for part in x.walk(value) if isinstance(part, x.Ref | x.RefTruth) and part.name not in done]
        if first:
            todo += first
            continue
        try:
            if isinstance(value, x.Num):
                done[todo[-1]] = _kept_small(number(value, world), expr)
            else:
                done[todo[-1]] = truth(value, world)
        except (Unsettled, Undefined) as failure:
            done[todo[-1]] = failure.with_traceback(None)
        todo.pop()
    found = done[name]
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found

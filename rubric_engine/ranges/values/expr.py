"""Expressions and conditions over ranges. Standard library only.

:func:`number` and :func:`truth` read an expression where an :class:`Env` says what is possible, :func:`assume` narrows
that by a condition. Conditions are read left to right, as exact readings do: what stands after ``planned > 0 and`` is
read where that holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import assert_never

from rubric_engine.meaning.budget import OF_A_PART
from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.growth import too_large
from rubric_engine.plan.expr import (
    Abs,
    Add,
    All,
    Always,
    Among,
    AnyOf,
    AtLeast,
    Column,
    ColumnFlag,
    ColumnIs,
    Compare,
    Const,
    CountRows,
    Div,
    Fact,
    Flag,
    Greatest,
    If,
    Inexact,
    IsLevel,
    IsMissing,
    Judged,
    Least,
    Lookup,
    MaximumOf,
    Median,
    Met,
    Mul,
    Not,
    NothingZero,
    Num,
    PointsOf,
    Pow,
    Reckoned,
    Reduced,
    Ref,
    RefTruth,
    Rounded,
    Sub,
    Total,
    TotalMaximum,
    Truth,
    Unrated,
)
from rubric_engine.ranges.forms import ValueOf, bound_form, bound_quotient
from rubric_engine.ranges.values.env import (
    EITHER,
    FALSE,
    TRUE,
    Env,
    Possible,
    at_once,
    column_key,
    level_held,
    settled_truth,
    truth_at_once,
    with_flag,
    with_level,
)
from rubric_engine.ranges.values.functions import inexact_range, reckoned_range
from rubric_engine.ranges.values.interval import (
    ANY_NUMBER,
    NO_WAITS,
    Interval,
    absolute,
    divide,
    greatest,
    hull,
    intersect,
    kept_small,
    least,
    may_be,
    middle_of,
    multiply,
    plain,
    point,
    quotient,
    raise_to,
    rounded,
    waiting_for,
)
from rubric_engine.ranges.values.linear import Atom, Linear, add_forms, add_up_forms, constant_form, scale_form
from rubric_engine.ranges.values.lookup import assume_among, is_among, lookup_range
from rubric_engine.ranges.values.narrow import assume_each, assume_some, narrow
from rubric_engine.ranges.values.parts import reduce_rows
from rubric_engine.ranges.values.registers import RowReaders, count_rows
from rubric_engine.ranges.values.truths import OPPOSITE, TARGETS, how_many, no_zero

# ---------------------------------------------------------------- numbers

_ONE_LESS = -1
# What a name stands for is known by its name alone.
_NAMES = frozenset((Fact, Judged, PointsOf, MaximumOf, Total, TotalMaximum, Ref, Column))
_A_SHARE = Interval(low=0, high=1)


def number(expr: Num, env: Env) -> Interval:
    """Every value the expression can take."""
    if isinstance(expr, Const):
        return point(expr.value)
    value = at_once(expr, env)
    if value is not None:
        return point(value)
    seen = env.seen.get(id(expr))
    if seen is None:
        env.budget.take(OF_A_PART)
        seen = env.seen[id(expr)] = (expr, _bounds(_shape(expr, env), env))
    found = seen[1]
    assert isinstance(found, Interval)
    return found


def _shape(expr: Num, env: Env) -> Linear:
    """The expression as a sum over atoms; a name of a value is what it stands for."""
    if isinstance(expr, Const):
        return constant_form(plain(expr.value))
    value = at_once(expr, env)
    if value is not None:
        return constant_form(value)
    shape = env.shapes.get(id(expr))
    if shape is None:
        env.budget.take(OF_A_PART)
        shape = env.shapes[id(expr)] = (expr, _new_shape(expr, env))
    return shape[1]


def _new_shape(expr: Num, env: Env) -> Linear:
    match expr:
        case Const(value=value):
            return constant_form(plain(value))
        case Add(terms=terms):
            return add_up_forms(_shape(term, env) for term in terms)
        case Sub(left=left, right=right):
            return add_forms(_shape(left, env), _shape(right, env), _ONE_LESS)
        case Mul(factors=factors):
            return _product_shape(factors, env)
        case Div(left=left, right=right):
            divisor = number(right, env).exact
            return scale_form(_shape(left, env), quotient(1, divisor)) if divisor else _atom_shape(expr, env)
        case Ref(name=name) if name in env.lets:
            return _within_the_wall(_shape(env.lets[name], env), env)  # type: ignore[arg-type]
        case _:
            return _atom_shape(expr, env)


# Longer than any score has a use for (see ``growth``): as undefined as this.
_BEYOND_THE_WALL = Div(Const(Fraction(1)), Const(Fraction(0)))


def _within_the_wall(form: Linear, env: Env) -> Linear:
    return Linear({env.atoms[_BEYOND_THE_WALL]: 1}, 0) if not form.terms and too_large(form.const) else form


def _atom_shape(expr: Num, env: Env, factor: Exact = 1) -> Linear:
    atom = env.atoms[expr]
    value = _atom(atom, env)
    if value.exact is not None:
        return constant_form(value.exact * factor)
    if not factor and not value.may_be_undefined:
        return constant_form(0)
    return Linear({atom: factor}, 0)


def _product_shape(factors: Iterable[Num], env: Env) -> Linear:
    constant: Exact = 1
    rest: list[tuple[Num, Linear]] = []
    for factor in factors:
        form = _shape(factor, env)
        if form.terms:
            rest.append((factor, form))
        else:
            constant *= form.const
    if not rest:
        return _within_the_wall(constant_form(constant), env)
    if len(rest) == 1:
        form = scale_form(rest[0][1], constant)
        if constant:
            return form
        return Linear({a: f for a, f in form.terms.items() if _atom(a, env).may_be_undefined}, form.const)
    return _atom_shape(Mul(tuple(factor for factor, _ in rest)), env, constant)


def _atom(atom: Atom, env: Env) -> Interval:
    """What an atom can be: by its parts, and by what has been assumed of it."""
    known = env.numbers.get(atom)
    if type(atom.expr) in _NAMES:
        return ANY_NUMBER if known is None else known
    if atom in env.busy:
        # Reached again through a relation between an expression and its own parts: what was assumed must do.
        return ANY_NUMBER if known is None else known
    found = env.values.get(atom)
    if found is None:
        env.busy.add(atom)
        found = _by_parts(atom.expr, env, known)
        env.busy.discard(atom)
        if known is not None:
            # An empty intersection is a branch that cannot happen: any answer bounds it.
            found = intersect(found, known) or found
        env.values[atom] = found
    return found


def _by_parts(expr: Num, env: Env, known: Interval | None) -> Interval:
    match expr:
        case Div(left=left, right=right):
            return _quotient(left, right, env, known)
        case Mul(factors=factors):
            found = point(1)
            for factor in dict.fromkeys(factors):
                found = multiply(found, raise_to(number(factor, env), factors.count(factor)))
            return kept_small(found)
        case Pow(base=base, exponent=exponent):
            return kept_small(raise_to(number(base, env), exponent))
        case Least(args=args):
            return least(number(arg, env) for arg in args)
        case Greatest(args=args):
            return greatest(number(arg, env) for arg in args)
        case Median(args=args):
            return middle_of(number(arg, env) for arg in args)
        case Abs(arg=arg):
            return absolute(number(arg, env))
        case Rounded(arg=arg, mode=mode, step=step):
            return rounded(number(arg, env), mode, step)
        case If(when=when, then=then, other=other):
            return _either(when, then, other, env)
        case CountRows(register=name, where=where):
            return count_rows(name, where, env, _READERS)
        case Reduced():
            return reduce_rows(expr, env, _READERS)
        case Lookup():
            return lookup_range(expr, env, _READERS)
        case Inexact(function=function, args=args, places=places):
            return inexact_range(function, [number(arg, env) for arg in args], places)
        case Reckoned(how=how, first=first, second=second):
            return reckoned_range(how, number(first, env), number(second, env))
        case (
            Const() | Add() | Sub() | Fact() | Judged() | PointsOf() | MaximumOf() | Total() | TotalMaximum() | Ref()
            | Column()
        ):  # fmt: skip
            return number(expr, env)
        case _:
            assert_never(expr)


def _either(when: Truth, then: Num, other: Num, env: Env) -> Interval:
    chance = truth(when, env)
    parts: list[Interval] = []
    for holds, value, open_ in ((True, then, chance.may_be_true), (False, other, chance.may_be_false)):
        inside = assume(env, when, holds) if open_ else None
        if inside is not None:
            parts.append(number(value, inside))
    if not parts:
        return hull([number(then, env), number(other, env)])
    waits = chance.waits if len(parts) > 1 or chance.may_be_undefined else NO_WAITS
    return waiting_for(hull(parts), waits, chance.may_be_undefined)


def value_in(env: Env) -> ValueOf:
    """How atoms are read there."""
    return lambda atom: _atom(atom, env)


def _bounds(form: Linear, env: Env) -> Interval:
    return bound_form(form, env.forms, value_in(env))


def _quotient(left: Num, right: Num, env: Env, known: Interval | None) -> Interval:
    """``left / right``: by the two ranges, then by how the two are bound to one another."""
    top, bottom = number(left, env), number(right, env)
    found = divide(top, bottom)
    if known is not None:
        found = intersect(found, known) or found
    if isinstance(left, CountRows) and right == CountRows(left.register):
        found = intersect(found, _A_SHARE) or found
    negative = bottom.high is not None and bottom.high <= 0
    if not negative and (bottom.low is None or bottom.low < 0):
        return found
    return bound_quotient(found, _shape(left, env), _shape(right, env), negative, env.forms, value_in(env))


# ---------------------------------------------------------------- truths

def truth(expr: Truth, env: Env) -> Possible:
    """Whether the condition can hold, and whether it can fail."""
    value = truth_at_once(expr, env)
    if value is not None:
        return TRUE if value else FALSE
    seen = env.seen.get(id(expr))
    if seen is None:
        env.budget.take(OF_A_PART)
        answer = _truth(expr, env)
        if answer.known is not None and not answer.may_be_undefined:
            answer = settled_truth(answer.known)
        seen = env.seen[id(expr)] = (expr, answer)
    found = seen[1]
    assert isinstance(found, Possible)
    return found


def _truth(expr: Truth, env: Env) -> Possible:
    match expr:
        case Always(value=value):
            return settled_truth(value)
        case Flag(name=name):
            return env.flags.get(name, EITHER)
        case RefTruth(name=name):
            return truth(env.lets[name], env) if name in env.lets else EITHER  # type: ignore[arg-type]
        case Compare():
            return _compared(expr, env)
        case ColumnFlag(name=name):
            return env.flags.get(column_key(name), EITHER)
        case IsLevel(name=name, levels=levels):
            return level_held(env.levels.get(name), levels)
        case ColumnIs(name=name, levels=levels):
            return level_held(env.levels.get(column_key(name)), levels)
        case Among():
            return is_among(expr, env, _READERS)
        case IsMissing() | Met() | Unrated():
            return env.truths.get(expr, EITHER)
        case NothingZero(codes=codes):
            return env.truths.get(expr) or no_zero(codes, env.zeros)
        case All(args=args):
            return _first_to_decide(args, False, env)
        case AnyOf(args=args):
            return _first_to_decide(args, True, env)
        case Not(arg=arg):
            inner = truth(arg, env)
            return replace(inner, may_be_true=inner.may_be_false, may_be_false=inner.may_be_true)
        case AtLeast(number=wanted, args=args):
            return how_many(wanted, [truth(arg, env) for arg in args])
        case _:
            assert_never(expr)


def _first_to_decide(args: Iterable[Truth], deciding: bool, env: Env) -> Possible:
    """``and`` is decided by the first that fails, ``or`` by the first that holds; each is read where none has yet."""
    waits = NO_WAITS
    undefined = may_be_decided = False
    here: Env | None = env
    for arg in args:
        if here is None:
            break
        chance = truth(arg, here)
        undefined |= chance.may_be_undefined
        if chance.known is not None:
            if chance.known is deciding:
                if not undefined:
                    return settled_truth(deciding)
                return Possible(deciding, not deciding, waits | chance.waits, True)
            waits |= chance.waits
            continue
        may_be_decided = True
        waits |= chance.waits
        here = assume(here, arg, not deciding)
    if here is None:
        return Possible(deciding, not deciding, waits, undefined)
    if deciding:
        return Possible(may_be_decided, True, waits, undefined)
    return Possible(True, may_be_decided, waits, undefined)


def _compared(expr: Compare, env: Env) -> Possible:
    form, crossed = difference(expr, env)
    found = _bounds(form, env)
    may_be_true, may_be_false = may_be(found, expr.order), may_be(found, OPPOSITE[expr.order])
    if may_be_true and may_be_false and crossed is not None:
        gap = _bounds(crossed, env)
        may_be_true, may_be_false = may_be(gap, expr.order), may_be(gap, OPPOSITE[expr.order])
        if not may_be_true and not may_be_false:
            may_be_true = may_be_false = True
    return Possible(may_be_true, may_be_false, found.waits, found.may_be_undefined)


def difference(expr: Compare, env: Env) -> tuple[Linear, Linear | None]:
    """Left less right; and what has the sign of that, where it is one quotient less a constant."""
    seen = env.differences.get(id(expr))
    if seen is None:
        form = add_forms(_shape(expr.left, env), _shape(expr.right, env), _ONE_LESS)
        seen = env.differences[id(expr)] = (expr, (form, _multiplied_out(form, env)))
    return seen[1]


def _multiplied_out(form: Linear, env: Env) -> Linear | None:
    """A quotient less a constant, times its divisor; needs a divisor of one sign."""
    live = form.live
    if len(live) != 1:
        return None
    (atom, factor), = live.items()
    ratio = atom.expr
    if not isinstance(ratio, Div):
        return None
    bottom = number(ratio.right, env)
    # Only the sign counts, and whole coefficients are the quickest.
    size = lcm(factor.denominator, form.const.denominator)
    if bottom.low is None or bottom.low < 0:
        if bottom.high is None or bottom.high > 0:
            return None
        size = -size
    above = scale_form(_shape(ratio.left, env), plain(factor * size))
    return add_forms(above, _shape(ratio.right, env), plain(form.const * size))


# ---------------------------------------------------------------- assumptions


def assume(env: Env, condition: Truth, holds: bool) -> Env | None:
    """The environment where the condition holds (or fails), beyond the budget the same; ``None`` if that cannot be."""
    key = (id(condition), holds)
    found = env.beyond.get(key)
    if found is None:
        if not env.may_narrow():
            return env
        # What is assumed is kept with the answer, so that no other condition can take its place in memory.
        found = env.beyond[key] = (condition, _assumed(env, condition, holds))
    return found[1]


def _assumed(env: Env, condition: Truth, holds: bool) -> Env | None:
    chance = truth(condition, env)
    if not (chance.may_be_true if holds else chance.may_be_false):
        return None
    if chance.known is not None:
        return env
    match condition:
        case Always():
            return env
        case Flag(name=name):
            return with_flag(env, name, holds)
        case ColumnFlag(name=name):
            return with_flag(env, column_key(name), holds)
        case RefTruth(name=name):
            return assume(env, env.lets[name], holds) if name in env.lets else env  # type: ignore[arg-type]
        case Compare():
            return _assume_compared(env, condition, holds)
        case IsLevel(name=name, levels=levels):
            return with_level(env, name, levels, holds)
        case ColumnIs(name=name, levels=levels):
            return with_level(env, column_key(name), levels, holds)
        case Among():
            return assume_among(env, condition, holds, _READERS)
        case IsMissing() | Met() | Unrated() | NothingZero():
            found = env.copy()
            found.truths[condition] = settled_truth(holds)
            return found
        case Not(arg=arg):
            return assume(env, arg, not holds)
        case All(args=args):
            return assume_each(env, args, True, assume) if holds else assume_some(env, args, False, assume)
        case AnyOf(args=args):
            return assume_some(env, args, True, assume) if holds else assume_each(env, args, False, assume)
        case AtLeast(number=wanted, args=args):
            return _assume_count(env, wanted, args, holds)
        case _:
            assert_never(condition)


def _assume_count(env: Env, wanted: int, args: Sequence[Truth], holds: bool) -> Env | None:
    """Narrows where the count leaves no choice."""
    chances = [truth(arg, env) for arg in args]
    open_ = [arg for arg, chance in zip(args, chances, strict=True) if chance.known is None]
    needed = wanted - sum(chance.known is True for chance in chances)
    if holds:
        return assume_each(env, open_, True, assume) if needed == len(open_) else env
    return assume_each(env, open_, False, assume) if needed == 1 else env


def _assume_compared(env: Env, expr: Compare, holds: bool) -> Env | None:
    target = TARGETS[expr.order if holds else OPPOSITE[expr.order]]
    form, crossed = difference(expr, env)
    found = env.copy()
    value_of = value_in(found)
    if not narrow(found, form, target, value_in(env), value_of):
        return None
    return None if crossed is not None and not narrow(found, crossed, target, value_of, value_of) else found


_READERS = RowReaders(number, truth, assume)

"""Lookups over ranges: which cells the keys can still point at, what a cell says of its keys. Standard library only.

Of a key of levels the levels still possible are known one by one, so a lookup gives exactly the cells that can come
up, and waits only for keys that make a difference to them.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from rubric_engine.meaning.exact import Exact
from rubric_engine.plan.expr import Among, Column, Compare, Const, Fact, If, Lookup, Num, Order, Ref, Truth
from rubric_engine.plan.tables import Axis, Cells, Places, cells_among, numbers_in, place_on, places_giving, places_in
from rubric_engine.ranges.values.env import Env, LevelSet, Possible, at_once, column_key, with_level
from rubric_engine.ranges.values.interval import NO_WAITS, Interval, common_grid, interval, point
from rubric_engine.ranges.values.registers import RowReaders


def lookup_range(expr: Lookup, env: Env, read: RowReaders) -> Interval:
    """What a lookup can give."""
    keys = _keys(expr, env, read)
    found = cells_among(expr.table, _places(keys))
    points = [point(cell) for cell in found.values]
    low, high = min(found.values), max(found.values)
    given = interval(
        low, high, grid=common_grid(points), nonzero=0 not in found.values, waits=_waits(keys, found),
        may_be_undefined=any(key.may_be_undefined for key in keys),
    )  # fmt: skip
    assert given is not None
    return given


def is_among(expr: Among, env: Env, read: RowReaders) -> Possible:
    """Whether an index can be one of these, and whether it can be another."""
    wanted = frozenset(expr.levels)
    held = indices_of(expr.value, env, read)
    waits = held.waits
    inner = _looked_through(expr.value, env)
    if isinstance(inner, Lookup):
        keys = _keys(inner, env, read)
        waits = _waits(keys, cells_among(inner.table, _places(keys), frozenset(map(Fraction, wanted))))
    may_be, may_not = bool(held.values & wanted), bool(held.values - wanted)
    return Possible(may_be, may_not, waits, held.may_be_undefined)


def assume_among(env: Env, expr: Among, holds: bool, read: RowReaders) -> Env | None:
    """The environment where the index is one of these, or none of them."""
    held = indices_of(expr.value, env, read)
    wanted = held.values & set(expr.levels) if holds else held.values - set(expr.levels)
    return _narrowed(env, expr.value, wanted, read) if wanted else None


def indices_of(value: Num, env: Env, read: RowReaders) -> LevelSet:
    """The whole numbers an index can be."""
    return _places_of(value, None, env, read)


def _looked_through(value: Num, env: Env) -> Num:
    while isinstance(value, Ref) and value.name in env.lets:
        value = env.lets[value.name]  # type: ignore[assignment]
    return value


def _keys(expr: Lookup, env: Env, read: RowReaders) -> list[LevelSet]:
    found = [_places_of(key, axis, env, read) for axis, key in zip(expr.table.axes, expr.keys, strict=True)]
    # Nothing left of a key is a branch that cannot happen: any answer bounds it.
    return [
        key if key.values else replace(key, values=frozenset(range(axis.size)))
        for axis, key in zip(expr.table.axes, found, strict=True)
    ]


def _places(keys: Sequence[LevelSet]) -> Places:
    return tuple(key.values for key in keys)


def _waits(keys: Sequence[LevelSet], found: Cells) -> frozenset[str]:
    waits = NO_WAITS
    for number, key in enumerate(keys):
        if number in found.deciding or key.may_be_undefined:
            waits |= key.waits
    return waits


def _places_of(key: Num, axis: Axis | None, env: Env, read: RowReaders) -> LevelSet:
    """The places of a key that can still be; without an axis the whole numbers themselves."""
    value = at_once(key, env)
    if value is not None:
        return LevelSet(frozenset((int(value) if axis is None else place_on(axis, value),)))
    remembered = env.places.get((id(key), id(axis)))
    if remembered is None:
        found = _new_places(key, axis, env, read)
        held = env.levels.get(env.atoms[key]) if isinstance(key, Ref | Lookup) else None
        if held is not None:
            left = found.values & held.values
            # Nothing left is a branch that cannot happen: any answer bounds it.
            found = replace(found, values=left or found.values)
        if len(found.values) == 1 and not found.may_be_undefined:
            found = replace(found, waits=NO_WAITS)
        remembered = env.places[id(key), id(axis)] = (key, axis, found)
    return remembered[2]


def _new_places(key: Num, axis: Axis | None, env: Env, read: RowReaders) -> LevelSet:
    if axis is not None and axis.ends:
        return _places_of_number(read.number(key, env), axis)
    match key:
        case Fact(name=name) if name in env.levels:
            return env.levels[name]
        case Column(name=name) if column_key(name) in env.levels:
            return env.levels[column_key(name)]
        case Ref(name=name) if name in env.lets:
            return _places_of(env.lets[name], axis, env, read)  # type: ignore[arg-type]
        case Lookup():
            keys = _keys(key, env, read)
            found = cells_among(key.table, _places(keys))
            undefined = any(each.may_be_undefined for each in keys)
            return LevelSet(frozenset(map(int, found.values)), _waits(keys, found), undefined)
        case If(when=when, then=then, other=other):
            return _either_place(when, then, other, axis, env, read)
        case Fact() | Column() if axis is not None:
            return LevelSet(frozenset(range(axis.size)))
        case _:
            return _whole_places(read.number(key, env), axis)


def _either_place(when: Truth, then: Num, other: Num, axis: Axis | None, env: Env, read: RowReaders) -> LevelSet:
    chance = read.truth(when, env)
    parts: list[LevelSet] = []
    for holds, value, open_ in ((True, then, chance.may_be_true), (False, other, chance.may_be_false)):
        inside = read.assume(env, when, holds) if open_ else None
        if inside is not None:
            parts.append(_places_of(value, axis, inside, read))
    if not parts:
        parts = [_places_of(value, axis, env, read) for value in (then, other)]
    waits = chance.waits if len(parts) > 1 or chance.may_be_undefined else NO_WAITS
    return LevelSet(
        frozenset[int]().union(*(part.values for part in parts)),
        waits.union(*(part.waits for part in parts)),
        chance.may_be_undefined or any(part.may_be_undefined for part in parts),
    )


def _whole_places(value: Interval, axis: Axis | None) -> LevelSet:
    """Of an index that is worked out in another way; without ends it is any place of the axis."""
    size = 0 if axis is None else axis.size
    low = 0 if value.low is None else int(value.low)
    high = max(low, size - 1) if value.high is None else int(value.high)
    return LevelSet(frozenset(range(low, high + 1)), value.waits, value.may_be_undefined)


def _places_of_number(value: Interval, axis: Axis) -> LevelSet:
    ends, places = numbers_in(axis.ends), places_in(axis)
    found = set[int]()
    for at, place in enumerate(places):
        if at % 2:
            if value.contains(ends[at // 2]):
                found.add(place)
        elif place not in found and _has_between(value, ends, at // 2):
            found.add(place)
    return LevelSet(frozenset(found) or frozenset(places), value.waits, value.may_be_undefined)


def _has_between(value: Interval, ends: Sequence[Exact], at: int) -> bool:
    """Whether the number can lie between two ends that follow one another."""
    low, high = value.low, value.high
    low_open, high_open = value.low_open, value.high_open
    if at and (low is None or low <= ends[at - 1]):
        low, low_open = ends[at - 1], True
    if at < len(ends) and (high is None or high >= ends[at]):
        high, high_open = ends[at], True
    return (
        interval(low, high, low_open=low_open, high_open=high_open, grid=value.grid, nonzero=value.nonzero) is not None
    )


# ---------------------------------------------------------------- what a cell says of its keys


def _narrowed(env: Env, value: Num, wanted: frozenset[int], read: RowReaders) -> Env | None:
    """The environment where a key has one of these places."""
    match value:
        case Fact(name=name):
            return with_level(env, name, tuple(wanted), True)
        case Column(name=name):
            return with_level(env, column_key(name), tuple(wanted), True)
        case Ref(name=name) if name in env.lets:
            inside = _narrowed(env, env.lets[name], wanted, read)  # type: ignore[arg-type]
            return None if inside is None else _told(inside, value, wanted, env, read)
        case Lookup():
            inside = _narrowed_keys(env, value, wanted, read)
            return None if inside is None else _told(inside, value, wanted, env, read)
        case If(when=when, then=Const(value=then), other=Const(value=other)):
            if then in wanted and other in wanted:
                return env
            return read.assume(env, when, then in wanted)
        case _:
            return env


def _told(inside: Env, value: Num, wanted: frozenset[int], before: Env, read: RowReaders) -> Env:
    """What is left of an index that was worked out: its keys alone would not tell it."""
    held = indices_of(value, before, read)
    found = inside.copy()
    found.levels[found.atoms[value]] = LevelSet(wanted, held.waits if len(wanted) > 1 else NO_WAITS)
    return found


def _narrowed_keys(env: Env, expr: Lookup, wanted: frozenset[int], read: RowReaders) -> Env | None:
    before = _places(_keys(expr, env, read))
    after = places_giving(expr.table, before, frozenset(map(Fraction, wanted)))
    here: Env | None = env
    for axis, key, was, left in zip(expr.table.axes, expr.keys, before, after, strict=True):
        if not left or here is None:
            return None
        if left != was:
            here = _between(here, key, axis, left, read) if axis.ends else _narrowed(here, key, left, read)
    return here


def _between(env: Env, key: Num, axis: Axis, left: frozenset[int], read: RowReaders) -> Env | None:
    """A key of numbers kept within the outermost of its places."""
    ends, places = numbers_in(axis.ends), places_in(axis)
    first = next(at for at, place in enumerate(places) if place in left)
    last = next(at for at in range(len(places) - 1, -1, -1) if places[at] in left)
    here: Env | None = env
    if first:
        order = Order.GE if first % 2 else Order.GT
        here = read.assume(env, Compare(order, key, Const(Fraction(ends[(first - 1) // 2]))), True)
    if last < len(places) - 1 and here is not None:
        order = Order.LE if last % 2 else Order.LT
        here = read.assume(here, Compare(order, key, Const(Fraction(ends[last // 2]))), True)
    return here

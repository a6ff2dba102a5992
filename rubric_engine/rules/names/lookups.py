"""Tables a rubric is looked up in: one lookup of the plan for each call, however many rows the table has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from rubric_engine.model import Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind
from rubric_engine.plan.record import record
from rubric_engine.plan.tables import Axis, Table, looked_up, written_numbers
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.names.level_values import by_index, levelled, named_list
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.table_keys import MOST_CELLS, Key, key_of, level_of_file
from rubric_engine.rules.names.typed import BROKEN, LevelValue, Sort, Typed, common_grid, number
from rubric_engine.syntax.tree import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]
_MOST_JOINED = 5_000
_NO_FACTS = (Kind.TEXT, Kind.LIST, Kind.RATINGS)


@record
class Filled:
    """A table with a value in every cell that is needed; ``values`` are told apart by number."""

    axes: tuple[Axis, ...]
    cells: tuple[int, ...]
    values: tuple[Typed, ...]


def look_up(
    node: n.Apply, args: Sequence[Typed], clause: n.TableClause, rows: list[n.Row], scope: Scope, heading: Heading,
    resolve: Resolve,
) -> Typed:  # fmt: skip
    """What the row for the arguments gives; every combination must have exactly one."""
    scope.used.add(clause.name.text)
    if any(arg.broken for arg in args):
        return BROKEN
    keys = [key_of(arg, scope) for arg in args]
    for arg, key in zip(args, keys, strict=True):
        if key is None:
            scope.report("RUB301", arg.span, text=scope.words(arg.span), found=arg.sort.value, expected="level",
                         help="help_level")  # fmt: skip
            return BROKEN
    columns = [key for key in keys if key is not None]
    if _out_of_order(args, clause, scope):
        return BROKEN
    given = None
    if clause.giving is not None and (given := named_list(clause.giving, scope)) is None:
        return BROKEN
    filled = _filled(node, clause, rows, columns, given, scope, heading, resolve)
    if filled is None:
        return BROKEN
    by = tuple(column.index for column in columns)
    if given is None:
        return _number_of(clause, filled, by, scope)
    levels = tuple(level.name for level in given.levels)
    numbers = [_value(value.num) for value in filled.values]
    cells = written_numbers(numbers[cell] for cell in filled.cells)
    index = _lookup(Table(clause.name.text, filled.axes, cells, levels), by, scope)
    possible = {int(numbers[cell]) for cell in filled.cells}
    return Typed(None, Sort.LEVEL, computed=by_index(clause.name.text, given, index, possible))


def look_over(clause: n.TableClause, rows: list[n.Row], scope: Scope, resolve: Resolve) -> None:
    """The rows of a table nothing calls, for their own faults: called with the facts it names, where it names facts."""
    anywhere = Heading(maximum=Fraction(1))
    facts = [scope.inputs.get(name.text) for name in clause.by]
    if all(fact is not None and fact.kind not in _NO_FACTS for fact in facts):
        names = [n.Name(name.text, name.span) for name in clause.by]
        args = [resolve(name, scope, anywhere) for name in names]
        look_up(n.Apply(clause.name, tuple(names), clause.span), args, clause, rows, scope, anywhere, resolve)
        return
    given = None if clause.giving is None else named_list(clause.giving, scope)
    for row in rows:
        if not isinstance(row.key, n.OtherwiseKey):
            options_of(row, len(clause.by), scope)
        if clause.giving is None or given is not None:
            _given(row, given, scope, anywhere, resolve)


# ---------------------------------------------------------------- rows


def options_of(row: n.Row, columns: int, scope: Scope) -> tuple[Sequence[n.Ident | n.YesNo | n.Band | n.FileKey], ...]:
    """Of each column the keys the row is for; nothing after reporting a row of another shape."""
    match row.key:
        case n.LevelKeys(keys=keys):
            found: tuple[Sequence[n.Ident | n.YesNo | n.Band | n.FileKey], ...] = tuple((key,) for key in keys)
        case n.TableKeys(keys=several):
            found = several
        case n.Band():
            found = ((row.key,),)
        case n.WhenKey() | n.OtherwiseKey():
            found = ()
    if len(found) != columns:
        scope.report("RUB212", row.span, row=scope.words(row.key.span), help="help_table")
        return ()
    return found


def _filled(
    node: n.Apply, clause: n.TableClause, rows: list[n.Row], columns: Sequence[Key], given: LevelValue | None,
    scope: Scope, heading: Heading, resolve: Resolve,
) -> Filled | None:  # fmt: skip
    """Every row read and put where it belongs; ``None`` after reporting what is wrong."""
    values: dict[x.Expr, int] = {}
    kept: list[Typed] = []

    def number_of(value: Typed) -> int:
        at = values.setdefault(value.num, len(kept))
        if at == len(kept):
            kept.append(value)
        return at

    read: list[tuple[n.Row, list[Iterable[object]], int]] = []
    otherwise: tuple[n.Row, int] | None = None
    broken = False
    for row in rows:
        value = _given(row, given, scope, heading, resolve)
        if isinstance(row.key, n.OtherwiseKey):
            if otherwise is not None or row is not rows[-1]:
                scope.report("RUB210", row.span, clause=scope.words(row.key.span), help="help_otherwise")
            otherwise = (row, -1 if value.broken else number_of(value))
            broken = broken or value.broken
            continue
        keys = _keys_of(row, columns, scope)
        if keys is None or value.broken:
            broken = True
            continue
        read.append((row, keys, number_of(value)))
    if broken or not _one_unit(clause, kept, scope):
        return None
    axes = [column.axis() for column in columns]
    sizes = [axis.size for axis in axes if axis is not None]
    if len(sizes) < len(axes) or prod(sizes) > MOST_CELLS:
        scope.report("RUB470", clause.span, table=clause.name.text, limit=MOST_CELLS)
        return None
    cells = _placed(clause, read, columns, sizes, scope)
    if cells is None or not _is_complete(node, clause, columns, sizes, cells, otherwise, scope):
        return None
    rest = 0 if otherwise is None else otherwise[1]
    return Filled(
        tuple(axis for axis in axes if axis is not None), tuple(rest if at is None else at for at in cells), tuple(kept)
    )  # fmt: skip


def _keys_of(row: n.Row, columns: Sequence[Key], scope: Scope) -> list[Iterable[object]] | None:
    options = options_of(row, len(columns), scope)
    if not options:
        return None
    found = [column.read(several) for column, several in zip(columns, options, strict=True)]
    return None if any(keys is None for keys in found) else [keys for keys in found if keys is not None]


def _placed(
    clause: n.TableClause, read: Sequence[tuple[n.Row, list[Iterable[object]], int]], columns: Sequence[Key],
    sizes: Sequence[int], scope: Scope,
) -> list[int | None] | None:  # fmt: skip
    """Which value stands in each cell; ``None`` after reporting the first that two rows are for."""
    cells: list[int | None] = [None] * prod(sizes)
    for row, keys, value in read:
        places = [sorted(set(column.places(several))) for column, several in zip(columns, keys, strict=True)]
        for combination in product(*places):
            at = 0
            for size, place in zip(sizes, combination, strict=True):
                at = at * size + place
            if cells[at] is not None:
                scope.report("RUB435", row.key.span, row=_row_words(columns, combination), table=clause.name.text)
                return None
            cells[at] = value
    return cells


def _row_words(columns: Sequence[Key], places: Sequence[int]) -> str:
    return ", ".join(column.word(place) for column, place in zip(columns, places, strict=True))


def _is_complete(
    node: n.Apply, clause: n.TableClause, columns: Sequence[Key], sizes: Sequence[int], cells: Sequence[int | None],
    otherwise: tuple[n.Row, int] | None, scope: Scope,
) -> bool:  # fmt: skip
    """Whether every combination has its row; told are the first without one, and an `otherwise` that is left none."""
    for combination in product(*(column.needed() for column in columns)):
        at = 0
        for size, place in zip(sizes, combination, strict=True):
            at = at * size + place
        if cells[at] is None:
            if otherwise is None:
                scope.report("RUB434", node.span, table=clause.name.text, row=_row_words(columns, combination))
            return otherwise is not None
    if otherwise is not None:
        scope.report("RUB471", otherwise[0].span, table=clause.name.text)
    return True


def _given(row: n.Row, given: LevelValue | None, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    if given is None:
        value = resolve(row.value, scope, heading)
        if value.broken or value.sort is Sort.NUMBER:
            return value
        scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected="number",
                     help="help_number")  # fmt: skip
        return BROKEN
    span = row.value.span
    if not isinstance(row.value, n.Name):
        scope.report("RUB301", span, text=scope.words(span), found="number", expected="level", help="help_giving")
        return BROKEN
    from_file = isinstance(row.key, n.TableKeys) and any(isinstance(key, n.FileKey) for key in row.key.keys[0])
    at = (level_of_file if from_file else level_index)(given, row.value.text, span, scope)
    return BROKEN if at is None else number(x.Const(Fraction(at)))


def _one_unit(clause: n.TableClause, values: Sequence[Typed], scope: Scope) -> bool:
    """What a table gives is of one unit, whichever row it is."""
    first = next((value for value in values if not _is_bare_zero(value)), None)
    if first is None:
        return True
    for value in values:
        if value.unit is not first.unit and not _is_bare_zero(value):
            scope.report("RUB303", value.span, left=first.unit, right=value.unit, text=scope.words(value.span))
            return False
    return True


def _is_bare_zero(value: Typed) -> bool:
    return isinstance(value.expr, x.Const) and not value.expr.value


def _out_of_order(args: Sequence[Typed], clause: n.TableClause, scope: Scope) -> bool:
    """The facts of ``by`` in another order than there: told at the call, for the rows are right."""
    wanted = [name.text for name in clause.by]
    given = [spec.name for arg in args if (spec := levelled(arg)) is not None]
    if given == wanted or sorted(given) != sorted(wanted):
        return False
    at = next(at for at, pair in enumerate(zip(given, wanted, strict=True)) if pair[0] != pair[1])
    owner, here = levelled(args[given.index(wanted[at])]), levelled(args[at])
    assert owner is not None
    assert here is not None
    if [level.name for level in owner.levels] == [level.name for level in here.levels]:
        return False
    scope.report("RUB304", args[at].span, level=owner.levels[0].name, input=given[at], owner=owner.name,
                 order=", ".join(wanted), table=clause.name.text, help="help_order")  # fmt: skip
    return True


# ---------------------------------------------------------------- what is looked up


def _lookup(table: Table, keys: tuple[x.Num, ...], scope: Scope) -> x.Num:
    """The lookup; the cell itself where every key is settled.

    Keys that hang by the same facts, as those of ``worth(x, x)``, are one key: together they have fewer combinations.
    """
    if all(isinstance(key, x.Const) for key in keys):
        return x.Const(Fraction(looked_up(table, [_value(key) for key in keys])))
    facts: dict[x.Num, Axis] = {}
    told = 0
    for axis, key in zip(table.axes, keys, strict=True):
        behind = _behind(key, axis, scope)
        told += len(behind)
        facts.update(behind)
    sizes = [axis.size for axis in facts.values()]
    if told == len(facts) or prod(sizes) > _MOST_JOINED or any(axis.ends for axis in facts.values()):
        return x.Lookup(table, keys)
    cells = [
        _cell(table, keys, dict(zip(facts, map(Fraction, places), strict=True)), scope)
        for places in product(*map(range, sizes))
    ]
    joined = Table(table.name, tuple(facts.values()), written_numbers(cells), table.levels)
    return x.Lookup(joined, tuple(facts))


def _behind(key: x.Num, axis: Axis, scope: Scope) -> dict[x.Num, Axis]:
    """What a key hangs by, other tables looked through."""
    inner = _looked_through(key, scope)
    if not isinstance(inner, x.Lookup):
        return {} if isinstance(inner, x.Const) else {inner: axis}
    found: dict[x.Num, Axis] = {}
    for other, one in zip(inner.table.axes, inner.keys, strict=True):
        found.update(_behind(one, other, scope))
    return found


def _cell(table: Table, keys: Sequence[x.Num], facts: Mapping[x.Num, Fraction], scope: Scope) -> Fraction:
    found: list[Fraction] = []
    for key in keys:
        inner = _looked_through(key, scope)
        if isinstance(inner, x.Lookup):
            found.append(_cell(inner.table, inner.keys, facts, scope))
        else:
            found.append(_value(inner) if isinstance(inner, x.Const) else facts[inner])
    return Fraction(looked_up(table, found))


def _looked_through(key: x.Num, scope: Scope) -> x.Num:
    while isinstance(key, x.Ref) and isinstance(scope.lets[key.name].value.value, x.Lookup | x.Ref):
        key = scope.lets[key.name].value.value  # type: ignore[assignment]
    return key


def _value(key: x.Num) -> Fraction:
    assert isinstance(key, x.Const)
    return key.value


def _number_of(clause: n.TableClause, filled: Filled, by: tuple[x.Num, ...], scope: Scope) -> Typed:
    """Numbers are looked up; of formulas it is looked up which of them holds."""
    unit = next((value.unit for value in filled.values if not _is_bare_zero(value)), Unit.PLAIN)
    grid = common_grid([value.grid for value in filled.values])
    formulas = [at for at, value in enumerate(filled.values) if not isinstance(value.expr, x.Const)]
    known = [Fraction(0) if at in formulas else _value(value.num) for at, value in enumerate(filled.values)]
    name = clause.name.text
    numbers = _lookup(Table(name, filled.axes, written_numbers(known[cell] for cell in filled.cells)), by, scope)
    if not formulas:
        return number(numbers, unit, grid)
    which = {at: number_ for number_, at in enumerate(formulas, 1)}
    index = _lookup(Table(name, filled.axes, written_numbers(which.get(cell, 0) for cell in filled.cells)), by, scope)
    options: dict[int, x.Num] = {which[at]: filled.values[at].num for at in formulas}
    if len(formulas) < len(filled.values):
        options[0] = numbers
    return number(_picked(index, options), unit, grid)


def _picked(index: x.Num, options: Mapping[int, x.Num]) -> x.Num:
    """The formula with that number, asked for by halves."""
    if isinstance(index, x.Const):
        return options[int(index.value)]
    numbers = sorted(options)
    if len(numbers) == 1:
        return options[numbers[0]]
    half = numbers[: len(numbers) // 2]
    rest = numbers[len(numbers) // 2 :]
    return x.If(
        x.Among(index, tuple(half)), _picked(index, {at: options[at] for at in half}),
        _picked(index, {at: options[at] for at in rest}),
    )  # fmt: skip

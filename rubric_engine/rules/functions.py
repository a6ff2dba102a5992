"""Functions and tables a rubric defines. Both are expanded where they are called: nothing is left of them in a plan."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.level_values import NO
from rubric_engine.rules.level_values import YES
from rubric_engine.rules.level_values import all_of
from rubric_engine.rules.level_values import chosen
from rubric_engine.rules.level_values import levelled
from rubric_engine.rules.level_values import named_list
from rubric_engine.rules.level_values import test_of
from rubric_engine.rules.scope import Heading
from rubric_engine.rules.scope import Scope
from rubric_engine.rules.typed import BROKEN
from rubric_engine.rules.typed import LevelValue
from rubric_engine.rules.typed import Sort
from rubric_engine.rules.typed import Typed
from rubric_engine.rules.typed import common_grid
from rubric_engine.rules.typed import number
from rubric_engine.runtime import expr as x
from rubric_engine.runtime.plan import Kind
from rubric_engine.runtime.suggest import closest
from rubric_engine.syntax import nodes as n

Resolve = Callable[[n.Expr, Scope, Heading], Typed]
# A definition may call others, but a rubric stays of a size a person could have written.
MOST_EXPANSIONS = 2000
DEEPEST = 30
WORTH = 20  # parts of an argument that count as one expansion: it is written out wherever the body names it
# Where a definition may be called from: full points have a meaning there.
_ANYWHERE = Heading(maximum=Fraction(1))
# Looking at what nothing calls must not cost more than looking at a whole rubric.
_MOST_LOOKED_AT = 10 * MOST_EXPANSIONS


def resolve_apply(node: n.Apply, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    """A call of a definition or a table."""
    name = node.name.text
    if name in scope.defines:
        return _call(node, scope.defines[name], scope, heading, resolve)
    if name in scope.tables:
        return _look_up(node, *scope.tables[name], scope, heading, resolve)
    if name in scope.unreadable:
        return BROKEN
    near = closest(name, [*scope.defines, *scope.tables])
    scope.report("RUB201", node.name.span, name=name, near=near or "", help="help_near" if near else "help_function")
    return BROKEN


def resolve_uncalled(scope: Scope, resolve: Resolve) -> None:
    """Definitions and tables that nothing calls, for their own faults alone: they stay as unused as they are.

    What the arguments of a definition would be nobody knows, so whatever depends on them is silent. A table by facts is
    called with them.
    """
    kept = set(scope.used), dict(scope.figures), dict(scope.references), scope.expansions
    spent = 0
    # Those that call others mostly stand below them: what one calls has been looked at with it.
    for name, defined in reversed(tuple(scope.defines.items())):
        if name not in scope.used and name not in scope.unreadable and spent < _MOST_LOOKED_AT:
            scope.expansions = 0
            _look_into(defined, scope, resolve)
            spent += scope.expansions
    for name, (clause, rows) in tuple(scope.tables.items()):
        if name not in scope.used and name not in scope.unreadable and spent < _MOST_LOOKED_AT:
            scope.expansions = 0
            _look_over(clause, rows, scope, resolve)
            spent += scope.expansions
    scope.used, scope.figures, scope.references, scope.expansions = kept


def _look_into(clause: n.DefineClause, scope: Scope, resolve: Resolve) -> None:
    bound = {parameter.text: BROKEN for parameter in clause.parameters}
    scope.open_defines.append(clause.name.text)
    resolve(clause.value, scope, replace(_ANYWHERE, bound=bound))
    scope.open_defines.pop()


def _look_over(clause: n.TableClause, rows: list[n.Row], scope: Scope, resolve: Resolve) -> None:
    """The rows of a table nothing calls: as many keys as the table has, and what they give."""
    facts = [scope.inputs.get(name.text) for name in clause.by]
    if all(fact is not None and fact.kind is Kind.LEVEL for fact in facts):
        call = n.Apply(clause.name, tuple(n.Name(name.text, name.span) for name in clause.by), clause.span)
        _look_up(call, clause, rows, scope, _ANYWHERE, resolve)
        return
    given = None if clause.giving is None else named_list(clause.giving, scope)
    for row in rows:
        if not isinstance(row.key, n.LevelKeys) or len(row.key.keys) != len(clause.by):
            scope.report("RUB212", row.span, row=scope.words(row.key.span), help="help_table")
        if clause.giving is None:
            _given_number(row, scope, _ANYWHERE, resolve)
        elif given is not None:
            _given_level(row, given, scope)


def _call(node: n.Apply, clause: n.DefineClause, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    if not _fits(node, len(clause.parameters), scope):
        return BROKEN
    if clause.name.text in scope.open_defines:
        ring = [*scope.open_defines[scope.open_defines.index(clause.name.text) :], clause.name.text]
        scope.report("RUB208", node.name.span, ring=" → ".join(ring))
        scope.unreadable.add(clause.name.text)
        return BROKEN
    args = [resolve(arg, scope, heading) for arg in node.args]
    if any(arg.broken for arg in args):
        return BROKEN
    if _is_too_much(node, 1 + sum(_size(arg) for arg in args) // WORTH, scope):
        return BROKEN
    scope.used.add(clause.name.text)
    bound = {parameter.text: arg for parameter, arg in zip(clause.parameters, args, strict=True)}
    scope.open_defines.append(clause.name.text)
    # The body sees its arguments and the rubric's names, not the columns or arguments of the place it is called from.
    value = resolve(clause.value, scope, replace(heading, register=None, bound=bound))
    scope.open_defines.pop()
    return value


def _is_too_much(node: n.Apply, expansions: int, scope: Scope) -> bool:
    """Whether the rubric would grow beyond what a person could have written; told once."""
    scope.expansions += expansions
    if scope.expansions <= MOST_EXPANSIONS and len(scope.open_defines) <= DEEPEST:
        return False
    # Every caller on the way out would say the same: what can be called is taken for unreadable instead.
    scope.unreadable.update(scope.defines)
    scope.unreadable.update(scope.tables)
    scope.defines.clear()
    scope.tables.clear()
    scope.report("RUB113", node.span, limit=MOST_EXPANSIONS, what=node.name.text, help="help")
    return True


def _size(value: Typed) -> int:
    """Parts of an argument: they are written out wherever it is named."""
    tests = () if value.computed is None else value.computed.tests
    parts = tests if value.expr is None else (value.expr, *tests)
    return sum(1 for part in parts for _ in x.walk(part))


def _fits(node: n.Apply, wanted: int, scope: Scope) -> bool:
    if len(node.args) == wanted:
        return True
    scope.report("RUB314", node.span, name=node.name.text, wanted=wanted, found=len(node.args))
    return False


def _look_up(
    node: n.Apply, clause: n.TableClause, rows: list[n.Row], scope: Scope, heading: Heading, resolve: Resolve
) -> Typed:
    """The row whose keys are the levels of the arguments; every combination must have exactly one."""
    scope.used.add(clause.name.text)
    if not _fits(node, len(clause.by), scope):
        return BROKEN
    args = [resolve(arg, scope, heading) for arg in node.args]
    for arg in args:
        if not arg.broken and arg.sort is not Sort.LEVEL:
            scope.report("RUB301", arg.span, text=scope.words(arg.span), found=arg.sort.value, expected="level",
                         help="help_level")  # fmt: skip
            return BROKEN
    if any(arg.broken for arg in args):
        return BROKEN
    if _out_of_order(args, clause, scope):
        return BROKEN
    # Every row tests the levels of every argument: those of a table inside a table are written out for each.
    if _is_too_much(node, len(rows) * sum(_size(arg) for arg in args) // WORTH, scope):
        return BROKEN
    given = None
    if clause.giving is not None and (given := named_list(clause.giving, scope)) is None:
        return BROKEN
    found: dict[tuple[int, ...], Typed] = {}
    for row in rows:
        keys = _keys(row, args, clause, scope)
        value = _given_number(row, scope, heading, resolve) if given is None else _given_level(row, given, scope)
        if keys is None or value.broken:
            return BROKEN
        if keys in found:
            scope.report("RUB435", row.key.span, row=scope.words(row.key.span), table=clause.name.text)
            return BROKEN
        found[keys] = value
    if not _is_complete(node, clause, args, found, scope):
        return BROKEN
    return _choose(args, found) if given is None else _choose_level(clause, args, found, given)


def _given_number(row: n.Row, scope: Scope, heading: Heading, resolve: Resolve) -> Typed:
    value = resolve(row.value, scope, heading)
    if value.broken or value.sort is Sort.NUMBER:
        return value
    scope.report("RUB301", value.span, text=scope.words(value.span), found=value.sort.value, expected="number",
                 help="help_number")  # fmt: skip
    return BROKEN


def _given_level(row: n.Row, given: LevelValue, scope: Scope) -> Typed:
    """The level a row gives, as its index among the levels of the list."""
    if not isinstance(row.value, n.Name):
        span = row.value.span
        scope.report("RUB301", span, text=scope.words(span), found="number", expected="level", help="help_giving")
        return BROKEN
    at = level_index(given, row.value.text, row.value.span, scope)
    return BROKEN if at is None else number(x.Const(Fraction(at)))


def _out_of_order(args: list[Typed], clause: n.TableClause, scope: Scope) -> bool:
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


def _keys(row: n.Row, args: list[Typed], clause: n.TableClause, scope: Scope) -> tuple[int, ...] | None:
    keys = row.key.keys if isinstance(row.key, n.LevelKeys) else ()
    if len(keys) != len(args) or not all(isinstance(key, n.Ident) for key in keys):
        scope.report("RUB212", row.span, row=scope.words(row.key.span), help="help_table")
        return None
    indices = [level_index(levelled(arg), key.text, key.span, scope) for arg, key in zip(args, keys, strict=True)]  # type: ignore[arg-type,union-attr]
    return None if any(at is None for at in indices) else tuple(at for at in indices if at is not None)


def _is_complete(
    node: n.Apply, clause: n.TableClause, args: list[Typed], found: dict[tuple[int, ...], Typed], scope: Scope
) -> bool:
    """Whether every combination of levels has its row; the first without one is told."""
    specs = [spec for arg in args if (spec := levelled(arg)) is not None]
    for combination in product(*(range(len(spec.levels)) for spec in specs)):
        if combination not in found:
            lost = ", ".join(spec.levels[at].name for spec, at in zip(specs, combination, strict=True))
            scope.report("RUB434", node.span, table=clause.name.text, row=lost)
            return False
    return True


def _choose_level(
    clause: n.TableClause, args: list[Typed], found: dict[tuple[int, ...], Typed], given: LevelValue
) -> Typed:
    """Of each level the condition that the row at hand gives it."""
    rows: list[list[tuple[int, ...]]] = [[] for _ in given.levels]
    for keys, value in found.items():
        assert isinstance(value.expr, x.Const)
        rows[int(value.expr.value)].append(keys)
    tests = tuple(chosen(args, keys) for keys in rows)
    return Typed(None, Sort.LEVEL, computed=LevelValue(clause.name.text, given.levels, given.ordered, tests))


def _choose(args: list[Typed], found: dict[tuple[int, ...], Typed]) -> Typed:
    units = {value.unit for value in found.values()}
    rows = list(found.items())
    built: x.Num = rows[-1][1].num
    for keys, value in reversed(rows[:-1]):
        test = all_of(test_of(arg, (at,)) for arg, at in zip(args, keys, strict=True))
        built = value.num if test == YES else built if test == NO else x.If(test, value.num, built)
    return number(built, units.pop(), common_grid([value.grid for value in found.values()]))

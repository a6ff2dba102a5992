"""Calls: of a definition, which is expanded there so that nothing is left of it in a plan, or of a table."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from rubric_engine.facts.suggest import closest
from rubric_engine.plan import expr as x
from rubric_engine.rules.names.lookups import look_over, look_up
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import BROKEN, Typed
from rubric_engine.syntax.builtins import at_place, builtin, definition, functions
from rubric_engine.syntax.keywords import spelled_here
from rubric_engine.syntax.tree import nodes as n

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
        if not _fits(node, len(scope.tables[name][0].by), scope):
            return BROKEN
        args = [resolve(arg, scope, heading) for arg in node.args]
        if _is_too_much(node, sum(_size(arg) for arg in args) // WORTH, scope):
            return BROKEN
        return look_up(node, args, *scope.tables[name], scope, heading, resolve)
    if name in scope.unreadable:
        return BROKEN
    known = builtin(name)
    if known is not None:
        return _call(node, at_place(definition(known.name), node.span), scope, heading, resolve, built_in=True)
    near = closest(name, [*scope.defines, *scope.tables, *functions(scope.language)])
    near = near or spelled_here(name, scope.language)
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
            look_over(clause, rows, scope, resolve)
            spent += scope.expansions
    scope.used, scope.figures, scope.references, scope.expansions = kept


def _look_into(clause: n.DefineClause, scope: Scope, resolve: Resolve) -> None:
    bound = {parameter.text: BROKEN for parameter in clause.parameters}
    scope.open_defines.append(clause.name.text)
    resolve(clause.value, scope, replace(_ANYWHERE, bound=bound))
    scope.open_defines.pop()


def _call(
    node: n.Apply, clause: n.DefineClause, scope: Scope, heading: Heading, resolve: Resolve, *, built_in: bool = False
) -> Typed:
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
    if not scope.open_defines:
        scope.outermost = node.span
    bound = {parameter.text: arg for parameter, arg in zip(clause.parameters, args, strict=True)}
    scope.open_defines.append(clause.name.text)
    # The body sees its arguments and the rubric's names, not the columns or arguments of the place it is called from.
    outer, scope.call = scope.call, scope.call or (scope.words(node.span) if built_in else "")
    value = resolve(clause.value, scope, replace(heading, register=None, bound=bound))
    scope.call = outer
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
    span = scope.outermost if scope.open_defines else node.span
    what = scope.words(span).partition("(")[0]
    scope.report("RUB113", span, limit=MOST_EXPANSIONS, what=what, help="help")
    return True


def _size(value: Typed) -> int:
    """Parts of an argument: they are written out wherever it is named."""
    computed = value.computed
    tests = () if computed is None else computed.tests if computed.index is None else (computed.index,)
    parts = tests if value.expr is None else (value.expr, *tests)
    return sum(1 for part in parts for _ in x.walk(part))


def _fits(node: n.Apply, wanted: int, scope: Scope) -> bool:
    if len(node.args) == wanted:
        return True
    scope.report("RUB314", node.span, name=node.name.text, wanted=wanted, found=len(node.args))
    return False

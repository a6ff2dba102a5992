"""Why a heading has no value: which part of which clause, found once scoring has stopped there. Standard library only.

Scoring itself only says where it stopped: it has no time to say why. What is asked here is asked on that one
submission, clause by clause in the order they are carried out, and only of what they really look at.
"""

from collections.abc import Iterator
from contextlib import suppress

from rubric_engine.facts.facts import Facts
from rubric_engine.facts.problems import Problem
from rubric_engine.meaning.budget import READING_STEPS
from rubric_engine.meaning.expressions import number, truth
from rubric_engine.meaning.known import Known, known_truth
from rubric_engine.meaning.reading import ScoringError, Undefined, Unsettled
from rubric_engine.plan.expr import Div, Expr, Function, Inexact, Num, Reduced, Reducer, walk
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan, PlanNode

_DOMAINS = {Function.LN: "logarithm", Function.SQRT: "root", Function.POWER: "power", Function.EXP: "large"}


def why_undefined(plan: Plan, facts: Facts, code: str) -> Problem:
    """The problem of a heading that has no value; ``code`` is empty for what is read after the headings."""
    from rubric_engine.ranges.sheet import SheetReader

    reader = SheetReader(plan, facts, READING_STEPS)
    places = layout_of(plan).places
    for at in plan.order:
        if plan.nodes[at].code == code:
            break
        try:
            reader.read_node(at)
        except ScoringError:  # what stopped was met elsewhere first; what it reads is not known here
            break
    node = plan.nodes[places[code]] if code in places else None
    if node is None:
        with suppress(ScoringError):  # a limit of the total: what stands before it is known
            reader.read_sheet()
    found = None
    for expr in _of_node(node, reader.known) if node is not None else _of_sheet(plan):
        found = _undefined_in(expr, reader.known)
        if found is not None:
            break
    return _told(found, node, code)


def undefined_at(plan: Plan, code: str) -> Problem:
    """The same where no ranges are at hand to say what is known there: told by what the heading could stop at."""
    places = layout_of(plan).places
    node = plan.nodes[places[code]] if code in places else None
    clauses = _of_sheet(plan) if node is None else _clauses(node)
    within = [part for clause in clauses for part in walk(clause)]
    partial = {type(part): part for part in within if isinstance(part, Div | Inexact | Reduced)}
    return _told(next(iter(partial.values())) if len(partial) == 1 else None, node, code)


def _clauses(node: PlanNode) -> Iterator[Expr]:
    """Every expression of a heading, looked at or not."""
    yield from (absent.when for absent in node.absent if absent.when is not None)
    for required in node.requirements:
        yield from (required.holds, required.otherwise)
    if node.met is not None:
        yield node.met
    for case in node.base.cases if node.base is not None else ():
        yield from (part for part in (case.when, case.value) if part is not None)
    for one in node.adjustments:
        yield from (part for part in (one.when, one.amount, one.times, one.cap) if part is not None)
    for limit in node.limits:
        yield from (part for part in (limit.when, limit.value) if part is not None)


def _told(found: Expr | None, node: PlanNode | None, code: str) -> Problem:
    values = {"node": code}
    match found:
        case Div():
            return Problem("RUB508", "", values, "sheet" if node is None else "help")
        case Inexact(function=function):
            return Problem("RUB562", "", values, _DOMAINS[function])
        case Reduced(how=how):
            return Problem("RUB563", "", values, "tie" if how is Reducer.MAJORITY else "help")
        case None if node is not None and node.combine is not None:
            return Problem("RUB564", "", values)
        case _:
            return Problem("RUB561", "", values)


def _of_node(node: PlanNode, known: Known) -> Iterator[Expr]:
    """The expressions a heading really looks at, in order."""
    for absent in node.absent:
        if absent.when is not None:
            yield absent.when
    for required in node.requirements:
        yield required.holds
        if known_truth(required.holds, known) is False:
            yield required.otherwise
    if node.met is not None:
        yield node.met
    for case in node.base.cases if node.base is not None else ():
        if case.when is not None:
            yield case.when
        if case.when is None or known_truth(case.when, known):
            yield case.value
            break
    for one in node.adjustments:
        if one.when is not None:
            yield one.when
        if one.when is None or known_truth(one.when, known):
            yield from (part for part in (one.amount, one.times, one.cap) if part is not None)
    for limit in node.limits:
        if limit.when is not None:
            yield limit.when
        if limit.when is None or known_truth(limit.when, known):
            yield limit.value


def _of_sheet(plan: Plan) -> Iterator[Expr]:
    for limit in plan.limits:
        yield from (part for part in (limit.when, limit.value) if part is not None)
    for table in plan.grades:
        yield from (row.when for row in table.rows if row.when is not None)
        yield from (gate.when for gate in table.gates)


def _undefined_in(expr: Expr, known: Known) -> Expr | None:
    """The innermost part without a value that is really looked at; ``None``: it has one, or waits for something."""
    try:
        _ = number(expr, known) if isinstance(expr, Num) else truth(expr, known)
    except Undefined as error:
        return error.expr
    except Unsettled:
        pass
    return None

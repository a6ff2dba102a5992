"""Why a heading has no value: which part of which clause, found once scoring has stopped there. Standard library only.

Scoring itself only says where it stopped: it has no time to say why. What is asked here is asked on that one
submission, clause by clause in the order they are carried out, and only of what they really look at.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from rubric_engine.facts.facts import Facts
from rubric_engine.facts.problems import Problem
from rubric_engine.meaning.budget import READING_STEPS
from rubric_engine.meaning.expressions import number, truth
from rubric_engine.meaning.known import Known, known_truth
from rubric_engine.meaning.reading import ScoringError, Undefined, Unsettled
from rubric_engine.plan.expr import (
    Div,
    Expr,
    Function,
    Inexact,
    MaximumOf,
    Num,
    PointsOf,
    Reduced,
    Reducer,
    Ref,
    RefTruth,
    Truth,
    walk,
)
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
    known = reader.known
    looked_at = _of_sheet(plan, known) if node is None else _of_node(plan, node, known)
    found = next(_undefined_in(looked_at, known), None)
    return _told(plan, found, node, known.unrated)


def undefined_at(plan: Plan, facts: Facts, code: str) -> Problem:
    """The same where no ranges are at hand to say what headings come to: what facts alone leave without a value, or the
    one kind of thing that can be without."""
    layout = layout_of(plan)
    lets = {name: let.value for name, let in layout.lets.items()}
    known = Known(facts.values, facts.judged, layout.inputs, lets)
    node = plan.nodes[layout.places[code]] if code in layout.places else None
    looked_at = list(_of_sheet(plan, known) if node is None else _of_node(plan, node, known))
    found = next(_undefined_in(looked_at, known), None)
    if found is None:
        kinds = {type(part): part for part in _parts(looked_at, lets) if _may_lack_a_value(plan, part)}
        if len(kinds) > 1 or (kinds and node is not None and node.combine is not None):
            return Problem("RUB526", "", {"node": code})
        found = next(iter(kinds.values()), None)
    return _told(plan, found, node, ())


def _parts(exprs: Iterable[Expr], lets: Mapping[str, Expr]) -> Iterator[Expr]:
    """Everything in these expressions, named values looked through."""
    todo, seen = list(exprs), set[str]()
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, Ref | RefTruth):
                if part.name not in seen:
                    seen.add(part.name)
                    todo.append(lets[part.name])
            else:
                yield part


def _may_lack_a_value(plan: Plan, part: Expr) -> bool:
    if isinstance(part, PointsOf | MaximumOf):
        node = plan.nodes[layout_of(plan).places[part.code]]
        return bool(node.children) and node.if_not_rated is None
    return isinstance(part, Div | Inexact | Reduced)


def _told(plan: Plan, found: Expr | None, node: PlanNode | None, unrated: Collection[str]) -> Problem:
    values = {"node": "" if node is None else node.code}
    match found:
        case Div():
            return Problem("RUB508", "", values, "sheet" if node is None else "help")
        case Inexact(function=function):
            return Problem("RUB562", "", values, _DOMAINS[function])
        case Reduced(how=how):
            return Problem("RUB563", "", values, "tie" if how is Reducer.MAJORITY else "help")
        case PointsOf(code=code) | MaximumOf(code=code):
            why, part = _why_unrated(plan, code, unrated)
            return Problem("RUB519", "", {**values, "heading": code, "part": part}, why)
        case None if node is not None and node.combine is not None:
            return Problem("RUB564", "", values)
        case _:
            return Problem("RUB561", "", values)


def _why_unrated(plan: Plan, code: str, unrated: Collection[str]) -> tuple[str, str]:
    """Which help says why a heading is not rated, and the heading below it that is the reason."""
    layout = layout_of(plan)
    at = layout.places[code]
    if not unrated:
        return "help", ""
    if plan.nodes[at].combine is not None:
        return "few", ""
    spoilt = [plan.nodes[child].code for child in layout.counted[at] if plan.nodes[child].code in unrated]
    return ("part", spoilt[0]) if spoilt else ("nothing", "")


def _of_node(plan: Plan, node: PlanNode, known: Known) -> Iterator[Expr]:
    """The expressions a heading really looks at, in order; those that may be, where that is not known."""
    for absent in node.absent:
        if absent.when is not None:
            yield absent.when
    for required in node.requirements:
        yield required.holds
        if known_truth(required.holds, known) is not True:
            yield required.otherwise
    if node.met is not None:
        yield node.met
    if node.base is not None:
        if node.base.subject is not None:
            yield node.base.subject
        yield from _first_of([(case.when, case.value) for case in node.base.cases], known)
    if node.combine is not None and node.combine.if_zero is not None:
        yield node.combine.if_zero
    for one in node.adjustments:
        yield from _where(one.when, (one.amount, one.times, one.cap), known)
    yield from (plan.evidence[which].when for which in node.evidence)
    for limit in node.limits:
        yield from _where(limit.when, (limit.value,), known)
    if node.if_not_rated is not None and node.if_not_rated.value is not None:
        yield node.if_not_rated.value


def _of_sheet(plan: Plan, known: Known) -> Iterator[Expr]:
    for limit in plan.limits:
        yield from _where(limit.when, (limit.value,), known)
    for table in plan.grades:
        if table.applies is not None:
            yield table.applies
            if known_truth(table.applies, known) is False:
                continue
        yield from _first_of([(row.when, None) for row in table.rows], known)
        yield from (gate.when for gate in table.gates)


def _where(when: Truth | None, values: Iterable[Num | None], known: Known) -> Iterator[Expr]:
    """A condition, and what is looked at only where it holds."""
    if when is not None:
        yield when
    if when is None or known_truth(when, known) is not False:
        yield from (value for value in values if value is not None)


def _first_of(cases: Iterable[tuple[Truth | None, Num | None]], known: Known) -> Iterator[Expr]:
    """The conditions up to the first that holds, and its value."""
    for when, value in cases:
        yield from _where(when, (value,), known)
        if when is None or known_truth(when, known):
            return


def _undefined_in(exprs: Iterable[Expr], known: Known) -> Iterator[Expr | None]:
    """The innermost parts without a value that are really looked at; none of what waits for something."""
    for expr in exprs:
        try:
            _ = number(expr, known) if isinstance(expr, Num) else truth(expr, known)
        except Undefined as error:
            yield error.expr
        except Unsettled:
            pass

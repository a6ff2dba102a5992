"""Clauses that act on points beside the base: award, deduct, require, limits, not applicable, rounding."""

from fractions import Fraction

from rubric_engine.model import At
from rubric_engine.plan.expr import CountRows, Judged, Mode, Num, Truth
from rubric_engine.plan.plan import Absent, Adjustment, JudgedSpec, Limit, Policy, Requirement, Rounding
from rubric_engine.rules.expressions import resolve_number, resolve_points, resolve_truth, rounding_step
from rubric_engine.rules.forms.judged import judged_spec
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Sort, Typed, number
from rubric_engine.syntax.tree import nodes as n

Judgements = list[At[JudgedSpec]]


def resolve_adjustment(
    clause: n.AdjustClause, scope: Scope, heading: Heading, judged: Judgements
) -> At[Adjustment] | None:
    """An award or a deduction; a judged amount adds its judgement to ``judged``."""
    amount = _amount(clause, scope, heading, judged)
    times = None if clause.each is None else _times(clause.each, scope, heading)
    when = None if clause.condition is None else resolve_truth(clause.condition, scope, heading)
    cap = None if clause.cap is None else resolve_points(clause.cap, scope, heading)
    if amount is None or any(part is not None and part.broken for part in (times, when, cap)):
        return None
    because = clause.because.value if clause.because else ""
    adjustment = Adjustment(
        1 if clause.award else -1,
        amount,
        None if times is None else times.num,
        None if when is None else when.test,
        None if cap is None else cap.num,
        because,
        _label(clause, scope),
        scope.line(clause.span),
        clause.beyond,
    )
    return At(adjustment, clause.span)


def _times(each: n.Expr, scope: Scope, heading: Heading) -> Typed:
    """A number, or the rows of a register: ``for each of late``."""
    if isinstance(each, n.Name):
        found = scope.look_up(each.text, each.span)
        if found.sort is Sort.REGISTER and found.input is not None:
            return number(CountRows(found.input.name))
        if found.broken:
            return found
    return resolve_number(each, scope, heading)


def _label(clause: n.AdjustClause | n.RequireClause | n.LimitClause, scope: Scope) -> str:
    """The author's words up to the reason, which is shown on its own."""
    words = scope.words(clause.span)
    if clause.because is None:
        return words
    end = clause.because.span.start
    text = scope.source.text[clause.span.start : end].split()
    return " ".join(text[:-1]) if len(text) > 1 else words


def _amount(clause: n.AdjustClause, scope: Scope, heading: Heading, judged: Judgements) -> Num | None:
    if not isinstance(clause.amount, n.JudgedAmount):
        value = resolve_points(clause.amount, scope, heading)
        return None if value.broken else value.num
    name = clause.amount.name
    key = heading.code if name is None else f"{heading.code}.{name.text}"
    if any(spec.value.key == key for spec in judged):
        scope.report("RUB202", clause.amount.span, name=key, help="help_judged")
        return None
    spec = judged_spec(clause.amount, key, name.text if name else scope.words(clause.amount.span), heading, scope)
    if spec is None:
        return None
    judged.append(At(spec, clause.amount.span))
    return Judged(key)


def resolve_requirement(clause: n.RequireClause, scope: Scope, heading: Heading) -> At[Requirement] | None:
    """``require C, otherwise 0``."""
    holds = resolve_truth(clause.condition, scope, heading)
    otherwise = resolve_points(clause.otherwise, scope, heading)
    if holds.broken or otherwise.broken:
        return None
    because = clause.because.value if clause.because else ""
    label = scope.words(clause.condition.span)
    requirement = Requirement(holds.test, otherwise.num, because, label, scope.line(clause.span))
    return At(requirement, clause.span)


def resolve_limit(clause: n.LimitClause, scope: Scope, heading: Heading) -> list[At[Limit]]:
    """A ceiling or a floor; ``0 points when …`` is both at once. Empty after a problem."""
    value = resolve_points(clause.value, scope, heading)
    when = None if clause.condition is None else resolve_truth(clause.condition, scope, heading)
    if value.broken or (when is not None and when.broken):
        return []
    because = clause.because.value if clause.because else ""
    test: Truth | None = None if when is None else when.test
    sides = (True, False) if clause.exactly else (clause.at_most,)
    label, line = _label(clause, scope), scope.line(clause.span)
    return [At(Limit(side, value.num, test, because, label, line), clause.span) for side in sides]


def resolve_absent(
    clause: n.NotApplicableClause, scope: Scope, heading: Heading, *, group: bool
) -> At[Absent] | None:
    """A *not applicable* clause; the code of a kept worth must be a group above, or ``total``."""
    when: Truth | None = None
    if clause.nothing:
        if not group:
            scope.report("RUB210", clause.span, clause=scope.words(clause.span), help="help_nothing")
            return None
    elif clause.condition is not None:
        test = resolve_truth(clause.condition, scope, heading)
        if test.broken:
            return None
        when = test.test
    worth = clause.worth_of.text if clause.worth_of is not None else None
    if worth == "total" and "total" not in scope.codes:
        worth = None  # the sheet; one that combines is a heading of its own
    if clause.worth_of is not None and worth is not None:
        level = scope.code_level(clause.worth_of)
        if level is None:
            return None
        if level != "group" or not _is_above(clause.worth_of.text, heading.code, scope):
            scope.report("RUB205", clause.worth_of.span, code=worth, near="", help="help_above")
            return None
    words = clause.words.value if clause.words else ""
    absent = Absent(when, Policy(clause.policy), worth, words, scope.line(clause.span))
    return At(absent, clause.span)


def _is_above(code: str, under: str, scope: Scope) -> bool:
    here: str | None = scope.parents.get(under)
    while here is not None and here != code:
        here = scope.parents.get(here)
    return here == code


def rounding(to: n.RoundTo | None) -> Rounding | None:
    """Rounding of points as written."""
    if to is None:
        return None
    step = rounding_step(to)
    return Rounding(Mode(to.mode), step if step > 0 else Fraction(1), to.beyond)

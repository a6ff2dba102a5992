"""Why a heading has its points: the steps of the reading, in the order of operations. Standard library only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.meaning.exact import show_percent
from rubric_engine.meaning.finish import finished, without_proof
from rubric_engine.plan.expr import All, AnyOf, Compare, Const, Expr, Fact, IsLevel, Truth
from rubric_engine.plan.plan import (
    Adjustment,
    Choice,
    EvidenceSpec,
    Form,
    Kind,
    Limit,
    MissingPolicy,
    Observed,
    PlanNode,
    Policy,
    Rounding,
)
from rubric_engine.result.groups import combined, kept, not_rated, places_of, summed
from rubric_engine.result.outcome import Reason, ReasonKind, ShownFact
from rubric_engine.result.policy import by_policy, is_not_due, not_due, stands_in, substitutions
from rubric_engine.result.view import ReadingView
from rubric_engine.result.words import decided_by

_NIL = Fraction(0)
# Of headings that are not looked at themselves.
_NOT_READ = ("above", str(Policy.NOT_DUE))
_IN_ROWS = (Form.LEVELS, Form.BANDS, Form.CONDITIONS)


def node_reasons(view: ReadingView, at: int, missing: tuple[str, ...]) -> tuple[Reason, ...]:
    """Every step of one heading."""
    node = view.plan.nodes[at]
    found = list(_steps(view, at, node))
    if not any(reason.effect in _NOT_READ for reason in found):
        found[:0] = substitutions(view, at, node)
    if missing and not any(reason.kind is ReasonKind.UNDECIDED for reason in found):
        found.insert(0, Reason(ReasonKind.MISSING, facts=tuple(view.waited(name) for name in missing), line=node.line))
    if not node.as_printed:
        return tuple(found)
    found += [Reason(ReasonKind.AS_PRINTED, because=text, line=node.line) for text in node.as_printed]
    return tuple(found)


def _steps(view: ReadingView, at: int, node: PlanNode) -> Iterator[Reason]:
    absent = view.absent(at)
    if absent is not None and absent != -1:
        if is_not_due(view, at):
            yield not_due(view, at, node)
            return
        yield _not_applicable(view, at, node, absent)
        return
    if node.met is not None:
        held = view.mark(Observed.MET, at)
        if held is not None:
            kind = ReasonKind.MET if held else ReasonKind.NOT_MET
            yield Reason(kind, facts=view.shown(node.met), line=node.line)
        return
    if absent is None:
        return
    if view.policy_applied(at):
        yield from by_policy(view, at, node)
        if node.if_missing is None or node.if_missing.policy is not MissingPolicy.BASE:
            if node.if_missing is not None and node.if_missing.policy is MissingPolicy.POINTS:
                yield from _after_base(view, at, node, stands_in(view, at, node))
            return
    if view.is_rated(at) is False:
        yield from not_rated(view, at)
        return
    if view.nothing_applies(at):
        yield Reason(ReasonKind.NOT_APPLICABLE, amount=_NIL, line=node.line, effect="below")
        return
    if node.requirements:
        failing = view.mark(Observed.REQUIREMENT, at)
        if failing is None:
            return
        if failing >= 0:
            yield from _refused(view, at, node, failing)
            return
    yield from _scored(view, at, node)


def _not_applicable(view: ReadingView, at: int, node: PlanNode, absent: int) -> Reason:
    if absent < 0:
        above = node.parent
        while above is not None and (view.absent(above) or 0) < -1:
            above = view.plan.nodes[above].parent
        label = "" if above is None else view.plan.nodes[above].code
        return Reason(ReasonKind.NOT_APPLICABLE, label, line=node.line, effect="above")
    clause = node.absent[absent]
    if clause.policy is Policy.UNDECIDED:
        return Reason(
            ReasonKind.UNDECIDED, facts=view.shown(clause.when), because=clause.words, line=clause.line,
            effect=str(clause.policy),
        )  # fmt: skip
    decision = view.facts.decisions.get(node.code)
    if decision is not None and clause.words:
        return Reason(
            ReasonKind.DECIDED, decided_by(decision), view.number(Observed.POINTS, at),
            facts=view.shown(clause.when), because=decision.because or clause.words, line=clause.line,
            effect=str(clause.policy),
        )  # fmt: skip
    label = clause.worth_of or "" if clause.policy is Policy.KEEP_WORTH else ""
    return Reason(
        ReasonKind.NOT_APPLICABLE, label, view.number(Observed.POINTS, at), facts=view.shown(clause.when),
        because=clause.words, line=clause.line, effect=str(clause.policy),
    )  # fmt: skip


def _refused(view: ReadingView, at: int, node: PlanNode, which: int) -> Iterator[Reason]:
    clause = node.requirements[which]
    points = view.exact(clause.otherwise)
    yield Reason(
        ReasonKind.REQUIREMENT, clause.label, points, because=clause.because, line=clause.line,
        facts=view.shown(clause.holds) + view.parameters_in(clause.label),
    )  # fmt: skip
    if points is not None:
        yield from _closing(view, at, points, node)


# ---------------------------------------------------------------- a heading that applies


def _scored(view: ReadingView, at: int, node: PlanNode) -> Iterator[Reason]:
    """``points`` follows the steps as long as each is known; after that only what is known by itself is told."""
    points: Fraction | None = _NIL
    if node.combine is not None:
        reason, points = combined(view, at, node, node.combine)
        if reason is not None:
            yield reason
        if points is None:
            return
    elif node.base is not None:
        points = view.number(Observed.BASE, at)
        yield from _base(view, at, node, node.base, points)
    elif node.children:
        points = summed(view, view.layout.counted[at])
        if points is not None:
            yield Reason(ReasonKind.SUM, amount=points, line=node.line)
    yield from _after_base(view, at, node, points)


def _after_base(view: ReadingView, at: int, node: PlanNode, points: Fraction | None) -> Iterator[Reason]:
    """Awards and deductions, a kept worth, evidence, limits, and what closes a heading."""
    beyond = _NIL
    for i, adjustment in enumerate(node.adjustments):
        amount = view.number(Observed.AMOUNT, at, i)
        if amount is None:
            points = None
        elif amount:
            beyond += amount if adjustment.beyond else _NIL
            if points is not None:
                points = points + amount if adjustment.sign > 0 else points - amount
            yield _adjusted(view, adjustment, amount)
    if node.children and view.layout.keepers and node.combine is None and at not in view.layout.pooled:
        reason, points = kept(view, node.code, node.maximum, view.layout.counted[at], points, node.line)
        if reason is not None:
            yield reason
    for i, which in enumerate(node.evidence):
        mark = view.mark(Observed.EVIDENCE, at, i)
        before = points
        points = _lower(view.plan.evidence[which], points, node.maximum, mark)
        if mark:
            yield _evidence(view, view.plan.evidence[which], mark, before, points)
    for i, limit in enumerate(node.limits):
        reason, points = limited(view, limit, view.mark(Observed.LIMIT, at, i), points)
        if reason is not None:
            yield reason
    if points is not None and (node.rounding is not None or points is not view.number(Observed.POINTS, at)):
        yield from _closing(view, at, points, node, beyond)


@dataclass(frozen=True, slots=True)
class _Line:
    """What is told of one line of a base whatever the facts: worked out once for a plan."""

    kind: ReasonKind
    label: str
    percent: bool
    line: int
    effect: str
    places: tuple[ShownFact, ...]
    by_subject: bool
    looked_at: tuple[Expr | None, ...]
    threshold: ShownFact | None = None
    better: tuple[int, Fraction] | None = None
    fixed: bool = False
    parameters: tuple[ShownFact, ...] = ()


def _line_of(view: ReadingView, at: int, base: Choice, taken: int) -> _Line:
    case = base.cases[taken]
    subject = base.subject
    percent = _is_percent(view, base)
    rough = places_of(view.layout, (subject, case.value))
    # A day is shown among the facts, as a date.
    by_subject = subject is not None and not (
        isinstance(subject, Fact) and view.layout.inputs[subject.name].kind is Kind.DATE
    )
    if base.form is Form.JUDGED:
        return _Line(ReasonKind.JUDGED, case.label, False, case.line, str(base.form), rough, False, ())
    # The words of a line of levels are their names, which may be any.
    parameters = view.parameters_in(base.label if base.form is Form.LEVELS else f"{base.label} {case.label}")
    if base.form not in _IN_ROWS:
        label = case.label if base.form is Form.INTERPOLATED or len(base.cases) > 1 else base.label or case.label
        effect, threshold = str(base.form), None
        if base.form is Form.PROPORTION and isinstance(case.when, Compare) and isinstance(case.when.right, Const):
            threshold = ShownFact("threshold", "", show_percent(case.when.right.value))
            effect = "proportion below"
        return _Line(ReasonKind.FORMULA, label, percent, case.line or base.line, effect, rough, by_subject,
                     (subject, case.value), threshold, parameters=parameters)  # fmt: skip
    looked_at: list[Expr | None] = [subject, case.when, case.value]
    if case.when is None and subject is None:
        looked_at += [other.when for other in base.cases]
    fixed = all(isinstance(each.value, Const) for each in base.cases)
    better = _next_better(view, base, taken, view.exact(case.value) or _NIL) if fixed else None
    return _Line(ReasonKind.ROW, _row_label(view, base, taken), percent, case.line, str(base.form), rough, by_subject,
                 tuple(looked_at), None, better, fixed, parameters)  # fmt: skip


def _base(view: ReadingView, at: int, node: PlanNode, base: Choice, points: Fraction | None) -> Iterator[Reason]:
    taken = view.mark(Observed.CASE, at)
    if taken is None or points is None:
        return
    told = view.layout.remembered(("line", at, taken), lambda: _line_of(view, at, base, taken))
    value = view.number(Observed.SUBJECT, at) if told.by_subject else None
    facts = (view.shown(*told.looked_at) if told.looked_at else ()) + told.parameters
    if told.threshold is not None:
        facts += (told.threshold,)
    if told.places:
        facts += told.places
    rough = bool(told.places)
    yield Reason(told.kind, told.label, points, value, told.percent, facts, "", told.line, told.effect, rough)
    if told.kind is not ReasonKind.ROW:
        return
    better = told.better if told.fixed else _next_better(view, base, taken, points)
    if better is not None:
        which, more = better
        facts = () if base.form is not Form.CONDITIONS else view.shown(*_not_holding(view, base.cases[which].when))
        label = view.layout.remembered(("row", at, which), lambda: _row_label(view, base, which))
        line = base.cases[which].line
        yield Reason(ReasonKind.NEXT_ROW, label, more, facts=facts, line=line, effect=str(base.form))


def _row_label(view: ReadingView, base: Choice, which: int) -> str:
    """The author's words for a line: of a level, its title."""
    case = base.cases[which]
    if base.form is Form.LEVELS and isinstance(case.when, IsLevel):
        levels = view.layout.inputs[case.when.name].levels
        return ", ".join(levels[at].title or levels[at].name for at in case.when.levels)
    return case.label


def _is_percent(view: ReadingView, base: Choice) -> bool:
    if base.form is Form.PROPORTION or any("%" in case.label for case in base.cases):
        return True
    return isinstance(base.subject, Fact) and view.layout.inputs[base.subject.name].kind is Kind.PERCENT


def _next_better(view: ReadingView, base: Choice, taken: int, points: Fraction) -> tuple[int, Fraction] | None:
    """The line with the least more points that one can act on; of two alike the nearer."""
    found: tuple[Fraction, int, int] | None = None
    for i, case in enumerate(base.cases):
        value = None if i == taken or case.rest else view.exact(case.value)
        if value is not None and value > points:
            rank = (value, abs(i - taken), i)
            found = rank if found is None else min(found, rank)
    return None if found is None else (found[2], found[0])


def _not_holding(view: ReadingView, when: Truth | None) -> Iterable[Truth]:
    """The parts of a condition that keep it from holding."""
    if when is None:
        return ()
    if isinstance(when, All):
        return tuple(part for arg in when.args for part in _not_holding(view, arg))
    if isinstance(when, AnyOf) and view.holds(when) is False:
        return (when,)
    return () if view.holds(when) else (when,)


def _adjusted(view: ReadingView, adjustment: Adjustment, amount: Fraction) -> Reason:
    kind = ReasonKind.AWARD if adjustment.sign > 0 else ReasonKind.DEDUCTION
    facts = view.shown(adjustment.when, adjustment.times, adjustment.amount, adjustment.cap)
    places = places_of(view.layout, (adjustment.amount, adjustment.times, adjustment.cap))
    facts += view.parameters_in(adjustment.label)
    return Reason(
        kind, adjustment.label, amount, facts=facts + places, because=adjustment.because, line=adjustment.line,
        inexact=bool(places),
    )  # fmt: skip


# ---------------------------------------------------------------- evidence


def _lower(spec: EvidenceSpec, points: Fraction | None, maximum: Fraction, mark: int | None) -> Fraction | None:
    if points is None or mark is None:
        return None
    return without_proof(spec, points, maximum) if mark == 2 else points


def _evidence(
    view: ReadingView, spec: EvidenceSpec, mark: int, before: Fraction | None, after: Fraction | None
) -> Reason:
    items = view.facts.evidence.get(spec.name, ())
    facts = tuple(ShownFact(spec.name, item.status, _reference(item.reference, item.page)) for item in items)
    if mark == 1:
        return Reason(ReasonKind.EVIDENCE, spec.title, facts=facts, line=spec.line, effect=str(spec.effect))
    state = view.facts.states.get(spec.name, "missing")
    kind = ReasonKind.EVIDENCE_REFUSED if state == "rejected" else ReasonKind.EVIDENCE_MISSING
    because = "; ".join(item.reason for item in items if item.status == "rejected" and item.reason)
    if state in ("out of dates", "not accepted"):
        facts = (ShownFact(spec.name, state, ", ".join(fact.text for fact in facts)),)
    lost = None if before is None or after is None else before - after
    return Reason(kind, spec.title, lost, facts=facts, because=because, line=spec.line, effect=str(spec.effect))


def _reference(reference: str, page: str) -> str:
    return f"{reference}, {page}" if page else reference


# ---------------------------------------------------------------- limits and ends


def limited(
    view: ReadingView, limit: Limit, mark: int | None, points: Fraction | None
) -> tuple[Reason | None, Fraction | None]:
    """A written limit: told when its condition holds, even where it changes nothing."""
    if mark == 0:
        return None, points
    if mark is None:
        return None, None
    value = view.exact(limit.value)
    if points is None or value is None:
        after = None
    else:
        after = min(points, value) if limit.at_most else max(points, value)
    facts = view.shown(limit.when, limit.value) + view.parameters_in(limit.label)
    told = Reason(ReasonKind.LIMIT, limit.label, after, points, facts=facts, because=limit.because, line=limit.line)
    return told, after


def rounding_step(points: Fraction, after: Fraction, rounding: Rounding, line: int) -> Iterator[Reason]:
    """Rounding, where it changed something."""
    if after != points:
        yield Reason(ReasonKind.ROUNDING, amount=after, value=points, line=line, effect=str(rounding.mode))


def _closing(
    view: ReadingView, at: int, points: Fraction, node: PlanNode, beyond: Fraction = _NIL
) -> Iterator[Reason]:
    """Floor, cap and rounding, where they changed something."""
    if not node.endless and points < node.minimum:
        yield Reason(ReasonKind.FLOOR, amount=node.minimum, value=points, line=node.line)
        points = node.minimum
    elif not node.endless and points > node.maximum + beyond:
        yield Reason(ReasonKind.CAP, amount=node.maximum + beyond, value=points, line=node.line)
        points = node.maximum + beyond
    worth = view.number(Observed.MAXIMUM, at)
    if node.rounding is not None and worth is not None:
        yield from rounding_step(points, finished(points, node, worth, beyond), node.rounding, node.line)

"""Where a rubric computes something that may have no value, and the place it is in then.

A division by 0, a reducer of no row, a logarithm of 0: each is found with everything that stands guard before it.
"""

from collections.abc import Iterator

from rubric_engine import model as m
from rubric_engine.analysis.check.facts.empties import may_be_empty, may_tie
from rubric_engine.analysis.check.search.shapes import otherwise_of, rows_of
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Limit
from rubric_engine.plan.record import record
from rubric_engine.rules.clauses import (
    written_of_cohort,
    written_of_node,
    written_of_sheet,
)
from rubric_engine.source import NOWHERE, Span

# What always has a value, told apart before anything is walked; names of values.
_SAFE = frozenset((x.Const, x.Fact, x.Flag, x.IsLevel, x.Always))
_NAMED = (x.Ref, x.RefTruth)


@record
class Use:
    """Something that may have no value, computed in a place, inside a clause."""

    expr: x.Div | x.Reduced | x.Inexact | x.PointsOf | x.MaximumOf
    place: Place
    clause: Span


def span_of(use: Use, node: Node | None, subject: Subject) -> Span:
    """Where it was written: here, or in a named value; the clause when it was written first elsewhere."""
    written = subject.rubric.places.get(use.expr, NOWHERE)
    if written == NOWHERE:
        return use.clause
    named = any(let.span.start <= written.start < let.span.end for let in subject.rubric.lets)
    within = use.clause.start <= written.start < use.clause.end
    return written if named or within or (node is not None and subject.node_at(written.start) is node) else use.clause


class Walker:
    """Finds what may have no value, with the place each is computed in.

    ``read``: instead of that, where the points or the maximum of these headings are read.
    """

    def __init__(self, subject: Subject, read: frozenset[str] = frozenset()) -> None:
        self.subject = subject
        self.read = read
        self._lets: dict[str, bool] = {}
        self._walked: dict[tuple[str, int], Place] = {}

    # ------------------------------------------------------------ whether to look at all

    def fails(self, expr: x.Expr | None) -> bool:
        """Whether something that may have no value stands in the expression, or in a value it names."""
        if expr is None or type(expr) in _SAFE:
            return False
        for part in x.walk(expr):
            if self.read:
                read = isinstance(part, x.PointsOf | x.MaximumOf) and part.code in self.read
                if read or (isinstance(part, _NAMED) and self._let_fails(part.name)):
                    return True
            elif isinstance(part, x.Div):
                if not (isinstance(part.right, x.Const) and part.right.value):
                    return True
            elif isinstance(part, x.Reduced):
                if may_be_empty(part) or may_tie(part):
                    return True
            elif isinstance(part, x.Inexact) or (
                isinstance(part, _NAMED) and self._let_fails(part.name)
            ):
                return True
        return False

    def _let_fails(self, name: str) -> bool:
        if name not in self._lets:
            self._lets[name] = False
            let = self.subject.lets.get(name)
            self._lets[name] = let is not None and self.fails(let.value)
        return self._lets[name]

    # ------------------------------------------------------------ clauses

    def of_node(self, node: Node) -> Iterator[Use]:
        """What may fail in a heading's own clauses, in the order they are carried out."""
        if not any(self.fails(expr) for expr, _ in written_of_node(node, self.subject.rubric.evidence)):
            return
        place = self.subject.outside(node)
        for absent in node.absent:
            if absent.value.when is not None and place is not None:
                yield from self.walk(absent.value.when, place, absent.span)
                place = place.assume(absent.value.when, False)
        for requirement in node.requirements:
            if place is None:
                return
            yield from self.walk(requirement.value.holds, place, requirement.span)
            failed = place.assume(requirement.value.holds, False)
            yield from self.walk(requirement.value.otherwise, failed, requirement.span)
            place = place.assume(requirement.value.holds, True)
        if node.met is not None:
            yield from self.walk(node.met.value, place, node.met.span)
        if node.rule is not None:
            yield from self._of_rule(node.rule, place)
        for each in node.adjustments:
            yield from self._of_adjustment(each.value, place, each.span)
        for at in node.evidence:
            evidence = self.subject.rubric.evidence[at]
            yield from self.walk(evidence.value.when, place, evidence.span)
        yield from self._of_limits(node.limits, place)
        if node.combine is not None and node.combine.value.if_zero is not None:
            yield from self.walk(node.combine.value.if_zero, place, node.combine.span)
        for policy in (node.if_missing, node.if_not_rated):
            if policy is not None and policy.value.value is not None:
                yield from self.walk(policy.value.value, place, policy.span)

    def of_sheet(self) -> Iterator[Use]:
        """The same of limits on the total, grades and gates, figures and the ranking."""
        rubric = self.subject.rubric
        if not any(self.fails(expr) for expr, _ in written_of_sheet(rubric)):
            return
        base = self.subject.sheet
        yield from self._of_limits(rubric.limits, base)
        for rules in rubric.grades:
            yield from self._of_grades(rules, base)
        for expr, span in written_of_cohort(rubric):
            yield from self.walk(expr, base, span)

    def _of_grades(self, rules: m.GradeRules, base: Place) -> Iterator[Use]:
        """A table is only looked at where it applies."""
        place: Place | None = base
        if rules.applies is not None:
            yield from self.walk(rules.applies.value, base, rules.applies.span)
            place = base.assume(rules.applies.value, True)
        if rules.subject is not None:
            yield from self.walk(rules.subject, place, rules.span)
        for row in rules.rows:
            if row.condition is not None:
                yield from self.walk(row.condition, place, row.span)
        for gate in rules.gates:
            yield from self.walk(gate.value.when, place, gate.span)

    def _of_limits(self, limits: tuple[m.At[Limit], ...], place: Place | None) -> Iterator[Use]:
        for limit in limits:
            inside = place
            if limit.value.when is not None and place is not None:
                yield from self.walk(limit.value.when, place, limit.span)
                inside = place.assume(limit.value.when, True) if self.fails(limit.value.value) else None
            yield from self.walk(limit.value.value, inside, limit.span)

    def _of_adjustment(self, change: Adjustment, place: Place | None, span: Span) -> Iterator[Use]:
        inner = [part for part in (change.amount, change.times, change.cap) if self.fails(part)]
        if change.when is not None and place is not None:
            yield from self.walk(change.when, place, span)
            place = place.assume(change.when, True) if inner else None
        for part in inner:
            if part is not None:
                yield from self.walk(part, place, span)

    def _of_rule(self, rule: m.Rule, place: Place | None) -> Iterator[Use]:
        match rule:
            case m.JudgedRule():
                return
            case m.Proportion(ratio=value) | m.Formula(value=value) | m.Start(value=value):
                yield from self.walk(value, place, rule.span)
                return
            case m.Interpolation():
                yield from self.walk(rule.subject, place, rule.span)
                for anchor in rule.anchors:
                    yield from self.walk(anchor.value, place, anchor.span)
                return
            case m.Bands():
                yield from self.walk(rule.subject, place, rule.span)
            case m.Levels():
                for test in rule.tests if rule.truth is None else (rule.truth,):
                    yield from self.walk(test, place, rule.span)
            case m.Conditions():
                pass
        yield from self._of_rows(rule, place)

    def _of_rows(self, rule: m.Levels | m.Bands | m.Conditions, place: Place | None) -> Iterator[Use]:
        last = otherwise_of(rule)
        spans = [row.span for row in rule.rows]
        rows = list(zip(rows_of(rule, self.subject), spans, strict=True))
        tests = isinstance(rule, m.Conditions)
        if not any(self.fails(value) or (tests and self.fails(test)) for ((test, _), value), _ in rows):
            rows = rows if self.fails(last) else []
        here = place
        for ((test, holds), value), span in rows:
            if here is None:
                return
            if tests:
                yield from self.walk(test, here, span)
            if self.fails(value):
                yield from self.walk(value, here.assume(test, holds), span)
            here = here.assume(test, not holds)
        if last is not None and rule.otherwise is not None:
            yield from self.walk(last, here, rule.otherwise.span)

    # ------------------------------------------------------------ expressions

    def walk(self, expr: x.Expr, place: Place | None, clause: Span) -> Iterator[Use]:
        """The same inside an expression; behind a condition, in the place where it came out so."""
        if place is None or not self.fails(expr) or not place.env.budget.take():
            return
        match expr:
            case x.Div(left=left, right=right):
                yield from self.walk(left, place, clause)
                yield from self.walk(right, place, clause)
                if not self.read:
                    yield Use(expr, place, clause)
            case x.PointsOf() | x.MaximumOf():
                yield Use(expr, place, clause)
            case x.Reduced() | x.CountRows():
                yield from self._of_rows_of(expr, place, clause)
            case x.Inexact(args=args):
                for arg in args:
                    yield from self.walk(arg, place, clause)
                if not self.read:
                    yield Use(expr, place, clause)
            case x.Ref(name=name) | x.RefTruth(name=name):
                # Of a value named again in the same place there is nothing new to say.
                if name in self.subject.lets and (name, id(place)) not in self._walked:
                    self._walked[name, id(place)] = place
                    yield from self.walk(self.subject.lets[name].value, place, clause)
            case x.If(when=when, then=then, other=other):
                yield from self.walk(when, place, clause)
                yield from self.walk(then, place.assume(when, True), clause)
                yield from self.walk(other, place.assume(when, False), clause)
            case x.All(args=truths) | x.AnyOf(args=truths):
                here: Place | None = place
                for test in truths:
                    if here is None:
                        return
                    yield from self.walk(test, here, clause)
                    here = here.assume(test, isinstance(expr, x.All))
            case _:
                for part in x.parts(expr):
                    yield from self.walk(part, place, clause)

    def _of_rows_of(self, expr: x.Reduced | x.CountRows, place: Place, clause: Span) -> Iterator[Use]:
        """Inside a reducer any row may be at hand; its value is only asked for where the row is chosen."""
        row: Place | None = place.at_row(expr.register)
        if expr.where is not None and row is not None:
            yield from self.walk(expr.where, row, clause)
            row = row.assume(expr.where, True)
        if isinstance(expr, x.Reduced):
            yield from self.walk(expr.value, row, clause)
            for told in (expr.other, None if isinstance(expr.tied, x.Tie) else expr.tied):
                if told is not None:
                    yield from self.walk(told, place, clause)
            if not self.read and (may_be_empty(expr) or may_tie(expr)):
                yield Use(expr, place, clause)

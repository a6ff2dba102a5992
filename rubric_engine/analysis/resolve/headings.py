"""Headings: their points, and the clauses under each."""

from fractions import Fraction
from typing import assert_never

from rubric_engine import model as m
from rubric_engine.analysis.resolve.outline import Draft, Outline
from rubric_engine.model import At
from rubric_engine.plan import plan as p
from rubric_engine.plan.expr import Truth
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.rules.expressions import resolve_truth
from rubric_engine.rules.forms.acting import deductions_first, floors_first
from rubric_engine.rules.forms.clauses import (
    resolve_absent,
    resolve_adjustment,
    resolve_limit,
    resolve_requirement,
    rounding,
)
from rubric_engine.rules.forms.combining import resolve_combine, resolve_missing_policy, with_needs
from rubric_engine.rules.forms.evidence import resolve_evidence
from rubric_engine.rules.forms.registry import RuleClause, resolve_rule
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.syntax.tree import nodes as n


class _Clauses:
    """Gathers what stands under one heading."""

    def __init__(self, draft: Draft, heading: Heading, scope: Scope) -> None:
        self.draft, self.heading, self.scope = draft, heading, scope
        self.columns: list[p.Remark] = []
        self.absent: list[At[p.Absent]] = []
        self.requirements: list[At[p.Requirement]] = []
        self.adjustments: list[At[p.Adjustment]] = []
        self.limits: list[At[p.Limit]] = []
        self.evidence: list[int] = []
        self.rounding: p.Rounding | None = None
        self.combine: At[p.Combine] | None = None
        self.needs: n.NeedsClause | None = None
        self.policies: list[n.MissingClause] = []
        self.not_rated: At[p.IfMissing] | None = None
        self.met: At[Truth] | None = None

    def misplaced(self, clause: n.Statement, help_key: str) -> None:
        words = self.scope.words(clause.span)
        # What says how to do without a fact is short, and means something only as a whole.
        shown = words if isinstance(clause, n.MissingClause | n.NotRatedClause) else " ".join(words.split()[:2])
        self.scope.report("RUB210", clause.span, clause=shown, help=help_key)

    def gather(self, clause: n.Statement, judged: list[At[p.JudgedSpec]], evidence: list[At[p.EvidenceSpec]]) -> None:
        group, scope, heading = bool(self.draft.children), self.scope, self.heading
        condition = self.draft.heading.kind == "condition"
        if condition and not isinstance(clause, n.MetWhen | n.ColumnClause | n.NotApplicableClause | n.AskedFrom):
            self.misplaced(clause, "help_condition")
            return
        match clause:
            case n.ColumnClause(name=name, value=value):
                text = value.value if isinstance(value, n.Text) else value.value.isoformat()
                self.columns.append(p.Remark(name, text))
            case n.NotApplicableClause():
                absent = resolve_absent(clause, scope, heading, group=group)
                self.absent.extend([absent] if absent else [])
            case n.RequireClause():
                if (requirement := resolve_requirement(clause, scope, heading)) is not None:
                    self.requirements.append(requirement)
            case n.AdjustClause():
                adjustment = resolve_adjustment(clause, scope, heading, judged)
                self.adjustments.extend([adjustment] if adjustment else [])
            case n.LimitClause():
                self.limits.extend(resolve_limit(clause, scope, heading))
            case n.EvidenceClause():
                self._evidence(clause, evidence)
            case n.RoundedClause(to=to):
                self.rounding = rounding(to)
            case n.MetWhen():
                self._met(clause)
            case n.CombineClause() | n.NeedsClause():
                self._combine(clause)
            case n.MissingClause():
                self._missing(clause)
            case n.NotRatedClause():
                self._not_rated(clause)
            case n.AskedFrom():
                pass  # read beforehand, with the stages
            case _:
                self.misplaced(clause, "help_clause")

    def _combine(self, clause: n.CombineClause | n.NeedsClause) -> None:
        if not self.draft.children:
            self.scope.report("RUB437", clause.span, code=self.draft.code)
        elif isinstance(clause, n.NeedsClause):
            self.needs = clause
        elif self.combine is not None:
            self.scope.report("RUB211", clause.span, clause=self.scope.words(clause.span))
        else:
            self.combine = resolve_combine(clause, self.scope, self.heading)

    def _missing(self, clause: n.MissingClause) -> None:
        earlier = self.policies[-1] if self.policies else None
        group = bool(self.draft.children)
        if earlier is not None and (not group or any(one.judged is clause.judged for one in self.policies)):
            words = self.scope.words
            help_key = "help" if earlier.judged is clause.judged else "help_missing"
            self.scope.report("RUB211", clause.span, first=words(earlier.span), clause=words(clause.span),
                              help=help_key)  # fmt: skip
            return
        self.policies.append(clause)

    def _not_rated(self, clause: n.NotRatedClause) -> None:
        words = self.scope.words
        if not self.draft.children or clause.policy == p.MissingPolicy.BASE:
            help_key = "help" if self.draft.children else "help_leaf"
            self.scope.report("RUB443", clause.span, clause=words(clause.span), code=self.draft.code, help=help_key)
        elif self.not_rated is not None:
            self.scope.report("RUB211", clause.span, clause=words(clause.span))
        elif self.draft.heading.level == SHEET_LEVEL and clause.value is None and clause.policy != "worst":
            self.scope.report("RUB444", clause.span, clause=words(clause.span))
        else:
            self.not_rated = resolve_missing_policy(clause, self.scope, self.heading)

    def combined(self) -> At[p.Combine] | None:
        """How the group combines, with the share of weight it needs."""
        if self.needs is None:
            return self.combine
        return with_needs(self.needs, self.combine, self.scope)

    def _evidence(self, clause: n.EvidenceClause, evidence: list[At[p.EvidenceSpec]]) -> None:
        if clause.name.text in self.scope.spans:
            first = self.scope.line(self.scope.spans[clause.name.text])
            self.scope.report("RUB202", clause.name.span, name=clause.name.text, line=first)
            return
        self.scope.spans[clause.name.text] = clause.name.span
        found = resolve_evidence(clause, self.scope, self.heading)
        if found is not None:
            self.scope.used.add(clause.name.text)
            self.evidence.append(len(evidence))
            evidence.append(found)

    def _met(self, clause: n.MetWhen) -> None:
        if self.draft.heading.kind != "condition":
            self.misplaced(clause, "help_met")
            return
        test = resolve_truth(clause.condition, self.scope, self.heading)
        if not test.broken:
            self.met = At(test.test, clause.span)


def resolve_node(
    outline: Outline,
    at: int,
    headings: list[Heading],
    scope: Scope,
    judged: list[At[p.JudgedSpec]],
    evidence: list[At[p.EvidenceSpec]],
) -> m.Node:
    """One heading with everything under it bound."""
    draft, heading = outline.drafts[at], headings[at]
    clauses = _Clauses(draft, heading, scope)
    asked_before = len(judged)
    rule = _rule(outline, draft, heading, scope, judged)
    for clause in draft.clauses:
        clauses.gather(clause, judged, evidence)
    judges = len(judged) > asked_before
    _check_own_policy(clauses, rule, judges=judges)
    policy = _policy(outline, draft, clauses.policies, judges=judges)
    head = draft.heading
    return m.Node(
        code=draft.code,
        title=head.title.value if head.title else "",
        level=head.level,
        depth=head.depth,
        parent=draft.parent,
        children=tuple(draft.children),
        minimum=heading.minimum,
        maximum=heading.maximum or Fraction(0),
        kind=head.kind,
        span=head.span,
        code_span=head.code.span,
        points_span=head.points.span if head.points else head.code.span,
        as_printed=head.as_printed.value if head.as_printed else None,
        columns=tuple(clauses.columns),
        absent=tuple(clauses.absent),
        requirements=tuple(clauses.requirements),
        rule=rule,
        met=clauses.met,
        adjustments=tuple(clauses.adjustments),
        evidence=deductions_first(clauses.evidence, evidence),
        limits=floors_first(clauses.limits),
        rounding=clauses.rounding,
        weight=_weight(head, scope),
        weight_is_percent=head.weight is not None and head.weight.percent,
        combine=clauses.combined(),
        if_missing=None if policy is None else resolve_missing_policy(policy, scope, heading),
        if_not_rated=clauses.not_rated,
        pool=head.level if head.depth == 0 else "",
        endless=heading.maximum is None and head.kind == "unscored",
    )


def _weight(head: n.Heading, scope: Scope) -> At[Fraction] | None:
    if head.weight is None:
        return None
    if head.weight.value <= 0:
        scope.report("RUB431", head.weight.span, code=head.code.text,
                     help="help" if head.weight.value == 0 else "help_negative")  # fmt: skip
        return None
    return At(head.weight.value / 100 if head.weight.percent else head.weight.value, head.weight.span)



def _rule(
    outline: Outline, draft: Draft, heading: Heading, scope: Scope, judged: list[At[p.JudgedSpec]]
) -> m.Rule | None:
    """The base of a leaf: its own clause, or the nearest ``every leaf`` above where it has no base and no awards."""
    head = draft.heading
    title = head.title.value if head.title else draft.code
    if draft.rules:
        if draft.children and not isinstance(draft.rules[0], n.ScoreFormula):
            if draft.uncertain:
                return None
            scope.report("RUB215", draft.rules[0].span, code=draft.code)
            return None
        if head.kind == "condition":
            scope.report("RUB210", draft.rules[0].span, clause=scope.words(draft.rules[0].span), help="help_condition")
            return None
        if heading.maximum is None and _needs_points(draft.rules[0]):
            scope.report("RUB445", draft.rules[0].span, code=draft.code, clause=scope.words(draft.rules[0].span))
            return None
        return resolve_rule(draft.rules[0], draft.rows, title, scope, heading, judged)
    if draft.children or head.kind != "scored":
        return None
    if any(isinstance(clause, n.AdjustClause) and clause.award for clause in draft.clauses):
        return None
    inherited = _inherited(outline, draft)
    return None if inherited is None else resolve_rule(inherited, (), title, scope, heading, judged)


def _needs_points(clause: RuleClause) -> bool:
    """Whether a rule means something only where the heading has points."""
    match clause:
        case n.ScoreProportion() | n.ScoreAllOrNothing():
            return True
        case n.ScoreJudged(low=low):
            return low is None
        case n.ScoreBy(scale=scale):
            return scale is not None
        case n.ScoreWhen() | n.ScoreFormula() | n.StartAt():
            return False
        case _:
            assert_never(clause)


def _check_own_policy(clauses: _Clauses, rule: m.Rule | None, *, judges: bool) -> None:
    """A clause of a leaf's own speaks of something the leaf waits for."""
    if clauses.draft.children or rule is None:
        return
    for clause in clauses.policies:
        if clause.judged and not judges:
            clauses.misplaced(clause, "help_judged")
        elif clause.policy == p.MissingPolicy.BASE and not clauses.adjustments:
            clauses.misplaced(clause, "help_base")


def _policy(
    outline: Outline, draft: Draft, own: list[n.MissingClause], *, judges: bool
) -> n.MissingClause | None:
    """What a leaf does without its facts: its own clause, or that of the nearest group above with one for it.

    Where a group has both, the one about judgements is for the leaves that wait for one.
    """
    if draft.children:
        return None
    if own or draft.heading.kind != "scored":
        return own[0] if own else None
    above = draft.parent
    while above is not None:
        group = outline.drafts[above]
        said = [clause for clause in group.clauses if isinstance(clause, n.MissingClause)]
        fitting = [clause for clause in said if judges or not clause.judged]
        if fitting:
            return next((clause for clause in fitting if clause.judged), fitting[0])
        above = group.parent
    return None


def _inherited(outline: Outline, draft: Draft) -> RuleClause | None:
    above = draft.parent
    while above is not None:
        found = outline.drafts[above].every_leaf
        if found is not None:
            return found.rule
        above = outline.drafts[above].parent
    return None

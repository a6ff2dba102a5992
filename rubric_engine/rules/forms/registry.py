"""The registry of scoring forms: which clause is which form, and how each becomes a choice."""

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from rubric_engine import model as m
from rubric_engine.facts.suggest import closest
from rubric_engine.model import At
from rubric_engine.plan.plan import Choice
from rubric_engine.rules.expressions import resolve
from rubric_engine.rules.forms.bands import lower_bands, resolve_bands
from rubric_engine.rules.forms.clauses import Judgements
from rubric_engine.rules.forms.conditions import lower_conditions, resolve_all_or_nothing, resolve_conditions
from rubric_engine.rules.forms.formula import lower_value, resolve_formula, resolve_start
from rubric_engine.rules.forms.interpolation import lower_interpolation, resolve_interpolation
from rubric_engine.rules.forms.judged import lower_judged, resolve_judged
from rubric_engine.rules.forms.levels import lower_levels, resolve_levels
from rubric_engine.rules.forms.proportion import lower_proportion, resolve_proportion
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Sort, Typed
from rubric_engine.rules.places import places_told, rounded_subject
from rubric_engine.source import SourceFile
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree import nodes as n

RuleClause = (
    n.ScoreBy | n.ScoreWhen | n.ScoreProportion | n.ScoreFormula | n.ScoreJudged | n.ScoreAllOrNothing | n.StartAt
)
RULE_CLAUSES = (
    n.ScoreBy, n.ScoreWhen, n.ScoreProportion, n.ScoreFormula, n.ScoreJudged, n.ScoreAllOrNothing, n.StartAt
)  # fmt: skip


def resolve_rule(
    clause: RuleClause, rows: Sequence[n.Row], title: str, scope: Scope, heading: Heading, judged: Judgements
) -> m.Rule | None:
    """The base of a leaf; ``None`` after its problems were reported."""
    match clause:
        case n.ScoreBy():
            return _score_by(clause, rows, scope, heading)
        case n.ScoreWhen():
            return resolve_conditions(clause, rows, scope, heading)
        case n.ScoreAllOrNothing():
            return resolve_all_or_nothing(clause, scope, heading)
        case n.ScoreProportion():
            return resolve_proportion(clause, scope, heading)
        case n.ScoreFormula():
            return resolve_formula(clause, scope, heading)
        case n.StartAt():
            return resolve_start(clause, scope, heading)
        case n.ScoreJudged():
            found = resolve_judged(clause, title, scope, heading)
            if found is None:
                return None
            judged.append(At(found[1], clause.span))
            return found[0]
        case _:
            assert_never(clause)


def _without_rows(clause: n.ScoreBy, subject: Typed, scope: Scope) -> None:
    """What may have been meant where no rows are: points in proportion to the number, or the number itself."""
    row, number = scope.words(clause.span), scope.words(clause.subject.span)
    if subject.sort is not Sort.NUMBER or clause.rounded is not None:
        scope.report("RUB246", clause.span, row=row)
        return
    score, in_proportion = (spell(meaning, scope.language) for meaning in ("SCORE", "IN_PROPORTION_TO"))
    share, formula = f"{score} {in_proportion} {number}", f"{score} {number}"
    scope.report("RUB246", clause.span, row=row, mend=share, formula=formula, help="share")


def _score_by(clause: n.ScoreBy, rows: Sequence[n.Row], scope: Scope, heading: Heading) -> m.Rule | None:
    """Levels, bands or interpolation: the type of the subject decides."""
    subject = resolve(clause.subject, scope, heading)
    if subject.broken:
        return None
    if clause.scale is not None:
        return _on_scale(clause, subject, scope, heading)
    if not rows:
        _without_rows(clause, subject, scope)
        return None
    if subject.sort is Sort.TEXT:
        scope.report("RUB301", subject.span, text=scope.words(subject.span), found="text", expected="number",
                     help="help_number")  # fmt: skip
        return None
    if clause.rounded is not None or clause.interpolated:
        if subject.sort is not Sort.NUMBER:
            scope.report("RUB301", subject.span, text=scope.words(subject.span), found=subject.sort.value,
                         expected="number", help="help_number")  # fmt: skip
            return None
        if clause.rounded is not None:
            subject = rounded_subject(subject, clause.rounded, rows, scope)
    if subject.broken or not places_told(subject, () if clause.rounded else rows, scope):
        return None
    if clause.interpolated:
        return resolve_interpolation(subject, clause, rows, scope, heading)
    if subject.sort is Sort.NUMBER:
        return resolve_bands(subject, clause, rows, scope, heading)
    return resolve_levels(subject, clause, rows, scope, heading)


def _on_scale(clause: n.ScoreBy, subject: Typed, scope: Scope, heading: Heading) -> m.Rule | None:
    """Bands shared by several leaves: their values are shares of full points."""
    assert clause.scale is not None
    name = clause.scale.text
    if name not in scope.scales:
        if name not in scope.unreadable:
            near = closest(name, scope.scales)
            scope.report("RUB201", clause.scale.span, name=name, near=near or "",
                         help="help_near" if near else "help_scale")  # fmt: skip
        return None
    scope.used.add(name)
    if subject.sort is not Sort.NUMBER:
        scope.report("RUB301", subject.span, text=scope.words(subject.span), found=subject.sort.value,
                     expected="number", help="help_number")  # fmt: skip
        return None
    rows = scope.scales[name]
    if clause.rounded is not None:
        subject = rounded_subject(subject, clause.rounded, rows, scope)
    if subject.broken or not places_told(subject, () if clause.rounded else rows, scope):
        return None
    return resolve_bands(subject, clause, rows, scope, heading)


def lower_rule(rule: m.Rule, full: Fraction, source: SourceFile) -> Choice:
    """Any form as the choice a plan holds."""
    match rule:
        case m.Levels():
            return lower_levels(rule, source)
        case m.Bands():
            return lower_bands(rule, source)
        case m.Conditions():
            return lower_conditions(rule, source)
        case m.Proportion():
            return lower_proportion(rule, full, source)
        case m.Interpolation():
            return lower_interpolation(rule, source)
        case m.Formula() | m.Start():
            return lower_value(rule, source)
        case m.JudgedRule():
            return lower_judged(rule, source)
        case _:
            assert_never(rule)

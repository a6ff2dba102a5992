"""Clauses that score, the rows under them, and the conditions on points."""

from typing import assert_never

from rubric_engine.plan.plan import Policy
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.printing.expressions import show_band, show_code, show_counted, show_expr, show_term
from rubric_engine.syntax.printing.facts import show_because, show_points
from rubric_engine.syntax.printing.words import show_literal, show_name, show_rounding, show_text
from rubric_engine.syntax.tree import nodes as n

_POLICIES = {
    Policy.FULL: "FULL_POINTS",
    Policy.EXCLUDED: "EXCLUDED",
    Policy.KEEP_WORTH: "KEEP_WORTH_OF",
    Policy.ZERO: "ZERO",
    Policy.UNDECIDED: "UNDECIDED",
}

Base = (
    n.ScoreBy | n.ScoreWhen | n.ScoreProportion | n.ScoreFormula | n.ScoreJudged | n.ScoreAllOrNothing | n.StartAt
    | n.EveryLeaf
)  # fmt: skip
Change = (
    n.AdjustClause | n.RequireClause | n.LimitClause | n.RoundedClause | n.NotApplicableClause | n.MetWhen
    | n.TotalLimit
)  # fmt: skip


def show_base(stmt: Base, language: str) -> str:
    """What a leaf starts from."""
    score = spell("SCORE", language)
    match stmt:
        case n.ScoreBy():
            return _show_score_by(stmt, language)
        case n.ScoreWhen():
            return score
        case n.ScoreProportion(ratio=ratio, zero_below=zero_below):
            shown = f"{score} {spell('IN_PROPORTION_TO', language)} {show_term(ratio, language)}"
            if zero_below is not None:
                shown += f", 0 {spell('BELOW', language)} {show_literal(zero_below, language)}"
            return shown
        case n.ScoreFormula(value=value):
            return f"{score} {show_expr(value, language)}"
        case n.ScoreJudged(yes_no=True):
            return f"{score} {spell('YES_NO', language)}"
        case n.ScoreAllOrNothing(condition=condition, yes_no=True):
            return f"{score} {spell('YES_NO', language)} {spell('BY', language)} {show_expr(condition, language)}"
        case n.ScoreAllOrNothing(condition=condition):
            opening = f"{score} {spell('ALL_OR_NOTHING', language)} {spell('WHEN', language)}"
            return f"{opening} {show_expr(condition, language)}"
        case n.ScoreJudged(low=low, high=high, step=step):
            return f"{score} {spell('JUDGED', language)}{_show_scope(low, high, step, language)}"
        case n.StartAt(value=value):
            return f"{spell('START_AT', language)} {show_expr(value, language)}"
        case n.EveryLeaf(rule=rule):
            return f"{spell('EVERY_LEAF', language)}: {show_base(rule, language)}"
        case _:
            assert_never(stmt)


def _show_score_by(clause: n.ScoreBy, language: str) -> str:
    shown = f"{spell('SCORE', language)} {spell('BY', language)} {show_expr(clause.subject, language)}"
    if clause.scale is not None:
        shown += f" {spell('ON_SCALE', language)} {show_name(clause.scale)}"
    if clause.rounded is not None:
        shown += f", {spell('ROUNDED', language)} {show_rounding(clause.rounded, language)}"
    return shown + (f", {spell('INTERPOLATED', language)}" if clause.interpolated else "")


def _show_scope(low: n.Num | None, high: n.Num | None, step: n.Num | None, language: str) -> str:
    """`` from 0 to 1.25 in steps of 0.25``, as far as it is given."""
    shown = ""
    if low is not None and high is not None:
        ends = f"{show_literal(low, language)} {spell('TO', language)} {show_literal(high, language)}"
        shown += f" {spell('FROM', language)} {ends}"
    if step is not None:
        shown += f" {spell('IN_STEPS_OF', language)} {show_literal(step, language)}"
    return shown


def show_change(stmt: Change, language: str) -> str:
    """What adds to a base, takes from it, limits it or sets it aside."""
    match stmt:
        case n.AdjustClause():
            return _show_adjust(stmt, language)
        case n.RequireClause(condition=condition, otherwise=otherwise, because=because):
            shown = f"{spell('REQUIRE', language)} {show_expr(condition, language)}"
            shown += f", {spell('ELSE', language)} {show_expr(otherwise, language)}"
            return shown + show_because(because, language)
        case n.LimitClause():
            return _show_limit(stmt, language)
        case n.RoundedClause(to=to):
            return f"{spell('ROUNDED', language)} {show_rounding(to, language)}"
        case n.NotApplicableClause():
            return _show_not_applicable(stmt, language)
        case n.MetWhen(condition=condition):
            return f"{spell('MET_WHEN', language)} {show_expr(condition, language)}"
        case n.TotalLimit(limit=limit):
            return f"{spell('TOTAL', language)} {_show_limit(limit, language)}"
        case _:
            assert_never(stmt)


def _show_adjust(clause: n.AdjustClause, language: str) -> str:
    shown = spell("AWARD" if clause.award else "DEDUCT", language)
    amount = clause.amount
    if isinstance(amount, n.JudgedAmount):
        shown += f" {spell('JUDGMENT', language)}"
        if amount.name is not None:
            shown += f" {show_name(amount.name)}"
        shown += _show_scope(amount.low, amount.high, amount.step, language)
    else:
        shown += f" {show_expr(amount, language)}"
    if clause.beyond:
        shown += f" {spell('BEYOND_FULL_POINTS', language)}"
    if clause.each is not None:
        shown += f" {spell('FOR_EACH_OF', language)} {show_counted(clause.each, language)}"
    if clause.condition is not None:
        shown += f" {spell('WHEN', language)} {show_expr(clause.condition, language)}"
    if clause.cap is not None:
        shown += f", {spell('AT_MOST', language)} {show_expr(clause.cap, language)}"
    return shown + show_because(clause.because, language)


def _show_limit(clause: n.LimitClause, language: str) -> str:
    shown = show_expr(clause.value, language)
    if isinstance(clause.value, n.Num) and not clause.value.percent:
        shown = show_points(clause.value, language)
    if not clause.exactly:
        shown = f"{spell('AT_MOST' if clause.at_most else 'AT_LEAST', language)} {shown}"
    if clause.condition is not None:
        shown += f" {spell('WHEN', language)} {show_expr(clause.condition, language)}"
    return shown + show_because(clause.because, language)


def _show_not_applicable(clause: n.NotApplicableClause, language: str) -> str:
    shown = f"{spell('NOT_APPLICABLE_WHEN', language)} "
    if clause.condition is None:
        shown += spell("NOTHING_APPLIES", language)
    else:
        shown += show_expr(clause.condition, language)
    shown += f": {spell(_POLICIES[Policy(clause.policy)], language)}"
    if clause.worth_of is not None:
        shown += f" {show_code(clause.worth_of, language)}"
    return shown if clause.words is None else f"{shown} {show_text(clause.words)}"


def show_row(row: n.Row, language: str) -> str:
    """``KEY: VALUE`` under a ``score`` clause."""
    return f"{_show_key(row.key, language)}: {show_expr(row.value, language)}"


def _show_key(key: n.LevelKeys | n.TableKeys | n.Band | n.WhenKey | n.OtherwiseKey, language: str) -> str:
    match key:
        case n.LevelKeys(keys=keys):
            return ", ".join(_show_one(key, language) for key in keys)
        case n.TableKeys(keys=columns):
            either = f" {spell('OR', language)} "
            return ", ".join(either.join(_show_one(key, language) for key in column) for column in columns)
        case n.Band():
            return show_band(key, language)
        case n.WhenKey(condition=condition):
            return f"{spell('WHEN', language)} {show_expr(condition, language)}"
        case n.OtherwiseKey():
            return spell("OTHERWISE", language)
        case _:
            assert_never(key)


def _show_one(key: n.Ident | n.YesNo | n.Band | n.FileKey, language: str) -> str:
    match key:
        case n.Ident():
            return show_name(key)
        case n.FileKey(text=text):
            return text
        case n.YesNo():
            return show_literal(key, language)
        case n.Band():
            return show_band(key, language)
        case _:
            assert_never(key)

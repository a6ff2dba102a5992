"""Pools, combining, missing values, and what is declared for all rules: functions, tables, scales, other files."""

from typing import assert_never

from rubric_engine.plan.combine import CombineKind, MissingPolicy
from rubric_engine.syntax.keywords import forms, spell
from rubric_engine.syntax.printing.expressions import show_expr
from rubric_engine.syntax.printing.words import counted, show_literal, show_name, show_names, show_text
from rubric_engine.syntax.tree import nodes as n

_KINDS = {
    CombineKind.WEIGHTED_MEAN: "WEIGHTED_MEAN",
    CombineKind.MEAN: "MEAN",
    CombineKind.GEOMETRIC: "GEOMETRIC_MEAN",
    CombineKind.HARMONIC: "HARMONIC_MEAN",
    CombineKind.POWER: "POWER_MEAN",
    CombineKind.LOWEST: "LOWEST",
    CombineKind.HIGHEST: "HIGHEST",
    CombineKind.MEDIAN: "MEDIAN",
    CombineKind.PRODUCT: "PRODUCT",
    CombineKind.BEST: "BEST",
    CombineKind.DROP_LOWEST: "DROP_LOWEST",
    CombineKind.DROP_HIGHEST: "DROP_HIGHEST",
    CombineKind.DROP_ENDS: "DROP_ENDS",
    CombineKind.SUM_POSITIVE: "SUM_OVER_POSITIVE",
}
_SUBSTITUTES = {
    MissingPolicy.EXCLUDED: "EXCLUDED",
    MissingPolicy.NOT_APPLICABLE: "NOT_APPLICABLE",
    MissingPolicy.BASE: "USE_BASE",
    "worst": "WORST",
}
# What stands alone after a colon: a name of that spelling goes in brackets.
_ALONE = ("ZERO", *_SUBSTITUTES.values())
_POOLS = {"bonus": "BONUS", "penalty": "PENALTY"}

Grouping = n.Pool | n.CombineClause | n.NeedsClause | n.MissingClause | n.NotRatedClause
Shared = n.DefineClause | n.TableClause | n.ScaleClause | n.UseClause


def show_grouping(stmt: Grouping, language: str) -> str:
    """A pool, how a group combines its children, and what stands in for what is missing."""
    match stmt:
        case n.Pool(kind=kind, title=title, cap=cap):
            shown = spell(_POOLS[kind], language)
            if title is not None:
                shown += f" {show_text(title)}"
            return shown if cap is None else f"{shown} {spell('AT_MOST', language)} {show_literal(cap, language)}"
        case n.CombineClause():
            return _show_combine(stmt, language)
        case n.NeedsClause(share=share):
            shown = f"{spell('NEEDS_AT_LEAST', language)} {show_literal(share, language)}"
            return f"{shown} {spell('OF_WEIGHT', language)}"
        case n.MissingClause(judged=judged, policy=policy, value=value):
            return _show_substitute("IF_NOT_JUDGED" if judged else "IF_MISSING", policy, value, language)
        case n.NotRatedClause(policy=policy, value=value):
            return _show_substitute("IF_NOT_RATED", policy, value, language)
        case _:
            assert_never(stmt)



def _show_substitute(meaning: str, policy: str, value: n.Expr | None, language: str) -> str:
    """``if missing: 0``, ``if not rated: excluded``."""
    shown = spell(meaning, language)
    if value is None:
        return f"{shown}: {spell(_SUBSTITUTES[policy], language)}"
    expr = show_expr(value, language)
    alone = isinstance(value, n.Name) and any(expr in forms(each, language) for each in _ALONE)
    return f"{shown}: ({expr})" if alone else f"{shown}: {expr}"


def _show_combine(clause: n.CombineClause, language: str) -> str:
    shown = f"{spell('COMBINE', language)} {spell(_KINDS[CombineKind(clause.kind)], language)}"
    if clause.parameter is not None:
        shown += f" {show_literal(clause.parameter, language)}"
    if clause.places is not None:
        shown += f" {spell('TO', language)} {counted(clause.places, 'PLACES', language)}"
    if clause.if_zero is not None:
        shown += f", {spell('IF_ANY_IS_0', language)}: {show_expr(clause.if_zero, language)}"
    return shown


def show_shared(stmt: Shared, language: str) -> str:
    """What is declared once and used from anywhere; the rows of a table and of a scale follow on their own lines."""
    match stmt:
        case n.DefineClause(name=name, parameters=parameters, value=value):
            head = f"{spell('DEFINE', language)} {show_name(name)}({show_names(parameters)})"
            return f"{head} = {show_expr(value, language)}"
        case n.TableClause(name=name, by=by, giving=giving, path=path):
            shown = f"{spell('TABLE', language)} {show_name(name)}"
            shown += f" {spell('BY', language)} {show_names(by)}" if by else ""
            shown += "" if giving is None else f" {spell('GIVING', language)} {show_name(giving)}"
            return shown if path is None else f"{shown} {spell('FROM', language)} {show_text(path)}"
        case n.ScaleClause(name=name):
            return f"{spell('SCALE', language)} {show_name(name)}"
        case n.UseClause(path=path):
            return f"{spell('USE', language)} {show_text(path)}"
        case _:
            assert_never(stmt)

"""Stages, deadlines, publication and ranking: what reaches beyond one sheet."""

from typing import assert_never

from rubric_engine.plan.grading import PublishedForm, Ties
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.printing.expressions import show_key
from rubric_engine.syntax.printing.facts import show_level
from rubric_engine.syntax.printing.words import show_literal, show_name, show_rounding, show_text
from rubric_engine.syntax.tree import nodes as n

_FORMS = {
    PublishedForm.PERCENT: "PERCENT_OF_MAXIMUM",
    PublishedForm.INDEX: "INDEX_0_TO_1",
    PublishedForm.POINTS: "POINTS",
}
_TIES = {
    Ties.SHARE: "TIES_SHARE_THE_RANK",
    Ties.DENSE: "TIES_WITHOUT_A_GAP",
    Ties.UNDECIDED: "TIES_UNDECIDED",
}

Round = n.Stages | n.DeadlineClause | n.AskedFrom | n.PublishedAs | n.RankingClause | n.RankBy | n.TiesClause


def show_round(stmt: Round, language: str) -> str:
    """A statement about stages, deadlines, publication or ranking."""
    match stmt:
        case n.Stages(stages=stages):
            return f"{spell('STAGES', language)} " + ", ".join(_show_stage(stage, language) for stage in stages)
        case n.DeadlineClause(name=name, title=title, due=due):
            shown = f"{spell('DEADLINE', language)} {show_name(name)}"
            if title is not None:
                shown += f" {show_text(title)}"
            return shown if due is None else f"{shown} {spell('ON', language)} {show_literal(due, language)}"
        case n.AskedFrom(stage=stage):
            return f"{spell('ASKED_FROM', language)} {show_name(stage)}"
        case n.PublishedAs(form=form, rounded=rounded):
            shown = f"{spell('PUBLISHED_AS', language)} {spell(_FORMS[PublishedForm(form)], language)}"
            if rounded is None:
                return shown
            return f"{shown}, {spell('ROUNDED', language)} {show_rounding(rounded, language)}"
        case n.RankingClause(within=within):
            return spell("RANKING", language) + show_within(within, language)
        case n.RankBy(keys=keys):
            shown = f", {spell('THEN_BY', language)} ".join(_show_key(key, language) for key in keys)
            return f"{spell('BY', language)} {shown}"
        case n.TiesClause(kind=kind, words=words):
            shown = spell(_TIES[Ties(kind)], language)
            return shown if words is None else f"{shown} {show_text(words)}"
        case _:
            assert_never(stmt)


def show_within(within: n.Ident | None, language: str) -> str:
    """The tail `` within unit``, or nothing."""
    return "" if within is None else f" {spell('WITHIN', language)} {show_name(within)}"


def _show_stage(stage: n.StageDef, language: str) -> str:
    shown = show_name(stage.name)
    if stage.title is not None:
        shown += f" {show_text(stage.title)}"
    if stage.keeps_judgements:
        shown += f" {spell('KEEPS_JUDGEMENTS', language)}"
        shown += f" {spell('AND', language)}" if stage.only_accepted else ""
    return f"{shown} {spell('ONLY_ACCEPTED', language)}" if stage.only_accepted else shown


def _show_key(key: n.RankKeyDef, language: str) -> str:
    if key.exact:
        shown = spell("EXACT_TOTAL", language)
    elif key.level:
        assert isinstance(key.subject, n.OfNode)
        shown = f"{show_level(key.level, language)} {key.subject.code.text}"
    else:
        shown = show_key(key.subject, language)
    return f"{shown} {spell('LOWEST_FIRST', language)}" if key.lowest_first else shown

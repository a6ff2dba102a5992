"""Callbacks of the grammar that make what reaches beyond one sheet: stages, ranking, publication, cohort figures."""

from typing import Any

from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.parts import (
    MAX_PLACES,
    Part,
    declared,
    find,
    ident,
    marked,
    part,
    percent,
    text,
    whole,
)
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n

# ---------------------------------------------------------------- stages, deadlines, publication


def _titled(children: list[Any]) -> n.Text | None:
    return next((child for child in children if isinstance(child, n.Text)), None)


def _stage(children: list[Any], span: Span) -> n.StageDef:
    keeps, accepted = find(children, "keeps_judgements", False), find(children, "only_accepted", False)
    return n.StageDef(declared(children[0]), _titled(children), keeps, accepted, span)


def _stages(children: list[Any], span: Span) -> n.Stages:
    return n.Stages(tuple(child for child in children if isinstance(child, n.StageDef)), span)


def _deadline(children: list[Any], span: Span) -> n.DeadlineClause:
    due: n.DateLit | None = find(children, "on")
    return n.DeadlineClause(declared(children[0]), _titled(children), due, span)


def _published_as(children: list[Any], span: Span) -> n.PublishedAs:
    rounded = next((child for child in children if isinstance(child, n.RoundTo)), None)
    return n.PublishedAs(find(children, "published"), rounded, span)


# ---------------------------------------------------------------- ranking


def _rank_key(children: list[Any], span: Span) -> n.RankKeyDef:
    return n.RankKeyDef(children[0], lowest_first=find(children, "lowest_first", False), span=span)


def _rank_exact(children: list[Any], span: Span) -> n.RankKeyDef:
    lowest = find(children, "lowest_first", False)
    return n.RankKeyDef(n.SheetTotal(span=span), exact=True, lowest_first=lowest, span=span)


def _rank_level(children: list[Any], span: Span) -> n.RankKeyDef:
    level, _ = find(children, "level")
    code = ident(children[1])
    subject = n.OfNode("points", code, Span(span.start, code.span.end))
    return n.RankKeyDef(subject, False, level, find(children, "lowest_first", False), span)


def _ties_undecided(children: list[Any], span: Span) -> n.TiesClause:
    return n.TiesClause("undecided", text(children[0]), span)


# ---------------------------------------------------------------- figures of the cohort, the cycle before, the round


def _percentile(children: list[Any], span: Span) -> Part:
    return Part("what", ("percentile", percent(children[0])), span)


def _among(children: list[Any], span: Span) -> n.AmongUnits:
    what = children[0].value
    what, percent = what if isinstance(what, tuple) else (what, None)
    return n.AmongUnits(what, children[1], within=find(children, "within"), percent=percent, span=span)


def _figure(what: str) -> Callback:
    """A figure of one subject with whatever follows it."""

    def made(children: list[Any], span: Span) -> n.AmongUnits:
        return n.AmongUnits(
            what,
            children[0],
            within=find(children, "within"),
            places=find(children, "places_of"),
            lowest_first=find(children, "lowest_first", False),
            if_all_equal=find(children, "all_equal"),
            span=span,
        )

    return made


def _units(what: str) -> Callback:
    """A share or a number of units, of those for which a condition holds if there is one."""

    def made(children: list[Any], span: Span) -> n.AmongUnits:
        where: n.Expr | None = next((child for child in children if not isinstance(child, Part)), None)
        return n.AmongUnits(what, None, where, find(children, "within"), span=span)

    return made


def _previous_name(children: list[Any], span: Span) -> n.Previous:
    name = ident(children[0])
    return n.Previous(n.Name(name.text, name.span, name.bracketed), None, span)


def _previous_node(what: str) -> Callback:
    return lambda children, span: n.Previous(n.OfNode(what, children[0], span), None, span)


def _previous_total(children: list[Any], span: Span) -> n.Previous:
    return n.Previous(n.SheetTotal(span=span), None, span)


def _previous_or(children: list[Any], span: Span) -> n.Previous:
    previous, other = children
    return n.Previous(previous.subject, other, span)


ROUNDS: dict[str, Callback] = {
    "stage": _stage,
    "keeps_judgements": marked("keeps_judgements", True),
    "stage_accepted": marked("only_accepted", True),
    "stages": _stages,
    "deadline": _deadline,
    "asked_from_clause": lambda children, span: n.AskedFrom(ident(children[0]), span),
    "published_as": _published_as,
    "published_percent": marked("published", "percent of applicable maximum"),
    "published_index": marked("published", "index 0 to 1"),
    "published_points": marked("published", "points"),
    "ranking": lambda children, span: n.RankingClause(find(children, "within"), span),
    "within": lambda children, span: Part("within", ident(children[0]), span),
    "rank_by": lambda children, span: n.RankBy(tuple(children), span),
    "rank_key": _rank_key,
    "rank_exact": _rank_exact,
    "rank_level": _rank_level,
    "lowest_first": part("lowest_first"),
    "ties_share": lambda children, span: n.TiesClause("share", None, span),
    "ties_dense": lambda children, span: n.TiesClause("dense", None, span),
    "ties_undecided": _ties_undecided,
    "among": _among,
    "among_average": marked("what", "average"),
    "among_percentile": _percentile,
    "among_deviation": _figure("deviation"),
    "among_rank": _figure("rank"),
    "among_position": _figure("position"),
    "among_percent_rank": _figure("percent rank"),
    "among_score": _figure("score"),
    "among_number": _units("number"),
    "among_share": _units("share"),
    "places_of": lambda children, span: Part("places_of", whole(children[0], MAX_PLACES), span),
    "all_equal": part("all_equal"),
    "previous_name": _previous_name,
    "previous_points": _previous_node("points"),
    "previous_index": _previous_node("index"),
    "previous_total": _previous_total,
    "previous_or": _previous_or,
    "days_late": lambda children, span: n.DaysLate(ident(children[0]), span),
}

# Nodes that count as one level of nesting.
DEEP_FIGURES = frozenset(
    {
        "among", "among_deviation", "among_rank", "among_position", "among_percent_rank",
        "among_score", "among_number", "among_share",
        "previous_or",
    }
)  # fmt: skip

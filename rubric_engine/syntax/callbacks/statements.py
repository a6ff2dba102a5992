"""Callbacks of the grammar that make statements. One callback an alias of ``rubric.lark``."""

from itertools import pairwise
from typing import Any

from rubric_engine.diagnostics.shape import problem
from rubric_engine.source import Span
from rubric_engine.syntax.callbacks import parts
from rubric_engine.syntax.callbacks.expr import BANDS, EXPRESSIONS
from rubric_engine.syntax.callbacks.expr import DEEP as DEEP
from rubric_engine.syntax.callbacks.facts import FACTS
from rubric_engine.syntax.callbacks.groups import GROUPS
from rubric_engine.syntax.callbacks.rounds import ROUNDS
from rubric_engine.syntax.callbacks.rows import ROWS
from rubric_engine.syntax.callbacks.sheet import SHEET
from rubric_engine.syntax.lexis import Misread, Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n

# ---------------------------------------------------------------- what a leaf starts from


def _score_by(children: list[Any], span: Span) -> n.ScoreBy:
    rounded = [child for child in children[1:] if isinstance(child, n.RoundTo)]
    if len(rounded) > 1:
        raise Misread(problem("RUB101", rounded[1].span, help="twice", found="", expected=""))
    interpolated, scale = parts.find(children, "interpolated", False), parts.find(children, "scale")
    return n.ScoreBy(children[0], rounded[0] if rounded else None, interpolated, scale, span)


def _score_proportion(children: list[Any], span: Span) -> n.ScoreProportion:
    if len(children) == 1:
        return n.ScoreProportion(children[0], None, span)
    ratio, zero, floor = children
    if parts.number(zero).value != 0:
        raise Misread(problem("RUB101", zero.span, help="zero_below", found=zero.value.value, expected="0"))
    return n.ScoreProportion(ratio, floor, span)


def _score_judged(children: list[Any], span: Span) -> n.ScoreJudged:
    low, high = parts.find(children, "scope", (None, None))
    return n.ScoreJudged(low, high, parts.find(children, "step"), span)


def _score_yes_no(children: list[Any], span: Span) -> n.ScoreJudged | n.ScoreAllOrNothing:
    if children:
        return n.ScoreAllOrNothing(children[0], span, yes_no=True)
    return n.ScoreJudged(None, None, None, span, yes_no=True)


def _scope(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("scope", (children[0], children[1]), span)


# ---------------------------------------------------------------- what changes the points


def _judged_amount(children: list[Any], span: Span) -> n.JudgedAmount:
    name = parts.declared(children[0]) if isinstance(children[0], Token) else None
    low, high = parts.find(children, "scope")
    return n.JudgedAmount(name, low, high, parts.find(children, "step"), span)


def _adjust(award: bool) -> Callback:
    def made(children: list[Any], span: Span) -> n.AdjustClause:
        return n.AdjustClause(
            award,
            children[0],
            parts.find(children, "each"),
            parts.find(children, "condition"),
            parts.find(children, "ceiling"),
            parts.find(children, "because"),
            parts.find(children, "beyond", False),
            span,
        )

    return made


def _require(children: list[Any], span: Span) -> n.RequireClause:
    return n.RequireClause(children[0], children[1], parts.find(children, "because"), span)


def _limit(*, at_most: bool, exactly: bool = False) -> Callback:
    def made(children: list[Any], span: Span) -> n.LimitClause:
        condition, because = parts.find(children, "condition"), parts.find(children, "because")
        return n.LimitClause(at_most, children[0], condition, because, exactly, span)

    return made


def _not_applicable(children: list[Any], span: Span) -> n.NotApplicableClause:
    condition, policy = children
    return _absent(condition, policy, span)


def _nothing_applies(children: list[Any], span: Span) -> n.NotApplicableClause:
    return _absent(None, children[0], span)


def _absent(condition: Any, policy: parts.Part, span: Span) -> n.NotApplicableClause:
    name, worth_of, words = policy.value
    return n.NotApplicableClause(condition, name, condition is None, worth_of, words, span)


def _policy(name: str) -> Callback:
    return parts.marked("policy", (name, None, None))


def _keep(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("policy", ("keep the worth of", parts.ident(children[0]), None), span)


def _keep_total(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("policy", ("keep the worth of", n.Ident("total", Span(span.end, span.end)), None), span)


def _undecided(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("policy", ("undecided", None, parts.text(children[0])), span)


# ---------------------------------------------------------------- rows


def _row_levels(children: list[Any], span: Span) -> n.Row:
    *keys, value = children
    columns = tuple(key if isinstance(key, tuple) else (key,) for key in keys)
    return _row_of(columns, value, span)


def _row_choice(children: list[Any], span: Span) -> n.Row:
    *keys, value = children
    return _row_of((tuple(keys),), value, span)


def _row_of(columns: tuple[tuple[Any, ...], ...], value: Any, span: Span) -> n.Row:
    """Rows of one level a column are those of a leaf as well. Two numbers with no blank between them are one."""
    for left, right in pairwise(columns):
        last, first = left[-1], right[0]
        if isinstance(last, n.Band) and isinstance(first, n.Band) and last.span.end + 1 == first.span.start:
            raise Misread(problem("RUB105", Span(last.span.start, first.span.end), found="…", mend="…"))
    here = Span(span.start, columns[-1][-1].span.end)
    if all(len(column) == 1 and not isinstance(column[0], n.Band) for column in columns):
        return n.Row(n.LevelKeys(tuple(column[0] for column in columns), here), value, span)
    return n.Row(n.TableKeys(columns, here), value, span)


def _row_name(children: list[Any], span: Span) -> n.Row:
    name = parts.ident(children[0])
    return n.Row(n.LevelKeys((name,), name.span), children[1], span)


def _row_when(children: list[Any], span: Span) -> n.Row:
    condition, value = children
    return n.Row(n.WhenKey(condition, Span(span.start, condition.span.end)), value, span)


def _row_otherwise(children: list[Any], span: Span) -> n.Row:
    return n.Row(n.OtherwiseKey(span), children[0], span)


RULES: dict[str, Callback] = {
    "score_when": lambda children, span: n.ScoreWhen(span),
    "score_by": _score_by,
    "interpolated": parts.part("interpolated"),
    "on_scale": lambda children, span: parts.Part("scale", parts.ident(children[0]), span),
    "every_leaf": lambda children, span: n.EveryLeaf(children[0], span),
    "score_formula": lambda children, span: n.ScoreFormula(children[0], span),
    "score_proportion": _score_proportion,
    "score_judged": _score_judged,
    "score_yes_no": _score_yes_no,
    "score_all_or_nothing": lambda children, span: n.ScoreAllOrNothing(children[0], span),
    "start_at": lambda children, span: n.StartAt(children[0], span),
    "scope": _scope,
    "step": parts.part("step"),
    "award": _adjust(True),
    "deduct": _adjust(False),
    "amount": parts.handed_on,
    "judged_amount": _judged_amount,
    "each": parts.part("each"),
    "each_day_late": lambda children, span: parts.Part("each", n.DaysLate(parts.ident(children[0]), span), span),
    "condition": parts.part("condition"),
    "ceiling": parts.part("ceiling"),
    "because": lambda children, span: parts.Part("because", parts.text(children[0]), span),
    "require": _require,
    "total_limit": lambda children, span: n.TotalLimit(children[0], span),
    "beyond": parts.marked("beyond", True),
    "rounded": lambda children, span: n.RoundedClause(children[0], span),
    "at_most": _limit(at_most=True),
    "at_least": _limit(at_most=False),
    "exact_points": _limit(at_most=True, exactly=True),
    "not_applicable": _not_applicable,
    "nothing_applies": _nothing_applies,
    "met_when": lambda children, span: n.MetWhen(children[0], span),
    "policy_full": _policy("full points"),
    "policy_excluded": _policy("excluded"),
    "policy_zero": _policy("zero"),
    "policy_keep": _keep,
    "policy_keep_total": _keep_total,
    "policy_undecided": _undecided,
    "row_name": _row_name,
    "row_levels": _row_levels,
    "row_choice": _row_choice,
    "table_key": lambda children, span: tuple(child for child in children if not isinstance(child, Token)),
    "row_band": lambda children, span: n.Row(children[0], children[1], span),
    "row_when": _row_when,
    "row_otherwise": _row_otherwise,
    "key_name": lambda children, span: parts.ident(children[0]),
}

CALLBACKS: dict[str, Callback] = {
    "start": parts.handed_on, **EXPRESSIONS, **ROWS, **BANDS, **FACTS, **RULES, **GROUPS, **SHEET, **ROUNDS,
}  # fmt: skip

"""Callbacks of the grammar that make expressions and bands."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from rubric_engine.diagnostics.shape import problem
from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.parts import MAX_PLACES, handed_on, ident, marked, number, percent, text, whole
from rubric_engine.syntax.callbacks.rounds import DEEP_FIGURES
from rubric_engine.syntax.callbacks.rows import DEEP_ROWS
from rubric_engine.syntax.lexis import InBrackets, Misread
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n

# ---------------------------------------------------------------- expressions


def _name(children: list[Any], span: Span) -> n.Name:
    return n.Name(str(children[0].value), span, isinstance(children[0].value, InBrackets))


def _date(children: list[Any], span: Span) -> n.DateLit:
    value = children[0].value
    assert isinstance(value, n.DateLit)
    return value


def _negative_number(children: list[Any], span: Span) -> n.Num:
    value = number(children[0])
    return n.Num(-value.value, value.percent, span)


def _of_node(what: str) -> Callback:
    return lambda children, span: n.OfNode(what, children[0], span)


def _pair(sign: str) -> Callback:
    return lambda children, span: (sign, children[0])


def _compared(order: str) -> Callback:
    return lambda children, span: n.Comparison(children[0], ((order, children[1]),), True, span)


def _is(negated: bool) -> Callback:
    return lambda children, span: n.Is(children[0], tuple(children[1:]), negated, span)


def _missing(negated: bool) -> Callback:
    return lambda children, span: n.Missing(children[0], negated, span)


def _time_from(unit: str) -> Callback:
    return lambda children, span: n.TimeFrom(unit, children[0], children[1], span)


def _later(unit: str, *, before: bool) -> Callback:
    return lambda children, span: n.Later(children[0], unit, children[1], before, span)


def _call(children: list[Any], span: Span) -> n.Call:
    return n.Call(children[0].value, tuple(children[1:]), span)


def _inexact_call(children: list[Any], span: Span) -> n.InexactCall:
    function, arg, places = children
    return n.InexactCall(function.value, (arg,), whole(places, MAX_PLACES), span)


def _inexact_power(children: list[Any], span: Span) -> n.InexactCall:
    base, exponent, places = children
    return n.InexactCall("power", (base, exponent), whole(places, MAX_PLACES), span)


def _at_least_of(children: list[Any], span: Span) -> n.AtLeastOf:
    return n.AtLeastOf(number(children[0]), tuple(children[1:]), span)


def _share_of_full(children: list[Any], span: Span) -> n.Product:
    share = percent(children[0])
    return n.Product(share, (("*", n.FullPoints(Span(share.span.end, span.end))),), True, span)


def _round_places(children: list[Any], span: Span) -> n.RoundTo:
    return n.RoundTo(children[0].value, whole(children[1], MAX_PLACES), None, span=span)


def _round_multiple(children: list[Any], span: Span) -> n.RoundTo:
    value = number(children[1])
    if value.value == Fraction(0):
        raise Misread(problem("RUB114", children[1].span, help="zero", found=""))
    return n.RoundTo(children[0].value, None, value.value, value.percent, span=span)


EXPRESSIONS: dict[str, Callback] = {
    "number": lambda children, span: number(children[0]),
    "negative_number": _negative_number,
    "date": _date,
    "name": _name,
    "text": lambda children, span: text(children[0]),
    "yes": lambda children, span: n.YesNo(True, span),
    "no": lambda children, span: n.YesNo(False, span),
    "handed_on": handed_on,
    "rounding": lambda children, span: replace(children[0], span=span),
    "rounding_beyond": lambda children, span: replace(children[0], beyond=True, span=span),
    "when": lambda children, span: n.When(children[0], children[1], children[2], span),
    "any_of": lambda children, span: n.Or(tuple(children), span),
    "all_of": lambda children, span: n.And(tuple(children), span),
    "negated": lambda children, span: n.Not(children[0], span),
    "compared_chain": lambda children, span: n.Comparison(children[0], tuple(children[1:]), False, span),
    "is": _is(False),
    "is_not": _is(True),
    "is_missing": _missing(False),
    "is_not_missing": _missing(True),
    "is_at_least": _compared(">="),
    "is_at_most": _compared("<="),
    "is_above": _compared(">"),
    "is_below": _compared("<"),
    "order_lt": _pair("<"),
    "order_le": _pair("<="),
    "order_eq": _pair("="),
    "order_ne": _pair("!="),
    "order_ge": _pair(">="),
    "order_gt": _pair(">"),
    "plus": _pair("+"),
    "minus": _pair("-"),
    "times": _pair("*"),
    "over": _pair("/"),
    "sum": lambda children, span: n.Sum(children[0], tuple(children[1:]), span),
    "product": lambda children, span: n.Product(children[0], tuple(children[1:]), span=span),
    "negative": lambda children, span: n.Negative(children[0], span),
    "power": lambda children, span: n.Power(children[0], children[1], span),
    **{f"{unit}_from": _time_from(unit) for unit in ("days", "months", "years")},
    **{f"{unit}_after": _later(unit, before=False) for unit in ("months", "years")},
    **{f"{unit}_before": _later(unit, before=True) for unit in ("months", "years")},
    "full_points": lambda children, span: n.FullPoints(span),
    "sheet_total": lambda children, span: n.SheetTotal(span=span),
    "index_of_total": lambda children, span: n.SheetTotal(True, span),
    "nothing_scored_0": lambda children, span: n.NothingScoredZero(span),
    "points_of": _of_node("points"),
    "index_of": _of_node("index"),
    "met": lambda children, span: n.OfNode("met", ident(children[0]), span),
    "unrated": lambda children, span: n.OfNode("unrated", ident(children[0]), span),
    "place": lambda children, span: ident(children[0]),
    "place_bonus": lambda children, span: n.Ident("bonus", span),
    "place_penalty": lambda children, span: n.Ident("penalty", span),
    "at_least_of": _at_least_of,
    "call": _call,
    "round_call": lambda children, span: n.RoundCall(children[0], children[1], span),
    "apply": lambda children, span: n.Apply(ident(children[0]), tuple(children[1:]), span),
    "inexact_call": _inexact_call,
    "inexact_power": _inexact_power,
    **{f"inexact_{name}": marked("function", name) for name in ("ln", "exp", "sqrt")},
    "share_of_full": _share_of_full,
    "round_places": _round_places,
    "round_multiple": _round_multiple,
    **{f"function_{name}": marked("function", name) for name in ("min", "max", "sum", "mean", "median", "abs")},
    "function_floor": marked("function", "floor"),
    "function_ceiling": marked("function", "ceiling"),
    "mode_half_up": marked("mode", "half-up"),
    "mode_half_even": marked("mode", "half-even"),
    "mode_up": marked("mode", "up"),
    "mode_down": marked("mode", "down"),
    "mode_ceiling": marked("mode", "ceiling"),
    "mode_floor": marked("mode", "floor"),
}

# Nodes that count as one level of nesting.
DEEP = frozenset(
    {
        "when", "any_of", "all_of", "negated", "compared_chain", "is", "is_not", "is_missing", "is_not_missing",
        "is_at_least", "is_at_most", "is_above", "is_below", "sum", "product", "negative", "power", "days_from",
        "months_from", "years_from", "months_after", "months_before", "years_after", "years_before",
        "at_least_of", "call", "round_call", "apply", "inexact_call", "inexact_power", *DEEP_ROWS,
        *DEEP_FIGURES,
    }
)  # fmt: skip

# ---------------------------------------------------------------- bands


def _band(*, low_open: bool = False, high_open: bool = False, symbol: bool = False, side: str = "both") -> Callback:
    def made(children: list[Any], span: Span) -> n.Band:
        low = None if side == "high" else children[0]
        high = None if side == "low" else children[-1]
        return n.Band(low, high, low_open, high_open, False, symbol, span)

    return made


BANDS: dict[str, Callback] = {
    "band_point": lambda children, span: n.Band(children[0], children[0], span=span),
    "band_exactly": lambda children, span: n.Band(children[0], children[0], exactly=True, span=span),
    "band_or_more": _band(side="low"),
    "band_or_less": _band(side="high"),
    "band_on_or_before": _band(side="high"),
    "band_above": _band(side="low", low_open=True),
    "band_below": _band(side="high", high_open=True),
    "band_between": _band(),
    "band_to_below": _band(high_open=True),
    "band_above_to": _band(low_open=True),
    "band_above_to_below": _band(low_open=True, high_open=True),
    "band_ge": _band(side="low", symbol=True),
    "band_gt": _band(side="low", low_open=True, symbol=True),
    "band_le": _band(side="high", symbol=True),
    "band_lt": _band(side="high", high_open=True, symbol=True),
}

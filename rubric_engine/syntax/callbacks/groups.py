"""Callbacks of the grammar that make pools, groups, and what is declared once for many rules."""

from fractions import Fraction
from typing import Any

from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.parts import (
    MAX_PLACES,
    Part,
    declared,
    find,
    ident,
    marked,
    number,
    part,
    text,
    whole,
)
from rubric_engine.syntax.lexis import Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n

# More children than this no group has: a larger number is a slip of the keyboard.
_MAX_CHILDREN = 10**6

# ---------------------------------------------------------------- pools and groups


def _pool(kind: str) -> Callback:
    def made(children: list[Any], span: Span) -> n.Pool:
        title = next((text(child) for child in children if isinstance(child, Token)), None)
        return n.Pool(kind, title, find(children, "cap"), span)

    return made


def _combined(kind: str) -> Callback:
    """A way to combine with nothing to say about it but what happens at an index of 0."""
    return lambda children, span: Part("combined", (kind, None, None, find(children, "if_zero")), span)


def _geometric(children: list[Any], span: Span) -> Part:
    places = whole(children[0], MAX_PLACES)
    return Part("combined", ("geometric mean", None, places, find(children, "if_zero")), span)


def _power(children: list[Any], span: Span) -> Part:
    exponent, places = children
    return Part("combined", ("power mean", exponent, whole(places, MAX_PLACES), None), span)


def _chosen(kind: str) -> Callback:
    def made(children: list[Any], span: Span) -> Part:
        token = children[0]
        whole(token, _MAX_CHILDREN)
        return Part("combined", (kind, number(token), None, None), span)

    return made


def _combine(children: list[Any], span: Span) -> n.CombineClause:
    kind, parameter, places, if_zero = find(children, "combined")
    return n.CombineClause(kind, parameter, places, if_zero, span)


# ---------------------------------------------------------------- what is missing


def _missing(*, judged: bool) -> Callback:
    def made(children: list[Any], span: Span) -> n.MissingClause:
        value = children[0]
        if isinstance(value, Part):
            return n.MissingClause(judged, value.value, None, span)
        return n.MissingClause(judged, "points", value, span)

    return made


def _not_rated(children: list[Any], span: Span) -> n.NotRatedClause:
    value = children[0]
    if isinstance(value, Part):
        return n.NotRatedClause(value.value, None, span)
    return n.NotRatedClause("points", value, span)


# ---------------------------------------------------------------- declared once


def _define(children: list[Any], span: Span) -> n.DefineClause:
    name, *parameters, value = children
    return n.DefineClause(declared(name, "function"), tuple(map(declared, parameters)), value, span)


def _table(children: list[Any], span: Span) -> n.TableClause:
    name, *by = (child for child in children if isinstance(child, Token))
    path = find(children, "beside")
    return n.TableClause(declared(name, "function"), tuple(map(declared, by)), find(children, "giving"), path, span)


def _scale(children: list[Any], span: Span) -> n.ScaleClause:
    return n.ScaleClause(declared(children[0]), span)


GROUPS: dict[str, Callback] = {
    "bonus": _pool("bonus"),
    "penalty": _pool("penalty"),
    "cap": lambda children, span: Part("cap", number(children[0]), span),
    "combine": _combine,
    "combine_weighted_mean": _combined("weighted mean"),
    "combine_mean": _combined("mean"),
    "combine_geometric_mean": _geometric,
    "combine_harmonic_mean": _combined("harmonic mean"),
    "combine_power_mean": _power,
    "combine_lowest": _combined("lowest"),
    "combine_highest": _combined("highest"),
    "combine_median": _combined("median"),
    "combine_product": _combined("product"),
    "combine_sum_positive": _combined("sum over positive maximum"),
    "combine_best": _chosen("best"),
    "combine_drop_lowest": _chosen("drop lowest"),
    "combine_drop_highest": _chosen("drop highest"),
    "combine_drop_ends": _chosen("drop lowest and highest"),
    "if_zero": part("if_zero"),
    "needs": lambda children, span: n.NeedsClause(number(children[0]), span),
    "if_missing": _missing(judged=False),
    "if_not_judged": _missing(judged=True),
    "if_not_rated": _not_rated,
    "lone_excluded": marked("lone", "excluded"),
    "lone_not_applicable": marked("lone", "not applicable"),
    "lone_base": marked("lone", "use base"),
    "lone_worst": marked("lone", "worst"),
    "lone_zero": lambda children, span: n.Num(Fraction(0), span=span),
    "define": _define,
    "table": _table,
    "beside": lambda children, span: Part("beside", text(children[-1]), span),
    "giving": lambda children, span: Part("giving", ident(children[0]), span),
    "scale": _scale,
    "use": lambda children, span: n.UseClause(text(children[0]), span),
}

"""Callbacks of the grammar that bring the rows of a register down to one number."""

from typing import Any

from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.parts import Part, find, ident, marked, part
from rubric_engine.syntax.lexis import Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree.nodes import Comparison, Name, Reduce

_WHAT = ("count", "sum", "highest", "lowest", "mean", "median", "first", "last", "trimmed_mean", "majority")


def _reduced(*, where: bool, other: bool) -> Callback:
    def made(children: list[Any], span: Span) -> Reduce:
        what, *rest = (child for child in children if not _beside(child))
        value = rest.pop(0) if len(rest) > 1 and isinstance(rest[1], Token) else None
        of = ident(rest.pop(0))
        condition = rest.pop(0) if where else None
        return Reduce(
            what.value,
            of,
            value,
            condition,
            rest.pop(0) if other else None,
            find(children, "each_of"),
            find(children, "tied"),
            span,
        )

    return made


def _beside(child: Any) -> bool:
    """Whether a piece of a reducer is known by its kind and not by its place."""
    return isinstance(child, Part) and child.kind in ("each_of", "tied")


def _share(children: list[Any], span: Span) -> Reduce:
    of, where, *other = children
    return Reduce("share", ident(of), None, where, other[0] if other else None, span=span)


def _share_bound(order: str) -> Callback:
    """``share of scores at least 4``: the one column of ratings need not be named."""
    return lambda children, span: Comparison(Name("rating", span), ((order, children[0]),), False, span)


def _each_row(children: list[Any], span: Span) -> Part:
    of, where = children
    return Part("each", Reduce("count", ident(of), None, where, span=Span(of.start, span.end)), span)


ROWS: dict[str, Callback] = {
    "reduced": _reduced(where=False, other=False),
    "reduced_or": _reduced(where=False, other=True),
    "reduced_where": _reduced(where=True, other=False),
    "reduced_where_or": _reduced(where=True, other=True),
    "share": _share,
    "share_or": _share,
    "share_at_least": _share_bound(">="),
    "share_at_most": _share_bound("<="),
    "share_above": _share_bound(">"),
    "share_below": _share_bound("<"),
    "each_row": _each_row,
    "each_of": lambda children, span: Part("each_of", ident(children[0]), span),
    "tied_highest": marked("tied", "highest"),
    "tied_lowest": marked("tied", "lowest"),
    "tied_value": part("tied"),
    **{f"reduce_{what}": marked("what", what) for what in _WHAT},
}

# Nodes that count as one level of nesting.
DEEP_ROWS = frozenset({"reduced", "reduced_or", "reduced_where", "reduced_where_or", "share", "share_or"})

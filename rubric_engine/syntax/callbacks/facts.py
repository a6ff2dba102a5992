"""Callbacks of the grammar that make header lines, headings and facts."""

from typing import Any

from rubric_engine.diagnostics.shape import problem
from rubric_engine.source import Span
from rubric_engine.syntax.callbacks import parts
from rubric_engine.syntax.lexis import Misread, Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n

_MAX_COUNT = 10**9
_MAX_LEVEL = 10**6

# ---------------------------------------------------------------- header


def _issued(children: list[Any], span: Span) -> n.Issued:
    return n.Issued(parts.text(children[0]), parts.find(children, "by"), parts.find(children, "on"), span)


def _total_points(children: list[Any], span: Span) -> n.TotalPoints:
    tails = [
        parts.Part("rounded", child, child.span) if isinstance(child, n.RoundTo) else child for child in children[1:]
    ]
    signed, rounded = parts.find(tails, "signed", False), parts.find(tails, "rounded")
    bonus = parts.find(tails, "bonus", False)
    return n.TotalPoints(children[0], signed, rounded, parts.find(tails, "as_printed"), bonus, span)


def _contains(children: list[Any], span: Span) -> n.Contains:
    counts = tuple(child.value for child in children if child.kind == "counted")
    return n.Contains(counts, parts.find(children, "as_printed"), span)


def _counted(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("counted", (parts.whole(children[0], _MAX_COUNT), children[1].value[0]), span)


def _as_text(kind: str) -> Callback:
    return lambda children, span: parts.Part(kind, parts.text(children[0]), span)


# ---------------------------------------------------------------- headings


def _level_deep(children: list[Any], span: Span) -> parts.Part:
    depth = parts.whole(children[0], _MAX_LEVEL)
    if depth < 6:
        raise Misread(problem("RUB101", children[0].span, help="level", found=str(depth), expected="6"))
    return parts.Part("level", (f"level {depth}", depth), span)


def _heading(children: list[Any], span: Span) -> n.Heading:
    level, depth = parts.find(children, "level")
    low, points, kind = parts.find(children, "worth", (None, None, "scored"))
    title = next((child for child in children[2:] if isinstance(child, Token)), None)
    return n.Heading(
        level,
        depth,
        parts.ident(children[1]),
        parts.text(title) if title else None,
        low,
        points,
        kind,
        parts.find(children, "weight"),
        parts.find(children, "as_printed"),
        span,
    )


def _worth(children: list[Any], span: Span) -> parts.Part:
    low, high = children if len(children) == 2 else (None, children[0])
    return parts.Part("worth", (low, high, "scored"), span)


def _worth_unscored(children: list[Any], span: Span) -> parts.Part:
    low, high = children if len(children) == 2 else (None, children[0])
    return parts.Part("worth", (low, high, "unscored"), span)


def _column(name: str) -> Callback:
    def made(children: list[Any], span: Span) -> n.ColumnClause:
        value = children[0]
        return n.ColumnClause(name, parts.text(value) if isinstance(value, Token) else value, span)

    return made


# ---------------------------------------------------------------- inputs


def _input(*, shared: bool = False, column: bool = False) -> Callback:
    def made(children: list[Any], span: Span) -> n.InputClause:
        names, labels, rest = _named(children)
        levels, tails = _levels(rest)
        kind = "one of" if levels else parts.find(tails, "type")
        bounds, decimals, optional = _limits(tails)
        levels_of = parts.find(tails, "levels_of")
        if kind in ("list", "ratings"):
            for name in names:
                parts.register_name(name)
        return n.InputClause(
            names,
            labels[-1] if all(label is None for label in labels[:-1]) else None,
            "one of" if levels_of else kind,
            levels,
            bounds,
            decimals,
            optional,
            shared,
            column,
            parts.find(tails, "raters"),
            levels_of,
            parts.find(tails, "if_missing"),
            parts.find(tails, "excluded_if_missing", False),
            parts.find(tails, "asked_from"),
            () if all(label is None for label in labels[:-1]) else labels,
            span,
        )

    return made


def _levels(children: list[Any]) -> tuple[tuple[n.LevelDef, ...], list[parts.Part]]:
    """The levels and what follows them."""
    levels: list[n.LevelDef] = []
    tails: list[parts.Part] = []
    for each in children:
        if not isinstance(each, n.LevelDef):
            tails.append(each)
        elif tails:
            # `one of a, b, optional, c`: a level after a modifier would be read past.
            raise Misread(problem("RUB101", each.name.span, help="level_late", found=each.name.text, expected=""))
        else:
            levels.append(each)
    return tuple(levels), tails


def _named(children: list[Any]) -> tuple[tuple[n.Ident, ...], tuple[n.Text | None, ...], list[Any]]:
    """The names, the label written beside each, and what follows them."""
    called = [each for each in children if isinstance(each, parts.Part) and each.kind == "called"]
    names, labels = zip(*(each.value for each in called), strict=True)
    return names, labels, children[len(called) :]


def _called(children: list[Any], span: Span) -> parts.Part:
    """A fact's name and label. A label alone is the name as well, as if it stood in brackets."""
    first, label = children[0], children[-1] if isinstance(children[-1], n.Text) else None
    if label is not None and first is label:
        return parts.Part("called", (n.Ident(" ".join(label.value.split()), label.span, bracketed=True), label), span)
    return parts.Part("called", (parts.declared(first), label), span)


def _limits(tails: list[parts.Part]) -> tuple[tuple[n.BoundClause, ...], int | None, bool]:
    bounds = tuple(bound for tail in tails if tail.kind in ("ends", "bounds") for bound in tail.value)
    return bounds, parts.find(tails, "decimals"), parts.find(tails, "optional", False)


def _bound(order: str) -> Callback:
    return lambda children, span: parts.Part("bounds", (n.BoundClause(order, children[0], span),), span)


def _bound_range(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("bounds", _range(*children), span)


def _range(low: Any, high: Any) -> tuple[n.BoundClause, ...]:
    return n.BoundClause(">=", low, low.span), n.BoundClause("<=", high, high.span)


def _choice(children: list[Any], span: Span) -> n.LevelDef:
    return n.LevelDef(parts.declared(children[0], "level"), children[1] if len(children) > 1 else None, False, span)


def _choice_above(children: list[Any], span: Span) -> n.LevelDef:
    level: n.LevelDef = children[0]
    return n.LevelDef(level.name, level.title, True, level.span)


def _handed_on(children: list[Any], span: Span) -> Any:
    return children[0]


def _let(children: list[Any], span: Span) -> n.LetClause:
    return n.LetClause(parts.declared(children[0]), children[1], span)


def _parameter(children: list[Any], span: Span) -> n.ParameterClause:
    name = parts.declared(children[0])
    label = children[1] if isinstance(children[1], n.Text) else None
    levels = tuple(child for child in children if isinstance(child, n.LevelDef))
    levels_of, kind = parts.find(children, "levels_of"), parts.find(children, "type", "one of")
    tails = [child for child in children if isinstance(child, parts.Part)]
    value = next(child for child in children[2 if label else 1 :] if not isinstance(child, parts.Part | n.LevelDef))
    return n.ParameterClause(name, label, kind, value, _limits(tails)[0], levels, levels_of, span)


def _levels_clause(children: list[Any], span: Span) -> n.LevelsClause:
    name, *levels = children
    return n.LevelsClause(parts.declared(name, "list"), tuple(levels), span)


def unlisted(statement: object, lists: frozenset[str] | None) -> n.Ident | None:
    """What stands where a type must and names no list of levels: a slip, or a name that nobody made known.

    ``if missing: n/a`` is no division either.
    """
    match statement:
        case n.MissingClause(
            value=n.Product(first=n.Name(text="n") as first, rest=(("/", n.Name(text="a")),), span=span)
        ):
            return n.Ident(first.text, first.span) if span.end - span.start == len("n/a") else None
    if lists is None or not isinstance(statement, n.InputClause | n.ParameterClause):
        return None
    named = statement.levels_of
    return named if named is not None and named.text not in lists else None


# ---------------------------------------------------------------- evidence


def _evidence(children: list[Any], span: Span) -> n.EvidenceClause:
    title = next((child for child in children if isinstance(child, n.Text)), None)
    unless, condition = parts.find(children, "proof_condition", (False, None))
    since, until = parts.find(children, "issued", (None, None))
    return n.EvidenceClause(
        parts.declared(children[0]),
        title,
        condition,
        unless,
        parts.find(children, "at_least"),
        since,
        until,
        parts.find(children, "effect"),
        span,
    )


def _effect(effect: str) -> Callback:
    return lambda children, span: n.EffectClause(effect, children[0] if children else None, span)


def _issued_between(children: list[Any], span: Span) -> parts.Part:
    return parts.Part("issued", (children[0], children[1] if len(children) > 1 else None), span)


FACTS: dict[str, Callback] = {
    "rubric_head": lambda children, span: n.RubricHead(parts.text(children[0]), parts.ident(children[1]), span),
    "version": lambda children, span: n.Version(str(children[0].value), span),
    "issued": _issued,
    "issuer": _as_text("by"),
    "issue_date": parts.part("on"),
    "in_force": lambda children, span: n.InForce(children[0], span),
    "total_points": _total_points,
    "signed_mark": parts.marked("signed", True),
    "bonus_mark": parts.marked("bonus", True),
    "contains": _contains,
    "counted": _counted,
    "as_printed": _as_text("as_printed"),
    "only_accepted": lambda children, span: n.OnlyAccepted(span),
    "heading": _heading,
    "level_part": parts.marked("level", ("part", 1)),
    "level_area": parts.marked("level", ("area", 2)),
    "level_criterion": parts.marked("level", ("criterion", 3)),
    "level_component": parts.marked("level", ("component", 4)),
    "level_item": parts.marked("level", ("item", 5)),
    "level_deep": _level_deep,
    "weight": lambda children, span: parts.Part("weight", parts.number(children[0]), span),
    "worth_points": _worth,
    "worth_range": _worth,
    "worth_unscored_points": _worth_unscored,
    "worth_condition": parts.marked("worth", (None, None, "condition")),
    "worth_unscored": parts.marked("worth", (None, None, "unscored")),
    **{
        f"column_{name}": _column(name)
        for name in ("guidance", "source", "data_from", "verified_by", "responsible", "due", "note")
    },
    "input": _input(),
    "input_shared": _input(shared=True),
    "input_column": _input(column=True),
    "called": _called,
    "type_yes_no": parts.marked("type", "yes/no"),
    "type_count": parts.marked("type", "count"),
    "type_number": parts.marked("type", "number"),
    "type_percent": parts.marked("type", "percent"),
    "type_money": parts.marked("type", "money"),
    "type_date": parts.marked("type", "date"),
    "type_text": parts.marked("type", "text"),
    "type_list": parts.marked("type", "list"),
    "type_ratings": parts.marked("type", "ratings"),
    "ends": lambda children, span: parts.Part("ends", _range(*children), span),
    "raters": lambda children, span: parts.Part("raters", parts.whole(children[0], _MAX_COUNT), span),
    "levels": _levels_clause,
    "levels_of": lambda children, span: parts.Part("levels_of", parts.ident(children[0]), span),
    "input_missing": parts.part("if_missing"),
    "input_excluded": parts.marked("excluded_if_missing", True),
    "asked_from": lambda children, span: parts.Part("asked_from", parts.ident(children[0]), span),
    "choice": _choice,
    "choice_next": _handed_on,
    "choice_above": _choice_above,
    "choice_other": _handed_on,
    "decimals": lambda children, span: parts.Part("decimals", parts.whole(children[0], parts.MAX_PLACES), span),
    "optional": parts.marked("optional", True),
    "bound_at_most": _bound("<="),
    "bound_at_least": _bound(">="),
    "bound_above": _bound(">"),
    "bound_below": _bound("<"),
    "bound_range": _bound_range,
    "let": _let,
    "parameter": _parameter,
    "evidence": _evidence,
    "proof_when": lambda children, span: parts.Part("proof_condition", (False, children[0]), span),
    "proof_unless": lambda children, span: parts.Part("proof_condition", (True, children[0]), span),
    "proof_at_least": lambda children, span: parts.Part("at_least", parts.whole(children[0], _MAX_COUNT), span),
    "proof_since": _issued_between,
    "proof_between": _issued_between,
    "proof_effect": parts.part("effect"),
    "effect_score": _effect("score"),
    "effect_share": _effect("at most share"),
    "effect_deduct": _effect("deduct"),
    "effect_explain": _effect("ask for explanation"),
    "effect_warn": _effect("warn"),
}

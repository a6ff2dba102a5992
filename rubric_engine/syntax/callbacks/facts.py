"""Callbacks of the grammar that make header lines, headings and facts."""

from typing import Any

from rubric_engine.diagnostics.shape import problem
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
    register_name,
    text,
    whole,
)
from rubric_engine.syntax.lexis import Misread, Token
from rubric_engine.syntax.nodes import (
    BoundClause,
    ColumnClause,
    Contains,
    EffectClause,
    EvidenceClause,
    Heading,
    Ident,
    InForce,
    InputClause,
    Issued,
    LetClause,
    LevelDef,
    LevelsClause,
    MissingClause,
    Name,
    OnlyAccepted,
    ParameterClause,
    Product,
    RoundTo,
    RubricHead,
    Text,
    TotalPoints,
    Version,
)
from rubric_engine.syntax.statement import Callback

_MAX_COUNT = 10**9
_MAX_LEVEL = 10**6

# ---------------------------------------------------------------- header


def _issued(children: list[Any], span: Span) -> Issued:
    return Issued(text(children[0]), find(children, "by"), find(children, "on"), span)


def _total_points(children: list[Any], span: Span) -> TotalPoints:
    tails = [Part("rounded", child, child.span) if isinstance(child, RoundTo) else child for child in children[1:]]
    signed, rounded = find(tails, "signed", False), find(tails, "rounded")
    return TotalPoints(children[0], signed, rounded, find(tails, "as_printed"), span)


def _contains(children: list[Any], span: Span) -> Contains:
    counts = tuple(child.value for child in children if child.kind == "counted")
    return Contains(counts, find(children, "as_printed"), span)


def _counted(children: list[Any], span: Span) -> Part:
    return Part("counted", (whole(children[0], _MAX_COUNT), children[1].value[0]), span)


def _as_text(kind: str) -> Callback:
    return lambda children, span: Part(kind, text(children[0]), span)


# ---------------------------------------------------------------- headings


def _level_deep(children: list[Any], span: Span) -> Part:
    depth = whole(children[0], _MAX_LEVEL)
    if depth < 6:
        raise Misread(problem("RUB101", children[0].span, help="level", found=str(depth), expected="6"))
    return Part("level", (f"level {depth}", depth), span)


def _heading(children: list[Any], span: Span) -> Heading:
    level, depth = find(children, "level")
    low, points, kind = find(children, "worth", (None, None, "scored"))
    title = next((child for child in children[2:] if isinstance(child, Token)), None)
    return Heading(
        level,
        depth,
        ident(children[1]),
        text(title) if title else None,
        low,
        points,
        kind,
        find(children, "weight"),
        find(children, "as_printed"),
        span,
    )


def _worth(children: list[Any], span: Span) -> Part:
    low, high = children if len(children) == 2 else (None, children[0])
    return Part("worth", (low, high, "scored"), span)


def _worth_unscored(children: list[Any], span: Span) -> Part:
    low, high = children if len(children) == 2 else (None, children[0])
    return Part("worth", (low, high, "unscored"), span)


def _column(name: str) -> Callback:
    def made(children: list[Any], span: Span) -> ColumnClause:
        value = children[0]
        return ColumnClause(name, text(value) if isinstance(value, Token) else value, span)

    return made


# ---------------------------------------------------------------- inputs


def _input(*, shared: bool = False, column: bool = False) -> Callback:
    def made(children: list[Any], span: Span) -> InputClause:
        names, label, rest = _named(children)
        levels, tails = _levels(rest)
        kind = "one of" if levels else find(tails, "type")
        bounds, decimals, optional = _limits(tails)
        levels_of = find(tails, "levels_of")
        if kind in ("list", "ratings"):
            for name in names:
                register_name(name)
        return InputClause(
            names,
            label,
            "one of" if levels_of else kind,
            levels,
            bounds,
            decimals,
            optional,
            shared,
            column,
            find(tails, "raters"),
            levels_of,
            find(tails, "if_missing"),
            find(tails, "excluded_if_missing", False),
            find(tails, "asked_from"),
            span,
        )

    return made


def _levels(children: list[Any]) -> tuple[tuple[LevelDef, ...], list[Part]]:
    """The levels and what follows them."""
    levels: list[LevelDef] = []
    tails: list[Part] = []
    for each in children:
        if not isinstance(each, LevelDef):
            tails.append(each)
        elif tails:
            # `one of a, b, optional, c`: a level after a modifier would be read past.
            raise Misread(problem("RUB101", each.name.span, help="level_late", found=each.name.text, expected=""))
        else:
            levels.append(each)
    return tuple(levels), tails


def _named(children: list[Any]) -> tuple[tuple[Any, ...], Text | None, list[Any]]:
    """The names, the label and what follows them. A label alone is the name as well, as if it stood in brackets."""
    if isinstance(children[0], Text):
        label = children[0]
        return (Ident(" ".join(label.value.split()), label.span, bracketed=True),), label, children[1:]
    if isinstance(children[1], Text):
        return children[0].value, children[1], children[2:]
    return children[0].value, None, children[1:]


def _limits(tails: list[Part]) -> tuple[tuple[BoundClause, ...], int | None, bool]:
    bounds = tuple(bound for tail in tails if tail.kind in ("ends", "bounds") for bound in tail.value)
    return bounds, find(tails, "decimals"), find(tails, "optional", False)


def _bound(order: str) -> Callback:
    return lambda children, span: Part("bounds", (BoundClause(order, children[0], span),), span)


def _bound_range(children: list[Any], span: Span) -> Part:
    return Part("bounds", _range(*children), span)


def _range(low: Any, high: Any) -> tuple[BoundClause, ...]:
    return BoundClause(">=", low, low.span), BoundClause("<=", high, high.span)


def _choice(children: list[Any], span: Span) -> LevelDef:
    return LevelDef(declared(children[0], "level"), children[1] if len(children) > 1 else None, False, span)


def _choice_above(children: list[Any], span: Span) -> LevelDef:
    level: LevelDef = children[0]
    return LevelDef(level.name, level.title, True, level.span)


def _handed_on(children: list[Any], span: Span) -> Any:
    return children[0]


def _let(children: list[Any], span: Span) -> LetClause:
    return LetClause(declared(children[0]), children[1], span)


def _parameter(children: list[Any], span: Span) -> ParameterClause:
    name = declared(children[0])
    label = children[1] if isinstance(children[1], Text) else None
    levels = tuple(child for child in children if isinstance(child, LevelDef))
    levels_of, kind = find(children, "levels_of"), find(children, "type", "one of")
    tails = [child for child in children if isinstance(child, Part)]
    value = next(child for child in children[2 if label else 1 :] if not isinstance(child, Part | LevelDef))
    return ParameterClause(name, label, kind, value, _limits(tails)[0], levels, levels_of, span)


def _levels_clause(children: list[Any], span: Span) -> LevelsClause:
    name, *levels = children
    return LevelsClause(declared(name, "list"), tuple(levels), span)


def unlisted(statement: object, lists: frozenset[str] | None) -> Ident | None:
    """What stands where a type must and names no list of levels: a slip, or a name that nobody made known.

    ``if missing: n/a`` is no division either.
    """
    match statement:
        case MissingClause(value=Product(first=Name(text="n") as first, rest=(("/", Name(text="a")),), span=span)):
            return Ident(first.text, first.span) if span.end - span.start == len("n/a") else None
    if lists is None or not isinstance(statement, InputClause | ParameterClause):
        return None
    named = statement.levels_of
    return named if named is not None and named.text not in lists else None


# ---------------------------------------------------------------- evidence


def _evidence(children: list[Any], span: Span) -> EvidenceClause:
    title = next((child for child in children if isinstance(child, Text)), None)
    unless, condition = find(children, "proof_condition", (False, None))
    since, until = find(children, "issued", (None, None))
    return EvidenceClause(
        declared(children[0]),
        title,
        condition,
        unless,
        find(children, "at_least"),
        since,
        until,
        find(children, "effect"),
        span,
    )


def _effect(effect: str) -> Callback:
    return lambda children, span: EffectClause(effect, children[0] if children else None, span)


def _issued_between(children: list[Any], span: Span) -> Part:
    return Part("issued", (children[0], children[1] if len(children) > 1 else None), span)


FACTS: dict[str, Callback] = {
    "rubric_head": lambda children, span: RubricHead(text(children[0]), ident(children[1]), span),
    "version": lambda children, span: Version(str(children[0].value), span),
    "issued": _issued,
    "issuer": _as_text("by"),
    "issue_date": part("on"),
    "in_force": lambda children, span: InForce(children[0], span),
    "total_points": _total_points,
    "signed_mark": marked("signed", True),
    "contains": _contains,
    "counted": _counted,
    "as_printed": _as_text("as_printed"),
    "only_accepted": lambda children, span: OnlyAccepted(span),
    "heading": _heading,
    "level_part": marked("level", ("part", 1)),
    "level_area": marked("level", ("area", 2)),
    "level_criterion": marked("level", ("criterion", 3)),
    "level_component": marked("level", ("component", 4)),
    "level_item": marked("level", ("item", 5)),
    "level_deep": _level_deep,
    "weight": lambda children, span: Part("weight", number(children[0]), span),
    "worth_points": _worth,
    "worth_range": _worth,
    "worth_unscored_points": _worth_unscored,
    "worth_condition": marked("worth", (None, None, "condition")),
    "worth_unscored": marked("worth", (None, None, "unscored")),
    **{
        f"column_{name}": _column(name)
        for name in ("guidance", "source", "data_from", "verified_by", "responsible", "due", "note")
    },
    "input": _input(),
    "input_shared": _input(shared=True),
    "input_column": _input(column=True),
    "names": lambda children, span: Part("names", tuple(map(declared, children)), span),
    "type_yes_no": marked("type", "yes/no"),
    "type_count": marked("type", "count"),
    "type_number": marked("type", "number"),
    "type_percent": marked("type", "percent"),
    "type_money": marked("type", "money"),
    "type_date": marked("type", "date"),
    "type_text": marked("type", "text"),
    "type_list": marked("type", "list"),
    "type_ratings": marked("type", "ratings"),
    "ends": lambda children, span: Part("ends", _range(*children), span),
    "raters": lambda children, span: Part("raters", whole(children[0], _MAX_COUNT), span),
    "levels": _levels_clause,
    "levels_of": lambda children, span: Part("levels_of", ident(children[0]), span),
    "input_missing": part("if_missing"),
    "input_excluded": marked("excluded_if_missing", True),
    "asked_from": lambda children, span: Part("asked_from", ident(children[0]), span),
    "choice": _choice,
    "choice_next": _handed_on,
    "choice_above": _choice_above,
    "choice_other": _handed_on,
    "decimals": lambda children, span: Part("decimals", whole(children[0], MAX_PLACES), span),
    "optional": marked("optional", True),
    "bound_at_most": _bound("<="),
    "bound_at_least": _bound(">="),
    "bound_above": _bound(">"),
    "bound_below": _bound("<"),
    "bound_range": _bound_range,
    "let": _let,
    "parameter": _parameter,
    "evidence": _evidence,
    "proof_when": lambda children, span: Part("proof_condition", (False, children[0]), span),
    "proof_unless": lambda children, span: Part("proof_condition", (True, children[0]), span),
    "proof_at_least": lambda children, span: Part("at_least", whole(children[0], _MAX_COUNT), span),
    "proof_since": _issued_between,
    "proof_between": _issued_between,
    "proof_effect": part("effect"),
    "effect_score": _effect("score"),
    "effect_share": _effect("at most share"),
    "effect_deduct": _effect("deduct"),
    "effect_explain": _effect("ask for explanation"),
    "effect_warn": _effect("warn"),
}

"""Header lines, headings and facts: what stands before and above the scoring."""

from typing import assert_never

from rubric_engine.plan.plan import Effect, Kind
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.printing.expressions import show_bound, show_expr
from rubric_engine.syntax.printing.words import (
    counted,
    counting_word,
    show_literal,
    show_name,
    show_rounding,
    show_text,
)
from rubric_engine.syntax.tree import nodes as n

_LEVELS = {"part": "PART", "area": "AREA", "criterion": "CRITERION", "component": "COMPONENT", "item": "ITEM"}
_KINDS = {"condition": "CONDITION", "unscored": "UNSCORED"}
_TYPES = {
    Kind.YES_NO: "YES_NO",
    Kind.COUNT: "COUNT",
    Kind.NUMBER: "NUMBER_TYPE",
    Kind.PERCENT: "PERCENT_TYPE",
    Kind.MONEY: "MONEY",
    Kind.DATE: "DATE_TYPE",
    Kind.TEXT: "TEXT_TYPE",
    Kind.LEVEL: "ONE_OF",
    Kind.LIST: "LIST",
    Kind.RATINGS: "RATINGS",
}
_BOUNDS = {"<=": "AT_MOST", ">=": "AT_LEAST", ">": "ABOVE", "<": "BELOW"}

Header = n.RubricHead | n.Version | n.Issued | n.InForce | n.TotalPoints | n.Contains | n.OnlyAccepted
Fact = n.InputClause | n.EvidenceClause | n.LetClause | n.ParameterClause | n.LevelsClause


def show_header(stmt: Header, language: str) -> str:
    """A line of the header."""
    match stmt:
        case n.RubricHead(title=title, id=id):
            return f"{spell('RUBRIC', language)} {show_text(title)} {spell('ID', language)} {id.text}"
        case n.Version(text=text):
            return f"{spell('VERSION', language)} {text}"
        case n.Issued(number=number, by=by, on=on):
            shown = f"{spell('ISSUED', language)} {show_text(number)}"
            if by is not None:
                shown += f" {spell('BY_ISSUER', language)} {show_text(by)}"
            if on is not None:
                shown += f" {spell('ON', language)} {show_literal(on, language)}"
            return shown
        case n.InForce(since=since):
            return f"{spell('IN_FORCE_FROM', language)} {show_literal(since, language)}"
        case n.TotalPoints(points=points, signed=signed, rounded=rounded, as_printed=as_printed, with_bonus=bonus):
            shown = f"{spell('TOTAL', language)} {show_points(points, language)}"
            if bonus:
                shown += f", {spell('BONUS_INCLUDED', language)}"
            if signed:
                shown += f", {spell('SIGNED', language)}"
            if rounded is not None:
                shown += f", {spell('ROUNDED', language)} {show_rounding(rounded, language)}"
            return shown + show_as_printed(as_printed, language)
        case n.Contains(counts=counts, as_printed=as_printed):
            listed = ", ".join(_counted_level(number, level, language) for number, level in counts)
            return f"{spell('CONTAINS', language)} {listed}{show_as_printed(as_printed, language)}"
        case n.OnlyAccepted():
            return spell("ONLY_ACCEPTED", language)
        case _:
            assert_never(stmt)


def show_points(points: n.Num, language: str) -> str:
    """``5 points``, ``1 point``."""
    return f"{show_literal(points, language)} {counting_word(points.value == 1, 'POINTS', language)}"


def show_as_printed(as_printed: n.Text | None, language: str) -> str:
    """The tail ``, as printed because "…"``, or nothing."""
    if as_printed is None:
        return ""
    return f", {spell('AS_PRINTED', language)}{show_because(as_printed, language)}"


def show_because(because: n.Text | None, language: str) -> str:
    """The tail `` because "…"``, or nothing."""
    return "" if because is None else f" {spell('BECAUSE', language)} {show_text(because)}"


def show_heading(heading: n.Heading, language: str) -> str:
    """``criterion 1.1 "Kế hoạch" 5 points``."""
    shown = show_level(heading.level, language)
    shown += f" {heading.code.text}"
    if heading.title is not None:
        shown += f" {show_text(heading.title)}"
    if heading.low is not None:
        shown += f" {show_literal(heading.low, language)} {spell('TO', language)}"
    if heading.points is not None:
        shown += f" {show_points(heading.points, language)}"
    if heading.kind != "scored":
        shown += f" {spell(_KINDS[heading.kind], language)}"
    if heading.weight is not None:
        shown += f" {spell('WEIGHT', language)} {show_literal(heading.weight, language)}"
    return shown + show_as_printed(heading.as_printed, language)


def show_level(level: str, language: str) -> str:
    """The word of a heading: ``area``, or ``level 6``."""
    if level in _LEVELS:
        return spell(_LEVELS[level], language)
    return f"{spell('LEVEL', language)} {level.rsplit(' ', 1)[-1]}"


def _counted_level(number: int, level: str, language: str) -> str:
    if level in _LEVELS:
        return counted(number, _LEVELS[level], language)
    return f"{number} {show_level(level, language)}"


def show_column(clause: n.ColumnClause, language: str) -> str:
    """``guidance "…"`` and its kin."""
    value = clause.value
    shown = show_text(value) if isinstance(value, n.Text) else show_literal(value, language)
    return f"{spell(clause.name.upper(), language)} {shown}"


def show_fact(stmt: Fact, language: str) -> str:
    """An input, a piece of evidence, a ``let`` or a parameter."""
    match stmt:
        case n.InputClause():
            return _show_input(stmt, language)
        case n.EvidenceClause():
            return _show_evidence(stmt, language)
        case n.LetClause(name=name, value=value):
            return f"{spell('LET', language)} {show_name(name)} = {show_expr(value, language)}"
        case n.ParameterClause(name=name, label=label, value=value, bounds=bounds):
            shown = f"{spell('PARAMETER', language)} {show_name(name)}{_titled(label)}"
            shown += f": {_show_type(stmt, language)} = {show_expr(value, language)}"
            return shown + "".join(f", {bound}" for bound in _show_bounds(bounds, language))
        case n.LevelsClause(name=name, levels=levels):
            return f"{spell('LEVELS', language)} {show_name(name)}: {_show_levels(levels)}"
        case _:
            assert_never(stmt)


def _titled(title: n.Text | None) -> str:
    return "" if title is None else f" {show_text(title)}"


def _show_input(clause: n.InputClause, language: str) -> str:
    head = spell("COLUMN" if clause.column else "GIVEN_TO_ALL" if clause.shared else "INPUT", language)
    called = ", ".join(_show_called(clause, at) for at in range(len(clause.names)))
    shown = f"{head} {called}: {_show_type(clause, language)}"
    bounds = clause.bounds
    if clause.type == Kind.RATINGS:
        low, high = (show_bound(bound.value, language) for bound in bounds[:2])
        shown += f" {low} {spell('TO', language)} {high}"
        bounds = bounds[2:]
    tail = _show_bounds(bounds, language)
    if clause.raters is not None:
        tail.append(f"{spell('AT_LEAST', language)} {counted(clause.raters, 'RATERS', language)}")
    if clause.decimals is not None:
        tail.append(f"{spell('WITH', language)} {counted(clause.decimals, 'DECIMALS', language)}")
    if clause.optional:
        tail.append(spell("OPTIONAL", language))
    if clause.if_missing is not None:
        tail.append(f"{spell('IF_MISSING', language)} {show_expr(clause.if_missing, language)}")
    if clause.excluded_if_missing:
        tail.append(f"{spell('IF_MISSING', language)} {spell('NOT_APPLICABLE', language)}")
    if clause.asked_from is not None:
        tail.append(f"{spell('ASKED_FROM', language)} {show_name(clause.asked_from)}")
    return shown + "".join(f", {part}" for part in tail)


def _show_called(clause: n.InputClause, at: int) -> str:
    """A name and its label; a label that serves several stands behind the last, and a fact may have a label alone."""
    name, label = clause.names[at], clause.label_of(at)
    if label is None or (not clause.labels and at + 1 < len(clause.names)):
        return show_name(name)
    alone = name.bracketed and name.text == " ".join(label.value.split())
    return show_text(label) if alone else f"{show_name(name)}{_titled(label)}"


def _show_type(clause: n.InputClause | n.ParameterClause, language: str) -> str:
    """``count``, ``one of a, b`` or the name of a list of levels."""
    if clause.levels_of is not None:
        return show_name(clause.levels_of)
    shown = spell(_TYPES[Kind(clause.type)], language)
    return f"{shown} {_show_levels(clause.levels)}" if clause.levels else shown


def _show_levels(levels: tuple[n.LevelDef, ...]) -> str:
    shown = ""
    for level in levels:
        if shown:
            shown += " < " if level.above else ", "
        shown += show_name(level.name) + _titled(level.title)
    return shown


def _show_bounds(bounds: tuple[n.BoundClause, ...], language: str) -> list[str]:
    """Each bound; a lower and an upper limit side by side read as one range."""
    shown: list[str] = []
    at = 0
    while at < len(bounds):
        if [bound.order for bound in bounds[at : at + 2]] == [">=", "<="]:
            low, high = (show_bound(bound.value, language) for bound in bounds[at : at + 2])
            shown.append(f"{spell('FROM', language)} {low} {spell('TO', language)} {high}")
            at += 2
            continue
        bound = bounds[at]
        shown.append(f"{spell(_BOUNDS[bound.order], language)} {show_bound(bound.value, language)}")
        at += 1
    return shown


def _show_evidence(clause: n.EvidenceClause, language: str) -> str:
    shown = f"{spell('EVIDENCE', language)} {show_name(clause.name)}{_titled(clause.title)}"
    shown += f" {spell('REQUIRED', language)}"
    if clause.condition is not None:
        shown += f" {spell('UNLESS' if clause.unless else 'WHEN', language)} {show_expr(clause.condition, language)}"
    if clause.at_least is not None:
        shown += f", {spell('AT_LEAST', language)} {clause.at_least}"
    if clause.issued_from is not None:
        shown += f", {spell('ISSUED_FROM', language)} {show_literal(clause.issued_from, language)}"
    if clause.issued_to is not None:
        shown += f" {spell('TO', language)} {show_literal(clause.issued_to, language)}"
    if clause.effect is not None:
        shown += f", {spell('IF_MISSING', language)} {_show_effect(clause.effect, language)}"
    return shown


def _show_effect(clause: n.EffectClause, language: str) -> str:
    effect = Effect(clause.effect)
    word = spell(_EFFECTS[effect], language)
    return word if clause.amount is None else f"{word} {show_literal(clause.amount, language)}"


_EFFECTS = {
    Effect.SCORE: "SCORE",
    Effect.SHARE: "AT_MOST",
    Effect.DEDUCT: "DEDUCT",
    Effect.EXPLAIN: "ASK_FOR_EXPLANATION",
    Effect.WARN: "WARN",
}

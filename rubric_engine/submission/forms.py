"""Blank forms of a submission: as JSON to fill in, and as tables for the people who collect the facts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from rubric_engine.facts.json_text import write_json
from rubric_engine.facts.readers import InputReader, constant_of, show_bound
from rubric_engine.meaning.exact import Unreadable, show_number, to_json_number
from rubric_engine.plan.deciding import left_open
from rubric_engine.plan.expr import CountRows, Fact, Flag, IsLevel, IsMissing, Reduced, Ref, RefTruth
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Kind, Plan
from rubric_engine.submission.given import json_number, number_of
from rubric_engine.tell.words import Words

_said = Words("forms", "common")


def template(plan: Plan, language: str | None = None) -> dict[str, Any]:
    """A blank submission: every fact in the order the sheet uses it, each ``None``, and figures from elsewhere.

    It can be read as it stands: then everything is missing. So a register is ``None`` too: an empty list would say that
    there was nothing to register.
    """
    status = _said("submitted", language or plan.language)
    blank = {"reference": None, "status": status, "issued": None, "page": None, "note": None}
    used = uses(plan)
    figures = {spec.name: None for spec in plan.inputs if spec.reference}
    form: dict[str, Any] = {
        "unit": None,
        "inputs": {name: None for name in used if name not in figures},
        "judged": {spec.key: None for spec in plan.judged},
        "evidence": {spec.name: [dict(blank)] for spec in plan.evidence},
        "claims": {},
        **({"decisions": dict.fromkeys(left_open(plan))} if left_open(plan) else {}),
    }
    return {**form, "references": figures} if figures else form


def template_text(plan: Plan, language: str | None = None) -> str:
    """The blank submission as JSON text, to fill in."""
    return write_json(template(plan, language), indent=2) + "\n"


def uses(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Each input with the codes of the headings that use it, inputs in the order of the sheet.

    Those that only the grades or the total look at come last, and no code stands beside them.
    """
    lets = {let.name: let for let in plan.lets}
    found: dict[str, list[str]] = {}
    for node in plan.nodes:
        clauses = (
            node.absent, node.requirements, node.base, node.adjustments, node.limits, node.met, node.combine,
            node.if_missing, node.if_not_rated,
        )  # fmt: skip
        asked = tuple(plan.evidence[at].when for at in node.evidence)
        own = [spec.name for spec in plan.inputs if spec.node == node.code and not spec.shared]
        used = list(dict.fromkeys(_inputs_in((clauses, asked), lets)))
        for name in [*(name for name in own if name in used), *used]:
            codes = found.setdefault(name, [])
            if node.code not in codes:
                codes.append(node.code)
    for spec in plan.inputs:
        found.setdefault(spec.name, [])
    return {name: tuple(codes) for name, codes in found.items()}


def _inputs_in(thing: object, lets: Mapping[str, object]) -> Iterator[str]:
    """Names of the inputs in any part of a plan, in the order written; a ``let`` counts as what it stands for."""
    match thing:
        case Fact(name=name) | Flag(name=name) | IsLevel(name=name) | IsMissing(name=name):
            yield name
        case CountRows(register=name, where=where):
            yield name
            yield from _inputs_in(where, lets)
        case Reduced(register=name, value=value, where=where, other=other):
            yield name
            yield from _inputs_in((value, where, other), lets)
        case Ref(name=name) | RefTruth(name=name):
            yield from _inputs_in(lets[name], lets)
        case tuple():
            for part in thing:
                yield from _inputs_in(part, lets)
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            for each in fields(thing):
                yield from _inputs_in(getattr(thing, each.name), lets)


# ---------------------------------------------------------------- a table for people

_KIND_MEANINGS: Final = {
    Kind.YES_NO: "YES_NO", Kind.COUNT: "COUNT", Kind.NUMBER: "NUMBER_TYPE", Kind.PERCENT: "PERCENT_TYPE",
    Kind.MONEY: "MONEY", Kind.DATE: "DATE_TYPE", Kind.TEXT: "TEXT_TYPE", Kind.LEVEL: "ONE_OF",
    Kind.LIST: "LIST", Kind.RATINGS: "RATINGS",
}  # fmt: skip


def bounds_text(spec: InputSpec, language: str) -> str:
    """The bounds of an input in short: ``≥ 0, ≤ planned, a whole number``."""
    said = []
    for bound, signs in ((spec.minimum, "≥>"), (spec.maximum, "≤<")):
        if bound is not None:
            said.append(f"{signs[bound.strict]} {show_bound(bound.value, spec.kind, language)}")
    if spec.decimals is not None and spec.kind in (Kind.NUMBER, Kind.PERCENT, Kind.MONEY):
        whole = "whole_percent" if spec.kind is Kind.PERCENT else "whole"
        said.append(_said("decimals" if spec.decimals else whole, language, count=spec.decimals))
    if spec.kind is Kind.RATINGS:
        said += [text for text in (bounds_text(column, language) for column in spec.columns) if text]
    if spec.raters:
        said.append(_said("raters", language, n=spec.raters))
    if spec.optional:
        said.append(_said("optional", language))
    return ", ".join(said)


def judged_text(spec: JudgedSpec, language: str) -> str:
    """The points a person may give: ``from 0 to 1.25 in steps of 0.25``."""
    low, high = show_number(spec.minimum, language), show_number(spec.maximum, language)
    if spec.step is None:
        return _said("range", language, low=low, high=high)
    return _said("steps", language, low=low, high=high, step=show_number(spec.step, language))


def template_markdown(plan: Plan, language: str | None = None) -> str:
    """The facts, judgements and evidence a sheet asks for, as Markdown tables for the people who collect them."""
    language = language or plan.language
    words = _said.of(language)
    specs = {spec.name: spec for spec in plan.inputs}
    facts: list[tuple[str, ...]] = []
    figures: list[tuple[str, ...]] = []
    used = uses(plan)
    for name, codes in used.items():
        row = (*_described(specs[name], language), ", ".join(codes))
        (figures if specs[name].reference else facts).append(row)
    judged = [(f"`{spec.key}`", spec.label, judged_text(spec, language)) for spec in plan.judged]
    number = words["at_least"]
    evidence = [
        (f"`{spec.name}`", spec.title, number.format(n=spec.at_least) if spec.at_least > 1 else "", spec.node)
        for spec in plan.evidence
    ]
    tables: tuple[tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]], ...] = (
        ("facts", ("name", "label", "kind", "bounds", "used"), facts),
        ("judged", ("name", "label", "bounds"), judged),
        ("evidence", ("name", "label", "bounds", "used"), evidence),
        ("references", ("name", "label", "kind", "bounds", "used"), figures),
    )
    parts = [f"# {_cell(plan.title)}\n"]
    for title, columns, rows in tables:
        if rows:
            parts.append(f"## {words[title]}\n")
            parts.append(_table([words[column] for column in columns], rows))
        if title == "facts":
            parts += [_register(specs[name], language) for name in used if specs[name].columns]
    return "\n".join(parts)


def _described(spec: InputSpec, language: str) -> tuple[str, str, str, str]:
    """Name, label, kind and bounds of an input or a column."""
    from rubric_engine.syntax.keywords import spell

    kind = spell(_KIND_MEANINGS[spec.kind], language)
    if spec.levels:
        kind += " " + ", ".join(f"`{level.name}` {level.title}".rstrip() for level in spec.levels)
    return f"`{spec.name}`", spec.label, kind, bounds_text(spec, language)


def _register(spec: InputSpec, language: str) -> str:
    """The columns of a register, and how a row of it is written in a submission."""
    words = _said.of(language)
    parts = []
    if spec.kind is Kind.LIST:
        rows = [_described(column, language) for column in spec.columns]
        parts += [
            f"### {words['rows']} `{spec.name}` {_cell(spec.label)}\n",
            _table([words[column] for column in ("name", "label", "kind", "bounds")], rows),
        ]
        example: list[object] = [{column.name: sample(column, language) for column in spec.columns}]
    else:
        rating = sample(spec.columns[0], language)
        example = [{"rating": rating, "by": words["somebody"]}, rating]
    text = json.dumps({spec.name: example}, ensure_ascii=False)[1:-1]
    return "\n".join((*parts, f"{words['example']}:\n\n```json\n{text}\n```\n"))


def sample(spec: InputSpec, language: str) -> object:
    """A value this input or column accepts, as JSON; ``None`` where none is at hand."""
    reader = InputReader(spec, language)
    for value in _samples(spec):
        try:
            reader.read(value)
        except Unreadable:
            continue
        return value
    return None


def _samples(spec: InputSpec) -> Iterator[object]:
    ends = [end for end in (constant_of(spec.minimum), constant_of(spec.maximum)) if end is not None]
    middle = [Fraction(ends[0] + ends[1]) / 2] if len(ends) > 1 else []
    match spec.kind:
        case Kind.YES_NO:
            yield True
        case Kind.LEVEL:
            yield from (level.name for level in spec.levels)
        case Kind.TEXT:
            yield "…"
        case Kind.DATE:
            yield "2023-01-15"
            yield from (date.fromordinal(int(end)).isoformat() for end in ends)
        case Kind.PERCENT:
            yield from ("85%", *(to_json_number(end * 100) + "%" for end in (*ends, *middle)))
        case _:
            numbers = (*(end + step for end in ends for step in (0, 1, -1)), *middle)
            yield from (3, *(json_number(number_of(end)) for end in numbers))


def _table(columns: list[str], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(text) for text in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())

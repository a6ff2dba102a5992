"""How a percent without its sign is meant: as a share of 1, or as a number of hundredths."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from rubric_engine.facts.fold import Folded
from rubric_engine.meaning.exact import Exact, Unreadable, read_written, to_plain_text
from rubric_engine.plan.plan import InputSpec, Kind, Plan

_ENOUGH: Final = 2


class Percents(StrEnum):
    """``share``: 0.85 is 85%. ``whole``: 0.85 is 0.85%, and 85 is 85%."""

    SHARE = "share"
    WHOLE = "whole"


def bare_number(value: object, language: str) -> Exact | None:
    """A number that carries no percent sign; ``None`` for anything else."""
    try:
        written = read_written(value, language)
    except Unreadable:
        return None
    return None if written.percent else written.value


def signed(value: object, how: Percents, language: str) -> object:
    """The value with its percent sign; what is no bare number stays as it is."""
    number = bare_number(value, language)
    if number is None:
        return value
    return to_plain_text(number * 100 if how is Percents.SHARE else number) + "%"


def are_shares(values: Iterable[object], language: str) -> bool:
    """Whether a column holds shares throughout: two bare numbers or more and nothing else, none beyond 1."""
    numbers = [bare_number(value, language) for value in values if value != ""]
    known = [number for number in numbers if number is not None and -1 <= number <= 1]
    return len(numbers) == len(known) and len(known) >= _ENOUGH and any(number not in (-1, 0, 1) for number in known)


def with_percents(plan: Plan, given: object, how: Percents) -> object:
    """A submission or a dossier in which every percent has its sign."""
    if not isinstance(given, Mapping):
        return given
    found: dict[Any, Any] = dict(given)
    for section in ("inputs", "references"):
        if isinstance(found.get(section), Mapping):
            found[section] = _section(plan, found[section], how)
    if isinstance(found.get("stages"), Mapping):
        found["stages"] = {name: with_percents(plan, entry, how) for name, entry in found["stages"].items()}
    return found


def _section(plan: Plan, given: Mapping[Any, Any], how: Percents) -> dict[Any, Any]:
    specs = Folded((spec.name, spec) for spec in plan.inputs)
    return {name: rows_signed(specs.get(name), value, how, plan.language) for name, value in given.items()}


def rows_signed(spec: InputSpec | None, value: Any, how: Percents, language: str) -> object:
    """A value of one input with its signs; of a register, the cells of its percent columns."""
    if spec is None or spec.kind not in (Kind.PERCENT, Kind.LIST):
        return value
    if spec.kind is Kind.PERCENT:
        return signed(value, how, language)
    columns = Folded((column.name, column) for column in spec.columns if column.kind is Kind.PERCENT)
    if not columns or not isinstance(value, list):
        return value
    return [
        {name: signed(cell, how, language) if name in columns else cell for name, cell in row.items()}
        if isinstance(row, Mapping) else row
        for row in value
    ]  # fmt: skip

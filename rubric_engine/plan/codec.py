"""A plan as one JSON text and back, for evaluators that travel alone. Standard library only.

The text is a list of rows, each after those it refers to; equal parts share a row, and the last row is the plan. A
row is the name of its class and its fields: plain values as they are, everything else as ``[number of its row]``.
Nothing recurses, however deep an expression is, and equal plans give equal texts.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, get_args, get_type_hints

from rubric_engine.plan.plan import Plan

_PLAIN = (str, bool, int, type(None))


def encode_plan(plan: Plan) -> str:
    """The text of a plan, one row a line."""
    rows: list[str] = []
    numbers: dict[str, int] = {}
    done: dict[int, int] = {}  # by identity: everything lives as long as the plan does
    stack: list[Any] = [plan]
    while stack:
        here = stack[-1]
        parts = _inside(here)
        waiting = [part for part in parts if not _is_plain(part) and id(part) not in done]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        if id(here) in done:
            continue
        row = [type(here).__name__, *(part if _is_plain(part) else [done[id(part)]] for part in parts)]
        text = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
        if text not in numbers:
            numbers[text] = len(rows)
            rows.append(text)
        done[id(here)] = numbers[text]
    return "[\n" + ",\n".join(rows) + "\n]"


def decode_plan(text: str) -> Plan:
    """The plan of a text made by :func:`encode_plan`."""
    classes = _classes()
    made: list[Any] = []
    for name, *given in json.loads(text):
        parts = [made[part[0]] if isinstance(part, list) else part for part in given]
        made.append(tuple(parts) if name == "tuple" else classes[name](*parts))
    plan = made[-1]
    assert isinstance(plan, Plan)
    return plan


def _is_plain(value: object) -> bool:
    return type(value) in _PLAIN


def _inside(value: Any) -> tuple[Any, ...]:
    match value:
        case tuple():
            return value
        case Fraction():
            return (value.numerator, value.denominator)
        case Enum():
            return (value.value,)
        case _:
            return tuple(getattr(value, field.name) for field in fields(value))


@cache
def _classes() -> dict[str, Any]:
    """Every class a plan can hold, found from what its fields may be."""
    found: dict[str, Any] = {"Fraction": Fraction}
    todo: list[Any] = [Plan]
    while todo:
        here = todo.pop()
        if here.__name__ in found:
            continue
        found[here.__name__] = here
        if is_dataclass(here):
            for hint in get_type_hints(here).values():
                todo += _named_in(hint)
    return found


def _named_in(hint: Any) -> Iterator[Any]:
    todo = [hint]
    while todo:
        here = todo.pop()
        if isinstance(here, type) and (is_dataclass(here) or issubclass(here, Enum)):
            yield here
        todo += get_args(here)

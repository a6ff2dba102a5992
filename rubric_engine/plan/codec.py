"""A plan as one JSON text and back, for evaluators that travel alone. Standard library only.

The text is a list of rows, each after those it refers to; equal parts share a row, and the last row is the plan. A
row is the name of its class and its fields: plain values as they are, everything else as ``[number of its row]``.
Nothing recurses, however deep an expression is, and equal plans give equal texts.
"""

import json
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from rubric_engine.plan import combine, cycle, expr, grading, plan, tables
from rubric_engine.plan.plan import Plan

_PLAIN = (str, bool, int, type(None))


def encode_plan(whole: Plan) -> str:
    """The text of a plan, one row a line."""
    rows: list[str] = []
    numbers: dict[str, int] = {}
    done: dict[int, int] = {}  # by identity: everything lives as long as the plan does
    stack: list[Any] = [whole]
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
    whole = made[-1]
    assert isinstance(whole, Plan)
    return whole


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
    """Every class a plan can hold: records and kinds of the modules that say what a plan is."""
    found: dict[str, Any] = {"Fraction": Fraction}
    for module in (plan, cycle, expr, tables, grading, combine):
        for name, each in vars(module).items():
            if isinstance(each, type) and each.__module__ == module.__name__:
                found[name] = each
    return found

"""Results as JSON. Numbers are text (``"1.5"``, ``"2/3"``), so nothing is lost on the way; the order of keys is fixed.

Format 1, a JSON object: ``format``, ``rubric``, ``unit``, ``settled``, ``inexact``, ``coverage``, ``total``, ``grade``
(the first of the sheet, or null), ``grades`` (one for every table that applies), ``missing``, ``notes``, ``claims``
(points by code) and ``nodes``, a list in the order of the document. A reader of format 1 takes a field that is not
there for one that says nothing, so that fields may be added; a state or a kind of reason it does not know it refuses.
Every object has the fields of the class of the same name in :mod:`rubric_engine.result.outcome`; fields that say
nothing (empty text, empty list, false, null, line 0) are left out of reasons, gates and facts. Standard library only.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeVar

from rubric_engine.facts.json_text import write_json
from rubric_engine.meaning.exact import from_json_number, to_json_number
from rubric_engine.plan.record import shared
from rubric_engine.result.outcome import (
    Coverage,
    GateResult,
    GradeResult,
    GradeState,
    NodeResult,
    Outcome,
    Reason,
    ReasonKind,
    RubricIdentity,
    ShownFact,
    State,
    TotalResult,
    Whole,
)

RESULT_FORMAT = 1

_Record = dict[str, object]


def outcome_to_json(outcome: Outcome, *, indent: int | None = None) -> str:
    """The outcome as JSON text, letters as themselves."""
    return write_json(outcome_to_dict(outcome), indent=indent)


def outcome_to_dict(outcome: Outcome) -> dict[str, object]:
    """The outcome as plain values."""
    rubric = outcome.rubric
    return {
        "format": RESULT_FORMAT,
        "rubric": {
            "id": rubric.id,
            "title": rubric.title,
            "version": rubric.version,
            "language": rubric.language,
            "digest": rubric.digest,
            "engine": rubric.engine,
            "parameters": {name: to_json_number(value) for name, value in rubric.parameters.items()},
            "stage": rubric.stage,
            "stage_title": rubric.stage_title,
            "shown": dict(rubric.shown),
        },
        "unit": outcome.unit,
        "settled": outcome.settled,
        "inexact": outcome.inexact,
        "coverage": _coverage_record(outcome.coverage),
        "total": _total_record(outcome.total),
        "grade": None if outcome.grade is None else _grade_record(outcome.grade),
        "grades": [_grade_record(grade) for grade in outcome.grades],
        "missing": list(outcome.missing),
        "notes": list(outcome.notes),
        "claims": {code: to_json_number(points) for code, points in outcome.claims.items()},
        "nodes": [_node_record(node) for node in outcome.nodes],
    }


def _exact_text(value: Fraction | None) -> str | None:
    return None if value is None else to_json_number(value)


def _end_text(value: Fraction, state: State) -> str | None:
    """An end of what is still possible; what is not rated has none."""
    return None if state is State.NOT_RATED else to_json_number(value)


def _said(record: _Record) -> _Record:
    """The record without fields that say nothing."""
    return {name: value for name, value in record.items() if value not in (None, "", [], False) and value != 0}


def _coverage_record(coverage: Coverage) -> _Record:
    return {
        "assessed": coverage.assessed,
        "leaves": coverage.leaves,
        "assessed_points": to_json_number(coverage.assessed_points),
        "points": to_json_number(coverage.points),
    }


def _total_record(total: TotalResult) -> _Record:
    return {
        "exact": _exact_text(total.exact),
        "published": _exact_text(total.published),
        "low": _end_text(total.low, total.state),
        "high": _end_text(total.high, total.state),
        "printed_maximum": to_json_number(total.printed_maximum),
        "applicable_maximum": _exact_text(total.applicable_maximum),
        "index": _exact_text(total.index),
        "places": total.places,
        "reasons": [_reason_record(reason) for reason in total.reasons],
        "published_as": total.published_as,
        "published_index": _exact_text(total.published_index),
        "state": str(total.state),
    }


def _node_record(node: NodeResult) -> _Record:
    record = shared(node, _outcome_record).copy()
    record["reasons"] = [_reason_record(reason) for reason in node.reasons]
    record["missing"] = list(node.missing)
    record["children"] = list(node.children)
    record["columns"] = [list(column) for column in node.columns]
    record["effective_weight"] = _exact_text(node.effective_weight)
    record["coverage"] = _exact_text(node.coverage)
    return record


def _outcome_record(node: NodeResult) -> _Record:
    """The fields in their order; what is not the same for all that came to this outcome is put in afterwards."""
    return {
        "code": node.code,
        "title": node.title,
        "level": node.level,
        "depth": node.depth,
        "state": str(node.state),
        "points": _exact_text(node.points),
        "low": _end_text(node.low, node.state),
        "high": _end_text(node.high, node.state),
        "maximum": to_json_number(node.maximum),
        "applicable_maximum": _exact_text(node.applicable_maximum),
        "met": node.met,
        "reasons": None,
        "missing": None,
        "children": None,
        "columns": None,
        "weight": _exact_text(node.weight),
        "effective_weight": None,
        "coverage": None,
        "inexact": node.inexact,
    }


def _reason_record(reason: Reason) -> _Record:
    return {
        "kind": str(reason.kind),
        **_said({
            "label": reason.label,
            "amount": _exact_text(reason.amount),
            "value": _exact_text(reason.value),
            "percent": reason.percent,
            "facts": [_fact_record(fact) for fact in reason.facts],
            "because": reason.because,
            "line": reason.line,
            "effect": reason.effect,
            "inexact": reason.inexact,
        }),
    }


def _fact_record(fact: ShownFact) -> _Record:
    return {"name": fact.name, **_said({"label": fact.label, "text": fact.text})}


def _grade_record(grade: GradeResult) -> _Record:
    return {
        "state": str(grade.state),
        "name": grade.name,
        "title": grade.title,
        "by_points": grade.by_points,
        "label": grade.label,
        "possible": list(grade.possible),
        "gates": [_gate_record(gate) for gate in grade.gates],
        "line": grade.line,
        "table": grade.table,
        "node": grade.node,
        "table_title": grade.table_title,
        "facts": [_fact_record(fact) for fact in grade.facts],
        **({"decided": grade.decided} if grade.decided else {}),
        **({"titles": [list(each) for each in grade.titles]} if grade.titles else {}),
    }


def _gate_record(gate: GateResult) -> _Record:
    return {
        "kind": gate.kind,
        "fired": gate.fired,
        "changed": gate.changed,
        **_said({
            "label": gate.label,
            "because": gate.because,
            "line": gate.line,
            "facts": [_fact_record(fact) for fact in gate.facts],
        }),
    }


# ---------------------------------------------------------------- reading


def outcome_from_json(text: str | bytes) -> Whole:
    """The outcome :func:`outcome_to_json` wrote. Raises ``ValueError`` on anything else."""
    try:
        return _read_outcome(_Reader(json.loads(text)))
    except (TypeError, KeyError, ValueError, RecursionError) as broken:
        raise ValueError(f"not a result of format {RESULT_FORMAT}") from broken


_T = TypeVar("_T")


class _Reader:
    """One JSON object, read field by field with the type each must have."""

    def __init__(self, record: object) -> None:
        if not isinstance(record, dict):
            raise TypeError
        self.record: Mapping[str, object] = record

    def text(self, name: str) -> str:
        value = self.record.get(name, "")
        if not isinstance(value, str):
            raise TypeError
        return value

    def maybe_text(self, name: str) -> str | None:
        return None if self.record.get(name) is None else self.text(name)

    def number(self, name: str) -> Fraction:
        return from_json_number(self.text(name))

    def maybe_number(self, name: str) -> Fraction | None:
        return None if self.record.get(name) is None else self.number(name)

    def whole(self, name: str) -> int:
        value = self.record.get(name, 0)
        if type(value) is not int:
            raise TypeError
        return value

    def truth(self, name: str) -> bool:
        value = self.record.get(name, False)
        if not isinstance(value, bool):
            raise TypeError
        return value

    def maybe_truth(self, name: str) -> bool | None:
        return None if self.record.get(name) is None else self.truth(name)

    def inner(self, name: str) -> "_Reader":
        return _Reader(self.record[name])

    def list(self, name: str, read: Callable[["_Reader"], _T]) -> tuple[_T, ...]:
        return tuple(read(_Reader(item)) for item in _items(self.record.get(name, [])))

    def texts(self, name: str) -> tuple[str, ...]:
        return _texts(self.record.get(name, []))

    def named_texts(self, name: str) -> dict[str, str]:
        if name not in self.record:
            return {}
        inner = self.inner(name)
        return {key: inner.text(key) for key in inner.record}

    def numbers(self, name: str) -> dict[str, Fraction]:
        inner = self.inner(name)
        return {key: inner.number(key) for key in inner.record}


def _items(value: object) -> Iterable[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    found = tuple(_items(value))
    if not all(isinstance(item, str) for item in found):
        raise TypeError
    return tuple(str(item) for item in found)


def _read_outcome(at: _Reader) -> Whole:
    if at.record.get("format") != RESULT_FORMAT:
        raise ValueError
    rubric = at.inner("rubric")
    grade = None if at.record.get("grade") is None else _read_grade(at.inner("grade"))
    return Whole(
        RubricIdentity(
            rubric.text("id"), rubric.text("title"), rubric.text("version"), rubric.text("language"),
            rubric.text("digest"), rubric.text("engine"), rubric.numbers("parameters"),
            rubric.text("stage"), rubric.text("stage_title"), rubric.named_texts("shown"),
        ),
        at.text("unit"),
        _read_total(at.inner("total")),
        grade,
        at.list("grades", _read_grade) if "grades" in at.record else () if grade is None else (grade,),
        at.list("nodes", _read_node),
        at.texts("notes"),
        at.numbers("claims"),
        at.texts("missing"),
        at.truth("settled"),
        _read_coverage(at),
        at.truth("inexact"),
    )  # fmt: skip


def _read_coverage(at: _Reader) -> Coverage:
    if at.record.get("coverage") is None:
        return Coverage(0, 0, Fraction(0), Fraction(0))
    inner = at.inner("coverage")
    return Coverage(
        inner.whole("assessed"), inner.whole("leaves"), inner.number("assessed_points"), inner.number("points")
    )


def _read_total(at: _Reader) -> TotalResult:
    return TotalResult(
        at.maybe_number("exact"), at.maybe_number("published"), _read_end(at, "low"), _read_end(at, "high"),
        at.number("printed_maximum"), at.maybe_number("applicable_maximum"),
        None if at.record.get("places") is None else at.whole("places"), at.list("reasons", _read_reason),
        at.text("published_as") or "points", at.maybe_number("published_index"), _read_total_state(at),
    )  # fmt: skip


def _read_total_state(at: _Reader) -> State:
    if at.record.get("state") is not None:
        return State(at.text("state"))
    return State.PENDING if at.record.get("published") is None else State.SCORED


def _read_end(at: _Reader, name: str) -> Fraction:
    """Only what is not rated has no ends."""
    return at.maybe_number(name) or Fraction(0) if at.record.get("state") == State.NOT_RATED else at.number(name)


def _read_node(at: _Reader) -> NodeResult:
    columns = tuple(_texts(column) for column in _items(at.record.get("columns", [])))
    return NodeResult(
        at.text("code"), at.text("title"), at.text("level"), at.whole("depth"), State(at.text("state")),
        at.maybe_number("points"), _read_end(at, "low"), _read_end(at, "high"), at.number("maximum"),
        at.maybe_number("applicable_maximum"), at.maybe_truth("met"), at.list("reasons", _read_reason),
        at.texts("missing"), at.texts("children"), tuple((name, text) for name, text in columns),
        at.maybe_number("weight"), at.maybe_number("effective_weight"), at.maybe_number("coverage"),
        at.truth("inexact"),
    )  # fmt: skip


def _read_reason(at: _Reader) -> Reason:
    return Reason(
        ReasonKind(at.text("kind")), at.text("label"), at.maybe_number("amount"), at.maybe_number("value"),
        at.truth("percent"), at.list("facts", _read_fact), at.text("because"), at.whole("line"), at.text("effect"),
        at.truth("inexact"),
    )  # fmt: skip


def _read_fact(at: _Reader) -> ShownFact:
    return ShownFact(at.text("name"), at.text("label"), at.text("text"))


def _read_grade(at: _Reader) -> GradeResult:
    titles = (_texts(each) for each in _items(at.record.get("titles", [])))
    return GradeResult(
        GradeState(at.text("state")), at.maybe_text("name"), at.text("title"), at.maybe_text("by_points"),
        at.text("label"), at.texts("possible"), at.list("gates", _read_gate), at.whole("line"),
        at.text("table"), at.text("node"), at.text("table_title"), at.list("facts", _read_fact),
        at.text("decided"), tuple((name, title) for name, title in titles),
    )  # fmt: skip


def _read_gate(at: _Reader) -> GateResult:
    return GateResult(
        at.text("kind"), at.text("label"), at.text("because"), at.maybe_truth("fired"), at.truth("changed"),
        at.whole("line"), at.list("facts", _read_fact),
    )  # fmt: skip

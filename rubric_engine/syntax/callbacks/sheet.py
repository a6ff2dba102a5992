"""Callbacks of the grammar that make grade tables, gates and worked examples."""

from typing import Any

from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.parts import Part, declared, find, ident, marked, part, percent, text
from rubric_engine.syntax.lexis import Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree import nodes as n
from rubric_engine.syntax.tree.examples import GivenRow

# ---------------------------------------------------------------- grades


def _grade_row(*, named: bool = True) -> Callback:
    def made(children: list[Any], span: Span) -> n.GradeRowClause:
        tokens = [child for child in children if isinstance(child, Token)]
        name = declared(tokens[0], "grade") if named else None
        title = tokens[-1] if tokens[-1].type == "STRING" else None
        rest = [child for child in children if not isinstance(child, Token)]
        band = rest[0] if rest and isinstance(rest[0], n.Band) else None
        condition = rest[-1] if rest and not isinstance(rest[-1], n.Band) else None
        return n.GradeRowClause(name, text(title) if title else None, band, condition, not rest, (), span)

    return made


def _gate(kind: str, *, graded: bool) -> Callback:
    def made(children: list[Any], span: Span) -> n.GateClause:
        grade = ident(children[0]) if graded else None
        return n.GateClause(kind, grade, find(children, "condition"), find(children, "because"), span)

    return made


def _grades(children: list[Any], span: Span) -> n.Grades:
    name, title = find(children, "grade_name", (None, None))
    subject = next(child for child in children if not isinstance(child, Part))
    first = find(children, "first", False)
    return n.Grades(subject, first, name, title, find(children, "condition"), span)


def _grade_name(children: list[Any], span: Span) -> Part:
    return Part("grade_name", (declared(children[0]), children[1] if len(children) > 1 else None), span)


def _grade_levels(children: list[Any], span: Span) -> n.GradeRowClause:
    name, *rest = children
    titled = isinstance(rest[0], Token) and rest[0].type == "STRING"
    title = text(rest.pop(0)) if titled else None
    return n.GradeRowClause(declared(name, "grade"), title, None, None, False, tuple(map(ident, rest)), span)


def _quota(children: list[Any], span: Span) -> n.QuotaClause:
    grade, share, *rest = children
    base, or_better = find(rest, "quota_base")
    return n.QuotaClause(ident(grade), percent(share), base, or_better, find(rest, "within"), span)


def _quota_base(*, or_better: bool) -> Callback:
    return lambda children, span: Part("quota_base", (ident(children[0]), or_better), span)


# ---------------------------------------------------------------- examples


def _example(children: list[Any], span: Span) -> n.Example:
    return n.Example(text(children[0]), ident(children[1]) if len(children) > 1 else None, span)


def _given_evidence(children: list[Any], span: Span) -> n.GivenEvidence:
    issued = next((child for child in children if isinstance(child, n.DateLit)), None)
    status = find(children, "status", "submitted")
    return n.GivenEvidence(ident(children[0]), text(children[1]), status, issued, span)


def _expect(what: str) -> Callback:
    """An expectation about a node, or about the sheet where no code is given."""

    def made(children: list[Any], span: Span) -> n.Expectation:
        code = children[0] if isinstance(children[0], n.Ident) else None
        return n.Expectation(what, code, children[-1], span)

    return made


def _expect_met(children: list[Any], span: Span) -> n.Expectation:
    value = children[1] if len(children) > 1 else n.YesNo(True, span)
    return n.Expectation("met", ident(children[0]), value, span)


def _state(name: str) -> Callback:
    return lambda children, span: n.Name(name, span)


SHEET: dict[str, Callback] = {
    "grades": _grades,
    "all_grades": lambda children, span: n.AllGrades(span),
    "grade_name": _grade_name,
    "first_that_holds": part("first"),
    "grade_levels": _grade_levels,
    "quota": _quota,
    "quota_of": _quota_base(or_better=False),
    "quota_of_better": _quota_base(or_better=True),
    "quota_of_all": marked("quota_base", (None, False)),
    "grade_band": _grade_row(),
    "grade_when": _grade_row(),
    "grade_otherwise": _grade_row(),
    "undecided_band": _grade_row(named=False),
    "undecided_when": _grade_row(named=False),
    "undecided_otherwise": _grade_row(named=False),
    "gate_ceiling": _gate("no higher than", graded=True),
    "gate_force": _gate("grade", graded=True),
    "gate_lower": _gate("one grade lower", graded=False),
    "gate_none": _gate("no grade", graded=False),
    "example": _example,
    "given": lambda children, span: n.Given(tuple(children), span),
    "given_input": lambda children, span: n.GivenInput(ident(children[0]), children[1], span),
    "given_rows": lambda children, span: n.GivenInput(ident(children[0]), tuple(children[1:]), span),
    "given_row": lambda children, span: GivenRow(tuple(child.value for child in children), span),
    "given_rating": lambda children, span: GivenRow(((n.Ident("rating", span), children[0]),), span),
    "cell": lambda children, span: Part("cell", (ident(children[0]), children[1]), span),
    "given_missing": lambda children, span: n.GivenInput(ident(children[0]), None, span),
    "given_reference": lambda children, span: n.GivenReference(children[0], (*children[1:], None)[0], span),
    "given_judged": lambda children, span: n.GivenJudged(ident(children[0]), children[1], span),
    "given_evidence": _given_evidence,
    "status_submitted": marked("status", "submitted"),
    "status_accepted": marked("status", "accepted"),
    "status_rejected": marked("status", "rejected"),
    "expect": lambda children, span: n.Expect(tuple(children), span),
    "expect_points": _expect("points"),
    "expect_maximum": _expect("maximum"),
    "expect_index": _expect("index"),
    "expect_met": _expect_met,
    "expect_state": _expect("state"),
    "expect_total": _expect("total"),
    "expect_grade": _expect("grade"),
    "expect_published": _expect("published"),
    "state_scored": _state("scored"),
    "state_pending": _state("pending"),
    "state_not_applicable": _state("not applicable"),
    "state_not_rated": _state("not rated"),
    "state_refused": _state("refused"),
    "state_unscored": _state("unscored"),
    "state_not_due": _state("not due"),
    "state_undecided": _state("undecided"),
    "state_none": _state("no grade"),
}

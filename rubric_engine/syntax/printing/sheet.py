"""Grades, gates and worked examples, and the one function that prints any statement."""

from typing import assert_never

from rubric_engine.plan.plan import GateKind
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.printing.expressions import show_band, show_code, show_expr, show_reference
from rubric_engine.syntax.printing.facts import show_because, show_column, show_fact, show_header, show_heading
from rubric_engine.syntax.printing.groups import show_grouping, show_shared
from rubric_engine.syntax.printing.rounds import show_round, show_within
from rubric_engine.syntax.printing.rules import show_base, show_change, show_row
from rubric_engine.syntax.printing.words import show_literal, show_name, show_names, show_text
from rubric_engine.syntax.tree.examples import GivenRow
from rubric_engine.syntax.tree.nodes import (
    AdjustClause,
    AllGrades,
    AmongUnits,
    AskedFrom,
    ColumnClause,
    CombineClause,
    Contains,
    DateLit,
    DeadlineClause,
    DefineClause,
    EveryLeaf,
    EvidenceClause,
    Example,
    Expect,
    Expectation,
    GateClause,
    Given,
    GivenEvidence,
    GivenInput,
    GivenJudged,
    GivenReference,
    GradeRowClause,
    Grades,
    Heading,
    Ident,
    InForce,
    InputClause,
    Issued,
    LetClause,
    LevelsClause,
    LimitClause,
    MetWhen,
    MissingClause,
    Name,
    NeedsClause,
    Negative,
    NotApplicableClause,
    NotRatedClause,
    Num,
    OnlyAccepted,
    ParameterClause,
    Pool,
    PublishedAs,
    QuotaClause,
    RankBy,
    RankingClause,
    RequireClause,
    RoundedClause,
    Row,
    RubricHead,
    ScaleClause,
    ScoreAllOrNothing,
    ScoreBy,
    ScoreFormula,
    ScoreJudged,
    ScoreProportion,
    ScoreWhen,
    Stages,
    StartAt,
    Statement,
    TableClause,
    Text,
    TiesClause,
    TotalLimit,
    TotalPoints,
    UseClause,
    Version,
    YesNo,
)

_GATES = {
    GateKind.CEILING: "NO_HIGHER_THAN",
    GateKind.FORCE: "GRADE_IS",
    GateKind.LOWER: "ONE_GRADE_LOWER",
    GateKind.NONE: "NO_GRADE",
}
# What an example may expect of a node, or of the grade, besides the author's own grades.
STATES = {
    "scored": "SCORED",
    "pending": "PENDING",
    "not applicable": "NOT_APPLICABLE",
    "not rated": "NOT_RATED",
    "refused": "REFUSED",
    "undecided": "UNDECIDED",
    "unscored": "UNSCORED",
    "not due": "NOT_DUE",
    "no grade": "NO_GRADE",
}
Cell = Num | DateLit | YesNo | Name | Text | Negative
_FIGURES = {"points": "POINTS_OF", "maximum": "MAXIMUM_OF", "index": "INDEX_OF", "met": "MET"}


def show_statement(stmt: Statement, language: str) -> str:
    """Any statement on one line (but for texts of several lines), without indentation or comment."""
    match stmt:
        case RubricHead() | Version() | Issued() | InForce() | TotalPoints() | Contains() | OnlyAccepted():
            return show_header(stmt, language)
        case Heading():
            return show_heading(stmt, language)
        case ColumnClause():
            return show_column(stmt, language)
        case InputClause() | EvidenceClause() | LetClause() | ParameterClause() | LevelsClause():
            return show_fact(stmt, language)
        case (
            ScoreBy() | ScoreWhen() | ScoreProportion() | ScoreFormula() | ScoreJudged() | ScoreAllOrNothing()
            | StartAt() | EveryLeaf()
        ):  # fmt: skip
            return show_base(stmt, language)
        case (
            AdjustClause() | RequireClause() | LimitClause() | RoundedClause() | NotApplicableClause() | MetWhen()
            | TotalLimit()
        ):  # fmt: skip
            return show_change(stmt, language)
        case Row():
            return show_row(stmt, language)
        case Stages() | DeadlineClause() | AskedFrom() | PublishedAs() | RankingClause() | RankBy() | TiesClause():
            return show_round(stmt, language)
        case Grades() | AllGrades() | GradeRowClause() | GateClause() | QuotaClause():
            return _show_grading(stmt, language)
        case Example() | Given() | Expect():
            return _show_example(stmt, language)
        case Pool() | CombineClause() | NeedsClause() | MissingClause() | NotRatedClause():
            return show_grouping(stmt, language)
        case DefineClause() | TableClause() | ScaleClause() | UseClause():
            return show_shared(stmt, language)
        case _:
            assert_never(stmt)


def _show_grading(stmt: Grades | AllGrades | GradeRowClause | GateClause | QuotaClause, language: str) -> str:
    match stmt:
        case Grades():
            return _show_grades(stmt, language)
        case AllGrades():
            return spell("ALL_GRADES", language)
        case GradeRowClause(name=name, title=title):
            shown = spell("UNDECIDED", language) if name is None else show_name(name)
            if title is not None:
                shown += f" {show_text(title)}"
            return f"{shown}: {_show_grade_terms(stmt, language)}"
        case GateClause(kind=kind, grade=grade, condition=condition, because=because):
            shown = spell(_GATES[GateKind(kind)], language)
            if grade is not None:
                shown += f" {show_name(grade)}"
            shown += f" {spell('WHEN', language)} {show_expr(condition, language)}"
            return shown + show_because(because, language)
        case QuotaClause(grade=grade, share=share, base=base, or_better=or_better, within=within):
            shown = f"{spell('QUOTA', language)} {show_name(grade)} {spell('AT_MOST', language)}"
            shown += f" {show_literal(share, language)} "
            shown += spell("OF_ALL", language) if base is None else f"{spell('OF_THOSE', language)} {show_name(base)}"
            if or_better:
                shown += f" {spell('OR_BETTER', language)}"
            return shown + show_within(within, language)
        case _:
            assert_never(stmt)


def _show_grades(clause: Grades, language: str) -> str:
    shown = spell("GRADES", language)
    if clause.name is not None:
        shown += f" {show_name(clause.name)}"
    if clause.title is not None:
        shown += f" {show_text(clause.title)}"
    shown += f" {spell('BY', language)} {show_expr(clause.subject, language)}"
    if clause.condition is not None:
        shown += f" {spell('WHEN', language)} {show_expr(clause.condition, language)}"
    return shown + (f", {spell('FIRST_THAT_HOLDS', language)}" if clause.first else "")


def _show_grade_terms(row: GradeRowClause, language: str) -> str:
    if row.otherwise:
        return spell("OTHERWISE", language)
    if row.levels:
        return show_names(row.levels)
    band = None if row.band is None else show_band(row.band, language)
    condition = None if row.condition is None else show_expr(row.condition, language)
    if band is None:
        return f"{spell('WHEN', language)} {condition}"
    return band if condition is None else f"{band}, {spell('AND', language)} {condition}"


def _show_example(stmt: Example | Given | Expect, language: str) -> str:
    match stmt:
        case Example(title=title, stage=stage):
            shown = f"{spell('EXAMPLE', language)} {show_text(title)}"
            return shown if stage is None else f"{shown} {spell('AT_STAGE', language)} {show_name(stage)}"
        case Given(items=items):
            return f"{spell('GIVEN', language)} " + ", ".join(_show_given(item, language) for item in items)
        case Expect(items=items):
            return f"{spell('EXPECT', language)} " + ", ".join(_show_expected(item, language) for item in items)
        case _:
            assert_never(stmt)


def _show_given(item: GivenInput | GivenJudged | GivenEvidence | GivenReference, language: str) -> str:
    match item:
        case GivenReference(reference=reference, value=value):
            shown = show_reference(reference, language)
            if isinstance(reference, AmongUnits) and reference.where is not None:
                # The condition would reach over the sign.
                shown = f"({shown})"
            if value is None:
                return f"{shown} {spell('IS', language)} {spell('MISSING', language)}"
            sign = spell("IS", language) if isinstance(value, Name) else "="
            return f"{shown} {sign} {_show_cell(value, language)}"
        case GivenInput(name=name, value=value):
            if value is None:
                return f"{show_name(name)} {spell('IS', language)} {spell('MISSING', language)}"
            if isinstance(value, Name):
                return f"{show_name(name)} {spell('IS', language)} {show_name(value)}"
            if isinstance(value, tuple):
                return f"{show_name(name)} = [{', '.join(_show_given_row(row, language) for row in value)}]"
            return f"{show_name(name)} = {_show_cell(value, language)}"
        case GivenJudged(code=code, value=value):
            return f"{spell('JUDGMENT', language)} {code.text} = {show_literal(value, language)}"
        case GivenEvidence(name=name, reference=reference, status=status, issued=issued):
            shown = f"{spell('EVIDENCE', language)} {show_name(name)} {show_text(reference)}"
            if issued is not None:
                shown += f" {spell('ISSUED', language)} {show_literal(issued, language)}"
            return shown if status == "submitted" else f"{shown} {spell(status.upper(), language)}"
        case _:
            assert_never(item)


def _show_given_row(row: GivenRow, language: str) -> str:
    """``(days: 5, kind: a)``; a rating is its number."""
    match row.cells:
        case ((Ident(text="rating"), (Num() | Negative()) as rating),):
            return show_expr(rating, language)
        case cells:
            return f"({', '.join(f'{show_name(name)}: {_show_cell(value, language)}' for name, value in cells)})"


def _show_cell(value: Cell, language: str) -> str:
    return show_text(value) if isinstance(value, Text) else show_expr(value, language)


def _show_expected(item: Expectation, language: str) -> str:
    value = _show_expected_value(item, language)
    match item.what:
        case "state":
            code = spell("TOTAL", language) if item.code is None else show_code(item.code, language)
            return f"{code} {spell('IS', language)} {value}"
        case "total":
            return f"{spell('TOTAL', language)} = {value}"
        case "grade":
            graded = "GRADE" if item.code is None else "GRADE_OF"
            return f"{spell(graded, language)}{'' if item.code is None else f' {item.code.text}'} = {value}"
        case "published":
            return f"{spell('PUBLISHED', language)} = {value}"
        case what:
            code = spell("TOTAL", language) if item.code is None else show_code(item.code, language)
            return f"{spell(_FIGURES[what], language)} {code} = {value}"


def _show_expected_value(item: Expectation, language: str) -> str:
    value = item.value
    if isinstance(value, Name) and value.text in STATES and item.what in ("state", "grade"):
        return spell(STATES[value.text], language)
    return show_expr(value, language)

"""Where a unit stands, as several reports say it: the rubric above, index and grade in a cell, what is waited for."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from rubric_engine.cohort.statistics import COHORT_KINDS
from rubric_engine.facts.facts import Facts
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan, ReferenceKind
from rubric_engine.report.phrases import told
from rubric_engine.result.explain.explanation import fact_waited, grade_text, labels_of
from rubric_engine.result.explain.reasons import fact_name, waited_words
from rubric_engine.result.outcome import GradeResult, GradeState
from rubric_engine.result.result import Result
from rubric_engine.result.view import cell_fact
from rubric_engine.tell.rendering.document import Block, Heading, Line

_MOST_LISTED: Final = 3


def identity(plan: Plan, language: str) -> Iterator[Block]:
    """Title, id and version of a rubric, with the stage."""
    yield Heading(plan.title, 1)
    yield Line(f"{plan.id}, {told('version', language)} {plan.version}" if plan.version else plan.id)
    stage = next((stage for stage in plan.stages if stage.name == plan.stage), None)
    if stage is not None:
        yield Line(told("stage", language), stage.title or stage.name)


def identity_data(plan: Plan) -> dict[str, object]:
    """Which rubric, for JSON."""
    return {"id": plan.id, "version": plan.version, "digest": plan.digest, "stage": plan.stage}


def grade_titles(plan: Plan) -> dict[tuple[str, str], str]:
    """Table and name of every grade to its words."""
    return {(table.name, row.name): row.title or row.name for table in plan.grades for row in table.rows}


def named_tables(plan: Plan) -> tuple[str, ...]:
    """What each grade table is called: its words, its name or its heading. None for the one of a sheet."""
    if len(plan.grades) < 2 and all(table.node < 0 for table in plan.grades):
        return ()
    return tuple(
        table.title or table.name or (f"{plan.nodes[table.node].code} {plan.nodes[table.node].title}" if table.node >= 0
                                      else table.label)
        for table in plan.grades
    )  # fmt: skip


def grades_by_table(plan: Plan, result: Result) -> list[GradeResult | None]:
    """The grade of a result by every table of the plan, in order; ``None`` where a table does not apply."""
    codes = [plan.nodes[table.node].code if table.node >= 0 else "" for table in plan.grades]
    found = {(grade.table, grade.node): grade for grade in result.grades}
    return [found.get((table.name, code)) for table, code in zip(plan.grades, codes, strict=True)]


def waited_labels(plan: Plan, names: Iterable[str], language: str) -> dict[str, str]:
    """What is waited for by the labels people know it by: inputs, judgements, cells of registers."""
    labels = {spec.name: spec.label or spec.name for spec in plan.inputs}
    labels |= {f"judged {spec.key}": f"{told('points', language)} {spec.key} {spec.label}" for spec in plan.judged}
    layout = layout_of(plan)
    found = {}
    for name in names:
        cell = cell_fact(layout, name)
        found[name] = labels.get(name, name) if cell is None else fact_name(cell, language)
    return found


def previous_block(plan: Plan, facts: Iterable[Facts], language: str) -> Iterator[Block]:
    """How many units have no figure of the cycle before: what the rubric says then holds, and nobody would see it."""
    names = [reference.name for reference in plan.references if reference.kind is ReferenceKind.PREVIOUS]
    every = list(facts) if names else []
    without = sum(1 for one in every if not any(name in one.values for name in names))
    if without:
        yield Line(told("no previous", language, count=without, all=len(every)))


def index_of(result: Result) -> Fraction | None:
    """The index as published, where it is; else the exact one."""
    total = result.total
    return total.index if total.published_index is None else total.published_index


def grade_cell(plan: Plan, result: Result, language: str) -> str:
    """The grade in few words: its title, those still possible, or how it stands."""
    return "" if result.grade is None else grade_in_words(plan, result.grade, language)


def grade_in_words(plan: Plan, grade: GradeResult, language: str) -> str:
    """A grade in few words, as :func:`grade_cell`."""
    if grade.state is not GradeState.PENDING or not 0 < len(grade.possible) <= _MOST_LISTED:
        return grade_text(grade, language)
    titles = grade_titles(plan)
    return told("or", language).join(titles.get((grade.table, name), name) for name in grade.possible)


def waiting_blocks(plan: Plan, result: Result, language: str) -> Iterator[Block]:
    """What a result waits for; figures of the cohort have a way of their own to come in."""
    if not result.missing:
        return
    labels = labels_of(result)
    names = (waited_words(fact_waited(labels, name), language) for name in result.missing)
    yield Line(told("waits for", language), "; ".join(names))
    if waits_for_cohort(plan, result.missing):
        yield Line(told("figures wanted", language))


def waits_for_cohort(plan: Plan, missing: Iterable[str]) -> bool:
    """Whether a figure of other units is among what is waited for."""
    of_cohort = {reference.name for reference in plan.references if reference.kind in COHORT_KINDS}
    return not of_cohort.isdisjoint(missing)

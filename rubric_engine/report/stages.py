"""One unit stage by stage: totals, what changed and why, what is late, what is still to be explained, findings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rubric_engine.meaning.exact import to_json_number
from rubric_engine.plan.plan import Plan
from rubric_engine.report.phrases import change, day, days, percent, points, told
from rubric_engine.report.standing import (
    grade_cell,
    grade_in_words,
    grades_by_table,
    identity,
    identity_data,
    index_of,
    named_tables,
    waiting_blocks,
)
from rubric_engine.result.explain.explanation import total_points
from rubric_engine.result.explain.wording import local_text, states
from rubric_engine.result.outcome import State, TotalResult
from rubric_engine.rounds import (
    FactDifference,
    FindingStanding,
    Lateness,
    LeafDifference,
    StageDifference,
    StagedResult,
    StageResult,
)
from rubric_engine.tell.rendering.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Line,
    Report,
    Row,
    Sheet,
    Table,
    without_empty,
)


@dataclass(frozen=True, slots=True)
class UnitRound:
    """Everything about one unit in a round. ``open_explanations`` are codes asked about and not answered."""

    staged: StagedResult
    differences: tuple[StageDifference, ...]
    late: tuple[Lateness, ...]
    findings: tuple[FindingStanding, ...]
    open_explanations: tuple[str, ...]


def stages_report(plan: Plan, units: Sequence[UnitRound], language: str) -> Report:
    """Every unit in turn; where there are several, the totals of all of them come first."""
    blocks: list[Block] = list(identity(plan, language))
    if len(units) > 1:
        blocks.append(_all_units(plan, units, language))
    for unit in units:
        blocks += _Unit(plan, unit, language).blocks(alone=len(units) == 1)
    data: dict[str, object] = {
        "rubric": identity_data(plan), "units": [_Unit(plan, unit, language).data() for unit in units],
    }  # fmt: skip
    return Report(tuple(blocks), _sheet(plan, units, language), data)


def _all_units(plan: Plan, units: Sequence[UnitRound], language: str) -> Table:
    columns = [Column(told("unit", language), wraps=True)]
    columns += [Column(stage.title or stage.name, right=True, wraps=True) for stage in plan.stages]
    rows = []
    for unit in units:
        totals = {one.stage.name: _total(one, language) for one in unit.staged.stages}
        rows.append(Row((unit.staged.dossier.unit, *(totals.get(stage.name, "") for stage in plan.stages))))
    return Table(tuple(columns), tuple(rows))


def _total(stage: StageResult, language: str) -> str:
    return total_points(stage.result.total, language)


class _Unit:
    def __init__(self, plan: Plan, unit: UnitRound, language: str) -> None:
        self._plan = plan
        self._unit = unit
        self._language = language
        self._titles = {node.code: node.title for node in plan.nodes}
        self._late = {one.name: one for one in unit.late}
        self._tables = named_tables(plan)

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self, *, alone: bool) -> Iterator[Block]:
        dossier = self._unit.staged.dossier
        if alone:
            yield Line(self._say("unit"), dossier.unit)
        else:
            yield Heading(dossier.unit)
        if dossier.cycle:
            yield Line(self._say("cycle"), dossier.cycle)
        yield self._totals()
        yield from waiting_blocks(self._plan, self._unit.staged.last.result, self._language)
        for one in self._unit.differences:
            yield from self._difference(one)
        if not self._unit.differences and len(self._plan.stages) > 1:
            stage = self._unit.staged.last.stage
            yield Line(self._say("only reached", stage=stage.title or stage.name))
        yield from self._deadlines()
        if self._unit.open_explanations:
            yield Heading(self._say("open explanations"), 3)
            yield Bullets(tuple(f"{code} {self._titles.get(code, '')}" for code in self._unit.open_explanations))
        yield from findings_blocks(self._unit.findings, self._language, level=3)

    # ---- totals

    def grades(self, stage: StageResult) -> list[str]:
        """The grade at a stage by every table; blank where a table does not apply."""
        found = grades_by_table(self._plan, stage.result)
        return ["" if grade is None else grade_in_words(self._plan, grade, self._language) for grade in found]

    def _totals(self) -> Table:
        say, language = self._say, self._language
        columns = (
            Column(say("stage"), wraps=True), Column(say("total"), right=True), Column(say("of"), right=True),
            Column(say("index"), right=True), *(Column(name, wraps=True) for name in self._tables or (say("grade"),)),
            Column(say("done")), Column(say("days late")),
        )  # fmt: skip
        rows = []
        for stage in self._unit.staged.stages:
            result = stage.result
            late = self._late.get(stage.stage.name)
            rows.append(Row((
                stage.stage.title or stage.stage.name or say("total"), _total(stage, language),
                points(result.total.applicable_maximum, language), percent(index_of(result), language),
                *(self.grades(stage) if self._tables else [grade_cell(self._plan, result, language)]),
                day(stage.entry.done, language), "" if late is None else self._lateness(late),
            )))  # fmt: skip
        return without_empty(columns, rows, keep=2)

    def _lateness(self, late: Lateness) -> str:
        if late.open:
            waiting = late.days or 0
            return self._say("not in late", days=days(waiting, self._language)) if waiting else self._say("not in")
        if late.days is None:
            return ""
        return days(late.days, self._language) if late.days else self._say("in time")

    def _deadlines(self) -> Iterator[Block]:
        due = [one for one in self._unit.late if one.due is not None]
        if not due:
            return
        yield Heading(self._say("deadlines"), 3)
        columns = (
            Column(self._say("deadline"), wraps=True), Column(self._say("due")), Column(self._say("done")),
            Column(self._say("days late")),
        )  # fmt: skip
        rows = [
            Row((one.title, day(one.due, self._language), day(one.done, self._language), self._lateness(one)))
            for one in due
        ]
        yield without_empty(columns, rows, keep=2)

    # ---- differences

    def _difference(self, one: StageDifference) -> Iterator[Block]:
        before, after = one.before.stage, one.after.stage
        moved = change(one.total, self._language)
        names = self._say("changes", before=before.title or before.name, after=after.title or after.name)
        yield Heading(f"{names}: {moved}" if moved else names, 3)
        if not one.leaves:
            yield Line(self._say("no changes"))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True),
            Column(before.title or before.name, right=True), Column(after.title or after.name, right=True),
            Column(self._say("change"), right=True),
        )  # fmt: skip
        rows = [
            Row((
                leaf.code, leaf.title, self._side(leaf, before=True), self._side(leaf, before=False),
                change(leaf.change, self._language),
            ), tuple(self._reasons(leaf)))
            for leaf in one.leaves
        ]  # fmt: skip
        yield Table(columns, tuple(rows), self._say("what"))
        if one.without_effect:
            yield Line(self._say("without effect"), "; ".join(self.fact(fact) for fact in one.without_effect))

    def _side(self, leaf: LeafDifference, *, before: bool) -> str:
        value, state = (leaf.before, leaf.state_before) if before else (leaf.after, leaf.state_after)
        if value is None or state is State.REFUSED:
            return states(state, self._language)
        return points(value, self._language)

    def _reasons(self, leaf: LeafDifference) -> Iterator[str]:
        if leaf.state_before is State.NOT_DUE and leaf.state_after is not State.NOT_DUE:
            yield self._say("newly due")
        yield from (self.fact(fact) for fact in leaf.facts)
        if leaf.remark:
            yield self._say("remark", text=leaf.remark)
        if leaf.explanation:
            yield self._say("explanation", text=leaf.explanation)
        elif leaf.asked and leaf.code in self._unit.open_explanations:
            yield self._say("asked open")
        if leaf.unexplained:
            yield self._say("unexplained")

    def fact(self, fact: FactDifference) -> str:
        """``Tasks done: 9 → 8``, ``evidence Decision: accepted → rejected (of another year)``."""
        is_evidence = fact.kind == "evidence"
        sides = [self._given(text, evidence=is_evidence) for text in (fact.before, fact.after)]
        text = self._say("evidence" if is_evidence else "fact", label=fact.label, before=sides[0], after=sides[1])
        return f"{text} ({fact.reason})" if fact.reason else text

    def _given(self, text: str, *, evidence: bool) -> str:
        if not text:
            return self._say("not given")
        return self._say(text) if evidence else local_text(text, self._language)

    # ---- for machines

    def data(self) -> dict[str, object]:
        unit = self._unit
        return {
            "unit": unit.staged.dossier.unit,
            "cycle": unit.staged.dossier.cycle,
            "stages": [_stage_data(one) for one in unit.staged.stages],
            "differences": [one.to_dict() for one in unit.differences],
            "deadlines": [_late_data(one) for one in unit.late],
            "open_explanations": list(unit.open_explanations),
            "findings": [one.to_dict() for one in unit.findings],
        }


def _stage_data(stage: StageResult) -> dict[str, object]:
    total, grade, index = stage.result.total, stage.result.grade, index_of(stage.result)
    return {
        "name": stage.stage.name, "title": stage.stage.title,
        "total": None if total.published is None else to_json_number(total.published),
        "state": str(total.state), "low": _end(total.low, total), "high": _end(total.high, total),
        "index": None if index is None else to_json_number(index),
        "grade": None if grade is None else grade.name, "done": _iso(stage.entry.done),
        "grades": [
            {"table": each.table, "title": each.table_title, "node": each.node, "state": str(each.state),
             "name": each.name, "possible": list(each.possible)}
            for each in stage.result.grades
        ],
    }  # fmt: skip


def _end(value: Fraction, total: TotalResult) -> str | None:
    """An end of what is still possible; what is not rated has none."""
    return None if total.state is State.NOT_RATED else to_json_number(value)


def _late_data(late: Lateness) -> dict[str, object]:
    return {"name": late.name, "title": late.title, "due": _iso(late.due), "done": _iso(late.done), "days": late.days,
            "open": late.open}  # fmt: skip


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _sheet(plan: Plan, units: Iterable[UnitRound], language: str) -> Sheet:
    keys = ("unit", "code", "title", "stage", "stage", "from", "became", "change", "what", "remarks",
            "open explanations")  # fmt: skip
    header = [told(key, language) for key in keys]
    header[3], header[4] = f"{header[3]} 1", f"{header[4]} 2"
    tables = named_tables(plan)
    header += tables
    rows: list[tuple[Cell, ...]] = []
    for unit in units:
        made = _Unit(plan, unit, language)
        for stage in unit.staged.stages if tables else ():
            # Where several tables are the result, every stage of every unit has a row for them.
            name = stage.stage.title or stage.stage.name
            total = stage.result.total.published
            grades = made.grades(stage)
            rows.append((unit.staged.dossier.unit, "", "", "", name, None, total, None, "", "", False, *grades))
        for one in unit.differences:
            stages = [stage.stage.title or stage.stage.name for stage in (one.before, one.after)]
            for leaf in one.leaves:
                facts = "; ".join(made.fact(fact) for fact in leaf.facts)
                words = "; ".join(part for part in (leaf.remark, leaf.explanation) if part)
                rows.append((
                    one.unit, leaf.code, leaf.title, *stages, leaf.before, leaf.after, leaf.change,
                    facts, words, leaf.code in unit.open_explanations, *("" for _ in tables),
                ))  # fmt: skip
    return Sheet(tuple(header), tuple(rows))


# ---------------------------------------------------------------- findings


def findings_blocks(findings: Sequence[FindingStanding], language: str, *, level: int = 2) -> Iterator[Block]:
    """What inspections found and how it stands, the open ones first."""
    if not findings:
        return
    yield Heading(told("findings", language), level)
    columns = (
        Column(told("heading", language)), Column(told("finding", language), wraps=True),
        Column(told("due", language)), Column(told("standing", language), wraps=True),
        Column(told("lost", language), right=True),
    )  # fmt: skip
    rows = [_finding_row(one, language) for one in findings]
    yield without_empty(columns, rows, keep=2, remarks=told("remarks", language))


def _finding_row(one: FindingStanding, language: str) -> Row:
    finding = one.finding
    below = []
    if finding.responsible:
        below.append(f"{told('responsible', language)}: {finding.responsible}")
    if one.earlier is not None and one.standing == "came back":
        below.append(told("came back from", language, id=one.earlier.id))
    if not one.is_known_heading:
        below.append(told("unknown heading", language, code=finding.node))
    standing = told(str(one.standing), language)
    if finding.put_right is not None:
        standing = f"{standing}, {day(finding.put_right, language)}"
    lost = " → ".join(points(each, language) or "?" for each in one.lost)
    found = f"{finding.id}: {finding.found}"
    return Row((finding.node, found, day(finding.due, language), standing, lost), tuple(below))

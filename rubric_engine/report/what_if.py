"""A submission with something changed beside itself: which leaves, total, grade and rank move."""

from collections.abc import Iterator, Sequence

from rubric_engine.cohort import RankRow
from rubric_engine.gaps import LeafMove, WhatIf
from rubric_engine.plan.plan import Plan
from rubric_engine.report.cycles import cell_of
from rubric_engine.report.phrases import change, percent, percent_change, told
from rubric_engine.report.standing import grade_cell, identity, identity_data
from rubric_engine.result.explain.explanation import node_points, total_points
from rubric_engine.result.explain.wording import states
from rubric_engine.result.outcome import GateResult, State, TotalResult
from rubric_engine.result.result import Result
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
)


def what_if_report(plan: Plan, found: WhatIf, changes: Sequence[str], language: str) -> Report:
    """``changes`` are what was asked, in the words it was asked in."""
    made = _Told(plan, found, language)
    blocks = [*identity(plan, language), *made.blocks(changes)]
    return Report(tuple(blocks), made.sheet(), {"rubric": identity_data(plan), **found.to_dict()})


class _Told:
    def __init__(self, plan: Plan, found: WhatIf, language: str) -> None:
        self._plan = plan
        self._found = found
        self._language = language

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self, changes: Sequence[str]) -> Iterator[Block]:
        found = self._found
        if found.after.unit:
            yield Line(self._say("unit"), found.after.unit)
        if changes:
            yield Line(self._say("changed facts"), "; ".join(changes))
        yield self._totals()
        if not found.moved:
            yield Line(self._say("no changes"))
        else:
            yield Heading(self._say("leaves changed"))
            yield self._leaves()
        gates = [self._gate(*pair) for pair in found.gates]
        if gates:
            yield Heading(self._say("gates"))
            yield Bullets(tuple(gates))

    def _totals(self) -> Table:
        say, language, found = self._say, self._language, self._found
        columns = (
            Column(""), Column(say("as is"), right=True), Column(say("as changed"), right=True),
            Column(say("change"), right=True),
        )  # fmt: skip
        before, after = found.before.total, found.after.total
        rows = [
            Row((say("total"), _total(found.before, language), _total(found.after, language),
                 change(found.total, language))),
            Row((say("index"), percent(before.index, language), percent(after.index, language),
                 percent_change(found.index, language))),
            Row((say("grade"), self._grade(found.before, found.rank_before),
                 self._grade(found.after, found.rank_after), "")),
            Row((say("rank"), _rank(found.rank_before), _rank(found.rank_after), "")),
        ]  # fmt: skip
        return Table(columns, tuple(row for row in rows if any(row.cells[1:])))

    def _grade(self, result: Result, row: RankRow | None) -> str:
        """Among others that after the quotas."""
        if row is not None and row.grade is not None and row.grade.name is not None:
            return row.grade.title or row.grade.name
        return grade_cell(self._plan, result, self._language)

    def _leaves(self) -> Table:
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("as is"), right=True),
            Column(self._say("as changed"), right=True), Column(self._say("change"), right=True),
        )  # fmt: skip
        return Table(columns, tuple(self._leaf(one) for one in self._found.moved))

    def _leaf(self, one: LeafMove) -> Row:
        sides = (node_points(node, self._language) for node in (one.before, one.after))
        return Row((one.code, one.title, *sides, change(one.change, self._language)))

    def _gate(self, then: GateResult | None, now: GateResult | None) -> str:
        label = next(gate.because or gate.label for gate in (now, then) if gate is not None)
        return self._say("gate moved", gate=label, before=self._fired(then), after=self._fired(now))

    def _fired(self, gate: GateResult | None) -> str:
        if gate is None or gate.fired is False:
            return self._say("gate idle")
        return self._say("not known") if gate.fired is None else self._say("gate holds")

    def _cell(self, total: TotalResult) -> Cell:
        return states(total.state, self._language) if total.state is State.NOT_RATED else total.published

    def sheet(self) -> Sheet:
        """A row a leaf that moved, and one for the total."""
        keys = ("unit", "code", "title", "as is", "as changed", "change")
        found = self._found
        rows: list[tuple[Cell, ...]] = [
            (found.after.unit, one.code, one.title, cell_of(one.before, self._language),
             cell_of(one.after, self._language), one.change)
            for one in found.moved
        ]  # fmt: skip
        total = (*(self._cell(result.total) for result in (found.before, found.after)), found.total)
        rows.append((found.after.unit, "", self._say("total"), *total))
        return Sheet(tuple(self._say(key) for key in keys), tuple(rows))


def _total(result: Result, language: str) -> str:
    return total_points(result.total, language)


def _rank(row: RankRow | None) -> str:
    if row is None:
        return ""
    return f"{row.first}–{row.last}" if row.rank is None else f"{row.rank}=" if row.tied else str(row.rank)

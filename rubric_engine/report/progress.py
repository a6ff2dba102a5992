"""How far units have come while the year runs, and what they wait for."""

from collections.abc import Iterator, Sequence
from typing import Final

from rubric_engine.facts.alphabet import in_alphabet
from rubric_engine.facts.facts import Facts
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan
from rubric_engine.report.phrases import day, days, percent, points, told
from rubric_engine.report.standing import (
    grade_titles,
    identity,
    identity_data,
    previous_block,
    waited_labels,
    waits_for_cohort,
)
from rubric_engine.result.explain.wording import range_text
from rubric_engine.result.outcome import State
from rubric_engine.rounds import Completion, Lateness, Progress
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

_UNITS_NAMED: Final = 5


def progress_report(
    plan: Plan,
    units: Sequence[Progress],
    language: str,
    *,
    absent: Sequence[str] = (),
    among: bool = False,
    facts: Sequence[Facts] = (),
    late: Sequence[tuple[str, Lateness]] = (),
) -> Report:
    """One unit in full; several in a table, with what most of them wait for. ``among``: figures of the cohort were
    taken among these units. ``facts`` are those they were scored by; ``late`` is what came in late or is still out."""
    made = _Told(plan, language)
    blocks: list[Block] = list(identity(plan, language))
    blocks += made.one(units[0]) if len(units) == 1 else made.many(units)
    every = [reference.name for reference in plan.references]
    if among and waits_for_cohort(plan, every):
        blocks.append(Line(told("taken among", language, count=len(units))))
    elif waits_for_cohort(plan, (name for unit in units for leaf in unit.pending for name in leaf.missing)):
        blocks.append(Line(told("figures wanted", language)))
    if absent:
        stage = next((one.title or one.name for one in plan.stages if one.name == plan.stage), "")
        blocks.append(Line(told("not there yet", language, stage=stage, units=", ".join(absent))))
    blocks += previous_block(plan, facts, language)
    blocks += made.late(late)
    data: dict[str, object] = {
        "rubric": identity_data(plan), "units": [unit.to_dict() for unit in units], "not_at_stage": list(absent),
        "late": [{"unit": unit, **one.to_dict()} for unit, one in late],
    }  # fmt: skip
    return Report(tuple(blocks), made.sheet(units), data)


class _Told:
    def __init__(self, plan: Plan, language: str) -> None:
        self._language = language
        self._layout = layout_of(plan)
        self._titles = {node.code: node.title for node in plan.nodes}
        names = grade_titles(plan)
        self._grades = {name: title for (_, name), title in reversed(names.items())}
        self._plan = plan

    def _label(self, name: str) -> str:
        return waited_labels(self._plan, (name,), self._language)[name]

    def _whole(self, name: str) -> str:
        """A cell counts as its register: no two units have the same rows."""
        cell = self._layout.cell(name)
        return name if cell is None else cell[0].register

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def _n_of_m(self, completion: Completion) -> str:
        if completion.share is None:
            return self._say("nothing due")
        share = percent(completion.share, self._language)
        return self._say("n of m", done=completion.done, all=completion.all, share=share)

    def _range(self, unit: Progress) -> str:
        return range_text(None, unit.low, unit.high, self._language)

    def _possible(self, unit: Progress) -> str:
        return ", ".join(self._grades.get(name, name) for name in unit.grades)

    # ---- one

    def one(self, unit: Progress) -> Iterator[Block]:
        """Every leaf that waits, area by area before it."""
        say = self._say
        yield Line(say("unit"), unit.unit)
        yield Line(say("completion"), self._n_of_m(unit.completion))
        most = unit.maximum if unit.applicable_maximum is None else unit.applicable_maximum
        span_of = f"{self._range(unit)} / {points(most, self._language)}"
        yield Line(say("total") if unit.settled else say("range"), span_of)
        if unit.grades:
            yield Line(say("grade") if unit.settled else say("grades possible"), self._possible(unit))
        if unit.areas:
            columns = (
                Column(say("code")), Column(say("area"), wraps=True), Column(say("completion"), right=True),
                Column(say("points"), right=True), Column(say("of"), right=True),
            )  # fmt: skip
            rows = [
                Row((area.code, area.title, self._n_of_m(area.completion),
                     range_text(None, area.low, area.high, self._language), points(area.maximum, self._language)))
                for area in unit.areas
            ]  # fmt: skip
            yield Table(columns, tuple(rows))
        if unit.pending:
            yield Heading(say("waiting"), 3)
            waiting = (
                Column(say("code")), Column(say("title"), wraps=True), Column(say("points"), right=True),
                Column(say("waits for"), wraps=True),
            )  # fmt: skip
            rows = [
                Row((leaf.code, leaf.title, range_text(None, leaf.low, leaf.high, self._language),
                     "; ".join(self._label(name) for name in leaf.missing)))
                for leaf in unit.pending
            ]  # fmt: skip
            yield Table(waiting, tuple(rows))
        if unit.not_due:
            yield Heading(say("not due yet"), 3)
            yield Bullets(tuple(f"{code} {self._titles.get(code, '')}" for code in unit.not_due))

    # ---- many

    def many(self, units: Sequence[Progress]) -> Iterator[Block]:
        """A line a unit; then what is waited for, by how many units."""
        say = self._say
        columns = (
            Column(say("unit"), wraps=True), Column(say("completion"), right=True),
            Column(say("waiting"), right=True), Column(say("not due yet"), right=True),
            Column(say("range"), right=True, wraps=True), Column(say("grades possible"), wraps=True),
        )  # fmt: skip
        rows = [
            Row((unit.unit, self._n_of_m(unit.completion), _or_none(unit.leaves.get(State.PENDING, 0)),
                 _or_none(unit.leaves.get(State.NOT_DUE, 0)), self._range(unit), self._possible(unit)))
            for unit in units
        ]  # fmt: skip
        yield without_empty(columns, rows, keep=2)
        waits: dict[str, list[str]] = {}
        for unit in units:
            for name in self._waits_of(unit):
                waits.setdefault(name, []).append(unit.unit)
        if waits:
            yield Heading(say("waits for"))
            ordered = sorted(waits.items(), key=lambda item: (-len(item[1]), in_alphabet(item[0])))
            found = [Row((self._label(name), str(len(those)), self._named(those))) for name, those in ordered]
            yield Table((
                Column(say("title"), wraps=True), Column(say("units"), right=True), Column(say("unit"), wraps=True),
            ), tuple(found))  # fmt: skip

    def _named(self, units: Sequence[str]) -> str:
        shown, more = "; ".join(filter(None, units[:_UNITS_NAMED])), len(units) - _UNITS_NAMED
        return f"{shown}; {self._say('more units', count=more)}" if more > 0 else shown

    def _waits_of(self, unit: Progress) -> set[str]:
        return {self._whole(name) for leaf in unit.pending for name in leaf.missing}

    def late(self, late: Sequence[tuple[str, Lateness]]) -> Iterator[Block]:
        """What came in late or is overdue, the worst first."""
        if not late:
            return
        say = self._say
        yield Heading(say("late"))
        columns = (
            Column(say("unit"), wraps=True), Column(say("deadline"), wraps=True), Column(say("due")),
            Column(say("done")), Column(say("days late"), right=True),
        )  # fmt: skip
        rows = [
            Row((unit, one.title, day(one.due, self._language), day(one.done, self._language) or say("not in"),
                 days(one.days or 0, self._language)))
            for unit, one in sorted(late, key=lambda pair: -(pair[1].days or 0))
        ]  # fmt: skip
        yield Table(columns, tuple(rows))

    def sheet(self, units: Sequence[Progress]) -> Sheet:
        """A row a unit."""
        say = self._say
        header = (
            say("unit"), say("completion"), say("of"), f"{say('completion')} (%)", say("waiting"), say("not due yet"),
            say("lowest total"), say("highest total"), say("grades possible"), say("waits for"),
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for unit in units:
            share = unit.completion.share
            missing = dict.fromkeys(name for leaf in unit.pending for name in leaf.missing)
            rows.append((
                unit.unit, unit.completion.done, unit.completion.all, None if share is None else share * 100,
                unit.leaves.get(State.PENDING, 0), unit.leaves.get(State.NOT_DUE, 0), unit.low, unit.high,
                self._possible(unit), "; ".join(self._label(name) for name in missing),
            ))  # fmt: skip
        return Sheet(header, tuple(rows))


def _or_none(count: int) -> str:
    return str(count) if count else ""

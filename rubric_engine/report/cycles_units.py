"""Many units in two cycles: how each moved, averages by group, what most of them did not put right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rubric_engine.compare import CycleComparison, NodeChange
from rubric_engine.facts.alphabet import in_alphabet
from rubric_engine.meaning.exact import round_to
from rubric_engine.plan.expr import Mode
from rubric_engine.report.cycles import (
    OF_THE_RUBRIC,
    UnitCycles,
    doubt_words,
    moved_block,
    rank_words,
    rubrics_block,
    total_words,
)
from rubric_engine.report.phrases import change, percent, percent_change, points, told
from rubric_engine.result.explain.wording import states
from rubric_engine.result.outcome import NodeResult, State
from rubric_engine.rounds import Standing
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

_MOST: Final = 15


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf over all units: how many it cost points in both cycles, and how many in sum."""

    code: str
    title: str
    units: int
    before: Fraction
    after: Fraction


def comparisons_report(
    units: Sequence[UnitCycles],
    language: str,
    *,
    only_before: Sequence[str],
    only_after: Sequence[str],
    absent: Sequence[str] = (),
) -> Report:
    """All units that are in both cycles; the others are named. ``absent`` have not come as far as the rest."""
    made = _Told(units, language)
    blocks = [*made.blocks()]
    for key, names in (("only before", only_before), ("only after", only_after)):
        if names:
            blocks.append(Line(told(key, language), ", ".join(names)))
    if absent and units:
        stage = units[0].comparison.after.stage_title or units[0].comparison.after.stage
        blocks.append(Line(told("not there yet", language, stage=stage, units=", ".join(absent))))
    data: dict[str, object] = {
        "units": [unit.to_dict() for unit in units], "only_before": list(only_before), "only_after": list(only_after),
        "not_at_stage": list(absent),
    }  # fmt: skip
    return Report(tuple(blocks), made.sheet(), data)


class _Told:
    def __init__(self, units: Sequence[UnitCycles], language: str) -> None:
        self._units = units
        self._language = language

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self) -> Iterator[Block]:
        if not self._units:
            yield Line(self._say("no units"))
            return
        first = self._units[0].comparison
        yield from rubrics_block(first.before, first.after, self._language)
        yield self._table()
        if not first.total.same_maximum:
            yield Line(self._say("other maximum"))
        yield from self._averages()
        yield from self._below()
        yield from self._again()
        yield from self._never()
        yield from self._findings()
        yield from self._doubts()
        yield from moved_block(first.perhaps_moved, self._language)

    # ---- units

    def _table(self) -> Table:
        say = self._say
        columns = (
            Column(say("unit"), wraps=True), Column(say("before"), right=True), Column(say("after"), right=True),
            Column(say("change"), right=True), Column(say("percent points"), right=True),
            Column(say("rank"), right=True), Column(say("grade"), wraps=True),
        )  # fmt: skip
        return without_empty(columns, [self._row(unit.comparison) for unit in self._units], keep=3)

    def _row(self, one: CycleComparison) -> Row:
        total, language = one.total, self._language
        grades = dict.fromkeys(grade for grade in (total.grade_before, total.grade_after) if grade)
        if total.same_maximum:
            sides = (*total_words(total, language), change(total.points, language))
        else:
            sides = percent(total.index_before, language), percent(total.index_after, language), ""
        rank = rank_words(total.rank_before, total.rank_after, language)
        return Row((one.unit, *sides, percent_change(total.index, language, bare=True), rank, " → ".join(grades)))

    def _averages(self) -> Iterator[Block]:
        """By group, then all; of the units whose totals are known in both cycles."""
        groups = dict.fromkeys(unit.group for unit in self._units)
        rows = [self._average(name, [unit for unit in self._units if unit.group == name]) for name in groups if name]
        rows.append(self._average(self._say("all units"), self._units))
        found = [row for row in rows if row is not None]
        if not found:
            return
        yield Heading(self._say("averages"))
        say = self._say
        columns = (
            Column(say("group"), wraps=True), Column(say("units"), right=True), Column(say("before"), right=True),
            Column(say("after"), right=True), Column(say("change"), right=True),
            Column(say("percent points"), right=True),
        )  # fmt: skip
        yield without_empty(columns, found, keep=2)

    def _average(self, name: str, units: Sequence[UnitCycles]) -> Row | None:
        totals = [unit.comparison.total for unit in units]
        both = [(one.before, one.after) for one in totals if one.before is not None and one.after is not None]
        indices = [
            (one.index_before, one.index_after) for one in totals
            if one.index_before is not None and one.index_after is not None
        ]  # fmt: skip
        if not both:
            return None
        mean = [_mean(side[at] for side in both) for at in (0, 1)]
        same = all(one.same_maximum for one in totals)
        share = [_mean(side[at] for side in indices) for at in (0, 1)] if indices else []
        shown = [points(_rounded(each), self._language) for each in mean]
        if not same:
            shown = [percent(each, self._language) for each in share]
        moved = change(_rounded(mean[1] - mean[0]), self._language) if same else ""
        index = percent_change(share[1] - share[0], self._language, bare=True) if share else ""
        return Row((name, str(len(both)), *(shown or ["", ""]), moved, index))

    # ---- leaves

    def _below(self) -> Iterator[Block]:
        leaves = self.leaves()
        if not leaves:
            return
        yield Heading(self._say("repeated by units"))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("units"), right=True),
            Column(self._say("lost before"), right=True), Column(self._say("lost after"), right=True),
        )  # fmt: skip
        rows = [
            Row((leaf.code, leaf.title, str(leaf.units), points(_rounded(leaf.before), self._language),
                 points(_rounded(leaf.after), self._language)))
            for leaf in leaves[:_MOST]
        ]  # fmt: skip
        yield Table(columns, tuple(rows))

    def leaves(self) -> list[Leaf]:
        """Leaves below the maximum in both cycles, those of most units first."""
        found: dict[str, list[NodeChange]] = {}
        for unit in self._units:
            for one in unit.comparison.below_in_both:
                found.setdefault(one.code, []).append(one)
        leaves = [
            Leaf(code, those[0].title, len(those), _lost(each.before for each in those),
                 _lost(each.after for each in those))
            for code, those in found.items()
        ]  # fmt: skip
        return sorted(leaves, key=lambda leaf: (-leaf.units, -leaf.after, in_alphabet(leaf.code)))

    def _again(self) -> Iterator[Block]:
        found: dict[tuple[str, str], int] = {}
        for unit in self._units:
            for one in unit.comparison.deducted_again:
                found[one.code, one.label] = found.get((one.code, one.label), 0) + 1
        if not found:
            return
        yield Heading(self._say("again"))
        columns = (
            Column(self._say("code")), Column(self._say("deduction"), wraps=True),
            Column(self._say("units"), right=True),
        )  # fmt: skip
        ordered = sorted(found.items(), key=lambda item: (-item[1], *map(in_alphabet, item[0])))
        yield Table(columns, tuple(Row((code, label, str(count))) for (code, label), count in ordered[:_MOST]))

    def _never(self) -> Iterator[Block]:
        found: dict[tuple[str, str], int] = {}
        for unit in self._units:
            for one in unit.never:
                found[one.code, one.title] = found.get((one.code, one.title), 0) + 1
        if not found:
            return
        yield Heading(self._say("never", count=self._units[0].years))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("units"), right=True),
        )  # fmt: skip
        ordered = sorted(found.items(), key=lambda item: (-item[1], *map(in_alphabet, item[0])))
        yield Table(columns, tuple(Row((code, title, str(count))) for (code, title), count in ordered[:_MOST]))

    def _findings(self) -> Iterator[Block]:
        """What is not put right, unit by unit; what is needs no reader."""
        items = [
            f"{unit.comparison.unit}: {one.finding.id} ({one.finding.node}) {one.finding.found}: "
            f"{told(str(one.standing), self._language)}"
            for unit in self._units
            for one in unit.findings
            if one.standing is not Standing.PUT_RIGHT
        ]
        if items:
            yield Heading(self._say("findings"))
            yield Bullets(tuple(items))

    def _doubts(self) -> Iterator[Block]:
        """What the change of the rubric does to headings, said once for all units."""
        rows: dict[str, Row] = {}
        for unit in self._units:
            for one in unit.comparison.nodes:
                doubts = tuple(doubt for doubt in one.doubts if doubt in OF_THE_RUBRIC)
                if doubts and one.code not in rows:
                    rows[one.code] = Row((one.code, one.title, doubt_words(one, doubts, self._language)))
        if rows:
            yield Heading(self._say("not comparable"))
            columns = (
                Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("why"), wraps=True),
            )  # fmt: skip
            yield Table(columns, tuple(rows.values()))

    # ---- for machines

    def _total(self, value: Fraction | None, state: State) -> Cell:
        return states(state, self._language) if state is State.NOT_RATED else value

    def sheet(self) -> Sheet:
        """A row a unit."""
        say = self._say
        header = (
            say("unit"), say("group"), f"{say('total')} ({say('before')})", f"{say('total')} ({say('after')})",
            say("change"), f"{say('index')} ({say('before')}, %)", f"{say('index')} ({say('after')}, %)",
            f"{say('index')} ({say('change')})", f"{say('rank')} ({say('before')})", f"{say('rank')} ({say('after')})",
            f"{say('grade')} ({say('before')})", f"{say('grade')} ({say('after')})", say("below both"), say("again"),
            say("never", count=self._units[0].years) if self._units else "",
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for unit in self._units:
            one, total = unit.comparison, unit.comparison.total
            rows.append((
                one.unit, unit.group, self._total(total.before, total.state_before),
                self._total(total.after, total.state_after), total.points, _hundred(total.index_before),
                _hundred(total.index_after), _hundred(total.index), total.rank_before, total.rank_after,
                total.grade_before, total.grade_after, " ".join(leaf.code for leaf in one.below_in_both),
                "; ".join(f"{each.code} {each.label}" for each in one.deducted_again),
                " ".join(each.code for each in unit.never),
            ))  # fmt: skip
        return Sheet(header, tuple(rows))


def _mean(values: Iterable[Fraction]) -> Fraction:
    every = list(values)
    return sum(every, Fraction(0)) / len(every)


def _rounded(value: Fraction) -> Fraction:
    """An average for people: two decimals, half-up; JSON and CSV hold the totals it is taken of."""
    return round_to(value, Mode.HALF_UP, Fraction(1, 100))


def _lost(nodes: Iterable[NodeResult | None]) -> Fraction:
    return sum((node.lost for node in nodes if node is not None and node.lost is not None), Fraction(0))


def _hundred(value: Fraction | None) -> Fraction | None:
    return None if value is None else value * 100

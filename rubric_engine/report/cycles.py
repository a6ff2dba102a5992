"""One unit in two cycles and more: what changed, what was never put right, what does not compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rubric_engine.compare import CycleComparison, Doubt, LeafHistory, NodeChange, TotalChange
from rubric_engine.meaning.exact import to_json_number
from rubric_engine.report.phrases import change, percent, percent_change, points, told
from rubric_engine.report.stages import findings_blocks
from rubric_engine.result.explain.explanation import brief_of
from rubric_engine.result.explain.wording import states
from rubric_engine.result.outcome import NodeResult, RubricIdentity, State
from rubric_engine.rounds import FindingStanding
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

# Of the rubric, not of the unit: said once for all units.
OF_THE_RUBRIC: Final = (Doubt.ADDED, Doubt.DROPPED, Doubt.MAXIMUM, Doubt.RULE, Doubt.TITLE)
_DOUBTS: Final[Mapping[Doubt, str]] = {
    Doubt.ADDED: "added", Doubt.DROPPED: "dropped", Doubt.PENDING: "pending",
    Doubt.NOT_APPLICABLE: "not applicable in one", Doubt.NOT_RATED: "not rated in one",
    Doubt.MAXIMUM: "maximum changed", Doubt.RULE: "rule changed",
    Doubt.TITLE: "title changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Another unit of the same ranking that changed places with this one: its ranks and its points."""

    unit: str
    rank_before: int
    rank_after: int
    before: Fraction | None
    after: Fraction | None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        sides = (None if each is None else to_json_number(each) for each in (self.before, self.after))
        return {"unit": self.unit, "rank_before": self.rank_before, "rank_after": self.rank_after,
                **dict(zip(("before", "after"), sides, strict=True))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitCycles:
    """One unit over its cycles. ``never`` are the leaves never put right in ``years`` cycles, where more than two were
    given; ``group`` is the one it is ranked in. ``came_past`` were behind it before and are ahead now, ``left_behind``
    the other way round."""

    comparison: CycleComparison
    never: tuple[LeafHistory, ...] = ()
    years: int = 2
    findings: tuple[FindingStanding, ...] = ()
    group: str = ""
    came_past: tuple[Overtaking, ...] = ()
    left_behind: tuple[Overtaking, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            **self.comparison.to_dict(),
            "never_put_right": [
                {"code": one.code, "title": one.title, "deductions": list(one.deductions),
                 "lost": [None if lost is None else to_json_number(lost) for lost in one.lost]}
                for one in self.never
            ],
            "findings": [one.to_dict() for one in self.findings],
            "came_past": [one.to_dict() for one in self.came_past],
            "left_behind": [one.to_dict() for one in self.left_behind],
        }  # fmt: skip


def comparison_report(unit: UnitCycles, language: str) -> Report:
    """One unit, heading by heading."""
    made = _Told(unit, language)
    return Report(tuple(made.blocks()), made.sheet(), unit.to_dict())


def rubrics_block(before: RubricIdentity, after: RubricIdentity, language: str) -> Iterator[Block]:
    """The two rubrics; one line where they are the same text."""
    yield Heading(after.title, 1)
    if before.digest == after.digest:
        yield Line(_identity(after, language))
        return
    yield Line(told("before", language), _identity(before, language))
    yield Line(told("after", language), _identity(after, language))


def _identity(rubric: RubricIdentity, language: str) -> str:
    stage = f", {rubric.stage_title or rubric.stage}" if rubric.stage else ""
    return (f"{rubric.id}, {told('version', language)} {rubric.version}" if rubric.version else rubric.id) + stage


def doubt_words(one: NodeChange, doubts: Sequence[Doubt], language: str) -> str:
    """Why a heading does not, or not quite, compare."""
    sides = {
        "before": "" if one.before is None else points(one.before.maximum, language),
        "after": "" if one.after is None else points(one.after.maximum, language),
    }
    return "; ".join(told(_DOUBTS[doubt], language, **sides) for doubt in doubts)


def total_words(total: TotalChange, language: str) -> tuple[str, str]:
    """The two totals; one that is not rated says so, and one that can still change."""
    pairs = ((total.before, total.state_before), (total.after, total.state_after))
    then, now = (
        states(state, language) if state is State.NOT_RATED
        else told("open total", language) if value is None else points(value, language)
        for value, state in pairs
    )  # fmt: skip
    return then, now


def rank_words(before: int | None, after: int | None, language: str) -> str:
    """``5 → 7 (−2)``."""
    if before is None and after is None:
        return ""
    if before is None or after is None or before == after:
        sides = dict.fromkeys("–" if rank is None else str(rank) for rank in (before, after))
        return " → ".join(sides)
    gained = change(Fraction(before - after), language)
    return told("places", language, before=before, after=after, places=gained)


class _Told:
    def __init__(self, unit: UnitCycles, language: str) -> None:
        self._unit = unit
        self._compared = unit.comparison
        self._language = language

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self) -> Iterator[Block]:
        compared = self._compared
        yield from rubrics_block(compared.before, compared.after, self._language)
        yield Line(self._say("unit"), compared.unit)
        yield self._totals()
        if not compared.total.same_maximum:
            yield Line(self._say("other maximum"))
        yield from self._overtaken("came past", self._unit.came_past)
        yield from self._overtaken("left behind", self._unit.left_behind)
        yield from self._changed()
        yield from self._below()
        yield from self._again()
        yield from self._never()
        yield from findings_blocks(self._unit.findings, self._language)
        yield from self._doubtful()

    def _totals(self) -> Table:
        say, total, language = self._say, self._compared.total, self._language
        columns = (
            Column(""), Column(say("before"), right=True), Column(say("after"), right=True),
            Column(say("change"), right=True),
        )  # fmt: skip
        gained = total.places_gained
        rows = [
            Row((say("total"), *total_words(total, language), change(total.points, language))),
            Row((say("index"), percent(total.index_before, language), percent(total.index_after, language),
                 percent_change(total.index, language))),
            Row((say("rank"), _rank(total.rank_before), _rank(total.rank_after),
                 "" if gained is None else change(Fraction(gained), language))),
            Row((say("grade"), total.grade_before or "", total.grade_after or "", "")),
        ]  # fmt: skip
        return Table(columns, tuple(row for row in rows if any(row.cells[1:])))

    def _overtaken(self, key: str, others: Sequence[Overtaking]) -> Iterator[Block]:
        """Who changed places with the unit: a rank is lost by one's own points or by those of others."""
        if not others:
            return
        say, language = self._say, self._language
        yield Heading(say(key))
        columns = (
            Column(say("unit"), wraps=True), Column(say("rank"), right=True), Column(say("before"), right=True),
            Column(say("after"), right=True), Column(say("change"), right=True),
        )  # fmt: skip
        rows = []
        for one in others:
            comparable = self._compared.total.same_maximum
            known = comparable and one.before is not None and one.after is not None
            moved = (one.after or Fraction(0)) - (one.before or Fraction(0)) if known else None
            sides = points(one.before, language), points(one.after, language)
            ranks = rank_words(one.rank_before, one.rank_after, language)
            rows.append(Row((one.unit, ranks, *sides, change(moved, language))))
        yield Table(columns, tuple(rows))

    def _changed(self) -> Iterator[Block]:
        moved = [one for one in self._compared.leaves if self._moved(one)]
        if not moved:
            return
        yield Heading(self._say("leaves changed"))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("before"), right=True),
            Column(self._say("after"), right=True), Column(self._say("change"), right=True),
        )  # fmt: skip
        rows = [
            Row((self._code(one), one.title, self._points(one.before), self._points(one.after), self._change(one)),
                tuple(self._reasons(one)))
            for one in moved
        ]  # fmt: skip
        yield Table(columns, tuple(rows), self._say("why"))

    def _reasons(self, one: NodeChange) -> Iterator[str]:
        """What gave the points, then and now; nothing where it is the same."""
        told_of = {
            key: "; ".join(brief_of(node, self._language))
            for key, node in (("before", one.before), ("after", one.after)) if node is not None
        }  # fmt: skip
        if len(set(told_of.values())) > 1:
            yield from (f"{self._say(key)}: {words}" for key, words in told_of.items() if words)

    def _moved(self, one: NodeChange) -> bool:
        if one.before is None or one.after is None:
            return False
        return bool(one.points or one.index) or one.before.state is not one.after.state

    def _code(self, one: NodeChange) -> str:
        same = not one.old_code or one.old_code == one.code
        return one.code if same else f"{one.code} ({one.old_code})"

    def _points(self, node: NodeResult | None) -> str:
        if node is None:
            return ""
        told_by_state = node.points is None or node.state in (State.NOT_APPLICABLE, State.NOT_DUE, State.NOT_RATED)
        return states(node.state, self._language) if told_by_state else points(node.points, self._language)

    def _change(self, one: NodeChange) -> str:
        """By index where the maximum is another: points would not compare."""
        if one.points is not None:
            return change(one.points, self._language)
        return percent_change(one.index, self._language)

    def _below(self) -> Iterator[Block]:
        below = self._compared.below_in_both
        if not below:
            return
        yield Heading(self._say("below both"))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True),
            Column(self._say("lost before"), right=True), Column(self._say("lost after"), right=True),
        )  # fmt: skip
        yield Table(columns, tuple(
            Row((self._code(one), one.title, points(_lost(one.before), self._language),
                 points(_lost(one.after), self._language)))
            for one in below
        ))  # fmt: skip

    def _again(self) -> Iterator[Block]:
        if not self._compared.deducted_again:
            return
        yield Heading(self._say("again"))
        columns = (
            Column(self._say("code")), Column(self._say("deduction"), wraps=True),
            Column(self._say("before"), right=True), Column(self._say("after"), right=True),
        )  # fmt: skip
        yield Table(columns, tuple(
            Row((one.code, one.label, points(-one.before, self._language), points(-one.after, self._language)))
            for one in self._compared.deducted_again
        ))  # fmt: skip

    def _never(self) -> Iterator[Block]:
        if not self._unit.never:
            return
        yield Heading(self._say("never", count=self._unit.years))
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True),
            Column(self._say("lost each"), right=True),
        )  # fmt: skip
        yield Table(columns, tuple(
            Row((one.code, one.title, " → ".join(points(lost, self._language) for lost in one.lost)), one.deductions)
            for one in self._unit.never
        ), self._say("deduction"))  # fmt: skip

    def _doubtful(self) -> Iterator[Block]:
        doubtful = [one for one in self._compared.nodes if one.doubts]
        if doubtful:
            yield Heading(self._say("not comparable"))
            columns = (
                Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("why"), wraps=True),
            )  # fmt: skip
            rows = (Row((self._code(one), one.title, doubt_words(one, one.doubts, self._language))) for one in doubtful)
            yield Table(columns, tuple(rows))
        yield from moved_block(self._compared.perhaps_moved, self._language)

    def sheet(self) -> Sheet:
        """A row a heading."""
        say = self._say
        header = (
            say("unit"), say("code"), f"{say('code')} ({say('before')})", say("title"), say("before"), say("after"),
            say("change"), f"{say('index')} (%)", say("lost before"), say("lost after"), say("why"),
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for one in self._compared.nodes:
            index = one.index
            rows.append((
                self._compared.unit, one.code, one.old_code, one.title, cell_of(one.before, self._language),
                cell_of(one.after, self._language), one.points, None if index is None else index * 100,
                _lost(one.before), _lost(one.after),
                doubt_words(one, one.doubts, self._language),
            ))  # fmt: skip
        return Sheet(header, tuple(rows))


def moved_block(pairs: Sequence[tuple[str, str]], language: str) -> Iterator[Block]:
    """Headings that look the same under another code, with what to write to have them compared."""
    if pairs:
        yield Heading(told("perhaps moved", language))
        yield Bullets(tuple(told("moved", language, old=old, new=new) for old, new in pairs))


def cell_of(node: NodeResult | None, language: str) -> Cell:
    """Points in a table for machines; what is not rated says so, what is not known yet is empty."""
    if node is not None and node.state is State.NOT_RATED:
        return states(node.state, language)
    return None if node is None else node.points


def _lost(node: NodeResult | None) -> Fraction | None:
    return None if node is None else node.lost


def _rank(rank: int | None) -> str:
    return "" if rank is None else str(rank)

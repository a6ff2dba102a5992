"""Where one unit's points went, and what would win them back; the smallest change to the next grade."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rubric_engine.gaps import AwaitedLeaf, FactChange, Gaps, LeafGap, LeafLoss, NextGrade, Way
from rubric_engine.meaning.exact import round_to
from rubric_engine.plan.expr import Mode
from rubric_engine.plan.plan import Plan
from rubric_engine.report.phrases import change, percent, points, told
from rubric_engine.report.standing import identity, identity_data, waits_for_cohort
from rubric_engine.result.explain.reasons import brief, common_reason
from rubric_engine.result.explain.wording import range_text, states
from rubric_engine.result.outcome import State
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


def gaps_report(plan: Plan, gaps: Gaps, language: str, *, grade: NextGrade | None = None) -> Report:
    """Leaves that lost points, most lost first, each with its ways back; then what is awaited and the next grade."""
    made = _Told(gaps, language)
    waits = {name for leaf in gaps.awaited for name, _ in leaf.waits}
    hint = [Line(told("figures wanted", language))] if waits_for_cohort(plan, waits) else []
    blocks = [*identity(plan, language), *made.blocks(), *hint]
    if grade is not None:
        blocks += next_grade_blocks(grade, language)
    data = {**gaps.to_dict(), "rubric": identity_data(plan)}
    if grade is not None:
        data["next_grade"] = grade.to_dict()
    return Report(tuple(blocks), made.sheet(), data)


class _Told:
    def __init__(self, gaps: Gaps, language: str) -> None:
        self._gaps = gaps
        self._language = language

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self) -> Iterator[Block]:
        gaps = self._gaps
        if gaps.unit:
            yield Line(self._say("unit"), gaps.unit)
        if gaps.total is not None and gaps.maximum is not None:
            yield Line(self._say("total"), f"{points(gaps.total, self._language)} / "
                                           f"{points(gaps.maximum, self._language)}")  # fmt: skip
        if not gaps.leaves:
            yield Line(self._say("nothing lost"))
        else:
            yield Line(self._say("points lost"), points(gaps.lost, self._language))
            yield self._leaves(gaps.leaves, share=True)
        if gaps.bonus:
            yield Heading(self._say("bonus left"))
            yield self._leaves(gaps.bonus, share=False)
        if gaps.awaited:
            yield Heading(self._say("awaited"))
            yield self._awaited(gaps.awaited)

    def _leaves(self, leaves: Sequence[LeafGap], *, share: bool) -> Table:
        columns = [
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("points"), right=True),
            Column(self._say("lost") if share else self._say("open to win"), right=True),
        ]  # fmt: skip
        if share:
            columns.append(Column(self._say("share"), right=True))
        return Table(tuple(columns), tuple(self._leaf(leaf, share) for leaf in leaves), self._say("ways"))

    def _leaf(self, leaf: LeafGap, share: bool) -> Row:
        of = f"{points(leaf.points, self._language)}/{points(leaf.maximum, self._language)}"
        cells = [leaf.code, leaf.title, of, points(leaf.counted if share else leaf.lost, self._language)]
        return Row((*cells, *([_share(leaf.share, self._language)] if share else [])), tuple(self._below(leaf)))

    def _below(self, leaf: LeafGap) -> Iterator[str]:
        yield from brief(leaf.reasons, self._language)
        for way in leaf.ways:
            yield self._way(way)
        if leaf.beyond > 0 and not leaf.ways:
            yield self._say("no way")
        elif leaf.beyond > 0:
            yield self._say("beyond", points=points(leaf.beyond, self._language))
        if not leaf.complete:
            yield self._say("bounded")

    def _way(self, way: Way) -> str:
        words = "; ".join(one.words for one in way.changes)
        total = ""
        if way.total is not None and way.total_gained != way.gained:
            total = ", " + self._say("total then", total=points(way.total, self._language))
        past = f" ({self._say('past')})" if way.past else ""
        return f"{change(way.gained, self._language)}{total}: {words}{past}"

    def _awaited(self, leaves: Sequence[AwaitedLeaf]) -> Table:
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True), Column(self._say("points"), right=True),
            Column(self._say("waits for"), wraps=True),
        )  # fmt: skip
        return Table(columns, tuple(
            Row((leaf.code, leaf.title, range_text(None, leaf.low, leaf.high, self._language),
                 "; ".join(label for _, label in leaf.waits)))
            for leaf in leaves
        ))  # fmt: skip

    def sheet(self) -> Sheet:
        """A row a way; a leaf without one has a row of its own."""
        keys = ("unit", "code", "title", "points", "maximum", "lost", "reason", "ways", "won back", "points then",
                "total later", "past head")  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for leaf in (*self._gaps.leaves, *self._gaps.bonus):
            why = "; ".join(brief(leaf.reasons, self._language))
            head = (self._gaps.unit, leaf.code, leaf.title, leaf.points, leaf.maximum, leaf.lost, why)
            for way in leaf.ways:
                words = "; ".join(one.words for one in way.changes)
                rows.append((*head, words, way.gained, way.points, way.total, way.past))
            if not leaf.ways:
                rows.append((*head, "", None, None, None, None))
        return Sheet(tuple(self._say(key) for key in keys), tuple(rows))


def next_grade_blocks(grade: NextGrade, language: str) -> Iterator[Block]:
    """The smallest change found, or what stands in the way."""
    yield Heading(told("next grade", language))
    here = told("none", language) if grade.grade is None else grade.grade[1] or grade.grade[0]
    if grade.is_best:
        yield Line(told("best already", language, grade=here))
        return
    if grade.next is not None:
        low = states(State.NOT_RATED, language) if grade.value is None else points(grade.value, language)
        yield Line(told("grade step", language, before=here, after=grade.next[1] or grade.next[0], low=low,
                        high=points(grade.next_value, language)))  # fmt: skip
        yield Bullets(tuple(change_words(one, language) for one in grade.changes))
    else:
        waits = grade.waits and grade.grade is None
        yield Line(told("grade waits", language) if waits else told("no next grade", language, grade=here))
        if grade.best_value is not None:
            yield Line(told("best value", language), points(grade.best_value, language))
        if grade.in_the_way:
            yield Bullets(grade.in_the_way)
    if not grade.complete:
        yield Line(told("bounded", language))


def change_words(one: FactChange, language: str) -> str:
    """A change as people say it, with a mark where it has already happened."""
    return f"{one.words} ({told('past', language)})" if one.past else one.words


def losses_blocks(losses: Sequence[LeafLoss], language: str, limit: int | None = None) -> Iterator[Block]:
    """The leaves most units of a cohort lose on."""
    if not losses:
        return
    yield Heading(told("losses", language))
    columns = (
        Column(told("code", language)), Column(told("title", language), wraps=True),
        Column(told("units", language), right=True), Column(told("points lost", language), right=True),
        Column(told("average lost", language), right=True),
    )  # fmt: skip
    rows = []
    for one in losses[:limit]:
        why = one.reason
        words = "" if why is None else common_reason(why.kind, why.label, language)
        below = (told("for units", language, label=words, units=why.units),) if why is not None and words else ()
        rows.append(Row((
            one.code, one.title, f"{one.units}/{one.scored}", points(_rounded(one.points), language),
            points(_rounded(one.average), language),
        ), below))  # fmt: skip
    yield Table(columns, tuple(rows), told("most common", language))


def _share(value: Fraction, language: str) -> str:
    return percent(round_to(value, Mode.HALF_UP, Fraction(1, 1000)), language)


def _rounded(value: Fraction) -> Fraction:
    return round_to(value, Mode.HALF_UP, Fraction(1, 100))

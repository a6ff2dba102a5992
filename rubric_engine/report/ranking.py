"""A cohort in order: rank, total, index and grade of every unit, who is not ranked and why, how many got each grade."""

from collections.abc import Iterator, Sequence
from typing import Final

from rubric_engine.cohort import Cohort, GradeCount, RankRow, RankTable, UnitGrade, UnrankedUnit
from rubric_engine.cohort.ranking import key_value
from rubric_engine.gaps import cohort_losses
from rubric_engine.meaning.exact import as_json, to_json_number
from rubric_engine.plan.expr import Total
from rubric_engine.plan.plan import RankKey, Ties
from rubric_engine.report.gaps import losses_blocks
from rubric_engine.report.phrases import percent, points, told
from rubric_engine.report.standing import (
    grade_titles,
    identity,
    identity_data,
    index_of,
    named_tables,
    previous_block,
    waited_labels,
)
from rubric_engine.result.explain.explanation import grade_text
from rubric_engine.result.outcome import GradeResult, GradeState, NodeResult, State
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
    without_empty,
)

_UNITS_NAMED: Final = 20


def ranking_report(
    cohort: Cohort,
    table: RankTable,
    language: str,
    *,
    limit: int | None = None,
    absent: Sequence[str] = (),
    losses: bool = False,
    columns: Sequence[str] = (),
) -> Report:
    """The ranking. ``limit`` shortens what people read, never the sheet or the data; ``absent`` are units that have
    not come as far as the rest; with ``losses`` the leaves most units lose on follow; ``columns`` are codes of headings
    whose points every unit shows."""
    plan = cohort.rubric.plan
    made = _Ranking(cohort, table, language, columns)
    blocks: list[Block] = [*identity(plan, language), *made.head(absent), *made.tables(limit)]
    blocks += [*made.headings(limit), *made.closing(limit)]
    found = cohort_losses(cohort.results) if losses else ()
    blocks += losses_blocks(found, language, limit)
    data = {
        **table.to_dict(),
        "rubric": identity_data(plan),
        "units": [made.unit_data(row) for row in table.rows],
        "grades": [count.to_dict() for count in cohort.distribution()],
        "tables": made.tables_data(),
        "not_at_stage": list(absent),
        **({"losses": [loss.to_dict() for loss in found]} if losses else {}),
    }
    return Report(tuple(blocks), made.sheet(), {name: value for name, value in data.items() if name != "rows"})


class _Ranking:
    def __init__(self, cohort: Cohort, table: RankTable, language: str, columns: Sequence[str] = ()) -> None:
        self._columns = columns
        self._titles_of = {node.code: node.title for node in cohort.rubric.plan.nodes}
        self._cohort = cohort
        self._table = table
        self._language = language
        self._plan = cohort.rubric.plan
        self._titles = grade_titles(self._plan)
        self._tables = named_tables(self._plan)
        self._graded = [{grade.unit: grade for grade in cohort.grades(table.name)} for table in self._plan.grades]
        spec = next((spec for spec in self._plan.inputs if spec.name == table.rule.within), None)
        self._groups = {level.name: level.title or level.name for level in spec.levels} if spec else {}
        self._within = "" if spec is None else spec.label or spec.name

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    # ---- what stands above

    def head(self, absent: Sequence[str]) -> Iterator[Block]:
        keys = ", ".join(self._key(key) for key in self._table.rule.keys)
        within = f", {self._say('within')} {self._within}" if self._within else ""
        yield Line(self._say("ranked by"), keys + within)
        if self._table.words:
            yield Line(self._say("ties"), self._table.words)
        if not self._table.final or absent:
            yield Line(self._say("not final"))
        if absent:
            stage = next((one.title or one.name for one in self._plan.stages if one.name == self._plan.stage), "")
            yield Line(self._say("not there yet", stage=stage, units=self._named(absent)))
        yield from previous_block(self._plan, (entry.facts for entry in self._cohort.entries), self._language)

    def _key(self, key: RankKey) -> str:
        return self._say("total").lower() if isinstance(key.subject, Total) and key.label == "total" else key.label

    def _named(self, units: Sequence[str]) -> str:
        shown = ", ".join(units[:_UNITS_NAMED])
        more = len(units) - _UNITS_NAMED
        return f"{shown}, {self._say('more units', count=more)}" if more > 0 else shown

    # ---- the table

    def tables(self, limit: int | None) -> Iterator[Block]:
        if not self._table.rows:
            yield Line(self._say("no units"))
        shown: list[RankRow] = []
        for group in self._table.groups:
            rows = self._table.of_group(group)[:limit]
            shown += rows
            if group is not None:
                yield Heading(self._groups.get(group, group))
            yield self._of(rows)
        if limit is not None and len(shown) < len(self._table.rows):
            yield Line(self._say("limited", limit=len(shown), all=len(self._table.rows)))
        if self._table.rule.ties is not Ties.UNDECIDED and any(row.tied for row in shown):
            yield Line(self._say("tied mark"))
        yield from self._lowered(shown)

    def _of(self, rows: Sequence[RankRow]) -> Table:
        say = self._say
        by_other = not isinstance(self._table.rule.keys[0].subject, Total)
        columns = [
            Column(say("rank"), right=True), Column(say("unit"), wraps=True), Column(self._first_key(), right=True),
            Column(say("total"), right=True), Column(say("index"), right=True), Column(say("grade"), wraps=True),
        ]  # fmt: skip
        columns[-1:] = [Column(name, wraps=True) for name in self._tables] or columns[-1:]
        made = []
        for row in rows:
            result = self._cohort[row.unit]
            first = key_value(self._table.rule.keys[0], row.keys[0])
            key = "" if not by_other else first if isinstance(first, str) else points(first, self._language)
            total = points(result.total.published, self._language)
            index = percent(index_of(result), self._language)
            grades = self._grades_of(row.unit) if self._tables else [self._grade(row, result)]
            made.append(Row((self._rank(row), row.unit, key, total, index, *grades)))
        return without_empty(columns, made, keep=2)

    def headings(self, limit: int | None) -> Iterator[Block]:
        """The points of the headings asked for, unit by unit: those with a rank first, as they rank."""
        if not self._columns:
            return
        yield Heading(self._say("points of headings"))
        titles = self._titles_of
        columns = (Column(self._say("unit"), wraps=True), *(Column(code, right=True) for code in self._columns))
        ranked = [row.unit for group in self._table.groups for row in self._table.of_group(group)[:limit]]
        units = (*ranked, *(one.unit for one in self._table.unranked))
        known = [unit for unit in units if unit in self._cohort]
        yield Table(columns, tuple(Row((unit, *map(self._cell, self._results(unit)))) for unit in known))
        yield Bullets(tuple(f"{code} {titles[code]}".strip() for code in self._columns if titles[code] != code))

    def _results(self, unit: str) -> list[NodeResult]:
        return [self._cohort[unit][code] for code in self._columns]

    def _cell(self, node: NodeResult) -> str:
        if node.points is not None and node.state is not State.NOT_APPLICABLE:
            return points(node.points, self._language)
        if node.state is State.PENDING:
            return "…"
        return points(node.points, self._language) if node.points else "–"

    def _first_key(self) -> str:
        return self._table.rule.keys[0].label

    def _rank(self, row: RankRow) -> str:
        if row.rank is None:
            return f"{row.first}–{row.last}"
        shared = row.tied and self._table.rule.ties is not Ties.UNDECIDED
        return f"{row.rank}=" if shared else str(row.rank)

    def _grade(self, row: RankRow, result: Result) -> str:
        if row.grade is None:
            return "" if result.grade is None else grade_text(result.grade, self._language)
        return self._grade_text(row.grade) + ("*" if self._moved(row.grade) else "")

    def _grades_of(self, unit: str, mark: str = "*") -> list[str]:
        """The grade of a unit by every table; blank where a table does not apply to it."""
        found = [graded.get(unit) for graded in self._graded]
        return ["" if grade is None else self._grade_text(grade) + mark * self._moved(grade) for grade in found]

    def _grade_text(self, grade: UnitGrade) -> str:
        if grade.name is not None:
            return grade.title or grade.name
        possible = tuple(self._titles.get((grade.table, name), name) for name in grade.possible)
        return grade_text(GradeResult(grade.state, None, "", None, possible=possible), self._language)

    def _moved(self, grade: UnitGrade) -> bool:
        return grade.before is not None and (grade.name != grade.before or grade.state is not GradeState.ISSUED)

    def _lowered(self, rows: Sequence[RankRow]) -> Iterator[Block]:
        by_table = [one.get(row.unit) for row in rows for one in self._graded]
        graded = by_table if self._tables else [row.grade for row in rows]
        moved = [grade for grade in graded if grade is not None and self._moved(grade)]
        if moved:
            before = "; ".join(f"{grade.unit}: {self._before(grade)}" for grade in moved)
            yield Line(self._say("lowered mark", list=before))
        reasons = dict.fromkeys(f"{grade.unit}: {grade.because}" for grade in moved if grade.because)
        if reasons:
            yield Bullets(tuple(reasons))

    def _before(self, grade: UnitGrade) -> str:
        return self._titles.get((grade.table, grade.before or ""), grade.before or "")

    # ---- what stands below

    def closing(self, limit: int | None) -> Iterator[Block]:
        open_ = [row for row in self._table.undecided if limit is None or row.first <= limit]
        if open_:
            yield Heading(self._say("undecided head"))
            places = dict.fromkeys((row.group, row.first, row.last) for row in open_)
            yield Bullets(tuple(self._undecided(*place) for place in places))
        if self._table.unused:
            yield Bullets(tuple(self._say("unused place", unit=unit, rank=rank) for unit, rank in self._table.unused))
        if self._table.unranked:
            yield Heading(self._say("unranked"))
            columns = [Column(self._say("unit"), wraps=True), Column(self._say("reason"), wraps=True)]
            columns += [Column(name, wraps=True) for name in self._tables]
            unranked = self._table.unranked
            rows = [Row((one.unit, self._why_not(one), *self._own_grades(one.unit))) for one in unranked]
            yield without_empty(columns, rows, keep=2)
        yield from self._distribution()
        notes = [str(problem) for problem in self._cohort.problems if problem.scored]
        if notes:
            yield Heading(self._say("notes"))
            yield Bullets(tuple(notes))

    def _own_grades(self, unit: str) -> list[str]:
        return self._grades_of(unit) if self._tables else []

    def _why_not(self, unit: UnrankedUnit) -> str:
        return unit.text(self._language, waited_labels(self._plan, unit.waits, self._language))

    def _undecided(self, group: str | None, first: int, last: int) -> str:
        units = ", ".join(row.unit for row in self._table.of_group(group) if row.first == first)
        named = f"{self._groups.get(group, group)}: " if group is not None else ""
        return named + self._say("undecided", first=first, last=last, units=units)

    def _distribution(self) -> Iterator[Block]:
        if not self._cohort.results:
            return
        if not self._tables:
            yield from self._counts(self._cohort.distribution(), self._say("distribution"))
        for table, name in zip(self._plan.grades, self._tables, strict=False):
            yield from self._counts(self._cohort.distribution(table.name), f"{self._say('distribution')}: {name}")

    def _counts(self, counts: Sequence[GradeCount], head: str) -> Iterator[Block]:
        if not counts:
            return
        yield Heading(head)
        columns = (
            Column(self._say("grade"), wraps=True), Column(self._say("count"), right=True),
            Column(self._say("share"), right=True),
        )  # fmt: skip
        rows = []
        for count in counts:
            name = count.title or count.name
            word = name or grade_text(GradeResult(count.state, None, "", None), self._language)
            rows.append(Row((word, str(count.count), percent(count.share, self._language))))
        yield Table(columns, tuple(rows))

    # ---- for machines

    def sheet(self) -> Sheet:
        say = self._say
        header = (
            say("rank"), say("unit"), say("group"), *(key.label for key in self._other_keys()), say("total"),
            f"{say('index')} (%)", *(self._tables or (say("grade"),)), say("grade before"), say("reason"),
            *(f"{code} {self._titles_of[code]}".strip() for code in self._columns),
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = []
        for row in self._table.rows:
            result = self._cohort[row.unit]
            index = index_of(result)
            before = self._before(row.grade) if row.grade is not None and self._moved(row.grade) else ""
            plain = ["" if row.grade is None else self._grade_text(row.grade)]
            group = "" if row.group is None else self._groups.get(row.group, row.group)
            rows.append((
                row.rank, row.unit, group, *self._other_values(row), result.total.published,
                None if index is None else index * 100,
                *(self._grades_of(row.unit, "") if self._tables else plain), before,
                "" if row.rank is not None else self._rank(row),
                *(node.points for node in self._results(row.unit)),
            ))  # fmt: skip
        empty = (None,) * len(self._other_keys())
        for unit in self._table.unranked:
            grades = self._grades_of(unit.unit, "") if self._tables else [""]
            known = self._results(unit.unit) if unit.unit in self._cohort else []
            cells = [node.points for node in known] or [None] * len(self._columns)
            rows.append((None, unit.unit, "", *empty, None, None, *grades, "", self._why_not(unit), *cells))
        return Sheet(header, tuple(rows))

    def _other_keys(self) -> list[RankKey]:
        """Keys that have no column of their own."""
        return [key for key in self._table.rule.keys if key.exact or not isinstance(key.subject, Total)]

    def _other_values(self, row: RankRow) -> list[Cell]:
        others, keys = self._other_keys(), zip(self._table.rule.keys, row.keys, strict=True)
        return [key_value(key, value) for key, value in keys if key in others]

    def tables_data(self) -> list[dict[str, object]]:
        """Every grade table with the grade of every unit it applies to, ranked or not."""
        nodes = self._plan.nodes
        return [
            {"name": table.name, "title": table.title, "node": nodes[table.node].code if table.node >= 0 else "",
             "grades": [grade.to_dict() for grade in graded.values()],
             "distribution": [count.to_dict() for count in self._cohort.distribution(table.name)]}
            for table, graded in zip(self._plan.grades, self._graded, strict=True)
        ]  # fmt: skip

    def unit_data(self, row: RankRow) -> dict[str, object]:
        result = self._cohort[row.unit]
        total, index = result.total, index_of(result)
        return {
            **row.to_dict(self._table.rule.keys),
            "total": None if total.published is None else to_json_number(total.published),
            "exact_total": None if total.exact is None else to_json_number(total.exact),
            "index": None if index is None else to_json_number(index),
            **({"headings": self._headings_data(row.unit)} if self._columns else {}),
        }

    def _headings_data(self, unit: str) -> dict[str, object]:
        def data(node: NodeResult) -> dict[str, object]:
            points, maximum = as_json(node.points), as_json(node.applicable_maximum)
            return {"points": points, "maximum": maximum, "state": str(node.state)}

        return {node.code: data(node) for node in self._results(unit)}

"""``compare``: the same units in two cycles and more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from rubric_engine.cli.options import AsOf, AtStageNamed, DeadlinesFile, OldRubric, read_day, read_pairs
from rubric_engine.cli.shared import over_units
from rubric_engine.cli.terminal import wrong_use
from rubric_engine.cli.words import near, say
from rubric_engine.facts.fold import Folded, fold, written_as
from rubric_engine.facts.suggest import closest

if TYPE_CHECKING:
    from rubric_engine.cli.reading.cohorts import Known, Scored
    from rubric_engine.cli.reading.units import Loaded
    from rubric_engine.cli.work import Work
    from rubric_engine.cohort import UnitGrade
    from rubric_engine.engine import CompiledRubric
    from rubric_engine.report.cycles import Overtaking, UnitCycles
    from rubric_engine.rounds import FindingStanding, StagedResult
    from rubric_engine.tell.rendering.document import Report


Old = Annotated[str, typer.Argument(metavar="OLD", help="The earlier cycle: a file or folder; also saved results.")]
New = Annotated[str, typer.Argument(metavar="NEW", help="The later cycle.")]
Renamed = Annotated[
    list[str] | None,
    typer.Option("--renamed", metavar="OLD=NEW", help="A heading that has another code now; may be repeated.",
                 show_default=False),
]  # fmt: skip
Years = Annotated[
    list[str] | None,
    typer.Option("--years", metavar="FILE", help="A cycle before OLD; repeated, the oldest first.",
                 show_default=False),
]  # fmt: skip
UnitNamed = Annotated[
    str | None, typer.Option("--unit", metavar="NAME", help="One unit heading by heading.", show_default=False)
]
Within = Annotated[
    str | None, typer.Option("--within", metavar="NAME", help="Averages and ranks by this input.", show_default=False)
]


@over_units
def compare(
    work: "Work",
    old: Old,
    new: New,
    old_rubric: OldRubric = None,
    renamed: Renamed = None,
    years: Years = None,
    unit: UnitNamed = None,
    within: Within = None,
    stage: AtStageNamed = None,
    deadlines: DeadlinesFile = None,
    as_of: AsOf = None,
) -> None:
    """Points, index, rank, grade; leaves below the maximum in both; deductions made again; what does not compare."""
    from rubric_engine.cli.publishing import publish

    before = work
    if old_rubric is not None:
        before = work.with_rubric(old_rubric)
    moved, today = read_pairs(renamed, "--renamed"), read_day(as_of, "--as-of", work.language)
    cycles = list(_earlier(before, (*(years or ()), old), stage))
    known = cycles[-1].previous_for(work.rubric)
    cycles.append(_cycle(work, new, stage, known, work.deadlines(deadlines)))
    compared = _Cycles(cycles, (before.rubric, work.rubric), moved, within, today)
    report = compared.report(unit, work.language)
    publish(report, compared.told(), work.how, scored=len(compared.both), waiting=len(cycles[-1].at.absent))


def _earlier(work: "Work", words: Sequence[str], stage: str | None) -> "Iterator[Scored]":
    """The cycles before the last, each reading what it needs of the one before it."""
    known: Known | None = None
    for word in words:
        cycle = _cycle(work, word, stage, known)
        known = cycle.previous_for(work.rubric)
        yield cycle


def _cycle(
    work: "Work",
    word: str,
    stage: str | None,
    previous: "Known | None",
    deadlines: Mapping[str, date] | None = None,
) -> "Scored":
    """One cycle, all its units scored together."""
    from rubric_engine.cli.reading.cohorts import score_units

    chosen = work.stage(stage) if work.rubric.stages else None
    return score_units(work.units([word], deadlines), chosen, previous=previous)


class _Cycles:
    """Cycles, the oldest first; the last two are compared."""

    def __init__(
        self,
        cycles: "Sequence[Scored]",
        rubrics: "tuple[CompiledRubric, CompiledRubric]",
        renamed: Mapping[str, str],
        within: str | None,
        as_of: date | None,
    ) -> None:
        self._cycles = cycles
        self._rubrics = rubrics
        self._renamed = renamed
        self._as_of = as_of
        self._ranks, self._groups, self._grades = zip(*(self._ranking(cycle, within) for cycle in cycles), strict=True)
        earlier, later = (cycle.results for cycle in cycles[-2:])
        self.both = [name for name in later if name in earlier]
        self._absent = cycles[-1].at.absent
        self._only_before = [name for name in earlier if name not in later and name not in self._absent]
        self._only_after = [name for name in later if name not in earlier]

    def _ranking(
        self, cycle: "Scored", within: str | None
    ) -> "tuple[Folded[int], Folded[str], Folded[UnitGrade]]":
        """Rank, group and grade after quotas of every unit; of units scored alone there are none."""
        if cycle.cohort is None:
            return Folded({}), Folded({}), Folded({})
        plan = cycle.at.rubric.plan
        try:
            table = cycle.cohort.ranking(within=within)
        except KeyError as unknown:
            name = str(unknown.args[0])
            speak = cycle.loaded.language
            hint = near(closest(name, [spec.name for spec in plan.inputs]), speak)
            raise wrong_use(say("within_what", speak, name=name, hint=hint)) from None
        spec = next((spec for spec in plan.inputs if spec.name == table.rule.within), None)
        titles = {} if spec is None else {level.name: level.title or level.name for level in spec.levels}
        groups = {row.unit: titles.get(row.group, row.group) for row in table.rows if row.group is not None}
        ranks = {row.unit: row.rank for row in table.rows if row.rank is not None}
        grades = {row.unit: row.grade for row in table.rows if row.grade is not None}
        return Folded(ranks), Folded(groups), Folded(grades)

    def told(self) -> "Loaded":
        """What was wrong in any of the cycles."""
        from rubric_engine.cli.reading.units import Loaded

        last = self._cycles[-1].loaded
        every = Loaded(last.rubric, last.language)
        for cycle in self._cycles:
            every.note(cycle.loaded.faults)
            every.unread += cycle.loaded.unread
        return every

    def report(self, unit: str | None, language: str) -> "Report":
        """One unit in full where there is one, or one is named; else all of them."""
        from rubric_engine.report.cycles import comparison_report
        from rubric_engine.report.cycles_units import comparisons_report

        named = unit and written_as(unit, self.both)
        if unit is not None and not named:
            hint = near(closest(unit, self.both), language)
            raise wrong_use(say("not_in_both", language, unit=unit, hint=hint))
        if unit is None and len(self.both) == 1 and not (self._only_before or self._only_after):
            unit = self.both[0]
        if unit is not None:
            return comparison_report(self._unit(named or unit), language)
        made = [self._unit(name) for name in self.both]
        return comparisons_report(
            made, language, only_before=self._only_before, only_after=self._only_after, absent=self._absent
        )

    def _unit(self, name: str) -> "UnitCycles":
        from rubric_engine.compare import compare_cycles, never_put_right
        from rubric_engine.report.cycles import UnitCycles

        earlier, later = (cycle.results[name] for cycle in self._cycles[-2:])
        ranks = self._ranks[-2].get(name), self._ranks[-1].get(name)
        grades = self._grades[-2].get(name), self._grades[-1].get(name)
        every = [cycle.results[name] for cycle in self._cycles if name in cycle.results]
        try:
            found = compare_cycles(
                earlier, later, renamed=self._renamed, rubrics=self._rubrics, ranks=ranks, grades=grades
            )
            steps: list[dict[str, str]] = [{}] * (len(every) - 2) + [dict(self._renamed)]
            never = never_put_right(every, renamed=steps) if len(every) > 2 else ()
        except ValueError as error:
            raise wrong_use(f"--renamed: {error}") from None
        return UnitCycles(
            found, never, len(every), self._findings(name), self._groups[-1].get(name, ""),
            self._overtaking(name, ahead=True), self._overtaking(name, ahead=False),
        )  # fmt: skip

    def _overtaking(self, name: str, *, ahead: bool) -> "tuple[Overtaking, ...]":
        """Units of the same group that were behind and are ahead now, or the other way round; by their rank now."""
        from rubric_engine.report.cycles import Overtaking

        then, now = self._ranks[-2], self._ranks[-1]
        if name not in then or name not in now:
            return ()
        found = []
        for other in self.both:
            if other not in then or other not in now or any(
                fold(groups.get(other, "")) != fold(groups.get(name, "")) for groups in self._groups[-2:]
            ):  # fmt: skip
                continue
            moved = then[other] - then[name], now[other] - now[name]
            if moved[0] > 0 > moved[1] if ahead else moved[0] < 0 < moved[1]:
                totals = (cycle.results[other].total.published for cycle in self._cycles[-2:])
                found.append(Overtaking(other, then[other], now[other], *totals))
        return tuple(sorted(found, key=lambda one: one.rank_after))

    def _findings(self, name: str) -> "tuple[FindingStanding, ...]":
        """Findings over the cycles in which the unit has a dossier."""
        from rubric_engine.rounds import follow_up

        staged = [found for cycle in self._cycles if (found := _staged(cycle, name)) is not None]
        return follow_up(staged, as_of=self._as_of)


def _staged(cycle: "Scored", name: str) -> "StagedResult | None":
    """A unit's dossier with its result, as far as findings look at them."""
    from rubric_engine.plan.plan import Stage
    from rubric_engine.rounds import StagedResult, StageResult

    dossier, facts = cycle.at.dossiers.get(name), cycle.facts.get(name)
    if dossier is None or facts is None:
        return None
    stage = next((one for one in cycle.at.rubric.stages if one.name == cycle.at.stage), Stage("", ""))
    only = StageResult(stage, dossier.stages[cycle.at.stage], {}, facts, cycle.results[name])
    return StagedResult(dossier, (only,))

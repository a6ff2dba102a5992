"""``score_cohort``: many units scored by one rubric, with the figures they are measured against."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from rubric_engine.cohort.entry import Entry, UnitProblem, unit_named, without_values
from rubric_engine.cohort.figures import Figure, Figures, Place, why_not, with_outcomes
from rubric_engine.cohort.grades import GradeCount, UnitGrade, distribution_of, grades_after_quotas
from rubric_engine.cohort.ranking import RankTable, rank_units, rule_of
from rubric_engine.cohort.reading import CohortReader, RoundReader, cohort_reader, groups_of, in_order_of
from rubric_engine.cohort.statistics import PLACED, Outcome, Why, figure_of, no_figure, place_of
from rubric_engine.cohort.values import Spread, UnitValue
from rubric_engine.evaluator import ENGINE_VERSION
from rubric_engine.facts.alphabet import in_alphabet
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.figures import facts_to_come
from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.facts.suggest import loosened
from rubric_engine.meaning.exact import show_number
from rubric_engine.plan.deciding import with_decisions
from rubric_engine.plan.plan import Reference
from rubric_engine.result.assemble import assemble
from rubric_engine.result.result import Result
from rubric_engine.scorer import Scorer
from rubric_engine.tell.words import Words

said = Words("cohort")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cohort:
    """A cohort scored. ``results`` are in the order given; ``cohort["Sở Y tế"]`` is one of them.

    ``figures`` are what the units were measured against. ``problems`` names every submission that could not be scored
    or read as meant, and every figure that could not be settled: nothing is left out in silence. ``awaited`` are units
    whose submissions are still to come: while there is one, no ranking is final, and a quota leaves open what it may
    still change.
    """

    rubric: Scorer
    results: tuple[Result, ...]
    figures: Figures
    problems: tuple[UnitProblem, ...] = ()
    entries: tuple[Entry, ...] = field(default=(), repr=False, compare=False)
    awaited: tuple[str, ...] = ()

    @cached_property
    def _by_unit(self) -> Mapping[str, Result]:
        return Folded((entry.unit, result) for entry, result in zip(self.entries, self.results, strict=True))

    def __getitem__(self, unit: str) -> Result:
        return self._by_unit[unit]

    def __contains__(self, unit: object) -> bool:
        return unit in self._by_unit

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getstate__(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}  # what is worked out from them stays here

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON: results, figures and problems, each as its own ``to_dict`` writes it."""
        return {
            "results": [result.to_dict() for result in self.results],
            "figures": self.figures.to_dict(),
            "problems": [problem.to_dict() for problem in self.problems],
        }

    @property
    def settled(self) -> bool:
        """Every submission was scored and no result or figure can still change."""
        unscored = any(not problem.scored for problem in self.problems)
        open_ = unscored or bool(self.awaited)
        return not open_ and self.figures.settled and not any(entry.pending for entry in self.entries)

    def ranking(self, by: str | Sequence[str] | None = None, within: str | None = None) -> RankTable:
        """The units in order.

        ``by`` is ``total``, ``exact total``, a code, ``index of CODE`` or the name of an input, each perhaps followed
        by ``lowest first``, or several of them, in the words of either language; without it the rubric's own rule
        holds, and where it has none the published total. ``within`` names the input that parts the units (``""``: all
        together). Raises ``KeyError`` with the name nothing here has.
        """
        rule = rule_of(self.rubric.plan, by, within)
        reader, grades = cohort_reader(self.rubric.plan), self._sheet_grades
        return rank_units(reader, rule, self.entries, grades, self._unread, by is None, self.awaited)

    @property
    def _unread(self) -> tuple[str, ...]:
        """Units whose submissions could not be scored."""
        return tuple(problem.unit for problem in self.problems if not problem.scored and problem.unit)

    def grades(self, table: str | None = None) -> tuple[UnitGrade, ...]:
        """The grade of every unit the table applies to, after its quotas, in the order given; ``before`` stands beside.

        ``table`` is the name of a table; without it the first one that grades the sheet. Raises ``KeyError``.
        """
        if table is None and not self.rubric.plan.grades:
            return ()
        at = self._table(table)
        if at not in self._graded:
            outside = (*self.awaited, *self._unread)
            self._graded[at] = grades_after_quotas(cohort_reader(self.rubric.plan), at, self.entries, outside)
        return self._graded[at]

    def distribution(self, table: str | None = None, within: str | None = None) -> tuple[GradeCount, ...]:
        """How many units got each grade of a table, best first, all grades listed; by group where ``within`` is set."""
        plan = self.rubric.plan
        grades = self.grades(table)
        if within is None:
            return distribution_of(plan, self._table(table), grades, None) if plan.grades else ()
        spec = Folded(cohort_reader(plan).specs)[within]
        groups = groups_of(spec, {entry.unit: entry.facts for entry in self.entries})
        found: list[GradeCount] = []
        for group in in_order_of(spec, {group for group in groups.values() if group is not None}):
            those = tuple(grade for grade in grades if groups[grade.unit] == group)
            found += distribution_of(plan, self._table(table), those, group)
        return tuple(found)

    @cached_property
    def _graded(self) -> dict[int, tuple[UnitGrade, ...]]:
        return {}

    @cached_property
    def _sheet_grades(self) -> Mapping[str, UnitGrade]:
        """The first grade of the sheet that applies to each unit."""
        found: dict[str, UnitGrade] = {}
        for table in self.rubric.plan.grades:
            if table.node < 0:
                for grade in self.grades(table.name):
                    found.setdefault(grade.unit, grade)
        return found

    def _table(self, name: str | None) -> int:
        tables = self.rubric.plan.grades
        if name is not None:
            return Folded((table.name, at) for at, table in enumerate(tables))[name]
        return next((at for at, table in enumerate(tables) if table.node < 0), 0)


def score_cohort(
    rubric: Scorer,
    submissions: Iterable[object],
    *,
    figures: Figures | None = None,
    progress: Progress | None = None,
    language: str | None = None,
    awaited: Iterable[str | Mapping[str, object]] = (),
) -> Cohort:
    """Every unit scored, in as many passes as the rubric's figures need. Takes what :meth:`CompiledRubric.read` takes.

    A submission that cannot be read, has no name, shares it with another, or divides by zero takes no part and is a
    :class:`UnitProblem`; the others go on. The order of the units never matters. With ``figures`` taken earlier the
    units are measured against those instead of each other. ``progress`` is told how many steps of how many are done;
    ``language`` is that of the problems, by default the rubric's. ``awaited`` are units whose submissions are
    still to come, as of a stage they have not reached: their names, or what they have said so far. They are not scored,
    and while there is one, what it may still change is open.
    Raises ``ValueError`` for figures of another rubric and for facts another rubric has read.
    """
    if figures is not None and not isinstance(figures, Figures):
        raise TypeError(f"figures are Figures (Figures.from_json reads their text), not {type(figures).__name__}")
    if isinstance(submissions, Mapping | str | bytes):
        raise TypeError(f"submissions are those of many units, one after another, not one {type(submissions).__name__}")
    said_so_far = {one if isinstance(one, str) else unit_named(one): one for one in awaited}
    work = _Work(rubric, list(submissions), progress, language or rubric.plan.language)
    if figures is None:
        figures = work.take_figures(said_so_far)
    else:
        figures.check_rubric(rubric.plan)
        work.use_figures(figures)
    entries, results = work.results()
    return Cohort(rubric, tuple(results), figures, tuple(work.problems), tuple(entries), tuple(said_so_far))


class _Work:
    """A cohort on its way: the units that still take part, with what is known of each so far."""

    def __init__(
        self, rubric: Scorer, submissions: list[object], progress: Progress | None, language: str
    ) -> None:
        self.plan = rubric.plan
        self.reader: CohortReader = cohort_reader(rubric.plan)
        self.language = language
        self.problems: list[UnitProblem] = []
        self._rubric = rubric
        self._progress = progress
        self._done = 0
        self._steps = len(submissions) * (2 + len(self.reader.rounds))
        self.units: dict[str, Facts] = {}
        self.places: dict[str, str] = {}
        self._read(submissions)

    def step(self) -> None:
        """One unit of one pass is done."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._steps)

    # ---- reading

    def _read(self, submissions: list[object]) -> None:
        read: dict[str, list[tuple[str, Facts]]] = {}  # by the folded name: however written, a unit is one
        broken: dict[str, int] = {}
        for at, submission in enumerate(submissions):
            where = f"submissions[{at}]"
            submissions[at] = None  # what was read is all that is kept
            try:
                facts = self._rubric.read(submission)
            except SubmissionError as error:
                unit = unit_named(submission)
                broken[fold(unit)] = broken.get(fold(unit), 0) + 1
                self._refused(unit, where, error)
            else:
                if facts.unit:
                    read.setdefault(fold(facts.unit), []).append((where, facts))
                else:
                    self.problems.append(UnitProblem("", where, (said("unnamed", self.language),)))
            self.step()
        for name, given in read.items():
            where, facts = given[0]
            unit = facts.unit
            if len(given) > 1 or name in broken:
                spelt = "`, `".join(dict.fromkeys(each.unit for _, each in given))
                words = said("twice", self.language, unit=spelt, count=len(given) + broken.get(name, 0))
                self.problems.append(UnitProblem(unit, ", ".join(where for where, _ in given), (words,)))
            else:
                self.places[unit], self.units[unit] = where, facts

    def _refused(self, unit: str, where: str, error: SubmissionError) -> None:
        messages = tuple(problem.line(self.language) for problem in error.problems)
        self.problems.append(UnitProblem(unit, where, messages))

    def _drop(self, unit: str, error: SubmissionError) -> None:
        self._refused(unit, self.places[unit], error)
        del self.units[unit]

    # ---- figures

    def take_figures(self, awaited: Mapping[str, str | Mapping[str, object]]) -> Figures:
        """The passes, in order. A unit whose facts divide by zero leaves before the figures of that pass are taken.

        Units that are ``awaited`` take part with what they have said so far, whatever the rubric says of facts that are
        missing: what they may still say is open.
        """
        here = {fold(unit) for unit in self.units}
        absent = [unit for unit in awaited if fold(unit) not in here]
        for unit in absent:
            self.units[unit], self.places[unit] = self._to_come(unit, awaited[unit]), unit
        figures = self._figures()
        for unit in absent:
            self.units.pop(unit, None)
        gone = {fold(unit) for unit in absent}
        return replace(
            figures, units=len(self.units),
            places=tuple(place for place in figures.places if fold(place.unit) not in gone),
        )  # fmt: skip

    def _to_come(self, unit: str, said: str | Mapping[str, object]) -> Facts:
        try:
            facts = self._rubric.read({"unit": unit} if isinstance(said, str) else said)
        except SubmissionError:  # it will be told of when the unit comes
            facts = self._rubric.read({"unit": unit})
        return facts_to_come(self.plan, facts)

    def _figures(self) -> Figures:
        figures: list[Figure] = []
        places: list[Place] = []
        stated = {unit: self._stated(facts) for unit, facts in self.units.items()}
        for unit in stated:
            self.units[unit] = without_values(self.units[unit], self.plan, stated[unit])
        for each in self.reader.rounds:
            values = self._values(each)
            found: dict[str, dict[str, Outcome]] = {unit: {} for unit in self.units}
            for reference in each.references:
                own = {unit: values[unit][reference.name] for unit in self.units}
                new, newly_placed = self._taken(reference, own, found)
                figures += new
                places += newly_placed
            for unit, outcomes in found.items():
                self.units[unit] = with_outcomes(self.units[unit], self.plan, outcomes)
                self._compare(unit, stated[unit], outcomes)
        plan = self.plan
        return Figures(plan.id, plan.version, plan.digest, len(self.units), tuple(figures), tuple(places))

    def _values(self, each: RoundReader) -> dict[str, dict[str, UnitValue | None]]:
        values: dict[str, dict[str, UnitValue | None]] = {}
        for unit, facts in list(self.units.items()):
            try:
                values[unit] = each.values(facts)
            except SubmissionError as error:
                self._drop(unit, error)
            self.step()
        return values

    def _taken(
        self, reference: Reference, own: Mapping[str, UnitValue | None], found: Mapping[str, dict[str, Outcome]]
    ) -> tuple[list[Figure], list[Place]]:
        """One figure for every group; what holds for each unit goes to ``found``."""
        groups, ungrouped, unknown = self._groups(reference)
        anywhere = [UnitValue(value.low, value.high, True) for unit in unknown if (value := own[unit]) is not None]
        figures: list[Figure] = []
        places: list[Place] = []
        placed = reference.kind in PLACED
        for group, units in groups.items():
            those = [value for unit in units if (value := own[unit]) is not None]
            spread = Spread([*those, *anywhere])
            skipped = len(units) - len(those)
            outcome = Outcome(None, None)
            if not placed:
                outcome = figure_of(reference, spread)
                figures.append(Figure(reference.name, group, outcome, len(spread.known), len(spread.pending), skipped))
                self._unsettled(reference, figures[-1])
            for unit in units:
                value = own[unit]
                if placed:
                    outcome = no_figure(Why.NOT_APPLICABLE) if value is None else place_of(reference, value, spread)
                    places.append(Place(reference.name, unit, group, value, outcome))
                found[unit][reference.name] = outcome
            if placed:
                self._unplaced(reference, group, places[-len(units):] if units else [])
        for units, why in ((ungrouped, Why.NO_GROUP), (unknown, Why.UNKNOWN_GROUP)):
            for unit in units:
                found[unit][reference.name] = no_figure(why)
                if placed:
                    places.append(Place(reference.name, unit, None, own[unit], no_figure(why)))
                words = said(why, self.language, within=reference.within or "")
                self.problems.append(UnitProblem(unit, reference.name, (words,), scored=True))
        return figures, sorted(places, key=lambda place: in_alphabet(place.unit))

    def _groups(self, reference: Reference) -> tuple[dict[str | None, list[str]], list[str], list[str]]:
        """Units by group; those that belong to none; those of which nobody knows yet."""
        if reference.within is None:
            return {None: list(self.units)}, [], []
        spec = self.reader.specs[reference.within]
        found: dict[str, list[str]] = {}
        lacking: list[str] = []
        for unit, group in groups_of(spec, self.units).items():
            if group is None:
                lacking.append(unit)
            else:
                found.setdefault(group, []).append(unit)
        ordered: dict[str | None, list[str]] = {group: found[group] for group in in_order_of(spec, found)}
        self._near(reference.within, list(found))
        return (ordered, lacking, []) if spec.optional else (ordered, [], lacking)

    def _near(self, within: str, groups: list[str]) -> None:
        """Names of groups that differ by no more than case, diacritics or spaces are most likely one group."""
        seen: dict[str, str] = {}
        for group in sorted(groups):
            other = seen.setdefault(loosened(group), group)
            if other != group:
                words = said("near groups", self.language, one=other, other=group)
                problem = UnitProblem("", f"inputs.{within}", (words,), scored=True)
                if problem not in self.problems:
                    self.problems.append(problem)

    def _unsettled(self, reference: Reference, figure: Figure) -> None:
        words = why_not(reference, figure, self.language)
        if words:
            self.problems.append(UnitProblem("", reference.name, (words,), scored=True))

    def _unplaced(self, reference: Reference, group: str | None, places: list[Place]) -> None:
        """One remark for the whole group where equal values leave every unit without a figure, or units are pending."""
        counted = sum(place.own is not None and place.own.exact is not None for place in places)
        pending = sum(place.own is not None and place.own.exact is None for place in places)
        skipped = len(places) - counted - pending
        whys = {place.outcome.why for place in places if place.own is not None and place.outcome.value is None}
        for why in sorted(whys):
            self._unsettled(reference, Figure(reference.name, group, no_figure(why), counted, pending, skipped))

    def _stated(self, facts: Facts) -> dict[str, Fraction]:
        """Figures of the cohort the submission gives itself."""
        given: Mapping[str, Any] = facts.values
        return {name: Fraction(given[name]) for name in self.reader.references if name in given}

    def _compare(self, unit: str, stated: Mapping[str, Fraction], outcomes: Mapping[str, Outcome]) -> None:
        """A figure the submission states itself never counts; where it differs, somebody should know."""
        for name, value in stated.items():
            outcome = outcomes.get(name)
            if outcome is not None and outcome.value != value:
                found = "—" if outcome.value is None else show_number(outcome.value, self.language)
                given = show_number(value, self.language)
                words = said("stated", self.language, name=name, stated=given, found=found)
                self.problems.append(UnitProblem(unit, f"references.{name}", (words,), scored=True))

    def use_figures(self, figures: Figures) -> None:
        """Every unit measured against figures taken earlier."""
        for unit, facts in list(self.units.items()):
            stated = self._stated(facts)
            try:
                self.units[unit], outcomes = figures.filled(self.plan, without_values(facts, self.plan, stated))
            except SubmissionError as error:
                self._drop(unit, error)
                continue
            self._compare(unit, stated, outcomes)
            for name, outcome in outcomes.items():
                if outcome.why and outcome.why is not Why.NOT_APPLICABLE:
                    reference = self.reader.references[name]
                    words = said(outcome.why, self.language, within=reference.within or "")
                    self.problems.append(UnitProblem(unit, name, (words,), scored=True))
            self.step()

    # ---- results

    def results(self) -> tuple[list[Entry], list[Result]]:
        """The last pass: every unit that still takes part, scored with all its figures."""
        entries: list[Entry] = []
        results: list[Result] = []
        for unit in list(self.units):
            facts = self.units[unit]
            try:
                reading = self._rubric.reading(facts)
            except SubmissionError as error:
                self._drop(unit, error)
            else:
                plan = with_decisions(self.plan, facts.decisions)
                entries.append(Entry(unit, plan, facts, reading))
                results.append(assemble(plan, facts, reading, engine=ENGINE_VERSION))
            self.step()
        if self._progress is not None and self._done < self._steps:
            self._progress(self._steps, self._steps)  # units that dropped out on the way
        return entries, results

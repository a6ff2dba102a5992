"""Reference figures of a cohort: taken once, kept as plain data, and used again to score one unit later."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from rubric_engine.cohort.reading import cohort_reader, group_of
from rubric_engine.cohort.statistics import PLACED, Outcome, Why, figure_of, no_figure, place_of
from rubric_engine.cohort.values import Spread, UnitValue
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.figures import with_references
from rubric_engine.facts.fold import fold
from rubric_engine.facts.json_text import write_json
from rubric_engine.meaning.exact import as_json, from_json_number, to_plain_text
from rubric_engine.plan.plan import Kind, Plan, Reference, ReferenceKind
from rubric_engine.tell.words import Words

said = Words("cohort")

if TYPE_CHECKING:
    from rubric_engine.result.result import Result
    from rubric_engine.scorer import Scorer

FIGURES_FORMAT: Final = 1
_ANY_UNIT = UnitValue(Fraction(1), Fraction(1))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a group of units (``group`` is ``None`` where all units are together).

    ``counted`` units have a value, ``pending`` ones may still have another or none, ``skipped`` ones have none.
    """

    name: str
    group: str | None
    outcome: Outcome
    counted: int = 0
    pending: int = 0
    skipped: int = 0

    @property
    def value(self) -> Fraction | None:
        """The figure, when it is known."""
        return self.outcome.value


@dataclass(frozen=True, slots=True)
class Place:
    """A figure of one unit among the others of its group, and the unit's own value that it was taken of.

    ``own`` is ``None`` for a unit that has no value. Where the group of a unit is not known yet ``outcome.why`` says
    so, and its value may come to belong to any group.
    """

    name: str
    unit: str
    group: str | None
    own: UnitValue | None
    outcome: Outcome


@dataclass(frozen=True)
class Figures:
    """Every figure of a cohort, by group and by unit. Plain data: :meth:`to_json` and :meth:`from_json` lose nothing.

    ``rubric``, ``version`` and ``digest`` tell which rubric they belong to.
    """

    rubric: str
    version: str
    digest: str
    units: int
    figures: tuple[Figure, ...] = ()
    places: tuple[Place, ...] = ()

    @cached_property
    def _spreads(self) -> dict[tuple[str, str | None], Spread]:
        return {}

    def __getstate__(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}  # what is worked out from them stays here

    @cached_property
    def _figures(self) -> Mapping[tuple[str, str], Figure]:
        return {_key(figure.name, figure.group): figure for figure in self.figures}

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], Place]:
        return {_key(place.name, place.unit): place for place in self.places}

    def figure(self, name: str, group: str | None = None) -> Figure:
        """One figure of a group. Raises ``KeyError``."""
        return self._figures[_key(name, group)]

    def place(self, name: str, unit: str) -> Place:
        """One figure of a unit. Raises ``KeyError``."""
        return self._places[_key(name, unit)]

    @property
    def settled(self) -> bool:
        """No figure waits for a unit."""
        outcomes = [*(figure.outcome for figure in self.figures), *(place.outcome for place in self.places)]
        return all(outcome.settled for outcome in outcomes)

    # ---- scoring one unit later

    def read(self, rubric: "Scorer", submission: object) -> Facts:
        """The facts of a submission with every figure that holds for this unit: for whatever takes a submission.

        Raises ``SubmissionError`` for a submission that cannot be read, and ``ValueError`` for figures of another
        rubric.
        """
        self.check_rubric(rubric.plan)
        return self.filled(rubric.plan, rubric.read(submission))[0]

    def for_unit(self, rubric: "Scorer", submission: object) -> dict[str, object]:
        """The section ``references`` of a submission: each figure that is known for this unit, by name.

        Percents are text with their sign. A figure of more digits than a submission may hold (an average of many
        ratios) would be refused there; :meth:`read` and :meth:`evaluate` take it as it is. Raises as :meth:`read` does.
        """
        facts = self.read(rubric, submission)
        specs = cohort_reader(rubric.plan).specs
        given: dict[str, object] = {}
        for name in cohort_reader(rubric.plan).references:
            value: Any = facts.values.get(name)
            if value is not None:
                percent = specs[name].kind is Kind.PERCENT
                given[name] = to_plain_text(Fraction(value) * 100) + "%" if percent else to_plain_text(Fraction(value))
        return given

    def evaluate(self, rubric: "Scorer", submission: object) -> "Result":
        """One unit scored against these figures, exactly and with their ranges where they are not settled.

        Raises as :meth:`read` does.
        """
        return rubric.evaluate(self.read(rubric, submission))

    def check_rubric(self, plan: Plan) -> None:
        """Raises ``ValueError`` where these are figures of another rubric, or a figure the rubric reads is not here."""
        if plan.id != self.rubric:
            raise ValueError(f"figures of rubric {self.rubric}, not of {plan.id}")
        kept = {figure.name for figure in self.figures} | {place.name for place in self.places}
        lacking = [name for name in cohort_reader(plan).references if name not in kept]
        if lacking and self.units:
            raise ValueError(f"these figures hold no {lacking[0]!r}: the rubric has changed since")

    def filled(self, plan: Plan, facts: Facts) -> tuple[Facts, dict[str, Outcome]]:
        """The facts with every figure that holds for this unit, and each outcome by name."""
        reader = cohort_reader(plan)
        found: dict[str, Outcome] = {}
        for each in reader.rounds:
            own = each.values(facts)
            now = {
                reference.name: self._outcome(reference, own[reference.name], facts, plan)
                for reference in each.references
            }
            facts = with_outcomes(facts, plan, now)
            found |= now
        return facts, found

    def _outcome(self, reference: Reference, own: UnitValue | None, facts: Facts, plan: Plan) -> Outcome:
        group = None
        if reference.within is not None:
            spec = cohort_reader(plan).specs[reference.within]
            group = group_of(spec, facts)
            if group is None:
                return no_figure(Why.NO_GROUP if spec.optional else Why.UNKNOWN_GROUP)
        if reference.kind not in PLACED:
            figure = self._figures.get(_key(reference.name, group))
            return self._unseen(reference) if figure is None else figure.outcome
        if own is None:
            return no_figure(Why.NOT_APPLICABLE)
        place = self._places.get(_key(reference.name, facts.unit))
        if place is not None and place.own == own and _same(place.group, group):
            return place.outcome
        others = self._spread(reference.name, group)
        if place is None:
            return place_of(reference, own, others, inside=False)
        return place_of(reference, own, Spread((*self._others(reference.name, group, facts.unit), own)))

    def _unseen(self, reference: Reference) -> Outcome:
        """A group nobody in the cohort belongs to."""
        return figure_of(reference, Spread(())) if reference.kind is ReferenceKind.NUMBER else no_figure(Why.NO_UNIT)

    def _spread(self, name: str, group: str | None) -> Spread:
        if (name, group) not in self._spreads:
            self._spreads[name, group] = Spread(self._others(name, group, None))
        return self._spreads[name, group]

    def _others(self, name: str, group: str | None, but: str | None) -> Iterable[UnitValue]:
        for place in self.places:
            if place.name != name or place.own is None or (but is not None and _same(place.unit, but)):
                continue
            if place.outcome.why is Why.UNKNOWN_GROUP:
                yield UnitValue(place.own.low, place.own.high, True)
            elif _same(place.group, group):
                yield place.own

    # ---- JSON

    def to_dict(self) -> dict[str, object]:
        """Plain values; numbers are exact, as text."""
        return {
            "format": FIGURES_FORMAT,
            "rubric": {"id": self.rubric, "version": self.version, "digest": self.digest},
            "units": self.units,
            "figures": [
                {"name": one.name, "group": one.group, **_outcome_record(one.outcome), "counted": one.counted,
                 "pending": one.pending, "skipped": one.skipped}
                for one in self.figures
            ],
            "places": [
                {"name": one.name, "unit": one.unit, "group": one.group, "own": _own_record(one.own),
                 **_outcome_record(one.outcome)}
                for one in self.places
            ],
        }  # fmt: skip

    def to_json(self, *, indent: int | None = None) -> str:
        """Stable JSON, letters as themselves."""
        return write_json(self.to_dict(), indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Figures":
        """Figures as :meth:`to_json` wrote them. Raises ``ValueError`` on anything else."""
        try:
            given = json.loads(text)
            if given["format"] != FIGURES_FORMAT:
                raise ValueError(f"figures of format {given['format']}")
            rubric = given["rubric"]
            return cls(
                str(rubric["id"]), str(rubric["version"]), str(rubric["digest"]), int(given["units"]),
                tuple(_figure_of_record(one) for one in given["figures"]),
                tuple(_place_of_record(one) for one in given["places"]),
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not figures of a cohort: {error}") from None


def with_outcomes(facts: Facts, plan: Plan, outcomes: Mapping[str, Outcome]) -> Facts:
    """The facts with these figures: known ones as values, the others by their bounds."""
    values = {name: outcome.value for name, outcome in outcomes.items() if outcome.value is not None}
    bounds = {name: outcome.bounds for name, outcome in outcomes.items() if outcome.bounds is not None}
    unsettled = frozenset(name for name, outcome in outcomes.items() if not outcome.settled)
    return with_references(facts, plan, values, bounds, unsettled)


def why_not(reference: Reference, figure: Figure, language: str) -> str:
    """In words why there is no settled figure for a group; empty where there is one."""
    group = "" if figure.group is None else said("in group", language, group=figure.group)
    if figure.outcome.why:
        return group + said(figure.outcome.why, language, within=reference.within or "")
    if figure.outcome.value is None:
        everyone = figure.counted + figure.pending
        return group + said("waits", language, pending=figure.pending, all=everyone)
    return ""


def _key(name: str, whose: str | None) -> tuple[str, str]:
    """A figure and whose it is: a group or a unit, however written; no group is no name."""
    return fold(name), "" if whose is None else fold(whose)


def _same(one: str | None, other: str | None) -> bool:
    return one == other or (one is not None and other is not None and fold(one) == fold(other))


# ---------------------------------------------------------------- records



def _number(text: object) -> Fraction | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError(f"not an exact number: {text!r}")
    return from_json_number(text)


def _outcome_record(outcome: Outcome) -> dict[str, object]:
    if outcome.why:
        return {"why": str(outcome.why)}
    if outcome.value is not None:
        return {"value": as_json(outcome.value)}
    return {"low": as_json(outcome.low), "high": as_json(outcome.high)}


def _own_record(own: UnitValue | None) -> dict[str, object] | None:
    if own is None:
        return None
    if own.exact is not None:
        return {"value": as_json(own.exact)}
    return {"low": as_json(own.low), "high": as_json(own.high), "may_be_skipped": own.may_be_skipped}


def _outcome_of_record(given: Mapping[str, Any]) -> Outcome:
    if "why" in given:
        return no_figure(Why(given["why"]))
    if "value" in given:
        value = _number(given["value"])
        return Outcome(value, value)
    return Outcome(_number(given["low"]), _number(given["high"]))


def _figure_of_record(given: Mapping[str, Any]) -> Figure:
    counts = (int(given[name]) for name in ("counted", "pending", "skipped"))
    return Figure(str(given["name"]), given["group"], _outcome_of_record(given), *counts)


def _place_of_record(given: Mapping[str, Any]) -> Place:
    own = given["own"]
    value = None
    if own is not None and "value" in own:
        exact = _number(own["value"])
        value = UnitValue(exact, exact)
    elif own is not None:
        value = UnitValue(_number(own["low"]), _number(own["high"]), bool(own["may_be_skipped"]))
    return Place(str(given["name"]), str(given["unit"]), given["group"], value, _outcome_of_record(given))

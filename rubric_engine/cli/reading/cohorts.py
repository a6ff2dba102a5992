"""Units scored together, for every command that looks at many: with figures of the cohort and of the cycle before."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rubric_engine.cli.reading.units import AS_WRITTEN, AtStage, Loaded, Reading, Unit, load_units
from rubric_engine.cli.terminal import wrong_use
from rubric_engine.cli.waiting import bar
from rubric_engine.cli.words import say
from rubric_engine.cohort import Cohort, Figures, score_cohort
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.result.result import Result
from rubric_engine.rounds import previous_figures

Known = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Scored:
    """Units of one cycle with the files they came from.

    ``facts`` are those each was scored by; a unit given as a saved result has none. Without ``cohort`` each was scored
    by itself, and what it is measured against among others stays open.
    """

    loaded: Loaded
    at: AtStage
    results: Folded[Result]
    facts: Folded[Facts]
    cohort: Cohort | None = None

    def previous_for(self, rubric: CompiledRubric) -> Folded[dict[str, object]]:
        """What the next cycle reads of this one, by unit, however the next cycle writes its name."""
        plan = self.at.rubric.plan
        return Folded(
            (unit, previous_figures(rubric, result, self.facts.get(unit), plan))
            for unit, result in self.results.items()
        )


def score_units(
    loaded: Loaded, stage: str | None, *, figures: Figures | None = None, previous: Known | None = None
) -> Scored:
    """Score everything loaded at one stage; one unit alone is no cohort and is measured against nobody.

    What could not be scored is blamed at its place.
    """
    saved = _take_results(loaded)
    at = loaded.at_stage(stage)
    if figures is None and len(at.units) + len(at.absent) == 1:
        return _alone(loaded, at, saved, previous)
    cohort = score_together(at, figures=figures, previous=previous)
    results = {result.unit: result for result in cohort.results}
    facts = Folded((entry.unit, entry.facts) for entry in cohort.entries)
    return Scored(loaded, at, Folded({**saved, **results}), facts, cohort)


def score_together(at: AtStage, *, figures: Figures | None = None, previous: Known | None = None) -> Cohort:
    """Score units as one cohort, however few they are."""
    submissions = [with_previous(submission, previous) for submission in at.submissions]
    with bar(say("scoring", at.loaded.language)) as tell:
        try:
            language = at.loaded.language
            cohort = score_cohort(
                at.rubric, submissions, figures=figures, progress=tell, language=language, awaited=at.awaited
            )
        except ValueError as error:
            raise wrong_use(str(error)) from None
    at.blame(cohort.problems)
    return cohort


def _alone(loaded: Loaded, at: AtStage, saved: dict[str, Result], previous: Known | None) -> Scored:
    results, facts = dict(saved), {}
    for unit, submission in at.units:
        try:
            read = at.rubric.read(with_previous(submission, previous))
            results[read.unit] = at.rubric.evaluate(read)
            facts[read.unit] = read
        except SubmissionError as error:
            loaded.blame(unit, error, at.stages_until(unit))
    return Scored(loaded, at, Folded(results), Folded(facts))


def with_previous(submission: Any, previous: Known | None) -> object:
    """The submission with the figures of the cycle before; what it states itself stays."""
    if not previous or not isinstance(submission, Mapping):
        return submission
    unit = submission.get("unit")
    before = previous.get(unit, {}) if isinstance(unit, str) else {}
    stated = submission.get("references")
    if not before or not isinstance(stated, Mapping | None):
        return submission
    return {**submission, "references": {**before, **(stated or {})}}


def read_previous(
    word: str | None,
    rubric: CompiledRubric,
    beside: Path,
    old: CompiledRubric | None,
    language: str,
    reading: Reading = AS_WRITTEN,
) -> Folded[dict[str, object]] | None:
    """What the rubric reads of the cycle before, by unit: from submissions, dossiers or results of that cycle.

    A unit of that cycle that cannot be scored is wrong use: everything else would wait for it in silence.
    """
    if word is None:
        return None
    earlier = rubric if old is None else old
    loaded = load_units([word], earlier, beside, language, reading=reading)
    scored = score_units(loaded, None)
    fault = next((fault for fault in loaded.faults if fault.costs), None)
    if fault is not None:
        raise wrong_use(say("previous_unread", language, fault=fault))
    return scored.previous_for(rubric)


def _take_results(loaded: Loaded) -> dict[str, Result]:
    """Units given as results that ``score --format json`` wrote; they leave the list of those to be scored."""
    found: dict[str, Result] = {}
    seen: set[str] = set()
    left: list[Unit] = []
    for unit in loaded.units:
        given = unit.given
        if isinstance(given, Mapping) and {"format", "rubric", "nodes"} <= given.keys():
            try:
                result = result_of(given)
            except ValueError as error:
                loaded.note([unit.fault(str(error))])
                continue
            if fold(result.unit) in seen:
                loaded.note([unit.fault(say("result_twice", loaded.language, unit=result.unit), "unit")])
            else:
                found[result.unit] = result
            seen.add(fold(result.unit))
        else:
            left.append(unit)
    loaded.units[:] = left
    return found


def result_of(given: Mapping[str, object]) -> Result:
    """A result from its JSON as read. Raises ``ValueError``."""
    import json

    return Result.from_json(json.dumps(given, default=str))

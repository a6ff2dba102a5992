"""Units scored stage by stage, each by itself, with the figures that stand beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rubric_engine.cli.reading.units import Loaded, Unit
from rubric_engine.cli.waiting import bar
from rubric_engine.cli.words import say
from rubric_engine.cohort import Figures
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.rounds import Dossier, StagedResult, StageEntry, score_stages, submission_at


@dataclass(frozen=True, slots=True)
class Beside:
    """What one unit is measured against besides its own facts."""

    figures: Figures | None = None
    previous: Mapping[str, Mapping[str, object]] | None = None

    def with_figures(self, rubric: CompiledRubric, dossier: Dossier) -> Dossier:
        """The dossier with every figure stated at the stage it holds for; what it states itself stays.

        Raises ``SubmissionError`` where the facts a figure looks at cannot be read.
        """
        before = (self.previous or {}).get(dossier.unit, {})
        if before:
            first = next(iter(dossier.stages))
            dossier = _stating(dossier, first, before)
        if self.figures is None:
            return dossier
        for name in dossier.stages:
            at = rubric.at_stage(name) if name else rubric
            dossier = _stating(dossier, name, self.figures.for_unit(at, submission_at(rubric, dossier, name)))
        return dossier


def _stating(dossier: Dossier, stage: str, figures: Mapping[str, object]) -> Dossier:
    entry = dossier.stages[stage]
    stated = {**figures, **entry.given.get("references", {})}
    told: StageEntry = replace(entry, given={**entry.given, "references": stated})
    return replace(dossier, stages={**dossier.stages, stage: told})


def staged_units(loaded: Loaded, beside: Beside) -> Iterator[tuple[Unit, StagedResult]]:
    """Every unit scored at every stage it has reached; the others are blamed."""
    stages = [stage.name for stage in loaded.rubric.stages]
    with bar(say("scoring", loaded.language)) as tell:
        for done, (unit, dossier) in enumerate(loaded.dossiers(), start=1):
            if not dossier.stages:
                loaded.note([unit.fault(say("no_stage", loaded.language), "stages")])
                continue
            try:
                told = beside.with_figures(loaded.rubric, dossier)
                yield unit, score_stages(loaded.rubric, told, deadlines=loaded.deadlines)
            except SubmissionError as error:
                loaded.blame(unit, error, reversed(stages))
            if tell is not None:
                tell(done, len(loaded.units))

"""What every command over units begins with: the rubric, how to print, and the files that stand beside the units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rubric_engine.cli import files
from rubric_engine.cli.options import Mark, ReportShape, read_parameters
from rubric_engine.cli.publishing import Printing, shape_of
from rubric_engine.cli.reading.cohorts import Known, read_previous
from rubric_engine.cli.reading.loading import known_stage, load, read_deadlines, read_figures
from rubric_engine.cli.reading.units import AS_WRITTEN, Loaded, Reading, load_units
from rubric_engine.cohort import Figures
from rubric_engine.cohort.percents import Percents
from rubric_engine.engine import CompiledRubric


@dataclass(frozen=True, slots=True)
class Work:
    """A sound rubric and what was asked of it."""

    rubric: CompiledRubric
    path: Path
    how: Printing
    reading: Reading = AS_WRITTEN

    @property
    def language(self) -> str:
        """That of the output."""
        return self.how.language

    def with_rubric(self, word: str) -> "Work":
        """The same by another rubric, whose parameters are as it says."""
        other = load(word, {}, self.language)
        return Work(other, files.find_rubric(word, self.language), self.how, self.reading)

    def stage(self, name: str | None) -> str | None:
        """The stage as the rubric names it."""
        return known_stage(self.rubric, name, self.language)

    def deadlines(self, word: str | None) -> Mapping[str, date] | None:
        """The days of the round."""
        return read_deadlines(word, self.rubric, self.language)

    def figures(self, word: str | None) -> Figures | None:
        """Figures of a cohort, as they were saved."""
        return read_figures(word, self.rubric)

    def previous(self, word: str | None, old_rubric: str | None = None) -> Known | None:
        """What the rubric reads of the cycle before, by unit."""
        old = None if old_rubric is None else load(old_rubric, {}, self.language)
        return read_previous(word, self.rubric, self.path, old, self.language, self.reading)

    def units(self, words: list[str], deadlines: Mapping[str, date] | None = None) -> Loaded:
        """Everything the words name."""
        return load_units(
            words, self.rubric, self.path, self.language, deadlines=deadlines, reading=self.reading
        )  # fmt: skip


def begin(
    rubric: str,
    *,
    parameter: list[str] | None,
    language: str | None,
    percent: str | None,
    ignore: list[str] | None,
    unit_column: str | None,
    everything: bool,
    shape: ReportShape | None = None,
    output: str | None = None,
    bom: bool = False,
    decimal: Mark | None = None,
) -> Work:
    """Leaves with exit code 2 where the options do not go together, 1 where the rubric has errors."""
    compiled = load(rubric, read_parameters(parameter), language)
    comma = None if decimal is None else decimal is Mark.COMMA
    speak = language or compiled.language
    how = Printing(shape_of(shape, output, speak), output, speak, bom, comma, everything)
    how.check()
    how_meant = None if percent is None else Percents(percent)
    meant = Reading(how_meant, tuple(ignore or ()), unit_column)
    return Work(compiled, files.find_rubric(rubric, how.language), how, meant)

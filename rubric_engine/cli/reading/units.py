"""The units a command is given: files, folders, standard input; JSON, JSON Lines or CSV; submissions or dossiers.

What cannot be read is a :class:`Fault` with its file, line and column, and stands in nobody's way. Nothing is dropped
in silence: every fault that cost a unit is counted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rubric_engine.cli import files
from rubric_engine.cli.reading.json_places import items_of, line_and_column, place_of
from rubric_engine.cli.terminal import wrong_use
from rubric_engine.cli.words import near, say
from rubric_engine.cohort import CsvProblem, UnitProblem, read_csv
from rubric_engine.cohort.entry import unit_named
from rubric_engine.cohort.percents import Percents, with_percents
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.facts import read_json
from rubric_engine.facts.fold import fold
from rubric_engine.facts.problems import Problem, SubmissionError
from rubric_engine.facts.suggest import closest
from rubric_engine.rounds import Dossier, read_dossier
from rubric_engine.rounds.deadlines import Deadlines
from rubric_engine.rounds.stages import said_so_far, submission_at
from rubric_engine.tell.words import Words

said = Words("cohort")

JSON: Final = (".json",)
JSON_LINES: Final = (".jsonl", ".ndjson")
CSV: Final = (".csv", ".tsv", ".tab")
_STDIN_NAME: Final = "<stdin>"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place. ``costs`` names the unit it kept from being scored; empty for a mere remark."""

    file: str
    line: int
    column: int
    message: str
    costs: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.message}"

    def to_dict(self) -> dict[str, object]:
        """Plain values; 0 stands for a place not known."""
        return {"file": self.file, "line": self.line, "column": self.column, "message": self.message,
                "refused": bool(self.costs)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as given: ``number`` counts the units of its file from 0. A row of a CSV has its line."""

    file: str
    number: int
    given: object = field(repr=False)
    line: int = 0
    text: "Text | None" = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"{self.file}#{self.number}"

    @property
    def is_dossier(self) -> bool:
        """It says more than a submission can."""
        return files.is_dossier(self.given)

    def fault(self, message: str, path: str = "", stages: Iterable[str] = ()) -> Fault:
        """A fault of this unit at the place of a path, looked for in the latest stage first."""
        if self.text is None:
            return Fault(self.file, self.line, 0, message, self.key)
        return Fault(self.file, *self.text.place(self.number, path, tuple(stages)), message, self.key)


@dataclass(frozen=True, slots=True)
class Reading:
    """How tables and numbers are meant: percents without their sign, columns to be left out, which names the units."""

    percent: Percents | None = None
    ignore: tuple[str, ...] = ()
    unit_column: str | None = None


AS_WRITTEN: Final = Reading()

class Text:
    """The text of a JSON file, looked at again only where something in it is wrong."""

    def __init__(self, data: bytes, first_line: int = 1) -> None:
        self._data = data
        self._first_line = first_line

    def place(self, number: int, path: str, stages: tuple[str, ...]) -> tuple[int, int]:
        """Line and column of a value of the unit of that number."""
        text = self._data.decode(json.detect_encoding(self._data), "replace").removeprefix("\ufeff")
        try:
            start = list(items_of(text))[number]
            found = start
            for prefix in (*(f"stages.{stage}." for stage in stages), ""):
                found, whole = place_of(text, start, prefix + path)
                if whole:
                    break
        except (ValueError, IndexError, RecursionError):
            return 0, 0
        line, column = line_and_column(text, found)
        return line + self._first_line - 1, column


class Loaded:
    """Everything the command was given, read as far as it can be."""

    def __init__(
        self,
        rubric: CompiledRubric,
        language: str,
        deadlines: Deadlines | None = None,
        reading: Reading = AS_WRITTEN,
    ) -> None:
        self.rubric = rubric
        self.reading = reading
        self.language = language
        self.deadlines = deadlines
        self.units: list[Unit] = []
        self.faults: list[Fault] = []
        self.unread: list[str] = []
        self._costs: set[str] = set()
        self._tables: list[tuple[str, bytes]] = []

    @property
    def refused(self) -> int:
        """How many units, rows or files were lost to a fault."""
        return len(self._costs)

    def note(self, faults: Iterable[Fault]) -> None:
        """Remember faults."""
        for fault in faults:
            self.faults.append(fault)
            if fault.costs:
                self._costs.add(fault.costs)

    def told(self, unit: Unit) -> bool:
        """What is wrong with a row of a table was said, cell by cell, when it was read."""
        return bool(unit.line) and unit.key in self._costs

    # ---- reading

    def add(self, name: str, data: bytes, suffix: str) -> None:
        """One file."""
        begins = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if suffix in CSV or (suffix not in (*JSON, *JSON_LINES) and begins not in (b"{", b"[")):
            self._tables.append((name, data))
        elif not begins:
            self.note([Fault(name, 1, 1, say("empty", self.language), name)])
        elif suffix in JSON_LINES or not self._whole(name, data):
            self._lines(name, data)

    def _whole(self, name: str, data: bytes) -> bool:
        """A file that is one JSON value; false where it is one a line, whatever it is called."""
        try:
            given = read_json(data, self.language)
        except SubmissionError as error:
            lines = [line for line in data.splitlines() if line.strip()]
            if len(lines) > 1 and all(_is_object(line) for line in lines[:2]):
                return False
            self.note(_file_fault(name, problem, self.language) for problem in error.problems)
            return True
        text = Text(data)
        for number, each in enumerate(given if isinstance(given, list) else [given]):
            self.units.append(Unit(name, number, self._signed(each), text=text))
        return True

    def _lines(self, name: str, data: bytes) -> None:
        for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                given = read_json(line, self.language)
            except SubmissionError as error:
                self.note(_file_fault(name, one, self.language, number) for one in error.problems)
            else:
                self.units.append(Unit(f"{name}:{number}", 0, self._signed(given), text=Text(line, number)))

    def _signed(self, given: object) -> object:
        how = self.reading.percent
        return given if how is None else with_percents(self.rubric.plan, given, how)

    # ---- as dossiers

    def dossiers(self) -> Iterator[tuple[Unit, Dossier]]:
        """Every unit that can be read as a dossier; the others are faults, and so is a unit with two."""
        self._read_tables(self.rubric)
        twice = self._twice(self.units)
        for unit in self.units:
            if unit.key in twice:
                continue
            try:
                yield unit, read_dossier(self.rubric, unit.given)
            except SubmissionError as error:
                self.blame(unit, error)

    def _twice(self, units: Iterable[Unit]) -> frozenset[str]:
        """Units named like another: none is scored, since nobody can tell which one holds."""
        named: dict[str, list[tuple[Unit, str]]] = {}
        for unit in units:
            if name := unit_named(unit.given):
                named.setdefault(fold(name), []).append((unit, name))
        several = [(unit, name, len(those)) for those in named.values() if len(those) > 1 for unit, name in those]
        self.note(
            unit.fault(said("twice", self.language, unit=name, count=count), "unit") for unit, name, count in several
        )
        return frozenset(unit.key for unit, _, _ in several)

    def blame(self, unit: Unit, error: SubmissionError, stages: Iterable[str] = ()) -> None:
        """The problems of one unit, each at its place."""
        if not self.told(unit):
            reached = tuple(stages)
            self.note(unit.fault(problem.line(self.language), problem.path, reached) for problem in error.problems)

    # ---- as submissions of one stage

    def at_stage(self, stage: str | None) -> "AtStage":
        """Every unit as it stood at a stage; without one, at the latest any of them has reached."""
        names = [one.name for one in self.rubric.stages]
        read: list[tuple[Unit, Dossier]] = []
        twice = self._twice(unit for unit in self.units if unit.is_dossier)
        for unit in self.units:
            if unit.is_dossier and unit.key not in twice:
                try:
                    read.append((unit, read_dossier(self.rubric, unit.given)))
                except SubmissionError as error:
                    self.blame(unit, error)
        flat = [unit for unit in self.units if not unit.is_dossier]
        if stage is None and names:
            reached = [names.index(name) for _, dossier in read for name in dossier.stages]
            stage = names[-1 if flat or self._tables or not reached else max(reached)]
        at = self.rubric if stage is None else self.rubric.at_stage(stage)
        known = len(self.units)
        self._read_tables(at)
        made: list[tuple[Unit, object]] = [(unit, unit.given) for unit in (*flat, *self.units[known:])]
        absent: list[str] = []
        dossiers: dict[str, Dossier] = {}
        behind: dict[str, Dossier] = {}
        for unit, dossier in read:
            if (stage or "") in dossier.stages:
                submission = submission_at(self.rubric, dossier, stage or "", deadlines=self.deadlines)
                made.append((unit, submission))
                dossiers[dossier.unit] = dossier
            else:
                absent.append(dossier.unit)
                behind[dossier.unit] = dossier
        order = {unit.key: number for number, unit in enumerate(self.units)}
        made.sort(key=lambda pair: order[pair[0].key])
        return AtStage(self, at, stage or "", made, absent, dossiers, behind)

    def _read_tables(self, rubric: CompiledRubric) -> None:
        """CSV is read by the rubric of the stage it is for, whose inputs are its columns."""
        for name, data in self._tables:
            how = self.reading
            found = read_csv(
                data, rubric, name, language=self.language, percent=how.percent, ignore=how.ignore,
                unit_column=how.unit_column,
            )  # fmt: skip
            self.units += [Unit(name, row.line, row.submission, line=row.line) for row in found.rows]
            self.note(_row_fault(problem, found.header_line) for problem in found.problems)
            self._costs |= {f"{name}#{line}" for line in found.refused}
        self._tables = []


@dataclass(frozen=True, slots=True)
class AtStage:
    """Units as submissions of one rubric, in the order given. ``absent`` have not reached the stage, and ``behind`` are
    their dossiers; ``dossiers`` are those of the others that have one, by unit."""

    loaded: Loaded
    rubric: CompiledRubric
    stage: str
    units: list[tuple[Unit, object]]
    absent: list[str]
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    behind: dict[str, Dossier] = field(default_factory=dict)

    @property
    def submissions(self) -> list[object]:
        """What :func:`~rubric_engine.cohort.score_cohort` takes."""
        return [submission for _, submission in self.units]

    @property
    def awaited(self) -> list[Mapping[str, object]]:
        """What those who have not reached the stage have said so far."""
        whole = self.loaded.rubric
        return [said_so_far(whole, self.behind[unit], deadlines=self.loaded.deadlines) for unit in self.absent]

    def blame(self, problems: Iterable[UnitProblem]) -> None:
        """What kept units of a cohort from being scored, at its place in their files."""
        for problem in problems:
            if problem.scored:
                continue
            for place in problem.where.split(", "):
                unit, submission = self.units[int(place.removeprefix("submissions[").removesuffix("]"))]
                self._blame(unit, submission, problem.messages)

    def stages_until(self, unit: Unit) -> tuple[str, ...]:
        """Where in the unit's file a fact may stand: at this stage or, latest first, at one before."""
        stages = [one.name for one in self.loaded.rubric.stages]
        if not unit.is_dossier or not stages:
            return ()
        return tuple(reversed(stages[: stages.index(self.stage) + 1]))

    def _blame(self, unit: Unit, submission: Any, messages: tuple[str, ...]) -> None:
        try:
            self.rubric.read(submission)
        except SubmissionError as error:
            self.loaded.blame(unit, error, self.stages_until(unit))
        else:
            path = "" if unit.is_dossier else "unit"
            if not self.loaded.told(unit):
                self.loaded.note(unit.fault(message, path) for message in messages)


def load_units(
    words: list[str],
    rubric: CompiledRubric,
    beside: Path,
    language: str,
    *,
    deadlines: Deadlines | None = None,
    reading: Reading = AS_WRITTEN,
) -> Loaded:
    """Everything the words name; leaves with exit code 2 for a word that names nothing.

    A word is a file, a folder, ``-``, or the name of a submission or folder kept ``beside`` the rubric.
    """
    loaded = Loaded(rubric, language, deadlines, reading)
    seen: set[Path] = set()
    for word in words:
        if word == files.STDIN:
            loaded.add(_STDIN_NAME, files.read_stdin(), "")
            continue
        for path in _paths(word, beside, loaded):
            # A file named twice is one file: a folder and a file in it.
            if path.resolve() not in seen:
                seen.add(path.resolve())
                loaded.add(str(path), files.read_bytes(path), path.suffix.lower())
    return loaded


def _paths(word: str, beside: Path, loaded: Loaded) -> list[Path]:
    folder = _folder(word, beside, loaded.language)
    if folder is None:
        return [files.find_submission(word, beside, loaded.language)]
    inside = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    known = [path for path in inside if path.suffix.lower() in (*JSON, *JSON_LINES, *CSV)]
    loaded.unread += [str(path) for path in inside if path not in known]
    if not known:
        below = sorted(path.name for path in folder.iterdir() if path.is_dir())
        hint = say("near_folder", loaded.language, near=folder / below[0]) if below else ""
        raise wrong_use(say("no_units_inside", loaded.language, word=word, hint=hint))
    return known


def _folder(word: str, beside: Path, language: str) -> Path | None:
    """A folder as given, or one kept beside the rubric."""
    try:
        if Path(word).is_dir():
            return Path(word)
        if Path(word).exists():
            return None
    except (OSError, ValueError):
        return None
    kept = beside.with_suffix("")
    names = {path.name for path in kept.iterdir() if path.is_dir()} if kept.is_dir() else set()
    if word in names:
        return kept / word
    close = closest(word, names)
    if close is not None and not (kept / f"{word.removesuffix('.json')}.json").is_file():
        raise wrong_use(say("no_such", language, word=word, hint=near(close, language)))
    return None


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(read_json(line), dict)
    except SubmissionError:
        return line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}")


def _file_fault(name: str, problem: Problem, language: str, first_line: int = 0) -> Fault:
    """A file, or a line of one, that is no JSON at all."""
    line = int(problem.values.get("line", "1"))
    column = int(problem.values.get("column", "1"))
    if first_line:
        line = first_line
    return Fault(name, line, column, problem.line(language), f"{name}#{first_line}")


def _row_fault(problem: CsvProblem, header_line: int) -> Fault:
    """A row that is wrong costs its unit, a table without a header all of them; so does a wrong column, row by row."""
    told = f"{problem.header}: {problem.message}" if problem.header else problem.message
    whole = not header_line
    costs = f"{problem.name}#{problem.line}" if whole or problem.line != header_line else ""
    costs = "" if problem.remark else costs
    return Fault(problem.name, problem.line, problem.column, told, costs)

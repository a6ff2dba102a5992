"""A table with one row a unit, as a spreadsheet saves it, into submissions. Pure text in, plain data out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from rubric_engine.cohort.csv_text import CsvFault
from rubric_engine.cohort.csv_text import CsvLine
from rubric_engine.cohort.csv_text import csv_lines
from rubric_engine.cohort.words import said
from rubric_engine.runtime.exact import Unreadable
from rubric_engine.runtime.exact import shown
from rubric_engine.runtime.facts import STATUS_WORDS
from rubric_engine.runtime.facts import read_json
from rubric_engine.runtime.fold import fold
from rubric_engine.runtime.plan import InputSpec
from rubric_engine.runtime.plan import Kind
from rubric_engine.runtime.plan import Plan
from rubric_engine.runtime.problems import Problem
from rubric_engine.runtime.problems import SubmissionError
from rubric_engine.runtime.readers import read_label
from rubric_engine.runtime.suggest import closest

if TYPE_CHECKING:
    from rubric_engine.cohort.scoring import Scorer

_UNIT_HEADERS: Final = ("unit", "đơn vị", "tên đơn vị", "unit name")
_REGISTERS: Final = (Kind.LIST, Kind.RATINGS)


@dataclass(frozen=True, slots=True)
class CsvProblem:
    """What is wrong at one place of a table.

    ``line`` is the line of the text, ``column`` the cell in it, both counted from 1 (0: the whole row or table);
    ``header`` is what stands over the column.
    """

    name: str
    line: int
    column: int
    message: str
    header: str = ""

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}:{self.column}" if self.column else f"{self.name}:{self.line}"
        return f"{place}: {self.header}: {self.message}" if self.header else f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One unit of the table; ``submission`` is what it states, blank cells left out."""

    line: int
    unit: str
    submission: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CsvRead:
    """A table as read. A row with a value that cannot be read still stands in ``rows``: scoring it names the same
    problem, and no unit is lost. ``header_line`` is the line of the header, 0 where there is none."""

    rows: tuple[CsvRow, ...]
    problems: tuple[CsvProblem, ...] = ()
    header_line: int = 0

    @property
    def submissions(self) -> tuple[Mapping[str, object], ...]:
        """What :func:`~rubric_engine.cohort.score_cohort` takes."""
        return tuple(row.submission for row in self.rows)


def read_csv(text: str | bytes, rubric: "Scorer", name: str = "<csv>", *, language: str | None = None) -> CsvRead:
    """One row a unit. Separated by commas, semicolons or tabs; quotation marks, marks of byte order and any line end.

    A column is called ``unit``; by the name or label of an input; ``judged CODE``, or by the code or label alone;
    ``evidence NAME``, by name or label, or the label alone, a cell being the reference, with its status in brackets
    where it has one, ``12/QĐ (accepted)``; ``claims CODE``; or by the name of a figure, as ``previous rate``. A
    register or ratings are a JSON list in a cell. Numbers are read by the language of the rubric; the
    problems speak ``language``, by default the same. Never raises: every problem is in the answer with its place.
    """
    return _Table(rubric, name, language or rubric.plan.language).read(text)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the cells of a column go: section and key of a submission; ``unit`` has no key."""

    section: str
    key: str
    header: str

    @property
    def path(self) -> str:
        section = "inputs" if self.section == "register" else self.section
        return f"{section}.{self.key}" if self.key else section


class _Table:
    """One table on its way."""

    def __init__(self, rubric: "Scorer", name: str, language: str) -> None:
        self._rubric = rubric
        self._name = name
        self._language = language
        self._headers = ColumnNames(rubric.plan)
        self._specs = {spec.name: spec for spec in rubric.plan.inputs}
        self._problems: list[CsvProblem] = []
        self._columns: list[_Column | None] = []
        self._seen: dict[str, int] = {}

    def read(self, text: str | bytes) -> CsvRead:
        """Every row, every problem."""
        decoded = _decoded(text)
        if decoded is None:
            self._wrong(1, 0, "csv encoding")
            return CsvRead((), tuple(self._problems))
        lines = (line for line in csv_lines(decoded) if isinstance(line, CsvFault) or not line.blank)
        head = next(lines, None)
        if head is None or isinstance(head, CsvFault):
            self._wrong(1 if head is None else head.line, 0, "csv empty" if head is None else head.key)
            return CsvRead((), tuple(self._problems))
        self._columns = self._read_header(head)
        found = [self._row(line) for line in lines]
        problems = sorted(self._problems, key=lambda problem: (problem.line, problem.column))
        return CsvRead(tuple(row for row in found if row is not None), tuple(problems), head.line)

    def _wrong(self, line: int, column: int, key: str, header: str = "", **values: object) -> None:
        self._problems.append(CsvProblem(self._name, line, column, said(key, self._language, **values), header))

    # ---- the header

    def _read_header(self, head: CsvLine) -> list[_Column | None]:
        columns: list[_Column | None] = []
        taken: dict[str, int] = {}
        for number, header in enumerate(head.cells, start=1):
            column = self._column(head.line, number, header) if header else None
            if column is not None:
                first = taken.setdefault(column.path, number)
                if first != number:
                    self._wrong(head.line, number, "csv twice", header, word=shown(header), first=first)
                    column = None
            columns.append(column)
        if "unit" not in taken:
            self._wrong(head.line, 0, "csv unit")
        return columns

    def _column(self, line: int, number: int, header: str) -> _Column | None:
        found = self._headers.find(fold(header))
        if len(found) == 1:
            section, key = found[0]
            return _Column(section, key, header)
        if found:
            names = ", ".join(f"`{key}`" for _, key in found)
            self._wrong(line, number, "csv ambiguous", header, word=shown(header), names=names)
            return None
        mend = closest(header, self._headers.words, same_digits=True)
        key = "csv unknown" if mend is None else "csv near"
        self._wrong(line, number, key, header, word=shown(header), mend=mend)
        return None

    # ---- rows

    def _row(self, line: CsvLine | CsvFault) -> CsvRow | None:
        if isinstance(line, CsvFault):
            self._wrong(line.line, line.column, line.key)
            return None
        if any(line.cells[len(self._columns) :]):
            self._wrong(line.line, 0, "csv too many", cells=len(line.cells), columns=len(self._columns))
            return None
        sections: dict[str, dict[str, object]] = {"inputs": {}, "judged": {}}
        unit = ""
        for at, (column, cell) in enumerate(zip(self._columns, line.cells, strict=False), start=1):
            if not cell or column is None:
                continue
            if column.section == "unit":
                unit = cell
            elif column.section == "register":
                rows = self._register(line, at, column, cell)
                if rows is not None:
                    sections["inputs"][column.key] = rows
            else:
                value: object = [_piece(cell)] if column.section == "evidence" else cell
                sections.setdefault(column.section, {})[column.key] = value
        return self._named(line, unit, {"unit": unit, **sections})

    def _register(self, line: CsvLine, at: int, column: _Column, cell: str) -> object:
        """The rows of a register or the ratings, in one cell; ``None`` with a problem where it is no list."""
        try:
            rows = read_json(cell, self._rubric.plan.language)
        except SubmissionError:
            rows = None
        if not isinstance(rows, list):
            example = _example(self._specs[column.key], self._language)
            self._wrong(line.line, at, "csv register", column.header, word=shown(cell), example=example)
            return None
        return rows

    def _named(self, line: CsvLine, unit: str, submission: Mapping[str, object]) -> CsvRow:
        columns = {column.path: at for at, column in enumerate(self._columns, start=1) if column is not None}
        place = columns.get("unit", 0)
        try:
            clean = read_label(unit)
        except Unreadable:
            clean = unit  # reading it names the problem
        if not clean:
            self._wrong(line.line, place, "csv unnamed")
        elif self._seen.setdefault(clean, line.line) != line.line:
            self._wrong(line.line, place, "csv unit twice", unit=shown(clean), first=self._seen[clean])
        try:
            self._rubric.read(submission)
        except SubmissionError as error:
            for problem in error.problems:
                self._refused(line, problem, columns)
        return CsvRow(line.line, clean, submission)

    def _refused(self, line: CsvLine, problem: Problem, columns: Mapping[str, int]) -> None:
        at = columns.get(problem.path.partition("[")[0], 0)
        column = self._columns[at - 1] if at else None
        placed = Problem(problem.code, "" if at else problem.path, problem.values, problem.help)
        header = "" if column is None else column.header
        self._problems.append(CsvProblem(self._name, line.line, at, placed.line(self._language), header))


def _example(spec: InputSpec, language: str) -> str:
    """A register of one row, or two ratings, as a cell holds them."""
    if spec.kind is Kind.RATINGS:
        return "[4, 5]"
    row = {column.name: _some_value(column, language) for column in spec.columns if not column.optional}
    return json.dumps([row], ensure_ascii=False)


def _some_value(column: InputSpec, language: str) -> object:
    match column.kind:
        case Kind.TEXT:
            return "…"
        case Kind.LEVEL:
            return column.levels[0].name
        case Kind.YES_NO:
            return "có" if language == "vi" else "yes"
        case Kind.DATE:
            return "2026-01-15"
        case Kind.PERCENT:
            return "85%"
        case _:
            return 5


def _piece(cell: str) -> dict[str, object]:
    """A piece of evidence: its reference, and the status that stands in brackets behind it."""
    reference, opened, status = cell.removesuffix(")").rpartition("(")
    if opened and cell.endswith(")") and fold(status) in STATUS_WORDS:
        return {"reference": reference.strip(), "status": status.strip()}
    return {"reference": cell}


def _decoded(text: str | bytes) -> str | None:
    if isinstance(text, str):
        return text
    wide = text.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return text.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None


class ColumnNames:
    """What a column may be called: a word, folded, to every (section, key) it can mean; names win over labels."""

    def __init__(self, plan: Plan) -> None:
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        self._by_label: dict[str, list[tuple[str, str]]] = {}
        self.words: list[str] = ["unit"]
        for word in _UNIT_HEADERS:
            self._by_name[fold(word)] = [("unit", "")]
        for spec in plan.inputs:
            self._name(spec.name, _section_of(spec), spec.name)
            self._label(spec.label, _section_of(spec), spec.name)
        for judged in plan.judged:
            for word in (f"judged {judged.key}", f"điểm nhận xét {judged.key}", judged.key):
                self._name(word, "judged", judged.key)
            self._label(judged.label, "judged", judged.key)
        titles = {node.code: node.title for node in plan.nodes}
        for judged in plan.judged:
            self._label(titles.get(judged.key, ""), "judged", judged.key)
        for evidence in plan.evidence:
            for word in (f"evidence {evidence.name}", f"minh chứng {evidence.name}"):
                self._name(word, "evidence", evidence.name)
            for word in (evidence.title, f"evidence {evidence.title}", f"minh chứng {evidence.title}"):
                self._label(word if evidence.title else "", "evidence", evidence.name)
        for code in titles:
            for word in (f"claims {code}", f"tự chấm {code}"):
                self._name(word, "claims", code)

    def find(self, word: str) -> list[tuple[str, str]]:
        """What the folded word can mean."""
        return self._by_name.get(word) or self._by_label.get(word) or []

    def _name(self, word: str, section: str, key: str) -> None:
        self.words.append(word)
        self._add(self._by_name, word, section, key)

    def _label(self, word: str, section: str, key: str) -> None:
        if word:
            self.words.append(word)
            self._add(self._by_label, word, section, key)

    def _add(self, words: dict[str, list[tuple[str, str]]], word: str, section: str, key: str) -> None:
        meanings = words.setdefault(fold(word), [])
        if (section, key) not in meanings:
            meanings.append((section, key))


def _section_of(spec: InputSpec) -> str:
    if spec.kind in _REGISTERS:
        return "register"
    return "references" if spec.reference else "inputs"


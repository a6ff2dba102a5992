"""A table with one row a unit, as a spreadsheet saves it, into submissions. Pure text in, plain data out."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from rubric_engine.cohort.percents import Percents, are_shares, rows_signed, signed
from rubric_engine.csv_text import CsvFault, CsvLine, csv_lines
from rubric_engine.facts.decisions import MORE
from rubric_engine.facts.evidence import is_tick, read_reference
from rubric_engine.facts.facts import read_json
from rubric_engine.facts.fold import fold
from rubric_engine.facts.problems import Problem, SubmissionError, more_problems
from rubric_engine.facts.readers import read_label
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.exact import Unreadable, shown
from rubric_engine.plan.deciding import GRADE, PLACE, decided_as, left_open
from rubric_engine.plan.plan import InputSpec, Kind, Plan
from rubric_engine.tell.words import Words

said = Words("cohort", "common")

if TYPE_CHECKING:
    from rubric_engine.scorer import Scorer

_UNIT_HEADERS: Final = ("unit", "đơn vị", "tên đơn vị", "unit name")
# A last row of a sheet that adds up the others is no unit.
SUMMARIES: Final = frozenset((
    "total", "totals", "grand total", "sum", "average",
    "tổng", "tổng số", "tổng cộng", "cộng", "bình quân", "trung bình",
))  # fmt: skip
_REGISTERS: Final = (Kind.LIST, Kind.RATINGS)


@dataclass(frozen=True, slots=True)
class CsvProblem:
    """What is wrong at one place of a table.

    ``line`` is the line of the text, ``column`` the cell in it, both counted from 1 (0: the whole row or table);
    ``header`` is what stands over the column. ``remark``: it keeps nobody from being scored.
    """

    name: str
    line: int
    column: int
    message: str
    header: str = ""
    remark: bool = False

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
    problem, and no unit is lost. Where a column is wrong there are no rows: what it holds would be missing everywhere.

    ``refused`` are the lines of the rows that cannot be scored, whether they stand in ``rows`` or not.
    ``header_line`` is the line of the header, 0 where there is none.
    """

    rows: tuple[CsvRow, ...]
    problems: tuple[CsvProblem, ...] = ()
    header_line: int = 0
    refused: tuple[int, ...] = ()

    @property
    def submissions(self) -> tuple[Mapping[str, object], ...]:
        """What :func:`~rubric_engine.cohort.score_cohort` takes."""
        return tuple(row.submission for row in self.rows)


def read_csv(
    text: str | bytes,
    rubric: "Scorer",
    name: str = "<csv>",
    *,
    language: str | None = None,
    percent: Percents | str | None = None,
    ignore: Iterable[str] = (),
    unit_column: str | None = None,
) -> CsvRead:
    """One row a unit. Separated by commas, semicolons or tabs; quotation marks, marks of byte order and any line end.

    A column is called ``unit``; by the name or label of an input; ``judged CODE``, or by the code or label alone;
    ``decision CODE`` (also ``decision grade``, ``decision rank``), with ``decision CODE by``, ``on`` and ``because``;
    ``evidence NAME``, by name or label, or the label alone, a cell being the reference, with its status behind it
    where it has one, ``12/QĐ (accepted)``, or JSON; ``claims CODE``; or by the name of a figure, as ``previous rate``.
    A register or ratings are a JSON list in a cell. Numbers are read by the language of the rubric; the problems speak
    ``language``, by default the same.

    A column nobody knows is refused with the whole table, unless ``ignore`` names it (``""``: columns without a name).
    ``unit_column`` names the column of the units where it is called otherwise.
    ``percent`` says how percents without their sign are meant, ``"share"`` (0.85 is 85%) or ``"whole"``; without it a
    column that holds shares throughout is read as shares, which is remarked, and a bare 1 or 0.85 elsewhere is refused.
    Never raises for what the text holds: every problem is in the answer with its place.
    """
    how = None if percent is None else Percents(percent)
    return _Table(rubric, name, language or rubric.plan.language, how, ignore, unit_column).read(text)


# Who decided, on which day, and why, in a column of its own behind that of the decision.
_DECIDED: Final = {"decided by": ("by", "bởi"), "decided on": ("on", "ngày"), "decided because": ("because", "lý do")}


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

    def __init__(
        self,
        rubric: "Scorer",
        name: str,
        language: str,
        percent: Percents | None,
        ignore: Iterable[str],
        unit_column: str | None,
    ) -> None:
        self._unit_column = None if unit_column is None else fold(unit_column)
        self._rubric = rubric
        self._name = name
        self._language = language
        self._percent = percent
        self._ignore = frozenset(fold(word) for word in ignore)
        self._headers = ColumnNames(rubric.plan)
        self._specs = {spec.name: spec for spec in rubric.plan.inputs}
        self._problems: list[CsvProblem] = []
        self._told: dict[int, set[int]] = {}
        self._more = 0
        self._columns: list[_Column | None] = []
        self._signs: dict[str, Percents] = {}
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
        most = self._rubric.limits.units
        body = list(islice(lines, most + 1))
        if len(body) > most:
            self._wrong(body[most].line, 0, "csv too long", most=most)
            return CsvRead((), tuple(self._problems), head.line)
        self._columns = self._read_header(head, body)
        if any(problem.column for problem in self._problems):
            return CsvRead((), tuple(self._problems), head.line, tuple(line.line for line in body))
        self._signs = self._percents(head, body)
        found = [self._row(line) for line in body]
        problems = sorted(self._problems, key=lambda problem: (problem.line, problem.column))
        if self._more:
            words = more_problems(self._more, self._language)
            problems.append(CsvProblem(self._name, problems[-1].line, 0, words))
        wrong = tuple(sorted(self._told.keys() - {head.line}))
        return CsvRead(tuple(row for row in found if row is not None), tuple(problems), head.line, wrong)

    def _wrong(self, line: int, column: int, key: str, header: str = "", **values: object) -> None:
        self._note(line, column, said(key, self._language, **values), header)

    def _note(self, line: int, column: int, message: str, header: str) -> None:
        """One problem more, told or only counted; its row is refused either way."""
        self._told.setdefault(line, set()).add(column)
        if len(self._problems) < self._rubric.limits.problems:
            self._problems.append(CsvProblem(self._name, line, column, message, header))
        else:
            self._more += 1

    # ---- the header

    def _read_header(self, head: CsvLine, body: list[CsvLine | CsvFault]) -> list[_Column | None]:
        columns: list[_Column | None] = []
        taken: dict[str, int] = {}
        for number, header in enumerate(head.cells, start=1):
            if fold(header) in self._ignore:
                column = None
            elif header:
                column = self._column(head.line, number, header)
            else:
                column = None
                if any(isinstance(line, CsvLine) and any(line.cells[number - 1 : number]) for line in body):
                    self._wrong(head.line, number, "csv blank header")
            if column is not None:
                first = taken.setdefault(column.path, number)
                if first != number:
                    self._wrong(head.line, number, "csv twice", header, word=shown(header), first=first)
                    column = None
            columns.append(column)
        if "unit" not in taken:
            key = "csv unit" if self._unit_column is None else "csv no such unit column"
            self._wrong(head.line, 0, key, word=shown(self._unit_column or ""))
        return columns

    def _column(self, line: int, number: int, header: str) -> _Column | None:
        if fold(header) == self._unit_column:
            return _Column("unit", "", header)
        found = self._headers.find(fold(header))
        if self._unit_column is not None and ("unit", "") in found:
            found = [meant for meant in found if meant != ("unit", "")]  # another column has the units
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

    def _percents(self, head: CsvLine, body: list[CsvLine | CsvFault]) -> dict[str, Percents]:
        """How the percents of each column are meant, where that was said or is plain from the whole column."""
        found: dict[str, Percents] = {}
        for at, column in enumerate(self._columns):
            if column is None or self._kind(column) is not Kind.PERCENT:
                continue
            cells = [line.cells[at] for line in body if isinstance(line, CsvLine) and at < len(line.cells)]
            if self._percent is not None:
                found[column.path] = self._percent
            elif are_shares(cells, self._rubric.plan.language):
                found[column.path] = Percents.SHARE
                words = said("csv shares", self._language)
                self._problems.append(CsvProblem(self._name, head.line, at + 1, words, column.header, remark=True))
        return found

    def _kind(self, column: _Column) -> Kind | None:
        spec = self._specs.get(column.key) if column.section in ("inputs", "references") else None
        return None if spec is None else spec.kind

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
            else:
                section = "inputs" if column.section == "register" else column.section
                sections.setdefault(section, {})[column.key] = self._cell(line, at, column, cell)
        if fold(unit) in SUMMARIES:
            place = 1 + next(at for at, column in enumerate(self._columns) if column and column.section == "unit")
            words = said("csv summary", self._language, unit=shown(unit))
            self._problems.append(CsvProblem(self._name, line.line, place, words, remark=True))
            return None
        return self._named(line, unit, {"unit": unit, **self._decided(sections)})

    def _decided(self, sections: dict[str, dict[str, object]]) -> Mapping[str, object]:
        """The sections of a submission: who decided, when and why stands with what was decided."""
        more = {end: sections.pop(section, {}) for section, end in zip(_DECIDED, MORE, strict=True)}
        decisions = sections.get("decisions", {})
        for key in {key for cells in more.values() for key in cells}:
            told = {end: cells[key] for end, cells in more.items() if key in cells}
            sections.setdefault("decisions", decisions)[key] = {
                decided_as(self._rubric.plan, key): decisions.get(key), **told,
            }  # fmt: skip
        return sections

    def _cell(self, line: CsvLine, at: int, column: _Column, cell: str) -> object:
        """What a cell states. One that cannot be read is handed on as it is: whoever reads the row refuses it."""
        language = self._rubric.plan.language
        if column.section == "register":
            rows = self._json(cell)
            if isinstance(rows, list):
                return rows if self._percent is None else rows_signed(
                    self._specs[column.key], rows, self._percent, language
                )  # fmt: skip
            example = _example(self._specs[column.key], self._language)
            self._wrong(line.line, at, "csv register", column.header, word=shown(cell), example=example)
            return cell
        if column.section == "evidence":
            if is_tick(cell):
                problem = Problem("RUB524", "", {"value": shown(cell)})
                self._wrong_problem(line.line, at, problem, column.header)
                return [_UNREADABLE]
            piece = self._json(cell) if cell.startswith(("{", "[")) else _pieces(cell)
            return cell if piece is None else piece
        return signed(cell, self._signs[column.path], language) if column.path in self._signs else cell

    def _json(self, cell: str) -> object:
        """The value a cell holds as JSON, or ``None``."""
        try:
            return read_json(cell, self._rubric.plan.language)
        except SubmissionError:
            return None

    def _named(self, line: CsvLine, unit: str, submission: Mapping[str, object]) -> CsvRow:
        columns = {column.path: at for at, column in enumerate(self._columns, start=1) if column is not None}
        place = columns.get("unit", 0)
        try:
            clean = read_label(unit)
        except Unreadable:
            clean = unit  # reading it names the problem
        if not clean:
            self._wrong(line.line, place, "csv unnamed")
        elif self._seen.setdefault(fold(clean), line.line) != line.line:
            self._wrong(line.line, place, "csv unit twice", unit=shown(clean), first=self._seen[fold(clean)])
        try:
            self._rubric.read(submission)
        except SubmissionError as error:
            told = frozenset(self._told.get(line.line, ()))
            for problem in error.problems:
                self._refused(line, problem, columns, told)
        return CsvRow(line.line, clean, submission)

    def _refused(
        self, line: CsvLine, problem: Problem, columns: Mapping[str, int], told: Collection[int]
    ) -> None:
        path = problem.path.partition("[")[0]
        # A piece of evidence may have its own fields behind the name of its column.
        at = columns.get(path) or next((columns[one] for one in columns if path.startswith(f"{one}.")), 0)
        if at and at in told:
            return  # the table has said what is wrong with the cell
        header = "" if not at or (column := self._columns[at - 1]) is None else column.header
        placed = Problem(problem.code, "" if at else problem.path, problem.values, problem.help)
        self._wrong_problem(line.line, at, placed, header)

    def _wrong_problem(self, line: int, at: int, problem: Problem, header: str) -> None:
        self._note(line, at, problem.line(self._language), header)


def _pieces(cell: str) -> list[object] | None:
    """A reference with the status behind it, or nothing; ``None`` where nobody can tell."""
    try:
        reference, status = read_reference(cell)
    except Unreadable:
        return None
    return [{"reference": reference, **({"status": status} if status else {})}] if reference else []


# What no reader takes for a piece of evidence.
_UNREADABLE: Final = False


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
            return said("yes", language)
        case Kind.DATE:
            return "2026-01-15"
        case Kind.PERCENT:
            return "85%"
        case _:
            return 5


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
        for key in left_open(plan):
            vietnamese = key.replace(GRADE, "xếp loại") if decided_as(plan, key) == GRADE else key
            vietnamese = "thứ hạng" if key == PLACE else vietnamese
            for word in (f"decision {key}", f"quyết định {vietnamese}"):
                self._name(word, "decisions", key)
                for section, ends in _DECIDED.items():
                    for end in ends:
                        self._name(f"{word} {end}", section, key)

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


"""The rows of a table that stand in a file beside the rubric, as a spreadsheet saves it.

Its first line names the columns. Cells keep their place in the file, so that whatever is wrong with one is shown there.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from rubric_engine.csv_text import CsvFault, CsvLine, csv_lines
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.facts.fold import fold
from rubric_engine.meaning.exact import Unreadable, read_written
from rubric_engine.meaning.limits import LIMITS
from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import forms, languages
from rubric_engine.syntax.tree import nodes as n

MOST_BYTES = 4_000_000
_MOST_TOLD = 20


@record
class TableFile:
    """The table with its keys, and its rows; none where something is wrong with the file."""

    clause: n.TableClause
    rows: tuple[n.Row, ...]
    problems: tuple[Diagnostic, ...]


def read_table(
    text: str, start: int, clause: n.TableClause, language: str, most: int = LIMITS.rows
) -> TableFile:
    """The rows of a table; ``start`` is where the text of its file begins among all the texts, ``most`` how
    many rows are read."""
    reader = _Reader(start, clause, language, most)
    rows = tuple(reader.rows(text))
    if not rows and not reader.problems:
        reader.wrong("RUB221", clause.span, help="help_empty")
    return TableFile(reader.clause, () if reader.problems else rows, tuple(reader.problems[:_MOST_TOLD]))


class _Reader:
    def __init__(self, start: int, clause: n.TableClause, language: str, most: int) -> None:
        self._most = most
        self.clause = clause
        self.problems: list[Diagnostic] = []
        self._start = start
        self._language = language
        self._keys: list[int] = []
        self._value = 0
        self._wanted = 0
        self._otherwise = {fold(word) for each in languages() for word in forms("OTHERWISE", each)}

    def wrong(self, code: str, span: Span, **values: object) -> None:
        path = "" if self.clause.path is None else self.clause.path.value
        self.problems.append(problem(code, span, path=path, **values))  # type: ignore[arg-type]

    def rows(self, text: str) -> Iterator[n.Row]:
        lines = (line for line in csv_lines(text) if isinstance(line, CsvFault) or not line.blank)
        head = next(lines, None)
        if head is None or isinstance(head, CsvFault) or not self._read_head(head):
            if not self.problems:
                self.wrong("RUB221", self.clause.span, help="help_empty" if head is None else "help_quote")
            return
        for line in islice(lines, self._most):
            row = self._row(line)
            if row is not None:
                yield row
        if next(lines, None) is not None:
            self.wrong("RUB221", self.clause.span, help="help_rows", limit=self._most)

    def _span(self, line: CsvLine, at: int) -> Span:
        first, last = line.places[at]
        return Span(self._start + first, max(self._start + last, self._start + first + 1))

    def _whole(self, line: CsvLine) -> Span:
        return self._span(line, 0).merge(self._span(line, len(line.cells) - 1))

    # ---- the header

    def _read_head(self, head: CsvLine) -> bool:
        """Which column is which key, and which holds what the table gives."""
        names = [fold(cell) for cell in head.cells]
        while names and not names[-1]:
            names.pop()
        self._wanted = len(names)
        if len(names) < 2 or "" in names:
            self.wrong("RUB221", self._whole(head), help="help_head")
            return False
        if not self.clause.by:
            self._keys, self._value = list(range(len(names) - 1)), len(names) - 1
            by = tuple(n.Ident(head.cells[at], self._span(head, at)) for at in self._keys)
            self.clause = n.TableClause(
                self.clause.name, by, self.clause.giving, self.clause.path, self.clause.span
            )  # fmt: skip
            return True
        for key in self.clause.by:
            if fold(key.text) not in names:
                self.wrong("RUB221", self._whole(head), help="help_column", name=key.text)
                return False
            self._keys.append(names.index(fold(key.text)))
        others = [at for at in range(len(names)) if at not in self._keys]
        called = [at for at in others if names[at] == fold(self.clause.name.text)]
        if len(others) != 1 and len(called) != 1:
            self.wrong("RUB221", self._whole(head), help="help_value", name=self.clause.name.text)
            return False
        self._value = (called or others)[0]
        return True

    # ---- rows

    def _row(self, line: CsvLine | CsvFault) -> n.Row | None:
        if isinstance(line, CsvFault):
            self.wrong("RUB221", self.clause.span, help="help_quote", line=line.line)
            return None
        span = self._whole(line)
        if len(line.cells) <= max(*self._keys, self._value) or any(line.cells[self._wanted :]):
            self.wrong("RUB222", span, help="help_cells", text="", found=len(line.cells), wanted=self._wanted)
            return None
        value = self._given(line)
        if value is None:
            return None
        cells = [line.cells[at] for at in self._keys]
        if fold(cells[0]) in self._otherwise and not any(cells[1:]):
            return n.Row(n.OtherwiseKey(span), value, span)
        for at in self._keys:
            if not line.cells[at]:
                self.wrong("RUB222", span, help="help_blank", text="", found="", wanted="")
                return None
        columns = tuple((n.FileKey(line.cells[at], self._span(line, at)),) for at in self._keys)
        here = columns[0][0].span.merge(columns[-1][0].span)
        return n.Row(n.TableKeys(columns, here), value, span)

    def _given(self, line: CsvLine) -> n.Expr | None:
        text, span = line.cells[self._value], self._span(line, self._value)
        if self.clause.giving is not None and text:
            return n.Name(text, span)
        try:
            written = read_written(text, self._language)
        except Unreadable:
            self.wrong("RUB222", span, help="help_number" if text else "help_blank", text=text, found="", wanted="")
            return None
        return n.Num(Fraction(written.value) * (100 if written.percent else 1), written.percent, span)

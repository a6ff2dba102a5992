"""``use "common.rubric"``: the criteria and declarations of another file of the same folder, in this rubric's place;
and ``table pr from "pr.csv"``, the rows of a table.

The only part of compiling that reads files, and it reads none outside the rubric's own folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.meaning.limits import BYTES_OF_A_CHARACTER, LIMITS
from rubric_engine.source import SourceFile, Span
from rubric_engine.syntax.parser import Parsed, parse
from rubric_engine.syntax.tree import nodes as n
from rubric_engine.table_files import MOST_BYTES, read_table

# What a shared file says of itself, and its own grades and examples, stay with it.
_ITS_OWN = (
    n.RubricHead, n.Version, n.Issued, n.InForce, n.TotalPoints, n.Contains, n.OnlyAccepted, n.Grades, n.AllGrades,
    n.GradeRowClause, n.GateClause, n.QuotaClause, n.PublishedAs, n.RankingClause, n.RankBy, n.TiesClause, n.Stages,
    n.DeadlineClause, n.Example, n.Given, n.Expect,
)  # fmt: skip
_OF_SHEET = (n.CombineClause, n.NeedsClause, n.NotRatedClause)
MOST_FILES = 50


def with_used(
    source: SourceFile,
    parsed: Parsed,
    folder: str | Path | None,
    characters: int = LIMITS.characters,
    files: dict[str, bytes] | None = None,
    rows: int = LIMITS.rows,
) -> tuple[SourceFile, Parsed, list[Diagnostic]]:
    """The rubric with every used file's statements where its ``use`` stands; what cannot be used is reported.

    All together have at most so many ``characters``, the file of a table so many ``rows``; of a file no more is read
    than tells that it is too long.
    ``files`` holds what has been read, by the names the texts use: what is there is not read again.
    """
    if not any(_names_a_file(statement) for statement in parsed.tree.statements):
        return source, parsed, []
    inside = None if folder is None else Path(folder).resolve()
    gathering = _Gathering(inside, characters, {} if files is None else files)
    own = () if gathering.folder is None else ((gathering.folder / source.name).resolve(),)
    gathering.add(source, parsed.tree, own)
    tables = list(gathering.tables.values())
    if len(gathering.files) == 1 and not tables:
        return source, parsed, gathering.problems
    joined = SourceFile.joined([*gathering.files, *tables])
    starts = [part.start for part in joined.parts]
    # The files of tables stand last, and are no rubric text.
    rubrics = len(gathering.files)
    end = starts[rubrics] if tables else len(joined.text)
    whole = parse(replace(joined, text=joined.text[:end]) if tables else joined)
    beside = {path: (table.text, start) for path, table, start in zip(
        gathering.tables, tables, starts[rubrics:], strict=True)}  # fmt: skip
    spread = _Spreading(starts[:rubrics], whole.tree.statements, gathering, beside, whole.tree.language, rows)
    tree = n.SyntaxTree(whole.tree.language, tuple(spread.statements(0)), whole.tree.trivia)
    return joined, Parsed(tree, whole.diagnostics), [*gathering.problems, *spread.problems]


def _names_a_file(statement: n.Statement) -> bool:
    return isinstance(statement, n.UseClause) or (isinstance(statement, n.TableClause) and statement.path is not None)


class _Gathering:
    """Reads the used files, each once; ``targets`` maps (file, n-th use in it) to the file used.

    ``tables`` are the files of tables by their path, ``told`` the clauses whose file is no file.
    """

    def __init__(self, folder: Path | None, characters: int, read: dict[str, bytes]) -> None:
        self.folder = folder
        self.read = read
        self.characters = characters
        self.left = characters
        self.files: list[SourceFile] = []
        self.targets: dict[tuple[int, int], int] = {}
        self.tables: dict[str, SourceFile] = {}
        self.problems: list[Diagnostic] = []

    def add(self, source: SourceFile, tree: n.SyntaxTree, chain: tuple[Path, ...]) -> int:
        here = len(self.files)
        self.files.append(source)
        self.left -= len(source.text)
        uses = [statement for statement in tree.statements if isinstance(statement, n.UseClause)]
        for number, clause in enumerate(uses):
            path = self._path(clause, chain)
            if path is None:
                continue
            used = self._read(path, clause)
            if used is not None:
                self.targets[(here, number)] = self.add(used, parse(used).tree, (*chain, path))
        for statement in tree.statements:
            if isinstance(statement, n.TableClause) and statement.path is not None:
                self._add_table(statement, statement.path.value, chain)
        return here

    def _add_table(self, clause: n.TableClause, name: str, chain: tuple[Path, ...]) -> None:
        path = None if name in self.tables else self._path(clause, chain)
        found = None if path is None else self._read(path, clause)
        if found is not None:
            self.tables[name] = found

    def _path(self, clause: n.UseClause | n.TableClause, chain: tuple[Path, ...]) -> Path | None:
        # Below the first file a span would not fit the text the reader sees; the chain of names tells the place.
        span = clause.span if len(chain) < 2 else Span(0, 0)
        assert clause.path is not None
        name = clause.path.value
        if self.folder is None:
            self.problems.append(problem("RUB218", span, path=name, help="help_no_folder"))
            return None
        try:
            path = (self.folder / name).resolve()
        except (OSError, RuntimeError, ValueError):  # links in a circle, a NUL: no path at all
            self.problems.append(problem("RUB218", span, path=name))
            return None
        if not path.is_relative_to(self.folder):
            self.problems.append(problem("RUB219", span, path=name))
            return None
        if path in chain or len(self.files) >= MOST_FILES:
            ring = " → ".join(one.name for one in (*chain, path))
            self.problems.append(problem("RUB220", span, path=name, ring=ring))
            return None
        return path

    def _read(self, path: Path, clause: n.UseClause | n.TableClause) -> SourceFile | None:
        assert clause.path is not None
        name, table = clause.path.value, isinstance(clause, n.TableClause)
        most = MOST_BYTES if table else BYTES_OF_A_CHARACTER * max(0, self.left)
        try:
            data = self._data(path, name, most)
            used = None if data is None or len(data) > most else SourceFile.from_bytes(data, path.name)
            if used is not None and (table or len(used.text) <= max(0, self.left)):
                return used
            if data is not None:
                self.problems.append(
                    problem("RUB221", clause.span, path=name, help="help_large", limit=MOST_BYTES) if table else
                    problem("RUB113", clause.span, help="file", limit=self.characters, what=name)
                )  # fmt: skip
                return None
        except (OSError, UnicodeDecodeError):
            pass
        self.problems.append(problem("RUB218", clause.span, path=clause.path.value))
        return None

    def _data(self, path: Path, name: str, most: int) -> bytes | None:
        """The bytes of a file, at most one more than allowed; ``None`` for what is no file: a pipe would never end."""
        if name not in self.read:
            if not path.is_file():
                return None
            with path.open("rb") as file:
                self.read[name] = file.read(most + 1)
        return self.read[name]


class _Spreading:
    """Puts the statements of each joined file in the place it is used, and the rows of its file below a table."""

    def __init__(
        self, starts: Sequence[int], statements: tuple[n.Statement, ...], gathered: _Gathering,
        beside: Mapping[str, tuple[str, int]], language: str, rows: int,
    ) -> None:  # fmt: skip
        self._rows = rows
        self.problems: list[Diagnostic] = []
        self._targets = gathered.targets
        self._beside = beside
        self._language = language
        self.of_file: list[list[n.Statement]] = [[] for _ in starts]
        file = 0
        for statement in statements:
            while file + 1 < len(starts) and statement.span.start >= starts[file + 1]:
                file += 1
            self.of_file[file].append(statement)

    def _table(self, clause: n.TableClause) -> list[n.Statement]:
        """The table with the rows of its file; without any where the file could not be read."""
        found = None if clause.path is None else self._beside.get(clause.path.value)
        if found is None:
            return [clause]
        read = read_table(*found, clause, self._language, self._rows)
        self.problems += read.problems
        return [read.clause, *read.rows]

    def statements(self, file: int) -> list[n.Statement]:
        found: list[n.Statement] = []
        number = 0
        below = False  # how a shared file combines its own sheet stays with it; its groups come along
        for statement in self.of_file[file]:
            below = below or isinstance(statement, n.Heading | n.Pool)
            if file and (isinstance(statement, _ITS_OWN) or (isinstance(statement, _OF_SHEET) and not below)):
                continue
            if isinstance(statement, n.TableClause):
                found += self._table(statement)
                continue
            if not isinstance(statement, n.UseClause):
                found.append(statement)
                continue
            target = self._targets.get((file, number))
            number += 1
            if target is not None:
                found += self.statements(target)
        return found

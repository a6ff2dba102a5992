"""The flat statements of a file, hung where they belong: header, headings with their clauses, grades, examples."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from rubric_engine.diagnostics.shape import Fix
from rubric_engine.model import WorkedExample
from rubric_engine.plan.plan import Kind
from rubric_engine.rules.forms.registry import RULE_CLAUSES, RuleClause
from rubric_engine.rules.names.scope import Scope
from rubric_engine.source import NOWHERE, Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree import nodes as n

_HEADER = (
    n.RubricHead, n.Version, n.Issued, n.InForce, n.TotalPoints, n.Contains, n.OnlyAccepted, n.PublishedAs, n.Stages,
    n.DeadlineClause,
)  # fmt: skip
_NODE_CLAUSES = (
    n.EvidenceClause, n.EveryLeaf, n.AdjustClause, n.RequireClause, n.LimitClause, n.RoundedClause,
    n.NotApplicableClause, n.MetWhen, n.CombineClause, n.NeedsClause, n.MissingClause,
    n.NotRatedClause,
    n.AskedFrom,
)  # fmt: skip

# The depth of the heading a combining sheet stands for; a pool has 0, every written heading more.
ABOVE_ALL = -1


@dataclass
class Draft:
    """A heading and the statements under it, before anything is bound.

    ``uncertain`` when a line between the heading and its rule could not be read: it may have been another heading.
    """

    heading: n.Heading
    parent: int | None
    children: list[int] = field(default_factory=list)
    clauses: list[n.Statement] = field(default_factory=list)
    rules: list[RuleClause] = field(default_factory=list)
    rows: list[n.Row] = field(default_factory=list)
    every_leaf: n.EveryLeaf | None = None
    uncertain: bool = False

    @property
    def code(self) -> str:
        return self.heading.code.text


@dataclass
class Table:
    """A grade table as written: its clause, and the rows, gates and quotas that hang to it."""

    clause: n.Grades
    rows: list[n.GradeRowClause | n.Row] = field(default_factory=list)
    gates: list[n.GateClause] = field(default_factory=list)
    quotas: list[n.QuotaClause] = field(default_factory=list)


@dataclass
class Outline:
    """Everything of a file in its place. ``declared`` holds input, let and parameter clauses with their heading.

    ``columns`` holds those of a register by its name; ``tables`` the lookup tables and scales with their rows.
    """

    head: n.RubricHead | None = None
    header: list[n.Statement] = field(default_factory=list)
    declared: list[tuple[n.InputClause | n.LetClause | n.ParameterClause, int | None]] = field(default_factory=list)
    columns: dict[str, list[n.InputClause]] = field(default_factory=dict)
    defines: list[n.DefineClause] = field(default_factory=list)
    level_lists: list[n.LevelsClause] = field(default_factory=list)
    tables: list[tuple[n.TableClause | n.ScaleClause, list[n.Row]]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    grades: list[Table] = field(default_factory=list)
    shared_gates: list[n.GateClause | n.QuotaClause] = field(default_factory=list)
    limits: list[n.TotalLimit] = field(default_factory=list)
    ranking: n.RankingClause | None = None
    rank_by: n.RankBy | None = None
    ties: n.TiesClause | None = None
    examples: list[WorkedExample] = field(default_factory=list)
    end: Span = NOWHERE


class _Hanger:
    """Walks the statements once, keeping what is open: a heading, a table, the grades, an example."""

    def __init__(self, scope: Scope, broken: Sequence[int]) -> None:
        self.scope = scope
        self.broken = broken
        self.last_end = 0
        self.skip_rows = False
        self.out = Outline()
        self.path: list[int] = []
        self.section = "header"
        self.table_open = False
        self.register: str | None = None
        self.lookup: list[n.Row] | None = None
        self.shared_gates = False
        self.example: tuple[n.Example, list[n.Given], list[n.Expect]] | None = None
        self.of_sheet: list[n.CombineClause | n.NeedsClause | n.NotRatedClause] = []

    def hang(self, statement: n.Statement) -> None:
        """Put one statement in its place, or say why it has none."""
        is_row = isinstance(statement, n.Row | n.GradeRowClause)
        self._look_for_broken_lines(statement)
        if is_row and self.skip_rows and not self.table_open:
            return
        self.skip_rows = self.skip_rows and (is_row or isinstance(statement, n.GateClause | n.QuotaClause))
        if not is_row and not isinstance(statement, n.GateClause | n.QuotaClause | n.TotalLimit | n.ColumnClause):
            self.table_open = False
            self.lookup = None
        match statement:
            case n.Pool():
                self._heading(_pool_heading(statement, self.scope))
            case n.Heading():
                self._heading(statement)
            case n.Row() | n.GradeRowClause():
                self._row(statement)
            case n.InputClause() if statement.column:
                self._register_column(statement)
            case n.InputClause() | n.LetClause() | n.ParameterClause():
                self._declare(statement)
            case n.DefineClause():
                self.out.defines.append(statement)
            case n.LevelsClause():
                self.out.level_lists.append(statement)
            case n.TableClause() | n.ScaleClause():
                self.lookup = []
                self.out.tables.append((statement, self.lookup))
            case n.UseClause():
                # The engine has put the file's statements in its place; here it only marks where.
                pass
            case n.Grades() | n.AllGrades():
                self._grades(statement)
            case n.GateClause() | n.QuotaClause():
                self._gate(statement)
            case n.RankingClause() | n.RankBy() | n.TiesClause():
                self._ranking(statement)
            case n.TotalLimit():
                self.out.limits.append(statement)
            case n.Example() | n.Given() | n.Expect():
                self._example(statement)
            case n.ColumnClause():
                self._column(statement)
            case n.CombineClause() | n.NeedsClause() | n.NotRatedClause() if self.section == "header":
                self.of_sheet.append(statement)
            case _ if isinstance(statement, _HEADER):
                self._header(statement)
            case _:
                self._clause(statement)

    def _look_for_broken_lines(self, statement: n.Statement) -> None:
        """Where the line that would have opened a table could not be read, its rows are not to blame."""
        if bisect_left(self.broken, self.last_end) != bisect_left(self.broken, statement.span.start):
            self.skip_rows = True
        self.last_end = statement.span.end

    def _declare(self, statement: n.InputClause | n.LetClause | n.ParameterClause) -> None:
        here = self.path[-1] if self.path and self.section == "outline" else None
        self.out.declared.append((statement, here))
        is_register = isinstance(statement, n.InputClause) and statement.type == Kind.LIST
        self.register = statement.names[0].text if is_register else None  # type: ignore[union-attr]

    def _register_column(self, statement: n.InputClause) -> None:
        if self.register is None:
            self._misplaced(statement, "help_register")
        else:
            self.out.columns.setdefault(self.register, []).append(statement)

    def _misplaced(self, statement: n.Statement, help_key: str) -> None:
        first_words = " ".join(self.scope.words(statement.span).split()[:2])
        self.scope.report("RUB210", statement.span, clause=first_words, help=help_key)

    def _header(self, statement: n.Statement) -> None:
        if self.section != "header" or self.out.drafts:
            self._misplaced(statement, "help_header")
            return
        many = isinstance(statement, n.DeadlineClause)
        if not many and any(type(other) is type(statement) for other in self.out.header):
            self._twice(statement)
            return
        if isinstance(statement, n.RubricHead):
            self.out.head = statement
        self.out.header.append(statement)

    def _twice(self, statement: n.Statement) -> None:
        first_words = " ".join(self.scope.words(statement.span).split()[:2])
        self.scope.report("RUB211", statement.span, clause=first_words)

    def _heading(self, statement: n.Heading) -> None:
        if self.section in ("grades", "ranking", "examples"):
            self._misplaced(statement, "help_heading")
        self._close_example()
        self.section = "outline"
        drafts = self.out.drafts
        if self.of_sheet:
            self._sheet()
        if statement.depth == 0:
            self.path.clear()
        while self.path and drafts[self.path[-1]].heading.depth >= statement.depth:
            self.path.pop()
        parent = self.path[-1] if self.path else None
        if parent is not None:
            drafts[parent].children.append(len(drafts))
        self.path.append(len(drafts))
        drafts.append(Draft(statement, parent))

    def _sheet(self) -> None:
        """A sheet that combines, or says what then where it is not rated, is one heading more, above all others."""
        first = next((one for one in self.of_sheet if not isinstance(one, n.NeedsClause)), None)
        if first is None:
            for one in self.of_sheet:
                self._misplaced(one, "help_needs")
        else:
            total = next((one for one in self.out.header if isinstance(one, n.TotalPoints)), None)
            heading = n.Heading(
                "sheet", ABOVE_ALL, n.Ident("total", first.span), self.out.head.title if self.out.head else None,
                points=None if total is None else total.points, span=first.span,
            )  # fmt: skip
            self.out.drafts.append(Draft(heading, None, clauses=list(self.of_sheet)))
            self.path.append(0)
        self.of_sheet = []

    def _row(self, statement: n.Row | n.GradeRowClause) -> None:
        if self.lookup is not None and isinstance(statement, n.Row):
            self.lookup.append(statement)
        elif self.section == "grades" and self.table_open:
            self.out.grades[-1].rows.append(statement)
        elif self.section == "outline" and self.table_open and isinstance(statement, n.Row):
            self.out.drafts[self.path[-1]].rows.append(statement)
        else:
            self._stray_row(statement)

    def _stray_row(self, statement: n.Row | n.GradeRowClause) -> None:
        """A row below nothing that has rows; below a formula, the formula was meant to have them."""
        rules = self.out.drafts[self.path[-1]].rules if self.section == "outline" else []
        formula = rules[-1] if rules else None
        first_words = self.scope.words(statement.span).split(":")[0]
        if not isinstance(formula, n.ScoreFormula) or isinstance(statement, n.GradeRowClause):
            self.scope.report("RUB212", statement.span, row=first_words, help="help")
            return
        at = formula.value.span
        mend = f"{spell('SCORE', self.scope.language)} {spell('BY', self.scope.language)} {self.scope.words(at)}"
        self.scope.report(
            "RUB212", formula.span, row=first_words, mend=mend, help="score_by", fix=Fix(formula.span, mend)
        )  # fmt: skip
        self.skip_rows = True

    def _grades(self, statement: n.Grades | n.AllGrades) -> None:
        self._close_example()
        self.section, self.shared_gates = "grades", isinstance(statement, n.AllGrades)
        if isinstance(statement, n.Grades):
            self.out.grades.append(Table(statement))
            self.table_open = True

    def _gate(self, statement: n.GateClause | n.QuotaClause) -> None:
        """A gate or a quota hangs to the nearest grade table above."""
        if self.section != "grades":
            if not self.skip_rows:
                self._misplaced(statement, "help_gate")
        elif self.shared_gates:
            self.out.shared_gates.append(statement)
        elif isinstance(statement, n.GateClause):
            self.out.grades[-1].gates.append(statement)
        else:
            self.out.grades[-1].quotas.append(statement)

    def _ranking(self, statement: n.RankingClause | n.RankBy | n.TiesClause) -> None:
        """A ranking with its keys and what equal units get; each once."""
        out = self.out
        match statement:
            case n.RankingClause():
                self._close_example()
                self.section = "ranking"
                again, out.ranking = out.ranking is not None, out.ranking or statement
            case _ if self.section != "ranking":
                self._misplaced(statement, "help_ranking")
                return
            case n.RankBy():
                again, out.rank_by = out.rank_by is not None, out.rank_by or statement
            case _:
                again, out.ties = out.ties is not None, out.ties or statement
        if again:
            self._twice(statement)

    def _example(self, statement: n.Example | n.Given | n.Expect) -> None:
        if isinstance(statement, n.Example):
            self._close_example()
            self.section = "examples"
            self.example = (statement, [], [])
        elif self.example is None:
            self._misplaced(statement, "help_example")
        elif isinstance(statement, n.Given):
            self.example[1].append(statement)
        else:
            self.example[2].append(statement)

    def _close_example(self) -> None:
        if self.example is not None:
            head, given, expect = self.example
            self.out.examples.append(WorkedExample(head, tuple(given), tuple(expect), head.span))
        self.example = None

    def _column(self, statement: n.ColumnClause) -> None:
        if self.section == "header":
            self.out.header.append(statement)
        elif self.section == "outline":
            self.out.drafts[self.path[-1]].clauses.append(statement)
        else:
            self._misplaced(statement, "help_column")

    def _clause(self, statement: n.Statement) -> None:
        if self.section != "outline":
            self._misplaced(statement, "help_clause")
            return
        draft = self.out.drafts[self.path[-1]]
        if isinstance(statement, RULE_CLAUSES):
            start = draft.heading.span.end
            if bisect_left(self.broken, start) != bisect_left(self.broken, statement.span.start):
                draft.uncertain = True
            if draft.rules:
                if not draft.uncertain:
                    self._twice(statement)
                self.skip_rows = True
                return
            draft.rules.append(statement)
            self.table_open = isinstance(statement, n.ScoreBy | n.ScoreWhen)
        elif isinstance(statement, n.EveryLeaf):
            draft.every_leaf = statement
        elif isinstance(statement, _NODE_CLAUSES):
            draft.clauses.append(statement)

    def finish(self) -> Outline:
        self._close_example()
        return self.out


def _pool_heading(statement: n.Pool, scope: Scope) -> n.Heading:
    """A pool as a heading above all others; in a penalty its points run from minus the cap to 0."""
    if statement.cap is None:
        scope.report("RUB436", statement.span, pool=scope.words(statement.span))
    cap = statement.cap or n.Num(Fraction(0), span=statement.span)
    nothing = n.Num(Fraction(0), span=cap.span)
    below = n.Num(-cap.value, span=cap.span)
    bonus = statement.kind == "bonus"
    return n.Heading(
        statement.kind, 0, n.Ident(statement.kind, statement.span), statement.title,
        low=nothing if bonus else below, points=cap if bonus else nothing, span=statement.span,
    )  # fmt: skip


def hang(tree: n.SyntaxTree, scope: Scope, broken: Sequence[int] = ()) -> Outline:
    """The outline of a tree; what stands nowhere is reported and left out.

    ``broken`` holds the offsets, ascending, of lines that could not be parsed: rows right after one are dropped.
    """
    hanger = _Hanger(scope, broken)
    for statement in tree.statements:
        hanger.hang(statement)
    outline = hanger.finish()
    outline.end = tree.statements[-1].span if tree.statements else NOWHERE
    return outline


def pools_of(outline: Outline) -> list[int | None]:
    """For each heading the index of the pool it stands in; a pool stands in itself."""
    found: list[int | None] = []
    for at, draft in enumerate(outline.drafts):
        above = draft.parent
        found.append(at if draft.heading.depth == 0 else None if above is None else found[above])
    return found

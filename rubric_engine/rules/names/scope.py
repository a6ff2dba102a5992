"""Where names are looked up while a rubric is resolved, and where problems are gathered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.facts.suggest import closest
from rubric_engine.model import At, Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind, Let, ParameterValue, Reference
from rubric_engine.plan.record import record
from rubric_engine.rules.growth import Nesting
from rubric_engine.rules.names.typed import BROKEN, UNIT_OF_KIND, LevelValue, Sort, Typed, number, truth
from rubric_engine.source import NOWHERE, SourceFile, Span
from rubric_engine.syntax.tree.nodes import DefineClause, Ident, LetClause, Name, Row, TableClause
from rubric_engine.tell.words import Words


@record
class Heading:
    """What an expression may know of the place it stands in. ``code`` is empty at the top and on the sheet.

    ``maximum`` is ``None`` where there are no points: at the top, and under an unscored heading that prints none.
    ``full`` is what *full points* mean where that is not the maximum: in a penalty, what can be lost.
    ``register`` is the one whose rows are being looked at: its columns hide inputs. ``bound`` holds the arguments
    of the definition being expanded.
    """

    code: str = ""
    maximum: Fraction | None = None
    minimum: Fraction = Fraction(0)
    register: InputSpec | None = None
    bound: Mapping[str, Typed] = field(default_factory=dict)
    full: Fraction | None = None


TOP = Heading()


@dataclass
class Rounds:
    """Stages by name with their number, names of deadlines, and for each heading the first stage that asks for it."""

    stages: dict[str, int] = field(default_factory=dict)
    deadlines: set[str] = field(default_factory=set)
    headings: list[int] = field(default_factory=list)


_TYPES = ("found", "expected", "left", "right")
_types = Words("types")


@dataclass
class Scope:
    """All names of one rubric. Filled by ``declare``, read by the rules; the only mutable thing in analysis.

    ``unreadable`` holds names whose declaration was at fault: using them is silent. ``figures`` are the inputs that
    stand for figures of the cohort, the cycle before and the round; ``points`` the minimum and maximum of each heading.
    ``excluded`` are the inputs without which what reads them does not apply; ``stand_ins`` tell for whom another fact
    stands, and ``with_stand_ins`` what such an input is then.
    """

    source: SourceFile
    language: str
    inputs: dict[str, InputSpec] = field(default_factory=dict)
    parameters: dict[str, ParameterValue] = field(default_factory=dict)
    defines: dict[str, DefineClause] = field(default_factory=dict)
    tables: dict[str, tuple[TableClause, list[Row]]] = field(default_factory=dict)
    scales: dict[str, list[Row]] = field(default_factory=dict)
    level_lists: dict[str, LevelValue] = field(default_factory=dict)
    excluded: dict[str, Span] = field(default_factory=dict)
    stand_ins: dict[str, Name] = field(default_factory=dict)
    with_stand_ins: dict[str, Typed] = field(default_factory=dict)
    parameter_levels: dict[str, LevelValue] = field(default_factory=dict)
    expansions: int = 0
    let_clauses: dict[str, tuple[LetClause, Heading]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    scored_leaves: tuple[str, ...] = ()
    rounds: Rounds = field(default_factory=Rounds)
    figures: dict[str, InputSpec] = field(default_factory=dict)
    references: dict[str, At[Reference]] = field(default_factory=dict)
    points: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    signed: bool = False
    spans: dict[str, Span] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    places: dict[x.Expr, Span] = field(default_factory=dict)
    calls: dict[x.Expr, str] = field(default_factory=dict)
    call: str = ""
    nesting: Nesting = field(default_factory=Nesting)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lets: dict[str, At[Let]] = field(default_factory=dict)
    resolve_let: Callable[["Scope", str], Typed] | None = None
    _let_types: dict[str, Typed] = field(default_factory=dict)
    open_defines: list[str] = field(default_factory=list)
    outermost: Span = NOWHERE
    _told: set[tuple[str, Span, str]] = field(default_factory=set)

    def report(self, code: str, span: Span, /, **values: object) -> None:
        """Gather one problem. Names of types and units are put into the words of the file's language."""
        words = _types.of(self.language)
        values = {key: words.get(str(value), value) if key in _TYPES else value for key, value in values.items()}
        # A clause of a group is bound once for each leaf below it: one cause, one message.
        near = values.get("near")
        if near and values.get("help") == "help_near" and self.source.text[span.start : span.end] in values.values():
            values["fix"] = Fix(span, str(near))
        told = (code, span, str(values))
        if told not in self._told:
            self._told.add(told)
            self.diagnostics.append(problem(code, span, **values))  # type: ignore[arg-type]

    def placed(self, expr: x.Expr, span: Span) -> None:
        """Where a comparison, a division or the like was written; by the author rather than by a built-in function."""
        self.places.setdefault(expr, span)
        if not self.call:
            self.calls.pop(expr, None)
        elif self.places[expr] is span:
            self.calls[expr] = self.call

    def words(self, span: Span) -> str:
        """The author's own words there, on one line."""
        return " ".join(self.source.text[span.start : span.end].split())

    def line(self, span: Span) -> int:
        return self.source.line_number(span.start)

    def names(self) -> list[str]:
        """Every name that may stand in an expression."""
        return [*self.inputs, *self.parameters, *self.let_clauses]

    def knows(self, name: str) -> bool:
        """Whether a name means something, or was declared in a line that could not be read."""
        return name in self.unreadable or name in self.names()

    def look_up(self, name: str, span: Span) -> Typed:
        """What a name stands for; an unknown one is reported once and poisons what holds it."""
        if name in self.inputs:
            self.used.add(name)
            return self.with_stand_ins.get(name, fact(self.inputs[name])).at(span)
        if name in self.parameters:
            self.used.add(name)
            return _parameter(self.parameters[name], self.parameter_levels.get(name)).at(span)
        if name in self.let_clauses:
            self.used.add(name)
            return self._let_types.get(name, BROKEN).at(span)
        if name in self.unreadable:
            return BROKEN
        owner = next((one.name for one in self.inputs.values() if any(name == col.name for col in one.columns)), "")
        near = "" if owner else closest(name, self.names()) or ""
        help_key = "help_column" if owner else "help_near" if near else "help"
        self.report("RUB201", span, name=name, near=near, register=owner, help=help_key)
        return BROKEN

    def report_unknown(self, code: str, name: Ident, known: list[str]) -> None:
        """A name that is none of those it could be, with the nearest of them."""
        near = closest(name.text, known)
        help_key = "help_near" if near else "help" if known else "help_none"
        self.report(code, name.span, name=name.text, near=near or "", known=", ".join(known), help=help_key)

    def settle_let(self, name: str) -> None:
        """Resolve a let, once. Whoever calls sees to it that the lets it names are settled before."""
        if name not in self._let_types:
            assert self.resolve_let is not None
            value = self.resolve_let(self, name)
            self._let_types[name] = _let_reference(name, value)

    def is_settled(self, name: str) -> bool:
        return name in self._let_types

    def break_let(self, name: str) -> None:
        """A let that needs itself: reading it is silent from now on."""
        self._let_types[name] = BROKEN

    def code_level(self, code: Ident) -> str | None:
        """The kind of node behind a code (``leaf group condition unscored``), reporting an unknown one."""
        if code.text in self.codes:
            return self.codes[code.text]
        near = closest(code.text, self.codes)
        self.report("RUB205", code.span, code=code.text, near=near or "", help="help_near" if near else "help")
        return None


def fact(spec: InputSpec) -> Typed:
    """The value of an input, as inputs of its kind are typed."""
    match spec.kind:
        case Kind.YES_NO:
            return Typed(x.Flag(spec.name), Sort.TRUTH, input=spec)
        case Kind.LEVEL:
            return Typed(None, Sort.LEVEL, input=spec)
        case Kind.TEXT:
            return Typed(None, Sort.TEXT, input=spec)
        case Kind.LIST | Kind.RATINGS:
            return Typed(None, Sort.REGISTER, input=spec)
        case _:
            scale = spec.scale
            grid = None if scale is None else Fraction(1, scale)
            return Typed(x.Fact(spec.name), Sort.NUMBER, UNIT_OF_KIND[spec.kind], grid, input=spec)


def column(spec: InputSpec) -> Typed:
    """A cell of the row at hand, as the inputs of its kind are typed."""
    match spec.kind:
        case Kind.YES_NO:
            return Typed(x.ColumnFlag(spec.name), Sort.TRUTH, input=spec, in_row=True)
        case Kind.LEVEL:
            return Typed(None, Sort.LEVEL, input=spec, in_row=True)
        case Kind.TEXT:
            return Typed(None, Sort.TEXT, input=spec, in_row=True)
        case _:
            scale = spec.scale
            grid = None if scale is None else Fraction(1, scale)
            return Typed(x.Column(spec.name), Sort.NUMBER, UNIT_OF_KIND[spec.kind], grid, input=spec, in_row=True)


def _parameter(value: ParameterValue, levels: LevelValue | None) -> Typed:
    if levels is not None:
        return Typed(None, Sort.LEVEL, computed=levels)
    if value.kind is Kind.YES_NO:
        return truth(x.Always(bool(value.value)))
    return number(x.Const(value.value), UNIT_OF_KIND.get(value.kind, Unit.PLAIN))


def _let_reference(name: str, value: Typed) -> Typed:
    match value.sort:
        case Sort.NUMBER if isinstance(value.expr, x.Const):
            return number(value.expr, value.unit, value.grid)
        case Sort.NUMBER:
            return number(x.Ref(name), value.unit, value.grid)
        case Sort.TRUTH:
            return truth(x.RefTruth(name))
        case Sort.LEVEL:
            return value
        case _:
            return BROKEN

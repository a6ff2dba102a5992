"""RUB448 and RUB449 (RUB206, RUB211, RUB312 too): what a worked example gives is read as a unit's submission is."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, TypeVar

from rubric_engine.analysis.check.facts.usage import columns_read
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.analysis.resolve.declared.given import as_given
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.facts.asked import figure_reader
from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.facts.problems import Problem, SubmissionError, refused
from rubric_engine.facts.readers import InputReader, JudgedReader, RelationReader, Value, constant_of
from rubric_engine.facts.registers import RegisterReader
from rubric_engine.meaning.exact import Unreadable
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.model import WorkedExample
from rubric_engine.plan.cells import CellName
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.plan.record import record
from rubric_engine.rules.names.references import reference_name
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n

Read = TypeVar("Read")
_Written = n.Num | n.DateLit | n.YesNo | n.Name | n.Text | n.Negative

_LISTS: Final = (Kind.LIST, Kind.RATINGS)
_UNSETTLED: Final = frozenset(("pending", "not rated"))
# Which help of RUB448 says what a reader of submissions said.
_HELPS: Final[Mapping[str, str]] = {
    "RUB503": "help_bound", "RUB504": "help_number", "RUB505": "help_long", "RUB506": "help_share",
    "RUB507": "help_relation", "RUB514": "help_whole", "RUB517": "help_date",
}  # fmt: skip


def check_given(subject: Subject) -> Iterator[Diagnostic]:
    """Every value of every worked example."""
    examples = subject.rubric.examples
    if not examples:
        return
    readers = _Readers(subject)
    read: set[tuple[str, str]] | None = None
    for example in examples:
        yield from _Example(readers).findings(example)
        if _lists_in(example) and not _expects_unsettled(example):
            read = columns_read(subject) if read is None else read
            yield from _too_little(example, subject, read)


class _Readers:
    """The readers of a rubric's submissions, made once for all its examples."""

    def __init__(self, subject: Subject) -> None:
        language = self.language = subject.rubric.language
        self.inputs = subject.inputs
        self.judged = {key: JudgedReader(spec, language) for key, spec in subject.judged.items()}
        kinds = {name: spec.kind for name, spec in self.inputs.items()}
        self.registers: dict[str, RegisterReader] = {}
        self.scalars: dict[str, InputReader] = {}
        for name, spec in self.inputs.items():
            if spec.kind in _LISTS:
                self.registers[name] = RegisterReader(spec, kinds, language)
            else:
                self.scalars[name] = InputReader(spec, language)
        self.relations = [
            RelationReader(spec, bound, bound is spec.maximum, kinds, language)
            for spec in self.inputs.values()
            for bound in (spec.minimum, spec.maximum)
            if bound is not None and constant_of(bound) is None
        ]


@record
class _At:
    """A value of an example: where it stands, what it is a value of, and itself."""

    span: Span
    name: str
    value: _Written | None = None
    spec: InputSpec | None = None


class _Example:
    """One example being read. ``places`` holds every value by its path in a submission."""

    def __init__(self, readers: _Readers) -> None:
        self.readers = readers
        self.values: dict[str, Value] = {}
        self.places: dict[str, _At] = {}
        self.found: list[Diagnostic] = []
        self.problems: list[Problem] = []

    def findings(self, example: WorkedExample) -> Iterator[Diagnostic]:
        """What is wrong with its values. Names that do not exist have been found before."""
        seen: set[str] = set()
        for item in (item for given in example.given for item in given.items):
            match item:
                case n.GivenInput(name=name):
                    key = name.text
                case n.GivenJudged(code=code):
                    key = f"judged {code.text}"
                case n.GivenReference(reference=reference):
                    key = reference_name(reference)
                case _:
                    continue
            if key in seen:
                self.found.append(self._twice(item, key))
            elif isinstance(item, n.GivenJudged):
                self._judged(item)
            elif isinstance(item, n.GivenReference):
                self._figure(item, key)
            else:
                self._input(item)
            seen.add(key)
        self._relations()
        yield from self.found
        yield from map(self._told, self.problems)

    def _twice(self, item: n.GivenInput | n.GivenJudged | n.GivenReference, key: str) -> Diagnostic:
        if isinstance(item, n.GivenReference):
            return problem("RUB211", item.reference.span, clause=self.readers.inputs[key].label)
        ident = item.name if isinstance(item, n.GivenInput) else item.code
        return problem("RUB211", ident.span, clause=ident.text)

    def _figure(self, item: n.GivenReference, name: str) -> None:
        """A figure is read as one under `references` is: any number may be written as a percent as well."""
        spec, value = self.readers.inputs.get(name), item.value
        if spec is None or value is None:
            return
        path = f"references.{name}"
        self.places[path] = _At(value.span, spec.label, value, spec)
        read = figure_reader(spec, self.readers.scalars[name].read, self.readers.language)
        self._attempt(path, lambda: read(as_given(value)))

    def _judged(self, item: n.GivenJudged) -> None:
        key, value = item.code.text, item.value
        place = _At(value.span, key, value)
        reader = self.readers.judged.get(key)
        if reader is None:
            known = ", ".join(f"`{each}`" for each in self.readers.judged) or "–"
            self.found.append(self._refused(place, "help_not_judged", known=known))
            return
        self.places[f"judged.{key}"] = place
        self._attempt(f"judged.{key}", lambda: reader.read(as_given(value)))

    def _input(self, item: n.GivenInput) -> None:
        name, value = item.name.text, item.value
        spec = self.readers.inputs.get(name)
        if spec is None or value is None:
            return
        path = f"inputs.{name}"
        if isinstance(value, tuple):
            self.places[path] = _At(item.span, name, None, spec)
            if name in self.readers.registers:
                self._rows(path, value, self.readers.registers[name])
            else:
                self.found.append(self._refused(self.places[path], "help_one"))
            return
        place = self.places[path] = _At(value.span, name, value, spec)
        if name in self.readers.registers:
            self.found.append(self._refused(place, _help_of_list(spec)))
            return
        read = self._attempt(path, lambda: self.readers.scalars[name].read(as_given(value)))
        if read is not None:
            self.values[name] = read[0]

    def _rows(self, path: str, rows: tuple[n.GivenRow, ...], reader: RegisterReader) -> None:
        columns = {column.name: column for column in reader.spec.columns}
        for at, row in enumerate(rows):
            self.places[f"{path}[{at}]"] = _At(row.span, reader.name, None, reader.spec)
            given: set[str] = set()
            for ident, value in row.cells:
                spec = columns.get(ident.text)
                # The one column of ratings has a name nobody writes: `[4, 5, 3]`.
                name = reader.name if spec is None or reader.spec.kind is Kind.RATINGS else ident.text
                span = ident.span if spec is None else value.span
                self.places[f"{path}[{at}].{ident.text}"] = _At(span, name, value, spec or reader.spec)
                if ident.text in given:
                    self.found.append(problem("RUB211", ident.span, clause=ident.text))
                given.add(ident.text)
        before = len(self.problems)
        if reader.spec.kind is Kind.RATINGS:
            read, _ = reader.read_ratings(as_given(rows), path, self.problems)
        else:
            read = reader.read(as_given(rows), path, self.problems)
        if len(self.problems) == before:
            self.values[reader.name] = read.values

    def _relations(self) -> None:
        """Bounds that look at other values."""
        for relation in self.readers.relations:
            self._attempt(f"inputs.{relation.name}", partial(relation.check, self.values))
        for name, register in self.readers.registers.items():
            rows = self.values.get(name)
            if isinstance(rows, tuple):
                register.check(rows, self.values, f"inputs.{name}", self.problems)

    # ------------------------------------------------------------ telling

    def _attempt(self, path: str, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Unreadable as error:
            self.problems.append(refused(error, path))
            return None

    def _told(self, found: Problem) -> Diagnostic:
        """What a reader of submissions says, said at the place where the example has the value."""
        place = self.places[found.path]
        values = {key: value for key, value in found.values.items() if key not in ("value", "name")}
        near = values.get("mend", "")
        help_key = "help_near" if near else "help"
        match found.code:
            case "RUB509":
                assert place.spec is not None
                levels = ", ".join(level.name for level in place.spec.levels)
                return problem("RUB206", place.span, input=place.name, level=self._shown(place), levels=levels,
                               near=near, help=help_key)  # fmt: skip
            case "RUB521" if place.spec is not None and place.spec.kind is Kind.LIST:
                columns = ", ".join(column.name for column in place.spec.columns)
                return problem("RUB312", place.span, register=place.name, name=values["field"], columns=columns,
                               near=near, help=help_key)  # fmt: skip
            case "RUB520" | "RUB521":
                return self._refused(place, "help_ratings")
            case "RUB502":
                return self._refused(place, f"help_{found.help}")
            case "RUB511":
                return self._refused(place, "help_steps" if "step" in values else "help_points", **values)
            case "RUB515":
                return self._refused(place, "help_whole" if values["places"] == "0" else "help_places", **values)
            case code:
                return self._refused(place, _HELPS[code], **values)

    def _refused(self, place: _At, help_key: str, **values: str) -> Diagnostic:
        return Diagnostic("RUB448", place.span, {**values, "text": self._shown(place), "name": place.name}, help_key)

    def _shown(self, place: _At) -> str:
        """The value in the author's language; of a list, that it is one."""
        if place.value is None:
            return "[…]"
        # The printer is loaded when there is something to say: most examples are right.
        from rubric_engine.syntax.printing.expressions import show_expr

        value = place.value
        return value.value if isinstance(value, n.Text) else show_expr(value, self.readers.language)


def _help_of_list(spec: InputSpec) -> str:
    return "help_ratings" if spec.kind is Kind.RATINGS else "help_rows"


# ---------------------------------------------------------------- less than its rules need


def _lists_in(example: WorkedExample) -> list[n.GivenInput]:
    items = (item for given in example.given for item in given.items)
    return [item for item in items if isinstance(item, n.GivenInput) and isinstance(item.value, tuple)]


def _expects_unsettled(example: WorkedExample) -> bool:
    """Whether the example is about what is not known: then it leaves out on purpose."""
    wanted = (item.value for expect in example.expect for item in expect.items)
    return any(isinstance(value, n.Name) and value.text in _UNSETTLED for value in wanted)


def _too_little(example: WorkedExample, subject: Subject, read: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Rows without a cell that a rule reads, and fewer ratings than count."""
    for item in _lists_in(example):
        spec = subject.inputs.get(item.name.text)
        if spec is None or not isinstance(item.value, tuple):
            continue
        if spec.kind is Kind.RATINGS and len(item.value) < spec.raters and spec.name in subject.rubric.used:
            yield problem("RUB449", item.span, name=spec.name, wanted=spec.raters, found=len(item.value),
                          help="help_ratings")  # fmt: skip
        if spec.kind is not Kind.LIST:
            continue
        needed = [one.name for one in spec.columns if not one.optional and (spec.name, one.name) in read]
        waited: list[frozenset[str] | None] = []
        for number, row in enumerate(item.value, 1):
            given = {name.text for name, _ in row.cells}
            lacking = [name for name in needed if name not in given]
            # A row with a column that does not exist has been refused: the name is most likely misspelt.
            if lacking and given <= {one.name for one in spec.columns}:
                # A rule may pass the row over: only a cell the scoring waits for is too little.
                waited = waited or [_waited_for(example, subject)]
                waits = waited[0]
                lacking = [one for one in lacking if waits is None or str(CellName(spec.name, number, one)) in waits]
            if lacking and given <= {one.name for one in spec.columns}:
                columns = ", ".join(f"`{name}`" for name in lacking)
                yield problem("RUB449", row.span, name=spec.name, columns=columns)


def _waited_for(example: WorkedExample, subject: Subject) -> frozenset[str] | None:
    """What the scoring of an example still waits for; ``None`` where it cannot be read or scored."""
    from rubric_engine.ranges.sheet import read_ranges

    given: dict[str, dict[str, object]] = {"inputs": {}, "judged": {}, "references": {}}
    for item in (item for one in example.given for item in one.items):
        match item:
            case n.GivenInput(name=name, value=value) if value is not None:
                given["inputs"][name.text] = as_given(value)
            case n.GivenJudged(code=code, value=judged):
                given["judged"][code.text] = as_given(judged)
            case n.GivenReference(reference=reference, value=figure) if figure is not None:
                given["references"][reference_name(reference)] = as_given(figure)
            case _:
                pass
    try:
        reading = read_ranges(subject.plan, SubmissionReader(subject.plan).read({k: v for k, v in given.items() if v}))
    except (SubmissionError, ScoringError):
        return None
    return frozenset[str]().union(*(value.waits for value in reading.values))

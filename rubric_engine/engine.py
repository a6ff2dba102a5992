"""The façade: the stages in order, text in, an evaluator out. The only layer that raises.

``check_text`` returns every finding; ``compile_rubric`` and ``load_rubric`` raise :class:`RubricError` with all of them
when there is an error among them.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Never

from rubric_engine.diagnostics.refused import RubricError as RubricError
from rubric_engine.diagnostics.refused import as_findings
from rubric_engine.diagnostics.shape import Diagnostic, Severity, by_place, problem
from rubric_engine.facts.fold import written_as
from rubric_engine.meaning.limits import BYTES_OF_A_CHARACTER, LIMITS, Limits
from rubric_engine.meaning.stack import with_room
from rubric_engine.meant import MOST_READINGS, as_meant
from rubric_engine.plan.plan import Plan, Stage
from rubric_engine.plan.record import record
from rubric_engine.source import NOWHERE, SourceFile

# What reads, resolves and checks a text is imported where it is used: a rubric that was kept needs none of it.
if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    import pydantic

    from rubric_engine.backend.emit.module import PythonModule
    from rubric_engine.cache import Kept
    from rubric_engine.diagnostics.finding import RubricFinding
    from rubric_engine.evaluator import Evaluator
    from rubric_engine.facts.facts import Facts
    from rubric_engine.meaning.reading import Reading
    from rubric_engine.model import Rubric
    from rubric_engine.result.result import Result
    from rubric_engine.syntax.tree.nodes import SyntaxTree


@dataclass(frozen=True)
class Checked:
    """What ``check_text`` found. ``rubric`` is ``None`` when an error stands in the way of compiling."""

    source: SourceFile
    tree: "SyntaxTree"
    diagnostics: tuple[Diagnostic, ...]
    rubric: "Rubric | None"

    @property
    def language(self) -> str:
        """Keyword language of the file, ``en`` or ``vi``."""
        return self.tree.language

    @property
    def ok(self) -> bool:
        """No error and no warning; notes may stand."""
        return all(_severity(found) is Severity.NOTE for found in self.diagnostics)

    def findings(self, language: str | None = None) -> "tuple[RubricFinding, ...]":
        """The findings as data, in words of a language, by default the rubric's own: for an editor, or a 422."""
        return as_findings(self.diagnostics, self.source, language or self.language)

    def compile(self, *, limits: Limits | None = None) -> "CompiledRubric":
        """The rubric ready to score, without checking it again. Raises :class:`RubricError` where it has errors."""
        if self.rubric is None:
            raise RubricError(self.diagnostics, self.source, self.language)
        return CompiledRubric(self.rubric, self.source, self.diagnostics, limits=limits)


@with_room
def check_text(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    folder: "str | Path | None" = None,
    limits: Limits | None = None,
    tell: "Callable[[int, int], None] | None" = None,
) -> Checked:
    """Every finding of a rubric text, sorted by place; never raises on bad text.

    ``folder`` is where the files of ``use "…"`` and of tables lie; without it a rubric may use none. ``limits`` bound
    how long a text may be, how many findings are told and how many steps the check may take. Of long work ``tell`` is
    told the steps done and the steps in all.
    """
    return _found(_Text(text, name, folder, parameters, limits or LIMITS), tell)


def _found(text: "_Text", tell: "Callable[[int, int], None] | None" = None) -> Checked:
    """What is found in a text, the first of it where that is very much."""
    checked = _checked(text, tell)
    return replace(checked, diagnostics=_no_more_than(text.limits.findings, by_place(checked.diagnostics)))


@record
class _Text:
    """A text as it was given, with the files it uses, by the names it uses: enough to read it again."""

    data: str | bytes
    name: str
    folder: "str | Path | None"
    parameters: Mapping[str, object] | None
    limits: Limits
    files: dict[str, bytes] = field(default_factory=dict, compare=False)


def _read(text: _Text) -> Checked:
    """The text parsed, with what it uses, and resolved: the rubric as far as it goes, and no check of it.

    There is none where the bytes cannot be read.
    """
    from rubric_engine.analysis.resolve.rubric import resolve
    from rubric_engine.syntax.parser import parse
    from rubric_engine.used import with_used

    source, unreadable = _source(text.data, text.name, text.limits.characters)
    parsed = parse(source)
    if unreadable:
        return Checked(source, parsed.tree, tuple(unreadable), None)
    limits = text.limits
    source, parsed, unusable = with_used(source, parsed, text.folder, limits.characters, text.files, limits.rows)
    found = [*unusable, *parsed.diagnostics]
    broken = [one.span.start for one in parsed.diagnostics if _severity(one) is Severity.ERROR]
    resolved = resolve(parsed.tree, source, text.parameters, broken)
    found += _not_caused_by(resolved.diagnostics, broken, source)
    return Checked(source, parsed.tree, tuple(found), resolved.rubric)


def _checked(
    text: _Text, tell: "Callable[[int, int], None] | None" = None, readings: int = MOST_READINGS
) -> Checked:
    """All that is found in a text: past slips whose mend is known it is read, and checked, as it is meant."""
    from rubric_engine.analysis.check import check

    read = _read(text)
    found = list(read.diagnostics)
    errors = [one for one in found if _severity(one) is Severity.ERROR]
    meant = as_meant(read.source, errors) if readings else None
    if meant is not None:
        beyond = _checked(replace(text, data=meant.text), tell, readings - 1)
        return Checked(read.source, read.tree, (*meant.mended, *meant.told(beyond.diagnostics)), None)
    if read.rubric is None:
        return read
    if not errors:
        found += _of_the_text(check(read.rubric, tell=tell, steps=text.limits.check_steps), read.rubric)
    return Checked(read.source, read.tree, tuple(found), None if _has_error(found) else read.rubric)


def _source(text: str | bytes, name: str, most: int) -> tuple[SourceFile, list[Diagnostic]]:
    if len(text) > most * (1 if isinstance(text, str) else BYTES_OF_A_CHARACTER):
        return SourceFile.from_text("", name), [problem("RUB113", NOWHERE, help="file", limit=most, what=len(text))]
    if isinstance(text, str):
        return SourceFile.from_text(text, name), []
    try:
        return SourceFile.from_bytes(text, name), []
    except UnicodeDecodeError as error:
        return SourceFile.from_text("", name), [problem("RUB117", offset=error.start)]


def _no_more_than(most: int, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The first findings, errors before all else, and how many more there are."""
    if len(found) <= most:
        return found
    errors = [one for one in found if _severity(one) is Severity.ERROR]
    others = [one for one in found if _severity(one) is not Severity.ERROR]
    kept = by_place([*errors, *others][:most])
    return (*kept, problem("RUB121", kept[-1].span if kept else NOWHERE, more=len(found) - len(kept)))


def _severity(found: Diagnostic) -> Severity:
    from rubric_engine.diagnostics.catalogue import severity

    return severity(found)


def _has_error(found: list[Diagnostic]) -> bool:
    return any(_severity(one) is Severity.ERROR for one in found)


def _of_the_text(found: list[Diagnostic], rubric: "Rubric") -> list[Diagnostic]:
    """Leave out a maximum nobody can reach where the application changed a parameter: that is no fault of the text."""
    if any(at.value.changed for at in rubric.parameters):
        return [one for one in found if one.code != "RUB405"]
    return found


# Unknown names and codes, and clauses that lost the line they belong to.
_CONSEQUENCES = ("RUB201", "RUB205", "RUB206", "RUB207", "RUB204", "RUB213", "RUB304", "RUB312")
_NAMED = ("name", "code", "level", "grade", "home")
# Of a clause that has nothing below it, which may be what could not be read.
_ROWS_BELOW = ("RUB243", "RUB246")


_MARKS = str.maketrans(':,"', "   ")


def _not_caused_by(found: tuple[Diagnostic, ...], broken: list[int], source: SourceFile) -> list[Diagnostic]:
    """Leave out what follows from a line that could not be read: one cause, one message."""
    if not broken:
        return list(found)
    lines = {source.line_number(offset) for offset in broken}
    words = " ".join(source.line_text(line) for line in lines).translate(_MARKS).split()
    unread, spaced = set(words), f" {' '.join(words)} "

    def is_unread(value: str | None) -> bool:
        # A name written in several words is a slip of its own: `cán bộ` for `cán_bộ`.
        return value in unread or (value is not None and "_" in value and f" {value.replace('_', ' ')} " in spaced)

    def follows(one: Diagnostic) -> bool:
        if one.code in _ROWS_BELOW:
            return source.line_number(one.span.start) + 1 in lines
        return one.code in _CONSEQUENCES and any(is_unread(one.values.get(key)) for key in _NAMED)

    return [one for one in found if one.help != "help_needs" and not follows(one)]


def compile_rubric(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    folder: "str | Path | None" = None,
    limits: Limits | None = None,
) -> "CompiledRubric":
    """A rubric ready to score. Raises :class:`RubricError` with all diagnostics when one is an error.

    ``parameters`` sets values the rubric declares as ``parameter``; the result records those that were changed.
    ``folder`` is where the files of ``use "…"`` lie. ``limits`` bound the text, its check and everything scored by it.
    """
    checked = check_text(text, name=name, parameters=parameters, folder=folder, limits=limits)
    return checked.compile(limits=limits)


def load_rubric(
    path: "str | Path", *, parameters: Mapping[str, object] | None = None, limits: Limits | None = None
) -> "CompiledRubric":
    """As :func:`compile_rubric`, from a file (UTF-8, or UTF-16 with a mark). Raises :class:`OSError` like ``open``.

    Of a file that is too long no more is read than tells so. What is made of a sound rubric is kept for the next time,
    outside its folder: ``RUBRIC_CACHE`` says where, or ``off``.
    """
    from pathlib import Path

    from rubric_engine.cache import kept
    from rubric_engine.evaluator import ENGINE_VERSION
    from rubric_engine.remembered import recall, remember

    path = Path(path)
    limits = limits or LIMITS
    with path.open("rb") as file:
        data = file.read(BYTES_OF_A_CHARACTER * limits.characters + 1)
    keep = kept(data, path.name, parameters, limits, ENGINE_VERSION)
    text = _Text(data, path.name, path.parent, dict(parameters or {}), limits)
    found = None if keep is None else recall(keep, path.parent)
    if keep is not None and found is not None:
        text.files.update(found.files)
        return _again(found.plan, found.diagnostics, text, keep.at(found.plan.digest))
    checked = _found(text)
    if checked.rubric is None:
        raise RubricError(checked.diagnostics, checked.source, checked.language)
    made = CompiledRubric(checked.rubric, checked.source, checked.diagnostics, limits=limits)
    if keep is not None and remember(keep, made.plan, made.diagnostics, text.files):
        vars(made).update(_kept=keep.at(made.plan.digest))
    return made


def _again(
    plan: Plan, diagnostics: tuple[Diagnostic, ...], text: _Text, kept: "Kept | None" = None
) -> "CompiledRubric":
    """A rubric without its text: that is read, and resolved, when somebody asks for the model or the source."""
    made = CompiledRubric.__new__(CompiledRubric)
    vars(made).update(plan=plan, diagnostics=diagnostics, limits=text.limits, _text=text, _kept=kept, _at_stages={})
    return made


class CompiledRubric:
    """A checked rubric as an evaluator. Immutable; safe to share between threads and to send to other processes.

    ``rubric`` is the model, ``plan`` what is scored by, ``diagnostics`` the warnings and notes of the check, ``limits``
    what it and everything scored by it may take.
    """

    diagnostics: tuple[Diagnostic, ...]
    plan: Plan
    limits: Limits
    _at_stages: "dict[str, CompiledRubric]"
    _kept: "Kept | None" = None

    def __init__(
        self,
        rubric: "Rubric",
        source: SourceFile,
        diagnostics: tuple[Diagnostic, ...],
        plan: Plan | None = None,
        limits: Limits | None = None,
    ) -> None:
        from rubric_engine.backend.lower import lower

        vars(self).update(
            rubric=rubric, source=source, diagnostics=diagnostics, _at_stages={}, limits=limits or LIMITS,
            plan=lower(rubric, source) if plan is None else plan,
        )  # fmt: skip

    def __setattr__(self, name: str, value: Never) -> Never:
        raise FrozenInstanceError(f"cannot change {name!r} of a rubric")

    def __delattr__(self, name: str) -> Never:
        raise FrozenInstanceError(f"cannot change {name!r} of a rubric")

    def __repr__(self) -> str:
        return f"<rubric {self.plan.id} {self.plan.version}>"

    def __eq__(self, other: object) -> bool:
        """Equal when they score alike: the same text, parameters and stage."""
        if not isinstance(other, CompiledRubric):
            return NotImplemented
        return self is other or self.plan == other.plan

    def __hash__(self) -> int:
        return hash((self.plan.id, self.plan.digest, self.plan.stage))

    def __reduce__(self) -> tuple[object, ...]:
        # Generated functions do not travel: another process writes them again when it first scores.
        if "rubric" not in vars(self):
            return _again, (self.plan, self.diagnostics, vars(self)["_text"])
        return CompiledRubric, (self.rubric, self.source, self.diagnostics, self.plan, self.limits)

    @cached_property
    def rubric(self) -> "Rubric":
        """The model: headings, declarations and rules as written, names settled."""
        rubric = self._read_again.rubric
        assert rubric is not None
        return rubric

    @cached_property
    def source(self) -> SourceFile:
        """The text, with those of the files it uses behind it."""
        return self._read_again.source

    @cached_property
    @with_room
    def _read_again(self) -> Checked:
        return _read(vars(self)["_text"])

    @property
    def id(self) -> str:
        """The rubric's ``id``."""
        return self.plan.id

    @property
    def title(self) -> str:
        """What the rubric is called."""
        return self.plan.title

    @property
    def version(self) -> str:
        """The rubric's ``version``; empty where it has none."""
        return self.plan.version

    @property
    def digest(self) -> str:
        """Of the text: another text has another."""
        return self.plan.digest

    @property
    def language(self) -> str:
        """Keyword language of the file, and the default for explanations."""
        return self.plan.language

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rubric's stages, in the order they happen; empty where it has none."""
        return self.plan.stages

    def at_stage(self, name: str) -> "CompiledRubric":
        """The rubric as it stands at one stage: what a later stage asks for is not due. Made once, then kept.

        Raises :class:`ValueError` for a name that is no stage of the rubric.
        """
        from rubric_engine.plan.staging import at_stage

        found = self._at_stages.get(name)
        if found is None:
            names = [stage.name for stage in self.stages]
            own = written_as(name, names)
            if own is None:
                known = ", ".join(names) or "none"
                raise ValueError(f"{name!r} is no stage of {self.plan.id}; its stages: {known}")
            found = copy(self)
            vars(found).update(
                plan=at_stage(self._whole, names.index(own)), _at_stages={},
                _kept=None if self._kept is None else self._kept.at(own),
            )  # fmt: skip
            found = self._at_stages.setdefault(name, found)
        return found

    @property
    def _whole(self) -> Plan:
        """The plan of the whole rubric, whatever stage this one is at."""
        if not self.plan.stage:
            return self.plan
        from rubric_engine.backend.lower import lower

        return lower(self.rubric, self.source)

    @cached_property
    def module(self) -> "PythonModule":
        """The generated Python, written when it is first needed: a rubric that is only checked has none."""
        from rubric_engine.backend.emit.module import emit

        return emit(self.plan)

    @cached_property
    def _evaluator(self) -> "Evaluator":
        from rubric_engine.backend.load import load
        from rubric_engine.evaluator import Evaluator

        return Evaluator(self.plan, load(lambda: self.module, self.plan, self._kept), self.limits)

    def read(self, submission: object) -> "Facts":
        """A submission read and validated once; facts that have been read stay as they are.

        Raises :class:`SubmissionError` with every problem, and ``ValueError`` for facts of another rubric or stage.
        """
        return self._evaluator.read(submission)

    def read_onto(self, facts: "Facts", changes: Mapping[str, Mapping[str, object]]) -> "Facts":
        """Facts of a submission with some entries said anew, by section and name: only those are read again.

        Raises :class:`SubmissionError` as reading the whole changed submission would.
        """
        return self._evaluator.read_onto(facts, changes)

    def evaluate(self, submission: object) -> "Result":
        """Points, states and reasons for every node. Takes a mapping, the pydantic model, or :class:`Facts`."""
        return self._evaluator.evaluate(submission)

    def reading(self, facts: "Facts") -> "Reading":
        """What the facts come to, step by step, before anything is told of it: for whoever scores many units.

        Raises :class:`SubmissionError` for a division by zero.
        """
        return self._evaluator.reading(facts)

    def score(
        self,
        inputs: object,
        *,
        judged: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        references: Mapping[str, object] | None = None,
    ) -> "Fraction":
        """The published total alone: the fast path.

        Raises :class:`IncompleteError` when it is not settled, :class:`NotRatedError` when there is none.
        """
        return self._evaluator.score(inputs, judged=judged, evidence=evidence, references=references)

    @cached_property
    def submission_model(self) -> "type[pydantic.BaseModel]":
        """A pydantic model of a submission, for typed callers and web forms."""
        from rubric_engine.submission import submission_model

        return submission_model(self.plan)

    def json_schema(self) -> dict[str, object]:
        """JSON Schema (2020-12) of a submission."""
        from rubric_engine.submission import json_schema

        return json_schema(self.plan)

    def template(self) -> dict[str, object]:
        """A blank submission: every fact, in the order of the outline, with no value."""
        from rubric_engine.submission import template

        return template(self.plan, self.language)

    @with_room
    def to_python(self, *, with_ranges: bool = False, total_only: bool = False) -> str:
        """One standalone module that imports nothing outside the standard library.

        It gives points, states and reasons of complete submissions, and says of any other what is missing; a rubric
        whose own rules say what holds then has what that takes. ``with_ranges`` adds what is still possible.
        ``total_only`` is the total alone, short enough to be audited by a person. Raises :class:`ValueError` for both.
        """
        from rubric_engine.backend.published import publish

        return publish(self.plan, self.module, with_ranges=with_ranges, total_only=total_only)

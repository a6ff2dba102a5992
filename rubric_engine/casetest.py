"""Worked examples: the submissions and expected results an author writes into the rubric itself.

Expected points, maxima and totals are compared with the exact value, the total after the rubric's own rounding.
Only an *index* may be written shorter than it is, as decisions print it: ``74.29%`` holds when the exact index, in
percent, rounds half-up to 74.29; ``80%`` holds from 79.5% to below 80.5%.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from rubric_engine.analysis.resolve.declared.given import as_given, number_given
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.exact import round_to, show_number, show_percent
from rubric_engine.model import WorkedExample
from rubric_engine.plan.expr import Mode
from rubric_engine.plan.plan import PublishedForm
from rubric_engine.result.result import GradeResult, GradeState, NodeResult, Result, State, TotalResult
from rubric_engine.rules.names.references import reference_name
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree.nodes import (
    Expectation,
    GivenEvidence,
    GivenInput,
    GivenJudged,
    GivenReference,
    Name,
    Negative,
    Num,
    YesNo,
)
from rubric_engine.tell.words import Words

if TYPE_CHECKING:
    from rubric_engine.engine import CompiledRubric

_said = Words("common")
_SHEET = "total"


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold: what was expected, what came out, and why that node has its points."""

    line: int
    what: str
    expected: str
    value: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """How one example went. ``refused`` is set when the engine refuses its submission: then nothing was compared."""

    title: str
    line: int
    failures: tuple[Failure, ...] = ()
    refused: str = ""

    @property
    def passed(self) -> bool:
        """Every expectation holds."""
        return not self.failures and not self.refused


def run_examples(compiled: "CompiledRubric", *, language: str | None = None) -> tuple[ExampleOutcome, ...]:
    """Score every example of the rubric and compare, in the order written. Never raises for a wrong example.

    ``language`` is that of the outcomes' words; by default the rubric's own.
    """
    return tuple(run_example(compiled, example, language=language) for example in compiled.rubric.examples)


def submission_of(example: WorkedExample) -> dict[str, object]:
    """The submission an example describes, as a unit would send it."""
    inputs: dict[str, object] = {}
    judged: dict[str, object] = {}
    evidence: dict[str, list[dict[str, object]]] = {}
    references: dict[str, object] = {}
    for given in example.given:
        for item in given.items:
            match item:
                case GivenInput(name=name, value=value):
                    if value is not None:
                        inputs[name.text] = as_given(value)
                case GivenJudged(code=code, value=value):
                    judged[code.text] = as_given(value)
                case GivenEvidence():
                    evidence.setdefault(item.name.text, []).append(_piece(item))
                case GivenReference(reference=reference, value=value):
                    if value is not None:
                        references[reference_name(reference)] = as_given(value)
                case _:
                    assert_never(item)
    submission: dict[str, object] = {"unit": example.head.title.value}
    submission |= {"inputs": inputs, "judged": judged, "evidence": evidence}
    return submission | ({"references": references} if references else {})


def _piece(item: GivenEvidence) -> dict[str, object]:
    piece: dict[str, object] = {"reference": item.reference.value, "status": item.status}
    if item.status == "rejected":
        piece["reason"] = item.reference.value
    if item.issued is not None:
        piece["issued"] = item.issued.value.isoformat()
    return piece


# ---------------------------------------------------------------- comparing


def run_example(compiled: "CompiledRubric", example: WorkedExample, *, language: str | None = None) -> ExampleOutcome:
    """Score one example of the rubric and compare. Never raises for a wrong example."""
    source, language = compiled.source, language or compiled.language
    title, line = example.head.title.value, source.line_number(example.span.start)
    stage = example.head.stage
    try:
        here = compiled if stage is None else compiled.at_stage(stage.text)
        result = here.evaluate(submission_of(example))
    except SubmissionError as refused:
        return ExampleOutcome(title, line, refused="\n".join(problem.line(language) for problem in refused.problems))
    publication = compiled.plan.publication
    rounded = publication is not None and publication.rounding is not None
    comparison = _Comparison(result, language, source, rounded)
    found = (comparison.failure(item) for expect in example.expect for item in expect.items)
    return ExampleOutcome(title, line, tuple(failure for failure in found if failure))


@dataclass(frozen=True, slots=True)
class _Comparison:
    result: Result
    language: str
    source: SourceFile
    rounded: bool  # whether the rubric rounds the share it publishes

    def failure(self, wanted: Expectation) -> Failure | None:
        node = self._node(wanted)
        holds, value = self._compare(wanted, node)
        if holds:
            return None
        return Failure(
            line=self.source.line_number(wanted.span.start),
            what=self.source.text[wanted.span.start : wanted.span.end].strip(),
            expected=self._words(wanted),
            value=value,
            explanation=self._explanation(node),
        )

    def _explanation(self, node: NodeResult | TotalResult) -> str:
        return self.result.explain(node.code, language=self.language) if isinstance(node, NodeResult) else ""

    def _node(self, wanted: Expectation) -> NodeResult | TotalResult:
        if wanted.what == "grade" or wanted.code is None or wanted.code.text == _SHEET:
            return self.result.total
        return self.result[wanted.code.text]

    def _compare(self, wanted: Expectation, node: NodeResult | TotalResult) -> tuple[bool, str]:
        """Whether it holds, and the value that came out in words."""
        match wanted.what:
            case "points" | "total":
                return self._same(wanted, node.points if isinstance(node, NodeResult) else node.published, node)
            case "maximum":
                return self._same(wanted, node.applicable_maximum, node)
            case "index":
                return self._index(wanted, node)
            case "met":
                met = _met(node)
                return met is not None and met is _truth(wanted.value), self._yes_no(met)
            case "state":
                state = str(node.state)
                return state == _plain(wanted.value), state
            case "published":
                return self._published(wanted)
            case _:
                grade = self._grade_of(wanted)
                return _same_grade(wanted.value, grade), _shown_grade(grade)

    def _same(self, wanted: Expectation, value: Fraction | None, node: NodeResult | TotalResult) -> tuple[bool, str]:
        if not isinstance(wanted.value, Num | Negative):
            return value is None and _plain(wanted.value) == "pending", self._shown(value, node)
        number, percent = number_given(wanted.value)
        return value == (number / 100 if percent else number), self._shown(value, node)

    def _index(self, wanted: Expectation, node: NodeResult | TotalResult) -> tuple[bool, str]:
        index = node.index
        if index is None or not isinstance(wanted.value, Num | Negative):
            return index is None and _plain(wanted.value) == "pending", "—"
        number, percent = number_given(wanted.value)
        exact = index * 100 if percent else index
        places = self._places_written(wanted.value)
        shown = show_percent(index, self.language) if percent else show_number(index, self.language)
        return round_to(exact, Mode.HALF_UP, Fraction(1, 10**places)) == number, shown

    def _published(self, wanted: Expectation) -> tuple[bool, str]:
        """The total in the form it is published in; a share the rubric does not round is compared as an index is."""
        total = self.result.total
        if total.published_as == PublishedForm.POINTS:
            return self._same(wanted, total.published, total)
        share = total.published_index
        if share is None or not isinstance(wanted.value, Num | Negative):
            return share is None and _plain(wanted.value) == "pending", "—"
        number, percent = number_given(wanted.value)
        shown = show_percent(share, self.language) if percent else show_number(share, self.language)
        value = share * 100 if percent else share
        if not self.rounded:
            value = round_to(value, Mode.HALF_UP, Fraction(1, 10 ** self._places_written(wanted.value)))
        return value == number, shown

    def _grade_of(self, wanted: Expectation) -> GradeResult | None:
        """The grade of the sheet, of a heading by its code, or of a table by its name."""
        if wanted.code is None or wanted.code.text == _SHEET:
            return self.result.grade
        called = [grade for grade in self.result.grades if grade.table == wanted.code.text]
        return next(iter(called or (one for one in self.result.grades if one.node == wanted.code.text)), None)

    def _places_written(self, value: Num | Negative) -> int:
        """Digits after the decimal mark in the author's text, trailing zeros too: ``80.0%`` says more than ``80%``."""
        written = self.source.text[value.span.start : value.span.end].replace(",", ".").strip("%- ")
        return len(written.partition(".")[2])

    # ------------------------------------------------------------ words

    def _shown(self, value: Fraction | None, node: NodeResult | TotalResult) -> str:
        if value is not None:
            return show_number(value, self.language)
        if node.state is State.NOT_RATED:
            return str(node.state)
        return f"{show_number(node.low, self.language)} … {show_number(node.high, self.language)}"

    def _yes_no(self, value: bool | None) -> str:
        if value is None:
            return "—"
        return _said("yes" if value else "no", self.language)

    def _words(self, wanted: Expectation) -> str:
        match wanted.value:
            case Num() | Negative() as value:
                number, percent = number_given(value)
                return show_number(number, self.language) + ("%" if percent else "")
            case YesNo(value=truth):
                return self._yes_no(truth)
            case Name(text=text):
                return text
            case _:
                assert_never(wanted.value)


def _shown_grade(grade: GradeResult | None) -> str:
    if grade is None:
        return "—"
    return grade.name if grade.state is GradeState.ISSUED and grade.name else str(grade.state)


def _plain(value: Num | Negative | YesNo | Name) -> str:
    """A word of an expectation in the spelling of :class:`~rubric_engine.result.result.State`."""
    return value.text.lower().replace("_", " ") if isinstance(value, Name) else ""


def _truth(value: Num | Negative | YesNo | Name) -> bool | None:
    return value.value if isinstance(value, YesNo) else None


def _met(node: NodeResult | TotalResult) -> bool | None:
    """A condition holds or not; a scored node is met at its full applicable points, as ``met`` reads in a rule."""
    if isinstance(node, TotalResult):
        return None
    if node.met is not None:
        return node.met
    if node.points is None or node.applicable_maximum is None:
        return None
    return node.points >= node.applicable_maximum


_STATES: Mapping[str, GradeState] = {
    "no grade": GradeState.NONE,
    "undecided": GradeState.UNDECIDED,
    "pending": GradeState.PENDING,
    "not rated": GradeState.NOT_RATED,
}


def _same_grade(value: Num | Negative | YesNo | Name, grade: GradeResult | None) -> bool:
    if grade is None or not isinstance(value, Name):
        return False
    if grade.state is GradeState.ISSUED:
        return grade.name == value.text
    return _STATES.get(_plain(value)) is grade.state

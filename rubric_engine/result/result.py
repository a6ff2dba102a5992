"""What an evaluation says: points, states and reasons for every node, with the total, the grade and the notes.

Numbers are :class:`fractions.Fraction`; ``None`` stands for "not known yet", with ``low`` and ``high`` beside it.
Standard library only.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from rubric_engine.facts.fold import Folded, written_as
from rubric_engine.meaning.exact import decimal_mark, show_number
from rubric_engine.meaning.stack import with_room
from rubric_engine.result.json import outcome_from_json, outcome_to_dict, outcome_to_json
from rubric_engine.result.outcome import Coverage as Coverage
from rubric_engine.result.outcome import GateResult as GateResult
from rubric_engine.result.outcome import GradeResult as GradeResult
from rubric_engine.result.outcome import GradeState as GradeState
from rubric_engine.result.outcome import NodeResult as NodeResult
from rubric_engine.result.outcome import Outcome as Outcome
from rubric_engine.result.outcome import Reason as Reason
from rubric_engine.result.outcome import ReasonKind as ReasonKind
from rubric_engine.result.outcome import RubricIdentity as RubricIdentity
from rubric_engine.result.outcome import ShownFact as ShownFact
from rubric_engine.result.outcome import State as State
from rubric_engine.result.outcome import TotalResult as TotalResult
from rubric_engine.result.outcome import Whole, whole_of
from rubric_engine.tell.words import spoken

Shape = Literal["text", "markdown", "csv"]


class Result:
    """One unit's result. Read-only; nodes and reasons are built when first looked at. Equal when it says the same.

    ``result["1.1.4"]`` is one heading; iterating gives all of them in the order of the document.
    """

    __slots__ = ("_by_code", "_grades", "_nodes", "_outcome", "_total")

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._by_code: Folded[NodeResult] | None = None
        self._total: TotalResult | None = None
        self._grades: tuple[GradeResult, ...] | None = None
        self._nodes: tuple[NodeResult, ...] | None = None

    @property
    def rubric(self) -> RubricIdentity:
        """Which rubric, exactly: id, version, digest of its text, engine version, changed parameters."""
        return self._outcome.rubric

    @property
    def unit(self) -> str:
        """Who was scored, as given."""
        return self._outcome.unit

    @property
    def total(self) -> TotalResult:
        """The total, exact and as published, with its range while something is pending."""
        if self._total is None:
            self._total = self._outcome.total
        return self._total

    @property
    def grade(self) -> GradeResult | None:
        """The first grade of the sheet, with every gate on it; ``None`` where no table grades the sheet."""
        return next((grade for grade in self.grades if not grade.node), None)

    @property
    def grades(self) -> tuple[GradeResult, ...]:
        """The grade by every table that applies, or still may, in the order written."""
        if self._grades is None:
            self._grades = self._outcome.grades
        return self._grades

    @property
    def nodes(self) -> tuple[NodeResult, ...]:
        """Every heading, in the order of the document."""
        if self._nodes is None:
            self._nodes = self._outcome.nodes
        return self._nodes

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks every result of this rubric carries (*as printed*)."""
        return self._outcome.notes

    @property
    def claims(self) -> Mapping[str, Fraction]:
        """Points the unit claims, by code, as given. They never change a score."""
        return MappingProxyType(dict(self._outcome.claims))

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of facts, cells of registers (``late[2].days``), judgements (``judged CODE``) and decisions
        (``decision CODE``) still waited for."""
        return self._outcome.missing

    @property
    def settled(self) -> bool:
        """Total, maximum and grades can no longer change."""
        return self._outcome.settled

    @property
    def coverage(self) -> Coverage:
        """How much was assessed: leaves scored or refused over all that count, and the printed points they carry."""
        return self._outcome.coverage

    @property
    def inexact(self) -> bool:
        """A function or a mean that is rounded to stated digits takes part in the total."""
        return self._outcome.inexact

    def __getitem__(self, code: str) -> NodeResult:
        if self._by_code is None:
            self._by_code = Folded((node.code, node) for node in self.nodes)
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and written_as(code, (node.code for node in self.nodes)) is not None

    def __iter__(self) -> Iterator[NodeResult]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    @with_room
    def explain(self, code: str | None = None, *, language: str | None = None, shape: Shape = "text") -> str:
        """Why, for people: the whole sheet, or one heading with everything about it. Raises ``KeyError``.

        Text for 80 columns, Markdown, or CSV with a row for each heading.
        """
        # What is told is not loaded for a score.
        from rubric_engine.result.explain.explanation import explanation

        chosen = spoken(language or self._outcome.rubric.language)
        told = explanation(self, code, chosen)
        match shape:
            case "text":
                from rubric_engine.tell.rendering.plain import to_plain

                return to_plain(told.blocks)
            case "markdown":
                from rubric_engine.tell.rendering.printable import to_printable

                return to_printable(told.blocks)
            case "csv":
                from rubric_engine.tell.rendering.spreadsheet import to_csv

                return to_csv(told.sheet, decimal_comma=decimal_mark(chosen) == ",")
        raise ValueError(f"an explanation has no shape {shape!r}: text, markdown or csv")

    def to_dict(self) -> dict[str, object]:
        """The JSON form as plain values; numbers are exact, as text."""
        return outcome_to_dict(self)

    @with_room
    def to_json(self, *, indent: int | None = None) -> str:
        """Stable JSON: the same result always gives the same text, and :meth:`from_json` gives it back."""
        return outcome_to_json(self, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Result":
        """A result as :meth:`to_json` wrote it. Raises ``ValueError`` on anything else."""
        return cls(outcome_from_json(text))

    def _whole(self) -> Whole:
        """Everything of it, looked at."""
        given = self._outcome
        return given if isinstance(given, Whole) else whole_of(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self._whole() == other._whole()

    def __hash__(self) -> int:
        return hash((self.rubric.digest, self.unit, self.total.exact, self.total.low, self.total.high))

    def __repr__(self) -> str:
        from rubric_engine.result.explain.explanation import published_text

        total = self.total
        if total.state is State.NOT_RATED:
            return f"<result of {self.rubric.id} for {self.unit or 'a unit'}: {total.state}>"
        ends = dict.fromkeys((total.low, total.high) if total.published is None else (total.published,))
        points = " to ".join(show_number(end) for end in ends)
        published = published_text(total, "en")
        points += f", published as {published}" if published else ""
        return f"<result of {self.rubric.id} for {self.unit or 'a unit'}: {points}>"

    def __reduce__(self) -> tuple[object, ...]:
        return (Result, (self._whole(),))

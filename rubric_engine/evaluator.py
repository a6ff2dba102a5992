"""The evaluator: a plan, its generated functions and the reader of submissions, as one thing to call.

Standard library only: a published evaluator carries this module with it.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, Protocol

from rubric_engine.facts.asked import read_for
from rubric_engine.facts.facts import MISSING, Facts, SubmissionReader
from rubric_engine.facts.problems import Problem, SubmissionError, incomplete
from rubric_engine.meaning.limits import LIMITS, Limits
from rubric_engine.meaning.reading import ExactReading, Reading, ScoringError, Unsettled
from rubric_engine.meaning.stack import with_room
from rubric_engine.plan.deciding import with_decisions
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Observed, Plan, Slot, slots_of
from rubric_engine.result.assemble import assemble
from rubric_engine.result.open import not_given
from rubric_engine.result.outcome import Reason
from rubric_engine.result.result import Result
from rubric_engine.result.undefined import undefined_at, why_undefined

ENGINE_VERSION: Final = "0.1.0"
_NOTHING: Final[dict[str, object]] = {}
_QUICK_PARTS: Final = frozenset(("unit", "inputs", "judged"))
_LONG_UNIT: Final = 200


class Functions(Protocol):
    """What generated code offers; a scale is ``None`` where a value is a pair, numerator and denominator."""

    @property
    def pack(self) -> Callable[[Any, Any], tuple[object, ...] | None]: ...

    @property
    def total(self) -> Callable[[Any], int | tuple[int, int] | None]: ...

    @property
    def trace(self) -> Callable[[Any], tuple[int | tuple[int, int], ...]]: ...

    @property
    def scales(self) -> tuple[int | None, ...]: ...

    @property
    def total_scale(self) -> int | None: ...


class IncompleteError(ValueError):
    """The total is not settled. ``missing`` names what it waits for: facts, ``judged CODE``, ``decision CODE``."""

    def __init__(self, missing: tuple[str, ...], language: str = "en") -> None:
        self.missing = missing
        self.language = language
        super().__init__(missing)

    def __str__(self) -> str:
        return "\n".join(problem.line(self.language) for problem in incomplete(self.missing))


class NotRatedError(ValueError):
    """There is no total: too little is known to rate the sheet, and the rubric does not say what then.

    ``reasons`` say why, as those of the total do.
    """

    def __init__(self, reasons: tuple[Reason, ...], language: str = "en") -> None:
        self.reasons = reasons
        self.language = language
        super().__init__(reasons)

    def __str__(self) -> str:
        from rubric_engine.result.explain.reasons import sentences
        from rubric_engine.tell.rendering.screen import safe

        reasons = safe("; ".join(sentences(self.reasons, self.language)))
        return Problem("RUB518", "", {"reason": reasons}).line(self.language)


class Evaluator:
    """Scores submissions by one plan. Holds no state between calls; safe to share between threads."""

    def __init__(
        self, plan: Plan, functions: Functions, limits: Limits = LIMITS, *, ranges: bool = True
    ) -> None:
        """Without ``ranges`` what is not settled is refused, with the names of all that is missing."""
        self.plan = plan
        self._has_ranges = ranges
        self._functions = functions
        self.limits = limits
        self._reader = SubmissionReader(plan, most=limits.problems, rows=limits.rows)
        self._read_for = read_for(plan)
        slots = slots_of(plan)
        self._published, self._rated = (slots.index(Slot(kind)) for kind in (Observed.PUBLISHED, Observed.RATED))

    def read(self, submission: object) -> Facts:
        """A submission, read and validated once; facts that have been read stay as they are.

        Raises :class:`SubmissionError` with every problem, and ``ValueError`` for facts of another rubric or stage.
        """
        if isinstance(submission, Facts):
            self._check_own(submission)
            return submission
        return self._reader.read(submission)

    def read_onto(self, facts: Facts, changes: Mapping[str, Mapping[str, object]]) -> Facts:
        """Facts with some entries said anew, by section and name; raises as :meth:`read` does."""
        self._check_own(facts)
        return self._reader.read_onto(facts, changes)

    def evaluate(self, submission: object) -> Result:
        """Points, states and reasons for every heading. Takes whatever :meth:`read` takes, or its :class:`Facts`.

        Raises :class:`SubmissionError` for a submission that cannot be read, or that leads to a division by zero, and
        ``ValueError`` for facts read by another rubric or at another stage.
        """
        if type(submission) is dict:
            quick = self._quick(submission)
            if quick is not None:
                return quick
        facts = submission if isinstance(submission, Facts) else self.read(submission)
        plan = with_decisions(self.plan, facts.decisions)
        return assemble(plan, facts, self.reading(facts), engine=ENGINE_VERSION)

    def _quick(self, submission: dict[str, object]) -> Result | None:
        """A complete submission of plain values, scored at once; its facts are read in full when somebody asks why.

        ``None`` when the careful way has to decide: then nothing has been taken from the submission.
        """
        try:
            if not _QUICK_PARTS.issuperset(submission):
                return None
            inputs, judged = submission.get("inputs", _NOTHING), submission.get("judged") or _NOTHING
            unit = submission.get("unit") or ""
            if type(inputs) is not dict or type(judged) is not dict:
                return None
            if type(unit) is not str or not (unit.isascii() and unit.isprintable() and len(unit) < _LONG_UNIT):
                return None
            packed = self._functions.pack(inputs, judged)
        except Exception:  # a value of the application's own class: the careful reader says which
            return None
        if packed is None:
            return None
        try:
            reading = ExactReading(self._functions.trace(packed), self._functions.scales)
        except (Unsettled, ScoringError):
            return None
        late: Any
        if judged:
            # The caller may go on to change what was handed in; the values themselves are plain and cannot change.
            copied = {"unit": unit, "inputs": dict(inputs), "judged": dict(judged)}
            late = _LateFacts(lambda: self._reader.read(copied))
        else:
            late = _LateFacts(lambda: self._reader.unpacked(unit, packed))
        return assemble(self.plan, late, reading, engine=ENGINE_VERSION)

    @with_room
    def reading(self, facts: Facts) -> Reading:
        """The exact reading where everything that matters is known, else the one over ranges."""
        self._check_own(facts)
        if facts.decisions:
            return self._ranges(facts)  # generated code knows of no decisions
        functions = self._functions
        try:
            return ExactReading(functions.trace(facts.packed), functions.scales)
        except Unsettled:
            return self._ranges(facts)
        except ScoringError as error:
            if not _lacks_something(facts):
                raise self._undefined(error, facts) from None
            return self._ranges(facts)

    def score(
        self,
        inputs: object,
        *,
        judged: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        references: Mapping[str, object] | None = None,
    ) -> Fraction:
        """The published total alone, exactly. Takes :class:`Facts`, or the inputs as a mapping.

        ``references`` are figures of the cohort, of the cycle before or of the round, by name, where it reads
        any.

        Raises :class:`IncompleteError` when something the total depends on has not been said,
        :class:`NotRatedError` when the sheet is not rated, and :class:`SubmissionError` as :meth:`evaluate` does.
        """
        if type(inputs) is Facts:
            if inputs.read_for is not self._read_for:
                self._check_own(inputs)
            packed: tuple[object, ...] | None = inputs.packed
        else:
            packed = None
            plain = references is None and (evidence is None or (type(evidence) is dict and not evidence))
            if plain and type(inputs) is dict and (judged is None or type(judged) is dict):
                try:
                    packed = self._functions.pack(inputs, judged or _NOTHING)
                except Exception:  # as in `_quick`
                    packed = None
            if packed is None:
                return self.score(self._read(inputs, judged, evidence, references))
        try:
            total = self._functions.total(packed)
        except (Unsettled, ScoringError) as error:
            return self._careful_total(inputs, judged, evidence, references, error)
        if type(total) is int:
            return Fraction(total, self._functions.total_scale)
        if type(total) is tuple:
            return Fraction(*total)
        raise self._unrated(inputs, judged, evidence, references)

    # ---- what does not go the straight way

    def _read(
        self,
        inputs: object,
        judged: Mapping[str, object] | None,
        evidence: Mapping[str, object] | None,
        references: Mapping[str, object] | None,
    ) -> Facts:
        """The facts of what :meth:`score` was given: by parts, or as a whole submission."""
        if judged is None and evidence is None and references is None and self._reader.is_submission(inputs):
            return self.read(inputs)
        given = {"inputs": inputs, "judged": judged, "evidence": evidence}
        return self.read(given if references is None else {**given, "references": references})

    def _check_own(self, facts: Facts) -> None:
        """Facts hold the values of one plan in its order: those of another would be taken for what they are not."""
        if facts.read_for != self._read_for and facts.read_for and self._read_for:
            raise ValueError(f"facts read for {_plan_told(facts.read_for)}, not for {_plan_told(self._read_for)}")

    @with_room
    def _ranges(self, facts: Facts) -> Reading:
        if not self._has_ranges:
            raise IncompleteError(not_given(self.plan, facts), self.plan.language)
        from rubric_engine.ranges.sheet import read_ranges

        try:
            return read_ranges(with_decisions(self.plan, facts.decisions), facts, self.limits.reading_steps)
        except ScoringError as error:
            raise self._undefined(error, facts) from None

    def _undefined(self, error: ScoringError, facts: Facts) -> SubmissionError:
        if self._has_ranges:
            return SubmissionError((why_undefined(self.plan, facts, error.node),), self.plan.language)
        return SubmissionError((undefined_at(self.plan, facts, error.node),), self.plan.language)

    def _unrated(
        self,
        inputs: object,
        judged: Mapping[str, object] | None,
        evidence: Mapping[str, object] | None,
        references: Mapping[str, object] | None,
    ) -> NotRatedError:
        """Why there is no total."""
        facts = inputs if isinstance(inputs, Facts) else self._read(inputs, judged, evidence, references)
        return NotRatedError(self.evaluate(facts).total.reasons, self.plan.language)

    def _careful_total(
        self,
        inputs: object,
        judged: Mapping[str, object] | None,
        evidence: Mapping[str, object] | None,
        references: Mapping[str, object] | None,
        error: Exception,
    ) -> Fraction:
        facts = inputs if isinstance(inputs, Facts) else self._read(inputs, judged, evidence, references)
        if isinstance(error, ScoringError) and not _lacks_something(facts):
            raise self._undefined(error, facts)
        reading = self._ranges(facts)
        if reading.marks(self._rated).exact == 0:
            raise self._unrated(facts, None, None, None)
        total = reading.range(self._published)
        if total.exact is None:
            raise IncompleteError(layout_of(self.plan).in_order(total.waits), self.plan.language)
        return total.exact


class _LateFacts:
    """Stands for the :class:`Facts` of a submission `pack` has accepted, and reads them when first looked at."""

    __slots__ = ("_facts", "_read")

    def __init__(self, read: Callable[[], Facts]) -> None:
        self._read = read
        self._facts: Facts | None = None

    def __getattr__(self, name: str) -> Any:
        if self._facts is None:
            self._facts = self._read()
        return getattr(self._facts, name)


def _plan_told(read_for: str) -> str:
    """Id, version and stage, with the beginning of the digest: two texts may have the same version."""
    names, _, digest = read_for.rpartition(" ")
    return f"{names} ({digest[:14]})"


def _lacks_something(facts: Facts) -> bool:
    """Whether a fact is missing, be it an optional one: then the ranges know better than the first thing met."""
    return any(value is MISSING or (type(value) is tuple and _has_gap(value)) for value in facts.packed)


def _has_gap(rows: tuple[tuple[object, ...], ...]) -> bool:
    """Whether a cell of a register is missing."""
    return any(cell is MISSING for row in rows for cell in row)

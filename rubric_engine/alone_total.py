"""The door of a published evaluator that computes the total and nothing else: a reader of submissions and one function.

Standard library only. It takes complete submissions; of any other it says what is missing.
"""

import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from rubric_engine.facts.facts import SubmissionReader, read_json
from rubric_engine.facts.problems import Problem, SubmissionError, incomplete
from rubric_engine.meaning.exact import show_number
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.plan.codec import decode_plan


class AloneTotal:
    """Totals by one plan. Safe to share between threads."""

    def __init__(
        self, plan_text: str, total: Callable[[Any], int | tuple[int, int] | None], total_scale: int | None
    ) -> None:
        self.plan = decode_plan(plan_text)
        self._reader = SubmissionReader(self.plan)
        self._total = total
        self._scale = total_scale

    def total_of(self, submission: object) -> Fraction | None:
        """The published total, exactly; ``None`` where the sheet is not rated.

        Raises :class:`SubmissionError` for what cannot be read, for whatever is missing and is needed, and for a
        value that does not exist, such as a division by zero.
        """
        facts = self._reader.read(submission)
        try:
            found = self._total(facts.packed)
        except (Unsettled, ScoringError) as error:
            raise SubmissionError(self._why(facts.missing, error), self.plan.language) from None
        if found is None:
            return None
        return Fraction(*found) if isinstance(found, tuple) else Fraction(found, self._scale)

    def _why(self, missing: tuple[str, ...], error: Exception) -> tuple[Problem, ...]:
        if isinstance(error, ScoringError) and not missing:
            return (Problem("RUB526", "", {"node": error.node}),)
        # Of headings that may wait for a decision all are named: which do is in the rules.
        return incomplete(missing or [f"decision {node.code}" for node in self.plan.nodes if node.absent])

    def score(
        self,
        inputs: object,
        *,
        judged: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        references: Mapping[str, object] | None = None,
    ) -> Fraction | None:
        """As :meth:`total_of`, with the parts of a submission one by one."""
        given = {"inputs": inputs, "judged": judged, "evidence": evidence}
        return self.total_of(given if references is None else {**given, "references": references})

    def main(self, arguments: list[str]) -> int:
        """Print the total of a submission file. 0: fine, 1: the submission has a problem, 2: wrong use."""
        try:
            (name,) = arguments
            data = Path(name).read_bytes()
        except (ValueError, OSError) as error:
            sys.stderr.write(f"one submission in JSON, please: {error}\n")
            return 2
        try:
            total = self.total_of(read_json(data, self.plan.language))
        except SubmissionError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(("-" if total is None else show_number(total, self.plan.language)) + "\n")
        return 0 if total is not None else 1

"""The door of a published evaluator: ``evaluate``, ``score`` and a small command line over one plan.

Standard library only. A published file carries this module, gives it the plan and the functions written for it, and
offers what :class:`Alone` offers under the same names.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from rubric_engine.evaluator import Evaluator, IncompleteError
from rubric_engine.evaluator import NotRatedError as NotRatedError
from rubric_engine.facts.facts import read_json
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.exact import show_number
from rubric_engine.meaning.reading import Unsettled
from rubric_engine.plan.codec import decode_plan
from rubric_engine.plan.record import record
from rubric_engine.plan.staging import at_stage
from rubric_engine.result.result import Result, State
from rubric_engine.tell.words import is_spoken


@record
class Written:
    """The functions written for a plan, with the scales of what they return."""

    pack: Callable[[Any, Any], tuple[object, ...] | None]
    total: Callable[[Any], int | tuple[int, int] | None]
    trace: Callable[[Any], tuple[int | tuple[int, int], ...]]
    scales: tuple[int | None, ...]
    total_scale: int | None


def _nothing_packed(inputs: Any, judged: Any) -> None:
    return None


def _nothing_settled(packed: Any) -> Any:
    raise Unsettled


# Stands for the functions of a stage: there are none, so that its plan is read over ranges.
_UNWRITTEN = Written(_nothing_packed, _nothing_settled, _nothing_settled, (), None)


class Alone:
    """Scores submissions by one plan, as a whole and at each of its stages. Safe to share between threads."""

    def __init__(self, plan_text: str, written: Written, *, ranges: bool = True) -> None:
        """Without ``ranges`` a submission that is not complete is refused, with the names of what is missing."""
        self.plan = decode_plan(plan_text)
        self.evaluator = Evaluator(self.plan, written, ranges=ranges)
        self.stages = {} if self.plan.stage else {stage.name: at for at, stage in enumerate(self.plan.stages)}
        self._at_stages: dict[str, Evaluator] = {}

    def evaluator_at(self, stage: str) -> Evaluator:
        """The evaluator of one stage, by its name. Raises :class:`KeyError` for a stage the rubric does not have."""
        if stage not in self._at_stages:
            self._at_stages[stage] = Evaluator(at_stage(self.plan, self.stages[stage]), _UNWRITTEN)
        return self._at_stages[stage]

    def evaluate(self, submission: object, *, stage: str | None = None) -> Result:
        """Points, states and reasons for every heading of one submission, at a stage of the rubric or as a whole."""
        return (self.evaluator if stage is None else self.evaluator_at(stage)).evaluate(submission)

    def score(
        self,
        inputs: object,
        *,
        judged: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        references: Mapping[str, object] | None = None,
    ) -> Fraction:
        """The published total alone, exactly."""
        return self.evaluator.score(inputs, judged=judged, evidence=evidence, references=references)

    def main(self, arguments: list[str] | None = None) -> int:
        """Score a submission file and print the result. 0: fine, 1: the submission has a problem, 2: wrong use."""
        given = self._options().parse_args(arguments)
        try:
            data = given.submission.read_bytes()
        except OSError as error:
            _print(f"{given.submission}: {error.strerror}", sys.stderr)
            return 2
        try:
            result = self.evaluate(read_json(data, self.plan.language), stage=vars(given).get("stage"))
        except (SubmissionError, IncompleteError) as error:
            _print(str(error), sys.stderr)
            return 1
        language = given.language
        _print(result.explain(language=language) if given.why else self._in_short(result, language), sys.stdout)
        return 0 if result.settled else 1

    def _options(self) -> ArgumentParser:
        parser = ArgumentParser(description=f"Score a submission by {self.plan.title} ({self.plan.version}).")
        parser.add_argument("submission", type=Path, help="a JSON file: unit, inputs, judged, evidence …")
        parser.add_argument("--why", action="store_true", help="say why for every heading")
        parser.add_argument("--language", type=_spoken, default=self.plan.language)
        if self.stages:
            parser.add_argument("--stage", choices=self.stages, help="score what is due at this stage")
        return parser

    def _in_short(self, result: Result, language: str) -> str:
        """The total and every grade on a line."""
        from rubric_engine.result.explain.explanation import grade_text, total_points

        total = result.total
        if total.state is State.NOT_RATED:
            points = total_points(total, language)
        elif total.published is None:
            points = f"{show_number(total.low, language)} … {show_number(total.high, language)}"
        else:
            points = show_number(total.published, language, places=total.places)
        parts = [result.unit, f"{points} / {show_number(total.printed_maximum, language)}"]
        for grade in result.grades:
            named = f"{grade.table}: " if grade.table else ""
            parts.append(named + grade_text(grade, language))
        return " · ".join(part for part in parts if part)


def _spoken(language: str) -> str:
    if not is_spoken(language):
        raise ArgumentTypeError(f"there are no words in {language!r}")
    return language


def _print(text: str, stream: Any) -> None:
    stream.write(text + "\n")

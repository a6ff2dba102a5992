"""Holding a rubric to invariants: hypothesis looks for a submission that breaks one and makes it as small as it can."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.testing.invariants import INVARIANTS, Broken, Case, Invariant, Submission
from rubric_engine.testing.strategies import cohorts, partial_submissions, submissions, telling_facts

EXAMPLES = 100
_MOST_TRIED = 8


class InvariantError(AssertionError):
    """A rubric breaks an invariant. ``broken`` says what and with which submission; the text is for people."""

    def __init__(self, rubric: CompiledRubric, invariant: Invariant, broken: Broken) -> None:
        self.invariant = invariant
        self.broken = broken
        super().__init__(_told(rubric, invariant, broken))


def check_invariants(
    rubric: CompiledRubric, *, examples: int = EXAMPLES, invariants: Iterable[Invariant] | None = None
) -> None:
    """Hold a rubric to every invariant that applies to it, or to those named, with so many examples of each.

    Raises :class:`InvariantError` for the first that breaks, with the smallest submission found.
    """
    for invariant in INVARIANTS if invariants is None else invariants:
        if invariant.applies(rubric.plan):
            hold(rubric, invariant, examples=examples)


def hold(rubric: CompiledRubric, invariant: Invariant, *, examples: int = EXAMPLES) -> None:
    """Hold a rubric to one invariant. Raises :class:`InvariantError`."""
    smallest: list[tuple[Case, Broken]] = []

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        derandomize=True, phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(_cases(rubric))
    def holds(case: Case) -> None:
        broken = invariant.find(rubric, case)
        if broken is not None:
            smallest[:] = [(case, broken)]
            raise _Broken

    try:
        holds()
    except _Broken:
        raise InvariantError(rubric, invariant, _plainest(rubric, invariant, *smallest[0])) from None


class _Broken(Exception):
    pass


def _plainest(rubric: CompiledRubric, invariant: Invariant, case: Case, broken: Broken) -> Broken:
    """What breaks still where each fact in turn has the simplest value with which it does."""
    for (section, name), values in telling_facts(rubric).items():
        for value in values[:_MOST_TRIED]:
            said = case.submission.get(section) or {}
            if name not in said or said[name] == value:
                break
            tried = replace(
                case, submission=_saying(case.submission, section, name, value),
                partial=_saying(case.partial, section, name, value) if name in (case.partial.get(section) or {})
                else case.partial,
            )  # fmt: skip
            try:
                rubric.read(tried.submission)
                found = invariant.find(rubric, tried)
            except SubmissionError:
                continue
            if found is not None:
                case, broken = tried, found
                break
    return broken


def _saying(submission: Submission, section: str, name: str, value: object) -> Submission:
    return {**submission, section: {**(submission.get(section) or {}), name: value}}


def _cases(rubric: CompiledRubric) -> st.SearchStrategy[Case]:
    def made(drawn: tuple[Any, ...]) -> Case:
        (whole, partial), other, units, seed = drawn
        return Case(whole, other, partial, tuple(units), seed)

    parts = (partial_submissions(rubric), submissions(rubric), cohorts(rubric, most=4), st.integers(0, 2**16))
    return st.tuples(*parts).map(made)


def _told(rubric: CompiledRubric, invariant: Invariant, broken: Broken) -> str:
    lines = [f"{rubric.plan.id}: {invariant.says}, and here it does not: {broken.what}"]
    node = next((node for node in rubric.plan.nodes if node.code == broken.code), None)
    if node is not None and node.line:
        text = rubric.source.text.splitlines()[node.line - 1]
        lines += ["", f"{rubric.source.name}:{node.line}", f"    {text}", f"    {'^' * len(text.rstrip())}"]
    said = {section: value for section, value in broken.submission.items() if value}
    lines += ["", "with this submission:", json.dumps(said, ensure_ascii=False, indent=2, default=str)]
    with suppress(SubmissionError, KeyError):
        lines += ["", rubric.evaluate(broken.submission).explain(broken.code or None)]
    return "\n".join(lines)

"""How far a unit has come while the year runs: what is scored, pending, not due, and what is still possible."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.meaning.exact import to_json_number
from rubric_engine.result.outcome import NodeResult, State
from rubric_engine.result.result import Result


@dataclass(frozen=True, slots=True)
class Completion:
    """``done`` of ``all``: 8 of 17 is 47%. ``share`` is exact; a report rounds it."""

    done: int
    all: int

    @property
    def share(self) -> Fraction | None:
        """``None`` of nothing."""
        return Fraction(self.done, self.all) if self.all else None


@dataclass(frozen=True, slots=True)
class PendingLeaf:
    """A leaf that waits: the names it waits for, and the points it may still come to."""

    code: str
    title: str
    missing: tuple[str, ...]
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """A heading with none above it: how many of its leaves are done, and its points as they can still be."""

    code: str
    title: str
    completion: Completion
    low: Fraction
    high: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Progress:
    """One unit on its way. ``leaves`` counts leaves by state; ``completion`` those settled over those that are due.

    ``low`` and ``high`` bound the published total, ``grades`` are the names of those still possible, best first.
    """

    unit: str
    leaves: Mapping[State, int]
    completion: Completion
    pending: tuple[PendingLeaf, ...]
    not_due: tuple[str, ...]
    areas: tuple[AreaProgress, ...]
    low: Fraction
    high: Fraction
    maximum: Fraction
    applicable_maximum: Fraction | None
    grades: tuple[str, ...]
    settled: bool

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "unit": self.unit,
            "leaves": {str(state): number for state, number in self.leaves.items()},
            "completion": _completion(self.completion),
            "total": {"low": to_json_number(self.low), "high": to_json_number(self.high)},
            "grades_possible": list(self.grades),
            "settled": self.settled,
            "areas": [
                {"code": area.code, "title": area.title, "completion": _completion(area.completion),
                 "low": to_json_number(area.low), "high": to_json_number(area.high),
                 "maximum": to_json_number(area.maximum)}
                for area in self.areas
            ],
            "pending": [
                {"code": leaf.code, "title": leaf.title, "missing": list(leaf.missing),
                 "low": to_json_number(leaf.low), "high": to_json_number(leaf.high)}
                for leaf in self.pending
            ],
            "not_due": list(self.not_due),
        }  # fmt: skip


def progress(result: Result) -> Progress:
    """How far the unit of a result has come. Takes the result of an incomplete submission, as ``evaluate`` gives it."""
    return _progress(result)


def _progress(result: Result) -> Progress:
    if not isinstance(result, Result):
        raise TypeError(f"progress is told of a Result, as evaluate() gives it, not of {type(result).__name__}")
    leaves = [node for node in result if not node.children and node.state is not State.UNSCORED and node.met is None]
    total = result.total
    grade = result.grade
    grades = () if grade is None else grade.possible or ((grade.name,) if grade.name else ())
    return Progress(
        result.unit,
        {state: number for state in State if (number := sum(node.state is state for node in leaves))},
        _completed(leaves),
        tuple(
            PendingLeaf(node.code, node.title, node.missing, node.low, node.high)
            for node in leaves
            if node.state is State.PENDING
        ),
        tuple(node.code for node in leaves if node.state is State.NOT_DUE),
        tuple(_area(result, node) for node in result if node.depth == 1 and node.children),
        total.low, total.high, total.printed_maximum, total.applicable_maximum, grades, result.settled,
    )  # fmt: skip


def progress_of(
    results: Iterable[Result], *, progress: Callable[[int, int], None] | None = None
) -> tuple[Progress, ...]:
    """The progress of many units, in the order given. ``progress`` is told how many of how many are done."""
    all_results = tuple(results)
    found = []
    for number, result in enumerate(all_results, 1):
        found.append(_progress(result))
        if progress is not None:
            progress(number, len(all_results))
    return tuple(found)


def _completed(leaves: list[NodeResult]) -> Completion:
    due = [node for node in leaves if node.state is not State.NOT_DUE]
    return Completion(sum(node.state is not State.PENDING for node in due), len(due))


def _area(result: Result, node: NodeResult) -> AreaProgress:
    return AreaProgress(
        node.code, node.title, _completed(leaves_below(result, node)), node.low, node.high, node.maximum
    )  # fmt: skip


def leaves_below(result: Result, node: NodeResult) -> list[NodeResult]:
    """The leaves at or below a heading that have points: no conditions, nothing that is only collected."""
    if not node.children:
        return [node] if node.state is not State.UNSCORED and node.met is None else []
    return [leaf for child in node.children for leaf in leaves_below(result, result[child])]


def _completion(completion: Completion) -> dict[str, object]:
    share = completion.share
    return {"done": completion.done, "all": completion.all, "share": None if share is None else to_json_number(share)}

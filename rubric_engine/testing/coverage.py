"""Which lines of a rubric submissions reach: rows, requirements, awards and deductions, limits, grades and gates."""

from collections.abc import Mapping, Set
from typing import Any

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.plan.plan import Observed, Plan, slots_of

_ROWS = (Observed.CASE, Observed.REQUIREMENT, Observed.GRADE_BY_POINTS)
_FIRED = (Observed.LIMIT, Observed.GATE)
_MOST_TOLD = 12


class Coverage:
    """The lines of one rubric, and those reached so far."""

    def __init__(self, rubric: CompiledRubric) -> None:
        self._rubric = rubric
        self.lines = _lines(rubric.plan)
        self.reached: set[str] = set()

    def add(self, submission: Mapping[str, Any]) -> None:
        """What this submission reaches; one that is refused reaches nothing."""
        try:
            reading = self._rubric.reading(self._rubric.read(submission))
        except SubmissionError:
            return
        for at, slot in enumerate(slots_of(self._rubric.plan)):
            if slot.kind is Observed.AMOUNT:
                amount = reading.range(at).exact
                row = 0 if amount else -1
            elif slot.kind in _ROWS or slot.kind in _FIRED:
                mark = reading.marks(at).exact
                row = -1 if mark is None else mark if slot.kind in _ROWS else mark - 1
            else:
                continue
            line = _key(slot.kind, slot.node, slot.index, row)
            if line in self.lines:
                self.reached.add(line)

    @property
    def missed(self) -> tuple[int, ...]:
        """The lines of the text that nothing reached, in order."""
        return missed(self.lines, self.reached)


def missed(lines: Mapping[str, int], reached: Set[str]) -> tuple[int, ...]:
    """The numbers of the lines that are not reached, in order."""
    return tuple(sorted({number for line, number in lines.items() if line not in reached}))


def told(lines: Mapping[str, int], reached: Set[str]) -> str:
    """``41 of 44 lines; not 12, 30, 31``."""
    left = missed(lines, reached)
    numbers = ", ".join(map(str, left[:_MOST_TOLD])) + (", …" if len(left) > _MOST_TOLD else "")
    return f"{len(reached)} of {len(lines)} lines" + (f"; not {numbers}" if numbers else "")


def _key(kind: Observed, node: int, index: int, row: int) -> str:
    """A line: its kind, the heading or table, the clause, the row of it."""
    return f"{kind.name} {node} {index} {row}"


def _lines(plan: Plan) -> dict[str, int]:
    """Every line that can decide something, with its number in the text."""
    found: dict[str, int] = {}
    for at, node in enumerate(plan.nodes):
        for row, case in enumerate(() if node.base is None or len(node.base.cases) < 2 else node.base.cases):
            found[_key(Observed.CASE, at, 0, row)] = case.line
        for row, requirement in enumerate(node.requirements):
            found[_key(Observed.REQUIREMENT, at, 0, row)] = requirement.line
        for index, change in enumerate(node.adjustments):
            found[_key(Observed.AMOUNT, at, index, 0)] = change.line
        for index, limit in enumerate(node.limits):
            if limit.when is not None:
                found[_key(Observed.LIMIT, at, index, 0)] = limit.line
    for number, table in enumerate(plan.grades):
        for row, grade in enumerate(table.rows):
            found[_key(Observed.GRADE_BY_POINTS, number, 0, row)] = grade.line
        for index, gate in enumerate(table.gates):
            found[_key(Observed.GATE, number, index, 0)] = gate.line
    return found

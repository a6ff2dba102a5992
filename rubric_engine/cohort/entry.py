"""One unit of a cohort as the other parts see it: its facts, its reading, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rubric_engine.facts.facts import MISSING, Facts
from rubric_engine.facts.problems import unmodelled
from rubric_engine.facts.readers import read_label
from rubric_engine.meaning.exact import Unreadable
from rubric_engine.meaning.reading import ExactReading, Marks, Reading
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Observed, Plan
from rubric_engine.result.view import ReadingView


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """What stands in the way of one unit, or of a figure.

    ``unit`` is empty where it is about a group or nobody knows whose it is; ``where`` is the place among the
    submissions (``submissions[2]``, counted from 0) or the name of the figure. ``scored``: the unit has a result all
    the same.
    """

    unit: str
    where: str
    messages: tuple[str, ...]
    scored: bool = False

    def __str__(self) -> str:
        return "\n".join(": ".join(filter(None, (self.unit, self.where, message))) for message in self.messages)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"unit": self.unit, "where": self.where, "messages": list(self.messages), "scored": self.scored}


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit with its final reading. Whoever looks at it makes a view; nothing is kept for ten thousand of them."""

    unit: str
    plan: Plan
    facts: Facts
    reading: Reading

    def view(self) -> ReadingView:
        """The reading by heading and step."""
        return ReadingView(self.plan, self.facts, self.reading)

    @property
    def pending(self) -> bool:
        """The total, its maximum or a grade can still change."""
        return bool(self.waits(self.view()))

    def waits(self, view: ReadingView) -> frozenset[str]:
        """What they wait for."""
        if isinstance(self.reading, ExactReading):
            return frozenset()
        found = view.waits(Observed.PUBLISHED) | view.waits(Observed.SHEET_MAXIMUM)
        for table in range(len(self.plan.grades)):
            found |= self.rows(table).waits
        return found

    def rows(self, table: int) -> Marks:
        """The rows of a grade table the unit may have: -1 no grade, -2 the table does not apply."""
        return self.reading.marks(_grade_slots(self.plan)[table])


def _grade_slots(plan: Plan) -> tuple[int, ...]:
    """Where readings keep the final row of each grade table."""
    layout = layout_of(plan)
    return layout.remembered(
        ("final rows",), lambda: tuple(at for at, slot in enumerate(layout.slots) if slot.kind is Observed.GRADE)
    )


def unit_named(submission: object) -> str:
    """The name a submission gives, as far as it can be read at all."""
    given: Any = unmodelled(submission)
    if not isinstance(given, Mapping) or given.get("unit") is None:
        return ""
    try:
        return read_label(given["unit"])
    except Unreadable:
        return ""


def without_values(facts: Facts, plan: Plan, names: Iterable[str]) -> Facts:
    """The facts as if nobody had given these inputs."""
    out = {name for name in names if name in facts.values}
    if not out:
        return facts
    packed = list(facts.packed)
    missing = list(facts.missing)
    for at, spec in enumerate(plan.inputs):
        if spec.name in out:
            packed[at] = MISSING
            if not spec.optional and spec.name not in missing:
                missing.append(spec.name)
    values = {name: value for name, value in facts.values.items() if name not in out}
    return replace(facts, values=values, packed=tuple(packed), missing=tuple(missing))

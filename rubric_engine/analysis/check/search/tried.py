"""Every submission of one heading, where they are few: what trying them all says is certain.

Ranges look at each fact by itself: that a square is never 3, or that a rank never passes the number of units, this they
do not see. Where the facts of a leaf have few values together the engine scores each, and what it saw is all there is.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import prod

from rubric_engine import model as m
from rubric_engine.analysis.check.search.shapes import stretch_of
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.backend.interpret import APPLIES, ExactReader
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.model import Node
from rubric_engine.plan.plan import InputSpec, Kind, Observed, Slot
from rubric_engine.plan.record import record
from rubric_engine.solve.lines import Stretch
from rubric_engine.solve.world import Value

_MOST_TRIED = 400
_MOST_HEADINGS = 60  # read for each submission that is tried
_STEPS_OF_ONE = 150  # of the budget: what scoring one submission is worth


@record
class Tried:
    """What was seen: the most points where the heading applies, and the rows of its table that held there."""

    top: Fraction | None
    rows: frozenset[int]


class Trials:
    """Tries headings; each once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._tried: dict[str, Tried | None] = {}

    def of(self, node: Node) -> Tried | None:
        """What every submission shows of a heading; ``None`` where there are many, or one is not settled."""
        if node.code not in self._tried:
            worth_it = isinstance(node.rule, m.Conditions | m.Bands | m.Formula | m.Proportion)
            self._tried[node.code] = self._try(node) if worth_it else None
        return self._tried[node.code]

    def _try(self, node: Node) -> Tried | None:
        every = self._domains(node)
        if every is None:
            return None
        at, most = self.subject.confirm.at[node.code], len(rows_in(node))
        top: Fraction | None = None
        rows: set[int] = set()
        try:
            for reader in self._readings(node, every):
                if reader is None:
                    return None
                if reader.seen[Slot(Observed.ABSENT, at)] != APPLIES:
                    continue
                top = reader.points[at] if top is None else max(top, reader.points[at])
                if reader.seen.get(Slot(Observed.REQUIREMENT, at), -1) == -1:
                    rows |= _held(node, reader, at)
                if top >= node.maximum and len(rows) == most:
                    break
        except (Unsettled, SubmissionError):
            return None
        return Tried(top, frozenset(rows))

    def _domains(self, node: Node) -> dict[str, list[Value]] | None:
        """All that each fact can be, if they are few together."""
        subject = self.subject
        if not subject.confirm.scoring.needs_few(subject.confirm.at[node.code], _MOST_HEADINGS):
            return None
        keys = subject.search.facts_read(subject.confirm.expressions(node))
        if not all(_is_small(subject.inputs.get(key)) for key in keys):
            return None
        env, every = subject.bare(node).env, dict[str, list[Value]]()
        for key in keys:
            values = subject.search.every_value(key, env)
            if values is None or len(values) > _MOST_TRIED:
                return None
            every[key] = values
        return every if prod(map(len, every.values())) <= _MOST_TRIED else None

    def _readings(self, node: Node, every: dict[str, list[Value]]) -> Iterator[ExactReader | None]:
        """Each scored, the best values first; ``None`` when the steps allowed are spent. What has no value is passed
        over: that is told elsewhere."""
        search, confirm = self.subject.search, self.subject.confirm
        for chosen in product(*every.values()):
            world = dict(zip(every, chosen, strict=True))
            if not all(search.allows(key, world) for key in world):
                continue
            if not search.budget.take(_STEPS_OF_ONE):
                yield None
                return
            try:
                yield confirm.read(confirm.given(world), node)
            except ScoringError:
                continue


def _is_small(spec: InputSpec | None) -> bool:
    """A quick look: judgements, and facts with few values or ends on both sides."""
    if spec is None or spec.kind in (Kind.YES_NO, Kind.LEVEL):
        return True
    return spec.kind is Kind.COUNT and spec.maximum is not None


def rows_in(node: Node) -> tuple[object, ...]:
    """The rows of a table, its ``otherwise`` last."""
    match node.rule:
        case m.Bands() | m.Conditions() as rule:
            return (*rule.rows, *(() if rule.otherwise is None else (rule.otherwise,)))
        case _:
            return ()


def _held(node: Node, reader: ExactReader, at: int) -> set[int]:
    match node.rule:
        case m.Conditions():
            return {int(reader.seen[Slot(Observed.CASE, at)])}
        case m.Bands() as rule:
            value = reader.number(rule.subject)
            here = Stretch(value, value)
            found = {at for at, row in enumerate(rule.rows) if not here.within(stretch_of(row)).is_empty}
            return found or ({len(rule.rows)} if rule.otherwise is not None else found)
        case _:
            return set()

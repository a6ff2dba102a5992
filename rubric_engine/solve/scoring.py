"""Headings and sheets scored exactly, with nothing read but what they rest on: what makes a proposal a proof."""

from rubric_engine.backend.interpret import ExactReader
from rubric_engine.facts.facts import Facts
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.reads import PlanReads


class Scoring:
    """Reads parts of one plan. A heading is named by its place; ``None`` is the whole sheet."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reads = PlanReads(plan)
        self.at = {node.code: at for at, node in enumerate(plan.nodes)}
        self._orders: dict[int, tuple[int, ...]] = {}
        self._nearest: dict[int, tuple[int, ...]] = {}

    def read(self, facts: Facts, at: int | None) -> ExactReader:
        """The facts scored. Raises :class:`ScoringError` and :class:`Unsettled`."""
        reader = ExactReader(self.plan, facts)
        self.carry_out(reader, at)
        return reader

    def carry_out(self, reader: ExactReader, at: int | None) -> None:
        """As :meth:`read`, with a reader that keeps what it saw where scoring ends without a value."""
        for here in self.needed(at):
            reader.read_node(here)
        if at is None:
            reader.read_sheet()

    def needed(self, at: int | None) -> tuple[int, ...]:
        """The headings to be read for one, itself last."""
        if at is None:
            return self.plan.order
        if at not in self._orders:
            found = self._reached(at, len(self.plan.nodes))
            self._orders[at] = tuple(other for other in self.plan.order if other in found)
        return self._orders[at]

    def needs_few(self, at: int, most: int) -> bool:
        """Whether no more headings than that have to be read for one."""
        return len(self._reached(at, most)) <= most

    def _reached(self, at: int, most: int) -> set[int]:
        """The headings a heading needs; where they are more than ``most``, some of them."""
        found: set[int] = set()
        todo = [at]
        while todo and len(found) <= most:
            here = todo.pop()
            if here not in found:
                found.add(here)
                todo += self._needs_at_once(here)
        return found

    def _needs_at_once(self, at: int) -> tuple[int, ...]:
        """Children, and what a heading and the clauses above it read."""
        if at not in self._nearest:
            node = self.plan.nodes[at]
            headings = set(self.reads.node(node).headings)
            above = node.parent
            while above is not None:
                headings |= self.reads.of(self.plan.nodes[above].absent).headings
                above = self.plan.nodes[above].parent
            self._nearest[at] = (*node.children, *(self.at[code] for code in sorted(headings)))
        return self._nearest[at]

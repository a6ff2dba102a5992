"""What the parts of a plan read: facts, judgements, headings, the total. Standard library only."""

from collections.abc import Mapping
from typing import Final

from rubric_engine.plan.clauses import clauses_of, expressions_in
from rubric_engine.plan.expr import (
    CountRows,
    Fact,
    Flag,
    IsLevel,
    IsMissing,
    Judged,
    MaximumOf,
    Met,
    NothingZero,
    PointsOf,
    Reduced,
    Ref,
    RefTruth,
    Total,
    TotalMaximum,
    Unrated,
    walk,
)
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan, PlanNode
from rubric_engine.plan.record import record


@record
class Reads:
    """What a part of a plan reads directly, named values (``let``) looked through.

    ``names`` are inputs, figures among them, and registers; ``judged`` keys of judgements; ``codes`` headings whose
    points, maximum or truth it reads; ``zeros`` leaves of which it only asks whether they came to nothing.
    """

    names: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    zeros: frozenset[str] = frozenset()
    total: bool = False
    judged: frozenset[str] = frozenset()

    @property
    def headings(self) -> frozenset[str]:
        """Every heading it looks at."""
        return self.codes | self.zeros

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(
            self.names | other.names, self.codes | other.codes, self.zeros | other.zeros, self.total or other.total,
            self.judged | other.judged,
        )  # fmt: skip


NOTHING_READ: Final = Reads()


class PlanReads:
    """What the parts of one plan read; a named value is looked into once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._lets: Mapping[str, object] = {let.name: let.value for let in plan.lets}
        self._read: dict[str, Reads] = {}

    def node(self, node: PlanNode) -> Reads:
        """Of everything written under a heading, its evidence included; not of its children."""
        return self.of(*clauses_of(self.plan, node))

    def of(self, *things: object) -> Reads:
        """Of expressions, clauses, or tuples of them."""
        found = {"names": set[str](), "codes": set[str](), "zeros": set[str](), "judged": set[str]()}
        inner = NOTHING_READ
        total = False
        for part in (part for expr in expressions_in(*things) for part in walk(expr)):
            match part:
                case Ref(name=name) | RefTruth(name=name):
                    inner |= self._of_let(name)
                case Fact(name=name) | Flag(name=name) | IsLevel(name=name) | IsMissing(name=name):
                    found["names"].add(name)
                case CountRows(register=name) | Reduced(register=name):
                    found["names"].add(name)
                case Judged(key=key):
                    found["judged"].add(key)
                case PointsOf(code=code) | MaximumOf(code=code) | Met(code=code) | Unrated(code=code):
                    found["codes"].add(code)
                case NothingZero(codes=several):
                    found["zeros"].update(several)
                case Total() | TotalMaximum():
                    total = True
                case _:
                    pass  # the others read nothing of their own
        return inner | Reads(total=total, **{kind: frozenset(names) for kind, names in found.items()})

    def _of_let(self, name: str) -> Reads:
        if name not in self._read:
            # A named value only uses earlier ones, so this ends; the mark keeps a broken plan from running on.
            self._read[name] = NOTHING_READ
            self._read[name] = self.of(self._lets.get(name))
        return self._read[name]


def columns_of_people(plan: Plan) -> frozenset[tuple[str, str]]:
    """Register and column wherever a rule parts rows by whom they are about (``for each student``)."""
    return frozenset(
        (part.register, part.each)
        for expr in expressions_in(plan)
        for part in walk(expr)
        if isinstance(part, Reduced) and part.each is not None
    )


def tables_of_total(plan: Plan) -> frozenset[int]:
    """The numbers of the grade tables that look at the total: those of the sheet, and any that reads it."""
    return layout_of(plan).remembered(("tables of total",), lambda: _tables_of_total(plan))


def _tables_of_total(plan: Plan) -> frozenset[int]:
    reads = PlanReads(plan)
    return frozenset(
        number
        for number, table in enumerate(plan.grades)
        if table.node < 0 or reads.of(table.applies, table.rows, table.gates).total
    )

"""Where everything is in a plan: made once, kept for all readings and results of that plan. Standard library only."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import lcm
from typing import TypeVar

from rubric_engine.plan.cells import CellName, cell_named
from rubric_engine.plan.plan import InputSpec, Observed, Plan, Policy, slots_of

_NO_POINTS = Fraction(0)
SHEET_LEVEL = "sheet"
Told = TypeVar("Told")


def sum_exactly(values: Iterable[Fraction]) -> Fraction:
    """The sum, brought to lowest terms once, at the end: a sheet adds many."""
    top, bottom = 0, 1
    for value in values:
        if value.denominator == bottom:
            top += value.numerator
        else:
            common = lcm(bottom, value.denominator)
            top = top * (common // bottom) + value.numerator * (common // value.denominator)
            bottom = common
    return Fraction(top, bottom)


class PlanLayout:
    """Names, codes and slots of a plan by what one asks for.

    ``firsts[at][kind]`` is the number of the first slot of that kind of a heading (of a grade: of the table ``at``),
    its like follow it; the sheet's are the last entry, so that ``at`` may be -1. ``counted[at]`` are the children whose
    points count, ``beyond[at]`` is the printed maximum less theirs; ``beyond_roots`` the same of the sheet.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.slots = slots_of(plan)
        self.firsts: list[dict[Observed, int]] = [{} for _ in range(max(len(plan.nodes), len(plan.grades)) + 1)]
        for number, slot in enumerate(self.slots):
            self.firsts[slot.node].setdefault(slot.kind, number)
        self.places = {node.code: at for at, node in enumerate(plan.nodes)}
        self.inputs = {spec.name: spec for spec in plan.inputs}
        self.judged = {spec.key: spec for spec in plan.judged}
        self.references = {reference.name: reference for reference in plan.references}
        self.lets = {let.name: let for let in plan.lets}
        self.depths = [self._depth(at) for at in range(len(plan.nodes))]
        self.counted = [self.those_counted(node.children) for node in plan.nodes]
        self.roots = self.those_counted(plan.roots)
        self.keepers: dict[str | None, list[tuple[int, int]]] = {}
        for at, node in enumerate(plan.nodes):
            for i, clause in enumerate(node.absent):
                if clause.policy is Policy.KEEP_WORTH:
                    self.keepers.setdefault(clause.worth_of, []).append((at, i))
        self.leaves = self._leaves_below()
        nodes = plan.nodes
        self.beyond = [
            node.maximum - sum((nodes[child].maximum for child in self.counted[at]), _NO_POINTS)
            for at, node in enumerate(nodes)
        ]
        # All a pool's headings earn has one cap: their maxima add up to nothing.
        self.pooled: set[int] = set()
        for at, node in enumerate(nodes):
            if node.pool or node.parent in self.pooled:
                self.pooled.add(at)
        # What a pool holds is beyond the total the header prints.
        self.in_total = tuple(at for at in self.roots if not nodes[at].pool)
        self.beyond_roots = plan.total - sum((nodes[at].maximum for at in self.in_total), _NO_POINTS)
        names = [*self.inputs, *(f"judged {key}" for key in self.judged)]
        names += [f"decision {node.code}" for node in plan.nodes]
        self.ranks = {name: at for at, name in enumerate(names)}
        # Worked out from the plan alone when first needed, by whoever tells results: by the identity of its parts.
        self.worked_out: dict[tuple[object, ...], object] = {}

    def _depth(self, at: int) -> int:
        """Headings from here up, this one too; the sheet as a heading of its own is none the document prints."""
        depth = 0
        here: int | None = at
        while here is not None:
            depth += self.plan.nodes[here].level != SHEET_LEVEL
            here = self.plan.nodes[here].parent
        return max(depth, 1)

    def remembered(self, key: tuple[object, ...], work_out: Callable[[], Told]) -> Told:
        """What is worked out from parts of the plan alone, worked out once."""
        found = self.worked_out.get(key)
        if found is None:
            found = self.worked_out[key] = work_out()
        return found  # type: ignore[return-value]

    def _leaves_below(self) -> list[tuple[Fraction, bool]]:
        """Of each heading, the printed maxima of the scored leaves here and below, and whether there is one.

        A heading that is never scored has leaves of its own account; they only count for nothing above it.
        """
        found = [(_NO_POINTS, False)] * len(self.plan.nodes)
        for at in self.plan.order:
            node = self.plan.nodes[at]
            below = [found[child] for child in self.counted[at]] if node.children else [(node.maximum, True)]
            found[at] = (sum((printed for printed, _ in below), _NO_POINTS), any(one for _, one in below))
        return found

    def those_counted(self, places: Iterable[int]) -> tuple[int, ...]:
        """Of these headings, the ones whose points count."""
        nodes = self.plan.nodes
        return tuple(at for at in places if nodes[at].met is None and not nodes[at].unscored)

    def in_order(self, waits: Iterable[str]) -> tuple[str, ...]:
        """Names in the order of the rubric; cells in the place of their register, row by row."""
        return tuple(sorted(waits, key=self._place))

    def _place(self, name: str) -> tuple[int, int, int, str]:
        cell = None if name in self.ranks else self.cell(name)
        if cell is None:
            return (self.ranks.get(name, len(self.ranks)), 0, 0, name)
        place, spec, column = cell
        return (self.ranks[spec.name], place.row, spec.columns.index(column), name)

    def cell(self, name: str) -> tuple[CellName, InputSpec, InputSpec] | None:
        """The cell of a register a name stands for, with the register and the column."""
        place = cell_named(name)
        spec = None if place is None else self.inputs.get(place.register)
        if place is None or spec is None:
            return None
        column = next((column for column in spec.columns if column.name == place.column), None)
        return None if column is None else (place, spec, column)


_LAYOUTS_KEPT = 16
_layouts: dict[int, PlanLayout] = {}


def layout_of(plan: Plan) -> PlanLayout:
    """The layout of a plan; the last few are kept."""
    found = _layouts.get(id(plan))
    if found is None or found.plan is not plan:
        if len(_layouts) >= _LAYOUTS_KEPT:
            _layouts.clear()
        found = _layouts[id(plan)] = PlanLayout(plan)
    return found

"""The whole sheet as Python: the total with its limits, floor and rounding; the grade with its gates."""

from fractions import Fraction

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.headings.nodes import NodeWriter
from rubric_engine.backend.emit.needs import AFTER_TOTAL
from rubric_engine.backend.emit.numbers import Var
from rubric_engine.backend.emit.scales import whole
from rubric_engine.backend.emit.values import Val
from rubric_engine.backend.interpret import NO_TABLE, NOTHING_TO_GRADE, is_counted
from rubric_engine.plan.plan import GateKind, GradeTable, Observed, Slot, slots_of


class SheetWriter(NodeWriter):
    """Writes one whole function: the total alone, or everything observed on the way."""

    published: Var
    sheet_maximum: Val

    def total(self) -> Val:
        return self.published.value

    def total_maximum(self) -> Val:
        return self.sheet_maximum

    def sheet(self) -> None:
        """The total before rounding in ``total``, as published in ``published``; in ``rated`` whether there is one."""
        self.w.line("# the whole sheet")
        self.code = ""
        plan, scales = self.plan, self.scales
        rated = self.stands.sheet()
        work = Var("total", scales.kept(scales.before[-1]))
        self.published = work if plan.rounding is None else Var("published", scales.kept(scales.after[-1]))
        self.sheet_maximum = v.const(plan.total)
        if self.keep:
            for i in range(len(plan.limits)):
                self.mark(Observed.LIMIT, -1, f"x_{i}", i)
        if not rated:
            self._rated_sheet(work)
        elif self.keep:
            self.w.line(f"rated = 1 if {rated} else 0")
            self.w.line("if rated:")
            with self.w.indented():
                self._rated_sheet(work, named=True)
            self.w.line("else:")
            with self.w.indented():
                self._not_rated(work)
        else:
            self.w.line(f"if not ({rated}):")
            with self.w.indented():
                self.w.line("return None")
            self._rated_sheet(work)
        self.slots[Slot(Observed.RATED)] = ("rated" if rated else "1", 1)
        self.slots[Slot(Observed.TOTAL)] = (work.result, work.scale)
        self.slots[Slot(Observed.PUBLISHED)] = (self.published.result, self.published.scale)
        if self.needs.total_maximum:
            maximum = v.at_scale(self.sheet_maximum, scales.maximum)
            self.slots[Slot(Observed.SHEET_MAXIMUM)] = (maximum, scales.maximum)

    def _rated_sheet(self, work: Var, *, named: bool = False) -> None:
        plan, scales = self.plan, self.scales
        counted = [at for at in plan.roots if is_counted(plan.nodes[at])]
        roots = [at for at in counted if not plan.nodes[at].pool]
        pools = [at for at in counted if plan.nodes[at].pool]
        counts = self.leaves.below(roots)
        self.assign(work, self.sum_of_points(roots))
        self.leaves.rescale(None, plan.total, counts, work)
        if pools:
            self.add_to(work, self.sum_of_points(pools))
        if self.needs.total_maximum:
            changing = [at for at in roots if self.maxima[at].constant is None]
            code = self.leaves.worth(None, plan.total, changing, counts)
            if code is not None or named:
                self.w.line(f"maximum = {code or whole(plan.total, scales.maximum)}")
                self.sheet_maximum = v.reduced(Val("maximum"), 1, scales.maximum)
        self.limit(-1, plan.limits, work)
        if not plan.signed:
            self.clamp(work, v.const(Fraction(0)), at_most=False)
        self.reduce(work)
        if plan.rounding is not None:
            self.published.ends = self.round_into(self.published, work, plan.rounding)
            if scales.sheet_may_pass():
                for top in (self.sheet_maximum, v.const(plan.total)):
                    self.held_within(self.published, work, top)
        self.lets_after(AFTER_TOTAL)

    def _not_rated(self, work: Var) -> None:
        """Nothing there is to be seen."""
        for var in dict.fromkeys((work, self.published)):
            self.assign(Var(var.name, var.scale), v.const(Fraction(0)))
        names = ["maximum", *(f"x_{i}" for i in range(len(self.plan.limits)))]
        self.w.line(f"{' = '.join(names)} = 0")

    def grades(self, number: int, table: GradeTable) -> None:
        """One table: ``row0`` by points, ``z0_1`` its gates, ``grade0`` what comes of both."""
        self.w.line(f"# grades, line {table.line}")
        names = [self.mark(Observed.GRADE_BY_POINTS, number, f"row{number}")]
        fired = [self.mark(Observed.GATE, number, f"z{number}_{i}", i) for i in range(len(table.gates))]
        names.append(self.mark(Observed.GRADE, number, f"grade{number}"))

        def idle(mark: int) -> None:
            self.w.line(f"{' = '.join(names)} = {mark}")
            if fired:
                self.w.line(f"{' = '.join(fired)} = 0")

        def looked_at() -> None:
            if table.applies is None:
                self._table(table, names[0], names[1], fired)
            else:
                self.chain(
                    [table.applies], lambda _: self._table(table, names[0], names[1], fired), lambda: idle(NO_TABLE)
                )

        subject = self.stands.subject(number, table)
        if subject:
            self.chain([subject], lambda _: looked_at(), lambda: idle(NOTHING_TO_GRADE))
        else:
            looked_at()

    def _table(self, table: GradeTable, row: str, grade: str, fired: list[str]) -> None:
        """A table that applies."""
        rows = [one.when for one in table.rows]
        self.chain(rows, lambda i: self.w.line(f"{row} = {i}"), lambda: self.w.line(f"{row} = -1"))
        for name, gate in zip(fired, table.gates, strict=True):
            self.w.line(f"{name} = 1 if {self.truth(gate.when).code} else 0")
        self.w.line(f"{grade} = {row}")
        if not table.gates:
            return
        undecided = [-1, *(i for i, one in enumerate(table.rows) if not one.name)]
        self.w.line(f"if {row} in ({', '.join(map(str, undecided))},):")
        with self.w.indented():
            self._forced(table, row, grade, fired)
        self.w.line("else:")
        with self.w.indented():
            self._lowered(table, row, grade, fired)
        for name, gate in zip(fired, table.gates, strict=True):
            if gate.kind is GateKind.NONE:
                self.w.line(f"if {name}:")
                with self.w.indented():
                    self.w.line(f"{grade} = -1")

    def _forced(self, table: GradeTable, row: str, grade: str, fired: list[str]) -> None:
        """The rubric leaves the grade open: only a forced one settles it, the lowest of them."""
        forces = [(name, g.row) for name, g in zip(fired, table.gates, strict=True) if g.kind is GateKind.FORCE]
        if not forces:
            return
        self.w.line(f"{grade} = -1")
        self._no_higher(grade, forces)
        self.w.line(f"if {grade} < 0:")
        with self.w.indented():
            self.w.line(f"{grade} = {row}")

    def _lowered(self, table: GradeTable, row: str, grade: str, fired: list[str]) -> None:
        """Every gate starts from the grade by points; rows run from the best down, so the lowest is the greatest."""
        named = [i for i, one in enumerate(table.rows) if one.name]
        gates = list(zip(fired, table.gates, strict=True))
        demotions = [name for name, gate in gates if gate.kind is GateKind.LOWER]
        if demotions and named:
            places = [named.index(i) if i in named else -1 for i in range(len(table.rows))]
            place = self.temp(f"({', '.join(map(str, places))},)[{row}] + {' + '.join(demotions)}")
            self.w.line(f"if {place} > {len(named) - 1}:")
            with self.w.indented():
                self.w.line(f"{place} = {len(named) - 1}")
            self.w.line(f"{grade} = ({', '.join(map(str, named))},)[{place}]")
        self._no_higher(grade, [(n, g.row) for n, g in gates if g.kind in (GateKind.CEILING, GateKind.FORCE)])

    def _no_higher(self, grade: str, gates: list[tuple[str, int]]) -> None:
        for name, row in gates:
            self.w.line(f"if {name} and {grade} < {row}:")
            with self.w.indented():
                self.w.line(f"{grade} = {row}")

    def values(self) -> tuple[str, tuple[int | None, ...]]:
        """The source of all slots in their order, and the scale of each."""
        kept = [self.slots[slot] for slot in slots_of(self.plan)]
        return f"({', '.join(code for code, _ in kept)},)", tuple(scale for _, scale in kept)

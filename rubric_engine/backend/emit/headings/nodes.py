"""Headings as Python: one flat stretch of code a heading, in the plan's order, with its points left in a name.

Names: ``p7`` points of node 7, ``m7`` its applicable maximum, ``a7`` the clause by which it does not apply (-1 none,
-2 a group above), ``o7`` whether a group is rated (:class:`Rated`), ``f7`` and ``n7`` how it and its children stand,
``r7`` requirement, ``c7`` case, ``s7`` subject, ``b7`` base, ``w7_0`` amount, ``e7_0`` evidence, ``x7_0`` limit, ``h7``
whether a condition holds; ``g7``, ``y7``, ``k7`` its applicable and excluded leaves and how many are left.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.expr import Test
from rubric_engine.backend.emit.growth import Growth
from rubric_engine.backend.emit.headings.groups import GroupWriter
from rubric_engine.backend.emit.headings.leaves import LeafCounts
from rubric_engine.backend.emit.headings.states import StateWriter
from rubric_engine.backend.emit.headings.steps import Kept, StepWriter
from rubric_engine.backend.emit.needs import Needs, asks_first
from rubric_engine.backend.emit.numbers import Var, touched
from rubric_engine.backend.emit.scales import Scales, whole
from rubric_engine.backend.emit.scope import Writer
from rubric_engine.backend.emit.values import Cond, Val
from rubric_engine.backend.leaves import asked_clauses, is_counted, is_scored_leaf, never_applies
from rubric_engine.meaning.states import Rated, Stands, stands_without
from rubric_engine.plan import expr as x
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Choice, Observed, Plan, PlanNode, Policy, Slot
from rubric_engine.plan.reads import tables_of_total

# What an authority decides, or has decided, is rare: whoever reads over ranges does that.
_LEFT_TO_RANGES = (Policy.UNDECIDED, Policy.DECIDED)


class NodeWriter(StepWriter):
    """Writes every heading. With ``keep``, what is observed stays in names listed in :attr:`slots`."""

    def __init__(
        self, plan: Plan, scales: Scales, needs: Needs, names: tuple[dict[str, Val], dict[str, Val], dict[str, str]],
        *, keep: bool,
    ) -> None:  # fmt: skip
        super().__init__(Writer(), names[0], names[1])
        self.plan = plan
        self.columns = {spec.name: spec.columns for spec in plan.inputs if spec.columns}
        self.growth = Growth(scales)
        self.pools = layout_of(plan).pooled
        self.scales = scales
        self.needs = needs
        self.proofs = names[2]
        self.keep = keep
        self.at = scales.at
        self.points: dict[int, Var] = {}
        self.maxima: dict[int, Val] = {}
        self.absent: dict[int, str] = {}  # the name of ABSENT, where it can be other than -1
        self.holds: dict[int, str] = {}
        self.leaves = LeafCounts(self)
        self.groups = GroupWriter(self)
        self.stands = StateWriter(self)
        self.of_total = tables_of_total(plan)
        self.slots: dict[Slot, Kept] = {}
        self.given: dict[tuple[int, int], Val] = {}

    def write(self) -> None:
        for at in (-1, *(at for at in self.plan.order if at in self.needs.nodes)):
            if at >= 0:
                self.node(at)
            self.lets_after(at)

    def lets_after(self, at: int) -> None:
        """The named values that are ready once a heading is."""
        for let in self.needs.lets_after.get(at, ()):
            self.code = ""
            self.write_let(self.plan.lets[let], let)

    # ---- what expressions ask

    def points_of(self, code: str) -> Val:
        self.rated_only(self.at[code])
        return self.points[self.at[code]].value

    def maximum_of(self, code: str) -> Val:
        self.rated_only(self.at[code])
        return self.maxima[self.at[code]]

    def rated_only(self, at: int) -> None:
        """Stop here where a heading is not rated: there is nothing to be read of it."""
        if not self.stands.may_be_unrated(at):
            return
        stands = self.stands.code(at)
        if not self.w.scope.is_nonzero(f"rated {at}"):
            self.w.line(f"if {stands} == {int(Stands.UNRATED)}:")
            with self.w.indented():
                self.w.line(self.without_value())
            self.w.scope.nonzero.add(f"rated {at}")
            self.guards += 1

    def met(self, code: str) -> Cond:
        name = self.holds.get(self.at[code])
        return v.FALSE if name is None else Cond(f"{name} == 1", v.C_COMPARE)

    def unrated(self, code: str) -> Cond:
        at = self.at[code]
        if self.stands.always_rated(at):
            return v.FALSE
        return Cond(f"o{at} == {int(Rated.NO)}", v.C_COMPARE)

    def nothing_zero(self, codes: Sequence[str]) -> Cond:
        conds = []
        for at in (self.at[code] for code in codes):
            if not is_scored_leaf(self.plan.nodes[at]):
                continue
            some = v.compared(x.Order.NE, self.points[at].value, v.const(Fraction(0)))
            absent = self.absent.get(at)
            if absent is not None:
                some = v.together([some, Cond(f"{absent} != -1", v.C_COMPARE)], "or", v.C_OR)
            conds.append(some)
        return v.together(conds, "and", v.C_AND)

    # ---- one heading

    def node(self, at: int) -> None:
        node = self.plan.nodes[at]
        self.w.line(f"# {_readable(node.code)}, line {node.line}: {_readable(node.title[:80])}")
        self.absences_above(at if not node.children else node.children[0])
        self.code = node.code
        if node.met is not None:
            self.condition(at, node, node.met)
            return
        self.points[at] = Var(f"p{at}", self.scales.kept(self.scales.after[at]))
        self.plan_slots(at, node)
        if node.children:
            self.group(at, node)
        else:
            self.leaf(at, node)
        self.slots[Slot(Observed.POINTS, at)] = (self.points[at].result, self.points[at].scale)
        self.slots[Slot(Observed.ABSENT, at)] = (self.absent.get(at, "-1"), 1)
        maximum = self.maxima.get(at)
        if maximum is not None and self.keep:
            scale = self.scales.maximum
            self.slots[Slot(Observed.MAXIMUM, at)] = (v.at_scale(maximum, scale), scale)

    def plan_slots(self, at: int, node: PlanNode) -> None:
        """Names for what is observed, set to what they hold when never reached."""
        if not self.stands.always_rated(at) and self.leaves.keeps_rated(at):
            self.w.line(f"o{at} = 1")
        if not self.keep:
            return
        marks, numbers = [], []
        if node.if_missing is not None:  # whoever reads exactly knows all the leaf asks for
            self.slots[Slot(Observed.MISSING, at)] = ("0", 1)
        if node.children:
            always = self.stands.always_rated(at)
            self.slots[Slot(Observed.RATED, at)] = ("1" if always else f"o{at}", 1)
        if node.requirements:
            marks.append(self.mark(Observed.REQUIREMENT, at, f"r{at}"))
        if node.base is not None:
            marks.append(self.mark(Observed.CASE, at, f"c{at}"))
            if node.base.subject is not None:
                numbers.append(self.mark(Observed.SUBJECT, at, f"s{at}"))
            numbers.append(self.mark(Observed.BASE, at, f"b{at}"))
        numbers += [self.mark(Observed.AMOUNT, at, f"w{at}_{i}", i) for i in range(len(node.adjustments))]
        numbers += [self.mark(Observed.EVIDENCE, at, f"e{at}_{i}", i) for i in range(len(node.evidence))]
        numbers += [self.mark(Observed.LIMIT, at, f"x{at}_{i}", i) for i in range(len(node.limits))]
        if not self.always(at, node):
            for names, value in ((marks, "-1"), (numbers, "0")):
                if names:
                    self.w.line(f"{' = '.join(names)} = {value}")

    def mark(self, kind: Observed, at: int, name: str, index: int = 0) -> str:
        self.slots[Slot(kind, at, index)] = (name, 1)
        return name

    def always(self, at: int, node: PlanNode) -> bool:
        """Whether every step of the heading is reached whatever the facts."""
        surely = not node.absent and not node.requirements and self.stands.always_rated(at)
        return surely and self.above(at) is None

    def above(self, at: int) -> str | None:
        """The name that tells whether some group above does not apply."""
        parent = self.plan.nodes[at].parent
        return None if parent is None else self.absent.get(parent)

    def absences_above(self, at: int) -> None:
        """The clauses of the groups above are asked before their first heading is."""
        chain = []
        parent = self.plan.nodes[at].parent
        while parent is not None and parent not in self.leaves.asked:
            chain.append(parent)
            parent = self.plan.nodes[parent].parent
        for group in reversed(chain):
            self.leaves.asked.add(group)
            self.code = self.plan.nodes[group].code
            self.absence(group)

    def absence(self, at: int) -> None:
        """Leave in ``a7`` which clause of a group or condition holds; no name where it always applies."""
        tests, clauses = self.absence_tests(at)
        if tests:
            name = f"a{at}"
            self.chain(tests, lambda i: self.absent_by(at, clauses[i]), lambda: self.w.line(f"{name} = -1"))
            self.absent[at] = name

    def absence_tests(self, at: int) -> tuple[list[Test], list[int]]:
        node = self.plan.nodes[at]
        tests: list[Test] = []
        clauses: list[int] = []
        above = self.above(at)
        if above is not None:
            tests.append(f"{above} != -1")
            clauses.append(-2)
        for i, when in asked_clauses(node):
            tests.append(when)
            clauses.append(i)
        return tests, clauses

    def absent_by(self, at: int, which: int) -> None:
        if which >= 0 and self.plan.nodes[at].absent[which].policy in _LEFT_TO_RANGES:
            self.w.line("raise Unsettled")
        else:
            self.w.line(f"a{at} = {which}")

    def condition(self, at: int, node: PlanNode, met: x.Truth) -> None:
        self.absence(at)
        name = self.holds[at] = f"h{at}"
        self.points[at] = Var("0", 1, (Fraction(0), Fraction(0)))
        self.maxima[at] = v.const(Fraction(0))
        absent = self.absent.get(at)
        if absent is not None:
            self.w.line(f"{name} = 0")
        if never_applies(node):
            pass
        elif absent is not None:
            self.chain([f"{absent} == -1"], lambda _: self.holding(name, met), None)
        else:
            self.holding(name, met)
        self.leaves.count(at, node)
        self.slots[Slot(Observed.ABSENT, at)] = (absent or "-1", 1)
        self.slots[Slot(Observed.MET, at)] = (name, 1)

    def holding(self, name: str, met: x.Truth) -> None:
        self.w.line(f"{name} = 1 if {self.truth(met).code} else 0")

    # ---- leaves and groups

    def leaf(self, at: int, node: PlanNode) -> None:
        tests, clauses = self.absence_tests(at)
        ends: list[v.Ends] = []
        if tests:
            self.absent[at] = f"a{at}"
            self.name_maximum(at)
        applies = None if never_applies(node) else partial(self.applies, at, node, ends)
        self.chain(tests, lambda i: self.without(at, node, clauses[i], ends), applies)
        self.points[at].ends = v.hull_ends(ends)
        self.leaves.count(at, node)

    def applies(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        if at in self.absent and self.wants_absence(at) and not node.children:
            self.w.line(f"a{at} = -1")
        self.earning(at, node, ends)

    def earning(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        """What a heading that applies earns, and its applicable maximum."""
        if node.combine is not None:
            self.groups.rated(at, node, node.combine, ends)
        elif node.children:
            self.groups.adding(at, node, ends)
        else:
            self.stands.put(at, Stands.IN)
            self.applicable(at, node)
            self.body(at, node, ends)

    def wants_absence(self, at: int) -> bool:
        return self.keep or at in self.leaves.watched

    def without(self, at: int, node: PlanNode, which: int, ends: list[v.Ends]) -> None:
        """A heading that does not apply: what its clause gives."""
        policy = node.absent[which].policy if which >= 0 else None
        if policy in _LEFT_TO_RANGES:
            self.w.line("raise Unsettled")
            return
        if not node.children and self.wants_absence(at):
            self.w.line(f"a{at} = {which}")
        self.stands.put(at, stands_without(policy))
        points = node.maximum if policy is Policy.FULL else Fraction(0)
        self.assign(self.points[at], v.const(points))
        ends.append((points, points))
        if self.wants_maximum(at):
            kept = node.maximum if policy in (Policy.FULL, Policy.ZERO) else Fraction(0)
            self.w.line(f"m{at} = {whole(kept, self.scales.maximum)}")

    def wants_maximum(self, at: int) -> bool:
        return self.keep or at in self.needs.maxima

    def applicable(self, at: int, node: PlanNode) -> None:
        """The applicable maximum, by name where it depends on the facts."""
        if not self.wants_maximum(at):
            return
        value = None
        if self.adds(at, node):
            changing = [c for c in node.children if is_counted(self.plan.nodes[c]) and self.maxima[c].constant is None]
            value = self.leaves.worth(node.code, node.maximum, changing, self.leaves.below(node.children))
        if value is None and at not in self.absent and self.stands.always_rated(at):
            self.maxima[at] = v.const(node.maximum)
            return
        self.w.line(f"m{at} = {value or whole(node.maximum, self.scales.maximum)}")
        self.name_maximum(at)

    def adds(self, at: int, node: PlanNode) -> bool:
        """Whether the maxima of what is below a heading add up to its own."""
        return bool(node.children) and node.combine is None and at not in self.pools

    def name_maximum(self, at: int) -> None:
        self.maxima[at] = v.reduced(Val(f"m{at}"), 1, self.scales.maximum)

    def group(self, at: int, node: PlanNode) -> None:
        ends: list[v.Ends] = []
        nothing = next((i for i, clause in enumerate(node.absent) if clause.when is None), None)
        if nothing is not None and not never_applies(node):
            self.nothing_applies(at, nothing)
        name = self.absent.get(at)
        if name is None:
            self.applies(at, node, ends)
        else:
            self.name_maximum(at)
            cases = [] if never_applies(node) else [-1]
            cases += [i for i, clause in enumerate(node.absent) if clause.policy not in _LEFT_TO_RANGES]
            case = partial(self._group_case, at, node, cases, ends)
            self.chain([f"{name} == {i}" for i in cases], case, lambda: self.without(at, node, -2, ends))
        self.points[at].ends = v.hull_ends(ends)
        self.leaves.count(at, node)

    def _group_case(self, at: int, node: PlanNode, cases: list[int], ends: list[v.Ends], i: int) -> None:
        if cases[i] == -1:
            self.earning(at, node, ends)
        else:
            self.without(at, node, cases[i], ends)

    def nothing_applies(self, at: int, clause: int) -> None:
        name = self.absent.get(at)
        if name is None:
            name = self.absent[at] = f"a{at}"
            self.w.line(f"{name} = -1")
        left = self.leaves.below(self.plan.nodes[at].children).left
        self.w.line(f"if {name} == -1 and not ({left}):")
        with self.w.indented():
            self.absent_by(at, clause)

    # ---- what a heading earns

    def body(self, at: int, node: PlanNode, ends: list[v.Ends]) -> None:
        def failed(i: int) -> None:
            if self.keep:
                self.w.line(f"r{at} = {i}")
            work = self.work(at, node)
            self.assign(work, self.num(node.requirements[i].otherwise))
            ends.append(self.finish(at, node, work))

        def met() -> None:
            ends.append(self.earned(at, node))

        if node.requirements:
            self.chain([x.Not(r.holds) for r in node.requirements], failed, met)
        else:
            met()

    def work(self, at: int, node: PlanNode) -> Var:
        """Where points stand until they are rounded."""
        if node.rounding is None:
            return Var(f"p{at}", self.points[at].scale)
        return Var(f"u{at}", self.scales.kept(self.scales.before[at]))

    def earned(self, at: int, node: PlanNode) -> v.Ends:
        work = self.work(at, node)
        if node.base is not None:
            self.base(at, node.base, work)
        elif node.combine is not None:
            self.assign(work, self.groups.combined(at, node, node.combine))
        else:
            self.assign(work, self.sum_of_points(node.children))
        for i, adjustment in enumerate(node.adjustments):
            self.adjust(at, i, adjustment, work)
        if self.adds(at, node):
            self.leaves.rescale(node.code, node.maximum, self.leaves.below(node.children), work)
        for i in range(len(node.evidence)):
            self.evidence(at, i, node, work)
        self.limit(at, node.limits, work)
        return self.finish(at, node, work, self.beyond(at, node))

    def sum_of_points(self, headings: Iterable[int]) -> Val:
        parts = [self.points[at].value for at in headings if is_counted(self.plan.nodes[at])]
        return self.sum_of(parts) if parts else v.const(Fraction(0))

    def base(self, at: int, base: Choice, work: Var) -> None:
        ends: list[v.Ends] = []
        if base.subject is not None:
            self.subject(at, base)
        last = len(base.cases) - 1

        def case(i: int) -> None:
            if self.keep:
                self.w.line(f"c{at} = {i}")
            self.assign(work, self.num(base.cases[i].value))
            ends.append(work.ends)

        tests = [None if i == last else c.when for i, c in enumerate(base.cases)]
        self.chain(tests, case, None)
        self.known_subject = None
        work.ends = v.hull_ends(ends)
        if self.keep:
            self.w.line(f"b{at} = {work.result}")
            self.slots[Slot(Observed.BASE, at)] = (f"b{at}", work.scale)

    def subject(self, at: int, base: Choice) -> None:
        """Compute what the cases look at once, under a name if it is more than a fact or a quotient of facts."""
        assert base.subject is not None
        value = self.num(base.subject)
        if value.rank != v.ATOM and value.code != "1":
            value = self.named(value)
        self.known_subject = (base.subject, value)
        if self.keep:
            scale = None if value.below else value.scale
            code = f"({v.numerator(value)}, {v.denominator(value)})" if value.below else v.numerator(value)
            self.w.line(f"s{at} = {touched(code)}")
            self.slots[Slot(Observed.SUBJECT, at)] = (f"s{at}", scale)
        elif value.constant is None and not asks_first(base, base.subject):
            self.temp(v.numerator(value))

    def beyond(self, at: int, node: PlanNode) -> list[Val]:
        """What awards gave that raise the cap."""
        return [self.given[at, i] for i, adjustment in enumerate(node.adjustments) if adjustment.beyond]

    def finish(self, at: int, node: PlanNode, work: Var, beyond: Sequence[Val] = ()) -> v.Ends:
        """Floor, cap, rounding; a true ratio is reduced here, so that it does not grow on its way up."""
        most = self.sum_of([v.const(node.maximum), *beyond]) if beyond else v.const(node.maximum)
        if not node.endless:
            self.clamp(work, v.const(node.minimum), at_most=False)
            self.clamp(work, most, at_most=True)
        if node.rounding is None:
            if work.scale is None and not _is_as_given(node):
                name = work.name
                self.w.line(f"{name}n, {name}d = lowest_terms({name}n, {name}d, {self.code!a})")
            return work.ends
        points = self.points[at]
        points.ends = self.round_into(points, work, node.rounding)
        if self.scales.may_pass(at):
            # Only what adds can have lost some of its maximum and still apply.
            if self.adds(at, node) and self.wants_maximum(at) and self.maxima[at].constant is None:
                self.held_within(points, work, self.sum_of([self.maxima[at], *beyond]))
            self.clamp(points, most, at_most=True)
            self.clamp(points, v.const(node.minimum), at_most=False)
        return points.ends


def _is_as_given(node: PlanNode) -> bool:
    """Whether the points are those a person gave, at most cut at the ends: such a ratio is in its lowest terms."""
    changed = node.requirements or node.adjustments or node.evidence or node.limits
    values = () if node.base is None else tuple(case.value for case in node.base.cases)
    return not changed and len(values) == 1 and isinstance(values[0], x.Judged)


def _readable(words: str) -> str:
    """An author's words as part of a comment: as they are, unless something in them could end it or turn it round."""
    return words if words.isprintable() else ascii(words)

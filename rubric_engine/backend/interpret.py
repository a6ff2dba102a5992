"""``interpret``: what a plan means, on exact fractions. Short and obvious; every other reading must agree with it.

Nothing is looked at before it is needed: ``and`` and ``or`` stop at the first answer, a case that is not taken is not
computed, a ``let`` is computed when something uses it. So a missing fact only matters where it is asked for.
"""

from collections.abc import Iterable
from fractions import Fraction

from rubric_engine.backend.leaves import ZERO, Leaves, together, weight_of
from rubric_engine.backend.leaves import is_counted as is_counted
from rubric_engine.backend.leaves import is_scored_leaf as is_scored_leaf
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning import expressions
from rubric_engine.meaning.finish import finished, rounded_within
from rubric_engine.meaning.growth import too_large
from rubric_engine.meaning.known import Known
from rubric_engine.meaning.reading import ExactReading, ScoringError, Undefined, Unsettled
from rubric_engine.meaning.reducing import Weighted, combined
from rubric_engine.meaning.states import Rated, Stands, stands_as_group, stands_if_not_rated, stands_without, states
from rubric_engine.meaning.steps import Steps
from rubric_engine.plan import plan as p
from rubric_engine.plan.expr import Num, Truth
from rubric_engine.plan.layout import SHEET_LEVEL, layout_of
from rubric_engine.plan.reads import tables_of_total

APPLIES = -1  # ABSENT: no clause holds
ABOVE = -2  # ABSENT: a group above does not apply
NO_TABLE = -2  # GRADE: the table does not apply
NOTHING_TO_GRADE = -3  # GRADE: what the table grades is not rated
NOT_REACHED = {p.Observed.REQUIREMENT: -1, p.Observed.CASE: -1, p.Observed.RATED: 1}


def interpret(plan: p.Plan, facts: Facts) -> ExactReading:
    """The exact reading of complete enough facts.

    Raises :class:`Unsettled` when it meets something nobody has said, or a case the rubric leaves undecided, and
    :class:`~rubric_engine.meaning.reading.ScoringError` when it divides by zero or meets anything else undefined, or a
    number beyond the wall of :mod:`rubric_engine.meaning.growth`.
    """
    reader = ExactReader(plan, facts)
    for at in plan.order:
        reader.read_node(at)
    reader.read_sheet()
    for number, table in enumerate(plan.grades):
        reader.read_grades(number, table)
    slots = p.slots_of(plan)
    values = [reader.seen.get(slot, NOT_REACHED.get(slot.kind, 0)) for slot in slots]
    return ExactReading(
        tuple(
            Fraction(value).as_integer_ratio() if slot.is_number else int(value)
            for slot, value in zip(slots, values, strict=True)
        ),
        (None,) * len(slots),
    )


class ExactReader(Steps):
    """One reading on its way: what each node came to so far, and every slot seen.

    Whoever needs a heading alone reads it after those it needs.
    """

    def __init__(self, plan: p.Plan, facts: Facts) -> None:
        self.plan = plan
        self.facts = facts
        self.proven = facts.proven
        layout = layout_of(plan)
        lets = layout.remembered(("let values",), lambda: {name: let.value for name, let in layout.lets.items()})
        self.known = Known(facts.values, facts.judged, layout.inputs, lets)
        self.code = ""
        self.absent: dict[int, int] = {}
        self.points: dict[int, Fraction] = {}
        self.maximum: dict[int, Fraction] = {}
        self.published = self.sheet_maximum = ZERO
        self.seen: dict[p.Slot, Fraction | int] = {}
        self.keeps: dict[int, frozenset[str | None]] = {}  # whose worth is kept for something at or below a node
        self.leaves: dict[int, Leaves] = {}
        self.stands: dict[int, int] = {}
        self.rated = True  # the sheet
        self.pools = layout.pooled

    # ---- expressions, and what they find

    def number(self, expr: Num) -> Fraction:
        """The value. Raises :class:`ScoringError` for the heading being read where there is none."""
        try:
            value = expressions.number(expr, self.known)
        except Undefined as error:
            raise ScoringError(self.code) from error
        return value if type(value) is Fraction else Fraction(value)

    def truth(self, expr: Truth) -> bool:
        """As :meth:`number`, of a condition."""
        try:
            return expressions.truth(expr, self.known)
        except Undefined as error:
            raise ScoringError(self.code) from error

    def tell(self, at: int) -> None:
        """Whoever reads the points or the maximum of a heading finds them from now on."""
        node, points = self.plan.nodes[at], self.points[at]
        self.known.points[node.code], self.known.maxima[node.code] = points, self.maximum[at]
        if self.stands[at] == Stands.UNRATED:
            self.known.unrated.add(node.code)
        else:
            self.known.unrated.discard(node.code)
        self.known.lacking[node.code] = self.seen.get(p.Slot(p.Observed.RATED, at)) == Rated.NO
        self.known.zero[node.code] = points == 0 and is_scored_leaf(node) and self.absent[at] == APPLIES

    # ---- one heading

    def read_node(self, at: int) -> None:
        node = self.plan.nodes[at]
        self.find_absence(at)
        self.code = node.code
        self.leaves[at] = self.leaves_below(at)
        nothing = next((i for i, clause in enumerate(node.absent) if clause.when is None), None)
        if self.absent[at] == APPLIES and nothing is not None and self.leaves[at].left == 0:
            self.note_absence(at, nothing)
        which = self.absent[at]
        self.keeps[at] = self.keeps_below(node) if which == APPLIES else _kept_by(node, which)
        self.leaves[at] = self.leaves[at].under(node.absent[which].policy if which >= 0 else None)
        self.see(p.Observed.ABSENT, at, which)
        if node.met is not None:
            holds = self.known.met[node.code] = which == APPLIES and self.truth(node.met)
            self.points[at] = self.maximum[at] = ZERO
            self.stands[at] = Stands.IN
            self.see(p.Observed.MET, at, int(holds))
            self.tell(at)
            return
        if which != APPLIES:
            self.points[at], self.maximum[at] = _without(node, which)
            self.stands[at] = stands_without(node.absent[which].policy if which >= 0 else None)
        else:
            self.read_steps(at, node)
        self.see(p.Observed.POINTS, at, self.points[at])
        self.see(p.Observed.MAXIMUM, at, self.maximum[at])
        self.tell(at)

    def read_steps(self, at: int, node: p.PlanNode) -> None:
        """A heading that applies: what it earns, or what the rubric says where it is not rated."""
        indices = self.indices(node)
        self.stands[at] = self.as_group(at, node, indices)
        if self.stands[at] == Stands.IN:
            self.maximum[at] = self.applicable(at, node)
            self.points[at] = self.points_of(at, node, indices or [], self.maximum[at])
            if too_large(self.points[at]):
                raise ScoringError(self.code)
            return
        fails = self.failing(at, node)
        if fails >= 0:
            self.see(p.Observed.RATED, at, Rated.FAILED)
            self.stands[at] = Stands.IN
            self.instead(at, node, node.requirements[fails].otherwise)
            return
        self.points[at] = self.maximum[at] = ZERO
        if self.stands[at] == Stands.OUT:
            self.see(p.Observed.RATED, at, Rated.NOTHING)
            return
        self.see(p.Observed.RATED, at, Rated.NO)
        if node.if_not_rated is None:
            return
        self.stands[at] = stands_if_not_rated(node.if_not_rated)
        if node.if_not_rated.value is None:
            self.leaves[at] = self.leaves[at].left_out(node.if_not_rated.policy)
        else:
            self.instead(at, node, node.if_not_rated.value)

    def instead(self, at: int, node: p.PlanNode, value: Num) -> None:
        """These points out of the full maximum, where what is below gives none."""
        self.points[at] = finished(self.number(value), node, node.maximum)
        self.maximum[at] = node.maximum
        self.leaves[at] = self.leaves[at].under(p.Policy.ZERO)

    def as_group(self, at: int, node: p.PlanNode, indices: list[Weighted] | None) -> int:
        """How a heading that applies stands, before what the rubric says where it is not rated."""
        if not node.children:
            return Stands.IN
        if node.combine is not None:
            return Stands.UNRATED if indices is None else Stands.IN
        together = self.states_of(node.children)
        return stands_as_group(together, pooled=at in self.pools, sheet=node.level == SHEET_LEVEL)

    def states_of(self, headings: Iterable[int]) -> int:
        """How these headings stand together."""
        return states(self.stands[at] for at in headings if is_counted(self.plan.nodes[at]))

    def find_absence(self, at: int) -> None:
        """Which *not applicable when* clause holds, here and (first) in every group above."""
        chain = [at]
        while (parent := self.plan.nodes[chain[-1]].parent) is not None and chain[-1] not in self.absent:
            chain.append(parent)
        for here in reversed(chain):
            if here not in self.absent:
                node = self.plan.nodes[here]
                self.code = node.code
                if node.parent is not None and self.absent[node.parent] != APPLIES:
                    self.absent[here] = ABOVE
                    continue
                self.absent[here] = APPLIES
                for i, clause in enumerate(node.absent):
                    if clause.when is not None and self.truth(clause.when):
                        self.note_absence(here, i)
                        break

    def note_absence(self, at: int, which: int) -> None:
        clause = self.plan.nodes[at].absent[which]
        if clause.policy is p.Policy.UNDECIDED:
            raise Unsettled
        self.absent[at] = which

    def leaves_below(self, at: int) -> Leaves:
        """The scored leaves here and below, before the heading's own clauses."""
        node = self.plan.nodes[at]
        if node.children:
            return self.leaves_of(node.children)
        return Leaves(node.maximum, 1, node.maximum, 1, ZERO)

    def leaves_of(self, headings: Iterable[int]) -> Leaves:
        return together(self.leaves[at] for at in headings if is_counted(self.plan.nodes[at]))

    def keeps_below(self, node: p.PlanNode) -> frozenset[str | None]:
        """As for leaves, the outermost heading that does not apply speaks for all below it."""
        return frozenset[str | None]().union(*(self.keeps[child] for child in node.children))

    def kept(self, code: str | None, children: Iterable[int], leaves: Leaves) -> bool:
        """Whether a heading keeps its worth: some clause below says so, and something is left to carry it."""
        return leaves.applicable != 0 and any(code in self.keeps[child] for child in children)

    def worth(self, kept: bool, printed: Fraction, children: Iterable[int], leaves: Leaves) -> Fraction:
        """The applicable maximum: printed, less what the children lost; or the worth that is kept."""
        if kept:
            return printed - leaves.excluded
        nodes = self.plan.nodes
        return printed - sum((nodes[c].maximum - self.maximum[c] for c in children if is_counted(nodes[c])), ZERO)

    def applicable(self, at: int, node: p.PlanNode) -> Fraction:
        """Only where children are added do their maxima add up to something."""
        if node.combine is not None or at in self.pools:
            return node.maximum
        kept = self.kept(node.code, node.children, self.leaves[at])
        return self.worth(kept, node.maximum, node.children, self.leaves[at])

    def indices(self, node: p.PlanNode) -> list[Weighted] | None:
        """The children that take part in a combination with their weights; ``None`` where the group is not rated.

        For SUM_POSITIVE every child, as its points and what of its applicable maximum is above 0.
        """
        if node.combine is None:
            return []
        kind = node.combine.kind
        weights = {c: weight_of(self.plan.nodes[c], kind) for c in node.children if is_counted(self.plan.nodes[c])}
        taking = [c for c in weights if self.maximum[c] > 0]
        left = sum((weights[c] for c in taking), ZERO)
        rated = left > 0 and left >= sum(weights.values(), ZERO) * (node.combine.needs or ZERO)
        if not rated:
            return None
        if kind is p.CombineKind.SUM_POSITIVE:
            return [(self.points[c], max(self.maximum[c], ZERO)) for c in weights]
        return [(self.points[c] / self.maximum[c], weights[c]) for c in taking]

    def combined(self, node: p.PlanNode, combine: p.Combine, indices: list[Weighted]) -> Fraction:
        index = combined(combine, indices)
        if index is not None:
            return node.maximum * index
        if combine.if_zero is None:
            raise ScoringError(self.code)
        return self.number(combine.if_zero)

    def points_of(self, at: int, node: p.PlanNode, indices: list[Weighted], worth: Fraction) -> Fraction:
        """The steps of a heading over what stands below it."""

        def below() -> Fraction:
            return self.sum_of(node.children) if node.combine is None else self.combined(node, node.combine, indices)

        keeps = node.combine is None and at not in self.pools
        kept = keeps and self.kept(node.code, node.children, self.leaves[at])
        return self.earned(
            at, node, below, worth, (lambda points: _rescaled(points, node.maximum, self.leaves[at])) if kept else None
        )

    def sum_of(self, headings: Iterable[int]) -> Fraction:
        return sum((self.points[at] for at in headings if is_counted(self.plan.nodes[at])), ZERO)

    # ---- the whole sheet

    def read_sheet(self) -> None:
        plan = self.plan
        self.code = ""
        roots = [at for at in plan.roots if not plan.nodes[at].pool]
        pools = [at for at in plan.roots if plan.nodes[at].pool]
        leaves = self.leaves_of(roots)
        together = states((stands_as_group(self.states_of(roots), sheet=True), self.states_of(pools)))
        if together == Stands.UNRATED:
            self.rated = False
            self.see(p.Observed.RATED, -1, 0)
            return
        points = self.sum_of(roots)
        kept = self.kept(None, roots, leaves)
        self.sheet_maximum = self.worth(kept, plan.total, roots, leaves)
        if kept:
            points = _rescaled(points, plan.total, leaves)
        points += self.sum_of(pools)
        points = self.limited(-1, plan.limits, points)
        if not plan.signed:
            points = max(points, ZERO)
        rounding = plan.rounding
        tops = (self.sheet_maximum, plan.total)
        self.published = points if rounding is None else rounded_within(points, rounding, tops)
        self.known.totals = (self.published, self.sheet_maximum)
        self.see(p.Observed.TOTAL, -1, points)
        self.see(p.Observed.PUBLISHED, -1, self.published)
        self.see(p.Observed.SHEET_MAXIMUM, -1, self.sheet_maximum)

    def read_grades(self, number: int, table: p.GradeTable) -> None:
        if not self.has_subject(number, table):
            self.see(p.Observed.GRADE_BY_POINTS, number, NOTHING_TO_GRADE)
            self.see(p.Observed.GRADE, number, NOTHING_TO_GRADE)
            return
        if table.applies is not None and not self.truth(table.applies):
            self.see(p.Observed.GRADE_BY_POINTS, number, NO_TABLE)
            self.see(p.Observed.GRADE, number, NO_TABLE)
            return
        by_points = next((i for i, row in enumerate(table.rows) if row.when is None or self.truth(row.when)), -1)
        fired = [self.truth(gate.when) for gate in table.gates]
        self.see(p.Observed.GRADE_BY_POINTS, number, by_points)
        for i, fires in enumerate(fired):
            self.see(p.Observed.GATE, number, int(fires), i)
        self.see(p.Observed.GRADE, number, final_grade(table, by_points, fired))

    def has_subject(self, number: int, table: p.GradeTable) -> bool:
        """Whether there is something to grade: the sheet is rated where the table reads it, its heading has points."""
        if not self.rated and number in tables_of_total(self.plan):
            return False
        return table.node < 0 or self.stands[table.node] == Stands.IN

    def see(self, kind: p.Observed, at: int, value: Fraction | int, index: int = 0) -> None:
        self.seen[p.Slot(kind, at, index)] = value


def final_grade(table: p.GradeTable, by_points: int, fired: Iterable[bool]) -> int:
    """The row of the final grade: every gate starts from the grade by points, and the lowest wins."""
    named = [i for i, row in enumerate(table.rows) if row.name]
    gates = [gate for gate, fires in zip(table.gates, fired, strict=True) if fires]
    if any(gate.kind is p.GateKind.NONE for gate in gates):
        return -1
    forced = [gate.row for gate in gates if gate.kind is p.GateKind.FORCE]
    if by_points not in named:
        return max(forced, default=by_points)
    demotions = sum(gate.kind is p.GateKind.LOWER for gate in gates)
    demoted = named[min(named.index(by_points) + demotions, len(named) - 1)]
    ceilings = [gate.row for gate in gates if gate.kind is p.GateKind.CEILING]
    return max(by_points, demoted, *ceilings, *forced)


def _without(node: p.PlanNode, which: int) -> tuple[Fraction, Fraction]:
    """Points and applicable maximum of a heading that does not apply."""
    clause: p.Absent | None = node.absent[which] if which >= 0 else None
    if clause is None:
        return ZERO, ZERO
    if clause.policy is p.Policy.FULL:
        return node.maximum, node.maximum
    if clause.policy is p.Policy.DECIDED and clause.points is not None:
        return clause.points, node.maximum
    return ZERO, node.maximum if clause.policy is p.Policy.ZERO else ZERO


def _kept_by(node: p.PlanNode, which: int) -> frozenset[str | None]:
    """Whose worth the clause in force keeps, if any."""
    clause = node.absent[which] if which >= 0 else None
    keeps = clause is not None and clause.policy is p.Policy.KEEP_WORTH
    return frozenset((clause.worth_of,)) if clause is not None and keeps else frozenset()


def _rescaled(points: Fraction, printed: Fraction, leaves: Leaves) -> Fraction:
    """Points of a heading that keeps its worth: times W over A."""
    return points * (printed - leaves.excluded) / leaves.applicable

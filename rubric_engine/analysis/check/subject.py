"""What every check looks at: one rubric, prepared once.

A *place* is a point of the rubric where something is computed: the ranges its facts can have there, and the path of
conditions that leads to it. Ranges may be too wide, never too narrow, so what they rule out is ruled out.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from rubric_engine.analysis.check.declared import Declarations, inputs_of, samples_of, summed_roots
from rubric_engine.analysis.check.words import Words
from rubric_engine.meaning.budget import CHECK_STEPS, Budget
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.model import Levels, Node, Rubric
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind, Plan, PlanNode
from rubric_engine.ranges.bounds import ANY_FACTS, Bounds
from rubric_engine.ranges.steps import StepRanges
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.expr import assume, number, truth
from rubric_engine.ranges.values.interval import Interval, as_fraction
from rubric_engine.rules.clauses import written_of_node, written_of_sheet
from rubric_engine.solve.lines import Stretch
from rubric_engine.solve.world import Goal, constant
from rubric_engine.source import SourceFile

if TYPE_CHECKING:
    from rubric_engine.analysis.check.search.cases import Cases
    from rubric_engine.analysis.check.search.confirm import Confirm
    from rubric_engine.analysis.check.search.tried import Trials
    from rubric_engine.solve.find import Search

# Official outlines have five levels; what stands farther above is not taken into account, so ranges only get wider.
_MOST_ABOVE = 30
_MOST_RELATIONS = 24
_MOST_CONDITIONS = 1000
# No place takes more than its part of what all may take.
_PLACES = 3


@dataclass(frozen=True)
class Place:
    """Ranges at a point of the rubric, and how one gets there.

    ``row`` is the register of whose rows one is at hand, and how many conditions of the path are not about that row.
    """

    env: Env
    path: tuple[Goal, ...] = ()
    row: tuple[str, int] | None = None
    _beyond: dict[Goal, "Place | None"] = field(default_factory=dict, compare=False, repr=False)

    def assume(self, condition: x.Truth, holds: bool) -> "Place | None":
        """The place beyond a condition; ``None`` when nobody can get there."""
        goal = (condition, holds)
        if self.env.budget.spent:
            return self
        if goal not in self._beyond:
            # Several checks walk the same way: a place remembers where its conditions lead. Behind very many
            # conditions nothing more is narrowed: the work would grow with their square, and ranges stay true.
            far = len(self.env.forms) > _MOST_RELATIONS or len(self.path) > _MOST_CONDITIONS
            env = self.env if far else assume(self.env, condition, holds)
            self._beyond[goal] = None if env is None else Place(env, (*self.path, goal), self.row)
        return self._beyond[goal]

    def assume_all(self, conditions: Iterable[Goal]) -> "Place | None":
        """The place beyond several conditions."""
        here: Place | None = self
        for condition, holds in conditions:
            if here is None:
                return None
            here = here.assume(condition, holds)
        return here

    def at_row(self, register: str) -> "Place":
        """Where any one row of a register is at hand."""
        known = self.env.registers.get(register)
        return self if known is None else Place(self.env.at_row(known, None), self.path, (register, len(self.path)))

    def goals(self, *more: Goal) -> list[Goal]:
        """How one gets here, and further: what a submission must bring about. Of a row: that there is such a row."""
        if self.row is None:
            return [*self.path, *more]
        register, outside = self.row
        inside = tuple(test if holds else x.Not(test) for test, holds in (*self.path[outside:], *more))
        rows = x.CountRows(register, inside[0] if len(inside) == 1 else x.All(inside) if inside else None)
        return [*self.path[:outside], (x.Compare(x.Order.GE, rows, x.Const(Fraction(1))), True)]

    def interval(self, expr: x.Num) -> Interval:
        """All values the number can take here."""
        return number(expr, self.env)

    def settled(self, condition: x.Truth) -> bool | None:
        """The outcome of a condition where only one is possible here."""
        return truth(condition, self.env).known

    def stretch(self, expr: x.Num) -> Stretch:
        """The same as a plain stretch of the line."""
        found = self.interval(expr)
        return Stretch(as_fraction(found.low), as_fraction(found.high), found.low_open, found.high_open)

    def high(self, expr: x.Num) -> Fraction | None:
        """The most the number can be; ``None`` without end."""
        return expr.value if isinstance(expr, x.Const) else as_fraction(self.interval(expr).high)

    def low(self, expr: x.Num) -> Fraction | None:
        """The least the number can be; ``None`` without end."""
        return expr.value if isinstance(expr, x.Const) else as_fraction(self.interval(expr).low)


class Subject:
    """A rubric with what the checks ask of it again and again. Nothing here changes once computed.

    All places together may narrow what ``steps`` allow, each a good part of it; beyond that nothing that rests on what
    is possible there is decided.
    """

    def __init__(self, rubric: Rubric, steps: int = CHECK_STEPS) -> None:
        self.rubric = rubric
        self.budget = Budget(steps)
        self.watch: Callable[[Node], None] | None = None  # told of the heading that is looked at
        self.of_a_place = max(1, steps // _PLACES)
        self._joint: list[Budget] = []
        self.inputs = inputs_of(rubric)
        self.lets = {at.value.name: at.value for at in rubric.lets}
        self.judged = {at.value.key: at.value for at in rubric.judged}
        self.nodes = {node.code: node for node in rubric.nodes}
        self.words = Words(rubric.language, self.inputs, self.lets, rubric.calls)
        self.leaves = tuple(node for node in rubric.nodes if node.is_leaf and node.kind == "scored")
        # Headings whose points come from a rule of their own: leaves, and groups scored by a formula.
        self.scoring = tuple(
            node for node in rubric.nodes if node.kind == "scored" and (node.is_leaf or node.rule is not None)
        )
        self.declarations = Declarations(rubric)
        self._pools = _pools_of(rubric)
        self._bare: dict[str, Place] = {}
        self._starts = [node.span.start for node in rubric.nodes]
        self._placed: dict[str, Place | None] = {}
        self._steps: dict[str, tuple[Place, StepRanges]] = {}

    # ------------------------------------------------------------ the outline

    def is_adding(self, node: Node) -> bool:
        """Whether the node is a scored group whose points are the sum of its children's."""
        if node.combine is not None or node.rule is not None or node.kind != "scored":
            return False
        return any(self.rubric.nodes[at].kind == "scored" for at in node.children)

    def pool_of(self, node: Node) -> str:
        """``bonus`` or ``penalty`` for a pool and what stands in it; empty elsewhere."""
        return self._pools.get(node.code, "")

    @cached_property
    def levels_found(self) -> Counter[str]:
        """How many headings of each level the outline has; pools stand beside it."""
        return Counter(node.level.upper() for node in self.rubric.nodes if not self.pool_of(node))

    def scored_children(self, node: Node) -> list[Node]:
        """Children whose points count."""
        return [self.rubric.nodes[at] for at in node.children if self.rubric.nodes[at].kind == "scored"]

    def scored_roots(self) -> list[Node]:
        """Headings whose points make the total; a bonus and a penalty stand beside it."""
        return [self.rubric.nodes[at] for at in summed_roots(self.rubric)]

    def sum_of(self, nodes: Iterable[Node]) -> Fraction:
        """Their maxima added."""
        return sum((node.maximum for node in nodes), Fraction(0))

    def sum_below(self, node: Node) -> Fraction:
        """The maxima of the node's children added."""
        return self.sum_of(self.scored_children(node))

    def above(self, node: Node) -> list[Node]:
        """The headings the node stands under, outermost first; the nearest ones where there are very many."""
        found: list[Node] = []
        at = node.parent
        while at is not None and len(found) < _MOST_ABOVE:
            found.append(self.rubric.nodes[at])
            at = self.rubric.nodes[at].parent
        return found[::-1]

    def called(self, node: Node) -> str:
        """How a message names the node: by its code; the sheet itself by the word for its total."""
        return self.words.word("TOTAL") if node.level == "sheet" else node.code

    def node_at(self, offset: int) -> Node | None:
        """The heading under which a place of the text stands."""
        at = bisect_right(self._starts, offset)
        return self.rubric.nodes[at - 1] if at else None

    # ------------------------------------------------------------ places

    def place_for(self, expressions: Iterable[x.Expr]) -> Place:
        """Where nothing is known but the declared bounds of what these expressions read."""
        place = self._new_place(expressions)
        self._joint.append(place.env.budget)
        return place

    def _new_place(self, expressions: Iterable[x.Expr]) -> Place:
        env = self.declarations.env_for(expressions)
        env.budget = Budget(self.of_a_place, self.budget)
        return Place(env)

    def bare(self, node: Node) -> Place:
        """Where nothing is assumed, for what the node's clauses and the groups above it read."""
        if node.code not in self._bare:
            above = [when for group in self.above(node) for when in whens_of(group)]
            own = [expr for expr, _ in written_of_node(node, self.rubric.evidence)]
            self._bare[node.code] = self._new_place([*above, *own])
        return self._bare[node.code]

    def is_undecided(self, offset: int) -> bool:
        """Whether the steps did not suffice to tell what is possible where this stands in the text."""
        if any(budget.spent for budget in self._joint):
            return True
        node = self.node_at(offset)
        return node is not None and node.code in self._bare and self._bare[node.code].env.budget.spent

    def undecided(self) -> list[Node | None]:
        """The headings of which that is so; ``None`` for what stands under none."""
        found: list[Node | None] = [None] if any(budget.spent for budget in self._joint) else []
        return found + [self.nodes[code] for code, place in self._bare.items() if place.env.budget.spent]

    def outside(self, node: Node) -> Place | None:
        """Where the groups above the node apply."""
        above = [(when, False) for group in self.above(node) for when in whens_of(group)]
        return self.bare(node).assume_all(above)

    def inside(self, node: Node) -> Place | None:
        """Where the node applies: no *not applicable* clause of it or of a group above holds."""
        here = self.outside(node)
        return None if here is None else here.assume_all([(when, False) for when in whens_of(node)])

    def place_of(self, node: Node) -> Place | None:
        """Where the node's own points are computed: it applies and every requirement holds."""
        if self.watch is not None:
            self.watch(node)
        if node.code not in self._placed:
            here = self.inside(node)
            holds = [(requirement.value.holds, True) for requirement in node.requirements]
            self._placed[node.code] = None if here is None else here.assume_all(holds)
        return self._placed[node.code]

    @cached_property
    def sheet(self) -> Place:
        """Where nothing is assumed, for what the grades, gates and limits on the total read."""
        return self.place_for([expr for expr, _ in written_of_sheet(self.rubric)])

    # ------------------------------------------------------------ levels

    def level_names(self, rule: Levels) -> list[str]:
        """The keys a table of levels may have, in order: for yes/no, *no* and then *yes*."""
        if rule.truth is not None:
            return [self.words.yes_no(False), self.words.yes_no(True)]
        if rule.tests:
            return list(rule.names)
        return [level.name for level in self.inputs[rule.name].levels]

    def level_test(self, rule: Levels, levels: Sequence[int]) -> Goal:
        """The condition under which one of these levels is held."""
        if rule.tests:
            tests = tuple(dict.fromkeys(rule.tests[at] for at in sorted(set(levels))))
            return tests[0] if len(tests) == 1 else x.AnyOf(tests), True
        if rule.truth is None:
            return x.IsLevel(rule.name, tuple(sorted(levels))), True
        if len(set(levels)) == 2:
            return x.Always(True), True
        return rule.truth, bool(levels[0])

    def possible_levels(self, rule: Levels, place: Place) -> frozenset[int]:
        """Levels that can still occur in a place."""
        held = place.env.levels.get(rule.name) if rule.truth is None and not rule.tests else None
        if held is not None:
            return held.values
        everything = range(len(self.level_names(rule)))
        return frozenset(at for at in everything if place.assume(*self.level_test(rule, (at,))) is not None)

    # ------------------------------------------------------------ numbers and witnesses

    def constant(self, expr: x.Num) -> Fraction | None:
        """The value of an expression that reads no fact."""
        return constant(expr, self.lets)

    @cached_property
    def search(self) -> "Search":
        """Finds submissions. Loaded when the first fault asks for one: a clean rubric needs none."""
        from rubric_engine.solve.find import Search

        return Search(self.inputs, self.judged, self.lets, samples_of(self.rubric), self.budget)

    @cached_property
    def plan(self) -> Plan:
        """What is scored. Line numbers are nothing to the checks, so no source is needed."""
        from rubric_engine.backend.lower import lower

        return lower(self.rubric, SourceFile.from_text(""))

    @cached_property
    def bounded_sheet(self) -> Place:
        """The sheet with what headings and total can come to, as far as that is known."""
        if self.bounds is None:
            return self.sheet
        bounded = self.declarations.bounded_by(self.bounds)
        return Place(bounded.env_for([expr for expr, _ in written_of_sheet(self.rubric)]))

    @cached_property
    def bounds(self) -> Bounds | None:
        """What the headings and the sheet can come to; ``None`` where scoring ends without a value whatever is said."""
        from rubric_engine.ranges.bounds import bounds_of

        try:
            return bounds_of(self.plan)
        except ScoringError:
            return None

    @cached_property
    def cases(self) -> "Cases":
        """The same case by case of the few facts that several headings read."""
        from rubric_engine.analysis.check.search.cases import Cases

        return Cases(self.plan)

    def plan_node(self, node: Node) -> PlanNode:
        """A heading as it is scored."""
        return self.plan.nodes[self.declarations.nodes[node.code]]

    def steps_of(self, node: Node, place: Place) -> StepRanges:
        """Base, adjustments, evidence and limits of a heading over what is possible in a place."""
        found = self._steps.get(node.code)
        if found is None or found[0] is not place:
            steps = StepRanges(self.plan, ANY_FACTS, self.plan_node(node), place.env, None)
            found = self._steps[node.code] = (place, steps)
        return found[1]

    @cached_property
    def confirm(self) -> "Confirm":
        """Scores what is suspected. Loaded with the first suspicion."""
        from rubric_engine.analysis.check.search.confirm import Confirm

        return Confirm(self)

    @cached_property
    def trials(self) -> "Trials":
        """Scores every submission of a heading where they are few."""
        from rubric_engine.analysis.check.search.tried import Trials

        return Trials(self)

    def example(self, goals: Sequence[Goal]) -> dict[str, str]:
        """A submission under which the goals come out as wanted, ready to show; empty when none was found."""
        found = self.search.find(goals)
        return {} if found is None else self.words.example(found)

    def kind_of(self, name: str) -> Kind | None:
        """The kind of an input."""
        spec = self.inputs.get(name)
        return None if spec is None else spec.kind


def prints_points(node: Node) -> bool:
    """Whether the heading itself says what it is worth."""
    return node.points_span != node.code_span


def _pools_of(rubric: Rubric) -> dict[str, str]:
    """The pool of each heading that stands in one."""
    if not any(rubric.nodes[at].pool for at in rubric.roots):
        return {}
    found: dict[str, str] = {}
    for node in rubric.nodes:
        pool = node.pool if node.parent is None else found.get(rubric.nodes[node.parent].code, "")
        if pool:
            found[node.code] = pool
    return found


def whens_of(node: Node) -> list[x.Truth]:
    """The conditions of a node's *not applicable* clauses."""
    return [absent.value.when for absent in node.absent if absent.value.when is not None]

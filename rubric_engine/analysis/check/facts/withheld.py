"""RUB451 and RUB454: facts of which less is earned by giving them than by leaving them out.

A pair of submissions, alike but for the fact that one of them lacks, both scored by the engine. What is said of a leaf
that a policy takes out of the maximum shows in what reads indices: the group that combines it, or the sheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.check.facts.standing_in import StandingIn, TooLarge
from rubric_engine.analysis.check.search.confirm import Confirm
from rubric_engine.analysis.check.search.shapes import adjustment_number, choice_number
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.meaning.exact import round_to, show_percent
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import IfMissing, InputSpec, MissingPolicy, PlanNode, Policy, PublishedForm
from rubric_engine.plan.reads import PlanReads
from rubric_engine.plan.record import record
from rubric_engine.solve.answers import Submission
from rubric_engine.solve.world import Goal, World
from rubric_engine.source import Span

_LEAVES = (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE)
_NOTHING = x.Const(Fraction(0))
_SHOWN = Fraction(1, 10_000)
# Searches by outcome, where what is plain did not show; and pairs of which more than the leaf is scored.
_MOST_SEARCHED = 8
_MOST_PAIRS = 6


def check_withheld(subject: Subject) -> Iterator[Diagnostic]:
    """Leaves that say what to do without a fact. Judgements are not the unit's to leave out."""
    lenient = {at.value.name for at in subject.rubric.inputs if at.value.if_missing is not None or at.value.optional}
    speaking = {node.code for node in subject.leaves if node.if_missing is not None}
    if lenient or speaking:
        yield from _Withheld(subject, lenient).findings(speaking)


@record
class _Sides:
    """The parts of a leaf's points that read a fact, what they are without it, and the parts that stay."""

    given: x.Num
    without: x.Num
    beside: tuple[x.Num, ...] = ()


class _Withheld:
    """One run over a rubric: a clause that speaks for many leaves is told of once."""

    def __init__(self, subject: Subject, lenient: set[str]) -> None:
        self.subject = subject
        self.lenient = lenient
        self.reads = PlanReads(subject.plan)
        self.told: set[Span] = set()
        self.searched = 0
        self.pairs = 0

    @property
    def confirm(self) -> Confirm:
        return self.subject.confirm

    def findings(self, speaking: set[str]) -> Iterator[Diagnostic]:
        for node in self.subject.leaves:
            policy = self.policy_of(node)
            if policy is None and (node.code in speaking or not self.lenient):
                continue
            planned = self.subject.plan_node(node)
            if policy is not None and not self.lenient and self.is_least(policy, node):
                continue
            names = sorted(self.reads.node(planned).names & self.subject.inputs.keys())
            specs = [self.subject.inputs[name] for name in names]
            for spec in specs:
                if spec.reference or (policy is None and spec.name not in self.lenient):
                    continue
                if self.span(node, spec) not in self.told:
                    found = self.pair(node, planned, spec, policy)
                    if found is not None:
                        self.told.add(found.span)
                        yield found
                        break

    def policy_of(self, node: Node) -> IfMissing | None:
        """What the leaf does without a fact, whatever fact it is."""
        policy = None if node.if_missing is None else node.if_missing.value
        return None if policy is None or policy.judged else policy

    def is_least(self, policy: IfMissing, node: Node) -> bool:
        """Whether nobody has less than what stands in for the base, and nothing is added to it."""
        value = None if policy.value is None else self.subject.constant(policy.value)
        return value is not None and value <= node.minimum and all(each.value.sign < 0 for each in node.adjustments)

    def span(self, node: Node, spec: InputSpec) -> Span:
        """Where it is written what happens without the fact."""
        policy = node.if_missing
        return self.subject.rubric.names[spec.name] if spec.name in self.lenient or policy is None else policy.span

    def pair(self, node: Node, planned: PlanNode, spec: InputSpec, policy: IfMissing | None) -> Diagnostic | None:
        place = self.subject.place_of(node)
        if place is None:
            return None
        if self.leaves(planned, spec, policy):
            return self.through_index(node, planned, spec, place)
        sides = self.sides(planned, spec, policy)
        return None if sides is None else self.of_leaf(node, spec, policy, place, sides)

    # ------------------------------------------------------------ points of the leaf itself

    def sides(self, planned: PlanNode, spec: InputSpec, policy: IfMissing | None) -> _Sides | None:
        """What the fact is part of in a leaf: with the fact, and without it."""
        base = _NOTHING if planned.base is None else choice_number(planned.base)
        changes = [_signed(each.sign, adjustment_number(each)) for each in planned.adjustments]
        lacking = [each for each in changes if self.is_read(spec, each)]
        rest = tuple(each for each in changes if each not in lacking)
        of_base = self.is_read(spec, base)
        if spec.name in self.lenient:
            if any(each.policy is Policy.FULL and self.is_read(spec, each.when) for each in planned.absent):
                return _Sides(_sum([base, *changes]), x.Const(planned.maximum))
            given = _sum([base, *lacking] if of_base else lacking)
            try:
                without = StandingIn(spec, self.subject.lets).number(given)
            except TooLarge:
                return None
            return _Sides(given, without, rest if of_base else (base, *rest))
        assert policy is not None
        if policy.policy is MissingPolicy.BASE or policy.value is None:
            return None if of_base else _Sides(_sum(lacking), _NOTHING, (base, *rest))
        return _Sides(_sum([base, *lacking]), policy.value if of_base else x.Least((policy.value, base)), rest)

    def is_read(self, spec: InputSpec, thing: object) -> bool:
        return thing is not None and spec.name in self.reads.of(thing).names

    def of_leaf(
        self, node: Node, spec: InputSpec, policy: IfMissing | None, place: Place, sides: _Sides
    ) -> Diagnostic | None:
        for each in self.worlds(node, place, sides):
            with_it = self.confirm.submission(each, node)
            without_it = _lacking(with_it, spec.name)
            if with_it is None or without_it is None:
                continue
            less, more = self.confirm.points_of(with_it, node), self.confirm.points_of(without_it, node)
            if less is not None and more is not None and less < more:
                named = spec.name not in self.lenient and policy is not None and policy.policy is MissingPolicy.POINTS
                base = self.subject.plan_node(node).base
                code = "RUB451" if named and self.is_read(spec, base) else "RUB454"
                show = self.subject.words.points
                return self.finding(code, (node, spec), node.code, (show(less), show(more)), each, with_it)
        return None

    def worlds(self, node: Node, place: Place, sides: _Sides) -> Iterator[World]:
        """Facts that earn less than leaving one out does, as far as the rule tells: first those that earn least."""
        given, without = sides.given, sides.without
        low, high = place.low(given), place.high(without)
        if low is not None and high is not None and low >= high:
            return  # what the ranges rule out need not be sought
        total = _sum([without, *sides.beside])
        most = place.high(total)
        if most is not None and most <= node.minimum:
            return  # less than that nobody has
        find = self.subject.search.find
        felt = _goals(place, x.Compare(x.Order.GT, total, x.Const(node.minimum)))
        if low is not None and most is not None:
            best = _goals(place, x.Compare(x.Order.GE, total, x.Const(min(most, node.maximum))))
            least = find(place.goals(*_goals(place, x.Compare(x.Order.LE, given, x.Const(low))), *best))
            if least is not None:
                yield least
        less = find(place.goals((x.Compare(x.Order.LT, given, without), True), *felt))
        if less is None:
            return
        yield less
        # Clauses after the rule may hide it: other ways the leaf may come out.
        self.searched += 1
        if self.searched <= _MOST_SEARCHED:
            yield from (outcome.world for outcome in self.confirm.sheets.outcomes(node))

    def finding(
        self, code: str, at: tuple[Node, InputSpec], where: str, shown: tuple[str, str], world: World, given: Submission
    ) -> Diagnostic:
        node, spec = at
        found = problem(
            code, self.span(node, spec), name=spec.name, code=where, less=shown[0], more=shown[1],
            example=self.subject.words.example(world),
        )  # fmt: skip
        return replace(found, submission=given)

    # ------------------------------------------------------------ through an index

    def leaves(self, planned: PlanNode, spec: InputSpec, policy: IfMissing | None) -> bool:
        """Whether the leaf leaves the maximum without the fact."""
        if spec.if_missing is not None:
            return False
        if spec.optional:
            return any(each.policy is Policy.EXCLUDED and self.is_read(spec, each.when) for each in planned.absent)
        return policy is not None and policy.policy in _LEAVES

    def through_index(self, node: Node, planned: PlanNode, spec: InputSpec, place: Place) -> Diagnostic | None:
        group = self.combining(node)
        if group is None and not self.index_counts:
            return None
        base = _NOTHING if planned.base is None else choice_number(planned.base)
        low = place.low(base)
        goals = () if low is None else ((x.Compare(x.Order.LE, base, x.Const(max(low, node.minimum))), True),)
        world = self.subject.search.find(place.goals(*goals))
        for each in () if world is None else self.beside(node, group, world):
            self.pairs += 1
            if self.pairs > _MOST_PAIRS:
                return None
            with_it = self.confirm.submission(each, group)
            without_it = _lacking(with_it, spec.name)
            if with_it is None or without_it is None:
                continue
            less, more = self.stands(with_it, group), self.stands(without_it, group)
            if less is not None and more is not None and less < more:
                where = self.subject.words.word("TOTAL") if group is None else group.code
                shown = self.shown(less, group), self.shown(more, group)
                return self.finding("RUB454", (node, spec), where, shown, each, with_it)
        return None

    def combining(self, node: Node) -> Node | None:
        """The nearest group above that goes by the indices of what is in it."""
        return next((each for each in reversed(self.subject.above(node)) if each.combine is not None), None)

    @property
    def index_counts(self) -> bool:
        """Whether the sheet is graded, published or ranked by what share of its maximum it has."""
        plan = self.subject.plan
        published = plan.publication is not None and plan.publication.form is not PublishedForm.POINTS
        subjects = [table.subject for table in plan.grades if table.subject is not None]
        subjects += [] if plan.ranking is None else [key.subject for key in plan.ranking.keys]
        return published or any(isinstance(part, x.TotalMaximum) for each in subjects for part in x.walk(each))

    def beside(self, node: Node, group: Node | None, world: World) -> Iterator[World]:
        """The facts of the leaf, with others that earn something."""
        yield world
        inside = [each for each in self.subject.leaves if each is not node]
        if group is not None:
            needed = self.confirm.scoring.needed(self.confirm.at[group.code])
            inside = [each for each in inside if self.confirm.at[each.code] in needed]
        for other in inside[:2]:
            best = max(self.confirm.sheets.outcomes(other), key=lambda one: one.points, default=None)
            if best is not None:
                yield {**best.world, **world}

    def stands(self, given: Submission, group: Node | None) -> Fraction | None:
        return self.confirm.index_of_total(given) if group is None else self.confirm.points_of(given, group)

    def shown(self, value: Fraction, group: Node | None) -> str:
        if group is not None:
            return self.subject.words.points(value)
        return show_percent(round_to(value, x.Mode.HALF_UP, _SHOWN), self.subject.words.language)


def _signed(sign: int, number: x.Num) -> x.Num:
    return number if sign > 0 else x.Mul((x.Const(Fraction(-1)), number))


def _sum(terms: Sequence[x.Num]) -> x.Num:
    return terms[0] if len(terms) == 1 else x.Add(tuple(terms)) if terms else _NOTHING


def _goals(place: Place, *conditions: x.Truth) -> list[Goal]:
    """What is not settled already."""
    return [(condition, True) for condition in conditions if place.settled(condition) is not True]


def _lacking(given: Submission | None, name: str) -> Submission | None:
    """The same submission without a fact; ``None`` where it has none."""
    inputs = {} if given is None else given.get("inputs")
    if given is None or not isinstance(inputs, dict) or name not in inputs:
        return None
    return {**given, "inputs": {key: value for key, value in inputs.items() if key != name}}

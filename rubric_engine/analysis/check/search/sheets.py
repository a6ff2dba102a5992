"""A submission under which a heading, or the whole sheet, comes to a given value.

Each leaf is tried by itself first: what it can come to, and facts that bring it there. Of these *outcomes* a sheet is
put together so that their points add up to the value wanted; where points are not simply added, by going from the best
to the worst, one leaf at a time. Small sheets are tried throughout. Proposals only: the engine scores every one.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from random import Random

from rubric_engine import model as m
from rubric_engine.analysis.check.search.confirm import Confirm, Sees
from rubric_engine.analysis.check.search.shapes import changed_number, rows_of
from rubric_engine.analysis.check.subject import Place, Subject, whens_of
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.record import record
from rubric_engine.solve.answers import NOWHERE, TOO_MANY, Answer, Found, Submission, Undecided, Why
from rubric_engine.solve.lines import Stretch, nice_value
from rubric_engine.solve.world import Goal, Value, World, key_of, keys_of

_MOST_OUTCOMES = 8
_MOST_SUMS = 4000
_MOST_READINGS = 400
_MOST_ANYHOW = 64
_MOST_TUNED = 12
_MOST_SHEETS = 2000  # so many are tried throughout
_GIVEN = ("judged:", "proof:")


@record
class Outcome:
    """What a leaf can come to, and the facts that bring it there."""

    points: Fraction
    world: World
    node: Node


class SheetSearch:
    """Looks for submissions of a whole sheet; what a leaf can come to is found once."""

    def __init__(self, subject: Subject, confirm: Confirm) -> None:
        self.subject = subject
        self.confirm = confirm
        self._outcomes: dict[str, list[Outcome]] = {}

    def find(self, number: x.Num, wanted: Stretch, grid: Fraction | None, goals: Sequence[Goal], sees: Sees) -> Answer:
        """Whether a number of the sheet can lie in a stretch while conditions come out so."""
        left = _MOST_READINGS
        for world in self._proposals(number, wanted, grid, self._fixed(goals)):
            given = self.confirm.submission(world, None)
            if given is not None and self.confirm.shows(given, sees, None):
                return Found(self._shown(number, goals, world, given), given)
            left -= 1
            if left <= 0:
                return Undecided(Why.STEPS)
        return self._throughout(number, goals, sees)

    def fails_at(self, node: Node, child: Node) -> Answer:
        """Whether a group can end without a value where one of its headings comes to nothing."""
        inside = self._leaves_of(child)
        beside = [one for one in self._leaves_of(node) if one not in inside]
        around = _overlaid({}, [outcomes[0] for outcomes in map(self.outcomes, beside) if outcomes])
        leaves = [outcomes for outcomes in map(self.outcomes, inside) if outcomes]
        read = self.confirm.expressions(child)
        best = _overlaid(around, [outcomes[0] for outcomes in leaves])
        nothing = self._adding_up(leaves, Stretch(None, Fraction(0)), None, {})
        for world in (*({**around, **sums} for sums in nothing), *self._by_clauses(self._groups_of(child), best)):
            given = self.confirm.submission(world, node)
            if given is not None and self.confirm.shows(given, lambda _, failed: failed, node):
                return Found({key: world[key] for key in self._keys(read) if key in world}, given)
        return TOO_MANY

    def comes_out(self, node: Node, goals: Sequence[Goal], sees: Sees) -> Answer:
        """Whether conditions can come out so at a heading whose rule reads what others come to."""
        fixed = self._fixed(goals)
        leaves = [outcomes for outcomes in map(self.outcomes, self._leaves_of(node, itself=False)) if outcomes]
        ordered = [sorted(outcomes, key=lambda one: -one.points) for outcomes in leaves]
        ends = [_overlaid(fixed, [outcomes[at] for outcomes in ordered]) for at in (0, -1)]
        for world in (*ends, *self._anyhow(ordered, fixed)):
            given = self.confirm.submission(world, node)
            if given is not None and self.confirm.shows(given, sees, node):
                return Found(self._shown(goals[0][0], goals, world, given, node), given)
        return TOO_MANY

    def _groups_of(self, node: Node) -> list[Node]:
        """A heading, and the headings below it, that are scored by others."""
        needed = self.confirm.scoring.needed(self.confirm.at[node.code])
        found = [each for each in self.subject.rubric.nodes if self.confirm.at[each.code] in needed and each.children]
        return [each for each in found if each.kind == "scored" and each.rule is None]

    def _by_clauses(self, groups: Sequence[Node], world: World, fixed: World | None = None) -> Iterator[World]:
        """The same facts with one clause of a group deciding for it."""
        for group in groups:
            place = self.subject.place_of(group)
            for other in self._other_ways(group, place) if place is not None else ():
                yield {**world, **other, **(fixed or {})}

    def _leaves_of(self, node: Node, *, itself: bool = True) -> list[Node]:
        """What makes up a heading, itself where it is a leaf."""
        needed = self.confirm.scoring.needed(self.confirm.at[node.code])
        found = [each for each in self.subject.scoring if self.confirm.at[each.code] in needed]
        return found if itself else [each for each in found if each is not node]

    def _fixed(self, goals: Sequence[Goal]) -> World:
        """Facts under which those conditions come out so that are about facts alone."""
        plain = [goal for goal in goals if all(key in self.subject.inputs for key in self._keys([goal[0]]))]
        return (self.subject.search.find(plain) or {}) if plain else {}

    def _keys(self, expressions: Sequence[x.Expr]) -> Mapping[str, x.Expr]:
        return keys_of(expressions, self.subject.lets)

    def _shown(
        self, number: x.Expr, goals: Sequence[Goal], world: World, given: Submission, node: Node | None = None
    ) -> World:
        """What a message shows: the number, and the facts its conditions read."""
        reader = self.confirm.read(given, node)
        found: dict[str, Value] = {}
        for key, leaf in self._keys([number, *(goal for goal, _ in goals)]).items():
            if key in world:
                found[key] = world[key]
            elif isinstance(leaf, x.Met | x.Unrated | x.NothingZero):
                found[key] = reader.truth(leaf)
            elif key not in self.subject.inputs and key_of(leaf) is not None:
                found[key] = reader.number(leaf)  # type: ignore[arg-type]
        return found

    # ------------------------------------------------------------ proposals

    def _proposals(self, number: x.Num, wanted: Stretch, grid: Fraction | None, fixed: World) -> Iterator[World]:
        leaves = [self.outcomes(node) for node in self.subject.scoring]
        leaves = [[one for one in outcomes if _agree(one.world, fixed)] or outcomes for outcomes in leaves if outcomes]
        yield from self._adding_up(leaves, wanted, grid, fixed)
        # None of them at nothing, then one.
        above = [[one for one in outcomes if one.points] or outcomes for outcomes in leaves]
        yield from self._adding_up(above, wanted, grid, fixed)
        for at in range(min(len(leaves), 4)):
            nothing = [one for one in leaves[at] if not one.points]
            if nothing:
                yield from self._adding_up([nothing, *leaves[:at], *leaves[at + 1 :]], wanted, grid, fixed)
        yield from self._from_best_to_worst(number, leaves, wanted, fixed)
        yield from self._anyhow(leaves, fixed)

    def _anyhow(self, leaves: Sequence[Sequence[Outcome]], fixed: World) -> Iterator[World]:
        """Every leaf as it may be: all ways together where they are few, else some of them, the same at every run."""
        if prod(map(len, leaves)) <= _MOST_ANYHOW:
            yield from (_overlaid(fixed, chosen) for chosen in product(*leaves))
            return
        draw = Random(0)
        for _ in range(_MOST_ANYHOW):
            yield _overlaid(fixed, [draw.choice(outcomes) for outcomes in leaves])

    def _adding_up(
        self, leaves: Sequence[Sequence[Outcome]], wanted: Stretch, grid: Fraction | None, fixed: World
    ) -> Iterator[World]:
        """Outcomes whose points add up to a value of the stretch, a plain one first."""
        layers: list[dict[Fraction, tuple[Fraction, Outcome]]] = []
        sums = [Fraction(0)]
        for outcomes in leaves:
            layer: dict[Fraction, tuple[Fraction, Outcome]] = {}
            for before in sums:
                for one in outcomes:
                    layer.setdefault(before + one.points, (before, one))
            layers.append(layer)
            sums = sorted(layer)
            if len(sums) > _MOST_SUMS:
                sums = sums[:: len(sums) // _MOST_SUMS + 1]
        target = nice_value(wanted, grid)
        fitting = sorted((each for each in sums if _inside(each, wanted)), key=lambda each: abs(each - target))
        below = max((each for each in sums if each < target), default=None)
        if below is not None and (not fitting or fitting[0] != target):
            yield from self._topped_up(fixed, _chosen(layers, below), target - below)
        for total in fitting[:4]:
            yield _overlaid(fixed, _chosen(layers, total))

    def _topped_up(self, fixed: World, chosen: Sequence[Outcome], lacking: Fraction) -> Iterator[World]:
        """What is lacking given to one leaf, where one can take it."""
        for at, one in enumerate(chosen[:_MOST_TUNED]):
            if one.points + lacking <= one.node.maximum:
                world = self._at(one.node, one.points + lacking)
                if world is not None:
                    tuned = Outcome(one.points + lacking, world, one.node)
                    yield _overlaid(fixed, [*chosen[:at], tuned, *chosen[at + 1 :]])
                    return

    def _at(self, node: Node, points: Fraction) -> World | None:
        """Facts under which a leaf comes to so much."""
        place = self.subject.place_of(node)
        if place is None:
            return None
        total = changed_number(self.subject.plan_node(node), (1, -1))
        return self.subject.search.find(place.goals((x.Compare(x.Order.EQ, total, x.Const(points)), True)))

    def _from_best_to_worst(
        self, number: x.Num, leaves: Sequence[Sequence[Outcome]], wanted: Stretch, fixed: World
    ) -> Iterator[World]:
        """One leaf after the other falls, outcome by outcome; where the number passes the stretch, one is tuned."""
        ordered = [sorted(outcomes, key=lambda one: -one.points) for outcomes in leaves]
        world = _overlaid(fixed, [outcomes[0] for outcomes in ordered])
        before = self._value(number, world)
        yield world
        groups = [node for node in self.subject.rubric.nodes if node.kind == "scored" and node.children]
        yield from self._by_clauses(groups, world, fixed)
        for outcomes in ordered:
            for one in outcomes[1:]:
                lower = _overlaid(world, [one], fixed)
                here = self._value(number, lower)
                yield lower
                if before is not None and here is not None and _passes(before, here, wanted):
                    yield from self._tuned(number, world, lower, wanted)
                world, before = lower, here

    def _tuned(self, number: x.Num, upper: World, lower: World, wanted: Stretch) -> Iterator[World]:
        """Between two worlds that differ in a judgement: values halfway, again and again."""
        for key in upper:
            high, low = upper[key], lower.get(key)
            if not key.startswith("judged:") or high == low or not isinstance(high, Fraction | int):
                continue
            if not isinstance(low, Fraction | int):
                continue
            for _ in range(14):
                middle = Fraction(high + low) / 2
                step = self.subject.judged[key[7:]].step
                middle = middle if step is None else middle // step * step
                if middle in (high, low):
                    break
                world = {**lower, key: middle}
                here = self._value(number, world)
                yield world
                if here is None:
                    break
                if _beyond(here, wanted):
                    high = middle
                else:
                    low = middle

    def _value(self, number: x.Num, world: World) -> Fraction | None:
        given = self.confirm.submission(world, None)
        try:
            return None if given is None else self.confirm.read(given, None).number(number)
        except (ScoringError, Unsettled, SubmissionError):  # laid over each other, facts may break their bounds
            return None

    def _throughout(self, number: x.Num, goals: Sequence[Goal], sees: Sees) -> Answer:
        """Every submission there is, where there are few."""
        expressions = self.confirm.expressions(None)
        env = self.subject.place_for(expressions).env
        every: dict[str, list[Value]] = {}
        count = 1
        for key in self.subject.search.facts_read(expressions):
            values = self.subject.search.every_value(key, env)
            count *= _MOST_SHEETS + 1 if values is None else len(values)
            if values is None or count > _MOST_SHEETS:
                return TOO_MANY
            every[key] = values
        if self.subject.rubric.evidence:
            return TOO_MANY
        for chosen in product(*every.values()):
            world = dict(zip(every, chosen, strict=True))
            if not all(self.subject.search.allows(key, world) for key in world):
                continue
            given = self.confirm.submission(world, None)
            if given is not None and self.confirm.shows(given, sees, None):
                return Found(self._shown(number, goals, world, given), given)
        return NOWHERE

    # ------------------------------------------------------------ what a leaf can come to

    def outcomes(self, node: Node) -> list[Outcome]:
        """Some of what a leaf can come to, its ends among them where they were found."""
        if node.code not in self._outcomes:
            found: dict[Fraction, Outcome] = {}
            for world in islice(self._worlds(node), 3 * _MOST_OUTCOMES):
                given = self.confirm.submission(world, node)
                points = None if given is None else self.confirm.points_of(given, node)
                if points is not None:
                    found.setdefault(points, Outcome(points, world, node))
                if len(found) >= _MOST_OUTCOMES:
                    break
            self._outcomes[node.code] = list(found.values())
        return self._outcomes[node.code]

    def _worlds(self, node: Node) -> Iterator[World]:
        place = self.subject.place_of(node)
        if place is None:
            return
        search = self.subject.search
        if isinstance(node.rule, m.JudgedRule) and node.rule.key in self.subject.judged:
            entry = search.find(place.goals()) or {}
            for value in search.judged_values(node.rule.key):
                yield {**entry, f"judged:{node.rule.key}": value}
        rows = [test for test, _ in rows_of(node.rule, self.subject)] if node.rule is not None else []
        if not self._told_by_rows(node, rows) and (not isinstance(node.rule, m.JudgedRule) or node.adjustments):
            total = changed_number(self.subject.plan_node(node), (1, -1))
            low, high = place.low(total), place.high(total)
            low = node.minimum if low is None else max(low, node.minimum)
            high = node.maximum if high is None else min(high, node.maximum)
            for order, value in (
                (x.Order.GE, high), (x.Order.LE, low), (x.Order.EQ, (low + high) / 2), (x.Order.EQ, high - 1),
                (x.Order.EQ, low + 1),
            ):
                yield from _some(search.find(place.goals((x.Compare(order, total, x.Const(value)), True))))
        for goals in (*((test,) for test in rows), [(test, not holds) for test, holds in rows]):
            yield from _some(search.find(place.goals(*goals)) if goals else None)
        yield from self._other_ways(node, place)

    def _told_by_rows(self, node: Node, rows: Sequence[Goal]) -> bool:
        """Whether every row of a leaf has its points and nothing is added or taken: the rows are all it comes to."""
        base = self.subject.plan_node(node).base
        plain = base is not None and all(isinstance(case.value, x.Const) for case in base.cases)
        return bool(rows) and plain and not node.adjustments

    def _other_ways(self, node: Node, place: Place) -> Iterator[World]:
        """Ways on which something else decides than the rule: a clause, a requirement, a limit, what is missing."""
        search = self.subject.search
        entry = search.find(place.goals()) or {}
        for at in node.evidence:
            yield {**entry, f"proof:{self.subject.rubric.evidence[at].value.name}": False}
        for limit in node.limits:
            if limit.value.when is not None:
                yield from _some(search.find(place.goals((limit.value.when, True))))
        if isinstance(node.rule, m.JudgedRule) and node.if_missing is not None:
            yield {**entry, f"judged:{node.rule.key}": None}
        outside, inside = self.subject.outside(node), self.subject.inside(node)
        for requirement in node.requirements if inside is not None else ():
            assert inside is not None
            yield from _some(search.find(inside.goals((requirement.value.holds, False))))
        for when in whens_of(node) if outside is not None else ():
            assert outside is not None
            yield from _some(search.find(outside.goals((when, True))))


def _some(world: World | None) -> Iterator[World]:
    if world is not None:
        yield world


def _agree(left: World, right: World) -> bool:
    return all(left.get(key, value) == value for key, value in right.items())


def _chosen(layers: Sequence[Mapping[Fraction, tuple[Fraction, Outcome]]], total: Fraction) -> list[Outcome]:
    """The outcome of each leaf on the way to a sum."""
    found: list[Outcome] = []
    for layer in reversed(layers):
        total, one = layer[total]
        found.append(one)
    return found[::-1]


def _overlaid(base: World, outcomes: Sequence[Outcome], over: World | None = None) -> World:
    """The facts of several leaves together; what is fixed stays."""
    found = dict(base)
    for one in outcomes:
        found.update((key, value) for key, value in one.world.items() if ":" not in key or key.startswith(_GIVEN))
    return {**found, **(base if over is None else over)}


def _inside(value: Fraction, stretch: Stretch) -> bool:
    return not Stretch(value, value).within(stretch).is_empty


def _beyond(value: Fraction, stretch: Stretch) -> bool:
    """Whether the value lies above the stretch, or in it."""
    return (value, 1) > stretch.start


def _passes(before: Fraction, here: Fraction, stretch: Stretch) -> bool:
    return (_beyond(before, stretch) and not _beyond(here, stretch)) or _inside(here, stretch)

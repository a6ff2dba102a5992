"""One submission under study: what of it may be changed, changed copies of it, and what they come to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from rubric_engine.evaluator import IncompleteError, NotRatedError
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.facts.readers import Value, facts_in, limit_of
from rubric_engine.meaning.budget import Budget
from rubric_engine.meaning.known import Known
from rubric_engine.meaning.reading import Reading, ScoringError, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.deciding import with_decisions
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Kind, Observed, Plan, PlanNode
from rubric_engine.result.result import Result
from rubric_engine.result.view import ReadingView
from rubric_engine.scorer import Scorer
from rubric_engine.solve.change.move import EVIDENCE, INPUT, JUDGED, NUMERIC, Move, Moves, given_of
from rubric_engine.solve.change.tipping import Sums
from rubric_engine.solve.scoring import Scoring

Lever = tuple[str, str]
_MOST_COMPANIONS = 4
_APPLIES = -1
# Steps of the budget: of one heading read by itself, where its expressions have no more parts; a fact of a whole
# submission is one.
_OF_A_PROBE = 20


@dataclass(frozen=True, slots=True)
class Relation:
    """A bound on one input that looks at others. ``other`` is the one input it names, where it is nothing more."""

    name: str
    is_maximum: bool
    strict: bool
    limit: Callable[[Mapping[str, Value]], Any]
    looked_at: tuple[str, ...]
    other: str | None


class Study:
    """A submission read once, its result, and everything of the plan the search for changes asks again and again.

    Everything that is searched in it is paid from one ``budget``.
    """

    def __init__(self, rubric: Scorer, submission: object) -> None:
        self.rubric = rubric
        self.budget = Budget(rubric.limits.search_steps)
        self.facts = submission if isinstance(submission, Facts) else rubric.read(submission)
        self.plan = with_decisions(rubric.plan, self.facts.decisions)
        self.layout = layout_of(self.plan)
        self.reading = rubric.reading(self.facts)
        self.view = ReadingView(self.plan, self.facts, self.reading)
        self.result: Result = rubric.evaluate(self.facts)
        self.scoring = Scoring(self.plan)
        self.reads = self.scoring.reads
        self.lets: Mapping[str, x.Expr] = {let.name: let.value for let in self.plan.lets}
        self.relations = tuple(_relations(self.plan))
        self._bounds: dict[str, list[int]] = {}
        self._sums: tuple[Facts, Sums] | None = None
        for at, relation in enumerate(self.relations):
            for name in {relation.name, *relation.looked_at}:
                self._bounds.setdefault(name, []).append(at)
        self.ceilings = frozenset(name for one in self.relations if one.is_maximum for name in one.looked_at)
        self.floors = frozenset(name for one in self.relations if not one.is_maximum for name in one.looked_at)
        self._numbers = {
            kind: {
                node.code: self.view.number(kind, at) for at, node in enumerate(self.plan.nodes) if node.met is None
            }
            for kind in (Observed.POINTS, Observed.MAXIMUM)
        }
        met = {n.code: self.view.mark(Observed.MET, at) for at, n in enumerate(self.plan.nodes) if n.met is not None}
        self._met = {code: None if mark is None else bool(mark) for code, mark in met.items()}
        self._reach: dict[str, frozenset[str]] = {}
        whole = (*self.plan.nodes, *self.plan.grades, *self.plan.limits)
        self.everything = self.levers(*whole)
        self.yardsticks = self.read_as(*whole)[1] - self.everything

    # ---- what may be changed

    def movable(self, name: str) -> bool:
        """Whether the unit can do something about an input: given, its own, and no figure of the cohort or round."""
        spec = self.layout.inputs.get(name)
        if spec is None or spec.reference or spec.shared or spec.kind is Kind.TEXT:
            return False
        return name in self.facts.values

    def levers(self, *things: object) -> frozenset[Lever]:
        """Inputs and judgements that move these, without those they are only measured against.

        A yardstick is what is divided by, or stands on the right of a comparison whose left side reads something; what
        only tells whether a heading applies, or whether evidence is required, is no lever either. Where nothing but
        yardsticks is read, they are levers.
        """
        moving, yards = self.read_as(*things)
        return frozenset(
            (section, name) for section, name in moving or yards
            if (name in self.facts.judged if section == JUDGED else self.movable(name))
        )  # fmt: skip

    def read_as(self, *things: object) -> tuple[frozenset[Lever], frozenset[Lever]]:
        """What these read as something that moves them, and what as a yardstick; some of it perhaps as both."""
        found: dict[bool, set[Lever]] = {False: set(), True: set()}
        todo: list[tuple[object, bool]] = [(thing, False) for thing in things]
        seen: set[tuple[str, bool]] = set()
        while todo:
            thing, yard = todo.pop()
            for lever in _read_here(thing):
                found[yard].add(lever)
            key = _once(thing)
            if key and (key, yard) in seen:
                continue
            if key:
                seen.add((key, yard))
            todo += self._inside(thing, yard)
        return frozenset(found[False]), frozenset(found[True])

    def _inside(self, thing: object, yard: bool) -> Iterator[tuple[object, bool]]:
        match thing:
            case x.Ref(name=name) | x.RefTruth(name=name):
                yield self.lets[name], yard
            case x.PointsOf(code=code) | x.Met(code=code) | x.Unrated(code=code):
                yield self.plan.nodes[self.layout.places[code]], yard
            case x.NothingZero(codes=codes):
                for code in codes:
                    yield self.plan.nodes[self.layout.places[code]], yard
            case x.Div(left=left, right=right):
                yield left, yard
                yield right, True
            case x.Compare(left=left, right=right):
                yield left, yard
                reads = self.reads.of(left)
                yield right, yard or bool(reads.names or reads.judged or reads.codes or reads.total)
            case PlanNode(requirements=required, base=base, adjustments=adjusted, limits=limits, met=met):
                for part in (required, base, adjusted, limits, met):
                    yield part, yard
                for child in thing.children:
                    yield self.plan.nodes[child], yard
            case tuple():
                for part in thing:
                    yield part, yard
            case _ if is_dataclass(thing) and not isinstance(thing, type):
                for each in fields(thing):
                    yield getattr(thing, each.name), yard

    def reach(self, code: str) -> frozenset[str]:
        """Names of everything the points of a heading rest on; of judgements ``judged CODE``, of evidence its name."""
        if code not in self._reach:
            found: set[str] = set()
            for at in self.scoring.needed(self.layout.places[code]):
                node = self.plan.nodes[at]
                reads = self.reads.node(node)
                found |= reads.names | {f"judged {key}" for key in reads.judged}
                found |= {self.plan.evidence[number].name for number in node.evidence}
                above = node.parent
                while above is not None:
                    found |= self.reads.of(self.plan.nodes[above].absent).names
                    above = self.plan.nodes[above].parent
            self._reach[code] = frozenset(found)
        return self._reach[code]

    def settles_nothing(self, moves: Moves) -> bool:
        """The total is not known, and nothing that waits has anything to do with these facts: so it stays unknown."""
        # A sheet that is not rated waits for nothing, and a change may rate it.
        if self.view.number(Observed.PUBLISHED) is not None or self.view.mark(Observed.RATED) != 1:
            return False
        names = set(map(_read_as, moves))
        waiting = [node.code for node in self.result if node.missing and not node.children]
        return bool(waiting) and all(names.isdisjoint(self.reach(code)) for code in waiting)

    def parts_of(self, things: Iterable[object]) -> int:
        """How many parts of expressions a reading of these works out, named values once.

        Fractions that are added up count with each other: what they have in common grows with every one.
        """
        todo, seen, count = list(things), set[str](), 0
        while todo:
            thing = todo.pop()
            key = _once(thing)
            if key in seen:
                continue
            if key:
                seen.add(key)
            match thing:
                case x.Ref(name=name) | x.RefTruth(name=name):
                    todo.append(self.lets[name])
                case PlanNode(requirements=required, base=base, adjustments=adjusted, limits=limits, met=met):
                    todo += [required, base, adjusted, limits, met]
                case tuple():
                    todo += thing
                case x.Add(terms=terms):
                    count += sum(isinstance(term, x.Div) for term in terms) ** 2
                    todo += terms
                case _ if is_dataclass(thing) and not isinstance(thing, type):
                    count += 1
                    todo += [getattr(thing, each.name) for each in fields(thing)]
        return count

    # ---- changed copies

    def known(self, facts: Facts) -> Known:
        """Facts and what the headings came to before any change, to work out expressions with."""
        known = Known(facts.values, facts.judged, self.layout.inputs, self.lets)
        known.points = self._numbers[Observed.POINTS]
        known.maxima = self._numbers[Observed.MAXIMUM]
        known.met = self._met
        total, maximum = self.view.number(Observed.PUBLISHED), self.view.number(Observed.SHEET_MAXIMUM)
        known.totals = (total, maximum)
        return known

    def sums(self, facts: Facts) -> Sums:
        """Sums of these facts, kept for as long as the same facts are asked about."""
        if self._sums is None or self._sums[0] is not facts:
            self._sums = facts, Sums(self.reads, self.known(facts))
        return self._sums[1]

    def applied(self, moves: Iterable[Move]) -> Facts:
        """The facts with these moves, as expressions and the interpreter read them."""
        values, judged, proven = dict(self.facts.values), dict(self.facts.judged), dict(self.facts.proven)
        for move in moves:
            if move.section == INPUT:
                values[move.name] = move.value
            elif move.section == JUDGED:
                judged[move.name] = move.value
            elif move.section == EVIDENCE:
                proven[move.name] = True
        return replace(self.facts, values=values, judged=judged, proven=proven)

    def settled(self, moves: Moves) -> Moves | None:
        """The moves with those that must go along: no more done than planned, so more planned.

        ``None`` where they break a bound that nothing movable can mend.
        """
        for _ in range(_MOST_COMPANIONS):
            values = self.applied(moves).values
            broken = next((one for one in self._bounds_of(moves) if _is_broken(one, values)), None)
            if broken is None:
                return moves
            companion = self._companion(broken, values, {move.name for move in moves if move.section == INPUT})
            if companion is None:
                return None
            moves = (*moves, companion)
        return None

    def _bounds_of(self, moves: Moves) -> list[Relation]:
        """The bounds that moves may break, in the order of the rubric; all others hold as before."""
        found = {at for move in moves if move.section == INPUT for at in self._bounds.get(move.name, ())}
        return [self.relations[at] for at in sorted(found)]

    def _companion(self, broken: Relation, values: Mapping[str, Value], moved: set[str]) -> Move | None:
        limit = broken.limit(values)
        if broken.name not in moved:
            name, value, up = broken.name, limit, not broken.is_maximum
        elif broken.other is not None and broken.other not in moved:
            name, value, up = broken.other, values[broken.name], broken.is_maximum
        else:
            return None
        if broken.strict or not self.movable(name) or (INPUT, name) in self.yardsticks or not self.may_go(name, up):
            return None
        return Move(INPUT, name, value)

    def may_go(self, name: str, up: bool) -> bool:
        """What others may not exceed is not lowered, and the other way round: less planned is no more done."""
        return name not in (self.floors if up else self.ceilings)

    def in_order(self, moves: Moves) -> list[Move]:
        """The moves in the order of the rubric, evidence last."""
        ranks = self.layout.ranks

        def rank(move: Move) -> tuple[int, int, str]:
            return move.section == EVIDENCE, ranks.get(_read_as(move), len(ranks)), move.name

        return sorted(moves, key=rank)

    def facts_of(self, moves: Moves) -> Facts | None:
        """The changed submission, read like any other; ``None`` where it would be refused."""
        changes: dict[str, dict[str, object]] = {}
        for move in moves:
            changes.setdefault(move.section, {})[move.name] = given_of(self.layout, self.facts, move)
        try:
            return self.rubric.read_onto(self.facts, changes)
        except SubmissionError:
            return None

    @cached_property
    def total(self) -> Fraction | None:
        """The total as published; ``None`` where it is not known, or the sheet is not rated."""
        return self.total_of(self.facts)

    def total_of(self, facts: Facts) -> Fraction | None:
        """As :attr:`total`, of a changed submission. Raises :class:`SubmissionError` where it has no value."""
        self.budget.take(len(self.plan.nodes) + len(self.plan.inputs) + len(self.plan.judged))
        try:
            return self.rubric.score(facts)
        except (IncompleteError, NotRatedError):
            return None

    def reading_of(self, moves: Moves) -> tuple[Facts, Reading] | None:
        """What the changed submission comes to; ``None`` where it would be refused, or divides by zero."""
        self.budget.take(len(self.plan.nodes) + len(self.plan.inputs) + len(self.plan.judged))
        facts = self.facts_of(moves)
        try:
            return None if facts is None else (facts, self.rubric.reading(facts))
        except SubmissionError:
            return None


class Probe:
    """Reads one heading of changed facts, with nothing else of the sheet but what it rests on."""

    def __init__(self, study: Study, at: int) -> None:
        order = study.scoring.needed(at)
        self._at = at
        self._study = study
        self.maximum = study.view.number(Observed.MAXIMUM, at)
        self.tried = 0
        self._cost = max(_OF_A_PROBE * (1 + len(order)), study.parts_of(study.plan.nodes[here] for here in order))

    def points(self, moves: Moves) -> Fraction | None:
        """Points after the moves; ``None`` where they are not known, undefined, or the heading no longer counts as it
        did."""
        self.tried += 1
        self._study.budget.take(self._cost)
        return self.read(self._study.applied(moves))

    def read(self, facts: Facts) -> Fraction | None:
        """As :meth:`points`, of facts at hand."""
        at = self._at
        try:
            reader = self._study.scoring.read(facts, at)
        except (Unsettled, ScoringError):
            return None
        if reader.absent[at] != _APPLIES or reader.maximum[at] != self.maximum:
            return None
        return reader.points[at]


def _relations(plan: Plan) -> Iterator[Relation]:
    for spec in plan.inputs:
        for bound, is_maximum in ((spec.minimum, False), (spec.maximum, True)):
            if bound is not None and facts_in(bound.value):
                other = bound.value.name if isinstance(bound.value, x.Fact) else None
                yield Relation(
                    spec.name, is_maximum, bound.strict, limit_of(bound.value), facts_in(bound.value), other
                )  # fmt: skip


def _is_broken(relation: Relation, values: Mapping[str, Value]) -> bool:
    value: Any = values.get(relation.name)
    limit = relation.limit(values)
    if value is None or limit is None:
        return False
    beyond = value > limit if relation.is_maximum else value < limit
    return bool(beyond or (relation.strict and value == limit))


def _read_here(thing: object) -> Iterator[Lever]:
    match thing:
        case x.Fact(name=name) | x.Flag(name=name) | x.IsLevel(name=name):
            yield INPUT, name
        case x.Judged(key=key):
            yield JUDGED, key
        case x.CountRows(register=name) | x.Reduced(register=name):
            yield INPUT, name


def _read_as(move: Move) -> str:
    """The name under which headings rest on it: see :meth:`Study.reach`."""
    return f"judged {move.name}" if move.section == JUDGED else move.name


def _once(thing: object) -> str:
    """What is looked into once however often it is met."""
    match thing:
        case x.Ref(name=name) | x.RefTruth(name=name):
            return f"let {name}"
        case PlanNode(code=code):
            return f"node {code}"
        case _:
            return ""


def is_numeric(study: Study, lever: Lever) -> bool:
    """Whether a lever is one number."""
    if lever[0] == EVIDENCE:
        return False
    return lever[0] == JUDGED or study.layout.inputs[lever[1]].kind in NUMERIC

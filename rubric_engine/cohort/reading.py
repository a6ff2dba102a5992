"""Values of units: the subject of a figure, or a key of a ranking, read for one unit."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.load import load
from rubric_engine.cohort.needs import Round, rounds_of, settled_without
from rubric_engine.cohort.values import UnitValue, known_value
from rubric_engine.evaluator import Evaluator
from rubric_engine.facts.alphabet import in_alphabet
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.fold import fold
from rubric_engine.meaning.known import Known, known_number, known_truth
from rubric_engine.meaning.reading import Range
from rubric_engine.meaning.states import Rated
from rubric_engine.plan.deciding import with_decisions
from rubric_engine.plan.expr import MaximumOf, Met, Num, PointsOf, Total, TotalMaximum, Truth, Unrated
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import InputSpec, Kind, MissingPolicy, Observed, Plan, Policy, Reference
from rubric_engine.plan.reads import PlanReads, Reads
from rubric_engine.ranges.seen import is_unrated
from rubric_engine.ranges.values.declared import env_of_facts
from rubric_engine.ranges.values.env import Env, Possible, settled_truth
from rubric_engine.ranges.values.expr import number, truth
from rubric_engine.ranges.values.interval import as_fraction, span_of
from rubric_engine.result.view import ReadingView

_ONE_UNIT: Final = known_value(1)
_HERE_APPLIES: Final = -1


@dataclass(frozen=True, slots=True)
class Subject:
    """A number or a condition with what it reads. ``None``: every unit, and each counts as 1."""

    expr: Num | Truth | None
    reads: Reads


class RoundReader:
    """Reads units for one round of figures."""

    def __init__(self, plan: Plan, given: Round, reads: PlanReads) -> None:
        self.references = given.references
        self._plan = given.plan or plan
        self._evaluator: Evaluator | None = None
        if given.plan is not None:
            self._evaluator = Evaluator(given.plan, load(emit(given.plan), given.plan))
        self._subjects = {
            reference.name: subject_of(reads, reference.where if reference.subject is None else reference.subject)
            for reference in given.references
        }
        self._values = UnitValues(self._plan)
        self._without = settled_without(plan, reads)

    def values(self, facts: Facts) -> dict[str, UnitValue | None]:
        """What the unit brings to each figure. Raises ``SubmissionError`` where its facts divide by zero."""
        reading = None if self._evaluator is None else self._evaluator.reading(facts)
        plan = with_decisions(self._plan, facts.decisions)
        view = None if reading is None else ReadingView(plan, facts, reading)
        known = self._values.known(facts) if view is None else view.known
        return {
            reference.name: self._values.value(
                self._subjects[reference.name], facts, view, known, self._without[reference.name]
            )
            for reference in self.references
        }


def subject_of(reads: PlanReads, expr: Num | Truth | None) -> Subject:
    """The expression with what it reads."""
    return Subject(expr, reads.of(expr))


class UnitValues:
    """Reads subjects by one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._at = {node.code: at for at, node in enumerate(plan.nodes)}
        self._specs = {spec.name: spec for spec in plan.inputs}
        self._lets = {let.name: let.value for let in plan.lets}
        self._optional = frozenset(spec.name for spec in plan.inputs if spec.optional)
        self._own = frozenset(spec.name for spec in plan.inputs if not spec.reference)

    def known(self, facts: Facts) -> Known:
        """The facts alone, for expressions that read no heading."""
        return Known(facts.values, facts.judged, self._specs, self._lets)

    def value(
        self,
        subject: Subject,
        facts: Facts,
        view: ReadingView | None,
        known: Known,
        without: frozenset[str] = frozenset(),
    ) -> UnitValue | None:
        """The value of one unit; ``None`` where it has none and never will: it does not apply, or is optional.

        Without ``view`` the subject reads facts alone. ``without`` names facts a unit may lack for good.
        """
        if subject.expr is None:
            return _ONE_UNIT
        may_be_skipped = False
        if view is not None and (subject.reads.codes or subject.reads.total):
            applies = self._applies(subject.reads, view)
            if applies is False:
                # What a unit that is still to come may say can make it apply after all.
                return None if self._own.isdisjoint(facts.open) else UnitValue(None, None, True)
            may_be_skipped = applies is None
        if not may_be_skipped:
            found = _known(subject.expr, known)
            if found is not None:
                return known_value(found)
        return self._possible(subject, facts, view, may_be_skipped, without)

    def _applies(self, reads: Reads, view: ReadingView) -> bool | None:
        """Whether every heading read applies to the unit and is rated; ``None`` while that is open."""
        sure = True
        for code in reads.codes:
            applies = self._heading_applies(self._at[code], view)
            if applies is False:
                return False
            sure = sure and applies is not None
        if reads.total:
            rated = view.marks(Observed.RATED).values
            if rated == {0}:
                return False
            sure = sure and 0 not in rated
        if reads.total and self.plan.total > 0:
            most = view.range(Observed.SHEET_MAXIMUM)
            if most.exact == 0:
                return False
            sure = sure and (most.exact is not None or (most.low is not None and most.low > 0))
        return True if sure else None

    def _heading_applies(self, at: int, view: ReadingView) -> bool | None:
        node = self.plan.nodes[at]
        marks = view.marks(Observed.ABSENT, at).values
        stays = {mark for mark in marks if mark == _HERE_APPLIES or _is_undecided(node.absent, mark)}
        if not stays:
            return False
        sure = len(stays) == len(marks)
        if node.children:
            rated = self._group_has_points(at, view)
            if rated is False and sure:
                return False
            sure = sure and rated is True
        policy = node.if_missing
        if policy is not None and policy.policy in (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE):
            applied = view.marks(Observed.MISSING, at).values
            if applied == {1} and sure:
                return False
            sure = sure and 1 not in applied
        return True if sure else None

    def _group_has_points(self, at: int, view: ReadingView) -> bool | None:
        """Whether a group is rated, or has the points the rubric puts in, and something is left in its maximum."""
        node = self.plan.nodes[at]
        puts_in = node.if_not_rated is not None and node.if_not_rated.value is not None
        without = {Rated.NOTHING} if puts_in else {Rated.NO, Rated.NOTHING}
        rated = view.marks(Observed.RATED, at).values
        most = view.range(Observed.MAXIMUM, at)
        adds = node.combine is None and node.maximum > 0 and at not in view.layout.pooled
        if without.issuperset(rated) or (adds and most.exact == 0):
            return False
        left = not adds or most.exact is not None or (most.low is not None and most.low > 0)
        return True if left and without.isdisjoint(rated) else None

    # ---- what is not known yet

    def _possible(
        self,
        subject: Subject,
        facts: Facts,
        view: ReadingView | None,
        may_be_skipped: bool,
        without: frozenset[str],
    ) -> UnitValue | None:
        """The range of a value that waits for something; nothing where it waits for no more than optional facts."""
        env = env_of_facts(self.plan, facts)
        if view is not None:
            self._tell(env, subject.reads, view)
        lacks = frozenset(name for name in self._optional | without if facts.values.get(name) is None)
        not_given = lacks - facts.open  # and nobody will give it
        expr = subject.expr
        if isinstance(expr, Num):
            found = number(expr, env)
            low, high = as_fraction(found.low), as_fraction(found.high)
            waits, undefined = found.waits, found.may_be_undefined
        else:
            assert expr is not None
            held = truth(expr, env)
            low, high = Fraction(not held.may_be_false), Fraction(held.may_be_true)
            waits, undefined = held.waits, held.may_be_undefined
        # A value that waits for nothing is one point, and only an open applicability kept it back; or there is none.
        kept_back = may_be_skipped and low is not None and low == high and not undefined
        if not waits - not_given and not kept_back:
            return None
        return UnitValue(low, high, may_be_skipped or undefined or bool(waits & lacks))

    def _tell(self, env: Env, reads: Reads, view: ReadingView) -> None:
        """Headings and the total as the reading left them."""
        for code in reads.codes:
            at = self._at[code]
            if self.plan.nodes[at].met is not None:
                marks = view.marks(Observed.MET, at)
                env.truths[Met(code)] = Possible(1 in marks.values, 0 in marks.values, marks.waits)
                continue
            if self.plan.nodes[at].children:
                env.truths[Unrated(code)] = is_unrated(view.marks(Observed.RATED, at))
            env.tell(PointsOf(code), _interval(view.range(Observed.POINTS, at)))
            env.tell(MaximumOf(code), _interval(view.range(Observed.MAXIMUM, at)))
        for code in reads.zeros:
            zero = view.known.zero.get(code)
            waits = view.range(Observed.POINTS, self._at[code]).waits
            env.zeros[code] = Possible(True, True, waits) if zero is None else settled_truth(zero)
        if reads.total:
            env.tell(Total(), _interval(view.range(Observed.PUBLISHED)))
            env.tell(TotalMaximum(), _interval(view.range(Observed.SHEET_MAXIMUM)))


def _known(expr: Num | Truth, known: Known) -> Fraction | bool | None:
    return known_number(expr, known) if isinstance(expr, Num) else known_truth(expr, known)


def _is_undecided(clauses: tuple[Any, ...], mark: int) -> bool:
    return mark >= 0 and clauses[mark].policy is Policy.UNDECIDED


def _interval(found: Range) -> Any:
    return span_of(found.low, found.high, found.waits)


# ---------------------------------------------------------------- groups


def group_of(spec: InputSpec, facts: Facts) -> str | None:
    """The group a unit belongs to by an input: the name of its level, or the text; ``None`` where it is not given."""
    value: Any = facts.values.get(spec.name)
    if value is None:
        return None
    if spec.kind is Kind.LEVEL:
        level: str = spec.levels[value].name
        return level
    if spec.kind is Kind.YES_NO:
        return "yes" if value else "no"
    return str(value)


def groups_of(spec: InputSpec, units: Mapping[str, Facts]) -> dict[str, str | None]:
    """The group of every unit. One written in several ways is one group, called as most of its units write it."""
    found = {unit: group_of(spec, facts) for unit, facts in units.items()}
    if spec.kind is not Kind.TEXT:
        return found
    spellings: dict[str, Counter[str]] = {}
    for group in found.values():
        if group is not None:
            spellings.setdefault(fold(group), Counter())[group] += 1
    # Between equals the one that stands first in the alphabet: the order of the units never matters.
    names = {name: min(counts, key=lambda group: (-counts[group], group)) for name, counts in spellings.items()}
    return {unit: None if group is None else names[fold(group)] for unit, group in found.items()}


def in_order_of(spec: InputSpec | None, groups: Iterable[str]) -> list[str]:
    """Groups in the order of the levels, texts by the alphabet."""
    levels = {} if spec is None else {level.name: at for at, level in enumerate(spec.levels)}
    return sorted(groups, key=lambda group: (levels.get(group, len(levels)), in_alphabet(group)))


# ---------------------------------------------------------------- one plan, made ready


class CohortReader:
    """Everything about a plan that scoring a cohort needs, worked out once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reads = PlanReads(plan)
        self.rounds = tuple(RoundReader(plan, each, self.reads) for each in rounds_of(plan))
        self.references: dict[str, Reference] = {
            reference.name: reference for each in self.rounds for reference in each.references
        }
        self.specs = {spec.name: spec for spec in plan.inputs}
        self.values = UnitValues(plan)


def cohort_reader(plan: Plan) -> CohortReader:
    """The reader of a plan, kept with it."""
    return layout_of(plan).remembered(("cohort reader",), lambda: CohortReader(plan))

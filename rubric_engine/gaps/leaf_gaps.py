"""Where a unit's points went, leaf by leaf, and what would win them back."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.facts.fold import Folded
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.gaps.changes import FactChange, as_submission, told
from rubric_engine.meaning.budget import Budget
from rubric_engine.meaning.exact import as_json
from rubric_engine.meaning.stack import with_room
from rubric_engine.plan.plan import Observed
from rubric_engine.result.explain.reasons import fact_name
from rubric_engine.result.outcome import NodeResult, Reason, RubricIdentity, State
from rubric_engine.result.result import Result
from rubric_engine.result.view import cell_fact
from rubric_engine.scorer import Scorer
from rubric_engine.solve.change.heading import MOST_CHANGES as MOST_CHANGES
from rubric_engine.solve.change.heading import MOST_TRIED as MOST_TRIED
from rubric_engine.solve.change.heading import LeafSearch
from rubric_engine.solve.change.move import Moves
from rubric_engine.solve.change.study import Probe, Study

Progress = Callable[[int, int], None]
_KNOWN = frozenset((State.SCORED, State.REFUSED))


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that win points back, and what they come to, read from the changed submission.

    ``points`` are the leaf's afterwards, ``gained`` how many more that is. ``total`` is the published total afterwards
    and ``total_gained`` how it moves (other leaves may read the same facts); ``None`` while a total is not known.
    """

    changes: tuple[FactChange, ...]
    points: Fraction
    gained: Fraction
    total: Fraction | None
    total_gained: Fraction | None

    @property
    def past(self) -> bool:
        """Some of it has already happened: a lesson for the next cycle rather than work for this one."""
        return any(change.past for change in self.changes)

    @property
    def effort(self) -> Fraction:
        """See :mod:`rubric_engine.solve.change.move`."""
        return sum((change.effort for change in self.changes), Fraction(0))

    @property
    def submission(self) -> dict[str, dict[str, object]]:
        """The changes in the shape :func:`rubric_engine.gaps.what_if` takes."""
        return as_submission(self.changes)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "changes": [change.to_dict() for change in self.changes],
            "points": as_json(self.points), "gained": as_json(self.gained),
            "total": as_json(self.total), "total_gained": as_json(self.total_gained),
            "effort": as_json(self.effort), "past": self.past,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeafGap:
    """A leaf that lost points. ``lost`` is in its own points, ``counted`` in points of the sheet: the same where the
    headings above add, its share of weight where they take a mean. ``share`` is of all that was counted lost.

    ``reasons`` are the steps that led to its points. ``ways`` are smallest first, each winning more than the one
    before. ``complete`` is false where the search ended at its bound.
    """

    code: str
    title: str
    points: Fraction
    maximum: Fraction
    lost: Fraction
    counted: Fraction
    share: Fraction
    reasons: tuple[Reason, ...]
    ways: tuple[Way, ...]
    complete: bool = True

    @property
    def winnable(self) -> Fraction:
        """The most points the ways win back."""
        return max((way.gained for way in self.ways), default=Fraction(0))

    @property
    def beyond(self) -> Fraction:
        """What is lost that no way found wins back."""
        return self.lost - self.winnable

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "code": self.code, "title": self.title, "points": as_json(self.points), "maximum": as_json(self.maximum),
            "lost": as_json(self.lost), "counted": as_json(self.counted), "share": as_json(self.share),
            "reasons": [
                {"kind": str(one.kind), "label": one.label, "amount": as_json(one.amount), "because": one.because,
                 "line": one.line}
                for one in self.reasons
            ],
            "ways": [way.to_dict() for way in self.ways], "complete": self.complete,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AwaitedLeaf:
    """A leaf that waits for facts: what for (name and label), what is sure already, and what the best answer is
    worth."""

    code: str
    title: str
    waits: tuple[tuple[str, str], ...]
    low: Fraction
    high: Fraction
    maximum: Fraction

    @property
    def worth(self) -> Fraction:
        """Points the best answer brings beyond what is sure."""
        return self.high - self.low

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "code": self.code, "title": self.title, "waits": [{"name": n, "label": label} for n, label in self.waits],
            "low": as_json(self.low), "high": as_json(self.high), "maximum": as_json(self.maximum),
            "worth": as_json(self.worth),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where the points went. ``leaves`` most lost first; ``bonus`` are leaves of a bonus pool that could earn more,
    which nobody lost; ``awaited`` are leaves that wait for facts, worth most first."""

    unit: str
    rubric: RubricIdentity
    total: Fraction | None
    maximum: Fraction | None
    leaves: tuple[LeafGap, ...]
    bonus: tuple[LeafGap, ...]
    awaited: tuple[AwaitedLeaf, ...]

    @property
    def lost(self) -> Fraction:
        """Points lost over all leaves, each as it counts in the sheet."""
        return sum((leaf.counted for leaf in self.leaves), Fraction(0))

    def __getitem__(self, code: str) -> LeafGap:
        return Folded((leaf.code, leaf) for leaf in (*self.leaves, *self.bonus))[code]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "unit": self.unit, "rubric": {"id": self.rubric.id, "version": self.rubric.version},
            "total": as_json(self.total), "maximum": as_json(self.maximum), "lost": as_json(self.lost),
            "leaves": [leaf.to_dict() for leaf in self.leaves],
            "bonus": [leaf.to_dict() for leaf in self.bonus],
            "awaited": [leaf.to_dict() for leaf in self.awaited],
        }  # fmt: skip


@with_room
def find_gaps(
    rubric: Scorer, submission: object, *, language: str | None = None, progress: Progress | None = None
) -> Gaps:
    """Every leaf that lost points, with the smallest changes that win them back; nothing is claimed unread.

    Facts given to all units, figures of the cohort or the round, names and texts, evidence already accepted and what a
    leaf is only measured against (what was planned, the average) are never changed, nor is a fact that would make the
    leaf not apply. ``language`` is that of the words, the rubric's without it. ``progress`` is told how many leaves of
    how many are done. Raises :class:`SubmissionError` as reading the submission does.
    """
    return gaps_of(Study(rubric, submission), progress, language)


def gaps_of(study: Study, progress: Progress | None = None, language: str | None = None) -> Gaps:
    """As :func:`find_gaps`, of a study already made."""
    result, layout = study.result, study.layout
    losing = [
        node for node in result
        if not node.children and node.state in _KNOWN and node.met is None and (node.lost or 0) > 0
    ]  # fmt: skip
    found: dict[bool, list[LeafGap]] = {False: [], True: []}
    whole = study.budget
    for done, node in enumerate(losing, 1):
        # The leaves still to come share what is left: none of them goes without.
        study.budget = Budget(whole.left // (len(losing) - done + 1), whole)
        at = layout.places[node.code]
        found[_pool_of(study, at) == "bonus"].append(_leaf(study, at, node, language or study.plan.language))
        if progress is not None:
            progress(done, len(losing))
    study.budget = whole
    lost = sum((leaf.counted for leaf in found[False]), Fraction(0))
    return Gaps(
        result.unit, result.rubric, result.total.published, result.total.applicable_maximum,
        _ordered(found[False], lost), _ordered(found[True], Fraction(0)),
        _awaited(study, language or study.plan.language),
    )  # fmt: skip


def _ordered(leaves: list[LeafGap], whole: Fraction) -> tuple[LeafGap, ...]:
    shared = [_with_share(leaf, leaf.counted / whole if whole else Fraction(0)) for leaf in leaves]
    return tuple(sorted(shared, key=lambda leaf: -leaf.counted))


def _with_share(leaf: LeafGap, share: Fraction) -> LeafGap:
    return LeafGap(
        leaf.code, leaf.title, leaf.points, leaf.maximum, leaf.lost, leaf.counted, share, leaf.reasons, leaf.ways,
        leaf.complete,
    )  # fmt: skip


def _pool_of(study: Study, at: int) -> str:
    here: int | None = at
    while here is not None:
        node = study.plan.nodes[here]
        if node.pool:
            return node.pool
        here = node.parent
    return ""


def _leaf(study: Study, at: int, node: NodeResult, language: str) -> LeafGap:
    assert node.points is not None
    assert node.lost is not None
    assert node.applicable_maximum is not None
    search = LeafSearch(study, at)
    ways = []
    for one in search.ways():
        way = _way(study, at, one.moves, search.probe, language)
        if way is not None and way.gained > 0:
            ways.append(way)
    counted = node.lost * _weight(study.result, study.plan.nodes[at].parent, node, study)
    return LeafGap(
        node.code, node.title, node.points, node.applicable_maximum, node.lost, counted, Fraction(0), node.reasons,
        tuple(ways), search.complete,
    )  # fmt: skip


def _way(study: Study, at: int, moves: Moves, probe: Probe, language: str) -> Way | None:
    """The changes with what they come to; ``None`` where the changed submission is refused or the leaf is not known."""
    before = study.view.number(Observed.POINTS, at)
    facts = study.facts_of(moves)
    points = None if facts is None else probe.read(facts)
    if before is None or points is None or facts is None:
        return None
    changes = told(study, moves, language)
    if study.settles_nothing(moves):
        return Way(changes, points, points - before, None, None)
    try:
        total = study.total_of(facts)
    except SubmissionError:
        return None
    gained = None if total is None or study.total is None else total - study.total
    return Way(changes, points, points - before, total, gained)


def _weight(result: Result, parent: int | None, node: NodeResult, study: Study) -> Fraction:
    """What one point of the leaf is worth on the sheet, through the weights of the groups above."""
    worth = Fraction(1)
    here = node
    while parent is not None:
        above = result[study.plan.nodes[parent].code]
        if here.effective_weight is not None and here.applicable_maximum and above.applicable_maximum:
            worth *= here.effective_weight * above.applicable_maximum / here.applicable_maximum
        here, parent = above, study.plan.nodes[parent].parent
    return worth


def _awaited(study: Study, language: str) -> tuple[AwaitedLeaf, ...]:
    found = [
        AwaitedLeaf(node.code, node.title, tuple((name, label_of(study, name, language)) for name in node.missing),
                    node.low, node.high, node.maximum)
        for node in study.result
        if not node.children and node.state is State.PENDING and node.met is None
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda leaf: -leaf.worth))


def label_of(study: Study, name: str, language: str) -> str:
    """The words for what is waited for: an input's label, what is judged, what the authority has to decide."""
    kind, _, rest = name.partition(" ")
    if kind == "judged" and rest in study.layout.judged:
        return study.layout.judged[rest].label or rest
    if kind == "decision" and rest in study.layout.places:
        clauses = study.plan.nodes[study.layout.places[rest]].absent
        return "; ".join(one.words for one in clauses if one.words) or rest
    cell = cell_fact(study.layout, name)
    if cell is not None:
        return fact_name(cell, language)
    spec = study.layout.inputs.get(name)
    return name if spec is None else spec.label or spec.name

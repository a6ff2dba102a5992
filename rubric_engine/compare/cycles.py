"""Two cycles of one unit, heading by heading. Nothing is compared that cannot be, and every doubt is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubric_engine.cohort import UnitGrade
from rubric_engine.compare.rules import changed_rules
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.fold import fold
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.exact import as_json
from rubric_engine.result.outcome import GradeState, NodeResult, Reason, ReasonKind, RubricIdentity, State
from rubric_engine.result.result import Result


class Doubt(StrEnum):
    """Why two headings do not, or do not quite, compare. The first six leave no change in points to state."""

    ADDED = "added"                        # not in the earlier rubric
    DROPPED = "dropped"                    # not in the later one
    PENDING = "pending"                    # points not known in one of the two
    NOT_APPLICABLE = "not applicable"      # in one of the two
    NOT_RATED = "not rated"                # in one of the two
    MAXIMUM = "maximum changed"            # compare by index
    RULE = "rule changed"
    TITLE = "title changed"


_NO_POINTS = frozenset((
    Doubt.ADDED, Doubt.DROPPED, Doubt.PENDING, Doubt.NOT_APPLICABLE, Doubt.NOT_RATED, Doubt.MAXIMUM,
))  # fmt: skip
_NO_INDEX = _NO_POINTS - {Doubt.MAXIMUM}


@dataclass(frozen=True, slots=True)
class NodeChange:
    """One heading in both cycles. ``code`` is the later one's, or the earlier one's where it was dropped."""

    code: str
    old_code: str
    title: str
    before: NodeResult | None
    after: NodeResult | None
    doubts: tuple[Doubt, ...]
    is_leaf: bool
    is_bonus: bool = False

    @property
    def points(self) -> Fraction | None:
        """Change in points; ``None`` where points do not compare."""
        if self.before is None or self.after is None or not _NO_POINTS.isdisjoint(self.doubts):
            return None
        return _difference(self.before.points, self.after.points)

    @property
    def index(self) -> Fraction | None:
        """Change in the share of the applicable maximum (-0.0268 is 2.68 percentage points down)."""
        if self.before is None or self.after is None or not _NO_INDEX.isdisjoint(self.doubts):
            return None
        return _difference(self.before.index, self.after.index)

    @property
    def below_in_both(self) -> bool:
        """Points were lost before and are lost again. A bonus that was not earned is no loss."""
        both = (self.before, self.after)
        return not self.is_bonus and all(node is not None and (node.lost or 0) > 0 for node in both)


@dataclass(frozen=True, slots=True)
class RepeatedDeduction:
    """A deduction that was made in both cycles on the same heading; amounts as taken off."""

    code: str
    title: str
    label: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class TotalChange:
    """The whole sheet. Points compare only where both rubrics print the same maximum; the index always does.

    The states say why there are none: pending, or not rated. Grades are titles, ``None`` where none was issued. Ranks
    are as given; ``places_gained`` is positive for a rise.
    """

    before: Fraction | None
    after: Fraction | None
    index_before: Fraction | None
    index_after: Fraction | None
    same_maximum: bool
    grade_before: str | None = None
    grade_after: str | None = None
    rank_before: int | None = None
    rank_after: int | None = None
    state_before: State = State.SCORED
    state_after: State = State.SCORED

    @property
    def points(self) -> Fraction | None:
        """Change in published points."""
        return _difference(self.before, self.after) if self.same_maximum else None

    @property
    def index(self) -> Fraction | None:
        """Change in the share of the applicable maximum."""
        return _difference(self.index_before, self.index_after)

    @property
    def places_gained(self) -> int | None:
        """Earlier rank minus later rank."""
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


@dataclass(frozen=True, slots=True)
class CycleComparison:
    """Two cycles of one unit. ``perhaps_moved`` pairs headings that look the same under another code, and were not
    compared: earlier code, later code. Name them in ``renamed`` to have them compared."""

    unit: str
    before: RubricIdentity
    after: RubricIdentity
    total: TotalChange
    nodes: tuple[NodeChange, ...]
    deducted_again: tuple[RepeatedDeduction, ...]
    perhaps_moved: tuple[tuple[str, str], ...]

    @property
    def same_rubric(self) -> bool:
        """The two results were scored by the very same text."""
        return self.before.digest == self.after.digest

    @property
    def leaves(self) -> tuple[NodeChange, ...]:
        return tuple(change for change in self.nodes if change.is_leaf)

    @property
    def below_in_both(self) -> tuple[NodeChange, ...]:
        """Leaves below their maximum in both cycles, most lost now first."""
        found = [change for change in self.leaves if change.below_in_both]
        return tuple(sorted(found, key=lambda change: -(change.after.lost or 0) if change.after else 0))

    @property
    def not_comparable(self) -> tuple[NodeChange, ...]:
        """Leaves whose points cannot be set against each other, each with its doubts."""
        return tuple(change for change in self.leaves if not _NO_POINTS.isdisjoint(change.doubts))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        total = self.total
        return {
            "unit": self.unit,
            "before": {"rubric": self.before.id, "version": self.before.version, "stage": self.before.stage},
            "after": {"rubric": self.after.id, "version": self.after.version, "stage": self.after.stage},
            "same_rubric": self.same_rubric,
            "total": {
                "before": as_json(total.before), "after": as_json(total.after), "change": as_json(total.points),
                "index_before": as_json(total.index_before), "index_after": as_json(total.index_after),
                "index_change": as_json(total.index),
                "state_before": str(total.state_before), "state_after": str(total.state_after),
                "grade_before": total.grade_before, "grade_after": total.grade_after,
                "rank_before": total.rank_before, "rank_after": total.rank_after,
            },
            "headings": [_node_dict(change) for change in self.nodes],
            "below_in_both": [change.code for change in self.below_in_both],
            "deducted_again": [
                {"code": one.code, "title": one.title, "deduction": one.label,
                 "before": as_json(one.before), "after": as_json(one.after)}
                for one in self.deducted_again
            ],
            "perhaps_moved": [{"before": old, "after": new} for old, new in self.perhaps_moved],
        }  # fmt: skip


def compare_cycles(
    before: Result,
    after: Result,
    *,
    renamed: Mapping[str, str] | None = None,
    rubrics: tuple[CompiledRubric, CompiledRubric] | None = None,
    ranks: tuple[int | None, int | None] = (None, None),
    grades: tuple[UnitGrade | None, UnitGrade | None] = (None, None),
) -> CycleComparison:
    """Compare two results of one unit by code.

    ``renamed`` maps earlier codes to later ones. ``rubrics`` are the two rubrics, so that headings whose rule changed
    are told; without them only a changed maximum or title is. ``grades`` are those a cohort gave after its quotas;
    without them a grade is that of the unit alone. Raises ``ValueError`` for a renamed code that is not
    there, for two codes renamed to one, and for results of two different units.
    """
    if before.unit and after.unit and before.unit != after.unit:
        raise ValueError(f"two different units: {before.unit!r} and {after.unit!r}")
    partners = _partners(before, after, renamed or {})
    other_rules = frozenset[str]()
    if rubrics is not None and before.rubric.digest != after.rubric.digest:
        other_rules = changed_rules(rubrics[0].rubric, rubrics[1].rubric, partners)
    kinds = _groups(before) | _groups(after), _bonuses(before) | _bonuses(after)
    changes = [
        _change(before[partners[node.code]] if node.code in partners else None, node, other_rules, *kinds)
        for node in after
        if _counts(node)
    ]
    gone = [node for node in before if node.code not in partners.values() and _counts(node)]
    changes += [_change(node, None, other_rules, *kinds) for node in gone]
    return CycleComparison(
        after.unit or before.unit, before.rubric, after.rubric,
        _total(before, after, ranks, grades), tuple(changes), _repeated(changes), _perhaps_moved(gone, changes),
    )  # fmt: skip


def _partners(before: Result, after: Result, renamed: Mapping[str, str]) -> dict[str, str]:
    """Later code to earlier code, for every heading that has one."""
    old, new = [node.code for node in before], [node.code for node in after]
    for code, known in [*((one, old) for one in renamed), *((one, new) for one in renamed.values())]:
        if code not in known:
            near = closest(code, known)
            raise ValueError(f"no heading {code!r}" + (f"; perhaps {near!r}" if near else ""))
    partners: dict[str, str] = {}
    for earlier, later in renamed.items():
        if later in partners:
            raise ValueError(f"two headings renamed to {later!r}: {partners[later]!r} and {earlier!r}")
        partners[later] = earlier
    for code in new:
        if code not in partners and code not in renamed and code in old:
            partners[code] = code
    return partners


def _counts(node: NodeResult) -> bool:
    return node.state is not State.UNSCORED


def _groups(result: Result) -> frozenset[str]:
    return frozenset(node.code for node in result if node.children)


def _bonuses(result: Result) -> frozenset[str]:
    """Bonus pools and all headings in them."""
    found = [node.code for node in result if node.level == "bonus"]
    for code in found:
        found += result[code].children
    return frozenset(found)


def _change(
    before: NodeResult | None,
    after: NodeResult | None,
    other_rules: frozenset[str],
    groups: frozenset[str],
    bonuses: frozenset[str],
) -> NodeChange:
    node = after or before
    assert node is not None
    old_code = before.code if before else ""
    leaf = node.code not in groups and old_code not in groups
    return NodeChange(
        node.code, old_code, node.title, before, after, tuple(_doubts(before, after, other_rules)), leaf,
        node.code in bonuses,
    )  # fmt: skip


def _doubts(before: NodeResult | None, after: NodeResult | None, other_rules: frozenset[str]) -> list[Doubt]:
    if before is None:
        return [Doubt.ADDED]
    if after is None:
        return [Doubt.DROPPED]
    found = []
    both = (before, after)
    if any(node.state is State.NOT_APPLICABLE for node in both):
        found.append(Doubt.NOT_APPLICABLE)
    elif any(node.state is State.NOT_RATED for node in both):
        found.append(Doubt.NOT_RATED)
    elif any(node.points is None and node.met is None for node in both):
        found.append(Doubt.PENDING)
    if before.maximum != after.maximum:
        found.append(Doubt.MAXIMUM)
    if after.code in other_rules:
        found.append(Doubt.RULE)
    if _plain(before.title) != _plain(after.title):
        found.append(Doubt.TITLE)
    return found


def _plain(title: str) -> str:
    return fold(title)


def _total(
    before: Result,
    after: Result,
    ranks: tuple[int | None, int | None],
    grades: tuple[UnitGrade | None, UnitGrade | None],
) -> TotalChange:
    return TotalChange(
        before.total.published, after.total.published, before.total.index, after.total.index,
        before.total.printed_maximum == after.total.printed_maximum,
        _grade(before, grades[0]), _grade(after, grades[1]), *ranks, before.total.state, after.total.state,
    )  # fmt: skip


def _grade(result: Result, after_quotas: UnitGrade | None) -> str | None:
    grade = after_quotas or result.grade
    return grade.title if grade is not None and grade.state is GradeState.ISSUED else None


def _repeated(changes: list[NodeChange]) -> tuple[RepeatedDeduction, ...]:
    """Deductions of the same words on the same heading; where words differ, of the same reason (``because``)."""
    found = []
    for change in changes:
        if change.before is None or change.after is None:
            continue
        earlier = _deductions(change.before)
        for key, reason in _deductions(change.after).items():
            if key in earlier:
                then, now = (one.amount or Fraction(0) for one in (earlier[key], reason))
                label = reason.because or reason.label
                found.append(RepeatedDeduction(change.code, change.title, label, abs(then), abs(now)))
    return tuple(found)


def _deductions(node: NodeResult) -> dict[str, Reason]:
    made = [one for one in node.reasons if one.kind is ReasonKind.DEDUCTION and one.amount]
    return {_plain(one.because or one.label): one for one in made}


def _perhaps_moved(gone: list[NodeResult], changes: list[NodeChange]) -> tuple[tuple[str, str], ...]:
    """Dropped and added headings of the same title; only where there is one of each."""
    added = [change for change in changes if change.before is None]
    pairs = []
    for node in gone:
        same = [change.code for change in added if _plain(change.title) == _plain(node.title)]
        if len(same) == 1 and sum(_plain(other.title) == _plain(node.title) for other in gone) == 1:
            pairs.append((node.code, same[0]))
    return tuple(pairs)


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before



def _node_dict(change: NodeChange) -> dict[str, object]:
    before, after = change.before, change.after
    return {
        "code": change.code, "old_code": change.old_code, "title": change.title,
        "before": as_json(before.points) if before else None, "after": as_json(after.points) if after else None,
        "change": as_json(change.points), "index_change": as_json(change.index),
        "lost_before": as_json(before.lost) if before else None, "lost_after": as_json(after.lost) if after else None,
        "doubts": [str(doubt) for doubt in change.doubts],
    }  # fmt: skip

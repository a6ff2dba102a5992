"""Where many units lose their points: how many on each leaf, how much, and most often why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rubric_engine.meaning.exact import to_json_number
from rubric_engine.result.outcome import NodeResult, Reason, ReasonKind, State
from rubric_engine.result.result import Result

# Reasons that say where points stayed away; the order is that in which one speaks for another of the same unit.
_TAKES: Final = (
    ReasonKind.EVIDENCE_MISSING, ReasonKind.EVIDENCE_REFUSED, ReasonKind.REQUIREMENT, ReasonKind.DEDUCTION,
    ReasonKind.LIMIT, ReasonKind.CAP, ReasonKind.POLICY,
)  # fmt: skip
_STANDS: Final = (ReasonKind.ROW, ReasonKind.FORMULA, ReasonKind.JUDGED)
_KNOWN: Final = frozenset((State.SCORED, State.REFUSED))
_BONUS: Final = "bonus"


@dataclass(frozen=True, slots=True)
class LossReason:
    """One reason, in the words of the rubric, and how many units had it. ``kind`` as in :class:`Reason`."""

    kind: ReasonKind
    label: str
    units: int


@dataclass(frozen=True, slots=True)
class LeafLoss:
    """One leaf over many units. ``units`` lost points on it, of ``scored`` for which its points are known; ``points``
    is what they lost together, ``share`` of all points lost on the sheet. ``reasons`` most frequent first."""

    code: str
    title: str
    units: int
    scored: int
    points: Fraction
    share: Fraction
    reasons: tuple[LossReason, ...]

    @property
    def share_of_units(self) -> Fraction:
        """Units that lost points over those scored."""
        return Fraction(self.units, self.scored)

    @property
    def average(self) -> Fraction:
        """Points lost a unit, over all scored."""
        return self.points / self.scored

    @property
    def average_of_losing(self) -> Fraction:
        """Points lost a unit, over those that lost any."""
        return self.points / self.units

    @property
    def reason(self) -> LossReason | None:
        """The most common one."""
        return self.reasons[0] if self.reasons else None

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "code": self.code, "title": self.title, "units": self.units, "scored": self.scored,
            "share_of_units": to_json_number(self.share_of_units), "points": to_json_number(self.points),
            "share": to_json_number(self.share), "average": to_json_number(self.average),
            "average_of_losing": to_json_number(self.average_of_losing),
            "reasons": [{"kind": str(one.kind), "label": one.label, "units": one.units} for one in self.reasons],
        }  # fmt: skip


def cohort_losses(results: Iterable[Result]) -> tuple[LeafLoss, ...]:
    """Every leaf on which some unit lost points: by number of units, then by points lost.

    Takes results, or a cohort. Leaves of a bonus pool are left out: what nobody has to earn is not lost. Raises
    ``ValueError`` for results of different rubrics.
    """
    scored: dict[str, list[NodeResult]] = {}
    digests = set()
    for result in results:
        digests.add(result.rubric.digest)
        if len(digests) > 1:
            raise ValueError("results of different rubrics")
        for node in _leaves(result):
            scored.setdefault(node.code, []).append(node)
    found = {code: [node for node in nodes if (node.lost or 0) > 0] for code, nodes in scored.items()}
    lost = {code: sum((node.lost or Fraction(0) for node in nodes), Fraction(0)) for code, nodes in found.items()}
    whole = sum(lost.values(), Fraction(0))
    losses = [
        LeafLoss(code, nodes[0].title, len(nodes), len(scored[code]), lost[code], lost[code] / whole, _reasons(nodes))
        for code, nodes in found.items()
        if nodes
    ]
    return tuple(sorted(losses, key=lambda one: (-one.units, -one.points)))


def _leaves(result: Result) -> list[NodeResult]:
    """Leaves with points, those of a bonus aside."""
    found: list[NodeResult] = []
    bonus: set[str] = set()
    for node in result:
        if node.level == _BONUS or node.code in bonus:
            bonus.update((node.code, *node.children))
        elif not node.children and node.state in _KNOWN and node.met is None:
            found.append(node)
    return found


def _reasons(nodes: Sequence[NodeResult]) -> tuple[LossReason, ...]:
    counts: dict[tuple[ReasonKind, str], int] = {}
    for node in nodes:
        for key in dict.fromkeys((reason.kind, reason.because or reason.label) for reason in _of(node)):
            counts[key] = counts.get(key, 0) + 1
    return tuple(
        LossReason(kind, label, units)
        for (kind, label), units in sorted(counts.items(), key=lambda item: -item[1])
    )


def _of(node: NodeResult) -> list[Reason]:
    """What took points off; where nothing did, the line or the rule that gave less than all."""
    takes = [one for one in node.reasons if one.kind in _TAKES and _took(one)]
    return takes or [one for one in node.reasons if one.kind in _STANDS]


def _took(reason: Reason) -> bool:
    if reason.kind in (ReasonKind.LIMIT, ReasonKind.CAP):
        return reason.amount is not None and reason.value is not None and reason.amount < reason.value
    if reason.kind in (ReasonKind.EVIDENCE_MISSING, ReasonKind.EVIDENCE_REFUSED, ReasonKind.DEDUCTION):
        return bool(reason.amount)
    return True

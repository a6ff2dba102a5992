"""Points a unit claims, held against what its facts and its evidence support. A claim never changes a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import as_json, round_to
from rubric_engine.plan.plan import Plan
from rubric_engine.result.outcome import NodeResult, Reason, ReasonKind, State
from rubric_engine.result.result import Result
from rubric_engine.rounds.dossier import Dossier
from rubric_engine.rounds.progress import leaves_below
from rubric_engine.rounds.stages import StagedResult, StageResult, check_scored_by, score_stages


class Verdict(StrEnum):
    """How a claim stands."""

    AGREES = "agrees"
    TOO_HIGH = "too high"
    TOO_LOW = "too low"
    OPEN = "cannot be told yet"              # the claim lies within what is still possible
    NOT_APPLICABLE = "not applicable"        # the heading does not count for this unit
    NOT_RATED = "not rated"                  # nothing tells which points it has
    NOT_DUE = "not due"                      # a later stage asks for it
    UNSCORED = "unscored"                    # the heading has no points at all


class EvidenceNeed(StrEnum):
    """What is wrong with required evidence."""

    MISSING = "missing"
    REJECTED = "rejected"
    OUT_OF_DATES = "out of dates"
    NOT_ACCEPTED = "not accepted"


@dataclass(frozen=True, slots=True)
class ClaimedEvidence:
    """Required evidence of a claimed heading that does not stand."""

    name: str
    title: str
    need: EvidenceNeed


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. ``supported`` is ``None`` while something is pending; always ``low <= supported <= high``.

    ``rules`` are the steps behind the supported points, with their line in the rubric and the facts looked at.
    ``accepted`` counts pieces of evidence accepted under the heading. ``impossible``: more than the heading can give.
    """

    code: str
    title: str
    claimed: Fraction
    supported: Fraction | None
    low: Fraction
    high: Fraction
    maximum: Fraction
    verdict: Verdict
    rules: tuple[Reason, ...]
    evidence: tuple[ClaimedEvidence, ...]
    accepted: int
    explanation: str = ""
    is_group: bool = False

    @property
    def difference(self) -> Fraction | None:
        """Claimed minus supported."""
        return None if self.supported is None else self.claimed - self.supported

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """What is supported lies between these; there is nothing it could be where the heading is not rated."""
        return (None, None) if self.verdict is Verdict.NOT_RATED else (self.low, self.high)

    @property
    def impossible(self) -> bool:
        return self.claimed > self.maximum


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A claim for a group beside the sum of those for its leaves, where the two differ."""

    code: str
    claimed: Fraction
    summed: Fraction


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """Every claim of a unit. ``without_claim`` are leaves that have points to claim and were left out.

    ``needs_explanation`` are leaves for which the rubric or an appraiser asks for words the unit has not given.
    """

    unit: str
    stage: str
    claims: tuple[Claim, ...]
    without_claim: tuple[str, ...]
    needs_explanation: tuple[str, ...]
    group_sums: tuple[GroupSum, ...]

    @property
    def differences(self) -> tuple[Claim, ...]:
        """Claims that do not agree, those claimed too high first, the largest first."""
        found = [claim for claim in self.claims if claim.verdict is not Verdict.AGREES]
        return tuple(sorted(found, key=lambda claim: -(claim.difference or 0)))

    @property
    def without_accepted_evidence(self) -> tuple[Claim, ...]:
        """Claims above 0 under a heading that requires evidence and has none accepted."""
        return tuple(one for one in self.claims if one.claimed > 0 and not one.accepted and one.evidence)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "unit": self.unit, "stage": self.stage,
            "claims": [
                {"code": one.code, "title": one.title,
                 "claimed": as_json(one.claimed), "supported": as_json(one.supported),
                 "low": as_json(one.ends[0]), "high": as_json(one.ends[1]), "difference": as_json(one.difference),
                 "verdict": str(one.verdict), "impossible": one.impossible,
                 "rules": [{"line": rule.line, "label": rule.label} for rule in one.rules],
                 "evidence": [{"name": e.name, "need": str(e.need)} for e in one.evidence],
                 "accepted": one.accepted, "explanation": one.explanation}
                for one in self.claims
            ],
            "without_claim": list(self.without_claim),
            "needs_explanation": list(self.needs_explanation),
            "group_sums": [
                {"code": one.code, "claimed": as_json(one.claimed), "summed": as_json(one.summed)}
                for one in self.group_sums
            ],
        }  # fmt: skip


def check_claims(
    rubric: CompiledRubric, scored: StagedResult | object, *, stage: str | None = None
) -> ClaimReport:
    """Check the claims of one stage (the latest reached, unless named) or of a plain submission.

    Takes what :func:`score_stages` gives, a dossier, or a submission: of ``rubric.at_stage(stage)`` where a stage is
    named. Raises :class:`SubmissionError` as those who read it do, ``KeyError`` for a stage not reached, and
    ``ValueError`` for stages scored by another rubric.
    """
    if isinstance(scored, Dossier) or (isinstance(scored, Mapping) and "stages" in scored):
        scored = score_stages(rubric, scored)
    if isinstance(scored, StagedResult):
        check_scored_by(rubric, scored)
        at = scored.last if stage is None else scored[stage]
        return _report(rubric.at_stage(at.stage.name).plan if at.stage.name else rubric.plan, at.facts, at.result, at)
    rubric = rubric if stage is None else rubric.at_stage(stage)
    facts = rubric.read(scored)
    return _report(rubric.plan, facts, rubric.evaluate(facts), None)


def _report(plan: Plan, facts: Facts, result: Result, at: StageResult | None) -> ClaimReport:
    claims = tuple(_claim(plan, facts, result[code], points, at) for code, points in facts.claims.items())
    leaves = [node for node in result if not node.children]
    open_to_claim = (State.SCORED, State.PENDING, State.REFUSED)
    unclaimed = [
        node.code
        for node in leaves
        if node.state in open_to_claim and node.maximum > 0 and node.met is None and node.code not in facts.claims
    ]
    return ClaimReport(
        facts.unit, at.stage.name if at else plan.stage, claims,
        tuple(unclaimed) if facts.claims else (),
        tuple(node.code for node in leaves if _wants_words(node, at)),
        tuple(_group_sums(result, facts)),
    )  # fmt: skip


def _claim(plan: Plan, facts: Facts, node: NodeResult, claimed: Fraction, at: StageResult | None) -> Claim:
    below = _evidence_below(plan, node.code)
    accepted = sum(item.status == "accepted" for name in below for item in facts.evidence.get(name, ()))
    wanting = tuple(
        ClaimedEvidence(name, title, EvidenceNeed(facts.evidence_state(name)))
        for name, title in below.items()
        if facts.evidence_state(name) != "satisfied"
    )
    told = at.entry.explanations.get(node.code, "") if at else ""
    return Claim(
        node.code, node.title, claimed, node.points, node.low, node.high, node.maximum, _verdict(plan, node, claimed),
        tuple(reason for reason in node.reasons if reason.kind is not ReasonKind.NEXT_ROW), wanting, accepted, told,
        bool(node.children),
    )  # fmt: skip


def _evidence_below(plan: Plan, code: str) -> dict[str, str]:
    """Evidence of a heading and of those below it, name to title."""
    inside: set[int] = set()
    found: dict[str, str] = {}
    for at, node in enumerate(plan.nodes):
        if node.code == code or node.parent in inside:
            inside.add(at)
            found |= {plan.evidence[number].name: plan.evidence[number].title for number in node.evidence}
    return found


def _verdict(plan: Plan, node: NodeResult, claimed: Fraction) -> Verdict:
    match node.state:
        case State.NOT_RATED:
            return Verdict.NOT_RATED
        case State.NOT_APPLICABLE if not node.applicable_maximum:
            return Verdict.NOT_APPLICABLE
        case State.NOT_DUE:
            return Verdict.NOT_DUE
        case State.UNSCORED:
            return Verdict.UNSCORED
        case _:  # also what does not apply and has full points all the same
            pass
    if node.met is not None:
        return Verdict.UNSCORED
    if node.points is not None and plan.rounding is not None:
        # Whoever claims writes what the sheet prints: rounded as its total is.
        shown = round_to(node.points, plan.rounding.mode, plan.rounding.step)
        if claimed == shown:
            return Verdict.AGREES
    if claimed > node.high:
        return Verdict.TOO_HIGH
    if claimed < node.low:
        return Verdict.TOO_LOW
    return Verdict.AGREES if node.points is not None else Verdict.OPEN


def _wants_words(node: NodeResult, at: StageResult | None) -> bool:
    told = at is not None and bool(at.entry.explanations.get(node.code))
    asked = at is not None and node.code in at.entry.asks
    by_rubric = any(
        reason.kind in (ReasonKind.EVIDENCE_MISSING, ReasonKind.EVIDENCE_REFUSED)
        and reason.effect == "ask for explanation"
        for reason in node.reasons
    )
    return (asked or by_rubric) and not told


def _group_sums(result: Result, facts: Facts) -> list[GroupSum]:
    """Claims for groups that are not the sum of the claims for all leaves below them."""
    found = []
    for code, claimed in facts.claims.items():
        leaves = [leaf.code for leaf in leaves_below(result, result[code])]
        if result[code].children and leaves and all(leaf in facts.claims for leaf in leaves):
            summed = sum((facts.claims[leaf] for leaf in leaves), Fraction(0))
            if summed != claimed:
                found.append(GroupSum(code, claimed, summed))
    return found

"""A submission with something changed, beside the same one as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rubric_engine.cohort import Cohort, RankRow, score_cohort
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.fold import Folded, fold, written_as
from rubric_engine.facts.problems import unmodelled
from rubric_engine.meaning.exact import as_json
from rubric_engine.meaning.stack import with_room
from rubric_engine.plan.plan import Plan, ReferenceKind
from rubric_engine.result.outcome import GateResult, GradeResult, NodeResult, State, TotalResult
from rubric_engine.result.result import Result
from rubric_engine.scorer import Scorer
from rubric_engine.solve.written import submission_of

_NOT_OF_THE_COHORT = (ReferenceKind.PREVIOUS, ReferenceKind.DAYS_LATE)


@dataclass(frozen=True, slots=True)
class LeafMove:
    """A leaf whose points, state or possible points are not the same afterwards."""

    code: str
    title: str
    before: NodeResult
    after: NodeResult

    @property
    def change(self) -> Fraction | None:
        """Points gained or lost; ``None`` where one of the two is not known."""
        if self.before.points is None or self.after.points is None:
            return None
        return self.after.points - self.before.points


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Before and after. ``moved`` are the leaves that differ, in the order of the rubric.

    ``rank_before`` and ``rank_after`` are set with a cohort; ``None`` where the unit is not ranked.
    """

    before: Result
    after: Result
    moved: tuple[LeafMove, ...]
    rank_before: RankRow | None = None
    rank_after: RankRow | None = None

    @property
    def total(self) -> Fraction | None:
        """Change of the published total; ``None`` while one of the two is not known."""
        return _difference(self.before.total.published, self.after.total.published)

    @property
    def index(self) -> Fraction | None:
        """Change of the share of the applicable maximum."""
        return _difference(self.before.total.index, self.after.total.index)

    @property
    def gates(self) -> tuple[tuple[GateResult | None, GateResult | None], ...]:
        """Gates on the sheet's grades that fire in only one of the two, or settle the grade in only one."""
        then, now = (dict(_gates(result)) for result in (self.before, self.after))
        pairs = ((then.get(key), now.get(key)) for key in dict.fromkeys((*then, *now)))
        return tuple(pair for pair in pairs if _gate_state(pair[0]) != _gate_state(pair[1]))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        total, after = self.before.total, self.after.total
        return {
            "unit": self.after.unit,
            "total": {
                "before": as_json(total.published), "after": as_json(after.published), "change": as_json(self.total),
                **_ends(total, "before"), **_ends(after, "after"),
                "index_before": as_json(total.index), "index_after": as_json(after.index),
                "index_change": as_json(self.index),
            },
            "grade": {"before": _grade(self.before.grade), "after": _grade(self.after.grade)},
            "gates": [
                {"gate": (now or then).label if now or then else "",  # type: ignore[union-attr]
                 "before": then.fired if then else None, "after": now.fired if now else None}
                for then, now in self.gates
            ],
            "rank": {"before": _rank(self.rank_before), "after": _rank(self.rank_after)},
            "leaves": [
                {"code": leaf.code, "title": leaf.title, "before": as_json(leaf.before.points),
                 "after": as_json(leaf.after.points), "change": as_json(leaf.change),
                 "state_before": str(leaf.before.state), "state_after": str(leaf.after.state)}
                for leaf in self.moved
            ],
        }  # fmt: skip


def _ends(total: TotalResult, side: str) -> dict[str, object]:
    """The state and what is still possible; of what is not rated, nothing is."""
    ends = (None, None) if total.state is State.NOT_RATED else (total.low, total.high)
    low, high = (None if end is None else as_json(end) for end in ends)
    return {f"state_{side}": str(total.state), f"low_{side}": low, f"high_{side}": high}


@with_room
def what_if(
    rubric: Scorer, submission: object, changes: Mapping[str, object], *, cohort: Cohort | None = None
) -> WhatIf:
    """What a submission would come to with some of it changed.

    ``changes`` has the shape of a submission with only what changes: a register whole, evidence by name, ``None`` for
    what is taken back. With ``cohort`` the unit is scored among all its units, all figures taken again, and ranked
    before and after by the rubric's own rule. Raises :class:`SubmissionError` for changes that would be refused in a
    submission, and ``ValueError`` for a unit the cohort has not and for a cohort of another rubric or stage.
    """
    facts = submission if isinstance(submission, Facts) else rubric.read(submission)
    given = submission_of(rubric.plan, facts)
    changed = merged(given, changes)
    rubric.read(changed)
    if cohort is None:
        return _compared(rubric.evaluate(facts), rubric.evaluate(changed))
    if cohort.rubric.plan != rubric.plan:
        raise ValueError(f"a cohort scored by {_named(cohort.rubric.plan)}, not by {_named(rubric.plan)}")
    unit = written_as(facts.unit, (entry.unit for entry in cohort.entries))
    if unit is None:
        raise ValueError(f"the cohort has no unit {facts.unit!r}")
    if changed.get("unit") != given.get("unit"):
        raise ValueError("a unit keeps its name among others")
    others = {entry.unit: _without_figures(rubric.plan, submission_of(rubric.plan, entry.facts))
              for entry in cohort.entries}  # fmt: skip
    own = _without_figures(rubric.plan, given)
    before = cohort
    if others[unit] != own:
        before = score_cohort(rubric, list({**others, unit: own}.values()))
    after = score_cohort(rubric, list({**others, unit: _without_figures(rubric.plan, changed)}.values()))
    for scored in (before, after):
        if facts.unit not in scored:
            raise ValueError("\n".join(str(problem) for problem in scored.problems if problem.unit == facts.unit))
    found = _compared(before[facts.unit], after[facts.unit])
    ranks = (_row(scored, facts.unit) for scored in (before, after))
    return WhatIf(found.before, found.after, found.moved, *ranks)


def _named(plan: Plan) -> str:
    """Which rubric, with its stage: two of them may be set against each other here."""
    return " ".join(filter(None, (plan.id, plan.version, plan.stage)))


def merged(given: Mapping[str, Any], changes: object) -> dict[str, Any]:
    """The submission with the changes written over it. What is not a submission's shape is left for the reader."""
    found: dict[str, Any] = {key: dict(part) if isinstance(part, Mapping) else part for key, part in given.items()}
    opened = unmodelled(changes)
    if not isinstance(opened, Mapping):
        return {**found, "inputs": opened}
    for key, part in opened.items():
        name = (written_as(key, found) or key) if isinstance(key, str) else key
        inside = unmodelled(part)
        if isinstance(inside, Mapping) and isinstance(found.get(name, {}), dict):
            known = Folded(found.get(name, {}))
            own = {(known.written(k) or k) if isinstance(k, str) else k: v for k, v in inside.items()}
            found[name] = {**known, **own}
        elif inside is not None:
            found[name] = inside
    return found


def _without_figures(plan: Plan, given: Mapping[str, Any]) -> dict[str, Any]:
    """The submission without figures of the cohort: they are taken again."""
    kept = {one.name for one in plan.references if one.kind in _NOT_OF_THE_COHORT}
    found = dict(given)
    figures = {name: value for name, value in (found.pop("references", None) or {}).items() if name in kept}
    return {**found, "references": figures} if figures else found


def _compared(before: Result, after: Result) -> WhatIf:
    moved = tuple(
        LeafMove(then.code, then.title, then, now)
        for then, now in zip(before, after, strict=True)
        if not then.children and then.state is not State.UNSCORED and _standing(then) != _standing(now)
    )
    return WhatIf(before, after, moved)


def _standing(node: NodeResult) -> tuple[object, ...]:
    return node.points, node.state, node.low, node.high, node.applicable_maximum, node.met


def _row(cohort: Cohort, unit: str) -> RankRow | None:
    return next((row for row in cohort.ranking().rows if fold(row.unit) == fold(unit)), None)


def _gates(result: Result) -> Iterator[tuple[tuple[str, int], GateResult]]:
    for grade in result.grades:
        if not grade.node:
            for gate in grade.gates:
                yield (grade.table, gate.line), gate


def _gate_state(gate: GateResult | None) -> tuple[bool | None, bool]:
    return (False, False) if gate is None else (gate.fired, gate.changed)


def _grade(grade: GradeResult | None) -> dict[str, object] | None:
    if grade is None:
        return None
    return {"state": str(grade.state), "name": grade.name, "title": grade.title, "possible": list(grade.possible)}


def _rank(row: RankRow | None) -> dict[str, object] | None:
    return None if row is None else row.to_dict()


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before

"""What must hold of any sheet, whatever is submitted: each invariant is a function, and says where it applies.

An invariant looks at a :class:`Case` and says what is broken, or nothing. ``INVARIANTS`` holds those that every rubric
is held to; :func:`more_never_lowers` makes one for a fact of which an author says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from rubric_engine.backend.interpret import interpret
from rubric_engine.cohort import score_cohort
from rubric_engine.engine import CompiledRubric, compile_rubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.expr import walk
from rubric_engine.plan.plan import Kind, Plan, PlanNode, Policy, Ties, slots_of
from rubric_engine.result.outcome import GradeState, NodeResult, State
from rubric_engine.result.result import Result
from rubric_engine.syntax.formatter import format_text

Submission = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What an invariant is held against: two submissions, the first with some facts not said, units, and chance."""

    submission: Submission
    other: Submission
    partial: Submission
    units: tuple[Submission, ...]
    seed: int = 0


@dataclass(frozen=True)
class Broken:
    """What does not hold: the heading (empty: the sheet), in words, and the submission that shows it best."""

    code: str
    what: str
    submission: Submission


@dataclass(frozen=True)
class Invariant:
    """A name, what it says, where it applies, and the test of it."""

    name: str
    says: str
    find: Callable[[CompiledRubric, Case], Broken | None]
    applies: Callable[[Plan], bool] = field(default=lambda plan: True)


# ---------------------------------------------------------------- points


def _scored(rubric: CompiledRubric, case: Case) -> Broken | None:
    try:
        rubric.evaluate(case.submission)
    except SubmissionError as error:
        return Broken("", f"it is refused: {error}", case.submission)
    return None


def _within(rubric: CompiledRubric, case: Case) -> Broken | None:
    for node, found in _nodes(rubric, case.submission):
        low, high = sorted((node.minimum, node.maximum))
        if found.points is not None and not node.endless and not low <= found.points <= high and not _beyond(node):
            return Broken(node.code, f"{found.points} points lie outside {low} to {high}", case.submission)
    return None


def _beyond(node: PlanNode) -> bool:
    return any(one.beyond for one in node.adjustments) or (node.rounding is not None and node.rounding.beyond)


def _adds_up(rubric: CompiledRubric, case: Case) -> Broken | None:
    results = dict(zip(range(len(rubric.plan.nodes)), rubric.evaluate(case.submission), strict=True))
    for at, node in enumerate(rubric.plan.nodes):
        mine = results[at]
        counted = [child for child in node.children if _counts(rubric.plan.nodes[child])]
        parts = [results[child].points for child in counted]
        if not _only_adds(node) or mine.points is None or mine.state is not State.SCORED or None in parts:
            continue
        low, high = sorted((node.minimum, node.maximum))
        summed = sum((part for part in parts if part is not None), Fraction(0))
        if mine.points != min(max(summed, low), high):
            return Broken(node.code, f"{mine.points} points, and its parts add up to {summed}", case.submission)
    return None


def _counts(node: PlanNode) -> bool:
    return node.met is None and not node.unscored


def _only_adds(node: PlanNode) -> bool:
    plain = node.children and node.base is None and node.combine is None and node.rounding is None and not node.absent
    return bool(plain and not (node.requirements or node.adjustments or node.limits or node.evidence or node.unscored))


def _unrated(rubric: CompiledRubric, case: Case) -> Broken | None:
    for given in (case.submission, case.partial):
        result = rubric.evaluate(given)
        for node in result:
            if node.state is State.NOT_RATED and node.points is not None:
                return Broken(node.code, f"it is not rated and has {node.points} points", given)
        if result.total.state is State.NOT_RATED and result.total.published is not None:
            return Broken("", f"it is not rated and has {result.total.published} points", given)
    return None


# ---------------------------------------------------------------- what changes nothing, what only lowers


def _order(rubric: CompiledRubric, case: Case) -> Broken | None:
    turned = _turned({
        section: _turned(said) if isinstance(said, Mapping) else said for section, said in case.submission.items()
    })
    same = rubric.evaluate(turned).to_json() == rubric.evaluate(case.submission).to_json()
    return None if same else Broken("", "the order in which facts are written changes the result", case.submission)


def _turned(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(reversed(list(mapping.items())))


def _again(rubric: CompiledRubric, case: Case) -> Broken | None:
    first = rubric.evaluate(case.submission)
    text = first.to_json()
    if rubric.evaluate(case.submission).to_json() != text or Result.from_json(text).to_json() != text:
        return Broken("", "scored again, or read back from JSON, it comes out otherwise", case.submission)
    return None


def _claims(rubric: CompiledRubric, case: Case) -> Broken | None:
    rng = Random(case.seed)
    claims = {node.code: rng.randint(0, 10) for node in rubric.plan.nodes}
    claimed = rubric.evaluate({**case.submission, "claims": claims})
    plain = rubric.evaluate(case.submission)
    same = claimed.total == plain.total and list(claimed.nodes) == list(plain.nodes)
    return None if same else Broken("", "what a unit claims changes its points", case.submission)


def _evidence(rubric: CompiledRubric, case: Case) -> Broken | None:
    """Of the same facts: nothing proven, and everything accepted."""
    totals: list[Fraction] = []
    for status in ("rejected", "accepted"):
        proofs = {
            name: [{**piece, "status": status} for piece in pieces if isinstance(piece, Mapping)]
            for name, pieces in (case.submission.get("evidence") or {}).items()
        }
        total = rubric.evaluate({**case.submission, "evidence": proofs}).total.exact
        if total is None:
            return None
        totals.append(total)
    if totals[0] > totals[1]:
        return Broken("", f"with its evidence rejected it has {totals[0]}, accepted {totals[1]}", case.submission)
    return None


def more_never_lowers(fact: str, *, falls: bool = False) -> Invariant:
    """That more of a fact never lowers the total, or with ``falls`` never raises it: a higher number or level, yes."""
    def find(rubric: CompiledRubric, case: Case) -> Broken | None:
        before, after = case.submission, case.other
        values = [rubric.read(given).values.get(fact) for given in (before, after)]
        if None in values or isinstance(values[0], str | tuple) or isinstance(values[1], str | tuple):
            return None
        if values[0] > values[1]:  # type: ignore[operator]
            before, after = after, before
        more = {**before, "inputs": {**before["inputs"], fact: after["inputs"][fact]}}
        try:
            totals = [rubric.evaluate(given).total.exact for given in (before, more)]
        except SubmissionError:
            return None
        if totals[0] is None or totals[1] is None or (totals[0] <= totals[1] if not falls else totals[0] >= totals[1]):
            return None
        moved = f"`{fact}` from {before['inputs'][fact]} to {after['inputs'][fact]}"
        return Broken("", f"{moved} moves the total from {totals[0]} to {totals[1]}", before)

    words = "raises" if falls else "lowers"
    return Invariant(f"more of {fact} never {words}", f"more of `{fact}` never {words} the total", find)


# ---------------------------------------------------------------- what is still possible


def _ranges(rubric: CompiledRubric, case: Case) -> Broken | None:
    whole, part = rubric.evaluate(case.submission), rubric.evaluate(case.partial)
    for complete, open_ in zip(whole, part, strict=True):
        if complete.points is not None and complete.met is None and not _holds(open_, complete):
            words = f"{complete.points} points are not within {open_.low} to {open_.high}"
            return Broken(complete.code, f"said to the end, {words}", case.partial)
    total, possible = whole.total.published, part.total
    inside = total is None or possible.state is State.NOT_RATED or possible.low <= total <= possible.high
    return None if inside else Broken("", f"{total} is not within {possible.low} to {possible.high}", case.partial)


def _holds(open_: NodeResult, complete: NodeResult) -> bool:
    """A heading that waits contains what it comes to; of one that does not wait nothing more is said."""
    return open_.state is not State.PENDING or open_.low <= (complete.points or Fraction(0)) <= open_.high


def _exact(rubric: CompiledRubric, case: Case) -> Broken | None:
    facts = rubric.read(case.submission)
    try:
        exact = interpret(rubric.plan, facts)
    except (ScoringError, Unsettled):
        return None
    reading = rubric.reading(facts)
    for at, slot in enumerate(slots_of(rubric.plan)):
        if slot.is_number:
            same = exact.number(at) == reading.range(at).exact
        else:
            same = exact.mark(at) == reading.marks(at).exact
        if not same:
            code = "" if slot.node < 0 or slot.kind.name.startswith("G") else rubric.plan.nodes[slot.node].code
            return Broken(code, f"the interpreter and the generated code differ in {slot.kind.name}", case.submission)
    return None


def _translated(rubric: CompiledRubric, case: Case) -> Broken | None:
    language = "en" if rubric.language == "vi" else "vi"
    other = _translation(rubric, language)
    mine, theirs = rubric.evaluate(case.submission), other.evaluate(case.submission)
    same = [node.points for node in mine] == [node.points for node in theirs] and mine.total.exact == theirs.total.exact
    return None if same else Broken("", "translated, the rubric scores otherwise", case.submission)


_translations: dict[str, CompiledRubric] = {}


def _translation(rubric: CompiledRubric, language: str) -> CompiledRubric:
    key = f"{rubric.plan.digest} {rubric.plan.stage}"
    if key not in _translations:
        given = {one.name: one.value if one.kind is not Kind.LEVEL else one.levels[int(one.value)].name
                 for one in rubric.plan.parameters if one.changed}  # fmt: skip
        whole = compile_rubric(format_text(rubric.source.text, to=language).text, parameters=given)
        _translations[key] = whole.at_stage(rubric.plan.stage) if rubric.plan.stage else whole
    return _translations[key]


# ---------------------------------------------------------------- grades and ranks


def _grades(rubric: CompiledRubric, case: Case) -> Broken | None:
    """Of two units the one with more points has no lower grade."""
    first, second = rubric.evaluate(case.submission), rubric.evaluate(case.other)
    rows = {row.name: at for at, row in enumerate(rubric.plan.grades[0].rows)}
    graded = [one.grade for one in (first, second)]
    if any(grade is None or grade.state is not GradeState.ISSUED for grade in graded):
        return None
    places = [rows[grade.name or ""] for grade in graded if grade is not None]
    totals = [one.total.published or Fraction(0) for one in (first, second)]
    if (totals[0] - totals[1]) * (places[0] - places[1]) > 0:
        return Broken("", f"{totals[0]} points and {totals[1]} have grades the other way round", case.submission)
    return None


def _by_total_alone(plan: Plan) -> bool:
    if len(plan.grades) != 1 or plan.grades[0].gates or plan.grades[0].quotas or plan.grades[0].node >= 0:
        return False
    reads = [part for row in plan.grades[0].rows if row.when is not None for part in walk(row.when)]
    return all(isinstance(part, x.Total | x.Const | x.Compare | x.All | x.Not | x.AnyOf) for part in reads)


def _ranks(rubric: CompiledRubric, case: Case) -> Broken | None:
    """A rank is one more than the number of units that stand before, whatever the order they come in."""
    shuffled = list(case.units)
    Random(case.seed).shuffle(shuffled)
    tables = [score_cohort(rubric, units).ranking() for units in (case.units, shuffled)]
    ranks = [{row.unit: (row.rank, row.group) for row in table.rows} for table in tables]
    if ranks[0] != ranks[1]:
        return Broken("", "the order in which units are given changes their ranks", case.units[0])
    turn = [1 if key.ascending else -1 for key in tables[0].rule.keys]
    keys = {row.unit: [sign * value for sign, value in zip(turn, row.keys, strict=True)] for row in tables[0].rows}
    for row in tables[0].rows:
        before = sum(other.group == row.group and keys[other.unit] < keys[row.unit] for other in tables[0].rows)
        if row.rank != before + 1:
            return Broken("", f"{row.unit} has rank {row.rank} with {before} units before it", case.units[0])
    return None


def _shares_ranks(plan: Plan) -> bool:
    return plan.ranking is None or plan.ranking.ties is Ties.SHARE


def _alone(rubric: CompiledRubric, case: Case) -> Broken | None:
    """Where a sheet reads no figure of the others, a unit scores in a cohort as it does alone."""
    together = score_cohort(rubric, case.units)
    for given in case.units:
        mine = rubric.evaluate(given)
        theirs = together[str(given["unit"])]
        if mine.total != theirs.total:
            return Broken("", "it scores otherwise among other units", given)
    return None


def _reads_no_figure(plan: Plan) -> bool:
    return not plan.references


# ---------------------------------------------------------------- all of them


def _nodes(rubric: CompiledRubric, given: Submission) -> list[tuple[PlanNode, NodeResult]]:
    return list(zip(rubric.plan.nodes, rubric.evaluate(given), strict=True))


def _keeps_no_worth(plan: Plan) -> bool:
    return not any(clause.policy is Policy.KEEP_WORTH for node in plan.nodes for clause in node.absent)


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("scored", "every valid submission is scored", _scored),
    Invariant("within bounds", "points lie between the least and the most a heading prints", _within),
    Invariant("adds up", "a group that adds is the sum of its parts", _adds_up, _keeps_no_worth),
    Invariant("not rated", "what is not rated is never a number", _unrated),
    Invariant("order", "the order of facts is nothing", _order),
    Invariant("again", "scored twice it comes out the same, and JSON gives it back", _again),
    Invariant("claims", "claims never change points", _claims),
    Invariant("evidence", "accepting evidence never lowers", _evidence, lambda plan: bool(plan.evidence)),
    Invariant("still possible", "what is possible contains what it comes to", _ranges, _reads_no_figure),
    Invariant("exact", "generated code says what the interpreter says", _exact),
    Invariant("translated", "a translation scores the same", _translated),
    Invariant("grades", "more points have no lower grade", _grades, _by_total_alone),
    Invariant("ranks", "a rank is one more than the units before", _ranks, _shares_ranks),
    Invariant("alone", "a unit scores among others as alone", _alone, _reads_no_figure),
)

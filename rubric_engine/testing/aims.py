"""Submissions that reach the lines of a rubric: one for each row, requirement, limit and gate that facts can reach."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

from rubric_engine.analysis.check.search.confirm import Confirm
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.exact import to_plain_text
from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import expressions_in
from rubric_engine.plan.plan import Plan, PlanNode

Submission = Mapping[str, object]
Goal = tuple[x.Truth, bool]
World = Mapping[str, Any]
# A sheet of a thousand leaves has more lines than a run of a property has examples.
MOST_AIMED = 300

_kept: dict[str, tuple[Submission, ...]] = {}


def aimed_submissions(rubric: CompiledRubric) -> tuple[Submission, ...]:
    """Complete submissions, the plainest first, then one that reaches each line; found once for a rubric.

    None where nothing complete can be found: then every fact is drawn by itself.
    """
    key = f"{rubric.plan.digest} {rubric.plan.stage} {[given.value for given in rubric.plan.parameters]}"
    if key not in _kept:
        _kept[key] = tuple(_aimed(rubric))
    return _kept[key]


def _aimed(rubric: CompiledRubric) -> Iterator[Submission]:
    subject = Subject(rubric.rubric)
    confirm = Confirm(subject)
    plan = rubric.plan
    of_headings = [
        [world for goals in _lines(node) if (world := subject.search.find(goals) if goals else {}) is not None]
        for node in plan.nodes
    ]
    tips = (subject.search.find([(tip, True)]) for tip in _tips(plan))
    worlds = chain([{}], *of_headings, (world for world in tips if world is not None))
    seen: set[str] = set()
    for given in chain(_poor_and_good(confirm, of_headings, plan), (confirm.submission(each, None) for each in worlds)):
        if len(seen) > MOST_AIMED:
            return
        if given is None or str(given) in seen:
            continue
        try:
            rubric.read(given)
        except SubmissionError:
            continue
        seen.add(str(given))
        yield given


def _poor_and_good(
    confirm: Confirm, of_headings: Sequence[Sequence[World]], plan: Plan
) -> Iterator[Submission | None]:
    """Sheets in which all headings stand alike: at the first of their lines, the second, the last."""
    for at in range(max(map(len, of_headings), default=0)):
        together: dict[str, object] = {}
        for worlds in of_headings:
            if worlds:
                own = worlds[min(at, len(worlds) - 1)]
                together = {**own, **together}
        given = confirm.submission(together, None)  # type: ignore[arg-type]
        if given is not None and at:  # the most is what a judgement has where nothing asks for less
            given = {**given, "judged": {spec.key: to_plain_text(spec.minimum) for spec in plan.judged}}
        yield given


def _lines(node: PlanNode) -> Iterator[Sequence[Goal]]:
    """The conditions that lead to each line of a heading."""
    before: list[Goal] = []
    for case in () if node.base is None else node.base.cases:
        if case.when is None:
            yield tuple(before)
        else:
            yield (*before, (case.when, True))
            before.append((case.when, False))
    yield from ([(one.holds, False)] for one in node.requirements)
    for change in node.adjustments:
        goals: list[Goal] = [] if change.when is None else [(change.when, True)]
        if change.times is not None:
            goals.append((x.Compare(x.Order.GT, change.times, x.Const(Fraction(0))), True))
        yield goals
    whens = [*(one.when for one in node.limits), *(one.when for one in node.absent)]
    yield from ([(when, True)] for when in whens if when is not None)


def _tips(plan: Plan) -> Iterator[x.Truth]:
    """Each comparison just where it tips."""
    for part in dict.fromkeys(part for expr in expressions_in(plan) for part in x.walk(expr)):
        if isinstance(part, x.Compare):
            yield x.Compare(x.Order.EQ, part.left, part.right)

"""``check``: the faults of a rubric before it is issued, each with its numbers and a submission that shows it.

One theme a file, one function a theme; :data:`CHECKS` lists them. A check reads a prepared
:class:`~rubric_engine.analysis.check.subject.Subject` and yields findings; it changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence

from rubric_engine.analysis.check.facts.given import check_given
from rubric_engine.analysis.check.facts.undefined import check_undefined
from rubric_engine.analysis.check.facts.usage import check_unused
from rubric_engine.analysis.check.facts.withheld import check_withheld
from rubric_engine.analysis.check.grades.grade_tables import (
    check_grade_labels,
    check_grade_names,
    check_grade_order,
    check_publication,
)
from rubric_engine.analysis.check.grades.grades import check_grades
from rubric_engine.analysis.check.groups.applicability import check_nothing_applies
from rubric_engine.analysis.check.groups.group_ends import check_group_ends
from rubric_engine.analysis.check.groups.needless import check_needless
from rubric_engine.analysis.check.groups.reach_groups import check_group_reach, check_sheet_reach
from rubric_engine.analysis.check.groups.sums import check_sums
from rubric_engine.analysis.check.groups.unrated import check_points_of_unrated
from rubric_engine.analysis.check.groups.vanishing_index import check_zero_indices
from rubric_engine.analysis.check.groups.weights import check_weights
from rubric_engine.analysis.check.leaves.above import check_otherwise_above
from rubric_engine.analysis.check.leaves.anchors import check_anchors
from rubric_engine.analysis.check.leaves.bands import check_bands
from rubric_engine.analysis.check.leaves.conditions import check_chains, check_settled
from rubric_engine.analysis.check.leaves.counts import check_counts
from rubric_engine.analysis.check.leaves.levels import check_levels
from rubric_engine.analysis.check.leaves.limits import check_conflicts, check_idle_limits, check_idle_total
from rubric_engine.analysis.check.leaves.oversized import check_oversized
from rubric_engine.analysis.check.leaves.points import check_constants, check_rules
from rubric_engine.analysis.check.leaves.reach import check_reach, check_silent_cuts
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Severity, problem
from rubric_engine.meaning.budget import CHECK_STEPS
from rubric_engine.model import Node, Rubric

Check = Callable[[Subject], Iterable[Diagnostic]]
Tell = Callable[[int, int], None]

CHECKS: tuple[Check, ...] = (
    check_sums,
    check_weights,
    check_counts,
    check_rules,
    check_constants,
    check_levels,
    check_chains,
    check_otherwise_above,
    check_bands,
    check_anchors,
    check_reach,
    check_group_reach,
    check_sheet_reach,
    check_silent_cuts,
    check_conflicts,
    check_idle_limits,
    check_idle_total,
    check_oversized,
    check_group_ends,
    check_undefined,
    check_settled,
    check_nothing_applies,
    check_points_of_unrated,
    check_zero_indices,
    check_grades,
    check_grade_labels,
    check_grade_names,
    check_grade_order,
    check_publication,
    check_needless,
    check_unused,
    check_given,
    check_withheld,
)

# These look at what is written, not at what is possible.
_DECIDED_BY_SIGHT: frozenset[Check] = frozenset({
    check_sums, check_weights, check_counts, check_constants, check_grade_labels, check_grade_names, check_unused,
})

# What follows from another finding under the same heading is not told twice.
_FOLLOWS: dict[str, frozenset[str]] = {
    "RUB405": frozenset({
        "RUB403", "RUB404", "RUB406", "RUB410", "RUB411", "RUB412", "RUB414", "RUB419", "RUB421", "RUB422", "RUB438",
        "RUB439",
    }),
    "RUB417": frozenset({"RUB414"}),
    "RUB430": frozenset({"RUB432"}),
    "RUB420": frozenset({"RUB404"}),
    "RUB456": frozenset({"RUB419"}),
    "RUB451": frozenset({"RUB404"}),
    "RUB453": frozenset({"RUB419"}),
    "RUB424": frozenset({"RUB405", "RUB423"}),
}

__all__ = ["CHECKS", "Check", "Subject", "check"]


def check(
    rubric: Rubric, checks: Sequence[Check] = CHECKS, tell: Tell | None = None, steps: int = CHECK_STEPS
) -> list[Diagnostic]:
    """All findings of the checks in the order of the text, one for each cause; ``tell`` is told how much is done, of
    every heading looked at by every check.

    What so many ``steps`` do not decide is no finding, and one warning says where that was.
    """
    subject = Subject(rubric, steps)
    found: list[Diagnostic] = []
    for done, one in enumerate(checks):
        sure = one in _DECIDED_BY_SIGHT
        if tell is not None:
            subject.watch = _watch(rubric, tell, done, len(checks))
        found += [finding for finding in one(subject) if sure or not subject.is_undecided(finding.span.start)]
    if tell is not None:
        tell(len(checks) * len(rubric.nodes), len(checks) * len(rubric.nodes))
    found += _undecided(subject, steps)
    found.sort(key=lambda finding: (finding.span, finding.code))
    return _one_cause(_without_doubts(found), subject)


def _watch(rubric: Rubric, tell: Tell, done: int, checks: int) -> Callable[[Node], None]:
    """How far a check has come, by the heading it looks at: checks go through them from first to last."""
    places = {node.code: at for at, node in enumerate(rubric.nodes)}
    reached = -1

    def watch(node: Node) -> None:
        nonlocal reached
        at = places[node.code]
        if at > reached:
            reached = at
            tell(done * len(places) + at, checks * len(places))

    return watch


def _without_doubts(found: list[Diagnostic]) -> list[Diagnostic]:
    """What is not decided is told once nothing is wrong for certain: most often that is the cause."""
    if not any(finding.code == "RUB455" for finding in found):
        return found
    from rubric_engine.diagnostics.catalogue import severity

    wrong = any(severity(finding) is Severity.ERROR for finding in found)
    return [finding for finding in found if finding.code != "RUB455"] if wrong else found


def _undecided(subject: Subject, steps: int) -> list[Diagnostic]:
    where = subject.undecided()
    if not where:
        return []
    first = where[0]
    span = subject.rubric.total_span if first is None else first.code_span
    node = subject.words.word("TOTAL") if first is None else first.code
    help_key = "help_more" if where[1:] else "help"
    return [problem("RUB120", span, node=node, steps=steps, more=len(where) - 1, help=help_key)]


def _one_cause(found: list[Diagnostic], subject: Subject) -> list[Diagnostic]:
    """The findings without those that only follow from another one."""
    if not any(finding.code in _FOLLOWS for finding in found):
        return found
    codes: dict[str, set[str]] = {}
    for finding in found:
        node = subject.node_at(finding.span.start)
        if node is not None:
            codes.setdefault(node.code, set()).add(finding.code)

    def follows(finding: Diagnostic) -> bool:
        node = subject.node_at(finding.span.start)
        causes = _FOLLOWS.get(finding.code)
        return node is not None and causes is not None and not causes.isdisjoint(codes[node.code])

    return [finding for finding in found if not follows(finding)]

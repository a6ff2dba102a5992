"""RUB459: something reads the points of a group that can be not rated, and the rubric does not say what then."""

from collections.abc import Iterator, Mapping
from functools import partial

from rubric_engine.analysis.check.facts.walking import Use, Walker, span_of
from rubric_engine.analysis.check.groups.vanishing import out_of_maximum
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.rules.clauses import written_of_cohort
from rubric_engine.solve.answers import Found
from rubric_engine.solve.world import Goal


def check_points_of_unrated(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a group: it has no points where it is not rated, so nothing can be read of it there."""
    silent = frozenset(
        node.code for node in subject.rubric.nodes
        if node.children and node.if_not_rated is None and not subject.pool_of(node)
    )  # fmt: skip
    if not silent:
        return
    walker, told = Walker(subject, silent), set[str]()
    for node in subject.rubric.nodes:
        for use in walker.of_node(node):
            yield from _judge(use, node, subject, told)
    # A figure and a ranking pass over a unit whose heading is not rated.
    of_cohort = {span for _, span in written_of_cohort(subject.rubric)}
    for use in walker.of_sheet():
        if use.clause not in of_cohort:
            yield from _judge(use, None, subject, told)


def _judge(use: Use, reader: Node | None, subject: Subject, told: set[str]) -> Iterator[Diagnostic]:
    """A submission that gets there, with what takes the group out of the maximum, or without what the group reads."""
    assert isinstance(use.expr, x.PointsOf | x.MaximumOf)
    group, confirm = subject.nodes[use.expr.code], subject.confirm
    if group.code in told:
        return
    nothing = out_of_maximum(group, subject)
    goals: list[list[Goal]] = [[]] if nothing is None else [[], [(nothing, True)]]
    for more in goals:
        world = subject.search.find(use.place.goals(*more))
        whole = None if world is None else confirm.submission(world, None)
        if world is None or whole is None:
            continue
        for given in (whole, confirm.without(group, whole)):
            if confirm.stops_at(given, group, reader):
                told.add(group.code)
                found = partial(_finding, use, group, reader, subject)
                yield from confirm.told(Found(world if given is whole else {}, given), found)
                return


def _finding(
    use: Use, group: Node, reader: Node | None, subject: Subject, example: Mapping[str, str]
) -> Diagnostic:
    elsewhere = () if reader is None else (Label(group.code_span, "group"),)
    return problem(
        "RUB459", span_of(use, reader, subject), code=group.code, labels=elsewhere, example=example
    )

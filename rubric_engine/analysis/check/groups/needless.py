"""RUB424: *as printed* where nothing is wrong."""

from collections.abc import Iterator

from rubric_engine.analysis.check.groups.weighing import percents_made
from rubric_engine.analysis.check.leaves.reach import top_of
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.model import Node


def check_needless(subject: Subject) -> Iterator[Diagnostic]:
    """An *as printed* on a clause that is right."""
    rubric = subject.rubric
    for node in rubric.nodes:
        if node.as_printed is not None and not _is_wrong(node, subject):
            yield problem("RUB424", node.points_span, what=subject.called(node))
    roots = subject.scored_roots()
    if rubric.total_as_printed is not None and (not roots or rubric.total == subject.sum_of(roots)):
        yield problem("RUB424", rubric.total_span, what=subject.words.word("TOTAL"))
    found = subject.levels_found
    printed = [counted for counted in rubric.contains if counted.as_printed is not None]
    if printed and all(found[counted.level.upper()] == counted.number for counted in printed):
        yield problem("RUB424", printed[0].span, what=subject.words.word("CONTAINS"))


def _is_wrong(node: Node, subject: Subject) -> bool:
    if node.combine is not None:
        wrong = percents_made(node, subject.rubric) not in (None, 1)
    elif subject.is_adding(node):
        wrong = subject.sum_below(node) != node.maximum
    else:
        top = top_of(node, subject)
        wrong = top is not None and top < node.maximum
    return wrong or _out_of_place(node, subject)


def _out_of_place(node: Node, subject: Subject) -> bool:
    """A dotted code that does not continue the code of the heading above it, or belongs under another."""
    head, dot, _ = node.code.rpartition(".")
    if not dot:
        return False
    parent = None if node.parent is None else subject.rubric.nodes[node.parent].code
    return head != parent

"""RUB433: a geometric or harmonic mean of indices of which one may be 0, with nothing said about it."""

from collections.abc import Iterator, Mapping

from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan.combine import CombineKind

_UNDEFINED_AT_0 = frozenset({CombineKind.GEOMETRIC, CombineKind.HARMONIC})


def check_zero_indices(subject: Subject) -> Iterator[Diagnostic]:
    """One finding for each such group, naming the first child that can come to 0."""
    for node in subject.rubric.nodes:
        if node.combine is None or node.combine.value.kind not in _UNDEFINED_AT_0:
            continue
        bounds = subject.bounds
        if node.combine.value.if_zero is not None or (bounds is not None and node.code not in bounds.undefined):
            continue
        doubted: list[Diagnostic] = []
        for child in subject.scored_children(node):
            if child.maximum > 0 and _may_come_to_0(child, subject):
                found = list(_judged(node, child, subject))
                if any(one.code == "RUB433" for one in found):
                    yield from found
                    break
                doubted += found
        else:
            yield from doubted[:1]


def _may_come_to_0(child: Node, subject: Subject) -> bool:
    low = None if subject.bounds is None else subject.bounds.points[child.code].low
    return low is None or low <= 0


def _judged(node: Node, child: Node, subject: Subject) -> Iterator[Diagnostic]:
    """The engine fails at the group where the child has nothing."""
    verdict = subject.confirm.sheets.fails_at(node, child)
    yield from subject.confirm.told(verdict, lambda example: _finding(node, child, example, subject))


def _finding(node: Node, child: Node, example: Mapping[str, str], subject: Subject) -> Diagnostic:
    assert node.combine is not None
    words = subject.words
    return problem(
        "RUB433", node.combine.span, code=subject.called(node), child=child.code,
        mend=f"{node.combine.value.label}, {words.word('IF_ANY_IS_0')}: 0", example=example,
        labels=(Label(child.code_span),),
    )  # fmt: skip

"""RUB433: a geometric or harmonic mean of indices of which one may be 0, with nothing said about it."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.shapes import adjustment_number
from rubric_engine.analysis.check.shapes import base_number
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic
from rubric_engine.diagnostics.shape import Label
from rubric_engine.diagnostics.shape import problem
from rubric_engine.model import Node
from rubric_engine.runtime import expr as x
from rubric_engine.runtime.combine import CombineKind

_ZERO = Fraction(0)
_UNDEFINED_AT_0 = frozenset({CombineKind.GEOMETRIC, CombineKind.HARMONIC})


def check_zero_indices(subject: Subject) -> Iterator[Diagnostic]:
    """One finding for each such group, naming the first child that can come to 0."""
    groups = [
        node for node in subject.rubric.nodes
        if node.combine is not None and node.combine.value.kind in _UNDEFINED_AT_0
        and node.combine.value.if_zero is None
    ]  # fmt: skip
    if not groups:
        return
    # Loaded when such a group exists: few rubrics have one.
    from rubric_engine.analysis.check.lows import lowest_points

    lows = lowest_points(subject)
    for node in groups:
        for child in subject.scored_children(node):
            if lows[child.code] <= 0 and child.maximum > 0:
                yield _finding(node, child, subject)
                break


def _finding(node: Node, child: Node, subject: Subject) -> Diagnostic:
    assert node.combine is not None
    words = subject.words
    return problem(
        "RUB433", node.combine.span, code=subject.called(node), child=child.code,
        mend=f"{node.combine.value.label}, {words.word('IF_ANY_IS_0')}: 0", example=_example(child, subject),
        labels=(Label(child.code_span),),
    )  # fmt: skip


def _example(child: Node, subject: Subject) -> dict[str, str]:
    """Facts under which a leaf earns nothing; a group would need an example of many leaves."""
    place = subject.place_of(child)
    if place is None or child not in subject.scoring:
        return {}
    total = base_number(child.rule, child, subject)
    for each in child.adjustments:
        change = adjustment_number(each.value)
        total = x.Add((total, change)) if each.value.sign > 0 else x.Sub(total, change)
    return subject.example(place.goals((x.Compare(x.Order.LE, total, x.Const(_ZERO)), True)))

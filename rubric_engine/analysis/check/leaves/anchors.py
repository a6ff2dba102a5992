"""RUB421: the anchors of an interpolation rise, and there are at least two."""

from collections.abc import Iterator
from itertools import pairwise

from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Interpolation, Unit


def check_anchors(subject: Subject) -> Iterator[Diagnostic]:
    """Each interpolation; the first anchor out of order is the one named."""
    for node in subject.leaves:
        if not isinstance(node.rule, Interpolation):
            continue
        rule = node.rule
        if len(rule.anchors) < 2:
            yield problem("RUB421", rule.span, subject=rule.label, help="help_few")
            continue
        percent = rule.unit in (Unit.PERCENT, Unit.RATIO) and all(anchor.at <= 2 for anchor in rule.anchors)
        for before, here in pairwise(rule.anchors):
            if here.at <= before.at:
                first, second = (subject.words.amount(at.at, rule.unit, percent=percent) for at in (before, here))
                yield problem(
                    "RUB421", here.span, subject=rule.label, first=first, second=second,
                    help="help_twice" if here.at == before.at else "help", labels=(Label(before.span),),
                )  # fmt: skip
                break

"""RUB401: the points a heading declares against the points of what stands under it, to the last hundredth."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.printed import noted
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.source import NOWHERE

_MOST_TERMS = 6


def check_sums(subject: Subject) -> Iterator[Diagnostic]:
    """Every group, then the sheet: one finding for each heading whose points do not add up."""
    for node in subject.rubric.nodes:
        # In a pool the points of a heading are its cap: they need not make anything up.
        if subject.is_adding(node) and node.points_span != NOWHERE and not subject.pool_of(node):
            declared, made = node.maximum, subject.sum_below(node)
            if declared != made:
                yield from _report(subject, subject.called(node), declared, subject.scored_children(node), node)
    rubric = subject.rubric
    if rubric.total is not None and (roots := subject.scored_roots()) and rubric.total != subject.sum_of(roots):
        yield from _report(subject, subject.words.word("TOTAL"), rubric.total, roots, None)


def _report(
    subject: Subject, what: str, declared: Fraction, parts: list[Node], node: Node | None
) -> Iterator[Diagnostic]:
    show = subject.words.points
    made = subject.sum_of(parts)
    if node is None:
        declared, made = declared + subject.rubric.bonus_in_total, made + subject.rubric.bonus_in_total
    span = subject.rubric.total_span if node is None else node.points_span
    because = subject.rubric.total_as_printed if node is None else node.as_printed
    if because is not None:
        yield noted(span, what, "sum", because, declared=show(declared), found=show(made))
        return
    terms = " + ".join(show(part.maximum) for part in parts[:_MOST_TERMS])
    more = " + …" if len(parts) > _MOST_TERMS else ""
    adding = f"{terms}{more} = {show(made)}" if len(parts) > 1 else show(made)
    yield problem(
        "RUB401",
        span,
        what=what,
        declared=show(declared),
        made=show(made),
        difference=show(abs(declared - made)),
        terms=adding,
        help="help_missing" if made < declared else "help_over",
        labels=tuple(Label(part.points_span) for part in parts[:_MOST_TERMS] if len(parts) <= _MOST_TERMS),
    )

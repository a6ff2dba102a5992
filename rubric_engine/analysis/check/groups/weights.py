"""RUB430, RUB432 and RUB209: the weights under a group that combines, and weights nothing weighs by."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.groups.weighing import percents_made, weight_of
from rubric_engine.analysis.check.printed import noted
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.meaning.exact import show_percent
from rubric_engine.model import Node, Unit
from rubric_engine.plan.combine import CombineKind

_WHOLE = Fraction(1)
_MOST_TERMS = 6
# The others ask for no weights: the median, the best, a plain mean.
_WEIGHING = frozenset({CombineKind.WEIGHTED_MEAN, CombineKind.GEOMETRIC, CombineKind.HARMONIC, CombineKind.POWER})


def check_weights(subject: Subject) -> Iterator[Diagnostic]:
    """Every group that combines, and weights that stand where nothing weighs."""
    rubric = subject.rubric
    for node in rubric.nodes:
        if node.combine is not None:
            yield from _combined(node, subject.scored_children(node), subject)
        elif node.children:
            yield from _weightless(node.code, [rubric.nodes[at] for at in node.children], subject)
    yield from _weightless("", [rubric.nodes[at] for at in rubric.roots], subject)


def _combined(node: Node, children: list[Node], subject: Subject) -> Iterator[Diagnostic]:
    assert node.combine is not None
    combine = node.combine.value
    weighed = [child for child in children if child.weight is not None]
    summed = combine.kind is CombineKind.SUM_POSITIVE
    if summed and children and not any(child.maximum > 0 for child in children):
        yield problem("RUB441", node.combine.span, code=subject.called(node))
    if summed or (combine.kind not in _WEIGHING and combine.needs is None):
        yield from _weightless(subject.called(node), weighed, subject)
        return
    if combine.kind is CombineKind.WEIGHTED_MEAN:
        for child in children:
            if child.weight is None:
                labels = (Label(node.combine.span),)
                yield problem("RUB432", child.code_span, code=child.code, group=subject.called(node), labels=labels)
    if len(weighed) < len(children) or not children:
        return
    made = percents_made(node, subject.rubric)
    if made is not None and made != _WHOLE:
        yield from _percents(node, children, made, subject)


def _percents(node: Node, children: list[Node], made: Fraction, subject: Subject) -> Iterator[Diagnostic]:
    assert node.combine is not None
    language, code = subject.rubric.language, subject.called(node)
    whole = show_percent(_WHOLE, language)
    if node.as_printed is not None:
        found = show_percent(made, language)
        yield noted(node.combine.span, code, "weights", node.as_printed, declared=whole, found=found)
        return
    terms = " + ".join(show_percent(weight_of(child), language) for child in children[:_MOST_TERMS])
    more = " + …" if len(children) > _MOST_TERMS else ""
    few = children if len(children) <= _MOST_TERMS else []
    yield problem(
        "RUB430", node.combine.span, code=code, made=show_percent(made, language), whole=whole,
        terms=f"{terms}{more}", difference=show_percent(abs(_WHOLE - made), language),
        help="help_missing" if made < _WHOLE else "help_over",
        labels=tuple(Label(child.weight.span) for child in few if child.weight is not None),
    )  # fmt: skip


def _weightless(group: str, children: list[Node], subject: Subject) -> Iterator[Diagnostic]:
    """Weights nothing weighs by."""
    for child in children:
        if child.weight is not None:
            unit = Unit.PERCENT if child.weight_is_percent else Unit.PLAIN
            name = f"{subject.words.word('WEIGHT')} {subject.words.amount(child.weight.value, unit)}"
            help_key = "help_weight" if group else "help_weight_top"
            yield problem("RUB209", child.weight.span, name=name, code=child.code, group=group, help=help_key)

"""RUB459: a rule reads the points of a group that can be not rated, and the rubric does not say what then."""

from collections.abc import Iterator, Mapping

from rubric_engine.analysis.check.expressions import Written, expressions_of_node, expressions_of_sheet
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.analysis.check.vanishing import out_of_maximum
from rubric_engine.analysis.check.verdicts import Verdict
from rubric_engine.backend.interpret import ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.meaning.states import Stands
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.source import Span


def check_points_of_unrated(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a group: it has no points where it is not rated, so nothing can be read of it there."""
    asked: dict[str, tuple[Node | None, Span]] = {}
    bare: set[str] = set()  # not only as an index: what has no maximum is told where it is divided by (RUB414)
    for reader, expr, span in _written(subject):
        parts = list(x.walk(expr))
        maxima = {part.code for part in parts if isinstance(part, x.MaximumOf)}
        for part in parts:
            if isinstance(part, x.PointsOf) and part.code in subject.nodes:
                asked.setdefault(part.code, (reader, span))
                bare |= {part.code} - maxima
    for code, (reader, span) in asked.items():
        group = subject.nodes[code]
        if group.children and group.if_not_rated is None and not subject.pool_of(group):
            yield from _judge(group, reader, span, subject, code in bare)


def _written(subject: Subject) -> Iterator[tuple[Node | None, x.Expr, Span]]:
    """Every expression with the heading whose clause it stands in, named values at what they are."""
    rubric = subject.rubric
    lets = {let.name: let.value for let in subject.plan.lets}
    seen: set[str] = set()

    def opened(written: Written, reader: Node | None) -> Iterator[tuple[Node | None, x.Expr, Span]]:
        todo = [written[0]]
        while todo:
            expr = todo.pop()
            yield reader, expr, written[1]
            for part in x.walk(expr):
                if isinstance(part, x.Ref | x.RefTruth) and part.name not in seen:
                    seen.add(part.name)
                    todo.append(lets[part.name])

    for node in rubric.nodes:
        for written in expressions_of_node(node, rubric):
            yield from opened(written, node)
    for written in expressions_of_sheet(rubric):
        yield from opened(written, None)


def _judge(group: Node, reader: Node | None, span: Span, subject: Subject, bare: bool) -> Iterator[Diagnostic]:
    confirm = subject.confirm
    without = confirm.without(group)
    if without is not None and confirm.is_unrated(without, group, rated=reader is None):
        verdict = Verdict({}, without)
    elif bare:
        nothing = out_of_maximum(group, subject)
        place = None if nothing is None else subject.place_for([nothing])
        if nothing is None or place is None or place.assume(nothing, True) is None:
            return
        at = confirm.at[group.code]

        def sees(reading: ExactReader, failed: bool) -> bool:
            return not failed and reading.stands[at] == Stands.UNRATED

        verdict = confirm.judge(place, ((nothing, True),), sees, group)
        if verdict.world is None:
            return
    else:
        return
    elsewhere = () if reader is None else (Label(group.code_span, "group"),)

    def found(example: Mapping[str, str]) -> Diagnostic:
        return problem("RUB459", span, code=group.code, labels=elsewhere, example=example)

    yield from confirm.told(verdict, found)

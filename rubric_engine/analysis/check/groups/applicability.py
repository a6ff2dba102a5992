"""RUB418: a group, or the sheet, of which nothing may be left."""

from collections.abc import Iterator

from rubric_engine.analysis.check.declared import DROPPING, summed_roots
from rubric_engine.analysis.check.groups.vanishing import any_of, jointly, own_drop
from rubric_engine.analysis.check.subject import Place, Subject, whens_of
from rubric_engine.backend.interpret import ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.meaning.states import Rated
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.plan.plan import Observed, Slot


def check_nothing_applies(subject: Subject) -> Iterator[Diagnostic]:
    """Innermost groups first; a group that says what then no longer counts against the one above it."""
    drops: dict[int, x.Truth | None] = {}
    for at in reversed(range(len(subject.rubric.nodes))):
        node = subject.rubric.nodes[at]
        below = _all_drop(node, drops, subject)
        says = next((absent.value for absent in node.absent if absent.value.when is None), None)
        own = own_drop(node)
        aside = node.combine is not None and says is None and not _is_added(node, subject)
        if node.if_not_rated is not None or aside:
            # What combines it goes on without it; or the rubric says what then. A group that adds
            # and to which nothing applies does not apply, and no word for what is not rated speaks of it.
            said = node.if_not_rated
            left = said is not None and (said.value.value is None or node.combine is None)
            drops[at] = any_of([each for each in (own, below if left else None) if each is not None])
            continue
        if below is not None and says is None and not subject.pool_of(node):
            place = _where_it_applies(node, below, subject)
            if place is not None and place.assume(below, True) is not None:
                yield from _left_with_nothing(node, place, below, subject)
        if below is not None and says is not None and says.policy in DROPPING:
            own = below if own is None else x.AnyOf((own, below))
        drops[at] = own
    yield from _sheet(drops, subject)


def _is_added(node: Node, subject: Subject) -> bool:
    """Whether something adds the group, so that it spoils the rest where it is not rated."""
    if node.level == SHEET_LEVEL:
        return False  # it is not rated then, which is an outcome of its own, and spoils nothing
    return node.parent is None or subject.rubric.nodes[node.parent].combine is None


def _where_it_applies(node: Node, below: x.Truth, subject: Subject) -> Place | None:
    """Where neither the group nor one above it is out already."""
    whens = [when for each in [*subject.above(node), node] for when in whens_of(each)]
    return subject.place_for([below, *whens]).assume_all([(when, False) for when in whens])


def _all_drop(node: Node, drops: dict[int, x.Truth | None], subject: Subject) -> x.Truth | None:
    """When every scored child drops out; ``None`` when one always stays."""
    return jointly([drops[at] for at in node.children if subject.rubric.nodes[at].kind == "scored"])


def _sheet(drops: dict[int, x.Truth | None], subject: Subject) -> Iterator[Diagnostic]:
    rubric = subject.rubric
    joint = jointly([drops[at] for at in summed_roots(rubric)])
    place = None if joint is None else subject.place_for([joint])
    if joint is not None and place is not None and place.assume(joint, True) is not None:
        span = rubric.total_span if rubric.total is not None else rubric.nodes[summed_roots(rubric)[0]].code_span
        verdict = subject.confirm.judge(place, ((joint, True),), lambda reader, failed: not reader.rated, None)
        code = subject.words.word("TOTAL")
        yield from subject.confirm.told(
            verdict, lambda example: problem("RUB418", span, code=code, help="help_sheet", example=example)
        )


def _left_with_nothing(node: Node, place: Place, below: x.Truth, subject: Subject) -> Iterator[Diagnostic]:
    """The finding of a group, once a submission that leaves it with nothing was scored."""
    rated = Slot(Observed.RATED, subject.confirm.at[node.code])

    def sees(reader: ExactReader, failed: bool) -> bool:
        return reader.seen.get(rated, Rated.YES) != Rated.YES

    verdict = subject.confirm.judge(place, ((below, True),), sees, node)
    yield from subject.confirm.told(
        verdict, lambda example: problem("RUB418", node.code_span, code=node.code, example=example)
    )

"""RUB414, RUB438, RUB439: divisions by 0, reducers of no row, functions out of their domain."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.check.facts.domains import outside_of
from rubric_engine.analysis.check.facts.empties import emptied, is_tie
from rubric_engine.analysis.check.facts.walking import Use, Walker, span_of
from rubric_engine.analysis.check.groups.vanishing import nothing_left, out_of_maximum
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind
from rubric_engine.solve.answers import Found, Submission
from rubric_engine.source import Span

_ZERO = Fraction(0)
Told = set[tuple[x.Expr, Span]]


def check_undefined(subject: Subject) -> Iterator[Diagnostic]:
    """One finding for each expression somebody can leave without a value."""
    walker = Walker(subject)
    told: Told = set()
    for node in subject.rubric.nodes:
        for use in walker.of_node(node):
            yield from _judge(use, node, subject, told)
    for use in walker.of_sheet():
        yield from _judge(use, None, subject, told)


def _judge(use: Use, node: Node | None, subject: Subject, told: Told) -> Iterator[Diagnostic]:
    match use.expr:
        case x.Div():
            failing = _divided_by_zero(use.expr, use.place, subject)
        case x.Reduced():
            failing = emptied(use.expr, use.place)
        case x.Inexact():
            failing = outside_of(use.expr, use.place)
        case x.PointsOf() | x.MaximumOf():  # RUB459 alone asks for these
            failing = None
    if failing is None:
        return
    span = span_of(use, node, subject)
    if (use.expr, span) not in told:
        confirm = subject.confirm
        verdict = confirm.of_failure(node, use.place, failing)
        if isinstance(verdict, Found) and _reads_unrated(use.expr, verdict.submission, node, subject):
            return
        found = list(confirm.told(verdict, lambda example: _finding(use, failing, node, span, subject, example)))
        if found:
            told.add((use.expr, span))
        yield from found


def _reads_unrated(expr: x.Num, given: Submission, node: Node | None, subject: Subject) -> bool:
    """Whether an index is one of a group that is not rated: it stops before it divides, and RUB459 says so."""
    if not isinstance(expr, x.Div) or not isinstance(expr.right, x.MaximumOf):
        return False
    return subject.confirm.stops_at(given, subject.nodes[expr.right.code], node)


def _divided_by_zero(division: x.Div, place: Place, subject: Subject) -> x.Truth | None:
    """The condition under which the division has no value, where somebody can bring it about."""
    right = division.right
    if not place.interval(right).contains(_ZERO):
        return None
    zero: x.Truth | None = x.Compare(x.Order.EQ, right, x.Const(_ZERO))
    if isinstance(right, x.MaximumOf):
        # An index has no value exactly where its heading does not apply; that is a condition on facts.
        zero = out_of_maximum(subject.nodes[right.code], subject)
    elif isinstance(right, x.TotalMaximum):
        zero = nothing_left(subject)
    return None if zero is None or place.assume(zero, True) is None else zero


def _finding(
    use: Use, failing: x.Truth, node: Node | None, span: Span, subject: Subject, example: Mapping[str, str]
) -> Diagnostic:
    elsewhere = node is not None and subject.node_at(span.start) is not node
    labels = (Label(node.code_span, "used"),) if elsewhere and node else ()
    words, expr = subject.words, use.expr
    code = node.code if node is not None else ""
    help_key = "help_row" if use.place.row is not None else "help" if node is not None else "help_sheet"
    match expr:
        case x.Div():
            mend = _share_of_rows(expr, subject)
            return problem(
                "RUB414", span, divisor=words.show(expr.right), division=words.show(expr), zero=words.show(failing),
                code=code, mend=mend, help="help_none" if mend else help_key, example=example, labels=labels,
            )  # fmt: skip
        case x.Reduced():
            if expr.each is not None:
                help_key = "help_sheet"  # whether a part has rows enough is no question about all of them
            mend = f"{words.show(expr)} {words.word('IF_NONE')} 0"
            if is_tie(failing):
                help_key, mend = "help_tie", words.show(replace(expr, tied=x.Tie.HIGHEST))
            return problem(
                "RUB438", span, reduced=words.show(expr), register=expr.register, empty=words.show(failing), code=code,
                mend=mend, help=help_key, example=example, labels=labels,
            )  # fmt: skip
        case x.Inexact():
            return problem(
                "RUB439", span, called=words.show(expr), outside=words.show(failing), code=code, help=help_key,
                example=example, labels=labels,
            )  # fmt: skip
        case x.PointsOf() | x.MaximumOf():
            raise AssertionError("RUB459 tells these")


def _share_of_rows(division: x.Div, subject: Subject) -> str:
    """``share of tasks where done if none 0%``, where that is what is divided; else nothing."""
    some, every = division.left, division.right
    if not isinstance(some, x.CountRows) or some.where is None or every != x.CountRows(some.register):
        return ""
    if subject.inputs[some.register].kind is not Kind.LIST:
        return ""
    words = subject.words
    parts = words.word("SHARE_OF"), some.register, words.word("WHERE"), words.show(some.where), words.word("IF_NONE")
    return " ".join((*parts, "0%"))

"""RUB410, RUB417, RUB425: chains of conditions, and conditions whose outcome is settled in advance."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Conditions, Node, Unit
from rubric_engine.plan import expr as x
from rubric_engine.ranges.values.interval import as_fraction
from rubric_engine.rules.clauses import Written, written_of_node, written_of_sheet
from rubric_engine.solve.world import keys_of
from rubric_engine.source import Span


def check_chains(subject: Subject) -> Iterator[Diagnostic]:
    """Every ``when`` chain ends in ``otherwise``, and each of its rows can be the first that holds."""
    for node in subject.leaves:
        if not isinstance(node.rule, Conditions):
            continue
        if node.rule.otherwise is None:
            yield problem("RUB410", node.rule.span, code=node.code)
        place = subject.place_of(node)
        if place is not None:
            yield from _shadowed(node, node.rule, place, subject)


def _shadowed(node: Node, rule: Conditions, place: Place, subject: Subject) -> Iterator[Diagnostic]:
    here: Place | None = place
    tried = subject.trials.of(node)
    for at, row in enumerate(rule.rows):
        settled = subject.bare(node).settled(row.when)
        if settled is True:
            return  # RUB425 tells, or a parameter says so and another value of it would not
        if settled is None and (here is None or here.assume(row.when, True) is None):
            labels = tuple(Label(earlier.span) for earlier in rule.rows[:at][-1:])
            yield problem("RUB417", row.span, row=row.label, help="help_shadowed", labels=labels)
        elif settled is None and tried is not None and at not in tried.rows:
            yield problem("RUB417", row.span, row=row.label, help="help_tried")
        here = None if here is None else here.assume(row.when, False)
    if tried is not None and rule.otherwise is not None and len(rule.rows) not in tried.rows:
        yield problem("RUB417", rule.otherwise.span, row=subject.words.word("OTHERWISE"), help="help_otherwise")


def _reads(condition: x.Truth, subject: Subject) -> bool:
    rows = any(isinstance(part, x.Column | x.ColumnFlag | x.ColumnIs) for part in x.walk(condition))
    return rows or bool(keys_of([condition], subject.lets))


def check_settled(subject: Subject) -> Iterator[Diagnostic]:
    """Comparisons, and conditions made of them, that come out the same whatever is submitted."""
    told: set[x.Expr] = set()
    for let in subject.rubric.lets:
        if _compares(let.value.value):
            place = subject.place_for([let.value.value])
            yield from _settled((let.value.value, let.span), place, subject, told)
    for node in subject.rubric.nodes:
        for written in written_of_node(node, subject.rubric.evidence):
            if _compares(written[0]):
                yield from _settled(written, subject.bare(node), subject, told)
    for written in written_of_sheet(subject.rubric):
        if _compares(written[0]):
            yield from _settled(written, subject.bounded_sheet, subject, told)


def _compares(expr: x.Expr) -> bool:
    return not isinstance(expr, _PLAIN) and any(isinstance(part, x.Compare) for part in x.walk(expr))


_PLAIN = (x.Const, x.Fact, x.Flag, x.IsLevel, x.Always, x.Ref, x.RefTruth, x.Judged)


def _settled(written: Written, place: Place, subject: Subject, told: set[x.Expr]) -> Iterator[Diagnostic]:
    expr, span = written
    found = False
    for part, here in _comparisons(expr, place):
        if part not in subject.rubric.calls and _reads(part, subject):
            outcome = here.settled(part)
            if outcome is not None:
                found = True
                if part not in told:
                    told.add(part)
                    yield _comparison(part, outcome, subject.rubric.places.get(part, span), here, subject)
    if not found and isinstance(expr, x.All | x.AnyOf | x.AtLeast) and _reads(expr, subject):
        if any(_by_parameter(part, subject) for part in x.walk(expr)):
            return  # another value of it would settle nothing
        outcome = place.settled(expr)
        if outcome is not None and expr not in told:
            told.add(expr)
            words = subject.words
            yield problem(
                "RUB425", span, condition=words.show(expr), outcome=words.yes_no(outcome), help="help_joint"
            )


def _by_parameter(part: x.Expr, subject: Subject) -> bool:
    """Whether a statement holds or not by the value of a parameter alone."""
    if isinstance(part, x.Compare):
        return subject.constant(part.left) is not None and subject.constant(part.right) is not None
    return isinstance(part, x.Always)


def _comparisons(expr: x.Expr, place: Place) -> Iterator[tuple[x.Compare, Place]]:
    """Every comparison inside, with the place it is made in: about a row, where any row may be at hand."""
    stack: list[tuple[x.Expr, Place]] = [(expr, place)]
    while stack:
        part, here = stack.pop()
        if isinstance(part, x.Compare):
            yield part, here
        if isinstance(part, x.CountRows | x.Reduced):
            here = here.at_row(part.register)
        stack.extend((inner, here) for inner in reversed(x.parts(part)))


def _comparison(part: x.Compare, outcome: bool, span: Span, place: Place, subject: Subject) -> Diagnostic:
    words = subject.words
    turned = subject.constant(part.left) is not None
    varying, fixed = (part.right, part.left) if turned else (part.left, part.right)
    unit = words.unit(varying)
    interval = place.interval(varying)
    percent = unit is Unit.RATIO

    def end(value: Fraction | None) -> str:
        return "…" if value is None else words.amount(value, unit, percent=percent)

    mend, help_key = "", "help"
    limit = subject.constant(fixed)
    if limit is None or (interval.low is None and interval.high is None):
        help_key = "help_both"
    elif percent and limit > 2:
        help_key, mend = "help_percent", f"{words.number(limit)}%"
    if help_key in ("help", "help_percent"):
        help_key += "_low" if interval.high is None else "_high" if interval.low is None else ""
    return problem(
        "RUB425", span, condition=words.show(part), outcome=words.yes_no(outcome), subject=words.show(varying),
        low=end(as_fraction(interval.low)), high=end(as_fraction(interval.high)), mend=mend, help=help_key,
    )  # fmt: skip

"""RUB458: an ``otherwise`` of a chain that also catches what lies above every row, so that more earns less.

``when a >= 80 and a <= 100: 10``, ``when a >= 60 and a < 80: 5``, ``otherwise: 0`` gives 0 to 110. Tables of bands have
RUB413, tables of grades are read in :mod:`rubric_engine.analysis.check.grades.grades`.
"""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Conditions, Node, Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.record import record
from rubric_engine.solve.answers import Found

_ENDS = frozenset({x.Order.LT, x.Order.LE, x.Order.EQ})
_STARTS = frozenset({x.Order.GT, x.Order.GE, x.Order.EQ})


@record
class _Row:
    """A row that asks for a band of one number: where the band ends, and what it is worth."""

    looked_at: x.Num
    top: Fraction
    open_above: bool
    worth: Fraction
    at: int


def check_otherwise_above(subject: Subject) -> Iterator[Diagnostic]:
    """Chains whose every row is a band of one and the same number, with an end on both sides."""
    for node in subject.scoring:
        rule = node.rule
        if not isinstance(rule, Conditions) or rule.otherwise is None or len(rule.rows) < 2:
            continue
        place, last = subject.place_of(node), subject.constant(rule.otherwise.value)
        rows = [_band(at, row.when, row.value, subject) for at, row in enumerate(rule.rows)]
        known = [row for row in rows if row is not None]
        one = len({row.looked_at for row in known}) == 1 and len(known) == len(rows)
        if place is None or last is None or not one:
            continue
        rising = sorted(known, key=lambda row: (row.top, not row.open_above))
        best = rising[-1]
        # Of one row alone, or of rows that do not rise, nobody can say that more should earn more.
        if len(rising) > 1 and best.worth > max(last, rising[-2].worth):
            yield from _above(node, best, last, place, subject)


def _band(at: int, when: x.Truth, value: x.Num, subject: Subject) -> _Row | None:
    """The row as a band that ends on both sides; ``None`` for anything else."""
    tests = when.args if isinstance(when, x.All) else (when,)
    plain = [test for test in tests if isinstance(test, x.Compare)]
    worth, looked_at = subject.constant(value), plain[0].left if plain else None
    if worth is None or len(plain) < len(tests) or any(test.left != looked_at for test in plain):
        return None
    ends = [(subject.constant(test.right), test.order is x.Order.LT) for test in plain if test.order in _ENDS]
    tops = [(top, is_open) for top, is_open in ends if top is not None]
    # A row without a start below holds the little: then what is above is what `otherwise` is for.
    bounded = bool(tops) and any(test.order in _STARTS for test in plain)
    if not bounded or looked_at is None or subject.constant(looked_at) is not None:
        return None
    top, is_open = min(tops, key=lambda end: (end[0], not end[1]))
    return _Row(looked_at, top, is_open, worth, at)


def _above(node: Node, best: _Row, last: Fraction, place: Place, subject: Subject) -> Iterator[Diagnostic]:
    rule = node.rule
    assert isinstance(rule, Conditions)
    assert rule.otherwise is not None
    order = x.Order.GE if best.open_above else x.Order.GT
    above = x.Compare(order, best.looked_at, x.Const(best.top))
    if place.assume(above, True) is None:
        return
    falls = [(above, True), *((row.when, False) for row in rule.rows)]
    verdict = subject.confirm.of_heading(node, place, falls)
    if not isinstance(verdict, Found):
        return
    unit = subject.words.unit(best.looked_at)
    value = subject.confirm.read(verdict.submission, node).number(best.looked_at)
    span, label = rule.otherwise.span, Label(rule.rows[best.at].span, "best")
    show, points = subject.words.amount(value, unit, percent=unit is Unit.RATIO), subject.words.points
    yield from subject.confirm.told(verdict, lambda example: problem(
        "RUB458", span, value=show, worth=points(last), best=points(best.worth), row=rule.rows[best.at].label,
        example=example, labels=(label,),
    ))  # fmt: skip

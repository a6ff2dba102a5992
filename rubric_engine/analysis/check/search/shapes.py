"""Scoring forms as plain expressions, and the tests behind their rows: what witnesses and ranges are asked about."""

from collections.abc import Iterator
from fractions import Fraction

from rubric_engine import model as m
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Adjustment, Choice, PlanNode
from rubric_engine.solve.lines import Stretch
from rubric_engine.solve.world import Goal

_ZERO = x.Const(Fraction(0))


def stretch_of(row: m.BandRow) -> Stretch:
    """The values a band holds."""
    return Stretch(row.low, row.high, row.low_open, row.high_open)


def test_within(subject: x.Num, stretch: Stretch) -> x.Truth:
    """The condition that a number lies in a stretch."""
    tests: list[x.Truth] = []
    if stretch.low is not None and stretch.low == stretch.high:
        return x.Compare(x.Order.EQ, subject, x.Const(stretch.low))
    if stretch.low is not None:
        tests.append(x.Compare(x.Order.GT if stretch.low_open else x.Order.GE, subject, x.Const(stretch.low)))
    if stretch.high is not None:
        tests.append(x.Compare(x.Order.LT if stretch.high_open else x.Order.LE, subject, x.Const(stretch.high)))
    return tests[0] if len(tests) == 1 else x.All(tuple(tests))


def rows_of(rule: m.Rule, subject: Subject) -> Iterator[tuple[Goal, x.Num]]:
    """The rows of a table with the test each stands under; empty for forms without rows."""
    match rule:
        case m.Levels():
            for level_row in rule.rows:
                yield subject.level_test(rule, level_row.levels), level_row.value
        case m.Bands():
            for band_row in rule.rows:
                yield (test_within(rule.subject, stretch_of(band_row)), True), band_row.value
        case m.Conditions():
            for row in rule.rows:
                yield (row.when, True), row.value
        case _:
            return


def otherwise_of(rule: m.Rule) -> x.Num | None:
    """The value of ``otherwise``, where the form has one."""
    if isinstance(rule, m.Levels | m.Bands | m.Conditions) and rule.otherwise is not None:
        return rule.otherwise.value
    return None


def choice_number(base: Choice) -> x.Num:
    """The base of a leaf as one expression."""
    value: x.Num = base.cases[-1].value if base.cases else _ZERO
    for case in reversed(base.cases[:-1]):
        value = case.value if case.when is None else x.If(case.when, case.value, value)
    return value


def adjustment_number(adjustment: Adjustment) -> x.Num:
    """What an award adds or a deduction takes, never below 0."""
    amount: x.Num = adjustment.amount
    if adjustment.times is not None:
        amount = x.Mul((amount, adjustment.times))
    if adjustment.cap is not None:
        amount = x.Least((amount, adjustment.cap))
    amount = x.Greatest((_ZERO, amount))
    return amount if adjustment.when is None else x.If(adjustment.when, amount, _ZERO)


def changed_number(node: PlanNode, signs: tuple[int, ...]) -> x.Num:
    """What the base of a leaf and its awards, its deductions or both come to, before any limit.

    Without awards beyond full points: they raise the cap by as much as they give.
    """
    base = _ZERO if node.base is None else choice_number(node.base)
    changes: list[x.Num] = []
    for each in node.adjustments:
        if each.sign in signs and not each.beyond:
            change = adjustment_number(each)
            changes.append(change if each.sign > 0 else x.Mul((x.Const(Fraction(-1)), change)))
    return x.Add((base, *changes)) if changes else base

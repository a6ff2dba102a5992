"""Every grade table of a plan over ranges: whether it applies, its rows, its gates. Standard library only."""

from collections.abc import Callable

from rubric_engine.plan.expr import Truth
from rubric_engine.plan.plan import GradeTable, Observed
from rubric_engine.ranges.grading.grades import final_rows, read_rows
from rubric_engine.ranges.seen import Slots
from rubric_engine.ranges.values.env import FALSE, TRUE, Env, Possible, marks_of
from rubric_engine.ranges.values.expr import assume
from rubric_engine.ranges.values.interval import NO_WAITS

TABLE_IDLE = -2
NO_SUBJECT = -3
ChanceOf = Callable[[Truth, Env, frozenset[str]], Possible]


def put_table(
    number: int, table: GradeTable, env: Env, chance_of: ChanceOf, subject: Possible, slots: Slots
) -> None:
    """Everything one table observes. Where its condition may fail, rows and gates are read as if it holds.

    ``subject`` is whether there is something to grade.
    """
    if not subject.may_be_true:
        for kind in (Observed.GRADE_BY_POINTS, Observed.GRADE):
            slots.put_marks(kind, number, frozenset((NO_SUBJECT,)), NO_WAITS)
        return
    applies = TRUE if table.applies is None else chance_of(table.applies, env, subject.waits)
    inside = env if table.applies is None else assume(env, table.applies, True)
    idle = frozenset((TABLE_IDLE,)) if applies.may_be_false else frozenset[int]()
    idle |= frozenset((NO_SUBJECT,)) if subject.may_be_false else frozenset[int]()
    asked = applies.waits | subject.waits
    if inside is None or not applies.may_be_true:
        rows, waits, fires = frozenset[int](), NO_WAITS, [FALSE] * len(table.gates)
        idle |= frozenset((TABLE_IDLE,))
    else:
        here = inside
        rows, waits = read_rows(table, here, lambda when, env, waits: chance_of(when, env, waits | asked))
        fires = [chance_of(gate.when, here, asked) for gate in table.gates]
    slots.put_marks(Observed.GRADE_BY_POINTS, number, rows | idle, waits | asked)
    for i, chance in enumerate(fires):
        marks = marks_of(chance) | (frozenset((0,)) if idle else frozenset())
        slots.put_marks(Observed.GATE, number, marks, chance.waits | asked, i)
    final = final_rows(table, rows, fires) | idle
    slots.put_marks(Observed.GRADE, number, final, waits.union(asked, *(chance.waits for chance in fires)))

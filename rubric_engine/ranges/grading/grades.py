"""The grade table over ranges: rows and final grades still possible. Standard library only."""

from collections.abc import Callable, Iterable
from typing import assert_never

from rubric_engine.plan.expr import Truth
from rubric_engine.plan.plan import GateKind, GradeTable
from rubric_engine.ranges.values.env import TRUE, Env, Possible
from rubric_engine.ranges.values.expr import assume
from rubric_engine.ranges.values.interval import NO_WAITS


def read_rows(
    table: GradeTable, env: Env, chance_of: Callable[[Truth, Env, frozenset[str]], Possible]
) -> tuple[frozenset[int], frozenset[str]]:
    """The rows the points can still fall in (-1: none), and what that waits for."""
    rows: set[int] = set()
    waits = NO_WAITS
    here: Env | None = env
    for i, row in enumerate(table.rows):
        if here is None:
            break
        chance = TRUE if row.when is None else chance_of(row.when, here, waits)
        waits |= chance.waits
        if chance.may_be_true:
            rows.add(i)
        here = None if row.when is None else assume(here, row.when, False)
    if here is not None:
        rows.add(-1)
    return frozenset(rows), waits if len(rows) > 1 else NO_WAITS


def final_rows(table: GradeTable, by_points: Iterable[int], fires: list[Possible]) -> frozenset[int]:
    """Final rows still possible: each gate starts from the grade by points, the lowest wins, *no grade* outranks."""
    named = [i for i, row in enumerate(table.rows) if row.name]
    # (lowest forced row, lowest ceiling, demotions, no grade at all) of every combination of gates still possible
    fired = {(-1, -1, 0, False)}
    for gate, chance in zip(table.gates, fires, strict=True):
        with_it = {_fired(gate.kind, gate.row, *state) for state in fired} if chance.may_be_true else set()
        fired = with_it | (fired if chance.may_be_false else set())
    return frozenset(_final_row(named, row, *state) for row in by_points for state in fired)


def _fired(
    kind: GateKind, row: int, forced: int, ceiling: int, demotions: int, refused: bool
) -> tuple[int, int, int, bool]:
    match kind:
        case GateKind.FORCE:
            return max(forced, row), ceiling, demotions, refused
        case GateKind.CEILING:
            return forced, max(ceiling, row), demotions, refused
        case GateKind.LOWER:
            return forced, ceiling, demotions + 1, refused
        case GateKind.NONE:
            return forced, ceiling, demotions, True
        case _:
            assert_never(kind)


def _final_row(named: list[int], row: int, forced: int, ceiling: int, demotions: int, refused: bool) -> int:
    if refused:
        return -1
    if row not in named:
        return row if forced < 0 else forced
    lowered = named[min(named.index(row) + demotions, len(named) - 1)]
    return max(row, lowered, ceiling, forced)

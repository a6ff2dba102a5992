"""Whether a heading applies, over ranges: what must be assumed for each way. Standard library only."""

from dataclasses import dataclass

from rubric_engine.plan.expr import Compare, Num, Order, Truth
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.expr import assume
from rubric_engine.ranges.values.interval import NO_WAITS

ABOVE_ABSENT = -2
HERE_APPLIES = -1
Assumptions = tuple[tuple[Truth, bool], ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether a heading applies: each mark still possible with what must be assumed for it.

    ``above`` is what the headings above wait for, ``own`` what the clauses here do.
    """

    marks: dict[int, Assumptions]
    above: frozenset[str]
    own: frozenset[str]
    may_be_undefined: bool = False

    @property
    def waits(self) -> frozenset[str]:
        """What the headings above and the clauses here wait for."""
        return self.above | self.own

    @property
    def surely_applies(self) -> bool:
        """Nothing can take it out."""
        return len(self.marks) == 1 and HERE_APPLIES in self.marks and not self.may_be_undefined


SURELY_APPLIES = Absence({HERE_APPLIES: ()}, NO_WAITS, NO_WAITS)


def under(env: Env, assumptions: Assumptions) -> Env | None:
    """The environment where all of these hold, one after the other."""
    here: Env | None = env
    for condition, holds in assumptions:
        if here is None:
            return None
        here = assume(here, condition, holds)
    return here


def at_most(env: Env, lesser: Num, greater: Num) -> Env:
    """The environment with one more relation."""
    return assume(env, Compare(Order.LE, lesser, greater), True) or env

"""What became of a question: found and scored, proved to be nowhere, or not decided and why. Never a guess."""

from collections.abc import Mapping
from enum import StrEnum

from rubric_engine.plan.record import record
from rubric_engine.solve.world import World

Submission = Mapping[str, object]


class Why(StrEnum):
    """Why a question is not decided."""

    STEPS = "steps"  # the budget of the question is spent
    MANY = "many"  # more submissions than can be tried one by one


@record
class Found:
    """A submission that was scored and shows it. ``world`` holds the facts it is about, ``submission`` all of them as a
    unit gives them."""

    world: World
    submission: Submission


@record
class Nowhere:
    """Proved: all submissions there are were scored, or ruled out by what is possible."""


@record
class Undecided:
    """Nothing was found, which proves nothing."""

    why: Why


Answer = Found | Nowhere | Undecided
NOWHERE = Nowhere()
TOO_MANY = Undecided(Why.MANY)

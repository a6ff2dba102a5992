"""What became of a suspicion: shown by a submission, impossible, or not decided."""

from collections.abc import Mapping

from rubric_engine.analysis.check.search.evaluate import World
from rubric_engine.plan.record import record

Submission = Mapping[str, object]


@record
class Verdict:
    """What became of a suspicion. ``world`` holds the facts that show it, those it is about; ``submission`` all of
    them as a unit gives them."""

    world: World | None = None
    submission: Submission | None = None
    possible: bool = True


IMPOSSIBLE = Verdict(possible=False)
NOT_DECIDED = Verdict()

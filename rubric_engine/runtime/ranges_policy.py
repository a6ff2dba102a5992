"""``if missing: use base``: a leaf without the awards and deductions that wait. Standard library only."""

from rubric_engine.runtime.facts import Facts
from rubric_engine.runtime.layout import PlanLayout
from rubric_engine.runtime.plan import Observed
from rubric_engine.runtime.plan import PlanNode
from rubric_engine.runtime.ranges_env import Env
from rubric_engine.runtime.ranges_interval import Interval
from rubric_engine.runtime.ranges_interval import hull
from rubric_engine.runtime.ranges_interval import kept_small
from rubric_engine.runtime.ranges_interval import waiting_for
from rubric_engine.runtime.ranges_nodes import finished
from rubric_engine.runtime.ranges_nodes import read_requirements
from rubric_engine.runtime.ranges_seen import SeenSteps
from rubric_engine.runtime.ranges_standing import NO_ENDS
from rubric_engine.runtime.ranges_standing import ZERO_POINTS
from rubric_engine.runtime.ranges_standing import Standing
from rubric_engine.runtime.ranges_standing import Ways
from rubric_engine.runtime.ranges_steps import StepRanges

_NO_LEAVES = Standing(NO_ENDS)


def base_alone(
    layout: PlanLayout, facts: Facts, node: PlanNode, env: Env | None, ways: Ways, full: Standing
) -> tuple[SeenSteps, Interval] | None:
    """What is observed at the leaf, and its points, with what waits among its adjustments left out.

    ``None`` where something else waits, so that the leaf does. Then its points may come to be those without the
    adjustments, and ``ways``, where the leaf applies and stands ``full``, is widened to hold them.
    """
    if env is None:
        return None
    seen, points = _read_base(layout, facts, node, env)
    # Where the leaf does not apply it may have full points or none: those ways are only told apart by their maximum.
    here = [standing for standing in ways if standing.maximum == full.maximum]
    for standing in here:
        both = kept_small(hull([ways[standing], points]))
        ways[standing] = waiting_for(both, ways[standing].waits | points.waits)
    return None if points.waits else (seen, points)


def _read_base(layout: PlanLayout, facts: Facts, node: PlanNode, env: Env) -> tuple[SeenSteps, Interval]:
    required = read_requirements(node.requirements, env)
    if len(required.ways) != 1 or required.ways[0][0] >= 0:
        return SeenSteps(), finished(Interval(waits=required.waits), node)
    steps = StepRanges(layout.plan, facts, node, required.ways[0][1], None)
    steps.amounts = [ZERO_POINTS if amount.waits else amount for amount in steps.amounts]
    seen = steps.observe()
    if node.requirements:
        seen.mark(Observed.REQUIREMENT, (-1,), required.waits)
    points, _ = steps.points(ZERO_POINTS, _NO_LEAVES)
    return seen, finished(points, node)

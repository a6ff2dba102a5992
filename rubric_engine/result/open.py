"""What a submission still lacks, told without ranges: every fact it does not give, every decision it waits for."""

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.known import Known, known_truth
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Plan, Policy


def not_given(plan: Plan, facts: Facts) -> tuple[str, ...]:
    """Names of what is missing, in the order of the rubric: never fewer than the total waits for."""
    layout = layout_of(plan)
    known = Known(facts.values, facts.judged, layout.inputs, {name: let.value for name, let in layout.lets.items()})
    open_ = [code for code, holds in _undecided(plan, known) if holds] or [code for code, _ in _undecided(plan, known)]
    decisions = [] if facts.missing and not any(holds for _, holds in _undecided(plan, known)) else open_
    return layout.in_order([*facts.missing, *(f"decision {code}" for code in decisions)])


def _undecided(plan: Plan, known: Known) -> list[tuple[str, bool]]:
    """Headings that may wait for a decision, and whether they surely do."""
    found = []
    for node in plan.nodes:
        for absent in node.absent:
            holds = True if absent.when is None else known_truth(absent.when, known)
            if absent.policy is Policy.UNDECIDED and holds is not False:
                found.append((node.code, holds is True))
            if holds:
                break
    return found

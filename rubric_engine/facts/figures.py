"""Facts with the figures of a cohort, and facts of a unit that is still to come. Standard library only."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from rubric_engine.facts.asked import figure_places, machine_value
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.readers import Scalar
from rubric_engine.meaning.missing import MISSING
from rubric_engine.plan.plan import Plan


def facts_to_come(plan: Plan, facts: Facts) -> Facts:
    """The facts of a unit that may still say more: what it said holds, and nothing stands in for what it did not."""
    names = (*(spec.name for spec in plan.inputs), *(f"judged {spec.key}" for spec in plan.judged))
    unsaid = {name for name in names if name not in facts.values and not name.startswith("judged ")}
    unsaid |= facts.substituted | {name for name in names if name in facts.missing}
    packed = [MISSING if name in unsaid else machine for name, machine in zip(names, facts.packed, strict=False)]
    values = {name: value for name, value in facts.values.items() if name not in unsaid}
    return replace(
        facts, values=values, packed=(*packed, *facts.packed[len(names):]), substituted=frozenset(),
        missing=tuple(name for name in names if name in unsaid), open=frozenset(unsaid),
    )  # fmt: skip


def with_references(
    facts: Facts,
    plan: Plan,
    values: Mapping[str, Scalar],
    bounds: Mapping[str, tuple[Fraction, Fraction]] | None = None,
    unsettled: frozenset[str] = frozenset(),
) -> Facts:
    """The same facts with these figures: exact where known, between two bounds where the cohort is not settled.

    ``unsettled`` are those other units may still change. A figure in none stays as it is."""
    places = figure_places(plan)
    packed, known = list(facts.packed), dict(facts.values)
    missing = tuple(name for name in facts.missing if name not in values)
    for name, value in values.items():
        at, scale, _ = places[name]
        known[name] = value
        packed[at] = machine_value(scale, value)
    for name in bounds or ():
        known.pop(name, None)
        packed[places[name][0]] = MISSING
        missing = missing if places[name][2] or name in missing else (*missing, name)
    within = {name: ends for name, ends in facts.bounds.items() if name not in values}
    return Facts(
        facts.unit, known, facts.judged, facts.evidence, facts.proven, facts.claims, tuple(packed), missing,
        facts.states, facts.ratings, {**within, **(bounds or {})}, facts.substituted - values.keys(),
        facts.read_for, (facts.open - values.keys()) | unsettled, facts.decisions,
    )  # fmt: skip

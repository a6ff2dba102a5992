"""One fact given otherwise: where it stands, the value it would have, how far that is, what to write.

*Effort* orders changes that win the same. It has no unit: a number counts the share of its own span that it moves (of
its bounds where it has both, else of the larger of the two values), a day a 365th, a yes/no, a level and a piece of
evidence 1, rows and cells of a register the share of its rows. A change of what has already happened counts 1 more.

*Past* marks what no work of the same cycle can bring about any more, as far as a rubric can tell: a count that would
have to be lower, rows that would have to go from a register or read otherwise, a date that would have to be earlier, a
yes that would have to be a no. Such ways are told all the same: they say what it cost, and what to do next time.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from rubric_engine.facts.facts import Facts
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import EvidenceSpec, InputSpec, Kind
from rubric_engine.solve.written import given_number, given_value, satisfying

INPUT: Final = "inputs"
JUDGED: Final = "judged"
EVIDENCE: Final = "evidence"
NUMERIC: Final = frozenset((Kind.COUNT, Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.DATE))


@dataclass(frozen=True, slots=True)
class Move:
    """A place of a submission and the exact value it would have, as :class:`Facts` hold it; of evidence ``True``."""

    section: str
    name: str
    value: Any


Moves = tuple[Move, ...]


def evidence_asked(layout: PlanLayout, name: str) -> EvidenceSpec:
    """The clause that asks for most pieces of it."""
    return max((one for one in layout.plan.evidence if one.name == name), key=lambda one: one.at_least)


def given_of(layout: PlanLayout, facts: Facts, move: Move) -> object:
    """What to write in the submission: of evidence all of its pieces, of ratings who gave them as well."""
    if move.section == EVIDENCE:
        items = facts.evidence.get(move.name, ())
        return satisfying(evidence_asked(layout, move.name), items, layout.plan.only_accepted)
    if move.section == JUDGED:
        return given_number(move.value)
    spec = layout.inputs[move.name]
    given: Any = given_value(spec, move.value)
    people = facts.ratings.get(spec.name, ())
    if spec.kind is not Kind.RATINGS or len(people) != len(given):
        return given
    return [{"rating": rating, "by": item.by} for rating, item in zip(given, people, strict=True)]


def effort_of(layout: PlanLayout, facts: Facts, move: Move) -> Fraction:
    """How far that is: see the module."""
    if move.section == EVIDENCE:
        return Fraction(1)
    if move.section == JUDGED:
        judged = layout.judged[move.name]
        span = judged.maximum - judged.minimum
        return abs(move.value - facts.judged[move.name]) / span if span else Fraction(1)
    return _effort(layout.inputs[move.name], facts.values[move.name], move.value) + is_past(layout, facts, move)


def _effort(spec: InputSpec, before: Any, after: Any) -> Fraction:
    if spec.kind is Kind.DATE:
        return Fraction(abs(int(after) - int(before)), 365)
    if spec.kind in NUMERIC:
        return abs(Fraction(after) - Fraction(before)) / _span(spec, Fraction(before), Fraction(after))
    if spec.kind in (Kind.LIST, Kind.RATINGS):
        rows = max(len(before), len(after), 1)
        changed = abs(len(before) - len(after)) or sum(old != new for old, new in zip(before, after, strict=True))
        return Fraction(changed, rows)
    return Fraction(1)


def _span(spec: InputSpec, before: Fraction, after: Fraction) -> Fraction:
    ends: list[Any] = [getattr(bound and bound.value, "value", None) for bound in (spec.minimum, spec.maximum)]
    if ends[0] is None and spec.kind is Kind.COUNT:
        ends[0] = Fraction(0)
    if None not in ends and ends[1] > ends[0]:
        return Fraction(ends[1] - ends[0])
    return max(abs(before), abs(after)) or Fraction(1)


def is_past(layout: PlanLayout, facts: Facts, move: Move) -> bool:
    """Whether it has already happened: see the module."""
    if move.section != INPUT:
        return False
    before: Any = facts.values[move.name]
    match layout.inputs[move.name].kind:
        case Kind.COUNT | Kind.DATE:
            return bool(move.value < before)
        case Kind.YES_NO:
            return bool(before) and not move.value
        case Kind.LIST:
            return len(move.value) <= len(before)
        case _:
            return False

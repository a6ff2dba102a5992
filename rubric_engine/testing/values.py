"""Values of one fact, as a submission states them: what a rule may change its mind at, and any other."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Final

from rubric_engine.facts.readers import constant_of
from rubric_engine.meaning.exact import to_plain_text
from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import expressions_in
from rubric_engine.plan.plan import InputSpec, JudgedSpec, Kind, Plan

_DAY: Final = date(2024, 1, 1).toordinal()
_MOST_ROWS: Final = 4


def constants_of(plan: Plan) -> tuple[Fraction, ...]:
    """The numbers the rules of a plan name."""
    parts = (part for expr in expressions_in(plan) for part in x.walk(expr))
    return tuple(dict.fromkeys(part.value for part in parts if isinstance(part, x.Const)))


def telling_values(spec: InputSpec, constants: Sequence[Fraction]) -> tuple[object, ...]:
    """The ends of a fact, the numbers it may be held against with their neighbours, every level; simplest first."""
    match spec.kind:
        case Kind.YES_NO:
            return (False, True)
        case Kind.LEVEL:
            return tuple(level.name for level in spec.levels)
        case Kind.TEXT:
            return ("text", "Đơn vị")
        case Kind.LIST | Kind.RATINGS:
            return ((),) if spec.kind is Kind.LIST else ()
        case _:
            numbers = _telling_numbers(spec, constants)
            return tuple(_given(spec, number) for number in numbers)


def _telling_numbers(spec: InputSpec, constants: Sequence[Fraction]) -> list[Fraction]:
    step = Fraction(1, spec.scale) if spec.scale else Fraction(1, 10)
    ends = [end for end in (constant_of(spec.minimum), constant_of(spec.maximum)) if end is not None]
    plain = [Fraction(0), Fraction(1)] if spec.kind is not Kind.DATE else [Fraction(_DAY)]
    found = [*plain, *map(Fraction, ends), *constants]
    near = [number + move for number in found for move in (Fraction(0), step, -step)]
    return [number for number in dict.fromkeys(near) if _fits(spec, number)]


def any_value(spec: InputSpec, rng: Random) -> object:
    """Any value the fact may have by itself; bounds that look at other facts are not looked at."""
    match spec.kind:
        case Kind.YES_NO:
            return rng.random() < 0.5
        case Kind.LEVEL:
            return rng.choice(spec.levels).name
        case Kind.TEXT:
            return rng.choice(("text", "Đơn vị", "a, b"))
        case Kind.LIST:
            rows = range(rng.randint(0, _MOST_ROWS))
            return [{column.name: any_value(column, rng) for column in spec.columns} for _ in rows]
        case Kind.RATINGS:
            return [any_value(spec.columns[0], rng) for _ in range(max(spec.raters, 1) + rng.randint(0, _MOST_ROWS))]
        case _:
            return _given(spec, _any_number(spec, rng))


def _any_number(spec: InputSpec, rng: Random) -> Fraction:
    low, high = constant_of(spec.minimum), constant_of(spec.maximum)
    scale = spec.scale or 100
    # Of a number without ends nobody knows whether it counts people or money.
    usual = Fraction(0), Fraction(rng.choice((10, 100, 1_000, 100_000)))
    if spec.kind is Kind.DATE:
        usual = Fraction(_DAY), Fraction(365)
    if spec.kind is Kind.PERCENT:
        usual = (Fraction(0), Fraction(1))
    start = usual[0] if low is None else Fraction(low)
    end = start + usual[1] if high is None else Fraction(high)
    if low is None and high is not None:
        start = end - usual[1]
    first, last = -(-start * scale // 1), end * scale // 1
    number = Fraction(rng.randint(int(first), max(int(first), int(last))), scale)
    beside = (number, number + Fraction(1, scale), number - Fraction(1, scale))  # an end may not be among the values
    return next((one for one in beside if _fits(spec, one)), number)


def any_points(spec: JudgedSpec, rng: Random) -> object:
    """Points a person may give."""
    if spec.step is not None:
        return to_plain_text(spec.minimum + spec.step * rng.randint(0, int((spec.maximum - spec.minimum) / spec.step)))
    return to_plain_text(spec.minimum + (spec.maximum - spec.minimum) * Fraction(rng.randint(0, 20), 20))


def telling_points(spec: JudgedSpec) -> tuple[object, ...]:
    """The least and the most, and one step inside."""
    step = spec.step or (spec.maximum - spec.minimum) / 2
    found = (spec.minimum, spec.maximum, spec.minimum + step)
    return tuple(to_plain_text(value) for value in dict.fromkeys(found) if value <= spec.maximum)


def _fits(spec: InputSpec, number: Fraction) -> bool:
    if spec.kind is Kind.COUNT and number < 0:
        return False
    if spec.scale is not None and (number * spec.scale).denominator != 1:
        return False
    if spec.kind is Kind.PERCENT and "/" in to_plain_text(number * 100):
        return False
    if spec.kind is Kind.DATE and not 1 <= number < date.max.toordinal():
        return False
    low, high = constant_of(spec.minimum), constant_of(spec.maximum)
    above = low is None or number > low or (number == low and spec.minimum is not None and not spec.minimum.strict)
    return above and (
        high is None or number < high or (number == high and spec.maximum is not None and not spec.maximum.strict)
    )


def _given(spec: InputSpec, number: Fraction) -> object:
    if spec.kind is Kind.DATE:
        return date.fromordinal(int(number)).isoformat()
    if spec.kind is Kind.PERCENT:
        return f"{to_plain_text(number * 100)}%"
    return int(number) if number.denominator == 1 else to_plain_text(number)

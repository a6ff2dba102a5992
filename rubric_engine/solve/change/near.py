"""Values a fact may be moved to: where something tips, and the ends of what it may be, on its own grid.

A number without stated decimals has no smallest step; it is moved to the very value where a comparison tips or, where
that value must be passed or has no end in decimals, a hundredth of a percentage point, a hundredth or one unit of money
beyond it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Final

from rubric_engine.facts.facts import Facts
from rubric_engine.facts.readers import constant_of
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Kind
from rubric_engine.solve.change.move import INPUT, JUDGED, NUMERIC, Move
from rubric_engine.solve.change.registers import row_moves
from rubric_engine.solve.change.study import Lever, Study
from rubric_engine.solve.change.tipping import Pieces, Rough, tipping

MOST_VALUES: Final = 48
_FINE: Final = {Kind.PERCENT: 4, Kind.MONEY: 0, Kind.NUMBER: 2}
_MOST_PLACES: Final = 12
_FIRST_DAY: Final = Fraction(1)
_LAST_DAY: Final = Fraction(date.max.toordinal())
Pair = tuple[x.Num, x.Num]


@dataclass(frozen=True, slots=True)
class Scale:
    """What one number may be: from ``low`` to ``high`` (``None``: no end) on ``start + k * step`` (``None``: any)."""

    low: Fraction | None
    high: Fraction | None
    step: Fraction | None
    start: Fraction = Fraction(0)
    fine: int = 2
    whole: bool = False

    def near(self, value: Fraction) -> Iterator[Fraction]:
        """The value itself where it may be taken, and its neighbours on both sides."""
        step = self.step
        if step is None:
            places = _places(value)
            step = Fraction(1, 10 ** max(self.fine, places or 0))
            if places is not None:
                yield from (value, value - step, value + step)
                return
        down = self.start + floor((value - self.start) / step) * step
        up = self.start + ceil((value - self.start) / step) * step
        yield from (down, up, down - step, up + step)

    def within(self, value: Fraction) -> bool:
        """Whether the number may be that much."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def scale_of(study: Study, lever: Lever) -> Scale:
    """The grid and the constant bounds of a number."""
    section, name = lever
    if section == JUDGED:
        judged = study.layout.judged[name]
        return Scale(judged.minimum, judged.maximum, judged.step, judged.minimum, 2, judged.step is not None)
    return scale_of_input(study.layout.inputs[name])


def scale_of_input(spec: InputSpec) -> Scale:
    """As :func:`scale_of`, of an input or a column."""
    step = None if spec.scale is None else Fraction(1, spec.scale)
    fine = _FINE.get(spec.kind, 0)
    least = step or Fraction(1, 10**fine)
    low, high = _end(spec.minimum, least), _end(spec.maximum, -least)
    if spec.kind is Kind.COUNT:
        low = max(low or Fraction(0), Fraction(0))
    if spec.kind is Kind.DATE:
        low, high = max(low or _FIRST_DAY, _FIRST_DAY), min(high or _LAST_DAY, _LAST_DAY)
    whole = step is not None and not spec.decimals
    return Scale(low, high, step, Fraction(0), fine, whole)


def _end(bound: Bound | None, inside: Fraction) -> Fraction | None:
    value = constant_of(bound)
    if bound is None or value is None:
        return None
    return Fraction(value) + (inside if bound.strict else 0)


# ---------------------------------------------------------------- moves


def moves_of(
    study: Study, facts: Facts, lever: Lever, things: Sequence[x.Expr], pairs: Sequence[Pair]
) -> tuple[list[Move], bool]:
    """Where a fact may be moved so that something in ``things`` or ``pairs`` tips; true when some of it is rough."""
    section, name = lever
    spec = None if section == JUDGED else study.layout.inputs[name]
    if spec is not None and spec.kind is Kind.YES_NO:
        return [Move(INPUT, name, not facts.values[name])], False
    if spec is not None and spec.kind is Kind.LEVEL:
        here = int(_number_given(facts, name))
        others = sorted((at for at in range(len(spec.levels)) if at != here), key=lambda at: (abs(at - here), at))
        return [Move(INPUT, name, at) for at in others], False
    if spec is not None and spec.kind not in NUMERIC:
        return list(row_moves(study, facts, spec, things)), False
    roots, rough = roots_of(study, facts, lever, (*tipping(things, study.lets), *pairs))
    return list(number_moves(study, facts, lever, roots)), rough


def pieces_of(study: Study, facts: Facts, lever: Lever) -> Pieces:
    """Expressions as pieces in this number, all else as in the facts."""
    section, name = lever
    it: x.Expr = x.Judged(name) if section == JUDGED else x.Fact(name)
    key = f"judged {name}" if section == JUDGED else name


    sums = study.sums(facts)

    def depends(expr: x.Expr) -> bool:
        reads = sums.reads(expr)
        own = reads.judged if section == JUDGED else reads.names
        return name in own or any(key in study.reach(code) for code in reads.codes)

    return Pieces(lambda part: part == it, depends, study.lets, sums)


def roots_of(study: Study, facts: Facts, lever: Lever, pairs: Iterable[Pair]) -> tuple[list[Fraction], bool]:
    """Every value at which one of the pairs is equal; true when some pair could not be solved."""
    pieces = pieces_of(study, facts, lever)
    found: dict[Fraction, None] = {}
    rough = False
    for left, right in dict.fromkeys(pairs):
        if not (pieces.depends(left) or pieces.depends(right)):
            continue
        try:
            found.update(dict.fromkeys(pieces.roots(left, right)))
        except Rough:
            rough = True
    return list(found), rough


def number_moves(study: Study, facts: Facts, lever: Lever, roots: Iterable[Fraction]) -> Iterator[Move]:
    """The nearest values beside the roots, the ends of what the number may be and, on whole steps, the next values."""
    section, name = lever
    scale = scale_of(study, lever)
    here = current(facts, lever)
    wanted = [near for root in roots for near in scale.near(root)]
    if section == JUDGED or study.layout.inputs[name].kind is not Kind.DATE:
        wanted += [end for end in (scale.low, scale.high) if end is not None]
    if section == INPUT:
        wanted += _related(study, facts, name)
    if scale.whole and scale.step is not None:
        wanted += [here - scale.step, here + scale.step]
    possible = {value for value in wanted if value != here and scale.within(value) and _on_grid(scale, value)}
    if section == INPUT:
        possible = {value for value in possible if study.may_go(name, value > here)}
    for value in sorted(possible, key=lambda value: (abs(value - here), value))[:MOST_VALUES]:
        yield Move(section, name, value if section == JUDGED or value.denominator > 1 else value.numerator)


def current(facts: Facts, lever: Lever) -> Fraction:
    """The number as it stands."""
    section, name = lever
    return facts.judged[name] if section == JUDGED else _number_given(facts, name)


def _number_given(facts: Facts, name: str) -> Fraction:
    value = facts.values[name]
    assert isinstance(value, int | Fraction)
    return Fraction(value)


def _related(study: Study, facts: Facts, name: str) -> Iterator[Fraction]:
    """As far as other inputs let it go: up to all that was planned."""
    for one in study.relations:
        if one.name == name and not one.strict:
            limit = one.limit(facts.values)
            if limit is not None:
                yield Fraction(limit)


def _on_grid(scale: Scale, value: Fraction) -> bool:
    return scale.step is None or ((value - scale.start) / scale.step).denominator == 1


def _places(value: Fraction) -> int | None:
    """Decimals that write the value exactly, where few do."""
    for places in range(_MOST_PLACES + 1):
        if (value * 10**places).denominator == 1:
            return places
    return None

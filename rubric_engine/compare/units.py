"""Two cycles of many units: each against itself, and the averages of groups of like units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.cohort import UnitGrade
from rubric_engine.compare.cycles import CycleComparison, compare_cycles
from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.fold import Folded, fold
from rubric_engine.meaning.exact import as_json
from rubric_engine.plan.layout import sum_exactly
from rubric_engine.result.result import Result


@dataclass(frozen=True, slots=True)
class GroupChange:
    """The mean index of a group in both cycles, each over the units whose index is known in that cycle.

    ``name`` is empty for all units together. Means are exact, ``None`` over no unit.
    """

    name: str
    units_before: int
    units_after: int
    before: Fraction | None
    after: Fraction | None

    @property
    def change(self) -> Fraction | None:
        """Later mean minus earlier mean (0.0171 is 1.71 percentage points up)."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class UnitsComparison:
    """Every unit that is in both cycles, in the order of the later one; units of one cycle only are named."""

    units: tuple[CycleComparison, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    groups: tuple[GroupChange, ...]

    def __getitem__(self, unit: str) -> CycleComparison:
        return Folded((one.unit, one) for one in self.units)[unit]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "units": [one.to_dict() for one in self.units],
            "only_before": list(self.only_before), "only_after": list(self.only_after),
            "groups": [
                {"group": one.name, "units_before": one.units_before, "units_after": one.units_after,
                 "before": as_json(one.before), "after": as_json(one.after), "change": as_json(one.change)}
                for one in self.groups
            ],
        }  # fmt: skip


def compare_units(
    before: Iterable[Result],
    after: Iterable[Result],
    *,
    renamed: Mapping[str, str] | None = None,
    rubrics: tuple[CompiledRubric, CompiledRubric] | None = None,
    ranks: tuple[Mapping[str, int | None], Mapping[str, int | None]] = ({}, {}),
    grades: tuple[Mapping[str, UnitGrade], Mapping[str, UnitGrade]] = ({}, {}),
    groups: Mapping[str, str] | None = None,
) -> UnitsComparison:
    """Compare the cycles of many units, matched by name.

    ``groups`` maps a unit to its group (a region, a level). The first of the averages is over all units, the others
    follow in the order in which their groups come up. Raises ``ValueError`` for a unit that is there twice in one
    cycle, and as :func:`compare_cycles` does.
    """
    old, new = _by_name(before), _by_name(after)
    rank_before, rank_after = (Folded(each) for each in ranks)
    grade_before, grade_after = (Folded(each) for each in grades)
    compared = tuple(
        compare_cycles(
            old[unit],
            result,
            renamed=renamed,
            rubrics=rubrics,
            ranks=(rank_before.get(unit), rank_after.get(unit)),
            grades=(grade_before.get(unit), grade_after.get(unit)),
        )
        for unit, result in new.items()
        if unit in old
    )
    group_of = Folded(groups or {})
    names = {fold(group_of[unit]): group_of[unit] for unit in reversed((*new, *old)) if unit in group_of}
    averages = [_average("", old, new)]
    for name in dict.fromkeys(names[fold(group_of[unit])] for unit in (*new, *old) if unit in group_of):
        inside = [
            {unit: one for unit, one in side.items() if unit in group_of and fold(group_of[unit]) == fold(name)}
            for side in (old, new)
        ]
        averages.append(_average(name, *inside))
    return UnitsComparison(
        compared, tuple(unit for unit in old if unit not in new), tuple(unit for unit in new if unit not in old),
        tuple(averages),
    )  # fmt: skip


def _by_name(results: Iterable[Result]) -> Folded[Result]:
    """By the name of the unit, however it is written in the other cycle."""
    found: dict[str, Result] = {}
    for result in results:
        if fold(result.unit) in found:
            raise ValueError(f"unit {result.unit!r} is there twice")
        found[fold(result.unit)] = result
    return Folded((result.unit, result) for result in found.values())


def _average(name: str, old: Mapping[str, Result], new: Mapping[str, Result]) -> GroupChange:
    known = [[index for one in side.values() if (index := one.total.index) is not None] for side in (old, new)]
    before, after = (sum_exactly(each) / len(each) if each else None for each in known)
    return GroupChange(name, len(known[0]), len(known[1]), before, after)

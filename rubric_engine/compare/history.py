"""One unit over n cycles: for every leaf, what it lost each time, and what was never put right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.compare.cycles import CycleComparison, compare_cycles
from rubric_engine.meaning.exact import to_json_number
from rubric_engine.result.result import Result


@dataclass(frozen=True, slots=True)
class LeafHistory:
    """A leaf of the latest rubric, oldest cycle first. ``lost`` has ``None`` where the leaf was not there or unknown.

    ``deductions`` are those made every time since the leaf has been there, in the words of the latest rubric.
    """

    code: str
    title: str
    codes: tuple[str | None, ...]
    lost: tuple[Fraction | None, ...]
    deductions: tuple[str, ...]

    @property
    def cycles_lost(self) -> int:
        """In how many cycles it lost points."""
        return sum(bool(lost) for lost in self.lost)

    @property
    def run(self) -> int:
        """How many of the latest cycles, without a break, it lost points in."""
        length = 0
        for lost in reversed(self.lost):
            if not lost:
                break
            length += 1
        return length

    @property
    def total_lost(self) -> Fraction:
        """Points lost over all cycles."""
        return sum((lost for lost in self.lost if lost is not None), Fraction(0))

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "code": self.code, "title": self.title, "codes": list(self.codes),
            "lost": [None if lost is None else to_json_number(lost) for lost in self.lost],
            "total_lost": to_json_number(self.total_lost), "run": self.run, "deductions": list(self.deductions),
        }  # fmt: skip


def leaf_histories(
    results: Iterable[Result], *, renamed: Sequence[Mapping[str, str]] | None = None
) -> tuple[LeafHistory, ...]:
    """Every leaf of the latest result but those of a bonus, with its losses in all of them, oldest first.

    ``renamed`` has one mapping (earlier code to later code) for each step from a cycle to the next. Raises
    ``ValueError`` for fewer than two results, for a wrong number of mappings, and as :func:`compare_cycles` does.
    """
    results = tuple(results)
    if len(results) < 2:
        raise ValueError("two cycles or more are needed")
    steps = [{}] * (len(results) - 1) if renamed is None else list(renamed)
    if len(steps) != len(results) - 1:
        raise ValueError(f"{len(results)} cycles have {len(results) - 1} steps between them, not {len(steps)}")
    comparisons = [
        compare_cycles(earlier, later, renamed=names)
        for earlier, later, names in zip(results, results[1:], steps, strict=False)
    ]
    return tuple(_history(change.code, change.title, comparisons, results)
                 for change in comparisons[-1].leaves if change.after is not None and not change.is_bonus)  # fmt: skip


def never_put_right(
    results: Iterable[Result], *, renamed: Sequence[Mapping[str, str]] | None = None
) -> tuple[LeafHistory, ...]:
    """Leaves that lost points in every one of the cycles, most lost first. Raises as :func:`leaf_histories` does."""
    results = tuple(results)
    found = [one for one in leaf_histories(results, renamed=renamed) if one.run == len(results)]
    return tuple(sorted(found, key=lambda one: -one.total_lost))


def _history(code: str, title: str, comparisons: Sequence[CycleComparison], results: Sequence[Result]) -> LeafHistory:
    codes: list[str | None] = [code]
    again: set[str] | None = None
    for comparison in reversed(comparisons):
        later = codes[-1]
        earlier = next((one.old_code for one in comparison.nodes if one.code == later and one.before), None)
        codes.append(earlier)
        if earlier is not None:
            labels = {one.label for one in comparison.deducted_again if one.code == later}
            again = labels if again is None else again & labels
    codes.reverse()
    lost = tuple(
        None if at is None or at not in result else result[at].lost
        for at, result in zip(codes, results, strict=True)
    )
    return LeafHistory(code, title, tuple(codes), lost, tuple(sorted(again or ())))

"""Lookups for generated plans: keys of every kind, tables inside tables, cells of every grain."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from random import Random

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.plan.tables import Axis, Table, written_numbers

GRAINS = (1, 1, 2, 4, 100, 3, 10**13)


def level_keys(inputs: Sequence[InputSpec], row: InputSpec | None) -> list[x.Num]:
    """Facts of levels, and the column of levels of the row at hand."""
    found: list[x.Num] = [x.Column("kind-of")] if row is not None and row.kind is Kind.LIST else []
    return found + [x.Fact(spec.name) for spec in inputs]


def lookup(
    rng: Random, levels: Sequence[x.Num], truth: Callable[[], x.Truth], number: Callable[[], x.Num], *, index: int = 0
) -> x.Lookup:
    """Of one to three keys; ``levels`` are facts or columns of three levels. ``index`` makes it give so many levels."""
    keys: list[tuple[x.Num, Axis]] = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(["level", "level", "truth", "number", "table"])
        if kind == "level" and levels:
            keys.append((rng.choice(levels), Axis(3)))
        elif kind == "number":
            keys.append((number(), _of_numbers(rng)))
        elif kind == "table" and levels:
            keys.append((lookup(rng, levels, truth, number, index=3), Axis(3)))
        else:
            keys.append((x.If(truth(), x.Const(Fraction(1)), x.Const(Fraction(0))), Axis(2)))
    size = prod(axis.size for _, axis in keys)
    grain = rng.choice(GRAINS)
    cells = [Fraction(rng.randrange(index)) if index else Fraction(rng.randint(-3, 9), grain) for _ in range(size)]
    table = Table(f"t{rng.randint(0, 9)}", tuple(axis for _, axis in keys), written_numbers(cells))
    return x.Lookup(table, tuple(key for key, _ in keys))


def among(
    rng: Random, levels: Sequence[x.Num], truth: Callable[[], x.Truth], number: Callable[[], x.Num]
) -> x.Among:
    """Whether a table gives one of some levels."""
    return x.Among(
        lookup(rng, levels, truth, number, index=4), tuple(sorted(rng.sample(range(4), rng.randint(0, 3))))
    )  # fmt: skip


def _of_numbers(rng: Random) -> Axis:
    grain = rng.choice((1, 1, 2, 3))
    ends = sorted({Fraction(rng.randint(-2, 8), grain) for _ in range(rng.randint(1, 4))})
    size = rng.randint(1, 3)
    places = [at % size for at in range(size)]
    places += [rng.randrange(size) for _ in range(2 * len(ends) + 1)]
    rest = places[: 2 * len(ends) + 1]
    return Axis(size, written_numbers(ends), " ".join(map(str, rest)))

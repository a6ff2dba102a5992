"""The least a group can combine to, for the oracle: section 4 of the reference, by trying every choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction as F
from itertools import combinations, product
from math import prod

from oracle_clauses import Given, combined
from oracle_sheet import Heading, Leaf


@dataclass(frozen=True)
class Ends:
    """What a heading runs between: its least points, the least maximum that can be left of it, whether it can leave,
    and whether what adds it can be not rated through it."""

    low: F
    left: F
    leaves: bool
    spoils: bool = False


def ends_of(heading: Heading, given: Given) -> Ends:
    """Section 4: a group that combines runs from the least its children can combine to."""
    out = ("excluded", "not applicable")
    own = any(one.policy == "excluded" for one in heading.absences)
    own = own or (heading.policy is not None and heading.policy.what in out)
    if isinstance(heading, Leaf):
        anywhere = any(spec.missing == "not applicable" for spec in given.specs.values())
        return Ends(heading.low, heading.high, own or anywhere)
    children = [child for child in heading.children if not (isinstance(child, Leaf) and child.unscored)]
    below = [(child, ends_of(child, given)) for child in children]
    going = any(ends.leaves or ends.left < child.high for child, ends in below)
    out_of_all = all(ends.leaves for child, ends in below if not heading.combine or child.high > 0)
    lacking = heading.needs is not None and going
    unrated = out_of_all or (lacking if heading.combine else any(ends.spoils for _, ends in below))
    leaves = own or heading.nothing_applies == "excluded" or unrated
    spoils = unrated and heading.policy is None
    if heading.combine:
        low = heading.low or heading.high * least_combined(heading.combine, below)
        return Ends(low, heading.high, leaves, spoils)
    stays = sum((ends.left for _, ends in below if not ends.leaves), F(0))
    some = min((ends.left for _, ends in below if ends.left > 0), default=heading.high)
    return Ends(heading.low, stays or some if going else heading.high, leaves, spoils)


def least_combined(combine: str, below: list[tuple[Heading, Ends]]) -> F:
    """The least index: every child at its least, over every choice of those that can leave; never above 0."""
    if combine == "sum over positive maximum":
        found = []
        for gone in subsets([at for at, (_, ends) in enumerate(below) if ends.leaves]):
            part = [pair for at, pair in enumerate(below) if at not in gone]
            most = sum((max(ends.left if ends.leaves else child.high, F(0)) for child, ends in part), F(0))
            found += [sum((ends.low for _, ends in part), F(0)) / most] if most else []
        return min([F(0), *found])
    taking = [(child, ends) for child, ends in below if child.high > 0]
    parts = [(child.weight or F(1), ends.low / (ends.left if ends.low < 0 else child.high), ends.leaves)
             for child, ends in taking]  # fmt: skip
    kind = combine.split(",")[0]
    if kind == "harmonic mean" or all(index >= 0 for _, index, _ in parts):
        return F(0)
    if kind.split()[0] in ("median", "best", "drop") and any(leaves for _, _, leaves in parts):
        return min(index for _, index, _ in parts)
    if kind == "product":  # each from its least to 1, which also stands for a child that has left
        corners = product(*([index, F(1)] for _, index, _ in parts))
        return min(F(0), *(prod(corner) for corner in corners))
    found = []
    for gone in subsets([at for at, (_, _, leaves) in enumerate(parts) if leaves]):
        pairs = [(weight, index) for at, (weight, index, _) in enumerate(parts) if at not in gone]
        found += [combined(combine, pairs)] if pairs else []
    return min([F(0), *found])


def subsets(places: list[int]) -> Iterator[frozenset[int]]:
    """Every choice of them."""
    for many in range(len(places) + 1):
        yield from map(frozenset, combinations(places, many))

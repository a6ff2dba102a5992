"""How a heading stands, and how headings stand together: the one rule every group and the sheet obey.

Standard library only.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import assert_never

from rubric_engine.plan.plan import IfMissing, MissingPolicy, Policy


class Stands(IntEnum):
    """In rising order: of several headings together the greatest counts.

    IN: it has points, or will have them (also at a later stage). OUT: a clause of the rubric took it out of the
    maximum. LEFT: so did something missing, by the rubric's own word. UNRATED: it should have points, nothing tells
    which, and nothing says what then: whatever adds it has none either.
    """

    NOTHING = 0
    OUT = 1
    LEFT = 2
    IN = 3
    UNRATED = 4


class Rated(IntEnum):
    """What a group, or the sheet, is told to be by what is below it: the mark of ``Observed.RATED``.

    NOTHING: nothing of it applies, so neither does the group. FAILED: it would have nothing to be rated by, or nothing
    of it would apply, and a requirement of its own fails, which comes first.
    """

    NO = 0
    YES = 1
    NOTHING = 2
    FAILED = 3


def states(parts: Iterable[int]) -> int:
    """How the headings that count stand together."""
    return max(parts, default=Stands.NOTHING)


def stands_as_group(together: int, *, pooled: bool = False, sheet: bool = False) -> Stands:
    """How a group that adds stands, by what its headings come to together.

    A pool without anything in it is a bonus or a penalty of 0; a sheet without anything left is not rated.
    """
    match Stands(together):
        case Stands.UNRATED:
            return Stands.UNRATED
        case Stands.NOTHING | Stands.IN:
            return Stands.IN
        case Stands.LEFT:
            return Stands.IN if pooled else Stands.UNRATED
        case Stands.OUT:
            return Stands.IN if pooled else Stands.UNRATED if sheet else Stands.OUT
        case other:
            assert_never(other)


def stands_without(policy: Policy | None) -> Stands:
    """How a heading that does not apply stands: by its own clause, or (``None``) by that of a heading above."""
    match policy:
        case Policy.FULL | Policy.ZERO | Policy.UNDECIDED | Policy.DECIDED | Policy.NOT_DUE:
            return Stands.IN
        case Policy.EXCLUDED | Policy.KEEP_WORTH | None:
            return Stands.OUT
        case _:
            assert_never(policy)


def stands_if_not_rated(policy: IfMissing | None) -> Stands:
    """How a heading that is not rated stands by what the rubric says of that."""
    return Stands.UNRATED if policy is None else stands_by(policy.policy)


def stands_by(policy: MissingPolicy) -> Stands:
    """How a heading stands once such a policy has settled it."""
    match policy:
        case MissingPolicy.EXCLUDED:
            return Stands.LEFT
        case MissingPolicy.NOT_APPLICABLE:
            return Stands.OUT
        case MissingPolicy.POINTS | MissingPolicy.BASE:
            return Stands.IN
        case _:
            assert_never(policy)

"""The leaves below a heading: what they are worth, what applies, what was removed. For the interpreter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from rubric_engine.plan.expr import Always, Truth
from rubric_engine.plan.plan import CombineKind, MissingPolicy, PlanNode, Policy

ZERO = Fraction(0)
ALWAYS = Always(True)


@dataclass(frozen=True, slots=True)
class Leaves:
    """The scored leaves below a heading: all of them, those that apply, and those an EXCLUDED clause removed.

    The outermost heading that does not apply speaks for every leaf below it. Leaves that got full points or zero
    instead of being judged stay in the maximum, and so count as applicable here. A leaf not due is outside the
    maximum of its stage as if removed, but ``left``: it may still apply, so it never lets a group run empty.
    """

    printed: Fraction
    count: int
    applicable: Fraction
    left: int
    excluded: Fraction

    def left_out(self, policy: MissingPolicy) -> "Leaves":
        """The same leaves below a heading that is not rated and left out: nobody said that they do not apply."""
        gone = self.under(Policy.EXCLUDED)
        return replace(gone, left=self.left) if policy is MissingPolicy.EXCLUDED else gone

    def under(self, policy: Policy | None) -> "Leaves":
        """The same leaves below a heading with this policy in force."""
        match policy:
            case None:
                return self
            case Policy.FULL | Policy.ZERO | Policy.UNDECIDED | Policy.DECIDED:
                return Leaves(self.printed, self.count, self.printed, self.count, ZERO)
            case Policy.EXCLUDED:
                return Leaves(self.printed, self.count, ZERO, 0, self.printed)
            case Policy.NOT_DUE:
                return Leaves(self.printed, self.count, ZERO, self.count, self.printed)
            case Policy.KEEP_WORTH:
                return Leaves(self.printed, self.count, ZERO, 0, ZERO)
            case _:
                assert_never(policy)


def asked_clauses(node: PlanNode) -> tuple[tuple[int, Truth], ...]:
    """The *not applicable when* clauses by number, as far as anyone asks: up to the first that always holds."""
    found: list[tuple[int, Truth]] = []
    for i, clause in enumerate(node.absent):
        if clause.when is not None:
            found.append((i, clause.when))
            if clause.when == ALWAYS:
                break
    return tuple(found)


def never_applies(node: PlanNode) -> bool:
    """Whether some clause always holds, so that nothing but its clauses is ever looked at."""
    return any(clause.when == ALWAYS for clause in node.absent)


def together(parts: Iterable[Leaves]) -> Leaves:
    """The leaves of several headings as one."""
    all_of = list(parts)
    return Leaves(
        sum((p.printed for p in all_of), ZERO),
        sum(p.count for p in all_of),
        sum((p.applicable for p in all_of), ZERO),
        sum(p.left for p in all_of),
        sum((p.excluded for p in all_of), ZERO),
    )


def is_counted(node: PlanNode) -> bool:
    """Whether the node's points are added to its parent's."""
    return node.met is None and not node.unscored


def weight_of(node: PlanNode, kind: CombineKind) -> Fraction:
    """The weight of a child in a combination of this kind: what it counts for in ``needs``."""
    if kind is CombineKind.SUM_POSITIVE:
        return max(node.maximum, ZERO)
    return Fraction(1) if node.weight is None else node.weight


def is_scored_leaf(node: PlanNode) -> bool:
    """A heading with points of its own making that count."""
    return not node.children and is_counted(node)

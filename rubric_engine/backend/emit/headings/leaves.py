"""Which leaves below a heading still apply: for a kept worth, and for groups of which nothing is left.

Only rubrics with such clauses pay for it. For each heading concerned, ``g7`` is what its applicable leaves are worth,
``y7`` what an EXCLUDED clause removed or is not due, ``k7`` how many leaves are left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rubric_engine.backend.emit import values as v
from rubric_engine.backend.emit.numbers import WIDEST, Var
from rubric_engine.backend.emit.scales import whole
from rubric_engine.backend.emit.values import Val
from rubric_engine.backend.interpret import is_counted
from rubric_engine.meaning.states import Rated
from rubric_engine.plan.plan import MissingPolicy, PlanNode, Policy

if TYPE_CHECKING:
    from rubric_engine.backend.emit.headings.nodes import NodeWriter


@dataclass(frozen=True, slots=True)
class Counts:
    """Source of the three numbers."""

    applicable: str
    excluded: str
    left: str


class LeafCounts:
    """Keeps count of leaves while headings are written."""

    def __init__(self, writer: "NodeWriter") -> None:
        self.to = writer
        self.asked: set[int] = set()
        plan = writer.plan
        nodes = plan.nodes
        self.holders: dict[str | None, list[tuple[int, int]]] = {}
        emptied: list[int] = []
        for at, node in enumerate(nodes):
            for i, clause in enumerate(node.absent):
                # A pool stands beside the sheet: nothing in it is part of the sheet's worth.
                if clause.policy is Policy.KEEP_WORTH and (clause.worth_of is not None or at not in writer.pools):
                    self.holders.setdefault(clause.worth_of, []).append((at, i))
                if clause.when is None:
                    emptied.append(at)
        self.want_left = bool(emptied)
        todo = [child for at in emptied for child in nodes[at].children]
        todo += [c for code in self.holders if code is not None for c in nodes[writer.at[code]].children]
        todo += [at for at in plan.roots if not nodes[at].pool] if None in self.holders else []
        self.counted: set[int] = set()
        while todo:
            at = todo.pop()
            if at not in self.counted:
                self.counted.add(at)
                todo += nodes[at].children
        held = {at for each in self.holders.values() for at, _ in each}
        self.watched = self.counted | held | writer.needs.zero_tested
        self.counts: dict[int, Counts] = {}
        self.printed: dict[int, tuple[Fraction, int]] = {}
        if self.counted:
            self._print()

    def _print(self) -> None:
        """The printed worth and number of the scored leaves below each heading."""
        plan = self.to.plan
        for at in plan.order:
            node = plan.nodes[at]
            if not is_counted(node):
                self.printed[at] = (Fraction(0), 0)
            elif node.children:
                parts = [self.printed[c] for c in node.children]
                self.printed[at] = (sum((p for p, _ in parts), Fraction(0)), sum(n for _, n in parts))
            else:
                self.printed[at] = (node.maximum, 1)

    # ---- counting

    def count(self, at: int, node: PlanNode) -> None:
        """Count the leaves of a heading just written."""
        if at not in self.counted:
            return
        worth, number = self.printed[at]
        printed = v.literal(whole(worth, self.to.scales.maximum))
        absent = self.to.absent.get(at)
        if not number:
            self.counts[at] = Counts("0", "0", "0")
            return
        inner = self.below(node.children) if node.children else Counts(printed, "0", str(number))
        if self.asks_rated(at):
            inner = self._unless_not_rated(at, node, inner, printed, number)
        if absent is None:
            self.counts[at] = inner
            return
        stays = [i for i, c in enumerate(node.absent) if c.policy in (Policy.FULL, Policy.ZERO)]
        gone = [i for i, c in enumerate(node.absent) if c.policy in (Policy.EXCLUDED, Policy.NOT_DUE)]
        left = [i for i, c in enumerate(node.absent) if c.policy is Policy.NOT_DUE or i in stays]
        if self.holders:
            self._put(f"g{at}", inner.applicable, absent, printed, stays)
            self._put(f"y{at}", inner.excluded, absent, printed, gone)
        if self.want_left:
            self._put(f"k{at}", inner.left, absent, str(number), left)
        self.counts[at] = Counts(f"g{at}", f"y{at}", f"k{at}")

    def asks_rated(self, at: int) -> bool:
        """Whether it is counted otherwise where the heading is not rated, or only by a requirement that fails."""
        node = self.to.plan.nodes[at]
        says = node.if_not_rated is not None or node.requirements
        return bool(says) and at in self.counted and not self.to.stands.always_rated(at)

    def keeps_rated(self, at: int) -> bool:
        """Whether the mark of a group is looked at, by what is counted or by a condition."""
        return self.to.keep or self.asks_rated(at) or at in self.to.needs.unrated

    def _unless_not_rated(self, at: int, node: PlanNode, inner: Counts, printed: str, number: int) -> Counts:
        """The same where the heading is rated; else all its leaves stay or leave together."""
        says = node.if_not_rated
        stays = Counts(printed, "0", str(number))
        gone = Counts("0", printed, inner.left if says and says.policy is MissingPolicy.EXCLUDED else "0")
        unrated = inner if says is None else gone if says.value is None else stays

        def one(part: str) -> str:
            rated, other, full = (getattr(counts, part) for counts in (inner, unrated, stays))
            return f"({full} if o{at} == {int(Rated.FAILED)} else {rated} if o{at} else {other})"

        return Counts(one("applicable"), one("excluded"), one("left"))

    def _put(self, name: str, applies: str, absent: str, otherwise: str, clauses: Sequence[int]) -> None:
        """The number where the heading applies, ``otherwise`` under these clauses, else 0."""
        code = f"{applies} if {absent} == -1 else "
        if clauses:
            code += f"{otherwise} if {absent} in ({', '.join(map(str, clauses))},) else "
        self.to.w.line(f"{name} = {code}0")

    def below(self, children: Iterable[int]) -> Counts:
        """The leaves of all these together."""
        parts = [self.counts[c] for c in children if c in self.counts and is_counted(self.to.plan.nodes[c])]
        worth = bool(self.holders)
        return Counts(
            self._sum([p.applicable for p in parts]) if worth else "0",
            self._sum([p.excluded for p in parts]) if worth else "0",
            self._sum([p.left for p in parts]) if self.want_left else "0",
        )

    def _sum(self, parts: list[str]) -> str:
        fixed = sum(int(part) for part in parts if part.lstrip("-").isdigit())
        names = [part for part in parts if not part.lstrip("-").isdigit()]
        while len(names) > WIDEST:
            names[:WIDEST] = [self.to.temp(" + ".join(names[:WIDEST]))]
        if fixed or not names:
            names.append(v.literal(fixed))
        return self.to.temp(" + ".join(names)) if len(names) > 1 else names[0]

    # ---- kept worth

    def _is_kept(self, code: str | None) -> str:
        return " or ".join(self._holds(at, clause, code) for at, clause in self.holders[code])

    def _holds(self, at: int, clause: int, code: str | None) -> str:
        """A clause counts unless a group in between dropped out too, because nothing was left of it."""
        nodes = self.to.plan.nodes
        tests = [f"a{at} == {clause}"]
        above = nodes[at].parent
        while above is not None and nodes[above].code != code:
            if any(c.when is None for c in nodes[above].absent):
                tests.append(f"a{above} == -1")
            above = nodes[above].parent
        return tests[0] if len(tests) == 1 else f"({' and '.join(tests)})"

    def _worth(self, printed: Fraction, counts: Counts) -> str:
        full = v.literal(whole(printed, self.to.scales.maximum))
        return full if counts.excluded == "0" else f"{full} - {counts.excluded}"

    def worth(self, code: str | None, printed: Fraction, changing: list[int], counts: Counts) -> str | None:
        """Source of the applicable maximum; ``None`` where it always is the printed one."""
        scale = self.to.scales.maximum
        rest = printed - sum((self.to.plan.nodes[c].maximum for c in changing), Fraction(0))
        names = [v.at_scale(self.to.maxima[c], scale) for c in changing]
        while len(names) > WIDEST:
            names[:WIDEST] = [self.to.temp(" + ".join(names[:WIDEST]))]
        if rest or not names:
            names.append(v.literal(whole(rest, scale)))
        normal = " + ".join(names)
        if code in self.holders:
            return f"{self._worth(printed, counts)} if ({self._is_kept(code)}) and {counts.applicable} else {normal}"
        return normal if changing else None

    def rescale(self, code: str | None, printed: Fraction, counts: Counts, work: Var) -> None:
        """Points of a heading that keeps its worth: times W over A, where anything applies at all."""
        if code not in self.holders:
            return
        to = self.to
        to.w.line(f"if ({self._is_kept(code)}) and {counts.applicable}:")
        with to.w.indented():
            worth = v.reduced(Val(to.temp(self._worth(printed, counts))), 1, to.scales.maximum)
            below = v.reduced(Val(to.temp(counts.applicable)), 1, to.scales.maximum)
            to.w.scope.nonzero.add(below.code)
            to.assign(work, to.quotient(to.product(work.value, worth), below))
        work.ends = (None, None)

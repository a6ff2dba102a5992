"""How headings stand, as Python: ``f7`` is how heading 7 stands, ``n7`` how its children stand together.

Only what depends on the facts is written, and only where a group that adds, the sheet or a grade table asks for it: a
sheet that is always rated pays nothing.
"""

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from rubric_engine.backend.emit.scales import is_rated
from rubric_engine.backend.leaves import is_counted, never_applies
from rubric_engine.meaning.states import Stands, stands_as_group, stands_if_not_rated, stands_without, states
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.plan.plan import GradeTable, PlanNode

if TYPE_CHECKING:
    from rubric_engine.backend.emit.headings.nodes import NodeWriter

_Possible = frozenset[int]
_SHEET = -1
_RATED: _Possible = frozenset((Stands.IN,))


class StateWriter:
    """Keeps how headings stand while they are written."""

    def __init__(self, writer: "NodeWriter") -> None:
        self.to = writer
        plan = writer.plan
        self.together: dict[int, _Possible] = {}  # of the children of a group that adds, and of the roots
        self.own: dict[int, _Possible] = {}  # where the heading applies, before what holds where it is not rated
        self.possible: dict[int, _Possible] = {}
        self.graded = {table.node for table in plan.grades if table.node >= 0}
        self.read = writer.needs.read
        for at in plan.order:
            self._work_out(at, plan.nodes[at])
        self.roots = [at for at in plan.roots if is_counted(plan.nodes[at])]
        outline = self._states_of(at for at in self.roots if not plan.nodes[at].pool)
        pools = self._states_of(at for at in self.roots if plan.nodes[at].pool)
        sheet = frozenset(stands_as_group(one, sheet=True) for one in outline)
        self.own[_SHEET] = frozenset(states(pair) for pair in product(sheet, pools))
        self.wanted: set[int] = {at for at in self.graded if len(self.possible[at]) > 1}
        self.wanted |= {at for at in self.read if Stands.UNRATED in self.possible[at] and len(self.possible[at]) > 1}
        if self.may_lack(_SHEET):
            self._want(self.roots)
        for at in reversed(plan.order):  # a group before what is below it
            if at in self.together and not self.always_rated(at):
                self._want(plan.nodes[at].children)

    def _want(self, headings: Iterable[int]) -> None:
        nodes = self.to.plan.nodes
        self.wanted.update(at for at in headings if is_counted(nodes[at]) and len(self.possible[at]) > 1)

    def _work_out(self, at: int, node: PlanNode) -> None:
        if node.met is not None:
            self.possible[at] = frozenset((Stands.IN,))
            return
        possible = {stands_without(clause.policy) for clause in node.absent}
        if not never_applies(node):
            self.own[at] = self._own(at, node)
            possible |= {stands_if_not_rated(node.if_not_rated) if one == Stands.UNRATED else Stands(one)
                         for one in self.own[at]}  # fmt: skip
            if node.requirements:
                possible.add(Stands.IN)
        asked = at in self.graded or (at in self.read and Stands.UNRATED in possible)
        if asked and self._may_be_out_above(node):
            possible.add(Stands.OUT)
        self.possible[at] = frozenset(possible)

    def _may_be_out_above(self, node: PlanNode) -> bool:
        above = node.parent
        while above is not None and not self.to.plan.nodes[above].absent:
            above = self.to.plan.nodes[above].parent
        return above is not None

    def _own(self, at: int, node: PlanNode) -> _Possible:
        if not node.children:
            return frozenset((Stands.IN,))
        if node.combine is not None:
            children = [child for child in node.children if is_counted(self.to.plan.nodes[child])]
            if not self.to.scales.steady.issuperset(children):
                return frozenset((Stands.IN, Stands.UNRATED))
            return frozenset((Stands.IN if is_rated(self.to.plan, node.combine, children) else Stands.UNRATED,))
        self.together[at] = self._states_of(node.children)
        return frozenset(self._as_group(at, one) for one in self.together[at])

    def _as_group(self, at: int, together: int) -> Stands:
        return stands_as_group(
            together, pooled=at in self.to.pools, sheet=self.to.plan.nodes[at].level == SHEET_LEVEL
        )

    def _states_of(self, headings: Iterable[int]) -> _Possible:
        found: _Possible = frozenset((Stands.NOTHING,))
        for at in headings:
            if is_counted(self.to.plan.nodes[at]):
                found = frozenset(states(pair) for pair in product(found, self.possible[at]))
        return found

    def may_lack(self, at: int) -> bool:
        """Whether a heading that applies, or the sheet (-1), may be not rated."""
        return Stands.UNRATED in self.own.get(at, frozenset())

    def always_rated(self, at: int) -> bool:
        """Whether a heading that applies has points of what is below it whatever the facts."""
        return self.own.get(at, _RATED) == _RATED

    def never_rated(self, at: int) -> bool:
        """Whether it never has."""
        return Stands.IN not in self.own.get(at, _RATED)

    # ---- what is written

    def put(self, at: int, stands: Stands) -> None:
        """How a heading stands on this way."""
        if at in self.wanted:
            self.to.w.line(f"f{at} = {stands.value}")

    def may_be_unrated(self, at: int) -> bool:
        """Whether a heading may have no points in the end, whatever the rubric says of that."""
        return Stands.UNRATED in self.possible[at]

    def code(self, at: int) -> str:
        """How a heading stands."""
        return f"f{at}" if at in self.wanted else str(int(next(iter(self.possible[at]))))

    def test(self, at: int, node: PlanNode) -> str:
        """When a group that adds is rated; nothing where it always is, or never. ``n7`` is left behind."""
        if self.always_rated(at):
            return ""
        children = [child for child in node.children if is_counted(self.to.plan.nodes[child])]
        self.to.w.line(f"n{at} = {self._most(children)}")
        good = [one for one in sorted(self.together[at]) if self._as_group(at, one) == Stands.IN]
        return f"n{at} in ({', '.join(str(int(one)) for one in good)},)" if good else ""

    def sheet(self) -> str:
        """When the sheet is rated; nothing where it always is."""
        if not self.may_lack(_SHEET):
            return ""
        nodes = self.to.plan.nodes
        outline = self._most([at for at in self.roots if not nodes[at].pool])
        tests = [f"{outline} == 3" if outline != "0" else ""]
        tests += [f"{self.code(at)} < 4" for at in self.roots
                  if nodes[at].pool and Stands.UNRATED in self.possible[at]]  # fmt: skip
        return " and ".join(test for test in tests if test)

    def _most(self, headings: list[int]) -> str:
        codes = list(dict.fromkeys(self.code(at) for at in headings))
        return f"max({', '.join(codes)})" if len(codes) > 1 else codes[0] if codes else "0"

    def subject(self, number: int, table: GradeTable) -> str:
        """When a table has something to grade; nothing where it always has."""
        tests = []
        if self.may_lack(_SHEET) and number in self.to.of_total:
            tests.append("rated")
        if table.node >= 0 and self.possible[table.node] != {Stands.IN}:
            tests.append(f"{self.code(table.node)} == 3")
        return " and ".join(tests)

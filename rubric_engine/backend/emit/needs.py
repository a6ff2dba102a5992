"""What a plan's parts look at: nodes the total needs, and where in the order a named value can first be computed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rubric_engine.backend.emit.scales import maxima_below
from rubric_engine.backend.leaves import asked_clauses, is_counted, never_applies
from rubric_engine.meaning.finish import may_pass
from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import clauses_of, expressions_in
from rubric_engine.plan.plan import Choice, Plan, PlanNode, Policy


def exprs_of(plan: Plan, node: PlanNode) -> Iterator[x.Expr]:
    """Every expression of a heading that can be asked for, its own clauses only."""
    yield from (when for _, when in asked_clauses(node))
    if not never_applies(node):
        yield from expressions_in(*clauses_of(plan, replace(node, absent=())))


@dataclass(slots=True)
class Looks:
    """What some expressions look at, by name and by code."""

    codes: set[str] = field(default_factory=set)
    maxima: set[str] = field(default_factory=set)
    zero_tested: set[str] = field(default_factory=set)
    unrated: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    total: bool = False
    total_maximum: bool = False

    @property
    def headings(self) -> Iterable[str]:
        """Those that come first."""
        return (*self.codes, *self.maxima, *self.zero_tested, *self.unrated)


AFTER_TOTAL = -2  # where a named value that reads the total is ready

_PLAIN = frozenset({x.Const, x.Fact, x.Judged, x.Column, x.Always, x.Flag, x.IsLevel, x.ColumnFlag, x.ColumnIs})


def looks_of(exprs: Iterable[x.Expr]) -> Looks:
    """Everything looked at, each once."""
    found = Looks()
    todo = list(exprs)
    while todo:
        here = todo.pop()
        if type(here) in _PLAIN:  # by far the most
            continue
        match here:
            case x.Ref(name=name) | x.RefTruth(name=name):
                found.names.add(name)
            case x.PointsOf(code=code) | x.Met(code=code):
                found.codes.add(code)
            case x.Unrated(code=code):
                found.unrated.add(code)
            case x.MaximumOf(code=code):
                found.maxima.add(code)
            case x.Total():
                found.total = True
            case x.TotalMaximum():
                found.total = found.total_maximum = True
            case x.NothingZero(codes=codes):
                found.zero_tested.update(codes)
            case _:
                todo += x.parts(here)
    return found


class Uses:
    """What each heading and each named value of a plan looks at; found once for all functions."""

    def __init__(self, plan: Plan) -> None:
        self.nodes = [looks_of(exprs_of(plan, node)) for node in plan.nodes]
        nothing = Looks()
        self.absences = [
            looks_of(when for _, when in asked_clauses(node)) if node.absent else nothing
            for node in plan.nodes
        ]
        self.lets = {let.name: looks_of([let.value]) for let in plan.lets}


class Needs:
    """What one function computes: the nodes, the lets, and after which node each let is ready.

    -1 stands for at once, ``AFTER_TOTAL`` for what reads the total.
    """

    def __init__(self, plan: Plan, uses: Uses, steady: frozenset[int], *, whole: bool) -> None:
        self.plan = plan
        self.steady = steady
        self.uses = uses
        self.at = {node.code: at for at, node in enumerate(plan.nodes)}
        self.nodes: set[int] = set()
        self.names: set[str] = set()
        self.maxima: set[int] = set()
        self.read: set[int] = set()  # of which some expression reads the points or the maximum
        self.unrated: set[int] = set()  # of which some condition asks whether they are not rated
        self.zero_tested: set[int] = set()
        self.total_maximum = whole
        self._todo: list[int] = list(plan.order if whole else (at for at in plan.roots if is_counted(plan.nodes[at])))
        for at, node in enumerate(plan.nodes):
            if any(clause.policy is Policy.KEEP_WORTH for clause in node.absent):
                self._keep_worth(at)
        held = may_pass(plan.rounding, plan.total, *(node.maximum for node in plan.nodes))
        self._look(Looks(total_maximum=held))
        self._look(looks_of(expressions_in(plan.limits, plan.grades if whole else ())))
        while self._todo:
            self._add(self._todo.pop())
        self.lets_after = self._places()

    def _keep_worth(self, at: int) -> None:
        """A heading that counts nothing may still move worth, unless nothing is left of a group it stands in."""
        self._todo.append(at)
        above = self.plan.nodes[at].parent
        while above is not None:
            if any(clause.when is None for clause in self.plan.nodes[above].absent):
                self._todo.append(above)
            above = self.plan.nodes[above].parent

    def _look(self, looks: Looks) -> None:
        stack = [looks]
        while stack:
            here = stack.pop()
            self.read.update(self.at[code] for code in here.codes | here.maxima)
            self._todo += [self.at[code] for code in here.headings]
            self.unrated.update(self.at[code] for code in here.unrated)
            self.zero_tested.update(self.at[code] for code in here.zero_tested)
            self._needs_maximum([self.at[code] for code in here.maxima])
            if here.total_maximum:
                self.total_maximum = True
                self._todo += self.plan.roots
                self._needs_maximum(list(self.plan.roots))
            stack += [self.uses.lets[name] for name in here.names - self.names]
            self.names |= here.names

    def _needs_maximum(self, todo: list[int]) -> None:
        while todo:
            at = todo.pop()
            if at not in self.maxima:
                self.maxima.add(at)
                todo += self.plan.nodes[at].children

    def _add(self, at: int) -> None:
        """A node, those below that count in it, and (for their "not applicable") those above."""
        if at in self.nodes:
            return
        self.nodes.add(at)
        node = self.plan.nodes[at]
        self._look(self.uses.nodes[at])
        counted = [child for child in node.children if is_counted(self.plan.nodes[child])]
        self._todo += counted
        if node.combine is not None and not self.steady.issuperset(counted):
            self._needs_maximum(counted)
        if node.children and node.combine is None and may_pass(node.rounding, *maxima_below(self.plan, at)):
            self._needs_maximum([at])
        above = node.parent
        while above is not None:
            self._look(self.uses.absences[above])
            above = self.plan.nodes[above].parent

    def _places(self) -> dict[int, list[int]]:
        position = {at: i for i, at in enumerate(self.plan.order)}
        last: dict[str, int] = {}
        places: dict[int, list[int]] = {}
        order = (*self.plan.order, AFTER_TOTAL, -1)  # the last for what is ready at once
        for i, let in enumerate(self.plan.lets):
            if let.name not in self.names:
                continue
            looks = self.uses.lets[let.name]
            ready = [position[self.at[code]] for code in looks.headings]
            ready += [last[name] for name in looks.names]
            ready += [len(self.plan.order)] if looks.total else []
            last[let.name] = max(ready, default=-1)
            places.setdefault(order[last[let.name]], []).append(i)
        return places


def asks_first(base: Choice, subject: x.Num) -> bool:
    """Whether the first case surely looks at the subject, so that nothing is missed by not computing it apart."""
    first = base.cases[0]
    asked: x.Expr = first.value if first.when is None or len(base.cases) == 1 else first.when
    return _surely(asked, subject)


def _surely(expr: x.Expr, subject: x.Num) -> bool:
    todo = [expr]
    while todo:
        here = todo.pop()
        if here == subject:
            return True
        match here:
            case x.If(when=first):
                todo.append(first)
            case x.All(args=args) | x.AnyOf(args=args):
                todo += args[:1]
            case x.CountRows() | x.Reduced():
                pass  # there may be no row
            case _:
                todo += x.parts(here)
    return False

"""Sheets and submissions for the oracle, drawn in the corners: signed, missing, evidence, rounding, not rated."""

from collections.abc import Callable, Sequence
from fractions import Fraction as F
from random import Random
from typing import Any, TypeVar

import oracle_sheet as o
from hypothesis import strategies as st

T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]  # one of several, the plainest first

LEVELS = ("poor", "fair", "fine")
MODES: tuple[o.Mode, ...] = ("half-up", "half-even", "up", "down", "ceiling", "floor")
COMBINES = (
    "mean", "weighted mean", "lowest", "highest", "median", "product", "best 1", "best 2", "drop lowest 1",
    "drop highest 1", "drop lowest and highest 1",
    "harmonic mean, if any is 0: 0", "sum over positive maximum",
)  # fmt: skip
HALVES = tuple(F(n, 2) for n in range(13))


CORNERS = frozenset({
    "signed", "rounding", "places of a share", "unscored", "clauses of a group", "if not rated",
    "points of a group",
})


class Drawing:
    """A sheet on its way; ``pick`` decides, whoever is behind it."""

    def __init__(self, pick: Pick, corners: frozenset[str] = CORNERS) -> None:
        self.pick = pick
        self.corners = corners
        self.readable: list[str] = []

    def corner(self, name: str, many: int) -> bool:
        """One in so many, where the corner is looked into."""
        return name in self.corners and self.one_in(many)

    def one_in(self, many: int) -> bool:
        return bool(self.pick(range(many)) == many - 1)

    def some(self, make: Callable[[], T], most: int = 2, rare: int = 3) -> tuple[T, ...]:
        """Mostly none."""
        return tuple(make() for _ in range(self.pick(range(1, most + 1)))) if self.one_in(rare) else ()

    # ---- leaves

    def leaf(self, code: str, *, weighted: bool, signed: bool) -> o.Leaf:
        low, high = F(0), self.pick([F(2), F(1), F(5, 4), F(5), F(10)])
        if signed and self.one_in(2):
            low, high = -self.pick([F(1), F(2), F(4)]), self.pick([high, F(0)])
        return _Leaf(self, code, low, high).leaf(F(self.pick(range(1, 5))) if weighted else None)

    def unscored(self, code: str) -> o.Leaf:
        """Computed, shown, read by others; plain, so that it always has a value."""
        name = f"plain_{code.replace('.', '_')}"
        self.readable.append(code)
        base = o.Formula(name, self.pick([F(1), F(1, 2), F(-1)]), self.pick(HALVES))
        return o.Leaf(code, F(0), F(0), (o.FactSpec(name, "count, at most 10"),), base, unscored=True)

    def rounding(self) -> o.Rounding | None:
        return o.Rounding(self.pick(MODES), self.pick([1, 0])) if self.corner("rounding", 3) else None

    # ---- groups

    def headings(self, code: str, depth: int, *, weighted: bool, signed: bool) -> tuple[o.Heading, ...]:
        dot = f"{code}." if code else ""
        found: list[o.Heading] = []
        for number in range(1, self.pick([2, 1, 3]) + 1):
            here = f"{dot}{number}"
            if depth and self.one_in(2):
                found.append(self.group(here, depth - 1, weighted=weighted, signed=signed))
                self.read_later(here)
            else:
                found.append(self.leaf(here, weighted=weighted, signed=signed))
        if not weighted and self.corner("unscored", 5):
            found.insert(0, self.unscored(f"{dot}{len(found) + 1}"))
        return tuple(found)

    def group(self, code: str, depth: int, *, weighted: bool, signed: bool) -> o.Group:
        combine = self.pick(COMBINES) if self.one_in(2) else ""
        children = self.headings(code, depth, weighted="weighted" in combine, signed=signed)
        low, high = F(0), sum((child.high for child in children), F(0))
        if combine and self.one_in(2):
            high = self.pick([F(10), F(4), F(20)])
        if not high:
            high = F(4)
            combine = combine or "mean"
        if signed and self.one_in(2):
            low = -self.pick([F(2), F(5), F(20)])
        flag = f"g_{code.replace('.', '_')}"
        facts: tuple[o.FactSpec, ...] = ()
        absences: tuple[o.Absence, ...] = ()
        requirements: tuple[o.Requirement, ...] = ()
        limits: tuple[o.Limit, ...] = ()
        if self.one_in(3):
            facts, condition = (o.FactSpec(flag, "yes/no"),), o.Cond(flag, self.one_in(2))
            share = low + (high - low) * self.pick(range(5)) / 4
            match self.pick(["limit", "require", "absent"] if "clauses of a group" in self.corners else ["absent"]):
                case "limit":
                    limits = (o.Limit(self.one_in(2), share, condition),)
                case "require":
                    requirements = (o.Requirement(condition, share),)
                case _:
                    absences = (o.Absence(condition, self.pick(["full points", "excluded", "zero"])),)
        nothing = self.pick(["excluded", "full points", "zero"]) if not combine and self.one_in(3) else None
        policy = None
        if self.corner("if not rated", 4):
            what = self.pick(["excluded", "not applicable", F(0), F(1, 2), F(1)])
            policy = o.Policy("not rated", what, isinstance(what, F) and self.one_in(2))
        weighs = combine and "sum" not in combine
        needs = self.pick([F(6, 10), F(1, 2), F(9, 10)]) if weighs and self.one_in(3) else None
        return o.Group(
            code, low, high, children, F(self.pick(range(1, 5))) if weighted else None, combine, needs,
            facts, absences, nothing, requirements, limits, self.rounding(), policy,
        )  # fmt: skip

    def read_later(self, code: str) -> None:
        """A group that others may read, rated or not."""
        if "points of a group" in self.corners:
            self.readable.append(code)

    # ---- the sheet

    def sheet(self) -> o.Sheet:
        signed = self.corner("signed", 3)
        combine = self.pick(COMBINES) if self.one_in(4) else ""
        headings = self.headings("", 2, weighted="weighted" in combine, signed=signed)
        total = sum((heading.high for heading in headings), F(0))
        if combine and (self.one_in(2) or not total):
            total = F(100)
        pools = tuple(self.pool(bonus) for bonus in (True, False) if self.one_in(4))
        grades = None
        if self.one_in(2):
            by_index = self.one_in(2)
            edges = sorted({F(self.pick(range(1, 10)), 10) for _ in range(self.pick([2, 1, 3]))}, reverse=True)
            grades = o.Grades(by_index, tuple(edge if by_index else edge * total for edge in edges))
        needs = self.pick([F(6, 10), F(1, 2)]) if combine and "sum" not in combine and self.one_in(3) else None
        return o.Sheet(headings, total, signed, combine, needs, self.rounding(), (), pools, grades)

    def pool(self, bonus: bool) -> o.Pool:
        cap = self.pick([F(2), F(3), F(5)])
        items = []
        for number in range(1, self.pick([1, 2]) + 1):
            code = f"{'T' if bonus else 'P'}{number}"
            name = f"n_{code}"
            amount = o.Adjust(bonus, self.pick([F(1), F(1, 4), F(3, 2)]), name, None, self.pick([None, F(2)]))
            base = o.Start(False)
            low, high = (F(0), cap) if bonus else (-cap, F(0))
            items.append(o.Leaf(
                code, low, high, (o.FactSpec(name, "count, at most 6"),), base, adjustments=(amount,), in_pool=True,
            ))  # fmt: skip
        return o.Pool(bonus, cap, tuple(items))


class _Leaf:
    """One leaf, with a few clauses on facts of its own."""

    def __init__(self, drawing: Drawing, code: str, low: F, high: F) -> None:
        self.drawing, self.code, self.low, self.high = drawing, code, low, high
        self.pick, self.one_in, self.some = drawing.pick, drawing.one_in, drawing.some
        self.tail = code.replace(".", "_")
        self.facts: list[o.FactSpec] = []
        self.flags: list[str] = []
        self.pieces = iter(("decision", "minutes", "survey"))

    def fact(self, name: str, kind: str, missing: Any = None) -> str:
        self.facts.append(o.FactSpec(f"{name}_{self.tail}", kind, missing))
        return self.facts[-1].name

    def cond(self) -> o.Cond:
        if not self.flags or (len(self.flags) < 2 and self.one_in(2)):
            self.flags.append(self.fact(f"flag{len(self.flags)}", "yes/no"))
        return o.Cond(self.pick(self.flags), self.one_in(2))

    def maybe_cond(self) -> o.Cond | None:
        return self.cond() if self.one_in(2) else None

    def share(self) -> F:
        """Points of the leaf, from its least to its most."""
        found: F = self.low + (self.high - self.low) * self.pick(range(5)) / 4
        return found

    def leaf(self, weight: F | None) -> o.Leaf:
        base = self.base()
        absences = self.some(lambda: o.Absence(self.cond(), self.pick(["excluded", "full points", "zero"])), 2, 4)
        requirements = self.some(lambda: o.Requirement(self.cond(), self.share()), 2, 4)
        adjustments = self.some(self.adjust)
        if any(spec.missing == "not applicable" for spec in self.facts):
            adjustments = tuple(one for one in adjustments if one.each is None)  # two ways to be taken out are enough
        evidence = self.some(self.evidence, 3)
        limits = self.some(lambda: o.Limit(self.one_in(2), self.share(), self.maybe_cond()), 3)
        return o.Leaf(
            self.code, self.low, self.high, tuple(self.facts), base, weight, False, absences, requirements,
            adjustments, evidence, limits, self.drawing.rounding(), self.policy(base),
        )  # fmt: skip

    def policy(self, base: o.Base) -> o.Policy | None:
        if not self.one_in(2):
            return None
        what = self.pick(["excluded", "not applicable", "worst", "zero", self.share()])
        shared = isinstance(what, F) and self.one_in(2)
        return o.Policy(
            self.pick(["missing", "not judged"] if isinstance(base, o.Judged) else ["missing"]),
            self.pick([F(1, 2), F(0), F(1)]) if shared else what, shared
        )

    def adjust(self) -> o.Adjust:
        each = self.fact(f"b_each{len(self.facts)}", "count, at most 4") if self.one_in(2) else None
        cap = self.pick(HALVES) if self.one_in(3) else None
        return o.Adjust(self.one_in(2), self.pick(HALVES), each, self.maybe_cond(), cap)

    def evidence(self) -> o.Evidence:
        effect = self.pick(["at most", "deduct", "score 0", "warn"])
        amount = self.pick([F(1, 2), F(0), F(3, 10), F(1)]) if effect == "at most" else self.pick(HALVES)
        return o.Evidence(f"{next(self.pieces)}_{self.tail}", effect, amount, self.maybe_cond())

    def base(self) -> o.Base:
        pick = self.pick
        missing = pick([None, None, None, F(2), "not applicable"])
        form = pick(["judged", "bands", "share bands", "proportion", "levels", "formula", "start", "points of"])
        if form == "bands":
            edges = sorted({pick(range(1, 10)) for _ in range(pick([1, 2, 3]))}, reverse=True)
            points = tuple(self.share() for _ in range(len(edges) + 1))
            return o.Bands(self.fact("b_many", "count, at most 10", missing), "", tuple(map(F, edges)), points)
        if form == "share bands":
            over, under = self.fact("b_some", "count, at most 20", missing), self.fact("b_all", "count, from 1 to 20")
            places = [None, None, 0, 1, 2] if "places of a share" in self.drawing.corners else [None]
            shares = sorted({pick([50, 60, 80, 85, 90, 100]) for _ in range(pick([1, 2, 3]))}, reverse=True)
            points = tuple(self.share() for _ in range(len(shares) + 1))
            return o.Bands(over, under, tuple(F(n, 100) for n in shares), points, pick(places))
        if form == "proportion" and self.low == 0:
            over, under = self.fact("b_part", "count, at most 20", missing), self.fact("b_whole", "count, from 1 to 20")
            return o.Proportion(over, under, pick([None, F(1, 2), F(7, 10)]))
        if form == "levels":
            missing = "not applicable" if missing == "not applicable" else None
            name = self.fact("b_level", f"one of {', '.join(LEVELS)}", missing)
            return o.Levels(name, tuple((level, self.share()) for level in LEVELS))
        if form == "formula":
            name = self.fact("b_x", "count, at most 10", missing)
            return o.Formula(name, pick([F(1), F(-1), F(1, 4), F(-3, 2)]), pick(HALVES))
        if form == "points of" and self.drawing.readable:
            code = pick(self.drawing.readable)
            return o.PointsOf(code, pick(HALVES), pick([F(1), F(-1), F(1, 2)]))
        return o.Start(self.one_in(2)) if form == "start" else o.Judged()


def submission(sheet: o.Sheet, pick: Pick) -> o.Given:
    """Facts for it: most are given; what a base needs may be missing."""
    facts: dict[str, o.Value] = {}
    judged: dict[str, F] = {}
    absent = pick([6, 3, 1])  # a sheet of which little is known is a corner of its own

    def given() -> bool:
        return bool(absent == 1 and pick(range(2))) or (absent > 1 and pick(range(absent)) != absent - 1)

    for heading in sheet.leaves_and_groups():
        for spec in heading.facts:
            if spec.name.startswith("b_") and not given():
                continue
            facts[spec.name] = pick(spec.domain())
        if isinstance(heading, o.Leaf) and isinstance(heading.base, o.Judged) and given():
            judged[heading.code] = heading.low + (heading.high - heading.low) * pick([4, 0, 1, 2, 3, 5, 6, 7, 8]) / 8
    leaves = (heading for heading in sheet.leaves_and_groups() if isinstance(heading, o.Leaf))
    pieces = (one.name for leaf in leaves for one in leaf.evidence)
    return o.Given(facts, judged, frozenset(name for name in pieces if pick([True, False])))


def picked_by(random: Random) -> Pick:
    """For long runs by hand."""
    return lambda options: options[random.randrange(len(options))]


@st.composite
def sheets_with_submissions(
    draw: Any, most: int = 4, corners: frozenset[str] = CORNERS
) -> tuple[o.Sheet, list[o.Given]]:
    """A sheet and a few submissions."""
    pick: Pick = lambda options: draw(st.sampled_from(options))  # noqa: E731
    sheet = Drawing(pick, corners).sheet()
    return sheet, [submission(sheet, pick) for _ in range(draw(st.integers(1, most)))]

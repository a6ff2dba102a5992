"""Random plans and submissions for the laws of ranges: small, but with every clause a plan can have."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from lookup_plans import among, lookup

from rubric_engine.facts.facts import Facts
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.cells import CellName, cell_named

F = Fraction
COUNTS = ("planned", "done", "late")
FLAGS = ("full", "clear", "fined")
INPUTS = (
    p.InputSpec("planned", "Planned", p.Kind.COUNT, maximum=p.Bound(x.Const(F(12)))),
    p.InputSpec("done", "Done", p.Kind.COUNT, maximum=p.Bound(x.Fact("planned"))),
    p.InputSpec("late", "Late", p.Kind.COUNT),
    p.InputSpec(
        "rate", "Rate", p.Kind.PERCENT, minimum=p.Bound(x.Const(F(0))), maximum=p.Bound(x.Const(F(1))), decimals=1
    ),
    p.InputSpec("change", "Change", p.Kind.NUMBER),
    p.InputSpec("extra", "Extra", p.Kind.NUMBER, optional=True),
    p.InputSpec("full", "Full", p.Kind.YES_NO),
    p.InputSpec("clear", "Clear", p.Kind.YES_NO),
    p.InputSpec("fined", "Fined", p.Kind.YES_NO),
    p.InputSpec("plan", "Plan", p.Kind.LEVEL, levels=tuple(p.Level(n, n) for n in ("timely", "late", "none"))),
    p.InputSpec("reports", "Reports", p.Kind.LIST, columns=(
        p.InputSpec("days", "Days", p.Kind.COUNT),
        p.InputSpec("share", "Share", p.Kind.NUMBER, minimum=p.Bound(x.Const(F(-1))), maximum=p.Bound(x.Const(F(2)))),
        p.InputSpec("sent", "Sent", p.Kind.YES_NO),
        p.InputSpec("kind", "Kind", p.Kind.LEVEL, levels=tuple(p.Level(n, n) for n in ("a", "b", "c"))),
    )),
    p.InputSpec("scores", "Scores", p.Kind.RATINGS, raters=2, columns=(
        p.InputSpec(
            "rating", "Rating", p.Kind.NUMBER, minimum=p.Bound(x.Const(F(1))), maximum=p.Bound(x.Const(F(5))),
            decimals=0,
        ),
    )),
)  # fmt: skip
JUDGED = (
    p.JudgedSpec("A.1", "A.1", F(0), F(2), F(1, 4)),
    p.JudgedSpec("A.2", "A.2", F(1), F(3)),
)
EVIDENCE = ("paper", "photo")

# A plan gets the other from decisions.
WRITTEN = [policy for policy in p.Policy if policy is not p.Policy.DECIDED]


class PlanMaker:
    """Draws one plan."""

    def __init__(self, rng: Random, *, policies: bool = False) -> None:
        self.rng = rng
        self.policies = policies
        self.readable: list[str] = []
        self.groups: list[str] = []  # read as well, rated or not
        self.conditions: list[str] = []
        self.lets: list[p.Let] = []
        self.evidence: list[p.EvidenceSpec] = []
        self.nodes: list[p.PlanNode] = []

    # ---- expressions

    def const(self) -> x.Num:
        return x.Const(F(self.rng.randint(-4, 12), self.rng.choice((1, 1, 2, 4, 10))))

    def num(self, depth: int = 2) -> x.Num:
        rng = self.rng
        if depth == 0 or rng.random() < 0.3:
            leaves: list[x.Num] = [self.const(), *(x.Fact(n) for n in ("planned", "done", "late", "rate", "change"))]
            leaves += [x.Judged(spec.key) for spec in JUDGED]
            read = [*self.readable, *self.groups]
            leaves += [x.PointsOf(code) for code in read] + [x.MaximumOf(code) for code in read]
            leaves += [x.Ref(let.name) for let in self.lets if not isinstance(let.value, x.Truth)]
            return self.of_rows() if rng.random() < 0.15 else rng.choice(leaves)
        a, b = self.num(depth - 1), self.num(depth - 1)
        return rng.choice((
            lambda: x.Add((a, b)),
            lambda: x.Sub(a, b),
            lambda: x.Mul((a, b)),
            lambda: x.Mul((a, a, self.const())),
            lambda: x.Div(x.Fact("done"), x.Fact("planned")),
            lambda: x.Div(a, x.Const(F(rng.randint(1, 5), 2))),
            lambda: x.Div(a, b),
            lambda: x.Pow(a, rng.randint(0, 3)),
            lambda: x.Least((a, b)),
            lambda: x.Greatest((a, b, self.const())),
            lambda: x.Median((a, b, self.num(0))),
            lambda: x.Abs(a),
            lambda: x.Rounded(a, rng.choice(list(x.Mode)), rng.choice((F(1), F(1, 10), F(1, 4)))),
            lambda: x.If(self.truth(depth - 1), a, b),
            self.of_rows,
            lambda: self.rounded_function(a, b),
            lambda: x.Reckoned(rng.choice(list(x.Calendar)), a, b),
            lambda: lookup(rng, (x.Fact("plan"),), lambda: self.truth(depth - 1), lambda: a),
            lambda: lookup(rng, (x.Fact("plan"),), lambda: self.truth(0), lambda: b),
        ))()

    def rounded_function(self, a: x.Num, b: x.Num) -> x.Num:
        """Mostly where it is defined."""
        rng = self.rng
        small = x.Least((x.Greatest((a, x.Const(F(-9)))), x.Const(F(9))))
        places = rng.choice((0, 3))
        return rng.choice((
            lambda: x.Inexact(x.Function.SQRT, (x.Abs(a) if rng.random() < 0.8 else a,), places),
            lambda: x.Inexact(x.Function.EXP, (small,), places),
            lambda: x.Inexact(x.Function.LN, (x.Add((x.Abs(a), self.const())),), places),
            lambda: x.Inexact(x.Function.POWER, (x.Add((x.Abs(small), x.Const(F(1, 2)))), x.Const(F(3, 2))), places),
            lambda: x.Inexact(x.Function.POWER, (x.Abs(small), b), places),
        ))()

    def of_rows(self) -> x.Num:
        """Rows of a register counted, or made one number."""
        rng = self.rng
        name = rng.choice(("reports", "reports", "scores"))
        where = self.row_truth(name) if rng.random() < 0.6 else None
        if rng.random() < 0.3:
            return x.CountRows(name, where)
        if rng.random() < 0.1:
            return x.Div(x.CountRows(name, where), x.CountRows(name))
        value: x.Num = x.Column(rng.choice(("days", "share")) if name == "reports" else "rating")
        if rng.random() < 0.3:
            value = x.Mul((value, x.Fact(rng.choice(("rate", "late")))))
        other = self.const() if rng.random() < 0.7 else None
        how = rng.choice((*x.Reducer, x.Reducer.MAJORITY))
        tied = rng.choice((None, *x.Tie, self.const())) if how is x.Reducer.MAJORITY else None
        each = rng.choice((None, None, "kind", "sent", "days")) if name == "reports" else None
        return x.Reduced(how, name, value, where, other, tied, each)

    def row_truth(self, name: str) -> x.Truth:
        rng = self.rng
        if name == "scores":
            return x.Compare(rng.choice(list(x.Order)), x.Column("rating"), x.Const(F(rng.randint(1, 5))))
        tests: tuple[x.Truth, ...] = (
            x.ColumnFlag("sent"),
            x.ColumnIs("kind", tuple(sorted(rng.sample((0, 1, 2), rng.randint(1, 2))))),
            x.Compare(rng.choice(list(x.Order)), x.Column("days"), x.Const(F(rng.randint(0, 6)))),
            x.Compare(rng.choice(list(x.Order)), x.Column("days"), x.Fact("late")),
        )
        return rng.choice((*tests, x.All(tests[:2]), x.AnyOf(tests[1:3]), x.Not(tests[0])))

    def truth(self, depth: int = 2) -> x.Truth:
        rng = self.rng
        if depth == 0 or rng.random() < 0.4:
            leaves: list[x.Truth] = [*(x.Flag(name) for name in FLAGS)]
            leaves += [x.IsLevel("plan", tuple(rng.sample((0, 1, 2), rng.randint(1, 2)))), x.IsMissing("extra")]
            leaves += [x.Compare(rng.choice(list(x.Order)), self.num(0), self.const()) for _ in range(3)]
            leaves += [x.Met(code) for code in self.conditions]
            leaves.append(among(rng, (x.Fact("plan"),), lambda: x.Flag(rng.choice(FLAGS)), lambda: self.num(0)))
            leaves += [x.RefTruth(let.name) for let in self.lets if isinstance(let.value, x.Truth)]
            if self.readable:
                leaves.append(x.NothingZero(tuple(self.readable)))
            return rng.choice(leaves)
        return rng.choice((
            lambda: x.All((self.truth(depth - 1), self.truth(depth - 1))),
            lambda: x.AnyOf((self.truth(depth - 1), self.truth(depth - 1), self.truth(0))),
            lambda: x.Not(self.truth(depth - 1)),
            lambda: x.AtLeast(2, (self.truth(0), self.truth(depth - 1), self.truth(0))),
            lambda: x.Compare(rng.choice(list(x.Order)), self.num(depth), self.num(depth - 1)),
        ))()

    # ---- clauses

    def base(self, maximum: Fraction) -> p.Choice:
        rng = self.rng
        match rng.randint(0, 4):
            case 0:
                ratio = x.Div(x.Fact("done"), x.Fact("planned")) if rng.random() < 0.5 else self.num(1)
                edges = sorted(rng.sample(range(1, 10), 2))
                cases = [
                    p.Case(x.Compare(x.Order.GT, ratio, x.Const(F(edges[1], 10))), x.Const(maximum), "a", 1),
                    p.Case(
                        x.All((
                            x.Compare(x.Order.GE, ratio, x.Const(F(edges[0], 10))),
                            x.Compare(x.Order.LE, ratio, x.Const(F(edges[1], 10))),
                        )), x.Const(maximum / 2), "b", 2,
                    ),
                    p.Case(x.Compare(x.Order.LT, ratio, x.Const(F(edges[0], 10))), x.Const(F(0)), "c", 3),
                ]  # fmt: skip
                return p.Choice(p.Form.BANDS, tuple(cases), ratio, "ratio")
            case 1:
                cases = [p.Case(x.IsLevel("plan", (i,)), x.Const(maximum * i / 2), str(i), i) for i in range(3)]
                return p.Choice(p.Form.LEVELS, tuple(cases))
            case 2:
                cases = [p.Case(self.truth(), self.num(1), f"when {i}", i) for i in range(rng.randint(1, 2))]
                return p.Choice(p.Form.CONDITIONS, (*cases, p.Case(None, self.num(1), "otherwise", 9)))
            case 3:
                return p.Choice(p.Form.JUDGED, (p.Case(None, x.Judged(rng.choice(JUDGED).key), "judged", 1),))
            case _:
                return p.Choice(p.Form.FORMULA, (p.Case(None, self.num(), "formula", 1),))

    def rounding(self) -> p.Rounding:
        rng = self.rng
        return p.Rounding(rng.choice(list(x.Mode)), rng.choice((F(1, 4), F(1, 10), F(1))), rng.random() < 0.2)

    def adjustment(self) -> p.Adjustment:
        rng = self.rng
        sign = rng.choice((1, -1))
        return p.Adjustment(
            sign, self.const() if rng.random() < 0.6 else self.num(1),
            x.Fact("late") if rng.random() < 0.5 else None, self.truth(1) if rng.random() < 0.5 else None,
            x.Const(F(rng.randint(1, 4))) if rng.random() < 0.5 else None, "", "adjust", 1,
            sign > 0 and rng.random() < 0.3,
        )  # fmt: skip

    def piece(self, code: str) -> int:
        rng = self.rng
        effect = rng.choice(list(p.Effect))
        when = self.truth(1) if rng.random() < 0.5 else x.Always(True)
        spec = p.EvidenceSpec(rng.choice(EVIDENCE), "Paper", code, when, 1, None, None, effect, F(rng.randint(0, 3), 2))
        self.evidence.append(replace(spec, name=f"{spec.name}{len(self.evidence)}"))
        return len(self.evidence) - 1

    def requirements(self) -> tuple[p.Requirement, ...]:
        count = self.rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))
        return tuple(p.Requirement(self.truth(1), self.num(0), "", "", 1) for _ in range(count))

    def limit(self) -> p.Limit:
        when = self.truth(1) if self.rng.random() < 0.7 else None
        return p.Limit(self.rng.random() < 0.7, self.num(1), when, "", "limit", 1)

    def absent(self, group: bool, above: tuple[str, ...]) -> tuple[p.Absent, ...]:
        rng = self.rng
        found = []
        if rng.random() < 0.45:
            for _ in range(rng.randint(1, 2)):
                policy = rng.choice([*WRITTEN, p.Policy.EXCLUDED, p.Policy.KEEP_WORTH])
                keep = rng.choice((*above, None)) if policy is p.Policy.KEEP_WORTH else None
                found.append(p.Absent(self.truth(1), policy, keep))
        if group and rng.random() < 0.5:
            found.append(p.Absent(None, rng.choice((p.Policy.FULL, p.Policy.ZERO, p.Policy.EXCLUDED))))
        return tuple(found)

    # ---- outline

    def combine(self) -> p.Combine:
        rng = self.rng
        return p.Combine(
            rng.choice(list(p.CombineKind)), rng.choice((F(1, 2), F(-1), F(2))), rng.randint(1, 2), 4,
            self.num(1) if rng.random() < 0.8 else None, rng.choice((None, None, F(1, 2), F(4, 5))), "combined", 1,
        )  # fmt: skip

    def policy(self) -> p.IfMissing:
        rng = self.rng
        policy = rng.choice(list(p.MissingPolicy))
        if policy is not p.MissingPolicy.POINTS:
            return p.IfMissing(policy, rng.random() < 0.3, None, f"if missing: {policy}", 1)
        return p.IfMissing(p.MissingPolicy.POINTS, rng.random() < 0.3, self.const(), "if missing: some", 1)

    def not_rated(self) -> p.IfMissing:
        rng = self.rng
        policy = rng.choice((p.MissingPolicy.POINTS, p.MissingPolicy.EXCLUDED, p.MissingPolicy.NOT_APPLICABLE))
        value = self.const() if policy is p.MissingPolicy.POINTS else None
        return p.IfMissing(policy, False, value, f"if not rated: {policy}", 1)

    def leaf(self, code: str, parent: int | None, above: tuple[str, ...]) -> p.PlanNode:
        rng = self.rng
        maximum = F(rng.randint(1, 8), 2)
        node = p.PlanNode(code, f"Leaf {code}", "item", F(0), maximum, parent, (), 1, absent=self.absent(False, above))
        if rng.random() < 0.12:
            return replace(node, maximum=F(0), met=self.truth(1), absent=node.absent[:1])
        unscored = rng.random() < 0.12
        return replace(
            node, minimum=F(-1) if rng.random() < 0.15 else F(0), unscored=unscored,
            endless=unscored and rng.random() < 0.7,
            requirements=self.requirements(),
            base=self.base(maximum) if rng.random() < 0.85 else None,
            adjustments=tuple(self.adjustment() for _ in range(rng.choice((0, 0, 1, 2)))),
            evidence=tuple(self.piece(code) for _ in range(rng.choice((0, 0, 0, 1, 2)))),
            limits=tuple(self.limit() for _ in range(rng.choice((0, 0, 0, 0, 1, 2)))),
            rounding=self.rounding() if rng.random() < 0.2 else None,
            weight=F(rng.randint(1, 4), 2) if rng.random() < 0.6 else None,
            if_missing=self.policy() if self.policies and rng.random() < 0.4 else None,
        )  # fmt: skip

    def plan(self) -> p.Plan:
        rng = self.rng
        for i in range(rng.randint(0, 2)):
            self.lets.append(p.Let(f"v{i}", self.num() if rng.random() < 0.6 else self.truth(1), "", 1))
        order: list[int] = []
        roots: list[int] = []
        for g in range(rng.randint(1, 3)):
            roots.append(self.group(f"G{g}", None, (), order, 1 if rng.random() < 0.3 else 0))
        total = sum((self.nodes[at].maximum for at in roots), F(0))
        if rng.random() < 0.3:
            roots.append(self.pool(order))
        plan = p.Plan(
            "t", "Title", "1", "en", "d", total, rng.random() < 0.3,
            p.Rounding(x.Mode.HALF_UP, F(1, 10), rng.random() < 0.2) if rng.random() < 0.4 else None,
            INPUTS, JUDGED, tuple(self.evidence), (), tuple(self.lets), tuple(self.nodes), tuple(order), tuple(roots),
            (self.limit(),) if rng.random() < 0.3 else (), (), (),
        )  # fmt: skip
        tables = tuple(self.grades(total) for _ in range(rng.choice((0, 1, 1, 2))))
        if rng.random() < 0.3:
            tables = tuple(replace(table, node=rng.randrange(len(self.nodes))) for table in tables)
        return replace(plan, grades=tables)

    def group(self, code: str, parent: int | None, above: tuple[str, ...], order: list[int], nested: int) -> int:
        rng = self.rng
        at = len(self.nodes)
        absent = self.absent(True, above)
        self.nodes.append(p.PlanNode(code, f"Group {code}", "area", F(0), F(0), parent, (), 1))
        children: list[int] = []
        for i in range(rng.randint(1, 3)):
            if nested and i == 0:
                children.append(self.group(f"{code}.{i}", at, (*above, code), order, 0))
                continue
            leaf = self.leaf(f"{code}.{i}", at, (*above, code))
            children.append(len(self.nodes))
            order.append(len(self.nodes))
            self.nodes.append(leaf)
            (self.readable if leaf.met is None else self.conditions).append(leaf.code)
        maximum = sum((self.nodes[c].maximum for c in children if not self.nodes[c].unscored), F(0))
        least = sum((self.nodes[c].minimum for c in children if not self.nodes[c].unscored), F(0))
        rounded = self.rounding() if rng.random() < 0.2 else None
        self.nodes[at] = replace(
            self.nodes[at], children=tuple(children), absent=absent, maximum=maximum + rng.choice((0, 0, 0, 1)),
            requirements=self.requirements(), adjustments=(self.adjustment(),) if rng.random() < 0.2 else (),
            limits=(self.limit(),) if rng.random() < 0.2 else (), unscored=rng.random() < 0.05,
            combine=self.combine() if rng.random() < 0.35 else None, rounding=rounded,
            minimum=rng.choice((F(0), F(0), least, F(-20))),
            if_not_rated=self.not_rated() if rng.random() < 0.3 else None,
        )  # fmt: skip
        order.append(at)
        self.groups.append(code)
        return at

    def pool(self, order: list[int]) -> int:
        """A bonus or a penalty with one or two items, each up to the cap or to points of its own."""
        rng = self.rng
        at, cap = len(self.nodes), F(rng.randint(1, 4))
        bonus = rng.random() < 0.5
        word = "bonus" if bonus else "penalty"
        low, high = (F(0), cap) if bonus else (-cap, F(0))
        self.nodes.append(p.PlanNode(word, word, word, low, high, None, (), 1, pool=word))
        children = []
        for i in range(rng.randint(1, 2)):
            leaf = replace(self.leaf(f"{word}.{i}", at, (word,)), minimum=low, maximum=high, rounding=None)
            children.append(len(self.nodes))
            order.append(len(self.nodes))
            self.nodes.append(leaf)
        self.nodes[at] = replace(self.nodes[at], children=tuple(children))
        order.append(at)
        return at

    def grades(self, total: Fraction) -> p.GradeTable:
        rng = self.rng
        subject = x.Total()
        rows = [
            p.GradeRow("good", "Good", x.Compare(x.Order.GE, subject, x.Const(total * 8 / 10)), "", 1),
            p.GradeRow("fair", "Fair", x.All((
                x.Compare(x.Order.GE, subject, x.Const(total / 2)),
                x.Compare(x.Order.LT, subject, x.Const(total * 8 / 10)),
            )), "", 2),
            p.GradeRow("", "Open", x.All((self.truth(1), x.Compare(x.Order.LT, subject, x.Const(total / 4)))), "", 3),
            p.GradeRow("poor", "Poor", None if rng.random() < 0.7 else self.truth(1), "", 4),
        ]  # fmt: skip
        gates = []
        for _ in range(rng.randint(0, 3)):
            kind = rng.choice(list(p.GateKind))
            row = rng.choice((1, 3)) if kind in (p.GateKind.CEILING, p.GateKind.FORCE) else -1
            gates.append(p.Gate(kind, row, self.truth(1), "because", "gate", 5))
        return p.GradeTable(
            tuple(rows), tuple(gates), subject, "total", 1, rng.choice(("", "staff")), "Table",
            rng.choice((-1, 0)), self.truth(1) if rng.random() < 0.4 else None,
        )  # fmt: skip


def random_plan(seed: int, *, policies: bool = False) -> p.Plan:
    """A plan; the same for the same seed. ``policies``: leaves may say what they do instead of waiting."""
    return PlanMaker(Random(seed), policies=policies).plan()


def random_facts(plan: p.Plan, rng: Random) -> Facts:
    """A complete submission within the declared bounds."""
    planned = rng.randint(0, 12)
    values: dict[str, Any] = {
        "planned": planned, "done": rng.randint(0, planned), "late": rng.choice((0, 0, 1, 2, 7)),
        "rate": F(rng.choice((0, 1000, rng.randint(0, 1000))), 1000),
        "change": F(rng.randint(-30, 30), rng.choice((1, 3))),
        "full": rng.random() < 0.5, "clear": rng.random() < 0.5, "fined": rng.random() < 0.5, "plan": rng.randint(0, 2),
        "reports": tuple(_row(rng) for _ in range(rng.choice((0, 1, 2, 3, 5)))),
        "scores": tuple((rng.randint(1, 5),) for _ in range(rng.randint(2, 5))),
    }  # fmt: skip
    if rng.random() < 0.5:
        values["extra"] = F(1)
    judged = {"A.1": F(rng.randint(0, 8), 4), "A.2": 1 + F(rng.randint(0, 6), 3)}
    proven = {spec.name: rng.random() < 0.6 for spec in plan.evidence}
    return Facts("unit", values, judged, {}, proven, {}, ())


def _row(rng: Random) -> tuple[Any, ...]:
    return rng.choice((0, 1, 3, 9)), F(rng.randint(-2, 4), 2), rng.random() < 0.5, rng.randint(0, 2)


def without_some(facts: Facts, rng: Random, share: float) -> Facts:
    """The same submission with facts left out. What may be missing for good is not touched."""
    values = {k: v for k, v in facts.values.items() if k == "extra" or rng.random() >= share}
    judged = {k: v for k, v in facts.judged.items() if rng.random() >= share}
    if "reports" in values and rng.random() < 0.5:
        # Single cells may be missing too.
        rows = values["reports"]
        values["reports"] = tuple(tuple(None if rng.random() < share / 2 else cell for cell in row) for row in rows)
    return replace(facts, values=values, judged=judged)


def missing_cells(facts: Facts) -> frozenset[str]:
    """Names of the cells that are missing in registers that are there."""
    found = set()
    for spec in INPUTS:
        rows: Any = facts.values.get(spec.name) if spec.columns else None
        for number, row in enumerate(rows or (), 1):
            found |= {str(CellName(spec.name, number, column.name))
                      for column, cell in zip(spec.columns, row, strict=True) if cell is None}  # fmt: skip
    return frozenset(found)


def _columns_of(register: str) -> tuple[p.InputSpec, ...]:
    return next(spec.columns for spec in INPUTS if spec.name == register)


def given_also(facts: Facts, complete: Facts, names: frozenset[str]) -> Facts:
    """The submission with these names filled in, single cells of registers among them."""
    values = {**facts.values, **{k: v for k, v in complete.values.items() if k in names}}
    for name in missing_cells(facts) & names:
        cell = cell_named(name)
        assert cell is not None
        at = [column.name for column in _columns_of(cell.register)].index(cell.column)
        rows = [list(row) for row in values[cell.register]]  # type: ignore[union-attr]
        rows[cell.row - 1][at] = complete.values[cell.register][cell.row - 1][at]  # type: ignore[index]
        values[cell.register] = tuple(map(tuple, rows))
    judged = {**facts.judged, **{k: v for k, v in complete.judged.items() if f"judged {k}" in names}}
    return replace(facts, values=values, judged=judged)

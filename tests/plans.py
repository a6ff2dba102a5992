"""Random valid plans and submissions for them, and a few made by hand.

A plan grows from a seed and a size, so that hypothesis shrinks by making it smaller. Every class of expression, every
policy, effect, form, gate, limit and rounding mode turns up within a few dozen plans (a test counts them).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import lookup_plans as drawn
from hypothesis import strategies as st
from plan_facts import submission
from plan_rounds import at_first_stage, figures, if_not_rated, references_of, with_rounds

from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p

F = Fraction
SMALL = [F(0), F(1), F(2), F(3), F(5), F(10), F(1, 2), F(1, 4), F(9, 10), F(1, 3), F(-1), F(-3, 2), F(100)]


@st.composite
def plans(draw: st.DrawFn, most: int = 8) -> p.Plan:
    """A plan of up to ``most`` top headings' worth of everything."""
    return grow(draw(st.integers(1, most)), draw(st.integers(0, 2**32)))


@st.composite
def plans_with_submissions(draw: st.DrawFn, count: int = 8, most: int = 8) -> tuple[p.Plan, list[dict[str, Any]]]:
    """A plan and some submissions it accepts, about half of them complete."""
    plan = draw(plans(most))
    seed = draw(st.integers(0, 2**32))
    return plan, [submission(plan, Random(seed + i), missing=(0, 0, 0.05, 0.3)[i % 4]) for i in range(count)]


def grow(size: int, seed: int) -> p.Plan:
    """The plan of this seed."""
    return _Grower(Random(seed), size).plan()


# ---------------------------------------------------------------- growing


class _Grower:
    def __init__(self, r: Random, size: int) -> None:
        self.r = r
        self.size = size
        self.calm = r.random() < 0.5  # little that fails or does not apply, so that most submissions come to something
        self.inputs = self.some_inputs()
        self.lets: list[p.Let] = []
        self.nodes: list[p.PlanNode] = []
        self.judged: list[p.JudgedSpec] = []
        self.evidence: list[p.EvidenceSpec] = []
        self.order: list[int] = []
        self.done: list[int] = []  # nodes whose points may be read here
        self.total = False
        self.row: p.InputSpec | None = None  # the register whose columns may be used here

    def of(self, *kinds: p.Kind) -> list[p.InputSpec]:
        return [spec for spec in self.inputs if spec.kind in kinds]

    def some_inputs(self) -> list[p.InputSpec]:
        r, k = self.r, p.Kind
        late = p.InputSpec("late", "Late", k.COUNT)
        levels = tuple(p.Level(n, n.upper()) for n in ("a", "b", "c"))
        found = [
            p.InputSpec("planned", "Planned", k.COUNT, minimum=p.Bound(x.Const(F(1))) if r.random() < 0.3 else None),
            p.InputSpec("done", "Done", k.COUNT, maximum=p.Bound(x.Fact("planned"))),
            p.InputSpec("ok", "Ok", k.YES_NO),
            p.InputSpec("số-lẻ", "Any number", k.NUMBER, optional=r.random() < 0.3),
            r.choice([late, late, replace(late, optional=True), replace(late, if_missing=F(2))]),
            p.InputSpec("two", "Two places", k.NUMBER, decimals=2, minimum=p.Bound(x.Const(F(-2)))),
            p.InputSpec("rate", "Rate", k.PERCENT, decimals=r.choice([None, 1])),
            p.InputSpec("level", "Level", k.LEVEL, levels=levels),
            p.InputSpec("day", "Day", k.DATE),
            p.InputSpec("whole", "Whole", k.MONEY, decimals=0),
            p.InputSpec("note", "Note", k.TEXT, optional=True),
            p.InputSpec("class", "A keyword", k.YES_NO),
            self.register("tasks", r.random() < 0.3),
            self.ratings(),
        ]
        found = found if r.random() < 0.8 else found[: r.randint(3, len(found))]
        return [*found, *figures(r, levels)] if r.random() < 0.3 else found

    def register(self, name: str, optional: bool) -> p.InputSpec:
        k = p.Kind
        columns = (
            p.InputSpec("worth", "Worth", k.NUMBER, decimals=self.r.choice([None, 0, 2])),
            p.InputSpec("days", "Days", k.COUNT),
            p.InputSpec("ok", "Hides the input", k.YES_NO),
            p.InputSpec("kind-of", "Kind", k.LEVEL, levels=tuple(p.Level(n, n) for n in ("a", "b", "c"))),
            p.InputSpec("on", "On", k.DATE),
            p.InputSpec("words", "Words", k.TEXT, optional=True),
        )
        return p.InputSpec(name, "Register", k.LIST, optional=optional, columns=columns)

    def ratings(self) -> p.InputSpec:
        low, high = p.Bound(x.Const(F(1))), p.Bound(x.Const(F(5)))
        places = self.r.choice([0, 0, 1])
        rating = p.InputSpec("rating", "Rating", p.Kind.NUMBER, minimum=low, maximum=high, decimals=places)
        return p.InputSpec("scores", "Scores", p.Kind.RATINGS, columns=(rating,), raters=self.r.choice([0, 0, 2]))

    # ---- expressions

    def const(self) -> x.Const:
        return x.Const(self.r.choice(SMALL))

    def num(self, depth: int = 3) -> x.Num:
        r = self.r
        if depth <= 0 or r.random() < 0.25:
            return self.leaf_num()
        sub = lambda: self.num(depth - 1)  # noqa: E731
        many = lambda: tuple(sub() for _ in range(r.randint(1, 4)))  # noqa: E731
        level_facts = drawn.level_keys(self.of(p.Kind.LEVEL), self.row)
        makers: list[Callable[[], x.Num]] = [
            lambda: x.Add(many()),
            lambda: x.Sub(sub(), sub()),
            lambda: x.Mul(tuple(sub() for _ in range(2))),
            lambda: x.Mul((self.const(), sub())),
            lambda: x.Div(sub(), x.Add((x.Fact(r.choice(self.of(p.Kind.COUNT)).name), x.Const(F(1))))),
            lambda: x.Div(sub(), x.Const(r.choice(SMALL[1:]))),
            lambda: x.Pow(sub(), r.choice([0, 1, 2, 3])),
            lambda: x.Least(many()),
            lambda: x.Greatest(many()),
            lambda: x.Median(many()),
            lambda: x.Abs(sub()),
            lambda: x.Rounded(sub(), r.choice(list(x.Mode)), r.choice([F(1), F(1, 10), F(1, 2), F(5), F(1, 3)])),
            lambda: x.If(self.truth(depth - 1), sub(), sub()),
            lambda: self.inexact(depth - 1),
            lambda: x.Reckoned(r.choice(list(x.Calendar)), sub(), sub()),
            lambda: drawn.lookup(r, level_facts, lambda: self.truth(min(depth, 2) - 1), sub),
        ]
        makers += [] if self.calm else [lambda: x.Div(self.const(), sub())]
        registers = self.of(p.Kind.LIST, p.Kind.RATINGS)
        if registers:
            makers += [lambda: self.reduced(r.choice(registers), depth - 1)] * 3
        return r.choice(makers)()

    def inexact(self, depth: int) -> x.Inexact:
        """Of something that mostly has a value."""
        r = self.r
        function = r.choice(list(x.Function))
        arg: x.Num = x.Abs(self.num(depth)) if self.calm or r.random() < 0.8 else self.num(depth)
        arg = x.Greatest((arg, x.Const(F(1, 8)))) if self.calm else arg
        args: tuple[x.Num, ...] = (arg,)
        if function is x.Function.POWER:
            args = (arg, r.choice([self.const(), x.Rounded(self.num(0), x.Mode.DOWN, F(10))]))
        if function is x.Function.EXP:
            args = (x.Least((arg, x.Const(F(5)))),)
        return x.Inexact(function, args, r.choice([0, 1, 4, 6, 14]))

    def reduced(self, register: p.InputSpec, depth: int) -> x.Num:
        r = self.r
        outer, self.row = self.row, register
        where = self.maybe(0.5, lambda: self.truth(min(depth, 1)))
        value = self.column() if r.random() < 0.6 else self.num(depth)
        self.row = outer
        if r.random() < 0.3:
            return x.CountRows(register.name, where)
        other = self.maybe(1 if self.calm else 0.7, lambda: self.num(1))
        how = r.choice(list(x.Reducer))
        tied = None
        if how is x.Reducer.MAJORITY and (self.calm or r.random() < 0.8):
            tied = r.choice([*x.Tie, self.num(1)])
        each = self.maybe(0.3, lambda: r.choice(register.columns).name)
        return x.Reduced(how, register.name, value, where, other, tied, each)

    def column(self) -> x.Column:
        assert self.row is not None
        kinds = (p.Kind.COUNT, p.Kind.NUMBER)
        return x.Column(self.r.choice([c.name for c in self.row.columns if c.kind in kinds]))

    def column_truth(self) -> x.Truth:
        r = self.r
        if self.row is None or self.row.kind is p.Kind.RATINGS:
            return x.Compare(r.choice(list(x.Order)), self.column(), x.Const(F(r.randint(0, 5))))
        on = x.Compare(r.choice(list(x.Order)), x.Column("on"), x.Const(F(737000)))
        return r.choice([x.ColumnFlag("ok"), x.ColumnIs("kind-of", tuple(r.sample([0, 1, 2], r.randint(0, 2)))), on])

    def leaf_num(self) -> x.Num:
        r = self.r
        kinds = (p.Kind.COUNT, p.Kind.NUMBER, p.Kind.PERCENT, p.Kind.MONEY)
        makers: list[Callable[[], x.Num]] = [self.const]
        if self.row is not None:
            makers += [self.column] * 6
        makers += [lambda: x.Fact(r.choice(self.of(*kinds)).name)] * 4
        named = [let.name for let in self.lets if isinstance(let.value, x.Num)]
        if named:
            makers += [lambda: x.Ref(r.choice(named))] * 2
        scored = [at for at in self.done if self.nodes[at].met is None]
        if scored:
            makers.append(lambda: x.PointsOf(self.nodes[r.choice(scored)].code))
            makers.append(lambda: x.MaximumOf(self.nodes[r.choice(scored)].code))
        if combined := [at for at in scored if self.nodes[at].combine is not None]:
            makers.append(lambda: x.PointsOf(self.nodes[r.choice(combined)].code))
        if self.of(p.Kind.DATE) and r.random() < 0.3:
            makers.append(lambda: x.Sub(x.Fact("day"), x.Const(F(735000))))
        if self.total:
            makers += [x.Total, x.TotalMaximum]
        return r.choice(makers)()

    def truth(self, depth: int = 2) -> x.Truth:
        r = self.r
        if depth > 0 and r.random() < 0.4:
            many = tuple(self.truth(depth - 1) for _ in range(r.randint(1, 3)))
            return r.choice([x.All(many), x.AnyOf(many), x.Not(many[0]), x.AtLeast(r.randint(0, 2), many)])
        makers: list[Callable[[], x.Truth]] = [
            lambda: x.Compare(r.choice(list(x.Order)), self.num(depth), self.num(depth - 1)),
            lambda: x.Compare(r.choice(list(x.Order)), self.num(1), self.const()),
            lambda: x.Flag(r.choice(self.of(p.Kind.YES_NO) or self.inputs[2:3]).name),
            lambda: x.IsMissing(r.choice(self.inputs).name),
        ]
        makers += [] if self.row is None else [self.column_truth] * 6
        makers += [lambda: x.Always(r.random() < 0.5)] if r.random() < 0.1 else []
        if some := self.of(p.Kind.LEVEL):
            makers.append(lambda: x.IsLevel(r.choice(some).name, tuple(sorted(r.sample([0, 1, 2], r.randint(1, 2))))))
            keys = drawn.level_keys(some, self.row)
            makers.append(lambda: drawn.among(r, keys, lambda: self.truth(depth - 1), lambda: self.num(depth)))
        named = [let.name for let in self.lets if not isinstance(let.value, x.Num)]
        if named:
            makers.append(lambda: x.RefTruth(r.choice(named)))
        conditions = [at for at in self.done if self.nodes[at].met is not None]
        if conditions:
            makers.append(lambda: x.Met(self.nodes[r.choice(conditions)].code))
        groups = [self.nodes[at].code for at in self.done if self.nodes[at].children]
        makers += [lambda: x.Unrated(r.choice(groups))] * 2 if groups else []
        if leaves := [self.nodes[at].code for at in self.done if not self.nodes[at].children]:
            makers.append(lambda: x.NothingZero(tuple(r.sample(leaves, r.randint(1, len(leaves))))))
        return r.choice(makers)()

    def maybe(self, chance: float, make: Callable[[], Any]) -> Any:
        return make() if self.r.random() < chance else None

    # ---- the outline

    def plan(self) -> p.Plan:
        r = self.r
        roots = []
        combines = r.random() < 0.15  # then the roots stand below one more
        if combines:
            self.nodes.append(p.PlanNode("total", "The sheet", "sheet", F(0), F(0), None, (), 1))
        for i in range(1, self.r.randint(1, self.size) + 1):
            self.more_lets()
            roots.append(self.heading(str(i), 0 if combines else None, 3))
        if combines:
            self.nodes[0] = self.finish_group(replace(self.nodes[0], children=tuple(roots)))
            self.order.append(0)
            roots = [0]
        roots += [self.pool(kind) for kind in ("bonus", "penalty") if r.random() < 0.25]
        self.done = list(self.order)
        limits = tuple(self.limit() for _ in range(r.choice([0, 0, 1, 2])))
        printed = [node for node in (self.nodes[at] for at in roots) if not node.unscored and not node.pool]
        total = sum((node.maximum for node in printed), F(0))
        rounding = self.maybe(0.5, self.rounding)
        self.total = True
        grades = tuple(self.grades(i) for i in range(r.choice([0, 1, 1, 2, 3])))
        plan = p.Plan(
            "made.up", "Made 'up' \"\\\n{}", "1", r.choice(["en", "vi"]), "d" * 64, total, r.random() < 0.4, rounding,
            tuple(self.inputs), tuple(self.judged), tuple(self.evidence), (), tuple(self.lets), tuple(self.nodes),
            tuple(self.order), tuple(roots), limits, grades, (), references=references_of(self.inputs),
        )  # fmt: skip
        plan = with_rounds(r, plan) if r.random() < 0.4 else plan
        return at_first_stage(r, plan) if r.random() < 0.15 else plan

    def more_lets(self) -> None:
        for _ in range(self.r.choice([0, 1, 2])):
            name = f"let{len(self.lets)}"
            choices = [self.num, self.truth, lambda: x.Div(x.Fact("done"), x.Fact("planned"))]
            self.lets.append(p.Let(name, self.r.choice(choices)(), name, 1))  # type: ignore[operator]

    def heading(self, code: str, parent: int | None, depth: int) -> int:
        at, r = len(self.nodes), self.r
        title = r.choice([f"Title {code} \"'\\{{}}\n", f"Tiêu chí {code}"])
        weight = self.maybe(0.4, lambda: r.choice([F(1, 3), F(30, 100), F(2), F(5)]))
        self.nodes.append(p.PlanNode(code, title, "item", F(0), F(0), parent, (), at + 1, weight=weight))
        group = depth > 0 and self.r.random() < 0.5
        absent = self.clauses(code, group)
        children: list[int] = []
        if group:
            for i in range(1, self.r.randint(1, 3) + 1):
                children.append(self.heading(f"{code}.{i}", at, depth - 1))
        if group:
            self.nodes[at] = replace(self.nodes[at], children=tuple(children), absent=absent)
            self.nodes[at] = self.finish_group(self.nodes[at])
        elif self.r.random() < 0.12:
            self.nodes[at] = replace(self.nodes[at], met=self.truth(), absent=absent)
        else:
            self.nodes[at] = self.finish_leaf(replace(self.nodes[at], absent=absent))
        self.order.append(at)
        self.done.append(at)
        return at

    def pool(self, kind: str) -> int:
        """A root beside the sheet: items with one cap together."""
        r = self.r
        at, cap = len(self.nodes), r.choice([F(1), F(3), F(5, 2)])
        ends = {"minimum": F(0), "maximum": cap} if kind == "bonus" else {"minimum": -cap, "maximum": F(0)}
        self.nodes.append(p.PlanNode(kind, kind, kind, parent=None, children=(), line=1, pool=kind, **ends))
        children = []
        for i in range(1, r.randint(1, 3) + 1):
            children.append(len(self.nodes))
            item = p.PlanNode(f"{kind}.{i}", "Item", "item", parent=at, children=(), line=1, **ends)
            self.nodes.append(replace(item, absent=self.clauses(item.code, False)))
            base = None if kind == "penalty" else self.maybe(0.5, self.choice_)
            item = replace(self.nodes[-1], base=base, **self.after_base(item.code, 0.9))
            self.nodes[-1] = item
            self.order.append(children[-1])
        self.nodes[at] = replace(self.nodes[at], children=tuple(children))
        self.order.append(at)
        return at

    def combination(self) -> p.Combine:
        r = self.r
        kind = r.choice(list(p.CombineKind))
        demanded = kind in (p.CombineKind.GEOMETRIC, p.CombineKind.HARMONIC)
        return p.Combine(
            kind,
            exponent=r.choice([F(1, 2), F(2), F(-1), F(-3, 2)]) if kind is p.CombineKind.POWER else F(1),
            count=r.choice([1, 1, 2, 5]),
            places=r.choice([0, 2, 6, 14]),
            if_zero=self.num(1) if demanded and r.random() < 0.9 else None,
            needs=self.maybe(0.3, lambda: r.choice([F(1, 2), F(6, 10), F(1)])),
        )

    def clauses(self, code: str, group: bool) -> tuple[p.Absent, ...]:
        r = self.r
        if self.calm and r.random() < 0.8:
            return ()
        found = [self.clause(code, self.truth()) for _ in range(r.choice([0, 0, 0, 1, 1, 2]))]
        if group and r.random() < 0.4:
            found.insert(r.randint(0, len(found)), self.clause(code, None))
        return tuple(found)

    def clause(self, code: str, when: x.Truth | None) -> p.Absent:
        r = self.r
        policy = r.choice([p.Policy.FULL, p.Policy.EXCLUDED, p.Policy.KEEP_WORTH, p.Policy.ZERO, p.Policy.EXCLUDED])
        if r.random() < 0.04:
            policy = p.Policy.UNDECIDED
        above: list[str | None] = [None]
        parts = code.split(".")
        above += [".".join(parts[:n]) for n in range(1, len(parts))]
        worth = r.choice(above) if policy is p.Policy.KEEP_WORTH else None
        return p.Absent(when, policy, worth, "words" if policy is p.Policy.UNDECIDED else "", 1)

    def finish_group(self, node: p.PlanNode) -> p.PlanNode:
        r = self.r
        counted = [self.nodes[c] for c in node.children if self.nodes[c].met is None and not self.nodes[c].unscored]
        most = sum((c.maximum for c in counted), F(0))
        most += r.random() < 0.15
        return replace(
            node,
            maximum=most,
            minimum=r.choice([sum((c.minimum for c in counted), F(0))] * 6 + [F(0), F(0), F(-40), F(-4, 3)]),
            unscored=r.random() < 0.08 and not any(c.when is None for c in node.absent) and not self.keeps(node.code),
            base=self.maybe(0.1, self.choice_),
            requirements=self.requirements(0.05 if self.calm else 0.2),
            combine=None if self.keeps(node.code) else self.maybe(0.6 if self.calm else 0.3, self.combination),
            if_not_rated=self.maybe(0.3, lambda: if_not_rated(r, self.num(1))),
            **self.after_base(node.code, 0.25),
        )

    def keeps(self, code: str) -> bool:
        return any(c.worth_of == code for node in self.nodes for c in node.absent)

    def finish_leaf(self, node: p.PlanNode) -> p.PlanNode:
        r = self.r
        node = replace(
            node,
            maximum=r.choice([F(1), F(2), F(5, 4), F(10), F(1, 3), *([] if self.calm else [F(0)])]),
            minimum=r.choice([F(0), F(0), F(0), F(-1), F(-3)]),
            unscored=r.random() < 0.12,
        )
        if r.random() < 0.15:
            policy = r.choice(list(p.MissingPolicy))
            value = self.num(1) if policy is p.MissingPolicy.POINTS else None
            node = replace(node, if_missing=p.IfMissing(policy, r.random() < 0.5, value))
        node = replace(node, endless=node.unscored and r.random() < 0.7)
        base = self.maybe(0.2, lambda: self.judgement(node)) or self.maybe(0.9, self.choice_)
        asked = self.requirements(0.05 if self.calm else 0.4)
        return replace(node, base=base, requirements=asked, **self.after_base(node.code, 0.5))

    def requirements(self, chance: float) -> tuple[p.Requirement, ...]:
        number = range(self.r.choice([1, 2]) if self.r.random() < chance else 0)
        return tuple(p.Requirement(self.truth(), self.num(1), "because", "label", 1) for _ in number)

    def judgement(self, node: p.PlanNode) -> p.Choice:
        step = self.r.choice([None, F(1, 4), F(1, 2)])
        low = self.r.choice([F(0), F(-1, 2)])
        self.judged.append(p.JudgedSpec(node.code, "Judged", low, low + 3, step))
        return p.Choice(p.Form.JUDGED, (p.Case(None, x.Judged(node.code), "judged", 1),))

    def choice_(self) -> p.Choice:
        r = self.r
        subject: x.Num | None = None
        if r.random() < 0.5:
            subject = r.choice([self.num(2), x.Div(x.Fact("done"), x.Fact("planned")), x.Fact("done")])
            ends = sorted(r.sample(SMALL, r.randint(1, 4)), reverse=True)
            tests: list[x.Truth] = [x.Compare(r.choice([x.Order.GE, x.Order.GT]), subject, x.Const(e)) for e in ends]
        else:
            tests = [self.truth() for _ in range(r.randint(0, 3))]
        cases = [p.Case(t, self.num(r.choice([0, 0, 2])), "row", 1) for t in tests]
        cases.append(p.Case(self.maybe(0.2, self.truth), self.num(1), "otherwise", 1))
        return p.Choice(r.choice(list(p.Form)), tuple(cases), subject, "subject", 1)

    def after_base(self, code: str, chance: float) -> dict[str, Any]:
        r = self.r
        adjustments = tuple(self.adjustment() for _ in range(r.choice([0, 1, 2]) if r.random() < chance else 0))
        evidence = []
        for _ in range(r.choice([1, 2]) if r.random() < chance / 2 else 0):
            evidence.append(len(self.evidence))
            self.evidence.append(self.proof(code))
        return {
            "adjustments": adjustments,
            "evidence": tuple(evidence),
            "limits": tuple(self.limit() for _ in range(r.choice([1, 2]) if r.random() < chance / 2 else 0)),
            "rounding": self.maybe(chance / 2, self.rounding),
        }

    def adjustment(self) -> p.Adjustment:
        times, when = self.maybe(0.6, lambda: self.num(1)), self.maybe(0.5, self.truth)
        cap, sign = self.maybe(0.6, lambda: self.num(1)), self.r.choice([1, -1])
        return p.Adjustment(sign, self.num(1), times, when, cap, "why", "label", 1, sign > 0 and self.r.random() < 0.3)

    def proof(self, code: str) -> p.EvidenceSpec:
        r = self.r
        effect = r.choice(list(p.Effect))
        amount = r.choice([F(0), F(1, 2), F(1), F(1, 3)])
        when = x.Always(True) if r.random() < 0.5 else self.truth()
        since = r.choice([None, 738600])
        name = f"proof{len(self.evidence)}"
        return p.EvidenceSpec(name, "Proof", code, when, r.choice([1, 1, 2]), since, None, effect, amount, 1)

    def limit(self) -> p.Limit:
        return p.Limit(self.r.random() < 0.6, self.num(1), self.maybe(0.6, self.truth), "why", "label", 1)

    def rounding(self) -> p.Rounding:
        step = self.r.choice([F(1), F(1, 100), F(1, 4), F(1, 10), F(5)])
        return p.Rounding(self.r.choice(list(x.Mode)), step, self.r.random() < 0.2)

    def grades(self, number: int) -> p.GradeTable:
        r = self.r
        node = r.choice([-1, -1, *self.done])
        subject: x.Num = x.Total() if node < 0 else x.PointsOf(self.nodes[node].code)
        ends = sorted(r.sample([F(n) for n in range(-2, 12)], r.randint(1, 4)), reverse=True)
        rows = []
        for i, end in enumerate(ends):
            test: x.Truth = x.Compare(x.Order.GE, subject, x.Const(end))
            if r.random() < 0.3:
                test = x.All((test, self.truth(1)))
            rows.append(p.GradeRow(f"grade{i}" if r.random() < 0.9 else "", f"Grade {i}", test, "row", 1))
        if r.random() < 0.8:
            rows.append(p.GradeRow("last", "Last", None, "otherwise", 1))
        named = [i for i, row in enumerate(rows) if row.name]
        gates = []
        for _ in range(r.choice([0, 1, 3, 5]) if named else 0):
            kind = r.choice(list(p.GateKind))
            row = r.choice(named) if kind in (p.GateKind.CEILING, p.GateKind.FORCE) else -1
            gates.append(p.Gate(kind, row, self.truth(1), "why", "gate", 1))
        quotas = (p.Quota(0, F(1, 5), tuple(named), None, "quota", 1),) if r.random() < 0.2 else ()
        return p.GradeTable(
            tuple(rows), tuple(gates), self.maybe(0.9, lambda: subject), "total", 1, f"table{number}" if number else "",
            "A table", node, self.maybe(0.3, lambda: self.truth(1)), quotas,
        )  # fmt: skip


# ---------------------------------------------------------------- by hand


def leaf(code: str, maximum: Fraction | int, parent: int | None = None, **more: Any) -> p.PlanNode:
    """A scored leaf without a rule; give it one by keyword."""
    return replace(p.PlanNode(code, f"Title {code}", "item", F(0), F(maximum), parent, (), 1), **more)


def points(*cases: tuple[x.Truth | None, x.Num | int], subject: x.Num | None = None) -> p.Choice:
    """A choice from pairs of condition and value."""
    made = tuple(p.Case(when, x.Const(F(v)) if isinstance(v, int) else v, "row", 1) for when, v in cases)
    return p.Choice(p.Form.CONDITIONS, made, subject, "", 1)


def sheet(inputs: list[p.InputSpec], nodes: list[p.PlanNode], **more: Any) -> p.Plan:
    """A plan of these nodes (children before parents in the order), total the sum of the roots."""
    order: list[int] = []

    def visit(at: int) -> None:
        for child in nodes[at].children:
            visit(child)
        order.append(at)

    roots = tuple(at for at, node in enumerate(nodes) if node.parent is None)
    for root in roots:
        visit(root)
    total = sum((nodes[at].maximum for at in roots if not nodes[at].unscored), F(0))
    made = p.Plan(
        "by.hand", "By hand", "1", "en", "0" * 64, total, False, None, tuple(inputs), (), (), (), (), tuple(nodes),
        tuple(order), roots, (), (), (),
    )  # fmt: skip
    return replace(made, **more)

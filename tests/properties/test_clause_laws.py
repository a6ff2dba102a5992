"""Leaves of every kind of clause, in any order, against a scorer of a few lines that knows nothing of plans."""

from fractions import Fraction as F
from random import Random
from typing import Any

from checking import rubric_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import load
from rubric_engine.backend.lower import lower
from rubric_engine.evaluator import Evaluator
from rubric_engine.meaning.reading import Unsettled
from rubric_engine.plan.plan import Observed, Slot, slots_of

HEAD = """rubric "Test" id test.clauses
version 1
total 10 points, signed
criterion 1 "Leaf" -5 to 5 points
  input n: number, from -9 to 9, if missing not applicable
  input m: number, from -9 to 9, if missing not applicable
  input p: yes/no
  input q: yes/no
"""
TAIL = 'criterion 2 "Other" 5 points\n  score 5\n'
LEFT = "left out"
Facts = dict[str, Any]
Cond = tuple[Any, ...]


# ---------------------------------------------------------------- conditions and numbers: drawn, written, asked


def condition(r: Random, depth: int = 2) -> Cond:
    if depth and r.random() < 0.5:
        word = r.choice(("and", "or", "not"))
        return (word, *(condition(r, depth - 1) for _ in range(1 if word == "not" else 2)))
    return r.choice((("p",), ("q",), ("n", r.randint(-2, 5)), ("m", r.randint(-2, 5))))


def words(c: Cond) -> str:
    match c:
        case ("not", one):
            return f"not ({words(one)})"
        case (("and" | "or") as word, one, other):
            return f"({words(one)} {word} {words(other)})"
        case (name, limit):
            return f"{name} > {limit}"
        case (name,):
            return str(name)
    raise AssertionError(c)


def holds(c: Cond, facts: Facts) -> bool | None:
    """``None``: it cannot be told."""
    match c:
        case ("not", one):
            inner = holds(one, facts)
            return None if inner is None else not inner
        case (("and" | "or") as word, *both):
            told = [holds(one, facts) for one in both]
            decisive = word == "or"
            return decisive if decisive in told else None if None in told else not decisive
        case (name, limit):
            return None if name not in facts else facts[name] > limit
        case (name,):
            return bool(facts[name])
    raise AssertionError(c)


def number(r: Random) -> str:
    return r.choice((str(r.randint(-3, 6)), str(r.randint(0, 6)), "n", "m", "max(n, m)"))


def value(text: str, facts: Facts) -> F | None:
    if text == "max(n, m)":
        return max(facts["n"], facts["m"]) if {"n", "m"} <= facts.keys() else None
    return facts.get(text) if text in ("n", "m") else F(text)


# ---------------------------------------------------------------- a leaf: clauses as drawn


class Leaf:
    def __init__(self, r: Random) -> None:
        policies = ("full points", "excluded", "zero")
        self.absent = [(condition(r), r.choice(policies)) for _ in range(r.choice((0, 0, 1, 1, 2)))]
        self.require = [(condition(r), number(r)) for _ in range(r.choice((0, 0, 1, 2, 3)))]
        self.rows = [(condition(r), number(r)) for _ in range(r.choice((0, 1, 2)))]
        self.otherwise = number(r)
        self.changes = [
            (r.choice((1, -1)), number(r).replace("-", ""), condition(r) if r.random() < 0.7 else None)
            for _ in range(r.choice((0, 0, 1, 2)))
        ]
        effects = ("deduct 2", "deduct 1", "score 1", "score 3", "at most 50%", "at most 20%", "warn")
        self.evidence = [
            (r.choice(effects), condition(r) if r.random() < 0.5 else None) for _ in range(r.choice((0, 0, 1, 2, 3)))
        ]
        self.limits = [
            (r.random() < 0.5, number(r), condition(r) if r.random() < 0.5 else None)
            for _ in range(r.choice((0, 1, 2, 3)))
        ]

    def text(self, r: Random) -> str:
        """The clauses in any order; rows stay below their line, *not applicable* clauses one after the other."""
        clauses = ["".join(f"  not applicable when {words(c)}: {policy}\n" for c, policy in self.absent)]
        clauses += [f"  require {words(c)}, otherwise {points}\n" for c, points in self.require]
        rows = "".join(f"    when {words(c)}: {points}\n" for c, points in self.rows)
        clauses.append(f"  score\n{rows}    otherwise: {self.otherwise}\n" if rows else f"  score {self.otherwise}\n")
        for sign, amount, c in self.changes:
            when = "" if c is None else f" when {words(c)}"
            clauses.append(f"  {'award' if sign > 0 else 'deduct'} {amount}{when}\n")
        for i, (effect, c) in enumerate(self.evidence):
            asked = "required" if c is None else f"required when {words(c)}"
            clauses.append(f'  evidence e{i} "E" {asked}, if missing {effect}\n')
        for top, points, c in self.limits:
            word = "at most" if top else "at least"
            clauses.append(f"  {word} {points} points{'' if c is None else ' when ' + words(c)}\n")
        r.shuffle(clauses)
        return HEAD + "".join(clauses) + TAIL

    def score(self, facts: Facts) -> F | str:
        """Its points by the order of operations, or LEFT."""
        told = [(holds(c, facts), policy) for c, policy in self.absent]
        for held, policy in told:
            if held:
                return {"full points": F(5), "zero": F(0)}.get(policy, LEFT)
        if any(held is None for held, _ in told):
            return LEFT
        failing = [value(points, facts) for c, points in self.require if holds(c, facts) is False]
        if failing:
            return LEFT if None in failing else _within(min(failing))  # type: ignore[type-var, arg-type]
        if any(holds(c, facts) is None for c, _ in self.require):
            return LEFT
        try:
            return _within(self._earned(facts))
        except _Lacking:
            return LEFT

    def _earned(self, facts: Facts) -> F:
        taken = next((text for c, text in self.rows if _sure(holds(c, facts))), self.otherwise)
        points = _sure(value(taken, facts))
        for sign, amount, c in self.changes:
            if c is None or _sure(holds(c, facts)):
                points += sign * max(F(0), _sure(value(amount, facts)))
        asked = [effect.split() for effect, c in self.evidence if c is None or _sure(holds(c, facts))]
        points -= sum(F(amount) for word, amount in (each for each in asked if each[0] == "deduct") if word)
        for each in asked:
            if each[0] == "score":
                points = min(points, F(each[1]))
            elif each[0] == "at":
                points = min(points, 5 * F(each[2].rstrip("%")) / 100)
        limits = [(top, _sure(value(v, facts))) for top, v, c in self.limits if c is None or _sure(holds(c, facts))]
        for bound in (v for top, v in limits if not top):
            points = max(points, bound)
        for bound in (v for top, v in limits if top):
            points = min(points, bound)
        return points


class _Lacking(Exception):
    pass


def _sure(told: Any) -> Any:
    if told is None:
        raise _Lacking
    return told


def _within(points: F) -> F:
    return min(max(points, F(-5)), F(5))


def facts_drawn(r: Random) -> Facts:
    facts: Facts = {"p": r.random() < 0.5, "q": r.random() < 0.5}
    return facts | {name: F(r.randint(-3, 6)) for name in ("n", "m") if r.random() < 0.6}


# ---------------------------------------------------------------- the law


@given(st.integers(0, 10**9))
@settings(max_examples=120, deadline=None)
def test_clauses_act_in_their_order_whatever_the_order_they_are_written_in(seed: int) -> None:
    """An input *if missing not applicable* matters only where the clauses before it have not spoken."""
    r = Random(seed)
    leaf = Leaf(r)
    rubric, source = rubric_of(leaf.text(r))
    plan = lower(rubric, source)
    evaluator = Evaluator(plan, load(emit(plan), plan))
    slots = slots_of(plan)
    published = slots.index(Slot(Observed.PUBLISHED))
    for _ in range(6):
        facts = facts_drawn(r)
        right = leaf.score(facts)
        result = evaluator.evaluate({"inputs": facts})
        points, maximum = (F(0), 5) if right == LEFT else (right, 10)
        assert (result.total.exact, result.total.applicable_maximum) == (5 + points, maximum), (facts, leaf.text(r))
        try:
            exact = interpret(plan, evaluator.read({"inputs": facts}))
        except Unsettled:
            continue
        assert exact.number(published) == 5 + points

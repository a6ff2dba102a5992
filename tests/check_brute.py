"""Small rubrics whose every submission can be tried, and what trying them says: held against what ``check`` proves.

Expressions are worked out here, on :class:`~fractions.Fraction`, apart from the engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction as F
from itertools import product
from typing import Any

Pick = Callable[[Sequence[Any]], Any]
Facts = Mapping[str, F]

MOST_SUBMISSIONS = 400


class ByZero(ArithmeticError):
    """The expression divides by 0 here."""


@dataclass(frozen=True)
class Term:
    """An expression: how it is written, and what it comes to."""

    text: str
    value: Callable[[Facts], F]


@dataclass(frozen=True)
class Test:
    """A condition."""

    text: str
    holds: Callable[[Facts], bool]


@dataclass(frozen=True)
class Small:
    """A rubric, the submissions it allows, and the faults some submission shows, each with one that shows it.

    ``free`` are codes of which nothing is known here; ``top`` says that nobody earns the maximum.
    """

    text: str
    submissions: tuple[Facts, ...]
    faults: Mapping[str, object]
    free: frozenset[str] = frozenset()


def read(term: Term, facts: Facts) -> F | None:
    """Its value, ``None`` where it divides by 0."""
    try:
        return term.value(facts)
    except ByZero:
        return None


def divided(over: F, under: F) -> F:
    """Over under."""
    if not under:
        raise ByZero
    return over / under


class Drawing:
    """One small rubric on its way; ``pick`` decides."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.inputs: list[tuple[str, str, Callable[[Facts], range]]] = []
        self.lets: list[str] = []

    def one_in(self, many: int) -> bool:
        return bool(self.pick(range(many)) == many - 1)

    # ---- facts

    def input(self) -> str:
        """A small count, perhaps bounded by one before it."""
        name = "abcd"[len(self.inputs)]
        earlier = [one[0] for one in self.inputs]
        if earlier and self.one_in(3):
            bound = self.pick(earlier)
            self.inputs.append((name, f"count, at most {bound}", lambda facts: range(int(facts[bound]) + 1)))
        else:
            low, high = self.pick([0, 0, 1, 2]), self.pick([2, 1, 3, 4, 5])
            if low > high:
                low = high
            words = f"count, from {low} to {high}" if low else f"count, at most {high}"
            self.inputs.append((name, words, lambda facts: range(low, high + 1)))
        return name

    def submissions(self) -> Iterator[Facts]:
        """All of them."""
        waiting: list[dict[str, F]] = [{}]
        for name, _, domain in self.inputs:
            waiting = [{**facts, name: F(value)} for facts in waiting for value in domain(facts)]
        yield from waiting

    # ---- expressions

    def variable(self) -> Term:
        if len(self.inputs) < 3 and (not self.inputs or self.one_in(2)):
            name = self.input()
        else:
            name = self.pick([one[0] for one in self.inputs])
        return Term(name, lambda facts: facts[name])

    def whole(self, depth: int = 1) -> Term:
        """A number made of counts."""
        if not depth or self.one_in(3):
            return self.variable()
        one, other = self.whole(depth - 1), self.pick([self.whole, self._constant])(depth - 1)
        form = self.pick(["+", "-", "*", "min", "max"])
        x, y = one.value, other.value
        match form:
            case "+":
                return self.named(Term(f"({one.text} + {other.text})", lambda facts: x(facts) + y(facts)))
            case "-":
                return self.named(Term(f"({one.text} - {other.text})", lambda facts: x(facts) - y(facts)))
            case "*":
                return self.named(Term(f"({one.text} * {other.text})", lambda facts: x(facts) * y(facts)))
            case "min":
                return self.named(Term(f"min({one.text}, {other.text})", lambda facts: min(x(facts), y(facts))))
            case _:
                return self.named(Term(f"max({one.text}, {other.text})", lambda facts: max(x(facts), y(facts))))

    def _constant(self, depth: int) -> Term:
        number = self.pick([1, 2, 3])
        return Term(str(number), lambda facts: F(number))

    def ratio(self) -> Term:
        over, under = self.whole(), self.whole()
        return Term(f"{over.text} / {under.text}", lambda facts: divided(over.value(facts), under.value(facts)))

    def named(self, term: Term) -> Term:
        """The same under a name of its own."""
        if len(self.lets) > 2 or not self.one_in(3):
            return term
        name = f"v{len(self.lets)}"
        self.lets.append(f"  let {name} = {term.text}")
        return Term(name, term.value)

    def test(self) -> Test:
        """A condition on counts."""
        term, number = self.whole(), F(self.pick([1, 0, 2, 3, 4]))
        order = self.pick([">=", ">", "=", "<", "<=", "!="])
        return Test(f"{term.text} {order} {number}", lambda facts: ORDERS[order](term.value(facts), number))

    def clauses(self) -> str:
        """Inputs and lets, as they stand under a heading."""
        return "".join(f"  input {name}: {words}\n" for name, words, _ in self.inputs) + "".join(
            f"{line}\n" for line in self.lets
        )

    # ---- bands

    def rows(self, percent: bool) -> tuple[list[tuple[str, Callable[[F], bool]]], bool]:
        """Bands, mostly complete and mostly apart, and whether an `otherwise` ends them."""
        shares = [F(1, 4), F(3, 10), F(1, 2), F(3, 5), F(3, 4), F(9, 10), F(1)]
        numbers = [F(n) for n in range(-1, 9)] + [F(1, 2), F(3, 2)]
        edges = sorted({self.pick(shares if percent else numbers) for _ in range(self.pick([1, 2, 3, 4]))})
        shown = [f"{float(edge * 100):g}%" if percent else f"{float(edge):g}" for edge in edges]
        rows: list[tuple[str, Callable[[F], bool]]] = []
        open_below = self.one_in(2)
        for at in range(len(edges) - 1, -1, -1):
            low, high = edges[at], edges[at + 1] if at + 1 < len(edges) else None
            below_open = open_below if self.one_in(5) else False
            if high is None:
                row = (f"above {shown[at]}", lambda v, low=low: v > low) if below_open else (
                    f"{shown[at]} or more", lambda v, low=low: v >= low)  # fmt: skip
            else:
                left, left_open = ("above ", True) if below_open else ("", False)
                right, right_open = ("", False) if self.one_in(6) else ("below ", True)
                row = (f"{left}{shown[at]} to {right}{shown[at + 1]}",
                       lambda v, low=low, high=high, a=left_open, b=right_open: (v > low if a else v >= low) and (
                           v < high if b else v <= high))  # fmt: skip
            rows.append(row)
        if self.one_in(8):
            rows.pop(self.pick(range(len(rows))))
        ends = self.pick(["below", "below", "otherwise", "or less"])
        if ends == "otherwise" and rows:
            return rows, True
        first = edges[0]
        rows.append((f"below {shown[0]}", lambda v: v < first) if ends != "or less" else (
            f"{shown[0]} or less", lambda v: v <= first))  # fmt: skip
        return rows, False

    # ---- rubrics

    def draw(self) -> Small | None:
        """A small rubric, or ``None`` where there are too many submissions."""
        form = self.pick(["bands", "bands", "rows", "formula", "grades", "grades", "index", "mean", "shared", "shared"])
        made: Small | None = getattr(self, f"_{form}")()
        return made

    def _bands(self) -> Small | None:
        percent = self.one_in(2)
        subject = self.ratio() if percent else self.whole(2)
        rows, otherwise = self.rows(percent)
        guard = self.test() if self.one_in(3) else None
        every = list(self.submissions())
        if len(every) > MOST_SUBMISSIONS:
            return None
        highest = self.pick([4, 2])
        points = [self.pick(range(highest + 1)) for _ in rows]
        points[self.pick(range(len(points)))] = highest
        last = self.pick(range(highest + 1))
        lines = [f"    {words}: {points[at]}" for at, (words, _) in enumerate(rows)]
        lines += [f"    otherwise: {last}"] if otherwise else []
        faults: dict[str, object] = {}
        top = F(-1)
        for facts in every:
            if guard is not None and guard.holds(facts):
                continue
            value = read(subject, facts)
            if value is None:
                faults.setdefault("RUB414", facts)
                continue
            those = [at for at, (_, inside) in enumerate(rows) if inside(value)]
            if not those and not otherwise:
                faults.setdefault("RUB411", facts)
            if len(those) > 1:
                faults.setdefault("RUB412", facts)
            top = max(top, *(F(points[at]) for at in those), F(last) if not those and otherwise else F(-1))
        if not faults and 0 <= top < highest:
            faults["RUB405"] = top
        clause = f"  not applicable when {guard.text}: excluded\n" if guard else ""
        filler = '\n\ncomponent 2 "2" 1 point\n  score judged' if guard else ""
        text = _rubric(highest + (1 if guard else 0), highest,
                       f"{self.clauses()}{clause}  score by {subject.text}\n" + "\n".join(lines) + filler)  # fmt: skip
        # Of what never applies, that nobody earns anything is true, and shown by no submission.
        free = frozenset({"RUB405"} if not faults and top < 0 else ())
        return Small(text, tuple(every), faults, free=free)

    def _rows(self) -> Small | None:
        tests = [self.test() for _ in range(self.pick([1, 2, 3]))]
        every = list(self.submissions())
        if len(every) > MOST_SUBMISSIONS:
            return None
        low, high = self.pick([0, 0, -2]), self.pick([3, 2])
        points = [self.pick([high, 0, 1, low, high + 1, low - 1] if self.one_in(3) else [high, low, 1]) for _ in tests]
        last = self.pick([0, high, low])
        faults: dict[str, object] = {}
        top = F(-9)
        for facts in every:
            found = next((points[at] for at, test in enumerate(tests) if test.holds(facts)), last)
            top = max(top, F(found))
            if found > high:
                faults.setdefault("RUB404", facts)
            if found < low:
                faults.setdefault("RUB419", facts)
        if not faults and top < high:
            faults["RUB405"] = top
        lines = [f"    when {test.text}: {points[at]}" for at, test in enumerate(tests)] + [f"    otherwise: {last}"]
        text = _rubric(high, high, f"{self.clauses()}  score\n" + "\n".join(lines), low=low)
        return Small(text, tuple(every), faults, free=frozenset({"RUB404", "RUB419"} - faults.keys()))

    def _formula(self) -> Small | None:
        term = self.whole(2)
        if self.one_in(2):
            over, under = term, self.whole()
            term = Term(f"{over.text} / {under.text}", lambda facts: divided(over.value(facts), under.value(facts)))
        every = list(self.submissions())
        if len(every) > MOST_SUBMISSIONS:
            return None
        values = [read(term, facts) for facts in every]
        known = [value for value in values if value is not None]
        high = self.pick([F(4), F(2), F(6)])
        if known and self.one_in(2) and max(known) > 0 and (max(known) * 4).denominator == 1:
            high = max(known)
        faults: dict[str, object] = {}
        for facts, value in zip(every, values, strict=True):
            if value is None:
                faults.setdefault("RUB414", facts)
            elif value > high:
                faults.setdefault("RUB420", facts)
            elif value < 0:
                faults.setdefault("low end", facts)
        if not faults.keys() & {"RUB414", "RUB420"} and max(known) < high:
            faults["RUB405"] = max(known)
        text = _rubric(high, high, f"{self.clauses()}  score {term.text}")
        return Small(text, tuple(every), faults)

    def _leaves(self, *, excluded: bool) -> tuple[list[str], list[tuple[F, tuple[F | None, ...]]]]:
        """Leaves of a few levels, as text, and for each its maximum and all points it can have."""
        texts, those = [], []
        for number in range(1, self.pick([2, 1, 3]) + 1):
            points = sorted({F(self.pick([0, 1, 2, 3, 4]), self.pick([1, 1, 2])) for _ in range(self.pick([2, 3]))})
            high = points[-1] or F(1)
            if not points[-1]:
                points.append(high)
            lines = f"  input f{number}: one of {', '.join(f'l{at}' for at in range(len(points)))}\n"
            absent: tuple[F | None, ...] = ()
            if excluded and self.one_in(2):
                lines += f"  input out{number}: yes/no\n  not applicable when out{number}: excluded\n"
                absent = (None,)
            lines += f"  score by f{number}\n" + "\n".join(f"    l{at}: {_shown(one)}" for at, one in enumerate(points))
            texts.append(f'component {number} "{number}" {_shown(high)} points\n{lines}\n')
            those.append((high, (*points, *absent)))
        return texts, those

    def _grades(self) -> Small | None:
        texts, those = self._leaves(excluded=False)
        total = sum((high for high, _ in those), F(0))
        places = self.pick([None, None, 0])
        ways = product(*(points for _, points in those))
        totals = {sum((one for one in points if one is not None), F(0)) for points in ways}
        if places == 0:
            totals = {min(F((2 * value + 1) // 2), total) for value in totals}
        rows, otherwise = self.rows(False)
        rounding = "" if places is None else ", rounded half-up to 0 places"
        return self._graded(texts, total, f"total {_shown(total)} points{rounding}", "total", totals, rows, otherwise)

    def _index(self) -> Small | None:
        texts, those = self._leaves(excluded=True)
        total = sum((high for high, _ in those), F(0))
        indices: set[F] = set()
        faults: dict[str, object] = {}
        for points in product(*(points for _, points in those)):
            most = sum((high for (high, _), one in zip(those, points, strict=True) if one is not None), F(0))
            if not most:
                faults["RUB414"] = points
            else:
                indices.add(sum((one for one in points if one is not None), F(0)) / most)
        if "RUB414" in faults:  # everything can drop out
            return None
        rows, otherwise = self.rows(True)
        return self._graded(texts, total, f"total {_shown(total)} points", "index of total", indices, rows, otherwise)

    def _shared(self) -> Small | None:
        """Leaves on the same facts, so that not every sum of their points can come out."""
        parts, leaves = [], []
        for number in range(1, self.pick([2, 3, 2]) + 1):
            tests = [self.test() for _ in range(self.pick([1, 2]))]
            high = self.pick([F(2), F(1), F(3)])
            points = [self.pick([high, F(0), F(1), F(1, 2)]) for _ in tests]
            last = self.pick([F(0), high])
            guard = self.test() if self.one_in(3) else None
            parts.append((number, high, tests, points, last, guard))
            leaves.append(lambda facts, these=(tests, points, last, guard): None if (
                these[3] is not None and these[3].holds(facts)) else next(
                    (each for test, each in zip(these[0], these[1], strict=True) if test.holds(facts)), these[2]
                ))  # fmt: skip
        every = list(self.submissions())
        if len(every) > MOST_SUBMISSIONS:
            return None
        total = sum((part[1] for part in parts), F(0))
        by_index = self.one_in(2)
        rows, otherwise = self.rows(by_index)
        faults: dict[str, object] = {}
        top = [F(-1)] * len(parts)
        for facts in every:
            earned = [leaf(facts) for leaf in leaves]
            most = sum((part[1] for part, one in zip(parts, earned, strict=True) if one is not None), F(0))
            top = [max(one, F(-1) if now is None else now) for one, now in zip(top, earned, strict=True)]
            if not most:
                faults.setdefault("RUB418", facts)
                continue
            value = sum((one for one in earned if one is not None), F(0)) / (most if by_index else 1)
            inside = [row for row, (_, holds) in enumerate(rows) if holds(value)]
            if not inside and not otherwise:
                faults.setdefault("RUB415", facts)
            if len(inside) > 1:
                faults.setdefault("RUB416", facts)
        # A leaf that never applies has nothing to reach: what is told is that its condition always holds.
        if any(high > one >= 0 for (_, high, *_), one in zip(parts, top, strict=True)):
            faults["RUB405"] = top
        text = f'rubric "Small" id small\nversion 1\ntotal {_shown(total)} points\n\n'
        text += self.clauses().replace("  input", "input").replace("  let", "let") + "\n"
        for number, high, tests, points, last, guard in parts:
            text += f'component {number} "{number}" {_shown(high)} points\n'
            text += f"  not applicable when {guard.text}: excluded\n" if guard else ""
            text += "  score\n" + "".join(
                f"    when {test.text}: {_shown(each)}\n" for test, each in zip(tests, points, strict=True)
            )
            text += f"    otherwise: {_shown(last)}\n\n"
        lines = [f"  g{at}: {words}" for at, (words, _) in enumerate(rows)] + (["  g9: otherwise"] if otherwise else [])
        text += f"grades by {'index of total' if by_index else 'total'}\n" + "\n".join(lines) + "\n"
        return Small(text, tuple(every), faults, free=frozenset({"RUB414"}))

    def _graded(
        self, texts: list[str], total: F, header: str, by: str, values: set[F], rows: Any, otherwise: bool
    ) -> Small:
        faults: dict[str, object] = {}
        for value in sorted(values):
            inside = [row for row, (_, holds) in enumerate(rows) if holds(value)]
            if not inside and not otherwise:
                faults.setdefault("RUB415", value)
            if len(inside) > 1:
                faults.setdefault("RUB416", value)
        lines = [f"  g{at}: {words}" for at, (words, _) in enumerate(rows)] + (["  g9: otherwise"] if otherwise else [])
        text = f'rubric "Small" id small\nversion 1\n{header}\n\n' + "\n".join(texts)
        text += f"\ngrades by {by}\n" + "\n".join(lines) + "\n"
        return Small(text, (), faults)

    def _mean(self) -> Small | None:
        texts, those = self._leaves(excluded=False)
        shift = [self.pick([F(0), F(0), F(1)]) for _ in those]
        parts = []
        for text, more in zip(texts, shift, strict=True):
            parts.append(_shifted(text, more))
        lowest = [
            min(one for one in points if one is not None) + more for (_, points), more in zip(those, shift, strict=True)
        ]
        faults: dict[str, object] = {"RUB433": lowest} if min(lowest) <= 0 else {}
        combine = self.pick(["geometric mean to 2 places", "harmonic mean"])
        text = f'rubric "Small" id small\nversion 1\ntotal 10 points\n\narea 1 "1" 10 points\n  combine {combine}\n\n'
        return Small(text + "\n".join(part.replace("component ", "component 1.") for part in parts), (), faults)


ORDERS: Mapping[str, Callable[[F, F], bool]] = {
    ">=": lambda x, y: x >= y, ">": lambda x, y: x > y, "=": lambda x, y: x == y,
    "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, "!=": lambda x, y: x != y,
}  # fmt: skip


def _shifted(text: str, more: F) -> str:
    """The leaf with so many points more in each row."""
    head, *lines = text.splitlines()
    at = head.rindex('" ') + 2
    points = F(head[at:].split()[0]) + more
    moved = []
    for line in lines:
        name, colon, number = line.rpartition(": ")
        moved.append(f"{name}: {_shown(F(number) + more)}" if colon and name.strip().startswith("l") else line)
    return "\n".join([f"{head[:at]}{_shown(points)} points", *moved]) + "\n"


def _shown(value: F) -> str:
    return f"{float(value):g}"


def _rubric(total: F | int, high: F | int, body: str, low: int = 0) -> str:
    points = f"{_shown(F(high))}" if not low else f"{low} to {_shown(F(high))}"
    signed = ", signed" if low else ""
    header = f'rubric "Small" id small\nversion 1\ntotal {_shown(F(total))} points{signed}\n\n'
    return f'{header}component 1 "1" {points} points\n{body}\n'


PROVED = frozenset({"RUB404", "RUB405", "RUB411", "RUB412", "RUB414", "RUB415", "RUB416", "RUB418", "RUB419", "RUB420",
                    "RUB433"})  # fmt: skip


def contradictions(small: Small, found: Mapping[str, bool]) -> Iterator[str]:
    """Where ``check`` and trying everything differ; ``found`` maps the codes it gives to whether they are errors."""
    for code in sorted((found.keys() & PROVED) - small.faults.keys() - small.free):
        yield f"false {code}"
    errors = {code for code, error in found.items() if error}
    missed = sorted((small.faults.keys() & PROVED) - found.keys())
    if not errors:
        yield from (f"missed {code}: {small.faults[code]}" for code in missed)

"""How fast a submission is scored, beside hand-written Python in the same process.

Run by hand: ``python tests/benchmarks/bench_score.py [ROUNDS]``. The rubric is ``forty.rubric``: 40 criteria in eight
areas, ratio bands, ten capped deductions, a grade, 90 inputs. The two hand-written functions compute the same total
from a dict of the same inputs, as somebody would write it who wants it fast: straight down, nothing stored twice.
Every round times each line once, in turn, so that a slow moment of the machine falls on all; medians are compared.
"""

import gc
import random
import statistics
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from rubric_engine import compile_rubric  # noqa: E402

CODES = [f"{area}_{criterion}" for area in range(1, 9) for criterion in range(1, 6)]
LATE = [code for code in CODES if (int(code[0]) * 5 + int(code[2])) % 4 == 0]

INTEGER = """
    p = d["planned_{code}"]
    n = d["done_{code}"] * 10
    if p == 0 or n > p * 9:
        total += 250
    elif n >= p * 7:
        total += 150
    elif n >= p * 5:
        total += 50
"""
INTEGER_LATE = """
    p = d["planned_{code}"]
    if p == 0:
        total += 250
    else:
        n = d["done_{code}"] * 10
        if n > p * 9:
            s = 250
        elif n >= p * 7:
            s = 150
        elif n >= p * 5:
            s = 50
        else:
            s = 0
        x = d["late_{code}"] * 25
        if x > 100:
            x = 100
        if s > x:
            total += s - x
"""
FLOAT = """
    p = d["planned_{code}"]
    if p == 0:
        total += 2.5
    else:
        r = d["done_{code}"] / p
        if r > 0.9:
            total += 2.5
        elif r >= 0.7:
            total += 1.5
        elif r >= 0.5:
            total += 0.5
"""
FLOAT_LATE = """
    p = d["planned_{code}"]
    if p == 0:
        total += 2.5
    else:
        r = d["done_{code}"] / p
        if r > 0.9:
            s = 2.5
        elif r >= 0.7:
            s = 1.5
        elif r >= 0.5:
            s = 0.5
        else:
            s = 0.0
        x = d["late_{code}"] * 0.25
        if x > 1.0:
            x = 1.0
        if s > x:
            total += s - x
"""


def by_hand(part: str, late: str, start: str) -> Callable[[dict[str, int]], Any]:
    """The whole function: forty criteria, those with a deduction by their own part."""
    lines = [f"def total_of(d):\n    total = {start}"]
    lines += [(late if code in LATE else part).format(code=code).rstrip() for code in CODES]
    lines.append("    return total")
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)
    found: Callable[[dict[str, int]], Any] = namespace["total_of"]
    return found


def submissions(count: int) -> list[dict[str, int]]:
    """Plausible inputs, every band and both sides of every cap among them."""
    r = random.Random(7)
    made = []
    for _ in range(count):
        given: dict[str, int] = {}
        for code in CODES:
            given[f"planned_{code}"] = r.choice([0, 10, 12, 20, 40])
            given[f"done_{code}"] = r.randint(given[f"planned_{code}"] // 2, given[f"planned_{code}"])
        given |= {f"late_{code}": r.choice([0, 0, 1, 3, 6]) for code in LATE}
        made.append(given)
    return made


def timed(function: Callable[[Any], object], given: list[Any], repeat: int) -> float:
    """Seconds a call."""
    rounds = range(repeat)
    start = perf_counter()
    for _ in rounds:
        for one in given:
            function(one)
    return (perf_counter() - start) / (repeat * len(given))


def write(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(rounds: int = 15) -> None:
    rubric = compile_rubric((HERE / "forty.rubric").read_text(encoding="utf-8"))
    integers = by_hand(INTEGER, INTEGER_LATE, "0")
    floats = by_hand(FLOAT, FLOAT_LATE, "0.0")
    raw = submissions(50)
    facts = [rubric.read({"inputs": one}) for one in raw]
    wrapped = [{"inputs": one} for one in raw]
    for one, read in zip(raw, facts, strict=True):
        assert rubric.score(read) == rubric.score(one) == Fraction(integers(one), 100)
        assert rubric.evaluate(read).total.published == rubric.score(read)
    generated = rubric._evaluator._functions

    def numbers(given: Any) -> None:
        """Points, maximum and state of every heading, total and grade, as an application shows them in a table."""
        result = rubric.evaluate(given)
        for node in result.nodes:
            assert node.points is not None
            assert node.maximum
            assert node.state
        assert result.total.published is not None
        assert result.grade is not None
        assert result.grade.name

    def one_heading(given: Any) -> None:
        assert rubric.evaluate(given)["3.5"].reasons

    def looked_at(given: Any) -> None:
        result = rubric.evaluate(given)
        numbers_of = (result.total.reasons, result.grade and result.grade.gates)
        assert numbers_of
        for node in result.nodes:
            assert node.reasons

    def as_json(given: Any) -> None:
        assert rubric.evaluate(given).to_json()

    rows: list[tuple[str, Callable[[Any], object], list[Any], int, float | None]] = [
        ("hand-written, integers", integers, raw, 40, None),
        ("hand-written, floats", floats, raw, 40, None),
        ("emitted total() alone", generated.total, [read.packed for read in facts], 40, None),
        ("score(facts)", rubric.score, facts, 40, 0.8),
        ("score(inputs), validated", rubric.score, raw, 20, 2.0),
        ("evaluate(facts)", rubric.evaluate, facts, 20, None),
        ("evaluate(submission)", rubric.evaluate, wrapped, 8, None),
        ("... every heading, total, grade", numbers, wrapped, 8, 4.0),
        ("... reasons of one heading", one_heading, wrapped, 4, None),
        ("... reasons of every heading", looked_at, wrapped, 2, 60.0),
        ("... as JSON", as_json, wrapped, 1, 80.0),
    ]
    times: dict[str, list[float]] = {row[0]: [] for row in rows}
    gc.disable()
    for _ in range(rounds):
        for name, function, given, repeat, _target in rows:
            times[name].append(timed(function, given, repeat))
        gc.collect()
    base = statistics.median(times[rows[0][0]])
    write(f"{len(raw[0])} inputs, {len(rubric.plan.nodes)} headings, Python {sys.version.split()[0]}, {rounds} rounds")
    write(f"{'':38}{'us':>8}{'x integers':>12}{'target':>9}")
    for name, _function, _given, _repeat, target in rows:
        middle = statistics.median(times[name])
        goal = f"{target:.1f}" if target else ""
        write(f"{name:38}{middle * 1e6:8.2f}{middle / base:12.2f}{goal:>9}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))

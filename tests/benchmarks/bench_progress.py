"""Sheets on their way: what is still possible while facts are missing, for sheets of 100 and of 1,000 leaves.

Run by hand: ``python tests/benchmarks/bench_progress.py [ROUNDS]``. Ratio bands over two counts each, a third of the
leaves may drop out of the maximum, a quarter have a capped deduction. Nothing filled in, and half of it; the first
reading of a plan, and later ones, which remember leaves read before. Milliseconds, median of the rounds.
"""

import statistics
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from rubric_engine import compile_rubric  # noqa: E402

LEAF = """criterion A{area}.{at} "Criterion" 1 point
  input p{at} "Planned": count
  input d{at} "Done": count, at most p{at}
  not applicable when p{at} = 0: {policy}
  score by d{at} / p{at}
    above 90%: 1
    70% to 90%: 0.6
    50% to below 70%: 0.2
    below 50%: 0
"""
LATE = '  input l{at} "Late": count\n  deduct 0.1 for each of l{at}, at most 0.4\n'
GRADES = 'grades by total\n  high "High": {most} or more\n  low "Low": below {most}\n'


def text_of(leaves: int) -> str:
    """The rubric."""
    lines = [f'rubric "Sheet" id bench.progress\nversion 1\ntotal {leaves} points\n']
    for at in range(leaves):
        if at % 10 == 0:
            lines.append(f'area A{at // 10} "Area" {min(10, leaves - at)} points\n')
        lines.append(LEAF.format(area=at // 10, at=at, policy="full points" if at % 3 else "excluded"))
        lines.append("" if at % 4 else LATE.format(at=at))
    return "".join([*lines, GRADES.format(most=leaves // 2)])


def half_of(leaves: int) -> dict[str, object]:
    """Every other leaf answered."""
    return {"inputs": {f"{name}{at}": count for at in range(0, leaves, 2) for name, count in (("p", 9), ("d", 7))}}


def milliseconds(rubric: object, submission: dict[str, object]) -> float:
    """One evaluation with its total."""
    start = perf_counter()
    _ = rubric.evaluate(submission).total  # type: ignore[attr-defined]
    return (perf_counter() - start) * 1000


def main(rounds: int) -> None:
    """Prints a line a sheet."""
    for leaves in (100, 1000):
        text = text_of(leaves)
        for name, submission in (("nothing filled in", {}), ("half filled in", half_of(leaves))):
            firsts, laters = [], []
            for _ in range(rounds):
                rubric = compile_rubric(text)
                rubric.read({})
                firsts.append(milliseconds(rubric, submission))
                laters.append(milliseconds(rubric, submission))
            first, later = statistics.median(firsts), statistics.median(laters)
            sys.stdout.write(f"{leaves:5} leaves, {name:18} first {first:8.1f} ms   later {later:8.1f} ms\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)

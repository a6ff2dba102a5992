"""Ten thousand units, a hundred leaves: read, measured against each other, scored in full, ranked, quotas applied.

Run by hand: ``python tests/benchmarks/bench_cohort.py [UNITS]``. The sheet is made here: ten areas of ten leaves, every
leaf a ratio of two counts in four bands, one in ten of them measured against the average of the cohort; a rank of the
total; four grades with a quota. Prints seconds, units per second and the peak of memory, which must stay under 1 GiB.
"""

import random
import resource
import sys
from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

from cohort_plans import GROUP, evaluator, figure_input  # noqa: E402
from plans import points, sheet  # noqa: E402

from rubric_engine.cohort import score_cohort  # noqa: E402
from rubric_engine.plan import expr as x  # noqa: E402
from rubric_engine.plan import plan as p  # noqa: E402

MOST_MEMORY = 1 << 30


def plan_of_a_hundred() -> p.Plan:
    """The sheet."""
    inputs: list[p.InputSpec] = [GROUP]
    nodes: list[p.PlanNode] = []
    references: list[p.Reference] = []
    for area in range(10):
        top = len(nodes)
        below = tuple(range(top + 1, top + 11))
        nodes.append(p.PlanNode(f"{area}", f"Area {area}", "area", F(0), F(10), None, below, 1))
        for at in range(10):
            code = f"{area}.{at}"
            planned, done = x.Fact(f"planned_{area}_{at}"), x.Fact(f"done_{area}_{at}")
            inputs.append(p.InputSpec(planned.name, "", p.Kind.COUNT, minimum=p.Bound(x.Const(F(1)))))
            inputs.append(p.InputSpec(done.name, "", p.Kind.COUNT, maximum=p.Bound(planned)))
            ratio: x.Num = x.Div(done, planned)
            if at == 9:
                name = f"average done_{area}_9 among units within region"
                references.append(p.Reference(name, p.ReferenceKind.AVERAGE, done, within="region"))
                ratio = x.Div(done, x.Greatest((x.Fact(name), x.Const(F(1)))))
            bands = ((F(9, 10), F(1)), (F(7, 10), F(3, 4)), (F(1, 2), F(1, 2)))
            tests = [(x.Compare(x.Order.GE, ratio, x.Const(least)), x.Const(worth)) for least, worth in bands]
            base = points(*tests, (None, 0))
            nodes.append(p.PlanNode(code, f"Leaf {code}", "criterion", F(0), F(1), top, (), 1, base=base))
    references.append(p.Reference("rank of total among units", p.ReferenceKind.RANK, x.Total()))
    plan = sheet([*inputs, *map(figure_input, references)], nodes, references=tuple(references))
    top_rank = x.Compare(x.Order.LE, x.Fact("rank of total among units"), x.Const(F(1000)))
    rows = (p.GradeRow("top", "Top", x.All((top_rank, x.Compare(x.Order.GE, x.Total(), x.Const(F(60))))), "", 1),
            p.GradeRow("good", "Good", x.Compare(x.Order.GE, x.Total(), x.Const(F(60))), "", 1),
            p.GradeRow("fair", "Fair", x.Compare(x.Order.GE, x.Total(), x.Const(F(40))), "", 1),
            p.GradeRow("weak", "Weak", None, "", 1))  # fmt: skip
    quota = p.Quota(0, F(1, 20), (0, 1), "region", "quota top", 1)
    table = p.GradeTable(rows, (), x.Total(), "total", 1, quotas=(quota,))
    ranking = p.RankingRule((p.RankKey(x.Total(), "total"), p.RankKey(x.PointsOf("4"), "area 4")), "region")
    return replace(plan, grades=(table,), ranking=ranking)


def submissions(count: int) -> list[dict[str, object]]:
    """Plausible counts."""
    r = random.Random(7)
    made: list[dict[str, object]] = []
    for number in range(count):
        inputs: dict[str, object] = {"region": r.choice(("north", "south", "west"))}
        skill = r.uniform(0.3, 1)
        for area in range(10):
            for at in range(10):
                planned = r.randint(1, 500)
                inputs[f"planned_{area}_{at}"] = planned
                inputs[f"done_{area}_{at}"] = r.randint(int(planned * skill * 0.8), planned)
        made.append({"unit": f"unit {number}", "inputs": inputs})
    return made


def write(line: str) -> None:
    sys.stdout.write(line + "\n")


def peak() -> int:
    """Bytes at most so far; Linux counts in kilobytes, macOS in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def main(count: int = 10_000) -> None:
    rubric = evaluator(plan_of_a_hundred())
    given = submissions(count)
    write(f"{count} units, 100 leaves, 11 figures; memory before: {peak() / 2**20:.0f} MiB with the submissions")
    start = perf_counter()
    cohort = score_cohort(rubric, given)
    scored = perf_counter()
    ranked = cohort.ranking()
    grades = cohort.distribution()
    end = perf_counter()
    assert len(cohort) == len(ranked.rows) == count
    assert sum(one.count for one in grades) == count
    write(f"{'scored in full':18}{scored - start:8.2f} s{count / (scored - start):10.0f} units/s")
    write(f"{'ranked, quotas':18}{end - scored:8.2f} s{count / (end - scored):10.0f} units/s")
    write(f"{'together':18}{end - start:8.2f} s{count / (end - start):10.0f} units/s")
    write(f"peak memory {peak() / 2**20:.0f} MiB, limit {MOST_MEMORY / 2**20:.0f} MiB")
    assert peak() < MOST_MEMORY


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))

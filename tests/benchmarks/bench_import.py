"""What a cold start costs, each time in a fresh process.

Run by hand: ``python tests/benchmarks/bench_import.py [ROUNDS]``. Two things: ``import rubric_engine`` on top of bare
Python, and from nothing to a compiled rubric of 100 criteria (import, parse, check), then its first score: code is
written and compiled when it is first needed, so that belongs to a cold start too.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 100
IMPORT = "from time import perf_counter as now; t = now(); import rubric_engine; print(now() - t)"
COMPILE = """
from time import perf_counter as now
text = open({path!r}, encoding="utf-8").read()
t = now()
from rubric_engine import compile_rubric
imported = now()
rubric = compile_rubric(text)
compiled = now()
rubric.score({{name: 10 for name in (spec.name for spec in rubric.plan.inputs)}})
print(imported - t, compiled - imported, now() - compiled)
"""
EMIT = """
from time import perf_counter as now
from rubric_engine import compile_rubric
plan = compile_rubric(open({path!r}, encoding="utf-8").read()).plan
from rubric_engine.backend.emit.module import emit
from rubric_engine.backend.load import load
t = now()
module = emit(plan)
module.source
emitted = now()
loaded = load(module, plan)
loaded.pack, loaded.total, loaded.trace
print(emitted - t, now() - emitted)
"""


def hundred() -> str:
    """A rubric of 100 criteria in ten areas, ratio bands with a deduction in every fourth."""
    lines = ["rubric \"Hundred criteria\" id bench.hundred", "version 1", "total 250 points", ""]
    for area in range(1, 11):
        lines.append(f"area {area} \"Area {area}\" 25 points")
        for criterion in range(1, 11):
            name = f"{area}_{criterion}"
            lines += [
                f"criterion {area}.{criterion} \"Criterion {area}.{criterion}\" 2.5 points",
                f"  input planned_{name} \"Tasks planned\": count",
                f"  input done_{name} \"Tasks done\": count, at most planned_{name}",
                f"  not applicable when planned_{name} = 0: full points",
                f"  score by done_{name} / planned_{name}",
                "    above 90%: 2.5", "    70% to 90%: 1.5", "    50% to below 70%: 0.5", "    below 50%: 0",
            ]  # fmt: skip
            if criterion % 4 == 0:
                lines += [
                    f"  input late_{name} \"Reports sent late\": count",
                    f"  deduct 0.25 for each of late_{name}, at most 1",
                ]
    return "\n".join(lines) + "\n"


def run(program: str) -> list[float]:
    """The numbers a program prints, in milliseconds."""
    command = [sys.executable, "-c", program]
    # As for every user: the modules were compiled once, by an earlier run or by pip.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, env=environment)
    return [float(word) * 1000 for word in done.stdout.split()]


def main(rounds: int = 7) -> None:
    path = Path(__file__).with_name("hundred.tmp.rubric")
    path.write_text(hundred(), encoding="utf-8")
    try:
        rows = [run(IMPORT) + run(COMPILE.format(path=str(path))) + run(EMIT.format(path=str(path)))
                for _ in range(rounds + 1)][1:]  # fmt: skip
    finally:
        path.unlink()
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    names = ("import rubric_engine", "from rubric_engine import compile_rubric", f"compile {COUNT} criteria, cold",
             "first score (writes and compiles what it needs)",
             "writing all three functions", "compile() of them")  # fmt: skip
    for name, value in zip(names, middle, strict=True):
        sys.stdout.write(f"{name:48}{value:8.1f} ms\n")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))

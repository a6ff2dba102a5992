"""How much time of the processor hostile texts and submissions take: any number of them.

``python tests/benchmarks/bench_hostile.py 1000 [first]``. Each case runs in a process of its own with bounded
memory, so that one that hangs or fills it is reported, not suffered.
"""

import argparse
import os
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from adversarial import Hostile, hostile

from rubric_engine import SubmissionError, check_text, find_gaps, next_grade
from rubric_engine.engine import CompiledRubric

MOST_SECONDS = 20
MOST_MEMORY = 1_500 * 2**20


def stages(case: Hostile) -> dict[str, float]:
    """Seconds each stage took. What a stage refuses with a problem of its own it has done."""
    took: dict[str, float] = {}

    def timed(name: str, work: object) -> object:
        before = time.process_time()
        try:
            return work()  # type: ignore[operator]
        except (SubmissionError, ValueError):
            return None
        finally:
            took[name] = time.process_time() - before

    checked = timed("check", lambda: check_text(case.text))
    if checked.rubric is not None:  # type: ignore[attr-defined]
        rubric = timed("compile", lambda: CompiledRubric(checked.rubric, checked.source, checked.diagnostics))  # type: ignore[attr-defined]
        assert isinstance(rubric, CompiledRubric)
        timed("emit", lambda: compile(rubric.to_python(), "alone", "exec"))
        timed("evaluate", lambda: rubric.evaluate(case.submission).to_json())
        timed("blank", lambda: rubric.evaluate({}).to_json())
        timed("gaps", lambda: find_gaps(rubric, case.submission))
        if rubric.plan.grades:
            timed("next_grade", lambda: next_grade(rubric, case.submission))
    return took


def in_a_process(seed: int, largest: int) -> tuple[str, dict[str, float], int]:
    """What became of one case: ``ok``, ``hangs`` or an exception; seconds by stage; the most memory it took, in MB."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        try:
            took = stages(hostile(seed, largest))
            said = "ok " + " ".join(f"{name}={seconds:.3f}" for name, seconds in took.items())
        except BaseException as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}:{str(error)[:60]!r}@{Path(last.filename).name}:{last.lineno}".replace(
                " ", "_"
            )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        os.write(write, f"{said} memory={memory}".encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 4000).decode()  # empty where the process was ended for working too long
    os.waitpid(pid, 0)
    os.close(read)
    outcome, *rest = (said or "hangs").split()
    took = {name: float(value) for name, value in (part.split("=") for part in rest)}
    return outcome, took, int(took.pop("memory", 0))


def main() -> None:
    """Run the cases; what is slow, large or raises is told at once, the slowest at the end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("--largest", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    stages(hostile(1, 10))  # what is imported, and what is packed for every evaluator, is paid for once
    slowest: list[tuple[float, str]] = []
    clean = 0
    for seed in range(asked.first, asked.first + asked.count):
        outcome, took, memory = in_a_process(seed, asked.largest)
        case = hostile(seed, asked.largest)
        worst = max(took.values(), default=0.0)
        line = f"{seed} {case.shape} {case.size} {outcome} " + " ".join(
            f"{n}={s:.2f}" for n, s in took.items() if s > 0.1
        )
        line += f" {memory} MB"
        slowest = sorted([*slowest, (worst, line)], reverse=True)[:10]
        if outcome != "ok" or worst > asked.seconds or memory > 500:
            sys.stdout.write(line + "\n")
        else:
            clean += 1
        if (seed + 1 - asked.first) % 500 == 0:
            sys.stdout.write(f"{clean} of {seed + 1 - asked.first} clean\n")
        sys.stdout.flush()
    sys.stdout.write(f"{clean} of {asked.count} clean\n")
    sys.stdout.write("\n  ".join(["slowest:", *(line for _, line in slowest)]) + "\n")


if __name__ == "__main__":
    main()

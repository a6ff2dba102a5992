"""``standalone``: one Python file that scores by one rubric and imports nothing outside the standard library.

It is the runtime floor itself, module after module, then the plan as text and the emitted functions. Nothing is
written twice: what runs there is what runs here.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rubric_engine import runtime
from rubric_engine.backend.emit import PythonModule
from rubric_engine.runtime.plan import Plan
from rubric_engine.runtime.plan_codec import encode_plan

PACKAGE = "rubric_engine.runtime"
ENTRIES = ("evaluator", "explain", "growth", "inexact", "plan_codec", "result_json", "staging")
ALSO_NEEDED = (
    "from argparse import ArgumentParser",
    "from dataclasses import dataclass",
    "from datetime import date",
    "from fractions import Fraction",
    "from functools import cache",
    "from math import gcd",
    "from pathlib import Path",
    "import sys",
)

_HEAD = '''"""{title}

An evaluator made from the rubric {id} {version}, digest {digest}.
It needs Python 3.11 or later and nothing else:

    python {file} submission.json [--why] [--language en|vi]{stage}
"""
'''

_TAIL = '''
# {rule}
# What this evaluator offers.
# {rule}

ordinal = date.toordinal


@dataclass(frozen=True)
class _Generated:
    pack: object = pack
    total: object = total
    trace: object = trace
    scales: tuple[int | None, ...] = {scales!r}
    total_scale: int | None = {total_scale!r}


class _Unwritten:
    """Stands for the generated code of a stage: there is none, so that its plan is read over ranges."""

    scales: tuple[int | None, ...] = ()
    total_scale: int | None = None

    @staticmethod
    def pack(inputs: object, judged: object) -> None:
        return None

    @staticmethod
    def total(packed: object) -> int:
        raise Unsettled

    trace = total


PLAN = decode_plan(_PLAN_TEXT)
EVALUATOR = Evaluator(PLAN, _Generated())
STAGES = {{stage.name: at for at, stage in enumerate(PLAN.stages)}} if not PLAN.stage else {{}}


@cache
def evaluator_at(stage: str) -> Evaluator:
    """The evaluator of one stage, by its name. Raises :class:`KeyError` for a stage the rubric does not have."""
    return Evaluator(at_stage(PLAN, STAGES[stage]), _Unwritten())


def evaluate(submission: object, *, stage: str | None = None) -> Result:
    """Points, states and reasons for every heading of one submission, at a stage of the rubric or as a whole."""
    return (EVALUATOR if stage is None else evaluator_at(stage)).evaluate(submission)


def score(
    inputs: object, *, judged: object = None, evidence: object = None, references: object = None
) -> Fraction:
    """The published total alone, exactly."""
    return EVALUATOR.score(inputs, judged=judged, evidence=evidence, references=references)


def main(arguments: list[str] | None = None) -> int:
    """Score a submission file and print the result. 0: fine, 1: the submission has a problem, 2: wrong use."""
    parser = ArgumentParser(description=f"Score a submission by {{PLAN.title}} ({{PLAN.version}}).")
    parser.add_argument("submission", type=Path, help="a JSON file: unit, inputs, judged, evidence …")
    parser.add_argument("--why", action="store_true", help="say why for every heading")
    parser.add_argument("--language", choices=("en", "vi"), default=PLAN.language)
    if STAGES:
        parser.add_argument("--stage", choices=STAGES, help="score what is due at this stage")
    given = parser.parse_args(arguments)
    try:
        data = given.submission.read_bytes()
    except OSError as error:
        print(f"{{given.submission}}: {{error.strerror}}", file=sys.stderr)
        return 2
    try:
        result = evaluate(read_json(data, PLAN.language), stage=vars(given).get("stage"))
    except SubmissionError as error:
        print(error, file=sys.stderr)
        return 1
    print(explain(result, given.language) if given.why else _in_short(result))
    return 0 if result.settled else 1


def _in_short(result: Result) -> str:
    """The total and every grade on a line."""
    total = result.total
    if total.published is None:
        points = f"{{show_number(total.low, PLAN.language)}} … {{show_number(total.high, PLAN.language)}}"
    else:
        points = show_number(total.published, PLAN.language, places=total.places)
    parts = [result.unit, f"{{points}} / {{show_number(total.printed_maximum, PLAN.language)}}"]
    for grade in result.grades:
        named = f"{{grade.table}}: " if grade.table else ""
        parts.append(named + (grade.title or ", ".join(grade.possible) or grade.state))
    return " · ".join(part for part in parts if part)


if __name__ == "__main__":
    sys.exit(main())
'''


@dataclass(frozen=True)
class Inlined:
    """One runtime module taken apart: its own text, what it imports, and the names it defines."""

    name: str
    text: str
    needs: tuple[str, ...]
    imports: tuple[str, ...]
    defines: tuple[str, ...]


def standalone(plan: Plan, module: PythonModule) -> str:
    """The whole file. The same plan gives the same bytes."""
    modules = runtime_modules()
    imports = sorted({line for each in modules for line in each.imports} | set(ALSO_NEEDED), key=_plain_first)
    rule = "-" * 88
    parts = [
        _HEAD.format(
            title=_inert(plan.title), id=_inert(plan.id), version=_inert(plan.version), digest=plan.digest[:12],
            file="evaluator.py", stage=" [--stage NAME]" if plan.stages and not plan.stage else "",
        ),
        "\n".join(imports) + "\n",
        *(f"# {rule}\n# {PACKAGE}.{each.name}\n# {rule}\n{each.text}" for each in modules),
        f"# {rule}\n# the rubric\n# {rule}\n\n_PLAN_TEXT = r'''{_quoted(plan)}'''\n",
        module.source,
        _TAIL.format(rule=rule, scales=module.scales, total_scale=module.total_scale),
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _inert(text: str) -> str:
    """An author's words as part of a docstring: one line, of any script, that cannot end it."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.replace("\\", "/").replace('"', "'").split())[:200]


def _quoted(plan: Plan) -> str:
    """The plan's text with no apostrophe in it, so that nothing in it can end the literal."""
    return encode_plan(plan).replace("'", "\\u0027")


def runtime_modules() -> list[Inlined]:
    """The modules an evaluator needs, each after those it imports."""
    done: dict[str, Inlined] = {}
    todo = list(reversed(ENTRIES))
    while todo:
        name = todo[-1]
        module = _take_apart(name)
        first = [need for need in module.needs if need not in done]
        if first and name not in done:
            todo += reversed(first)
            continue
        todo.pop()
        done.setdefault(name, module)
    return list(done.values())


@cache
def _take_apart(name: str) -> Inlined:
    source = (Path(runtime.__path__[0]) / f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    needs: list[str] = []
    imports: list[str] = []
    defines: list[str] = []
    for statement in tree.body:
        match statement:
            case ast.ImportFrom(module=origin) if origin is not None and origin.startswith(PACKAGE):
                needs.append(origin.removeprefix(PACKAGE).lstrip("."))
            case ast.Import() | ast.ImportFrom():
                imports.append(ast.unparse(statement))
            case _:
                defines += _defined(statement)
                continue
        last = statement.end_lineno or statement.lineno
        lines[statement.lineno - 1 : last] = [""] * (last - statement.lineno + 1)
    text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines))
    return Inlined(name, text, tuple(needs), tuple(imports), tuple(defines))


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def collisions(modules: Iterable[Inlined]) -> list[str]:
    """Names that two modules of one file would both define; there must be none."""
    owners: dict[str, str] = {}
    found = []
    for module in modules:
        for name in module.defines:
            other = owners.setdefault(name, module.name)
            if other != module.name:
                found.append(f"{name}: {other}, {module.name}")
    return found


def _plain_first(line: str) -> tuple[bool, str]:
    return (line.startswith("from"), line)

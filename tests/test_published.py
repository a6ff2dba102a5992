"""The published evaluator, one file: it runs alone, says the same, and carries the author's words as data."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from plans import grow, leaf, points, sheet

from rubric_engine import load_rubric
from rubric_engine.backend.emit.module import NAMES, emit
from rubric_engine.backend.load import load
from rubric_engine.backend.published import needs_ranges, publish
from rubric_engine.evaluator import Evaluator
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.codec import decode_plan, encode_plan
from rubric_engine.plan.combine import IfMissing, MissingPolicy

HAI_PHONG = Path(__file__).resolve().parents[1] / "rubrics" / "vn" / "hai-phong-212.rubric"
HOSTILE = "it's \"\"\" '''\\ \n import os # {0} \u202e tiếng Việt"
PLAN = replace(
    sheet(
        [p.InputSpec("done", HOSTILE, p.Kind.COUNT), p.InputSpec("rate", "Rate", p.Kind.PERCENT)],
        [
            replace(leaf("1", 4, base=points((None, x.Fact("done")))), title=HOSTILE),
            leaf("2", 1, base=points((x.Compare(x.Order.GE, x.Fact("rate"), x.Const(Fraction(1, 2))), 1), (None, 0))),
        ],
    ),
    title=HOSTILE,
    grades=(p.GradeTable(
        (p.GradeRow("good", "Tốt", x.Compare(x.Order.GE, x.Total(), x.Const(Fraction(3))), "3 or more", 1),
         p.GradeRow("bad", "Kém", None, "otherwise", 1)), (), x.Total(), "total", 1,
    ),),
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "evaluator.py"
    path.write_text(publish(PLAN, emit(PLAN)), encoding="utf-8")
    return path


def run(file: Path, submission: object, *options: str) -> subprocess.CompletedProcess[str]:
    path = file.with_name("submission.json")
    path.write_text(submission if isinstance(submission, str) else json.dumps(submission), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(file), str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=file.parent)


def test_it_imports_nothing_outside_the_standard_library(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


def test_what_the_rules_use_is_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & set(NAMES)
    bound = {node.id for node in tree.body for node in ast.walk(node) if isinstance(node, ast.Name)}
    for name in used:
        assert f'"{name}": "_rubric_engine_' in text or name in bound or any(
            alias.name == name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
        )


def test_the_rules_come_first_and_can_be_read(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines.index("# The rules") < 40
    assert all(len(line) <= 160 for line in lines)


def test_the_modules_can_be_written_out(file: Path, tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-I", str(file), "--sources", str(tmp_path / "out")], capture_output=True, text=True
    )
    assert (found.returncode, found.stderr) == (0, "")
    written = sorted(path.name for path in (tmp_path / "out").rglob("*.py"))
    assert "evaluator.py" in written
    assert "plan.py" in written


def test_two_evaluators_live_beside_each_other_and_beside_the_engine(file: Path, tmp_path: Path) -> None:
    other = replace(PLAN, title="Another")
    (tmp_path / "another.py").write_text(publish(other, emit(other)), encoding="utf-8")
    (tmp_path / "evaluator.py").write_bytes(file.read_bytes())
    program = (
        "import another, evaluator, sys\n"
        "assert another.PLAN.title == 'Another' != evaluator.PLAN.title\n"
        "assert another.score({'done': 2, 'rate': '85%'}) == evaluator.score({'done': 2, 'rate': '85%'}) == 3\n"
        "print('rubric_engine' in sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert (found.stdout, found.stderr) == ("False\n", "")


def test_scores_and_explains(file: Path) -> None:
    found = run(file, {"unit": "Xã A", "inputs": {"done": 2, "rate": "85%"}})
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == "Xã A · 3 / 5 · Tốt\n"
    why = run(file, {"inputs": {"done": 2, "rate": "85%"}}, "--why", "--language", "vi")
    assert why.returncode == 0
    assert "Tốt" in why.stdout


def test_exit_codes(file: Path) -> None:
    lacking = run(file, {"inputs": {}})
    assert (lacking.returncode, lacking.stdout) == (1, "")
    assert "inputs.done" in lacking.stderr
    assert "inputs.rate" in lacking.stderr
    wrong = run(file, {"inputs": {"done": -2, "rat": 1}})
    assert wrong.returncode == 1
    assert "RUB503" in wrong.stderr and "RUB501" in wrong.stderr  # noqa: PT018
    assert run(file, "{").returncode == 1
    assert subprocess.run([sys.executable, str(file)], capture_output=True).returncode == 2
    assert subprocess.run([sys.executable, str(file), "nowhere.json"], capture_output=True).returncode == 2


def test_as_a_module_it_offers_evaluate_and_score(file: Path) -> None:
    program = (
        "from evaluator import evaluate, score, SubmissionError\n"
        "assert score({'done': 2, 'rate': '85%'}) == 3\n"
        "result = evaluate({'inputs': {'done': 9, 'rate': '1%'}})\n"
        "print(result['1'].points, result.total.published, result.to_json())"
    )
    found = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, encoding="utf-8", cwd=file.parent
    )
    assert found.stderr == ""
    here = Evaluator(PLAN, load(emit(PLAN), PLAN)).evaluate({"inputs": {"done": 9, "rate": "1%"}})
    assert found.stdout.startswith("4 4 ")
    assert found.stdout[4:].strip() == str(here.to_json())


def published(tmp_path: Path, plan: p.Plan, **options: bool) -> Path:
    file = tmp_path / "one.py"
    file.write_text(publish(plan, emit(plan), **options), encoding="utf-8")
    return file


def test_with_ranges_it_says_what_is_still_possible(tmp_path: Path) -> None:
    pending = run(published(tmp_path, PLAN, with_ranges=True), {"inputs": {"done": 2}})
    assert (pending.returncode, "2 … 3" in pending.stdout) == (1, True)


def test_without_ranges_no_range_module_travels(file: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-I", str(file), "--sources", str(tmp_path)], check=True)
    names = {path.name for path in tmp_path.rglob("*.py")}
    assert not {"sheet.py", "headings.py", "interval.py"} & names


def test_the_total_alone(tmp_path: Path) -> None:
    file = published(tmp_path, PLAN, total_only=True)
    text = file.read_text(encoding="utf-8")
    assert "def trace(" not in text
    assert "def pack(" not in text
    done = run(file, {"inputs": {"done": 2, "rate": "85%"}})
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")
    lacking = run(file, {"inputs": {"done": 2}})
    assert (lacking.returncode, lacking.stdout) == (1, "")
    assert "`rate`" in lacking.stderr
    wrong = run(file, {"inputs": {"done": -2, "rat": 1}})
    assert "RUB503" in wrong.stderr
    assert run(file, "{").returncode == 1
    assert subprocess.run([sys.executable, str(file)], capture_output=True).returncode == 2
    with pytest.raises(ValueError, match="no use for ranges"):
        publish(PLAN, emit(PLAN), total_only=True, with_ranges=True)


def test_what_speaks_of_missing_facts_has_what_that_takes(tmp_path: Path) -> None:
    out = IfMissing(MissingPolicy.EXCLUDED, judged=False)
    said = leaf("2", 1, base=points((None, x.Fact("later"))), if_missing=out)
    plan = sheet(
        [p.InputSpec("done", "Done", p.Kind.COUNT), p.InputSpec("later", "Later", p.Kind.COUNT)],
        [leaf("1", 4, base=points((None, x.Fact("done")))), said],
    )
    assert needs_ranges(plan)
    found = run(published(tmp_path, plan), {"inputs": {"done": 3}})
    assert (found.returncode, found.stdout, found.stderr) == (0, "3 / 5\n", "")


@pytest.mark.parametrize("total_only", [False, True])
def test_a_decision_that_is_waited_for_is_named(tmp_path: Path, total_only: bool) -> None:
    off = p.Absent(x.Compare(x.Order.EQ, x.Fact("done"), x.Const(Fraction(0))), p.Policy.UNDECIDED)
    inputs = [p.InputSpec("done", "Done", p.Kind.COUNT)]
    plan = sheet(inputs, [leaf("1", 4, base=points((None, x.Fact("done"))), absent=(off,))])
    file = published(tmp_path, plan, total_only=total_only)
    assert run(file, {"inputs": {"done": 3}}).returncode == 0
    waits = run(file, {"inputs": {"done": 0}})
    assert (waits.returncode, waits.stdout) == (1, "")
    assert "decision 1" in waits.stderr


def test_a_division_by_zero_is_told_without_ranges(tmp_path: Path) -> None:
    inputs = [p.InputSpec("done", "Done", p.Kind.COUNT), p.InputSpec("all", "All", p.Kind.COUNT)]
    plan = sheet(inputs, [leaf("1", 4, base=points((None, x.Div(x.Fact("done"), x.Fact("all")))))])
    told = {
        run(published(tmp_path, plan, with_ranges=ranges), {"inputs": {"done": 1, "all": 0}}).stderr
        for ranges in (False, True)
    }
    assert len(told) == 1
    assert "RUB508" in told.pop()


@pytest.mark.parametrize(("options", "lines", "size"), [({}, 4000, 200_000), ({"total_only": True}, 1000, 100_000)])
def test_the_file_of_hai_phong_is_small_enough(options: dict[str, bool], lines: int, size: int) -> None:
    text = load_rubric(HAI_PHONG).to_python(**options)
    assert len(text.splitlines()) <= lines
    assert len(text.encode()) <= size


@pytest.mark.parametrize("total_only", [False, True])
def test_importing_opens_nothing(tmp_path: Path, total_only: bool) -> None:
    published(tmp_path, PLAN, total_only=total_only)
    program = (
        "import sys, one\n"
        "assert not [name for name in sys.modules if name.startswith('_rubric_engine')]\n"
        "assert one.score({'done': 2, 'rate': '85%'}) == 3\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("path", sorted(HAI_PHONG.with_suffix("").glob("*.json")), ids=lambda path: path.stem)
def test_each_flavour_says_the_same_of_hai_phong(path: Path, tmp_path: Path) -> None:
    rubric, given = load_rubric(HAI_PHONG), json.loads(path.read_text(encoding="utf-8"))
    expected = rubric.evaluate(given)
    for name, options in {"plain": {}, "total": {"total_only": True}}.items():
        module = ModuleType(f"hai_phong_{name}_{path.stem}")
        exec(compile(rubric.to_python(**options), name, "exec"), vars(module))
        if not expected.settled:
            with pytest.raises(ValueError, match=r"par_index|II"):
                (module._door().total_of if options else module.evaluate)(given)
        elif options:
            assert module._door().total_of(given) == expected.total.published
        else:
            assert module.evaluate(given).to_json() == expected.to_json()


def two_stages() -> p.Plan:
    """What is counted at first, and what a second round asks for; two tables."""
    later = leaf("2", 5, base=points((None, x.Fact("later"))), asked_from=1)
    inputs = [p.InputSpec("done", "Done", p.Kind.COUNT), p.InputSpec("later", "Later", p.Kind.COUNT, asked_from=1)]
    other = replace(PLAN.grades[0], name="again")
    return sheet(
        inputs, [leaf("1", 4, base=points((None, x.Fact("done")))), later], grades=(*PLAN.grades, other),
        stages=(p.Stage("self", "Self"), p.Stage("final", "Final")),
    )  # fmt: skip


def test_it_scores_at_a_stage(tmp_path: Path) -> None:
    plan = two_stages()
    file = tmp_path / "staged.py"
    file.write_text(publish(plan, emit(plan)), encoding="utf-8")
    first = run(file, {"inputs": {"done": 3}}, "--stage", "self")
    assert (first.returncode, first.stdout, first.stderr) == (0, "3 / 9\n", "")
    both = run(file, {"inputs": {"done": 3, "later": 1}})
    assert (both.returncode, both.stdout, both.stderr) == (0, "4 / 9 · Tốt · again: Tốt\n", "")
    last = run(file, {"inputs": {"done": 3, "later": 1}}, "--stage", "final")
    assert last.stdout == both.stdout
    assert run(file, {"inputs": {}}, "--stage", "second").returncode == 2


@pytest.mark.parametrize("seed", range(25))
def test_a_plan_survives_its_text(seed: int) -> None:
    plan = grow(4, seed)
    text = encode_plan(plan)
    assert decode_plan(text) == plan
    assert encode_plan(decode_plan(text)) == text


def test_a_deep_plan_survives_its_text() -> None:
    deep: x.Num = x.Fact("done")
    for _ in range(20_000):
        deep = x.Abs(deep)
    text = encode_plan(sheet([], [leaf("1", 1, base=points((None, deep)))]))
    assert encode_plan(decode_plan(text)) == text

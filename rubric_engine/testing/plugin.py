"""A pytest plugin: ``*.rubric`` files are tests. Nothing needs to be set up beyond installing the extra ``testing``.

Collected of each file: that it checks clean, every worked example, and with ``--rubric-invariants`` every invariant
that applies to it. The terminal summary says how many of a rubric's lines its examples reach.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # whoever runs pytest where no rubric is pays nothing
    from rubric_engine.casetest import ExampleOutcome
    from rubric_engine.engine import Checked, CompiledRubric
    from rubric_engine.testing.invariants import Invariant

# Of each rubric, by path: the number of every line by its key, and the keys reached.
Gathered = dict[str, tuple[dict[str, int], set[str]]]
_COVERAGE = pytest.StashKey[Gathered]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the command line and of the configuration file."""
    group = parser.getgroup("rubric", "rubrics as tests")
    group.addoption("--rubric-invariants", action="store_true", help="hold every rubric to what must hold of any sheet")
    group.addoption("--rubric-examples", type=int, default=100, metavar="N", help="examples an invariant (100)")
    group.addoption("--no-rubrics", action="store_true", help="do not collect *.rubric files")


def pytest_configure(config: pytest.Config) -> None:
    """Where the coverage of the run is gathered."""
    config.stash[_COVERAGE] = {}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "RubricFile | None":
    """Every ``*.rubric`` file that starts a rubric; one that only serves others is checked with them."""
    if file_path.suffix != ".rubric" or parent.config.getoption("--no-rubrics"):
        return None
    return RubricFile.from_parent(parent, path=file_path)


class RubricFile(pytest.File):
    """A rubric, checked once."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its check, its examples, its invariants."""
        from rubric_engine.engine import check_text, compile_rubric
        from rubric_engine.syntax.tree.nodes import RubricHead

        checked = check_text(self.path.read_bytes(), name=str(self.path), folder=self.path.parent)
        if not any(isinstance(statement, RubricHead) for statement in checked.tree.statements):
            return  # a piece that other files use
        yield CheckItem.from_parent(self, name="check", checked=checked)
        if checked.rubric is None:
            return
        compiled = compile_rubric(self.path.read_bytes(), name=str(self.path), folder=self.path.parent)
        for at, example in enumerate(compiled.rubric.examples):
            title = " ".join(example.head.title.value.split()) or str(at + 1)
            yield ExampleItem.from_parent(self, name=f"example: {title}", compiled=compiled, at=at)
        if self.config.getoption("--rubric-invariants"):
            from rubric_engine.testing.invariants import INVARIANTS

            for invariant in INVARIANTS:
                if invariant.applies(compiled.plan):
                    yield InvariantItem.from_parent(
                        self, name=f"invariant: {invariant.name}", compiled=compiled, invariant=invariant
                    )


class _Item(pytest.Item):
    """A test of a rubric file: what it raises is told in the words of the rubric, without a traceback."""

    line = 0

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line, f"{self.path.name}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from rubric_engine.engine import RubricError
        from rubric_engine.facts.problems import SubmissionError

        if isinstance(excinfo.value, RubricError | AssertionError | SubmissionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class CheckItem(_Item):
    """That a rubric checks clean, without an error or a warning."""

    def __init__(self, *, checked: "Checked", **more: Any) -> None:
        super().__init__(**more)
        self.checked = checked

    def runtest(self) -> None:
        from rubric_engine.engine import RubricError

        if not self.checked.ok:
            raise RubricError(self.checked.diagnostics, self.checked.source, self.checked.language)


class ExampleItem(_Item):
    """One worked example."""

    def __init__(self, *, compiled: "CompiledRubric", at: int, **more: Any) -> None:
        super().__init__(**more)
        self.compiled = compiled
        self.at = at
        example = compiled.rubric.examples[at]
        self.line = compiled.source.line_number(example.span.start) - 1

    def runtest(self) -> None:
        from rubric_engine.casetest import run_example, submission_of
        from rubric_engine.testing.coverage import Coverage

        example = self.compiled.rubric.examples[self.at]
        coverage = Coverage(self.compiled)
        coverage.add(submission_of(example))
        _, reached = self.config.stash[_COVERAGE].setdefault(str(self.path), (dict(coverage.lines), set()))
        reached |= coverage.reached
        outcome = run_example(self.compiled, example)
        if not outcome.passed:
            raise AssertionError(_told(self.compiled, self.path, outcome))


def _told(compiled: "CompiledRubric", path: Path, outcome: "ExampleOutcome") -> str:
    lines: list[str] = [outcome.refused] if outcome.refused else []
    text = compiled.source.text.splitlines()
    for failure in outcome.failures:
        written = text[failure.line - 1]
        margin = len(written) - len(written.lstrip())
        lines += [
            f"{path.name}:{failure.line}: {failure.what}: expected {failure.expected}, came to {failure.value}",
            f"    {written}", f"    {' ' * margin}{'^' * (len(written.rstrip()) - margin)}",
        ]  # fmt: skip
        lines += [failure.explanation] if failure.explanation else []
    return "\n".join(lines)


class InvariantItem(_Item):
    """One invariant, with the smallest submission that breaks it."""

    def __init__(self, *, compiled: "CompiledRubric", invariant: "Invariant", **more: Any) -> None:
        super().__init__(**more)
        self.compiled = compiled
        self.invariant = invariant

    def runtest(self) -> None:
        from rubric_engine.testing.runs import hold

        hold(self.compiled, self.invariant, examples=self.config.getoption("--rubric-examples"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of a run in several processes, each hands in what it reached."""
    handed = getattr(session.config, "workeroutput", None)
    if handed is not None:
        gathered = session.config.stash[_COVERAGE]
        handed["rubric_lines"] = {name: (lines, sorted(reached)) for name, (lines, reached) in gathered.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What one of several processes reached."""
    for name, (lines, reached) in (getattr(node, "workeroutput", None) or {}).get("rubric_lines", {}).items():
        node.config.stash[_COVERAGE].setdefault(name, (dict(lines), set()))[1].update(reached)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many lines of each rubric its examples reach, and which they do not."""
    gathered = config.stash[_COVERAGE]
    if gathered:
        from rubric_engine.testing.coverage import told

        terminalreporter.section("lines of rubrics that examples reach")
        for name in sorted(gathered):
            terminalreporter.write_line(f"{Path(name).name}: {told(*gathered[name])}")

"""Runs the language-independent cases of ``tests/conformance`` (its README has the schema): every reading must agree.

``python tests/conformance_cases.py FOLDER …`` says of every case in a folder what does not hold.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from rubric_engine import (
    CompiledRubric,
    Facts,
    GradeResult,
    GradeState,
    IncompleteError,
    Result,
    SubmissionError,
    check_text,
    compile_rubric,
    read_csv,
    score_cohort,
    score_stages,
)
from rubric_engine.backend.interpret import interpret
from rubric_engine.diagnostics.catalogue import severity
from rubric_engine.diagnostics.shape import Severity
from rubric_engine.evaluator import ENGINE_VERSION
from rubric_engine.facts.facts import read_json
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.result.assemble import assemble
from rubric_engine.result.undefined import why_undefined

Data = Mapping[str, Any]
FOLDER = Path(__file__).parent / "conformance"

_ABOUT_THE_FILE = frozenset({"says", "check", "has", "lacks", "parameters", "cases", "rubric"})
_GIVEN = ("submission", "json", "cohort", "csv", "dossier")
_ABOUT_A_CASE = frozenset({"says", "expect", "stage", "options", *_GIVEN})
_OF_ONE_UNIT = frozenset({
    "total", "exact", "index", "maximum", "published", "state", "points", "maxima", "indices", "states", "met", "grade",
    "possible", "grades", "missing", "error",
})  # fmt: skip
_OF_A_COHORT = frozenset({"units", "scored", "figures", "final", "wrong"})
_WITHOUT_POINTS = frozenset({"not applicable", "not rated", "not due", "unscored"})
_IN_A_COHORT = _OF_ONE_UNIT | {"rank", "unranked", "graded", "rank open"}


@dataclass(frozen=True)
class CaseFile:
    """One rubric and what is said of it."""

    path: Path

    @cached_property
    def data(self) -> Data:
        """The JSON; decimals stay as they are written."""
        found: Data = json.loads(self.path.read_text(encoding="utf-8"), parse_float=Decimal)
        return found

    @cached_property
    def text(self) -> str | bytes:
        """The rubric."""
        if "rubric" in self.data:
            return str(self.data["rubric"])
        return self.path.with_suffix(".rubric").read_bytes()

    @cached_property
    def compiled(self) -> CompiledRubric:
        """The rubric ready to score."""
        parameters = self.data.get("parameters")
        return compile_rubric(self.text, name=self.path.name, folder=self.path.parent, parameters=parameters)

    @property
    def cases(self) -> list[Data]:
        """What is handed to it; a case may stand beside ``says``."""
        cases: list[Data] = list(self.data.get("cases", ()))
        return cases if "expect" not in self.data else [self.data, *cases]

    def wrong(self, *, standalone: bool = False) -> list[str]:
        """All that does not hold, in words; of a well-formed file that holds nothing."""
        found = [f"unknown key: {key}" for key in self._unknown()] or [*self._misfound()]
        if found or not self.cases:
            return found
        ways = ways_of(self.compiled, standalone=standalone)
        return [
            f"case {number}: {line}" for number, case in enumerate(self.cases, 1) for line in self._run(case, ways)
        ]  # fmt: skip

    def _unknown(self) -> Iterator[str]:
        yield from self.data.keys() - (_ABOUT_THE_FILE | (_ABOUT_A_CASE if "expect" in self.data else frozenset()))
        if "says" not in self.data:
            yield "(says is missing)"
        for case in self.cases:
            if case is not self.data:
                yield from case.keys() - _ABOUT_A_CASE
            if len([key for key in _GIVEN if key in case]) != 1:
                yield f"(one of {', '.join(_GIVEN)} is wanted)"
            expect = case["expect"]
            if "dossier" in case:
                yield from expect.keys() - {"stages", "error"}
            elif "cohort" in case or "csv" in case:
                yield from expect.keys() - _OF_A_COHORT
                for unit in expect.get("units", {}).values():
                    yield from unit.keys() - _IN_A_COHORT
            else:
                yield from expect.keys() - _OF_ONE_UNIT

    def _misfound(self) -> Iterator[str]:
        """What the check says and should not, or the other way round."""
        parameters = self.data.get("parameters")
        checked = check_text(self.text, name=self.path.name, folder=self.path.parent, parameters=parameters)
        codes = {each: {one.code for one in checked.diagnostics if severity(one) is each} for each in Severity}
        told = codes[Severity.ERROR] | codes[Severity.WARNING]
        every = told | codes[Severity.NOTE]
        wanted = self.data.get("check", "compiles" if self.cases else None)
        match wanted:
            case list():
                if told != set(wanted):
                    yield f"check: expected {sorted(wanted)}, found {sorted(told)}"
            case "compiles" | "refused":
                if bool(codes[Severity.ERROR]) is (wanted == "compiles"):
                    yield f"check: expected that it {wanted}, found {sorted(told)}"
            case "told":
                if not told:
                    yield "check: expected a finding, found none"
            case None:
                pass
            case _:
                yield f"unknown check: {wanted}"
        yield from (f"check: {code} is not found" for code in self.data.get("has", ()) if code not in every)
        yield from (f"check: {code} is found" for code in self.data.get("lacks", ()) if code in every)

    def _run(self, case: Data, ways: list["Way"]) -> Iterator[str]:
        expect = case["expect"]
        if "dossier" in case:
            yield from _of_a_dossier(self.compiled, case["dossier"], expect)
        elif "cohort" in case or "csv" in case:
            yield from _of_a_cohort(self.compiled, case, expect)
        elif "stage" in case:
            here = self.compiled.at_stage(case["stage"])
            yield from _of_one_unit(here, ways_of(here, standalone=False), case, expect)
        else:
            yield from _of_one_unit(self.compiled, ways, case, expect)


# ---------------------------------------------------------------- the ways to score one unit


@dataclass(frozen=True)
class Way:
    """One way from a submission to a result; ``None`` where this way cannot go (an exact reading of missing facts)."""

    name: str
    rubric: CompiledRubric
    module: ModuleType | None = None

    def result(self, submission: object) -> Any:
        """What it says. Raises what the engine raises."""
        plan = self.rubric.plan
        if self.module is not None:
            return self.module.evaluate(submission)
        if self.name == "evaluate":
            return self.rubric.evaluate(submission)
        facts: Facts = self.rubric.read(submission)
        if self.name == "compiled":
            return self.rubric.evaluate(facts)
        try:
            reading = read_ranges(plan, facts) if self.name == "ranges" else interpret(plan, facts)
        except Unsettled:
            return None
        except ScoringError as error:
            raise SubmissionError((why_undefined(plan, facts, error.node),), plan.language) from None
        return assemble(plan, facts, reading, engine=ENGINE_VERSION)


def ways_of(rubric: CompiledRubric, *, standalone: bool) -> list[Way]:
    """All of them; the published module is made only when asked for, for it is dear."""
    ways = [Way(name, rubric) for name in ("evaluate", "compiled", "interpreted", "ranges")]
    if standalone:
        module = ModuleType("conformance_standalone")
        sys.modules[module.__name__] = module
        exec(compile(rubric.to_python(with_ranges=True), "<standalone>", "exec"), module.__dict__)
        ways.append(Way("standalone", rubric, module))
    return ways


def _of_one_unit(rubric: CompiledRubric, ways: list[Way], case: Data, expect: Data) -> Iterator[str]:
    for way in ways:
        refusal = (SubmissionError,) if way.module is None else (SubmissionError, way.module.SubmissionError)
        try:
            result = way.result(read_json(case["json"]) if "json" in case else case["submission"])
        except refusal as error:
            yield from (f"{way.name}: {line}" for line in _refused(error, expect))
        else:
            if result is not None:
                yield from (f"{way.name}: {line}" for line in differences(result, expect))
    if "error" not in expect and "total" in expect:
        yield from _total_alone(rubric, case, expect["total"])


def _refused(error: Any, expect: Data) -> Iterator[str]:
    wanted = expect.get("error", [])
    found = sorted({problem.code for problem in error.problems})
    if found != sorted({wanted} if isinstance(wanted, str) else set(wanted)):
        yield f"refused: expected {wanted or 'a result'}, found {found}: {error}"


def _total_alone(rubric: CompiledRubric, case: Data, wanted: object) -> Iterator[str]:
    try:
        submission = rubric.read(read_json(case["json"]) if "json" in case else case["submission"])
        found: Fraction | None = rubric.score(submission)
    except IncompleteError:
        found = None
    except SubmissionError as error:
        yield f"score: {error}"
        return
    except ValueError:
        found = None
    if found != (Fraction(wanted) if isinstance(wanted, str) else None):
        yield f"score: expected {wanted}, found {found}"


# ---------------------------------------------------------------- one result


def differences(result: Any, expect: Data) -> Iterator[str]:
    """What of one unit's result is not as expected."""
    if "error" in expect:
        yield f"expected a refusal with {expect['error']}, found a result"
        return
    total = result.total
    found: dict[str, object] = {
        "total": _number(total.published, total.low, total.high) if _sheet_state(result) != "not rated" else None,
        "exact": _number(total.exact, None, None),
        "index": _number(total.index, None, None),
        "maximum": _number(total.applicable_maximum, None, None),
        "published": _number(total.published_index, None, None),
        "state": _sheet_state(result),
        "grade": _grade(result.grade),
        "possible": list(result.grade.possible) if result.grade else [],
        "missing": sorted(result.missing),
    }
    for key, value in found.items():
        wanted = expect.get(key, value)
        wanted = sorted(wanted) if key == "missing" else _canonical(wanted)
        if wanted != value:
            yield f"{key}: expected {wanted}, found {value}"
    for key in ("points", "maxima", "indices", "states", "met", "grades"):
        for code, wanted in expect.get(key, {}).items():
            value = _of_heading(result, key, code)
            if wanted is None and key == "points" and value == 0 and str(result[code].state) in _WITHOUT_POINTS:
                continue  # shown as 0 beside its state
            if _canonical(wanted) != value:
                yield f"{key} of {code}: expected {wanted}, found {value}"


def _of_heading(result: Any, key: str, code: str) -> object:
    if key == "grades":
        named = [one for one in result.grades if one.table == code]
        return _grade(next(iter(named or [one for one in result.grades if one.node == code]), None))
    if code not in result:
        return "(no such heading)"
    node = result[code]
    match key:
        case "points":
            if node.points is None and str(node.state) in _WITHOUT_POINTS:
                return None
            return _number(node.points, node.low, node.high)
        case "maxima":
            return _number(node.applicable_maximum, None, None)
        case "indices":
            return _number(node.index, None, None)
        case "states":
            return str(node.state)
        case _:
            return node.met


def _sheet_state(result: Any) -> str:
    said = getattr(result.total, "state", None)
    if said is not None:
        return str(said)
    return "pending" if result.total.published is None else "scored"


def _grade(grade: GradeResult | Any | None) -> str | None:
    if grade is None:
        return None
    return grade.name if str(grade.state) == str(GradeState.ISSUED) else str(grade.state)


def _number(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> object:
    if value is not None:
        return value
    return None if low is None or high is None else [low, high]


def _canonical(wanted: object) -> object:
    """Texts of numbers as numbers, so that ``"0.5"`` and ``"1/2"`` are one; other values as they are."""
    if isinstance(wanted, list):
        return [_canonical(each) for each in wanted]
    try:
        return Fraction(wanted) if isinstance(wanted, str) else wanted
    except ValueError:
        return wanted


# ---------------------------------------------------------------- many units, stages


def _of_a_cohort(rubric: CompiledRubric, case: Data, expect: Data) -> Iterator[str]:
    submissions: Any = case.get("cohort", ())
    if "csv" in case:
        table = read_csv(case["csv"], rubric, **case.get("options", {}))
        submissions = table.submissions
        places = sorted([problem.line, problem.header] for problem in table.problems)
        if "wrong" in expect and places != sorted(expect["wrong"]):
            shown = [str(problem) for problem in table.problems]
            yield f"wrong: expected {expect['wrong']}, found {places}: {shown}"
    cohort = score_cohort(rubric, submissions)
    if "scored" in expect and sorted(each.unit for each in cohort) != sorted(expect["scored"]):
        yield f"scored: expected {expect['scored']}, found {[each.unit for each in cohort]}: {cohort.problems}"
    ranking = cohort.ranking()
    if ranking.final is not expect.get("final", ranking.final):
        yield f"final: expected {expect['final']}, found {ranking.final}"
    rows = {row.unit: row for row in ranking.rows}
    unranked = {each.unit: str(each.why) for each in ranking.unranked}
    graded = {each.unit: each.name or list(each.possible) for each in cohort.grades()}
    for unit, wanted in expect.get("units", {}).items():
        if unit not in cohort:
            yield f"{unit}: has no result: {[str(problem) for problem in cohort.problems]}"
            continue
        row = rows.get(unit)
        found = {
            "rank": None if row is None else row.rank, "unranked": unranked.get(unit), "graded": graded.get(unit),
            "rank open": row is not None and row.rank is None,
        }  # fmt: skip
        for key, value in found.items():
            if wanted.get(key, value) != value:
                yield f"{unit}: {key}: expected {wanted[key]}, found {value}"
        of_result = {key: value for key, value in wanted.items() if key not in found}
        yield from (f"{unit}: {line}" for line in differences(cohort[unit], of_result))
    yield from _figures(cohort.figures, expect.get("figures", {}))


def _figures(figures: Any, expect: Data) -> Iterator[str]:
    found: dict[str, dict[str | None, object]] = {}
    for figure in figures.figures:
        found.setdefault(figure.name, {})[figure.group] = figure.outcome.value
    for name, wanted in expect.items():
        by_group = wanted if isinstance(wanted, dict) else {None: wanted}
        for group, value in by_group.items():
            here = found.get(name, {}).get(group)
            if _canonical(value) != here:
                yield f"{name} of {group}: expected {value}, found {here}"


def _of_a_dossier(rubric: CompiledRubric, dossier: object, expect: Data) -> Iterator[str]:
    try:
        staged = score_stages(rubric, dossier)
    except SubmissionError as error:
        yield from _refused(error, expect)
        return
    if "error" in expect:
        yield f"expected a refusal with {expect['error']}, found a result"
    for stage, wanted in expect.get("stages", {}).items():
        if stage not in staged:
            yield f"{stage}: is not reached"
            continue
        result: Result = staged[stage].result
        yield from (f"{stage}: {line}" for line in differences(result, wanted))


def case_files(folder: Path = FOLDER) -> list[CaseFile]:
    """Every case below a folder, by name."""
    return [CaseFile(path) for path in sorted(folder.rglob("[0-9][0-9]-*.json"))]


def _in_short(lines: list[str]) -> list[str]:
    """What several ways say alike is said once."""
    ways: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        head, _, rest = line.partition(": ")
        way, _, what = rest.partition(": ")
        ways.setdefault((head, what) if head.startswith("case") else (line, ""), []).append(way)
    return [f"{head}: {', '.join(names)}: {what}" if what else head for (head, what), names in ways.items()]


def main(folders: list[str]) -> None:
    """Say of every case what does not hold."""
    for folder in folders:
        for file in case_files(Path(folder)):
            try:
                wrong = file.wrong(standalone=True)
            except Exception as error:  # a case that crashes the engine is told like any other
                wrong = [f"{type(error).__name__}: {error}"]
            name = file.path.relative_to(folder).with_suffix("")
            lines = [f"{'red  ' if wrong else 'green'} {name}", *(f"        {line}" for line in _in_short(wrong))]
            sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:] or [str(FOLDER)])

"""The oracle beside the engine: where they differ, in words."""

from collections.abc import Iterator
from fractions import Fraction as F

import oracle_sheet as o

from rubric_engine import CompiledRubric, Result, SubmissionError
from rubric_engine.analysis.resolve.rubric import resolve
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse


def compiled(sheet: o.Sheet) -> CompiledRubric:
    """The sheet as the engine scores it, unchecked: what a wise author would not write is drawn too."""
    source = SourceFile.from_text(sheet.text(), "oracle.rubric")
    parsed = parse(source)
    assert not parsed.diagnostics, [(one.code, dict(one.values)) for one in parsed.diagnostics]
    resolved = resolve(parsed.tree, source)
    fatal = [one for one in resolved.diagnostics if one.code not in ("RUB209", "RUB315")]
    assert not fatal, [(one.code, dict(one.values)) for one in fatal]
    return CompiledRubric(resolved.rubric, source, ())


def disagreements(sheet: o.Sheet, rubric: CompiledRubric, given: o.Given) -> Iterator[str]:
    """Points, maximum and state of every heading, the total, the grade. Of a sheet that waits only the states."""
    try:
        mine = sheet.score(given)
    except o.Unsaid:
        return
    except o.NoValue:
        try:
            rubric.evaluate(given.as_json())
        except SubmissionError as error:
            if {one.code for one in error.problems} == {"RUB519"}:
                return
        yield "a heading that is not rated was read all the same"
        return
    try:
        theirs = rubric.evaluate(given.as_json())
    except SubmissionError as error:
        if mine.state == o.PENDING and {one.code for one in error.problems} == {"RUB519"}:
            return  # whatever is still said, what it reads cannot be rated
        if not (sheet.grades and sheet.grades.by_index and not mine.maximum):  # an index of nothing
            yield f"refused: {error}"
        return
    for code, outcome in mine.headings.items():
        yield from _heading(code, outcome, theirs)
    total = theirs.total
    if mine.state == o.PENDING:
        return
    if mine.state == o.NOT_RATED:
        if total.published is not None:
            yield f"total: {total.published}, not none: it is not rated"
        return
    pairs = {"exact": (mine.exact, total.exact), "published": (mine.published, total.published),
             "maximum": (mine.maximum, total.applicable_maximum)}  # fmt: skip
    for bonus, points in mine.pools.items():
        pairs[f"pool {bonus}"] = (points, theirs["bonus" if bonus else "penalty"].points)
    yield from (f"{what}: oracle {one}, engine {other}" for what, (one, other) in pairs.items() if one != other)
    if mine.grade is not None and (theirs.grade is None or theirs.grade.name != mine.grade):
        yield f"grade: oracle {mine.grade}, engine {theirs.grade and theirs.grade.name}"


def _heading(code: str, outcome: o.Outcome, theirs: Result) -> Iterator[str]:
    node = theirs[code]
    if outcome.state == o.PENDING:
        return  # it may be settled all the same, by its ends
    if str(node.state) != outcome.state and not (outcome.either and str(node.state) in (o.SCORED, o.REFUSED)):
        yield f"state of {code}: oracle {outcome.state}, engine {node.state}"
        return
    if outcome.state == o.NOT_RATED:
        return
    if node.points != outcome.points and not (outcome.below_absent):
        yield f"points of {code}: oracle {outcome.points}, engine {node.points}"
    if outcome.state in (o.SCORED, o.REFUSED) and node.applicable_maximum != outcome.maximum:
        yield f"maximum of {code}: oracle {outcome.maximum}, engine {node.applicable_maximum}"
    if not isinstance(node.points, F):
        yield f"points of {code} are no fraction"

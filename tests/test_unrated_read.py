"""What is not rated is read by nobody: whoever reads its points, its maximum or its index has no value either."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checking import findings
from test_published import published, run
from test_walls import compile_like

from rubric_engine import CompiledRubric, SubmissionError, score_cohort
from rubric_engine.backend.interpret import interpret
from rubric_engine.diagnostics.catalogue import severity
from rubric_engine.diagnostics.shape import Severity
from rubric_engine.gaps import find_gaps
from rubric_engine.meaning.reading import ScoringError, Undefined
from rubric_engine.plan import expr as x
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.source import SourceFile

HEAD = """rubric "Two surveys" id t.unread
version 1
total 20 points
combine mean
"""
SURVEYS = """{let}area 1 "Surveys" 10 points
  combine mean{then}
component 1.1 "Ward" 5 points
  not applicable when off: excluded
  input off: yes/no
  score judged
component 1.2 "District" 5 points
  not applicable when off: excluded
  score judged
"""
WORK = 'area 2 "Work" 10 points\n'
GRADES = "grades by total\n  good: 10 or more\n  fair: below 10\n"
PLACES = {
    "a rule": ("2", WORK + "  score {}\n"),
    "a requirement": ("2", WORK + "  require {} >= 1, otherwise 1\n  score judged\n"),
    "an award": ("2", WORK + "  start at 0\n  award 1 for each of {}\n"),
    "a limit of a leaf": ("2", WORK + "  score judged\n  at most {}\n"),
    "a band": ("2", WORK + "  score by {}\n    5 or more: 10\n    below 5: 2\n"),
    "a condition": ("2", WORK + "  score\n    when {} > 3: 10\n    otherwise: 4\n"),
    "a formula of a group": ("2", WORK + '  score {}\ncomponent 2.1 "One" 10 points\n  score judged\n'),
    "what is never counted": ("3", WORK + '  score judged\narea 3 "Shown" unscored\n  score 2 * {}\n'),
    "a table of levels": ("", WORK + "  score judged\ngrades by total\n  a: when {} > 3\n  b: otherwise\n"),
    "a gate": ("", WORK + "  score judged\n" + GRADES + "  no higher than fair when {} < 5\n"),
    "what is graded": ("", WORK + "  score judged\ngrades by {}\n  good: 5 or more\n  fair: below 5\n"),
    "a limit of the total": ("", WORK + "  score judged\n"),
}  # fmt: skip
READS = ("points of 1", "10 * index of 1", "named")
GIVEN = {"inputs": {"off": True}, "judged": {"1.1": 3, "1.2": 4, "2": 7, "2.1": 7}}


def text_of(place: str, read: str, then: str = "", guard: str = "{}") -> str:
    let = "let named = points of 1\n" if read == "named" else ""
    limit = f"total at most 3 + {guard.format(read)}\n" if place == "a limit of the total" else ""
    return HEAD + limit + SURVEYS.format(let=let, then=then) + PLACES[place][1].format(guard.format(read))


def unchecked(text: str) -> CompiledRubric:
    return CompiledRubric(compile_like(text), SourceFile.from_text(text), ())


def given(place: str) -> dict[str, Any]:
    judged = {"2.1": 7} if "group" in place else {"2": 7} if "score judged" in PLACES[place][1] else {}
    return {"inputs": {"off": True}, "judged": judged}


# A table about a heading has nothing to grade where that is not rated; it reads nothing of it.
EVERY = [(place, read) for place in PLACES for read in READS if (place, read) != ("what is graded", "points of 1")]


@pytest.mark.parametrize(("place", "read"), EVERY)
def test_every_reading_stops_there(place: str, read: str) -> None:
    code, rubric = PLACES[place][0], unchecked(text_of(place, read))
    facts = rubric.read(given(place))
    of_total: Callable[[], object] = lambda: rubric.score(facts)  # noqa: E731
    with pytest.raises(ScoringError) as exact:
        interpret(rubric.plan, facts)
    cause = exact.value.__cause__
    assert exact.value.node == code
    assert isinstance(cause, Undefined)
    assert isinstance(cause.expr, x.PointsOf | x.MaximumOf)
    with pytest.raises(ScoringError) as over_ranges:
        read_ranges(rubric.plan, facts)
    assert over_ranges.value.node == code
    for call in (lambda: rubric.evaluate(given(place)), lambda: find_gaps(rubric, given(place))):
        with pytest.raises(SubmissionError) as caught:
            call()
        (found,) = caught.value.problems
        assert (found.code, found.help, found.values["node"], found.values["heading"]) == ("RUB519", "few", code, "1")
    if code == "2" or place == "a limit of the total":
        with pytest.raises(SubmissionError, match="RUB519"):
            of_total()
    elif not code or code == "3":
        assert isinstance(of_total(), Fraction)  # the total reads nothing of it
    cohort = score_cohort(rubric, [{"unit": "A", **given(place)}])
    assert "RUB519" in cohort.problems[0].messages[0]


@pytest.mark.parametrize(("place", "read"), EVERY)
def test_the_check_finds_it_and_the_mend_is_clean(place: str, read: str) -> None:
    codes = {one.code for one in findings(text_of(place, read), "") if severity(one.diagnostic) is Severity.ERROR}
    assert codes == {"RUB459"}
    mended = {one.code for one in findings(text_of(place, read, "\n  if not rated: 5"), "")}
    assert not mended & {"RUB459", "RUB414"}


@pytest.mark.parametrize("place", PLACES)
def test_what_stops_before_it_does_not_meet_it(place: str) -> None:
    guard = "(when off then 4 otherwise {})"
    text = text_of(place, "points of 1", guard=guard)
    assert "RUB459" not in {one.code for one in findings(text, "")}
    assert unchecked(text).evaluate(given(place)).total.published is not None


@pytest.mark.parametrize("with_ranges", [False, True])
@pytest.mark.parametrize("place", ["a rule", "a limit of the total", "a gate"])
def test_a_published_file_says_the_same(tmp_path: Path, place: str, with_ranges: bool) -> None:
    rubric = unchecked(text_of(place, "points of 1"))
    whole = given(place)
    whole["judged"] |= {"1.1": 3, "1.2": 4}  # without ranges all is asked for
    found = run(published(tmp_path, rubric.plan, with_ranges=with_ranges), whole)
    assert (found.returncode, found.stdout) == (1, "")
    assert "RUB519" in found.stderr
    assert "`1`, which is not rated" in found.stderr


@pytest.mark.parametrize("place", PLACES)
def test_while_it_may_be_not_rated_nothing_is_settled(place: str) -> None:
    rubric = unchecked(text_of(place, "points of 1"))
    whole = given(place)
    judged = {**whole["judged"], "1.1": 3, "1.2": 4}
    result = rubric.evaluate({"judged": judged})
    assert "off" in result.missing
    rated = rubric.evaluate({"inputs": {"off": False}, "judged": judged})
    assert rated.settled
    for before, node in zip(result.nodes, rated.nodes, strict=True):
        if node.points is not None and before.low is not None and before.high is not None:
            assert before.low <= node.points <= before.high


def test_a_leaf_that_was_not_judged_and_left_out_is_as_good() -> None:
    text = text_of("a rule", "points of 1").replace("not applicable when off: excluded", "if not judged: excluded")
    rubric = unchecked(text.replace("  input off: yes/no\n", ""))
    with pytest.raises(SubmissionError, match="RUB519") as caught:
        rubric.evaluate({})
    assert "too little below `1` can be scored" in str(caught.value)
    assert rubric.evaluate({"judged": {"1.1": 3}}).total.published == 12


@pytest.mark.parametrize(("combine", "why"), [("", "part"), ("  combine mean\n", "few")])
def test_why_it_is_not_rated_is_told(combine: str, why: str) -> None:
    text = (
        f'{HEAD}area 1 "Outer" 10 points\n{combine}'
        'component 1.1 "Inner" 10 points\n  combine mean\nitem 1.1.1 "One" 10 points\n'
        "  not applicable when off: excluded\n  input off: yes/no\n  score judged\n"
        'area 2 "Work" 10 points\n  score points of 1\n'
    )
    rubric = unchecked(text)
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate({"inputs": {"off": True}})
    (found,) = caught.value.problems
    assert (found.help, found.values["part"]) == (why, "1.1" if why == "part" else "")
    assert found.message("vi") != found.message("en")

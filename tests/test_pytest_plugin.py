"""The pytest plugin, as somebody sees it who has installed the kit and written two lines of nothing."""

import pytest

pytest_plugins = ["pytester"]

GOOD = """rubric "Good" id t.good
version 1
total 10 points

criterion 1 "Tasks" 10 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score by done / planned
    90% or more: 10
    70% to below 90%: 5
    below 70%: 0

example "nearly all"
  given planned = 10, done = 9
  expect points of 1 = 10

example "half"
  given planned = 10, done = 5
  expect total = 0
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".rubric", good=GOOD)
    return pytester


def test_a_rubric_is_tests(project: pytest.Pytester) -> None:
    found = project.runpytest_subprocess("-v")
    found.assert_outcomes(passed=3)
    found.stdout.fnmatch_lines([
        "good.rubric::check PASSED*", "good.rubric::example: nearly all PASSED*", "good.rubric::example: half PASSED*",
        "*lines of rubrics that examples reach*", "good.rubric: 2 of 3 lines; not 10",
    ])  # fmt: skip


def test_a_wrong_example_shows_the_line_and_why(project: pytest.Pytester) -> None:
    project.makefile(".rubric", good=GOOD.replace("expect total = 0", "expect total = 5"))
    found = project.runpytest_subprocess()
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines([
        "good.rubric:19: total = 5: expected 5, came to 0", "*expect total = 5", "*^^^^^^^^^^^^^^^^",
    ])  # fmt: skip
    assert "Traceback" not in found.stdout.str()


def test_a_fault_shows_the_finding(project: pytest.Pytester) -> None:
    project.makefile(".rubric", good=GOOD.replace("70% to below 90%", "75% to below 90%"))
    found = project.runpytest_subprocess()
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*RUB4*", "*75% to below 90%: 5*"])


BACKWARDS = """rubric "Backwards" id t.backwards
version 1
total 20 points

criterion 1 "Done" 10 points
  input done "Done": count, at most 10
  evidence paper "Paper" required, if missing score 0
  score done

criterion 2 "Left" 10 points
  score max(0, 10 - 2 * points of 1)
"""


def test_invariants_are_held_when_asked_for(project: pytest.Pytester) -> None:
    project.makefile(".rubric", backwards=BACKWARDS)
    project.runpytest_subprocess().assert_outcomes(passed=4)
    found = project.runpytest_subprocess("--rubric-invariants", "--rubric-examples", "20", "-k", "evidence or bounds")
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines([
        "t.backwards: accepting evidence never lowers, and here it does not: *", "with this submission:", '*"done": 1*',
    ])  # fmt: skip


def test_it_works_in_several_processes_and_by_name(project: pytest.Pytester) -> None:
    found = project.runpytest_subprocess("-n", "2")
    found.assert_outcomes(passed=3)
    found.stdout.fnmatch_lines(["good.rubric: 2 of 3 lines; not 10"])
    project.runpytest_subprocess("-k", "nearly").assert_outcomes(passed=1)
    report = project.path / "report.xml"
    project.runpytest_subprocess(f"--junitxml={report}").assert_outcomes(passed=3)
    assert 'name="example: half"' in report.read_text(encoding="utf-8")


def test_a_piece_that_others_use_is_no_rubric_of_its_own(project: pytest.Pytester) -> None:
    project.makefile(".rubric", piece="define held(x) = max(0, x)\n")
    project.runpytest_subprocess().assert_outcomes(passed=3)
    project.runpytest_subprocess("--no-rubrics").assert_outcomes()

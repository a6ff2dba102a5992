"""RUB451, RUB454: facts it pays to leave out."""

import pytest
from checking import HEAD, findings, rubric_of

from rubric_engine.analysis.check.facts.withheld import check_withheld
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.engine import compile_rubric

MINE = {"RUB451", "RUB454"}


def told(body: str) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, one.example) for one in findings(body) if one.code in MINE]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("if missing: full points", "RUB451"), ("if missing: 50% of full points", "RUB451"), ("if missing: 0", None),
        ("if missing: worst", None), ("if missing: excluded", None),
    ],
)  # fmt: skip
def test_a_fact_it_pays_to_leave_out(policy: str, code: str | None) -> None:
    body = f"""criterion 1 "Rate" 5 points
  input rate: percent, from 0% to 100%
  {policy}
  score in proportion to rate
criterion 2 "Other" 5 points
  score judged
"""
    assert told(body) == ([] if code is None else [(code, {"rate": "0%"})])


def test_a_judgement_is_not_the_units_to_leave_out() -> None:
    assert told('criterion 1 "Judged" 5 points\n  if not judged: 3\n  score judged\n') == []


def test_a_value_that_stands_in_may_be_better_than_the_truth() -> None:
    body = """criterion 1 "Rules" 5 points
  input broken: count, if missing {value}
  start at full points
  deduct 1 for each of broken
"""
    assert [code for code, _ in told(body.format(value=0))] == ["RUB454"]
    assert told(body.format(value=9)) == []


@pytest.mark.parametrize(
    ("clauses", "policy", "code"),
    [
        ("  score by rate\n    above 80%: 5\n    50% to 80%: 3\n    below 50%: 0", "3", "RUB451"),
        ("  score by rate\n    above 80%: 5\n    50% to 80%: 3\n    below 50%: 1", "1", None),
        ("  score judged\n  deduct 2 when rate < 50%", "full points", "RUB454"),
        ("  score judged\n  deduct 2 when rate < 50%", "use base", "RUB454"),
        ("  score judged\n  award 2 when rate < 50%\n  at most full points", "use base", None),
        ("  score in proportion to rate\n  at most 0 points", "full points", None),
        ("  score in proportion to rate\n  at most 2 points when bad", "4", "RUB451"),
        ("  require rate > 50%, otherwise 0\n  score by bad\n    yes: 0\n    no: 5", "full points", "RUB451"),
    ],
)
def test_what_a_policy_says_of_a_leaf(clauses: str, policy: str, code: str | None) -> None:
    body = f"""criterion 1 "Rate" 5 points
  input rate: percent, from 0% to 100%
  input bad: yes/no
{clauses}
  if missing: {policy}
criterion 2 "Other" 5 points
  input worse: yes/no
  not applicable when bad and worse: zero
  score judged
"""
    assert [one for one, _ in told(body)] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("declared", "clauses", "pays"),
    [
        ("yes/no, if missing no", "score judged\n  deduct 2 when x", True),
        ("yes/no, if missing yes", "score judged\n  deduct 2 when x", False),
        ("one of none < some < many, if missing none", "score judged\n  deduct 2 when x > none", True),
        ("one of none < some < many, if missing many", "score judged\n  deduct 2 when x > none", False),
        ("date, if missing 2026-01-01", "score\n    when x <= 2026-06-30: 5\n    otherwise: 0", True),
        ("count, if missing 0", "let half = x / 2\n  score judged\n  deduct half", True),
        ("count, optional", "score\n    when x is missing: 3\n    when x > 10: 5\n    otherwise: 0", True),
        ("count, optional", "score\n    when x is missing: 0\n    when x > 10: 5\n    otherwise: 0", False),
        ("count, optional", "not applicable when x is missing: full points\n  score min(5, x)", True),
    ],
)
def test_what_stands_in_for_a_fact(declared: str, clauses: str, pays: bool) -> None:
    other = 'criterion 2 "Other" 5 points\n  score judged\n'
    body = f'criterion 1 "Work" 5 points\n  input x: {declared}\n  {clauses}\n{other}'
    assert [one for one, _ in told(body)] == (["RUB454"] if pays else [])


BY_INDEX = "grades by index of total\n  good: 50% to 100%\n  poor: below 50%"
AS_PERCENT = "published as percent of applicable maximum"
OF_GROUP = """criterion 1 "All" 10 points
{how}
  component 1.1 "A" 5 points
    input a: yes/no{second}
    score by a
      yes: 5
      no: 0
    {policy}
  component 1.2 "B" 5 points
    input b: yes/no
    score by b
      yes: 5
      no: 0
{tail}
"""


@pytest.mark.parametrize(
    ("how", "policy", "second", "tail", "codes"),
    [
        ("  combine mean", "if missing: excluded", "", "", ["RUB454"]),
        ("  combine mean", "", ", if missing not applicable", "", ["RUB454"]),
        ("  combine highest", "if missing: excluded", "", "", []),
        ("", "if missing: excluded", "", "", []),
        ("", "if missing: not applicable", "", AS_PERCENT, ["RUB454"]),
        ("", "if missing: excluded", "", BY_INDEX, ["RUB454"]),
    ],
)
def test_a_leaf_that_leaves_may_lift_the_index(how: str, policy: str, second: str, tail: str, codes: list[str]) -> None:
    body = OF_GROUP.format(how=how, policy=policy, second=second, tail=tail)
    if tail == AS_PERCENT:
        body = f"{tail}\n{body.replace(tail, '')}"
    assert told(body) == [(code, {"a": "no", "b": "yes"}) for code in codes]


def test_both_submissions_are_scored() -> None:
    body = 'total 5 points\ncriterion 1 "Rate" 5 points\n  input rate: percent, from 0% to 100%\n' \
           "  if missing: 4\n  score in proportion to rate\n"
    (found,) = (one for one in findings(body) if one.code in MINE)
    rubric = compile_rubric(HEAD + body)
    given = dict(found.diagnostic.submission)
    assert "4 points instead of 0" in found.message
    assert rubric.evaluate(given).total.exact == 0
    assert rubric.evaluate({**given, "inputs": {}}).total.exact == 4


def test_a_clause_that_speaks_for_many_leaves_is_told_of_once() -> None:
    leaf = '  component 1.{0} "L" 1 point\n    input r{0}: percent, from 0% to 100%\n    score in proportion to r{0}\n'
    body = 'criterion 1 "All" 9 points\n  if missing: full points\n' + "".join(map(leaf.format, range(1, 10)))
    assert told(body) == [("RUB451", {"r1": "0%"})]


def test_what_the_ranges_rule_out_is_not_sought() -> None:
    leaf = 'component {0} "L" 1 point\n  input r{0}: percent, from 0% to 100%{1}\n{2}  score in proportion to r{0}\n'
    for declared, policy in (("", "  if missing: 0\n"), (", if missing 0%", ""), ("", "  if missing: excluded\n")):
        rubric, _ = rubric_of(HEAD + "".join(leaf.format(at, declared, policy) for at in range(1, 41)))
        subject = Subject(rubric)
        before = subject.search.budget.left
        assert list(check_withheld(subject)) == []
        assert subject.search.budget.left == before

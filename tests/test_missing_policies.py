"""What stands in for what nobody gave: said of an input, under a heading, or for all leaves of a group."""

from fractions import Fraction

import pytest

from rubric_engine import compile_rubric
from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.engine import check_text
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.plan.combine import MissingPolicy
from rubric_engine.plan.expr import Const, IsMissing
from rubric_engine.plan.plan import Policy
from rubric_engine.result.result import Result

HEAD = 'rubric "Test" id test.missing\nversion 1\n'
LEAF = 'criterion 1 "Plan" 2 points\n'


def scored(body: str, head: str = HEAD, **given: object) -> Result:
    return compile_rubric(head + body).evaluate(given)


def told(body: str, head: str = HEAD) -> list[tuple[str, str]]:
    """Code and help of each finding."""
    return [(one.code, one.help) for one in check_text(head + body).diagnostics]


# ---------------------------------------------------------------- inputs


@pytest.mark.parametrize(
    ("declared", "rule", "points"),
    [
        ("count, if missing 4", "score done / 2", 2),
        ("number, if missing -1", "score done + 2", 1),
        ("percent, from 0% to 100%, if missing 50%", "score full points * done", 1),
        ("money, at least 0, if missing 1", "score when done >= 1 then 1 otherwise 2", 1),
        ("date, if missing 2025-01-03", "score days from 2025-01-01 to done", 2),
        ("yes/no, if missing yes", "score when done then 2 otherwise 0", 2),
        ("one of a, b, if missing b", "score when done is b then 2 otherwise 0", 2),
    ],
)
def test_a_value_stands_in_for_an_input(declared: str, rule: str, points: int) -> None:
    result = scored(f"{LEAF}  input done: {declared}\n  {rule}\n  at most full points\n  at least 0 points\n")
    assert result["1"].points == points
    assert result.settled


def test_without_an_input_what_reads_it_does_not_apply() -> None:
    body = """criterion 1 "Plan" 4 points
  input late: count, if missing not applicable
  let too_late = late > 3
  component 1.1 "Late" 2 points
    score when too_late then 0 otherwise 2
  component 1.2 "Other" 2 points
    score judged
"""
    compiled = compile_rubric(HEAD + body)
    leaf = next(node for node in compiled.plan.nodes if node.code == "1.1")
    assert [(clause.when, clause.policy) for clause in leaf.absent] == [(IsMissing("late"), Policy.EXCLUDED)]
    result = compiled.evaluate({"judged": {"1.2": 1}})
    assert result.total.exact == 1
    assert result.total.applicable_maximum == 2
    assert compiled.evaluate({"inputs": {"late": 1}, "judged": {"1.2": 1}}).total.exact == 3


def test_a_group_scored_by_a_formula_leaves_with_its_input() -> None:
    body = """criterion 1 "Plan" 4 points
  input late: count, if missing not applicable
  score max(0, 4 - late)
  component 1.1 "Other" 4 points
    score judged
criterion 2 "Report" 2 points
  score judged
"""
    assert scored(body, judged={"1.1": 1, "2": 2}).total.applicable_maximum == 2


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("count, if missing yes", ("RUB301", "help_if_missing")),
        ("yes/no, if missing 1", ("RUB301", "help_if_missing")),
        ("count, if missing 5%", ("RUB303", "help")),
        ("percent, from 0% to 100%, if missing 5", ("RUB302", "help")),
        ("percent, from 10% to 100%, if missing 5%", ("RUB315", "help")),
        ("count, if missing 1.5", ("RUB315", "help")),
        ("count, above 0, if missing 0", ("RUB315", "help")),
        ("count, optional, if missing 0", ("RUB316", "help")),
        ("count, optional, if missing not applicable", ("RUB316", "help")),
        ("ratings 1 to 5, if missing 3", ("RUB315", "help_kind")),
    ],
)
def test_a_value_that_could_not_be_given_cannot_stand_in(declared: str, expected: tuple[str, str]) -> None:
    assert expected in told(f"{LEAF}  input done: {declared}\n  score judged\n")


def test_an_unknown_level_cannot_stand_in() -> None:
    found = told(f"{LEAF}  input done: one of timely, late, if missing lat\n  score judged\n")
    assert ("RUB206", "help_near") in found


def test_nothing_takes_out_what_adds_up() -> None:
    body = """criterion 1 "Plan" 2 points
  input late: count, if missing not applicable
  at most 1 point when late > 3
  component 1.1 "Late" 1 point
    score when late > 3 then 0 otherwise 1
  component 1.2 "Other" 1 point
    score judged
"""
    assert ("RUB317", "help") in told(body)
    (where,) = [one.span for one in check_text(HEAD + body).diagnostics if one.code == "RUB317"]
    assert (HEAD + body)[where.start : where.end] == "at most 1 point when late > 3"
    guarded = body.replace("when late > 3\n", "when late is not missing and late > 3\n", 1)
    assert told(guarded) == []


# ---------------------------------------------------------------- headings


def test_worst_is_the_least_a_heading_allows() -> None:
    body = """criterion 1 "Order" -3 to 2 points
  if not judged: worst
  score judged
"""
    assert scored("total 2 points, signed\n" + body).total.exact == -3


def test_a_share_of_full_points() -> None:
    assert scored(LEAF + "  if not judged: 30% of full points\n  score judged\n").total.exact == Fraction(3, 5)


def test_not_applicable_takes_the_heading_out() -> None:
    body = LEAF + '  if missing: not applicable\n  score judged\ncriterion 2 "Report" 2 points\n  score judged\n'
    result = scored(body, judged={"2": 1})
    assert (result["1"].state, result.total.applicable_maximum) == ("not applicable", 2)


def test_the_base_stands_without_a_deduction_that_waits() -> None:
    body = LEAF + "  input seen: count\n  start at 2\n  deduct 1 when seen > 3\n  if missing: use base\n"
    assert scored(body).total.exact == 2
    assert scored(body, inputs={"seen": 4}).total.exact == 1
    (leaf,) = compile_rubric(HEAD + body).plan.nodes
    assert leaf.if_missing is not None
    assert leaf.if_missing.policy is MissingPolicy.BASE


GROUP = """criterion 1 "Plan" 8 points
  if missing: 1
  if not judged: 50% of full points
  component 1.1 "Judged" 4 points
    score judged
  component 1.2 "Counted" 2 points
    input seen: count
    score when seen > 3 then 2 otherwise 0
  component 1.3 "Own" 2 points
    if not judged: worst
    score judged
"""


def test_a_policy_of_a_group_holds_for_leaves_without_one() -> None:
    result = scored(GROUP)
    assert [result[code].points for code in ("1.1", "1.2", "1.3")] == [2, 1, 0]


def test_the_nearest_group_speaks_for_a_leaf() -> None:
    body = """area 1 "All" 4 points
  if missing: 0
  criterion 1.1 "Near" 2 points
    if missing: 2
    component 1.1.1 "Leaf" 2 points
      score judged
  criterion 1.2 "Far" 2 points
    component 1.2.1 "Leaf" 2 points
      score judged
"""
    result = scored(body)
    assert (result["1.1.1"].points, result["1.2.1"].points) == (2, 0)


def test_a_policy_about_judgements_is_not_for_facts() -> None:
    body = """criterion 1 "Plan" 2 points
  if not judged: 1
  component 1.1 "Counted" 2 points
    input seen: count
    score when seen > 3 then 2 otherwise 0
"""
    plan = compile_rubric(HEAD + body).plan
    assert [node.if_missing for node in plan.nodes] == [None, None]


def test_one_policy_a_heading() -> None:
    assert told(LEAF + "  if missing: 0\n  if not judged: worst\n  score judged\n") == [("RUB211", "help_missing")]
    (found,) = check_text(HEAD + LEAF + "  if not judged: worst\n  if missing: 0\n  score judged\n").diagnostics
    assert message(found, "en") == "a heading says one thing about what is missing"
    assert help_text(found, "en") == "keep `if not judged: worst` or `if missing: 0`"
    assert told(GROUP.replace("  if not judged: 50%", "  if missing: 50%", 1)) == [("RUB211", "help")]


def test_a_mistake_of_a_group_is_told_once() -> None:
    assert [code for code, _ in told(GROUP.replace("if missing: 1", "if missing: 5%"))] == ["RUB303"]


def test_where_nothing_is_judged_no_judgement_is_missing() -> None:
    body = LEAF + "  if not judged: 0\n  input seen: count\n  score when seen > 3 then 2 otherwise 0\n"
    assert told(body) == [("RUB210", "help_judged")]
    (found,) = check_text(HEAD + body).diagnostics
    assert message(found, "en") == "`if not judged: 0` cannot stand here"


def test_without_awards_and_deductions_there_is_only_the_base() -> None:
    assert told(LEAF + "  if missing: use base\n  score judged\n") == [("RUB210", "help_base")]
    assert told(GROUP.replace("if missing: 1", "if missing: use base")) == []


def test_the_points_of_a_policy_are_within_the_heading() -> None:
    assert [code for code, _ in told(GROUP.replace("if missing: 1", "if missing: 3"))] == ["RUB404"]


def test_in_vietnamese() -> None:
    body = """bộ tiêu chí "Thử" mã test.vi
phiên bản 1

tiêu chí 1 "Kế hoạch" 6 điểm
  nếu chưa chấm: mức thấp nhất
  dữ liệu số_lần: số đếm, nếu thiếu 0
  dữ liệu số_khác: số đếm, nếu thiếu không áp dụng
  tiêu chí thành phần 1.1 "Chấm" 2 điểm
    chấm theo nhận xét
  tiêu chí thành phần 1.2 "Đếm" 2 điểm
    chấm
      khi số_lần = 0: 2
      còn lại: 0
  tiêu chí thành phần 1.3 "Khác" 2 điểm
    chấm
      khi số_khác = 0: 2
      còn lại: 0
"""
    result = compile_rubric(body).evaluate({})
    assert (result.total.exact, result.total.applicable_maximum) == (2, 4)
    assert result["1.1"].points == 0


def test_a_worst_of_a_leaf_is_a_constant() -> None:
    plan = compile_rubric(HEAD + LEAF + "  if not judged: worst\n  score judged\n").plan
    assert plan.nodes[0].if_missing is not None
    assert plan.nodes[0].if_missing.value == Const(Fraction(0))


@pytest.mark.parametrize(
    ("declared", "given", "named"),
    [
        ("count, at least 1", "count, at most planned, if missing 3", "`done`"),
        ("count, at least 1, if missing 2", "count, at most planned", "`planned`"),
    ],
)
def test_a_value_put_in_that_breaks_a_bound_is_asked_for(declared: str, given: str, named: str) -> None:
    body = LEAF + f"  input planned: {declared}\n  input done: {given}\n  score in proportion to done / planned\n"
    inputs = {"planned": 2} if named == "`done`" else {"done": 3}
    with pytest.raises(SubmissionError) as caught:
        scored(body, inputs=inputs)
    (problem,) = caught.value.problems
    assert (problem.code, problem.help) == ("RUB507", "put_in")
    assert problem.help_text("en").startswith(f"nobody gave {named},")
    assert problem.help_text("vi").startswith(f"chưa có số liệu {named},")
    with pytest.raises(SubmissionError) as both_given:
        scored(body, inputs={"planned": 2, "done": 3})
    assert both_given.value.problems[0].help == "help"


# ---------------------------------------------------------------- what comes first, and what comes after

TWO = """total 10 points
criterion 1 "Answered" 5 points
  input settled "Settled": number, from 0 to 5, if missing not applicable
  input received "Received": count
  input planned "Planned": yes/no
{clauses}
  score settled
criterion 2 "Other" 5 points
  input other: number, from 0 to 5
  score other
"""


@pytest.mark.parametrize(
    ("clauses", "given", "points", "maximum"),
    [
        ("  not applicable when received = 0: full points", {"received": 0}, 9, 10),
        ("  not applicable when received = 0: zero", {"received": 0}, 4, 10),
        ("  not applicable when received = 0: full points", {"received": 1}, 4, 5),
        ("  not applicable when received = 0: full points", {"received": 1, "settled": 2}, 6, 10),
        ("  require planned, otherwise 0", {"planned": False}, 4, 10),
        ("  require planned, otherwise 0", {"planned": True}, 4, 5),
        ("  require planned, otherwise 2\n  require settled > 1, otherwise 1", {"planned": False}, 6, 10),
        ("  require planned, otherwise 2\n  require settled > 1, otherwise 1", {"planned": True}, 4, 5),
        ("  not applicable when settled = 0 or planned: full points", {"planned": True}, 9, 10),
        ("  not applicable when settled = 0: excluded\n  not applicable when planned: zero", {"planned": True}, 4, 10),
        ("  not applicable when received = 0: zero\n  require planned, otherwise 1", {"received": 2, "planned": False},
         5, 10),
    ],
)  # fmt: skip
def test_what_the_author_says_first_comes_before_an_input_left_out(
    clauses: str, given: dict[str, object], points: int, maximum: int
) -> None:
    result = scored(TWO.format(clauses=clauses), inputs={"other": 4, **given})
    assert (result.total.exact, result.total.applicable_maximum) == (points, maximum)


def test_an_input_left_out_waits_for_what_comes_first_and_is_not_asked_for() -> None:
    result = scored(TWO.format(clauses="  not applicable when received = 0: full points"), inputs={"other": 4})
    assert (result["1"].state, result.missing) == ("pending", ("received",))


def test_what_the_rest_settles_needs_no_input() -> None:
    body = TWO.replace("  score settled", "  score\n    when planned or settled > 3: 5\n    otherwise: 1")
    for planned, expected in ((True, (9, 10)), (False, (4, 5))):
        result = scored(body.format(clauses=""), inputs={"other": 4, "planned": planned})
        assert (result.total.exact, result.total.applicable_maximum) == expected


RATE = """total 10 points
criterion 1 "Rate" 5 points
  input rate: percent, from 0% to 100%
  input copied: yes/no
  {policy}
  score in proportion to rate
  {clause}
criterion 2 "Other" 5 points
  score 5
"""


@pytest.mark.parametrize(
    ("policy", "clause", "given", "points"),
    [
        ("full points", "at most 2 points when copied", {"copied": True}, 2),
        ("full points", "at most 2 points when copied", {"copied": False}, 5),
        ("full points", "at most 2 points when copied", {"rate": "20%"}, 1),
        ("full points", "at most 2 points when copied", {"rate": "60%"}, None),
        ("full points", "at most 2 points when copied", {}, None),
        ("full points", "at most 2 points when rate < 50%", {}, 5),
        ("full points", "deduct 1 when copied", {"copied": True}, 4),
        ("full points", "deduct 1 when copied", {}, 5),
        ("full points", "deduct 1 when copied", {"rate": "20%"}, 1),
        ("worst", "award 1 when copied", {"copied": True}, 1),
        ("full points", 'evidence e "E" required, if missing at most 50%', {}, Fraction(5, 2)),
        ("3", 'evidence e "E" required when copied, if missing deduct 2', {"copied": True}, 1),
        ("full points", 'evidence e "E" required, if missing score 0', {}, 0),
        ("full points", "require copied, otherwise 0", {"copied": False}, 0),
        ("full points", "require copied, otherwise 0", {}, None),
        ("full points", "not applicable when copied: zero", {"copied": True}, 0),
        ("0", "at least 1 point when copied", {"copied": True}, 1),
    ],
)
def test_a_policy_stands_in_for_the_base_alone(
    policy: str, clause: str, given: dict[str, object], points: int | Fraction | None
) -> None:
    leaf = scored(RATE.format(policy=f"if missing: {policy}", clause=clause), inputs=given)["1"]
    assert leaf.points == points
    assert (leaf.state == "pending") == (points is None)


def test_a_leaf_without_its_facts_is_refused_without_its_evidence() -> None:
    clause = 'evidence e "E" required, if missing score 0'
    assert scored(RATE.format(policy="if missing: full points", clause=clause))["1"].state == "refused"


def test_only_what_is_left_out_of_the_maximum_waits_for_a_requirement() -> None:
    body = RATE.format(policy="if missing: excluded", clause="require copied, otherwise 0")
    expected = ((True, (5, 5, "not rated")), (False, (5, 10, "scored")))
    for copied, (points, maximum, state) in expected:
        result = scored(body, inputs={"copied": copied})
        assert (result.total.exact, result.total.applicable_maximum, result["1"].state) == (points, maximum, state)
    assert scored(body)["1"].missing == ("copied",)


def test_the_steps_after_a_policy_are_told() -> None:
    leaf = scored(RATE.format(policy="if missing: full points", clause="at most 2 points when copied"),
                  inputs={"copied": True})["1"]  # fmt: skip
    assert [(str(reason.kind), reason.amount) for reason in leaf.reasons] == [("policy for missing", 5), ("limit", 2)]

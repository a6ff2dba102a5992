"""Stages of a round: what a later stage asks for is not due, and nothing else changes."""

from fractions import Fraction

import pytest

from rubric_engine.backend.interpret import interpret
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.plan.plan import Plan, Policy, RankKey, Ties
from rubric_engine.plan.staging import at_stage
from rubric_engine.result.outcome import State

F = Fraction

SHEET = """rubric "Stages" id test.stages
total 20 points
stages self "Tự chấm", appraisal "Thẩm định lần 1", final "Thẩm định lần 2" keeps judgements only accepted evidence
deadline files "Nộp hồ sơ" on 2025-12-20
deadline answers

input region: one of north, south
input rate: percent, from 0% to 100%
input asked_people: count, at least 1, asked from appraisal
input pleased: count, at most asked_people, asked from appraisal
let satisfied = pleased / asked_people

area A "First" 8 points
  component A.1 "Rate" 4 points
    score in proportion to rate
  component A.2 "Late" 4 points
    not applicable when asked_people < 3: excluded
    score by satisfied
      80% or more: 4
      below 80%: 0

area B "Survey" 6 points
  asked from final
  component B.1 "One" 3 points
    score judged
  component B.2 "Two" 3 points
    input again: count, at most 3
    evidence minutes "Biên bản" required, if missing score 0
    score again

area C "Rest" 6 points
  component C.1 "Judged" 4 points
    evidence plan "Kế hoạch" required, if missing score 0
    score judged
  component C.2 "Reads another" 2 points
    score when points of A.2 > 0 then 2 otherwise 0

total at most 10 points when satisfied < 50%

grades by total
  good: 10 or more
  poor: below 10
  quota good at most 20% of good or better within region

ranking within region
  by total, then by area A, then by rate lowest first, then by exact total
  ties undecided "bỏ phiếu"
"""


@pytest.fixture(scope="module")
def rubric() -> CompiledRubric:
    return compile_rubric(SHEET)


def state_of(plan: Plan) -> dict[str, bool]:
    """For each heading whether it is due."""
    return {
        node.code: [absent.policy for absent in node.absent[:1]] != [Policy.NOT_DUE] for node in plan.nodes
    }


def test_a_heading_is_asked_from_the_latest_stage_of_all_it_reads(rubric: CompiledRubric) -> None:
    assert {node.code: node.asked_from for node in rubric.plan.nodes} == {
        "A": 0, "A.1": 0, "A.2": 1, "B": 2, "B.1": 2, "B.2": 2, "C": 0, "C.1": 0, "C.2": 1,
    }  # fmt: skip
    assert {spec.name: spec.asked_from for spec in rubric.plan.inputs} == {
        "region": 0, "rate": 0, "asked_people": 1, "pleased": 1, "again": 2,
    }  # fmt: skip
    assert {spec.key: spec.asked_from for spec in rubric.plan.judged} == {"B.1": 2, "C.1": 0}


def test_the_first_stage_leaves_out_what_comes_later(rubric: CompiledRubric) -> None:
    plan = rubric.at_stage("self").plan
    assert state_of(plan) == {
        "A": True, "A.1": True, "A.2": False, "B": False, "B.1": False, "B.2": False, "C": True, "C.1": True,
        "C.2": False,
    }  # fmt: skip
    assert [spec.name for spec in plan.inputs] == ["region", "rate"]
    assert [spec.key for spec in plan.judged] == ["C.1"]
    assert [spec.name for spec in plan.evidence] == ["plan"]
    assert plan.nodes[7].evidence == (0,)
    assert (plan.lets, plan.limits, plan.grades, plan.ranking) == ((), (), (), None)
    assert (plan.stage, plan.only_accepted, plan.total) == ("self", False, 20)
    assert {(one.section, one.name, one.stage) for one in plan.later} == {
        ("inputs", "asked_people", "appraisal"), ("inputs", "pleased", "appraisal"), ("inputs", "again", "final"),
        ("judged", "B.1", "final"), ("evidence", "minutes", "final"),
    }  # fmt: skip


def test_the_last_stage_is_the_whole_rubric(rubric: CompiledRubric) -> None:
    whole, last = rubric.plan, rubric.at_stage("final").plan
    assert last.nodes == whole.nodes
    assert (last.inputs, last.lets, last.limits, last.grades) == (whole.inputs, whole.lets, whole.limits, whole.grades)
    assert last.ranking == whole.ranking
    assert last.later == ()
    assert last.only_accepted
    assert not whole.only_accepted


def test_points_are_those_of_what_is_due(rubric: CompiledRubric) -> None:
    facts = {"rate": "50%", "region": "north"}
    given = {"inputs": facts, "judged": {"C.1": 3}, "evidence": {"plan": "12/KH"}}
    result = rubric.at_stage("self").evaluate(given)
    assert (result.total.exact, result.total.applicable_maximum) == (5, 8)
    assert (result["A"].points, result["A"].applicable_maximum) == (2, 4)
    assert (result["B"].points, result["B"].applicable_maximum) == (0, 0)
    assert [node.code for node in result if node.state is State.NOT_DUE] == ["A.2", "B", "B.1", "B.2", "C.2"]
    assert result.grade is None
    assert result.settled
    given["inputs"] = {**facts, "asked_people": 10, "pleased": 9}
    later = rubric.at_stage("appraisal").evaluate(given)
    assert (later.total.exact, later.total.applicable_maximum) == (11, 14)
    assert [node.code for node in later if node.state is State.NOT_DUE] == ["B", "B.1", "B.2"]
    assert later.grade is None
    given |= {"judged": {"C.1": 3, "B.1": 1}, "inputs": {**given["inputs"], "again": 2}}  # type: ignore[dict-item]
    given["evidence"] = {"plan": {"reference": "12/KH", "status": "accepted"}, "minutes": "7/BB"}
    last = rubric.at_stage("final").evaluate(given)
    assert last["B.2"].state is State.REFUSED  # at this stage only accepted evidence counts
    assert (last.total.exact, last.total.applicable_maximum) == (12, 20)
    assert last.grade is not None
    assert last.grade.name == "good"


def test_a_stage_is_read_the_same_in_every_way(rubric: CompiledRubric) -> None:
    for name, inputs, judged in (
        ("self", {"rate": "50%", "region": "north"}, {"C.1": 3}),
        ("appraisal", {"rate": "50%", "region": "north", "asked_people": 4, "pleased": 1}, {"C.1": 3}),
    ):
        staged = rubric.at_stage(name)
        facts = staged.read({"inputs": inputs, "judged": judged, "evidence": {"plan": "1"}})
        exact = interpret(staged.plan, facts)
        compiled = staged._evaluator.reading(facts)
        assert staged.score(facts) == staged.evaluate(facts).total.published
        assert [exact.range(at).exact for at in range(3)] == [compiled.range(at).exact for at in range(3)]


def test_what_is_not_asked_for_yet_is_refused_with_its_stage(rubric: CompiledRubric) -> None:
    early = rubric.at_stage("self")
    with pytest.raises(SubmissionError) as caught:
        early.read({
            "inputs": {"rate": "50%", "pleased": 3, "again": None, "wrong": 1},
            "judged": {"B.1": 2}, "evidence": {"minutes": "7/BB"},
        })  # fmt: skip
    found = [(problem.code, problem.path, problem.values.get("stage")) for problem in caught.value.problems]
    assert found == [
        ("RUB540", "inputs.pleased", "Thẩm định lần 1"), ("RUB501", "inputs.wrong", None),
        ("RUB540", "judged.B.1", "Thẩm định lần 2"), ("RUB540", "evidence.minutes", "Thẩm định lần 2"),
    ]  # fmt: skip


def test_the_blank_form_of_the_whole_rubric_reads_at_every_stage(rubric: CompiledRubric) -> None:
    for stage in rubric.stages:
        assert rubric.at_stage(stage.name).read(rubric.template()).values == {}
    assert list(rubric.at_stage("self").template()["inputs"]) == ["rate", "region"]  # type: ignore[call-overload]


def test_a_stage_is_made_once_and_known_by_name(rubric: CompiledRubric) -> None:
    assert rubric.at_stage("self") is rubric.at_stage("self")
    assert rubric.at_stage("self").at_stage("final").plan == rubric.at_stage("final").plan
    assert [stage.title for stage in rubric.stages] == ["Tự chấm", "Thẩm định lần 1", "Thẩm định lần 2"]
    with pytest.raises(ValueError, match="self, appraisal, final"):
        rubric.at_stage("finale")
    with pytest.raises(ValueError, match="none"):
        compile_rubric('rubric "x" id x.y\ncriterion 1 "One" 2 points\n  score judged\n').at_stage("self")
    for number in (-1, 3):
        with pytest.raises(IndexError):
            at_stage(rubric.plan, number)


def test_deadlines_and_stages_reach_the_plan(rubric: CompiledRubric) -> None:
    assert [(one.name, one.title, one.due) for one in rubric.plan.deadlines] == [
        ("files", "Nộp hồ sơ", 739605), ("answers", "answers", None),
    ]  # fmt: skip
    assert [(one.keeps_judgements, one.only_accepted) for one in rubric.stages] == [(False, False)] * 2 + [(True, True)]


# ---------------------------------------------------------------- what follows a heading that is not due

HEAD = """rubric "Stages" id test.stages
stages self, appraisal
input rate: percent, from 0% to 100%
input late: percent, from 0% to 100%, asked from appraisal
"""


def due(body: str) -> dict[str, bool]:
    return state_of(compile_rubric(HEAD + body).at_stage("self").plan)


def test_a_group_waits_for_its_own_clauses_and_takes_its_children_along() -> None:
    body = """
area 1 "One" 4 points
  deduct 1 when late < 50%
  component 1.1 "A" 4 points
    score in proportion to rate
area 2 "Two" 4 points
  component 2.1 "A" 4 points
    score in proportion to rate
"""
    assert due(body) == {"1": False, "1.1": False, "2": True, "2.1": True}


def test_a_group_scored_by_a_formula_waits_for_what_the_formula_reads() -> None:
    body = """
area 1 "One" 4 points
  score points of 1.1 + points of 1.2
  component 1.1 "A" 2 points
    score in proportion to rate
  component 1.2 "B" 2 points
    score in proportion to late
area 2 "Two" 4 points
  combine mean
  component 2.1 "A" 2 points
    score in proportion to rate
  component 2.2 "B" 2 points
    score in proportion to late
"""
    assert due(body) == {"1": False, "1.1": False, "1.2": False, "2": True, "2.1": True, "2.2": False}


def test_a_figure_of_what_is_asked_later_is_later_itself() -> None:
    body = """
criterion 1 "One" 4 points
  score
    when rate > average late among units: 4
    otherwise: 0
criterion 2 "Two" 4 points
  score
    when rate > average rate among units: 4
    otherwise: 0
  deduct 1 when days late of appraisal > 0
criterion 3 "Three" 4 points
  score
    when rate > previous late if no previous 50%: 4
    otherwise: 0
"""
    assert due(body) == {"1": False, "2": False, "3": True}
    rubric = compile_rubric(HEAD + body)
    early = rubric.at_stage("self")
    assert [one.name for one in early.plan.references] == ["average rate among units", "previous late"]
    # Figures come from the whole round: one of a later stage is no mistake of the unit's.
    facts = early.read({"inputs": {"rate": 90}, "references": {"average late among units": "50%"}})
    assert early.evaluate(facts)["3"].points == 4


def test_bounds_that_look_at_later_facts_wait_too() -> None:
    text = HEAD + "input first: percent, at most late\n" + """
criterion 1 "One" 4 points
  score in proportion to first
"""
    rubric = compile_rubric(text)
    assert rubric.at_stage("self").read({"inputs": {"first": "90%"}}).values == {"first": F(9, 10)}
    with pytest.raises(SubmissionError):
        rubric.at_stage("appraisal").read({"inputs": {"first": "90%", "late": "80%"}})


def test_an_input_may_be_asked_for_before_its_heading_is_due() -> None:
    body = """
criterion 1 "One" 4 points
  asked from appraisal
  input own: percent, asked from self
  input other: percent
  score
    when own > 50% or other > 50%: 4
    otherwise: 0
criterion 2 "Two" 2 points
  score judged
"""
    early = compile_rubric(HEAD.replace("input late: percent, from 0% to 100%, asked from appraisal\n", "") + body)
    assert "own" in {spec.name for spec in early.at_stage("self").plan.inputs}
    assert "other" not in {spec.name for spec in early.at_stage("self").plan.inputs}


def test_a_condition_that_is_not_due_does_not_hold_back_its_group() -> None:
    body = """
area 1 "One" 4 points
  criterion 1.1 "A" 4 points
    score in proportion to rate
  criterion 1.2 "B" condition
    met when late > 50%
grades by total
  good: 2 or more, and met 1.2
  poor: otherwise
"""
    early = compile_rubric(HEAD + body).at_stage("self")
    assert state_of(early.plan) == {"1": True, "1.1": True, "1.2": False}
    assert early.plan.grades == ()


# ---------------------------------------------------------------- ranking and quotas


def test_the_ranking_reaches_the_plan(rubric: CompiledRubric) -> None:
    ranking = rubric.plan.ranking
    assert ranking is not None
    assert [(key.label, key.ascending, key.exact) for key in ranking.keys] == [
        ("total", False, False), ("area A", False, False), ("rate lowest first", True, False),
        ("exact total", False, True),
    ]  # fmt: skip
    assert (ranking.within, ranking.ties, ranking.words) == ("region", Ties.UNDECIDED, "bỏ phiếu")
    assert isinstance(ranking.keys[0], RankKey)


@pytest.mark.parametrize(
    ("clause", "base"),
    [
        ("at most 20% of good", (1,)), ("at most 20% of good or better", (0, 1)), ("at most 100% of all", (0, 1, 2)),
        ("at most 12.5% of best", (0,)),
    ],
)  # fmt: skip
def test_a_quota_names_the_rows_it_is_a_share_of(clause: str, base: tuple[int, ...]) -> None:
    body = f"""
criterion 1 "One" 4 points
  score in proportion to rate
grades by total
  best: 3 or more
  good: 2 to below 3
  poor: 0 to below 2
  undecided "không rõ": otherwise
  quota best {clause}
"""
    text = HEAD.replace("input late: percent, from 0% to 100%, asked from appraisal\n", "") + body
    (quota,) = compile_rubric(text.replace('  undecided "không rõ": otherwise\n', "")).plan.grades[0].quotas
    assert (quota.row, quota.base, quota.within) == (0, base, None)
    assert quota.label == f"quota best {clause}"


GRADED = """rubric "x" id x.y
stages self, appraisal
input rate: percent, from 0% to 100%
criterion 1 "One" 4 points
  score in proportion to rate
grades by total
  best: 3 or more
  poor: below 3
{}
"""


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("  quota bst at most 20% of best", "RUB207 help_near"),
        ("  quota best at most 20% of wonderful", "RUB207"),
        ("  quota poor at most 20% of best", "RUB245"),
        ("  quota best at most 120% of all", "RUB307 help_percent"),
        ("  quota best at most 20% of all within rate", "RUB341 help_kind"),
        ("ranking", "RUB243"),
        ("ranking\n  by total\n  by rate", "RUB211"),
        ("ranking\n  by total\nranking\n  by rate", "RUB211 RUB211"),
        ("ranking\n  by total\n  ties share the rank\n  ties share the rank", "RUB211"),
        ("ranking\n  by (2 + 3)", "RUB344"),
        ("ranking\n  by rate, then by rate lowest first", "RUB344 help_twice"),
        ("ranking\n  by area 1", "RUB244"),
        ("ranking\n  by criterion 2", "RUB205"),
        ("ranking within rate\n  by total", "RUB341 help_kind"),
        ("ranking\n  by total, then by exact total", ""),
        ("ranking\n  by total, then by (rank of rate among units) lowest first", ""),
        ("  by total", "RUB210 help_ranking"),
    ],
)
def test_what_cannot_be_ranked_or_counted_says_why(last: str, code: str) -> None:
    found = check_text(GRADED.format(last)).diagnostics
    assert " ".join(f"{one.code} {one.help}".removesuffix(" help") for one in found) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("stages self, self", "RUB202"),
        ("stages self\nstages appraisal", "RUB211"),
        ("stages self\ndeadline self", "RUB202"),
        ("deadline files\ndeadline files", "RUB202"),
        ("deadline files\ndeadline answers on 2025-12-20", ""),
    ],
)
def test_stages_and_deadlines_are_named_once(line: str, code: str) -> None:
    text = f'rubric "x" id x.y\n{line}\ncriterion 1 "One" 2 points\n  score judged\n'
    assert " ".join(one.code for one in check_text(text).diagnostics) == code


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("  asked from apraisal\n", "RUB240 help_near"),
        ("  asked from self\n  asked from appraisal\n", "RUB211"),
        ("  input x: count, asked from nobody\n  award x\n", "RUB240"),
    ],
)
def test_a_stage_that_does_not_exist_is_said(clause: str, code: str) -> None:
    text = f'rubric "x" id x.y\nstages self, appraisal\ncriterion 1 "One" 2 points\n{clause}  score judged\n'
    found = check_text(text).diagnostics
    assert [f"{one.code} {one.help}".removesuffix(" help") for one in found if one.code != "RUB421"] == [code]
    without = check_text(text.replace("stages self, appraisal\n", "")).diagnostics
    assert "RUB240 help_none" in [f"{one.code} {one.help}" for one in without]

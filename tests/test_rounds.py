"""A round: stages, what changed between them, claims, findings, deadlines, progress."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from rubric_engine import SubmissionError, compile_rubric
from rubric_engine.diagnostics import catalogue
from rubric_engine.result.outcome import State
from rubric_engine.rounds import (
    Completion,
    FindingStanding,
    StagedResult,
    Standing,
    Verdict,
    check_claims,
    difference,
    follow_up,
    lateness,
    progress,
    read_dossier,
    score_stages,
)

RUBRIC = compile_rubric("""rubric "A round" id a-round
version 2025
total 20 points, rounded half-up to 2 places
stages self "Self score", appraisal "First appraisal", final "Second appraisal" keeps judgements only accepted evidence
deadline files "Evidence handed in" on 2025-12-20

area 1 "Work" 10 points
component 1.1 "Plan carried out" 5 points
  input planned "Tasks planned": count, at least 1
  input done "Tasks done": count, at most planned
  evidence decision "Decision" required, if missing at most 50%
  score in proportion to done / planned

component 1.2 "Reports" 5 points
  input reports "Reports in time": yes/no
  evidence register "Register of reports" required, if missing ask for explanation
  score by reports
    yes: 5
    no: 0

area 2 "View from outside" 10 points
component 2.1 "Survey" 5 points
  input survey "Satisfied": percent, from 0% to 100%, asked from appraisal
  score in proportion to survey

component 2.2 "Judgement" 5 points
  asked from appraisal
  score judged from 0 to 5

penalty "Late" at most 2
item P1 "Self score late"
  deduct 0.5 for each of days late of self

grades by total
  good "Good": 10 or more
  poor "Poor": below 10
""")
DEADLINES = {"self": date(2025, 12, 15)}


def dossier(**changes: Any) -> dict[str, Any]:
    return {
        "unit": "A", "cycle": "2025",
        "stages": {
            "self": {
                "inputs": {"planned": 10, "done": 9, "reports": True},
                "evidence": {"decision": {"reference": "12/QĐ", "page": "3"}, "register": "S-01"},
                "claims": {"1.1": 5, "1.2": 5, "1": 9}, "done": "2025-12-17",
            },
            "appraisal": {
                "inputs": {"done": 8, "survey": "80%"}, "judged": {"2.2": 3}, "remarks": {"1.1": "by the department"},
                "asks": ["1.1"],
            },
            "final": {
                "evidence": {"decision": {"status": "rejected", "reason": "of another year"},
                             "register": [{"reference": "S-01", "status": "accepted"}]},
                "explanations": {"1.1": "we counted one twice"},
            },
        },
        **changes,
    }  # fmt: skip


def scored(given: dict[str, Any] | None = None) -> StagedResult:
    return score_stages(RUBRIC, given or dossier(), deadlines=DEADLINES)


# ---------------------------------------------------------------- stages


def test_each_stage_is_scored_by_what_was_said_up_to_then() -> None:
    staged = scored()
    totals = {stage.stage.name: stage.result.total.published for stage in staged.stages}
    assert totals == {"self": Fraction(17, 2), "appraisal": 15, "final": Fraction(27, 2)}
    own = staged["self"].result
    assert own["2.1"].state is State.NOT_DUE
    assert (own.total.applicable_maximum, own.grade) == (10, None)
    assert staged.last.result.grade is not None
    assert staged.last.result.grade.name == "good"
    assert staged.last.facts.evidence["decision"][0].page == "3", "what the appraiser left out stays"


def test_judgements_are_made_afresh_unless_the_stage_keeps_them() -> None:
    staged = scored()
    assert staged["final"].facts.judged == {"2.2": 3}
    again = dossier()
    again["stages"]["final"]["judged"] = {"2.2": 1}
    assert scored(again).last.result["2.2"].points == 1
    judged = 'rubric "R" id r\nversion 1\ntotal 5 points\nstages one, two\ncomponent 1 "J" 5 points\n  score judged\n'
    afresh = compile_rubric(judged)
    twice = score_stages(afresh, {"stages": {"one": {"judged": {"1": 4}}, "two": {}}})
    assert twice["one"].result["1"].points == 4
    assert twice["two"].result["1"].state is State.PENDING


def test_a_value_may_be_taken_back() -> None:
    given = dossier()
    given["stages"]["appraisal"]["inputs"]["reports"] = None
    given["stages"]["final"]["evidence"]["register"] = None
    staged = scored(given)
    assert staged["appraisal"].result["1.2"].state is State.PENDING
    assert "register" not in staged["final"].facts.evidence
    assert staged["self"].result["1.2"].points == 5


def test_stages_not_reached_are_not_there() -> None:
    given = dossier()
    del given["stages"]["final"], given["stages"]["appraisal"]
    staged = scored(given)
    assert [stage.stage.name for stage in staged.stages] == ["self"]
    with pytest.raises(KeyError):
        staged["final"]


def test_a_rubric_without_stages_takes_a_plain_submission() -> None:
    plain = compile_rubric('rubric "R" id r\nversion 1\ntotal 5 points\ncomponent 1 "J" 5 points\n  score judged\n')
    staged = score_stages(plain, {"unit": "A", "judged": {"1": 4}, "remarks": {"1": "well done"}})
    assert staged.last.result.total.published == 4
    assert staged.last.entry.remarks == {"1": "well done"}


def test_days_late_wait_for_the_day_it_was_done() -> None:
    given = dossier()
    del given["stages"]["self"]["done"]
    assert scored(given)["self"].result["P1"].state is State.PENDING
    assert scored()["self"].result["P1"].points == -1


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"stages": {"selff": {}}}, "stages.selff", "RUB550"),
        ({"inputs": {}}, "", "RUB551"),
        ({"stages": {"self": {"remarks": {"9": "?"}}}}, "stages.self.remarks.9", "RUB501"),
        ({"stages": {"self": {"asks": ["1.9"]}}}, "stages.self.asks.1.9", "RUB501"),
        ({"stages": {"self": {"inputs": [1]}}}, "stages.self.inputs", "RUB510"),
        ({"stages": {"self": {"inputs": {"survey": "80%"}}}}, "stages.self.inputs.survey", "RUB540"),
        ({"stages": {"self": {"done": "soon"}}}, "stages.self.done", "RUB517"),
        ({"findings": [{"id": "1", "node": "1.1"}]}, "findings[0]", "RUB552"),
        ({"findings": [{"id": "1", "node": "1.1", "found": "x", "stage": "last"}]}, "findings[0].stage.last", "RUB550"),
        ({"done": {"filess": "2025-12-20"}}, "done.filess", "RUB501"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        score_stages(RUBRIC, dossier(**change))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]
    assert "{" not in str(caught.value)


def test_problems_of_all_stages_come_together_and_once() -> None:
    given = dossier()
    given["stages"]["self"]["inputs"]["done"] = "many"
    given["stages"]["appraisal"]["inputs"] = {"survey": "800%"}
    with pytest.raises(SubmissionError) as caught:
        scored(given)
    assert [p.path for p in caught.value.problems] == ["stages.self.inputs.done", "stages.appraisal.inputs.survey"]


@pytest.mark.parametrize("code", ["RUB550", "RUB551", "RUB552"])
def test_the_samples_of_the_pages(code: str) -> None:
    page = catalogue.page(code)
    assert page.bad.submission is not None
    assert page.good.submission is not None
    rubric = compile_rubric(page.bad.rubric)
    with pytest.raises(SubmissionError) as caught:
        score_stages(rubric, json.loads(page.bad.submission))
    assert {problem.code for problem in caught.value.problems} == {code}
    score_stages(rubric, json.loads(page.good.submission))


# ---------------------------------------------------------------- differences


def test_a_difference_names_the_fact_or_the_evidence_behind_it() -> None:
    staged = scored()
    first = difference(RUBRIC, staged, "self", "appraisal")
    plan = first.leaves[0]
    assert (plan.code, plan.change, plan.remark, plan.asked) == ("1.1", Fraction(-1, 2), "by the department", True)
    assert [(fact.name, fact.before, fact.after) for fact in plan.facts] == [("done", "9", "8")]
    assert first.newly_due == ("2.1", "2.2")
    assert first.leaves[1].change is None, "what was not due has no points to gain from"
    assert first.total is None
    second = difference(RUBRIC, staged, "appraisal", "final")
    assert second.total == Fraction(-3, 2)
    (leaf,) = second.leaves
    (proof,) = leaf.facts
    assert (proof.kind, proof.after, proof.reason) == ("evidence", "rejected", "of another year")
    assert leaf.explanation == "we counted one twice"
    assert not leaf.unexplained
    assert [fact.name for fact in second.without_effect] == ["register"]
    assert json.loads(json.dumps(second.to_dict()))["leaves"][0]["change"] == "-1.5"


# ---------------------------------------------------------------- claims


def test_claims_are_held_against_facts_and_evidence() -> None:
    report = check_claims(RUBRIC, scored(), stage="self")
    by_code = {claim.code: claim for claim in report.claims}
    assert (by_code["1.1"].verdict, by_code["1.1"].difference) == (Verdict.TOO_HIGH, Fraction(1, 2))
    assert by_code["1.1"].rules[0].line == 12
    assert by_code["1.2"].verdict is Verdict.AGREES
    assert [(one.code, one.claimed, one.summed) for one in report.group_sums] == [("1", 9, 10)]
    assert report.without_claim == ()
    assert [claim.code for claim in report.differences] == ["1.1", "1"]
    assert json.loads(json.dumps(report.to_dict()))["claims"][0]["verdict"] == "too low"


def test_claims_without_accepted_evidence_and_leaves_that_need_words() -> None:
    given = dossier()
    del given["stages"]["self"]["evidence"]["register"]
    report = check_claims(RUBRIC, scored(given), stage="self")
    assert [claim.code for claim in report.without_accepted_evidence] == ["1", "1.2"]
    assert report.needs_explanation == ("1.2",)
    assert check_claims(RUBRIC, scored(), stage="appraisal").needs_explanation == ("1.1",)
    assert check_claims(RUBRIC, scored()).needs_explanation == ()


def test_a_claim_on_what_is_open_or_not_due() -> None:
    given = dossier()
    own = {"inputs": {"planned": 10}, "evidence": {"decision": "12/QĐ"}, "done": "2025-12-15"}
    given["stages"] = {"self": {**own, "claims": {"1.1": 4, "1.2": 6, "2.1": 5}}}
    report = check_claims(RUBRIC, scored(given))
    assert {one.code: one.verdict for one in report.claims} == {
        "1.1": Verdict.OPEN, "1.2": Verdict.TOO_HIGH, "2.1": Verdict.NOT_DUE,
    }  # fmt: skip
    assert [one.code for one in report.claims if one.impossible] == ["1.2"]


# ---------------------------------------------------------------- findings and deadlines


def standings(*cycles: list[dict[str, str]], as_of: date | None = None) -> tuple[FindingStanding, ...]:
    years = [dossier(cycle=str(2024 + at), findings=found) for at, found in enumerate(cycles)]
    return follow_up([scored(year) for year in years], as_of=as_of)


def test_findings_stay_open_are_put_right_and_come_back() -> None:
    first = {"id": "KT-01", "node": "1.1", "found": "no decision", "due": "2025-03-01", "responsible": "the office"}
    (one,) = standings([first])
    assert (one.standing, one.title, one.lost) == (Standing.OPEN, "Plan carried out", (Fraction(5, 2),))
    (one,) = standings([first], as_of=date(2025, 4, 1))
    assert one.standing is Standing.OVERDUE
    right = {"id": "KT-01", "node": "1.1", "found": "no decision", "put_right": "2025-02-20"}
    (one,) = standings([first], [right])
    assert (one.standing, one.cycles, one.finding.responsible) == (Standing.PUT_RIGHT, ("2024", "2025"), "the office")
    again = {"id": "KT-07", "node": "1.1", "found": "again no decision"}
    back, old = standings([first], [right, again])
    assert (back.standing, old.standing) == (Standing.CAME_BACK, Standing.PUT_RIGHT)
    assert back.earlier is not None
    assert back.to_dict()["came_back_from"] == "KT-01"


def test_a_finding_on_a_heading_the_rubric_no_longer_has() -> None:
    (one,) = standings([{"id": "KT-01", "node": "9.9", "found": "x"}])
    assert (one.is_known_heading, one.lost) == (False, (None,))


def test_lateness() -> None:
    read = read_dossier(RUBRIC, dossier(done={"files": "2025-12-19"}))
    late = lateness(RUBRIC, read, deadlines=DEADLINES)
    assert [(one.name, one.days, one.open) for one in late] == [("self", 2, False), ("files", 0, False)]
    waiting = lateness(RUBRIC, read_dossier(RUBRIC, dossier()), as_of=date(2025, 12, 23))
    assert [(one.name, one.days, one.open) for one in waiting] == [("self", None, False), ("files", 3, True)]
    with pytest.raises(ValueError, match="perhaps 'files'"):
        lateness(RUBRIC, read, deadlines={"file": date(2025, 1, 1)})


# ---------------------------------------------------------------- progress


def test_progress_while_the_year_runs() -> None:
    given = dossier(stages={"self": {"inputs": {"planned": 10}}, "appraisal": {}})
    staged = scored(given)
    early = progress(staged["self"].result)
    assert early.leaves == {State.PENDING: 3, State.NOT_DUE: 2}
    assert early.completion == Completion(0, 3)
    assert early.not_due == ("2.1", "2.2")
    late = progress(staged["appraisal"].result)
    assert (late.low, late.high) == (0, Fraction(35, 2)), "the decision has not come in: at most half of 1.1"
    assert late.grades == ("good", "poor")
    assert [(leaf.code, leaf.missing) for leaf in late.pending][:2] == [("1.1", ("done",)), ("1.2", ("reports",))]
    assert [(area.code, area.completion.all) for area in late.areas] == [("1", 2), ("2", 2), ("penalty", 1)]
    full = progress(scored().last.result)
    assert (full.completion.share, full.settled, full.grades) == (1, True, ("good",))


def test_published_shares() -> None:
    """Cần Thơ, first half of 2022: 8 of 17 targets are 47%, 42 of 82 tasks 51.2%."""
    shares = [Completion(8, 17).share, Completion(42, 82).share]
    assert [round(100 * share, 1) for share in shares if share is not None] == [Fraction("47.1"), Fraction("51.2")]
    assert Completion(0, 0).share is None


def test_a_dossier_that_has_reached_no_stage() -> None:
    for nothing_yet in ({"unit": "A"}, {"unit": "A", "stages": {}}, {"unit": "A", "stages": {"self": None}}):
        assert score_stages(RUBRIC, nothing_yet).stages == ()

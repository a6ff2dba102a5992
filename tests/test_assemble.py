"""Results as assembled: states, reasons, limits, grade and gates, and that nothing is built before it is looked at."""

import pickle
from fractions import Fraction as F
from random import Random

import pytest
from range_plans import random_facts, random_plan, without_some
from result_rubrics import demo, group_result, result
from work import at_most

from rubric_engine.backend.interpret import interpret
from rubric_engine.engine import compile_rubric
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.result.assemble import assemble
from rubric_engine.result.outcome import GateResult, GradeState, NodeResult, Reason, ReasonKind, State
from rubric_engine.result.result import Result


def kinds(node: NodeResult) -> list[ReasonKind]:
    return [reason.kind for reason in node.reasons]


def the(node: NodeResult, kind: ReasonKind) -> Reason:
    found = [reason for reason in node.reasons if reason.kind is kind]
    assert len(found) == 1
    return found[0]


def facts(reason: Reason | GateResult) -> dict[str, str]:
    return {fact.name: fact.text for fact in reason.facts}


# ---------------------------------------------------------------- headings


def test_headings_stand_in_the_order_of_the_document() -> None:
    found = result()
    assert [node.code for node in found] == ["1", "1.1", "1.2", "1.3", "1.4", "2", "2.1", "2.2", "2.3"]
    assert [node.depth for node in found][:2] == [1, 2]
    assert found["1"].children == ("1.1", "1.2", "1.3", "1.4")
    assert "1.3" in found
    assert "9" not in found
    assert len(found) == 9
    with pytest.raises(KeyError):
        found["9"]


def test_the_band_that_applied_and_the_next_better_one() -> None:
    node = result()["1.3"]
    row, better = the(node, ReasonKind.ROW), the(node, ReasonKind.NEXT_ROW)
    assert (row.label, row.amount, row.value, row.percent) == ("70% to 90%", 1, F(4, 5), True)
    assert facts(row) == {"done": "8", "planned": "10"}
    assert (better.label, better.amount) == ("above 90%", 2)
    assert (node.points, node.lost, node.index) == (1, 1, F(1, 2))
    assert kinds(result(done=10)["1.3"]) == [ReasonKind.ROW]


def test_a_level_is_told_by_its_title() -> None:
    row = the(result(plan="late")["1.1"], ReasonKind.ROW)
    assert row.label == "late"
    assert the(result()["1.1"], ReasonKind.ROW).label == "on time"
    assert facts(row) == {"plan": "late"}


def test_a_condition_tells_what_keeps_the_next_line_from_holding() -> None:
    node = result()["1.2"]
    assert facts(the(node, ReasonKind.ROW)) == {"complete": "yes", "funded": "no"}
    assert facts(the(node, ReasonKind.NEXT_ROW)) == {"funded": "no"}


def test_awards_and_deductions_keep_their_amount_and_reason() -> None:
    deduction = the(result()["1.4"], ReasonKind.DEDUCTION)
    assert (deduction.amount, deduction.because) == (F(3, 5), "Article 9")
    assert facts(deduction) == {"late_reports": "2"}
    assert the(result(late_reports=9)["1.4"], ReasonKind.DEDUCTION).amount == 1
    assert ReasonKind.DEDUCTION not in kinds(result(late_reports=0)["1.4"])


def test_a_requirement_that_fails_stands_alone() -> None:
    node = result(complete=False)["1.4"]
    assert kinds(node) == [ReasonKind.REQUIREMENT]
    assert node.reasons[0].because == "nothing to report on"
    assert (node.state, node.points) == (State.SCORED, 0)


def test_judgements_and_proportions() -> None:
    assert the(result()["2.2"], ReasonKind.JUDGED).amount == F(9, 2)
    formula = the(result()["2.1"], ReasonKind.FORMULA)
    assert (formula.amount, formula.value, formula.effect) == (F("2.4"), F(3, 5), "proportion")
    low = the(result(online="10%")["2.1"], ReasonKind.FORMULA)
    assert (low.amount, low.effect, facts(low)["threshold"]) == (0, "proportion below", "20%")


# ---------------------------------------------------------------- the five outcomes


def test_a_real_zero_is_scored() -> None:
    node = result()["1.2"]
    assert (node.state, node.points) == (State.SCORED, 0)


def test_missing_evidence_that_costs_everything_is_refused() -> None:
    missing = result(evidence={})["1.1"]
    assert (missing.state, missing.points) == (State.REFUSED, 0)
    assert the(missing, ReasonKind.EVIDENCE_MISSING).amount == 1
    rejected = {"decision": {"reference": "12", "status": "rejected", "reason": "unsigned"}}
    reason = the(result(evidence=rejected)["1.1"], ReasonKind.EVIDENCE_REFUSED)
    assert (reason.because, facts(reason)) == ("unsigned", {"decision": "12"})
    given = the(result()["1.1"], ReasonKind.EVIDENCE)
    assert (given.label, given.facts[0].text, given.facts[0].label) == ("Decision", "12/QĐ", "accepted")
    assert kinds(result(plan="none", evidence={})["1.1"]) == [ReasonKind.ROW, ReasonKind.NEXT_ROW]


def test_evidence_on_a_group_lowers_its_points() -> None:
    found = result(evidence={"decision": "1"})["2"]
    assert (found.points, found.state) == (7, State.SCORED)
    assert the(found, ReasonKind.EVIDENCE_MISSING).amount == F("2.4")


def test_not_applicable_says_by_which_policy() -> None:
    full = result(planned=0, done=0)["1.3"]
    assert (full.state, full.points, full.applicable_maximum) == (State.NOT_APPLICABLE, 2, 2)
    assert the(full, ReasonKind.NOT_APPLICABLE).effect == "full points"
    kept = result(online="97%")
    out = kept["2.3"]
    assert (out.state, out.points, out.applicable_maximum) == (State.NOT_APPLICABLE, 0, 0)
    assert (out.reasons[0].effect, out.reasons[0].label) == ("keep the worth of", "2")
    worth = the(kept["2"], ReasonKind.KEPT_WORTH)
    assert facts(worth) == {"applied": "10", "worth": "14"}
    assert (worth.value, worth.amount) == (F("8.38"), F("8.38") * 14 / 10)
    assert kept["2"].applicable_maximum == 14


def test_pending_gives_a_range_and_what_it_waits_for() -> None:
    found = result(done=None, judged={})
    leaf = found["1.3"]
    assert (leaf.state, leaf.points, leaf.low, leaf.high) == (State.PENDING, None, 0, 2)
    assert leaf.missing == ("done",)
    assert [fact.label for fact in the(leaf, ReasonKind.MISSING).facts] == ["Tasks done"]
    assert (leaf.lost, leaf.index) == (None, None)
    assert found["2.2"].missing == ("judged 2.2",)
    assert found["1.1"].state is State.SCORED
    assert found.missing == ("done", "judged 2.2")
    assert not found.settled
    assert found.total.published is None
    assert (found.total.low, found.total.high) == (F("7.3"), F("15.3"))


def test_what_does_not_matter_is_not_waited_for() -> None:
    found = result(done=None, planned=0, funded=None, complete=False)
    assert found.missing == ()
    assert found.settled
    assert found["1.3"].points == 2


def test_an_undecided_case_waits_for_a_decision() -> None:
    text = (
        'rubric "R" id r\nversion 1\ntotal 2 points\n\ncriterion 1 "One" 2 points\n  input n "N": count\n'
        '  not applicable when n = 0: undecided "the text is silent"\n  score\n    when n > 3: 2\n    otherwise: 0\n'
    )
    found = compile_rubric(text).evaluate({"inputs": {"n": 0}})
    node = found["1"]
    assert (node.state, node.low, node.high, node.missing) == (State.PENDING, 0, 2, ("decision 1",))
    assert (node.reasons[0].kind, node.reasons[0].because) == (ReasonKind.UNDECIDED, "the text is silent")


# ---------------------------------------------------------------- groups, pools, policies


def test_a_combined_index_is_told_with_every_child_and_its_share_of_weight() -> None:
    found = group_result()
    reason = the(found["1"], ReasonKind.COMBINED)
    assert (reason.amount, reason.value, reason.effect, reason.inexact) == (8, F(4, 5), "geometric mean", True)
    assert facts(reason) == {"index of 1.1": "80% × 0.3", "index of 1.2": "80% × 0.7", "places": "6"}
    assert (found["1.1"].weight, found["1.1"].effective_weight) == (F(3, 10), F(3, 10))
    assert found["1"].weight is None
    assert (found["1"].inexact, found["2"].inexact, found["1.1"].inexact) == (True, True, False)
    assert found.inexact
    assert not result().inexact


def test_weights_are_renormalised_where_a_child_takes_no_part() -> None:
    found = group_result(y=0)
    assert [found[code].effective_weight for code in ("2.1", "2.2", "2.3")] == [F(2, 3), F(1, 3), 0]
    assert found["2"].points == 10 * (F(1, 2) * 2 + F(3, 4)) / 3
    assert found["2"].coverage == F(3, 4)


def test_an_index_of_zero_takes_the_rule_for_it() -> None:
    reason = the(group_result(done=0)["1"], ReasonKind.COMBINED)
    assert (reason.amount, reason.effect, reason.inexact) == (0, "zero", False)


def test_a_group_with_too_little_data_is_not_rated() -> None:
    found = group_result(y=0, judged={})
    node = found["2"]
    assert (node.state, node.points, node.applicable_maximum) == (State.NOT_RATED, None, 0)
    reason = the(node, ReasonKind.NOT_RATED)
    assert (reason.value, reason.amount) == (F(1, 4), F(3, 5))
    assert the(node, ReasonKind.POLICY).effect == "not rated excluded"
    assert found.total.applicable_maximum == 10
    assert found.settled


def test_policies_for_what_is_missing_settle_a_leaf_and_say_so() -> None:
    found = group_result(x=None, judged={})
    excluded, zero = found["2.1"], found["2.2"]
    assert (excluded.state, excluded.points, excluded.applicable_maximum) == (State.NOT_RATED, None, 0)
    assert (zero.state, zero.points, zero.applicable_maximum) == (State.SCORED, 0, 1)
    assert facts(the(excluded, ReasonKind.POLICY)) == {"judged 2.1": ""}
    assert facts(the(zero, ReasonKind.POLICY)) == {"x": ""}
    assert (excluded.coverage, zero.coverage) == (0, 0)
    assert found.missing == ()


def test_coverage_counts_leaves_and_the_points_they_carry() -> None:
    whole = group_result().coverage
    assert (whole.share_of_leaves, whole.share_of_points) == (1, 1)
    part = group_result(judged={}, scores=None).coverage
    assert (part.assessed, part.leaves) == (3, 5)
    assert part.share_of_points == (F(3, 10) * 10 + F(1, 2) * 10) / 20


def test_pools_are_added_beyond_the_total_within_their_caps() -> None:
    total = group_result().total
    pools = [(r.effect, r.amount, r.value) for r in total.reasons if r.kind is ReasonKind.POOL]
    assert pools == [("bonus", 3, 3), ("penalty", -1, -2)]
    assert total.exact == group_result(solutions=0, late=[]).total.exact + 2  # type: ignore[operator]
    assert total.applicable_maximum == 20
    assert kinds(group_result()["B1"]) == [ReasonKind.AWARD, ReasonKind.CAP]


def test_register_rows_are_counted_and_a_missing_cell_waits_for_itself() -> None:
    found = group_result()
    assert facts(the(found["P1"], ReasonKind.DEDUCTION)) == {"late": "2 of 3 rows"}
    assert facts(the(found["1.2"], ReasonKind.FORMULA)) == {"scores": "4 · 5 · 3 · 4"}
    open_row = group_result(late=[{"days": 9, "kind": "a"}, {"kind": "b"}])["P1"]
    assert (open_row.low, open_row.high, open_row.missing) == (-1, F(-1, 2), ("late[2].days",))
    few = group_result(scores=[4, 5])["1.2"]
    assert (few.low, few.high, few.missing) == (1, 5, ("scores",))


# ---------------------------------------------------------------- total and grade


def test_the_total_exact_and_published() -> None:
    total = result(late_reports=0, online="61.37%").total
    assert (total.exact, total.published, total.places) == (F("13.4548"), F("13.5"), 1)
    assert [reason.kind for reason in total.reasons] == [ReasonKind.SUM, ReasonKind.ROUNDING]
    assert (total.printed_maximum, total.applicable_maximum) == (20, 20)
    assert total.index == F("13.5") / 20


def test_a_grade_with_its_row_and_gates() -> None:
    grade = result().grade
    assert grade is not None
    assert (grade.state, grade.name, grade.title, grade.by_points) == (GradeState.ISSUED, "fair", "Fair", "fair")
    assert grade.label == "10 to below 15"
    assert [gate.fired for gate in grade.gates] == [False, False, False]
    assert grade.possible == ("fair",)


def test_gates_that_fire_are_told_even_when_they_change_nothing() -> None:
    grade = result(disciplined=True, late_reports=6).grade
    assert grade is not None
    ceiling, lower, refusal = grade.gates
    assert (ceiling.fired, ceiling.changed, facts(ceiling)) == (True, False, {"disciplined": "yes"})
    assert (lower.fired, lower.changed) == (True, True)
    assert refusal.fired is False
    assert (grade.name, grade.by_points) == ("poor", "fair")
    best = result(disciplined=True, done=10, funded=True, online="94%", counter=4, judged={"2.2": 6}).grade
    assert best is not None
    assert best.gates[0].changed
    assert (best.by_points, best.name) == ("good", "fair")


def test_no_grade_and_a_grade_still_open() -> None:
    none = result(months=3).grade
    assert none is not None
    assert (none.state, none.name, none.gates[2].changed) == (GradeState.NONE, None, True)
    pending = result(done=None, months=None, judged={}).grade
    assert pending is not None
    assert (pending.state, pending.name) == (GradeState.PENDING, None)
    assert pending.possible == ("good", "fair", "poor")
    assert pending.gates[2].fired is None


# ---------------------------------------------------------------- the result as a value


def test_nothing_is_built_before_it_is_looked_at() -> None:
    compiled = demo()
    known = result()
    submission = {"unit": "x"}
    facts_read = compiled.read(submission)
    reading = read_ranges(compiled.plan, facts_read)
    assemble(compiled.plan, facts_read, reading, engine="1")
    with at_most(calls=20):  # one heading alone costs more
        assemble(compiled.plan, facts_read, reading, engine="1")
    assert known.nodes is known.nodes


def test_results_are_equal_by_content_and_travel() -> None:
    assert result() == result()
    assert hash(result()) == hash(result())
    assert result() != result(unit="Unit B")
    assert result() != "a result"
    assert pickle.loads(pickle.dumps(result())) == result()
    assert repr(result()) == "<result of demo.par for Unit A: 12.8>"
    assert repr(result(done=None)) == "<result of demo.par for Unit A: 11.8 to 13.8>"


def test_a_result_is_read_only() -> None:
    found = result()
    with pytest.raises(AttributeError):
        found.total = None  # type: ignore[misc, assignment]
    with pytest.raises(TypeError):
        found.claims["1"] = F(1)  # type: ignore[index]
    assert found.claims == {"1.2": 1}


def test_the_rubric_is_named_exactly() -> None:
    rubric = result().rubric
    assert (rubric.id, rubric.version, rubric.language) == ("demo.par", "1.0", "en")
    assert rubric.digest == demo().plan.digest
    assert rubric.digest.startswith("sha256:")
    assert rubric.parameters == {}


# ---------------------------------------------------------------- laws, on random plans


def replayed(node: NodeResult) -> F | None:
    """The points the reasons add up to; none where it is not rated."""
    if node.state is State.NOT_RATED:
        return None
    points = F(0)
    for reason in node.reasons:
        amount = reason.amount
        match reason.kind:
            case ReasonKind.NEXT_ROW | ReasonKind.EVIDENCE | ReasonKind.AS_PRINTED:
                continue
            case ReasonKind.POLICY if reason.effect in ("substituted", "use base"):
                continue
            case ReasonKind.NOT_RATED:
                points = F(0)
            case ReasonKind.POLICY if reason.effect.startswith("not rated"):
                points = amount or F(0)
            case ReasonKind.AWARD:
                points += amount or 0
            case ReasonKind.DEDUCTION:
                points -= amount or 0
            case ReasonKind.EVIDENCE_MISSING | ReasonKind.EVIDENCE_REFUSED:
                points -= amount or 0
            case _:
                if amount is None:
                    return None
                points = amount
    return points


@pytest.mark.parametrize("seed", range(120))
def test_reasons_add_up_and_ranges_say_the_same(seed: int) -> None:
    plan = random_plan(seed, policies=seed % 3 == 0)
    complete = random_facts(plan, Random(seed))
    try:
        exact = assemble(plan, complete, interpret(plan, complete), engine="1")
    except (Unsettled, ScoringError):
        return
    assert assemble(plan, complete, read_ranges(plan, complete), engine="1") == exact
    for node in exact:
        above = any(reason.effect == "above" for reason in node.reasons)
        if node.met is None and not above:
            collected = node.state is State.UNSCORED and node.points is None  # only collected: it has no points
            assert collected or replayed(node) == node.points, node


@pytest.mark.parametrize("seed", range(60))
def test_pending_results_hold_together(seed: int) -> None:
    rng = Random(seed)
    plan = random_plan(seed, policies=seed % 2 == 0)
    partial = without_some(random_facts(plan, rng), rng, 0.5)
    try:
        found: Result = assemble(plan, partial, read_ranges(plan, partial), engine="1")
    except ScoringError:
        return
    coverage = found.coverage
    assert 0 <= coverage.assessed <= coverage.leaves
    assert 0 <= coverage.assessed_points <= coverage.points
    for node in found:
        assert node.low <= node.high
        assert node.coverage is None or 0 <= node.coverage <= 1
        assert (node.points is None) <= (bool(node.missing) or node.state in (State.NOT_RATED, State.UNSCORED))
        assert set(node.missing) <= set(found.missing)
        if node.points is not None:
            assert node.low == node.points == node.high
    assert found.settled or found.missing

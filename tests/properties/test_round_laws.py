"""Laws of a round: what a later stage says never changes an earlier one, claims and words never change a score, saying
nothing new changes nothing."""

from copy import deepcopy
from datetime import date
from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from test_rounds import RUBRIC

from rubric_engine.rounds import StagedResult, score_stages

NAMES = ("self", "appraisal", "final")
DEADLINES = {"self": date(2025, 12, 15)}
status = st.sampled_from(["submitted", "accepted", "rejected"])
piece = st.fixed_dictionaries({"reference": st.sampled_from(["A-1", "A-2"])}, optional={"status": status})
days = st.dates(date(2025, 12, 10), date(2025, 12, 31)).map(date.isoformat)


def _part(**drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=drawn)


def entries(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """What one stage says; the first cannot say what is asked for later."""
    inputs: dict[str, st.SearchStrategy[Any]] = {
        "planned": st.integers(10, 12), "done": st.none() | st.integers(0, 10), "reports": st.none() | st.booleans(),
    }  # fmt: skip
    sections = {
        "evidence": _part(decision=st.none() | piece, register=st.none() | st.lists(piece, max_size=2)), "done": days,
    }  # fmt: skip
    if name != "self":
        inputs["survey"] = st.integers(0, 100).map(lambda percent: f"{percent}%")
        sections["judged"] = st.fixed_dictionaries({}, optional={"2.2": st.integers(0, 5)})
    return _part(inputs=_part(**inputs), **sections)


dossiers = st.fixed_dictionaries({name: entries(name) for name in NAMES}).map(lambda stages: {"stages": stages})


def scored(dossier: dict[str, Any]) -> StagedResult:
    return score_stages(RUBRIC, dossier, deadlines=DEADLINES)


def results(staged: StagedResult) -> list[dict[str, Any]]:
    return [stage.result.to_dict() for stage in staged.stages]


@given(dossiers, dossiers, st.sampled_from([1, 2]))
def test_a_later_stage_never_changes_an_earlier_one(one: dict[str, Any], other: dict[str, Any], kept: int) -> None:
    mixed = {"stages": {name: (one if at < kept else other)["stages"][name] for at, name in enumerate(NAMES)}}
    assert results(scored(mixed))[:kept] == results(scored(one))[:kept]
    early = {"stages": {name: one["stages"][name] for name in NAMES[:kept]}}
    assert results(scored(early)) == results(scored(one))[:kept]


@given(dossiers, st.sampled_from(NAMES), st.integers(0, 5))
def test_claims_and_words_never_change_a_score(dossier: dict[str, Any], name: str, points: int) -> None:
    told = deepcopy(dossier)
    told["stages"][name] |= {
        "claims": {"1.1": points, "1": points}, "remarks": {"1.1": "seen"}, "explanations": {"1.2": "late"},
        "asks": ["1.1"],
    }  # fmt: skip
    for before, after in zip(scored(dossier).stages, scored(told).stages, strict=True):
        assert [node.points for node in before.result] == [node.points for node in after.result]
        assert (before.result.total, before.result.grade) == (after.result.total, after.result.grade)


@given(dossiers)
def test_a_stage_that_keeps_judgements_and_says_nothing_differs_by_evidence_alone(dossier: dict[str, Any]) -> None:
    quiet = deepcopy(dossier)
    quiet["stages"]["final"] = {}
    staged = scored(quiet)
    before, after = staged["appraisal"].facts, staged["final"].facts
    assert (before.values, before.judged, before.evidence) == (after.values, after.judged, after.evidence)

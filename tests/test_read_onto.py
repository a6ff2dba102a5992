"""Some entries said anew: the same facts as the whole changed submission gives, and the same refusals."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import plans_with_submissions

from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.plan.plan import Plan


def outcome(read: Any) -> Any:
    try:
        facts = read()
    except SubmissionError as refused:
        return sorted(problem.code for problem in refused.problems)
    return facts, facts.packed, facts.states, facts.missing


@given(plans_with_submissions(count=2, most=5), st.integers(0, 10_000))
def test_read_onto_is_reading_the_whole(case: tuple[Plan, list[dict[str, Any]]], seed: int) -> None:
    plan, (first, second) = case
    reader = SubmissionReader(plan)
    try:
        facts = reader.read(first)
    except SubmissionError:
        return
    chance = Random(seed)
    changes: dict[str, dict[str, Any]] = {}
    for section in ("inputs", "judged", "evidence"):
        said = {name: value for name, value in (second.get(section) or {}).items() if value not in (None, "", [])}
        for name in chance.sample(sorted(said), min(len(said), 2)):
            changes.setdefault(section, {})[name] = said[name]
    whole = {**first, **{section: {**(first.get(section) or {}), **part} for section, part in changes.items()}}
    assert outcome(lambda: reader.read_onto(facts, changes)) == outcome(lambda: reader.read(whole))


def test_what_is_refused_is_refused() -> None:
    from rubric_engine import compile_rubric

    rubric = compile_rubric(
        'rubric "R" id r\nversion 1\ntotal 5 points\ncomponent 1 "a" 5 points\n  input planned: count, at least 1\n'
        "  input done: count, at most planned\n  score in proportion to done / planned\n"
    )
    facts = rubric.read({"inputs": {"planned": 10, "done": 4}})
    assert rubric.score(rubric.read_onto(facts, {"inputs": {"done": 8}})) == 4
    for wrong, code in (({"done": 11}, "RUB507"), ({"dones": 1}, "RUB501"), ({"done": -1}, "RUB503")):
        with pytest.raises(SubmissionError) as refused:
            rubric.read_onto(facts, {"inputs": wrong})
        assert [problem.code for problem in refused.value.problems] == [code]

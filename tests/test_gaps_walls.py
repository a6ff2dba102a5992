"""Walls of the search for gaps: chains of named values and long tables; bounded in work."""

from typing import Any

import pytest

from rubric_engine import compile_rubric, find_gaps
from rubric_engine.gaps.leaf_gaps import gaps_of
from rubric_engine.solve.change import tipping
from rubric_engine.solve.change.study import Probe, Study


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[object]:
    """One entry for each call of that function from now on."""
    calls: list[object] = []
    plain = getattr(owner, name)

    def counting(*args: Any) -> Any:
        calls.append(name)
        return plain(*args)

    monkeypatch.setattr(owner, name, counting)
    return calls


def one_leaf(body: str) -> str:
    return f'rubric "R" id r\nversion 1\ntotal 10 points\ncomponent 1 "c" 10 points\n{body}'


def test_named_values_that_read_the_one_before_twice_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = 24
    lets = "".join(
        f"  input b{i}: yes/no\n  let v{i} = when b{i} then {before} otherwise 10 - {before}\n"
        for i in range(names)
        for before in ("x" if i == 0 else f"v{i - 1}",)
    )
    rubric = compile_rubric(one_leaf(f"  input x: number, from 0 to 10\n{lets}  score max(0, min(10, v{names - 1}))\n"))
    asked = counted(monkeypatch, tipping, "_over")
    facts = {"x": 3} | {f"b{i}": True for i in range(names)}
    assert find_gaps(rubric, {"inputs": facts})["1"].ways
    assert len(asked) < 400 * names


def test_a_reading_costs_what_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    awards = "".join(f"  {('award', 'deduct')[i % 2]} 1 when x > {i} and x < {i * 3}\n" for i in range(300))
    rubric = compile_rubric(one_leaf(f"  input x: count\n  score 5\n{awards}"))
    study = Study(rubric, {"inputs": {"x": 3}})
    probed = counted(monkeypatch, Probe, "read")
    parts = study.parts_of(study.plan.nodes)
    assert parts > 8 * 300
    steps = study.budget.left
    gaps = gaps_of(study)
    assert len(probed) <= 1 + steps // parts
    assert not gaps["1"].complete


def test_a_long_table_leaves_its_last_wishes_unasked() -> None:
    rows = "".join(f"    {i} to below {i + 1}: {i % 11}\n" for i in range(600))
    rubric = compile_rubric(one_leaf(f"  input x: number, from 0 to 600\n  score by x\n{rows}    600: 0\n"))
    study = Study(rubric, {"inputs": {"x": 3}})
    gaps = gaps_of(study)
    assert gaps["1"].ways[-1].points == 10
    assert study.budget.left > -2 * study.parts_of(study.plan.nodes)

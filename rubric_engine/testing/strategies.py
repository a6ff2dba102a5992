"""Hypothesis strategies of submissions: complete, partial, faulty, and cohorts of them.

A submission is drawn as a complete one that reaches some line of the rubric, or one of values drawn at random, with a
few facts said otherwise. So it shrinks to the plainest submission with the fewest changes, and costs the same however
many facts a rubric has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.testing.aims import aimed_submissions
from rubric_engine.testing.values import any_points, any_value, constants_of, telling_points, telling_values

Submission = dict[str, Any]
_MOST_CHANGES = 4
_STATUSES = ("submitted", "accepted", "rejected")


@dataclass(frozen=True)
class _Facts:
    """What may be said in a submission of one rubric, by section and name: values worth trying."""

    rubric: CompiledRubric
    telling: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rubric: CompiledRubric) -> "_Facts":
        plan = rubric.plan
        constants = constants_of(plan)
        found = cls(rubric)
        for spec in plan.inputs:
            found.telling["references" if spec.reference else "inputs", spec.name] = telling_values(spec, constants)
        for judged in plan.judged:
            found.telling["judged", judged.key] = telling_points(judged)
        for proof in plan.evidence:
            found.telling["evidence", proof.name] = tuple(
                [{"reference": f"{at + 1}/BC", "status": status, "issued": _issued(proof.issued_from, proof.issued_to)}
                 for at in range(max(proof.at_least, 1))]
                for status in _STATUSES
            )  # fmt: skip
        return found

    def any_submission(self, seed: int) -> Submission:
        """All facts at random, made to agree with one another where they do not."""
        rng = Random(seed)
        plan = self.rubric.plan
        given: Submission = {"unit": "A", "inputs": {}, "references": {}, "judged": {}, "evidence": {}}
        for spec in plan.inputs:
            values = self.telling["references" if spec.reference else "inputs", spec.name]
            value = rng.choice(values) if values and rng.random() < 0.3 else any_value(spec, rng)
            given["references" if spec.reference else "inputs"][spec.name] = value
        given["judged"] = {spec.key: any_points(spec, rng) for spec in plan.judged}
        for proof in plan.evidence:
            if rng.random() < 0.8:
                given["evidence"][proof.name] = rng.choice(self.telling["evidence", proof.name])
        return given


    def mixed(self, base: Mapping[str, Any], seed: int, share: int) -> Submission:
        """The base with so many facts in a hundred said at random: fewer of them are plainer."""
        given, rng = self.any_submission(seed), Random(seed)
        for section in ("inputs", "references", "judged", "evidence"):
            kept = base.get(section) or {}
            names = {**given[section], **kept}
            chosen = {name for name in names if rng.random() * 100 < share}
            given[section] = {
                name: given[section][name] if name in chosen and name in given[section] else kept.get(name)
                for name in names if name in chosen or name in kept
            }  # fmt: skip
        return given


def telling_facts(rubric: CompiledRubric) -> Mapping[tuple[str, str], tuple[object, ...]]:
    """By section and name, the values of a fact that are worth trying, the simplest first."""
    return _Facts.of(rubric).telling


def submissions(rubric: CompiledRubric) -> st.SearchStrategy[Submission]:
    """Valid submissions of a rubric with everything said: boundary values of every line, date, cap, grade favoured."""
    facts = _Facts.of(rubric)
    bases = [dict(given) for given in aimed_submissions(rubric)]
    names = [key for key, values in facts.telling.items() if values]

    def change(key: tuple[str, str]) -> st.SearchStrategy[tuple[tuple[str, str], object]]:
        return st.tuples(st.just(key), st.sampled_from(facts.telling[key]))

    changes = st.lists(st.sampled_from(names).flatmap(change), max_size=_MOST_CHANGES) if names else st.just([])
    seeds = st.integers(0, 2**31)
    if not bases:
        return seeds.map(lambda seed: _agreeing(rubric, facts.any_submission(seed), {}))
    aimed = st.tuples(st.sampled_from(bases), changes).map(lambda drawn: _changed(rubric, *drawn))
    shares = st.integers(0, 100)
    drawn = st.tuples(seeds, shares).map(lambda both: _agreeing(rubric, facts.mixed(bases[0], *both), bases[0]))
    return aimed | drawn


def partial_submissions(rubric: CompiledRubric) -> st.SearchStrategy[tuple[Submission, Submission]]:
    """A complete submission, and the same with some of it not said yet."""
    def without(drawn: tuple[Submission, int]) -> tuple[Submission, Submission]:
        whole, seed = drawn
        rng, partial = Random(seed), {**whole}
        share = rng.choice((0.1, 0.5, 0.9))
        for section in ("inputs", "references", "judged"):
            said = whole.get(section) or {}
            partial[section] = {name: value for name, value in said.items() if rng.random() > share}
        return whole, partial

    return st.tuples(submissions(rubric), st.integers(0, 2**16)).map(without)


def invalid_submissions(rubric: CompiledRubric) -> st.SearchStrategy[tuple[Submission, str]]:
    """A submission with one fault, and the path of it: what the engine must refuse by that name."""
    plan = rubric.plan
    faults: list[tuple[str, str, object]] = [("inputs", "no_such_fact", 1), ("judged", "no such code", 1)]
    for spec in plan.inputs:
        if not spec.reference:
            faults.append(("inputs", spec.name, {"a": {}}))
    faults += [("judged", spec.key, str(spec.maximum + 1)) for spec in plan.judged]
    faults += [("evidence", spec.name, [{"reference": "1/BC", "status": "perhaps"}]) for spec in plan.evidence]

    def broken(drawn: tuple[Submission, tuple[str, str, object]]) -> tuple[Submission, str]:
        whole, (section, name, value) = drawn
        return {**whole, section: {**(whole.get(section) or {}), name: value}}, f"{section}.{name}"

    return st.tuples(submissions(rubric), st.sampled_from(faults)).map(broken)


def cohorts(rubric: CompiledRubric, *, most: int = 6) -> st.SearchStrategy[list[Submission]]:
    """Several units with names of their own; equal ones among them."""
    def named(drawn: list[Submission]) -> list[Submission]:
        return [{**given, "unit": f"Unit {at + 1}"} for at, given in enumerate(drawn)]

    one = submissions(rubric)
    twice = st.tuples(one, st.integers(1, 2)).map(lambda drawn: [drawn[0]] * drawn[1])
    several = st.lists(twice, min_size=1, max_size=max(1, most // 2))
    return several.map(lambda groups: named([given for group in groups for given in group]))


def _issued(since: int | None, until: int | None) -> str | None:
    from datetime import date

    day = since if since is not None else until
    return None if day is None else date.fromordinal(day).isoformat()


def _changed(
    rubric: CompiledRubric, base: Mapping[str, Any], changes: list[tuple[tuple[str, str], object]]
) -> Submission:
    given: Submission = {**base}
    for (section, name), value in changes:
        given[section] = {**(given.get(section) or {}), name: value}
    return _agreeing(rubric, given, base)


def _agreeing(rubric: CompiledRubric, given: Submission, base: Mapping[str, Any]) -> Submission:
    """The submission, each fact that is refused as the base has it; the base where that does not help."""
    for _ in range(3):
        try:
            rubric.read(given)
        except SubmissionError as error:
            refused = {problem.path.partition("[")[0] for problem in error.problems}
        else:
            return given
        for path in refused:
            section, _, name = path.partition(".")
            said = dict(given.get(section) or {})
            kept = base.get(section) or {}
            if name in kept:
                said[name] = kept[name]
            else:
                said.pop(name, None)
            given = {**given, section: said}
    return {**base}

"""Rubrics from other fields give the numbers somebody else gives: a package, a published table, a plain sum."""

import copy
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import cvss
import oracles_cvss
import oracles_indices
import oracles_sheets
import pytest

from rubric_engine.backend.interpret import interpret
from rubric_engine.casetest import submission_of
from rubric_engine.engine import CompiledRubric, load_rubric
from rubric_engine.plan.plan import Observed, Slot, slots_of
from rubric_engine.result.result import Result, State

ROOT = Path(__file__).parents[2] / "rubrics"
Submission = dict[str, Any]


@cache
def _rubric(name: str) -> CompiledRubric:
    (path,) = ROOT.rglob(f"{name}.rubric")
    return load_rubric(path)


def _published(rubric: CompiledRubric, submission: Submission) -> Fraction:
    """The published total, compiled and interpreted: one number."""
    facts = rubric.read(submission)
    at = slots_of(rubric.plan).index(Slot(Observed.PUBLISHED))
    total = rubric.evaluate(facts).total.published
    assert total == interpret(rubric.plan, facts).number(at)
    assert total is not None
    return total


def _grade(result: Result) -> str | None:
    assert result.grade is not None
    return result.grade.name


# ---------------------------------------------------------------- CVSS 3.1


def test_every_base_vector_scores_as_the_cvss_package_says() -> None:
    rubric = _rubric("cvss-3.1-base")
    scores = {oracles_cvss.written(vector): rubric.score(vector) for vector in oracles_cvss.vectors()}
    assert len(scores) == 2592
    packaged = {written: Fraction(str(cvss.CVSS3(written).base_score)) for written in scores}
    assert scores == packaged


def test_every_base_vector_has_the_severity_the_cvss_package_names() -> None:
    rubric = _rubric("cvss-3.1-base")
    for vector in oracles_cvss.vectors():
        grade = rubric.evaluate({"inputs": vector}).grade
        assert grade is not None
        assert grade.title == cvss.CVSS3(oracles_cvss.written(vector)).severities()[0]


def test_the_equations_written_out_again_give_the_same() -> None:
    rubric = _rubric("cvss-3.1-base")
    for vector in oracles_cvss.vectors():
        exact = oracles_cvss.unrounded(vector)
        assert rubric.score(vector) == oracles_cvss.roundup(exact) == oracles_cvss.roundup_by_whole_numbers(exact)


def test_an_unknown_metric_leaves_the_range_of_all_its_values() -> None:
    rubric = _rubric("cvss-3.1-base")
    random = Random(31)
    for vector in random.sample(list(oracles_cvss.vectors()), 60):
        unknown = random.sample(list(vector), random.randint(1, 2))
        total = rubric.evaluate({"inputs": {m: v for m, v in vector.items() if m not in unknown}}).total
        letters = product(*(oracles_cvss.METRICS[metric] for metric in unknown))
        possible = [rubric.score(vector | dict(zip(unknown, choice, strict=True))) for choice in letters]
        assert total.published is None
        assert total.low <= min(possible) <= max(possible) <= total.high


# ---------------------------------------------------------------- Human Development Index


def _index(country: oracles_indices.Country) -> Fraction:
    return _published(_rubric("hdi"), {"inputs": country.submission})


@pytest.mark.parametrize("country", oracles_indices.EXACT, ids=lambda country: country.name)
def test_the_index_is_the_published_one(country: oracles_indices.Country) -> None:
    assert _index(country) == Fraction(country.published)


@pytest.mark.parametrize("country", oracles_indices.NEAR, ids=lambda country: country.name)
def test_the_published_index_lies_within_what_the_table_rounded_away(country: oracles_indices.Country) -> None:
    low, high = (_index(_moved(country, Decimal(share))) for share in ("-0.5", "0.5"))
    assert low <= Fraction(country.published) <= high
    assert abs(_index(country) - Fraction(country.published)) <= Fraction(1, 1000)


def _moved(country: oracles_indices.Country, share: Decimal) -> oracles_indices.Country:
    """Every figure by that share of its last printed digit."""
    figures = (Decimal(printed) for printed in country.submission.values())
    moved = (str(figure + share * Decimal(1).scaleb(int(figure.as_tuple().exponent))) for figure in figures)
    return oracles_indices.Country(country.name, country.published, *moved)


def test_any_country_is_as_sixty_digits_say() -> None:
    random = Random(1990)
    for _ in range(150):
        figures = [random.uniform(low, high) for low, high in ((15, 95), (0, 22), (0, 16))]
        figures.append(10 ** random.uniform(1.8, 5.2))
        country = oracles_indices.Country("", "", *(f"{figure:.2f}" for figure in figures))
        index = oracles_indices.human_development(*(Decimal(value) for value in country.submission.values()))
        assert _index(country) == Fraction(oracles_indices.published(index))


def test_an_index_computed_with_logarithms_says_that_it_is_inexact() -> None:
    result = _rubric("hdi").evaluate({"inputs": oracles_indices.EXACT[0].submission})
    assert result["1.3"].inexact
    assert not result["1.1"].inexact
    assert result.inexact


# ---------------------------------------------------------------- OpenSSF Scorecard


def _random_scores(random: Random) -> dict[str, int]:
    never = random.choice([0.0, 0.2, 0.9])
    return {check: -1 if random.random() < never else random.randint(0, 10) for check in oracles_indices.WEIGHTS}


def test_the_aggregate_is_the_mean_over_what_is_conclusive() -> None:
    rubric = _rubric("openssf-scorecard")
    random = Random(20)
    for _ in range(400):
        scores = _random_scores(random)
        mean = oracles_indices.aggregate(scores)
        if mean is None:
            continue
        total = _published(rubric, {"inputs": scores})
        assert total == round(mean, 1)
        if mean * 20 % 2 != 1:
            assert str(float(total)) == f"{float(mean):.1f}", "off a tie the tool prints the same"


def test_the_experimental_checks_may_be_left_out() -> None:
    rubric = _rubric("openssf-scorecard")
    scores = dict.fromkeys(oracles_indices.WEIGHTS, 7)
    default = {check: score for check, score in scores.items() if check not in ("sbom", "webhooks")}
    assert len(default) == 18
    assert rubric.evaluate({"inputs": default}).total.published == 7


def test_with_nothing_conclusive_there_is_no_score() -> None:
    result = _rubric("openssf-scorecard").evaluate({"inputs": dict.fromkeys(oracles_indices.WEIGHTS, -1)})
    assert result["1"].state is State.PENDING
    assert result.total.published is None


# ---------------------------------------------------------------- point sheets


class Sheet(NamedTuple):
    """A rubric, complete submissions to it, and what each must come to."""

    name: str
    random: Callable[[Random], Submission]
    total: Callable[[Submission], Fraction]
    grade: Callable[[Submission], str | None] | None = None


SHEETS = (
    Sheet("weighted-requirement-tree", oracles_sheets.random_tree, oracles_sheets.tree_total),
    Sheet(
        "signed-answer-rubric", oracles_sheets.random_signed, oracles_sheets.signed_total, oracles_sheets.signed_grade
    ),
    Sheet("course-rubric", oracles_sheets.random_course, oracles_sheets.course_total, oracles_sheets.course_grade),
    Sheet("cha2ds2-vasc", oracles_sheets.random_clinical, oracles_sheets.clinical_total, oracles_sheets.clinical_grade),
)
every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


@every_sheet
def test_a_sheet_adds_up_as_a_person_adds_it_up(sheet: Sheet) -> None:
    rubric, random = _rubric(sheet.name), Random(sheet.name)
    for _ in range(300):
        submission = sheet.random(random)
        assert _published(rubric, submission) == sheet.total(submission)
        if sheet.grade is not None:
            assert _grade(rubric.evaluate(submission)) == sheet.grade(submission)


@every_sheet
def test_what_is_not_known_leaves_a_range_around_what_comes_out(sheet: Sheet) -> None:
    rubric, random = _rubric(sheet.name), Random(sheet.name)
    for _ in range(100):
        submission = sheet.random(random)
        total = rubric.evaluate(_with_gaps(submission, random)).total
        assert total.low <= sheet.total(submission) <= total.high
        assert total.published is None or total.published == sheet.total(submission)


def _with_gaps(submission: Submission, random: Random) -> Submission:
    known = copy.deepcopy(submission)
    for part in ("inputs", "judged"):
        for name in random.sample(sorted(known.get(part, {})), random.randint(0, min(4, len(known.get(part, {}))))):
            del known[part][name]
    return known


def test_the_index_of_a_signed_sheet_is_over_the_positive_points() -> None:
    rubric, random = _rubric("signed-answer-rubric"), Random(10)
    for _ in range(50):
        submission = oracles_sheets.random_signed(random)
        total = rubric.evaluate(submission).total
        assert total.exact is not None
        assert total.exact / total.applicable_maximum == oracles_sheets.signed_index(submission)


def test_the_tree_of_the_oracle_is_the_tree_of_the_rubric() -> None:
    leaves = [node.code for node in _rubric("weighted-requirement-tree").plan.nodes if not node.children]
    assert leaves == list(oracles_sheets.leaf_codes(oracles_sheets.TREE))


def test_too_little_of_a_branch_measured_is_not_rated_and_not_zero() -> None:
    rubric = _rubric("weighted-requirement-tree")
    (sparse,) = (example for example in rubric.rubric.examples if "not rated" in example.head.title.value)
    result = rubric.evaluate(submission_of(sparse))
    assert result["1.3.1"].state is State.NOT_RATED
    assert result["1.3"].points == Fraction(3, 4) * result["1.3"].maximum

"""Laws of reading: exact or refused, never a crash, never a guess, the same whatever the order."""

import json
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submission_plans import bound, evidence, plan_of, schema_accepts, spec

from rubric_engine.diagnostics.catalogue import placeholders
from rubric_engine.facts.facts import Facts, read_json, read_submission
from rubric_engine.facts.problems import SubmissionError, phrase
from rubric_engine.meaning.exact import (
    Unreadable,
    Written,
    from_json_number,
    read_number,
    read_written,
    round_to,
    show_number,
    to_json_number,
    to_plain_text,
)
from rubric_engine.plan.expr import Fact, Mode
from rubric_engine.plan.plan import Bound, JudgedSpec, Kind, Plan
from rubric_engine.submission import as_given, json_schema, submission_model


def plan_in(language: str) -> Plan:
    return plan_of(
        spec(Kind.COUNT, "planned"), spec(Kind.COUNT, "done", maximum=Bound(Fact("planned"))),
        spec(Kind.NUMBER, "ratio", minimum=bound(-10), maximum=bound("21/2", strict=True)),
        spec(Kind.PERCENT, "rate", decimals=2, minimum=bound(0)), spec(Kind.PERCENT, "share"),
        spec(Kind.MONEY, "cost", decimals=2), spec(Kind.DATE, "day"), spec(Kind.TEXT, "note", optional=True),
        spec(Kind.LEVEL, "level"), spec(Kind.YES_NO, "ok"),
        judged=(JudgedSpec("1", "", F(-1), F(5, 4), F(1, 4)), JudgedSpec("1.1", "", F(0), F(1, 3))),
        evidence=evidence(at_least=2), language=language,
    )  # fmt: skip


PLANS = {language: plan_in(language) for language in ("en", "vi")}
LANGUAGE = st.sampled_from(("en", "vi"))

decimals = st.builds(lambda n, p: F(n, 10**p), st.integers(-(10**15), 10**15), st.integers(0, 15))
numbers = st.one_of(decimals, st.builds(F, st.integers(-(10**9), 10**9), st.integers(1, 10**6)))
figures = st.text("0123456789.,+-−%eE/ \u00a0", max_size=14)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 200), st.integers(), st.floats(), st.decimals(), figures,
    st.sampled_from(["85%", "0,5", "timely", "Kịp thời", "late", "2023-01-15", "15/01/2023", "có", "no", 0.25, 85]),
    st.dates(), st.fractions(), st.text(max_size=8),
)  # fmt: skip
known = [i.name for i in PLANS["en"].inputs]
names = st.sampled_from([*known, "planed", "1", "1.1", "paper", "inputs"]) | st.text(max_size=5)
keys = names | st.none() | st.booleans() | st.integers() | st.dates() | st.fractions()
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))
items = st.fixed_dictionaries(
    {}, optional={name: scalars for name in ("reference", "status", "issued", "page", "note", "reason", "pag")}
)
submissions = st.fixed_dictionaries(
    {},
    optional={
        "unit": scalars,
        "inputs": st.dictionaries(names, scalars, max_size=8) | anything,
        "judged": st.dictionaries(names, scalars, max_size=3) | anything,
        "evidence": st.dictionaries(names, items | st.lists(items | scalars, max_size=3), max_size=3) | anything,
        "claims": st.dictionaries(names, scalars, max_size=3),
        "extra": scalars,
    },
)


def read(plan: Plan, submission: object) -> Facts | list[tuple[str, str]]:
    """The facts, or the problems: anything else is a bug. Every problem can be shown in both languages."""
    try:
        return read_submission(plan, submission)
    except SubmissionError as error:
        for problem in error.problems:
            for language in ("en", "vi"):
                line = problem.line(language)
                said = phrase.of(language)
                asked = placeholders(said[problem.code] + said[f"{problem.code} {problem.help}"])
                assert asked <= problem.values.keys()
                assert line.isprintable()
                assert line.endswith(f" [{problem.code}]")
        return [(problem.code, problem.path) for problem in error.problems]


@settings(max_examples=300)
@given(submissions | anything, LANGUAGE)
def test_anything_is_read_or_refused(submission: object, language: str) -> None:
    read(PLANS[language], submission)


@settings(max_examples=100)
@given(submissions, LANGUAGE)
def test_the_order_of_keys_never_matters(submission: dict[str, Any], language: str) -> None:
    turned = {
        name: dict(reversed(part.items())) if isinstance(part, dict) else part
        for name, part in reversed(submission.items())
    }
    assert read(PLANS[language], submission) == read(PLANS[language], turned)


@given(figures | st.text(max_size=6))
def test_where_both_languages_read_a_text_they_agree(text: str) -> None:
    found = {read_or_code(text, language) for language in ("en", "vi")}
    codes = found & {"RUB502", "RUB504", "RUB505"}
    assert len(found - codes) <= 1
    assert len(found) == 1 or codes == {"RUB502"}


def read_or_code(text: object, language: str) -> Written | str:
    try:
        return read_written(text, language)
    except Unreadable as refused:
        return refused.code


@given(numbers, LANGUAGE)
def test_plain_text_reads_back_in_both_languages(value: F, language: str) -> None:
    assert read_number(to_plain_text(value), language) == value
    assert from_json_number(to_json_number(value)) == value


@given(decimals.filter(lambda v: v.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)), LANGUAGE)
def test_what_is_shown_can_be_typed_again(value: F, language: str) -> None:
    assert read_number(show_number(value, language), language) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_by_their_shortest_form(value: float) -> None:
    found = read_or_code(value, "en")
    if found == "RUB505":
        assert abs(value) >= 1e39 or abs(value) < 1e-20
    elif found == "RUB525":
        # Fifteen digits of a decimal survive as a float: more are nobody's, nor are whole numbers floats leave out.
        assert float(f"{value:.15g}") != value or abs(value) > 2**53
    else:
        assert found == Written(F(repr(value)), False)


_DECIMAL_MODES = {
    Mode.HALF_UP: ROUND_HALF_UP, Mode.HALF_EVEN: ROUND_HALF_EVEN, Mode.UP: ROUND_UP, Mode.DOWN: ROUND_DOWN,
    Mode.CEILING: ROUND_CEILING, Mode.FLOOR: ROUND_FLOOR,
}  # fmt: skip


@given(st.integers(-(10**6), 10**6), st.integers(0, 4), st.integers(0, 4), st.sampled_from(list(Mode)))
def test_rounding_is_that_of_decimal(digits: int, exponent: int, places: int, mode: Mode) -> None:
    value = Decimal(digits).scaleb(-exponent)
    expected = value.quantize(Decimal(1).scaleb(-places), _DECIMAL_MODES[mode])
    assert round_to(F(value), mode, F(1, 10**places)) == F(expected)


@given(numbers, st.builds(F, st.integers(1, 99), st.integers(1, 99)), st.sampled_from(list(Mode)))
def test_rounding_lands_on_the_grid_and_near(value: F, step: F, mode: Mode) -> None:
    rounded = round_to(value, mode, step)
    assert (rounded / step).denominator == 1
    assert abs(rounded - value) < step
    assert round_to(rounded, mode, step) == rounded


# ---------------------------------------------------------------- good submissions


@st.composite
def good_submissions(draw: st.DrawFn) -> dict[str, Any]:
    planned = draw(st.integers(0, 50))
    inputs = {
        "planned": planned,
        "done": draw(st.integers(0, planned)),
        "ratio": draw(st.fractions(-10, 10)),
        "rate": f"{draw(st.integers(0, 20_000))}e-2%",
        "share": f"{draw(st.integers(-500, 500))}%",
        "cost": F(draw(st.integers(-(10**9), 10**9)), 100),
        "day": draw(st.dates()),
        "note": draw(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=9)),
        "level": draw(st.sampled_from(["timely", "late", "none", "kịp thời"])),
        "ok": draw(st.booleans()),
    }
    held = draw(st.sets(st.sampled_from(sorted(inputs))))
    item = {"reference": "12/QĐ", "status": draw(st.sampled_from(["submitted", "accepted", "bị từ chối"]))}
    judged = {"1": F(draw(st.integers(-4, 5)), 4), "1.1": F(draw(st.integers(0, 3)), 9)}
    return {
        "unit": draw(st.sampled_from(["", "A", "Sở Nội vụ"])),
        "inputs": {name: value for name, value in inputs.items() if name not in held},
        "judged": {} if "ok" in held else judged,
        "evidence": {"paper": [{**item, "reference": f"{at}/QĐ"} for at in range(draw(st.integers(0, 3)))]},
        "claims": {"1.1": draw(numbers)},
    }


@settings(max_examples=60, deadline=None)
@given(good_submissions(), LANGUAGE)
def test_facts_told_as_a_submission_are_the_same_facts(submission: dict[str, Any], language: str) -> None:
    plan = PLANS[language]
    facts = read_submission(plan, submission)
    again = as_given(plan, facts)
    assert read_submission(plan, again) == facts
    assert read_submission(plan, again).packed == facts.packed


MODELS = {language: submission_model(plan) for language, plan in PLANS.items()}
SCHEMAS = {language: json_schema(plan) for language, plan in PLANS.items()}


@settings(max_examples=40, deadline=None)
@given(good_submissions(), LANGUAGE)
def test_a_model_through_json_keeps_every_value_and_its_schema(submission: dict[str, Any], language: str) -> None:
    text = MODELS[language](**submission).model_dump_json()
    assert read_submission(PLANS[language], read_json(text)) == read_submission(PLANS[language], submission)
    assert schema_accepts(SCHEMAS[language], json.loads(text))


@settings(max_examples=60)
@given(good_submissions(), LANGUAGE)
def test_machine_values_are_the_exact_ones_scaled(submission: dict[str, Any], language: str) -> None:
    plan = PLANS[language]
    facts = read_submission(plan, submission)
    for one, machine in zip(plan.inputs, facts.packed, strict=False):
        if one.name in facts.values:
            value = facts.values[one.name]
            assert machine == (value if isinstance(value, str) else value * (one.scale or 1))
            assert isinstance(machine, int | F | str)
            assert one.scale is None or one.kind is Kind.TEXT or isinstance(machine, int)


@pytest.mark.parametrize("language", ["en", "vi"])
@settings(max_examples=300)
@given(name=st.sampled_from([i.name for i in PLANS["en"].inputs]), value=scalars)
def test_what_the_schema_accepts_is_read(language: str, name: str, value: object) -> None:
    try:
        text = json.dumps({"inputs": {name: value}}, allow_nan=False)
    except (TypeError, ValueError):
        return
    if not schema_accepts(SCHEMAS[language], json.loads(text)):
        return
    problems = read(PLANS[language], read_json(text))
    # A schema cannot say that a number has at most so many digits or decimals, that one in text lies within bounds, or
    # that a text hides no marks.
    allowed = {"RUB502": {"note"}, "RUB505": {"ratio", "cost", "share", "rate", "planned", "done"},
               "RUB515": {"cost", "rate"}, "RUB503": {"ratio", "rate", "planned", "done"},
               "RUB517": {"day"}}  # fmt: skip
    if isinstance(problems, list):
        for code, path in problems:
            assert path.removeprefix("inputs.") in allowed[code]

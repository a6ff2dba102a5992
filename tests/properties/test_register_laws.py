"""Laws of registers: a cell is read exactly as an input of its kind is, and nothing else happens to it."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from submission_plans import bound, plan_of, schema_accepts, spec

from rubric_engine.diagnostics.catalogue import placeholders
from rubric_engine.facts.facts import MISSING, Facts, read_json, read_submission
from rubric_engine.facts.problems import SubmissionError, phrase
from rubric_engine.plan.plan import InputSpec, Kind, Plan
from rubric_engine.submission import as_given, json_schema, submission_model

COLUMNS = (
    spec(Kind.COUNT, "days", maximum=bound(60)), spec(Kind.NUMBER, "rate", minimum=bound("-1/2", strict=True)),
    spec(Kind.PERCENT, "share", decimals=1), spec(Kind.MONEY, "fine", decimals=2), spec(Kind.DATE, "sent"),
    spec(Kind.LEVEL, "kind"), spec(Kind.YES_NO, "excused"), spec(Kind.TEXT, "số_hiệu", optional=True),
)  # fmt: skip
RATING = spec(Kind.NUMBER, "rating", decimals=1, minimum=bound(1), maximum=bound(5))


def plan_in(language: str) -> Plan:
    return plan_of(
        InputSpec("late", "Late", Kind.LIST, columns=COLUMNS),
        InputSpec("scores", "Scores", Kind.RATINGS, columns=(RATING,), raters=2), language=language,
    )  # fmt: skip


PLANS = {language: plan_in(language) for language in ("en", "vi")}
SCALARS = {language: plan_of(*COLUMNS, RATING, language=language) for language in ("en", "vi")}
LANGUAGE = st.sampled_from(("en", "vi"))

cells = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70), st.floats(), st.decimals(), st.dates(), st.fractions(-9, 9),
    st.sampled_from(["85%", "0,5", "1.125", "timely", "Kịp thời", "2023-01-15", "15/01/2023", "có", "no", 0.25, "x"]),
    st.text("0123456789.,%", max_size=6), st.lists(st.integers(), max_size=1),
)  # fmt: skip
rows = st.lists(st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), cells, max_size=8), max_size=4)
columns = st.sampled_from([*(column.name for column in COLUMNS), "dyas", "rating", "by"]) | st.text(max_size=4)
keys = columns | st.none() | st.integers() | st.booleans()
anything = st.recursive(cells, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))
rated = st.lists(cells | st.fixed_dictionaries({}, optional={"rating": cells, "by": cells, "bye": cells}), max_size=4)


def read(plan: Plan, inputs: object) -> Facts | list[tuple[object, ...]]:
    """The facts, or the problems, each of which can be told in both languages."""
    try:
        return read_submission(plan, {"inputs": inputs})
    except SubmissionError as error:
        for problem in error.problems:
            for language in ("en", "vi"):
                said = phrase.of(language)
                texts = said[problem.code] + said[f"{problem.code} {problem.help}"]
                assert placeholders(texts) <= problem.values.keys()
                assert problem.line(language).isprintable()
        return [(problem.path, problem.code, problem.help, dict(problem.values)) for problem in error.problems]


@settings(max_examples=300)
@given(rows, LANGUAGE)
def test_a_cell_is_read_as_an_input_is(given: list[dict[str, Any]], language: str) -> None:
    alone = [read(SCALARS[language], row) for row in given]
    together = read(PLANS[language], {"late": given})
    wrong = [
        (f"inputs.late[{at}].{path.removeprefix('inputs.')}", *rest)  # type: ignore[attr-defined]
        for at, found in enumerate(alone)
        if isinstance(found, list)
        for path, *rest in found
    ]
    if wrong:
        assert together == wrong
        return
    assert isinstance(together, Facts)
    values, packed = together.values["late"], together.packed[0]
    assert isinstance(values, tuple)
    assert isinstance(packed, tuple)
    for facts, row, machine in zip(alone, values, packed, strict=True):
        assert isinstance(facts, Facts)
        cells_given = {one.name: cell for one, cell in zip(COLUMNS, row, strict=True) if cell is not None}
        assert cells_given == facts.values
        assert all((cell is MISSING) == (value is None) for cell, value in zip(machine, row, strict=True))
        assert repr(machine) == repr(facts.packed[: len(COLUMNS)])


@settings(max_examples=200)
@given(rated, LANGUAGE)
def test_a_rating_is_read_as_an_input_is(given: list[Any], language: str) -> None:
    numbers = [one.get("rating") if isinstance(one, dict) else one for one in given]
    alone = [read(SCALARS[language], {"rating": number}) for number in numbers]
    together = read(PLANS[language], {"scores": given})
    if isinstance(together, list):
        assert any(isinstance(found, list) for found in alone) or any(isinstance(one, dict) for one in given)
        return
    said = [facts.values.get("rating") for facts in alone if isinstance(facts, Facts)]
    assert [item.rating for item in together.ratings["scores"]] == said
    enough = sum(value is not None for value in said) >= 2
    assert together.values == ({"scores": tuple((value,) for value in said)} if enough else {})
    assert (together.packed[1] is MISSING) != enough
    assert ("scores" in together.missing) == (not enough or None in said)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["late", "scores"]), anything | rows | rated), LANGUAGE)
def test_anything_is_read_or_refused_and_what_is_read_can_be_told_again(given: dict[str, Any], language: str) -> None:
    plan = PLANS[language]
    facts = read(plan, given)
    if isinstance(facts, list):
        return
    again = read_submission(plan, as_given(plan, facts))
    assert again == facts
    assert repr(again.packed) == repr(facts.packed)


@settings(max_examples=100)
@given(rows, LANGUAGE)
def test_the_order_of_columns_never_matters(given: list[dict[str, Any]], language: str) -> None:
    turned = [dict(reversed(row.items())) for row in given]
    assert read(PLANS[language], {"late": given}) == read(PLANS[language], {"late": turned})


MODELS = {language: submission_model(plan) for language, plan in PLANS.items()}
SCHEMAS = {language: json_schema(plan) for language, plan in PLANS.items()}


@settings(max_examples=150, deadline=None)
@given(rows, rated, LANGUAGE)
def test_a_model_through_json_keeps_every_cell_and_its_schema(late: Any, scores: Any, language: str) -> None:
    plan, inputs = PLANS[language], {"late": late, "scores": scores}
    facts = read(plan, inputs)
    if isinstance(facts, list):
        return
    text = MODELS[language](inputs=inputs).model_dump_json()
    assert read_submission(plan, read_json(text)) == facts
    assert schema_accepts(SCHEMAS[language], json.loads(text))


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["late", "scores"]), anything | rows | rated), LANGUAGE)
def test_what_the_schema_accepts_is_read(given: dict[str, Any], language: str) -> None:
    try:
        text = json.dumps({"inputs": given}, allow_nan=False)
    except (TypeError, ValueError):
        return
    if not schema_accepts(SCHEMAS[language], json.loads(text)):
        return
    problems = read(PLANS[language], read_json(text)["inputs"])  # type: ignore[index]
    # A schema cannot say that a number has at most so many digits or decimals, nor that nobody rates twice.
    unsaid = {"RUB503", "RUB505", "RUB515", "RUB517", "RUB522"}
    assert isinstance(problems, Facts) or {code for _, code, *_ in problems} <= unsaid

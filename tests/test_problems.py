"""Problems with a submission in words, missing values, and submissions as JSON text."""

import copy
import json
import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from submission_plans import GOOD, WHOLE, plan_of, problems_of, spec

from rubric_engine.diagnostics import catalogue
from rubric_engine.facts.facts import MISSING, Facts, read_json, read_submission
from rubric_engine.facts.problems import SubmissionError, incomplete, phrase
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.reading import Unsettled
from rubric_engine.plan.plan import Kind

# ---------------------------------------------------------------- missing


@pytest.mark.parametrize(
    "use",
    [
        bool, int, float, len, iter, hash, abs, round, operator.neg, operator.index, lambda m: m + 1, lambda m: 1 + m,
        lambda m: m - 1, lambda m: 2 * m, lambda m: m // 1, lambda m: 1 / m, lambda m: m % 2, lambda m: m**2,
        lambda m: m == 1, lambda m: 1 == m,  # noqa: SIM300
        lambda m: m != 1, lambda m: m < 1, lambda m: operator.le(1, m), lambda m: F(1) > m,
        lambda m: m in (1, 2), lambda m: {1: 2}[m], lambda m: (1, 2)[m], lambda m: m and 1, lambda m: not m,
        lambda m: F(1, 2) * m, lambda m: m.numerator, lambda m: min(m, 1), lambda m: divmod(m, 2), lambda m: m & 1,
    ],
)  # fmt: skip
def test_every_use_of_a_missing_value_is_unsettled(use: Callable[[Any], object]) -> None:
    with pytest.raises(Unsettled):
        use(MISSING)


def test_missing_is_one_value_however_it_travels() -> None:
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
    assert copy.deepcopy(MISSING) is MISSING
    assert repr(MISSING) == "MISSING"


def test_facts_compare_and_travel() -> None:
    facts = read_submission(WHOLE, {"inputs": {"planned": 1}})
    assert facts == read_submission(WHOLE, {"inputs": {"planned": "1"}})
    assert isinstance(pickle.loads(pickle.dumps(facts)), Facts)
    assert pickle.loads(pickle.dumps(facts)).packed[1] is MISSING


# ---------------------------------------------------------------- JSON and words


def test_json_numbers_stay_exact() -> None:
    value = read_json('{"inputs": {"x": 0.1, "y": 123456789012345678901234567890}}')
    assert value == {"inputs": {"x": Decimal("0.1"), "y": 123456789012345678901234567890}}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("Infinity", "RUB504"), ("-Infinity", "RUB504"), ("1e400", "RUB505"), ("9" * 100_000, "RUB505"),
        ("1e-400", "RUB505"),
        ("1e" + "9" * 40, "RUB505"),
    ],
)
def test_json_numbers_out_of_reason_are_refused_at_their_place(number: str, code: str) -> None:
    submission = read_json(f'{{"inputs": {{"x": {number}}}}}')
    (problem,) = problems_of(plan_of(spec(Kind.NUMBER)), submission)
    assert (problem.code, problem.path) == (code, "inputs.x")


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ('{"a": 1, "a": 2}', "twice"), ("{", "json"), ("", "json"), ("{'a': 1}", "json"), ("[" * 200_000, "deep"),
        (b"\xff\xfe\xff", "encoding"), (b'{"a": "\xe9"}', "encoding"),
    ],
)  # fmt: skip
def test_json_that_is_no_submission(text: str | bytes, help: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_json(text, "vi")
    assert [(p.code, p.help) for p in caught.value.problems] == [("RUB510", help)]
    assert str(caught.value).endswith("[RUB510]")


def test_json_in_bytes_with_a_mark() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert read_json('{"a": "ế"}'.encode("utf-16")) == {"a": "ế"}


def test_the_error_reads_one_line_a_problem_in_the_rubrics_language() -> None:
    plan = plan_of(spec(Kind.COUNT, "planned"), spec(Kind.YES_NO, "funded"), language="vi")
    with pytest.raises(SubmissionError) as caught:
        read_submission(plan, {"inputs": {"planed": 5, "funded": 5}})
    assert str(caught.value).splitlines() == [
        "inputs.planed: ở đây không có `planed`; có phải ý bạn là `planned`? [RUB501]",
        "inputs.funded: không đọc được `5` thành giá trị của mục này; ghi có hoặc không [RUB502]",
    ]
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_values_with_braces_stay_data() -> None:
    (problem,) = problems_of(plan_of(spec(Kind.COUNT)), {"inputs": {"x": "{0.__class__} {value} %s"}})
    assert "`{0.__class__} {value} %s`" in problem.message()


def test_problems_the_engine_raises() -> None:
    assert [p.line("vi") for p in incomplete(("planned", "judged 1.1"))] == [
        "inputs.planned: chưa có `planned`; " + phrase("RUB513 help", "vi") + " [RUB513]",
        "judged.1.1: chưa có `judged 1.1`; " + phrase("RUB513 help", "vi") + " [RUB513]",
    ]


CODES = sorted(key for key in phrase.of("en") if key.startswith("RUB") and " " not in key)


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_code_says_what_the_error_says(code: str) -> None:
    page = catalogue.page(code)
    for language in ("en", "vi"):
        own = {key.partition(" ")[2]: text for key, text in phrase.of(language).items() if key.startswith(f"{code} ")}
        assert page.texts[language] == {"message": phrase.of(language)[code], **own}
    assert page.bad.submission is not None
    assert page.good.submission is not None


def test_every_code_has_its_words() -> None:
    numbers = (*range(501, 528), 540, 541, 550, 551, 552, *range(561, 565))
    assert set(CODES) == {f"RUB{number}" for number in numbers}


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("planed", ["planned", "done"], "planned"), ("Planned", ["planned"], "planned"),
        ("ke hoach", ["kế_hoạch"], "kế_hoạch"),
        ("dnoe", ["done"], "done"), ("xyz", ["done"], None), ("ab", ["cd"], None), ("1.2", ["1.1"], None),
        ("x" * 500, ["y"], None), ("doan", ["đoàn"], "đoàn"),
    ],
)  # fmt: skip
def test_suggestions_only_when_near(word: str, known: list[str], meant: str | None) -> None:
    assert closest(word, known, same_digits=True) == meant


def test_submission_survives_json() -> None:
    text = json.dumps({"inputs": {"planned": 3, "rate": 85}, "evidence": {"paper": [GOOD]}})
    assert read_submission(WHOLE, read_json(text)).values == {"planned": 3, "rate": F(17, 20)}


# ---------------------------------------------------------------- very many


@pytest.mark.parametrize(
    ("language", "last"), [("en", "and 80 more like these"), ("vi", "và 80 lỗi khác tương tự")]
)
def test_of_very_many_problems_the_first_are_told(language: str, last: str) -> None:
    error = SubmissionError(incomplete(f"f{at}" for at in range(100)), language)
    lines = str(error).split("\n")
    assert len(lines) == 21
    assert lines[19].startswith("inputs.f19: ")
    assert lines[20] == last
    assert len(error.problems) == 100
    assert str(SubmissionError(error.problems[:20], language)) == "\n".join(lines[:20])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)

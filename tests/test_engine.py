"""The façade as an embedding developer meets it."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine import (
    IncompleteError,
    Result,
    RubricError,
    State,
    SubmissionError,
    check_text,
    compile_rubric,
    load_rubric,
)

TEXT = """rubric "Plan" id example.plan
version 3
total 5 points, rounded half-up to 1 place
parameter target "Target": percent = 90%, from 50% to 100%

criterion 1 "Done" 3 points
  input planned "Planned tasks": count
  input done "Tasks done": count, at most planned
  not applicable when planned = 0: excluded
  score in proportion to done / planned
criterion 2 "Quality" 2 points
  evidence report "Report" required, if missing score 0
  score judged from 0 to 2 in steps of 0.5

grades by total
  good "Good": 4 or more
  fair "Fair": below 4
"""
PARAMETER = 'parameter target "Target": percent = 90%, from 50% to 100%\n'
FULL = {
    "unit": "A",
    "inputs": {"planned": 3, "done": 2},
    "judged": {"2": Decimal("1.5")},
    "evidence": {"report": "12/BC"},
}


def test_ten_lines_embed_it() -> None:
    rubric = compile_rubric(TEXT)
    result = rubric.evaluate(FULL)
    assert result["1"].points == 2
    assert result.total.exact == Fraction(7, 2)
    assert result.total.index == Fraction(7, 10)
    assert result.grade is not None
    assert result.grade.name == "fair"
    assert result["2"].state is State.SCORED
    assert rubric.score(rubric.read(FULL)) == Fraction(7, 2)
    assert "3.5" in result.explain(language="en")


def test_score_takes_inputs_or_facts_and_agrees_with_evaluate() -> None:
    rubric = compile_rubric(TEXT)
    facts = rubric.read(FULL)
    by_inputs = rubric.score(FULL["inputs"], judged=FULL["judged"], evidence=FULL["evidence"])  # type: ignore[arg-type]
    assert by_inputs == rubric.score(facts) == rubric.evaluate(facts).total.published


def test_rounding_happens_only_where_the_rubric_says() -> None:
    rubric = compile_rubric(TEXT)
    result = rubric.evaluate({**FULL, "inputs": {"planned": 7, "done": 3}})
    assert result["1"].points == Fraction(9, 7)
    assert result.total.exact == Fraction(9, 7) + Fraction(3, 2)
    assert result.total.published == Fraction(28, 10)


def test_refused_pending_not_applicable_and_zero_stay_apart() -> None:
    rubric = compile_rubric(TEXT)
    refused = rubric.evaluate({**FULL, "evidence": {}})
    assert (refused["2"].state, refused["2"].points) == (State.REFUSED, 0)
    absent = rubric.evaluate({**FULL, "inputs": {"planned": 0}})
    assert absent["1"].state is State.NOT_APPLICABLE
    assert absent.total.applicable_maximum == 2
    zero = rubric.evaluate({**FULL, "inputs": {"planned": 4, "done": 0}})
    assert (zero["1"].state, zero["1"].points) == (State.SCORED, 0)
    pending = rubric.evaluate({**FULL, "inputs": {"planned": 4}})
    assert (pending["1"].state, pending["1"].points) == (State.PENDING, None)
    assert (pending["1"].low, pending["1"].high) == (0, 3)
    assert pending["1"].missing == ("done",)
    assert (pending.total.low, pending.total.high) == (Fraction(3, 2), Fraction(9, 2))
    assert pending.grade is not None
    assert pending.grade.possible == ("good", "fair")


def test_score_says_what_is_missing() -> None:
    rubric = compile_rubric(TEXT)
    with pytest.raises(IncompleteError) as caught:
        rubric.score({"planned": 4}, judged={"2": 1}, evidence={"report": "x"})
    assert caught.value.missing == ("done",)
    assert "done" in str(caught.value)


def test_all_problems_of_a_submission_come_together() -> None:
    rubric = compile_rubric(TEXT)
    bad = {
        "inputs": {"planned": -1, "done": float("inf"), "doen": 3},
        "judged": {"2": "0,3"},
        "evidence": {"reprot": "x"},
        "clams": {},
    }
    with pytest.raises(SubmissionError) as caught:
        rubric.evaluate(bad)
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["RUB501", "RUB501", "RUB503", "RUB504", "RUB511", "RUB512"]
    assert len(str(caught.value).splitlines()) >= len(codes)


def test_a_bad_rubric_raises_with_every_diagnostic() -> None:
    bad = TEXT.replace("done / planned", "doen / planned").replace("4 or more", "4,5 or more")
    with pytest.raises(RubricError) as caught:
        compile_rubric(bad, name="plan.rubric")
    assert {"RUB105", "RUB201"} <= {found.code for found in caught.value.diagnostics}
    assert "plan.rubric:10" in str(caught.value)


def test_parameters_are_set_at_load_time_and_recorded() -> None:
    rows = "score\n    when done >= target * planned: 3\n    otherwise: 0"
    text = TEXT.replace("score in proportion to done / planned", rows)
    usual = compile_rubric(text).evaluate(FULL)
    eased = compile_rubric(text, parameters={"target": "60%"}).evaluate(FULL)
    assert (usual["1"].points, eased["1"].points) == (0, 3)
    assert dict(usual.rubric.parameters) == {}
    assert dict(eased.rubric.parameters) == {"target": Fraction(3, 5)}


def test_a_result_survives_json_and_names_its_rubric() -> None:
    rubric = compile_rubric(TEXT)
    for submission in (FULL, {**FULL, "inputs": {"planned": 4}}):
        result = rubric.evaluate(submission)
        again = Result.from_json(result.to_json())
        assert again == result
        assert again.to_json() == result.to_json()
        assert again.explain() == result.explain()
    identity = json.loads(result.to_json())["rubric"]
    assert identity["id"] == "example.plan"
    assert identity["version"] == "3"
    assert identity["digest"].startswith("sha256:")


def test_the_digest_ignores_line_ends_and_unicode_form() -> None:
    import unicodedata

    text = TEXT.replace("Quality", "Chất lượng")
    windows = ("\ufeff" + unicodedata.normalize("NFD", text)).replace("\n", "\r\n").encode("utf-8")
    assert compile_rubric(text).plan.digest == compile_rubric(windows).plan.digest


def test_files_are_read_as_people_save_them(tmp_path: Path) -> None:
    path = tmp_path / "plan.rubric"
    path.write_bytes(("\ufeff" + TEXT).encode("utf-16-le"))
    assert load_rubric(path).evaluate(FULL).total.published == Fraction(7, 2)
    path.write_bytes(TEXT.encode("latin-1") + b"# \xe9\n")
    with pytest.raises(RubricError) as caught:
        load_rubric(path)
    assert caught.value.diagnostics[0].code == "RUB117"


def test_the_pydantic_model_and_a_mapping_agree() -> None:
    rubric = compile_rubric(TEXT)
    model = rubric.submission_model.model_validate(FULL)
    assert rubric.evaluate(model) == rubric.evaluate(FULL)
    assert rubric.template()["inputs"] == {"planned": None, "done": None}
    assert rubric.json_schema()["type"] == "object"


def test_evaluators_are_shared_between_threads() -> None:
    rubric = compile_rubric(TEXT)
    submissions = [{**FULL, "inputs": {"planned": 50, "done": n}} for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        totals = list(pool.map(lambda one: rubric.evaluate(one).total.exact, submissions))
    assert totals == [Fraction(3 * n, 50) + Fraction(3, 2) for n in range(50)]


def test_results_can_be_pickled() -> None:
    result = compile_rubric(TEXT).evaluate(FULL)
    assert pickle.loads(pickle.dumps(result)) == result


def test_check_text_never_raises_and_says_whether_all_is_well() -> None:
    assert check_text(TEXT.replace(PARAMETER, "")).ok
    assert [found.code for found in check_text(TEXT).diagnostics] == ["RUB209"]
    assert not check_text(TEXT + "nonsense\n").ok
    assert check_text("").diagnostics
    assert check_text(b"\xff\xfe\x00").diagnostics


PLAIN = """rubric "Plain" id example.plain
total 4 points
criterion 1 "a" 2 points
  input planned: count, at least 1
  input done: count, at most planned
  score in proportion to done / planned
criterion 2 "b" 2 points
  score judged
"""


def test_the_quick_way_and_the_careful_way_say_the_same() -> None:
    rubric = compile_rubric(PLAIN)
    given = {"unit": "A", "inputs": {"planned": 8, "done": 3}, "judged": {"2": 1}}
    quick, careful = rubric.evaluate(given), rubric.evaluate(rubric.read(given))
    assert quick == careful
    assert quick.explain() == careful.explain()
    assert rubric.evaluate({"inputs": {"planned": 8, "done": 3}, "judged": {"2": "1,0"}}).total.exact == Fraction(7, 4)


def test_what_the_caller_changes_afterwards_changes_no_result() -> None:
    rubric = compile_rubric(PLAIN)
    inputs: dict[str, object] = {"planned": 8, "done": 3}
    result = rubric.evaluate({"inputs": inputs, "judged": {"2": 1}})
    inputs["done"] = 8
    inputs["nonsense"] = 1
    assert result["1"].points == Fraction(3, 4)
    assert "done = 3" in result.explain("1", language="en")


@pytest.mark.parametrize(
    "bad",
    [
        {"inputs": {"planned": 8, "done": 9}, "judged": {"2": 1}},
        {"inputs": {"planned": 8, "done": 3, "more": 1}, "judged": {"2": 1}},
        {"inputs": {"planned": 8, "done": True}, "judged": {"2": 1}},
        {"inputs": {"planned": 8, "done": 3}, "judged": {"2": 5}},
        {"inputs": {"planned": 8, "done": 3}, "judged": {"3": 1}},
        {"unit": ["x"], "inputs": {"planned": 8, "done": 3}, "judged": {"2": 1}},
    ],
)
def test_the_quick_way_lets_nothing_bad_through(bad: dict[str, object]) -> None:
    with pytest.raises(SubmissionError):
        compile_rubric(PLAIN).evaluate(bad)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('    column excused "E": yes/no\n', '    colunm excused "E": yes/no\n'),
        ("  combine mean\n", "  combined mean\n"),
    ],
)
def test_a_line_that_cannot_be_read_is_the_only_finding(right: str, wrong: str) -> None:
    text = """rubric "T" id t
area 1 "A" 4 points
  combine mean
  needs at least 60% of weight
component 1.1 "a" 4 points
  input late "L": list
    column days "D": count
    column excused "E": yes/no
  start at full points
  deduct 1 for each of late where not excused and days > 2
"""
    assert right in text
    assert check_text(text).ok
    assert len(check_text(text.replace(right, wrong)).diagnostics) == 1


def test_a_parameter_the_application_sets_is_no_fault_of_the_text() -> None:
    """With a stricter target nobody reaches the maximum; the set is still scored, and the text itself checks clean."""
    text = (
        'rubric "R" id r\nversion 1\ntotal 2 points\nparameter extra: number = 1, from 0 to 1\n'
        'component 1 "A" 2 points\n  input done: yes/no\n  score\n    when done: 1 + extra\n    otherwise: 0\n'
    )
    result = compile_rubric(text, parameters={"extra": "0.5"}).evaluate({"inputs": {"done": True}})
    assert result.total.published == Fraction(3, 2)
    assert result.rubric.parameters == {"extra": Fraction(1, 2)}
    assert [one.code for one in check_text(text.replace("= 1, from", "= 0.5, from")).diagnostics] == ["RUB405"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        # A name in several words: those that read it are not told that it is unknown.
        ("  dữ liệu cán_bộ: số", "  dữ liệu cán bộ: số"),
        # The only line below a ranking: nobody is told that it is missing.
        ("  theo tổng điểm, rồi theo điểm của 1", "  theo tổng điểm, sau đó điểm của 1"),
    ],
)
def test_a_line_that_cannot_be_read_is_one_message(right: str, wrong: str) -> None:
    text = """\
bộ tiêu chí "Một" mã mot
phiên bản 1
tổng điểm 4 điểm
tiêu chí 1 "A" 4 điểm
  dữ liệu cán_bộ: số lượng, tối thiểu 1
  dữ liệu đã_học: số lượng, tối đa cán_bộ
  chấm tỷ lệ với đã_học / cán_bộ
xếp hạng
  theo tổng điểm, rồi theo điểm của 1
"""
    assert not check_text(text).diagnostics
    assert right in text
    assert [one.code for one in check_text(text.replace(right, wrong)).diagnostics] == ["RUB109"]

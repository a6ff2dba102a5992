"""Reading a submission: every form people use, every problem reported together, nothing half-read."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from submission_plans import GOOD, WHOLE, bound, evidence, plan_of, problems_of, spec

from rubric_engine.facts.evidence import EvidenceItem
from rubric_engine.facts.facts import MISSING, SubmissionReader, read_submission
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.exact import Unreadable, read_number, shown
from rubric_engine.plan.expr import Add, Const, Fact, Mul, Sub
from rubric_engine.plan.plan import Bound, InputSpec, JudgedSpec, Kind, Level


def value_of(given: object, kind: Kind, language: str = "en", **more: Any) -> object:
    return read_submission(plan_of(spec(kind, **more), language=language), {"inputs": {"x": given}}).values["x"]


def refusal(given: object, kind: Kind, language: str = "en", **more: Any) -> tuple[str, str]:
    (problem,) = problems_of(plan_of(spec(kind, **more), language=language), {"inputs": {"x": given}})
    assert problem.path == "inputs.x"
    return problem.code, problem.help


# ---------------------------------------------------------------- values of each kind


@pytest.mark.parametrize("given", [True, "yes", "Yes", "CÓ", "có", "co\u0301", "true", " y "])
def test_yes(given: object) -> None:
    assert value_of(given, Kind.YES_NO) is True


@pytest.mark.parametrize("given", [False, "no", "không", "khôNG", "false", "n"])
def test_no(given: object) -> None:
    assert value_of(given, Kind.YES_NO) is False


@pytest.mark.parametrize("given", [1, 0, "maybe", [], 1.0, "x" * 10_000])
def test_neither_yes_nor_no(given: object) -> None:
    assert refusal(given, Kind.YES_NO) == ("RUB502", "yes_no")


@pytest.mark.parametrize(("given", "value"), [(8, 8), ("8", 8), (8.0, 8), ("8,0", 8), (Decimal(8), 8), (F(8), 8)])
def test_counts(given: object, value: int) -> None:
    assert value_of(given, Kind.COUNT) == value


@pytest.mark.parametrize(
    ("given", "code"), [(2.5, "RUB514"), (-1, "RUB503"), ("-1", "RUB503"), (True, "RUB502"), (10**70, "RUB505")]
)
def test_counts_refused(given: object, code: str) -> None:
    assert refusal(given, Kind.COUNT)[0] == code


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("85%", F(17, 20)), (85, F(17, 20)), ("85", F(17, 20)), (85.5, F("0.855")), ("85,5 %", F("0.855")),
        (0, F(0)), ("1%", F(1, 100)), ("0.5%", F(1, 200)), (-5, F(-1, 20)), ("-1%", F(-1, 100)), (120, F(6, 5)),
        ("100%", F(1)),
    ],
)  # fmt: skip
def test_percents(given: object, value: F) -> None:
    assert value_of(given, Kind.PERCENT) == value


@pytest.mark.parametrize("given", [0.85, "0.85", "0,85", F(17, 20), Decimal("0.999"), -0.5, 1e-9])
def test_a_bare_share_is_a_question(given: object) -> None:
    assert refusal(given, Kind.PERCENT) == ("RUB506", "help")


def test_the_question_offers_both_readings() -> None:
    (problem,) = problems_of(plan_of(spec(Kind.PERCENT), language="vi"), {"inputs": {"x": 0.85}})
    assert problem.line("vi") == (
        "inputs.x: `0.85` có thể là 85% hoặc 0,85%; ghi `85%` hoặc `0,85%`, có dấu phần trăm [RUB506]"
    )


@pytest.mark.parametrize("given", [date(2023, 1, 15), "2023-01-15", "2023-1-15", "15/01/2023", datetime(2023, 1, 15)])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_dates(given: object, language: str) -> None:
    assert value_of(given, Kind.DATE, language) == date(2023, 1, 15).toordinal()


def test_a_slashed_date_is_day_first_in_vietnamese_and_a_question_in_english() -> None:
    assert value_of("05/01/2023", Kind.DATE, "vi") == date(2023, 1, 5).toordinal()
    assert refusal("05/01/2023", Kind.DATE, "en") == ("RUB517", "ambiguous")
    assert value_of("05/05/2023", Kind.DATE, "en") == date(2023, 5, 5).toordinal()


@pytest.mark.parametrize("given", ["2023-02-30", "31/04/2023", "20230115", 738535, True, "01/15/2023", "0000-01-01"])
def test_dates_refused(given: object) -> None:
    assert refusal(given, Kind.DATE)[0] == "RUB517"


def test_a_time_of_day_is_refused() -> None:
    assert refusal(datetime(2023, 1, 15, 8, 30), Kind.DATE) == ("RUB517", "time")


@pytest.mark.parametrize(
    "given", ["timely", "TIMELY", "kịp thời", "Kịp  Thời", "ki\u0323p tho\u031b\u0300i", " kịp thời "]
)
def test_levels_by_name_or_title(given: str) -> None:
    assert value_of(given, Kind.LEVEL) == 0


def test_an_unknown_level_lists_or_suggests() -> None:
    assert refusal("tImley", Kind.LEVEL) == ("RUB509", "help")
    assert refusal("kip thoi", Kind.LEVEL) == ("RUB509", "help")
    assert refusal("whatever", Kind.LEVEL) == ("RUB509", "known")
    assert refusal(0, Kind.LEVEL) == ("RUB509", "known")


def test_a_title_two_levels_share_is_no_answer() -> None:
    twins = InputSpec("x", "X", Kind.LEVEL, (Level("a", "đạt"), Level("b", "Đạt")))
    assert [p.code for p in problems_of(plan_of(twins), {"inputs": {"x": "đạt"}})] == ["RUB509"]
    assert read_submission(plan_of(twins), {"inputs": {"x": "b"}}).values == {"x": 1}


def test_text_is_kept_as_given_but_normalised() -> None:
    assert value_of(" Tie\u0302\u0301ng ", Kind.TEXT) == "Tiếng"
    assert value_of("{x} <b> ' \"", Kind.TEXT) == "{x} <b> ' \""
    assert refusal(5, Kind.TEXT) == ("RUB502", "text")
    assert refusal("a\u202eb", Kind.TEXT) == ("RUB502", "marks")


@pytest.mark.parametrize("blank", ["", "  ", "\n", "\u200b"])
def test_blank_text_is_no_text(blank: str) -> None:
    found = read_submission(plan_of(spec(Kind.TEXT)), {"inputs": {"x": blank}})
    assert (found.values, found.missing, found.packed) == ({}, ("x",), (MISSING,))
    open_ = read_submission(plan_of(spec(Kind.TEXT, optional=True)), {"inputs": {"x": blank}})
    assert (open_.values, open_.missing, open_.packed) == ({}, (), (MISSING,))


# ---------------------------------------------------------------- bounds and grids


@pytest.mark.parametrize(
    ("given", "minimum", "maximum", "ok"),
    [
        (5, bound(0), bound(5), True), (6, bound(0), bound(5), False), (5, None, bound(5, strict=True), False),
        (0, bound(0, strict=True), None, False), ("4.9", None, bound(5, strict=True), True),
        (F(1, 2), bound("1/2"), None, True), (0, bound("1/2"), None, False), (1, bound("1/2", strict=True), None, True),
    ],
)  # fmt: skip
def test_constant_bounds(given: object, minimum: Bound | None, maximum: Bound | None, ok: bool) -> None:
    if ok:
        value_of(given, Kind.NUMBER, minimum=minimum, maximum=maximum)
    else:
        assert refusal(given, Kind.NUMBER, minimum=minimum, maximum=maximum)[0] == "RUB503"


def test_a_bound_is_shown_as_its_kind_is_written() -> None:
    day = date(2023, 12, 1)
    (late,) = problems_of(
        plan_of(spec(Kind.DATE, maximum=bound(day.toordinal())), language="vi"), {"inputs": {"x": "15/12/2023"}}
    )
    assert late.values["bound"] == "≤ 01/12/2023"
    (much,) = problems_of(plan_of(spec(Kind.PERCENT, maximum=bound(1))), {"inputs": {"x": "101%"}})
    assert much.values["bound"] == "≤ 100%"


RELATED = plan_of(
    spec(Kind.COUNT, "planned"),
    spec(Kind.COUNT, "late", optional=True),
    spec(Kind.COUNT, "done", maximum=Bound(Sub(Fact("planned"), Fact("late")))),
)


def test_a_bound_over_other_facts() -> None:
    read_submission(RELATED, {"inputs": {"planned": 10, "late": 2, "done": 8}})
    (problem,) = problems_of(RELATED, {"inputs": {"planned": 10, "late": 2, "done": 9}})
    assert (problem.code, problem.path) == ("RUB507", "inputs.done")
    assert problem.values == {"value": "9", "bound": "≤ planned - late", "facts": "planned = 10, late = 2"}


def test_a_bound_over_a_missing_or_broken_fact_is_not_checked() -> None:
    read_submission(RELATED, {"inputs": {"planned": 10, "done": 99}})
    found = problems_of(RELATED, {"inputs": {"planned": "x", "late": 2, "done": 9}})
    assert [p.path for p in found] == ["inputs.planned"]


def test_bounds_may_add_and_multiply() -> None:
    limit = Bound(Mul((Const(F(2)), Add((Fact("a"), Const(F(1)))))), True)
    plan = plan_of(spec(Kind.COUNT, "a"), spec(Kind.COUNT, "b", minimum=limit))
    read_submission(plan, {"inputs": {"a": 3, "b": 9}})
    (problem,) = problems_of(plan, {"inputs": {"a": 3, "b": 8}})
    assert problem.values["bound"] == "> 2 * (a + 1)"


def test_decimals_are_a_grid() -> None:
    assert value_of("1,25", Kind.MONEY, decimals=2) == F(5, 4)
    assert refusal("1.255", Kind.MONEY, decimals=2) == ("RUB515", "help")
    assert refusal(1.5, Kind.NUMBER, decimals=0) == ("RUB514", "help")
    assert value_of("12.5%", Kind.PERCENT, decimals=1) == F(1, 8)
    assert refusal("12.55%", Kind.PERCENT, decimals=1)[0] == "RUB515"


# ---------------------------------------------------------------- judgements, claims, evidence

JUDGED = plan_of(judged=(JudgedSpec("1.1", "", F(0), F(5, 4), F(1, 4)), JudgedSpec("1.1.shoddy", "", F(2), F(5))))


def test_judgements() -> None:
    facts = read_submission(JUDGED, {"judged": {"1.1": "0,75", "1.1.shoddy": F(7, 3)}})
    assert facts.judged == {"1.1": F(3, 4), "1.1.shoddy": F(7, 3)}
    assert facts.packed == (3, F(7, 3))


@pytest.mark.parametrize(("given", "help"), [(1.5, "steps"), (-0.25, "steps"), (0.3, "steps"), ("0.30", "steps")])
def test_judgements_off_the_grid_or_out_of_range(given: object, help: str) -> None:
    (problem,) = problems_of(JUDGED, {"judged": {"1.1": given}})
    assert (problem.code, problem.help, problem.path) == ("RUB511", help, "judged.1.1")


def test_judgements_without_steps_name_the_range() -> None:
    (problem,) = problems_of(JUDGED, {"judged": {"1.1.shoddy": 1}})
    assert problem.line() == "judged.1.1.shoddy: 1 points cannot be given here; give from 2 to 5 points [RUB511]"


def test_another_code_is_never_taken_for_a_slip() -> None:
    (problem,) = problems_of(JUDGED, {"judged": {"1.2": 1}})
    assert (problem.code, problem.help) == ("RUB501", "known")


def test_claims_are_read_and_never_bounded() -> None:
    assert read_submission(plan_of(), {"claims": {"1.1": 99, "1": None}}).claims == {"1.1": F(99)}
    assert [p.path for p in problems_of(plan_of(), {"claims": {"9": 1, "1": "x"}})] == ["claims.9", "claims.1"]


def state_of(items: object, *, only_accepted: bool = False, **window: Any) -> tuple[str, bool, object]:
    plan = plan_of(evidence=evidence(**window), only_accepted=only_accepted)
    facts = read_submission(plan, {"evidence": {"paper": items}})
    return facts.evidence_state("paper"), facts.proven["paper"], facts.packed[-1]


@pytest.mark.parametrize(
    ("items", "options", "state"),
    [
        ("12/QĐ-UBND", {}, "satisfied"), ([GOOD], {}, "satisfied"), (None, {}, "missing"), ([], {}, "missing"),
        ("", {}, "missing"), ({"reference": None, "status": "đã nộp"}, {}, "missing"),
        ({**GOOD, "status": "rejected"}, {}, "rejected"), ({**GOOD, "status": "bị từ chối"}, {}, "rejected"),
        ([{**GOOD, "status": "rejected"}, "13/QĐ"], {}, "satisfied"),
        (GOOD, {"since": date(2023, 6, 1)}, "satisfied"), (GOOD, {"since": date(2023, 6, 2)}, "out of dates"),
        (GOOD, {"until": date(2023, 6, 1)}, "satisfied"), (GOOD, {"until": date(2023, 5, 31)}, "out of dates"),
        ("12/QĐ", {"until": date(2023, 5, 31)}, "out of dates"),
        (GOOD, {"only_accepted": True}, "not accepted"),
        ({**GOOD, "status": "accepted"}, {"only_accepted": True}, "satisfied"),
        ({**GOOD, "status": "Được Chấp Nhận"}, {"only_accepted": True}, "satisfied"),
        ([GOOD], {"at_least": 2}, "missing"), ([GOOD, "other"], {"at_least": 2}, "satisfied"),
    ],
)  # fmt: skip
def test_evidence_states(items: object, options: dict[str, Any], state: str) -> None:
    assert state_of(items, **options) == (state, state == "satisfied", state == "satisfied")


def test_evidence_items_keep_what_was_said() -> None:
    item = {"reference": "12", "status": "rejected", "reason": "no seal", "issued": "2023-06-01"}
    item |= {"page": 3, "note": "n"}
    facts = read_submission(plan_of(evidence=evidence()), {"evidence": {"paper": [item]}})
    assert facts.evidence["paper"] == (EvidenceItem("12", "rejected", "no seal", date(2023, 6, 1), "3", "n"),)


@pytest.mark.parametrize(
    ("item", "code", "path"),
    [
        (5, "RUB502", "evidence.paper"), ([True], "RUB502", "evidence.paper[0]"), ([[]], "RUB502", "evidence.paper[0]"),
        ([GOOD, {"reference": "a", "status": "fine"}], "RUB516", "evidence.paper[1].status"),
        ({"reference": "a", "issued": "yesterday"}, "RUB517", "evidence.paper.issued"),
        ({"reference": "a", "isued": 1}, "RUB501", "evidence.paper.isued"),
        ({"status": "accepted"}, "RUB502", "evidence.paper"), ({"note": "later"}, "RUB502", "evidence.paper"),
    ],
)  # fmt: skip
def test_evidence_refused(item: object, code: str, path: str) -> None:
    (problem,) = problems_of(plan_of(evidence=evidence()), {"evidence": {"paper": item}})
    assert (problem.code, problem.path) == (code, path)


# ---------------------------------------------------------------- the whole

def test_every_problem_is_reported_together_and_in_a_fixed_order() -> None:
    wrong = {
        "inputs": {"rate": 0.5, "planed": 3, "planned": -1, "plan": "on tme", "funded": "maybe", "cost": "1.000,5"},
        "judged": {"1.1": 0.3}, "evidence": {"papr": "x", "paper": 5}, "claims": {"7": 1}, "imputs": {}, "unit": [],
    }  # fmt: skip
    expected = [
        ("RUB501", "imputs"), ("RUB501", "inputs.planed"), ("RUB503", "inputs.planned"), ("RUB506", "inputs.rate"),
        ("RUB509", "inputs.plan"), ("RUB502", "inputs.funded"), ("RUB502", "inputs.cost"), ("RUB511", "judged.1.1"),
        ("RUB512", "evidence.papr"), ("RUB502", "evidence.paper"), ("RUB501", "claims.7"), ("RUB502", "unit"),
    ]  # fmt: skip
    assert [(p.code, p.path) for p in problems_of(WHOLE, wrong)] == expected
    turned = {name: dict(reversed(part.items())) if isinstance(part, dict) else part for name, part in wrong.items()}
    assert [(p.code, p.path) for p in problems_of(WHOLE, dict(reversed(turned.items())))] == expected


def test_what_is_missing_is_missing() -> None:
    for nothing in ({}, {"inputs": None, "judged": {}, "evidence": None}, {"inputs": {"planned": None}}):
        facts = read_submission(WHOLE, nothing)
        assert facts.values == {}
        assert facts.missing == ("planned", "rate", "plan", "funded", "cost", "judged 1.1")
        assert not facts.complete
        assert all(value is MISSING for value in facts.packed[:7])
        assert facts.packed[7:] == (False,)


def test_machine_values() -> None:
    facts = read_submission(
        WHOLE,
        {
            "unit": "Sở Nội vụ", "judged": {"1.1": 0.5}, "evidence": {"paper": "x"},
            "inputs": {"planned": 3, "rate": "33,5%", "plan": "late", "funded": "có", "cost": "1,5", "remark": "ổn"},
        },
    )  # fmt: skip
    assert facts.packed == (3, F(67, 200), 1, True, 150, "ổn", 1, True)
    assert facts.complete
    assert facts.unit == "Sở Nội vụ"


@pytest.mark.parametrize("given", [None, 5, "text", [], [("inputs", {})]])
def test_not_a_submission(given: object) -> None:
    assert [p.code for p in problems_of(WHOLE, given)] == ["RUB510"]


def test_sections_must_be_objects() -> None:
    found = problems_of(WHOLE, {"inputs": [], "judged": 5, "evidence": "x", "claims": True})
    assert [(p.code, p.path) for p in found] == [
        ("RUB510", "inputs"), ("RUB510", "judged"), ("RUB510", "evidence"), ("RUB510", "claims"),
    ]  # fmt: skip


def test_names_in_another_unicode_form_are_the_same_names() -> None:
    plan = plan_of(spec(Kind.COUNT, "số_vụ"))
    decomposed = "so\u0302\u0301_vu\u0323"
    assert read_submission(plan, {"inputs": {decomposed: 4}}).values == {"số_vụ": 4}
    (problem,) = problems_of(plan, {"inputs": {decomposed: 4, "số_vụ": 5}})
    assert (problem.code, problem.help, problem.path) == ("RUB510", "twice", "inputs.số_vụ")


def test_keys_of_any_kind_are_refused_calmly() -> None:
    assert [p.code for p in problems_of(WHOLE, {"inputs": {5: 1, None: 2, (1,): 3}})] == ["RUB501"] * 3


def test_a_model_is_read_through_its_dump() -> None:
    class Model:
        def __init__(self, **parts: object) -> None:
            self.parts = parts

        def model_dump(self) -> dict[str, object]:
            return self.parts

    facts = read_submission(plan_of(spec(Kind.COUNT)), Model(inputs=Model(x=3)))
    assert facts.values == {"x": 3}


def test_one_reader_serves_many_submissions() -> None:
    reader = SubmissionReader(plan_of(spec(Kind.COUNT)))
    assert [reader.read({"inputs": {"x": n}}).packed for n in (1, 2)] == [(1,), (2,)]
    assert reader.read({}).packed == (MISSING,)


def test_many_strange_keys_do_not_take_forever() -> None:
    plan = plan_of(*(spec(Kind.COUNT, f"a_rather_long_name_{n}") for n in range(200)))
    assert len(problems_of(plan, {"inputs": {f"a_rather_lang_nome_{n}": n for n in range(9_000)}})) == 9_000


# ---------------------------------------------------------------- nothing said


class NAType:
    """Stands in for the value that frames put where there is none."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = object.__hash__


NOTHING = ["", "  ", "NA", "n/a", "NaN", "None", "null", float("nan"), Decimal("NaN"), NAType(), None]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.LIST, Kind.RATINGS)])
@pytest.mark.parametrize("given", NOTHING, ids=shown)
def test_what_says_nothing_is_missing_whatever_the_kind(given: object, kind: Kind) -> None:
    facts = read_submission(plan_of(spec(kind)), {"inputs": {"x": given}})
    if kind is Kind.TEXT and isinstance(given, str) and given.strip():
        assert facts.values == {"x": given}
    elif kind is Kind.LEVEL and str(given) == "None" and given is not None:
        assert facts.values  # one of the levels is called so
    else:
        assert (facts.values, facts.missing) == ({}, ("x",))


def test_a_level_may_be_called_none() -> None:
    names = [level.name for level in spec(Kind.LEVEL).levels]
    assert value_of("None", Kind.LEVEL) == names.index("none")


def test_what_says_nothing_leaves_the_stand_in() -> None:
    plan = plan_of(spec(Kind.COUNT, if_missing=F(4), optional=True))
    facts = read_submission(plan, {"inputs": {"x": "NA"}})
    assert (facts.values, facts.substituted) == ({"x": 4}, frozenset({"x"}))
    again = SubmissionReader(plan).read_onto(read_submission(plan, {"inputs": {"x": 1}}), {"inputs": {"x": ""}})
    assert again == facts


def test_facts_alone_are_a_submission() -> None:
    plan = plan_of(spec(Kind.COUNT))
    assert read_submission(plan, {"X": 3}) == read_submission(plan, {"inputs": {"x": 3}})
    with pytest.raises(SubmissionError):
        read_submission(plan, {"x": 3, "y": 4})
    with pytest.raises(SubmissionError):
        read_submission(plan, {"x": 3, "inputs": {}})


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [("vi", "1.234,5", F(2469, 2)), ("en", "1,234.5", F(2469, 2)), ("vi", "1.000,25", F(4001, 4))],
)
def test_thousands_beside_the_decimal_mark_of_the_language_are_read(language: str, text: str, value: F) -> None:
    assert read_number(text, language) == value


@pytest.mark.parametrize(("language", "text"), [("en", "1.234,5"), ("vi", "1,234.5"), ("vi", "1.500"), ("en", "1,500")])
def test_what_may_be_read_two_ways_is_refused(language: str, text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(text, language)

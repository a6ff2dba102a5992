"""Registers and ratings in a submission: rows read as scalar facts are, every problem told at its cell."""

import json
import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest
from pydantic import ValidationError
from submission_plans import bound, plan_of, problems_of, schema_accepts, spec

from rubric_engine.casetest import submission_of
from rubric_engine.engine import compile_rubric
from rubric_engine.facts.facts import MISSING, Facts, RatingItem, read_json, read_submission
from rubric_engine.meaning.limits import LIMITS
from rubric_engine.model import WorkedExample
from rubric_engine.plan.expr import Column, ColumnFlag, Const, CountRows, Fact, Mul, Reduced, Reducer
from rubric_engine.plan.plan import Bound, Case, Choice, Form, InputSpec, Kind, Plan, PlanNode
from rubric_engine.report.form import to_form
from rubric_engine.source import NOWHERE
from rubric_engine.submission import as_given, json_schema, submission_model, template, template_markdown
from rubric_engine.submission.forms import sample, uses
from rubric_engine.syntax.tree.examples import Example, Given, GivenInput, GivenRow
from rubric_engine.syntax.tree.terms import DateLit, Ident, Name, Negative, Num, Text, YesNo

LATE = InputSpec(
    "late", "Late reports", Kind.LIST,
    columns=(
        spec(Kind.COUNT, "days", maximum=bound(366)), spec(Kind.LEVEL, "kind"), spec(Kind.YES_NO, "excused"),
        spec(Kind.PERCENT, "share", decimals=1), spec(Kind.MONEY, "fine", decimals=2), spec(Kind.DATE, "sent"),
        spec(Kind.TEXT, "remark", optional=True),
    ),
)  # fmt: skip


def ratings(**more: Any) -> InputSpec:
    rating = spec(Kind.NUMBER, "rating", decimals=1, minimum=bound(1), maximum=bound(5))
    return InputSpec("scores", "Scores", Kind.RATINGS, columns=(rating,), **more)


PLAN = plan_of(spec(Kind.COUNT, "planned"), LATE, ratings(raters=2), spec(Kind.COUNT, "done"))
ROW = {
    "days": 3, "kind": "late", "excused": True, "share": "12.5%", "fine": "0.5", "sent": "2023-01-15", "remark": "n",
}  # fmt: skip


def read(rows: object, plan: Plan = PLAN, name: str = "late") -> Facts:
    return read_submission(plan, {"inputs": {name: rows}})


def refusals(rows: object, name: str = "late", plan: Plan = PLAN) -> list[tuple[str, str, str]]:
    return [(p.code, p.help, p.path) for p in problems_of(plan, {"inputs": {name: rows}})]


# ---------------------------------------------------------------- registers


def test_rows_are_read_cell_by_cell() -> None:
    facts = read([ROW, {**ROW, "days": "7", "kind": "Kịp thời", "excused": "no"}])
    day = date(2023, 1, 15).toordinal()
    assert facts.values == {
        "late": ((3, 1, True, F(1, 8), F(1, 2), day, "n"), (7, 0, False, F(1, 8), F(1, 2), day, "n"))
    }
    assert facts.packed[1] == ((3, 1, True, 125, 50, day, "n"), (7, 0, False, 125, 50, day, "n"))
    assert facts.missing == ("planned", "scores", "done")


def test_an_empty_list_is_a_value_and_no_list_is_missing() -> None:
    empty = read([])
    assert empty.values == {"late": ()}
    assert empty.packed[1] == ()
    assert "late" not in empty.missing
    absent = read(None)
    assert absent.values == {}
    assert absent.packed[1] is MISSING
    assert "late" in absent.missing


def test_a_missing_cell_is_missing_and_no_more() -> None:
    facts = read([ROW, {"days": 4, "kind": None}])
    assert facts.values["late"][1] == (4, None, None, None, None, None, None)  # type: ignore[index]
    assert facts.packed[1][1][0] == 4  # type: ignore[index]
    assert all(cell is MISSING for cell in facts.packed[1][1][1:])  # type: ignore[index]
    assert "late" in facts.missing
    without_remark = {name: cell for name, cell in ROW.items() if name != "remark"}
    assert "late" not in read([without_remark]).missing
    assert pickle.loads(pickle.dumps(facts)).packed[1][1][1] is MISSING


def test_every_problem_of_every_row_is_told_at_its_cell() -> None:
    rows = [
        {**ROW, "days": 400, "knd": "late"}, {**ROW, "kind": "soon", "excused": "maybe", "share": 0.5},
        5, {**ROW, "fine": "0.125", "sent": "2023-02-30"}, {**ROW, "zzz": 1, "days": 1.5},
    ]  # fmt: skip
    assert refusals(rows) == [
        ("RUB521", "help", "inputs.late[0].knd"), ("RUB503", "help", "inputs.late[0].days"),
        ("RUB509", "known", "inputs.late[1].kind"), ("RUB502", "yes_no", "inputs.late[1].excused"),
        ("RUB506", "help", "inputs.late[1].share"), ("RUB520", "row", "inputs.late[2]"),
        ("RUB515", "help", "inputs.late[3].fine"), ("RUB517", "help", "inputs.late[3].sent"),
        ("RUB521", "known", "inputs.late[4].zzz"), ("RUB514", "help", "inputs.late[4].days"),
    ]  # fmt: skip


def test_problems_in_words() -> None:
    (strange,) = problems_of(PLAN, {"inputs": {"late": [ROW, {**ROW, "dyas": 9}]}})
    assert strange.line() == "inputs.late[1].dyas: `late` has no column `dyas`; did you mean `days`? [RUB521]"
    assert strange.line("vi") == "inputs.late[1].dyas: `late` không có cột `dyas`; có phải ý bạn là `days`? [RUB521]"
    (number,) = problems_of(PLAN, {"inputs": {"scores": 4}})
    assert number.line() == (
        "inputs.scores: `4` cannot be read as rows of `scores`; write a list of numbers, such as `[4, 5, 3]` [RUB520]"
    )
    (single,) = problems_of(PLAN, {"inputs": {"late": ROW}})
    assert single.line().startswith("inputs.late: `{…}` cannot be read as rows of `late`; write a list, `[…]`,")


@pytest.mark.parametrize("given", [5, "x", {}, ROW, True, {"days"}, iter([ROW]), b"x"])
def test_what_is_no_list(given: object) -> None:
    assert refusals(given) == [("RUB520", "help", "inputs.late")]


@pytest.mark.parametrize("row", [None, 5, "x", [], [ROW], True])
def test_what_is_no_row(row: object) -> None:
    assert refusals([row]) == [("RUB520", "row", "inputs.late[0]")]


def test_columns_in_another_unicode_form_are_the_same_columns() -> None:
    plan = plan_of(InputSpec("late", "", Kind.LIST, columns=(spec(Kind.COUNT, "số_ngày"),)))
    decomposed = "so\u0302\u0301_nga\u0300y"
    assert read([{decomposed: 4}], plan).values == {"late": ((4,),)}
    assert refusals([{decomposed: 4, "số_ngày": 5}], plan=plan) == [("RUB510", "twice", "inputs.late[0].số_ngày")]
    assert [code for code, _, _ in refusals([{5: 1, None: 2}], plan=plan)] == ["RUB521", "RUB521"]


def test_rows_may_be_models() -> None:
    class Model:
        def __init__(self, **cells: object) -> None:
            self.cells = cells

        def model_dump(self) -> dict[str, object]:
            return self.cells

    plan = plan_of(InputSpec("late", "", Kind.LIST, columns=(spec(Kind.COUNT, "days"),)))
    assert read((Model(days=3),), plan).values == {"late": ((3,),)}


def test_bounds_may_look_at_other_columns_and_at_other_facts() -> None:
    done = spec(Kind.COUNT, "done", maximum=Bound(Column("planned")), minimum=Bound(Mul((Const(F(1)), Fact("least")))))
    tasks = InputSpec("tasks", "", Kind.LIST, columns=(spec(Kind.COUNT, "planned"), done))
    plan = plan_of(spec(Kind.COUNT, "planned"), tasks, spec(Kind.COUNT, "least"))
    rows = [{"planned": 3, "done": 4}, {"planned": 9, "done": 1}, {"done": 7}, {"planned": 2, "done": 2}]
    (less, more) = problems_of(plan, {"inputs": {"planned": 0, "least": 2, "tasks": rows}})
    assert more.line().startswith("inputs.tasks[0].done: `4` does not agree with another fact: it must be ≤ planned,")
    assert more.values["facts"] == "planned = 3"
    assert (less.path, less.values["facts"]) == ("inputs.tasks[1].done", "least = 2")
    assert [p.path for p in problems_of(plan, {"inputs": {"tasks": [5, *rows]}})] == [
        "inputs.tasks[0]", "inputs.tasks[1].done",
    ]  # fmt: skip


def test_a_hundred_thousand_rows_and_not_one_more() -> None:
    rows = [dict(ROW, share=12) for _ in range(LIMITS.rows)]
    assert len(read(rows).packed[1]) == LIMITS.rows  # type: ignore[arg-type]
    assert refusals([*rows, ROW]) == [("RUB520", "long", "inputs.late")]
    (problem,) = problems_of(PLAN, {"inputs": {"late": [*rows, ROW]}})
    assert problem.help_text() == "a list has at most 100000 rows, and this one has 100001"


def test_many_wrong_rows_do_not_take_forever() -> None:
    wide = tuple(spec(Kind.COUNT, f"a_rather_long_name_{n}") for n in range(50))
    plan = plan_of(InputSpec("late", "", Kind.LIST, columns=wide))
    # The first of them are told, and how many more there are.
    assert len(refusals([{f"a_rather_lang_nome_{n}": n} for n in range(20_000)], plan=plan)) == LIMITS.problems
    assert len(refusals([{"a_rather_long_nam_7": n} for n in range(20_000)], plan=plan)) == LIMITS.problems


# ---------------------------------------------------------------- ratings


def test_ratings_are_numbers_or_say_who_gave_them() -> None:
    facts = read([4, "3,5", {"rating": 5, "by": "Lan"}, {"rating": 2.5, "by": 7}], name="scores")
    assert facts.values == {"scores": ((4,), (F(7, 2),), (5,), (F(5, 2),))}
    assert facts.packed[2] == ((40,), (35,), (50,), (25,))
    assert facts.ratings["scores"] == (
        RatingItem(4), RatingItem(F(7, 2)), RatingItem(5, "Lan"), RatingItem(F(5, 2), "7"),
    )  # fmt: skip


def test_too_few_ratings_are_no_rating_yet() -> None:
    for few in ([4], [{"rating": 4, "by": "Lan"}, {"rating": None, "by": "Hoa"}], []):
        facts = read(few, name="scores")
        assert "scores" not in facts.values
        assert facts.packed[2] is MISSING
        assert "scores" in facts.missing
        assert len(facts.ratings["scores"]) == len(few)
    optional = plan_of(ratings(raters=2, optional=True))
    assert read([4], optional, "scores").missing == ()


def test_a_rating_still_to_come_is_missing() -> None:
    facts = read([4, None, {"by": "Lan"}, 5], name="scores")
    assert facts.values == {"scores": ((4,), (None,), (None,), (5,))}
    assert facts.packed[2][1][0] is MISSING  # type: ignore[index]
    assert "scores" in facts.missing
    assert read([], plan_of(ratings()), "scores").values == {"scores": ()}


def test_wrong_ratings() -> None:
    wrong = [6, {"rating": 0}, {"rating": 4, "bye": "x"}, {"rating": "many", "by": ["x"]}, 2.55, [4], True]
    assert refusals(wrong, "scores") == [
        ("RUB503", "help", "inputs.scores[0]"), ("RUB503", "help", "inputs.scores[1].rating"),
        ("RUB521", "help", "inputs.scores[2].bye"), ("RUB502", "text", "inputs.scores[3].by"),
        ("RUB502", "number", "inputs.scores[3].rating"), ("RUB515", "help", "inputs.scores[4]"),
        ("RUB502", "number", "inputs.scores[5]"), ("RUB502", "number", "inputs.scores[6]"),
    ]  # fmt: skip
    assert refusals({"rating": 4}, "scores") == [("RUB520", "ratings", "inputs.scores")]


# ---------------------------------------------------------------- model, schema, forms

GIVEN: dict[str, Any] = {
    "inputs": {
        "planned": 3, "late": [ROW, {"days": 9, "fine": F(1, 4), "remark": "a|b"}, {}],
        "scores": [{"rating": "4,5", "by": "Lan"}, 3, {"rating": None, "by": "Hoa"}],
    }
}  # fmt: skip


@pytest.mark.parametrize(
    "scores", [GIVEN["inputs"]["scores"], [4, 5], [4, None, 3], [4], [], [{"rating": 4, "by": "A"}]]
)
def test_facts_told_as_a_submission_are_the_same_facts(scores: object) -> None:
    submission = {"inputs": {**GIVEN["inputs"], "scores": scores}}
    facts = read_submission(PLAN, submission)
    model = submission_model(PLAN)
    instance = model(**submission)
    for again in (as_given(PLAN, facts), instance, instance.model_dump(), read_json(instance.model_dump_json())):
        told = read_submission(PLAN, again)
        assert told == facts
        assert repr(told.packed) == repr(facts.packed)
    assert model.model_validate(instance.model_dump()) == instance
    assert schema_accepts(json_schema(PLAN), json.loads(instance.model_dump_json()))


def test_a_model_has_typed_rows() -> None:
    instance: Any = submission_model(PLAN)(**GIVEN)
    first = instance.inputs.late[0]
    assert (first.days, first.kind, first.share, first.fine) == (3, "late", "12.5%", Decimal("0.5"))
    assert first.sent == date(2023, 1, 15)
    assert type(first).model_fields["days"].title == "Days"
    assert instance.inputs.scores[0].by == "Lan"
    odd = plan_of(InputSpec("x", "", Kind.LIST, columns=(spec(Kind.COUNT, "class"), spec(Kind.COUNT, "model_dump"))))
    dumped = submission_model(odd)(inputs={"x": [{"class": 1, "model_dump": 2}]}).model_dump()
    assert dumped["inputs"] == {"x": [{"class": 1, "model_dump": 2}]}


def test_a_model_reports_a_cell_at_its_place() -> None:
    wrong = {"inputs": {"late": [ROW, {**ROW, "days": -1, "dayz": 2}, 4], "scores": [9, {"rating": 9}], "late[0]": 1}}
    with pytest.raises(ValidationError) as caught:
        submission_model(PLAN)(**wrong)
    assert [error["loc"] for error in caught.value.errors()] == [
        ("inputs", "late", 0), ("inputs", "late", 1, "dayz"), ("inputs", "late", 1, "days"), ("inputs", "late", 2),
        ("inputs", "scores", 0), ("inputs", "scores", 1, "rating"),
    ]  # fmt: skip


def test_the_schema_types_every_column() -> None:
    schema = json_schema(PLAN)
    late = schema["properties"]["inputs"]["properties"]["late"]
    assert (late["type"], late["title"], late["maxItems"]) == (["array", "null"], "Late reports", LIMITS.rows)
    days = late["items"]["properties"]["days"]
    assert (days["title"], days["description"]) == ("Days", "≤ 366")
    assert days["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 366}
    for name, good, bad in (
        ("late", [[], None, [{}], [{"days": 3}, {"kind": "late"}]], [{}, 5, [5], [{"dyas": 1}], [{"days": -1}]]),
        ("scores", [[], [1, 5], [{"rating": 4, "by": "x"}, None], ["4.5"]], [4, [0], [{"ratng": 4}], [{"rating": 9}]]),
    ):
        assert [schema_accepts(schema, {"inputs": {name: value}}) for value in good] == [True] * len(good)
        assert [schema_accepts(schema, {"inputs": {name: value}}) for value in bad] == [False] * len(bad)
    assert schema["properties"]["inputs"]["properties"]["scores"]["description"] == (
        "≥ 1, ≤ 5, at most 1 decimal, at least 2 raters"
    )


def test_a_blank_submission_claims_nothing_about_a_register() -> None:
    blank = template(PLAN)
    assert blank["inputs"]["late"] is None
    assert read_submission(PLAN, blank) == read_submission(PLAN, {})


def test_the_table_for_people_shows_a_row() -> None:
    text = template_markdown(PLAN, "en")
    assert "### One row of `late` Late reports" in text
    assert "| `days` | Days | count | ≤ 366 |" in text
    blocks = [part.partition("```")[0] for part in text.split("```json\n")[1:]]
    assert [json.loads("{" + block + "}") for block in blocks] == [
        {"late": [{"days": 3, "kind": "timely", "excused": True, "share": "85%", "fine": 3, "sent": "2023-01-15",
                   "remark": "…"}]},
        {"scores": [{"rating": 3, "by": "Ms Lan"}, 3]},
    ]  # fmt: skip
    for block in blocks:
        read_submission(PLAN, {"inputs": json.loads("{" + block + "}")})
    assert "### Một dòng của `late`" in template_markdown(PLAN, "vi")


@pytest.mark.parametrize(
    ("kind", "low", "high", "value"),
    [
        (Kind.COUNT, 5, None, 5), (Kind.NUMBER, "1/2", "3/4", 0.5), (Kind.PERCENT, None, "1/2", "50%"),
        (Kind.DATE, 739_000, None, "2024-04-24"), (Kind.NUMBER, None, -7, -7), (Kind.COUNT, 1, 2, 1),
    ],
)  # fmt: skip
def test_samples_keep_within_bounds(kind: Kind, low: object, high: object, value: object) -> None:
    ends = {"minimum": None if low is None else bound(low), "maximum": None if high is None else bound(high)}
    assert sample(spec(kind, **ends), "en") == value


def test_samples_of_open_ends() -> None:
    between = spec(Kind.NUMBER, minimum=bound(0, strict=True), maximum=bound(1, strict=True))
    assert sample(between, "en") == 0.5
    assert sample(InputSpec("x", "", Kind.LEVEL), "en") is None


def test_the_form_to_print_has_room_for_rows() -> None:
    form = to_form(PLAN, "en")
    assert "- Late reports (`late`; one row each):" in form
    assert "Kind (`kind`; one of: `timely` kịp thời;" in form
    assert "- Scores (`scores`; one number from each rater), ≥ 1, ≤ 5, at most 1 decimal, at least 2 raters:" in (
        form.replace("&gt;", ">")
    )
    assert form.count("  |  |  |\n") == form.count("  |  |  |  |  |  |  |  |\n") * 2 == 6
    assert "mức đánh giá | người đánh giá" in to_form(PLAN, "vi")


def test_a_register_is_used_where_its_rows_are_counted() -> None:
    far = CountRows("late", ColumnFlag("excused"))
    total = Reduced(Reducer.SUM, "scores", Mul((Column("rating"), Fact("done"))), None, Fact("planned"))
    bases = (Choice(Form.FORMULA, (Case(None, far, "", 1),)), Choice(Form.FORMULA, (Case(None, total, "", 1),)))
    nodes = tuple(
        PlanNode(str(at), "", "area", F(0), F(1), None, (), 1, base=base) for at, base in enumerate(bases, 1)
    )
    assert uses(replace(PLAN, nodes=nodes)) == {"late": ("1",), "scores": ("2",), "done": ("2",), "planned": ("2",)}


# ---------------------------------------------------------------- worked examples


def test_an_example_gives_rows_and_ratings() -> None:
    row = GivenRow((
        (Ident("days"), Num(F(5))), (Ident("kind"), Name("late")), (Ident("excused"), YesNo(True)),
        (Ident("share"), Num(F("12.5"), percent=True)), (Ident("fine"), Negative(Num(F(-1, 2)))),
        (Ident("sent"), DateLit(date(2023, 1, 15))), (Ident("remark"), Text("n")),
    ))  # fmt: skip
    rated = tuple(GivenRow(((Ident("rating"), Num(F(value))),)) for value in ("4", "3.5"))
    given = Given((
        GivenInput(Ident("late"), (row, GivenRow(((Ident("days"), Num(F(1))),)))), GivenInput(Ident("scores"), rated),
    ))  # fmt: skip
    submission = submission_of(WorkedExample(Example(Text("one")), (given,), (), NOWHERE))
    facts = read_submission(PLAN, submission)
    assert facts.values["late"][0] == (5, 1, True, F(1, 8), F(1, 2), date(2023, 1, 15).toordinal(), "n")  # type: ignore[index]
    assert facts.values["late"][1][0] == 1  # type: ignore[index]
    assert facts.values["scores"] == ((4,), (F(7, 2),))


def test_an_example_may_give_no_rows() -> None:
    given = Given((GivenInput(Ident("late"), ()),))
    submission = submission_of(WorkedExample(Example(Text("none")), (given,), (), NOWHERE))
    assert read_submission(PLAN, submission).values == {"late": ()}


def test_rows_that_name_nobody_are_no_part_of_their_own() -> None:
    prizes = compile_rubric("""rubric "Prizes" id t.prizes
version 1
criterion 1 "Prizes" 9 points
  input prizes: list
    column student: text
    column pts: count, at most 4
  award highest pts in prizes for each student, at most 9
""")
    rows = [{"student": " ", "pts": 2}, {"student": "", "pts": 3}]
    blank = prizes.evaluate({"inputs": {"prizes": rows}})["1"]
    assert blank == prizes.evaluate({"inputs": {"prizes": [{"pts": 2}, {"pts": 3}]}})["1"]
    assert blank.points is None
    assert blank.missing
    assert blank.low <= 3 < 5 <= blank.high

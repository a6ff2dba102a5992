"""RUB438, RUB439, and RUB414 and RUB425 inside the rows of a register: each with a register that shows it."""

from fractions import Fraction

import pytest
from checking import HEAD_VI, findings, leaf, only, told

from rubric_engine.meaning.reading import Undefined, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Kind, Level
from rubric_engine.solve.find import Search
from rubric_engine.solve.world import Evaluation

LATE = '  input late "Late reports": list\n    column days "Days": count\n'
TASKS = '  input tasks "Tasks": list\n    column done, planned: count\n'


def of_late(*clauses: str) -> str:
    return leaf(LATE + "\n".join(f"  {clause}" for clause in clauses))


@pytest.mark.parametrize("reducer", ["highest", "lowest", "first", "last", "mean of", "median of"])
def test_a_reducer_of_no_row(reducer: str) -> None:
    found = only(of_late(f"score when {reducer} days in late > 5 then 0 otherwise 2"))
    assert (found.code, found.line, found.text) == ("RUB438", 4, f"{reducer} days in late")
    assert found.message == f"`{reducer} days in late` can be left without a value"
    assert found.help.startswith("there is none when count of late = 0")
    assert f"`{reducer} days in late if none 0`" in found.help
    assert found.example == {"late": "[]"}


@pytest.mark.parametrize(
    "clauses",
    [
        ("score when highest days in late if none 0 > 5 then 0 otherwise 2",),
        ("score min(2, sum of days in late)",),
        ("not applicable when count of late = 0: full points", "score min(2, highest days in late)"),
        ("require count of late > 0, otherwise 0", "score min(2, highest days in late)"),
        ("score when count of late >= 2 then min(2, highest days in late) otherwise 0",),
        ("score", "  when count of late = 0: 2", "  when highest days in late > 10: 0", "  otherwise: 1"),
        ("score", "  when (count of late where days > 3) = 0: 2", "  otherwise: min(1, highest days in late / 9)"),
        (
            "score", "  when (count of late where days > 3) = 0: 2",
            "  otherwise: min(1, (highest days in late where days > 3) / 9)",
        ),
        ("award 1 when count of late > 0 and highest days in late > 5", "award 1 when count of late = 0"),
    ],
)
def test_a_guarded_reducer(clauses: tuple[str, ...]) -> None:
    assert told(of_late(*clauses)) == []


def test_all_rows_do_not_guard_some_of_them() -> None:
    found = only(
        of_late(
            "not applicable when count of late = 0: zero", "score min(2, (highest days in late where days > 3) / 9)"
        )
    )
    assert found.code == "RUB438"
    assert found.help.startswith("there is none when (count of late where days > 3) = 0")
    assert found.example["late"].startswith("[(days: ")


def ratings(tail: str, rule: str) -> str:
    return leaf(f'  input scores "Survey": ratings 1 to 5{tail}\n  score {rule}', "5 points")


def test_ratings_are_as_many_as_declared() -> None:
    assert only(ratings("", "mean of scores")).example == {"scores": "[]"}
    assert told(ratings(", at least 1 rater", "mean of scores")) == []
    assert told(ratings(", at least 3 raters", "trimmed mean of scores")) == []
    found = only(ratings(", at least 2 raters", "trimmed mean of scores"))
    assert found.help.startswith("there is none when count of scores < 3")
    assert found.example == {"scores": "[1, 1]"}
    assert told(ratings("", "trimmed mean of scores if none 3")) == []


def test_a_majority_may_tie() -> None:
    found = only(ratings(", at least 3 raters", "majority of scores"))
    assert found.code == "RUB438"
    assert found.help.startswith("two values may be equally frequent")
    assert found.example == {"scores": "[1, 1, 5, 5]"}
    assert "`majority of scores if tied highest`" in found.help
    for tied in ("highest", "lowest", "3"):
        assert told(ratings(", at least 3 raters", f"majority of scores if tied {tied}")) == []
    # What stands for nobody says nothing of a tie, and the other way round.
    assert [one.code for one in findings(ratings("", "majority of scores if none 3"))] == ["RUB438"]
    assert only(ratings("", "majority of scores if tied 3")).help.startswith("there is none when count of scores = 0")
    assert told(ratings("", "majority of scores if tied lowest if none 3")) == []


def test_parts_are_never_empty() -> None:
    prizes = '  input prizes "P": list\n    column student: text\n    column pts: count, at most 5\n'
    assert told(leaf(prizes + "  score min(2, highest pts in prizes for each student)")) == []
    assert told(leaf(prizes + "  score min(2, highest pts in prizes for each student where pts > 1)")) == []
    found = only(leaf(prizes + "  score min(2, trimmed mean of pts in prizes for each student)"))
    assert (found.code, found.diagnostic.help) == ("RUB438", "help_sheet")
    assert "trimmed mean of pts in prizes for each student if none 0" in found.help
    assert told(leaf(prizes + "  score min(2, trimmed mean of pts in prizes for each student if none 0)")) == []
    found = only(leaf(prizes + "  score min(2, majority of pts in prizes for each student)"))
    assert found.help.startswith("two values may be equally frequent")


@pytest.mark.parametrize(
    ("reduced", "expected"),
    [
        (x.Reduced(x.Reducer.HIGHEST, "prizes", x.Column("pts"), each="who"), 8),
        (x.Reduced(x.Reducer.HIGHEST, "prizes", x.Column("pts"), x.ColumnIs("who", (9,)), each="who"), 0),
        (x.Reduced(x.Reducer.MAJORITY, "prizes", x.Column("pts"), tied=x.Tie.HIGHEST), 5),
        (x.Reduced(x.Reducer.MAJORITY, "prizes", x.Column("pts"), tied=x.Tie.LOWEST), 2),
        (x.Reduced(x.Reducer.MAJORITY, "prizes", x.Column("pts"), tied=x.Const(Fraction(7))), 7),
        (x.Reduced(x.Reducer.MAJORITY, "prizes", x.Column("pts"), other=x.Const(Fraction(7))), None),
    ],
)
def test_witnesses_know_parts_and_ties(reduced: x.Reduced, expected: int | None) -> None:
    pairs = [(1, 5), (1, 2), (2, 3), (2, 2), (1, 5)]
    rows = tuple((("who", who), ("pts", Fraction(points))) for who, points in pairs)
    exact = Evaluation({"prizes": rows}, {})
    if expected is None:
        with pytest.raises(Undefined):
            exact.number(reduced)
    else:
        assert exact.number(reduced) == expected


@pytest.mark.parametrize("kind", ["count", "yes/no", "date", "one of a, b", "text"])
def test_what_parts_the_rows_is_read(kind: str) -> None:
    prizes = f'  input prizes "P": list\n    column student: {kind}\n    column pts: count, at most 5\n'
    assert told(leaf(prizes + "  score min(2, highest pts in prizes for each student)")) == []


def test_a_share_of_no_row_is_a_division() -> None:
    tasks = '  input tasks "T": list\n    column done: yes/no\n'
    found = only(leaf(tasks + "  score in proportion to share of tasks where done"))
    assert found.code == "RUB414"
    assert "not applicable when count of tasks = 0" in found.help
    assert "`share of tasks where done if none 0%`" in found.help
    assert told(leaf(tasks + "  score in proportion to share of tasks where done if none 0%")) == []
    assert found.example == {"tasks": "[]"}


def test_a_division_in_a_row() -> None:
    found = only(leaf(TASKS + "  score min(2, sum of (done / planned) in tasks where done > 3)"))
    assert (found.code, found.text) == ("RUB414", "done / planned")
    assert found.help.startswith("leave such rows out")
    assert found.example == {"tasks": "[(done: 4, planned: 0)]"}
    assert told(leaf(TASKS + "  score min(2, sum of (done / planned) in tasks where planned > 0)")) == []
    bounded = TASKS.replace("count", "count, at least 1")
    assert told(leaf(bounded + "  score min(2, sum of (done / planned) in tasks)")) == []


def test_a_condition_on_rows_that_is_settled() -> None:
    found = only(of_late("start at full points", "deduct 1 for each of late where days >= 0"))
    assert (found.code, found.text) == ("RUB425", "days >= 0")
    bounded = leaf(LATE.replace("count", "count, at most 30") + "  award 1 when (count of late where days > 30) = 0")
    assert ("RUB425", 4) in told(bounded)


def test_bands_over_a_register() -> None:
    found = only(
        leaf(
            '  input tasks "T": list\n    column done: yes/no\n  not applicable when count of tasks = 0: zero\n'
            "  score by share of tasks where done\n    above 90%: 2\n    70% to below 90%: 1\n    below 70%: 0"
        )
    )
    assert found.code == "RUB411"
    assert found.example == {"tasks": "[(done: yes) × 9, (done: no)]"}


def test_awards_for_rows() -> None:
    found = only(of_late("award 1 for each of late where days > 5"))
    assert (found.code, found.example) == ("RUB420", {"late": "[(days: 6), (days: 6), (days: 6)]"})
    assert told(of_late("award 1 for each of late where days > 5, at most 2")) == []


@pytest.mark.parametrize(
    ("declared", "called", "outside", "example"),
    [
        ("count", "ln(v, 6 places)", "v <= 0", {"v": "0"}),
        ("number", "sqrt(v, 6 places)", "v < 0", {"v": "-1"}),
        ("number", "exp(v, 6 places)", "v > 138", {"v": "139"}),
        ("number", "power(v, 0.5, 6 places)", "v < 0", {"v": "-1"}),
        ("count", "power(v, -1, 6 places)", "v = 0", {"v": "0"}),
        ("count", "power(v, v, 6 places)", "v = 0 and v <= 0", {"v": "0"}),
    ],
)
def test_out_of_the_domain(declared: str, called: str, outside: str, example: dict[str, str]) -> None:
    found = only(leaf(f"  input v: {declared}\n  score min(2, max(0, {called}))"))
    assert (found.code, found.text, found.example) == ("RUB439", called, example)
    assert found.message == f"`{called}` has no value when {outside}"


@pytest.mark.parametrize(
    "clauses",
    [
        ("input v: count, at least 1", "score min(2, ln(v, 6 places))"),
        ("input v: number", "score min(2, sqrt(max(0, v), 6 places))"),
        ("input v: number, at most 100", "score min(2, exp(v, 6 places))"),
        ("input v: number, from 0 to 1", "score 2 * power(v, 0.5, 6 places)"),
        ("input v: count", "not applicable when v = 0: zero", "score min(2, ln(v, 6 places))"),
        ("input v: count", "score when v > 0 then min(2, ln(v, 6 places)) otherwise 0"),
    ],
)
def test_inside_the_domain(clauses: tuple[str, ...]) -> None:
    assert told(leaf("\n".join(f"  {clause}" for clause in clauses))) == []


def test_in_vietnamese() -> None:
    found = only(
        'tiêu chí 1 "Báo cáo" 2 điểm\n  dữ liệu muộn "Báo cáo muộn": danh sách\n    cột ngày: số đếm\n'
        "  chấm nhỏ nhất(2, cao nhất ngày trong muộn)",
        HEAD_VI,
    )
    assert found.message == "`cao nhất ngày trong muộn` có thể không có giá trị"
    assert found.help.startswith("không có giá trị khi số dòng của muộn = 0")
    assert "`cao nhất ngày trong muộn nếu không có dòng nào thì 0`" in found.help


def test_a_let_is_told_where_it_is_written() -> None:
    found = findings(of_late("score min(2, worst)") + "\n  let worst = highest days in late")
    assert [(one.code, one.line) for one in found] == [("RUB438", 5)]


# ---------------------------------------------------------------- worlds with registers

DAYS = x.Column("days")
LIST = InputSpec(
    "late", "late", Kind.LIST,
    columns=(
        InputSpec("days", "d", Kind.COUNT, maximum=Bound(x.Const(Fraction(30)))), InputSpec("ok", "ok", Kind.YES_NO),
        InputSpec("kind", "k", Kind.LEVEL, levels=(Level("a", "a"), Level("b", "b"), Level("c", "c"))),
    ),
)  # fmt: skip
MARKS = InputSpec(
    "marks", "m", Kind.RATINGS, raters=2,
    columns=(
        InputSpec(
            "rating", "r", Kind.NUMBER, decimals=0, minimum=Bound(x.Const(Fraction(1))),
            maximum=Bound(x.Const(Fraction(5))),
        ),
    ),
)  # fmt: skip
RATING = x.Column("rating")


def const(number: int | str) -> x.Const:
    return x.Const(Fraction(number))


def equal(left: x.Num, value: int | str) -> x.Truth:
    return x.Compare(x.Order.EQ, left, const(value))


@pytest.mark.parametrize(
    "goal",
    [
        equal(x.CountRows("late"), 0),
        equal(x.CountRows("late"), 7),
        equal(x.CountRows("late", x.Compare(x.Order.GT, DAYS, const(5))), 4),
        equal(x.CountRows("late", x.All((x.ColumnFlag("ok"), x.ColumnIs("kind", (2,))))), 2),
        equal(x.CountRows("late", x.Not(x.ColumnIs("kind", (0,)))), 1),
        equal(x.Reduced(x.Reducer.HIGHEST, "late", DAYS), 17),
        equal(x.Reduced(x.Reducer.MEAN, "late", x.Mul((DAYS, const(2))), x.ColumnFlag("ok")), 12),
        equal(x.Reduced(x.Reducer.SUM, "late", DAYS), 0),
        equal(x.Reduced(x.Reducer.TRIMMED_MEAN, "marks", RATING), 4),
        equal(x.Reduced(x.Reducer.MAJORITY, "marks", RATING), 3),
        equal(x.Div(x.CountRows("late", x.ColumnFlag("ok")), x.CountRows("late")), "0.85"),
        x.Compare(
            x.Order.LT, x.Reduced(x.Reducer.LOWEST, "marks", RATING), x.Reduced(x.Reducer.HIGHEST, "marks", RATING)
        ),
        equal(x.Inexact(x.Function.SQRT, (x.CountRows("late"),), 3), 0),
    ],
)
def test_registers_are_found(goal: x.Truth) -> None:
    found = Search({"late": LIST, "marks": MARKS}, {}, {}, {}).find([(goal, True)])
    assert found is not None
    assert Evaluation(found, {}).truth(goal)
    assert all(isinstance(rows, tuple) for rows in found.values())
    marks = found.get("marks")
    assert not isinstance(marks, tuple) or len(marks) >= 2


@pytest.mark.parametrize(
    "goal",
    [
        equal(x.CountRows("marks"), 1),
        equal(x.CountRows("late", x.Compare(x.Order.GT, DAYS, const(30))), 1),
        equal(x.CountRows("late"), "0.5"),
        equal(x.Reduced(x.Reducer.HIGHEST, "marks", RATING), 6),
    ],
)
def test_registers_that_cannot_be_are_not_found(goal: x.Truth) -> None:
    assert Search({"late": LIST, "marks": MARKS}, {}, {}, {}).find([(goal, True)]) is None


def test_the_value_of_rows() -> None:
    rows = tuple((("days", Fraction(n)), ("ok", n > 2), ("kind", n % 3)) for n in (4, 1, 7, 7))
    exact = Evaluation({"late": rows, "empty": ()}, {})
    late = x.ColumnFlag("ok")

    def reduced(how: x.Reducer, where: x.Truth | None = None, register: str = "late") -> Fraction:
        return exact.number(x.Reduced(how, register, DAYS, where))

    assert exact.number(x.CountRows("late", late)) == 3
    assert [reduced(how) for how in (x.Reducer.SUM, x.Reducer.HIGHEST, x.Reducer.LOWEST)] == [19, 7, 1]
    assert [reduced(how) for how in (x.Reducer.FIRST, x.Reducer.LAST, x.Reducer.MAJORITY)] == [4, 7, 7]
    assert reduced(x.Reducer.MEAN, late) == 6
    assert reduced(x.Reducer.MEDIAN) == Fraction(11, 2)
    assert reduced(x.Reducer.TRIMMED_MEAN) == Fraction(11, 2)
    assert reduced(x.Reducer.SUM, register="empty") == 0
    assert exact.number(x.Reduced(x.Reducer.HIGHEST, "empty", DAYS, other=const(9))) == 9
    with pytest.raises(Undefined):
        reduced(x.Reducer.HIGHEST, register="empty")
    with pytest.raises(Undefined):
        exact.number(x.Inexact(x.Function.LN, (const(0),), 6))
    with pytest.raises(Unsettled):
        reduced(x.Reducer.SUM, register="unheard_of")

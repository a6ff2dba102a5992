"""Ties and parts of registers: numbers found by hand, and every reading says the same."""

from fractions import Fraction
from typing import Any

import pytest
from plans import leaf, points, sheet
from test_emit_forms import read

from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p
from rubric_engine.plan.plan import Observed, Slot

F = Fraction
R = x.Reducer
PRIZES = p.InputSpec("prizes", "Prizes", p.Kind.LIST, columns=(
    p.InputSpec("pts", "Points", p.Kind.NUMBER, decimals=1),
    p.InputSpec("judges", "Judges", p.Kind.COUNT),
    p.InputSpec("student", "Student", p.Kind.TEXT, optional=True),
    p.InputSpec("field", "Field", p.Kind.LEVEL, levels=(p.Level("arts", "Arts"), p.Level("sport", "Sport"))),
    p.InputSpec("team", "Team", p.Kind.YES_NO),
    p.InputSpec("share", "Share", p.Kind.NUMBER),
    p.InputSpec("on", "On", p.Kind.DATE),
))  # fmt: skip
PTS = x.Column("pts")
PER_JUDGE = x.Div(PTS, x.Add((x.Column("judges"), x.Const(F(1)))))


def prize(pts: Any, student: str | None, **more: Any) -> dict[str, Any]:
    row = {"pts": pts, "judges": 2, "student": student, "field": "arts", "team": True, "share": F(1, 3), **more}
    return {"on": "2025-01-31", **{name: cell for name, cell in row.items() if cell is not None}}


ROWS = [
    prize(3, "An"), prize("1.5", "Bình", field="sport", team=False), prize(5, "An", share=F(2, 6)),
    prize(2, "Bình", share="0.5"), prize(4, "Ân", judges=0, on="2025-02-01"), prize(3, "An", field="sport"),
]  # fmt: skip


def value_of(expr: x.Num, rows: Any, **inputs: Any) -> Fraction | int | Exception:
    """What a formula over the register comes to."""
    given = p.InputSpec("given", "Given", p.Kind.NUMBER, optional=True)
    node = leaf("1", 10**6, base=points((None, expr)), minimum=F(-(10**6)))
    found = read(sheet([PRIZES, given], [node], signed=True), {"prizes": rows, **inputs})
    return found if isinstance(found, Exception) else found[Slot(Observed.POINTS, 0)]


EACH = {  # An: 3, 5, 3; Bình: 1.5, 2; Ân: 4
    R.SUM: F("18.5"), R.HIGHEST: F(11), R.LOWEST: F("8.5"), R.MEAN: F(11, 3) + F(7, 4) + 4,
    R.MEDIAN: F("8.75"), R.TRIMMED_MEAN: F(3 + 70 + 70), R.MAJORITY: F(3 + 80 + 4), R.FIRST: F("8.5"), R.LAST: F(9),
}  # fmt: skip


@pytest.mark.parametrize("how", list(R))
def test_each_part_is_reduced_for_itself(how: x.Reducer) -> None:
    formula = x.Reduced(how, "prizes", PTS, None, x.Const(F(70)), x.Const(F(80)), "student")
    assert value_of(formula, ROWS) == EACH[how]
    assert value_of(formula, []) == 0


@pytest.mark.parametrize("how", list(R))
def test_parts_of_quotients_are_exact_too(how: x.Reducer) -> None:
    """Points over judges: 1, 5/3, 1; 1/2, 2/3; 4."""
    formula = x.Reduced(how, "prizes", PER_JUDGE, None, x.Const(F(1, 7)), x.Tie.LOWEST, "student")
    expected = {
        R.SUM: F(11, 3) + F(7, 6) + 4, R.HIGHEST: F(5, 3) + F(2, 3) + 4, R.LOWEST: 1 + F(1, 2) + 4,
        R.MEAN: F(11, 9) + F(7, 12) + 4, R.MEDIAN: 1 + F(7, 12) + 4, R.TRIMMED_MEAN: 1 + F(2, 7),
        R.MAJORITY: 1 + F(1, 2) + 4, R.FIRST: 1 + F(1, 2) + 4, R.LAST: 1 + F(2, 3) + 4,
    }  # fmt: skip
    assert value_of(formula, ROWS) == expected[how]


@pytest.mark.parametrize(("key", "best"), [
    ("student", F(11)), ("field", F(8)), ("team", F("6.5")), ("share", F(7)), ("on", F(9)), ("judges", F(9)),
])  # fmt: skip
def test_a_column_of_any_kind_parts_the_rows(key: str, best: Fraction) -> None:
    assert value_of(x.Reduced(R.HIGHEST, "prizes", PTS, each=key), ROWS) == best


def test_only_rows_selected_take_part_in_parts() -> None:
    arts = x.ColumnIs("field", (0,))
    assert value_of(x.Reduced(R.HIGHEST, "prizes", PTS, arts, each="student"), ROWS) == 5 + 2 + 4
    nameless = [*ROWS, prize(9, None, field="sport")]
    assert value_of(x.Reduced(R.HIGHEST, "prizes", PTS, arts, each="student"), nameless) == 5 + 2 + 4
    for how in R:
        bare = x.Reduced(how, "prizes", PTS, None, x.Const(F(0)), x.Tie.HIGHEST, "student")
        assert isinstance(value_of(bare, nameless), Unsettled)


def test_a_part_without_a_value_is_undefined_and_says_so() -> None:
    assert isinstance(value_of(x.Reduced(R.TRIMMED_MEAN, "prizes", PTS, each="student"), ROWS), ScoringError)
    assert isinstance(value_of(x.Reduced(R.MAJORITY, "prizes", PTS, each="student"), ROWS), ScoringError)


VOTES = [prize(pts, None) for pts in (3, 1, 3, 1, 2)]


@pytest.mark.parametrize(("tied", "value"), [
    (x.Tie.HIGHEST, F(3)), (x.Tie.LOWEST, F(1)), (x.Const(F(9, 2)), F(9, 2)), (x.Fact("given"), F(7)), (None, None),
])  # fmt: skip
def test_a_tied_majority_is_settled_by_what_the_rubric_says(tied: Any, value: Fraction | None) -> None:
    for other in (None, x.Const(F(50))):
        found = value_of(x.Reduced(R.MAJORITY, "prizes", PTS, None, other, tied), VOTES, given=7)
        assert isinstance(found, ScoringError) if value is None else found == value
        assert value_of(x.Reduced(R.MAJORITY, "prizes", PTS, None, other, tied), VOTES[:3], given=7) == 3
        nobody = value_of(x.Reduced(R.MAJORITY, "prizes", PTS, None, other, tied), [], given=7)
        assert isinstance(nobody, ScoringError) if other is None else nobody == 50


def test_what_settles_a_tie_is_only_asked_for_in_a_tie() -> None:
    formula = x.Reduced(R.MAJORITY, "prizes", PTS, None, None, x.Fact("given"))
    assert value_of(formula, VOTES[:3]) == 3
    assert isinstance(value_of(formula, VOTES), Unsettled)


def test_parts_within_parts_compile() -> None:
    nest: x.Num = PTS
    for _ in range(14):
        nest = x.Reduced(R.HIGHEST, "prizes", nest, each="student")
    assert value_of(nest, ROWS[:1]) == 3

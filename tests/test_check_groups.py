"""Groups that combine, formulas over children, pools: weights, means of 0, sums, reach, and what nobody uses."""

import pytest
from checking import HEAD, HEAD_VI, findings, leaf, only, rubric_of, told

from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.engine import check_text, compile_rubric


def group(combine: str, *children: str, head: str = "10 points") -> str:
    """A group at line 1, its clause at line 2, then two lines a child."""
    return f'area 1 "Group" {head}\n  {combine}\n' + "\n".join(
        f'component 1.{at} "Child" {child}\n  score judged' for at, child in enumerate(children, 1)
    )


# ---------------------------------------------------------------- weights


def test_percents_make_100() -> None:
    assert told(group("combine weighted mean", "weight 30%", "weight 70%")) == []
    found = only(group("combine weighted mean", "weight 30%", "weight 60%"))
    assert (found.code, found.text) == ("RUB430", "combine weighted mean")
    assert found.message == "the weights under `1` make 90%, not 100%"
    assert found.help.startswith("30% + 60%, 10% too few")
    assert [label.span.start for label in found.diagnostic.labels] == sorted(
        label.span.start for label in found.diagnostic.labels
    )
    over = only(group("combine weighted mean", "weight 30%", "weight 70.5%"))
    assert over.message.startswith("the weights under `1` make 100.5%")
    assert "0.5% too many" in over.help


@pytest.mark.parametrize(
    "weights", [("weight 3", "weight 1"), ("weight 30%", "weight 1"), ("weight 0.3", "weight 0.6")]
)
def test_proportions_make_anything(weights: tuple[str, str]) -> None:
    assert told(group("combine weighted mean", *weights)) == []


def test_percents_as_printed() -> None:
    head = '10 points, as printed because "misprint"'
    found = only(group("combine weighted mean", "weight 30%", "weight 60%", head=head))
    assert found.code == "RUB423"
    assert "make 90% instead of 100%" in found.help
    right = group("combine weighted mean", "weight 40%", "weight 60%", head=head)
    assert told(right) == [("RUB424", 1)]


@pytest.mark.parametrize("combine", ["weighted mean", "mean", "mean\n  needs at least 60% of weight"])
@pytest.mark.parametrize("weight", ["0", "0%", "0.0"])
def test_a_weight_of_nothing_is_refused(combine: str, weight: str) -> None:
    checked = check_text(HEAD + group(f"combine {combine}", f"weight {weight}", "weight 1"))
    (found,) = checked.diagnostics
    assert (found.code, checked.source.text[found.span.start : found.span.end]) == ("RUB431", weight)
    assert message(found, "en") == "a weight is above 0, and that of `1.1` is not"
    assert "`unscored`" in (help_text(found, "en") or "")
    assert "`không tính điểm`" in (help_text(found, "vi") or "")


def test_what_counts_for_nothing_is_unscored() -> None:
    text = group("combine weighted mean", "weight 2", "weight 1") + '\ncomponent 1.3 "Inhabitants" unscored\n'
    assert told(text) == []


def test_a_weight_is_missing() -> None:
    found = only(group("combine weighted mean", "weight 2", "3 points"))
    assert (found.code, found.line, found.text) == ("RUB432", 5, "1.2")
    assert "`1` is a weighted mean" in found.message
    assert told(group("combine mean", "2 points", "3 points")) == []
    assert told(group("combine geometric mean to 6 places, if any is 0: 0", "weight 2", "3 points")) == []


@pytest.mark.parametrize(
    ("combine", "used"),
    [
        ("combine mean", False), ("combine lowest", False), ("combine best 1", False), ("combine product", False),
        ("combine weighted mean", True), ("combine harmonic mean, if any is 0: 0", True),
        ("combine power mean 0.5 to 6 places", True), ("combine mean\n  needs at least 60% of weight", True),
    ],
)  # fmt: skip
def test_weights_nothing_weighs_by(combine: str, used: bool) -> None:
    found = [one.code for one in findings(group(combine, "weight 2", "weight 3"))]
    assert found == ([] if used else ["RUB209", "RUB209"])


def test_weights_where_points_are_added() -> None:
    found = findings(group("rounded half-up to 1 place", "4 points weight 2", "6 points"))
    assert [(one.code, one.line) for one in found] == [("RUB209", 3)]
    assert found[0].message == "`weight 2` is declared and no rule reads it"
    top = only('component 1 "A" 2 points weight 30%\n  score judged')
    assert top.help.startswith("the total adds")


# ---------------------------------------------------------------- means of 0


def mean_of(low: str, *, kind: str = "geometric mean to 6 places", more: str = "") -> str:
    return (
        f'area 1 "Group" 10 points\n  combine {kind}\n'
        f'component 1.1 "A" 4 points\n  score judged from {low} to 4\n{more}'
        'component 1.2 "B" 4 points\n  input k: one of x, y\n  score by k\n    x: 4\n    y: 1'
    )


def test_a_mean_of_0() -> None:
    for kind in ("geometric mean to 6 places", "harmonic mean"):
        found = only(mean_of("0", kind=kind))
        assert (found.code, found.line) == ("RUB433", 2)
        assert found.message == "`1.1` can come to 0, and `1` does not say what its mean is then"
        assert f"`combine {kind}, if any is 0: 0`" in found.help
        assert found.example == {"judged 1.1": "0"}
    assert told(mean_of("0", kind="geometric mean to 6 places, if any is 0: 0")) == []
    assert told(mean_of("0", kind="mean")) == []


def test_a_mean_that_never_meets_0() -> None:
    assert told(mean_of("0.1")) == []


@pytest.mark.parametrize(
    "more",
    [
        '  evidence e "E" required, if missing score 0\n',
        "  not applicable when bad: zero\n  input bad: yes/no\n",
        "  deduct 3 when bad\n  input bad: yes/no\n",
        "  require good, otherwise 0\n  input good: yes/no\n",
        "  at most 0 when bad\n  input bad: yes/no\n",
        "  if missing: 0\n",
        "  rounded down to a multiple of 2\n",
    ],
)
def test_what_brings_a_leaf_to_0(more: str) -> None:
    assert told(mean_of("1")) == []
    assert told(mean_of("1", more=more)) == [("RUB433", 2)]


def test_what_does_not() -> None:
    assert told(mean_of("1", more="  not applicable when off: excluded\n  input off: yes/no\n")) == []
    assert told(mean_of("1", more="  deduct 3 when bad, at most 0.5\n  input bad: yes/no\n")) == []
    assert told(mean_of("0", more="  at least 1 point\n")) == []


def test_the_least_of_groups() -> None:
    rubric, _ = rubric_of(
        HEAD
        + 'area 1 "Sum" 6 points\ncomponent 1.1 "A" 4 points\n  score judged from 1 to 4\ncomponent 1.2 "B" 2 points\n'
        '  not applicable when off: excluded\n  input off: yes/no\n  score judged from 1 to 2\n'
        'area 2 "Mean" 10 points\n  combine mean\ncomponent 2.1 "A" 4 points\n  score judged from 1 to 4\n'
        'component 2.2 "B" 1 point\n  score judged from 0.5 to 1\n'
        'area 3 "Product" 10 points\n  combine product\ncomponent 3.1 "A" 4 points\n  score judged from 1 to 4\n'
        'component 3.2 "B" 1 point\n  score judged from 0.5 to 1\n'
    )
    bounds = Subject(rubric).bounds
    assert bounds is not None
    assert {code: str(bounds.points[code].low) for code in "123"} == {"1": "1", "2": "15/4", "3": "5/4"}


# ---------------------------------------------------------------- sums, formulas


def test_what_combines_need_not_add_up() -> None:
    assert told("total 10 points\n" + group("combine drop lowest 1", "20 points", "30 points")) == []
    assert told("total 10 points\n" + group("score points of 1.1 / 2 + points of 1.2", "10 points", "5 points")) == []


def test_formulas_of_groups_are_measured() -> None:
    assert only(group("score points of 1.1 / 2", "10 points")).code == "RUB405"
    found = only(group("score points of 1.1 + points of 1.2", "10 points", "5 points"))
    assert (found.code, found.line) == ("RUB420", 2)
    assert told(group("score min(10, points of 1.1 + points of 1.2)", "10 points", "5 points")) == []


def test_a_formula_that_divides_by_a_child() -> None:
    off = "\n  not applicable when off: excluded\n  input off: yes/no"
    # Where the child does not apply nothing of the group does, and its formula is not asked.
    found = findings(group("score 10 * index of 1.1", "10 points") + off)
    assert [one.code for one in found] == ["RUB418"]
    kept = "  not applicable when nothing applies: excluded\n  score 10 * index of 1.1"
    assert told(group(kept.strip(), "10 points", "1 point") + off.replace("excluded", "zero")) == []


def test_a_group_of_conditions_has_no_points() -> None:
    body = 'area 1 "Group" 10 points\n{}component 1.1 "C" condition\n  met when ok\n  input ok: yes/no'
    assert only(body.format("")).help.startswith("nothing inside it has points")
    assert told(body.format("  score when met 1.1 then 10 otherwise 0\n")) == []


def test_an_index_of_a_group_that_may_not_be_rated() -> None:
    body = (
        'area 1 "Group" 10 points\n  combine weighted mean\n  needs at least {} of weight\n'
        'component 1.1 "A" weight 3\n  not applicable when off: excluded\n  input off: yes/no\n  score judged\n'
        'component 1.2 "B" weight 2\n  score judged\narea 2 "Same" 5 points\n  score 5 * index of 1'
    )
    assert told(body.format("40%")) == []
    found = only(body.format("50%"))
    assert (found.code, found.line, found.example) == ("RUB459", 11, {"off": "yes"})


def test_not_rated_is_an_outcome() -> None:
    body = (
        'area 1 "Group" 10 points\n  {}\ncomponent 1.1 "A" 10 points\n  not applicable when off: excluded\n'
        '  input off: yes/no\n  score judged\narea 2 "B" 5 points\n  score judged'
    )
    # What adds it is spoilt, so the rubric says what then; what combines it goes on without it.
    assert told(body.format("combine mean")) == [("RUB418", 1)]
    assert told(body.format("combine mean\n  if not rated: excluded")) == []
    assert told(body.format("combine mean\n  not applicable when nothing applies: excluded")) == []
    assert told(body.format("rounded half-up to 1 place")) == [("RUB418", 1)]


def test_a_sheet_that_combines_and_has_nothing_left_is_not_rated() -> None:
    """An outcome of its own, and no finding; the header may say what then."""
    text = (
        'rubric "Sheet" id sheet\nversion 1\ntotal 10 points\ncombine mean\n{}'
        'item 1 "A" 5 points\n  input p: yes/no\n  not applicable when p: excluded\n  score judged\n'
        'item 2 "B" 5 points\n  input q: yes/no\n  not applicable when q: excluded\n  score judged\n'
    )
    given = {"inputs": {"p": True, "q": True}}
    assert compile_rubric(text.format("")).evaluate(given).total.published is None
    kept = compile_rubric(text.format("if not rated: 0\n")).evaluate(given)
    assert [reason.effect for reason in kept["total"].reasons] == ["mean", "not rated points"]


def test_constants_of_groups_and_of_missing_facts() -> None:
    assert only(group("combine harmonic mean, if any is 0: 11", "1 point")).code == "RUB404"
    assert only(leaf("  score judged\n  if missing: 3")).code == "RUB404"
    assert only(leaf("  score judged\n  if missing: -1")).code == "RUB419"
    assert told(leaf("  score judged\n  if not judged: excluded")) == []


# ---------------------------------------------------------------- pools

MAIN = 'total 2 points\ncomponent 1 "A" 2 points\n  score judged\n'


def test_pools_stand_beside_the_total() -> None:
    body = MAIN + (
        'bonus "B" at most 10\nitem B1 "X"\n  input n: count\n  award 3 for each of n\n'
        'item B2 "Y" 4 points\n  input m: count\n  award 2 for each of m, at most 4\n'
        'penalty "P" at most 3\nitem P1 "Z"\n  input late: count\n  deduct 0.25 for each of late\n'
        'item P2 "W" 1 point\n  input bad: yes/no\n  deduct 1 when bad\n'
    )
    assert told(body) == []
    assert told("contains 1 component\n" + body) == []
    assert told("contains 1 component, 4 items\n" + body) == [("RUB402", 1)]


def test_a_bonus_with_points_of_its_own() -> None:
    bonus = MAIN + 'bonus "B" at most 10\nitem B1 "X"{}\n  input n: count\n  award 3 for each of n{}\n'
    idle = ("RUB453", 4)  # the cap of the pool
    assert told(bonus.format(" 5 points", "")) == [idle, ("RUB420", 7)]
    assert told(bonus.format(" 5 points", ", at most 3")) == [idle, ("RUB405", 5)]
    assert told(bonus.format("", ", at most 3")) == [idle]
    assert told(bonus.format("", ", at most 12")) == [("RUB404", 7)]


def test_a_penalty_only_takes() -> None:
    penalty = MAIN + 'penalty "P" at most 3\nitem P1 "X"\n  input bad: yes/no\n  {}\n'
    assert told(penalty.format("deduct 3 when bad")) == []
    assert told(penalty.format("score when bad then -3 otherwise 0")) == []
    found = only(penalty.format("award 1 when bad"))
    assert found.code == "RUB404"
    assert found.help == "a penalty only takes points away: write `deduct …`, or move `P1` to `bonus`"
    below = only(penalty.format("score by bad\n    yes: -4\n    no: 0"))
    assert (below.code, below.help) == ("RUB419", "write -3, or raise the cap of the penalty")
    silent = only(MAIN + 'penalty "P" at most 3\nitem P1 "X"\n')
    assert (silent.code, silent.help.startswith("say what it takes away")) == ("RUB403", True)


def test_grades_reach_into_the_bonus() -> None:
    body = MAIN + 'bonus "B" at most 1\nitem B1 "X"\n  input n: count\n  award 1 for each of n\n{}'
    whole = "grades by total\n  good: 1.5 to 2\n  poor: below 1.5"
    found = only(body.format(whole))
    assert found.code == "RUB415"
    assert told(body.format(whole.replace("1.5 to 2", "1.5 or more"))) == []


def test_in_vietnamese() -> None:
    found = only(
        'lĩnh vực 1 "Chính quyền số" 10 điểm\n  tổng hợp theo trung bình có trọng số\n'
        'tiêu chí 1.1 "A" trọng số 30%\n  chấm theo nhận xét\ntiêu chí 1.2 "B" trọng số 60,5%\n  chấm theo nhận xét',
        HEAD_VI,
    )
    assert found.message == "trọng số các mục con của `1` cộng lại được 90,5%, không phải 100%"


# ---------------------------------------------------------------- what is declared and not used


def test_unused_functions() -> None:
    body = (
        "define half(x) = x / 2\ndefine third(x) = x / 3\n"
        "table worth by k\n  a: 1\n  b: 2\ntable same by k\n  a: 1\n  b: 2\n"
        "scale rate\n  90% or more: 100%\n  below 90%: 0%\nscale other\n  90% or more: 100%\n  below 90%: 0%\n"
        'component 1 "A" 2 points\n  input k: one of a, b\n  score half(worth(k)) * 2\n'
        'component 2 "B" 2 points\n  input p: percent, from 0% to 100%\n  score by p on scale rate\n'
    )
    found = findings(body)
    assert [(one.code, one.text, one.line) for one in found] == [
        ("RUB209", "third", 2), ("RUB209", "same", 6), ("RUB209", "other", 12),
    ]  # fmt: skip


def test_unused_columns() -> None:
    body = leaf(
        '  input late "L": list\n    column days: count\n    column kind: one of a, b\n    column sent: yes/no\n'
        "    column remark: text\n  award 1 when (count of late where kind is a) > highest days in late if none 0"
        "\n  award 1 when (count of late where kind is a) <= highest days in late if none 0"
    )
    found = only(body)
    assert (found.code, found.text, found.line) == ("RUB209", "sent", 5)
    assert "in a rule over `late`" in found.help


def test_a_level_that_describes_a_row_is_asked_for_on_purpose() -> None:
    columns = "    column days: count\n    column kind: one of a, b\n    column remark: text\n"
    clauses = "  award 1 when count of late = 0\n  award {} when count of late > 0\n"
    body = leaf('  input late "L": list\n' + columns + clauses)
    assert told(body.format("min(1, sum of days in late)")) == []
    # Where no column counts, the level is as idle as the number beside it.
    assert [(one.code, one.text) for one in findings(body.format("1"))] == [("RUB209", "days"), ("RUB209", "kind")]


def test_an_unused_register_is_told_once() -> None:
    body = leaf('  input late "L": list\n    column days: count\n  score judged')
    assert [(one.code, one.text) for one in findings(body)] == [("RUB209", "late")]


@pytest.mark.parametrize(
    ("combine", "children", "said"),
    [
        ("drop lowest 2", 2, ("the highest", "mục cao nhất", "combine highest")),
        ("drop highest 2", 2, ("the lowest", "mục thấp nhất", "combine lowest")),
        ("drop lowest and highest 1", 2, ("in the middle", "ở giữa", "combine median")),
        ("drop lowest and highest 1", 3, None),
        ("drop highest 1", 2, None),
    ],
)
def test_more_is_dropped_than_there_is(combine: str, children: int, said: tuple[str, str, str] | None) -> None:
    found = findings(group(f"combine {combine}", *["5 points"] * children))
    assert [one.code for one in found] == (["RUB447"] if said else [])
    for one in found if said else ():
        english, vietnamese, mend = said or ("", "", "")
        assert english in message(one.diagnostic, "en")
        assert vietnamese in message(one.diagnostic, "vi")
        assert mend in (help_text(one.diagnostic, "en") or "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("combine drop the highest", "drop highest 1"),
        ("combine drop 2 best", "drop highest 2"),
        ("combine drop the lowest and the highest", "drop lowest and highest 1"),
        ("combine drop 1 lowest and highest", "drop lowest and highest 1"),
        ("combine drop highest", "drop highest 1"),
        ("tổng hợp theo bỏ điểm cao nhất", "bỏ cao nhất 1"),
        ("tổng hợp theo bỏ 2 mục cao nhất", "bỏ cao nhất 2"),
        ("tổng hợp theo bỏ thấp nhất lẫn cao nhất", "bỏ thấp nhất và cao nhất 1"),
    ],
)
def test_what_is_dropped_otherwise_is_mended(written: str, meant: str) -> None:
    english = written.startswith("combine")
    head = 'rubric "G" id t.g\nversion 1\narea 1 "G" 10 points\n' if english else (
        'bộ tiêu chí "G" mã t.g\nphiên bản 1\nlĩnh vực 1 "G" 10 điểm\n'
    )
    leaf = 'component 1.{} "A" 5 points\n  score judged\n' if english else (
        'tiêu chí thành phần 1.{} "A" 5 điểm\n  chấm theo nhận xét\n'
    )
    text = f"{head}  {written}\n" + "".join(leaf.format(at) for at in (1, 2, 3))
    (found,) = check_text(text).diagnostics
    assert found.fix is not None
    mended = text[: found.fix.span.start] + found.fix.replacement + text[found.fix.span.end :]
    assert meant in mended
    assert not check_text(mended).diagnostics

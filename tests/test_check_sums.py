"""Sums, counts and *as printed*."""

import pytest
from checking import HEAD_VI, findings, only, told


def sheet(total: str, group: str, *leaves: str, head: str = "") -> str:
    parts = [f'component 1.{at} "Leaf" {points}\n  score judged' for at, points in enumerate(leaves, 1)]
    return "\n".join([f"total {total}", *([head] if head else []), f'criterion 1 "Group" {group}', *parts])


def test_a_sheet_that_adds_up_is_clean() -> None:
    assert findings(sheet("5 points", "5 points", "2 points", "2.75 points", "0.25 points")) == []


def test_the_group_that_does_not_add_up_gives_both_numbers() -> None:
    found = only(sheet("5 points", "5 points", "2 points", "2.75 points"))
    assert (found.code, found.line, found.text) == ("RUB401", 2, "5")
    assert found.message == "`1` declares 5 points, but what stands under it adds up to 4.75"
    assert "2 + 2.75 = 4.75, 0.25 too few" in found.help
    assert len(found.diagnostic.labels) == 2


def test_too_many_points_say_so() -> None:
    assert "0.01 too many" in only(sheet("5 points", "5 points", "2 points", "3.01 points")).help


def test_the_total_is_compared_with_the_outermost_headings() -> None:
    found = only(sheet("6 points", "5 points", "2 points", "3 points"))
    assert (found.code, found.line) == ("RUB401", 1)
    assert "`total` declares 6" in found.message


def test_conditions_and_unscored_headings_carry_no_points() -> None:
    assert findings("""
total 2 points
criterion 1 "Group" 2 points
component 1.1 "Leaf" 2 points
  score judged
component 1.2 "Gate" condition
  input open: yes/no
  met when open
component 1.3 "For the record" unscored
""") == []


def test_a_group_without_points_takes_the_sum_of_its_children() -> None:
    assert findings("""
total 3 points
criterion 1 "Group"
component 1.1 "Leaf" 1 point
  score judged
component 1.2 "Leaf" 2 points
  score judged
""") == []


def test_as_printed_turns_a_wrong_sum_into_a_note() -> None:
    group = '6 points, as printed because "misprint in the annex"'
    found = only(sheet("6 points", group, "2 points", "3 points"))
    assert found.code == "RUB423"
    assert found.message == "`1` is kept as printed: misprint in the annex"
    assert "declares 6 points" in found.help
    assert "5" in found.help


def test_as_printed_on_the_total() -> None:
    assert told(sheet('6 points, as printed because "x"', "5 points", "2 points", "3 points")) == [("RUB423", 1)]


@pytest.mark.parametrize(
    ("total", "group", "line"),
    [
        ('5 points, as printed because "x"', "5 points", 1),
        ("5 points", '5 points, as printed because "x"', 2),
    ],
)
def test_as_printed_where_nothing_is_wrong(total: str, group: str, line: int) -> None:
    assert told(sheet(total, group, "2 points", "3 points")) == [("RUB424", line)]


@pytest.mark.parametrize(
    ("contains", "codes"),
    [
        ("contains 1 criterion, 2 components", []),
        ("contains 2 criteria, 3 components", ["RUB402", "RUB402"]),
        ('contains 1 criterion, 3 components, as printed because "x"', ["RUB423"]),
        ('contains 1 criterion, 2 components, as printed because "x"', ["RUB424"]),
    ],
)
def test_counts(contains: str, codes: list[str]) -> None:
    found = findings(sheet("5 points", "5 points", "2 points", "3 points", head=contains))
    assert [one.code for one in found] == codes


def test_counts_name_the_level_and_both_numbers() -> None:
    found = only(sheet("5 points", "5 points", "2 points", "3 points", head="contains 4 components"))
    assert found.message == "the header says 4 components, the outline has 2"


def test_in_vietnamese_with_a_decimal_comma() -> None:
    found = only(
        """
tổng điểm 2,5 điểm
tiêu chí thành phần 1 "Mục" 2,25 điểm
  chấm theo nhận xét
""",
        HEAD_VI,
    )
    assert found.message == "`tổng điểm` ghi 2,5 điểm, nhưng các mục bên dưới cộng lại được 2,25"
    assert "thiếu 0,25" in found.help

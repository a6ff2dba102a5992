"""Tables: levels, conditions, bands, anchors."""

import pytest
from checking import HEAD_VI, findings, leaf, only, told

RATE = "  input b: count, at least 1\n  input a: count, at most b\n  score by a / b\n"


def test_levels_without_a_row() -> None:
    found = only(leaf("  input plan: one of timely, late, none\n  score by plan\n    timely: 2"))
    assert (found.code, found.line) == ("RUB406", 3)
    assert found.message == "no row for `late`, `none`"
    assert found.example == {"plan": "late"}


def test_yes_without_no() -> None:
    found = only(leaf("  input a: yes/no\n  score by a\n    yes: 2"))
    assert (found.code, found.message) == ("RUB406", "no row for `no`")


def test_a_level_ruled_out_needs_no_row_and_has_no_use_for_one() -> None:
    body = "  input plan: one of x, y, z\n  not applicable when plan is z: full points\n  score by plan\n"
    assert told(leaf(body + "    x: 2\n    y: 0")) == []
    assert told(leaf(body + "    x: 2\n    y: 0\n    z: 1")) == [("RUB417", 7)]


def test_a_level_twice() -> None:
    found = only(leaf("  input a: one of x, y\n  score by a\n    x: 2\n    y: 1\n    x: 0"))
    assert (found.code, found.line, found.message) == ("RUB407", 6, "`x` has two rows")
    assert [label.text for label in found.diagnostic.labels] == ["first"]


def test_otherwise_with_nothing_left() -> None:
    assert told(leaf("  input a: yes/no\n  score by a\n    yes: 2\n    no: 1\n    otherwise: 0")) == [("RUB417", 6)]


def test_a_chain_ends_in_otherwise() -> None:
    assert told(leaf("  input a: yes/no\n  score\n    when a: 2\n    when not a: 0")) == [("RUB410", 3)]


def test_a_row_that_never_comes_first() -> None:
    body = "  input a: count\n  score\n    when a < 5: 2\n    when a < 3: 1\n    otherwise: 0"
    found = only(leaf(body))
    assert (found.code, found.line, found.text) == ("RUB417", 5, "when a < 3: 1")


@pytest.mark.parametrize(
    ("rows", "line", "value", "mend", "example"),
    [
        (
            "    90% or more: 2\n    1% to 89%: 1\n    below 1%: 0", 6, "89.5%", "1% to below 90%",
            {"a": "179", "b": "200"},
        ),
        ("    above 90%: 2\n    below 90%: 0", 6, "90%", "90% or less", {"a": "9", "b": "10"}),
        ("    90% or more: 2\n    50% to below 90%: 0", 6, "0%", "below 90%", {"a": "0", "b": "1"}),
        ("    above 90% to below 100%: 2\n    90% or less: 0", 5, "100%", "above 90%", {"a": "1", "b": "1"}),
    ],
)  # fmt: skip
def test_a_gap_is_named_and_shown(rows: str, line: int, value: str, mend: str, example: dict[str, str]) -> None:
    found = only(leaf(RATE + rows))
    assert (found.code, found.line) == ("RUB411", line)
    assert found.message == f"{value} falls in no band of `a / b`"
    assert f"`{mend}`" in found.help
    shown = {name: int(number) for name, number in found.example.items()}
    assert shown["b"] * int(example["a"]) == shown["a"] * int(example["b"])


@pytest.mark.parametrize(
    ("rows", "value", "mend", "other"),
    [
        ("    90% or more: 2\n    70% to 90%: 1\n    below 70%: 0", "90%", "70% to below 90%", "above 90%"),
        ("    above 50%: 2\n    below 60%: 0", "55%", "50% or less", "60% or more"),
    ],
)
def test_an_overlap_is_named_and_mended(rows: str, value: str, mend: str, other: str) -> None:
    found = only(leaf(RATE + rows))
    assert found.code == "RUB412"
    assert found.message.startswith(f"{value} falls in two bands")
    assert f"`{mend}`" in found.help
    assert f"`{other}`" in found.help
    assert found.example


def test_the_mends_offered_for_an_overlap_work() -> None:
    assert told(leaf(RATE + "    90% or more: 2\n    70% to below 90%: 1\n    below 70%: 0")) == []
    assert told(leaf(RATE + "    above 90%: 2\n    70% to 90%: 1\n    below 70%: 0")) == []


def test_a_band_inside_another() -> None:
    found = only(leaf(RATE + "    50% or more: 2\n    70% to 80%: 1\n    below 50%: 0"))
    assert (found.code, found.line, found.diagnostic.help) == ("RUB412", 6, "help_same")


def test_several_gaps_are_several_findings() -> None:
    assert told(leaf(RATE + "    above 90%: 2\n    80% to below 90%: 1\n    below 70%: 0")) == [
        ("RUB411", 6),
        ("RUB411", 7),
    ]


@pytest.mark.parametrize(
    ("kind", "rows", "codes"),
    [
        ("count", "    0: 2\n    1 to 3: 1\n    4 or more: 0", []),
        ("count", "    0: 2\n    1 to 3: 1\n    5 or more: 0", ["RUB411"]),
        ("count", "    0 to 3: 2\n    3 or more: 0", ["RUB412"]),
        ("count, at most 9", "    0 to 3: 2\n    4 to 9: 0", []),
        ("count, from 1 to 9", "    1 to 3: 2\n    4 to 9: 0", []),
        ("number, from 0 to 10", "    0 to 3.9: 2\n    4 to 10: 0", ["RUB411"]),
        ("number, from 0 to 10, with 1 decimal", "    0 to 3.9: 2\n    4 to 10: 0", []),
        ("number, from 0 to 10, with 2 decimals", "    0 to 3.9: 2\n    4 to 10: 0", ["RUB411"]),
        ("percent, from 0% to 100%", "    90% to 100%: 2\n    0% to below 90%: 0", []),
        ("percent", "    90% to 100%: 2\n    below 90%: 0", ["RUB411"]),
        ("date", "    on or before 2023-01-15: 2\n    2023-01-16 to 2023-01-31: 1\n    after 2023-01-31: 0", []),
        ("date", "    before 2023-01-15: 2\n    after 2023-01-15: 0", ["RUB411"]),
        ("date", "    on or before 2023-01-15: 2\n    on or after 2023-01-15: 0", ["RUB412"]),
        ("money, above 0", "    above 1000: 2\n    1000 or less: 0", []),
    ],
)
def test_bands_on_the_grid_of_the_number(kind: str, rows: str, codes: list[str]) -> None:
    assert [code for code, _ in told(leaf(f"  input x: {kind}\n  score by x\n{rows}"))] == codes


def test_a_rounded_number_lives_on_its_places() -> None:
    rows = "    0 to 3.9: 0\n    4 to 10: 2"
    assert told(leaf(f"  input x: number, from 0 to 10\n  score by x rounded half-up to 1 place\n{rows}")) == []


def test_dates_are_shown_as_dates() -> None:
    found = only(leaf("  input sent: date\n  score by sent\n    before 2023-01-15: 2\n    after 2023-01-15: 0"))
    assert found.message == "2023-01-15 falls in no band of `sent`"
    assert found.example == {"sent": "2023-01-15"}
    assert "`on or before 2023-01-15`" in found.help


def test_a_gap_in_vietnamese() -> None:
    body = """tiêu chí thành phần 1 "Mục" 2 điểm
  dữ liệu kh: số đếm, tối thiểu 1
  dữ liệu xong: số đếm, tối đa kh
  chấm theo xong / kh
    trên 90%: 2
    70% đến 90%: 1
    dưới 69,5%: 0"""
    found = only(body, HEAD_VI)
    assert found.message == "69,5% không thuộc mức nào của `xong / kh`"
    assert "ghi `dưới 70%` thay cho `dưới 69,5%`" in found.help


def test_a_share_nobody_bounded_asks_for_the_bound_first() -> None:
    body = "  input b: count, at least 1\n  input a: count\n  score by a / b\n    90% to 100%: 2\n    below 90%: 0"
    found = only(leaf(body))
    assert (found.code, found.diagnostic.help) == ("RUB411", "help_share")


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("    exactly 4: 2\n    exactly 3: 1\n    otherwise: 0", ["RUB413"]),
        ("    4 or more: 2\n    exactly 3: 1\n    otherwise: 0", []),
        ("    0 to 2: 2\n    3 to 5: 1\n    otherwise: 0", []),
        ("    0 to 5: 2\n    otherwise: 0", []),
        ("    exactly 3: 1\n    exactly 4: 1.5\n    otherwise: 2", []),
        ("    0 to 5: 2\n    6 or more: 1\n    otherwise: 0", ["RUB417"]),
    ],
)
def test_otherwise_beside_bands(rows: str, codes: list[str]) -> None:
    assert [code for code, _ in told(leaf(f"  input x: count\n  score by x\n{rows}"))] == codes


def test_four_meetings_are_worth_more_than_five() -> None:
    found = only(leaf("  input x: count\n  score by x\n    exactly 4: 2\n    exactly 3: 1\n    otherwise: 0"))
    assert found.message == "5 lies above every band, so it falls to `otherwise` and gets 0 points"
    assert "`4 or more`" in found.help
    assert found.example == {"x": "5"}


def test_a_band_outside_what_the_number_can_be() -> None:
    found = findings(leaf(RATE + "    above 100%: 2\n    90% to 100%: 2\n    below 90%: 0"))
    assert [(one.code, one.line) for one in found] == [("RUB417", 5)]
    assert "from 0% to 100%" in found[0].help


@pytest.mark.parametrize(
    ("rows", "line", "help_key"),
    [
        ("    100%: 2\n    0%: 0", 5, "help"),
        ("    0%: 0\n    70%: 1\n    70%: 1.5\n    100%: 2", 6, "help_twice"),
        ("    100%: 2", 3, "help_few"),
    ],
)
def test_anchors(rows: str, line: int, help_key: str) -> None:
    body = f"  input x: percent, from 0% to 100%\n  score by x, interpolated\n{rows}"
    found = only(leaf(body))
    assert (found.code, found.line, found.diagnostic.help) == ("RUB421", line, help_key)


def test_a_square_is_never_3() -> None:
    body = "  input a: count, at most 4\n  let b = a * a\n  score\n    when b = 3: {}\n    otherwise: {}"
    assert told(leaf(body.format(1, 2))) == [("RUB417", 5)]
    assert told(leaf(body.format(2, 1))) == [("RUB405", 1), ("RUB417", 5)]


def test_a_band_that_no_pair_of_facts_falls_into() -> None:
    body = "  input a: count, from 2 to 5\n  score by max(a, 3) / max(a, a)\n    100% or more: 2\n"
    assert told(leaf(body + "    60% to below 100%: 1\n    otherwise: 1")) == [("RUB417", 5), ("RUB417", 6)]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("    when a >= 80 and a <= 100: 2\n    when a >= 60 and a < 80: 1\n    otherwise: 0", ["RUB458"]),
        ("    when a >= 80: 2\n    when a >= 60 and a < 80: 1\n    otherwise: 0", []),
        ("    when a = 3: 2\n    otherwise: 0", []),
        ("    when a <= 2: 0\n    otherwise: 2", []),
        ("    when b >= 80 and b <= 100: 2\n    otherwise: 0", []),
    ],
)
def test_otherwise_above_a_chain(rows: str, codes: list[str]) -> None:
    facts = "  input a: count\n  input b: count, at most 100\n" if "b >=" in rows else "  input a: count\n"
    assert [code for code, _ in told(leaf(f"{facts}  score\n{rows}")) if code == "RUB458"] == codes

"""The parts the commands over units share: tables on a screen, CSV cells, places in JSON, the progress bar."""

import io
import json
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_engine.cli import waiting
from rubric_engine.cli.reading.json_places import items_of, line_and_column, place_of
from rubric_engine.report.phrases import change, percent_change
from rubric_engine.tell.rendering.document import Bullets, Column, Heading, Line, Row, Sheet, Table
from rubric_engine.tell.rendering.plain import to_plain
from rubric_engine.tell.rendering.printable import to_printable
from rubric_engine.tell.rendering.screen import width
from rubric_engine.tell.rendering.spreadsheet import to_csv

WORDS = st.text(max_size=120)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=5), st.lists(WORDS, max_size=2), WORDS)
def test_no_document_is_wider_than_the_screen(
    rows: list[tuple[str, str, str, str]], below: list[str], words: str
) -> None:
    columns = (Column("Mã"), Column("Nội dung", wraps=True), Column("Điểm", right=True), Column("Lý do", wraps=True))
    table = Table(columns, tuple(Row(row, tuple(below)) for row in rows), "Ghi chú")
    blocks = (Heading(words, 1), Line(words, words), Line(words), Bullets((words, words)), table)
    text = to_plain(blocks)
    assert all(width(line) <= 80 for line in text.split("\n"))
    for line in to_printable(blocks).split("\n"):
        assert "<" not in line


def test_nothing_of_a_wide_table_is_lost() -> None:
    names = ["Ủy ban nhân dân xã " + "rất dài " * 12, "x" * 100]
    table = Table((Column("Đơn vị", wraps=True), Column("Điểm", right=True)), tuple(Row((n, "12,5")) for n in names))
    shown = to_plain([table])
    assert "".join("".join(line.split()) for line in shown.splitlines()).count("x") == 100 + 1
    assert shown.count("dài") == 12


@given(st.fractions(max_denominator=10**6), st.booleans())
def test_a_number_in_a_csv_is_the_nearest_of_twelve_decimals(value: Fraction, comma: bool) -> None:
    _, line = to_csv(Sheet(("x",), ((value,),)), decimal_comma=comma).split("\r\n")[:2]
    assert abs(Fraction(line.strip('"').replace(",", ".")) - value) <= Fraction(1, 2 * 10**12)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", " =x", "\t=x"])
def test_text_that_would_be_a_formula_is_text(text: str) -> None:
    assert to_csv(Sheet(("x",), ((text,),))).split("\r\n")[1].startswith("'")


JSON = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.1[]", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1]), st.data())
def test_a_place_in_json_is_where_the_value_begins(value: object, indent: int | None, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    path, here = "", value
    while isinstance(here, dict | list) and here and data.draw(st.booleans()):
        if isinstance(here, list):
            at = data.draw(st.integers(0, len(here) - 1))
            path, here = f"{path}[{at}]", here[at]
        else:
            key = data.draw(st.sampled_from(sorted(key for key in here) or [""]))
            if not key or any(mark in key for mark in ".[]"):
                return  # such a path may mean two things
            path, here = f"{path}.{key}" if path else key, here[key]
    offset, whole = place_of(text, 0, path)
    assert whole
    assert json.JSONDecoder().raw_decode(text, offset)[0] == here


def test_items_and_lines() -> None:
    text = '[\n {"a": 1},\n  {"judged": {"1.2": 3}}\n]'
    starts = list(items_of(text))
    assert [line_and_column(text, start) for start in starts] == [(2, 2), (3, 3)]
    assert line_and_column(text, place_of(text, starts[1], "judged.1.2")[0]) == (3, 22)
    assert place_of(text, starts[1], "judged.9")[1] is False


def test_signs_and_marks() -> None:
    assert (change(Fraction(1, 3), "en"), change(Fraction(-1, 2), "vi"), change(None, "en")) == ("≈+0.3333", "−0,5", "")
    assert percent_change(Fraction(-268, 10000), "vi") == "−2,68 điểm %"


# ---------------------------------------------------------------- the bar


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nobody_waits_at_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with waiting.bar("scoring") as tell:
        assert tell is None


def test_a_bar_comes_after_a_second_and_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with waiting.bar("scoring") as tell:
        assert tell is not None
        tell(1, 10)
        assert screen.getvalue() == ""
        now[0] = 2.0
        tell(2, 10)
        tell(10, 10)
    assert "scoring" in screen.getvalue()

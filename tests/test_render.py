"""Drawing: what a reader sees, in 80 columns, whatever the author's line holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_engine.diagnostics import catalogue
from rubric_engine.diagnostics.render import render_json, render_text
from rubric_engine.diagnostics.shape import Diagnostic, Fix, Label, problem
from rubric_engine.source import SourceFile, Span
from rubric_engine.tell.rendering.screen import flow, safe, width, wrap

BANDS = """\
# RUB412 bands-overlap
severity: error

## en
message: {value} falls in two bands
help: write `{mend}`
first: the first band

## vi
message: {value} rơi vào hai mức
help: viết `{mend}`
first: mức thứ nhất

## Explanation
x

## Giải thích
x

## Bad
```rubric
```

## Good
```rubric
```
"""
TEXT = "  score by rate\n    88% to 90%: 2\n    90% to 95%: 3\n"


@pytest.fixture(autouse=True)
def _pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that the other tests may not change under our feet."""
    pages = {
        "RUB412": catalogue.read_page(BANDS),
        "RUB209": catalogue.read_page(
            BANDS.replace("RUB412 bands-overlap", "RUB209 unused-input").replace("y: error", "y: warning")
        ),
        "RUB423": catalogue.read_page(
            BANDS.replace("RUB412 bands-overlap", "RUB423 as-printed").replace("y: error", "y: note")
        ),
    }
    monkeypatch.setattr(catalogue, "page", pages.__getitem__)


def at(text: str, words: str, source_text: str, **more: object) -> Diagnostic:
    start = source_text.index(words)
    values = {"value": "90%", "mend": "above 90% to 95%", **more}
    return problem("RUB412", Span(start, start + len(words)), **values)  # type: ignore[arg-type]


def test_the_house_picture() -> None:
    source = SourceFile.from_text("#\n" * 28 + TEXT, "can-tho.rubric")
    start = source.text.index("90% to 95%")
    found = problem(
        "RUB412",
        Span(start, start + 10),
        value="90%",
        mend="above 90% to 95%",
        example={"cashless": "90", "recipients": "100"},
    )
    assert render_text([found], source, "en") == """\
error[RUB412 bands-overlap]: 90% falls in two bands
  --> can-tho.rubric:31:5
   |
30 |     88% to 90%: 2
31 |     90% to 95%: 3
   |     ^^^^^^^^^^ write `above 90% to 95%`
   = for example: cashless = 90, recipients = 100
   = more: rubric explain RUB412

1 error
"""
    assert render_text([found], source, "vi") == """\
lỗi[RUB412 bands-overlap]: 90% rơi vào hai mức
  --> can-tho.rubric:31:5
   |
30 |     88% to 90%: 2
31 |     90% to 95%: 3
   |     ^^^^^^^^^^ viết `above 90% to 95%`
   = ví dụ: cashless = 90, recipients = 100
   = xem thêm: rubric explain RUB412

1 lỗi
"""


def test_labels_stand_under_their_own_lines() -> None:
    source = SourceFile.from_text(TEXT + "x\ny\nz\n    95% to 99%: 4\n", "a.rubric")
    first, last = source.text.index("88%"), source.text.index("95% to 99%")
    labels = (Label(Span(first, first + 10), "first"),)
    found = problem("RUB412", Span(last, last + 10), value="95%", mend="m", labels=labels)
    assert render_text([found], source, "en").split("\n\n")[0] == """\
error[RUB412 bands-overlap]: 95% falls in two bands
  --> a.rubric:7:5
   |
 2 |     88% to 90%: 2
   |     ---------- the first band
 ...
 6 | z
 7 |     95% to 99%: 4
   |     ^^^^^^^^^^ write `m`
   = more: rubric explain RUB412"""


def test_without_a_place_there_is_no_snippet() -> None:
    text = render_text([problem("RUB412", value="1", mend="m")], SourceFile.from_text(TEXT, "a.rubric"), "en")
    assert text == """\
error[RUB412 bands-overlap]: 1 falls in two bands
  --> a.rubric
   = help: write `m`
   = more: rubric explain RUB412

1 error
"""


def carets(text: str, words: str) -> tuple[str, str]:
    """The line shown and the line of carets under it."""
    source = SourceFile.from_text(text, "a.rubric")
    lines = render_text([at(text, words, source.text)], source, "en").split("\n")
    under = next(index for index, line in enumerate(lines) if line.startswith("   |") and "^" in line)
    return lines[under - 1], lines[under]


@pytest.mark.parametrize(
    "line",
    [
        "\t\tscore by HERE: 1",
        "日本語の基準 HERE: 1",
        "ab\tcd\tHERE: 1",
        "tiêu chí \u201cĐiểm\u201d HERE: 1",
        "e\u0323\u0323\u0323\u0323 HERE: 1",
        "\u202eright to left\u202c HERE: 1",
        "\x1b[31mred HERE: 1",
    ],
)
def test_carets_stand_under_the_words(line: str) -> None:
    shown, under = carets(line, "HERE")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    before = shown[: shown.index("HERE")]
    assert width(before) == under.index("^")
    assert under.count("^") == 4


def test_a_wide_word_has_wide_carets() -> None:
    assert carets("x 日本 y", "日本")[1].count("^") == 4


def test_decomposed_text_points_into_the_authors_own() -> None:
    text = "tie\u0302u chi\u0301 HERE"
    source = SourceFile.from_text(text, "a.rubric")
    data = render_json([at(text, "HERE", source.text)], source, "en")[0]
    assert data["start"] == {"line": 1, "column": text.index("HERE") + 1, "offset": 9}
    assert "a.rubric:1:12" in render_text([at(text, "HERE", source.text)], source, "en")


@pytest.mark.parametrize("before", [0, 10, 60, 70, 200])
@pytest.mark.parametrize("length", [1, 30, 200])
def test_long_lines_are_clipped_round_the_place(before: int, length: int) -> None:
    text = "a" * before + "H" * length + "z" * 200
    shown, under = carets(text, "H" * length)
    assert width(shown) <= 80
    assert "H" in shown
    assert shown.index("H") == under.index("^")
    assert under.count("^") == shown.count("H")
    assert ("…" in shown[:8]) is (before > 0 and before + length > 74)


def test_long_help_goes_below_and_wraps() -> None:
    source = SourceFile.from_text(TEXT, "a.rubric")
    found = at(TEXT, "90% to 95%", source.text, mend="từ " * 60)
    text = render_text([found], source, "en")
    assert all(width(line) <= 80 for line in text.split("\n"))
    assert text.count("từ") == 60


def test_a_span_over_several_lines_marks_the_first() -> None:
    source = SourceFile.from_text("one two\n  and three\n", "a.rubric")
    text = render_text([problem("RUB412", Span(4, 18), value="1", mend="m")], source, "en")
    assert " 1 | one two\n   |     ^^^ write `m`" in text


def test_a_span_at_the_end_has_one_caret() -> None:
    source = SourceFile.from_text("one\n", "a.rubric")
    text = render_text([problem("RUB412", Span(4, 4), value="1", mend="m")], source, "en")
    assert " 1 | one\n 2 |\n   | ^ write `m`" in text


def test_order_summary_and_limit() -> None:
    source = SourceFile.from_text(TEXT, "a.rubric")
    found = [
        problem("RUB423", Span(30, 31), value="c", mend="m"),
        problem("RUB209", Span(20, 21), value="b", mend="m"),
        problem("RUB412", Span(20, 21), value="e", mend="m"),
        problem("RUB412", Span(2, 3), value="a", mend="m"),
    ]
    text = render_text(found, source, "en")
    assert re.findall(r"^\w+\[\w+ [\w-]+\]: (\w)", text, re.MULTILINE) == ["a", "b", "e", "c"]
    assert text.endswith("\n\n2 errors, 1 warning, 1 note\n")
    assert render_text(found, source, "vi").endswith("2 lỗi, 1 cảnh báo, 1 ghi chú\n")
    limited = render_text(found, source, "en", limit=1)
    assert limited.count("more: rubric explain") == 1
    assert limited.endswith("2 errors, 1 warning, 1 note (and 3 more)\n")
    told = render_text(found, source, "vi", limit=3, where="`--all` hiện đủ")
    assert told.endswith("2 lỗi, 1 cảnh báo, 1 ghi chú (và 1 mục nữa: `--all` hiện đủ)\n")
    assert [each["message"][0] for each in render_json(found, source, "en")] == ["a", "b", "e", "c"]  # type: ignore[index]
    assert render_text([], source, "en") == ""


def test_colour_changes_nothing_else() -> None:
    source = SourceFile.from_text(TEXT, "a.rubric")
    found = [at(TEXT, "90% to 95%", source.text)]
    coloured = render_text(found, source, "vi", color=True)
    assert "\x1b[1;31m" in coloured
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in bare.split("\n")] == render_text(found, source, "vi").split("\n")


def test_json_holds_everything() -> None:
    source = SourceFile.from_text(TEXT, "a.rubric")
    span = Span(20, 30)
    found = problem(
        "RUB412",
        span,
        value="90%",
        mend="m",
        labels=(Label(Span(2, 7), "first"),),
        example={"rate": "90%"},
        fix=Fix(span, "below 90%"),
    )
    start, end = {"line": 2, "column": 5, "offset": 20}, {"line": 2, "column": 15, "offset": 30}
    assert render_json([found, problem("RUB412", value="1", mend="m")], source, "vi")[1] == {
        "code": "RUB412",
        "slug": "bands-overlap",
        "severity": "error",
        "message": "90% rơi vào hai mức",
        "help": "viết `m`",
        "file": "a.rubric",
        "start": start,
        "end": end,
        "labels": [
            {
                "text": "mức thứ nhất",
                "start": {"line": 1, "column": 3, "offset": 2},
                "end": {"line": 1, "column": 8, "offset": 7},
            }
        ],
        "example": {"rate": "90%"},
        "fix": {"replacement": "below 90%", "start": start, "end": end},
    }


@given(st.text(max_size=200), st.integers(0, 220), st.integers(0, 220), st.text(max_size=120))
def test_nothing_is_wider_than_the_screen_or_steers_it(text: str, start: int, length: int, value: str) -> None:
    source = SourceFile.from_text(text, "a.rubric")
    begin = min(start, len(source.text))
    span = Span(begin, min(begin + length, len(source.text)))
    found = problem("RUB412", span, value=value, mend=value, labels=(Label(Span(0, 1), "first"),))
    drawn = render_text([found], source, "vi")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", drawn)
    longest = max((width(word) for word in value.split()), default=0)
    assert max(map(width, drawn.split("\n"))) <= max(80, 40 + longest)


@given(st.text(alphabet="ab 日\u0301", max_size=80), st.integers(4, 30))
def test_wrap_keeps_every_word(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert " ".join(lines).split() == text.split()
    assert all(width(line) <= columns or " " not in line for line in lines)


def test_flow_breaks_paragraphs_and_keeps_blocks() -> None:
    text = "one two\nthree\n\n- a b c\n  d\n- e\n\n    code   stays\n```\nx   y\n```\nend"
    assert flow(text, 9) == "one two\nthree\n\n- a b c d\n- e\n\n    code   stays\n```\nx   y\n```\nend"


def test_safe_is_one_quiet_line() -> None:
    assert safe("a\nb\x07\u2066c") == "a b\ufffd\ufffdc"

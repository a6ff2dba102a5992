"""RUB119: characters nobody sees, in texts and comments."""

import pytest

from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.engine import check_text, compile_rubric

HEAD = 'rubric "Sheet" id t.unseen\nversion 1\ntotal 2 points\n\n'


def found(body: str) -> list[tuple[int, str, str, str]]:
    """Line and column, message and help of each finding."""
    checked = check_text(HEAD + body + "  score judged\n")
    assert {one.code for one in checked.diagnostics} <= {"RUB119"}
    assert checked.rubric is not None
    return [
        (
            checked.source.position(one.span.start).column, checked.source.text[one.span.start : one.span.end],
            message(one, "en"), help_text(one, "en") or "",
        )
        for one in checked.diagnostics
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("char", "named", "help"),
    [
        ("\u202e", "U+202E (right-to-left override)", "it turns the direction of writing"),
        ("\u2066", "U+2066 (left-to-right isolate)", "it turns the direction of writing"),
        ("\u200f", "U+200F (right-to-left mark)", "it turns the direction of writing"),
        ("\x07", "U+0007", "control characters are no part"),
        ("\x00", "U+0000", "control characters are no part"),
        ("\x85", "U+0085", "control characters are no part"),
        ("\u2028", "U+2028 (line separator)", "control characters are no part"),
    ],
)
def test_a_mark_in_a_title_is_named_with_its_place(char: str, named: str, help: str) -> None:
    ((column, text, said, advice),) = found(f'component 1 "Pl{char}an" 2 points\n')
    assert (column, text) == (16, char)
    assert said == f"character 3 of this text is {named}, which cannot be seen"
    assert help in advice


@pytest.mark.parametrize("text", ["Kế hoạch", "a\u00a0b", "\u200b", "naïve", "a\tb", "e\u0301", "👩\u200d🏫", "\ufeff"])
def test_what_may_stand_in_a_title(text: str) -> None:
    assert found(f'component 1 "{text}" 2 points\n') == []


def test_every_kind_of_text_is_looked_at() -> None:
    body = (
        'component 1 "\x01" 2 points\n  guidance """one\ntwo\x02"""\n  note “a\x03”  # said \x04\n'
        '  input a "A\x05": one of x "X\x06", y\n'
    )
    checked = check_text(HEAD + body + "  score by a\n    x: 2\n    y: 0\n")
    unseen = [one for one in checked.diagnostics if one.code == "RUB119"]
    assert [checked.source.text[one.span.start] for one in unseen] == ["\x01", "\x02", "\x03", "\x04", "\x05", "\x06"]
    assert [one.values["place"] for one in unseen] == ["1", "8", "2", "7", "2", "2"]


def test_the_mend_takes_it_out() -> None:
    text = HEAD + 'component 1 "P\u202elan" 2 points\n  score judged\n'
    (one,) = check_text(text).diagnostics
    assert one.fix is not None
    mended = text[: one.fix.span.start] + one.fix.replacement + text[one.fix.span.end :]
    assert check_text(mended).diagnostics == ()
    assert compile_rubric(mended).plan.nodes[0].title == "Plan"


def test_a_text_full_of_them_is_told_once_or_twice() -> None:
    assert len(found(f'component 1 "{chr(0x202E) * 5000}" 2 points\n')) == 20


def test_in_vietnamese() -> None:
    checked = check_text('bộ tiêu chí "a\u202e" mã a\ntổng điểm 1 điểm\ntiêu chí 1 "b" 1 điểm\n  chấm theo nhận xét\n')
    (one,) = checked.diagnostics
    assert message(one, "vi") == "ký tự thứ 2 của đoạn chữ này là U+202E (right-to-left override), không nhìn thấy được"
    assert (help_text(one, "vi") or "").startswith("bỏ đi: dấu này đổi chiều viết")

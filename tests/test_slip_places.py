"""Rounding and means without their places: the message says how the phrase goes on, in the language of the file."""

import pytest

from rubric_engine.diagnostics.catalogue import help_text
from rubric_engine.engine import check_text

ENGLISH = """\
rubric "Sheet" id t.places
total 2 points{total}

area 1 "Area" 2 points
  {group}
component 1.1 "Leaf" 2 points
  score judged
  {leaf}
"""
VIETNAMESE = """\
bộ tiêu chí "Phiếu" mã t.places
tổng điểm 2 điểm{total}

lĩnh vực 1 "Nhóm" 2 điểm
  {group}
tiêu chí thành phần 1.1 "Mục" 2 điểm
  chấm theo nhận xét
  {leaf}
"""
SHEETS = {"en": ENGLISH, "vi": VIETNAMESE}


def offered(language: str, place: str, words: str) -> tuple[str, str]:
    """Help of the one finding, and the text with its mend made."""
    plain = {"total": "", "group": "note", "leaf": "note"}
    text = SHEETS[language].format_map({**plain, place: words}).replace("  note\n", "")
    (found,) = check_text(text).diagnostics
    assert found.code == "RUB101"
    fix = found.fix
    mended = "" if fix is None else text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return help_text(found, language) or "", mended


@pytest.mark.parametrize(
    ("language", "place", "words", "phrase"),
    [
        ("en", "total", ", rounded", "rounded half-up to 2 places"),
        ("en", "leaf", "rounded half-even", "rounded half-even to 2 places"),
        ("en", "leaf", "rounded to 3 places", "rounded half-up to 3 places"),
        ("en", "group", "combine geometric mean", "geometric mean to 6 places"),
        ("en", "group", "combine power mean 0.5", "power mean 0.5 to 6 places"),
        ("vi", "total", ", làm tròn", "làm tròn nửa lên đến 2 chữ số"),
        ("vi", "total", ", làm tròn 2 chữ số", "làm tròn nửa lên đến 2 chữ số"),
        ("vi", "leaf", "làm tròn", "làm tròn nửa lên đến 2 chữ số"),
        ("vi", "leaf", "làm tròn nửa chẵn", "làm tròn nửa chẵn đến 2 chữ số"),
        ("vi", "leaf", "làm tròn đến 3 chữ số", "làm tròn nửa lên đến 3 chữ số"),
        ("vi", "group", "tổng hợp theo trung bình nhân", "trung bình nhân đến 6 chữ số"),
        ("vi", "group", "tổng hợp theo trung bình nhân, nếu có mục 0: 0", "trung bình nhân đến 6 chữ số"),
        ("vi", "group", "tổng hợp theo trung bình lũy thừa 0,5", "trung bình lũy thừa 0,5 đến 6 chữ số"),
    ],
)
def test_what_is_left_open_is_offered_and_not_decided(language: str, place: str, words: str, phrase: str) -> None:
    help, mended = offered(language, place, words)
    assert help.endswith(f"`{phrase}`")
    assert help.startswith(("say ", "ghi rõ "))
    assert mended == ""


@pytest.mark.parametrize(
    ("language", "place", "words", "phrase"),
    [
        ("en", "leaf", "rounded half-up to 1", "rounded half-up to 1 places"),
        ("en", "group", "combine geometric mean to 4, if any is 0: 0", "geometric mean to 4 places"),
        ("vi", "leaf", "làm tròn nửa lên đến 2", "làm tròn nửa lên đến 2 chữ số"),
        ("vi", "leaf", "làm tròn nửa lên 2 chữ số", "làm tròn nửa lên đến 2 chữ số"),
    ],
)
def test_a_word_only_one_can_be_meant_by_is_a_mend(language: str, place: str, words: str, phrase: str) -> None:
    help, mended = offered(language, place, words)
    assert help.endswith(f"`{phrase}`")
    assert phrase in mended
    assert {one.code for one in check_text(mended).diagnostics} <= {"RUB433"}


@pytest.mark.parametrize(
    ("reducer", "phrase"),
    [("median of scores if tied highest", "if tied highest"), ("mean of scores if tied 3", "if tied")],
)
def test_a_phrase_in_the_wrong_place_is_no_part_of_a_name(reducer: str, phrase: str) -> None:
    text = f"""rubric "Sheet" id t.places
component 1 "Leaf" 5 points
  input scores: ratings 1 to 5, at least 3 raters
  score {reducer}
"""
    (found,) = check_text(text).diagnostics
    assert (found.code, text[found.span.start : found.span.end]) == ("RUB101", phrase)

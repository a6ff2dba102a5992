"""One name however it is written: the laws of folding."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_engine.facts.fold import Folded, fold, written_as

SAME = [
    ("hoà", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("Hoà Bình", " HÒA\u00a0  BÌNH\u200b"),
    ("Quận 2", "quận  2"), ("Quận 2", "Quận\u00a02"), ("Quận 2", "\ufeffQuận\u200d 2"), ("Đà Nẵng", "Ðà Nẵng"),
    ("Sở Y tế", unicodedata.normalize("NFD", "Sở Y tế")), ("Ward 2", "ward\t2 "),
]  # fmt: skip
APART = [("của", "cuả"), ("hoa", "hòa"), ("Quận 1", "Quận 2"), ("má", "mà"), ("An", "Ân"), ("1.2", "1.20")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_write_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_names_are_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(alphabet="oaeuyOAYI \u0300\u0301\u0303\u0309\u0323\u0302\u0307đĐÐßſİıàòở\u00ad\u200b\u00a0\u202e\ud800"))
def test_folding_again_changes_nothing_and_no_form_of_unicode_matters(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert all(fold(unicodedata.normalize(form, text)) == once for form in ("NFC", "NFD"))


def test_an_exact_name_comes_first_and_a_spelling_of_two_is_none() -> None:
    names = Folded({"An": 1, "an": 2, "Hòa": 3})
    assert (names["An"], names["an"], names["hoà"]) == (1, 2, 3)
    assert list(names) == ["An", "an", "Hòa"]
    assert "AN" not in names
    assert names.get("nobody") is None
    assert written_as("HOÀ", names) == "Hòa"
    assert written_as("AN", names) is None

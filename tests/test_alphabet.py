"""Names in the order in which people look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_engine.facts.alphabet import in_alphabet


@pytest.mark.parametrize(
    "ordered",
    [
        ["Phường 1.9", "Phường 1.10", "Phường 2"],
        ["Ái", "An", "Ăn", "Ân", "Bình", "Dân", "Đông", "Em", "Ông", "Ơn", "Uy", "Ưng", "Ý"],
        ["la", "là", "lả", "lã", "lá", "lạ", "lan"],
        ["1", "01a", "2", "10", "a", "A b", "ab"],
    ],
)
def test_names_stand_in_their_places(ordered: list[str]) -> None:
    assert sorted(reversed(ordered), key=in_alphabet) == ordered


@given(st.lists(st.text(), unique=True))
def test_the_order_decides_between_any_two_names(names: list[str]) -> None:
    assert sorted(names, key=in_alphabet) == sorted(reversed(names), key=in_alphabet)


def test_a_number_of_any_length_has_a_place() -> None:
    assert in_alphabet("9" * 10_000) < in_alphabet("1" + "0" * 10_000)

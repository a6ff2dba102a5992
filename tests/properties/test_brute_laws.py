"""What ``check`` proves of small rubrics, every submission tried: no error is false, none is missed."""

from typing import Any

from check_brute import Drawing, Small, contradictions
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rubric_engine import check_text
from rubric_engine.diagnostics.catalogue import severity
from rubric_engine.diagnostics.shape import Severity


@st.composite
def small_rubrics(draw: Any) -> Small:
    small = Drawing(lambda options: draw(st.sampled_from(options))).draw()
    assume(small is not None)
    assert small is not None
    return small


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(small_rubrics())
def test_what_is_found_is_there_and_what_is_there_is_found(small: Small) -> None:
    found = {one.code: severity(one) is Severity.ERROR for one in check_text(small.text).diagnostics}
    wrong = list(contradictions(small, found))
    assert wrong == []

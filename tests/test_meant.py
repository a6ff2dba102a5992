"""A slip hides nothing that is wrong elsewhere: what has a mend is read as it is meant; findings keep their place."""

from pathlib import Path

import pytest

from rubric_engine import Diagnostic, Limits, check_text

CLEAN = """rubric "Plan" id demo.plan
version 1
total 10 points
input given, done: count, at most 100
criterion 1 "Work" 10 points
  not applicable when given = 0: full points
  score by done / given
    90% or more: 10
    50% to below 90%: 5
    below 50%: 0
grades by total
  good "Good": 5 or more
  poor "Poor": below 5
"""


def found(text: str) -> list[tuple[str, str]]:
    """Each code, and the words it stands on in the author's own text."""
    return [(one.code, text[one.span.start : one.span.end]) for one in check_text(text).diagnostics]


@pytest.mark.parametrize(
    ("slip", "elsewhere", "expected"),
    [
        # A heading with a colon keeps its rules; a table that does not fit below it is still told.
        (('"Work" 10', '"Work": 10'), ("50% to below", "60% to below"), ("RUB411", "60% to below 90%: 5")),
        (("  score by", "  scor by"), ("5 or more\n", "6 or more\n"), ("RUB415", 'poor "Poor": below 5')),
        # A declaration with a slip declares.
        (("at most 100", "at mots 100"), ("total 10", "total 9"), ("RUB401", "total 9 points")),
        # A misspelt name hides no hole of a table.
        (("by done", "by doen"), ("below 50%", "below 40%"), ("RUB411", "below 40%: 0")),
    ],
)
def test_a_slip_hides_nothing_wrong_elsewhere(
    slip: tuple[str, str], elsewhere: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert found(CLEAN) == []
    text = CLEAN.replace(*slip)
    both = text.replace(*elsewhere)
    assert text not in (CLEAN, both)
    (alone,) = found(text)
    told = found(both)
    assert alone in told
    assert expected[0] in [code for code, _ in told]
    assert len(told) == 2
    # What is found keeps the place it has in the text without the slip.
    without = found(CLEAN.replace(*elsewhere))
    assert [one for one in told if one != alone] == without


def test_mends_can_all_be_made_at_once() -> None:
    text = CLEAN.replace('"Work" 10', '"Work": 10').replace("by done", "by doen").replace("  not appl", "  nto appl")
    fixes = sorted((one.fix for one in check_text(text).diagnostics if one.fix), key=lambda fix: fix.span, reverse=True)
    for fix in fixes:
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    assert text == CLEAN


def test_a_rubric_with_a_slip_does_not_compile() -> None:
    checked = check_text(CLEAN.replace('"Work" 10', '"Work": 10'))
    assert checked.rubric is None
    assert not checked.ok


def test_a_used_file_keeps_its_places(tmp_path: Path) -> None:
    common = 'input size: count\ncriterion 2 "More" 5 points\n  score by size\n    3 or more: 5\n'
    (tmp_path / "common.rubric").write_text(common, encoding="utf-8")
    text = CLEAN.replace("total 10", "total 15").replace('"Work" 10', '"Work": 10')
    text = text.replace("grades by total", 'use "common.rubric"\ngrades by total')
    checked = check_text(text, folder=tmp_path)
    places = [(one.code, checked.source.name_at(one.span.start)) for one in checked.diagnostics]
    assert ("RUB109", "<text>") in places
    assert ("RUB411", "common.rubric") in places


def test_the_first_findings_of_very_many_are_told_once() -> None:
    text = CLEAN + "".join(f"whta {i} is this\n" for i in range(50))
    told: tuple[Diagnostic, ...] = check_text(text, limits=Limits(findings=10)).diagnostics
    assert len(told) == 11
    assert [one.code for one in told].count("RUB121") == 1


def test_a_name_that_begins_with_a_digit_is_offered_in_brackets() -> None:
    rows = "  score by sent\n    in_time: 4\n    60_days: 0\n"
    levels = f'input sent: one of in_time, 60_days\ncriterion 2 "Sent" 4 points\n{rows}'
    text = CLEAN.replace("total 10", "total 14").replace("grades by total", levels + "grades by total")
    checked = check_text(text)
    assert [(one.code, one.fix and one.fix.replacement) for one in checked.diagnostics] == [("RUB114", "[60_days]")] * 2
    assert check_text(text.replace("60_days", "[60_days]")).diagnostics == ()
    assert [one.fix for one in check_text(CLEAN.replace("at most 100", "at most 1e5")).diagnostics] == [None]


def test_a_table_without_rows_says_so_and_what_needs_none() -> None:
    rows = "    90% or more: 10\n    50% to below 90%: 5\n    below 50%: 0\n"
    (one,) = check_text(CLEAN.replace(rows, "")).diagnostics
    assert (one.code, one.values["mend"]) == ("RUB246", "score in proportion to done / given")
    given = "input given: count\ninput done: count, at most given"
    bounded = CLEAN.replace("input given, done: count, at most 100", given)
    assert check_text(bounded.replace(f"score by done / given\n{rows}", f"{one.values['mend']}\n")).diagnostics == ()

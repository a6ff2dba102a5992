"""Whole sheets with many faults: the source and what the author reads, side by side."""

from pathlib import Path

import pytest
from checking import HEAD, findings, rubric_of
from work import at_most

from rubric_engine.analysis.check import CHECKS, check, check_sums
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.catalogue import codes
from rubric_engine.diagnostics.render import render_text
from rubric_engine.engine import check_text

GOLDEN = Path(__file__).parent / "golden" / "check"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.rubric")), ids=lambda path: path.stem)
def test_findings_of_a_sheet(path: Path, request: pytest.FixtureRequest) -> None:
    rubric, source = rubric_of(path.read_text(encoding="utf-8"))
    shown = render_text(check(rubric), source, rubric.language)
    kept = path.with_suffix(".txt")
    if request.config.getoption("--update-golden", default=False):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((GOLDEN.parent / "refused").glob("*.rubric")), ids=lambda path: path.stem)
def test_what_is_refused_before_it_is_checked(path: Path, request: pytest.FixtureRequest) -> None:
    found = check_text(path.read_text(encoding="utf-8"))
    shown = render_text(found.diagnostics, found.source, found.tree.language)
    kept = path.with_suffix(".txt")
    if request.config.getoption("--update-golden", default=False):
        kept.write_text(shown, encoding="utf-8")
    assert shown == kept.read_text(encoding="utf-8")


def sheet(leaves: int) -> str:
    """A clean sheet of the common shapes."""
    out = [f"total {2 * leaves} points"]
    for at in range(leaves):
        out.append(f'component {at} "Leaf" 2 points')
        match at % 4:
            case 0 | 1:
                out += [
                    f"  input planned_{at}: count", f"  input done_{at}: count, at most planned_{at}",
                    f"  not applicable when planned_{at} = 0: full points", f"  score by done_{at} / planned_{at}",
                    "    above 90%: 2", "    70% to 90%: 1", "    below 70%: 0",
                ]  # fmt: skip
            case 2:
                out += [
                    f"  input late_{at}: count", f"  input a_{at}, b_{at}: yes/no", "  score",
                    f"    when a_{at} and b_{at}: 2", f"    when a_{at}: 1", "    otherwise: 0",
                    f"  deduct 0.25 for each of late_{at}, at most 1",
                ]  # fmt: skip
            case _:
                out += [
                    f"  input k_{at}: one of x, y, z", f"  score by k_{at}", "    x: 2", "    y: 1", "    z: 0",
                    f'  evidence e_{at} "E" required unless k_{at} is z, if missing score 0',
                ]  # fmt: skip
    return "\n".join(out)


def test_a_clean_sheet_has_no_findings_and_is_checked_in_time() -> None:
    assert findings(sheet(12)) == []
    rubric, _ = rubric_of(HEAD + sheet(100) + "\n")
    # The bound only catches what grows with the square of the leaves.
    with at_most(calls=800_000):
        assert check(rubric) == []


def test_thousands_of_faults_end_soon() -> None:
    body = "\n".join(
        f'component {at} "Leaf" 2 points\n  input b{at}: count\n  input a{at}: count\n'
        f"  score by a{at} / b{at}\n    90% to 100%: 2\n    80% to 89%: 1\n    below 85%: 0"
        for at in range(400)
    )
    rubric, _ = rubric_of(HEAD + body + "\n")
    subject = Subject(rubric)
    assert sum(1 for one in CHECKS for _ in one(subject)) == 1600
    assert not subject.search.budget.spent


def test_checks_can_be_chosen() -> None:
    rubric, _ = rubric_of(
        'rubric "Test" id test.check\nversion 1\ntotal 3 points\ncomponent 1 "A" 2 points\n'
        "  input a: count\n  score judged\n"
    )
    assert [one.code for one in check(rubric)] == ["RUB401", "RUB209"]
    assert [one.code for one in check(rubric, (check_sums,))] == ["RUB401"]
    assert isinstance(CHECKS, tuple)


def test_every_code_of_the_checks_has_a_page() -> None:
    wanted = {
        401, 402, 403, 404, 405, 406, 407, 410, 411, 412, 413, 414, 415, 416, 417, 418, 419, 420, 421, 422, 423, 424,
        425, 426, 430, 431, 432, 433, 438, 439, 209,
    }  # fmt: skip
    assert {f"RUB{number}" for number in wanted} <= set(codes())

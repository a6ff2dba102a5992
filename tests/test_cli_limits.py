"""The command line where there is very much to say, and explanations in the reader's own keywords."""

import json
from pathlib import Path

import pytest
from cli_runs import RUBRIC, Outcome, narrow

from rubric_engine.cli.samples import sample_text
from rubric_engine.diagnostics import catalogue
from rubric_engine.engine import RubricError, load_rubric


@pytest.mark.parametrize(("language", "rest"), [("en", "and 20 more"), ("vi", "và 20 mục nữa")])
def test_very_many_findings_are_counted(tmp_path: Path, language: str, rest: str) -> None:
    path = tmp_path / "many.rubric"
    path.write_text(RUBRIC + "".join(f"  bogus {at}\n" for at in range(120)), encoding="utf-8")
    done = Outcome("check", str(path), "--language", language)
    assert done.out.count("rubric explain") == 100
    assert f"({rest}: `rubric check --all`" in done.out
    assert narrow("\n".join(line for line in done.out.split("\n") if "-->" not in line))
    assert Outcome("check", str(path), "--all").out.count("rubric explain") == 120
    assert len(json.loads(Outcome("check", str(path), "--format", "json").out)) == 120
    for command in (("score", str(path), "-"), ("test", str(path))):
        done = Outcome(*command, stdin="{}")
        assert done.err.count("rubric explain") == 100
        assert "(and 20 more: `rubric check --all` shows them)" in done.err
    with pytest.raises(RubricError, match=r"\(and 20 more: `diagnostics`\)") as error:
        load_rubric(path)
    assert len(error.value.diagnostics) == 120


def test_very_many_problems_of_a_submission_are_counted(tmp_path: Path) -> None:
    rows = '  input late "Late": list\n    column days "Days": count\n  score by plan'
    text = RUBRIC.replace("  score by plan", rows).replace("    late: 1", "    late: min(1, count of late)")
    path = tmp_path / "rows.rubric"
    path.write_text(text, encoding="utf-8")
    given = json.dumps({"inputs": {"late": [{"days": -1}] * 3000}})
    done = Outcome("score", str(path), "-", stdin=given)
    assert (done.code, done.out) == (1, "")
    assert done.err.count("[RUB503]") == 100
    assert done.err.endswith("and 2900 more like these: `--all` shows them\n")
    done = Outcome("score", str(path), "-", "--all", stdin=given)
    assert done.err.count("[RUB503]") == 3000
    done = Outcome("score", str(path), "-", "--format", "json", stdin=given)
    assert len(json.loads(done.out)["problems"]) == 3000


# Samples that only their own language can show: lines that cannot be read, odd blanks and quotes, layout.
UNTRANSLATABLE = {f"RUB{number}" for number in (*range(101, 119), 126, 901, 902)}


@pytest.mark.parametrize("code", catalogue.codes())
def test_explain_shows_a_sample_in_the_keywords_of_its_reader(code: str) -> None:
    page = catalogue.page(code)
    right = sample_text(page, page.good, "vi")
    assert right.startswith("bộ tiêu chí") or code in ("RUB901", "RUB902")
    if code not in UNTRANSLATABLE:
        wrong = sample_text(page, page.bad, "vi")
        assert "bộ tiêu chí" in wrong
        assert "\nrubric " not in wrong
    for sample in (page.bad, page.good):
        if not sample.rubric.startswith("bộ tiêu chí"):
            assert sample_text(page, sample, "en") == sample.rubric

"""``stages``, ``claims`` and ``progress``: units in the round of one year."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from cli_round import dossier, write_json, write_round
from cli_runs import Outcome, golden, narrow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A round of two years, with the figures of the second."""
    write_round(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert Outcome("figures", "round.rubric", "2025", "-o", "figures.json").code == 0
    running = dossier(2, 2025)
    del running["stages"]["self"]["inputs"]["done"]
    del running["stages"]["appraisal"]["inputs"]
    running["stages"]["appraisal"]["judged"] = {}
    write_json(tmp_path / "running.json", running)
    return tmp_path


FIGURES = ("--figures", "figures.json")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("stages.txt", ("stages", "2025/2.json", *FIGURES, "--deadlines", "days.json", "--as-of", "2026-01-05")),
        ("stages-rejected.txt", ("stages", "2025/3.json", *FIGURES)),
        ("stages-finding.md", ("stages", "2025/4.json", *FIGURES, "--as-of", "2026-04-01", "--format", "md")),
        ("stages.csv", ("stages", "2025", *FIGURES, "--format", "csv")),
        ("claims.txt", ("claims", "2025/4.json", *FIGURES)),
        ("claims.md", ("claims", "2025/4.json", *FIGURES, "--format", "md")),
        ("claims.csv", ("claims", "2025", *FIGURES, "--format", "csv")),
        ("progress.txt", ("progress", "running.json")),
        ("progress-units.txt", ("progress", "running.json", "2025/0.json", "2025/4.json", "--stage", "self")),
        ("progress.csv", ("progress", "2025", *FIGURES, "--format", "csv")),
    ],
)
def test_looks(folder: Path, name: str, args: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome(args[0], "round.rubric", *args[1:], "--language", language)
    assert done.code == 0, done.err
    assert not name.endswith(".txt") or narrow(done.out)
    golden(f"{language}-{name}", done.out.replace("\r\n", "\n"), update_golden)


# ---------------------------------------------------------------- stages


def test_from_and_to_choose_the_stages(folder: Path) -> None:
    given = json.loads(
        Outcome("stages", "round.rubric", "2025/2.json", "--from", "self", "--to", "appraisal", "--format", "json").out
    )
    (unit,) = given["units"]
    assert [(one["before"], one["after"]) for one in unit["differences"]] == [("self", "appraisal")]
    assert unit["open_explanations"] == ["1.1"]
    back = Outcome("stages", "round.rubric", "2025/2.json", "--from", "appraisal", "--to", "self")
    assert (back.code, "--from comes before --to" in back.err) == (2, True)


def test_several_units_begin_with_a_table_of_totals(folder: Path) -> None:
    done = Outcome("stages", "round.rubric", "2025", *FIGURES, "--language", "en")
    assert done.out.index("Xã Gia Lộc") < done.out.index("Tự chấm → Thẩm định")
    assert done.out.count("Tự chấm → Thẩm định") == 6
    assert narrow(done.out)


def test_a_rubric_that_looks_at_other_units_says_how_to_give_them(folder: Path) -> None:
    done = Outcome("stages", "round.rubric", "2025/2.json", "--language", "en")
    assert "`rubric figures` saves them" in " ".join(done.out.split())
    assert "12.13 to 15.13" in done.out


def test_a_dossier_without_a_stage_is_refused(folder: Path) -> None:
    write_json(folder / "none.json", {"unit": "A", "stages": {}})
    done = Outcome("stages", "round.rubric", "none.json", "2025/2.json", "--language", "en")
    assert done.code == 1
    assert "none.json:3:12: the dossier has reached no stage yet" in done.err
    assert "2 units: 1 scored, 1 refused" in done.out


def test_a_flat_submission_is_told_where_its_facts_belong(folder: Path) -> None:
    write_json(folder / "flat.json", {"unit": "A", "inputs": {"done": 1}})
    done = Outcome("stages", "round.rubric", "flat.json")
    assert (done.code, "RUB551" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"selff": "2025-12-15"}', "did you mean `self`?"),
        ('{"self": "soon"}', "`self` is no day"),
        ("[]", "should hold days"),
        ("{", "is not JSON"),
    ],
)
def test_days_that_are_none(folder: Path, text: str, said: str) -> None:
    (folder / "wrong.json").write_text(text)
    done = Outcome("stages", "round.rubric", "2025/2.json", "--deadlines", "wrong.json", "--language", "en")
    assert done.code == 2
    assert said in " ".join(done.err.split())
    assert Outcome("stages", "round.rubric", "2025/2.json", "--as-of", "soon").code == 2


# ---------------------------------------------------------------- claims


def test_claims_of_the_stage_that_has_some(folder: Path) -> None:
    own = json.loads(Outcome("claims", "round.rubric", "2025/4.json", "--format", "json").out)["units"][0]
    assert own["stage"] == "self"
    assert {claim["code"]: claim["difference"] for claim in own["claims"]} == {"1.1": "3", "1.2": "3"}
    later = Outcome("claims", "round.rubric", "2025/4.json", "--stage", "appraisal", "--language", "en")
    assert "The unit claims no points" in later.out


def test_the_rule_behind_a_difference_has_its_line(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(
        Outcome("claims", "round.rubric", "2025/4.json", "--format", "csv", "--language", "en").out
    )))  # fmt: skip
    lines = (folder / "round.rubric").read_text("utf-8").splitlines()
    by_code = {row["Code"]: row["line"].split(", ") for row in rows}
    assert any("score in proportion" in lines[int(line) - 1] for line in by_code["1.1"])
    assert any("deduct 1 for each" in lines[int(line) - 1] for line in by_code["1.2"])


# ---------------------------------------------------------------- progress


def test_one_unit_is_never_measured_against_itself(folder: Path) -> None:
    one = json.loads(Outcome("progress", "round.rubric", "2025/2.json", "--format", "json").out)["units"][0]
    assert one["completion"] == {"done": 3, "all": 4, "share": "0.75"}
    assert one["pending"][0]["missing"] == ["average survey among units"]
    known = json.loads(Outcome("progress", "round.rubric", "2025/2.json", *FIGURES, "--format", "json").out)["units"][0]
    assert known["settled"]
    many = Outcome("progress", "round.rubric", "2025", "--language", "en")
    assert "taken among the 6 units" in many.out


def test_progress_names_who_is_waited_for_and_who_is_late(folder: Path) -> None:
    silent, early = dossier(1, 2025), dossier(5, 2025)
    del silent["stages"]["appraisal"]["inputs"]["survey"]
    del early["stages"]["appraisal"]
    silent["done"], early["done"] = {"files": "2025-12-23"}, {}
    write_json(folder / "2025" / "1.json", silent)
    write_json(folder / "2025" / "5.json", early)
    args = ("progress", "round.rubric", "2025", "--as-of", "2025-12-30")
    shown = Outcome(*args, "--language", "vi").out
    assert re.search(r"Hài lòng +1 +Xã Bình Minh\n", shown)
    assert re.search(r"Xã Bình Minh +Nộp minh chứng +20/12/2025 +23/12/2025 +3 ngày\n", shown)
    # A unit that is behind with its stages is late as well.
    assert re.search(r"Xã Gia Lộc +Nộp minh chứng +20/12/2025 +chưa nộp +10 ngày\n", shown)
    late = json.loads(Outcome(*args, "--format", "json").out)["late"]
    assert {"unit": "Xã Bình Minh", "name": "files", "title": "Nộp minh chứng", "due": "2025-12-20",
            "done": "2025-12-23", "days": 3, "open": False} in late  # fmt: skip


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_blank_spreadsheet_is_filled_in_and_scored(folder: Path, language: str) -> None:
    """Every column of the header is one the command reads back, for the stage that is asked for."""
    header = Outcome("template", "round.rubric", "--format", "csv", "--language", language).out
    assert header.startswith("\ufeff")
    table = csv.reader(io.StringIO(header.removeprefix("\ufeff")), delimiter=";" if language == "vi" else ",")
    (names,) = list(table)
    assert len(names) == len(set(names))
    assert {"Vùng", "Nhiệm vụ được giao", "Hài lòng"} < set(names)
    assert not [name for name in names if "average" in name]
    (folder / "blank.csv").write_bytes(header.encode() + "Xã Mới\r\n".encode())
    done = Outcome("rank", "round.rubric", "blank.csv", "--language", "en")
    assert (done.code, done.err) == (0, "")
    own = Outcome("template", "round.rubric", "--format", "csv", "--stage", "self", "--language", language).out
    assert "Nhiệm vụ được giao" in own
    assert "Hài lòng" not in own
    assert "2.2" not in own

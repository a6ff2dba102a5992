"""``compare``: the same units in two cycles and more."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from cli_round import ROUND, dossier, write_json, write_round
from cli_runs import Outcome, golden, narrow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A round of two years; an older one; a rubric of the year before with another maximum and another code."""
    write_round(tmp_path)
    (tmp_path / "2023").mkdir()
    for number in range(4):
        write_json(tmp_path / "2023" / f"{number}.json", dossier(number, 2024))
    old = ROUND.replace("version 2025", "version 2024").replace("criterion 1.2", "criterion 1.3")
    old = old.replace("total 20 points", "total 22 points").replace('"Công việc trong năm" 10 points',
                                                                    '"Công việc trong năm" 12 points')  # fmt: skip
    old = old.replace('"Thực hiện kế hoạch năm" 5 points', '"Thực hiện kế hoạch năm" 7 points')
    (tmp_path / "old.rubric").write_text(old, "utf-8")
    (tmp_path / "old").mkdir()
    for number in range(6):
        given = dossier(number, 2024)
        given["stages"]["self"]["claims"] = {}
        given["findings"] = []
        write_json(tmp_path / "old" / f"{number}.json", given)
    monkeypatch.chdir(tmp_path)
    return tmp_path


OLD = ("--old-rubric", "old.rubric")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("compare.txt", ("2024", "2025", "--within", "region")),
        ("compare.csv", ("2024", "2025", "--format", "csv", "--years", "2023")),
        ("compare-unit.txt", ("2024", "2025", "--unit", "Xã Ea Kar", "--as-of", "2026-04-01")),
        ("compare-unit.md", ("2024", "2025", "--unit", "Xã Cát Tiên", "--years", "2023", "--format", "md")),
        ("compare-unit.csv", ("old", "2025", "--unit", "Xã Cát Tiên", *OLD, "--format", "csv")),
        ("compare-rubrics.txt", ("old", "2025", *OLD)),
        ("compare-rubrics-unit.txt", ("old", "2025", *OLD, "--unit", "Xã Cát Tiên", "--renamed", "1.3=1.2")),
    ],
)
def test_looks(folder: Path, name: str, args: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome("compare", "round.rubric", *args, "--language", language)
    assert done.code == 0, done.err
    assert not name.endswith(".txt") or narrow(done.out)
    golden(f"{language}-{name}", done.out.replace("\r\n", "\n"), update_golden)


def test_change_in_points_rank_and_grade_by_unit(folder: Path) -> None:
    found = json.loads(Outcome("compare", "round.rubric", "2024", "2025", "--format", "json").out)
    totals = {unit["unit"]: unit["total"] for unit in found["units"]}
    own = totals["Xã An Bình"]
    assert (own["before"], own["after"], own["change"]) == ("18", "20", "2")
    assert (own["rank_before"], own["rank_after"], own["grade_after"]) == (1, 1, "Tốt")
    again = {unit["unit"]: [one["code"] for one in unit["deducted_again"]] for unit in found["units"]}
    assert again["Xã Bình Minh"] == ["1.2"]
    assert again["Xã An Bình"] == []


def test_units_that_are_in_one_cycle_only_are_named(folder: Path) -> None:
    done = Outcome("compare", "round.rubric", "2023", "2025", "--language", "en")
    assert "Only now: Xã Ea Kar, Xã Gia Lộc" in done.out
    assert "4 units: 4 scored" in done.out


def test_a_finding_put_right_and_found_again_came_back(folder: Path) -> None:
    before, after = dossier(4, 2024), dossier(4, 2025)
    before["findings"][0]["put_right"] = "2025-02-01"
    after["findings"] = [{"id": "KT-02", "node": "1.2", "found": "lại chậm báo cáo"}]
    write_json(folder / "2024" / "4.json", before)
    write_json(folder / "2025" / "4.json", after)
    done = Outcome("compare", "round.rubric", "2024", "2025", "--unit", "Xã Ea Kar", "--language", "en")
    assert "came back: KT-01 was put right before" in done.out
    assert "KT-02" in Outcome("compare", "round.rubric", "2024", "2025", "--language", "en").out


def test_files_of_one_unit_are_compared_and_what_others_decide_stays_open(folder: Path) -> None:
    done = Outcome("compare", "round.rubric", "2024/2.json", "2025/2.json", "--language", "en")
    assert done.code == 0
    assert "points not known in one of the two" in done.out
    assert re.search(r"1\.2 +Báo cáo định kỳ +2 +3 +\+1", done.out)


def test_saved_results_compare(folder: Path) -> None:
    assert Outcome("figures", "round.rubric", "2025", "-o", "figures.json").code == 0
    for year in ("2024", "2025"):
        out = Outcome("score", "round.rubric", f"{year}/2.json", "--figures", "figures.json", "--format", "json").out
        (folder / f"saved-{year}.json").write_text(out, "utf-8")
    done = Outcome("compare", "round.rubric", "saved-2024.json", "saved-2025.json", "--format", "json")
    assert json.loads(done.out)["total"]["change"] == "0.38"


def test_a_wrong_file_of_either_cycle_is_told_and_counted(folder: Path) -> None:
    (folder / "2024" / "9.json").write_text("{")
    done = Outcome("compare", "round.rubric", "2024", "2025", "--language", "en")
    assert done.code == 1
    assert "2024/9.json:1:2" in done.err
    assert "7 units: 6 scored, 1 refused" in done.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("2024",), "NEW"),
        (("2024", "2052"), "no such file"),
        (("2024", "2025", "--unit", "Xã An Bìn"), "did you mean `Xã An Bình`?"),
        (("2024", "2025", "--renamed", "1.9=1.2"), "no heading"),
        (("2024", "2025", "--renamed", "1.9"), "--renamed takes name=value"),
        (("2024", "2025", "--within", "regio"), "did you mean `region`?"),
        (("2024", "2025", "--old-rubric", "nowhere"), "no such file"),
    ],
)
def test_wrong_use_says_what_to_do(folder: Path, args: tuple[str, ...], said: str) -> None:
    done = Outcome("compare", "round.rubric", *args, "--language", "en")
    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_csv_of_all_units_has_a_row_each(folder: Path) -> None:
    done = Outcome("compare", "round.rubric", "2024", "2025", "--format", "csv", "--language", "en")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == 6
    assert {row["Unit"]: row["Change"] for row in rows}["Xã An Bình"] == "2"


def test_why_a_rank_was_lost(folder: Path) -> None:
    """Who came past, and what gave the points then and now, for each leaf that moved."""
    fell, rose = dossier(1, 2025), dossier(3, 2025)
    fell["stages"]["self"]["inputs"].update(done=2, reports=5)
    del rose["stages"]["appraisal"]["evidence"]
    write_json(folder / "2025" / "1.json", fell)
    write_json(folder / "2025" / "3.json", rose)
    args = ("compare", "round.rubric", "2024", "2025", "--unit")
    told = {name: json.loads(Outcome(*args, name, "--format", "json").out) for name in ("Xã Bình Minh", "Xã Đông Hải")}
    assert told["Xã Bình Minh"]["came_past"][0] == {
        "unit": "Xã Đông Hải", "rank_before": 3, "rank_after": 2, "before": "15.5", "after": "18",
    }  # fmt: skip
    assert [one["unit"] for one in told["Xã Đông Hải"]["left_behind"]] == ["Xã Bình Minh"]
    assert told["Xã Đông Hải"]["came_past"] == []
    shown = " ".join(Outcome(*args, "Xã Bình Minh", "--language", "en").out.split())
    assert "Units that came past" in shown
    assert "Before: start at 5; −2: deduct 1 for each of reports, at most 5: Báo cáo trễ hạn = 2 (báo" in shown
    assert "After: start at 5; −5: deduct 1 for each of reports, at most 5: Báo cáo trễ hạn = 5 (báo" in shown


def test_a_unit_that_has_not_reached_the_stage_is_not_gone(folder: Path) -> None:
    early = dossier(5, 2025)
    del early["stages"]["appraisal"]
    write_json(folder / "2025" / "5.json", early)
    done = Outcome("compare", "round.rubric", "2024", "2025", "--language", "en")
    assert "Not at the stage `Thẩm định` yet: Xã Gia Lộc" in done.out
    assert "Only before" not in done.out

"""``gaps`` and ``whatif``: one unit, and what would change its points."""

import json
from pathlib import Path

import pytest
from cli_round import UNITS, dossier, write_json, write_round
from cli_runs import Outcome, golden, narrow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A round with the figures of its second year."""
    write_round(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert Outcome("figures", "round.rubric", "2025", "-o", "figures.json").code == 0
    return tmp_path


FIGURES = ("--figures", "figures.json")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("gaps.txt", ("gaps", "2025/2.json", *FIGURES, "--next-grade")),
        ("gaps.md", ("gaps", "2025/4.json", *FIGURES, "--format", "md")),
        ("gaps.csv", ("gaps", "2025/2.json", *FIGURES, "--format", "csv")),
        ("gaps-waiting.txt", ("gaps", "2025/2.json", "--next-grade")),
        ("gaps-best.txt", ("gaps", "2025/0.json", *FIGURES, "--next-grade")),
        ("whatif.txt", ("whatif", "2025/2.json", "--set", "done=8", "--set", "judged 2.2=5", "--cohort", "2025")),
        ("whatif-alone.txt", ("whatif", "2025/3.json", "--set", "evidence decision=accepted", *FIGURES)),
        ("whatif.csv", ("whatif", "2025/2.json", "--set", "Báo cáo trễ hạn=0", *FIGURES, "--format", "csv")),
    ],
)
def test_looks(folder: Path, name: str, args: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome(args[0], "round.rubric", *args[1:], "--language", language)
    assert done.code == 0, done.err
    assert not name.endswith(".txt") or narrow(done.out)
    golden(f"{language}-{name}", done.out.replace("\r\n", "\n"), update_golden)


def asked(*args: str) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = json.loads(
        Outcome("whatif", "round.rubric", "2025/2.json", *FIGURES, *args, "--format", "json").out
    )
    return found


def test_every_way_of_gaps_is_what_whatif_says(folder: Path) -> None:
    found = json.loads(Outcome("gaps", "round.rubric", "2025/2.json", *FIGURES, "--format", "json").out)
    tried = 0
    for leaf in found["leaves"]:
        for way in leaf["ways"]:
            named = {"inputs": "", "judged": "judged "}
            sets = [
                f"--set={named[change['section']]}{change['name']}={change['given']}"
                for change in way["changes"] if change["section"] in named
            ]  # fmt: skip
            if len(sets) == len(way["changes"]):
                assert asked(*sets)["total"]["change"] == way["total_gained"]
                tried += 1
    assert tried > 3


def test_taking_back_and_statuses(folder: Path) -> None:
    assert asked("--set", "done=")["total"]["after"] is None
    rejected = asked("--set", "minh chứng decision=bị từ chối")
    assert rejected["total"]["change"] == "-0.63"
    assert asked("--set", "evidence decision=99/QĐ")["total"]["change"] == "0"


def test_the_rank_among_others_moves(folder: Path) -> None:
    found = json.loads(
        Outcome("whatif", "round.rubric", "2025/2.json", "--set", "done=8", "--cohort", "2025", "--format", "json").out
    )
    assert (found["rank"]["before"]["rank"], found["rank"]["after"]["rank"]) == (5, 4)


def test_a_unit_of_a_file_of_many(folder: Path) -> None:
    write_json(folder / "all.json", [dossier(number, 2025) for number in range(len(UNITS))])
    one = Outcome("gaps", "round.rubric", "all.json", "--unit", "Xã Ea Kar", "--format", "json")
    assert json.loads(one.out)["unit"] == "Xã Ea Kar"
    whole = Outcome("gaps", "round.rubric", "all.json", "--language", "en")
    assert (whole.code, "say which with --unit" in whole.err) == (2, True)


def test_a_register_is_set_as_json(folder: Path) -> None:
    text = 'rubric "R" id t.rows\nversion 1\ntotal 5 points\ncomponent 1 "Late" 5 points\n  input late "Late": list\n'
    text += '    column days "Days": count\n  start at full points\n  deduct 1 for each of count of late\n'
    (folder / "rows.rubric").write_text(text, "utf-8")
    write_json(folder / "rows.json", {"unit": "A", "inputs": {"late": [{"days": 2}, {"days": 3}]}})
    done = Outcome("whatif", "rows.rubric", "rows.json", "--set", 'late=[{"days": 1}]', "--format", "json")
    assert json.loads(done.out)["total"]["change"] == "1"
    wrong = Outcome("whatif", "rows.rubric", "rows.json", "--set", "late=1,2")
    assert (wrong.code, "as JSON" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "say it with --set"),
        (("--set", "done"), "--set takes name=value"),
        (("--set", "doen=1"), "did you mean `done`?"),
        (("--set", "unit=B"), "nothing called `unit`"),
        (("--set", "done=99"), "done"),
        (("--set", "done=9", "--set", "done=8"), "`done` twice"),
        (("--set", "done=5", "--cohort", "2024/0.json"), "no unit `Xã Cát Tiên` in `2024/0.json`"),
        (("--set", "done=5", "--cohort", "2025", *FIGURES), "leave --figures out"),
        (("--set", "done=5", "--unit", "X"), "no unit `X`"),
    ],
)
def test_wrong_use_says_what_to_do(folder: Path, args: tuple[str, ...], said: str) -> None:
    done = Outcome("whatif", "round.rubric", "2025/2.json", *args, "--language", "en")
    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_a_submission_that_cannot_be_read_is_a_finding(folder: Path) -> None:
    given = dossier(2, 2025)
    given["stages"]["self"]["inputs"]["done"] = "nhiều"
    del given["stages"]["appraisal"]["inputs"]["done"]
    write_json(folder / "wrong.json", given)
    done = Outcome("gaps", "round.rubric", "wrong.json", "--language", "en")
    assert done.code == 1
    lines = (folder / "wrong.json").read_text("utf-8").splitlines()
    line, column = next((at, text.index('"nhiều"')) for at, text in enumerate(lines, 1) if '"nhiều"' in text)
    assert f"wrong.json:{line}:{column + 1}: inputs.done" in done.err


def test_next_grade_without_a_grade_table_is_wrong_use(folder: Path) -> None:
    (folder / "bare.rubric").write_text('rubric "R" id r\nversion 1\ntotal 5 points\ncomponent 1 "J" 5 points\n'
                                        '  score judged\n')  # fmt: skip
    write_json(folder / "bare.json", {"unit": "A", "judged": {"1": 3}})
    done = Outcome("gaps", "bare.rubric", "bare.json", "--next-grade")
    assert (done.code, "grades this unit" in done.err) == (2, True)

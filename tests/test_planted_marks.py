"""Marks that steer a terminal or turn the direction of writing, planted in every text of a rubric and of a submission:
no command shows one as it is."""

import json
import unicodedata
from pathlib import Path

import pytest
from cli_runs import Outcome

# Escapes, the bell, the one-byte form of an escape, a carriage return, turns of direction, a separator of lines.
MARKS = ["\x1b[31m", "\x07", "\x9b31m", "\u202e", "\u2066", "\u2028"]

RUBRIC = """\
rubric "Sheet{m}" id t.planted
version 1
issued "12{m}/QD" by "Office{m}" on 2024-01-02
total 6 points
stages self "Self{m}", final "Final{m}"

area 1 "Area{m}" 6 points
criterion 1.1 "Plan{m}" 2 points
  input plan "Plan{m}": one of timely "in{m} time", late "late{m}"
  evidence paper "Paper{m}" required, if missing deduct 1
  score by plan
    timely: 2
    late: 1

criterion 1.2 "Done{m}" 4 points
  input done "Done{m}": count, at most 4
  input region "Region{m}": text
  score done
  deduct 0.5 when plan is late because "late{m}"

grades by total
  good "Good{m}": 3 or more
  poor "Poor{m}": below 3

ranking within region
  by total
"""
COMMANDS = [
    ("check",), ("score", "unit.json"), ("score", "unit.json", "--why"), ("score", "unit.json", "--format", "json"),
    ("score", "unit.json", "--format", "markdown"), ("score", "bad.json"), ("template",),
    ("template", "--format", "markdown"),
    ("schema",), ("rank", "units.json"), ("rank", "units.json", "--losses"), ("rank", "units.json", "--format", "md"),
    ("rank", "units.json", "--format", "csv"), ("rank", "units.json", "--format", "json"), ("rank", "units.csv"),
    ("score", "old.json", "--why"), ("score", "old.json"), ("score", "old.json", "--format", "json"),
    ("score", "old.json", "--format", "markdown"), ("gaps", "old.json"), ("gaps", "old.json", "--format", "csv"),
    ("whatif", "old.json", "--set", "done=4"), ("rank", "old.json"), ("rank", "old.json", "--format", "json"),
    ("rank", "old.json", "--losses", "--format", "md"), ("compare", "old.json", "old.json"), ("claims", "round.json"),
    ("stages", "round.json"), ("stages", "round.json", "--format", "md"), ("progress", "round.json"),
    ("template", "--format", "csv"), ("template", "--language", "vi", "--format", "markdown"),
    ("gaps", "unit.json"), ("gaps", "unit.json", "--format", "md"), ("whatif", "unit.json", "--set", "done=4"),
    ("claims", "dossier.json"), ("stages", "dossier.json"), ("progress", "dossier.json"),
    ("compare", "unit.json", "old.json"),
]  # fmt: skip


def write_files(folder: Path, mark: str) -> None:
    """A rubric, submissions, a dossier and a table, the mark in every text of theirs."""
    (folder / "sheet.rubric").write_text(RUBRIC.replace("{m}", mark), encoding="utf-8", newline="")
    unit = {
        "unit": f"Ward{mark}", "inputs": {"plan": "late", "done": 1, "region": f"North{mark}"},
        "evidence": {"paper": [{"reference": f"1{mark}2/QD", "note": f"note{mark}"}]}, "claims": {"1.2": 4},
    }  # fmt: skip
    plain = {"unit": "Ward", "inputs": {"plan": "late", "done": 1, "region": "North"}, "claims": {"1.2": 4}}
    bad = {"unit": f"Ward{mark}", "inputs": {f"pl{mark}an": f"so{mark}on", "done": f"ma{mark}ny"}, f"x{mark}": 1}
    first = {"inputs": plain["inputs"], "claims": {"1.2": 4}, "done": "2024-01-01"}
    last = {"inputs": {"done": 2}, "evidence": unit["evidence"], "remarks": {"1.2": f"low{mark}"}}
    own = {"unit": "Ward", "stages": {"self": first, "final": {"inputs": {"done": 2}}}}
    dossier = {"unit": f"Ward{mark}", "stages": {"self": first, "final": last}}
    written = {"unit": unit, "bad": bad, "old": plain, "units": [unit, plain, bad], "dossier": dossier, "round": own}
    for name, data in written.items():
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    rows = f'unit,plan,done,region,col{mark}\n"Ward{mark}",la{mark}te,1,"North{mark}",x\n'
    (folder / "units.csv").write_text(rows, encoding="utf-8", newline="")


def shown_as_they_are(text: str) -> set[str]:
    """The marks a reader's terminal would obey; a tab and the end of a line are none."""
    obeyed = {char for char in text if unicodedata.category(char) in ("Cc", "Zl", "Zp")} - {"\n", "\t"}
    return obeyed | ({"\u202e", "\u2066", "\u2069", "\u200f"} & set(text))


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
def test_no_command_shows_a_planted_mark(mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, mark)
    monkeypatch.chdir(tmp_path)
    for command, *rest in COMMANDS:
        for language in ((), ("--language", "vi")):
            done = Outcome(command, "sheet.rubric", *rest, *language)
            assert done.code in (0, 1, 2), (command, rest, done.err)
            assert "internal error" not in done.err, (command, rest, done.err)
            assert shown_as_they_are(done.out + done.err) == set(), (command, rest)

"""``rank`` and ``figures``: many units in order, whatever files they come in."""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from cli_round import ROUND, UNITS, dossier, write_json, write_round
from cli_runs import Outcome, golden, narrow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A round of two years."""
    write_round(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ranked(*args: str) -> dict[str, int | None]:
    """Unit to rank."""
    found = json.loads(Outcome("rank", "round.rubric", *args, "--format", "json").out)
    return {row["unit"]: row["rank"] for row in found["units"]}


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("rank.txt", ()),
        ("rank.md", ("--format", "md")),
        ("rank.csv", ("--format", "csv")),
        ("rank-groups.txt", ("--within", "region", "--losses", "--limit", "2")),
        ("rank-self.txt", ("--stage", "self", "--by", "total")),
    ],
)
def test_looks(folder: Path, name: str, more: tuple[str, ...], language: str, update_golden: bool) -> None:
    done = Outcome("rank", "round.rubric", "2025", *more, "--language", language)
    assert done.code == 0
    assert not name.endswith(".txt") or narrow(done.out)
    golden(f"{language}-{name}", done.out.replace("\r\n", "\n"), update_golden)


def test_the_quota_lowers_a_grade_and_says_so(folder: Path) -> None:
    done = Outcome("rank", "round.rubric", "2025", "--format", "json")
    grades = {row["unit"]: (row["grade"]["before"], row["grade"]["name"]) for row in json.loads(done.out)["units"]}
    assert grades["Xã An Bình"] == ("good", "good")
    assert grades["Xã Đông Hải"] == ("good", "fair")
    text = Outcome("rank", "round.rubric", "2025", "--language", "en").out
    assert "Khá*" in text
    assert "before it: Xã Đông Hải: Tốt" in text


def test_what_cannot_be_scored_is_told_with_its_place_and_stops_nobody(folder: Path) -> None:
    (folder / "2025" / "8.json").write_text('{"unit": "Hỏng",\n "stages": {"self": {\n  "inputs": {"done": "ba"}}}}')
    (folder / "2025" / "9.json").write_text('{"unit": "Hỏng nữa",\n "stages": ')
    (folder / "2025" / "x.txt").write_text("ghi chú")
    done = Outcome("rank", "round.rubric", "2025", "--language", "en", "--stage", "self", "--by", "total")
    assert done.code == 1
    assert "2025/9.json:2:12: " in done.err
    assert "2025/8.json:3:22: inputs.done: `ba`" in done.err
    assert "8 units: 6 scored, 2 refused" in done.out
    assert "Not read, neither JSON nor CSV: 2025/x.txt" in done.out
    assert re.search(r"Hỏng +the submission could not be scored", done.out), "nobody is left out"
    assert narrow(done.err)
    found = json.loads(
        Outcome("rank", "round.rubric", "2025", "--stage", "self", "--by", "total", "--format", "json").out
    )
    assert found["counts"] == {"scored": 6, "refused": 2, "not_at_stage": 0}
    assert [(fault["line"], fault["column"]) for fault in found["problems"]] == [(2, 12), (3, 22)]
    assert [unit["unit"] for unit in found["unranked"]] == ["Hỏng"]


def test_a_unit_not_at_the_stage_is_named_and_nothing_is_final(folder: Path) -> None:
    late = dossier(5, 2025)
    del late["stages"]["appraisal"]
    write_json(folder / "2025" / "5.json", late)
    done = Outcome("rank", "round.rubric", "2025", "--language", "en")
    assert done.code == 0
    assert "Not at the stage `Thẩm định` yet: Xã Gia Lộc" in done.out
    assert "Not final" in done.out
    assert "6 units: 5 scored, 0 refused, 1 not at this stage yet" in done.out
    assert len(ranked("2025", "--stage", "self", "--by", "total")) == 6


def test_two_dossiers_of_one_unit_are_both_refused(folder: Path) -> None:
    write_json(folder / "2025" / "again.json", dossier(0, 2025))
    done = Outcome("rank", "round.rubric", "2025", "--language", "en")
    assert done.code == 1
    assert "2025/0.json:" in done.err
    assert "2025/again.json:" in done.err
    assert "5 scored, 2 refused" in done.out


def test_places_left_to_the_authority_are_named(folder: Path) -> None:
    equal = dossier(1, 2025)
    equal["unit"] = "Xã Bằng Điểm"
    write_json(folder / "2025" / "equal.json", equal)
    done = Outcome("rank", "round.rubric", "2025", "--language", "en")
    assert done.out.count(" 2–3  ") == 2
    assert "places 2 to 3: Xã Bằng Điểm, Xã Bình Minh" in done.out
    assert "Hội đồng biểu quyết" in done.out
    assert "places 2 to 3" not in Outcome("rank", "round.rubric", "2025", "--limit", "1", "--language", "en").out


def test_by_something_else(folder: Path) -> None:
    assert ranked("2025", "--by", "2.2")["Xã Ea Kar"] == 6
    assert ranked("2025", "--by", "2.2 lowest first")["Xã Ea Kar"] == 1
    by = ("--by", "1.1", "--by", "total")
    table = Outcome("rank", "round.rubric", "2025", *by, "--format", "csv", "--language", "en")
    header, first, *_ = csv.reader(io.StringIO(table.out))
    assert header[3:5] == ["1.1", "Total"]
    assert first[3] == "5"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--by", "1.l"), "did you mean `1.1`?"),
        (("--within", "regin"), "did you mean `region`?"),
        (("--within", "done"), "--within names a one-of or text input"),
        (("--stage", "selff"), "did you mean `self`?"),
        (("--format", "xml"), "xml"),
        (("--bom",), "use it with --format csv"),
        (("--decimal", "comma"), "use it with --format csv"),
        (("--limit", "0"), "greater than or equal to 1"),
        (("--figures", "days.json"), "not figures of a cohort"),
        (("--figures", "nowhere.json"), "cannot read `nowhere.json`"),
        (("--deadlines", "round.rubric"), "is not JSON"),
        (("--previous", "nowhere"), "no such file"),
    ],
)
def test_wrong_use_says_what_to_do(folder: Path, args: tuple[str, ...], said: str) -> None:
    done = Outcome("rank", "round.rubric", "2025", *args, "--language", "en")
    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_a_csv_reads_back_as_a_spreadsheet_of_either_language_wants_it(folder: Path) -> None:
    vi = Outcome("rank", "round.rubric", "2025", "--format", "csv", "--language", "vi", "--bom").out
    assert vi.startswith("\ufeffHạng;Đơn vị;")
    row = next(row for row in csv.reader(io.StringIO(vi), delimiter=";") if row[1] == "Xã Bình Minh")
    assert row[3] == "18,5"
    en = Outcome("rank", "round.rubric", "2025", "--format", "csv", "--language", "vi", "--decimal", "point").out
    assert next(row for row in csv.reader(io.StringIO(en)) if row[1] == "Xã Bình Minh")[3] == "18.5"


def test_a_name_is_never_a_formula(folder: Path) -> None:
    named = dossier(0, 2025)
    named["unit"] = '=HYPERLINK("http://x","y")'
    write_json(folder / "2025" / "0.json", named)
    done = Outcome("rank", "round.rubric", "2025", "--format", "csv", "--language", "en")
    assert [row[1] for row in csv.reader(io.StringIO(done.out))][1].startswith("'=HYPERLINK")


def test_output_is_written_and_said(folder: Path) -> None:
    done = Outcome("rank", "round.rubric", "2025", "-o", "rank.md", "--format", "md", "--language", "en")
    assert (done.code, done.out) == (0, "")
    assert "written to rank.md" in done.err
    assert (folder / "rank.md").read_text("utf-8").startswith("# Chấm điểm cấp xã\n")
    assert Outcome("rank", "round.rubric", "2025", "-o", "no/such/rank.md").code == 2


# ---------------------------------------------------------------- files of every kind

PLAIN = """\
rubric "Plain" id t.plain
version 1
total 10 points
input rate "Tỷ lệ giải quyết": percent, from 0% to 100%
component 1 "One" 5 points
  score in proportion to rate
component 2 "Two" 5 points
  input owed "Nợ": number, at least 0
  input kind "Loại": one of a "Loại A", b "Loại B"
  score when kind is a then 5 otherwise max(0, 5 - owed)
"""
PLAIN = PLAIN.replace("  score when kind is a then 5 otherwise max(0, 5 - owed)\n",
                      "  score\n    when kind is a: 5\n    otherwise: max(0, 5 - owed)\n")  # fmt: skip
SAME = [("A", "50%", "1.5", "a"), ("B", "80%", "2.5", "b"), ("C", "20%", "0", "Loại B")]


def plain(name: str, rate: str, owed: str, kind: str) -> dict[str, object]:
    return {"unit": name, "inputs": {"rate": rate, "owed": float(owed), "kind": kind}}


@pytest.fixture
def plain_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "plain.rubric").write_text(PLAIN, "utf-8")
    (tmp_path / "each").mkdir()
    for row in SAME:
        write_json(tmp_path / "each" / f"{row[0]}.json", plain(*row))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ranks_of(*words: str, stdin: str | None = None) -> list[tuple[str, str]]:
    done = Outcome("rank", "plain.rubric", *words, "--format", "json", stdin=stdin)
    assert done.code == 0, done.err
    return [(row["unit"], row["total"]) for row in json.loads(done.out)["units"]]


def test_the_same_units_in_files_of_every_kind(plain_folder: Path) -> None:
    wanted = ranks_of("each")
    assert wanted == [("A", "7.5"), ("B", "6.5"), ("C", "6")]
    units = [plain(*row) for row in SAME]
    write_json(plain_folder / "list.json", units)
    lines = "\n".join(json.dumps(unit, ensure_ascii=False) for unit in units)
    (plain_folder / "lines.jsonl").write_text(lines + "\n\n", "utf-8")
    (plain_folder / "lines.json").write_text(lines, "utf-8")
    head = "unit{0}Tỷ lệ giải quyết{0}owed{0}Loại"
    comma, semicolon, tab = (head.format(mark) for mark in (",", ";", "\t"))
    rows = [",".join(row) for row in SAME]
    (plain_folder / "comma.csv").write_text("\n".join([comma, *rows]), "utf-8")
    vi = [";".join((name, rate, owed.replace(".", ","), kind)) for name, rate, owed, kind in SAME]
    (plain_folder / "vi.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join([semicolon, *vi]).encode())
    tabs = "\n".join(["\t".join(row) for row in [tab.split("\t"), *SAME]])
    (plain_folder / "tabs.tsv").write_text(tabs, "utf-8")
    (plain_folder / "nfd.csv").write_text(unicodedata.normalize("NFD", "\n".join([comma, *rows])), "utf-8")
    for name in ("list.json", "lines.jsonl", "lines.json", "comma.csv", "vi.csv", "tabs.tsv", "nfd.csv"):
        assert ranks_of(name) == wanted, name
    assert ranks_of("-", stdin=json.dumps(units)) == wanted
    assert ranks_of("-", stdin="\n".join([comma, *rows])) == wanted
    assert ranks_of("each/A.json", "each/B.json", "each/C.json") == wanted
    assert ranks_of("each", "each/A.json") == wanted, "a file named twice is one file"


def test_a_wrong_row_is_told_with_line_and_column(plain_folder: Path) -> None:
    text = 'unit,rate,owed,kind\nA,50%,1.5,a\nB,80%,nhiều,b\n"C\nhai",20%,0,c\nD,20%,0,a,thừa\n'
    (plain_folder / "rows.csv").write_text(text, "utf-8")
    done = Outcome("rank", "plain.rubric", "rows.csv", "--language", "en")
    assert done.code == 1
    assert [line.split(": ")[0] for line in done.err.splitlines() if line.startswith("rows")] == [
        "rows.csv:3:3", "rows.csv:4:4", "rows.csv:6",
    ]  # fmt: skip
    assert "4 units: 1 scored, 3 refused" in done.out


def test_a_column_nobody_knows_is_refused_with_its_table_unless_ignored(plain_folder: Path) -> None:
    (plain_folder / "more.csv").write_text("unit,rate,owed,kind,ghi chú\nA,50%,1,a,x\n", "utf-8")
    done = Outcome("rank", "plain.rubric", "more.csv", "--language", "en")
    assert done.code == 1
    assert "more.csv:1:5: ghi chú: the rubric has nothing called" in " ".join(done.err.split())
    assert "1 unit: 0 scored, 1 refused" in done.out
    done = Outcome("rank", "plain.rubric", "more.csv", "--language", "en", "--ignore", "GHI  CHÚ")
    assert done.code == 0
    assert "1 unit: 1 scored, 0 refused" in done.out


def test_a_wrong_line_of_json_lines_is_told(plain_folder: Path) -> None:
    good = json.dumps(plain(*SAME[0]))
    (plain_folder / "some.jsonl").write_text(f'{good}\n{{"unit": "X", oops\n{{"unit": "Y", "inputs": {{"rat": 1}}}}\n')
    done = Outcome("rank", "plain.rubric", "some.jsonl", "--language", "en")
    assert done.code == 1
    assert "some.jsonl:2:15: " in done.err
    assert "some.jsonl:3:" in done.err
    assert "3 units: 1 scored, 2 refused" in done.out


@pytest.mark.parametrize("text", ["", "\n\n", "[]", "null", "3", '"x"', "\x00\x01", "\ufeff", "[[[", "{}", "a,b\n1,2"])
@pytest.mark.parametrize("name", ["odd.json", "odd.csv", "odd.jsonl", "odd"])
def test_no_file_ends_in_a_traceback(plain_folder: Path, name: str, text: str) -> None:
    (plain_folder / name).write_text(text, "utf-8")
    assert Outcome("rank", "plain.rubric", name, "each/A.json").code in (0, 1)


def test_places_in_json_follow_codes_with_dots_and_lists(plain_folder: Path) -> None:
    (plain_folder / "round.rubric").write_text(ROUND, "utf-8")
    given = '[{"unit": "A", "stages": {"self": {"inputs": {"planned": 1}}}},\n {"unit": "B", "stages": {"self": {},\n'
    given += '  "appraisal": {"judged": {"2.2":\n   9}}}}]'
    (plain_folder / "list.json").write_text(given)
    done = Outcome("rank", "round.rubric", "list.json", "--language", "en")
    assert "list.json:4:4: judged.2.2" in done.err
    given = given.replace('"self": {},', '"self": {"inputs": {"done": -1}},')
    (plain_folder / "list.json").write_text(given)
    done = Outcome("rank", "round.rubric", "list.json", "--language", "en")
    column = given.splitlines()[1].index("-1") + 1
    assert f"list.json:2:{column}: inputs.done" in done.err, "what a stage inherits stands at the stage before"


def test_folders_and_names_kept_beside_the_rubric(plain_folder: Path) -> None:
    (plain_folder / "plain").mkdir()
    (plain_folder / "each").rename(plain_folder / "plain" / "nam-2025")
    assert len(ranks_of("nam-2025")) == 3
    done = Outcome("rank", "plain.rubric", "nam-2052", "--language", "en")
    assert (done.code, "did you mean `nam-2025`?" in done.err) == (2, True)
    (plain_folder / "empty").mkdir()
    assert "no JSON or CSV file" in Outcome("rank", "plain.rubric", "empty").err


# ---------------------------------------------------------------- figures, the cycle before


def test_figures_score_one_unit_as_it_stood_among_the_others(folder: Path) -> None:
    done = Outcome("figures", "round.rubric", "2025", "-o", "figures.json", "--language", "en")
    assert (done.code, done.err) == (0, "figures.json: figures of 6 units\n")
    table = json.loads(Outcome("rank", "round.rubric", "2025", "--format", "json").out)
    totals = {row["unit"]: row["total"] for row in table["units"]}
    for number, unit in enumerate(UNITS):
        one = Outcome("score", "round.rubric", f"2025/{number}.json", "--figures", "figures.json", "--format", "json")
        assert json.loads(one.out)["total"]["published"] == totals[unit[0]]
    alone = json.loads(Outcome("score", "round.rubric", "2025/2.json", "--format", "json").out)
    assert alone["total"]["published"] is None, "nobody knows the average from one unit"
    few = Outcome("rank", "round.rubric", "2025/2.json", "2025/4.json", "--figures", "figures.json", "--format", "json")
    assert {row["unit"]: row["total"] for row in json.loads(few.out)["units"]} == {
        name: totals[name] for name in ("Xã Cát Tiên", "Xã Ea Kar")
    }
    assert Outcome("figures", "round.rubric", "2025").out.startswith("{")
    other = Outcome("score", "hai-phong-212", "2025/2.json", "--figures", "figures.json")
    assert (other.code, "figures of rubric t.round" in other.err) == (2, True)


def test_score_takes_the_stage_of_a_dossier(folder: Path) -> None:
    own = json.loads(Outcome("score", "round.rubric", "2025/2.json", "--stage", "self", "--format", "json").out)
    assert own["total"]["published"] == "6.75"
    write_json(folder / "early.json", {"unit": "A", "stages": {"self": {}}})
    done = Outcome("score", "round.rubric", "early.json", "--stage", "appraisal")
    assert (done.code, "has not reached the stage" in done.err) == (2, True)
    assert Outcome("score", "--stage", "self", "--why", "1.1", "round.rubric", "2025/2.json").code == 0


def test_the_cycle_before_is_read_by_unit(plain_folder: Path) -> None:
    text = PLAIN.replace('  score in proportion to rate\n',
                         '  score\n    when rate > previous rate if no previous 0%: 5\n'
                         '    when rate = previous rate if no previous 0%: previous points of 1 if no previous 0\n'
                         '    otherwise: 0\n')  # fmt: skip
    (plain_folder / "grow.rubric").write_text(text, "utf-8")
    (plain_folder / "before").mkdir()
    for row in (("A", "40%", "0", "a"), ("B", "80%", "0", "a"), ("C", "30%", "0", "a")):
        write_json(plain_folder / "before" / f"{row[0]}.json", plain(*row))
    done = Outcome("rank", "grow.rubric", "each", "--previous", "before", "--by", "1", "--format", "json")
    points = {row["unit"]: row["keys"] for row in json.loads(done.out)["units"]}
    assert points == {"A": ["5"], "B": ["5"], "C": ["0"]}
    own = json.loads(Outcome("score", "grow.rubric", "each/C.json", "--previous", "before", "--format", "json").out)
    assert own["total"]["published"] == "5"
    saved = Outcome("score", "plain.rubric", "before/B.json", "--format", "json").out
    (plain_folder / "saved.json").write_text(saved, "utf-8")
    text = text.replace("rate > previous rate if no previous 0%", "previous total if no previous 0 >= 9")
    text = text.replace("    when rate = previous rate if no previous 0%: previous points of 1 if no previous 0\n", "")
    (plain_folder / "total.rubric").write_text(text, "utf-8")
    done = Outcome("rank", "total.rubric", "each", "--previous", "saved.json", "--by", "1", "--format", "json")
    assert {row["unit"]: row["keys"] for row in json.loads(done.out)["units"]}["B"] == ["5"], "a saved result will do"
    (plain_folder / "before" / "A.json").write_text("{")
    done = Outcome("rank", "grow.rubric", "each", "--previous", "before")
    assert (done.code, "before/A.json:1:2" in " ".join(done.err.split())) == (2, True)


def test_units_without_a_cycle_before_are_counted(plain_folder: Path) -> None:
    """What holds without the year before is scored in silence otherwise, and the rank looks sound."""
    text = PLAIN.replace('  score in proportion to rate\n',
                         '  score\n    when rate > previous rate if no previous 0%: 5\n    otherwise: 0\n')  # fmt: skip
    (plain_folder / "grow.rubric").write_text(text, "utf-8")
    (plain_folder / "before").mkdir()
    write_json(plain_folder / "before" / "A.json", plain("A", "40%", "0", "a"))
    note = "chưa có số liệu kỳ trước: --previous TỆP để dùng"
    assert f"3 trên 3 đơn vị {note}" in Outcome("rank", "grow.rubric", "each", "--language", "vi").out
    assert f"2 trên 3 đơn vị {note}" in Outcome("rank", "grow.rubric", "each", "--previous", "before",
                                                "--language", "vi").out  # fmt: skip
    assert note not in Outcome("rank", "plain.rubric", "each", "--language", "vi").out


def test_every_message_about_units_speaks_the_language_asked_for(plain_folder: Path) -> None:
    (plain_folder / "twice.csv").write_text("unit,rate,owed,kind,zzz\nA,50%,1,a,\nA,60%,1,a,\n", "utf-8")
    done = Outcome("rank", "plain.rubric", "twice.csv", "--language", "vi")
    assert "bộ tiêu chí không có mục nào tên là `zzz`" in " ".join(done.err.split())
    done = Outcome("rank", "plain.rubric", "twice.csv", "--language", "vi", "--ignore", "zzz")
    assert "`A` đã có ở dòng 2" in done.err
    assert "`A` là tên của 2 bản số liệu" in " ".join(done.err.split())
    for args, said in (
        (("rank", "plain.rubric", "nowhere"), "không có tệp số liệu `nowhere`"),
        (("rank", "plain.rubric", "each", "--within", "kin"), "có phải là `kind`?"),
        (("gaps", "plain.rubric", "each"), "nêu một đơn vị bằng --unit"),
    ):
        done = Outcome(*args, "--language", "vi")
        assert done.code == 2
        assert said in " ".join(done.err.split())


def test_an_empty_file_is_said_to_be_empty(plain_folder: Path) -> None:
    (plain_folder / "each" / "none.json").write_text(" \n", "utf-8")
    done = Outcome("rank", "plain.rubric", "each", "--language", "vi")
    assert done.code == 1
    assert done.err.endswith("none.json:1:1: tệp trống, không có số liệu\n")
    assert "4 đơn vị: đã chấm 3, không nhận 1" in done.out


def test_the_name_of_the_output_says_its_shape(folder: Path) -> None:
    """What a spreadsheet could not open under its name is not written."""
    for name, begins in (("o.csv", "Rank"), ("o.json", "{"), ("o.md", "# "), ("o.txt", "Chấm")):
        assert Outcome("rank", "round.rubric", "2025", "-o", name).code == 0
        assert (folder / name).read_text(encoding="utf-8").lstrip("\ufeff").startswith(begins)
    refused = Outcome("rank", "round.rubric", "2025", "-o", "o.xlsx", "--format", "csv")
    assert refused.code == 2
    assert "-o NAME.csv" in refused.err
    assert not (folder / "o.xlsx").exists()


MATRIX = """rubric "Matrix" id t.matrix
version 1
total 20 points

area 1 "Tasks done" 10 points
component 1.1 "Tasks" 10 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score in proportion to done / planned

area 2 "In time" 10 points
component 2.1 "Late" 10 points
  input late "Late": count
  start at full points
  deduct 2 for each of late, at most 10
"""


@pytest.fixture
def matrix(tmp_path: Path) -> list[str]:
    (tmp_path / "sheet.rubric").write_text(MATRIX, encoding="utf-8")
    (tmp_path / "units.csv").write_text("Mã,planned,done,late\nA,10,9,1\nB,10,5,0\nC,,,\n", encoding="utf-8")
    return ["rank", str(tmp_path / "sheet.rubric"), str(tmp_path / "units.csv"), "--unit-column", "mã"]


def test_the_points_of_headings_stand_beside_the_ranking(matrix: list[str]) -> None:
    text = Outcome(*matrix, "--columns", "areas").out
    assert "Unit  1   2\n----  -  --\nA     9   8\nB     5  10\nC     …   …\n" in text
    assert "- 1 Tasks done" in text
    table = Outcome(*matrix, "--columns", "1.1, 2", "--format", "csv").out.splitlines()
    assert table[0].endswith("Reason,1.1 Tasks,2 In time")
    assert table[1].endswith(",9,8")
    data = json.loads(Outcome(*matrix, "--columns", "all", "--format", "json").out)
    assert data["units"][1]["headings"]["2.1"] == {"points": "10", "maximum": "10", "state": "scored"}
    assert "| A | 9 |" in Outcome(*matrix, "--columns", "1", "--format", "markdown").out


def test_a_column_of_no_heading_is_named(matrix: list[str]) -> None:
    found = Outcome(*matrix, "--columns", "1.2")
    assert found.code == 2
    assert "not `1.2`" in " ".join(found.err.split())


def test_a_unit_that_has_said_nothing_is_told_so(matrix: list[str]) -> None:
    assert "C     pending: nothing filled in" in Outcome(*matrix).out
    assert "C       chưa đủ số liệu: chưa điền gì" in Outcome(*matrix, "--language", "vi").out


def test_a_column_of_units_that_is_not_there(matrix: list[str]) -> None:
    wrong = [*matrix[:-1], "tên"]
    assert "no column is called `tên`" in " ".join(Outcome(*wrong).err.split())
    assert "say which it is with `--unit-column`" in " ".join(Outcome(*matrix[:-2]).err.split())

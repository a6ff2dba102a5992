"""Tables with one row a unit: what a column may be called, how a spreadsheet writes cells, what is wrong and where."""

import unicodedata
from dataclasses import replace
from fractions import Fraction as F

import pytest
from cohort_plans import GROUP, RATE, evaluator, figure, figure_input
from plans import leaf, points, sheet

from rubric_engine.cohort import CsvRead, read_csv, score_cohort
from rubric_engine.evaluator import Evaluator
from rubric_engine.plan import expr as x
from rubric_engine.plan import plan as p


def rubric(language: str = "en") -> Evaluator:
    """An input of most kinds, a judged leaf 1.2, evidence, a register and a figure of the year before."""
    previous = figure(p.ReferenceKind.PREVIOUS, x.Fact("rate"), "previous rate")
    inputs = [
        replace(RATE, label="Tỷ lệ đúng hạn", maximum=p.Bound(x.Const(F(100)))), replace(GROUP, optional=True),
        p.InputSpec("ok", "Đã công khai", p.Kind.YES_NO, optional=True),
        p.InputSpec("done", "Work", p.Kind.COUNT, optional=True),
        p.InputSpec("planned", "Work", p.Kind.COUNT, optional=True),
        p.InputSpec("tasks", "Task list", p.Kind.LIST, optional=True, columns=(p.InputSpec("n", "N", p.Kind.COUNT),)),
        replace(figure_input(previous), optional=True),
    ]
    group = p.PlanNode("1", "One", "area", F(0), F(20), None, (1, 2), 1)
    nodes = [group, leaf("1.1", 10, 0, base=points((None, x.Const(F(1))))),
             leaf("1.2", 10, 0, base=points((None, x.Judged("1.2"))))]  # fmt: skip
    plan = sheet(inputs, nodes, references=(previous,), language=language)
    judged = (p.JudgedSpec("1.2", "Ý kiến tổ thẩm định", F(0), F(10)),)
    paper = (p.EvidenceSpec("paper", "Paper", "1.1", x.Always(True), 1, None, None, p.Effect.WARN, F(0)),)
    return evaluator(replace(plan, judged=judged, evidence=paper))


def read(text: str | bytes, language: str = "en") -> CsvRead:
    return read_csv(text, rubric(language), "điểm.csv")


def problems(text: str | bytes, language: str = "en") -> list[str]:
    return [str(problem) for problem in read(text, language).problems]


def test_a_row_is_a_submission_and_can_be_scored() -> None:
    found = read('unit,rate,region,ok,judged 1.2,evidence paper,claims 1.1\r\nSở A,"85.5",north,yes,7,12/QĐ,1\r\n')
    assert not found.problems
    assert found.submissions == ({
        "unit": "Sở A", "inputs": {"rate": "85.5", "region": "north", "ok": "yes"}, "judged": {"1.2": "7"},
        "evidence": {"paper": [{"reference": "12/QĐ"}]}, "claims": {"1.1": "1"},
    },)  # fmt: skip
    cohort = score_cohort(rubric(), found.submissions)
    assert cohort["Sở A"].total.published == 8
    assert cohort["Sở A"].claims == {"1.1": 1}


@pytest.mark.parametrize("header", [
    "đơn vị;TỶ LỆ  ĐÚNG HẠN;1.2", "Tên đơn vị;tỷ lệ đúng hạn;Ý kiến tổ thẩm định", "unit;rate;Điểm nhận xét 1.2",
])  # fmt: skip
def test_a_column_is_called_by_name_label_or_code(header: str) -> None:
    found = read(f"{header}\nA;85,5;7,25\n", "vi")
    assert not found.problems
    facts = rubric("vi").read(found.rows[0].submission)
    assert (facts.values["rate"], facts.judged["1.2"]) == (F("85.5"), F("7.25"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_and_cells_may_hold_it(separator: str) -> None:
    text = separator.join(("unit", "rate", "region")) + "\n" + separator.join((f'"A{separator} ""B"""', "3", "south"))
    found = read(text)
    assert [row.unit for row in found.rows] == [f'A{separator} "B"']
    assert found.rows[0].submission["inputs"] == {"rate": "3", "region": "south"}


def test_what_spreadsheets_put_around_a_table() -> None:
    assert read("\ufeffsep=;\r\nunit;rate\r\nA;3\r\n\r\n;;\r\n").rows[0].line == 3
    assert len(read("unit;rate\rA;3\rB;4").rows) == 2
    assert len(read("unit,rate\nA,3\n".encode("utf-16")).rows) == 1
    assert len(read("unit,rate\nA,3\n".encode("utf-8-sig")).rows) == 1
    decomposed = unicodedata.normalize("NFD", "đơn vị;Tỷ lệ đúng hạn\nSở Y tế;3\n")
    assert read(decomposed).rows[0].unit == unicodedata.normalize("NFC", "Sở Y tế")
    assert not read(decomposed).problems


def test_lines_are_counted_where_a_cell_holds_several() -> None:
    assert [row.line for row in read('unit,rate\n"A\r\nB",3\nC,4\n').rows] == [2, 4]


def test_a_blank_cell_is_missing_and_never_zero() -> None:
    found = read("unit,rate,judged 1.2\nA,,\n")
    assert found.submissions[0]["inputs"] == {}
    assert score_cohort(rubric(), found.submissions)["A"].missing == ("judged 1.2",)


def test_a_figure_of_the_year_before_has_a_column_too() -> None:
    assert read("unit,previous rate\nA,3\n").submissions[0]["references"] == {"previous rate": "3"}


# ---------------------------------------------------------------- problems


def test_a_value_that_cannot_be_read_is_named_with_its_place_and_the_unit_is_not_lost() -> None:
    found = read("unit,rate,judged 1.2\nA,3,1\nB,120,x\n")
    assert [(one.line, one.column, one.header) for one in found.problems] == [(3, 2, "rate"), (3, 3, "judged 1.2")]
    assert str(found.problems[0]).startswith("điểm.csv:3:2: rate: `120` is out of bounds")
    assert [row.unit for row in found.rows] == ["A", "B"]
    cohort = score_cohort(rubric(), found.submissions)
    assert [problem.unit for problem in cohort.problems] == ["B"]


def test_columns_nobody_knows_or_knows_twice() -> None:
    assert problems("unit,rat,Work,Task list,zzzzz,rate,rate\nA,1,2,3,4,5,6\n") == [
        "điểm.csv:1:2: rat: the rubric has nothing called `rat`; did you mean `rate`? `--ignore` leaves a column out",
        "điểm.csv:1:3: Work: `Work` is the label of several: `done`, `planned`; use the name",
        "điểm.csv:1:5: zzzzz: the rubric has nothing called `zzzzz`; known are names and labels of inputs, "
        "`judged CODE`, `evidence NAME`, `claims CODE`, `decision CODE`; `--ignore` leaves a column out",
        "điểm.csv:1:7: rate: `rate` stands in column 6 already",
    ]


def test_a_register_is_a_json_list_in_its_cell() -> None:
    found = read('unit;Task list\nA;"[{""n"": 3}, {""n"": 4}]"\nB;[]\nC;\nD;[{n: 3}]\nE;"[{""n"": ""x""}]"\n')
    assert [row.submission["inputs"] for row in found.rows] == [
        {"tasks": [{"n": 3}, {"n": 4}]}, {"tasks": []}, {}, {"tasks": "[{n: 3}]"}, {"tasks": [{"n": "x"}]},
    ]  # fmt: skip
    assert [(one.line, one.column, one.header) for one in found.problems] == [(5, 2, "Task list"), (6, 2, "Task list")]


@pytest.mark.parametrize(("cell", "piece"), [
    ("12/QĐ (accepted)", {"reference": "12/QĐ", "status": "accepted"}),
    ("12/QĐ (Bị từ chối)", {"reference": "12/QĐ", "status": "rejected"}),
    ("12/QĐ (page 3)", {"reference": "12/QĐ (page 3)"}),
    ("12/QĐ - rejected", {"reference": "12/QĐ", "status": "rejected"}),
    ("12/QĐ: được chấp nhận", {"reference": "12/QĐ", "status": "accepted"}),
])  # fmt: skip
def test_the_status_of_evidence_stands_in_brackets(cell: str, piece: dict[str, str]) -> None:
    for spelt in (cell, unicodedata.normalize("NFD", cell)):
        found = read(f"unit,evidence paper\nA,{spelt}\n")
        assert not found.problems
        read_piece = found.submissions[0]["evidence"]["paper"][0]  # type: ignore[index]
        assert {key: unicodedata.normalize("NFC", text) for key, text in read_piece.items()} == piece


def test_an_unquoted_decimal_comma_is_noticed() -> None:
    found = read("unit,rate\nA,85,5\nB,3\n")
    assert [row.unit for row in found.rows] == ["B"]
    assert str(found.problems[0]) == (
        "điểm.csv:2: the row has 3 cells and the header 2; put a value with a separator in it in quotation marks"
    )


def test_units_need_names_of_their_own() -> None:
    assert problems("unit,rate\nA,1\n,2\nA,3\n") == [
        "điểm.csv:3:1: the row names no unit", "điểm.csv:4:1: `A` stands in line 2 already",
    ]  # fmt: skip
    assert problems("rate\n1\n", "vi") == [
        "điểm.csv:1: không có cột tên đơn vị; hãy đặt tên một cột là `đơn vị`, hoặc chỉ rõ cột bằng `--unit-column`",
        "điểm.csv:2: dòng này không ghi tên đơn vị",
    ]


def test_text_that_is_no_table() -> None:
    assert problems("") == ["điểm.csv:1: the file has no header; the first line names the columns"]
    assert problems(b"\xff\xfe\x00") == [
        "điểm.csv:1: the file is not UTF-8 or UTF-16 text; save it as *CSV UTF-8*"
    ]
    assert problems('unit,rate\n"A,1\nB,2\n') == ["điểm.csv:2:1: the quotation mark opened here is never closed"]
    assert problems('unit,rate\n"A"x,1\nB,2\n') == [
        "điểm.csv:2:1: text stands after the closing quotation mark; double a mark that belongs to the text"
    ]


@pytest.mark.parametrize("header", ["paper", "Paper", "evidence Paper", "minh chứng Paper", "MINH CHỨNG paper"])
def test_evidence_may_be_called_by_its_label(header: str) -> None:
    found = read(f"unit,rate,{header}\nA,85,12/QĐ (accepted)\n")
    assert not found.problems
    assert found.submissions[0]["evidence"] == {"paper": [{"reference": "12/QĐ", "status": "accepted"}]}


def test_problems_speak_the_language_asked_for() -> None:
    found = read_csv("unit,zzz,Task list\nA,1,3\n", rubric("en"), "điểm.csv", language="vi")
    assert [str(problem) for problem in found.problems] == [
        "điểm.csv:1:2: zzz: bộ tiêu chí không có mục nào tên là `zzz`; có thể dùng tên hoặc nhãn của dữ liệu, "
        "`điểm nhận xét MÃ`, `minh chứng TÊN`, `tự chấm MÃ`, `quyết định MÃ`; `--ignore` để bỏ qua một cột",
    ]
    found = read_csv("unit,Task list\nA,3\n", rubric("en"), "điểm.csv", language="vi")
    assert [str(problem) for problem in found.problems] == [
        'điểm.csv:2:2: Task list: `3` không phải danh sách; hãy ghi các dòng theo JSON, ví dụ `[{"n": 5}]`, '
        "không có dòng nào thì ghi `[]`",
    ]


@pytest.mark.parametrize("name", ["Total", "TỔNG CỘNG", " Bình quân "])
def test_a_row_about_the_others_is_pointed_out_and_is_no_unit(name: str) -> None:
    read = read_csv(f"unit,judged 1.2\nA,3\n{name},9\n", rubric("en"))
    assert [row.unit for row in read.rows] == ["A"]
    assert [(one.line, one.column, one.remark) for one in read.problems] == [(3, 1, True)]
    assert not read.refused

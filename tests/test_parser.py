"""Text to tree: every form becomes its node, every fault one message on its own line."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine.diagnostics.catalogue import help_text, message
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import Parsed, parse
from rubric_engine.syntax.tree import nodes as n

GOLDEN = Path(__file__).parent / "golden" / "syntax"
HEAD = 'rubric "R" id r\n'
VI_HEAD = 'bộ tiêu chí "R" mã r\n'


def read(text: str) -> Parsed:
    return parse(SourceFile.from_text(text))


def one(line: str, head: str = HEAD) -> n.Statement:
    """The statement of one line; it must be read without a message."""
    parsed = read(head + line)
    assert parsed.diagnostics == ()
    assert len(parsed.tree.statements) == 2
    return parsed.tree.statements[1]


def faults(text: str) -> list[tuple[str, int]]:
    """Code and line of each message."""
    source = SourceFile.from_text(text)
    return [(each.code, source.position(each.span.start).line) for each in parse(source).diagnostics]


def num(value: int | str, percent: bool = False) -> n.Num:
    return n.Num(Fraction(value), percent)


# ---------------------------------------------------------------- golden


@pytest.mark.parametrize("name", ["slips-en", "slips-vi"])
def test_messages(name: str, update_golden: bool) -> None:
    source = SourceFile.from_text((GOLDEN / f"{name}.rubric").read_text(encoding="utf-8"))
    parsed = parse(source)
    language = parsed.tree.language
    shown = []
    for each in parsed.diagnostics:
        place = source.position(each.span.start)
        shown.append(f"{place.line}:{place.column} {each.code} {message(each, language)}")
        shown.append(f"    {source.line_text(place.line).strip()}")
        shown.append(f"    = {help_text(each, language)}")
        if each.fix is not None:
            mended = source.text[: each.fix.span.start] + each.fix.replacement + source.text[each.fix.span.end :]
            shown.append(f"    > {SourceFile.from_text(mended).line_text(place.line).strip()}")
    text = "\n".join(shown) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if update_golden:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["slips-en", "slips-vi"])
def test_one_fault_one_message(name: str) -> None:
    text = (GOLDEN / f"{name}.rubric").read_text(encoding="utf-8")
    lines = [line for _, line in faults(text)]
    assert len(lines) == len(set(lines))
    faulty = {number for number, line in enumerate(text.splitlines(), start=1) if number > 2}
    assert faulty == set(lines)


@pytest.mark.parametrize("name", ["slips-en", "slips-vi"])
def test_an_offered_fix_mends_the_line(name: str) -> None:
    text = (GOLDEN / f"{name}.rubric").read_text(encoding="utf-8")
    source = SourceFile.from_text(text)
    tried = 0
    for each in parse(source).diagnostics:
        if each.fix is None or each.code in ("RUB106", "RUB110", "RUB115"):
            continue
        line = source.line_number(each.fix.span.start)
        mended = source.text[: each.fix.span.start] + each.fix.replacement + source.text[each.fix.span.end :]
        assert line not in [place for _, place in faults(mended)], each
        tried += 1
    assert tried > 10


def test_the_example_of_the_design() -> None:
    parsed = read((GOLDEN / "ca-mau.rubric").read_text(encoding="utf-8"))
    assert parsed.diagnostics == ()
    assert parsed.tree.language == "en"
    assert len(parsed.tree.statements) == 33
    assert parsed.tree.statements[10] == n.ScoreBy(n.Name("plan"))
    assert parsed.tree.statements[-1] == n.Row(n.Band(None, num(70, True), high_open=True), num(0))


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize(
    ("line", "vietnamese", "node"),
    [
        ("version 2013.1", "phiên bản 2013.1", n.Version("2013.1")),
        (
            'issued "1/QĐ" by "UBND" on 2013-12-02',
            'ban hành "1/QĐ" của "UBND" ngày 02/12/2013',
            n.Issued(n.Text("1/QĐ"), n.Text("UBND"), n.DateLit(date(2013, 12, 2))),
        ),
        ("in force from 2014-01-01", "có hiệu lực từ 1/1/2014", n.InForce(n.DateLit(date(2014, 1, 1)))),
        (
            'total 100.5 points, signed, rounded half-up to 2 places, as printed because "misprint"',
            'tổng điểm 100,5 điểm, có điểm âm, làm tròn nửa lên đến 2 chữ số, theo văn bản vì "misprint"',
            n.TotalPoints(num("100.5"), True, n.RoundTo("half-up", 2), n.Text("misprint")),
        ),
        (
            "contains 1 area, 2 criteria, 3 components, 1 level 6",
            "gồm 1 lĩnh vực, 2 tiêu chí, 3 tiêu chí thành phần, 1 cấp 6",
            n.Contains(((1, "area"), (2, "criterion"), (3, "component"), (1, "level 6"))),
        ),
        ("only accepted evidence", "chỉ tính minh chứng được chấp nhận", n.OnlyAccepted()),
        (
            'component II.5.1a "X" -0.25 to 2 points',
            'tiêu chí thành phần II.5.1a "X" -0,25 đến 2 điểm',
            n.Heading("component", 4, n.Ident("II.5.1a"), n.Text("X"), num("-0.25"), num(2)),
        ),
        (
            'level 6 1.1.1.1.1.1 "X" 1 point',
            'cấp 6 1.1.1.1.1.1 "X" 1 điểm',
            n.Heading("level 6", 6, n.Ident("1.1.1.1.1.1"), n.Text("X"), None, num(1)),
        ),
        (
            "item TC1-CT2 condition",
            "mục TC1-CT2 điều kiện bắt buộc",
            n.Heading("item", 5, n.Ident("TC1-CT2"), None, kind="condition"),
        ),
        ("due 2023-12-15", "hạn 15/12/2023", n.ColumnClause("due", n.DateLit(date(2023, 12, 15)))),
        ('data from "Sở"', 'nguồn số liệu "Sở"', n.ColumnClause("data_from", n.Text("Sở"))),
        (
            'input a, b "L": number, from 0 to 10, with 2 decimals, optional',
            'dữ liệu a, b "L": số, từ 0 đến 10, với 2 chữ số thập phân, không bắt buộc',
            n.InputClause(
                (n.Ident("a"), n.Ident("b")),
                n.Text("L"),
                "number",
                (),
                (n.BoundClause(">=", num(0)), n.BoundClause("<=", num(10))),
                2,
                True,
            ),
        ),
        (
            'input x: one of cd < dat "Đạt" < kha, optional',
            'dữ liệu x: một trong cd < dat "Đạt" < kha, không bắt buộc',
            n.InputClause(
                (n.Ident("x"),),
                None,
                "one of",
                (
                    n.LevelDef(n.Ident("cd")),
                    n.LevelDef(n.Ident("dat"), n.Text("Đạt"), True),
                    n.LevelDef(n.Ident("kha"), None, True),
                ),
                optional=True,
            ),
        ),
        (
            "given to all units city_average: percent",
            "số liệu chung city_average: phần trăm",
            n.InputClause((n.Ident("city_average"),), None, "percent", shared=True),
        ),
        (
            'parameter target "T": percent = 80%, from 50% to 100%',
            'tham số target "T": phần trăm = 80%, từ 50% đến 100%',
            n.ParameterClause(
                n.Ident("target"),
                n.Text("T"),
                "percent",
                num(80, True),
                (n.BoundClause(">=", num(50, True)), n.BoundClause("<=", num(100, True))),
            ),
        ),
        (
            'evidence e "T" required unless a, at least 2, issued from 2023-01-01 to 2023-12-31, if missing at most 5%',
            'minh chứng e "T" bắt buộc trừ khi a, ít nhất 2, ban hành từ 1/1/2023 đến 31/12/2023, nếu thiếu tối đa 5%',
            n.EvidenceClause(
                n.Ident("e"),
                n.Text("T"),
                n.Name("a"),
                True,
                2,
                n.DateLit(date(2023, 1, 1)),
                n.DateLit(date(2023, 12, 31)),
                n.EffectClause("at most share", num(5, True)),
            ),
        ),
        (
            "score by x rounded half-up to 1 place, interpolated",
            "chấm theo x làm tròn nửa lên đến 1 chữ số, nội suy",
            n.ScoreBy(n.Name("x"), n.RoundTo("half-up", 1), True),
        ),
        (
            "score in proportion to a / b, 0 below 70%",
            "chấm tỷ lệ với a / b, 0 dưới 70%",
            n.ScoreProportion(n.Product(n.Name("a"), (("/", n.Name("b")),)), num(70, True)),
        ),
        (
            "score judged from 0 to 1.25 in steps of 0.25",
            "chấm theo nhận xét từ 0 đến 1,25 bước 0,25",
            n.ScoreJudged(num(0), num("1.25"), num("0.25")),
        ),
        ("every leaf: start at full points", "mọi mục: bắt đầu từ đủ điểm", n.EveryLeaf(n.StartAt(n.FullPoints()))),
        (
            'deduct 0.25 points for each of late when big, at most 1 because "Điều 5"',
            'trừ 0,25 điểm cho mỗi late khi big, tối đa 1 vì "Điều 5"',
            n.AdjustClause(False, num("0.25"), n.Name("late"), n.Name("big"), num(1), n.Text("Điều 5")),
        ),
        (
            "deduct judged shoddy from 2 to 5 when drop",
            "trừ theo nhận xét shoddy từ 2 đến 5 khi drop",
            n.AdjustClause(False, n.JudgedAmount(n.Ident("shoddy"), num(2), num(5)), None, n.Name("drop")),
        ),
        (
            'require plan, otherwise 0 because "no plan"',
            'phải có plan, nếu không thì 0 vì "no plan"',
            n.RequireClause(n.Name("plan"), num(0), n.Text("no plan")),
        ),
        (
            "at most 30 points when late",
            "tối đa 30 điểm khi late",
            n.LimitClause(True, num(30), n.Name("late")),
        ),
        (
            "total 0 points when late",
            "tổng điểm 0 điểm khi late",
            n.TotalLimit(n.LimitClause(True, num(0), n.Name("late"), exactly=True)),
        ),
        (
            "not applicable when a = 0: keep the worth of total",
            "không áp dụng khi a = 0: giữ nguyên tổng điểm của tổng điểm",
            n.NotApplicableClause(
                n.Comparison(n.Name("a"), (("=", num(0)),)), "keep the worth of", worth_of=n.Ident("total")
            ),
        ),
        (
            'not applicable when nothing applies: undecided "X"',
            'không áp dụng khi không mục nào áp dụng: chờ quyết định "X"',
            n.NotApplicableClause(None, "undecided", True, None, n.Text("X")),
        ),
        ("timely, yes: 1", "timely, có: 1", n.Row(n.LevelKeys((n.Ident("timely"), n.YesNo(True))), num(1))),
        ("none: -0.5", "none: -0,5", n.Row(n.LevelKeys((n.Ident("none"),)), n.Negative(num("0.5")))),
        (
            "above 70% to below 90%: full points / 2",
            "trên 70% đến dưới 90%: đủ điểm / 2",
            n.Row(
                n.Band(num(70, True), num(90, True), True, True), n.Product(n.FullPoints(), (("/", num(2)),))
            ),
        ),
        ("4: 1", "4: 1", n.Row(n.Band(num(4), num(4)), num(1))),
        ("exactly 100%: 1", "đúng 100%: 1", n.Row(n.Band(num(100, True), num(100, True), exactly=True), num(1))),
        (">= 90%: 1", ">= 90%: 1", n.Row(n.Band(num(90, True), None, symbol=True), num(1))),
        (
            "on or before 2023-01-15: 1",
            "chậm nhất 15/01/2023: 1",
            n.Row(n.Band(None, n.DateLit(date(2023, 1, 15))), num(1)),
        ),
        ("otherwise: 0", "còn lại: 0", n.Row(n.OtherwiseKey(), num(0))),
        (
            "grades by total, first that holds",
            "xếp loại theo tổng điểm, lấy dòng đúng đầu tiên",
            n.Grades(n.SheetTotal(), True),
        ),
        (
            'good "Tốt": 85 to below 95, and nothing scored 0',
            'good "Tốt": 85 đến dưới 95, và không mục nào 0 điểm',
            n.GradeRowClause(
                n.Ident("good"), n.Text("Tốt"), n.Band(num(85), num(95), high_open=True), n.NothingScoredZero()
            ),
        ),
        ("good: 85 or more", "good: 85 trở lên", n.GradeRowClause(n.Ident("good"), None, n.Band(num(85), None), None)),
        ("failed: when c", "failed: khi c", n.GradeRowClause(n.Ident("failed"), None, None, n.Name("c"))),
        (
            'undecided "X": otherwise',
            'chờ quyết định "X": còn lại',
            n.GradeRowClause(None, n.Text("X"), None, None, True),
        ),
        (
            "grade failed when corruption",
            "xếp vào failed khi corruption",
            n.GateClause("grade", n.Ident("failed"), n.Name("corruption")),
        ),
        (
            'given n = 10, plan is timely, x is missing, judged I.a = 1.25, evidence e "1" accepted',
            'cho n = 10, plan là timely, x là chưa có, điểm nhận xét I.a = 1,25, minh chứng e "1" được chấp nhận',
            n.Given(
                (
                    n.GivenInput(n.Ident("n"), num(10)),
                    n.GivenInput(n.Ident("plan"), n.Name("timely")),
                    n.GivenInput(n.Ident("x"), None),
                    n.GivenJudged(n.Ident("I.a"), num("1.25")),
                    n.GivenEvidence(n.Ident("e"), n.Text("1"), "accepted"),
                )
            ),
        ),
        (
            "expect points of 1.1 = 1, met 1.2, 1.3 is pending, index of total = 80%, grade = undecided",
            "kết quả điểm của 1.1 = 1, đạt 1.2, 1.3 là chờ số liệu, chỉ số của tổng điểm = 80%, loại = chờ quyết định",
            n.Expect(
                (
                    n.Expectation("points", n.Ident("1.1"), num(1)),
                    n.Expectation("met", n.Ident("1.2"), n.YesNo(True)),
                    n.Expectation("state", n.Ident("1.3"), n.Name("pending")),
                    n.Expectation("index", None, num(80, True)),
                    n.Expectation("grade", None, n.Name("undecided")),
                )
            ),
        ),
    ],
)  # fmt: skip
def test_a_form_reads_alike_in_both_languages(line: str, vietnamese: str, node: n.Statement) -> None:
    assert one(line) == node
    assert one(vietnamese, VI_HEAD) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a - b + 2", n.Sum(n.Name("a"), (("-", n.Name("b")), ("+", num(2))))),
        ("-a ^ 2", n.Negative(n.Power(n.Name("a"), num(2)))),
        ("2 * (a + b)", n.Product(num(2), (("*", n.Sum(n.Name("a"), (("+", n.Name("b")),))),))),
        ("not a and b or c", n.Or((n.And((n.Not(n.Name("a")), n.Name("b"))), n.Name("c")))),
        ("1 < a <= 5", n.Comparison(num(1), (("<", n.Name("a")), ("<=", num(5))))),
        ("x is at least 80%", n.Comparison(n.Name("x"), ((">=", num(80, True)),), words=True)),
        ("x is not none", n.Is(n.Name("x"), (n.Name("none"),), True)),
        ("x is not_done", n.Is(n.Name("x"), (n.Name("not_done"),))),
        ("x is one of (a, yes)", n.Is(n.Name("x"), (n.Name("a"), n.YesNo(True)))),
        ("x is not missing", n.Missing(n.Name("x"), True)),
        ("at least 2 of (a, b, c)", n.AtLeastOf(num(2), (n.Name("a"), n.Name("b"), n.Name("c")))),
        ("when c then 1 otherwise 2", n.When(n.Name("c"), num(1), num(2))),
        ("min(a, full points, total)", n.Call("min", (n.Name("a"), n.FullPoints(), n.SheetTotal()))),
        (
            "round(a, half-even to a multiple of 0.25)",
            n.RoundCall(n.Name("a"), n.RoundTo("half-even", None, Fraction(1, 4))),
        ),
        ("days from a to 2023-12-15", n.TimeFrom("days", n.Name("a"), n.DateLit(date(2023, 12, 15)))),
        (
            "points of TC1-CT2 / index of 1.2",
            n.Product(n.OfNode("points", n.Ident("TC1-CT2")), (("/", n.OfNode("index", n.Ident("1.2"))),)),
        ),
        ("met 1.1 and nothing scored 0", n.And((n.OfNode("met", n.Ident("1.1")), n.NothingScoredZero()))),
        ("full   points", n.FullPoints()),
    ],
)  # fmt: skip
def test_expressions(text: str, node: n.Expr) -> None:
    assert one(f"let v = {text}") == n.LetClause(n.Ident("v"), node)


def test_a_long_sum_stays_flat() -> None:
    statement = one("let v = " + " + ".join(["a"] * 4000))
    assert isinstance(statement, n.LetClause)
    assert isinstance(statement.value, n.Sum)
    assert len(statement.value.rest) == 3999


def test_spans_point_at_the_words() -> None:
    text = HEAD + "score by done / planned\n  above 90%: 2 # note\n"
    tree = read(text).tree
    score, row = tree.statements[1:]
    assert isinstance(score, n.ScoreBy)
    assert isinstance(row, n.Row)
    assert isinstance(row.key, n.Band)
    parts = (score, score.subject, row, row.key, row.key.low, row.value)
    shown = [text[part.span.start : part.span.end] for part in parts if part is not None]
    assert shown == ["score by done / planned", "done / planned", "above 90%: 2", "above 90%", "90%", "2"]


# ---------------------------------------------------------------- lines


def test_a_line_that_starts_with_and_or_because_continues_the_one_above() -> None:
    parsed = read(HEAD + 'require a # first\n  and b\n  or c, otherwise 0\n  because "x"\nnote "y"')
    assert parsed.diagnostics == ()
    clause = parsed.tree.statements[1]
    assert clause == n.RequireClause(n.Or((n.And((n.Name("a"), n.Name("b"))), n.Name("c"))), num(0), n.Text("x"))
    assert parsed.tree.trivia.comments == (n.Comment("# first", 1, False),)


def test_texts_hold_quotes_lines_and_signs() -> None:
    assert one('note "a ""b"" # c"') == n.ColumnClause("note", n.Text('a "b" # c'))
    assert one('note """one\n  "two"\n# three"""') == n.ColumnClause("note", n.Text('one\n  "two"\n# three'))
    assert one('note """""a"" b"""') == n.ColumnClause("note", n.Text('"a" b'))
    assert one('note "“cong”"') == n.ColumnClause("note", n.Text("“cong”"))


def test_an_unclosed_text_hurts_its_own_line_only() -> None:
    assert faults(HEAD + 'note "open\nnote "ok"\nscroe by a') == [("RUB102", 2), ("RUB104", 4)]
    parsed = read(HEAD + 'guidance """open\nnote "ok"\n')
    assert [each.code for each in parsed.diagnostics] == ["RUB102"]
    assert parsed.tree.statements[2] == n.ColumnClause("note", n.Text("ok"))


def test_comments_and_blank_lines_are_kept_beside_the_tree() -> None:
    tree = read('# first\nrubric "R" id r # beside\n\n# above\nversion 1\n# last\n').tree
    assert tree.trivia.comments == (
        n.Comment("# first", 0, True),
        n.Comment("# beside", 0, False),
        n.Comment("# above", 1, True),
        n.Comment("# last", 2, True),
    )
    assert tree.trivia.blank_before == {1}


def test_strange_blanks_and_curly_quotes_are_read_with_a_warning() -> None:
    parsed = read(HEAD + "note\u00a0“a”\n\tscore\tjudged")
    assert [each.code for each in parsed.diagnostics] == ["RUB107", "RUB108", "RUB107"]
    assert parsed.tree.statements[1:] == (n.ColumnClause("note", n.Text("a")), n.ScoreJudged())


def test_positions_point_into_the_decomposed_text_of_the_author() -> None:
    text = 'rubric "Chỉ số" id r'.replace("ỉ", "i\u0309").replace("ố", "o\u0302\u0301") + " @"
    source = SourceFile.from_text(text)
    (found,) = parse(source).diagnostics
    assert found.code == "RUB110"
    assert source.position(found.span.start).column == text.index("@") + 1


# ---------------------------------------------------------------- language


def test_the_first_keyword_decides_the_language() -> None:
    assert read("# hello\n\n" + VI_HEAD).tree.language == "vi"
    assert read(HEAD).tree.language == "en"
    assert read("").tree.language == "en"
    assert read('# language: vi\nrubric "R" id r').tree.language == "vi"
    assert read('rubrik "R" id r\nphiên bản 1').tree.language == "vi"


def test_numbers_follow_the_language() -> None:
    assert one("đặt v = 0,25", VI_HEAD) == n.LetClause(n.Ident("v"), num("0.25"))
    assert one("đặt v = nhỏ nhất(1, 2)", VI_HEAD) == n.LetClause(n.Ident("v"), n.Call("min", (num(1), num(2))))
    assert one("đặt v = nhỏ nhất(1,2)", VI_HEAD) == n.LetClause(n.Ident("v"), n.Call("min", (num("1.2"),)))
    assert faults(VI_HEAD + "đặt v = 1.000") == [("RUB106", 2)]
    assert faults(VI_HEAD + "đặt v = 1.234.567,5") == [("RUB106", 2)]
    assert faults(HEAD + "let v = 0,25") == [("RUB105", 2)]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("RUB116", 1)]),
        ("# only a comment\n", [("RUB116", 1)]),
        ("version 1\n", [("RUB116", 1)]),
        ("version 1\nscroe by x", [("RUB104", 2)]),
        (HEAD + "input yes: count", [("RUB111", 2)]),
        (HEAD + "input [days late: count", [("RUB126", 2)]),
        (HEAD + "input []: count", [("RUB126", 2)]),
        (HEAD + "input có: count", [("RUB111", 2)]),
        (HEAD + "let v = " + "9" * 41, [("RUB114", 2)]),
        (HEAD + "let v = 1e5", [("RUB114", 2)]),
        (HEAD + "let v = 1.2.3", [("RUB114", 2)]),
        (HEAD + "due 2023-02-30", [("RUB115", 2)]),
        (HEAD + "let v = " + "not " * 50 + "a", [("RUB113", 2)]),
        (HEAD + "let v = " + "(" * 41 + "a" + ")" * 41, [("RUB113", 2)]),
        (HEAD + "note " + "x" * 20_001, [("RUB113", 2)]),
        ("x" * 2_000_001, [("RUB113", 1)]),
    ],
)
def test_refused(text: str, expected: list[tuple[str, int]]) -> None:
    assert faults(text) == expected


def test_a_name_of_the_other_case_or_a_longer_one_is_no_keyword() -> None:
    assert one("input count, none, late: count") == n.InputClause(
        (n.Ident("count"), n.Ident("none"), n.Ident("late")), None, "count"
    )
    assert one("let totals = not_met") == n.LetClause(n.Ident("totals"), n.Name("not_met"))


def test_names_of_any_script() -> None:
    assert one("let ngày_trễ = дата + हिन्दी") == n.LetClause(
        n.Ident("ngày_trễ"), n.Sum(n.Name("дата"), (("+", n.Name("हिन्दी")),))
    )

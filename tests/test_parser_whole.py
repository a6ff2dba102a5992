"""Registers, groups, pools, tables and functions: every form becomes its node, alike in both languages."""

import pytest
from test_parser import GOLDEN, HEAD, VI_HEAD, num, one, read

from rubric_engine.syntax.tree import nodes as n
from rubric_engine.syntax.tree.examples import GivenRow


def test_every_form_reads_alike_in_both_languages() -> None:
    english, vietnamese = (read((GOLDEN / f"whole-{name}.rubric").read_text(encoding="utf-8")) for name in ("en", "vi"))
    assert english.diagnostics == vietnamese.diagnostics == ()
    assert english.tree.statements == vietnamese.tree.statements
    written = {type(each) for each in english.tree.statements}
    assert written > {
        n.Pool, n.CombineClause, n.NeedsClause, n.MissingClause, n.NotRatedClause, n.DefineClause,
        n.TableClause, n.ScaleClause, n.UseClause,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "vietnamese", "node"),
    [
        ('use "a.rubric"', 'dùng "a.rubric"', n.UseClause(n.Text("a.rubric"))),
        (
            'criterion 1 "x" 20 points weight 30%',
            'tiêu chí 1 "x" 20 điểm trọng số 30%',
            n.Heading("criterion", 3, n.Ident("1"), n.Text("x"), None, num(20), weight=num(30, True)),
        ),
        (
            "criterion 1 weight 2",
            "tiêu chí 1 trọng số 2",
            n.Heading("criterion", 3, n.Ident("1"), None, weight=num(2)),
        ),
        ('bonus "B" at most 10', 'điểm thưởng "B" tối đa 10', n.Pool("bonus", n.Text("B"), num(10))),
        ("bonus at most 10 points", "điểm cộng tối đa 10 điểm", n.Pool("bonus", None, num(10))),
        ('penalty "P"', 'điểm trừ "P"', n.Pool("penalty", n.Text("P"), None)),
        ('penalty "P" at most 3', 'điểm phạt "P" tối đa 3', n.Pool("penalty", n.Text("P"), num(3))),
        (
            'input a "L": list, optional',
            'dữ liệu a "L": danh sách, không bắt buộc',
            n.InputClause((n.Ident("a"),), n.Text("L"), "list", optional=True),
        ),
        (
            "input a: ratings 1 to 5, at least 3 raters, with 1 decimal",
            "dữ liệu a: phiếu đánh giá 1 đến 5, ít nhất 3 phiếu, với 1 chữ số thập phân",
            n.InputClause(
                (n.Ident("a"),),
                None,
                "ratings",
                (),
                (n.BoundClause(">=", num(1)), n.BoundClause("<=", num(5))),
                1,
                raters=3,
            ),
        ),
        (
            'column a, b "L": count, at most 9',
            'cột a, b "L": số đếm, tối đa 9',
            n.InputClause(
                (n.Ident("a"), n.Ident("b")), n.Text("L"), "count", (), (n.BoundClause("<=", num(9)),), column=True
            ),
        ),
        (
            "column k: one of a, b, optional",
            "cột k: một trong a, b, không bắt buộc",
            n.InputClause(
                (n.Ident("k"),),
                None,
                "one of",
                (n.LevelDef(n.Ident("a")), n.LevelDef(n.Ident("b"))),
                optional=True,
                column=True,
            ),
        ),
        (
            "define f(x, y) = x / y",
            "định nghĩa f(x, y) = x / y",
            n.DefineClause(n.Ident("f"), (n.Ident("x"), n.Ident("y")), n.Product(n.Name("x"), (("/", n.Name("y")),))),
        ),
        ("table pr by a, b", "bảng pr theo a, b", n.TableClause(n.Ident("pr"), (n.Ident("a"), n.Ident("b")))),
        ("a, b: 1", "a, b: 1", n.Row(n.LevelKeys((n.Ident("a"), n.Ident("b"))), num(1))),
        ("scale rate", "thang rate", n.ScaleClause(n.Ident("rate"))),
        (
            "score by x rounded down to 0 places on scale rate",
            "chấm theo x làm tròn xuống đến 0 chữ số trên thang rate",
            n.ScoreBy(n.Name("x"), n.RoundTo("down", 0), False, n.Ident("rate")),
        ),
        ("combine weighted mean", "tổng hợp theo trung bình có trọng số", n.CombineClause("weighted mean")),
        ("combine mean", "tổng hợp theo trung bình", n.CombineClause("mean")),
        (
            "combine geometric mean to 6 places, if any is zero: 1",
            "tổng hợp theo trung bình nhân đến 6 chữ số, nếu có mục bằng 0: 1",
            n.CombineClause("geometric mean", None, 6, num(1)),
        ),
        (
            "combine harmonic mean, if any is 0: 1",
            "tổng hợp theo trung bình điều hoà, nếu có mục 0 điểm: 1",
            n.CombineClause("harmonic mean", None, None, num(1)),
        ),
        ("combine harmonic mean", "tổng hợp theo trung bình điều hòa", n.CombineClause("harmonic mean")),
        (
            "combine power mean -0.5 to 4 places",
            "tổng hợp theo trung bình lũy thừa -0,5 đến 4 chữ số",
            n.CombineClause("power mean", num("-0.5"), 4),
        ),
        ("combine lowest", "tổng hợp theo thấp nhất", n.CombineClause("lowest")),
        ("combine highest", "tổng hợp theo cao nhất", n.CombineClause("highest")),
        ("combine median", "tổng hợp theo trung vị", n.CombineClause("median")),
        ("combine product", "tổng hợp theo tích", n.CombineClause("product")),
        ("combine best 3", "tổng hợp theo lấy cao nhất 3", n.CombineClause("best", num(3))),
        ("combine drop lowest 1", "tổng hợp theo bỏ thấp nhất 1", n.CombineClause("drop lowest", num(1))),
        ("combine drop highest 2", "tổng hợp theo bỏ cao nhất 2", n.CombineClause("drop highest", num(2))),
        (
            "combine drop lowest and highest 1",
            "tổng hợp theo bỏ thấp nhất và cao nhất 1",
            n.CombineClause("drop lowest and highest", num(1)),
        ),
        ("needs at least 60% of weight", "cần tối thiểu 60% trọng số", n.NeedsClause(num(60, True))),
        ("if missing: 0", "nếu thiếu: 0", n.MissingClause(False, "points", num(0))),
        ("if missing: zero", "thiếu thì: không điểm", n.MissingClause(False, "points", num(0))),
        ("if missing: excluded", "nếu thiếu số liệu: loại khỏi thang điểm", n.MissingClause(False, "excluded")),
        ("if missing: (zero)", "nếu thiếu: (zero)", n.MissingClause(False, "points", n.Name("zero"))),
        (
            "if not judged: 30% * full points",
            "nếu chưa chấm: 30% * đủ điểm",
            n.MissingClause(True, "points", n.Product(num(30, True), (("*", n.FullPoints()),))),
        ),
        ("if not rated: excluded", "nếu không đủ số liệu: loại khỏi thang điểm", n.NotRatedClause("excluded")),
        ("if not rated: zero", "nếu không đánh giá được: không điểm", n.NotRatedClause("points", num(0))),
        ("if not judged: excluded", "nếu chưa chấm: loại khỏi thang điểm", n.MissingClause(True, "excluded")),
        (
            "deduct 2 for each of late where days > 5 and big when x, at most 1",
            "trừ 2 cho mỗi late mà days > 5 và big khi x, tối đa 1",
            n.AdjustClause(
                False,
                num(2),
                n.Reduce(
                    "count",
                    n.Ident("late"),
                    None,
                    n.And((n.Comparison(n.Name("days"), ((">", num(5)),)), n.Name("big"))),
                ),
                n.Name("x"),
                num(1),
            ),
        ),
        (
            'given a = [(x: -5, y: b), (z: yes, t: "T")], b = [4, 2.5], c = []',
            'cho a = [(x: -5, y: b), (z: có, t: "T")], b = [4, 2,5], c = []',
            n.Given(
                (
                    n.GivenInput(
                        n.Ident("a"),
                        (
                            GivenRow(((n.Ident("x"), num(-5)), (n.Ident("y"), n.Name("b")))),
                            GivenRow(((n.Ident("z"), n.YesNo(True)), (n.Ident("t"), n.Text("T")))),
                        ),
                    ),
                    n.GivenInput(
                        n.Ident("b"),
                        (GivenRow(((n.Ident("rating"), num(4)),)), GivenRow(((n.Ident("rating"), num("2.5")),))),
                    ),
                    n.GivenInput(n.Ident("c"), ()),
                )
            ),
        ),
        (
            "expect points of bonus = 1, penalty is not rated, state of 1.1 is not rated",
            "kết quả điểm của điểm thưởng = 1, điểm trừ là không đủ số liệu, trạng thái của 1.1 là không đủ số liệu",
            n.Expect(
                (
                    n.Expectation("points", n.Ident("bonus"), num(1)),
                    n.Expectation("state", n.Ident("penalty"), n.Name("not rated")),
                    n.Expectation("state", n.Ident("1.1"), n.Name("not rated")),
                )
            ),
        ),
    ],
)
def test_a_form_of_the_whole_language(line: str, vietnamese: str, node: n.Statement) -> None:
    assert one(line) == node
    assert one(vietnamese, VI_HEAD) == node


LATE = n.Ident("late")
DAYS = n.Name("days")
LONG = n.Comparison(DAYS, ((">", num(5)),))


def rating(order: str, value: n.Num) -> n.Expr:
    """What ``share of scores at least 4`` asks of a rating."""
    return n.Comparison(n.Name("rating"), ((order, value),))


@pytest.mark.parametrize(
    ("text", "vietnamese", "node"),
    [
        ("count of late", "số dòng của late", n.Reduce("count", LATE)),
        ("count of late where days > 5", "số dòng của late mà days > 5", n.Reduce("count", LATE, None, LONG)),
        ("sum of days in late", "tổng của days trong late", n.Reduce("sum", LATE, DAYS)),
        (
            "sum of (days * 2) in late where days > 5 if none 3",
            "tổng của (days * 2) trong late mà days > 5 nếu không có dòng nào 3",
            n.Reduce("sum", LATE, n.Product(DAYS, (("*", num(2)),)), LONG, num(3)),
        ),
        (
            "highest days in late if none -1",
            "cao nhất days trong late nếu không có dòng nào thì -1",
            n.Reduce("highest", LATE, DAYS, None, n.Negative(num(1))),
        ),
        ("lowest days in late", "thấp nhất days trong late", n.Reduce("lowest", LATE, DAYS)),
        ("mean of days in late", "trung bình của days trong late", n.Reduce("mean", LATE, DAYS)),
        ("median of days in late", "trung vị của days trong late", n.Reduce("median", LATE, DAYS)),
        ("first days in late", "dòng đầu days trong late", n.Reduce("first", LATE, DAYS)),
        ("last of days in late", "dòng cuối của days trong late", n.Reduce("last", LATE, DAYS)),
        ("mean of late", "trung bình của late", n.Reduce("mean", LATE)),
        ("median of late", "trung vị của late", n.Reduce("median", LATE)),
        ("trimmed mean of late", "trung bình cắt của late", n.Reduce("trimmed_mean", LATE)),
        (
            "majority of late if none 3",
            "đa số của late nếu không có dòng nào 3",
            n.Reduce("majority", LATE, None, None, num(3)),
        ),
        ("highest of late", "cao nhất của late", n.Reduce("highest", LATE)),
        ("lowest of late", "thấp nhất của late", n.Reduce("lowest", LATE)),
        ("share of late where days > 5", "tỷ lệ của late mà days > 5", n.Reduce("share", LATE, None, LONG)),
        ("share of late at least 4", "tỉ lệ của late ít nhất 4", n.Reduce("share", LATE, None, rating(">=", num(4)))),
        ("share of late at most 4", "tỷ lệ của late tối đa 4", n.Reduce("share", LATE, None, rating("<=", num(4)))),
        (
            "share of late above 4 if none 0",
            "tỷ lệ của late trên 4 nếu không có dòng nào 0",
            n.Reduce("share", LATE, None, rating(">", num(4)), num(0)),
        ),
        ("share of late below 4", "tỷ lệ của late dưới 4", n.Reduce("share", LATE, None, rating("<", num(4)))),
        ("f(x, 1)", "f(x, 1)", n.Apply(n.Ident("f"), (n.Name("x"), num(1)))),
        ("ln(x, 6 places)", "ln(x, 6 chữ số)", n.InexactCall("ln", (n.Name("x"),), 6)),
        ("exp(x, 1 place)", "exp(x, 1 chữ số)", n.InexactCall("exp", (n.Name("x"),), 1)),
        ("sqrt(x, 6 places)", "căn bậc hai(x, 6 chữ số)", n.InexactCall("sqrt", (n.Name("x"),), 6)),
        ("power(x, 0.5, 6 places)", "luỹ thừa(x, 0,5, 6 chữ số)", n.InexactCall("power", (n.Name("x"), num("0.5")), 6)),
        (
            "round(x, ceiling to 1 place)",
            "làm tròn số(x, làm tròn lên đến 1 chữ số)",
            n.RoundCall(n.Name("x"), n.RoundTo("ceiling", 1)),
        ),
        (
            "round(x, floor to 1 place)",
            "làm tròn số(x, làm tròn xuống đến 1 chữ số)",
            n.RoundCall(n.Name("x"), n.RoundTo("floor", 1)),
        ),
        ("index of bonus", "chỉ số của điểm thưởng", n.OfNode("index", n.Ident("bonus"))),
    ],
)
def test_reducers_and_functions(text: str, vietnamese: str, node: n.Expr) -> None:
    assert one(f"let v = {text}") == n.LetClause(n.Ident("v"), node)
    assert one(f"đặt v = {vietnamese}", VI_HEAD) == n.LetClause(n.Ident("v"), node)


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("1 - 2 * count of late where a and b or c", "1 - (2 * (count of late where (a and b or c)))"),
        ("not x = count of late where a", "not (x = (count of late where a))"),
        ("a and x is at least count of late where b", "a and (x is at least (count of late where b))"),
        ("a or b or 1 < sum of x in late where b", "a or b or (1 < (sum of x in late where b))"),
        ("highest x in late where a and b if none 0 + 1", "(highest x in late where (a and b) if none 0) + 1"),
        ("mean of late / mean of x in late", "(mean of late) / (mean of x in late)"),
        ("share of late at least 4 >= 80%", "(share of late at least 4) >= 80%"),
        (
            "when a = count of late where b then 1 otherwise - count of late where c",
            "when a = (count of late where b) then 1 otherwise - (count of late where c)",
        ),
    ],
)
def test_how_far_a_reducer_reaches(text: str, bracketed: str) -> None:
    assert one(f"let v = {text}") == one(f"let v = {bracketed}")


def test_words_of_reducers_and_clauses_are_names_elsewhere() -> None:
    known = HEAD + "input highest, last, power, exp, points, column, scale: count\n"
    assert read(known + "let first = highest + last * power - exp").tree.statements[-1] == n.LetClause(
        n.Ident("first"),
        n.Sum(
            n.Name("highest"),
            (("+", n.Product(n.Name("last"), (("*", n.Name("power")),))), ("-", n.Name("exp"))),
        ),
    )
    assert one("award highest points in prizes") == n.AdjustClause(
        True, n.Reduce("highest", n.Ident("prizes"), n.Name("points")), None, None, None
    )
    keys = n.LevelKeys((n.Ident("column"), n.Ident("scale")))
    assert read(known + "column, scale: 3").tree.statements[-1] == n.Row(keys, num(3))
    assert one("input count, share, in, where, list, weight, best: count").type == "count"  # type: ignore[union-attr]


def test_spans_of_registers_and_groups() -> None:
    text = HEAD + (
        "deduct 1 for each of late where days > 5, at most 2\n"
        "let a = 1 + share of scores at least 4\n"
        "combine harmonic mean, if any is 0: 2\n"
        "given late = [(days: 5, kind: a), (days: 2)]\n"
    )
    adjust, let, combine, given = read(text).tree.statements[1:]
    assert isinstance(adjust, n.AdjustClause)
    assert isinstance(adjust.each, n.Reduce)
    assert isinstance(let, n.LetClause)
    assert isinstance(let.value, n.Sum)
    share = let.value.rest[0][1]
    assert isinstance(share, n.Reduce)
    assert isinstance(combine, n.CombineClause)
    assert isinstance(given, n.Given)
    (item,) = given.items
    assert isinstance(item, n.GivenInput)
    assert isinstance(item.value, tuple)
    row = item.value[0]
    parts = (
        adjust.each, adjust.each.of, adjust.each.where, share, share.where, combine, combine.if_zero,
        item, row, row.cells[1][0], row.cells[1][1],
    )  # fmt: skip
    assert [text[each.span.start : each.span.end] for each in parts if each is not None] == [
        "late where days > 5", "late", "days > 5", "share of scores at least 4", "at least 4",
        "combine harmonic mean, if any is 0: 2", "2",
        "late = [(days: 5, kind: a), (days: 2)]", "(days: 5, kind: a)", "kind", "a",
    ]  # fmt: skip

"""Missing values, lists of levels, grade tables, ranking, stages, figures of other units: alike in both languages."""

from datetime import date

import pytest
from test_parser import GOLDEN, HEAD, VI_HEAD, num, one, read

from rubric_engine.syntax.formatter import format_text, show_expr, show_statement
from rubric_engine.syntax.tree import nodes as n

RATE = n.Name("rate")
REGION = n.Ident("region")
RATING = n.Ident("rating")
LISTED = HEAD + "levels rating: weak < fair\n"
VI_LISTED = VI_HEAD + "các mức rating: weak < fair\n"


def test_every_form_reads_alike_in_both_languages() -> None:
    names = ("rounds-en", "rounds-vi")
    english, vietnamese = (read((GOLDEN / f"{name}.rubric").read_text(encoding="utf-8")) for name in names)
    assert english.diagnostics == vietnamese.diagnostics == ()
    assert english.tree.statements == vietnamese.tree.statements
    written = {type(each) for each in english.tree.statements}
    assert written > {
        n.Stages, n.DeadlineClause, n.AskedFrom, n.PublishedAs, n.RankingClause, n.RankBy, n.TiesClause, n.QuotaClause,
        n.LevelsClause,
    }  # fmt: skip


def _input(name: str, kind: str, **more: object) -> n.InputClause:
    return n.InputClause((n.Ident(name),), None, kind, **more)  # type: ignore[arg-type]


def _half(share: int) -> n.Product:
    return n.Product(num(share, True), (("*", n.FullPoints()),), True)


@pytest.mark.parametrize(
    ("line", "vietnamese", "node"),
    [
        ("input a: count, if missing 0", "dữ liệu a: số đếm, nếu thiếu 0", _input("a", "count", if_missing=num(0))),
        (
            "input a: number, if missing -1.5",
            "dữ liệu a: số, nếu thiếu -1,5",
            _input("a", "number", if_missing=num("-3/2")),
        ),
        (
            "input a: yes/no, if missing no",
            "dữ liệu a: có/không, nếu thiếu không",
            _input("a", "yes/no", if_missing=n.YesNo(False)),
        ),
        (
            "input a: date, if missing 2025-12-20",
            "dữ liệu a: ngày, nếu thiếu 20/12/2025",
            _input("a", "date", if_missing=n.DateLit(date(2025, 12, 20))),
        ),
        (
            "input a: one of x, y, if missing x",
            "dữ liệu a: một trong x, y, nếu thiếu x",
            _input("a", "one of", levels=(n.LevelDef(n.Ident("x")), n.LevelDef(n.Ident("y"))), if_missing=n.Name("x")),
        ),
        (
            "input a: count, if missing not applicable, asked from final",
            "dữ liệu a: số lượng, nếu thiếu không áp dụng, thu thập từ vòng final",
            _input("a", "count", excluded_if_missing=True, asked_from=n.Ident("final")),
        ),
        (
            "input a: list, optional, asked from final",
            "dữ liệu a: danh sách, không bắt buộc, thu thập từ vòng final",
            _input("a", "list", optional=True, asked_from=n.Ident("final")),
        ),
        ("if missing: not applicable", "nếu thiếu: không áp dụng", n.MissingClause(False, "not applicable")),
        ("if missing: use base", "thiếu thì: giữ điểm gốc", n.MissingClause(False, "use base")),
        ("if not judged: worst", "nếu chưa chấm: mức thấp nhất", n.MissingClause(True, "worst")),
        ("if not judged: (worst)", "nếu chưa chấm: (worst)", n.MissingClause(True, "points", n.Name("worst"))),
        (
            "if not judged: 30% of full points",
            "nếu chưa chấm: 30% của điểm tối đa",
            n.MissingClause(True, "points", _half(30)),
        ),
        (
            "score 50% of full points / 2",
            "chấm 50% của đủ điểm / 2",
            n.ScoreFormula(n.Product(_half(50), (("/", num(2)),))),
        ),
        ("fair: 50% of full points", "fair: 50% của điểm tối đa", n.Row(n.LevelKeys((n.Ident("fair"),)), _half(50))),
        (
            'grades teachers "T" by total when homeroom, first that holds',
            'xếp loại teachers "T" theo tổng điểm khi homeroom, lấy dòng đúng đầu tiên',
            n.Grades(n.SheetTotal(), True, n.Ident("teachers"), n.Text("T"), n.Name("homeroom")),
        ),
        ("grades by index of 3", "xếp loại theo chỉ số của 3", n.Grades(n.OfNode("index", n.Ident("3")))),
        (
            'good "Tốt": high, very_high',
            'good "Tốt": high, very_high',
            n.GradeRowClause(
                n.Ident("good"), n.Text("Tốt"), None, None, levels=(n.Ident("high"), n.Ident("very_high"))
            ),
        ),
        (
            "bad: low, very_low",
            "bad: low, very_low",
            n.GradeRowClause(n.Ident("bad"), None, None, None, levels=(n.Ident("low"), n.Ident("very_low"))),
        ),
        (
            "quota good at most 20% of fair or better within unit",
            "hạn mức good tối đa 20% của fair trở lên trong cùng unit",
            n.QuotaClause(n.Ident("good"), num(20, True), n.Ident("fair"), True, n.Ident("unit")),
        ),
        (
            "quota good at most 20% of all",
            "hạn mức good tối đa 20% của tất cả",
            n.QuotaClause(n.Ident("good"), num(20, True)),
        ),
        (
            "published as percent of applicable maximum, rounded half-up to 2 places",
            "công bố theo phần trăm điểm tối đa áp dụng, làm tròn nửa lên đến 2 chữ số",
            n.PublishedAs("percent of applicable maximum", n.RoundTo("half-up", 2)),
        ),
        ("published as index 0 to 1", "công bố theo chỉ số 0 đến 1", n.PublishedAs("index 0 to 1")),
        ("published as points", "công bố theo điểm", n.PublishedAs("points")),
        (
            "combine sum over positive maximum",
            "tổng hợp theo tổng điểm chia cho tổng điểm tối đa dương",
            n.CombineClause("sum over positive maximum"),
        ),
        (
            'levels rating: weak "Yếu" < fair, good',
            'các mức rating: weak "Yếu" < fair, good',
            n.LevelsClause(
                RATING,
                (
                    n.LevelDef(n.Ident("weak"), n.Text("Yếu")),
                    n.LevelDef(n.Ident("fair"), None, True),
                    n.LevelDef(n.Ident("good")),
                ),
            ),
        ),
        (
            'parameter mode "M": one of x, y "Y" = x',
            'tham số mode "M": một trong x, y "Y" = x',
            n.ParameterClause(
                n.Ident("mode"),
                n.Text("M"),
                "one of",
                n.Name("x"),
                levels=(n.LevelDef(n.Ident("x")), n.LevelDef(n.Ident("y"), n.Text("Y"))),
            ),
        ),
        (
            "table severity by a, b giving rating",
            "bảng severity theo a, b cho ra rating",
            n.TableClause(n.Ident("severity"), (n.Ident("a"), n.Ident("b")), RATING),
        ),
        (
            'stages self "S", final keeps judgements and only accepted evidence',
            'các vòng self "S", final giữ điểm nhận xét và chỉ tính minh chứng được chấp nhận',
            n.Stages((n.StageDef(n.Ident("self"), n.Text("S")), n.StageDef(n.Ident("final"), None, True, True))),
        ),
        (
            "stages final only accepted evidence keeps judgments",
            "các vòng final chỉ tính minh chứng được chấp nhận giữ điểm nhận xét",
            n.Stages((n.StageDef(n.Ident("final"), None, True, True),)),
        ),
        (
            'deadline files "F" on 2025-12-20',
            'thời hạn files "F" ngày 20/12/2025',
            n.DeadlineClause(n.Ident("files"), n.Text("F"), n.DateLit(date(2025, 12, 20))),
        ),
        ("asked from final", "thu thập từ vòng final", n.AskedFrom(n.Ident("final"))),
        (
            'example "E" at stage self',
            'ví dụ "E" ở vòng self',
            n.Example(n.Text("E"), n.Ident("self")),
        ),
        ("ranking", "xếp hạng", n.RankingClause()),
        ("ranking within region", "xếp hạng trong cùng region", n.RankingClause(REGION)),
        (
            "by exact total, then by area 4, then by rate lowest first, then by level 6 1.2",
            "theo tổng điểm chưa làm tròn, rồi theo lĩnh vực 4, rồi theo rate thấp xếp trước, rồi theo cấp 6 1.2",
            n.RankBy(
                (
                    n.RankKeyDef(n.SheetTotal(), True),
                    n.RankKeyDef(n.OfNode("points", n.Ident("4")), False, "area"),
                    n.RankKeyDef(RATE, lowest_first=True),
                    n.RankKeyDef(n.OfNode("points", n.Ident("1.2")), False, "level 6"),
                )
            ),
        ),
        ("ties share the rank", "bằng điểm thì cùng hạng", n.TiesClause("share")),
        ("ties share the rank without a gap", "bằng điểm thì cùng hạng, không bỏ hạng", n.TiesClause("dense")),
        ('ties undecided "V"', 'bằng điểm thì chờ quyết định "V"', n.TiesClause("undecided", n.Text("V"))),
        (
            "given previous rate = 80%, days late of self = 3, previous kind is x",
            "cho giá trị kỳ trước của rate = 80%, số ngày chậm của self = 3, giá trị kỳ trước của kind là x",
            n.Given(
                (
                    n.GivenReference(n.Previous(RATE), num(80, True)),
                    n.GivenReference(n.DaysLate(n.Ident("self")), num(3)),
                    n.GivenReference(n.Previous(n.Name("kind")), n.Name("x")),
                )
            ),
        ),
        (
            "given average rate among units = 85%, (share of units where x = 3) = 50%",
            "cho bình quân rate giữa các đơn vị = 85%, (tỷ lệ đơn vị mà x = 3) = 50%",
            n.Given(
                (
                    n.GivenReference(n.AmongUnits("average", RATE), num(85, True)),
                    n.GivenReference(
                        n.AmongUnits("share", None, n.Comparison(n.Name("x"), (("=", num(3)),))), num(50, True)
                    ),
                )
            ),
        ),
        (
            "expect grade of teachers = good, grade of 3 is pending, published = 81.33%, 1.2 is not due",
            "kết quả loại của teachers = good, loại của 3 là chờ số liệu, công bố = 81,33%, 1.2 là chưa đến hạn",
            n.Expect(
                (
                    n.Expectation("grade", n.Ident("teachers"), n.Name("good")),
                    n.Expectation("grade", n.Ident("3"), n.Name("pending")),
                    n.Expectation("published", None, num("8133/100", True)),
                    n.Expectation("state", n.Ident("1.2"), n.Name("not due")),
                )
            ),
        ),
    ],
)
def test_forms(line: str, vietnamese: str, node: n.Statement) -> None:
    assert one(line) == node
    assert one(vietnamese, VI_HEAD) == node


@pytest.mark.parametrize(
    ("text", "vietnamese", "node"),
    [
        ("average rate among units", "bình quân rate giữa các đơn vị", n.AmongUnits("average", RATE)),
        (
            "lowest points of 1.2 among units within region",
            "thấp nhất điểm của 1.2 giữa các đơn vị trong cùng region",
            n.AmongUnits("lowest", n.OfNode("points", n.Ident("1.2")), within=REGION),
        ),
        (
            "sum of (rate + 1) among units",
            "tổng của (rate + 1) giữa các đơn vị",
            n.AmongUnits("sum", n.Sum(RATE, (("+", num(1)),))),
        ),
        ("median of rate among units", "trung vị của rate giữa các đơn vị", n.AmongUnits("median", RATE)),
        (
            "standard deviation of rate among units within region to 4 places",
            "độ lệch chuẩn của rate giữa các đơn vị trong cùng region đến 4 chữ số",
            n.AmongUnits("deviation", RATE, within=REGION, places=4),
        ),
        (
            "percentile 90% of rate among units",
            "phân vị 90% của rate giữa các đơn vị",
            n.AmongUnits("percentile", RATE, percent=num(90, True)),
        ),
        (
            "rank of total among units within region lowest first",
            "hạng của tổng điểm giữa các đơn vị trong cùng region thấp xếp trước",
            n.AmongUnits("rank", n.SheetTotal(), within=REGION, lowest_first=True),
        ),
        (
            "share of units within region where done and rate > 1",
            "tỷ lệ đơn vị trong cùng region mà done và rate > 1",
            n.AmongUnits("share", None, n.And((n.Name("done"), n.Comparison(RATE, ((">", num(1)),)))), within=REGION),
        ),
        ("number of units", "số đơn vị", n.AmongUnits("number")),
        (
            "position of rate among units if all equal 50%",
            "vị trí của rate giữa các đơn vị nếu mọi đơn vị bằng nhau thì 50%",
            n.AmongUnits("position", RATE, if_all_equal=num(50, True)),
        ),
        (
            "standard score of rate among units to 4 places if all equal -1",
            "điểm chuẩn hóa của rate giữa các đơn vị đến 4 chữ số nếu mọi đơn vị bằng nhau thì -1",
            n.AmongUnits("score", RATE, places=4, if_all_equal=n.Negative(num(1))),
        ),
        ("previous rate", "giá trị kỳ trước của rate", n.Previous(RATE)),
        (
            "previous index of 1.2 if no previous 0",
            "chỉ số kỳ trước của 1.2 nếu chưa có kỳ trước thì 0",
            n.Previous(n.OfNode("index", n.Ident("1.2")), num(0)),
        ),
        ("previous total", "tổng điểm kỳ trước", n.Previous(n.SheetTotal())),
        ("days late of self", "số ngày chậm của self", n.DaysLate(n.Ident("self"))),
        (
            "majority of scores if tied highest",
            "đa số của scores nếu ngang nhau thì cao nhất",
            n.Reduce("majority", n.Ident("scores"), tied="highest"),
        ),
        (
            "majority of scores if tied 3 if none 0",
            "đa số của scores nếu ngang nhau thì 3 nếu không có dòng nào thì 0",
            n.Reduce("majority", n.Ident("scores"), other=num(0), tied=num(3)),
        ),
        (
            "highest pts in prizes for each student where done if none 0",
            "cao nhất pts trong prizes theo từng student mà done nếu không có dòng nào thì 0",
            n.Reduce("highest", n.Ident("prizes"), n.Name("pts"), n.Name("done"), num(0), n.Ident("student")),
        ),
    ],
)
def test_figures(text: str, vietnamese: str, node: n.Expr) -> None:
    assert one(f"let x = {text}") == n.LetClause(n.Ident("x"), node)
    assert one(f"đặt x = {vietnamese}", VI_HEAD) == n.LetClause(n.Ident("x"), node)
    assert show_expr(node, "en") == text
    assert show_expr(node, "vi") == vietnamese


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("(average a among units) - b", "average a among units - b"),
        ("(share of units where a) * 2", "(share of units where a) * 2"),
        ("2 * (share of units where (a))", "2 * share of units where a"),
        ("previous a if no previous 0 + 1", "(previous a if no previous 0) + 1"),
        ("(previous a) + 1", "previous a + 1"),
        ("count of late where (average a among units) > b", "count of late where (average a among units) > b"),
        ("count of late where (previous a) > b", "count of late where previous a > b"),
        ("(majority of a if tied lowest) / 2", "(majority of a if tied lowest) / 2"),
        ("majority of a if tied (highest)", "majority of a if tied (highest)"),
        ("(highest a in b for each c) / 2", "(highest a in b for each c) / 2"),
        ("(30% of full points) / 2", "30% of full points / 2"),
        ("30% * full points", "30% * full points"),
        ("average (of) among units", "average (of) among units"),
        ("previous (to) - highest (in) in late", "previous (to) - highest (in) in late"),
    ],
)
def test_brackets_only_where_they_matter(typed: str, shown: str) -> None:
    known = HEAD + "input highest, of, to, in: count\n"
    clause = read(f"{known}let x = {typed}").tree.statements[-1]
    assert isinstance(clause, n.LetClause)
    assert show_expr(clause.value, "en") == shown
    assert read(f"{known}let x = {shown}").tree.statements[-1] == clause


@pytest.mark.parametrize(
    "line",
    [
        "given highest = 3, lowest = 2, average = 4, previous = [(a: 1)], percentile is missing",
        "let x = average + previous - percentile * highest",
        "levels: 3",
        'quota "Q": 90 or more',
        "ranking, stages, deadline: 1",
        "let n = mean of average + median of highest",
        "input levels, stages, deadline, ranking, quota, average, previous, percentile, position, rank: count",
    ],
)
def test_words_that_ask_for_more_are_names_elsewhere(line: str) -> None:
    words = "highest, lowest, average, previous, percentile, levels, quota, ranking, stages, deadline"
    parsed = read(HEAD + f"input {words}: count\n" + line)
    assert parsed.diagnostics == ()
    assert len(parsed.tree.statements) == 3


def test_a_list_of_levels_stands_where_a_type_stands() -> None:
    for head, line in (
        (LISTED, "input a, b: rating, optional"),
        (VI_LISTED, "dữ liệu a, b: rating, không bắt buộc"),
    ):
        parsed = read(head + line)
        assert parsed.diagnostics == ()
        assert parsed.tree.statements[2] == n.InputClause(
            (n.Ident("a"), n.Ident("b")), None, "one of", optional=True, levels_of=RATING
        )
    assert read(LISTED + "column a: rating").diagnostics == ()
    assert read(LISTED + "parameter a: rating = fair").tree.statements[2] == n.ParameterClause(
        n.Ident("a"), None, "one of", n.Name("fair"), levels_of=RATING
    )


def test_a_word_near_a_list_or_a_type_is_taken_for_it() -> None:
    for head, line, mend in (
        (LISTED, "input a: ratng", "rating"),
        (LISTED, "input a: cuont", "count"),
        (LISTED, "parameter a: percnt = 3%", "percent"),
        (HEAD, "column a: numbr", "number"),
        (VI_LISTED, "dữ liệu a: count", "số lượng"),
    ):
        (found,) = read(head + line).diagnostics
        assert found.fix is not None
        assert (found.code in ("RUB104", "RUB112"), found.fix.replacement) == (True, mend)
    # Nothing near it is known, or another file may name it: whoever binds names will say.
    assert read(HEAD + "input a: severity_of_all").diagnostics == ()
    assert read(HEAD + 'use "b.rubric"\ninput a: ratng').diagnostics == ()


def test_only_a_percentage_where_a_share_is_meant() -> None:
    for line in ("quota a at most 20 of all", "let x = percentile 90 of a among units", "score 30 of full points"):
        (found,) = read(HEAD + line).diagnostics
        assert (found.code, found.help) == ("RUB101", "percent")
        assert found.fix is not None
        mended = (HEAD + line)[: found.fix.span.start] + "%" + (HEAD + line)[found.fix.span.end :]
        assert read(mended).diagnostics == ()


def test_a_register_may_not_be_called_units() -> None:
    """``share of units`` is about the units of the cohort."""
    for kind in ("list", "ratings 1 to 5"):
        assert [each.code for each in read(HEAD + f"input units: {kind}").diagnostics] == ["RUB111"]
    assert read(HEAD + "input units: count").diagnostics == ()


def test_a_ranking_opens_a_block() -> None:
    text = HEAD + "total 5 points\nranking\nby total\nties share the rank\n"
    assert format_text(text).text == HEAD + "total 5 points\n\nranking\n  by total\n  ties share the rank\n"


def test_spans_of_the_new_parts() -> None:
    text = HEAD + "let a = 1 + rank of total among units lowest first - previous points of 1.2 if no previous 0\n"
    clause = read(text).tree.statements[1]
    assert isinstance(clause, n.LetClause)
    assert isinstance(clause.value, n.Sum)
    rank, previous = (each for _, each in clause.value.rest)
    assert isinstance(previous, n.Previous)
    assert [text[each.span.start : each.span.end] for each in (rank, previous, previous.other) if each is not None] == [
        "rank of total among units lowest first", "previous points of 1.2 if no previous 0", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "canonical"),
    [
        ("deduct 1 for each day late of self", "deduct 1 for each of days late of self"),
        ("judged from final", "asked from final"),
        ("quota good at most 20% of those graded fair", "quota good at most 20% of fair"),
        ("quota good at most 20% of those graded fair or better", "quota good at most 20% of fair or better"),
        ("let x = previous (rate)", "let x = previous rate"),
        ("trừ 1 cho mỗi ngày chậm của self", "trừ 1 cho mỗi số ngày chậm của self"),
        ("chấm từ vòng final", "thu thập từ vòng final"),
        ("hạn mức tốt tối đa 20% số xếp loại khá", "hạn mức tốt tối đa 20% của khá"),
        ("hạn mức tốt tối đa 20% của số xếp loại khá trở lên", "hạn mức tốt tối đa 20% của khá trở lên"),
        ("đặt x = kỳ trước rate", "đặt x = giá trị kỳ trước của rate"),
        ("đặt x = kỳ trước điểm của 1.2", "đặt x = điểm kỳ trước của 1.2"),
        ("đặt x = kỳ trước chỉ số của 1.2", "đặt x = chỉ số kỳ trước của 1.2"),
        ("đặt x = kỳ trước tổng điểm", "đặt x = tổng điểm kỳ trước"),
        ("đặt x = bình quân a trong các đơn vị", "đặt x = bình quân a giữa các đơn vị"),
        (
            "đặt x = vị trí của a giữa các đơn vị nếu bằng nhau hết thì 50%",
            "đặt x = vị trí của a giữa các đơn vị nếu mọi đơn vị bằng nhau thì 50%",
        ),
        ("tổng hợp theo tổng trên điểm dương tối đa", "tổng hợp theo tổng điểm chia cho tổng điểm tối đa dương"),
    ],
)
def test_what_may_be_said_in_other_words(line: str, canonical: str) -> None:
    vietnamese = not line.isascii()
    head = VI_HEAD if vietnamese else HEAD
    assert one(line, head) == one(canonical, head)
    assert show_statement(one(line, head), "vi" if vietnamese else "en") == canonical


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("đặt x = giá trị năm trước của rate", "giá trị kỳ trước của"),
        ("đặt x = điểm năm trước của 1.2", "điểm kỳ trước của"),
        ("đặt x = tổng điểm năm ngoái", "tổng điểm kỳ trước"),
    ],
)
def test_last_year_is_the_cycle_before(line: str, mend: str) -> None:
    (found,) = read(VI_HEAD + line).diagnostics
    assert found.fix is not None
    assert found.fix.replacement == mend

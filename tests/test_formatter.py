"""The formatter: what canonical text looks like, and what it refuses to touch."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from rubric_engine.source import SourceFile
from rubric_engine.syntax import formatter
from rubric_engine.syntax.formatter import format_text, format_tree, not_formatted, show_band, show_expr, show_statement
from rubric_engine.syntax.parser import parse
from rubric_engine.syntax.tree import nodes as n

GOLDEN = Path(__file__).parent / "golden" / "format"
CASES = sorted(path.name.removesuffix(".before.rubric") for path in GOLDEN.glob("*.before.rubric"))


def head(*lines: str) -> str:
    """A small English file with these lines after its first."""
    return "\n".join(['rubric "T" id t', *lines, ""])


def expression(text: str) -> n.Expr:
    """What an English ``let`` makes of the text."""
    parsed = parse(SourceFile.from_text(head(f"let x = {text}")))
    assert not parsed.diagnostics, parsed.diagnostics
    clause = parsed.tree.statements[1]
    assert isinstance(clause, n.LetClause)
    return clause.value


@pytest.mark.parametrize("case", CASES)
def test_golden_layout(case: str, request: pytest.FixtureRequest) -> None:
    before = (GOLDEN / f"{case}.before.rubric").read_text(encoding="utf-8")
    language = parse(SourceFile.from_text(before)).tree.language
    here = format_text(before)
    there = format_text(before, to="vi" if language == "en" else "en")
    assert not here.diagnostics
    assert not there.diagnostics
    for name, shown in ((f"{case}.after.rubric", here.text), (f"{case}.translated.rubric", there.text)):
        if request.config.getoption("--update-golden", default=False):
            (GOLDEN / name).write_text(shown, encoding="utf-8")
        assert shown == (GOLDEN / name).read_text(encoding="utf-8")


def test_golden_cases_are_found() -> None:
    assert CASES


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("((a))", "a"),
        ("(a + b) + c", "(a + b) + c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a * b) + c", "a * b + c"),
        ("a * (b + c)", "a * (b + c)"),
        ("a / (b / c)", "a / (b / c)"),
        ("(a ^ 2) * b", "a ^ 2 * b"),
        ("(a + b) ^ 2", "(a + b) ^ 2"),
        ("-(a + b)", "-(a + b)"),
        ("(-a) * b", "-a * b"),
        ("(a and b) or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("not (a and b)", "not (a and b)"),
        ("(not a) and b", "not a and b"),
        ("(a = 1) and (b < 2)", "a = 1 and b < 2"),
        ("not (a = 1)", "not a = 1"),
        ("(a + 1) > (b * 2)", "a + 1 > b * 2"),
        ("a is at least (b + 1)", "a is at least b + 1"),
        ("min((a), (b + 1))", "min(a, b + 1)"),
        ("when (a) then (1) otherwise (2)", "when a then 1 otherwise 2"),
        ("(count of a) + 1", "count of a + 1"),
        ("1 + (count of a where (b > 5))", "1 + count of a where b > 5"),
        ("(count of a where b) + 1", "(count of a where b) + 1"),
        ("(count of a where b) and c", "(count of a where b) and c"),
        ("count of a where b and c", "count of a where b and c"),
        ("(count of a where b if none 0) + 1", "(count of a where b if none 0) + 1"),
        ("(share of a at least (4)) + 1", "share of a at least 4 + 1"),
        ("share of a where (count of b) > 1", "share of a where (count of b) > 1"),
        ("count of a where (when b then c otherwise d)", "count of a where (when b then c otherwise d)"),
        ("-(count of a where b)", "-count of a where b"),
        ("(-count of a where b) * 2", "-(count of a where b) * 2"),
        ("(count of a where b) is missing", "(count of a where b) is missing"),
        ("days from (first a in b where c) to d", "days from (first a in b where c) to d"),
        ("sum of (a) in b", "sum of a in b"),
        ("sum of (a * b) in c", "sum of (a * b) in c"),
        ("mean of (count of b) in c", "mean of (count of b) in c"),
        ("highest of a in b", "highest a in b"),
        ("highest of a if none (-1)", "highest of a if none -1"),
        ("(count of a) ^ 2", "count of a ^ 2"),
        ("f((a + b), (count of c where d))", "f(a + b, count of c where d)"),
        ("sqrt((a), 6 places)", "sqrt(a, 6 places)"),
        ("(when a then 1 otherwise 2) + 1", "(when a then 1 otherwise 2) + 1"),
        ("01.50", "1.5"),
        ("1000000", "1000000"),
        ("0.000001", "0.000001"),
    ],
)
def test_brackets_only_where_they_matter(typed: str, shown: str) -> None:
    value = expression(typed)
    assert show_expr(value, "en") == shown
    assert expression(shown) == value


@pytest.mark.parametrize(
    ("typed", "vietnamese"),
    [
        ("a is at least 80.5%", "a đạt từ 80,5%"),
        ("a is not missing", "a không phải là chưa có"),
        ("not a and b", "không phải a và b"),
        ("a is one of (b, yes)", "a là một trong (b, có)"),
        ("min(a, 0.25)", "nhỏ nhất(a, 0,25)"),
        ("points of 1.2 / full points", "điểm của 1.2 / điểm tối đa"),
        ("when a then 1 otherwise 0", "khi a thì 1 nếu không thì 0"),
        ("at least 2 of (a, b, c)", "tối thiểu 2 trong số (a, b, c)"),
        ("days from a to 2023-12-15", "số ngày từ a đến 15/12/2023"),
        ("round(a, half-up to 2 places)", "làm tròn số(a, nửa lên đến 2 chữ số)"),
        ("round(a, ceiling to 1 place)", "làm tròn số(a, làm tròn lên đến 1 chữ số)"),
        ("count of a where b > 5", "số dòng của a mà b > 5"),
        ("sum of (a * b) in c", "tổng của (a * b) trong c"),
        ("share of a at least 4", "tỷ lệ của a tối thiểu 4"),
        ("power(a, 0.5, 6 places)", "lũy thừa(a, 0,5, 6 chữ số)"),
        ("points of bonus + points of penalty", "điểm của điểm thưởng + điểm của điểm trừ"),
        ("pr(a, b)", "pr(a, b)"),
    ],
)
def test_expressions_in_vietnamese(typed: str, vietnamese: str) -> None:
    assert show_expr(expression(typed), "vi") == vietnamese


@pytest.mark.parametrize(
    ("band", "english", "vietnamese"),
    [
        (n.Band(n.Num(Fraction(9, 2)), None), "4.5 or more", "4,5 trở lên"),
        (n.Band(n.Num(Fraction(4)), None, low_open=True), "above 4", "trên 4"),
        (n.Band(None, n.Num(Fraction(50), True)), "50% or less", "50% trở xuống"),
        (n.Band(None, n.Num(Fraction(4)), high_open=True), "below 4", "dưới 4"),
        (n.Band(None, n.Num(Fraction(4)), high_open=True, symbol=True), "< 4", "< 4"),
        (n.Band(n.Num(Fraction(1)), n.Num(Fraction(2)), True, True), "above 1 to below 2", "trên 1 đến dưới 2"),
        (n.Band(n.Num(Fraction(1)), n.Num(Fraction(1)), exactly=True), "exactly 1", "đúng 1"),
        (n.Band(n.Num(Fraction(1)), n.Num(Fraction(1))), "1", "1"),
    ],
)
def test_bands(band: n.Band, english: str, vietnamese: str) -> None:
    assert show_band(band, "en") == english
    assert show_band(band, "vi") == vietnamese


def test_one_is_singular() -> None:
    one = n.Heading("area", 2, n.Ident("1"), None, None, n.Num(Fraction(1)))
    assert show_statement(one, "en") == "area 1 1 point"
    assert show_statement(n.Contains(((1, "area"), (2, "criterion"))), "en") == "contains 1 area, 2 criteria"


def test_rows_of_a_register_are_counted_without_a_word() -> None:
    text = head('area 1 "A" 5 points', "  deduct 1 for each of count of a where b", "  deduct 1 for each of count of a")
    shown = format_text(text).text.split("\n")
    assert shown[3:5] == ["  deduct 1 for each of a where b", "  deduct 1 for each of count of a"]


def test_what_hangs_under_a_declaration_is_indented() -> None:
    lines = ["input a: list", "column b: count", "scale c", "otherwise: 0", 'area 1 "A" 5 points', "input d: list",
             "column e: count", "table f by g", "h: 1", "let i = 2"]  # fmt: skip
    shown = format_text(head(*lines)).text
    inner = [line for line in shown.split("\n")[1:] if line]
    steps = [len(line) - len(line.lstrip()) for line in inner]
    assert [line.lstrip() for line in inner] == lines
    assert steps == [0, 2, 0, 2, 0, 2, 4, 2, 4, 2]


def test_a_pool_opens_a_block() -> None:
    lines = ['area 1 "A" 5 points', 'bonus "B" at most 2', 'item B1 "C"', "  award 1 when a", 'use "d.rubric"']
    expected = ["", lines[0], "", *lines[1:4], "", lines[4]]
    assert format_text(head(*lines)).text == head(*expected)


def test_a_text_with_an_error_is_left_alone() -> None:
    text = head("total  5 points", 'area 1 "A" 5 points', "  score by by by")
    formatted = format_text(text)
    assert formatted.text == text
    assert formatted.diagnostics


def test_it_gives_up_rather_than_change_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    text = head("total  5 points")
    monkeypatch.setattr(formatter, "layout", lambda *_: head("total 6 points"))
    formatted = format_text(text)
    assert formatted.text == text
    assert [each.code for each in formatted.diagnostics] == ["RUB902"]


def test_it_gives_up_rather_than_lose_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    text = head("total  5 points  # năm")
    monkeypatch.setattr(formatter, "layout", lambda *_: head("total 5 points"))
    formatted = format_text(text)
    assert formatted.text == text
    assert [each.code for each in formatted.diagnostics] == ["RUB902"]


def test_a_name_that_is_a_keyword_there_is_put_in_brackets() -> None:
    text = head("let half = đạt / 2 + đạt", "let other = full points")
    formatted = format_text(text, to="vi")
    assert formatted.diagnostics == ()
    assert "đặt half = [đạt] / 2 + [đạt]\n" in formatted.text
    assert format_text(formatted.text, to="en").text == format_text(text.replace("đạt", "[đạt]")).text
    assert not format_text(text).diagnostics


def test_pragma_follows_the_translation() -> None:
    text = "# language: en\n" + head("total 5 points")
    there = format_text(text, to="vi").text
    assert there.startswith("# language: vi\nbộ tiêu chí ")
    assert format_text(there, to="en").text == text
    unknown = "# language: xx\n" + head("total 5 points")
    assert format_text(unknown).text == unknown


def test_long_conditions_are_broken_and_read_back() -> None:
    terms = " and ".join(f"some_rather_long_input_name_{at} >= {at}" for at in range(5))
    text = head('area 1 "A" 5 points', f'  deduct 2 when {terms} or late because "{"x" * 60}"')
    shown = format_text(text)
    assert not shown.diagnostics
    lines = shown.text.split("\n")
    assert all(len(line) <= 120 for line in lines)
    starts = [line.split()[0] for line in lines[3:-1]]
    assert starts == ["deduct", "and", "and", "and", "and", "or", "because"]
    assert all(line.startswith("    ") for line in lines[4:-1])
    assert parse(SourceFile.from_text(shown.text)).tree == parse(SourceFile.from_text(text)).tree
    assert format_text(shown.text).text == shown.text


def test_keywords_that_hold_a_connective_are_not_torn() -> None:
    title = "x" * 100
    shown = format_text(head("grades by total", f'  a "{title}": 5 or more, and nothing scored 0')).text
    assert shown.split("\n")[-3:-1] == [f'  a "{title}": 5 or more,', "    and nothing scored 0"]
    dated = n.Row(n.Band(None, n.DateLit(date(2024, 1, 15))), n.Name("y" * 110))
    tree = n.SyntaxTree("en", (n.RubricHead(n.Text("T"), n.Ident("t")), dated))
    assert format_tree(tree) == head(f"  on or before 2024-01-15: {'y' * 110}")


def test_a_comment_stays_with_its_neighbour() -> None:
    text = head(
        'area 1 "A" 5 points',
        "  score judged",
        "# about the judgement",
        "",
        "  # one block",
        "",
        "",
        "# another",
        'area 2 "B" 5 points',
        "  # about the rule",
        "  score judged",
        "",
        "# the end",
    )
    assert format_text(text).text == head(
        "",
        'area 1 "A" 5 points',
        "  score judged",
        "  # about the judgement",
        "",
        "# one block",
        "",
        "# another",
        'area 2 "B" 5 points',
        "  # about the rule",
        "  score judged",
        "",
        "# the end",
    )


def test_author_blank_lines_shrink_to_one() -> None:
    text = head("version 1", "", "", "total 5 points", 'area 1 "A" 5 points', "", "", "  score judged")
    expected = head("version 1", "", "total 5 points", "", 'area 1 "A" 5 points', "", "  score judged")
    assert format_text(text).text == expected


def test_several_comments_beside_one_statement_are_all_kept() -> None:
    text = head('area 1 "A" 5 points', "  deduct 2 when a  # first", "    and b  # second")
    shown = format_text(text)
    assert not shown.diagnostics
    assert "first" in shown.text
    assert "second" in shown.text
    assert format_text(shown.text).text == shown.text


def test_format_tree_takes_the_language_of_the_tree() -> None:
    tree = n.SyntaxTree("vi", (n.RubricHead(n.Text("T"), n.Ident("t")), n.TotalPoints(n.Num(Fraction(5, 2)))))
    assert format_tree(tree) == 'bộ tiêu chí "T" mã t\ntổng điểm 2,5 điểm\n'
    assert format_tree(tree, "en") == 'rubric "T" id t\ntotal 2.5 points\n'


def test_not_formatted_points_at_the_first_line() -> None:
    text = head("version 1", "total  5 points")
    found = not_formatted(text, format_text(text).text)
    assert found is not None
    assert found.code == "RUB901"
    assert text[found.span.start : found.span.end] == "total  5 points"
    assert not_formatted("a\n", "a\n") is None


def test_a_missing_final_newline_is_noticed() -> None:
    text = head("version 1").rstrip("\n")
    assert not_formatted(text, format_text(text).text) is not None


def test_a_formula_may_run_over_several_lines() -> None:
    from rubric_engine import check_text

    head = 'rubric "x" id x.y\ninput a, b, c: count, at most 10\ncriterion 1 "One" 10 points\n  score'
    spread = f"{head} 10\n    - a / 10  # a tenth\n    # and more\n    - b / 10\n    + c * 0\n  at most full points\n"
    straight = f"{head} 10 - a / 10 - b / 10 + c * 0\n  at most full points\n"
    assert check_text(spread).tree.statements == check_text(straight).tree.statements
    assert check_text(spread).rubric is not None


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_long_formula_is_broken_at_its_signs(language: str) -> None:
    terms = " + ".join(f"fact_with_a_long_name_{at} * {at + 2}" for at in range(12))
    text = f'rubric "x" id x.y\ncriterion 1 "One" 10 points\n  score {terms} - [a - b]\n'
    shown = format_text(text, to=language).text
    assert max(map(len, shown.splitlines())) <= 120
    assert len(shown.splitlines()) < 10
    assert format_text(shown, to=language).text == shown
    assert " ".join(format_text(shown, to="en").text.split()) == " ".join(text.split())


def test_a_row_that_begins_with_a_sign_is_a_row() -> None:
    text = 'rubric "x" id x.y\ninput a: number, from -5 to 5\ncriterion 1 "One" 10 points\n  score by a\n'
    rows = "    -5 to below 0: 0\n    - 0 or more: 10\n"
    from rubric_engine import check_text

    tree = check_text(text + rows).tree
    assert len(tree.statements) == 6

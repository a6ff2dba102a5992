"""The rubrics we ship are what we say they are: clean, formatted, correct on their own examples and submissions."""

import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from rubric_engine.backend.interpret import interpret
from rubric_engine.backend.load import Loaded, load
from rubric_engine.casetest import run_examples, submission_of
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric, load_rubric
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.reading import ExactReading, Unsettled
from rubric_engine.plan.plan import slots_of
from rubric_engine.result.result import GradeState, Result, State
from rubric_engine.source import SourceFile
from rubric_engine.syntax.formatter import format_text
from rubric_engine.syntax.parser import parse

ROOT = Path(__file__).parents[2] / "rubrics"
FILES = sorted(ROOT.rglob("*.rubric"))
ROUND = ROOT / "vn" / "vong-minh-hoa"  # dossiers of two years; test_worked_round.py looks after them
SUBMISSIONS = sorted(path for path in ROOT.rglob("*.json") if not path.is_relative_to(ROUND))
TRANSLATED = [path for path in FILES if path.name.endswith(".en.rubric")]


@cache
def _compiled(path: Path) -> CompiledRubric:
    return load_rubric(path)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _rubric_of(submission: Path) -> Path:
    """A submission lies in the folder named after its rubric."""
    return submission.parent.parent / f"{submission.parent.name}.rubric"


def _submissions_to(path: Path) -> list[object]:
    """Those beside the rubric, and its own examples."""
    beside: list[object] = [json.loads(_text(each)) for each in SUBMISSIONS if _rubric_of(each) == path]
    return [*beside, *(submission_of(example) for example in _compiled(path).rubric.examples)]


def _header(path: Path) -> str:
    """The comment a file begins with."""
    return "".join(line for line in _text(path).split("\n\n", 1)[0].splitlines(keepends=True) if line.startswith("#"))


def _scored(rubric: str, submission: str) -> Result:
    folder = ROOT / "vn" / rubric
    return _compiled(folder.parent / f"{rubric}.rubric").evaluate(json.loads(_text(folder / f"{submission}.json")))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_rubric = pytest.mark.parametrize("path", FILES, ids=_name)


def test_there_are_rubrics_and_each_has_submissions() -> None:
    originals = [path for path in FILES if path not in TRANSLATED]
    assert len(originals) >= 17
    alone = {path.stem for path in originals if not path.stem.startswith(ROUND.name)}
    assert alone == {path.parent.name for path in SUBMISSIONS}
    assert {_rubric_of(path) for path in SUBMISSIONS} <= set(originals)
    assert len({path.stem for path in FILES}) == len(FILES), "the command line finds a shipped rubric by its name"


@every_rubric
def test_it_checks_with_no_error_and_no_warning(path: Path) -> None:
    checked = check_text(_text(path), name=path.name, folder=path.parent)
    assert checked.ok, [(found.code, dict(found.values)) for found in checked.diagnostics]


@every_rubric
def test_it_is_formatted(path: Path) -> None:
    formatted = format_text(_text(path))
    assert not formatted.diagnostics
    assert formatted.text == _text(path)


@every_rubric
def test_its_own_examples_hold(path: Path) -> None:
    outcomes = run_examples(_compiled(path))
    assert len(outcomes) >= 2
    assert not [outcome for outcome in outcomes if not outcome.passed]


@every_rubric
def test_the_header_says_what_is_official_and_what_is_ours(path: Path) -> None:
    vietnamese = path.parent.name == "vn"
    assert ("CHÍNH THỨC" if vietnamese else "OFFICIAL") in _header(path)
    assert ("MINH HỌA" if vietnamese else "ILLUSTRATIVE") in _header(path)


@every_rubric
def test_translating_there_and_back_is_the_identity(path: Path) -> None:
    text = _text(path)
    tree = parse(SourceFile.from_text(text)).tree
    other = "en" if tree.language == "vi" else "vi"
    there = format_text(text, to=other)
    assert not there.diagnostics
    assert parse(SourceFile.from_text(there.text)).tree.statements == tree.statements
    assert format_text(there.text, to=tree.language).text == text


@every_rubric
def test_the_translation_scores_the_same(path: Path) -> None:
    here = _compiled(path)
    there = compile_rubric(
        format_text(_text(path), to="en" if here.language == "vi" else "vi").text, folder=path.parent
    )
    for submission in _submissions_to(path):
        assert _numbers(there.evaluate(submission)) == _numbers(here.evaluate(submission))


@every_rubric
def test_compiled_and_interpreted_agree_slot_by_slot(path: Path) -> None:
    rubric = _compiled(path)
    loaded = load(rubric.module, rubric.plan)
    for submission in _submissions_to(path):
        facts = rubric.read(submission)
        assert _traced(rubric, loaded, facts) == _interpreted(rubric, facts)


def _traced(rubric: CompiledRubric, loaded: Loaded, facts: Facts) -> list[Fraction | int] | None:
    try:
        return _seen(rubric, ExactReading(loaded.trace(facts.packed), rubric.module.scales))
    except Unsettled:
        return None


def _interpreted(rubric: CompiledRubric, facts: Facts) -> list[Fraction | int] | None:
    try:
        return _seen(rubric, interpret(rubric.plan, facts))
    except Unsettled:
        return None


def _seen(rubric: CompiledRubric, reading: ExactReading) -> list[Fraction | int]:
    slots = enumerate(slots_of(rubric.plan))
    return [reading.number(at) if slot.is_number else reading.mark(at) for at, slot in slots]


def _numbers(result: Result) -> object:
    """What a result decides, without the words it decides it in."""
    nodes = [(n.code, n.state, n.points, n.low, n.high, n.applicable_maximum, n.missing) for n in result]
    grade = result.grade
    return nodes, result.total.published, grade and (grade.state, grade.name, grade.by_points, grade.possible)


@pytest.mark.parametrize("path", TRANSLATED, ids=_name)
def test_a_shipped_translation_is_what_the_formatter_writes(path: Path) -> None:
    original = path.with_name(path.name.removesuffix(".en.rubric") + ".rubric")
    assert _text(path) == format_text(_text(original), to="en").text


@pytest.mark.parametrize("path", SUBMISSIONS, ids=_name)
def test_a_submission_scores_inside_its_rubric(path: Path) -> None:
    rubric = _compiled(_rubric_of(path))
    result = rubric.evaluate(json.loads(_text(path)))
    pools = [node for node in rubric.plan.nodes if node.pool]
    least = sum(node.minimum for node in rubric.plan.nodes if node.parent is None) if rubric.plan.signed else 0
    assert least <= result.total.low <= result.total.high
    assert result.total.high <= rubric.plan.total + sum(node.maximum for node in pools)
    for node in result:
        assert node.low <= node.high
        assert node.points is None or node.low == node.points == node.high
    said = _text(path).lower()
    assert re.search("minh họa|công bố|illustrative|published", said), "says whether it is invented or published"


@every_rubric
def test_what_is_ours_is_marked_where_people_read_it(path: Path) -> None:
    """Not only in the header: an example of ours says so in its title, and no example of a unit poses as real."""
    for example in _compiled(path).rubric.examples:
        title = example.head.title.value
        if path.parent.name == "vn":
            assert title.startswith("Minh họa: ") or "số liệu công bố" in title


@pytest.mark.parametrize(
    ("rubric", "official"),
    [
        ("tuyen-quang-148", {"A", "B"}),
        ("can-tho-2579", {"1", "2", "bonus", "penalty"}),
        ("dti-922-cap-tinh", {"TTC", "I", "II", *"123456789"}),
        ("tcpl-09-2013", {"TC1-CT1", *(f"TC{at}" for at in range(1, 9))}),
    ],
)
def test_no_invented_heading_poses_as_official(rubric: str, official: set[str]) -> None:
    for node in _compiled(ROOT / "vn" / f"{rubric}.rubric").plan.nodes:
        assert ("(minh họa)" in node.title) == (node.code not in official), node.code


# ---------------------------------------------------------------- figures worked out by hand


def test_quang_nam_is_as_published() -> None:
    result = _scored("bcs-766", "quang-nam-2024-08-19")
    assert result.total.published == Fraction(801, 10)
    assert result.grade is not None
    assert result.grade.title == "Tốt"


def test_hai_phong_a_is_scored_leaf_by_leaf() -> None:
    result = _scored("hai-phong-212", "don-vi-minh-hoa-a")
    tasks = Fraction(5) + Fraction(24, 28) * 10 + Fraction(22, 28) * 5
    directed = 10 * (1 + Fraction(140, 163) + Fraction(131, 163))
    assert result["II.3"].points == tasks
    assert result["II.4"].points == directed
    assert result["II.5"].points == Fraction(2 + 0 + 1 + 5)
    assert result.total.exact == Fraction("25.8") + tasks + directed + 8
    assert result.grade is not None
    assert result.grade.name == "hoàn_thành"


def test_hai_phong_pools_what_was_not_assigned() -> None:
    result = _scored("hai-phong-212", "don-vi-minh-hoa-b-khong-duoc-giao")
    assert result["II.5.2"].state is State.NOT_APPLICABLE
    assert result["II.5"].points == Fraction(3, 4) * 20
    assert result["II.5"].applicable_maximum == 20
    assert result.total.exact == Fraction("94.65")
    assert result.grade is not None
    assert result.grade.name == "xuất_sắc"


def test_hai_phong_waits_for_what_is_not_published() -> None:
    result = _scored("hai-phong-212", "don-vi-minh-hoa-c-cho-so-lieu")
    assert result["II.5.1.a"].state is State.PENDING
    assert [result["II.5.1.a"].low, result["II.5.1.a"].high] == [0, 2]
    assert result["II.2.c"].missing == ("judged II.2.c",)
    assert result.total.published is None
    # PAR INDEX 0 to 2, DDCI 0 to 1, disbursement 0 to 2.5, the judgement 0 to 1.
    assert result.total.high - result.total.low == Fraction("6.5")


def test_hai_phong_forces_the_lowest_grade() -> None:
    result = _scored("hai-phong-212", "don-vi-minh-hoa-d-bi-xep-thap-nhat")
    assert result.grade is not None
    assert result.grade.by_points == "hoàn_thành"
    assert result.grade.name == "không_hoàn_thành"
    assert sum(gate.fired is True for gate in result.grade.gates) == 2


def test_hai_phong_shows_the_hole_of_article_7() -> None:
    rubric = _compiled(ROOT / "vn" / "hai-phong-212.rubric")
    full = next(example for example in rubric.rubric.examples if len(example.given) > 5)
    result = rubric.evaluate(submission_of(full))
    assert result.total.exact == Fraction("98.5")
    assert result.grade is not None
    assert result.grade.state is GradeState.UNDECIDED


def test_every_hai_phong_result_carries_the_misprint() -> None:
    result = _scored("hai-phong-212", "don-vi-minh-hoa-a")
    assert any("II.5.1.b" in note or "mức cao nhất chỉ cho 1" in note for note in result.notes)


# ---------------------------------------------------------------- the counts and totals official texts print


def _worth(path: str) -> dict[str, tuple[int, int]]:
    """Points of every heading (0 where they do not count), and how many components stand below it."""
    nodes = _compiled(ROOT / "vn" / f"{path}.rubric").plan.nodes
    below: dict[str, int] = {}
    for node in nodes:
        at = node.parent
        while at is not None and node.level == "component":
            below[nodes[at].code] = below.get(nodes[at].code, 0) + 1
            at = nodes[at].parent
    return {node.code: (0 if node.unscored else int(node.maximum), below.get(node.code, 0)) for node in nodes}


def test_dti_922_has_the_structure_and_weights_of_the_decision() -> None:
    worth = _worth("dti-922-cap-tinh")
    printed = [(10, 100), (11, 100), (7, 100), (13, 100), (12, 100), (3, 0), (22, 200), (12, 150), (8, 150)]
    assert [worth[str(at)] for at in range(1, 10)] == [(points, components) for components, points in printed]
    assert (worth["I"], worth["II"]) == ((500, 56), (500, 42))


def test_tcpl_09_2013_has_the_totals_and_counts_of_the_decision() -> None:
    worth = _worth("tcpl-09-2013")
    assert [worth[f"TC{at}"] for at in range(1, 9)] == [
        (300, 12), (50, 2), (110, 6), (100, 5), (130, 5), (130, 6), (110, 2), (70, 3)
    ]  # fmt: skip


def test_tuyen_quang_is_67_and_33() -> None:
    rubric = _compiled(ROOT / "vn" / "tuyen-quang-148.rubric")
    worth = _worth("tuyen-quang-148")
    assert (worth["A"][0], worth["B"][0]) == (67, 33)
    levels = [node.level for node in rubric.plan.nodes]
    assert [levels.count(level) for level in ("area", "criterion", "component")] == [8, 43, 85]


@pytest.mark.parametrize(
    ("right", "points"),
    [(90, 60), (89, 50), (80, 50), (79, 40), (70, 40), (69, 30), (60, 30), (59, 20), (50, 20), (49, 10), (0, 10)],
)
def test_the_one_full_rule_of_tcpl_09_2013(right: int, points: int) -> None:
    rubric = _compiled(ROOT / "vn" / "tcpl-09-2013.rubric")
    result = rubric.evaluate({"inputs": {"vụ_việc": 100, "vụ_việc_đúng": right}})
    assert result["TC1-CT1"].points == points


def test_tuyen_quang_waits_for_the_survey_and_for_nothing_else() -> None:
    result = _scored("tuyen-quang-148", "huyen-minh-hoa-b-chua-dieu-tra")
    assert result.total.published is None
    assert result.total.high - result.total.low == 33
    assert result["A"].points is not None
    assert result["A"].points == _scored("tuyen-quang-148", "huyen-minh-hoa-a")["A"].points


def test_tcpl_2021_goes_below_zero_where_the_text_says_so() -> None:
    result = _scored("tcpl-2021", "xa-minh-hoa-b-diem-am")
    assert result["TC2-CT2"].points == Fraction("-0.75")
    assert result.total.published == 3 - Fraction("0.75") + 1
    assert _scored("tcpl-2021", "xa-minh-hoa-a-khong-duoc-giao").total.published == Fraction("6.5")


def test_dti_huyen_gives_full_points_to_five_meetings() -> None:
    result = _scored("dti-huyen", "huyen-minh-hoa-a")
    assert [result[code].points for code in ("1.1", "1.2", "1.3")] == [20, 16, 15]
    assert _scored("dti-huyen", "huyen-minh-hoa-b-khong-hop")["1.2"].state is State.PENDING


def test_can_tho_adds_its_pools_and_shows_the_hole() -> None:
    # 4 + 3.5 + 1.75, then 10 + 10 + 6 + 15 + 10 + 15 + 9 and 97.5% between 95% (8) and 100% (10).
    sheet = Fraction("9.25") + 75 + 9
    settled = _scored("can-tho-2579", "don-vi-minh-hoa-a")
    assert settled.total.published == sheet + 3 - Fraction("0.25") == 96
    assert settled.grade is not None
    assert settled.grade.name == "xuất_sắc"
    reprimanded = _scored("can-tho-2579", "don-vi-minh-hoa-b-khien-trach")
    assert reprimanded.total.published == Fraction("100.5"), "a bonus may lead above the printed total"
    assert reprimanded.grade is not None
    assert (reprimanded.grade.by_points, reprimanded.grade.name) == ("xuất_sắc", "tốt")
    hole = _scored("can-tho-2579", "don-vi-minh-hoa-c-co-tieu-chi-0-diem")
    assert hole.total.published == sheet - 6 + 3 - Fraction("0.25")
    assert hole.grade is not None
    assert hole.grade.state is GradeState.UNDECIDED


@pytest.mark.parametrize(
    ("score", "facts", "grade"),
    [
        (95, {}, "xuất_sắc"),
        (Fraction("94.99"), {}, "tốt"),
        (85, {}, "tốt"),
        (Fraction("84.99"), {}, "hoàn_thành"),
        (75, {}, "hoàn_thành"),
        (Fraction("74.99"), {}, "không_hoàn_thành"),
        (99, {"tham_nhũng": True}, "không_hoàn_thành"),
        (99, {"mất_đoàn_kết": True}, "không_hoàn_thành"),
        (99, {"vụ_án_hình_sự": True}, "không_hoàn_thành"),
        (99, {"đã_tự_chấm": False}, "không_hoàn_thành"),
        (99, {"kỷ_luật_lãnh_đạo": "cách_chức_trở_lên"}, "không_hoàn_thành"),
        (99, {"kỷ_luật_lãnh_đạo": "cảnh_cáo"}, "hoàn_thành"),
        (99, {"kỷ_luật_lãnh_đạo": "khiển_trách"}, "tốt"),
        (80, {"kỷ_luật_lãnh_đạo": "khiển_trách"}, "hoàn_thành"),
    ],
)
def test_can_tho_grades_as_printed(score: Fraction | int, facts: dict[str, object], grade: str) -> None:
    """The same grade table under one judged leaf, so that every edge can be met exactly."""
    rules = _text(ROOT / "vn" / "can-tho-2579.rubric").split("xếp loại theo tổng điểm", 1)[1].split("\nví dụ", 1)[0]
    head = 'bộ tiêu chí "Xếp loại" mã can-tho.xep-loai\nphiên bản 1\ntổng điểm 100 điểm\n\ntiêu chí 1 "Điểm" 100 điểm\n'
    rubric = compile_rubric(f"{head}  chấm theo nhận xét\n\nxếp loại theo tổng điểm{rules}")
    clean: dict[str, object] = {
        "tham_nhũng": False, "mất_đoàn_kết": False, "vụ_án_hình_sự": False, "đã_tự_chấm": True,
        "kỷ_luật_lãnh_đạo": "không_kỷ_luật",
    }  # fmt: skip
    result = rubric.evaluate({"inputs": {**clean, **facts}, "judged": {"1": score}})
    assert result.grade is not None
    assert result.grade.name == grade

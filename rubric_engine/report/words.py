"""The few words reports need, in both languages."""

from collections.abc import Mapping
from fractions import Fraction

from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.result.explain.text import published_text
from rubric_engine.result.result import Coverage, GradeResult, GradeState, NodeResult, Result, State, TotalResult

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sheet": "Score sheet",
        "unit": "Unit",
        "version": "version",
        "code": "Code",
        "title": "Title",
        "maximum": "Maximum",
        "most": "Maximum",
        "points": "Points",
        "reason": "Reason",
        "total": "Total",
        "exact": "exact value",
        "index": "index",
        "grade": "Grade",
        "grade_of": "Grade ({table})",
        "published": "published",
        "percent_of": "{index} of the applicable maximum",
        "index_alone": "index {index}",
        "stage": "Stage",
        "notes": "Notes",
        "note": "Note",
        "met": "met",
        "not_met": "not met",
        "to": "to",
        "index_of": "{index} of the {top} points that apply",
        "waits": "waits for",
        "possible": "still possible",
        "held": "held",
        "unknown": "not known yet",
        "changed": "changed the grade",
        "parameters": "Parameters changed",
        "engine": "engine",
        "form": "Submission form",
        "evidence": "Evidence",
        "judged": "points by judgement",
        "coverage": "Assessed",
        "coverage_of": "{assessed} of {leaves} criteria, {share} of the printed points",
        "inexact": "not exact: a function or a mean rounded to stated digits takes part",
    },
    "vi": {
        "sheet": "Phiếu chấm điểm",
        "unit": "Đơn vị",
        "version": "phiên bản",
        "code": "Mã",
        "title": "Nội dung",
        "maximum": "Điểm tối đa",
        "most": "Tối đa",
        "points": "Điểm",
        "reason": "Lý do",
        "total": "Tổng điểm",
        "exact": "giá trị chính xác",
        "index": "chỉ số",
        "grade": "Xếp loại",
        "grade_of": "Xếp loại ({table})",
        "published": "kết quả công bố",
        "percent_of": "{index} điểm tối đa áp dụng",
        "index_alone": "chỉ số {index}",
        "stage": "Vòng",
        "notes": "Ghi chú",
        "note": "Ghi chú",
        "met": "đạt",
        "not_met": "không đạt",
        "to": "đến",
        "index_of": "{index} của {top} điểm áp dụng",
        "waits": "chờ",
        "possible": "còn có thể là",
        "held": "đúng",
        "unknown": "chưa biết",
        "changed": "làm thay đổi xếp loại",
        "parameters": "Tham số đã thay đổi",
        "engine": "chương trình",
        "form": "Mẫu kê khai",
        "evidence": "Minh chứng",
        "judged": "điểm nhận xét",
        "coverage": "Đã đánh giá",
        "coverage_of": "{assessed} trên {leaves} tiêu chí, {share} số điểm",
        "inexact": "gần đúng: có hàm hoặc trung bình làm tròn theo số chữ số đã định",
    },
}

_STATES: Mapping[str, Mapping[State, str]] = {
    "en": {
        State.SCORED: "scored",
        State.PENDING: "pending",
        State.NOT_APPLICABLE: "not applicable",
        State.REFUSED: "refused",
        State.NOT_RATED: "not rated",
        State.UNSCORED: "not scored",
        State.NOT_DUE: "not due",
    },
    "vi": {
        State.SCORED: "đã chấm",
        State.PENDING: "chờ số liệu",
        State.NOT_APPLICABLE: "không áp dụng",
        State.REFUSED: "không được công nhận",
        State.NOT_RATED: "không đánh giá",
        State.UNSCORED: "không tính điểm",
        State.NOT_DUE: "chưa đến hạn",
    },
}
_GRADES: Mapping[str, Mapping[GradeState, str]] = {
    "en": {
        GradeState.ISSUED: "issued",
        GradeState.PENDING: "not settled yet",
        GradeState.UNDECIDED: "left to the authority",
        GradeState.NONE: "no grade",
        GradeState.NOT_RATED: "not rated",
    },
    "vi": {
        GradeState.ISSUED: "đã xếp loại",
        GradeState.PENDING: "chưa đủ căn cứ xếp loại",
        GradeState.UNDECIDED: "chờ cấp có thẩm quyền quyết định",
        GradeState.NONE: "không xếp loại",
        GradeState.NOT_RATED: "không đánh giá",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The words of a language; English for one not known."""
    return WORDS.get(language, WORDS["en"])


def state_word(state: State, language: str) -> str:
    """How a state is called."""
    return _STATES.get(language, _STATES["en"])[state]


def points_word(points: Fraction | None, low: Fraction, high: Fraction, language: str) -> str:
    """``1.5``, or ``1 to 2.5`` while pending."""
    if points is not None:
        return _signed(points, language)
    return f"{_signed(low, language)} {words(language)['to']} {_signed(high, language)}"


def _signed(value: Fraction, language: str) -> str:
    return show_number(value, language).replace("-", "−")


def node_points(node: NodeResult, language: str) -> str:
    """What stands in the points column: points, a range, or the state that stands in their place."""
    say = words(language)
    if node.state is State.UNSCORED and node.points is not None:
        return f"{show_number(node.points, language)}, {state_word(node.state, language)}"
    if node.state in (State.UNSCORED, State.NOT_APPLICABLE, State.NOT_RATED, State.NOT_DUE):
        return state_word(node.state, language)
    if node.met is not None:
        return say["met"] if node.met else say["not_met"]
    if node.state is State.PENDING and not node.maximum and node.low == node.high:
        return state_word(node.state, language)
    return points_word(node.points, node.low, node.high, language)


def total_points(total: TotalResult, language: str) -> str:
    """What stands in the points column of the total: points, a range, or that it is not rated."""
    if total.state is State.NOT_RATED:
        return state_word(total.state, language)
    return points_word(total.published, total.low, total.high, language)


def index_word(index: Fraction, top: Fraction, language: str) -> str:
    """``75% of the 4 points that apply``."""
    shown = {"index": show_percent(index, language), "top": show_number(top, language)}
    return words(language)["index_of"].format_map(shown)


def coverage_word(coverage: Coverage, language: str) -> str:
    """``5 of 6 criteria, 80% of the printed points``; empty where everything was assessed."""
    if coverage.assessed == coverage.leaves:
        return ""
    share = show_percent(coverage.share_of_points or Fraction(0), language, places=_coverage_places(coverage))
    shown = {"assessed": str(coverage.assessed), "leaves": str(coverage.leaves), "share": share}
    return words(language)["coverage_of"].format_map(shown)


def _coverage_places(coverage: Coverage) -> int | None:
    """Exact where two decimals of a percent are enough."""
    share = coverage.share_of_points or Fraction(0)
    return None if (share * 10_000).denominator == 1 else 2


def published_word(total: TotalResult, language: str) -> str:
    """``81.33% of the applicable maximum``; empty where points are what is published, or nothing is known."""
    text = published_text(total, language)
    key = "percent_of" if text.endswith("%") else "index_alone"
    return words(language)[key].format_map({"index": text}) if text else ""


def published_in_percent(total: TotalResult) -> bool:
    """Whether what is published is the index already, as a percent."""
    return total.published_index is not None and total.published_as.startswith("percent")


def grade_head(result: Result, grade: GradeResult, language: str) -> str:
    """``Grade``, with the title of its table and the heading it grades, where there are any."""
    heading = f"{result[grade.node].printed_code} {result[grade.node].title}".strip() if grade.node else ""
    about = ", ".join(part for part in (grade.table_title or grade.table, heading) if part)
    return words(language)["grade_of"].format_map({"table": about}) if about else words(language)["grade"]


def grade_word(grade: GradeResult, language: str) -> str:
    """The grade in people's words, or how it stands."""
    if grade.state is GradeState.ISSUED and grade.name is not None:
        return grade.title or grade.name
    text = _GRADES.get(language, _GRADES["en"])[grade.state]
    if grade.state is GradeState.UNDECIDED and grade.title:
        return f"{text}: {grade.title}"
    if grade.state is GradeState.PENDING and grade.possible:
        return f"{text}; {words(language)['possible']}: {', '.join(grade.possible)}"
    return text

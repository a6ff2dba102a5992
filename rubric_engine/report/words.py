"""The few words reports need, in both languages."""

from fractions import Fraction

from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.report.phrases import told
from rubric_engine.result.explain.text import published_text
from rubric_engine.result.result import Coverage, GradeResult, GradeState, NodeResult, Result, State, TotalResult
from rubric_engine.tell.words import Words

_states = Words("states")
_grade_states = Words("grade_states")


def state_word(state: State, language: str) -> str:
    """How a state is called."""
    return _states(state, language)


def points_word(points: Fraction | None, low: Fraction, high: Fraction, language: str) -> str:
    """``1.5``, or ``1 to 2.5`` while pending."""
    if points is not None:
        return _signed(points, language)
    return told("to", language, low=_signed(low, language), high=_signed(high, language))


def _signed(value: Fraction, language: str) -> str:
    return show_number(value, language).replace("-", "−")


def node_points(node: NodeResult, language: str) -> str:
    """What stands in the points column: points, a range, or the state that stands in their place."""
    if node.state is State.UNSCORED and node.points is not None:
        return f"{show_number(node.points, language)}, {state_word(node.state, language)}"
    if node.state in (State.UNSCORED, State.NOT_APPLICABLE, State.NOT_RATED, State.NOT_DUE):
        return state_word(node.state, language)
    if node.met is not None:
        return told("met" if node.met else "not met", language)
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
    return told("index_of", language, index=show_percent(index, language), top=show_number(top, language))


def coverage_word(coverage: Coverage, language: str) -> str:
    """``5 of 6 criteria, 80% of the printed points``; empty where everything was assessed."""
    if coverage.assessed == coverage.leaves:
        return ""
    share = show_percent(coverage.share_of_points or Fraction(0), language, places=_coverage_places(coverage))
    return told("coverage_of", language, assessed=coverage.assessed, leaves=coverage.leaves, share=share)


def _coverage_places(coverage: Coverage) -> int | None:
    """Exact where two decimals of a percent are enough."""
    share = coverage.share_of_points or Fraction(0)
    return None if (share * 10_000).denominator == 1 else 2


def published_word(total: TotalResult, language: str) -> str:
    """``81.33% of the applicable maximum``; empty where points are what is published, or nothing is known."""
    text = published_text(total, language)
    key = "percent_of" if text.endswith("%") else "index_alone"
    return told(key, language, index=text) if text else ""


def published_in_percent(total: TotalResult) -> bool:
    """Whether what is published is the index already, as a percent."""
    return total.published_index is not None and total.published_as.startswith("percent")


def grade_head(result: Result, grade: GradeResult, language: str) -> str:
    """``Grade``, with the title of its table and the heading it grades, where there are any."""
    heading = f"{result[grade.node].printed_code} {result[grade.node].title}".strip() if grade.node else ""
    about = ", ".join(part for part in (grade.table_title or grade.table, heading) if part)
    return told("grade_of", language, table=about) if about else told("grade", language)


def grade_word(grade: GradeResult, language: str) -> str:
    """The grade in people's words, or how it stands."""
    if grade.state is GradeState.ISSUED and grade.name is not None:
        return grade.title or grade.name
    text = _grade_states(grade.state, language)
    if grade.state is GradeState.UNDECIDED and grade.title:
        return f"{text}: {grade.title}"
    if grade.state is GradeState.PENDING and grade.possible:
        return f"{text}; {told('possible', language)}: {', '.join(grade.possible)}"
    return text

"""The words of an explanation, in English and Vietnamese, and text that fits a plain terminal. Standard library only.

A third language is one more table of phrases.
"""

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from rubric_engine.meaning.exact import show_number, show_percent

SHEET_WIDTH: Final = 80

_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "version": "version {version}",
        "unit": "Unit: {unit}",
        "stage": "Stage: {stage}",
        "parameter": "Set by the application: {name} = {value}",
        "total": "Total: {points} of {maximum} points",
        "total_bare": "Total: {points} points",
        "total_not_rated": "Total: not rated, so there are no points",
        "index": "{index} of the applicable maximum",
        "exact_total": "exactly {value} before rounding",
        "printed": "the printed maximum is {value}",
        "published percent": "Published: {value} of the applicable maximum",
        "published index": "Published: index {value}",
        "pending_total": "Total: not settled, lowest {low}, highest {high} of {maximum} points",
        "grade": "Grade: {grade}",
        "grade_of": "Grade ({table}): {grade}",
        "grade_looked": "from {facts}",
        "heading_grade": "grade: {grade}",
        "heading_grade_of": "grade ({table}): {grade}",
        "grade_row": "{grade} ({label})",
        "grade_none": "none",
        "grade_not_rated": "none, as there is nothing to grade: not rated",
        "grade_undecided": "left to the authority",
        "grade_undecided_row": "left to the authority: {title}",
        "grade_pending": "not settled; still possible: {possible}",
        "by_points": "by points alone: {grade}",
        "gate_changed": "{label}: this settled the grade",
        "gate_held": "{label}: holds, but changed nothing",
        "gates_not": "looked at and not so: {number} other rules on the grade",
        "gate_not": "looked at and not so: {label}",
        "gate_unknown": "{label}: not known yet",
        "notes": "Notes of the rubric",
        "pending": "Still waiting for",
        "outlook": "The total can still come to {low} at least and {high} at most.",
        "claim": "claimed: {points}",
        "claim_more": "claimed: {points}, {gap} more than the facts support",
        "claim_less": "claimed: {points}, {gap} less than the facts support",
        "met": "met",
        "not_met": "not met",
        "unscored": "not scored",
        "absent": "not applicable",
        "not_due": "not due",
        "waiting": "pending",
        "refused": "refused",
        "to": "{low} to {high}",
        "of": "{points}/{maximum}",
        "row": "{label} → {amount}",
        "row_bare": "{amount}",
        "from": "{value}, from {facts}",
        "next": "next: {label} gives {amount}",
        "next_unmet": "next: {label} gives {amount} (not so now: {facts})",
        "formula": "{label} → {amount}",
        "proportion": "in proportion to {label} → {amount}",
        "proportion below": "in proportion to {label}, but nothing below {threshold} → {amount}",
        "start": "start at {amount}",
        "judged": "judged: {amount}",
        "award": "+{amount}: {label}",
        "deduction": "−{amount}: {label}",
        "requirement": "required but not so: {label} → {amount}",
        "evidence": "evidence: {label}",
        "evidence missing": "evidence missing: {label}",
        "evidence refused": "evidence refused: {label}",
        "lost": "takes {amount}",
        "lost_nothing": "takes nothing here",
        "ask for explanation": "an explanation is asked for",
        "warn": "a warning, no points lost",
        "limit": "{label} → {amount} instead of {value}",
        "limit_idle": "{label}: holds, but changes nothing",
        "limit_open": "{label}: holds",
        "floor": "not below {amount} (would be {value})",
        "cap": "not above {amount} (would be {value})",
        "rounding": "rounded from {value} to {amount}",
        "sum": "sum: {amount}",
        "kept worth": "{value} of {applied} applicable points count as {amount} of {worth}",
        "full points": "not applicable: full points",
        "excluded": "not applicable: left out of the maximum",
        "keep the worth of": "not applicable: {label} keeps its worth without it",
        "heading": "heading {label}",
        "whole": "the whole sheet",
        "zero": "not applicable: 0 points",
        "above": "not applicable, as {label} above it is not",
        "undecided": "not applicable, and left to the authority to decide",
        "missing": "waits for {facts}",
        "not due": "not due: asked for from {label} on",
        "not due bare": "not due: a later stage asks for it",
        "holds": "holds",
        "policy points": "not known{facts}; the rubric says: {label} → {amount}",
        "policy excluded": "not known{facts}; left out of the maximum: {label}",
        "policy not applicable": "not known{facts}; counts as not applicable: {label}",
        "policy use base": "not known{facts}; left out: {label}",
        "policy substituted": "no value given for {name}: {value} by the rubric",
        "not rated": "not rated: {value} of the weight is there, {amount} is asked for",
        "not rated bare": "not rated: nothing is left to combine",
        "not rated part": "not rated, as part of it is not rated",
        "not rated nothing": "not rated: nothing below it has points",
        "policy not rated points": "the rubric says: {label} → {amount}",
        "policy not rated excluded": "left out of the maximum: {label}",
        "policy not rated not applicable": "counts as not applicable: {label}",
        "not_rated": "not rated",
        "combined": "{label}: index {value} → {amount}",
        "combined zero": "an index is 0 → {amount}",
        "combine weighted mean": "weighted mean",
        "combine mean": "mean",
        "combine geometric mean": "geometric mean",
        "combine harmonic mean": "harmonic mean",
        "combine power mean": "power mean",
        "combine lowest": "the lowest counts",
        "combine highest": "the highest counts",
        "combine median": "median",
        "combine product": "product",
        "combine best": "mean of the best",
        "combine drop lowest": "mean without the lowest",
        "combine sum over positive maximum": "sum over the positive maxima",
        "bonus heading": "Bonus",
        "penalty heading": "Penalty",
        "bonus": "+{amount}: {label} (at most {value})",
        "penalty": "−{amount}: {label} (at most {value})",
        "no_pool": "0: {label} (at most {value})",
        "places": "not exact: rounded to {places} places",
        "inexact": "Not exact: a function or a mean rounded to stated digits takes part.",
        "coverage": "Assessed: {assessed} of {leaves} criteria, {share} of the printed points",
        "coverage_line": "Assessed: {share}",
        "weight_line": "Weight: {weight}",
        "weight_share": "Weight: {weight}, {share} of what takes part",
        "cell": "{label}, row {row}: {column}",
        "one_rating": "{label}, rating {row}",
        "few_ratings": "{number} ratings, {needed} needed",
        "few_ratings_0": "no ratings yet, {needed} needed",
        "few_ratings_1": "1 rating, {needed} needed",
        "rows": "{number} rows",
        "rows_of": "{number} of {all} rows",
        "index of": "{code}",
        "dropped of": "{code}, left out",
        "fails": "does not hold",
        "as printed": "as printed: {because}",
        "submitted": "submitted",
        "accepted": "accepted",
        "rejected": "rejected",
        "out of dates": "not within the dates asked for",
        "not accepted": "not accepted yet",
        "yes": "yes",
        "no": "no",
        "no_value": "not given",
        "points of": "points of {code}",
        "maximum of": "maximum of {code}",
        "the_total": "total",
        "judgement_of": "judgement on {code}",
        "decision_of": "decision on {code}",
        "guidance": "Guidance",
        "source": "Source",
        "data_from": "Data from",
        "verified_by": "Verified by",
        "responsible": "Responsible",
        "due": "Due",
        "note": "Note",
        "points_line": "Points: {points} of {maximum}",
        "lost_line": "Lost: {points}",
        "state_line": "State: {state}",
        "scored": "scored",
        "line": "line {line}",
    },
    "vi": {
        "version": "phiên bản {version}",
        "unit": "Đơn vị: {unit}",
        "stage": "Vòng: {stage}",
        "parameter": "Tham số do ứng dụng đặt: {name} = {value}",
        "total": "Tổng điểm: {points} trên {maximum} điểm",
        "total_bare": "Tổng điểm: {points} điểm",
        "total_not_rated": "Tổng điểm: không đánh giá, nên không có điểm",
        "index": "đạt {index} điểm tối đa áp dụng",
        "exact_total": "chính xác là {value} trước khi làm tròn",
        "printed": "điểm tối đa theo văn bản là {value}",
        "published percent": "Kết quả công bố: {value} điểm tối đa áp dụng",
        "published index": "Kết quả công bố: chỉ số {value}",
        "pending_total": "Tổng điểm: chưa chốt, thấp nhất {low}, cao nhất {high} trên {maximum} điểm",
        "grade": "Xếp loại: {grade}",
        "grade_of": "Xếp loại ({table}): {grade}",
        "grade_looked": "căn cứ {facts}",
        "heading_grade": "xếp loại: {grade}",
        "heading_grade_of": "xếp loại ({table}): {grade}",
        "grade_row": "{grade} ({label})",
        "grade_none": "không xếp loại",
        "grade_not_rated": "không xếp loại, vì không đánh giá được",
        "grade_undecided": "chờ cấp có thẩm quyền quyết định",
        "grade_undecided_row": "chờ cấp có thẩm quyền quyết định: {title}",
        "grade_pending": "chưa chốt; còn có thể là: {possible}",
        "by_points": "nếu chỉ theo điểm: {grade}",
        "gate_changed": "{label}: đã quyết định xếp loại",
        "gate_held": "{label}: có, nhưng không làm thay đổi xếp loại",
        "gates_not": "đã xét và không có: {number} quy định khác về xếp loại",
        "gate_not": "đã xét và không có: {label}",
        "gate_unknown": "{label}: chưa rõ",
        "notes": "Ghi chú của bộ tiêu chí",
        "pending": "Còn chờ",
        "outlook": "Tổng điểm còn có thể từ {low} đến {high}.",
        "claim": "tự chấm: {points}",
        "claim_more": "tự chấm: {points}, cao hơn {gap} so với số liệu",
        "claim_less": "tự chấm: {points}, thấp hơn {gap} so với số liệu",
        "met": "đạt",
        "not_met": "không đạt",
        "unscored": "không tính điểm",
        "absent": "không áp dụng",
        "not_due": "chưa đến hạn",
        "waiting": "chờ số liệu",
        "refused": "không được công nhận",
        "to": "{low} đến {high}",
        "of": "{points}/{maximum}",
        "row": "{label} → {amount}",
        "row_bare": "{amount}",
        "from": "{value}, tính từ {facts}",
        "next": "mức cao hơn liền kề: {label} được {amount}",
        "next_unmet": "mức cao hơn liền kề: {label} được {amount} (hiện chưa đạt: {facts})",
        "formula": "{label} → {amount}",
        "proportion": "tỷ lệ với {label} → {amount}",
        "proportion below": "tỷ lệ với {label}, dưới {threshold} không có điểm → {amount}",
        "start": "bắt đầu từ {amount}",
        "judged": "điểm nhận xét: {amount}",
        "award": "+{amount}: {label}",
        "deduction": "−{amount}: {label}",
        "requirement": "không đạt điều kiện: {label} → {amount}",
        "evidence": "minh chứng: {label}",
        "evidence missing": "thiếu minh chứng: {label}",
        "evidence refused": "minh chứng bị từ chối: {label}",
        "lost": "mất {amount}",
        "lost_nothing": "không làm giảm điểm",
        "ask for explanation": "yêu cầu giải trình",
        "warn": "chỉ cảnh báo, không trừ điểm",
        "limit": "{label} → {amount} thay vì {value}",
        "limit_idle": "{label}: có, nhưng không làm thay đổi điểm",
        "limit_open": "{label}: có",
        "floor": "không thấp hơn {amount} (tính ra {value})",
        "cap": "không vượt quá {amount} (tính ra {value})",
        "rounding": "làm tròn từ {value} thành {amount}",
        "sum": "cộng: {amount}",
        "kept worth": "{value} trên {applied} điểm áp dụng, quy đổi thành {amount} trên {worth}",
        "full points": "không áp dụng: tính đủ điểm",
        "excluded": "không áp dụng: loại khỏi thang điểm",
        "keep the worth of": "không áp dụng: {label} vẫn giữ nguyên tổng điểm",
        "heading": "mục {label}",
        "whole": "toàn bộ thang điểm",
        "zero": "không áp dụng: 0 điểm",
        "above": "không áp dụng, vì {label} ở trên không áp dụng",
        "undecided": "không áp dụng, chờ cấp có thẩm quyền quyết định",
        "missing": "chờ {facts}",
        "not due": "chưa đến hạn: thu thập từ vòng {label}",
        "not due bare": "chưa đến hạn: thu thập ở vòng sau",
        "holds": "có",
        "policy points": "chưa có số liệu{facts}; theo quy định: {label} → {amount}",
        "policy excluded": "chưa có số liệu{facts}; loại khỏi thang điểm: {label}",
        "policy not applicable": "chưa có số liệu{facts}; coi là không áp dụng: {label}",
        "policy use base": "chưa có số liệu{facts}; không tính: {label}",
        "policy substituted": "chưa có số liệu {name}: theo quy định lấy {value}",
        "not rated": "không đánh giá: chỉ có {value} trọng số, cần {amount}",
        "not rated bare": "không đánh giá: không còn gì để tổng hợp",
        "not rated part": "không đánh giá, vì có phần không đánh giá được",
        "not rated nothing": "không đánh giá: không có mục nào được chấm điểm",
        "policy not rated points": "theo quy định: {label} → {amount}",
        "policy not rated excluded": "loại khỏi thang điểm: {label}",
        "policy not rated not applicable": "coi là không áp dụng: {label}",
        "not_rated": "không đánh giá",
        "combined": "{label}: chỉ số {value} → {amount}",
        "combined zero": "có chỉ số bằng 0 → {amount}",
        "combine weighted mean": "trung bình có trọng số",
        "combine mean": "trung bình cộng",
        "combine geometric mean": "trung bình nhân",
        "combine harmonic mean": "trung bình điều hòa",
        "combine power mean": "trung bình lũy thừa",
        "combine lowest": "lấy mức thấp nhất",
        "combine highest": "lấy mức cao nhất",
        "combine median": "trung vị",
        "combine product": "tích",
        "combine best": "trung bình các mức cao nhất",
        "combine drop lowest": "trung bình, bỏ mức thấp nhất",
        "combine sum over positive maximum": "tổng điểm trên tổng điểm tối đa dương",
        "bonus heading": "Điểm thưởng",
        "penalty heading": "Điểm trừ",
        "bonus": "+{amount}: {label} (tối đa {value})",
        "penalty": "−{amount}: {label} (tối đa {value})",
        "no_pool": "0: {label} (tối đa {value})",
        "places": "gần đúng: làm tròn đến {places} chữ số thập phân",
        "inexact": "Kết quả gần đúng: có hàm hoặc trung bình làm tròn theo số chữ số đã định.",
        "coverage": "Đã đánh giá: {assessed} trên {leaves} tiêu chí, {share} số điểm",
        "coverage_line": "Đã đánh giá: {share}",
        "weight_line": "Trọng số: {weight}",
        "weight_share": "Trọng số: {weight}, bằng {share} phần được tính",
        "cell": "{label}, dòng {row}: {column}",
        "one_rating": "{label}, phiếu {row}",
        "few_ratings": "mới có {number} phiếu, cần {needed}",
        "few_ratings_0": "chưa có phiếu nào, cần {needed}",
        "few_ratings_1": "mới có 1 phiếu, cần {needed}",
        "rows": "{number} dòng",
        "rows_of": "{number} trên {all} dòng",
        "index of": "{code}",
        "dropped of": "{code}, không lấy",
        "fails": "không",
        "as printed": "theo văn bản: {because}",
        "submitted": "đã nộp",
        "accepted": "được chấp nhận",
        "rejected": "bị từ chối",
        "out of dates": "không trong thời gian quy định",
        "not accepted": "chưa được chấp nhận",
        "yes": "có",
        "no": "không",
        "no_value": "chưa có",
        "points of": "điểm của {code}",
        "maximum of": "điểm tối đa của {code}",
        "the_total": "tổng điểm",
        "judgement_of": "điểm nhận xét {code}",
        "decision_of": "quyết định về {code}",
        "guidance": "Cách xác định",
        "source": "Căn cứ",
        "data_from": "Nguồn số liệu",
        "verified_by": "Đơn vị xác minh",
        "responsible": "Đơn vị phụ trách",
        "due": "Hạn",
        "note": "Ghi chú",
        "points_line": "Điểm: {points} trên {maximum}",
        "lost_line": "Mất: {points}",
        "state_line": "Trạng thái: {state}",
        "scored": "đã chấm",
        "line": "dòng {line}",
    },
}


def phrase(language: str, key: str, **values: str) -> str:
    """A phrase with its values put in; English where the language is not known. Values are never read as patterns."""
    table = _PHRASES.get(language, _PHRASES["en"])
    text = table.get(key, key)
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def title_text(title: str, level: str, language: str) -> str:
    """The title of a heading; a bonus or a penalty may have none, and is called what it is."""
    return phrase(language, f"{level} heading") if not title and level in ("bonus", "penalty") else title


def points_text(value: Fraction, language: str) -> str:
    """Points as people write them."""
    return show_number(value, language).replace("-", "−")


def share_text(value: Fraction, language: str) -> str:
    """A share as a percent: exact where two decimals are enough."""
    exact = show_percent(value, language)
    return exact if len(exact.partition("," if language == "vi" else ".")[2]) <= 3 else show_percent(
        value, language, places=2
    )


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ROWS = re.compile(r"(\d+)(?: of (\d+))? rows", re.ASCII)
_FEW_RATINGS = re.compile(r"(\d+) of (\d+) ratings", re.ASCII)
_OF_MAXIMUM = re.compile(r"≈?-?[\d.]+ / ≈?-?[\d.]+", re.ASCII)
_PLAIN_NUMBER = re.compile(r"≈?-?\d+(\.\d+)?%?", re.ASCII)


def local_text(text: str, language: str) -> str:
    """A value in the digits and words of the language: ``12.5%`` is ``12,5%`` in Vietnamese."""
    if text in ("yes", "no"):
        return phrase(language, text)
    if (rows := _ROWS.fullmatch(text)) is not None:
        key = "rows_of" if rows[2] else "rows"
        return phrase(language, key, number=rows[1], all=rows[2] or "")
    if (few := _FEW_RATINGS.fullmatch(text)) is not None:
        key = {"0": "few_ratings_0", "1": "few_ratings_1"}.get(few[1], "few_ratings")
        return phrase(language, key, number=few[1], needed=few[2])
    if " · " in text or " × " in text or _OF_MAXIMUM.fullmatch(text) is not None:
        return re.sub(r"[^ ·×/]+", lambda part: local_text(part[0], language), text)
    if language == "vi":
        if _PLAIN_NUMBER.fullmatch(text):
            return text.replace(".", ",")
        if (day := _DAY.fullmatch(text)) is not None:
            return f"{day[3]}/{day[2]}/{day[1]}"
    return text


# ---------------------------------------------------------------- fitting text


def tame(text: str) -> str:
    """One line with nothing in it that could steer a terminal or turn the direction of writing."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in line)


def columns_of(text: str) -> int:
    """Columns the text takes on a terminal: none for combining marks, two for wide letters."""
    if text.isascii():
        return len(text)
    return sum(_columns_of_char(char) for char in text)


@lru_cache(maxsize=4096)
def _columns_of_char(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold_text(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns, broken at spaces, and inside a word only where it must be."""
    lines: list[str] = []
    here = ""
    for word in text.split():
        while columns_of(word) > columns:
            if here:
                lines.append(here)
                here = ""
            head = _head(word, columns)
            lines.append(head)
            word = word[len(head) :]
        if here and columns_of(here) + 1 + columns_of(word) > columns:
            lines.append(here)
            here = word
        elif word:
            here = f"{here} {word}" if here else word
    return [*lines, here] if here or not lines else lines


def _head(word: str, columns: int) -> str:
    used = 0
    for at, char in enumerate(word):
        used += _columns_of_char(char)
        if used > columns and at:
            return word[:at]
    return word


def hang(text: str, indent: int, *, lead: str = "") -> list[str]:
    """The text folded under an indent; ``lead`` stands before the first line, the others align with its text."""
    margin = " " * indent
    width = max(20, SHEET_WIDTH - indent - columns_of(lead))
    first, *rest = fold_text(text, width)
    return [margin + lead + first, *(margin + " " * columns_of(lead) + line for line in rest)]

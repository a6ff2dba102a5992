"""What the reports of a round say, in both languages: ranking, stages, claims, cycles, progress, gaps."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from rubric_engine.meaning.exact import show_date, show_number, show_percent

PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    # common
    "version": ("version", "phiên bản"),
    "unit": ("Unit", "Đơn vị"),
    "units": ("Units", "Số đơn vị"),
    "cycle": ("Cycle", "Kỳ"),
    "stage": ("Stage", "Vòng"),
    "code": ("Code", "Mã"),
    "title": ("Title", "Nội dung"),
    "group": ("Group", "Nhóm"),
    "total": ("Total", "Tổng điểm"),
    "published": ("Published", "Công bố"),
    "points": ("Points", "Điểm"),
    "of": ("Of", "Tối đa"),
    "maximum": ("Maximum", "Tối đa"),
    "index": ("Index", "Chỉ số"),
    "grade": ("Grade", "Xếp loại"),
    "change": ("Change", "Tăng giảm"),
    "reason": ("Reason", "Lý do"),
    "remarks": ("Remarks", "Ghi chú"),
    "notes": ("Notes", "Lưu ý"),
    "to": ("{low} to {high}", "{low} đến {high}"),
    "percentage points": ("{change} points of %", "{change} điểm %"),
    "or": (" or ", " hoặc "),
    "figures wanted": (
        "Figures of the cohort are not known here: `rubric figures` saves them, --figures FILE reads them",
        "Chưa có số liệu chung của các đơn vị: `rubric figures` lưu lại, --figures TỆP để dùng",
    ),
    "percent points": ("Points of %", "Điểm %"),
    "taken among": (
        "Figures of the cohort are taken among the {count} units given here",
        "Số liệu chung tính trên {count} đơn vị có ở đây",
    ),
    "no previous": (
        "No figures of the cycle before for {count} of {all} units: --previous FILE reads them",
        "{count} trên {all} đơn vị chưa có số liệu kỳ trước: --previous TỆP để dùng",
    ),
    "none": ("none", "không có"),
    "not known": ("not known yet", "chưa biết"),
    # the end of every report over several units
    "scored": (
        "{all} units: {scored} scored, {refused} refused", "{all} đơn vị: đã chấm {scored}, không nhận {refused}",
    ),
    "scored one": ("1 unit: {scored} scored, {refused} refused", "1 đơn vị: đã chấm {scored}, không nhận {refused}"),
    "scored stage": ("{line}, {waiting} not at this stage yet", "{line}, chưa đến vòng này {waiting}"),
    "not read": ("Not read, neither JSON nor CSV: {names}", "Không đọc, không phải JSON hay CSV: {names}"),
    "not there yet": ("Not at the stage `{stage}` yet: {units}", "Chưa đến vòng `{stage}`: {units}"),
    # ranking
    "ranked by": ("Ranked by", "Xếp hạng theo"),
    "within": ("within each", "trong từng"),
    "ties": ("Ties", "Đồng hạng"),
    "tied mark": ("`=` after a rank: units share it", "dấu `=` sau thứ hạng: các đơn vị đồng hạng"),
    "rank": ("Rank", "Hạng"),
    "grade before": ("Grade before the quota", "Xếp loại trước hạn mức"),
    "lowered mark": (
        "`*`: lowered by a quota; before it: {list}", "`*`: bị hạ loại theo hạn mức; trước đó: {list}",
    ),
    "undecided head": ("The authority decides between", "Cấp có thẩm quyền quyết định giữa"),
    "undecided": ("places {first} to {last}: {units}", "hạng {first} đến {last}: {units}"),
    "unranked": ("Not ranked", "Không xếp hạng"),
    "distribution": ("Grades", "Kết quả xếp loại"),
    "count": ("Number", "Số lượng"),
    "share": ("Share", "Tỷ lệ"),
    "not final": (
        "Not final: units without a rank may still come between others",
        "Chưa chốt: đơn vị chưa xếp hạng còn có thể chen vào giữa",
    ),
    "limited": ("The first {limit} of {all} units are shown", "Hiện {limit} trong {all} đơn vị đầu bảng"),
    "more units": ("{count} more", "{count} đơn vị nữa"),
    "no units": ("No unit could be ranked", "Không có đơn vị nào xếp hạng được"),
    "losses": ("Where most units lose points", "Nơi nhiều đơn vị mất điểm nhất"),
    "points lost": ("Points lost", "Điểm mất"),
    "average lost": ("Per unit", "Bình quân"),
    "most common": ("Most common reason", "Lý do thường gặp"),
    # stages
    "stages": ("Stages of the round", "Các vòng chấm điểm"),
    "done": ("Done", "Ngày xong"),
    "days late": ("Late", "Trễ hạn"),
    "days": ("{days} days", "{days} ngày"),
    "one day": ("1 day", "1 ngày"),
    "in time": ("in time", "đúng hạn"),
    "deadlines": ("Deadlines", "Thời hạn"),
    "deadline": ("Deadline", "Việc phải nộp"),
    "due": ("Due", "Hạn"),
    "not in": ("not in", "chưa nộp"),
    "not in late": ("not in, {days} late", "chưa nộp, quá hạn {days}"),
    "changes": ("{before} → {after}", "{before} → {after}"),
    "no changes": ("No leaf changed", "Không tiêu chí nào thay đổi"),
    "from": ("From", "Từ"),
    "became": ("To", "Thành"),
    "what": ("What made the difference", "Nguyên nhân khác biệt"),
    "fact": ("{label}: {before} → {after}", "{label}: {before} → {after}"),
    "not given": ("not given", "chưa nêu"),
    "evidence": ("evidence {label}: {before} → {after}", "minh chứng {label}: {before} → {after}"),
    "remark": ("remark: {text}", "nhận xét: {text}"),
    "explanation": ("the unit explains: {text}", "đơn vị giải trình: {text}"),
    "asked open": ("an explanation was asked for and is still open", "đã yêu cầu giải trình, đơn vị chưa trả lời"),
    "unexplained": ("points moved and no reason is given", "điểm thay đổi mà chưa nêu lý do"),
    "without effect": ("Changed, but moved no points", "Có thay đổi nhưng không làm đổi điểm"),
    "newly due": ("due from now on", "bắt đầu tính từ vòng này"),
    "open explanations": ("Explanations still open", "Còn phải giải trình"),
    "findings": ("Findings", "Kiến nghị sau kiểm tra"),
    "finding": ("Finding", "Kiến nghị"),
    "heading": ("Heading", "Mục"),
    "standing": ("Standing", "Tình trạng"),
    "responsible": ("Responsible", "Phụ trách"),
    "lost": ("Lost", "Mất điểm"),
    "came back from": ("came back: {id} was put right before", "tái phạm: {id} từng được khắc phục"),
    "unknown heading": ("{code} is not in this rubric", "bộ tiêu chí này không có mục {code}"),
    "open": ("open", "chưa khắc phục"),
    "overdue": ("overdue", "quá hạn"),
    "put right": ("put right", "đã khắc phục"),
    "came back": ("came back", "tái phạm"),
    "submitted": ("submitted", "đã nộp"),
    "accepted": ("accepted", "được chấp nhận"),
    "rejected": ("rejected", "bị từ chối"),
    "only reached": (
        "Only the stage `{stage}` is reached: there is nothing to compare yet",
        "Mới đến vòng `{stage}`, chưa có gì để so sánh",
    ),
    # claims
    "claims": ("Claims held against facts and evidence", "Đối chiếu điểm tự chấm với số liệu và minh chứng"),
    "no claims": ("The unit claims no points", "Đơn vị không tự chấm điểm"),
    "claimed": ("Claimed", "Tự chấm"),
    "supported": ("Supported", "Có căn cứ"),
    "difference": ("Difference", "Chênh lệch"),
    "verdict": ("Verdict", "Kết luận"),
    "claims differ": ("Claims that differ", "Điểm tự chấm chênh lệch"),
    "claims agree": ("{agree} of {all} claims agree", "{agree} trên {all} mục tự chấm khớp"),
    "no proof": ("Claimed without accepted evidence", "Tự chấm khi chưa có minh chứng được chấp nhận"),
    "need words": ("Explanation needed", "Cần giải trình"),
    "not claimed": ("Nothing claimed for", "Chưa tự chấm"),
    "group sums": ("Groups whose claim is not the sum of their leaves", "Điểm nhóm không bằng tổng các mục"),
    "group sum": ("{code}: {claimed} claimed, its leaves {summed}", "{code}: tự chấm {claimed}, tổng các mục {summed}"),
    "line": ("line {line}", "dòng {line}"),
    "agrees": ("agrees", "khớp"),
    "too high": ("too high", "cao hơn căn cứ"),
    "too low": ("too low", "thấp hơn căn cứ"),
    "cannot be told yet": ("cannot be told yet", "chưa kết luận được"),
    "not applicable": ("not applicable", "không áp dụng"),
    "not due": ("not due", "chưa đến hạn"),
    "unscored": ("not scored", "không tính điểm"),
    "impossible": ("more than the heading can give ({maximum})", "vượt điểm tối đa của mục ({maximum})"),
    "missing": ("missing", "chưa có"),
    "out of dates": ("out of dates", "ngoài thời gian quy định"),
    "not accepted": ("not accepted", "chưa được chấp nhận"),
    "proof": ("evidence {name}: {need}", "minh chứng {name}: {need}"),
    # cycles
    "open total": ("open", "chưa chốt"),
    "came past": ("Units that came past", "Đơn vị vượt lên trên"),
    "left behind": ("Units left behind", "Đơn vị bị vượt qua"),
    "before": ("Before", "Kỳ trước"),
    "after": ("After", "Kỳ này"),
    "places": ("{before} → {after} ({places})", "{before} → {after} ({places})"),
    "leaves changed": ("Leaves whose points changed", "Tiêu chí thay đổi điểm"),
    "below both": ("Below the maximum in both cycles", "Chưa đạt tối đa cả hai kỳ"),
    "lost before": ("Lost before", "Mất kỳ trước"),
    "lost after": ("Lost now", "Mất kỳ này"),
    "again": ("Deducted again for the same reason", "Bị trừ điểm lặp lại cùng lý do"),
    "deduction": ("Deduction", "Nội dung bị trừ"),
    "not comparable": ("Not comparable, or with a doubt", "Không so sánh được hoặc cần lưu ý"),
    "why": ("Why", "Vì sao"),
    "perhaps moved": ("Perhaps the same heading under another code", "Có thể cùng một mục nhưng đổi mã"),
    "moved": ("{old} → {new}: name it with --renamed {old}={new}", "{old} → {new}: nêu rõ bằng --renamed {old}={new}"),
    "other maximum": (
        "The two rubrics print other maxima: points do not compare, the index does",
        "Hai bộ tiêu chí có tổng điểm khác nhau: không so điểm, chỉ so chỉ số",
    ),
    "added": ("not in the earlier rubric", "kỳ trước không có"),
    "dropped": ("no longer in the rubric", "kỳ này không còn"),
    "pending": ("points not known in one of the two", "một trong hai kỳ chưa có điểm"),
    "maximum changed": ("maximum changed {before} → {after}", "điểm tối đa đổi {before} → {after}"),
    "rule changed": ("rule changed", "cách tính đã đổi"),
    "title changed": ("title changed", "tên gọi đã đổi"),
    "not applicable in one": ("not applicable in one of the two", "một trong hai kỳ không áp dụng"),
    "only before": ("Only before", "Chỉ có ở kỳ trước"),
    "only after": ("Only now", "Chỉ có ở kỳ này"),
    "averages": ("Averages", "Bình quân"),
    "all units": ("all units", "tất cả"),
    "never": ("Never put right in {count} cycles", "Chưa bao giờ khắc phục trong {count} kỳ"),
    "lost each": ("Lost each time", "Mất điểm từng kỳ"),
    "repeated by units": ("Leaves below the maximum in both cycles, over all units",
                          "Tiêu chí chưa đạt tối đa cả hai kỳ, tính trên mọi đơn vị"),
    # gaps
    "nothing lost": ("No points were lost", "Không mất điểm nào"),
    "bonus left": ("Bonus points still open", "Điểm cộng còn có thể đạt"),
    "open to win": ("Open", "Còn lại"),
    "awaited": ("Not given yet", "Chưa có số liệu"),
    "ways": ("What would win them back", "Cách lấy lại điểm"),
    "won back": ("Won back", "Điểm lấy lại"),
    "points then": ("Points then", "Điểm khi đó"),
    "total later": ("Total then", "Tổng điểm khi đó"),
    "total then": ("total then {total}", "tổng điểm khi đó {total}"),
    "past": ("has already happened: for next time", "việc đã qua: rút kinh nghiệm kỳ sau"),
    "past head": ("Already happened", "Việc đã qua"),
    "for units": ("{label} (units: {units})", "{label} (số đơn vị: {units})"),
    "no way": ("no change of this unit's own facts wins them back", "không thể lấy lại bằng số liệu của đơn vị"),
    "beyond": ("{points} more cannot be won back", "còn {points} điểm không lấy lại được"),
    "bounded": ("The search ended at its bound: there may be smaller changes",
                "Đã dừng ở giới hạn tìm kiếm: có thể còn cách ít thay đổi hơn"),
    "next grade": ("The next grade", "Lên loại trên"),
    "best already": ("{grade} is the best grade", "{grade} là loại cao nhất"),
    "grade step": ("{before} → {after} ({low} → {high} points)", "{before} → {after} ({low} → {high} điểm)"),
    "no next grade": ("{grade}: no change found reaches a better grade", "{grade}: không có cách nào lên loại trên"),
    "grade waits": ("Not known before all facts are given", "Chưa xác định được, còn thiếu số liệu"),
    "best value": ("The most that was found", "Mức cao nhất tìm được"),
    "changed facts": ("If", "Nếu"),
    "as is": ("As is", "Hiện tại"),
    "as changed": ("As changed", "Khi thay đổi"),
    "gates": ("Conditions on the grade", "Điều kiện xếp loại"),
    "gate moved": ("{gate}: {before} → {after}", "{gate}: {before} → {after}"),
    "gate holds": ("holds", "đúng"),
    "gate idle": ("does not hold", "không đúng"),
    # progress
    "progress": ("Progress", "Tiến độ"),
    "completion": ("Scored", "Đã chấm"),
    "n of m": ("{done} of {all} ({share})", "{done}/{all} ({share})"),
    "nothing due": ("nothing due", "chưa có mục đến hạn"),
    "waiting": ("Pending", "Còn chờ"),
    "range": ("Total still possible", "Tổng điểm còn có thể"),
    "grades possible": ("Grades possible", "Xếp loại còn có thể"),
    "waits for": ("Waits for", "Chờ"),
    "area": ("Area", "Lĩnh vực"),
    "late": ("Late or not in", "Nộp muộn hoặc chưa nộp"),
    "lowest total": ("Lowest total", "Tổng điểm thấp nhất"),
    "highest total": ("Highest total", "Tổng điểm cao nhất"),
    "not due yet": ("Not due yet", "Chưa đến hạn"),
}  # fmt: skip


def told(key: str, language: str, **values: object) -> str:
    """A phrase with its values put in; English where the language has none."""
    english, vietnamese = PHRASES[key]
    return (vietnamese if language == "vi" else english).format_map(values)


# ---------------------------------------------------------------- numbers in a table


def points(value: Fraction | None, language: str) -> str:
    """Exact points; nothing where they are not known."""
    return "" if value is None else show_number(value, language).replace("-", "−")


def span(low: Fraction, high: Fraction, language: str) -> str:
    """``1 to 2.5``, or one number where both are the same."""
    if low == high:
        return points(low, language)
    return told("to", language, low=points(low, language), high=points(high, language))


def change(value: Fraction | None, language: str) -> str:
    """A difference with its sign: ``+0.5``, ``−0.5``, ``≈+0.3333``, ``0``."""
    return "" if value is None else _plus(value, points(value, language))


def _plus(value: Fraction, text: str) -> str:
    if value <= 0:
        return text
    return f"≈+{text[1:]}" if text.startswith("≈") else f"+{text}"


def percent(value: Fraction | None, language: str) -> str:
    """A share at two decimals of a percent, ``≈`` where that is not all of it."""
    if value is None:
        return ""
    exact = (value * 10_000).denominator == 1
    return show_percent(value, language, places=None if exact else 2).replace("-", "−")


def percent_change(value: Fraction | None, language: str, *, bare: bool = False) -> str:
    """A difference of two shares in percentage points, with its sign and two decimals at most; ``bare``: no words."""
    if value is None:
        return ""
    exact = (value * 10_000).denominator == 1
    text = show_number(value * 100, language, places=None if exact else 2).replace("-", "−")
    signed = _plus(value, text)
    return signed if bare else told("percentage points", language, change=signed)


def day(value: date | None, language: str) -> str:
    """A day as the language writes it."""
    return "" if value is None else show_date(value.toordinal(), language)


def days(count: int, language: str) -> str:
    """``1 day``, ``3 days``."""
    return told("one day", language) if count == 1 else told("days", language, days=count)


def shortened(text: str, most: int) -> str:
    """The text, cut at a word with ``…`` where it is longer than ``most`` characters."""
    plain = " ".join(text.split())
    if len(plain) <= most:
        return plain
    return plain[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"

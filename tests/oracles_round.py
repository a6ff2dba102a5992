"""The worked round of ``rubrics/vn/vong-minh-hoa`` scored by plain Python, written from the text of its two rubrics.

Nothing of the engine is used: a dossier is a mapping as JSON gives it, numbers are fractions, and what a decision would
say in a sentence is a line here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

F = Fraction
STAGES = ("tự_chấm", "thẩm_định", "kết_luận")
GRADES = ("xuất_sắc", "tốt", "khá", "trung_bình")
PLAN, REPORT, IDEAS = "văn_bản_kế_hoạch", "báo_cáo_kế_hoạch", "quyết_định_sáng_kiến"
POOLS = ("T1", "P1", "P2", "P3")


@dataclass
class Standing:
    """One unit of one year. ``total`` is ``None`` while something of it is not known or it has not been concluded."""

    unit: str
    cluster: str
    points: dict[str, Fraction | None]
    total: Fraction | None
    applicable: int
    lost: dict[str, Fraction | None] = field(default_factory=dict)
    before: str | None = None
    grade: str | None = None
    rank: int | None = None

    @property
    def share(self) -> Fraction:
        """What is published: points of the applicable maximum, to two places of a percent."""
        assert self.total is not None
        return rounded(self.total / self.applicable, 4)

    @property
    def keys(self) -> tuple[Fraction, ...]:
        """What the unit is ranked by."""
        survey = (self.points["5.1"] or F(0)) + (self.points["5.2"] or F(0))
        return (self.share, survey, self.points["2.1"] or F(0))


def percent(given: object) -> Fraction:
    """``"72,5%"``."""
    return F(str(given).removesuffix("%").replace(",", ".")) / 100


def rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    whole += scaled - whole >= F(1, 2)
    return F(whole if value >= 0 else -whole, 10**places)


def dossiers(folder: Path) -> list[dict[str, Any]]:
    """Every dossier of a year."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("DV-*.json"))]


def days_of(folder: Path) -> dict[str, date]:
    """The deadlines of a year."""
    given = json.loads((folder.parent / f"deadlines-{folder.name}.json").read_text("utf-8"))
    return {name: date.fromisoformat(day) for name, day in given.items()}


# ---------------------------------------------------------------- what holds at a stage


@dataclass
class Facts:
    """What is known of one unit at one stage. ``accepted`` are the names of evidence with a piece that counts."""

    unit: str
    inputs: dict[str, Any]
    judged: dict[str, Any]
    accepted: set[str]
    previous: Fraction
    late: dict[str, int]


def facts_at(dossier: Mapping[str, Any], stage: str, due: Mapping[str, date]) -> Facts | None:
    """Each stage says only what it changes; ``None`` for a stage not reached."""
    if stage not in dossier["stages"]:
        return None
    inputs: dict[str, Any] = {}
    judged: dict[str, Any] = {}
    pieces: dict[tuple[str, str], str] = {}
    references: dict[str, Any] = {}
    for name in STAGES[: STAGES.index(stage) + 1]:
        entry = dossier["stages"][name]
        inputs |= entry.get("inputs", {})
        references |= entry.get("references", {})
        # Only the last stage keeps the points a person gave before.
        judged = {**(judged if name == "kết_luận" else {}), **entry.get("judged", {})}
        for evidence, items in entry.get("evidence", {}).items():
            for item in items:
                pieces[evidence, item["reference"]] = item.get("status", "submitted")
    good = {"accepted"} if stage == "kết_luận" else {"accepted", "submitted"}
    done = {name: entry["done"] for name, entry in dossier["stages"].items() if "done" in entry}
    done |= dossier.get("done", {})
    late = {name: max(0, (date.fromisoformat(day) - due[name]).days) for name, day in done.items()}
    previous = percent(references.get("previous tỷ_lệ_số_hóa", "0%"))
    accepted = {name for (name, _), status in pieces.items() if status in good}
    return Facts(dossier["unit"], inputs, judged, accepted, previous, late)


# ---------------------------------------------------------------- the rules, leaf by leaf


def rate(value: Fraction) -> Fraction:
    """The common scale."""
    return F(1) if value >= F(95, 100) else F(3, 4) if value >= F(85, 100) else F(1, 2) if value >= F(7, 10) else F(0)


def line(value: Fraction, anchors: list[tuple[Fraction, int]]) -> Fraction:
    """Straight lines between the anchors, level outside."""
    if value <= anchors[0][0]:
        return F(anchors[0][1])
    for (left, low), (right, high) in pairwise(anchors):
        if value <= right:
            return low + (value - left) / (right - left) * (high - low)
    return F(anchors[-1][1])


def own_points(year: int, f: Facts) -> dict[str, Fraction | None]:
    """What a unit earns without a look at the others; ``None`` where it is not known or does not apply."""
    i, got = f.inputs, dict[str, Fraction | None]()
    plan = {"kịp_thời": F(4), "chậm": F(2), "không_ban_hành": F(0)}[i["kế_hoạch"]]
    got["1.1"] = plan if PLAN in f.accepted or i["kế_hoạch"] == "không_ban_hành" else F(0)
    work = 6 * rate(F(i["nhiệm_vụ_xong"], i["nhiệm_vụ"]))
    got["1.2"] = work if REPORT in f.accepted else min(work, F(3))
    late = [row["số_ngày"] for row in i["báo_cáo_muộn"]]
    got["1.3"] = max(F(0), 4 - sum((F(1, 2) if days <= 5 else F(1) for days in late), F(0)))
    got["1.4"] = rounded(4 * F(i["đã_khắc_phục"], i["kiến_nghị"]), 2) if i["kiến_nghị"] else None
    if year == 2025:
        got["1.5"] = F(str(f.judged["1.5"])) if "1.5" in f.judged else None
    top = 10 if year == 2025 else 12
    on_time = F(i["hồ_sơ_đúng_hạn"], i["hồ_sơ"])
    got["2.1"] = rounded(line(on_time, [(F(8, 10), 0), (F(95, 100), top - 2), (F(1), top)]), 2)
    digital = percent(i["tỷ_lệ_số_hóa"])
    rise = digital - f.previous
    got["2.4"] = F(6) if digital >= F(9, 10) else F(9, 2) if rise >= F(1, 10) else F(3) if rise >= 0 else F(0)
    signed = F(i["văn_bản_ký_số"], i["văn_bản_đi"])
    got["3.1"] = rounded(6 * signed, 2) if signed >= F(1, 2) else F(0)
    got["3.2"] = min(F(5), F(5, 2) * i["sáng_kiến"])
    safe = F(i["hệ_thống_đạt"], i["hệ_thống"]) if i["hệ_thống"] else None
    got["3.3"] = None if safe is None else F(5) if safe == 1 else F(5, 2) if safe >= F(1, 2) else F(0)
    told = "3.4" if year == 2025 else "4.3"
    got[told] = F(str(f.judged[told])) if told in f.judged else None
    got["4.1"] = 6 * rate(F(i["đơn_đúng_hạn"], i["đơn_thư"])) if i["đơn_thư"] else F(6)
    talks = i["đối_thoại"]
    got["4.2"] = F(4) if talks >= 4 else F(3) if talks >= 2 else F(3, 2) if talks == 1 else F(0)
    content = i.get("hài_lòng")
    anchors = [(F(6, 10), 0), (F(9, 10), 10), (F(1), 12)]
    got["5.1"] = None if content is None else rounded(line(percent(content), anchors), 2)
    again = i.get("đi_lại_nhiều_lần")
    if again is None:
        got["5.2"] = None
    else:
        steps = ((F(5, 100), 8), (F(1, 10), 6), (F(2, 10), 3))
        got["5.2"] = next((F(points) for most, points in steps if percent(again) <= most), F(0))
    got["T1"] = F(min(2, i["cách_làm_hay"]))
    got["P1"] = -min(F(2), F(1, 4) * f.late["nộp_tự_chấm"])
    asked = i.get("phải_giải_trình")
    got["P2"] = None if asked is None else F(0) if not asked else -min(F(1), F(1, 2) * f.late.get("giải_trình", 2))
    got["P3"] = -F(min(4, i["vụ_lỗi"]))
    return got


def compared_points(f: Facts, everyone: Iterable[Facts]) -> dict[str, Fraction]:
    """What a unit earns beside the others."""
    units = list(everyone)
    cluster = [percent(other.inputs["tỷ_lệ_trực_tuyến"]) for other in units if other.inputs["cụm"] == f.inputs["cụm"]]
    average = sum(cluster, F(0)) / len(cluster)
    online = percent(f.inputs["tỷ_lệ_trực_tuyến"])
    paid = [percent(other.inputs["tỷ_lệ_thanh_toán"]) for other in units]
    low, high = min(paid), max(paid)
    place = (percent(f.inputs["tỷ_lệ_thanh_toán"]) - low) / (high - low) if high > low else F(1)
    return {
        "2.2": F(8) if online >= average else F(4) if online >= F(9, 10) * average else F(0),
        "2.3": rounded(6 * place, 2),
    }


# ---------------------------------------------------------------- the whole year


def maxima(year: int) -> dict[str, int]:
    """Printed points of every leaf of the sheet."""
    both = {"1.1": 4, "1.2": 6, "1.3": 4, "1.4": 4, "2.2": 8, "2.3": 6, "2.4": 6, "3.1": 6, "3.2": 5, "3.3": 5,
            "4.1": 6, "4.2": 4, "5.1": 12, "5.2": 8}  # fmt: skip
    return both | ({"1.5": 2, "2.1": 10, "3.4": 4} if year == 2025 else {"2.1": 12, "4.3": 4})


def total_of(year: int, f: Facts, got: Mapping[str, Fraction | None]) -> Fraction | None:
    """Sheet and pools, to two places; ``None`` while something that applies is not known."""
    without = {code for code, task in (("1.4", "kiến_nghị"), ("3.3", "hệ_thống")) if not f.inputs[task]}
    if any(points is None for code, points in got.items() if code not in without):
        return None
    area = {code: got[code] or F(0) for code in maxima(year)}
    third = sum((points for code, points in area.items() if code.startswith("3.")), F(0))
    if "3.3" in without:  # the area keeps its worth: 20 points in 2025, 16 in 2024
        worth = sum(most for code, most in maxima(year).items() if code.startswith("3."))
        third = third * F(worth, worth - 5)
    rest = sum((points for code, points in area.items() if not code.startswith("3.")), F(0))
    penalty = max(F(-4), sum((got[code] or F(0) for code in ("P1", "P2", "P3")), F(0)))
    return rounded(max(F(0), rest + third + (got["T1"] or F(0)) + penalty), 2)


def standings(year: int, folder: Path) -> dict[str, Standing]:
    """Every unit of a year as it was concluded: totals, grades before and after the quota, ranks in the cluster."""
    due = days_of(folder)
    given = [(dossier["unit"], facts_at(dossier, "kết_luận", due)) for dossier in dossiers(folder)]
    everyone = [facts for _, facts in given if facts is not None]
    found: dict[str, Standing] = {}
    for unit, facts in given:
        if facts is None:
            found[unit] = Standing(unit, "", {}, None, 100)
            continue
        got = own_points(year, facts) | compared_points(facts, everyone)
        total = total_of(year, facts, got)
        one = Standing(unit, facts.inputs["cụm"], got, total, 100 if facts.inputs["kiến_nghị"] else 96)
        one.lost = {code: None if got[code] is None else most - got[code] for code, most in maxima(year).items()}
        if total is not None:
            one.before = one.grade = _grade(year, facts, one)
        found[unit] = one
    _apply_quota(found)
    _rank(found)
    return found


def _grade(year: int, facts: Facts, one: Standing) -> str:
    zero = any(one.points[code] == 0 for code in maxima(year))
    share = one.share
    if share >= F(9, 10) and not zero:
        grade = "xuất_sắc"
    else:
        grade = "tốt" if share >= F(8, 10) else "khá" if share >= F(65, 100) else "trung_bình"
    if facts.inputs["kỷ_luật"] == "cảnh_cáo":
        grade = GRADES[max(GRADES.index("khá"), GRADES.index(grade))]
    return grade


def _apply_quota(found: Mapping[str, Standing]) -> None:
    """A fifth of those who are good or better, rounded down; the best keep the grade."""
    good = [one for one in found.values() if one.before in ("xuất_sắc", "tốt")]
    best = sorted((one for one in good if one.before == "xuất_sắc"), key=lambda one: one.keys, reverse=True)
    allowed = len(good) // 5
    assert allowed >= len(best) or best[allowed - 1].keys != best[allowed].keys, "a tie lies across the edge"
    for one in best[allowed:]:
        one.grade = "tốt"


def _rank(found: Mapping[str, Standing]) -> None:
    """Within the cluster; equal units share the rank, and the next is counted past them."""
    for one in found.values():
        if one.total is not None:
            rivals = [other for other in found.values() if other.cluster == one.cluster and other.total is not None]
            one.rank = 1 + sum(other.keys > one.keys for other in rivals)

"""A round of six communes over two years, as files a person would write, for tests of the commands over units."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROUND = """\
rubric "Chấm điểm cấp xã" id t.round
version 2025
total 20 points, rounded half-up to 2 places
stages self "Tự chấm", appraisal "Thẩm định"
deadline files "Nộp minh chứng" on 2025-12-20

input region "Vùng": one of north "Vùng núi", south "Đồng bằng"

area 1 "Công việc trong năm" 10 points
  criterion 1.1 "Thực hiện kế hoạch năm" 5 points
    input planned "Nhiệm vụ được giao": count, at least 1
    input done "Nhiệm vụ hoàn thành": count, at most planned
    evidence decision "Quyết định giao" required, if missing at most 50%
    score in proportion to done / planned

  criterion 1.2 "Báo cáo định kỳ" 5 points
    input reports "Báo cáo trễ hạn": count
    evidence register "Sổ theo dõi" required, if missing ask for explanation
    start at full points
    deduct 1 for each of reports, at most 5 because "báo cáo chậm"

area 2 "Đánh giá từ bên ngoài" 10 points
  criterion 2.1 "Mức độ hài lòng so với bình quân" 5 points
    input survey "Hài lòng": percent, from 0% to 100%, asked from appraisal
    score
      when survey >= average survey among units: 5
      otherwise: 2

  criterion 2.2 "Tổ thẩm định đánh giá" 5 points
    asked from appraisal
    score judged from 0 to 5

ranking
  by total
  ties undecided "Hội đồng biểu quyết"

grades by total
  good "Tốt": 15 or more
  fair "Khá": 10 to below 15
  poor "Trung bình": below 10
  quota good at most 40% of all
"""
# name, region, planned, done, late reports, survey, judged; the year before: done, late reports
UNITS = (
    ("Xã An Bình", "north", 10, 10, 0, 90, 5, 8, 1),
    ("Xã Bình Minh", "north", 10, 9, 1, 80, 5, 9, 2),
    ("Xã Cát Tiên", "south", 8, 6, 2, 60, 4, 6, 3),
    ("Xã Đông Hải", "south", 8, 8, 0, 85, 3, 4, 0),
    ("Xã Ea Kar", "north", 5, 2, 3, 40, 2, 2, 3),
    ("Xã Gia Lộc", "south", 4, 3, 2, 65, 4, 4, 1),
)


def dossier(number: int, year: int) -> dict[str, Any]:
    """What one commune and its appraisers said in one year."""
    name, region, planned, done, reports, survey, judged, done_before, reports_before = UNITS[number]
    now = year == 2025
    own = {"region": region, "planned": planned, "done": done if now else done_before,
           "reports": reports if now else reports_before}  # fmt: skip
    made: dict[str, Any] = {
        "unit": name, "cycle": str(year),
        "stages": {
            "self": {
                "inputs": own, "claims": {"1.1": 5, "1.2": 5}, "done": f"{year}-12-14",
                "evidence": {"decision": {"reference": f"{number}/QĐ"}, "register": f"S-{number}"},
            },
            "appraisal": {"inputs": {"survey": f"{survey if now else survey - 5}%"}, "judged": {"2.2": judged}},
        },
    }  # fmt: skip
    if number == 2 and now:
        made["stages"]["appraisal"]["inputs"]["done"] = 5
        made["stages"]["appraisal"]["remarks"] = {"1.1": "đối chiếu báo cáo của Phòng Nội vụ"}
        made["stages"]["appraisal"]["asks"] = ["1.1"]
    if number == 3 and now:
        rejected = {"reference": "3/QĐ", "status": "rejected", "reason": "quyết định của năm trước"}
        made["stages"]["appraisal"]["evidence"] = {"decision": [rejected]}
    if number == 4:
        made["findings"] = [{"id": "KT-01", "node": "1.2", "found": "chưa có lịch báo cáo", "due": "2026-03-01",
                             "responsible": "Văn phòng"}]  # fmt: skip
    return made


def write_round(folder: Path) -> None:
    """``round.rubric``, a folder a year with a dossier a commune, and the days of the round."""
    (folder / "round.rubric").write_text(ROUND, "utf-8")
    for year in (2024, 2025):
        (folder / str(year)).mkdir()
        for number in range(len(UNITS)):
            write_json(folder / str(year) / f"{number}.json", dossier(number, year))
    write_json(folder / "days.json", {"deadlines": {"self": "2025-12-10", "files": "2025-12-22"}})


def write_json(path: Path, given: Mapping[str, object] | list[object]) -> None:
    path.write_text(json.dumps(given, ensure_ascii=False, indent=1), "utf-8")

"""The words of changes, in English and Vietnamese."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "yes": ("yes", "có"),
    "no": ("no", "không"),
    "rows": ("{number} rows", "{number} dòng"),
    "labelled": ("{label}: {words}", "{label}: {words}"),
    "judged": ("judgement, {label}: {words}", "điểm nhận xét, {label}: {words}"),
    "more": ("{number} more ({before} → {after})", "thêm {number} ({before} → {after})"),
    "fewer": ("{number} fewer ({before} → {after})", "bớt {number} ({before} → {after})"),
    "percent more": (
        "{number} percentage points more ({before} → {after})",
        "tăng {number} điểm phần trăm ({before} → {after})",
    ),
    "percent less": (
        "{number} percentage points less ({before} → {after})",
        "giảm {number} điểm phần trăm ({before} → {after})",
    ),
    "earlier": ("{number} days earlier ({before} → {after})", "sớm hơn {number} ngày ({before} → {after})"),
    "later": ("{number} days later ({before} → {after})", "muộn hơn {number} ngày ({before} → {after})"),
    "instead": ("“{after}” instead of “{before}”", "“{after}” thay vì “{before}”"),
    "more rows": ("{number} more ({before} → {after} rows)", "thêm {number} ({before} → {after} dòng)"),
    "fewer rows": ("{number} fewer ({before} → {after} rows)", "bớt {number} ({before} → {after} dòng)"),
    "cells": ("{label} “{after}” in {number} of the rows", "{label} là “{after}” ở {number} dòng"),
    "ratings": ("{number} of the ratings raised to {after} or more",
                "nâng {number} lượt đánh giá lên từ {after} trở lên"),
    "ratings down": ("{number} of the ratings brought down to {after} or less",
                     "giảm {number} lượt đánh giá xuống không quá {after}"),
    "bring": ("evidence “{label}” handed in and accepted", "nộp minh chứng “{label}” và được chấp nhận"),
    "accept": ("evidence “{label}” accepted", "minh chứng “{label}” được chấp nhận"),
    "satisfied": ("accepted", "được chấp nhận"),
    "missing": ("missing", "chưa có"),
    "rejected": ("rejected", "bị từ chối"),
    "out of dates": ("not within the dates asked for", "ngoài thời gian quy định"),
    "not accepted": ("not accepted yet", "chưa được chấp nhận"),
    # what stands in the way of a grade
    "gate": ("on the grade: {label}", "quy định về xếp loại: {label}"),
    "row": ("not reached: {grade} ({label})", "chưa đạt: {grade} ({label})"),
    "waits": ("not given yet: {names}", "chưa có số liệu: {names}"),
}  # fmt: skip


def said(key: str, language: str, **values: str) -> str:
    """A phrase in the language, English for one it has no words for."""
    return TEXTS[key][language == "vi"].format(**values)

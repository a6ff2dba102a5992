"""What the command line itself says, in both languages. Diagnostics and reports bring their own words."""

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "clean": "no findings",
        "passed": "ok",
        "failed": "FAILED",
        "no_examples": "no examples in the file",
        "expected": "expected",
        "got": "the value is",
        "line": "line {line}",
        "refused": "the submission of the example is refused",
        "tally": "{passed} of {all} examples hold",
        "not_formatted": "not formatted",
        "formatted": "formatted",
        "unchanged": "already formatted",
        "unsafe": "not written: the formatted text would not read the same (please report this)",
        "written": "written to {name}",
        "no_code": "the rubric has no `{code}`",
        "mean": "{words}; did you mean `{mend}`?",
        "bad": "Wrong",
        "good": "Right",
        "with": "with the submission",
        "see_all": "`rubric check --all` shows them",
        "see_all_here": "`--all` shows them",
        "more_faults": "and {count} more like these: `--all` shows them",
        "scoring": "scoring",
        "no_stage": "the dossier has reached no stage yet: give at least one under `stages`",
        "figures_of": "{name}: figures of {units} units",
        # wrong use
        "near": "; did you mean `{near}`?",
        "near_folder": "; did you mean the folder `{near}`?",
        "no_rubric": "no such file: `{word}` is neither a rubric file nor a shipped rubric{hint}",
        "no_rubric_inside": "no .rubric file in the folder `{word}`",
        "no_submission": "no such file: `{word}` is not a submission file{hint}",
        "no_units_inside": "no JSON or CSV file in the folder `{word}`{hint}",
        "no_such": "no such file or folder: `{word}`{hint}",
        "no_stages": "{id} has no stages, so there is no stage `{name}`",
        "no_stage_named": "{id} has no stage `{name}`{hint}",
        "its_stages": "; its stages: {names}",
        "not_in_both": "no unit `{unit}` in both cycles{hint}",
        "no_unit_in": "no unit `{unit}` in `{word}`{hint}",
        "which_unit": "`{word}` holds {count} units: say which with --unit",
        "not_at_stage": "`{unit}` has not reached the stage `{stage}`",
        "only_reached": "the dossier has not reached the stage `{stage}`; it has: {names}",
        "nothing_to_set": "nothing to change: say it with --set, such as --set done=9",
        "set_several": "--set: `{name}` is the label of several: {names}; use the name",
        "set_unknown": "--set: the rubric has nothing called `{name}`{hint}",
        "set_known": "; known are inputs, `judged CODE`, `evidence NAME`",
        "set_rows": "--set: `{name}` is a register: give all its rows as JSON, such as {example}",
        "no_grade": "--next-grade: no table of {id} grades this unit",
        "previous_unread": "the cycle before cannot be read: {fault}",
        "within_what": "--within names a one-of or text input, not `{name}`{hint}",
        "within_known": "; known: {names}",
        "by_what": "--by takes total, a code, `index of CODE` or an input that is a number, not `{name}`{hint}",
        "day_form": "{option} takes a day such as 2026-03-31, not `{text}`",
    },
    "vi": {
        "clean": "không có gì phải sửa",
        "passed": "đúng",
        "failed": "SAI",
        "no_examples": "tệp không có ví dụ nào",
        "expected": "mong đợi",
        "got": "giá trị là",
        "line": "dòng {line}",
        "refused": "số liệu của ví dụ không được nhận",
        "tally": "{passed} trên {all} ví dụ đúng",
        "not_formatted": "chưa trình bày chuẩn",
        "formatted": "đã trình bày lại",
        "unchanged": "đã trình bày chuẩn sẵn",
        "unsafe": "không ghi: văn bản trình bày lại sẽ đọc khác đi (xin báo lỗi này)",
        "written": "đã ghi vào {name}",
        "no_code": "bộ tiêu chí không có mã `{code}`",
        "mean": "{words}; có phải ý bạn là `{mend}`?",
        "bad": "Sai",
        "good": "Đúng",
        "with": "với số liệu",
        "see_all": "`rubric check --all` hiện đủ",
        "see_all_here": "`--all` hiện đủ",
        "more_faults": "và {count} lỗi nữa: `--all` hiện đủ",
        "scoring": "đang chấm",
        "no_stage": "hồ sơ chưa đến vòng nào: hãy ghi ít nhất một vòng trong `stages`",
        "figures_of": "{name}: số liệu chung của {units} đơn vị",
        # wrong use
        "near": "; có phải là `{near}`?",
        "near_folder": "; có phải là thư mục `{near}`?",
        "no_rubric": "không có `{word}`: đó không phải tệp bộ tiêu chí, cũng không phải tên bộ tiêu chí kèm sẵn{hint}",
        "no_rubric_inside": "thư mục `{word}` không có tệp .rubric nào",
        "no_submission": "không có tệp số liệu `{word}`{hint}",
        "no_units_inside": "thư mục `{word}` không có tệp JSON hay CSV nào{hint}",
        "no_such": "không có tệp hay thư mục `{word}`{hint}",
        "no_stages": "{id} không chia vòng nên không có vòng `{name}`",
        "no_stage_named": "{id} không có vòng `{name}`{hint}",
        "its_stages": "; các vòng là: {names}",
        "not_in_both": "không có đơn vị `{unit}` ở cả hai kỳ{hint}",
        "no_unit_in": "trong `{word}` không có đơn vị `{unit}`{hint}",
        "which_unit": "`{word}` có {count} đơn vị: nêu một đơn vị bằng --unit",
        "not_at_stage": "`{unit}` chưa đến vòng `{stage}`",
        "only_reached": "hồ sơ chưa đến vòng `{stage}`; mới có: {names}",
        "nothing_to_set": "chưa nêu thay đổi nào: nêu bằng --set, ví dụ --set đã_xong=9",
        "set_several": "--set: `{name}` là nhãn của nhiều mục: {names}; hãy dùng tên",
        "set_unknown": "--set: bộ tiêu chí không có mục nào tên là `{name}`{hint}",
        "set_known": "; có thể dùng tên hoặc nhãn của dữ liệu, `điểm nhận xét MÃ`, `minh chứng TÊN`",
        "set_rows": "--set: `{name}` là danh sách: ghi đủ các dòng theo JSON, ví dụ {example}",
        "no_grade": "--next-grade: {id} không có bảng xếp loại nào cho đơn vị này",
        "previous_unread": "không đọc được kỳ trước: {fault}",
        "within_what": "--within nhận tên một dữ liệu kiểu `một trong` hoặc chữ, không phải `{name}`{hint}",
        "within_known": "; có thể dùng: {names}",
        "by_what": "--by nhận `tổng điểm`, một mã, `chỉ số của MÃ` hoặc một dữ liệu là số, không phải `{name}`{hint}",
        "day_form": "{option} nhận một ngày, ví dụ 2026-03-31, không phải `{text}`",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """One phrase, its ``{name}`` places filled."""
    return _WORDS.get(language, _WORDS["en"])[key].format_map(values)


def near(word: str | None, language: str) -> str:
    """What was perhaps meant, to stand at the end of a sentence; nothing where nothing is near."""
    return say("near", language, near=word) if word else ""


def keys(language: str) -> frozenset[str]:
    """The phrases a language has; the tests hold both to the same."""
    return frozenset(_WORDS[language])

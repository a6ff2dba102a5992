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
        "mean": "{words}; có phải là `{mend}`?",
        "bad": "Sai",
        "good": "Đúng",
        "with": "với số liệu",
        "see_all": "`rubric check --all` hiện đủ",
        "see_all_here": "`--all` hiện đủ",
        "more_faults": "và {count} lỗi nữa: `--all` hiện đủ",
        "scoring": "đang chấm",
        "no_stage": "hồ sơ chưa đến vòng nào: hãy ghi ít nhất một vòng trong `stages`",
        "figures_of": "{name}: số liệu chung của {units} đơn vị",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """One phrase, its ``{name}`` places filled."""
    return _WORDS.get(language, _WORDS["en"])[key].format_map(values)


def keys(language: str) -> frozenset[str]:
    """The phrases a language has; the tests hold both to the same."""
    return frozenset(_WORDS[language])

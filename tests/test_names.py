"""Names are free: a keyword is one only where the line cannot be meant otherwise; in brackets any words are a name."""

from pathlib import Path

import pytest

from rubric_engine import SubmissionError, check_text, compile_rubric
from rubric_engine.source import SourceFile
from rubric_engine.syntax.formatter import format_text
from rubric_engine.syntax.keywords import all_single_words, reserved_words, single_words
from rubric_engine.syntax.parser import parse

HEAD = {"en": 'rubric "R" id r\n', "vi": 'bộ tiêu chí "R" mã r\n'}
DECLARED = {"en": "input {}: count\n", "vi": "dữ liệu {}: số lượng\n"}
# Where a fact may stand: alone, first and last in a formula, between others, in conditions and beside a reducer.
USES = {
    "en": (
        "score by {}", "score by {} / other", "score 3 * {}", "award 1 when {} >= 4 and other < {}",
        "let rate = max({}, other)", "input more: count, at most {}", "given {} = 3", "deduct 2 for each of {}",
    ),
    "vi": (
        "chấm theo {}", "chấm theo {} / other", "chấm 3 * {}", "cộng 1 khi {} >= 4 và other < {}",
        "đặt rate = lớn nhất({}, other)", "dữ liệu more: số lượng, tối đa {}", "cho {} = 3", "trừ 2 cho mỗi {}",
    ),
}  # fmt: skip
LEVELS = {
    "en": ("input r: one of {}, other", "{}: 3", "other, {}: 3", "award 1 when r is {}", "given r is {}"),
    "vi": ("dữ liệu r: một trong {}, other", "{}: 3", "other, {}: 3", "cộng 1 khi r là {}", "cho r là {}"),
}

RUBRIC = """rubric "Names" id names
version 1
total 10 points

component 1 "Targets" 5 points
  input "Number of targets": count, at least 1
  input "Targets met": count, at most [number of targets]
  score in proportion to [Targets met] / [Number of  Targets]

component 2 "Words" 5 points
  input total "All": count, at least 1
  input met: count, at most total
  input full, score, note, source, item, criteria, mean: yes/no
  score by met / total
    90% or more: 5
    below 90%: when full and not score then 2 otherwise 0
  deduct 1 when note or source or item or criteria or mean

example "all"
  given [targets met] = 4, [Number of targets] = 5, total = 10, met = 9, full = yes, score = no, note = no, source = no
  given item = no, criteria = no, mean = no
  expect total = 9
"""


def same_as_a_plain_name(text: str, word: str) -> bool:
    """Whether the text reads as it would with a word that is no keyword."""
    read, plain = (parse(SourceFile.from_text(text.replace("{}", name))) for name in (word, "w_1"))
    if read.diagnostics or plain.diagnostics:
        return bool(read.diagnostics) == bool(plain.diagnostics)
    return repr(read.tree.statements).replace(f"text='{word}'", "text='w_1'") == repr(plain.tree.statements)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_is_reserved_is_all_that_is_reserved(language: str) -> None:
    """``reserved_words`` lists exactly the words that cannot be used as names without brackets."""
    start = HEAD[language]
    for word in sorted(single_words(language)):
        text = start + DECLARED[language]
        facts = all(same_as_a_plain_name(text + use, word) for use in USES[language])
        assert facts == (word not in reserved_words()), word
        first, *others = LEVELS[language]
        levels = all(same_as_a_plain_name(f"{start}{first}\n{use}", word) for use in others)
        assert levels == (word not in reserved_words("level")), word


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("word", ["yes", "có", "total", "chưa", "số chỉ tiêu đạt", "nếu thiếu", "A - b"])
def test_in_brackets_any_words_are_a_name(language: str, word: str) -> None:
    text = HEAD[language] + DECLARED[language]
    for use in USES[language]:
        assert same_as_a_plain_name(text + use, f"[{word}]") or parse(
            SourceFile.from_text((text + use).replace("{}", f"[{word}]"))
        ).diagnostics == ()


def test_a_rubric_of_such_names() -> None:
    checked = check_text(RUBRIC)
    assert checked.diagnostics == ()
    rubric = compile_rubric(RUBRIC)
    inputs = {"Number of targets": 5, "Targets met": 4, "total": 10, "met": 9}
    words = dict.fromkeys(("full", "score", "note", "source", "item", "criteria", "mean"), False)
    assert rubric.score({**inputs, **words}) == 9


def test_a_submission_may_use_labels() -> None:
    rubric = compile_rubric(RUBRIC)
    words = dict.fromkeys(("full", "score", "note", "source", "item", "criteria", "mean"), False)
    inputs = {"number of  targets": 5, "TARGETS MET": 4, "All": 10, "met": 9, **words}
    assert rubric.score(inputs) == 9
    assert rubric.evaluate({"inputs": inputs}).total.published == 9


def test_a_label_of_two_facts_is_refused_with_both_names() -> None:
    facts = '  input a "Days": count\n  input b "days": count\n'
    text = f'{HEAD["en"]}component 1 "a" 1 point\n{facts}  score min(1, a + b)\n'
    with pytest.raises(SubmissionError) as refused:
        compile_rubric(text).score({"DAYS": 3})
    (problem,) = refused.value.problems
    assert problem.code == "RUB501"
    assert "it is the label of `a` and of `b`: use the name" in str(refused.value)


def test_it_keeps_its_meaning_in_translation() -> None:
    vietnamese = format_text(RUBRIC, to="vi")
    assert vietnamese.diagnostics == ()
    assert "tối đa total" in vietnamese.text
    english = format_text(vietnamese.text, to="en")
    assert english.diagnostics == ()
    trees = [parse(SourceFile.from_text(text)).tree.statements for text in (RUBRIC, vietnamese.text, english.text)]
    assert trees[0] == trees[1] == trees[2]


def test_the_formatter_keeps_what_the_author_chose() -> None:
    formatted = format_text(RUBRIC)
    assert formatted.text == RUBRIC.replace("Number of  Targets", "Number of Targets")


def test_words_of_officials_in_a_vietnamese_file() -> None:
    text = """bộ tiêu chí "Chỉ tiêu" mã chi-tieu
phiên bản 1
tổng điểm 10 điểm

tiêu chí thành phần 1 "Hoàn thành chỉ tiêu" 10 điểm
  dữ liệu chỉ_tiêu: số lượng, tối thiểu 1
  dữ liệu đạt, chưa: số lượng, tối đa chỉ_tiêu
  chấm theo đạt / chỉ_tiêu
    90% trở lên: 10
    dưới 90%: khi chưa = 0 thì 5 nếu không thì 0
"""
    assert check_text(text).diagnostics == ()


@pytest.mark.parametrize("word", sorted({"yes", "có", "missing"} & all_single_words()))
def test_what_is_reserved_offers_its_brackets(word: str) -> None:
    text = HEAD["en"] + f'component 1 "a" 1 point\n  input r: one of {word}, other\n  score by r\n    otherwise: 1\n'
    (found,) = check_text(text).diagnostics
    assert found.code == "RUB111"
    assert found.fix is not None
    assert found.fix.replacement == f"[{word}]"


def test_the_reference_lists_what_is_reserved() -> None:
    text = Path(__file__).parent.parent.joinpath("docs", "language.md").read_text(encoding="utf-8")
    lines = text[text.index("### Reserved words") :].splitlines()
    shown = {line.split("|")[1].strip(): line for line in lines if line.startswith("| a ") or line.startswith("| any")}
    kinds = {
        "any name": "", "a level": "level", "a grade": "grade", "a definition or a table": "function",
        "a list of levels": "list",
    }  # fmt: skip
    for kind, key in kinds.items():
        listed = {part for part in shown[kind].split("`")[1::2]}
        assert listed == (reserved_words(key) if not key else reserved_words(key) - reserved_words()), kind

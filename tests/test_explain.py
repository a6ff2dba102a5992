"""Explanations: what they say, in both languages, and that they fit a plain terminal whatever a rubric holds."""

import re
from fractions import Fraction as F
from random import Random

import pytest
from range_plans import random_facts, random_plan, without_some
from result_rubrics import group_result, result, sheet_text

from rubric_engine.engine import compile_rubric
from rubric_engine.meaning.reading import ScoringError
from rubric_engine.ranges.sheet import read_ranges
from rubric_engine.result.assemble import assemble
from rubric_engine.result.explain.reasons import sentence
from rubric_engine.result.explain.wording import local_text, phrase, points_text, share_text
from rubric_engine.result.outcome import Reason, ReasonKind, ShownFact
from rubric_engine.result.result import Result
from rubric_engine.tell.rendering.document import Bullets
from rubric_engine.tell.rendering.plain import broken, to_plain
from rubric_engine.tell.rendering.screen import safe, width

EN = """\
Reform index
demo.par, version 1.0
Unit: Unit A

Total: 12.8 of 20 points, 64% of the applicable maximum
Grade: Fair (10 to below 15)
  - looked at and not so: 3 other rules on the grade

1 Planning                                                                 3.4/6
  1.1 Plan issued                                                            1/1
    - Plan = on time → 1
    - evidence: Decision; 12/QĐ – accepted
  1.2 Tasks and money                                                        0/1
    - otherwise → 0: All tasks = yes; Money set aside = no; next: complete and
      funded gives 1 (not so now: Money set aside = no)
    - claimed: 1, 1 more than the facts support
  1.3 Tasks done                                                             1/2
    - 70% to 90% → 1: 80%, from Tasks done = 8; Tasks planned = 10; next: above
      90% gives 2
  1.4 Reports                                                              1.4/2
    - start at 2
    - −0.6: deduct 0.3 for each of late_reports, at most 1: Late reports = 2
      (Article 9)
2 Service                                                                 9.4/14
  - sum: 9.4
  - evidence: Survey; Survey 2024 – submitted
  2.1 Online share                                                         2.4/4
    - in proportion to Online share = 60% → 2.4
  2.2 Style                                                                4.5/6
    - judged: 4.5
  2.3 Counter                                                              2.5/4
    - Counter = 2.5 → 2.5
"""

VI_PENDING = """\
Reform index
demo.par, phiên bản 1.0
Đơn vị: Unit A

Tổng điểm: chưa chốt, thấp nhất 7,8, cao nhất 18,2 trên 20 điểm
Đã đánh giá: 4 trên 7 tiêu chí, 40% số điểm
Xếp loại: chưa đủ căn cứ xếp loại; còn có thể là: Good, Fair, Poor
  - no grade when months < 6 (too short): chưa rõ; Months at work = chưa có
  - đã xét và không có: 2 quy định khác về xếp loại

1 Planning                                                         2,4 đến 4,4/6
  1.1 Plan issued                                                            1/1
    - Plan = on time → 1
    - minh chứng: Decision; 12/QĐ – được chấp nhận
  1.2 Tasks and money                                                        0/1
    - otherwise → 0: All tasks = có; Money set aside = không; mức cao hơn liền
      kề: complete and funded được 1 (hiện chưa đạt: Money set aside = không)
    - tự chấm: 1, cao hơn 1 so với số liệu
  1.3 Tasks done                                                       0 đến 2/2
    - chờ Tasks done
  1.4 Reports                                                              1,4/2
    - bắt đầu từ 2
    - −0,6: deduct 0.3 for each of late_reports, at most 1: Late reports = 2
      (Article 9)
2 Service                                                    5,432 đến 13,832/14
  - minh chứng: Survey; Survey 2024 – đã nộp
  2.1 Online share                                                        3,88/4
    - tỷ lệ với Online share = 97% → 3,88
  2.2 Style                                                            0 đến 6/6
    - chờ điểm nhận xét 2.2
  2.3 Counter                                                      không áp dụng
    - không áp dụng: mục 2 vẫn giữ nguyên tổng điểm (Online share = 97%)

Còn chờ:
  - Months at work
  - Tasks done
  - điểm nhận xét 2.2
"""


def test_the_whole_sheet_in_english() -> None:
    assert result().explain() == EN


def test_a_pending_sheet_in_vietnamese() -> None:
    found = result(done=None, judged={}, months=None, online="97%")
    assert found.explain(language="vi") == VI_PENDING


def test_one_heading_with_everything() -> None:
    found = result(online="97%")
    assert found.explain("1").splitlines()[:4] == [
        "1 Planning                                                                 3.4/6",
        "Guidance: Look at the year's plan.",
        "Source: Article 5",
        "Lost: 2.6",
    ]
    assert found.explain("1.3").splitlines() == [
        "1 Planning",
        "1.3 Tasks done                                                               1/2",
        "  - 70% to 90% → 1: 80%, from Tasks done = 8; Tasks planned = 10; next: above",
        "    90% gives 2",
        "Lost: 1",
    ]
    assert "  - 8.38 of 10 applicable points count as 11.732 of 14" in found.explain("2").splitlines()
    vietnamese = found.explain("2", language="vi")
    assert "  - 8,38 trên 10 điểm áp dụng, quy đổi thành 11,732 trên 14" in vietnamese.splitlines()


GROUPS_EN = """\
Groups
demo.groups, version 1

Total: 11 of 10 points, 110% of the applicable maximum, the printed maximum is
       20
  - sum: 8
  - +3: Bonus (at most 3)
  - 0: Penalty (at most 2)
Assessed: 2 of 5 criteria, 50% of the printed points
Not exact: a function or a mean rounded to stated digits takes part

1 Quality                                                                   8/10
  - geometric mean: index 80% → 8: 1.1 = 80% × 0.3; 1.2 = 80% × 0.7 (not exact:
    rounded to 6 places)
  1.1 Plan                                                                 16/20
    - full points * done / 10 → 16: Done = 8
  1.2 Survey                                                                 4/5
    - mean of scores → 4: Ratings = 4 · 5 · 3 · 4
2 Work                                                                 not rated
  - not rated: 25% of the weight is there, 60% is asked for: 2.1 One; 2.3 Three
  - left out of the maximum: if not rated: excluded
  2.1 One                                                              not rated
    - not known (judgement on 2.1); left out of the maximum: if not judged:
      excluded
  2.2 Two                                                                    0/1
    - not known (X); the rubric says: if missing: 0 → 0
  2.3 Three                                                       not applicable
    - not applicable: left out of the maximum (Y = 0)
Bonus                                                                        3/3
  B1 Solutions                                                               3/3
    - +4: award 2 for each of solutions: Solutions = 2
    - not above 3 (would be 4)
Penalty                                                                      0/0
  P1 Late reports                                                            0/0
"""


def test_groups_pools_and_policies_in_the_order_of_operations() -> None:
    found = group_result(x=None, y=0, judged={}, late=[])
    assert found.explain() == GROUPS_EN
    told = found.explain(language="vi")
    assert "trung bình nhân: chỉ số 80% → 8: 1.1 = 80% × 0,3" in told
    assert "không đánh giá: chỉ có 25% trọng số, cần 60%" in told
    assert "Late reports = 2 trên 3 dòng" in " ".join(group_result().explain(language="vi").split())


def test_weight_and_coverage_of_one_heading() -> None:
    assert "Weight: 2, ≈66.67% of what takes part" in group_result(y=0).explain("2.1").splitlines()
    assert "Assessed: 75%" in group_result(y=0).explain("2").splitlines()


def test_a_heading_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        result().explain("9")


@pytest.mark.parametrize("kind", list(ReasonKind))
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_kind_of_reason_has_a_sentence(kind: ReasonKind, language: str) -> None:
    absences = ("full points", "excluded", "keep the worth of", "zero", "above", "undecided")
    facts = (ShownFact("applied", "", "3"), ShownFact("worth", "", "4")) if kind is ReasonKind.KEPT_WORTH else ()
    for effect in ("mean", "zero") if kind is ReasonKind.COMBINED else absences:
        told = sentence(Reason(kind, "label", F(1), F(2), because="why", effect=effect, facts=facts), language)
        assert told
        assert "{" not in told


AS_PRINTED = """\
rubric "R" id r
version 1
total 3 points

criterion 1 "One" 3 points, as printed because "the best line gives 2"
  input rate "Rate": percent, from 0% to 100%
  score by rate
    80% or more: 2
    below 80%: 0
"""


def test_what_is_as_printed_is_told() -> None:
    told = compile_rubric(AS_PRINTED).evaluate({"inputs": {"rate": "91%"}}).explain()
    assert "  - 80% or more → 2: Rate = 91%" in told.splitlines()
    assert "  - as printed: the best line gives 2" in told.splitlines()
    assert "Notes:" in told


HOSTILE = "\x1b[31mred\x1b[0m \u202eflip {label} {amount} \u0000 %s \\n"


def test_nothing_from_a_rubric_steers_the_terminal() -> None:
    reason = Reason(ReasonKind.AWARD, HOSTILE, F(1), because=HOSTILE)
    told = to_plain([Bullets((sentence(reason, "en"),))]).strip()
    assert not set(told) & set("\x1b\u202e\x00")
    assert "{label} {amount}" in told
    found = result(unit=HOSTILE.replace("\x00", "").replace("\x1b", "").replace("\u202e", ""))
    assert "{label}" in found.explain()


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("seed", range(40))
def test_it_fits_80_columns(seed: int, language: str) -> None:
    rng = Random(seed)
    plan = random_plan(seed)
    facts = without_some(random_facts(plan, rng), rng, 0.3)
    try:
        found = assemble(plan, facts, read_ranges(plan, facts), engine="1")
    except ScoringError:
        return
    texts = [found.explain(language=language), *(found.explain(node.code, language=language) for node in found)]
    for text in texts:
        assert all(width(line) <= 80 for line in text.splitlines()), text
        assert "None" not in text
        assert "Fraction" not in text


# ---------------------------------------------------------------- words and widths


def test_width_counts_what_a_terminal_shows() -> None:
    assert width("Điểm") == 4
    assert width("Đie\u0302\u0309m") == 4
    assert width("評価") == 4


def test_folding_breaks_at_spaces_and_long_words_only_where_it_must() -> None:
    assert broken("một hai ba", 7) == ["một hai", "ba"]
    assert broken("a" * 12 + " b", 5) == ["aaaaa", "aaaaa", "aa", "b"]
    assert broken("評価評価", 4) == ["評価", "評価"]


def test_numbers_in_the_language_of_the_reader() -> None:
    assert (points_text(F(5, 2), "vi"), points_text(F(-1, 2), "en")) == ("2,5", "−0.5")
    assert (share_text(F(1, 3), "en"), share_text(F(1, 8), "vi")) == ("≈33.33%", "12,5%")
    assert (local_text("12.5%", "vi"), local_text("12.5%", "en")) == ("12,5%", "12.5%")
    assert (local_text("2023-01-15", "vi"), local_text("yes", "vi")) == ("15/01/2023", "có")
    assert local_text("12.5 kg", "vi") == "12.5 kg"


def test_values_are_never_read_as_patterns() -> None:
    assert phrase("row", "en", label="{amount}", amount="1") == "{amount} → 1"
    assert phrase("yes", "xx") == "yes"
    assert safe("a\u0007b\n d") == "a\ufffdb  d"


PARAMETERS = """\
rubric "Parameters" id t.parameters
total 8 points
parameter target "Target share": percent = 80%, from 50% to 100%
parameter strict "Strict year": yes/no = yes
parameter fine: number = 0.5
parameter start_day "First day": date = 2024-01-31
let goal = target / 2

area 1 "A" 2 points
  input rate "Rate": percent, from 0% to 100%
  score full points * min(1, rate / target)
area 2 "B" 2 points
  score
    when rate >= goal and strict: 2
    otherwise: 0
area 3 "C" 2 points
  input n "N": count
  input plan "Plan": one of target, other
  start at full points
  deduct fine for each of n because "strict fine"
  at most 1.5 points when rate < target
area 4 "D" 2 points
  input sent "Sent": date
  score by plan
    target: 2
    other: when sent > start_day then 1 otherwise 2
"""


def test_parameters_stand_among_the_facts_of_what_uses_them() -> None:
    compiled = compile_rubric(PARAMETERS, parameters={"target": "100%"})
    result = compiled.evaluate({"inputs": {"rate": "50%", "n": 1, "plan": "target", "sent": "2024-02-01"}})
    told = {
        node.code: [[(fact.name, fact.label, fact.text) for fact in reason.facts] for reason in node.reasons]
        for node in result.nodes
    }
    rate, target = ("rate", "Rate", "50%"), ("target", "Target share", "100%")
    assert told["1"] == [[rate, target]]
    assert told["2"] == [[rate, ("strict", "Strict year", "yes"), target]]
    # What follows "because" is no formula, and neither is the name of a level.
    assert told["3"] == [[], [("n", "N", "1"), ("fine", "fine", "0.5")], [rate, target]]
    assert ("target", "Target share", "100%") not in told["4"][0]
    assert "Rate = 50%; Target share = 100%" in result.explain("1")
    assert "Strict year = có" in result.explain("2", language="vi")
    assert "fine = 0,5" in result.explain("3", language="vi")


def test_a_formula_that_is_a_parameter() -> None:
    text = 'rubric "P" id p\ntotal 2 points\nparameter base "Base": number = 2\narea 1 "A" 2 points\n  score base\n'
    assert "Base = 2 → 2" in compile_rubric(text).evaluate({}).explain("1")


NAMED = """\
rubric "Named" id t.named
total 9 points

criterion 1 "Rate" 3 points
  input planned "Planned": count
  input done "Done": count, at most planned
  let rate_done = done / planned
  not applicable when planned = 0: full points
  score by rate_done
    above 90%: 3
    70% to 90%: 2
    below 70%: 0

criterion 2 "Late" 3 points
  input late "Late days": count
  let very_late = late > 10
  score
    when very_late: 0
    when late > 2: 1
    otherwise: 3

criterion 3 "Act" 3 points
  input m "M": one of small "Small", large "Large"
  let act = when very_late then small otherwise m
  score by act
    small: 1
    large: 3
"""


def named_result(**inputs: object) -> Result:
    return compile_rubric(NAMED).evaluate({"inputs": {"planned": 12, "done": 10, "late": 12, "m": "large", **inputs}})


def test_named_values_are_shown_under_their_names_as_written() -> None:
    assert named_result().explain("1").splitlines()[1:3] == [
        "  - 70% to 90% → 2: rate_done = ≈83.33%; Done = 10; Planned = 12; next: above",
        "    90% gives 3",
    ]
    assert "very_late → 0: very_late = yes; Late days = 12" in named_result().explain("2")
    assert "act = Small; very_late = yes; Late days = 12" in named_result().explain("3")
    assert "act = Large; very_late = không; Late days = 0" in named_result(late=0).explain("3", language="vi")


def test_a_named_value_that_nobody_can_tell_is_not_shown() -> None:
    assert "rate_done" not in named_result(done=None).explain("1")
    assert "rate_done" not in named_result(planned=0, done=0).explain("1")


def test_what_nobody_can_bring_about_is_no_next_line() -> None:
    found = named_result(late=5)["2"]
    assert [reason.kind for reason in found.reasons] == [ReasonKind.ROW]
    better = [reason.label for reason in named_result()["2"].reasons if reason.kind is ReasonKind.NEXT_ROW]
    assert better == ["late > 2"]


WITHOUT_POINTS = """\
rubric "Licence" id t.licence
total 0 points

area 1 "Files" 0 points
  criterion 1.1 "Complete" condition
    input complete "Complete": yes/no
    met when complete

grades by total
  granted "Granted": otherwise
  refused "Refused": below 0
  no grade when not complete because "files are missing"
"""


@pytest.mark.parametrize(
    ("language", "said", "grade"),
    [
        ("en", "This rubric gives no points", "Grade: Granted"),
        ("vi", "Bộ tiêu chí này không cho điểm", "Xếp loại: Granted"),
    ],
)
def test_a_rubric_without_points_says_so_and_shows_the_decision(language: str, said: str, grade: str) -> None:
    found = compile_rubric(WITHOUT_POINTS).evaluate({"inputs": {"complete": True}})
    for text in (found.explain(language=language), sheet_text(found, language)):
        assert said in text
        assert grade in text
        assert not re.search(r"\b0\b", text)
    assert "0" not in found.explain(shape="csv", language=language)

"""One rubric with a clause of every kind, and submissions for it, to look at results with."""

from functools import cache

from rubric_engine.engine import CompiledRubric, compile_rubric
from rubric_engine.report.sheet import score_sheet
from rubric_engine.result.result import Result
from rubric_engine.tell.rendering.plain import to_plain
from rubric_engine.tell.rendering.printable import to_printable

SHEET = """\
rubric "Reform index" id demo.par
version 1.0
total 20 points, rounded half-up to 1 place

input disciplined "Disciplined in the year": yes/no
input months "Months at work": count

area 1 "Planning" 6 points
  guidance "Look at the year's plan."
  source "Article 5"

component 1.1 "Plan issued" 1 point
  input plan "Plan": one of timely "on time", late "late", none "not issued"
  evidence decision "Decision" required unless plan is none, if missing score 0
  score by plan
    timely: 1
    late: 0.5
    none: 0

component 1.2 "Tasks and money" 1 point
  input complete "All tasks": yes/no
  input funded "Money set aside": yes/no
  score
    when complete and funded: 1
    otherwise: 0

component 1.3 "Tasks done" 2 points
  input planned "Tasks planned": count
  input done "Tasks done": count, at most planned
  not applicable when planned = 0: full points
  score by done / planned
    above 90%: 2
    70% to 90%: 1
    below 70%: 0

component 1.4 "Reports" 2 points
  input late_reports "Late reports": count
  require complete, otherwise 0 because "nothing to report on"
  start at full points
  deduct 0.3 for each of late_reports, at most 1 because "Article 9"

area 2 "Service" 14 points
  evidence survey "Survey" required, if missing at most 50%

component 2.1 "Online share" 4 points
  input online "Online share": percent, from 0% to 100%
  score in proportion to online, 0 below 20%

component 2.2 "Style" 6 points
  score judged

component 2.3 "Counter" 4 points
  not applicable when online >= 95%: keep the worth of 2
  input counter "Counter": number, from 0 to 4
  score counter

grades by total
  good "Good": 15 or more
  fair "Fair": 10 to below 15
  poor "Poor": below 10
  no higher than fair when disciplined because "Article 12"
  one grade lower when late_reports > 5
  no grade when months < 6 because "too short"
"""

FULL: dict[str, object] = {
    "unit": "Unit A",
    "inputs": {
        "disciplined": False, "months": 12, "plan": "timely", "complete": True, "funded": False, "planned": 10,
        "done": 8, "late_reports": 2, "online": "60%", "counter": "2.5",
    },
    "judged": {"2.2": "4.5"},
    "evidence": {"decision": {"reference": "12/QĐ", "status": "accepted"}, "survey": "Survey 2024"},
    "claims": {"1.2": 1},
}  # fmt: skip


GROUPS = """\
rubric "Groups" id demo.groups
version 1
total 20 points

input late "Late reports": list
  column days "Days late": count
  column kind: one of a, b
input scores "Ratings": ratings 1 to 5, at least 3 raters

area 1 "Quality" 10 points
  combine geometric mean to 6 places, if any is 0: 0
  criterion 1.1 "Plan" 20 points weight 30%
    input done "Done": count, at most 10
    score full points * done / 10
  criterion 1.2 "Survey" 5 points weight 70%
    score mean of scores

area 2 "Work" 10 points
  combine weighted mean
  needs at least 60% of weight
  if not rated: excluded
  criterion 2.1 "One" weight 2
    score judged
    if not judged: excluded
  criterion 2.2 "Two" weight 1
    input x "X": count, at most 4
    score x / 4
    if missing: 0
  criterion 2.3 "Three" weight 1
    input y "Y": count, at most 4
    not applicable when y = 0: excluded
    score sqrt(y / 4, 3 places)

bonus "Bonus" at most 3
  item B1 "Solutions"
    input solutions "Solutions": count
    award 2 for each of solutions

penalty "Penalty" at most 2
  item P1 "Late reports"
    deduct 0.5 for each of late where days > 5
"""

ALL_GROUPS: dict[str, object] = {
    "inputs": {
        "late": [{"days": 9, "kind": "a"}, {"days": 2, "kind": "b"}, {"days": 7, "kind": "a"}],
        "scores": [4, 5, 3, 4], "done": 8, "x": 3, "y": 2, "solutions": 2,
    },
    "judged": {"2.1": "0.5"},
}  # fmt: skip


@cache
def groups() -> CompiledRubric:
    """The rubric of groups that combine, pools, registers and policies, compiled once."""
    return compile_rubric(GROUPS)


def group_result(**changes: object) -> Result:
    """The full submission with some inputs changed (``None`` leaves one out); ``judged`` replaces."""
    inputs = {**ALL_GROUPS["inputs"]}  # type: ignore[dict-item]
    judged = changes.pop("judged", ALL_GROUPS["judged"])
    inputs |= changes
    return groups().evaluate({"inputs": {k: v for k, v in inputs.items() if v is not None}, "judged": judged})


ROUNDS = """\
rubric "School year" id demo.rounds
version 1
total 30 points
combine sum over positive maximum
published as percent of applicable maximum, rounded half-up to 2 places
stages self "Self-scoring", final "Appraisal"
parameter mode "Mode": one of strict "Strict", mild "Mild" = strict

input homeroom "Homeroom teacher": yes/no
input visits "Visits": count, if missing 0
input prizes "Prizes": list
  column student "Student": text
  column pts "Points": number, from 0 to 5

area 1 "Teaching" 20 points
  require visits > 0, otherwise 0 because "nobody was seen teaching"
  criterion 1.1 "Results" 10 points
    input rate "Pass rate": percent, from 0% to 100%
    score
      when rate >= average rate among units: 10
      otherwise: 4
  criterion 1.2 "Progress" 5 points
    score max(0, min(5, (rate - previous rate) * 100))
    if missing: not applicable
  criterion 1.3 "Lesson seen" 5 points
    asked from final
    score judged

area 2 "Talents" 10 points
  criterion 2.1 "Prizes" 10 points
    input late "Late reports": count
    score highest pts in prizes for each student
    deduct 0.5 for each of late because "Article 9"
    award 1 when mode is mild
    if missing: use base

grades staff "Homeroom teachers" by total when homeroom, first that holds
  good "Good": 20 or more
  poor "Poor": otherwise
grades by index of 1
  strong "Strong": 80% or more
  weak "Weak": below 80%
grades rest "Others" by total when not homeroom
  good "Good": 15 or more
  poor "Poor": below 15
"""

ROUND: dict[str, object] = {
    "unit": "Ms An",
    "inputs": {
        "homeroom": True, "visits": 2, "rate": "81%", "late": 1,
        "prizes": [{"student": "x", "pts": 3}, {"student": "x", "pts": 5}, {"student": "y", "pts": "2.5"}],
    },
    "judged": {"1.3": "4.5"},
    "references": {"average rate among units": "80%", "previous rate": "78.5%"},
}  # fmt: skip


@cache
def rounds(**parameters: str) -> CompiledRubric:
    """The rubric of stages, figures from elsewhere and several grade tables, compiled once."""
    return compile_rubric(ROUNDS, parameters=parameters)


def round_result(stage: str = "", *, mode: str = "strict", judged: object = None, figures: object = None,
                 **changes: object) -> Result:  # fmt: skip
    """The full submission with some inputs changed (``None`` leaves one out); ``judged``, ``figures`` replace."""
    rubric = rounds(mode=mode)
    rubric = rubric.at_stage(stage) if stage else rubric
    inputs = {**ROUND["inputs"], **changes}  # type: ignore[dict-item]
    submission = dict(ROUND)
    submission["inputs"] = {name: value for name, value in inputs.items() if value is not None}
    submission["judged"] = {} if stage == "self" else ROUND["judged"] if judged is None else judged
    submission["references"] = ROUND["references"] if figures is None else figures
    return rubric.evaluate(submission)


@cache
def demo() -> CompiledRubric:
    """The rubric, compiled once."""
    return compile_rubric(SHEET)


def result(**changes: object) -> Result:
    """The full submission with some inputs changed (``None`` leaves one out); ``judged`` and ``evidence`` replace."""
    inputs = {**FULL["inputs"]}  # type: ignore[dict-item]
    submission: dict[str, object] = dict(FULL)
    for name, value in changes.items():
        if name in ("judged", "evidence", "claims", "unit"):
            submission[name] = value
        elif value is None:
            inputs.pop(name)
        else:
            inputs[name] = value
    submission["inputs"] = inputs
    return demo().evaluate(submission)


def sheet_text(result: Result, language: str) -> str:
    """The score sheet as it stands on a screen."""
    return to_plain(score_sheet(result, language).blocks)


def sheet_markdown(result: Result, language: str) -> str:
    """The score sheet as it is printed."""
    return to_printable(score_sheet(result, language, printed=True).blocks)

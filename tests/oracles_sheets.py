"""Point sheets a second time, each as a person would add it up: plain Python, nothing of the package.

Every ``…_total`` takes the mapping of a submission; every ``random_…`` makes one that is complete.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

Submission = dict[str, Any]


def _inputs(submission: Submission) -> dict[str, Any]:
    facts: dict[str, Any] = submission["inputs"]
    return facts


# ---------------------------------------------------------------- weighted requirement tree

# code: (weight, children); a leaf has none.
Tree = dict[str, tuple[int, "Tree"]]


def _leaves(parent: str, *weights: int) -> Tree:
    return {f"{parent}.{n}": (weight, {}) for n, weight in enumerate(weights, 1)}


TREE: Tree = {
    "1.1": (4, {
        "1.1.1": (1, _leaves("1.1.1", 1, 2)),
        "1.1.2": (3, {
            "1.1.2.1": (2, _leaves("1.1.2.1", 1, 1, 2)),
            "1.1.2.2": (5, _leaves("1.1.2.2", 3, 1)),
        }),
        "1.1.3": (2, _leaves("1.1.3", 3, 1)),
    }),
    "1.2": (2, _leaves("1.2", 3, 1)),
    "1.3": (6, {
        "1.3.1": (4, _leaves("1.3.1", 5, 3, 2)),
        "1.3.2": (2, {
            "1.3.2.1": (3, {}),
            "1.3.2.2": (1, _leaves("1.3.2.2", 1, 1)),
        }),
    }),
}  # fmt: skip
MEASURED = {"1.3.1.1": "accuracy", "1.3.1.2": "declined", "1.3.1.3": "epoch"}
NEEDED = {"1.3.1": Fraction(60, 100)}


def leaf_codes(tree: Tree) -> Iterator[str]:
    """Codes of the leaves, in order."""
    for code, (_, children) in tree.items():
        if children:
            yield from leaf_codes(children)
        else:
            yield code


JUDGED = tuple(code for code in leaf_codes(TREE) if code not in MEASURED)


def _measured_leaf(code: str, facts: dict[str, Any]) -> Fraction | None:
    what = MEASURED[code]
    if not facts[f"{what}_run"]:
        return None
    if what == "epoch":
        return Fraction(Fraction(facts["epoch_seconds"]) <= 80)
    reported = Fraction("91.2") if what == "accuracy" else Fraction("7.5")
    return Fraction(abs(Fraction(facts[what].removesuffix("%")) - reported) <= 1)


def _worth(code: str, children: Tree, submission: Submission) -> Fraction | None:
    """Weighted mean of the children that count; ``None`` for what leaves the tree."""
    facts = _inputs(submission)
    if facts["code_only"] and code in ("1.2", "1.3"):
        return None
    if not children:
        return _measured_leaf(code, facts) if code in MEASURED else Fraction(submission["judged"][code])
    counted = [(weight, _worth(child, below, submission)) for child, (weight, below) in children.items()]
    assessed = sum(weight for weight, worth in counted if worth is not None)
    if not assessed or Fraction(assessed, sum(weight for weight, _ in counted)) < NEEDED.get(code, 0):
        return None
    return sum((weight * worth for weight, worth in counted if worth is not None), Fraction(0)) / assessed


def tree_total(submission: Submission) -> Fraction:
    """Worth of the root."""
    worth = _worth("1", TREE, submission)
    assert worth is not None
    return worth


def random_tree(random: Random) -> Submission:
    facts: dict[str, Any] = {"code_only": random.random() < 0.2}
    for what in MEASURED.values():
        facts[f"{what}_run"] = random.random() < 0.8
    facts["accuracy"] = f"{random.choice(['90.1', '90.2', '91.9', '92.2', '92.3', '40'])}%"
    facts["declined"] = f"{random.choice(['6.4', '6.5', '7.5', '8.5', '8.6', '0'])}%"
    facts["epoch_seconds"] = random.choice(["12.5", "79.9", "80", "80.1", "400"])
    return {"inputs": facts, "judged": {code: random.randint(0, 1) for code in JUDGED}}


# ---------------------------------------------------------------- signed answer rubric

EARNED = {"backup_first": 10, "finds_cause": 7, "safe_first": 5, "prevention": 3, "system_named": 1}
LOST = {"blind_deletion": 10, "invented": 8, "deletes_database": 6}


def signed_total(submission: Submission) -> Fraction:
    """Sum of the points of what is met."""
    facts = _inputs(submission)
    points = sum(worth for what, worth in EARNED.items() if facts[what])
    points -= sum(worth for what, worth in LOST.items() if facts[what])
    return Fraction(points - (2 if facts["words"] > 300 else 0))


def signed_index(submission: Submission) -> Fraction:
    """Over the positive points."""
    return signed_total(submission) / sum(EARNED.values())


def signed_grade(submission: Submission) -> str:
    points = signed_total(submission)
    if points < 0:
        return "harmful"
    if points <= 8 or _inputs(submission)["blind_deletion"]:
        return "poor"
    return "good" if points >= 20 else "partial"


def random_signed(random: Random) -> Submission:
    facts: dict[str, Any] = {what: random.random() < 0.5 for what in (*EARNED, *LOST)}
    facts["words"] = random.choice([0, 299, 300, 301, 4000])
    return {"inputs": facts}


# ---------------------------------------------------------------- course

LEVELS = {
    "question": (15, {"sharp": 100, "clear": 80, "vague": 40, "absent": 0}),
    "method": (20, {"justified": 100, "sound": 75, "partial": 45, "unsuitable": 0}),
    "conclusions": (15, {"supported": 100, "mostly": 80, "overstated": 40, "unsupported": 0}),
}
QUIZZES = range(1, 6)
DUE = date(2025, 5, 30)


def course_report(submission: Submission) -> Fraction:
    """The report: its rows, less 6 a day late and 30 at most, never below 0."""
    facts = _inputs(submission)
    if facts["copied"]:
        return Fraction(0)
    rows = sum(Fraction(worth * shares[facts[row]], 100) for row, (worth, shares) in LEVELS.items())
    days = (date.fromisoformat(facts["handed_in"]) - date.fromisoformat(facts["due_on"])).days
    return max(Fraction(0), rows + Fraction(submission["judged"]["1.4"]) - min(30, 6 * max(0, days)))


def course_quizzes(submission: Submission) -> Fraction:
    """Mean of the quizzes held, without the lowest, on 40 points."""
    facts = _inputs(submission)
    taken = sorted(Fraction(facts[f"quiz_{n}"]) for n in QUIZZES if not facts[f"excused_{n}"])
    kept = taken[1:] or taken
    return 40 * sum(kept, Fraction(0)) / (10 * len(kept))


def course_total(submission: Submission) -> Fraction:
    """Published with one decimal, half up."""
    facts = _inputs(submission)
    extra = min(5, min(3, facts["reviews"]) + (4 if facts["talk"] else 0))
    exact = course_report(submission) + course_quizzes(submission) + extra
    return Fraction(math.floor(exact * 10 + Fraction(1, 2)), 10)


def course_grade(submission: Submission) -> str:
    points = course_total(submission)
    if _inputs(submission)["copied"]:
        return "F"
    return next((grade for grade, least in {"A": 90, "B": 80, "C": 70, "D": 60}.items() if points >= least), "F")


def random_course(random: Random) -> Submission:
    facts: dict[str, Any] = {row: random.choice(list(shares)) for row, (_, shares) in LEVELS.items()}
    facts["due_on"] = DUE.isoformat()
    facts["handed_in"] = (DUE + timedelta(days=random.choice([-3, 0, 0, 1, 2, 5, 6, 40]))).isoformat()
    facts["copied"] = random.random() < 0.1
    facts["reviews"], facts["talk"] = random.randint(0, 5), random.random() < 0.5
    present = random.choice(QUIZZES)
    for n in QUIZZES:
        facts[f"quiz_{n}"] = random.choice(["0", "10", f"{random.randint(0, 9)}.{random.randint(0, 9)}"])
        facts[f"excused_{n}"] = n != present and random.random() < 0.3
    halves = random.randint(0, 20)
    return {"inputs": facts, "judged": {"1.4": f"{halves // 2}.{halves % 2 * 5}"}}


# ---------------------------------------------------------------- CHA2DS2-VASc


def clinical_total(submission: Submission) -> Fraction:
    facts = _inputs(submission)
    points = facts["heart_failure"] + facts["hypertension"] + facts["diabetes"] + (facts["sex"] == "female")
    points += 2 * (facts["stroke"] or facts["tia"] or facts["thromboembolism"])
    points += facts["infarction"] or facts["peripheral_artery_disease"] or facts["aortic_plaque"]
    return Fraction(points + (facts["age"] >= 65) + (facts["age"] >= 75))


def clinical_grade(submission: Submission) -> str | None:
    if not _inputs(submission)["atrial_fibrillation"]:
        return None
    return ("low_risk", "intermediate_risk", "high_risk")[min(2, int(clinical_total(submission)))]


def random_clinical(random: Random) -> Submission:
    often = random.choice([0.05, 0.3, 0.7])
    asked = (
        "heart_failure", "hypertension", "diabetes", "stroke", "tia", "thromboembolism", "infarction",
        "peripheral_artery_disease", "aortic_plaque",
    )  # fmt: skip
    facts: dict[str, Any] = {what: random.random() < often for what in asked}
    facts["atrial_fibrillation"] = random.random() < 0.9
    facts["age"] = random.choice([0, 64, 65, 70, 74, 75, 90, 130])
    facts["sex"] = random.choice(["female", "male"])
    return {"inputs": facts}

"""Values whose own code raises: a submission is refused with the place, and no exception of theirs comes through."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest

from rubric_engine import compile_rubric
from rubric_engine.facts.problems import SubmissionError, raised

SHEET = """\
rubric "Sheet" id t.foreign
version 1
total 4 points

component 1 "Plan" 2 points
  input plan "When": one of timely "in time", late "late"
  input ready "Ready": yes/no
  input done "Done": count, at most 10
  input on "On": date, at most 2024-12-31
  score when plan is timely and ready and on < 2024-06-30 then min(2, done) otherwise 0
component 2 "Judged" 2 points
  score judged
"""
RICH = SHEET.replace("total 4", "total 8") + """\
component 3 "Rows" 2 points
  input late "Late": list
    column days "Days": count, at least 1
  input scores "Scores": ratings 1 to 5
  input words "Words": text
  evidence paper "Paper" required, if missing score 0
  score min(2, count of late where days > 1)
component 4 "Panel" 2 points
  score when count of scores = 0 then 0 otherwise min(2, mean of scores)
"""
PLAIN = compile_rubric(SHEET)
WIDE = compile_rubric(RICH)
INPUTS = {"plan": "timely", "ready": True, "done": 3, "on": date(2024, 1, 2)}


class Boom(RuntimeError):
    """What the application's own code raises."""


def boom(*_: object) -> Any:
    raise Boom


class Bare:
    __eq__ = __hash__ = __str__ = __repr__ = __getattr__ = __bool__ = __len__ = __iter__ = boom


class Words(str):
    __slots__ = ()
    __eq__ = __hash__ = __str__ = __len__ = boom


class Cents(Decimal):
    __eq__ = __lt__ = __str__ = __repr__ = as_tuple = is_finite = boom


class Ratio(Fraction):
    __eq__ = __lt__ = __gt__ = __le__ = __mul__ = __rmul__ = __add__ = boom


class Day(date):
    __str__ = __eq__ = __lt__ = toordinal = isoformat = boom


class Whole(int):
    __eq__ = __lt__ = __le__ = __int__ = __index__ = __str__ = boom


class Rows(list[object]):
    __iter__ = __len__ = __getitem__ = boom


class Lazy(Mapping[str, object]):
    """A mapping that fails when one of its values is fetched, as one backed by a database may."""

    def __init__(self, entries: dict[str, object], *failing: str) -> None:
        self.entries, self.failing = entries, failing

    def __getitem__(self, key: str) -> object:
        return boom() if key in self.failing else self.entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class Model:
    def model_dump(self) -> object:
        return boom()


def refused(compiled: Any, submission: object) -> list[tuple[str, str]]:
    with pytest.raises(SubmissionError) as error:
        compiled.evaluate(submission)
    return [(problem.code, problem.path) for problem in error.value.problems]


@pytest.mark.parametrize("compiled", [PLAIN, WIDE], ids=["quick", "careful"])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("plan", Bare), ("ready", Bare), ("done", Bare), ("on", Bare), ("plan", lambda: Words("timely")),
        ("ready", lambda: Words("yes")), ("done", lambda: Cents("3.5")), ("done", lambda: Whole(3)),
    ],
)  # fmt: skip
def test_a_value_that_raises_is_named(compiled: Any, name: str, make: Callable[[], object]) -> None:
    # Made here: pytest itself would stumble over a parameter that cannot be compared or shown.
    value = make()
    inputs = {**INPUTS, name: value}
    with pytest.raises(SubmissionError) as error:
        compiled.evaluate({"inputs": inputs, "judged": {"2": 1}})
    (problem,) = error.value.problems
    assert problem.path == f"inputs.{name}"
    with pytest.raises(SubmissionError) as error:
        compiled.score(inputs, judged={"2": 1})
    assert [each.path for each in error.value.problems] == [f"inputs.{name}"]
    with pytest.raises(SubmissionError) as error:
        compiled.evaluate({"inputs": INPUTS, "judged": {"2": value}, "unit": value})
    assert {each.path for each in error.value.problems} <= {"judged.2", "unit"}


def test_the_message_says_what_happened() -> None:
    with pytest.raises(SubmissionError) as error:
        PLAIN.evaluate({"inputs": {**INPUTS, "plan": Words("timely")}})
    assert str(error.value) == (
        "inputs.plan: `Words` cannot be read as a value of this fact; its own code raises Boom: give a plain value "
        "[RUB502]"
    )
    (problem,) = error.value.problems
    assert problem.line("vi").endswith("chính mã của nó báo lỗi Boom: hãy đưa vào một giá trị thông thường [RUB502]")


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: Model(), [("RUB510", "")]),
        (lambda: Lazy({"inputs": INPUTS}, "inputs"), [("RUB502", "inputs")]),
        (lambda: {"inputs": Model()}, [("RUB510", "inputs")]),
        (lambda: {"inputs": Lazy(INPUTS, "plan", "done")}, [("RUB502", "inputs.plan"), ("RUB502", "inputs.done")]),
        (lambda: {"inputs": Bare()}, [("RUB510", "inputs")]),
        (lambda: {"inputs": {"late": Rows()}}, [("RUB510", "inputs.late")]),
        (lambda: {"inputs": {"late": [{"days": 2}, Lazy({"days": 2}, "days")]}}, [("RUB502", "inputs.late[1].days")]),
        (lambda: {"inputs": {"late": [{"days": Bare()}, Model()]}}, [("RUB502", "inputs.late[0].days"),
                                                              ("RUB510", "inputs.late[1]")]),
        (lambda: {"inputs": {"scores": [1, Bare(), {"rating": Whole(3)}, {"rating": 3, "by": Bare()}]}},
         [("RUB502", "inputs.scores[1]"), ("RUB502", "inputs.scores[2].rating"), ("RUB502", "inputs.scores[3].by")]),
        (lambda: {"evidence": {"paper": Bare()}}, [("RUB502", "evidence.paper")]),
        (lambda: {"evidence": {"paper": [{"reference": "1", "page": Bare()}]}}, [("RUB502", "evidence.paper[0].page")]),
        (lambda: {"evidence": {"paper": Rows()}}, [("RUB510", "evidence.paper")]),
        (lambda: {"claims": {"1": Bare()}}, [("RUB502", "claims.1")]),
        (lambda: {"unit": Bare()}, [("RUB502", "unit")]),
    ],
)  # fmt: skip
def test_wherever_it_stands_its_place_is_named(
    make: Callable[[], object], wanted: list[tuple[str, str]]
) -> None:
    assert refused(WIDE, make()) == wanted


class Key(str):
    """A key that raises only when compared: dictionaries compare keys of one hash."""

    __slots__ = ()
    __hash__ = str.__hash__
    __eq__ = boom


def test_a_key_that_raises_is_a_name_like_any_other() -> None:
    whole = PLAIN.evaluate({"inputs": INPUTS, "judged": {"2": 1}})
    again = PLAIN.evaluate({"inputs": {Key(name): value for name, value in INPUTS.items()}, "judged": {Key("2"): 1}})
    assert again.total == whole.total
    rows = {"inputs": {"late": [{Key("days"): 5}]}}
    assert WIDE.read(rows).values["late"] == ((5,),)
    with pytest.raises(SubmissionError, match=r"inputs.plam: there is no `plam` here; did you mean `plan`"):
        PLAIN.evaluate({"inputs": {Key("plam"): 1}})


class Level(StrEnum):
    TIMELY = "timely"


def test_well_behaved_values_of_own_classes_are_read() -> None:
    class Share(Fraction):
        pass

    inputs = {**INPUTS, "plan": Level.TIMELY, "done": Share(3, 1)}
    assert PLAIN.score(inputs, judged={"2": 1}) == 3
    assert PLAIN.score({**inputs, "on": Day(2024, 1, 2)}, judged={"2": 1}) == 3
    assert PLAIN.score(Lazy(inputs), judged={"2": Ratio(1, 2)}) == Fraction(5, 2)  # what it holds is taken, exactly


def test_an_error_of_ours_is_not_put_down_to_the_submission() -> None:
    with pytest.raises(Boom):
        raised(Boom(), {"plain": 1}, "inputs")


def test_an_unreadable_reference_is_said_once() -> None:
    with pytest.raises(SubmissionError) as error:
        WIDE.evaluate({"evidence": {"paper": {"reference": "12\u202e/QD", "status": "accepted"}}})
    assert [problem.path for problem in error.value.problems] == ["evidence.paper.reference"]

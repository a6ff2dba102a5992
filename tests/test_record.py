"""A record is a frozen dataclass in every way a caller can see."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace

import pytest

from rubric_engine.plan.record import late_record, later, record


@record
class Pair:
    left: int
    right: int = 2
    unseen: int = field(default=0, compare=False, repr=False)
    many: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Same:
    left: int
    right: int = 2
    unseen: int = field(default=0, compare=False, repr=False)
    many: list[int] = field(default_factory=list)


@record
class Empty:
    pass


def test_it_is_made_compared_and_shown_like_a_dataclass() -> None:
    pair, same = Pair(1), Same(1)
    assert repr(pair) == repr(same).replace("Same", "Pair")
    assert pair == Pair(1, unseen=5)
    assert pair != Pair(2)
    assert pair != same
    assert pair.total == 3
    assert pair.many is not Pair(1).many
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"


def test_it_is_frozen_and_has_slots() -> None:
    pair = Pair(1)
    with pytest.raises(FrozenInstanceError):
        pair.left = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del pair.left  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        pair.new = 1  # type: ignore[attr-defined]
    assert not hasattr(pair, "__dict__")


def test_the_functions_of_dataclasses_work_on_it() -> None:
    assert is_dataclass(Pair)
    assert [one.name for one in fields(Pair)] == [one.name for one in fields(Same)]
    assert replace(Pair(1), right=9) == Pair(1, 9)
    assert Pair.__match_args__ == Same.__match_args__  # type: ignore[attr-defined]


def test_bad_calls_are_type_errors() -> None:
    with pytest.raises(TypeError):
        Pair()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Pair(1, 2, 3, [], 5)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Pair(1, wrong=2)  # type: ignore[call-arg]


def test_it_survives_pickling_and_hashing() -> None:
    from rubric_engine.plan.expr import Const, Fact, Sub

    value = Sub(Fact("a"), Fact("b"))
    assert pickle.loads(pickle.dumps(value)) == value
    assert len({value, Sub(Fact("a"), Fact("b")), Const(1)}) == 2  # type: ignore[arg-type]


@late_record("first")
class Late:
    """Drawn below with some fields left for whoever looks."""

    first: int
    second: int = 2


class Says:
    """Works a field out, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def late(self, like: object, name: str) -> object:
        self.asked.append(name)
        return 7


def test_a_late_field_is_worked_out_once_when_looked_at() -> None:
    source = Says()
    late = later(Late, later(Late, None, None, first=1), source)
    assert (late.first, source.asked) == (1, [])
    assert late.second == late.second == 7
    assert source.asked == ["second"]
    assert late == Late(1, 7)
    assert hash(late) == hash(Late(1, 7))
    assert pickle.loads(pickle.dumps(later(Late, None, Says(), first=1))) == Late(1, 7)
    assert replace(late, first=3) == Late(3, 7)
    with pytest.raises(FrozenInstanceError):
        late.first = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        late.third  # type: ignore[attr-defined]  # noqa: B018

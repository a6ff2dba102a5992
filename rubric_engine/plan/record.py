"""Frozen records with slots, as ``dataclass(frozen=True, slots=True)`` makes them, at a fraction of the cost.

A rubric's shapes are some hundred and fifty small classes. ``dataclasses`` writes and compiles half a dozen functions
for each and then builds the class again for its slots: nearly half the time it takes to import this package. Here only
``__init__`` is compiled; the rest is shared. ``dataclasses.fields``, ``replace`` and ``is_dataclass`` work as usual.
Classes made by the thousand while scoring stay plain dataclasses, whose comparisons are a little faster.

A *late* record may be made with some of its fields not worked out: :func:`later` makes one like another, with a source
to ask for what that one does not hold either, when somebody first looks at it.
"""

import dataclasses
import inspect
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Protocol, TypeVar, dataclass_transform

Shape = TypeVar("Shape")
Told = TypeVar("Told")


@dataclasses.dataclass
class _Sample:
    field: int


# How dataclasses mark a field of the instance, as against a ClassVar; it has no public name.
_INSTANCE = dataclasses.fields(_Sample)[0]._field_type  # type: ignore[attr-defined]


class Source(Protocol):
    """Works out the fields of late records."""

    def late(self, like: Any, name: str) -> Any: ...


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def late_record(*ready: str) -> Callable[[type[Shape]], type[Shape]]:
    """A record whose fields may be worked out when first looked at; those that are ``ready`` never are."""
    return lambda cls: _made(cls, ready)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[Shape]) -> type[Shape]:
    """Class decorator: annotated names become slots set once, compared, hashed and shown like a frozen dataclass's."""
    return _made(cls, None)


def open_late(cls: type[Shape]) -> type[Any]:
    """A class of the same slots that may be set: for who makes many late records, and then gives them their class."""
    made: type[Any] = type(f"Open{cls.__name__}", (), {"__slots__": cls.__slots__})  # type: ignore[attr-defined]
    return made


def later(cls: type[Shape], like: Shape | None, source: Source | None, **fields: object) -> Shape:
    """A late record with these fields; the others are those of ``like``, or what ``source`` then says."""
    made: Shape = cls.__new__(cls)
    setters: dict[str, Callable[[object, object], None]] = cls._setters  # type: ignore[attr-defined]
    for name in cls._ready if like is not None else ():  # type: ignore[attr-defined]
        setters[name](made, getattr(like, name))
    for name, value in fields.items():
        setters[name](made, value)
    setters["_like"](made, like)
    setters["_source"](made, source)
    return made


def shared(record: Shape, work_out: Callable[[Shape], Told]) -> Told:
    """What is worked out of what late records that are like one another share, once for all of them.

    One piece a kind of record: ``work_out`` must be the same for all that ask.
    """
    like: Any = getattr(record, "_like", None)
    if like is None:
        return work_out(record)
    try:
        found: Told = like._shared
    except AttributeError:
        found = work_out(record)
        like._setters["_shared"](like, found)
    return found


class _LateField:
    """A field that is worked out when first looked at, and then kept in its slot."""

    __slots__ = ("_name", "_slot")

    def __init__(self, name: str, slot: Any) -> None:
        self._name = name
        self._slot = slot

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        try:
            return self._slot.__get__(record)
        except AttributeError:
            value = self._worked_out(record)
        self._slot.__set__(record, value)
        return value

    def _worked_out(self, record: Any) -> object:
        like = record._like
        if like is None:
            return record._source.late(record, self._name)
        try:
            return self._slot.__get__(like)
        except AttributeError:
            return record._source.late(like, self._name)


def _made(cls: type[Shape], ready: tuple[str, ...] | None) -> type[Shape]:
    types = inspect.get_annotations(cls)
    names = tuple(types)
    fields = {name: _field(cls, name, types[name]) for name in names}
    slots = {name: name if ready is None or name in ready else f"_{name}" for name in names}
    namespace = {
        name: value for name, value in vars(cls).items() if name not in (*names, "__dict__", "__weakref__")
    }
    compared = tuple(name for name in names if fields[name].compare)
    shown = tuple(name for name in names if fields[name].repr)
    key = _key(compared)
    namespace.update(
        __slots__=tuple(slots.values()) if ready is None else (*slots.values(), "_like", "_source", "_shared"),
        __match_args__=names,
        __dataclass_fields__=fields,
        __eq__=_equality(key),
        __hash__=lambda self: hash(key(self)),
        __repr__=lambda self: _shown(self, shown),
        __setattr__=_refuse,
        __delattr__=_refuse,
        __getstate__=lambda self: [getattr(self, name) for name in names],
        __setstate__=_restore,
    )
    make: Any = type(cls)
    made: type[Shape] = make(cls.__name__, cls.__bases__, namespace)
    setters = {name: made.__dict__[slot].__set__ for name, slot in slots.items()}
    for name, slot in slots.items():
        if name != slot:
            type.__setattr__(made, name, _LateField(name, made.__dict__[slot]))
    type.__setattr__(made, "_ready", ready)
    type.__setattr__(made, "_setters", {**setters, **{
        slot: made.__dict__[slot].__set__ for slot in made.__slots__[len(names):]  # type: ignore[attr-defined]
    }})
    type.__setattr__(made, "__init__", _initialiser(made, fields, setters))
    return made


def _field(cls: type, name: str, kind: object) -> "dataclasses.Field[Any]":
    default: Any = cls.__dict__.get(name, dataclasses.MISSING)
    if not isinstance(default, dataclasses.Field):
        default = dataclasses.field(default=default) if default is not dataclasses.MISSING else dataclasses.field()
    default.name = name
    default.type = kind
    default._field_type = _INSTANCE
    found: dataclasses.Field[Any] = default
    return found


def _initialiser(
    made: type, fields: dict[str, "dataclasses.Field[Any]"], setters: dict[str, Callable[[object, object], None]]
) -> Callable[..., None]:
    """The one function written for a class: names are identifiers of its own source, defaults are bound by name."""
    scope: dict[str, object] = {"_absent": dataclasses.MISSING}
    heads, body = ["self"], []
    for name, field in fields.items():
        scope[f"_set_{name}"] = setters[name]
        if field.default_factory is not dataclasses.MISSING:
            scope[f"_make_{name}"] = field.default_factory
            heads.append(f"{name}=_absent")
            body.append(f" _set_{name}(self, _make_{name}() if {name} is _absent else {name})")
            continue
        if field.default is not dataclasses.MISSING:
            scope[f"_default_{name}"] = field.default
            heads.append(f"{name}=_default_{name}")
        else:
            heads.append(name)
        body.append(f" _set_{name}(self, {name})")
    exec(f"def __init__({', '.join(heads)}):\n" + ("\n".join(body) or " pass"), scope)
    written: Callable[..., None] = scope["__init__"]  # type: ignore[assignment]
    written.__qualname__ = f"{made.__qualname__}.__init__"
    return written


def _key(names: tuple[str, ...]) -> Callable[[object], object]:
    return attrgetter(*names) if names else lambda _: ()


def _equality(key: Callable[[object], object]) -> Callable[[object, object], object]:
    def equal(self: object, other: object) -> object:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        return key(self) == key(other)

    return equal


def _shown(self: object, names: tuple[str, ...]) -> str:
    parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{self.__class__.__qualname__}({parts})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name!r} of a {self.__class__.__name__}")


def _restore(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        self._setters[name](self, value)

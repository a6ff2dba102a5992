"""One reader for each input: from what a person gave to an exact value and the machine's. Standard library only."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final, assert_never

from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.exact import (
    LIMIT,
    Exact,
    Unreadable,
    clean_text,
    is_day_first,
    read_number,
    read_written,
    show_date,
    show_number,
    show_percent,
    shown,
)
from rubric_engine.meaning.exact import Row as Row
from rubric_engine.meaning.exact import Scalar as Scalar
from rubric_engine.plan.expr import Add, Column, Const, Fact, Mul, Num, Sub, walk
from rubric_engine.plan.plan import Bound, InputSpec, JudgedSpec, Kind

Value = Scalar | tuple[Row, ...]
ReadValue = Callable[[object], tuple[Scalar, Scalar]]

LONGEST_TEXT: Final = 10_000

# Officials tick a yes/no column with a cross as often as with a hook.
YES_WORDS: Final = ("yes", "y", "true", "có", "đúng", "x", "✓", "✔", "☑")
NO_WORDS: Final = ("no", "n", "false", "không", "sai")
# What spreadsheets, frames and forms put where nobody said anything.
UNSAID_WORDS: Final = ("", "NA", "N/A", "<NA>", "NaN", "NaT", "None", "null")
_UNSAID: Final = frozenset(fold(word) for word in UNSAID_WORDS)
_LONGEST_UNSAID: Final = 100
_UNSAID_TYPES: Final = ("NAType", "NaTType")  # of pandas, which is not asked for

# ---------------------------------------------------------------- words and days


def read_text(value: object) -> str:
    """Any text, normalised; refuses control and direction marks."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise Unreadable("RUB502", value, "text")
    return clean_text(value)


def says_nothing(value: object) -> bool:
    """Whether a value stands where nobody said anything: blank, ``NA``, ``NaN``, ``None``, in words or as objects."""
    if isinstance(value, str):
        return len(value) < _LONGEST_UNSAID and fold(value) in _UNSAID
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in _UNSAID_TYPES or (isinstance(value, Decimal) and value.is_nan())


def or_unsaid(read: ReadValue) -> ReadValue:
    """The same reader, which gives empty values where nothing is said.

    A level may well be called `none`: what can be read is.
    """

    def careful(value: object) -> tuple[Scalar, Scalar]:
        try:
            return read(value)
        except Unreadable:
            if says_nothing(value):
                return "", ""
            raise

    return careful


def read_label(value: object) -> str:
    """A short text; a page, a unit or a rater may well be given as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return shown(read_number(value))
    return read_text(value)


def read_yes_no(value: object) -> bool:
    """A truth, or one of the words people write for it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) < 20:
        word = fold(value)
        if word in YES_WORDS:
            return True
        if word in NO_WORDS:
            return False
    raise Unreadable("RUB502", value, "yes_no")


_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


def read_date(value: object, language: str = "en") -> date:
    """A day: a date, ``2023-01-15`` or ``15/01/2023``.

    Outside Vietnamese ``05/01/2023`` could be May or January, so it is refused with the question which.
    """
    match value:
        case datetime():
            if value.time() != time(0) or value.tzinfo is not None:
                raise Unreadable("RUB517", value, "time")
            return value.date()
        case date():
            return value if type(value) is date else date(value.year, value.month, value.day)
        case str():
            text = clean_text(value)
            if (match := _ISO.fullmatch(text)) is not None:
                return _day(int(match[1]), int(match[2]), int(match[3]), value)
            if (match := _SLASHED.fullmatch(text)) is not None:
                first, second, year = int(match[1]), int(match[2]), int(match[3])
                if not is_day_first(language) and first <= 12 and second <= 12 and first != second:
                    one, other = _day(year, second, first, value), _day(year, first, second, value)
                    raise Unreadable("RUB517", value, "ambiguous", one=one.isoformat(), other=other.isoformat())
                return _day(year, second, first, value)
    raise Unreadable("RUB517", value)


def _day(year: int, month: int, day: int, given: object) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("RUB517", given) from None


# ---------------------------------------------------------------- bounds


def show_value(value: Exact, kind: Kind, language: str) -> str:
    """A number as a person would write it for this kind of input."""
    if kind is Kind.PERCENT:
        return show_percent(value, language)
    return show_date(int(value), language) if kind is Kind.DATE else show_number(value, language)


def limit_of(expr: Num) -> Callable[[Mapping[str, Value]], Exact | None]:
    """The bound as a function of the values given; ``None`` while a fact it looks at is missing."""
    match expr:
        case Const(value=value):
            constant = value.numerator if value.denominator == 1 else value
            return lambda values: constant
        case Fact(name=name) | Column(name=name):
            return lambda values: values.get(name)  # type: ignore[return-value]
        case Add(terms=terms):
            return _folded(terms, lambda a, b: a + b)
        case Sub(left=left, right=right):
            return _folded((left, right), lambda a, b: a - b)
        case Mul(factors=factors):
            return _folded(factors, lambda a, b: a * b)
        case _:
            raise ValueError(f"not a bound: {type(expr).__name__}")


def _folded(
    parts: tuple[Num, ...], join: Callable[[Exact, Exact], Exact]
) -> Callable[[Mapping[str, Value]], Exact | None]:
    limits = [limit_of(part) for part in parts]

    def limit(values: Mapping[str, Value]) -> Exact | None:
        total: Exact | None = None
        for each in limits:
            value = each(values)
            if value is None:
                return None
            total = value if total is None else join(total, value)
        return total

    return limit


def facts_in(expr: Num) -> tuple[str, ...]:
    """Names of the inputs, and in a register of the columns, that a bound looks at, each once."""
    return tuple(dict.fromkeys(part.name for part in walk(expr) if isinstance(part, Fact | Column)))


def constant_of(bound: Bound | None) -> Exact | None:
    """The value of a bound that looks at no other input."""
    return None if bound is None or facts_in(bound.value) else limit_of(bound.value)({})


def show_bound(expr: Num, kind: Kind, language: str) -> str:
    """A bound in words of the rubric: ``planned - late``."""
    match expr:
        case Const(value=value):
            return show_value(value, kind, language)
        case Fact(name=name) | Column(name=name):
            return name
        case Add(terms=terms):
            return " + ".join(show_bound(term, kind, language) for term in terms)
        case Sub(left=left, right=right):
            return f"{show_bound(left, kind, language)} - {_bracketed(right, kind, language)}"
        case Mul(factors=factors):
            return " * ".join(_bracketed(factor, kind, language) for factor in factors)
        case _:
            return "…"


def _bracketed(expr: Num, kind: Kind, language: str) -> str:
    text = show_bound(expr, kind, language)
    return f"({text})" if isinstance(expr, Add | Sub) else text


# ---------------------------------------------------------------- inputs


class InputReader:
    """Reads one input. ``low`` and ``high`` are its constant bounds, for whole values, ready for a quick test."""

    __slots__ = ("_high", "_language", "_low", "_read", "high", "low", "name", "plain", "scale", "spec")

    def __init__(self, spec: InputSpec, language: str) -> None:
        self.spec = spec
        self.name = spec.name
        self.scale = spec.scale or 1
        self.plain = spec.kind in (Kind.COUNT, Kind.NUMBER, Kind.MONEY)
        self._language = language
        self._low = _with_strictness(spec.minimum)
        self._high = _with_strictness(spec.maximum)
        if spec.kind is Kind.COUNT and (self._low is None or self._low[0] < 0):
            self._low = (0, False)
        self.low = -LIMIT + 1 if self._low is None else _whole_low(*self._low)
        self.high = LIMIT - 1 if self._high is None else _whole_high(*self._high)
        self._read = self._reader()

    def read(self, value: object) -> tuple[Scalar, Scalar]:
        """The exact value and the machine's. Raises :class:`~rubric_engine.meaning.exact.Unreadable`."""
        return self._read(value)

    def _reader(self) -> ReadValue:
        match self.spec.kind:
            case Kind.YES_NO:
                return lambda value: (read_yes_no(value),) * 2
            case Kind.TEXT:
                return lambda value: (read_text(value),) * 2
            case Kind.LEVEL:
                return self._level_reader()
            case Kind.DATE:
                return lambda value: (self._bounded(read_date(value, self._language).toordinal(), value),) * 2
            case Kind.PERCENT:
                return lambda value: self._on_grid(self._bounded(self._percent(value), value), value)
            case Kind.COUNT | Kind.NUMBER | Kind.MONEY:
                return lambda value: self._on_grid(self._bounded(read_number(value, self._language), value), value)
            case Kind.LIST | Kind.RATINGS:
                raise ValueError(f"not one value: {self.spec.kind}")
            case kind:
                assert_never(kind)

    def _bounded(self, exact: Exact, given: object) -> Exact:
        if self._low is not None:
            low, strict = self._low
            if exact < low or (strict and exact == low):
                self._out(">" if strict else "≥", low, given)
        if self._high is not None:
            high, strict = self._high
            if exact > high or (strict and exact == high):
                self._out("<" if strict else "≤", high, given)
        return exact

    def _out(self, sign: str, bound: Exact, given: object) -> None:
        raise Unreadable("RUB503", given, bound=f"{sign} {show_value(bound, self.spec.kind, self._language)}")

    def _on_grid(self, exact: Exact, given: object) -> tuple[Exact, Exact]:
        scale = self.spec.scale
        if scale is None:
            return exact, exact
        machine, rest = divmod(exact.numerator * scale, exact.denominator)
        if rest:
            if self.spec.kind is Kind.COUNT or not self.spec.decimals:
                raise Unreadable("RUB515" if self.spec.kind is Kind.PERCENT else "RUB514", given, places="0")
            raise Unreadable("RUB515", given, places=str(self.spec.decimals))
        return exact, machine

    def _percent(self, given: object) -> Exact:
        try:
            written = read_written(given, self._language)
        except Unreadable as error:
            if error.help == "number":
                raise Unreadable("RUB502", given, "percent") from None
            raise
        value = written.value
        if written.percent:
            return value
        if value != 0 and -1 <= value <= 1:
            one, other = show_percent(value, self._language), show_number(value, self._language) + "%"
            raise Unreadable("RUB506", given, one=one, other=other)
        share = Fraction(value, 100)
        return share.numerator if share.denominator == 1 else share

    def _level_reader(self) -> ReadValue:
        names = Folded((level.name, at) for at, level in enumerate(self.spec.levels))
        titles = titles_of(self.spec)

        def read(value: object) -> tuple[int, int]:
            if not isinstance(value, str):
                raise self._no_level(value)
            at = names.get(value) if len(value) <= LONGEST_TEXT else None
            if at is None and len(value) <= LONGEST_TEXT:
                at = titles.get(fold(value))
            if at is None:
                raise self._no_level(value)
            return at, at

        return read

    def _no_level(self, value: object) -> Unreadable:
        names = [level.name for level in self.spec.levels]
        titles = {level.title: level.name for level in self.spec.levels}
        nearest = closest(value, (*names, *titles), same_digits=True) if isinstance(value, str) else None
        if nearest is not None:
            return Unreadable("RUB509", value, name=self.name, mend=titles.get(nearest, nearest))
        known = ", ".join(f"`{name}`" for name in names[:12]) + (" …" if len(names) > 12 else "")
        return Unreadable("RUB509", value, "known", name=self.name, known=known)


def titles_of(spec: InputSpec) -> dict[str, int | None]:
    """The place of the level each title means, folded; ``None`` where levels share it."""
    titles: dict[str, int | None] = {}
    for at, level in enumerate(spec.levels):
        title = fold(level.title)
        titles[title] = None if title in titles else at
    return titles


def _with_strictness(bound: Bound | None) -> tuple[Exact, bool] | None:
    value = constant_of(bound)
    return None if bound is None or value is None else (value, bound.strict)


def _whole_low(low: Exact, strict: bool) -> int:
    whole = ceil(low)
    return max(-LIMIT + 1, whole + 1 if strict and whole == low else whole)


def _whole_high(high: Exact, strict: bool) -> int:
    whole = floor(high)
    return min(LIMIT - 1, whole - 1 if strict and whole == high else whole)


class RelationReader:
    """A bound on one input that looks at others, checked when all are known."""

    __slots__ = ("_bound", "_facts", "_kinds", "_language", "_limit", "_maximum", "_sign", "name")

    def __init__(self, spec: InputSpec, bound: Bound, maximum: bool, kinds: Mapping[str, Kind], language: str) -> None:
        self.name = spec.name
        self._bound = bound
        self._maximum = maximum
        self._sign = ("<" if bound.strict else "≤") if maximum else (">" if bound.strict else "≥")
        self._limit = limit_of(bound.value)
        self._facts = facts_in(bound.value)
        self._kinds = kinds
        self._language = language

    def check(self, values: Mapping[str, Value], substituted: Collection[str] = ()) -> None:
        """Raises :class:`~rubric_engine.meaning.exact.Unreadable` when the bound is broken.

        ``substituted`` are the inputs whose value nobody gave: the message asks for them.
        """
        value = values.get(self.name)
        limit = self._limit(values)
        if value is None or limit is None:
            return
        assert not isinstance(value, str | tuple)
        if value > limit if self._maximum else value < limit:
            raise self._broken(value, values, substituted)
        if self._bound.strict and value == limit:
            raise self._broken(value, values, substituted)

    def _broken(self, value: Exact, values: Mapping[str, Value], substituted: Collection[str]) -> Unreadable:
        kind = self._kinds[self.name]
        facts = ", ".join(f"{name} = {self._shown(name, values[name])}" for name in self._facts)
        bound = f"{self._sign} {show_bound(self._bound.value, kind, self._language)}"
        # What the rubric put in nobody can correct: it is asked for instead.
        missing = ", ".join(f"`{name}`" for name in (self.name, *self._facts) if name in substituted)
        shown_value = show_value(value, kind, self._language)
        if missing:
            return Unreadable("RUB507", shown_value, "put_in", bound=bound, facts=facts, missing=missing)
        return Unreadable("RUB507", shown_value, bound=bound, facts=facts)

    def _shown(self, name: str, value: Value) -> str:
        return shown(value) if isinstance(value, str | tuple) else show_value(value, self._kinds[name], self._language)


# ---------------------------------------------------------------- judgements


class JudgedReader:
    """Reads the points a person gave for one leaf or one judged deduction."""

    __slots__ = ("_language", "key", "scale", "spec")

    def __init__(self, spec: JudgedSpec, language: str) -> None:
        self.spec = spec
        self.key = spec.key
        self.scale = judged_scale(spec)
        self._language = language

    def read(self, value: object) -> tuple[Fraction, Exact]:
        """The exact points and the machine's. Raises :class:`~rubric_engine.meaning.exact.Unreadable`."""
        spec = self.spec
        if spec.step == spec.maximum - spec.minimum and (said := said_yes(value)) is not None:
            value = spec.maximum if said else spec.minimum
        points = Fraction(read_number(value, self._language))
        off_grid = spec.step is not None and ((points - spec.minimum) / spec.step).denominator != 1
        if off_grid or not spec.minimum <= points <= spec.maximum:
            low, high = show_number(spec.minimum, self._language), show_number(spec.maximum, self._language)
            if spec.step is None:
                raise Unreadable("RUB511", value, low=low, high=high)
            step = show_number(spec.step, self._language)
            raise Unreadable("RUB511", value, "steps", low=low, high=high, step=step)
        if self.scale is not None:
            return points, (points * self.scale).numerator
        return points, points.numerator if points.denominator == 1 else points


def said_yes(value: object) -> bool | None:
    """What a person says who was asked yes or no; ``None`` for points."""
    try:
        return read_yes_no(value)
    except Unreadable:
        return None


def judged_scale(spec: JudgedSpec) -> int | None:
    """The machine value is the points times this, whole; ``None`` where there is no step: any exact number."""
    if spec.step is None:
        return None
    return lcm(spec.minimum.denominator, spec.maximum.denominator, spec.step.denominator)


def no_scalar(value: object) -> tuple[Scalar, Scalar]:
    """Of what has no one value: reading it as one."""
    raise Unreadable("RUB502", value)

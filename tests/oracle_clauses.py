"""Facts, bases and clauses of the oracle: plain shapes that print themselves as text and say what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction as F
from math import floor, prod
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from oracle_sheet import Leaf

Mode = Literal["half-up", "half-even", "up", "down", "ceiling", "floor"]
Value = F | bool | str


class Waits(Exception):
    """Something needed is not known; what then holds is for the policies to say."""


class Unsaid(Exception):
    """What is missing could not change it. Whether that is seen no reading promises: there is nothing to compare."""


class NoValue(Exception):
    """What is read is not rated: there is no number, and none of whatever reads it."""


class Left(Exception):
    """A fact that is missing says itself that whatever needs it does not apply."""


# ---------------------------------------------------------------- facts


@dataclass(frozen=True)
class FactSpec:
    """An input: ``type`` as it is written after the colon, and what stands in for it."""

    name: str
    type: str
    missing: F | Literal["not applicable"] | None = None

    def domain(self) -> list[Value]:
        """Every value there is."""
        kind, _, bounds = self.type.partition(", ")
        if kind.startswith("one of"):
            return list(self.type.removeprefix("one of ").split(", "))
        if kind == "yes/no":
            return [False, True]
        low, high = (1, 20) if bounds.startswith("from") else (0, int(bounds.rpartition(" ")[2]))
        return [F(number) for number in range(low, high + 1)]

    def lines(self) -> Iterator[str]:
        policy = "" if self.missing is None else f", if missing {written(self.missing)}"
        yield f"  input {self.name}: {self.type}{policy}"


@dataclass
class Given:
    """A submission: facts, judgements by code, names of evidence that is there; and the results of headings so far."""

    facts: dict[str, Value]
    judged: dict[str, F]
    evidence: frozenset[str] = frozenset()
    specs: dict[str, FactSpec] = field(default_factory=dict)
    points: dict[str, F | None] = field(default_factory=dict)
    unrated: set[str] = field(default_factory=set)

    def value(self, name: str) -> Value:
        """The fact, or what the rubric puts in its place."""
        if name in self.facts:
            return self.facts[name]
        match self.specs[name].missing:
            case None:
                raise Waits
            case "not applicable":
                raise Left
            case instead:
                return instead

    def number(self, name: str) -> F:
        value = self.value(name)
        assert isinstance(value, F)
        return value

    def as_json(self) -> dict[str, object]:
        """The submission for the engine."""
        facts = {name: written(value) if isinstance(value, F) else value for name, value in self.facts.items()}
        judged = {code: written(value) for code, value in self.judged.items()}
        return {"inputs": facts, "judged": judged, "evidence": {name: "12/QD" for name in sorted(self.evidence)}}


@dataclass(frozen=True)
class Cond:
    """A yes/no fact holds, or does not."""

    fact: str
    negated: bool = False

    def __str__(self) -> str:
        return f"not {self.fact}" if self.negated else self.fact

    def holds(self, given: Given) -> bool:
        return bool(given.value(self.fact)) is not self.negated


def when(condition: Cond | None) -> str:
    return "" if condition is None else f" when {condition}"


def holds(condition: Cond | None, given: Given) -> bool:
    return condition is None or condition.holds(given)


# ---------------------------------------------------------------- bases


@dataclass(frozen=True)
class Levels:
    """``score by`` a one-of fact."""

    fact: str
    points: tuple[tuple[str, F], ...]

    def lines(self) -> Iterator[str]:
        yield f"  score by {self.fact}"
        yield from (f"    {level}: {written(points)}" for level, points in self.points)

    def earned(self, given: Given, leaf: "Leaf") -> F:
        return dict(self.points)[str(given.value(self.fact))]


@dataclass(frozen=True)
class Bands:
    """``score by`` a number, or by the share of one in another; ``edges`` descend, ``points`` has one more."""

    over: str
    under: str
    edges: tuple[F, ...]
    points: tuple[F, ...]
    places: int | None = None

    def lines(self) -> Iterator[str]:
        rounded = "" if self.places is None else f", rounded half-up to {in_places(self.places)}"
        yield f"  score by {self.over}{' / ' + self.under if self.under else ''}{rounded}"
        for at, points in enumerate(self.points):
            low = self._edge(at) if at < len(self.edges) else ""
            above = self._edge(at - 1) if at else ""
            band = f"{low} to below {above}" if low and above else f"{low} or more" if low else f"below {above}"
            yield f"    {band}: {written(points)}"

    def _edge(self, at: int) -> str:
        return f"{written(self.edges[at] * 100)}%" if self.under else written(self.edges[at])

    def earned(self, given: Given, leaf: "Leaf") -> F:
        value = given.number(self.over)
        if self.under:
            value /= given.number(self.under)
        if self.places is not None:  # places of what is compared with percents are places of the percent
            value = rounded(value * 100, "half-up", self.places) / 100 if self.under else rounded(
                value, "half-up", self.places
            )
        above = [points for edge, points in zip(self.edges, self.points, strict=False) if value >= edge]
        return above[0] if above else self.points[-1]


@dataclass(frozen=True)
class Proportion:
    """``score in proportion to``."""

    over: str
    under: str
    zero_below: F | None = None

    def lines(self) -> Iterator[str]:
        least = "" if self.zero_below is None else f", 0 below {written(self.zero_below * 100)}%"
        yield f"  score in proportion to {self.over} / {self.under}{least}"

    def earned(self, given: Given, leaf: "Leaf") -> F:
        share = given.number(self.over) / given.number(self.under)
        if self.zero_below is not None and share < self.zero_below:
            return F(0)
        return min(leaf.high, max(F(0), leaf.high * share))


@dataclass(frozen=True)
class Formula:
    """``score`` a line in one fact."""

    fact: str
    slope: F
    start: F

    def lines(self) -> Iterator[str]:
        slope = f"({written(self.slope)})" if self.slope < 0 else written(self.slope)
        yield f"  score {written(self.start)} + {slope} * {self.fact}"

    def earned(self, given: Given, leaf: "Leaf") -> F:
        return self.start + self.slope * given.number(self.fact)


@dataclass(frozen=True)
class PointsOf:
    """``score`` from the points of another heading."""

    code: str
    start: F
    slope: F

    def lines(self) -> Iterator[str]:
        slope = f"({written(self.slope)})" if self.slope < 0 else written(self.slope)
        yield f"  score {written(self.start)} + {slope} * points of {self.code}"

    def earned(self, given: Given, leaf: "Leaf") -> F:
        if self.code in given.unrated:
            raise NoValue
        points = given.points[self.code]
        if points is None:
            raise Waits
        return self.start + self.slope * points


@dataclass(frozen=True)
class Judged:
    """``score judged``."""

    def lines(self) -> Iterator[str]:
        yield "  score judged"

    def earned(self, given: Given, leaf: "Leaf") -> F:
        if leaf.code not in given.judged:
            raise Waits
        return given.judged[leaf.code]


@dataclass(frozen=True)
class Start:
    """``start at`` full points, or 0."""

    full: bool

    def lines(self) -> Iterator[str]:
        yield f"  start at {'full points' if self.full else '0'}"

    def earned(self, given: Given, leaf: "Leaf") -> F:
        return leaf.high if self.full else F(0)


Base = Levels | Bands | Proportion | Formula | PointsOf | Judged | Start


# ---------------------------------------------------------------- clauses


@dataclass(frozen=True)
class Absence:
    """``not applicable when``: policies that need no other heading."""

    condition: Cond
    policy: Literal["full points", "excluded", "zero"]

    def lines(self) -> Iterator[str]:
        yield f"  not applicable when {self.condition}: {self.policy}"


@dataclass(frozen=True)
class Requirement:
    """``require … otherwise``."""

    condition: Cond
    otherwise: F

    def lines(self) -> Iterator[str]:
        yield f"  require {self.condition}, otherwise {written(self.otherwise)}"


@dataclass(frozen=True)
class Adjust:
    """``award`` or ``deduct``."""

    awards: bool
    amount: F
    each: str | None = None
    condition: Cond | None = None
    cap: F | None = None

    def lines(self) -> Iterator[str]:
        each = "" if self.each is None else f" for each of {self.each}"
        cap = "" if self.cap is None else f", at most {written(self.cap)}"
        yield f"  {'award' if self.awards else 'deduct'} {written(self.amount)}{each}{when(self.condition)}{cap}"

    def points(self, given: Given) -> F:
        if not holds(self.condition, given):
            return F(0)
        amount = self.amount * (given.number(self.each) if self.each else 1)
        amount = max(F(0), amount if self.cap is None else min(amount, self.cap))
        return amount if self.awards else -amount


@dataclass(frozen=True)
class Evidence:
    """A piece that is required, and what its lack costs."""

    name: str
    effect: Literal["score 0", "at most", "deduct", "warn"]
    amount: F = F(0)
    condition: Cond | None = None

    def lines(self) -> Iterator[str]:
        what = {"at most": f"at most {written(self.amount * 100)}%", "deduct": f"deduct {written(self.amount)}"}
        effect = what.get(self.effect, self.effect)
        yield f"  evidence {self.name} required{when(self.condition)}, if missing {effect}"

    def lacking(self, given: Given) -> bool:
        return holds(self.condition, given) and self.name not in given.evidence


@dataclass(frozen=True)
class Limit:
    """A ceiling or a floor the author wrote."""

    ceiling: bool
    points: F
    condition: Cond | None = None

    def lines(self) -> Iterator[str]:
        yield f"  at {'most' if self.ceiling else 'least'} {written(self.points)} points{when(self.condition)}"


@dataclass(frozen=True)
class Rounding:
    """``rounded`` on its own line."""

    mode: Mode
    places: int

    def lines(self) -> Iterator[str]:
        yield f"  rounded {self.mode} to {in_places(self.places)}"


@dataclass(frozen=True)
class Policy:
    """``if missing`` or ``if not judged`` of a leaf, ``if not rated`` of a group; a share is of full points."""

    when: Literal["missing", "not judged", "not rated"]
    what: F | Literal["worst", "excluded", "not applicable", "zero"]
    share: bool = False

    def lines(self) -> Iterator[str]:
        said = f"{written(self.what * 100)}% of full points" if self.share and isinstance(self.what, F) else (
            written(self.what)
        )  # fmt: skip
        yield f"  if {self.when}: {said}"

    def points(self, low: F, high: F) -> F:
        match self.what:
            case F():
                return self.what * high if self.share else self.what
            case "worst":
                return low
            case _:
                return F(0)


Clause = FactSpec | Base | Absence | Requirement | Adjust | Evidence | Limit | Rounding | Policy


# ---------------------------------------------------------------- numbers and words


def rounded(value: F, mode: str, places: int) -> F:
    """To so many places, ties and signs as the mode says."""
    grid = F(1, 10**places)
    at = value / grid
    low = floor(at)
    if at == low:
        return value
    toward, away = (low, low + 1) if value > 0 else (low + 1, low)
    match mode:
        case "floor":
            chosen = low
        case "ceiling":
            chosen = low + 1
        case "up":
            chosen = away
        case "down":
            chosen = toward
        case _:
            distance = abs(at - toward)
            if distance == F(1, 2):
                chosen = away if mode == "half-up" else (low if low % 2 == 0 else low + 1)
            else:
                chosen = toward if distance < F(1, 2) else away
    return chosen * grid


def finished(points: F, low: F, high: F, rounding: Rounding | None, maximum: F | None = None) -> F:
    """Floor and cap at the heading's points; rounding last, which passes neither the minimum nor what applies."""
    points = max(low, min(high, points))
    if rounding is None:
        return points
    most = high if maximum is None or points > maximum else maximum
    return max(low, min(most, rounded(points, rounding.mode, rounding.places)))


def combined(combine: str, pairs: list[tuple[F, F]]) -> F:
    """The index of a group from those of its children, with their weights."""
    indices = sorted(index for _, index in pairs)
    all_weight = sum((weight for weight, _ in pairs), F(0))
    match combine.split(",")[0].split():
        case ["weighted", "mean"]:
            return sum((weight * index for weight, index in pairs), F(0)) / all_weight
        case ["mean"]:
            return sum(indices, F(0)) / len(indices)
        case ["harmonic", "mean"]:
            if indices[0] <= 0:
                return F(0)  # as `if any is 0: 0` says
            return all_weight / sum(weight / index for weight, index in pairs)
        case ["lowest"]:
            return indices[0]
        case ["highest"]:
            return indices[-1]
        case ["median"]:
            middle = len(indices) // 2
            return indices[middle] if len(indices) % 2 else (indices[middle - 1] + indices[middle]) / 2
        case ["product"]:
            return F(prod(indices))
        case ["best", many]:
            best = indices[-int(many):]
            return sum(best, F(0)) / len(best)
        case ["drop", "lowest", many]:
            rest = indices[int(many):] or indices[-1:]
            return sum(rest, F(0)) / len(rest)
        case ["drop", "highest", many]:
            rest = indices[: -int(many)] or indices[:1]
            return sum(rest, F(0)) / len(rest)
        case ["drop", "lowest", "and", "highest", many]:
            for _ in range(int(many)):
                indices = indices[1:-1] or indices
            return sum(indices, F(0)) / len(indices)
        case other:
            raise AssertionError(other)


def combining(combine: str, needs: F | None) -> Iterator[str]:
    """The clauses of what combines."""
    if combine:
        yield f"  combine {combine}"
    if needs is not None:
        yield f"  needs at least {written(needs * 100)}% of weight"


def written(value: F | str) -> str:
    """A number as an English rubric has it; it has an end."""
    if isinstance(value, str):
        return value
    sign, whole = ("-" if value < 0 else ""), abs(value)
    digits = 0
    while (whole * 10**digits).denominator != 1:
        digits += 1
        assert digits < 13, value
    text = f"{int(whole * 10**digits):0{digits + 1}d}"
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def points_range(low: F, high: F) -> str:
    return f"{written(high)} points" if low == 0 else f"{written(low)} to {written(high)} points"


def in_places(places: int) -> str:
    return f"{places} place{'s' if places != 1 else ''}"


def level_of(code: str) -> str:
    return "item" if code[0] in "TP" else ("area", "criterion", "component")[code.count(".")]

"""Units in order: ranks, ties, and the units that cannot be ranked, each with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Final, assert_never

from rubric_engine.cohort.entry import Entry
from rubric_engine.cohort.grades import UnitGrade
from rubric_engine.cohort.keys import Keys, NoKey, keys_of
from rubric_engine.cohort.reading import CohortReader, groups_of, in_order_of
from rubric_engine.facts.alphabet import in_alphabet
from rubric_engine.facts.fold import Folded, fold, written_as
from rubric_engine.meaning.exact import to_json_number
from rubric_engine.plan.deciding import PLACE
from rubric_engine.plan.expr import Div, Fact, MaximumOf, Num, PointsOf, Total
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import Kind, Observed, Plan, RankingRule, RankKey, Ties
from rubric_engine.plan.staging import waits_for_a_stage
from rubric_engine.result.outcome import GradeState
from rubric_engine.tell.words import Words

said = Words("cohort")

_NO_NUMBERS: Final = frozenset({Kind.YES_NO, Kind.TEXT, Kind.LEVEL, Kind.LIST, Kind.RATINGS})
_TOTAL: Final = ("total", "tổng điểm")
_EXACT_TOTAL: Final = ("exact total", "tổng điểm chưa làm tròn")
_INDEX_OF: Final = ("index of ", "chỉ số của ")
_POINTS_OF: Final = (
    "points of ", "điểm của ", "part ", "area ", "criterion ", "component ", "item ", "phần ", "lĩnh vực ",
    "tiêu chí thành phần ", "tiêu chí ", "mục ",
)  # fmt: skip
_LOWEST_FIRST: Final = (" lowest first", " thấp xếp trước")


class Unranked(StrEnum):
    """Why a unit has no rank."""

    PENDING = "pending"                # what it is ranked by is not known yet
    NO_GRADE = "no grade"              # a gate refuses it a grade
    NOT_SETTLED = "not settled"        # its total is known, its maximum or its grade is not
    NOT_APPLICABLE = "not applicable"  # what it is ranked by does not apply to it
    NOT_RATED = "not rated"            # too little is known to rate it, so there is nothing to rank
    NO_GROUP = "no group"              # ranked within groups, and it names none
    NOT_DUE = "not due"                # a heading that counts is asked for at a later stage
    NOT_SCORED = "not scored"          # its submission could not be scored


@dataclass(frozen=True, slots=True)
class RankRow:
    """One unit of a ranking.

    ``rank`` is ``None`` where the authority decides between equal units; the places they share go from ``first`` to
    ``last``, counted without regard to how ties are written. ``keys`` are the values it is ranked by, in order.
    ``grade`` is the one after quotas.
    """

    unit: str
    group: str | None
    rank: int | None
    first: int
    last: int
    keys: tuple[Fraction, ...]
    grade: UnitGrade | None = None

    @property
    def tied(self) -> bool:
        """Another unit has the same keys."""
        return self.last > self.first

    def to_dict(self, by: Sequence[RankKey] = ()) -> dict[str, object]:
        """Plain values; numbers are exact, as text. ``by`` is what was ranked by: a level is then in words."""
        told = [key_value(key, value) for key, value in zip(by, self.keys, strict=True)] if by else self.keys
        return {
            "unit": self.unit, "group": self.group, "rank": self.rank, "first": self.first, "last": self.last,
            "tied": self.tied, "keys": [key if isinstance(key, str) else to_json_number(key) for key in told],
            "grade": None if self.grade is None else self.grade.to_dict(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnrankedUnit:
    """A unit without a rank, and what it waits for; ``blank``: it has said nothing at all yet."""

    unit: str
    why: Unranked
    waits: tuple[str, ...] = ()
    within: str = ""
    blank: bool = False

    def text(self, language: str = "en", labels: Mapping[str, str] | None = None) -> str:
        """The reason in words; ``labels`` are those of what is waited for, by name."""
        key = {
            Unranked.NOT_APPLICABLE: "not ranked: not applicable", Unranked.NO_GROUP: "no group",
            Unranked.NOT_DUE: "not ranked: not due", Unranked.NOT_RATED: "not ranked: not rated",
        }.get(self.why, str(self.why))  # fmt: skip
        waits = ", ".join((labels or {}).get(name, name) for name in self.waits)
        if self.blank and self.waits:
            waits = str(said("nothing filled in", language))
        return said(key, language, waits=waits, within=self.within)

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Plain values."""
        return {"unit": self.unit, "why": str(self.why), "waits": list(self.waits), "text": self.text(language)}


@dataclass(frozen=True, slots=True)
class RankTable:
    """A ranking. ``rows`` by group, best first, equal units by name; ``unranked`` by name.

    While ``final`` is false, a unit that is still pending, or ``awaited``, may come between others. ``unused`` are the
    decided places that put nothing in order: of a unit that shares its place with none, or while those that share it do
    not have all its places.
    """

    rule: RankingRule
    rows: tuple[RankRow, ...]
    unranked: tuple[UnrankedUnit, ...] = ()
    language: str = "en"
    awaited: tuple[str, ...] = ()
    unused: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> str:
        """How the rubric says ties are decided."""
        return self.rule.words

    @property
    def groups(self) -> tuple[str | None, ...]:
        """The groups ranked, in order; ``None`` alone where all units are together."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    @property
    def final(self) -> bool:
        """No unit without a rank may still get one."""
        waiting = (Unranked.PENDING, Unranked.NOT_SETTLED, Unranked.NOT_DUE, Unranked.NOT_SCORED)
        return not self.awaited and not any(unit.why in waiting for unit in self.unranked)

    @property
    def undecided(self) -> tuple[RankRow, ...]:
        """Equal units the authority has to put in order."""
        return tuple(row for row in self.rows if row.rank is None)

    def of_group(self, group: str | None) -> tuple[RankRow, ...]:
        """The rows of one group."""
        return tuple(row for row in self.rows if row.group == group)

    def __getitem__(self, unit: str) -> RankRow:
        return Folded((row.unit, row) for row in self.rows)[unit]

    def to_dict(self) -> dict[str, object]:
        """Plain values; numbers are exact, as text."""
        unused = [{"unit": unit, "rank": rank} for unit, rank in self.unused]
        return {
            "within": self.rule.within,
            "keys": [key.label for key in self.rule.keys],
            "ties": str(self.rule.ties),
            "words": self.words,
            "final": self.final,
            "rows": [row.to_dict(self.rule.keys) for row in self.rows],
            "unranked": [unit.to_dict(self.language) for unit in self.unranked],
            **({"unused_decisions": unused} if unused else {}),
        }


# ---------------------------------------------------------------- by what


def key_value(key: RankKey, value: Fraction) -> Fraction | str:
    """What a unit was put in order by: a number, or the words of a level."""
    return key.levels[int(value)] if key.levels else value


def rule_of(plan: Plan, by: str | Sequence[str] | None, within: str | None) -> RankingRule:
    """The rule to rank by. Raises ``KeyError`` for a code or an input the rubric has not."""
    own = plan.ranking
    if by is None:
        rule = own or RankingRule((RankKey(Total(), "total"),))
    else:
        keys = tuple(_key_named(plan, each) for each in ((by,) if isinstance(by, str) else by))
        rule = RankingRule(keys, None, Ties.SHARE if own is None else own.ties, "" if own is None else own.words)
    if within is None:
        return rule
    named = within and written_as(within, (spec.name for spec in plan.inputs if spec.kind in (Kind.LEVEL, Kind.TEXT)))
    if named is None:
        raise KeyError(within)
    return RankingRule(rule.keys, named or None, rule.ties, rule.words, rule.label, rule.line)


def _key_named(plan: Plan, name: str) -> RankKey:
    words = name.split()
    ascending = any(fold(name).endswith(mark) for mark in _LOWEST_FIRST)
    if ascending:
        words = words[: -next(len(mark.split()) for mark in _LOWEST_FIRST if fold(name).endswith(mark))]
    what = " ".join(words)
    if fold(what) in (*_TOTAL, *_EXACT_TOTAL):
        return RankKey(Total(), name, ascending, fold(what) in _EXACT_TOTAL)
    before = next((each for each in (*_INDEX_OF, *_POINTS_OF) if fold(what).startswith(each)), "")
    code = written_as(" ".join(words[len(before.split()) :]), (node.code for node in plan.nodes if node.met is None))
    if code is None:
        ranked = {spec.name: spec for spec in plan.inputs if spec.kind not in _NO_NUMBERS or spec.ordered}
        fact = written_as(what, ranked)
        if fact is None:
            raise KeyError(name)
        return RankKey(Fact(fact), name, ascending, levels=tuple(level.title for level in ranked[fact].levels))
    subject: Num = PointsOf(code)
    if before in _INDEX_OF:
        subject = Div(subject, MaximumOf(code))
    return RankKey(subject, name, ascending)


# ---------------------------------------------------------------- ranking


def rank_units(
    reader: CohortReader,
    rule: RankingRule,
    entries: Sequence[Entry],
    grades: Mapping[str, UnitGrade],
    unscored: Sequence[str],
    of_the_sheet: bool,
    awaited: Sequence[str] = (),
) -> RankTable:
    """The ranking. ``of_the_sheet``: it ranks results as a whole, so a unit needs a settled one and a grade."""
    plan = reader.plan
    not_due = of_the_sheet and waits_for_a_stage(plan)
    keys = keys_of(reader, rule.keys, entries)
    spec = None if rule.within is None else reader.specs[rule.within]
    groups: dict[str | None, list[str]] = {}
    group_named = {} if spec is None else groups_of(spec, {entry.unit: entry.facts for entry in entries})
    unranked = [UnrankedUnit(unit, Unranked.NOT_SCORED) for unit in unscored]
    figures = frozenset(spec.name for spec in plan.inputs if spec.reference)
    for entry in entries:
        grade = grades.get(entry.unit)
        why = Unranked.NOT_DUE if not_due else _why_unranked(entry, keys, grade, of_the_sheet)
        group = group_named.get(entry.unit)
        if why is None and spec is not None and group is None:
            why = Unranked.NO_GROUP
        if why is None:
            groups.setdefault(group, []).append(entry.unit)
            continue
        waits = _waits(plan, entry, rule.keys, reader) if why in (Unranked.PENDING, Unranked.NOT_SETTLED) else ()
        blank = not entry.facts.judged and not entry.facts.values.keys() - entry.facts.substituted - figures
        unranked.append(UnrankedUnit(entry.unit, why, waits, rule.within or "", blank))
    rows: list[RankRow] = []
    decided = {entry.unit: entry.facts.decisions.get(PLACE) for entry in entries}
    places = {unit: int(one.value) for unit, one in decided.items() if one and isinstance(one.value, Fraction)}
    for group in [None] if spec is None else in_order_of(spec, [each for each in groups if each is not None]):
        rows += _rank_group(rule, group, groups.get(group, []), keys, grades, places)
    named = tuple(sorted(unranked, key=lambda one: in_alphabet(one.unit)))
    unused = tuple((row.unit, places[row.unit]) for row in rows if row.rank != places.get(row.unit, row.rank))
    return RankTable(rule, tuple(rows), named, plan.language, tuple(awaited), unused)


def _why_unranked(entry: Entry, keys: Keys, grade: UnitGrade | None, of_the_sheet: bool) -> Unranked | None:
    lacking = keys.lacking.get(entry.unit)
    match lacking:
        case NoKey.NOT_RATED:
            return Unranked.NOT_RATED
        case NoKey.NOT_APPLICABLE:
            return Unranked.NOT_APPLICABLE
        case NoKey.PENDING:
            return Unranked.PENDING
        case None:
            pass
        case _:
            assert_never(lacking)
    if not of_the_sheet:
        return None
    if entry.view().is_rated(-1) is False:
        return Unranked.NOT_RATED
    if entry.pending:
        return Unranked.NOT_SETTLED
    if grade is not None and grade.before_state is GradeState.NONE:
        return Unranked.NO_GRADE
    return None


def _waits(plan: Plan, entry: Entry, keys: Sequence[RankKey], reader: CohortReader) -> tuple[str, ...]:
    """Names of what stands in the way, in the order of the rubric."""
    view = entry.view()
    found = entry.waits(view)
    for key in keys:
        reads = reader.reads.of(key.subject)
        found |= {name for name in reads.names if name in entry.facts.missing}
        for code in reads.codes:
            at = view.layout.places[code]
            found |= view.waits(Observed.POINTS, at) | view.waits(Observed.MAXIMUM, at)
    return layout_of(plan).in_order(found)


def _rank_group(
    rule: RankingRule,
    group: str | None,
    units: Sequence[str],
    keys: Keys,
    grades: Mapping[str, UnitGrade],
    places: Mapping[str, int],
) -> list[RankRow]:
    rows: list[RankRow] = []
    ordered = sorted(units, key=lambda unit: (keys.order(unit), in_alphabet(unit)))
    for dense, (_, equal) in enumerate(groupby(ordered, keys.order), start=1):
        tied = list(equal)
        first, last = len(rows) + 1, len(rows) + len(tied)
        rank: int | None = dense if rule.ties is Ties.DENSE else first
        decided: Mapping[str, int] = {}
        if rule.ties is Ties.UNDECIDED and len(tied) > 1:
            rank = None
            decided = _decided(tied, first, last, places)
            tied.sort(key=lambda unit: (decided.get(unit, last + 1), in_alphabet(unit)))
        for unit in tied:
            values = keys.values[unit]
            assert values is not None
            rows.append(RankRow(unit, group, decided.get(unit, rank), first, last, values, grades.get(unit)))
    return rows


def _decided(tied: Sequence[str], first: int, last: int, places: Mapping[str, int]) -> Mapping[str, int]:
    """The places of equal units as an authority decided, where it put all of them in order."""
    found = {unit: places[unit] for unit in tied if unit in places}
    return found if sorted(found.values()) == list(range(first, last + 1)) else {}

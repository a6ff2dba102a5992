"""Grades of a cohort: each unit's own, what the quotas leave of them, and how many units got which."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rubric_engine.cohort.entry import Entry
from rubric_engine.cohort.keys import Keys, keys_of
from rubric_engine.cohort.reading import CohortReader, groups_of
from rubric_engine.meaning.exact import to_json_number
from rubric_engine.plan.deciding import Decision, grade_key
from rubric_engine.plan.expr import PointsOf, Total
from rubric_engine.plan.plan import GradeTable, Plan, Quota, RankKey
from rubric_engine.result.outcome import GradeState
from rubric_engine.tell.words import Words

said = Words("cohort")

_NO_ROW: Final = -1
_NO_TABLE: Final = -2
_NO_SUBJECT: Final = -3


@dataclass(frozen=True, slots=True)
class UnitGrade:
    """The grade of one unit by one table after its quotas.

    ``before`` is the name of the grade without them. ``possible`` names what may still come, best first, while
    ``state`` is pending or undecided. ``quota`` is the label of the quota that lowered the grade or left it open,
    ``because`` says why it is open.
    """

    unit: str
    table: str
    state: GradeState
    name: str | None
    title: str
    before: str | None
    before_state: GradeState
    possible: tuple[str, ...] = ()
    quota: str = ""
    because: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "unit": self.unit, "table": self.table, "state": str(self.state), "name": self.name, "title": self.title,
            "before": self.before, "before_state": str(self.before_state), "possible": list(self.possible),
            "quota": self.quota, "because": self.because,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many units got one grade. ``name`` is a row's, or ``None`` for units without one: then ``state`` says why.

    ``share`` is of all units the table applies to in the group; ``None`` where there is none.
    """

    name: str | None
    title: str
    state: GradeState
    count: int
    share: Fraction | None
    group: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain values; the share is exact, as text."""
        share = None if self.share is None else to_json_number(self.share)
        return {"name": self.name, "title": self.title, "state": str(self.state), "count": self.count, "share": share,
                "group": self.group}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Standing:
    """Which rows a unit may have, one where it is settled; -1 is no grade. ``because`` says why it is open for good."""

    rows: frozenset[int]
    quota: str = ""
    because: str = ""

    @property
    def row(self) -> int | None:
        return next(iter(self.rows)) if len(self.rows) == 1 else None


def grades_after_quotas(
    reader: CohortReader, at: int, entries: Sequence[Entry], outside: Sequence[str] = ()
) -> tuple[UnitGrade, ...]:
    """The grade of every unit table number ``at`` applies to, in the order given.

    Quotas are counted on the grades before any quota and act from the best row down, so a unit lowered by one may be
    lowered again by the next. ``outside`` are units of which nothing is known yet: each may come to any grade, any
    place and any group.
    """
    plan = reader.plan
    table = plan.grades[at]
    before: dict[str, frozenset[int]] = {}
    for entry in entries:
        rows = entry.rows(at).values
        if rows != {_NO_TABLE} and not (rows == {_NO_SUBJECT} and _surely_idle(table, entry)):
            before[entry.unit] = rows
    after = {unit: _Standing(rows) for unit, rows in before.items()}
    if table.quotas:
        those = [entry for entry in entries if entry.unit in before]
        keys = keys_of(reader, _order_of(plan, table), those)
        every = frozenset(range(_NO_TABLE, len(table.rows)))
        unseen = {unit: every for unit in outside if unit not in before}
        for quota in sorted(table.quotas, key=lambda quota: quota.row):
            for members in _members(reader, quota, those):
                # What a quota leaves of a unit nobody has seen is not known either: it starts anew for each group.
                after |= {unit: _Standing(rows) for unit, rows in unseen.items()}
                _apply(table, quota, [*members, *unseen], before | unseen, after, keys, plan.language)
        key = grade_key(plan, table)
        for entry in those:
            after[entry.unit] = _as_decided(table, after[entry.unit], entry.facts.decisions.get(key))
    return tuple(_unit_grade(table, unit, before[unit], after[unit]) for unit in before)


def _as_decided(table: GradeTable, standing: _Standing, decision: Decision | None) -> _Standing:
    """What an authority decided between the grades a quota leaves open."""
    if decision is None or not standing.because:
        return standing
    row = next((row for row in standing.rows if row >= 0 and table.rows[row].name == decision.value), None)
    return standing if row is None else _Standing(frozenset((row,)), standing.quota)


def _surely_idle(table: GradeTable, entry: Entry) -> bool:
    """Whether a table is not for this unit, of which nothing is asked where there is nothing to grade."""
    return table.applies is not None and entry.view().holds(table.applies) is False


def _order_of(plan: Plan, table: GradeTable) -> tuple[RankKey, ...]:
    """What puts units in order for a quota: the ranking of the rubric, or what the table itself looks at."""
    if table.node >= 0:
        code = plan.nodes[table.node].code
        return (RankKey(table.subject or PointsOf(code), code),)
    if plan.ranking is not None:
        return plan.ranking.keys
    return (RankKey(table.subject or Total(), table.label),)


def _members(reader: CohortReader, quota: Quota, entries: Sequence[Entry]) -> Iterable[list[str]]:
    """Units that share one quota. A unit of no group has no quota over it."""
    if quota.within is None:
        return [[entry.unit for entry in entries]]
    spec = reader.specs[quota.within]
    found: dict[str, list[str]] = {}
    for unit, group in groups_of(spec, {entry.unit: entry.facts for entry in entries}).items():
        if group is not None:
            found.setdefault(group, []).append(unit)
    return found.values()


def _apply(
    table: GradeTable,
    quota: Quota,
    members: Sequence[str],
    before: Mapping[str, frozenset[int]],
    after: dict[str, _Standing],
    keys: Keys,
    language: str,
) -> None:
    """One quota over one group of units, onto ``after``."""
    base = frozenset(quota.base)
    surely = sum(before[unit] <= base for unit in members)
    perhaps = sum(bool(before[unit] & base) for unit in members)
    fewest, most = _floor(quota.share * surely), _floor(quota.share * perhaps)
    sure = [unit for unit in members if after[unit].row == quota.row]
    unsure = [unit for unit in members if quota.row in after[unit].rows and after[unit].row is None]
    if len(sure) + len(unsure) <= fewest:
        return
    lower = next((row for row in range(quota.row + 1, len(table.rows)) if table.rows[row].name), None)
    standing = {unit: after[unit] for unit in members}
    places = _Places(keys, sure, unsure)
    for unit in (*sure, *unsure):
        first, last = places.around(unit)
        if last <= fewest:
            continue
        rows = standing[unit].rows
        open_already = standing[unit].because
        if lower is None:
            after[unit] = _Standing(rows, quota.label, said("no lower row", language))
        elif first > most:
            after[unit] = _Standing((rows - {quota.row}) | {lower}, quota.label, open_already)
        else:
            # With nothing pending about it, only a tie can lie across the edge.
            settled = fewest == most and places.is_settled(unit)
            because = said("tie at the edge", language) if settled else open_already
            after[unit] = _Standing(rows | {lower}, quota.label, because)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


class _Places:
    """Where units stand among those that have, or may have, the grade a quota is about."""

    def __init__(self, keys: Keys, sure: Sequence[str], unsure: Sequence[str]) -> None:
        self._keys = keys
        known = [unit for unit in sure if keys.values.get(unit) is not None]
        self._adrift = len(sure) - len(known)  # surely among them, but nobody knows where
        self._sure = _Ordered([keys.order(unit) for unit in known])
        perhaps = [unit for unit in unsure if keys.values.get(unit) is not None]
        self._perhaps = _Ordered([keys.order(unit) for unit in perhaps])
        self._unknown = len(unsure) - len(perhaps)

    def around(self, unit: str) -> tuple[int, int]:
        """The best and the last place the unit can take, ties counted against it in the last."""
        everyone = len(self._sure) + self._adrift + len(self._perhaps) + self._unknown
        if self._keys.values.get(unit) is None:
            return 1, everyone
        key = self._keys.order(unit)
        last = self._sure.up_to(key) + self._perhaps.up_to(key) + self._adrift + self._unknown
        return 1 + self._sure.before(key), last

    def is_settled(self, unit: str) -> bool:
        """Nothing pending has a say in where the unit stands."""
        return self._keys.values.get(unit) is not None and not (self._adrift or len(self._perhaps) or self._unknown)


class _Ordered:
    """Keys in ascending order, the best unit first."""

    def __init__(self, keys: list[tuple[Fraction, ...]]) -> None:
        self._keys = sorted(keys)

    def __len__(self) -> int:
        return len(self._keys)

    def before(self, key: tuple[Fraction, ...]) -> int:
        """How many stand before this key."""
        return bisect_left(self._keys, key)

    def up_to(self, key: tuple[Fraction, ...]) -> int:
        """How many stand before this key or on it."""
        return bisect_right(self._keys, key)


# ---------------------------------------------------------------- telling


def _state(table: GradeTable, rows: frozenset[int]) -> GradeState:
    if len(rows) > 1:
        return GradeState.PENDING
    row = next(iter(rows))
    if row == _NO_SUBJECT:
        return GradeState.NOT_RATED
    if row == _NO_ROW:
        return GradeState.NONE
    return GradeState.ISSUED if table.rows[row].name else GradeState.UNDECIDED


def _unit_grade(table: GradeTable, unit: str, before: frozenset[int], after: _Standing) -> UnitGrade:
    was = _state(table, before)
    state = GradeState.UNDECIDED if after.because else _state(table, after.rows)
    row = after.row
    shown = row is not None and row >= 0 and not after.because
    possible: tuple[str, ...] = ()
    if not shown:
        possible = tuple(table.rows[each].name for each in sorted(after.rows) if each >= 0 and table.rows[each].name)
    return UnitGrade(
        unit,
        table.name,
        state,
        table.rows[row].name or None if shown and row is not None else None,
        table.rows[row].title if shown and row is not None else "",
        table.rows[next(iter(before))].name if was is GradeState.ISSUED else None,
        was,
        () if state in (GradeState.ISSUED, GradeState.NONE, GradeState.NOT_RATED) else possible,
        after.quota,
        after.because,
    )


def distribution_of(plan: Plan, at: int, grades: Sequence[UnitGrade], group: str | None) -> tuple[GradeCount, ...]:
    """Every named row of a table with its units, then those without a grade by the reason, where there are any."""
    table = plan.grades[at]
    everyone = len(grades)

    def counted(name: str | None, title: str, state: GradeState) -> GradeCount:
        count = sum(grade.state is state and (name is None or grade.name == name) for grade in grades)
        return GradeCount(name, title, state, count, Fraction(count, everyone) if everyone else None, group)

    found = [counted(row.name, row.title, GradeState.ISSUED) for row in table.rows if row.name]
    states = (GradeState.UNDECIDED, GradeState.NONE, GradeState.NOT_RATED, GradeState.PENDING)
    others = (counted(None, "", state) for state in states)
    return (*found, *(other for other in others if other.count))


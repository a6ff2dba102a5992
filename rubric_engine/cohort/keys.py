"""What units are put in order by: the keys of a ranking, read for every unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from rubric_engine.cohort.entry import Entry
from rubric_engine.cohort.reading import CohortReader, Subject, subject_of
from rubric_engine.plan.expr import Total
from rubric_engine.plan.plan import Observed, RankKey
from rubric_engine.result.view import ReadingView


class NoKey(StrEnum):
    """Why a unit has no place by a key."""

    PENDING = "pending"
    NOT_APPLICABLE = "not applicable"
    NOT_RATED = "not rated"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of every unit, as they are shown; ``None`` for a unit one of whose keys is not known.

    ``lacking`` says why not.
    """

    values: Mapping[str, tuple[Fraction, ...] | None]
    lacking: Mapping[str, NoKey]
    signs: tuple[int, ...]

    def order(self, unit: str) -> tuple[Fraction, ...]:
        """The keys turned so that the unit that comes first has the least."""
        values = self.values[unit]
        assert values is not None
        return tuple(value * sign for value, sign in zip(values, self.signs, strict=True))


def keys_of(reader: CohortReader, keys: Sequence[RankKey], entries: Sequence[Entry]) -> Keys:
    """Every key of every unit."""
    subjects = [subject_of(reader.reads, key.subject) for key in keys]
    values: dict[str, tuple[Fraction, ...] | None] = {}
    lacking: dict[str, NoKey] = {}
    for entry in entries:
        view = entry.view()
        found: list[Fraction] = []
        for key, subject in zip(keys, subjects, strict=True):
            value = _key(reader, key, subject, entry, view)
            if isinstance(value, NoKey):
                lacking[entry.unit] = value
                break
            found.append(value)
        values[entry.unit] = tuple(found) if len(found) == len(keys) else None
    return Keys(values, lacking, tuple(1 if key.ascending else -1 for key in keys))


def _key(
    reader: CohortReader, key: RankKey, subject: Subject, entry: Entry, view: ReadingView
) -> Fraction | NoKey:
    if isinstance(key.subject, Total):
        if view.is_rated(-1) is False:
            return NoKey.NOT_RATED
        total = view.number(Observed.TOTAL if key.exact else Observed.PUBLISHED)
        return NoKey.PENDING if total is None else total
    value = reader.values.value(subject, entry.facts, view, view.known)
    if value is None:
        unrated = any(view.is_rated(view.layout.places[code]) is False for code in subject.reads.codes)
        return NoKey.NOT_RATED if unrated else NoKey.NOT_APPLICABLE
    exact = value.exact
    return NoKey.PENDING if exact is None else exact

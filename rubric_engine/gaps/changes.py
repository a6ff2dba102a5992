"""One change of a fact: what it was, what it would be, how far that is, and how people say it.

*Effort* orders changes that win the same. It has no unit: a number counts the share of its own span that it moves (of
its bounds where it has both, else of the larger of the two values), a day a 365th, a yes/no, a level and a piece of
evidence 1, rows and cells of a register the share of its rows. A change of what has already happened counts 1 more.

*Past* marks what no work of the same cycle can bring about any more, as far as a rubric can tell: a count that would
have to be lower, rows that would have to go from a register or read otherwise, a date that would have to be earlier, a
yes that would have to be a no. Such ways are told all the same: they say what it cost, and what to do next time.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from rubric_engine.facts.evidence import EvidenceItem, evidence_state
from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import show_date, show_number, show_percent, to_json_number, to_plain_text
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import EvidenceSpec, InputSpec, Kind, Plan
from rubric_engine.result.words import text_of
from rubric_engine.tell.words import Words

said = Words("gaps", "common")

INPUT: Final = "inputs"
JUDGED: Final = "judged"
EVIDENCE: Final = "evidence"
NUMERIC: Final = frozenset((Kind.COUNT, Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.DATE))


@dataclass(frozen=True, slots=True)
class Move:
    """A place of a submission and the exact value it would have, as :class:`Facts` hold it; of evidence ``True``."""

    section: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact changed. ``section`` is the part of a submission it stands in, ``given`` the value to write there.

    ``before`` and ``after`` are ready to read, ``words`` say both with the difference. ``effort`` and ``past``: see
    :mod:`rubric_engine.gaps.changes`.
    """

    section: str
    name: str
    label: str
    before: str
    after: str
    words: str
    given: object
    effort: Fraction
    past: bool = False

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "section": self.section, "name": self.name, "label": self.label, "before": self.before,
            "after": self.after, "words": self.words, "given": self.given, "effort": to_json_number(self.effort),
            "past": self.past,
        }  # fmt: skip


def as_submission(changes: tuple[FactChange, ...]) -> dict[str, dict[str, object]]:
    """Changes in the shape of a submission, for :func:`rubric_engine.gaps.what_if`."""
    found: dict[str, dict[str, object]] = {}
    for change in changes:
        found.setdefault(change.section, {})[change.name] = change.given
    return found


# ---------------------------------------------------------------- as a submission writes it


def given_value(spec: InputSpec, value: Any) -> object:
    """A value of facts as a submission gives it: exact, and plain enough for JSON."""
    match spec.kind:
        case Kind.YES_NO:
            return bool(value)
        case Kind.TEXT:
            return str(value)
        case Kind.LEVEL:
            return spec.levels[int(value)].name
        case Kind.DATE:
            return date.fromordinal(int(value)).isoformat()
        case Kind.PERCENT:
            return to_plain_text(Fraction(value) * 100) + "%"
        case Kind.LIST:
            return [
                {column.name: given_value(column, cell)
                 for column, cell in zip(spec.columns, row, strict=True) if cell is not None}
                for row in value
            ]  # fmt: skip
        case Kind.RATINGS:
            return [None if row[0] is None else given_number(row[0]) for row in value]
        case _:
            return given_number(value)


def given_number(value: Any) -> object:
    """A whole number as it is, any other as text nobody reads two ways."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else to_plain_text(exact)


def submission_of(plan: Plan, facts: Facts) -> dict[str, Any]:
    """The facts as the submission they came from: reading it gives them back."""
    inputs: dict[str, Any] = {}
    references: dict[str, Any] = {}
    for spec in plan.inputs:
        if spec.name in facts.ratings:
            inputs[spec.name] = [
                {"rating": None if item.rating is None else given_number(item.rating), "by": item.by}
                for item in facts.ratings[spec.name]
            ]
        elif spec.name in facts.values and spec.name not in facts.substituted:
            here = references if spec.reference else inputs
            here[spec.name] = given_value(spec, facts.values[spec.name])
    found: dict[str, Any] = {
        "unit": facts.unit or None,
        "inputs": inputs,
        "judged": {key: given_number(value) for key, value in facts.judged.items()},
        "evidence": {name: [given_item(item) for item in items] for name, items in facts.evidence.items()},
        "claims": {code: given_number(value) for code, value in facts.claims.items()},
    }
    if references:
        found["references"] = references
    return found


def given_item(item: EvidenceItem) -> dict[str, object]:
    """A piece of evidence as a submission gives it."""
    found: dict[str, object] = {"reference": item.reference, "status": item.status}
    for name in ("reason", "page", "note"):
        if getattr(item, name):
            found[name] = getattr(item, name)
    if item.issued is not None:
        found["issued"] = item.issued.isoformat()
    return found


def satisfying(spec: EvidenceSpec, items: tuple[EvidenceItem, ...], only_accepted: bool) -> list[dict[str, object]]:
    """The pieces with the least done to them that satisfy the clause: those in time accepted, then as many new ones."""
    found = list(items)
    for at, item in enumerate(items):
        if evidence_state(spec, tuple(found), only_accepted) == "satisfied":
            break
        found[at] = EvidenceItem(item.reference, "accepted", "", item.issued, item.page, item.note)
    day = spec.issued_from or spec.issued_to
    while evidence_state(spec, tuple(found), only_accepted) != "satisfied":
        title = spec.title or spec.name
        found.append(EvidenceItem(title, "accepted", "", None if day is None else date.fromordinal(day)))
    return [given_item(item) for item in found]


# ---------------------------------------------------------------- in words


def shown_value(spec: InputSpec, value: Any, language: str) -> str:
    """A value as people of the language write it."""
    match spec.kind:
        case Kind.YES_NO:
            return said("yes" if value else "no", language)
        case Kind.DATE:
            return show_date(int(value), language)
        case Kind.PERCENT:
            return show_percent(value, language)
        case Kind.LIST:
            return said("rows", language, count=str(len(value)))
        case Kind.COUNT | Kind.NUMBER | Kind.MONEY:
            return show_number(value, language)
        case _:
            return text_of(spec, value)


def told(layout: PlanLayout, facts: Facts, move: Move, language: str) -> FactChange:
    """A move in words."""
    if move.section == EVIDENCE:
        return _evidence_told(layout, facts, move, language)
    if move.section == JUDGED:
        judged = layout.judged[move.name]
        before, after = facts.judged[move.name], Fraction(move.value)
        return FactChange(
            JUDGED, move.name, judged.label or move.name, show_number(before, language), show_number(after, language),
            said("judged", language, label=judged.label or move.name, words=_moved(before, after, language)),
            given_number(after), effort_of(layout, facts, move),
        )  # fmt: skip
    spec = layout.inputs[move.name]
    was = facts.values[move.name]
    label = spec.label or spec.name
    texts = (shown_value(spec, was, language), shown_value(spec, move.value, language))
    past, effort = _is_past(spec, was, move.value), effort_of(layout, facts, move)
    words = said("labelled", language, label=label, words=_words(spec, was, move.value, language))
    return FactChange(INPUT, move.name, label, *texts, words, _given(spec, facts, move.value), effort, past)


def _given(spec: InputSpec, facts: Facts, value: Any) -> object:
    """What to write; who gave a rating stays beside it."""
    if spec.kind is not Kind.RATINGS:
        return given_value(spec, value)
    given: Any = given_value(spec, value)
    items = facts.ratings.get(spec.name, ())
    if len(items) != len(given):
        return given
    return [{"rating": rating, "by": item.by} for rating, item in zip(given, items, strict=True)]


def _evidence_told(layout: PlanLayout, facts: Facts, move: Move, language: str) -> FactChange:
    plan = layout.plan
    specs = [spec for spec in plan.evidence if spec.name == move.name]
    spec = max(specs, key=lambda one: one.at_least)
    state = facts.states.get(move.name, "missing")
    items = facts.evidence.get(move.name, ())
    given = satisfying(spec, items, plan.only_accepted)
    title = spec.title or spec.name
    bring = "bring" if state in ("missing", "out of dates") else "accept"
    return FactChange(
        EVIDENCE, move.name, title, said(state, language), said("satisfied", language),
        said(bring, language, label=title), given, Fraction(1),
    )  # fmt: skip


def _words(spec: InputSpec, before: Any, after: Any, language: str) -> str:
    match spec.kind:
        case Kind.YES_NO | Kind.LEVEL | Kind.TEXT:
            texts = {"before": shown_value(spec, before, language), "after": shown_value(spec, after, language)}
            return said("instead", language, **texts)
        case Kind.DATE:
            days = int(after) - int(before)
            key = "earlier" if days < 0 else "later"
            return said(key, language, count=str(abs(days)), before=show_date(int(before), language),
                        after=show_date(int(after), language))  # fmt: skip
        case Kind.PERCENT:
            points = show_number(abs(Fraction(after) - Fraction(before)) * 100, language)
            key = "percent more" if after > before else "percent less"
            return said(key, language, number=points, before=show_percent(before, language),
                        after=show_percent(after, language))  # fmt: skip
        case Kind.LIST | Kind.RATINGS:
            return _rows_words(spec, before, after, language)
        case _:
            return _moved(before, after, language)


def _moved(before: Any, after: Any, language: str) -> str:
    key = "more" if after > before else "fewer"
    return said(key, language, number=show_number(abs(Fraction(after) - Fraction(before)), language),
                before=show_number(before, language), after=show_number(after, language))  # fmt: skip


def _rows_words(spec: InputSpec, before: Any, after: Any, language: str) -> str:
    counts = {"before": str(len(before)), "after": str(len(after))}
    if len(before) != len(after):
        key = "more rows" if len(after) > len(before) else "fewer rows"
        return said(key, language, number=str(abs(len(after) - len(before))), **counts)
    if spec.kind is Kind.RATINGS:
        lifted = [new[0] for old, new in zip(before, after, strict=True) if old != new]
        down = any(new[0] < old[0] for old, new in zip(before, after, strict=True) if old != new)
        level = show_number(max(lifted) if down else min(lifted), language)
        return said("ratings down" if down else "ratings", language, number=str(len(lifted)), after=level)
    found: dict[tuple[str, str], int] = {}
    for old, new in zip(before, after, strict=True):
        for column, was, now in zip(spec.columns, old, new, strict=True):
            if was != now:
                key_of = (column.label or column.name, shown_value(column, now, language))
                found[key_of] = found.get(key_of, 0) + 1
    return ", ".join(
        said("cells", language, label=label, after=text, number=str(number)) for (label, text), number in found.items()
    )


# ---------------------------------------------------------------- how far


def effort_of(layout: PlanLayout, facts: Facts, move: Move) -> Fraction:
    """See :mod:`rubric_engine.gaps.changes`."""
    if move.section == EVIDENCE:
        return Fraction(1)
    if move.section == JUDGED:
        judged = layout.judged[move.name]
        span = judged.maximum - judged.minimum
        return abs(move.value - facts.judged[move.name]) / span if span else Fraction(1)
    spec, before = layout.inputs[move.name], facts.values[move.name]
    return _effort(spec, before, move.value) + _is_past(spec, before, move.value)


def _effort(spec: InputSpec, before: Any, after: Any) -> Fraction:
    if spec.kind is Kind.DATE:
        return Fraction(abs(int(after) - int(before)), 365)
    if spec.kind in NUMERIC:
        return abs(Fraction(after) - Fraction(before)) / _span(spec, Fraction(before), Fraction(after))
    if spec.kind in (Kind.LIST, Kind.RATINGS):
        rows = max(len(before), len(after), 1)
        changed = abs(len(before) - len(after)) or sum(old != new for old, new in zip(before, after, strict=True))
        return Fraction(changed, rows)
    return Fraction(1)


def _span(spec: InputSpec, before: Fraction, after: Fraction) -> Fraction:
    ends: list[Any] = [getattr(bound and bound.value, "value", None) for bound in (spec.minimum, spec.maximum)]
    if ends[0] is None and spec.kind is Kind.COUNT:
        ends[0] = Fraction(0)
    if None not in ends and ends[1] > ends[0]:
        return Fraction(ends[1] - ends[0])
    return max(abs(before), abs(after)) or Fraction(1)


def _is_past(spec: InputSpec, before: Any, after: Any) -> bool:
    match spec.kind:
        case Kind.COUNT | Kind.DATE:
            return bool(after < before)
        case Kind.YES_NO:
            return bool(before) and not after
        case Kind.LIST:
            return len(after) <= len(before)
        case _:
            return False

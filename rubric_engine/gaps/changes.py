"""One change of a fact: what it was, what it would be, how far that is, and how people say it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import show_date, show_number, show_percent, to_json_number
from rubric_engine.plan.layout import PlanLayout
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.result.words import text_of
from rubric_engine.solve.change.move import EVIDENCE, JUDGED, Move, Moves, effort_of, evidence_asked, given_of, is_past
from rubric_engine.solve.change.study import Study
from rubric_engine.tell.words import Words

said = Words("gaps", "common")


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact changed. ``section`` is the part of a submission it stands in, ``given`` the value to write there.

    ``before`` and ``after`` are ready to read, ``words`` say both with the difference. ``effort`` and ``past``: see
    :mod:`rubric_engine.solve.change.move`.
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


def told(study: Study, moves: Moves, language: str) -> tuple[FactChange, ...]:
    """The moves in words, in the order of the rubric."""
    return tuple(_told(study.layout, study.facts, move, language) for move in study.in_order(moves))


def _told(layout: PlanLayout, facts: Facts, move: Move, language: str) -> FactChange:
    section, name = move.section, move.name
    if section == EVIDENCE:
        spec = evidence_asked(layout, name)
        state = facts.states.get(name, "missing")
        label = spec.title or name
        texts = (said(state, language), said("satisfied", language))
        words = said("bring" if state in ("missing", "out of dates") else "accept", language, label=label)
    elif section == JUDGED:
        label = layout.judged[name].label or name
        ends = (facts.judged[name], Fraction(move.value))
        texts = (show_number(ends[0], language), show_number(ends[1], language))
        words = said("judged", language, label=label, words=_moved(*ends, language))
    else:
        given = layout.inputs[name]
        label, was = given.label or name, facts.values[name]
        texts = (shown_value(given, was, language), shown_value(given, move.value, language))
        words = said("labelled", language, label=label, words=_words(given, was, move.value, language))
    return FactChange(
        section, name, label, *texts, words, given_of(layout, facts, move), effort_of(layout, facts, move),
        is_past(layout, facts, move),
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

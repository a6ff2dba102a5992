"""Values of inputs as short language-neutral texts; the explanation puts them in the reader's digits and words."""

from fractions import Fraction
from typing import Any

from rubric_engine.meaning.exact import show_date, show_number, show_percent
from rubric_engine.plan.deciding import Decision
from rubric_engine.plan.plan import InputSpec, Kind, ParameterValue

_MOST_RATINGS_SHOWN = 12


def text_of(spec: InputSpec, value: Any) -> str:
    """A value in words."""
    match spec.kind:
        case Kind.COUNT if type(value) is int:
            return str(value)
        case Kind.TEXT:
            return str(value)
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.LEVEL:
            level = spec.levels[int(value)]
            return level.title or level.name
        case Kind.DATE:
            return show_date(int(value))
        case Kind.PERCENT:
            return show_percent(value)
        case Kind.LIST:
            return rows_text(None, len(value))
        case Kind.RATINGS:
            return ratings_text(value)
        case _:
            return show_number(value)


def decided_by(decision: Decision) -> str:
    """Who decided, and on which day."""
    return ", ".join(filter(None, (decision.by, "" if decision.on is None else show_date(decision.on))))


def parameter_text(given: ParameterValue) -> str:
    """How the value of a parameter reads where it is no plain number; else empty."""
    match given.kind:
        case Kind.LEVEL:
            return given.levels[int(given.value)].name
        case Kind.YES_NO:
            return "yes" if given.value else "no"
        case Kind.PERCENT:
            return show_percent(given.value)
        case Kind.DATE:
            return show_date(int(given.value))
        case _:
            return ""


def rows_text(chosen: Fraction | None, rows: int) -> str:
    """``3 of 5 rows``."""
    return f"{rows} rows" if chosen is None else f"{show_number(chosen)} of {rows} rows"


def few_ratings_text(given: int, needed: int) -> str:
    """``2 of 3 ratings``."""
    return f"{given} of {needed} ratings"


def cell_label(register: str, row: int, column: str) -> str:
    """``Late reports [2]: Days``; of ratings, which have one column, ``Scores [2]``."""
    return f"{register} [{row}]: {column}" if column else f"{register} [{row}]"


def ratings_text(rows: Any) -> str:
    """``4 · 5 · 3``; a long list is only counted."""
    if len(rows) > _MOST_RATINGS_SHOWN or not rows:
        return rows_text(None, len(rows))
    return " · ".join("?" if row[0] is None else show_number(row[0]) for row in rows)

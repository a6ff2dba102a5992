"""``score by done / planned`` with band rows, for numbers, percents, counts and dates."""

from collections.abc import Sequence
from itertools import pairwise

from rubric_engine.model import BandRow, Bands
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.forms.ends import band_row
from rubric_engine.rules.forms.levels import last_case
from rubric_engine.rules.forms.rows import closed, in_band, row_share, row_value, split_otherwise, wrong_row
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Typed
from rubric_engine.source import SourceFile
from rubric_engine.syntax.tree import nodes as n


def resolve_bands(
    subject: Typed, clause: n.ScoreBy, rows: Sequence[n.Row], scope: Scope, heading: Heading
) -> Bands | None:
    """Rows with their ends on the subject's own line; ``None`` when one could not be read."""
    plain, otherwise = split_otherwise(rows, scope, heading, shares=clause.scale is not None)
    found: list[BandRow] = []
    for row in plain:
        if not isinstance(row.key, n.Band):
            wrong_row(row, scope, "bands")
            continue
        value = row_value(row, scope, heading) if clause.scale is None else row_share(row, scope, heading)
        if value is None:
            continue
        band = band_row(row.key, value, subject.unit, clause.subject.span, row.span, scope)
        if band is not None:
            found.append(band)
    if len(found) != len(plain) or subject.expr is None:
        return None
    label = scope.words(clause.subject.span)
    return Bands(subject.num, subject.unit, subject.grid, label, tuple(found), otherwise, clause.span)


def lower_bands(rule: Bands, source: SourceFile) -> Choice:
    """One case a row. In a complete table that runs one way, what earlier rows settled is not tested again."""
    falling = rule.otherwise is None and _runs(rule.rows, falling=True)
    rising = rule.otherwise is None and not falling and _runs(rule.rows, falling=False)
    cases = [
        Case(
            in_band(rule.subject, row, skip_high=falling and at > 0, skip_low=rising and at > 0),
            row.value, row.label, source.line_number(row.span.start),
        )
        if not _tests_nothing(row, falling and at > 0, rising and at > 0)
        else Case(None, row.value, row.label, source.line_number(row.span.start))
        for at, row in enumerate(rule.rows)
    ]  # fmt: skip
    line = source.line_number(rule.span.start)
    if rule.otherwise is None:
        return Choice(Form.BANDS, closed(cases), rule.subject, rule.label, line)
    return Choice(Form.BANDS, (*cases, last_case(rule.otherwise, source)), rule.subject, rule.label, line)


def _tests_nothing(row: BandRow, skip_high: bool, skip_low: bool) -> bool:
    return (row.low is None or skip_low) and (row.high is None or skip_high)


def _runs(rows: Sequence[BandRow], *, falling: bool) -> bool:
    """Whether each row lies wholly below (or above) the one before it."""
    for before, here in pairwise(rows):
        upper, lower = (before, here) if falling else (here, before)
        if upper.low is None or lower.high is None or upper.low < lower.high:
            return False
    return True

